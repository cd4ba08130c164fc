"""What changed between two assessments of a place, as data."""

from __future__ import annotations

import enum
from typing import Any

import attrs

from ntm_rules.messages import Language
from ntm_rules.vocabulary.assessments import AppliedThreshold, Assessment
from ntm_rules.vocabulary.dossiers import FactValue
from ntm_rules.vocabulary.lent import lent
from ntm_rules.vocabulary.verdicts import Verdict


class TurnCause(enum.Enum):
    """What is different where a verdict turned."""

    FIGURE = "figure"
    THRESHOLD = "threshold"
    REQUIREMENT = "requirement"
    CONCLUSION = "conclusion"
    PARTS = "parts"


class Stricter(enum.Enum):
    """Whether a threshold asks more than before."""

    STRICTER = "stricter"
    LOOSER = "looser"
    OTHER = "other"


@attrs.frozen
class Turn:
    """
    A verdict that is not the same as before.

    Attributes:
        address: Of the criterion or indicator; ``""`` for the set.

        before: None where the row was not there.

        after: None where the row is gone.

        causes: What is different: of a criterion or the set, its parts or a conclusion on it.
    """

    address: str
    before: Verdict | None
    after: Verdict | None
    causes: tuple[TurnCause, ...] = ()


@attrs.frozen
class FigureChange:
    """A fact that says something else, or something at last; one that is no longer said has no `after`."""

    fact: str
    part: str | None
    before: FactValue | None
    after: FactValue | None


@attrs.frozen
class ThresholdChange:
    """
    A threshold that is another.

    Attributes:
        address: The row; of two sets, whose rows are not held against each other, ``""``.

        stricter: Whether it rose, or fell, in the sense of what is asked.
    """

    address: str
    fact: str
    before: AppliedThreshold
    after: AppliedThreshold
    stricter: Stricter


@attrs.frozen
class Since:
    """
    What changed from one assessment of a place to a later one.

    Attributes:
        same_place: Whether both name the same place.

        same_set: Whether both are by the same set, so that their rows can be held against each other.

        same_law: Whether both are by the very same law: the same edition, under the same overlays.

        turns: The verdicts that turned: of the set, then of criteria and indicators in the later annex's order.
    """

    earlier: Assessment
    later: Assessment
    same_place: bool
    same_set: bool
    same_law: bool
    turns: tuple[Turn, ...]
    figures: tuple[FigureChange, ...]
    thresholds: tuple[ThresholdChange, ...]

    def why(self, lang: Language = "vi") -> str:
        """The page that tells it."""
        return lent.since_voice(self, lang)

    def to_dict(self) -> dict[str, Any]:
        """What changed as plain data; no sentences."""
        return lent.since_record(self)
