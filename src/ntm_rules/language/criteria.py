"""Criteria sets between document and value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import attrs

from ntm_rules.errors import CriteriaError, Problem, ProblemCode, Severity, Where
from ntm_rules.language.builder import SOME_DAY, Builder
from ntm_rules.language.catalogues import UNSTATED, write_derivation
from ntm_rules.language.lint import check_cells
from ntm_rules.language.nodes import Mapping, Node, Scalar, Sequence
from ntm_rules.language.plain import unplaced
from ntm_rules.language.requirements import (
    References,
    read_requirement,
    read_source,
    write_requirement,
    write_source,
)
from ntm_rules.messages import nearest
from ntm_rules.vocabulary.canonical import fingerprint
from ntm_rules.vocabulary.criteria import (
    APPLIES_TO,
    Axis,
    AxisRule,
    Counts,
    CriteriaSet,
    Criterion,
    Indicator,
    InForce,
    Mandate,
    SetId,
)
from ntm_rules.vocabulary.facts import FactCatalogue, FactDefinition
from ntm_rules.vocabulary.instruments import Grade, Instrument, Source
from ntm_rules.vocabulary.lent import lent
from ntm_rules.vocabulary.places import PlaceRegister
from ntm_rules.vocabulary.quantities import plain_number
from ntm_rules.vocabulary.requirements import Authority
from ntm_rules.vocabulary.text import Text
from ntm_rules.vocabulary.verdicts import Verdict

#: The path of an indicator, at the start of the path of whatever it holds.
_INDICATOR = re.compile(r"\$\.criteria\[[0-9]+\]\.indicators\[[0-9]+\]")


def parse_criteria_set(
    node: Node,
    catalogue: FactCatalogue,
    instruments: tuple[Instrument, ...],
    places: PlaceRegister,
    *,
    trusted: bool = False,
    warnings: list[Problem] | None = None,
) -> CriteriaSet:
    """
    Build a criteria set from a document that was read.

    Args:
        node: From `read_file` or `read_text`.

        catalogue: The facts that its requirements may ask for.

        instruments: The instruments that it may cite.

        places: The register whose regions are the rows of the axis ``region``.

        trusted: Whether the shape need not be checked again (the packaged law).

        warnings: A list that takes what is doubtful though the set can be used.

    Raises:
        CriteriaError: With everything that is wrong, each with its place.
    """
    builder = Builder.of(node, "criteria-set", trusted=trusted)
    references = References(catalogue, instruments, places, ())
    references = attrs.evolve(references, axes=read_axes(node, "axes", builder, references))
    basis = _basis(node, builder, references)
    groups = read_groups(node, "groups", builder)
    criteria = tuple(
        read_criterion(each, builder, references, frozenset(name for name, _ in groups))
        for each in builder.items(node, "criteria")
    )
    preconditions = read_preconditions(node, "preconditions", builder, references)
    applies_to = read_applies_to(node, "applies_to", builder, references)
    _check_numbers(node, builder)
    mandates = read_mandates(node, "mandates", builder, references, _addresses(criteria))
    counts = read_counts(builder.mapping(node, "counts"), builder)
    _check_counts(node, counts, criteria, builder)
    in_force = read_in_force(builder.mapping(node, "in_force"), builder)
    if not trusted:
        found = (_INDICATOR.match(problem.where.path) for problem in builder.problems)
        wrong = frozenset(each[0] for each in found if each)
        builder.problems += check_cells(node, criteria, in_force, references, wrong)
    builder.finish(CriteriaError)
    if warnings is not None:
        warnings += builder.problems
    rules = CriteriaSet(
        SetId.parse(builder.text(node, "criteria_set") or ""),
        builder.required_words(node, "title"),
        basis,
        in_force,
        counts,
        references.axes,
        criteria,
        groups,
        catalogue,
        instruments,
        mandates=mandates,
        preconditions=preconditions,
        applies_to=applies_to,
        verdict_words=read_verdict_words(node, "verdict_words", builder),
    )
    _check_references(node, rules, builder)
    builder.finish(CriteriaError)
    return rules


def _check_references(node: Node, rules: CriteriaSet, builder: Builder) -> None:
    """Rows that refer to rows of the set itself: these must be there, and must not lead back."""
    leads: dict[str, list[str]] = {}
    where: dict[str, Where] = {}
    names = [rules.local(number) for number in rules.addresses]
    nodes = [each for criterion in builder.items(node, "criteria") for each in builder.items(criterion, "indicators")]
    for (_, indicator), each in zip(rules.indicators, nodes, strict=True):
        own = rules.local(rules.address(indicator))
        require = builder.child(each, "require")
        where[own] = each.where if require is None else require.where
        for part in indicator.require.walk():
            for address in part.refers_to:
                set_id, _, local = address.partition("#")
                if set_id != str(rules.id):
                    continue
                if local and rules.find(address) is None:
                    builder.unknown(ProblemCode.UNKNOWN_ADDRESS, local, where[own], names)
                else:
                    leads.setdefault(own, []).extend(rules.indicators_at(local))
    for own in leads:
        chain = _circle(own, leads)
        if chain:
            builder.problem(ProblemCode.CIRCULAR, where[own], chain=" → ".join(chain))


def _circle(start: str, leads: dict[str, list[str]]) -> list[str]:
    """The addresses by which *start* leads back to itself; empty if it does not."""
    ways = [[start]]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        for address in leads.get(way[-1], ()):
            if address == start:
                return [*way, address]
            if address not in seen:
                seen.add(address)
                ways.append([*way, address])
    return []


def _basis(node: Node, builder: Builder, references: References) -> str:
    basis = builder.child(node, "basis")
    if not isinstance(basis, Scalar) or basis.text is None:
        return ""
    builder.known(ProblemCode.UNKNOWN_INSTRUMENT, basis.text, basis.where, (each.id for each in references.instruments))
    return basis.text


def read_axes(node: Node, key: str, builder: Builder, references: References) -> tuple[Axis, ...]:
    """Read the axes under *key*; a condition must not hang on a row itself, so it knows no axes."""
    references = attrs.evolve(references, axes=())
    return tuple(_axis(name, value, builder, references) for name, _, value in builder.entries(node, key))


def _axis(name: str, node: Node, builder: Builder, references: References) -> Axis:
    unordered = isinstance(node, Mapping)
    nodes = builder.items(node, "rules") if unordered else node.items if isinstance(node, Sequence) else ()
    rules = tuple(_axis_rule(each, builder, references) for each in nodes)
    regions = [region for region, _ in references.places.regions]
    rows = frozenset(rule.row for rule in rules)
    alone = len(rules) == 1 and rules[0].when is None
    for rule, each in zip(rules, nodes, strict=True):
        row = builder.child(each, "row")
        if row is None or not rule.row or not builder.shape.usable(each):
            continue
        if _REGION in rows and rule.row != _REGION:
            # Every table by region has the seven, so a rule to any other row would never apply.
            builder.known(ProblemCode.UNKNOWN_ROW, rule.row, row.where, regions)
        elif not _may_stand(rule.row, alone=alone):
            allowed = (_REGION, _YEAR) if alone else (_REGION,)
            near = nearest(rule.row, allowed)
            builder.problem(ProblemCode.NOT_ONE_OF, row.where, found=rule.row, allowed=", ".join(allowed), nearest=near)
        unconditional = rule.when is None and not rule.otherwise
        if unconditional and len(rules) > 1 and (unordered or each is not nodes[-1]):
            # In an order it would leave nothing to the rules after it, without one it would always overlap.
            builder.problem(ProblemCode.MISSING_KEY, each.where, key="when")
        if rule.otherwise and each is not nodes[-1]:
            builder.problem(ProblemCode.UNKNOWN_KEY, each.where, key="otherwise")
    return Axis(name, rules, unordered)


_REGION, _YEAR = "unit.region", "year"


def _may_stand(row: str, *, alone: bool) -> bool:
    """Whether a rule may lead to *row*: one alone, without a condition, to the region or year; others to no year."""
    if row == _REGION:
        return True
    return row == _YEAR if alone else row != _YEAR and "." not in row


def _axis_rule(node: Node, builder: Builder, references: References) -> AxisRule:
    when = builder.child(node, "when")
    return AxisRule(
        builder.text(node, "row") or "",
        None if when is None else read_requirement(when, builder, references),
        read_source(builder.mapping(node, "source"), builder, references),
        builder.flag(node, "otherwise"),
        builder.words(node, "title"),
    )


def read_preconditions(node: Node, key: str, builder: Builder, references: References) -> tuple[Indicator, ...]:
    """Read the conditions of recognition under *key*: no two bear one key."""
    nodes = builder.items(node, key)
    _check_twins(nodes, builder)
    return tuple(read_indicator(each, builder, references) for each in nodes)


def read_applies_to(node: Node, key: str, builder: Builder, references: References) -> Indicator | None:
    """Read under *key* what a place must be for the set to be for it."""
    found = builder.mapping(node, key)
    if found is None:
        return None
    return attrs.evolve(read_indicator(found, builder, references), number=APPLIES_TO)


def read_verdict_words(node: Node, key: str, builder: Builder) -> tuple[tuple[Verdict, Text], ...]:
    """Read under *key* what a verdict on the set is called."""
    found = builder.mapping(node, key)
    said = ((verdict, builder.words(found, verdict.value)) for verdict in Verdict)
    return tuple((verdict, words) for verdict, words in said if words is not None)


def read_groups(node: Node, key: str, builder: Builder) -> tuple[tuple[str, Text], ...]:
    """Read the headings of the annex under *key*."""
    groups = builder.items(node, key)
    return tuple((builder.text(each, "id") or "", builder.required_words(each, "title")) for each in groups)


def read_in_force(dates: Mapping | None, builder: Builder) -> InForce:
    """Read the days on which a set is in force."""
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


def read_counts(counts: Mapping | None, builder: Builder) -> Counts:
    """Read the law's own counts."""
    evidence = builder.mapping(counts, "evidence")
    return Counts(
        _count(counts, "criteria", builder),
        _count(counts, "indicators", builder),
        builder.grade(evidence, "criteria"),
        builder.grade(evidence, "indicators"),
        0 if builder.child(counts, "surplus") is None else builder.number(counts, "surplus"),
    )


