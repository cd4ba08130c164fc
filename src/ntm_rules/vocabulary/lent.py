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
    from ntm_rules.vocabulary.assessments import Assessment, CriterionResult, IndicatorResult
    from ntm_rules.vocabulary.criteria import CriteriaSet
    from ntm_rules.vocabulary.dossiers import Dossier
    from ntm_rules.vocabulary.revisions import Revision
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


class _Lent:
    voice: Voice
    record: Record
    status_voice: StatusVoice
    status_record: StatusRecord
    reader: Reader
    applier: Applier


lent = _Lent()
