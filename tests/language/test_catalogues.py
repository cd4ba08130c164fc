from __future__ import annotations

import copy
from datetime import date
from decimal import Decimal
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria_strategies import damaged, outcome, plain_data
from ntm_rules import CriteriaError, DocumentError, Grade
from ntm_rules.language import from_plain, parse_fact_catalogue, parse_instruments, parse_places, read_text
from ntm_rules.language.catalogues import write_derivation
from ntm_rules.language.nodes import plain
from ntm_rules.rulebook import facts, instruments, places
from ntm_rules.vocabulary.facts import (
    Difference,
    FactDefinition,
    FactKind,
    Option,
    PartList,
    Ratio,
    Scale,
    Sum,
)
from ntm_rules.vocabulary.instruments import Instrument
from ntm_rules.vocabulary.places import ExternalTitle, Level, PlaceAttribute, PlaceMap, Province
from ntm_rules.vocabulary.text import Text

WORDS = {"vi": "Chữ", "en": "Words"}
TEXT = Text("Chữ", "Words")
FACT = {"id": "poverty", "title": WORDS, "kind": "number", "unit": "percent", "reported_by": WORDS, "evidence": "text"}
STATEMENT = {"id": "has_plan", "title": WORDS, "kind": "yes_no", "reported_by": WORDS, "evidence": "recalled"}
INSTRUMENT = {"id": "1980/QĐ-TTg", "kind": "decision", "title": WORDS, "issuer": WORDS}
REGISTER = {
    "place_register": 1,
    "regions": {"delta": WORDS},
    "maps": {"vn-2008": {"from": "2008-08-01", "until": "2025-06-30"}, "vn-2025": {"from": "2025-07-01"}},
    "provinces": [{"id": "vn-2008/province/19", "name": "Thái Nguyên", "kind": "province", "region": "delta"}],
}


def packaged(name):
    """A packaged document as plain data."""
    return plain(read_text(resources.files("ntm_rules.rulebook").joinpath("data", name).read_bytes()))


def codes(parse, data):
    """The codes and paths of what is wrong with a document."""
    with pytest.raises(CriteriaError) as caught:
        parse(from_plain(data))
    return [(problem.code.name, problem.where.path) for problem in caught.value.problems]


def catalogue(*entries):
    """A fact catalogue."""
    return {"fact_catalogue": 1, "facts": list(entries)}


def register(*entries):
    """An instrument register."""
    return {"instrument_register": 1, "instruments": list(entries)}


@pytest.mark.parametrize(
    ("parse", "name", "known"),
    [
        (parse_fact_catalogue, "facts.yaml", facts),
        (parse_instruments, "instruments.yaml", instruments),
        (parse_places, "places.yaml", places),
    ],
)
def test_packaged(parse, name, known):
    """A packaged document has the right shape, and is what the library gives."""
    assert parse(from_plain(packaged(name))) == known()


# --- facts ------------------------------------------------------------------------------------------------------


def test_facts():
    """Every field of a fact is read, and those that are not there have their defaults."""
    full = {
        **FACT,
        "minimum": 0,
        "maximum": "100",
        "numerator": WORDS,
        "denominator": WORDS,
        "definition": WORDS,
        "timeless": True,
    }
    read = parse_fact_catalogue(from_plain(catalogue(full, STATEMENT)))
    assert read.facts == (
        FactDefinition(
            *("poverty", TEXT, FactKind.NUMBER, "percent", Decimal(0), Decimal(100), TEXT, TEXT, TEXT, TEXT),
            evidence=Grade.TEXT,
            timeless=True,
        ),
        FactDefinition("has_plan", TEXT, FactKind.YES_NO, reported_by=TEXT),
    )


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (catalogue(FACT, FACT), [("DUPLICATE_ID", "$.facts[1].id")]),
        (catalogue({**FACT, "unit": "percnt"}), [("UNKNOWN_UNIT_OF_FACT", "$.facts[0].unit")]),
        (catalogue({k: v for k, v in FACT.items() if k != "unit"}), [("MISSING_KEY", "$.facts[0]")]),
        (catalogue({**STATEMENT, "unit": "percent"}), [("UNKNOWN_KEY", "$.facts[0].unit")]),
        (catalogue({**FACT, "kind": "share"}), [("NOT_ONE_OF", "$.facts[0].kind")]),
        (catalogue({**STATEMENT, "kind": "statement"}), [("NOT_ONE_OF", "$.facts[0].kind")]),
        (catalogue({**FACT, "minimum": "0 %"}), [("BAD_FORMAT", "$.facts[0].minimum")]),
        (catalogue({**FACT, "maximum": "1" * 31}), [("NOT_A_NUMBER", "$.facts[0].maximum")]),
        (catalogue({**FACT, "id": None}, {**FACT, "id": None}), [("WRONG_TYPE", f"$.facts[{i}].id") for i in (0, 1)]),
        (catalogue(), [("TOO_FEW", "$.facts")]),
        (catalogue("x"), [("WRONG_TYPE", "$.facts[0]")]),
        ([], [("WRONG_TYPE", "$")]),
    ],
)
def test_wrong_facts(data, expected):
    """What is wrong with a fact catalogue is reported once, where it stands."""
    assert codes(parse_fact_catalogue, data) == expected


