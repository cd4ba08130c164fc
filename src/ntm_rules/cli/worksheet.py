"""``ntm-rules worksheet``: the cells of a set that are still to be held against the gazette, as a sheet to fill in."""

from __future__ import annotations

from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import cast

from ntm_rules.cli.judging import find_rules
from ntm_rules.cli.parsing import argument, command, day_option, flag, option
from ntm_rules.cli.screen import STANDARD_OUTPUT, Screen, writing
from ntm_rules.explanation import worksheet_layout
from ntm_rules.language.workbook import is_workbook, write_csv, write_workbook

_SHEETS = (".csv", ".xlsx")


@command(
    "worksheet",
    argument("set", metavar="set"),
    option("-o", "--output", metavar="file"),
    day_option("on"),
    flag("force"),
)
def worksheet(screen: Screen, *, set: str, output: str | None, on: date | None, force: bool) -> int:
    """Write the verification worksheet of a set."""
    rules = find_rules(set, on)
    output = output or STANDARD_OUTPUT
    if output != STANDARD_OUTPUT and not is_sheet(output):
        screen.error(screen.say("worksheet_which", file=output))
        return 2
    if not force and output != STANDARD_OUTPUT and Path(output).exists():
        screen.error(screen.say("new_exists", file=output))
        return 2
    layout = worksheet_layout(rules, screen.lang)
    if is_workbook(output):
        made = write_workbook(layout)
        with writing(output) as stream:
            cast(TextIOWrapper, stream).buffer.write(made)
    else:
        # Spreadsheets take a file of letters with diacritics for UTF-8 only by its mark.
        with writing(output, bom=output != STANDARD_OUTPUT) as stream:
            stream.write(write_csv(layout))
    if output != STANDARD_OUTPUT:
        screen.line(screen.say("worksheet_written", file=output, count=len(layout.rows)))
    return 0


def is_sheet(path: str) -> bool:
    """Whether a file is one that a worksheet can be in, by its name."""
    return path.lower().endswith(_SHEETS)
