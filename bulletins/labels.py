"""What is counted, in the bulletin's words: the label of an observation.

Here belongs how a short noun phrase is cut from the words around a number. Labels group open indicators in the star.
"""

from __future__ import annotations

import re

_LEADING = re.compile(
    r"^(?:[\s、,;:：。(“\"]|和|及|与|以及|其中|全[市县区省年州盟]|各类|各级|目前|现|共|已|累计|共有|现有|拥有|总共|还|并|同时|今年|去年|当年|年内|截[至止][^,]{0,8}|"
    r"(?:20\d\d年)?\d{0,2}月?(?:底|末|份)?|有|为|对|向|给|将|使|让|在|我[市县区局]|先后|分别|达到?|保障|发放|支出|建成|建立|新建成|完成|实现|开展|办理|实施|组织|投入|首批|打造|全面|积极|认定|惠及)+"
)
_TRAILING = re.compile(
    r"(?:[\s、,;:：(“”\"]|共计|合计|总计|累计|共|约|近|超过?|逾|突破|达到?|达|为|是|有|由|从|到|至|提高|提升|增加|上升|下降|增至|减至|扩大|发展|调整|了|已|均|各|分别|不低于|不少于|不超过|每人每[月年]|每月|每年|月人均|总数|总量|总计|增长|减少|较上年|比上年|同比)+$"
)


def label_of(before: str, after: str) -> str:
    """The noun phrase that a number counts, from the words before it or, where there are none, behind it."""
    head = _TRAILING.sub("", _LEADING.sub("", before.strip()))
    if len(head) < 2:
        head = _LEADING.sub("", re.split(r"[,。;、:]", after.strip())[0])
        head = _TRAILING.sub("", head)
    return head[-24:]
