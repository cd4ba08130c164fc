from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria_strategies import SET
from ntm_rules import Dossier, UnknownNameError, evaluate, load
from ntm_rules.vocabulary.assessments import AppliedThreshold, Gap, Reason, Step, Tally, figure_period
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import FactValue
from ntm_rules.vocabulary.instruments import Citation, Grade
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.requirements import Authority, Delegated, Holds, Nothing, Sign, Unstated
from ntm_rules.vocabulary.verdicts import ReasonCode, Verdict

PLACE = {"level": "commune", "name": "Phú Đình", "province": "Thái Nguyên"}


def assess(facts=None, attestations=None, year=2018, accept=Grade.RECALLED):
    """The assessment of a commune of Thái Nguyên."""
    data = {
        "dossier": 1,
        "place": PLACE,
        "set": SET,
        "year": year,
        "facts": facts or {},
        "attestations": attestations or {},
    }
    return evaluate(load(SET), Dossier.from_mapping(data), accept=accept)


# --- tallies ----------------------------------------------------------------------------------------------------


@given(st.lists(st.sampled_from(Verdict)), st.integers(0, 10))
def test_tally(verdicts, more):
    """The four numbers count every verdict, the rows that are not held as undetermined, and make up the total."""
    total = len(verdicts) + more
    tally = Tally.of(verdicts, total)
    assert tally.met + tally.not_met + tally.undetermined + tally.not_applicable == tally.total == total
    assert tally.met == verdicts.count(Verdict.MET)
    assert tally.not_met == verdicts.count(Verdict.NOT_MET)
    assert tally.not_applicable == verdicts.count(Verdict.NOT_APPLICABLE)
    assert tally.undetermined == verdicts.count(Verdict.UNDETERMINED) + more


def test_not_applicable_is_not_met():
    """What is not applicable never counts as met, and the total never shrinks: 18 of 19, 1 not applicable."""
    tally = Tally.of([Verdict.MET] * 18 + [Verdict.NOT_APPLICABLE], 19)
    assert tally == Tally(met=18, not_met=0, undetermined=0, not_applicable=1, total=19)


# --- results by address -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("11", "11"),
        ("#11", "11"),
        (f"{SET}#11", "11"),
        ("11/11", "11/11"),
        ("17.1", "17/17.1"),
        (f"{SET}#17/17.1", "17/17.1"),
    ],
)
def test_addresses(address, local):
    """A result is found at every address that its row of the set has."""
    assert assess()[address].address == local


def test_unknown_address():
    """An unknown address is refused under the name it was given, and the nearest is offered."""
    for address in ("17.99", f"{SET}#17.99"):
        with pytest.raises(UnknownNameError) as caught:
            assess()[address]
        assert caught.value.name == address
        assert caught.value.suggestion is not None


def test_what_an_assessment_knows():
    """An assessment has the set, the dossier and the day, tallies that add up, and every indicator once."""
    result = assess()
    assert result.rules is load(SET)
    assert result.dossier.place.name == "Phú Đình"
    assert result.on == date(2018, 12, 31)
    assert len(list(result.indicators)) == result.indicator_tally.total == 49
    assert result.tally.total == 19
    assert result.hypothetical is False
    assert result.fingerprint == result.to_dict()["fingerprint"]
    for each in (result, result["11"], result["11/11"]):
        assert each.why("vi") == each.why() != each.why("en")


def test_missing_facts():
    """What is missing is each fact once, in the annex's order; not what a conclusion covers."""
    missing = assess().missing_facts
    assert len(set(missing)) == len(missing)
    assert "multidimensional_poverty_rate" in missing
    assert "multidimensional_poverty_rate" not in assess({"multidimensional_poverty_rate": "11 %"}).missing_facts
    assert "multidimensional_poverty_rate" not in assess(None, {"11": {"verdict": "met"}}).missing_facts


def test_failing():
    """The criteria that fail are those that are not met."""
    assert assess().failing == ()
    result = assess({"multidimensional_poverty_rate": "50 %"})
    assert [each.address for each in result.failing] == ["11"]


def test_rests_on():
    """Decided rows are listed by the worst grade they need, conclusions apart, criteria only by one of their own."""
    result = assess(
        {"multidimensional_poverty_rate": "50 %", "health_insurance_share": "99 %"},
        {"10": {"verdict": "met"}, "17.1": {"verdict": "not_met"}},
    )
    assert set(result.rests_on) <= {"text", "secondary", "recalled", "attested"}
    assert result.rests_on["attested"] == ("17/17.1", "10")
    listed = [address for name, addresses in result.rests_on.items() if name != "attested" for address in addresses]
    assert sorted(listed) == ["11/11", "15/15.1"]


def test_provisional():
    """A verdict computed from what is only recalled is provisional, an attested or open one never."""
    result = assess({"multidimensional_poverty_rate": "50 %"}, {"10": {"verdict": "met"}})
    for each in result.indicators:
        computed = each.support is not None and each.basis.value == "computed"
        assert each.provisional is (computed and each.support.grade is Grade.RECALLED)
    assert not result["10"].provisional
    assert not assess().provisional
    recalled = assess({"standard_school_share": "1 %"})
    assert recalled["5"].provisional
    assert recalled["5/5"].provisional
    assert recalled.provisional
    assert not assess({"standard_school_share": "1 %"}, accept=Grade.TEXT).provisional


