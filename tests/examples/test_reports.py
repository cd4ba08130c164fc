"""The five real reports that the project started from (the communes of Định Hóa stand in ``examples/dinh-hoa``)."""

from __future__ import annotations

from pathlib import Path

import pytest

import ntm_rules as ntm
from ntm_rules import heading
from ntm_rules.messages import LANGUAGES
from ntm_rules.vocabulary.verdicts import Basis, FindingCode, ReasonCode, Verdict

REPORTS = Path(__file__).resolve().parents[2] / "examples" / "reports"
MET, NOT_MET, OPEN = Verdict.MET, Verdict.NOT_MET, Verdict.UNDETERMINED

#: What is published in each, and which rows of it are worth reading.
TOLD = {
    "dinh-hoa-2018": ("precondition/communes",),
    "tu-ky-2022": ("1", "precondition/communes"),
    "phu-luong-2024": ("precondition/communes_standard", "precondition/communes_advanced"),
    "binh-luc-2024": ("precondition/communes_advanced",),
    "binh-luc-2024-xa-con-lai": (),
    "duc-linh-2024": ("precondition/communes_advanced",),
}


def judged(name):
    """The assessment of a report."""
    dossier = ntm.read_dossier(REPORTS / f"{name}.yaml")
    assert dossier.status is ntm.Status.REAL
    return ntm.evaluate(ntm.rules_for(dossier), dossier)


def counted(row):
    """What was counted for a row: the least and the most that meet it, and of how many."""
    (reason,) = row.reasons
    return reason.numbers


def test_every_report_is_told():
    """The folder holds just the reports that are told of here."""
    assert {path.stem for path in REPORTS.iterdir()} == TOLD.keys()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", TOLD)
def test_reports_are_explained(name, lang, golden):
    """The head of the page, why the set comes out so, and the rows on communes, as an auditor reads them."""
    result = judged(name)
    pages = (heading(result, lang), *(result[row].why(lang) for row in TOLD[name]))
    golden(f"examples/report-{name}.{lang}.txt", "\n\n".join(pages) + "\n")


def test_dinh_hoa():
    """6 of 23 communes up to the standard (26 %): the three that are listed are among those that are not."""
    result = judged("dinh-hoa-2018")
    row = result["precondition/communes"]
    assert (row.verdict, counted(row)) == (NOT_MET, (6, 6, 23))
    failing = {each.dossier.place.name: (each.tally.met, each.tally.not_met) for each in result.sub_results}
    assert failing == {"Phú Đình": (15, 4), "Sơn Phú": (14, 5), "Trung Lương": (13, 6)}
    # Of the district's own criteria nothing was published.
    assert (result.verdict, result.tally.undetermined, result.recognition.verdict) == (OPEN, 9, NOT_MET)


def test_tu_ky():
    """22 of 22 communes and 9 of 9 criteria, by a set that is no longer in force, as the page says."""
    result = judged("tu-ky-2022")
    assert (result.verdict, result.basis, result.tally.met, result.tally.total) == (MET, Basis.ATTESTED, 9, 9)
    row = result["precondition/communes"]
    assert (row.verdict, row.basis, counted(row)) == (MET, Basis.ATTESTED, (22, 22, 22))
    assert FindingCode.OUTSIDE_FORCE in {finding.code for finding in result.findings}
    assert "nằm ngoài thời gian có hiệu lực" in heading(result)


def test_phu_luong():
    """3 of 9 criteria is not the set; 13 of 13 communes, 3 of them advanced, are enough for the two conditions."""
    result = judged("phu-luong-2024")
    assert (result.verdict, result.basis) == (NOT_MET, Basis.ATTESTED)
    codes = [(reason.code, reason.numbers) for reason in result.reasons]
    assert (ReasonCode.REPORTED_BELOW_REQUIRED, (3, 9)) in codes
    # Which criteria are met was not published, so each of them stays open.
    assert {each.verdict for each in result.criteria} == {OPEN}
    standard, advanced = (result[f"precondition/communes_{tier}"] for tier in ("standard", "advanced"))
    assert (standard.verdict, counted(standard)) == (MET, (13, 13, 13))
    # 3 at least; whether the 2 model communes are among them was not said.
    assert (advanced.verdict, counted(advanced)[0], counted(advanced)[2]) == (MET, 3, 13)
    assert result.recognition.verdict is NOT_MET


def test_binh_luc():
    """8 advanced communes of an unknown number; none of the others can have met the advanced set."""
    district = judged("binh-luc-2024")
    assert district["precondition/communes_advanced"].verdict is OPEN
    other = judged("binh-luc-2024-xa-con-lai")
    assert (other.verdict, other.basis) == (NOT_MET, Basis.ATTESTED)
    assert (ReasonCode.REPORTED_BELOW_REQUIRED, (15, 19)) in [(each.code, each.numbers) for each in other.reasons]


def test_duc_linh():
    """5 of 10 communes advanced; of the three that follow, with at least 15 of 19 criteria, nothing is decided."""
    result = judged("duc-linh-2024")
    row = result["precondition/communes_advanced"]
    assert counted(row)[0] >= 5
    assert counted(row)[2] == 10
    assert result.verdict is OPEN
