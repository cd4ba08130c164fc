from __future__ import annotations

import errno
import io
import json
import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import click
import pytest

from ntm_rules import cli
from ntm_rules.cli import evaluate, find_command, main, parsing
from ntm_rules.cli.parsing import root, usage_text
from ntm_rules.messages import LANGUAGES, has_text, keys, text

SET = "commune/standard/2016-2020"
COMMANDS = ("sets", "show", "facts", "new", "evaluate", "explain", "check")


def process(*words: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    """Run the program as a process of its own."""
    code = "import sys; from ntm_rules.cli import main; sys.exit(main())"
    environment = {key: value for key, value in os.environ.items() if key != "NTM_RULES_LANG"}
    return subprocess.run(
        [sys.executable, "-c", code, *words], env=environment | {"LC_ALL": "C"}, check=False, timeout=60, **options
    )


def commands() -> list[click.Command]:
    """Every command, and the program itself."""
    return [root(cli.COMMANDS, find_command), *map(find_command, cli.COMMANDS)]


# --- help -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lang", "words"), [("vi", ("Cách dùng:", "Tùy chọn:")), ("en", ("Usage:", "Options:"))])
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_in_both_languages(run, command: str, lang: str, words: tuple[str, ...]) -> None:
    """The help of a command has translated headings, its own text and an example line."""
    ran = run(command, "--lang", lang, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert all(word in ran.out for word in words)
    assert f"\n  ntm-rules {command}" in ran.out
    assert text(f"help.{command}.text", lang)[:40].split("\n")[0].strip() in ran.out.replace("\n  ", " ")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_program_lists_its_commands(run, lang: str) -> None:
    """Without a command the help is shown, the commands in the order of use."""
    ran = run("--lang", lang)
    assert ran.code == 0
    assert ran.out == run("--lang", lang, "--help").out
    places = [ran.out.index(f"\n  {command} ") for command in COMMANDS]
    assert places == sorted(places)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_option_and_argument_is_explained(lang: str) -> None:
    """Nothing on a help page lacks its text."""
    for command in commands():
        for param in command.params:
            assert has_text(f"help.{command.name}.{param.name}") or has_text(f"help.option.{param.name}")
            assert param.metavar is None or f"help.metavar.{param.metavar}" in keys(lang)


def test_every_command_takes_json_and_lang() -> None:
    """Each command can answer a program, and in either language."""
    for command in commands()[1:]:
        assert {"json", "lang"} <= {param.name for param in command.params}


def test_every_message_is_used() -> None:
    """No text of ours stands in the catalogues for nothing."""
    sources = "".join(file.read_text(encoding="utf-8") for file in Path(cli.__file__).parent.glob("*.py"))
    named = set(re.findall(r"""["'](?:cli\.)?(\w+)["']""", sources))
    made = ("sets_", "evaluate_", "note_", "kind_")  # keys that are put together
    ours = [key.removeprefix("cli.") for key in keys("vi") if key.startswith("cli.")]
    unused = [key for key in ours if key not in named and not key.startswith(made)]
    assert unused == []


# --- language ---------------------------------------------------------------------------------------------------


def test_the_language_may_stand_before_or_after_the_command(run) -> None:
    """``--lang`` counts wherever it stands, the last one wins, and Vietnamese is the default."""
    assert "Title" in run("--lang", "en", "sets").out
    assert "Title" in run("sets", "--lang=en").out
    assert "Title" in run("--lang", "vi", "sets", "--lang", "en").out
    assert "Tên" in run("sets").out


def test_the_environment_names_the_language(run, monkeypatch: pytest.MonkeyPatch) -> None:
    """NTM_RULES_LANG counts where ``--lang`` says nothing; an empty one says nothing; the locale is not read."""
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert "Tên" in run("sets").out
    monkeypatch.setenv("NTM_RULES_LANG", "")
    assert "Tên" in run("sets").out
    monkeypatch.setenv("NTM_RULES_LANG", "en")
    assert "Title" in run("sets").out
    assert "Tên" in run("sets", "--lang", "vi").out


def test_a_language_that_there_is_not_is_told(run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong language is a usage error: from the environment in both languages, for nobody knows which is read."""
    ran = run("sets", "--lang", "fr")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("Lệnh chưa đúng: --lang")
    monkeypatch.setenv("NTM_RULES_LANG", "fr")
    ran = run("sets")
    assert (ran.code, ran.out) == (2, "")
    assert "Lệnh chưa đúng: " in ran.err
    assert "Wrong command line: " in ran.err
    assert run("sets", "--lang", "en").code == 0
    assert run("sets", "--lang", "xx").err.startswith("Lệnh chưa đúng: --lang")


def test_what_follows_two_dashes_is_no_option(run) -> None:
    """After ``--`` a word is a word."""
    ran = run("facts", "--", "--lang", "en")
    assert (ran.code, ran.err) == (0, "")
    assert "«--lang en»" in ran.out


# --- usage errors -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "key", "params"),
    [
        (("evaluat",), "usage_no_command", {"seen": "evaluat"}),
        (("evaluate",), "usage_missing", {}),
        (("evaluate", "x", "--jso"), "usage_no_option", {"seen": "--jso"}),
        (("evaluate", "x", "--set"), "usage_takes_one", {"option": "--set"}),
        (("evaluate", "x", "--json=1"), "usage_takes_none", {"option": "--json"}),
        (("evaluate", "x", "--help=1"), "usage_takes_none", {"option": "--help"}),
        (("evaluate", "x", "--on", "2018"), "usage_no_date", {"option": "--on", "seen": "2018"}),
        (("evaluate", "x", "--year", "18"), "usage_no_year", {"option": "--year", "seen": "18"}),
        (("evaluate", "x", "--accept", "unstated"), "usage_not_one_of", {"option": "--accept", "seen": "unstated"}),
        (("sets", "more", "words"), "usage_extra", {"seen": "more words"}),
        (("--nothing",), "usage_no_option", {"seen": "--nothing"}),
    ],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_wrong_command_line_is_told_in_the_language(run, words, key: str, params, lang: str) -> None:
    """A usage error is headed and worded in the language asked for, says where help is, and exits with 2."""
    ran = run(*words, "--lang", lang) if words[-1] != "--set" else run("--lang", lang, *words)
    assert (ran.code, ran.out) == (2, "")
    first, last = ran.err.splitlines()
    heading = text("cli.usage", lang, what="")
    assert first.startswith(heading)
    beginning = text(f"cli.{key}", lang, **(params | {"hint": "", "allowed": "", "what": ""}))
    assert first.removeprefix(heading)[:8] == beginning[:8] or key == "usage_missing"
    assert all(value in first for value in params.values())
    command = " ".join(["ntm-rules", *words[:1]]) if words[0] in COMMANDS else "ntm-rules"
    assert last == text("cli.usage_help", lang, command=command)


def test_the_nearest_name_is_offered(run) -> None:
    """A mistyped command, option, set or number comes with the one that was likely meant."""
    assert "«evaluate»" in run("evaluat").err
    assert "«--json»" in run("sets", "--jso").err
    assert f"«{SET}»" in run("show", "commune/standard/2016").err


def test_other_faults_of_the_parser_keep_its_words() -> None:
    """What only click can say is said in click's words, under our heading."""
    assert usage_text(click.ClickException("odd"), "en").splitlines()[0] == "Wrong command line: odd"


def test_the_version_is_told(run) -> None:
    """``--version`` names the program and its version."""
    assert run("--version").out.startswith("ntm-rules 0.")


def test_sources_that_were_never_installed_have_no_version(run, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a folder of sources the program works all the same."""

    def fail(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", fail)
    assert run("--version") == (0, "ntm-rules ?\n", "")


# --- streams ----------------------------------------------------------------------------------------------------


def test_output_is_utf8_whatever_the_locale() -> None:
    """In the C locale too Vietnamese is printed, plain, when nobody is looking."""
    ran = process("sets", capture_output=True)
    assert ran.returncode == 0
    assert "giai đoạn 2016-2020" in ran.stdout.decode("utf-8")
    assert b"\x1b" not in ran.stdout


def test_a_reader_that_went_away_is_no_verdict() -> None:
    """When nobody reads any more, the exit code is that of a broken pipe and nothing is told."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ran = process("facts", stdout=writing, stderr=subprocess.PIPE)
    finally:
        os.close(writing)
    assert (ran.returncode, ran.stderr) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("words", [("sets",), ("facts", "--json")])
def test_a_full_disk_is_one_line(words: tuple[str, ...]) -> None:
    """Output that can't be written is told in one line, never as a verdict."""
    with Path("/dev/full").open("wb") as full:
        ran = process(*words, stdout=full, stderr=subprocess.PIPE)
    assert ran.returncode == 2
    assert ran.stderr.decode("utf-8").splitlines() == [text("cli.os_full", "vi")]


def test_no_output_at_all_is_borne(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process without standard output still gives its exit code."""
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["sets"]) == 0
    assert main(["nothing"]) == 2
    assert main(["new", SET, "-o", "absent/d.yaml"]) == 2


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (OSError(errno.ENOENT, "x", "f"), "os_absent"),
        (OSError(errno.EACCES, "x", "f"), "os_forbidden"),
        (OSError(errno.EISDIR, "x", "f"), "os_folder"),
        (OSError(errno.EIO, "broken", "f"), "os_other"),
        (OSError("odd"), "os_other"),
    ],
)
def test_what_the_system_refuses_is_one_line(run, monkeypatch: pytest.MonkeyPatch, error: OSError, key: str) -> None:
    """An unexpected error of the system is told in one line, and the exit code is 2."""

    def fail(_path: str) -> list[str]:
        raise error

    monkeypatch.setattr(evaluate, "dossiers_in", fail)
    ran = run("evaluate", "x", "--lang", "en")
    why = error.strerror or str(error)
    assert ran == (2, "", text(f"cli.{key}", "en", file=error.filename or "-", why=why) + "\n")


def test_an_interrupt_is_no_verdict(run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who interrupts the command gets 130, as from a shell."""

    def interrupt(_path: str) -> list[str]:
        raise KeyboardInterrupt

    monkeypatch.setattr(evaluate, "dossiers_in", interrupt)
    assert run("evaluate", "x") == (130, "", "")


def test_the_words_of_the_process_are_taken(run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Called without words, the program takes those of its process."""
    monkeypatch.setattr(sys, "argv", ["ntm-rules", "--version"])
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    assert main() == 0
    assert stream.getvalue().startswith("ntm-rules ")


def test_only_this_room_loads_the_terminal_libraries() -> None:
    """Plain output needs no rich, and judging needs neither rich nor click."""
    code = (
        "import sys; import ntm_rules.rulebook, ntm_rules.evaluation, ntm_rules.explanation;"
        "assert 'click' not in sys.modules and 'rich' not in sys.modules;"
        "from ntm_rules.cli import main; main(['sets']); assert 'rich' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0


def test_a_command_imports_what_it_needs() -> None:
    """Help imports no command, and judging one place neither the room of many places nor that of reports."""
    code = (
        "import sys; from ntm_rules.cli import COMMANDS, main; main(['--help']);"
        "assert not [name for name in COMMANDS if f'ntm_rules.cli.{name}' in sys.modules];"
        "main(['evaluate', 'absent.yaml']); assert 'ntm_rules.cli.evaluate' in sys.modules;"
        "assert not {'ntm_rules.population', 'ntm_rules.reports'} & set(sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0


def test_names_that_are_no_text_are_printed(run) -> None:
    """A file name that is not UTF-8 is told as far as it can be."""
    ran = process("evaluate", b"\xff.yaml", capture_output=True)  # type: ignore[arg-type]
    assert ran.returncode == 2
    assert b"udcff" in ran.stderr
    assert b"Traceback" not in ran.stderr


def test_json_holds_no_signs_that_steer_a_terminal(run) -> None:
    """Control signs in JSON are escaped, and read back."""
    from ntm_rules.cli.screen import to_json

    assert to_json("a\x9bb\u202ec", None) == '"a\\u009bb\\u202ec"'
    assert json.loads(to_json("a\x9bb", None)) == "a\x9bb"
    assert parsing.PROGRAM == "ntm-rules"


def test_the_command_runs_as_a_module() -> None:
    """Where the script is not on the path, the package can be run."""
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-m", "ntm_rules.cli", "--version"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert done.stdout.startswith("ntm-rules ")
