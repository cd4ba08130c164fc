"""
Requirements between document and value: one reader and one writer a form.

A mapping's own ``id``, ``title`` and ``source`` belong to its form. ``applies_when``, ``of_which`` and ``for_each`` may
stand beside a form, as the annex prints them; then the node that they make has no ``id``, ``title`` or ``source`` of
its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, TypeVar

import attrs

from ntm_rules.errors import ProblemCode
from ntm_rules.language.builder import Builder
from ntm_rules.language.nodes import Mapping, Node, Scalar, Sequence
from ntm_rules.vocabulary.criteria import Axis
from ntm_rules.vocabulary.facts import FactCatalogue, FactDefinition, FactKind, PartList, ScaleStep
from ntm_rules.vocabulary.instruments import Grade, Instrument, Locator, Source
from ntm_rules.vocabulary.places import DISTRICT_KINDS, EXTERNAL, OF_PLACE, PLACE_KINDS, Level, PlaceRegister
from ntm_rules.vocabulary.quantities import Quantity, plain_number
from ntm_rules.vocabulary.requirements import (
    GENERAL,
    AllOf,
    AnyOf,
    AppliesWhen,
    AtLeastNOf,
    AtRecognition,
    Attains,
    Authority,
    Candidate,
    Cell,
    Collection,
    Compare,
    DecidedBy,
    Delegated,
    Denominator,
    Every,
    FactMeasure,
    ForEach,
    ForEachYear,
    Holds,
    IsOneOf,
    Measure,
    Nothing,
    PreviousYear,
    RatioMeasure,
    Reading,
    RecognisedAs,
    Requirement,
    RowMeasure,
    Rows,
    Sign,
    SubPlaceMeasure,
    Table,
    ThresholdOf,
    Unstated,
    When,
)
from ntm_rules.vocabulary.text import Text


@attrs.frozen
class References:
    """
    What a requirement may refer to: facts, instruments, axes and the rows they have.

    Attributes:
        parts: The list of parts that whatever stands here is read by; None outside ``for_each``.

        each_year: Whether whatever stands here is asked of several years.
    """

    catalogue: FactCatalogue
    instruments: tuple[Instrument, ...]
    places: PlaceRegister
    axes: tuple[Axis, ...]
    parts: PartList | None = None
    each_year: bool = False

    def rows(self, axis: str) -> frozenset[str] | None:
        """The rows of an axis, without the general one; None where any row may stand (years)."""
        rows = self._rules(axis)
        if OF_PLACE + "region" in rows:
            return frozenset(region for region, _ in self.places.regions)
        return None if "year" in rows or not rows else rows

    def by_year(self, axis: str) -> bool:
        """Whether the rows of an axis are years."""
        return "year" in self._rules(axis)

    def attribute_values(self, name: str) -> tuple[str, ...] | None:
        """What an attribute of the place can be; None where there is none of that name, or it is yes or no."""
        own = {
            "region": tuple(region for region, _ in self.places.regions),
            "province": tuple(province.id for province in self.places.provinces),
            "kind": (*PLACE_KINDS, *DISTRICT_KINDS),
            "map": tuple(each.id for each in self.places.maps),
        }
        attribute = self.places.attribute(name)
        listed = () if attribute is None else tuple(id for id, _ in attribute.values)
        return own.get(name) or listed or None

    def _rules(self, axis: str) -> frozenset[str]:
        return frozenset(rule.row for each in self.axes if each.name == axis for rule in each.rules)


_Read = Callable[[Mapping, dict[str, Any], Builder, References], Requirement]
_Form = TypeVar("_Form", bound=Requirement)

#: The reader of each form, by the key that marks it.
READERS: dict[str, _Read] = {}

#: The writer of each form.
WRITERS: dict[type[Requirement], Callable[[Any], dict[str, Any]]] = {}


def _reads(key: str) -> Callable[[_Read], _Read]:
    def register(function: _Read) -> _Read:
        READERS[key] = function
        return function

    return register


def _writes(form: type[_Form]) -> Callable[[Callable[[_Form], dict[str, Any]]], Callable[[_Form], dict[str, Any]]]:
    def register(function: Callable[[_Form], dict[str, Any]]) -> Callable[[_Form], dict[str, Any]]:
        WRITERS[form] = function
        return function

    return register


#: How a row of an axis of years is named.
YEAR = re.compile(r"[0-9]{4}")

# A stand-in for a requirement that could not be read; it never leaves (see builder).
_NOTHING_READ = DecidedBy(authority=Authority.PROVINCE)


def read_requirement(node: Node | None, builder: Builder, references: References) -> Requirement:
    """Read a node of the algebra."""
    if not isinstance(node, Mapping):
        return _NOTHING_READ
    marks = [key for key in READERS if node.get(key) is not None]
    if "every" in marks:
        # Its body stands under the same key as that of a condition.
        marks = [mark for mark in marks if mark != "require"]
    if len(marks) != 1:
        return _NOTHING_READ
    own = {
        "id": builder.text(node, "id"),
        "title": builder.words(node, "title"),
        "source": read_source(builder.mapping(node, "source"), builder, references),
    }
    by_part = builder.child(node, "for_each") is not None
    read = (_read_for_each if by_part else _read_one)(marks[0], node, own, builder, references)
    condition = builder.child(node, "applies_when")
    if condition is None or (marks[0] == "require" and not by_part):
        return read
    return AppliesWhen(condition=read_requirement(condition, builder, references), body=read)


def _read_one(mark: str, node: Mapping, own: dict[str, Any], builder: Builder, references: References) -> Requirement:
    return READERS[mark](node, own, builder, references)


def write_requirement(node: Requirement) -> dict[str, Any]:
    """Write a node of the algebra; reading it gives the node back."""
    written = WRITERS[type(node)](node)
    if node.id is not None:
        written["id"] = node.id
    if node.title is not None:
        written["title"] = {"vi": node.title.vi, "en": node.title.en}
    if node.source is not None:
        written["source"] = write_source(node.source)
    return written


def _bare(node: Requirement) -> bool:
    return node.id is None and node.title is None and node.source is None


# --- sources ----------------------------------------------------------------------------------------------------


def read_source(node: Mapping | None, builder: Builder, references: References) -> Source | None:
    """Read where a requirement stands in the law."""
    if node is None:
        return None
    instrument = builder.text(node, "in")
    cells = _by_row(builder.mapping(node, "cells"), (), builder)
    cells_in = _by_row(builder.mapping(node, "cells_in"), (), builder)
    named = [builder.child(node, "in"), *(name for _, name in cells_in)]
    ids = [each.id for each in references.instruments]
    for name in named:
        if isinstance(name, Scalar) and builder.shape.usable(name):
            builder.known(ProblemCode.UNKNOWN_INSTRUMENT, name.text or "", name.where, ids)
    return Source(
        builder.grade(node, "evidence"),
        instrument,
        read_locator(node, builder),
        tuple((row, Grade(grade.text)) for row, grade in cells),
        tuple((row, name.text or "") for row, name in cells_in),
        builder.text(node, "doubt"),
        builder.words(node, "note"),
    )


def read_locator(node: Node, builder: Builder) -> Locator | None:
    """Read under ``cite`` where in an instrument something stands."""
    written = builder.child(node, "cite")
    if not isinstance(written, Scalar) or written.text is None:
        return None
    try:
        return Locator.parse(written.text)
    except ValueError as error:
        builder.problem(ProblemCode.BAD_CITATION, written.where, seen=error.args[0])
        return None


def _by_row(node: Mapping | None, prefix: tuple[str, ...], builder: Builder) -> list[tuple[tuple[str, ...], Scalar]]:
    """What is said of single cells, with their full rows."""
    cells: list[tuple[tuple[str, ...], Scalar]] = []
    for name, value in node.entries if node is not None else ():
        row = (*prefix, name.text or "")
        if isinstance(value, Mapping):
            cells += _by_row(value, row, builder)
        elif isinstance(value, Scalar) and builder.shape.usable(value):
            cells.append((row, value))
    return cells


def write_source(source: Source) -> dict[str, Any]:
    """Write where a requirement stands in the law."""
    written: dict[str, Any] = {}
    if source.instrument is not None:
        written["in"] = source.instrument
    if source.locator is not None:
        written["cite"] = str(source.locator)
    written["evidence"] = source.evidence.value
    if source.cells:
        written["cells"] = _nested([(row, grade.value) for row, grade in source.cells])
    if source.cells_in:
        written["cells_in"] = _nested(list(source.cells_in))
    if source.doubt is not None:
        written["doubt"] = source.doubt
    if source.note is not None:
        written["note"] = {"vi": source.note.vi, "en": source.note.en}
    return written


def _nested(cells: list[tuple[tuple[str, ...], Any]]) -> dict[str, Any]:
    """Rows of several axes as mappings within mappings."""
    tree: dict[str, Any] = {}
    for row, value in cells:
        place = tree
        for name in row[:-1]:
            place = place.setdefault(name, {})
        place[row[-1]] = value
    return tree


# --- thresholds -------------------------------------------------------------------------------------------------


def read_threshold(node: Node | None, fact: FactDefinition | None, builder: Builder, references: References) -> Table:
    """Read what a measure is compared with."""
    if not isinstance(node, Mapping) or node.get("by") is None:
        return Table.constant(read_cell(node, fact, builder))
    by = node.get("by")
    names = by.items if isinstance(by, Sequence) else (by,)
    axes = tuple(name.text or "" for name in names if isinstance(name, Scalar))
    for name in names:
        if isinstance(name, Scalar):
            known = (axis.name for axis in references.axes)
            builder.known(ProblemCode.UNKNOWN_AXIS, name.text or "", name.where, known)
    if not axes:
        return Table.constant(Unstated())
    cells = tuple((row, read_cell(value, fact, builder)) for row, value in _rows(node, (), axes, builder, references))
    table = Table(axes, cells, builder.text(node, "boundary") == "unstated")
    _check_gaps(node, table, builder, references)
    return table


def _rows(
    node: Mapping, prefix: tuple[str, ...], axes: tuple[str, ...], builder: Builder, references: References
) -> Iterator[tuple[tuple[str, ...], Node]]:
    """The cells of a table with their full rows, however deeply the rows are nested."""
    depth = len(prefix)
    rows = references.rows(axes[depth]) if depth < len(axes) else frozenset[str]()
    for name, value in node.entries:
        key = name.text or ""
        if not prefix and key in ("by", "boundary"):
            continue
        if rows is not None and (key != GENERAL or depth >= len(axes)):
            builder.known(ProblemCode.UNKNOWN_ROW, key, name.where, sorted(rows))
        elif rows is None and key != GENERAL and references.by_year(axes[depth]) and not YEAR.fullmatch(key):
            builder.problem(ProblemCode.UNKNOWN_ROW, name.where, name=key)
        row = (*prefix, key)
        if isinstance(value, Mapping) and not any(value.get(mark) is not None for mark in _MARKS_OF_CELLS):
            yield from _rows(value, row, axes, builder, references)
        else:
            yield row, value


_MARKS_OF_CELLS = ("decided_by", "unstated", "threshold_of")


def _check_gaps(node: Mapping, table: Table, builder: Builder, references: References) -> None:
    """Every row that an axis can give must have a cell: a gap is never filled by the general column."""
    for depth, axis in enumerate(table.axes):
        rows = references.rows(axis)
        if rows is None:
            continue
        beneath: dict[tuple[str, ...], set[str]] = {} if depth else {(): set()}
        for row, _ in table.cells:
            if len(row) > depth:
                beneath.setdefault(row[:depth], set()).add(row[depth])
        for prefix, have in sorted(beneath.items()):
            if have == {GENERAL}:
                alone = "/".join((*prefix, GENERAL))
                builder.problem(ProblemCode.GENERAL_ALONE, node.where, row=alone, axis=axis)
                continue
            for gap in sorted(rows - have):
                builder.problem(ProblemCode.ROW_WITHOUT_VALUE, node.where, axis=axis, row="/".join((*prefix, gap)))


def read_cell(node: Node | None, fact: FactDefinition | None, builder: Builder) -> Cell:
    """Read one cell of a threshold."""
    if isinstance(node, Mapping):
        floor = builder.child(node, "floor")
        if node.get("decided_by") is not None:
            to = builder.choice(Authority, node, "decided_by", Authority.PROVINCE)
            return Delegated(to, _read_figure(floor, fact, builder) if isinstance(floor, Scalar) else None)
        if node.get("threshold_of") is not None:
            parts = builder.items(node, "part")
            way = tuple(each.text for each in parts if isinstance(each, Scalar) and each.text is not None)
            times = builder.decimal(node, "times")
            factor = Decimal(1) if times is None else Decimal(plain_number(times))
            return ThresholdOf(builder.text(node, "threshold_of") or "", factor, way)
        return Unstated(_read_candidate(builder.mapping(node, "candidate"), fact, builder))
    if not isinstance(node, Scalar) or node.text is None or node.text == "unstated":
        return Unstated()
    if node.text == "none":
        return Nothing()
    return _read_figure(node, fact, builder) or Unstated()


def _read_candidate(node: Mapping | None, fact: FactDefinition | None, builder: Builder) -> Candidate | None:
    value = builder.child(node, "value")
    figure = _read_figure(value, fact, builder) if isinstance(value, Scalar) else None
    if figure is None:
        return None
    return Candidate(figure, builder.grade(node, "evidence"), builder.words(node, "why"))


_UNIT_PROBLEMS = frozenset({ProblemCode.UNIT_MISMATCH, ProblemCode.UNIT_MISSING, ProblemCode.UNIT_UNKNOWN})


def _read_figure(node: Scalar, fact: FactDefinition | None, builder: Builder) -> Quantity | ScaleStep | None:
    """A figure of the law, normalised, in the unit of its fact and within its range; or a step of its scale."""
    if fact is None or (fact.unit is None and fact.scale is None) or not builder.shape.usable(node):
        return None
    if fact.scale is not None:
        ids = [step.id for step in fact.scale.steps]
        known = builder.known(ProblemCode.UNKNOWN_STEP, node.text or "", node.where, ids)
        return fact.scale.step(node.text or "") if known else None
    before = len(builder.problems)
    figure = builder.quantity(node, fact.unit)
    if figure is None:
        # What a dossier calls a wrong unit is, in the law's own data, a mistake of whoever encoded it.
        wrong = [problem.code for problem in builder.problems[before:]]
        del builder.problems[before:]
        code = ProblemCode.THRESHOLD_UNIT if _UNIT_PROBLEMS.issuperset(wrong) else ProblemCode.BAD_QUANTITY
        builder.problem(code, node.where, seen=node.text, unit=fact.unit)
        return None
    too_low = fact.minimum is not None and figure.value < fact.minimum
    if too_low or (fact.maximum is not None and figure.value > fact.maximum):
        builder.problem(ProblemCode.THRESHOLD_OUT_OF_RANGE, node.where, seen=node.text, fact=fact.id)
    return Quantity(Decimal(plain_number(figure.value)), figure.unit)


def write_cell(cell: Cell) -> str | dict[str, Any]:
    """Write one cell of a threshold."""
    if isinstance(cell, Quantity | ScaleStep):
        return cell.written()
    if isinstance(cell, Nothing):
        return "none"
    if isinstance(cell, ThresholdOf):
        part = {"part": list(cell.part)} if cell.part else {}
        return {"threshold_of": cell.address, "times": plain_number(cell.times), **part}
    if isinstance(cell, Delegated):
        written: dict[str, Any] = {"decided_by": cell.to.value}
        if cell.floor is not None:
            written["floor"] = cell.floor.written()
        return written
    if cell.candidate is None:
        return "unstated"
    candidate: dict[str, Any] = {
        "value": cell.candidate.value.written(),
        "evidence": cell.candidate.grade.value,
    }
    if cell.candidate.why is not None:
        candidate["why"] = {"vi": cell.candidate.why.vi, "en": cell.candidate.why.en}
    return {"unstated": "true", "candidate": candidate}


def write_threshold(table: Table) -> str | dict[str, Any]:
    """Write what a measure is compared with."""
    if not table.axes:
        return write_cell(table.cells[0][1])
    by: str | list[str] = table.axes[0] if len(table.axes) == 1 else list(table.axes)
    written: dict[str, Any] = {"by": by}
    if table.boundary_unstated:
        written["boundary"] = "unstated"
    return written | _nested([(row, write_cell(cell)) for row, cell in table.cells])


# --- forms ------------------------------------------------------------------------------------------------------


def _fact(
    node: Mapping, key: str, kinds: tuple[FactKind, ...], builder: Builder, references: References
) -> tuple[str, FactDefinition | None]:
    """The fact named under *key*, which the catalogue must hold and which must be of one of *kinds*."""
    name = builder.text(node, key)
    if name is None:
        return "", None
    where = node.get(key).where  # type: ignore[union-attr]  # builder.text found it
    if name not in references.catalogue:
        builder.unknown(ProblemCode.FACT_NOT_IN_CATALOGUE, name, where, (fact.id for fact in references.catalogue))
        return name, None
    fact = references.catalogue[name]
    if fact.kind not in kinds:
        wanted = "|".join(kind.value for kind in kinds)
        builder.problem(ProblemCode.WRONG_KIND_OF_FACT, where, name=name, kind=fact.kind.value, wanted=wanted)
        return name, None
    if references.parts is not None and fact.parts != references.parts:
        builder.problem(ProblemCode.FACT_WITHOUT_PARTS, where, name=name, parts=references.parts.id)
    return name, fact


@_reads("fact")
def _read_of_fact(node: Mapping, own: dict[str, Any], builder: Builder, references: References) -> Requirement:
    if node.get("is") is not None or node.get("is_one_of") is not None:
        return _read_is_one_of(node, own, builder, references)
    return _read_compare(node, own, builder, references)


def _read_compare(node: Mapping, own: dict[str, Any], builder: Builder, references: References) -> Requirement:
    name, fact = _fact(node, "fact", (FactKind.NUMBER, FactKind.ORDINAL), builder, references)
    signs = [sign for sign in Sign if node.get(sign.value) is not None]
    if len(signs) != 1:
        return _NOTHING_READ
    threshold = node.get(signs[0].value)
    assert threshold is not None  # its sign was just found  # noqa: S101
    table = read_threshold(threshold, fact, builder, references)
    read = Compare(measure=FactMeasure(name), sign=signs[0], threshold=table, **own)
    part = builder.mapping(node, "of_which")
    if part is None:
        return read
    return AllOf(members=(read, read_requirement(part, builder, references)), of_which=True)


@_writes(Compare)
def _write_compare(node: Compare) -> dict[str, Any]:
    return write_measure(node.measure) | {node.sign.value: write_threshold(node.threshold)}


def write_measure(measure: Measure) -> dict[str, Any]:
    """Write what is compared with a threshold."""
    if isinstance(measure, FactMeasure):
        return {"fact": measure.fact}
    if isinstance(measure, RatioMeasure):
        return {"ratio": {"of": _write_reading(measure.of), "to": _write_reading(measure.to)}}
    key = "share_of" if measure.share else "count_of"
    written: dict[str, Any]
    if isinstance(measure, RowMeasure):
        written = {key: measure.rows.value, "in": measure.set_id, "that": "met" if measure.met else "not_met"}
        written |= {"among": list(measure.among)} if measure.among else {}
    else:
        written = {key: measure.collection.value, "that": write_requirement(measure.that)}
    return written | ({} if measure.of is Denominator.APPLICABLE else {"of": measure.of.value})


def definition_of(measure: Measure, catalogue: FactCatalogue) -> FactDefinition | None:
    """What gives a measure's thresholds their unit and range: its fact, or the like for what is counted."""
    if isinstance(measure, FactMeasure):
        return catalogue.get(measure.fact)
    title = Text(measure.unit, measure.unit)
    most = Decimal(100) if measure.unit == "percent" else None
    return FactDefinition(measure.unit, title, FactKind.NUMBER, measure.unit, Decimal(0), most)


