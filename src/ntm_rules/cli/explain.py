"""``ntm-rules explain``: why a verdict is what it is."""

from __future__ import annotations

from datetime import date
from typing import Any

from ntm_rules.cli.judging import Beside, Wanted, is_table
from ntm_rules.cli.parsing import accept_option, argument, command, day_option, flag, option, with_option
from ntm_rules.cli.screen import Screen
from ntm_rules.errors import NtmRulesError
from ntm_rules.explanation import firm as tell_firm
from ntm_rules.explanation import unknowns, why, why_not
from ntm_rules.vocabulary.assessments import Assessment


@command(
    "explain",
    argument("file", metavar="file"),
    argument("address", metavar="number", required=False),
    option("--set", metavar="set"),
    day_option("on"),
    accept_option(),
    with_option(),
    flag("short"),
    flag("firm"),
    option("--register", metavar="file"),
    option("--lineage", metavar="file"),
    flag("unknown"),
    flag("json"),
)
def explain(
    screen: Screen,
    *,
    file: str,
    address: str | None,
    set: str | None,
    on: date | None,
    accept: str,
    revisions: tuple[str, ...],
    short: bool,
    firm: bool,
    register: str | None,
    lineage: str | None,
    unknown: bool,
    json: bool,
) -> int:
    """Explain the verdict on the set, on a criterion or on an indicator."""
    if is_table(file):
        screen.error(screen.say("explain_table", file=file))
        return 2
    wanted = Wanted.of(set, on, accept, revisions, Beside.of(register, lineage))
    try:
        result = wanted.judge(file)
    except NtmRulesError as error:
        screen.unusable(error, file)
        return 2
    explained = result if address is None else result[address]
    if json:
        screen.json(_plain(result, None if isinstance(explained, Assessment) else explained.address))
        return 0
    screen.page(why_not(explained, screen.lang) if short else why(explained, screen.lang))
    if firm:
        screen.line()
        screen.page(tell_firm(explained, screen.lang))
    if unknown:
        screen.line()
        screen.page(unknowns(result, screen.lang))
    return 0


def _plain(result: Assessment, address: str | None) -> dict[str, Any]:
    """The assessment as data, or the part of it at a local address."""
    whole = result.to_dict()
    if address is None:
        return whole
    wanted = f"{result.rules.id}#{address}"
    parts = (part for criterion in whole["criteria"] for part in (criterion, *criterion["indicators"]))
    found: dict[str, Any] = next(part for part in parts if part["address"] == wanted)
    return found
