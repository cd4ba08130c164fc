"""Tables that stay in a database: judged in place as in memory."""

from __future__ import annotations

from itertools import cycle
from random import Random

import attrs
import polars as pl
import pytest

import ntm_rules as ntm
from ntm_rules.errors import DossierError, RevisionError
from ntm_rules.messages import LANGUAGES
from ntm_rules.population.country import generate
from population_tables import (
    SETS_WITH_PLACES_BENEATH,
    beneath_of,
    random_set,
    random_table,
    table_of,
    typed,
    year_of,
)

duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")

RULES = ntm.load("commune/standard/2016-2020")
INSURED = "health_insurance_share"
NOT_MET, OPEN, MET = range(3)


def relation(frame, connection=None, name="places"):
    """A frame as a relation of DuckDB, by way of its columns, with what type each has."""
    connection = connection or duckdb.connect()
    connection.from_arrow(frame.to_arrow()).create(name)
    return connection.table(name)


def rows(result):
    """The rows of a lazy result, once it has run."""
    return pl.from_arrow(result.frame.to_arrow_table())


def of_region(**columns):
    """Places of the Red River delta as a relation."""
    length = len(next(iter(columns.values())))
    return relation(
        pl.DataFrame(
            {"name": [f"Xã {at}" for at in range(length)], "region": ["red_river_delta"] * length, **columns},
            strict=False,
        )
    )


@pytest.mark.parametrize(("name", "year"), [("commune/standard/2016-2020", 2020), ("commune/standard/2010-2015", 2015)])
def test_a_table_in_a_database_is_judged_as_in_memory(name, year):
    """Every column of verdicts is the same, and nothing has run before it is asked for."""
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    rules = ntm.load(name)
    places = generate(set=name, year=year, places=126).drop("year", "set", "on", "level")
    said = [each for each in places.columns if each.startswith("attested:")]
    places = places.drop(said[5:])
    here = ntm.evaluate_table(places, rules, year=year)
    there = ntm.evaluate_table(relation(places), rules, year=year)
    assert isinstance(there, ntm.LazyResult)
    assert isinstance(there.frame, duckdb.DuckDBPyRelation)
    told = rows(there)
    assert told["unreadable"].to_list() == [0] * len(places)
    verdicts = [each for each in here.frame.columns if each not in {"row", *places.columns}]
    assert told.sort("name").select(verdicts).equals(here.frame.sort("name").select(verdicts))
    record = told.row(5, named=True)
    assessment = there.explain({heading: record[heading] for heading in places.columns})
    assert record["verdict"] == ntm.VERDICTS.index(assessment.verdict)
    assert record["15/15.1"] == ntm.VERDICTS.index(assessment["15/15.1"].verdict)


# Of these seeds the axes ask for figures that are more than compared, or for parts.
TOO_MANY_KINDS = (1, 3, 7, 8)


@pytest.mark.parametrize("seed", range(16))
def test_any_set_is_judged_in_a_database_as_in_memory(seed):
    """So are sets of random trees over axes with conditions, but for those that tell too many kinds of places apart."""
    random = Random(seed)  # noqa: S311 - repeatable, no secret
    rules = random_set(random)
    table = typed(random_table(rules, random, rows=60)).drop("total", strict=False)
    table = table.with_columns(name=pl.Series([f"Xã {at:02}" for at in range(60)]))
    here = ntm.evaluate_table(table, rules, year=2019, reasons=True).frame
    if seed in TOO_MANY_KINDS:
        with pytest.raises(DossierError) as caught:
            ntm.evaluate_table(relation(table), rules, year=2019, reasons=True)
        assert codes(caught) == ["NTM492"]
        return
    there = ntm.evaluate_table(relation(table), rules, year=2019, reasons=True)
    told = rows(there).sort("name")
    verdicts = [each for each in here.columns if each not in {"row", *table.columns}]
    assert told.select(verdicts).to_dicts() == here.sort("name").select(verdicts).to_dicts()


@pytest.mark.parametrize(
    ("name", "accept"), [*zip(SETS_WITH_PLACES_BENEATH[::2], cycle((ntm.Grade.RECALLED, ntm.Grade.TEXT)), strict=False)]
)
def test_places_beneath_are_counted_in_a_database_as_in_memory(name, accept):
    """Shares, counts and *every* are judged, grouped and joined in place, with the same verdicts and reasons."""
    rules = ntm.load(name)
    year = year_of(rules)
    table = table_of(rules, 1, 6, year=year)
    table = table.with_columns(pl.Series("name", [f"Huyện {at}" for at in range(len(table))]))
    if rules.id.level is ntm.Level.PROVINCE:
        table = table.unique("province", maintain_order=True)
    levels = [ntm.Level.COMMUNE, ntm.Level.DISTRICT]
    beneath = dict(zip(levels, map(typed, beneath_of(rules, table, 1, year)), strict=False))
    table = typed(table)
    connection = duckdb.connect()
    placed = {level: relation(each, connection, level.value) for level, each in beneath.items()}
    how = {"year": year, "accept": accept, "reasons": True}
    here = ntm.evaluate_table(table, rules, beneath=beneath, **how).frame
    there = ntm.evaluate_table(relation(table, connection), rules, beneath=placed, **how)
    told = rows(there).sort("name")
    assert told["unreadable"].sum() == told["unreadable_beneath"].sum() == 0
    verdicts = [each for each in here.columns if each not in {"row", *table.columns}]
    assert verdicts == [each for each in told.columns if each in set(verdicts)]
    assert told.select(verdicts).to_dicts() == here.sort("name").select(verdicts).to_dicts()


