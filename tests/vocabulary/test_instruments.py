from __future__ import annotations

import pytest
from hypothesis import given

from criteria_strategies import graded, locators
from ntm_rules.vocabulary.instruments import Grade, Locator, Source

# --- grades -----------------------------------------------------------------------------------------------------


def test_ranks():
    """Grades are ranked from the best to the worst, which is no figure at all."""
    assert [grade.rank for grade in (Grade.TEXT, Grade.SECONDARY, Grade.RECALLED, Grade.UNSTATED)] == [0, 1, 2, 3]


# --- locators ---------------------------------------------------------------------------------------------------


@given(locators)
def test_written_and_read(locator):
    """A locator is read back as it is written."""
    assert Locator.parse(str(locator)) == locator


@pytest.mark.parametrize(
    ("written", "parts", "again"),
    [
        ("Annex, row 17.1", (("annex", ""), ("row", "17.1")), "Annex, row 17.1"),
        ("annex II,ROW 3", (("annex", "II"), ("row", "3")), "Annex II, row 3"),
        ("Article 1, Clause 2,  Point đ", (("article", "1"), ("clause", "2"), ("point", "đ")), None),
        ("Page 12", (("page", "12"),), "Page 12"),
    ],
)
def test_forms(written, parts, again):
    """The words of a locator are known in any capitalisation, each with its number."""
    locator = Locator.parse(written)
    assert locator.parts == parts
    assert str(locator) == again or again is None


@pytest.mark.parametrize(
    ("written", "wrong"),
    [("Phụ lục, row 1", "Phụ lục"), ("Annex, row", "row"), ("Annex,", ""), ("", ""), ("Article 1 Clause 2", None)],
)
def test_not_understood(written, wrong):
    """A part that is not understood is named."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - what it says is looked at below
        Locator.parse(written)
    assert caught.value.args[0] == (written if wrong is None else wrong)


# --- sources ----------------------------------------------------------------------------------------------------


def test_longest_row_wins():
    """The grade of a cell is that of the longest row that leads to it, whatever the order; else the default."""
    cells = ((("delta",), Grade.TEXT), (("delta", "2018"), Grade.SECONDARY), (("coast", "2018"), Grade.TEXT))
    for source in (Source(Grade.RECALLED, cells=cells), Source(Grade.RECALLED, cells=cells[::-1])):
        assert source.grade() is Grade.RECALLED
        assert source.grade(("delta",)) is Grade.TEXT
        assert source.grade(("delta", "2017")) is Grade.TEXT
        assert source.grade(("delta", "2018")) is Grade.SECONDARY
        assert source.grade(("coast",)) is Grade.RECALLED
        assert source.grade(("coast", "2018")) is Grade.TEXT
        assert source.grade(("highlands", "2018")) is Grade.RECALLED


def test_other_instrument():
    """A cell that another instrument set is cited from that one, again by the longest row."""
    source = Source(Grade.TEXT, cells_in=((("2020",), "a"), (("2020", "delta"), "b")))
    assert source.other_instrument(("2020", "coast")) == "a"
    assert source.other_instrument(("2020", "delta")) == "b"
    assert source.other_instrument(("2019", "delta")) is None
    assert source.other_instrument() is None


@given(graded)
def test_every_cell_has_its_grade(cells):
    """A cell that is graded itself has that grade."""
    source = Source(Grade.UNSTATED, cells=tuple(cells))
    for row, grade in cells:
        assert source.grade(row) is grade