# --- kinds of facts -----------------------------------------------------------------------------------------------

OPTIONS = [{"id": "poor", "title": WORDS}, {"id": "good", "title": WORDS}]
SCALE = {"id": "rating", "title": WORDS, "steps": OPTIONS}
SEX = {"id": "sex", "title": WORDS, "parts": [{"id": "men", "title": WORDS}, {"id": "women", "title": WORDS}]}
CONTENT = {"id": "content", "title": WORDS, "parts": "unstated"}
COMMON = {"title": WORDS, "reported_by": WORDS, "evidence": "text"}
RATED = {**COMMON, "id": "merit", "kind": "ordinal", "scale": "rating"}
KIND = {**COMMON, "id": "supply", "kind": "category", "values": OPTIONS}


def shared(*entries, scales=(SCALE,), part_lists=(SEX, CONTENT)):
    """A fact catalogue with scales and lists of parts."""
    return {**catalogue(*entries), "scales": list(scales), "part_lists": list(part_lists)}


def number(id, derived=None, unit="household", **more):
    """A number fact, derived or not."""
    return {**COMMON, "id": id, "kind": "number", "unit": unit, **({"derived": derived} if derived else {}), **more}


def test_kinds_of_facts():
    """Steps, values, parts, derivations and a definition that is not at hand are read as they stand."""
    ratio = {"ratio": {"of": {"difference": ["all", {"sum": ["poor", "poor"]}]}, "to": "all"}}
    facts = (
        RATED,
        KIND,
        number("poor", parts="sex"),
        {**STATEMENT, "parts": "content", "definition": "unstated"},
        number("all"),
        number("rest", ratio, "percent"),
    )
    read = parse_fact_catalogue(from_plain(shared(*facts)))
    options = (Option("poor", TEXT), Option("good", TEXT))
    assert read.scales == (Scale("rating", TEXT, options),)
    sex, content = read.part_lists
    assert sex == PartList("sex", TEXT, (Option("men", TEXT), Option("women", TEXT)))
    assert content == PartList("content", TEXT, None)
    assert read["merit"].scale is read.scales[0]
    assert read["supply"].values == options
    assert read["poor"].parts is sex
    assert (read["has_plan"].parts, read["has_plan"].unstated, read["has_plan"].definition) == (content, True, None)
    assert read["rest"].derived == Ratio(Difference("all", Sum(("poor", "poor"))), "all")
    assert write_derivation(read["rest"].derived) == ratio
    assert not read["all"].unstated
    assert read.derived == ((read["rest"], read["rest"].derived),)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (shared({**RATED, "scale": "ratng"}), [("UNKNOWN_SCALE", "$.facts[0].scale")]),
        (shared({**RATED, "unit": "percent"}), [("UNKNOWN_KEY", "$.facts[0].unit")]),
        (shared({**RATED, "parts": "sex"}), [("UNKNOWN_KEY", "$.facts[0].parts")]),
        (shared({k: v for k, v in RATED.items() if k != "scale"}), [("MISSING_KEY", "$.facts[0]")]),
        (shared({k: v for k, v in KIND.items() if k != "values"}), [("MISSING_KEY", "$.facts[0]")]),
        (shared({**KIND, "values": OPTIONS * 2}), [("DUPLICATE_ID", f"$.facts[0].values[{i}].id") for i in (2, 3)]),
        (shared({**KIND, "values": [{"id": "none", "title": WORDS}]}), [("BAD_FORMAT", "$.facts[0].values[0].id")]),
        (shared(KIND, scales=(SCALE, SCALE)), [("DUPLICATE_ID", "$.scales[1].id")]),
        (shared(KIND, part_lists=({**SEX, "parts": "open"},)), [("NOT_ONE_OF", "$.part_lists[0].parts")]),
        (shared(number("a", parts="sexes")), [("UNKNOWN_PART_LIST", "$.facts[0].parts")]),
        (shared({**number("a"), "definition": "unknown"}), [("NOT_ONE_OF", "$.facts[0].definition")]),
        (
            shared(number("a", {"sum": ["b", "b"]})),
            [("UNKNOWN_OPERAND", f"$.facts[0].derived.sum[{i}]") for i in (0, 1)],
        ),
        (
            shared(number("a", {"sum": ["a", "a"]})),
            [("DERIVED_FROM_ITSELF", f"$.facts[0].derived.sum[{i}]") for i in (0, 1)],
        ),
        (
            shared(number("a", {"difference": ["b", "c"]}), number("b", {"difference": ["a", "c"]}), number("c")),
            [("DERIVED_FROM_ITSELF", f"$.facts[{i}].derived.difference[0]") for i in (0, 1)],
        ),
        (
            shared(number("a", {"ratio": {"of": "merit", "to": "b"}}), RATED, number("b")),
            [("WRONG_KIND_OF_FACT", "$.facts[0].derived.ratio.of")],
        ),
        (
            shared(number("a", {"ratio": {"of": "b", "to": "b"}}), number("b")),
            [("DERIVED_UNITS", "$.facts[0].derived")],
        ),
        (shared(number("a", {"sum": ["b"]}), number("b")), [("TOO_FEW", "$.facts[0].derived.sum")]),
        (shared(number("a", {"product": ["b", "b"]}), number("b")), None),
        (shared(number("a", {"sum": ["b", "b"]}, parts="sex"), number("b")), [("UNKNOWN_KEY", "$.facts[0].parts")]),
        (
            shared(number("a", {"sum": ["b", "b"]}, "housold"), number("b")),
            [("UNKNOWN_UNIT_OF_FACT", "$.facts[0].unit")],
        ),
    ],
)
def test_wrong_kinds_of_facts(data, expected):
    """What a fact of one kind must or must not say, and what it is derived from, is checked where it stands."""
    found = codes(parse_fact_catalogue, data)
    assert found
    if expected is not None:
        assert found == expected


