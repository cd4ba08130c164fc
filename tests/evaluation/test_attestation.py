from __future__ import annotations

from datetime import date
from itertools import combinations, product

import attrs
import pytest

from ntm_rules import evaluate
from ntm_rules.errors import UnknownNameError
from ntm_rules.evaluation.attestation import ATTESTED, resolve
from ntm_rules.vocabulary.assessments import Conflict
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.requirements import AppliesWhen, Attains, Holds, Nothing
from ntm_rules.vocabulary.verdicts import Basis, FindingCode, ReasonCode, Support, Verdict
from strategies import at_least, criteria_set, criterion, dossier, of_year, only, said, source

MET, NOT_MET, OPEN, DROPS = Verdict.MET, Verdict.NOT_MET, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE
DECIDED = (MET, NOT_MET, DROPS)

CONTRADICTED = FindingCode.ATTESTATION_CONTRADICTED
STATEMENTS = FindingCode.STATEMENTS_CONFLICT
RECALLED = FindingCode.CONFLICT_ON_RECALLED_THRESHOLD


# --- the whole matrix -------------------------------------------------------------------------------------------


def by_the_book(computed, grade, statement, attested):
    """Verdict, basis and conflict, sentence by sentence as the format lays them down."""
    # Nothing was concluded: what is computed stands.
    if not attested:
        return computed, Basis.NONE if computed is OPEN else Basis.COMPUTED, None
    sides = set(attested) | ({computed} - {OPEN})
    if len(sides) == 1:
        # Nothing contradicts: figures decide if they decide, else the conclusion.
        return (attested[0], Basis.ATTESTED, None) if computed is OPEN else (computed, Basis.COMPUTED, None)
    if computed is OPEN or statement:
        # Statements that contradict each other.
        return OPEN, Basis.NONE, STATEMENTS
    if grade in (Grade.TEXT, Grade.SECONDARY):
        # A figure that contradicts decides against a threshold that is evidenced.
        return computed, Basis.COMPUTED, CONTRADICTED
    return OPEN, Basis.NONE, RECALLED


ATTESTATIONS = [list(each) for number in range(4) for each in combinations(DECIDED, number)] + [[MET, MET]]
MATRIX = list(product(Verdict, list(Grade)[:3], (False, True), ATTESTATIONS))


def test_every_combination():
    """Each computed verdict, on each support, beside each set of conclusions, comes out as the format says."""
    for computed, grade, statement, attested in MATRIX:
        support = None if computed is OPEN else Support(grade, statement)
        basis = Basis.NONE if computed is OPEN else Basis.COMPUTED
        found = resolve(computed, basis, support, attested)
        case = (computed, grade, statement, attested)
        assert (found.verdict, found.basis, found.conflict) == by_the_book(*case), case
        assert found.by_attestation is (found.basis is Basis.ATTESTED), case
        if found.by_attestation:
            assert found.support == ATTESTED, case
        else:
            assert found.support is (support if found.verdict.decided else None), case
        assert found.attested is (attested[0] if len(set(attested)) == 1 else None), case


def test_what_rests_on_nothing_known_gives_way():
    """A verdict whose support is not known never outweighs a conclusion."""
    assert resolve(MET, Basis.COMPUTED, None, [NOT_MET]).conflict is STATEMENTS


@pytest.mark.parametrize("mixed", [Basis.MIXED, Basis.ATTESTED])
def test_a_verdict_that_stands_keeps_its_basis(mixed):
    """A criterion combined from conclusions does not become computed when its own conclusion agrees."""
    assert resolve(MET, mixed, ATTESTED, [MET]).basis is mixed


# --- an indicator -----------------------------------------------------------------------------------------------

FIGURE, STATEMENT = at_least("a", 50), Holds(fact="p")


def result_of(require, facts, *attestations, grade=Grade.TEXT, **own):
    """The whole assessment of one indicator and its result."""
    assessment = evaluate(only(require, grade), dossier(facts, attestations=attestations, **own))
    return assessment, assessment["1/1.1"]


