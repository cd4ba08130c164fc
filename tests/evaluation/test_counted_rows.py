from __future__ import annotations

from itertools import product

import attrs
import pytest

from ntm_rules import CriteriaError, evaluate, why
from ntm_rules.messages import LANGUAGES
from ntm_rules.vocabulary.criteria import Counts
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.requirements import (
    AppliesWhen,
    Compare,
    Denominator,
    Holds,
    RowMeasure,
    Rows,
    Sign,
    Table,
)
from ntm_rules.vocabulary.verdicts import ReasonCode, Verdict
from rollup_strategies import COMMUNE_SET, commune, district, district_set, every
from strategies import criteria_set, criterion, dossier, only, percent, said

MET, NOT_MET, OPEN, DROPS = Verdict.MET, Verdict.NOT_MET, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE
ADVANCED = "commune/advanced/2016-2020"
ROWS = tuple(AppliesWhen(condition=Holds(fact=f"c{at}"), body=Holds(fact=f"p{at}")) for at in range(3))
FACTS = {MET: (True, True), NOT_MET: (True, False), OPEN: (True, None), DROPS: (False, None)}


def rows(required, sign=Sign.AT_LEAST, **own):
    """A number, or share, of rows of the test's own set."""
    of = {"rows": Rows.CRITERIA, "set_id": COMMUNE_SET} | own
    share = own.get("share", False)
    unit = "criterion" if of["rows"] is Rows.CRITERIA else "indicator"
    cell = percent(required) if share else Quantity(percent(required).value, unit)
    return Compare(measure=RowMeasure(**of), sign=sign, threshold=Table.constant(cell))


def counting(require, *criteria, counts=None):
    """A set of these criteria, with a condition of recognition that counts its own rows."""
    rules = criteria_set(*(criterion(str(at), each) for at, each in enumerate(criteria, start=1)), counts=counts)
    (condition,) = only(require).criteria[0].indicators
    return attrs.evolve(rules, preconditions=(attrs.evolve(condition, number="counted"),))


def known(verdicts):
    """The facts that give each of three rows its verdict."""
    said_of = {}
    for at, verdict in enumerate(verdicts):
        said_of |= {f"c{at}": FACTS[verdict][0], f"p{at}": FACTS[verdict][1]}
    return {fact: so for fact, so in said_of.items() if so is not None}


def counted(require, verdicts, **own):
    """What the condition gives where three rows have these verdicts."""
    return evaluate(counting(require, *ROWS), dossier(known(verdicts), **own)).preconditions[0]


@pytest.mark.parametrize("met", [True, False])
@pytest.mark.parametrize("share", [True, False])
@pytest.mark.parametrize("sign", list(Sign))
def test_no_completion_contradicts_what_is_decided(met, share, sign):
    """All verdicts of three rows: what is decided stands whatever the open ones turn out to be."""
    for required in (0, 50, 100) if share else (0, 1, 2):
        require = rows(required, sign, met=met, share=share)
        found = {verdicts: counted(require, verdicts).verdict for verdicts in product(FACTS, repeat=3)}
        for verdicts, verdict in found.items():
            ways = product(*((MET, NOT_MET, DROPS) if each is OPEN else (each,) for each in verdicts))
            if verdict is not OPEN:
                assert {found[way] for way in ways} == {verdict}
            else:
                assert OPEN in verdicts


@pytest.mark.parametrize(
    ("of", "verdict"), [(Denominator.APPLICABLE, MET), (Denominator.LISTED, NOT_MET), (Denominator.UNSTATED, OPEN)]
)
def test_a_share_of_eighteen_or_of_nineteen(of, verdict):
    """Half of the applicable, a third of all: where the law does not say which, it is open."""
    result = counted(rows(50, share=True, met=False, of=of), (MET, NOT_MET, DROPS))
    assert result.verdict is verdict


def test_some_rows_among_all():
    """Only those named count; one that the set lacks is open."""
    verdicts = (MET, NOT_MET, NOT_MET)
    assert counted(rows(1, among=("2", "3"), met=False), verdicts).verdict is MET
    assert counted(rows(1, among=("1",), met=False), verdicts).verdict is NOT_MET
    assert counted(rows(2, among=("1", "9")), verdicts).verdict is OPEN
    assert counted(rows(1, among=("1", "9")), verdicts).verdict is MET


def test_indicators_by_their_own_number_or_that_of_their_criterion():
    """A criterion with one indicator may name it."""
    verdicts = (MET, NOT_MET, NOT_MET)
    for among in (("1",), ("1.1",), ("1/1.1",)):
        assert counted(rows(1, rows=Rows.INDICATORS, among=among), verdicts).verdict is MET
    assert counted(rows(1, rows=Rows.CRITERIA, among=("1.1",)), verdicts).verdict is OPEN
    assert counted(rows(1, rows=Rows.INDICATORS), verdicts).verdict is MET
    two = counting(rows(1, rows=Rows.INDICATORS, among=("1",)), Holds(fact="p0"))
    two = attrs.evolve(two, criteria=(criterion("1", Holds(fact="p0"), Holds(fact="p0")),))
    assert evaluate(two, dossier({"p0": True})).preconditions[0].verdict is OPEN


