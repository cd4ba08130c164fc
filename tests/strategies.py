"""Small criteria sets and dossiers for tests, and random ones with everything that can complete them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from random import Random

import attrs
from hypothesis import strategies as st

from ntm_rules import evaluate
from ntm_rules.vocabulary.criteria import Axis, AxisRule, Counts, CriteriaSet, Criterion, Indicator, InForce, SetId
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import Attestation, Dossier, FactValue
from ntm_rules.vocabulary.facts import (
    Difference,
    FactCatalogue,
    FactDefinition,
    FactKind,
    Option,
    PartList,
    Ratio,
    Scale,
    ScaleStep,
    Sum,
)
from ntm_rules.vocabulary.instruments import Grade, Locator, Source
from ntm_rules.vocabulary.places import OF_PLACE, Level, Place
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
    ForEach,
    Holds,
    IsOneOf,
    Nothing,
    Requirement,
    Sign,
    Table,
    Unstated,
    When,
)
from ntm_rules.vocabulary.text import Text
from ntm_rules.vocabulary.verdicts import Verdict

REGION = "red_river_delta"
YEAR = 2020

#: What a test writes for a fact: a share in percent, yes or no, (numerator, denominator), a step, the letter of a
#: category's value or of the place, or the value itself.
Written = int | str | Decimal | bool | tuple[int, int] | ScaleStep | FactValue


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


#: The axes of a set that needs no conditions.
AXES = (Axis("region", (AxisRule("unit.region"),)), Axis("year", (AxisRule("year"),)))


def rule(row: str, when: Requirement | None = None, grade: Grade = Grade.TEXT, **own: object) -> AxisRule:
    """A rule of an axis, seen in the text unless stated."""
    return AxisRule(row, when, Source(grade, locator=Locator.parse("Article 1")), **own)


def conditions(axes: Iterable[Axis]) -> Iterator[Requirement]:
    """The conditions of the rules of axes."""
    yield from (each.when for axis in axes for each in axis.rules if each.when is not None)


def asked(rules: CriteriaSet) -> frozenset[str]:
    """The facts and the attributes of the place that a set asks for, as in `VALUES`."""
    trees = (*conditions(rules.axes), *(indicator.require for _, indicator in rules.indicators))
    nodes = [node for tree in trees for node in tree.walk()]
    of_place = {f"{OF_PLACE}{node.subject}" for node in nodes if isinstance(node, IsOneOf) and node.of_place}
    of_place |= {node.fact for node in nodes if isinstance(node, Holds) and node.attribute is not None}
    return rules.used_facts | of_place


#: A scale, worst first; the values of every category; two lists of parts, one not at hand; what is derived from what.
RATING = Scale("rating", words("Xếp loại"), tuple(Option(id, words(id)) for id in ("poor", "fair", "good")))
VALUES_OF = tuple(Option(id, words(f"Loại {id}")) for id in ("v", "w", "x"))
SEX = PartList("sex", words("giới tính"), tuple(Option(id, words(f"phần {id}")) for id in ("men", "women")))
CONTENT = PartList("content", words("nội dung"), None)
DERIVED = {
    "total": Sum(("a", "b")),
    "quotient": Ratio("a", "b"),
    "near": Ratio("total", Sum(("a", "b", "c"))),
    "turns": Difference(Ratio("a", "b"), Ratio("b", "c")),
    "turned": Ratio("turns", Ratio("a", "b")),
    "inverse": Ratio("a", Difference("b", "c")),
}
UNSTATED_FACT = "undefined"


_IN_TIMES = ("quotient", "turns", "turned", "inverse")


def rating(id: str) -> ScaleStep:
    """A step of the scale above."""
    step = RATING.step(id)
    assert step is not None
    return step


def _kind(node: Requirement) -> FactKind:
    """What kind of fact a node reads."""
    if isinstance(node, Holds):
        return FactKind.YES_NO
    if isinstance(node, IsOneOf):
        return FactKind.CATEGORY
    of_scale = isinstance(node, Compare) and any(isinstance(cell, ScaleStep) for _, cell in node.threshold.cells)
    return FactKind.ORDINAL if of_scale else FactKind.NUMBER


def _definition(fact: str, kind: FactKind, parts: PartList | None, *, timeless: bool) -> FactDefinition:
    return FactDefinition(
        fact,
        words(f"Số liệu {fact}"),
        kind,
        unit=None if kind is not FactKind.NUMBER else "times" if fact in _IN_TIMES else "percent",
        timeless=timeless,
        scale=RATING if kind is FactKind.ORDINAL else None,
        values=VALUES_OF if kind is FactKind.CATEGORY else (),
        parts=parts,
        derived=DERIVED.get(fact),
        unstated=fact.startswith(UNSTATED_FACT),
    )


def catalogue_of(requirements: Iterable[Requirement], timeless: frozenset[str] = frozenset()) -> FactCatalogue:
    """A catalogue of just the facts that are read, and of those that they are derived from."""
    kinds: dict[str, FactKind] = {}
    parts: dict[str, PartList] = {}
    for require in requirements:
        for node in require.walk():
            kinds |= dict.fromkeys((*node.facts, *node.facts_of_other_years), _kind(node))
            if isinstance(node, ForEach):
                listed = CONTENT if node.by == CONTENT.id else SEX
                parts |= {fact: listed for each in node.require.walk() for fact in each.facts}
    whole = FactCatalogue(
        tuple(_definition(fact, FactKind.NUMBER, None, timeless=fact in timeless) for fact in (*DERIVED, "a", "b", "c"))
    )
    for fact in whole.with_operands(kinds):
        kinds.setdefault(fact, FactKind.NUMBER)
    facts = (_definition(fact, kind, parts.get(fact), timeless=fact in timeless) for fact, kind in kinds.items())
    return FactCatalogue(tuple(facts), (RATING,), (SEX, CONTENT))


def criteria_set(
    *criteria: Criterion,
    counts: tuple[int, int] | None = None,
    timeless: frozenset[str] = frozenset(),
    axes: tuple[Axis, ...] = AXES,
) -> CriteriaSet:
    """A set of these criteria; its catalogue holds just the facts that they read."""
    indicators = [indicator for each in criteria for indicator in each.indicators]
    return CriteriaSet(
        id=SetId.parse("commune/standard/2016-2020"),
        title=words("Bộ tiêu chí thử"),
        basis="1980/QĐ-TTg",
        in_force=InForce(date(2016, 12, 1), date(2022, 3, 7)),
        counts=Counts(*(counts or (len(criteria), len(indicators)))),
        axes=axes,
        criteria=criteria,
        catalogue=catalogue_of((*(indicator.require for indicator in indicators), *conditions(axes)), timeless),
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
    if isinstance(written, ScaleStep):
        return FactValue(fact, step=written)
    if isinstance(written, str) and written.isalpha():
        return FactValue(fact, option=written)
    if isinstance(written, tuple):
        numerator, denominator = written
        return FactValue(fact, numerator=Decimal(numerator), denominator=Decimal(denominator))
    return FactValue(fact, percent(written))


def values(facts: Mapping[str, Written]) -> tuple[FactValue, ...]:
    """Values as a test writes them, ``fact__part`` for one part of a fact."""
    read: dict[str, FactValue] = {}
    for name, written in facts.items():
        fact, _, part = name.partition("__")
        if not part:
            parts = read[fact].parts if fact in read else ()
            read[fact] = attrs.evolve(value(fact, written), parts=parts) if parts else value(fact, written)
        else:
            whole = read.get(fact, FactValue(fact))
            read[fact] = attrs.evolve(whole, parts=(*whole.parts, attrs.evolve(value(fact, written), part=part)))
    return tuple(read.values())


def of_year(fact: str, written: Written, year: int) -> FactValue:
    """A value that describes a certain year."""
    return attrs.evolve(value(fact, written), for_=PartialDate(year))


def dossier(facts: Mapping[str, Written] | None = None, /, **own: object) -> Dossier:
    """A commune's dossier for 2020; keywords replace its parts, ``region`` that of the place, ``unit.x`` attributes."""
    region = own.pop("region", REGION)
    given = facts or {}
    attributes = tuple((name.removeprefix(OF_PLACE), of) for name, of in given.items() if name.startswith(OF_PLACE))
    place = Place(Level.COMMUNE, "Thử", region=region, attributes=attributes)
    read = values({fact: written for fact, written in given.items() if not fact.startswith(OF_PLACE)})
    return attrs.evolve(Dossier(place, YEAR, date(YEAR, 12, 31), facts=read), **own)


