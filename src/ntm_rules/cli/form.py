"""``ntm-rules form``: a blank dossier as a workbook or CSV file, for officials to fill in."""

from __future__ import annotations

import os
from io import TextIOWrapper
from pathlib import Path
from typing import Any, cast

from ntm_rules.cli.judging import find_rules
from ntm_rules.cli.new import check_province
from ntm_rules.cli.parsing import argument, command, flag, option, with_option, year_option
from ntm_rules.cli.screen import STANDARD_OUTPUT, Screen, clean, to_json, writing
from ntm_rules.cli.worksheet import is_sheet
from ntm_rules.explanation import form_day, form_layout, write_form
from ntm_rules.language.forms import BETWEEN_FILES, OVERLAYS, FormField, FormLayout
from ntm_rules.language.workbook import is_workbook
from ntm_rules.rulebook import under
from ntm_rules.vocabulary.quantities import plain_number


@command(
    "form",
    argument("set", metavar="set"),
    option("-o", "--output", metavar="file"),
    option("--place", metavar="name"),
    option("--district", metavar="name"),
    option("--province", metavar="name"),
    year_option("year"),
    with_option(),
    flag("force"),
    flag("json"),
)
def form(
    screen: Screen,
    *,
    set: str,
    output: str | None,
    place: str | None,
    district: str | None,
    province: str | None,
    year: str | None,
    revisions: tuple[str, ...],
    force: bool,
    json: bool,
) -> int:
    """Write a form."""
    output = output or STANDARD_OUTPUT
    if output != STANDARD_OUTPUT and not json and not is_sheet(output):
        screen.error(screen.say("form_which", file=output))
        return 2
    if not force and output != STANDARD_OUTPUT and Path(output).exists():
        screen.error(screen.say("new_exists", file=output))
        return 2
    said = {"name": place, "district": district, "province": province, "year": year}
    known = {key: clean(value) for key, value in said.items() if value is not None}
    on = form_day(known)
    rules = under(find_rules(set, on), revisions, on=on)
    if province is not None:
        check_province(province, rules, year)
    if revisions:
        # Beside the form, wherever that is read from.
        folder = Path.cwd() if output == STANDARD_OUTPUT else Path(output).absolute().parent
        known[OVERLAYS] = f"{BETWEEN_FILES} ".join(os.path.relpath(each, folder) for each in revisions)
    if json:
        with writing(output) as stream:
            stream.write(to_json(_plain(form_layout(rules, known, screen.lang))) + "\n")
        return 0
    if output == STANDARD_OUTPUT:
        screen.line(write_form(rules, known, form="csv", lang=screen.lang).decode("utf-8-sig").rstrip("\n"))
        return 0
    made = write_form(rules, known, form="xlsx" if is_workbook(output) else "csv", lang=screen.lang)
    with writing(output) as stream:
        cast(TextIOWrapper, stream).buffer.write(made)
    screen.line(screen.say("form_written", file=output))
    return 0


def _plain(layout: FormLayout) -> list[dict[str, Any]]:
    """The rows for another program: what stands in each, and what may be filled in, by column."""
    return [
        {
            "table": sheet.table.value,
            "texts": {column.value: words for column, words in row.texts.items() if words},
            "fields": {column.value: _field(field) for column, field in row.fields.items()},
        }
        for sheet in layout.sheets
        for row in sheet.rows
    ]


def _field(field: FormField) -> dict[str, Any]:
    bounds = {"least": field.least, "most": field.most}
    return {
        "kind": field.kind.value,
        **{key: None if bound is None else plain_number(bound) for key, bound in bounds.items()},
        "choices": list(field.choices),
        "help": field.help,
    }
