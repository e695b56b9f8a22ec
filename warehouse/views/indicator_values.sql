CREATE VIEW indicator_values AS
SELECT
    city.city_code,
    city.name                                    AS city,
    city.full_name AS city_full,
    city.prefecture,
    city.short_name                              AS city_short,
    city.level                                   AS city_level,
    city.province,
    fact.year_key                                AS year,
    indicator.code                               AS indicator_code,
    indicator.variant,
    indicator.name_zh                            AS indicator_zh,
    coalesce(indicator.name_en, indicator.name_zh) AS indicator_en,
    indicator.domain,
    domain.name_zh                               AS domain_zh,
    indicator.kind                               AS indicator_kind,
    indicator.additive,
    indicator.catalogued,
    fact.area,
    area.name_zh                                 AS area_zh,
    fact.status,
    status.name_zh                               AS status_zh,
    fact.measure,
    fact.period,
    period.name_zh                               AS period_zh,
    fact.time_period,
    span.name_zh                                 AS time_period_zh,
    span.name_en                                 AS time_period_en,
    span.start_date                              AS period_start,
    span.end_date                                AS period_end,
    span.cumulated,
    fact.value,
    fact.value_high,
    fact.unit,
    unit.name_zh                                 AS unit_zh,
    fact.per,
    fact.qualifier,
    fact.conflict,
    fact.observations,
    observation.printed,
    observation.sentence,
    observation.certainty,
    bulletin.url,
    bulletin.title,
    bulletin.publisher,
    bulletin.published_on,
    bulletin.kind                                AS bulletin_kind,
    bulletin.fetched_at,
    fact.indicator_key,
    fact.city_key,
    fact.cell_key,
    fact.observation_key
FROM fact_indicator AS fact
JOIN dim_city AS city USING (city_key)
JOIN dim_indicator AS indicator USING (indicator_key)
JOIN dim_period AS span USING (period_key)
JOIN fact_observation AS observation USING (observation_key)
JOIN dim_bulletin AS bulletin ON bulletin.bulletin_key = observation.bulletin_key
LEFT JOIN code_list AS domain ON domain.list = 'domain' AND domain.code = indicator.domain
LEFT JOIN code_list AS area ON area.list = 'area' AND area.code = fact.area
LEFT JOIN code_list AS status ON status.list = 'status' AND status.code = fact.status
LEFT JOIN code_list AS period ON period.list = 'period' AND period.code = fact.period
LEFT JOIN code_list AS unit ON unit.list = 'unit' AND unit.code = fact.unit;

