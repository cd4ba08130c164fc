from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from importlib import resources

import attrs
import pytest
from jsonschema import Draft202012Validator

from ntm_rules import evaluate, heading, unknowns, why
from ntm_rules.explanation import conflict_sentence, finding_sentence, reason_sentence
from ntm_rules.messages import LANGUAGES
from ntm_rules.vocabulary.criteria import Axis, Counts, Indicator
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import Document, Predecessor, Reported, Status
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.places import Level, Place
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.requirements import (
    AllOf,
    AppliesWhen,
    AtLeastNOf,
    AtRecognition,
    Attains,
    Authority,
    Compare,
    DecidedBy,
    Delegated,
    Denominator,
    ForEach,
    ForEachYear,
    Holds,
    IsOneOf,
    Nothing,
    PreviousYear,
    RatioMeasure,
    Reading,
    RecognisedAs,
    Sign,
    Table,
    Unstated,
    When,
)
from ntm_rules.vocabulary.verdicts import FindingCode, ReasonCode, Verdict
from rollup_strategies import P, Q, commune, count, district, district_set, every, share, title
from strategies import (
    at_least,
    by_region,
    compare,
    criteria_set,
    criterion,
    dossier,
    of_year,
    only,
    percent,
    rating,
    rule,
    said,
    source,
    words,
)

NOT_MET = Verdict.NOT_MET

VALIDATOR = Draft202012Validator(
    json.loads(resources.files("ntm_rules.schemas").joinpath("assessment.schema.json").read_text(encoding="utf-8"))
)

DOCUMENTS = (Document("d1", "Báo cáo thử", "Phòng thử", "12/BC", PartialDate(2021, 1, 8)),)

FIGURE, STATEMENT = at_least("a", 50), Holds(fact="p")
SAFE_ZONE = Holds(fact="unit.is_safe_zone")
NAMED = {"x": words("xã nhóm 1"), "y": words("xã nhóm 2")}
OVERLAP = (
    Axis(
        "group", tuple(rule(row, Holds(fact="p"), title=title) for row, title in NAMED.items()), overlap_unstated=True
    ),
)
BRANCHES = When(when=STATEMENT, then=FIGURE, otherwise=at_least("b", 50))
OTHER_CRITERION = Attains(address="commune/standard/2016-2020#2")
IF_ANY = AppliesWhen(condition=STATEMENT, body=FIGURE)
TWO_OF = AtLeastNOf(n=2, members=(FIGURE, at_least("b", 50), STATEMENT))
BOUNDARY = attrs.evolve(Table.constant(percent(50)), boundary_unstated=True)
BY_YEAR = Table(("year",), ((("2019",), percent(50)),))
OF_WHICH = AllOf(members=(FIGURE, at_least("b", 40)), of_which=True)
CATEGORY = IsOneOf(subject="kind", values=("v", "w"))
BY_SEX = ForEach(by="sex", require=at_least("m", 65))
INCOMPLETE = attrs.evolve(only(FIGURE), counts=Counts(2, 3))
SURPLUS = attrs.evolve(criteria_set(criterion("1", FIGURE, at_least("b", 50))), counts=Counts(1, 1, surplus=1))
UNCOUNTED = attrs.evolve(only(FIGURE), counts=Counts(1, None))
TOO_MANY = attrs.evolve(only(FIGURE), counts=Counts(1, 0, surplus=1))
FOR_SAFE_ZONES = attrs.evolve(
    only(FIGURE), applies_to=Indicator("applies_to", words("Xã an toàn khu"), SAFE_ZONE, source())
)
RECOGNISED = RecognisedAs(set_id="commune/standard/2016-2020")
YES, NO, YES_YES = {"p": True}, {"p": False}, {"p": True, "q": True}
RECALLED = only(FIGURE, Grade.RECALLED)


def judged(rules, facts=None, /, accept=Grade.RECALLED, **own):
    """A whole assessment."""
    rules = rules if hasattr(rules, "criteria") else only(rules)
    return evaluate(rules, dossier(facts, documents=DOCUMENTS, **own), accept=accept)


def counted(require, *facts, counts=None):
    """A district's assessment, whose communes have these facts."""
    below = [commune(f"x{at}", each) for at, each in enumerate(facts)]
    return evaluate(district_set(require), district(*below, counts=counts or {}))


