"""What changed: the indicator of an increase or a decrease, by its own words or by the figures before it."""

from __future__ import annotations

from bulletins.observation import Observation
from bulletins.reading import phrases
from bulletins.reading.codes import Verdict
from bulletins.reading.indicators import ALL_KINDS, SMALL_MONEY, Matcher, Zone
from bulletins.reading.state import Asked, Memory, PageContext, Stand
from bulletins.reading.wording import area_of

#: What changes by per cent or by a multiple may have any unit.
SHARES = frozenset(["percent", "multiple"])


class Changes:
    """Reads the changes of one page by what was counted before them."""

    def __init__(self, page: PageContext, stand: Stand, memory: Memory) -> None:
        self._text, self._home = page.text, page.places.home
        self._matcher: Matcher = page.matcher
        self._growth = page.matcher.known(("增加", "净增", "减少", "净减"))
        self._stand, self._memory = stand, memory

    def settle(self, asked: Asked) -> Verdict:
        """What changed, with the figure before that is meant, if one is; area and place of a change that goes on are set."""
        memory, found, lead = self._memory, asked.found, asked.lead
        if "增支" in lead:
            return Verdict("", "change of nothing")
        if code := self._stated(asked):
            memory.last_change = found
            return Verdict(code, "change stated")
        if (last := memory.last_change) is not None and self._goes_on(last, found, lead):
            return Verdict(last.indicator, "change goes on")
        if "前者" in lead or "后者" in lead:
            # `前者比上年下降7.4%、后者上升3.1%`
            if not (pair := memory.series[-2:]):
                return Verdict("", "change of nothing")
            named = pair[0 if "前者" in lead else -1]
            found.area, found.place = named.area, named.place
            return Verdict(named.indicator, "change of one")
        series = self._series(asked)
        run = [other for other in asked.mention.run if not other.is_old]
        in_turn = len(run) > 1 and len(series) >= len(run)
        if not series:
            return Verdict("", "change of nothing")
        if not in_turn and phrases.EACH_OF_BOTH.search(lead) and len({item.indicator for item in series[-2:]}) > 1:
            return Verdict("", "change of both")
        antecedent = series[len(series) - len(run) + asked.mention.rank] if in_turn else series[-1]
        of_rates = found.number.unit in SHARES and asked.own.topics and "标准" in asked.words
        if of_rates and antecedent.number.unit != "CNY":
            return Verdict(
                "", "change of nothing"
            )  # `9项困难群众保障标准提高6%`: what is counted before is no standard
        memory.last_change = found
        self._follow(asked, antecedent)
        return Verdict(antecedent.indicator, "change of before", antecedent)

    def _stated(self, asked: Asked) -> str:
        """The code that a change's own words state, or those behind it."""
        unit, own = asked.found.number.unit, asked.own
        if unit == "percentage_point":
            code = self._matcher.decide("percent", own, asked.carried, ALL_KINDS)
        elif not own.topics or asked.mention.heads_before:
            code = ""
        elif unit in SHARES and "标准" in asked.words:
            code = self._matcher.decide(None, own, [], SMALL_MONEY)  # `困难群众救助标准提高5%` is of no persons
        elif unit in SHARES:
            # What is printed as a share changes by points, not by per cent.
            raised = "提" in asked.lead and self._matcher.decide(None, own, [], SMALL_MONEY)
            code = raised or self._matcher.decide(None, own, [], ALL_KINDS - {"rate"})
        else:
            # `养老床位增加734张`: the stock grew; what was newly built is another count.
            plain = own if "新" in asked.lead else Zone(own.words & ~self._growth, own.topics)
            code = self._matcher.decide(unit, plain, asked.carried[:1], ALL_KINDS)
        if not code and own.topics and unit == "percent" and self._stand.next_unit:
            # `临时救助较去年同期上升38.2%,达到9764人次`: what grew is counted behind.
            code = self._matcher.decide(self._stand.next_unit, own, [], ALL_KINDS)
        return code

    def _goes_on(self, last: Observation, found: Observation, lead: str) -> bool:
        """Whether a change is of the same as the last: `比上年少1569对,降幅超过三成`, `城市低保标准提高5%,农村牧区提高7%`."""
        series = self._memory.series
        is_latest = not series or last.number.start > series[-1].number.start
        if is_latest and phrases.EXTENT.fullmatch(lead):
            return True
        bare = self._stand.spoken.rest(found.number.start - len(lead), found.number.start)
        alike = phrases.SAME_CHANGE.fullmatch(lead) or (bare != lead and phrases.SAME_OF_PLACE.fullmatch(bare))
        return last.number.unit == found.number.unit and bool(alike)

    def _series(self, asked: Asked) -> list[Observation]:
        """The figures before a change that can have changed."""
        unit, mention = asked.found.number.unit, asked.mention
        wanted = {"percent": None, "multiple": None, "percentage_point": "percent"}.get(unit, unit)
        series = [item for item in self._memory.series if wanted is None or item.number.unit == wanted]
        if wanted is None:
            # `支出11.3亿元,占年度预算的58.2%,同比增长9.7%`: what grows by per cent is no share.
            series = [item for item in series if item.number.unit not in ("percent", "percentage_point")] or series
        if not self._stand.in_brackets(mention.number.start):
            # `筹款2.16亿元(含药品援助0.84亿元),同比增长9.3%`
            series = [item for item in series if not self._in_brackets(item)] or series
        return series

    def _in_brackets(self, item: Observation) -> bool:
        start = item.number.start
        return item.sentence[0] == self._stand.start and self._stand.in_brackets(start)

    def _follow(self, asked: Asked, antecedent: Observation) -> None:
        """Let a change be of the figure before it."""
        found, mention, lead = asked.found, asked.mention, asked.lead
        if not area_of(self._stand.spoken.without(mention.lead, mention.number.start)):
            # `农村低保13.4万人,合计比去年末减少6,200余人`, `城乡低保标准分别达到…,各提高5.2%`: of both at once.
            alone = len([other for other in mention.run if not other.is_old]) <= 1
            of_both = "合计" in lead or ("各" in lead and alone)
            found.area = "all" if of_both else antecedent.area
        if found.place == self._home and not self._stand.spoken.names_any(*asked.lead_span):
            found.place = antecedent.place