@_reads("share_of")
@_reads("count_of")
def _read_counted(node: Mapping, own: dict[str, Any], builder: Builder, references: References) -> Requirement:
    share = builder.child(node, "share_of") is not None
    what = builder.text(node, "share_of" if share else "count_of")
    if what in [each.value for each in Rows]:
        among = tuple(each.text or "" for each in builder.items(node, "among") if isinstance(each, Scalar))
        rows = RowMeasure(
            Rows(what),
            builder.text(node, "in") or "",
            builder.text(node, "that") != "not_met",
            among,
            share,
            builder.choice(Denominator, node, "of", Denominator.APPLICABLE),
        )
        return _read_sign(node, rows, own, builder, references)
    that = read_requirement(builder.child(node, "that"), builder, attrs.evolve(references, parts=None))
    measure = SubPlaceMeasure(
        builder.choice(Collection, node, "share_of" if share else "count_of", Collection.SUB_PLACES),
        that,
        share,
        builder.choice(Denominator, node, "of", Denominator.APPLICABLE),
    )
    return _read_sign(node, measure, own, builder, references)


def _read_sign(
    node: Mapping, measure: Measure, own: dict[str, Any], builder: Builder, references: References
) -> Requirement:
    """A measure with the one sign and threshold that stand beside it."""
    signs = [sign for sign in Sign if node.get(sign.value) is not None]
    if len(signs) != 1:
        return _NOTHING_READ
    definition = definition_of(measure, references.catalogue)
    table = read_threshold(node.get(signs[0].value), definition, builder, references)
    return Compare(measure=measure, sign=signs[0], threshold=table, **own)


