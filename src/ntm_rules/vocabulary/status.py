"""What a place is recognised as, over the years: states, what led from one to the next, and why."""

from __future__ import annotations

import enum
from datetime import date
from typing import Any

import attrs

from ntm_rules.errors import UnknownNameError
from ntm_rules.messages import Language, nearest
from ntm_rules.vocabulary.assessments import Assessment
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import Dossier, HeldTitle, Predecessor
from ntm_rules.vocabulary.instruments import Citation
from ntm_rules.vocabulary.lent import lent
from ntm_rules.vocabulary.lineage import LineageChange
from ntm_rules.vocabulary.places import Place


class RecognitionState(enum.Enum):
    """
    How a place stands to a title. Only a decision gives one or takes it away; an assessment says how it is kept.

    `MAINTAINED`: recognised, and a later year was assessed as met. `DUE_FOR_REVIEW`: recognised, and something calls
    for the authority's review; the title still holds.
    """

    NOT_RECOGNISED = "not_recognised"
    RECOGNISED = "recognised"
    MAINTAINED = "maintained"
    DUE_FOR_REVIEW = "due_for_review"
    REVOKED = "revoked"

    @property
    def holds(self) -> bool:
        """Whether the title is held."""
        return self not in (RecognitionState.NOT_RECOGNISED, RecognitionState.REVOKED)


class CauseCode(enum.Enum):
    """What led to a state, or was looked at and changed nothing."""

    NO_DECISION = "no_decision"
    NO_DECISION_KNOWN = "no_decision_known"
    DECISION_DATE_OPEN = "decision_date_open"
    RECOGNISED_BY = "recognised_by"
    REVOKED_BY = "revoked_by"
    ASSESSED_MET = "assessed_met"
    ASSESSED_NOT_MET = "assessed_not_met"
    ASSESSED_OPEN = "assessed_open"
    NOT_ASSESSED = "not_assessed"
    REVOCATION_MADE_OUT = "revocation_made_out"
    REVOCATION_NOT_MADE_OUT = "revocation_not_made_out"
    REVOCATION_OPEN = "revocation_open"
    RENEWAL_DUE = "renewal_due"
    RENEWAL_OPEN = "renewal_open"
    FORMED_OF_OTHERS = "formed_of_others"
    BECAME_OTHERS = "became_others"
    RENAMED = "renamed"


@attrs.frozen
class Cause:
    """
    One cause: a code and the data its sentence needs.

    Attributes:
        title: The decision that recognised or revoked.

        result: The assessment, by the title's set or by a set on revocation.

        change: What became of the place, or made it.

        predecessors: The places that it was formed of, with what they were recognised as.

        year: The year that was judged, or could not be.

        years: After how many years recognition is considered anew.

        citation: Where that stands in the law.
    """

    code: CauseCode
    title: HeldTitle | None = None
    result: Assessment | None = attrs.field(default=None, repr=False)
    change: LineageChange | None = None
    predecessors: tuple[Predecessor, ...] = ()
    year: int | None = None
    years: int | None = None
    citation: Citation | None = None

    @property
    def failing(self) -> tuple[str, ...]:
        """The addresses of the criteria that are not met, where a set was judged."""
        return () if self.result is None else tuple(each.address for each in self.result.failing)


@attrs.frozen
class Transition:
    """
    What happened on a day, and how the place stood to the title after it.

    Attributes:
        before: How it stood before.

        decides: Whether `state` is what it is because of it; what changed nothing is told all the same.
    """

    on: PartialDate
    before: RecognitionState
    state: RecognitionState
    cause: Cause
    decides: bool


@attrs.frozen
class TitleStatus:
    """
    How a place stands to one title.

    Attributes:
        set_id: The set whose title it is.

        since: From when it has stood so; None where that was always so, as far as is known.

        recognised_since: From when it has held the title; None where it does not.

        why: What the state rests on.

        history: Everything that was looked at, in the order of time.
    """

    set_id: str
    state: RecognitionState
    since: PartialDate | None
    recognised_since: PartialDate | None
    why: tuple[Cause, ...]
    history: tuple[Transition, ...] = ()


@attrs.frozen
class RecognitionStatus:
    """
    What a place is recognised as on a day, title by title.

    Attributes:
        on: The day; what came after it is left out.

        titles: The titles that were decided on, a lower one before a higher one; one that nobody decided on where
            there are none.

        dossiers: What is known of the place, in the order of years.
    """

    place: Place
    on: date
    titles: tuple[TitleStatus, ...]
    dossiers: tuple[Dossier, ...] = attrs.field(repr=False)

    @property
    def current(self) -> TitleStatus:
        """The highest title that is held; where none is, that of which something happened last."""
        held = [each for each in self.titles if each.state.holds]
        if held:
            return held[-1]
        return max(self.titles, key=lambda each: each.history[-1].on.last_day if each.history else date.min)

    @property
    def state(self) -> RecognitionState:
        """How the place stands to the title that is `current`."""
        return self.current.state

    @property
    def since(self) -> PartialDate | None:
        """From when it has stood so."""
        return self.current.since

    @property
    def why(self) -> tuple[Cause, ...]:
        """What that rests on."""
        return self.current.why

    @property
    def history(self) -> tuple[Transition, ...]:
        """Everything that was looked at for it."""
        return self.current.history

    def of(self, set_id: str) -> TitleStatus:
        """
        How the place stands to the title of a set.

        Raises:
            UnknownNameError: If nothing is known of such a title.
        """
        by_set = {each.set_id: each for each in self.titles}
        if set_id not in by_set:
            raise UnknownNameError(set_id, nearest(set_id, by_set))
        return by_set[set_id]

    def page(self, lang: Language = "vi") -> str:
        """The sentences that tell it."""
        return lent.status_voice(self, lang)

    def to_dict(self) -> dict[str, Any]:
        """It as plain data, valid under ``schemas/recognition-status.schema.json``; no sentences, no clock."""
        return lent.status_record(self)


__all__ = ["Cause", "CauseCode", "RecognitionState", "RecognitionStatus", "TitleStatus", "Transition"]
