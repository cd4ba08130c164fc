from __future__ import annotations

import re
import runpy
from collections import Counter
from decimal import Decimal
from pathlib import Path

import attrs
import pytest

import ntm_rules as ntm
from cells import (
    CELLS_AS_OF,
    OF_A_SCALE,
    SOURCES,
    by_number,
    differences,
    edition_of,
    is_of,
    leaves,
    outline,
    read_rows,
    read_trees,
    rows_of_set,
    source_at,
)
from ntm_rules.rulebook import editions, set_names
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.places import Level
from ntm_rules.vocabulary.quantities import UNITS, Quantity
from ntm_rules.vocabulary.requirements import (
    AllOf,
    AtRecognition,
    Attains,
    Collection,
    Compare,
    DecidedBy,
    Every,
    ForEachYear,
    Holds,
    IsOneOf,
    PreviousYear,
    RatioMeasure,
    Reading,
    RecognisedAs,
    RowMeasure,
    Rows,
    Sign,
    SubPlaceMeasure,
    Table,
    Unstated,
)

ROOT = Path(__file__).parents[2]

ROWS, TREES = read_rows(), read_trees()

#: Sets of cells.csv whose data is not packaged yet. A set that comes is taken out here.
NOT_PACKAGED_YET = ()

#: Parts of sets above the commune that their sheets count: listed conditions, and one of two things that one cell says.
PARTS_COUNTED = ("1", "men", "market", "party_committee")

#: Conditions that other parts of the sheets tell of, which they do not count.
CONDITIONS_NOT_COUNTED = (
    "precondition/no_debt",
    "precondition/registration",
)

#: Sets that are packaged and have no table in the sheets: nothing but what the provinces are to write.
WITHOUT_A_TABLE = (
    "commune/modern/2026-2030",
    "village/model/2018-2020",
    "village/smart/2021-2025",
    "village/standard/2018-2020",
    "village/standard/2021-2025",
)

#: How many rows of cells.csv each edition is compared with, or will be once it is packaged.
ROWS_COMPARED = {
    "commune/advanced/2021-2025@2022-03-08": 696,
    "commune/advanced/2021-2025@2024-03-01": 688,
    "commune/advanced/2021-2025@2024-03-07": 688,
    "commune/model/2018-2020@2018-06-05": 20,
    "commune/model/2021-2025@2022-03-08": 12,
    "commune/model/2021-2025@2024-03-07": 12,
    "commune/standard/2010-2015@2009-04-16": 320,
    "commune/standard/2010-2015@2013-02-20": 352,
    "commune/standard/2010-2015@2014-03-14": 352,
    "commune/standard/2016-2020@2016-12-01": 448,
    "commune/standard/2021-2025@2022-03-08": 608,
    "commune/standard/2021-2025@2024-03-01": 632,
    "commune/standard/2021-2025@2024-03-07": 632,
    "commune/standard/2026-2030@2026-02-15": 24,
    "district/advanced/2021-2025@2022-03-08": 41,
    "district/advanced/2021-2025@2024-03-01": 42,
    "district/advanced/2021-2025@2024-03-07": 43,
    "district/special/2021-2025@2024-03-01": 11,
    "district/standard/2010-2015@2009-04-16": 1,
    "district/standard/2010-2015@2014-03-14": 6,
    "district/standard/2016-2020@2016-04-05": 24,
    "district/standard/2021-2025@2022-03-08": 51,
    "district/standard/2021-2025@2024-03-01": 51,
    "district/standard/2021-2025@2024-03-07": 52,
    "district/task_completed/2016-2020@2016-04-05": 2,
    "district/task_completed/2021-2025@2022-03-08": 11,
    "district/task_completed/2021-2025@2024-03-07": 12,
    "province/standard/2010-2015@2009-04-16": 1,
    "province/standard/2010-2015@2014-03-14": 7,
    "province/task_completed/2020@2020-08-19": 6,
    "province/task_completed/2021-2025@2022-03-08": 8,
    "province/task_completed/2026-2030@2026-02-15": 6,
    "renewal/commune/standard/2010-2015@2014-03-14": 2,
    "renewal/district/standard/2010-2015@2014-03-14": 2,
    "renewal/province/standard/2010-2015@2014-03-14": 2,
    "revocation/commune/advanced/2021-2025@2022-08-02": 3,
    "revocation/commune/advanced/2021-2025@2024-03-07": 1,
    "revocation/commune/model/2021-2025@2022-08-02": 3,
    "revocation/commune/model/2021-2025@2024-03-07": 1,
    "revocation/commune/standard/2021-2025@2022-08-02": 3,
    "revocation/commune/standard/2021-2025@2024-03-07": 1,
    "revocation/district/advanced/2021-2025@2022-08-02": 4,
    "revocation/district/advanced/2021-2025@2024-03-07": 1,
    "revocation/district/standard/2021-2025@2022-08-02": 4,
    "revocation/district/standard/2021-2025@2024-03-07": 1,
}

