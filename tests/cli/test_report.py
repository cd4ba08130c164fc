from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from ntm_rules.cli import paper
from ntm_rules.cli import report as command
from ntm_rules.evaluation import evaluate
from ntm_rules.reports import ReportFile, markdown, plain, render, report, report_index
from ntm_rules.rulebook import load, read_dossier, rules_for

SET = "commune/standard/2016-2020"
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def made(file: str, lang="vi"):
    """The report on a dossier in the folder."""
    return report(evaluate(load(SET), read_dossier(file)), lang)


@pytest.mark.parametrize(
    ("form", "lang"), [("html", "vi"), ("docx", "en"), ("xlsx", "vi"), ("pdf", "en"), ("md", "en"), ("json", "vi")]
)
def test_the_ending_says_the_form(run, dossier: str, tmp_path: Path, form: str, lang: str) -> None:
    """The file holds the report in the form of its ending, whatever its capitals; nothing else is left behind."""
    ran = run("report", dossier, "-o", f"r.{form.upper()}", "--lang", lang)
    assert (ran.code, ran.err) == (0, "")
    assert f"r.{form.upper()}" in ran.out
    assert (tmp_path / f"r.{form.upper()}").read_bytes() == render(made(dossier, lang), form)
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("output", [(), ("-o", "-")])
def test_without_a_file_it_is_printed(run, dossier: str, output) -> None:
    """Where nobody is looking the page is Markdown."""
    assert run("report", dossier, *output) == (0, markdown(made(dossier)), "")


def test_data_for_another_program(run, dossier: str, tmp_path: Path) -> None:
    """``--json`` prints the report as data, writes it whatever the file's ending, or writes a folder of such files."""
    assert json.loads(run("report", dossier, "--json").out) == plain(made(dossier))
    assert run("report", dossier, "--json", "-o", "out.txt").code == 0
    assert (tmp_path / "out.txt").read_bytes() == render(made(dossier), "json")
    assert run("report", ".", "--json", "-o", "out").code == 0
    assert (tmp_path / "out" / "phu-dinh.json").read_bytes() == render(made(dossier), "json")


def test_scenarios_and_sets_are_as_in_evaluate(run, dossier: str) -> None:
    """``--with``, ``--set``, ``--on`` and ``--accept`` judge as everywhere; a scenario is marked."""
    scenario = str(EXAMPLES / "scenario" / "raise-clean-water.yaml")
    ran = run(
        "report", dossier, "--with", scenario, "--set", SET, "--on", "2018-12-31", "--accept", "text", "--lang", "en"
    )
    assert ran.code == 0
    assert "**HYPOTHETICAL, NOT THE LAW" in ran.out
    assert "seen in the text" in ran.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("report", "{dossier}", "-o", "x.txt"), "x.txt"),
        (("report", "{dossier}", "-o", "x"), "x"),
        (("report", "{dossier}", "--as", "md"), "--as"),
        (("report", "t.csv", "-o", "x.html"), "t.csv"),
        (("report", "."), "-o"),
        (("report", ".", "-o", "-"), "-o"),
        (("report", ".", "-o", "out", "--as", "txt"), "html, docx, xlsx, pdf, md, json"),
        (("report", "empty", "-o", "out"), "empty"),
        (("report", "no-such.yaml", "-o", "x.html"), "no-such.yaml"),
        (("report", "{dossier}", "--set", "commune/no/2020", "-o", "x.html"), "commune/no/2020"),
    ],
)
def test_what_can_not_be_done_is_said(run, dossier: str, tmp_path: Path, words, said: str) -> None:
    """Exit code 2, one sentence that names what is wrong, and no file."""
    (tmp_path / "empty").mkdir()
    ran = run(*(word.replace("{dossier}", dossier) for word in words))
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert sorted(each.name for each in tmp_path.iterdir()) == ["empty", dossier]


def test_a_dossier_is_never_overwritten(run, dossier: str, tmp_path: Path) -> None:
    """Neither by its own report nor by one of its folder."""
    written = json.dumps({"dossier": 1, "place": {"level": "commune", "name": "A"}, "year": 2018, "set": SET})
    (tmp_path / "a.json").write_text(written, encoding="utf-8")
    for words in (("a.json", "-o", "a.json"), (".", "-o", ".", "--as", "json")):
        ran = run("report", *words, "--lang", "en")
        assert (ran.code, ran.out) == (2, "")
        assert "a.json" in ran.err
        assert "must not overwrite" in ran.err
    assert (tmp_path / "a.json").read_text(encoding="utf-8") == written


