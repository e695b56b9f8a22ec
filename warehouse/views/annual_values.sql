-- One row a place, year and indicator: the year's value, or that at its end; parts of the place in columns of their own.
CREATE VIEW annual_values AS
WITH told AS (
    SELECT value.*, time_period = CAST(year AS VARCHAR) AS of_calendar_year
    FROM indicator_values AS value JOIN dim_indicator AS indicator USING (indicator_key)
    WHERE value.catalogued AND status = 'actual' AND measure = 'level' AND period = 'annual'
        AND value.unit = indicator.unit AND value.per = indicator.per
), parts AS (
    SELECT
        city_key,
        year,
        indicator_key,
        any_value(city_code)       AS city_code,
        any_value(city)            AS city,
        any_value(city_full)       AS city_full,
        any_value(city_level)      AS city_level,
        any_value(prefecture)      AS prefecture,
        any_value(province)        AS province,
        any_value(indicator_zh)    AS indicator_zh,
        any_value(indicator_en)    AS indicator_en,
        any_value(domain_zh)       AS domain_zh,
        any_value(indicator_kind)  AS indicator_kind,
        any_value(additive)        AS additive,
        arg_max(value, of_calendar_year) FILTER (area = 'all')       AS value_whole,
        arg_max(value, of_calendar_year) FILTER (area = 'urban')     AS value_urban,
        arg_max(value, of_calendar_year) FILTER (area = 'rural')     AS value_rural,
        arg_max(value, of_calendar_year) FILTER (area = 'districts') AS value_districts,
        arg_max(value, of_calendar_year) FILTER (area = 'counties')  AS value_counties,
        any_value(unit)            AS unit,
        any_value(unit_zh)         AS unit_zh,
        any_value(per)             AS per,
        bool_or(conflict)          AS conflict,
        min(certainty)             AS certainty,
        bool_or(qualifier <> 'exact') AS rounded,
        arg_max(sentence, (area = 'all', area = 'urban', of_calendar_year))     AS sentence,
        arg_max(url, (area = 'all', area = 'urban', of_calendar_year))          AS url,
        arg_max(title, (area = 'all', area = 'urban', of_calendar_year))        AS title,
        arg_max(published_on, (area = 'all', area = 'urban', of_calendar_year)) AS published_on
    FROM told
    GROUP BY city_key, year, indicator_key
), named AS (
    SELECT *, CASE
        WHEN value_whole IS NOT NULL THEN 'all'
        WHEN additive <> 'none' AND value_urban IS NOT NULL AND value_rural IS NOT NULL THEN 'sum'
        WHEN indicator_kind = 'standard' AND value_urban IS NOT NULL THEN 'urban'
        WHEN indicator_kind = 'standard' AND value_districts IS NOT NULL THEN 'districts'
    END AS value_of
    FROM parts
)
SELECT
    city_code,
    city,
    city_full,
    city_level,
    prefecture,
    province,
    year,
    indicator_key AS indicator_code,
    indicator_zh,
    indicator_en,
    domain_zh,
    indicator_kind,
    additive,
    CASE value_of WHEN 'all' THEN value_whole WHEN 'sum' THEN value_urban + value_rural
                  WHEN 'urban' THEN value_urban WHEN 'districts' THEN value_districts END AS value,
    value_of,
    value_whole,
    value_urban,
    value_rural,
    value_districts,
    value_counties,
    unit,
    unit_zh,
    per,
    rounded,
    conflict,
    certainty,
    sentence,
    url,
    title,
    published_on,
    city_key,
    indicator_key
FROM named;

