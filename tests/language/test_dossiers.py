from __future__ import annotations

import copy
from datetime import date
from decimal import Decimal

import attrs
import pytest
from hypothesis import given

from criteria_strategies import SET, SHELF, damaged, dossiers, outcome, plain_data
from ntm_rules import DocumentError, Dossier, DossierError, read_dossier
from ntm_rules.language import from_plain, parse_dossier, read_text, to_json, to_yaml, write_dossier
from ntm_rules.language.shape import MAX_HINTS
from ntm_rules.rulebook import shelf
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import Attestation, Document, FactValue, Reported, Status
from ntm_rules.vocabulary.facts import FactCatalogue, FactDefinition, FactKind
from ntm_rules.vocabulary.places import Level, Place
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.text import Text
from ntm_rules.vocabulary.verdicts import Verdict


@given(dossiers())
def test_identity(dossier):
    """Whatever dossier a document can hold, document, value and document again are the same, every digit kept."""
    data = write_dossier(dossier)
    for node in (from_plain(data), read_text(to_yaml(data)), read_text(to_json(data), json=True)):
        read = parse_dossier(node, SHELF)
        assert read == dossier
        assert repr(read) == repr(dossier)
        assert write_dossier(read) == data


@given(dossiers().map(write_dossier).flatmap(damaged) | plain_data)
def test_any_plain_data(data):
    """Whatever plain data is handed over, there is a dossier that can be written, or a `DocumentError`."""
    found = outcome(lambda: parse_dossier(from_plain(data), SHELF))
    if isinstance(found, DocumentError):
        assert found.problems
        assert found.render("vi") != found.render("en")
    else:
        assert parse_dossier(from_plain(write_dossier(found)), SHELF) == found


# --- a small dossier --------------------------------------------------------------------------------------------

PLACE = {"level": "commune", "name": "Phú Đình", "district": "Định Hóa", "province": "Thái Nguyên"}
REGION = "northern_midlands_and_mountains"
DATA = {"dossier": 1, "place": PLACE, "set": SET, "year": 2018}


def parse(**changes):
    """The small dossier with other entries; None takes one away."""
    data = {key: value for key, value in (DATA | changes).items() if value is not None}
    return Dossier.from_mapping(data)


def problems(**changes):
    """What is wrong with it: code, path, parameters."""
    with pytest.raises(DossierError) as caught:
        parse(**changes)
    assert caught.value.render("vi") != caught.value.render("en")
    return [(each.code.name, each.where.path, dict(each.params)) for each in caught.value.problems]


def codes(**changes):
    """Only the codes and paths of what is wrong."""
    return [(code, path) for code, path, _ in problems(**changes)]


def fact(id, written):
    """The value of one fact."""
    (value,) = parse(facts={id: written}).facts
    return value


def share(written, **own):
    """The share of poor households, as a value."""
    return FactValue("multidimensional_poverty_rate", Quantity(Decimal(written), "percent"), **own)


def test_all_of_it():
    """Every field of a dossier is read."""
    dossier = parse(
        on="2019-06-30",
        status="illustration",
        note="Ví dụ",
        documents={"d1": {"title": "Báo cáo", "issuer": "UBND xã", "number": "1/BC", "dated": "2019-01"}, "d2": {}},
        facts={"multidimensional_poverty_rate": {"value": "11.20 %", "for": 2017, "document": "d1"}},
        attestations={
            "10": {"verdict": "not_met", "by": "Huyện", "for": "2018-12-31", "dated": 2019, "document": "d1"}
        },
        reported={"criteria_met": {"least": 15, "most": "16", "document": "d2"}, "indicators_met": 40},
        overlays=[],
    )
    assert dossier == Dossier(
        Place(Level.COMMUNE, "Phú Đình", "Định Hóa", "vn-2008/province/19", REGION),
        2018,
        date(2019, 6, 30),
        SET,
        Status.ILLUSTRATION,
        (share("11.20", for_=PartialDate(2017), document="d1"),),
        (Attestation("10", Verdict.NOT_MET, "Huyện", PartialDate(2018, 12, 31), PartialDate(2019), "d1"),),
        (Document("d1", "Báo cáo", "UBND xã", "1/BC", PartialDate(2019, 1)), Document("d2")),
        (Reported("criteria_met", 15, 16, "d2"), Reported("indicators_met", 40, 40)),
        "Ví dụ",
    )


