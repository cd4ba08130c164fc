"""What a place is recognised as, as plain data: codes and dates, no sentences, no clock."""

from __future__ import annotations

from typing import Any

from ntm_rules.language.places import write_place
from ntm_rules.language.titles import written_title
from ntm_rules.vocabulary.assessments import Assessment
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import Dossier, Predecessor
from ntm_rules.vocabulary.instruments import Citation
from ntm_rules.vocabulary.lent import lent
from ntm_rules.vocabulary.lineage import LineageChange
from ntm_rules.vocabulary.places import Place
from ntm_rules.vocabulary.status import Cause, RecognitionStatus, TitleStatus, Transition


def write_status(status: RecognitionStatus) -> dict[str, Any]:
    """It as plain data, valid under ``schemas/recognition-status.schema.json``."""
    return {
        "recognition_status": 1,
        "place": _place(status.place),
        "on": status.on.isoformat(),
        "dossiers": [_dossier(each) for each in status.dossiers],
        "current": status.current.set_id,
        "titles": [_title(each) for each in status.titles],
    }


lent.status_record = write_status


def _place(place: Place) -> dict[str, Any]:
    # Of a province its id says more than its name.
    return write_place(place) | ({} if place.province is None else {"province": place.province})


def _dossier(dossier: Dossier) -> dict[str, Any]:
    return {"year": dossier.year, "on": dossier.on.isoformat(), "status": dossier.status.value}


def _title(title: TitleStatus) -> dict[str, Any]:
    return {
        "set": title.set_id,
        "state": title.state.value,
        "since": _date(title.since),
        "recognised_since": _date(title.recognised_since),
        "why": [_cause(each) for each in title.why],
        "history": [_transition(each) for each in title.history],
    }


def _date(day: PartialDate | None) -> str | None:
    return None if day is None else str(day)


def _transition(transition: Transition) -> dict[str, Any]:
    return {
        "on": str(transition.on),
        "before": transition.before.value,
        "state": transition.state.value,
        "decides": transition.decides,
        "cause": _cause(transition.cause),
    }


def _cause(cause: Cause) -> dict[str, Any]:
    written = {
        "code": cause.code.value,
        "year": cause.year,
        "title": None if cause.title is None else written_title(cause.title),
        "assessment": None if cause.result is None else _assessment(cause.result),
        "change": None if cause.change is None else _change(cause.change),
        "predecessors": [_predecessor(each) for each in cause.predecessors] or None,
        "years": cause.years,
        "citation": None if cause.citation is None else _citation(cause.citation),
    }
    return {key: value for key, value in written.items() if value is not None}


def _assessment(result: Assessment) -> dict[str, Any]:
    return {
        "edition": result.rules.edition,
        "verdict": result.verdict.value,
        "failing": [each.address for each in result.failing],
        "provisional": result.provisional,
        "fingerprint": result.fingerprint,
    }


def _change(change: LineageChange) -> dict[str, Any]:
    return {
        "on": change.on.isoformat(),
        "kind": change.kind.value,
        "by": change.by,
        "from": [_place(each) for each in change.earlier],
        "to": [_place(each) for each in change.later],
    }


def _predecessor(predecessor: Predecessor) -> dict[str, Any]:
    return {
        "place": _place(predecessor.place),
        "on": predecessor.on.isoformat(),
        "by": predecessor.by,
        "titles": [written_title(each) for each in predecessor.titles],
    }


def _citation(citation: Citation) -> dict[str, Any]:
    locator = None if citation.locator is None else str(citation.locator)
    return {"instrument": citation.instrument, "locator": locator, "grade": citation.grade.value}


__all__ = ["write_status"]
