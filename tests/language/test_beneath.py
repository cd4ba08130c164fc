from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from criteria_strategies import outcome
from ntm_rules import Dossier, DossierError, evaluate, read_dossier
from ntm_rules.language import from_plain, parse_criteria_set, write_criteria_set, write_dossier
from ntm_rules.language.dossiers import parse_dossier
from ntm_rules.language.reading import read_text
from ntm_rules.rulebook import facts, instruments, places, shelf
from ntm_rules.vocabulary.dossiers import ReportedBeneath, SubPlaces
from ntm_rules.vocabulary.places import Level
from ntm_rules.vocabulary.requirements import Collection, Compare, Denominator, Every, SubPlaceMeasure

PLACE = {"level": "district", "name": "Định Hóa", "province": "Thái Nguyên"}
HEAD = "dossier: 1\nplace: {level: district, name: Định Hóa, province: Thái Nguyên}\nyear: 2018\n"


def district(beneath=None, titles=None, **own):
    """A district's dossier from plain data."""
    data = {"dossier": 1, "place": PLACE, "year": 2018} | own
    return Dossier.from_mapping(
        data | ({"sub_places": beneath} if beneath else {}) | ({"titles": titles} if titles else {})
    )


def codes(text):
    """The codes of what is wrong with a dossier, and the lines."""
    found = outcome(lambda: parse_dossier(read_text(text.encode()), shelf()))
    assert isinstance(found, DossierError)
    return [(problem.code.name, problem.where.line) for problem in found.problems]


# --- places beneath ---------------------------------------------------------------------------------------------


def test_what_a_place_beneath_does_not_say_is_as_above():
    """Year, day, status, province, region and district are those of the dossier above."""
    read = district({"list": [{"name": "Phú Đình"}]}, on="2018-06-30", status="illustration")
    (below,) = read.sub_places.dossiers
    assert (below.year, below.on, below.status) == (2018, date(2018, 6, 30), read.status)
    assert below.place.level is Level.COMMUNE
    assert (below.place.district, below.place.province, below.place.region, below.place.kind) == (
        "Định Hóa",
        read.place.province,
        read.place.region,
        None,
    )


def test_what_a_place_beneath_says_stands():
    """Its own region, day, kind and attributes are its own."""
    own = {"name": "x", "kind": "town", "region": "Đồng bằng sông Hồng", "attributes": {"is_safe_zone": "yes"}}
    read = district(
        {"list": [own | {"on": "2018-03-01"}], "count": {"town": "2"}}, place=PLACE | {"province": "Thái Nguyên"}
    )
    (below,) = read.sub_places.dossiers
    assert (below.place.kind, below.place.region, below.on) == ("town", "red_river_delta", date(2018, 3, 1))
    assert below.place.attribute("is_safe_zone") is True
    assert (read.places_beneath(("town",))[1], read.places_beneath(("commune",))[1]) == (1, None)


def test_files_beside_the_dossier_are_read(tmp_path: Path):
    """A dossier may stand in a file, whose path is from the file that names it."""
    (tmp_path / "communes").mkdir()
    (tmp_path / "communes" / "x.yaml").write_text(
        "dossier: 1\nplace: {level: commune, name: x}\nfacts: {has_cooperative: yes}\n", encoding="utf-8"
    )
    (tmp_path / "d.yaml").write_text(HEAD + "sub_places: {list: [communes/x.yaml]}\n", encoding="utf-8")
    (below,) = read_dossier(tmp_path / "d.yaml").sub_places.dossiers
    assert (below.year, below.place.province, below.facts[0].statement) == (2018, "vn-2008/province/19", True)
    assert Path(below.file) == tmp_path / "communes" / "x.yaml"


def test_what_is_wrong_in_a_file_is_told_with_all_the_rest(tmp_path: Path):
    """Each file's problems stand at its own lines, a file that is not there where it is named."""
    (tmp_path / "x.yaml").write_text(
        "dossier: 1\nplace: {level: commune, name: x}\nfacts: {nothing: 1}\n", encoding="utf-8"
    )
    (tmp_path / "list.yaml").write_text("- 1\n", encoding="utf-8")
    (tmp_path / "d.yaml").write_text(
        HEAD + "sub_places:\n  list:\n    - x.yaml\n    - absent.yaml\n    - list.yaml\n    - d.yaml\n",
        encoding="utf-8",
    )
    with pytest.raises(DossierError) as caught:
        read_dossier(tmp_path / "d.yaml")
    told = [(Path(each.where.file).name, each.where.line, each.code.name) for each in caught.value.problems]
    assert ("x.yaml", 3, "UNKNOWN_FACT") in told
    assert ("d.yaml", 7, "UNREADABLE") in told
    assert ("list.yaml", 1, "SUB_PLACE_LEVEL") not in told
    assert any(file == "list.yaml" for file, _, _ in told)
    assert ("d.yaml", 2, "SUB_PLACE_LEVEL") in told


