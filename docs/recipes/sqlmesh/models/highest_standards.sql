MODEL (name made.answers.highest_standards, kind FULL);

SELECT city_full::TEXT, value::DOUBLE
FROM minzheng.main.annual_values
WHERE indicator_code = 'dibao_standard' AND year = 2021 AND value IS NOT NULL
