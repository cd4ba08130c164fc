from __future__ import annotations

from decimal import Decimal

import attrs
import pytest

from criteria_strategies import CATALOGUE, INSTRUMENTS, REGISTER
from ntm_rules import CriteriaError, Grade
from ntm_rules.language import from_plain, parse_criteria_set, write_criteria_set
from ntm_rules.language.reading import MAX_DEPTH
from ntm_rules.vocabulary.instruments import Locator, Source
from ntm_rules.vocabulary.places import PlaceAttribute
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.requirements import (
    AllOf,
    AnyOf,
    AppliesWhen,
    AtLeastNOf,
    Authority,
    Candidate,
    Compare,
    DecidedBy,
    Delegated,
    FactMeasure,
    Holds,
    IsOneOf,
    Nothing,
    Sign,
    Table,
    ThresholdOf,
    Unstated,
)
from ntm_rules.vocabulary.text import Text
from revision_strategies import BASE, PLACES

WORDS = {"vi": "Chữ", "en": "Words"}
TEXT = Text("Chữ", "Words")
SIX = Quantity(Decimal(6), "percent")
PLAN, MARKET = Holds(fact="has_plan"), Holds(fact="has_market")
OPEN = DecidedBy(authority=Authority.PROVINCE)


def document(require, source=None):
    """A criteria set of one indicator, as plain data."""
    return {
        "criteria_set": "commune/standard/2016-2020",
        "title": WORDS,
        "basis": "1980/QĐ-TTg",
        "in_force": {"from": "2016-12-01"},
        "counts": {"criteria": 19, "indicators": 49},
        "axes": {"region": [{"row": "unit.region"}], "year": [{"row": "year"}]},
        "criteria": [
            {
                "number": "11",
                "title": WORDS,
                "indicators": [
                    {"number": "11", "title": WORDS, "require": require, "source": source or {"evidence": "text"}}
                ],
            }
        ],
    }


def parse(require, source=None):
    """The only indicator of that set."""
    rules = parse_criteria_set(from_plain(document(require, source)), CATALOGUE, INSTRUMENTS, REGISTER)
    ((_, indicator),) = rules.indicators
    written = write_criteria_set(rules)["criteria"][0]["indicators"][0]
    return indicator, written


def problems(require, source=None):
    """What is wrong with a requirement: codes, paths beneath it, parameters."""
    with pytest.raises(CriteriaError) as caught:
        parse_criteria_set(from_plain(document(require, source)), CATALOGUE, INSTRUMENTS, REGISTER)
    assert caught.value.render("vi") != caught.value.render("en")
    above = "$.criteria[0].indicators[0]"
    return [(each.code.name, each.where.path.removeprefix(above), dict(each.params)) for each in caught.value.problems]


def codes(require, source=None):
    """Only the codes and paths of what is wrong."""
    return [(code, path) for code, path, _ in problems(require, source)]


def poverty(threshold, sign=Sign.AT_MOST, **own):
    """A comparison of the share of poor households."""
    return Compare(measure=FactMeasure("poverty"), sign=sign, threshold=threshold, **own)


def constant(cell):
    """A comparison with one cell."""
    return poverty(Table.constant(cell))


# --- forms ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", Sign)
def test_every_sign(sign):
    """A fact is compared by any sign."""
    read, written = parse({"fact": "poverty", sign.value: "6 %"})
    assert read.require == poverty(Table.constant(SIX), sign)
    assert written["require"] == {"fact": "poverty", sign.value: "6 %"}


