CREATE VIEW latest_release AS
SELECT
    release_id,
    built_at,
    data_as_of,
    -- Whole days of 24 hours. Both sides are moments in UTC, so that no client's time zone and no extension plays a part.
    CAST(floor((epoch_us(now()) - epoch_us(data_as_of)) / 86400e6) AS BIGINT) AS age_days,
    code_version,
    reader_version,
    facts,
    facts_catalogued,
    observations,
    quarantined,
    conflicts,
    cities
FROM release
ORDER BY built_at DESC, release_id DESC
LIMIT 1;

COMMENT ON VIEW latest_release IS '本文件的发布记录及数据距今天数 | The release that this file is, and the age of its data';
COMMENT ON COLUMN latest_release.release_id IS '发布编号 | Release';
COMMENT ON COLUMN latest_release.built_at IS '生成时间（UTC） | When it was built (UTC)';
COMMENT ON COLUMN latest_release.data_as_of IS '数据截至（UTC） | When the sources were last looked at or, where that is not known, the newest page version was first seen (UTC)';
COMMENT ON COLUMN latest_release.age_days IS '数据距今天数 | Days since then';
COMMENT ON COLUMN latest_release.code_version IS '程序版本 | Version of the code';
COMMENT ON COLUMN latest_release.reader_version IS '读取程序与目录的版本 | Version of reader and catalogue';
COMMENT ON COLUMN latest_release.facts IS '公布值数 | Published values';
COMMENT ON COLUMN latest_release.facts_catalogued IS '其中目录指标的公布值数 | Published values of catalogued indicators';
COMMENT ON COLUMN latest_release.observations IS '观测数（含被隔离者） | Observations, with the quarantined';
COMMENT ON COLUMN latest_release.quarantined IS '被隔离的观测数 | Quarantined observations';
COMMENT ON COLUMN latest_release.conflicts IS '分歧数 | Conflicts';
COMMENT ON COLUMN latest_release.cities IS '有公布值的地区数 | Places with published values';
