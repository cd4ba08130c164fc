from __future__ import annotations

from datetime import date

import pytest

from ntm_rules import ChangeKind, Lineage, LineageChange, Place, PlaceName
from ntm_rules.rulebook import places
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.lineage import changes_of_provinces
from ntm_rules.vocabulary.places import Level

A, B, C, D = (Place(Level.COMMUNE, name) for name in "ABCD")


def change(on, kind, earlier, later):
    """A change on the first day of a year."""
    return LineageChange(date(on, 1, 1), ChangeKind(kind), earlier, later)


#: A is renamed B in 2012, is B until 2020, when it is merged with C into B; that is split in 2024.
RENAMED = change(2012, "renaming", (A,), (B,))
MERGED = change(2020, "merger", (B, C), (B,))
SPLIT = change(2024, "split", (B,), (C, D))
LINEAGE = Lineage((RENAMED, MERGED, SPLIT))


@pytest.mark.parametrize(
    ("kind", "fitting"),
    [
        ("merger", {(2, 1), (3, 1)}),
        ("split", {(1, 2), (1, 3)}),
        ("renaming", {(1, 1)}),
        ("rearrangement", {(2, 2), (2, 3), (3, 2), (3, 3)}),
    ],
)
def test_what_a_kind_joins(kind, fitting):
    """Each kind leads from so many places to so many, and no two kinds from the same numbers."""
    sizes = [(earlier, later) for earlier in range(1, 4) for later in range(1, 4)]
    assert {each for each in sizes if ChangeKind(kind).joins(*each)} == fitting


@pytest.mark.parametrize(("place", "year"), [(A, 2010), (B, 2013), (B, 2019)])
def test_a_place_is_one_under_all_its_names(place, year):
    """Whatever it is called on the day asked, it has been what it was, until it ended."""
    life = LINEAGE.life(place, date(year, 6, 1))
    first = date(2012, 1, 1)
    assert life.names == (PlaceName(A, until=first), PlaceName(B, first, date(2020, 1, 1)))
    assert (life.formed, life.ended, life.renamed) == (None, MERGED, (RENAMED,))


def test_after_a_merger_it_is_another():
    """From the day of a merger on, the same name is that of a new place."""
    life = LINEAGE.life(B, date(2020, 1, 1))
    assert life.names == (PlaceName(B, date(2020, 1, 1), date(2024, 1, 1)),)
    assert (life.formed, life.ended) == (MERGED, SPLIT)


def test_a_place_of_which_nothing_is_told():
    """It has always been there, under that name."""
    assert LINEAGE.life(Place(Level.COMMUNE, "E"), date(2020, 1, 1)).names == (PlaceName(Place(Level.COMMUNE, "E")),)


@pytest.mark.parametrize(
    ("place", "when", "so"),
    [
        (A, "2011", True),
        (A, "2011-12-31", True),
        (A, "2012-01-01", False),
        (B, "2012-01-01", True),
        (B, "2019", True),
        (B, "2020", False),
        (B, "2011-12", False),
        (C, "2015", False),
    ],
)
def test_which_name_is_its_own(place, when, so):
    """A name is its own only while it bears it."""
    assert LINEAGE.life(B, date(2015, 1, 1)).is_called(place, PartialDate.parse(when)) is so


def test_a_date_may_leave_it_open():
    """A year in the midst of which the name changed says neither."""
    late = Lineage((LineageChange(date(2020, 3, 1), ChangeKind.MERGER, (B, C), (B,)),))
    assert late.life(B, date(2021, 1, 1)).is_called(B, PartialDate(2020)) is None
    assert late.life(B, date(2019, 1, 1)).is_called(B, PartialDate(2020)) is None


def test_provinces_have_a_lineage_of_their_own():
    """Each province of 2025 comes of those that the register of places names; one that none joined is the same."""
    changes = changes_of_provinces(places())
    assert len(changes) == 34
    assert {each.on for each in changes} == {date(2025, 7, 1)}
    lineage = Lineage((RENAMED,)).joined((*changes, RENAMED))
    assert len(lineage.changes) == 35
    same = lineage.life(Place(Level.PROVINCE, "", province="vn-2025/province/01"), date(2025, 12, 31))
    assert [each.place.province for each in same.names] == ["vn-2008/province/01", "vn-2025/province/01"]
    merged = lineage.life(Place(Level.PROVINCE, "", province="vn-2025/province/19"), date(2025, 12, 31))
    assert [each.name for each in merged.formed.earlier] == ["Thái Nguyên", "Bắc Kạn"]