@pytest.mark.parametrize(
    ("written", "cell", "again"),
    [
        ("6.00 %", SIX, "6 %"),
        ("none", Nothing(), "none"),
        ("unstated", Unstated(), "unstated"),
        ({"unstated": True}, Unstated(), "unstated"),
        ({"unstated": "true"}, Unstated(), "unstated"),
        (
            {"unstated": "true", "candidate": {"value": "7 %", "evidence": "recalled"}},
            Unstated(Candidate(Quantity(Decimal(7), "percent"), Grade.RECALLED)),
            None,
        ),
        (
            {"unstated": "true", "candidate": {"value": "7 %", "evidence": "secondary", "why": WORDS}},
            Unstated(Candidate(Quantity(Decimal(7), "percent"), Grade.SECONDARY, TEXT)),
            None,
        ),
        ({"decided_by": "province"}, Delegated(Authority.PROVINCE), None),
        ({"decided_by": "ministry", "floor": "6 %"}, Delegated(Authority.MINISTRY, SIX), None),
    ],
)
def test_every_cell(written, cell, again):
    """A cell is a figure, nothing, unstated (perhaps with a candidate), or left to somebody (perhaps above a floor)."""
    read, data = parse({"fact": "poverty", "at_most": written})
    assert read.require == constant(cell)
    assert data["require"]["at_most"] == (written if again is None else again)


@pytest.mark.parametrize(
    ("written", "unit", "value"),
    [
        ("0.036 tỷ đồng/người/năm", "income", "36"),
        ("36000 nghìn đồng/người/năm", "income", "36"),
        ("5 m2", "area", "0.0005"),
    ],
)
def test_thresholds_are_converted(written, unit, value):
    """A threshold is kept in the unit of its fact, normalised."""
    read, _ = parse({"fact": unit, "at_least": written})
    assert str(read.require.threshold.cells[0][1].value) == value


def test_bare_numbers_where_things_are_counted():
    """A bare number is a threshold where its fact counts things."""
    read, data = parse({"fact": "houses", "equals": 0})
    assert read.require.threshold == Table.constant(Quantity(Decimal(0), "house"))
    assert data["require"]["equals"] == "0"


@pytest.mark.parametrize(
    ("written", "node"),
    [
        ({"holds": "has_plan"}, PLAN),
        ({"decided_by": "province"}, OPEN),
        ({"decided_by": "ministry"}, DecidedBy(authority=Authority.MINISTRY)),
        ({"all_of": [{"holds": "has_plan"}, {"holds": "has_market"}]}, AllOf(members=(PLAN, MARKET))),
        ({"any_of": [{"holds": "has_plan"}]}, AnyOf(members=(PLAN,))),
        ({"at_least_n_of": "1", "members": [{"holds": "has_plan"}]}, AtLeastNOf(n=1, members=(PLAN,))),
        (
            {"at_least_n_of": "3", "members": [{"holds": "has_plan"}], "open_list": "true"},
            AtLeastNOf(n=3, members=(PLAN,), open_list=True),
        ),
        (
            {"fact": "water", "at_least": "6 %", "of_which": {"fact": "poverty", "at_most": "6 %"}},
            AllOf(
                members=(
                    Compare(measure=FactMeasure("water"), sign=Sign.AT_LEAST, threshold=Table.constant(SIX)),
                    constant(SIX),
                ),
                of_which=True,
            ),
        ),
        (
            {"all_of": [{"holds": "has_plan"}, {"holds": "has_market"}], "of_which": "true"},
            AllOf(members=(PLAN, MARKET), of_which=True),
        ),
        ({"applies_when": {"holds": "has_plan"}, "decided_by": "province"}, AppliesWhen(condition=PLAN, body=OPEN)),
        (
            {"id": "market", "applies_when": {"holds": "has_plan"}, "holds": "has_market"},
            AppliesWhen(condition=PLAN, body=Holds(id="market", fact="has_market")),
        ),
        (
            {"id": "market", "applies_when": {"holds": "has_plan"}, "require": {"holds": "has_market"}},
            AppliesWhen(id="market", condition=PLAN, body=MARKET),
        ),
        (
            {
                "applies_when": {"holds": "has_plan"},
                "require": {"applies_when": {"holds": "has_market"}, "decided_by": "province"},
            },
            AppliesWhen(condition=PLAN, body=AppliesWhen(condition=MARKET, body=OPEN)),
        ),
        (
            {
                "applies_when": {"holds": "has_plan"},
                "fact": "water",
                "at_least": "6 %",
                "of_which": {"fact": "poverty", "at_most": "6 %"},
            },
            AppliesWhen(
                condition=PLAN,
                body=AllOf(
                    members=(
                        Compare(measure=FactMeasure("water"), sign=Sign.AT_LEAST, threshold=Table.constant(SIX)),
                        constant(SIX),
                    ),
                    of_which=True,
                ),
            ),
        ),
    ],
)
def test_every_form(written, node):
    """Every form is read from its key, and written as it was read."""
    read, data = parse(written)
    assert read.require == node
    assert data["require"] == written


