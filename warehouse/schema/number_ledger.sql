CREATE TABLE number_ledger (
    bulletin_key VARCHAR NOT NULL,
    span_start   INTEGER NOT NULL,
    span_end     INTEGER NOT NULL,
    printed      VARCHAR NOT NULL,
    class        VARCHAR NOT NULL,
    reason       VARCHAR NOT NULL
);
COMMENT ON TABLE number_ledger IS '数字台账：网页版本中每个数字的去向 | Ledger: what became of every number in every page version';
COMMENT ON COLUMN number_ledger.bulletin_key IS '所在网页版本，见 dim_bulletin | Page version, see dim_bulletin';
COMMENT ON COLUMN number_ledger.span_start IS '在正文中的起点（字符） | Start in the page''s text, in characters';
COMMENT ON COLUMN number_ledger.span_end IS '在正文中的终点（不含） | End in the page''s text, exclusive';
COMMENT ON COLUMN number_ledger.printed IS '原文所印 | What is printed';
COMMENT ON COLUMN number_ledger.class IS '类别：observation 观测、date 日期、ordinal 序数、identifier 编号、name 名称、furniture 页面部件、unread 未能读出 | Observation, or why it is none';
COMMENT ON COLUMN number_ledger.reason IS '缘由；观测为空串 | Why; empty for an observation';
