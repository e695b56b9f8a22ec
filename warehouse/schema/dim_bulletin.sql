CREATE TABLE dim_bulletin (
    bulletin_key    VARCHAR PRIMARY KEY,
    source_id       VARCHAR NOT NULL,
    url             VARCHAR NOT NULL,
    title           VARCHAR NOT NULL,
    publisher       VARCHAR NOT NULL,
    published_on    DATE,
    fetched_at      TIMESTAMP NOT NULL,
    superseded_at   TIMESTAMP,
    snapshot_sha256 VARCHAR NOT NULL,
    text_sha256     VARCHAR NOT NULL,
    kind            VARCHAR NOT NULL,
    city_key        VARCHAR NOT NULL,
    characters      INTEGER NOT NULL
);
COMMENT ON TABLE dim_bulletin IS '公报网页的一个版本 | One version of one bulletin page';
COMMENT ON COLUMN dim_bulletin.bulletin_key IS '主键：由网址与正文得出 | Key, made of address and text';
COMMENT ON COLUMN dim_bulletin.source_id IS '来源清单中的编号 | Source in the source list';
COMMENT ON COLUMN dim_bulletin.url IS '网址 | Address';
COMMENT ON COLUMN dim_bulletin.title IS '标题 | Title';
COMMENT ON COLUMN dim_bulletin.publisher IS '发布单位 | Publisher';
COMMENT ON COLUMN dim_bulletin.published_on IS '发布日期；页面未注明则为空 | Date of publication; empty where the page does not say';
COMMENT ON COLUMN dim_bulletin.fetched_at IS '首次抓到该版本的时间（UTC） | When this version was first seen (UTC)';
COMMENT ON COLUMN dim_bulletin.superseded_at IS '被同一网页新版本取代的时间（UTC）；空为现行 | When a newer version took its place (UTC); empty while current';
COMMENT ON COLUMN dim_bulletin.snapshot_sha256 IS '原始快照的 SHA-256 | SHA-256 of the raw snapshot';
COMMENT ON COLUMN dim_bulletin.text_sha256 IS '正文的 SHA-256 | SHA-256 of the text';
COMMENT ON COLUMN dim_bulletin.kind IS '体裁：year_summary 年度总结、half_year 半年总结、news 新闻、plan 规划计划、table 统计表、other 其他 | Kind of page';
COMMENT ON COLUMN dim_bulletin.city_key IS '发布地，见 dim_city | Home place of the source, see dim_city';
COMMENT ON COLUMN dim_bulletin.characters IS '正文字数 | Length of the text in characters';