def test_as_little_as_possible():
    """A dossier needs a place and a year; what it does not say has its default."""
    dossier = parse(set=None)
    assert dossier.on == date(2018, 12, 31)
    assert dossier.status is Status.REAL
    assert dossier.set_id is None
    assert dossier.facts == dossier.attestations == dossier.documents == dossier.reported == ()
    emptied = parse(set=None, facts={}, attestations={}, documents={}, reported={})
    assert emptied == dossier
    assert write_dossier(emptied) == write_dossier(dossier)


def test_entries_left_empty(tmp_path):
    """Headings of a template that were left empty say nothing."""
    path = tmp_path / "phu-dinh.yaml"
    path.write_text(
        "dossier: 1\nplace: {level: commune, name: Phú Đình, province: Thái Nguyên}\nyear: 2018\n"
        "facts:\n  multidimensional_poverty_rate:\n  has_cooperative: ~\n"
        "attestations:\n  '10':\ndocuments:\nreported:\n",
        encoding="utf-8",
    )
    dossier = read_dossier(path)
    assert dossier.facts == dossier.attestations == ()
    assert dossier.file == str(path)


# --- the place --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "year", "province", "region"),
    [
        ({"province": "Tỉnh Thái Nguyên"}, 2018, "vn-2008/province/19", REGION),
        ({"province": "vn-2008/province/19"}, 2018, "vn-2008/province/19", REGION),
        ({"province": "T. Thái Nguyên", "region": REGION}, 2018, "vn-2008/province/19", REGION),
        ({"region": REGION}, 2018, None, REGION),
        ({"region": "Trung du miền núi phía Bắc"}, 2018, None, REGION),
        ({"region": "northern midlands and mountains"}, 2018, None, REGION),
        ({"province": "Thái Nguyên"}, 2025, "vn-2025/province/19", None),
        ({"province": "Thái Nguyên", "region": REGION}, 2025, "vn-2025/province/19", REGION),
    ],
)
def test_places(place, year, province, region):
    """A place is found on the map of the day judged; its region is its province's, or what the dossier states."""
    read = parse(set=None, year=year, place={"level": "commune", "name": "Phú Đình", **place}).place
    assert (read.province, read.region) == (province, region)


def test_attributes():
    """Attributes of a place are yes or no, in either language."""
    attributes = {"is_safe_zone": "có", "is_peri_urban": "Không", "is_coastal_or_island": False}
    read = parse(place=PLACE | {"attributes": attributes}).place
    assert read.attributes == (("is_safe_zone", True), ("is_peri_urban", False), ("is_coastal_or_island", False))