def test_units_of_what_is_derived():
    """A ratio within one dimension is a share or a number of times, one of two dimensions has a unit called by both."""
    facts = (
        number("green", unit="square_metre"),
        number("people", unit="person"),
        number("green_each", {"ratio": {"of": "green", "to": "people"}}, "hectare_per_person"),
        number("times", {"ratio": {"of": "green", "to": "green"}}, "times"),
        number("share", {"ratio": {"of": "green", "to": "green"}}, "percent"),
    )
    assert len(parse_fact_catalogue(from_plain(catalogue(*facts)))) == len(facts)


# --- instruments ------------------------------------------------------------------------------------------------


def test_instruments():
    """Every field of an instrument is read, its four dates apart."""
    full = {
        **INSTRUMENT,
        "issued": "2016-10-17",
        "published": date(2016, 10, 20),
        "effective_from": "2016-12-01",
        "effective_until": "2022-03-07",
        "evidence": {"issued": "text", "effective_until": "recalled"},
        "replaces": ["491/QĐ-TTg"],
        "sources": ["https://example.org"],
        "note": WORDS,
    }
    assert parse_instruments(from_plain(register(full, {**INSTRUMENT, "id": "4800/QĐ-BCT"}))) == (
        Instrument(
            "1980/QĐ-TTg",
            "decision",
            TEXT,
            TEXT,
            *(date(2016, 10, 17), date(2016, 10, 20), date(2016, 12, 1), date(2022, 3, 7)),
            ("491/QĐ-TTg",),
            ("https://example.org",),
            (("issued", Grade.TEXT), ("effective_until", Grade.RECALLED)),
            TEXT,
        ),
        Instrument("4800/QĐ-BCT", "decision", TEXT, TEXT),
    )


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (register(INSTRUMENT, INSTRUMENT), [("DUPLICATE_ID", "$.instruments[1].id")]),
        (register({**INSTRUMENT, "issued": "2016-02-30"}), [("NOT_A_DATE", "$.instruments[0].issued")]),
        (register({**INSTRUMENT, "issued": "17/10/2016"}), [("BAD_FORMAT", "$.instruments[0].issued")]),
        (
            register({**INSTRUMENT, "evidence": {"issude": "text"}}),
            [("NOT_ONE_OF", "$.instruments[0].evidence.issude")],
        ),
        (register({**INSTRUMENT, "replaces": [["x"]]}), [("WRONG_TYPE", "$.instruments[0].replaces[0]")]),
    ],
)
def test_wrong_instruments(data, expected):
    """What is wrong with an instrument register is reported where it stands."""
    assert codes(parse_instruments, data) == expected