def test_a_file_without_a_level_never_leads_in_a_circle(tmp_path: Path):
    """A dossier that names itself and no level is refused, not followed for ever."""
    (tmp_path / "x.yaml").write_text("dossier: 1\nplace: {name: x}\nsub_places: {list: [x.yaml]}\n", encoding="utf-8")
    (tmp_path / "y.yaml").write_text("dossier: 1\nsub_places: {list: [y.yaml]}\n", encoding="utf-8")
    (tmp_path / "z.yaml").write_text(
        "dossier: 1\nplace: {name: z, level: hamlet}\nsub_places: {list: [z.yaml]}\n", encoding="utf-8"
    )
    (tmp_path / "d.yaml").write_text(HEAD + "sub_places: {list: [x.yaml, y.yaml, z.yaml]}\n", encoding="utf-8")
    with pytest.raises(DossierError) as caught:
        read_dossier(tmp_path / "d.yaml")
    assert {each.code.name for each in caught.value.problems} == {"MISSING_KEY", "NO_REGION", "NOT_ONE_OF"}


@pytest.mark.parametrize(
    ("beneath", "told"),
    [
        ("  list:\n    - {name: x, facts: {nothing: 1}}\n    - {name: y, year: x}\n", ["UNKNOWN_FACT", "BAD_FORMAT"]),
        ("  count: {commune: x}\n  list: [{nam: y}]\n", ["BAD_FORMAT", "MISSING_KEY", "UNKNOWN_KEY"]),
        ("  count: {district: 3}\n", ["SUB_PLACE_LEVEL"]),
        ("  count: {village: x}\n", ["BAD_FORMAT"]),
        ("  list: [{name: x, province: Bắc Kạn}]\n", ["SUB_PLACE_ELSEWHERE"]),
        ("  list: [{name: x, year: 2017, on: 2017-05-01}]\n", ["SUB_PLACE_ELSEWHERE"]),
        ("  list: [{name: x, kind: village}]\n", ["SUB_PLACE_LEVEL"]),
        ("  list: [{name: x, parents: {commune: {}}}]\n", ["UNKNOWN_KEY"]),
        ("  list: [{name: x, parents: {district: {fact: {}}}}]\n", ["UNKNOWN_KEY"]),
        ("  list: [{name: x, parents: {district: 3}}]\n", ["WRONG_TYPE"]),
        ("  list: [{name: x, parents: {district: {facts: {nothing: 1}}}}]\n", ["UNKNOWN_FACT"]),
    ],
)
def test_problems_beneath(beneath, told):
    """Everything that is wrong beneath is told at once."""
    assert sorted(code for code, _ in codes(HEAD + "sub_places:\n" + beneath)) == sorted(told)


@pytest.mark.parametrize(
    ("level", "year", "beneath"),
    [
        ("province", 2018, "district"),
        ("province", 2026, "commune"),
        ("district", 2018, "commune"),
        ("commune", 2018, "village"),
    ],
)
def test_the_level_directly_beneath(level, year, beneath):
    """A province had districts until 2025 and has communes since."""
    place = {"level": level, "name": "x", "province": "Thái Nguyên"}
    data = {
        "dossier": 1,
        "place": place,
        "year": year,
        "sub_places": {"list": [{"name": "y"}, {"name": "z", "kind": beneath}]},
    }
    read = Dossier.from_mapping(data)
    assert [each.place.level.value for each in read.sub_places.dossiers] == [beneath, beneath]


def test_nothing_is_beneath_a_village():
    """Whatever is listed beneath a village is a problem."""
    text = "dossier: 1\nplace: {level: village, name: x, province: Thái Nguyên}\nyear: 2018\n"
    assert codes(text + "sub_places: {list: [{name: y}]}\n") == [("SUB_PLACE_LEVEL", 4)]


@pytest.mark.parametrize("beneath", [{"list": []}, {"count": {"commune": "23"}}, {"count": None, "list": None}])
def test_little_may_be_said(beneath):
    """A count alone, or nothing, is no problem."""
    counts = tuple((kind, int(number)) for kind, number in (beneath.get("count") or {}).items())
    assert district(beneath).sub_places == SubPlaces(counts)


