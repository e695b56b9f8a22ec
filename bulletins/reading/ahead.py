"""What is still to come though no word of planning says so: what takes effect behind the day of publication, what 将 will do."""

from __future__ import annotations

import datetime as dt
import re

from bulletins.reading.frame import Frame

# `自2014年8月1日起`, `从今年8月1日上调至`, `7月起…将增加`, `明年1月1日起执行`
_FROM = re.compile(
    r"(?P<past>[去上前]年)?(?:自|从|于)?(?:(?P<year>20\d\d)年|(?P<this>今年|本年)|(?P<next>明年|次年))?(?P<month>\d{1,2})月(?:份)?(?:(?P<day>\d{1,2})日)?"
    r"(?:起|开始|(?=(?:正式)?(?:上调|提高|调整|调至|调到|涨)))"
)
# 将 takes an object where a verb behind the object says what becomes of it: `将2042名困境儿童纳入保障`.
_OBJECT = re.compile(
    r"纳入|列入|列为|发[到至给]|送[到至达]|[到至](?=[^\d]{0,4}(?:手|户|家|人))|扩[大展]|转[为入移]|作为|归[为入并]|交[给由]|用[于作]|并入|划[入转归]|改[为造成]|落实|发放[到至给]|下[拨放]到|兑现|评为|定为|确定为|认定|缩短|延长|提[高升][到至]|调整[为到]|降[低至到]|分为|与|和"
)
_WILL = re.compile(
    r"(?<![一-龥])将|(?:前|后|底|内|还|也|即|均|都|仍|必|预计|届时|[日月年起]|我们|我[市县区州局]|全[市县区州省]|部门|民政局|标准|资金|总会|中心)将(?=[\u4e00-\u9fff])"
)
#: `省下达我市新增养老床位3200张`: what is handed down and is no money is a task.
HANDED_DOWN = re.compile(r"(?:[省市州县]|厅|局|上级)(?:里)?下达(?:给|至)?我[省市州县区](?!的?资金|经费)[^,。;]{0,18}$")


def will(before: str, clause: str) -> bool:
    """Whether 将 before a number says what will be done: `春节前将慰问困难家庭3200余户`; not `将3200户纳入`.

    Args:
        before: the words of the clause before the number.
        clause: the whole clause.
    """
    said = max(_WILL.finditer(before), key=lambda match: match.start(), default=None)
    if said is None or before[said.end() : said.end() + 1].isdigit() or said.end() == len(before):
        return False
    return _OBJECT.search(clause, said.end()) is None


def takes_effect(words: str, frame: Frame, governing: int) -> int:
    """The year in which a rule takes effect that the words before a number date behind the day of publication, or 0.

    Args:
        words: the words of the sentence before the number.
        frame: what holds for the page.
        governing: the year that the passage speaks of, 0 where that is the page's own.
    """
    if frame.published is None or "月" not in words or 0 < governing < frame.published.year:
        return 0
    for said in _FROM.finditer(words):
        if said["past"]:
            continue
        year = int(said["year"] or (frame.spoken + 1 if said["next"] else frame.year))
        try:
            day = dt.date(year, int(said["month"]), int(said["day"] or 1))
        except ValueError:
            continue
        if day > frame.published and year <= frame.published.year + 1:
            return year
    return 0
