"""
Checks of one set as a lattice of thresholds: what can be read and yet makes no sense, each with a cell to look at.

One function a form; a form, measure, threshold or cell that is not known here is passed over, never judged wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import islice, pairwise, product
from typing import Any

import attrs

from ntm_rules.errors import Problem, ProblemCode, Severity, Where
from ntm_rules.language.nodes import SHOWN, Mapping, Node, Sequence, at, shown
from ntm_rules.language.requirements import YEAR, References, definition_of
from ntm_rules.language.shape import MAX_HINTS
from ntm_rules.messages import nearest
from ntm_rules.vocabulary.criteria import APPLIES_TO, PRECONDITION, CriteriaSet, Criterion, Indicator, InForce
from ntm_rules.vocabulary.facts import FactDefinition, ScaleStep
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.requirements import (
    GENERAL,
    AllOf,
    AnyOf,
    AppliesWhen,
    AtLeastNOf,
    Cell,
    Compare,
    DecidedBy,
    Delegated,
    ForEach,
    ForEachYear,
    Holds,
    IsOneOf,
    Measure,
    Nothing,
    RecognisedAs,
    Requirement,
    Sign,
    SubPlaceMeasure,
    Table,
    Unstated,
    When,
)
from ntm_rules.vocabulary.verdicts import Verdict

#: The way to a node: the place of each part from the top, from 0.
Way = tuple[int, ...]

Row = tuple[str, ...]

#: One row of every axis that a requirement asks about.
Rows = dict[str, str]

#: Rows of several axes that are tried for one requirement; the law has some seven regions and ten years.
MAX_ROWS = 2000

#: Comparisons of one group that are held against each other, and rows among which the nearest is sought.
MAX_PAIRED = MAX_NAMES = 200


# --- walking ----------------------------------------------------------------------------------------------------


def walk(node: Requirement, way: Way = ()) -> Iterator[tuple[Way, Requirement]]:
    """Every node beneath and *node* itself, from the top, each with the way to it."""
    yield way, node
    for place, part in enumerate(node.parts):
        yield from walk(part, (*way, place))


def table_of(node: Requirement) -> Table | None:
    """The table that *node* compares with, if it compares with one."""
    threshold: object = node.threshold if isinstance(node, Compare) else None
    return threshold if isinstance(threshold, Table) else None


def comparisons(node: Requirement) -> Iterator[tuple[Way, Compare, Table]]:
    """Every comparison with a table beneath."""
    for way, each in walk(node):
        table = table_of(each)
        if isinstance(each, Compare) and table is not None:
            yield way, each, table


def joined(node: Requirement, way: Way = ()) -> Iterator[tuple[Way, Compare, Table]]:
    """Every comparison with a table that must be met for *node* to be met."""
    table = table_of(node)
    if isinstance(node, Compare) and table is not None:
        yield way, node, table
    elif isinstance(node, AllOf):
        for place, part in enumerate(node.members):
            yield from joined(part, (*way, place))


def row_in(table: Table, rows: Rows) -> Row:
    """The row of the cell that *rows* lead to; of a cell for many rows, the one that it has."""
    path = tuple(rows.get(axis, "") for axis in table.axes)
    have = {row for row, _ in table.cells}
    return next((path[:length] for length in range(len(path), 0, -1) if path[:length] in have), ())


def find(table: Table, rows: Rows) -> Cell | None:
    """The cell that *rows* lead to."""
    return table.find(tuple(rows.get(axis, "") for axis in table.axes))


def rows_of(*tables: Table, general: bool = False) -> Iterator[Rows]:
    """Every row that the tables name, of all their axes at once; the general one only if wanted."""
    names: dict[str, dict[str, None]] = {}
    for table in tables:
        for depth, axis in enumerate(table.axes):
            found = names.setdefault(axis, {})
            found.update({row[depth]: None for row, _ in table.cells if len(row) > depth})
            if not general:
                found.pop(GENERAL, None)
    for chosen in islice(product(*(found or ("",) for found in names.values())), MAX_ROWS):
        yield dict(zip(names, chosen, strict=True))


def written(row: Row) -> str:
    """A row as a problem names it."""
    return "/".join(name for name in row if name) or "-"


def part_name(way: Way) -> str:
    """A part as a revision names it: the number of each part from the top, from 1."""
    return "/".join(str(place + 1) for place in way) or "-"


# --- where it stands --------------------------------------------------------------------------------------------


def _beneath(node: Node, form: Requirement, place: int) -> Node:
    """What a document says of one part of *form*, which *node* describes."""
    if not isinstance(node, Mapping):
        return node
    if isinstance(form, AppliesWhen):
        # Beside a form, the condition stands in the mapping of the body itself, whose `require` may be of each part.
        if place and node.get("for_each") is not None:
            return node
        return at(node, ("require",) if place else ("applies_when",))
    if isinstance(form, When):
        return at(node, (("when", "then", "otherwise")[place],))
    if isinstance(form, ForEach | ForEachYear):
        return at(node, ("require",))
    if isinstance(node.get("of_which"), Mapping):
        return at(node, ("of_which",) if place else ())
    for key in ("all_of", "any_of", "members"):
        if isinstance(node.get(key), Sequence):
            return at(node, (key, place))
    return node


@attrs.frozen
class _Sheet:
    """One indicator under check: its full address, when it is in force, and what a document says of it."""

    address: str
    indicator: Indicator
    in_force: InForce
    node: Node | None

    def part(self, way: Way) -> Node | None:
        """What the document says of a part."""
        if self.node is None:
            return None
        form, node = self.indicator.require, at(self.node, ("require",))
        for place in way:
            node = _beneath(node, form, place)
            form = form.parts[place]
        return node

    def tell(
        self, code: ProblemCode, severity: Severity, way: Way = (), row: Row | None = None, **params: object
    ) -> Problem:
        """A finding about a part, or about one cell of it."""
        node = self.part(way)
        where = Where(path=self.address)
        if node is not None:
            require = _node_at(self.indicator.require, way)
            sign: object = getattr(require, "sign", None)
            cell = (sign.value, *row) if row is not None and isinstance(sign, Sign) else ()
            where = at(node, cell).where
        said = {key: shown(str(value)) for key, value in params.items() if value is not None}
        where_in = {"at": shown(self.address.partition("#")[2]), "part": part_name(way)}
        if row is not None:
            where_in["row"] = shown(written(row))
        return Problem.at(code, where, severity, **where_in, **said)


def _node_at(node: Requirement, way: Way) -> Requirement:
    for place in way:
        node = node.parts[place]
    return node


def _sheets(
    criteria: tuple[Criterion, ...],
    name: str,
    in_force: InForce,
    root: Node | None,
    *,
    preconditions: tuple[Indicator, ...] = (),
    applies_to: Indicator | None = None,
) -> Iterator[_Sheet]:
    if applies_to is not None:
        node = None if root is None else at(root, (APPLIES_TO,))
        yield _Sheet(f"{name}#{APPLIES_TO}", applies_to, in_force, node)
    for place, condition in enumerate(preconditions):
        node = None if root is None else at(root, ("preconditions", place))
        yield _Sheet(f"{name}#{PRECONDITION}{condition.number}", condition, in_force, node)
    for place, criterion in enumerate(criteria):
        for its, indicator in enumerate(criterion.indicators):
            node = None if root is None else at(root, ("criteria", place, "indicators", its))
            yield _Sheet(f"{name}#{criterion.number}/{indicator.number}", indicator, in_force, node)


def lint(rules: CriteriaSet, references: References, node: Node | None = None) -> tuple[Problem, ...]:
    """
    Whatever is doubtful in a set, though it can be used: warnings, and notes of what is known to be open.

    Args:
        rules: The set.

        references: The axes of the set and the rows they have.

        node: The document it was read from, so that each finding has its line and column.

    Example:
        >>> from ntm_rules.rulebook import load, places
        >>> rules = load("commune/standard/2016-2020")
        >>> found = lint(rules, References(rules.catalogue, rules.instruments, places(), rules.axes))
        >>> {problem.severity.value for problem in found}
        {'note'}
    """
    found: list[Problem] = []
    sheets = _sheets(
        rules.criteria,
        str(rules.id),
        rules.in_force,
        node,
        preconditions=rules.preconditions,
        applies_to=rules.applies_to,
    )
    for sheet in sheets:
        for check in _CHECKS:
            found += check(sheet, references)
    return tuple(found)


# --- grades of cells that are not there -------------------------------------------------------------------------


def rows_not_there(indicator: Indicator, references: References) -> Iterator[tuple[Way | None, str, Row]]:
    """
    Each row of ``source.cells`` and ``source.cells_in`` that no threshold of its source has.

    Such a row says nothing, and the cell that was meant silently keeps the grade of the rest. The way is None for the
    source of the indicator itself.
    """
    owners = [(None, indicator.source, indicator.require)]
    owners += [(way, node.source, node) for way, node in walk(indicator.require) if node.source is not None]  # type: ignore[misc]
    for way, source, node in owners:
        beneath = [_Rows.of(each) for _, each in walk(node)]
        for key, cells in (("cells", source.cells), ("cells_in", source.cells_in)):
            for row, _ in cells:
                if not any(each.have(row, references) for each in beneath):
                    yield way, key, row


@attrs.frozen
class _Rows:
    """The rows of a node's table with all rows above them; without a table, whether the node is a leaf."""

    table: Table | None
    cells: frozenset[Row]
    above: frozenset[Row]
    is_leaf: bool

    @classmethod
    def of(cls, node: Requirement) -> _Rows:
        table = table_of(node)
        cells = frozenset(row for row, _ in table.cells) if table is not None else frozenset[Row]()
        above = frozenset(row[:length] for row in cells for length in range(len(row) + 1))
        return cls(table, cells, above, not node.parts)

    def have(self, row: Row, references: References) -> bool:
        """Whether something can be said of that row."""
        if self.table is None:
            # A statement's cells are the columns of the annex; what this module does not know, it does not judge.
            return self.is_leaf and all(_is_name(name, references) for name in row)
        return row in self.above or any(
            row[:length] in self.cells and _is_deeper(row, length, self.table, references) for length in range(len(row))
        )


