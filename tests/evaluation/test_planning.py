from __future__ import annotations

import itertools
import math
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_rules import evaluate, load, plan, read_dossier
from ntm_rules.evaluation.planning import _after
from ntm_rules.vocabulary.criteria import Counts, Indicator
from ntm_rules.vocabulary.dossiers import Reported
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.requirements import (
    AllOf,
    AnyOf,
    AppliesWhen,
    AtLeastNOf,
    Authority,
    Compare,
    DecidedBy,
    ForEach,
    ForEachYear,
    Holds,
    IsOneOf,
    PreviousYear,
    RatioMeasure,
    Reading,
    RecognisedAs,
    Sign,
    Table,
    Unstated,
    When,
)
from ntm_rules.vocabulary.verdicts import ReasonCode, Verdict
from strategies import (
    VALUES,
    asked,
    at_least,
    base,
    compare,
    criteria_set,
    criterion,
    dossier,
    only,
    percent,
    rating,
    requirements,
    said,
    source,
    words,
)

MET, NOT_MET, OPEN, DROPS = Verdict.MET, Verdict.NOT_MET, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE
FINE = (MET, DROPS)
A, B, C, P, Q = at_least("a", 50), at_least("b", 50), at_least("c", 50), Holds(fact="p"), Holds(fact="q")
LEFT_OPEN = DecidedBy(authority=Authority.PROVINCE)


def moved(found):
    """The facts that each alternative moves."""
    return [[(move.fact, move.now.part) for move in each.moves] for each in found.alternatives]


def shown(found):
    """Each alternative as its facts and exact distances."""
    return [
        {move.fact: None if move.distance is None else str(move.distance) for move in each.moves}
        for each in found.alternatives
    ]


def planned(require, facts, costs=None, **own):
    """The plan for one requirement."""
    rules = require if hasattr(require, "criteria") else only(require)
    return plan(rules, dossier(facts, **own), costs)


# --- against every way there is ---------------------------------------------------------------------------------

#: Every figure that can make a difference to trees whose thresholds are 0 to 3.
WIDER = {
    **dict.fromkeys(("a", "b", "m__men", "m__women"), ("-1", 0, "0.5", 1, "1.5", 2, "2.5", 3, 4)),
    "category": ("v", "w", "x"),
}

complete_facts = st.fixed_dictionaries({fact: st.sampled_from(known) for fact, known in VALUES.items()})


def smallest_changes(rules, facts):
    """Every smallest set of facts of which some other values make the set met; None where there are too many to try."""
    names = [name for name in VALUES if base(name) in asked(rules) and not name.startswith(("unit.", "u_", "undef"))]
    kinds = [WIDER.get(name, VALUES[name]) for name in names]
    if math.prod(map(len, kinds)) > 150:
        return None
    found = []
    for size in range(len(names) + 1):
        for some in itertools.combinations(range(len(names)), size):
            if any(set(each) <= set(some) for each in found):
                continue
            for way in itertools.product(*(kinds[at] for at in some)):
                tried = {**facts, **{names[at]: of for at, of in zip(some, way, strict=True)}}
                if evaluate(rules, dossier(tried)).verdict in FINE:
                    found.append(some)
                    break
    return {frozenset((base(names[at]), names[at].partition("__")[2] or None) for at in some) for some in found}


@given(requirements, complete_facts)
def test_a_plan_holds_every_smallest_set_of_moves(require, facts):
    """Where all is known, the facts that alternatives move are exactly the smallest sets that can make a difference."""
    rules = only(require)
    if asked(rules) & {"total", "quotient"}:
        return
    found = planned(require, facts)
    if found.before.verdict is not NOT_MET:
        return
    assert found.complete
    free = {frozenset(each) for each, way in zip(moved(found), found.alternatives, strict=True) if not way.left_open}
    expected = smallest_changes(rules, facts)
    assert expected is None or free - {frozenset()} == expected


@given(requirements, st.fixed_dictionaries({}, optional={f: st.sampled_from(v) for f, v in VALUES.items()}))
def test_making_the_moves_makes_the_row_met(require, facts):
    """Judged again after any alternative the row is met, or does not apply; without one of its moves it is not."""
    rules = only(require)
    if asked(rules) & {"total", "quotient"}:
        return
    found = planned(require, facts)
    for each in found.alternatives:
        if each.left_open:
            continue
        assert evaluate(rules, found.dossier_after(each)).verdict in FINE
        for one in each.moves:
            fewer = attrs.evolve(each, moves=tuple(move for move in each.moves if move is not one))
            assert evaluate(rules, found.dossier_after(fewer)).verdict not in FINE


