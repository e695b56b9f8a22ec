CREATE TABLE dim_indicator (
    indicator_key VARCHAR PRIMARY KEY,
    code          VARCHAR,
    variant       VARCHAR NOT NULL,
    name_zh       VARCHAR NOT NULL,
    name_en       VARCHAR,
    domain        VARCHAR NOT NULL,
    unit          VARCHAR NOT NULL,
    per           VARCHAR NOT NULL,
    kind          VARCHAR NOT NULL,
    additive      VARCHAR NOT NULL CHECK (additive IN ('places_years', 'places', 'none')),
    wanted        VARCHAR NOT NULL CHECK (wanted IN ('more', 'less')),
    catalogued    BOOLEAN NOT NULL,
    definition    VARCHAR NOT NULL,
    official_code VARCHAR
);
COMMENT ON TABLE dim_indicator IS '指标：目录指标（含其细分）与开放指标（以公报原词为名） | Indicators: catalogued ones with their variants, and open ones known by the bulletins'' own words';
COMMENT ON COLUMN dim_indicator.indicator_key IS '主键：代码、代码:细分，或 open:名称:单位 | Key: code, code:variant, or open:label:unit';
COMMENT ON COLUMN dim_indicator.code IS '目录代码；开放指标为空 | Catalogue code; empty for an open indicator';
COMMENT ON COLUMN dim_indicator.variant IS '细分，如 central（集中供养）；无则为空串 | Variant within the code, such as institutional care; empty if none';
COMMENT ON COLUMN dim_indicator.name_zh IS '中文名称，细分写在括号内 | Chinese name, the variant in parentheses';
COMMENT ON COLUMN dim_indicator.name_en IS '英文名称；开放指标为空 | English name; empty for an open indicator';
COMMENT ON COLUMN dim_indicator.domain IS '业务领域；开放指标为 open | Field of work; open for an open indicator';
COMMENT ON COLUMN dim_indicator.unit IS '水平值的计量单位 | Unit of a level';
COMMENT ON COLUMN dim_indicator.per IS '标准的计发周期：month、year、day 或空串 | Period that a standard is paid for, or empty';
COMMENT ON COLUMN dim_indicator.kind IS '类别：standard 标准、stock 存量、flow 流量、rate 比率、amount 金额、open 开放 | Kind of figure';
COMMENT ON COLUMN dim_indicator.additive IS '可加性：places_years 地区与年份均可加、places 仅地区可加、none 不可加 | Over what it may be summed';
COMMENT ON COLUMN dim_indicator.wanted IS '目标以多为达标（more）还是以少为达标（less）；计划中的整数据此判断是否完成 | Whether a plain number in a plan is met by more or by less';
COMMENT ON COLUMN dim_indicator.catalogued IS '是否目录指标 | Whether it is catalogued';
COMMENT ON COLUMN dim_indicator.definition IS '定义与口径 | Definition';
COMMENT ON COLUMN dim_indicator.official_code IS '民政统计报表的指标代码 | Item code in the ministry''s statistical forms';
