"""``ntm-rules plan``: what would have to change for a place to meet its set."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ntm_rules.cli.judging import Beside, Wanted, is_table
from ntm_rules.cli.parsing import accept_option, argument, command, costs_option, day_option, flag, option, with_option
from ntm_rules.cli.screen import Screen
from ntm_rules.errors import NtmRulesError
from ntm_rules.evaluation import plan as make_plan
from ntm_rules.messages import nearest


@command(
    "plan",
    argument("file", metavar="file"),
    option("--set", metavar="set"),
    day_option("on"),
    accept_option(),
    with_option(),
    option("--register", metavar="file"),
    option("--lineage", metavar="file"),
    costs_option(),
    flag("json"),
)
def plan(
    screen: Screen,
    *,
    file: str,
    set: str | None,
    on: date | None,
    accept: str,
    revisions: tuple[str, ...],
    register: str | None,
    lineage: str | None,
    costs: dict[str, Decimal],
    json: bool,
) -> int:
    """Tell every smallest set of figures that would have to move, with their distances."""
    if is_table(file):
        screen.error(screen.say("plan_table", file=file))
        return 2
    wanted = Wanted.of(set, on, accept, revisions, Beside.of(register, lineage))
    try:
        dossier, rules = wanted.read(file)
        found = make_plan(rules, dossier, costs, accept=wanted.accept)
    except NtmRulesError as error:
        screen.unusable(error, file)
        return 2
    unknown = [fact for fact in costs if rules.catalogue.get(fact) is None]
    if unknown:
        near = nearest(unknown[0], (fact.id for fact in rules.catalogue)) or "?"
        screen.error(screen.say("plan_no_fact", fact=unknown[0], nearest=near))
        return 2
    if json:
        screen.json(found.to_dict())
    else:
        screen.page(found.why(screen.lang))
    return 0
