"""Ibis: the highest dibao standards of 2021, as an expression."""

import json
import os

import ibis

values = ibis.duckdb.connect(os.environ["MINZHENG_WAREHOUSE"], read_only=True).table("annual_values")
highest = (
    values.filter(values.indicator_code == "dibao_standard", values.year == 2021, values.value.notnull())
    .order_by(values.value.desc(), values.city_full)
    .select("city_full", "value")
)
print(json.dumps([list(row.values()) for row in highest.to_pyarrow().to_pylist()], ensure_ascii=False))
