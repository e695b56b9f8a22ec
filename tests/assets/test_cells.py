import datetime as dt

import polars as pl
import pytest
from made_pages import page, pages_of

from assets.cells import ELSEWHERE, cell_parts
from assets.home import Home, write_frame
from assets.incremental import IDENTITY, AllReadings, CityReadings
from bulletins.catalog import load_catalog
from bulletins.frames import LEDGER, OBSERVATIONS, empty
from bulletins.resolve import Resolution, resolve

CITIES = {"510100": "成都市", "320400": "常州市"}


def observation(
    key: str, bulletin: str, value: float, code: str | None, place: str, **fields: object
) -> dict[str, object]:
    return {
        "observation_key": key, "bulletin_key": bulletin, "start": 6, "end": 9, "text": f"{value:.0f}家", "value": value,
        "value_high": None, "unit": "item", "per": "", "qualifier": "exact", "measure": "level", "status": "actual",
        "year": 2021, "period": "annual", "time_period": "2021", "place": place, "place_code": code, "area": "all",
        "indicator": "", "label": "养老机构", "sentence": f"建成养老机构{value:.0f}家。",
    } | fields  # fmt: skip


#: Pages of Chengdu and Changzhou; each speaks of the other, of the country, and of a place without a code.
ROWS = [
    observation("1", "c", 22, "510100", "成都市"),
    observation("2", "c", 30, "320400", "常州市"),
    observation("3", "c", 40000, "000000", "全国"),
    observation("4", "c", 5, None, "高新区"),
    observation("5", "z", 31, "320400", "常州市"),
    observation("6", "z", 22, "510100", "成都市"),
    observation("7", "z", 41000, "000000", "全国"),
    observation("8", "z", 6, None, "高新区"),
    observation("9", "z-old", 29, "320400", "常州市"),
]


@pytest.fixture
def made(tmp_path) -> tuple[dict[str, object], pl.DataFrame, pl.DataFrame]:
    """The arguments of `cell_parts` for ROWS, with all observations and pages."""
    home = Home(tmp_path)
    pages = pages_of(
        page("c"),
        page("z") | {"place_code": "320400", "place": "常州市", "url": "http://z.invalid/1"},
        page("z-old")
        | {"place_code": "320400", "place": "常州市", "url": "http://z.invalid/1", "fetched_at": dt.datetime(2021, 5, 1, tzinfo=dt.UTC)},
    )  # fmt: skip
    observations = pl.DataFrame(ROWS, schema=dict(OBSERVATIONS))
    checked = {}
    for code in CITIES:
        of_city = pages.filter(pl.col("place_code") == code)
        write_frame(of_city, home.pages(code))
        read = observations.join(of_city, on="bulletin_key", how="semi")
        CityReadings(of_city.select(list(IDENTITY)), read, empty(LEDGER)).save(home.readings("v1", code))
        checked[code[:2]] = tmp_path / "checked" / f"{code}.parquet"
        write_frame(read, checked[code[:2]], origin=code)
    parts = AllReadings(home, "v1", tuple(CITIES)).parted(0)
    return {"checked": checked, "parts": parts}, observations, pages


def test_parts_resolve_to_the_same_as_the_whole(made):
    arguments, observations, pages = made
    whole = resolve(observations, pages, load_catalog())
    resolved = [resolve(part.observations(), part.pages(), load_catalog()) for part in cell_parts(**arguments)]
    assert whole.conflicts.height == 3  # Changzhou's homes, the country's, and those of the place without a code
    for name, key in (("facts", "cell_key"), ("conflicts", "cell_key"), ("observations", "observation_key")):
        joined = pl.concat(getattr(each, name) for each in resolved).sort(key)
        assert joined.equals(getattr(whole, name).sort(key)), name


def test_every_observation_is_in_one_part_that_is_named_after_its_province(made):
    arguments, _observations, _ = made
    parts = {part.name: part.observations()["observation_key"].sort().to_list() for part in cell_parts(**arguments)}
    assert parts == {"51": ["1", "6"], "32": ["2", "5", "9"], ELSEWHERE: ["3", "4", "7", "8"]}


def test_a_part_changes_with_what_others_say_of_its_places(made):
    arguments, observations, _ = made
    before = {part.name: part.origin for part in cell_parts(**arguments)}
    said = pl.when(pl.col("observation_key") == "6").then(23.0).otherwise("value")
    in_changzhou = observations.filter(pl.col("bulletin_key").str.starts_with("z")).with_columns(value=said)
    write_frame(in_changzhou, arguments["checked"]["32"], origin="another")
    after = {part.name: part.origin for part in cell_parts(**arguments)}
    assert after["51"] != before["51"]
    assert after["32"] != before["32"]
    assert after[ELSEWHERE] == before[ELSEWHERE]


def test_few_readings_are_one_part(made):
    arguments, _observations, _pages = made
    together = {"all": next(iter(arguments["checked"].values()))}
    (part,) = cell_parts(together, {"all": next(iter(arguments["parts"].values()))})
    assert part.name == "all"
    assert part.observations().height == 4
    assert isinstance(resolve(part.observations(), part.pages(), load_catalog()), Resolution)
