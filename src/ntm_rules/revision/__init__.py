"""One mechanism for change: typed edits, applied to a set or found between two, and editions by date."""

from ntm_rules.revision.apply import apply_edits
from ntm_rules.revision.diff import diff
from ntm_rules.revision.editions import consolidate
from ntm_rules.revision.revise import apply_revision

__all__ = ["apply_edits", "apply_revision", "consolidate", "diff"]
