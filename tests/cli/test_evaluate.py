from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from ntm_rules.evaluation import evaluate
from ntm_rules.explanation import heading, unknowns
from ntm_rules.messages import LANGUAGES, text
from ntm_rules.rulebook import load, read_dossier

SET = "commune/standard/2016-2020"
TABLE = """\
Tên xã,huyện,tỉnh,năm,multidimensional_poverty_rate,attested:10
Phú Đình,Định Hóa,Thái Nguyên,2018,"13,2",chưa đạt
Bình Yên,Định Hóa,Thái Nguyên,2018,"11,5",
"""


@pytest.fixture
def table(tmp_path: Path) -> str:
    """A table in the folder: one row not met, one undetermined."""
    (tmp_path / "communes.csv").write_text(TABLE, encoding="utf-8")
    return "communes.csv"


def judged(file: str):
    """The assessment of a dossier in the folder."""
    dossier = read_dossier(file)
    return evaluate(load(SET), dossier)


# --- exit codes -------------------------------------------------------------------------------------------------


def test_the_exit_code_is_the_verdict(run, met: str, dossier: str, open_: str, broken: str) -> None:
    """0 met, 1 not met, 3 undetermined, 2 unusable."""
    assert [run("evaluate", each).code for each in (met, dossier, open_, broken)] == [0, 1, 3, 2]


def test_of_several_the_worst_exit_code_counts(run, met: str, dossier: str, open_: str, broken: str) -> None:
    """Unusable is worse than not met, that is worse than undetermined, that is worse than met."""
    assert run("evaluate", met, met).code == 0
    assert run("evaluate", open_, met).code == 3
    assert run("evaluate", open_, met, dossier).code == 1
    assert run("evaluate", open_, dossier, broken).code == 2


def test_one_unusable_file_does_not_stop_the_others(run, dossier: str, broken: str) -> None:
    """Its problems go to the standard error; the others are judged."""
    ran = run("evaluate", broken, "absent.yaml", dossier)
    assert ran.code == 2
    assert "broken.yaml:9:" in ran.err
    assert "absent.yaml: NTM101" in ran.err
    assert "Phú Đình, Định Hóa" in ran.out
    assert text("cli.evaluate_unusable", "vi", count=2) in ran.out


# --- what is printed --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_dossier_is_told_in_full(run, dossier: str, lang: str) -> None:
    """The head of every page, then the criteria that are not met by number and name, then what must be known."""
    out = run("evaluate", dossier, "--lang", lang).out
    result = judged(dossier)
    assert out.startswith(heading(result, lang) + "\n")
    names = [f"{each.criterion.number} {each.criterion.title.in_(lang)}" for each in result.failing]
    assert text("cli.evaluate_failing_line", lang, criteria="; ".join(names)) in out.splitlines()
    count = len(result.conflicts)
    notes = text("cli.note_conflicts", lang, count=count)
    assert text("cli.evaluate_notes_line", lang, notes=notes) in out.splitlines()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_several_dossiers_are_a_table(run, dossier: str, met: str, lang: str) -> None:
    """One line a dossier: place, year, verdict, five numbers twice, criteria not met, notes; then the sum."""
    lines = run("evaluate", dossier, met, "--lang", lang).out.splitlines()
    assert lines[1].startswith("Phú Đình, Định Hóa  2018  ")
    assert text("verdict.not_met", lang) in lines[1]
    assert text("cli.note_illustration", lang) in lines[1]
    tally = judged(met).tally
    assert f"{tally.met}/{tally.not_met}/{tally.undetermined}/{tally.not_applicable}/{tally.total}" in lines[2]
    parts = f"{text('verdict.met', lang)} 1, {text('verdict.not_met', lang)} 1"
    assert lines[-1] == text("cli.evaluate_counts", lang, count=2, parts=parts)
    places = [line.index("2018") for line in lines[1:3]]
    assert len(set(places)) == 1


def test_nothing_is_cut_where_nobody_is_looking(run, tmp_path: Path, dossier: str, monkeypatch) -> None:
    """However long a name, it stands on one line in full."""
    long = "Xã có tên rất dài " * 20
    content = (tmp_path / dossier).read_text(encoding="utf-8").replace("Phú Đình, d", f"{long.strip()}, d")
    (tmp_path / "long.yaml").write_text(content, encoding="utf-8")
    monkeypatch.setenv("COLUMNS", "40")
    assert long.strip() in run("evaluate", "long.yaml", dossier).out


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_not_known_is_told_on_request(run, dossier: str, open_: str, lang: str) -> None:
    """``--unknown`` prints that page after each dossier."""
    out = run("evaluate", dossier, open_, "--unknown", "--lang", lang).out
    assert unknowns(judged(dossier), lang) in out
    assert unknowns(judged(open_), lang) in out


