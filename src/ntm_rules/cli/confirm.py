"""``ntm-rules confirm``: a filled worksheet as a revision, or everything that is wrong with it."""

from __future__ import annotations

from pathlib import Path

from ntm_rules.cli.judging import find_rules
from ntm_rules.cli.parsing import argument, command, flag, option
from ntm_rules.cli.screen import STANDARD_OUTPUT, Screen, writing
from ntm_rules.cli.worksheet import is_sheet
from ntm_rules.explanation import worksheet_lines
from ntm_rules.language import to_json, to_yaml, write_revision
from ntm_rules.language.workbook import read_grids
from ntm_rules.revision.answers import FilledSheet, confirm_sheet


@command(
    "confirm",
    argument("file", metavar="file"),
    option("-o", "--output", metavar="file"),
    option("--set", metavar="set"),
    flag("force"),
    flag("json"),
)
def confirm(screen: Screen, *, file: str, output: str | None, set: str | None, force: bool, json: bool) -> int:
    """Make a revision of a filled worksheet."""
    output = output or STANDARD_OUTPUT
    if not is_sheet(file):
        screen.error(screen.say("worksheet_which", file=file))
        return 2
    if not force and output != STANDARD_OUTPUT and Path(output).exists():
        screen.error(screen.say("new_exists", file=output))
        return 2
    sheet = FilledSheet.find(read_grids(file), file)
    rules = find_rules(set or sheet.edition, None)
    revision = confirm_sheet(sheet, rules, worksheet_lines(rules, sheet.lang))
    if not revision.edits:
        screen.error(screen.say("confirm_nothing", file=file))
        return 2
    write = to_json if json or output.lower().endswith(".json") else to_yaml
    with writing(output) as stream:
        stream.write(write(write_revision(revision)))
    if output != STANDARD_OUTPUT:
        screen.line(screen.say("confirm_written", file=output, count=len(revision.edits)))
    return 0
