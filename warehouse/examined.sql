-- What is checked of a star before it is published, a view a suite of `expectations.star`. `examining` gives the
-- tables bounds and excused: what a value may be, and the observations that a person accepted although they break a rule.

-- An observation that stands in more than one row, which a check of its own tells, must not double the facts.
CREATE TEMP TABLE doubled AS
SELECT observation_key FROM fact_observation GROUP BY observation_key HAVING count(*) > 1;

CREATE TEMP VIEW observed AS
SELECT observation_key, valid, known_to, standard_value
FROM fact_observation WHERE observation_key NOT IN (SELECT observation_key FROM doubled)
UNION ALL
SELECT DISTINCT ON (observation_key) observation_key, valid, known_to, standard_value
FROM fact_observation WHERE observation_key IN (SELECT observation_key FROM doubled);

CREATE TEMP VIEW star_facts AS
SELECT
    facts.cell_key, facts.city_key, facts.year_key, facts.indicator_key, facts.area, facts.status, facts.measure,
    facts.period_key, facts.unit, facts.per, facts.value, facts.observation_key, facts.observations,
    coalesce(observed.valid, false)                                                AS valid,
    observed.known_to,
    observed.standard_value,
    coalesce(counted.current, 0)                                                   AS current,
    bounds.lower,
    bounds.upper,
    coalesce(facts.unit = bounds.catalog_unit, false)
        AND facts.observation_key NOT IN (SELECT observation_key FROM excused)     AS bounded,
    facts.city_key IN (SELECT city_key FROM dim_city)                              AS has_city,
    facts.year_key IN (SELECT year_key FROM dim_year)                              AS has_year,
    facts.period_key IN (SELECT period_key FROM dim_period)                        AS has_period,
    facts.indicator_key IN (SELECT indicator_key FROM dim_indicator)               AS has_indicator,
    facts.observation_key IN (SELECT observation_key FROM fact_observation)        AS has_observation
FROM fact_indicator AS facts
LEFT JOIN observed USING (observation_key)
LEFT JOIN (
    SELECT cell_key, count(*) AS current FROM fact_observation
    WHERE valid AND known_to IS NULL AND cell_key IS NOT NULL GROUP BY cell_key
) AS counted USING (cell_key)
LEFT JOIN (SELECT DISTINCT ON (indicator_key) indicator_key, code FROM dim_indicator) AS indicator USING (indicator_key)
LEFT JOIN bounds ON bounds.code = indicator.code;

CREATE TEMP VIEW star_observations AS
SELECT
    observation_key, bulletin_key, city_key, cell_key, place, year, label, value, valid, known_to,
    observation_key IN (SELECT observation_key FROM quarantine)  AS quarantined,
    bulletin_key IN (SELECT bulletin_key FROM dim_bulletin)      AS has_bulletin,
    city_key IN (SELECT city_key FROM dim_city)                  AS has_city,
    cell_key IN (SELECT cell_key FROM fact_indicator)            AS has_cell
FROM fact_observation;

CREATE TEMP VIEW star_counts AS
SELECT
    bulletin_key,
    coalesce(ledger.read, 0)                                     AS read,
    coalesce(observed.kept, 0)                                   AS kept,
    coalesce(observed.valid, 0)                                  AS valid,
    coalesce(observed.quarantined, 0)                            AS quarantined,
    coalesce(observed.valid, 0) + coalesce(observed.quarantined, 0) AS judged
FROM (SELECT bulletin_key, count(*) FILTER (class = 'observation') AS read FROM number_ledger GROUP BY bulletin_key) AS ledger
FULL JOIN (
    SELECT bulletin_key, count(*) AS kept, count(*) FILTER (valid) AS valid,
           count(*) FILTER (observation_key IN (SELECT observation_key FROM quarantine)) AS quarantined
    FROM fact_observation GROUP BY bulletin_key
) AS observed USING (bulletin_key);
