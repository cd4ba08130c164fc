from __future__ import annotations

import copy
import unicodedata
from datetime import date
from decimal import Decimal

import attrs
import pytest
from hypothesis import given

from criteria_strategies import CATALOGUE, INSTRUMENTS, REGISTER, criteria_sets, damaged, outcome, plain_data
from ntm_rules import CriteriaError, DocumentError, load, read_criteria_set
from ntm_rules.language import (
    document_fingerprint,
    from_plain,
    law_fingerprint,
    parse_criteria_set,
    read_text,
    to_json,
    to_yaml,
    write_criteria_set,
)
from ntm_rules.rulebook import places as packaged_places


def parse(node):
    """Read a criteria set against the small catalogue of these tests."""
    return parse_criteria_set(node, CATALOGUE, INSTRUMENTS, REGISTER)


@given(criteria_sets())
def test_identity(rules):
    """Whatever set a document can hold, document, value and document again are the same, in YAML and in JSON."""
    data = write_criteria_set(rules)
    for node in (from_plain(data), read_text(to_yaml(data)), read_text(to_json(data), json=True)):
        read = parse(node)
        assert read == rules
        assert repr(attrs.evolve(read, fingerprint="")) == repr(rules)
        assert read.fingerprint == law_fingerprint(rules)
        assert write_criteria_set(read) == data


@given(criteria_sets().map(write_criteria_set).flatmap(damaged) | plain_data)
def test_any_plain_data(data):
    """Whatever plain data is handed over, there is a set that can be written, or a `DocumentError`."""
    found = outcome(lambda: parse(from_plain(data)))
    if isinstance(found, DocumentError):
        assert found.problems
        assert found.render("vi") != found.render("en")
    else:
        assert parse(from_plain(write_criteria_set(found))) == found


# --- a small set ------------------------------------------------------------------------------------------------

WORDS = {"vi": "Chữ", "en": "Words"}
DATA = {
    "criteria_set": "commune/standard/2016-2020",
    "title": WORDS,
    "basis": "1980/QĐ-TTg",
    "in_force": {"from": "2016-12-01", "until": "2022-03-07", "evidence": {"from": "text"}, "note": WORDS},
    "counts": {"criteria": 19, "indicators": 49, "evidence": {"criteria": "text", "indicators": "secondary"}},
    "axes": {"region": [{"row": "unit.region"}], "group": [{"row": "unit.region"}]},
    "groups": [{"id": "economy", "title": WORDS}],
    "criteria": [
        {
            "number": "11",
            "title": WORDS,
            "group": "economy",
            "note": WORDS,
            "indicators": [
                {
                    "number": "11",
                    "title": WORDS,
                    "note": WORDS,
                    "require": {
                        "fact": "poverty",
                        "title": WORDS,
                        "at_most": {
                            "by": "region",
                            "red_river_delta": "2 %",
                            "central_highlands": {
                                "unstated": "true",
                                "candidate": {"value": "7 %", "evidence": "recalled", "why": WORDS},
                            },
                        },
                    },
                    "source": {
                        "cite": "Annex, row 11",
                        "evidence": "text",
                        "cells": {"red_river_delta": "secondary"},
                        "doubt": "who_decides",
                        "note": WORDS,
                    },
                }
            ],
        },
        {
            "number": "1",
            "title": WORDS,
            "indicators": [
                {"number": "1.1", "title": WORDS, "require": {"holds": "has_plan"}, "source": {"evidence": "text"}}
            ],
        },
    ],
}
_ABSENT = object()


def changed(path, value):
    """That set with one thing changed; `_ABSENT` takes it away."""
    data = copy.deepcopy(DATA)
    place = data
    for key in path[:-1]:
        place = place[key]
    if value is _ABSENT:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return data


def codes(data):
    """The codes and paths of what is wrong with a set."""
    with pytest.raises(CriteriaError) as caught:
        parse(from_plain(data))
    assert caught.value.render("vi") != caught.value.render("en")
    return sorted((problem.code.name, problem.where.path) for problem in caught.value.problems)


