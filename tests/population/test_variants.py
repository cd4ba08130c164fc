"""Sweeps and variants beside the whole population judged again."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from random import Random

import attrs
import polars as pl
import pytest

import ntm_rules as ntm
from ntm_rules.errors import DossierError
from ntm_rules.population import variants
from ntm_rules.population.country import generate
from ntm_rules.vocabulary.facts import operands
from ntm_rules.vocabulary.requirements import Compare, FactMeasure, ForEach, Nothing, Sign, Table, ThresholdOf
from population_tables import random_set, random_table
from strategies import catalogue_of, conditions, criteria_set, criterion, random_axes, random_requirement

WORDS = ("not_met", "undetermined", "met", "not_applicable")
YEARS = {"commune/standard/2016-2020": 2020, "commune/standard/2021-2025": 2022}
PLACES = 160


def _attested(frame, rules):
    """A country that the departments have judged well, so that single rows decide for many places."""
    random = Random(7)  # noqa: S311 - repeatable, no secret
    said = {}
    for row in (address for address, _ in rules.rows if address[:1].isdigit()):
        weights = (92, 1, 1, 6)
        words = random.choices(("met", "not_met", "not_applicable", None), weights, k=len(frame))
        name = f"attested:{row}"
        given = frame[name].to_list() if name in frame.columns else [None] * len(frame)
        said[name] = [word if old is None else old for old, word in zip(given, words, strict=True)]
    return frame.with_columns(pl.Series(name, cells, dtype=pl.String) for name, cells in said.items())


@pytest.fixture(scope="module", params=list(YEARS))
def country(request):
    """A set, a made-up country around it, and its population."""
    rules = ntm.load(request.param)
    places = _attested(generate(places=PLACES, year=YEARS[request.param], set=request.param, missing=0.01), rules)
    return rules, places, ntm.Population.of(places, rules)


@pytest.fixture(scope="module")
def older():
    """The same of 2016-2020 alone."""
    rules = ntm.load("commune/standard/2016-2020")
    places = _attested(generate(places=PLACES, year=2020, set=str(rules.id), missing=0.01), rules)
    return rules, places, ntm.Population.of(places, rules)


def verdicts(places, rules, **how):
    """The verdict on every place, judged by the whole set."""
    return ntm.evaluate_table(places, rules, **how).frame["verdict"].to_list()


def tally(codes):
    """How many places have which verdict."""
    counted = Counter(codes)
    return tuple(counted[code] for code in range(4))


def expected(places, before, sets, **how):
    """What `variants` must say of some sets, from the places judged again by each."""
    old = verdicts(places, before, **how)
    rows = []
    for at, rules in enumerate(sets):
        new = verdicts(places, rules, **how)
        gained = sum(b == 2 and a != 2 for a, b in zip(old, new, strict=True))
        lost = sum(a == 2 and b != 2 for a, b in zip(old, new, strict=True))
        rows.append((at, *tally(new), gained, lost))
    return rows


def with_figure(rules, address, figure, row=None, *, sign=None, node=None):
    """The set with another figure in the cells of a comparison of an indicator, by another road than the room's."""
    item = dict(rules.rows)[rules.local(address)]

    def instead(each):
        if each is node or (node is None and isinstance(each, Compare) and isinstance(each.measure, FactMeasure)):
            cells = tuple((path, figure if row is None or row in path else cell) for path, cell in each.threshold.cells)
            return attrs.evolve(each, threshold=attrs.evolve(each.threshold, cells=cells), sign=sign or each.sign)
        return each.with_parts(tuple(map(instead, each.parts))) if each.parts else each

    return with_requirement(rules, address, instead(item.require))


def with_requirement(rules, address, require):
    """The set with another requirement of an indicator."""
    item = dict(rules.rows)[rules.local(address)]
    new = attrs.evolve(item, require=require)
    criteria = tuple(
        attrs.evolve(each, indicators=tuple(new if known is item else known for known in each.indicators))
        for each in rules.criteria
    )
    return attrs.evolve(rules, criteria=criteria)


