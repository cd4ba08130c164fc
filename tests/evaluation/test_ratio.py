from __future__ import annotations

from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_rules import describe, evaluate, why
from ntm_rules.messages import LANGUAGES
from ntm_rules.vocabulary.places import Level
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.requirements import Compare, Nothing, RatioMeasure, Reading, Sign, Table
from ntm_rules.vocabulary.verdicts import ReasonCode, Verdict
from rollup_strategies import commune, district, district_set, every
from strategies import criteria_set, criterion, dossier, of_year, only, values

MET, NOT_MET, OPEN, DROPS = Verdict.MET, Verdict.NOT_MET, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE
PROVINCE = Level.PROVINCE


def ratio(times, of="a", to="a", above=PROVINCE, sign=Sign.AT_LEAST):
    """The figure of the place against that of its province."""
    cell = times if isinstance(times, Nothing) else Quantity(Decimal(times), "times")
    measure = RatioMeasure(Reading(of), Reading(to, above))
    return Compare(measure=measure, sign=sign, threshold=Table.constant(cell))


def judged(require, facts, above=None):
    """The result for a commune with these facts, and these of its province."""
    parents = () if above is None else ((PROVINCE, values(above)),)
    return evaluate(only(require), dossier(facts, parents=parents))["1.1"]


@given(st.integers(0, 50), st.integers(1, 50), st.integers(0, 30))
def test_a_ratio_is_compared_exactly(of, to, tenths):
    """Of against to times the threshold, without division."""
    times = Decimal(tenths) / 10
    result = judged(ratio(str(times)), {"a": of}, {"a": to})
    assert (result.verdict is MET) == (of * 10 >= to * tenths)


@pytest.mark.parametrize(
    ("facts", "above", "code"),
    [
        ({}, {"a": 20}, ReasonCode.MISSING_FACT),
        ({"a": 30}, {}, ReasonCode.MISSING_FACT_ABOVE),
        ({"a": 30}, None, ReasonCode.MISSING_FACT_ABOVE),
        ({"a": 30}, {"a": of_year("a", 20, 2019)}, ReasonCode.MISSING_FACT_ABOVE),
        ({"a": of_year("a", 30, 2019)}, {"a": 20}, ReasonCode.FACT_OF_OTHER_YEAR),
        ({"a": 30}, {"a": 0}, ReasonCode.NOTHING_TO_MEASURE),
        ({"a": 0}, {"a": 0}, ReasonCode.NOTHING_TO_MEASURE),
    ],
)
def test_what_is_missing_of_either_leaves_it_open(facts, above, code):
    """A figure of the province is not asked of the commune."""
    result = judged(ratio("1.2"), facts, above)
    assert (result.verdict, result.reasons[0].code) == (OPEN, code)
    assert result.reasons[0].missing_facts == (("a",) if "a" not in facts or above == {"a": 20} else ())


@pytest.mark.parametrize("above", [None, Level.DISTRICT])
def test_two_facts_of_one_place_or_of_another(above):
    """Without a place above both are the place's own."""
    require = ratio("2", to="b", above=above)
    own = dossier({"a": 40, "b": 20}, parents=((Level.DISTRICT, values({"b": 30})),))
    assert evaluate(only(require), own).verdict is (MET if above is None else NOT_MET)


def test_a_cell_that_asks_nothing():
    """As for any comparison."""
    assert judged(ratio(Nothing()), {"a": 1}, {"a": 1}).verdict is DROPS


def test_a_ratio_may_not_drop_by_its_form():
    """It reads figures and counts nothing."""
    require = ratio("1.2", to="b")
    assert (require.may_drop, require.counts, require.facts, require.fact) == (False, False, ("a", "b"), None)
    assert require.unit(only(require).catalogue) == "times"


def test_the_dossier_above_gives_its_figures_to_those_beneath():
    """A commune is held to the district's figure, unless it states that itself."""
    require = every(ratio("1.2", above=Level.DISTRICT))
    rules = district_set(require)
    for own, verdict in ((30, MET), (20, NOT_MET)):
        place = attrs.evolve(district(commune("x", {"a": own})), facts=values({"a": 20}))
        assert evaluate(rules, place).verdict is verdict
    stated = commune("x", {"a": 20}, parents=((Level.DISTRICT, values({"a": 10})),))
    assert evaluate(rules, attrs.evolve(district(stated), facts=values({"a": 20}))).verdict is MET


@pytest.mark.parametrize("lang", LANGUAGES)
def test_how_a_ratio_is_told(lang):
    """Both figures are told with whose they are, and what the gap is."""
    rules = criteria_set(criterion("1", ratio("1.2")), criterion("2", ratio("1.2", of="total", to="total")))
    place = dossier({"a": 24, "total": 10}, parents=((PROVINCE, values({"a": "18.5", "total": 10})),))
    result = evaluate(rules, place)
    page = why(result["1"], lang)
    above = {"vi": "Số liệu a của tỉnh", "en": "Số liệu a (en) of the province"}[lang]
    assert above in page
    assert {"vi": "1,3 lần", "en": "1.3"}[lang] in page
    assert above in describe(rules, rules["1"], lang)
    missing = evaluate(rules, dossier({"a": 24}))
    assert {"vi": "của tỉnh", "en": "of the province"}[lang] in why(missing["1"], lang)
    assert result["2"].verdict is NOT_MET
    figures = result.to_dict()["criteria"][0]["indicators"][0]["figures"]
    assert [each.get("of") for each in figures[0]["computed"]["inputs"]] == [None, "province"]
