"""Steps, categories and parts in dossiers and tables."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from criteria_strategies import SHELF
from ntm_rules import DossierError
from ntm_rules.language import from_plain, parse_dossier, write_dossier
from ntm_rules.language.table import read_table
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import FactValue
from ntm_rules.vocabulary.facts import ScaleStep
from ntm_rules.vocabulary.quantities import Quantity

FAIR = ScaleStep("fair", "rating", 1)
PLACE = {"level": "commune", "name": "Phú Đình", "province": "Thái Nguyên"}
DOCUMENTS = {"d1": {"title": "Báo cáo"}, "d2": {}}


def document(facts):
    """A dossier with these facts."""
    return {"dossier": 1, "place": PLACE, "year": 2018, "documents": DOCUMENTS, "facts": facts}


def read(**facts):
    """The facts of a dossier, which is written as it was read."""
    dossier = parse_dossier(from_plain(document(facts)), SHELF)
    assert parse_dossier(from_plain(write_dossier(dossier)), SHELF) == dossier
    return dossier.facts


def problems(**facts):
    """What is wrong with these facts: codes, the line's path, the nearest right name."""
    with pytest.raises(DossierError) as caught:
        read(**facts)
    return [(each.code.name, each.where.path, dict(each.params).get("nearest")) for each in caught.value.problems]


def percent(value):
    """A percentage."""
    return Quantity(Decimal(value), "percent")


@pytest.mark.parametrize("written", ["fair", "Trung bình", "trung binh", "Trung bình (en)", {"value": "FAIR"}])
def test_steps(written):
    """A step is given by its id or a title, with or without diacritics."""
    assert read(merit=written) == (FactValue("merit", step=FAIR),)


def test_categories():
    """A category is given by the id or a title of one of its values, with period and document."""
    assert read(supply={"value": "tu cap", "for": 2017, "document": "d1"}) == (
        FactValue("supply", option="own", for_=PartialDate(2017), document="d1"),
    )


def test_parts():
    """Parts stand beside the total or alone, each as a fact would, by id or title, an empty one left out."""
    parts = {"men": "66 %", "Nữ": {"numerator": 574, "denominator": 1000, "document": "d2"}}
    women = FactValue("trained", None, Decimal(574), Decimal(1000), document="d2", part="women")
    men = FactValue("trained", percent(66), part="men")
    assert read(trained={"value": "61 %", "parts": parts, "document": "d1"}) == (
        FactValue("trained", percent(61), document="d1", parts=(men, women)),
    )
    (alone,) = read(trained={"parts": {"men": "66 %", "women": None}, "for": 2017})
    assert alone == FactValue("trained", parts=(men,), for_=PartialDate(2017))
    assert not alone.is_stated
    assert alone.of_part("women") is None
    assert read(is_safe={"parts": {"men": "có"}})[0].parts == (FactValue("is_safe", statement=True, part="men"),)
    assert read(trained={"value": "61 %", "parts": None}) == (FactValue("trained", percent(61)),)


