"""What lies over a set as the law has it: who revised it, so that nothing judged under it passes for law."""

from __future__ import annotations

import enum

import attrs

from ntm_rules.vocabulary.text import Text


class RevisionAuthority(enum.Enum):
    """Who revises: the law itself, a province or ministry within its mandate, a checker of the gazette, an analyst."""

    LAW = "law"
    PROVINCE = "province"
    MINISTRY = "ministry"
    VERIFICATION = "verification"
    SCENARIO = "scenario"


@attrs.frozen
class Overlay:
    """A revision, other than the law's own amendments, that a set was revised by."""

    id: str
    authority: RevisionAuthority
    title: Text
    by: str | None = None