def _is_deeper(row: Row, depth: int, table: Table, references: References) -> bool:
    """Whether the names of a row beneath a cell are rows of the table's further axes."""
    axes, names = table.axes[depth:], row[depth:]
    return len(names) <= len(axes) and all(_is_row(*each, references) for each in zip(names, axes, strict=False))


def _is_row(name: str, axis: str, references: References) -> bool:
    rows = references.rows(axis)
    if rows is not None:
        return name in rows or name == GENERAL
    return name == GENERAL or not references.by_year(axis) or YEAR.fullmatch(name) is not None


def _is_name(name: str, references: References) -> bool:
    return name == GENERAL or any(_is_row(name, axis.name, references) for axis in references.axes)


def check_cells(
    node: Node, criteria: tuple[Criterion, ...], in_force: InForce, references: References, wrong: frozenset[str]
) -> Iterator[Problem]:
    """
    What `rows_not_there` finds in criteria that are being read from *node*: there it is an error.

    *wrong* holds the paths of indicators that could not be read: what stands in for them is not looked at.
    """
    for sheet in _sheets(criteria, "", in_force, node):
        if sheet.node is None or sheet.node.where.path not in wrong:
            yield from _cells_not_there(sheet, references, Severity.ERROR)


def _cells_not_there(sheet: _Sheet, references: References, severity: Severity = Severity.WARNING) -> Iterator[Problem]:
    for told, (way, key, row) in enumerate(rows_not_there(sheet.indicator, references)):
        tables = (table for _, _, table in comparisons(_node_at(sheet.indicator.require, way or ())))
        there = islice(("/".join(cell) for table in tables for cell, _ in table.cells), MAX_NAMES)
        name = written(row)
        near = nearest(name, there) if told < MAX_HINTS and len(name) <= SHOWN else None
        problem = sheet.tell(ProblemCode.CELL_NOT_IN_TABLE, severity, way or (), name=name, nearest=near)
        owner = sheet.node if way is None else sheet.part(way)
        if owner is not None:
            problem = attrs.evolve(problem, where=at(owner, ("source", key, *row)).where)
        yield problem


