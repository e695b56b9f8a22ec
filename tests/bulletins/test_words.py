"""rjieba cuts as jieba does; where it does not, labels would change with the library."""

from __future__ import annotations

from pathlib import Path

import jieba
import pytest

from bulletins.catalog import load_catalog
from bulletins.text.labels import Labeller
from bulletins.text.words import Tokenizer

TEXTS = sorted((Path(__file__).parents[1] / "gold").glob("*.txt"))


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_cuts_as_jieba_does(path: Path, tmp_path: Path) -> None:
    jieba.dt.tmp_dir = str(tmp_path)  # not in a predictable place of the machine
    text = path.read_text(encoding="utf-8")
    words = Tokenizer().cut(text)
    assert "".join(words) == text
    assert words == list(jieba.cut(text, HMM=False))


def test_trade_words_stay_whole() -> None:
    assert "适老化" in Tokenizer(["适老化"]).cut("支持家庭适老化改造")


@pytest.mark.parametrize(
    ("before", "after", "label"),
    [
        ("全市建成社区养老服务综合体", "", "社区养老服务综合体"),
        ("首批建成", "公园式婚姻登记处,全年", "公园式婚姻登记处"),
        ("为困难群众发放低保金", "", "低保金"),
        ("全市乡镇(街道", ")共有", "乡镇(街道)"),
        ("依法登记社会组织累计达", "", "社会组织"),
    ],
)
def test_label_is_what_is_counted(before: str, after: str, label: str) -> None:
    assert Labeller(Tokenizer(load_catalog().topics)).label(before, after) == label
