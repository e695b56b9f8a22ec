#!/usr/bin/env bash
# Great Expectations calls a column of times out of bounds when the bound is a day.
# Valid input: a column of timestamps, with a datetime.date (then a datetime) as bound. All values lie within.
# Guess: a day is a bound for times as well, or an error is raised.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check great-expectations==1.24.1
env/bin/python - <<'PY'
import datetime, os, sys, warnings
from importlib.metadata import version

warnings.simplefilter("ignore")
os.environ["GX_ANALYTICS_ENABLED"] = "false"
import great_expectations, pandas
import great_expectations.expectations as expectations

context = great_expectations.get_context(mode="ephemeral")
context.variables.progress_bars = {"globally": False}
frame = pandas.DataFrame({"fetched_at": pandas.to_datetime(["2021-01-01T08:00:00", "2021-06-30T23:59:59"])})
batch = context.data_sources.add_pandas("p").add_dataframe_asset("a").add_batch_definition_whole_dataframe("b").get_batch({"dataframe": frame})
within = lambda bound: batch.validate(expectations.ExpectColumnValuesToBeBetween(column="fetched_at", max_value=bound)).success
guess = {"date": "True or an error", "datetime": True}
seen = {"date": within(datetime.date(2022, 1, 1)), "datetime": within(datetime.datetime(2022, 1, 1))}
expected = {"date": False, "datetime": True}
print("versions: great-expectations", version("great-expectations"), "pandas", version("pandas"))

print("guess:", guess)
print("seen: ", seen)
sys.exit(0 if seen == expected else "the behaviour has changed")
PY
