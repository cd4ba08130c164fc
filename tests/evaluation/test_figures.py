from __future__ import annotations

from decimal import Decimal

import attrs
import pytest

from ntm_rules import evaluate
from ntm_rules.vocabulary.assessments import Finding, Gap
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.requirements import AllOf, AppliesWhen, ForEach, Holds, IsOneOf, Nothing, Sign
from ntm_rules.vocabulary.verdicts import FindingCode, ReasonCode, Support, Verdict
from strategies import (
    SEX,
    at_least,
    by_region,
    compare,
    criteria_set,
    criterion,
    dossier,
    of_year,
    only,
    percent,
    rating,
    said,
    value,
    verdict_of,
)

MET, NOT_MET, OPEN, DROPS = Verdict.MET, Verdict.NOT_MET, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE


def whole(require, facts=None, /, **own):
    """The assessment by a set of one indicator."""
    return evaluate(only(require), dossier(facts, **own))


def told(require, facts=None, /, **own):
    """Why the only indicator is what it is: verdict, codes, subjects."""
    result = whole(require, facts, **own)["1.1"]
    return result.verdict, [(reason.code, reason.subject, reason.part) for reason in result.reasons]


# --- steps ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sign", "verdicts"),
    [
        (Sign.AT_LEAST, [NOT_MET, MET, MET]),
        (Sign.MORE_THAN, [NOT_MET, NOT_MET, MET]),
        (Sign.AT_MOST, [MET, MET, NOT_MET]),
        (Sign.LESS_THAN, [MET, NOT_MET, NOT_MET]),
        (Sign.EQUALS, [NOT_MET, MET, NOT_MET]),
    ],
)
def test_steps_are_compared_by_rank(sign, verdicts):
    """Every sign compares steps by their place on the scale."""
    steps = [rating(step) for step in ("poor", "fair", "good")]
    assert [verdict_of(compare("step", sign, rating("fair")), {"step": step}) for step in steps] == verdicts


def test_a_gap_on_a_scale_is_told_in_steps():
    """The distance between two steps is a number of steps."""
    (reason,) = whole(at_least("step", rating("good")), {"step": rating("poor")})["1.1"].reasons
    assert reason.code is ReasonCode.BELOW_MINIMUM
    assert reason.gap == Gap(Decimal(2), "step")


def test_a_table_of_steps():
    """A table by region may hold steps and cells that ask nothing; a missing step is a missing fact."""
    table = by_region(red_river_delta=rating("good"), mekong_delta=Nothing())
    assert verdict_of(at_least("step", table), {"step": rating("fair")}) is NOT_MET
    assert verdict_of(at_least("step", table), {"step": rating("fair")}, region="mekong_delta") is DROPS
    result = whole(at_least("step", table))
    assert result.missing_facts == ("step",)


# --- categories -------------------------------------------------------------------------------------------------

CATEGORY = IsOneOf(subject="kind", values=("v", "w"))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"kind": "w"}, (MET, ReasonCode.IS_ONE_OF)),
        ({"kind": "x"}, (NOT_MET, ReasonCode.NOT_ONE_OF)),
        ({}, (OPEN, ReasonCode.CATEGORY_MISSING)),
        ({"kind": of_year("kind", "v", 2019)}, (OPEN, ReasonCode.FACT_OF_OTHER_YEAR)),
    ],
)
def test_a_category(facts, expected):
    """One of the values is met, another is not, and a missing one is missed by name."""
    result = whole(CATEGORY, facts)
    (reason,) = result["1.1"].reasons
    assert (result.verdict, reason.code) == expected
    assert reason.options == ("v", "w")
    assert result.missing_facts == (() if result.verdict.decided else ("kind",))


