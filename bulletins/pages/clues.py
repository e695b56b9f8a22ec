"""When a page was published: which of several dates that it shows is the one.

Here belongs weighing the clues, wherever they come from: metadata, what is printed under the title, the date beside the
link in the list, the sign-off at the end, the address. Each may be wrong in its own way: metadata tells when a page was
generated anew, an address when it was first made, a sign-off when it was written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

#: Names of clues, as the manifest keeps them.
META, PRINTED, STATED, LISTED, SIGNED, ADDRESS = "meta", "printed", "stated", "listed", "signed", "address"

_NUMERALS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_SIGNED = re.compile(r"(?:^|[\s局厅会室科处)）])((?:19|20)\d\d)\s*[年/.-]\s*(\d{1,2})\s*[月/.-]\s*(\d{1,2})\s*日?$")
_TENS = re.compile(r"(\d?)十(\d?)")
_LINES_AT_THE_END = 6
_LONGEST_SIGN_OFF = 40  # code points
_NEWER = timedelta(days=60)


def chosen(clues: Mapping[str, date], title: str = "") -> tuple[str, date | None]:
    """The name of the best clue and its date; an empty name and None where there is none.

    Args:
        clues: dates by the names above. The date of an address that tells only the month is the first.
        title: of the page; a year in it that is later than an address's shows that the address is older than the text.
    """
    address = clues.get(ADDRESS)
    if address and any(int(year) > address.year for year in re.findall(r"(?<!\d)((?:19|20)\d\d)(?!\d)", title)):
        address = None

    def borne_out(one: date) -> bool:
        listed = clues.get(LISTED)
        return listed == one or (address is not None and (address.year, address.month) == (one.year, one.month))

    order = [PRINTED, META] if PRINTED in clues and borne_out(clues[PRINTED]) else [META, PRINTED]
    if META in clues and PRINTED not in clues and LISTED in clues and not borne_out(clues[META]):
        order = [LISTED]
    signed = clues.get(SIGNED)
    older = address is None or (signed is not None and signed - address > _NEWER)
    order += [STATED, LISTED, *([SIGNED, ADDRESS] if older else [ADDRESS, SIGNED])]
    named = {**clues, ADDRESS: address}
    name = next((name for name in order if named.get(name)), "")
    return name, named.get(name)


def signed_on(lines: Sequence[str]) -> date | None:
    """The date at the foot of a text: 2023年1月10日 or 二〇二三年一月十日, alone or after who signs."""
    for line in reversed(lines[-_LINES_AT_THE_END:]):
        if len(line) > _LONGEST_SIGN_OFF:
            continue
        digits = _TENS.sub(_ten, line.translate(_NUMERALS).strip())
        if match := _SIGNED.search(digits):
            try:
                return date(*map(int, match.groups()))
            except ValueError:
                continue
    return None


def _ten(match: re.Match[str]) -> str:
    return f"{match.group(1) or '1'}{match.group(2) or '0'}"
