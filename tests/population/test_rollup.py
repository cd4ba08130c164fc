"""Places beneath places in tables, beside the evaluator of single places."""

from __future__ import annotations

from random import Random

import polars as pl
import pytest

import ntm_rules as ntm
from ntm_rules import Grade
from ntm_rules.rulebook import facts, places
from population_tables import column_of, differences, table_of

SETS = (
    "district/standard/2010-2015",
    "district/standard/2016-2020",
    "district/standard/2021-2025",
    "district/advanced/2021-2025",
    "district/task_completed/2021-2025",
    "province/standard/2010-2015",
    "province/task_completed/2020",
    "province/task_completed/2021-2025",
)


def commune_set(year):
    """The standard of communes in force at the end of a year."""
    return ntm.find(ntm.Level.COMMUNE, on=f"{year}-12-31")


def beneath_of(rules, table, seed, year, rows=80):
    """Communes, and for a province districts, beneath the places of a table; some beneath none of them."""
    random = Random(seed)  # noqa: S311 - repeatable, no secret
    provinces = [*table["province"].to_list(), "vn-2008/province/01"]
    districts = table["name"].to_list() if rules.id.level is ntm.Level.DISTRICT else ["Huyện một", "Huyện hai"]
    communes = table_of(commune_set(year), seed, rows, year=year)
    at = [random.randrange(len(provinces)) for _ in range(rows)]
    named = [districts[each % len(districts)] for each in at]
    if rules.id.level is ntm.Level.PROVINCE:
        named = [random.choice(districts) for _ in at]
    regions = {each.id: each.region for each in places().provinces}
    above = [provinces[each] for each in at]
    own = [
        pl.Series("province", above),
        pl.Series("region", [regions[each] for each in above]),
        pl.Series("district", named),
        pl.Series("kind", [random.choice(("commune", "commune", "town", None)) for _ in at]),
        *facts_for(rules, random, rows, communes.columns),
    ]
    tables = [communes.with_columns(own)]
    if rules.id.level is ntm.Level.PROVINCE:
        pairs = [
            (province, name) for province in dict.fromkeys(provinces) for name in districts if random.random() < 0.8
        ]
        columns = {
            "level": ["district"] * len(pairs),
            "name": [name for _, name in pairs],
            "province": [province for province, _ in pairs],
            "year": [year] * len(pairs),
            "kind": [random.choice((None, "district_town", "provincial_city")) for _ in pairs],
        }
        below = pl.DataFrame(columns, schema_overrides={"kind": pl.String})
        tables.append(below.with_columns(facts_for(rules, random, len(pairs), below.columns)))
    return tables


def facts_for(rules, random, rows, known):
    """Columns of what a set asks of places beneath."""
    found = []
    for fact in sorted(rules.facts_beneath - set(known)):
        values = column_of([rules], facts()[fact], rows, random, 0.2)
        found.append(pl.Series(fact, values))
    return found


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_beneath_is_counted_as_for_single_places(name, seed):
    """Shares, counts and *every*, with exceptions and all that is open, are those of nested dossiers."""
    rules = ntm.load(name)
    year = {"2010-2015": 2014, "2016-2020": 2019, "2020": 2020}.get(rules.id.period, 2023)
    table = table_of(rules, seed, 6, year=year)
    table = table.with_columns(pl.Series("name", [f"Huyện {at}" for at in range(len(table))]))
    if rules.id.level is ntm.Level.PROVINCE:
        table = table.unique("province", maintain_order=True)
    beneath = beneath_of(rules, table, seed, year)
    for accept in (Grade.RECALLED, Grade.TEXT):
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
