CREATE TABLE resolution_rule (
    rule_order INTEGER PRIMARY KEY,
    rule       VARCHAR NOT NULL,
    text_zh    VARCHAR NOT NULL,
    text_en    VARCHAR NOT NULL
);
COMMENT ON TABLE resolution_rule IS '取舍规则：同格多个观测时依次比较，第一条分出高下的规则定采用者 | The written rule: criteria are compared in this order, the first that tells two observations apart decides';
COMMENT ON COLUMN resolution_rule.rule_order IS '次序 | Order';
COMMENT ON COLUMN resolution_rule.rule IS '规则代码 | Code of the criterion';
COMMENT ON COLUMN resolution_rule.text_zh IS '中文说明 | In Chinese';
COMMENT ON COLUMN resolution_rule.text_en IS '英文说明 | In English';