@_reads("ratio")
def _read_ratio(node: Mapping, own: dict[str, Any], builder: Builder, references: References) -> Requirement:
    pair = builder.mapping(node, "ratio")
    of, to = (_reading(builder.mapping(pair, key), builder, references) for key in ("of", "to"))
    if of is None or to is None:
        return _NOTHING_READ
    dimensions = [references.catalogue.dimension(each.fact) for each in (of, to)]
    if None not in dimensions and dimensions[0] != dimensions[1]:
        builder.problem(ProblemCode.DERIVED_UNITS, node.where, fact=of.fact, unit="times")
    return _read_sign(node, RatioMeasure(of, to), own, builder, references)


def _reading(node: Mapping | None, builder: Builder, references: References) -> Reading | None:
    """A fact, and whose it is."""
    if node is None:
        return None
    name, _ = _fact(node, "fact", (FactKind.NUMBER,), builder, references)
    above = builder.text(node, "of")
    return Reading(name, None if above is None else Level(above), _moment(node, builder, references))


def _moment(node: Mapping, builder: Builder, references: References) -> PreviousYear | AtRecognition | None:
    """For which year a fact is read."""
    if builder.text(node, "at") is not None:
        return PreviousYear()
    event = builder.mapping(node, "at")
    if event is None:
        return None
    check_external(event, "recognised", references.places, builder)
    return AtRecognition(builder.text(event, "recognised") or "")