def test_defaults():
    """What a document may leave out has its default: recalled dates and counts, no axes, no groups."""
    data = copy.deepcopy(DATA)
    del data["in_force"]["until"], data["in_force"]["evidence"], data["counts"]["evidence"], data["axes"]
    del data["groups"], data["criteria"][0]
    rules = parse(from_plain(data))
    assert rules.in_force.last_day is None
    assert rules.in_force.first_day == date(2016, 12, 1)
    grades = {rules.in_force.first_grade, rules.in_force.last_grade, rules.counts.criteria_grade}
    assert {grade.value for grade in grades} == {"recalled"}
    assert rules.axes == rules.groups == ()


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"indicators": 3}, [("COUNTS_DIFFER", "warning")]),
        ({"indicators": 3, "surplus": 1}, [("COUNTS_DIFFER", "error")]),
        ({"indicators": 1}, [("COUNTS_DIFFER", "error")]),
        ({"indicators": 1, "surplus": 1}, [("COUNTS_DIFFER", "warning")]),
        ({"indicators": 1, "surplus": 2}, [("COUNTS_DIFFER", "error")]),
        ({"indicators": 2, "surplus": 1}, [("COUNTS_DIFFER", "error")]),
        ({"indicators": 2}, []),
        ({"indicators": "unstated", "surplus": 1}, []),
    ],
)
def test_rows_too_many_are_told(counts, expected):
    """A set may list more rows than the law has if it says by how many; otherwise that is a mistake."""
    node, told = from_plain(DATA | {"counts": {"criteria": 2, **counts}}), []
    if ("COUNTS_DIFFER", "error") in expected:
        with pytest.raises(CriteriaError) as caught:
            parse(node)
        told += caught.value.problems
    else:
        rules = parse_criteria_set(node, CATALOGUE, INSTRUMENTS, REGISTER, warnings=told)
        assert rules.counts.surplus == counts.get("surplus", 0)
        assert parse(from_plain(write_criteria_set(rules))) == rules
    assert [(each.code.name, each.severity.value) for each in told] == expected


def test_the_packaged_set():
    """The packaged set has the right shape, and is the same when it is written and read again."""
    rules = load("commune/standard/2016-2020")
    read = parse_criteria_set(
        from_plain(write_criteria_set(rules)), rules.catalogue, rules.instruments, packaged_places()
    )
    assert read == rules
    assert read.fingerprint == rules.fingerprint


def test_a_set_of_ones_own(tmp_path):
    """A criteria set is read from a file, against the packaged facts, instruments and places."""
    rules = load("commune/standard/2016-2020")
    path = tmp_path / "bo-tieu-chi.yaml"
    path.write_text(to_yaml(write_criteria_set(rules)), encoding="utf-8")
    assert read_criteria_set(path) == rules


CONDITION = {
    "number": "no_debt",
    "title": WORDS,
    "require": {"holds": "has_plan"},
    "source": {"cite": "Article 3", "evidence": "text"},
}


def test_conditions_of_recognition():
    """Conditions stand beside the criteria; they move the law, and a set without them is written as it always was."""
    rules = parse(from_plain(changed(("preconditions",), [CONDITION])))
    assert write_criteria_set(rules)["preconditions"] == [CONDITION]
    assert "preconditions" not in write_criteria_set(parse(from_plain(DATA)))
    assert law_fingerprint(rules) != law_fingerprint(parse(from_plain(DATA)))
    address = "commune/standard/2016-2020#precondition/no_debt"
    assert rules.address(rules["precondition/no_debt"]) == address
    assert rules.local(address) == "precondition/no_debt"


RULE = {
    "row": "group_1",
    "when": {"holds": "unit.is_safe_zone"},
    "source": {"cite": "Article 1", "evidence": "secondary"},
}
OTHERWISE = {"row": "group_2", "otherwise": "true"}