@given(st.integers(0, 3), st.integers(0, 3), st.integers(0, 60), st.integers(1, 60), st.sampled_from(list(Sign)))
def test_a_distance_is_the_nearest(whole, tenth, numerator, denominator, sign):
    """A figure moved by its distance is on the threshold, and no nearer figure of its kind will do."""
    require = compare("a", sign, f"{whole}.{tenth}")
    found = planned(require, {"a": (numerator, denominator)})
    if found.before.verdict is not NOT_MET:
        return
    for (move,) in (each.moves for each in found.alternatives):
        threshold = Fraction(f"{whole}.{tenth}")
        assert move.distance == abs(Fraction(numerator * 100, denominator) - threshold)
        if move.heads is not None:
            up = move.then.numerator > move.now.numerator
            less = numerator + (move.heads - 1) * (1 if up else -1)
            assert evaluate(only(require), dossier({"a": (less, denominator)})).verdict is NOT_MET
            assert evaluate(only(require), found.dossier_after(found.alternatives[0])).verdict is MET


# --- by hand ----------------------------------------------------------------------------------------------------

TWO_OF_THREE = AtLeastNOf(n=2, members=(A, B, C))
IF_ANY = AppliesWhen(condition=compare("villages", Sign.MORE_THAN, 0), body=A)
CHOICE = When(when=P, then=A, otherwise=B)
BOUNDARY = attrs.evolve(Table.constant(percent(50)), boundary_unstated=True)


@pytest.mark.parametrize(
    ("require", "facts", "ways"),
    [
        (A, {"a": "47.5"}, [{"a": "5/2"}]),
        (compare("a", Sign.AT_MOST, 50), {"a": "50.25"}, [{"a": "1/4"}]),
        (compare("a", Sign.EQUALS, 0), {"a": 3}, [{"a": "3"}]),
        (A, {"a": (1, 3)}, [{"a": "50/3"}]),
        (P, {"p": False}, [{"p": None}]),
        (AnyOf(members=(compare("a", Sign.EQUALS, 30), compare("a", Sign.EQUALS, 10))), {"a": 0}, [{"a": "10"}]),
        (AllOf(members=(A, B)), {"a": 40, "b": 45}, [{"a": "10", "b": "5"}]),
        (AllOf(members=(A, B)), {"a": 40, "b": 50}, [{"a": "10"}]),
        (AnyOf(members=(A, B)), {"a": 40, "b": 45}, [{"a": "10"}, {"b": "5"}]),
        (AnyOf(members=(A, at_least("a", 60))), {"a": 40}, [{"a": "10"}]),
        (
            TWO_OF_THREE,
            {"a": 40, "b": 45, "c": 49},
            [{"a": "10", "b": "5"}, {"a": "10", "c": "1"}, {"b": "5", "c": "1"}],
        ),
        (TWO_OF_THREE, {"a": 60, "b": 45, "c": 49}, [{"b": "5"}, {"c": "1"}]),
        (AtLeastNOf(n=3, members=(A, B)), {"a": 40, "b": 40}, []),
        (AtLeastNOf(n=1, members=(A, B), open_list=True), {"a": 40, "b": 40}, []),
        (IF_ANY, {"villages": 3, "a": 40}, [{"a": "10"}, {"villages": "3"}]),
        (CHOICE, {"p": True, "a": 40, "b": 60}, [{"a": "10"}, {"p": None}]),
        (CHOICE, {"p": True, "a": 40, "b": 40}, [{"a": "10"}, {"p": None, "b": "10"}]),
        (CHOICE, {"a": 40, "b": 40}, [{"a": "10", "b": "10"}]),
        (IsOneOf(subject="category", values=("v", "w")), {"category": "x"}, [{"category": None}]),
        (compare("step", Sign.AT_LEAST, rating("good")), {"step": rating("poor")}, [{"step": "2"}]),
        (compare("step", Sign.LESS_THAN, rating("poor")), {"step": rating("poor")}, []),
        (ForEach(by="sex", require=at_least("m", 2)), {"m__men": 0, "m__women": 2}, [{"m": "2"}]),
        (at_least("total", 10), {"a": 2, "b": 3}, [{"total": "5"}]),
        (A, {"a": 60}, []),
        (A, {}, []),
    ],
)
def test_the_alternatives(require, facts, ways):
    """Which facts would have to move, and how far, in every smallest set."""
    assert shown(planned(require, facts)) == ways