def _write_reading(reading: Reading) -> dict[str, Any]:
    written: dict[str, Any] = {"fact": reading.fact}
    if reading.of is not None:
        written["of"] = reading.of.value
    if isinstance(reading.at, AtRecognition):
        written["at"] = {"recognised": reading.at.title}
    elif reading.at is not None:
        written["at"] = "previous_year"
    return written


@_reads("every")
def _read_every(node: Mapping, own: dict[str, Any], builder: Builder, references: References) -> Requirement:
    within = attrs.evolve(references, parts=None)
    exception = builder.child(node, "except")
    return Every(
        collection=builder.choice(Collection, node, "every", Collection.SUB_PLACES),
        require=read_requirement(builder.child(node, "require"), builder, within),
        exception=None if exception is None else read_requirement(exception, builder, within),
        **own,
    )


@_writes(Every)
def _write_every(node: Every) -> dict[str, Any]:
    written: dict[str, Any] = {"every": node.collection.value}
    if node.exception is not None:
        written["except"] = write_requirement(node.exception)
    return written | {"require": write_requirement(node.require)}


@_reads("holds")
def _read_holds(node: Mapping, own: dict[str, Any], builder: Builder, references: References) -> Requirement:
    named = builder.text(node, "holds")
    if named is not None and named.startswith(OF_PLACE):
        where = node.get("holds").where  # type: ignore[union-attr]  # builder.text found it
        known = [OF_PLACE + attribute.id for attribute in references.places.attributes if not attribute.values]
        builder.known(ProblemCode.UNKNOWN_ATTRIBUTE, named, where, known)
        return Holds(fact=named, **own)
    name, _ = _fact(node, "holds", (FactKind.YES_NO,), builder, references)
    return Holds(fact=name, **own)


