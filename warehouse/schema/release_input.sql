CREATE TABLE release_input (
    release_id VARCHAR NOT NULL,
    input      VARCHAR NOT NULL,
    sha256     VARCHAR NOT NULL
);
COMMENT ON TABLE release_input IS '各次发布所用的输入及其校验和 | Inputs of each release and their digests';
COMMENT ON COLUMN release_input.release_id IS '发布编号，见 release | Release, see release';
COMMENT ON COLUMN release_input.input IS '输入名称 | What went in';
COMMENT ON COLUMN release_input.sha256 IS 'SHA-256 校验和 | SHA-256 digest';