def test_parts_of_a_list_that_is_not_at_hand():
    """Where the law's list is not at hand, parts may have any name that an id may have."""
    (value,) = read(content={"parts": {"roads": "80 %"}})
    assert [part.part for part in value.parts] == ["roads"]


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"merit": "god"}, [("NOT_A_STEP", "$.facts.merit", "good")]),
        ({"supply": "pipd"}, [("NOT_A_VALUE", "$.facts.supply", "piped")]),
        ({"trained": {"parts": {"womn": "6 %"}}}, [("UNKNOWN_PART", "$.facts.trained.parts.womn", "women")]),
        ({"content": {"parts": {"Roads!": "6 %"}}}, [("UNKNOWN_PART", "$.facts.content.parts['Roads!']", None)]),
        ({"poverty_rate": 1}, None),
        ({"merit": {"value": "good", "parts": {"men": "good"}}}, [("UNKNOWN_KEY", "$.facts.merit.parts", None)]),
        ({"merit": {"numerator": 1, "denominator": 2}}, [("MISSING_KEY", "$.facts.merit", None)]),
        ({"is_safe": {"parts": {"men": "maybe"}}}, [("NOT_YES_NO", "$.facts.is_safe.parts.men", None)]),
        ({"trained": {"parts": {"men": "66"}}}, [("UNIT_MISSING", "$.facts.trained.parts.men", None)]),
        ({"trained": {"parts": {"men": "6 %", "nam": "7 %"}}}, [("DUPLICATE_KEY", "$.facts.trained.parts.nam", None)]),
        ({"trained": {"document": "d1"}}, [("NO_SUCH_FORM", "$.facts.trained", None)]),
        ({"trained": {"parts": {}}}, None),
        ({"trained": {"parts": {"men": {"parts": {"men": "6 %"}}}}}, None),
        ({"trained": {"value": ["6 %"], "parts": {"men": "6 %"}}}, None),
        ({"trained": {"parts": "6 %"}}, None),
    ],
)
def test_what_is_wrong(facts, found):
    """What is no step, value or part is told at its place, with the nearest that is."""
    told = problems(**facts)
    assert told
    if found is not None:
        assert told == found


# --- tables -----------------------------------------------------------------------------------------------------


@pytest.fixture
def table(tmp_path: Path):
    """Read the one row of a table."""

    def rows(text: str):
        path = tmp_path / "communes.csv"
        path.write_text(text, encoding="utf-8")
        (row,) = read_table(path, SHELF)
        return row.outcome

    return rows


def test_columns_of_parts(table):
    """A part has a column of its own, by id or title; a decimal comma and a bare number are understood."""
    dossier = table("name,year,region,trained,trained__men,Lao động__Nữ,merit\nA,2020,Tây Nguyên,61,66,57.4 %,Khá\n")
    men, women = FactValue("trained", percent(66), part="men"), FactValue("trained", percent("57.4"), part="women")
    good = FactValue("merit", step=ScaleStep("good", "rating", 2))
    assert dossier.facts == (FactValue("trained", percent(61), parts=(men, women)), good)


def test_a_row_with_some_parts(table):
    """An empty cell is a missing part; a row may have parts without the total."""
    dossier = table("name;year;region;trained;trained__men;trained__women\nA;2020;Tây Nguyên;;;57,4\n")
    assert dossier.facts == (FactValue("trained", parts=(FactValue("trained", percent("57.4"), part="women"),)),)


def test_a_problem_in_a_part_is_told_in_its_column(table):
    """What is wrong with a part stands in its own cell."""
    error = table("name,year,region,trained__men\nA,2020,Tây Nguyên,x\n")
    assert isinstance(error, DossierError)
    assert [(each.code.name, each.where.line, each.where.column) for each in error.problems] == [("NOT_A_NUMBER", 2, 4)]


@pytest.mark.parametrize(
    ("heading", "nearest"), [("trained__womn", "trained__women"), ("merit__men", None), ("water__men", None)]
)
def test_columns_that_are_no_parts(table, heading, nearest):
    """A part that the fact has not, and a fact that has none, are no columns."""
    with pytest.raises(DossierError) as caught:
        table(f"name,year,region,{heading}\nA,2020,Tây Nguyên,6\n")
    (problem,) = caught.value.problems
    assert problem.code.name == "UNKNOWN_COLUMN"
    if nearest is not None:
        assert dict(problem.params)["nearest"] == nearest


def test_two_columns_of_one_part(table):
    """The same part in two columns is a problem, by whatever names."""
    with pytest.raises(DossierError) as caught:
        table("name,year,region,trained__men,trained__nam\nA,2020,Tây Nguyên,6,6\n")
    assert [problem.code.name for problem in caught.value.problems] == ["DUPLICATE_COLUMN"]
