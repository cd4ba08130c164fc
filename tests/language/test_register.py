from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ntm_rules import DossierError, FindingCode, evaluate, load, read_dossier, read_lineage, read_register
from ntm_rules.language import write_lineage, write_register
from ntm_rules.language.dossiers import write_dossier
from ntm_rules.rulebook import places

SET = "commune/standard/2016-2020"
PLACE = "{level: commune, name: Thử Một, district: Định Hóa, province: Thái Nguyên}"
TWO = "{level: commune, name: Thử Hai, district: Định Hóa, province: Thái Nguyên}"
THREE, FOUR = TWO.replace("Hai", "Ba"), TWO.replace("Hai", "Bốn")
OF_DISTRICT = "{level: district, name: Định Hóa, province: Thái Nguyên}"
NEW = "{level: commune, name: Thử Mới, province: Thái Nguyên}"


def told(text, tmp_path, read=read_register):
    """Code, line and nearest name of everything that is wrong with a document."""
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DossierError) as caught:
        read(tmp_path / "x.yaml")
    found = caught.value.problems
    return [(each.code.name, each.where.line, dict(each.params).get("nearest")) for each in found]


def decisions(*rows, complete="no"):
    """A register; the first decision is on line 4."""
    return f"register: 1\ncomplete: {complete}\ndecisions:\n" + "".join(f"  - {{{row}}}\n" for row in rows)


@pytest.mark.parametrize(
    ("row", "code", "nearest"),
    [
        (f"place: {PLACE}, set: commune/standard/2016-2021, dated: 2019", "UNKNOWN_SET", SET),
        (f"place: {PLACE}, set: {SET}, dated: 2015-05-01", "TITLE_BEFORE_SET", None),
        (f"place: {PLACE}, set: {SET}, dated: 2019-02-30", "NOT_A_DATE", None),
        (f"place: {PLACE}, set: {SET}, dated: 2019, document: d", "UNKNOWN_DOCUMENT", None),
        (f"place: {PLACE}, set: district/standard/2016-2020, dated: 2019", "WRONG_LEVEL", None),
        (f"place: {PLACE}, set: {SET}, dated: 2019, revoked_on: 2018-12-31", "REVOKED_BEFORE_GIVEN", None),
        (f"place: {PLACE}, set: {SET}, dated: 2019, revoked_by: x", "MISSING_KEY", None),
        (f"place: {PLACE}, set: {SET}, dated: 2025-08-01", "LEVEL_NOT_ON_MAP", None),
        (f"place: {NEW}, set: {SET}, dated: 2025-08-01", None, None),
        (
            f"place: {PLACE.replace('Thái Nguyên', 'Thái Nguyen')}, set: {SET}, dated: 2019",
            None,
            None,
        ),
        (
            f"place: {PLACE.replace('Thái Nguyên', 'Thai Nguyet')}, set: {SET}, dated: 2019",
            "UNKNOWN_PROVINCE",
            "Thái Nguyên",
        ),
        (
            f"place: {NEW.replace('Thái Nguyên', 'Bắc Kạn')}, set: {SET}, dated: 2025-08-01",
            "UNKNOWN_PROVINCE",
            "Bắc Ninh",
        ),
        (f"place: {PLACE.replace(', district: Định Hóa', '')}, set: {SET}, dated: 2019", "MISSING_KEY", None),
        (f"place: {PLACE.replace(', province: Thái Nguyên', '')}, set: {SET}, dated: 2019", "MISSING_KEY", None),
        (
            f"place: {OF_DISTRICT}, set: district/standard/2021-2025, dated: 2025-07-01",
            "LEVEL_NOT_ON_MAP",
            None,
        ),
        (
            "place: {level: province, name: Nowhere}, set: province/standard/2010-2015, dated: 2024",
            "UNKNOWN_PROVINCE",
            None,
        ),
        (f"place: {PLACE}, set: external/civilised_urban, dated: 2019", None, None),
        (f"place: {PLACE}, set: external/civilised_urbane, dated: 2019", "UNKNOWN_TITLE", "external/civilised_urban"),
        (f"place: {PLACE[:-1]}, kind: district}}, set: {SET}, dated: 2019", "NOT_ONE_OF", None),
        (f"place: {PLACE}, set: external/Civilised, dated: 2019", "BAD_FORMAT", None),
        (f"place: {PLACE}, set: {SET}, dated: 2025", "BETWEEN_MAPS", None),
    ],
)
def test_problems_of_a_decision(row, code, nearest, tmp_path: Path):
    """Each stands at its line, with the nearest name where one is unknown; what is right is no problem."""
    if code is None:
        (tmp_path / "x.yaml").write_text(decisions(row), encoding="utf-8")
        assert len(read_register(tmp_path / "x.yaml").titles) == 1
        return
    assert told(decisions(row), tmp_path) == [(code, 4, nearest)]


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path):
    """Overlapping titles of one place and set, a set that there is not, a place twice: each at its line."""
    row = f"place: {PLACE}, set: {SET}, dated: 2019"
    text = decisions(row, row, f"place: {TWO}, set: {SET}, dated: 2019", f"{row}, document: d", complete=f"[{SET}x]")
    assert [each[:2] for each in told(text, tmp_path)] == [
        ("BAD_FORMAT", 2),
        ("TITLES_OVERLAP", 5),
        *[("TITLES_OVERLAP", 7)] * 2,
        ("UNKNOWN_DOCUMENT", 7),
    ]
    text = decisions(row, complete="[commune/standard/2016-2021, commune/basic/2016]")
    assert told(text, tmp_path) == [("UNKNOWN_SET", 2, SET)]


