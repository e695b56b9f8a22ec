CREATE TABLE release (
    release_id          VARCHAR PRIMARY KEY,
    previous_release_id VARCHAR,
    built_at            TIMESTAMP NOT NULL,
    data_as_of          TIMESTAMP,
    code_version        VARCHAR NOT NULL,
    reader_version      VARCHAR NOT NULL,
    content_sha256      VARCHAR NOT NULL,
    bulletins           BIGINT NOT NULL,
    numbers             BIGINT NOT NULL,
    observations        BIGINT NOT NULL,
    quarantined         BIGINT NOT NULL,
    facts               BIGINT NOT NULL,
    facts_catalogued    BIGINT NOT NULL,
    conflicts           BIGINT NOT NULL,
    cities              BIGINT NOT NULL,
    added               BIGINT NOT NULL,
    removed             BIGINT NOT NULL,
    revised             BIGINT NOT NULL,
    reflagged           BIGINT NOT NULL
);
COMMENT ON TABLE release IS '发布记录：本次及此前各次，最新者即本文件 | Releases: this one and those before it; the newest is this file';
COMMENT ON COLUMN release.release_id IS '发布编号 | Release';
COMMENT ON COLUMN release.previous_release_id IS '前一次发布；首次为空 | The release before; empty for the first';
COMMENT ON COLUMN release.built_at IS '生成时间（UTC） | When it was built (UTC)';
COMMENT ON COLUMN release.data_as_of IS '数据截至（UTC）：最近一次查看来源的时间，未知则为最新网页版本首次抓到的时间 | When the sources were last looked at or, where that is not known, the newest page version was first seen (UTC)';
COMMENT ON COLUMN release.code_version IS '程序版本 | Version of the code';
COMMENT ON COLUMN release.reader_version IS '读取程序与目录的版本 | Version of reader and catalogue';
COMMENT ON COLUMN release.content_sha256 IS '内容校验和：输入与程序相同则相同 | Digest of the content: the same inputs and code give the same';
COMMENT ON COLUMN release.bulletins IS '网页版本数 | Page versions';
COMMENT ON COLUMN release.numbers IS '台账中的数字数 | Numbers in the ledger';
COMMENT ON COLUMN release.observations IS '观测数（含被隔离者） | Observations, with the quarantined';
COMMENT ON COLUMN release.quarantined IS '被隔离的观测数 | Quarantined observations';
COMMENT ON COLUMN release.facts IS '公布值数 | Published values';
COMMENT ON COLUMN release.facts_catalogued IS '其中目录指标的公布值数 | Published values of catalogued indicators';
COMMENT ON COLUMN release.conflicts IS '分歧数 | Conflicts';
COMMENT ON COLUMN release.cities IS '有公布值的地区数 | Places with published values';
COMMENT ON COLUMN release.added IS '较前一次新增的格 | Cells added since the release before';
COMMENT ON COLUMN release.removed IS '较前一次消失的格 | Cells removed since the release before';
COMMENT ON COLUMN release.revised IS '较前一次改值的格 | Cells whose value changed';
COMMENT ON COLUMN release.reflagged IS '较前一次值未变而分歧标记、确切程度或出处改变的格 | Cells whose value stayed and whose flag, qualifier or source changed';
