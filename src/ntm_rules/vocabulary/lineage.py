"""Lineage: what places were merged into, split into or renamed to, and when."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from datetime import date

import attrs

from ntm_rules.errors import Where
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import Document
from ntm_rules.vocabulary.places import Level, Place, PlaceRegister, Province


class ChangeKind(enum.Enum):
    """
    What became of places on a day.

    `RENAMING`: one place goes on under another name or in another district or province. After each of the others the
    places are new ones, even where one bears a name that was there before.
    """

    MERGER = "merger"
    SPLIT = "split"
    REARRANGEMENT = "rearrangement"
    RENAMING = "renaming"

    def joins(self, earlier: int, later: int) -> bool:
        """
        Whether a change of this kind may lead from so many places to so many.

        Example:
            >>> ChangeKind.MERGER.joins(3, 1), ChangeKind.RENAMING.joins(1, 2)
            (True, False)
        """
        match self:
            case ChangeKind.MERGER:
                return earlier > 1 and later == 1
            case ChangeKind.SPLIT:
                return earlier == 1 and later > 1
            case ChangeKind.RENAMING:
                return earlier == later == 1
            case _:
                return earlier > 1 and later > 1


@attrs.frozen
class LineageChange:
    """
    What became of some places on a day.

    Attributes:
        on: The first day of the later places.

        by: The instrument or decision.
    """

    on: date
    kind: ChangeKind
    earlier: tuple[Place, ...]
    later: tuple[Place, ...]
    by: str | None = None
    document: str | None = None
    where: Where = attrs.field(default=Where(), eq=False, repr=False)


@attrs.frozen
class PlaceName:
    """
    What a place was called for a time.

    Attributes:
        first: The first day; None where that is not told.

        until: The day on which it was so no more.
    """

    place: Place
    first: date | None = None
    until: date | None = None

    def holds(self, when: PartialDate) -> bool | None:
        """Whether a date lies within; None where it is not known well enough."""
        if (self.first is not None and when.last_day < self.first) or (
            self.until is not None and when.first_day >= self.until
        ):
            return False
        within = self.first is None or when.first_day >= self.first
        return True if within and (self.until is None or when.last_day < self.until) else None


@attrs.frozen
class Life:
    """
    One place from when it was formed to when it was no more, under all its names in the order of time.

    Attributes:
        formed: The change that made it.

        ended: The change that it ended in.

        renamed: The changes of its name.
    """

    names: tuple[PlaceName, ...]
    formed: LineageChange | None = None
    ended: LineageChange | None = None
    renamed: tuple[LineageChange, ...] = ()

    def is_called(self, place: Place, when: PartialDate) -> bool | None:
        """Whether *place*, as named on that date, is this one; None where the date leaves it open."""
        held = [each.holds(when) for each in self.names if each.place.key == place.key]
        return True if True in held else None if None in held else False


@attrs.frozen
class Lineage:
    """
    What became of places.

    Attributes:
        changes: In the order of time.

        file: Where it was read from.
    """

    changes: tuple[LineageChange, ...] = ()
    documents: tuple[Document, ...] = ()
    file: str | None = attrs.field(default=None, eq=False)

    def joined(self, changes: Iterable[LineageChange]) -> Lineage:
        """It with more changes."""
        found = dict.fromkeys((*self.changes, *changes))
        return attrs.evolve(self, changes=tuple(sorted(found, key=lambda each: each.on)))

    def life(self, place: Place, on: date) -> Life:
        """
        The place that bears that name on a day.

        Example:
            >>> Lineage().life(Place(Level.COMMUNE, "Phú Đình"), date(2018, 12, 31)).formed is None
            True
        """
        names, formed, ended = [PlaceName(place)], None, None
        renamed: list[LineageChange] = []
        for change in reversed([each for each in self.changes if each.on <= on]):
            if _holds(names[0].place, change.later):
                names[0] = attrs.evolve(names[0], first=change.on)
                if change.kind is not ChangeKind.RENAMING:
                    formed = change
                    break
                renamed.insert(0, change)
                names.insert(0, PlaceName(change.earlier[0], until=change.on))
        for change in (each for each in self.changes if each.on > on):
            if _holds(names[-1].place, change.earlier):
                names[-1] = attrs.evolve(names[-1], until=change.on)
                if change.kind is not ChangeKind.RENAMING:
                    ended = change
                    break
                renamed.append(change)
                names.append(PlaceName(change.later[0], first=change.on))
        return Life(tuple(names), formed, ended, tuple(renamed))


def changes_of_provinces(places: PlaceRegister) -> tuple[LineageChange, ...]:
    """What became of provinces when the map of the country changed; one that only continues is the same."""
    changes = []
    for province in places.provinces:
        first = next((each.first_day for each in places.maps if each.id == province.map), None)
        if first is not None and province.predecessors:
            before = [places.province(id) for id in province.predecessors]
            earlier = tuple(_province(each) for each in before if each is not None)
            kind = ChangeKind.MERGER if len(earlier) > 1 else ChangeKind.RENAMING
            changes.append(LineageChange(first, kind, earlier, (_province(province),)))
    return tuple(changes)


def _province(province: Province) -> Place:
    return Place(Level.PROVINCE, province.name, province=province.id)


def _holds(place: Place, places: tuple[Place, ...]) -> bool:
    return place.key in [each.key for each in places]


__all__ = ["ChangeKind", "Life", "Lineage", "LineageChange", "PlaceName", "changes_of_provinces"]
