from __future__ import annotations

import json
from pathlib import Path

import pytest

from ntm_rules import evaluate, load, read_dossier
from ntm_rules.messages import LANGUAGES, text

SET = "commune/standard/2016-2020"


@pytest.fixture
def saved(run, dossier: str) -> str:
    """The saved assessment of the dossier in the folder."""
    assert run("evaluate", dossier, "--save", "saved.json").code == 1
    return "saved.json"


def test_an_assessment_is_saved(run, dossier: str, saved: str) -> None:
    """``--save`` writes the proof object and changes nothing of what is printed."""
    proof = evaluate(load(SET), read_dossier(dossier)).to_proof()
    assert json.loads(Path(saved).read_text(encoding="utf-8")) == json.loads(json.dumps(proof))
    assert run("evaluate", dossier) == run("evaluate", dossier, "--save", "again.json")
    assert Path("again.json").read_bytes() == Path(saved).read_bytes()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_was_saved_is_checked_and_reproduced(run, saved: str, lang: str) -> None:
    """Nothing is wrong with it: a line, and exit code 0."""
    for command in ("recheck", "reproduce"):
        fine = text(f"cli.{command}_fine", lang, file=saved, count=0)
        assert run(command, saved, "--lang", lang) == (0, fine + "\n", "")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_changed_figure_is_told(run, saved: str, lang: str, golden) -> None:
    """Both commands tell where, and exit with 1."""
    content = Path(saved).read_text(encoding="utf-8").replace('"value": "13.2"', '"value": "11.2"')
    Path("forged.json").write_text(content.replace('"numerator": "13.2"', '"numerator": "11.2"'), encoding="utf-8")
    ran = [run(command, "forged.json", "--lang", lang) for command in ("recheck", "reproduce")]
    assert [each.code for each in ran] == [1, 1]
    golden(f"cli/proofs-forged.{lang}.txt", "".join(each.out for each in ran))


def test_what_is_found_as_json(run, saved: str) -> None:
    """``--json`` prints a list: empty where nothing is wrong."""
    for command, key in (("recheck", "code"), ("reproduce", "kind")):
        assert run(command, saved, "--json") == (0, "[]\n", "")
        content = Path(saved).read_text(encoding="utf-8").replace('"verdict": "not_met"', '"verdict": "met"', 1)
        Path("forged.json").write_text(content, encoding="utf-8")
        ran = run(command, "forged.json", "--json")
        assert ran.code == 1
        assert {each[key] for each in json.loads(ran.out)} & {"fingerprint", "engine"}


def test_what_cannot_be_saved_is_told(run, dossier: str, met: str) -> None:
    """Several dossiers, or the dossier itself: exit code 2, and nothing is written."""
    ran = run("evaluate", dossier, met, "--save", "x.json")
    assert (ran.code, ran.err) == (2, text("cli.evaluate_save_one", "vi") + "\n")
    before = Path(dossier).read_bytes()
    assert run("evaluate", dossier, "--save", dossier).code == 2
    assert Path(dossier).read_bytes() == before
    assert not Path("x.json").exists()


def test_what_cannot_be_judged_is_not_saved(run, broken: str) -> None:
    """A broken dossier leaves no file."""
    assert run("evaluate", broken, "--save", "x.json").code == 2
    assert not Path("x.json").exists()


@pytest.mark.parametrize("content", ['{"assessment": 1}', "[]", '{"assessment": 1, "assessment": 2, "proof": {}}', "{"])
@pytest.mark.parametrize("command", ["recheck", "reproduce"])
def test_what_is_no_saved_assessment_is_told(run, dossier: str, command: str, content: str) -> None:
    """A dossier, something else, a key that stands twice, what is broken off: exit code 2."""
    Path("x.json").write_text(content, encoding="utf-8")
    for file in ("x.json", dossier, "absent.json"):
        ran = run(command, file)
        assert (ran.code, ran.out) == (2, "")
        assert file in ran.err
