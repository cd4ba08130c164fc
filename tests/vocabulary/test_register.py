from __future__ import annotations

from datetime import date

import attrs
import pytest

from ntm_rules import Dossier, DossierError, HeldTitle, Place, Register, read_lineage, read_register
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import SubPlaces
from ntm_rules.vocabulary.places import Level, spelt
from ntm_rules.vocabulary.register import OF_REGISTER

SET = "commune/standard/2016-2020"
LATER = "commune/standard/2021-2025"
AT = {"level": "commune", "district": "Định Hóa", "province": "Thái Nguyên"}
OLD, NEW = "vn-2008/province/19", "vn-2025/province/19"


def decision(name="Thử Một", set=SET, dated="2019-03-01", **own):
    """A decision of a register, as plain data."""
    place = {key: own.pop(key, value) for key, value in AT.items()} | {"name": name}
    return {"place": {key: value for key, value in place.items() if value}, "set": set, "dated": dated} | own


def register(*decisions, complete="no", **own):
    """A register from plain data."""
    return read_register({"register": 1, "complete": complete, "decisions": list(decisions)} | own)


def commune(name="Thử Một", year=2020, district="Định Hóa", province=OLD, **own):
    """A commune's dossier."""
    place = Place(Level.COMMUNE, name, district, province, kind=own.pop("kind", None))
    return attrs.evolve(Dossier(place, year, date(year, 12, 31)), **own)


def change(earlier, later, on="2025-07-01", kind="merger", **own):
    """A change of a lineage, as plain data; the later places are on the later map unless *on* is before it."""
    there = AT if on < "2025-07-01" else {"level": "commune", "province": "Thái Nguyên"}
    sides = {"from": [AT | {"name": name} for name in earlier], "to": [there | {"name": name} for name in later]}
    return {"on": on, "kind": kind} | sides | own


def lineage(*changes):
    """A lineage from plain data."""
    return read_lineage({"lineage": 1, "changes": list(changes)})


def dates(titles):
    """From when titles hold."""
    return [str(each.dated) for each in titles]


# --- whose title it is ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Thử Một", "THỬ  MỘT", "Thử Một "])
def test_a_name_is_told_however_it_is_typed(name):
    """Capitals and blanks make no other place."""
    assert dates(register(decision()).titles_of(commune(name))) == ["2019-03-01"]


def test_a_tone_mark_on_either_vowel_is_the_same_name():
    """Both ways of placing a tone mark are one name; another vowel or tone is another name."""
    assert spelt("Định Hóa") == spelt("Định Hoá")
    assert spelt("Yên Sơn") != spelt("Yên Sở")
    assert spelt("Tân Lập") != spelt("Tân Lạp")


@pytest.mark.parametrize(
    "place",
    [
        commune("Thử Mốt"),
        commune(district="Phú Lương"),
        commune(district=None),
        commune(province="vn-2008/province/06"),
        commune(province=NEW),
        commune(province=None),
        commune(kind="town"),
    ],
)
def test_no_other_place_has_the_title(place):
    """A place of another name, district, province, map or kind, or that can't be told apart, has none."""
    assert register(decision()).titles_of(place) == ()


def test_a_province_is_known_by_its_map():
    """A province's title is that of the province of that map, however its name is written."""
    own = {"level": "province", "name": "Tỉnh Thái Nguyên"}
    listed = read_register(
        {
            "register": 1,
            "complete": "no",
            "decisions": [{"place": own, "set": "province/standard/2010-2015", "dated": "2025-03-01"}],
        }
    )
    place = Place(Level.PROVINCE, "Thái Nguyên", province=OLD)
    held = Dossier(place, 2024, date(2024, 12, 31))
    assert len(listed.titles_of(held)) == 1
    assert not listed.titles_of(attrs.evolve(held, place=attrs.evolve(place, province=NEW)))


# --- laying it under a dossier ----------------------------------------------------------------------------------


def test_places_beneath_have_their_titles_too():
    """A district's dossier learns the titles of its communes, and its own."""
    own = {"place": {"level": "district", "name": "Định Hóa", "province": "Thái Nguyên"}}
    listed = register(
        decision(), decision("Thử Hai"), own | {"set": "district/standard/2016-2020", "dated": "2020-05-01"}
    )
    place = Place(Level.DISTRICT, "Định Hóa", province=OLD)
    below = SubPlaces((), (commune(), commune("Thử Hai"), commune("Thử Ba")))
    laid = listed.under(Dossier(place, 2020, date(2020, 12, 31), sub_places=below))
    assert [dates(each.titles) for each in laid.sub_places.dossiers] == [["2019-03-01"], ["2019-03-01"], []]
    assert dates(laid.titles) == ["2020-05-01"]
    assert not laid.titles_complete