def test_a_category_is_a_statement():
    """What a category decides rests on a statement, and not on a grade that is not accepted."""
    assert whole(CATEGORY, {"kind": "v"})["1.1"].support == Support(Grade.TEXT, statement=True)
    refused = evaluate(only(CATEGORY, Grade.RECALLED), dossier({"kind": "v"}), accept=Grade.TEXT)["1.1"]
    assert [reason.code for reason in refused.reasons] == [ReasonCode.GRADE_NOT_ACCEPTED]
    assert refused.reasons[0].figure == value("kind", "v")
    nothing = evaluate(only(CATEGORY, Grade.RECALLED), dossier(), accept=Grade.TEXT)["1.1"]
    assert nothing.reasons[0].figure is None


# --- parts ------------------------------------------------------------------------------------------------------

BY_SEX = ForEach(by="sex", require=at_least("m", 60))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"m__men": 66, "m__women": 60}, (MET, [("m", "men"), ("m", "women")])),
        ({"m__men": 66, "m__women": "57.4"}, (NOT_MET, [("m", "women")])),
        ({"m": 61, "m__men": 66}, (OPEN, [("m", "women")])),
        ({"m__women": "57.4"}, (NOT_MET, [("m", "women")])),
        ({"m": 61}, (OPEN, [("m", "men"), ("m", "women")])),
        ({}, (OPEN, [("m", "men"), ("m", "women")])),
    ],
)
def test_each_part_is_judged(facts, expected):
    """Every part must pass; one that fails is enough to fail; a missing one is named, and no total stands in for it."""
    verdict, reasons = told(BY_SEX, facts)
    assert (verdict, [(subject, part) for _, subject, part in reasons]) == expected
    if verdict is OPEN:
        assert {code for code, _, _ in reasons} == {ReasonCode.PART_MISSING}
        assert whole(BY_SEX, facts).missing_facts == ("m",)


def test_a_part_has_the_period_and_document_of_the_whole():
    """A part without its own is of the period and document of its fact."""
    parts = {"m__men": 66, "m__women": 70}
    of_2019 = attrs.evolve(dossier(parts).facts[0], for_=of_year("m", 1, 2019).for_, document="d2")
    verdict, reasons = told(BY_SEX, {"m": of_2019})
    assert verdict is OPEN
    assert reasons == [(ReasonCode.FACT_OF_OTHER_YEAR, "m", part.id) for part in SEX.parts]
    assert of_2019.of_part("men").document == "d2"


def test_statements_and_groups_part_by_part():
    """Statements are read part by part too, in whatever stands in the body; a condition may drop every part."""
    body = AllOf(members=(Holds(fact="k"), at_least("m", 60)))
    both = {"m__men": 66, "m__women": 70, "k__men": True}
    assert told(ForEach(by="sex", require=body), both | {"k__women": False}) == (
        NOT_MET,
        [(ReasonCode.DECLARED_FALSE, "k", "women")],
    )
    assert told(ForEach(by="sex", require=body), both) == (OPEN, [(ReasonCode.PART_MISSING, "k", "women")])
    if_any = ForEach(by="sex", require=AppliesWhen(condition=Holds(fact="k"), body=at_least("m", 60)))
    assert if_any.may_drop
    assert verdict_of(if_any, {"k__men": False, "k__women": False}) is DROPS
    assert verdict_of(if_any, {"k__men": False, "k__women": True, "m__women": 50}) is NOT_MET


def test_a_list_that_is_not_at_hand_is_never_met():
    """Where the law's list of parts is not at hand, a part that fails decides; else it stays open."""
    require = ForEach(by="content", require=at_least("m", 60))
    assert told(require, {"m__first": 70}) == (OPEN, [(ReasonCode.PARTS_UNSTATED, "content", None)])
    assert told(require) == (OPEN, [(ReasonCode.PARTS_UNSTATED, "content", None)])
    assert told(require, {"m__second": 50, "m__first": 70}) == (NOT_MET, [(ReasonCode.BELOW_MINIMUM, "m", "second")])
    assert verdict_of(ForEach(by="no_such_list", require=at_least("m", 60)), {"m__first": 70}) is OPEN


def test_a_conclusion_covers_all_parts():
    """A conclusion on the row stands where parts are missing, and then nothing is asked for."""
    result = whole(BY_SEX, {"m__men": 66}, attestations=(said("1.1"),))
    assert result.verdict is MET
    assert result.missing_facts == ()


