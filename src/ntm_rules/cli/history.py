"""``ntm-rules history``: how a criterion or indicator came to read as it does."""

from __future__ import annotations

from ntm_rules.cli.parsing import argument, command, flag
from ntm_rules.cli.screen import Screen
from ntm_rules.cli.show import plain
from ntm_rules.explanation import history as told
from ntm_rules.rulebook import editions


@command("history", argument("address", metavar="address"), flag("json"))
def history(screen: Screen, *, address: str, json: bool) -> int:
    """Tell the first wording of ``SET#NUMBER``, then what each edition changed."""
    name, _, number = address.partition("#")
    its_editions = editions(name)
    local = its_editions[-1].local(number)
    if json:
        found = [(rules, rules.find(local)) for rules in its_editions]
        screen.json([{"edition": rules.edition, **plain(rules, item)} for rules, item in found if item is not None])
    else:
        screen.page(told(its_editions, local, screen.lang))
    return 0
