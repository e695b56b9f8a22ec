CREATE TABLE fact_indicator (
    cell_key        VARCHAR NOT NULL,
    city_key        VARCHAR NOT NULL,
    year_key        INTEGER NOT NULL,
    indicator_key   VARCHAR NOT NULL,
    area            VARCHAR NOT NULL CHECK (area IN ('all', 'urban', 'rural', 'districts', 'counties')),
    status          VARCHAR NOT NULL CHECK (status IN ('actual', 'target', 'previous')),
    measure         VARCHAR NOT NULL CHECK (measure IN ('level', 'change')),
    period          VARCHAR NOT NULL CHECK (period IN ('annual', 'partial', 'multi_year')),
    time_period     VARCHAR NOT NULL,
    period_key      VARCHAR NOT NULL,
    value           DOUBLE NOT NULL,
    value_high      DOUBLE,
    unit            VARCHAR NOT NULL,
    per             VARCHAR NOT NULL,
    qualifier       VARCHAR NOT NULL,
    observation_key VARCHAR NOT NULL,
    observations    INTEGER NOT NULL CHECK (observations > 0),
    conflict        BOOLEAN NOT NULL
);
COMMENT ON TABLE fact_indicator IS '公布值：地区×年份×指标×范围×状态×度量×时期（及单位、计发周期）各一个 | Published values: one for each city × year × indicator × area × status × measure × exact period (with unit and period paid for)';
COMMENT ON COLUMN fact_indicator.cell_key IS '格键：格的各维取值，以竖线相连，各次发布不变 | The cell in words, the same in every release';
COMMENT ON COLUMN fact_indicator.city_key IS '地区，见 dim_city | Place, see dim_city';
COMMENT ON COLUMN fact_indicator.year_key IS '数字所属年份，见 dim_year | Year that the figure is about, see dim_year';
COMMENT ON COLUMN fact_indicator.indicator_key IS '指标，见 dim_indicator | Indicator, see dim_indicator';
COMMENT ON COLUMN fact_indicator.area IS '范围：all 全域、urban 城市、rural 农村、districts 市辖区、counties 其他县市 | Part of the place';
COMMENT ON COLUMN fact_indicator.status IS '状态：actual 实际、target 目标、previous 提标前旧值 | Actual, target, or the old value of a rise';
COMMENT ON COLUMN fact_indicator.measure IS '度量：level 水平、change 增减 | Level or change';
COMMENT ON COLUMN fact_indicator.period IS '时段：annual 全年、partial 年内部分时段、multi_year 跨年累计 | Annual, part of a year, or total over years';
COMMENT ON COLUMN fact_indicator.time_period IS '确切时期，按 SDMX 写法：2021、2021-S1、2021-Q3、2021-09、2021-01-01/P9M | The period exactly, as SDMX writes it';
COMMENT ON COLUMN fact_indicator.period_key IS '时期，见 dim_period | Period, see dim_period';
COMMENT ON COLUMN fact_indicator.value IS '值，以目录单位与周期计（元/年已折为元/月） | Value in the catalogue''s unit and period';
COMMENT ON COLUMN fact_indicator.value_high IS '区间上限，仅原文为区间时有值 | Upper end where a range is printed';
COMMENT ON COLUMN fact_indicator.unit IS '计量单位，见 code_list | Unit, see code_list';
COMMENT ON COLUMN fact_indicator.per IS '计发周期：month、year、day 或空串 | Period that is paid for, or empty';
COMMENT ON COLUMN fact_indicator.qualifier IS '确切程度：exact 确数、approx 约数、ge 不少于、le 不超过 | Exact, approximate, at least, at most';
COMMENT ON COLUMN fact_indicator.observation_key IS '被采用的观测，见 fact_observation | The observation that is published, see fact_observation';
COMMENT ON COLUMN fact_indicator.observations IS '该格现行观测数 | Current observations of the cell';
COMMENT ON COLUMN fact_indicator.conflict IS '是否有超出四舍五入的分歧，见 conflict | Whether observations disagree beyond rounding, see conflict';
