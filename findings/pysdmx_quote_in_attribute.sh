#!/usr/bin/env bash
# pysdmx writes an SDMX-ML data message that is not XML where a text has a quotation mark.
# Valid input: an observation with an attribute of text: 称"五保"为特困.
# Guess: &quot; in the attribute, and the same text when it is read back.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check 'pysdmx[data,xml]==1.21.0'
env/bin/python - <<'PY'
import sys, xml.etree.ElementTree
from importlib.metadata import version

import pandas
from pysdmx.io import write_sdmx
from pysdmx.io.format import Format
from pysdmx.io.pd import PandasDataset
from pysdmx.model import Component, Components, Concept, DataType, Role, Schema


def component(name, role, kind=DataType.STRING, level=None):
    return Component(id=name, required=True, role=role, concept=Concept(id=name), local_dtype=kind, attachment_level=level)


columns = Components([
    component("REF_AREA", Role.DIMENSION), component("TIME_PERIOD", Role.DIMENSION, DataType.PERIOD),
    component("OBS_VALUE", Role.MEASURE, DataType.DOUBLE), component("NOTE", Role.ATTRIBUTE, level="O"),
])


def state(note):
    frame = pandas.DataFrame({"REF_AREA": ["510100"], "TIME_PERIOD": ["2023"], "OBS_VALUE": [870.0], "NOTE": [note]})
    dataset = PandasDataset(structure=Schema("dataflow", "MZ", "BULLETIN", columns, version="1.0"), data=frame)
    text = write_sdmx([dataset], Format.DATA_SDMX_ML_3_0)
    try:
        xml.etree.ElementTree.fromstring(text)
        return "well-formed"
    except xml.etree.ElementTree.ParseError:
        return "not well-formed"


guess = {"称五保为特困": "well-formed", "a < b & c": "well-formed", '称"五保"为特困': "well-formed"}
seen = {note: state(note) for note in guess}
expected = guess | {'称"五保"为特困': "not well-formed"}
print("versions: pysdmx", version("pysdmx"), "pandas", version("pandas"))

print("guess:", guess)
print("seen: ", seen)
sys.exit(0 if seen == expected else "the behaviour has changed")
PY