def _count(counts: Mapping | None, key: str, builder: Builder) -> int | None:
    return None if builder.text(counts, key) == UNSTATED else builder.number(counts, key)


def _check_counts(node: Node, counts: Counts, criteria: tuple[Criterion, ...], builder: Builder) -> None:
    found = builder.mapping(node, "counts")
    if found is None or not builder.shape.usable(found):
        return
    indicators = sum(len(criterion.indicators) for criterion in criteria)
    told = (
        ("criteria", counts.criteria, len(criteria), 0),
        ("indicators", counts.indicators, indicators, counts.surplus),
    )
    for what, law, here, surplus in told:
        if law is not None and (here != law or surplus):
            # Fewer rows than the law counts make an incomplete set, which may ship, and so may one that says how many
            # it lists too many; any other difference can only be a mistake.
            fits = here == law + surplus if surplus else here < law
            severity = Severity.WARNING if fits else Severity.ERROR
            problem = Problem.at(ProblemCode.COUNTS_DIFFER, found.where, severity, what=what, law=law, here=here)
            builder.problems.append(problem)


def read_criterion(node: Node | None, builder: Builder, references: References, groups: frozenset[str]) -> Criterion:
    """Read a criterion."""
    group = builder.child(node, "group")
    if isinstance(group, Scalar) and group.text is not None and builder.shape.usable(group):
        builder.known(ProblemCode.UNKNOWN_GROUP, group.text, group.where, sorted(groups))
    indicators = tuple(read_indicator(each, builder, references) for each in builder.items(node, "indicators"))
    return Criterion(
        builder.text(node, "number") or "",
        builder.required_words(node, "title"),
        indicators,
        builder.text(node, "group"),
        builder.words(node, "note"),
    )


