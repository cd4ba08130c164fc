from __future__ import annotations

import gc
import pickle
from datetime import date
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ntm_rules as ntm
from ntm_rules import evaluate
from ntm_rules.errors import UnknownNameError
from ntm_rules.evaluation.context import terms
from ntm_rules.vocabulary.assessments import Conflict, Finding, Tally
from ntm_rules.vocabulary.canonical import canonical
from ntm_rules.vocabulary.dossiers import FactValue, Reported, Status
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.requirements import (
    AllOf,
    AppliesWhen,
    Candidate,
    Compare,
    Holds,
    Nothing,
    Requirement,
    Table,
    Unstated,
)
from ntm_rules.vocabulary.verdicts import Basis, FindingCode, ReasonCode, Verdict
from strategies import (
    REGION,
    at_least,
    criteria_set,
    criterion,
    dossier,
    of_year,
    only,
    partial_facts,
    percent,
    requirements,
    said,
    source,
    value,
)

MET, NOT_MET, OPEN, DROPS = Verdict.MET, Verdict.NOT_MET, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE

LAW = "commune/standard/2016-2020"


def found(assessment, code):
    """The findings of one code."""
    return [finding for finding in assessment.findings if finding.code is code]


# --- tallies ----------------------------------------------------------------------------------------------------

IF_ANY = AppliesWhen(condition=Holds(fact="any"), body=at_least("c", 50))
FOUR = criteria_set(
    criterion("1", at_least("a", 50)),
    criterion("2", at_least("b", 50)),
    criterion("3", IF_ANY),
    criterion("4", Holds(fact="p"), Holds(fact="q")),
)
ALL_MET = {"a": 60, "b": 60, "any": True, "c": 60, "p": True, "q": True}


def test_the_five_numbers():
    """A tally counts each verdict once beside the law's total, for criteria and for indicators."""
    assessment = evaluate(FOUR, dossier({"a": 60, "b": 40, "any": False, "p": True}))
    assert assessment.tally == Tally(met=1, not_met=1, undetermined=1, not_applicable=1, total=4)
    assert assessment.indicator_tally == Tally(met=2, not_met=1, undetermined=1, not_applicable=1, total=5)


def test_the_total_never_shrinks():
    """With one criterion out of consideration all others are met, yet three of four are met, not three of three."""
    assessment = evaluate(FOUR, dossier({**ALL_MET, "any": False}))
    assert assessment.verdict is MET
    assert assessment.tally == Tally(met=3, not_met=0, undetermined=0, not_applicable=1, total=4)


def test_nothing_applies():
    """Where nothing applies the set does not either, and it says so of each part."""
    assessment = evaluate(only(IF_ANY), dossier({"any": False}))
    assert (assessment.verdict, assessment.basis) == (DROPS, Basis.COMPUTED)
    assert [reason.code for reason in assessment.reasons] == [ReasonCode.NOT_CONSIDERED]


@given(st.lists(st.sampled_from(Verdict)), st.integers(0, 10))
def test_a_tally_adds_up(verdicts, lacking):
    """The four counts always make the law's total; the rows that a set lacks are undetermined."""
    tally = Tally.of(verdicts, len(verdicts) + lacking)
    assert tally.met + tally.not_met + tally.undetermined + tally.not_applicable == tally.total
    assert tally.undetermined == verdicts.count(OPEN) + lacking


# --- the set ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "verdict", "reasons"),
    [
        (ALL_MET, MET, {ReasonCode.PARTS_MET: ["1", "2", "3", "4"]}),
        ({**ALL_MET, "b": 0, "q": False}, NOT_MET, {ReasonCode.PART_NOT_MET: ["2", "4"]}),
        ({"b": 0}, NOT_MET, {ReasonCode.PART_NOT_MET: ["2"]}),
        ({"a": 60}, OPEN, {ReasonCode.PART_UNDETERMINED: ["2", "3", "4"]}),
    ],
)
def test_the_set_needs_all_its_criteria(facts, verdict, reasons):
    """The set is met when all criteria are, and names those that gave its verdict."""
    assessment = evaluate(FOUR, dossier(facts))
    assert assessment.verdict is verdict
    told: dict[ReasonCode, list[str]] = {}
    for reason in assessment.reasons:
        told.setdefault(reason.code, []).append(reason.subject)
    assert told == reasons
    assert [each.address for each in assessment.failing] == reasons.get(ReasonCode.PART_NOT_MET, [])


