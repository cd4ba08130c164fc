"""Assessments to report on, and golden files without what differs from version to version."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

import ntm_rules as ntm
from ntm_rules.messages import library_version

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

#: What a dossier may hold that a page must not take for more than words.
HOSTILE = {
    "dossier": 1,
    "place": {
        "level": "commune",
        "name": "<script>alert(1)</script>",
        "district": '=HYPERLINK("http://x")',
        "province": "Thái Nguyên",
    },
    "set": "commune/standard/2016-2020",
    "year": 2018,
    "documents": {
        "d1": {"title": "</style><script>alert(2)</script> *x* | y", "issuer": "=1+1", "number": "@x", "dated": 2019},
        "d2": {"title": "# một\n- hai\n\nba", "number": "+1"},
    },
    "facts": {"multidimensional_poverty_rate": {"value": "13.2 %", "document": "d1"}},
    "attestations": {"10": {"verdict": "not_met", "by": '=HYPERLINK("http://x")\n# x', "document": "d1"}},
    "note": "[click](javascript:alert(3)) `x` <b>b</b> ${7*7} {{7*7}} #sys.inputs \\input{x} &amp;",
}

NOTHING = {
    "dossier": 1,
    "place": {"level": "commune", "name": "Trống", "province": "Thái Nguyên"},
    "set": "commune/standard/2016-2020",
    "year": 2018,
}

FILES = {
    "attested": "dinh-hoa/phu-dinh.yaml",
    "figures": "illustration/minh-hoa.yaml",
    "decision": "provincial/minh-hoa-2019.yaml",
    "many": "periods/2023-advanced.yaml",
    "few": "periods/2023-model.yaml",
    "incomplete": "periods/2026-standard.yaml",
    "district": "district/minh-hoa.yaml",
}

_CACHE: dict[str, ntm.Assessment] = {}


def assessment(name: str) -> ntm.Assessment:
    """One of the assessments by its name, judged once."""
    if name not in _CACHE:
        _CACHE[name] = _judged(name)
    return _CACHE[name]


def _judged(name: str) -> ntm.Assessment:
    if name in ("hostile", "nothing"):
        dossier = ntm.Dossier.from_mapping(HOSTILE if name == "hostile" else NOTHING)
    else:
        dossier = ntm.read_dossier(EXAMPLES / FILES[name])
    if name == "district":
        return ntm.evaluate(ntm.read_criteria_set(EXAMPLES / "district" / "rules.yaml"), dossier)
    return ntm.evaluate(ntm.rules_for(dossier), dossier)


@cache
def rendered(name: str, lang: str, form: str) -> bytes:
    """The file of a report on one of the assessments, made once."""
    return ntm.render(ntm.report(assessment(name), lang), form)


@pytest.fixture
def made() -> Callable[[str, str, str], bytes]:
    """Gives the file of a report by the name of its assessment, its language and its form."""
    return rendered


@pytest.fixture
def judged() -> Callable[[str], ntm.Assessment]:
    """Gives one of the assessments by its name."""
    return assessment


@pytest.fixture
def steady(golden) -> Callable[[str, str], None]:
    """Compare with a golden file, but for fingerprints, the version of the library and the style of a page."""

    def check(name: str, made: str) -> None:
        __tracebackhide__ = True
        masked = re.sub(r"sha256:[0-9a-f]{64}", "sha256:…", made)
        masked = re.sub(r"<style>.*</style>", "<style>…</style>", masked, flags=re.DOTALL)
        golden(f"reports/{name}", masked.replace(f"ntm-rules {library_version()}", "ntm-rules …"))

    return check
