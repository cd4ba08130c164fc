"""What one judgement knows: the facts, the rows of the axes, and thresholds resolved once for all places alike."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import product

import attrs

from ntm_rules.vocabulary.assessments import AppliedThreshold, Assessment, RowTaken, Scope
from ntm_rules.vocabulary.criteria import CriteriaSet, TheSame
from ntm_rules.vocabulary.dossiers import FactValue
from ntm_rules.vocabulary.instruments import Citation, Grade, Source
from ntm_rules.vocabulary.places import Place
from ntm_rules.vocabulary.requirements import GENERAL, Cell, Compare, Delegated, Nothing, Table, Unstated
from ntm_rules.vocabulary.verdicts import ReasonCode, Support


@attrs.frozen
class Possible:
    """
    A rule of an axis that takes the place to a row, or may.

    Attributes:
        row: None where the place lacks the attribute that names it.

        at: Which of the axis's rules, from 0.

        sure: Whether it surely takes the place, unless a rule before it does.

        grade: What taking it rests on; None for a rule without a source.

        asks: What would have to be known: attributes of the place and facts.
    """

    row: str | None
    at: int = 0
    sure: bool = True
    grade: Grade | None = None
    asks: tuple[str, ...] = ()


#: For every axis its name and the rules that hold or may hold, in order.
Rows = tuple[tuple[str, tuple[Possible, ...]], ...]


@attrs.frozen
class Terms:
    """
    The terms on which all places with the same rows are judged: resolved thresholds and citations.

    The two caches are filled as nodes are met. A node is found by its identity, and kept beside what was found with the
    source that it was judged by: under another source its grade is another, and another node may come to its address.
    """

    rules: CriteriaSet
    rows: Rows
    accept: Grade
    _thresholds: dict[int, tuple[Compare, Source, tuple[AppliedThreshold, Support]]] = attrs.field(
        factory=dict, eq=False, repr=False
    )
    _citations: dict[int, tuple[Source, tuple[Citation, Support]]] = attrs.field(factory=dict, eq=False, repr=False)

    def threshold(self, node: Compare, source: Source) -> tuple[AppliedThreshold, Support]:
        """The cell of *node*'s table that applies, with the reason if nothing can be compared with it."""
        kept = self._thresholds.get(id(node))
        if kept is None or kept[0] is not node or kept[1] is not source:
            applied = self._resolve(node, source)
            kept = self._thresholds[id(node)] = (node, source, (applied, Support(applied.grade, statement=False)))
        return kept[2]

    def rows_of(self, node: Compare) -> tuple[tuple[str, ...], ...]:
        """The rows of a comparison's table one of which is the place's: one row, where that is known."""
        return tuple(row for _, row, _ in _ways(node.threshold, list(self._choices(node.threshold))))

    def citation(self, source: Source) -> tuple[Citation, Support]:
        """The citation of a requirement without a table: its grade is that of the place's own column."""
        kept = self._citations.get(id(source))
        if kept is None or kept[0] is not source:
            own = {possible.row for axis, found in self.rows for possible in self._first(axis, found)}
            grades = [grade for cell, grade in source.cells if own.issuperset(cell)]
            worst = max(grades, key=lambda grade: grade.rank, default=source.evidence)
            cited = attrs.evolve(self.rules.cite(source), grade=worst)
            kept = self._citations[id(source)] = (source, (cited, Support(worst, statement=True)))
        return kept[1]

    def _first(self, axis: str, found: tuple[Possible, ...]) -> tuple[Possible, ...]:
        """What may take the place: where rules have an order, nothing after the first that surely does."""
        if any(each.overlap_unstated for each in self.rules.axes if each.name == axis):
            return found
        sure = next((at for at, possible in enumerate(found) if possible.sure), len(found))
        return found[: sure + 1]

    def _choices(self, table: Table) -> Iterator[tuple[Possible, ...]]:
        """For each axis of a table the rules that may take the place; one whose row the table lacks does not apply."""
        rows = dict(self.rows)
        axes = {axis.name: axis for axis in self.rules.axes}
        for at, name in enumerate(table.axes):
            found = rows.get(name, (Possible(None),))
            if name not in axes or axes[name].simple:
                # Of a single rule it is told that its row has no cell.
                yield found
                continue
            has = {row[at] for row, _ in table.cells if len(row) > at}
            kept = tuple(each for each in found if each.row in (None, *has))
            by_exclusion = len(kept) == len(found) and any(axes[name].rules[each.at].otherwise for each in kept)
            if not by_exclusion and not any(each.sure for each in kept):
                kept = (*kept, Possible(_NO_ROW, sure=False))
            yield self._first(name, kept)

    def _resolve(self, node: Compare, source: Source) -> AppliedThreshold:
        table = node.threshold
        choices = list(self._choices(table))
        ways = list(_ways(table, choices))
        known = tuple(
            (axis, found[0].row)
            for axis, found in zip(table.axes, choices, strict=True)
            if len(found) == 1 and found[0].row
        )
        path = tuple(row for _, row in known)
        cites = [self.rules.cite(source, row) for _, row, _ in ways] or [self.rules.cite(source)]
        citation = max(cites, key=lambda cited: cited.grade.rank)
        taken = tuple(self._taken(table.axes, choices))
        cells = {cell for _, _, cell in ways}
        if len(cells) > 1 or not ways:
            return self._undecided(node, known, citation, ways)
        cell = next(iter(cells), None)
        applied = AppliedThreshold(node.sign, cell, known, citation, taken_by=taken)
        closed = None
        if cell is None:
            by_year = any(axis == "year" and not _covers(table.cells, path, at) for at, (axis, _) in enumerate(known))
            closed = ReasonCode.YEAR_NOT_COVERED if by_year else ReasonCode.ROW_NOT_COVERED
        elif isinstance(cell, Unstated):
            closed = ReasonCode.THRESHOLD_UNSTATED
        elif isinstance(cell, Delegated):
            closed = ReasonCode.THRESHOLD_OPEN
        elif applied.grade.rank > self.accept.rank:
            closed = ReasonCode.GRADE_NOT_ACCEPTED
        elif isinstance(cell, Nothing):
            closed = ReasonCode.ASKS_NOTHING
        return attrs.evolve(applied, closed=closed, chain=self.rules.chain(node, path, citation))

    def _taken(self, axes: tuple[str, ...], choices: list[tuple[Possible, ...]]) -> Iterator[RowTaken]:
        """The rules with a source that took the place to its row."""
        rules = {axis.name: axis.rules for axis in self.rules.axes}
        for axis, found in zip(axes, choices, strict=True):
            if len(found) == 1 and found[0].row is not None and found[0].grade is not None:
                rule = rules[axis][found[0].at]
                cited = self.rules.cite(rule.source or Source(found[0].grade))
                yield RowTaken(axis, found[0].row, found[0].at, attrs.evolve(cited, grade=found[0].grade))

    def _undecided(
        self,
        node: Compare,
        known: tuple[tuple[str, str], ...],
        citation: Citation,
        ways: list[tuple[tuple[Possible, ...], tuple[str, ...], Cell | None]],
    ) -> AppliedThreshold:
        """Which of several cells applies is not decided: what is lacking is asked for, unless the law is open."""
        axes = node.threshold.axes
        sure = {cell for way, _, cell in ways if all(possible.sure and possible.row is not None for possible in way)}
        used = [each for way, _, _ in ways for each in zip(axes, way, strict=True)]
        asks = tuple(dict.fromkeys(ask for _, possible in used for ask in possible.asks)) if len(sure) < _TWO else ()
        rows = dict.fromkeys((axis, possible.row) for axis, possible in used)
        candidates = tuple((axis, row) for axis, row in rows if row and (axis, row) not in known)
        code = ReasonCode.ROW_AMBIGUOUS if candidates and not asks else ReasonCode.MISSING_ATTRIBUTE
        return AppliedThreshold(node.sign, None, known, citation, code, candidates=candidates, asks=asks)


