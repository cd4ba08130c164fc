from __future__ import annotations

from datetime import date

import attrs
import pytest

import ntm_rules as ntm
from ntm_rules import describe, evaluate, heading, unknowns, why
from ntm_rules.explanation import tally_line
from ntm_rules.explanation.words import Words
from ntm_rules.messages import LANGUAGES
from ntm_rules.vocabulary.assessments import Tally
from ntm_rules.vocabulary.criteria import Counts, InForce
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import Attestation, Document, Reported
from ntm_rules.vocabulary.instruments import Citation, Grade
from ntm_rules.vocabulary.places import Level, Place
from ntm_rules.vocabulary.requirements import (
    AllOf,
    AnyOf,
    AppliesWhen,
    AtLeastNOf,
    Authority,
    DecidedBy,
    Delegated,
    Holds,
    Nothing,
    Sign,
    Unstated,
)
from ntm_rules.vocabulary.text import Text
from ntm_rules.vocabulary.verdicts import Verdict
from strategies import at_least, compare, criteria_set, criterion, dossier, only, percent, said, source, words

LAW = "commune/standard/2016-2020"

#: A made-up commune with one indicator in each state there is.
COMMUNE = {
    "dossier": 1,
    "place": {"level": "commune", "name": "Minh Họa", "district": "Định Hóa", "province": "Thái Nguyên"},
    "set": LAW,
    "year": 2020,
    "status": "illustration",
    "documents": {
        "survey": {"title": "Phiếu điều tra hộ năm 2020", "issuer": "UBND xã", "dated": "2020-12-15"},
        "health": {
            "title": "Kết luận về y tế",
            "issuer": "Phòng Y tế huyện",
            "number": "12/KL-PYT",
            "dated": "2021-01",
        },
    },
    "facts": {
        "has_published_construction_plan": {"value": "có", "for": 2017},
        "has_planning_management_rules": "có",
        "commune_road_paved_share": "96.5 %",
        "has_local_disaster_prevention_conditions": "không",
        "safe_electricity_household_share": {"numerator": 1152, "denominator": 1170, "document": "survey"},
        "standard_school_share": {"numerator": 2, "denominator": 3},
        "is_rural_market_needed": "không",
        "has_rural_trade_facility_in_plan": "có",
        "makeshift_house_count": {"value": 3, "document": "survey"},
        "standard_house_share": "75.00 %",
        "income_per_person": {"value": "36 triệu đồng/người/năm", "document": "survey"},
        "multidimensional_poverty_rate": {"numerator": 131, "denominator": 1170, "document": "survey"},
        "has_universal_education": "có",
        "continuing_education_share": "71.5 %",
        "health_insurance_share": {"value": "84.2 %", "document": "survey"},
        "child_stunting_rate": "26.7 %",
        "hygienic_water_share": "92.0 %",
        "clean_water_share": "47.5 %",
        "hygienic_livestock_shed_share": "75 %",
        "food_safety_compliant_share": {"value": "100 %", "for": 2019},
    },
    "attestations": {
        "11": {"verdict": "not_met", "by": "Phòng Lao động huyện", "for": 2020},
        "14.1": {"verdict": "not_met", "by": "Phòng Giáo dục huyện", "for": 2020, "dated": "2021-01-08"},
        "15.1": {"verdict": "met", "by": "Phòng Y tế huyện", "for": "2020-12-31", "document": "health"},
        "16": [
            {"verdict": "met", "by": "Phòng Văn hóa huyện", "for": 2020},
            {"verdict": "not_met", "by": "Sở Văn hóa", "for": 2020},
        ],
        "18.1": {"verdict": "met", "by": "Phòng Nội vụ huyện", "dated": 2021},
        "19": {"verdict": "met", "by": "Ban Chỉ huy quân sự và Công an huyện", "for": 2020},
        "13": {"verdict": "met", "by": "Phòng Nông nghiệp huyện", "for": 2019},
    },
    "reported": {"criteria_met": {"value": 12, "document": "survey"}},
}

