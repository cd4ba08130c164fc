"""
Who may make an edit: a province and a ministry only what the set leaves to them, as the set's mandates say.

Each check yields problems; what it allows is told as `Decided`, with the chain by which it will hold.
"""

from __future__ import annotations

import attrs

from ntm_rules.errors import Problem, ProblemCode
from ntm_rules.vocabulary.criteria import CriteriaSet, Indicator, InForce, Mandate
from ntm_rules.vocabulary.facts import ScaleStep
from ntm_rules.vocabulary.instruments import Grade, Locator
from ntm_rules.vocabulary.overlays import Decided, Link, LinkKind, RevisionAuthority
from ntm_rules.vocabulary.places import PlaceRegister
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.requirements import (
    Authority,
    Compare,
    DecidedBy,
    Delegated,
    Nothing,
    Requirement,
    Sign,
    Table,
    Unstated,
)
from ntm_rules.vocabulary.revisions import (
    AddAxis,
    Edit,
    PartEdit,
    RaiseGrade,
    Revision,
    SetCell,
    SetRequirement,
    SetThreshold,
    Verified,
)
from ntm_rules.vocabulary.text import Text

#: The authorities that decide under a mandate.
DECIDES = {RevisionAuthority.PROVINCE: Authority.PROVINCE, RevisionAuthority.MINISTRY: Authority.MINISTRY}


@attrs.define
class Ruling:
    """A revision held against the mandates of the set it revises: what is wrong with it, and what it decides."""

    base: CriteriaSet
    revision: Revision
    places: PlaceRegister
    problems: list[Problem] = attrs.field(factory=list)
    decided: list[Decided] = attrs.field(factory=list)

    def problem(self, code: ProblemCode, edit: Edit | None = None, **params: object) -> None:
        """Note what is wrong, at an edit or with the whole."""
        where = self.revision.where if edit is None else edit.where
        self.problems.append(Problem.at(code, where, **params))

    def outside(self, edit: Edit, at: str) -> None:
        """Note that nothing there is left to who made the revision."""
        self.problem(ProblemCode.OUTSIDE_MANDATE, edit, authority=self.revision.authority.value, at=at)


def rule_on(base: CriteriaSet, revision: Revision, places: PlaceRegister) -> Ruling:
    """Hold the revision of a province or a ministry against the mandates of the set it revises."""
    ruling = Ruling(base, revision, places)
    _check_named(ruling)
    _check_period(ruling)
    for edit in revision.edits:
        if isinstance(edit, SetCell | SetThreshold | SetRequirement):
            _rule_on_edit(edit, ruling)
        elif not isinstance(edit, AddAxis):  # its own groups of communes, of use only in what it may set
            ruling.outside(edit, edit.at or str(base.id))
    return ruling


def leaves_open(edit: Edit, base: CriteriaSet) -> bool:
    """Whether an edit leaves what it names to the authority that it is left to."""
    item = base.find(edit.at)
    node = item.require.part(edit.part) if isinstance(item, Indicator) and isinstance(edit, PartEdit) else None
    if isinstance(edit, SetCell) and isinstance(node, Compare):
        return isinstance(edit.cell, Delegated) and (edit.row, edit.cell) in node.threshold.cells
    if isinstance(edit, SetRequirement) and isinstance(node, DecidedBy):
        return isinstance(edit.require, DecidedBy) and edit.require.authority is node.authority
    return False


def _check_named(ruling: Ruling) -> None:
    """A decision that does not say which it is, of when, or for whom can't be held against a mandate."""
    revision = ruling.revision
    wanted: dict[str, object] = {
        "instrument": revision.instrument,
        "issued": revision.issued,
        "in_force": revision.in_force,
    }
    if revision.authority is RevisionAuthority.PROVINCE:
        wanted["territory"] = revision.territory
    for key, value in wanted.items():
        if value is None:
            ruling.problem(ProblemCode.AUTHORITY_INCOMPLETE, authority=revision.authority.value, key=key)


def _check_period(ruling: Ruling) -> None:
    """A decision holds within the time of the set, and is not older than the law that gives the mandate."""
    its, force = ruling.revision.in_force, ruling.base.in_force
    if its is None:
        return
    basis = ruling.base.instrument(ruling.base.basis)
    earliest = None if basis is None else basis.issued
    too_old = earliest is not None and its.first_day < earliest
    ended = its.last_day is not None and its.last_day < force.first_day
    too_late = force.last_day is not None and force.last_day < its.first_day
    if too_old or ended or too_late:
        _outside_period(its, attrs.evolve(force, first_day=earliest or force.first_day), ruling)


