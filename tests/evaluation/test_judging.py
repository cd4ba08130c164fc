from __future__ import annotations

from decimal import Decimal
from itertools import product

import attrs
import pytest

from ntm_rules import evaluate
from ntm_rules.evaluation.axes import rows_of
from ntm_rules.evaluation.context import terms
from ntm_rules.vocabulary.assessments import Gap
from ntm_rules.vocabulary.criteria import Criterion, Indicator
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.instruments import Grade, Source
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.requirements import (
    GENERAL,
    AllOf,
    AnyOf,
    AppliesWhen,
    AtLeastNOf,
    Authority,
    Candidate,
    Compare,
    DecidedBy,
    Delegated,
    Holds,
    Nothing,
    Sign,
    Table,
    Unstated,
    When,
)
from ntm_rules.vocabulary.verdicts import ReasonCode, Support, Verdict
from strategies import (
    REGION,
    at_least,
    by_region,
    compare,
    criteria_set,
    criterion,
    dossier,
    of_year,
    only,
    percent,
    source,
    verdict_of,
    words,
)

MET, NOT_MET, OPEN, DROPS = Verdict.MET, Verdict.NOT_MET, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE


def judged(require, facts=None, *, grade=Grade.TEXT, accept=Grade.RECALLED, timeless=frozenset(), **own):
    """The result of the only indicator."""
    return evaluate(only(require, grade, timeless=timeless), dossier(facts, **own), accept=accept)["1.1"]


def codes(result):
    """The reasons as codes."""
    return [reason.code for reason in result.reasons]


# --- comparisons ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sign", "below", "at", "above"),
    [
        (Sign.AT_LEAST, ReasonCode.BELOW_MINIMUM, None, None),
        (Sign.MORE_THAN, ReasonCode.BELOW_MINIMUM, ReasonCode.BELOW_MINIMUM, None),
        (Sign.AT_MOST, None, None, ReasonCode.ABOVE_MAXIMUM),
        (Sign.LESS_THAN, None, ReasonCode.ABOVE_MAXIMUM, ReasonCode.ABOVE_MAXIMUM),
        (Sign.EQUALS, ReasonCode.NOT_EQUAL, None, ReasonCode.NOT_EQUAL),
    ],
)
def test_each_sign_below_at_and_above_its_threshold(sign, below, at, above):
    """Each sign fails on its own sides of the threshold, and says in which direction."""
    for figure, code in (("49.999", below), ("50", at), ("50.0", at), ("50.001", above)):
        result = judged(compare("a", sign, 50), {"a": figure})
        assert result.verdict is (MET if code is None else NOT_MET)
        assert codes(result) == [code or ReasonCode.REACHES_THRESHOLD]


@pytest.mark.parametrize(
    ("counts", "threshold", "verdict"),
    [
        ((1, 3), "33.3", MET),
        ((1, 3), "33.33333333333333333333333333", MET),
        ((1, 3), "33.34", NOT_MET),
        ((2, 3), "66.67", NOT_MET),
        ((2, 3), "66.66", MET),
        ((1, 2), "50", MET),
        ((0, 7), "0", MET),
        ((7, 7), "100", MET),
    ],
)
def test_a_share_given_by_counts_is_compared_exactly(counts, threshold, verdict):
    """One of three is more than 33.3 % and less than 33.34 %: the share is never rounded before it is compared."""
    assert verdict_of(at_least("a", threshold), {"a": counts}) is verdict


def test_counts_win_over_the_printed_share():
    """Two of three printed as 66.67 % does not reach 66.67 %."""
    printed = attrs.evolve(of_year("a", (2, 3), 2020), quantity=percent("66.67"))
    assert verdict_of(at_least("a", "66.67"), {"a": printed}) is NOT_MET


def test_three_times_a_tenth_is_three_tenths():
    """A figure at exactly the threshold meets it where a float would miss it."""
    figure = Decimal("0.1") * 3
    assert float("0.1") * 3 > 0.3
    assert verdict_of(compare("a", Sign.AT_MOST, "0.3"), {"a": figure}) is MET
    assert verdict_of(compare("a", Sign.EQUALS, "0.3"), {"a": figure}) is MET


