select city_full, value
from {{ source('minzheng', 'annual_values') }}
where indicator_code = 'dibao_standard' and year = 2021 and value is not null
