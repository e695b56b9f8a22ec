CREATE VIEW targets_and_results AS
SELECT
    target.city_code,
    target.city,
    target.city_full,
    target.prefecture,
    target.province,
    target.year,
    target.indicator_code,
    target.indicator_zh,
    target.indicator_en,
    target.catalogued,
    target.area,
    target.area_zh,
    target.measure,
    target.period,
    target.unit,
    target.unit_zh,
    target.per,
    target.qualifier                                                       AS promise,
    target.value                                                           AS promised,
    result.value                                                           AS achieved,
    result.value - target.value                                            AS difference,
    CASE WHEN target.value <> 0 THEN result.value / target.value END       AS achieved_share,
    CASE WHEN target.qualifier = 'le' OR (target.qualifier <> 'ge' AND wanted.wanted = 'less' AND target.measure = 'level')
         THEN result.value <= coalesce(target.value_high, target.value)
         ELSE coalesce(result.value_high, result.value) >= target.value END AS met,
    target.conflict                                                        AS target_conflict,
    result.conflict                                                        AS result_conflict,
    target.sentence                                                        AS target_sentence,
    target.url                                                             AS target_url,
    target.title                                                           AS target_title,
    target.published_on                                                    AS target_published_on,
    result.sentence                                                        AS result_sentence,
    result.url                                                             AS result_url,
    result.title                                                           AS result_title,
    result.published_on                                                    AS result_published_on,
    target.cell_key                                                        AS target_cell_key,
    result.cell_key                                                        AS result_cell_key
FROM indicator_values AS target
JOIN dim_indicator AS wanted USING (indicator_key)
LEFT JOIN indicator_values AS result
    ON result.status = 'actual'
    AND result.city_key = target.city_key AND result.year = target.year AND result.indicator_key = target.indicator_key
    AND result.area = target.area AND result.measure = target.measure
    AND result.time_period = target.time_period AND result.period = target.period
    AND result.unit = target.unit AND result.per = target.per
WHERE target.status = 'target';

COMMENT ON VIEW targets_and_results IS '目标与结果：规划为某年所定目标，与该年实际值对照；尚无结果者 achieved 为空 | Targets and results: what was promised for a year beside what was achieved; achieved is empty while no result is known';
COMMENT ON COLUMN targets_and_results.city_code IS '行政区划代码 | GB/T 2260 code';
COMMENT ON COLUMN targets_and_results.city IS '地区全称 | Full name of the place';
COMMENT ON COLUMN targets_and_results.city_full IS '带上级名称的全称，如 南京市鼓楼区 | Name with that of the city above before it, which tells namesakes apart';
COMMENT ON COLUMN targets_and_results.prefecture IS '所在地级行政区 | Prefecture that the place is or lies in';
COMMENT ON COLUMN targets_and_results.province IS '所在省级行政区 | Province';
COMMENT ON COLUMN targets_and_results.year IS '目标年份 | Year that the target is for';
COMMENT ON COLUMN targets_and_results.indicator_code IS '指标代码；开放指标为空 | Catalogue code; empty for an open indicator';
COMMENT ON COLUMN targets_and_results.indicator_zh IS '指标中文名称 | Chinese name of the indicator';
COMMENT ON COLUMN targets_and_results.indicator_en IS '指标英文名称 | English name of the indicator';
COMMENT ON COLUMN targets_and_results.catalogued IS '是否目录指标 | Whether the indicator is catalogued';
COMMENT ON COLUMN targets_and_results.area IS '范围代码 | Part of the place';
COMMENT ON COLUMN targets_and_results.area_zh IS '范围 | Part of the place, in Chinese';
COMMENT ON COLUMN targets_and_results.measure IS '度量：level 水平、change 增减 | Level or change';
COMMENT ON COLUMN targets_and_results.period IS '时段代码 | Annual, part of a year, or total over years';
COMMENT ON COLUMN targets_and_results.unit IS '单位代码 | Unit';
COMMENT ON COLUMN targets_and_results.unit_zh IS '单位 | Unit, in Chinese';
COMMENT ON COLUMN targets_and_results.per IS '计发周期 | Period that is paid for';
COMMENT ON COLUMN targets_and_results.promise IS '目标的性质：ge 不少于、le 不超过、exact 确数、approx 约数 | At least, at most, exactly, about';
COMMENT ON COLUMN targets_and_results.promised IS '目标值 | Promised value';
COMMENT ON COLUMN targets_and_results.achieved IS '实际值；尚无则空 | Achieved value; empty while none is known';
COMMENT ON COLUMN targets_and_results.difference IS '实际减目标 | Achieved minus promised';
COMMENT ON COLUMN targets_and_results.achieved_share IS '实际与目标之比 | Achieved as a share of promised';
COMMENT ON COLUMN targets_and_results.met IS '是否达标：目标中的确数、约数与“不少于”以达到为完成，“不超过”及宜少的指标（dim_indicator.wanted）以不超过为完成；尚无结果者为空 | Whether it was met: a plain number counts as a minimum, unless the indicator is one of which less is wanted (dim_indicator.wanted); empty while no result is known';
COMMENT ON COLUMN targets_and_results.target_conflict IS '目标值是否有分歧 | Whether observations of the target disagree';
COMMENT ON COLUMN targets_and_results.result_conflict IS '实际值是否有分歧 | Whether observations of the result disagree';
COMMENT ON COLUMN targets_and_results.target_sentence IS '目标原句 | Sentence of the target';
COMMENT ON COLUMN targets_and_results.target_url IS '目标出处 | Source of the target';
COMMENT ON COLUMN targets_and_results.target_title IS '目标出处标题 | Title of that source';
COMMENT ON COLUMN targets_and_results.target_published_on IS '目标发布日期 | When the target was published';
COMMENT ON COLUMN targets_and_results.result_sentence IS '结果原句 | Sentence of the result';
COMMENT ON COLUMN targets_and_results.result_url IS '结果出处 | Source of the result';
COMMENT ON COLUMN targets_and_results.result_title IS '结果出处标题 | Title of that source';
COMMENT ON COLUMN targets_and_results.result_published_on IS '结果发布日期 | When the result was published';
COMMENT ON COLUMN targets_and_results.target_cell_key IS '目标的格 | Cell of the target';
COMMENT ON COLUMN targets_and_results.result_cell_key IS '结果的格 | Cell of the result';
