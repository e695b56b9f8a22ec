-- What was known at the end of a day (UTC): SELECT * FROM indicator_values_as_of(DATE '2022-06-30').
-- The choice is that of `resolution_rule`: `preference` orders a cell's observations by all criteria but the page's version,
-- and of each page only the version of that day is known.
CREATE MACRO indicator_values_as_of(as_of) AS TABLE
WITH known AS (
    SELECT
        observation.*,
        CASE WHEN observation.period = 'partial' AND observation.time_period = CAST(observation.year AS VARCHAR) THEN date_trunc('quarter', bulletin.published_on) END AS published_quarter,
        coalesce(observation.low, CAST('-infinity' AS DOUBLE))  AS least,
        coalesce(observation.high, CAST('infinity' AS DOUBLE))  AS greatest,
        bulletin.url,
        bulletin.title,
        bulletin.publisher,
        bulletin.published_on,
        row_number() OVER (PARTITION BY cell_key ORDER BY preference) AS place_in_cell,
        count(*) OVER (PARTITION BY cell_key)                         AS observations
    FROM fact_observation AS observation
    JOIN dim_bulletin AS bulletin USING (bulletin_key)
    WHERE observation.valid AND cell_key IS NOT NULL
      AND CAST(known_from AS DATE) <= CAST(as_of AS DATE)
      AND (known_to IS NULL OR CAST(known_to AS DATE) > CAST(as_of AS DATE))
), chosen AS (
    SELECT * FROM known WHERE place_in_cell = 1
), disputed AS (
    SELECT DISTINCT known.cell_key
    FROM known JOIN chosen USING (cell_key)
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
    chosen.indicator_key,
    chosen.city_key,
    chosen.cell_key,
    chosen.observation_key
FROM chosen
JOIN dim_city AS city USING (city_key)
JOIN dim_indicator AS indicator USING (indicator_key)
LEFT JOIN disputed USING (cell_key);

COMMENT ON MACRO TABLE indicator_values_as_of IS '某日已知的公布值：SELECT * FROM indicator_values_as_of(DATE ''2022-06-30'') | Published values as they were known at the end of a day (UTC)';