def reasons_of(assessment):
    """Every reason with the result it is told of; those of the trace, too."""
    for result in (assessment, *assessment.criteria, *assessment.indicators):
        for reason in result.reasons:
            yield reason, result
    for result in assessment.indicators:
        for step in result.trace.walk():
            yield step.reason, result
            for member in () if step.reason.counted is None else step.reason.counted.members:
                yield member.step.reason, member


def against(moment):
    """A figure against that of another year."""
    return Compare(
        measure=RatioMeasure(Reading("a"), Reading("a", at=moment)),
        sign=Sign.AT_LEAST,
        threshold=Table.constant(Quantity(Decimal("1.2"), "times")),
    )


KEPT = ForEachYear(last=2, require=STATEMENT)
THEN = attrs.evolve(dossier({"p": True}), year=2019, on=date(2019, 12, 31))

#: An assessment that holds the reason.
REASONS = {
    ReasonCode.BELOW_MINIMUM: judged(FIGURE, {"a": 40}),
    ReasonCode.ABOVE_MAXIMUM: judged(compare("a", Sign.AT_MOST, 50), {"a": (2, 3)}),
    ReasonCode.NOT_EQUAL: judged(compare("a", Sign.EQUALS, 0), {"a": 3}),
    ReasonCode.DECLARED_FALSE: judged(STATEMENT, {"p": False}),
    ReasonCode.PART_NOT_MET: judged(FIGURE, {"a": 40}),
    ReasonCode.TOO_FEW_OF: judged(TWO_OF, {"a": 40, "b": 40}),
    ReasonCode.REACHES_THRESHOLD: judged(at_least("a", by_region(red_river_delta=percent(50))), {"a": 60}),
    ReasonCode.DECLARED_TRUE: judged(STATEMENT, {"p": True}),
    ReasonCode.PARTS_MET: judged(FIGURE, {"a": 60}),
    ReasonCode.ENOUGH_OF: judged(TWO_OF, {"a": 60, "b": 60}),
    ReasonCode.MISSING_FACT: judged(FIGURE),
    ReasonCode.NOT_DECLARED: judged(STATEMENT),
    ReasonCode.IS_ONE_OF: judged(CATEGORY, {"kind": "v"}),
    ReasonCode.NOT_ONE_OF: judged(CATEGORY, {"kind": "x"}),
    ReasonCode.CATEGORY_MISSING: judged(CATEGORY),
    ReasonCode.PART_MISSING: judged(BY_SEX, {"m": 60, "m__men": 70}),
    ReasonCode.PARTS_UNSTATED: judged(ForEach(by="content", require=at_least("m", 50)), {"m__first": 70}),
    ReasonCode.DEFINITION_UNSTATED: judged(at_least("undefined", 50), {"undefined": 60}),
    ReasonCode.FACT_OF_OTHER_YEAR: judged(FIGURE, {"a": of_year("a", 60, 2019)}),
    ReasonCode.MISSING_ATTRIBUTE: judged(
        at_least("a", by_region(mekong_delta=percent(50), south_east=percent(60))), region=None
    ),
    ReasonCode.PLACE_IS: judged(SAFE_ZONE, {"unit.is_safe_zone": True}),
    ReasonCode.PLACE_IS_NOT: judged(SAFE_ZONE, {"unit.is_safe_zone": False}),
    ReasonCode.ROW_AMBIGUOUS: judged(
        only(at_least("a", Table(("group",), ((("x",), percent(50)), (("y",), percent(60))))), axes=OVERLAP),
        {"p": True},
    ),
    ReasonCode.BRANCH_THEN: judged(BRANCHES, {"p": True}),
    ReasonCode.BRANCH_OTHERWISE: judged(BRANCHES, {"p": False, "b": 60}),
    ReasonCode.BRANCHES_AGREE: judged(BRANCHES, {"a": 60, "b": 60}),
    ReasonCode.ATTAINED: judged(criteria_set(criterion("1", OTHER_CRITERION), criterion("2", FIGURE)), {"a": 60}),
    ReasonCode.NOT_ATTAINED: judged(criteria_set(criterion("1", OTHER_CRITERION), criterion("2", FIGURE)), {"a": 40}),
    ReasonCode.ATTAINMENT_OPEN: judged(criteria_set(criterion("1", OTHER_CRITERION), criterion("2", FIGURE))),
    ReasonCode.SET_NOT_IN_FORCE: judged(Attains(address="commune/standard/2016-2020#9")),
    ReasonCode.NO_REGISTER: judged(RecognisedAs(set_id="commune/standard/2016-2020")),
    ReasonCode.TITLE_HELD: judged(RECOGNISED, titles=(title(decision="1/QĐ-UBND"),)),
    ReasonCode.TITLE_DATE_OPEN: judged(RECOGNISED, titles=(title(dated="2020"),), on=date(2020, 6, 1)),
    ReasonCode.NO_TITLE: judged(RECOGNISED, titles_complete=True),
    ReasonCode.COUNTED_MET: counted(share(P, 50), YES, NO),
    ReasonCode.COUNTED_NOT_MET: counted(share(P, 60), YES, NO),
    ReasonCode.COUNTED_OPEN: counted(count(P, 2), YES, {}, counts={"commune": 3}),
    ReasonCode.EVERY_MET: counted(every(P), YES),
    ReasonCode.EVERY_NOT_MET: counted(every(P), NO, YES),
    ReasonCode.EVERY_OPEN: counted(every(P), {}, YES),
    ReasonCode.NOTHING_COUNTED: counted(every(P), counts={"commune": 0}),
    ReasonCode.SUB_PLACES_UNKNOWN: counted(every(P)),
    ReasonCode.DENOMINATOR_UNSTATED: counted(
        share(AppliesWhen(condition=Q, body=P), 50, of=Denominator.UNSTATED),
        YES_YES,
        {"q": True, "p": False},
        {"q": False},
    ),
    ReasonCode.JUDGED_BY_OTHER_SET: evaluate(
        district_set(share(Attains(address="commune/standard/2016-2020"), 100)),
        district(commune("x", set_id="commune/standard/2010-2015")),
    ),
    ReasonCode.MISSING_FACT_ABOVE: judged(
        Compare(
            measure=RatioMeasure(Reading("a"), Reading("a", Level.PROVINCE)),
            sign=Sign.AT_LEAST,
            threshold=Table.constant(Quantity(Decimal("1.2"), "times")),
        ),
        {"a": 60},
    ),
    ReasonCode.YEARS_MET: judged(KEPT, YES, earlier=(THEN,)),
    ReasonCode.YEAR_NOT_MET: judged(KEPT, NO, earlier=(THEN,)),
    ReasonCode.YEARS_OPEN: judged(KEPT, earlier=(THEN,)),
    ReasonCode.YEARS_MISSING: judged(KEPT),
    ReasonCode.MISSING_FACT_THEN: judged(against(PreviousYear()), {"a": 60}, earlier=(THEN,)),
    ReasonCode.NO_SUCH_EVENT: judged(against(AtRecognition("commune/standard")), {"a": 60}),
    ReasonCode.EVENT_AMBIGUOUS: judged(
        against(AtRecognition("commune/standard")),
        {"a": 60},
        titles=(title(), title(set_id="commune/standard/2010-2015", dated="2014")),
    ),
    ReasonCode.NOTHING_TO_MEASURE: judged(FIGURE, {"a": (0, 0)}),
    ReasonCode.YEAR_NOT_COVERED: judged(at_least("a", BY_YEAR), {"a": 60}),
    ReasonCode.ROW_NOT_COVERED: judged(at_least("a", by_region(mekong_delta=percent(50))), {"a": 60}),
    ReasonCode.THRESHOLD_OPEN: judged(at_least("a", Delegated(Authority.PROVINCE)), {"a": 60}),
    ReasonCode.REQUIREMENT_OPEN: judged(DecidedBy(authority=Authority.MINISTRY)),
    ReasonCode.THRESHOLD_UNSTATED: judged(at_least("a", Unstated()), {"a": 60}),
    ReasonCode.BOUNDARY_UNSTATED: judged(at_least("a", BOUNDARY), {"a": 50}),
    ReasonCode.LIST_OPEN: judged(attrs.evolve(TWO_OF, open_list=True), {"a": 60}),
    ReasonCode.GRADE_NOT_ACCEPTED: judged(RECALLED, {"a": 60}, accept=Grade.TEXT),
    ReasonCode.PART_UNDETERMINED: judged(FIGURE),
    ReasonCode.COVERED_BY_CRITERION: judged(FIGURE, attestations=(said("1"),)),
    ReasonCode.STATEMENTS_CONFLICT: judged(FIGURE, attestations=(said("1.1"), said("1.1", NOT_MET))),
    ReasonCode.CONFLICT_ON_RECALLED_THRESHOLD: judged(RECALLED, {"a": 60}, attestations=(said("1.1", NOT_MET),)),
    ReasonCode.SET_INCOMPLETE: judged(INCOMPLETE, {"a": 60}),
    ReasonCode.SET_SURPLUS: judged(SURPLUS, {"a": 60, "b": 60}),
    ReasonCode.SET_COUNT_UNSTATED: judged(UNCOUNTED, {"a": 60}),
    ReasonCode.SET_SURPLUS: judged(TOO_MANY, {"a": 60}),
    ReasonCode.SET_NOT_FOR_PLACE: judged(FOR_SAFE_ZONES, {"a": 60, "unit.is_safe_zone": False}),
    ReasonCode.SET_APPLICABILITY_OPEN: judged(FOR_SAFE_ZONES, {"a": 60}),
    ReasonCode.ASKS_NOTHING: judged(at_least("a", by_region(red_river_delta=Nothing()))),
    ReasonCode.NOT_CONSIDERED: judged(IF_ANY, {"p": False}),
    ReasonCode.ATTESTED: judged(FIGURE, attestations=(said("1.1", for_=PartialDate(2020, 12)),)),
    ReasonCode.REPORTED_BELOW_REQUIRED: judged(FIGURE, reported=(Reported("indicators_met", 0, 0),)),
}

