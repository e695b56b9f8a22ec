"""The knowledge files: read into typed objects; each bad entry is one error that names file, line and what to do."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from bulletins.catalog import CATALOG_FOLDER, CatalogError, load_catalog

FILES = (
    "indicators.csv",
    "units.csv",
    "currencies.csv",
    "no_quantities.csv",
    "bodies.csv",
    "words.csv",
    "aliases.csv",
    "places.csv",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small catalogue that is good as it stands."""
    (tmp_path / "indicators.csv").write_text(
        "code,domain,name_zh,name_en,unit,per,kind,definition_zh,official_code,lower,upper,additive,wanted\n"
        "dibao_standard,social_assistance,低保标准,Standard,CNY,month,standard,,,0,,none,more\n", "utf-8")  # fmt: skip
    (tmp_path / "units.csv").write_text("word,unit,factor\n人,person,1\n‰,percent,0.1\n", "utf-8")
    (tmp_path / "currencies.csv").write_text("word,example\n美元,5美元\n", "utf-8")
    (tmp_path / "no_quantities.csv").write_text(
        "place,word,unless,verdict,reason,example\nbehind,岁,,name,年龄门槛,60岁\n", "utf-8"
    )
    shutil.copy(CATALOG_FOLDER / "bodies.csv", tmp_path)
    (tmp_path / "words.csv").write_text(
        "group,kind,words\ndibao,topic,低保|最低生活保障\nassistance,topic,@dibao|救助\n", "utf-8"
    )
    (tmp_path / "aliases.csv").write_text(
        "indicator,own,near,without,units,reach,weight\ndibao_standard,标准,@dibao,特困,CNY,sentence,2\n", "utf-8"
    )
    (tmp_path / "places.csv").write_text(
        "code,name,short_names,level,parent,valid_from,valid_to,successor,parts\n"
        "510000,四川省,四川,province,,1949,,,\n511600,广安市,广安,prefecture,510000,1998,,,\n"
        "511623,邻水县,邻水,county,511600,1998,,,\n", "utf-8")  # fmt: skip
    return tmp_path


def test_a_good_catalogue_is_read(folder: Path) -> None:
    catalog = load_catalog(folder)
    assert catalog.indicators["dibao_standard"].per == "month"
    assert (catalog.indicators["dibao_standard"].lower, catalog.indicators["dibao_standard"].upper) == (0.0, None)
    assert catalog.words["assistance"] == ("低保", "最低生活保障", "救助")
    assert (catalog.aliases[0].own, catalog.aliases[0].near) == ((("标准",),), (("低保", "最低生活保障"),))
    home = catalog.places.get("511600")
    assert home is not None
    assert (home.name, home.short_name) == ("广安市", "广安")
    assert catalog.places.find("邻水", within="511600") == catalog.places.get("511623")


@pytest.mark.parametrize("code", ["510000", "511600", "511623", "999999"])
def test_what_lies_inside_a_division_is_what_is_within_it(code: str) -> None:
    places = load_catalog().places
    assert places.inside(code) == tuple(place for place in places.all if places.is_within(place, code))


