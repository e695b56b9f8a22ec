#!/usr/bin/env bash
# sdmxthon drops a dimension whose codes are NA, without a word.
# Valid input: SDMX-CSV 2.0 in which the only country is Namibia, NA in ISO 3166.
# Guess: a column COUNTRY with NA, or with missing values.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check sdmxthon==2.6.11
env/bin/python - <<'PY'
import pathlib, sys, warnings
from importlib.metadata import version

warnings.simplefilter("ignore")
import sdmxthon


def columns(country):
    pathlib.Path("data.csv").write_text(f"""STRUCTURE,STRUCTURE_ID,ACTION,COUNTRY,TIME_PERIOD,OBS_VALUE
dataflow,MZ:BULLETIN(1.0),I,{country},2022,870
dataflow,MZ:BULLETIN(1.0),I,{country},2023,900
""")
    [dataset] = sdmxthon.read_sdmx("data.csv").content.values()
    return list(dataset.data.columns)


guess = {country: ["COUNTRY", "TIME_PERIOD", "OBS_VALUE"] for country in ("CN", "NA")}
seen = {country: columns(country) for country in guess}
expected = guess | {"NA": ["TIME_PERIOD", "OBS_VALUE"]}
print("versions: sdmxthon", version("sdmxthon"), "pandas", version("pandas"))

print("guess:", guess)
print("seen: ", seen)
sys.exit(0 if seen == expected else "the behaviour has changed")
PY
