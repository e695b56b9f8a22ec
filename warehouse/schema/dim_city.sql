CREATE TABLE dim_city (
    city_key       VARCHAR PRIMARY KEY,
    city_code      VARCHAR,
    name           VARCHAR NOT NULL,
    short_name     VARCHAR NOT NULL,
    level          VARCHAR NOT NULL CHECK (level IN ('country', 'province', 'prefecture', 'county', 'other')),
    parent_code    VARCHAR,
    parent_name    VARCHAR,
    full_name      VARCHAR NOT NULL,
    prefecture_code VARCHAR,
    prefecture     VARCHAR,
    province_code  VARCHAR,
    province       VARCHAR,
    valid_from     INTEGER,
    valid_to       INTEGER,
    successor_code VARCHAR,
    today_code     VARCHAR,
    today_name     VARCHAR,
    divided_among  VARCHAR
);
COMMENT ON TABLE dim_city IS '行政区划及其有效年份：一个代码在一段时间内的一个名称为一行 | Places and their validity: one row for each name that a code bore, with the years';
COMMENT ON COLUMN dim_city.city_key IS '主键：代码-启用年；无代码的地方为其名称 | Key: code and first year; the name where a place has no code';
COMMENT ON COLUMN dim_city.city_code IS '行政区划代码（GB/T 2260，六位） | Six-digit GB/T 2260 code';
COMMENT ON COLUMN dim_city.name IS '法定全称 | Full official name';
COMMENT ON COLUMN dim_city.short_name IS '简称，如“成都” | Short name as people use it';
COMMENT ON COLUMN dim_city.level IS '层级：country 国家、province 省级、prefecture 地级、county 县级、other 目录以外 | Level; other: not in the catalogue of divisions';
COMMENT ON COLUMN dim_city.parent_code IS '上级行政区划代码 | Code of the division directly above';
COMMENT ON COLUMN dim_city.parent_name IS '上级行政区划名称 | Name of the division directly above';
COMMENT ON COLUMN dim_city.full_name IS '带上级名称的全称，县级地方据此与同名者相区别：南京市鼓楼区 | Name with that of the division above before it where the place is a county or district: it tells namesakes apart';
COMMENT ON COLUMN dim_city.prefecture_code IS '所在地级行政区代码（地级地方即其自身）；直辖市、省直辖县为空 | Code of the prefecture that the place is or lies in; empty in municipalities and for counties directly below a province';
COMMENT ON COLUMN dim_city.prefecture IS '所在地级行政区名称 | Name of that prefecture';
COMMENT ON COLUMN dim_city.province_code IS '所在省级行政区代码 | Code of the province';
COMMENT ON COLUMN dim_city.province IS '所在省级行政区名称 | Name of the province';
COMMENT ON COLUMN dim_city.valid_from IS '该代码与名称启用之年 | First year in which code and name were in force';
COMMENT ON COLUMN dim_city.valid_to IS '停用之年（最后有效年）；空为现行 | Last year in force; empty while it lasts';
COMMENT ON COLUMN dim_city.successor_code IS '撤并或更名后的代码 | Code that took its place';
COMMENT ON COLUMN dim_city.today_code IS '今天对应的行政区划代码（沿所载继任关系追到现行；曾被拆分者为空） | Code of the place that stands for it today, along its stated successors; empty where it was divided';
COMMENT ON COLUMN dim_city.today_name IS '今天对应的名称；曾被拆分者为空 | Name of the place that stands for it today; empty where it was divided';
COMMENT ON COLUMN dim_city.divided_among IS '被拆分时分入各地的代码，以分号相隔 | Codes of the places that it was divided among, with semicolons between';
