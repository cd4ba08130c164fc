"""Criteria sets: indicators in criteria in a set, with the axes that pick a place's row."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property
from typing import Any

import attrs

from ntm_rules.errors import UnknownNameError
from ntm_rules.messages import nearest
from ntm_rules.vocabulary.facts import FactCatalogue
from ntm_rules.vocabulary.instruments import Citation, Grade, Instrument, Source
from ntm_rules.vocabulary.lent import lent
from ntm_rules.vocabulary.overlays import Link, LinkKind, Overlay, RevisionAuthority
from ntm_rules.vocabulary.places import EXTERNAL, Level
from ntm_rules.vocabulary.requirements import (
    AllOf,
    Attains,
    Authority,
    Compare,
    ForEach,
    ForEachYear,
    Holds,
    IsOneOf,
    Requirement,
    RowMeasure,
)
from ntm_rules.vocabulary.text import Text
from ntm_rules.vocabulary.verdicts import Verdict

#: What stands before the key of a condition of recognition: ``precondition/no_debt``.
PRECONDITION = "precondition/"

#: The address of what a place must be for a set to be for it.
APPLIES_TO = "applies_to"


class Tier(enum.Enum):
    """What a set is the standard for."""

    STANDARD = "standard"
    ADVANCED = "advanced"
    MODEL = "model"
    MODERN = "modern"
    TASK_COMPLETED = "task_completed"
    #: A province's own lower rung ("cơ bản đạt"); no national set has it.
    BASIC = "basic"
    #: Of districts that have no communes (đặc thù).
    SPECIAL = "special"
    #: Villages that a province calls smart.
    SMART = "smart"


#: Tiers of which each includes those before it: who holds the title of one holds those of the others.
NESTED_TIERS = (Tier.STANDARD, Tier.ADVANCED, Tier.MODEL)


class Act(enum.Enum):
    """What is done with a title that a set of its own sets conditions for; conditions of giving it are the set's."""

    RENEWAL = "renewal"
    REVOCATION = "revocation"


@attrs.frozen
class SetId:
    """
    A set's name, e.g. ``commune/standard/2016-2020``. The period is a label and decides nothing.

    Attributes:
        act: Of a set that is about a title already held: ``revocation/commune/standard/2021-2025``.
    """

    level: Level
    tier: Tier
    period: str
    act: Act | None = None

    @classmethod
    def parse(cls, written: str) -> SetId:
        """
        Read ``level/tier/period``, after an act if there is one.

        Raises:
            ValueError: If it is not of that form.
        """
        act, level, tier, period = cls.split(written)
        if period is None:
            raise ValueError(written)
        return cls(level, tier, period, act)

    @staticmethod
    def split(written: str) -> tuple[Act | None, Level, Tier, str | None]:
        """
        The act, level, tier and period of a name that need not name a period.

        Raises:
            ValueError: If it is not of that form.

        Example:
            >>> SetId.split("commune/standard")[1:]
            (<Level.COMMUNE: 'commune'>, <Tier.STANDARD: 'standard'>, None)
        """
        first, *rest = written.split("/")
        acts = {act.value: act for act in Act}
        act = acts.get(first)
        level, tier, *period = rest if act is not None else (first, *rest)
        if len(period) > 1:
            raise ValueError(written)
        return act, Level(level), Tier(tier), period[0] if period else None

    def __str__(self) -> str:
        """As written."""
        name = f"{self.level.value}/{self.tier.value}/{self.period}"
        return name if self.act is None else f"{self.act.value}/{name}"

    def includes(self, other: SetId) -> bool:
        """
        Whether its title is one of *other* or a higher one of the same period.

        Of the same period is also a period within the other's: the model sets of 2018-2020 belong to 2016-2020.

        Example:
            >>> SetId.parse("commune/model/2018-2020").includes(SetId.parse("commune/standard/2016-2020"))
            True
            >>> SetId.parse("commune/advanced/2021-2025").includes(SetId.parse("commune/standard/2016-2020"))
            False
        """
        titles = self.act is None and other.act is None
        if not titles or self.level is not other.level or not {self.tier, other.tier}.issubset(NESTED_TIERS):
            return self == other
        (first, last), (its_first, its_last) = _years(other.period), _years(self.period)
        higher = NESTED_TIERS.index(self.tier) >= NESTED_TIERS.index(other.tier)
        return higher and first <= its_first and its_last <= last