def test_all_of_two_comparisons_is_written_as_the_annex_prints_it():
    """Two comparisons of which the second is a share of the first may be written out; they mean the same."""
    water, poor = {"fact": "water", "at_least": "6 %"}, {"fact": "poverty", "at_most": "6 %"}
    read, data = parse({"all_of": [water, poor], "of_which": True})
    assert data["require"] == water | {"of_which": poor}
    assert parse(data["require"])[0] == read


def test_own_id_title_and_source():
    """A form may have an id, a title and a source of its own."""
    written = {
        "holds": "has_plan",
        "id": "plan",
        "title": WORDS,
        "source": {
            "in": "4800/QĐ-BCT",
            "cite": "Article 2, clause 1",
            "evidence": "recalled",
            "cells": {"red_river_delta": {"2018": "text"}, "general": "secondary"},
            "cells_in": {"red_river_delta": {"2018": "1980/QĐ-TTg"}},
            "doubt": "who_decides",
            "note": WORDS,
        },
    }
    read, data = parse(written)
    cells = ((("red_river_delta", "2018"), Grade.TEXT), (("general",), Grade.SECONDARY))
    source = Source(
        Grade.RECALLED,
        "4800/QĐ-BCT",
        Locator.parse("Article 2, Clause 1"),
        cells,
        cells_in=((("red_river_delta", "2018"), "1980/QĐ-TTg"),),
        doubt="who_decides",
        note=TEXT,
    )
    assert read.require == Holds(id="plan", title=TEXT, source=source, fact="has_plan")
    assert data["require"] == written


def test_tables():
    """A table has a cell for each row of its axes, and may say that its boundary is not stated."""
    written = {
        "by": ["region", "year"],
        "boundary": "unstated",
        "general": "6 %",
        "red_river_delta": {"2018": "6 %", "2019": {"decided_by": "province"}},
        "central_highlands": "none",
    }
    read, data = parse({"fact": "poverty", "at_most": written})
    assert read.require.threshold == Table(
        ("region", "year"),
        (
            (("general",), SIX),
            (("red_river_delta", "2018"), SIX),
            (("red_river_delta", "2019"), Delegated(Authority.PROVINCE)),
            (("central_highlands",), Nothing()),
        ),
        boundary_unstated=True,
    )
    assert data["require"]["at_most"] == written


# --- what can be wrong ------------------------------------------------------------------------------------------

ROWS = {"red_river_delta": "6 %", "central_highlands": "6 %"}