COMMENT ON VIEW annual_values IS '年度值：目录指标的全年（或年末）实际值，地区×年份×指标一行，城乡各为一列；多数人先打开此表 | Annual values: actual values of catalogued indicators of the year or its end, a row a place × year × indicator; what most people open first';
COMMENT ON COLUMN annual_values.city_code IS '行政区划代码 | GB/T 2260 code';
COMMENT ON COLUMN annual_values.city IS '地区全称 | Full name of the place';
COMMENT ON COLUMN annual_values.city_full IS '带上级名称的全称，如 南京市鼓楼区 | Name with that of the city above before it, which tells namesakes apart';
COMMENT ON COLUMN annual_values.city_level IS '地区层级：province 省级、prefecture 地级、county 县级 | Level of the place';
COMMENT ON COLUMN annual_values.prefecture IS '所在地级行政区 | Prefecture that the place is or lies in';
COMMENT ON COLUMN annual_values.province IS '所在省级行政区 | Province';
COMMENT ON COLUMN annual_values.year IS '年份 | Year';
COMMENT ON COLUMN annual_values.indicator_code IS '指标代码；细分为 代码:细分，如 tekun_standard:central | Catalogue code; of a variant code:variant';
COMMENT ON COLUMN annual_values.indicator_zh IS '指标中文名称 | Chinese name of the indicator';
COMMENT ON COLUMN annual_values.indicator_en IS '指标英文名称 | English name of the indicator';
COMMENT ON COLUMN annual_values.domain_zh IS '领域 | Domain, in Chinese';
COMMENT ON COLUMN annual_values.indicator_kind IS '类别：standard 标准、stock 存量、flow 流量、rate 比率、amount 金额 | Kind of figure';
COMMENT ON COLUMN annual_values.additive IS '可加性：places_years 地区与年份均可加、places 仅地区可加、none 不可加；按省合计见 annual_by_province | Over what it may be summed; by province see annual_by_province';
COMMENT ON COLUMN annual_values.value IS '该地该年之值：全域之值；未载者，可加的指标取城市与农村之和，标准取城市（其次市辖区）之值；所取见 value_of | The value: of the whole place; where none is printed, the sum of town and country of what may be summed, and of standards that of the towns or the city districts; see value_of';
COMMENT ON COLUMN annual_values.value_of IS 'value 所取：all 全域、sum 城市与农村之和、urban 城市、districts 市辖区；只载其他部分者为空 | What value is of: the whole place, the sum of town and country, the towns, the city districts; empty where only other parts are printed';
COMMENT ON COLUMN annual_values.value_whole IS '全域之值 | Value that is printed of the whole place';
COMMENT ON COLUMN annual_values.value_urban IS '城市之值 | Value of its towns';
COMMENT ON COLUMN annual_values.value_rural IS '农村之值 | Value of its country';
COMMENT ON COLUMN annual_values.value_districts IS '市辖区之值 | Value of its city districts';
COMMENT ON COLUMN annual_values.value_counties IS '其他县市之值 | Value of its other counties';
COMMENT ON COLUMN annual_values.unit IS '单位代码 | Unit';
COMMENT ON COLUMN annual_values.unit_zh IS '单位 | Unit, in Chinese';
COMMENT ON COLUMN annual_values.per IS '计发周期 | Period that is paid for';
COMMENT ON COLUMN annual_values.rounded IS '所列各值中是否有约数 | Whether one of the values is not exact';
COMMENT ON COLUMN annual_values.conflict IS '所列各值中是否有分歧 | Whether observations of one of the values disagree';
COMMENT ON COLUMN annual_values.certainty IS '所列各值中最小的确信度，0 至 1，见 fact_observation | Least certainty among the values, 0 to 1, see fact_observation';
COMMENT ON COLUMN annual_values.sentence IS '原句；先取全域之值者 | Sentence, of the whole place''s value first';
COMMENT ON COLUMN annual_values.url IS '出处；先取全域之值者 | Source, of the whole place''s value first';
COMMENT ON COLUMN annual_values.title IS '出处标题 | Title of that source';
COMMENT ON COLUMN annual_values.published_on IS '发布日期 | Day of publication';
COMMENT ON COLUMN annual_values.city_key IS '地区，见 dim_city | Place, see dim_city';
COMMENT ON COLUMN annual_values.indicator_key IS '指标，见 dim_indicator | Indicator, see dim_indicator';