def comparisons(rules):
    """The indicators of a set that compare one figure, once, each with the comparison."""
    for address, item in rules.rows:
        nodes = [node for node in item.require.walk() if isinstance(node, Compare)]
        if len(nodes) == 1 and isinstance(nodes[0].measure, FactMeasure) and address[:1].isdigit():
            kind = rules.catalogue[nodes[0].fact].kind
            if kind is ntm.FactKind.NUMBER:
                yield address, nodes[0]


def figures_for(rules, node, places, random):
    """Thresholds about those of a comparison and about the figures of the places, in the fact's unit."""
    cells = [cell.value for _, cell in node.threshold.cells if isinstance(cell, ntm.Quantity)]
    held = [] if node.fact not in places.columns else places[node.fact].drop_nulls().to_list()
    picked = random.sample(held, min(2, len(held)))
    limit = rules.catalogue[node.fact].maximum
    found = [*cells[:1], *picked, Decimal(0), Decimal("33.33")]
    return list(dict.fromkeys(Decimal(each) for each in found if limit is None or each <= limit))


# --- sweeps -----------------------------------------------------------------------------------------------------


def test_a_sweep_counts_what_judging_again_gives(country):
    """For every comparison of the set, each threshold gives the verdicts of the set that has it."""
    rules, places, population = country
    random = Random(3)  # noqa: S311 - repeatable, no secret
    told, moved = 0, 0
    for address, node in random.sample(list(comparisons(rules)), 5):
        unit = rules.catalogue[node.fact].unit
        values = random.sample(figures_for(rules, node, places, random), 1)
        swept = population.sweep(address, values)
        assert swept["value"].to_list() == [str(value) for value in values]
        for value, record in zip(values, swept.select(WORDS).iter_rows(), strict=True):
            changed = with_figure(rules, address, ntm.Quantity(value, unit))
            assert record == tally(verdicts(places, changed)), (address, value)
            told += 1
            moved += record != tuple(population.tally.values())
    assert told == 5
    assert moved >= 1


def test_a_sweep_may_change_one_row_of_a_table(older):
    """Only the places of that row of the indicator's table are judged by another figure."""
    rules, places, population = older
    for row in ("red_river_delta", "mekong_delta"):
        swept = population.sweep("15/15.1", ["60 %", Decimal(99), 100], row=row)
        wanted = [with_figure(rules, "15/15.1", ntm.Quantity.parse(f"{each} %"), row) for each in (60, 99, 100)]
        assert swept.select(WORDS).rows() == [tally(verdicts(places, each)) for each in wanted]
        assert swept["value"].to_list() == ["60 %", "99", "100"]
    # A row of a table by region and year, one that no place is in, and one that is not there.
    assert population.sweep("10/10", [1], row="general").select(WORDS).rows() == [tuple(population.tally.values())]
    with pytest.raises(ValueError, match="atlantis"):
        population.sweep("15/15.1", [1], row="atlantis")


def test_a_sweep_of_a_row_that_may_be_a_place_s():
    """
    Where it is open whether a place is of the row swept, it is judged only where its other rows ask the same.

    In 2021-2025 a commune of which nobody says in which ethnic zone it is may be of its region's row or of that of the
    northern mountains.
    """
    name = "commune/standard/2021-2025"
    rules = ntm.load(name)
    places = _attested(generate(places=PLACES, year=2022, set=name, missing=0.01), rules)
    unsaid = pl.int_range(pl.len()) % 3 == 0
    places = places.with_columns(pl.when(unsaid).then(None).otherwise(pl.col("ethnic_zone")).alias("ethnic_zone"))
    population = ntm.Population.of(places, rules)
    open_, told = 0, 0
    for address in ("3/3.1", "10/10"):
        (node,) = (each for each in rules[address].require.walk() if isinstance(each, Compare))
        unit = rules.catalogue[node.fact].unit
        cells = dict.fromkeys(each.value for _, each in node.threshold.cells if isinstance(each, ntm.Quantity))
        values = [next(iter(cells)), Decimal("33.3")]
        for row in ("northern_midlands_and_mountains", "red_river_delta"):
            swept = population._swept(address, node, Fraction(1), row)
            open_ += len(swept.maybe)
            rows = population.sweep(address, values, row=row).select(WORDS).rows()
            for value, found in zip(values, rows, strict=True):
                changed = with_figure(rules, address, ntm.Quantity(value, unit), row)
                assert found == tally(verdicts(places, changed)), (address, row, value)
                told += 1
    assert open_ > 0
    assert told == 8