@pytest.mark.parametrize(
    ("file", "good", "bad", "message"),
    [
        ("indicators.csv", ",CNY,", ",yuan,", r"indicators\.csv, line 2: unit «yuan» is not known; use one of CNY, .*"),
        ("indicators.csv", ",standard,", ",norm,", r"indicators\.csv, line 2: kind «norm» is not known; use one of .*"),
        ("indicators.csv", ",month,", ",week,", r"indicators\.csv, line 2: per «week» is not known; use one of .*"),
        ("indicators.csv", ",none,", ",some,", r"indicators\.csv, line 2: additive «some» is not known; .*"),
        ("indicators.csv", ",more\n", ",most\n", r"indicators\.csv, line 2: wanted «most» is not known; use one of less, more"),
        ("indicators.csv", ",0,,", ",null,,", r"indicators\.csv, line 2: lower «null» is not a number; write digits .*"),
        ("indicators.csv", "dibao_standard,", "低保 标准,", r"indicators\.csv, line 2: code «低保 标准» is not a new identifier; .*"),
        ("indicators.csv", ",per,", ",paid,", r".*indicators\.csv: column\(s\) per missing in the head; add them"),
        ("indicators.csv", ",低保标准,", ",低保标准,又,", r"indicators\.csv, line 2: has another number of cells than the head; .*"),
        ("units.csv", "人,person,1", "人,people,1", r"units\.csv, line 2: unit «people» is not known; .*"),
        ("units.csv", "人,person,1", "人,person,0", r"units\.csv, line 2: a unit needs a word and a factor above zero"),
        ("no_quantities.csv", ",name,", ",noun,", r"no_quantities\.csv, line 2: verdict «noun» is not known; .*"),
        ("no_quantities.csv", "behind,", "beside,", r"no_quantities\.csv, line 2: place «beside» is not known; .*"),
        ("no_quantities.csv", "岁,", ",", r"no_quantities\.csv, line 2: an entry needs a word and a reason"),
        ("units.csv", "‰,percent,0.1", "‰,percent,‰", r"units\.csv, line 3: factor «‰» is not a number; .*"),
        ("bodies.csv", "fund,", "funds,", r"bodies\.csv, line 6: role «funds» is not known; .*"),
        ("bodies.csv", "fund,", "firm,", r"bodies\.csv, line 6: role «firm» has no words or stands twice; .*"),
        ("words.csv", "@dibao|", "@dibaos|", r"words\.csv, line 3: word group «@dibaos» is not defined above; .*"),
        ("words.csv", "assistance,", "dibao,", r"words\.csv, line 3: group «dibao» is not a new identifier; .*"),
        ("words.csv", "dibao,topic", "dibao,subject", r"words\.csv, line 2: kind «subject» is not known; .*"),
        ("aliases.csv", "dibao_standard,", "dibao,", r"aliases\.csv, line 2: indicator «dibao» is not in indicators\.csv; .*"),
        ("aliases.csv", ",标准,@dibao,", ",,,", r"aliases\.csv, line 2: an alias needs words, in the column own or near"),
        ("aliases.csv", "@dibao", "@dibaos", r"aliases\.csv, line 2: word group «@dibaos» is not defined above; .*"),
        ("aliases.csv", ",sentence,", ",page,", r"aliases\.csv, line 2: reach «page» is not known; use one of .*"),
        ("aliases.csv", ",CNY,", ",CNY RMB,", r"aliases\.csv, line 2: unit «RMB» is not known; .*"),
        ("places.csv", "511623,", "5116,", r"places\.csv, line 4: code «5116» is not six digits of GB/T 2260"),
        ("places.csv", ",county,", ",village,", r"places\.csv, line 4: level «village» is not known; .*"),
        ("places.csv", "1949", "long ago", r"places\.csv, line 2: valid_from «long ago» is not a number; .*"),
    ],
)  # fmt: skip
def test_a_bad_entry_names_its_line_and_what_to_do(folder: Path, file: str, good: str, bad: str, message: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert good in text
    (folder / file).write_text(text.replace(good, bad, 1), "utf-8")
    with pytest.raises(CatalogError) as caught:
        load_catalog(folder)
    assert re.fullmatch(message, str(caught.value)), str(caught.value)


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    with pytest.raises(CatalogError, match=rf"{file}: cannot be read .*; restore the file from the repository"):
        load_catalog(folder)


def test_the_same_code_twice_is_an_error(folder: Path) -> None:
    path = folder / "indicators.csv"
    path.write_text(path.read_text("utf-8") + path.read_text("utf-8").splitlines()[1] + "\n", "utf-8")
    with pytest.raises(CatalogError, match=r"line 3: code «dibao_standard»"):
        load_catalog(folder)


def test_the_version_changes_with_what_reading_depends_on(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    shutil.copytree(folder, other, dirs_exist_ok=True)
    assert load_catalog(folder).version == load_catalog(other).version
    changed = tmp_path_factory.mktemp("changed")
    shutil.copytree(folder, changed, dirs_exist_ok=True)
    with (changed / "units.csv").open("a", encoding="utf-8") as units:
        units.write("名,person,1\n")
    assert load_catalog(folder).version != load_catalog(changed).version


def test_the_projects_own_catalogue_is_good_and_read_once() -> None:
    catalog = load_catalog()
    assert catalog is load_catalog(CATALOG_FOLDER)
    assert len(catalog.indicators) >= 260
    assert {alias.indicator for alias in catalog.aliases} == set(catalog.indicators)
