-- The large tables of the star, from what was read, checked and resolved. `build` makes what is read here: the views ledger,
-- quarantined, facts, conflicts and everything, and the table keys. `end` is a reserved word of SQL and `text` a type, so BI
-- reads other names. Observations and numbers stay in the order of their files: it is that of places and pages, so that a
-- question about a place reads a part of the table.

INSERT INTO fact_observation BY NAME
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

INSERT INTO fact_indicator BY NAME
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
    AND facts.year IS NOT DISTINCT FROM keys.year
ORDER BY cell_key;

INSERT INTO number_ledger BY NAME
SELECT bulletin_key, "start" AS span_start, "end" AS span_end, "text" AS printed, verdict AS class, reason FROM ledger;

INSERT INTO quarantine BY NAME
SELECT * EXCLUDE ("start", "end", "text"), "text" AS printed FROM quarantined ORDER BY observation_key, rule;

INSERT INTO flag BY NAME
SELECT * FROM flagged ORDER BY observation_key, rule;

INSERT INTO conflict BY NAME
SELECT * FROM conflicts ORDER BY cell_key, rival_observation_key;
