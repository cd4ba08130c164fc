"""Made-up districts, judged by the sets of 2010-2025 and explained down to the commune that holds each back."""

from __future__ import annotations

from pathlib import Path

import pytest

import ntm_rules as ntm
from ntm_rules.messages import LANGUAGES

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
DISTRICTS = EXAMPLES / "districts"

#: Each district with its edition, its verdict, and its verdict with the conditions of recognition.
JUDGED = {
    "huyen-2014": ("district/standard/2010-2015@2014-03-14", "not_met", "not_met"),
    "huyen-2019": ("district/standard/2016-2020@2016-04-05", "not_met", "not_met"),
    "huyen-2023": ("district/standard/2021-2025@2022-03-08", "not_met", "not_met"),
}


def judged(path):
    """A dossier's assessment by the set that it names."""
    dossier = ntm.read_dossier(path)
    assert dossier.status is ntm.Status.ILLUSTRATION
    return ntm.evaluate(ntm.rules_for(dossier), dossier)


def test_every_example_is_told_of():
    """The folder holds just the dossiers that are told of here."""
    assert {path.stem for path in DISTRICTS.iterdir()} == set(JUDGED)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", JUDGED)
def test_a_district_is_explained_down_to_a_commune(name, lang, golden):
    """The verdict is as told, and its page leads to the commune that holds the district back."""
    result = judged(DISTRICTS / f"{name}.yaml")
    edition, verdict, recognition = JUDGED[name]
    assert (result.rules.edition, result.verdict.value) == (edition, verdict)
    assert result.recognition.verdict.value == recognition
    golden(f"examples/{name}.{lang}.txt", ntm.why(result, lang) + "\n")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_village_is_judged_by_what_its_province_decides(lang, golden):
    """A province's decision fills the open row, which is then judged; the set stays incomplete."""
    result = judged(EXAMPLES / "provincial" / "thon-minh-hoa-2019.yaml")
    assert result["provincial_criteria/provincial_criteria"].verdict is ntm.Verdict.NOT_MET
    golden(f"examples/village.{lang}.txt", ntm.why(result, lang) + "\n")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_title_is_renewed_by_years(lang, golden):
    """A commune recognised in 2011 is considered again in 2016: the year that failed is told, and why there."""
    result = judged(EXAMPLES / "renewal" / "xa-2016.yaml")
    assert (result.verdict.value, result.recognition.verdict.value) == ("not_met", "not_met")
    golden(f"examples/renewal.{lang}.txt", ntm.why(result, lang) + "\n")
