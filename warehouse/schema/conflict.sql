CREATE TABLE conflict (
    cell_key              VARCHAR NOT NULL,
    observation_key       VARCHAR NOT NULL,
    rival_observation_key VARCHAR NOT NULL,
    value                 DOUBLE NOT NULL,
    rival_value           DOUBLE NOT NULL,
    difference            DOUBLE NOT NULL,
    relative_difference   DOUBLE,
    rule                  VARCHAR NOT NULL,
    same_bulletin         BOOLEAN NOT NULL
);
COMMENT ON TABLE conflict IS '分歧：同一格中与公布值不一致（超出四舍五入）的观测 | Conflicts: observations of a cell that disagree with the published one beyond rounding';
COMMENT ON COLUMN conflict.cell_key IS '格，见 fact_indicator | Cell, see fact_indicator';
COMMENT ON COLUMN conflict.observation_key IS '被采用的观测 | The observation that is published';
COMMENT ON COLUMN conflict.rival_observation_key IS '与之不一致的观测 | The observation that disagrees';
COMMENT ON COLUMN conflict.value IS '公布值 | Published value';
COMMENT ON COLUMN conflict.rival_value IS '另一方的值 | The other value';
COMMENT ON COLUMN conflict.difference IS '另一方减公布值 | The other value minus the published one';
COMMENT ON COLUMN conflict.relative_difference IS '差额与公布值之比；公布值为零则空 | Difference relative to the published value; empty where that is 0';
COMMENT ON COLUMN conflict.rule IS '据以取舍的规则，见 resolution_rule | The rule that chose, see resolution_rule';
COMMENT ON COLUMN conflict.same_bulletin IS '两数是否出自同一网页版本 | Whether both stand in one page version';