def _outside_period(its: InForce, force: InForce, ruling: Ruling, edit: Edit | None = None) -> None:
    ruling.problem(
        ProblemCode.OUTSIDE_PERIOD,
        edit,
        name=ruling.revision.id,
        its_first=its.first_day,
        its_last=its.last_day or "…",
        first=force.first_day,
        last=force.last_day or "…",
    )


def _rule_on_edit(edit: SetCell | SetThreshold | SetRequirement, ruling: Ruling) -> None:
    base, revision = ruling.base, ruling.revision
    item = base.find(edit.at)
    node = item.require.part(edit.part) if isinstance(item, Indicator) else None
    if not isinstance(item, Indicator) or node is None:
        return  # `apply_edits` says so
    to = DECIDES[revision.authority]
    row = edit.row if isinstance(edit, SetCell) else ()
    at, address = base.local(edit.at), base.address(item)
    decisions = (each for each in base.overlays if each.authority in DECIDES)
    earlier = (each for each in decisions for its in each.decided if its.same_place(at, edit.part, row))
    twice = next(earlier, None)
    if twice is not None:
        names = {"first": twice.by or twice.id, "second": revision.instrument or revision.id}
        ruling.problem(ProblemCode.DECIDED_TWICE, edit, at=address, **names)
        return
    mandate = next((mandate for mandate in base.mandates if mandate.covers(to, at)), None)
    left_open = _left_open(node, edit, to)
    if left_open is None or (mandate is None and base.mandates):
        ruling.outside(edit, "/".join((address, *edit.part, *row)))
        return
    its, period = revision.in_force, None if mandate is None else mandate.in_force
    if its is not None and period is not None and not period.holds_on(its.first_day):
        _outside_period(its, period, ruling, edit)
    if isinstance(edit, SetCell | SetThreshold) and isinstance(node, Compare):
        _check_floor(edit, node, address, ruling)
    floor = left_open.floor if isinstance(left_open, Delegated) else None
    norm = attrs.evolve(base.link(LinkKind.NATIONAL_NORM, base.cite(item.source_at(edit.part))), value=floor)
    chain = (norm, _mandate_link(mandate, norm, base), _decision_link(edit, ruling))
    ruling.decided.append(Decided(at, edit.part, row, chain))


def _left_open(node: Requirement, edit: PartEdit, to: Authority) -> Delegated | DecidedBy | None:
    """What an edit puts a decision in place of, if all of that is left to *to*."""
    if isinstance(edit, SetRequirement):
        return node if isinstance(node, DecidedBy) and node.authority is to else None
    cells = node.threshold.cells if isinstance(node, Compare) else ()
    if isinstance(edit, SetCell):
        # That there is no such row is told when the edit is made.
        cells = tuple((row, cell) for row, cell in cells if row == edit.row) or (((), Delegated(to)),)
    left = [cell for _, cell in cells if isinstance(cell, Delegated) and cell.to is to]
    return left[0] if left and len(left) == len(cells) else None


# --- never looser than the norm ---------------------------------------------------------------------------------


def looser(sign: Sign, value: Quantity | ScaleStep, floor: Quantity | ScaleStep) -> bool:
    """Whether requiring *value* asks less than requiring *floor*: the direction is the sign's."""
    if sign.wants_more:
        return value.value < floor.value
    if sign.wants_less:
        return value.value > floor.value
    return value.value != floor.value


def _check_floor(edit: SetCell | SetThreshold, node: Compare, address: str, ruling: Ruling) -> None:
    """Refuse whatever an edit sets that asks less than the national norm, or asks it in another way."""
    if isinstance(edit, SetThreshold) and edit.sign is not node.sign:
        ruling.problem(ProblemCode.OTHER_SIGN, edit, at=address, value=edit.sign.value, wanted=node.sign.value)
        return
    for row, cell in ((edit.row, edit.cell),) if isinstance(edit, SetCell) else edit.threshold.cells:
        at = "/".join((address, *row))
        if isinstance(cell, Delegated) and cell not in [its for _, its in node.threshold.cells]:
            ruling.outside(edit, at)  # with another floor it would be open to what the norm forbids
        for floor in _floors(node.threshold, row):
            if isinstance(cell, Nothing) or (isinstance(cell, Quantity | ScaleStep) and looser(node.sign, cell, floor)):
                shown = cell.written() if isinstance(cell, Quantity | ScaleStep) else "none"
                ruling.problem(ProblemCode.BELOW_THE_NORM, edit, at=at, value=shown, floor=floor.written())