def said(address: str, verdict: Verdict = Verdict.MET, **own: object) -> Attestation:
    """A department's conclusion."""
    return Attestation(address, verdict, by="Phòng thử", document="d1", **own)


def verdict_of(require: Requirement, facts: Mapping[str, Written] | None = None, **own: object) -> Verdict:
    """The verdict on a single requirement."""
    return evaluate(only(require), dossier(facts, **own)).verdict


# --- at random --------------------------------------------------------------------------------------------------

#: Few facts with few values, so that every completion can be judged; of some facts only their parts.
VALUES: dict[str, tuple[Written, ...]] = {
    "a": (0, 1, 2),
    "b": (0, 1, 2),
    "p": (False, True),
    "q": (False, True),
    "step": (rating("poor"), rating("fair"), rating("good")),
    "category": ("v", "w"),
    "m__men": (0, 1, 2),
    "m__women": (0, 1, 2),
    "k__men": (False, True),
    "k__women": (False, True),
    "u__first": (0, 2),
    UNSTATED_FACT: (0, 2),
    "unit.ethnic_zone": ("I", "II"),
    "unit.is_safe_zone": (False, True),
}
NUMBERS, STATEMENTS = ("a", "b"), ("p", "q")

#: The deepest tree.
DEPTH = 3


def _open_cell(random: Random) -> Cell:
    return random.choice((Nothing(), Unstated(), Delegated(Authority.PROVINCE)))