@pytest.mark.parametrize(
    "rules",
    [
        [RULE, OTHERWISE],
        [RULE | {"title": {"vi": "xã nhóm 1", "en": "group 1"}}, {"row": "group_3"}],
        {"rules": [RULE, RULE | {"row": "group_3"}, OTHERWISE], "overlap": "unstated"},
        [RULE | {"row": "red_river_delta"}, {"row": "unit.region"}],
    ],
)
def test_axes_with_conditions(rules):
    """An axis may have conditions, in an order or without one; what is read is written alike, and moves the law."""
    data = changed(("axes", "more"), rules)
    read = parse(from_plain(data))
    assert write_criteria_set(read)["axes"]["more"] == rules
    assert parse(from_plain(write_criteria_set(read))) == read
    plain = parse(from_plain(DATA))
    assert law_fingerprint(read) != law_fingerprint(plain)


def test_the_words_of_a_row_are_no_law():
    """What a row of an axis is called moves only the document's fingerprint."""
    titled = RULE | {"title": {"vi": "xã nhóm 1", "en": "group 1"}}
    plain, words = (parse(from_plain(changed(("axes", "more"), [rule, OTHERWISE]))) for rule in (RULE, titled))
    assert law_fingerprint(plain) == law_fingerprint(words)
    assert document_fingerprint(plain) != document_fingerprint(words)


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("criteria_set",), "commune/standard", [("BAD_FORMAT", "$.criteria_set")]),
        (("criteria_set",), _ABSENT, [("MISSING_KEY", "$")]),
        (("basis",), "1980/QD", [("UNKNOWN_INSTRUMENT", "$.basis")]),
        (("basis",), None, [("WRONG_TYPE", "$.basis")]),
        (("in_force",), {"from": "2016-12-01", "until": "2016-11-30"}, [("DATES_REVERSED", "$.in_force")]),
        (("in_force", "from"), "2016-02-30", [("NOT_A_DATE", "$.in_force.from")]),
        (("in_force", "from"), "2016", [("BAD_FORMAT", "$.in_force.from")]),
        (("in_force",), _ABSENT, [("MISSING_KEY", "$")]),
        (("counts", "criteria"), 1, [("COUNTS_DIFFER", "$.counts")]),
        (("counts", "indicators"), 1, [("COUNTS_DIFFER", "$.counts")]),
        (("counts", "criteria"), "nhiều", [("BAD_FORMAT", "$.counts.criteria")]),
        (("counts",), {}, [("MISSING_KEY", "$.counts")] * 2),
        (("counts",), _ABSENT, [("MISSING_KEY", "$")]),
        (("axes", "region"), [], [("NO_SUCH_FORM", "$.axes.region")]),
        (
            ("axes", "region"),
            [{"row": "unit.region"}, {"row": "year"}],
            [("MISSING_KEY", "$.axes.region[0]"), ("UNKNOWN_ROW", "$.axes.region[1].row")],
        ),
        (("axes", "more"), [RULE | {"row": "year"}, OTHERWISE], [("NOT_ONE_OF", "$.axes.more[0].row")]),
        (("axes", "more"), [{"row": "group_1"}], [("NOT_ONE_OF", "$.axes.more[0].row")]),
        (("axes", "more"), [RULE, {"row": "unit.regoin"}], [("NOT_ONE_OF", "$.axes.more[1].row")]),
        (("axes", "more"), [OTHERWISE, RULE], [("UNKNOWN_KEY", "$.axes.more[0]")]),
        (("axes", "more"), [RULE | OTHERWISE, OTHERWISE], [("NO_SUCH_FORM", "$.axes.more[0]")]),
        (("axes", "more"), [{"when": RULE["when"], "row": "group_1"}], [("MISSING_KEY", "$.axes.more[0]")]),
        (("axes", "more"), [{"when": RULE["when"]}, OTHERWISE], [("MISSING_KEY", "$.axes.more[0]")] * 2),
        (
            ("axes", "more"),
            {"rules": [RULE, {"row": "group_2"}]},
            [("MISSING_KEY", "$.axes.more"), ("MISSING_KEY", "$.axes.more.rules[1]")],
        ),
        (
            ("axes", "more"),
            {"rules": [RULE, {"row": "group_2"}], "overlap": "unstated"},
            [("MISSING_KEY", "$.axes.more.rules[1]")],
        ),
        (
            ("axes", "more"),
            [RULE | {"when": {"fact": "poverty", "at_most": {"by": "group", "group_1": "5 %"}}}, OTHERWISE],
            [("UNKNOWN_AXIS", "$.axes.more[0].when.at_most.by")],
        ),
        (
            ("axes", "region"),
            [RULE | {"row": "red_river_dleta"}, {"row": "unit.region"}],
            [("UNKNOWN_ROW", "$.axes.region[0].row")],
        ),
        (("axes", "more"), [{"row": "unit.regoin"}], [("NOT_ONE_OF", "$.axes.more[0].row")]),
        (("preconditions",), [CONDITION, CONDITION], [("DUPLICATE_NUMBER", "$.preconditions[1].number")]),
        (("preconditions",), [CONDITION | {"require": {}}], [("NO_SUCH_FORM", "$.preconditions[0].require")]),
        (("groups",), _ABSENT, [("UNKNOWN_GROUP", "$.criteria[0].group")]),
        (("criteria", 0, "group"), ["economy"], [("WRONG_TYPE", "$.criteria[0].group")]),
        (("criteria", 1, "number"), "11", [("DUPLICATE_NUMBER", "$.criteria[1].number")]),
        (
            ("criteria", 1, "indicators", 0, "number"),
            "11",
            [("DUPLICATE_NUMBER", "$.criteria[1].indicators[0].number")],
        ),
        (("criteria", 1, "indicators", 0), "11", [("WRONG_TYPE", "$.criteria[1].indicators[0]")]),
        (("criteria", 1, "indicators"), [], [("TOO_FEW", "$.criteria[1].indicators")]),
        (("criteria", 1, "title"), {"vi": "Quy hoạch", "en": None}, [("WRONG_TYPE", "$.criteria[1].title.en")]),
        (("criteria",), [], [("TOO_FEW", "$.criteria")]),
        (("cirteria",), [], [("UNKNOWN_KEY", "$.cirteria")]),
    ],
)
def test_what_is_wrong(path, value, expected):
    """What is wrong with a set is reported once, where it stands."""
    assert codes(changed(path, value)) == expected


