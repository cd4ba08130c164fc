"""What a dossier says of earlier years: dossiers of the same place, each in a file beside it or in place."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs

from ntm_rules.errors import DocumentError, ProblemCode
from ntm_rules.language.builder import Builder
from ntm_rules.language.forms import read_document
from ntm_rules.language.nodes import Mapping, Node, Scalar
from ntm_rules.messages import fold
from ntm_rules.vocabulary.dossiers import Dossier
from ntm_rules.vocabulary.places import PlaceRegister


@attrs.frozen
class Trail:
    """
    How reading came to a dossier.

    Attributes:
        files: The files that led there, by their full paths.

        read: The dossiers of earlier years that were read on the way, by file; filled on the way.
    """

    files: tuple[str, ...] = ()
    read: dict[str, Dossier] = attrs.field(factory=dict)

    def beyond(self, file: str | None) -> Trail:
        """The trail of what a file names."""
        return self if file is None else attrs.evolve(self, files=(*self.files, os.path.realpath(file)))


#: Where reading begins.
NO_TRAIL = Trail()

#: Reads the dossier of another year.
Read = Callable[[Node, str | None, Trail], Dossier]

# What an inline dossier may say of its place.
_OF_PLACE = ("kind", "district", "province", "region", "attributes")


def read_earlier(
    node: Node, later: Dossier, places: PlaceRegister, builder: Builder, *, trail: Trail, read: Read
) -> tuple[Dossier, ...]:
    """What is said under ``earlier``; *read* reads one dossier, *trail* is what leads from there."""
    reader = _Reader(node, later, places, builder, trail, read)
    return tuple(each for item in builder.items(node, "earlier") for each in reader.one(item))


@attrs.frozen
class _Reader:
    """Reads the dossiers of the years before one."""

    node: Node
    later: Dossier
    places: PlaceRegister
    builder: Builder
    trail: Trail
    read: Read
    #: Of each year that is told of: what is said of it.
    seen: dict[int, Dossier] = attrs.field(factory=dict, init=False)
    #: The years of which this dossier itself names a dossier.
    named: set[int] = attrs.field(factory=set, init=False)

    def one(self, item: Node) -> Iterator[Dossier]:
        """The dossier that an item is, or names; nothing where it can't be used."""
        if not self.builder.shape.usable(item):
            return
        try:
            found = self._file(item) if isinstance(item, Scalar) else self._inline(item)
        except DocumentError as error:
            self.builder.problems += [
                attrs.evolve(each, where=item.where) if each.code is ProblemCode.UNREADABLE else each
                for each in error.problems
            ]
            return
        if found is not None:
            self._check(found, item)
            yield self._completed(found)

    def _file(self, item: Scalar) -> Dossier | None:
        path = str(Path(self.later.file or "").parent / (item.text or ""))
        full = os.path.realpath(path)
        if full in self.trail.files:
            chain = " → ".join(Path(each).name for each in (*self.trail.files, full))
            self.builder.problem(ProblemCode.CIRCULAR, item.where, chain=chain)
            return None
        if full not in self.trail.read:
            self.trail.read[full] = self.read(read_document(path), path, self.trail)
        return self.trail.read[full]

    def _inline(self, item: Node) -> Dossier:
        """A dossier without its mark and its place, which is that of the dossier that names it."""
        assert isinstance(item, Mapping)  # the schema allows nothing else  # noqa: S101
        own = tuple(entry for entry in item.entries if entry[0].text in _OF_PLACE)
        said = {key.text for key, _ in own}
        place = self.builder.mapping(self.node, "place")
        above = () if place is None else tuple(entry for entry in place.entries if entry[0].text not in said)
        entries = [entry for entry in item.entries if entry[0].text not in _OF_PLACE]
        entries.append((Scalar("dossier", item.where), Scalar("1", item.where)))
        if place is not None:
            entries.append((Scalar("place", place.where), Mapping((*above, *own), place.where, place.faults)))
        if self.builder.child(item, "status") is None:
            entries.append((Scalar("status", item.where), Scalar(self.later.status.value, item.where)))
        return self.read(Mapping(tuple(entries), item.where, item.faults), self.later.file, self.trail)

    def _check(self, found: Dossier, item: Node) -> None:
        """It is of the same place, on the same map, and of an earlier year of which nothing else is said."""
        mine, its = self.later.place, found.place
        names = {each.id: each.name for each in self.places.provinces}
        told: list[tuple[str, object, object]] = []
        if its.level is not mine.level:
            told.append(("level", its.level.value, mine.level.value))
        if fold(its.name) != fold(mine.name):
            told.append(("name", its.name, mine.name))
        if None not in (its.district, mine.district) and fold(its.district or "") != fold(mine.district or ""):
            told.append(("district", its.district, mine.district))
        maps = tuple(self.places.map_on(each.on) for each in (found, self.later))
        if maps[0] != maps[1]:
            # What was known of a place before it was merged does not pass to the new one by itself.
            told.append(("map", maps[0], maps[1]))
        elif None not in (its.province, mine.province) and its.province != mine.province:
            told.append(("province", names[its.province or ""], names[mine.province or ""]))
        if found.year >= self.later.year:
            told.append(("year", found.year, f"< {self.later.year}"))
        for what, said, due in told:
            params = {"what": what, "seen": said or "?", "wanted": due or "?"}
            self.builder.problem(ProblemCode.EARLIER_ELSEWHERE, item.where, **params)
        for year, each in ((found.year, found), *found.by_year.items()):
            alone = attrs.evolve(each, earlier=())
            before = self.seen.setdefault(year, alone)
            # What a dossier and the one before it say alike of a year is said once.
            if before != alone or year in self.named:
                self.builder.problem(ProblemCode.TWO_OF_ONE_YEAR, item.where, year=year)
            if each is found:
                self.named.add(year)

    def _completed(self, found: Dossier) -> Dossier:
        """The dossier with what it leaves out of its place, as the later one says it."""
        mine, its = self.later.place, found.place
        place = attrs.evolve(
            its,
            name=mine.name,
            district=its.district or mine.district,
            province=its.province or mine.province,
            region=its.region or mine.region,
            kind=its.kind or mine.kind,
        )
        return attrs.evolve(found, place=place)