#: An assessment that holds the finding, or the conflict.
FINDINGS = {
    FindingCode.OUTSIDE_FORCE: judged(FIGURE, on=dossier().on.replace(year=2023)),
    FindingCode.OVERLAY_NOT_APPLIED: judged(FIGURE, overlays=("decision.yaml",)),
    FindingCode.TALLY_CONFLICT: judged(FIGURE, {"a": 60}, reported=(Reported("criteria_met", 0, 0),)),
    FindingCode.ATTESTATION_CONTRADICTED: judged(FIGURE, {"a": 60}, attestations=(said("1.1", NOT_MET),)),
    FindingCode.STATEMENTS_CONFLICT: judged(STATEMENT, {"p": True}, attestations=(said("1", NOT_MET),)),
    FindingCode.CONFLICT_ON_RECALLED_THRESHOLD: judged(RECALLED, {"a": 60}, attestations=(said("1.1", NOT_MET),)),
    FindingCode.PART_EXCEEDS_WHOLE: judged(OF_WHICH, {"a": 60, "b": 70}),
    FindingCode.DERIVED_DISAGREES: judged(at_least("total", 50), {"total": 60, "a": 20, "b": 30}),
    FindingCode.UNUSED_FACT: judged(FIGURE, {"x": 60}),
    FindingCode.ATTESTATION_OF_OTHER_YEAR: judged(FIGURE, attestations=(said("1.1", for_=PartialDate(2019)),)),
    FindingCode.ATTESTATION_WITHOUT_DOCUMENT: judged(
        FIGURE, attestations=(attrs.evolve(said("1.1"), document=None, by=None, dated=PartialDate(2021, 1)),)
    ),
    FindingCode.TITLES_OF_PREDECESSOR: judged(
        FIGURE,
        predecessors=(
            Predecessor(Place(Level.COMMUNE, "Thử Một"), date(2020, 2, 1), titles=(title(),)),
            Predecessor(Place(Level.COMMUNE, "Thử Hai"), date(2020, 2, 1)),
        ),
    ),
    FindingCode.ILLUSTRATION: judged(FIGURE, status=Status.ILLUSTRATION),
    FindingCode.SYNTHETIC: judged(FIGURE, status=Status.SYNTHETIC),
}

