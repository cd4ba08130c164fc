"""Numbers and dates as each language writes them. For display only: nothing here decides a verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ntm_rules.messages.catalogue import text

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from ntm_rules.messages.catalogue import Language

# (decimal mark, thousands mark)
_MARKS: dict[Language, tuple[str, str]] = {"vi": (",", "."), "en": (".", ",")}


def decimal_text(value: Decimal, lang: Language) -> str:
    """*value* with every digit it has: ``1.234,50`` in Vietnamese, ``1,234.50`` in English."""
    decimal_mark, thousands_mark = _MARKS[lang]
    plain = f"{value:,f}"
    return plain.translate({ord(","): thousands_mark, ord("."): decimal_mark})


def date_text(day: date, lang: Language) -> str:
    """A day as ``31/12/2019`` in Vietnamese and ``31 December 2019`` in English."""
    return text("date.day", lang, day=day.day, month=text(f"date.month_{day.month}", lang), year=day.year)
