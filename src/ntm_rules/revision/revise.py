"""
Revising a set: who may, and how a set that an analyst supposed is kept from passing for the law.

The edits themselves are made by `apply`.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from ntm_rules.errors import Problem, ProblemCode, RevisionError, Where
from ntm_rules.revision.apply import apply_edits, graded, numbered, said_of
from ntm_rules.vocabulary.criteria import CriteriaSet, Indicator
from ntm_rules.vocabulary.instruments import Grade, Instrument, Source
from ntm_rules.vocabulary.overlays import Overlay, RevisionAuthority
from ntm_rules.vocabulary.places import PlaceRegister
from ntm_rules.vocabulary.requirements import Compare, Table
from ntm_rules.vocabulary.revisions import (
    AddCriterion,
    AddIndicator,
    Edit,
    ReplaceIndicator,
    Revision,
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
        where = revision.edits[0].where if revision.edits else Where()
        raise RevisionError([Problem.at(ProblemCode.OTHER_SET, where, name=revision.revises, wanted=base.id)])


# Whose revisions can be applied. A decision or verification must first be held against its mandate, which the sets do
# not declare in full yet; until then it is refused rather than taken on trust.
_APPLICABLE = (RevisionAuthority.LAW, RevisionAuthority.SCENARIO)


def apply_revision(base: CriteriaSet, revision: Revision, places: PlaceRegister) -> CriteriaSet:
    """
    The set that a revision makes of *base*.

    Raises:
        RevisionError: If it revises another set, if its authority can't be checked yet, or as `apply_edits`.
    """
    check_base(base, revision)
    if revision.authority not in _APPLICABLE:
        where = revision.edits[0].where if revision.edits else Where()
        what = f"authority: {revision.authority.value}"
        raise RevisionError([Problem.at(ProblemCode.NOT_SUPPORTED_YET, where, what=what)])
    revised = apply_edits(base, revision.edits, places)
    if revision.authority is RevisionAuthority.LAW:
        return revised
    # What changes may bear another id afterwards; its number stays.
    revision = attrs.evolve(revision, edits=tuple(numbered(edit, base) for edit in revision.edits))
    return _marked(revised, revision, places)


# --- scenarios --------------------------------------------------------------------------------------------------


def _marked(revised: CriteriaSet, revision: Revision, places: PlaceRegister) -> CriteriaSet:
    """The set with the scenario laid over it, which every figure that the scenario set cites instead of the law."""
    if revised.instrument(revision.id) is not None:
        # It would be cited as that instrument.
        raise RevisionError([Problem.at(ProblemCode.ALREADY_THERE, Where(), name=revision.id)])
    by = revision.author or revision.instrument or ""
    cited = Instrument(revision.id, "scenario", revision.title, Text(by, by))
    revised = attrs.evolve(revised, instruments=(*revised.instruments, cited))
    marked = apply_edits(revised, _citing(revised, revision), places)
    overlay = Overlay(revision.id, revision.authority, revision.title, by or None)
    return attrs.evolve(marked, overlays=(*revised.overlays, overlay))


def _citing(rules: CriteriaSet, revision: Revision) -> Iterator[Edit]:
    """The edits that make whatever a scenario set cite the scenario."""
    own = Source(Grade.RECALLED, revision.id)
    cells: dict[tuple[str, tuple[str, ...]], list[SetCell]] = {}
    for edit in revision.edits:
        if isinstance(edit, SetCell):
            cells.setdefault((edit.at, edit.part), []).append(edit)
        elif isinstance(edit, SetThreshold | SetRequirement):
            yield SetPartSource(at=edit.at, part=edit.part, source=own)
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
            grade = edit.grade or Grade.RECALLED
            if edit.row:
                source = graded(source, edit.row, grade, table)
                source = attrs.evolve(source, cells_in=said_of(source.cells_in, edit.row, revision.id, table))
            else:
                source = Source(grade, revision.id)
        yield SetPartSource(at=at, part=part, source=source)


def _nearest_source(rules: CriteriaSet, at: str, part: tuple[str, ...]) -> tuple[Source, Table]:
    """The source of a node in which a cell was set, and its table."""
    indicator = rules[at]
    assert isinstance(indicator, Indicator)  # cells are set in indicators  # noqa: S101
    node = indicator.require.part(part)
    assert isinstance(node, Compare)  # it has the cell  # noqa: S101
    return indicator.source_at(part), node.threshold
