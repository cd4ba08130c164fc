"""
The algebra: measures, thresholds and requirements, as a small closed tree.

Each form is one class here and one function in each interpreter (reading, writing, linting, judging, explaining);
no form knows another.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property

import attrs

from ntm_rules.vocabulary.facts import FactCatalogue, ScaleStep
from ntm_rules.vocabulary.instruments import Grade, Source
from ntm_rules.vocabulary.places import OF_PLACE, Level
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.text import Text

#: The row of a table that holds the law's general column: kept for reference, never applied to a place with a row.
GENERAL = "general"


class Sign(enum.Enum):
    """How a figure is compared with its threshold."""

    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"
    LESS_THAN = "less_than"
    EQUALS = "equals"

    @property
    def wants_more(self) -> bool:
        """Whether a greater figure is better."""
        return self in (Sign.AT_LEAST, Sign.MORE_THAN)

    @property
    def wants_less(self) -> bool:
        """Whether a smaller figure is better."""
        return self in (Sign.AT_MOST, Sign.LESS_THAN)


class Authority(enum.Enum):
    """Who decides what the national decision leaves open."""

    PROVINCE = "province"
    MINISTRY = "ministry"


# --- thresholds -------------------------------------------------------------------------------------------------


@attrs.frozen
class Nothing:
    """A cell in which the law asks nothing: the comparison is not applicable there."""


@attrs.frozen
class Candidate:
    """A figure that is *not* shipped because it is doubtful; only the verification worksheet reads it."""

    value: Quantity | ScaleStep
    grade: Grade
    why: Text | None = None


@attrs.frozen
class Unstated:
    """A cell whose figure the law sets but which is not at hand: undetermined."""

    candidate: Candidate | None = None


@attrs.frozen
class Delegated:
    """A cell whose figure the law leaves to an authority, never looser than `floor`."""

    to: Authority
    floor: Quantity | ScaleStep | None = None


@attrs.frozen
class ThresholdOf:
    """
    A cell that is a multiple of another row's threshold, read for the same place, year and day.

    Attributes:
        address: A full address, e.g. ``commune/advanced/2021-2025#10/10``.

        part: The way to the comparison, where the row has more than one.
    """

    address: str
    times: Decimal = Decimal(1)
    part: tuple[str, ...] = ()


Cell = Quantity | ScaleStep | Nothing | Unstated | Delegated | ThresholdOf


@attrs.frozen
class Table:
    """
    What is required: one cell a row, the rows named by the set's axes.

    A figure that is the same everywhere is a table without axes, with the one row ``()``. A row may name only the
    first axes; it then holds for every row beneath.
    """

    axes: tuple[str, ...]
    cells: tuple[tuple[tuple[str, ...], Cell], ...]
    boundary_unstated: bool = False

    @cached_property
    def _by_row(self) -> dict[tuple[str, ...], Cell]:
        return dict(self.cells)

    @classmethod
    def constant(cls, cell: Cell) -> Table:
        """A table that holds *cell* everywhere."""
        return cls((), (((), cell),))

    def row_of(self, row: tuple[str, ...]) -> tuple[str, ...] | None:
        """The longest row of the table that leads to a full row; None where the table has a gap."""
        ways = (row[:length] for length in range(len(row), -1, -1))
        return next((way for way in ways if way in self._by_row), None)

    def find(self, row: tuple[str, ...]) -> Cell | None:
        """The cell of a full row, or of the longest row that leads to it; None where the table has a gap."""
        own = self.row_of(row)
        return None if own is None else self._by_row[own]


# --- measures ---------------------------------------------------------------------------------------------------


@attrs.frozen
class FactMeasure:
    """The reading of a number or ordinal fact for the place and year judged."""

    fact: str


class Collection(enum.Enum):
    """The places beneath a place, of some kinds, or all that are directly beneath it."""

    COMMUNES = "communes"
    TOWNS = "towns"
    WARDS = "wards"
    SPECIAL_ZONES = "special_zones"
    DISTRICTS = "districts"
    TOWNS_AND_CITIES = "towns_and_cities"
    VILLAGES = "villages"
    SUB_PLACES = "sub_places"

    @property
    def kinds(self) -> tuple[str, ...] | None:
        """The kinds that its members are of; None for all kinds."""
        if self is Collection.TOWNS_AND_CITIES:
            return ("district_town", "provincial_city")
        return None if self is Collection.SUB_PLACES else (self.value.removesuffix("s"),)

    @property
    def unit(self) -> str:
        """The unit that its members are counted in."""
        return "town_or_city" if self is Collection.TOWNS_AND_CITIES else self.value.removesuffix("s")


class Denominator(enum.Enum):
    """What a share is a share of: the members that it applies to, all that there are, or the law does not say."""

    APPLICABLE = "applicable"
    LISTED = "listed"
    UNSTATED = "unstated"


@attrs.frozen
class SubPlaceMeasure:
    """
    How many of the places beneath meet a requirement, or what share of them: an interval while data are missing.

    Attributes:
        that: What is asked of each.

        share: Whether a share is asked for and no count.

        of: For a share: of what.
    """

    collection: Collection
    that: Requirement
    share: bool = False
    of: Denominator = Denominator.APPLICABLE

    @property
    def unit(self) -> str:
        """The unit of its thresholds."""
        return "percent" if self.share else self.collection.unit


class Rows(enum.Enum):
    """The rows of a set: its criteria or its indicators."""

    CRITERIA = "criteria"
    INDICATORS = "indicators"


@attrs.frozen
class RowMeasure:
    """
    How many rows of a set are met or not met, or what share of them, when judged now for this place.

    Attributes:
        set_id: The set, e.g. ``commune/standard/2016-2020``; without a period that in force on the day judged.

        met: Whether those that are met are counted, and not those that are not.

        among: The numbers of the rows that count; all of them where it is empty. A row that the set lacks is open.

        share: Whether a share is asked for and no count.

        of: For a share: of what.
    """

    rows: Rows
    set_id: str
    met: bool = True
    among: tuple[str, ...] = ()
    share: bool = False
    of: Denominator = Denominator.APPLICABLE

    @property
    def unit(self) -> str:
        """The unit of its thresholds."""
        return "percent" if self.share else self.kind

    @property
    def kind(self) -> str:
        """What one of the rows is."""
        return "criterion" if self.rows is Rows.CRITERIA else "indicator"


@attrs.frozen
class PreviousYear:
    """The year before the one judged."""


@attrs.frozen
class AtRecognition:
    """
    The year in which a title was given that is in force.

    Attributes:
        title: The title, named as one that is asked for: ``commune/standard``.
    """

    title: str


@attrs.frozen
class Reading:
    """
    The reading of a fact.

    Attributes:
        of: Whose fact: that of the district or province above; None for the place itself.

        at: For which year: by what is known of that year; None for the year judged.
    """

    fact: str
    of: Level | None = None
    at: PreviousYear | AtRecognition | None = None


@attrs.frozen
class RatioMeasure:
    """One figure over another, of the same dimension: of the place itself, or of one above it."""

    of: Reading
    to: Reading

    @property
    def readings(self) -> tuple[Reading, Reading]:
        """Both sides."""
        return self.of, self.to

    @property
    def unit(self) -> str:
        """The unit of its thresholds."""
        return "times"


Measure = FactMeasure | SubPlaceMeasure | RowMeasure | RatioMeasure


# --- requirements -----------------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Requirement:
    """
    A node of the algebra.

    Attributes:
        id: Names the part where a revision or a citation must.

        title: What the part is about, where it needs a title of its own.

        source: Where it stands in the law; None takes that of the node above.
    """

    id: str | None = None
    title: Text | None = None
    source: Source | None = None

    @property
    def parts(self) -> tuple[Requirement, ...]:
        """The requirements directly beneath."""
        return ()

    def with_parts(self, parts: tuple[Requirement, ...]) -> Requirement:
        """The same node over other parts, as many as it has."""
        del parts
        return self

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts this node itself reads, for the year that is judged."""
        return ()

    @property
    def facts_of_other_years(self) -> tuple[str, ...]:
        """The facts this node itself reads for another year."""
        return ()

    @property
    def asked_beneath(self) -> tuple[Requirement, ...]:
        """What this node asks of each place beneath, no parts of it, for their facts are those of other places."""
        return ()

    @property
    def refers_to(self) -> tuple[str, ...]:
        """The addresses of sets, criteria and indicators that this node itself refers to."""
        return ()

    @property
    def may_drop(self) -> bool:
        """Whether its verdict can be *not applicable* by its form."""
        return False

    def part(self, way: tuple[str, ...]) -> Requirement | None:
        """The node at the end of a way through ids and numbers (from 1) of parts; None where it leads nowhere."""
        if not way:
            return self
        at = self.part_at(way[0])
        return None if at is None else self.parts[at].part(way[1:])

    def part_at(self, name: str) -> int | None:
        """Which part bears that id or number."""
        return next((at for at, part in enumerate(self.parts) if name in (part.id, str(at + 1))), None)

    def with_part(self, way: tuple[str, ...], new: Requirement) -> Requirement:
        """The same tree with another node at the end of a way that leads somewhere."""
        if not way:
            return new
        parts = list(self.parts)
        at = self.part_at(way[0])
        if at is None:
            raise LookupError(way[0])
        parts[at] = parts[at].with_part(way[1:], new)
        return self.with_parts(tuple(parts))

    def walk(self) -> Iterator[Requirement]:
        """This node and every node beneath, from the top."""
        return (node for _, node in self.walk_ways())

    def walk_sources(self, above: Source) -> Iterator[tuple[Requirement, Source]]:
        """This node and every node beneath, each with the nearest source: its own, or that of the node above."""
        source = self.source or above
        yield self, source
        for part in self.parts:
            yield from part.walk_sources(source)

    def walk_ways(self, way: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Requirement]]:
        """This node and every node beneath, each with the way to it in ids and numbers of parts."""
        yield way, self
        for number, part in enumerate(self.parts, start=1):
            yield from part.walk_ways((*way, part.id or str(number)))


