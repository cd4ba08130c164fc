"""``ntm-rules status``: what a place is recognised as over the years, and why."""

from __future__ import annotations

from datetime import date

from ntm_rules.cli.judging import Beside, Wanted, dossiers_in, is_table
from ntm_rules.cli.parsing import accept_option, argument, command, day_option, flag, option
from ntm_rules.cli.screen import Screen
from ntm_rules.errors import NtmRulesError
from ntm_rules.evaluation import status as status_of
from ntm_rules.explanation import history_headings, history_rows, status_heading, title_page
from ntm_rules.vocabulary.instruments import Grade

_UNUSABLE = 2


@command(
    "status",
    argument("paths", metavar="path", many=True),
    option("--register", metavar="file"),
    option("--lineage", metavar="file"),
    day_option("on"),
    accept_option(),
    flag("json"),
)
def status(
    screen: Screen,
    *,
    paths: tuple[str, ...],
    register: str | None,
    lineage: str | None,
    on: date | None,
    accept: str,
    json: bool,
) -> int:
    """Tell how a place stands to its titles on a day, and what led there."""
    files = [file for path in paths for file in dossiers_in(path)]
    tables = [file for file in files if is_table(file)]
    if not files or tables:
        key = "status_table" if tables else "evaluate_no_dossiers"
        screen.error(screen.say(key, file=", ".join(tables), folder=", ".join(paths)))
        return _UNUSABLE
    beside = Beside.of(register, lineage)
    dossiers, wanted = [], Wanted()
    for file in files:
        try:
            dossiers.append(wanted.read(file)[0])
        except NtmRulesError as error:
            screen.unusable(error, file)
    if len(dossiers) < len(files):
        return _UNUSABLE
    found = status_of(dossiers, register=beside.register, lineage=beside.lineage, on=on, accept=Grade(accept))
    if json:
        screen.json(found.to_dict())
        return 0
    screen.page(status_heading(found, screen.lang))
    for title in found.titles:
        screen.line()
        screen.page(title_page(title, found, screen.lang))
        rows = history_rows(title, found, screen.lang)
        screen.line()
        if rows:
            screen.table(history_headings(screen.lang), rows)
        else:
            screen.line(screen.say("status_no_history"))
    return 0
