"""Fact catalogues, instrument registers and place registers from documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from ntm_rules.errors import CriteriaError, ProblemCode
from ntm_rules.language.builder import SOME_DAY, Builder
from ntm_rules.language.nodes import Node, Scalar
from ntm_rules.vocabulary.facts import (
    Derivation,
    Difference,
    FactCatalogue,
    FactDefinition,
    FactKind,
    Operand,
    Option,
    PartList,
    Ratio,
    Scale,
    Sum,
)
from ntm_rules.vocabulary.instruments import Grade, Instrument
from ntm_rules.vocabulary.places import (
    EXTERNAL,
    ExternalTitle,
    Level,
    PlaceAttribute,
    PlaceMap,
    PlaceRegister,
    Province,
)
from ntm_rules.vocabulary.quantities import UNITS
from ntm_rules.vocabulary.text import Text

# Where a list or a definition is the law's, but not at hand.
UNSTATED = "unstated"


def _texts(node: Node, builder: Builder, key: str) -> tuple[str, ...]:
    return tuple(item.text or "" for item in builder.items(node, key) if isinstance(item, Scalar))


def _check_ids(nodes: tuple[Node, ...], builder: Builder) -> None:
    first: dict[str, Scalar] = {}
    for each in nodes:
        id = builder.child(each, "id")
        if isinstance(id, Scalar):
            twin = first.setdefault(id.text or "", id)
            if twin is not id:
                builder.problem(ProblemCode.DUPLICATE_ID, id.where, id=id.text, first_line=twin.where.line or "?")


def parse_fact_catalogue(node: Node, *, trusted: bool = False) -> FactCatalogue:
    """
    Build a fact catalogue.

    Raises:
        CriteriaError: With everything that is wrong.
    """
    builder = Builder.of(node, "fact-catalogue", trusted=trusted)
    nodes = builder.items(node, "facts")
    _check_ids(nodes, builder)
    scales = tuple(_scale(each, builder) for each in _of_own_id(node, "scales", builder))
    part_lists = tuple(_part_list(each, builder) for each in _of_own_id(node, "part_lists", builder))
    shared = FactCatalogue((), scales, part_lists)
    facts = tuple(_fact(each, builder, shared) for each in nodes)
    catalogue = attrs.evolve(shared, facts=facts)
    for each, fact in zip(nodes, facts, strict=True):
        if fact.derived is not None:
            _check_derivation(each, fact, catalogue, builder)
    builder.finish(CriteriaError)
    return catalogue


def _of_own_id(node: Node, key: str, builder: Builder) -> tuple[Node, ...]:
    """The items of a list, no two of one id."""
    nodes = builder.items(node, key)
    _check_ids(nodes, builder)
    return nodes


def _options(node: Node, key: str, builder: Builder) -> tuple[Option, ...]:
    return tuple(
        Option(builder.text(each, "id") or "", builder.required_words(each, "title"))
        for each in _of_own_id(node, key, builder)
    )


def _scale(node: Node, builder: Builder) -> Scale:
    id, title = builder.text(node, "id") or "", builder.required_words(node, "title")
    return Scale(id, title, _options(node, "steps", builder))


def _part_list(node: Node, builder: Builder) -> PartList:
    parts = None if builder.text(node, "parts") == UNSTATED else _options(node, "parts", builder)
    return PartList(builder.text(node, "id") or "", builder.required_words(node, "title"), parts)


# Which keys a fact of each kind must have, and may have, beside those of every fact.
_NEEDS = {FactKind.NUMBER: "unit", FactKind.ORDINAL: "scale", FactKind.CATEGORY: "values"}
_OF_KIND = ("unit", "scale", "values", "minimum", "maximum", "numerator", "denominator", "parts", "derived")
_MAY = {
    FactKind.NUMBER: frozenset({"unit", "minimum", "maximum", "numerator", "denominator", "parts", "derived"}),
    FactKind.YES_NO: frozenset({"parts"}),
    FactKind.ORDINAL: frozenset({"scale"}),
    FactKind.CATEGORY: frozenset({"values"}),
}


def _check_keys(node: Node, kind: FactKind, builder: Builder) -> None:
    """What a fact of that kind must say is there, and nothing that another kind says."""
    if kind in _NEEDS and builder.child(node, _NEEDS[kind]) is None:
        builder.problem(ProblemCode.MISSING_KEY, node.where, key=_NEEDS[kind])
    for key in _OF_KIND:
        found = builder.child(node, key)
        # Each part would have to be derived from the parts of other facts: the law does not count so.
        both = key == "parts" and builder.child(node, "derived") is not None
        if found is not None and (key not in _MAY[kind] or both):
            builder.problem(ProblemCode.UNKNOWN_KEY, found.where, key=key)


def _named(node: Node, key: str, code: ProblemCode, names: Iterable[str], builder: Builder) -> str | None:
    """What stands under *key*, if it is one of *names*; if not, that is a problem."""
    found = builder.child(node, key)
    if not isinstance(found, Scalar) or found.text is None or not builder.shape.usable(found):
        return None
    return found.text if builder.known(code, found.text, found.where, names) else None


def _fact(node: Node, builder: Builder, shared: FactCatalogue) -> FactDefinition:
    kind = builder.choice(FactKind, node, "kind", FactKind.NUMBER)
    if builder.text(node, "kind") is not None:
        _check_keys(node, kind, builder)
    unit = _named(node, "unit", ProblemCode.UNKNOWN_UNIT_OF_FACT, UNITS, builder)
    scale = _named(node, "scale", ProblemCode.UNKNOWN_SCALE, (each.id for each in shared.scales), builder)
    parts = _named(node, "parts", ProblemCode.UNKNOWN_PART_LIST, (each.id for each in shared.part_lists), builder)
    derived = builder.mapping(node, "derived")
    return FactDefinition(
        id=builder.text(node, "id") or "",
        title=builder.required_words(node, "title"),
        kind=kind,
        unit=unit,
        minimum=builder.decimal(node, "minimum"),
        maximum=builder.decimal(node, "maximum"),
        numerator=builder.words(node, "numerator"),
        denominator=builder.words(node, "denominator"),
        definition=builder.words(node, "definition"),
        reported_by=builder.words(node, "reported_by"),
        evidence=builder.grade(node, "evidence"),
        timeless=builder.flag(node, "timeless"),
        scale=None if scale is None else shared.scale(scale),
        values=_options(node, "values", builder),
        parts=None if parts is None else shared.part_list(parts),
        derived=None if derived is None or not builder.shape.usable(derived) else _derivation(derived, builder),
        unstated=builder.text(node, "definition") == UNSTATED,
    )


# --- derived facts ----------------------------------------------------------------------------------------------


def _operand(node: Node | None, builder: Builder) -> Operand:
    return node.text or "" if isinstance(node, Scalar) else _derivation(node, builder)


def _derivation(node: Node | None, builder: Builder) -> Derivation:
    """How a fact is derived; its shape was checked."""
    ratio = builder.mapping(node, "ratio")
    if ratio is not None:
        return Ratio(*(_operand(builder.child(ratio, key), builder) for key in ("of", "to")))
    terms = builder.items(node, "difference")
    if terms:
        return Difference(*(_operand(each, builder) for each in terms))
    return Sum(tuple(_operand(each, builder) for each in builder.items(node, "sum")))


def _operand_nodes(node: Node | None, builder: Builder) -> Iterator[Scalar]:
    """Every place where a derivation names a fact."""
    if isinstance(node, Scalar):
        yield node
        return
    ratio = builder.mapping(node, "ratio")
    beneath = [builder.child(ratio, "of"), builder.child(ratio, "to")] if ratio is not None else []
    for each in (*beneath, *builder.items(node, "difference"), *builder.items(node, "sum")):
        yield from _operand_nodes(each, builder)


def _check_derivation(node: Node, fact: FactDefinition, catalogue: FactCatalogue, builder: Builder) -> None:
    """Every operand is a number fact, none leads back here, and the units fit together."""
    derived = builder.child(node, "derived")
    assert derived is not None  # it was just read  # noqa: S101
    before = len(builder.problems)
    numbers = [each.id for each in catalogue if each.kind is FactKind.NUMBER and each.id != fact.id]
    for operand in _operand_nodes(derived, builder):
        name = operand.text or ""
        known = catalogue.get(name)
        if known is not None and known.kind is not FactKind.NUMBER:
            wanted = FactKind.NUMBER.value
            builder.problem(
                ProblemCode.WRONG_KIND_OF_FACT, operand.where, name=name, kind=known.kind.value, wanted=wanted
            )
        elif known is not None and fact.id in catalogue.with_operands([name]):
            builder.problem(ProblemCode.DERIVED_FROM_ITSELF, operand.where, fact=fact.id, name=name)
        else:
            builder.known(ProblemCode.UNKNOWN_OPERAND, name, operand.where, numbers)
    if len(builder.problems) > before or fact.derived is None or fact.unit is None:
        return
    dimension, wanted = catalogue.dimension(fact.derived), UNITS[fact.unit].dimension
    if dimension != wanted and (dimension, wanted) != ("ratio", "share"):
        builder.problem(ProblemCode.DERIVED_UNITS, derived.where, fact=fact.id, unit=fact.unit)


def write_derivation(derivation: Operand) -> str | dict[str, Any]:
    """Write how a fact is derived."""
    if isinstance(derivation, str):
        return derivation
    if isinstance(derivation, Sum):
        return {"sum": [write_derivation(term) for term in derivation.terms]}
    if isinstance(derivation, Difference):
        return {"difference": [write_derivation(derivation.whole), write_derivation(derivation.less)]}
    return {"ratio": {"of": write_derivation(derivation.of), "to": write_derivation(derivation.to)}}


# --- instruments and places -------------------------------------------------------------------------------------


def parse_instruments(node: Node, *, trusted: bool = False) -> tuple[Instrument, ...]:
    """
    Build the register of instruments.

    Raises:
        CriteriaError: With everything that is wrong.
    """
    builder = Builder.of(node, "instrument-register", trusted=trusted)
    nodes = builder.items(node, "instruments")
    _check_ids(nodes, builder)
    instruments = tuple(
        Instrument(
            id=builder.text(each, "id") or "",
            kind=builder.text(each, "kind") or "",
            title=builder.required_words(each, "title"),
            issuer=builder.required_words(each, "issuer"),
            issued=builder.day(each, "issued"),
            published=builder.day(each, "published"),
            effective_from=builder.day(each, "effective_from"),
            effective_until=builder.day(each, "effective_until"),
            replaces=_texts(each, builder, "replaces"),
            sources=_texts(each, builder, "sources"),
            evidence=tuple(_grades(each, builder)),
            note=builder.words(each, "note"),
        )
        for each in nodes
    )
    builder.finish(CriteriaError)
    return instruments


def _grades(node: Node, builder: Builder) -> list[tuple[str, Grade]]:
    evidence = builder.mapping(node, "evidence")
    return [(name, builder.grade(evidence, name)) for name, _, _ in builder.entries(node, "evidence")]


def parse_places(node: Node, *, trusted: bool = False) -> PlaceRegister:
    """
    Build the register of places.

    Raises:
        CriteriaError: With everything that is wrong.
    """
    builder = Builder.of(node, "place-register", trusted=trusted)
    nodes = builder.items(node, "provinces")
    _check_ids(nodes, builder)
    register = PlaceRegister(
        regions=_titles(node, builder, "regions"),
        maps=tuple(
            PlaceMap(
                name,
                builder.day(value, "from") or SOME_DAY,
                builder.day(value, "until"),
                tuple(Level(each) for each in _texts(value, builder, "levels") if builder.shape.usable(value))
                or tuple(Level),
            )
            for name, _, value in builder.entries(node, "maps")
        ),
        provinces=tuple(
            Province(
                builder.text(each, "id") or "",
                builder.text(each, "name") or "",
                builder.text(each, "kind") or "",
                builder.text(each, "region"),
                _texts(each, builder, "predecessors"),
            )
            for each in nodes
        ),
        attributes=tuple(_attributes(node, builder)),
        external_titles=tuple(
            ExternalTitle(
                f"{EXTERNAL}{name}",
                builder.required_words(value, "title"),
                tuple(Level(each) for each in _texts(value, builder, "levels") if builder.shape.usable(value)),
            )
            for name, _, value in builder.entries(node, "external_titles")
        ),
    )
    builder.finish(CriteriaError)
    return register


def _attributes(node: Node, builder: Builder) -> Iterator[PlaceAttribute]:
    titles = builder.mapping(node, "attributes")
    for name, _, value in builder.entries(node, "attributes"):
        values = builder.items(value, "values")
        _check_ids(values, builder)
        listed = tuple((builder.text(each, "id") or "", builder.required_words(each, "title")) for each in values)
        yield PlaceAttribute(name, builder.required_words(titles, name), listed)


def _titles(node: Node, builder: Builder, key: str) -> tuple[tuple[str, Text], ...]:
    titles = builder.mapping(node, key)
    return tuple((name, builder.required_words(titles, name)) for name, _, _ in builder.entries(node, key))
