from __future__ import annotations

import json
from decimal import Decimal

import pytest

from ntm_rules import load, plan, read_dossier
from ntm_rules.messages import LANGUAGES, text

SET = "commune/standard/2016-2020"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_plan_is_told(run, dossier: str, lang: str) -> None:
    """The page of the plan, unchanged."""
    assert run("plan", dossier, "--lang", lang) == (0, plan(load(SET), read_dossier(dossier)).why(lang) + "\n", "")


def test_a_plan_as_json(run, dossier: str) -> None:
    """``--json`` prints the plan as data; costs are by fact, exact."""
    words = ("--cost", "multidimensional_poverty_rate=2.5", "--cost", "health_insurance_share=1")
    costs = {"multidimensional_poverty_rate": Decimal("2.5"), "health_insurance_share": 1}
    data = json.loads(run("plan", dossier, "--json", *words).out)
    assert data == plan(load(SET), read_dossier(dossier), costs).to_dict()
    assert data["alternatives"][0]["cost"] == "3"


def test_set_day_and_grade_may_be_chosen(run, dossier: str) -> None:
    """``--set``, ``--on`` and ``--accept`` mean what they mean to evaluate."""
    told = json.loads(run("plan", dossier, "--json", "--set", SET, "--on", "2019-01-01", "--accept", "text").out)
    assert told["set"]["id"] == SET


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("t.csv",), text("cli.plan_table", "vi", file="t.csv")),
        (("absent.yaml",), "absent.yaml"),
        (("phu-dinh.yaml", "--cost", "povert=1"), "povert"),
        (("phu-dinh.yaml", "--cost", "health_insurance_share"), "health_insurance_share"),
        (("phu-dinh.yaml", "--cost", "health_insurance_share=1,5"), "1,5"),
    ],
)
def test_what_cannot_be_planned_is_told(run, dossier: str, words, told: str) -> None:
    """A table, a file that is not there, a fact that there is not, a price that is none: exit code 2."""
    ran = run("plan", *words)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


def test_a_broken_dossier_is_told(run, broken: str) -> None:
    """A dossier that can't be read is named with its line."""
    ran = run("plan", broken)
    assert ran.code == 2
    assert "broken.yaml:9:" in ran.err