@pytest.mark.parametrize(
    ("require", "facts", "then"),
    [
        (A, {"a": "47.50"}, percent(50)),
        (compare("a", Sign.MORE_THAN, 50), {"a": "47.5"}, percent("50.1")),
        (compare("a", Sign.LESS_THAN, "50.25"), {"a": 60}, percent("50.24")),
        (
            AllOf(members=(compare("a", Sign.MORE_THAN, 50), compare("a", Sign.LESS_THAN, 51))),
            {"a": 40},
            percent("50.5"),
        ),
        (compare("a", Sign.AT_MOST, BOUNDARY), {"a": 60}, percent(49)),
        (compare("a", Sign.EQUALS, 50), {"a": (1, 3)}, percent(50)),
    ],
)
def test_the_nearest_value(require, facts, then):
    """A threshold that must be passed, or is not known to do itself, is passed by a unit, or as there is room."""
    ((move,),) = (each.moves for each in planned(require, facts).alternatives)
    assert move.then.quantity == then
    assert move.heads is None


@pytest.mark.parametrize(
    ("sign", "counts", "heads"),
    [
        (Sign.AT_LEAST, (47, 97), 2),
        (Sign.MORE_THAN, (48, 100), 3),
        (Sign.AT_MOST, (52, 97), 4),
        (Sign.LESS_THAN, (52, 100), 3),
    ],
)
def test_counts_move_by_whole_numbers(sign, counts, heads):
    """Of counts it is told how many more, or fewer, the numerator would have to be."""
    ((move,),) = (each.moves for each in planned(compare("a", sign, 50), {"a": counts}).alternatives)
    assert (move.heads, move.now.numerator - move.then.numerator) == (heads, heads if sign.wants_less else -heads)
    assert str(move.gap.unit) == "percent"


def test_a_figure_that_two_rows_read_moves_once():
    """The stricter of two thresholds decides; both rows are named."""
    rules = criteria_set(criterion("1", A), criterion("2", at_least("a", 60)))
    (way,) = planned(rules, {"a": 40}).alternatives
    assert way.addresses == ("1/1.1", "2/2.1")
    assert way.moves[0].distance == 20


def test_what_is_met_must_stay_so():
    """A move that would break a row that is met now is no alternative, or takes another move with it."""
    rules = criteria_set(criterion("1", A), criterion("2", AnyOf(members=(compare("a", Sign.AT_MOST, 45), P))))
    assert moved(planned(rules, {"a": 40, "p": False})) == [[("a", None), ("p", None)]]


@pytest.mark.parametrize(
    ("costs", "cheapest", "cost"),
    [
        (None, None, None),
        ({"a": 1, "b": 3}, "a", 10),
        ({"a": "2.5", "b": Decimal(3)}, "b", 15),
        ({"b": 3}, "b", 15),
        ({"c": 3}, None, None),
        ({"p": 4}, "p", 4),
    ],
)
def test_the_cheapest_alternative(costs, cheapest, cost):
    """Costs a unit, times the exact distance; what has no price is not compared."""
    found = planned(AnyOf(members=(A, B, P)), {"a": 40, "b": 45, "p": False}, costs)
    assert len(found.alternatives) == 3
    assert (found.cheapest and found.cheapest.moves[0].fact, found.cheapest and found.cheapest.cost) == (cheapest, cost)


EITHER_WAY = When(when=LEFT_OPEN, then=A, otherwise=A)
TITLE = RecognisedAs(set_id="commune/standard/2016-2020")