def read_indicator(node: Node | None, builder: Builder, references: References) -> Indicator:
    """Read an indicator."""
    source = read_source(builder.mapping(node, "source"), builder, references)
    return Indicator(
        builder.text(node, "number") or "",
        builder.required_words(node, "title"),
        read_requirement(builder.child(node, "require"), builder, references),
        source or Source(Grade.RECALLED),
        builder.words(node, "note"),
    )


def reread_indicator(indicator: Indicator, rules: CriteriaSet, places: PlaceRegister) -> Indicator | None:
    """
    A row as a document of the set would give it; None if something would be wrong with it.

    Whether rows that it refers to are there is not looked at.
    """
    node = unplaced(write_indicator(indicator))
    builder = Builder.of(node, "criteria-set", trusted=True)
    read = read_indicator(node, builder, References(rules.catalogue, rules.instruments, places, rules.axes))
    return None if builder.problems else read


def _addresses(criteria: tuple[Criterion, ...]) -> tuple[str, ...]:
    """The local address of every criterion and indicator."""
    within = (f"{each.number}/{indicator.number}" for each in criteria for indicator in each.indicators)
    return (*(each.number for each in criteria), *within)


def read_mandates(
    node: Node, key: str, builder: Builder, references: References, addresses: tuple[str, ...] | None
) -> tuple[Mandate, ...]:
    """Read under *key* who may decide what the set leaves open; *addresses*, if known, are those that there are."""
    return tuple(
        _mandate(each, builder, references, addresses)
        for each in builder.items(node, key)
        if builder.shape.usable(each)
    )