@attrs.frozen
class Compare(Requirement):
    """A measure against a threshold: ``fact: …, at_least: …``."""

    measure: Measure
    sign: Sign
    threshold: Table

    @property
    def fact(self) -> str | None:
        """The fact that is measured; None where something is counted."""
        return self.measure.fact if isinstance(self.measure, FactMeasure) else None

    @property
    def asked_beneath(self) -> tuple[Requirement, ...]:
        """What is asked of each place that is counted."""
        return (self.measure.that,) if isinstance(self.measure, SubPlaceMeasure) else ()

    def unit(self, catalogue: FactCatalogue) -> str | None:
        """The unit of its threshold; None where the fact has none, or is not in the catalogue."""
        if not isinstance(self.measure, FactMeasure):
            return self.measure.unit
        definition = catalogue.get(self.measure.fact)
        return None if definition is None else definition.unit

    @property
    def facts(self) -> tuple[str, ...]:
        """The fact that is measured, or both of a ratio; what is asked of places beneath are facts of theirs."""
        if isinstance(self.measure, RatioMeasure):
            return tuple(dict.fromkeys(each.fact for each in self.measure.readings if each.at is None))
        return () if self.fact is None else (self.fact,)

    @property
    def facts_of_other_years(self) -> tuple[str, ...]:
        """The facts of a ratio that are read for another year."""
        readings = self.measure.readings if isinstance(self.measure, RatioMeasure) else ()
        return tuple(dict.fromkeys(each.fact for each in readings if each.at is not None))

    @property
    def counts(self) -> bool:
        """Whether something is counted; then there may be nothing to count."""
        return isinstance(self.measure, SubPlaceMeasure | RowMeasure)

    @property
    def refers_to(self) -> tuple[str, ...]:
        """The rows whose thresholds its own are multiples of, and those that are counted."""
        rows: tuple[str, ...] = ()
        if isinstance(self.measure, RowMeasure):
            rows = tuple(f"{self.measure.set_id}#{number}" for number in self.measure.among) or (self.measure.set_id,)
        return (*rows, *(cell.address for _, cell in self.threshold.cells if isinstance(cell, ThresholdOf)))

    @property
    def may_drop(self) -> bool:
        """Where there may be nothing to count, a cell asks nothing, or the row that it refers to may ask nothing."""
        if self.counts:
            return True
        return any(isinstance(cell, Nothing | ThresholdOf) for _, cell in self.threshold.cells)