@pytest.mark.parametrize("sign", Sign)
def test_nothing_to_take_a_share_of(sign):
    """Zero of zero decides nothing, under any sign."""
    result = judged(compare("a", sign, 50), {"a": (0, 0)})
    assert (result.verdict, codes(result)) == (OPEN, [ReasonCode.NOTHING_TO_MEASURE])


def test_a_missing_figure():
    """A figure that is missing leaves the comparison open and is named."""
    result = judged(at_least("a", 50))
    assert (result.verdict, codes(result), result.reasons[0].subject) == (OPEN, [ReasonCode.MISSING_FACT], "a")


@pytest.mark.parametrize("verdict", [MET, NOT_MET])
def test_an_unclear_boundary(verdict):
    """Where the text does not say whether the threshold itself is enough, only that very figure is open."""
    table = attrs.evolve(Table.constant(percent(10)), boundary_unstated=True)
    require = compare("a", Sign.LESS_THAN if verdict is MET else Sign.MORE_THAN, table)
    assert verdict_of(require, {"a": "9.99"}) is verdict
    result = judged(require, {"a": "10.00"})
    assert (result.verdict, codes(result)) == (OPEN, [ReasonCode.BOUNDARY_UNSTATED])
    assert result.reasons[0].gap == Gap(Decimal(0), "percent")


# --- gaps -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figure", "sign", "threshold", "gap"),
    [
        ("47.5", Sign.AT_LEAST, "50", Gap(Decimal("2.5"), "percent")),
        ("11.20", Sign.AT_MOST, "12", Gap(Decimal("0.80"), "percent")),
        ("50", Sign.AT_LEAST, "50", Gap(Decimal(0), "percent")),
        ("5", Sign.EQUALS, "0", Gap(Decimal(5), "percent")),
        ((1, 8), Sign.AT_LEAST, "50", Gap(Decimal("37.5"), "percent")),
        ((1, 3), Sign.AT_LEAST, "50", Gap(Decimal("16.67"), "percent", exact=False)),
        ((131, 1170), Sign.AT_MOST, "12", Gap(Decimal("0.8"), "percent", exact=False)),
        ((100001, 200000), Sign.AT_LEAST, "50", Gap(Decimal("0.0005"), "percent")),
        ((1000001, 3000000), Sign.AT_LEAST, "33.3333", Gap(Decimal("0.00006667"), "percent", exact=False)),
    ],
)
def test_the_distance_to_the_threshold(figure, sign, threshold, gap):
    """The gap is exact where it has a finite decimal of four places, else rounded and marked; it is never negative."""
    assert judged(compare("a", sign, threshold), {"a": figure}).reasons[0].gap == gap


def test_what_is_not_compared_has_no_gap():
    """A missing figure, a closed cell and a statement are no distance from anything."""
    for require, facts in (
        (at_least("a", 50), {}),
        (at_least("a", Unstated()), {"a": 50}),
        (Holds(fact="p"), {"p": True}),
    ):
        assert judged(require, facts).reasons[0].gap is None


# --- the year ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("require", "written"), [(at_least("a", 50), 60), (Holds(fact="a"), True)])
@pytest.mark.parametrize(("year", "timeless", "verdict"), [(2019, False, OPEN), (2019, True, MET), (2020, False, MET)])
def test_a_value_of_another_year(require, written, year, timeless, verdict):
    """A value of another year decides nothing, unless its fact stays true from year to year."""
    facts = {"a": of_year("a", written, year)}
    result = judged(require, facts, timeless=frozenset({"a"} if timeless else ()))
    assert result.verdict is verdict
    assert (codes(result) == [ReasonCode.FACT_OF_OTHER_YEAR]) is (verdict is OPEN)


def test_a_value_of_another_year_that_no_catalogue_defines():
    """A fact that the catalogue does not hold is not taken for timeless."""
    rules = attrs.evolve(only(at_least("a", 50)), catalogue=attrs.evolve(only(Holds(fact="p")).catalogue))
    assert evaluate(rules, dossier({"a": of_year("a", 60, 2019)})).verdict is OPEN


