"""How well a set is evidenced: its cells counted by grade."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from ntm_rules.vocabulary.criteria import CriteriaSet, Indicator
from ntm_rules.vocabulary.facts import ScaleStep
from ntm_rules.vocabulary.instruments import Grade, Source
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.requirements import Authority, Compare, DecidedBy, Delegated, Requirement, Unstated


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
        for node, source in _with_sources(indicator.require, indicator.source):
            if isinstance(node, Compare):
                for row, cell in node.threshold.cells:
                    yield Grade.UNSTATED if isinstance(cell, Unstated) else source.grade(row)
            elif not node.parts:
                yield source.evidence


def _with_sources(node: Requirement, above: Source) -> Iterator[tuple[Requirement, Source]]:
    """Every node with the source it stands by: its own, or that of the node above."""
    source = node.source or above
    yield node, source
    for part in node.parts:
        yield from _with_sources(part, source)


__all__ = ["OpenPart", "grades", "open_cells", "open_parts"]
