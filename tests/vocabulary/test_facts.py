from __future__ import annotations

from decimal import Decimal

import pytest

from criteria_strategies import CATALOGUE, RATING, SEX
from ntm_rules.rulebook import facts
from ntm_rules.vocabulary.facts import (
    Difference,
    FactKind,
    Option,
    Ratio,
    ScaleStep,
    Sum,
    find_option,
    operands,
)
from ntm_rules.vocabulary.quantities import UNITS
from ntm_rules.vocabulary.text import Text


def test_catalogue():
    """A catalogue knows its facts by id and keeps their order."""
    ids = [fact.id for fact in CATALOGUE]
    assert len(CATALOGUE) == len(ids)
    assert "poverty" in CATALOGUE
    assert "povery" not in CATALOGUE
    assert CATALOGUE["poverty"] is CATALOGUE.get("poverty") is CATALOGUE.facts[0]
    assert CATALOGUE.get("povery") is None
    with pytest.raises(KeyError):
        CATALOGUE["povery"]


def test_packaged_facts_have_units():
    """Every packaged figure has a unit of the table, and no statement has one."""
    for fact in facts():
        assert (fact.unit in UNITS) is (fact.kind is FactKind.NUMBER)


@pytest.mark.parametrize("written", ["fair", "Trung bình", "trung binh", "Trung bình (en)", " FAIR "])
def test_a_step_is_known_by_id_or_title(written):
    """A step is found by its id or its title in either language, with or without diacritics."""
    assert RATING.step(written) == ScaleStep("fair", "rating", 1)
    assert RATING.step("excellent") is None


def test_an_option_whose_title_another_bears_is_known_by_its_id_alone():
    """Two options of one title are told apart by their ids only; an id comes before any title."""
    same = Text("Khá", "Good")
    options = (Option("a", same), Option("b", same), Option("good", Text("a", "c")))
    assert find_option(options, "Khá") is None
    assert find_option(options, "a") is options[0]
    assert find_option(options, "Good") is None
    assert find_option(options, "c") is options[2]


def test_steps_are_ordered_worst_first():
    """The rank of a step is the number of steps worse than it, and is what it is compared by."""
    ranks = [RATING.step(step.id).value for step in RATING.steps]
    assert ranks == [Decimal(0), Decimal(1), Decimal(2)]
    assert RATING.step("good").written() == "good"


def test_operands():
    """A derived fact names its operands in order, each once; the catalogue follows them to the end."""
    derived = Ratio(Sum(("a", Difference("b", "a"))), "c")
    assert operands(derived) == ("a", "b", "c")
    assert CATALOGUE.with_operands(["poverty", "rest_share"]) == ("poverty", "rest_share", "all_area", "plot", "road")
    assert CATALOGUE.with_operands(["no_such_fact"]) == ("no_such_fact",)


@pytest.mark.parametrize(
    ("operand", "dimension"),
    [
        ("plot", "area"),
        ("has_plan", None),
        ("no_such_fact", None),
        (Sum(("plot", "road")), "area"),
        (Difference("plot", "poverty"), None),
        (Sum(("has_plan", "has_plan")), None),
        (Ratio("plot", "road"), "ratio"),
        (Ratio("plot", "houses"), "area_per_house"),
        (Ratio("has_plan", "plot"), None),
        (Ratio("plot", "has_plan"), None),
    ],
)
def test_what_an_operand_measures(operand, dimension):
    """Sums and differences stay in one dimension, a ratio leaves it; what does not fit together measures nothing."""
    assert CATALOGUE.dimension(operand) == dimension


def test_scales_and_part_lists():
    """A catalogue knows its scales and lists of parts by id."""
    assert CATALOGUE.scale("rating") is RATING
    assert CATALOGUE.scale("ratings") is None
    assert CATALOGUE.part_list("sex") is SEX
    assert CATALOGUE.part_list("sexes") is None
