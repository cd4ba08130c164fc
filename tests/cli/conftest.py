"""Running the command as a user does, in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from ntm_rules.cli import main

SET = "commune/standard/2016-2020"


class Ran(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]

_DOSSIER = """\
dossier: 1
place: {level: commune, name: Phú Đình, district: Định Hóa, province: Thái Nguyên}
set: commune/standard/2016-2020
year: 2018
status: illustration
documents:
  d1: {title: Báo cáo, issuer: UBND xã Phú Đình, dated: 2019}
facts:
  multidimensional_poverty_rate: {value: 13.2 %, document: d1}
  health_insurance_share: 98 %
attestations:
  "10": {verdict: not_met, by: UBND huyện Định Hóa, for: 2018-12-31, document: d1}
  "15/15.1": {verdict: not_met, by: Phòng Y tế, document: d1}
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run one command line; gives its exit code and what it printed."""
    for variable in ("NTM_RULES_LANG", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(tmp_path)

    def command(*words: str) -> Ran:
        code = main(words)
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        assert "\x1b" not in out + err
        return Ran(code, out, err)

    return command


@pytest.fixture
def dossier(tmp_path: Path) -> str:
    """A dossier in the folder: not met, with a contradiction."""
    (tmp_path / "phu-dinh.yaml").write_text(_DOSSIER, encoding="utf-8")
    return "phu-dinh.yaml"


@pytest.fixture
def met(tmp_path: Path) -> str:
    """A dossier in the folder: every criterion attested as met."""
    lines = [f'  "{number}": {{verdict: met, by: UBND huyện}}\n' for number in range(1, 20)]
    head = _DOSSIER.partition("facts:")[0].replace("Phú Đình, d", "Bình Yên, d")
    (tmp_path / "met.yaml").write_text(head + "attestations:\n" + "".join(lines), encoding="utf-8")
    return "met.yaml"


@pytest.fixture
def open_(tmp_path: Path) -> str:
    """A dossier in the folder of which nothing is known."""
    (tmp_path / "open.yaml").write_text(_DOSSIER.partition("facts:")[0], encoding="utf-8")
    return "open.yaml"


@pytest.fixture
def broken(tmp_path: Path) -> str:
    """A dossier in the folder that can't be used."""
    (tmp_path / "broken.yaml").write_text(_DOSSIER.replace("13.2 %", "13,2 %"), encoding="utf-8")
    return "broken.yaml"
