"""The column interpreter beside the evaluator of single places."""

from __future__ import annotations

from datetime import date
from random import Random

import attrs
import polars as pl
import pytest

import ntm_rules as ntm
from ntm_rules import Grade
from ntm_rules.population import interpreter, kleene
from ntm_rules.population.variants import Population
from ntm_rules.rulebook import set_names
from ntm_rules.vocabulary.requirements import AllOf, Compare, FactMeasure, RowMeasure, Sign, Table, ThresholdOf
from ntm_rules.vocabulary.verdicts import Verdict
from population_tables import differences, random_set, random_table, table_of
from strategies import (
    REGION,
    at_least,
    by_region,
    criteria_set,
    criterion,
    dossier,
    percent,
    source,
)


@pytest.mark.parametrize("name", set_names())
def test_every_packaged_set_gives_what_single_places_give(name):
    """Verdicts, tallies, contradictions and first reasons are those of the evaluator, whatever the table holds."""
    rules = ntm.load(name)
    year = min(2024, rules.in_force.first_day.year + 1) if rules.id.level.value == "district" else None
    for accept in (Grade.RECALLED, Grade.TEXT):
        assert differences(rules, table_of(rules, 7, year=year), accept) == []


@pytest.mark.parametrize("seed", range(40))
def test_any_set_gives_what_single_places_give(seed):
    """So do sets of random trees, over axes with conditions, where thresholds and lists are open."""
    random = Random(seed)  # noqa: S311 - repeatable, no secret
    rules = random_set(random)
    assert differences(rules, random_table(rules, random)) == []


@pytest.mark.parametrize("broken", ["no n/a", "no conflict", "zero over zero"])
def test_the_comparison_would_notice(broken, monkeypatch):
    """An interpreter that forgot what drops out, what contradicts or what divides by zero would be found out."""
    if broken == "no n/a":
        monkeypatch.setattr(kleene.Verdicts, "all_of", lambda self, parts: (self.logic.all(p.so for p in parts), False))
    elif broken == "no conflict":
        plain = interpreter.Interpreter.row

        def trusting(self, address, computed, scene):
            """A row on which any conclusion stands."""
            found = plain(self, address, computed, scene)
            return found if isinstance(found.conflict, int) else attrs.evolve(found, column=computed)

        monkeypatch.setattr(interpreter.Interpreter, "row", trusting)
    else:
        known = interpreter.Figures._figure

        def careless(self, quotient):
            """A quotient that compares 0 over 0, too."""
            found = known(self, quotient)
            return attrs.evolve(
                found, known=True, compare=lambda *how: found.compare(*how) | self.logic.expr(truth=True)
            )

        monkeypatch.setattr(interpreter.Figures, "_figure", careless)

    def found():
        for seed in range(40):
            random = Random(seed)  # noqa: S311 - repeatable, no secret
            rules = random_set(random)
            yield from differences(rules, random_table(rules, random))

    assert next(found(), None) is not None


def test_rows_of_a_set_are_counted():
    """A set that counts how many rows of another are met gives the count's verdict, with what is missing open."""
    revocation = ntm.load("revocation/commune/standard/2021-2025", on="2023-06-30")
    nodes = [node for _, row in revocation.rows for node in row.require.walk()]
    assert any(isinstance(getattr(node, "measure", None), RowMeasure) for node in nodes)
    for seed in range(3):
        assert differences(revocation, table_of(revocation, seed, year=2022), on=date(2022, 12, 31)) == []


@pytest.fixture
def rules_2020():
    """The set of 2016-2020."""
    return ntm.load("commune/standard/2016-2020")


def test_a_contradiction_is_told_by_its_number(rules_2020):
    """A figure that passes and a conclusion that it does not: what stands, and which contradiction it is."""
    table = {
        "name": ["A", "B"],
        "region": ["red_river_delta"] * 2,
        "multidimensional_poverty_rate": [1.5, 1.5],
        "attested:11/11": ["met", "not_met"],
    }
    frame = ntm.evaluate_table(table, rules_2020, year=2020).frame
    assert frame["conflicts"].to_list() == [0, 1]
    assert frame["11/11"].to_list() == [2, VERDICT_OF_RECALLED[frame["conflict:11/11"][1]]]


#: Whether the threshold's grade lets the figure stand (3) or leaves it open (2).
VERDICT_OF_RECALLED = {3: 2, 2: 1}


def test_codes_order_verdicts_as_kleene_does():
    """The codes of columns: not met below open below met; what does not apply stands apart."""
    assert [verdict.value for verdict in ntm.VERDICTS] == ["not_met", "undetermined", "met", "not_applicable"]
    assert ntm.VERDICTS[2] is Verdict.MET


def test_a_variant_counts_a_part_by_its_own_source():
    """A part with a source of its own counts by that, not by its row's, whatever was swept before."""
    table = by_region(red_river_delta=percent(50), mekong_delta=percent(40))
    part = AllOf(members=(at_least("a", table),), source=source(Grade.RECALLED))
    rules, other = (criteria_set(criterion("1", each)) for each in (part, with_threshold(part, 10)))
    places = pl.DataFrame({"name": ["x", "y"], "region": [REGION, "mekong_delta"], "year": [2020] * 2, "a": [60] * 2})
    for accept, expected in ((Grade.TEXT, Verdict.UNDETERMINED), (Grade.RECALLED, Verdict.MET)):
        population = Population.of(places, rules, accept=accept)
        population.sweep("1/1.1", [10], row=REGION)
        (tally,) = population.variants([other]).select(expected.value).rows()
        assert tally == (2,)
        assert ntm.evaluate(rules, dossier({"a": 60}), accept=accept).verdict is expected


def with_threshold(part, threshold):
    """A part with another threshold everywhere."""
    table = by_region(red_river_delta=percent(threshold), mekong_delta=percent(threshold))
    return attrs.evolve(part, members=(at_least("a", table),))


def test_of_a_figure_that_axes_compare_only_its_stretch_counts():
    """However many shares of agriculture a table has, there are four kinds of places: below 10 %, at, above, open."""
    rules = ntm.load("commune/standard/2026-2030")
    shares = [10.0, None, *(step / 1000 for step in range(3, 99_000, 100))]
    names = [f"Xã {at}" for at in range(len(shares))]
    table = pl.DataFrame({"name": names, "region": "south_east", "agriculture_economic_share": shares, "year": 2026})
    result = ntm.evaluate_table(table, rules)
    assert len(result.edge.combinations) == 4
    assert len({each.facts for each in result.edge.combinations}) == 4
    assert differences(rules, table.head(120)) == []


def test_thresholds_of_another_set_are_those_of_its_own_axes():
    """A set without axes that takes the threshold of one by region tells regions apart."""
    require = Compare(
        FactMeasure("multidimensional_poverty_rate"),
        Sign.AT_MOST,
        Table.constant(ThresholdOf("commune/standard/2016-2020#11/11")),
    )
    model = ntm.load("commune/model/2018-2020")
    criterion_ = attrs.evolve(
        model.criteria[0], indicators=(attrs.evolve(model.criteria[0].indicators[0], require=require),)
    )
    rules = attrs.evolve(model, criteria=(criterion_,), counts=attrs.evolve(model.counts, criteria=1, indicators=1))
    regions = [region for region, _ in ntm.places().regions]
    places = pl.DataFrame({"region": regions, "multidimensional_poverty_rate": 3.0, "year": 2020})
    places = places.with_columns(name=pl.Series([f"Xã {at}" for at in range(len(regions))]))
    assert differences(rules, places) == []
    assert len(set(ntm.evaluate_table(places, rules).frame["a/a.1"])) > 1