@_writes(Holds)
def _write_holds(node: Holds) -> dict[str, Any]:
    return {"holds": node.fact}


def _read_is_one_of(node: Mapping, own: dict[str, Any], builder: Builder, references: References) -> Requirement:
    name, fact = _fact(node, "fact", (FactKind.CATEGORY,), builder, references)
    one = builder.child(node, "is")
    listed = builder.items(node, "is_one_of") if one is None else (one,)
    written = [each for each in listed if isinstance(each, Scalar) and builder.shape.usable(each)]
    if fact is not None:
        ids = [value.id for value in fact.values]
        for each in written:
            builder.known(ProblemCode.UNKNOWN_VALUE, each.text or "", each.where, ids)
    return IsOneOf(subject=name, values=tuple(each.text or "" for each in written), **own)


@_reads("unit")
def _read_unit(node: Mapping, own: dict[str, Any], builder: Builder, references: References) -> Requirement:
    subject = builder.text(node, "unit") or ""
    possible = references.attribute_values(subject)
    name = builder.child(node, "unit")
    if possible is None and name is not None and subject:
        listed = [attribute.id for attribute in references.places.attributes if attribute.values]
        builder.unknown(ProblemCode.UNKNOWN_ATTRIBUTE, subject, name.where, [*_OF_EVERY_PLACE, *listed])
    wanted = builder.child(node, "is")
    nodes = builder.items(node, "is_one_of") if wanted is None else (wanted,)
    values = []
    for each in nodes:
        if isinstance(each, Scalar) and each.text is not None and builder.shape.usable(each):
            values.append(each.text)
            if possible is not None and each.text not in possible:
                shown = ", ".join(possible[:_MOST_SHOWN]) + (", …" if len(possible) > _MOST_SHOWN else "")
                params = {"attribute": subject, "values": shown}
                builder.unknown(ProblemCode.UNKNOWN_ATTRIBUTE_VALUE, each.text, each.where, possible, **params)
    return IsOneOf(subject=subject, values=tuple(values), of_place=True, **own)