def test_a_value_of_a_day_in_the_year():
    """A value dated to a month or a day of the year judged counts."""
    value = attrs.evolve(of_year("a", 60, 2020), for_=PartialDate(2020, 6, 30))
    assert verdict_of(at_least("a", 50), {"a": value}) is MET


# --- the cell ---------------------------------------------------------------------------------------------------

CANDIDATE = Unstated(Candidate(percent(50), Grade.RECALLED))


@pytest.mark.parametrize(
    ("cell", "verdict", "code"),
    [
        (Unstated(), OPEN, ReasonCode.THRESHOLD_UNSTATED),
        (CANDIDATE, OPEN, ReasonCode.THRESHOLD_UNSTATED),
        (Delegated(Authority.PROVINCE), OPEN, ReasonCode.THRESHOLD_OPEN),
        (Delegated(Authority.MINISTRY, percent(50)), OPEN, ReasonCode.THRESHOLD_OPEN),
        (Nothing(), DROPS, ReasonCode.ASKS_NOTHING),
    ],
)
@pytest.mark.parametrize("facts", [{}, {"a": 0}, {"a": 100}])
def test_a_cell_without_a_figure(cell, verdict, code, facts):
    """A cell that holds no figure gives its own verdict and reason, whatever the dossier says."""
    for table in (Table.constant(cell), by_region(**{REGION: cell})):
        result = judged(at_least("a", table), facts)
        assert (result.verdict, codes(result)) == (verdict, [code])
        assert result.reasons[0].threshold.value is None


def test_the_row_of_the_region():
    """A place is compared with the cell of its own region, which the result names."""
    table = by_region(general=percent(10), red_river_delta=percent(90), mekong_delta=percent(70))
    result = judged(at_least("a", table), {"a": 80}, region="mekong_delta")
    assert result.verdict is MET
    assert result.reasons[0].threshold.row == (("region", "mekong_delta"),)
    assert judged(at_least("a", table), {"a": 80}).verdict is NOT_MET


def test_the_general_column_is_never_applied():
    """A region without a cell is not covered; the general column does not stand in for it."""
    result = judged(at_least("a", by_region(general=percent(10))), {"a": 80})
    assert (result.verdict, codes(result)) == (OPEN, [ReasonCode.ROW_NOT_COVERED])


def test_a_place_of_unknown_region():
    """Without its region a place is undetermined, unless every region's cell is the same."""
    rows = {REGION: percent(10), "mekong_delta": percent(20), GENERAL: percent(10)}
    result = judged(at_least("a", by_region(**rows)), {"a": 80}, region=None)
    assert (result.verdict, codes(result)) == (OPEN, [ReasonCode.MISSING_ATTRIBUTE])
    same = rows | {"mekong_delta": percent(10), GENERAL: percent(90)}
    assert verdict_of(at_least("a", by_region(**same)), {"a": 80}, region=None) is MET
    assert verdict_of(at_least("a", 10), {"a": 80}, region=None) is MET


BY_YEAR = Table(
    ("year", "region"),
    (
        (("2019",), Unstated()),
        (("2020", "mekong_delta"), percent(20)),
        (("2021",), percent(30)),
    ),
)


@pytest.mark.parametrize(
    ("year", "region", "code"),
    [
        (2018, "mekong_delta", ReasonCode.YEAR_NOT_COVERED),
        (2019, "mekong_delta", ReasonCode.THRESHOLD_UNSTATED),
        (2020, "mekong_delta", ReasonCode.REACHES_THRESHOLD),
        (2020, REGION, ReasonCode.ROW_NOT_COVERED),
        (2021, REGION, ReasonCode.REACHES_THRESHOLD),
    ],
)
def test_a_table_by_year_and_region(year, region, code):
    """A year without a row, a region without a row, and a row that holds for all regions are told apart."""
    assert codes(judged(at_least("a", BY_YEAR), {"a": 50}, year=year, region=region)) == [code]


