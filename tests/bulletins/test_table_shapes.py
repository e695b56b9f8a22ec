"""Tables in many shapes, as web pages: whose, when, in which unit and of what each figure is.

A case is a title, rows of cells parted by `|` (`>n` behind a cell spans n columns, `vn` n rows; a blank cell in a covered place is left
out by hand), and what is to be read of some of its figures: text, value, unit, period, place, area, indicator.
"""

from __future__ import annotations

import datetime as dt
import re
from html import escape
from typing import NamedTuple

import polars as pl
import pytest

from bulletins.catalog import load_catalog
from bulletins.frames import LEAST_CERTAINTY, PAGES, Reading, conform
from bulletins.pages.page import read_html
from bulletins.read import read_pages
from bulletins.tables.grid import dumps

CATALOG = load_catalog()


class Case(NamedTuple):
    """A page with one table and what is to be read of it."""

    name: str
    title: str
    rows: str
    expect: str
    before: str = ""
    place: str = "衡阳市"
    published: str = "2024-01-20"
    never: str = ""


CASES = [
    Case(
        "years as rows",
        "历年民政事业基本情况",
        "年份|社会福利院数(个)|结婚登记(万对)\n2019|5|3.1\n2021|6|2.7",
        "5 5 item 2019 衡阳市 all social_welfare_homes\n2.7 27000 couple 2021 衡阳市 all marriages",
    ),
    Case(
        "months as rows, with their sum",
        "2023年婚姻登记情况",
        "月份|结婚登记|离婚登记\n1月|812|301\n2月|745|289\n合计|1557|590",
        "812 812 couple 2023-01 衡阳市 all marriages\n590 590 couple 2023 衡阳市 all divorces",
    ),
    Case(
        "quarters below years",
        "民政统计",
        "指标v2|2022年>2|2023年>2\n一季度|二季度|一季度|二季度\n结婚登记(对)|800|810|900|910",
        "810 810 couple 2022-Q2 衡阳市 all marriages\n900 900 couple 2023-Q1 衡阳市 all marriages",
    ),
    Case(
        "the quarter before and the same of last year",
        "2023年第二季度民政统计季报",
        "指标名称|计量单位|代码|本季|上季度|环比(%)|上年同期|同比(%)\n一、城市低保|—|—|||||\n保障户数|户|A01|1200|1190|0.84|1300|-7.7",
        "1200 1200 household 2023-Q2 衡阳市 urban dibao_households\n1190 1190 household 2023-Q1 衡阳市 urban dibao_households\n"
        "1300 1300 household 2022-Q2 衡阳市 urban dibao_households\n-7.7 -7.7 percent 2023-Q2 衡阳市 urban dibao_households",
        published="2023-07-20",
        never="A01",
    ),
    Case(
        "January's last month is of the year before",
        "2020年1月民政统计月报",
        "指标名称|单位|数量|上期\n镇|个|653|651\n街道|个|184|180",
        "653 653 item 2020-01 衡阳市 all towns\n180 180 item 2019 衡阳市 all subdistricts",
        published="2020-02-18",
    ),
    Case(
        "standards by the month and by the year under one head",
        "衡阳市2023年城乡低保、特困供养标准一览表",
        "县（市、区）v2|城市低保标准>2|特困人员基本生活标准>2\n月标准|年标准|城市|农村\n珠晖区|700|8400|910|630",
        "700 700 CNY/month 2023 珠晖区 urban dibao_standard\n8400 8400 CNY/year 2023 珠晖区 urban dibao_standard\n"
        "630 630 CNY/month 2023 珠晖区 rural tekun_standard",
    ),
    Case(
        "what is paid by the month is a standard whatever the head leaves out",
        "2023年社会救助标准表",
        "地区|城市低保|农村低保|特困集中供养|全护理\n珠晖区|700|480|1200|500",
        "700 700 CNY/month 2023 珠晖区 urban dibao_standard\n1200 1200 CNY/month 2023 珠晖区 all tekun_standard\n"
        "500 500 CNY/month 2023 珠晖区 all tekun_care_standard",
        before="单位：元/人·月",
    ),
    Case(
        "a name with its kind in brackets states no unit",
        "2023年孤儿情况",
        "县区|人数\n珠晖区(区)|12\n衡阳县(县)|20",
        "12 12 person 2023 珠晖区 all orphans",
    ),
    Case(
        "institutions are not their sort",
        "2023年养老机构基本情况",
        "序号|机构名称|地址|床位数|入住老人|联系电话\n1|衡阳市社会福利院|珠晖区东风路1号|300|210|0734-8888888\n2|夕阳红养老公寓|雁峰区白沙路|120|80|0734-8888889",
        "300 300 bed 2023 衡阳市 all -\n80 80 person 2023 衡阳市 all -",
        never="8888888",
    ),
    Case(
        "donors are not the city",
        "2023年5月慈善捐赠公示",
        "序号|捐赠单位|捐赠金额（元）|捐赠日期\n1|衡阳市某某实业有限公司|100000|2023-05-01\n2|某某基金会|500|2023-05-03",
        "100000 100000 CNY 2023-05 衡阳市 all -",
    ),
    Case(
        "towns and villages keep their names",
        "德化县2023年12月农村低保情况表",
        "乡镇（街道）|低保户数|低保人数\n龙浔镇|164|291\n水口村|2|5\n合 计|166|296",
        "164 164 household 2023 龙浔镇 rural dibao_households\n5 5 person 2023 水口村 rural dibao_persons\n"
        "296 296 person 2023 德化县 rural dibao_persons",
        place="德化县",
    ),
    Case(
        "points are no figures, what was to be reached is a target",
        "2023年度困难群众救助补助资金绩效自评表",
        "一级指标|三级指标|年度指标值|实际完成值|分值|得分\n产出v2|保障低保人数|≥5000人|5120人|10|9.8\n发放低保资金|3000万元|2980万元|10|9.9",
        "5000人 5000 person 2023 衡阳市 all dibao_persons\n2980万元 29800000 CNY 2023 衡阳市 all dibao_funds",
        never="9.8 9.9",
    ),
    Case(
        "tasks and ranks",
        "2023年适老化改造任务完成情况",
        "县区|年度任务数|已完成数|完成率|排名\n珠晖区|100|120|120%|1\n雁峰区|100|90|90%|2",
        "120 120 household 2023 珠晖区 all elderly_home_adaptations\n90% 90 percent 2023 雁峰区 all -",
        before="单位：户",
    ),
    Case(
        "name and value in turn, without a head",
        "2023年民政统计",
        "孤儿|312人|养老机构|45个\n结婚登记|8011对|低保金|1234万元",
        "312人 312 person 2023 衡阳市 all orphans\n45个 45 item 2023 衡阳市 all elderly_institutions\n"
        "1234万元 12340000 CNY 2023 衡阳市 all dibao_funds",
    ),
    Case(
        "two numbers in a cell of households and persons",
        "2023年民政统计",
        "项目|单位|数量\n城市低保对象|户/人|1200/2300\n孤儿|人|31",
        "1200 1200 household 2023 衡阳市 urban dibao_households\n2300 2300 person 2023 衡阳市 urban dibao_persons\n"
        "31 31 person 2023 衡阳市 all orphans",
    ),
    Case(
        "a part speaks for itself alone, and keeps the area of its whole",
        "2023年民政统计",
        "项目|单位|合计|珠晖区\n城市低保人数|人|900|312\n其中：女|人|400|100",
        "400 400 person 2023 衡阳市 urban -\n100 100 person 2023 珠晖区 urban -",
    ),
    Case(
        "sorts of homes beside their sum",
        "2022年养老机构情况",
        "机构类别|机构数（个）|床位数（张）\n合计|120|9000\n社会福利院|5|1200\n敬老院|80|5000",
        "9000 9000 bed 2022 衡阳市 all elderly_beds\n5000 5000 bed 2022 衡阳市 all -\n80 80 item 2022 衡阳市 all elderly_nursing_homes",
    ),
    Case(
        "a second table under its title, with the same head",
        "2023年民政统计",
        "表1 孤儿情况>2\n县区|人数(人)\n珠晖区|31\n雁峰区|42\n表2 城市低保情况>2\n县区|人数(人)\n珠晖区|120\n雁峰区|140",
        "31 31 person 2023 珠晖区 all orphans\n140 140 person 2023 雁峰区 urban dibao_persons",
    ),
    Case(
        "change in the unit of the row, told by what adds up",
        "2023年民政统计",
        "指标|单位|2022年|2023年|增减\n孤儿|人|320|312|-8\n养老机构|个|45|47|2",
        "-8 -8 person 2023 衡阳市 all orphans\n2 2 item 2023 衡阳市 all elderly_institutions",
    ),
    Case(
        "change in per cent, told by what adds up",
        "2023年民政统计",
        "指标|单位|2022年|2023年|增减\n孤儿|人|320|312|-2.5\n养老机构|个|40|47|17.5",
        "-2.5 -2.5 percent 2023 衡阳市 all orphans\n17.5 17.5 percent 2023 衡阳市 all elderly_institutions",
    ),
    Case(
        "years in the second column",
        "民政统计",
        "指标|年份|单位|数值\n孤儿|2021|人|320\n孤儿|2022|人|312",
        "320 320 person 2021 衡阳市 all orphans\n312 312 person 2022 衡阳市 all orphans",
        never="2021 2022",
    ),
    Case(
        "the ends of two plans",
        "民政统计",
        "指标|单位|十二五末|十三五末\n养老床位|张|7000|9000",
        "7000 7000 bed 2015 衡阳市 all elderly_beds\n9000 9000 bed 2020 衡阳市 all elderly_beds",
    ),
    Case(
        "units in a row of their own",
        "2023年民政统计",
        "地区v2|低保对象|低保资金\n万人|亿元\n衡阳市|1.2|4.3",
        "1.2 12000 person 2023 衡阳市 all dibao_persons\n4.3 430000000 CNY 2023 衡阳市 all dibao_funds",
    ),
    Case(
        "the month stands in the caption",
        "农村低保发放情况",
        "县区|户数|人数|金额（万元）\n珠晖区|120|300|55.1",
        "300 300 person 2023-05 珠晖区 rural dibao_persons\n55.1 551000 CNY 2023-05 珠晖区 rural dibao_funds",
        before="2023年5月农村低保资金发放情况表",
        published="2023-06-05",
    ),
    Case(
        "a form of names and values side by side",
        "衡阳市民政局2023年度基本情况表",
        "单位名称|衡阳市民政局|填报时间|2024年1月\n农村低保人数|2.83万人|城市低保标准|700元/月\n特困人员|7804人|其中:集中供养|1102人",
        "2.83万人 28300 person 2023 衡阳市 rural dibao_persons\n700元/月 700 CNY/month 2023 衡阳市 urban dibao_standard\n"
        "1102人 1102 person 2023 衡阳市 all tekun_central_persons",
    ),
    Case(
        "standards by the day from which they are in force",
        "衡阳市历年城乡低保标准",
        "执行时间|城市(元/人·月)|农村(元/人·年)\n2019年7月|540|4320\n2020年7月1日|590|4920\n2021年7月起|630|5520",
        "540 540 CNY/month 2019 衡阳市 urban dibao_standard\n4920 4920 CNY/year 2020 衡阳市 rural dibao_standard\n"
        "630 630 CNY/month 2021 衡阳市 urban dibao_standard",
    ),
    Case(
        "one caption with a unit for sums and one for averages",
        "2022年8月城乡低保情况",
        "县区v2|城市低保>3\n人数|当月支出|人均补差\n珠晖区|1031|45.1|437.4",
        "1031 1031 person 2022-08 珠晖区 urban dibao_persons\n45.1 451000 CNY 2022-08 珠晖区 urban dibao_funds\n"
        "437.4 437.4 CNY/month 2022-08 珠晖区 urban dibao_benefit_average",
        before="单位:人、万元、元",
    ),
    Case(
        "by whom a fund is paid is a part of it",
        "衡阳市2023年困难群众救助补助资金分配表",
        "县区|合计|中央资金|省级资金\n珠晖区|7485|6480|1005\n雁峰区|4740|4105|635",
        "7485 74850000 CNY 2023 珠晖区 all needy_funds\n6480 64800000 CNY 2023 珠晖区 all -\n635 6350000 CNY 2023 雁峰区 all -",
        before="单位:万元",
    ),
    Case(
        "grades that one code would hold twice",
        "2023年5月残疾人两项补贴发放情况",
        "乡镇v2|重度残疾人护理补贴>2\n一级人数|二级人数\n岭坡乡|201|388\n三塘镇|455|902",
        "201 201 person 2023-05 岭坡乡 all -\n902 902 person 2023-05 三塘镇 all -",
    ),
    Case(
        "shares of completion and changes are of the period that was told",
        "2023年民生实事进展情况",
        "项目|单位|年度目标|1—11月完成|上年同期完成|同比增长(%)|完成率\n完成适老化改造|户|1200|1183|1100|7.5|98.6%",
        "1200 1200 household 2023 衡阳市 all elderly_home_adaptations\n"
        "1183 1183 household 2023-01-01/P11M 衡阳市 all elderly_home_adaptations\n"
        "7.5 7.5 percent 2023-01-01/P11M 衡阳市 all elderly_home_adaptations\n98.6% 98.6 percent 2023-01-01/P11M 衡阳市 all -",
    ),
    Case(
        "kinds of divisions under the head of them all",
        "2022年行政区划统计表",
        "地区v2|乡级行政区划>4|社区居委会v2\n小计|街道|镇|乡\n衡南县|22|7|14|1|41",
        "7 7 item 2022 衡南县 all subdistricts\n14 14 item 2022 衡南县 all towns\n1 1 item 2022 衡南县 all townships",
        before="单位:个",
    ),
    Case(
        "digits in groups beside a name that is spread",
        "主要年份民政事业基本情况",
        "指 标|2021|2022\n城镇低保人数(人)|38 212|35 104\n#女 性|16 870|15 602",
        "38 212 38212 person 2021 衡阳市 urban dibao_persons\n15 602 15602 person 2022 衡阳市 urban -",
    ),
    Case(
        "everybody is no old people, whatever the title",
        "衡阳市2023年末户籍老年人口分布",
        "县区v2|总人口(人)v2|60岁及以上>2\n人数(人)|占总人口(%)\n珠晖区|84120|33410|39.7",
        "84120 84120 person 2023 珠晖区 all -\n33410 33410 person 2023 珠晖区 all elderly_population\n"
        "39.7 39.7 percent 2023 珠晖区 all elderly_population_share",
    ),
    Case(
        "the line over a form with the day on which it was filled in",
        "2021年7月城市低保统计表",
        "填表单位:衡阳市民政局|单位:人、元|填表日期:2021年8月3日\n地区|低保对象人数|低保标准\n珠晖区|520|670",
        "520 520 person 2021-07 珠晖区 urban dibao_persons\n670 670 CNY/month 2021-07 珠晖区 urban dibao_standard",
    ),
    Case(
        "homes with the town where they stand",
        "2023年养老服务机构一览表",
        "序号|街道|机构名称|床位(张)|入住老人(人)\n1|茶山坳镇|茶山坳镇敬老院|120|66",
        "120 120 bed 2023 衡阳市 all -\n66 66 person 2023 衡阳市 all -",
    ),
    Case(
        "halves under heads of their own",
        "2020年民政数据",
        "社会救助>3|社会事务>3\n指标|单位|数值|指标|单位|数值\n特困人员|人|4211|结婚登记|对|1822\n孤儿|人|96|离婚登记|对|603",
        "4211 4211 person 2020 衡阳市 all tekun_persons\n603 603 couple 2020 衡阳市 all divorces",
        published="2021-01-20",
    ),
    Case(
        "two digits of a year",
        "衡阳市2022年民政统计",
        "指标|单位|21年|22年\n孤儿|人|60|56",
        "60 60 person 2021 衡阳市 all orphans\n56 56 person 2022 衡阳市 all orphans",
        published="2023-01-20",
    ),
    Case(
        "budgets are plans, and the one that replaces another is one, too",
        "2022年度民政专项资金预算执行情况表",
        "项目名称|年初预算数|调整预算数|实际支出数|执行率(%)\n临时救助|2000|2450|2433.7|99.3",
        "2000 20000000 CNY 2022 衡阳市 all temporary_assistance_funds\n2450 24500000 CNY 2022 衡阳市 all temporary_assistance_funds\n"
        "99.3 99.3 percent 2022 衡阳市 all -",
        before="金额单位：万元",
        published="2023-03-20",
    ),
    Case(
        "a town whose name ends in 城镇, and classes within pairs",
        "2022年农村低保分乡镇统计表",
        "乡镇|户/人|其中:A类(人)\n金城镇|201/320|41\n三塘镇|388/602|77",
        "201 201 household 2022 金城镇 rural dibao_households\n320 320 person 2022 金城镇 rural dibao_persons\n41 41 person 2022 金城镇 rural -",
        published="2023-03-20",
    ),
    Case(
        "one unit of money for all columns, grades are no numbers",
        "民政经费投入",
        "年度|民政事业费支出(亿元)|其中:社会救助|福彩公益金|评估等级\n2021|8.12|5.60|0.66|5A\n2022|8.45|5.71|0.70|4A",
        "8.12 812000000 CNY 2021 衡阳市 all civil_affairs_expenditure\n0.70 70000000 CNY 2022 衡阳市 all lottery_welfare_funds",
        never="5A 4A",
    ),
    Case(
        "points are of the share beside them",
        "养老服务发展情况对比",
        "县区v2|2022年末>3\n床位(张)|护理型床位占比(%)|较上年变化(个百分点)\n珠晖区|2010|38.2|6.8",
        "38.2 38.2 percent 2022 珠晖区 all nursing_beds_share\n6.8 6.8 percentage_point 2022 珠晖区 all nursing_beds_share",
    ),
]


