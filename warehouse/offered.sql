-- The rows of the large tables, from what was read, checked and resolved: a view offered_T for each table T. `build` makes what
-- is read here: the views ledger, quarantined, facts, conflicts and everything, and the table keys. `end` is a reserved word of SQL
-- and `text` a type, so BI reads other names. Values, observations and numbers stay in the order of their files: it is that of
-- places and pages, so that a question about a place reads a part of the table.

CREATE TEMP VIEW offered_fact_observation AS
SELECT
    everything.* EXCLUDE ("start", "end", "text", known_from, known_to),
    "start"                    AS span_start,
    "end"                      AS span_end,
    "text"                     AS printed,
    keys.city_key,
    outcome <> 'quarantined'   AS valid,
    getvariable('reader_version') AS reader_version,
    known_from::TIMESTAMP      AS known_from,
    known_to::TIMESTAMP        AS known_to
FROM everything
LEFT JOIN keys
    ON everything.place_code IS NOT DISTINCT FROM keys.place_code
    AND everything.place IS NOT DISTINCT FROM keys.place
    AND everything.year IS NOT DISTINCT FROM keys.year;

CREATE TEMP VIEW offered_fact_indicator AS
SELECT
    facts.* EXCLUDE (place, place_code, indicator, variant, label, year),
    facts.year AS year_key,
    CASE WHEN facts.time_period = CAST(facts.year AS VARCHAR) AND facts.period <> 'annual'
         THEN facts.time_period || ':' || facts.period ELSE facts.time_period END AS period_key,
    keys.city_key
FROM facts
LEFT JOIN keys
    ON facts.place_code IS NOT DISTINCT FROM keys.place_code
    AND facts.place IS NOT DISTINCT FROM keys.place
    AND facts.year IS NOT DISTINCT FROM keys.year;

CREATE TEMP VIEW offered_number_ledger AS
SELECT bulletin_key, "start" AS span_start, "end" AS span_end, "text" AS printed, verdict AS class, reason FROM ledger;

CREATE TEMP VIEW offered_quarantine AS
SELECT * EXCLUDE ("start", "end", "text"), "text" AS printed FROM quarantined ORDER BY observation_key, rule;

CREATE TEMP VIEW offered_flag AS
SELECT * FROM flagged ORDER BY observation_key, rule;

CREATE TEMP VIEW offered_conflict AS
SELECT * FROM conflicts ORDER BY cell_key, rival_observation_key;