def test_a_part_above_its_whole_is_found_once():
    """A part above the figure it is a share of is one finding, however many parts say so."""
    require = ForEach(by="sex", require=AllOf(members=(at_least("m", 10), at_least("n", 10)), of_which=True))
    facts = {"m__men": 50, "m__women": 50, "n__men": 60, "n__women": 60}
    assert whole(require, facts).findings == (Finding(FindingCode.PART_EXCEEDS_WHOLE, "1/1.1", "n"),)
    steps = AllOf(members=(at_least("step", rating("poor")), at_least("m", 10)), of_which=True)
    assert not whole(steps, {"step": rating("poor"), "m": 50}).findings


# --- derived facts ----------------------------------------------------------------------------------------------

NEAR = at_least("near", 50)


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({"a": 1, "b": 2, "c": 3}, MET),
        ({"a": 1, "b": 2, "c": "3.0000000001"}, NOT_MET),
        ({"a": (1, 3), "b": (1, 3), "c": (2, 3)}, MET),
    ],
)
def test_a_derived_fact_is_exact(facts, verdict):
    """A derived figure is compared without rounding, counts within it too."""
    assert verdict_of(NEAR, facts) is verdict


@pytest.mark.parametrize(
    ("facts", "missing", "needs"),
    [
        ({}, ("near",), ()),
        ({"a": 1}, ("b", "c"), ("b", "c")),
        ({"c": 1}, ("total", "a", "b"), ("total", "a", "b")),
        ({"a": 1, "b": 1}, ("c",), ("c",)),
    ],
)
def test_what_a_derived_fact_lacks(facts, missing, needs):
    """It lacks those of its operands that are not given; with none given, it is itself what is missing."""
    result = whole(NEAR, facts)
    (reason,) = result["1.1"].reasons
    assert (reason.code, reason.subject) == (ReasonCode.MISSING_FACT, "near")
    assert reason.needs == needs
    assert result.missing_facts == missing


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"near": 60}, MET),
        ({"near": 60, "a": 1}, MET),
        ({"near": 40, "a": 1, "b": 2, "c": 3}, MET),
        ({"near": 60, "a": 0, "b": 0, "c": 0}, OPEN),
    ],
)
def test_counts_win_over_the_rate(facts, expected):
    """The rate itself counts where its operands are not all given; where they are, they win."""
    assert verdict_of(NEAR, facts) is expected


def test_nothing_to_divide_by():
    """Nothing over nothing is nothing to measure, wherever it stands in the derivation."""
    assert told(NEAR, {"a": 0, "b": 0, "c": 0}) == (OPEN, [(ReasonCode.NOTHING_TO_MEASURE, "near", None)])
    assert told(NEAR, {"a": (0, 0), "b": 1, "c": 1}) == (OPEN, [(ReasonCode.NOTHING_TO_MEASURE, "a", None)])


def times(number):
    """So many times as much."""
    return attrs.evolve(percent(number), unit="times")


@pytest.mark.parametrize(
    ("fact", "facts", "at_least_so_much", "verdict"),
    [
        ("turns", {"a": 4, "b": 2, "c": 1}, 0, MET),
        ("turns", {"a": 4, "b": 2, "c": 1}, "0.0001", NOT_MET),
        ("turns", {"a": 4, "b": 0, "c": 1}, 0, OPEN),
        ("turns", {"a": 4, "b": 2, "c": 0}, 0, OPEN),
        ("turned", {"a": 4, "b": 2, "c": 2}, "0.5", MET),
        ("turned", {"a": 0, "b": 2, "c": 2}, 0, OPEN),
        ("inverse", {"a": 4, "b": 1, "c": 3}, -2, MET),
        ("inverse", {"a": 4, "b": 1, "c": 3}, "-1.9", NOT_MET),
    ],
)
def test_derivations_in_one_another(fact, facts, at_least_so_much, verdict):
    """Sums, differences and ratios nest; a negative divisor turns nothing round; dividing by nothing leaves it open."""
    assert verdict_of(at_least(fact, times(at_least_so_much)), facts) is verdict


