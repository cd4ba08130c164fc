from __future__ import annotations

import itertools
import math
from decimal import Decimal

import attrs
import pytest
from hypothesis import example, given

from ntm_rules import FirmnessCode, evaluate
from ntm_rules.evaluation.deciding import MOST_COMPLETIONS, deciding
from ntm_rules.evaluation.judging import answerable
from ntm_rules.vocabulary.criteria import Axis, Counts
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
    Holds,
    IsOneOf,
    Nothing,
    RecognisedAs,
    Sign,
    Table,
    Unstated,
    When,
)
from ntm_rules.vocabulary.verdicts import ReasonCode, Verdict
from strategies import (
    AXES,
    UNSTATED_FACT,
    VALUES,
    asked,
    at_least,
    axes,
    base,
    by_region,
    compare,
    completions,
    criteria_set,
    criterion,
    dossier,
    of_year,
    only,
    partial_facts,
    percent,
    requirements,
    rule,
    said,
    verdict_of,
)

MET, NOT_MET, OPEN, DROPS = Verdict.MET, Verdict.NOT_MET, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE
A, B, P, Q = at_least("a", 1), at_least("b", 1), Holds(fact="p"), Holds(fact="q")
#: Nobody can say what these will give.
LEFT_OPEN, UNWRITTEN = DecidedBy(authority=Authority.PROVINCE), at_least("a", Unstated())
UNDEFINED = at_least(UNSTATED_FACT, 1)
BY_GROUP = at_least("a", Table(("group",), ((("x",), percent(0)), (("y",), Nothing()))))


def unclear(threshold):
    """A threshold of which nobody says what holds at it."""
    return attrs.evolve(Table.constant(percent(threshold)), boundary_unstated=True)


# --- a trace with other leaves, judged anew by the evaluator -----------------------------------------------------

YES, NO, MISSING = Holds(fact="yes"), Holds(fact="no"), Holds(fact="nobody_says")
ASKS_NOTHING = at_least("nobody_measures", Nothing())
MAY_DROP = at_least("nobody_measures", by_region(red_river_delta=percent(1), mekong_delta=Nothing()))
GIVES = {MET: YES, NOT_MET: NO, DROPS: ASKS_NOTHING}


def unknown(step):
    """A requirement of which nothing is known, and that may turn out as the leaf's own may."""
    if not step.verdict.decided and not answerable(step):
        return LEFT_OPEN
    return MAY_DROP if step.requirement.may_drop else MISSING


def again(step, kept):
    """A requirement that gives what a trace gave, but that of its leaves only some *kept* ones are known."""
    if not step.steps:
        return GIVES.get(step.verdict, unknown(step)) if any(each is step for each in kept) else unknown(step)
    node, parts = step.requirement, tuple(again(part, kept) for part in step.steps)
    if isinstance(node, ForEach):
        more = (LEFT_OPEN,) if step.reason.code is ReasonCode.PARTS_UNSTATED else ()
        return AllOf(members=(*parts, *more))
    if isinstance(node, AppliesWhen):
        condition, body = parts if len(parts) > 1 else (*parts, unjudged(node.body))
        return AppliesWhen(condition=condition, body=body)
    if isinstance(node, When):
        then, otherwise = unjudged(node.then), unjudged(node.otherwise)
        if len(parts) > 2:
            then, otherwise = parts[1:]
        elif step.reason.code is ReasonCode.BRANCH_THEN:
            then = parts[1]
        elif len(parts) > 1:
            otherwise = parts[1]
        return When(when=parts[0], then=then, otherwise=otherwise)
    return attrs.evolve(node, members=parts)


def unjudged(node):
    """What was not judged."""
    return LEFT_OPEN if node.may_drop else MISSING


def judged_again(trace, kept):
    """The verdict of a trace of which only some leaves are known."""
    return verdict_of(again(trace, kept), {"yes": True, "no": False})


@given(requirements, partial_facts, axes)
def test_what_decided_a_verdict_decides_it_alone(require, facts, axes):
    """The kept reasons alone give the verdict, and without any one of them it would be undetermined."""
    trace = evaluate(only(require, axes=axes), dossier(facts))["1.1"].trace
    kept = deciding(trace)
    if not trace.verdict.decided:
        return
    assert judged_again(trace, kept) is trace.verdict
    for one in kept:
        assert judged_again(trace, [each for each in kept if each is not one]) is OPEN


