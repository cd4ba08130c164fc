from __future__ import annotations

import json

import pytest

from ntm_rules.explanation import coverage_page
from ntm_rules.messages import LANGUAGES
from ntm_rules.rulebook import editions, load, set_names
from ntm_rules.rulebook.coverage import coverage

SET = "commune/standard/2010-2015"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_edition_of_every_set_is_told(run, lang: str) -> None:
    """Two tables with a line for each edition, then what each lacks."""
    ran = run("coverage", "--lang", lang)
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    for name in set_names():
        for rules in editions(name):
            assert sum(line.startswith(f"{rules.edition} ") for line in lines) == 2
            assert coverage_page(coverage(rules), lang) in ran.out
    assert "None" not in ran.out


@pytest.mark.parametrize("lang", LANGUAGES)
def test_coverage_reads_alike(run, golden, lang: str) -> None:
    """The page of two sets of which one is incomplete."""
    ran = run("coverage", SET, "commune/standard/2026-2030", "--lang", lang)
    golden(f"cli/coverage.{lang}.txt", ran.out)


def test_coverage_of_one_edition_or_file(run, tmp_path) -> None:
    """An edition may be named, and a set of one's own."""
    edition = editions(SET)[0].edition
    assert [each["edition"] for each in json.loads(run("coverage", edition, "--json").out)] == [edition]
    (tmp_path / "mine.json").write_text(run("show", SET, "--json").out, encoding="utf-8")
    assert run("coverage", "mine.json").out == run("coverage", load(SET).edition).out


def test_coverage_as_json(run) -> None:
    """The same as data: counts, cells by grade, regions, what is lacking and where to check it."""
    (told,) = json.loads(run("coverage", "commune/standard/2026-2030", "--json").out)
    assert told["criteria"] == {"law": 10, "encoded": 5}
    assert told["missing"]["criterion_numbers"] == ["4", "5", "7", "9", "10"]
    assert told["decidable"]["mekong_delta"] == 0
    assert told["lacking"][0]["address"] == "commune/standard/2026-2030#1/1.1"
    assert told["check_in"][0]["instrument"] == "51/2025/QĐ-TTg"
    assert told["check_in"][0]["sources"]
    (model,) = json.loads(run("coverage", "commune/model/2018-2020", "--json").out)
    assert model["indicators"] == {"law": None, "encoded": 20}


def test_coverage_of_what_there_is_not(run) -> None:
    """An unknown set is told with the nearest; exit code 2."""
    ran = run("coverage", "commune/standard/2010-2051")
    assert (ran.code, ran.out) == (2, "")
    assert SET in ran.err


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sets_say_what_is_missing(run, lang: str) -> None:
    """Beneath the list, each incomplete set names what it lacks and where that can be checked; no count reads None."""
    ran = run("sets", "--lang", lang)
    assert "None" not in ran.out
    assert "20/?" in ran.out
    assert "4, 5, 7, 9, 10" in ran.out
    assert "51/2025/QĐ-TTg" in ran.out
    told = {each["set"]: each["missing"] for each in json.loads(run("sets", "--json").out)}
    assert told["commune/standard/2026-2030"]["criterion_numbers"] == ["4", "5", "7", "9", "10"]
    assert told["commune/standard/2016-2020"]["criteria"] == 0
