-- Every value that was ever published of a cell, with the days between which it was: what was known on a day is
-- SELECT * FROM indicator_values_history WHERE since <= DATE '2022-06-30' AND (until IS NULL OR until > DATE '2022-06-30').
-- The choice is that of `resolution_rule`: `preference` orders a cell's observations by all criteria but the page's version, and of
-- each page only the version of that day is known. A view finds its tables under whatever name the file is attached.
CREATE VIEW indicator_values_history AS
WITH seen AS (
    SELECT
        observation.* EXCLUDE (observation_key),
        observation.observation_key,
        CAST(known_from AS DATE)                                AS first_day,
        CAST(known_to AS DATE)                                  AS gone_day,
        CASE WHEN observation.period = 'partial' AND observation.time_period = CAST(observation.year AS VARCHAR)
             THEN date_trunc('quarter', bulletin.published_on) END AS published_quarter,
        coalesce(observation.low, CAST('-infinity' AS DOUBLE))  AS least,
        coalesce(observation.high, CAST('infinity' AS DOUBLE))  AS greatest,
        bulletin.url,
        bulletin.title,
        bulletin.publisher,
        bulletin.published_on
    FROM fact_observation AS observation
    JOIN dim_bulletin AS bulletin USING (bulletin_key)
    WHERE observation.valid AND cell_key IS NOT NULL
), days AS (
    SELECT cell_key, first_day AS since FROM seen UNION SELECT cell_key, gone_day FROM seen WHERE gone_day IS NOT NULL
), spans AS (
    SELECT cell_key, since, lead(since) OVER (PARTITION BY cell_key ORDER BY since) AS until FROM days
), known AS (
    SELECT
        seen.*,
        spans.since,
        spans.until,
        row_number() OVER (PARTITION BY cell_key, since ORDER BY preference) AS place_in_cell,
        count(*) OVER (PARTITION BY cell_key, since)                         AS observations
    FROM spans JOIN seen USING (cell_key)
    WHERE seen.first_day <= spans.since AND (seen.gone_day IS NULL OR seen.gone_day > spans.since)
), chosen AS (
    SELECT * FROM known WHERE place_in_cell = 1
), disputed AS (
    SELECT DISTINCT known.cell_key, known.since
    FROM known JOIN chosen USING (cell_key, since)
    WHERE known.standard_value <> chosen.standard_value
      AND NOT (known.least < chosen.greatest AND chosen.least < known.greatest)
      AND (known.published_quarter IS NULL OR chosen.published_quarter IS NULL
           OR known.published_quarter = chosen.published_quarter)
)
SELECT
    city.city_code,
    city.name                                       AS city,
    city.province,
    chosen.year,
    indicator.code                                  AS indicator_code,
    indicator.variant,
    indicator.name_zh                               AS indicator_zh,
    coalesce(indicator.name_en, indicator.name_zh)  AS indicator_en,
    indicator.catalogued,
    chosen.area,
    chosen.status,
    chosen.measure,
    chosen.period,
    chosen.time_period,
    chosen.standard_value                           AS value,
    chosen.standard_value_high                      AS value_high,
    chosen.unit,
    chosen.standard_per                             AS per,
    chosen.qualifier,
    disputed.cell_key IS NOT NULL                   AS conflict,
    CAST(chosen.observations AS INTEGER)            AS observations,
    chosen.printed,
    chosen.sentence,
    chosen.url,
    chosen.title,
    chosen.publisher,
    chosen.published_on,
    chosen.known_from,
    chosen.since,
    chosen.until,
    chosen.indicator_key,
    chosen.city_key,
    chosen.cell_key,
    chosen.observation_key
FROM chosen
JOIN dim_city AS city USING (city_key)
JOIN dim_indicator AS indicator USING (indicator_key)
LEFT JOIN disputed USING (cell_key, since);