@given(requirements, partial_facts, axes)
def test_what_is_left_open_is_told(require, facts, axes):
    """Of an undetermined verdict all that is kept is open, and however the other leaves came it would stay open."""
    trace = evaluate(only(require, axes=axes), dossier(facts))["1.1"].trace
    kept = deciding(trace)
    assert kept
    if trace.verdict.decided:
        return
    assert not any(each.verdict.decided for each in kept)
    known = [leaf for leaf in trace.leaves if not any(each is leaf for each in kept)]
    assert judged_again(trace, known) is OPEN


@given(requirements, partial_facts)
def test_every_verdict_has_deciding_reasons(require, facts):
    """Whatever the verdict, something is told of what decided it, and nothing that the full reasons lack."""
    row = evaluate(only(require), dossier(facts))["1.1"]
    assert row.deciding
    assert {each.code for each in row.deciding if each.subject} <= {each.reason.code for each in row.trace.walk()}


TWO_OF_THREE = AtLeastNOf(n=2, members=(A, B, P))


@pytest.mark.parametrize(
    ("require", "facts", "kept"),
    [
        (AllOf(members=(A, B, P)), {"a": 0, "b": 0, "p": True}, ["a"]),
        (AllOf(members=(AllOf(members=(A, B)), P)), {"a": 1, "b": 1, "p": True}, ["a", "b", "p"]),
        (AnyOf(members=(AllOf(members=(A, B)), P)), {"a": 1, "b": 1, "p": True}, ["p"]),
        (AnyOf(members=(A, B)), {"a": 0, "b": 0}, ["a", "b"]),
        (TWO_OF_THREE, {"a": 1, "b": 0, "p": True}, [None, "a", "p"]),
        (TWO_OF_THREE, {"a": 1, "b": 0, "p": False}, [None, "b", "p"]),
        (TWO_OF_THREE, {"a": 1, "b": 1, "p": True}, [None, "a", "b"]),
        (AtLeastNOf(n=3, members=(A, B)), {"a": 1, "b": 0}, [None, "a"]),
        (AtLeastNOf(n=3, members=(A, at_least("b", Nothing()))), {"a": 1}, [None, "a"]),
        (AtLeastNOf(n=2, members=(at_least("b", Nothing()), A)), {"a": 1}, [None, "b", "a"]),
        (AtLeastNOf(n=2, members=(at_least("b", Nothing()), A)), {"a": 0}, [None, "a"]),
        (AtLeastNOf(n=1, members=(at_least("a", Nothing()),)), {}, ["a"]),
        (AppliesWhen(condition=P, body=A), {"p": False, "a": 1}, [None, "p"]),
        (AppliesWhen(condition=P, body=at_least("a", Nothing())), {"p": True}, ["a"]),
        (AppliesWhen(condition=P, body=A), {"p": True, "a": 1}, ["p", "a"]),
        (When(when=P, then=A, otherwise=B), {"p": True, "a": 1, "b": 0}, [None, "p", "a"]),
        (When(when=P, then=A, otherwise=B), {"a": 1, "b": 1}, [None, "a", "b"]),
        (AllOf(members=(AnyOf(members=(A, B)), P)), {"a": 1}, ["p"]),
        (AtLeastNOf(n=2, members=(A, B), open_list=True), {"a": 1, "b": 0}, [None]),
        (ForEach(by="content", require=at_least("u", 1)), {"u__first": 2}, ["content"]),
        (ForEach(by="sex", require=at_least("m", 1)), {"m__men": 0, "m__women": 0}, ["m"]),
    ],
)
def test_only_what_decided_it_is_told(require, facts, kept):
    """The subjects of the reasons that decided a verdict; a reason of a whole (2 of 3) has none."""
    assert [each.subject for each in evaluate(only(require), dossier(facts))["1.1"].deciding] == kept


def test_a_conclusion_decides_a_row_that_stands_on_it():
    """Where a conclusion stands, that is what decided it; beside a contradiction, the computed side is told too."""
    attested = evaluate(only(A), dossier(attestations=(said("1.1"),)))["1.1"]
    assert [each.code for each in attested.deciding] == [ReasonCode.ATTESTED]
    disputed = evaluate(only(AllOf(members=(P, Q))), dossier({"p": False, "q": False}, attestations=(said("1.1"),)))
    assert [each.code for each in disputed["1.1"].deciding] == [
        ReasonCode.STATEMENTS_CONFLICT,
        ReasonCode.DECLARED_FALSE,
    ]


