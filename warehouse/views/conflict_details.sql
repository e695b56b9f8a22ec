CREATE VIEW conflict_details AS
SELECT
    city.name                    AS city,
    city.full_name AS city_full,
    city.prefecture,
    fact.year_key                AS year,
    indicator.code               AS indicator_code,
    indicator.name_zh            AS indicator_zh,
    coalesce(indicator.name_en, indicator.name_zh) AS indicator_en,
    indicator.catalogued,
    fact.area,
    fact.status,
    fact.measure,
    fact.period,
    fact.time_period,
    fact.unit,
    fact.per,
    conflict.value,
    chosen.printed,
    chosen.sentence,
    chosen_bulletin.url,
    chosen_bulletin.title,
    conflict.rival_value,
    rival.printed                AS rival_printed,
    rival.sentence               AS rival_sentence,
    rival_bulletin.url           AS rival_url,
    rival_bulletin.title         AS rival_title,
    conflict.difference,
    conflict.relative_difference,
    conflict.same_bulletin,
    conflict.rule,
    rule.text_zh                 AS rule_zh,
    rule.text_en                 AS rule_en,
    conflict.cell_key,
    city.city_key,
    conflict.observation_key,
    conflict.rival_observation_key
FROM conflict
JOIN fact_indicator AS fact USING (cell_key)
JOIN dim_city AS city USING (city_key)
JOIN dim_indicator AS indicator USING (indicator_key)
JOIN fact_observation AS chosen ON chosen.observation_key = conflict.observation_key
JOIN dim_bulletin AS chosen_bulletin ON chosen_bulletin.bulletin_key = chosen.bulletin_key
JOIN fact_observation AS rival ON rival.observation_key = conflict.rival_observation_key
JOIN dim_bulletin AS rival_bulletin ON rival_bulletin.bulletin_key = rival.bulletin_key
LEFT JOIN resolution_rule AS rule ON rule.rule = conflict.rule;

COMMENT ON VIEW conflict_details IS '分歧平表：双方的值、原句、出处与取舍规则 | Conflicts, flat: both values, sentences and sources, and the rule that chose';
COMMENT ON COLUMN conflict_details.city IS '地区全称 | Full name of the place';
COMMENT ON COLUMN conflict_details.city_full IS '带上级名称的全称，如 南京市鼓楼区 | Name with that of the city above before it, which tells namesakes apart';
COMMENT ON COLUMN conflict_details.prefecture IS '所在地级行政区 | Prefecture that the place is or lies in';
COMMENT ON COLUMN conflict_details.year IS '数字所属年份 | Year that the figure is about';
COMMENT ON COLUMN conflict_details.indicator_code IS '指标代码；开放指标为空 | Catalogue code; empty for an open indicator';
COMMENT ON COLUMN conflict_details.indicator_zh IS '指标中文名称 | Chinese name of the indicator';
COMMENT ON COLUMN conflict_details.indicator_en IS '指标英文名称 | English name of the indicator';
COMMENT ON COLUMN conflict_details.catalogued IS '是否目录指标 | Whether the indicator is catalogued';
COMMENT ON COLUMN conflict_details.area IS '范围代码 | Part of the place';
COMMENT ON COLUMN conflict_details.status IS '状态代码 | Actual, target, or the old value of a rise';
COMMENT ON COLUMN conflict_details.measure IS '度量：level 水平、change 增减 | Level or change';
COMMENT ON COLUMN conflict_details.period IS '时段代码 | Annual, part of a year, or total over years';
COMMENT ON COLUMN conflict_details.time_period IS '确切时期，按 SDMX 写法 | The period exactly, as SDMX writes it';
COMMENT ON COLUMN conflict_details.unit IS '单位代码 | Unit';
COMMENT ON COLUMN conflict_details.per IS '计发周期 | Period that is paid for';
COMMENT ON COLUMN conflict_details.value IS '公布值 | Published value';
COMMENT ON COLUMN conflict_details.printed IS '公布值原文 | The published value as printed';
COMMENT ON COLUMN conflict_details.sentence IS '公布值原句 | Sentence of the published value';
COMMENT ON COLUMN conflict_details.url IS '公布值出处 | Source of the published value';
COMMENT ON COLUMN conflict_details.title IS '公布值出处标题 | Title of that source';
COMMENT ON COLUMN conflict_details.rival_value IS '另一方的值 | The other value';
COMMENT ON COLUMN conflict_details.rival_printed IS '另一方原文 | The other value as printed';
COMMENT ON COLUMN conflict_details.rival_sentence IS '另一方原句 | Sentence of the other value';
COMMENT ON COLUMN conflict_details.rival_url IS '另一方出处 | Source of the other value';
COMMENT ON COLUMN conflict_details.rival_title IS '另一方出处标题 | Title of that source';
COMMENT ON COLUMN conflict_details.difference IS '另一方减公布值 | The other value minus the published one';
COMMENT ON COLUMN conflict_details.relative_difference IS '差额与公布值之比 | Difference relative to the published value';
COMMENT ON COLUMN conflict_details.same_bulletin IS '两数是否出自同一网页版本 | Whether both stand in one page version';
COMMENT ON COLUMN conflict_details.rule IS '取舍规则 | The rule that chose';
COMMENT ON COLUMN conflict_details.rule_zh IS '取舍规则说明 | The rule in Chinese';
COMMENT ON COLUMN conflict_details.rule_en IS '取舍规则英文说明 | The rule in English';
COMMENT ON COLUMN conflict_details.cell_key IS '格键 | The cell';
COMMENT ON COLUMN conflict_details.city_key IS '地区，见 dim_city | Place, see dim_city';
COMMENT ON COLUMN conflict_details.observation_key IS '公布的观测，见 fact_observation | Observation that is published, see fact_observation';
COMMENT ON COLUMN conflict_details.rival_observation_key IS '另一方的观测 | The other observation';