#: Its indicators, by what they show.
INDICATORS = {
    "met": "14.2",
    "met-by-statement": "1.1",
    "met-by-counts": "4.2",
    "not-met": "17.1",
    "not-met-by-counts": "5/5",
    "not-met-by-statement": "3.2",
    "not-met-count": "9.1",
    "exactly-at-least": "10/10",
    "exactly-at-most": "15.3",
    "missing-figure": "12/12",
    "missing-statement": "4.1",
    "attested": "18.1",
    "contradicted": "15.1",
    "statements-conflict": "14.1",
    "left-to-province": "2.1",
    "requirement-open": "6.1",
    "not-considered": "7/7",
    "unstated": "17.7",
    "other-year": "17.8",
    "covered": "19.1",
    "doubt": "8.1",
}

CRITERIA = {
    "met": "1",
    "not-met": "15",
    "open": "18",
    "not-considered": "7",
    "attested": "19",
    "contradicted": "11",
    "two-conclusions": "16",
}


@pytest.fixture(scope="module")
def rules():
    """The packaged set of 2016-2020."""
    return ntm.load(LAW)


@pytest.fixture(scope="module")
def assessment(rules):
    """The made-up commune, judged."""
    return evaluate(rules, ntm.Dossier.from_mapping(COMMUNE))


@pytest.fixture(scope="module")
def nothing_known(rules):
    """A commune of which only the province is known, judged outside the force of the set."""
    place = {"level": "commune", "name": "Hà Châu", "province": "Thái Nguyên"}
    bare = ntm.Dossier.from_mapping({"dossier": 1, "place": place, "year": 2018, "status": "synthetic"})
    return evaluate(rules, attrs.evolve(bare, on=date(2022, 6, 1)))


# --- golden pages -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", INDICATORS)
def test_why_of_an_indicator(name, lang, assessment, golden):
    """The page of an indicator in this state reads as it was reviewed."""
    golden(f"explanation/indicator-{name}.{lang}.txt", assessment[INDICATORS[name]].why(lang) + "\n")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", CRITERIA)
def test_why_of_a_criterion(name, lang, assessment, golden):
    """The page of a criterion reads as it was reviewed."""
    golden(f"explanation/criterion-{name}.{lang}.txt", assessment[CRITERIA[name]].why(lang) + "\n")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_why_of_a_set(lang, assessment, nothing_known, golden):
    """The page of a whole set reads as it was reviewed."""
    golden(f"explanation/set.{lang}.txt", assessment.why(lang) + "\n")
    golden(f"explanation/set-nothing-known.{lang}.txt", why(nothing_known, lang) + "\n")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_a_result_does_not_know(lang, assessment, golden):
    """The page of what is not known reads as it was reviewed."""
    golden(f"explanation/unknowns.{lang}.txt", unknowns(assessment, lang) + "\n")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_head_of_a_page(lang, assessment, nothing_known, golden):
    """The head of every page reads as it was reviewed, with every mark that must stand there."""
    golden(f"explanation/heading.{lang}.txt", heading(assessment, lang) + "\n")
    golden(f"explanation/heading-nothing-known.{lang}.txt", heading(nothing_known, lang) + "\n")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("address", [None, "2", "15", "1.1", "2.1", "6.1", "7/7", "8.1", "10/10", "17.1", "17.4"])
def test_what_the_law_asks(address, lang, rules, golden):
    """The page of what a set, a criterion or an indicator asks reads as it was reviewed."""
    item = None if address is None else rules[address]
    name = "set" if address is None else address.replace("/", "-")
    golden(f"explanation/describe-{name}.{lang}.txt", describe(rules, item, lang) + "\n")