# --- what is missing --------------------------------------------------------------------------------------------

#: What a fact that is no figure may come as, or stay away.
OPTIONS = {name: (None, *known) for name, known in VALUES.items()}
OPTIONS |= {"category": (None, "v", "w", "x"), "unit.ethnic_zone": (None, "I", "II", "III")}


def options(require, name):
    """Whatever may come of a fact, or nothing: of a figure one below, on, between and above all its thresholds."""
    tables = [node.threshold for node in require.walk() if isinstance(node, Compare) and node.fact == base(name)]
    cells = [cell for table in tables for _, cell in table.cells]
    marks = sorted({cell.value for cell in cells if isinstance(cell, Quantity)})
    if not marks:
        return OPTIONS[name]
    between = ((low + high) / 2 for low, high in itertools.pairwise(marks))
    return (None, marks[0] - 1, *marks, *between, marks[-1] + 1)


#: Contexts that are tried for a fact; with more the tree is left to another example.
MOST_CONTEXTS = 1000


def asked_for(result):
    """The facts that a result asks for; for a derived one what it is derived from."""
    wanted = set(result.missing_facts)
    return wanted | {"a", "b"} if wanted & {"total", "quotient"} else wanted


def free(rules, facts):
    """What a set reads and nobody says; of a list of parts that is not at hand nothing can be asked for."""
    return [name for name in VALUES if base(name) in asked(rules) and name not in facts and base(name) != "u"]


@given(requirements, partial_facts)
def test_what_is_not_asked_for_changes_nothing(require, facts):
    """However all facts come, without those that are not asked for the verdict is the same."""
    rules = only(require)
    wanted = asked_for(evaluate(rules, dossier(facts)))
    unasked = [name for name in free(rules, facts) if base(name) not in wanted and not name.startswith("unit.")]
    for complete in itertools.islice(completions(facts, asked(rules) - {"u"}), 400):
        without = {name: of for name, of in complete.items() if name not in unasked}
        assert evaluate(rules, dossier(complete)).verdict is evaluate(rules, dossier(without)).verdict


@given(requirements, partial_facts)
@example(AllOf(members=(UNDEFINED, compare("a", Sign.AT_LEAST, unclear(0)))), {})
@example(AllOf(members=(LEFT_OPEN, at_least("a", 0))), {})
@example(AnyOf(members=(LEFT_OPEN, compare("a", Sign.MORE_THAN, 2))), {})
@example(AllOf(members=(LEFT_OPEN, AnyOf(members=(compare("a", Sign.AT_MOST, 0), A)))), {})
@example(ForEach(by="sex", require=AllOf(members=(LEFT_OPEN, at_least("m", 0)))), {"m__men": 1})
@example(AppliesWhen(condition=BY_GROUP, body=Q), {"a": 1})
def test_what_is_asked_for_matters(require, facts):
    """For every fact that is asked for there is a case in which giving it changes the verdict."""
    # No set is read whose tables have an axis that it does not name: nobody could say what the row is.
    rules = only(require, axes=(*AXES, Axis("group", (rule("x"),))))
    wanted = evaluate(rules, dossier(facts)).missing_facts
    names = free(rules, facts)
    may_be = [options(require, name) for name in names]
    if {"total", "quotient"} & asked(rules) or math.prod(map(len, may_be)) > MOST_CONTEXTS:
        return
    found = {}
    for way in itertools.product(*may_be):
        known = {name: of for name, of in zip(names, way, strict=True) if of is not None}
        found[way] = evaluate(rules, dossier({**facts, **known})).verdict
    for fact in wanted:
        ats = [at for at, name in enumerate(names) if base(name) == fact]
        assert any(
            way[at] is not None and verdict is not found[(*way[:at], None, *way[at + 1 :])]
            for way, verdict in found.items()
            for at in ats
        )


def bounded(rules, low, high):
    """A set whose facts have bounds."""
    facts = tuple(attrs.evolve(each, minimum=low, maximum=high) for each in rules.catalogue.facts)
    return attrs.evolve(rules, catalogue=attrs.evolve(rules.catalogue, facts=facts))


