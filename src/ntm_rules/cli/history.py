"""``ntm-rules history``: how a criterion or indicator came to read as it does, and what became of it."""

from __future__ import annotations

from ntm_rules.cli.parsing import argument, command, flag
from ntm_rules.cli.screen import Screen
from ntm_rules.cli.show import plain
from ntm_rules.explanation import history as told
from ntm_rules.explanation import trace_of
from ntm_rules.language import write_crosswalk_link
from ntm_rules.rulebook import editions


@command("history", argument("address", metavar="address"), flag("json"))
def history(screen: Screen, *, address: str, json: bool) -> int:
    """Tell what ``SET#NUMBER`` was, what each edition changed, and what became of it."""
    name, _, number = address.partition("#")
    its_editions = editions(name)
    last = its_editions[-1]
    local = last.local(number)
    if not json:
        screen.page(told(its_editions, local, screen.lang))
        return 0
    trace = trace_of(last, local)
    before = [each for step in trace.earlier for link in step for each in link.earlier]
    after = [each for step in trace.later for link in step for each in link.later]
    found = []
    for each in dict.fromkeys([*before, f"{last.id}#{local}", *after]):
        its_name, _, there = each.partition("#")
        items = [(rules, rules.find(there)) for rules in editions(its_name)]
        found += [{"edition": rules.edition, **plain(rules, item)} for rules, item in items if item is not None]
    links = [write_crosswalk_link(link) for link in trace.links]
    screen.json({"address": f"{last.id}#{local}", "editions": found, "links": links})
    return 0
