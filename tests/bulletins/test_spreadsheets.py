"""Spreadsheets show other than they store: formats, hidden and struck cells, raised notes, formulas without a result."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
import xlsxwriter

from bulletins.pages.xlsx import xlsx_blocks
from bulletins.tables.grid import Cell, Grid, write
from tests.bulletins.files.packages import MAIN, STRICT, text_cell, xlsx


def lines(raw: bytes) -> list[str]:
    return write(xlsx_blocks(raw))[0].split("\n")


def unread(raw: bytes) -> list[tuple[str, str]]:
    return [(cell.text, cell.unread) for grid in grids(raw) for cell in grid.cells if cell.unread]


def grids(raw: bytes) -> list[Grid]:
    return [block for block in xlsx_blocks(raw) if isinstance(block, Grid)]


def sheet(*rows: str, before: str = "", after: str = "") -> str:
    data = "".join(row if row.startswith("<row") else f"<row>{row}</row>" for row in rows)
    return f"{before}<sheetData>{data}</sheetData>{after}"


HEAD = text_cell("指标") + text_cell("2023年")


@pytest.mark.parametrize("namespace", [MAIN, STRICT])
def test_formats_are_applied_with_or_without_references_in_both_kinds_of_open_xml(namespace: str) -> None:
    row = text_cell("火化率") + '<c s="1"><v>0.9985</v></c>'
    other = '<row r="4"><c r="A4" t="str"><v>供养率</v></c><c r="B4" s="2"><v>45.2</v></c></row>'
    raw = xlsx(sheet(HEAD, row, other), formats=("0.00%", '0.0"%"'), namespace=namespace)
    assert lines(raw) == ["| 指标 | 2023年 |", "| --- | --- |", "| 火化率 | 99.85% |", "| 供养率 | 45.2% |"]
    [grid] = grids(raw)
    assert grid.cells[3] == Cell("99.85%", value=0.9985, format="0.00%", row=1, column=1)


def test_the_unit_of_a_format_is_shown() -> None:
    row = text_cell("低保资金") + '<c s="1"><v>432150000</v></c><c s="2"><v>12</v></c>'
    assert (
        lines(xlsx(sheet(HEAD, row), formats=('0!.0,"万元"', 'General"户"')))[-1] == "| 低保资金 | 43215.0万元 | 12户 |"
    )


def test_hidden_rows_columns_and_sheets_are_left_beside_the_text() -> None:
    rows = (
        HEAD + text_cell("底数"),
        f'<row hidden="1">{text_cell("旧数")}<c><v>99999</v></c></row>',
        f'<row ht="0">{text_cell("零高")}<c><v>77777</v></c></row>',
        text_cell("孤儿") + "<c><v>556</v></c><c><v>88888</v></c>",
    )
    narrow = '<cols><col min="3" max="5" hidden="1"/></cols>'
    raw = xlsx(
        sheet(*rows, before=narrow), sheet(text_cell("底稿") + "<c><v>66666</v></c>"), states=("visible", "veryHidden")
    )
    assert lines(raw) == ["| 指标 | 2023年 |", "| --- | --- |", "| 孤儿 | 556 |"]
    assert unread(raw) == [(n, "hidden") for n in ("99999", "77777", "88888", "66666")]


def test_what_a_format_or_a_merged_cell_hides_is_hidden() -> None:
    rows = (HEAD, text_cell("孤儿") + '<c s="1"><v>31</v></c><c><v>312</v></c><c><v>9</v></c>')
    merged = '<mergeCells><mergeCell ref="C2:D2"/></mergeCells>'
    raw = xlsx(sheet(*rows, after=merged), formats=(";;;",))
    assert lines(raw)[-1] == "| 孤儿 | | 312 |"
    assert unread(raw) == [("31", "hidden"), ("9", "hidden")]


def test_a_merged_cell_is_shown_while_one_of_its_columns_is() -> None:
    first_column = '<cols><col min="1" max="1" width="0"/></cols>'
    merged = '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>'
    raw = xlsx(sheet(text_cell("2023年"), text_cell("孤儿") + "<c><v>3</v></c>", before=first_column, after=merged))
    assert lines(raw) == ["2023年", "3"]


def test_struck_and_raised_parts_of_a_cell() -> None:
    raised = '<r><rPr><vertAlign val="superscript"/></rPr><t>{}</t></r>'
    strings = (
        "<si><r><rPr><strike/></rPr><t>820</t></r><r><t>83345</t></r></si>"
        f"<si><r><t>18900</t></r>{raised.format('2')}</si>"
        f"<si><r><t>12000m</t></r>{raised.format('2')}</si>"
        "<si><t>孤儿</t><rPh sb='0' eb='2'><t>guer12</t></rPh></si>"
        f"<si><r><t>特困人员</t></r>{raised.format('①')}</si>"
    )
    row = "".join(f'<c t="s"><v>{n}</v></c>' for n in (3, 0, 1, 2, 4))
    raw = xlsx(sheet(HEAD, row), strings=strings)
    assert lines(raw)[-1] == "| 孤儿 | 83345 | 18900[2] | 12000m² | 特困人员[①] |"
    assert unread(raw) == [("820", "struck")]
    assert [cell.notes for cell in grids(raw)[0].cells if cell.notes] == [("2",), ("①",)]


def test_a_cell_whose_font_is_struck_out_is_not_read() -> None:
    row = text_cell("孤儿") + '<c s="1"><v>31</v></c><c><v>312</v></c>'
    raw = xlsx(sheet(HEAD, row), fonts="<font><strike/></font>")
    assert (lines(raw)[-1], unread(raw)) == ("| 孤儿 | | 312 |", [("31", "struck")])


def test_plain_formulas_without_a_result_are_computed_and_the_others_marked() -> None:
    workbook = openpyxl.Workbook()
    rows = [
        ["指标", "2023年"], ["孤儿", 31.5], ["收养", 42], ["无", None], ["合计", "=SUM(B2:B4)"], ["均值", "=ROUND(AVERAGE(B2:B4),1)"],
        ["比", "=(B3-B2)/$B$3*100%" ], ["占比", "=-B2/B5+1"], ["查", '=VLOOKUP("x",A1:B3,2)'], ["圈", "=B11"], ["圈", "=B10"], ["词", "=A2*2"],
        ["别表", "=Sheet2!B2"], ["空除", "=B2/B4"],
    ]  # fmt: skip
    for row in rows:
        workbook.active.append(row)
    workbook.active["B8"].number_format = "0.0%"
    buffer = BytesIO()
    workbook.save(buffer)
    raw = buffer.getvalue()
    values = [line for line in lines(raw) if line.startswith(("| 合计", "| 均值", "| 占比"))]
    assert values == ["| 合计 | 73.5 |", "| 均值 | 36.8 |", "| 占比 | 57.1% |"]
    assert [text for text, _ in unread(raw)] == [
        "=(B3-B2)/$B$3*100%", '=VLOOKUP("x",A1:B3,2)', "=B11", "=B10", "=A2*2", "=Sheet2!B2", "=B2/B4",
    ]  # fmt: skip


def test_a_result_that_was_never_computed_is_none() -> None:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:  # it stores 0 for each formula and asks to compute when opened
        page = workbook.add_worksheet()
        page.write_row(0, 0, ["孤儿", 312])
        page.write_row(1, 0, ["合计"])
        page.write_formula(1, 1, "=SUM(B1:B1)")
        page.write_formula(2, 1, "=B1*2", value=624)
        page.write_formula(3, 1, '=COUNTIF(A1:A3,"孤儿")')
    assert lines(buffer.getvalue()) == ["| 孤儿 | 312 |", "| 合计 | 312 |", "624"]
    assert unread(buffer.getvalue()) == [('=COUNTIF(A1:A3,"孤儿")', "formula")]


def test_errors_texts_of_formulas_and_escapes() -> None:
    row = (
        text_cell("孤儿_x000D_们")
        + '<c t="e"><f>1/0</f><v>#DIV/0!</v></c><c t="str"><f>A1</f><v>312人</v></c><c t="b"><v>1</v></c>'
    )
    raw = xlsx(sheet(row))
    assert (lines(raw), unread(raw)) == (["| 孤儿 们 | 312人 | 是 |"], [])


def test_names_of_sheets_and_words_that_float_over_them() -> None:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        page = workbook.add_worksheet("2022年城市低保")
        page.write_row(0, 0, ["孤儿", 312])
        page.insert_textbox(5, 0, "单位：人\n注：快报数")
    assert lines(buffer.getvalue()) == ["| 孤儿 | 312 |", "单位：人", "注：快报数"]
    assert grids(buffer.getvalue())[0].path == ("2022年城市低保",)