#: The editions that can be compared.
EDITIONS = [rules for name in set_names() if name in {row["set"] for row in ROWS} for rules in editions(name)]

of_every_edition = pytest.mark.parametrize("rules", EDITIONS, ids=lambda rules: rules.edition)


def rows_of(rules):
    """The rows of one edition."""
    return [row for row in ROWS if (row["set"], row["edition"]) == (str(rules.id), edition_of(rules))]


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
    units, grades = {*UNITS, *OF_A_SCALE, ""}, {grade.value for grade in Grade}
    for row in ROWS:
        assert row["unit"] in units
        assert row["direction"] in directions or row["set"] == "commune/standard/2026-2030"
        words = {"rating": "Đạt|Khá|Hoàn thành tốt nhiệm vụ", "class": "Loại (III|IV)|Hạng 2"}
        written = words.get(row["unit"], r"met|none|[0-9]+(\.[0-9]*[1-9])?")
        assert all(re.fullmatch(rf"|{written}", row[column]) for column in ("value", "candidate_value"))
        assert (row["value"] == "met") <= (row["direction"] == "met")
        assert row["grade"] in ({""} if row["value"] == "none" else grades)
        if row["grade"] == "unstated":
            assert not row["value"]
        else:
            assert row["value"] or row["decided_by"] in ("province", "ministry")
            assert not row["candidate_value"]
        assert bool(row["candidate_value"]) == bool(row["candidate_grade"])
        assert row["source_url"].startswith("http") or not row["source_url"]
    assert {row["unit"] for row in ROWS} >= set(OF_A_SCALE)


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
        # The sheet counts 7, 0, 7, 0: without the two conditions beside them (A; B of a candidate).
        ("district/standard/2016-2020", "2016-04-05", {"text": 8, "secondary": 1, "recalled": 7}),
        # 1, 1, 2, 1: with one open cell of what is six candidates here, by the class of the town.
        ("district/task_completed/2021-2025", "2022-03-08", {"text": 1, "secondary": 1, "recalled": 8}),
        ("province/task_completed/2021-2025", "2022-03-08", {"text": 8}),
        ("province/task_completed/2026-2030", "2026-02-15", {"text": 3}),
        # The sheet counts 11, 1, 33, 1: with the condition that is the set itself (A), 2.1 as one cell (A), the two
        # years of 9.3 (C), and 5.3 by its own grade (C), of which nothing ships.
        (
            "district/standard/2021-2025",
            "2022-03-08",
            {"text": 9, "secondary": 1, "recalled": 31, "unstated": 2},
        ),
        # 0, 9, 25, 4: with 1.2 by its own grade (B), of which nothing ships.
        ("district/advanced/2021-2025", "2022-03-08", {"secondary": 8, "recalled": 25, "unstated": 5}),
        # 9, 1, 0, 1: with the condition that is the set itself (A), and 2.3 by its own grade (B).
        ("district/special/2021-2025", "2024-03-01", {"text": 8, "unstated": 2}),
    ],
)
def test_as_many_cells_as_the_sheets_count(name, edition, counted):
    """The cells by grade, candidates by their own, are as many as the sheets count at their ends, or differ as said."""
    found = Counter(
        row["candidate_grade"] or row["grade"]
        for row in ROWS
        if (row["set"], row["edition"]) == (name, edition)
        and row["part"] in ("", "clean_water", *(() if name.startswith("commune/") else PARTS_COUNTED))
        and row["address"] not in CONDITIONS_NOT_COUNTED
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
        (lambda row: row.update(sub_conditions=[{"value": "1", "remark": "x"}]), "condition 1: nobody reads remark"),
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


CONDITION = {"text": "…", "grade": "A", "evidence": []}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda found: found.update(remark="x"), "nobody reads remark"),
        (lambda found: found["criteria"][0].update(remark="x"), "nobody reads remark"),
        (lambda found: found["criteria"][0].update(condition="x"), "1/1.2: condition: no exception"),
        (lambda found: found["preconditions"][0].update(remark="x"), "nobody reads remark"),
        (lambda found: found["preconditions"][0].pop("value"), "a condition in words: no exception"),
        (lambda found: found["preconditions"][0].update(value="all"), "a condition in words: no exception"),
        (lambda found: found["preconditions"][0].update(grade="A for most"), "a condition in words: no exception"),
        (lambda found: found["preconditions"][0].update(value=["30", "50"]), "nobody reads >="),
        (lambda found: found["preconditions"][3]["sub_conditions"][0].pop("value"), "sub_conditions: no exception"),
        (lambda found: found["preconditions"].append(CONDITION), "something without a number has no key"),
        (lambda found: found["preconditions"].pop(), "keys of nothing"),
    ],
)
def test_conditions_that_nobody_reads_are_refused(script, change, told):
    """A set above the commune is read whole: its conditions, its criteria and what it says of itself."""
    (sheet,) = (each for each in script["SHEETS"] if each.key == "district-2021-2025")
    data, exceptions = script["load"](f"{sheet.file}.yaml"), script["load"]("exceptions.yaml")
    (found,) = (each for each in data["sets"] if each["key"] == sheet.key)
    change(found)
    read, rulings = script["rows_of_sheet"], script["Rulings"](exceptions["exceptions"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(read.__globals__, "load", lambda _: data)
        with pytest.raises(ValueError, match=told):
            list(read(sheet, rulings, exceptions["keys"]))


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
    """Every set that is packaged is compared, in as many editions as the sheets tell of."""
    packaged, told = set(set_names()), {row["set"] for row in ROWS}
    assert told - packaged == set(NOT_PACKAGED_YET)
    assert list(NOT_PACKAGED_YET) == sorted(set(NOT_PACKAGED_YET))
    assert packaged - told == set(WITHOUT_A_TABLE)
    compared = {(str(rules.id), edition_of(rules)) for rules in EDITIONS}
    assert compared == {(row["set"], row["edition"]) for row in ROWS if row["set"] in packaged}


@pytest.mark.parametrize("name", WITHOUT_A_TABLE)
def test_a_set_without_a_table_holds_no_cell(name):
    """A set that no row of cells.csv tells of asks for nothing but what the provinces decide."""
    for rules in editions(name):
        assert all(isinstance(node, DecidedBy) for _, row in rules.indicators for node in row.require.walk())


def test_as_many_rows_are_compared_as_before():
    """No edition is compared with fewer or more rows than are named here, so that the table cannot shrink unnoticed."""
    counted = Counter(f"{row['set']}@{row['edition']}" for row in ROWS)
    compared = {rules.edition: len(rows_of(rules)) for rules in EDITIONS}
    waiting = {edition: count for edition, count in counted.items() if edition.partition("@")[0] in NOT_PACKAGED_YET}
    assert compared | waiting == ROWS_COMPARED
    assert counted == {edition: count for edition, count in ROWS_COMPARED.items() if edition not in CELLS_AS_OF}


@pytest.mark.parametrize(("edition", "day"), CELLS_AS_OF.items())
def test_an_edition_without_rows_of_its_own_has_the_cells_of_another(edition, day):
    """An edition that is compared with the rows of another has its criteria, and other preconditions."""
    by_name = {rules.edition: rules for rules in EDITIONS}
    later, earlier = by_name[edition], by_name[f"{edition.partition('@')[0]}@{day}"]
    assert later.criteria == earlier.criteria
    assert later.preconditions != earlier.preconditions


@of_every_edition
def test_every_cell_is_encoded_and_no_other(rules):
    """Value, unit, direction, grade, doubt, mandate and candidate agree cell by cell, and neither side has more."""
    assert differences(rules, ROWS, TREES) == []


def graded_words(script, rules):
    """By address, the best grade that the sheet has for the words of a row, an amendment of it or a page about it."""
    (sheet,) = (each for each in script["SHEETS"] if each.set == str(rules.id) and edition_of(rules) in each.editions)
    whole, keys, words = script["load"](f"{sheet.file}.yaml"), script["load"]("exceptions.yaml")["keys"], {}
    for indicator, criterion in script["indicators_of"](sheet, edition_of(rules), keys, whole):
        row, pages = indicator.node, list(indicator.node["evidence"])
        if edition_of(rules) != sheet.editions[0]:
            pages += row.get("amended") or criterion.get("amended") or ()
        letters = {row.get("text_grade"), *(each["grade"] for each in pages)}
        grades = {Grade(script["GRADES"][letter]) for letter in letters & script["GRADES"].keys()}
        best = min(grades - {Grade.UNSTATED}, key=lambda grade: grade.rank, default=Grade.RECALLED)
        words[indicator.address] = min(best, words.get(indicator.address, best), key=lambda grade: grade.rank)
    return words


@of_every_edition
def test_a_row_without_a_figure_is_no_better_seen_than_its_words(rules, script):
    """Where every cell is open, none bears the grade of the source: it is not above that of the words in the sheet."""
    words = graded_words(script, rules)
    for address, row in rows_of_set(rules).items():
        for way, node in row.require.walk_ways():
            cells = [cell for _, cell in node.threshold.cells] if isinstance(node, Compare) else [None]
            unknown = isinstance(node, Holds) and node.fact in rules.catalogue and rules.catalogue[node.fact].unstated
            if unknown or all(isinstance(cell, Unstated) for cell in cells):
                assert row.source_at(way).evidence.rank >= words[address].rank


@of_every_edition
def test_the_comparison_needs_every_row(rules):
    """Without any one indicator's rows, or with a part or a year more, the comparison fails."""
    own = rows_of(rules)
    for address, part in {row["address"]: row["part"] for row in own}.items():
        assert differences(rules, [row for row in own if row["address"] != address], TREES)
        more = [row | {"part": "more"} for row in own if (row["address"], row["part"]) == (address, part)]
        assert differences(rules, own + more, TREES)
        later = [row | {"year": "1999"} if row["address"] == address else row for row in own]
        assert differences(rules, later, TREES)


@of_every_edition
def test_the_comparison_needs_every_field(rules):
    """A row that says anything else, in any field that is compared, is noticed."""
    changes = {"value": "7", "unit": "day", "direction": "equals", "grade": "text", "doubt": "other"}
    changes |= {"candidate_value": "7", "candidate_grade": "text"}
    own = rows_of(rules)
    for at, row in enumerate(own):
        if at % (41 if len(own) > 100 else 1):  # of a great set a sample, as each comparison is of the whole set
            continue
        for column, other in changes.items():
            if row[column] == other or (row["value"] == "none" and column not in ("value", "direction")):
                continue
            if column == "unit" and row["unit"] == "field":  # the members of a list are counted, whatever they are
                continue
            changed = [*own[:at], row | {column: other}, *own[at + 1 :]]
            assert differences(rules, changed, TREES), (row, column)


@pytest.mark.parametrize(
    ("address", "part", "other"),
    [("14/14.1", "3", "1"), ("14/14.1", "3", "4"), ("18/18.2", "authority", "Hoàn thành nhiệm vụ")],
)
def test_a_step_of_a_scale_is_the_sheets_word_for_it(address, part, other):
    """A level or a rating agrees with the step that bears its name, and with no other."""
    rules = ntm.load("commune/standard/2021-2025")
    rows = [row | {"value": other} if (row["address"], row["part"]) == (address, part) else row for row in ROWS]
    assert len(differences(rules, rows, TREES)) == 8  # a column each


def test_what_nobody_knows_how_to_judge_is_unstated():
    """A yes or no whose content was not seen agrees with an open cell, and with none that says what is to be met."""
    for name, address in (("commune/standard/2026-2030", "2/2.1"), ("commune/advanced/2021-2025", "8/8.4")):
        rules = ntm.load(name)
        rows = [row | {"value": "met", "grade": "recalled"} if row["address"] == address else row for row in ROWS]
        assert differences(rules, rows, TREES)


def test_a_part_of_a_list_has_its_own_rows():
    """What is asked for each of men and women disagrees where the sheet has other figures for one, or lacks one."""
    rules = ntm.load("commune/advanced/2021-2025")
    women = [row for row in ROWS if (row["address"], row["part"]) == ("14/14.1", "women")]
    without = [row for row in ROWS if row not in women]
    assert len(differences(rules, without, TREES)) == 1
    assert differences(rules, [*without, *(row | {"value": "96"} for row in women)], TREES)
    assert differences(rules, [*without, *(row | {"part": "girls"} for row in women)], TREES)


def test_another_row_that_is_referred_to_is_named():
    """A requirement that refers to another row agrees with a tree that names this row, and with no other."""
    rules = ntm.load("commune/model/2021-2025")
    for address in ("1/1", "2/2"):
        other = [tree | {"form": f"{tree['form']}/9"} if tree["address"] == address else tree for tree in TREES]
        assert len(differences(rules, ROWS, other)) == 1


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
            if is_of(tree, rules):
                assert differences(rules, ROWS, [each for each in TREES if each is not tree])


# --- what is counted --------------------------------------------------------------------------------------------

SET = "commune/standard/2021-2025"
TITLED = f"recognised as {SET} or higher"
TITLE, INCOME = RecognisedAs(set_id=SET, or_higher=True), Attains(id="income", address=f"{SET}#10")


def at_least(measure, figure, unit, **more):
    """A comparison of what is counted."""
    threshold = Table.constant(Quantity(Decimal(figure), unit))
    return Compare(measure=measure, sign=Sign.AT_LEAST, threshold=threshold, **more)


FAILED = RowMeasure(Rows.CRITERIA, SET, met=False, among=("10", "17"), share=True)
SHARE = SubPlaceMeasure(Collection.COMMUNES, TITLE, share=True)
REST = Every(
    collection=Collection.COMMUNES,
    require=AllOf(members=(at_least(RowMeasure(Rows.CRITERIA, SET), 14, "criterion"), INCOME)),
    exception=TITLE,
)


@pytest.mark.parametrize(
    ("node", "seen", "ways"),
    [
        (at_least(SHARE, 100, "percent"), f"cell of share of communes({TITLED})", [()]),
        (at_least(FAILED, 30, "percent"), f"cell of share of criteria 10 17 of {SET} not met", [()]),
        (
            at_least(RatioMeasure(Reading("a"), Reading("b", Level.PROVINCE)), 2, "times"),
            "cell of a over b of province",
            [()],
        ),
        (
            at_least(RatioMeasure(Reading("a", at=PreviousYear()), Reading("a", at=AtRecognition(SET))), 2, "times"),
            f"cell of a at the previous year over a at recognition as {SET}",
            [()],
        ),
        (ForEachYear(last=5, require=Attains(address=SET)), f"for_each_of_last_5_years(cell of {SET})", [("1",)]),
        (TITLE, f"cell of {TITLED}", [()]),
        (IsOneOf(subject="kind", values=("ward", "special_zone"), of_place=True), "kind is ward or special_zone", []),
        (
            Every(collection=Collection.COMMUNES, require=Attains(address=SET)),
            f"every communes(attains {SET})",
            [()],
        ),
        (
            REST,
            f"every communes(all_of(cell of number of criteria of {SET} met, cell of {SET}#10), but {TITLED})",
            [("1", "1"), ("1", "2")],
        ),
        (
            at_least(SubPlaceMeasure(Collection.COMMUNES, at_least(SHARE, 50, "percent")), 2, "commune"),
            f"cell of number of communes(cell of share of communes({TITLED}))",
            [(), ("1",)],
        ),
    ],
)
def test_what_is_counted_is_told_and_its_own_cells_found(node, seen, ways):
    """A share is told by what it is a share of; what is asked of each place beneath has cells, but a title has none."""
    assert outline(node) == seen
    assert list(leaves(node)) == ways


def test_a_part_beneath_is_found_by_its_name_and_keeps_the_nearest_source():
    """A way leads through what is asked of places beneath, by number or id; the nearest source above it holds."""
    rules = ntm.load(SET)
    row, other = rules["10/10"], rules["11/11"].source
    assert by_number(REST, "1/income") == by_number(REST, "1/2") == ("1", "2")
    assert source_at(attrs.evolve(row, require=REST), ("1", "2")) == row.source
    assert source_at(attrs.evolve(row, require=attrs.evolve(REST, source=other)), ("1", "2")) == other
    with pytest.raises(AssertionError, match="no part"):
        by_number(REST, "3")


def test_what_a_place_must_be_holds_no_figure():
    """A threshold in what a set applies to would be compared with nothing, so it is told."""
    rules = ntm.load(SET)
    assert differences(attrs.evolve(rules, applies_to=rules["18/18.4"]), ROWS, TREES) == []
    assert len(differences(attrs.evolve(rules, applies_to=rules["10/10"]), ROWS, TREES)) == 1
