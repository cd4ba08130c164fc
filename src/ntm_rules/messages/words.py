"""Words as people type them: compared with or without diacritics, in any capitalisation, and shown without harm."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

#: Signs that steer a terminal or turn the direction of writing: an input may hold them, an output must not.
STEERING = r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
#: How a cell begins that a spreadsheet takes for a formula.
FORMULA = r"^[=+\-@]"

_STEERING, _FORMULA = re.compile(STEERING), re.compile(FORMULA)


def clean(words: str) -> str:
    """*words* without signs that steer a terminal."""
    return _STEERING.sub("\N{REPLACEMENT CHARACTER}", words)


def harmless(cell: str) -> str:
    """A cell of an input that no spreadsheet takes for a formula, and no terminal for a command."""
    cell = clean(cell)
    return f"'{cell}" if _FORMULA.match(cell) else cell


@lru_cache(maxsize=4096)
def fold(word: str) -> str:
    """*word* without diacritics, capitals and doubled spaces: ``Định  Hóa`` and ``dinh hoa`` fold alike."""
    decomposed = unicodedata.normalize("NFD", word.casefold().replace("đ", "d"))
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that *word* most likely meant, or None when nothing is near."""
    by_fold: dict[str, str] = {}
    for candidate in candidates:
        by_fold.setdefault(fold(candidate), candidate)
    close = difflib.get_close_matches(fold(word), by_fold, n=1, cutoff=0.6)
    return by_fold[close[0]] if close else None