def test_a_province_that_there_is_not(tmp_path: Path):
    """The register's own province must be one; the nearest is offered."""
    text = "register: 1\ncomplete: yes\nprovince: Thai Nguyet\ndecisions: []\n"
    assert told(text, tmp_path) == [("UNKNOWN_PROVINCE", 3, "Thái Nguyên")]


@pytest.mark.parametrize("complete", ["yes", "no", [SET]])
def test_what_is_read_is_written(complete):
    """A register is written as it was read."""
    place = {"level": "commune", "name": "x", "district": "y", "province": "vn-2008/province/19", "kind": "town"}
    data = {
        "register": "1",
        "complete": complete,
        "province": "Thái Nguyên",
        "documents": {"d": {"title": "t", "issuer": "i", "number": "n", "dated": "2019"}},
        "decisions": [
            {"place": place, "set": SET, "decision": "1", "dated": "2019-01", "document": "d"},
            {
                "place": place,
                "set": "commune/advanced/2021-2025",
                "dated": "2023",
                "revoked_on": "2024-01-01",
                "revoked_by": "2",
            },
        ],
    }
    read = read_register(data)
    assert write_register(read, places()) == data
    assert read_register(write_register(read, places())) == read
    bare = {
        "register": "1",
        "complete": "no",
        "decisions": [
            {
                "place": {"level": "province", "name": "Thái Nguyên"},
                "set": "province/standard/2010-2015",
                "dated": "2024",
            }
        ],
    }
    again = write_register(read_register(bare), places())
    assert read_register(again) == read_register(bare)


# --- a lineage --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([f"on: 2025-07-02, kind: renaming, from: [{PLACE}], to: [{NEW}]"], [("LEVEL_NOT_ON_MAP", 3)]),
        ([f"on: 2024-07-01, kind: renaming, from: [{PLACE}], to: [{NEW}]"], [("MISSING_KEY", 3)]),
        (
            [f"on: 2025-07-01, kind: renaming, from: [{PLACE.replace('Thái Nguyên', 'Nowhere')}], to: [{NEW}]"],
            [("UNKNOWN_PROVINCE", 3)],
        ),
        (
            [f"on: 2025-07-01, kind: renaming, from: [{OF_DISTRICT}], to: [{OF_DISTRICT.replace('Định Hóa', 'x')}]"],
            [("LEVEL_NOT_ON_MAP", 3)],
        ),
        ([f"on: 2025-02-30, kind: renaming, from: [{PLACE}], to: [{TWO}]"], [("NOT_A_DATE", 3)]),
        ([f"on: 2024-07, kind: renaming, from: [{PLACE}], to: [{TWO}]"], [("BAD_FORMAT", 3)]),
        ([f"on: 2024-07-01, kind: renaming, from: [{PLACE}], to: [{TWO}], document: d"], [("UNKNOWN_DOCUMENT", 3)]),
        (
            [
                f"on: 2024-07-01, kind: merger, from: [{PLACE}, {TWO}], to: [{THREE}]",
                f"on: 2024-07-01, kind: split, from: [{THREE}], to: [{PLACE}, {TWO}]",
            ],
            [("LINEAGE_CIRCLE", 3), ("LINEAGE_CIRCLE", 4)],
        ),
        (
            [
                f"on: 2024-07-01, kind: renaming, from: [{PLACE}], to: [{THREE}]",
                f"on: 2024-07-01, kind: renaming, from: [{THREE}], to: [{FOUR}]",
                f"on: 2024-07-01, kind: renaming, from: [{FOUR}], to: [{PLACE}]",
            ],
            [("LINEAGE_CIRCLE", 3), ("LINEAGE_CIRCLE", 4), ("LINEAGE_CIRCLE", 5)],
        ),
    ],
)
def test_problems_of_a_lineage(rows, expected, tmp_path: Path):
    """What can't be so is told at its line."""
    text = "lineage: 1\nchanges:\n" + "".join(f"  - {{{row}}}\n" for row in rows)
    assert [each[:2] for each in told(text, tmp_path, read_lineage)] == expected