# What can be asked of every place, beside its attributes.
_OF_EVERY_PLACE = ("region", "province", "kind", "map")

# More values than this are not listed in a sentence: there are 97 provinces on the two maps.
_MOST_SHOWN = 12


@_writes(IsOneOf)
def _write_is_one_of(node: IsOneOf) -> dict[str, Any]:
    wanted: dict[str, Any] = {"is": node.values[0]} if len(node.values) == 1 else {"is_one_of": list(node.values)}
    return {"unit" if node.of_place else "fact": node.subject} | wanted


def _read_for_each(
    mark: str, node: Mapping, own: dict[str, Any], builder: Builder, references: References
) -> Requirement:
    """The body stands under ``require``, or is the form beside, to which the mapping's own then belongs."""
    years = builder.mapping(node, "for_each")
    if years is not None:
        return _read_for_each_year(years, node, own, builder, references)
    name = builder.text(node, "for_each") or ""
    listed = references.catalogue.part_list(name)
    if listed is None and name:
        where = node.get("for_each").where  # type: ignore[union-attr]  # builder.text found it
        known = (each.id for each in references.catalogue.part_lists)
        builder.unknown(ProblemCode.UNKNOWN_PART_LIST, name, where, known)
    within = attrs.evolve(references, parts=listed)
    if mark == "require":
        body = read_requirement(builder.child(node, "require"), builder, within)
        return ForEach(by=name, require=body, **own)
    return ForEach(by=name, require=READERS[mark](node, own, builder, within))