def test_a_table_by_region_and_then_year():
    """The year is missing if no row names it, whichever axis comes first."""
    table = Table(("region", "year"), (((REGION, "2019"), percent(20)),))
    assert codes(judged(at_least("a", table), {"a": 50})) == [ReasonCode.YEAR_NOT_COVERED]
    assert codes(judged(at_least("a", table), {"a": 50}, year=2019)) == [ReasonCode.REACHES_THRESHOLD]
    assert codes(judged(at_least("a", table), {"a": 50}, year=2019, region="x")) == [ReasonCode.ROW_NOT_COVERED]


# --- grades -----------------------------------------------------------------------------------------------------

ACCEPTED = [(grade, accept) for grade, accept in product(list(Grade)[:3], Grade)]


@pytest.mark.parametrize("require", [at_least("a", 50), at_least("a", Nothing()), Holds(fact="p")])
@pytest.mark.parametrize(("grade", "accept"), ACCEPTED)
def test_cells_below_the_grade_accepted_count_as_unstated(require, grade, accept):
    """A cell, a figure that asks nothing too, is used only if it is graded at least as well as asked for."""
    result = judged(require, {"a": 60, "p": True}, grade=grade, accept=accept)
    assert result.verdict.decided is (grade.rank <= accept.rank)
    if not result.verdict.decided:
        assert codes(result) == [ReasonCode.GRADE_NOT_ACCEPTED]


def test_the_grade_is_that_of_the_cell():
    """The grade of the general column says nothing of the region's own cell."""
    table = by_region(general=percent(50), red_river_delta=percent(50), mekong_delta=percent(50))
    graded = source(Grade.RECALLED, cells=((("general",), Grade.TEXT), (("mekong_delta",), Grade.SECONDARY)))
    rules = criteria_set(Criterion("1", words("x"), (Indicator("1.1", words("x"), at_least("a", table), graded),)))
    for region, grade in ((REGION, Grade.RECALLED), ("mekong_delta", Grade.SECONDARY)):
        result = evaluate(rules, dossier({"a": 60}, region=region))["1.1"]
        assert result.support == Support(grade, statement=False)
        assert result.provisional is (grade is Grade.RECALLED)


def test_the_grade_of_a_statement_is_that_of_the_own_column():
    """A row without a table is graded by the place's own column, as a table is by its cell."""
    graded = source(Grade.RECALLED, cells=((("general",), Grade.TEXT), (("mekong_delta",), Grade.SECONDARY)))
    rules = criteria_set(Criterion("1", words("x"), (Indicator("1.1", words("x"), Holds(fact="p"), graded),)))
    for region, grade in ((REGION, Grade.RECALLED), ("mekong_delta", Grade.SECONDARY), (None, Grade.RECALLED)):
        result = evaluate(rules, dossier({"p": True}, region=region))["1.1"]
        assert result.support == Support(grade, statement=True)


def test_a_part_has_its_own_source():
    """A part with a source of its own is cited and graded by it, the others by that of the row."""
    part = at_least("b", 50, source=source(Grade.RECALLED, instrument="441/QĐ-BTTTT"))
    result = judged(AllOf(members=(at_least("a", 50), part)), {"a": 60, "b": 60})
    cited = [reason.threshold.citation for reason in result.reasons]
    assert [(each.instrument, each.grade) for each in cited] == [
        ("1980/QĐ-TTg", Grade.TEXT),
        ("441/QĐ-BTTTT", Grade.RECALLED),
    ]


def test_one_node_in_two_rows_is_graded_by_each():
    """A threshold or statement that two rows share counts by the source of the row that is judged, in either order."""
    for shared in (at_least("a", 50), Holds(fact="a")):
        facts = {"a": 60} if isinstance(shared, Compare) else {"a": True}
        for grades in ((Grade.TEXT, Grade.RECALLED), (Grade.RECALLED, Grade.TEXT)):
            rules = criteria_set(*(criterion(str(at), shared, grade=grade) for at, grade in enumerate(grades, start=1)))
            result = evaluate(rules, dossier(facts), accept=Grade.TEXT)
            expected = [MET if grade is Grade.TEXT else OPEN for grade in grades]
            assert [each.verdict for each in result.criteria] == expected
            assert [each.computed for each in result.criteria] == expected
            assert [evaluate(rules, dossier(facts))[f"{at}.1"].support.grade for at in (1, 2)] == [*grades]