@pytest.mark.parametrize("sign", list(Sign))
def test_a_sweep_knows_every_sign(older, sign):
    """At least, more than, at most, less than, equal: also exactly at the figures that places have."""
    rules, places, _ = older
    held = sorted(set(places["health_insurance_share"].drop_nulls().to_list()))
    values = [held[len(held) // 2], Decimal("85.05")]
    base = with_figure(rules, "15/15.1", ntm.Quantity.parse("85 %"), sign=sign)
    swept = ntm.Population.of(places, base).sweep("15.1", values)
    wanted = [with_figure(base, "15/15.1", ntm.Quantity(value, "percent")) for value in values]
    assert swept.select(WORDS).rows() == [tally(verdicts(places, each)) for each in wanted]


def test_a_sweep_compares_in_units(older):
    """A quantity in another unit is the figure in the fact's own."""
    _, _, population = older
    given = ["40 triệu đồng/người/năm", "40000 nghìn đồng/người/năm", ntm.Quantity.parse("40000000 đồng/người/năm"), 40]
    assert len(set(population.sweep("10", given).select(WORDS).rows())) == 1


def test_a_sweep_takes_one_of_several_comparisons(older):
    """Where an indicator has several comparisons, the way to one says which is meant."""
    rules, places, population = older
    item = dict(rules.rows)["17/17.1"]
    node = item.require.part(("2",))
    for value in (10, 99):
        swept = population.sweep("17/17.1", [value], part=("2",)).select(WORDS).rows()
        changed = with_figure(rules, "17/17.1", ntm.Quantity(Decimal(value), "percent"), node=node)
        assert swept == [tally(verdicts(places, changed))]


@pytest.mark.parametrize("address", ["1/1.1", "17/17.1", "7", "2", "18", "13/13.2"])
def test_a_sweep_needs_one_figure(older, address):
    """A statement, several comparisons or none, a criterion of several rows: there is no one threshold to try."""
    with pytest.raises(ValueError, match=address):
        older[2].sweep(address, [1])


def test_a_sweep_needs_a_row_of_the_set(older):
    """A row that the set lacks is told as everywhere."""
    with pytest.raises(ntm.UnknownNameError):
        older[2].sweep("15/15.9", [1])


@pytest.mark.parametrize("accept", [ntm.Grade.RECALLED, ntm.Grade.SECONDARY])
@pytest.mark.parametrize(
    ("address", "row"), [("2/2.1", None), ("10/10", None), ("17/17.7", "mekong_delta"), ("12/12", None)]
)
def test_a_sweep_fills_in_what_is_open(older, address, row, accept):
    """A threshold that the law leaves open is as well evidenced as its cell; one that is not accepted stays closed."""
    rules, places, _ = older
    population = ntm.Population.of(places, rules, accept=accept)
    (node,) = (each for each in rules[address].require.walk() if isinstance(each, Compare))
    unit = rules.catalogue[node.fact].unit
    sets = [with_figure(rules, address, ntm.Quantity(Decimal(each), unit), row) for each in (20, 97)]
    swept = population.sweep(address, [20, 97], row=row).select(WORDS).rows()
    assert swept == [tally(verdicts(places, each, accept=accept)) for each in sets]


def test_a_sweep_of_an_open_boundary(older):
    """Where the law does not say what is so at the figure itself, places exactly there are open."""
    rules, places, _ = older
    item = dict(rules.rows)["15/15.1"]
    threshold = attrs.evolve(item.require.threshold, boundary_unstated=True)
    new = attrs.evolve(item, require=attrs.evolve(item.require, threshold=threshold))
    parts = tuple(new if each is item else each for each in rules["15"].indicators)
    criteria = tuple(attrs.evolve(each, indicators=parts) if each.number == "15" else each for each in rules.criteria)
    open_there = attrs.evolve(rules, criteria=criteria)
    held = places["health_insurance_share"].drop_nulls().mode()[0]
    swept = ntm.Population.of(places, open_there).sweep("15/15.1", [held]).select(WORDS).rows()
    changed = with_figure(open_there, "15/15.1", ntm.Quantity(held, "percent"))
    assert swept == [tally(verdicts(places, changed))]
    closed = with_figure(rules, "15/15.1", ntm.Quantity(held, "percent"))
    rows = [ntm.evaluate_table(places, each).frame["15/15.1"].to_list() for each in (changed, closed)]
    assert rows[0] != rows[1]


def test_a_sweep_of_no_values(older):
    """Nothing to try is no row."""
    assert older[2].sweep("15/15.1", []).rows() == []


def test_a_sweep_of_a_figure_that_is_not_there(older):
    """Where the table has no such column, only conclusions decide, whatever the threshold."""
    rules, places, _ = older
    without = places.drop("health_insurance_share")
    swept = ntm.Population.of(without, rules).sweep("15/15.1", [1, 100])
    assert swept.select(WORDS).rows() == [tally(verdicts(without, rules))] * 2


def test_a_sweep_of_what_is_derived():
    """A figure that is computed from others is compared by them, and by what is given where they are not there."""
    rules = ntm.load("province/task_completed/2021-2025")
    rows = 60
    random = Random(5)  # noqa: S311 - repeatable, no secret
    numbers = {
        name: [random.choice((None, 0, 1, 5, 7, 10)) for _ in range(rows)]
        for fact in ("planted_road_share", "provincial_public_green_land_per_person")
        for name in operands(rules.catalogue[fact].derived)
    }
    words = ["met", "met", None]
    said = {
        f"attested:{address}": [random.choice(words) for _ in range(rows)]
        for address, item in rules.rows
        if address[:1].isdigit()
    }
    places = pl.DataFrame({"name": ["A"] * rows, "province": ["Hà Nội"] * rows, **numbers, **said}, strict=False)
    population = ntm.Population.of(places, rules, year=2022)
    told = 0
    for address, node in comparisons(rules):
        if rules.catalogue[node.fact].derived is None:
            continue
        for value in (Decimal(0), Decimal(10), Decimal("70.5")):
            swept = population.sweep(address, [value]).select(WORDS).rows()
            changed = with_figure(rules, address, ntm.Quantity(value, rules.catalogue[node.fact].unit))
            assert swept == [tally(verdicts(places, changed, year=2022))]
            told += 1
    assert told


def test_a_sweep_of_what_is_judged_of_each_part(country):
    """A comparison of each of several parts has several figures; the whole set is judged again."""
    rules, places, population = country
    found = [
        (address, node)
        for address, item in rules.rows
        for each in item.require.walk()
        if isinstance(each, ForEach)
        for node in each.walk()
        if isinstance(node, Compare) and isinstance(node.measure, FactMeasure)
        if sum(isinstance(other, Compare) for other in item.require.walk()) == 1
    ]
    for address, node in found[:2]:
        unit = rules.catalogue[node.fact].unit
        swept = population.sweep(address, [1, "100 %"])
        wanted = [with_figure(rules, address, ntm.Quantity(Decimal(each), unit)) for each in (1, 100)]
        assert swept.select(WORDS).rows() == [tally(verdicts(places, each)) for each in wanted]
        assert swept["value"].to_list() == ["1", "100 %"]
    assert bool(found) == (rules.id.period == "2021-2025")


def test_the_comparison_would_notice(older, monkeypatch):
    """A sweep that forgot what departments concluded would be found out."""
    rules, places, population = older

    def rows(self, addresses, computed, scene, prefix="", *, steps=(9, 8)):
        """Rows on which no conclusion stands."""
        return [variants.RowColumns(address, column, 0) for address, column in zip(addresses, computed, strict=True)]

    wanted = tally(verdicts(places, with_figure(rules, "15/15.1", ntm.Quantity.parse("100 %"))))
    assert population.sweep("15/15.1", [100]).select(WORDS).row(0) == wanted
    monkeypatch.setattr(variants.Interpreter, "rows", rows)
    assert population.sweep("15/15.1", [100]).select(WORDS).row(0) != wanted


# --- variants ---------------------------------------------------------------------------------------------------


def scenario(rules, *edits, id="trial"):
    """An analyst's scenario of these edits."""
    return ntm.Revision(
        id=id,
        revises=str(rules.id),
        authority=ntm.RevisionAuthority.SCENARIO,
        author="An analyst",
        title=ntm.Text("Thử", "Trial"),
        edits=edits,
    )


def cell(at, figure, *row, part=()):
    """An edit of one cell."""
    return ntm.SetCell(at=at, part=part, row=row, cell=ntm.Quantity.parse(figure))


@pytest.mark.parametrize("accept", [ntm.Grade.RECALLED, ntm.Grade.TEXT])
def test_a_revision_of_any_cell_is_read_off(country, accept):
    """A scenario that sets one cell, and is cited there, is counted as judging by it again, without judging again."""
    rules, places, _ = country
    population = ntm.Population.of(places, rules, accept=accept)
    random = Random(11)  # noqa: S311 - repeatable, no secret
    cells_of = [
        (address, path, each)
        for address, node in comparisons(rules)
        if dict(rules.rows)[address].require == node
        for path, each in node.threshold.cells
        if isinstance(each, ntm.Quantity | ntm.Unstated | ntm.Delegated)
    ]
    sets = []
    for address, path, each in random.sample(cells_of, 6):
        node = dict(rules.rows)[address].require
        unit = rules.catalogue[node.fact].unit
        value = each.value - Decimal("0.5") if isinstance(each, ntm.Quantity) else Decimal(20)
        edit = ntm.SetCell(at=address, row=path, cell=ntm.Quantity(max(value, Decimal(0)), unit))
        sets.append(scenario(rules, edit).apply(rules))
    read_off = [population._read_off(each) for each in sets]
    wanted = [row[1:] for row in expected(places, rules, sets, accept=accept)]
    assert [tuple(found) for found in read_off if found is not None] == [
        row for row, found in zip(wanted, read_off, strict=True) if found is not None
    ]
    assert sum(found is not None for found in read_off) >= 4
    assert population.variants(sets).rows() == [(at, *row) for at, row in enumerate(wanted)]


def test_a_revision_of_what_each_part_needs_is_read_off():
    """A threshold that every part must reach is counted by the part that is furthest from it."""
    name = "commune/standard/2021-2025"
    rules = ntm.load(name)
    places = _attested(generate(places=PLACES, year=2022, set=name, missing=0.01), rules)
    random = Random(5)  # noqa: S311 - repeatable, no secret
    parts = [f"health_insurance_share__{part}" for part in ("men", "women")]
    shares = [[random.choice((None, 80.0, 89.9, 90.0, 95.5, 100.0)) for _ in range(PLACES)] for _ in parts]
    places = places.with_columns(pl.Series(part, its) for part, its in zip(parts, shares, strict=True))
    # Nobody has concluded what the figures tell.
    places = places.drop("attested:15/15.1")
    population = ntm.Population.of(places, rules)
    (node,) = (each for each in rules["15/15.1"].require.walk() if isinstance(each, Compare))
    assert len(population._columns(rules["15/15.1"].require, node)) == len(parts)
    edits = [
        ntm.SetCell(at="15/15.1", part=("1",), row=row, cell=ntm.Quantity.parse(f"{value} %"))
        for row, _ in node.threshold.cells
        for value in (80, 85, 96)
    ]
    sets = [scenario(rules, edit).apply(rules) for edit in random.sample(edits, 4)]
    sets.append(with_figure(rules, "15/15.1", ntm.Quantity.parse("89.95 %")))
    wanted = [row[1:] for row in expected(places, rules, sets)]
    assert [tuple(population._read_off(each)) for each in sets] == wanted
    assert len(set(wanted)) > 2


def test_variants_are_counted_as_judging_again_gives(older):
    """One cell, several, several rows, one that was open, one that asks nothing now, nothing: each as judged anew."""
    rules, places, population = older
    edits = [
        (),
        (cell("15/15.1", "60 %", "red_river_delta"),),
        (cell("15/15.1", "100 %", "red_river_delta"), cell("15/15.1", "100 %", "mekong_delta")),
        (cell("11/11", "50 %", "central_highlands"), cell("15/15.1", "99 %", "south_east")),
        (cell("17/17.1", "99 %", "mekong_delta", part=("2",)),),
        (cell("10/10", "1 triệu đồng/người/năm", "2020", "red_river_delta"),),
        (cell("2/2.1", "50 %"),),
        (ntm.SetCell(at="15/15.1", row=("red_river_delta",), cell=Nothing()),),
        (ntm.SetCell(at="9/9.1", row=("mekong_delta",), cell=ntm.Quantity.parse("5 nhà")),),
    ]
    revisions = [scenario(rules, *each) for each in edits]
    sets = [each.apply(rules) for each in revisions]
    counted = population.variants(revisions)
    assert counted.columns == ["variant", *WORDS, "gained", "lost"]
    assert counted.rows() == expected(places, rules, sets)
    assert population.variants(sets).rows() == counted.rows()
    assert counted.row(0) == (0, *population.tally.values(), 0, 0)
    assert sum(counted["lost"]) > 0


def test_variants_of_signs_and_forms(older):
    """Another sign, another requirement, another grade: what is not read off is judged again."""
    rules, places, population = older
    item = dict(rules.rows)["15/15.1"]
    held = ntm.Holds(fact="has_standard_electricity_system")
    unsure = attrs.evolve(item.source, evidence=ntm.Grade.RECALLED)

    def instead(**changes):
        new = attrs.evolve(item, **changes)
        criteria = tuple(
            attrs.evolve(each, indicators=tuple(new if row is item else row for row in each.indicators))
            for each in rules.criteria
        )
        return attrs.evolve(rules, criteria=criteria)

    node = item.require
    sets = [
        with_figure(rules, "15/15.1", ntm.Quantity.parse("85 %"), sign=Sign.LESS_THAN),
        instead(require=held),
        instead(source=unsure),
        instead(require=attrs.evolve(node, threshold=attrs.evolve(node.threshold, boundary_unstated=True))),
        instead(require=attrs.evolve(node, threshold=Table((), (((), ntm.Quantity.parse("90 %")),)))),
        instead(require=ntm.AnyOf(members=(node, held))),
    ]
    assert population.variants(sets).rows() == expected(places, rules, sets)


def test_variants_of_rows_and_axes(older):
    """A set with a row more, a row less or other axes has little in common with the one before: all is judged anew."""
    rules, places, population = older
    bare = ntm.Indicator("4.3", ntm.Text("Mới", "New"), ntm.Holds(fact="has_security_and_order"), rules["4.1"].source)
    more = tuple(
        attrs.evolve(each, indicators=(*each.indicators, bare)) if each.number == "4" else each
        for each in rules.criteria
    )
    region, *others = rules.axes
    changed = attrs.evolve(region, rules=(attrs.evolve(region.rules[0], row="mekong_delta"),))
    sets = [
        attrs.evolve(rules, criteria=more, counts=attrs.evolve(rules.counts, indicators=50)),
        attrs.evolve(rules, axes=(changed, *others)),
        with_figure(rules, "15/15.1", ntm.Quantity.parse("99 %")),
        attrs.evolve(rules, counts=attrs.evolve(rules.counts, criteria=20)),
    ]
    assert population.variants(sets).rows() == expected(places, rules, sets)


@pytest.mark.parametrize("seed", range(12))
def test_variants_of_any_set_are_counted_as_judging_again_gives(seed):
    """So are variants of random sets: another requirement in any row, and other axes."""
    random = Random(seed)  # noqa: S311 - repeatable, no secret
    rules = random_set(random)
    rows = [item.number for criterion_ in rules.criteria for item in criterion_.indicators]
    sets = [with_requirement(rules, random.choice(rows), random_requirement(random)) for _ in range(4)]
    sets.append(attrs.evolve(rules, axes=random_axes(random)))
    trees = [row.require for each in sets for _, row in each.rows]
    conditions_ = [node for each in sets for node in conditions(each.axes)]
    # All of them know all facts, as variants of packaged sets do.
    rules, *sets = (attrs.evolve(each, catalogue=catalogue_of((*trees, *conditions_))) for each in (rules, *sets))
    asking = attrs.evolve(rules, criteria=tuple(each for variant in sets for each in variant.criteria))
    places = random_table(asking, random, rows=40)
    assert ntm.Population.of(places, rules).variants(sets).rows() == expected(places, rules, sets)


def by_condition(rules, when):
    """A set whose places are judged as in the Mekong delta where a condition holds."""
    region, *others = rules.axes
    source = ntm.Source(ntm.Grade.TEXT)
    first = attrs.evolve(region.rules[0], row="mekong_delta", when=when, source=source)
    changed = attrs.evolve(region, rules=(first, attrs.evolve(region.rules[0], otherwise=True, source=source)))
    return attrs.evolve(rules, axes=(changed, *others))


def test_variants_whose_axes_ask_for_something_else(older):
    """Places that the set before treats alike are told apart where a variant's axes do: by figures and statements."""
    rules, places, _ = older
    share = FactMeasure("multidimensional_poverty_rate")
    places = places.with_columns(is_coastal_or_island=pl.Series([None, True, False, False] * (PLACES // 4)))
    conditions = [
        Compare(share, sign, Table.constant(ntm.Quantity.parse(limit)))
        for sign, limit in ((Sign.LESS_THAN, "3 %"), (Sign.AT_LEAST, "1.5 %"))
    ]
    conditions += [
        ntm.AnyOf(tuple(conditions)),
        ntm.Holds(fact="has_security_and_order"),
        ntm.Holds("unit.is_coastal_or_island"),
    ]
    sets = [by_condition(rules, each) for each in conditions]
    found = expected(places, rules, sets)
    assert ntm.Population.of(places, rules).variants(sets).rows() == found
    assert len({row[1:] for row in found}) == 4


def test_variants_whose_rows_ask_for_something_else(older):
    """So are they where a row asks for more of the place, or takes the threshold of a set that has other axes."""
    rules, places, _ = older
    places = places.with_columns(is_coastal_or_island=pl.Series([None, True, False, False] * (PLACES // 4)))
    elsewhere = Table.constant(ThresholdOf("commune/standard/2010-2015#11/11"))
    asked = [
        ntm.Holds("unit.is_coastal_or_island"),
        Compare(FactMeasure("multidimensional_poverty_rate"), Sign.LESS_THAN, elsewhere),
        ntm.Attains("commune/standard/2010-2015#11"),
    ]
    bare = attrs.evolve(rules, axes=(), criteria=rules.criteria[:1])
    first, *others = bare.criteria[0].indicators
    bare = attrs.evolve(bare, counts=attrs.evolve(rules.counts, criteria=1, indicators=1 + len(others)))
    places = places.drop([each for each in places.columns if each.startswith("attested:")])
    places = places.with_columns(pl.lit("met").alias(f"attested:1/{each.number}") for each in others)
    sets = [with_requirement(bare, first.number, each) for each in asked]
    assert ntm.Population.of(places, bare).variants(sets).rows() == expected(places, bare, sets)
    assert len({row[1:] for row in expected(places, bare, sets)}) > 1


def test_no_place_is_judged_by_another_provinces_decision(older):
    """A decision of one province is refused for the whole country, as a set and as a revision, but not by its own."""
    rules, places, population = older
    decision = ntm.read_revision("examples/provincial/commune-groups-2016-2020.yaml")
    for each in (decision, decision.apply(rules)):
        with pytest.raises(ntm.RevisionError):
            population.variants([each])
    with pytest.raises(ntm.RevisionError):
        ntm.Population.of(places, decision.apply(rules))
    own = places.filter(pl.col("province") == "Thái Nguyên")
    assert len(own)
    sets = [decision.apply(rules)]
    assert ntm.Population.of(own, rules).variants([decision]).rows() == expected(own, rules, sets)


def test_a_variant_without_a_row_that_was_concluded_on_is_refused(older):
    """A conclusion about a row that the variant lacks is not lost."""
    rules, _, population = older
    first, *others = rules.criteria
    fewer = attrs.evolve(rules, criteria=(attrs.evolve(first, indicators=first.indicators[:1]), *others))
    with pytest.raises(ntm.UnknownNameError):
        population.variants([fewer])


def test_variants_are_judged_in_any_number(older, monkeypatch):
    """More variants than are judged in one go are judged in several, in their order; none at all is no row."""
    rules, places, population = older
    monkeypatch.setattr(variants, "_AT_ONCE", 2)
    sets = []
    for insured, cultural in ((10, 90), (99, 10), (85, 70), (100, 100), (0, 0)):
        once = with_figure(rules, "15/15.1", ntm.Quantity(Decimal(insured), "percent"))
        sets.append(with_figure(once, "16/16", ntm.Quantity(Decimal(cultural), "percent")))
    assert population.variants(sets).rows() == expected(places, rules, sets)
    assert population.variants([]).rows() == []


def test_a_variant_of_the_newer_set(country):
    """Random figures in random rows of either set, many at once, one by one and together."""
    rules, places, population = country
    random = Random(11)  # noqa: S311 - repeatable, no secret
    rows = list(comparisons(rules))
    sets = []
    for _ in range(3):
        changed = rules
        for address, node in random.sample(rows, random.randint(1, 3)):
            value = random.choice(figures_for(rules, node, places, random))
            changed = with_figure(changed, address, ntm.Quantity(value, rules.catalogue[node.fact].unit))
        sets.append(changed)
    assert population.variants(sets).rows() == expected(places, rules, sets)


def test_variants_of_rows_that_others_ask_for():
    """Where a set asks for its own rows, those that ask are judged again too."""
    rules = ntm.load("district/standard/2021-2025")
    asking = ntm.Population.of(pl.DataFrame({"name": ["A"] * 4, "province": ["Hà Nội"] * 4}), rules, year=2022)
    assert asking.variants([rules]).rows() == [(0, *asking.tally.values(), 0, 0)]
    own = criteria_set(
        criterion("1", Compare(FactMeasure("a"), Sign.AT_LEAST, Table((), (((), ntm.Quantity.parse("2 %")),)))),
        criterion("2", ntm.Attains("commune/standard/2016-2020#1")),
    )
    places = pl.DataFrame({"name": ["A"] * 4, "region": ["red_river_delta"] * 4, "a": [1, 2, 3, None]})
    sets = [with_figure(own, "1/1.1", ntm.Quantity(Decimal(each), "percent")) for each in (1, 3, 9)]
    population = ntm.Population.of(places, own, year=2019)
    assert population.variants(sets).rows() == expected(places, own, sets, year=2019)
    assert [population.sweep("1", [each]).select(WORDS).row(0) for each in (1, 3, 9)] == [
        tally(verdicts(places, each, year=2019)) for each in sets
    ]


# --- the population ---------------------------------------------------------------------------------------------


def test_a_population_counts_places(country):
    """How many there are, and how many have which verdict."""
    rules, places, population = country
    assert len(population) == PLACES
    assert tuple(population.tally.values()) == tally(verdicts(places, rules))
    assert list(population.tally) == list(WORDS)


def test_a_population_is_of_one_day(older):
    """Places of several years or days are refused, and so is a table without any."""
    rules, places, _ = older
    mixed = places.head(4).with_columns(pl.Series("year", [2019, 2020, 2020, 2020]))
    with pytest.raises(DossierError) as caught:
        ntm.Population.of(mixed.drop("on", "set"), rules)
    assert [each.code.value for each in caught.value.problems] == ["NTM494"]
    assert all(caught.value.problems[0].render(lang) for lang in ("vi", "en"))
    with pytest.raises(DossierError):
        ntm.Population.of(places.head(0), rules)


def test_a_population_leaves_out_what_it_is_told_to(older):
    """Cells that can't be read stop, leave rows out or count as missing, as in a table of verdicts."""
    rules, _, _ = older
    places = {"name": ["A", "B"], "region": ["red_river_delta"] * 2, "health_insurance_share": ["85", "x"]}
    with pytest.raises(DossierError):
        ntm.Population.of(places, rules, year=2020)
    assert len(ntm.Population.of(places, rules, year=2020, on_error="skip")) == 1
    assert len(ntm.Population.of(places, rules, year=2020, on_error="undetermined")) == 2


def test_a_population_by_what_is_accepted(older):
    """A population judged by what was seen in the law sweeps by it, too."""
    rules, places, _ = older
    population = ntm.Population.of(places, rules, accept=ntm.Grade.TEXT)
    swept = population.sweep("15/15.1", [60, 100])
    wanted = [with_figure(rules, "15/15.1", ntm.Quantity(Decimal(each), "percent")) for each in (60, 100)]
    assert swept.select(WORDS).rows() == [tally(verdicts(places, each, accept=ntm.Grade.TEXT)) for each in wanted]
    assert population.variants(wanted).rows() == expected(places, rules, wanted, accept=ntm.Grade.TEXT)
