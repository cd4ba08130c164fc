from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from importlib import resources

import attrs
import pytest
from jsonschema import Draft202012Validator

from ntm_rules import CriteriaError, Dossier, describe, evaluate, unknowns, why
from ntm_rules.evaluation import elsewhere
from ntm_rules.messages import LANGUAGES
from ntm_rules.rulebook import load
from ntm_rules.vocabulary.criteria import SetId
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import Document
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.places import Level
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.requirements import (
    AppliesWhen,
    AtRecognition,
    Attains,
    Compare,
    ForEachYear,
    Holds,
    PreviousYear,
    RatioMeasure,
    Reading,
    RecognisedAs,
    RowMeasure,
    Rows,
    Sign,
    Table,
)
from ntm_rules.vocabulary.verdicts import Basis, FindingCode, ReasonCode, Verdict
from rollup_strategies import COMMUNE_SET, P, Q, commune, district, district_set, every, share, title
from strategies import at_least, criteria_set, criterion, dossier, of_year, only, percent, said, values

MET, NOT_MET, OPEN, DROPS = Verdict.MET, Verdict.NOT_MET, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE
YES, NO = {"p": True}, {"p": False}
IF_ANY = AppliesWhen(condition=Q, body=P)


def in_year(year, facts=None, /, **own):
    """What is known of the place for a year before."""
    return attrs.evolve(dossier(facts, **own), year=year, on=date(year, 12, 31))


def kept(body, last=3):
    """What is asked of the year judged and of those before it."""
    return ForEachYear(last=last, require=body)


def judged(require, now, *earlier, **own):
    """The result for 2020, where this is known of 2019, 2018 and so on; None where a year has no dossier."""
    known = tuple(in_year(2019 - at, facts) for at, facts in enumerate(earlier) if facts is not None)
    return evaluate(only(require), dossier(now, earlier=known, **own))["1.1"]


# --- for each of several years ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "years", "verdict", "code"),
    [
        (P, (YES, YES, YES), MET, ReasonCode.YEARS_MET),
        (P, (YES, NO, YES), NOT_MET, ReasonCode.YEAR_NOT_MET),
        (P, (NO, None, None), NOT_MET, ReasonCode.YEAR_NOT_MET),
        (P, ({}, NO, None), NOT_MET, ReasonCode.YEAR_NOT_MET),
        (P, (YES, {}, YES), OPEN, ReasonCode.YEARS_OPEN),
        (P, ({}, YES, YES), OPEN, ReasonCode.YEARS_OPEN),
        (P, (YES, YES, None), OPEN, ReasonCode.YEARS_MISSING),
        (P, ({}, YES, None), OPEN, ReasonCode.YEARS_MISSING),
        (IF_ANY, ({"q": False}, {"q": False}, {"q": False}), DROPS, ReasonCode.ASKS_NOTHING),
        (IF_ANY, ({"q": False}, YES | {"q": True}, {"q": False}), MET, ReasonCode.YEARS_MET),
        (IF_ANY, ({"q": False}, {"q": False}, None), OPEN, ReasonCode.YEARS_MISSING),
    ],
)
def test_all_of_the_years(body, years, verdict, code):
    """Met in all, not met in one whatever is missing, open while a year is; what does not apply in a year drops."""
    result = judged(kept(body), *years)
    assert (result.verdict, result.reasons[0].code) == (verdict, code)


def test_years_before_those_asked_do_not_matter():
    """Of two years the third is not looked at."""
    assert judged(kept(P, 2), YES, YES, NO).verdict is MET
    assert judged(kept(P, 3), YES, YES, NO).verdict is NOT_MET


def test_a_fact_of_another_year_does_not_count_in_an_earlier_one():
    """Each year is judged by figures of that year."""
    require = kept(at_least("a", 50), 2)
    assert judged(require, {"a": 60}, {"a": of_year("a", 60, 2019)}).verdict is MET
    assert judged(require, {"a": 60}, {"a": of_year("a", 60, 2020)}).verdict is OPEN