def _mandate(node: Node, builder: Builder, references: References, addresses: tuple[str, ...] | None) -> Mandate:
    dates = builder.mapping(node, "in_force")
    over = [each for each in builder.items(node, "over") if isinstance(each, Scalar)]
    for each in over:
        if addresses is not None and each.text not in addresses:
            # A row that a scenario dropped may still be named: then there is nothing to decide.
            params = {"name": each.text, "nearest": nearest(each.text or "", addresses)}
            builder.problems.append(Problem.at(ProblemCode.UNKNOWN_ADDRESS, each.where, Severity.WARNING, **params))
    return Mandate(
        id=builder.text(node, "id") or "",
        to=builder.choice(Authority, node, "to", Authority.PROVINCE),
        body=builder.words(node, "body"),
        over=tuple(each.text or "" for each in over),
        in_force=None if dates is None else read_in_force(dates, builder),
        source=read_source(builder.mapping(node, "source"), builder, references),
    )


def _check_numbers(node: Node, builder: Builder) -> None:
    """No two criteria, and no two indicators of the set, bear one number."""
    criteria = builder.items(node, "criteria")
    for nodes in (criteria, [each for criterion in criteria for each in builder.items(criterion, "indicators")]):
        _check_twins(nodes, builder)


def _check_twins(nodes: tuple[Node, ...] | list[Node], builder: Builder) -> None:
    first: dict[str, Scalar] = {}
    for number in _numbers(nodes, builder):
        twin = first.setdefault(number.text or "", number)
        if twin is not number:
            line = twin.where.line or "?"
            builder.problem(ProblemCode.DUPLICATE_NUMBER, number.where, number=number.text, first_line=line)


def _numbers(nodes: tuple[Node, ...] | list[Node], builder: Builder) -> Iterator[Scalar]:
    for each in nodes:
        number = builder.child(each, "number")
        if isinstance(number, Scalar):
            yield number


# --- writing ----------------------------------------------------------------------------------------------------


def write_words(words: Text) -> dict[str, str]:
    """Write words in both languages."""
    return {"vi": words.vi, "en": words.en}