@pytest.mark.parametrize("written", ["III", "iii", "Xã khu vực III", "zone III commune"])
def test_attributes_of_a_list(written):
    """An attribute with a closed list holds one of its ids, however its title is written; the kind is kept."""
    read = parse(place=PLACE | {"kind": "special_zone", "attributes": {"ethnic_zone": written}}).place
    assert read.attributes == (("ethnic_zone", "III"),)
    assert [read.attribute(name) for name in ("ethnic_zone", "is_safe_zone", "kind")] == ["III", None, "special_zone"]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (PLACE | {"province": "Thái Nguyen"}, None),
        (PLACE | {"province": "Thái Nguyênn"}, ("UNKNOWN_PROVINCE", ".province", "Thái Nguyên")),
        (PLACE | {"province": "Xyzw"}, ("UNKNOWN_PROVINCE", ".province", None)),
        (PLACE | {"province": "vn-2025/province/19"}, ("UNKNOWN_PROVINCE", ".province", None)),
        (PLACE | {"region": "Trung du và miền núi"}, ("UNKNOWN_REGION", ".region", "Trung du miền núi phía Bắc")),
        (PLACE | {"region": "Tây Nguyên"}, ("REGION_CONFLICT", ".region", None)),
        (PLACE | {"attributes": {"is_safe": True}}, ("UNKNOWN_ATTRIBUTE", ".attributes.is_safe", "is_safe_zone")),
        (PLACE | {"attributes": {"is_safe_zone": "x"}}, ("NOT_YES_NO", ".attributes.is_safe_zone", None)),
        (
            PLACE | {"attributes": {"ethnic_zone": "khu vực III"}},
            ("UNKNOWN_ATTRIBUTE_VALUE", ".attributes.ethnic_zone", "xã khu vực III"),
        ),
        ({"level": "commune", "name": "Phú Đình"}, ("NO_REGION", "", None)),
        (PLACE | {"level": "district"}, ("WRONG_LEVEL", ".level", None)),
        (PLACE | {"level": "xã"}, ("NOT_ONE_OF", ".level", None)),
        ({"name": "Phú Đình", "region": REGION}, ("MISSING_KEY", "", None)),
        (PLACE | {"province": ["Thái Nguyên"]}, ("WRONG_TYPE", ".province", None)),
        ("Phú Đình", ("WRONG_TYPE", "", None)),
    ],
)
def test_wrong_places(place, expected):
    """What is wrong with a place is reported once, with the nearest name where there is one."""
    if expected is None:
        assert parse(place=place).place.province == "vn-2008/province/19"
        return
    ((code, path, params),) = problems(place=place)
    assert (code, path, params.get("nearest")) == (expected[0], "$.place" + expected[1], expected[2])


def test_a_province_of_the_other_map():
    """A province that is on the map of another day is unknown on the map of this one, which is named."""
    ((code, _, params),) = problems(set=None, year=2026, place=PLACE | {"province": "Bắc Kạn"})
    assert code == "UNKNOWN_PROVINCE"
    assert params["map"] == "vn-2025"


def test_before_the_first_map():
    """Before the first map a name is read on the first that has it: what is wrong then is the day, not the name."""
    assert parse(set=None, year=2005).place.province == "vn-2008/province/19"
    ((_, _, params),) = problems(set=None, year=2005, place=PLACE | {"province": "Thái Nguyen Moi"})
    assert params["map"] == "vn-2008 / vn-2025"
    assert parse(set=None, year=2005, place=PLACE | {"province": "Bắc Kạn"}).place.province == "vn-2008/province/06"


@pytest.mark.parametrize(
    ("year", "on", "expected"),
    [
        (None, None, [("MISSING_KEY", "$")]),
        ("năm 2018", None, [("BAD_FORMAT", "$.year")]),
        (20188, None, [("BAD_FORMAT", "$.year")]),
        ("0000", None, [("NOT_A_DATE", "$.year")]),
        ("0000", "2018-12-31", [("NOT_A_DATE", "$.year")]),
        (2018, "2018-12", [("BAD_FORMAT", "$.on")]),
        (2018, "2018-11-31", [("NOT_A_DATE", "$.on")]),
    ],
)
def test_wrong_days(year, on, expected):
    """Where the day judged can't be read, the province named is not blamed for it."""
    assert codes(year=year, on=on) == expected


