CREATE VIEW completeness AS
WITH spoken_of AS (
    SELECT place_code, min(year) AS first_year, max(year) AS last_year
    FROM fact_observation
    WHERE place_code IS NOT NULL AND year IS NOT NULL AND status = 'actual'
    GROUP BY place_code
), present AS (
    SELECT city.city_code, fact.year_key, indicator.code, count(*) AS cells
    FROM fact_indicator AS fact
    JOIN dim_city AS city USING (city_key)
    JOIN dim_indicator AS indicator USING (indicator_key)
    WHERE fact.status = 'actual' AND fact.measure = 'level'
    GROUP BY ALL
), held AS (
    SELECT DISTINCT place_code, year, indicator FROM quarantine WHERE status = 'actual' AND measure = 'level'
)
SELECT
    spoken_of.place_code                                                        AS city_code,
    city.name                                                                   AS city,
    city.full_name AS city_full,
    city.prefecture,
    city.province,
    calendar.year,
    indicator.code                                                              AS indicator_code,
    indicator.name_zh                                                           AS indicator_zh,
    indicator.domain,
    CASE WHEN present.cells IS NOT NULL THEN 'present'
         WHEN held.indicator IS NOT NULL THEN 'quarantined'
         ELSE 'missing' END                                                     AS state,
    coalesce(present.cells, 0)                                                  AS cells
FROM spoken_of
JOIN dim_year AS calendar ON calendar.year BETWEEN spoken_of.first_year AND spoken_of.last_year
JOIN dim_city AS city
    ON city.city_code = spoken_of.place_code
    AND calendar.year BETWEEN coalesce(city.valid_from, calendar.year) AND coalesce(city.valid_to, calendar.year)
JOIN dim_indicator AS indicator ON indicator.catalogued AND indicator.variant = ''
LEFT JOIN present
    ON present.city_code = spoken_of.place_code AND present.year_key = calendar.year AND present.code = indicator.code
LEFT JOIN held
    ON held.place_code = spoken_of.place_code AND held.year = calendar.year AND held.indicator = indicator.code;

COMMENT ON VIEW completeness IS '完备性：各地首末年份之间，每年每个目录指标是有值、缺失还是被隔离 | Completeness: for each place, year between its first and last, and catalogued indicator: present, missing or quarantined';
COMMENT ON COLUMN completeness.city_code IS '行政区划代码 | GB/T 2260 code';
COMMENT ON COLUMN completeness.city IS '当年的地区全称 | Full name of the place in that year';
COMMENT ON COLUMN completeness.city_full IS '带上级名称的全称，如 南京市鼓楼区 | Name with that of the city above before it, which tells namesakes apart';
COMMENT ON COLUMN completeness.prefecture IS '所在地级行政区 | Prefecture that the place is or lies in';
COMMENT ON COLUMN completeness.province IS '所在省级行政区 | Province';
COMMENT ON COLUMN completeness.year IS '年份 | Year';
COMMENT ON COLUMN completeness.indicator_code IS '指标代码 | Catalogue code';
COMMENT ON COLUMN completeness.indicator_zh IS '指标中文名称 | Chinese name of the indicator';
COMMENT ON COLUMN completeness.domain IS '业务领域 | Field of work';
COMMENT ON COLUMN completeness.state IS '状况：present 有值、quarantined 被隔离、missing 缺失 | Present, quarantined or missing';
COMMENT ON COLUMN completeness.cells IS '公布值数（各范围、细分、时段合计） | Published values, over areas, variants and periods';
