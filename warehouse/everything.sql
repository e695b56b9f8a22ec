-- Every observation: the valid as they were resolved, and the rejected with the time of their page and without a cell.
CREATE TEMP VIEW everything AS
SELECT * FROM resolved
UNION ALL BY NAME
SELECT
    rejected.* EXCLUDE (rule, detail),
    page_times.known_from,
    page_times.known_to,
    CASE WHEN indicator <> '' THEN indicator END AS indicator_key,
    ''                                           AS variant,
    'quarantined'                                AS outcome
FROM (SELECT DISTINCT ON (observation_key) * FROM quarantined) AS rejected
JOIN page_times USING (bulletin_key);
