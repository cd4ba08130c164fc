from __future__ import annotations

import attrs
import pytest

from ntm_rules import evaluate
from ntm_rules.vocabulary.criteria import Axis, AxisRule
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.requirements import (
    AllOf,
    AnyOf,
    AppliesWhen,
    Authority,
    DecidedBy,
    Holds,
    IsOneOf,
    Sign,
    Table,
)
from ntm_rules.vocabulary.verdicts import ReasonCode, Verdict
from strategies import at_least, by_region, compare, criteria_set, criterion, dossier, only, percent, rule, verdict_of

MET, NOT_MET, OPEN = Verdict.MET, Verdict.NOT_MET, Verdict.UNDETERMINED

ZONE, SAFE = "unit.ethnic_zone", "unit.is_safe_zone"
IN_ZONE_II_OR_III = IsOneOf(subject="ethnic_zone", values=("II", "III"), of_place=True)
SPECIAL = AnyOf(members=(IN_ZONE_II_OR_III, Holds(fact=SAFE)))

#: Special communes use another region's thresholds, all others those of their own.
REPLACED = (Axis("region", (rule("mekong_delta", SPECIAL, Grade.SECONDARY), AxisRule("unit.region"))),)
BY_REGION = by_region(red_river_delta=percent(60), mekong_delta=percent(40))

URBAN = compare("agriculture_share", Sign.LESS_THAN, 10)


def groups(*, unordered, otherwise=True):
    """Groups of communes: next to towns, in the mountains, and the rest."""
    rest = (rule("rest", otherwise=True),) if otherwise else ()
    rules = (rule("urban", URBAN), rule("mountain", IN_ZONE_II_OR_III), *rest)
    return (Axis("group", rules, overlap_unstated=unordered),)


def by_group(**cells):
    """A table by group."""
    return Table(("group",), tuple(((row,), percent(cell)) for row, cell in cells.items()))


BY_GROUP = by_group(urban=80, mountain=40, rest=60)


def judged(axes, table, facts, **own):
    """The indicator's result by a table over some axes."""
    return evaluate(only(at_least("a", table), axes=axes), dossier({"a": 50} | facts), **own)["1.1"]


def row(result):
    """The row that the threshold was found in."""
    return dict(result.trace.reason.threshold.row)


# --- rules in an order ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "region", "verdict"),
    [
        ({ZONE: "III", SAFE: False}, "mekong_delta", MET),
        ({ZONE: "III"}, "mekong_delta", MET),
        ({SAFE: True}, "mekong_delta", MET),
        ({ZONE: "I", SAFE: False}, "red_river_delta", NOT_MET),
    ],
)
def test_the_first_rule_that_holds_takes_the_place(facts, region, verdict):
    """A special commune is judged by the thresholds of the row it is taken to, any other by those of its region."""
    result = judged(REPLACED, BY_REGION, facts)
    assert (row(result), result.verdict) == ({"region": region}, verdict)


def test_what_took_the_place_there_is_told_and_counts():
    """The rule stands with its citation, and its grade is part of what the verdict rests on."""
    result = judged(REPLACED, BY_REGION, {ZONE: "III"})
    (taken,) = result.trace.reason.threshold.taken_by
    assert (taken.axis, taken.row, taken.at) == ("region", "mekong_delta", 0)
    assert (str(taken.citation.locator), taken.citation.grade) == ("Article 1", Grade.SECONDARY)
    assert result.support.grade is Grade.SECONDARY
    assert judged(REPLACED, BY_REGION, {ZONE: "I", SAFE: False}).support.grade is Grade.TEXT


def test_a_rule_below_the_accepted_grade_takes_no_place():
    """What rests on a rule that is not accepted is undetermined; a place whose condition fails does not rest on it."""
    result = judged(REPLACED, BY_REGION, {ZONE: "III"}, accept=Grade.TEXT)
    assert [reason.code for reason in result.reasons] == [ReasonCode.GRADE_NOT_ACCEPTED]
    assert judged(REPLACED, BY_REGION, {ZONE: "I", SAFE: False}, accept=Grade.TEXT).verdict is NOT_MET