def is_title_of(held: str, wanted: str, *, or_higher: bool = False) -> bool:
    """
    Whether a title of the set *held* is one that *wanted* names.

    Args:
        held: The set whose title it is.

        wanted: ``commune/standard/2021-2025``, ``district/standard`` of any period, ``external/civilised_urban``.

        or_higher: Whether a title of a tier that includes it counts too.

    Example:
        >>> is_title_of("commune/standard/2016-2020", "commune/standard")
        True
        >>> is_title_of("commune/standard/2016-2020", "commune/standard/2021-2025", or_higher=True)
        False
    """
    if held == wanted or EXTERNAL in (held[: len(EXTERNAL)], wanted[: len(EXTERNAL)]):
        return held == wanted
    act, level, tier, period = SetId.split(wanted)
    its_act, its_level, its_tier, its_period = SetId.split(held)
    if period is not None:
        # That some title of any period is held does not say that one of this period is.
        return or_higher and its_period is not None and SetId.parse(held).includes(SetId.parse(wanted))
    rank, its_rank = (NESTED_TIERS.index(each) if each in NESTED_TIERS else -1 for each in (tier, its_tier))
    return (its_act, its_level) == (act, level) and (its_tier is tier or (or_higher and 0 <= rank < its_rank))


def _years(period: str) -> tuple[str, str]:
    """The first and last year of a period."""
    first, _, last = period.partition("-")
    return first, last or first


@attrs.frozen
class Indicator:
    """One row of the annex: what it asks, and where that stands."""

    number: str
    title: Text
    require: Requirement
    source: Source
    note: Text | None = None

    def source_at(self, part: tuple[str, ...]) -> Source:
        """The source that holds for a part: its own, that of the nearest part above, or the indicator's."""
        nodes = (self.require.part(part[:length]) for length in range(len(part), -1, -1))
        return next((node.source for node in nodes if node is not None and node.source is not None), self.source)

    @cached_property
    def prints_parts(self) -> bool:
        """Whether a part of it is printed as a share of another ("trong đó")."""
        return any(isinstance(node, AllOf) and node.of_which for node in self.require.walk())


@attrs.frozen
class Criterion:
    """A criterion is met when all its indicators are."""

    number: str
    title: Text
    indicators: tuple[Indicator, ...]
    group: str | None = None
    note: Text | None = None


@attrs.frozen
class AxisRule:
    """
    How a place finds its row on an axis.

    Attributes:
        row: ``unit.region`` (the place's region), ``year`` (the year judged), or the name of a row.

        when: The condition under which the rule takes a place there; None where there is none.

        source: Where the rule stands in the law.

        otherwise: Whether it takes the places that no other rule takes.

        title: The words for its row, where that is none of the seven regions.
    """

    row: str
    when: Requirement | None = None
    source: Source | None = None
    otherwise: bool = False
    title: Text | None = None


@attrs.frozen
class Axis:
    """
    An axis of the set's tables: an ordered list of rules, of which the first that holds takes a place to its row.

    Attributes:
        overlap_unstated: Whether the law names no order: where several rules hold, it does not say which wins.
    """

    name: str
    rules: tuple[AxisRule, ...]
    overlap_unstated: bool = False

    @property
    def simple(self) -> bool:
        """Whether one rule without a condition takes every place to its row."""
        return len(self.rules) == 1 and self.rules[0].when is None

    def title(self, row: str) -> Text | None:
        """The words for a row, where a rule gives them."""
        return next((rule.title for rule in self.rules if rule.row == row and rule.title is not None), None)