@pytest.mark.parametrize(
    ("counts", "facts", "verdict", "codes"),
    [
        ((5, 6), ALL_MET, OPEN, [ReasonCode.SET_INCOMPLETE]),
        ((4, 6), ALL_MET, OPEN, [ReasonCode.SET_INCOMPLETE]),
        ((5, 6), {**ALL_MET, "b": 0}, NOT_MET, [ReasonCode.PART_NOT_MET]),
        ((5, 6), {}, OPEN, [ReasonCode.SET_INCOMPLETE, *[ReasonCode.PART_UNDETERMINED] * 4]),
        ((4, 5), ALL_MET, MET, [ReasonCode.PARTS_MET] * 4),
    ],
)
def test_an_incomplete_set_is_never_met(counts, facts, verdict, codes):
    """A set that lacks rows of the law can fail but never be met; the rows it lacks are undetermined."""
    rules = attrs.evolve(FOUR, counts=ntm.Counts(*counts))
    assessment = evaluate(rules, dossier(facts))
    assert assessment.verdict is verdict
    assert [reason.code for reason in assessment.reasons] == codes
    assert (assessment.tally.total, assessment.indicator_tally.total) == counts


@pytest.mark.parametrize(
    ("counts", "facts", "verdict", "codes"),
    [
        ((4, 4), ALL_MET, OPEN, [ReasonCode.SET_SURPLUS]),
        ((4, 4), {}, OPEN, [ReasonCode.SET_SURPLUS, *[ReasonCode.PART_UNDETERMINED] * 4]),
        ((4, 4), {**ALL_MET, "b": 0}, NOT_MET, [ReasonCode.PART_NOT_MET]),
        ((4, None), ALL_MET, OPEN, [ReasonCode.SET_COUNT_UNSTATED]),
    ],
)
def test_a_set_that_lists_too_many_rows_is_never_met(counts, facts, verdict, codes):
    """Which of its rows is none of the law's is not known, so it can fail but never be met."""
    rules = attrs.evolve(FOUR, counts=ntm.Counts(*counts, surplus=1))
    assert rules.incomplete
    assessment = evaluate(rules, dossier(facts))
    assert assessment.verdict is verdict
    assert [reason.code for reason in assessment.reasons] == codes
    if codes[0] is ReasonCode.SET_SURPLUS:
        assert assessment.reasons[0].numbers == (1, 4)


def test_the_basis_of_the_set():
    """The set is computed, attested or mixed as the criteria that gave its verdict are."""
    both = (said("1"), said("2"))
    two = criteria_set(*FOUR.criteria[:2])
    assert evaluate(two, dossier({"a": 60, "b": 60})).basis is Basis.COMPUTED
    assert evaluate(two, dossier(attestations=both)).basis is Basis.ATTESTED
    assert evaluate(two, dossier({"a": 60}, attestations=both[1:])).basis is Basis.MIXED
    assert evaluate(two, dossier()).basis is Basis.NONE


# --- published tallies ------------------------------------------------------------------------------------------


def with_reported(facts, what, least, most, rules=FOUR, **own):
    """An assessment of a dossier that also gives a tally."""
    return evaluate(rules, dossier(facts, reported=(Reported(what, least, most),), **own))


def test_a_published_tally_of_a_set_whose_count_is_not_known():
    """Where the law's own count is not known, a published number that reaches what was computed contradicts nothing."""
    uncounted = attrs.evolve(FOUR, counts=attrs.evolve(FOUR.counts, criteria=None))
    assert with_reported({}, "criteria_met", 40, 40, uncounted).conflicts == ()
    assert uncounted.missing_rows[0] is None