def test_dossiers_are_written_as_they_are_read():
    """Places beneath and titles come back, however deep."""
    title = {"set": "commune/standard/2016-2020", "dated": "2017-02"}
    below = {
        "name": "Phú Đình",
        "kind": "commune",
        "set": title["set"],
        "facts": {"has_cooperative": "yes"},
        "sub_places": {"list": [{"name": "Thôn 1"}]},
        "titles": {"list": [title]},
    }
    listed = [title | {"place": "phú đình", "decision": "1", "revoked_on": "2018-05-01", "document": "d"}]
    own = {"set": "district/standard/2016-2020", "dated": "2018"}
    read = district(
        {"count": {"commune": "3"}, "list": [below]}, {"complete": "yes", "list": [*listed, own]}, documents={"d": {}}
    )
    assert read.titles[0].place == "Phú Đình"
    assert read.titles_complete
    above = {"province": {"facts": {"income_per_person": "30 triệu đồng/người/năm"}}}
    read = Dossier.from_mapping(write_dossier(read) | {"parents": above})
    assert read.facts_of(Level.PROVINCE)["income_per_person"].of is Level.PROVINCE
    assert Dossier.from_mapping(write_dossier(read)) == read
    assert Dossier.from_mapping(json.loads(json.dumps(write_dossier(read)))) == read


# --- what was only reported --------------------------------------------------------------------------------------

REPORTED = HEAD + "sub_places: {count: {commune: 23}}\ndocuments: {d1: {title: x}}\nreported:\n  sub_places:\n"
STANDARD = "commune/standard/2016-2020"


@pytest.mark.parametrize(
    ("tally", "told"),
    [
        ("{of: communes, attains: commune/standard/2016-2020, met: 24}", [("RANGE_REVERSED", 8)]),
        ("{of: communes, attains: commune/standard/2016-2020, met: {least: 3, most: 2}}", [("RANGE_REVERSED", 8)]),
        ("{of: towns, attains: commune/standard/2016-2020, met: {least: 3, most: 2}}", [("RANGE_REVERSED", 8)]),
        ("{of: communes, attains: commune/standard/2016-2020, met: 3, document: d2}", [("UNKNOWN_DOCUMENT", 8)]),
        ("{of: communes, attains: district/standard/2016-2020, met: 3}", [("WRONG_LEVEL", 8)]),
        ("{of: sub_places, recognised_as: district/standard, met: 3}", [("WRONG_LEVEL", 8)]),
        ("{of: villages, recognised_as: external/civilised_urban, met: 3}", [("WRONG_LEVEL", 8)]),
        ("{of: communes, recognised_as: external/civilised_urbn, met: 3}", [("UNKNOWN_TITLE", 8)]),
        ("{of: communes, met: 3}", [("NO_SUCH_FORM", 8)]),
        ("{of: communes, attains: commune/standard, recognised_as: commune/standard, met: 3}", [("NO_SUCH_FORM", 8)]),
        ("{of: communes, attains: commune/standard, or_higher: true, met: 3}", [("MISSING_KEY", 8)]),
        ("{of: communes, attains: commune/standard}", [("MISSING_KEY", 8)]),
        ("{of: communes, attains: commune/standard, met: many}", [("BAD_FORMAT", 8)]),
        ("{of: communes, attains: commune/standard, met: {least: 3}}", [("MISSING_KEY", 8)]),
        ("{of: houses, attains: commune/standard, met: 3}", [("NOT_ONE_OF", 8)]),
        ("23", [("WRONG_TYPE", 8)]),
    ],
)
def test_problems_of_what_was_reported(tally, told):
    """Each at its line."""
    assert codes(f"{REPORTED}    - {tally}\n") == told


