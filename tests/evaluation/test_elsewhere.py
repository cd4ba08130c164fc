from __future__ import annotations

from decimal import Decimal

import attrs
import pytest

from ntm_rules import CriteriaError, describe, evaluate, why
from ntm_rules.messages import LANGUAGES
from ntm_rules.rulebook import facts as packaged_facts
from ntm_rules.vocabulary.criteria import Axis, AxisRule, SetId
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import FactValue, HeldTitle
from ntm_rules.vocabulary.facts import FactKind
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.places import Level
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.requirements import (
    AllOf,
    AppliesWhen,
    Attains,
    Compare,
    FactMeasure,
    Holds,
    Nothing,
    RecognisedAs,
    Sign,
    ThresholdOf,
    Unstated,
)
from ntm_rules.vocabulary.verdicts import ReasonCode, Verdict
from strategies import (
    RATING,
    at_least,
    by_region,
    compare,
    criteria_set,
    criterion,
    dossier,
    only,
    percent,
    rating,
    rule,
    said,
    source,
)

MET, NOT_MET, OPEN = Verdict.MET, Verdict.NOT_MET, Verdict.UNDETERMINED

OWN = "commune/standard/2016-2020"


def times(address, factor="1.1", **own):
    """A multiple of a threshold of the test's own set."""
    return ThresholdOf(f"{OWN}#{address}", Decimal(factor), **own)


def judged(cell, *others, facts, **own):
    """The result of a comparison with *cell*, in a set with other criteria after it."""
    criteria = [criterion(str(at), each) for at, each in enumerate(others, start=2)]
    rules = criteria_set(criterion("1", at_least("a", cell)), *criteria)
    return evaluate(rules, dossier(facts), **own)["1.1"]


def codes(result):
    """The codes of a result's reasons."""
    return [reason.code for reason in result.reasons]


# --- a multiple of another threshold ----------------------------------------------------------------------------


@pytest.mark.parametrize(("figure", "verdict"), [("66", MET), ("65.999", NOT_MET)])
def test_a_multiple_is_exact(figure, verdict):
    """Sixty times 1.1 is exactly sixty-six."""
    result = judged(times("2/2.1"), at_least("b", 60), facts={"a": figure})
    assert result.verdict is verdict
    applied = result.trace.reason.threshold
    assert (applied.value, applied.of.threshold.value) == (percent(66), percent(60))


@pytest.mark.parametrize(("step", "verdict"), [("good", MET), ("fair", MET), ("poor", NOT_MET)])
def test_a_step_of_another_row(step, verdict):
    """The step that another row asks is asked here too, and the result says which row that is."""
    other = compare("step", Sign.AT_LEAST, rating("fair"))
    first = compare("merit", Sign.AT_LEAST, times("2", "1"))
    rules = on_scale(criteria_set(criterion("1", first), criterion("2", other)), "merit")
    result = evaluate(rules, dossier({"merit": rating(step)}))
    assert result["1.1"].verdict is verdict
    of = result.to_dict()["criteria"][0]["indicators"][0]["threshold"]["of"]
    assert (of["value"], of["unit"]) == ("fair", "rating")


def on_scale(rules, fact):
    """A set whose catalogue has that fact on the scale of steps."""
    catalogue = rules.catalogue
    facts = tuple(
        attrs.evolve(each, kind=FactKind.ORDINAL, unit=None, scale=RATING) if each.id == fact else each
        for each in catalogue
    )
    return attrs.evolve(rules, catalogue=attrs.evolve(catalogue, facts=facts))


@pytest.mark.parametrize(
    ("cell", "other", "scale"),
    [
        (times("2", "1.1"), compare("step", Sign.AT_LEAST, rating("fair")), True),
        (times("2", "1"), compare("step", Sign.AT_LEAST, rating("fair")), False),
        (times("2", "1"), at_least("b", 60), True),
        (times("2", "1"), at_least("b", Quantity(Decimal(3), "house")), False),
        (times("2", "1"), compare("step", Sign.AT_LEAST, attrs.evolve(rating("fair"), scale="other")), True),
    ],
)
def test_what_is_measured_otherwise_is_no_threshold(cell, other, scale):
    """A step has no multiples, and nothing is compared with the threshold of what is measured otherwise: it is open."""
    rules = criteria_set(criterion("1", at_least("a", cell)), criterion("2", other))
    result = evaluate(on_scale(rules, "a") if scale else rules, dossier({"a": rating("good") if scale else 70}))["1.1"]
    assert (result.verdict, codes(result)) == (OPEN, [ReasonCode.THRESHOLD_UNSTATED])


