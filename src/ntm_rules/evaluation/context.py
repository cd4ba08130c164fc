"""What one judgement knows: the facts, the rows of the axes, and thresholds resolved once for all places alike."""

from __future__ import annotations

from functools import lru_cache

import attrs

from ntm_rules.vocabulary.assessments import AppliedThreshold, Scope
from ntm_rules.vocabulary.criteria import Axis, CriteriaSet
from ntm_rules.vocabulary.dossiers import Dossier, FactValue
from ntm_rules.vocabulary.instruments import Citation, Grade, Source
from ntm_rules.vocabulary.requirements import GENERAL, Cell, Compare, Delegated, Nothing, Table, Unstated
from ntm_rules.vocabulary.verdicts import ReasonCode, Support

#: The row of every axis: its name, and the row, or None where the place lacks the attribute.
Rows = tuple[tuple[str, str | None], ...]


@attrs.frozen
class Terms:
    """
    The terms on which all places with the same rows are judged: resolved thresholds and citations.

    The two caches are filled as nodes are met; a node is known by its identity, which `rules` keeps alive.
    """

    rules: CriteriaSet
    rows: Rows
    accept: Grade
    _thresholds: dict[int, tuple[AppliedThreshold, Support]] = attrs.field(factory=dict, eq=False)
    _citations: dict[int, tuple[Citation, Support]] = attrs.field(factory=dict, eq=False)

    def threshold(self, node: Compare, source: Source) -> tuple[AppliedThreshold, Support]:
        """The cell of *node*'s table that applies, with the reason if nothing can be compared with it."""
        found = self._thresholds.get(id(node))
        if found is None:
            applied = self._resolve(node, source)
            found = self._thresholds[id(node)] = (applied, Support(applied.citation.grade, statement=False))
        return found

    def citation(self, source: Source) -> tuple[Citation, Support]:
        """The citation of a requirement without a table: its grade is that of the place's own column."""
        found = self._citations.get(id(source))
        if found is None:
            own = {row for _, row in self.rows}
            grades = [grade for cell, grade in source.cells if own.issuperset(cell)]
            worst = max(grades, key=lambda grade: grade.rank, default=source.evidence)
            cited = attrs.evolve(self.rules.cite(source), grade=worst)
            found = self._citations[id(source)] = (cited, Support(worst, statement=True))
        return found

    def _resolve(self, node: Compare, source: Source) -> AppliedThreshold:
        table = node.threshold
        rows = dict(self.rows)
        wanted = tuple((axis, rows.get(axis)) for axis in table.axes)
        known = tuple((axis, row) for axis, row in wanted if row is not None)
        path = tuple(row for _, row in known)
        if len(known) == len(wanted):
            cell = table.find(path)
            citation = self.rules.cite(source, path)
        else:
            candidates = _candidates(table, tuple(row for _, row in wanted))
            cell = candidates[0][1] if len({cell for _, cell in candidates}) == 1 else None
            cites = [self.rules.cite(source, row) for row, _ in candidates] or [self.rules.cite(source)]
            citation = max(cites, key=lambda cited: cited.grade.rank)
            if cell is None:
                chain = self.rules.chain(node, path, citation)
                return AppliedThreshold(node.sign, None, known, citation, ReasonCode.MISSING_ATTRIBUTE, chain)
        closed = None
        if cell is None:
            by_year = any(axis == "year" and not _covers(table.cells, path, at) for at, (axis, _) in enumerate(known))
            closed = ReasonCode.YEAR_NOT_COVERED if by_year else ReasonCode.ROW_NOT_COVERED
        elif isinstance(cell, Unstated):
            closed = ReasonCode.THRESHOLD_UNSTATED
        elif isinstance(cell, Delegated):
            closed = ReasonCode.THRESHOLD_OPEN
        elif citation.grade.rank > self.accept.rank:
            closed = ReasonCode.GRADE_NOT_ACCEPTED
        elif isinstance(cell, Nothing):
            closed = ReasonCode.ASKS_NOTHING
        return AppliedThreshold(node.sign, cell, known, citation, closed, self.rules.chain(node, path, citation))


def _candidates(table: Table, wanted: tuple[str | None, ...]) -> list[tuple[tuple[str, ...], Cell]]:
    """The cells that a place may take whose row on some axis is not known: if all are the same, it does not matter."""
    return [
        (row, cell)
        for row, cell in table.cells
        if all(part == want or (want is None and part != GENERAL) for part, want in zip(row, wanted, strict=False))
    ]


def _covers(cells: tuple[tuple[tuple[str, ...], object], ...], path: tuple[str, ...], at: int) -> bool:
    """Whether any row of a table names what *path* names on its axis *at*."""
    return any(row[at : at + 1] == path[at : at + 1] for row, _ in cells)


@attrs.frozen
class _TheSame:
    """A set known by its identity: an equal copy has other nodes, and the caches of `Terms` know nodes by identity."""

    rules: CriteriaSet = attrs.field(eq=id)


@lru_cache(maxsize=512)
def _terms(same: _TheSame, rows: Rows, accept: Grade) -> Terms:
    return Terms(same.rules, rows, accept)


def terms(rules: CriteriaSet, rows: Rows, accept: Grade) -> Terms:
    """The terms for places with these rows; cached, so that a thousand communes of a region share them."""
    return _terms(_TheSame(rules), rows, accept)


@attrs.frozen
class Context:
    """
    One dossier on its terms.

    Attributes:
        part: Which part of the facts is read; None reads the whole.
    """

    terms: Terms
    scope: Scope
    facts: dict[str, FactValue]
    year: int
    part: str | None = None


def rows_of(axes: tuple[Axis, ...], dossier: Dossier) -> Rows:
    """The row that each axis gives this dossier's place and year."""
    known = {"unit.region": dossier.place.region, "year": str(dossier.year)}
    return tuple((axis.name, known[axis.rules[0].row]) for axis in axes)