# --- gaps, overlaps, years --------------------------------------------------------------------------------------


def _overlaps(sheet: _Sheet, _: References) -> Iterator[Problem]:
    """No two cells for one row, and none for a row and the row above it."""
    for way, _compare, table in comparisons(sheet.indicator.require):
        seen: dict[Row, Cell] = {}
        for row, cell in table.cells:
            above = next((row[:length] for length in range(len(row) + 1) if row[:length] in seen), None)
            if above is not None:
                severity = Severity.WARNING if seen[above] == cell else Severity.ERROR
                yield sheet.tell(ProblemCode.OVERLAPPING_CELLS, severity, way, row, other=written(above))
            seen.setdefault(row, cell)


def _years(sheet: _Sheet, references: References) -> Iterator[Problem]:
    """Years that a table skips, those in force before or after all it has, and a general column alone."""
    for way, _compare, table in comparisons(sheet.indicator.require):
        for depth, axis in enumerate(table.axes):
            if references.by_year(axis):
                yield from _years_at(sheet, way, table, depth)


def _years_at(sheet: _Sheet, way: Way, table: Table, depth: int) -> Iterator[Problem]:
    have: dict[Row, dict[str, None]] = {}
    for row, _ in table.cells:
        if len(row) > depth and GENERAL not in row[:depth]:
            have.setdefault(row[:depth], {})[row[depth]] = None
    every = sorted({int(name) for names in have.values() for name in names if YEAR.fullmatch(name)})
    for prefix, names in have.items():
        if set(names) == {GENERAL}:
            yield sheet.tell(
                ProblemCode.GENERAL_ALONE, Severity.WARNING, way, (*prefix, GENERAL), axis=table.axes[depth]
            )
        lacking = [year for year in every if set(names) != {GENERAL} and f"{year:04}" not in names]
        if lacking:
            row = (*prefix, f"{lacking[0]:04}")
            yield sheet.tell(ProblemCode.YEAR_GAP, Severity.WARNING, way, row, count=len(lacking))
    for before, after in pairwise(every):
        if after > before + 1:
            # One year that is skipped was forgotten; the law itself may print some years and then a last one.
            severity = Severity.WARNING if after == before + 2 else Severity.NOTE
            row = (f"{before + 1:04}",)
            yield sheet.tell(ProblemCode.YEAR_GAP, severity, way, row, count=after - before - 1)
    force = sheet.in_force
    last = force.first_day.year if force.last_day is None else force.last_day.year
    outside = [year for year in range(force.first_day.year, last + 1) if not every or not every[0] <= year <= every[-1]]
    if every and outside:
        row = (f"{outside[0]:04}",)
        yield sheet.tell(
            ProblemCode.YEAR_NOT_ENCODED, Severity.NOTE, way, row, count=len(outside), first=every[0], last=every[-1]
        )