def _read_for_each_year(
    years: Mapping, node: Mapping, own: dict[str, Any], builder: Builder, references: References
) -> Requirement:
    """The body stands under ``require``; years within years would be years of other years."""
    if references.each_year:
        builder.problem(ProblemCode.YEARS_WITHIN_YEARS, years.where)
    within = attrs.evolve(references, each_year=True)
    last = int((builder.text(years, "year") or "last 1").removeprefix(_LAST))
    return ForEachYear(last=last, require=read_requirement(builder.child(node, "require"), builder, within), **own)


# What stands before a number of years.
_LAST = "last "


@_writes(ForEachYear)
def _write_for_each_year(node: ForEachYear) -> dict[str, Any]:
    return {"for_each": {"year": f"{_LAST}{node.last}"}, "require": write_requirement(node.require)}


@_writes(ForEach)
def _write_for_each(node: ForEach) -> dict[str, Any]:
    body = write_requirement(node.require)
    if _bare(node) and isinstance(node.require, Compare | Holds) and body.keys() & {"fact", "holds"}:
        return {"for_each": node.by} | body
    return {"for_each": node.by, "require": body}


def _members(node: Mapping, key: str, builder: Builder, references: References) -> tuple[Requirement, ...]:
    return tuple(read_requirement(item, builder, references) for item in builder.items(node, key))


@_reads("all_of")
def _read_all_of(node: Mapping, own: dict[str, Any], builder: Builder, references: References) -> Requirement:
    members = _members(node, "all_of", builder, references)
    return AllOf(members=members, of_which=builder.flag(node, "of_which"), **own)


@_writes(AllOf)
def _write_all_of(node: AllOf) -> dict[str, Any]:
    members = [write_requirement(member) for member in node.members]
    figures = all(isinstance(member, Compare) and isinstance(member.measure, FactMeasure) for member in node.members)
    if node.of_which and _bare(node) and figures:
        whole, part = members  # "trong đó": there are two
        return whole | {"of_which": part}
    return {"all_of": members} | ({"of_which": "true"} if node.of_which else {})