#: More pages: steps, parts that pass and fail, what is computed, what a computed figure lacks.
MORE = (
    judged(at_least("step", rating("fair")), {"step": rating("poor")}),
    judged(BY_SEX, {"m__men": 70, "m__women": "57.4"}),
    judged(ForEach(by="sex", require=Holds(fact="k")), {"k__men": True, "k__women": False}),
    judged(at_least("near", 50), {"a": 1, "b": 2, "c": 3}),
    judged(at_least("near", 50), {"a": 1}),
)

# Signs of a placeholder left over, left empty or filled with what people don't read.
LEFT_OVER = re.compile(r"[{}]|\?|None|Verdict|Grade|\(\)|«»|\"\"|  |: [.;]|\b[a-z]+_[a-z_]+\b")


def clean(sentence):
    """The sentence, if it reads as one."""
    assert sentence[0].isupper() or sentence[0].isdecimal()
    assert sentence[-1] == "."
    assert not LEFT_OVER.search(sentence), sentence
    return sentence


def test_every_reason_is_looked_at():
    """Every code of a reason is in the list above, and given by something."""
    assert REASONS.keys() == set(ReasonCode)
    given = {reason.code for each in (*REASONS.values(), *FINDINGS.values()) for reason, _ in reasons_of(each)}
    assert given == REASONS.keys()


