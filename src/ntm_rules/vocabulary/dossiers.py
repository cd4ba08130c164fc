"""Dossiers: what is known of a place for a year, each fact and conclusion with its date and document."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import attrs

from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.facts import ScaleStep
from ntm_rules.vocabulary.lent import lent
from ntm_rules.vocabulary.places import Level, Place, level_of_kind
from ntm_rules.vocabulary.quantities import EXACT, Quantity, in_millionths
from ntm_rules.vocabulary.requirements import Collection
from ntm_rules.vocabulary.verdicts import Verdict

_ONE, _HUNDRED = Decimal(1), Decimal(100)


class Status(enum.Enum):
    """What a dossier is: printed on every page."""

    REAL = "real"
    ILLUSTRATION = "illustration"
    SYNTHETIC = "synthetic"


@attrs.frozen
class Document:
    """A supporting document (tài liệu kiểm chứng)."""

    id: str
    title: str | None = None
    issuer: str | None = None
    number: str | None = None
    dated: PartialDate | None = None


@attrs.frozen
class Computed:
    """
    A figure computed from others, exactly.

    Attributes:
        unit: The unit that the fraction is in.

        inputs: The figures it was computed from, in the order of the derivation.
    """

    numerator: Decimal
    denominator: Decimal
    unit: str
    inputs: tuple[FactValue, ...]


@attrs.frozen
class FactValue:
    """
    A fact's value in a dossier.

    A figure is a quantity, or a numerator over a denominator (then the ratio is exact and the quantity, if any, is
    what was printed), or a step of a scale. A statement is yes or no. A category fact has one of its values.

    Attributes:
        for_: The period it describes; None means the dossier's year.

        step: The step, for an ordinal fact.

        option: The value's id, for a category fact.

        parts: What it is part by part, each with its `part`; the value itself, if any, is the total.

        part: Which part of the fact this is.

        computed: How it came about, for a derived fact.

        of: Of which place above it is, where it is not of the place judged.

        in_year: From the dossier of which year it is, where that is not the one judged.
    """

    fact: str
    quantity: Quantity | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    statement: bool | None = None
    for_: PartialDate | None = None
    document: str | None = None
    step: ScaleStep | None = None
    option: str | None = None
    parts: tuple[FactValue, ...] = ()
    part: str | None = None
    computed: Computed | None = None
    of: Level | None = None
    in_year: int | None = None

    @property
    def is_number(self) -> bool:
        """Whether it is a figure in a unit; no statement or step, and not parts alone."""
        return self.quantity is not None or self.numerator is not None or self.computed is not None

    @property
    def is_stated(self) -> bool:
        """Whether it says anything of the whole, and not only of parts."""
        return self.is_number or self.statement is not None or self.step is not None or self.option is not None

    def of_part(self, part: str) -> FactValue | None:
        """What it says of one part; period and document are those of the whole where the part has none."""
        found = next((each for each in self.parts if each.part == part), None)
        if found is None:
            return None
        return attrs.evolve(found, for_=found.for_ or self.for_, document=found.document or self.document)

    @property
    def fraction(self) -> tuple[Decimal, Decimal]:
        """The figure as an exact fraction in its unit, a step as its rank; counts win over the printed share."""
        if self.computed is not None:
            return self.computed.numerator, self.computed.denominator
        if self.step is not None:
            return self.step.value, _ONE
        if self.numerator is not None and self.denominator is not None:
            return EXACT.multiply(self.numerator, _HUNDRED), self.denominator
        if self.quantity is None:
            raise TypeError(self.fact)  # a statement is no figure
        return self.quantity.value, _ONE


#: A fact, or a part of one.
FactKey = str | tuple[str, str]


@attrs.frozen(eq=False)
class PlainFacts:
    """
    What needs no working out, as it is compared.

    Attributes:
        numbers: Figures in millionths, as `in_millionths` gives them, a step as its rank.

        taken: What an interpreter made of these, by what makes it.
    """

    numbers: dict[FactKey, int | Decimal] = attrs.field(factory=dict)
    statements: dict[FactKey, bool] = attrs.field(factory=dict)
    taken: dict[object, Any] = attrs.field(factory=dict)

    def put(self, key: FactKey, value: FactValue) -> None:
        """Add a value of the year, unless it is counts; nothing else is added once these are read."""
        if value.numerator is None and value.denominator is None and value.computed is None:
            if value.step is not None:
                self.numbers[key] = in_millionths(value.step.value)
            elif value.quantity is not None:
                self.numbers[key] = in_millionths(value.quantity.value)
            if value.statement is not None:
                self.statements[key] = value.statement


@attrs.frozen
class Attestation:
    """
    A department's written conclusion on an indicator or a criterion, kept apart from what is computed.

    Attributes:
        address: ``11`` for a criterion, ``11/11`` for an indicator; of another set with its name before, ``SET#11``.

        for_: The state it describes; this decides whether it counts. None means the dossier's year.

        dated: The date of the paper.
    """

    address: str
    verdict: Verdict
    by: str | None = None
    for_: PartialDate | None = None
    dated: PartialDate | None = None
    document: str | None = None

    @property
    def set_id(self) -> str | None:
        """The set that it names; None where it is said of the set that the dossier is judged by."""
        name, mark, _ = self.address.partition("#")
        return name if mark and name else None


@attrs.frozen
class Reported:
    """
    A tally that was published without its parts, as a range.

    Attributes:
        what: ``criteria_met`` or ``indicators_met``.
    """

    what: str
    least: int
    most: int
    document: str | None = None


@attrs.frozen(kw_only=True)
class ReportedBeneath:
    """
    How many places beneath meet something, as it was published without saying which; the others are said not to.

    Attributes:
        collection: Of which places.

        attains: The set that they attain, or a row of one.

        recognised_as: The title that they hold, where that was reported.

        or_higher: Whether those that hold a higher title are among them.

        least: How many at least, where a range was published.

        most: How many at most.
    """

    collection: Collection
    least: int
    most: int
    attains: str | None = None
    recognised_as: str | None = None
    or_higher: bool = False
    document: str | None = None


@attrs.frozen
class HeldTitle:
    """
    A decision that recognised a place.

    Attributes:
        set_id: The set whose title it is, or a title outside the library (``external/civilised_urban``).

        dated: From which day it holds.

        place: The name of the place beneath that holds it; None for the place of the dossier itself.

        kind: What that place is counted as, e.g. ``commune``.

        revoked_on: The day from which it no longer holds.

        revoked_by: The decision that revoked it.
    """

    set_id: str
    dated: PartialDate
    place: str | None = None
    kind: str | None = None
    decision: str | None = None
    revoked_on: PartialDate | None = None
    document: str | None = None
    revoked_by: str | None = None

    def holds_on(self, day: date) -> bool | None:
        """Whether it is in force on *day*; None where its dates leave that open."""
        if self.dated.first_day > day:
            return False
        if self.revoked_on is not None and self.revoked_on.last_day <= day:
            return False
        sure = self.dated.last_day <= day and (self.revoked_on is None or self.revoked_on.first_day > day)
        return True if sure else None

    def overlaps(self, other: HeldTitle) -> bool:
        """Whether two titles of one place and set may hold on the same day."""
        if (self.place, self.kind, self.set_id) != (other.place, other.kind, other.set_id):
            return False
        return not (self.ended_before(other) or other.ended_before(self))

    def ended_before(self, other: HeldTitle) -> bool:
        """Whether it was revoked before another began."""
        return self.revoked_on is not None and self.revoked_on.first_day <= other.dated.last_day


def join_title(title: HeldTitle, titles: list[HeldTitle]) -> bool:
    """
    Add a title of one place to others of it, once; False where it contradicts one: both may hold on the same day.

    A decision that is told twice is one, and what either says of its end counts.
    """
    for at, other in enumerate(titles):
        if (other.set_id, other.dated, other.place) == (title.set_id, title.dated, title.place):
            ends = other if other.revoked_on is not None else title
            titles[at] = attrs.evolve(other, revoked_on=ends.revoked_on, revoked_by=ends.revoked_by)
            return True
        if title.overlaps(other):
            return False
    titles.append(title)
    return True


def joined_titles(*told: tuple[HeldTitle, ...]) -> tuple[HeldTitle, ...]:
    """Titles told in several places, each once; of two that contradict each other nobody knows which is right."""
    titles: list[HeldTitle] = []
    for title in (each for titles_told in told for each in titles_told):
        if not join_title(title, titles):
            titles.append(title)
    return tuple(titles)


@attrs.frozen
class Predecessor:
    """
    A place that became part of the place of a dossier, and what it was recognised as.

    Attributes:
        on: The day on which it did.

        titles: Those that it held that day, which are none of the new place.
    """

    place: Place
    on: date
    by: str | None = None
    titles: tuple[HeldTitle, ...] = ()


@attrs.frozen
class SubPlaces:
    """
    The places directly beneath one.

    Attributes:
        counts: How many there are by kind, where that is stated.

        dossiers: What is known of each that is listed.
    """

    counts: tuple[tuple[str, int], ...] = ()
    dossiers: tuple[Dossier, ...] = ()

    def of_kinds(self, kinds: tuple[str, ...] | None) -> tuple[Dossier, ...]:
        """The dossiers of the places of these kinds; of all for None."""
        return tuple(each for each in self.dossiers if kinds is None or each.place.counted_as in kinds)


@attrs.frozen
class Dossier:
    """
    What is known of one place for one year.

    Attributes:
        set_id: The set it is to be judged by, if it names one.

        on: The day that picks the edition; 31 December of the year unless stated.

        overlays: Paths of the revisions that it is to be judged under, e.g. its province's decision.

        sub_places: The places directly beneath; None where nothing is said of them.

        titles: The decisions that recognised the place or places beneath it.

        titles_complete: Whether what is not among the titles is not recognised.

        complete_sets: The sets for which that is so, and for those that include them, where not for all.

        predecessors: The places that it was formed of, where a lineage tells.

        parents: What is known of the district and the province that the place is in.

        reported_beneath: What was published of the number of places beneath that meet something.

        earlier: What is known of the same place for earlier years.

        file: Where it was read from.
    """

    place: Place
    year: int
    on: date
    set_id: str | None = None
    status: Status = Status.REAL
    facts: tuple[FactValue, ...] = ()
    attestations: tuple[Attestation, ...] = ()
    documents: tuple[Document, ...] = ()
    reported: tuple[Reported, ...] = ()
    note: str | None = None
    overlays: tuple[str, ...] = ()
    sub_places: SubPlaces | None = None
    titles: tuple[HeldTitle, ...] = ()
    titles_complete: bool = False
    parents: tuple[tuple[Level, tuple[FactValue, ...]], ...] = ()
    reported_beneath: tuple[ReportedBeneath, ...] = ()
    earlier: tuple[Dossier, ...] = ()
    file: str | None = attrs.field(default=None, eq=False)
    complete_sets: tuple[str, ...] = ()
    predecessors: tuple[Predecessor, ...] = ()

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Dossier:
        """
        Build a dossier from plain data of the same form as a dossier file.

        Raises:
            DossierError: With everything that is wrong, each with its path.

        Example:
            >>> import ntm_rules as ntm
            >>> place = {"level": "commune", "name": "Phú Đình", "province": "Thái Nguyên"}
            >>> dossier = ntm.Dossier.from_mapping({"dossier": 1, "place": place, "year": 2018})
            >>> dossier.place.region
            'northern_midlands_and_mountains'
        """
        return lent.reader(data)

    def facts_of(self, level: Level) -> dict[str, FactValue]:
        """What is known of the place of that level above, by fact."""
        return {value.fact: attrs.evolve(value, of=level) for value in dict(self.parents).get(level, ())}

    @cached_property
    def by_fact(self) -> dict[str, FactValue]:
        """The values by fact."""
        return {value.fact: value for value in self.facts}

    @cached_property
    def _plain(self) -> PlainFacts:
        """
        The figures and the statements of the year judged that need no working out.

        The others, which are counts and what is of another year, are in `by_fact` alone.
        """
        plain, year = PlainFacts(), self.year
        for fact, value in self.by_fact.items():
            period = value.for_
            if period is None or period.year == year:
                plain.put(fact, value)
            if value.parts:
                # Of a part that is named twice the first counts, as in `FactValue.of_part`.
                for name, part in {each.part or "": each for each in reversed(value.parts)}.items():
                    period = part.for_ or value.for_
                    if period is None or period.year == year:
                        plain.put((fact, name), part)
        return plain

    @cached_property
    def by_year(self) -> dict[int, Dossier]:
        """What is known of the place for earlier years, by year; an earlier dossier may itself tell of those before."""
        known: dict[int, Dossier] = {}
        for each in self.earlier:
            known.setdefault(each.year, each)
        for each in self.earlier:
            for year, before in each.by_year.items():
                known.setdefault(year, before)
        return known

    def of_year(self, year: int) -> Dossier | None:
        """What is known of the place for this year or an earlier one, with the years before that and every decision."""
        if year == self.year:
            return self
        found = self.by_year.get(year)
        if found is None:
            return None
        before = tuple(attrs.evolve(each, earlier=()) for its, each in sorted(self.by_year.items()) if its < year)
        return attrs.evolve(found, earlier=before, titles=joined_titles(found.titles, self.titles))

    def places_beneath(self, kinds: tuple[str, ...] | None) -> tuple[tuple[Dossier, ...], int | None]:
        """
        The places of these kinds beneath it, with the titles listed for them, and how many more there are.

        For None those that are directly beneath it; of a kind, those beneath places between as well: the communes of
        a province are those of its districts. How many more is None where that is not known.
        """
        beneath = self.sub_places
        if beneath is None:
            return (), None
        found = [self.of_sub_place(each) for each in beneath.of_kinds(kinds)]
        more: list[int | None] = []
        if kinds is not None:
            wanted = level_of_kind(kinds[0])
            for each in beneath.dossiers:
                if level_of_kind(each.place.counted_as).stands_above(wanted):
                    deeper, beyond = self.of_sub_place(each).places_beneath(kinds)
                    found += deeper
                    more.append(beyond)
            # Of a place between that is not listed nobody knows what lies beneath it.
            for kind, count in beneath.counts:
                if level_of_kind(kind).stands_above(wanted) and count > len(beneath.of_kinds((kind,))):
                    more.append(None)
        stated = [(kind, count) for kind, count in beneath.counts if kinds is None or kind in kinds]
        if more and len(stated) < len(kinds or ()):
            return tuple(found), sum(each or 0 for each in more) if None not in more else None
        if not stated and not found:
            return (), None
        listed = [each.place.counted_as for each in found]
        return tuple(found), sum(max(0, count - listed.count(kind)) for kind, count in stated)

    def document(self, id: str | None) -> Document | None:
        """The document of that id, if the dossier lists it."""
        return next((document for document in self.documents if document.id == id), None)

    def lists_all_titles_of(self, set_id: str) -> bool:
        """Whether the place surely holds no title of a set, nor of one that includes it, that is not listed."""
        return self.titles_complete or set_id in self.complete_sets

    def of_sub_place(self, below: Dossier) -> Dossier:
        """What is known of a place beneath: its own dossier, and the titles that this one lists for it."""
        who = (below.place.name, below.place.counted_as)
        listed = tuple(
            attrs.evolve(each, place=None, kind=None) for each in self.titles if (each.place, each.kind) == who
        )
        titles = joined_titles(below.titles, listed)
        # What it says itself of a place above stands before what that place's own dossier says.
        above = dict([*self.parents, (self.place.level, self.facts), *below.parents])
        complete = below.titles_complete or self.titles_complete
        parents = tuple((level, above[level]) for level in Level if above.get(level))
        sets = tuple(dict.fromkeys((*below.complete_sets, *self.complete_sets)))
        # What this place's dossiers of earlier years say of it.
        earlier = tuple(
            then.of_sub_place(each)
            for year, then in self.by_year.items()
            for each in (() if then.sub_places is None else then.sub_places.dossiers)
            if (each.place.name, each.place.counted_as) == who and year not in below.by_year
        )
        return attrs.evolve(
            below,
            titles=tuple(titles),
            titles_complete=complete,
            complete_sets=sets,
            parents=parents,
            earlier=(*below.earlier, *earlier),
        )


def plain_facts(dossier: Dossier) -> PlainFacts:
    """What of a dossier needs no working out, read once."""
    return dossier._plain  # noqa: SLF001 - no part of what a dossier shows its users