def test_each_year_takes_its_own_row():
    """The threshold of a table by years is that of the year that is judged."""
    table = Table(("year",), tuple(((str(year),), percent(year - 1970)) for year in (2018, 2019, 2020)))
    require = kept(Compare(measure=at_least("a", 0).measure, sign=Sign.AT_LEAST, threshold=table))
    assert judged(require, {"a": 50}, {"a": 49}, {"a": 48}).verdict is MET
    assert judged(require, {"a": 50}, {"a": 50}, {"a": 47}).verdict is NOT_MET


def test_the_set_in_force_then_is_asked():
    """Without a period the set is that in force in each year, judged with that year's conclusions, and told in full."""
    attested = tuple(said(str(number)) for number in range(1, 20))
    then = in_year(2016, attestations=attested, set_id="commune/standard/2010-2015")
    now = attrs.evolve(in_year(2017), earlier=(then,))
    rules = attrs.evolve(
        only(kept(Attains(address="commune/standard"), 2)), id=SetId.parse("commune/advanced/2016-2020")
    )
    result = evaluate(rules, now)["1.1"]
    members = result.reasons[0].counted.members
    found = {each.name: each.step.reason.result for each in members}
    assert {year: str(each.rules.id) for year, each in found.items()} == {
        "2017": COMMUNE_SET,
        "2016": "commune/standard/2016-2020",
    }
    assert (
        evaluate(rules, attrs.evolve(now, earlier=(attrs.evolve(then, on=date(2016, 6, 30)),)))["1.1"].verdict is OPEN
    )
    earlier = attrs.evolve(then, on=date(2016, 6, 30))
    found = evaluate(rules, attrs.evolve(now, earlier=(earlier,)))["1.1"].reasons[0].counted.members[1]
    assert str(found.step.reason.result.rules.id) == "commune/standard/2010-2015"
    assert found.verdict is MET


def test_conclusions_of_the_year_judged_are_said_of_its_own_set():
    """What a department concluded counts for the set that the dossier of that year names."""
    require = kept(Attains(address=f"{COMMUNE_SET}#10"), 2)
    rules = attrs.evolve(only(require), id=SetId.parse("renewal/commune/standard/2016-2020"))
    then = in_year(2019, attestations=(said("10"),), set_id=COMMUNE_SET)
    result = evaluate(rules, dossier(earlier=(then,)))["1.1"]
    assert [each.verdict for each in result.reasons[0].counted.members] == [OPEN, MET]
    named = dossier(attestations=(said(f"{COMMUNE_SET}#10"),), earlier=(then,))
    assert evaluate(rules, named)["1.1"].verdict is MET
    failing = attrs.evolve(then, attestations=(said("10", NOT_MET),))
    result = evaluate(rules, dossier(earlier=(failing,)))["1.1"]
    assert (result.verdict, result.basis) == (NOT_MET, Basis.MIXED)
    assert evaluate(rules, dossier(earlier=(failing,))).sub_results == ()


def test_rows_are_counted_by_the_years():
    """Counting rows of a set is judged for each year too."""
    counted = Compare(
        measure=RowMeasure(Rows.CRITERIA, COMMUNE_SET, among=("10",)),
        sign=Sign.AT_LEAST,
        threshold=Table.constant(Quantity(Decimal(1), "criterion")),
    )
    rules = attrs.evolve(only(kept(counted, 2)), id=SetId.parse("renewal/commune/standard/2016-2020"))
    then = in_year(2019, attestations=(said("10", NOT_MET),), set_id=COMMUNE_SET)
    assert evaluate(rules, dossier(earlier=(then,))).verdict is NOT_MET