@pytest.mark.parametrize(
    ("threshold", "expected"),
    [
        ({"by": "regoin", **ROWS}, [("UNKNOWN_AXIS", ".by", {"name": "regoin", "nearest": "region"})]),
        ({"by": ["year", "x"], "2018": "6 %"}, [("UNKNOWN_AXIS", ".by[1]", {"name": "x"})]),
        (
            {"by": "region", **ROWS, "red_river_dleta": "6 %"},
            [("UNKNOWN_ROW", ".red_river_dleta", {"name": "red_river_dleta", "nearest": "red_river_delta"})],
        ),
        (
            {"by": "region", "red_river_delta": "6 %"},
            [("ROW_WITHOUT_VALUE", "", {"axis": "region", "row": "central_highlands"})],
        ),
        (
            {"by": "region", "general": "6 %"},
            [("GENERAL_ALONE", "", {"row": "general", "axis": "region"})],
        ),
        (
            {
                "by": ["year", "region"],
                "2018": ROWS,
                "2019": {"general": "6 %", "red_river_delta": "6 %"},
                "2020": "6 %",
            },
            [("ROW_WITHOUT_VALUE", "", {"axis": "region", "row": "2019/central_highlands"})],
        ),
        (
            {"by": "region", **ROWS, "central_highlands": {"2018": "6 %", "general": "6 %"}},
            [
                ("UNKNOWN_ROW", ".central_highlands.2018", {"name": "2018"}),
                ("UNKNOWN_ROW", ".central_highlands.general", {"name": "general"}),
            ],
        ),
        ({"by": "year", "2O18": "6 %", "2019": "6 %"}, [("UNKNOWN_ROW", ".2O18", {"name": "2O18"})]),
        (
            {"by": "region", "boundary": "unstated"},
            [
                ("ROW_WITHOUT_VALUE", "", {"axis": "region", "row": "central_highlands"}),
                ("ROW_WITHOUT_VALUE", "", {"axis": "region", "row": "red_river_delta"}),
                ("TOO_FEW", "", {"least": "3", "found": "2"}),
            ],
        ),
        ({"by": "year", "boundary": "unstated"}, [("TOO_FEW", "", {"least": "3", "found": "2"})]),
        ({"by": {"a": "b"}, **ROWS}, [("WRONG_TYPE", ".by", {"wanted": "text|list", "found": "mapping"})]),
        ("6 ha", [("THRESHOLD_UNIT", "", {"seen": "6 ha", "unit": "percent"})]),
        ("6 kg", [("THRESHOLD_UNIT", "", {"seen": "6 kg", "unit": "percent"})]),
        ("6", [("THRESHOLD_UNIT", "", {"seen": "6", "unit": "percent"})]),
        ("6,5 %", [("BAD_QUANTITY", "", {"seen": "6,5 %", "unit": "percent"})]),
        ("6e1 %", [("BAD_QUANTITY", "", {"seen": "6e1 %", "unit": "percent"})]),
        ("101 %", [("THRESHOLD_OUT_OF_RANGE", "", {"seen": "101 %", "fact": "poverty"})]),
        ("-1 %", [("THRESHOLD_OUT_OF_RANGE", "", {"seen": "-1 %", "fact": "poverty"})]),
        (
            {"decided_by": "province", "floor": "600 %"},
            [("THRESHOLD_OUT_OF_RANGE", ".floor", {"seen": "600 %", "fact": "poverty"})],
        ),
        (
            {"unstated": True, "candidate": {"value": "7 ha", "evidence": "text"}},
            [("THRESHOLD_UNIT", ".candidate.value", {"seen": "7 ha", "unit": "percent"})],
        ),
        (
            {"decided_by": "xã"},
            [("NOT_ONE_OF", ".decided_by", {"found": "xã", "allowed": "province, ministry"})],
        ),
        ({"floor": "6 %"}, [("NO_SUCH_FORM", "", {"allowed": "decided_by | unstated | threshold_of"})]),
        (["6 %"], [("WRONG_TYPE", "", {"wanted": "text|mapping", "found": "list"})]),
    ],
)
def test_wrong_thresholds(threshold, expected):
    """What is wrong with a threshold is reported at the cell, row or axis that is wrong."""
    found = problems({"fact": "poverty", "at_most": threshold})
    assert len(found) == len(expected)
    for code, path, params in expected:
        assert (code, ".require.at_most" + path, params) in found