def test_what_was_reported_of_places_beneath_comes_back():
    """A number or a range, of a set, a row of one, or a title; written and read again it is the same."""
    tallies = [
        {"of": "communes", "attains": STANDARD, "met": 22, "document": "d1"},
        {"of": "communes", "attains": "commune/standard#10", "met": {"least": "1", "most": "2"}},
        {"of": "towns", "recognised_as": "external/civilised_urban", "met": "1"},
        {"of": "sub_places", "recognised_as": "commune/standard", "or_higher": "true", "met": 3},
    ]
    data = {"reported": {"criteria_met": 3, "sub_places": tallies}, "documents": {"d1": {"title": "x"}}}
    read = district({"count": {"commune": 23}}, **data)
    communes = Collection.COMMUNES
    assert read.reported_beneath == (
        ReportedBeneath(collection=communes, attains=STANDARD, least=22, most=22, document="d1"),
        ReportedBeneath(collection=communes, attains="commune/standard#10", least=1, most=2),
        ReportedBeneath(collection=Collection.TOWNS, recognised_as="external/civilised_urban", least=1, most=1),
        ReportedBeneath(
            collection=Collection.SUB_PLACES, recognised_as="commune/standard", or_higher=True, least=3, most=3
        ),
    )
    assert len(read.reported) == 1
    assert Dossier.from_mapping(write_dossier(read)) == read


# --- titles -----------------------------------------------------------------------------------------------------

BENEATH = HEAD + "sub_places: {list: [{name: x}, {name: x, kind: town}, {name: y}]}\ntitles:\n  list:\n"


@pytest.mark.parametrize(
    ("titles", "told"),
    [
        ("    - {place: x, set: commune/standard/2016-2020, dated: 2017}\n", [("UNKNOWN_SUB_PLACE", 7)]),
        ("    - {place: x, kind: ward, set: commune/standard/2016-2020, dated: 2017}\n", [("UNKNOWN_SUB_PLACE", 7)]),
        ("    - {place: y, set: commune/standard/2016-2021, dated: 2017}\n", [("UNKNOWN_SET", 7)]),
        ("    - {place: y, set: district/standard/2016-2020, dated: 2017}\n", [("WRONG_LEVEL", 7)]),
        ("    - {set: commune/standard/2016-2020, dated: 2017}\n", [("WRONG_LEVEL", 7)]),
        ("    - {place: y, set: commune/standard/2016-2020, dated: 2017-02-30}\n", [("NOT_A_DATE", 7)]),
        ("    - {place: y, set: commune/standard/2016-2020, dated: 2017, document: d}\n", [("UNKNOWN_DOCUMENT", 7)]),
        ("    - {place: y, set: commune/standard/2016-2020}\n", [("MISSING_KEY", 7)]),
        ("    - {place: y, set: commune/standard/2016-2020, dated: 2015}\n", [("TITLE_BEFORE_SET", 7)]),
        ("    - {place: y, set: external/civilised_urbn, dated: 2015}\n", [("UNKNOWN_TITLE", 7)]),
        ("    - {set: external/civilised_urban, dated: 2015}\n", [("WRONG_LEVEL", 7)]),
    ],
)
def test_problems_of_titles(titles, told):
    """Each at its line."""
    assert codes(BENEATH + titles) == told


def test_titles_without_problems():
    """Names are told apart by kind; a title that was revoked makes room for another; sets that we lack are taken."""
    set_id = "commune/standard/2016-2020"
    titles = [
        {"place": "x", "kind": "town", "set": set_id, "dated": "2017"},
        {"place": "x", "kind": "commune", "set": set_id, "dated": "2017", "revoked_on": "2018"},
        {"place": "x", "kind": "commune", "set": set_id, "dated": "2018"},
        {"place": "y", "set": "commune/basic/2016", "dated": "2017"},
        {"set": "district/standard/2016-2020", "dated": "2016"},
        {"place": "x", "kind": "town", "set": "external/civilised_urban", "dated": "2016"},
    ]
    read = district({"list": [{"name": "x"}, {"name": "x", "kind": "town"}, {"name": "y"}]}, {"list": titles})
    assert [(each.place, each.kind) for each in read.titles] == [
        ("x", "town"),
        ("x", "commune"),
        ("x", "commune"),
        ("y", "commune"),
        (None, None),
        ("x", "town"),
    ]


def test_a_place_without_others_names_none():
    """Without places beneath no title is one of theirs."""
    text = HEAD + "titles: {list: [{place: x, set: commune/standard/2016-2020, dated: 2017}]}\n"
    assert codes(text) == [("UNKNOWN_SUB_PLACE", 4)]


# --- requirements -----------------------------------------------------------------------------------------------


def rules(require):
    """A district's set of one row, as a document."""
    indicator = {
        "number": "1.1",
        "title": {"vi": "x", "en": "x (en)"},
        "require": require,
        "source": {"evidence": "text"},
    }
    return {
        "criteria_set": "district/standard/2016-2020",
        "title": {"vi": "x", "en": "x (en)"},
        "basis": "1980/QĐ-TTg",
        "in_force": {"from": "2016-12-01"},
        "counts": {"criteria": "1", "indicators": "1"},
        "axes": {"region": [{"row": "unit.region"}]},
        "criteria": [{"number": "1", "title": {"vi": "x", "en": "x (en)"}, "indicators": [indicator]}],
    }