def test_a_worse_grade_of_the_condition_counts():
    """A condition with a source of its own passes its grade on; a rule without one is recalled."""
    recalled = attrs.evolve(REPLACED[0].rules[0], source=None)
    result = judged((Axis("region", (recalled, AxisRule("unit.region"))),), BY_REGION, {ZONE: "III"})
    assert result.support.grade is Grade.RECALLED
    assert result.provisional


def test_an_open_rule_asks_for_its_attributes():
    """Where it is open which row applies and the cells differ, what would decide it is named, each once."""
    result = judged(REPLACED, BY_REGION, {})
    (reason,) = result.reasons
    assert (result.verdict, reason.code, reason.names) == (OPEN, ReasonCode.MISSING_ATTRIBUTE, (ZONE, SAFE))
    assert reason.threshold.candidates == (("region", "mekong_delta"), ("region", "red_river_delta"))
    assert judged(REPLACED, BY_REGION, {SAFE: False}).reasons[0].names == (ZONE,)


def test_the_same_cell_in_every_row_asks_nothing():
    """Where all rows that may apply hold the same figure, it does not matter which does."""
    result = judged(REPLACED, by_region(red_river_delta=percent(60), mekong_delta=percent(60)), {"a": 70})
    assert (result.verdict, row(result)) == (MET, {})


def test_a_place_without_a_region_may_still_be_taken():
    """A rule that surely holds needs no region; without one, the region is asked for beside what is open."""
    rules = only(at_least("a", BY_REGION), axes=REPLACED)
    assert evaluate(rules, dossier({"a": 50, SAFE: True}, region=None))["1.1"].verdict is MET
    (reason,) = evaluate(rules, dossier({"a": 50, SAFE: False}, region=None))["1.1"].reasons
    assert reason.names == (ZONE, "unit.region")


def test_a_rule_whose_row_a_table_lacks_does_not_apply():
    """A substitution never applies to a table without that row: the next rule takes the place."""
    axes = (Axis("region", (rule("island", Holds(fact=SAFE)), AxisRule("unit.region"))),)
    assert row(judged(axes, BY_REGION, {SAFE: True})) == {"region": "red_river_delta"}
    with_row = Table(("region",), (*BY_REGION.cells, (("island",), percent(10))))
    assert row(judged(axes, with_row, {SAFE: True})) == {"region": "island"}


def test_a_condition_that_is_not_applicable_does_not_hold():
    """A condition that drops takes no place anywhere."""
    drops = AppliesWhen(condition=Holds(fact="p"), body=Holds(fact=SAFE))
    axes = (Axis("region", (rule("mekong_delta", drops), AxisRule("unit.region"))),)
    assert row(judged(axes, BY_REGION, {"p": False, SAFE: True})) == {"region": "red_river_delta"}


def test_no_rule_that_holds_leaves_no_row():
    """A place that no rule takes has no threshold, and that is said."""
    axes = groups(unordered=False, otherwise=False)
    result = judged(axes, by_group(urban=80, mountain=40), {"agriculture_share": 50, ZONE: "I"})
    assert [reason.code for reason in result.reasons] == [ReasonCode.ROW_NOT_COVERED]
    (reason,) = judged(axes, by_group(urban=80, mountain=80), {"agriculture_share": 50}).reasons
    assert (reason.code, reason.names) == (ReasonCode.MISSING_ATTRIBUTE, (ZONE,))


# --- rules without an order -------------------------------------------------------------------------------------


@pytest.mark.parametrize("unordered", [False, True])
@pytest.mark.parametrize(
    ("facts", "group"),
    [
        ({"agriculture_share": 5, ZONE: "I"}, "urban"),
        ({"agriculture_share": 50, ZONE: "II"}, "mountain"),
        ({"agriculture_share": 50, ZONE: "I"}, "rest"),
    ],
)
def test_groups(unordered, facts, group):
    """Each commune is in the group whose condition it meets, and in the rest where it meets none."""
    assert row(judged(groups(unordered=unordered), BY_GROUP, facts)) == {"group": group}