def _html(case: Case) -> str:
    rows = []
    for line in case.rows.split("\n"):
        cells = []
        for cell in line.split("|"):
            match = re.fullmatch(r"(.*?)(?:>(\d))?(?:v(\d))?", cell)
            assert match is not None
            spans = "".join(
                f' {name}="{count}"'
                for name, count in zip(("colspan", "rowspan"), match.groups()[1:], strict=True)
                if count
            )
            cells.append(f"<td{spans}>{escape(match.group(1))}</td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    head = f'<html><head><meta charset="utf-8"><title>{case.title}</title></head><body><div><h1>{case.title}</h1>'
    return f"{head}<p>{case.before}</p><table>{''.join(rows)}</table></div></body></html>"


def _read(case: Case) -> tuple[str, Reading]:
    """The text of a case's page, and what is read of it."""
    document = read_html(_html(case).encode())
    home = CATALOG.places.find(case.place)
    assert home is not None
    page = dict.fromkeys(PAGES) | {
        "bulletin_key": "k",
        "title": document.title,
        "published_on": dt.date.fromisoformat(case.published),
        "kind": "table",
        "place": home.name,
        "place_code": home.code,
        "text": document.text,
        "grids": dumps(document.grids),
    }
    return document.text, read_pages(conform(pl.DataFrame([page], schema=dict(PAGES)), PAGES), CATALOG)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_shape(case: Case) -> None:
    text, reading = _read(case)
    read = [
        f"{row['text']} {row['value']:.12g} {row['unit']}{'/' + row['per'] if row['per'] else ''} {row['time_period']} "
        f"{row['place']} {row['area']} {row['indicator'] or '-'}"
        for row in reading.observations.iter_rows(named=True)
    ]
    missing = [wanted for wanted in case.expect.split("\n") if wanted not in read]
    assert not missing, "\n".join(["read:", *read])
    assert not [never for never in case.never.split() for line in read if line.split()[0] == never]
    digits = {match.group() for match in re.finditer(r"\d+", text)}
    accounted = " ".join(reading.ledger["text"].to_list())
    assert not [number for number in digits if number not in accounted]


def test_two_values_of_one_cell_of_the_star_in_one_table_are_doubted() -> None:
    rows = "指标|单位|2023年\n孤儿|人|312\n结婚登记|对|8011\n孤儿|人|345"
    _, reading = _read(Case("a figure twice", "2023年民政统计", rows, ""))
    certainty = dict(reading.observations.select("text", "certainty").iter_rows())
    assert {text for text, sure in certainty.items() if sure < LEAST_CERTAINTY} == {"312", "345"}
