from __future__ import annotations

import re
import runpy
from collections import Counter
from pathlib import Path

import pytest

import ntm_rules as ntm
from cells import SOURCES, differences, read_rows, read_trees
from ntm_rules.rulebook import editions, set_names
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.places import Level
from ntm_rules.vocabulary.quantities import UNITS
from ntm_rules.vocabulary.requirements import Sign

ROOT = Path(__file__).parents[2]

ROWS, TREES = read_rows(), read_trees()

#: Sets of cells.csv whose data is not packaged yet. A set that comes is taken out here.
NOT_PACKAGED_YET = (
    "commune/advanced/2021-2025",
    "commune/model/2018-2020",
    "commune/model/2021-2025",
    "commune/standard/2021-2025",
    "commune/standard/2026-2030",
)

#: Units of the sheets that the unit table lacks: no fact is counted in them yet.
NOT_IN_THE_UNIT_TABLE = (
    "cooperative",
    "field",
    "level",
    "litre_per_person_day",
    "model",
    "organisation",
    "rating",
    "school",
    "team_per_village",
    "village_model",
)

#: The editions that can be compared.
EDITIONS = [rules for name in set_names() if name in {row["set"] for row in ROWS} for rules in editions(name)]

of_every_edition = pytest.mark.parametrize("rules", EDITIONS, ids=lambda rules: rules.edition)


def day_of(rules):
    """The first day in force of an edition, by which cells.csv names it."""
    return rules.in_force.first_day.isoformat()


def rows_of(rules):
    """The rows of one edition."""
    return [row for row in ROWS if (row["set"], row["edition"]) == (str(rules.id), day_of(rules))]


@pytest.fixture(scope="module")
def script():
    """The script that writes cells.csv."""
    return runpy.run_path(str(ROOT / "tools" / "normalise_sheets.py"))


# --- the table --------------------------------------------------------------------------------------------------


def test_cells_are_what_the_script_reads_in_the_sheets(script):
    """The table holds what the sheets and the exceptions say, byte for byte (else: make cells)."""
    assert (SOURCES / "cells.csv").read_bytes().decode() == script["text"]()


def test_every_row_is_well_formed():
    """A row holds a value, or is left to somebody, or is open; only an open one has a candidate."""
    directions = {sign.value for sign in Sign} | {"met"}
    units, grades = {*UNITS, *NOT_IN_THE_UNIT_TABLE, ""}, {grade.value for grade in Grade}
    for row in ROWS:
        assert row["unit"] in units
        assert row["direction"] in directions or row["set"] == "commune/standard/2026-2030"
        assert re.fullmatch(r"|met|none|Khá|[0-9]+(\.[0-9]*[1-9])?", row["value"])
        assert (row["value"] == "met") <= (row["direction"] == "met")
        assert row["grade"] in ({""} if row["value"] == "none" else grades)
        if row["grade"] == "unstated":
            assert not row["value"]
        else:
            assert row["value"] or row["decided_by"] in ("province", "ministry")
            assert not row["candidate_value"]
        assert bool(row["candidate_value"]) == bool(row["candidate_grade"])
        assert row["source_url"].startswith("http") or not row["source_url"]
    assert {row["unit"] for row in ROWS} >= set(NOT_IN_THE_UNIT_TABLE)