def test_a_chain_within_a_day_is_no_circle():
    """One place may become another that is merged at once, and a place may come again later."""
    at = {"level": "commune", "district": "x", "province": "Thái Nguyên"}
    a, b, c, d = (at | {"name": name} for name in "ABCD")
    changes = [
        {"on": "2020-02-01", "kind": "renaming", "from": [a], "to": [b]},
        {"on": "2020-02-01", "kind": "merger", "from": [b, c], "to": [d]},
        {"on": "2024-02-01", "kind": "split", "from": [d], "to": [a, c]},
    ]
    assert len(read_lineage({"lineage": 1, "changes": changes}).changes) == 3


def test_a_lineage_is_written_as_it_was_read():
    """In the order of time, with its papers."""
    at = {"level": "commune", "district": "x", "province": "vn-2008/province/19"}
    a, b, c = (at | {"name": name} for name in "ABC")
    data = {
        "lineage": "1",
        "documents": {"d": {"title": "t"}},
        "changes": [{"on": "2020-02-01", "by": "1/NQ", "kind": "merger", "from": [a, b], "to": [c], "document": "d"}],
    }
    assert write_lineage(read_lineage(data)) == data
    assert read_lineage({"lineage": 1, "changes": None}).changes == ()
    assert write_lineage(read_lineage({"lineage": 1, "changes": None})) == {"lineage": "1", "changes": []}


# --- beside a dossier -------------------------------------------------------------------------------------------

DOSSIER = "dossier: 1\nplace: {place}\nyear: {year}\nregister: r.yaml\nlineage: l.yaml\n"


@pytest.fixture
def folder(tmp_path: Path):
    """A register and a lineage in a folder."""
    row = f"place: {PLACE}, set: commune/standard/2021-2025, decision: 1/QĐ, dated: 2023-05-01"
    (tmp_path / "r.yaml").write_text(decisions(row, complete="yes"), encoding="utf-8")
    change = f"on: 2025-07-01, kind: merger, from: [{PLACE}, {TWO}], to: [{NEW}]"
    (tmp_path / "l.yaml").write_text(f"lineage: 1\nchanges:\n  - {{{change}}}\n", encoding="utf-8")
    return tmp_path


def test_a_dossier_names_its_register(folder: Path):
    """The files stand beside it; what it knows from them is written with it."""
    (folder / "d.yaml").write_text(DOSSIER.format(place=PLACE, year=2024), encoding="utf-8")
    read = read_dossier(folder / "d.yaml")
    assert (len(read.titles), read.titles_complete) == (1, True)
    assert read_dossier(write_dossier(read)) == read


def test_a_merged_place_is_told_so(folder: Path):
    """The titles of the places that it was formed of are told as a finding, and are none of its own."""
    (folder / "d.yaml").write_text(DOSSIER.format(place=NEW, year=2025), encoding="utf-8")
    read = read_dossier(folder / "d.yaml")
    assert read.titles == ()
    result = evaluate(load("commune/standard/2021-2025"), read)
    codes = [each.code for each in result.findings]
    assert codes.count(FindingCode.TITLES_OF_PREDECESSOR) == 1
    assert result.on == date(2025, 12, 31)


def test_what_is_wrong_beside_is_told_with_the_dossier(folder: Path):
    """A file that is not there stands where it is named, what is wrong in one at its own line."""
    text = DOSSIER.format(place=PLACE, year=2024).replace("r.yaml", "absent.yaml") + "facts: {nothing: 1}\n"
    (folder / "l.yaml").write_text("lineage: 1\nchanges: 3\n", encoding="utf-8")
    assert told(text, folder, read_dossier) == [
        ("WRONG_TYPE", 2, None),
        ("UNREADABLE", 4, None),
        ("UNKNOWN_FACT", 6, None),
    ]


def test_a_title_that_contradicts_stands_at_the_register(folder: Path):
    """Two decisions for one set that hold at one time."""
    text = DOSSIER.format(place=PLACE, year=2024)
    text += "titles: {list: [{set: commune/standard/2021-2025, dated: 2022-06-01}]}\n"
    assert told(text, folder, read_dossier) == [("TITLES_OVERLAP", 4, None)]
    text = text.replace("register: r.yaml\n", "").replace("2022-06-01", "2022-06-01, revoked_by: x, revoked_on: 2024")
    (folder / "d.yaml").write_text(text, encoding="utf-8")
    assert read_dossier(folder / "d.yaml").titles[0].revoked_by == "x"


def test_a_list_of_a_dossier_may_be_complete_for_some_sets():
    """As that of a register."""
    place = {"level": "commune", "name": "x", "province": "Thái Nguyên"}
    data = {"dossier": 1, "place": place, "year": 2018, "titles": {"complete": [SET]}}
    read = read_dossier(data)
    assert (read.complete_sets, read.titles_complete) == ((SET,), False)
    assert read_dossier(write_dossier(read)) == read