@pytest.mark.parametrize(
    ("sign", "threshold", "bounds", "may_fail", "may_pass"),
    [
        (Sign.AT_LEAST, "0", (None, None), True, True),
        (Sign.AT_LEAST, "0", (0, None), False, True),
        (Sign.AT_LEAST, "0.5", (0, None), True, True),
        (Sign.MORE_THAN, "0", (0, None), True, True),
        (Sign.LESS_THAN, "0", (0, None), True, False),
        (Sign.AT_MOST, "-5", (0, None), True, False),
        (Sign.MORE_THAN, "100", (0, 100), True, False),
        (Sign.EQUALS, "100", (0, 100), True, True),
        (Sign.AT_MOST, "100", (0, 100), False, True),
        (Sign.LESS_THAN, "99.5", (0, 100), True, True),
        (Sign.AT_LEAST, "107", (0, 100), True, False),
    ],
)
def test_a_figure_that_makes_no_sense_is_not_hoped_for(sign, threshold, bounds, may_fail, may_pass):
    """What only a figure outside the bounds of its fact could bring about is no reason to ask for it."""
    low, high = (None if each is None else Decimal(each) for each in bounds)
    for form, matters in ((AllOf, may_fail), (AnyOf, may_pass)):
        rules = bounded(only(form(members=(LEFT_OPEN, compare("a", sign, threshold)))), low, high)
        assert evaluate(rules, dossier()).missing_facts == (("a",) if matters else ())


def test_a_figure_that_is_computed_may_come_however_it_comes():
    """The bounds of a derived fact are no reason not to ask for what it is derived from: nothing refuses a sum."""
    rules = bounded(only(AnyOf(members=(LEFT_OPEN, compare("total", Sign.MORE_THAN, 100)))), Decimal(0), Decimal(100))
    assert evaluate(rules, dossier({"a": 60})).missing_facts == ("b",)


ZONE = IsOneOf(subject="ethnic_zone", values=("I",), of_place=True)
IN_ORDER = AllOf(members=(at_least("a", 1), compare("a", Sign.LESS_THAN, 1)))
SAME_FACT = AnyOf(members=(at_least("a", 1), compare("a", Sign.LESS_THAN, 1)))


@pytest.mark.parametrize(
    ("require", "facts", "missing"),
    [
        (A, {}, ["a"]),
        (AllOf(members=(A, P)), {"p": True}, ["a"]),
        (AnyOf(members=(A, P)), {"p": True}, []),
        (AllOf(members=(P, AnyOf(members=(A, Q)))), {"q": True}, ["p"]),
        (AppliesWhen(condition=LEFT_OPEN, body=A), {}, []),
        (AppliesWhen(condition=P, body=A), {}, ["p", "a"]),
        (AllOf(members=(LEFT_OPEN, A)), {}, ["a"]),
        (When(when=LEFT_OPEN, then=A, otherwise=B), {}, []),
        (When(when=P, then=LEFT_OPEN, otherwise=UNWRITTEN), {}, []),
        (When(when=P, then=LEFT_OPEN, otherwise=B), {}, ["p", "b"]),
        (AtLeastNOf(n=3, members=(A, B), open_list=True), {}, []),
        (AtLeastNOf(n=2, members=(A, B), open_list=True), {"a": 1}, ["b"]),
        (at_least("total", 1), {"a": 1}, ["b"]),
        (at_least("total", 1), {}, ["total"]),
        (A, {"a": of_year("a", 1, 2019)}, ["a"]),
        (IN_ORDER, {}, ["a"]),
        (AppliesWhen(condition=SAME_FACT, body=A), {}, ["a"]),
        (AllOf(members=(IsOneOf(subject="category", values=("v",)), P)), {"p": False}, []),
        (AllOf(members=(IsOneOf(subject="category", values=("v",)), P)), {}, ["category", "p"]),
        (AllOf(members=(at_least("a", 1), at_least("total", 1))), {}, ["a", "total"]),
        (AnyOf(members=(P, AllOf(members=(P, Q)))), {}, ["p"]),
        (UNWRITTEN, {}, []),
        (AppliesWhen(condition=Holds(fact="unit.is_safe_zone"), body=A), {}, ["a"]),
        (AppliesWhen(condition=ZONE, body=A), {}, ["a"]),
        (AppliesWhen(condition=RecognisedAs(set_id="commune/standard/2016-2020"), body=A), {}, ["a"]),
        (AnyOf(members=(AllOf(members=(P, LEFT_OPEN)), Holds(fact="p"))), {}, ["p"]),
    ],
)
def test_facts_that_can_change_nothing_are_not_asked_for(require, facts, missing):
    """Only a fact that can change the verdict on its indicator is missing."""
    result = evaluate(only(require), dossier(facts))
    assert list(result.missing_facts) == list(result["1.1"].missing_facts) == missing