@pytest.mark.parametrize(
    ("what", "most", "verdict"),
    [
        # criterion 3 may turn out not to apply, so three of four can be all that is required
        ("criteria_met", 4, OPEN),
        ("criteria_met", 3, OPEN),
        ("criteria_met", 2, NOT_MET),
        ("indicators_met", 4, OPEN),
        ("indicators_met", 3, NOT_MET),
    ],
)
def test_a_published_tally_below_what_is_required(what, most, verdict):
    """A published tally shows that the set is not met once it is below the least that can be required."""
    assessment = with_reported({}, what, 0, most)
    assert assessment.verdict is verdict
    assert all(each.verdict is OPEN for each in assessment.criteria)
    if verdict is NOT_MET:
        assert assessment.basis is Basis.ATTESTED
        (reason,) = assessment.reasons
        required = {"criteria_met": 3, "indicators_met": 4}[what]
        assert (reason.code, reason.subject, reason.numbers) == (
            ReasonCode.REPORTED_BELOW_REQUIRED,
            what,
            (most, required),
        )


def test_a_published_tally_never_sets_a_part():
    """All criteria published as met do not make one of them met, nor the set."""
    assessment = with_reported({}, "criteria_met", 4, 4)
    assert (assessment.verdict, assessment.tally.met) == (OPEN, 0)


def test_what_does_not_apply_is_not_required():
    """A criterion found not to apply is one less that a published tally must reach; one found to apply is not."""
    assert with_reported({"any": False}, "criteria_met", 3, 3).verdict is OPEN
    assert with_reported({"any": True, "c": 60}, "criteria_met", 3, 3).verdict is NOT_MET


@pytest.mark.parametrize(
    ("facts", "least", "most", "conflict"),
    [
        ({"a": 60, "b": 0}, 0, 0, True),  # one is met for sure
        ({"a": 60, "b": 0}, 4, 4, True),  # one is not
        ({"a": 60, "b": 0}, 1, 3, False),
        ({"a": 60, "b": 0}, 3, 4, False),  # the ranges touch
        ({"a": 60, "b": 0}, 0, 1, False),
    ],
)
def test_a_published_tally_is_checked(facts, least, most, conflict):
    """A published range that the computed range does not touch is a finding with both ranges."""
    findings = found(with_reported(facts, "criteria_met", least, most), FindingCode.TALLY_CONFLICT)
    expected = Finding(FindingCode.TALLY_CONFLICT, None, "criteria_met", (least, most, 1, 3))
    assert findings == [expected] * conflict


def test_the_rows_that_a_set_lacks_may_be_met():
    """Against an incomplete set a published tally may count the rows that it lacks."""
    rules = attrs.evolve(FOUR, counts=ntm.Counts(6, 8))
    for what, most in (("criteria_met", 6), ("indicators_met", 8)):
        assert not found(with_reported(ALL_MET, what, most, most, rules), FindingCode.TALLY_CONFLICT)


@pytest.mark.parametrize(
    ("grade", "verdict", "code"),
    [
        (Grade.TEXT, MET, FindingCode.ATTESTATION_CONTRADICTED),
        (Grade.RECALLED, OPEN, FindingCode.CONFLICT_ON_RECALLED_THRESHOLD),
    ],
)
def test_figures_against_a_published_tally(grade, verdict, code):
    """A set met by figures stands against a lower published tally on evidenced thresholds only."""
    rules = criteria_set(*(criterion(number, at_least(number, 50), grade=grade) for number in "12"))
    assessment = with_reported({"1": 60, "2": 60}, "criteria_met", 1, 1, rules)
    assert (assessment.verdict, assessment.conflicts) == (verdict, (Conflict("", code, MET, (NOT_MET,), verdict),))
    assert found(assessment, FindingCode.TALLY_CONFLICT)


def test_conclusions_against_a_published_tally():
    """Conclusions that all criteria are met and a lower published tally are statements: the set is open."""
    attestations = tuple(said(number) for number in "1234")
    assessment = with_reported({}, "criteria_met", 2, 2, attestations=attestations)
    assert assessment.verdict is OPEN
    assert assessment.conflicts == (Conflict("", FindingCode.STATEMENTS_CONFLICT, MET, (NOT_MET,), OPEN),)
    assert assessment.reasons[0].code is ReasonCode.STATEMENTS_CONFLICT


