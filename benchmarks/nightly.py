"""What a night costs, from the snapshots of a made-up country to the release: a first night, a quiet one, and one changed page.

    python -m benchmarks.nightly [--cities 34 …] [--years 15] [--pages 12] [--home DIR]

The country is made from a seed: real cities, invented figures, sentences of the shape of bulletins. Its pages are put into a snapshot
store as if they had been fetched; then `minzheng run --offline` runs three times, each in a process of its own. Per stage: seconds,
processor seconds, pages and megabytes of HTML a second, and the highest memory of the process and all that it started; beside them the
floor of the same machine: parsing the same HTML, and writing the readings as Parquet. `--cities 340` is the whole country (61,200
pages); `--cities 34 340` shows how it grows. What fetching costs is in `fetching.py`.

A made-up page has 37 observations in 1,600 characters of text, 23 in a thousand characters and 5.9 in a kilobyte of HTML. Real annual
bulletins have 43 to 75 in 2,200 to 5,000 characters: 18 in a thousand characters, 6.3 in a kilobyte. So a page here is as dense as a
real one and half as long; most of the twelve that a bureau publishes in a year say less than its annual bulletin.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import polars as pl
import yaml

from assets.home import Home
from bulletins.catalog import load_catalog
from bulletins.pages.page import read_html
from bulletins.places import Place
from bulletins.version import READER_VERSION
from fetching.pages import text_hash
from fetching.snapshots import Retrieval, SnapshotStore
from pipelines.instance import open_instance

SEED = 1978
LEVELS = ("prefecture", "county")
SEEN = dt.datetime(2026, 3, 1, 18, tzinfo=dt.UTC)
TITLES = (
    "{place}民政局{year}年工作总结",
    "{year}年{place}民政工作要点",
    "{place}{year}年上半年民政工作总结",
    "{place}民政动态：{year}年第{n}期",
)
SENTENCES = (
    "{year}年，全市城乡低保对象{a}万户、{b}万人，累计发放低保金{c}亿元。",
    "城市低保标准由每人每月5{d}元提高到6{d}元，农村低保标准提高到每人每年6{f}0元。",
    "特困人员基本生活标准提高到每人每月8{g}元，集中供养{h}人，分散供养{i}人。",
    "实施临时救助{j}人次，支出资金{k}万元，人均救助水平较上年增长{l}%。",
    "全市建成养老机构{m}家，养老床位{n}张，其中护理型床位占比达到{o}%。",
    "新增老年助餐点{p}个，完成适老化改造{q}户，惠及老年人{r}余人次。",
    "全市共有孤儿{s}名、事实无人抚养儿童{t}名，孤儿集中养育标准每人每月16{u}元。",
    "发放残疾人两项补贴{v}万元，惠及{w}万人。",
    "登记社会组织{x}家，其中社会团体{y}家、民办非企业单位{z}家。",
    "办理结婚登记{aa}对、离婚登记{ab}对，登记合格率{ac}%。",
    "火化遗体{ad}具，建成公益性公墓{ae}处，惠民殡葬支出{af}万元。",
    "募集慈善款物{ag}万元，救助困难群众{ah}人，注册志愿者{ai}万人。",
    "力争到{next}年，社区养老服务设施覆盖率达到{aj}%，新建街道综合养老服务中心{ak}个。",
)
PROSE = (
    "全市民政系统深入学习，凝心聚力，扎实推进各项工作，人民群众的获得感不断增强。",
    "坚持以人民为中心的发展思想，健全分层分类的社会救助体系，兜住兜准兜牢民生底线。",
    "各级民政部门主动作为，加强部门协作，完善工作机制，推动各项政策落地见效。",
)
FURNITURE = "".join(f"<li><a href='/x{number}.html'>{2000 + number}年度工作要闻</a></li>" for number in range(25))


class Figures(dict[str, str]):
    """Invents a figure for every name that a sentence asks for: each city has its size, and grows a little every year.

    So the bulletins of a city and year agree, and years follow each other, as real ones mostly do.
    """

    def __init__(self, place: Place, year: int) -> None:
        super().__init__(year=str(year), next=str(year + 1))
        self._place, self._year = place.code, year

    def __missing__(self, name: str) -> str:
        rng = random.Random(f"{SEED} {self._place} {name}")
        grown = (1 + rng.uniform(0, 0.04)) ** (self._year - 2000)
        return f"{rng.uniform(0.5, 20) * grown:.2f}" if name in "abc" else str(int(rng.uniform(30, 60) * grown))


def page_of(place: Place, year: int, number: int) -> tuple[str, bytes]:
    """The title and the HTML of one bulletin, some 9 kB, always the same for the same place, year and number."""
    rng = random.Random(f"{SEED} {place.code} {year} {number}")
    title = TITLES[number % len(TITLES)].format(place=place.name, year=year, n=number)
    told = [sentence.format_map(Figures(place, year)) for sentence in rng.sample(SENTENCES, len(SENTENCES))]
    told += rng.choices(PROSE, k=30)
    rng.shuffle(told)
    paragraphs = "".join(f"<p>　　{''.join(told[start : start + 5])}</p>" for start in range(0, len(told), 5))
    return title, (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title></head><body><ul>{FURNITURE}</ul>"
        f"<h1>{title}</h1><p>发布时间：{year + 1}-01-{number + 10:02d}</p><div class='TRS_Editor'>{paragraphs}</div>"
        f"<div class='footer'>ICP备{place.code}号 电话：028-{place.code}</div></body></html>"
    ).encode()


def address(place: Place, year: int, number: int) -> str:
    return f"http://{place.code}.example/art/{year}/{number}.html"


def store_pages(
    home: Home, pages: Iterator[tuple[Place, int, int]], outcome: str, when: dt.datetime, mark: str = ""
) -> int:
    """Put pages into the snapshot store as a crawl would have; return how many bytes they are."""
    store, rows, total = SnapshotStore(home.lake), [], 0
    for count, (place, year, number) in enumerate(pages):
        title, body = page_of(place, year, number)
        body = body.replace(b"</p></div>", f"{mark}</p></div>".encode()) if mark else body
        sha256, url = store.put(body), address(place, year, number)
        rows.append(
            Retrieval(
                f"{when:%Y%m%d}-{count:06d}", when, f"b{place.code}", url, url, "page", outcome, title=title, status=200,
                headers='{"content-type": "text/html"}', body_sha256=sha256, snapshot_sha256=sha256,
                text_sha256=text_hash(url + mark), bytes=len(body),
            )
        )  # fmt: skip
        total += len(body)
    store.append(rows)
    return total


def write_sources(places: Sequence[Place], file: Path) -> None:
    """A source list of a bureau for every place."""
    sources = [
        {
            "id": f"b{place.code}",
            "place": place.code,
            "publisher": f"{place.name}民政局",
            "list_pages": [f"http://{place.code}.example/"],
            "follow": {"url": "/art/"},
            "body": "div.TRS_Editor",
        }
        for place in places
    ]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.safe_dump({"contact": "bench@example.org", "sources": sources}, allow_unicode=True), "utf-8")


@dataclass(frozen=True)
class Night:
    """What one run cost, as a whole and each step of it."""

    whole: Cost
    steps: Mapping[str, Cost]


@dataclass(frozen=True)
class Cost:
    """Wall seconds, processor seconds, and the highest memory of the run's process and those below it together.

    Memory that processes share counts once for each, so the figure is an upper bound.
    """

    seconds: float
    processor_seconds: float
    peak_bytes: int

    @classmethod
    def between(cls, begin: float, end: float, seen: Sequence[Sample]) -> Cost:
        """What the samples between two moments say."""
        used = [processor for when, processor, _ in seen if when <= end]
        before = max((processor for when, processor, _ in seen if when <= begin), default=0.0)
        memory = max((memory for when, _, memory in seen if begin <= when <= end), default=0)
        return cls(end - begin, max(used, default=0.0) - before, memory)


#: A moment, the processor seconds used up to it, and the memory held at it in bytes.
Sample = tuple[float, float, int]


def run_night(home: Home, sources: Path) -> Night:
    """Run `minzheng run --offline` in a process of its own, and watch its memory."""
    command = [
        sys.executable,
        "-c",
        "from pipelines.cli import main; main()",
        "run",
        "--offline",
        "--sources",
        str(sources),
    ]
    environment = {**os.environ, "MINZHENG_HOME": str(home.folder)}
    environment.pop("DAGSTER_HOME", None)
    started = time.time()
    seen: list[Sample] = []
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    watcher = threading.Thread(target=_watch, args=(process, seen))
    watcher.start()
    said, _ = process.communicate()
    watcher.join()
    ended = time.time()
    if process.returncode not in (0, 3):
        raise SystemExit(f"the run failed:\n{said}")
    steps = {step: Cost.between(begin, end, seen) for step, (begin, end) in _step_times(home).items()}
    return Night(Cost.between(started, ended, seen), steps)


def _watch(process: subprocess.Popen[str], seen: list[Sample]) -> None:
    """Note what a process and those below it use, ten times a second."""
    ticks, page_size = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
    while process.poll() is None:
        used = memory = 0
        for identifier in _with_descendants(process.pid):
            try:
                fields = Path(f"/proc/{identifier}/stat").read_text("ascii").rsplit(")", 1)[1].split()
            except OSError:
                continue
            used += sum(map(int, fields[11:15]))  # its own and, once they ended, its children's
            memory += int(fields[21]) * page_size
        seen.append((time.time(), used / ticks, memory))
        time.sleep(0.1)


def _with_descendants(identifier: int) -> Iterator[int]:
    yield identifier
    for children in Path(f"/proc/{identifier}/task").glob("*/children"):
        try:
            below = children.read_text("ascii").split()
        except OSError:
            continue
        for child in below:
            yield from _with_descendants(int(child))


def _step_times(home: Home) -> dict[str, tuple[float, float]]:
    """When each step of the last run began and ended."""
    times: dict[str, tuple[float, float]] = {}
    with open_instance(home) as instance:
        run = instance.get_run_records(limit=1)[0].dagster_run
        for stats in instance.get_run_step_stats(run.run_id):
            if stats.start_time and stats.end_time:
                times[stats.step_key] = (stats.start_time, stats.end_time)
    return dict(sorted(times.items(), key=lambda item: item[1]))


def floors(home: Home, places: Sequence[Place], years: Sequence[int], pages: int) -> None:
    """Print what parsing the HTML alone and writing the readings alone cost on this machine."""
    sample = [page_of(place, years[0], number)[1] for place in places[:20] for number in range(pages)]
    started = time.process_time()
    for body in sample:
        read_html(body, body_selector="div.TRS_Editor")
    each = (time.process_time() - started) / len(sample)
    total = len(places) * len(years) * pages
    print(f"floor: parse the HTML of {total:,} pages {each * total:8.1f} s of one core")
    codes = [place.code for place in places]
    frame = pl.concat(pl.read_parquet(home.readings(READER_VERSION, code) / "observations.parquet") for code in codes)
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        frame.write_parquet(Path(folder) / "all.parquet")
    print(f"floor: write {frame.height:,} observations as Parquet {time.perf_counter() - started:8.1f} s")


def show(name: str, night: Night, pages: int, size: int) -> None:
    """Print a table of what a night cost, a line a step and one for the whole."""
    print(f"\n{name:<18}{'s':>8}{'share':>7}{'cpu s':>8}{'MB':>8}{'pages/s':>9}{'MB/s':>7}")
    for step, cost in {**night.steps, "all": night.whole}.items():
        seconds = max(cost.seconds, 0.01)
        print(
            f"  {step:<16}{seconds:8.1f}{seconds / night.whole.seconds:7.0%}{cost.processor_seconds:8.1f}"
            f"{cost.peak_bytes / 1e6:8,.0f}{pages / seconds:9,.0f}{size / 1e6 / seconds:7.1f}"
        )


def measure(home: Home, places: Sequence[Place], years: Sequence[int], pages: int) -> None:
    """Make a country of these places, run its three nights, and print what they cost."""
    sources = home.folder / "sources.yaml"
    write_sources(places, sources)
    every = [(place, year, number) for place in places for year in years for number in range(pages)]
    size = store_pages(home, iter(every), "NEW", SEEN)
    print(f"\n{len(places)} cities, {len(every):,} pages, {size / 1e6:,.0f} MB of HTML, dagster {dg.__version__}")
    show("first night", run_night(home, sources), len(every), size)
    show("quiet night", run_night(home, sources), len(every), size)
    store_pages(home, iter(every[:1]), "CHANGED", SEEN + dt.timedelta(days=1), "（本期更正：养老机构共77家。）")
    show("one changed page", run_night(home, sources), len(every), size)
    floors(home, places, years, pages)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--cities", type=int, nargs="+", default=[34])
    parser.add_argument("--years", type=int, default=15)
    parser.add_argument("--pages", type=int, default=12, help="a city and year")
    parser.add_argument("--home", type=Path, help="keep the data here instead of in a folder that is removed")
    arguments = parser.parse_args()
    # All prefectures, and after them counties.
    places = sorted(
        (place for place in load_catalog().places.all if place.level in LEVELS and place.in_force(None)),
        key=lambda place: (LEVELS.index(place.level), place.code),
    )
    for cities in arguments.cities:
        with tempfile.TemporaryDirectory() as scratch:
            home = Home((arguments.home or Path(scratch)).absolute() / str(cities))
            measure(home, places[:cities], list(range(2025 - arguments.years, 2025)), arguments.pages)


if __name__ == "__main__":
    main()
