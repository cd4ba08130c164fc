"""The words people read: one catalogue a language, numbers and dates as that language writes them.

Codes and data are turned into sentences only at the very end; the language is always an argument.
"""

from ntm_rules.messages.catalogue import LANGUAGES, Language, fill, has_text, keys, text
from ntm_rules.messages.numerals import date_text, decimal_text
from ntm_rules.messages.version import library_version
from ntm_rules.messages.words import FORMULA, STEERING, clean, fold, harmless, nearest

__all__ = [
    "FORMULA",
    "LANGUAGES",
    "STEERING",
    "Language",
    "clean",
    "date_text",
    "decimal_text",
    "fill",
    "fold",
    "harmless",
    "has_text",
    "keys",
    "library_version",
    "nearest",
    "text",
]
