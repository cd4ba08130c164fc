"""Comparing words as people type them: with or without diacritics, in any capitalisation."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
from functools import lru_cache


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
