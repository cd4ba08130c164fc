from __future__ import annotations

import json

import pytest

from ntm_rules.evaluation import evaluate
from ntm_rules.explanation import firm, unknowns, why, why_not
from ntm_rules.messages import LANGUAGES, text
from ntm_rules.rulebook import load, read_dossier

SET = "commune/standard/2016-2020"


def judged(file: str):
    """The assessment of a dossier in the folder."""
    return evaluate(load(SET), read_dossier(file))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("address", [None, "10", "10/10", "15.1", f"{SET}#15"])
def test_a_verdict_is_explained(run, dossier: str, address: str | None, lang: str) -> None:
    """The set, a criterion or an indicator: the page of the explanation, unchanged."""
    ran = run("explain", dossier, *(() if address is None else (address,)), "--lang", lang)
    result = judged(dossier)
    assert ran == (0, why(result if address is None else result[address], lang) + "\n", "")


def test_what_is_not_known_follows_on_request(run, dossier: str) -> None:
    """``--unknown`` adds that page after a blank line."""
    result = judged(dossier)
    page = why(result["10"], "vi") + "\n\n" + unknowns(result, "vi") + "\n"
    assert run("explain", dossier, "10", "--unknown").out == page


@pytest.mark.parametrize("address", ["10", "15/15.1"])
def test_a_part_as_json(run, dossier: str, address: str) -> None:
    """With an address only that part of the assessment is printed; without, the whole."""
    part = json.loads(run("explain", dossier, address, "--json").out)
    assert part["address"] == f"{SET}#{address}"
    assert json.loads(run("explain", dossier, "--json").out) == judged(dossier).to_dict()


def test_set_day_and_grade_may_be_chosen(run, dossier: str) -> None:
    """``--set``, ``--on`` and ``--accept`` mean what they mean to evaluate."""
    told = json.loads(
        run("explain", dossier, "--json", "--set", SET, "--on", "2019-01-01", "--accept", "secondary").out
    )
    assert (told["on"], told["accept"], told["set"]["id"]) == ("2019-01-01", "secondary", SET)


def test_what_cannot_be_explained_is_told(run, dossier: str, broken: str) -> None:
    """A broken dossier, an unknown address, a table: told on the standard error, exit code 2."""
    ran = run("explain", dossier, "99")
    assert (ran.code, ran.out) == (2, "")
    assert "«99»" in ran.err
    assert "broken.yaml:9:" in run("explain", broken).err
    assert run("explain", "t.csv") == (2, "", text("cli.explain_table", "vi", file="t.csv") + "\n")
    assert run("explain", "absent.yaml").code == 2


def test_a_day_without_a_set_is_told_with_the_file(run, dossier: str, tmp_path) -> None:
    """Where no set was in force, the error names the dossier."""
    content = (tmp_path / dossier).read_text(encoding="utf-8").replace(f"set: {SET}\n", "")
    (tmp_path / "free.yaml").write_text(content, encoding="utf-8")
    ran = run("explain", "free.yaml", "--on", "2009-01-01")
    assert ran.code == 2
    assert ran.err.startswith("free.yaml: ")


@pytest.mark.parametrize("address", [None, "10", "15.1"])
def test_only_what_decided_it_on_request(run, dossier: str, address: str | None) -> None:
    """``--short`` tells only what decided the verdict; ``--firm`` adds how firm it is after a blank line."""
    result = judged(dossier)
    explained = result if address is None else result[address]
    words = () if address is None else (address,)
    page = why_not(explained, "vi")
    assert run("explain", dossier, *words, "--short").out == page + "\n"
    assert run("explain", dossier, *words, "--short", "--firm").out == f"{page}\n\n{firm(explained, 'vi')}\n"
