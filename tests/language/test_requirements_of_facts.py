"""Requirements on steps, categories and parts between document and value."""

from __future__ import annotations

import pytest

from criteria_strategies import CATALOGUE, INSTRUMENTS, REGISTER
from ntm_rules import CriteriaError
from ntm_rules.language import from_plain, parse_criteria_set, write_criteria_set
from ntm_rules.vocabulary.facts import ScaleStep
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.requirements import (
    AllOf,
    AppliesWhen,
    Authority,
    Candidate,
    Compare,
    Delegated,
    FactMeasure,
    ForEach,
    Holds,
    IsOneOf,
    Nothing,
    Sign,
    Table,
    Unstated,
)

FAIR, GOOD = ScaleStep("fair", "rating", 1), ScaleStep("good", "rating", 2)
WORDS = {"vi": "Chữ", "en": "Words"}


def document(require):
    """A criteria set of one indicator, as plain data."""
    indicator = {"number": "11", "title": WORDS, "require": require, "source": {"evidence": "text"}}
    return {
        "criteria_set": "commune/standard/2016-2020",
        "title": WORDS,
        "basis": "1980/QĐ-TTg",
        "in_force": {"from": "2016-12-01"},
        "counts": {"criteria": 19, "indicators": 49},
        "axes": {"region": [{"row": "unit.region"}]},
        "criteria": [{"number": "11", "title": WORDS, "indicators": [indicator]}],
    }


def parse(require):
    """The requirement, and how it is written again."""
    rules = parse_criteria_set(from_plain(document(require)), CATALOGUE, INSTRUMENTS, REGISTER)
    ((_, indicator),) = rules.indicators
    return indicator.require, write_criteria_set(rules)["criteria"][0]["indicators"][0]["require"]


def problems(require):
    """What is wrong with a requirement: codes, and the nearest right names."""
    with pytest.raises(CriteriaError) as caught:
        parse(require)
    return [(each.code.name, dict(each.params).get("nearest")) for each in caught.value.problems]


def merit(sign, cell):
    """A comparison of steps."""
    return Compare(measure=FactMeasure("merit"), sign=sign, threshold=Table.constant(cell))


TRAINED = {"fact": "trained", "at_least": "60 %"}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({"fact": "merit", "at_least": "fair"}, merit(Sign.AT_LEAST, FAIR)),
        ({"fact": "merit", "equals": "good"}, merit(Sign.EQUALS, GOOD)),
        ({"fact": "merit", "at_least": "unstated"}, merit(Sign.AT_LEAST, Unstated())),
        (
            {"fact": "merit", "at_least": {"decided_by": "province", "floor": "fair"}},
            merit(Sign.AT_LEAST, Delegated(Authority.PROVINCE, FAIR)),
        ),
        (
            {
                "fact": "merit",
                "at_least": {"unstated": "true", "candidate": {"value": "good", "evidence": "recalled"}},
            },
            merit(Sign.AT_LEAST, Unstated(Candidate(GOOD, Grade.RECALLED))),
        ),
        ({"fact": "supply", "is": "piped"}, IsOneOf(subject="supply", values=("piped",))),
        ({"fact": "supply", "is_one_of": ["own", "piped"]}, IsOneOf(subject="supply", values=("own", "piped"))),
        ({"for_each": "sex", "holds": "is_safe"}, ForEach(by="sex", require=Holds(fact="is_safe"))),
    ],
)
def test_forms(written, read):
    """Each form is read as it is meant and written as it was read."""
    assert parse(written) == (read, written)


def test_a_table_of_steps():
    """The cells of a table may be steps, ``none`` among them."""
    cells = {"red_river_delta": "good", "central_highlands": "none"}
    read, _ = parse({"fact": "merit", "at_least": {"by": "region", **cells}})
    assert read.threshold.cells == ((("red_river_delta",), GOOD), (("central_highlands",), Nothing()))


def test_one_value_in_a_list_is_one_value():
    """A list of one value is that value."""
    read, written = parse({"fact": "supply", "is_one_of": ["own"]})
    assert read == IsOneOf(subject="supply", values=("own",))
    assert written == {"fact": "supply", "is": "own"}