def test_what_a_dossier_lists_of_a_place_beneath_joins_the_register():
    """One decision that both tell of is one title, revoked if either says so; what contradicts it stays beside it."""
    place = Place(Level.DISTRICT, "Định Hóa", province=OLD)
    listed = (
        HeldTitle(SET, PartialDate(2019, 3, 1), "Thử Một", "commune", revoked_on=PartialDate(2020)),
        HeldTitle(SET, PartialDate(2018), "Thử Hai", "commune"),
    )
    beneath = SubPlaces((), (commune(), commune("Thử Hai")))
    dossier = Dossier(place, 2020, date(2020, 12, 31), sub_places=beneath, titles=listed)
    laid = register(decision(), decision("Thử Hai")).under(dossier)
    first, second = (laid.of_sub_place(each) for each in laid.sub_places.dossiers)
    assert [str(each.revoked_on) for each in first.titles] == ["2020"]
    assert sorted(dates(second.titles)) == ["2018", "2019-03-01"]


def test_villages_are_not_told_apart():
    """Two villages of a district may bear one name, so a register never speaks of them."""
    village = Dossier(Place(Level.VILLAGE, "Thử", "Định Hóa", OLD), 2020, date(2020, 12, 31))
    assert not register(complete="yes").under(village).titles_complete


def test_its_documents_come_along():
    """A title keeps its document, under an id that is no other's."""
    listed = register(decision(document="d1"), decision("Thử Hai"), documents={"d1": {"title": "Quyết định"}, "d2": {}})
    laid = listed.under(commune())
    (title,) = laid.titles
    assert title.document == OF_REGISTER + "d1"
    assert [each.title for each in laid.documents] == ["Quyết định"]
    assert listed.under(commune("Thử Hai")).documents == ()


def test_a_decision_told_twice_is_one():
    """What a dossier and the register both tell is one title, revoked if either says so."""
    told = HeldTitle(SET, PartialDate(2019, 3, 1), decision="1/QĐ")
    laid = register(decision(revoked_on="2020-05-01", revoked_by="2/QĐ")).under(commune(titles=(told,)))
    assert laid.titles == (attrs.evolve(told, revoked_on=PartialDate(2020, 5, 1), revoked_by="2/QĐ"),)
    ended = attrs.evolve(told, revoked_on=PartialDate(2020))
    assert register(decision()).under(commune(titles=(ended,))).titles == (ended,)


def test_a_title_that_contradicts_the_register_is_a_problem():
    """Two decisions for one set that hold at one time: the dossier is not judged."""
    told = HeldTitle(SET, PartialDate(2018))
    with pytest.raises(DossierError) as caught:
        register(decision()).under(commune(titles=(told,)))
    assert [each.code.name for each in caught.value.problems] == ["TITLES_OVERLAP"]
    ended = attrs.evolve(told, revoked_on=PartialDate(2019, 1))
    assert len(register(decision()).under(commune(titles=(ended,))).titles) == 2


@pytest.mark.parametrize(
    ("place", "own", "complete"),
    [
        (commune("Thử Hai"), {}, True),
        (commune("Thử Hai"), {"complete": "no"}, False),
        (commune("Thử Hai", province=None), {}, True),
        (commune("Thử Hai"), {"province": "Thái Nguyên"}, True),
        (commune("Thử Hai", province=NEW, district=None, year=2025), {"province": "Thái Nguyên"}, True),
        (commune("Thử Hai", province="vn-2008/province/01"), {"province": "Thái Nguyên"}, False),
        (commune("Thử Hai", province=None), {"province": "Thái Nguyên"}, False),
        (commune(district=None), {}, False),
        (commune(province=None), {}, False),
        (commune(district="Phú Lương"), {}, True),
        (commune(kind="ward"), {}, False),
        (commune("Thử Ba", kind="commune"), {}, True),
    ],
)
def test_of_whom_it_is_complete(place, own, complete):
    """A complete register tells that a place of its territory is not recognised, where no other could be meant."""
    laid = register(decision(), **({"complete": "yes"} | own)).under(place)
    assert laid.titles_complete is complete
    assert laid.lists_all_titles_of(SET) is complete


