"""Criteria sets between document and value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from ntm_rules.errors import CriteriaError, ProblemCode
from ntm_rules.language.builder import SOME_DAY, Builder
from ntm_rules.language.nodes import Mapping, Node, Scalar
from ntm_rules.language.requirements import (
    References,
    read_requirement,
    read_source,
    write_requirement,
    write_source,
)
from ntm_rules.vocabulary.canonical import fingerprint
from ntm_rules.vocabulary.criteria import (
    Axis,
    AxisRule,
    Counts,
    CriteriaSet,
    Criterion,
    Indicator,
    InForce,
    SetId,
)
from ntm_rules.vocabulary.facts import FactCatalogue
from ntm_rules.vocabulary.instruments import Grade, Instrument, Source
from ntm_rules.vocabulary.places import PlaceRegister
from ntm_rules.vocabulary.text import Text


def parse_criteria_set(
    node: Node,
    catalogue: FactCatalogue,
    instruments: tuple[Instrument, ...],
    places: PlaceRegister,
    *,
    trusted: bool = False,
) -> CriteriaSet:
    """
    Build a criteria set from a document that was read.

    Args:
        node: From `read_file` or `read_text`.

        catalogue: The facts that its requirements may ask for.

        instruments: The instruments that it may cite.

        places: The register whose regions are the rows of the axis ``region``.

        trusted: Whether the shape need not be checked again (the packaged law).

    Raises:
        CriteriaError: With everything that is wrong, each with its place.
    """
    builder = Builder.of(node, "criteria-set", trusted=trusted)
    axes = tuple(
        Axis(
            name,
            tuple(
                AxisRule(builder.text(rule, "row") or "") for rule in builder.items(builder.mapping(node, "axes"), name)
            ),
        )
        for name, _, _ in builder.entries(node, "axes")
    )
    references = References(catalogue, instruments, places, axes)
    basis = _basis(node, builder, references)
    groups = tuple(
        (builder.text(each, "id") or "", builder.required_words(each, "title"))
        for each in builder.items(node, "groups")
    )
    criteria = tuple(
        _criterion(each, builder, references, frozenset(name for name, _ in groups))
        for each in builder.items(node, "criteria")
    )
    _check_numbers(node, builder)
    counts = _counts(node, builder, criteria)
    in_force = _in_force(node, builder)
    builder.finish(CriteriaError)
    rules = CriteriaSet(
        SetId.parse(builder.text(node, "criteria_set") or ""),
        builder.required_words(node, "title"),
        basis,
        in_force,
        counts,
        axes,
        criteria,
        groups,
        catalogue,
        instruments,
    )
    return attrs.evolve(rules, fingerprint=law_fingerprint(rules))


def _basis(node: Node, builder: Builder, references: References) -> str:
    basis = builder.child(node, "basis")
    if not isinstance(basis, Scalar) or basis.text is None:
        return ""
    builder.known(ProblemCode.UNKNOWN_INSTRUMENT, basis.text, basis.where, (each.id for each in references.instruments))
    return basis.text


def _in_force(node: Node, builder: Builder) -> InForce:
    dates = builder.mapping(node, "in_force")
    evidence = builder.mapping(dates, "evidence")
    first, last = builder.day(dates, "from"), builder.day(dates, "until")
    if dates is not None and first is not None and last is not None and last < first:
        builder.problem(ProblemCode.DATES_REVERSED, dates.where, first=first, last=last)
    return InForce(
        first or SOME_DAY,
        last,
        builder.grade(evidence, "from"),
        builder.grade(evidence, "until"),
        builder.words(dates, "note"),
    )


def _counts(node: Node, builder: Builder, criteria: tuple[Criterion, ...]) -> Counts:
    counts = builder.mapping(node, "counts")
    evidence = builder.mapping(counts, "evidence")
    read = Counts(
        builder.number(counts, "criteria"),
        builder.number(counts, "indicators"),
        builder.grade(evidence, "criteria"),
        builder.grade(evidence, "indicators"),
    )
    held = (len(criteria), sum(len(criterion.indicators) for criterion in criteria))
    for what, law, here in zip(("criteria", "indicators"), (read.criteria, read.indicators), held, strict=True):
        # Fewer rows than the law counts make an incomplete set, which may ship; more can only be a mistake.
        if counts is not None and here > law:
            builder.problem(ProblemCode.COUNTS_DIFFER, counts.where, what=what, law=law, here=here)
    return read


def _criterion(node: Node, builder: Builder, references: References, groups: frozenset[str]) -> Criterion:
    group = builder.child(node, "group")
    if isinstance(group, Scalar) and group.text is not None and builder.shape.usable(group):
        builder.known(ProblemCode.UNKNOWN_GROUP, group.text, group.where, sorted(groups))
    indicators = tuple(_indicator(each, builder, references) for each in builder.items(node, "indicators"))
    return Criterion(
        builder.text(node, "number") or "",
        builder.required_words(node, "title"),
        indicators,
        builder.text(node, "group"),
        builder.words(node, "note"),
    )


def _indicator(node: Node, builder: Builder, references: References) -> Indicator:
    source = read_source(builder.mapping(node, "source"), builder, references)
    return Indicator(
        builder.text(node, "number") or "",
        builder.required_words(node, "title"),
        read_requirement(builder.child(node, "require"), builder, references),
        source or Source(Grade.RECALLED),
        builder.words(node, "note"),
    )


def _check_numbers(node: Node, builder: Builder) -> None:
    """No two criteria, and no two indicators of the set, bear one number."""
    criteria = builder.items(node, "criteria")
    for nodes in (criteria, [each for criterion in criteria for each in builder.items(criterion, "indicators")]):
        first: dict[str, Scalar] = {}
        for number in _numbers(nodes):
            twin = first.setdefault(number.text or "", number)
            if twin is not number:
                builder.problem(
                    ProblemCode.DUPLICATE_NUMBER, number.where, number=number.text, first_line=twin.where.line or "?"
                )


def _numbers(nodes: tuple[Node, ...] | list[Node]) -> Iterator[Scalar]:
    for each in nodes:
        number = each.get("number") if isinstance(each, Mapping) else None
        if isinstance(number, Scalar):
            yield number


# --- writing ----------------------------------------------------------------------------------------------------


def _words(words: Text) -> dict[str, str]:
    return {"vi": words.vi, "en": words.en}


def write_criteria_set(rules: CriteriaSet) -> dict[str, Any]:
    """
    A criteria set as plain data; parsing it gives the set back.

    Comments and layout of the document it came from are not part of the value.
    """
    force = rules.in_force
    in_force: dict[str, Any] = {"from": force.first_day.isoformat()}
    if force.last_day is not None:
        in_force["until"] = force.last_day.isoformat()
    in_force["evidence"] = {"from": force.first_grade.value, "until": force.last_grade.value}
    if force.note is not None:
        in_force["note"] = _words(force.note)
    written: dict[str, Any] = {
        "criteria_set": str(rules.id),
        "title": _words(rules.title),
        "basis": rules.basis,
        "in_force": in_force,
        "counts": {
            "criteria": str(rules.counts.criteria),
            "indicators": str(rules.counts.indicators),
            "evidence": {
                "criteria": rules.counts.criteria_grade.value,
                "indicators": rules.counts.indicators_grade.value,
            },
        },
        "axes": {axis.name: [{"row": rule.row} for rule in axis.rules] for axis in rules.axes},
        "groups": [{"id": name, "title": _words(title)} for name, title in rules.groups],
        "criteria": [_write_criterion(criterion) for criterion in rules.criteria],
    }
    return written


def _write_criterion(criterion: Criterion) -> dict[str, Any]:
    written: dict[str, Any] = {"number": criterion.number, "title": _words(criterion.title)}
    if criterion.group is not None:
        written["group"] = criterion.group
    if criterion.note is not None:
        written["note"] = _words(criterion.note)
    written["indicators"] = [_write_indicator(indicator) for indicator in criterion.indicators]
    return written


def _write_indicator(indicator: Indicator) -> dict[str, Any]:
    written: dict[str, Any] = {
        "number": indicator.number,
        "title": _words(indicator.title),
        "require": write_requirement(indicator.require),
        "source": write_source(indicator.source),
    }
    if indicator.note is not None:
        written["note"] = _words(indicator.note)
    return written


# --- fingerprints -----------------------------------------------------------------------------------------------

_WORDING = frozenset({"title", "note", "why", "groups", "group"})


def _law_only(data: Any) -> Any:
    """Without the words: what is left can move a verdict or its evidence."""
    if isinstance(data, dict):
        return {key: _law_only(value) for key, value in data.items() if key not in _WORDING}
    if isinstance(data, list):
        return [_law_only(item) for item in data]
    return data


def law_fingerprint(rules: CriteriaSet) -> str:
    """
    sha256 of whatever can move a verdict or its evidence: requirements, cells, axes, dates, counts, citations, grades.

    The facts' units, ranges, kinds and timelessness are part of it, their words are not.
    """
    used = [fact for fact in rules.catalogue if fact.id in rules.used_facts]
    facts = {
        fact.id: {
            "kind": fact.kind.value,
            "unit": fact.unit,
            "minimum": None if fact.minimum is None else format(fact.minimum.normalize(), "f"),
            "maximum": None if fact.maximum is None else format(fact.maximum.normalize(), "f"),
            "timeless": fact.timeless,
        }
        for fact in used
    }
    return fingerprint({"set": _law_only(write_criteria_set(rules)), "facts": facts})


def document_fingerprint(rules: CriteriaSet) -> str:
    """sha256 of everything in the document, titles and notes too."""
    return fingerprint(write_criteria_set(rules))