def test_a_tally_that_does_not_agree_is_noted(run, tmp_path: Path, met: str) -> None:
    """A reported tally that can't be is among the notes of a single dossier and of several."""
    content = (tmp_path / met).read_text(encoding="utf-8") + "reported: {criteria_met: 3}\n"
    (tmp_path / met).write_text(content, encoding="utf-8")
    assert text("cli.note_tally_conflict", "vi") in run("evaluate", met).out
    assert text("cli.note_tally_conflict", "vi") in run("evaluate", met, met).out


# --- what is judged ---------------------------------------------------------------------------------------------


def test_a_folder_is_its_dossiers_in_order(run, tmp_path: Path, dossier: str, open_: str) -> None:
    """The YAML and JSON files of a folder are judged, sorted by name, and nothing else there."""
    folder = tmp_path / "folder"
    folder.mkdir()
    content = (tmp_path / dossier).read_text(encoding="utf-8")
    for name, place in {"c.yml": "Ba", "a.yaml": "Một", "notes.txt": "Không"}.items():
        (folder / name).write_text(content.replace("Phú Đình, d", f"{place}, d"), encoding="utf-8")
    (folder / "b.json").write_text(run("new", SET, "--json", *FILLED).out, encoding="utf-8")
    (folder / "d.yaml").mkdir()
    told = json.loads(run("evaluate", "folder", "--json").out)
    assert [each["place"]["name"] for each in told] == ["Một", "Hai", "Ba"]


FILLED = ("--place", "Hai", "--province", "Hà Nội", "--year", "2018")


def test_the_set_and_the_day_may_be_chosen(run, tmp_path: Path, dossier: str) -> None:
    """``--set`` and ``--on`` stand whatever the dossier says; a set of one's own may be a file."""
    told = json.loads(run("evaluate", dossier, "--on", "2024-01-01", "--json").out)
    assert told["on"] == "2024-01-01"
    assert "outside_force" in [finding["code"] for finding in told["findings"]]
    assert told["set"]["id"] == SET
    document = json.loads(run("show", SET, "--json").out)
    document["criteria"] = document["criteria"][:1]
    (tmp_path / "mine.json").write_text(json.dumps(document), encoding="utf-8")
    content = (tmp_path / dossier).read_text(encoding="utf-8").partition("attestations:")[0]
    (tmp_path / "plain.yaml").write_text(content, encoding="utf-8")
    told = json.loads(run("evaluate", "plain.yaml", "--set", "mine.json", "--json").out)
    assert len(told["criteria"]) == 1
    ran = run("evaluate", dossier, "--set", "mine.json")
    assert ran.code == 2
    assert "NTM415" in ran.err


def test_a_set_that_there_is_not_is_told_once(run, dossier: str) -> None:
    """A wrong ``--set`` is one error, not one a dossier."""
    ran = run("evaluate", dossier, dossier, "--set", "commune/standard/2016")
    assert ran.code == 2
    assert ran.err.splitlines() == [f"Không có «commune/standard/2016». Có phải là «{SET}»?"]


def test_a_dossier_without_a_set_is_judged_by_the_one_in_force(run, tmp_path: Path, dossier: str) -> None:
    """The standard of its level that day is taken and its addresses checked against it; none is told."""
    content = (tmp_path / dossier).read_text(encoding="utf-8").replace(f"set: {SET}\n", "")
    (tmp_path / "free.yaml").write_text(content, encoding="utf-8")
    assert json.loads(run("evaluate", "free.yaml", "--json").out)["set"]["id"] == SET
    (tmp_path / "wrong.yaml").write_text(content.replace('"15/15.1"', '"99"'), encoding="utf-8")
    assert "wrong.yaml:12:3: NTM415" in run("evaluate", "wrong.yaml").err
    (tmp_path / "old.yaml").write_text(content.replace("2018", "2008"), encoding="utf-8")
    ran = run("evaluate", "old.yaml")
    assert ran.code == 2
    assert ran.err.startswith("old.yaml: ")


def test_weaker_evidence_may_be_refused(run, dossier: str) -> None:
    """``--accept text`` leaves undetermined what rests on less."""
    weak = json.loads(run("evaluate", dossier, "--json").out)
    strong = json.loads(run("evaluate", dossier, "--accept", "text", "--json").out)
    assert (weak["accept"], strong["accept"]) == ("recalled", "text")
    assert strong["tally"]["undetermined"] > weak["tally"]["undetermined"]
    assert not strong["provisional"]


