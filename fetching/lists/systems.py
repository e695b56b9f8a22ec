"""Which system a site is made with, by marks that it leaves in its pages and addresses: for people, nothing depends on it. Pure."""

from __future__ import annotations

import re

_MARKS: tuple[tuple[str, str], ...] = (
    ("gkmlpt (Guangdong)", r"/gkmlpt/"),
    ("Hanweb jpaas", r"jpaas|api-gateway/[\w-]+/front/page"),
    ("Hanweb jpage", r"<datastore\b|/module/web/jpage|jpage\.js"),
    ("TRS WCM", r"createPageHTML|TRS_(?:Editor|UEDITOR|PreAppend)|/t\d{8}_\d+\.s?html?"),
    ("TRS WAS", r"/was\d?/web/search|/govsearch/"),
    ("VSB (Boda)", r"vsb_content|_vsb_|/system/_content/|p_t_|_simple_list_gotopage_fun|_sitegray"),
    ("UCAP", r"UCAP-CONTENT|UCAPCONTENT|ucapsite"),
    ("NFCMS (Guangdong)", r"NFCMS_|/content/post_\d+\.html"),
    ("SiteServer", r"siteserver|/sitefiles/"),
)


def guessed(text: str, url: str) -> tuple[str, ...]:
    """The names of the systems whose marks an answer bears."""
    return tuple(name for name, mark in _MARKS if re.search(mark, f"{url}\n{text}", re.I))
