"""What people see is inert: whatever a page, an address or a file name holds, a terminal, Rich and Dagster show it as text."""

import io
import json
import re

import polars as pl
import pytest
from rich.console import Console

from assets.previews import preview
from fetching.snapshots import kept_headers
from pipelines import cli
from pipelines.alerts import Alert, AlertError, Webhook
from pipelines.inert import inert, inert_line, json_line
from pipelines.progress import RunProgress

#: Harmless: a colour, a cursor that moves, a title, a bell, text that runs backwards, C1's own introducer.
ACTIVE = [
    "\x1b[31m红\x1b[0m",
    "\x1b[2J",
    "\x1b]0;标题\x07",
    "a\rb",
    "\x9b31m",
    "左\u202e右",
    "a\u2066b",
    "\x08x",
    "\x00",
]


@pytest.mark.parametrize("text", ACTIVE)
def test_nothing_that_a_terminal_obeys_is_printed(text: str) -> None:
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", inert(text) + inert_line(text))
    line = json_line({"text": text})
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", line)
    assert json.loads(line) == {"text": text}


def test_usual_text_stays_as_it_is() -> None:
    told = "2023年，全市低保对象9.76万人 [其中农村] 🏠\n第二行"
    assert inert(told) == told


def test_what_a_run_says_is_no_markup() -> None:
    out = io.StringIO()
    progress = RunProgress(Console(file=out, width=200), steps=1)
    progress._say("[link=http://a.example]点这里[/link] \x1b[31m[/]")
    assert out.getvalue() == "[link=http://a.example]点这里[/link] \\x1b[31m[/]\n"


def test_a_command_line_error_is_one_inert_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["read", "没有\x1b[31m.txt"])
    assert ended.value.code == cli.USAGE
    said = capsys.readouterr().err
    assert "\x1b" not in said
    assert "没有\\x1b[31m.txt" in said


@pytest.mark.parametrize(
    "text",
    [
        "![图](http://a.example/x.png)",
        "[点](http://a.example)",
        "<img src=x>",
        "`代码`",
        "# 题",
        "a | b",
        "第一\n第二",
        "**粗**",
    ],
)
def test_dagster_shows_the_words_of_a_page_as_words(text: str) -> None:
    told = preview(pl.DataFrame({"title": [text]}), "title").value or ""
    row = told.splitlines()[-1]
    assert len(told.splitlines()) == 3
    assert not re.search(r"(?<!\\)[\[\]()`*#!<|]", row.strip("| "))
    shown = re.sub(r"\\(.)", r"\1", row.strip("| ")).replace("&lt;", "<")
    assert shown == " ".join(text.split("\n"))


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("http://a.example/art/1.html", "[1.html](http://a.example/art/1.html)"),
        ("http://a.example/a) ![x](b", "(http://a.example/a%29%20![x"),
        ("javascript:alert(1)", None),
    ],
)
def test_only_web_addresses_are_links_and_none_ends_early(address: str, link: str | None) -> None:
    told = (preview(pl.DataFrame({"url": [address]}), "url").value or "").splitlines()[-1].strip("| ")
    if link is None:
        assert "](" not in told
    else:
        assert told.count("](") == 1
        assert not re.search(r"[\s()<>]", told[told.index("](") + 2 : -1])


def test_the_address_of_a_webhook_is_nowhere_to_be_seen(httpserver, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    httpserver.expect_request("/hook/secret-token").respond_with_data("no", status=404)
    webhook = Webhook(httpserver.url_for("/hook/secret-token"))
    with pytest.raises(AlertError) as caught:
        webhook.send(Alert("a", "b"))
    error: BaseException | None = caught.value
    seen = [repr(webhook), caplog.text.replace(webhook.address, "SEEN") if webhook.address in caplog.text else ""]
    while error is not None:
        seen.append(str(error))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    assert "secret-token" not in "".join(seen)
    assert "SEEN" not in "".join(seen)
    assert "404" in str(caught.value)


def test_cookies_are_not_kept() -> None:
    assert json.loads(kept_headers({"Set-Cookie": "session=1", "etag": "x", "content-type": "text/html"})) == {
        "etag": "x",
        "content-type": "text/html",
    }


def test_a_fault_of_ours_is_one_line_that_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(**_: object) -> None:
        raise ZeroDivisionError("of no use")

    monkeypatch.setattr(cli.commands, "main", broken)
    with pytest.raises(SystemExit) as ended:
        cli.main(["places"])
    assert ended.value.code == cli.FAILED
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "MINZHENG_TRACEBACK=1" in said
