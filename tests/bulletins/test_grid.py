"""A grid: how it is laid out, printed into a page's text, and carried beside it."""

import pytest

from bulletins.tables.grid import Cell, Grid, dumps, loads, write

_TABLE = [
    [Cell("指标", rows=2, head=True), Cell("2023年", columns=2), Cell("2022年")],
    [Cell("城市"), Cell("农|村"), Cell("全市")],
    [Cell("孤儿\n合计", notes=("1",)), Cell("312", value=312.0, format="0"), Cell("999", unread="hidden"), Cell()],
    [Cell("养老机构"), Cell("45", columns=2), Cell("44")],
]


def test_cells_are_printed_where_their_offsets_say() -> None:
    text, (grid,) = write(["统计表", Grid.laid_out(_TABLE, ["表一"]), "", "注:略"])
    assert text.split("\n") == [
        "统计表",
        "| 指标 | 2023年 | 2023年 | 2022年 |",
        "| 指标 | 城市 | 农/村 | 全市 |",
        "| --- | --- | --- | --- |",
        "| 孤儿 合计[1] | 312 | | |",
        "| 养老机构 | 45 | | 44 |",
        "注:略",
    ]
    assert text[grid.start : grid.end].startswith("| 指标")
    assert text[: grid.end].endswith("44 |")
    for cell in grid.cells:
        printed = "" if cell.unread else cell.text.replace("\n", " ").replace("|", "/")
        assert text[cell.start : cell.end] == printed, cell
    assert (grid.height, grid.width, grid.path) == (4, 4, ("表一",))


def test_grids_come_back_as_they_were_stored() -> None:
    blocks = ["题", Grid.laid_out(_TABLE), Grid.laid_out([[Cell("甲"), Cell("1")], [Cell("乙"), Cell("2")]])]
    text, grids = write(blocks)
    assert loads(dumps(grids), text) == grids
    assert dumps([]) == ""
    assert loads("", text) == ()


def test_damaged_grids_say_what_to_do() -> None:
    with pytest.raises(ValueError, match="read the page from its snapshot again"):
        loads('[{"cells":[]}]', "")


def test_a_cell_may_reach_to_the_end_of_its_table_but_no_further() -> None:
    grid = Grid.laid_out([[Cell("甲", rows=0), Cell("1", rows=9)], [Cell("2", columns=5000)]])
    assert [(cell.row, cell.column, cell.rows) for cell in grid.cells] == [(0, 0, 2), (0, 1, 2), (1, 2, 1)]
    assert grid.width == 1002


def test_a_grid_moves_with_its_text() -> None:
    text, (grid,) = write([Grid.laid_out(_TABLE)])
    cell = grid.moved(3).cells[0]
    assert ("题题\n" + text)[cell.start : cell.end] == "指标"
