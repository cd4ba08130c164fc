"""``ntm-rules worksheet``: the cells of a set that are still to be held against the gazette, as a sheet to fill in."""

from __future__ import annotations

from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import Any, cast

from ntm_rules.cli.judging import find_rules
from ntm_rules.cli.parsing import argument, command, day_option, flag, option
from ntm_rules.cli.screen import STANDARD_OUTPUT, Screen, to_json, writing
from ntm_rules.explanation import worksheet_layout
from ntm_rules.language.requirements import write_cell
from ntm_rules.language.workbook import is_workbook, write_csv, write_workbook
from ntm_rules.revision import WorksheetRow
from ntm_rules.revision import worksheet as rows_of
from ntm_rules.vocabulary.criteria import CriteriaSet
from ntm_rules.vocabulary.requirements import Compare

_SHEETS = (".csv", ".xlsx")


@command(
    "worksheet",
    argument("set", metavar="set"),
    option("-o", "--output", metavar="file"),
    day_option("on"),
    flag("force"),
    flag("json"),
)
def worksheet(screen: Screen, *, set: str, output: str | None, on: date | None, force: bool, json: bool) -> int:
    """Write the verification worksheet of a set."""
    rules = find_rules(set, on)
    output = output or STANDARD_OUTPUT
    if output != STANDARD_OUTPUT and not json and not is_sheet(output):
        screen.error(screen.say("worksheet_which", file=output))
        return 2
    if not force and output != STANDARD_OUTPUT and Path(output).exists():
        screen.error(screen.say("new_exists", file=output))
        return 2
    layout = worksheet_layout(rules, screen.lang)
    if json:
        with writing(output) as stream:
            stream.write(to_json([_plain(row, rules) for row in rows_of(rules)]) + "\n")
    elif is_workbook(output):
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


def _plain(row: WorksheetRow, rules: CriteriaSet) -> dict[str, Any]:
    """One row for another program: what is encoded as a document would have it."""
    citation = row.citation
    return {
        "address": f"{rules.id}#{row.at}",
        "edition": rules.edition,
        "part": list(row.part),
        "row": list(row.row),
        "fact": None if row.fact is None else row.fact.id,
        "sign": row.node.sign.value if isinstance(row.node, Compare) else None,
        "cell": None if row.cell is None else write_cell(row.cell),
        "unit": None if row.fact is None else row.fact.unit,
        "grade": row.grade.value,
        "source": {
            "instrument": citation.instrument,
            "locator": None if citation.locator is None else str(citation.locator),
            "doubt": citation.doubt,
        },
    }


def is_sheet(path: str) -> bool:
    """Whether a file is one that a worksheet can be in, by its name."""
    return path.lower().endswith(_SHEETS)