# --- what can come out ------------------------------------------------------------------------------------------

_Verdicts = frozenset[Verdict]
_MET, _NOT_MET, _DROPS = Verdict.MET, Verdict.NOT_MET, Verdict.NOT_APPLICABLE
_NONE: _Verdicts = frozenset()
_DECIDED: _Verdicts = frozenset({_MET, _NOT_MET})
_ANY: _Verdicts = frozenset({_MET, _NOT_MET, _DROPS})


def _possible(node: Requirement, rows: Rows, *, filled: bool) -> _Verdicts:
    """
    The verdicts that some figures give in these rows, never fewer than there are; *undetermined* is always one more.

    *filled* supposes that whatever is open has been filled in somehow.
    """
    if isinstance(node, DecidedBy):
        return _ANY if filled else _NONE
    if isinstance(node, Compare):
        table = table_of(node)
        found = _ANY if table is None else _possible_in(find(table, rows), filled=filled)
        # There may be nothing to count.
        return found | {_DROPS} if found and node.counts else found
    if isinstance(node, Holds | IsOneOf | RecognisedAs):
        return _DECIDED
    combine = _COMBINE.get(type(node))
    parts = [_possible(part, rows, filled=filled) for part in node.parts]
    return _ANY if combine is None else combine(node, parts)