def test_the_own_set_is_asked_as_it_stood():
    """A packaged set that asks for itself in an earlier year is taken in the edition of that year."""
    rules = load("commune/standard/2021-2025", on="2024-12-31")
    now = attrs.evolve(in_year(2024), earlier=(in_year(2023),))

    def asking(name):
        """The edition that is asked for 2023, where row 10 of a set of that name asks for its criterion 9."""
        row = attrs.evolve(rules["10/10"], require=kept(Attains(address=f"{name}#9"), 2))
        criteria = [attrs.evolve(each, indicators=(row,)) if each.number == "10" else each for each in rules.criteria]
        own = attrs.evolve(rules, id=SetId.parse(name), criteria=tuple(criteria))
        (reason,) = evaluate(own, now)["10/10"].reasons
        return reason.counted.members[1].step.reason.result.rules.edition

    assert asking("commune/standard/2021-2025") == "commune/standard/2021-2025@2022-03-08"
    assert asking("commune/standard/1999") == "commune/standard/1999@2024-03-07"


def test_two_sets_that_ask_for_each_other_in_a_year_are_a_fault(monkeypatch):
    """Law data that lead in a circle through the year judged are told as such."""
    one, other = ("commune/advanced/2016-2020", "commune/standard/2016-2020")
    sets = {
        name: attrs.evolve(only(kept(Attains(address=asked), 2)), id=SetId.parse(name))
        for name, asked in ((one, other), (other, one))
    }
    monkeypatch.setattr(elsewhere, "load", lambda name, **_: sets[name])
    with pytest.raises(CriteriaError):
        evaluate(sets[one], dossier(earlier=(in_year(2019),)))


def test_titles_are_those_in_force_then():
    """A decision in the dossier judged tells of the years since, and none before."""
    require = kept(RecognisedAs(set_id=COMMUNE_SET))
    earlier = tuple(in_year(year) for year in (2019, 2018))
    result = evaluate(only(require), dossier(titles=(title(dated="2018-05-01"),), earlier=earlier))
    assert result.verdict is MET
    result = evaluate(only(require), dossier(titles=(title(dated="2019-05-01"),), earlier=earlier))["1.1"]
    assert (result.verdict, [each.verdict for each in result.reasons[0].counted.members]) == (OPEN, [MET, MET, OPEN])


def test_dossiers_may_lead_to_one_another():
    """A dossier of the year before may itself tell of the years before it."""
    older = attrs.evolve(in_year(2019, YES), earlier=(in_year(2018, YES),))
    place = dossier(YES, earlier=(older,))
    assert evaluate(only(kept(P)), place).verdict is MET
    assert [each.year for each in place.of_year(2019).earlier] == [2018]
    assert place.of_year(2020) is place
    assert place.of_year(2017) is None


def test_what_an_earlier_year_of_the_place_above_says_of_it():
    """A commune's earlier years may stand in the dossiers of its district."""
    then = attrs.evolve(district(commune("x", NO)), year=2019, on=date(2019, 12, 31))
    then = attrs.evolve(
        then,
        sub_places=attrs.evolve(
            then.sub_places,
            dossiers=tuple(attrs.evolve(each, year=2019, on=date(2019, 12, 31)) for each in then.sub_places.dossiers),
        ),
    )
    rules = district_set(every(kept(P, 2)))
    below = commune("x", YES)
    assert evaluate(rules, district(below)).verdict is OPEN
    assert evaluate(rules, district(below, earlier=(then,))).verdict is NOT_MET
    own = attrs.evolve(below, earlier=(in_year(2019, YES),))
    assert evaluate(rules, district(own, earlier=(then,))).verdict is MET
    bare = attrs.evolve(then, sub_places=None)
    assert evaluate(rules, district(below, earlier=(bare,))).verdict is OPEN