def parsed(require):
    """The set that is read from it."""
    return parse_criteria_set(from_plain(rules(require)), facts(), instruments(), places())


INCOME = "income_per_person"
SOME = {"count_of": "communes", "that": {"holds": "has_cooperative"}, "at_least": "1"}
HOLDS = {"holds": "has_cooperative"}


@pytest.mark.parametrize(
    "require",
    [
        {"share_of": "communes", "that": HOLDS, "at_least": "75 %"},
        {"share_of": "sub_places", "that": {"attains": "commune/standard"}, "less_than": "75.5 %", "of": "listed"},
        {"share_of": "towns", "that": HOLDS, "at_most": {"by": "region", "general": "9 %"}, "of": "unstated"},
        {"count_of": "wards", "that": {"all_of": [HOLDS, HOLDS]}, "more_than": "3"},
        {"count_of": "districts", "that": {"every": "communes", "require": HOLDS}, "equals": "unstated"},
        {"every": "communes", "require": HOLDS},
        {"ratio": {"of": {"fact": INCOME}, "to": {"fact": INCOME, "of": "province"}}, "at_least": "1.2 lần"},
        {"applies_when": HOLDS, "ratio": {"of": {"fact": INCOME}, "to": {"fact": INCOME}}, "equals": "none"},
        {"count_of": "criteria", "in": "commune/standard/2016-2020", "that": "met", "at_least": "14"},
        {
            "share_of": "indicators",
            "in": "commune/standard",
            "that": "not_met",
            "among": ["10", "9.1"],
            "less_than": "3 %",
        },
        {"every": "communes", "except": {"attains": "commune/standard/2016-2020"}, "require": HOLDS, "id": "rest"},
        {"applies_when": HOLDS, "every": "communes", "require": HOLDS},
        {"applies_when": HOLDS, "count_of": "communes", "that": HOLDS, "at_least": "1"},
        {
            "all_of": [
                {"count_of": "communes", "that": HOLDS, "at_least": "1"},
                {"share_of": "communes", "that": HOLDS, "at_least": "1 %"},
            ],
            "of_which": "true",
        },
    ],
)
def test_forms_are_read_and_written(require):
    """What is read is written, and read again as the same; the schema knows it."""
    if "by" in str(require):
        require["at_most"]["by"] = "year"
        require["at_most"] = {"by": "year", "2018": "9 %"}
        document = rules(require)
        document["axes"] = {"year": [{"row": "year"}]}
        read = parse_criteria_set(from_plain(document), facts(), instruments(), places())
    else:
        read = parsed(require)
    assert parse_criteria_set(from_plain(write_criteria_set(read)), facts(), instruments(), places()) == read
    assert read.fingerprint.startswith("sha256:")


def test_what_is_read():
    """A share of communes is a comparison of a measure, in percent; what is asked is no part of it."""
    node = parsed({"share_of": "communes", "that": HOLDS, "at_least": "75 %", "of": "listed"})["1.1"].require
    assert isinstance(node, Compare)
    assert isinstance(node.measure, SubPlaceMeasure)
    assert (node.measure.collection, node.measure.share, node.measure.of) == (
        Collection.COMMUNES,
        True,
        Denominator.LISTED,
    )
    assert (node.parts, node.facts, node.fact, node.unit(facts())) == ((), (), None, "percent")
    assert (node.may_drop, node.asked_beneath) == (True, (node.measure.that,))
    every = parsed({"every": "communes", "require": HOLDS})["1.1"].require
    assert isinstance(every, Every)
    assert (every.may_drop, every.asked_beneath, every.parts) == (True, (every.require,), ())