def _possible_in(cell: object, *, filled: bool) -> _Verdicts:
    if cell is None or isinstance(cell, Unstated | Delegated):
        return _ANY if filled else _NONE
    if isinstance(cell, Nothing):
        return frozenset({_DROPS})
    return _DECIDED if isinstance(cell, Quantity | ScaleStep) else _ANY


def _all_of(_: Requirement, parts: list[_Verdicts]) -> _Verdicts:
    out = {_NOT_MET} if any(_NOT_MET in part for part in parts) else set()
    if all(part & {_MET, _DROPS} for part in parts) and any(_MET in part for part in parts):
        out.add(_MET)
    return frozenset(out | _drops(parts))


def _any_of(_: Requirement, parts: list[_Verdicts]) -> _Verdicts:
    out = {_MET} if any(_MET in part for part in parts) else set()
    if all(part & {_NOT_MET, _DROPS} for part in parts) and any(_NOT_MET in part for part in parts):
        out.add(_NOT_MET)
    return frozenset(out | _drops(parts))


def _at_least_n_of(node: AtLeastNOf, parts: list[_Verdicts]) -> _Verdicts:
    out = {_MET} if sum(_MET in part for part in parts) >= node.n else set()
    kept = sum(not part & {_NOT_MET, _DROPS} for part in parts)
    if not node.open_list and kept < node.n and any(part & _DECIDED for part in parts):
        out.add(_NOT_MET)
    return frozenset(out | _drops(parts))


def _applies_when(_: Requirement, parts: list[_Verdicts]) -> _Verdicts:
    condition, body = parts
    out = body if condition & {_MET, _DROPS} else body & {_DROPS}
    return out | {_DROPS} if condition & {_NOT_MET, _DROPS} else out


def _when(_: Requirement, parts: list[_Verdicts]) -> _Verdicts:
    question, then, otherwise = parts
    if question == {_DROPS}:
        return question
    # An open question is none where both branches agree.
    out = then & otherwise
    if _MET in question:
        out |= then
    if _NOT_MET in question:
        out |= otherwise
    return out | (question & {_DROPS})


def _drops(parts: list[_Verdicts]) -> set[Verdict]:
    return {_DROPS} if all(_DROPS in part for part in parts) else set()


_COMBINE: dict[type[Requirement], Callable[[Any, list[_Verdicts]], _Verdicts]] = {
    AllOf: _all_of,
    AnyOf: _any_of,
    AtLeastNOf: _at_least_n_of,
    AppliesWhen: _applies_when,
    ForEach: _all_of,
    ForEachYear: _all_of,
    When: _when,
}


def _open(sheet: _Sheet, _: References) -> Iterator[Problem]:
    """What is left to an authority or not at hand; where nothing else decides the indicator, that alone is told."""
    require = sheet.indicator.require
    rows = list(rows_of(*(table for _, _, table in comparisons(require))))
    if len(rows) == MAX_ROWS:
        # Not every row was tried.
        return
    now: _Verdicts = _NONE.union(*(_possible(require, each, filled=False) for each in rows))
    later: _Verdicts = _NONE.union(*(_possible(require, each, filled=True) for each in rows))
    way, row = next(_first_cells(require), ((), None))
    if not later & _DECIDED:
        yield sheet.tell(ProblemCode.NEVER_ASKS, Severity.WARNING, way, row or ())
    elif not now & _DECIDED:
        yield sheet.tell(ProblemCode.NEVER_DECIDES, Severity.NOTE, way, row or ())
    else:
        yield from _open_cells(sheet)


def _first_cells(require: Requirement) -> Iterator[tuple[Way, Row]]:
    for way, node in walk(require):
        table = table_of(node)
        if table is not None:
            yield way, next((row for row, _ in table.cells if GENERAL not in row), table.cells[0][0])
        elif isinstance(node, DecidedBy):
            yield way, ()