def test_terms_are_not_those_of_who_asked_before():
    """Whoever asks for a threshold by another source changes nothing of what a verdict rests on."""
    rules = only(at_least("a", 50))
    node, own = rules["1.1"].require, rules["1.1"].source
    on = terms(rules, rows_of(rules, dossier())[0], Grade.TEXT)
    assert on.threshold(node, Source(Grade.RECALLED))[0].closed is ReasonCode.GRADE_NOT_ACCEPTED
    assert on.threshold(node, own)[0].grade is Grade.TEXT
    assert on.threshold(node, Source(Grade.SECONDARY))[0].grade is Grade.SECONDARY
    assert evaluate(rules, dossier({"a": 60}), accept=Grade.TEXT).verdict is MET


def test_what_comes_to_the_same_address_is_another():
    """Nodes and sources that live only while they are asked for are never taken for one that was there before."""
    rules = only(at_least("a", 50))
    on = terms(rules, (), Grade.RECALLED)
    graded = [on.citation(Source(grade))[0].grade for _ in range(50) for grade in (Grade.TEXT, Grade.RECALLED)]
    assert graded == [Grade.TEXT, Grade.RECALLED] * 50
    own = rules["1.1"].source
    assert [on.threshold(at_least("a", at), own)[0].value for at in range(100)] == [percent(at) for at in range(100)]


# --- statements and open requirements ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "verdict", "code"),
    [
        ({"p": True}, MET, ReasonCode.DECLARED_TRUE),
        ({"p": False}, NOT_MET, ReasonCode.DECLARED_FALSE),
        ({}, OPEN, ReasonCode.NOT_DECLARED),
    ],
)
def test_a_statement(facts, verdict, code):
    """A statement is affirmed, denied, or missing."""
    result = judged(Holds(fact="p"), facts)
    assert (result.verdict, codes(result)) == (verdict, [code])


@pytest.mark.parametrize("authority", Authority)
def test_a_requirement_that_is_still_to_be_written(authority):
    """What an authority has yet to write is open and names that authority."""
    result = judged(DecidedBy(authority=authority))
    assert (result.verdict, codes(result)) == (OPEN, [ReasonCode.REQUIREMENT_OPEN])
    assert result.reasons[0].subject == authority.value


# --- groups and what they rest on -------------------------------------------------------------------------------


def graded(fact, grade, *, drops=False):
    """A minimum of 50 % graded on its own; one that drops asks nothing."""
    return at_least(fact, Nothing() if drops else 50, source=source(grade))


def stated(fact, grade=Grade.TEXT):
    """A statement graded on its own."""
    return Holds(fact=fact, source=source(grade))


TEXT, SECONDARY, RECALLED = Grade.TEXT, Grade.SECONDARY, Grade.RECALLED
MEMBERS = (graded("a", RECALLED), graded("b", TEXT), stated("p"))