@attrs.frozen
class Holds(Requirement):
    """A statement that must be affirmed: ``holds: has_cooperative``; of the place itself, ``unit.is_safe_zone``."""

    fact: str

    @property
    def attribute(self) -> str | None:
        """The yes/no attribute of the place that must hold; None where it is a fact."""
        return self.fact.removeprefix(OF_PLACE) if self.fact.startswith(OF_PLACE) else None

    @property
    def facts(self) -> tuple[str, ...]:
        """The yes/no fact; none where an attribute of the place must hold."""
        return (self.fact,) if self.attribute is None else ()


@attrs.frozen
class IsOneOf(Requirement):
    """
    What something is must be one of these: ``unit: region, is_one_of: [red_river_delta, south_east]``.

    Attributes:
        subject: A category fact, or an attribute of the place (``region``, ``province``, ``kind`` or another).

        of_place: Whether the subject is an attribute of the place.
    """

    subject: str
    values: tuple[str, ...]
    of_place: bool = False

    @property
    def facts(self) -> tuple[str, ...]:
        """The category fact; none where an attribute of the place is asked."""
        return () if self.of_place else (self.subject,)


@attrs.frozen
class AllOf(Requirement):
    """
    Every part is required.

    Attributes:
        of_which: Whether the law prints the second part as a share of the first ("trong đó"): then there are two parts.
    """

    members: tuple[Requirement, ...]
    of_which: bool = False

    @property
    def parts(self) -> tuple[Requirement, ...]:
        """The members."""
        return self.members

    def with_parts(self, parts: tuple[Requirement, ...]) -> AllOf:
        """The same group over other members."""
        return attrs.evolve(self, members=parts)

    @property
    def may_drop(self) -> bool:
        """If every part may."""
        return all(member.may_drop for member in self.members)