def test_empty_numbers():
    """Two numbers that were left empty are each missing, not the same."""
    data = copy.deepcopy(DATA)
    for criterion in data["criteria"]:
        criterion["number"] = None
    assert codes(data) == [("WRONG_TYPE", f"$.criteria[{at}].number") for at in (0, 1)]


def test_twins_know_their_line():
    """A number given twice is reported with the line of the first."""
    text = to_yaml(write_criteria_set(parse(from_plain(DATA)))).replace("number: '1'", "number: '11'")
    with pytest.raises(CriteriaError) as caught:
        parse(read_text(text))
    (problem,) = caught.value.problems
    line = next(at for at, each in enumerate(text.splitlines(), 1) if "number: '11'" in each)
    assert dict(problem.params) == {"number": "11", "first_line": str(line)}


# --- fingerprints -----------------------------------------------------------------------------------------------

SOURCE = ("criteria", 0, "indicators", 0, "source")
REQUIRE = ("criteria", 0, "indicators", 0, "require")
OTHER = {"vi": "Khác", "en": "Other"}
WORDING = [
    (("title",), OTHER),
    (("in_force", "note"), OTHER),
    (("in_force", "note"), _ABSENT),
    (("groups", 0, "title"), OTHER),
    (("criteria", 0, "title"), OTHER),
    (("criteria", 0, "note"), OTHER),
    (("criteria", 0, "group"), _ABSENT),
    (("criteria", 0, "indicators", 0, "title"), OTHER),
    (("criteria", 0, "indicators", 0, "note"), _ABSENT),
    ((*REQUIRE, "title"), OTHER),
    ((*REQUIRE, "at_most", "central_highlands", "candidate", "why"), OTHER),
    ((*SOURCE, "note"), OTHER),
]
LAW = [
    (("criteria_set",), "commune/advanced/2016-2020"),
    (("basis",), "4800/QĐ-BCT"),
    (("in_force", "from"), "2016-12-02"),
    (("in_force", "until"), "2022-03-08"),
    (("in_force", "until"), _ABSENT),
    (("in_force", "evidence"), {"from": "secondary"}),
    (("in_force", "evidence"), {"from": "text", "until": "text"}),
    (("counts", "criteria"), 20),
    (("counts", "indicators"), 50),
    (("counts", "evidence", "criteria"), "recalled"),
    (("axes", "group", 0, "row"), "year"),
    (("axes", "group"), _ABSENT),
    (("criteria", 0, "number"), "12"),
    (("criteria", 0, "indicators", 0, "number"), "12"),
    ((*REQUIRE, "id"), "poor"),
    ((*REQUIRE, "fact"), "water"),
    ((*REQUIRE, "at_most", "by"), "group"),
    ((*REQUIRE, "at_most", "red_river_delta"), "2.1 %"),
    ((*REQUIRE, "at_most", "red_river_delta"), "none"),
    ((*REQUIRE, "at_most", "red_river_delta"), {"decided_by": "province"}),
    ((*REQUIRE, "at_most", "red_river_delta"), {"decided_by": "province", "floor": "2 %"}),
    ((*REQUIRE, "at_most", "central_highlands"), "unstated"),
    ((*REQUIRE, "at_most", "central_highlands", "candidate", "value"), "8 %"),
    ((*REQUIRE, "at_most", "general"), "6 %"),
    ((*REQUIRE, "at_most", "boundary"), "unstated"),
    ((*REQUIRE, "source"), {"evidence": "text"}),
    ((*SOURCE, "in"), "4800/QĐ-BCT"),
    ((*SOURCE, "cite"), "Annex, row 12"),
    ((*SOURCE, "evidence"), "recalled"),
    ((*SOURCE, "cells", "red_river_delta"), "text"),
    ((*SOURCE, "doubt"), _ABSENT),
    (("criteria", 1, "indicators", 0, "require"), {"holds": "has_market"}),
    (("criteria", 1), _ABSENT),
]


