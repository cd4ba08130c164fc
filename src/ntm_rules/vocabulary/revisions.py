"""
Revisions: one mechanism for every change to a criteria set.

An amendment, a province's decision, a verification and a scenario are all lists of the same typed edits. What each may
do is a question of authority, asked where a revision is applied.
"""

from __future__ import annotations

from datetime import date

import attrs

from ntm_rules.errors import Where
from ntm_rules.vocabulary.criteria import (
    APPLIES_TO,
    PRECONDITION,
    Axis,
    Counts,
    CriteriaSet,
    Criterion,
    Indicator,
    InForce,
    Mandate,
)
from ntm_rules.vocabulary.instruments import Grade, Locator, Source
from ntm_rules.vocabulary.lent import lent
from ntm_rules.vocabulary.overlays import RevisionAuthority
from ntm_rules.vocabulary.requirements import Cell, Requirement, Sign, Table
from ntm_rules.vocabulary.text import Text
from ntm_rules.vocabulary.verdicts import Verdict


@attrs.frozen
class Verified:
    """
    By whom and where a cell was held against the gazette.

    Attributes:
        document: What was read, e.g. ``Công báo số 1227 + 1228``.

        page: The page, as printed.

        role: Who read it, by office and never by name.

        date: When.
    """

    document: str
    page: str
    role: str
    date: date


@attrs.frozen(kw_only=True)
class Edit:
    """
    One change.

    Attributes:
        at: The criterion or indicator that is changed, as a local address; empty for the set itself.

        reason: Why, in words.

        cite: Where in its instrument the change stands.
        verified: For an edit of a verification: by whom and where it was checked.

        where: Where it was read.
    """

    at: str = ""
    reason: Text | None = None
    cite: Locator | None = None
    verified: Verified | None = None
    where: Where = attrs.field(default=Where(), eq=False, repr=False)

    @property
    def touches(self) -> tuple[str, ...]:
        """What is changed, as a path; two edits are of the same thing if one path leads to the other."""
        raise NotImplementedError

    def _under(self, *names: str) -> tuple[str, ...]:
        return (*(part for part in self.at.split("/") if part), *names)


@attrs.frozen(kw_only=True)
class PartEdit(Edit):
    """
    A change within an indicator's requirement.

    Attributes:
        part: The way to the node, from the top: the id or the number (from 1) of each part; empty for the whole.
    """

    part: tuple[str, ...] = ()

    def _within(self, *names: str) -> tuple[str, ...]:
        return self._under(".require", *(f"part {each}" for each in self.part), *names)


# --- thresholds and requirements --------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class SetCell(PartEdit):
    """Set one cell of a threshold that is there; with `grade`, its evidence too."""

    row: tuple[str, ...] = ()
    cell: Cell
    grade: Grade | None = None

    @property
    def touches(self) -> tuple[str, ...]:
        """The cell."""
        what = ("cell",) if self.grade is None else ()  # with its grade, all there is of the row
        return self._within("threshold", *(f"row {each}" for each in self.row), *what)


@attrs.frozen(kw_only=True)
class SetThreshold(PartEdit):
    """Replace what a measure is compared with, and how."""

    sign: Sign
    threshold: Table

    @property
    def touches(self) -> tuple[str, ...]:
        """The threshold."""
        return self._within("threshold")


@attrs.frozen(kw_only=True)
class SetRequirement(PartEdit):
    """Replace a requirement, or one part of it."""

    require: Requirement

    @property
    def touches(self) -> tuple[str, ...]:
        """The requirement."""
        return self._within()


@attrs.frozen(kw_only=True)
class RaiseGrade(PartEdit):
    """Say that a cell is better evidenced than was known."""

    row: tuple[str, ...] = ()
    grade: Grade

    @property
    def touches(self) -> tuple[str, ...]:
        """The grade of the cell."""
        return self._within("threshold", *(f"row {each}" for each in self.row), "grade")