@pytest.mark.parametrize("name", ["set.yaml", "list.json"])
def test_another_document_is_no_dossier(run, tmp_path: Path, name: str) -> None:
    """A criteria set, or a list, is not taken for a dossier."""
    content = f"criteria_set: {SET}\n" if name == "set.yaml" else "[1]"
    (tmp_path / name).write_text(content, encoding="utf-8")
    ran = run("evaluate", name)
    assert ran.code == 2
    assert f"{name}:1:1: NTM20" in ran.err


# --- what does not go together ----------------------------------------------------------------------------------


def test_what_does_not_go_together_is_told(run, tmp_path: Path, dossier: str, table: str) -> None:
    """An empty folder, a table with other files, a year for a dossier, an output onto an input: one line each, 2."""
    (tmp_path / "empty").mkdir()
    lines = {
        ("empty",): text("cli.evaluate_no_dossiers", "vi", folder="empty"),
        (table, dossier): text("cli.evaluate_one_table", "vi", file=table),
        (dossier, "--year", "2018"): text("cli.evaluate_year_of_table", "vi"),
        (dossier, "--unknown", "--json"): text("cli.evaluate_unknown_alone", "vi"),
        (table, "--unknown", "-o", "x.csv"): text("cli.evaluate_unknown_alone", "vi"),
        (table, "-o", f"../{tmp_path.name}/{table}"): text(
            "cli.evaluate_onto_input", "vi", file=f"../{tmp_path.name}/{table}"
        ),
    }
    for words, line in lines.items():
        assert run("evaluate", *words) == (2, "", line + "\n")
    assert (tmp_path / table).read_text(encoding="utf-8") == TABLE


# --- JSON -------------------------------------------------------------------------------------------------------


def test_json_is_the_assessment(run, dossier: str, open_: str, broken: str, tmp_path: Path) -> None:
    """One dossier is an object, several are a list without the unusable ones; a file is written whole."""
    assert json.loads(run("evaluate", dossier, "--json").out) == judged(dossier).to_dict()
    ran = run("evaluate", dossier, broken, open_, "--json")
    assert json.loads(ran.out) == [judged(dossier).to_dict(), judged(open_).to_dict()]
    assert ran.code == 2
    assert run("evaluate", broken, "--json").out == ""
    assert json.loads(run("evaluate", broken, broken, "--json").out) == []
    ran = run("evaluate", dossier, "--json", "-o", "out.json")
    assert "out.json" in ran.out
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8")) == judged(dossier).to_dict()


# --- tables -----------------------------------------------------------------------------------------------------


def rows_of(content: str) -> list[dict[str, str]]:
    """A written table as rows."""
    return list(csv.DictReader(io.StringIO(content)))


def test_a_table_is_judged_row_by_row(run, table: str) -> None:
    """Each row of a table has its verdict, on the screen and as JSON."""
    ran = run("evaluate", table)
    assert ran.code == 1
    assert [line.split("  ")[0] for line in ran.out.splitlines()[1:3]] == ["Phú Đình, Định Hóa", "Bình Yên, Định Hóa"]
    told = json.loads(run("evaluate", table, "--json").out)
    assert [each["verdict"] for each in told] == ["not_met", "undetermined"]


def test_a_table_of_verdicts_is_written(run, tmp_path: Path, table: str) -> None:
    """The identity columns as typed, then verdict, basis, tallies, numbers, facts, and a column a criterion."""
    ran = run("evaluate", table, "-o", "out.csv")
    assert (ran.code, ran.err) == (1, "")
    assert "out.csv" in ran.out
    written = rows_of((tmp_path / "out.csv").read_text(encoding="utf-8"))
    first, second = written
    assert list(first)[:4] == ["Tên xã", "huyện", "tỉnh", "năm"]
    assert list(first)[4:18] == [
        "verdict",
        "basis",
        "met",
        "not_met",
        "undetermined",
        "not_applicable",
        "total",
        "indicators_met",
        "failing",
        "undetermined_criteria",
        "missing_facts",
        "conflicts",
        "provisional",
        "hypothetical",
    ]
    assert list(first)[18:] == [f"criterion_{number}" for number in range(1, 20)]
    assert (first["Tên xã"], first["verdict"], first["failing"]) == ("Phú Đình", "not_met", "10 11")
    assert (first["not_met"], first["total"], first["provisional"]) == ("2", "19", "yes")
    assert (first["criterion_10"], second["criterion_11"]) == ("not_met", "met")
    assert second["failing"] == ""
    assert "health_insurance_share" in second["missing_facts"].split()


