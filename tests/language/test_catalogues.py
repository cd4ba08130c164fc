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
from ntm_rules.language.nodes import plain
from ntm_rules.rulebook import facts, instruments, places
from ntm_rules.vocabulary.facts import FactDefinition, FactKind
from ntm_rules.vocabulary.instruments import Instrument
from ntm_rules.vocabulary.places import PlaceMap, Province
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
    data["attributes"] = {"is_safe_zone": WORDS}
    read = parse_places(from_plain(data))
    assert read.regions == (("delta", TEXT),)
    assert read.maps == (
        PlaceMap("vn-2008", date(2008, 8, 1), date(2025, 6, 30)),
        PlaceMap("vn-2025", date(2025, 7, 1)),
    )
    assert read.provinces == (
        Province("vn-2008/province/19", "Thái Nguyên", "province", "delta", ("vn-1997/province/19",)),
    )
    assert read.attributes == (("is_safe_zone", TEXT),)


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