@pytest.mark.parametrize(
    ("require", "facts", "own", "established", "beyond"),
    [
        (A, {}, {}, [ReasonCode.MISSING_FACT], []),
        (AllOf(members=(A, B)), {"a": 40}, {}, [ReasonCode.MISSING_FACT], []),
        (LEFT_OPEN, {}, {}, [], [ReasonCode.REQUIREMENT_OPEN]),
        (at_least("a", Unstated()), {"a": 4}, {}, [], [ReasonCode.THRESHOLD_UNSTATED]),
        (AllOf(members=(A, LEFT_OPEN)), {"a": 40}, {}, [], [ReasonCode.REQUIREMENT_OPEN]),
        (AnyOf(members=(A, LEFT_OPEN)), {"a": 40}, {}, [], [ReasonCode.REQUIREMENT_OPEN]),
        (AllOf(members=(EITHER_WAY, P)), {"a": 60, "p": False}, {}, [], [ReasonCode.REQUIREMENT_OPEN]),
        (AllOf(members=(A, Holds(fact="unit.is_safe_zone"))), {"a": 4, "unit.is_safe_zone": False}, {}, [],
         [ReasonCode.PLACE_IS_NOT]),
        (TITLE, {}, {"titles_complete": True}, [], [ReasonCode.NO_TITLE]),
        (TITLE, {}, {}, [ReasonCode.NO_REGISTER], []),
        (A, {}, {"attestations": (said("1.1", NOT_MET),)}, [], [ReasonCode.ATTESTED]),
        (A, {}, {"attestations": (said("1", NOT_MET),)}, [], [ReasonCode.ATTESTED]),
        (P, {"p": False}, {"attestations": (said("1"),)}, [ReasonCode.STATEMENTS_CONFLICT], []),
        (ForEach(by="content", require=at_least("u", 1)), {"u__first": 0}, {}, [], [ReasonCode.PART_NOT_MET]),
    ],
)  # fmt: skip
def test_what_figures_do_not_bring_about(require, facts, own, established, beyond):
    """What is not said is to be established; open law, what a place is and conclusions are out of reach."""
    found = planned(require, facts, **own)
    assert [each.reason.code for each in found.to_establish if each.reason.code in established] == established
    assert [each.reason.code for each in found.out_of_reach] == beyond
    assert not found.reachable


def test_a_set_that_lacks_rows_is_out_of_reach():
    """An incomplete set is never met, whatever moves."""
    for counts, code in ((Counts(2, 3), ReasonCode.SET_INCOMPLETE), (Counts(None, 1), ReasonCode.SET_COUNT_UNSTATED)):
        found = planned(attrs.evolve(only(A), counts=counts), {"a": 40})
        assert [each.reason.code for each in found.out_of_reach] == [code]
        assert (len(found.alternatives), found.reachable) == (1, False)


def test_what_says_otherwise_has_to_be_renewed():
    """Conclusions and totals by which rows that move are not met would be out of date; without them the set is met."""
    own = {
        "attestations": (said("1.1", NOT_MET), said("1", NOT_MET), said("2")),
        "reported": (Reported("criteria_met", 1, 1), Reported("indicators_met", 2, 3)),
    }
    rules = criteria_set(criterion("1", A, P), criterion("2", B))
    found = planned(rules, {"a": 40, "p": True}, **own)
    assert [(each.address, each.reason.code) for each in found.renewed] == [
        ("1", ReasonCode.ATTESTED),
        ("1/1.1", ReasonCode.ATTESTED),
        ("", ReasonCode.REPORTED_BELOW_REQUIRED),
    ]
    assert found.reachable
    assert evaluate(rules, found.dossier_after(found.alternatives[0])).verdict is MET


def test_of_a_place_that_passes_it_is_told_what_suffices():
    """The facts by which it is met, with their margins; nothing has to move."""
    found = planned(AnyOf(members=(A, AllOf(members=(B, P)))), {"a": 60, "b": 70, "p": True})
    assert [(each.address, each.reason.subject, each.reason.gap.value) for each in found.held] == [("1/1.1", "a", 10)]
    assert (found.alternatives, found.reachable, found.cheapest) == ((), True, None)


def test_a_plan_with_too_many_alternatives_says_so():
    """At most a hundred are listed, and of a tree with too many ways not all are followed."""
    many = AtLeastNOf(n=2, members=tuple(at_least(f"f{at}", 1) for at in range(15)))
    found = planned(many, {f"f{at}": 0 for at in range(15)})
    assert (len(found.alternatives), found.complete) == (100, False)
    more = AtLeastNOf(n=3, members=tuple(at_least(f"f{at}", 1) for at in range(11)))
    found = planned(more, {f"f{at}": 0 for at in range(11)})
    assert (len(found.alternatives), found.complete) == (100, False)