@attrs.frozen
class AnyOf(Requirement):
    """One part is enough."""

    members: tuple[Requirement, ...]

    @property
    def parts(self) -> tuple[Requirement, ...]:
        """The members."""
        return self.members

    def with_parts(self, parts: tuple[Requirement, ...]) -> AnyOf:
        """The same group over other members."""
        return attrs.evolve(self, members=parts)

    @property
    def may_drop(self) -> bool:
        """If every part may."""
        return all(member.may_drop for member in self.members)


@attrs.frozen
class AtLeastNOf(Requirement):
    """
    *n* parts are enough.

    Attributes:
        open_list: Whether the law's list ends in "…", so that too few known members decide nothing.
    """

    n: int
    members: tuple[Requirement, ...]
    open_list: bool = False

    @property
    def parts(self) -> tuple[Requirement, ...]:
        """The members."""
        return self.members

    def with_parts(self, parts: tuple[Requirement, ...]) -> AtLeastNOf:
        """The same group over other members."""
        return attrs.evolve(self, members=parts)

    @property
    def may_drop(self) -> bool:
        """If every part may."""
        return all(member.may_drop for member in self.members)


@attrs.frozen
class AppliesWhen(Requirement):
    """The body is required only where the condition is met ("nếu có", "không xem xét")."""

    condition: Requirement
    body: Requirement

    @property
    def parts(self) -> tuple[Requirement, ...]:
        """Condition, then body."""
        return (self.condition, self.body)

    def with_parts(self, parts: tuple[Requirement, ...]) -> AppliesWhen:
        """The same form over another condition and body."""
        condition, body = parts
        return attrs.evolve(self, condition=condition, body=body)

    @property
    def may_drop(self) -> bool:
        """Always, for that is what it is for."""
        return True


