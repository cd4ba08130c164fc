"""
The verification worksheet: what of a set must still be held against the gazette, and what a checker's answers make.

Pure: how a sheet is worded and stored is for the rooms around. An answer may give a value to a cell that has none or
only a recalled one, or raise the grade of a cell that it confirms; anything else is refused, never adjusted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import attrs

from ntm_rules.errors import Problem, ProblemCode, RevisionError, Where
from ntm_rules.messages import LANGUAGES, nearest, text
from ntm_rules.vocabulary.criteria import CriteriaSet, Indicator
from ntm_rules.vocabulary.facts import FactDefinition, ScaleStep
from ntm_rules.vocabulary.instruments import Citation, Grade
from ntm_rules.vocabulary.overlays import RevisionAuthority
from ntm_rules.vocabulary.quantities import Quantity, plain_number
from ntm_rules.vocabulary.requirements import (
    Candidate,
    Cell,
    Compare,
    Delegated,
    Nothing,
    Requirement,
    ThresholdOf,
    Unstated,
)
from ntm_rules.vocabulary.revisions import Edit, RaiseGrade, Revision, SetCell, Verified
from ntm_rules.vocabulary.text import Text

#: What stands between the parts, and between the rows, of an address; no spreadsheet takes it for a date or a sum.
BETWEEN = " > "


@attrs.frozen(kw_only=True)
class WorksheetRow:
    """
    One cell of a set that a checker is to hold against the gazette.

    Whatever has no table, as a statement or a requirement that an authority has yet to write, is one cell.

    Attributes:
        at: The indicator or condition of recognition, as a local address.

        part: The way to the node within its requirement, by numbers from 1.

        row: The row of the table; empty where there is none.

        indicator: The indicator or condition of recognition.

        node: The comparison, or what else has no parts.

        cell: What the cell holds; None where there is no table.

        fact: What is measured or stated; None where that is no fact.

        grade: How well it is evidenced; `unstated` where there is no figure, whatever its row is graded.

        citation: Where it stands in the law.
    """

    at: str
    part: tuple[str, ...]
    row: tuple[str, ...]
    indicator: Indicator
    node: Requirement
    cell: Cell | None
    fact: FactDefinition | None
    grade: Grade
    citation: Citation

    @property
    def key(self) -> tuple[str, str, str]:
        """Its address as a sheet writes it, in three columns."""
        return (self.at, BETWEEN.join(self.part), BETWEEN.join(self.row))

    @property
    def name(self) -> str:
        """Its address in one piece, for messages."""
        return " ".join(filter(None, self.key))

    @property
    def candidate(self) -> Candidate | None:
        """A doubtful figure that is not shipped, for the checker only."""
        return self.cell.candidate if isinstance(self.cell, Unstated) else None

    @property
    def can_be_affirmed(self) -> bool:
        """Whether a mere yes answers it."""
        return self.cell is None or isinstance(self.cell, Delegated | ThresholdOf)

    @property
    def wanted(self) -> str:
        """Which answer it takes, of ``figure``, ``step`` and ``yes``."""
        if self.cell is None or self.fact is None:
            return "yes"
        return "figure" if self.fact.scale is None else "step"


#: What the gazette says of a cell: a figure or step, that it asks nothing, or (of what can be affirmed) yes or no.
Said = Quantity | ScaleStep | Nothing | bool


@attrs.frozen(kw_only=True)
class Answer:
    """
    What the gazette says of one cell, and who read it there.

    Attributes:
        at: As in `WorksheetRow`.

        part: As in `WorksheetRow`.

        row: As in `WorksheetRow`.

        says: The figure in the unit of its fact, the step of its scale, `Nothing` where the gazette asks nothing, or
            yes or no.

        where: Where the answer stands, for messages.
    """

    at: str
    part: tuple[str, ...] = ()
    row: tuple[str, ...] = ()
    says: Said
    verified: Verified
    where: Where = attrs.field(default=Where(), eq=False, repr=False)


def worksheet(rules: CriteriaSet, *, below: Grade = Grade.TEXT) -> tuple[WorksheetRow, ...]:
    """
    Every cell of a set that is evidenced worse than *below*, in the annex's order, conditions of recognition last.

    Example:
        >>> import ntm_rules as ntm
        >>> rows = ntm.worksheet(ntm.load("commune/standard/2016-2020"))
        >>> rows[0].name, rows[0].grade.value
        ('2/2.1', 'secondary')
    """
    return tuple(row for row in _cells(rules) if row.grade.rank > below.rank)


def _cells(rules: CriteriaSet) -> Iterator[WorksheetRow]:
    for at, indicator in rules.rows:
        for part, node in _nodes(indicator.require):
            if node.parts:
                continue
            source = indicator.source_at(part)
            fact = rules.catalogue.get(node.facts[0]) if node.facts else None
            if isinstance(node, Compare) and node.fact is None:
                # A ratio is not in the unit of its facts.
                fact = None
            cells: tuple[tuple[tuple[str, ...], Cell | None], ...] = (((), None),)
            if isinstance(node, Compare):
                cells = node.threshold.cells
            for row, cell in cells:
                yield WorksheetRow(
                    at=at,
                    part=part,
                    row=row,
                    indicator=indicator,
                    node=node,
                    cell=cell,
                    fact=fact,
                    grade=Grade.UNSTATED if isinstance(cell, Unstated) else source.grade(row),
                    citation=rules.cite(source, row),
                )


def _nodes(node: Requirement, way: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Requirement]]:
    """Every node with the way to it, from the top."""
    yield way, node
    for number, part in enumerate(node.parts, 1):
        yield from _nodes(part, (*way, str(number)))


# --- answers ----------------------------------------------------------------------------------------------------


def confirm(rules: CriteriaSet, answers: Iterable[Answer]) -> Revision:
    """
    The verification that a checker's answers make.

    A cell without a figure, or with a recalled one that the gazette contradicts, gets what the gazette says, graded
    `text`; a cell that the gazette confirms is graded `text`. Each edit carries who checked it, where and when.

    Args:
        rules: The edition that was checked.

        answers: One a cell; cells of the sheet without an answer stay as they are.

    Raises:
        RevisionError: With every answer to a cell that is not on the set's worksheet, two answers to one cell,
            answers of the wrong kind, out of range, or against a value graded better than `recalled`.

    Example:
        >>> import ntm_rules as ntm
        >>> rules = ntm.load("commune/standard/2016-2020")
        >>> day = ntm.PartialDate.parse("2026-11-22").first_day
        >>> seen = ntm.Verified("Công báo số 1227 + 1228", "30", "A clerk", day)
        >>> made = ntm.confirm(rules, [ntm.Answer(at="3/3.2", says=True, verified=seen)])
        >>> made.edits[0].grade.value, made.edits[0].verified.page
        ('text', '30')
    """
    rows = {row.key: row for row in worksheet(rules)}
    problems: list[Problem] = []
    edits: list[Edit] = []
    first: dict[tuple[str, str, str], Answer] = {}
    days = []
    roles = []
    for answer in answers:
        row = _row(answer, rows, rules, problems)
        if row is None:
            continue
        if row.key in first:
            earlier = first[row.key].where
            again = earlier.cell or earlier.line or "?"
            problems.append(Problem.at(ProblemCode.CELL_TWICE, answer.where, name=row.name, first=again))
            continue
        first[row.key] = answer
        edit = _edit(row, answer, problems)
        if edit is not None:
            edits.append(edit)
            days.append(answer.verified.date)
            roles.append(answer.verified.role)
    if problems:
        raise RevisionError(problems)
    last = max(days, default=None)
    return Revision(
        id=f"verification-{str(rules.id).replace('/', '-')}" + ("" if last is None else f"-{last.isoformat()}"),
        revises=str(rules.id),
        authority=RevisionAuthority.VERIFICATION,
        title=_words("worksheet.revision_title", rules.title),
        author="; ".join(sorted(set(roles))) or None,
        issued=last,
        note=_words("worksheet.revision_note", Text(rules.edition, rules.edition)),
        edits=tuple(edits),
    )


def _words(key: str, of: Text) -> Text:
    vi, en = (text(key, lang, of=of.in_(lang)) for lang in LANGUAGES)
    return Text(vi, en)


def _row(
    answer: Answer, rows: dict[tuple[str, str, str], WorksheetRow], rules: CriteriaSet, problems: list[Problem]
) -> WorksheetRow | None:
    """The cell that an answer is about; that there is none to check is a problem."""
    key = (answer.at, BETWEEN.join(answer.part), BETWEEN.join(answer.row))
    if key not in rows:
        name = " ".join(filter(None, key))
        near = nearest(name, (row.name for row in rows.values()))
        problems.append(Problem.at(ProblemCode.NO_SUCH_CELL, answer.where, name=name, nearest=near, of=rules.edition))
    return rows.get(key)


def _edit(row: WorksheetRow, answer: Answer, problems: list[Problem]) -> Edit | None:
    """What an answer does to its cell; None where it does nothing that a verification may do."""
    own: dict[str, Any] = {"at": row.at, "part": row.part, "verified": answer.verified, "where": answer.where}
    says = answer.says
    if not _fits(row, says, answer.where, problems):
        return None
    if says is True or says == row.cell:
        return RaiseGrade(**own, row=row.row, grade=Grade.TEXT)
    if row.cell is None or isinstance(says, bool) or row.grade not in (Grade.RECALLED, Grade.UNSTATED):
        seen, shipped = written(says), "yes" if row.cell is None else written(row.cell)
        params = {"seen": seen, "shipped": shipped, "grade": row.grade.value}
        problems.append(Problem.at(ProblemCode.CONTRADICTED, answer.where, **params))
        return None
    cell = Quantity(Decimal(plain_number(says.value)), says.unit) if isinstance(says, Quantity) else says
    return SetCell(**own, row=row.row, cell=cell, grade=Grade.TEXT)


def _fits(row: WorksheetRow, says: Said, where: Where, problems: list[Problem]) -> bool:
    """Whether an answer is of the kind that its cell takes, in its unit and within its range."""
    fact = row.fact
    if isinstance(says, bool):
        fits = row.can_be_affirmed
    elif isinstance(says, ScaleStep):
        fits = row.wanted == "step" and fact is not None and fact.scale is not None and fact.scale.step(says.id) == says
    elif isinstance(says, Quantity):
        if row.wanted == "figure" and fact is not None:
            return _figure_fits(fact, says, where, problems)
        fits = False
    else:
        fits = True
    if not fits:
        problems.append(Problem.at(ProblemCode.NOT_AN_ANSWER, where, seen=written(says), wanted=row.wanted))
    return fits


def _figure_fits(fact: FactDefinition, says: Quantity, where: Where, problems: list[Problem]) -> bool:
    if says.unit != fact.unit:
        problems.append(Problem.at(ProblemCode.THRESHOLD_UNIT, where, seen=says.written(), unit=fact.unit))
        return False
    too_low = fact.minimum is not None and says.value < fact.minimum
    if too_low or (fact.maximum is not None and says.value > fact.maximum):
        params = {"seen": says.written(), "fact": fact.id}
        problems.append(Problem.at(ProblemCode.THRESHOLD_OUT_OF_RANGE, where, **params))
        return False
    return True


def written(said: Said | Cell) -> str:
    """An answer, or what a cell holds, as a message repeats it."""
    if isinstance(said, Quantity | ScaleStep):
        return said.written()
    if isinstance(said, bool):
        return "yes" if said else "no"
    if isinstance(said, Delegated):
        return f"decided_by: {said.to.value}"
    if isinstance(said, ThresholdOf):
        return f"{plain_number(said.times)} × {said.address}"
    return "none"


__all__ = ["BETWEEN", "Answer", "Said", "WorksheetRow", "confirm", "worksheet", "written"]