def write_criteria_set(rules: CriteriaSet) -> dict[str, Any]:
    """
    A criteria set as plain data; parsing it gives the set back.

    Comments and layout of the document it came from are not part of the value.
    """
    return {
        "criteria_set": str(rules.id),
        "title": write_words(rules.title),
        "basis": rules.basis,
        "in_force": write_in_force(rules.in_force),
        "counts": write_counts(rules.counts),
        "axes": write_axes(rules.axes),
        **({"mandates": write_mandates(rules.mandates)} if rules.mandates else {}),
        "groups": write_groups(rules.groups),
        # Absent where there are none, so that sets without them keep their fingerprints.
        **({"preconditions": write_preconditions(rules.preconditions)} if rules.preconditions else {}),
        **({} if rules.applies_to is None else {"applies_to": write_applies_to(rules.applies_to)}),
        **({"verdict_words": write_verdict_words(rules.verdict_words)} if rules.verdict_words else {}),
        "criteria": [write_criterion(criterion) for criterion in rules.criteria],
    }


def write_mandates(mandates: tuple[Mandate, ...]) -> list[dict[str, Any]]:
    """Write who may decide what the set leaves open."""
    return [_write_mandate(mandate) for mandate in mandates]


def _write_mandate(mandate: Mandate) -> dict[str, Any]:
    written: dict[str, Any] = {"id": mandate.id, "to": mandate.to.value}
    if mandate.body is not None:
        written["body"] = write_words(mandate.body)
    if mandate.over:
        written["over"] = list(mandate.over)
    if mandate.in_force is not None:
        written["in_force"] = write_in_force(mandate.in_force)
    if mandate.source is not None:
        written["source"] = write_source(mandate.source)
    return written


def write_in_force(force: InForce) -> dict[str, Any]:
    """Write the days on which a set is in force."""
    written: dict[str, Any] = {"from": force.first_day.isoformat()}
    if force.last_day is not None:
        written["until"] = force.last_day.isoformat()
    written["evidence"] = {"from": force.first_grade.value, "until": force.last_grade.value}
    if force.note is not None:
        written["note"] = write_words(force.note)
    return written


def write_counts(counts: Counts) -> dict[str, Any]:
    """Write the law's own counts."""
    return {
        "criteria": UNSTATED if counts.criteria is None else str(counts.criteria),
        "indicators": UNSTATED if counts.indicators is None else str(counts.indicators),
        # Absent where there is none, so that sets without it keep their fingerprints.
        **({"surplus": str(counts.surplus)} if counts.surplus else {}),
        "evidence": {"criteria": counts.criteria_grade.value, "indicators": counts.indicators_grade.value},
    }


def write_axes(axes: tuple[Axis, ...]) -> dict[str, Any]:
    """Write the axes."""
    return {axis.name: _write_axis(axis) for axis in axes}


def _write_axis(axis: Axis) -> list[dict[str, Any]] | dict[str, Any]:
    rules = [_write_axis_rule(rule) for rule in axis.rules]
    return {"rules": rules, "overlap": "unstated"} if axis.overlap_unstated else rules


def _write_axis_rule(rule: AxisRule) -> dict[str, Any]:
    written: dict[str, Any] = {"row": rule.row}
    if rule.title is not None:
        written["title"] = write_words(rule.title)
    if rule.when is not None:
        written["when"] = write_requirement(rule.when)
    if rule.otherwise:
        written["otherwise"] = "true"
    if rule.source is not None:
        written["source"] = write_source(rule.source)
    return written


def write_preconditions(preconditions: tuple[Indicator, ...]) -> list[dict[str, Any]]:
    """Write the conditions of recognition."""
    return [write_indicator(each) for each in preconditions]


def write_applies_to(applies_to: Indicator) -> dict[str, Any]:
    """Write what a place must be; its number says nothing, for there is one only."""
    return {key: value for key, value in write_indicator(applies_to).items() if key != "number"}


