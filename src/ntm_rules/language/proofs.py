"""Assessments as proof objects: with inputs, rules and every step, so that they can be checked and judged again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from ntm_rules.language.assessments import write_assessment
from ntm_rules.language.criteria import law_of_facts, write_criteria_set
from ntm_rules.language.dossiers import write_dossier
from ntm_rules.language.places import write_place
from ntm_rules.language.revisions import write_revision
from ntm_rules.language.titles import written_title
from ntm_rules.vocabulary.assessments import Assessment, Step
from ntm_rules.vocabulary.canonical import fingerprint
from ntm_rules.vocabulary.criteria import CriteriaSet
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import Dossier, HeldTitle, Predecessor
from ntm_rules.vocabulary.lent import lent
from ntm_rules.vocabulary.overlays import Overlay
from ntm_rules.vocabulary.places import Level, Place
from ntm_rules.vocabulary.quantities import plain_number
from ntm_rules.vocabulary.requirements import (
    AllOf,
    AnyOf,
    AppliesWhen,
    AtLeastNOf,
    Compare,
    ForEach,
    Holds,
    Requirement,
    When,
)
from ntm_rules.vocabulary.verdicts import Support

_FORMS: dict[type[Requirement], str] = {
    AllOf: "all_of",
    AnyOf: "any_of",
    AtLeastNOf: "at_least_n_of",
    ForEach: "for_each",
    AppliesWhen: "applies_when",
    When: "when",
}


def write_proof(result: Assessment) -> dict[str, Any]:
    """An assessment with what is needed to judge again, and its steps; the fingerprint is over all of it."""
    written = write_assessment(result)
    del written["fingerprint"]
    rules = base_of(result.rules)
    rows = (*result.indicators, *result.preconditions, *(() if result.applies is None else (result.applies,)))
    written["proof"] = {
        "dossier": write_dossier(result.dossier),
        "named_overlays": list(result.dossier.overlays),
        # Only a lineage tells what a place was formed of; a dossier file does not.
        **({"predecessors": formed_of} if (formed_of := write_predecessors(result.dossier)) else {}),
        "rules": {
            "edition": rules.edition,
            "law": rules.fingerprint,
            "document": write_criteria_set(rules),
            "facts": law_of_facts(rules),
        },
        "overlays": [_overlay(each) for each in result.rules.overlays],
        "rows": {row.address: _step(row.trace) for row in rows},
    }
    return written | {"fingerprint": fingerprint(written)}


lent.proof = write_proof


def write_predecessors(dossier: Dossier) -> list[dict[str, Any]]:
    """The places that a place was formed of, with their titles."""
    return [
        {
            "place": {"province": each.place.province, **write_place(each.place)},
            "on": each.on.isoformat(),
            "by": each.by,
            "titles": [written_title(title) for title in each.titles],
        }
        for each in dossier.predecessors
    ]


def read_predecessors(written: Iterable[Any]) -> tuple[Predecessor, ...]:
    """
    The places that a place was formed of, from plain data.

    Raises:
        KeyError: If something is missing.

        TypeError: If it is of another shape.

        ValueError: If a date or a level is none.
    """
    found = []
    for each in written:
        named = {**each["place"], "level": Level(each["place"]["level"])}
        titles = tuple(_title(title) for title in each["titles"])
        found.append(Predecessor(Place(**named), date.fromisoformat(each["on"]), each["by"], titles))
    return tuple(found)


def _title(written: dict[str, Any]) -> HeldTitle:
    rest = {key: written[key] for key in ("decision", "document", "revoked_by")}
    revoked = written["revoked_on"]
    dated = PartialDate.parse(written["dated"])
    return HeldTitle(written["set"], dated, revoked_on=None if revoked is None else PartialDate.parse(revoked), **rest)


def base_of(rules: CriteriaSet) -> CriteriaSet:
    """The set before anything was laid over it."""
    laid = rules.overlays[0].base if rules.overlays else None
    return rules if laid is None else laid


def _overlay(overlay: Overlay) -> dict[str, Any]:
    document = None if overlay.revision is None else write_revision(overlay.revision)
    return {"file": overlay.file, "document": document}


def _support(support: Support) -> list[Any]:
    return [support.grade.value, support.statement, support.basis.value]


def _step(step: Step) -> dict[str, Any]:
    """One step, and the steps beneath; a comparison with its exact fraction and its threshold."""
    node, reason = step.requirement, step.reason
    written: dict[str, Any] = {
        "form": _FORMS.get(type(node), "leaf") if step.steps else "leaf",
        "verdict": step.verdict.value,
        "code": reason.code.value,
        "support": None if step.support is None else _support(step.support),
    }
    if step.steps:
        written["parts"] = [_step(part) for part in step.steps]
    if isinstance(node, AtLeastNOf):
        written |= {"n": node.n, "open_list": node.open_list}
    figure, applied = reason.figure, reason.threshold
    if isinstance(node, Compare) and reason.gap is not None and figure is not None and applied is not None:
        numerator, denominator = (plain_number(each) for each in figure.fraction)
        assert applied.value is not None  # there is a gap  # noqa: S101
        written["compared"] = {
            "fact": figure.fact,
            "part": figure.part,
            "numerator": numerator,
            "denominator": denominator,
            "sign": applied.sign.value,
            "required": plain_number(applied.value.value),
            "boundary_unstated": node.threshold.boundary_unstated,
        }
    if isinstance(node, Holds) and figure is not None:
        written["said"] = {"fact": figure.fact, "part": figure.part, "statement": figure.statement}
    return written