def test_one_citation_is_told_once():
    """A multiple of a row that stands at the same place in the law does not cite it twice."""
    told = why(judged(times("2"), at_least("b", 60), facts={"a": 60}), "en")
    assert told.count("Article") + told.count("Annex") == 1


def test_the_other_row_is_that_of_the_place():
    """The other table is read by the row of the same place, and the row is told."""
    table = by_region(red_river_delta=percent(50), mekong_delta=percent(40))
    result = judged(times("2"), at_least("b", table), facts={"a": 60})
    assert result.trace.reason.threshold.row == (("region", "red_river_delta"),)
    assert result.trace.reason.threshold.value == percent(55)


@pytest.mark.parametrize(
    ("other", "code"),
    [
        (Unstated(), ReasonCode.THRESHOLD_UNSTATED),
        (Nothing(), ReasonCode.ASKS_NOTHING),
        (by_region(mekong_delta=percent(1)), ReasonCode.ROW_NOT_COVERED),
    ],
)
def test_what_leaves_the_other_open_leaves_this_open(other, code):
    """A reason that the other threshold can't be compared with is a reason here; one that asks nothing asks nothing."""
    result = judged(times("2"), at_least("b", other), facts={"a": 60})
    assert codes(result) == [code]
    assert result.verdict is (Verdict.NOT_APPLICABLE if code is ReasonCode.ASKS_NOTHING else OPEN)


def test_a_multiple_of_a_multiple():
    """A reference may lead on to another."""
    result = judged(times("2"), at_least("b", times("3", "2")), at_least("c", 30), facts={"a": 66})
    assert result.trace.reason.threshold.value == percent(66)


def test_a_circle_is_refused():
    """References that lead back are told as a fault of the law's data, never followed for ever."""
    with pytest.raises(CriteriaError) as caught:
        judged(times("2"), at_least("b", times("3")), at_least("c", times("2")), facts={"a": 66})
    (problem,) = caught.value.problems
    assert problem.code.name == "CIRCULAR"
    assert problem.message("vi") != problem.message("en")


@pytest.mark.parametrize(
    ("cell", "other", "value"),
    [
        (times("2", "1", part=("2",)), AllOf(members=(at_least("b", 60), at_least("c", 70))), 70),
        (times("2", "1", part=("mine",)), AllOf(members=(at_least("b", 60, id="mine"), at_least("c", 70))), 60),
        (times("2", "1"), AllOf(members=(Holds(fact="p"), at_least("c", 70))), 70),
        (times("2", "1"), AllOf(members=(at_least("b", 60), at_least("c", 70))), None),
        (times("2", "1"), Holds(fact="p"), None),
        (times("7", "1"), Holds(fact="p"), None),
        (ThresholdOf("commune/model/1999-2000#1"), Holds(fact="p"), None),
    ],
)
def test_one_comparison_is_meant(cell, other, value):
    """The part that is named, or the only comparison of the row; where none is on file, the figure is unstated."""
    result = judged(cell, other, facts={"a": 65})
    applied = result.trace.reason.threshold
    assert applied.value == (None if value is None else percent(value))
    assert applied.closed is (ReasonCode.THRESHOLD_UNSTATED if value is None else None)


def test_a_criterion_with_several_indicators_has_no_one_threshold():
    """The address of a criterion stands for its indicator only where there is one."""
    rules = criteria_set(criterion("1", at_least("a", times("2"))), criterion("2", at_least("b", 1), at_least("c", 2)))
    assert codes(evaluate(rules, dossier({"a": 60}))["1.1"]) == [ReasonCode.THRESHOLD_UNSTATED]


