"""What does the evidence of a number look at? Where its words stand and what the rules answered, frozen.

Here belong plain facts of structure; what they are worth is in `catalog/weights.csv`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from bulletins.reading.indicators import Fit, WordAt

#: The structures by which the rules say of a number that it has no indicator, where that is certain: no words around it speak
#: against it. What is only likely (`share of a task`, `under way`, `narrower`, `in one town`) is evidence like any other.
NO_CODE = {
    "body": "one home, firm, giver or single case: `市社会福利院床位320张`",
    "benchmark": "what a standard is derived from: `最低工资1720元的2%`",
    "paid once": "`慰问标准:每人150元`",
    "by the quarter": "`每季度发放180元`",
    "per piece": "`每所补助3万元`",
    "beds of one": "`养老中心竣工,设床位260张`",
    "density": "`每万名常住人口拥有社会组织7.6个`",
    "ratio turned round": "`1.38:1`",
    "reached": "what something reached, not what reached it: `助餐覆盖3020个村社`",
    "some of them": "`全县657个村委会已有643个完成选举`",
    "for each": "`每个街道至少1个`",
    "gap": "`高于全省7.6个百分点`",
    "sum": "of two that it names: `居家养老服务中心和农村互助养老服务站共508个`",
    "unsaid sum": "`建成农村幸福院、居家养老服务站1486个`",
    "pair behind": "`536名孤儿及事实无人抚养儿童`",
    "change of nothing": "no figure before it, and no words of its own: `9项困难群众保障标准提高6%`",
    "change of both": "`低保标准1150元,特困标准1840元,分别增幅3%`",
}  # fmt: skip

#: The structures that carry the code of a figure before: what they carry is not weighed against the words around.
CARRIED = {
    "same again": "`这一数字`, `计划新建50处,目前已建成44处`",
    "part of same": "`销售福利彩票29.4亿元,其中2015年7.2亿元`",
    "change goes on": "`比上年少1569对,降幅超过三成`",
    "group": "a sum over schemes of assistance: `惠及城乡低保和特困人员9万余人`",
}


class Grounds(NamedTuple):
    """Where the words stand that speak of one number of prose; offsets count the page's normalised text.

    Attributes:
        lead: where the words begin that lead to this number alone.
        clause: its clause.
        sentence: its sentence.
        heading: the heading that it stands under; (0, 0) without one.
        is_old: whether it is the old value of a rise.
        in_rise: whether it is the new value of a rise.
        has_subject: whether its own words name a subject.
        by: the structure by which the rules named its indicator, or said that it has none (`NO_CODE`); `words` where it was but its words.
        own_code: the indicator that its own words speak for without what is carried to them.
        plan_year: the year that the page's plans are for, where it has come to them.
        fits: the indicators that the words around it speak for, of the kinds that it can be, and how well.
        words: the catalogue's words in the last stretch of its sentence before it.
    """

    lead: int
    clause: tuple[int, int]
    sentence: tuple[int, int]
    heading: tuple[int, int]
    is_old: bool
    in_rise: bool
    has_subject: bool
    by: str
    own_code: str
    plan_year: int | None
    fits: tuple[Fit, ...]
    words: tuple[WordAt, ...]

    @property
    def has_no_code(self) -> bool:
        """Whether the structure of its sentence is certain that it has no indicator."""
        return self.by in NO_CODE

    @property
    def is_carried(self) -> bool:
        """Whether its indicator is that of a figure before, as its structure says."""
        return self.by in CARRIED


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What is known of a page as a whole.

    Attributes:
        text: its normalised text.
        title: its title, normalised.
        home: full name of the home place.
        published: when it was published, if known.
        kind: what the source list takes it for, if it does.
        year: the year that it is taken to report on.
    """

    text: str
    title: str
    home: str
    published: dt.date | None
    kind: str
    year: int
