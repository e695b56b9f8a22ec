#!/usr/bin/env bash
# The verdict of one of Great Expectations' expectations is no bool, and Dagster refuses it.
# Valid input: a column whose median is where it should be, handed from Great Expectations to an asset check.
# Guess: success is a bool for every expectation, as it is for the others.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check great-expectations==1.24.1 dagster==1.13.27
env/bin/python - <<'PY'
import os, sys, warnings
from importlib.metadata import version

warnings.simplefilter("ignore")
os.environ |= {"GX_ANALYTICS_ENABLED": "false", "DAGSTER_DISABLE_TELEMETRY": "1"}
import dagster, great_expectations, pandas
import great_expectations.expectations as expectations

context = great_expectations.get_context(mode="ephemeral")
context.variables.progress_bars = {"globally": False}
frame = pandas.DataFrame({"value": [1.0, 2.0, 3.0]})
batch = context.data_sources.add_pandas("p").add_dataframe_asset("a").add_batch_definition_whole_dataframe("b").get_batch({"dataframe": frame})
median = expectations.ExpectColumnMedianToBeBetween(column="value", min_value=2, max_value=2)
quantile = expectations.ExpectColumnQuantileValuesToBeBetween(column="value", quantile_ranges={"quantiles": [0.5], "value_ranges": [[2, 2]]})


def handed_over(expectation):
    verdict = batch.validate(expectation).success
    try:
        dagster.AssetCheckResult(passed=verdict)
    except dagster._check.CheckError:
        return type(verdict).__name__, "refused"
    return type(verdict).__name__, "taken"


guess = {"median": ("bool", "taken"), "quantile": ("bool", "taken")}
seen = {"median": handed_over(median), "quantile": handed_over(quantile)}
expected = guess | {"quantile": (type(frame["value"].gt(0).all()).__name__, "refused")}
print("versions: great-expectations", version("great-expectations"), "dagster", version("dagster"))

print("guess:", guess)
print("seen: ", seen)
sys.exit(0 if seen == expected else "the behaviour has changed")
PY
