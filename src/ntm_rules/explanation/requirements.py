"""What the law asks, without any place: requirements as lines, one function a form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar

from ntm_rules.explanation.words import Words, capital
from ntm_rules.vocabulary.assessments import IndicatorResult, Reason, Step
from ntm_rules.vocabulary.facts import ScaleStep
from ntm_rules.vocabulary.instruments import Grade, Source
from ntm_rules.vocabulary.places import OF_PLACE
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.requirements import (
    AllOf,
    AnyOf,
    AppliesWhen,
    AtLeastNOf,
    Attains,
    Cell,
    Compare,
    DecidedBy,
    Delegated,
    Denominator,
    Every,
    ForEach,
    ForEachYear,
    Holds,
    IsOneOf,
    Nothing,
    RecognisedAs,
    Requirement,
    Sign,
    SubPlaceMeasure,
    ThresholdOf,
    Unstated,
    When,
)

Line = tuple[int, str]

_Describe = Callable[[Any, Source, Words, int], Iterator[Line]]
_Form = TypeVar("_Form", bound=Requirement)

DESCRIBERS: dict[type[Requirement], _Describe] = {}


def _describes(form: type[_Form]) -> Callable[[_Describe], _Describe]:
    def register(function: _Describe) -> _Describe:
        DESCRIBERS[form] = function
        return function

    return register


def describe_requirement(node: Requirement, source: Source, words: Words, depth: int = 0) -> Iterator[Line]:
    """The lines of a requirement: depth and words; *source* is the nearest source above."""
    return DESCRIBERS[type(node)](node, node.source or source, words, depth)


def cell_words(cell: Cell, sign: Sign, words: Words) -> str:
    """What one cell asks."""
    if isinstance(cell, Quantity | ScaleStep):
        return words.required(sign, cell)
    if isinstance(cell, Nothing):
        return words.say("page.cell_none")
    if isinstance(cell, Unstated):
        said = words.say("page.cell_unstated")
        return said if cell.candidate is None else f"{said} {words.say('page.candidate_hidden')}"
    if isinstance(cell, ThresholdOf):
        row = words.row_of_set(cell.address)
        return words.say("page.cell_times", sign=words.sign(sign), times=words.number(cell.times), row=row)
    return _delegated(cell, words)


def asked(step: Step, words: Words) -> str:
    """What the law asked of one place at a step, in few words: the cell that it was compared with, or what must be."""
    node, applied = step.requirement, step.reason.threshold
    if applied is not None and isinstance(node, Compare):
        if applied.value is not None:
            return words.required(applied.sign, applied.value)
        return words.say("page.not_known") if applied.cell is None else cell_words(applied.cell, applied.sign, words)
    _, said = next(describe_requirement(node, Source(Grade.TEXT), words))
    for grade in Grade:
        said = said.removesuffix(f" ({words.say(f'grade.{grade.value}')})")
    return said.removesuffix(":")


def what_law_asks(of: IndicatorResult, step: Step, words: Words) -> str:
    """What is measured and what it must be; only the latter where it names the former."""
    measure, required = measure_of(of, step, words), asked(step, words)
    said = required if measure in required else f"{measure}: {required}"
    return said + _row(step.reason, words)


def measure_of(of: IndicatorResult, step: Step, words: Words) -> str:
    """What is measured or stated at a step."""
    node, reason = step.requirement, step.reason
    if isinstance(node, Compare):
        named = words.measure(node.measure)
        if reason.part is None or reason.subject is None:
            return named
        return words.say("page.fact_part", fact=named, part=words.part_of_fact(reason.subject, reason.part))
    if reason.subject is not None and reason.subject in words.rules.catalogue:
        return words.fact(reason.subject)
    return of.indicator.title.in_(words.lang)


def _row(reason: Reason, words: Words) -> str:
    row = "" if reason.threshold is None else words.row(reason.threshold)
    return words.say("page.row_in", row=row) if row else ""


def _delegated(cell: Delegated, words: Words) -> str:
    authority = words.say(f"authority.{cell.to.value}")
    if cell.floor is None:
        return words.say("page.cell_delegated", authority=authority)
    return words.say("page.cell_delegated_floor", authority=authority, floor=words.quantity(cell.floor))


@_describes(Compare)
def _compare(node: Compare, source: Source, words: Words, depth: int) -> Iterator[Line]:
    fact = words.measure(node.measure)
    if not node.threshold.axes:
        cell = node.threshold.cells[0][1]
        # A cell without its figure has nothing to be graded.
        grade = "" if isinstance(cell, Unstated) else f" ({words.say(f'grade.{source.grade().value}')})"
        yield depth, f"{fact}: {cell_words(cell, node.sign, words)}{grade}"
        yield from _asked_of_each(node, source, words, depth + 1)
        return
    yield depth, f"{fact}:"
    for line in _rows(node, source, words):
        yield depth + 1, line
    yield from _asked_of_each(node, source, words, depth + 1)


def _rows(node: Compare, source: Source, words: Words) -> Iterator[str]:
    """One line a row of the table; neighbouring rows that ask the same on the same evidence are told as one."""

    def asked(row: tuple[str, ...], cell: Cell) -> str:
        said = cell_words(cell, node.sign, words)
        if isinstance(cell, Unstated):
            return said
        return words.say("page.cell", value=said, grade=words.say(f"grade.{source.grade(row).value}"))

    lines = [(row[:-1], row[-1], asked(row, cell)) for row, cell in node.threshold.cells]
    for (above, said), alike in groupby(lines, key=itemgetter(0, 2)):
        last = [row for _, row, _ in alike]
        axis = node.threshold.axes[len(above)]
        named = [words.axis_row(axis, row) for axis, row in zip(node.threshold.axes, above, strict=False)]
        if len(last) > 1 and last == [row for prefix, row, _ in lines if prefix == above]:
            named.append(words.say("page.every_row"))
        else:
            named += [words.axis_row(axis, row) for row in last]
        yield f"{', '.join(named)}: {said}"


def _asked_of_each(node: Compare, source: Source, words: Words, depth: int) -> Iterator[Line]:
    """What is asked of each place beneath, where the line above does not tell it all."""
    if isinstance(node.measure, SubPlaceMeasure):
        if node.measure.of is not Denominator.APPLICABLE:
            yield depth, words.say(f"page.of_{node.measure.of.value}")
        if not words.is_brief(node.measure.that):
            yield depth, words.say("page.asked_of_each")
            yield from describe_requirement(node.measure.that, source, words, depth + 1)


@_describes(Every)
def _every(node: Every, source: Source, words: Words, depth: int) -> Iterator[Line]:
    yield depth, words.say("page.every", what=words.collection(node.collection.value))
    if node.exception is not None:
        yield depth + 1, words.say("page.except")
        yield from describe_requirement(node.exception, source, words, depth + 2)
        yield depth + 1, words.say("page.must")
        yield from describe_requirement(node.require, source, words, depth + 2)
        return
    yield from describe_requirement(node.require, source, words, depth + 1)


@_describes(Holds)
def _holds(node: Holds, source: Source, words: Words, depth: int) -> Iterator[Line]:
    grade = words.say(f"grade.{source.grade().value}")
    if node.attribute is not None:
        yield depth, f"{words.say('page.place_must_be', what=words.wanted(node.fact, ()))} ({grade})"
        return
    yield depth, f"{words.say('page.holds', fact=words.fact(node.fact))} ({grade})"


@_describes(IsOneOf)
def _is_one_of(node: IsOneOf, source: Source, words: Words, depth: int) -> Iterator[Line]:
    grade = words.say(f"grade.{source.grade().value}")
    if node.of_place:
        wanted = words.wanted(OF_PLACE + node.subject, node.values)
        yield depth, f"{words.say('page.place_must_be', what=wanted)} ({grade})"
        return
    said = words.say("page.is_one_of", options=words.options(node.subject, node.values))
    yield depth, f"{words.fact(node.subject)}: {said} ({grade})"


@_describes(ForEach)
def _for_each(node: ForEach, source: Source, words: Words, depth: int) -> Iterator[Line]:
    parts = words.parts(words.rules.catalogue.part_list(node.by))
    yield depth, words.say("page.for_each", by=words.part_list(node.by), parts=parts)
    yield from describe_requirement(node.require, source, words, depth + 1)


@_describes(ForEachYear)
def _for_each_year(node: ForEachYear, source: Source, words: Words, depth: int) -> Iterator[Line]:
    yield depth, words.say("page.for_each_year", number=node.last)
    yield from describe_requirement(node.require, source, words, depth + 1)


@_describes(AllOf)
def _all_of(node: AllOf, source: Source, words: Words, depth: int) -> Iterator[Line]:
    if node.of_which:
        whole, part = node.members
        yield from describe_requirement(whole, source, words, depth)
        yield depth, words.say("page.of_which")
        yield from describe_requirement(part, source, words, depth + 1)
        return
    yield depth, words.say("page.all_of")
    for member in node.members:
        yield from describe_requirement(member, source, words, depth + 1)


@_describes(AnyOf)
def _any_of(node: AnyOf, source: Source, words: Words, depth: int) -> Iterator[Line]:
    yield depth, words.say("page.any_of")
    for member in node.members:
        yield from describe_requirement(member, source, words, depth + 1)


@_describes(AtLeastNOf)
def _at_least_n_of(node: AtLeastNOf, source: Source, words: Words, depth: int) -> Iterator[Line]:
    open_list = f" {words.say('page.open_list')}" if node.open_list else ""
    yield depth, words.say("page.at_least_n_of", n=node.n) + open_list
    for member in node.members:
        yield from describe_requirement(member, source, words, depth + 1)


@_describes(AppliesWhen)
def _applies_when(node: AppliesWhen, source: Source, words: Words, depth: int) -> Iterator[Line]:
    yield from describe_requirement(node.body, source, words, depth)
    yield depth, words.say("page.applies_when")
    yield from describe_requirement(node.condition, source, words, depth + 1)


@_describes(Attains)
def _attains(node: Attains, source: Source, words: Words, depth: int) -> Iterator[Line]:
    grade = words.say(f"grade.{source.grade().value}")
    yield depth, f"{words.say('page.attains', what=words.row_of_set(node.address))} ({grade})"


@_describes(RecognisedAs)
def _recognised_as(node: RecognisedAs, source: Source, words: Words, depth: int) -> Iterator[Line]:
    grade = words.say(f"grade.{source.grade().value}")
    key = "page.recognised_as_or_higher" if node.or_higher else "page.recognised_as"
    yield depth, f"{words.say(key, what=words.title_of(node.set_id))} ({grade})"


@_describes(When)
def _when(node: When, source: Source, words: Words, depth: int) -> Iterator[Line]:
    for key, part in (("when", node.when), ("then", node.then), ("otherwise", node.otherwise)):
        yield depth, words.say(f"page.{key}")
        yield from describe_requirement(part, source, words, depth + 1)


@_describes(DecidedBy)
def _decided_by(node: DecidedBy, source: Source, words: Words, depth: int) -> Iterator[Line]:
    title = "" if node.title is None else f"{node.title.in_(words.lang)}: "
    said = words.say("page.decided_by", authority=words.say(f"authority.{node.authority.value}"))
    yield depth, f"{title}{said} ({words.say(f'grade.{source.grade().value}')})"


def describe_source(source: Source, words: Words, depth: int) -> Iterator[Line]:
    """Citation, doubt and note of a source."""
    citation = words.rules.cite(source)
    yield depth, words.say("page.basis", citation=words.citation(citation))
    if citation.doubt is not None and citation.note is None:
        yield depth, words.say("page.note", note=capital(words.say(f"doubt.{citation.doubt}")) + ".")
    if citation.note is not None:
        yield depth, words.say("page.note", note=citation.note.in_(words.lang))
