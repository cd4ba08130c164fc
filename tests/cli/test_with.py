from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from ntm_rules.messages import LANGUAGES

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
ILLUSTRATION = str(EXAMPLES / "illustration" / "minh-hoa.yaml")
SCENARIO = str(EXAMPLES / "scenario" / "raise-clean-water.yaml")
MARKS = {"vi": "GIẢ ĐỊNH", "en": "HYPOTHETICAL"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_under_a_scenario_says_so(run, lang: str) -> None:
    """One dossier judged under a scenario bears its mark, whole or in part."""
    for words in (("evaluate", ILLUSTRATION), ("explain", ILLUSTRATION), ("explain", ILLUSTRATION, "17.1")):
        ran = run(*words, "--with", SCENARIO, "--lang", lang)
        assert ran.code == (1 if words[0] == "evaluate" else 0)
        assert MARKS[lang] in ran.out


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_list_under_a_scenario_says_so(run, lang: str) -> None:
    """Each line of several dossiers bears the mark."""
    ran = run("evaluate", str(EXAMPLES / "dinh-hoa"), "--with", SCENARIO, "--lang", lang)
    assert ran.out.count(MARKS[lang]) == 3


def test_data_under_a_scenario_says_so(run, tmp_path) -> None:
    """JSON and CSV bear it too."""
    told = json.loads(run("evaluate", ILLUSTRATION, "--with", SCENARIO, "--json").out)
    assert told["hypothetical"] is True
    assert told["set"]["overlays"] == ["raise-clean-water"]
    output = tmp_path / "out.csv"
    run("evaluate", ILLUSTRATION, "--with", SCENARIO, "-o", str(output))
    with output.open(encoding="utf-8", newline="") as stream:
        assert [row["hypothetical"] for row in csv.DictReader(stream)] == ["yes"]


def test_a_scenario_that_can_not_be_used(run, tmp_path) -> None:
    """A wrong edit is told with its place, and nothing is judged."""
    path = tmp_path / "wrong.yaml"
    path.write_text(Path(SCENARIO).read_text(encoding="utf-8").replace("to: 55 %", "to: 155 %"), encoding="utf-8")
    ran = run("evaluate", ILLUSTRATION, "--with", str(path))
    assert ran.code == 2
    assert "NTM306" in ran.err
    assert f"{path}:13:9" in ran.err