def write_verdict_words(words: tuple[tuple[Verdict, Text], ...]) -> dict[str, Any]:
    """Write what a verdict on the set is called."""
    return {verdict.value: write_words(said) for verdict, said in words}


def write_groups(groups: tuple[tuple[str, Text], ...]) -> list[dict[str, Any]]:
    """Write the headings of the annex."""
    return [{"id": name, "title": write_words(title)} for name, title in groups]


def write_criterion(criterion: Criterion) -> dict[str, Any]:
    """Write a criterion."""
    written: dict[str, Any] = {"number": criterion.number, "title": write_words(criterion.title)}
    if criterion.group is not None:
        written["group"] = criterion.group
    if criterion.note is not None:
        written["note"] = write_words(criterion.note)
    written["indicators"] = [write_indicator(indicator) for indicator in criterion.indicators]
    return written


def write_indicator(indicator: Indicator) -> dict[str, Any]:
    """Write an indicator."""
    written: dict[str, Any] = {
        "number": indicator.number,
        "title": write_words(indicator.title),
        "require": write_requirement(indicator.require),
        "source": write_source(indicator.source),
    }
    if indicator.note is not None:
        written["note"] = write_words(indicator.note)
    return written


# --- fingerprints -----------------------------------------------------------------------------------------------

_WORDING = frozenset({"title", "note", "why", "groups", "group", "body", "verdict_words"})


def _law_only(data: Any) -> Any:
    """Without the words: what is left can move a verdict or its evidence."""
    if isinstance(data, dict):
        # The keys under `axes` are names, and no name is a word to leave out.
        return {k: _named(v) if k == "axes" else _law_only(v) for k, v in data.items() if k not in _WORDING}
    if isinstance(data, list):
        return [_law_only(item) for item in data]
    return data


def _named(axes: dict[str, Any]) -> dict[str, Any]:
    return {name: _law_only(rules) for name, rules in axes.items()}


def law_fingerprint(rules: CriteriaSet) -> str:
    """
    sha256 of whatever can move a verdict or its evidence: requirements, cells, axes, dates, counts, citations, grades.

    The facts' units, ranges, kinds, scales, values, parts, derivations and timelessness are part of it, their words
    are not.
    """
    return fingerprint({"set": _law_only(write_criteria_set(rules)), "facts": law_of_facts(rules)})


lent.law_fingerprint = law_fingerprint


def law_of_facts(rules: CriteriaSet) -> dict[str, Any]:
    """What of the facts that a set uses can move a verdict, by fact."""
    return {
        fact.id: _law_of(fact, by_part=fact.id in rules.facts_by_part)
        for fact in rules.catalogue
        if fact.id in rules.used_facts | rules.facts_beneath
    }


def _law_of(fact: FactDefinition, *, by_part: bool) -> dict[str, Any]:
    """
    What of a fact can move a verdict. What not every fact has enters only where it is there.

    That a fact may be told by parts moves nothing in a set that asks for its total.
    """
    law: dict[str, Any] = {
        "kind": fact.kind.value,
        "unit": fact.unit,
        "minimum": None if fact.minimum is None else plain_number(fact.minimum),
        "maximum": None if fact.maximum is None else plain_number(fact.maximum),
        "timeless": fact.timeless,
    }
    if fact.scale is not None:
        law["scale"] = [step.id for step in fact.scale.steps]
    if fact.values:
        law["values"] = [value.id for value in fact.values]
    if by_part and fact.parts is not None:
        parts = fact.parts.parts
        law["parts"] = {fact.parts.id: UNSTATED if parts is None else [part.id for part in parts]}
    if fact.derived is not None:
        law["derived"] = write_derivation(fact.derived)
    if fact.unstated:
        law["definition"] = UNSTATED
    return law


def document_fingerprint(rules: CriteriaSet) -> str:
    """sha256 of everything in the document, titles and notes too."""
    return fingerprint(write_criteria_set(rules))
