-- One row a quarter: what was printed of the quarter alone, what was printed from January to its end, and for flows and amounts
-- the difference of that and the cumulated figure of the quarter before.
CREATE VIEW quarter_values AS
WITH told AS (
    SELECT *,
        CASE WHEN time_period SIMILAR TO '\d{4}-Q[1-4]' THEN CAST(right(time_period, 1) AS INTEGER) END AS alone,
        CASE WHEN time_period = year || '-Q1' THEN 1
             WHEN time_period = year || '-S1' THEN 2
             WHEN time_period = year || '-01-01/P9M' THEN 3
             WHEN period = 'annual' AND time_period = CAST(year AS VARCHAR) THEN 4 END AS up_to
    FROM indicator_values
    WHERE catalogued AND status = 'actual' AND measure = 'level'
), quarters AS (
    SELECT
        city_key, year, coalesce(alone, up_to) AS quarter, indicator_key, area, unit, per,
        any_value(city_code) AS city_code, any_value(city) AS city, any_value(city_full) AS city_full,
        any_value(prefecture) AS prefecture, any_value(province) AS province,
        any_value(indicator_code) AS indicator_code, any_value(variant) AS variant,
        any_value(indicator_zh) AS indicator_zh, any_value(indicator_en) AS indicator_en,
        any_value(indicator_kind) AS indicator_kind, any_value(area_zh) AS area_zh, any_value(unit_zh) AS unit_zh,
        any_value(value) FILTER (alone IS NOT NULL)    AS value,
        any_value(value) FILTER (up_to IS NOT NULL)    AS value_to_date,
        any_value(url) FILTER (alone IS NOT NULL)      AS url,
        any_value(url) FILTER (up_to IS NOT NULL)      AS url_to_date,
        any_value(cell_key) FILTER (alone IS NOT NULL) AS cell_key,
        any_value(cell_key) FILTER (up_to IS NOT NULL) AS cell_key_to_date,
        bool_or(conflict)                              AS conflict
    FROM told
    WHERE alone IS NOT NULL OR up_to IS NOT NULL
    GROUP BY city_key, year, coalesce(alone, up_to), indicator_key, area, unit, per
)
SELECT
    now.city_code,
    now.city,
    now.city_full,
    now.prefecture,
    now.province,
    now.year,
    now.quarter,
    now.indicator_code,
    now.variant,
    now.indicator_zh,
    now.indicator_en,
    now.indicator_kind,
    now.area,
    now.area_zh,
    now.value,
    now.value_to_date,
    CASE WHEN now.indicator_kind IN ('flow', 'amount') AND now.quarter > 1
         THEN now.value_to_date - before.value_to_date END AS difference,
    now.unit,
    now.unit_zh,
    now.per,
    now.conflict,
    now.url,
    now.url_to_date,
    now.cell_key,
    now.cell_key_to_date
FROM quarters AS now
LEFT JOIN quarters AS before
    ON before.city_key = now.city_key AND before.year = now.year AND before.quarter = now.quarter - 1
    AND before.indicator_key = now.indicator_key AND before.area = now.area AND before.unit = now.unit AND before.per = now.per
-- Years of which nothing but the whole is known are no quarters.
QUALIFY bool_or(now.cell_key IS NOT NULL OR now.quarter < 4)
    OVER (PARTITION BY now.city_key, now.year, now.indicator_key, now.area, now.unit, now.per);

COMMENT ON VIEW quarter_values IS '季度值：目录指标各季的实际值，当季与自年初累计并列 | Quarters: actual values of catalogued indicators, of the quarter alone beside those from January';
COMMENT ON COLUMN quarter_values.city_code IS '行政区划代码 | GB/T 2260 code';
COMMENT ON COLUMN quarter_values.city IS '地区全称 | Full name of the place';
COMMENT ON COLUMN quarter_values.city_full IS '带上级名称的全称，如 南京市鼓楼区 | Name with that of the city above before it, which tells namesakes apart';
COMMENT ON COLUMN quarter_values.prefecture IS '所在地级行政区 | Prefecture that the place is or lies in';
COMMENT ON COLUMN quarter_values.province IS '所在省级行政区 | Province';
COMMENT ON COLUMN quarter_values.year IS '年份 | Year';
COMMENT ON COLUMN quarter_values.quarter IS '季度，1 至 4 | Quarter, 1 to 4';
COMMENT ON COLUMN quarter_values.indicator_code IS '指标代码 | Catalogue code';
COMMENT ON COLUMN quarter_values.variant IS '目录指标的细分；无则为空串 | Variant of the indicator; empty if none';
COMMENT ON COLUMN quarter_values.indicator_zh IS '指标中文名称 | Chinese name of the indicator';
COMMENT ON COLUMN quarter_values.indicator_en IS '指标英文名称 | English name of the indicator';
COMMENT ON COLUMN quarter_values.indicator_kind IS '指标性质：stock 期末数、flow 期内数、amount 金额、standard 标准、rate 比率 | Kind: stock, flow, amount, standard, rate';
COMMENT ON COLUMN quarter_values.area IS '范围代码 | Part of the place';
COMMENT ON COLUMN quarter_values.area_zh IS '范围 | Part of the place, in Chinese';
COMMENT ON COLUMN quarter_values.value IS '当季之值，原文所印 | Value of the quarter alone, as published';
COMMENT ON COLUMN quarter_values.value_to_date IS '年初至季末之值；存量为季末数；四季度即全年 | Value from January to the end of the quarter; of a stock at its end; of the fourth the year''s';
COMMENT ON COLUMN quarter_values.difference IS '累计数与上季累计数之差，仅流量与金额 | Cumulated value less that of the quarter before, for flows and amounts';
COMMENT ON COLUMN quarter_values.unit IS '单位代码 | Unit';
COMMENT ON COLUMN quarter_values.unit_zh IS '单位 | Unit, in Chinese';
COMMENT ON COLUMN quarter_values.per IS '计发周期 | Period that is paid for';
COMMENT ON COLUMN quarter_values.conflict IS '两值中是否有分歧 | Whether observations of one of the values disagree';
COMMENT ON COLUMN quarter_values.url IS '当季值出处 | Source of the quarter''s value';
COMMENT ON COLUMN quarter_values.url_to_date IS '累计值出处 | Source of the cumulated value';
COMMENT ON COLUMN quarter_values.cell_key IS '当季值的格 | Cell of the quarter''s value';
COMMENT ON COLUMN quarter_values.cell_key_to_date IS '累计值的格 | Cell of the cumulated value';