@pytest.mark.parametrize(
    ("counts", "required", "share", "verdict"),
    [
        ((5, 5), 3, False, OPEN),
        ((5, 5), 6, False, NOT_MET),
        ((None, None), 3, False, OPEN),
        ((None, None), 6, False, OPEN),
        ((None, None), 1, True, OPEN),
        ((None, None), 0, True, MET),
        ((5, 5), 80, True, OPEN),
    ],
)
def test_rows_that_the_set_lacks_are_open(counts, required, share, verdict):
    """Eight of forty-seven rows known: the rest may be met, or not; where the law's count is not known, any number."""
    rules = counting(rows(required, share=share), *ROWS)
    rules = attrs.evolve(rules, counts=Counts(*counts))
    result = evaluate(rules, dossier(known((MET, MET, NOT_MET)))).preconditions[0]
    assert result.verdict is verdict
    for lang in LANGUAGES:
        assert why(result, lang)


def test_a_criterion_that_may_lack_rows_is_not_yet_met():
    """Where indicators are lacking, a criterion whose known ones are met may fail still."""
    rules = attrs.evolve(counting(rows(1), *ROWS), counts=Counts(3, 4))
    assert evaluate(rules, dossier(known((MET, MET, MET)))).preconditions[0].verdict is OPEN
    assert evaluate(rules, dossier(known((MET, MET, MET)))).preconditions[0].trace.reason.counted.open == 3


def test_a_set_that_counts_its_own_rows_among_them_is_refused():
    """A row that counts the rows it is one of leads to itself."""
    rules = criteria_set(criterion("1", rows(1)), criterion("2", Holds(fact="p")))
    with pytest.raises(CriteriaError):
        evaluate(rules, dossier({}))


@pytest.mark.parametrize(
    ("set_id", "verdict"),
    [
        (COMMUNE_SET, MET),
        ("commune/standard", MET),
        ("commune/standard/2010-2015", OPEN),
        ("district/standard", OPEN),
        ("commune/model/1999", OPEN),
    ],
)
def test_rows_of_another_set(set_id, verdict):
    """The rows of a packaged set in force that day are judged from this dossier; its conclusions are on another set."""
    rules = attrs.evolve(only(rows(1, set_id=set_id)), id=attrs.evolve(only(rows(1)).id, period="2000"))
    rules = attrs.evolve(rules, catalogue=rules.catalogue)
    place = dossier({"has_standard_electricity_system": True, "safe_electricity_household_share": 99})
    result = evaluate(rules, place)["1.1"]
    assert result.verdict is verdict
    if verdict is OPEN:
        assert result.reasons[0].code is ReasonCode.SET_NOT_IN_FORCE
    bare = evaluate(rules, dossier({}, attestations=(said("1"),)))["1.1"]
    assert bare.verdict is OPEN
    if verdict is MET:
        assert "has_cooperative" in bare.trace.reason.missing_facts


def test_rows_of_each_commune():
    """What is left of a district: of every commune so many criteria, by its own conclusions."""
    conclusions = tuple(said(str(number), MET) for number in range(1, 15))
    place = district(commune("x", set_id=COMMUNE_SET, attestations=conclusions))
    assert evaluate(district_set(every(rows(14))), place).verdict is MET
    result = evaluate(district_set(every(rows(15))), place)
    assert result.verdict is OPEN
    assert "has_cooperative" not in result.missing_in_sub_places["x"]
    assert result.missing_in_sub_places["x"]


def test_what_a_count_of_rows_rests_on():
    """A recalled row among those that count makes the verdict rest on it."""
    rules = counting(rows(1), *ROWS)
    low = attrs.evolve(rules, criteria=(criterion("1", ROWS[0], grade=Grade.RECALLED), *rules.criteria[1:]))
    facts = known((MET, NOT_MET, NOT_MET))
    assert evaluate(rules, dossier(facts)).preconditions[0].support.grade is Grade.TEXT
    assert evaluate(low, dossier(facts)).preconditions[0].support.grade is Grade.RECALLED


@pytest.mark.parametrize("lang", LANGUAGES)
def test_how_it_is_told(golden, lang):
    """The rows that count are named, with the threshold; without any place, what is counted."""
    from ntm_rules import describe

    lines = []
    cases = (
        rows(30, share=True, met=False),
        rows(2, among=("1", "2")),
        rows(2, rows=Rows.INDICATORS),
        rows(2, set_id="commune/standard"),
    )
    for require in cases:
        rules = counting(require, *ROWS)
        lines.append(describe(rules, rules.preconditions[0], lang))
        lines.append(why(counted(require, (MET, NOT_MET, OPEN)), lang))
    golden(f"explanation/counted-rows.{lang}.txt", "\n".join(lines) + "\n")