def test_both_spellings_of_for_each():
    """The form beside and the form beneath ``require`` are the same; the shorter one is written."""
    beside, written = parse({"for_each": "sex", **TRAINED})
    beneath, again = parse({"for_each": "sex", "require": TRAINED})
    assert beside == beneath
    assert written == again == {"for_each": "sex", **TRAINED}


def test_what_belongs_to_which():
    """A title beside belongs to the form, one above ``require`` to the whole; a condition beside comes first of all."""
    beside, _ = parse({"for_each": "sex", "id": "x", **TRAINED})
    assert (beside.id, beside.require.id) == (None, "x")
    beneath, written = parse({"for_each": "sex", "id": "x", "require": TRAINED})
    assert (beneath.id, beneath.require.id) == ("x", None)
    assert written == {"for_each": "sex", "require": TRAINED, "id": "x"}
    for body in (TRAINED, {"require": TRAINED}):
        whole, _ = parse({"for_each": "sex", "applies_when": {"holds": "has_plan"}, **body})
        assert isinstance(whole, AppliesWhen)
        assert isinstance(whole.body, ForEach)
        assert not whole.condition.parts


def test_groups_beneath_for_each():
    """A group stands beneath ``require``, and its members are read part by part; ``of_which`` may stand beside."""
    body = {"all_of": [TRAINED, {"holds": "is_safe"}]}
    read, written = parse({"for_each": "sex", "require": body})
    assert isinstance(read.require, AllOf)
    assert written == {"for_each": "sex", "require": body}
    of_which, _ = parse({"for_each": "sex", **TRAINED, "of_which": TRAINED})
    assert of_which.require.of_which


def test_a_condition_above_a_whole_for_each():
    """A condition and a body of the longer spelling are written apart."""
    require = {"applies_when": {"holds": "has_plan"}, "require": {"for_each": "sex", "require": {"any_of": [TRAINED]}}}
    read, written = parse(require)
    assert isinstance(read.body, ForEach)
    assert written == require


@pytest.mark.parametrize(
    ("require", "found"),
    [
        ({"fact": "merit", "at_least": "god"}, [("UNKNOWN_STEP", "good")]),
        ({"fact": "merit", "at_least": {"decided_by": "province", "floor": "fairr"}}, [("UNKNOWN_STEP", "fair")]),
        ({"fact": "supply", "is": "pipped"}, [("UNKNOWN_VALUE", "piped")]),
        ({"fact": "supply", "is_one_of": ["own", "pipd"]}, [("UNKNOWN_VALUE", "piped")]),
        ({"fact": "suply", "is": "piped"}, [("FACT_NOT_IN_CATALOGUE", "supply")]),
        ({"fact": "supply", "is": ["piped"]}, [("WRONG_TYPE", None)]),
        ({"fact": "supply", "is": "own", "is_one_of": ["own"]}, [("NO_SUCH_FORM", None)]),
        ({"fact": "supply", "at_least": "6 %"}, [("WRONG_KIND_OF_FACT", None)]),
        ({"fact": "merit", "is": "good"}, [("WRONG_KIND_OF_FACT", None)]),
        ({"for_each": "sexx", **TRAINED}, [("UNKNOWN_PART_LIST", "sex")]),
        ({"for_each": "sex", "fact": "water", "at_least": "6 %"}, [("FACT_WITHOUT_PARTS", None)]),
        ({"for_each": "sex", "fact": "content", "at_least": "6 %"}, [("FACT_WITHOUT_PARTS", None)]),
        ({"for_each": "sex", "require": {"any_of": [{"holds": "has_plan"}]}}, [("FACT_WITHOUT_PARTS", None)]),
        ({"for_each": "sex"}, [("NO_SUCH_FORM", None)]),
        ({"for_each": "sex", "any_of": [TRAINED]}, [("UNKNOWN_KEY", None)]),
        ({"for_each": ["sex"], **TRAINED}, [("WRONG_TYPE", None)]),
    ],
)
def test_what_is_wrong(require, found):
    """An unknown step, value or list is told with the nearest, and so is a fact that is not told by the parts."""
    assert problems(require) == found