@pytest.mark.parametrize(
    ("require", "code"),
    [
        ({"share_of": "communes", "that": HOLDS, "at_least": "120 %"}, "THRESHOLD_OUT_OF_RANGE"),
        ({"share_of": "communes", "that": HOLDS, "at_least": "3"}, "THRESHOLD_UNIT"),
        ({"share_of": "communes", "that": HOLDS}, "NO_SUCH_FORM"),
        ({"share_of": "hamlets", "that": HOLDS, "at_least": "3 %"}, "NOT_ONE_OF"),
        ({"count_of": "communes", "at_least": "3"}, "MISSING_KEY"),
        ({"every": "communes", "require": {"holds": "has_nothing_at_all"}}, "FACT_NOT_IN_CATALOGUE"),
        ({"every": "communes"}, "MISSING_KEY"),
        ({"ratio": {"of": {"fact": INCOME}}, "at_least": "2 lần"}, "MISSING_KEY"),
        ({"ratio": {"of": {"fact": INCOME}, "to": {"fact": INCOME}}, "at_least": "2 %"}, "THRESHOLD_UNIT"),
        (
            {"ratio": {"of": {"fact": INCOME}, "to": {"fact": "standard_house_share"}}, "at_least": "2 lần"},
            "DERIVED_UNITS",
        ),
        ({"ratio": {"of": {"fact": "nothing"}, "to": {"fact": INCOME}}, "at_least": "2 lần"}, "FACT_NOT_IN_CATALOGUE"),
        ({"count_of": "criteria", "that": "met", "at_least": "14"}, "MISSING_KEY"),
        ({"count_of": "criteria", "in": "commune/standard", "that": HOLDS, "at_least": "14"}, "NOT_ONE_OF"),
        ({"count_of": "criteria", "in": "district/standard/2016-2020", "that": "met", "at_least": "1"}, "CIRCULAR"),
    ],
)
def test_problems_of_forms(require, code):
    """What makes no sense is told."""
    found = outcome(lambda: parsed(require))
    assert code in {problem.code.name for problem in found.problems}


def test_a_fact_of_places_beneath_moves_the_fingerprint():
    """What is read beneath is part of the law, as what is read of the place itself."""
    import attrs

    from ntm_rules.language import law_fingerprint

    read = parsed({"every": "communes", "require": HOLDS})
    timeless = tuple(attrs.evolve(each, timeless=not each.timeless) for each in read.catalogue.facts)
    assert (
        law_fingerprint(attrs.evolve(read, catalogue=attrs.evolve(read.catalogue, facts=timeless))) != read.fingerprint
    )


def test_an_assessment_of_a_district_is_valid():
    """Its record holds what each commune gave in short, and is valid under the schema."""
    from importlib import resources

    source = resources.files("ntm_rules.schemas").joinpath("assessment.schema.json").read_text(encoding="utf-8")
    below = {"name": "x", "set": "commune/standard/2016-2020"}
    title = {"set": "commune/standard/2016-2020", "place": "x", "dated": "2017"}
    require = {
        "all_of": [
            {"share_of": "communes", "that": {"recognised_as": "commune/standard/2016-2020"}, "at_least": "5 %"},
            {"share_of": "communes", "that": {"attains": "commune/standard"}, "at_least": "5 %"},
            {"recognised_as": "district/standard/2016-2020"},
        ]
    }
    own = {"set": "district/standard/2016-2020", "dated": "2018", "decision": "9/QĐ-TTg"}
    result = evaluate(parsed(require), district({"list": [below]}, {"list": [title, own]}))
    written = result.to_dict()
    Draft202012Validator(json.loads(source)).validate(written)
    assert written["sub_results"][0]["fingerprint"] == result.sub_result("x").fingerprint
    assert "x" in written["missing_in_sub_places"]
    whole = evaluate(
        parsed({"recognised_as": "district/standard/2016-2020"}), district(None, {"list": [own]})
    ).to_dict()
    Draft202012Validator(json.loads(source)).validate(whole)
    assert whole["criteria"][0]["indicators"][0]["reasons"][0]["title"]["decision"] == "9/QĐ-TTg"


@pytest.mark.parametrize(
    ("require", "code"),
    [
        ({"any_of": [SOME, SOME]}, "QUIETLY_PASSED"),
        ({"share_of": "communes", "that": HOLDS, "at_least": "0 %"}, "ALWAYS_MET"),
        ({"share_of": "communes", "that": HOLDS, "more_than": "100 %"}, "IMPOSSIBLE"),
        ({"share_of": "communes", "that": HOLDS, "at_least": "unstated"}, "NEVER_DECIDES"),
    ],
)
def test_what_is_doubtful(require, code):
    """Counts are held to the same checks as figures; where there may be nothing to count, a choice may be passed."""
    from ntm_rules.language.lint import lint
    from ntm_rules.language.requirements import References

    read = parsed(require)
    found = lint(read, References(read.catalogue, read.instruments, places(), read.axes))
    assert code in {problem.code.name for problem in found}