# --- facts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id", "written", "value"),
    [
        ("multidimensional_poverty_rate", "11.2 %", share("11.2")),
        ("multidimensional_poverty_rate", "11.20%", share("11.20")),
        ("multidimensional_poverty_rate", {"value": "11.2 %"}, share("11.2")),
        ("multidimensional_poverty_rate", {"value": 11.2, "unit": "percent"}, share("11.2")),
        ("multidimensional_poverty_rate", {"value": "11.20", "unit": "%"}, share("11.20")),
        ("multidimensional_poverty_rate", "0.95 %", share("0.95")),
        ("multidimensional_poverty_rate", "0 %", share("0")),
        (
            "multidimensional_poverty_rate",
            {"numerator": 131, "denominator": "1170"},
            FactValue("multidimensional_poverty_rate", None, Decimal(131), Decimal(1170)),
        ),
        (
            "multidimensional_poverty_rate",
            {"numerator": 0, "denominator": 0},
            FactValue("multidimensional_poverty_rate", None, Decimal(0), Decimal(0)),
        ),
        (
            "multidimensional_poverty_rate",
            {"value": "11.2 %", "numerator": 131, "denominator": 1170},
            share("11.2", numerator=Decimal(131), denominator=Decimal(1170)),
        ),
        (
            "income_per_person",
            "36000 nghìn đồng/người/năm",
            FactValue("income_per_person", Quantity(Decimal(36), "million_vnd_per_person_year")),
        ),
        (
            "income_per_person",
            {"value": 36, "unit": "Triệu đồng/người/năm"},
            FactValue("income_per_person", Quantity(Decimal(36), "million_vnd_per_person_year")),
        ),
        ("makeshift_house_count", 3, FactValue("makeshift_house_count", Quantity(Decimal(3), "house"))),
        ("has_cooperative", "có", FactValue("has_cooperative", statement=True)),
        ("has_cooperative", "Không đạt", FactValue("has_cooperative", statement=False)),
        ("has_cooperative", {"value": True}, FactValue("has_cooperative", statement=True)),
        ("has_cooperative", "no", FactValue("has_cooperative", statement=False)),
    ],
)
def test_facts(id, written, value):
    """A fact is a figure in any spelling of its unit, counts, both, or yes and no; the digits typed are kept."""
    read = fact(id, written)
    assert read == value
    assert repr(read) == repr(value)