def test_a_published_tally_that_agrees():
    """A set that fails by figures keeps its own reasons beside a published tally that says the same."""
    assessment = with_reported({"b": 0}, "criteria_met", 1, 2)
    assert (assessment.verdict, assessment.basis) == (NOT_MET, Basis.COMPUTED)
    assert [reason.code for reason in assessment.reasons] == [ReasonCode.PART_NOT_MET]
    assert not assessment.conflicts


# --- findings ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "outside"),
    [
        (date(2016, 11, 30), True),
        (date(2016, 12, 1), False),
        (date(2022, 3, 7), False),
        (date(2022, 3, 8), True),
    ],
)
def test_a_day_outside_the_force_of_the_set(on, outside):
    """A set may be used outside its force, and says so with the day."""
    findings = found(evaluate(FOUR, dossier(on=on)), FindingCode.OUTSIDE_FORCE)
    assert [finding.subject for finding in findings] == [on.isoformat()] * outside


def test_a_fact_that_the_set_does_not_use():
    """A fact that the set does not ask for is listed, and changes nothing else."""
    with_it = evaluate(FOUR, dossier({"a": 60, "x": 1}))
    assert [finding.subject for finding in found(with_it, FindingCode.UNUSED_FACT)] == ["x"]
    assert with_it.criteria == attrs.evolve(with_it, scope=with_it.scope).criteria
    assert [each.verdict for each in with_it.criteria] == [
        each.verdict for each in evaluate(FOUR, dossier({"a": 60})).criteria
    ]


@pytest.mark.parametrize("status", Status)
def test_what_a_dossier_is(status):
    """An illustration and a synthetic dossier are marked as such, a real one is not."""
    codes = {finding.code.value for finding in evaluate(FOUR, dossier(status=status)).findings}
    assert codes == ({status.value} - {"real"})


def test_a_conclusion_without_a_document():
    """A conclusion without its document counts, and is pointed out under its address."""
    assessment = evaluate(FOUR, dossier(attestations=(attrs.evolve(said("2"), document=None), said("1"))))
    assert assessment["2"].verdict is MET
    assert [each.address for each in found(assessment, FindingCode.ATTESTATION_WITHOUT_DOCUMENT)] == ["2"]


OF_WHICH = only(AllOf(members=(at_least("whole", 90), at_least("part", 50)), of_which=True))


@pytest.mark.parametrize(
    ("facts", "exceeds"),
    [
        ({"whole": 92, "part": 95}, True),
        ({"whole": 92, "part": 92}, False),
        ({"whole": (2, 3), "part": "66.67"}, True),
        ({"whole": (2, 3), "part": "66.66"}, False),
        ({"whole": 92}, False),
        ({"part": 95}, False),
        ({"whole": (0, 0), "part": 95}, False),
        ({"whole": of_year("whole", 10, 2019), "part": 95}, False),
    ],
)
def test_a_part_greater_than_its_whole(facts, exceeds):
    """A part above the figure it is a part of is a finding on the data of one year, and never moves a verdict."""
    assessment = evaluate(OF_WHICH, dossier(facts))
    expected = Finding(FindingCode.PART_EXCEEDS_WHOLE, "1/1.1", "part")
    assert found(assessment, FindingCode.PART_EXCEEDS_WHOLE) == [expected] * exceeds


@pytest.mark.parametrize("part", [Holds(fact="q"), at_least("a", 50)])
def test_parts_of_which_that_are_no_figures(part):
    """Statements have nothing to compare; a part and its whole that are statements are judged as any others."""
    require = AllOf(members=(Holds(fact="p"), part), of_which=True)
    assessment = evaluate(only(require), dossier({"a": 60, "p": True, "q": True}))
    assert (assessment.verdict, found(assessment, FindingCode.PART_EXCEEDS_WHOLE)) == (MET, [])


# --- what a result says of itself -------------------------------------------------------------------------------