@pytest.mark.parametrize(
    ("name", "edition", "counted"),
    [
        ("commune/standard/2010-2015", "2009-04-16", {"text": 114, "secondary": 24, "recalled": 174}),
        ("commune/standard/2010-2015", "2013-02-20", {"text": 158, "secondary": 14, "recalled": 172}),
        (
            "commune/standard/2016-2020",
            "2016-12-01",
            {"text": 93, "secondary": 121, "recalled": 183, "unstated": 35},
        ),
        ("commune/model/2018-2020", "2018-06-05", {"text": 4, "secondary": 12, "recalled": 3, "unstated": 1}),
    ],
)
def test_as_many_cells_as_the_sheets_count(name, edition, counted):
    """The cells by grade, candidates by their own, are as many as the sheets count at their ends."""
    found = Counter(
        row["candidate_grade"] or row["grade"]
        for row in ROWS
        if (row["set"], row["edition"]) == (name, edition) and row["part"] in ("", "clean_water")
    )
    assert found == counted


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda row: row.update(remark="x"), "nobody reads remark"),
        (lambda row: row["thresholds"]["general"].update(remark="x"), "nobody reads remark"),
        (lambda row: row["thresholds"]["general"].update(value="7,5"), "not a figure"),
        (lambda row: row["thresholds"]["general"].update(value="met"), "a yes or no where a figure is due"),
        (lambda row: row["thresholds"]["general"].update(value="by_province"), "a province that does not decide"),
        (lambda row: row["thresholds"]["general"].update(believed="7"), "another figure than the one believed"),
        (lambda row: row.update(sub_conditions="in words"), "no exception says what it means"),
        (lambda row: row.update(thresholds={"regions": "as one likes"}), "regions: as one likes"),
    ],
)
def test_what_nobody_reads_is_refused(script, change, told):
    """A sheet that says what neither the rules nor the exceptions know is refused, not passed over."""
    (sheet,) = (each for each in script["SHEETS"] if each.key == "commune-2016-2020")
    data, exceptions = script["load"]("2016-2020.yaml"), script["load"]("exceptions.yaml")["exceptions"]
    (found,) = (each for each in data["sets"] if each["key"] == sheet.key)
    change(found["criteria"][2]["indicators"][0])
    read = script["rows_of_sheet"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(read.__globals__, "load", lambda _: data)
        rulings = script["Rulings"](exceptions)
        with pytest.raises(ValueError, match=told):
            list(read(sheet, rulings, {}))


def test_an_exception_of_no_use_is_refused(script):
    """An exception that finds nothing to change is an error, so that none outlives its reason."""
    idle = {"set": "commune/standard/2016-2020", "address": "9/9.9", "reads": {"value": "1"}, "why": "of old"}
    read, load = script["read_all"], script["load"]
    more = load("exceptions.yaml")
    more["exceptions"].append(idle)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(read.__globals__, "load", lambda name: more if name == "exceptions.yaml" else load(name))
        with pytest.raises(ValueError, match="of no use"):
            read()


def test_every_exception_has_its_reason(script):
    """Each exception and each tree says why."""
    assert all(each["why"].strip() for each in [*script["load"]("exceptions.yaml")["exceptions"], *TREES])


# --- against what is packaged -----------------------------------------------------------------------------------


def test_no_set_is_passed_over():
    """Every commune set that is packaged is compared, in as many editions as the sheets tell of."""
    packaged, told = set(set_names()), {row["set"] for row in ROWS}
    assert told - packaged == set(NOT_PACKAGED_YET)
    assert list(NOT_PACKAGED_YET) == sorted(set(NOT_PACKAGED_YET))
    assert {name for name in packaged if ntm.load(name).id.level is Level.COMMUNE} <= told
    compared = {(str(rules.id), day_of(rules)) for rules in EDITIONS}
    assert compared == {(row["set"], row["edition"]) for row in ROWS if row["set"] in packaged}


@of_every_edition
def test_every_cell_is_encoded_and_no_other(rules):
    """Value, unit, direction, grade, doubt, mandate and candidate agree cell by cell, and neither side has more."""
    assert differences(rules, ROWS, TREES) == []


@of_every_edition
def test_the_comparison_needs_every_row(rules):
    """Without any one indicator's rows, or with a part or a year more, the comparison fails."""
    own = rows_of(rules)
    for address in dict.fromkeys(row["address"] for row in own):
        assert differences(rules, [row for row in own if row["address"] != address], TREES)
        more = [row | {"part": "more"} for row in own if (row["address"], row["part"]) == (address, "")]
        assert differences(rules, own + more, TREES)
        later = [row | {"year": "1999"} if row["address"] == address else row for row in own]
        assert differences(rules, later, TREES)


@of_every_edition
def test_the_comparison_needs_every_field(rules):
    """A row that says anything else, in any field that is compared, is noticed."""
    changes = {"value": "7", "direction": "less_than", "grade": "text", "doubt": "other", "candidate_grade": "text"}
    own = rows_of(rules)
    for at, row in enumerate(own):
        if at % 41:  # a sample, as each comparison is of the whole set
            continue
        for column, other in changes.items():
            if row[column] == other or (row["value"] == "none" and column in ("grade", "doubt", "candidate_grade")):
                continue
            changed = [*own[:at], row | {column: other}, *own[at + 1 :]]
            assert differences(rules, changed, TREES), (row, column)


def test_a_level_may_be_stated():
    """A cell of a scale is matched by a yes/no condition of its grade, if its tree says so, and not else."""
    rules, level = ntm.load("commune/standard/2016-2020"), {"value": "2", "unit": "level", "direction": "at_least"}
    rows = [row | level if row["address"] == "18/18.2" else row for row in rows_of(rules)]
    tree = {"set": str(rules.id), "address": "18/18.2", "parts": {"": "."}, "stated": [""], "form": "cell", "why": "…"}
    assert differences(rules, rows, [*TREES, tree]) == []
    assert differences(rules, rows, TREES)
    worse = [row | {"grade": "text"} if row["address"] == "18/18.2" else row for row in rows]
    assert differences(rules, worse, [*TREES, tree])


def test_a_group_may_hold_what_the_row_says():
    """Where a row is met by its parts, its own cell is held by the group; a part that asks nothing yields to others."""
    rules = ntm.load("commune/standard/2016-2020")
    own = rows_of(rules)
    hygienic = [row for row in own if (row["address"], row["part"]) == ("17/17.1", "")]
    silent = [row | {"part": "silent", "value": "none"} for row in hygienic]
    nodes = {"": "1", "clean_water": "2", "silent": "1"}
    tree = {"set": str(rules.id), "address": "17/17.1", "form": "all_of(cell, cell)", "why": "…"}
    assert differences(rules, own + silent, [*TREES, tree | {"parts": nodes}]) == []
    assert differences(rules, own + silent, [*TREES, tree | {"parts": nodes | {"silent": "2", "": ["1", "2"]}}])
    with_whole = [*TREES, tree | {"parts": {"": "1", "clean_water": "2", "whole": "."}}]
    for grade, agree in (("text", True), ("recalled", False)):
        said = {"part": "whole", "value": "met", "unit": "", "direction": "met", "grade": grade}
        whole = [row | said | {"candidate_value": "", "candidate_grade": ""} for row in hygienic]
        assert (differences(rules, own + whole, with_whole) == []) is agree


def test_every_tree_is_needed():
    """No requirement is matched by an exception that matches without it."""
    for tree in TREES:
        assert tree["why"]
        for rules in EDITIONS:
            if str(rules.id) == tree["set"] and day_of(rules) in tree.get("editions", [day_of(rules)]):
                assert differences(rules, ROWS, [each for each in TREES if each is not tree])