def test_beyond_a_number_of_completions_all_that_is_open_is_asked_for():
    """A tree with more completions than are tried asks for every fact that an open part lacks."""
    many = AllOf(members=tuple(at_least(f"f{at}", at) for at in range(13)))
    assert MOST_COMPLETIONS < 3**13
    assert len(evaluate(only(many), dossier()).missing_facts) == 13
    rules = criteria_set(criterion("1", many))
    assert len(evaluate(rules, dossier()).missing_for_verdict) == 13


TWO_ROWS = criteria_set(criterion("1", A, B), criterion("2", P))


@pytest.mark.parametrize(
    ("rules", "facts", "own", "missing", "for_set"),
    [
        (TWO_ROWS, {}, {}, ["a", "b", "p"], ["a", "b", "p"]),
        (TWO_ROWS, {"a": 0}, {}, ["b", "p"], []),
        (TWO_ROWS, {"a": 1}, {"attestations": (said("1"),)}, ["p"], ["p"]),
        (TWO_ROWS, {}, {"attestations": (said("1"), said("2"))}, [], []),
        (TWO_ROWS, {"p": False}, {"attestations": (said("2"),)}, ["a", "b"], ["a", "b"]),
        (attrs.evolve(TWO_ROWS, counts=Counts(3, 4)), {}, {}, ["a", "b", "p"], ["a", "b", "p"]),
        (
            criteria_set(criterion("1", AnyOf(members=(LEFT_OPEN, A))), criterion("2", P)),
            {},
            {},
            ["a", "p"],
            ["a", "p"],
        ),
        (criteria_set(criterion("1", AnyOf(members=(LEFT_OPEN, A))), criterion("2", UNWRITTEN)), {}, {}, ["a"], []),
    ],
)
def test_facts_that_can_change_the_set_are_told_apart(rules, facts, own, missing, for_set):
    """A fact may matter to its indicator and not to the set any more: then it is in the first list only."""
    result = evaluate(rules, dossier(facts, **own))
    assert (list(result.missing_facts), list(result.missing_for_verdict)) == (missing, for_set)


def test_facts_of_conditions_matter_to_recognition():
    """A fact of a condition of recognition is asked for as long as recognition is not decided."""
    rules = attrs.evolve(
        criteria_set(criterion("1", A), criterion("2", P)),
        preconditions=(attrs.evolve(criterion("x", Q).indicators[0], number="x"),),
        criteria=(criterion("1", A),),
        counts=Counts(1, 1),
    )
    assert evaluate(rules, dossier({"a": 1})).missing_for_verdict == ("q",)
    assert evaluate(rules, dossier({"a": 0})).missing_for_verdict == ()
    assert evaluate(rules, dossier()).missing_for_verdict == ("a", "q")


def test_a_question_that_drops_out_asks_for_nothing():
    """Of a choice whose question does not apply neither branch matters; what is missing beside it does."""
    choice = When(when=AppliesWhen(condition=P, body=Q), then=A, otherwise=B)
    row = evaluate(only(AllOf(members=(choice, at_least("c", 50)))), dossier({"p": False}))["1.1"]
    assert row.missing_facts == ("c",)


BY_FACT = AnyOf(members=(LEFT_OPEN, Q))


@pytest.mark.parametrize(
    ("applies", "rows", "facts", "for_set"),
    [
        # Of an open question of whom the set is for, what may answer it; a row only where it may still count.
        (Q, A, {}, ["a", "q"]),
        (Q, A, {"a": 1}, ["q"]),
        (Q, A, {"a": 0}, ["q"]),
        (Q, A, {"q": False}, []),
        (Q, A, {"q": True}, ["a"]),
        (Q, UNWRITTEN, {}, ["q"]),
        (LEFT_OPEN, A, {}, []),
        (BY_FACT, A, {}, ["a", "q"]),
        (BY_FACT, UNWRITTEN, {}, []),
    ],
)
def test_facts_on_whom_a_set_is_for_matter_too(applies, rows, facts, for_set):
    """A set that is not for the place is decided, and of one that can't turn out to be for it no row matters."""
    rules = only(rows)
    whom = attrs.evolve(criterion("x", applies).indicators[0], number="applies_to")
    catalogue = criteria_set(criterion("1", rows), criterion("2", applies)).catalogue
    result = evaluate(attrs.evolve(rules, applies_to=whom, catalogue=catalogue), dossier(facts))
    assert list(result.missing_for_verdict) == for_set


