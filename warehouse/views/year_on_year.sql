-- The value before is the one that is published for the year before; where none is, the old value that the page itself prints
-- (由600元提高到635元). Bulletins print it for the year of the rise or for a year that they name: it held in the year before at least.
CREATE VIEW year_on_year AS
WITH annual AS (
    SELECT * FROM indicator_values
    WHERE measure = 'level' AND period = 'annual' AND time_period = CAST(year AS VARCHAR)
), old AS (
    SELECT *, row_number() OVER (
        PARTITION BY city_code, indicator_key, area, unit, per, year ORDER BY published_on DESC NULLS LAST, cell_key
    ) AS place
    FROM annual WHERE status = 'previous'
)
SELECT
    now.city_code,
    now.city,
    now.city_full,
    now.prefecture,
    now.province,
    now.year,
    now.indicator_code,
    now.variant,
    now.indicator_zh,
    now.indicator_en,
    now.catalogued,
    now.area,
    now.unit,
    now.unit_zh,
    now.per,
    now.value,
    coalesce(before.value, old.value)                                            AS value_before,
    now.year - 1                                                                 AS year_before,
    CASE WHEN before.value IS NOT NULL THEN 'published' ELSE 'printed' END       AS before_from,
    now.value - coalesce(before.value, old.value)                                AS change,
    CASE WHEN coalesce(before.value, old.value) <> 0
         THEN 100 * (now.value / coalesce(before.value, old.value) - 1) END      AS growth_percent,
    old.value                                                                    AS printed_value_before,
    printed.value                                                                AS printed_growth_percent,
    now.qualifier <> 'exact' OR coalesce(before.qualifier, old.qualifier) <> 'exact' AS rounded,
    now.conflict OR coalesce(before.conflict, old.conflict)                      AS conflict,
    now.url,
    coalesce(before.url, old.url)                                                AS url_before,
    now.cell_key,
    coalesce(before.cell_key, old.cell_key)                                      AS cell_key_before
FROM annual AS now
LEFT JOIN annual AS before
    ON before.city_code = now.city_code AND before.year = now.year - 1 AND before.indicator_key = now.indicator_key
    AND before.area = now.area AND before.unit = now.unit AND before.per = now.per AND before.status = 'actual'
LEFT JOIN old
    ON old.place = 1 AND old.city_code = now.city_code AND old.indicator_key = now.indicator_key AND old.area = now.area
    AND old.unit = now.unit AND old.per = now.per
    AND old.year = CASE WHEN EXISTS (
            SELECT 1 FROM old AS same WHERE same.city_code = now.city_code AND same.indicator_key = now.indicator_key
            AND same.area = now.area AND same.unit = now.unit AND same.per = now.per AND same.year = now.year
        ) THEN now.year ELSE now.year - 1 END
LEFT JOIN fact_indicator AS printed
    ON printed.city_key = now.city_key AND printed.year_key = now.year AND printed.indicator_key = now.indicator_key
    AND printed.area = now.area AND printed.status = 'actual' AND printed.measure = 'change'
    AND printed.period = 'annual' AND printed.time_period = CAST(printed.year_key AS VARCHAR)
    AND printed.unit = 'percent' AND printed.per = ''
WHERE now.status = 'actual' AND (before.value IS NOT NULL OR old.value IS NOT NULL);

COMMENT ON VIEW year_on_year IS '逐年对比：全年实际值与上年之差和增幅，并列公报自印的增幅 | Year on year: each annual value beside the year before, with the growth that the bulletin itself prints';
COMMENT ON COLUMN year_on_year.city_code IS '行政区划代码 | GB/T 2260 code';
COMMENT ON COLUMN year_on_year.city IS '地区全称 | Full name of the place';
COMMENT ON COLUMN year_on_year.city_full IS '带上级名称的全称，如 南京市鼓楼区 | Name with that of the city above before it, which tells namesakes apart';
COMMENT ON COLUMN year_on_year.prefecture IS '所在地级行政区 | Prefecture that the place is or lies in';
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
COMMENT ON COLUMN year_on_year.variant IS '目录指标的细分；无则为空串 | Variant of the indicator; empty if none';
COMMENT ON COLUMN year_on_year.value_before IS '上年值：上年的公布值；没有则取公报自印的旧值（由…提高到…） | Value of the year before: the published one, else the old value that the bulletin prints';
COMMENT ON COLUMN year_on_year.year_before IS '上年值所属年份 | Year that the value before is of';
COMMENT ON COLUMN year_on_year.before_from IS '上年值来自：published 上年公布值、printed 公报自印的旧值 | Where the value before is from: published for that year, or printed as the old value';
COMMENT ON COLUMN year_on_year.printed_value_before IS '公报自印的旧值 | Old value that the bulletin prints';
COMMENT ON COLUMN year_on_year.change IS '增减 | Difference';
COMMENT ON COLUMN year_on_year.growth_percent IS '增幅，% | Growth in percent';
COMMENT ON COLUMN year_on_year.printed_growth_percent IS '公报自印的增幅，%（绝对值，升降见原句） | Growth that the bulletin prints, in percent, as printed';
COMMENT ON COLUMN year_on_year.rounded IS '两值中是否有约数 | Whether one of the values is not exact';
COMMENT ON COLUMN year_on_year.conflict IS '两值中是否有分歧 | Whether observations of one of the values disagree';
COMMENT ON COLUMN year_on_year.url IS '本年值出处 | Source of the year''s value';
COMMENT ON COLUMN year_on_year.url_before IS '上年值出处 | Source of the value before';
COMMENT ON COLUMN year_on_year.cell_key IS '本年的格 | Cell of the year';
COMMENT ON COLUMN year_on_year.cell_key_before IS '上年的格 | Cell of the year before';