COMMENT ON VIEW indicator_values_history IS '历次公布值：各格曾公布的每个值及其起止日，据以查某日已知之值 | Every value that was ever published of a cell, with the days between which it was';
COMMENT ON COLUMN indicator_values_history.city_code IS '行政区划代码（GB/T 2260） | GB/T 2260 code';
COMMENT ON COLUMN indicator_values_history.city IS '地区全称 | Full name of the place';
COMMENT ON COLUMN indicator_values_history.province IS '所在省级行政区 | Province';
COMMENT ON COLUMN indicator_values_history.year IS '数字所属年份 | Year that the figure is about';
COMMENT ON COLUMN indicator_values_history.indicator_code IS '指标代码；开放指标为空 | Catalogue code; empty for an open indicator';
COMMENT ON COLUMN indicator_values_history.variant IS '指标细分 | Variant of the indicator';
COMMENT ON COLUMN indicator_values_history.indicator_zh IS '指标中文名称 | Chinese name of the indicator';
COMMENT ON COLUMN indicator_values_history.indicator_en IS '指标英文名称 | English name of the indicator';
COMMENT ON COLUMN indicator_values_history.catalogued IS '是否目录指标 | Whether the indicator is catalogued';
COMMENT ON COLUMN indicator_values_history.area IS '范围代码 | Part of the place';
COMMENT ON COLUMN indicator_values_history.status IS '状态代码：actual、target、previous | Actual, target, or the old value of a rise';
COMMENT ON COLUMN indicator_values_history.measure IS '度量：level 水平、change 增减 | Level or change';
COMMENT ON COLUMN indicator_values_history.period IS '时段代码：annual、partial、multi_year | Annual, part of a year, or total over years';
COMMENT ON COLUMN indicator_values_history.time_period IS '确切时期，按 SDMX 写法：2021、2021-S1、2021-Q3、2021-09、2021-01-01/P9M | The period exactly, as SDMX writes it';
COMMENT ON COLUMN indicator_values_history.value IS '值，以目录单位与周期计 | Value in the catalogue''s unit and period';
COMMENT ON COLUMN indicator_values_history.value_high IS '区间上限 | Upper end where a range is printed';
COMMENT ON COLUMN indicator_values_history.unit IS '单位代码 | Unit';
COMMENT ON COLUMN indicator_values_history.per IS '计发周期 | Period that is paid for';
COMMENT ON COLUMN indicator_values_history.qualifier IS '确切程度：exact、approx、ge、le | Exact, approximate, at least, at most';
COMMENT ON COLUMN indicator_values_history.conflict IS '是否有分歧 | Whether observations disagree';
COMMENT ON COLUMN indicator_values_history.observations IS '该格现行观测数 | Current observations of the cell';
COMMENT ON COLUMN indicator_values_history.printed IS '原文所印 | What is printed';
COMMENT ON COLUMN indicator_values_history.sentence IS '原句 | The sentence';
COMMENT ON COLUMN indicator_values_history.url IS '出处网址 | Address of the source';
COMMENT ON COLUMN indicator_values_history.title IS '出处标题 | Title of the source';
COMMENT ON COLUMN indicator_values_history.publisher IS '发布单位 | Publisher';
COMMENT ON COLUMN indicator_values_history.published_on IS '发布日期 | Date of publication';
COMMENT ON COLUMN indicator_values_history.known_from IS '该版本网页首次抓到的时间（UTC） | When this version of the page was first seen (UTC)';
COMMENT ON COLUMN indicator_values_history.since IS '自何日起公布此值（UTC） | First day on which this value was the published one (UTC)';
COMMENT ON COLUMN indicator_values_history.until IS '至何日为止（不含）；空为现行 | Day from which it no longer was; empty while it is';
COMMENT ON COLUMN indicator_values_history.indicator_key IS '见 dim_indicator | See dim_indicator';
COMMENT ON COLUMN indicator_values_history.city_key IS '见 dim_city | See dim_city';
COMMENT ON COLUMN indicator_values_history.cell_key IS '格键 | The cell';
COMMENT ON COLUMN indicator_values_history.observation_key IS '见 fact_observation | See fact_observation';