def named(value):
    """A readable name for a changed path."""
    return ".".join(map(str, value)) if isinstance(value, tuple) else None


@pytest.mark.parametrize(("path", "value"), WORDING, ids=named)
def test_words_do_not_move_the_law(path, value):
    """Another title or note moves the fingerprint of the document and not that of the law."""
    before, after = parse(from_plain(DATA)), parse(from_plain(changed(path, value)))
    assert after.fingerprint == before.fingerprint
    assert document_fingerprint(after) != document_fingerprint(before)


@pytest.mark.parametrize(("path", "value"), LAW, ids=named)
def test_the_law_moves_both(path, value):
    """Another cell, grade, date, axis, count or citation moves both fingerprints."""
    before, after = parse(from_plain(DATA)), parse(from_plain(changed(path, value)))
    assert after.fingerprint != before.fingerprint
    assert document_fingerprint(after) != document_fingerprint(before)


def test_the_same_law_written_otherwise():
    """Another spelling of a figure, another Unicode form and other places in the file move nothing."""
    before = parse(from_plain(DATA))
    respelt = changed((*REQUIRE, "at_most", "red_river_delta"), "+2.00%")
    respelt["title"] = {"vi": unicodedata.normalize("NFD", WORDS["vi"]), "en": WORDS["en"]}
    for after in (parse(from_plain(respelt)), parse(read_text(to_yaml(write_criteria_set(before))))):
        assert after.fingerprint == before.fingerprint
        assert document_fingerprint(after) == document_fingerprint(before)


