from __future__ import annotations

import attrs
import pytest

import ntm_rules as ntm
from ntm_rules.explanation import (
    coverage_headings,
    coverage_page,
    coverage_row,
    describe,
    incomplete_page,
    region_headings,
    region_row,
)
from ntm_rules.messages import LANGUAGES
from ntm_rules.rulebook import editions
from ntm_rules.rulebook.coverage import coverage
from strategies import at_least, criteria_set, criterion

#: Sets that lack each in its own way.
LACKING = {
    "standard-2016-2020": "commune/standard/2016-2020",
    "standard-2021-2025": "commune/standard/2021-2025",
    "standard-2026-2030": "commune/standard/2026-2030",
    "model-2021-2025": "commune/model/2021-2025",
    "modern-2026-2030": "commune/modern/2026-2030",
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", LACKING)
def test_what_a_set_lacks_is_told(golden, name, lang) -> None:
    """What has no figure, what is left to whom, which rows are not encoded, and where to check it all."""
    golden(f"explanation/coverage-{name}.{lang}.txt", coverage_page(coverage(ntm.load(LACKING[name])), lang) + "\n")


@pytest.mark.parametrize(("lang", "said"), [("vi", "Không thiếu gì."), ("en", "Nothing is lacking.")])
def test_a_set_that_lacks_nothing_says_so(lang, said) -> None:
    """A whole set whose every cell has its figure has one line."""
    rules = criteria_set(criterion("1", at_least("a", 50)))
    assert coverage_page(coverage(rules), lang).splitlines()[1:] == [f"  {said}"]
    assert incomplete_page(rules, lang) == ""


def test_rows_of_the_tables() -> None:
    """A row has a cell for each heading: rows encoded and counted, cells by grade, what is left to whom."""
    told = coverage(ntm.load("commune/model/2018-2020"))
    row = dict(zip(coverage_headings("en"), coverage_row(told), strict=True))
    assert (row["Edition"], row["Criteria"], row["Indicators"]) == (told.rules.edition, "4/4", "20/?")
    assert (row["Text"], row["Unstated"], row["Candidates"], row["To provinces"]) == ("6", "4", "3", "1")
    row = dict(zip(region_headings("en"), region_row(told), strict=True))
    assert row["Red River Delta"] == "16/20"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_missing_stands_with_the_set(golden, lang) -> None:
    """The overview of an incomplete set names the criteria that are lacking and where they can be checked."""
    rules = ntm.load("commune/standard/2026-2030")
    golden(f"explanation/incomplete.{lang}.txt", incomplete_page(rules, lang) + "\n")
    lines = [line.strip() for line in incomplete_page(rules, lang).splitlines()]
    assert "4, 5, 7, 9, 10" in lines[1]
    assert set(lines[1:]) <= {line.strip() for line in describe(rules, None, lang).splitlines()}


def test_missing_indicators_are_named() -> None:
    """A gap between the numbers of a criterion's indicators is named, on both pages; an unknown basis has no source."""
    rules = criteria_set(criterion("1", *(at_least("a", 50) for _ in range(3))), counts=(1, 3))
    (whole,) = rules.criteria
    rules = attrs.evolve(
        rules, basis="0/QĐ", criteria=(attrs.evolve(whole, indicators=(whole.indicators[0], whole.indicators[2])),)
    )
    for page in (coverage_page(coverage(rules), "en"), incomplete_page(rules, "en")):
        assert page.splitlines()[-1].endswith("between those that are there: 1.2")


def test_each_edition_lacks_what_it_lacks() -> None:
    """What an amendment left open stands in its own edition only."""
    first, second, _ = editions("commune/standard/2010-2015")
    assert "10 (" not in coverage_page(coverage(first), "en")
    assert "10 (22)" in coverage_page(coverage(second), "en")