# --- reasons and steps ------------------------------------------------------------------------------------------

CITED = Citation("1980/QĐ-TTg", None, Grade.TEXT)
TWELVE = Quantity(Decimal(12), "percent")


def applied(cell, closed=None):
    """A threshold that a share must not exceed."""
    return AppliedThreshold(Sign.AT_MOST, cell, (), CITED, closed)


def test_applied_threshold():
    """A threshold has a figure to compare with only where its cell is one and nothing closes it."""
    assert applied(TWELVE).value == TWELVE
    assert applied(TWELVE, ReasonCode.GRADE_NOT_ACCEPTED).value is None
    for cell in (Nothing(), Unstated(), Delegated(Authority.PROVINCE), None):
        assert applied(cell).value is None


@pytest.mark.parametrize(
    ("figure", "gap"),
    [
        (FactValue("x", Quantity(Decimal("11.20"), "percent")), Gap(Decimal("0.8"), "percent")),
        (FactValue("x", Quantity(Decimal("12.00"), "percent")), Gap(Decimal(0), "percent")),
        (FactValue("x", None, Decimal(1), Decimal(8)), Gap(Decimal("0.5"), "percent")),
        (FactValue("x", TWELVE, Decimal(1), Decimal(8)), Gap(Decimal("0.5"), "percent")),
    ],
)
def test_gap(figure, gap):
    """A gap is the exact distance of the figure, counts before the printed share, and is never negative."""
    reason = Reason(ReasonCode.ABOVE_MAXIMUM, figure=figure, threshold=applied(TWELVE))
    assert reason.gap == gap


def test_gap_without_end():
    """A distance that has no finite decimal is rounded, and says so."""
    figure = FactValue("x", None, Decimal(1), Decimal(3))
    gap = Reason(ReasonCode.ABOVE_MAXIMUM, figure=figure, threshold=applied(TWELVE)).gap
    assert gap is not None
    assert not gap.exact
    assert str(gap.value).startswith("21.33")


def test_gap_of_long_figures():
    """However long the figure, an exact gap is not rounded."""
    figure = FactValue("x", None, Decimal("1" * 29), Decimal("0.1"))
    gap = Reason(ReasonCode.ABOVE_MAXIMUM, figure=figure, threshold=applied(TWELVE)).gap
    assert gap is not None
    assert gap.exact
    assert f"{gap.value:f}" == str(int("1" * 29) * 1000 - 12)


@pytest.mark.parametrize(
    "reason",
    [
        Reason(ReasonCode.MISSING_FACT, threshold=applied(TWELVE)),
        Reason(ReasonCode.ABOVE_MAXIMUM, threshold=applied(TWELVE)),
        Reason(ReasonCode.ABOVE_MAXIMUM, figure=FactValue("x", TWELVE)),
        Reason(ReasonCode.ABOVE_MAXIMUM, figure=FactValue("x", TWELVE), threshold=applied(Unstated())),
        Reason(ReasonCode.THRESHOLD_OPEN, figure=FactValue("x", TWELVE), threshold=applied(TWELVE)),
    ],
)
def test_no_gap(reason):
    """Where nothing was compared there is no gap."""
    assert reason.gap is None


def step(verdict, code, *steps):
    """A step of a trace."""
    return Step(Holds(fact="x"), verdict, Reason(code), None, steps)


def test_steps():
    """A trace is walked from the top; its leaves are the steps with nothing beneath."""
    one, two = step(Verdict.MET, ReasonCode.DECLARED_TRUE), step(Verdict.NOT_MET, ReasonCode.DECLARED_FALSE)
    below = step(Verdict.MET, ReasonCode.PARTS_MET, two)
    top = step(Verdict.NOT_MET, ReasonCode.PART_NOT_MET, one, below)
    assert list(top.walk()) == [top, one, below, two]
    assert list(top.leaves) == [one, two]
    assert list(one.leaves) == [one]


def test_why_so():
    """The reasons of a verdict are those of the leaves that gave it, behind what only the whole can tell."""
    met, not_met = step(Verdict.MET, ReasonCode.DECLARED_TRUE), step(Verdict.NOT_MET, ReasonCode.DECLARED_FALSE)
    all_of = step(Verdict.NOT_MET, ReasonCode.PART_NOT_MET, met, not_met)
    assert [reason.code for reason in all_of.why_so()] == [ReasonCode.DECLARED_FALSE]
    too_few = step(Verdict.NOT_MET, ReasonCode.TOO_FEW_OF, met, all_of)
    assert [reason.code for reason in too_few.why_so()] == [ReasonCode.TOO_FEW_OF, ReasonCode.DECLARED_FALSE]
    dropped = step(Verdict.NOT_APPLICABLE, ReasonCode.NOT_CONSIDERED, not_met)
    assert [reason.code for reason in dropped.why_so()] == [ReasonCode.NOT_CONSIDERED, ReasonCode.DECLARED_FALSE]
    assert [reason.code for reason in met.why_so()] == [ReasonCode.DECLARED_TRUE]


def test_figure_period():
    """A figure describes its own period, else the year judged."""
    assert figure_period(FactValue("x"), 2018) == PartialDate(2018)
    assert figure_period(FactValue("x", for_=PartialDate(2017, 5)), 2018) == PartialDate(2017, 5)