def test_facts_are_part_of_the_law():
    """Another unit, range, kind or timelessness of a fact that is used moves the fingerprint; its words do not."""
    before = parse(from_plain(DATA))

    def with_fact(id, **changes):
        facts = tuple(attrs.evolve(fact, **changes) if fact.id == id else fact for fact in CATALOGUE)
        return law_fingerprint(attrs.evolve(before, catalogue=attrs.evolve(CATALOGUE, facts=facts)))

    assert with_fact("poverty", minimum=Decimal("0.00"), maximum=Decimal("1E+2")) == before.fingerprint
    assert with_fact("poverty", title=OTHER, definition=OTHER) == before.fingerprint
    assert with_fact("water", maximum=None) == before.fingerprint
    moved = {
        with_fact("poverty", maximum=Decimal(50)),
        with_fact("poverty", minimum=None),
        with_fact("poverty", unit="hectare"),
        with_fact("has_plan", timeless=False),
    }
    assert len(moved) == 4
    assert before.fingerprint not in moved


def test_what_only_some_facts_have_is_part_of_the_law():
    """A scale, values, parts, a derivation or a missing definition of a fact that is used moves the fingerprint."""
    uses = [
        {"fact": "merit", "at_least": "good"},
        {"fact": "supply", "is": "own"},
        {"for_each": "sex", "fact": "trained", "at_least": "6 %"},
        {"for_each": "content", "fact": "content", "at_least": "6 %"},
        {"fact": "rest_share", "at_least": "6 %"},
        {"fact": "vague", "at_least": "6 %"},
    ]
    before = parse(from_plain(changed(REQUIRE, {"all_of": uses})))

    def with_fact(id, **changes):
        facts = tuple(attrs.evolve(fact, **changes) if fact.id == id else fact for fact in CATALOGUE)
        return law_fingerprint(attrs.evolve(before, catalogue=attrs.evolve(CATALOGUE, facts=facts)))

    merit, supply, trained = (CATALOGUE[fact] for fact in ("merit", "supply", "trained"))
    retitled = tuple(attrs.evolve(option, title=OTHER) for option in supply.values)
    assert with_fact("supply", values=retitled) == before.fingerprint
    assert with_fact("station", scale=merit.scale) == before.fingerprint
    moved = {
        with_fact("merit", scale=attrs.evolve(merit.scale, steps=merit.scale.steps[::-1])),
        with_fact("supply", values=supply.values[:1]),
        with_fact("trained", parts=attrs.evolve(trained.parts, parts=trained.parts.parts[:1])),
        with_fact("content", parts=trained.parts),
        with_fact("rest_share", derived=None),
        with_fact("road", unit="hectare"),
        with_fact("vague", unstated=False),
    }
    assert len(moved) == 7
    assert before.fingerprint not in moved


@given(criteria_sets())
def test_the_fingerprint_is_no_part_of_the_value(rules):
    """Sets that say the same are equal whatever fingerprint they bear; both fingerprints are hashes of one kind."""
    assert attrs.evolve(rules, fingerprint="x") == rules
    assert law_fingerprint(rules) != document_fingerprint(rules)
    for fingerprint in (law_fingerprint(rules), document_fingerprint(rules)):
        assert fingerprint.startswith("sha256:")
        assert len(fingerprint) == 71


def test_warnings():
    """Rows that the law counts and a set does not hold are warnings, for whoever asks; a whole set has none."""
    warnings = []
    assert parse_criteria_set(from_plain(DATA), CATALOGUE, INSTRUMENTS, REGISTER, warnings=warnings)
    assert [(each.code.name, each.severity.value) for each in warnings] == [("COUNTS_DIFFER", "warning")] * 2
    whole = changed(("counts",), {"criteria": 2, "indicators": 2})
    warnings = []
    parse_criteria_set(from_plain(whole), CATALOGUE, INSTRUMENTS, REGISTER, warnings=warnings)
    assert warnings == []