@pytest.mark.parametrize(
    ("require", "facts", "grade", "attested", "expected"),
    [
        (FIGURE, {"a": 60}, Grade.TEXT, MET, (MET, Basis.COMPUTED, None)),
        (FIGURE, {"a": 60}, Grade.TEXT, NOT_MET, (MET, Basis.COMPUTED, CONTRADICTED)),
        (FIGURE, {"a": 40}, Grade.SECONDARY, MET, (NOT_MET, Basis.COMPUTED, CONTRADICTED)),
        (FIGURE, {"a": 40}, Grade.RECALLED, MET, (OPEN, Basis.NONE, RECALLED)),
        (FIGURE, {"a": 40}, Grade.RECALLED, NOT_MET, (NOT_MET, Basis.COMPUTED, None)),
        (FIGURE, {"a": 40}, Grade.TEXT, DROPS, (NOT_MET, Basis.COMPUTED, CONTRADICTED)),
        (FIGURE, {}, Grade.RECALLED, DROPS, (DROPS, Basis.ATTESTED, None)),
        (STATEMENT, {"p": True}, Grade.TEXT, NOT_MET, (OPEN, Basis.NONE, STATEMENTS)),
        (STATEMENT, {"p": True}, Grade.RECALLED, MET, (MET, Basis.COMPUTED, None)),
        (STATEMENT, {}, Grade.TEXT, NOT_MET, (NOT_MET, Basis.ATTESTED, None)),
        (AppliesWhen(condition=STATEMENT, body=FIGURE), {"p": False}, Grade.TEXT, MET, (OPEN, Basis.NONE, STATEMENTS)),
        (at_least("a", Nothing()), {}, Grade.TEXT, MET, (DROPS, Basis.COMPUTED, CONTRADICTED)),
    ],
)
def test_an_indicator_beside_its_conclusion(require, facts, grade, attested, expected):
    """A conclusion on an indicator stands where nothing is computed; a contradiction is recorded in every case."""
    verdict, basis, conflict = expected
    assessment, result = result_of(require, facts, said("1.1", attested), grade=grade)
    assert (result.verdict, result.basis, result.attested) == (verdict, basis, attested)
    assert [each.code for each in assessment.conflicts] == [conflict] * (conflict is not None)
    if conflict is not None:
        assert assessment.conflicts == (Conflict("1/1.1", conflict, result.computed, (attested,), verdict),)


def test_the_conclusion_is_the_only_reason_where_it_stands():
    """Where a conclusion stands, the reasons are the conclusions and nothing is asked for."""
    first, second = said("1.1"), said("1.1", dated=PartialDate(2021))
    assessment, result = result_of(FIGURE, {}, first, second)
    assert [(reason.code, reason.attestation) for reason in result.reasons] == [
        (ReasonCode.ATTESTED, first),
        (ReasonCode.ATTESTED, second),
    ]
    assert not assessment.missing_facts
    assert not result.provisional


def test_conclusions_that_contradict_each_other():
    """Two conclusions that contradict each other leave the indicator open, and what is missing is still told."""
    assessment, result = result_of(FIGURE, {}, said("1.1"), said("1.1", NOT_MET), said("1.1"))
    assert (result.verdict, result.attested) == (OPEN, None)
    assert [reason.code for reason in result.reasons] == [ReasonCode.STATEMENTS_CONFLICT, ReasonCode.MISSING_FACT]
    assert assessment.conflicts == (Conflict("1/1.1", STATEMENTS, OPEN, (MET, NOT_MET), OPEN),)
    assert assessment.missing_facts == ("a",)


def test_conclusions_that_contradict_each_other_and_a_figure():
    """A figure on an evidenced threshold stands between two contradictory conclusions."""
    assessment, result = result_of(FIGURE, {"a": 60}, said("1.1"), said("1.1", NOT_MET))
    assert (result.verdict, result.basis) == (MET, Basis.COMPUTED)
    assert assessment.conflicts == (Conflict("1/1.1", CONTRADICTED, MET, (MET, NOT_MET), MET),)


@pytest.mark.parametrize(
    ("for_", "counts"),
    [
        (None, True),
        (PartialDate(2020), True),
        (PartialDate(2020, 12, 31), True),
        (PartialDate(2019, 12, 31), False),
        (PartialDate(2021), False),
    ],
)
def test_the_state_described_decides_whether_a_conclusion_counts(for_, counts):
    """A conclusion counts by the year it describes, whenever its paper was signed."""
    attestation = said("1.1", for_=for_, dated=PartialDate(2021, 1, 8))
    assessment, result = result_of(FIGURE, {}, attestation)
    assert result.verdict is (MET if counts else OPEN)
    other = [finding for finding in assessment.findings if finding.code is FindingCode.ATTESTATION_OF_OTHER_YEAR]
    assert [finding.subject for finding in other] == ([] if counts else [str(for_)])
    assert assessment.missing_facts == (() if counts else ("a",))


