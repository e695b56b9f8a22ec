CREATE TABLE release_change (
    release_id          VARCHAR NOT NULL,
    change              VARCHAR NOT NULL CHECK (change IN ('added', 'removed', 'revised', 'reflagged')),
    cell_key            VARCHAR NOT NULL,
    old_value           DOUBLE,
    new_value           DOUBLE,
    old_observation_key VARCHAR,
    new_observation_key VARCHAR,
    cause               VARCHAR NOT NULL
);
COMMENT ON TABLE release_change IS '各次发布较前一次的变化，一格一行 | What each release changed against the one before, a row a cell';
COMMENT ON COLUMN release_change.release_id IS '发布编号，见 release | Release, see release';
COMMENT ON COLUMN release_change.change IS '变化：added 新增、removed 消失、revised 改值、reflagged 改标记或出处 | Added, removed, revised, reflagged';
COMMENT ON COLUMN release_change.cell_key IS '格，见 fact_indicator | Cell, see fact_indicator';
COMMENT ON COLUMN release_change.old_value IS '前一次的值 | Value in the release before';
COMMENT ON COLUMN release_change.new_value IS '本次的值 | Value in this release';
COMMENT ON COLUMN release_change.old_observation_key IS '前一次采用的观测 | Observation published before';
COMMENT ON COLUMN release_change.new_observation_key IS '本次采用的观测 | Observation published now';
COMMENT ON COLUMN release_change.cause IS '原因：new_page 新网页、new_version 网页新版本、quarantined 被隔离、passed_over 他者优先、rivals_changed 同格其他观测变化、page_gone 网页不在其列、source_removed 来源撤下、read_anew 读法改变 | Why';
