"""What a set asks of each fact: the rows that it can fail, and the threshold of every place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import chain

import attrs

from ntm_rules.evaluation.axes import rows_of
from ntm_rules.evaluation.context import Terms, terms
from ntm_rules.vocabulary.criteria import CriteriaSet
from ntm_rules.vocabulary.dossiers import Dossier, Status
from ntm_rules.vocabulary.facts import FactDefinition, FactKind, ScaleStep
from ntm_rules.vocabulary.instruments import Grade, Source
from ntm_rules.vocabulary.places import Level, Place
from ntm_rules.vocabulary.quantities import EXACT, UNITS, Quantity
from ntm_rules.vocabulary.requirements import (
    AllOf,
    AppliesWhen,
    Compare,
    ForEach,
    Holds,
    IsOneOf,
    Requirement,
    Sign,
    When,
)

#: Decimals that a figure is told with, by unit; a count has none, and a threshold with more gives it more.
_DECIMALS = {"percent": 1, "million_vnd_per_person_year": 1, "square_metre_per_person": 1, "times": 2}


@attrs.frozen
class Leaf:
    """One comparison or statement, and the list of parts that it is asked of each of."""

    node: Compare | Holds | IsOneOf
    by: str | None = None

    @property
    def fact(self) -> str:
        """The fact that it reads."""
        return self.node.facts[0]


@attrs.frozen
class Unit:
    """
    What fails together: one leaf of which all are required, or every leaf of an alternative.

    Attributes:
        address: The address of the indicator within the set.

        sure: Whether its failing surely makes the criterion fail, by its form.
    """

    address: str
    leaves: tuple[Leaf, ...]
    sure: bool = True


@attrs.frozen
class Row:
    """
    A criterion: what of it can fail.

    Attributes:
        number: Its number; None for the conditions of recognition.
    """

    number: str | None
    units: tuple[Unit, ...]


def rows(rules: CriteriaSet) -> tuple[Row, ...]:
    """The criteria of a set, then its conditions of recognition; a fact belongs to the first that reads it."""
    seen: set[str] = set()
    found = []
    for criterion in rules.criteria:
        units = chain.from_iterable(
            _units(indicator.require, rules.local(rules.address(indicator))) for indicator in criterion.indicators
        )
        found.append(Row(criterion.number, tuple(_unseen(units, seen))))
    conditions = chain.from_iterable(_units(each.require, each.number) for each in rules.preconditions)
    return (*found, Row(None, tuple(_unseen(conditions, seen))))


def _unseen(units: Iterable[Unit], seen: set[str]) -> Iterator[Unit]:
    for unit in units:
        facts = {leaf.fact for leaf in unit.leaves}
        if not facts & seen:
            seen |= facts
            yield unit


def _units(require: Requirement, address: str, by: str | None = None, *, sure: bool = True) -> Iterator[Unit]:
    match require:
        case Compare(fact=None):
            return
        case Compare() | Holds(attribute=None) | IsOneOf(of_place=False):
            yield Unit(address, (Leaf(require, by),), sure)
        case AllOf():
            for member in require.members:
                yield from _units(member, address, by, sure=sure)
        case ForEach():
            yield from _units(require.require, address, require.by, sure=sure)
        case AppliesWhen():
            yield from _units(require.body, address, by, sure=False)
        case When():
            for branch in (require.then, require.otherwise):
                yield from _units(branch, address, by, sure=False)
        case _:
            beneath = [leaf for part in require.parts for unit in _units(part, address, by) for leaf in unit.leaves]
            if beneath:
                yield Unit(address, tuple(beneath), sure=sure)


# --- thresholds ---------------------------------------------------------------------------------------------------


@attrs.frozen
class Asked:
    """
    What the whole set asks of a fact, outside questions and conditions.

    Attributes:
        required: The comparisons that it has to pass, each with its nearest source.

        decimals: How many decimals its figures have.

        parts: The parts that it is told by, where it is asked of each.
    """

    fact: FactDefinition
    required: tuple[tuple[Compare, Source], ...] = ()
    decimals: int = 0
    parts: tuple[str, ...] = ()

    @property
    def least(self) -> int:
        """The least figure that makes sense, in its last decimal."""
        return 0 if self.fact.minimum is None else _scaled(self.fact.minimum, self.decimals)

    @property
    def most(self) -> int | None:
        """The greatest."""
        if self.fact.scale is not None:
            return len(self.fact.scale.steps) - 1
        return None if self.fact.maximum is None else _scaled(self.fact.maximum, self.decimals)

    @property
    def wants_less(self) -> bool:
        """Whether a smaller figure is better."""
        return any(node.sign.wants_less for node, _ in self.required)

    @property
    def exact(self) -> bool:
        """Whether only one figure is right."""
        return any(node.sign is Sign.EQUALS for node, _ in self.required)

    def threshold(self, on: Terms) -> int | None:
        """The figure nearest to failing that meets all that is stated, in its last decimal; None if nothing is."""
        found = []
        for node, source in self.required:
            cell = on.threshold(node, source)[0].cell
            if isinstance(cell, Quantity | ScaleStep):
                step = {Sign.MORE_THAN: 1, Sign.LESS_THAN: -1}.get(node.sign, 0)
                found.append(_scaled(cell.value, self.decimals) + step)
        if not found:
            return None
        return min(found) if self.wants_less else max(found)


def asked(rules: CriteriaSet, its_rows: tuple[Row, ...]) -> dict[str, Asked]:
    """What is asked of every fact of a set, and of those that these are derived from; most of them in rows."""
    leaves = [leaf for row in its_rows for unit in row.units for leaf in unit.leaves]
    nodes: dict[str, list[tuple[Compare, Source]]] = {}
    for _, indicator in rules.rows:
        for node, source in _required(indicator.require, indicator.source):
            if node.fact is not None:
                nodes.setdefault(node.fact, []).append((node, source))
    by = {leaf.fact: leaf.by for leaf in leaves}
    order = dict.fromkeys(rules.catalogue.with_operands(fact for tree in _trees(rules) for fact in tree))
    return {fact: _asked(rules, fact, tuple(nodes.get(fact, ())), by.get(fact)) for fact in order}


def _trees(rules: CriteriaSet) -> Iterator[tuple[str, ...]]:
    """The facts that each row reads, in the order of the annex, then those that only an axis does."""
    for _, indicator in rules.rows:
        yield tuple(fact for node in indicator.require.walk() for fact in node.facts)
    yield tuple(sorted(rules.used_facts))


def _required(require: Requirement, above: Source) -> Iterator[tuple[Compare, Source]]:
    """The comparisons of a requirement that are no questions, each with its nearest source."""
    source = require.source or above
    if isinstance(require, Compare):
        yield require, source
    parts = require.parts[1:] if isinstance(require, AppliesWhen | When) else require.parts
    for part in parts:
        yield from _required(part, source)


def _asked(rules: CriteriaSet, fact: str, required: tuple[tuple[Compare, Source], ...], by: str | None) -> Asked:
    definition = rules.catalogue[fact]
    decimals = _DECIMALS.get(definition.unit or "", 0)
    cells = (cell for node, _ in required for _, cell in node.threshold.cells if isinstance(cell, Quantity))
    unit = definition.unit
    if unit is not None and not UNITS[unit].counts:
        decimals = max([decimals, *(-_exponent(cell.value) for cell in cells)])
    listed = None if by is None else rules.catalogue.part_list(by)
    parts = () if listed is None else tuple(part.id for part in listed.parts or ())
    return Asked(definition, required, decimals, parts)


def _exponent(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _scaled(value: Decimal, decimals: int) -> int:
    """A figure in its last decimal; one with more decimals, as only a bound can be, is cut."""
    return int(EXACT.scaleb(value, decimals))


def terms_of(rules: CriteriaSet, year: int, region: str, attributes: tuple[tuple[str, bool | str], ...]) -> Terms:
    """The terms on which a place of a region with these attributes is judged."""
    place = Place(Level.COMMUNE, "-", region=region, attributes=attributes)
    dossier = Dossier(place, year, date(year, 12, 31), status=Status.SYNTHETIC)
    return terms(rules, rows_of(rules, dossier)[0], Grade.RECALLED)


def can_fail(unit: Unit, wanted: dict[str, Asked], everywhere: Iterable[Terms]) -> bool:
    """Whether a unit can be made to fail wherever a place is, so that its criterion surely fails."""
    if not unit.sure:
        return False
    for leaf in unit.leaves:
        each = wanted[leaf.fact]
        if each.fact.unstated:
            return False
        if each.fact.kind in (FactKind.YES_NO, FactKind.CATEGORY):
            continue
        for on in everywhere:
            threshold = each.threshold(on)
            if threshold is None or threshold == (each.most if each.wants_less else each.least):
                return False
    return True


__all__ = ["Asked", "Leaf", "Row", "Unit", "asked", "can_fail", "rows", "terms_of"]
