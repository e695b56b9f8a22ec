"""Bodies that are not shown as markup: in text areas, templates, strings of scripts; and pages that are pictures."""

from __future__ import annotations

import base64
import json

import pytest

from bulletins.pages.page import read_html

BODY = "<p>截至2022年底，全市共有城市最低生活保障对象3021人。</p><p>全年发放临时救助资金311.5万元，群众满意度继续提高。</p>"
HEAD = "<html><head><meta charset='utf-8'><title>某市2022年民政统计公报</title></head><body><h1>某市2022年民政统计公报</h1>"


@pytest.mark.parametrize(
    "inside",
    [
        f"<textarea id='content' style='display:none'>{BODY.replace('<', '&lt;')}</textarea><div id='show'></div>",
        f"<textarea>{BODY}</textarea>",
        f"<script>var content = {json.dumps(BODY)}; show(content);</script>",
        f"<script>document.getElementById('zoom').innerHTML = '{BODY}';</script>",
        f"<script>var c = unescape('{''.join(f'%u{ord(c):04x}' if ord(c) > 127 else c for c in BODY)}');</script>",
        f"<script>var c = decode('{base64.b64encode(BODY.encode()).decode()}');</script>",
        f"<script type='application/json'>{json.dumps({'data': {'content': BODY}})}</script>",
        f"<script type='text/html'>{BODY}</script>",
        f"<template>{BODY}</template>",
        f"<noscript>{BODY}</noscript>",
    ],
)
def test_a_body_that_a_script_would_show_is_read(inside: str) -> None:
    document = read_html(f"{HEAD}{inside}</body></html>".encode())
    assert "城市最低生活保障对象3021人。" in document.text
    assert document.text.count("3021") == 1
    assert document.mark == ""


def test_strings_of_scripts_are_no_text_where_the_page_has_its_own() -> None:
    page = f"{HEAD}<div>{BODY}</div><script>var old = '{BODY.replace('3021', '2999')}';</script></body></html>"
    assert "2999" not in read_html(page.encode()).text


def test_a_page_that_is_a_picture_says_so() -> None:
    page = f"{HEAD}<div class='TRS_Editor'><p><img src='W020230110.jpg'></p></div><img src='/images/logo.png'></body></html>"
    assert read_html(page.encode()).mark == "needs_ocr"
    assert read_html(page.replace("W020230110", "icon_1").encode()).mark == ""