def test_it_may_be_complete_for_some_sets():
    """Then only of these sets, and of those that include them, nothing is lacking."""
    laid = register(decision("Thử Hai"), complete=[SET, SET]).under(commune())
    assert (laid.titles_complete, laid.complete_sets) == (False, (SET,))
    assert laid.lists_all_titles_of(SET)
    assert not laid.lists_all_titles_of(LATER)


# --- before and after a merger ----------------------------------------------------------------------------------

MERGER = change(["Thử Một", "Thử Hai"], ["Thử Một"], by="9/NQ")


def test_titles_of_predecessors_do_not_pass():
    """A place that was formed of others has none of their titles, though it bears a name of theirs; they are told."""
    listed = register(decision(set=LATER, dated="2023-03-01"), decision("Thử Hai", set=LATER, dated="2024"))
    new = commune(year=2025, district=None, province=NEW)
    laid = listed.under(new, lineage(MERGER))
    assert laid.titles == ()
    assert [(each.place.name, each.on, each.by, dates(each.titles)) for each in laid.predecessors] == [
        ("Thử Một", date(2025, 7, 1), "9/NQ", ["2023-03-01"]),
        ("Thử Hai", date(2025, 7, 1), "9/NQ", ["2024"]),
    ]


def test_a_merger_within_one_map_ends_titles_too():
    """The name alone does not make the same place: a decision from before the merger is the old one's."""
    early = change(["Thử Một", "Thử Hai"], ["Thử Một"], on="2019-12-01")
    listed = register(decision(), decision(set=LATER, dated="2023-05-01"), complete="yes")
    assert dates(listed.titles_of(commune(), lineage(early))) == ["2023-05-01"]
    assert dates(listed.titles_of(commune(year=2018), lineage(early))) == ["2019-03-01"]
    laid = listed.under(commune(), lineage(early))
    assert dates(laid.predecessors[0].titles) == ["2019-03-01"]
    assert laid.titles_complete


def test_a_date_that_may_be_before_or_after_leaves_it_open():
    """Whose title it is can't be told, so the place neither has it nor is known to have none."""
    listed = register(decision(dated="2019"), complete="yes")
    laid = listed.under(commune(), lineage(change(["Thử Một", "Thử Hai"], ["Thử Một"], on="2019-12-01")))
    assert (laid.titles, laid.titles_complete) == ((), False)


@pytest.mark.parametrize("name", ["Thử Một", "Thử Mới"])
def test_what_the_dossier_lists_of_before_is_no_title_of_its_own(name):
    """A decision from before the place was there is told as its predecessor's, whoever lists it."""
    told = HeldTitle(LATER, PartialDate(2023, 3, 1))
    new = commune(name, year=2025, district=None, province=NEW, titles=(told,))
    laid = Register().under(new, lineage(change(["Thử Một", "Thử Hai"], [name])))
    assert laid.titles == ()
    assert [each.place.name for each in laid.predecessors if each.titles] == [name]


def test_a_revoked_title_is_none_of_the_predecessor_either():
    """Only what was held on the last day is told."""
    listed = register(decision(revoked_on="2020-01-01"))
    laid = listed.under(commune(year=2025, district=None, province=NEW), lineage(MERGER))
    assert [each.titles for each in laid.predecessors] == [(), ()]


def test_earlier_years_of_a_predecessor_are_none_of_the_new_place():
    """What is known of a place of the same name before the merger is not known of the new one."""
    early = change(["Thử Một", "Thử Hai"], ["Thử Một"], on="2019-12-01")
    years = tuple(commune(year=year) for year in (2018, 2019))
    laid = register(decision(set=LATER, dated="2023-05-01")).under(commune(earlier=years), lineage(early))
    assert [(each.year, len(each.titles)) for each in laid.earlier] == [(2019, 1)]
    assert [each.year for each in register().under(commune(earlier=years)).earlier] == [2018, 2019]


def test_a_renamed_place_keeps_its_titles():
    """After a renaming it is the same place, whatever name the decision bears."""
    renamed = lineage(change(["Thử Một"], ["Thử Mới"], kind="renaming"))
    listed = register(decision(set=LATER, dated="2023-03-01"))
    new = commune("Thử Mới", year=2025, district=None, province=NEW)
    laid = listed.under(new, renamed)
    assert (dates(laid.titles), laid.predecessors) == (["2023-03-01"], ())
    old = listed.under(commune(year=2024), renamed)
    assert dates(old.titles) == ["2023-03-01"]