def test_an_operand_of_another_year():
    """An operand of another year makes the derived figure undetermined, and is asked for."""
    result = whole(NEAR, {"a": of_year("a", 1, 2019), "b": 2, "c": 3})
    assert [(reason.code, reason.subject) for reason in result["1.1"].reasons] == [(ReasonCode.FACT_OF_OTHER_YEAR, "a")]
    assert result.missing_facts == ("a",)
    assert whole(NEAR, {"a": of_year("a", 1, 2019), "b": 2}).missing_facts == ("a", "c")


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"total": "3.3", "a": "1.11", "b": "2.22"}, False),
        ({"total": "3.4", "a": "1.11", "b": "2.22"}, True),
        ({"total": 4, "a": 1}, False),
        ({"total": (4, 100), "a": 1, "b": 3}, False),
        ({"total": (4, 100), "a": 1, "b": 2}, True),
        ({"total": of_year("total", 9, 2019), "a": 1, "b": 3}, False),
        ({"a": 1, "b": 3}, False),
    ],
)
def test_a_rate_that_does_not_fit_its_counts_is_a_finding(facts, found):
    """A rate that is not what its counts give, rounded to its own digits, is found; the counts are judged."""
    result = whole(at_least("total", 1), facts)
    expected = (Finding(FindingCode.DERIVED_DISAGREES, subject="total"),) if found else ()
    assert result.findings == expected


def test_operands_are_used_facts():
    """What a derived fact is computed from is used by the set that asks for it."""
    rules = only(NEAR)
    assert rules.used_facts == {"near", "total", "a", "b", "c"}
    assert not evaluate(rules, dossier({"a": 1, "total": 3})).findings


def test_the_document_of_a_computed_figure():
    """A figure computed from figures of one document is of that document; of several, of none."""
    given = [attrs.evolve(value(fact, 2), document="d1") for fact in "ab"]
    step = next(whole(at_least("total", 1), {"a": given[0], "b": given[1]})["1.1"].trace.leaves)
    assert step.reason.figure.document == "d1"
    step = next(whole(at_least("total", 1), {"a": given[0], "b": 1})["1.1"].trace.leaves)
    assert step.reason.figure.document is None


# --- no definition ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("facts", [{}, {"undefined": 100}])
@pytest.mark.parametrize("require", [at_least("undefined", 50), ForEach(by="sex", require=at_least("undefined", 50))])
def test_a_fact_without_a_definition_decides_nothing(require, facts):
    """Where the law's way of counting is not at hand, no figure decides, and none is asked for."""
    result = whole(require, facts)
    assert {reason.code for reason in result["1.1"].reasons} == {ReasonCode.DEFINITION_UNSTATED}
    assert result.missing_facts == ()


def test_a_threshold_that_asks_nothing_needs_no_definition():
    """Where nothing is asked, it does not matter how it would be counted."""
    assert verdict_of(at_least("undefined", Nothing())) is DROPS


def test_statements_without_a_definition():
    """A statement whose meaning is not at hand decides nothing either."""
    assert told(Holds(fact="undefined"), {"undefined": True}) == (
        OPEN,
        [(ReasonCode.DEFINITION_UNSTATED, "undefined", None)],
    )


def test_two_parts_of_one_row_support_each_other():
    """What all parts decide rests on the weakest of their grades."""
    rules = criteria_set(criterion("1", BY_SEX, grade=Grade.SECONDARY))
    result = evaluate(rules, dossier({"m__men": 66, "m__women": 70}))["1.1"]
    assert result.support == Support(Grade.SECONDARY, statement=False)
    failing = evaluate(rules, dossier({"m__women": 50}))["1.1"]
    assert failing.support == Support(Grade.SECONDARY, statement=False)
    assert percent(66) == next(result.trace.leaves).reason.figure.quantity