def _floors(table: Table, row: tuple[str, ...]) -> list[Quantity | ScaleStep]:
    """The floors that the norm gives for a row: those of its own cell, or of every cell where the axes are others."""
    own = table.find(row) if not table.axes or row[:1] in [each[:1] for each, _ in table.cells] else None
    cells = [own] if own is not None else [cell for _, cell in table.cells]
    return [cell.floor for cell in cells if isinstance(cell, Delegated) and cell.floor is not None]


# --- verifications ----------------------------------------------------------------------------------------------


def rule_on_verification(base: CriteriaSet, revision: Revision, places: PlaceRegister) -> Ruling:
    """Hold a verification to what a checker of the gazette may do: fill in what is not known, and raise grades."""
    ruling = Ruling(base, revision, places)
    for edit in revision.edits:
        at = edit.at or str(base.id)
        if edit.verified is None:
            ruling.problem(ProblemCode.NOT_VERIFIED, edit, at=at)
        if not isinstance(edit, SetCell | RaiseGrade):
            ruling.problem(ProblemCode.NOT_FOR_A_CHECKER, edit, at=at, grade="…")
            continue
        item = base.find(edit.at)
        node = item.require.part(edit.part) if isinstance(item, Indicator) else None
        cells = dict(node.threshold.cells) if isinstance(node, Compare) else {}
        if not isinstance(item, Indicator) or node is None or (cells and edit.row not in cells):
            continue  # `apply_edits` says so
        cited = base.cite(item.source_at(edit.part), edit.row)
        grade = Grade.UNSTATED if isinstance(cells.get(edit.row), Unstated) else cited.grade
        if not _may_verify(edit, grade):
            name = "/".join((base.address(item), *edit.part, *edit.row))
            ruling.problem(ProblemCode.NOT_FOR_A_CHECKER, edit, at=name, grade=grade.value)
        elif edit.verified is not None and edit.grade is not None:
            norm, *rest = base.chain(node, edit.row, cited)
            chain = (attrs.evolve(norm, grade=edit.grade), *rest, _verification_link(edit.verified, edit.grade))
            ruling.decided.append(Decided(base.local(edit.at), edit.part, edit.row, chain))
    return ruling


def _may_verify(edit: SetCell | RaiseGrade, grade: Grade) -> bool:
    """Whether a cell of that grade may be given what an edit says: better evidenced than it was, in any case."""
    if edit.grade is None or edit.grade.rank >= grade.rank:
        return False
    if isinstance(edit, RaiseGrade):
        return grade is not Grade.UNSTATED  # there is no figure to be evidenced
    return grade in (Grade.UNSTATED, Grade.RECALLED) and isinstance(edit.cell, Quantity | ScaleStep | Nothing)


def _verification_link(verified: Verified, grade: Grade) -> Link:
    return Link(
        kind=LinkKind.VERIFICATION,
        instrument=verified.document,
        locator=Locator((("page", verified.page),)),
        grade=grade,
        by=Text(verified.role, verified.role),
        issued=verified.date,
    )


# --- the chain --------------------------------------------------------------------------------------------------


def _mandate_link(mandate: Mandate | None, norm: Link, base: CriteriaSet) -> Link:
    """The mandate; where the set declares none, the norm that says who decides is the mandate too."""
    if mandate is None or mandate.source is None:
        return attrs.evolve(norm, kind=LinkKind.MANDATE, value=None, by=None if mandate is None else mandate.body)
    return attrs.evolve(base.link(LinkKind.MANDATE, base.cite(mandate.source)), by=mandate.body)


def _decision_link(edit: Edit, ruling: Ruling) -> Link:
    revision = ruling.revision
    force = revision.in_force
    province = ruling.places.province(revision.territory or "")
    grade = edit.grade if isinstance(edit, SetCell) else None
    return Link(
        kind=LinkKind.DECISION,
        instrument=revision.instrument or revision.id,
        locator=edit.cite,
        grade=grade or revision.grade,
        by=None if province is None else Text(province.name, province.name),
        issued=revision.issued,
        first_day=None if force is None else force.first_day,
        last_day=None if force is None else force.last_day,
    )


__all__ = ["DECIDES", "Ruling", "leaves_open", "looser", "rule_on", "rule_on_verification"]
