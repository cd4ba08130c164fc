from __future__ import annotations

from decimal import Decimal

import attrs
import pytest

from ntm_rules import describe, evaluate, unknowns
from ntm_rules.explanation import Words
from ntm_rules.vocabulary.assessments import Gap
from ntm_rules.vocabulary.criteria import CriteriaSet
from ntm_rules.vocabulary.dossiers import Document, FactValue
from ntm_rules.vocabulary.facts import (
    Difference,
    FactCatalogue,
    FactDefinition,
    FactKind,
    Option,
    PartList,
    Ratio,
    Scale,
    Sum,
)
from ntm_rules.vocabulary.requirements import ForEach, IsOneOf, Requirement, Sign
from ntm_rules.vocabulary.text import Text
from strategies import at_least, compare, dossier, only, value


def options(**titles: tuple[str, str]) -> tuple[Option, ...]:
    """Named values with their titles in both languages."""
    return tuple(Option(id, Text(*title)) for id, title in titles.items())


RATING = Scale(
    "rating",
    Text("Xếp loại", "Rating"),
    options(poor=("Yếu", "poor"), average=("Trung bình", "average"), good=("Khá", "good")),
)
SEX = PartList("sex", Text("giới tính", "sex"), options(men=("nam", "men"), women=("nữ", "women")))
CONTENT = PartList("content", Text("nội dung", "content"), None)


def fact(id: str, vi: str, en: str, kind: FactKind = FactKind.NUMBER, **more: object) -> FactDefinition:
    """A fact with its titles."""
    unit = {"unit": "household"} if kind is FactKind.NUMBER and "unit" not in more else {}
    return FactDefinition(id, Text(vi, en), kind, **unit, **more)


CATALOGUE = FactCatalogue(
    (
        fact("merit", "Xếp loại xã", "Merit", FactKind.ORDINAL, scale=RATING),
        fact(
            "supply",
            "Cấp nước",
            "Water supply",
            FactKind.CATEGORY,
            values=options(own=("tự cấp", "own"), piped=("ống", "piped")),
        ),
        fact("trained", "Lao động qua đào tạo", "Trained labour", unit="percent", parts=SEX),
        fact("content", "Hài lòng", "Satisfaction", unit="percent", parts=CONTENT),
        fact("poor", "hộ nghèo", "poor"),
        fact("near_poor", "hộ cận nghèo", "near-poor"),
        fact("all", "tổng số hộ", "all"),
        fact("rate", "Tỷ lệ nghèo", "Poverty rate", unit="percent", derived=Ratio(Sum(("poor", "near_poor")), "all")),
        fact("rest", "Số hộ còn lại", "Others", derived=Difference("all", "poor")),
        fact("vague", "Chưa rõ", "Vague", unit="percent", unstated=True),
    ),
    (RATING,),
    (SEX, CONTENT),
)


def rules(require: Requirement) -> CriteriaSet:
    """A set of one indicator over these facts."""
    return attrs.evolve(only(require), catalogue=CATALOGUE)


def why(require: Requirement, lang: str, *values: FactValue) -> str:
    """Why the indicator is what it is."""
    documents = (Document("d1", "Báo cáo A"), Document("d2", "Báo cáo B"))
    return evaluate(rules(require), attrs.evolve(dossier(), facts=values, documents=documents))["1.1"].why(lang)


def count(id: str, number: int, document: str | None = None) -> FactValue:
    """So many households."""
    counted = value(id, number).quantity
    return FactValue(id, attrs.evolve(counted, unit="household"), document=document)


BY_SEX = ForEach(by="sex", require=at_least("trained", 60))
GOOD = compare("merit", Sign.AT_LEAST, RATING.step("good"))


def test_steps_are_told_by_title():
    """What is reached and what is required are told by the steps' titles, the distance in steps."""
    average, poor = (FactValue("merit", step=RATING.step(step)) for step in ("average", "poor"))
    assert "Xếp loại xã: Trung bình (năm 2020); yêu cầu từ Khá trở lên; còn thiếu 1 bậc." in why(GOOD, "vi", average)
    assert "Merit: average (2020); required: at least good; short by 1 step." in why(GOOD, "en", average)
    assert "Merit: poor (2020); required: at least good; short by 2 steps." in why(GOOD, "en", poor)


