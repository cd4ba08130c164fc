"""
What changed between two sets, as the edits that lead from one to the other.

`apply_edits(a, diff(a, b)) == b`, always: what can't be told finer is told by replacing the whole.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from ntm_rules.vocabulary.criteria import CriteriaSet, Criterion, Indicator
from ntm_rules.vocabulary.requirements import Authority, Compare, DecidedBy, Requirement, Table
from ntm_rules.vocabulary.revisions import (
    AddCriterion,
    AddIndicator,
    Edit,
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


def diff(old: CriteriaSet, new: CriteriaSet) -> tuple[Edit, ...]:
    """
    The edits that make *new* of *old*.

    Raises:
        ValueError: If they are not editions of one set, or were read with other catalogues.
    """
    if (old.id, old.catalogue, old.instruments) != (new.id, new.catalogue, new.instruments):
        raise ValueError(str(new.id))
    return tuple(_set(old, new))


def _set(old: CriteriaSet, new: CriteriaSet) -> Iterator[Edit]:
    if old.title != new.title:
        yield Retitle(title=new.title)
    if old.basis != new.basis:
        yield SetBasis(basis=new.basis)
    if old.in_force != new.in_force:
        yield SetInForce(in_force=new.in_force)
    if old.counts != new.counts:
        yield SetCounts(counts=new.counts)
    if old.axes != new.axes:
        yield SetAxes(axes=new.axes)
    if old.mandates != new.mandates:
        yield SetMandates(mandates=new.mandates)
    if old.groups != new.groups:
        yield SetGroups(groups=new.groups)
    if old.preconditions != new.preconditions:
        yield SetPreconditions(preconditions=new.preconditions)
    if old.applies_to != new.applies_to:
        yield SetAppliesTo(applies_to=new.applies_to)
    if old.verdict_words != new.verdict_words:
        yield SetVerdictWords(verdict_words=new.verdict_words)
    before = {criterion.number: criterion for criterion in old.criteria}
    after = {criterion.number: criterion for criterion in new.criteria}
    for number in before:
        if number not in after:
            yield RemoveCriterion(at=number)
    for number, criterion in after.items():
        if number not in before:
            yield AddCriterion(criterion=criterion)
        else:
            yield from _criterion(before[number], criterion)
    kept = [number for number in before if number in after]
    if (*kept, *(number for number in after if number not in before)) != tuple(after):
        yield Reorder(order=tuple(after))


def _criterion(old: Criterion, new: Criterion) -> Iterator[Edit]:
    number = new.number
    if old.title != new.title:
        yield Retitle(at=number, title=new.title)
    if old.note != new.note:
        yield SetNote(at=number, note=new.note)
    if old.group != new.group:
        yield SetGroup(at=number, group=new.group)
    before = {indicator.number: indicator for indicator in old.indicators}
    after = {indicator.number: indicator for indicator in new.indicators}
    for each in before:
        if each not in after:
            yield RemoveIndicator(at=f"{number}/{each}")
    for each, indicator in after.items():
        if each not in before:
            yield AddIndicator(at=number, indicator=indicator)
        else:
            yield from _indicator(f"{number}/{each}", before[each], indicator)
    kept = [each for each in before if each in after]
    if (*kept, *(each for each in after if each not in before)) != tuple(after):
        yield Reorder(at=number, order=tuple(after))


def _indicator(at: str, old: Indicator, new: Indicator) -> Iterator[Edit]:
    if old.title != new.title:
        yield Retitle(at=at, title=new.title)
    if old.note != new.note:
        yield SetNote(at=at, note=new.note)
    if old.source != new.source:
        yield SetSource(at=at, source=new.source)
    yield from _requirement(at, (), old.require, new.require)


def _requirement(at: str, part: tuple[str, ...], old: Requirement, new: Requirement) -> Iterator[Edit]:
    if old == new:
        return
    if _own(old) == _own(new) and len(old.parts) == len(new.parts):
        if old.source != new.source:
            yield SetPartSource(at=at, part=part, source=new.source)
        if isinstance(old, Compare) and isinstance(new, Compare):
            yield from _threshold(at, part, old, new)
        for number, (before, after) in enumerate(zip(old.parts, new.parts, strict=True), start=1):
            yield from _requirement(at, (*part, str(number)), before, after)
        return
    yield SetRequirement(at=at, part=part, require=new)


def _own(node: Requirement) -> object:
    """A node without its source, parts and threshold: what must be the same for its parts to be told one by one."""
    if isinstance(node, Compare):
        return (Compare, node.id, node.title, node.measure)
    bare = node.with_parts(tuple(_BLANK for _ in node.parts))
    return attrs.evolve(bare, source=None)


# Stands in for the parts of a node when only the node itself is compared.
_BLANK = DecidedBy(authority=Authority.PROVINCE)


def _threshold(at: str, part: tuple[str, ...], old: Compare, new: Compare) -> Iterator[Edit]:
    if (old.sign, old.threshold) == (new.sign, new.threshold):
        return
    if old.sign is new.sign and _frame(old.threshold) == _frame(new.threshold):
        for (row, before), (_, after) in zip(old.threshold.cells, new.threshold.cells, strict=True):
            if before != after:
                yield SetCell(at=at, part=part, row=row, cell=after)
        return
    yield SetThreshold(at=at, part=part, sign=new.sign, threshold=new.threshold)


def _frame(table: Table) -> tuple[object, ...]:
    return (table.axes, tuple(row for row, _ in table.cells), table.boundary_unstated)