def _open_cells(sheet: _Sheet) -> Iterator[Problem]:
    for way, node in walk(sheet.indicator.require):
        if isinstance(node, DecidedBy):
            yield sheet.tell(ProblemCode.OPEN_THRESHOLD, Severity.NOTE, way, (), to=node.authority.value, count=1)
    for way, _compare, table in comparisons(sheet.indicator.require):
        cells = [(row, cell) for row, cell in table.cells if GENERAL not in row]
        left = [(row, cell) for row, cell in cells if isinstance(cell, Delegated)]
        if left:
            (row, cell), count = left[0], len(left)
            yield sheet.tell(ProblemCode.OPEN_THRESHOLD, Severity.NOTE, way, row, to=cell.to.value, count=count)
        absent = [row for row, cell in cells if isinstance(cell, Unstated)]
        if absent:
            yield sheet.tell(ProblemCode.NOT_AT_HAND, Severity.NOTE, way, absent[0], count=len(absent))


# --- single cells -----------------------------------------------------------------------------------------------


def _bounds(sheet: _Sheet, references: References) -> Iterator[Problem]:
    """Cells that no figure of the fact meets, that every figure meets, and equality where a direction is meant."""
    for way, node, table in comparisons(sheet.indicator.require):
        measure: object = node.measure
        fact = definition_of(measure, references.catalogue) if isinstance(measure, Measure) else None
        least, most = (None, None) if fact is None else _range(fact)
        for row, cell in table.cells:
            if not isinstance(cell, Quantity | ScaleStep):
                continue
            figure = cell.written()
            if node.sign is Sign.EQUALS:
                edge = cell.value in (least, most)
                severity = Severity.WARNING if edge else Severity.NOTE
                yield sheet.tell(ProblemCode.EQUALS_ON_MEASURE, severity, way, row, figure=figure)
                # One cell tells of the sign, which is the same for all.
                break
            end, other = (most, least) if node.sign.wants_more else (least, most)
            strict = node.sign in (Sign.MORE_THAN, Sign.LESS_THAN)
            if table.boundary_unstated:
                continue
            if strict and cell.value == end:
                yield sheet.tell(ProblemCode.IMPOSSIBLE, Severity.WARNING, way, row, figure=figure)
            if not strict and cell.value == other:
                yield sheet.tell(ProblemCode.ALWAYS_MET, Severity.WARNING, way, row, figure=figure)


def _range(fact: FactDefinition) -> tuple[Decimal | None, Decimal | None]:
    """The least and the greatest figure that a fact can have; the ranks of the first and the last step of a scale."""
    if fact.scale is not None:
        return Decimal(0), Decimal(len(fact.scale.steps) - 1)
    return fact.minimum, fact.maximum


def _contradictions(sheet: _Sheet, _: References) -> Iterator[Problem]:
    """Two thresholds for one measure, both required, that no figure meets at once."""
    told: set[tuple[Way, Way]] = set()
    for top, group in walk(sheet.indicator.require):
        if not isinstance(group, AllOf):
            continue
        parts = list(islice(joined(group, top), MAX_PAIRED))
        for low_way, low, low_table in parts:
            for high_way, high, high_table in parts:
                if low.measure != high.measure or not low.sign.wants_more or not high.sign.wants_less:
                    continue
                pair = _first_pair(low, low_table, high, high_table, meets=False)
                # A group within a group is walked twice.
                if pair is not None and (low_way, high_way) not in told:
                    told.add((low_way, high_way))
                    rows, floor, ceiling = pair
                    yield sheet.tell(
                        ProblemCode.CELLS_CONTRADICT,
                        Severity.WARNING,
                        low_way,
                        row_in(low_table, rows),
                        figure=floor.written(),
                        other=ceiling.written(),
                        other_part=part_name(high_way),
                    )