@attrs.frozen(kw_only=True)
class SetSource(Edit):
    """Replace an indicator's own source."""

    source: Source

    @property
    def touches(self) -> tuple[str, ...]:
        """The source."""
        return self._under(".source")


@attrs.frozen(kw_only=True)
class SetPartSource(PartEdit):
    """Replace the source of a node of a requirement; None lets it take that of the node above."""

    source: Source | None

    @property
    def touches(self) -> tuple[str, ...]:
        """The node's source."""
        return self._within("source")


# --- indicators and criteria ------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Retitle(Edit):
    """Give a set, criterion or indicator another title."""

    title: Text

    @property
    def touches(self) -> tuple[str, ...]:
        """The title."""
        return self._under(".title")


@attrs.frozen(kw_only=True)
class SetNote(Edit):
    """Set or drop the note of a criterion or indicator."""

    note: Text | None

    @property
    def touches(self) -> tuple[str, ...]:
        """The note."""
        return self._under(".note")


@attrs.frozen(kw_only=True)
class AddIndicator(Edit):
    """Add an indicator to the criterion `at`, behind the one numbered `after`; at the end unless given."""

    indicator: Indicator
    after: str | None = None

    @property
    def touches(self) -> tuple[str, ...]:
        """The new indicator."""
        return self._under(self.indicator.number)


@attrs.frozen(kw_only=True)
class RemoveIndicator(Edit):
    """Drop the indicator `at`."""

    @property
    def touches(self) -> tuple[str, ...]:
        """The indicator."""
        return self._under()


@attrs.frozen(kw_only=True)
class ReplaceIndicator(Edit):
    """Put another indicator of the same number in place of the one `at`."""

    indicator: Indicator

    @property
    def touches(self) -> tuple[str, ...]:
        """The indicator."""
        return self._under()


@attrs.frozen(kw_only=True)
class AddCriterion(Edit):
    """Add a criterion behind the one numbered `after`; at the end unless given."""

    criterion: Criterion
    after: str | None = None

    @property
    def touches(self) -> tuple[str, ...]:
        """The new criterion."""
        return (self.criterion.number,)


@attrs.frozen(kw_only=True)
class RemoveCriterion(Edit):
    """Drop the criterion `at`."""

    @property
    def touches(self) -> tuple[str, ...]:
        """The criterion."""
        return self._under()


@attrs.frozen(kw_only=True)
class SetGroup(Edit):
    """Put a criterion under another heading of the annex, or under none."""

    group: str | None

    @property
    def touches(self) -> tuple[str, ...]:
        """The criterion's group."""
        return self._under(".group")


@attrs.frozen(kw_only=True)
class Reorder(Edit):
    """Put the criteria of the set, or the indicators of the criterion `at`, in another order."""

    order: tuple[str, ...]

    @property
    def touches(self) -> tuple[str, ...]:
        """The order."""
        return self._under(".order")


# --- the set ----------------------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class SetInForce(Edit):
    """Change the days on which the set is in force."""

    in_force: InForce

    @property
    def touches(self) -> tuple[str, ...]:
        """The days."""
        return self._under(".in_force")


@attrs.frozen(kw_only=True)
class SetCounts(Edit):
    """Change how many criteria and indicators the law says there are."""

    counts: Counts

    @property
    def touches(self) -> tuple[str, ...]:
        """The counts."""
        return self._under(".counts")


@attrs.frozen(kw_only=True)
class SetAxes(Edit):
    """Change how a place finds its row."""

    axes: tuple[Axis, ...]

    @property
    def touches(self) -> tuple[str, ...]:
        """The axes."""
        return self._under(".axes")


@attrs.frozen(kw_only=True)
class AddAxis(Edit):
    """Add an axis that the set does not have, e.g. a province's own groups of communes."""

    axis: Axis

    @property
    def touches(self) -> tuple[str, ...]:
        """The new axis."""
        return self._under(".axes", self.axis.name)


