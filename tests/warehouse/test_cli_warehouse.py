"""The commands that ask and move what is published, as a person calls them."""

from __future__ import annotations

import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from made_star import BUILT, STORY, observation

from pipelines.cli import commands
from warehouse.publish import publish


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two releases: in the second a value is revised, one is added, one is gone."""
    folder = tmp_path_factory.mktemp("home")
    target = folder / "warehouse" / "warehouse.duckdb"
    staging = folder / "warehouse" / "staging" / "first.duckdb"
    STORY.build(staging)
    publish(staging, target)
    revised = observation("1", "annual", "9.77万人", 97700.0)
    added = observation("c", "annual", "5人", 5.0, year=2020)
    kept = [row for row in STORY.observations[1:] if row["observation_key"] != "8"]
    STORY.but(observations=[revised, added, *kept]).build(staging, built_at=BUILT + timedelta(days=1), previous=target)
    publish(staging, target)
    return folder


def call(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(commands, [*arguments, "--home", str(home)])


def ids(home: Path) -> list[str]:
    return re.findall(r"\d{8}T\d{6}Z-\w{8}", call(home, "releases", "list").output)


def test_places_tells_age_and_places(home: Path) -> None:
    told = call(home, "places").output
    assert (
        "data as of 2023-04-01 · 8 values (7 catalogued) of 2 places · 1 conflicts · 1 of 11 numbers held back" in told
    )
    assert re.search(r"成都市 +5 +7 .*2020–2022", told)


def test_conflicts_shows_both_sides_and_the_rule(home: Path) -> None:
    told = call(home, "conflicts").output
    assert "870 CNY/month  published" in told
    assert "850 CNY/month  disagrees" in told
    assert "http://news.example/1.html" in told
    assert "annual bulletins" in told


def test_releases_are_listed_and_compared(home: Path) -> None:
    second, first = ids(home)
    assert f"*  {second}" in call(home, "releases", "list").output
    told = call(home, "releases", "diff", first).output
    assert "1 added: 1 the reader or the catalogue changed" in told
    assert "成都市 2021 dibao_persons: 97,600 → 97,700 person · read_anew · http://mzj.example/annual.html" in told
    assert "成都市 2022 dibao_persons: 99,000 person · read_anew · http://mzj.example/next.html" in told
    assert told == call(home, "releases", "diff", first, second).output
    assert call(home, "releases", "diff", second).output == "no published value differs\n"
    unknown = call(home, "releases", "diff", "1999")
    assert "no release 1999; kept are: " in str(unknown.exception)


def test_going_back_and_checking(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home, tmp_path, dirs_exist_ok=True)
    second, first = ids(tmp_path)
    assert f"readers now see {first}" in call(tmp_path, "releases", "rollback", first).output
    assert f"*  {first}" in call(tmp_path, "releases", "list").output
    assert call(tmp_path, "releases", "verify").output == "3 files are whole\n"
    damaged = tmp_path / "warehouse" / "releases" / f"{second}.duckdb"
    damaged.chmod(0o644)
    damaged.write_bytes(damaged.read_bytes()[:-1000])
    broken = call(tmp_path, "releases", "verify")
    assert broken.exit_code == 1
    assert str(damaged) in broken.output


def test_accepting_what_was_refused(home: Path, tmp_path: Path) -> None:
    nothing = call(home, "releases", "accept")
    assert "no refused release is waiting" in str(nothing.exception)
    shutil.copytree(home, tmp_path, dirs_exist_ok=True)
    target = tmp_path / "warehouse" / "warehouse.duckdb"
    staging = tmp_path / "warehouse" / "staging" / "0123456789abcdef.duckdb"
    STORY.but(observations=STORY.observations[:1], quarantined={}).build(
        staging, built_at=BUILT + timedelta(days=2), previous=target
    )
    with pytest.raises(ValueError, match="facts would vanish"):
        publish(staging, target)
    assert "1 values" in call(tmp_path, "releases", "accept").output
    assert (tmp_path / "warehouse" / "origin").read_text("utf-8") == "0123456789abcdef"
    assert not staging.exists()


def test_export_and_report_write_files(home: Path, tmp_path: Path) -> None:
    told = call(home, "export", str(tmp_path / "out"), "--format", "csv", "--format", "sdmx").output
    assert re.search(r"out/csv: 17 files, 0\.\d MB", told)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["csv", "sdmx"]
    assert call(home, "export", str(tmp_path / "out"), "--format", "docx").exit_code == 2
    page = tmp_path / "page.html"
    assert "open it in a browser" in call(home, "report", "--out", str(page)).output
    assert "民政公报指标" in page.read_text("utf-8")


@pytest.mark.parametrize("command", [["places"], ["conflicts"], ["report"], ["releases", "list"], ["export", "x"]])
def test_where_nothing_is_published_the_command_says_what_to_do(tmp_path: Path, command: list[str]) -> None:
    assert "minzheng run" in str(call(tmp_path, *command).exception)


def test_indicators_are_listed_and_found_by_words_of_bulletins(home: Path) -> None:
    assert re.search(r"dibao_persons +低保对象人数 .* person +\d", call(home, "indicators").output)
    told = call(home, "indicators", "低保标准").output
    assert "dibao_standard" in told
    assert "marriages" not in told
    assert "村级慈善工作站" in call(home, "indicators", "慈善工作站", "--open").output
    assert "no indicator is called «xyz»" in str(call(home, "indicators", "xyz").exception)


def test_places_are_found_by_a_part_of_their_name(home: Path) -> None:
    assert "成都市" not in call(home, "places", "崇文").output
    assert "北京市崇文区" in call(home, "places", "崇文").output
    assert "no place" in str(call(home, "places", "某地").exception)


def test_explain_takes_words_of_bulletins_and_prints_the_keys_that_decisions_take(home: Path) -> None:
    told = call(home, "explain", "成都", "低保标准", "2021").output
    assert told.startswith("成都市 · 最低生活保障标准 · 2021 · districts")
    assert re.search(r"^  2 +870 CNY/month +published$", told, re.MULTILINE)
    several = call(home, "explain", "成都", "志愿者")
    assert "may be several indicators: volunteers (注册志愿者数), volunteers_share" in str(several.exception)
    assert "nearest are" in str(call(home, "explain", "成都", "xyz").exception)


def test_a_name_of_several_places_is_asked_back(tmp_path: Path) -> None:
    districts = [
        observation(key, "next", text, value, year=2022, place="鼓楼区", place_code=code)
        for key, text, value, code in (("c", "3200人", 3200.0, "320106"), ("d", "900人", 900.0, "320302"))
    ]
    target = tmp_path / "warehouse" / "warehouse.duckdb"
    STORY.but(observations=[*STORY.observations, *districts]).build(target.with_name("staging.duckdb"))
    publish(target.with_name("staging.duckdb"), target)
    asked = str(call(tmp_path, "explain", "鼓楼区", "dibao_persons").exception)
    assert "«鼓楼区» is several places: 南京市鼓楼区 (320106), 徐州市鼓楼区 (320302)" in asked
    told = call(tmp_path, "explain", "徐州市鼓楼区", "dibao_persons").output
    assert "徐州市鼓楼区 · 低保对象人数 · 2022" in told
    assert "900 person" in told
    assert "3,200" not in told
    listed = call(tmp_path, "places", "鼓楼").output
    assert "南京市鼓楼区" in listed
    assert "徐州市鼓楼区" in listed


def test_a_release_is_compared_with_the_one_before_and_figures_come_first(home: Path) -> None:
    told = call(home, "releases", "diff").output
    assert told == call(home, "releases", "diff", ids(home)[1]).output
    kinds = re.findall(r"^\d+ (\w+):", told, re.MULTILINE)
    assert kinds == [kind for kind in ("revised", "removed", "added", "reflagged") if kind in kinds]
    assert not re.search(r": ([\d,.]+) → \1 ", told)