@_reads("any_of")
def _read_any_of(node: Mapping, own: dict[str, Any], builder: Builder, references: References) -> Requirement:
    return AnyOf(members=_members(node, "any_of", builder, references), **own)


@_writes(AnyOf)
def _write_any_of(node: AnyOf) -> dict[str, Any]:
    return {"any_of": [write_requirement(member) for member in node.members]}


@_reads("at_least_n_of")
def _read_at_least_n_of(node: Mapping, own: dict[str, Any], builder: Builder, references: References) -> Requirement:
    n = builder.number(node, "at_least_n_of")
    members = _members(node, "members", builder, references)
    open_list = builder.flag(node, "open_list")
    if n > len(members) and not open_list and builder.shape.usable(node):
        builder.problem(ProblemCode.TOO_MANY_REQUIRED, node.where, n=n, members=len(members))
    return AtLeastNOf(n=n, members=members, open_list=open_list, **own)


@_writes(AtLeastNOf)
def _write_at_least_n_of(node: AtLeastNOf) -> dict[str, Any]:
    written: dict[str, Any] = {"at_least_n_of": str(node.n)}
    written["members"] = [write_requirement(member) for member in node.members]
    return written | ({"open_list": "true"} if node.open_list else {})


@_reads("require")
def _read_applies_when(node: Mapping, own: dict[str, Any], builder: Builder, references: References) -> Requirement:
    condition = read_requirement(builder.child(node, "applies_when"), builder, references)
    body = read_requirement(builder.child(node, "require"), builder, references)
    return AppliesWhen(condition=condition, body=body, **own)


@_writes(AppliesWhen)
def _write_applies_when(node: AppliesWhen) -> dict[str, Any]:
    condition = {"applies_when": write_requirement(node.condition)}
    body = write_requirement(node.body)
    if _bare(node) and "applies_when" not in body and "require" not in body:
        return condition | body
    return condition | {"require": body}


@_reads("when")
def _read_when(node: Mapping, own: dict[str, Any], builder: Builder, references: References) -> Requirement:
    when, then, otherwise = (
        read_requirement(builder.child(node, key), builder, references) for key in ("when", "then", "otherwise")
    )
    return When(when=when, then=then, otherwise=otherwise, **own)


@_writes(When)
def _write_when(node: When) -> dict[str, Any]:
    return {
        "when": write_requirement(node.when),
        "then": write_requirement(node.then),
        "otherwise": write_requirement(node.otherwise),
    }


@_reads("attains")
def _read_attains(node: Mapping, own: dict[str, Any], builder: Builder, references: References) -> Requirement:
    return Attains(address=builder.text(node, "attains") or "", **own)


@_writes(Attains)
def _write_attains(node: Attains) -> dict[str, Any]:
    return {"attains": node.address}


@_reads("recognised_as")
def _read_recognised_as(node: Mapping, own: dict[str, Any], builder: Builder, references: References) -> Requirement:
    set_id = builder.text(node, "recognised_as") or ""
    check_external(node, "recognised_as", references.places, builder)
    return RecognisedAs(set_id=set_id, or_higher=builder.flag(node, "or_higher"), **own)


def check_external(node: Node, key: str, places: PlaceRegister, builder: Builder) -> None:
    """A title outside the library is one of those that it has words for."""
    named = builder.child(node, key)
    if isinstance(named, Scalar) and builder.shape.usable(named) and (named.text or "").startswith(EXTERNAL):
        known = (each.id for each in places.external_titles)
        builder.known(ProblemCode.UNKNOWN_TITLE, named.text or "", named.where, known)


@_writes(RecognisedAs)
def _write_recognised_as(node: RecognisedAs) -> dict[str, Any]:
    return {"recognised_as": node.set_id} | ({"or_higher": "true"} if node.or_higher else {})


@_reads("decided_by")
def _read_decided_by(node: Mapping, own: dict[str, Any], builder: Builder, _: References) -> Requirement:
    return DecidedBy(authority=builder.choice(Authority, node, "decided_by", Authority.PROVINCE), **own)


@_writes(DecidedBy)
def _write_decided_by(node: DecidedBy) -> dict[str, Any]:
    return {"decided_by": node.authority.value}