@pytest.mark.parametrize(
    ("id", "written", "expected"),
    [
        ("poverty_rate", "11.2 %", ("UNKNOWN_FACT", "")),
        ("multidimensional_poverty_rate", "11,2 %", ("DECIMAL_COMMA", "")),
        ("multidimensional_poverty_rate", 11, ("UNIT_MISSING", "")),
        ("multidimensional_poverty_rate", 1, ("UNIT_MISSING", "")),
        ("multidimensional_poverty_rate", "1.5", ("UNIT_MISSING", "")),
        ("multidimensional_poverty_rate", 0.95, ("SHARE_AS_FRACTION", "")),
        ("multidimensional_poverty_rate", "1.00", ("SHARE_AS_FRACTION", "")),
        ("multidimensional_poverty_rate", "0." + "1" * 30, ("NOT_A_NUMBER", "")),
        ("multidimensional_poverty_rate", "130 %", ("OUT_OF_RANGE", "")),
        ("multidimensional_poverty_rate", "-1 %", ("OUT_OF_RANGE", "")),
        ("multidimensional_poverty_rate", "3 ha", ("UNIT_MISMATCH", "")),
        ("multidimensional_poverty_rate", "3 kg", ("UNIT_UNKNOWN", "")),
        ("multidimensional_poverty_rate", {"value": "3", "unit": "kg"}, ("UNIT_UNKNOWN", ".unit")),
        ("multidimensional_poverty_rate", {"value": "3", "unit": "hectare"}, ("UNIT_MISMATCH", ".value")),
        ("multidimensional_poverty_rate", {"value": "3 %", "unit": "percent"}, ("NOT_A_NUMBER", ".value")),
        ("multidimensional_poverty_rate", {"value": float("nan"), "unit": "percent"}, ("NOT_A_NUMBER", ".value")),
        ("multidimensional_poverty_rate", True, ("NOT_A_NUMBER", "")),
        ("multidimensional_poverty_rate", ["11.2 %"], ("WRONG_TYPE", "")),
        ("multidimensional_poverty_rate", {"value": None}, ("WRONG_TYPE", ".value")),
        ("multidimensional_poverty_rate", {}, ("NO_SUCH_FORM", "")),
        ("multidimensional_poverty_rate", {"value": "11.2 %", "for": "15/01/2019"}, ("BAD_FORMAT", ".for")),
        ("multidimensional_poverty_rate", {"value": "11.2 %", "for": "2019-13"}, ("NOT_A_DATE", ".for")),
        ("multidimensional_poverty_rate", {"value": "11.2 %", "document": "d1"}, ("UNKNOWN_DOCUMENT", ".document")),
        ("multidimensional_poverty_rate", {"numerator": 5, "denominator": 4}, ("PART_ABOVE_WHOLE", ".numerator")),
        ("multidimensional_poverty_rate", {"numerator": -1, "denominator": 4}, ("PART_ABOVE_WHOLE", ".numerator")),
        ("multidimensional_poverty_rate", {"numerator": "1,5", "denominator": 4}, ("DECIMAL_COMMA", ".numerator")),
        ("makeshift_house_count", {"numerator": 1, "denominator": 4}, ("UNIT_MISMATCH", ".numerator")),
        ("makeshift_house_count", -3, ("OUT_OF_RANGE", "")),
        ("has_cooperative", "chưa rõ", ("NOT_YES_NO", "")),
        ("has_cooperative", {"value": "11.2 %"}, ("NOT_YES_NO", ".value")),
        ("has_cooperative", {"numerator": 1, "denominator": 4}, ("MISSING_KEY", "")),
    ],
)
def test_wrong_facts(id, written, expected):
    """What is wrong with a fact is reported where it stands, once."""
    assert codes(facts={id: written}) == [(expected[0], f"$.facts.{id}{expected[1]}")]


def test_half_of_a_ratio():
    """A numerator needs its denominator and the other way round, and a unit the figure beside it."""
    poverty = "multidimensional_poverty_rate"
    for written in (
        {"numerator": 1},
        {"value": "1 %", "denominator": 4},
        {"unit": "percent", "numerator": 1, "denominator": 2},
    ):
        assert {code for code, _ in codes(facts={poverty: written})} <= {"MISSING_KEY", "NO_SUCH_FORM"}


@pytest.mark.parametrize(
    ("printed", "numerator", "denominator", "fits"),
    [
        ("11.2 %", 131, 1170, True),
        ("11.20 %", 131, 1170, True),
        ("11.197 %", 131, 1170, True),
        ("11.196 %", 131, 1170, False),
        ("11 %", 131, 1170, True),
        ("12 %", 131, 1170, False),
        ("12 %", 1, 8, True),
        ("13 %", 1, 8, True),
        ("33 %", 1, 3, True),
        ("33.33333333333333333333 %", 1, 3, True),
        ("33.3 %", "100000000000000000000000", "300000000000000000000001", True),
        ("100 %", "1" * 29, "1" * 28 + "2", True),
        ("99." + "9" * 27 + " %", "1" * 29, "1" * 28 + "2", False),
        ("5 %", 0, 0, True),
    ],
)
def test_share_beside_its_counts(printed, numerator, denominator, fits):
    """A share printed beside its counts must be theirs, rounded up or down to the digits printed."""
    written = {"value": printed, "numerator": numerator, "denominator": denominator}
    if fits:
        assert fact("multidimensional_poverty_rate", written).quantity is not None
    else:
        assert codes(facts={"multidimensional_poverty_rate": written}) == [
            ("VALUES_DISAGREE", "$.facts.multidimensional_poverty_rate")
        ]