@pytest.mark.parametrize("address", ["1.1", "1/1.1", "#1.1", "commune/standard/2016-2020#1/1.1"])
def test_a_conclusion_finds_its_indicator_under_every_address(address):
    """A conclusion speaks of the same indicator, whichever way its address is written."""
    assert result_of(FIGURE, {}, said(address))[1].verdict is MET


def test_a_conclusion_on_what_the_set_does_not_hold():
    """A conclusion on an unknown address is refused, with the nearest offered."""
    with pytest.raises(UnknownNameError) as caught:
        result_of(FIGURE, {}, said("1.2"))
    assert caught.value.suggestion == "1.1"


# --- a criterion ------------------------------------------------------------------------------------------------

PAIR = criteria_set(criterion("1", at_least("a", 50), Holds(fact="p")))
PAIR_RECALLED = criteria_set(criterion("1", at_least("a", 50), Holds(fact="p"), grade=Grade.RECALLED))


@pytest.mark.parametrize(
    ("rules", "facts", "attested", "expected"),
    [
        # it stands only where the combination is open
        (PAIR, {}, MET, (MET, Basis.ATTESTED, None)),
        (PAIR, {"a": 60}, NOT_MET, (NOT_MET, Basis.ATTESTED, None)),
        (PAIR, {"a": 60}, MET, (MET, Basis.ATTESTED, None)),
        (PAIR, {"a": 60, "p": True}, MET, (MET, Basis.COMPUTED, None)),
        # figures stand against it on evidenced thresholds only
        (PAIR, {"a": 40}, MET, (NOT_MET, Basis.COMPUTED, CONTRADICTED)),
        (PAIR_RECALLED, {"a": 40}, MET, (OPEN, Basis.NONE, RECALLED)),
        # that it is met hangs on the statement too, that it is not met on the statement alone
        (PAIR, {"a": 60, "p": True}, NOT_MET, (OPEN, Basis.NONE, STATEMENTS)),
        (PAIR, {"a": 60, "p": False}, MET, (OPEN, Basis.NONE, STATEMENTS)),
    ],
)
def test_a_criterion_beside_its_conclusion(rules, facts, attested, expected):
    """A criterion is combined first; its own conclusion stands only if that leaves it open."""
    verdict, basis, conflict = expected
    assessment = evaluate(rules, dossier(facts, attestations=(said("1", attested),)))
    result = assessment["1"]
    assert (result.verdict, result.basis, result.attested) == (verdict, basis, attested)
    assert [(each.address, each.code) for each in assessment.conflicts] == [("1", conflict)] * (conflict is not None)


def test_a_conclusion_is_never_pushed_down():
    """Beneath a criterion that stands on its conclusion open indicators stay open, are covered and ask for nothing."""
    assessment = evaluate(PAIR, dossier({"a": 60}, attestations=(said("1"),)))
    decided, covered = assessment["1"].indicators
    assert (decided.verdict, decided.basis) == (MET, Basis.COMPUTED)
    assert (covered.verdict, covered.basis, covered.attested) == (OPEN, Basis.NONE, None)
    assert [reason.code for reason in covered.reasons] == [ReasonCode.COVERED_BY_CRITERION]
    assert not assessment.missing_facts
    assert [reason.code for reason in assessment["1"].reasons] == [ReasonCode.ATTESTED]


def test_a_contradiction_beneath_a_conclusion_is_kept():
    """An indicator left open by a contradiction stays so beneath a conclusion on its criterion, with both reasons."""
    attestations = (said("1.1", NOT_MET), said("1.1"), said("1"))
    assessment = evaluate(PAIR, dossier(attestations=attestations))
    codes = [reason.code for reason in assessment["1.1"].reasons]
    assert codes == [ReasonCode.COVERED_BY_CRITERION, ReasonCode.STATEMENTS_CONFLICT]
    assert [each.address for each in assessment.conflicts] == ["1/1.1"]


def test_a_conclusion_that_does_not_stand_covers_nothing():
    """Where contradictory conclusions leave a criterion open, its missing facts are still asked for."""
    assessment = evaluate(PAIR, dossier(attestations=(said("1"), said("1", NOT_MET))))
    assert assessment["1"].verdict is OPEN
    codes = [reason.code for reason in assessment["1"].reasons]
    assert codes == [
        ReasonCode.STATEMENTS_CONFLICT,
        ReasonCode.PART_UNDETERMINED,
        ReasonCode.PART_UNDETERMINED,
    ]
    assert assessment.missing_facts == ("a", "p")


