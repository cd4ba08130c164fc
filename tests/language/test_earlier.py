from __future__ import annotations

from datetime import date

import attrs
import pytest

from criteria_strategies import outcome
from ntm_rules import CriteriaError, Dossier, DossierError, read_dossier
from ntm_rules.language import (
    from_plain,
    parse_criteria_set,
    parse_dossier,
    read_text,
    write_criteria_set,
    write_dossier,
)
from ntm_rules.rulebook import facts, instruments, places, shelf
from ntm_rules.vocabulary.places import Level
from ntm_rules.vocabulary.requirements import (
    AppliesWhen,
    AtRecognition,
    Attains,
    ForEachYear,
    PreviousYear,
    RatioMeasure,
    Reading,
)

PLACE = {"level": "commune", "name": "Phú Đình", "district": "Định Hóa", "province": "Thái Nguyên"}
HEAD = "dossier: 1\nplace: {level: commune, name: Phú Đình, district: Định Hóa, province: Thái Nguyên}\nyear: 2018\n"


def commune(*earlier, **own):
    """A commune's dossier with those of earlier years, from plain data."""
    return Dossier.from_mapping({"dossier": 1, "place": PLACE, "year": 2018, "earlier": list(earlier)} | own)


def problems(text):
    """What is wrong with a dossier: codes, lines and what differs."""
    found = outcome(lambda: parse_dossier(read_text(text.encode()), shelf()))
    assert isinstance(found, DossierError)
    return [(each.code.name, each.where.line, dict(each.params).get("what")) for each in found.problems]


# --- dossiers of earlier years ----------------------------------------------------------------------------------


def test_what_an_earlier_year_does_not_say_of_the_place_is_as_now():
    """The place is the same, the day the last of that year unless stated, the status that of the later dossier."""
    place = PLACE | {"attributes": {"is_safe_zone": "yes"}}
    read = commune(
        {"year": 2017}, {"year": 2015, "on": "2015-06-30", "status": "synthetic"}, place=place, status="illustration"
    )
    first, second = read.earlier
    assert (first.place, second.place) == (read.place, read.place)
    assert (first.year, first.on, first.status) == (2017, date(2017, 12, 31), read.status)
    assert (second.on, second.status.value) == (date(2015, 6, 30), "synthetic")
    assert (first.set_id, read.of_year(2016)) == (None, None)
    assert read.of_year(2017) == attrs.evolve(first, earlier=(second,))


def test_what_was_other_then():
    """Attributes, kind, district or region may have been other; a place of a later map has none of before."""
    then = {"year": 2017, "attributes": {}, "kind": "commune", "region": "Trung du miền núi phía Bắc"}
    read = commune(then, place=PLACE | {"attributes": {"is_safe_zone": "yes"}})
    assert (read.earlier[0].place.attributes, read.earlier[0].place.kind) == ((), "commune")


def test_earlier_years_come_back():
    """Written and read again, dossiers of earlier years are the same, however deep."""
    older = {"year": 2016, "facts": {"has_cooperative": "yes"}, "attributes": {}}
    then = {"year": 2017, "documents": {"d1": {"title": "x"}}, "kind": "commune", "earlier": [older]}
    read = commune(then, {"year": 2015, "parents": {"province": {"facts": {"has_cooperative": "no"}}}})
    assert read.by_year.keys() == {2015, 2016, 2017}
    assert Dossier.from_mapping(write_dossier(read)) == read
    placed = commune({"year": 2017, "attributes": {}}, place=PLACE | {"attributes": {"is_safe_zone": "yes"}})
    assert Dossier.from_mapping(write_dossier(placed)) == placed


def test_earlier_years_in_files(tmp_path):
    """A file stands beside the dossier that names it and may name those before it; each is read once."""
    for year, before in ((2018, "[2017.yaml, 2016.yaml]"), (2017, "[2016.yaml]"), (2016, "[]")):
        text = HEAD.replace("2018", str(year)).replace("district: Định Hóa, ", "") + f"earlier: {before}\n"
        (tmp_path / f"{year}.yaml").write_text(text, encoding="utf-8")
    read = read_dossier(tmp_path / "2018.yaml")
    assert read.by_year.keys() == {2016, 2017}
    assert read.earlier[0].earlier[0] is not None