ALL_FORMS = AllOf(
    members=(
        AnyOf(members=(compare("a", Sign.MORE_THAN, 50), compare("b", Sign.LESS_THAN, 40))),
        AtLeastNOf(n=1, members=(Holds(fact="p"), DecidedBy(authority=Authority.MINISTRY, title=words("Du lịch")))),
        AtLeastNOf(n=2, members=(Holds(fact="p"), Holds(fact="q")), open_list=True),
        AppliesWhen(condition=compare("c", Sign.MORE_THAN, 0), body=compare("d", Sign.EQUALS, 10)),
        at_least("e", Delegated(Authority.PROVINCE, percent(60))),
        at_least("f", Delegated(Authority.PROVINCE)),
        at_least("g", Nothing(), source=source(Grade.SECONDARY, doubt="who_decides", note=words("Ghi chú thử"))),
        at_least("h", Unstated()),
    )
)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_form_of_the_algebra(lang, golden):
    """Every form a requirement can have is described as it was reviewed."""
    rules = only(ALL_FORMS)
    golden(f"explanation/describe-all-forms.{lang}.txt", describe(rules, rules["1.1"], lang) + "\n")


# --- what the golden pages do not show --------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_incomplete_set_says_so_on_every_page(lang):
    """An incomplete set is marked in the heading and in its description, with how much it lacks."""
    rules = attrs.evolve(only(at_least("a", 50)), counts=Counts(3, 5))
    mark = {
        "vi": "BỘ TIÊU CHÍ CHƯA ĐỦ: số tiêu chí còn thiếu: 2; số chỉ tiêu còn thiếu: 4",
        "en": "INCOMPLETE SET: criteria lacking: 2; indicators lacking: 4",
    }
    for page in (heading(evaluate(rules, dossier()), lang), describe(rules, lang=lang)):
        assert mark[lang] in page


def test_contradictions_are_unknown_at_every_level():
    """Contradictions left open stand among the unknowns for an indicator, a criterion and the set, and nothing else."""
    rules = criteria_set(criterion("1", Holds(fact="p")), criterion("2", at_least("a", 50)))
    attestations = (said("1.1", Verdict.NOT_MET), said("2"), said("2", Verdict.NOT_MET))
    page = unknowns(evaluate(rules, dossier({"p": True}, attestations=attestations)), "en")
    assert "Contradictions left open\n  - Indicator 1.1: " in page
    assert "  - Criterion 2 (Tiêu chí thử 2 (en)): " in page
    assert "another reason" not in page
    reported = (Reported("criteria_met", 0, 0),)
    page = unknowns(evaluate(rules, dossier(attestations=(said("1"), said("2")), reported=reported)), "en")
    assert "  - The whole set: What is said is contradictory" in page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_unknown(lang):
    """A result whose every indicator is decided on evidence that was seen says that nothing is unknown."""
    page = unknowns(evaluate(only(at_least("a", 50)), dossier({"a": 60})), lang)
    assert {"vi": "Không có gì", "en": "Nothing"}[lang] in page


def test_a_doubt_is_told_of_a_decided_verdict():
    """A decided verdict whose citation is doubtful stands under its own heading among the unknowns."""
    require = Holds(fact="p", source=source(doubt="who_decides"))
    page = unknowns(evaluate(only(require), dossier({"p": True})), "en")
    assert "Not clear who has the authority to decide\n  - Indicator 1.1." in page


def test_why_what_is_beneath_is_open():
    """Under an open criterion the whole page tells what each of its open indicators lacks."""
    rules = criteria_set(criterion("1", at_least("a", 50), Holds(fact="p")))
    page = why(evaluate(rules, dossier({"a": 60})), "en")
    assert "Indicator 1.2: The dossier does not say yes or no to: Số liệu p (en)." in page
    assert "Indicator 1.1:" not in page


