"""``ntm-rules diff``: what changed between two editions of a set."""

from __future__ import annotations

from ntm_rules.cli.judging import find_rules
from ntm_rules.cli.parsing import argument, command, flag
from ntm_rules.cli.screen import Screen
from ntm_rules.explanation import changes
from ntm_rules.language import write_edit
from ntm_rules.revision import diff as edits_between


@command("diff", argument("old", metavar="edition"), argument("new", metavar="edition"), flag("json"))
def diff(screen: Screen, *, old: str, new: str, json: bool) -> int:
    """Tell the changes from one edition to another."""
    before, after = find_rules(old, None), find_rules(new, None)
    if before.id != after.id:
        screen.error(screen.say("diff_other_set", old=before.id, new=after.id))
        return 2
    if json:
        edits = [write_edit(edit) for edit in edits_between(before, after)]
        screen.json({"from": before.edition, "to": after.edition, "edits": edits})
    else:
        screen.page(changes(before, after, screen.lang))
    return 0
