-- One row a place and year; the columns are the twenty indicators that bulletins state most often (measured over the sample
-- and the bulletins read by hand), in the areas that they state them for. The list is fixed, so that dashboards stay whole.
CREATE VIEW city_year AS
SELECT
    city.city_code,
    city.name AS city,
    city.full_name AS city_full,
    city.prefecture,
    city.province,
    fact.year_key AS year,
    calendar.plan_period,
    max(fact.value) FILTER (fact.indicator_key = 'dibao_standard' AND fact.area = 'all') AS dibao_standard,
    max(fact.value) FILTER (fact.indicator_key = 'dibao_standard' AND fact.area = 'urban') AS dibao_standard_urban,
    max(fact.value) FILTER (fact.indicator_key = 'dibao_standard' AND fact.area = 'rural') AS dibao_standard_rural,
    max(fact.value) FILTER (fact.indicator_key = 'dibao_standard' AND fact.area = 'districts') AS dibao_standard_districts,
    max(fact.value) FILTER (fact.indicator_key = 'dibao_standard' AND fact.area = 'counties') AS dibao_standard_counties,
    max(fact.value) FILTER (fact.indicator_key = 'dibao_persons' AND fact.area = 'all') AS dibao_persons,
    max(fact.value) FILTER (fact.indicator_key = 'dibao_persons' AND fact.area = 'urban') AS dibao_persons_urban,
    max(fact.value) FILTER (fact.indicator_key = 'dibao_persons' AND fact.area = 'rural') AS dibao_persons_rural,
    max(fact.value) FILTER (fact.indicator_key = 'dibao_households' AND fact.area = 'all') AS dibao_households,
    max(fact.value) FILTER (fact.indicator_key = 'dibao_funds' AND fact.area = 'all') AS dibao_funds,
    max(fact.value) FILTER (fact.indicator_key = 'tekun_persons' AND fact.area = 'all') AS tekun_persons,
    max(fact.value) FILTER (fact.indicator_key = 'temporary_assistance_persons' AND fact.area = 'all') AS temporary_assistance_persons,
    max(fact.value) FILTER (fact.indicator_key = 'temporary_assistance_funds' AND fact.area = 'all') AS temporary_assistance_funds,
    max(fact.value) FILTER (fact.indicator_key = 'elderly_population' AND fact.area = 'all') AS elderly_population,
    max(fact.value) FILTER (fact.indicator_key = 'elderly_population_share' AND fact.area = 'all') AS elderly_population_share,
    max(fact.value) FILTER (fact.indicator_key = 'elderly_institutions' AND fact.area = 'all') AS elderly_institutions,
    max(fact.value) FILTER (fact.indicator_key = 'elderly_beds' AND fact.area = 'all') AS elderly_beds,
    max(fact.value) FILTER (fact.indicator_key = 'elderly_beds_new' AND fact.area = 'all') AS elderly_beds_new,
    max(fact.value) FILTER (fact.indicator_key = 'nursing_beds_share' AND fact.area = 'all') AS nursing_beds_share,
    max(fact.value) FILTER (fact.indicator_key = 'elderly_home_adaptations' AND fact.area = 'all') AS elderly_home_adaptations,
    max(fact.value) FILTER (fact.indicator_key = 'elderly_community_coverage' AND fact.area = 'urban') AS elderly_community_coverage_urban,
    max(fact.value) FILTER (fact.indicator_key = 'elderly_community_coverage' AND fact.area = 'rural') AS elderly_community_coverage_rural,
    max(fact.value) FILTER (fact.indicator_key = 'orphans' AND fact.area = 'all') AS orphans,
    max(fact.value) FILTER (fact.indicator_key = 'marriages' AND fact.area = 'all') AS marriages,
    max(fact.value) FILTER (fact.indicator_key = 'divorces' AND fact.area = 'all') AS divorces,
    max(fact.value) FILTER (fact.indicator_key = 'cremation_rate' AND fact.area = 'all') AS cremation_rate,
    max(fact.value) FILTER (fact.indicator_key = 'social_orgs' AND fact.area = 'all') AS social_orgs,
    count(*) AS annual_values,
    bool_or(fact.conflict) AS conflict,
    city.city_key
FROM fact_indicator AS fact
JOIN dim_city AS city USING (city_key)
JOIN dim_year AS calendar USING (year_key)
JOIN dim_indicator AS indicator USING (indicator_key)
WHERE fact.unit = indicator.unit AND fact.per = indicator.per
    AND fact.status = 'actual' AND fact.measure = 'level' AND fact.period = 'annual'
    AND fact.time_period = CAST(fact.year_key AS VARCHAR)
GROUP BY city.city_key, city.city_code, city.name, city.full_name, city.prefecture, city.province, fact.year_key, calendar.plan_period;

