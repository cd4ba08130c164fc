"""``ntm-rules since``: what changed between two dossiers of a place, as judged."""

from __future__ import annotations

from ntm_rules.cli.judging import Beside, Wanted, is_table
from ntm_rules.cli.parsing import accept_option, argument, command, flag, option, with_option
from ntm_rules.cli.screen import Screen
from ntm_rules.errors import NtmRulesError
from ntm_rules.evaluation import compare_assessments


@command(
    "since",
    argument("earlier", metavar="file"),
    argument("later", metavar="file"),
    accept_option(),
    with_option(),
    option("--register", metavar="file"),
    option("--lineage", metavar="file"),
    flag("json"),
)
def since(
    screen: Screen,
    *,
    earlier: str,
    later: str,
    accept: str,
    revisions: tuple[str, ...],
    register: str | None,
    lineage: str | None,
    json: bool,
) -> int:
    """Judge two dossiers and tell figures, thresholds and verdicts that are not the same any more."""
    wanted, results = Wanted.of(None, None, accept, revisions, Beside.of(register, lineage)), []
    for file in (earlier, later):
        if is_table(file):
            screen.error(screen.say("since_table", file=file))
            return 2
        try:
            results.append(wanted.judge(file))
        except NtmRulesError as error:
            screen.unusable(error, file)
            return 2
    found = compare_assessments(*results)
    if json:
        screen.json(found.to_dict())
    else:
        screen.page(found.why(screen.lang))
    return 0
