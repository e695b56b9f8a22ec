CREATE TABLE code_list (
    list    VARCHAR NOT NULL,
    code    VARCHAR NOT NULL,
    name_zh VARCHAR NOT NULL,
    name_en VARCHAR NOT NULL,
    PRIMARY KEY (list, code)
);
COMMENT ON TABLE code_list IS '代码表：各列代码的中英文名称 | Code lists: Chinese and English names of the codes in the tables';
COMMENT ON COLUMN code_list.list IS '代码表名，与列名相同 | Name of the list: the column that it explains';
COMMENT ON COLUMN code_list.code IS '代码 | Code';
COMMENT ON COLUMN code_list.name_zh IS '中文名称 | Chinese name';
COMMENT ON COLUMN code_list.name_en IS '英文名称 | English name';
