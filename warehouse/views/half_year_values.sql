-- A half-year beside the same half of the year before. A quarter or nine months are never taken for it.
CREATE VIEW half_year_values AS
SELECT
    now.city_code,
    now.city,
    now.city_full,
    now.prefecture,
    now.province,
    now.year,
    CAST(right(now.time_period, 1) AS INTEGER) AS half,
    now.time_period,
    now.time_period_zh,
    now.indicator_code,
    now.variant,
    now.indicator_zh,
    now.indicator_en,
    now.indicator_kind,
    now.area,
    now.area_zh,
    now.value,
    before.value                               AS value_before,
    CASE WHEN before.value <> 0 THEN 100 * (now.value / before.value - 1) END AS growth_percent,
    now.unit,
    now.unit_zh,
    now.per,
    now.qualifier,
    now.conflict,
    now.sentence,
    now.url,
    now.title,
    now.published_on,
    now.cell_key
FROM indicator_values AS now
LEFT JOIN indicator_values AS before
    ON before.city_code = now.city_code AND before.time_period = (now.year - 1) || right(now.time_period, 3)
    AND before.indicator_key = now.indicator_key AND before.area = now.area AND before.unit = now.unit
    AND before.per = now.per AND before.status = 'actual' AND before.measure = 'level'
WHERE now.catalogued AND now.status = 'actual' AND now.measure = 'level' AND now.time_period SIMILAR TO '\d{4}-S[12]';

COMMENT ON VIEW half_year_values IS '半年值：目录指标各半年的实际值，并列上年同一半年之值 | Half-years: actual values of catalogued indicators, each beside the same half of the year before';
COMMENT ON COLUMN half_year_values.city_code IS '行政区划代码 | GB/T 2260 code';
COMMENT ON COLUMN half_year_values.city IS '地区全称 | Full name of the place';
COMMENT ON COLUMN half_year_values.city_full IS '带上级名称的全称，如 南京市鼓楼区 | Name with that of the city above before it, which tells namesakes apart';
COMMENT ON COLUMN half_year_values.prefecture IS '所在地级行政区 | Prefecture that the place is or lies in';
COMMENT ON COLUMN half_year_values.province IS '所在省级行政区 | Province';
COMMENT ON COLUMN half_year_values.year IS '年份 | Year';
COMMENT ON COLUMN half_year_values.half IS '1 上半年，2 下半年 | 1: first half, 2: second half';
COMMENT ON COLUMN half_year_values.time_period IS '时期，按 SDMX 写法 | The period, as SDMX writes it';
COMMENT ON COLUMN half_year_values.time_period_zh IS '时期名称 | Name of the period, in Chinese';
COMMENT ON COLUMN half_year_values.indicator_code IS '指标代码 | Catalogue code';
COMMENT ON COLUMN half_year_values.variant IS '目录指标的细分；无则为空串 | Variant of the indicator; empty if none';
COMMENT ON COLUMN half_year_values.indicator_zh IS '指标中文名称 | Chinese name of the indicator';
COMMENT ON COLUMN half_year_values.indicator_en IS '指标英文名称 | English name of the indicator';
COMMENT ON COLUMN half_year_values.indicator_kind IS '指标性质：stock 期末数、flow 期内数、amount 金额、standard 标准、rate 比率 | Kind: stock, flow, amount, standard, rate';
COMMENT ON COLUMN half_year_values.area IS '范围代码 | Part of the place';
COMMENT ON COLUMN half_year_values.area_zh IS '范围 | Part of the place, in Chinese';
COMMENT ON COLUMN half_year_values.value IS '该半年之值；存量为半年末数 | Value of the half-year; of a stock at its end';
COMMENT ON COLUMN half_year_values.value_before IS '上年同一半年之值；无则空 | Value of the same half of the year before, if there is one';
COMMENT ON COLUMN half_year_values.growth_percent IS '增幅，% | Growth in percent';
COMMENT ON COLUMN half_year_values.unit IS '单位代码 | Unit';
COMMENT ON COLUMN half_year_values.unit_zh IS '单位 | Unit, in Chinese';
COMMENT ON COLUMN half_year_values.per IS '计发周期 | Period that is paid for';
COMMENT ON COLUMN half_year_values.qualifier IS '确切程度 | Exact, approximate, at least, at most';
COMMENT ON COLUMN half_year_values.conflict IS '是否有分歧 | Whether observations disagree';
COMMENT ON COLUMN half_year_values.sentence IS '原句 | The sentence that it was read from';
COMMENT ON COLUMN half_year_values.url IS '出处 | Source';
COMMENT ON COLUMN half_year_values.title IS '出处标题 | Title of the source';
COMMENT ON COLUMN half_year_values.published_on IS '发布日期 | Day of publication';
COMMENT ON COLUMN half_year_values.cell_key IS '格 | Cell';