def _cell(random: Random) -> Cell:
    return _open_cell(random) if random.random() < 0.3 else percent(random.randint(0, 2))


def _step_cell(random: Random) -> Cell:
    return _open_cell(random) if random.random() < 0.2 else rating(random.choice(RATING.steps).id)


def _table(random: Random, cell: Callable[[Random], Cell] = _cell) -> Table:
    if random.random() < 0.5:
        table = Table.constant(cell(random))
    else:
        axes = random.choice((("region",), ("region",), ("group",), ("region", "group")))
        rows = {"region": (REGION, "mekong_delta"), "group": ("x", "y", "z")}
        kept = [[row for row in rows[axis] if random.random() < 0.9] for axis in axes]
        table = Table(axes, tuple((row, cell(random)) for row in itertools.product(*kept)))
    return attrs.evolve(table, boundary_unstated=random.random() < 0.1)


def _of_steps(random: Random) -> Requirement:
    """A comparison of steps; a table that has none would be one of figures."""
    table = Table(("region",), (((REGION,), _step_cell(random)), (("mekong_delta",), rating("fair"))))
    return compare("step", random.choice(tuple(Sign)), table)


def _of_parts(random: Random, depth: int) -> Requirement:
    """A tree over facts that are told by parts."""
    if random.random() < 0.3:
        return ForEach(by=CONTENT.id, require=compare("u", random.choice(tuple(Sign)), _table(random)))
    members = []
    for _ in range(random.randint(1, 2)):
        statement = random.random() < 0.3
        members.append(Holds(fact="k") if statement else compare("m", random.choice(tuple(Sign)), _table(random)))
    body = random.choice((AllOf, AnyOf))(members=tuple(members)) if depth else members[0]
    return ForEach(by=SEX.id, require=body)


def _of_more_facts(random: Random, depth: int) -> Requirement:
    """Steps, categories, parts, what is derived and what has no definition."""
    form = random.randint(0, 4)
    if form == 0:
        return _of_steps(random)
    if form == 1:
        return IsOneOf(subject="category", values=tuple(random.sample("vwx", random.randint(1, 2))))
    if form == 2:
        return _of_parts(random, depth)
    if form == 3:
        fact = random.choice(("total", "quotient"))
        threshold = percent(random.randint(0, 3))
        unit = "times" if fact == "quotient" else "percent"
        return compare(fact, random.choice(tuple(Sign)), attrs.evolve(threshold, unit=unit))
    return compare(UNSTATED_FACT, random.choice(tuple(Sign)), percent(1))