def test_places_beneath_are_those_of_the_year():
    """Every commune of each year: of an earlier one those that its dossier lists."""
    then = attrs.evolve(district(commune("x", NO), commune("y", YES)), year=2019, on=date(2019, 12, 31))
    rules = district_set(kept(share(P, 50), 2), share(Attains(address=COMMUNE_SET), 50))
    result = evaluate(rules, district(commune("x", YES), earlier=(then,)))
    assert result["1.1"].verdict is MET
    assert [each.dossier.year for each in result.sub_results] == [2020]
    assert result.missing_in_sub_places.keys() <= {"x"}


# --- what is missing --------------------------------------------------------------------------------------------


def test_missing_facts_are_told_by_year():
    """The facts of the year judged are missing facts; those of other years are told with their year."""
    result = evaluate(only(kept(P, 4)), dossier(earlier=(in_year(2019), in_year(2017, YES))))
    assert result.missing_facts == ("p",)
    assert result.missing_in_earlier == {2018: (), 2019: ("p",)}
    assert result.missing_in_sub_places == {}
    assert result.to_dict()["missing_in_earlier"] == {"2018": [], "2019": ["p"]}
    known = evaluate(only(kept(P, 2)), dossier(YES, earlier=(in_year(2019, YES),)))
    assert (known.missing_facts, known.missing_in_earlier) == ((), {})
    assert "missing_in_earlier" not in known.to_dict()


def test_facts_of_the_sets_asked_for_are_used():
    """What only a set asked for in each year reads is used; of other years nothing is told as unused."""
    rules = attrs.evolve(only(kept(Attains(address="commune/standard"), 2)), id=SetId.parse("commune/model/2018-2020"))
    fact = values({"multidimensional_poverty_rate": 5, "nothing": 1})
    place = attrs.evolve(dossier(), facts=fact, earlier=(attrs.evolve(in_year(2019), facts=fact),))
    unused = [each.subject for each in evaluate(rules, place).findings if each.code is FindingCode.UNUSED_FACT]
    assert unused == ["nothing"]
    nowhere = attrs.evolve(rules, criteria=only(Attains(address="commune/modern")).criteria)
    assert len(evaluate(nowhere, place).findings) == 2


# --- ratios against another year --------------------------------------------------------------------------------


def ratio(at, times="1.5", to="a", of=None):
    """The figure of the place against that of another year."""
    return Compare(
        measure=RatioMeasure(Reading("a"), Reading(to, of, at)),
        sign=Sign.AT_LEAST,
        threshold=Table.constant(Quantity(Decimal(times), "times")),
    )


BEFORE, WHEN_RECOGNISED = ratio(PreviousYear()), ratio(AtRecognition("commune/standard"))
URBAN = "external/civilised_urban"
SINCE_2015 = title(set_id="commune/standard/2010-2015", dated="2015-05-01")


@pytest.mark.parametrize(
    ("now", "earlier", "verdict", "code", "then"),
    [
        ({"a": 30}, {"a": 20}, MET, ReasonCode.REACHES_THRESHOLD, {}),
        ({"a": 29}, {"a": 20}, NOT_MET, ReasonCode.BELOW_MINIMUM, {}),
        ({}, {"a": 20}, OPEN, ReasonCode.MISSING_FACT, {}),
        ({"a": 30}, {}, OPEN, ReasonCode.MISSING_FACT_THEN, {2019: ("a",)}),
        ({"a": 30}, None, OPEN, ReasonCode.MISSING_FACT_THEN, {2019: ("a",)}),
        ({"a": 30}, {"a": of_year("a", 20, 2020)}, OPEN, ReasonCode.MISSING_FACT_THEN, {2019: ("a",)}),
        ({"a": 30}, {"a": 0}, OPEN, ReasonCode.NOTHING_TO_MEASURE, {}),
        ({"a": 30}, {"a": (0, 0)}, OPEN, ReasonCode.NOTHING_TO_MEASURE, {}),
        ({"a": 0}, {"a": 0}, OPEN, ReasonCode.NOTHING_TO_MEASURE, {}),
    ],
)
def test_against_the_year_before(now, earlier, verdict, code, then):
    """The figure of the year before is one of that year's dossier; what is missing of it is told with its year."""
    before = () if earlier is None else (in_year(2019, earlier),)
    result = evaluate(only(BEFORE), dossier(now, earlier=before))
    assert (result.verdict, result["1.1"].reasons[0].code) == (verdict, code)
    assert result.missing_in_earlier == then
    assert result.missing_facts == (("a",) if code is ReasonCode.MISSING_FACT else ())


