-- Totals by province that count nobody twice: prefectures, and counties only where their prefecture has no value of that year.
CREATE VIEW annual_by_province AS
WITH placed AS (
    SELECT value.*, city.province_code, city.prefecture_code
    FROM annual_values AS value JOIN dim_city AS city USING (city_key)
    WHERE value.additive <> 'none' AND value.value IS NOT NULL AND city.province_code IS NOT NULL
), prefectures AS (
    SELECT * FROM placed WHERE city_level = 'prefecture'
), counties AS (
    SELECT placed.* FROM placed ANTI JOIN prefectures USING (prefecture_code, year, indicator_key)
    WHERE placed.city_level = 'county'
), summed AS (
    SELECT * FROM prefectures UNION ALL BY NAME SELECT * FROM counties
), totals AS (
    SELECT
        province_code, year, indicator_key,
        sum(value)                                          AS total,
        count(*) FILTER (city_level = 'prefecture')         AS prefectures,
        count(*) FILTER (city_level = 'county')             AS counties,
        string_agg(city_full, '、' ORDER BY city_code)      AS places,
        bool_or(conflict)                                   AS conflict
    FROM summed GROUP BY province_code, year, indicator_key
), own AS (
    SELECT province_code, year, indicator_key, value, url, conflict FROM placed WHERE city_level = 'province'
)
SELECT
    province_code,
    province.name                                           AS province,
    year,
    indicator_key                                           AS indicator_code,
    indicator.name_zh                                       AS indicator_zh,
    indicator.name_en                                       AS indicator_en,
    totals.total,
    coalesce(totals.prefectures, 0)                         AS prefectures,
    coalesce(totals.counties, 0)                            AS counties,
    totals.places,
    own.value                                               AS printed,
    own.url                                                 AS printed_url,
    indicator.unit,
    indicator.additive,
    coalesce(totals.conflict, false) OR coalesce(own.conflict, false) AS conflict
FROM totals FULL JOIN own USING (province_code, year, indicator_key)
JOIN dim_indicator AS indicator USING (indicator_key)
JOIN (
    SELECT city_code, arg_max(name, coalesce(valid_to, 9999)) AS name FROM dim_city WHERE level = 'province' GROUP BY city_code
) AS province ON province.city_code = province_code;

COMMENT ON VIEW annual_by_province IS '按省合计：可加指标的年度值按地级地方相加，仅在地级无值处取其县级，绝不重复；并列省级自己公布之值 | Totals by province: prefectures are summed, counties only where their prefecture has no value, never both; beside it what the province itself publishes';
COMMENT ON COLUMN annual_by_province.province_code IS '省级行政区代码 | Code of the province';
COMMENT ON COLUMN annual_by_province.province IS '省级行政区 | Province';
COMMENT ON COLUMN annual_by_province.year IS '年份 | Year';
COMMENT ON COLUMN annual_by_province.indicator_code IS '指标代码 | Catalogue code';
COMMENT ON COLUMN annual_by_province.indicator_zh IS '指标中文名称 | Chinese name of the indicator';
COMMENT ON COLUMN annual_by_province.indicator_en IS '指标英文名称 | English name of the indicator';
COMMENT ON COLUMN annual_by_province.total IS '所计各地之和；只有省级自己的数时为空 | Sum over the places counted; empty where only the province itself has a value';
COMMENT ON COLUMN annual_by_province.prefectures IS '计入的地级地方数 | Prefectures counted';
COMMENT ON COLUMN annual_by_province.counties IS '计入的县级地方数 | Counties counted, of prefectures without a value';
COMMENT ON COLUMN annual_by_province.places IS '计入的地方 | The places counted';
COMMENT ON COLUMN annual_by_province.printed IS '省级自己公布之值 | What the province itself publishes';
COMMENT ON COLUMN annual_by_province.printed_url IS '省级公布值的出处 | Source of that value';
COMMENT ON COLUMN annual_by_province.unit IS '单位代码 | Unit';
COMMENT ON COLUMN annual_by_province.additive IS '可加性：places_years 地区与年份均可加、places 仅地区可加 | Over what it may be summed';
COMMENT ON COLUMN annual_by_province.conflict IS '其中是否有分歧 | Whether observations of one of the values disagree';