@pytest.mark.parametrize("form", [None, "md"])
def test_a_folder_of_dossiers(run, dossier: str, met: str, tmp_path: Path, form) -> None:
    """A report each, under its own name, and an index that leads to them."""
    wanted = form or "html"
    ran = run("report", ".", "-o", "new/out", *(() if form is None else ("--as", form)))
    assert (ran.code, ran.err) == (0, "")
    out = tmp_path / "new" / "out"
    assert {each.name for each in out.iterdir()} == {f"index.{wanted}", f"met.{wanted}", f"phu-dinh.{wanted}"}
    assert (out / f"phu-dinh.{wanted}").read_bytes() == render(made(dossier), wanted)
    results = [evaluate(load(SET), read_dossier(file)) for file in (met, dossier)]
    names = (f"met.{wanted}", f"phu-dinh.{wanted}")
    files = [ReportFile(result, name) for result, name in zip(results, names, strict=True)]
    assert (out / f"index.{wanted}").read_bytes() == render(report_index(files), wanted)


def test_a_dossier_that_can_not_be_used_stops_no_other(run, dossier: str, broken: str, tmp_path: Path) -> None:
    """It is told on the standard error and in the index, its exit code is 2, the others are there."""
    ran = run("report", ".", "-o", "out", "--as", "md", "--lang", "en")
    assert ran.code == 2
    assert "broken.yaml" in ran.err
    assert {each.name for each in (tmp_path / "out").iterdir()} == {"index.md", "phu-dinh.md"}
    index = (tmp_path / "out" / "index.md").read_text(encoding="utf-8")
    assert "## Dossiers that can't be used" in index
    assert "NTM" in index


def test_progress_is_shown_to_who_is_looking(run, dossier: str, monkeypatch, capsys) -> None:
    """On a terminal a bar runs on the standard error, and the standard output stays as it is."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "dumb")
    ran = run("report", ".", "-o", "out", "--lang", "en")
    assert (ran.code, ran.out.count("\n")) == (0, 1)


# --- on a terminal ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", ["80", "200"])
@pytest.mark.parametrize("file", ["dinh-hoa/phu-dinh.yaml", "illustration/minh-hoa.yaml", "periods/2023-advanced.yaml"])
def test_a_report_fits_the_terminal(monkeypatch, capsys, columns: str, file: str) -> None:
    """No line is wider than the terminal, and every verdict and ground is there."""
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("TERM", "xterm")
    dossier = read_dossier(EXAMPLES / file)
    page = report(evaluate(rules_for(dossier), dossier))
    paper.show(page)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= int(columns)
    told = "".join("".join(lines).split())
    for section in page.sections:
        assert "".join(section.title.split()) in told
    for line in page.running:
        assert "".join(line.split()) in told


def test_a_terminal_gets_the_page(run, dossier: str, monkeypatch, capsys) -> None:
    """Who looks at a terminal gets headings and tables; words that look like markup stay words."""
    monkeypatch.setattr(command.Screen, "is_terminal", property(lambda _self: True))
    monkeypatch.setenv("COLUMNS", "80")
    ran = run("report", dossier, "--lang", "en")
    assert ran.code == 0
    assert "Commune Phú Đình" in ran.out
    assert not ran.out.startswith("#")


@pytest.mark.parametrize("columns", ["60", "120"])
def test_an_index_on_a_terminal(monkeypatch, capsys, columns: str) -> None:
    """A matrix is a table where it fits, and tells what its signs mean where it does not."""
    monkeypatch.setenv("COLUMNS", columns)
    dossier = read_dossier(EXAMPLES / "dinh-hoa" / "phu-dinh.yaml")
    paper.show(report_index([ReportFile(evaluate(load(SET), dossier), "a.html")], ["[red]x.yaml"]))
    out = capsys.readouterr().out
    assert "[red]x.yaml" in out
    assert ("9: chưa đạt" in out) == (columns == "60")


def test_what_changed_since_a_saved_assessment(run, dossier: str, met: str, tmp_path: Path) -> None:
    """The earlier assessment may be saved or a dossier; one that was changed since, or is none, ends with code 2."""
    assert run("evaluate", dossier, "--save", "saved.json").code == 1
    ran = run("report", met, "--since", "saved.json", "--lang", "en")
    assert (ran.code, ran.err) == (0, "")
    assert "## What changed since the earlier assessment" in ran.out
    assert ran.out == run("report", met, "--since", dossier, "--lang", "en").out
    saved = json.loads((tmp_path / "saved.json").read_text(encoding="utf-8"))
    saved["criteria"][0]["verdict"] = "met"
    (tmp_path / "saved.json").write_text(json.dumps(saved), encoding="utf-8")
    ran = run("report", met, "--since", "saved.json")
    assert (ran.code, "NTM209" in ran.err, "saved.json" in ran.err) == (2, True, True)
    assert run("report", met, "--since", "not-there.yaml").code == 2
    (tmp_path / "list.json").write_text("[1]", encoding="utf-8")
    assert run("report", met, "--since", "list.json").code == 2
    assert run("report", ".", "-o", "out", "--since", dossier).code == 2
