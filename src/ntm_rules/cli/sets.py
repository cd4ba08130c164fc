"""``ntm-rules sets``: what is on the shelf, period by period, and how well it is evidenced."""

from __future__ import annotations

from typing import Any

from ntm_rules.cli.coverage import plain_missing
from ntm_rules.cli.parsing import command, flag
from ntm_rules.cli.screen import Screen
from ntm_rules.explanation import incomplete_page
from ntm_rules.explanation.coverage import of_the_law
from ntm_rules.messages import date_text
from ntm_rules.rulebook import sets as packaged
from ntm_rules.rulebook.coverage import grades, missing, open_cells
from ntm_rules.vocabulary.criteria import CriteriaSet
from ntm_rules.vocabulary.instruments import Grade

_COLUMNS = ("set", "title", "force", "criteria", "indicators", *(grade.value for grade in Grade), "open")
_FIRST_NUMBER = _COLUMNS.index("criteria")


@command("sets", flag("json"))
def sets(screen: Screen, *, json: bool) -> int:
    """List every packaged set."""
    if json:
        screen.json([_plain(rules) for rules in packaged()])
        return 0
    headings = [screen.say(f"sets_{column}") for column in _COLUMNS]
    screen.table(headings, [_row(rules, screen) for rules in packaged()], range(_FIRST_NUMBER, len(_COLUMNS)))
    screen.line()
    screen.line(screen.say("sets_legend"))
    for page in filter(None, (incomplete_page(rules, screen.lang) for rules in packaged())):
        screen.line()
        screen.page(page)
    return 0


def _row(rules: CriteriaSet, screen: Screen) -> list[str]:
    return [
        str(rules.id),
        rules.title.in_(screen.lang),
        _force(rules, screen),
        *(of_the_law(encoded, stated) for stated, encoded in _counts(rules).values()),
        *(str(number) for number in grades(rules).values()),
        str(open_cells(rules)),
    ]


def _force(rules: CriteriaSet, screen: Screen) -> str:
    force = rules.in_force
    first = date_text(force.first_day, screen.lang)
    if force.last_day is None:
        return screen.say("sets_since", first=first)
    return f"{first} - {date_text(force.last_day, screen.lang)}"


def _counts(rules: CriteriaSet) -> dict[str, tuple[int | None, int]]:
    """The law's own count, and how many are encoded."""
    return {
        "criteria": (rules.counts.criteria, len(rules.criteria)),
        "indicators": (rules.counts.indicators, sum(1 for _ in rules.indicators)),
    }


def _plain(rules: CriteriaSet) -> dict[str, Any]:
    force = rules.in_force
    counts = {name: {"law": stated, "encoded": encoded} for name, (stated, encoded) in _counts(rules).items()}
    return {
        "set": str(rules.id),
        "edition": rules.edition,
        "title": {"vi": rules.title.vi, "en": rules.title.en},
        "basis": rules.basis,
        "in_force": {
            "from": force.first_day.isoformat(),
            "until": None if force.last_day is None else force.last_day.isoformat(),
        },
        **counts,
        "missing": plain_missing(missing(rules)),
        "cells": {grade.value: number for grade, number in grades(rules).items()},
        "open_cells": open_cells(rules),
        "fingerprint": rules.fingerprint,
    }
