"""
Revising a set: what a province decided cites its decision, what an analyst supposed is kept from passing for the law.

The edits themselves are made by `apply`; who may make them is asked of `authority`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

import attrs

from ntm_rules.errors import Problem, ProblemCode, RevisionError
from ntm_rules.revision.apply import apply_edits, edited, graded, numbered, rows_checked, said_of
from ntm_rules.revision.authority import DECIDES, Ruling, leaves_open, rule_on, rule_on_verification
from ntm_rules.vocabulary.criteria import Axis, CriteriaSet, Indicator
from ntm_rules.vocabulary.instruments import Instrument, Source
from ntm_rules.vocabulary.overlays import Decided, Overlay, RevisionAuthority
from ntm_rules.vocabulary.places import PlaceRegister
from ntm_rules.vocabulary.requirements import Compare, Table
from ntm_rules.vocabulary.revisions import (
    AddAxis,
    AddCriterion,
    AddIndicator,
    Edit,
    ReplaceIndicator,
    Revision,
    SetAxes,
    SetCell,
    SetPartSource,
    SetRequirement,
    SetSource,
    SetThreshold,
)
from ntm_rules.vocabulary.text import Text


def check_base(base: CriteriaSet, revision: Revision) -> None:
    """
    Refuse a revision of another set.

    Raises:
        RevisionError: If it is one.
    """
    if revision.revises != str(base.id):
        where = revision.edits[0].where if revision.edits else revision.where
        raise RevisionError([Problem.at(ProblemCode.OTHER_SET, where, name=revision.revises, wanted=base.id)])


def apply_revision(base: CriteriaSet, revision: Revision, places: PlaceRegister) -> CriteriaSet:
    """
    The set that a revision makes of *base*.

    Raises:
        RevisionError: If it revises another set, for every edit that its authority has no mandate for, and as
            `apply_edits`.
    """
    check_base(base, revision)
    if revision.authority is RevisionAuthority.LAW:
        return apply_edits(base, revision.edits, places)
    # What changes may bear another id afterwards; its number stays.
    revision = attrs.evolve(revision, edits=tuple(numbered(edit, base) for edit in revision.edits))
    if revision.authority in DECIDES:
        # A blank that was not filled in leaves its part as open as it was.
        revision = attrs.evolve(revision, edits=tuple(each for each in revision.edits if not leaves_open(each, base)))
    ruling = _ruling(base, revision, places)
    quickly = None if ruling.problems else _at_a_stroke(base, revision, tuple(ruling.decided), places)
    if quickly is not None:
        return quickly
    try:
        revised = apply_edits(base, revision.edits, places)
    except RevisionError as error:
        raise RevisionError([*ruling.problems, *error.problems]) from None
    if ruling.problems:
        raise RevisionError(ruling.problems)
    make = partial(apply_edits, places=places)
    return _laid_over(revised, base, revision, tuple(ruling.decided), places=places, make=make)


def _at_a_stroke(
    base: CriteriaSet, revision: Revision, decided: tuple[Decided, ...], places: PlaceRegister
) -> CriteriaSet | None:
    """As `apply_revision`, checked once at the end; None where more than single rows changed, or something is wrong."""
    try:
        revised = _laid_over(edited(base, revision.edits), base, revision, decided, places=places, make=edited)
    except RevisionError:
        return None
    return rows_checked(revised, base, places)


def _ruling(base: CriteriaSet, revision: Revision, places: PlaceRegister) -> Ruling:
    """Whether its authority may make a revision."""
    if revision.authority in DECIDES:
        return rule_on(base, revision, places)
    if revision.authority is RevisionAuthority.VERIFICATION:
        return rule_on_verification(base, revision, places)
    return Ruling(base, revision, places)  # a scenario may do anything


# --- what it leaves in the set ----------------------------------------------------------------------------------


def _laid_over(
    revised: CriteriaSet,
    base: CriteriaSet,
    revision: Revision,
    decided: tuple[Decided, ...],
    *,
    places: PlaceRegister,
    make: Callable[[CriteriaSet, Iterable[Edit]], CriteriaSet],
) -> CriteriaSet:
    """
    The set with the revision laid over it, which every figure that the revision set cites instead of the law.

    *make* makes the edits that do this.
    """
    if any(overlay.id == revision.id for overlay in revised.overlays):
        raise RevisionError([Problem.at(ProblemCode.ALREADY_THERE, revision.where, name=revision.id)])
    if revision.authority is RevisionAuthority.VERIFICATION:
        return attrs.evolve(
            revised, overlays=(*revised.overlays, _overlay(base, revision, decided))
        )  # it is still the law
    cited = _cited(revision, places)
    known = revised.instrument(cited.id)
    if known is not None and (revision.authority is RevisionAuthority.SCENARIO or known.kind == "scenario"):
        # It would be cited as that instrument.
        raise RevisionError([Problem.at(ProblemCode.ALREADY_THERE, revision.where, name=cited.id)])
    if known is None:
        revised = attrs.evolve(revised, instruments=(*revised.instruments, cited))
    marked = make(revised, _citing(revised, revision, cited.id))
    return attrs.evolve(marked, overlays=(*revised.overlays, _overlay(base, revision, decided)))


def _overlay(base: CriteriaSet, revision: Revision, decided: tuple[Decided, ...]) -> Overlay:
    force = revision.in_force
    return Overlay(
        revision.id,
        revision.authority,
        revision.title,
        # A decision goes by its number, whoever drew it up as a file.
        revision.instrument or revision.author
        if revision.authority in DECIDES
        else revision.author or revision.instrument,
        revision.territory,
        None if force is None else force.first_day,
        None if force is None else force.last_day,
        revision.file,
        decided,
        revision,
        base,
    )


def _cited(revision: Revision, places: PlaceRegister) -> Instrument:
    """What the figures that a revision set cite."""
    if revision.authority is RevisionAuthority.SCENARIO:
        by = revision.author or revision.instrument or ""
        return Instrument(revision.id, "scenario", revision.title, Text(by, by))
    province = places.province(revision.territory or "")
    issuer = "" if province is None else province.name
    force = revision.in_force
    return Instrument(
        revision.instrument or revision.id,
        "decision",
        revision.title,
        Text(issuer, issuer),
        issued=revision.issued,
        published=revision.published,
        effective_from=None if force is None else force.first_day,
        effective_until=None if force is None else force.last_day,
    )


def _citing(rules: CriteriaSet, revision: Revision, cited: str) -> Iterator[Edit]:
    """The edits that make whatever a revision set cite it."""
    own = Source(revision.grade, cited)
    cells: dict[tuple[str, tuple[str, ...]], list[SetCell]] = {}
    added = {edit.axis.name for edit in revision.edits if isinstance(edit, AddAxis)}
    if added:
        yield SetAxes(axes=tuple(_axis_citing(axis, cited) if axis.name in added else axis for axis in rules.axes))
    for edit in revision.edits:
        if isinstance(edit, SetCell):
            cells.setdefault((edit.at, edit.part), []).append(edit)
        elif isinstance(edit, SetThreshold | SetRequirement):
            source = attrs.evolve(own, locator=edit.cite)
            yield SetPartSource(at=edit.at, part=edit.part, source=source)
        elif isinstance(edit, AddIndicator):
            yield SetSource(at=f"{edit.at}/{edit.indicator.number}", source=own)
        elif isinstance(edit, ReplaceIndicator):
            yield SetSource(at=edit.at, source=own)
        elif isinstance(edit, AddCriterion):
            for indicator in edit.criterion.indicators:
                yield SetSource(at=f"{edit.criterion.number}/{indicator.number}", source=own)
    for (at, part), of_one_node in cells.items():
        source, table = _nearest_source(rules, at, part)
        for edit in of_one_node:
            grade = edit.grade or revision.grade
            if edit.row:
                source = graded(source, edit.row, grade, table)
                source = attrs.evolve(source, cells_in=said_of(source.cells_in, edit.row, cited, table))
            else:
                source = Source(grade, cited, edit.cite)
        yield SetPartSource(at=at, part=part, source=source)


def _axis_citing(axis: Axis, cited: str) -> Axis:
    """An axis of the revision's own, whose rules stand in it unless they name another instrument."""
    sources = (rule.source for rule in axis.rules)
    own = (None if each is None else attrs.evolve(each, instrument=each.instrument or cited) for each in sources)
    rules = tuple(attrs.evolve(rule, source=source) for rule, source in zip(axis.rules, own, strict=True))
    return attrs.evolve(axis, rules=rules)


def _nearest_source(rules: CriteriaSet, at: str, part: tuple[str, ...]) -> tuple[Source, Table]:
    """The source of a node in which a cell was set, and its table."""
    indicator = rules[at]
    assert isinstance(indicator, Indicator)  # cells are set in indicators  # noqa: S101
    node = indicator.require.part(part)
    assert isinstance(node, Compare)  # it has the cell  # noqa: S101
    return indicator.source_at(part), node.threshold
