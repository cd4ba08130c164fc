"""Places beneath places in tables, beside the evaluator of single places."""

from __future__ import annotations

import polars as pl
import pytest

import ntm_rules as ntm
from ntm_rules import Grade
from population_tables import SETS_WITH_PLACES_BENEATH, beneath_of, differences, table_of, year_of


@pytest.mark.parametrize("name", SETS_WITH_PLACES_BENEATH)
@pytest.mark.parametrize(("seed", "accept"), [(1, Grade.RECALLED), (2, Grade.TEXT)])
def test_what_is_beneath_is_counted_as_for_single_places(name, seed, accept):
    """Shares, counts and *every*, with exceptions and all that is open, are those of nested dossiers."""
    rules = ntm.load(name)
    year = year_of(rules)
    table = table_of(rules, seed, 6, year=year)
    table = table.with_columns(pl.Series("name", [f"Huyện {at}" for at in range(len(table))]))
    if rules.id.level is ntm.Level.PROVINCE:
        table = table.unique("province", maintain_order=True)
    beneath = beneath_of(rules, table, seed, year)
    assert differences(rules, table, accept, beneath=beneath) == []


def test_without_a_table_beneath_nothing_is_known_of_it():
    """A set of districts judged without the communes leaves what asks for them open."""
    rules = ntm.load("district/standard/2016-2020")
    table = table_of(rules, 3, 6, year=2019)
    assert differences(rules, table) == []


def test_the_explanation_names_the_communes():
    """The assessment of a district's row lists the communes that its table holds, each with what it gave."""
    rules = ntm.load("district/standard/2016-2020")
    table = pl.DataFrame({"name": ["Định Hóa"], "province": ["Thái Nguyên"]})
    communes = pl.DataFrame(
        {
            "name": ["Phú Đình", "Sơn Phú", "Đâu đó"],
            "district": ["ĐỊNH HOÁ", "Định Hóa", "Đại Từ"],
            "province": ["Thái Nguyên"] * 3,
            **{f"attested:{number}": ["met", "not_met", "met"] for number in range(1, 20)},
        }
    )
    result = ntm.evaluate_table(table, rules, year=2019, beneath=communes)
    dossier = result.dossier(1)
    assert [each.place.name for each in dossier.sub_places.dossiers] == ["Phú Đình", "Sơn Phú"]
    assert result.frame["precondition/communes"].to_list() == [0]
    all_met = communes.with_columns(pl.lit("met").alias(f"attested:{number}") for number in range(1, 20))
    assert ntm.evaluate_table(table, rules, year=2019, beneath=all_met).frame["precondition/communes"].to_list() == [2]