def test_a_condition_may_fail_whomever_the_set_is_for():
    """Recognition needs the condition and the set, whether or not the set can turn out to be for the place."""
    rules = criteria_set(criterion("1", A), criterion("2", P))
    whom, debt = criterion("x", LEFT_OPEN).indicators[0], criterion("x", P).indicators[0]
    rules = attrs.evolve(
        rules,
        criteria=rules.criteria[:1],
        counts=Counts(1, 1),
        applies_to=attrs.evolve(whom, number="applies_to"),
        preconditions=(debt,),
    )
    assert evaluate(rules, dossier()).missing_for_verdict == ("p",)


# --- how firm it is ---------------------------------------------------------------------------------------------

FIRM, WITHIN = FirmnessCode.FIRM, FirmnessCode.WITHIN_PRECISION
UNIT, NO_FIGURE = FirmnessCode.ONE_UNIT, FirmnessCode.NO_FIGURE
FIFTY = at_least("a", 50)


@pytest.mark.parametrize(
    ("require", "facts", "code"),
    [
        (FIFTY, {"a": "50.0"}, WITHIN),
        (FIFTY, {"a": "50.04"}, FIRM),
        (FIFTY, {"a": "50.1"}, FIRM),
        (compare("a", Sign.MORE_THAN, 50), {"a": "50.1"}, UNIT),
        (FIFTY, {"a": "49.9"}, UNIT),
        (FIFTY, {"a": "49.8"}, FIRM),
        (at_least("a", "49.95"), {"a": "49.9"}, WITHIN),
        (FIFTY, {"a": 51}, FIRM),
        (compare("a", Sign.MORE_THAN, 50), {"a": 51}, UNIT),
        (FIFTY, {"a": (1, 2)}, UNIT),
        (FIFTY, {"a": (3, 4)}, FIRM),
        (FIFTY, {"a": (2, 3)}, UNIT),
        (compare("a", Sign.EQUALS, 50), {"a": 50}, WITHIN),
        (compare("a", Sign.EQUALS, "49.7"), {"a": 50}, WITHIN),
        (compare("a", Sign.EQUALS, "48.7"), {"a": 50}, FIRM),
        (AnyOf(members=(FIFTY, P)), {"a": "50.0", "p": True}, FIRM),
        (AnyOf(members=(FIFTY, compare("a", Sign.LESS_THAN, 50))), {"a": "50.0"}, FIRM),
        (AllOf(members=(FIFTY, at_least("b", 50))), {"a": 60, "b": 50}, WITHIN),
        (When(when=FIFTY, then=P, otherwise=Q), {"a": 50, "p": True}, WITHIN),
        (P, {"p": True}, NO_FIGURE),
        (FIFTY, {}, NO_FIGURE),
        (at_least("total", 50), {"a": 25, "b": 25}, NO_FIGURE),
    ],
)
def test_how_firm_a_verdict_is(require, facts, code):
    """Whether a verdict would turn within half a unit of the last digit of a figure, or by one unit."""
    found = evaluate(only(require), dossier(facts))["1.1"].firmness
    assert found.code is code
    assert bool(found.reasons) is (code in (WITHIN, UNIT))


def test_a_verdict_that_stands_on_a_conclusion_hangs_on_no_figure():
    """Where a conclusion stands, no figure turns the verdict."""
    assert evaluate(only(FIFTY), dossier(attestations=(said("1.1"),)))["1.1"].firmness.code is NO_FIGURE


@given(partial_facts, requirements)
def test_a_firm_verdict_stands_one_unit_away(facts, require):
    """Where a verdict is firm, every figure moved alone by one unit of its last digit leaves it as it is."""
    result = evaluate(only(require), dossier(facts))
    if result["1.1"].firmness.code is not FIRM or asked(only(require)) & {"total", "quotient"}:
        return
    for name in [name for name, of in facts.items() if isinstance(of, int) and not isinstance(of, bool)]:
        for moved in (facts[name] - 1, facts[name] + 1):
            verdict = evaluate(only(require), dossier({**facts, name: moved})).verdict
            assert verdict is result.verdict
