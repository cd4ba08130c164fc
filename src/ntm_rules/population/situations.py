"""
Situations: the places of a table that the law treats alike, so that their thresholds are resolved once.

What is known of a place itself (region, zone, whether it is a safe zone …) has few values. Every combination that
occurs is judged once by the evaluator of single places, which also finds its rows and thresholds; combinations that
turn out alike are one situation. So the columns only hold constants, and no rule about places is written twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

import attrs

from ntm_rules.evaluation.axes import context_of
from ntm_rules.evaluation.forms import judge
from ntm_rules.vocabulary.criteria import CriteriaSet
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import Dossier, FactValue, HeldTitle
from ntm_rules.vocabulary.facts import FactCatalogue, FactDefinition, FactKind
from ntm_rules.vocabulary.instruments import Grade, Source
from ntm_rules.vocabulary.places import KINDS_OF_LEVEL, OF_PLACE, Level, Place, PlaceRegister
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.requirements import (
    Compare,
    DecidedBy,
    FactMeasure,
    Holds,
    IsOneOf,
    RecognisedAs,
    Requirement,
)

#: More combinations than this are not tried out for tables whose rows can't be looked at first.
MOST_COMBINATIONS = 20_000

#: Which situation each row is in.
SITUATION = "~situation"

REGION = "region"
KIND = "kind"
PROVINCE = "province"
MAP = "map"
TITLE = "title:"

Value = bool | str | Decimal | None

# From when a title is held of which a table only says that it is.
_EVER = PartialDate(1900)


@attrs.frozen
class Key:
    """
    A column that the situation of a place depends on.

    Attributes:
        name: ``region``, ``kind``, ``province``, an attribute of the place, a fact that an axis asks for, or
            ``title:`` and a set.

        domain: Every value that it can have, but none; of a figure one for each stretch between its bounds.

        fact: Whether it is a fact.

        bounds: What a figure is compared with, from below.
    """

    name: str
    domain: tuple[bool | str | Decimal, ...]
    fact: bool = False
    bounds: tuple[Decimal, ...] = ()


def asked_of_place(node: Requirement) -> bool:
    """Whether a leaf asks only for what a situation tells."""
    if isinstance(node, Holds):
        return node.attribute is not None
    return isinstance(node, DecidedBy | RecognisedAs) or (isinstance(node, IsOneOf) and node.of_place)


@attrs.frozen
class Trees:
    """Every requirement of some sets, with what each set reads of the place."""

    sets: tuple[CriteriaSet, ...]

    def leaves(self) -> Iterator[tuple[CriteriaSet, Requirement, Source]]:
        """The leaves that ask only for what a situation tells, each with its set and the nearest source."""
        for rules in self.sets:
            for _, row in rules.rows:
                for node, source in row.require.walk_sources(row.source):
                    if asked_of_place(node):
                        yield rules, node, source

    @property
    def names(self) -> tuple[str, ...]:
        """What is asked of the place itself, sorted."""
        asked: set[str] = set()
        for rules in self.sets:
            asked |= rules.used_attributes
            asked |= {REGION for axis in rules.axes for rule in axis.rules if rule.row == OF_PLACE + REGION}
        return tuple(sorted(asked))

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that the conditions of axes ask for."""
        return tuple(dict.fromkeys(fact for node in self._conditions for fact in node.facts))

    @property
    def _conditions(self) -> Iterator[Requirement]:
        """Every node of the conditions of axes."""
        for rules in self.sets:
            for rule in (rule for axis in rules.axes for rule in axis.rules):
                yield from () if rule.when is None else rule.when.walk()

    def fact_keys(self, catalogue: FactCatalogue) -> tuple[Key, ...]:
        """The facts that the conditions of axes ask for whose values, or the stretches they lie in, can be listed."""
        keys = []
        for fact in self.facts:
            definition = catalogue.get(fact)
            if definition is None:
                continue
            if definition.kind is FactKind.NUMBER:
                bounds = self._bounds(definition)
                if bounds:
                    keys.append(Key(fact, stretches(bounds), fact=True, bounds=bounds))
                continue
            options = definition.values if definition.scale is None else definition.scale.steps
            yes_no = definition.kind is FactKind.YES_NO
            keys.append(Key(fact, (True, False) if yes_no else tuple(each.id for each in options), fact=True))
        return tuple(keys)

    def _bounds(self, fact: FactDefinition) -> tuple[Decimal, ...]:
        """What the conditions compare a figure with, in its own unit, from below; none if they do more than that."""
        found: set[Decimal] = set()
        for node in self._conditions:
            if fact.id not in node.facts:
                continue
            cells = node.threshold.cells if isinstance(node, Compare) and node.measure == FactMeasure(fact.id) else ()
            limits = [cell for row, cell in cells if isinstance(cell, Quantity) and not row]
            if len(limits) != 1 or fact.parts is not None or fact.unit is None:
                return ()
            found.add(limits[0].to(fact.unit).value)
        return tuple(sorted(found))

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles that are asked for."""
        found = (node.set_id for _, node, _ in self.leaves() if isinstance(node, RecognisedAs))
        return tuple(dict.fromkeys(found))


def keys_of(trees: Trees, register: PlaceRegister, rules: CriteriaSet, level: Level | None = None) -> tuple[Key, ...]:
    """The columns that the situation of a place depends on, with what each may hold; places are of the set's level."""
    keys = []
    for name in trees.names:
        if name == REGION:
            domain: tuple[bool | str | Decimal, ...] = tuple(id for id, _ in register.regions)
        elif name == KIND:
            domain = KINDS_OF_LEVEL.get(level or rules.id.level, ())
        elif name == PROVINCE:
            domain = tuple(each.id for each in register.provinces)
        elif name == MAP:
            domain = tuple(each.id for each in register.maps)
        else:
            attribute = register.attribute(name)
            values = () if attribute is None else attribute.values
            domain = tuple(id for id, _ in values) or (True, False)
        keys.append(Key(name, domain))
    keys += trees.fact_keys(rules.catalogue)
    keys += [Key(TITLE + name, (True, False)) for name in trees.titles]
    return tuple(keys)


