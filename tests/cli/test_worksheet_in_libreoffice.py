from __future__ import annotations

import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

import ntm_rules as ntm
from ntm_rules.rulebook import read_revision
from ntm_rules.vocabulary.requirements import Nothing

pytestmark = pytest.mark.external

SET = "commune/standard/2016-2020"
# Commas, quotes, UTF-8: LibreOffice would write CSV in the encoding of the system.
UTF_8 = ":Text - txt - csv (StarCalc):44,34,76,1"
OFFICE = shutil.which("soffice")


def saved_again(path: Path, kind: str, how: str = "") -> Path:
    """The file as LibreOffice opens it and saves it in another form or the same."""
    if OFFICE is None:
        pytest.skip("LibreOffice is not installed")
    folder = path.parent / f"as-{kind}"
    words = [OFFICE, f"-env:UserInstallation={(path.parent / 'profile').as_uri()}", "--headless"]
    words += ["--convert-to", f"{kind}{how}", "--outdir", str(folder), str(path)]
    subprocess.run(words, check=True, capture_output=True, timeout=300)
    return folder / f"{path.stem}.{kind}"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_sheet_survives_libreoffice(run, tmp_path: Path, lang) -> None:
    """A sheet that another program opened and saved, then filled in as people do, is confirmed to the digit."""
    assert run("worksheet", SET, "-o", "s.xlsx", "--lang", lang).code == 0
    path = saved_again(tmp_path / "s.xlsx", "xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    rows = ntm.worksheet(ntm.load(SET))
    numbers = {row.name: number for number, row in enumerate(rows, 2)}
    answers = {
        "4/4.1": "có",
        "10/10 2018": "36,5",
        "10/10 2019": 37.25,
        "14/14.3 red_river_delta": "45 %",
        "17/17.7 general": "không quy định",
    }
    for name, answer in answers.items():
        day = datetime(2026, 11, 20) if name == "4/4.1" else "2026-11-20"  # noqa: DTZ001 - as a workbook holds it
        for column, words in zip("OPQRS", (answer, 30, "Chuyên viên", day, "Công báo"), strict=True):
            sheet[f"{column}{numbers[name]}"] = words
    book.save(path)
    again = saved_again(path, "xlsx")
    ran = run("confirm", str(again), "-o", "v.yaml")
    assert (ran.code, ran.err) == (0, "")
    made = {edit.at + "".join(edit.row): edit for edit in read_revision(tmp_path / "v.yaml").edits}
    assert len(made) == len(answers)
    assert str(made["10/102018"].cell.value) == "36.5"
    assert str(made["10/102019"].cell.value) == "37.25"
    assert made["14/14.3red_river_delta"].cell == ntm.Quantity.parse("45 %")
    assert made["17/17.7general"].cell == Nothing()
    assert {(edit.verified.page, edit.verified.date.isoformat()) for edit in made.values()} == {("30", "2026-11-20")}


def test_a_sheet_of_csv_from_libreoffice(run, tmp_path: Path) -> None:
    """A workbook that another program saved as CSV is read as the same sheet: no grey cell counts as changed."""
    assert run("worksheet", SET, "-o", "s.xlsx").code == 0
    path = saved_again(tmp_path / "s.xlsx", "csv", UTF_8)
    ran = run("confirm", str(path), "--lang", "en")
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert "no row is filled in" in ran.err