def test_missing_facts_are_named_once():
    """Facts that would decide an open indicator are named once, in order, whatever they are needed for."""
    rules = criteria_set(criterion("1", at_least("b", 50), at_least("a", 50)), criterion("2", at_least("b", 60)))
    assert evaluate(rules, dossier()).missing_facts == ("b", "a")
    assert evaluate(rules, dossier({"b": of_year("b", 99, 2019)})).missing_facts == ("b", "a")
    assert evaluate(rules, dossier({"b": 99, "a": 99})).missing_facts == ()


def test_facts_that_would_decide_nothing_are_not_asked_for():
    """A fact is not asked for where the threshold is open, or another part has already decided."""
    assert evaluate(only(at_least("a", Unstated())), dossier()).missing_facts == ()
    both = AllOf(members=(at_least("a", 50), at_least("b", 50)))
    assert evaluate(only(both), dossier({"a": 0})).missing_facts == ()


def test_what_an_assessment_rests_on():
    """Decided indicators are listed by the worst grade they need, conclusions apart, and open ones nowhere."""
    rules = criteria_set(
        criterion("1", at_least("a", 50), at_least("b", 50), grade=Grade.RECALLED),
        criterion("2", at_least("c", 50), Holds(fact="p")),
        criterion("3", Holds(fact="q")),
    )
    facts = {"a": 60, "c": 60}
    assessment = evaluate(rules, dossier(facts, attestations=(said("2.2"), said("3"))))
    assert assessment.rests_on == {
        "text": ("2/2.1",),
        "recalled": ("1/1.1",),
        "attested": ("2/2.2", "3"),
    }
    assert list(assessment.rests_on) == ["text", "recalled", "attested"]
    assert assessment.provisional
    assert not assessment.hypothetical


def test_results_are_found_under_every_address():
    """A result is found by number, by path and by full address; a criterion comes before an indicator of its number."""
    assessment = evaluate(FOUR, dossier())
    for address in ("4.2", "4/4.2", "#4/4.2", f"{LAW}#4/4.2"):
        assert assessment[address].address == "4/4.2"
    assert assessment["4"].address == assessment[f"{LAW}#4"].address == "4"
    assert [each.address for each in assessment.indicators] == ["1/1.1", "2/2.1", "3/3.1", "4/4.1", "4/4.2"]


@pytest.mark.parametrize(("address", "nearest"), [("4.3", "4.2"), ("#17/x", None)])
def test_an_unknown_address_offers_the_nearest(address, nearest):
    """An address that the assessment does not hold is an error with the nearest name, if there is one."""
    with pytest.raises(UnknownNameError) as caught:
        evaluate(FOUR, dossier())[address]
    assert (caught.value.name, caught.value.suggestion) == (address, nearest)


def test_nothing_provisional():
    """A result on evidenced thresholds is not provisional, nor is one that stands on conclusions."""
    assert not evaluate(FOUR, dossier(ALL_MET)).provisional
    recalled = only(at_least("a", 50), Grade.RECALLED)
    assert evaluate(recalled, dossier({"a": 60})).provisional
    assert not evaluate(recalled, dossier()).provisional
    assert not evaluate(recalled, dossier(attestations=(said("1.1"),))).provisional


# --- copies and equal sets --------------------------------------------------------------------------------------


def test_an_assessment_survives_pickling():
    """An assessment sent to another process is equal there, and gives the same bytes and sentences."""
    facts = {"a": (1, 3), "b": 40, "any": False}
    assessment = evaluate(FOUR, dossier(facts, attestations=(said("4"),), reported=(Reported("criteria_met", 1, 1),)))
    copy = pickle.loads(pickle.dumps(assessment))  # noqa: S301 - our own bytes
    assert copy == assessment
    assert canonical(copy.to_dict()) == canonical(assessment.to_dict())
    assert copy.why() == assessment.why()