@attrs.frozen
class Setting:
    """
    What all places of a table have in common.

    Attributes:
        level: Their level, if it is not that of the set.
    """

    rules: CriteriaSet
    year: int
    on: date
    accept: Grade
    level: Level | None = None

    def dossier(self, keys: Sequence[Key], values: Sequence[Value]) -> Dossier:
        """A place of which only these values are known."""
        paired = [*zip(keys, values, strict=True)]
        known = {key.name: value for key, value in paired if isinstance(value, bool | str) and not key.fact}
        facts = [(key, value) for key, value in paired if key.fact and value is not None]
        titles = {name.removeprefix(TITLE): known.pop(name) for name in tuple(known) if name.startswith(TITLE)}
        region, province, kind = (known.pop(name, None) for name in (REGION, PROVINCE, KIND))
        # The map of a place is that of its province, whichever it is.
        map_ = known.pop(MAP, None)
        province = f"{map_}/" if province is None and map_ is not None else province
        place = Place(
            self.level or self.rules.id.level,
            "",
            province=None if province is None else str(province),
            region=None if region is None else str(region),
            kind=None if kind is None else str(kind),
            attributes=tuple(known.items()),
        )
        return Dossier(
            place,
            self.year,
            self.on,
            facts=tuple(value_of(self.rules.catalogue[key.name], value) for key, value in facts),
            titles=tuple(HeldTitle(name, _EVER) for name, held in titles.items() if held),
            complete_sets=tuple(name for name, held in titles.items() if held is False),
        )


def stretches(bounds: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """
    A figure for each stretch: below the first bound, at it, between it and the next, and so on.

    Example:
        >>> [str(each) for each in stretches([Decimal(10), Decimal(15)])]
        ['9', '10', '12.5', '15', '16']
    """
    found = [bounds[0] - 1]
    for bound, following in zip(bounds, [*bounds[1:], bounds[-1] + 2], strict=True):
        found += [bound, (bound + following) / 2]
    return tuple(found)


def value_of(fact: FactDefinition, value: bool | str | Decimal) -> FactValue:  # noqa: FBT001 - a value of the domain
    """What a dossier says that has this value of a fact, a figure in its own unit."""
    if isinstance(value, bool):
        return FactValue(fact.id, statement=value)
    if isinstance(value, Decimal):
        return FactValue(fact.id, quantity=Quantity(value, fact.unit or "times"))
    return FactValue(fact.id, option=value) if fact.scale is None else FactValue(fact.id, step=fact.scale.step(value))


@attrs.frozen
class Situations:
    """
    The situations of a table.

    Attributes:
        dossiers: One for each situation; what it says of the place does not differ from the others that are alike.

        of: The situation of every dossier that was asked about, in their order.
    """

    dossiers: tuple[Dossier, ...]
    of: tuple[int, ...]


def situations_of(trees: Trees, dossiers: Iterable[Dossier], accept: Grade) -> Situations:
    """The situations of some places: those with the same rows and the same answers about the place are one."""
    found: dict[tuple[object, ...], int] = {}
    seen: dict[tuple[object, ...], int] = {}
    kept: list[Dossier] = []
    of = []
    leaves, names = tuple(trees.leaves()), trees.names
    for dossier in dossiers:
        place = dossier.place
        said = (
            place.level,
            place.region,
            *(place.attribute(name) for name in names),
            dossier.facts,
            dossier.titles,
            dossier.complete_sets,
        )
        if said not in seen:
            contexts = {id(rules): context_of(rules, dossier, accept) for rules in trees.sets}
            answers = [judge(node, source, contexts[id(rules)]) for rules, node, source in leaves]
            alike = (
                *(contexts[id(rules)].terms.rows for rules in trees.sets),
                *((step.verdict, step.support, step.reason.code) for step in answers),
            )
            if alike not in found:
                found[alike] = len(kept)
                kept.append(dossier)
            seen[said] = found[alike]
        of.append(seen[said])
    return Situations(tuple(kept), tuple(of))


# --- tables whose rows can't be looked at first -----------------------------------------------------------------


def combinations(keys: Sequence[Key]) -> int:
    """How many there are: of each key every value and none."""
    total = 1
    for key in keys:
        total *= len(key.domain) + 1
    return total


def values_of(number: int, keys: Sequence[Key]) -> tuple[Value, ...]:
    """The values of a combination, which counts through the last key first, 0 being no value."""
    values: list[Value] = []
    for key in reversed(keys):
        number, at = divmod(number, len(key.domain) + 1)
        values.append(key.domain[at - 1] if at else None)
    return tuple(reversed(values))