def test_the_plan_of_an_example_makes_its_rows_met():
    """On the packaged law: the one alternative of the illustration makes the four failing criteria met."""
    rules, read = (
        load("commune/standard/2016-2020", on="2020-12-31"),
        read_dossier("examples/illustration/minh-hoa.yaml"),
    )
    found = plan(rules, read)
    (way,) = found.alternatives
    assert {move.fact: str(move.gap.value) for move in way.moves} == {
        "standard_school_share": "3.33",
        "makeshift_house_count": "3",
        "health_insurance_share": "0.8",
        "clean_water_share": "2.5",
    }
    after = evaluate(rules, _after(found.before, way))
    assert not after.failing


ZONE = Indicator("applies_to", words("Xã an toàn khu"), Holds(fact="unit.is_safe_zone"), source())
FOR_ZONES = attrs.evolve(criteria_set(criterion("1", A)), applies_to=ZONE)


def test_a_set_that_is_not_for_the_place_is_not_planned_for():
    """Nothing that moves makes it met; that the set is for others is all that is told."""
    found = planned(FOR_ZONES, {"a": 40, "unit.is_safe_zone": False})
    assert [each.reason.code for each in found.out_of_reach] == [ReasonCode.SET_NOT_FOR_PLACE]
    assert (found.alternatives, found.to_establish, found.reachable) == ((), (), False)


def test_whether_a_set_is_for_the_place_has_to_be_established():
    """While that is open, what would make its rows met is planned, and does not suffice."""
    found = planned(FOR_ZONES, {"a": 40})
    assert [each.address for each in found.to_establish] == ["applies_to"]
    assert (moved(found), found.reachable) == ([[("a", None)]], False)
    assert planned(FOR_ZONES, {"a": 40, "unit.is_safe_zone": True}).reachable


def test_a_set_that_lists_too_many_rows_is_out_of_reach():
    """As one that lacks some: which row is none of the law's is not known."""
    found = planned(attrs.evolve(only(A), counts=Counts(1, 0, surplus=1)), {"a": 40})
    assert [each.reason.code for each in found.out_of_reach] == [ReasonCode.SET_SURPLUS]
    assert not found.reachable


def test_what_other_years_decide_no_figure_brings_about():
    """A year that was not kept is out of reach; one that is not known is to be established."""
    kept = ForEachYear(last=2, require=A)
    before = attrs.evolve(dossier({"a": 40}), year=2019)
    found = planned(kept, {"a": 60}, earlier=(before,))
    assert found.alternatives[0].moves == ()
    assert [each.reason.code for each in found.out_of_reach] == [ReasonCode.YEAR_NOT_MET]
    found = planned(kept, {"a": 60})
    assert [each.reason.code for each in found.to_establish] == [ReasonCode.YEARS_MISSING]
    nothing = ForEachYear(last=1, require=AppliesWhen(condition=P, body=A))
    assert moved(planned(AnyOf(members=(nothing, B)), {"p": False, "b": 40})) == [[("b", None)]]


def test_a_ratio_moves_without_saying_which_side():
    """Its distance is told; the dossier after it is as before, and a row that asks of the fact itself stays apart."""
    to_before = RatioMeasure(Reading("a"), Reading("a", at=PreviousYear()))
    twice = Compare(measure=to_before, sign=Sign.AT_LEAST, threshold=Table((), (((), Quantity(Decimal(2), "times")),)))
    own = {"earlier": (attrs.evolve(dossier({"a": 30}), year=2019),)}
    found = planned(AllOf(members=(A, twice)), {"a": 40}, **own)
    (way,) = found.alternatives
    assert [(move.fact, move.now.computed is not None) for move in way.moves] == [("a", False), ("a", True)]
    assert found.dossier_after(way).by_fact["a"].quantity.value == 50


def test_a_total_that_is_too_low_has_to_be_renewed_where_nothing_else_is_known():
    """Where only a total says that the set is not met, that total stands in the way."""
    found = planned(A, {}, reported=(Reported("criteria_met", 0, 0),))
    assert [each.reason.code for each in found.renewed] == [ReasonCode.REPORTED_BELOW_REQUIRED]
    assert found.before.verdict is NOT_MET


def test_an_open_list_beside_what_fails_is_left_alone():
    """A list of which not all parts are at hand is met by those that are; what fails beside it moves."""
    some = AtLeastNOf(n=1, members=(A, B), open_list=True)
    assert moved(planned(AllOf(members=(C, some)), {"a": 60, "b": 40, "c": 40})) == [[("c", None)]]