def test_an_answer_is_written_as_the_table_was(run, tmp_path: Path) -> None:
    """A table with semicolons and a byte order mark, as spreadsheets write it, gets an answer alike."""
    content = "\ufeff" + TABLE.replace(",", ";").replace("13;2", "13,2").replace("11;5", "11,5")
    (tmp_path / "t.csv").write_text(content, encoding="utf-8")
    assert run("evaluate", "t.csv", "-o", "out.csv").code == 1
    written = (tmp_path / "out.csv").read_bytes()
    assert written.startswith("\ufeffTên xã;huyện".encode())


def test_rows_that_cannot_be_used_are_kept(run, tmp_path: Path) -> None:
    """They stand in their place with the verdict *unusable*; their problems are told with file and line."""
    content = TABLE.replace('Thái Nguyên,2018,"11,5"', "Thái Nguyn,2018,abc")
    (tmp_path / "t.csv").write_text(content, encoding="utf-8")
    ran = run("evaluate", "t.csv", "-o", "out.csv")
    assert ran.code == 2
    assert "t.csv:3:3: NTM410" in ran.err
    assert "t.csv:3:5: NTM402" in ran.err
    written = rows_of((tmp_path / "out.csv").read_text(encoding="utf-8"))
    assert [row["verdict"] for row in written] == ["not_met", "unusable"]
    assert written[1]["tỉnh"] == "Thái Nguyn"
    assert written[1]["criterion_1"] == ""


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_no_cell_becomes_a_formula(run, tmp_path: Path, sign: str) -> None:
    """What a spreadsheet would take for a formula is written as text."""
    name = f"{sign}HYPERLINK(x)"
    (tmp_path / "t.csv").write_text(f"name,province,year\n{name},Hà Nội,2018\n", encoding="utf-8")
    (row,) = rows_of(run("evaluate", "t.csv", "-o", "-").out)
    assert row["name"] == f"'{name}"


def test_dossiers_may_be_written_as_a_table_too(run, dossier: str, broken: str) -> None:
    """Files have the file, the place and the year as identity; a contradiction is named by its address."""
    written = rows_of(run("evaluate", dossier, broken, "-o", "-").out)
    assert list(written[0])[:5] == ["file", "name", "district", "province", "year"]
    first = [written[0][name] for name in ("file", "name", "district", "province", "year")]
    assert first == [dossier, "Phú Đình", "Định Hóa", "Thái Nguyên", "2018"]
    assert written[0]["conflicts"] == "15/15.1"
    assert (written[1]["file"], written[1]["verdict"]) == (broken, "unusable")


def test_a_year_for_the_whole_table(run, tmp_path: Path) -> None:
    """``--year`` stands in for the column that a table of one year does not have."""
    (tmp_path / "t.csv").write_text("name,province\nA,Hà Nội\n", encoding="utf-8")
    ran = run("evaluate", "t.csv")
    assert ran.code == 2
    assert "NTM452" in ran.err
    told = json.loads(run("evaluate", "t.csv", "--year", "2018", "--json").out)
    assert [each["year"] for each in told] == [2018]


def test_an_address_that_the_set_in_force_does_not_hold(run, tmp_path: Path) -> None:
    """In a table without a set, too, a conclusion on what the set does not hold makes its row unusable."""
    (tmp_path / "t.csv").write_text("name,province,year,attested:99\nA,Hà Nội,2018,met\n", encoding="utf-8")
    ran = run("evaluate", "t.csv", "--lang", "en")
    assert ran.code == 2
    assert ran.err.startswith("t.csv:2: ")


def test_nothing_is_written_for_a_table_that_cannot_be_read(run, tmp_path: Path) -> None:
    """A table with a wrong heading leaves no output, neither new nor half."""
    (tmp_path / "t.csv").write_text("name,yeer\nA,2018\n", encoding="utf-8")
    for words in (("-o", "out.csv"), ("--json", "-o", "out.json")):
        assert run("evaluate", "t.csv", *words).code == 2
    assert [each.name for each in tmp_path.iterdir()] == ["t.csv"]


def test_sets_are_told_where_they_differ(run, dossier: str, met: str) -> None:
    """Dossiers judged by more than one set have a column that tells which; those judged by one have none."""
    periods = str(Path(__file__).resolve().parents[2] / "examples" / "periods")
    out = run("evaluate", periods, "--lang", "en").out.splitlines()
    assert out[0].split()[:3] == ["Place", "Year", "Set"]
    assert "Minh Họa Hai, Ví Dụ  2023  commune/model/2021-2025" in "\n".join(out)
    assert "Set" not in run("evaluate", dossier, met, "--lang", "en").out.splitlines()[0]
