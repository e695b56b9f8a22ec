import datetime as dt
from collections.abc import Iterator

import polars as pl
import pytest
from made_pages import page, pages_of

from assets.home import Home, fingerprint, origin_of, write_frame
from assets.incremental import BATCH, AllReadings, CityReadings, read_in_batches
from bulletins.frames import LEDGER, OBSERVATIONS, PAGES, empty
from bulletins.read import Reading


class Reader:
    """Reads one number of every page, and counts what it was asked to read."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, pages: pl.DataFrame) -> Reading:
        keys = pages["bulletin_key"].to_list()
        if "broken" in pages["title"]:
            raise RuntimeError("cannot read this")
        self.asked += keys
        number = {"start": 6, "end": 9, "text": "22家"}
        ledger = [{"bulletin_key": key, **number, "verdict": "observation", "reason": ""} for key in keys]
        observations = [
            {**dict.fromkeys(OBSERVATIONS), "observation_key": "o" + key, "bulletin_key": key, **number} for key in keys
        ]
        return Reading(pl.DataFrame(observations, schema=dict(OBSERVATIONS)), pl.DataFrame(ledger, schema=dict(LEDGER)))


@pytest.fixture
def nothing(tmp_path) -> CityReadings:
    return CityReadings.load(tmp_path / "none")


def night(before: CityReadings, pages: pl.DataFrame, reader: Reader) -> CityReadings:
    unread = before.unread(pages)
    ((reading, broken),) = read_in_batches([unread], reader)
    return before.updated(pages, unread.join(broken, on="bulletin_key", how="anti"), reading)


def test_a_page_is_read_once(nothing, tmp_path):
    reader, pages = Reader(), pages_of(page("a"), page("b"))
    night(nothing, pages, reader).save(tmp_path / "city")
    second = night(CityReadings.load(tmp_path / "city"), pages, reader)
    assert reader.asked == ["a", "b"]
    assert second.observations["observation_key"].to_list() == ["oa", "ob"]


def test_only_the_new_version_is_read_and_the_old_one_stays(nothing):
    reader = Reader()
    first = night(nothing, pages_of(page("a")), reader)
    second = night(first, pages_of(page("a"), page("a2")), reader)
    assert reader.asked == ["a", "a2"]
    assert second.ledger["bulletin_key"].to_list() == ["a", "a2"]


def test_a_page_whose_date_or_title_was_mended_is_read_again_and_not_doubled(nothing):
    reader = Reader()
    first = night(nothing, pages_of(page("a"), page("b")), reader)
    second = night(first, pages_of(page("a", title="2021年工作总结"), page("b")), reader)
    assert reader.asked == ["a", "b", "a"]
    assert second.observations["bulletin_key"].to_list() == ["a", "b"]
    assert second.pages.filter(pl.col("bulletin_key") == "a")["title"].to_list() == ["2021年工作总结"]


def test_a_page_that_left_the_source_list_takes_its_readings_with_it(nothing):
    first = night(nothing, pages_of(page("a"), page("b")), Reader())
    second = night(first, pages_of(page("b")), Reader())
    assert second.observations["bulletin_key"].to_list() == ["b"]
    assert second.ledger["bulletin_key"].to_list() == ["b"]


def test_a_page_that_stops_the_reader_is_named_and_the_others_are_read(nothing):
    pages, reader = pages_of(page("a"), page("x", title="broken"), page("b")), Reader()
    ((reading, broken),) = read_in_batches([pages], reader)
    assert broken.select("url", "detail").rows() == [
        (
            "http://bureau.invalid/x.html",
            "the reader failed (RuntimeError: cannot read this); report the page, it is tried again",
        )
    ]
    after = nothing.updated(pages, pages.join(broken, on="bulletin_key", how="anti"), reading)
    assert after.observations["bulletin_key"].to_list() == ["a", "b"]
    assert after.unread(pages)["bulletin_key"].to_list() == ["x"]


def test_no_pages_read_as_no_rows():
    ((reading, broken),) = read_in_batches([empty(PAGES)], Reader())
    assert reading.observations.schema == pl.Schema(OBSERVATIONS)
    assert broken.is_empty()


def test_what_was_read_comes_city_by_city_and_few_wait():
    asked: list[int] = []

    def cities() -> Iterator[pl.DataFrame]:
        for number, pages in enumerate((0, 1, 0, 2 * BATCH + 1, 3, 0)):
            asked.append(number)
            yield pages_of(*(page(f"{number}-{each}") for each in range(pages))) if pages else empty(PAGES)

    come = []
    for reading, broken in read_in_batches(cities(), Reader()):
        come.append([*sorted(set(reading.observations["bulletin_key"].str.head(2))), reading.observations.height])
        assert broken.is_empty()
        assert len(asked) <= len(come) + 1
    assert come == [[0], ["1-", 1], [0], ["3-", 2 * BATCH + 1], ["4-", 3], [0]]


def test_readings_cut_short_before_their_pages_were_written_count_as_unread(nothing, tmp_path):
    pages, folder = pages_of(page("a")), tmp_path / "city"
    night(nothing, pages, Reader()).save(folder)
    (folder / "pages.parquet").unlink()
    again = night(CityReadings.load(folder), pages, reader := Reader())
    assert reader.asked == ["a"]
    assert again.observations.height == 1


def test_the_origin_of_all_readings_changes_with_any_of_them(nothing, tmp_path):
    home, codes = Home(tmp_path), ("510100", "511600")
    night(nothing, pages_of(page("a")), Reader()).save(home.readings("v1", "510100"))
    before = AllReadings(home, "v1", codes).origin
    night(nothing, pages_of(page("c")), Reader()).save(home.readings("v1", "511600"))
    after = AllReadings(home, "v1", codes)
    assert before != after.origin
    assert after.observations()["bulletin_key"].to_list() == ["a", "c"]
    assert origin_of(home.readings("v1", "511600") / "pages.parquet") == after.inputs["readings/511600"]
    assert AllReadings(home, "v2", codes).observations().is_empty()


def test_a_page_that_is_put_back_as_it_was_changes_the_origin_though_nothing_is_read(nothing, tmp_path):
    home, night_before = Home(tmp_path), dt.datetime(2022, 2, 1, tzinfo=dt.UTC)
    first, corrected = page("first"), page("corrected") | {"fetched_at": night_before + dt.timedelta(days=1)}
    put_back = first | {"fetched_at": night_before + dt.timedelta(days=2)}
    origins = []
    for versions in ([first, corrected], [put_back, corrected]):
        pages = pages_of(*versions)
        write_frame(pages, home.pages("510100"), fingerprint(pages.write_csv()))
        night(CityReadings.load(home.readings("v1", "510100")), pages, Reader()).save(home.readings("v1", "510100"))
        origins.append(AllReadings(home, "v1", ("510100",)).origin)
    assert origins[0] != origins[1]


def test_few_readings_stay_together_and_many_are_parted_by_province(nothing, tmp_path):
    home, codes = Home(tmp_path), ("320400", "510100", "511600")
    for code in codes:
        night(nothing, pages_of(page(f"a{code}"), page(f"b{code}")), Reader()).save(home.readings("v1", code))
    readings = AllReadings(home, "v1", codes)
    assert readings.parted(6) == {"all": readings}
    parts = readings.parted(5)
    assert {name: part.place_codes for name, part in parts.items()} == {"32": ("320400",), "51": ("510100", "511600")}
    assert pl.concat(part.observations() for part in parts.values()).equals(readings.observations())
    before = {name: part.origin for name, part in parts.items()}
    night(nothing, pages_of(page("c")), Reader()).save(home.readings("v1", "510100"))
    after = AllReadings(home, "v1", codes).parted(4)
    assert after["32"].origin == before["32"]
    assert after["51"].origin != before["51"]
