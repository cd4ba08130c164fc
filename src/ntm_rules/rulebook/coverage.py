"""How well a set is evidenced: its cells counted by grade."""

from __future__ import annotations

from collections.abc import Iterator

from ntm_rules.vocabulary.criteria import CriteriaSet
from ntm_rules.vocabulary.instruments import Grade, Source
from ntm_rules.vocabulary.requirements import Compare, DecidedBy, Delegated, Holds, Requirement, Unstated


def grades(rules: CriteriaSet) -> dict[Grade, int]:
    """
    How many cells of a set have each grade, best grade first.

    Every cell of every table counts, the general column too; a statement or a requirement that an authority has yet
    to write counts as one. A cell whose figure is not at hand counts as `unstated`, whatever its row is graded.

    Example:
        >>> from ntm_rules.rulebook import load
        >>> sum(grades(load("commune/standard/2016-2020")).values()) > 49
        True
    """
    counted = dict.fromkeys(Grade, 0)
    for grade in _grades(rules):
        counted[grade] += 1
    return counted


def open_cells(rules: CriteriaSet) -> int:
    """How many thresholds and requirements of a set are left to a province or ministry."""
    nodes = (node for _, indicator in rules.indicators for node in indicator.require.walk())
    return sum(_open(node) for node in nodes)


def _open(node: Requirement) -> int:
    if isinstance(node, Compare):
        return sum(isinstance(cell, Delegated) for _, cell in node.threshold.cells)
    return int(isinstance(node, DecidedBy))


def _grades(rules: CriteriaSet) -> Iterator[Grade]:
    for _, indicator in rules.indicators:
        for node, source in _with_sources(indicator.require, indicator.source):
            if isinstance(node, Compare):
                for row, cell in node.threshold.cells:
                    yield Grade.UNSTATED if isinstance(cell, Unstated) else source.grade(row)
            elif isinstance(node, Holds | DecidedBy):
                yield source.evidence


def _with_sources(node: Requirement, above: Source) -> Iterator[tuple[Requirement, Source]]:
    """Every node with the source it stands by: its own, or that of the node above."""
    source = node.source or above
    yield node, source
    for part in node.parts:
        yield from _with_sources(part, source)


__all__ = ["grades", "open_cells"]
