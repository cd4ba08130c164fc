"""One mechanism for change: typed edits, applied to a set or found between two, and editions by date."""

from ntm_rules.revision.apply import apply_edits
from ntm_rules.revision.diff import diff
from ntm_rules.revision.editions import consolidate
from ntm_rules.revision.revise import apply_revision
from ntm_rules.revision.worksheet import Answer, WorksheetRow, confirm, worksheet

__all__ = [
    "Answer",
    "WorksheetRow",
    "apply_edits",
    "apply_revision",
    "confirm",
    "consolidate",
    "diff",
    "worksheet",
]