def test_an_overlap_is_ambiguous_where_the_law_names_no_order():
    """A commune that meets two conditions is undetermined, unless the cells agree or the law names an order."""
    facts = {"agriculture_share": 5, ZONE: "II"}
    (reason,) = judged(groups(unordered=True), BY_GROUP, facts).reasons
    assert (reason.code, reason.names) == (ReasonCode.ROW_AMBIGUOUS, ())
    assert reason.threshold.candidates == (("group", "urban"), ("group", "mountain"))
    assert row(judged(groups(unordered=False), BY_GROUP, facts)) == {"group": "urban"}
    assert judged(groups(unordered=True), by_group(urban=40, mountain=40, rest=60), facts).verdict is MET


def test_a_fact_may_decide_a_group_and_is_missed():
    """A figure that decides the group is used by the set, and is missing where it would decide."""
    rules = only(at_least("a", BY_GROUP), axes=groups(unordered=True))
    assert rules.used_facts == {"a", "agriculture_share"}
    result = evaluate(rules, dossier({"a": 50, ZONE: "I"}))
    assert result.missing_facts == ("agriculture_share",)
    assert not [finding for finding in result.findings if finding.subject == "agriculture_share"]


def test_what_is_open_by_the_law_itself_asks_for_nothing():
    """A condition that an authority has yet to write leaves the row open, though nothing is missing."""
    axes = (Axis("group", (rule("x", DecidedBy(authority=Authority.PROVINCE)), rule("y", otherwise=True))),)
    (reason,) = judged(axes, by_group(x=40, y=60), {}).reasons
    assert (reason.code, reason.names) == (ReasonCode.ROW_AMBIGUOUS, ())


# --- grades of columns ------------------------------------------------------------------------------------------


def test_a_requirement_without_a_table_takes_the_grade_of_the_row():
    """A statement is graded by the column that the place is taken to."""
    graded = (((("mekong_delta",), Grade.RECALLED)),)
    indicator = criterion("1", Holds(fact="p")).indicators[0]
    indicator = attrs.evolve(indicator, source=attrs.evolve(indicator.source, cells=graded))
    rules = criteria_set(attrs.evolve(criterion("1", Holds(fact="p")), indicators=(indicator,)), axes=REPLACED)
    facts = {"p": True, ZONE: "I", SAFE: False}
    assert evaluate(rules, dossier(facts))["1.1"].support.grade is Grade.TEXT
    assert evaluate(rules, dossier(facts | {ZONE: "III"}))["1.1"].support.grade is Grade.RECALLED


# --- the place itself -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("require", "facts", "verdict"),
    [
        (IN_ZONE_II_OR_III, {ZONE: "II"}, MET),
        (IN_ZONE_II_OR_III, {ZONE: "I"}, NOT_MET),
        (IN_ZONE_II_OR_III, {}, OPEN),
        (Holds(fact=SAFE), {SAFE: True}, MET),
        (Holds(fact=SAFE), {SAFE: False}, NOT_MET),
        (Holds(fact=SAFE), {}, OPEN),
        (IsOneOf(subject="region", values=("red_river_delta",), of_place=True), {}, MET),
        (AllOf(members=(Holds(fact=SAFE), Holds(fact="p"))), {SAFE: True, "p": True}, MET),
    ],
)
def test_what_a_place_is(require, facts, verdict):
    """What is known of the place meets a requirement or not; what is not known leaves it open."""
    result = evaluate(only(require), dossier(facts))
    assert result.verdict is verdict
    assert result.rules.used_facts == ({"p"} if "p" in facts else set())


@pytest.mark.parametrize(
    ("province", "verdict"),
    [("vn-2008/province/19", MET), ("vn-2008/province/01", NOT_MET), ("vn-2025/province/19", OPEN), (None, OPEN)],
)
def test_a_province_of_the_other_map_is_not_known(province, verdict):
    """Provinces are told apart on one map only."""
    require = IsOneOf(subject="province", values=("vn-2008/province/19", "vn-2008/province/02"), of_place=True)
    place = attrs.evolve(dossier().place, province=province)
    assert verdict_of(require, place=place) is verdict


def test_what_a_place_is_needs_an_accepted_grade():
    """A requirement of the place is law as any other: below the accepted grade it is not used."""
    result = evaluate(only(Holds(fact=SAFE), Grade.RECALLED), dossier({SAFE: True}), accept=Grade.TEXT)
    assert result["1.1"].reasons[0].code is ReasonCode.GRADE_NOT_ACCEPTED