def test_range_open_at_one_end():
    """A fact may have a least figure only, a greatest only, or neither; the message shows what it has."""
    words = Text("x", "x")
    for low, high, shown in ((0, None, ("0", "∞")), (None, 5, ("-∞", "5"))):
        bounds = [None if each is None else Decimal(each) for each in (low, high)]
        catalogue = FactCatalogue((FactDefinition("x", words, FactKind.NUMBER, "percent", *bounds),))
        data = copy.deepcopy(DATA) | {"facts": {"x": "-1 %" if high is None else "6 %"}}
        with pytest.raises(DossierError) as caught:
            parse_dossier(from_plain(data), attrs.evolve(shelf(), catalogue=catalogue))
        params = dict(caught.value.problems[0].params)
        assert (params["least"], params["most"]) == shown


# --- attestations, tallies, sets --------------------------------------------------------------------------------


def test_several_attestations_at_one_address():
    """Several conclusions on one thing are a list, kept in order; a single one may stand in a list too."""
    met, not_met = {"verdict": "met"}, {"verdict": "not_met", "for": 2017}
    dossier = parse(attestations={"11": [met, not_met], "17.1": [met], f"{SET}#10": met})
    assert [(each.address, each.verdict.value) for each in dossier.attestations] == [
        ("11", "met"),
        ("11", "not_met"),
        ("17.1", "met"),
        (f"{SET}#10", "met"),
    ]
    assert write_dossier(dossier)["attestations"] == {
        "11": [met, {"verdict": "not_met", "for": "2017"}],
        "17.1": met,
        f"{SET}#10": met,
    }


@pytest.mark.parametrize(
    ("attestations", "expected"),
    [
        ({"99": {"verdict": "met"}}, [("UNKNOWN_ADDRESS", "$.attestations.99")]),
        ({"11": {"verdict": "undetermined"}}, [("NOT_ONE_OF", "$.attestations.11.verdict")]),
        ({"11": {"by": "Huyện"}}, [("MISSING_KEY", "$.attestations.11")]),
        ({"11": []}, [("TOO_FEW", "$.attestations.11")]),
        ({"11": ["met"]}, [("WRONG_TYPE", "$.attestations.11[0]")]),
        ({"11": "met"}, [("WRONG_TYPE", "$.attestations.11")]),
        ({"11": {"verdict": "met", "document": "d1"}}, [("UNKNOWN_DOCUMENT", "$.attestations.11.document")]),
        (["11"], [("WRONG_TYPE", "$.attestations")]),
    ],
)
def test_wrong_attestations(attestations, expected):
    """What is wrong with a conclusion is reported where it stands."""
    assert codes(attestations=attestations) == expected


def test_addresses_without_a_set():
    """Where no set is named, any address may stand: which set it belongs to is decided later."""
    assert parse(set=None, attestations={"99": {"verdict": "met"}}).attestations[0].address == "99"


@pytest.mark.parametrize(
    ("reported", "expected"),
    [
        ({"criteria_met": 20}, [("RANGE_REVERSED", "$.reported.criteria_met")]),
        ({"criteria_met": {"least": 2, "most": 1}}, [("RANGE_REVERSED", "$.reported.criteria_met")]),
        ({"criteria_met": {"least": 2}}, [("NO_SUCH_FORM", "$.reported.criteria_met")]),
        ({"criteria_met": {"value": 2, "least": 1}}, [("NO_SUCH_FORM", "$.reported.criteria_met")]),
        ({"criteria_met": {}}, [("NO_SUCH_FORM", "$.reported.criteria_met")]),
        ({"criteria_met": "15 tiêu chí"}, [("BAD_FORMAT", "$.reported.criteria_met")]),
        ({"criteria": 15}, [("UNKNOWN_KEY", "$.reported.criteria")]),
        ({"criteria_met": {"value": 2, "document": "d1"}}, [("UNKNOWN_DOCUMENT", "$.reported.criteria_met.document")]),
    ],
)
def test_wrong_tallies(reported, expected):
    """A tally is a number or a range, within what the set has."""
    assert codes(reported=reported) == expected


