from __future__ import annotations

import attrs
import pytest

from ntm_rules import describe, evaluate, why
from ntm_rules.explanation.words import Words
from ntm_rules.messages import LANGUAGES
from ntm_rules.vocabulary.criteria import Axis, AxisRule
from ntm_rules.vocabulary.overlays import Link, LinkKind
from ntm_rules.vocabulary.requirements import AllOf, AnyOf, Holds, IsOneOf, Sign, Table, When
from strategies import at_least, by_region, compare, dossier, only, percent, rule, words

ZONE, SAFE = "unit.ethnic_zone", "unit.is_safe_zone"
IN_ZONE = IsOneOf(subject="ethnic_zone", values=("II", "III"), of_place=True)
SPECIAL = AnyOf(members=(IN_ZONE, Holds(fact=SAFE), Holds(fact="p"), compare("b", Sign.LESS_THAN, 10)))
REPLACED = (Axis("region", (rule("northern_midlands_and_mountains", SPECIAL), AxisRule("unit.region"))),)
BY_REGION = by_region(red_river_delta=percent(60), northern_midlands_and_mountains=percent(40))
RULES = only(at_least("a", BY_REGION), axes=REPLACED)
REST = (Axis("group", (rule("x", Holds(fact=SAFE)), rule("y", otherwise=True, title=words("nhóm 2")))),)


@pytest.mark.parametrize(
    ("facts", "because"),
    [
        ({ZONE: "III", SAFE: False}, "theo đặc điểm của địa bàn: xã khu vực III."),
        ({ZONE: "I", SAFE: True}, "theo đặc điểm của địa bàn: xã an toàn khu."),
        ({"b": 8}, "theo đặc điểm của địa bàn: Số liệu b 8 %."),
        ({"p": True}, "theo đặc điểm của địa bàn: Số liệu p."),
    ],
)
def test_the_rule_that_took_the_place_is_told(facts, because):
    """The explanation says what the place is, which thresholds apply because of it, and where that stands."""
    told = why(evaluate(RULES, dossier({"a": 50} | facts))["1.1"])
    assert because in told
    assert "Áp dụng mức của vùng Trung du miền núi phía Bắc (1980/QĐ-TTg" in told
    assert "Điều 1" in told


@pytest.mark.parametrize(
    ("lang", "lines"),
    [
        (
            "en",
            [
                "How a place finds its column: the first of these rules that holds",
                "  Northern midlands and mountains, if:",
                "    One of these is required",
                "      The place is: zone II commune or zone III commune (seen in the text)",
            ],
        ),
        (
            "vi",
            [
                "Địa bàn áp dụng cột nào: quy tắc đầu tiên đúng trong các quy tắc sau",
                "  Vùng Trung du miền núi phía Bắc, nếu:",
                "    Cần một trong các nội dung",
            ],
        ),
    ],
)
def test_the_rules_of_an_axis_are_told(lang, lines):
    """The page of a set says how a place finds its column, rule by rule, where that is more than its own region."""
    page = describe(RULES, lang=lang).splitlines()
    first = page.index(lines[0])
    assert page[first : first + len(lines)] == lines
    own = {
        "en": "  The column of its own region, in any other case",
        "vi": "  Cột của vùng mình, trong các trường hợp còn lại",
    }
    assert page[page.index(own[lang]) + 1] == ""


def test_rules_without_an_order_are_told():
    """Where the law does not say which rule counts, the page says so; a heading follows after one line."""
    axes = (
        attrs.evolve(REST[0], overlap_unstated=True),
        Axis("year", (rule("2019", Holds(fact=SAFE)), AxisRule("year"))),
    )
    rules = only(at_least("a", Table(("group",), ((("x",), percent(50)), (("y",), percent(60))))), axes=axes)
    grouped = attrs.evolve(
        rules, groups=(("g", words("Nhóm")),), criteria=(attrs.evolve(rules.criteria[0], group="g"),)
    )
    page = describe(grouped, lang="en")
    assert "does not say which counts" in page
    assert "Nhóm 2 (en), in any other case\n    Source: 1980/QĐ-TTg, Article 1\n" in page
    assert "The column of the year judged, in any other case\n\nNhóm (en)\n" in page


def test_a_rule_is_told_once():
    """Where two figures of a row hang on one rule of an axis, the rule is told once."""
    both = AllOf(members=(at_least("a", BY_REGION), at_least("c", BY_REGION)))
    told = why(evaluate(only(both, axes=REPLACED), dossier({"a": 30, "c": 30, SAFE: True}))["1.1"])
    assert told.count("theo đặc điểm của địa bàn: xã an toàn khu.") == 1