@pytest.mark.parametrize(
    ("titles", "verdict", "code"),
    [
        ((SINCE_2015,), MET, ReasonCode.REACHES_THRESHOLD),
        ((title(set_id="commune/standard/2010-2015", dated="2015"),), MET, ReasonCode.REACHES_THRESHOLD),
        ((), OPEN, ReasonCode.NO_SUCH_EVENT),
        ((title(set_id="commune/model/2018-2020"),), OPEN, ReasonCode.NO_SUCH_EVENT),
        ((attrs.evolve(SINCE_2015, revoked_on=PartialDate(2018)),), OPEN, ReasonCode.NO_SUCH_EVENT),
        ((title("x", set_id="commune/standard/2010-2015", dated="2015"),), OPEN, ReasonCode.NO_SUCH_EVENT),
        ((SINCE_2015, title(dated="2019-01-01")), OPEN, ReasonCode.EVENT_AMBIGUOUS),
        ((title(dated="2017-01-01"),), OPEN, ReasonCode.MISSING_FACT_THEN),
        ((title(dated="2020-01-01"),), NOT_MET, ReasonCode.BELOW_MINIMUM),
    ],
)
def test_against_the_year_of_recognition(titles, verdict, code):
    """The year is that of the one title in force; without a title it is open, and never not applicable."""
    place = dossier({"a": 30}, titles=titles, earlier=(in_year(2015, {"a": 20}),))
    result = evaluate(only(WHEN_RECOGNISED), place)["1.1"]
    assert (result.verdict, result.reasons[0].code) == (verdict, code)


def test_against_the_province_of_the_year_before():
    """A figure of a place above in another year is read from that year's dossier."""
    require = ratio(PreviousYear(), of=Level.PROVINCE)
    then = in_year(2019, {"a": 40}, parents=((Level.PROVINCE, values({"a": 20})),))
    assert evaluate(only(require), dossier({"a": 30}, earlier=(then,))).verdict is MET
    result = evaluate(only(require), dossier({"a": 30}, earlier=(in_year(2019, {"a": 40}),)))
    assert result["1.1"].reasons[0].code is ReasonCode.MISSING_FACT_THEN
    assert result.missing_in_earlier == {}


def test_what_is_derived_is_derived_in_its_year():
    """A derived fact of another year is computed from the figures of that year."""
    require = ratio(PreviousYear(), to="total", times="1")
    result = evaluate(only(require), dossier({"a": 30}, earlier=(in_year(2019, {"a": 10, "b": 20}),)))
    assert result.verdict is MET
    read = result["1.1"].reasons[0].figure.computed.inputs[1]
    assert (read.in_year, [each.in_year for each in read.computed.inputs]) == (2019, [2019, 2019])
    lacking = evaluate(only(require), dossier({"a": 30}, earlier=(in_year(2019, {"a": 10}),)))
    assert lacking.missing_in_earlier == {2019: ("b",)}


def test_what_a_set_reads_of_other_years():
    """A fact that is read for another year alone is none of the year judged."""
    rules = only(ratio(PreviousYear(), to="b"))
    require = rules["1.1"].require
    assert (require.facts, require.facts_of_other_years) == (("a",), ("b",))
    assert rules.used_facts == {"a"}
    assert rules.asks_of_other_years
    assert only(kept(P)).asks_of_other_years
    assert district_set(every(BEFORE)).asks_of_other_years
    assert not only(P).asks_of_other_years