COMMENT ON VIEW indicator_values IS '公布值平表：一行一个公布值，附中英文名称、出处网址与原句；多数人只需打开此表 | Published values, flat: names in Chinese and English, source address and sentence; what most people open';
COMMENT ON COLUMN indicator_values.city_code IS '行政区划代码（GB/T 2260） | GB/T 2260 code';
COMMENT ON COLUMN indicator_values.city IS '地区全称 | Full name of the place';
COMMENT ON COLUMN indicator_values.city_full IS '带上级名称的全称，如 南京市鼓楼区 | Name with that of the city above before it, which tells namesakes apart';
COMMENT ON COLUMN indicator_values.prefecture IS '所在地级行政区 | Prefecture that the place is or lies in';
COMMENT ON COLUMN indicator_values.city_short IS '地区简称 | Short name of the place';
COMMENT ON COLUMN indicator_values.city_level IS '地区层级 | Level of the place';
COMMENT ON COLUMN indicator_values.province IS '所在省级行政区 | Province';
COMMENT ON COLUMN indicator_values.year IS '数字所属年份 | Year that the figure is about';
COMMENT ON COLUMN indicator_values.indicator_code IS '指标代码；开放指标为空 | Catalogue code; empty for an open indicator';
COMMENT ON COLUMN indicator_values.variant IS '指标细分 | Variant of the indicator';
COMMENT ON COLUMN indicator_values.indicator_zh IS '指标中文名称 | Chinese name of the indicator';
COMMENT ON COLUMN indicator_values.indicator_en IS '指标英文名称 | English name of the indicator';
COMMENT ON COLUMN indicator_values.domain IS '业务领域 | Field of work';
COMMENT ON COLUMN indicator_values.domain_zh IS '业务领域中文名称 | Field of work in Chinese';
COMMENT ON COLUMN indicator_values.indicator_kind IS '指标类别 | Kind of figure';
COMMENT ON COLUMN indicator_values.additive IS '可加性：places_years、places、none | Over what it may be summed';
COMMENT ON COLUMN indicator_values.catalogued IS '是否目录指标 | Whether the indicator is catalogued';
COMMENT ON COLUMN indicator_values.area IS '范围代码 | Part of the place';
COMMENT ON COLUMN indicator_values.area_zh IS '范围 | Part of the place, in Chinese';
COMMENT ON COLUMN indicator_values.status IS '状态代码：actual、target、previous | Actual, target, or the old value of a rise';
COMMENT ON COLUMN indicator_values.status_zh IS '状态 | Status, in Chinese';
COMMENT ON COLUMN indicator_values.measure IS '度量：level 水平、change 增减 | Level or change';
COMMENT ON COLUMN indicator_values.period IS '时段代码：annual、partial、multi_year | Annual, part of a year, or total over years';
COMMENT ON COLUMN indicator_values.period_zh IS '时段 | Period, in Chinese';
COMMENT ON COLUMN indicator_values.time_period IS '确切时期，按 SDMX 写法：2021、2021-S1、2021-Q3、2021-09、2021-01-01/P9M | The period exactly, as SDMX writes it';
COMMENT ON COLUMN indicator_values.time_period_zh IS '时期名称，如 2021年第三季度 | Name of the period, in Chinese';
COMMENT ON COLUMN indicator_values.time_period_en IS '时期英文名称 | Name of the period, in English';
COMMENT ON COLUMN indicator_values.period_start IS '时期首日 | First day of the period';
COMMENT ON COLUMN indicator_values.period_end IS '时期末日 | Last day of the period';
COMMENT ON COLUMN indicator_values.cumulated IS '是否自年初累计 | Whether it counts from the first day of its year';
COMMENT ON COLUMN indicator_values.value IS '值，以目录单位与周期计 | Value in the catalogue''s unit and period';
COMMENT ON COLUMN indicator_values.value_high IS '区间上限 | Upper end where a range is printed';
COMMENT ON COLUMN indicator_values.unit IS '单位代码 | Unit';
COMMENT ON COLUMN indicator_values.unit_zh IS '单位 | Unit, in Chinese';
COMMENT ON COLUMN indicator_values.per IS '计发周期 | Period that is paid for';
COMMENT ON COLUMN indicator_values.qualifier IS '确切程度：exact、approx、ge、le | Exact, approximate, at least, at most';
COMMENT ON COLUMN indicator_values.conflict IS '是否有分歧 | Whether observations disagree';
COMMENT ON COLUMN indicator_values.observations IS '该格现行观测数 | Current observations of the cell';
COMMENT ON COLUMN indicator_values.printed IS '原文所印 | What is printed';
COMMENT ON COLUMN indicator_values.sentence IS '原句 | The sentence';
COMMENT ON COLUMN indicator_values.certainty IS '确信度，0 至 1，见 fact_observation | Certainty, 0 to 1, see fact_observation';
COMMENT ON COLUMN indicator_values.url IS '出处网址 | Address of the source';
COMMENT ON COLUMN indicator_values.title IS '出处标题 | Title of the source';
COMMENT ON COLUMN indicator_values.publisher IS '发布单位 | Publisher';
COMMENT ON COLUMN indicator_values.published_on IS '发布日期 | Date of publication';
COMMENT ON COLUMN indicator_values.bulletin_kind IS '出处体裁 | Kind of page';
COMMENT ON COLUMN indicator_values.fetched_at IS '首次抓到该版本的时间（UTC） | When this version was first seen (UTC)';
COMMENT ON COLUMN indicator_values.indicator_key IS '见 dim_indicator | See dim_indicator';
COMMENT ON COLUMN indicator_values.city_key IS '见 dim_city | See dim_city';
COMMENT ON COLUMN indicator_values.cell_key IS '格键 | The cell';
COMMENT ON COLUMN indicator_values.observation_key IS '见 fact_observation | See fact_observation';
