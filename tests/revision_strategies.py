"""A small set to revise, revisions of it, and pairs of random sets of one id."""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs
from hypothesis import strategies as st

from criteria_strategies import (
    CATALOGUE,
    INSTRUMENTS,
    MEASURED,
    REGISTER,
    applications,
    cells,
    criteria_sets,
    preconditions,
    requirements,
    shipped_grades,
    sources,
    verdict_words,
    words,
)
from ntm_rules.errors import Where
from ntm_rules.language import from_plain, parse_criteria_set, write_criteria_set
from ntm_rules.vocabulary.criteria import Axis, AxisRule, Counts, CriteriaSet, Criterion, Indicator, InForce, SetId
from ntm_rules.vocabulary.instruments import Grade, Locator, Source
from ntm_rules.vocabulary.overlays import RevisionAuthority
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.requirements import (
    AllOf,
    AnyOf,
    Authority,
    Compare,
    DecidedBy,
    FactMeasure,
    ForEach,
    ForEachYear,
    Holds,
    Requirement,
    Sign,
    Table,
)
from ntm_rules.vocabulary.revisions import Edit, Revision
from ntm_rules.vocabulary.text import Text

PLACES = REGISTER


def text(vi: str) -> Text:
    """A title."""
    return Text(vi, f"{vi} (en)")


def percent(value: int | str) -> Quantity:
    """A percentage."""
    return Quantity.parse(f"{value} %")


def by_year(*years: str) -> Table:
    """A table by year and region; in the first year one cell for all regions."""
    first, *others = years
    rows: list[tuple[tuple[str, ...], Any]] = [((first,), percent(50))]
    rows += [((year, region), percent(60)) for year in others for region in ("red_river_delta", "central_highlands")]
    return Table(("year", "region"), tuple(rows))


def compare(fact: str, sign: Sign, threshold: Table, **own: Any) -> Compare:
    """A comparison."""
    return Compare(measure=FactMeasure(fact), sign=sign, threshold=threshold, **own)


BY_REGION = Table(
    ("region",),
    ((("general",), percent(10)), (("red_river_delta",), percent(5)), (("central_highlands",), percent(7))),
)
SEEN = Source(Grade.RECALLED, locator=Locator.parse("Annex, row 1"))


def indicator(number: str, require: Requirement, source: Source = SEEN) -> Indicator:
    """An indicator."""
    return Indicator(number, text(f"Chỉ tiêu {number}"), require, source)


#: 2.1 has sources at the node, above the node, and nowhere but at the indicator.
NESTED = AllOf(
    members=(
        compare("water", Sign.AT_LEAST, BY_REGION, id="clean", source=attrs.evolve(SEEN, evidence=Grade.SECONDARY)),
        AnyOf(
            members=(compare("poverty", Sign.AT_MOST, BY_REGION), Holds(fact="has_market")),
            source=attrs.evolve(SEEN, evidence=Grade.SECONDARY),
        ),
        compare("poverty", Sign.AT_MOST, BY_REGION),
        compare("water", Sign.AT_LEAST, by_year("2018", "2019")),
    )
)

BASE = CriteriaSet(
    id=SetId.parse("commune/standard/2016-2020"),
    title=text("Bộ tiêu chí thử"),
    basis="1980/QĐ-TTg",
    in_force=InForce(date(2016, 12, 1), date(2022, 3, 7)),
    counts=Counts(3, 5),
    axes=(Axis("region", (AxisRule("unit.region"),)), Axis("year", (AxisRule("year"),))),
    criteria=(
        Criterion(
            "1",
            text("Tiêu chí 1"),
            (
                indicator("1.1", compare("poverty", Sign.AT_MOST, BY_REGION)),
                indicator("1.2", Holds(fact="has_plan")),
            ),
            "economy",
        ),
        Criterion(
            "2",
            text("Tiêu chí 2"),
            (
                indicator("2.1", NESTED),
                indicator("2.2", compare("water", Sign.AT_LEAST, Table.constant(percent(90)))),
            ),
        ),
        Criterion("3", text("Tiêu chí 3"), (indicator("3", DecidedBy(authority=Authority.PROVINCE)),)),
    ),
    groups=(("economy", text("Kinh tế")), ("culture", text("Văn hóa"))),
    catalogue=CATALOGUE,
    instruments=INSTRUMENTS,
)
#: As a document of it would give it, with its fingerprint.
BASE = parse_criteria_set(from_plain(write_criteria_set(BASE)), CATALOGUE, INSTRUMENTS, PLACES)


def at_line(edit: Edit, line: int) -> Edit:
    """The edit as read from a line of a file."""
    return attrs.evolve(edit, where=Where("edits.yaml", line, 3))


