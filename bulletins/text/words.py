"""Chinese text → words. The only module that knows jieba.

rjieba is jieba's dictionary and algorithm compiled; without the hidden Markov model both cut alike, which a test holds.
Numbers are never read from words: a tokenizer is free to cut `6400余名` where it likes.
"""

from __future__ import annotations

from collections.abc import Iterable

import rjieba

# The import itself has made a dictionary, of 17 MB and a seventh of a second, for functions that nobody here calls: the first
# tokenizer of a process takes it over.
_made: list[rjieba.Jieba] = [rjieba.cut.__self__]  # type: ignore[attr-defined]

_TRADE_FREQUENCY = 20_000  # outweighs the parts: 适老化, 一肩挑 and 低保 are one word in this trade


class Tokenizer:
    """Cuts text into words of jieba's dictionary and of the trade, each with its part of speech."""

    def __init__(self, trade_words: Iterable[str] = ()) -> None:
        self._jieba = _made.pop() if _made else rjieba.Jieba()
        for word in trade_words:
            self._jieba.add_word(word, _TRADE_FREQUENCY, "n")

    def cut(self, text: str) -> list[str]:
        """The words of `text`, in order; joined they are `text` again."""
        return list(self._jieba.cut(text, hmm=False))

    def tag(self, text: str) -> list[tuple[str, str]]:
        """The words of `text` with jieba's part-of-speech tags (n, v, vn, m, …)."""
        return list(self._jieba.tag(text, hmm=False))
