CREATE TABLE fact_observation (
    observation_key     VARCHAR NOT NULL,
    bulletin_key        VARCHAR NOT NULL,
    city_key            VARCHAR,
    indicator_key       VARCHAR,
    cell_key            VARCHAR,
    span_start          INTEGER NOT NULL,
    span_end            INTEGER NOT NULL,
    printed             VARCHAR NOT NULL,
    value               DOUBLE,
    value_high          DOUBLE,
    unit                VARCHAR NOT NULL,
    per                 VARCHAR NOT NULL,
    qualifier           VARCHAR NOT NULL,
    measure             VARCHAR NOT NULL,
    status              VARCHAR NOT NULL,
    year                INTEGER,
    period              VARCHAR NOT NULL,
    time_period         VARCHAR NOT NULL,
    place               VARCHAR NOT NULL,
    place_code          VARCHAR,
    area                VARCHAR NOT NULL,
    indicator           VARCHAR NOT NULL,
    variant             VARCHAR NOT NULL,
    label               VARCHAR NOT NULL,
    sentence            VARCHAR NOT NULL,
    certainty           DOUBLE,
    standard_value      DOUBLE,
    standard_value_high DOUBLE,
    standard_per        VARCHAR,
    low                 DOUBLE,
    high                DOUBLE,
    valid               BOOLEAN NOT NULL,
    outcome             VARCHAR NOT NULL,
    preference          INTEGER,
    known_from          TIMESTAMP NOT NULL,
    known_to            TIMESTAMP,
    reader_version      VARCHAR NOT NULL
);
COMMENT ON TABLE fact_observation IS '观测：一个网页版本中读出的一个数字，含未被采用者与被隔离者 | Observations: one number in one page version, with those that were passed over or quarantined';
COMMENT ON COLUMN fact_observation.observation_key IS '主键：由网页版本与位置得出 | Key, made of page version and span';
COMMENT ON COLUMN fact_observation.bulletin_key IS '所在网页版本，见 dim_bulletin | Page version, see dim_bulletin';
COMMENT ON COLUMN fact_observation.city_key IS '地区，见 dim_city；原文未说则为空 | Place, see dim_city; empty where it is not known';
COMMENT ON COLUMN fact_observation.indicator_key IS '指标，见 dim_indicator | Indicator, see dim_indicator';
COMMENT ON COLUMN fact_observation.cell_key IS '所属格，见 fact_indicator；缺地区、年份或名称者为空 | Cell, see fact_indicator; empty where place, year or name is missing';
COMMENT ON COLUMN fact_observation.span_start IS '在正文中的起点（字符） | Start in the page''s text, in characters';
COMMENT ON COLUMN fact_observation.span_end IS '在正文中的终点（不含） | End in the page''s text, exclusive';
COMMENT ON COLUMN fact_observation.printed IS '原文所印 | What is printed';
COMMENT ON COLUMN fact_observation.value IS '读出的值，以基本单位计（9.76万人为97600），周期如原文 | Value in the base unit, period as printed';
COMMENT ON COLUMN fact_observation.value_high IS '区间上限，仅原文为区间时有值 | Upper end where a range is printed';
COMMENT ON COLUMN fact_observation.unit IS '计量单位，见 code_list | Unit, see code_list';
COMMENT ON COLUMN fact_observation.per IS '原文的计发周期：month、year、day 或空串 | Period paid for as printed, or empty';
COMMENT ON COLUMN fact_observation.qualifier IS '确切程度：exact 确数、approx 约数、ge 不少于、le 不超过 | Exact, approximate, at least, at most';
COMMENT ON COLUMN fact_observation.measure IS '度量：level 水平、change 增减 | Level or change';
COMMENT ON COLUMN fact_observation.status IS '状态：actual 实际、target 目标、previous 提标前旧值 | Actual, target, or the old value of a rise';
COMMENT ON COLUMN fact_observation.year IS '数字所属年份 | Year that the figure is about';
COMMENT ON COLUMN fact_observation.period IS '时段：annual 全年、partial 年内部分时段、multi_year 跨年累计 | Annual, part of a year, or total over years';
COMMENT ON COLUMN fact_observation.time_period IS '确切时期，按 SDMX 写法，见 dim_period | The period exactly, as SDMX writes it, see dim_period';
COMMENT ON COLUMN fact_observation.place IS '数字所指地区全称 | Full name of whom the figure is about';
COMMENT ON COLUMN fact_observation.place_code IS '地区代码（GB/T 2260） | GB/T 2260 code of the place';
COMMENT ON COLUMN fact_observation.area IS '范围：all 全域、urban 城市、rural 农村、districts 市辖区、counties 其他县市 | Part of the place';
COMMENT ON COLUMN fact_observation.indicator IS '目录代码；开放指标为空串 | Catalogue code; empty for an open indicator';
COMMENT ON COLUMN fact_observation.variant IS '目录指标的细分；无则为空串 | Variant of the catalogued indicator; empty if none';
COMMENT ON COLUMN fact_observation.label IS '所计何物，公报原词 | What is counted, in the bulletin''s words';
COMMENT ON COLUMN fact_observation.sentence IS '读出该数的原句 | The sentence that the number was read from';
COMMENT ON COLUMN fact_observation.certainty IS '确信度：同样确信的读数在未参与学习的公报上读对的比例，0 至 1 | How often a reading as sure as this one was right on bulletins that were not learned from, 0 to 1';
COMMENT ON COLUMN fact_observation.standard_value IS '折成目录单位与周期的值 | Value in the catalogue''s unit and period';
COMMENT ON COLUMN fact_observation.standard_value_high IS '折成目录单位与周期的区间上限 | Upper end in the catalogue''s unit and period';
COMMENT ON COLUMN fact_observation.standard_per IS 'standard_value 的周期 | Period of standard_value';
COMMENT ON COLUMN fact_observation.low IS '所印数位与修饰词容许的下限；空为无下限 | Least value that digits and qualifier allow; empty: no bound';
COMMENT ON COLUMN fact_observation.high IS '所印数位与修饰词容许的上限；空为无上限 | Greatest value that digits and qualifier allow; empty: no bound';
COMMENT ON COLUMN fact_observation.valid IS '是否通过检验；否者见 quarantine | Whether it passed the checks; if not, see quarantine';
COMMENT ON COLUMN fact_observation.outcome IS 'published 被采用；quarantined 被隔离；no_cell 不成格；否则为使他者优先的规则，见 resolution_rule | Published, quarantined, no_cell, or the rule that preferred another, see resolution_rule';
COMMENT ON COLUMN fact_observation.preference IS '格内优先次序，1 为最优（不计网页版本） | Order in the cell, 1 is best, page version aside';
COMMENT ON COLUMN fact_observation.known_from IS '自何时可知：该网页版本首次抓到的时间（UTC） | Known from: when the page version was first seen (UTC)';
COMMENT ON COLUMN fact_observation.known_to IS '至何时为止：被网页新版本取代的时间（UTC）；空为现行 | Known to: when a newer page version took its place (UTC); empty while current';
COMMENT ON COLUMN fact_observation.reader_version IS '读取程序与目录的版本 | Version of reader and catalogue';