def test_conclusions_on_the_indicators_contradict_that_on_the_criterion():
    """Conclusions on parts and a contrary one on the whole are statements: the criterion is open."""
    attestations = (said("1.1"), said("1.2"), said("1", NOT_MET))
    assessment = evaluate(PAIR, dossier(attestations=attestations))
    assert [each.verdict for each in assessment["1"].indicators] == [MET, MET]
    assert assessment["1"].verdict is OPEN
    assert assessment.conflicts == (Conflict("1", STATEMENTS, MET, (NOT_MET,), OPEN),)


@pytest.mark.parametrize(
    ("facts", "attestations", "basis", "support"),
    [
        ({"a": 60, "p": True}, (), Basis.COMPUTED, Support(Grade.TEXT, statement=True)),
        ({"a": 60}, (said("1.2"),), Basis.MIXED, Support(Grade.TEXT, statement=True, basis=Basis.MIXED)),
        ({}, (said("1.1"), said("1.2")), Basis.ATTESTED, ATTESTED),
        ({"a": 40}, (said("1.2", NOT_MET),), Basis.MIXED, Support(Grade.TEXT, statement=False)),
        ({"a": 40}, (said("1.2"),), Basis.COMPUTED, Support(Grade.TEXT, statement=False)),
        ({"a": 60}, (), Basis.NONE, None),
    ],
)
def test_what_a_criterion_stands_on(facts, attestations, basis, support):
    """The basis of a criterion is that of the parts which gave its verdict, mixed where they differ."""
    result = evaluate(PAIR, dossier(facts, attestations=attestations))["1"]
    assert (result.basis, result.support) == (basis, support)


@pytest.mark.parametrize(
    ("grades", "facts", "attestations", "provisional"),
    [
        ((Grade.TEXT, Grade.RECALLED), {"a": 60, "b": 60}, (), True),
        ((Grade.TEXT, Grade.SECONDARY), {"a": 60, "b": 60}, (), False),
        # one part that fails for sure is enough
        ((Grade.TEXT, Grade.RECALLED), {"a": 40, "b": 40}, (), False),
        ((Grade.TEXT, Grade.RECALLED), {"a": 60, "b": 40}, (), True),
        # an attested verdict rests on its document and is never provisional
        ((Grade.RECALLED, Grade.RECALLED), {}, (said("1"),), False),
        ((Grade.RECALLED, Grade.RECALLED), {"a": 40}, (said("1.2", NOT_MET),), False),
        ((Grade.RECALLED, Grade.RECALLED), {"a": 60}, (said("1.2"),), True),
    ],
)
def test_a_provisional_criterion(grades, facts, attestations, provisional):
    """A criterion is provisional where its verdict is computed in part and needs a threshold that is only recalled."""
    first, second = (at_least(fact, 50, source=source(grade)) for fact, grade in zip("ab", grades, strict=True))
    rules = criteria_set(criterion("1", first, second))
    assert evaluate(rules, dossier(facts, attestations=attestations))["1"].provisional is provisional


def test_a_figure_of_another_year_does_not_contradict():
    """A figure of another year gives nothing, so the conclusion stands and no contradiction is recorded."""
    assessment, result = result_of(FIGURE, {"a": of_year("a", 0, 2019)}, said("1.1"))
    assert (result.verdict, result.basis) == (MET, Basis.ATTESTED)
    assert not assessment.conflicts


def test_a_conclusion_may_be_on_another_set():
    """One that names a set that the dossier's own set asks for is said of that; any other stays with its own."""
    other = "commune/standard/2021-2025"
    rules = only(Attains(address=f"{other}#10"))
    facts = {"on": date(2024, 12, 31), "year": 2024}
    named = attrs.evolve(said("10"), address=f"{other}#10")
    assert named.set_id == other
    assert (said("10").set_id, attrs.evolve(named, address="#10").set_id) == (None, None)
    assert evaluate(rules, dossier(attestations=(named,), **facts))["1.1"].verdict is MET
    assert evaluate(rules, dossier(attestations=(attrs.evolve(named, verdict=NOT_MET),), **facts)).verdict is NOT_MET
    assert evaluate(rules, dossier(**facts)).verdict is OPEN
    mine = attrs.evolve(said("1"), address=f"{rules.id}#1")
    assert evaluate(rules, dossier(attestations=(mine,), **facts)).verdict is MET
