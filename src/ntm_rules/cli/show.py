"""``ntm-rules show``: what the law asks, without any place."""

from __future__ import annotations

from datetime import date
from typing import Any

from ntm_rules.cli.judging import find_rules
from ntm_rules.cli.parsing import argument, command, day_option, flag
from ntm_rules.cli.screen import Screen
from ntm_rules.explanation import describe
from ntm_rules.language import write_criteria_set
from ntm_rules.vocabulary.criteria import CriteriaSet, Criterion, Indicator


@command(
    "show",
    argument("set", metavar="set"),
    argument("number", metavar="number", required=False),
    day_option("on"),
    flag("json"),
)
def show(screen: Screen, *, set: str, number: str | None, on: date | None, json: bool) -> int:
    """Describe a set, or one of its criteria or indicators."""
    rules = find_rules(set, on)
    item = None if number is None else rules[number]
    if json:
        screen.json(plain(rules, item))
        return 0
    if on is not None and not rules.in_force.holds_on(on):
        screen.error(screen.say("show_outside_force", set=rules.id, on=on.isoformat()))
    screen.page(describe(rules, item, screen.lang))
    return 0


def plain(rules: CriteriaSet, item: Criterion | Indicator | None) -> dict[str, Any]:
    """The part of the set's document that speaks of *item*."""
    document = write_criteria_set(rules)
    if item is None:
        return document
    if isinstance(item, Indicator) and rules.is_precondition(item):
        found = next(each for each in document["preconditions"] if each["number"] == item.number)
        return {"address": rules.address(item), **found}
    criterion, _, indicator = rules.address(item).partition("#")[2].partition("/")
    if isinstance(item, Indicator) and rules.is_precondition(item):
        return {"address": rules.address(item), **_numbered(document["preconditions"], indicator)}
    found = _numbered(document["criteria"], criterion)
    if indicator:
        found = _numbered(found["indicators"], indicator)
    return {"address": rules.address(item), **found}


def _numbered(items: list[dict[str, Any]], number: str) -> dict[str, Any]:
    return next(each for each in items if each["number"] == number)
