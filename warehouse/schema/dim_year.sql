CREATE TABLE dim_year (
    year_key    INTEGER PRIMARY KEY,
    year        INTEGER NOT NULL,
    plan_period VARCHAR NOT NULL
);
COMMENT ON TABLE dim_year IS '年份 | Years';
COMMENT ON COLUMN dim_year.year_key IS '主键：公历年 | Key: the calendar year';
COMMENT ON COLUMN dim_year.year IS '公历年 | Calendar year';
COMMENT ON COLUMN dim_year.plan_period IS '所属五年规划，如“十四五” | Five-year plan that the year belongs to';