def test_every_finding_is_looked_at():
    """Every code of a finding or conflict is in the list above."""
    assert FINDINGS.keys() == set(FindingCode)


@pytest.mark.parametrize("code", REASONS)
def test_every_reason_is_a_sentence(code):
    """Each reason reads as a whole sentence in both languages, and not the same in both."""
    told = [(reason, result) for reason, result in reasons_of(REASONS[code]) if reason.code is code]
    assert told
    for reason, result in told:
        assert len({clean(reason_sentence(reason, result, lang)) for lang in LANGUAGES}) == len(LANGUAGES)


@pytest.mark.parametrize("code", FINDINGS)
def test_every_finding_is_a_sentence(code):
    """Each finding and each conflict reads as a whole sentence in both languages, and not the same in both."""
    assessment = FINDINGS[code]
    told = [(finding_sentence, each) for each in assessment.findings if each.code is code]
    told += [(conflict_sentence, each) for each in assessment.conflicts if each.code is code]
    assert told
    for sentence, each in told:
        assert len({clean(sentence(each, assessment, lang)) for lang in LANGUAGES}) == len(LANGUAGES)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("assessment", [*REASONS.values(), *FINDINGS.values(), *MORE])
def test_every_page_can_be_written(assessment, lang):
    """Every page about every result here can be written without anything left over."""
    pages = [heading(assessment, lang), why(assessment, lang), unknowns(assessment, lang)]
    pages += [result.why(lang) for result in (assessment, *assessment.criteria, *assessment.indicators)]
    for page in pages:
        without_ids = page.replace(str(assessment.rules.id), "")
        for line in without_ids.splitlines():
            assert not LEFT_OVER.search(line.strip()), line
            assert line == line.rstrip()


def test_a_place_without_a_region_is_told_of_once():
    """A sentence that two results share is told under the indicator alone."""
    assessment = REASONS[ReasonCode.MISSING_ATTRIBUTE]
    sentence = reason_sentence(assessment["1.1"].reasons[0], assessment["1.1"])
    assert why(assessment).count(sentence) == 1


def test_statements_that_contradict_each_other_name_only_who_spoke():
    """Two contradictory conclusions are told as the two sides; that nothing was computed is no side."""
    assessment = REASONS[ReasonCode.STATEMENTS_CONFLICT]
    (conflict,) = assessment.conflicts
    vi, en = (conflict_sentence(conflict, assessment, lang) for lang in LANGUAGES)
    assert "«đạt» và «chưa đạt»" in vi
    assert '"met" and "not met"' in en
    for sentence, lang in ((vi, "vi"), (en, "en")):
        undetermined = {"vi": "«chưa đủ căn cứ xác định»", "en": '"undetermined"'}[lang]
        assert undetermined not in sentence


def test_a_published_tally_against_conclusions_names_both_sides():
    """A set left open between its criteria and a published tally says which side gave which verdict."""
    rules = criteria_set(criterion("1", FIGURE))
    told = judged(rules, attestations=(said("1"),), reported=(Reported("criteria_met", 0, 0),))
    assert reason_sentence(told.reasons[0], told, "en") == (
        'What is said is contradictory: "met" and "not met". Neither side is a measured figure, so it is undetermined.'
    )
    (conflict,) = told.conflicts
    assert conflict_sentence(conflict, told, "en") == (
        'The whole set: what is said is contradictory ("met" and "not met"); undetermined.'
    )


@pytest.mark.parametrize("code", REASONS, ids=lambda code: code.value)
def test_every_reason_is_part_of_the_record(code):
    """An assessment that holds any reason is valid plain data, and a reason that hangs on an event names it."""
    record = REASONS[code].to_dict()
    VALIDATOR.validate(record)
    if code is ReasonCode.NO_SUCH_EVENT:
        assert record["criteria"][0]["indicators"][0]["reasons"][0]["event"] == "commune/standard"
