"""What is wrong with a saved assessment, and what judging again gives instead, as sentences."""

from __future__ import annotations

from typing import Any

from ntm_rules.checker import Fault
from ntm_rules.messages import Language, text
from ntm_rules.vocabulary.proofs import Discrepancy

# Longer things are told by their beginning.
_MOST = 80


def fault_sentence(fault: Fault, lang: Language = "vi") -> str:
    """One thing that does not follow, as one sentence."""
    params = {"path": fault.path, "written": _short(fault.written), "follows": _short(fault.follows)}
    return text(f"fault.{fault.code.value}", lang, **params)


def difference_sentence(difference: Discrepancy, lang: Language = "vi") -> str:
    """One difference, as one sentence."""
    params = {"path": difference.path, "saved": _short(difference.saved), "now": _short(difference.now)}
    return text(f"difference.{difference.kind.value}", lang, **params)


def _short(value: Any) -> str:
    said = "-" if value is None else str(value)
    return said if len(said) <= _MOST else f"{said[:_MOST]}…"