def revision(*edits: Edit, **own: Any) -> Revision:
    """A revision of the law, of `BASE` unless told."""
    made = {"id": "r", "revises": str(BASE.id), "authority": RevisionAuthority.LAW, "title": text("Sửa")} | own
    return Revision(edits=edits, **made)


# --- at random --------------------------------------------------------------------------------------------------


@st.composite
def variants(draw: st.DrawFn, old: CriteriaSet) -> CriteriaSet:
    """*old* with things changed, dropped, added and put in another order."""

    def maybe(value: Any, strategy: st.SearchStrategy[Any]) -> Any:
        return draw(strategy) if draw(st.integers(0, 3)) == 0 else value

    def compare_variant(node: Compare) -> Compare:
        fact = next(fact for fact in MEASURED if fact.id == node.measure.fact)
        table = tuple((row, maybe(cell, cells(fact))) for row, cell in node.threshold.cells)
        threshold = attrs.evolve(
            node.threshold,
            cells=table,
            boundary_unstated=maybe(node.threshold.boundary_unstated, st.booleans()) and bool(node.threshold.axes),
        )
        return attrs.evolve(node, sign=maybe(node.sign, st.sampled_from(Sign)), threshold=threshold)

    def node_variant(node: Requirement, *, by_part: bool = False, by_year: bool = False) -> Requirement:
        # Within what is judged part by part only facts that have these parts may be read, and within years no years.
        by_part, by_year = by_part or isinstance(node, ForEach), by_year or isinstance(node, ForEachYear)
        parts = tuple(node_variant(part, by_part=by_part, by_year=by_year) for part in node.parts)
        if not by_part:
            others = requirements(old.axes)
            parts = tuple(maybe(part, others.filter(_without_years) if by_year else others) for part in parts)
        node = node.with_parts(parts)
        if isinstance(node, Compare) and isinstance(node.measure, FactMeasure):
            node = compare_variant(node)
        return attrs.evolve(node, source=maybe(node.source, st.none() | sources))

    def indicator_variant(each: Indicator) -> Indicator:
        return attrs.evolve(
            each,
            title=maybe(each.title, words),
            note=maybe(each.note, st.none() | words),
            source=maybe(each.source, sources),
            require=node_variant(each.require),
        )

    other = draw(criteria_sets())
    groups = maybe(old.groups, st.just(other.groups))
    names = st.sampled_from([None, *(name for name, _ in groups)])
    pool = [indicator_variant(each) for _, each in old.indicators if draw(st.integers(0, 3))]
    taken = {each.number for each in pool}
    if old.axes == other.axes or not any(isinstance(n, Compare) for _, i in other.indicators for n in i.require.walk()):
        pool += [each for _, each in other.indicators if each.number not in taken]
    if not pool:
        pool = [each for _, each in old.indicators][:1]
    home = {each.number: criterion.number for criterion, each in old.indicators}
    titles = {criterion.number: criterion for criterion in (*other.criteria, *old.criteria)}
    placed: dict[str, list[Indicator]] = {}
    for each in pool:
        number = maybe(home.get(each.number, other.criteria[0].number), st.sampled_from(sorted(titles)))
        placed.setdefault(number, []).append(each)
    criteria = tuple(
        Criterion(
            number,
            maybe(titles[number].title, words),
            tuple(maybe(indicators, st.permutations(indicators))),
            draw(names),
            maybe(titles[number].note, st.none() | words),
        )
        for number, indicators in placed.items()
    )
    counts = Counts(
        max(len(criteria), old.counts.criteria),
        max(len(pool), old.counts.indicators),
        maybe(old.counts.criteria_grade, shipped_grades),
        old.counts.indicators_grade,
    )
    return attrs.evolve(
        old,
        title=maybe(old.title, words),
        basis=maybe(old.basis, st.sampled_from([each.id for each in INSTRUMENTS])),
        in_force=maybe(old.in_force, st.just(other.in_force)),
        counts=counts,
        groups=groups,
        mandates=maybe(old.mandates, st.just(other.mandates)),
        preconditions=maybe(old.preconditions, preconditions(old.axes)),
        applies_to=maybe(old.applies_to, applications(old.axes)),
        verdict_words=maybe(old.verdict_words, verdict_words),
        criteria=tuple(maybe(criteria, st.permutations(criteria))),
    )


def _without_years(require: Requirement) -> bool:
    return not any(isinstance(node, ForEachYear) for node in require.walk())


@st.composite
def pairs(draw: st.DrawFn) -> tuple[CriteriaSet, CriteriaSet]:
    """Two sets of one id: a set and a variant of it, or any two."""
    old = draw(criteria_sets())
    return old, draw(st.one_of(variants(old), criteria_sets().map(lambda new: attrs.evolve(new, id=old.id))))
