"""Streamlit: choose an indicator and a year, see the ranking. The file is opened for each question, so that new releases are seen."""

import os

import duckdb
import streamlit as st


def ask(query: str, **parameters: object):
    with duckdb.connect(os.environ["MINZHENG_WAREHOUSE"], read_only=True) as connection:
        return connection.execute(query, parameters).df()


indicators = ask(
    "SELECT indicator_code, any_value(indicator_zh) AS zh FROM annual_values GROUP BY 1 ORDER BY count(*) DESC, 1"
)
names = dict(zip(indicators["indicator_code"], indicators["zh"], strict=True))
codes = list(names)
standard = codes.index("dibao_standard") if "dibao_standard" in codes else 0
code = st.selectbox("指标", codes, index=standard, format_func=names.get)
years = ask("SELECT DISTINCT year FROM annual_values WHERE indicator_code = $code ORDER BY year DESC", code=code)[
    "year"
].tolist()
year = st.selectbox("年份", years, index=years.index(2021) if 2021 in years else 0)
st.dataframe(
    ask(
        "SELECT city_full, value, unit_zh, sentence, url FROM annual_values"
        " WHERE indicator_code = $code AND year = $year AND value IS NOT NULL ORDER BY value DESC, city_full",
        code=code,
        year=int(year),
    )
)
