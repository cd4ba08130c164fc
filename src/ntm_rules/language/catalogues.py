"""Fact catalogues, instrument registers and place registers from documents."""

from __future__ import annotations

from ntm_rules.errors import CriteriaError, ProblemCode
from ntm_rules.language.builder import SOME_DAY, Builder
from ntm_rules.language.nodes import Node, Scalar
from ntm_rules.vocabulary.facts import FactCatalogue, FactDefinition, FactKind
from ntm_rules.vocabulary.instruments import Grade, Instrument
from ntm_rules.vocabulary.places import PlaceMap, PlaceRegister, Province
from ntm_rules.vocabulary.quantities import UNITS
from ntm_rules.vocabulary.text import Text


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
    facts = tuple(_fact(each, builder) for each in nodes)
    builder.finish(CriteriaError)
    return FactCatalogue(facts)


def _fact(node: Node, builder: Builder) -> FactDefinition:
    kind = builder.choice(FactKind, node, "kind", FactKind.NUMBER)
    unit = builder.child(node, "unit")
    if isinstance(unit, Scalar) and unit.text is not None and builder.shape.usable(unit):
        builder.known(ProblemCode.UNKNOWN_UNIT_OF_FACT, unit.text, unit.where, UNITS)
    if kind is FactKind.NUMBER and unit is None and builder.text(node, "kind") is not None:
        builder.problem(ProblemCode.MISSING_KEY, node.where, key="unit")
    if kind is FactKind.YES_NO and unit is not None:
        builder.problem(ProblemCode.UNKNOWN_KEY, unit.where, key="unit")
    return FactDefinition(
        id=builder.text(node, "id") or "",
        title=builder.required_words(node, "title"),
        kind=kind,
        unit=builder.text(node, "unit"),
        minimum=builder.decimal(node, "minimum"),
        maximum=builder.decimal(node, "maximum"),
        numerator=builder.words(node, "numerator"),
        denominator=builder.words(node, "denominator"),
        definition=builder.words(node, "definition"),
        reported_by=builder.words(node, "reported_by"),
        evidence=builder.grade(node, "evidence"),
        timeless=builder.flag(node, "timeless"),
    )


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
            PlaceMap(name, builder.day(value, "from") or SOME_DAY, builder.day(value, "until"))
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
        attributes=_titles(node, builder, "attributes"),
    )
    builder.finish(CriteriaError)
    return register


def _titles(node: Node, builder: Builder, key: str) -> tuple[tuple[str, Text], ...]:
    titles = builder.mapping(node, key)
    return tuple((name, builder.required_words(titles, name)) for name, _, _ in builder.entries(node, key))