@pytest.mark.parametrize(
    ("lang", "asked"),
    [("vi", "địa bàn có phải là xã an toàn khu hay không"), ("en", "whether the place is a: safe-zone commune")],
)
def test_what_is_not_known_of_the_place_is_asked_for(lang, asked):
    """A statement of the place that the dossier does not have is asked for, without a word of thresholds."""
    told = why(evaluate(only(Holds(fact=SAFE)), dossier({}))["1.1"], lang)
    assert asked in told
    assert "None" not in told


def test_the_rule_for_the_rest_is_told():
    """A place that no other rule takes is told so, by the words of its row."""
    table = Table(("group",), ((("x",), percent(50)), (("y",), percent(60))))
    told = why(evaluate(only(at_least("a", table), axes=REST), dossier({"a": 70, SAFE: False}))["1.1"], "en")
    assert "The thresholds of nhóm 2 (en) apply" in told
    assert told.endswith("by what is known of the place: none of the other cases.")


def test_what_would_decide_the_row_is_asked_for():
    """Each attribute and figure that would decide the row is asked for by its name."""
    told = why(evaluate(RULES, dossier({"a": 50}))["1.1"], "en")
    assert "whether the place is a: safe-zone commune" in told
    assert "which zone of the ethnic-minority and mountain areas the place belongs to" in told
    assert "the figure of: " in told


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("id", "value"),
    [
        ("region", "red_river_delta"),
        ("province", "vn-2008/province/19"),
        ("province", "vn-2008/province/01"),
        ("kind", "ward"),
        ("map", "vn-2008"),
        ("map", "vn-2025"),
        ("ethnic_zone", "II"),
    ],
)
def test_what_a_place_is_has_its_words(lang, id, value):
    """Whatever a place can be is said in words, never by its id."""
    said = Words(RULES, lang)
    assert said.attribute_value(id, value) != value or lang == "en"
    assert "_" not in said.attribute_value(id, value) + said.attribute(id)


def test_what_is_in_no_register_keeps_its_id():
    """An attribute or value that the packaged register does not hold is named by its id."""
    said = Words(RULES, "en")
    assert (said.attribute("x"), said.attribute_value("x", "y")) == ("x", "y")
    assert said.attribute_value("province", "elsewhere") == "elsewhere"
    assert said.attribute_value("map", "vn-1900") == "vn-1900"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_a_place_must_be_is_described(lang):
    """What the law asks of the place, and its branches, are described."""
    node = When(when=IN_ZONE, then=Holds(fact=SAFE), otherwise=at_least("a", 5))
    page = describe(only(node), only(node)["1"], lang)
    for word in {"vi": ("Nếu", "thì", "còn lại", "xã khu vực II hoặc xã"), "en": ("If", "else", "zone II commune or")}[
        lang
    ]:
        assert word in page


def test_what_a_place_is_instead_is_told():
    """A place that is something else is told what it is; the kind stands before its name."""
    result = evaluate(only(IN_ZONE), dossier({ZONE: "I"}))
    assert "mà là xã khu vực I" in why(result["1.1"])
    place = attrs.evolve(dossier().place, kind="special_zone")
    assert Words(RULES, "vi").place(place).startswith("Đặc khu")


@pytest.mark.parametrize(
    ("sign", "lang", "said"),
    [
        (Sign.MORE_THAN, "vi", "yêu cầu trên 50 %; bằng đúng mức đó nên chưa đạt."),
        (Sign.LESS_THAN, "en", "required: less than 50%; exactly on it, which is not enough."),
    ],
)
def test_a_figure_on_a_level_that_must_be_passed(sign, lang, said):
    """A figure that equals a level which must be passed is told as equal, not as short by nothing."""
    assert said in why(evaluate(only(compare("a", sign, percent(50))), dossier({"a": 50}))["1.1"], lang)


def test_links_of_a_chain_in_words():
    """The floor of a norm is told, and a decision of which only the number is known is told without days."""
    told = Words(RULES, "en")
    norm = Link(kind=LinkKind.NATIONAL_NORM, instrument="1980/QĐ-TTg", value=percent(55))
    decision = Link(kind=LinkKind.DECISION, instrument="1/QĐ-UBND")
    assert "55%" in told.link(norm)
    assert "None" not in told.link(decision)
    assert "1/QĐ-UBND" in told.link(decision)
