"""Which words speak of a number: its own, those that an enumeration shares, and those carried to it from before."""

from __future__ import annotations

from bulletins.reading import phrases
from bulletins.reading.indicators import EMPTY, Zone
from bulletins.reading.mentions import Mention, Stretch
from bulletins.reading.state import Memory, PageContext, Stand
from bulletins.text.structure import Sentence


class Around:
    """The catalogue's words around the numbers of one page, in the order of its text."""

    def __init__(self, page: PageContext, stand: Stand, memory: Memory) -> None:
        self._text, self._index, self._matcher, self._title = page.text, page.index, page.matcher, page.title
        self._stand, self._memory = stand, memory
        self._heading: Zone | None = EMPTY
        self._paragraph = EMPTY
        self._line_before, self._last = EMPTY, (0, 0)  # the last sentence of the line before and of this one
        self._unread: list[Sentence] = []  # those without a number since, whose words nobody has asked for
        self._admitted = page.matcher.known(("纳入",))
        self._verbs = 0  # of the number before

    # --- what carries over --------------------------------------------------------------------------------------------

    def enter(self) -> None:
        """Come to another heading."""
        self._heading = None

    def begin_line(self) -> None:
        """Come to another line."""
        self._paragraph, self._unread = EMPTY, []
        self._line_before = self._index.zone(self._last)

    def pass_over(self, sentence: Sentence) -> None:
        """Pass over a sentence without numbers."""
        self._unread.append(sentence)
        self._last = (sentence.start, sentence.end)

    def end(self) -> None:
        """End a sentence: what it was about is what the paragraph is about."""
        self._last = (self._stand.start, self._stand.end)
        zone = next((step.zone for step in reversed(self._memory.steps) if step.zone.topics), None)
        if zone is not None:
            self._paragraph, self._unread = zone, []

    @property
    def heading(self) -> Zone:
        """The words of the heading that the page has come to."""
        if self._heading is None:
            self._heading = self._index.zone(self._stand.heading)
        return self._heading

    def paragraph(self) -> Zone:
        """The words of the clause of this paragraph that last named a subject, in the sentences before this one."""
        for sentence in reversed(self._unread):
            zones = (self._index.zone((clause.start, clause.end)) for clause in reversed(sentence.clauses))
            if zone := next((zone for zone in zones if zone.topics), None):
                self._paragraph = zone
                break
        self._unread = []
        return self._paragraph

    def zones(self, mention: Mention, sentence: Sentence, own: Zone) -> list[Zone]:
        """The words around a number, the nearest first.

        Its own, its clause's, its sentence's, those of the sentence before, of the line so far, of what stands behind it, of the
        heading, of the last sentence of the line before (a question that is answered) and of the title.
        """
        start = self._text.rfind("\n", 0, sentence.start) + 1
        before = self._text.rfind("。", start, max(start, sentence.start - 1)) + 1
        zone = self._index.zone
        return [
            own,
            zone((mention.clause.start, mention.number.start)),
            zone((sentence.start, mention.clause.start)),
            zone((max(start, before), sentence.start)),
            zone((start, sentence.start)),
            zone((mention.number.end, sentence.end)),
            self.heading,
            self._line_before,
            self._title,
        ]

    # --- one number ---------------------------------------------------------------------------------------------------

    def own(self, mention: Mention) -> Zone:
        """The words of a number's own, with what touches it and the verb that an enumeration shares.

        `新增社区养老服务综合体8个、护理型床位1500张`: both are 新增; `涉及88个乡镇、509个村`: both are but named along the way.
        """
        text, number = self._text, mention.number
        zone = self._index.zone(*self._counted(mention))
        # `村由432个合并为156个`: the new value goes by the words before the old one.
        first = mention.run[0] if mention.run and mention.origin is not None else mention
        words = zone.words | self._matcher.beside(
            "per" if number.per else number.counter,
            text[max(first.lead, first.own[0][0]) : first.number.start],
            text[number.end : number.end + 8],
        )
        if mention.is_old or mention.origin is not None:
            words |= self._matcher.beside("rise", "", "")
        words |= self._shared_verbs(mention, zone)
        if words & self._admitted and phrases.IN_STOCK.search(text, self._stand.start, mention.lead):
            words &= ~self._admitted  # `到年底,在册低保3020人,纳入特困供养580人`
        topics = zone.topics
        if mention.tail:
            # `社会散居1260元、集中供养1690元的孤儿基本生活费`; of other tails only what was done is shared.
            tail = self._index.zone(mention.tail)
            shares_all = self._text[mention.tail[0]] == "的"
            # `1018个村、229个社区全部完成整治`: what was done with all of them parts none off.
            of_all = phrases.ALL_OF_THEM.search(self._text, *mention.tail) is not None
            words |= tail.words if shares_all else 0 if of_all else self._matcher.verbs_of(tail)
            topics |= tail.topics if shares_all else 0
        return Zone(words, topics)

    def _shared_verbs(self, mention: Mention, zone: Zone) -> int:
        """What was done with the number before, where this one follows it in one breath and says nothing itself."""
        verbs = self._matcher.verbs_of(zone)
        # `新增老年助餐点85个、累计达243个`: the total is not of what is new.
        total = phrases.TOTAL_SAID.match(self._text, mention.lead, mention.number.start) is not None
        follows = self.is_sibling(mention) or self._text.startswith("其中", mention.lead)
        if not verbs and self._verbs and not total and follows:
            return self._verbs
        self._verbs = verbs
        return 0

    def _counted(self, mention: Mention) -> list[Stretch]:
        """The stretches that say what a number counts."""
        if mention.number.unit == "item":
            return self._before_verb(mention)
        if mention.number.unit == "bed":
            return [*mention.own, (mention.number.digits_end, mention.number.end)]  # 张床位 is one counter
        if mention.number.unit == "CNY" and (paid := self._paid_to(mention)) is not None:
            return [*mention.own, paid]
        return mention.own

    def _before_verb(self, mention: Mention) -> list[Stretch]:
        """The own stretches of a number, up to the verb that follows what it counts.

        `88个乡镇(街道)全部建成未成年人保护工作站` counts 乡镇, not stations.
        """
        stretches: list[Stretch] = []
        for start, end in mention.own:
            verb = phrases.VERB_BEHIND.search(self._text, start, end) if start >= mention.number.end else None
            joint = self._text.rfind("的", verb.end(), end) + 1 if verb else 0
            if verb and joint and not self._index.zone((start, verb.start())).topics:
                stretches.append((joint, end))  # `632个覆盖各行业的社会组织`
            else:
                stretches.append((start, verb.end() if verb else end))
        return stretches

    def _paid_to(self, mention: Mention) -> Stretch | None:
        """Where a rate names but its period, the words of whom it is paid to: `社会散居的81名每月600元`."""
        if not phrases.PAID_ONLY.fullmatch(self._text, mention.lead, mention.number.start):
            return None
        start = mention.clause.start if mention.lead > mention.clause.start else self._stand.clause_before
        return (max(start, self._stand.start), mention.lead)

    def is_sibling(self, mention: Mention) -> bool:
        """Whether a number follows another of the same clause behind `、` or 和."""
        return mention.lead > mention.clause.start and self._text[mention.lead] in "、和及与"

    def carried(self, shared: Zone, mention: Mention) -> Zone:
        """What the sentence has said so far, back to where it last named a subject; else what its next clause says.

        The members of an enumeration share what stands before the first: `发放两项补贴…,惠及困难残疾人3.4万人、重度残疾人3.2万人`.
        """
        if shared.words and shared.topics:
            return shared
        words, topics = shared.words, shared.topics
        sibling = self.is_sibling(mention) and bool(self._index.zone(*mention.own).topics)
        for step in reversed(self._memory.steps):
            words |= step.zone.words
            topics |= step.zone.topics
            # 老人 of `为9.8万名老人发放…` is whom it was done for; what was done was said before.
            if self._matcher.subjects_of(step.zone) and not (sibling and step.clause == mention.clause.start):
                # `生活补贴惠及5.9万人、护理补贴惠及6.7万人,合计支出6120万元`: money behind a clause is for all that it counted.
                if mention.number.unit == "CNY" and step.clause < mention.clause.start and step.counted:
                    alike = [other.zone for other in self._memory.steps if other.clause == step.clause]
                    words, topics = _union(Zone(words, topics), *alike)
                break
        return Zone(words, topics) if topics else self._ahead(words, mention)

    def _ahead(self, words: int, mention: Mention) -> Zone:
        """Those words with the subject of the next clause: `州级财政投入2600万元,改造乡镇敬老院31所`."""
        if self._text.startswith("其中", mention.clause.end + 1):
            return Zone(words, 0)
        stop = self._text.find(",", mention.clause.end + 1, self._stand.end)
        ahead = self._index.zone((mention.clause.end, stop if stop >= 0 else self._stand.end))
        return Zone(words | ahead.words, ahead.topics)


def _union(*zones: Zone) -> Zone:
    words = topics = 0
    for zone in zones:
        words, topics = words | zone.words, topics | zone.topics
    return Zone(words, topics)