COMMENT ON VIEW city_year IS '宽表：一地一年一行，最常用的二十个指标各为一列（全年实际水平） | Wide: one row a place and year, the twenty most used indicators as columns (annual actual levels)';
COMMENT ON COLUMN city_year.city_code IS '行政区划代码 | GB/T 2260 code';
COMMENT ON COLUMN city_year.city IS '地区全称 | Full name of the place';
COMMENT ON COLUMN city_year.city_full IS '带上级名称的全称，如 南京市鼓楼区 | Name with that of the city above before it, which tells namesakes apart';
COMMENT ON COLUMN city_year.prefecture IS '所在地级行政区 | Prefecture that the place is or lies in';
COMMENT ON COLUMN city_year.province IS '所在省级行政区 | Province';
COMMENT ON COLUMN city_year.year IS '年份 | Year';
COMMENT ON COLUMN city_year.plan_period IS '所属五年规划 | Five-year plan';
COMMENT ON COLUMN city_year.dibao_standard IS '最低生活保障标准（元/月） | Minimum living guarantee (dibao) standard (yuan a month)';
COMMENT ON COLUMN city_year.dibao_standard_urban IS '最低生活保障标准，城市（元/月） | Minimum living guarantee (dibao) standard, urban (yuan a month)';
COMMENT ON COLUMN city_year.dibao_standard_rural IS '最低生活保障标准，农村（元/月） | Minimum living guarantee (dibao) standard, rural (yuan a month)';
COMMENT ON COLUMN city_year.dibao_standard_districts IS '最低生活保障标准，市辖区（元/月） | Minimum living guarantee (dibao) standard, city districts (yuan a month)';
COMMENT ON COLUMN city_year.dibao_standard_counties IS '最低生活保障标准，其他县市（元/月） | Minimum living guarantee (dibao) standard, other counties (yuan a month)';
COMMENT ON COLUMN city_year.dibao_persons IS '低保对象人数（人） | Dibao recipients (persons)';
COMMENT ON COLUMN city_year.dibao_persons_urban IS '低保对象人数，城市（人） | Dibao recipients, urban (persons)';
COMMENT ON COLUMN city_year.dibao_persons_rural IS '低保对象人数，农村（人） | Dibao recipients, rural (persons)';
COMMENT ON COLUMN city_year.dibao_households IS '低保户数（户） | Dibao households (households)';
COMMENT ON COLUMN city_year.dibao_funds IS '低保金支出（元） | Dibao funds disbursed (yuan)';
COMMENT ON COLUMN city_year.tekun_persons IS '特困供养人数（人） | Tekun recipients (persons)';
COMMENT ON COLUMN city_year.temporary_assistance_persons IS '临时救助人次（人次） | Temporary assistance person-times (person-times)';
COMMENT ON COLUMN city_year.temporary_assistance_funds IS '临时救助资金支出（元） | Temporary assistance funds (yuan)';
COMMENT ON COLUMN city_year.elderly_population IS '老年人口（人） | Population aged 60 and over (persons)';
COMMENT ON COLUMN city_year.elderly_population_share IS '老年人口占比（%） | Share of population aged 60 and over (percent)';
COMMENT ON COLUMN city_year.elderly_institutions IS '养老机构数（个） | Elderly-care institutions (number)';
COMMENT ON COLUMN city_year.elderly_beds IS '养老床位数（张） | Elderly-care beds (beds)';
COMMENT ON COLUMN city_year.elderly_beds_new IS '新增养老床位数（张） | Elderly-care beds added (beds)';
COMMENT ON COLUMN city_year.nursing_beds_share IS '护理型床位占比（%） | Share of nursing beds (percent)';
COMMENT ON COLUMN city_year.elderly_home_adaptations IS '适老化改造户数（户） | Homes adapted for older persons (households)';
COMMENT ON COLUMN city_year.elderly_community_coverage_urban IS '社区养老服务设施覆盖率，城市（%） | Coverage of community elderly-care facilities, urban (percent)';
COMMENT ON COLUMN city_year.elderly_community_coverage_rural IS '社区养老服务设施覆盖率，农村（%） | Coverage of community elderly-care facilities, rural (percent)';
COMMENT ON COLUMN city_year.orphans IS '孤儿数（人） | Orphans (persons)';
COMMENT ON COLUMN city_year.marriages IS '结婚登记对数（对） | Marriage registrations (couples)';
COMMENT ON COLUMN city_year.divorces IS '离婚登记对数（对） | Divorce registrations (couples)';
COMMENT ON COLUMN city_year.cremation_rate IS '火化率（%） | Cremation rate (percent)';
COMMENT ON COLUMN city_year.social_orgs IS '登记社会组织数（个） | Registered social organisations (number)';
COMMENT ON COLUMN city_year.annual_values IS '该地该年的全年实际水平值数（全部指标） | Annual actual levels of any indicator';
COMMENT ON COLUMN city_year.conflict IS '其中是否有分歧 | Whether observations of one of them disagree';
COMMENT ON COLUMN city_year.city_key IS '地区，见 dim_city | Place, see dim_city';
