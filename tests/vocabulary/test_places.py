from __future__ import annotations

import unicodedata
from datetime import date

import pytest

from ntm_rules.rulebook import places
from ntm_rules.vocabulary.places import Level, Place, PlaceMap, PlaceRegister, Province


def named(name, map="vn-2008"):
    """The ids of the provinces that a name may mean."""
    return [province.id for province in places().named(name, map)]


def test_levels():
    """There are four administrative levels."""
    assert [level.value for level in Level] == ["village", "commune", "district", "province"]


@pytest.mark.parametrize(
    "name",
    [
        *("Thái Nguyên", "thái nguyên", "THÁI NGUYÊN", "Thai Nguyen", "  Thái   Nguyên "),
        *(
            "Tỉnh Thái Nguyên",
            "tỉnh thái nguyên",
            "tinh Thai Nguyen",
            "T. Thái Nguyên",
            "T.Thái Nguyên",
            "T Thái Nguyên",
        ),
        unicodedata.normalize("NFD", "Tỉnh Thái Nguyên"),
        "vn-2008/province/19",
    ],
)
def test_names_of_a_province(name):
    """A province is found with or without its kind and its diacritics, in any Unicode form, or by its id."""
    assert named(name) == ["vn-2008/province/19"]


@pytest.mark.parametrize(
    "name",
    ["Hồ Chí Minh", "Thành phố Hồ Chí Minh", "TP. Hồ Chí Minh", "TP Hồ Chí Minh", "TP.Hồ Chí Minh", "tp ho chi minh"],
)
def test_names_of_a_city(name):
    """A city is found with or without its kind."""
    assert named(name) == ["vn-2008/province/79"]


@pytest.mark.parametrize("map", [each.id for each in places().maps])
def test_every_province_is_found_by_its_name(map):
    """On one map every province is found by its name and no other is, with or without its kind and diacritics."""
    provinces = [province for province in places().provinces if province.map == map]
    assert len(provinces) == {"vn-2008": 63, "vn-2025": 34}[map]
    for province in provinces:
        kind = {"city": "Thành phố", "province": "Tỉnh"}[province.kind]
        for name in (province.name, f"{kind} {province.name}", province.id):
            assert named(name, map) == [province.id]
        assert places().province(province.id) is province


@pytest.mark.parametrize("name", ["", "Thái", "Nguyên", "Tỉnh", "T.", "Sài Gòn", "vn-2008/province/99"])
def test_no_such_province(name):
    """What is no name of a province finds none."""
    assert named(name, None) == []


def test_the_same_name_on_both_maps():
    """Without a map a name may mean a province of either; with one it means that of the map."""
    assert named("Thái Nguyên", None) == ["vn-2008/province/19", "vn-2025/province/19"]
    assert named("Thái Nguyên", "vn-2025") == ["vn-2025/province/19"]
    assert named("Bắc Kạn", None) == ["vn-2008/province/06"]
    assert named("Bắc Kạn", "vn-2025") == []


@pytest.mark.parametrize(
    ("day", "map"),
    [
        (date(2008, 7, 31), None),
        (date(2008, 8, 1), "vn-2008"),
        (date(2025, 6, 30), "vn-2008"),
        (date(2025, 7, 1), "vn-2025"),
        (date(2100, 1, 1), "vn-2025"),
    ],
)
def test_map_on(day, map):
    """Each day has the map that held on it; before the first there is none."""
    assert places().map_on(day) == map


def test_a_register_of_ones_own():
    """A register knows its own maps, regions and provinces, and nothing else."""
    register = PlaceRegister(
        maps=(PlaceMap("vn-1", date(2000, 1, 1)),), provinces=(Province("vn-1/province/01", "Hà Tây", "province"),)
    )
    assert register.map_on(date(2050, 1, 1)) == "vn-1"
    assert [each.map for each in register.named("ha tay")] == ["vn-1"]
    assert register.region_title("red_river_delta") is None
    assert register.province("vn-1/province/02") is None
    title = places().region_title("red_river_delta")
    assert title is not None
    assert title.vi == "Đồng bằng sông Hồng"


@pytest.mark.parametrize(
    ("place", "attribute", "known"),
    [
        (Place(Level.DISTRICT, "Thử"), "kind", "district"),
        (Place(Level.DISTRICT, "Thử", kind="district_town"), "kind", "district_town"),
        (Place(Level.COMMUNE, "Thử"), "kind", None),
        (Place(Level.COMMUNE, "Thử", province="vn-2008/province/19"), "map", "vn-2008"),
        (Place(Level.COMMUNE, "Thử"), "map", None),
    ],
)
def test_what_is_known_of_a_place_by_what_it_is(place, attribute, known):
    """A district is a huyện unless it says otherwise; its map is that of its province."""
    assert place.attribute(attribute) == known
