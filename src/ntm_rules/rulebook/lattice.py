"""
Thresholds held against each other across sets: where a later, higher or provincial one is looser than the other.

Compared are cells that hold a figure, row by row, of one measure in one direction; the rest is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import attrs

from ntm_rules.errors import Problem, ProblemCode, Severity, Where
from ntm_rules.language.lint import Row, Rows, Way, find, part_name, row_in, rows_of, table_of, written
from ntm_rules.vocabulary.criteria import CriteriaSet, Tier
from ntm_rules.vocabulary.facts import ScaleStep
from ntm_rules.vocabulary.overlays import RevisionAuthority
from ntm_rules.vocabulary.quantities import UNITS, Quantity
from ntm_rules.vocabulary.requirements import (
    AllOf,
    AnyOf,
    AppliesWhen,
    AtLeastNOf,
    Delegated,
    ForEach,
    ForEachYear,
    Measure,
    Requirement,
    Sign,
    Table,
    When,
)


@attrs.frozen
class Comparison:
    """
    A comparison of a set: the local address of its row, the way to it, what it measures and against what.

    Attributes:
        by: The list of parts, each of which is compared; None where the whole is.
    """

    address: str
    way: Way
    measure: Measure
    sign: Sign
    table: Table
    by: str | None = None

    def figure(self, rows: Rows, *, floor: bool) -> Quantity | ScaleStep | None:
        """The figure of a row; with *floor*, that below which an authority may not go counts as one."""
        cell = find(self.table, rows)
        if floor and isinstance(cell, Delegated):
            return cell.floor
        return cell if isinstance(cell, Quantity | ScaleStep) else None


@attrs.frozen
class Looser:
    """
    A cell that is looser than the one it is held against.

    Attributes:
        row: Its row in its own table.

        norm: The figure it falls behind, and `of` the comparison that has it.
    """

    comparison: Comparison
    row: Row
    figure: Quantity | ScaleStep
    of: Comparison
    norm: Quantity | ScaleStep

    def problem(self, code: ProblemCode, severity: Severity, where: Where, other: str | None = None) -> Problem:
        """As a problem; *other* names the set that the norm stands in."""
        return Problem.at(
            code,
            where,
            severity,
            at=self.comparison.address,
            part=part_name(self.comparison.way),
            row=written(self.row),
            figure=self.figure.written(),
            norm=self.norm.written(),
            other=None if other is None else f"{other}#{self.of.address}",
        )


def is_looser(figure: Quantity | ScaleStep, sign: Sign, norm: Quantity | ScaleStep, than: Sign) -> bool:
    """
    Whether the threshold ``sign figure`` lets pass what ``than norm`` does not; both point in one direction.

    Example:
        >>> is_looser(Quantity.parse("12 %"), Sign.AT_MOST, Quantity.parse("10 %"), Sign.AT_MOST)
        True
    """
    if isinstance(figure, ScaleStep) or isinstance(norm, ScaleStep):
        if not (isinstance(figure, ScaleStep) and isinstance(norm, ScaleStep) and figure.scale == norm.scale):
            return False
        mine, its = figure.value, norm.value
    elif UNITS[figure.unit].dimension != UNITS[norm.unit].dimension:
        return False
    else:
        mine, its = figure.to(norm.unit).value, norm.value
    if mine == its:
        return sign in (Sign.AT_LEAST, Sign.AT_MOST) and than in (Sign.MORE_THAN, Sign.LESS_THAN)
    return mine < its if sign.wants_more else mine > its


def _same(one: Comparison, other: Comparison) -> bool:
    """Whether two comparisons measure the same, in whole or by the same parts, in the same direction."""
    alike = (one.measure, one.by) == (other.measure, other.by)
    return alike and _direction(one.sign) == _direction(other.sign) != 0


def _direction(sign: Sign) -> int:
    return sign.wants_more - sign.wants_less


# --- an overlay and its base ------------------------------------------------------------------------------------

# Forms in which a looser part can only make the whole looser; of a condition's forms only what it leads to is such a
# part. Of those, the forms that ask their parts of every place.
_GROUPS = (AllOf, AnyOf, AtLeastNOf, ForEach, ForEachYear, When)
_ASKED_OF_ALL = (AllOf, ForEach, ForEachYear)


def _comparisons(rules: CriteriaSet, groups: tuple[type[Requirement], ...]) -> Iterator[Comparison]:
    """The comparisons of a set that stand within *groups* and bodies alone."""
    for address, row in rules.rows:
        yield from _beneath(row.require, address, (), groups, None)


def _beneath(
    node: Requirement, address: str, way: Way, groups: tuple[type[Requirement], ...], by: str | None
) -> Iterator[Comparison]:
    table = table_of(node)
    if table is not None:
        yield Comparison(address, way, node.measure, node.sign, table, by)  # type: ignore[attr-defined]  # it has a table
    for place, part in enumerate(node.parts):
        condition = isinstance(node, AppliesWhen | When) and place == 0
        if isinstance(node, (*groups, AppliesWhen)) and not condition:
            yield from _beneath(part, address, (*way, place), groups, _by(node) or by)


def _by(node: Requirement) -> str | None:
    """What the comparisons beneath are asked of: each part, or each of some years."""
    if isinstance(node, ForEachYear):
        return f"last {node.last}"
    return node.by if isinstance(node, ForEach) else None


def looser_than_base(base: CriteriaSet, revised: CriteriaSet) -> Iterator[Looser]:
    """
    Where a revised set is looser than its base, e.g. a province's decision than the national norm.

    A comparison is held against the one at the same place; where that is gone, against one of the same indicator
    that every place must meet. A floor of the base is a norm too.

    Example:
        >>> from ntm_rules.rulebook import load
        >>> rules = load("commune/standard/2016-2020")
        >>> list(looser_than_base(rules, rules))
        []
    """
    new = {(each.address, each.way): each for each in _comparisons(revised, _GROUPS)}
    required = [*_comparisons(revised, _ASKED_OF_ALL)]
    for old in _comparisons(base, _GROUPS):
        here = new.get((old.address, old.way))
        if here is None or not _same(old, here):
            here = next((each for each in required if each.address == old.address and _same(old, each)), None)
        if here is not None:
            yield from _looser([old], [here])


# --- tiers and periods ------------------------------------------------------------------------------------------


def looser_than(norm: CriteriaSet, rules: CriteriaSet) -> Iterator[Looser]:
    """
    Where a set asks less than another one of the same measure, wherever each of them asks it of every place.

    Of several thresholds for one measure the strictest counts, in both sets.
    """
    olds, news = list(_comparisons(norm, _ASKED_OF_ALL)), list(_comparisons(rules, _ASKED_OF_ALL))
    told: list[Comparison] = []
    for old in olds:
        if any(_same(old, each) for each in told):
            continue
        told.append(old)
        yield from _looser([each for each in olds if _same(old, each)], [each for each in news if _same(old, each)])


def _looser(olds: Iterable[Comparison], news: Iterable[Comparison]) -> Iterator[Looser]:
    """The rows in which the strictest of *news* is looser than the strictest of *olds*."""
    olds, news = tuple(olds), tuple(news)
    told: set[tuple[Row, Row]] = set()
    for rows in rows_of(*(each.table for each in (*olds, *news)), general=True):
        norm, own = _strictest(olds, rows, floor=True), _strictest(news, rows, floor=False)
        if norm is None or own is None:
            continue
        (old, least), (new, figure) = norm, own
        row = row_in(new.table, rows)
        if is_looser(figure, new.sign, least, old.sign) and (row, row_in(old.table, rows)) not in told:
            told.add((row, row_in(old.table, rows)))
            yield Looser(new, row, figure, old, least)


def _strictest(
    comparisons: Iterable[Comparison], rows: Rows, *, floor: bool
) -> tuple[Comparison, Quantity | ScaleStep] | None:
    best: tuple[Comparison, Quantity | ScaleStep] | None = None
    for each in comparisons:
        figure = each.figure(rows, floor=floor)
        if figure is not None and (best is None or is_looser(best[1], best[0].sign, figure, each.sign)):
            best = each, figure
    return best


# --- as problems ------------------------------------------------------------------------------------------------

#: The tiers that are declared to go beyond each other, lowest first.
TIERS = (Tier.STANDARD, Tier.ADVANCED, Tier.MODEL)


def check_overlay(base: CriteriaSet, revised: CriteriaSet, authority: RevisionAuthority) -> tuple[Problem, ...]:
    """
    Where a revised set is looser than its base.

    Warnings, but notes for a scenario and for the law's own changes: an analyst may suppose what he likes, and the law
    may do so. What the gazette itself says is the norm, so of a verification nothing is told.
    """
    if authority is RevisionAuthority.VERIFICATION:
        return ()
    by_law = authority is RevisionAuthority.LAW
    code = ProblemCode.LOOSER_THAN_EARLIER if by_law else ProblemCode.LOOSER_THAN_NORM
    severity = Severity.NOTE if by_law or authority is RevisionAuthority.SCENARIO else Severity.WARNING
    return tuple(
        each.problem(code, severity, Where(path=f"{base.id}#{each.comparison.address}"), base.edition)
        for each in looser_than_base(base, revised)
    )


def check_shelf(sets: Iterable[tuple[CriteriaSet, ...]]) -> tuple[Problem, ...]:
    """
    Hold sets against each other, each given with all its editions in the order of time.

    An advanced set against the standard one of its period, a model one against the advanced one: warnings. A later
    edition against the one before, a later period against the earlier one: notes, for the law may do so.

    Example:
        >>> from ntm_rules.rulebook import editions, set_names
        >>> {problem.severity.value for problem in check_shelf(editions(name) for name in set_names())} <= {"note"}
        True
    """
    shelf = tuple(sets)
    found: list[Problem] = []
    for its in shelf:
        for before, after in pairwise(its):
            found += _against(before, after, ProblemCode.LOOSER_THAN_EARLIER, Severity.NOTE)
    lasts = [its[-1] for its in shelf]
    for rules in lasts:
        earlier = [
            each
            for each in lasts
            if (each.id.level, each.id.tier) == (rules.id.level, rules.id.tier)
            and each.in_force.first_day < rules.in_force.first_day
        ]
        if earlier:
            before = max(earlier, key=lambda each: each.in_force.first_day)
            found += _against(before, rules, ProblemCode.LOOSER_THAN_EARLIER, Severity.NOTE)
        below = _next_below(rules, lasts)
        if below is not None:
            found += _against(below, rules, ProblemCode.LOOSER_TIER, Severity.WARNING)
    return tuple(found)


def _next_below(rules: CriteriaSet, sets: Iterable[CriteriaSet]) -> CriteriaSet | None:
    """The set of the same level and period whose tier is the next one below."""
    lower = TIERS[: TIERS.index(rules.id.tier)] if rules.id.tier in TIERS else ()
    same = [each for each in sets if (each.id.level, each.id.period) == (rules.id.level, rules.id.period)]
    there = [each for each in same if each.id.tier in lower]
    return max(there, key=lambda each: TIERS.index(each.id.tier), default=None)


def _against(norm: CriteriaSet, rules: CriteriaSet, code: ProblemCode, severity: Severity) -> Iterator[Problem]:
    for each in looser_than(norm, rules):
        where = Where(rules.edition, path=f"{rules.id}#{each.comparison.address}")
        yield each.problem(code, severity, where, norm.edition)


__all__ = ["Comparison", "Looser", "check_overlay", "check_shelf", "is_looser", "looser_than", "looser_than_base"]
