from __future__ import annotations

import pytest

import ntm_rules as ntm
from ntm_rules.explanation import worksheet_layout, worksheet_lines
from ntm_rules.messages import LANGUAGES
from ntm_rules.revision.answers import TO_FILL, Column
from worksheets import COLUMNS, DELTA, HIGHLANDS, NEWER_RULES, RULES, at

SET = "commune/standard/2016-2020"


def line(key, lang="en", rules=RULES):
    """The row of one cell, from what is compared to the reason of doubt."""
    (found,) = [each for each in worksheet_lines(rules, lang) if tuple(list(each.values())[:3]) == key]
    return list(found.values())[3:]


def test_a_row_in_words():
    """A row says what is asked, of what, by which sign, how well that is evidenced, and where it stands."""
    edition = RULES.edition
    source = "Decision 1980/QĐ-TTg, Annex, row 1"
    unstated, secondary = "figure not at hand", "from a secondary source: press, local authority"
    assert line(at("1/1.1", row=DELTA)) == [
        "Indicator 1.1. Chỉ tiêu 1.1 (en)",
        "Poverty: Red River Delta",
        *("at most", "", "%", unstated, source, edition),
        *("4.5", secondary, "mờ (en)"),
    ]
    assert line(at("1/1.1", row=DELTA), "vi")[8] == "4,5"
    assert line(at("1/1.2", row=f"2019 > {DELTA}"))[-3:] == ["36", "recalled, not yet checked against the text", ""]
    assert line(at("1/1.2", row=f"2019 > {HIGHLANDS}"))[1:5] == [
        *("Income: 2019, Central Highlands", "at least", "", "million VND/person/year"),
    ]


@pytest.mark.parametrize(
    ("key", "subject", "sign", "value", "unit"),
    [
        (at("1/1.1", row="general"), "Poverty: general column", "at most", "none", "%"),
        (at("1/1.1", row=HIGHLANDS), "Poverty: Central Highlands", "at most", "7.5", "%"),
        (at("1/1.3", "1"), "Phần (en) – Plan", "", "yes", ""),
        (at("1/1.3", "3"), "Makeshift houses", "at most", "none", "houses"),
        (at("2/2.1"), "", "", "Set by the provincial People's Committee", ""),
        (
            at("2/2.2"),
            "Water",
            "at least",
            "set by the provincial People's Committee, not looser than 3%",
            "%",
        ),
        (at("2/2.3", "2"), "Area", "exactly", "set by the ministry", "ha"),
    ],
)
def test_what_is_encoded(key, subject, sign, value, unit):
    """Whatever a cell holds is said in words, a figure by its digits beside its unit."""
    assert line(key)[1:5] == [subject, sign, value, unit]


@pytest.mark.parametrize(
    ("key", "subject", "sign", "value", "unit"),
    [
        (
            at("1/1.1", row="general"),
            "Merit: general column",
            "at least",
            "set by the provincial People's Committee, not looser than Trung bình (en)",
            "",
        ),
        (at("1/1.1", row=DELTA), "Merit: Red River Delta", "at least", "Khá (en)", ""),
        (at("1/1.2"), "Supply", "", "ống (en) or tự cấp (en)", ""),
        (at("1/1.3", "1"), "Trained", "at least", "60", "%"),
        (at("1/1.4", "1"), "zone", "", "I or II", ""),
        (at("1/1.4", "2"), "safe-zone commune", "", "yes", ""),
        (at("precondition/no_debt"), "Plan", "", "yes", ""),
    ],
)
def test_what_the_newer_forms_hold(key, subject, sign, value, unit):
    """Steps and values are said by their titles, and so is what is asked of the place."""
    assert line(key, rules=NEWER_RULES)[1:5] == [subject, sign, value, unit]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (at("1/1.4", "3"), "1.1 times the threshold of indicator 17.1 ("),
        (at("precondition/model"), "Met, when judged now: "),
        (at("precondition/title"), "Must have been recognised, at this tier or higher: "),
        (at("precondition/same_title"), "Must have been recognised by: "),
    ],
)
def test_what_refers_to_another_set(key, value):
    """A multiple of another row's threshold, and a set that is to be attained, are said with the set's title."""
    assert line(key, rules=NEWER_RULES)[3].startswith(value)


def test_doubt_is_told():
    """Where it is doubtful who decides, the citation says so."""
    assert line(at("1/1.3", "1"))[6].endswith("leaves it to the province)")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_layout(lang):
    """A sheet has one row a cell, a width and a heading a column, hints for what is filled in, and its notes."""
    rules = ntm.load(SET)
    layout = worksheet_layout(rules, lang)
    assert len(layout.rows) == len(ntm.worksheet(rules))
    assert {len(row) for row in layout.rows} == {len(layout.headings)} == {len(layout.widths)} == {len(Column)}
    assert [COLUMNS[at] for at in layout.hints] == list(TO_FILL)
    assert COLUMNS[layout.locked] is TO_FILL[0]
    assert COLUMNS[layout.frozen - 1] is Column.SUBJECT
    assert not any(words for row in layout.rows for words in row[layout.locked :])
    assert rules.edition in layout.notes[1]
    assert all(len(hint) < 255 for hint in layout.hints.values())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_cell_looks_like_something_else(lang):
    """No text of a packaged set's sheet could be taken for a formula, or lose a blank, in a spreadsheet."""
    for name in ("commune/standard/2010-2015", SET):
        for each in worksheet_lines(ntm.load(name), lang):
            for words in each.values():
                assert words == " ".join(words.split())
                assert not words.startswith(("=", "+", "-", "@"))