def _of_place(random: Random) -> Requirement:
    """A question about the place itself."""
    if random.random() < 0.5:
        return Holds(fact="unit.is_safe_zone")
    values = ("I", "II") if random.random() < 0.1 else (random.choice(("I", "II", "III")),)
    return IsOneOf(subject="ethnic_zone", values=values, of_place=True)


def _condition(random: Random) -> Requirement:
    """The condition of a rule of an axis, which hangs on no row itself."""
    plain: tuple[Requirement, ...] = (
        _of_place(random),
        _of_place(random),
        Holds(fact=random.choice(STATEMENTS)),
        compare(random.choice(NUMBERS), random.choice(tuple(Sign)), _cell(random)),
        DecidedBy(authority=Authority.PROVINCE),
    )
    if random.random() < 0.3:
        return random.choice((AllOf, AnyOf))(members=tuple(random.sample(plain, 2)))
    return random.choice(plain[:4]) if random.random() < 0.9 else plain[4]


def random_axes(random: Random) -> tuple[Axis, ...]:
    """A region that a condition may replace, and groups with or without an order."""
    replaced = (rule("mekong_delta", _condition(random)),) if random.random() < 0.5 else ()
    groups = [rule(row, _condition(random)) for row in "xyz"[: random.randint(1, 3)]]
    if random.random() < 0.7:
        groups.append(rule(random.choice("xyz"), otherwise=True))
    unordered = random.random() < 0.5
    return (Axis("region", (*replaced, AxisRule("unit.region"))), AXES[1], Axis("group", tuple(groups), unordered))


def random_requirement(random: Random, depth: int = DEPTH) -> Requirement:
    """A tree of the whole algebra over the facts of `VALUES`."""
    form = random.choice((Compare, Holds, AllOf, AnyOf, AtLeastNOf, AppliesWhen, When)) if depth else Compare
    if random.random() < 0.15:
        return _of_more_facts(random, depth)
    if form is Compare:
        if random.random() < 0.1:
            return DecidedBy(authority=Authority.PROVINCE)
        if random.random() < 0.2:
            return _of_place(random)
        if random.random() < 0.3:
            return Holds(fact=random.choice(STATEMENTS))
        return compare(random.choice(NUMBERS), random.choice(tuple(Sign)), _table(random))
    if form is Holds:
        return Holds(fact=random.choice(STATEMENTS))
    if form is When:
        when, then, otherwise = (random_requirement(random, depth - 1) for _ in range(3))
        return When(when=when, then=then, otherwise=otherwise)
    if form is AppliesWhen:
        return AppliesWhen(condition=random_requirement(random, depth - 1), body=random_requirement(random, depth - 1))
    members = tuple(random_requirement(random, depth - 1) for _ in range(random.randint(1, 3)))
    if form is AtLeastNOf:
        # One more than there are members, too: that is never met, and not applicable if all of them drop.
        n = random.randint(1, len(members) + 1)
        return AtLeastNOf(n=n, members=members, open_list=random.random() < 0.2)
    return form(members=members)


def base(fact: str) -> str:
    """The fact of which ``fact__part`` is a part."""
    return fact.partition("__")[0]


def random_facts(random: Random) -> dict[str, Written]:
    """Some of the facts of `VALUES`."""
    return {fact: random.choice(known) for fact, known in VALUES.items() if random.random() < 0.5}


def completions(facts: Mapping[str, Written], among: frozenset[str]) -> Iterator[dict[str, Written]]:
    """Every way to complete *facts* with those that are missing *among* the facts that matter."""
    missing = [fact for fact in VALUES if base(fact) in among and fact not in facts]
    for found in itertools.product(*(VALUES[fact] for fact in missing)):
        yield {**facts, **dict(zip(missing, found, strict=True))}


#: Trees and partial dossiers that Hypothesis can shrink.
requirements = st.builds(random_requirement, st.randoms(use_true_random=False))
axes = st.builds(random_axes, st.randoms(use_true_random=False))
partial_facts = st.fixed_dictionaries({}, optional={fact: st.sampled_from(VALUES[fact]) for fact in VALUES})
