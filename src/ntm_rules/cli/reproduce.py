"""``ntm-rules reproduce``: a saved assessment judged again."""

from __future__ import annotations

import attrs

from ntm_rules.cli.judging import read_saved
from ntm_rules.cli.parsing import argument, command, flag
from ntm_rules.cli.screen import Screen
from ntm_rules.errors import NtmRulesError
from ntm_rules.evaluation import reproduce as judge_again
from ntm_rules.explanation import difference_sentence


@command("reproduce", argument("file", metavar="file"), flag("json"))
def reproduce(screen: Screen, *, file: str, json: bool) -> int:
    """Judge a saved assessment again and list every difference; exit code 1 where there is any."""
    try:
        differences = judge_again(read_saved(file), file)
    except NtmRulesError as error:
        screen.unusable(error, file)
        return 2
    if json:
        screen.json([attrs.asdict(each) | {"kind": each.kind.value} for each in differences])
        return 1 if differences else 0
    for difference in differences:
        screen.line(difference_sentence(difference, screen.lang))
    key = "reproduce_found" if differences else "reproduce_fine"
    screen.line(screen.say(key, file=file, count=len(differences)))
    return 1 if differences else 0
