"""What changed between two editions, in words: which indicator, old, new, by what instrument."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from ntm_rules.explanation.requirements import Line, cell_words, describe_requirement
from ntm_rules.explanation.words import Words, capital
from ntm_rules.messages import Language, date_text
from ntm_rules.revision import diff
from ntm_rules.rulebook import crosswalk
from ntm_rules.rulebook import editions as editions_of
from ntm_rules.vocabulary.criteria import APPLIES_TO, PRECONDITION, CriteriaSet, Criterion, Indicator
from ntm_rules.vocabulary.crosswalk import CrosswalkLink, Relation, Trace
from ntm_rules.vocabulary.instruments import Source
from ntm_rules.vocabulary.requirements import Compare, Requirement, Unstated
from ntm_rules.vocabulary.revisions import (
    AddCriterion,
    AddIndicator,
    Edit,
    PartEdit,
    RemoveCriterion,
    RemoveIndicator,
    Reorder,
    Retitle,
    SetAppliesTo,
    SetAxes,
    SetBasis,
    SetCell,
    SetCounts,
    SetGroup,
    SetGroups,
    SetInForce,
    SetMandates,
    SetNote,
    SetPartSource,
    SetPreconditions,
    SetRequirement,
    SetSource,
    SetThreshold,
    SetVerdictWords,
)

_E = TypeVar("_E", bound=Edit)
_Tell = Callable[[Any, Words, Words], Iterator[Line]]

#: What tells each edit that `diff` gives: from the edit, the words of the old set and those of the new one.
TELLERS: dict[type[Edit], _Tell] = {}


def _tells(*edits: type[_E]) -> Callable[[_Tell], _Tell]:
    def register(function: _Tell) -> _Tell:
        TELLERS.update(dict.fromkeys(edits, function))
        return function

    return register


def changes(old: CriteriaSet, new: CriteriaSet, lang: Language = "vi") -> str:
    """
    What changed from one edition to another, item by item, as text.

    Raises:
        ValueError: If they are not editions of one set.
    """
    before, after = Words(old, lang), Words(new, lang)
    edits = diff(old, new)
    head = after.say("change.head", old=old.edition, new=new.edition)
    lines = [(0, head), *_by_item(edits, before, after)]
    if not edits:
        lines.append((0, after.say("change.nothing")))
    return "\n".join(("  " * depth + line).rstrip() for depth, line in lines)


def history(editions: Iterable[CriteriaSet], number: str, lang: Language = "vi") -> str:
    """
    How one criterion or indicator came to read as it does, and what became of it.

    What it was in the periods before, its first wording in these editions and what each of them changed, what it is
    in the periods after; between two periods, what the crosswalk says of the step and why.

    Args:
        editions: The editions of one set, in the order of time.

        number: The address within it.

        lang: The language.

    Raises:
        UnknownNameError: If the last edition does not have it.

    Example:
        >>> import ntm_rules as ntm
        >>> told = ntm.history(ntm.editions("commune/standard/2016-2020"), "4.2", "en").splitlines()
        >>> print(told[0])
        commune/standard/2010-2015@2009-04-16 (from 16 April 2009)
    """
    known = tuple(editions)
    address = known[-1].local(number)
    words = Words(known[-1], lang)
    trace = trace_of(known[-1], address)
    sections: list[Iterable[Line]] = []
    for step in trace.earlier:
        sections += [*_elsewhere((each for link in step for each in link.earlier), lang), _links(step, words)]
    sections.append(_within(known, address, lang))
    for step in trace.later:
        sections += [_links(step, words), *_elsewhere((each for link in step for each in link.later), lang)]
    if not trace.links:
        sections.append([(0, words.say("change.no_link"))])
    lines = [line for section in sections for line in ((0, ""), *section)]
    return "\n".join(("  " * depth + line).rstrip() for depth, line in lines[1:])


def trace_of(rules: CriteriaSet, address: str) -> Trace:
    """What the crosswalk says of an indicator of a set, or of all those of a criterion."""
    return crosswalk().trace(f"{rules.id}#{each}" for each in rules.indicators_at(address))


def _within(editions: tuple[CriteriaSet, ...], address: str, lang: Language) -> Iterator[Line]:
    """The first wording of a criterion or indicator in its set, then what each edition changed."""
    for at, rules in enumerate(editions):
        words = Words(rules, lang)
        item = rules.find(address)
        since = date_text(rules.in_force.first_day, lang)
        if at == 0 or editions[at - 1].find(address) is None:
            if item is not None:
                yield 0, words.say("change.since", edition=rules.edition, day=since)
                yield 1, words.heading(item)
                yield from _requirements(item, words, 2)
            continue
        before = Words(editions[at - 1], lang)
        edits = [edit for edit in diff(editions[at - 1], rules) if (edit.at + "/").startswith(address + "/")]
        yield 0, words.say("change.since", edition=rules.edition, day=since)
        yield from ((depth + 1, line) for depth, line in _by_item(edits, before, words))
        if not edits:
            yield 1, words.say("change.nothing")


def _elsewhere(addresses: Iterable[str], lang: Language) -> Iterator[Iterator[Line]]:
    """What indicators of other packaged sets ask, each once."""
    for address in dict.fromkeys(addresses):
        name, _, local = address.partition("#")
        yield _within(editions_of(name), local, lang)


def _links(links: Iterable[CrosswalkLink], words: Words) -> Iterator[Line]:
    """What the crosswalk says of one step from period to period."""
    for link in links:
        earlier, later = ("; ".join(_end(each, words) for each in side) for side in (link.earlier, link.later))
        key = "link"
        if not link.later:
            key = f"link_{link.relation.value}"
        elif not link.earlier:
            key = "link_new" if link.relation is Relation.NEW else "link_unknown_before"
        relation = words.say(f"relation.{link.relation.value}")
        yield 0, capital(words.say(f"change.{key}", earlier=earlier, later=later, relation=relation))
        yield 1, words.say("change.reason", reason=link.reason.in_(words.lang))


def _end(address: str, words: Words) -> str:
    """One end of a link; a condition of recognition by its title, for it has no number."""
    name, _, local = address.partition("#")
    if not local.startswith((PRECONDITION, APPLIES_TO)):
        return words.row_of_set(address)
    rules = editions_of(name)[-1]
    return f"{Words(rules, words.lang).part(local)} ({rules.title.in_(words.lang)})"


def _by_item(edits: Iterable[Edit], before: Words, after: Words) -> Iterator[Line]:
    heading = None
    for edit in edits:
        named = _heading(edit, before, after)
        if named != heading:
            heading = named
            yield 0, ""
            yield 0, named
        for depth, line in TELLERS[type(edit)](edit, before, after):
            yield depth + 1, line


def _heading(edit: Edit, before: Words, after: Words) -> str:
    item = after.rules.find(edit.at) or before.rules.find(edit.at) if edit.at else None
    return after.say("change.the_set") if item is None else after.heading(item)


def _requirements(item: Criterion | Indicator, words: Words, depth: int) -> Iterator[Line]:
    for indicator in item.indicators if isinstance(item, Criterion) else (item,):
        yield from describe_requirement(indicator.require, indicator.source, words, depth)


def _indicator(edit: Edit, words: Words) -> Indicator:
    item = words.rules[edit.at]
    assert isinstance(item, Indicator)  # part edits are of indicators  # noqa: S101
    return item


def _source(edit: PartEdit, words: Words) -> tuple[Requirement | None, Source]:
    """A part with the nearest source at or above it."""
    indicator = _indicator(edit, words)
    return indicator.require.part(edit.part), indicator.source_at(edit.part)


def _by(words: Words, source: Source, row: tuple[str, ...] = ()) -> str:
    return words.say("change.by", citation=words.citation(words.rules.cite(source, row)))


@_tells(SetCell)
def _cell(edit: SetCell, before: Words, after: Words) -> Iterator[Line]:
    (old, old_source), (new, new_source) = _source(edit, before), _source(edit, after)
    assert isinstance(old, Compare)  # cells are those of comparisons  # noqa: S101
    assert isinstance(new, Compare)  # cells are those of comparisons  # noqa: S101
    rows = ", ".join(after.axis_row(axis, row) for axis, row in zip(new.threshold.axes, edit.row, strict=False))
    yield (
        0,
        after.say(
            "change.cell",
            row=rows or after.measure(new.measure),
            old=_graded(old, old_source, edit.row, before),
            new=_graded(new, new_source, edit.row, after),
        ),
    )
    yield 1, _by(after, new_source, edit.row)


def _graded(node: Compare, source: Source, row: tuple[str, ...], words: Words) -> str:
    cell = dict(node.threshold.cells)[row]
    said = cell_words(cell, node.sign, words)
    if isinstance(cell, Unstated):
        return said
    return f"{said} ({words.say(f'grade.{source.grade(row).value}')})"


@_tells(SetThreshold, SetRequirement)
def _requirement(edit: Edit, before: Words, after: Words) -> Iterator[Line]:
    for key, words in (("change.before", before), ("change.after", after)):
        indicator = _indicator(edit, words)
        yield 0, words.say(key)
        yield from describe_requirement(indicator.require, indicator.source, words, 1)
    yield 0, _by(after, _indicator(edit, after).source)


@_tells(Retitle)
def _title(edit: Retitle, before: Words, after: Words) -> Iterator[Line]:
    old = before.rules[edit.at].title if edit.at else before.rules.title
    yield 0, after.say("change.title", old=old.in_(before.lang), new=edit.title.in_(after.lang))


@_tells(SetNote)
def _note(edit: SetNote, before: Words, after: Words) -> Iterator[Line]:
    del before
    note = after.say("change.absent") if edit.note is None else edit.note.in_(after.lang)
    yield 0, after.say("change.note", note=note)


@_tells(SetSource)
def _indicator_source(edit: SetSource, before: Words, after: Words) -> Iterator[Line]:
    old, new = (_told(_indicator(edit, words).source, words) for words in (before, after))
    yield 0, after.say("change.source", old=old, new=new)


@_tells(SetPartSource)
def _part_source(edit: SetPartSource, before: Words, after: Words) -> Iterator[Line]:
    old, new = (_told(_source(edit, words)[1], words) for words in (before, after))
    yield 0, after.say("change.source", old=old, new=new)


def _told(source: Source, words: Words) -> str:
    grade = words.say(f"grade.{source.evidence.value}")
    return f"{words.citation(words.rules.cite(source))} ({grade})"


@_tells(AddIndicator, AddCriterion)
def _added(edit: AddIndicator | AddCriterion, before: Words, after: Words) -> Iterator[Line]:
    del before
    item = edit.indicator if isinstance(edit, AddIndicator) else edit.criterion
    yield 0, after.say("change.added", what=after.heading(item))
    yield from _requirements(item, after, 1)


@_tells(RemoveIndicator, RemoveCriterion)
def _removed(edit: Edit, before: Words, after: Words) -> Iterator[Line]:
    yield 0, after.say("change.removed", what=before.heading(before.rules[edit.at]))


@_tells(SetInForce)
def _in_force(edit: SetInForce, before: Words, after: Words) -> Iterator[Line]:
    del edit
    yield 0, after.say("change.force", old=before.force(), new=after.force())


@_tells(SetCounts)
def _counts(edit: SetCounts, before: Words, after: Words) -> Iterator[Line]:
    del edit
    old, new = (words.counts(words.rules.counts) for words in (before, after))
    yield 0, after.say("change.counts", old=old, new=new)


@_tells(SetBasis)
def _basis(edit: SetBasis, before: Words, after: Words) -> Iterator[Line]:
    old, new = before.instrument(before.rules.basis), after.instrument(edit.basis)
    yield 0, after.say("change.basis", old=old, new=new)


@_tells(SetPreconditions)
def _preconditions(edit: SetPreconditions, before: Words, after: Words) -> Iterator[Line]:
    del before
    yield 0, after.say("change.preconditions")
    for each in edit.preconditions:
        yield 1, each.title.in_(after.lang)
        yield from describe_requirement(each.require, each.source, after, 2)


@_tells(SetAppliesTo)
def _applies_to(edit: SetAppliesTo, before: Words, after: Words) -> Iterator[Line]:
    del before
    if edit.applies_to is None:
        yield 0, after.say("change.applies_to_all")
        return
    yield 0, after.say("change.applies_to")
    yield from describe_requirement(edit.applies_to.require, edit.applies_to.source, after, 1)


@_tells(SetAxes, SetGroups, SetGroup, SetMandates, SetVerdictWords, Reorder)
def _arrangement(edit: Edit, before: Words, after: Words) -> Iterator[Line]:
    del before
    kinds: dict[type[Edit], str] = {
        SetAxes: "axes",
        SetGroups: "groups",
        SetGroup: "group",
        SetMandates: "mandates",
        SetVerdictWords: "verdict_words",
        Reorder: "order",
    }
    yield 0, after.say(f"change.{kinds[type(edit)]}")
