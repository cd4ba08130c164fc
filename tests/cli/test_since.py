from __future__ import annotations

import json

import pytest

from ntm_rules import compare_assessments, evaluate, load, read_dossier
from ntm_rules.messages import LANGUAGES, text

SET = "commune/standard/2016-2020"


def changed(earlier, later):
    """What changed between two dossiers of the folder."""
    return compare_assessments(*(evaluate(load(SET), read_dossier(each)) for each in (earlier, later)))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_changed_is_told(run, dossier: str, met: str, lang: str) -> None:
    """The page, unchanged; exit code 0 whatever changed."""
    assert run("since", dossier, met, "--lang", lang) == (0, changed(dossier, met).why(lang) + "\n", "")


def test_what_changed_as_json(run, dossier: str, met: str) -> None:
    """``--json`` prints it as data."""
    assert json.loads(run("since", dossier, met, "--json").out) == changed(dossier, met).to_dict()


def test_what_cannot_be_compared_is_told(run, dossier: str, broken: str) -> None:
    """A table, a broken dossier: exit code 2."""
    ran = run("since", dossier, "t.csv")
    assert (ran.code, ran.err) == (2, text("cli.since_table", "vi", file="t.csv") + "\n")
    ran = run("since", dossier, broken)
    assert ran.code == 2
    assert "broken.yaml:9:" in ran.err
