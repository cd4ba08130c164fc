"""How the indicators of a set continue in the set of the next period."""

from __future__ import annotations

import enum
from collections.abc import Iterable

import attrs

from ntm_rules.errors import Where
from ntm_rules.vocabulary.text import Text


class Relation(enum.Enum):
    """
    What became of an indicator in the next period.

    `REDEFINED`: it asks something else under the same head. `UNKNOWN`: the later row, or what it asks, was not seen.
    """

    SAME = "same"
    STRICTER = "stricter"
    LOOSER = "looser"
    REDEFINED = "redefined"
    SPLIT = "split"
    MERGED = "merged"
    NEW = "new"
    DROPPED = "dropped"
    UNKNOWN = "unknown"

    def joins(self, earlier: int, later: int) -> bool:
        """
        Whether a link of this kind may lead from so many indicators to so many.

        Example:
            >>> Relation.SPLIT.joins(1, 2), Relation.NEW.joins(1, 1)
            (True, False)
        """
        match self:
            case Relation.SPLIT:
                return earlier == 1 and later > 1
            case Relation.MERGED:
                return earlier > 1 and later == 1
            case Relation.NEW:
                return not earlier and later > 0
            case Relation.DROPPED:
                return earlier > 0 and not later
            case Relation.UNKNOWN:
                return earlier + later > 0
            case _:
                return earlier == later == 1


@attrs.frozen(kw_only=True)
class CrosswalkLink:
    """
    What became of some indicators in the next period, and why it is said.

    Attributes:
        earlier: Full addresses in the last edition of a set.

        later: Full addresses in the next set as issued.
    """

    earlier: tuple[str, ...]
    later: tuple[str, ...]
    relation: Relation
    reason: Text
    where: Where = attrs.field(default=Where(), eq=False, repr=False)


@attrs.frozen
class Trace:
    """
    Where some indicators came from and what became of them, in the order of time.

    Attributes:
        earlier: The links that lead to them: one step of time after the other, the nearest last.

        later: Those that lead on from them, the nearest first.
    """

    earlier: tuple[tuple[CrosswalkLink, ...], ...]
    later: tuple[tuple[CrosswalkLink, ...], ...]

    @property
    def links(self) -> tuple[CrosswalkLink, ...]:
        """Every link of it."""
        return tuple(link for step in (*self.earlier, *self.later) for link in step)


@attrs.frozen
class Crosswalk:
    """Links between the indicators of neighbouring periods."""

    links: tuple[CrosswalkLink, ...]

    def to(self, addresses: Iterable[str]) -> tuple[CrosswalkLink, ...]:
        """The links that lead to any of these indicators from the period before."""
        wanted = frozenset(addresses)
        return tuple(link for link in self.links if not wanted.isdisjoint(link.later))

    def on(self, addresses: Iterable[str]) -> tuple[CrosswalkLink, ...]:
        """The links that lead on from any of these indicators."""
        wanted = frozenset(addresses)
        return tuple(link for link in self.links if not wanted.isdisjoint(link.earlier))

    def trace(self, addresses: Iterable[str]) -> Trace:
        """
        Where these indicators came from and what became of them, period by period.

        Example:
            >>> from ntm_rules.rulebook import crosswalk
            >>> trace = crosswalk().trace(["commune/standard/2016-2020#4/4.2"])
            >>> [link.relation.value for link in trace.links]
            ['same', 'redefined', 'unknown']
        """
        start = tuple(addresses)
        earlier, later = [], []
        told: set[int] = set()
        step = self._untold(self.to(start), told)
        while step:
            earlier.append(step)
            step = self._untold(self.to(address for link in step for address in link.earlier), told)
        step = self._untold(self.on(start), told)
        while step:
            later.append(step)
            step = self._untold(self.on(address for link in step for address in link.later), told)
        return Trace(tuple(reversed(earlier)), tuple(later))

    @staticmethod
    def _untold(links: Iterable[CrosswalkLink], told: set[int]) -> tuple[CrosswalkLink, ...]:
        """The links that were not met on the way; a crosswalk that leads in a circle ends there."""
        new = tuple(link for link in links if id(link) not in told)
        told.update(id(link) for link in new)
        return new


__all__ = ["Crosswalk", "CrosswalkLink", "Relation", "Trace"]