def test_a_set_without_groups_notes_or_end():
    """A set without groups, notes and a last day in force is described without them."""
    rules = attrs.evolve(only(at_least("a", 50)), in_force=InForce(date(2016, 12, 1)))
    assert describe(rules, lang="en").splitlines() == [
        f"Bộ tiêu chí thử (en) ({LAW})",
        "Issued by: 1980/QĐ-TTg",
        "In force: from 1 December 2016",
        "1 criteria, 1 indicators",
        "  Criterion 1. Tiêu chí thử 1 (en)",
        "    Indicator 1.1. Chỉ tiêu thử 1.1 (en)",
    ]


def test_notes_and_unknown_facts_in_a_description():
    """An indicator's note is told, and a fact that no catalogue defines is not listed."""
    rules = only(at_least("a", 50))
    noted = attrs.evolve(rules["1.1"], note=Text("Chú", "Mind"))
    part = attrs.evolve(rules.criteria[0], indicators=(noted,), note=Text("Lời", "Word"))
    rules = attrs.evolve(rules, criteria=(part,), catalogue=type(rules.catalogue)())
    lines = [line.strip() for line in describe(rules, rules["1"], "en").splitlines()]
    assert {"Note: Mind", "Note: Word", "a: at least 50% (seen in the text)"} <= set(lines)
    assert "Facts needed" not in lines


# --- small words ------------------------------------------------------------------------------------------------


@pytest.fixture
def said_in(rules):
    """The words of a language about the packaged set."""
    return {lang: Words(rules, lang) for lang in LANGUAGES}


@pytest.mark.parametrize(
    ("place", "vi", "en"),
    [
        (Place(Level.COMMUNE, "Hà Châu"), "Xã Hà Châu", "Commune Hà Châu"),
        (
            Place(Level.COMMUNE, "Hòa Châu", "Hòa Vang", "vn-2008/province/48", "south_central_coast"),
            "Xã Hòa Châu, huyện Hòa Vang, thành phố Đà Nẵng (vùng Duyên hải Nam Trung Bộ)",
            "Commune Hòa Châu, Hòa Vang district, Đà Nẵng city (South Central Coast)",
        ),
        (
            Place(Level.COMMUNE, "Phú Đình", None, "vn-2008/province/19"),
            "Xã Phú Đình, tỉnh Thái Nguyên",
            "Commune Phú Đình, Thái Nguyên province",
        ),
    ],
)
def test_a_place(place, vi, en, said_in):
    """A place is named with what is known of it."""
    assert [said_in[lang].place(place) for lang in LANGUAGES] == [vi, en]


@pytest.mark.parametrize(
    ("when", "vi", "en"),
    [
        (PartialDate(2019), "năm 2019", "2019"),
        (PartialDate(2019, 3), "tháng 03/2019", "March 2019"),
        (PartialDate(2019, 3, 5), "05/03/2019", "5 March 2019"),
    ],
)
def test_a_date(when, vi, en, said_in):
    """A date is written as far as it is known."""
    assert [said_in[lang].date(when) for lang in LANGUAGES] == [vi, en]


@pytest.mark.parametrize(
    ("written", "vi", "en"),
    [
        ("58.30", "58,30 %", "58.30%"),
        ((131, 1170), "131/1.170, tức khoảng 11,20 %", "131 of 1,170, which is about 11.20%"),
        ((1, 2), "1/2, tức 50,00 %", "1 of 2, which is 50.00%"),
        ((0, 0), "0/0", "0/0"),
        (True, "", ""),
    ],
)
def test_a_figure(written, vi, en, said_in):
    """A figure keeps its digits; counts stand beside the share that they make."""
    (figure,) = dossier({"a": written}).facts
    assert [said_in[lang].figure(figure) for lang in LANGUAGES] == [vi, en]


def test_counts_beside_the_printed_share(said_in):
    """Where counts and a printed share are both given, both are shown as they are."""
    (figure,) = dossier({"a": (131, 1170)}).facts
    printed = attrs.evolve(figure, quantity=percent("11.2"))
    assert said_in["en"].figure(printed) == "131 of 1,170, which is 11.2%"


