CREATE TABLE quarantine (
    observation_key VARCHAR NOT NULL,
    bulletin_key    VARCHAR NOT NULL,
    rule            VARCHAR NOT NULL,
    detail          VARCHAR NOT NULL,
    printed         VARCHAR NOT NULL,
    value           DOUBLE,
    value_high      DOUBLE,
    unit            VARCHAR NOT NULL,
    per             VARCHAR NOT NULL,
    qualifier       VARCHAR NOT NULL,
    measure         VARCHAR NOT NULL,
    status          VARCHAR NOT NULL,
    year            INTEGER,
    period          VARCHAR NOT NULL,
    time_period     VARCHAR NOT NULL,
    place           VARCHAR NOT NULL,
    place_code      VARCHAR,
    area            VARCHAR NOT NULL,
    indicator       VARCHAR NOT NULL,
    label           VARCHAR NOT NULL,
    sentence        VARCHAR NOT NULL,
    certainty       DOUBLE
);
COMMENT ON TABLE quarantine IS '隔离：违反规则的观测，每条规则一行 | Quarantine: observations that broke a rule, a row for each rule';
COMMENT ON COLUMN quarantine.observation_key IS '观测，见 fact_observation | Observation, see fact_observation';
COMMENT ON COLUMN quarantine.bulletin_key IS '所在网页版本，见 dim_bulletin | Page version, see dim_bulletin';
COMMENT ON COLUMN quarantine.rule IS '所违反的规则 | The rule that it broke';
COMMENT ON COLUMN quarantine.detail IS '应为如何、实为如何 | What was expected and what was found';
COMMENT ON COLUMN quarantine.printed IS '原文所印 | What is printed';
COMMENT ON COLUMN quarantine.value IS '读出的值，以基本单位计 | Value in the base unit';
COMMENT ON COLUMN quarantine.value_high IS '区间上限 | Upper end where a range is printed';
COMMENT ON COLUMN quarantine.unit IS '计量单位，见 code_list | Unit, see code_list';
COMMENT ON COLUMN quarantine.per IS '原文的计发周期 | Period paid for as printed';
COMMENT ON COLUMN quarantine.qualifier IS '确切程度 | Exact, approximate, at least, at most';
COMMENT ON COLUMN quarantine.measure IS '度量：level 水平、change 增减 | Level or change';
COMMENT ON COLUMN quarantine.status IS '状态：actual 实际、target 目标、previous 旧值 | Actual, target, or the old value of a rise';
COMMENT ON COLUMN quarantine.year IS '数字所属年份 | Year that the figure is about';
COMMENT ON COLUMN quarantine.period IS '时段：annual 全年、partial 年内部分时段、multi_year 跨年累计 | Annual, part of a year, or total over years';
COMMENT ON COLUMN quarantine.time_period IS '确切时期，按 SDMX 写法 | The period exactly, as SDMX writes it';
COMMENT ON COLUMN quarantine.place IS '数字所指地区全称 | Full name of whom the figure is about';
COMMENT ON COLUMN quarantine.place_code IS '地区代码（GB/T 2260） | GB/T 2260 code of the place';
COMMENT ON COLUMN quarantine.area IS '范围 | Part of the place';
COMMENT ON COLUMN quarantine.indicator IS '目录代码；开放指标为空串 | Catalogue code; empty for an open indicator';
COMMENT ON COLUMN quarantine.label IS '所计何物，公报原词 | What is counted, in the bulletin''s words';
COMMENT ON COLUMN quarantine.sentence IS '读出该数的原句 | The sentence that the number was read from';
COMMENT ON COLUMN quarantine.certainty IS '确信度，0 至 1，见 fact_observation | Certainty, 0 to 1, see fact_observation';