def test_names_are_told_apart_in_a_database_as_in_memory():
    """A commune is beneath the district that it names, whatever the case, the blanks and where the tone is put."""
    rules = ntm.load("district/standard/2016-2020")
    names = ["ĐỊNH HOÁ", " Định  Hóa", "Đinh Hóa", "\u0110i\u0323nh Ho\u0301a", None]
    communes = pl.DataFrame(
        {
            "name": ["a", "b", "c", "d", "e"],
            "district": names,
            "province": ["Thái Nguyên"] * 5,
            "health_insurance_share": [101.0, 101.0, 101.0, 85.0, 85.0],
            **{f"attested:{number}": ["met", "met", "not_met", "met", "not_met"] for number in range(1, 20)},
        }
    )
    districts = pl.DataFrame({"name": ["Định Hóa", "Đinh Hóa", "Đại Từ"], "province": ["Thái Nguyên"] * 3})
    connection = duckdb.connect()
    below = relation(communes, connection, "communes")
    told = rows(ntm.evaluate_table(relation(districts, connection), rules, year=2019, beneath=below)).sort("name")
    here = ntm.evaluate_table(districts, rules, year=2019, beneath=communes, on_error="undetermined").frame.sort("name")
    assert told["precondition/communes"].to_list() == here["precondition/communes"].to_list() == [NOT_MET, OPEN, MET]
    assert told["unreadable_beneath"].to_list() == [1, 0, 2]


def test_tables_of_two_engines_are_not_put_together():
    """Places beneath a table that stays where it is must be in the same engine."""
    with pytest.raises(DossierError) as caught:
        ntm.evaluate_table(of_region(**{INSURED: [85.0]}), RULES, year=2020, beneath=pl.DataFrame({"name": ["a"]}))
    assert codes(caught) == ["NTM495"]


def test_cells_that_are_not_read_are_missing_and_counted():
    """What no column can hold counts as missing; how many cells of a row were so is told."""
    figures = [85.0, float("nan"), 101.0, 0.1234567, None]
    told = rows(
        ntm.evaluate_table(
            of_region(**{INSURED: figures, "has_standard_electricity_system": ["Đạt", "có lẽ", "không", None, " "]}),
            RULES,
            year=2020,
        )
    ).sort("name")
    assert told["unreadable"].to_list() == [0, 2, 1, 1, 0]
    assert told["15/15.1"].to_list() == [MET, OPEN, OPEN, OPEN, OPEN]
    assert told["4/4.1"].to_list() == [MET, OPEN, NOT_MET, OPEN, OPEN]


def test_a_row_that_can_not_be_read_is_not_explained():
    """A row is explained as a dossier of its own, or told to be none."""
    result = ntm.evaluate_table(of_region(**{INSURED: [85.0]}), RULES, year=2020)
    (record,) = rows(result).to_dicts()
    assert result.explain(record)["15/15.1"].verdict is ntm.Verdict.MET
    with pytest.raises(DossierError):
        result.explain({**record, "region": "Bắc Âu"})


def codes(error):
    """The codes of problems, each of which is a sentence in both languages."""
    assert all(each.render(lang) for each in error.value.problems for lang in LANGUAGES)
    return [each.code.value for each in error.value.problems]


@pytest.mark.parametrize("heading", ["year", "on", "set", "level"])
def test_what_decides_on_the_set_is_no_column_in_place(heading):
    """All rows are of one set, level, year and day, which is told beforehand."""
    with pytest.raises(DossierError) as caught:
        ntm.evaluate_table(of_region(**{heading: ["2020"]}), RULES, year=2020)
    assert codes(caught) == ["NTM491"]


def test_too_many_kinds_of_places_are_refused(monkeypatch):
    """Where places could be of more kinds than can be tried out, it is told by which columns."""
    monkeypatch.setattr("ntm_rules.population.in_place.MOST_COMBINATIONS", 3)
    with pytest.raises(DossierError) as caught:
        ntm.evaluate_table(of_region(**{INSURED: [85.0]}), RULES, year=2020)
    assert codes(caught) == ["NTM492"]


def test_a_decision_of_one_province_is_refused():
    """What holds in one province only needs the rows to be looked at first."""
    decided = ntm.read_revision("examples/provincial/commune-groups-2016-2020.yaml").apply(RULES)
    with pytest.raises(RevisionError) as caught:
        ntm.evaluate_table(of_region(**{INSURED: [85.0]}), decided, year=2019)
    assert codes(caught) == ["NTM493"]
    everywhere = attrs.evolve(decided, overlays=tuple(attrs.evolve(each, territory=None) for each in decided.overlays))
    there = ntm.evaluate_table(of_region(**{INSURED: [85.0]}), everywhere, year=2019)
    assert rows(there)["15/15.1"].to_list() == [MET]
    with pytest.raises(RevisionError) as caught:
        ntm.evaluate_table(of_region(**{INSURED: [85.0]}), everywhere, year=2016)
    assert codes(caught) == ["NTM534"]


def test_headings_are_checked_before_anything_runs():
    """Headings are read as those of a table in memory, and a year is needed."""
    with pytest.raises(DossierError) as caught:
        ntm.evaluate_table(of_region(BHYT=[85.0]), RULES, year=2020)
    assert codes(caught) == ["NTM451"]
    told = ntm.evaluate_table(of_region(BHYT=[85.0]), RULES, year=2020, mapping={"BHYT": INSURED})
    assert rows(told)["15/15.1"].to_list() == [MET]
    with pytest.raises(DossierError) as caught:
        ntm.evaluate_table(of_region(**{INSURED: [85.0]}), RULES)
    assert codes(caught) == ["NTM452"]
