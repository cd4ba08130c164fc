from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import ntm_rules as ntm
from ntm_rules.messages import LANGUAGES, text

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "status"
YEARS, DECISIONS, MERGERS = (str(EXAMPLES / name) for name in ("minh-hoa", "decisions.yaml", "mergers.yaml"))
SCHEMA = Path(__file__).resolve().parents[2] / "schemas" / "recognition-status.schema.json"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("name", "on"), [("status", "2024-06-30"), ("status-due", "2023-12-31")])
def test_a_history(run, golden, name: str, on: str, lang: str) -> None:
    """Recognised, maintained, due for review, recognised by the next set, a case for revocation, revoked."""
    ran = run("status", YEARS, "--register", DECISIONS, "--on", on, "--lang", lang)
    assert (ran.code, ran.err) == (0, "")
    golden(f"cli/{name}.{lang}.txt", ran.out)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_merged_commune(run, golden, lang: str) -> None:
    """None of the titles before the merger is its own, and the page says why."""
    ran = run("status", str(EXAMPLES / "merged"), "--register", DECISIONS, "--lineage", MERGERS, "--lang", lang)
    assert (ran.code, ran.err) == (0, "")
    golden(f"cli/status-merged.{lang}.txt", ran.out)


def test_as_data(run) -> None:
    """The data are valid under their schema and hold no sentence; the day is the last of the dossiers."""
    ran = run("status", YEARS, "--register", DECISIONS, "--json")
    data = json.loads(ran.out)
    Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(data)
    assert data["on"] == "2023-12-31"
    assert [(each["state"], [why["code"] for why in each["why"]]) for each in data["titles"]] == [
        ("due_for_review", ["assessed_not_met"]),
        ("due_for_review", ["assessed_not_met", "revocation_made_out"]),
    ]


def test_without_anything(run, open_: str) -> None:
    """Nothing happened, nobody decided."""
    ran = run("status", open_, "--on", "2018-06-30")
    assert ran.code == 0
    assert text("cli.status_no_history", "vi") in ran.out
    assert text("cause.no_decision_known", "vi") in ran.out


def test_what_can_not_be_used(run, dossier: str, broken: str, tmp_path: Path) -> None:
    """A table, an empty folder, dossiers with faults, one dossier twice: told, and nothing else."""
    (tmp_path / "t.csv").write_text("name\n", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    assert run("status", "t.csv").code == 2
    assert "empty" in run("status", "empty").err
    both = run("status", broken, "absent.yaml", dossier)
    assert (both.code, both.out) == (2, "")
    assert "NTM101" in both.err
    assert "broken.yaml" in both.err
    twice = run("status", dossier, dossier)
    assert (twice.code, twice.out, "NTM471" in twice.err) == (2, "", True)


def test_the_command_says_what_the_library_says(run) -> None:
    """It prints what `status` gives."""
    dossiers = [ntm.read_dossier(f"{YEARS}/{year}.yaml") for year in range(2018, 2024)]
    found = ntm.status(dossiers, register=ntm.read_register(DECISIONS))
    assert json.loads(run("status", YEARS, "--register", DECISIONS, "--json").out) == found.to_dict()