def test_equal_sets_do_not_share_what_is_known_by_identity():
    """Judging by one copy of a set after another never takes a threshold of an earlier copy for that of a later."""
    rules, judged = ntm.load(LAW), dossier(region=REGION)
    income = Quantity(Decimal(36), "million_vnd_per_person_year")
    facts = (value("multidimensional_poverty_rate", "1.5"), value("continuing_education_share", "89.9"))
    judged = attrs.evolve(judged, facts=(*facts, FactValue("income_per_person", income)))
    expected = canonical(evaluate(rules, judged).to_dict())
    pickled = pickle.dumps(rules)
    gc.freeze()  # only the copies are to be collected, not all that the tests before left behind
    try:
        for _ in range(30):
            copy = pickle.loads(pickled)  # noqa: S301 - our own bytes
            assert copy == rules
            assert canonical(evaluate(copy, judged).to_dict()) == expected
            del copy
            gc.collect()
    finally:
        gc.unfreeze()


def test_terms_are_shared_by_places_of_one_row():
    """Places with the same rows are judged on the same terms, other rows, grades or copies of the set are not."""
    rows = (("region", REGION), ("year", "2020"))
    shared = terms(FOUR, rows, Grade.RECALLED)
    assert terms(FOUR, rows, Grade.RECALLED) is shared
    assert terms(FOUR, rows[:1], Grade.RECALLED) is not shared
    assert terms(FOUR, rows, Grade.TEXT) is not shared
    assert terms(attrs.evolve(FOUR), rows, Grade.RECALLED) is not shared


# --- candidates -------------------------------------------------------------------------------------------------


def without_candidates(require: Requirement) -> Requirement:
    """The same requirement with the doubtful figures taken out of its open cells."""
    if isinstance(require, Compare):
        cells = ((row, Unstated() if isinstance(cell, Unstated) else cell) for row, cell in require.threshold.cells)
        return attrs.evolve(require, threshold=attrs.evolve(require.threshold, cells=tuple(cells)))
    if isinstance(require, AllOf):
        return attrs.evolve(require, members=tuple(map(without_candidates, require.members)))
    return require


def test_candidates_change_no_verdict_of_the_packaged_set():
    """With every doubtful figure removed from the set of 2016-2020, all regions and figures get the same verdicts."""
    rules = ntm.load(LAW)
    bare = attrs.evolve(
        rules,
        criteria=tuple(
            attrs.evolve(
                each,
                indicators=tuple(
                    attrs.evolve(indicator, require=without_candidates(indicator.require))
                    for indicator in each.indicators
                ),
            )
            for each in rules.criteria
        ),
    )
    assert bare != rules
    shares = [fact.id for fact in rules.catalogue if fact.unit == "percent"]
    for region, _ in ntm.places().regions:
        for figure in ("0", "39", "43", "55", "65", "75", "93", "95", "100"):
            judged = dossier(dict.fromkeys(shares, figure), region=region)
            with_them, without = (evaluate(each, judged) for each in (rules, bare))
            assert [each.verdict for each in with_them.indicators] == [each.verdict for each in without.indicators]
            assert [reason.code for each in with_them.indicators for reason in each.reasons] == [
                reason.code for each in without.indicators for reason in each.reasons
            ]


@given(requirements, partial_facts)
def test_a_candidate_changes_no_verdict(require, facts):
    """Whatever doubtful figure stands in its open cells, a requirement is judged the same."""

    def with_candidates(node):
        if isinstance(node, Compare):
            cells = node.threshold.cells
            doubtful = Unstated(Candidate(percent(1), Grade.RECALLED))
            named = tuple((row, doubtful if isinstance(cell, Unstated) else cell) for row, cell in cells)
            return attrs.evolve(node, threshold=attrs.evolve(node.threshold, cells=named))
        changed = {
            name: with_candidates(part) if isinstance(part, Requirement) else tuple(map(with_candidates, part))
            for name in ("members", "condition", "body")
            if (part := getattr(node, name, None)) is not None
        }
        return attrs.evolve(node, **changed)

    judged = dossier(facts)
    assert evaluate(only(with_candidates(require)), judged).verdict is evaluate(only(require), judged).verdict


def test_a_table_without_axes_but_the_empty_row():
    """A figure that is the same everywhere carries no row."""
    result = evaluate(only(at_least("a", Table.constant(Nothing()))), dossier())["1.1"]
    assert result.reasons[0].threshold.row == ()
    assert source().grade() is Grade.TEXT