@pytest.mark.parametrize(
    ("require", "expected"),
    [
        ({"fact": "povery", "at_most": "6 %"}, [("FACT_NOT_IN_CATALOGUE", ".fact")]),
        ({"fact": "has_plan", "at_most": "6 %"}, [("WRONG_KIND_OF_FACT", ".fact")]),
        ({"holds": "poverty"}, [("WRONG_KIND_OF_FACT", ".holds")]),
        ({"holds": None}, [("WRONG_TYPE", ".holds")]),
        ({"fact": "poverty"}, [("NO_SUCH_FORM", "")]),
        ({"fact": "poverty", "at_most": "6 %", "at_least": "6 %"}, [("NO_SUCH_FORM", "")]),
        ({"fact": "poverty", "at_most": "6 %", "units": "percent"}, [("UNKNOWN_KEY", ".units")]),
        (
            {"fact": "poverty", "holds": "has_plan", "at_most": "6 %"},
            [("UNKNOWN_KEY", ".at_most"), ("UNKNOWN_KEY", ".fact"), ("UNKNOWN_KEY", ".holds")],
        ),
        ({"at_least_n_of": 3, "members": [{"holds": "has_plan"}]}, [("TOO_MANY_REQUIRED", "")]),
        ({"at_least_n_of": 0, "members": [{"holds": "has_plan"}]}, [("BAD_FORMAT", ".at_least_n_of")]),
        ({"at_least_n_of": 1}, [("MISSING_KEY", "")]),
        ({"all_of": []}, [("TOO_FEW", ".all_of")]),
        ({"all_of": [{"holds": "has_plan"}] * 3, "of_which": True}, [("NO_SUCH_FORM", ".all_of")]),
        ({"all_of": [{"holds": "has_plan"}], "of_which": "true"}, [("NO_SUCH_FORM", ".all_of")]),
        ({"all_of": ["has_plan"]}, [("WRONG_TYPE", ".all_of[0]")]),
        (
            {"all_of": [{"holds": "has_plna"}, {"any_of": [{"holds": "x"}]}]},
            [("FACT_NOT_IN_CATALOGUE", ".all_of[0].holds"), ("FACT_NOT_IN_CATALOGUE", ".all_of[1].any_of[0].holds")],
        ),
        ({"applies_when": {"holds": "has_plan"}}, [("NO_SUCH_FORM", "")]),
        ({"require": {"holds": "has_plan"}}, [("MISSING_KEY", "")]),
        ({"decided_by": "xã"}, [("NOT_ONE_OF", ".decided_by")]),
        ({"holds": "has_plan", "id": "Quy hoạch"}, [("BAD_FORMAT", ".id")]),
        ({"holds": "has_plan", "title": "Quy hoạch"}, [("WRONG_TYPE", ".title")]),
        ({"holds": "has_plan", "title": {"vi": "Quy hoạch"}}, [("MISSING_KEY", ".title")]),
        ({}, [("NO_SUCH_FORM", "")]),
        ("has_plan", [("WRONG_TYPE", "")]),
    ],
)
def test_wrong_forms(require, expected):
    """What is wrong with a form is reported where it stands, and nothing follows from it."""
    assert sorted(codes(require)) == sorted((code, ".require" + path) for code, path in expected)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ({"in": "1980/QĐ-TTg2", "evidence": "text"}, [("UNKNOWN_INSTRUMENT", ".in")]),
        ({"cite": "Phụ lục", "evidence": "text"}, [("BAD_CITATION", ".cite")]),
        ({"cite": ["Annex"], "evidence": "text"}, [("WRONG_TYPE", ".cite")]),
        ({"evidence": "unstated"}, [("NOT_ONE_OF", ".evidence")]),
        ({"cite": "Annex"}, [("MISSING_KEY", "")]),
        ({"evidence": "text", "cells": {}}, [("TOO_FEW", ".cells")]),
        ({"evidence": "text", "cells": {"general": "A"}}, [("NOT_ONE_OF", ".cells.general")]),
        ({"evidence": "text", "cells": {"a": {"b": ["text"]}}}, [("NOT_ONE_OF", ".cells.a.b")]),
        ({"evidence": "text", "cells_in": {"general": "1980/QD"}}, [("UNKNOWN_INSTRUMENT", ".cells_in.general")]),
        ({"evidence": "text", "doubt": "all"}, [("NOT_ONE_OF", ".doubt")]),
    ],
)
def test_wrong_sources(source, expected):
    """What is wrong with a source is reported where it stands."""
    assert codes({"holds": "has_plan"}, source) == [(code, ".source" + path) for code, path in expected]


def test_deep_nesting():
    """A requirement as deeply nested as a file may be is read and written."""
    require = {"holds": "has_plan"}
    for _ in range(26):
        require = {"all_of": [require]}
    assert parse(require)[1]["require"] == require
    require = {"holds": "has_plan"}
    for _ in range(MAX_DEPTH - 7):
        require = {"id": "x", "applies_when": {"holds": "has_market"}, "require": require}
    assert parse(require)[1]["require"] == require
    threshold = "6 %"
    for _ in range(MAX_DEPTH - 8):
        threshold = {"x": threshold}
    assert {code for code, _ in codes({"fact": "poverty", "at_most": {"by": "region", **ROWS, "x": threshold}})} == {
        "UNKNOWN_ROW"
    }


