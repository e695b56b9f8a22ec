-- One row a place, year and indicator: the year's value, or that at its end; parts of the place in columns of their own.
CREATE VIEW annual_values AS
WITH told AS (
    SELECT *, time_period = CAST(year AS VARCHAR) AS of_calendar_year
    FROM indicator_values AS value
    WHERE catalogued AND status = 'actual' AND measure = 'level' AND period = 'annual'
), expected AS (
    SELECT told.* FROM told JOIN dim_indicator AS indicator USING (indicator_key)
    WHERE told.unit = indicator.unit AND told.per = indicator.per
)
SELECT
    any_value(city_code)    AS city_code,
    any_value(city)         AS city,
    any_value(province)     AS province,
    year,
    any_value(indicator_code) AS indicator_code,
    any_value(variant)      AS variant,
    any_value(indicator_zh) AS indicator_zh,
    any_value(indicator_en) AS indicator_en,
    any_value(domain_zh)    AS domain_zh,
    arg_max(value, of_calendar_year) FILTER (area = 'all')       AS value,
    arg_max(value, of_calendar_year) FILTER (area = 'urban')     AS value_urban,
    arg_max(value, of_calendar_year) FILTER (area = 'rural')     AS value_rural,
    arg_max(value, of_calendar_year) FILTER (area = 'districts') AS value_districts,
    arg_max(value, of_calendar_year) FILTER (area = 'counties')  AS value_counties,
    any_value(unit)         AS unit,
    any_value(unit_zh)      AS unit_zh,
    any_value(per)          AS per,
    bool_or(conflict)       AS conflict,
    arg_max(sentence, (area = 'all', of_calendar_year))          AS sentence,
    arg_max(url, (area = 'all', of_calendar_year))               AS url,
    arg_max(published_on, (area = 'all', of_calendar_year))      AS published_on,
    city_key,
    indicator_key
FROM expected
GROUP BY city_key, year, indicator_key;

COMMENT ON VIEW annual_values IS '年度值：目录指标的全年（或年末）实际值，地区×年份×指标一行，城乡各为一列 | Annual values: actual values of catalogued indicators of the year or its end, a row a place × year × indicator';
COMMENT ON COLUMN annual_values.city_code IS '行政区划代码 | GB/T 2260 code';
COMMENT ON COLUMN annual_values.city IS '地区全称 | Full name of the place';
COMMENT ON COLUMN annual_values.province IS '所在省级行政区 | Province';
COMMENT ON COLUMN annual_values.year IS '年份 | Year';
COMMENT ON COLUMN annual_values.indicator_code IS '指标代码 | Catalogue code';
COMMENT ON COLUMN annual_values.variant IS '目录指标的细分；无则为空串 | Variant of the indicator; empty if none';
COMMENT ON COLUMN annual_values.indicator_zh IS '指标中文名称 | Chinese name of the indicator';
COMMENT ON COLUMN annual_values.indicator_en IS '指标英文名称 | English name of the indicator';
COMMENT ON COLUMN annual_values.domain_zh IS '领域 | Domain, in Chinese';
COMMENT ON COLUMN annual_values.value IS '全域之值 | Value of the whole place';
COMMENT ON COLUMN annual_values.value_urban IS '城市之值 | Value of its towns';
COMMENT ON COLUMN annual_values.value_rural IS '农村之值 | Value of its country';
COMMENT ON COLUMN annual_values.value_districts IS '市辖区之值 | Value of its city districts';
COMMENT ON COLUMN annual_values.value_counties IS '其他县市之值 | Value of its other counties';
COMMENT ON COLUMN annual_values.unit IS '单位代码 | Unit';
COMMENT ON COLUMN annual_values.unit_zh IS '单位 | Unit, in Chinese';
COMMENT ON COLUMN annual_values.per IS '计发周期 | Period that is paid for';
COMMENT ON COLUMN annual_values.conflict IS '所列各值中是否有分歧 | Whether observations of one of the values disagree';
COMMENT ON COLUMN annual_values.sentence IS '原句；先取全域之值者 | Sentence, of the whole place''s value first';
COMMENT ON COLUMN annual_values.url IS '出处；先取全域之值者 | Source, of the whole place''s value first';
COMMENT ON COLUMN annual_values.published_on IS '发布日期 | Day of publication';
COMMENT ON COLUMN annual_values.city_key IS '地区，见 dim_city | Place, see dim_city';
COMMENT ON COLUMN annual_values.indicator_key IS '指标，见 dim_indicator | Indicator, see dim_indicator';
