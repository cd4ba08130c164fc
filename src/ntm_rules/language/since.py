"""What changed between two assessments, as plain data."""

from __future__ import annotations

from typing import Any

from ntm_rules.language.assessments import write_required, write_said, write_set
from ntm_rules.vocabulary.assessments import AppliedThreshold, Assessment
from ntm_rules.vocabulary.dossiers import FactValue
from ntm_rules.vocabulary.lent import lent
from ntm_rules.vocabulary.since import Since
from ntm_rules.vocabulary.verdicts import Verdict


def write_since(since: Since) -> dict[str, Any]:
    """What changed as plain data: codes and figures, no sentences."""
    years = (since.earlier.dossier.year, since.later.dossier.year)
    return {
        "since": 1,
        "earlier": _side(since.earlier),
        "later": _side(since.later),
        "same_place": since.same_place,
        "same_set": since.same_set,
        "same_law": since.same_law,
        "turns": [
            {
                "address": turn.address,
                "before": _verdict(turn.before),
                "after": _verdict(turn.after),
                "causes": [cause.value for cause in turn.causes],
            }
            for turn in since.turns
        ],
        "figures": [
            {
                "fact": each.fact,
                "part": each.part,
                "before": _figure(each.before, years[0]),
                "after": _figure(each.after, years[1]),
            }
            for each in since.figures
        ],
        "thresholds": [
            {
                "address": each.address,
                "fact": each.fact,
                "before": _threshold(each.before),
                "after": _threshold(each.after),
                "change": each.stricter.value,
            }
            for each in since.thresholds
        ],
    }


lent.since_record = write_since


def _side(result: Assessment) -> dict[str, Any]:
    return {"year": result.dossier.year, "set": write_set(result), "assessment": result.fingerprint}


def _verdict(verdict: Verdict | None) -> str | None:
    return None if verdict is None else verdict.value


def _figure(figure: FactValue | None, year: int) -> dict[str, Any] | None:
    return None if figure is None else write_said(figure, year)


def _threshold(applied: AppliedThreshold) -> dict[str, Any]:
    required = applied.value
    return {"sign": applied.sign.value, **({} if required is None else write_required(required))}
