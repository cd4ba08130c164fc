"""
What the rooms above lend to the methods of the values made here.

This room must not import `language` (plain data) or `explanation` (sentences), yet a result that can tell why, and a
dossier that can be built from plain data, are what users expect. Each room hands its function down once, when it is
imported; nothing is ever replaced afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from ntm_rules.messages import Language
    from ntm_rules.vocabulary.assessments import (
        Assessment,
        CriterionResult,
        Firmness,
        IndicatorResult,
        Prospects,
        Step,
    )
    from ntm_rules.vocabulary.criteria import CriteriaSet
    from ntm_rules.vocabulary.dossiers import Dossier
    from ntm_rules.vocabulary.plans import Alternative, Plan
    from ntm_rules.vocabulary.revisions import Revision
    from ntm_rules.vocabulary.since import Since
    from ntm_rules.vocabulary.status import RecognitionStatus


class Voice(Protocol):
    """Gives the sentences that explain a result."""

    def __call__(self, result: Assessment | CriterionResult | IndicatorResult, lang: Language, /) -> str:
        """See `ntm_rules.explanation`."""


class Record(Protocol):
    """Gives an assessment as plain data."""

    def __call__(self, result: Assessment, /) -> dict[str, Any]:
        """See `ntm_rules.language`."""


class StatusVoice(Protocol):
    """Gives the sentences that tell how a place stands to its titles."""

    def __call__(self, status: RecognitionStatus, lang: Language, /) -> str:
        """See `ntm_rules.explanation`."""


class StatusRecord(Protocol):
    """Gives how a place stands to its titles as plain data."""

    def __call__(self, status: RecognitionStatus, /) -> dict[str, Any]:
        """See `ntm_rules.language`."""


class Reader(Protocol):
    """Builds a dossier from plain data."""

    def __call__(self, data: Mapping[str, Any], /) -> Dossier:
        """See `ntm_rules.rulebook`."""


class Applier(Protocol):
    """Applies a revision to a set."""

    def __call__(self, base: CriteriaSet, revision: Revision, /) -> CriteriaSet:
        """See `ntm_rules.rulebook`."""


class Decider(Protocol):
    """Gives a smallest set of leaves that give a verdict."""

    def __call__(self, step: Step, /) -> tuple[Step, ...]:
        """See `ntm_rules.evaluation.deciding`."""


class Prospector(Protocol):
    """Tells what missing facts can still do to a row."""

    def __call__(self, row: IndicatorResult, /) -> Prospects:
        """See `ntm_rules.evaluation.deciding`."""


class Asker(Protocol):
    """Gives the facts that can still change the verdict on a set."""

    def __call__(self, result: Assessment, /) -> tuple[str, ...]:
        """See `ntm_rules.evaluation.deciding`."""


class Tester(Protocol):
    """Tells how firm a verdict is."""

    def __call__(self, row: IndicatorResult, /) -> Firmness:
        """See `ntm_rules.evaluation.deciding`."""


class Mover(Protocol):
    """Makes the moves of a plan."""

    def __call__(self, plan: Plan, alternative: Alternative, /) -> Dossier:
        """See `ntm_rules.evaluation.planning`."""


class PlanVoice(Protocol):
    """Gives the page that tells a plan."""

    def __call__(self, plan: Plan, lang: Language, /) -> str:
        """See `ntm_rules.explanation`."""


class PlanRecord(Protocol):
    """Gives a plan as plain data."""

    def __call__(self, plan: Plan, /) -> dict[str, Any]:
        """See `ntm_rules.language`."""


class SinceVoice(Protocol):
    """Gives the page that tells what changed."""

    def __call__(self, since: Since, lang: Language, /) -> str:
        """See `ntm_rules.explanation`."""


class SinceRecord(Protocol):
    """Gives what changed as plain data."""

    def __call__(self, since: Since, /) -> dict[str, Any]:
        """See `ntm_rules.language`."""


class Hash(Protocol):
    """Gives the fingerprint of whatever in a set can move a verdict."""

    def __call__(self, rules: CriteriaSet, /) -> str:
        """See `ntm_rules.language`."""


class _Lent:
    voice: Voice
    short: Voice
    decider: Decider
    prospects: Prospector
    missing: Asker
    firmness: Tester
    mover: Mover
    plan_voice: PlanVoice
    plan_record: PlanRecord
    since_voice: SinceVoice
    since_record: SinceRecord
    record: Record
    proof: Record
    status_voice: StatusVoice
    status_record: StatusRecord
    reader: Reader
    applier: Applier
    law_fingerprint: Hash


lent = _Lent()