def _first_pair(
    low: Compare, low_table: Table, high: Compare, high_table: Table, *, meets: bool
) -> tuple[Rows, Quantity | ScaleStep, Quantity | ScaleStep] | None:
    """
    The first rows in which a lower and an upper bound leave no figure between them, with the two figures.

    With *meets* the first in which every figure meets one of the two.
    """
    for rows in rows_of(low_table, high_table):
        floor, ceiling = find(low_table, rows), find(high_table, rows)
        if not isinstance(floor, Quantity | ScaleStep) or not isinstance(ceiling, Quantity | ScaleStep):
            continue
        closed = (low.sign is Sign.AT_LEAST, high.sign is Sign.AT_MOST)
        doubtful = low_table.boundary_unstated or high_table.boundary_unstated
        if meets:
            found = floor.value < ceiling.value or (floor.value == ceiling.value and any(closed))
        else:
            found = floor.value > ceiling.value or (floor.value == ceiling.value and not all(closed) and not doubtful)
        if found:
            return rows, floor, ceiling
    return None


# --- the traps --------------------------------------------------------------------------------------------------


def _bands(sheet: _Sheet, _: References) -> Iterator[Problem]:
    """
    A band whose one side is another branch's other side.

    With the figure known only within a range, each branch is open and so is the whole, though every figure meets one;
    without the redundant bound the whole is met.
    """
    for top, group in walk(sheet.indicator.require):
        if not isinstance(group, AnyOf):
            continue
        alone = [(each, table) for each in group.members if isinstance(each, Compare) and (table := table_of(each))]
        for place, branch in enumerate(group.members):
            if not isinstance(branch, AllOf):
                continue
            for way, bound, table in islice(joined(branch, (*top, place)), MAX_PAIRED):
                for other, beside in alone[:MAX_PAIRED]:
                    pair = _redundant(bound, table, other, beside)
                    if pair is not None:
                        rows, figure = pair
                        row = row_in(table, rows)
                        yield sheet.tell(
                            ProblemCode.REDUNDANT_BOUND, Severity.WARNING, way, row, figure=figure.written()
                        )


def _redundant(bound: Compare, table: Table, other: Compare, beside: Table) -> tuple[Rows, Quantity | ScaleStep] | None:
    if bound.measure != other.measure:
        return None
    if bound.sign.wants_less and other.sign.wants_more:
        pair = _first_pair(other, beside, bound, table, meets=True)
        return None if pair is None else (pair[0], pair[2])
    if bound.sign.wants_more and other.sign.wants_less:
        pair = _first_pair(bound, table, other, beside, meets=True)
        return None if pair is None else (pair[0], pair[1])
    return None


def _quietly_passed(sheet: _Sheet, _: References) -> Iterator[Problem]:
    """A choice all of whose members may drop: a place with none of them passes without having any."""
    for way, group in walk(sheet.indicator.require):
        if isinstance(group, AnyOf | AtLeastNOf):
            tables = [table for _, _, table in comparisons(group)]
            for rows in rows_of(*tables):
                if all(_may_drop(member, rows) for member in group.members):
                    row = tuple(rows.values())
                    yield sheet.tell(ProblemCode.QUIETLY_PASSED, Severity.WARNING, way, row)
                    break


def _may_drop(node: Requirement, rows: Rows) -> bool:
    """Whether *node* may be not applicable in these rows."""
    table = table_of(node)
    if table is not None:
        # There may be no such place beneath; a set always has rows.
        counts_places = isinstance(node, Compare) and isinstance(node.measure, SubPlaceMeasure)
        return isinstance(find(table, rows), Nothing) or counts_places
    if isinstance(node, AllOf | AnyOf | AtLeastNOf | ForEach | ForEachYear):
        return all(_may_drop(part, rows) for part in node.parts)
    if isinstance(node, When):
        return any(_may_drop(part, rows) for part in node.parts)
    return node.may_drop


_CHECKS: tuple[Callable[[_Sheet, References], Iterator[Problem]], ...] = (
    _cells_not_there,
    _overlaps,
    _years,
    _open,
    _bounds,
    _contradictions,
    _bands,
    _quietly_passed,
)

__all__ = [
    "MAX_ROWS",
    "Row",
    "Rows",
    "Way",
    "check_cells",
    "comparisons",
    "find",
    "joined",
    "lint",
    "part_name",
    "row_in",
    "rows_not_there",
    "rows_of",
    "table_of",
    "walk",
    "written",
]