# --- the place itself -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "require",
    [
        {"holds": "unit.is_safe_zone"},
        {"unit": "zone", "is": "II"},
        {"unit": "region", "is_one_of": ["red_river_delta", "central_highlands"]},
        {"unit": "kind", "is": "special_zone", "id": "part", "title": WORDS},
    ],
)
def test_what_the_place_must_be(require):
    """A requirement may ask what is known of the place itself, and no fact; it is written as it was read."""
    indicator, written = parse(require)
    assert written["require"] == require
    assert indicator.require.facts == ()


def test_a_category_fact_is_a_fact():
    """The same form about a fact asks for that fact."""
    assert IsOneOf(subject="class", values=("a",), of_place=False).facts == ("class",)


@pytest.mark.parametrize(
    ("require", "code", "path", "near"),
    [
        ({"holds": "unit.is_safezone"}, "UNKNOWN_ATTRIBUTE", ".require.holds", "unit.is_safe_zone"),
        ({"holds": "unit.zone"}, "UNKNOWN_ATTRIBUTE", ".require.holds", "unit.is_safe_zone"),
        ({"unit": "zoen", "is": "I"}, "UNKNOWN_ATTRIBUTE", ".require.unit", "zone"),
        ({"unit": "is_safe_zone", "is": "yes"}, "UNKNOWN_ATTRIBUTE", ".require.unit", None),
        ({"unit": "zone", "is_one_of": ["I", "IIII"]}, "UNKNOWN_ATTRIBUTE_VALUE", ".require.is_one_of[1]", "II"),
        ({"unit": "region", "is": "south"}, "UNKNOWN_ATTRIBUTE_VALUE", ".require.is", None),
        ({"unit": "zone"}, "NO_SUCH_FORM", ".require", None),
        ({"unit": "zone", "is": "I", "is_one_of": ["II"]}, "NO_SUCH_FORM", ".require", None),
        ({"unit": "zone", "is_one_of": []}, "TOO_FEW", ".require.is_one_of", None),
        ({"unit": "zone", "is_one_of": [["I"]]}, "WRONG_TYPE", ".require.is_one_of[0]", None),
        ({"unit": None, "is": "I"}, "WRONG_TYPE", ".require.unit", None),
    ],
)
def test_what_no_place_can_be(require, code, path, near):
    """What is asked of the place must be an attribute that there is, and a value that it can have."""
    ((found, where, params),) = problems(require)
    assert (found, where, params.get("nearest")) == (code, path, near)


def test_many_values_are_not_all_listed():
    """Of an attribute with many values a sentence lists the first few."""
    many = PlaceAttribute("zone", TEXT, tuple((f"z{at}", TEXT) for at in range(13)))
    register = attrs.evolve(REGISTER, attributes=(many,))
    with pytest.raises(CriteriaError) as caught:
        parse_criteria_set(from_plain(document({"unit": "zone", "is": "z99"})), CATALOGUE, INSTRUMENTS, register)
    assert dict(caught.value.problems[0].params)["values"].endswith("z11, …")


# --- thresholds of other rows -----------------------------------------------------------------------------------

OTHER = "commune/advanced/2021-2025#10/10"


@pytest.mark.parametrize(
    ("written", "cell"),
    [
        ({"threshold_of": OTHER, "times": "1.1"}, ThresholdOf(OTHER, Decimal("1.1"))),
        (
            {"threshold_of": OTHER, "times": "1.10", "part": ["rural", 2]},
            ThresholdOf(OTHER, Decimal("1.1"), ("rural", "2")),
        ),
        ({"threshold_of": OTHER}, ThresholdOf(OTHER)),
    ],
)
def test_a_multiple_of_another_threshold(written, cell):
    """A threshold, or a cell of a table, may be a multiple of another row's; one is the factor unless stated."""
    for threshold in (written, {"by": "region", "red_river_delta": written, "central_highlands": "5 %"}):
        indicator, again = parse({"fact": "poverty", "at_most": threshold})
        assert cell in [each for _, each in indicator.require.threshold.cells]
        assert parse(again["require"])[0] == indicator
        assert indicator.require.refers_to == (OTHER,)
        assert indicator.require.may_drop


