"""What was laid over the law: revisions other than its own amendments, and the chain by which each figure holds."""

from __future__ import annotations

import enum
from datetime import date
from typing import TYPE_CHECKING

import attrs

from ntm_rules.vocabulary.facts import ScaleStep
from ntm_rules.vocabulary.instruments import Grade, Locator
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.text import Text

if TYPE_CHECKING:
    # Both are made of what stands here.
    from ntm_rules.vocabulary.criteria import CriteriaSet
    from ntm_rules.vocabulary.revisions import Revision


class RevisionAuthority(enum.Enum):
    """Who revises: the law itself, a province or ministry within its mandate, a checker of the gazette, an analyst."""

    LAW = "law"
    PROVINCE = "province"
    MINISTRY = "ministry"
    VERIFICATION = "verification"
    SCENARIO = "scenario"


class LinkKind(enum.Enum):
    """What a link of a chain is."""

    NATIONAL_NORM = "national_norm"
    MANDATE = "mandate"
    DECISION = "decision"
    VERIFICATION = "verification"
    SCENARIO = "scenario"


@attrs.frozen(kw_only=True)
class Link:
    """
    One link of the chain by which a figure holds.

    Attributes:
        instrument: Id of the instrument; for a verification, the document that was read.

        value: Of the national norm that leaves the figure open, the loosest figure it allows.

        by: Who decides under a mandate, or whose role it was to check.

        issued: When it was signed; of a verification, the day of checking.

        first_day: The first day on which it holds.

        last_day: The last one, if known.
    """

    kind: LinkKind
    instrument: str
    locator: Locator | None = None
    grade: Grade | None = None
    value: Quantity | ScaleStep | None = None
    by: Text | None = None
    issued: date | None = None
    first_day: date | None = None
    last_day: date | None = None


@attrs.frozen
class Decided:
    """A part of the set that an overlay decided, and the chain by which it holds; an empty row stands for all."""

    at: str
    part: tuple[str, ...]
    row: tuple[str, ...]
    chain: tuple[Link, ...]

    def same_place(self, at: str, part: tuple[str, ...], row: tuple[str, ...]) -> bool:
        """Whether it and that place are one, or one of them lies within the other."""
        return self.at == at and _lead(self.part, part) and (self.part != part or _lead(self.row, row))


def _lead(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether one way is the beginning of the other."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


@attrs.frozen
class Overlay:
    """
    A revision, other than the law's own amendments, that a set was revised by.

    Attributes:
        by: Who made it: an author, or the number of a decision.

        territory: Id of the province whose places alone it is for.

        first_day: The first day on which it holds; None for a scenario or verification, which hold always.

        last_day: The last one, if it has one.

        file: Where it was read from.

        decided: What it decided.

        revision: The revision itself, with its edits.

        base: The set that it was laid over.
    """

    id: str
    authority: RevisionAuthority
    title: Text
    by: str | None = None
    territory: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    file: str | None = attrs.field(default=None, eq=False)
    decided: tuple[Decided, ...] = ()
    revision: Revision | None = attrs.field(default=None, eq=False, repr=False)
    base: CriteriaSet | None = attrs.field(default=None, eq=False, repr=False)

    def holds_on(self, day: date) -> bool:
        """Whether *day* lies within its time."""
        begun = self.first_day is None or self.first_day <= day
        return begun and (self.last_day is None or day <= self.last_day)
