from __future__ import annotations

import json

import pytest

from ntm_rules.messages import LANGUAGES

SET = "commune/standard/2010-2015"
OLD, NEW = f"{SET}@2009-04-16", f"{SET}@2013-02-20"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_diff_tells_the_changes(run, lang: str) -> None:
    """The changes between two editions name the amending decision."""
    ran = run("diff", OLD, NEW, "--lang", lang)
    assert ran.code == 0
    assert OLD in ran.out.splitlines()[0]
    assert "342/QĐ-TTg" in ran.out


def test_diff_as_json(run) -> None:
    """The same as the edits that lead from one edition to the other."""
    told = json.loads(run("diff", OLD, NEW, "--json").out)
    assert (told["from"], told["to"]) == (OLD, NEW)
    assert {"edit": "set_requirement", "at": "7/7", "to": {"holds": "has_planned_standard_market"}} in told["edits"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_diff_of_two_sets_is_refused(run, lang: str) -> None:
    """Editions of different sets can't be compared."""
    ran = run("diff", OLD, "commune/standard/2016-2020", "--lang", lang)
    assert ran.code == 2
    assert "commune/standard/2016-2020" in ran.err


@pytest.mark.parametrize("lang", LANGUAGES)
def test_history_tells_each_edition(run, lang: str) -> None:
    """An indicator's history names every edition."""
    ran = run("history", f"{SET}#10", "--lang", lang)
    assert ran.code == 0
    assert OLD in ran.out
    assert NEW in ran.out


def test_history_as_json(run) -> None:
    """The same as the documents of the row, edition by edition through the periods, and the links between them."""
    told = json.loads(run("history", f"{SET}#12/12", "--json").out)
    assert told["address"] == f"{SET}#12/12"
    assert [each["edition"] for each in told["editions"]][:4] == [
        OLD,
        NEW,
        f"{SET}@2014-03-14",
        "commune/standard/2016-2020@2016-12-01",
    ]
    assert told["editions"][0]["require"]["at_most"]["general"] == "30 %"
    assert told["links"][0]["from"] == [f"{SET}#12/12"]
    assert told["links"][0]["to"] == ["commune/standard/2016-2020#12/12"]
    assert set(told["links"][0]) == {"from", "to", "kind", "reason"}


def test_history_of_a_condition_as_json(run) -> None:
    """A condition of recognition has a history too, and what it became stands after it."""
    ran = run("history", "commune/model/2018-2020#precondition/advanced_standard", "--json")
    told = json.loads(ran.out)
    assert told["editions"][0]["number"] == "advanced_standard"
    assert told["editions"][1]["address"] == "commune/model/2021-2025#1/1"


def test_an_edition_that_is_not_there(run) -> None:
    """An unknown edition offers the nearest."""
    ran = run("diff", f"{SET}@2013-02-21", NEW)
    assert ran.code == 2
    assert NEW in ran.err


def test_check_of_a_revision(run, tmp_path) -> None:
    """A revision is checked against the set that it names, and a wrong edit is found."""
    path = tmp_path / "raise.yaml"
    body = (
        "revision: thử\nrevises: commune/standard/2016-2020\nauthority: scenario\nauthor: A\n"
        "title: {vi: Thử, en: Trial}\nedits:\n  - {edit: set_cell, at: 11/11, row: red_river_delta, to: 1.5 %}\n"
    )
    path.write_text(body, encoding="utf-8")
    assert run("check", str(path)).code == 0
    path.write_text(body.replace("red_river_delta", "red_river"), encoding="utf-8")
    ran = run("check", str(path))
    assert ran.code == 1
    assert "NTM503" in ran.out


def test_check_warns_of_an_incomplete_set(run, tmp_path) -> None:
    """A set with fewer rows than the law counts can be used, but its check says so."""
    from ntm_rules.language import to_yaml, write_criteria_set
    from ntm_rules.rulebook import load

    written = write_criteria_set(load("commune/standard/2016-2020"))
    written["criteria"] = written["criteria"][:-1]
    path = tmp_path / "short.yaml"
    path.write_text(to_yaml(written), encoding="utf-8")
    ran = run("check", str(path))
    assert ran.code == 1
    assert "NTM305" in ran.out
