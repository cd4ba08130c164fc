"""Consolidated editions (văn bản hợp nhất): a set and the amendments in force on each day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby

import attrs

from ntm_rules.revision.apply import apply_edits, edited
from ntm_rules.revision.revise import check_base
from ntm_rules.vocabulary.criteria import CriteriaSet, InForce
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.places import PlaceRegister
from ntm_rules.vocabulary.revisions import Revision, SetInForce

_DAY = timedelta(days=1)


@attrs.frozen
class _Boundary:
    """A day on which an edition begins, and how well that day is evidenced."""

    day: date
    grade: Grade


def consolidate(
    base: CriteriaSet, amendments: Iterable[Revision], places: PlaceRegister, *, trusted: bool = False
) -> tuple[CriteriaSet, ...]:
    """
    Every edition of a set, the first as it was issued, in the order of time.

    An edition begins on the day an amendment begins or ends to be in force and lasts until the day before the next.
    The packaged law is trusted: the tests check that its editions make sense, so that nobody waits for it.

    Raises:
        RevisionError: If an amendment can't be applied, or two of one day change the same thing.
    """
    amendments = sorted(amendments, key=_first_day)
    boundaries = _boundaries(base, amendments)
    # An edition mostly goes on from the one before it: what some amendments made is made once.
    amended: dict[tuple[int, ...], CriteriaSet] = {}
    by: tuple[int, ...]
    editions = []
    for at, boundary in enumerate(boundaries):
        rules, by = base, ()
        for of_one_day in _by_first_day(each for each in amendments if _holds(each, boundary.day)):
            by = (*by, *map(id, of_one_day))
            if by not in amended:
                amended[by] = _amended(rules, of_one_day, places, trusted=trusted)
            rules = amended[by]
        following = boundaries[at + 1] if at + 1 < len(boundaries) else None
        force = _force(rules.in_force, boundary, following)
        if force != rules.in_force:
            rules = attrs.evolve(rules, in_force=force)
        editions.append(rules)
    return tuple(editions)


def _by_first_day(amendments: Iterable[Revision]) -> list[list[Revision]]:
    """Amendments in the order of their first day, those of one day together."""
    return [list(of_one_day) for _, of_one_day in groupby(amendments, _first_day)]


def _amended(rules: CriteriaSet, of_one_day: list[Revision], places: PlaceRegister, *, trusted: bool) -> CriteriaSet:
    """The set with the amendments of one day, which may not change the same thing."""
    for each in of_one_day:
        check_base(rules, each)
    edits = [edit for each in of_one_day for edit in each.edits]
    if not edits:
        return rules
    return edited(rules, edits) if trusted else apply_edits(rules, edits, places)


def _first_day(revision: Revision) -> date:
    return date.max if revision.in_force is None else revision.in_force.first_day


def _holds(revision: Revision, day: date) -> bool:
    return revision.in_force is not None and revision.in_force.holds_on(day)


def _boundaries(base: CriteriaSet, amendments: list[Revision]) -> list[_Boundary]:
    # An amendment may itself prolong or shorten the set's time.
    prolonged = [edit.in_force for each in amendments for edit in each.edits if isinstance(edit, SetInForce)]
    force = prolonged[-1] if prolonged else base.in_force
    force = attrs.evolve(force, first_day=base.in_force.first_day, first_grade=base.in_force.first_grade)
    boundaries = {force.first_day: _Boundary(force.first_day, force.first_grade)}
    for amendment in amendments:
        its = amendment.in_force
        if its is None:
            continue
        days = [_Boundary(its.first_day, its.first_grade)]
        if its.last_day is not None and its.last_day < date.max:
            days.append(_Boundary(its.last_day + _DAY, its.last_grade))
        for boundary in days:
            if force.holds_on(boundary.day):
                boundaries.setdefault(boundary.day, boundary)
    return sorted(boundaries.values(), key=lambda boundary: boundary.day)


def _force(base: InForce, boundary: _Boundary, following: _Boundary | None) -> InForce:
    if following is None:
        return attrs.evolve(base, first_day=boundary.day, first_grade=boundary.grade)
    return attrs.evolve(
        base,
        first_day=boundary.day,
        first_grade=boundary.grade,
        last_day=following.day - _DAY,
        last_grade=following.grade,
    )
