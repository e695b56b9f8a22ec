"""For which period a rate is paid: by the month, the year or the day, as printed or as its size tells."""

from __future__ import annotations

from bulletins.observation import Observation
from bulletins.reading import phrases
from bulletins.reading.mentions import Mention
from bulletins.reading.state import Memory, PageContext
from bulletins.reading.wording import paid_by_size, per_of

_LARGEST_RATE = 100_000  # CNY: more than this is paid to nobody by the month or year


def paid_per(
    page: PageContext, memory: Memory, found: Observation, mention: Mention, antecedent: Observation | None
) -> str:
    """`day`, `month`, `year` or empty: the period for which an amount is paid.

    Args:
        page: what all readers of the page share.
        memory: what was said before.
        found: the number, with its indicator.
        mention: where its words stand.
        antecedent: of a change, the figure that changed.
    """
    number, indicator = found.number, page.matcher.indicators.get(found.indicator)
    if number.unit != "CNY" or number.per:
        return number.per if number.unit == "CNY" else ""
    if number.value > _LARGEST_RATE:
        return ""
    lead = page.text[mention.lead : number.start]
    stated = per_of(lead)
    if not stated and phrases.BY_THE_QUARTER.search(lead):
        return ""
    changed = antecedent if found.measure == "change" else None
    if not stated and changed is not None and changed.number.unit == "CNY":
        return changed.per
    if indicator is not None and indicator.kind != "standard":
        return ""
    if stated := stated or _stated_around(page.text, mention):
        return stated
    elliptic = indicator is None and not page.index.zone(*mention.own).topics
    if (found.measure == "change" or elliptic) and number.counter == "元" and memory.series:
        return (antecedent or memory.series[-1]).per
    if indicator is None or not indicator.per:
        return ""
    last = memory.series[-1] if memory.series else found
    alike = (last.indicator, last.area, last.sentence) == (found.indicator, found.area, found.sentence)
    if alike and last.per:
        return last.per  # `集中供养标准由每人每年4000元提高到5500元,分散供养标准由2300元提高到3200元`
    return paid_by_size(number.value, found.area)


def _stated_around(text: str, mention: Mention) -> str:
    """What the words before an enumeration, its other members, or the clause say of the period."""
    number, stated = mention.number, ""
    if mention.run:
        first = mention.run[0]
        stated = per_of(text[first.own[0][0] : number.start]) or next(
            (other.number.per for other in mention.run if other.number.per), ""
        )
    return stated or per_of(text[mention.clause.start : number.start])
