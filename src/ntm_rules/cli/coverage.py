"""``ntm-rules coverage``: what of the law is encoded, how well evidenced, what can be decided, what is lacking."""

from __future__ import annotations

from typing import Any

from ntm_rules.cli.judging import find_rules
from ntm_rules.cli.parsing import argument, command, flag
from ntm_rules.cli.screen import Screen
from ntm_rules.explanation import coverage_headings, coverage_page, coverage_row, region_headings, region_row
from ntm_rules.rulebook import editions, set_names
from ntm_rules.rulebook.coverage import Coverage, Missing
from ntm_rules.rulebook.coverage import coverage as coverage_of
from ntm_rules.vocabulary.criteria import CriteriaSet
from ntm_rules.vocabulary.instruments import Instrument


@command("coverage", argument("sets", metavar="set", many=True, required=False), flag("json"))
def coverage(screen: Screen, *, sets: tuple[str, ...], json: bool) -> int:
    """Tell what each edition of each set holds, and what it lacks."""
    told = [coverage_of(rules) for name in sets or set_names() for rules in _editions(name)]
    if json:
        screen.json([_plain(each) for each in told])
        return 0
    for headings, rows in (
        (coverage_headings(screen.lang), [coverage_row(each) for each in told]),
        (region_headings(screen.lang), [region_row(each) for each in told]),
    ):
        screen.table(headings, rows, range(1, len(headings)))
        screen.line()
    screen.line(screen.say("coverage_legend"))
    for each in told:
        screen.line()
        screen.page(coverage_page(each, screen.lang))
    return 0


def _editions(name: str) -> tuple[CriteriaSet, ...]:
    """Every edition of a packaged set; the one that is named, or that a file holds."""
    return editions(name) if name in set_names() else (find_rules(name, None),)


def _plain(told: Coverage) -> dict[str, Any]:
    rules = told.rules
    return {
        "set": str(rules.id),
        "edition": rules.edition,
        "criteria": {"law": rules.counts.criteria, "encoded": len(rules.criteria)},
        "indicators": {"law": rules.counts.indicators, "encoded": sum(1 for _ in rules.indicators)},
        "cells": {grade.value: number for grade, number in told.grades},
        "candidates": told.candidates,
        "open": {authority.value: number for authority, number in told.open},
        "decidable": dict(told.decidable),
        "missing": plain_missing(told.missing),
        "lacking": [
            {
                "address": f"{rules.id}#{each.at}",
                "unstated": each.unstated,
                "left_to": [authority.value for authority in each.left_to],
                "undefined": each.undefined,
                "referred": each.referred,
                "instruments": list(each.instruments),
            }
            for each in told.lacking
        ],
        "check_in": [plain_instrument(each) for each in told.check_in],
    }


def plain_missing(missing: Missing) -> dict[str, Any]:
    """The rows that a set does not hold, for another program."""
    return {
        "criteria": missing.criteria,
        "indicators": missing.indicators,
        "criterion_numbers": list(missing.criterion_numbers),
        "indicator_numbers": list(missing.indicator_numbers),
    }


def plain_instrument(instrument: Instrument) -> dict[str, Any]:
    """Where something can be checked, for another program."""
    return {"instrument": instrument.id, "sources": list(instrument.sources)}
