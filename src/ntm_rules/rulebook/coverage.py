"""How well a set is evidenced, and what of it can be judged today: cells by grade, what is open, what is lacking."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from ntm_rules.rulebook.library import load, places, set_names
from ntm_rules.vocabulary.criteria import CriteriaSet, Indicator
from ntm_rules.vocabulary.facts import ScaleStep
from ntm_rules.vocabulary.instruments import Grade, Instrument
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.requirements import (
    GENERAL,
    Authority,
    Cell,
    Compare,
    DecidedBy,
    Delegated,
    Requirement,
    Table,
    ThresholdOf,
    Unstated,
)

REGION = "region"

# No law has as many rows; a number beyond it is no number of a row.
_MOST = 1000


def grades(rules: CriteriaSet) -> dict[Grade, int]:
    """
    How many cells of a set have each grade, best grade first.

    Every cell of every table counts, the general column too; whatever has no table, as a statement or a requirement
    that an authority has yet to write, counts as one. A cell whose figure is not at hand counts as `unstated`,
    whatever its row is graded. Conditions of recognition count like indicators.

    Example:
        >>> from ntm_rules.rulebook import load
        >>> sum(grades(load("commune/standard/2016-2020")).values()) > 49
        True
    """
    counted = dict.fromkeys(Grade, 0)
    for grade in _grades(rules):
        counted[grade] += 1
    return counted


@attrs.frozen
class OpenPart:
    """
    A cell or a requirement that a set leaves to an authority.

    Attributes:
        at: Local address of the indicator.

        part: The way to the node within its requirement.

        row: Which cell of its table; empty where the table has no axes or a whole requirement is open.

        floor: The loosest figure that the law allows, if it says.
    """

    at: str
    indicator: Indicator
    part: tuple[str, ...]
    node: Compare | DecidedBy
    row: tuple[str, ...]
    to: Authority
    floor: Quantity | ScaleStep | None = None


def open_parts(rules: CriteriaSet, to: Authority | None = None) -> Iterator[OpenPart]:
    """
    What a set leaves open, to one authority or to any, in the annex's order.

    Example:
        >>> from ntm_rules.rulebook import load
        >>> [part.at for part in open_parts(load("commune/standard/2016-2020"))][:2]
        ['2/2.1', '2/2.2']
    """
    for at, indicator in rules.rows:
        for part in _open_in(at, indicator):
            if to in (None, part.to):
                yield part


def _open_in(at: str, indicator: Indicator) -> Iterator[OpenPart]:
    for way, node in indicator.require.walk_ways():
        if isinstance(node, DecidedBy):
            yield OpenPart(at, indicator, way, node, (), node.authority)
        elif isinstance(node, Compare):
            for row, cell in node.threshold.cells:
                if isinstance(cell, Delegated):
                    yield OpenPart(at, indicator, way, node, row, cell.to, cell.floor)


def open_cells(rules: CriteriaSet) -> int:
    """How many thresholds and requirements of a set are left to a province or ministry."""
    return sum(1 for _ in open_parts(rules))


def _grades(rules: CriteriaSet) -> Iterator[Grade]:
    for _, indicator in rules.rows:
        for node, source in indicator.require.walk_sources(indicator.source):
            if isinstance(node, Compare):
                for row, cell in node.threshold.cells:
                    yield Grade.UNSTATED if isinstance(cell, Unstated) else source.grade(row)
            elif not node.parts:
                yield source.evidence


# --- what can be judged, and what is lacking --------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Lacking:
    """
    An indicator, or a condition of recognition, of which something is open or not at hand.

    Attributes:
        at: Its local address.

        unstated: How many of its cells have no figure at hand.

        left_to: The authorities that some of its cells, or a requirement of it, are left to.

        undefined: Whether it reads a fact whose way of counting is not at hand.

        referred: Whether it takes its figure from a row of another set that can't be decided everywhere.

        instruments: Ids of the instruments that its lacking cells are cited from.
    """

    at: str
    unstated: int = 0
    left_to: tuple[Authority, ...] = ()
    undefined: bool = False
    referred: bool = False
    instruments: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Missing:
    """
    The rows of the law that a set does not hold.

    Attributes:
        criteria: How many criteria; None where the law's own count is not known.

        indicators: How many indicators, likewise.

        criterion_numbers: The numbers of those criteria, as far as they follow from the law's count.

        indicator_numbers: Numbers of indicators left out between those that are there, ``2.3`` between 2.2 and 2.4.
    """

    criteria: int | None
    indicators: int | None
    criterion_numbers: tuple[str, ...] = ()
    indicator_numbers: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Coverage:
    """
    What of an edition is encoded, how well it is evidenced, and what of it can be decided.

    Attributes:
        rules: The edition.

        grades: How many cells have each grade, best first.

        candidates: How many of the `unstated` ones have a doubtful figure that is not shipped, for a checker.

        open: How many cells and requirements are left to each authority.

        decidable: For each region, by id, how many indicators can be decided there.

        lacking: Of what something is open or not at hand, in the annex's order, conditions of recognition last.

        missing: What is known of the rows that are not encoded.

        check_in: The instruments in which what is lacking can be checked; each knows its `sources`.
    """

    rules: CriteriaSet
    grades: tuple[tuple[Grade, int], ...]
    candidates: int
    open: tuple[tuple[Authority, int], ...]
    decidable: tuple[tuple[str, int], ...]
    lacking: tuple[Lacking, ...]
    missing: Missing
    check_in: tuple[Instrument, ...]


def coverage(rules: CriteriaSet) -> Coverage:
    """
    What of an edition is encoded, how well it is evidenced, and what of it can be decided today.

    An indicator can be decided in a region if no cell that a place there may be held against is `unstated` or left to
    an authority, the cells of every year and group alike, and every fact of it has its way of counting at hand. The
    general column is for no place that has a region.

    Example:
        >>> from ntm_rules.rulebook import load
        >>> told = coverage(load("commune/standard/2026-2030"))
        >>> told.missing.criterion_numbers
        ('4', '5', '7', '9', '10')
        >>> dict(told.decidable)["red_river_delta"]
        0
    """
    found = tuple(_lacking(rules))
    incomplete = (rules.basis,) if rules.incomplete else ()
    ids = dict.fromkeys([*incomplete, *(id for each in found for id in each.instruments)])
    return Coverage(
        rules=rules,
        grades=tuple(grades(rules).items()),
        candidates=sum(
            isinstance(cell, Unstated) and cell.candidate is not None
            for _, indicator in rules.rows
            for table in _tables(indicator.require)
            for _, cell in table.cells
        ),
        open=tuple((authority, sum(1 for _ in open_parts(rules, authority))) for authority in Authority),
        decidable=tuple(
            (region, sum(decidable(rules, indicator, region) for _, indicator in rules.indicators))
            for region, _ in places().regions
        ),
        lacking=found,
        missing=missing(rules),
        check_in=tuple(each for each in map(rules.instrument, ids) if each is not None),
    )


def decidable(rules: CriteriaSet, indicator: Indicator, region: str) -> bool:
    """Whether nothing that the law asks of an indicator is open, or not at hand, for the places of a region."""
    if _undefined(rules, indicator.require):
        return False
    for node in indicator.require.walk():
        if isinstance(node, DecidedBy):
            return False
        if isinstance(node, Compare):
            cells = _cells_of(node.threshold, region)
            if not cells or any(_is_open(cell, rules, region) for cell in cells):
                return False
    return True


def _cells_of(table: Table, region: str) -> list[Cell]:
    """The cells that a place of a region may be held against."""
    at = table.axes.index(REGION) if REGION in table.axes else len(table.axes)
    return [cell for row, cell in table.cells if GENERAL not in row and row[at : at + 1] in ((), (region,))]


def _is_open(cell: Cell, rules: CriteriaSet, region: str) -> bool:
    if isinstance(cell, ThresholdOf):
        return not _can_be_taken(cell, rules, region)
    return isinstance(cell, Unstated | Delegated)


def _can_be_taken(cell: ThresholdOf, rules: CriteriaSet, region: str) -> bool:
    """Whether the row that a cell refers to can be decided in a region, in the edition of that time."""
    name = cell.address.partition("#")[0]
    if name not in set_names():
        return False
    other = load(name, on=rules.in_force.first_day)
    wanted = other.indicators_at(cell.address) if other.find(cell.address) is not None else ()
    items = [each for criterion, each in other.indicators if f"{criterion.number}/{each.number}" in wanted]
    return bool(items) and all(decidable(other, each, region) for each in items)


def _undefined(rules: CriteriaSet, require: Requirement) -> bool:
    """Whether a requirement reads a fact whose way of counting is not at hand."""
    read = rules.catalogue.with_operands(fact for node in require.walk() for fact in node.facts)
    known = (rules.catalogue.get(fact) for fact in read)
    return any(fact is not None and fact.unstated for fact in known)


def _tables(require: Requirement) -> Iterator[Table]:
    return (node.threshold for node in require.walk() if isinstance(node, Compare))


def _lacking(rules: CriteriaSet) -> Iterator[Lacking]:
    for at, indicator in rules.rows:
        left_to = {part.to: None for part in _open_in(at, indicator)}
        cited: dict[str, None] = {}
        unstated, referred = 0, False
        for node, source in indicator.require.walk_sources(indicator.source):
            if isinstance(node, DecidedBy):
                cited[rules.cite(source).instrument] = None
            for row, cell in node.threshold.cells if isinstance(node, Compare) else ():
                if isinstance(cell, Unstated | Delegated):
                    cited[rules.cite(source, row).instrument] = None
                unstated += isinstance(cell, Unstated)
                if isinstance(cell, ThresholdOf):
                    referred |= any(_is_open(cell, rules, region) for region, _ in places().regions)
        undefined = _undefined(rules, indicator.require)
        if undefined or referred:
            cited[rules.cite(indicator.source).instrument] = None
        if cited:
            yield Lacking(
                at=at,
                unstated=unstated,
                left_to=tuple(left_to),
                undefined=undefined,
                referred=referred,
                instruments=tuple(cited),
            )


def missing(rules: CriteriaSet) -> Missing:
    """What is known of the rows of the law that a set does not hold."""
    criteria, indicators = rules.missing_rows
    held = [criterion.number for criterion in rules.criteria]
    stated = rules.counts.criteria or 0
    numbers = [str(number) for number in range(1, stated + 1)] if stated <= _MOST else []
    # Where a criterion bears another kind of number, nothing follows from the count.
    known = set(held) <= set(numbers)
    return Missing(
        criteria=criteria,
        indicators=indicators,
        criterion_numbers=tuple(each for each in numbers if each not in held) if known else (),
        indicator_numbers=tuple(_left_out(rules)) if indicators != 0 else (),
    )


def _left_out(rules: CriteriaSet) -> Iterator[str]:
    """Numbers of indicators left out between those of one criterion: 2.3 between 2.2 and 2.4."""
    for criterion in rules.criteria:
        split = [each.number.rpartition(".") for each in criterion.indicators]
        ends = {end for head, _, end in split if head == criterion.number}
        last = max((number for number in range(1, _MOST) if str(number) in ends), default=0)
        yield from (f"{criterion.number}.{number}" for number in range(1, last) if str(number) not in ends)


__all__ = [
    "Coverage",
    "Lacking",
    "Missing",
    "OpenPart",
    "coverage",
    "decidable",
    "grades",
    "missing",
    "open_cells",
    "open_parts",
]
