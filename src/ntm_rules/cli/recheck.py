"""``ntm-rules recheck``: whether a saved assessment follows from what it carries, by an independent checker."""

from __future__ import annotations

from dataclasses import asdict

from ntm_rules.checker import recheck as check
from ntm_rules.cli.judging import read_saved
from ntm_rules.cli.parsing import argument, command, flag
from ntm_rules.cli.screen import Screen
from ntm_rules.errors import NtmRulesError
from ntm_rules.explanation import fault_sentence


@command("recheck", argument("file", metavar="file"), flag("json"))
def recheck(screen: Screen, *, file: str, json: bool) -> int:
    """Check a saved assessment without the evaluator; exit code 1 where anything does not follow."""
    try:
        saved = read_saved(file)
    except NtmRulesError as error:
        screen.unusable(error, file)
        return 2
    faults = check(saved)
    if json:
        screen.json([asdict(fault) | {"code": fault.code.value} for fault in faults])
        return 1 if faults else 0
    for fault in faults:
        screen.line(fault_sentence(fault, screen.lang))
    key = "recheck_found" if faults else "recheck_fine"
    screen.line(screen.say(key, file=file, count=len(faults)))
    return 1 if faults else 0