# --- telling ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_leads_to_the_year_that_failed(golden, lang):
    """It names the year, why there, with that year's document; and what is open or missing of which year."""
    documents = (Document("d1", "Niên giám 2019", "Chi cục Thống kê"),)
    fact = attrs.evolve(values({"a": 40})[0], document="d1")
    then = attrs.evolve(in_year(2019, documents=documents), facts=(fact,))
    rules = criteria_set(
        criterion("1", kept(at_least("a", 50), 2), kept(P, 4), kept(at_least("b", 10), 2)),
        criterion(
            "2",
            BEFORE,
            ratio(PreviousYear(), to="b"),
            WHEN_RECOGNISED,
            ratio(AtRecognition("external/civilised_urban")),
        ),
    )
    now = dossier(
        {"a": 60, "b": 20},
        documents=(Document("d1", "Báo cáo 2020"),),
        earlier=(then,),
        titles=(SINCE_2015, title(dated="2019-01-01")),
    )
    result = evaluate(rules, now)
    page = "\n\n".join(
        (why(result, lang), why(result["2"], lang), unknowns(result, lang), describe(rules, rules["2"], lang))
    )
    page += "\n\n" + describe(rules, rules["1"], lang)
    golden(f"explanation/years.{lang}.txt", page + "\n")


def test_every_form_of_years_has_parts():
    """The body is the one part, which a revision may replace."""
    require = kept(P)
    assert require.parts == (P,)
    assert require.with_parts((Q,)).require is Q
    assert (require.may_drop, kept(IF_ANY).may_drop) == (False, True)


def test_a_grade_that_is_not_accepted_is_told_by_year():
    """What the law asks is accepted or not in every year alike."""
    rules = only(kept(Holds(fact="p"), 2), Grade.RECALLED)
    result = evaluate(rules, dossier(YES, earlier=(in_year(2019, YES),)), accept=Grade.TEXT)["1.1"]
    assert {each.step.reason.code for each in result.reasons[0].counted.members} == {ReasonCode.GRADE_NOT_ACCEPTED}


@pytest.mark.parametrize(("income", "verdict"), [("45", MET), ("44.9", NOT_MET), (None, OPEN)])
def test_model_communes_of_2018_2020_against_their_recognition(income, verdict):
    """691/QĐ-TTg, row a.3: exactly 1.5 times the income of the year of recognition passes, whatever its period."""
    unit = "triệu đồng/người/năm"
    data = {
        "dossier": 1,
        "place": {"level": "commune", "name": "X", "district": "Y", "province": "Thái Nguyên"},
        "year": 2019,
        "facts": {} if income is None else {"income_per_person": f"{income} {unit}"},
        "titles": {"list": [{"set": "commune/standard/2010-2015", "dated": "2015-05-01"}]},
        "earlier": [{"year": 2015, "facts": {"income_per_person": f"30 {unit}"}}],
    }
    result = evaluate(load("commune/model/2018-2020"), Dossier.from_mapping(data))
    assert result["a.3"].verdict is verdict
    assert ("income_per_person" in result.missing_facts) is (verdict is OPEN)


VALIDATOR = Draft202012Validator(
    json.loads(resources.files("ntm_rules.schemas").joinpath("assessment.schema.json").read_text(encoding="utf-8"))
)


@pytest.mark.parametrize(
    "require",
    [kept(P), BEFORE, WHEN_RECOGNISED, *(ratio(PreviousYear(), to=fact, times="1") for fact in ("total", "b"))],
)
@pytest.mark.parametrize("facts", [{}, {"a": 10, "b": 20, "p": True}])
def test_the_data_are_valid(require, facts):
    """What is read of other years, and what is missing of them, stands in valid data."""
    result = evaluate(only(require), dossier(facts, earlier=(in_year(2019, facts),), titles=(SINCE_2015,)))
    assert not [error.message for error in VALIDATOR.iter_errors(result.to_dict())]