@attrs.frozen
class ForEach(Requirement):
    """
    The body is required of each part of the facts it reads: of men and of women.

    Attributes:
        by: The list of parts, which each of those facts must have.
    """

    by: str
    require: Requirement

    @property
    def parts(self) -> tuple[Requirement, ...]:
        """The body."""
        return (self.require,)

    def with_parts(self, parts: tuple[Requirement, ...]) -> ForEach:
        """The same form over another body."""
        (require,) = parts
        return attrs.evolve(self, require=require)

    @property
    def may_drop(self) -> bool:
        """If the body may."""
        return self.require.may_drop


@attrs.frozen
class ForEachYear(Requirement):
    """
    The body is required of the year judged and of the years before it, each by what is known of that year.

    Met if it is in all of them; not met if it is not in one, whatever is known of the others; open while nothing is
    known of a year, or that is open; what does not apply in a year drops out.

    Attributes:
        last: How many years, with the one judged.
    """

    last: int
    require: Requirement

    @property
    def parts(self) -> tuple[Requirement, ...]:
        """The body."""
        return (self.require,)

    def with_parts(self, parts: tuple[Requirement, ...]) -> ForEachYear:
        """The same form over another body."""
        (require,) = parts
        return attrs.evolve(self, require=require)

    @property
    def may_drop(self) -> bool:
        """If the body may."""
        return self.require.may_drop


@attrs.frozen
class When(Requirement):
    """
    One requirement where a question is met, another where it is not ("nếu … thì … còn lại").

    Attributes:
        when: The question.
    """

    when: Requirement
    then: Requirement
    otherwise: Requirement

    @property
    def parts(self) -> tuple[Requirement, ...]:
        """Question, then both branches."""
        return (self.when, self.then, self.otherwise)

    def with_parts(self, parts: tuple[Requirement, ...]) -> When:
        """The same form over another question and other branches."""
        when, then, otherwise = parts
        return attrs.evolve(self, when=when, then=then, otherwise=otherwise)

    @property
    def may_drop(self) -> bool:
        """If the question or a branch may."""
        return any(part.may_drop for part in self.parts)


@attrs.frozen
class Attains(Requirement):
    """
    What a set, a criterion or an indicator gives when it is judged now, for this place, year and day.

    Attributes:
        address: ``commune/standard/2021-2025``, or a row of it: ``commune/standard/2021-2025#10``.
    """

    address: str

    @property
    def refers_to(self) -> tuple[str, ...]:
        """What is judged."""
        return (self.address,)

    @property
    def may_drop(self) -> bool:
        """Always, for what is judged may be not applicable."""
        return True


@attrs.frozen
class RecognisedAs(Requirement):
    """
    A title in the register of decisions, which is not the same as attaining now.

    Attributes:
        set_id: The set whose title it is; without a period (``district/standard``) a title of any period counts, and
            ``external/civilised_urban`` is one whose rules are outside the library.

        or_higher: Whether a title that includes it counts too.
    """

    set_id: str
    or_higher: bool = False


@attrs.frozen
class Every(Requirement):
    """
    The body is required of every place beneath, but those that meet the exception.

    Neither is a part of this node: their facts are those of other places.
    """

    collection: Collection
    require: Requirement
    exception: Requirement | None = None

    @property
    def asked_beneath(self) -> tuple[Requirement, ...]:
        """The body, and the exception if there is one."""
        return (self.require,) if self.exception is None else (self.require, self.exception)

    @property
    def may_drop(self) -> bool:
        """Always, for there may be no such place, or none that is required."""
        return True


@attrs.frozen
class DecidedBy(Requirement):
    """A requirement that an authority has yet to write: open until a revision or an attestation."""

    authority: Authority