_TWO = 2

#: Where no rule of an axis holds.
_NO_ROW = ""


def _ways(
    table: Table, choices: list[tuple[Possible, ...]]
) -> Iterator[tuple[tuple[Possible, ...], tuple[str, ...], Cell | None]]:
    """Each way in which rules may take a place to a cell, with its row and what stands there."""
    for way in product(*choices):
        for row, cell in _cells(table, tuple(possible.row for possible in way)):
            yield way, row, cell


def _cells(table: Table, wanted: tuple[str | None, ...]) -> list[tuple[tuple[str, ...], Cell | None]]:
    """The cells that a row may mean; None where it has none. Without its region a place may take any of them."""
    if None in wanted:
        return list(_candidates(table, wanted))
    row = tuple(part for part in wanted if part is not None)
    return [(row, table.find(row))]


def _candidates(table: Table, wanted: tuple[str | None, ...]) -> list[tuple[tuple[str, ...], Cell | None]]:
    """The cells that a place may take whose row on some axis is not known: if all are the same, it does not matter."""
    return [
        (row, cell)
        for row, cell in table.cells
        if all(part == want or (want is None and part != GENERAL) for part, want in zip(row, wanted, strict=False))
    ]


def _covers(cells: tuple[tuple[tuple[str, ...], object], ...], path: tuple[str, ...], at: int) -> bool:
    """Whether any row of a table names what *path* names on its axis *at*."""
    return any(row[at : at + 1] == path[at : at + 1] for row, _ in cells)


@lru_cache(maxsize=512)
def _terms(same: TheSame, rows: Rows, accept: Grade) -> Terms:
    return Terms(same.rules, rows, accept)


def terms(rules: CriteriaSet, rows: Rows, accept: Grade) -> Terms:
    """The terms for places with these rows; cached, so that a thousand communes of a region share them."""
    return _terms(TheSame(rules), rows, accept)


@attrs.frozen
class Context:
    """
    One dossier on its terms.

    Attributes:
        part: Which part of the facts is read; None reads the whole.

        beneath: Whether the place is one beneath the place that the set judges, or is judged for an earlier year.

        earlier: Whether it is judged for an earlier year.

        in_full: Whether what is judged by another set is to be told in full, as for each of several years.

        found: What places beneath gave when judged by sets of their own, by place and edition; filled on the way.
    """

    terms: Terms
    scope: Scope
    facts: dict[str, FactValue]
    year: int
    part: str | None = None
    #: The addresses of other rows that led here, so that none is asked for twice.
    asking: tuple[str, ...] = ()
    beneath: bool = False
    earlier: bool = False
    in_full: bool = False
    found: dict[tuple[str, ...], Assessment] = attrs.field(factory=dict, eq=False, repr=False)

    @property
    def place(self) -> Place:
        """The place that is judged."""
        return self.scope.dossier.place