def test_the_worst_grade_counts():
    """A multiple rests on the other threshold too."""
    other = at_least("b", 60, source=source(Grade.RECALLED))
    result = judged(times("2"), other, facts={"a": 66})
    assert (result.support.grade, result.provisional) == (Grade.RECALLED, True)
    assert codes(judged(times("2"), other, facts={"a": 66}, accept=Grade.TEXT)) == [ReasonCode.GRADE_NOT_ACCEPTED]


# --- of another set ---------------------------------------------------------------------------------------------

INCOME = "income_per_person"


def income(cell, figure, **own):
    """The result for an income in a set of the advanced tier, with the facts of the package."""
    require = Compare(
        measure=FactMeasure(INCOME), sign=Sign.AT_LEAST, threshold=compare("a", Sign.EQUALS, cell).threshold
    )
    rules = criteria_set(criterion("10", require))
    rules = attrs.evolve(rules, id=SetId.parse("commune/advanced/2016-2020"), catalogue=packaged_facts())
    value = FactValue(INCOME, Quantity(Decimal(figure), "million_vnd_per_person_year"))
    return evaluate(rules, dossier({INCOME: value}, **own))


def test_a_multiple_of_another_set():
    """The other set is the packaged edition, read for the place's region and the year judged, with its own citation."""
    cell = ThresholdOf(f"{OWN}#10/10", Decimal("1.1"))
    result = income(cell, "39.6", region="northern_midlands_and_mountains")["10"].indicators[0]
    applied = result.trace.reason.threshold
    assert result.verdict is MET
    assert applied.value.value == Decimal("39.6")
    assert str(applied.of.threshold.citation.locator) == "Annex, row 10"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_multiple_is_explained(lang):
    """The explanation names the factor, the other row and its figure, with both citations."""
    result = income(ThresholdOf(f"{OWN}#10/10", Decimal("1.1")), "40", region="northern_midlands_and_mountains")
    page = why(result["10"], lang)
    assert ("1,1 lần" if lang == "vi" else "1.1 times") in page
    assert "36" in page
    assert page.count("Phụ lục, dòng" if lang == "vi" else "Annex, row") == 2
    asked = describe(result.rules, None if lang == "x" else result.rules["10"], lang)
    assert ("1,1 lần" if lang == "vi" else "1.1 times") in asked
    unknown = income(ThresholdOf("commune/model/1999-2000#1"), "40")
    assert "commune/model/1999-2000" in describe(unknown.rules, unknown.rules["10"], lang)
    open_ = income(ThresholdOf(f"{OWN}#10/10", Decimal("1.1")), "40", region=None)
    assert ("chưa xác định" if lang == "vi" else "undetermined") in why(open_["10"], lang)


def test_a_multiple_is_written_down():
    """The data of an assessment holds the factor, the other row, its figure and its source."""
    result = income(ThresholdOf(f"{OWN}#10/10", Decimal("1.1")), "40", region="northern_midlands_and_mountains")
    of = result.to_dict()["criteria"][0]["indicators"][0]["threshold"]["of"]
    assert (of["address"], of["times"], of["value"]) == (f"{OWN}#10/10", "1.1", "36")
    open_ = income(ThresholdOf(f"{OWN}#10/10"), "40", region=None).to_dict()
    assert open_["criteria"][0]["indicators"][0]["threshold"]["of"]["value"] is None


# --- what is attained now ---------------------------------------------------------------------------------------


def attained(address, *others, facts=None, counts=None, accept=Grade.RECALLED, grade=Grade.TEXT, **own):
    """The result of attaining an address, in a set with other criteria after it."""
    criteria = [criterion(str(at), *each) for at, each in enumerate(others, start=2)]
    rules = criteria_set(criterion("1", Attains(address=address), grade=grade), *criteria, counts=counts)
    return evaluate(rules, dossier(facts, **own), accept=accept)["1.1"]


