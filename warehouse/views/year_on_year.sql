CREATE VIEW year_on_year AS
SELECT
    now.city_code,
    now.city,
    now.province,
    now.year,
    now.indicator_code,
    now.indicator_zh,
    now.indicator_en,
    now.catalogued,
    now.area,
    now.unit,
    now.unit_zh,
    now.per,
    now.value,
    before.value                                                                 AS value_before,
    now.value - before.value                                                     AS change,
    CASE WHEN before.value <> 0 THEN 100 * (now.value / before.value - 1) END    AS growth_percent,
    printed.value                                                                AS printed_growth_percent,
    now.qualifier <> 'exact' OR before.qualifier <> 'exact'                      AS rounded,
    now.conflict OR before.conflict                                              AS conflict,
    now.url,
    before.url                                                                   AS url_before,
    now.cell_key,
    before.cell_key                                                              AS cell_key_before
FROM indicator_values AS now
JOIN indicator_values AS before
    ON before.city_code = now.city_code AND before.year = now.year - 1 AND before.indicator_key = now.indicator_key
    AND before.area = now.area AND before.unit = now.unit AND before.per = now.per
    AND before.status = 'actual' AND before.measure = 'level' AND before.period = 'annual'
    AND before.time_period = CAST(before.year AS VARCHAR)
LEFT JOIN fact_indicator AS printed
    ON printed.city_key = now.city_key AND printed.year_key = now.year AND printed.indicator_key = now.indicator_key
    AND printed.area = now.area AND printed.status = 'actual' AND printed.measure = 'change'
    AND printed.period = 'annual' AND printed.time_period = CAST(printed.year_key AS VARCHAR) AND printed.unit = 'percent' AND printed.per = ''
WHERE now.status = 'actual' AND now.measure = 'level' AND now.period = 'annual'
    AND now.time_period = CAST(now.year AS VARCHAR);

COMMENT ON VIEW year_on_year IS '逐年对比：全年实际值与上年之差和增幅，并列公报自印的增幅 | Year on year: each annual value beside the year before, with the growth that the bulletin itself prints';
COMMENT ON COLUMN year_on_year.city_code IS '行政区划代码 | GB/T 2260 code';
COMMENT ON COLUMN year_on_year.city IS '地区全称 | Full name of the place';
COMMENT ON COLUMN year_on_year.province IS '所在省级行政区 | Province';
COMMENT ON COLUMN year_on_year.year IS '年份 | Year';
COMMENT ON COLUMN year_on_year.indicator_code IS '指标代码；开放指标为空 | Catalogue code; empty for an open indicator';
COMMENT ON COLUMN year_on_year.indicator_zh IS '指标中文名称 | Chinese name of the indicator';
COMMENT ON COLUMN year_on_year.indicator_en IS '指标英文名称 | English name of the indicator';
COMMENT ON COLUMN year_on_year.catalogued IS '是否目录指标 | Whether the indicator is catalogued';
COMMENT ON COLUMN year_on_year.area IS '范围代码 | Part of the place';
COMMENT ON COLUMN year_on_year.unit IS '单位代码 | Unit';
COMMENT ON COLUMN year_on_year.unit_zh IS '单位 | Unit, in Chinese';
COMMENT ON COLUMN year_on_year.per IS '计发周期 | Period that is paid for';
COMMENT ON COLUMN year_on_year.value IS '本年值 | Value of the year';
COMMENT ON COLUMN year_on_year.value_before IS '上年值 | Value of the year before';
COMMENT ON COLUMN year_on_year.change IS '增减 | Difference';
COMMENT ON COLUMN year_on_year.growth_percent IS '增幅，% | Growth in percent';
COMMENT ON COLUMN year_on_year.printed_growth_percent IS '公报自印的增幅，%（绝对值，升降见原句） | Growth that the bulletin prints, in percent, as printed';
COMMENT ON COLUMN year_on_year.rounded IS '两值中是否有约数 | Whether one of the values is not exact';
COMMENT ON COLUMN year_on_year.conflict IS '两值中是否有分歧 | Whether observations of one of the values disagree';
COMMENT ON COLUMN year_on_year.url IS '本年值出处 | Source of the year''s value';
COMMENT ON COLUMN year_on_year.url_before IS '上年值出处 | Source of the value before';
COMMENT ON COLUMN year_on_year.cell_key IS '本年的格 | Cell of the year';
COMMENT ON COLUMN year_on_year.cell_key_before IS '上年的格 | Cell of the year before';
