"""What a command prints: pages, tables, JSON and errors; colours only on a terminal, plain lines everywhere else."""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Literal

import attrs

from ntm_rules.errors import NtmRulesError
from ntm_rules.messages import Language, clean, text
from ntm_rules.vocabulary.verdicts import Verdict

#: ``-o -`` means the standard output.
STANDARD_OUTPUT = "-"

_GAP = "  "
# What rich draws around a cell, and how many columns still make a table when cells are folded.
_EDGE = 3
_FEW_COLUMNS = 8
_IN_JSON = re.compile(r"[\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

_STYLES = {
    Verdict.NOT_MET: "bold red",
    Verdict.MET: "bold green",
    Verdict.UNDETERMINED: "yellow",
    Verdict.NOT_APPLICABLE: "dim",
}


def to_json(data: Any, indent: int | None = 2) -> str:
    """*data* as JSON, letters as they are."""
    return _IN_JSON.sub(
        lambda found: f"\\u{ord(found.group()):04x}", json.dumps(data, ensure_ascii=False, indent=indent)
    )


def width(words: str) -> int:
    """How many columns *words* take on a line."""
    return sum(0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF") for c in words)


@attrs.frozen
class Screen:
    """The standard output and the standard error, in one language."""

    lang: Language

    @property
    def is_terminal(self) -> bool:
        """Whether someone is looking: then colours and tables, else plain lines."""
        return sys.stdout is not None and sys.stdout.isatty()

    def say(self, key: str, **params: object) -> str:
        """A message of ours."""
        return text(f"cli.{key}", self.lang, **params)

    # --- pages ----------------------------------------------------------------------------------------------------

    def line(self, words: str = "") -> None:
        """One line or several, as they are."""
        print(clean(words))  # noqa: T201 - a command prints

    def page(self, page: str) -> None:
        """A page of indented lines; on a terminal long lines are folded under their indent, verdicts coloured."""
        if not self.is_terminal:
            self.line(page)
            return
        from rich.console import Console
        from rich.padding import Padding
        from rich.text import Text

        console = Console()
        for line in clean(page).split("\n"):
            bare = line.lstrip(" ")
            words = Text(bare)
            for verdict, style in _STYLES.items():
                # Pages write the verdict of a thing in capitals after a colon.
                shouted = re.escape(text(f"verdict.{verdict.value}", self.lang).upper())
                words.highlight_regex(rf"(?<=: ){shouted}(?= \(|$)", style)
            indent = min(len(line) - len(bare), console.width // 2)
            console.print(Padding(words, (0, 0, 0, indent), expand=False))

    def table(self, headings: Sequence[str], rows: Iterable[Sequence[str]], numbers: Iterable[int] = ()) -> None:
        """
        A table; plain aligned columns where nobody is looking, never wrapped or cut.

        On a terminal that is too narrow for more than a few columns each row becomes a paragraph.

        Args:
            headings: The heads of the columns.

            rows: The cells.

            numbers: Which columns hold numbers, flush right.
        """
        cells = [[clean(cell).replace("\n", " ") for cell in row] for row in rows]
        right = frozenset(numbers)
        if self.is_terminal:
            self._rich_table(headings, cells, right)
            return
        lines = [list(headings), *cells]
        widths = [max(width(line[at]) for line in lines) for at in range(len(headings))]
        for line in lines:
            self.line(_GAP.join(_padded(cell, widths[at], right=at in right) for at, cell in enumerate(line)).rstrip())

    def _rich_table(self, headings: Sequence[str], rows: Sequence[Sequence[str]], right: frozenset[int]) -> None:
        from rich.box import SIMPLE_HEAD
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        styles = {text(f"verdict.{verdict.value}", self.lang): style for verdict, style in _STYLES.items()}
        console = Console()
        wide = (_EDGE + width(cell) for row in rows for cell in row)
        if len(headings) > _FEW_COLUMNS and sum(wide) > console.width * len(rows):
            for row in rows:
                pairs = (f"  {heading}: {cell}" for heading, cell in zip(headings[1:], row[1:], strict=True) if cell)
                self.page("\n".join([row[0], *pairs]))
            return
        table = Table(box=SIMPLE_HEAD, pad_edge=False)
        for at, heading in enumerate(headings):
            # A tally cut in two would read as another number.
            whole = all(" " not in row[at] for row in rows)
            justify: Literal["left", "right"] = "right" if at in right else "left"
            table.add_column(Text(heading), justify=justify, overflow="fold", no_wrap=whole)
        for row in rows:
            table.add_row(*(Text(cell, style=styles.get(cell, "")) for cell in row))
        console.print(table)

    # --- data -----------------------------------------------------------------------------------------------------

    def json(self, data: Any) -> None:
        """Plain data as JSON."""
        print(to_json(data))  # noqa: T201 - a command prints

    # --- errors ---------------------------------------------------------------------------------------------------

    def error(self, words: str) -> None:
        """A line or several on the standard error."""
        if sys.stdout is not None:
            sys.stdout.flush()
        print(clean(words), file=sys.stderr)  # noqa: T201 - a command prints

    def unusable(self, error: NtmRulesError, source: str | None = None) -> None:
        """Everything that is wrong with an input; *source* is named where the error itself does not."""
        self.error(error_text(error, self.lang, source))


def error_text(error: NtmRulesError, lang: Language, source: str | None = None) -> str:
    """What is wrong, in sentences; *source* is named where the error itself names no place."""
    render = getattr(error, "render", None)
    said = str(error) if render is None else str(render(lang))
    return said if source is None or hasattr(error, "problems") else f"{source}: {said}"


def _padded(cell: str, wanted: int, *, right: bool) -> str:
    blanks = " " * (wanted - width(cell))
    return blanks + cell if right else cell + blanks


# --- files ------------------------------------------------------------------------------------------------------


@contextmanager
def writing(target: str, *, bom: bool = False) -> Iterator[IO[str]]:
    """
    Write a file as a whole or not at all: to a neighbour first, which then takes its name.

    Args:
        target: The file; ``-`` is the standard output.

        bom: Whether a byte order mark begins the file, as spreadsheets like it.

    Raises:
        OSError: If it can't be written; then what stood there still stands.
    """
    if target == STANDARD_OUTPUT:
        yield sys.stdout
        return
    encoding = "utf-8-sig" if bom else "utf-8"
    path = Path(os.path.realpath(target))
    if path.exists() and not path.is_file():
        # A device or a named pipe: there is nothing to keep whole.
        with path.open("w", encoding=encoding, newline="") as stream:
            yield stream
        return
    try:
        handle, neighbour = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    except OSError as error:
        # Nobody knows the neighbour's name.
        raise OSError(error.errno, error.strerror, target) from error
    try:
        with os.fdopen(handle, "w", encoding=encoding, newline="") as stream:
            yield stream
        Path(neighbour).chmod(_mode(path))
        Path(neighbour).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(neighbour).unlink()
        raise


def _mode(path: Path) -> int:
    """The permissions of the file that is replaced, or those of any new file."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


__all__ = ["STANDARD_OUTPUT", "Screen", "clean", "error_text", "to_json", "width", "writing"]