@pytest.mark.parametrize(
    ("written", "code", "path"),
    [
        ({"threshold_of": "10/10"}, "BAD_FORMAT", ".require.at_most.threshold_of"),
        ({"threshold_of": OTHER, "times": "-1"}, "BAD_FORMAT", ".require.at_most.times"),
        ({"threshold_of": OTHER, "times": "1,1"}, "BAD_FORMAT", ".require.at_most.times"),
        ({"threshold_of": "commune/standard/2016-2020#12"}, "UNKNOWN_ADDRESS", ".require"),
        ({"threshold_of": "commune/standard/2016-2020#11"}, "CIRCULAR", ".require"),
    ],
)
def test_what_is_no_multiple(written, code, path):
    """An address must be written in full and lead to a row that is there, and never back."""
    ((found, where, _),) = problems({"fact": "poverty", "at_most": written})
    assert (found, where) == (code, path)


@pytest.mark.parametrize(
    "require",
    [
        {"attains": "commune/advanced/2021-2025"},
        {"attains": "commune/advanced/2021-2025#10"},
        {"recognised_as": "commune/advanced/2021-2025"},
        {"recognised_as": "commune/advanced/2021-2025", "or_higher": "true"},
        {"when": {"holds": "has_plan"}, "then": {"holds": "has_market"}, "otherwise": {"decided_by": "province"}},
    ],
)
def test_sets_titles_and_branches(require):
    """What is attained now, a title, and branches are written as they were read."""
    assert parse(require)[1]["require"] == require


@pytest.mark.parametrize(
    ("require", "code", "path"),
    [
        ({"attains": "commune/standard/2016-2020"}, "CIRCULAR", ".require"),
        ({"attains": "commune/standard/2016-2020#11/11"}, "CIRCULAR", ".require"),
        ({"attains": "commune/standard/2016-2020#12"}, "UNKNOWN_ADDRESS", ".require"),
        ({"attains": "commune"}, "BAD_FORMAT", ".require.attains"),
        ({"recognised_as": "commune/standard/2016-2020#11"}, "BAD_FORMAT", ".require.recognised_as"),
        ({"recognised_as": None}, "WRONG_TYPE", ".require.recognised_as"),
        ({"when": {"holds": "has_plan"}, "then": {"holds": "has_market"}}, "MISSING_KEY", ".require"),
    ],
)
def test_what_can_not_be_attained(require, code, path):
    """A set that asks for itself, a row that is not there and an address in another form are refused."""
    ((found, where, _),) = problems(require)
    assert (found, where) == (code, path)


def test_rows_that_lead_to_one_another():
    """Several ways to one row are no circle; a row that only leads to a circle is not blamed for it."""

    def leads(**to):
        document = write_criteria_set(BASE)
        for criterion in document["criteria"]:
            for indicator in criterion["indicators"]:
                rows = to.get(f"row_{indicator['number'].replace('.', '_')}")
                if rows:
                    members = [{"attains": f"{BASE.id}#{row}"} for row in rows]
                    indicator["require"] = {"any_of": members}
        return from_plain(document)

    def parsed(node):
        return parse_criteria_set(node, BASE.catalogue, BASE.instruments, PLACES)

    two_ways = {"row_1_1": ["2/2.2", "3/3"], "row_2_2": ["1/1.2"], "row_3": ["1/1.2"]}
    assert parsed(leads(**two_ways))["1.1"].require.refers_to == ()
    with pytest.raises(CriteriaError) as refused:
        parsed(leads(**two_ways, row_1_2=["2/2.2"]))
    chains = {dict(problem.params)["chain"] for problem in refused.value.problems}
    assert chains == {"2/2.2 → 1/1.2 → 2/2.2", "1/1.2 → 2/2.2 → 1/1.2"}


def test_only_figures_are_printed_as_a_share_of_one_another():
    """The short form of "trong đó" is for two figures that are compared; of anything else both parts are listed."""
    supply = {"fact": "supply", "is": "own"}
    poverty = {"fact": "poverty", "at_most": "5 %"}
    for members in ([supply, poverty], [poverty, supply]):
        written = {"all_of": members, "of_which": "true"}
        assert parse(written)[1]["require"] == written