@pytest.mark.parametrize("address", [f"{OWN}#2", f"{OWN}#2/2.1"])
@pytest.mark.parametrize(
    ("facts", "verdict", "code"),
    [
        ({"a": 60}, MET, ReasonCode.ATTAINED),
        ({"a": 40}, NOT_MET, ReasonCode.NOT_ATTAINED),
        ({}, OPEN, ReasonCode.ATTAINMENT_OPEN),
    ],
)
def test_a_row_of_the_set_itself(address, facts, verdict, code):
    """A criterion or indicator of the set that judges gives its own verdict, and tells what failed or is missing."""
    result = attained(address, [at_least("a", 50)], facts=facts)
    assert (result.verdict, codes(result)) == (verdict, [code])
    names = {MET: (), NOT_MET: ("2/2.1",), OPEN: ("a",)}[verdict]
    assert result.reasons[0].names == names
    assert result.reasons[0].missing_facts == (names if verdict is OPEN else ())


def test_what_is_not_applicable_there_is_not_applicable_here():
    """A row that drops makes what attains it drop; what attains may therefore always drop."""
    drops = AppliesWhen(condition=Holds(fact="p"), body=at_least("a", 50))
    result = attained(f"{OWN}#2", [drops], facts={"p": False})
    assert result.verdict is Verdict.NOT_APPLICABLE
    assert Attains(address=OWN).may_drop


def test_conclusions_count_for_the_set_they_were_said_of():
    """A conclusion on a row of the set itself decides what attains that row; it rests on its document."""
    result = attained(f"{OWN}#2", [at_least("a", 50)], attestations=(said("2"),))
    assert (result.verdict, result.support.statement) == (MET, True)


def test_conclusions_do_not_leak_into_another_set():
    """A conclusion on criterion 11 of one set says nothing of criterion 11 of another."""
    rules = criteria_set(criterion("11", at_least("a", 50)), criterion("1", Attains(address=f"{OWN}#11")))
    rules = attrs.evolve(rules, id=SetId.parse("commune/advanced/2016-2020"), catalogue=packaged_facts())
    result = evaluate(rules, dossier(attestations=(said("11"),)))
    assert (result["11"].verdict, result["1"].verdict) == (MET, OPEN)
    assert result["1"].indicators[0].reasons[0].names == ("multidimensional_poverty_rate",)


def other_set(address, facts, **own):
    """The result of attaining a packaged set or a row of it, from a set of the advanced tier."""
    rules = attrs.evolve(only(Attains(address=address)), id=SetId.parse("commune/advanced/2016-2020"))
    rules = attrs.evolve(rules, catalogue=packaged_facts())
    return evaluate(rules, dossier(facts, **own))["1.1"]


def test_another_set_is_judged_by_the_edition_of_the_day():
    """A row of a packaged set is judged with the same facts; what is not in force gives at most undetermined."""
    poor, rich = ({"multidimensional_poverty_rate": share} for share in (40, 1))
    assert other_set(f"{OWN}#11", rich).verdict is MET
    assert other_set(f"{OWN}#11", poor).verdict is NOT_MET
    ended = dossier().on.replace(year=2023)
    assert codes(other_set(f"{OWN}#11", rich, on=ended)) == [ReasonCode.SET_NOT_IN_FORCE]
    assert other_set(f"{OWN}#11", poor, on=ended).verdict is NOT_MET


def test_a_whole_set():
    """A whole set is met by its criteria; what fails is told by criterion, what is missing by fact."""
    failing = other_set(OWN, {"multidimensional_poverty_rate": 40})
    assert (failing.verdict, failing.reasons[0].names) == (NOT_MET, ("11",))
    assert "income_per_person" in other_set(OWN, {}).reasons[0].missing_facts


@pytest.mark.parametrize("address", ["commune/model/1999-2000", f"{OWN}#99"])
def test_what_is_not_on_the_shelf_is_undetermined(address):
    """A set that the library does not hold, or a row that is not in it, can't be judged."""
    assert codes(attained(address)) == [ReasonCode.SET_NOT_IN_FORCE]


def test_a_place_of_another_level_is_not_judged():
    """A district attains no set of communes."""
    place = attrs.evolve(dossier().place, level=Level.DISTRICT)
    assert codes(attained(f"{OWN}#2", [at_least("a", 50)], facts={"a": 60}, place=place)) == [
        ReasonCode.SET_NOT_IN_FORCE
    ]