@attrs.frozen
class InForce:
    """The days on which an edition is in force, each with its grade."""

    first_day: date
    last_day: date | None = None
    first_grade: Grade = Grade.RECALLED
    last_grade: Grade = Grade.RECALLED
    note: Text | None = None

    def holds_on(self, day: date) -> bool:
        """Whether *day* lies within."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@attrs.frozen(kw_only=True)
class Mandate:
    """
    Who may decide what the set leaves open.

    Attributes:
        to: The authority: a province decides for its own places only, a ministry for the country.

        body: Which body of it, in words.

        over: Local addresses of the criteria or indicators it is about; empty for all that is left to `to`.

        in_force: In which period a decision under it may begin; None for as long as the set.

        source: Where the law gives it; None where it is said in the open part itself.
    """

    id: str
    to: Authority
    body: Text | None = None
    over: tuple[str, ...] = ()
    in_force: InForce | None = None
    source: Source | None = None

    def covers(self, to: Authority, at: str) -> bool:
        """Whether *to* may decide the indicator at that local address under it."""
        criterion = at.partition("/")[0]
        return self.to is to and (not self.over or at in self.over or criterion in self.over)


@attrs.frozen
class Counts:
    """
    How many criteria and indicators the law itself says it has; None where its own count is not at hand.

    Attributes:
        surplus: How many indicators are listed that are none of the law's, where it is not known which they are.
    """

    criteria: int | None
    indicators: int | None
    criteria_grade: Grade = Grade.RECALLED
    indicators_grade: Grade = Grade.RECALLED
    surplus: int = 0


def sets_in(addresses: Iterable[str]) -> tuple[str, ...]:
    """
    The sets that full addresses are of, in the order of first mention.

    Example:
        >>> sets_in(["commune/advanced/2021-2025#10/10", "commune/advanced/2021-2025"])
        ('commune/advanced/2021-2025',)
    """
    return tuple(dict.fromkeys(address.partition("#")[0] for address in addresses))


def _lacking(stated: int | None, held: int) -> int | None:
    return None if stated is None else max(0, stated - held)


@attrs.frozen(cache_hash=True)
class CriteriaSet:
    """
    A criteria set (bộ tiêu chí) as it stands in one edition.

    Attributes:
        basis: Id of the instrument that issued it.

        counts: The law's own counts; a set that holds fewer rows, or some too many, is incomplete and never `met`.

        catalogue: The fact catalogue it was read with.

        instruments: The instruments that may be cited.

        overlays: The revisions, other than the law's own amendments, that made it.

        mandates: Who may decide what it leaves open.

        preconditions: Conditions of recognition beside the criteria, each numbered by a key; never in the tally.

        applies_to: What a place must be for the set to be for it at all; None where its level is enough.

        verdict_words: What a verdict on the set is called, where *met* says something else than that it is met.
    """

    id: SetId
    title: Text
    basis: str
    in_force: InForce
    counts: Counts
    axes: tuple[Axis, ...]
    criteria: tuple[Criterion, ...]
    groups: tuple[tuple[str, Text], ...] = ()
    catalogue: FactCatalogue = attrs.field(default=FactCatalogue(), repr=False)
    instruments: tuple[Instrument, ...] = attrs.field(default=(), repr=False)
    _fingerprint: str | None = attrs.field(default=None, eq=False, repr=False)
    overlays: tuple[Overlay, ...] = ()
    mandates: tuple[Mandate, ...] = ()
    preconditions: tuple[Indicator, ...] = ()
    applies_to: Indicator | None = None
    verdict_words: tuple[tuple[Verdict, Text], ...] = ()

    @cached_property
    def fingerprint(self) -> str:
        """sha256 of whatever can move a verdict or its evidence, unless another was given."""
        return lent.law_fingerprint(self) if self._fingerprint is None else self._fingerprint

    @cached_property
    def _by_address(self) -> dict[str, Criterion | Indicator]:
        places: dict[str, Criterion | Indicator] = {}
        for criterion in self.criteria:
            for indicator in criterion.indicators:
                places.setdefault(indicator.number, indicator)
                places[f"{criterion.number}/{indicator.number}"] = indicator
        places.update({criterion.number: criterion for criterion in self.criteria})
        places.update({f"{PRECONDITION}{each.number}": each for each in self.preconditions})
        if self.applies_to is not None:
            places[APPLIES_TO] = self.applies_to
        return places

    @cached_property
    def _local(self) -> dict[str, str]:
        return {written: self.address(item).partition("#")[2] for written, item in self._by_address.items()}

    @cached_property
    def prepared(self) -> dict[object, Any]:
        """
        Room for what a room above prepares once for every place, by its own key; no part of the value.

        :meta private:
        """
        return {}

    @cached_property
    def _criterion_of(self) -> dict[int, Criterion]:
        return {id(indicator): criterion for criterion, indicator in self.indicators}

    @property
    def hypothetical(self) -> bool:
        """Whether an analyst's scenario made it, so that it is not the law."""
        return any(overlay.authority is RevisionAuthority.SCENARIO for overlay in self.overlays)

    @property
    def edition(self) -> str:
        """The edition's name, which is the set and its first day in force."""
        return f"{self.id}@{self.in_force.first_day.isoformat()}"

    @property
    def indicators(self) -> Iterator[tuple[Criterion, Indicator]]:
        """Every indicator with its criterion, in the annex's order."""
        for criterion in self.criteria:
            for indicator in criterion.indicators:
                yield criterion, indicator

    @property
    def rows(self) -> Iterator[tuple[str, Indicator]]:
        """Every indicator, every condition of recognition, then what the place must be, each with its local address."""
        yield from ((f"{criterion.number}/{indicator.number}", indicator) for criterion, indicator in self.indicators)
        yield from ((f"{PRECONDITION}{each.number}", each) for each in self.preconditions)
        if self.applies_to is not None:
            yield APPLIES_TO, self.applies_to

    @cached_property
    def used_attributes(self) -> frozenset[str]:
        """What its requirements and axes ask of the place itself: ``ethnic_zone``."""
        nodes = [node for tree in self._trees for node in tree.walk()]
        listed = {node.subject for node in nodes if isinstance(node, IsOneOf) and node.of_place}
        return frozenset(listed | {node.attribute for node in nodes if isinstance(node, Holds) and node.attribute})

    @cached_property
    def used_facts(self) -> frozenset[str]:
        """The facts that its requirements read, and those that these are derived from."""
        return frozenset(self.facts_read_by(self._trees))

    def facts_read_by(self, trees: Iterable[Requirement]) -> tuple[str, ...]:
        """The facts that some requirements read, each followed by those that it is derived from."""
        return self.catalogue.with_operands(fact for tree in trees for node in tree.walk() for fact in node.facts)

    @cached_property
    def sets_attained(self) -> tuple[str, ...]:
        """The sets that it asks to be met, in whole or in part, or counts rows of, in the order of first mention."""
        asked = (
            address
            for tree in self._trees
            for node in tree.walk()
            if isinstance(node, Attains) or (isinstance(node, Compare) and isinstance(node.measure, RowMeasure))
            for address in node.refers_to
        )
        return sets_in(asked)

    @cached_property
    def sets_named(self) -> tuple[str, ...]:
        """Those sets, and those of whose thresholds its own are multiples, in the order of first mention."""
        return sets_in(address for tree in self._trees for node in tree.walk() for address in node.refers_to)

    @cached_property
    def facts_beneath(self) -> frozenset[str]:
        """The facts that it reads of places beneath, and those that these are derived from."""
        read = (fact for tree in self._trees_beneath for node in tree.walk() for fact in node.facts)
        return frozenset(self.catalogue.with_operands(read))

    @property
    def _trees_beneath(self) -> Iterator[Requirement]:
        """Every requirement that is asked of places beneath, or of those beneath them."""
        found = [*self._trees]
        while found:
            for node in found.pop().walk():
                found += node.asked_beneath
                yield from node.asked_beneath

    @cached_property
    def asks_of_other_years(self) -> bool:
        """Whether it asks, of its place or of those beneath, for what was in other years."""
        nodes = (node for tree in (*self._trees, *self._trees_beneath) for node in tree.walk())
        return any(isinstance(node, ForEachYear) or node.facts_of_other_years for node in nodes)

    @cached_property
    def facts_by_part(self) -> frozenset[str]:
        """The facts that are read part by part somewhere in it."""
        trees = (*self._trees, *self._trees_beneath)
        wholes = (node for tree in trees for node in tree.walk() if isinstance(node, ForEach))
        return frozenset(fact for whole in wholes for node in whole.walk() for fact in node.facts)

    @property
    def _trees(self) -> Iterator[Requirement]:
        """Every requirement: the conditions of its axes, then those of its rows."""
        yield from (rule.when for axis in self.axes for rule in axis.rules if rule.when is not None)
        yield from (row.require for _, row in self.rows)

    @cached_property
    def missing_rows(self) -> tuple[int | None, int | None]:
        """How many criteria and indicators the law has that this set does not hold; None where that is not known."""
        held = sum(len(criterion.indicators) for criterion in self.criteria)
        return (_lacking(self.counts.criteria, len(self.criteria)), _lacking(self.counts.indicators, held))

    @cached_property
    def may_drop(self) -> tuple[tuple[bool, ...], tuple[bool, ...]]:
        """Of each criterion, and of each indicator, whether its verdict can be *not applicable* by its form."""
        rows = [[each.require.may_drop for each in criterion.indicators] for criterion in self.criteria]
        return tuple(map(all, rows)), tuple(each for row in rows for each in row)

    @property
    def incomplete(self) -> bool:
        """Whether its rows are not, or may not be, those of the law, so that it is never `met`."""
        return self.missing_rows != (0, 0) or self.counts.surplus > 0

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address within the set, as `find` takes them."""
        return tuple(self._by_address)

    def indicators_at(self, address: str) -> tuple[str, ...]:
        """The full local addresses of the indicators at an address: one, those of a criterion, or all for ``""``."""
        item = self.find(address) if address else None
        wanted = [indicator for _, indicator in self.indicators]
        if isinstance(item, Criterion):
            wanted = list(item.indicators)
        elif item is not None:
            wanted = [item]
        return tuple(self.address(each).partition("#")[2] for each in wanted)

    def find(self, address: str) -> Criterion | Indicator | None:
        """The criterion ``11``, the indicator ``11/11``, or ``17.1`` where no criterion bears that number."""
        return self._by_address.get(self._within(address))

    def _within(self, address: str) -> str:
        """An address without the name of this set."""
        return address.removeprefix(str(self.id)).removeprefix("#")

    def __getitem__(self, address: str) -> Criterion | Indicator:
        """As `find`; an unknown address is an `UnknownNameError` that offers the nearest."""
        found = self.find(address)
        if found is None:
            raise UnknownNameError(address, nearest(self._within(address), self._by_address))
        return found

    def local(self, address: str) -> str:
        """The address within the set: ``11`` or ``17/17.1``, however it was written."""
        found = self._local.get(address)
        return self.address(self[address]).partition("#")[2] if found is None else found

    def address(self, item: Criterion | Indicator) -> str:
        """The full address of one of its own criteria or indicators."""
        if isinstance(item, Criterion):
            return f"{self.id}#{item.number}"
        if item is self.applies_to:
            return f"{self.id}#{APPLIES_TO}"
        if self.is_precondition(item):
            return f"{self.id}#{PRECONDITION}{item.number}"
        return f"{self.id}#{self._criterion_of[id(item)].number}/{item.number}"

    def is_precondition(self, item: Criterion | Indicator) -> bool:
        """Whether an item is one of its own conditions of recognition."""
        return any(item is each for each in self.preconditions)

    def instrument(self, id: str) -> Instrument | None:
        """The instrument of that id, if the register holds it."""
        return next((instrument for instrument in self.instruments if instrument.id == id), None)

    @cached_property
    def _decided(self) -> dict[int, list[tuple[tuple[str, ...], tuple[Link, ...]]]]:
        """The chains of what overlays decided, by the node they decided it in, the latest last."""
        found: dict[int, list[tuple[tuple[str, ...], tuple[Link, ...]]]] = {}
        for overlay in self.overlays:
            for each in overlay.decided:
                item = self.find(each.at)
                top = item.require.part(each.part) if isinstance(item, Indicator) else None
                for node in () if top is None else top.walk():
                    found.setdefault(id(node), []).append((each.row, each.chain))
        return found

    def chain(self, node: Requirement, row: tuple[str, ...], citation: Citation) -> tuple[Link, ...]:
        """By what the figure in one row of *node* holds: the national norm cited, or norm, mandate and decision."""
        decided = self._decided.get(id(node), ())
        chains = [chain for its_row, chain in decided if row[: len(its_row)] == its_row]
        return chains[-1] if chains else (self.link(LinkKind.NATIONAL_NORM, citation),)

    def link(self, kind: LinkKind, citation: Citation) -> Link:
        """The link that a citation is, with the dates of its instrument."""
        its = self.instrument(citation.instrument)
        return Link(
            kind=kind,
            instrument=citation.instrument,
            locator=citation.locator,
            grade=citation.grade,
            issued=None if its is None else its.issued,
            first_day=None if its is None else its.effective_from,
            last_day=None if its is None else its.effective_until,
        )

    def cite(self, source: Source, row: tuple[str, ...] = ()) -> Citation:
        """The citation of one cell of *source*."""
        other = source.other_instrument(row)
        if other is not None:
            return Citation(other, None, source.grade(row))
        return Citation(source.instrument or self.basis, source.locator, source.grade(row), source.doubt, source.note)


@attrs.frozen
class TheSame:
    """A set known by its identity: an equal copy has other nodes, and caches know nodes by identity."""

    rules: CriteriaSet = attrs.field(eq=id)