@pytest.mark.parametrize(
    ("require", "facts", "verdict", "support"),
    [
        # all that pass are needed to pass, one that fails is enough to fail: figures before statements, then grades
        (AllOf(members=MEMBERS), {"a": 60, "b": 60, "p": True}, MET, Support(RECALLED, statement=True)),
        (AllOf(members=MEMBERS), {"a": 0, "b": 0, "p": False}, NOT_MET, Support(TEXT, statement=False)),
        (AllOf(members=MEMBERS), {"a": 0, "b": 60, "p": False}, NOT_MET, Support(RECALLED, statement=False)),
        (AllOf(members=MEMBERS), {"a": 60, "b": 60, "p": False}, NOT_MET, Support(TEXT, statement=True)),
        (AllOf(members=MEMBERS), {"a": 60, "b": 60}, OPEN, None),
        (AllOf(members=(graded("a", RECALLED, drops=True),)), {}, DROPS, Support(RECALLED, statement=False)),
        # the other way round
        (AnyOf(members=MEMBERS), {"a": 60, "b": 60, "p": True}, MET, Support(TEXT, statement=False)),
        (AnyOf(members=MEMBERS), {"a": 0, "b": 0, "p": False}, NOT_MET, Support(RECALLED, statement=True)),
        (AnyOf(members=MEMBERS), {"a": 0}, OPEN, None),
        (AnyOf(members=(graded("a", RECALLED, drops=True),)), {}, DROPS, Support(RECALLED, statement=False)),
        # the n best are enough to pass, all that are lost are needed to fail
        (AtLeastNOf(n=1, members=MEMBERS), {"a": 60, "b": 60, "p": True}, MET, Support(TEXT, statement=False)),
        (AtLeastNOf(n=2, members=MEMBERS), {"a": 60, "b": 60, "p": True}, MET, Support(RECALLED, statement=False)),
        (AtLeastNOf(n=2, members=MEMBERS), {"a": 60, "p": True}, MET, Support(RECALLED, statement=True)),
        (AtLeastNOf(n=2, members=MEMBERS), {"a": 60, "b": 0, "p": False}, NOT_MET, Support(TEXT, statement=True)),
        (AtLeastNOf(n=2, members=MEMBERS), {"a": 60}, OPEN, None),
        (
            AtLeastNOf(n=2, members=(graded("a", TEXT), graded("b", SECONDARY, drops=True))),
            {"a": 60},
            NOT_MET,
            Support(SECONDARY, statement=False),
        ),
        (AtLeastNOf(n=2, members=(graded("a", TEXT),)), {"a": 60}, NOT_MET, Support(TEXT, statement=False)),
        (
            AtLeastNOf(n=1, members=(graded("a", TEXT, drops=True), graded("b", SECONDARY, drops=True))),
            {},
            DROPS,
            Support(SECONDARY, statement=False),
        ),
        # not considered because of the condition; else condition and body together
        (
            AppliesWhen(condition=stated("p"), body=graded("a", RECALLED)),
            {"p": False},
            DROPS,
            Support(TEXT, statement=True),
        ),
        (AppliesWhen(condition=stated("p"), body=graded("a", RECALLED)), {"p": True}, OPEN, None),
        (AppliesWhen(condition=stated("p"), body=graded("a", RECALLED)), {"a": 60}, OPEN, None),
        (
            AppliesWhen(condition=stated("p"), body=graded("a", RECALLED)),
            {"p": True, "a": 0},
            NOT_MET,
            Support(RECALLED, statement=True),
        ),
        (
            AppliesWhen(condition=stated("p"), body=graded("a", RECALLED, drops=True)),
            {},
            DROPS,
            Support(RECALLED, statement=False),
        ),
        (
            AppliesWhen(condition=graded("b", SECONDARY, drops=True), body=graded("a", TEXT)),
            {"a": 60},
            MET,
            Support(SECONDARY, statement=False),
        ),
    ],
)
def test_what_a_group_rests_on(require, facts, verdict, support):
    """A group rests on the weakest of all it needs, and on the strongest where one is enough."""
    result = judged(require, facts)
    assert (result.verdict, result.support) == (verdict, support)


@pytest.mark.parametrize(
    ("require", "facts", "expected"),
    [
        (AllOf(members=MEMBERS), {"a": 0, "b": 60}, ["below_minimum"]),
        (AllOf(members=MEMBERS), {"a": 60}, ["missing_fact", "not_declared"]),
        (AnyOf(members=MEMBERS), {"a": 60, "b": 0, "p": True}, ["reaches_threshold", "declared_true"]),
        (AtLeastNOf(n=2, members=MEMBERS), {"a": 0, "b": 0}, ["too_few_of", "below_minimum", "below_minimum"]),
        (AtLeastNOf(n=2, members=MEMBERS, open_list=True), {"a": 0, "b": 0}, ["list_open", "not_declared"]),
        (AtLeastNOf(n=2, members=MEMBERS), {"a": 0}, ["missing_fact", "not_declared"]),
        (AppliesWhen(condition=stated("p"), body=graded("a", TEXT)), {"a": 60}, ["not_declared"]),
        (AppliesWhen(condition=stated("p"), body=graded("a", TEXT)), {}, ["not_declared", "missing_fact"]),
        (
            AppliesWhen(condition=stated("p"), body=graded("a", TEXT)),
            {"p": False},
            ["not_considered", "declared_false"],
        ),
        (AppliesWhen(condition=stated("p"), body=graded("a", TEXT)), {"p": True, "a": 0}, ["below_minimum"]),
    ],
)
def test_the_reasons_are_those_of_the_parts_that_decide(require, facts, expected):
    """The reasons are the leaves that gave the verdict, in order, headed by what no leaf can tell."""
    assert [code.value for code in codes(judged(require, facts))] == expected


