CREATE VIEW place_as_of_today AS
SELECT
    place.city_key,
    place.city_code,
    place.name,
    place.valid_from,
    place.valid_to,
    today.city_key AS today_city_key,
    place.today_code,
    place.today_name,
    place.city_code IS DISTINCT FROM place.today_code OR place.name IS DISTINCT FROM place.today_name AS changed,
    place.valid_to IS NOT NULL AND place.today_code IS NULL AS divided,
    place.divided_among
FROM dim_city AS place
LEFT JOIN dim_city AS today ON today.city_code = place.today_code AND today.name = place.today_name AND today.valid_to IS NULL;

COMMENT ON VIEW place_as_of_today IS '各时期的区划对应今天的区划（撤县设区、更名、并入） | Places of any year and the place that stands for each today';
COMMENT ON COLUMN place_as_of_today.city_key IS '当年的地区，见 dim_city | The place of its time, see dim_city';
COMMENT ON COLUMN place_as_of_today.city_code IS '当年的代码 | Its code';
COMMENT ON COLUMN place_as_of_today.name IS '当年的全称 | Its full name';
COMMENT ON COLUMN place_as_of_today.valid_from IS '启用之年 | First year in force';
COMMENT ON COLUMN place_as_of_today.valid_to IS '最后有效年；空为现行 | Last year in force; empty while it lasts';
COMMENT ON COLUMN place_as_of_today.today_city_key IS '今天的地区，见 dim_city；曾被拆分者为空 | The place of today, see dim_city; empty where it was divided';
COMMENT ON COLUMN place_as_of_today.today_code IS '今天的代码 | Code of today';
COMMENT ON COLUMN place_as_of_today.today_name IS '今天的全称 | Name of today';
COMMENT ON COLUMN place_as_of_today.changed IS '代码或名称是否变过 | Whether code or name changed';
COMMENT ON COLUMN place_as_of_today.divided IS '是否被拆分而无单一继任 | Whether it, or what it passed into, was divided among several';
COMMENT ON COLUMN place_as_of_today.divided_among IS '被拆分时分入各地的代码 | Codes of the places that it was divided among';