# --- places -----------------------------------------------------------------------------------------------------


def test_places():
    """Maps, regions, provinces and attributes are read."""
    data = copy.deepcopy(REGISTER)
    data["provinces"][0]["predecessors"] = ["vn-1997/province/19"]
    data["attributes"] = {"is_safe_zone": WORDS, "zone": WORDS | {"values": [{"id": "III", "title": WORDS}]}}
    data["external_titles"] = {"urban": {"title": WORDS, "levels": ["commune"]}, "green": {"title": WORDS}}
    read = parse_places(from_plain(data))
    assert read.external_titles == (
        ExternalTitle("external/urban", TEXT, (Level.COMMUNE,)),
        ExternalTitle("external/green", TEXT),
    )
    assert read.external_title("external/green") == read.external_titles[1]
    assert read.external_title("external/blue") is None
    assert read.regions == (("delta", TEXT),)
    assert read.maps == (
        PlaceMap("vn-2008", date(2008, 8, 1), date(2025, 6, 30)),
        PlaceMap("vn-2025", date(2025, 7, 1)),
    )
    assert read.provinces == (
        Province("vn-2008/province/19", "Thái Nguyên", "province", "delta", ("vn-1997/province/19",)),
    )
    assert read.attributes == (PlaceAttribute("is_safe_zone", TEXT), PlaceAttribute("zone", TEXT, (("III", TEXT),)))
    assert read.attribute("zone") == read.attributes[1]
    assert read.attribute("is_safe") is None


def test_wrong_places():
    """What is wrong with a place register is reported where it stands."""
    data = copy.deepcopy(REGISTER)
    data["provinces"] += data["provinces"]
    data["maps"]["vn-2025"] = {"from": "2025-02-30"}
    data["regions"]["delta"] = "Đồng bằng"
    assert sorted(codes(parse_places, data)) == [
        ("DUPLICATE_ID", "$.provinces[1].id"),
        ("NOT_A_DATE", "$.maps.vn-2025.from"),
        ("WRONG_TYPE", "$.regions.delta"),
    ]


# --- anything ---------------------------------------------------------------------------------------------------


@given(
    st.sampled_from(
        [
            (parse_fact_catalogue, catalogue(FACT, STATEMENT)),
            (parse_instruments, register(INSTRUMENT)),
            (parse_places, REGISTER),
        ]
    ).flatmap(lambda pair: st.tuples(st.just(pair[0]), damaged(pair[1]) | plain_data))
)
def test_any_plain_data(given_):
    """Whatever plain data is handed over, there is a register, or a `DocumentError` that renders."""
    parse, data = given_
    found = outcome(lambda: parse(from_plain(data)))
    if isinstance(found, DocumentError):
        assert found.problems
        assert found.render("vi") != found.render("en")
