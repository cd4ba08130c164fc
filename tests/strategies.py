"""Small criteria sets and dossiers for tests, and random ones with everything that can complete them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from random import Random

import attrs
from hypothesis import strategies as st

from ntm_rules import evaluate
from ntm_rules.vocabulary.criteria import Axis, AxisRule, Counts, CriteriaSet, Criterion, Indicator, InForce, SetId
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import Attestation, Dossier, FactValue
from ntm_rules.vocabulary.facts import FactCatalogue, FactDefinition, FactKind
from ntm_rules.vocabulary.instruments import Grade, Locator, Source
from ntm_rules.vocabulary.places import Level, Place
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.requirements import (
    AllOf,
    AnyOf,
    AppliesWhen,
    AtLeastNOf,
    Authority,
    Cell,
    Compare,
    DecidedBy,
    Delegated,
    FactMeasure,
    Holds,
    Nothing,
    Requirement,
    Sign,
    Table,
    Unstated,
)
from ntm_rules.vocabulary.text import Text
from ntm_rules.vocabulary.verdicts import Verdict

REGION = "red_river_delta"
YEAR = 2020

#: What a test writes for a fact: a share in percent, yes or no, (numerator, denominator), or the value itself.
Written = int | str | Decimal | bool | tuple[int, int] | FactValue


# --- by hand ----------------------------------------------------------------------------------------------------


def percent(value: int | str | Decimal) -> Quantity:
    """A percentage."""
    return Quantity(Decimal(value), "percent")


def compare(fact: str, sign: Sign, threshold: int | str | Cell | Table, **own: object) -> Compare:
    """A share against a figure, one cell or a whole table."""
    if isinstance(threshold, int | str):
        threshold = percent(threshold)
    table = threshold if isinstance(threshold, Table) else Table.constant(threshold)
    return Compare(measure=FactMeasure(fact), sign=sign, threshold=table, **own)


def at_least(fact: str, threshold: int | str | Cell | Table, **own: object) -> Compare:
    """A share of at least so much."""
    return compare(fact, Sign.AT_LEAST, threshold, **own)


def by_region(**cells: Cell) -> Table:
    """A table by region."""
    return Table(("region",), tuple(((region,), cell) for region, cell in cells.items()))


def source(grade: Grade = Grade.TEXT, **own: object) -> Source:
    """A row of the annex, seen in the text unless stated."""
    return Source(grade, locator=Locator.parse("Annex, row 1"), **own)


def words(vi: str) -> Text:
    """A title."""
    return Text(vi, f"{vi} (en)")


def criterion(number: str, *requirements: Requirement, grade: Grade = Grade.TEXT) -> Criterion:
    """A criterion with one indicator a requirement, numbered beneath it."""
    indicators = tuple(
        Indicator(f"{number}.{at}", words(f"Chỉ tiêu thử {number}.{at}"), require, source(grade))
        for at, require in enumerate(requirements, start=1)
    )
    return Criterion(number, words(f"Tiêu chí thử {number}"), indicators)


def criteria_set(
    *criteria: Criterion, counts: tuple[int, int] | None = None, timeless: frozenset[str] = frozenset()
) -> CriteriaSet:
    """A set of these criteria; its catalogue holds just the facts that they read."""
    indicators = [indicator for each in criteria for indicator in each.indicators]
    kinds: dict[str, FactKind] = {}
    for indicator in indicators:
        for node in indicator.require.walk():
            kind = FactKind.YES_NO if isinstance(node, Holds) else FactKind.NUMBER
            kinds |= dict.fromkeys(node.facts, kind)
    catalogue = FactCatalogue(
        tuple(
            FactDefinition(
                fact,
                words(f"Số liệu {fact}"),
                kind,
                unit="percent" if kind is FactKind.NUMBER else None,
                timeless=fact in timeless,
            )
            for fact, kind in kinds.items()
        )
    )
    return CriteriaSet(
        id=SetId.parse("commune/standard/2016-2020"),
        title=words("Bộ tiêu chí thử"),
        basis="1980/QĐ-TTg",
        in_force=InForce(date(2016, 12, 1), date(2022, 3, 7)),
        counts=Counts(*(counts or (len(criteria), len(indicators)))),
        axes=(Axis("region", (AxisRule("unit.region"),)), Axis("year", (AxisRule("year"),))),
        criteria=criteria,
        catalogue=catalogue,
        fingerprint="sha256:0",
    )


def only(require: Requirement, grade: Grade = Grade.TEXT, **own: object) -> CriteriaSet:
    """A set of one criterion with one indicator."""
    return criteria_set(criterion("1", require, grade=grade), **own)


def value(fact: str, written: Written) -> FactValue:
    """A fact's value as a test writes it."""
    if isinstance(written, FactValue):
        return written
    if isinstance(written, bool):
        return FactValue(fact, statement=written)
    if isinstance(written, tuple):
        numerator, denominator = written
        return FactValue(fact, numerator=Decimal(numerator), denominator=Decimal(denominator))
    return FactValue(fact, percent(written))


