CREATE TABLE dim_period (
    period_key  VARCHAR PRIMARY KEY,
    time_period VARCHAR NOT NULL,
    period      VARCHAR NOT NULL CHECK (period IN ('annual', 'partial', 'multi_year')),
    start_date  DATE,
    end_date    DATE NOT NULL,
    months      INTEGER,
    cumulated   BOOLEAN NOT NULL,
    exact       BOOLEAN NOT NULL,
    name_zh     VARCHAR NOT NULL,
    name_en     VARCHAR NOT NULL
);
COMMENT ON TABLE dim_period IS '时期：公布值所说的一段时间 | Periods: the stretches of time that published values are about';
COMMENT ON COLUMN dim_period.period_key IS '主键：SDMX 写法；原文只说到年份而又不是全年者，后缀类别 | Key: the SDMX notation, with the class behind it where the page names the year alone of more or less than a year';
COMMENT ON COLUMN dim_period.time_period IS 'SDMX 写法：2021、2021-S1 上半年、2021-Q3 三季度、2021-09 九月、2021-01-01/P9M 一至九月 | As SDMX writes it: year, half-year, quarter, month, or first day and length';
COMMENT ON COLUMN dim_period.period IS '类别：annual 全年、partial 年内部分时段、multi_year 跨年累计 | Class: annual, part of a year, or total over years';
COMMENT ON COLUMN dim_period.start_date IS '首日；不详则为空 | First day; empty where it is not known';
COMMENT ON COLUMN dim_period.end_date IS '末日 | Last day';
COMMENT ON COLUMN dim_period.months IS '月数；非整月或不详则为空 | Length in months; empty where it is not whole months or not known';
COMMENT ON COLUMN dim_period.cumulated IS '是否自年初累计 | Whether it counts from the first day of its year';
COMMENT ON COLUMN dim_period.exact IS '原文是否说明起止 | Whether the page says which stretch it is';
COMMENT ON COLUMN dim_period.name_zh IS '中文名称，如 2021年第三季度 | Name in Chinese';
COMMENT ON COLUMN dim_period.name_en IS '英文名称，如 Q3 2021 | Name in English';
