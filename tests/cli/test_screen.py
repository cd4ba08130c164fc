from __future__ import annotations

import os
import re
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from ntm_rules.cli.screen import Screen, clean, error_text, width, writing
from ntm_rules.errors import NtmRulesError

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Screen:
    """A screen at which someone looks, 60 columns wide."""
    monkeypatch.setattr(Screen, "is_terminal", property(lambda _self: True))
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return Screen("vi")


def test_verdicts_are_coloured_on_a_terminal(terminal: Screen, capsys) -> None:
    """The verdict at the end of a head line is coloured, other words are not, and no word is lost."""
    terminal.page("Chỉ tiêu 1: CHƯA ĐẠT (tính)\n  Chỉ tiêu 2: ĐẠT\n  Tên: ĐẠT chuẩn [red]")
    out = capsys.readouterr().out
    assert "\x1b[1;31mCHƯA ĐẠT\x1b[0m (tính)" in out
    assert "  Chỉ tiêu 2: \x1b[1;32mĐẠT\x1b[0m" in out
    assert "Tên: ĐẠT chuẩn [red]" in out


def test_long_lines_are_folded_under_their_indent(terminal: Screen, capsys) -> None:
    """On a terminal a long line goes on under its own beginning."""
    terminal.page("    " + "chữ " * 30)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 1
    assert all(line.startswith("    chữ") and len(line) <= 60 for line in lines)


def test_tables_are_drawn_on_a_terminal(terminal: Screen, capsys) -> None:
    """A table has its headings, its cells without markup, and coloured verdicts."""
    terminal.table(["A", "B"], [["[bold]x", "chưa đạt"], ["y", "1"]], [1])
    out = capsys.readouterr().out
    assert "[bold]x" in out
    assert "\x1b[1;31mchưa đạt\x1b[0m" in out
    assert "─" in COLOUR.sub("", out)


def test_a_wide_table_becomes_paragraphs(terminal: Screen, capsys) -> None:
    """Where many columns do not fit, each row is a paragraph and empty cells are left out."""
    headings = [f"Cột {number}" for number in range(9)]
    terminal.table(headings, [["hàng", *["chữ dài"] * 7, ""]])
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["hàng", "  Cột 1: chữ dài"]
    assert len(lines) == 8


def test_colours_can_be_refused(terminal: Screen, capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR leaves no colour on a terminal."""
    monkeypatch.delenv("FORCE_COLOR")
    monkeypatch.setenv("NO_COLOR", "1")
    terminal.page("Chỉ tiêu 1: ĐẠT")
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", capsys.readouterr().out)


def _read(leader: int) -> bytes:
    """What a terminal shows next; nothing once nobody writes to it any more. It holds little, so it must be read."""
    try:
        return os.read(leader, 4096)
    except OSError:
        return b""


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminal")
def test_a_real_terminal_gets_colours() -> None:
    """Run at a terminal the program colours; run into a pipe it does not."""
    import pty

    code = "import sys; from ntm_rules.cli import main; sys.exit(main(['sets']))"
    environment = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "NTM_RULES_LANG")}
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=follower,
        env=environment | {"TERM": "xterm-256color", "COLUMNS": "250"},
    ) as ran:
        os.close(follower)
        shown = b"".join(iter(partial(_read, leader), b""))
    os.close(leader)
    assert ran.returncode == 0
    assert b"\x1b[1m" in shown


def test_signs_that_steer_a_terminal_are_made_visible() -> None:
    """Escape sequences and reversed writing of an input never reach the terminal; line breaks stay."""
    assert clean("a\x1b[31mb\x9bc\u202ed\r\te\n") == "a\ufffd[31mb\ufffdc\ufffdd\ufffd\ufffde\n"
    assert clean("Định Hóa\u00a0– «x»") == "Định Hóa\u00a0– «x»"


def test_columns_are_counted_as_seen() -> None:
    """Composed and decomposed letters take one column, wide signs two."""
    assert [width(each) for each in ("Đình", "Đi\u0300nh", "日本")] == [4, 4, 4]


def test_plain_columns_are_aligned(capsys) -> None:
    """Columns start at the same place, numbers end at the same place, and no blanks stand at the end."""
    Screen("vi").table(["Tên", "Số", "X"], [["Định Hóa", "5", ""], ["A", "12", "b\nc"]], [1])
    assert capsys.readouterr().out.splitlines() == ["Tên       Số  X", "Định Hóa   5", "A         12  b c"]


def test_an_error_without_words_of_its_own_is_told() -> None:
    """Any error of the library can be told, with its source."""
    assert error_text(NtmRulesError("odd"), "en", "f") == "f: odd"
    assert error_text(NtmRulesError("odd"), "en") == "odd"


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """If writing fails, what stood there still stands and nothing else is left."""
    target = tmp_path / "a.txt"
    target.write_text("before", encoding="utf-8")

    def fail() -> None:
        with writing(str(target)) as stream:
            stream.write("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert [(each.name, each.read_text(encoding="utf-8")) for each in tmp_path.iterdir()] == [("a.txt", "before")]


@pytest.mark.skipif(sys.platform == "win32", reason="links and permissions of another kind")
def test_a_new_file_has_ordinary_permissions(tmp_path: Path) -> None:
    """A file that is new is readable by whom the system's mask lets; a link keeps leading to its target."""
    mask = os.umask(0o027)
    try:
        with writing(str(tmp_path / "new.txt")) as stream:
            stream.write("x")
    finally:
        os.umask(mask)
    assert (tmp_path / "new.txt").stat().st_mode & 0o777 == 0o640
    link = tmp_path / "link.txt"
    link.symlink_to("new.txt")
    with writing(str(link)) as stream:
        stream.write("y")
    assert link.is_symlink()
    assert (tmp_path / "new.txt").read_text(encoding="utf-8") == "y"
