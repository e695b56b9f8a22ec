"""pysdmx: the exported SDMX-CSV by its structure."""

import json
import sys

from pysdmx.io import get_datasets

folder = sys.argv[1]
(dataset,) = get_datasets(f"{folder}/data.csv", f"{folder}/structure.json")
kept = dataset.data.query(
    "INDICATOR == 'dibao_standard' and STATUS == 'actual' and MEASURE_TYPE == 'level' and TIME_PERIOD == '2021'"
).copy()
kept["value"] = kept["OBS_VALUE"].astype(float)
highest = kept.sort_values(["value", "REF_AREA"], ascending=[False, True])[["REF_AREA", "AREA", "value"]]
print(json.dumps(highest.values.tolist(), ensure_ascii=False))
