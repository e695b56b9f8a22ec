import json
import re
import subprocess
import sys

import openpyxl
import pytest
from click.testing import CliRunner

from pipelines.cli import USAGE, commands
from pipelines.cli_read import FIELDS

TEXT = "成都市民政局2021年工作总结\r\n2021年，市辖区最低生活保障标准提高到每人每月870元。😀 全市建成养老机构22家。\n"


def read(*arguments: object):
    return CliRunner().invoke(commands, ["read", *map(str, arguments)], catch_exceptions=False)


@pytest.fixture
def bulletin(tmp_path):
    path = tmp_path / "B1.txt"
    path.write_bytes(TEXT.encode())
    return path


def rows_of(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_spans_count_code_points_of_the_text_as_it_is(bulletin):
    result = read(bulletin, "--place", "成都市", "--published", "2022-01-20", "--format", "jsonl")
    rows = rows_of(result.stdout)
    assert [row["text"] for row in rows] == ["870元", "22家"]
    for row in rows:
        assert TEXT[row["start"] : row["end"]] == row["text"]
        assert list(row) == [name for name in FIELDS if name != "value_high"]
    assert (rows[0]["value"], rows[0]["unit"], rows[0]["per"]) == (870.0, "CNY", "month")
    assert (rows[0]["place"], rows[0]["year"], rows[0]["indicator"]) == ("成都市", 2021, "dibao_standard")


def test_docs_say_whose_page_it_is_and_out_takes_a_file_a_page(bulletin, tmp_path):
    docs = tmp_path / "docs.jsonl"
    docs.write_text('{"id": "B1", "place": "常州市", "code": "320400", "published": "2022-03-10"}\n', encoding="utf-8")
    result = read(bulletin, "--docs", docs, "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert {row["place"] for row in rows_of((tmp_path / "out" / "B1.jsonl").read_text(encoding="utf-8"))} == {"常州市"}


def test_a_page_without_numbers_is_an_empty_file(tmp_path):
    (tmp_path / "none.txt").write_text("招聘公告\n", encoding="utf-8")
    read(tmp_path / "none.txt", "--place", "成都市", "--out", tmp_path / "out")
    assert (tmp_path / "out" / "none.jsonl").read_text(encoding="utf-8") == ""


def test_html_is_taken_as_a_page_and_its_date_from_it(tmp_path):
    page = tmp_path / "page.html"
    body = "<p>全市建成养老机构22家，建成社区食堂48个，新增床位2162张，这些都是二〇二一年的工作。</p>" * 3
    page.write_bytes(
        f"<html><head><meta charset='gb2312'><title>成都市民政局2021年工作总结</title></head><body>"
        f"<p>发布时间：2022-01-20</p><div>{body}</div></body></html>".encode("gb18030")
    )
    rows = rows_of(read(page, "--place", "510100", "--format", "jsonl").stdout)
    assert {"22家", "48个", "2162张"} <= {row["text"] for row in rows}


def test_the_table_shows_what_a_number_was_taken_for(bulletin):
    shown = read(bulletin, "--place", "成都市").stdout
    assert "870元" in shown
    assert "dibao_standard" in shown


def test_the_table_says_how_sure_each_reading_is_and_marks_the_doubtful(bulletin, monkeypatch):
    shown = read(bulletin, "--place", "成都市").stdout
    assert re.search(r"actual\W+0\.\d\d ", shown)
    assert " ?" not in shown
    monkeypatch.setattr("pipelines.cli_read.LEAST_CERTAINTY", 1.01)
    assert re.search(r"0\.\d\d \?", read(bulletin, "--place", "成都市").stdout)


def test_the_table_shows_what_was_left_out_and_why(bulletin):
    shown = read(bulletin, "--place", "成都市").stdout
    assert "numbers left out" in shown
    assert "date" in shown.partition("numbers left out")[2]


def test_html_marks_each_number_of_the_page(bulletin, tmp_path):
    result = read(bulletin, "--place", "成都市", "--published", "2022-01-20", "--html", tmp_path / "out" / "B1.html")
    assert "2 observations" in result.stdout
    page = (tmp_path / "out" / "B1.html").read_text(encoding="utf-8")
    assert "最低生活保障标准 dibao_standard" in page
    assert ">22家<" in page


def test_html_of_several_pages_is_refused(bulletin, tmp_path):
    other = tmp_path / "B9.txt"
    other.write_text("全市有养老机构22家。", encoding="utf-8")
    result = read(bulletin, other, "--html", tmp_path / "B1.html")
    assert (result.exit_code, (tmp_path / "B1.html").exists()) == (USAGE, False)


def test_two_copies_of_one_text_are_two_pages(bulletin, tmp_path):
    copy = tmp_path / "B2.txt"
    copy.write_bytes(bulletin.read_bytes())
    read(bulletin, copy, "--place", "成都市", "--out", tmp_path / "out")
    assert (tmp_path / "out" / "B1.jsonl").read_text() == (tmp_path / "out" / "B2.jsonl").read_text() != ""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--place", "无此市"], "无此市"),
        (["--docs", "docs.jsonl"], "line 2"),
        (["--format", "xml"], "xml"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(bulletin, tmp_path, monkeypatch, arguments, told):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs.jsonl").write_text('{"id": "B1"}\nnot json\n', encoding="utf-8")
    result = read(bulletin, *arguments)
    assert result.exit_code == USAGE
    assert told in result.stderr


def test_text_that_is_not_utf8_is_named(tmp_path):
    (tmp_path / "gb.txt").write_bytes("成都市".encode("gb18030"))
    result = read(tmp_path / "gb.txt", "--place", "成都市")
    assert result.exit_code == USAGE
    assert "gb.txt: not UTF-8" in result.stderr


def test_reading_starts_without_dagster_great_expectations_and_duckdb(bulletin):
    code = (
        "import sys; from click.testing import CliRunner; from pipelines.cli import commands;"
        f"CliRunner().invoke(commands, ['read', {str(bulletin)!r}, '--place', '成都市'], catch_exceptions=False);"
        "print(sorted({'dagster', 'great_expectations', 'duckdb', 'pandas', 'bulletins.pages.pdf'} & set(sys.modules)))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "[]"


def test_what_a_file_is_its_bytes_tell_not_its_name(tmp_path):
    workbook = openpyxl.Workbook()
    for row in (["指标", "单位", "2022年"], ["低保资金", "", 1.2], ["孤儿", "人", 556]):
        workbook.active.append(row)
    workbook.active["C2"].number_format = '0.0"亿元"'
    workbook.save(tmp_path / "book.xlsx")
    (tmp_path / "book.xlsx").rename(tmp_path / "book.html")
    result = read(tmp_path / "book.html", "--place", "成都市", "--published", "2023-01-20", "--format", "jsonl")
    assert [(row["value"], row["unit"]) for row in rows_of(result.stdout)] == [(1.2e8, "CNY"), (556.0, "person")]


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_read(bulletin, tmp_path):
    (tmp_path / "old.rar").write_bytes(b"Rar!\x1a\x07\x01\x00")
    result = read(bulletin, tmp_path / "old.rar", "--place", "成都市", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "old.rar: the file is a RAR archive: unpack it and import the files in it" in result.stderr
    assert len(rows_of((tmp_path / "out" / "B1.jsonl").read_text(encoding="utf-8"))) == 2


def test_a_scan_says_that_it_waits_for_recognition(tmp_path):
    (tmp_path / "page.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert "page.png: holds pages that are pictures" in read(tmp_path / "page.png", "--place", "成都市").stderr