def of_year(fact: str, written: Written, year: int) -> FactValue:
    """A value that describes a certain year."""
    return attrs.evolve(value(fact, written), for_=PartialDate(year))


def dossier(facts: Mapping[str, Written] | None = None, /, **own: object) -> Dossier:
    """A commune's dossier for 2020; keywords replace its parts, ``region`` that of the place."""
    region = own.pop("region", REGION)
    values = tuple(value(fact, written) for fact, written in (facts or {}).items())
    base = Dossier(Place(Level.COMMUNE, "Thử", region=region), YEAR, date(YEAR, 12, 31), facts=values)
    return attrs.evolve(base, **own)


def said(address: str, verdict: Verdict = Verdict.MET, **own: object) -> Attestation:
    """A department's conclusion."""
    return Attestation(address, verdict, by="Phòng thử", document="d1", **own)


def verdict_of(require: Requirement, facts: Mapping[str, Written] | None = None, **own: object) -> Verdict:
    """The verdict on a single requirement."""
    return evaluate(only(require), dossier(facts, **own)).verdict


# --- at random --------------------------------------------------------------------------------------------------

#: Few facts with few values, so that every completion can be judged.
VALUES: dict[str, tuple[Written, ...]] = {"a": (0, 1, 2), "b": (0, 1, 2), "p": (False, True), "q": (False, True)}
NUMBERS, STATEMENTS = ("a", "b"), ("p", "q")

#: The deepest tree.
DEPTH = 3


def _cell(random: Random) -> Cell:
    open_ = (Nothing(), Unstated(), Delegated(Authority.PROVINCE))
    return random.choice(open_) if random.random() < 0.3 else percent(random.randint(0, 2))


def _table(random: Random) -> Table:
    if random.random() < 0.5:
        table = Table.constant(_cell(random))
    else:
        regions = [region for region in (REGION, "mekong_delta") if random.random() < 0.9]
        table = by_region(**{region: _cell(random) for region in regions})
    return attrs.evolve(table, boundary_unstated=random.random() < 0.1)


def random_requirement(random: Random, depth: int = DEPTH) -> Requirement:
    """A tree of the whole algebra over the facts of `VALUES`."""
    form = random.choice((Compare, Holds, AllOf, AnyOf, AtLeastNOf, AppliesWhen)) if depth else Compare
    if form is Compare:
        if random.random() < 0.1:
            return DecidedBy(authority=Authority.PROVINCE)
        if random.random() < 0.3:
            return Holds(fact=random.choice(STATEMENTS))
        return compare(random.choice(NUMBERS), random.choice(tuple(Sign)), _table(random))
    if form is Holds:
        return Holds(fact=random.choice(STATEMENTS))
    if form is AppliesWhen:
        return AppliesWhen(condition=random_requirement(random, depth - 1), body=random_requirement(random, depth - 1))
    members = tuple(random_requirement(random, depth - 1) for _ in range(random.randint(1, 3)))
    if form is AtLeastNOf:
        # One more than there are members, too: that is never met, and not applicable if all of them drop.
        n = random.randint(1, len(members) + 1)
        return AtLeastNOf(n=n, members=members, open_list=random.random() < 0.2)
    return form(members=members)


def random_facts(random: Random) -> dict[str, Written]:
    """Some of the facts of `VALUES`."""
    return {fact: random.choice(values) for fact, values in VALUES.items() if random.random() < 0.5}


def completions(facts: Mapping[str, Written], among: frozenset[str]) -> Iterator[dict[str, Written]]:
    """Every way to complete *facts* with those that are missing *among* the facts that matter."""
    missing = [fact for fact in VALUES if fact in among and fact not in facts]
    for values in itertools.product(*(VALUES[fact] for fact in missing)):
        yield {**facts, **dict(zip(missing, values, strict=True))}


#: Trees and partial dossiers that Hypothesis can shrink.
requirements = st.builds(random_requirement, st.randoms(use_true_random=False))
partial_facts = st.fixed_dictionaries({}, optional={fact: st.sampled_from(VALUES[fact]) for fact in VALUES})