def test_the_failing_part_is_named():
    """The part that fails comes first, by name; the one that passes is told too."""
    parts = (attrs.evolve(value("trained", "66.0"), part="men"), attrs.evolve(value("trained", "57.4"), part="women"))
    told = why(BY_SEX, "vi", FactValue("trained", parts=parts)).splitlines()
    assert told[1].strip().startswith("Lao động qua đào tạo, nữ: 57,4 % (năm 2020); yêu cầu từ 60 % trở lên; còn thiếu")
    assert "Phần khác: Lao động qua đào tạo, nam: 66,0 % (năm 2020); yêu cầu từ 60 % trở lên; cao hơn 6" in told[3]
    assert "no figure of its own for: Trained labour, women." in why(
        BY_SEX, "en", FactValue("trained", parts=parts[:1])
    )


def test_a_computed_figure_shows_how():
    """A computed figure is told with what it was computed from, and the documents of all of it."""
    require = compare("rate", Sign.AT_MOST, 5)
    given = (count("poor", 62, "d1"), count("near_poor", 3, "d2"), count("all", 1170, "d1"))
    vi = why(require, "vi", *given)
    assert "khoảng 5,56 % (tính bằng (hộ nghèo 62 hộ + hộ cận nghèo 3 hộ) / tổng số hộ 1.170 hộ)" in vi
    assert vi.index("Báo cáo A") < vi.index("Báo cáo B")
    assert vi.count("Báo cáo A") == 1
    whole = compare("rest", Sign.AT_MOST, attrs.evolve(value("x", 5).quantity, unit="household"))
    assert "Others: 8 households (computed as all 10 households - poor 2 households)" in why(
        whole, "en", count("all", 10), count("poor", 2)
    )
    assert "Poverty rate (still needed: near-poor, all)" in why(require, "en", given[0])


@pytest.mark.parametrize(
    ("require", "lines"),
    [
        (GOOD, ["Merit: at least good (seen in the text)", "Steps, the worst first: poor, average, good"]),
        (
            IsOneOf(subject="supply", values=("own", "piped")),
            ["Water supply: must be own or piped (seen in the text)", "One of: own, piped"],
        ),
        (
            BY_SEX,
            [
                "For each part by sex (men, women)",
                "Trained labour: at least 60% (seen in the text)",
                "Told by sex: men, women",
            ],
        ),
        (
            ForEach(by="content", require=at_least("content", 80)),
            ["For each part by content (list not at hand)", "Told by content: list not at hand"],
        ),
        (at_least("rate", 5), ["Computed as: (poor + near-poor) / all", "near-poor [near_poor]"]),
        (at_least("vague", 5), ["The law's way of counting it is not at hand"]),
    ],
)
def test_what_the_law_asks(require, lines):
    """The page of a requirement says what a fact may be, what it is told by and how it is computed."""
    law = rules(require)
    ((_, indicator),) = law.indicators
    page = [line.strip() for line in describe(law, indicator, "en").splitlines()]
    assert [line for line in lines if line not in page] == []


def test_what_is_missing_stands_under_what_is_missing():
    """A missing part or category is listed among the facts that the dossier lacks."""
    for require in (BY_SEX, IsOneOf(subject="supply", values=("own",))):
        page = unknowns(evaluate(rules(require), dossier()), "en")
        assert "Facts that the dossier lacks" in page


def test_words_of_what_no_catalogue_holds():
    """A step, value, part or list that no catalogue holds is told by its id."""
    words = Words(attrs.evolve(rules(GOOD), catalogue=FactCatalogue()), "en")
    assert words.quantity(RATING.step("good")) == "good"
    assert words.options("supply", ("own",)) == "own"
    assert words.part_of_fact("trained", "women") == "women"
    assert words.part_list("sex") == "sex"
    assert words.parts(None) == "list not at hand"
    assert words.gap(Gap(Decimal(1), "step")) == "1 step"
