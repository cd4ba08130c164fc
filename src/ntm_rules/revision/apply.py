"""
Applying a revision: a new set, the base untouched, or every edit that can't be made.

One function an edit, found by its class. Two edits of the same thing are an error, never "last one wins".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, TypeVar

import attrs

from ntm_rules.errors import CriteriaError, Problem, ProblemCode, RevisionError
from ntm_rules.language import from_plain, parse_criteria_set, reread_indicator, write_criteria_set
from ntm_rules.messages import nearest
from ntm_rules.vocabulary.criteria import CriteriaSet, Criterion, Indicator, TheSame
from ntm_rules.vocabulary.instruments import Grade, Source
from ntm_rules.vocabulary.places import PlaceRegister
from ntm_rules.vocabulary.requirements import Cell, Compare, Requirement, Table
from ntm_rules.vocabulary.revisions import (
    AddAxis,
    AddCriterion,
    AddIndicator,
    Edit,
    PartEdit,
    RaiseGrade,
    RemoveCriterion,
    RemoveIndicator,
    Reorder,
    ReplaceIndicator,
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
from ntm_rules.vocabulary.text import Text


@attrs.define
class _Draft:
    """The set under change, and what could not be done."""

    rules: CriteriaSet
    problems: list[Problem] = attrs.field(factory=list)

    def problem(self, code: ProblemCode, edit: Edit, **params: object) -> None:
        self.problems.append(Problem.at(code, edit.where, **params))

    def criterion(self, number: str, edit: Edit) -> Criterion | None:
        """The criterion of that number; that there is none is a problem."""
        numbers = [criterion.number for criterion in self.rules.criteria]
        if number in numbers:
            return self.rules.criteria[numbers.index(number)]
        self.problem(ProblemCode.EDIT_OF_NOTHING, edit, name=number or "?", nearest=nearest(number, numbers))
        return None

    def indicator(self, edit: Edit) -> tuple[Criterion | None, Indicator] | None:
        """The row that an edit names, with its criterion unless it is a condition of recognition; none is a problem."""
        number, _, name = edit.at.partition("/")
        for criterion, indicator in self.rules.indicators:
            if (criterion.number, indicator.number) == (number, name):
                return criterion, indicator
        rows = dict(self.rules.rows)
        if edit.at in rows:
            return None, rows[edit.at]
        self.problem(ProblemCode.EDIT_OF_NOTHING, edit, name=edit.at or "?", nearest=nearest(edit.at, rows))
        return None

    def put(self, old: Criterion, *new: Criterion) -> None:
        """Replace a criterion by others, or by none."""
        at = self.rules.criteria.index(old)
        criteria = (*self.rules.criteria[:at], *new, *self.rules.criteria[at + 1 :])
        self.rules = attrs.evolve(self.rules, criteria=criteria)

    def put_indicator(self, criterion: Criterion | None, old: Indicator, *new: Indicator) -> None:
        """Replace an indicator, or without a criterion a condition of recognition, by others or by none."""
        if criterion is None and old is self.rules.applies_to:
            self.rules = attrs.evolve(self.rules, applies_to=new[0] if new else None)
            return
        if criterion is None:
            at = self.rules.preconditions.index(old)
            kept = (*self.rules.preconditions[:at], *new, *self.rules.preconditions[at + 1 :])
            self.rules = attrs.evolve(self.rules, preconditions=kept)
            return
        at = criterion.indicators.index(old)
        indicators = (*criterion.indicators[:at], *new, *criterion.indicators[at + 1 :])
        self.put(criterion, attrs.evolve(criterion, indicators=indicators))


_E = TypeVar("_E", bound=Edit)

#: What makes each edit.
MAKERS: dict[type[Edit], Callable[[Any, _Draft], None]] = {}


def _makes(edit: type[_E]) -> Callable[[Callable[[_E, _Draft], None]], Callable[[_E, _Draft], None]]:
    def register(function: Callable[[_E, _Draft], None]) -> Callable[[_E, _Draft], None]:
        MAKERS[edit] = function
        return function

    return register


def apply_edits(base: CriteriaSet, edits: Iterable[Edit], places: PlaceRegister) -> CriteriaSet:
    """
    The set that *edits* make of *base*.

    Raises:
        RevisionError: With every edit that can't be made, edits of the same thing, and whatever would be wrong with
            the set that comes out.
    """
    rules = edited(base, edits)
    quickly = rows_checked(rules, base, places)
    if quickly is not None:
        return quickly
    try:
        read = _reread(rules, places)
    except CriteriaError as error:
        raise RevisionError(error.problems) from None
    return attrs.evolve(read, overlays=rules.overlays)


def edited(base: CriteriaSet, edits: Iterable[Edit]) -> CriteriaSet:
    """
    As `apply_edits`, whatever may be wrong with the set that comes out.

    Raises:
        RevisionError: With every edit that can't be made, and edits of the same thing.
    """
    edits = tuple(numbered(edit, base) for edit in edits)
    draft = _Draft(base)
    _refuse_edits_of_the_same(edits, draft)
    for edit in sorted(edits, key=lambda edit: _ORDER.get(type(edit), 2)):
        MAKERS[type(edit)](edit, draft)
    for criterion in draft.rules.criteria:
        if not criterion.indicators:
            removed = (
                each for each in edits if isinstance(each, RemoveIndicator) and each.touches[0] == criterion.number
            )
            draft.problem(ProblemCode.EMPTIED, next(removed, Edit()), name=criterion.number)
    if draft.problems:
        raise RevisionError(draft.problems)
    return draft.rules


# Removed first, so that a number can be used again; sources before the grades that are marked in them; put in order
# last, when all are there.
_ORDER: dict[type[Edit], int] = {RemoveCriterion: 0, RemoveIndicator: 0, SetSource: 1, SetPartSource: 1, Reorder: 3}


def numbered(edit: Edit, rules: CriteriaSet) -> Edit:
    """The edit with its part named by numbers, as far as it is there: one part, one name."""
    item = rules.find(edit.at)
    if not isinstance(edit, PartEdit) or not isinstance(item, Indicator):
        return edit
    node, numbers = item.require, []
    for name in edit.part:
        at = node.part_at(name)
        if at is None:
            return edit
        numbers.append(str(at + 1))
        node = node.parts[at]
    return attrs.evolve(edit, part=tuple(numbers))


def _reread(rules: CriteriaSet, places: PlaceRegister) -> CriteriaSet:
    node = from_plain(write_criteria_set(rules))
    return parse_criteria_set(node, rules.catalogue, rules.instruments, places, trusted=True)


@lru_cache(maxsize=64)
def _is_sound(same: TheSame, places: PlaceRegister) -> bool:
    """Whether a document of a set gives the set."""
    try:
        return attrs.evolve(_reread(same.rules, places), overlays=same.rules.overlays) == same.rules
    except CriteriaError:
        return False


# What of a set stands as it stood, where only its rows ask something else.
_OTHERS = frozenset({"criteria", "instruments", "overlays", "_fingerprint"})
_ABOUT_THE_SET = tuple(each.name for each in attrs.fields(CriteriaSet) if each.name not in _OTHERS)


def rows_checked(rules: CriteriaSet, base: CriteriaSet, places: PlaceRegister) -> CriteriaSet | None:
    """
    The set as a document of it would give it, where single rows of a sound set ask something else.

    None where more than that changed, or something is wrong; instruments and overlays may be others. A thousand
    variants of a threshold would otherwise read a thousand sets.
    """
    same = all(getattr(rules, name) is getattr(base, name) for name in _ABOUT_THE_SET)
    if not same or len(rules.criteria) != len(base.criteria):
        return None
    criteria = []
    for old, new in zip(base.criteria, rules.criteria, strict=True):
        if new is old:
            criteria.append(old)
            continue
        if [each.number for each in new.indicators] != [each.number for each in old.indicators]:
            return None
        if attrs.evolve(new, indicators=old.indicators) != old:
            return None
        rows = []
        for before, after in zip(old.indicators, new.indicators, strict=True):
            row: Indicator | None = after
            if after is not before:
                refers = any(node.refers_to for node in after.require.walk())
                row = None if refers else reread_indicator(after, rules, places)
            if row is None:
                return None
            rows.append(row)
        criteria.append(attrs.evolve(new, indicators=tuple(rows)))
    return attrs.evolve(rules, criteria=tuple(criteria)) if _is_sound(TheSame(base), places) else None


def _refuse_edits_of_the_same(edits: tuple[Edit, ...], draft: _Draft) -> None:
    for at, edit in enumerate(edits):
        for earlier in edits[:at]:
            shorter, longer = sorted((earlier.touches, edit.touches), key=len)
            if longer[: len(shorter)] == shorter and not _removed_and_added(earlier, edit):
                line = earlier.where.line or "?"
                draft.problem(ProblemCode.CONFLICTING_EDITS, edit, name="/".join(shorter), first_line=line)


def _removed_and_added(one: Edit, other: Edit) -> bool:
    """A number may be dropped and given to something new in one revision."""
    kinds = {type(one), type(other)}
    same = one.touches == other.touches
    return same and kinds in ({RemoveIndicator, AddIndicator}, {RemoveCriterion, AddCriterion})


# --- requirements -----------------------------------------------------------------------------------------------


def _part(edit: PartEdit, draft: _Draft) -> tuple[Criterion | None, Indicator, Requirement] | None:
    """The node that an edit names, with its indicator and criterion; that there is none is a problem."""
    found = draft.indicator(edit)
    if found is None:
        return None
    node = found[1].require.part(edit.part)
    if node is None:
        draft.problem(ProblemCode.NO_SUCH_PART, edit, name="/".join(edit.part), at=edit.at)
        return None
    return (*found, node)


def _edit_part(edit: PartEdit, draft: _Draft, change: Callable[[Requirement], Requirement]) -> None:
    found = _part(edit, draft)
    if found is not None:
        criterion, indicator, node = found
        require = indicator.require.with_part(edit.part, change(node))
        draft.put_indicator(criterion, indicator, attrs.evolve(indicator, require=require))


# The table of what has none.
_NO_TABLE = Table((), ())

_Row = tuple[str, ...]
_Said = TypeVar("_Said")


def said_of(
    cells: tuple[tuple[_Row, _Said], ...], row: _Row, said: _Said, table: Table
) -> tuple[tuple[_Row, _Said], ...]:
    """What is said of single rows, changed for one; what was said of a row above is now said of each of its others."""
    kept: list[tuple[_Row, _Said]] = []
    for each, its in cells:
        if each == row[: len(each)] and each != row:
            others = (other for other, _ in table.cells if other[: len(each)] == each and other != row)
            kept += [(other, its) for other in others]
        elif each[: len(row)] != row:
            kept.append((each, its))
    return (*kept, (row, said))


def graded(source: Source, row: _Row, grade: Grade, table: Table) -> Source:
    """A source in which one cell has that grade."""
    if not row:
        return attrs.evolve(source, evidence=grade)
    return attrs.evolve(source, cells=said_of(source.cells, row, grade, table))


def _with_grade(indicator: Indicator, edit: PartEdit, row: _Row, grade: Grade, table: Table) -> Indicator:
    """
    Grade one cell, and no other: a source that stands above the part is copied to it first.

    Else the same row of its sibling parts would be graded too, on evidence that nobody has seen.
    """
    source = graded(indicator.source_at(edit.part), row, grade, table)
    node = indicator.require.part(edit.part)
    if node is None or (not edit.part and node.source is None):
        return attrs.evolve(indicator, source=source)
    new = attrs.evolve(node, source=source)
    return attrs.evolve(indicator, require=indicator.require.with_part(edit.part, new))


def _edit_cell(edit: SetCell | RaiseGrade, draft: _Draft, cell: Cell | None) -> None:
    """Set a cell, its grade, or both."""
    found = _part(edit, draft)
    if found is None:
        return
    criterion, indicator, node = found
    cells = node.threshold.cells if isinstance(node, Compare) else ()
    if not isinstance(node, Compare) or edit.row not in dict(cells):
        near = nearest("/".join(edit.row), ["/".join(row) for row, _ in cells])
        draft.problem(ProblemCode.NO_SUCH_ROW, edit, name="/".join(edit.row) or "-", at=edit.at, nearest=near)
        return
    new = indicator
    if cell is not None:
        cells = tuple((row, cell if row == edit.row else its) for row, its in cells)
        compare = attrs.evolve(node, threshold=attrs.evolve(node.threshold, cells=cells))
        new = attrs.evolve(indicator, require=indicator.require.with_part(edit.part, compare))
    if edit.grade is not None:
        new = _with_grade(new, edit, edit.row, edit.grade, node.threshold)
    draft.put_indicator(criterion, indicator, new)


@_makes(SetCell)
def _set_cell(edit: SetCell, draft: _Draft) -> None:
    _edit_cell(edit, draft, edit.cell)


@_makes(RaiseGrade)
def _raise_grade(edit: RaiseGrade, draft: _Draft) -> None:
    found = _part(edit, draft)
    if found is not None and not isinstance(found[2], Compare) and not found[2].parts and not edit.row:
        # No table: what is asked stands or falls as a whole, and so does its grade.
        criterion, indicator, _ = found
        draft.put_indicator(criterion, indicator, _with_grade(indicator, edit, (), edit.grade, _NO_TABLE))
    elif found is not None:
        _edit_cell(edit, draft, None)


@_makes(SetThreshold)
def _set_threshold(edit: SetThreshold, draft: _Draft) -> None:
    def change(node: Requirement) -> Requirement:
        if isinstance(node, Compare):
            return attrs.evolve(node, sign=edit.sign, threshold=edit.threshold)
        draft.problem(ProblemCode.NO_SUCH_PART, edit, name="/".join(edit.part) or "-", at=edit.at)
        return node

    _edit_part(edit, draft, change)


@_makes(SetRequirement)
def _set_requirement(edit: SetRequirement, draft: _Draft) -> None:
    _edit_part(edit, draft, lambda _: edit.require)


@_makes(SetPartSource)
def _set_part_source(edit: SetPartSource, draft: _Draft) -> None:
    _edit_part(edit, draft, lambda node: attrs.evolve(node, source=edit.source))


@_makes(SetSource)
def _set_source(edit: SetSource, draft: _Draft) -> None:
    found = draft.indicator(edit)
    if found is not None:
        draft.put_indicator(*found, attrs.evolve(found[1], source=edit.source))


# --- indicators and criteria ------------------------------------------------------------------------------------


_Item = TypeVar("_Item", Criterion, Indicator)


def _titled(item: _Item, title: Text) -> _Item:
    return attrs.evolve(item, title=title)


def _noted(item: _Item, note: Text | None) -> _Item:
    return attrs.evolve(item, note=note)


@_makes(Retitle)
def _retitle(edit: Retitle, draft: _Draft) -> None:
    if not edit.at:
        draft.rules = attrs.evolve(draft.rules, title=edit.title)
    elif "/" in edit.at:
        found = draft.indicator(edit)
        if found is not None:
            draft.put_indicator(*found, _titled(found[1], edit.title))
    else:
        criterion = draft.criterion(edit.at, edit)
        if criterion is not None:
            draft.put(criterion, _titled(criterion, edit.title))


@_makes(SetNote)
def _set_note(edit: SetNote, draft: _Draft) -> None:
    if "/" in edit.at:
        found = draft.indicator(edit)
        if found is not None:
            draft.put_indicator(*found, _noted(found[1], edit.note))
    else:
        criterion = draft.criterion(edit.at, edit)
        if criterion is not None:
            draft.put(criterion, _noted(criterion, edit.note))


@_makes(SetGroup)
def _set_group(edit: SetGroup, draft: _Draft) -> None:
    criterion = draft.criterion(edit.at, edit)
    if criterion is not None:
        draft.put(criterion, attrs.evolve(criterion, group=edit.group))


@_makes(AddIndicator)
def _add_indicator(edit: AddIndicator, draft: _Draft) -> None:
    criterion = draft.criterion(edit.at, edit)
    if criterion is None:
        return
    numbers = [indicator.number for indicator in criterion.indicators]
    at = _place_behind(edit.after, numbers, edit, draft)
    if edit.indicator.number in numbers:
        draft.problem(ProblemCode.ALREADY_THERE, edit, name=edit.indicator.number)
    elif at is not None:
        indicators = (*criterion.indicators[:at], edit.indicator, *criterion.indicators[at:])
        draft.put(criterion, attrs.evolve(criterion, indicators=indicators))


def _place_behind(after: str | None, numbers: list[str], edit: Edit, draft: _Draft) -> int | None:
    if after is None:
        return len(numbers)
    if after in numbers:
        return numbers.index(after) + 1
    draft.problem(ProblemCode.EDIT_OF_NOTHING, edit, name=after, nearest=nearest(after, numbers))
    return None


@_makes(RemoveIndicator)
def _remove_indicator(edit: RemoveIndicator, draft: _Draft) -> None:
    found = draft.indicator(edit)
    if found is not None:
        draft.put_indicator(*found)


@_makes(ReplaceIndicator)
def _replace_indicator(edit: ReplaceIndicator, draft: _Draft) -> None:
    found = draft.indicator(edit)
    if found is not None and edit.indicator.number != found[1].number:
        draft.problem(ProblemCode.NOT_THE_SAME_NUMBERS, edit, at=edit.at)
    elif found is not None:
        draft.put_indicator(*found, edit.indicator)


@_makes(AddCriterion)
def _add_criterion(edit: AddCriterion, draft: _Draft) -> None:
    numbers = [criterion.number for criterion in draft.rules.criteria]
    at = _place_behind(edit.after, numbers, edit, draft)
    if edit.criterion.number in numbers:
        draft.problem(ProblemCode.ALREADY_THERE, edit, name=edit.criterion.number)
    elif at is not None:
        criteria = (*draft.rules.criteria[:at], edit.criterion, *draft.rules.criteria[at:])
        draft.rules = attrs.evolve(draft.rules, criteria=criteria)


@_makes(RemoveCriterion)
def _remove_criterion(edit: RemoveCriterion, draft: _Draft) -> None:
    criterion = draft.criterion(edit.at, edit)
    if criterion is not None:
        draft.put(criterion)


@_makes(Reorder)
def _reorder(edit: Reorder, draft: _Draft) -> None:
    if edit.at:
        criterion = draft.criterion(edit.at, edit)
        if criterion is not None:
            indicators = _in_order(criterion.indicators, edit, draft)
            draft.put(criterion, attrs.evolve(criterion, indicators=indicators))
    else:
        draft.rules = attrs.evolve(draft.rules, criteria=_in_order(draft.rules.criteria, edit, draft))


def _in_order(items: tuple[_Item, ...], edit: Reorder, draft: _Draft) -> tuple[_Item, ...]:
    by_number = {item.number: item for item in items}
    if sorted(by_number) != sorted(edit.order):
        draft.problem(ProblemCode.NOT_THE_SAME_NUMBERS, edit, at=edit.at or "-")
        return items
    return tuple(by_number[number] for number in edit.order)


# --- the set ----------------------------------------------------------------------------------------------------


@_makes(SetInForce)
def _set_in_force(edit: SetInForce, draft: _Draft) -> None:
    draft.rules = attrs.evolve(draft.rules, in_force=edit.in_force)


@_makes(SetCounts)
def _set_counts(edit: SetCounts, draft: _Draft) -> None:
    draft.rules = attrs.evolve(draft.rules, counts=edit.counts)


@_makes(SetAxes)
def _set_axes(edit: SetAxes, draft: _Draft) -> None:
    draft.rules = attrs.evolve(draft.rules, axes=edit.axes)


@_makes(AddAxis)
def _add_axis(edit: AddAxis, draft: _Draft) -> None:
    if edit.axis.name in {axis.name for axis in draft.rules.axes}:
        draft.problem(ProblemCode.ALREADY_THERE, edit, name=edit.axis.name)
    else:
        draft.rules = attrs.evolve(draft.rules, axes=(*draft.rules.axes, edit.axis))


@_makes(SetMandates)
def _set_mandates(edit: SetMandates, draft: _Draft) -> None:
    draft.rules = attrs.evolve(draft.rules, mandates=edit.mandates)


@_makes(SetGroups)
def _set_groups(edit: SetGroups, draft: _Draft) -> None:
    draft.rules = attrs.evolve(draft.rules, groups=edit.groups)


@_makes(SetPreconditions)
def _set_preconditions(edit: SetPreconditions, draft: _Draft) -> None:
    draft.rules = attrs.evolve(draft.rules, preconditions=edit.preconditions)


@_makes(SetAppliesTo)
def _set_applies_to(edit: SetAppliesTo, draft: _Draft) -> None:
    draft.rules = attrs.evolve(draft.rules, applies_to=edit.applies_to)


@_makes(SetVerdictWords)
def _set_verdict_words(edit: SetVerdictWords, draft: _Draft) -> None:
    draft.rules = attrs.evolve(draft.rules, verdict_words=edit.verdict_words)


@_makes(SetBasis)
def _set_basis(edit: SetBasis, draft: _Draft) -> None:
    draft.rules = attrs.evolve(draft.rules, basis=edit.basis)
