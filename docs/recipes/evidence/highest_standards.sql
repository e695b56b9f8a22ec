SELECT city_full, value FROM annual_values
WHERE indicator_code = 'dibao_standard' AND year = 2021 AND value IS NOT NULL ORDER BY value DESC, city_full