@attrs.frozen(kw_only=True)
class SetMandates(Edit):
    """Change who may decide what the set leaves open."""

    mandates: tuple[Mandate, ...]

    @property
    def touches(self) -> tuple[str, ...]:
        """The mandates."""
        return self._under(".mandates")


@attrs.frozen(kw_only=True)
class SetGroups(Edit):
    """Change the headings of the annex."""

    groups: tuple[tuple[str, Text], ...]

    @property
    def touches(self) -> tuple[str, ...]:
        """The headings."""
        return self._under(".groups")


@attrs.frozen(kw_only=True)
class SetPreconditions(Edit):
    """Change the conditions of recognition."""

    preconditions: tuple[Indicator, ...]

    @property
    def touches(self) -> tuple[str, ...]:
        """The conditions."""
        return (PRECONDITION.rstrip("/"),)


@attrs.frozen(kw_only=True)
class SetAppliesTo(Edit):
    """Change what a place must be for the set to be for it; None asks nothing of it."""

    applies_to: Indicator | None

    @property
    def touches(self) -> tuple[str, ...]:
        """What the place must be."""
        return (APPLIES_TO,)


@attrs.frozen(kw_only=True)
class SetVerdictWords(Edit):
    """Change what a verdict on the set is called."""

    verdict_words: tuple[tuple[Verdict, Text], ...]

    @property
    def touches(self) -> tuple[str, ...]:
        """The words."""
        return self._under(".verdict_words")


@attrs.frozen(kw_only=True)
class SetBasis(Edit):
    """Change the instrument that the set stands on."""

    basis: str

    @property
    def touches(self) -> tuple[str, ...]:
        """The basis."""
        return self._under(".basis")


@attrs.frozen(kw_only=True)
class Revision:
    """
    A list of edits to a criteria set, with who makes them and when they hold.

    Attributes:
        revises: Id of the set, e.g. ``commune/standard/2010-2015``.

        instrument: The decision that makes it, for the law, a province or a ministry.

        author: Who makes it, for a verification or a scenario.

        territory: Id of the province whose places it is for; None for all.

        issued: When it was signed; what was not issued yet was not known.

        in_force: The days on which it holds, each with its grade.

        grade: How well the text of what it sets is evidenced, where an edit does not say.

        file: The file it was read from.

        where: Where in it.
    """

    id: str
    revises: str
    authority: RevisionAuthority
    title: Text
    edits: tuple[Edit, ...]
    instrument: str | None = None
    author: str | None = None
    territory: str | None = None
    issued: date | None = None
    published: date | None = None
    in_force: InForce | None = None
    note: Text | None = None
    grade: Grade = Grade.RECALLED
    file: str | None = attrs.field(default=None, eq=False)
    where: Where = attrs.field(default=Where(), eq=False, repr=False)

    def apply(self, base: CriteriaSet) -> CriteriaSet:
        """
        The set that this revision makes of *base*, which stays as it is.

        A set that a scenario made says so, and so does everything judged by it. A province or a ministry may only
        decide what the set leaves to it, within the mandate that the set declares.

        Raises:
            RevisionError: With every edit that can't be made or that its maker has no mandate for, and whatever would
                be wrong with the set that comes out.

        Example:
            >>> import ntm_rules as ntm
            >>> rules = ntm.load("commune/standard/2016-2020")
            >>> edit = ntm.SetCell(at="11/11", row=("red_river_delta",), cell=ntm.Quantity.parse("1 %"))
            >>> trial = ntm.Revision(
            ...     id="trial", revises=str(rules.id), authority=ntm.RevisionAuthority.SCENARIO, author="An analyst",
            ...     title=ntm.Text(vi="Thử", en="Trial"), edits=(edit,))
            >>> trial.apply(rules).hypothetical, rules.hypothetical
            (True, False)
        """
        return lent.applier(base, self)
