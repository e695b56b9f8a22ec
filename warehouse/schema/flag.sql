CREATE TABLE flag (
    observation_key VARCHAR NOT NULL,
    rule            VARCHAR NOT NULL,
    detail          VARCHAR NOT NULL
);
COMMENT ON TABLE flag IS '提示：通过检验而违反提示规则的观测，每条规则一行 | Flags: valid observations about which a rule warns, a row for each rule';
COMMENT ON COLUMN flag.observation_key IS '观测，见 fact_observation | Observation, see fact_observation';
COMMENT ON COLUMN flag.rule IS '所违反的提示规则 | The rule that warns';
COMMENT ON COLUMN flag.detail IS '应为如何、实为如何 | What was expected and what was found';
