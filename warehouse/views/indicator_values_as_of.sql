-- What was known at the end of a day (UTC): SELECT * FROM indicator_values_as_of(DATE '2022-06-30'). A macro finds its tables in the
-- file that is opened; where the file is attached under another name, ask `indicator_values_history`.
CREATE MACRO indicator_values_as_of(as_of) AS TABLE
SELECT * EXCLUDE (since, until)
FROM indicator_values_history
WHERE since <= CAST(as_of AS DATE) AND (until IS NULL OR until > CAST(as_of AS DATE));

COMMENT ON MACRO TABLE indicator_values_as_of IS '某日已知的公布值：SELECT * FROM indicator_values_as_of(DATE ''2022-06-30'') | Published values as they were known at the end of a day (UTC)';