def test_an_incomplete_set_gives_at_most_undetermined():
    """Where rows are lacking, a criterion that seems met may hold one of them; an indicator stands for itself."""
    for address, verdict in ((f"{OWN}#2", OPEN), (f"{OWN}#2/2.1", MET)):
        assert attained(address, [at_least("a", 50)], facts={"a": 60}, counts=(2, 5)).verdict is verdict
    assert attained(f"{OWN}#2", [at_least("a", 50)], facts={"a": 40}, counts=(2, 5)).verdict is NOT_MET


def test_an_attested_criterion_stands_in_an_incomplete_set():
    """Who concludes on a criterion saw all its rows, those too that the library lacks."""
    rules = criteria_set(criterion("1", Attains(address=f"{OWN}#2")), criterion("2", at_least("a", 50)), counts=(2, 5))
    assert evaluate(rules, dossier(attestations=(said("2"),)))["1"].verdict is MET


def test_attaining_needs_an_accepted_grade():
    """What is asked is law too: below the accepted grade it is not used."""
    result = attained(f"{OWN}#2", [at_least("a", 50)], facts={"a": 60}, accept=Grade.TEXT, grade=Grade.RECALLED)
    assert codes(result) == [ReasonCode.GRADE_NOT_ACCEPTED]


def test_a_set_that_asks_for_itself_is_refused():
    """A set that is met when it is met is a fault of the law's data; a condition of recognition may ask for it."""
    with pytest.raises(CriteriaError):
        attained(OWN, [at_least("a", 50)], facts={"a": 60})
    axes = (Axis("region", (rule("mekong_delta", Attains(address=f"{OWN}#1")), AxisRule("unit.region"))),)
    with pytest.raises(CriteriaError):
        evaluate(only(at_least("a", 50), axes=axes), dossier())
    rules = only(at_least("a", 50))
    rules = attrs.evolve(rules, preconditions=(attrs.evolve(only(Attains(address=OWN))["1.1"], number="met"),))
    assert evaluate(rules, dossier({"a": 60})).recognition.verdict is MET


@pytest.mark.parametrize("or_higher", [False, True])
def test_a_title_needs_a_register(or_higher):
    """Whether a place holds a title is not computed: undetermined, until a department concludes."""
    rules = only(RecognisedAs(set_id=OWN, or_higher=or_higher))
    assert codes(evaluate(rules, dossier())["1.1"]) == [ReasonCode.NO_REGISTER]
    assert evaluate(rules, dossier(attestations=(said("1.1"),))).verdict is MET


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_judged_elsewhere_is_described(lang):
    """What the law asks names the set or row that is judged, or the title."""
    forms = (Attains(address=f"{OWN}#2"), RecognisedAs(set_id=OWN), RecognisedAs(set_id=OWN, or_higher=True))
    names = ("commune/standard", "external/civilised_urban", "external/nowhere")
    forms = (*forms, *(RecognisedAs(set_id=name) for name in names))
    pages = [describe(only(form), only(form)["1"], lang) for form in forms]
    assert len(set(pages)) == len(forms)
    any_period = {"vi": "xã đạt chuẩn nông thôn mới, giai đoạn nào cũng tính", "en": "of any period"}[lang]
    urban = {"vi": "thị trấn đạt chuẩn đô thị văn minh", "en": "civilised-urban standard"}[lang]
    assert any_period in pages[3]
    assert urban in pages[4]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_title_that_counts_for_another_is_told_with_it(lang):
    """Where a higher title is held, both are named; where the very title is held, it alone."""
    require = RecognisedAs(set_id=OWN, or_higher=True)
    for held, both in ((OWN, False), ("commune/model/2018-2020", True)):
        titles = (HeldTitle(held, PartialDate(2019)),)
        page = why(evaluate(only(require), dossier(titles=titles))["1"], lang)
        assert ({"vi": "tính cho yêu cầu", "en": "it counts for"}[lang] in page) is both
