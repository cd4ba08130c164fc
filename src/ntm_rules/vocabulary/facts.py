"""Facts: what is counted or stated about a place, and the catalogue that defines them."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property

import attrs

from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.text import Text


class FactKind(enum.Enum):
    """A figure that is measured, or a statement that is affirmed or denied."""

    NUMBER = "number"
    YES_NO = "yes_no"


@attrs.frozen
class FactDefinition:
    """
    What a fact means.

    Attributes:
        unit: The unit its figures are judged in; None for a statement.

        minimum: The least figure that makes sense, in `unit`.

        maximum: The greatest.

        numerator: For a share: what is counted.

        denominator: For a share: of what.

        definition: The method of counting, or the statement that is affirmed.

        reported_by: Which office usually reports it.

        evidence: How well all this is evidenced.

        timeless: Whether it stays true from year to year (a plan, a building).
    """

    id: str
    title: Text
    kind: FactKind
    unit: str | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    numerator: Text | None = None
    denominator: Text | None = None
    definition: Text | None = None
    reported_by: Text | None = None
    evidence: Grade = Grade.RECALLED
    timeless: bool = False


@attrs.frozen
class FactCatalogue:
    """Every fact that the criteria sets may ask for."""

    facts: tuple[FactDefinition, ...] = ()

    @cached_property
    def _by_id(self) -> dict[str, FactDefinition]:
        return {fact.id: fact for fact in self.facts}

    def get(self, fact: str) -> FactDefinition | None:
        """The definition of *fact*, or None."""
        return self._by_id.get(fact)

    def __getitem__(self, fact: str) -> FactDefinition:
        """The definition of *fact*; `KeyError` if there is none."""
        return self._by_id[fact]

    def __contains__(self, fact: object) -> bool:
        """Whether *fact* is defined."""
        return fact in self._by_id

    def __iter__(self) -> Iterator[FactDefinition]:
        """In the catalogue's order."""
        return iter(self.facts)

    def __len__(self) -> int:
        """How many facts it defines."""
        return len(self.facts)