def test_money_is_compared_exactly():
    """Other units than shares are compared and kept as they are."""
    unit = "million_vnd_per_person_year"
    require = at_least("income", Quantity(Decimal(36), unit))
    facts = {"income": attrs.evolve(of_year("income", 0, 2020), quantity=Quantity(Decimal("35.999"), unit))}
    result = judged(require, facts)
    assert (result.verdict, result.reasons[0].gap) == (NOT_MET, Gap(Decimal("0.001"), unit))


# --- branches ---------------------------------------------------------------------------------------------------

BRANCHES = When(when=Holds(fact="p"), then=at_least("a", 50), otherwise=at_least("b", 50))
MAY_DROP = AppliesWhen(condition=Holds(fact="q"), body=Holds(fact="p"))


@pytest.mark.parametrize(
    ("facts", "verdict", "reasons"),
    [
        ({"p": True, "a": 60}, MET, ["branch_then", "declared_true", "reaches_threshold"]),
        ({"p": True, "a": 40, "b": 60}, NOT_MET, ["branch_then", "declared_true", "below_minimum"]),
        ({"p": False, "b": 60}, MET, ["branch_otherwise", "declared_false", "reaches_threshold"]),
        ({"p": True, "b": 60}, OPEN, ["branch_then", "declared_true", "missing_fact"]),
        ({"a": 60, "b": 60}, MET, ["branches_agree", "reaches_threshold", "reaches_threshold"]),
        ({"a": 60, "b": 40}, OPEN, ["not_declared"]),
        ({"a": 60}, OPEN, ["not_declared", "missing_fact"]),
    ],
)
def test_branches(facts, verdict, reasons):
    """The question's answer picks the branch and is told; an open question needs no answer where both agree."""
    result = judged(BRANCHES, facts)
    assert (result.verdict, [reason.code.value for reason in result.reasons]) == (verdict, reasons)


def test_a_question_that_does_not_apply_asks_nothing():
    """A question that is not applicable makes the whole so; one that may be leaves it open though branches agree."""
    node = attrs.evolve(BRANCHES, when=MAY_DROP)
    facts = {"a": 60, "b": 60}
    assert verdict_of(node, facts | {"q": False}) is Verdict.NOT_APPLICABLE
    assert verdict_of(node, facts) is OPEN
    assert verdict_of(node, facts | {"q": True}) is OPEN
    for open_ in (DecidedBy(authority=Authority.PROVINCE), at_least("c", Unstated())):
        assert verdict_of(attrs.evolve(BRANCHES, when=open_), facts) is OPEN
    assert (
        verdict_of(
            attrs.evolve(BRANCHES, when=at_least("c", by_region(x=percent(1), y=percent(2)))), facts, region=None
        )
        is OPEN
    )
    nothing = attrs.evolve(node, then=at_least("a", Nothing()), otherwise=at_least("b", Nothing()))
    assert verdict_of(nothing, facts) is Verdict.NOT_APPLICABLE


def test_a_branch_rests_on_its_question_too():
    """A figure judged because of a statement rests on that statement."""
    support = judged(BRANCHES, {"p": True, "a": 60}).support
    assert support.statement
    assert not judged(BRANCHES, {"a": 60, "b": 60}).support.statement


def test_branches_may_drop():
    """A form with branches may be not applicable where its question or a branch may; its parts can be replaced."""
    assert not BRANCHES.may_drop
    assert attrs.evolve(BRANCHES, when=MAY_DROP).may_drop
    assert attrs.evolve(BRANCHES, otherwise=at_least("b", Nothing())).may_drop
    assert BRANCHES.with_parts(BRANCHES.parts) == BRANCHES
    assert BRANCHES.with_part(("2",), Holds(fact="q")).then == Holds(fact="q")