def test_a_file_that_leads_to_itself(tmp_path):
    """A circle of files is told and not followed, through places beneath too."""
    (tmp_path / "a.yaml").write_text(HEAD + "earlier: [b.yaml]\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text(HEAD.replace("2018", "2017") + "earlier: [a.yaml]\n", encoding="utf-8")
    with pytest.raises(DossierError) as caught:
        read_dossier(tmp_path / "a.yaml")
    assert [each.code.name for each in caught.value.problems] == ["CIRCULAR"]
    assert dict(caught.value.problems[0].params)["chain"] == "a.yaml → b.yaml → a.yaml"
    district = "dossier: 1\nplace: {level: district, name: Định Hóa, province: Thái Nguyên}\nyear: 2018\n"
    (tmp_path / "d.yaml").write_text(district + "sub_places: {list: [c.yaml]}\n", encoding="utf-8")
    (tmp_path / "c.yaml").write_text(HEAD + "earlier: [d.yaml]\n", encoding="utf-8")
    with pytest.raises(DossierError) as caught:
        read_dossier(tmp_path / "d.yaml")
    assert [each.code.name for each in caught.value.problems] == ["CIRCULAR"]


@pytest.mark.parametrize(
    ("earlier", "told"),
    [
        ("{year: 2018}", [("EARLIER_ELSEWHERE", 5, "year")]),
        ("{year: 2019}", [("EARLIER_ELSEWHERE", 5, "year")]),
        ("{year: 2017, district: Đại Từ}", [("EARLIER_ELSEWHERE", 5, "district")]),
        ("{year: 2017, province: Hà Giang}", [("EARLIER_ELSEWHERE", 5, "province")]),
        ("{}", [("MISSING_KEY", 5, None)]),
        ("{year: 2017, name: x}", [("UNKNOWN_KEY", 5, None)]),
        ("{year: 2017, facts: {nothing: 1}}", [("UNKNOWN_FACT", 5, None)]),
        ("nowhere.yaml", [("UNREADABLE", 5, None)]),
        ("{year: 2017}\n  - {year: 2017, note: x}", [("TWO_OF_ONE_YEAR", 6, None)]),
        ("{year: 2017, earlier: [{year: 2016}]}\n  - {year: 2016, note: x}", [("TWO_OF_ONE_YEAR", 6, None)]),
    ],
)
def test_problems_of_earlier_years(earlier, told):
    """Each at its line."""
    assert problems(f"{HEAD}earlier:\n  - {earlier}\n") == told


def test_another_place_in_a_file(tmp_path):
    """A file of another place, level or map is none of this place's earlier years."""
    other = "dossier: 1\nplace: {level: district, name: Đại Từ, province: Thái Nguyên}\nyear: 2017\n"
    (tmp_path / "then.yaml").write_text(other, encoding="utf-8")
    (tmp_path / "now.yaml").write_text(HEAD + "earlier: [then.yaml]\n", encoding="utf-8")
    with pytest.raises(DossierError) as caught:
        read_dossier(tmp_path / "now.yaml")
    assert [dict(each.params)["what"] for each in caught.value.problems] == ["level", "name"]


def test_what_was_before_a_merger_does_not_pass_to_the_new_place():
    """On another map a place is another place, though it bears the same name."""
    text = HEAD.replace("2018", "2026").replace("district: Định Hóa, ", "") + "earlier:\n  - {year: 2024}\n"
    assert ("EARLIER_ELSEWHERE", 5, "map") in problems(text)


def test_a_place_beneath_has_earlier_years_too():
    """Inline, it has the place that its own dossier has."""
    data = {"dossier": 1, "place": {"level": "district", "name": "Định Hóa", "province": "Thái Nguyên"}, "year": 2018}
    data |= {"sub_places": {"list": [{"name": "x", "earlier": [{"year": 2017}]}]}}
    read = Dossier.from_mapping(data)
    (below,) = read.sub_places.dossiers
    assert (below.earlier[0].place, below.earlier[0].year) == (below.place, 2017)
    assert Dossier.from_mapping(write_dossier(read)) == read


def test_what_can_not_be_read_has_no_place():
    """A dossier without a place is told as such, not its earlier years as well."""
    found = problems("dossier: 1\nyear: 2018\nearlier:\n  - {year: 2017}\n")
    assert ("MISSING_KEY", 1, None) in found


# --- requirements -----------------------------------------------------------------------------------------------


WORDS = {"vi": "x", "en": "x"}


def row(require):
    """A set of one row, as a document."""
    indicator = {"number": "1.1", "title": WORDS, "require": require, "source": {"evidence": "text"}}
    return {
        "criteria_set": "renewal/commune/standard/2021-2025",
        "title": WORDS,
        "basis": "318/QĐ-TTg",
        "in_force": {"from": "2022-03-08"},
        "counts": {"criteria": 1, "indicators": 1},
        "criteria": [{"number": "1", "title": WORDS, "indicators": [indicator]}],
    }


def parsed(require):
    """The set."""
    return parse_criteria_set(from_plain(row(require)), facts(), instruments(), places())


ATTAINS = {"attains": "commune/standard"}
STANDARD = Attains(address="commune/standard")
TWO_YEARS = {"for_each": {"year": "last 2"}, "require": ATTAINS}


def ratio(**at):
    """A ratio whose second reading is of another time."""
    sides = {"of": {"fact": "income_per_person"}, "to": {"fact": "income_per_person"} | at}
    return {"ratio": sides, "at_least": "1.5 lần"}


@pytest.mark.parametrize(
    ("require", "value"),
    [
        (
            {"for_each": {"year": "last 5"}, "require": ATTAINS},
            ForEachYear(last=5, require=Attains(address="commune/standard")),
        ),
        (
            {"for_each": {"year": "last 2"}, "require": ATTAINS, "applies_when": ATTAINS},
            AppliesWhen(
                condition=STANDARD,
                body=ForEachYear(last=2, require=STANDARD),
            ),
        ),
    ],
)
def test_years_in_a_document(require, value):
    """The number of years is read and written, beside a condition too."""
    rules = parsed(require)
    assert rules["1.1"].require == value
    again = parse_criteria_set(from_plain(write_criteria_set(rules)), facts(), instruments(), places())
    assert again == rules


@pytest.mark.parametrize(
    ("at", "value"),
    [
        ({"at": "previous_year"}, PreviousYear()),
        ({"at": {"recognised": "commune/standard"}}, AtRecognition("commune/standard")),
        ({}, None),
    ],
)
def test_moments_in_a_document(at, value):
    """The year of a reading is read and written, of a place above too."""
    for of, level in (({}, None), ({"of": "province"}, Level.PROVINCE)):
        rules = parsed(ratio(**at, **of))
        measure = rules["1.1"].require.measure
        assert measure == RatioMeasure(Reading("income_per_person"), Reading("income_per_person", level, value))
        again = parse_criteria_set(from_plain(write_criteria_set(rules)), facts(), instruments(), places())
        assert again == rules


@pytest.mark.parametrize(
    ("require", "code"),
    [
        ({"for_each": {"year": "last 1"}, "require": ATTAINS}, "BAD_FORMAT"),
        ({"for_each": {"year": "5"}, "require": ATTAINS}, "BAD_FORMAT"),
        ({"for_each": {}, "require": ATTAINS}, "MISSING_KEY"),
        ({"for_each": {"year": "last 5"}}, "NO_SUCH_FORM"),
        ({"for_each": {"year": "last 5"}, "require": TWO_YEARS}, "YEARS_WITHIN_YEARS"),
        (
            {"for_each": {"year": "last 5"}, "require": {"every": "villages", "require": TWO_YEARS}},
            "YEARS_WITHIN_YEARS",
        ),
        (ratio(at="last_year"), "NOT_ONE_OF"),
        (ratio(at={"recognised": "external/nothing"}), "UNKNOWN_TITLE"),
        (ratio(at={"recognised": "commune"}), "BAD_FORMAT"),
        (ratio(at={}), "MISSING_KEY"),
    ],
)
def test_problems_of_years(require, code):
    """A form of years that makes no sense is told as such."""
    found = outcome(lambda: parsed(require))
    assert isinstance(found, CriteriaError)
    assert code in [each.code.name for each in found.problems]


def test_years_are_linted_as_all_of_them():
    """The body's cells are those of the row; a place in the document leads to them."""
    rules = parsed({"for_each": {"year": "last 2"}, "require": {"fact": "income_per_person", "at_least": "unstated"}})
    assert attrs.evolve(rules["1.1"].require, last=3).require == rules["1.1"].require.require