@pytest.mark.parametrize(
    ("sign", "value", "vi", "en"),
    [
        (Sign.AT_LEAST, 50, "từ 50 % trở lên", "at least 50%"),
        (Sign.AT_LEAST, 100, "bằng 100 %", "100%"),
        (Sign.AT_MOST, 0, "bằng 0 %", "0%"),
        (Sign.AT_LEAST, 0, "từ 0 % trở lên", "at least 0%"),
        (Sign.MORE_THAN, 50, "trên 50 %", "more than 50%"),
        (Sign.LESS_THAN, 50, "dưới 50 %", "less than 50%"),
    ],
)
def test_what_is_required(sign, value, vi, en, said_in):
    """All of it and none of it are said plainly."""
    assert [said_in[lang].required(sign, percent(value)) for lang in LANGUAGES] == [vi, en]


@pytest.mark.parametrize(
    ("axis", "row", "vi", "en"),
    [
        ("region", "red_river_delta", "vùng Đồng bằng sông Hồng", "Red River Delta"),
        ("region", "general", "chỉ tiêu chung", "general column"),
        ("region", "elsewhere", "vùng elsewhere", "elsewhere"),
        ("year", "2020", "năm 2020", "2020"),
        ("ethnic_zone", "III", "III", "III"),
    ],
)
def test_a_row(axis, row, vi, en, said_in):
    """A row is named in the words of its axis."""
    assert [said_in[lang].axis_row(axis, row) for lang in LANGUAGES] == [vi, en]


def test_papers(said_in):
    """A conclusion's paper is named by its document, else by its date, else not at all."""
    document = Document("d1", number="12/BC")
    judged = attrs.evolve(dossier(), documents=(document, Document("d2")))
    said = Attestation("1", Verdict.MET)
    cases = {
        attrs.evolve(said, document="d1", dated=PartialDate(2021)): " (document: no. 12/BC)",
        attrs.evolve(said, document="d2"): " (document: d2)",
        attrs.evolve(said, dated=PartialDate(2021, 1, 8)): " (paper of 8 January 2021)",
        said: "",
    }
    for attestation, paper in cases.items():
        assert said_in["en"].paper(attestation, judged) == paper
    for dated, paper in (((2021,), "năm 2021"), ((2021, 1), "tháng 01/2021"), ((2021, 1, 8), "ngày 08/01/2021")):
        dated_only = attrs.evolve(said, dated=PartialDate(*dated))
        assert said_in["vi"].paper(dated_only, judged) == f" (văn bản {paper})"


def test_instruments_and_citations(said_in):
    """A citation names the instrument by its kind and every part of the place; an unknown one by its id."""
    assert said_in["vi"].citation(Citation("1980/QĐ-TTg", source().locator, Grade.TEXT)) == (
        "Quyết định 1980/QĐ-TTg, Phụ lục, dòng 1"
    )
    assert said_in["en"].citation(Citation("1/X", None, Grade.TEXT)) == "1/X"


def test_parts(said_in):
    """A part is named by number; no address is the whole set, and an unknown one this part."""
    names = [said_in["en"].part(address) for address in ("17/17.1", "10", "", None, "99")]
    assert names == ["Indicator 17.1", "Criterion 10 (Income)", "The whole set", "This part", "This part"]


def test_unknown_facts_are_named_by_their_id(said_in):
    """A fact that the catalogue does not hold is named by its id."""
    assert said_in["en"].fact("income_per_person") == "Income per person"
    assert said_in["en"].fact("moonlight") == "moonlight"


def test_a_tally_line():
    """A tally is told with all its five numbers."""
    tally = Tally(met=18, not_met=0, undetermined=0, not_applicable=1, total=19)
    assert tally_line(tally, "criteria", "en") == (
        "Criteria: 18 of 19 met, 0 not met, 0 undetermined, 1 not applicable"
    )
    assert tally_line(tally, "criteria") == ("Tiêu chí: 18/19 đạt, 0 chưa đạt, 0 chưa đủ căn cứ, 1 không áp dụng")