def test_tallies():
    """A tally is a number, with or without its document, or a range; without a set there is nothing to exceed."""
    dossier = parse(set=None, reported={"criteria_met": {"value": 15}, "indicators_met": 999})
    assert dossier.reported == (Reported("criteria_met", 15, 15), Reported("indicators_met", 999, 999))
    assert codes(set=None, reported={"criteria_met": {"least": 5, "most": 4}}) == [
        ("RANGE_REVERSED", "$.reported.criteria_met")
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"set": "commune/standard/2016-2019"}, [("UNKNOWN_SET", "$.set")]),
        ({"set": "xã"}, [("BAD_FORMAT", "$.set")]),
        ({"dossier": 2}, [("NOT_ONE_OF", "$.dossier")]),
        ({"dossier": None}, [("MISSING_KEY", "$")]),
        ({"status": "thật"}, [("NOT_ONE_OF", "$.status")]),
        ({"documents": {"d1": {"dated": "2019-02-30"}}}, [("NOT_A_DATE", "$.documents.d1.dated")]),
        ({"documents": {"d1": "Báo cáo"}}, [("WRONG_TYPE", "$.documents.d1")]),
        ({"facts": "x"}, [("WRONG_TYPE", "$.facts")]),
    ],
)
def test_other_mistakes(changes, expected):
    """Whatever else is wrong is reported once, where it stands."""
    assert codes(**changes) == expected


def test_no_dossier_at_all():
    """A list or a word is no dossier."""
    for data in ([], "x", None):
        with pytest.raises(DossierError) as caught:
            parse_dossier(from_plain(data), shelf())
        assert [problem.code.name for problem in caught.value.problems] == ["WRONG_TYPE"]


def test_hints_are_limited():
    """A file with more unknown names than anyone mends by hand gets no hint for each."""
    found = problems(facts={f"multidimensional_poverty_rate_{at}": "1 %" for at in range(MAX_HINTS + 5)})
    assert len(found) == MAX_HINTS + 5
    assert sum("nearest" in params for _, _, params in found) == MAX_HINTS
    ((_, _, params),) = problems(facts={"multidimensional_poverty_rate" * 9: "1 %"})
    assert "nearest" not in params
    assert len(params["name"]) == 60


@pytest.mark.parametrize(
    ("rules", "address", "found"),
    [
        ("revocation/commune/standard/2021-2025", "commune/standard/2021-2025#10", []),
        ("revocation/commune/standard/2021-2025", "commune/standard/2021-2025#17/17.1", []),
        ("revocation/commune/standard/2021-2025", "revocation/commune/standard/2021-2025#1", []),
        ("revocation/commune/standard/2021-2025", "1", []),
        ("revocation/commune/standard/2021-2025", "10", ["10"]),
        ("revocation/commune/standard/2021-2025", "commune/standard/2021-2025#99", ["commune/standard/2021-2025#99"]),
        ("revocation/commune/standard/2021-2025", "commune/advanced/2021-2025#10", ["commune/advanced/2021-2025#10"]),
        ("commune/model/2021-2025", "commune/advanced/2021-2025#10", []),
    ],
)
def test_a_conclusion_may_name_a_row_that_the_set_counts(rules, address, found):
    """A row of a set that the dossier's set asks for or counts can be concluded on; one of any other set can't."""
    place = {"level": "commune", "name": "Thử", "province": "Thái Nguyên"}
    plain = {"dossier": 1, "place": place, "set": rules, "year": 2023, "attestations": {address: {"verdict": "met"}}}
    if found:
        with pytest.raises(DossierError) as caught:
            read_dossier(plain)
        assert [(each.code.name, dict(each.params)["name"]) for each in caught.value.problems] == [
            ("UNKNOWN_ADDRESS", each) for each in found
        ]
    else:
        assert read_dossier(plain).attestations[0].address == address
