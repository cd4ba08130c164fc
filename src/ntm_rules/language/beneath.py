"""What a dossier says of the places beneath its own, and of the decisions that recognised any of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import attrs

from ntm_rules.errors import DocumentError, ProblemCode, Where
from ntm_rules.language.builder import Builder
from ntm_rules.language.forms import read_document
from ntm_rules.language.nodes import Mapping, Node, Scalar
from ntm_rules.language.places import where_of
from ntm_rules.language.requirements import check_external
from ntm_rules.language.titles import KnownSets, check_title, levels_of, read_title
from ntm_rules.messages import fold
from ntm_rules.vocabulary.criteria import CriteriaSet
from ntm_rules.vocabulary.dossiers import Dossier, HeldTitle, ReportedBeneath, SubPlaces
from ntm_rules.vocabulary.facts import FactCatalogue
from ntm_rules.vocabulary.places import KINDS_OF_LEVEL, Level, PlaceRegister, level_of_kind
from ntm_rules.vocabulary.requirements import Collection


@attrs.frozen
class Shelf:
    """
    What reading a dossier needs to know of the library.

    Attributes:
        find_set: Gives the set of that name in the edition of that day (the set's last edition if outside its force);
            raises an `NtmRulesError` where there is none.

        set_names: Every set's name.
    """

    catalogue: FactCatalogue
    places: PlaceRegister
    find_set: Callable[[str, date], CriteriaSet]
    set_names: tuple[str, ...]

    @property
    def sets(self) -> KnownSets:
        """The sets that a title may be of."""
        return KnownSets(self.find_set, self.set_names, self.places)


#: Reads the dossier of a place beneath.
Read = Callable[[Node, str | None], Dossier]

# What an inline dossier says of its place.
_OF_PLACE = ("name", "kind", "district", "province", "region", "attributes")


def level_beneath(above: Level, on: date, places: PlaceRegister) -> Level | None:
    """The level of the places directly beneath; None beneath a village. A province had districts until 2025."""
    if above is Level.PROVINCE:
        return Level.DISTRICT if places.has_level(Level.DISTRICT, on) else Level.COMMUNE
    return {Level.DISTRICT: Level.COMMUNE, Level.COMMUNE: Level.VILLAGE}.get(above)


def read_sub_places(
    node: Node, above: Dossier, places: PlaceRegister, builder: Builder, read: Read
) -> SubPlaces | None:
    """What is said under ``sub_places``; *read* reads one dossier."""
    found = builder.mapping(node, "sub_places")
    level = level_beneath(above.place.level, above.on, places)
    if found is None:
        return None
    # A province may say how many communes there are beneath its districts.
    kinds = [] if level is None else [each for at in Level if not at.stands_above(level) for each in KINDS_OF_LEVEL[at]]
    counts = []
    for kind, where, count in builder.entries(found, "count"):
        if kind not in kinds and builder.shape.usable(count):
            builder.problem(ProblemCode.SUB_PLACE_LEVEL, where, level=kind, above=above.place.level.value)
        elif isinstance(count, Scalar) and builder.shape.usable(count):
            counts.append((kind, int(count.text or 0)))
    reader = _Reader(above, level, places, builder, read)
    dossiers = [each for item in builder.items(found, "list") for each in reader.one(item)]
    listed = SubPlaces(tuple(counts), tuple(dossiers))
    for kind, stated in counts:
        beneath, _ = attrs.evolve(above, sub_places=listed).places_beneath((kind,))
        if stated < len(beneath):
            where = where_of(found, "count")
            params = {"kind": kind, "count": stated, "listed": len(beneath)}
            builder.problem(ProblemCode.FEWER_THAN_LISTED, where, **params)
    return listed


@attrs.frozen
class _Reader:
    """Reads the dossiers of the places beneath one."""

    above: Dossier
    level: Level | None
    places: PlaceRegister
    builder: Builder
    read: Read
    seen: dict[tuple[str, str], Where] = attrs.field(factory=dict, init=False)

    def one(self, item: Node) -> Iterator[Dossier]:
        """The dossier that an item is, or names; nothing where it can't be used."""
        if not self.builder.shape.usable(item):
            return
        try:
            node, file = self._node(item)
            if self._beneath(node, item):
                below = self.read(self._completed(node), file)
                self._check(below, node, item)
                yield below
        except DocumentError as error:
            self.builder.problems += [
                attrs.evolve(each, where=item.where) if each.code is ProblemCode.UNREADABLE else each
                for each in error.problems
            ]

    def _node(self, item: Node) -> tuple[Node, str | None]:
        """The document of a dossier, and its file."""
        if isinstance(item, Scalar):
            path = str(Path(self.above.file or "").parent / (item.text or ""))
            return read_document(path), path
        assert isinstance(item, Mapping)  # the schema allows nothing else  # noqa: S101
        place = [entry for entry in item.entries if entry[0].text in _OF_PLACE]
        kind = self.builder.text(item, "kind")
        if kind is not None and kind == Level.VILLAGE.value:
            # It is told by the level.
            place = [entry for entry in place if entry[0].text != "kind"]
        level = self.level if kind is None else level_of_kind(kind)
        at = item.where if kind is None else where_of(item, "kind")
        given = None if level is None else level.value
        place.append((Scalar("level", at), Scalar(given, attrs.evolve(at, path=f"{item.where.path}.level"))))
        others = tuple(entry for entry in item.entries if entry[0].text not in _OF_PLACE)
        where = attrs.evolve(item.where, path=f"{item.where.path}.place")
        mark = (Scalar("dossier", item.where), Scalar("1", item.where))
        held = (Scalar("place", where), Mapping(tuple(place), where))
        return Mapping((mark, held, *others), item.where, item.faults), self.above.file

    def _beneath(self, node: Node, item: Node) -> bool:
        """Whether a place is of the level directly beneath; if not, that is a problem."""
        given = self.builder.child(self.builder.mapping(node, "place"), "level")
        level = given.text if isinstance(given, Scalar) else None
        if self.level is not None and (level == self.level.value or level not in [each.value for each in Level]):
            return True
        where = item.where if given is None else given.where
        params = {"level": level or "?", "above": self.above.place.level.value}
        self.builder.problem(ProblemCode.SUB_PLACE_LEVEL, where, **params)
        return False

    def _completed(self, node: Node) -> Node:
        """A dossier that says what it left out, as the dossier above says it."""
        if not isinstance(node, Mapping):
            return node
        above = self.above
        place = self.builder.mapping(node, "place")
        given = self.builder.child(place, "level")
        level = given.text if isinstance(given, Scalar) else None
        if place is None or self.level is None or level != self.level.value:
            # Beneath a place without a level of ours a file could lead to itself for ever.
            return Mapping(
                tuple(each for each in node.entries if each[0].text != "sub_places"), node.where, node.faults
            )
        said: dict[str, str | None] = {"province": above.place.province, "region": above.place.region}
        if self.builder.child(place, "province") is not None or self.builder.child(place, "region") is not None:
            said = {}
        if above.place.level is Level.DISTRICT:
            said["district"] = above.place.name
        completed = _with(place, said, self.builder)
        entries = tuple((key, completed if value is place else value) for key, value in node.entries)
        year = f"{above.year:04d}"
        said_above: dict[str, str | None] = {"year": year, "status": above.status.value}
        if self.builder.text(node, "year") in (None, year):
            said_above["on"] = above.on.isoformat()
        return _with(Mapping(entries, node.where, node.faults), said_above, self.builder)

    def _check(self, below: Dossier, node: Node, item: Node) -> None:
        """No place twice, and none of another parent, map or year."""
        key = (below.place.counted_as, fold(below.place.name))
        first = self.seen.setdefault(key, item.where)
        if first is not item.where:
            line = first.line or "?"
            self.builder.problem(ProblemCode.SUB_PLACE_TWICE, item.where, name=below.place.name, first_line=line)
        place, above = self.builder.mapping(node, "place"), self.above.place
        told: list[tuple[str, object, object, Node | None]] = []
        if above.level is Level.DISTRICT and fold(below.place.district or "") != fold(above.name):
            told.append(("district", below.place.district, above.name, self.builder.child(place, "district")))
        if None not in (below.place.province, above.province) and below.place.province != above.province:
            seen, wanted = (_named(each, self.places) for each in (below.place.province, above.province))
            told.append(("province", seen, wanted, self.builder.child(place, "province")))
        if below.year != self.above.year:
            told.append(("year", below.year, self.above.year, self.builder.child(node, "year")))
        for what, said, due, at in told:
            where = item.where if at is None else at.where
            params = {"name": below.place.name, "what": what, "seen": said or "?", "wanted": due}
            self.builder.problem(ProblemCode.SUB_PLACE_ELSEWHERE, where, **params)


def _named(province: str | None, places: PlaceRegister) -> str:
    """A province by its name and map."""
    found = places.province(province or "")
    return "?" if found is None else f"{found.name} ({found.map})"


def _with(node: Mapping, said: dict[str, str | None], builder: Builder) -> Mapping:
    """A mapping that also says *said*, where it says nothing itself."""
    added = []
    for key, value in said.items():
        if value is not None and builder.child(node, key) is None:
            where = attrs.evolve(node.where, path=f"{node.where.path}.{key}")
            added.append((Scalar(key, where), Scalar(value, where)))
    names = {key.text for key, _ in added}
    kept = tuple(entry for entry in node.entries if entry[0].text not in names)
    return Mapping((*kept, *added), node.where, node.faults)


# --- what was only reported -------------------------------------------------------------------------------------


def read_reported(node: Node, above: Dossier, shelf: Shelf, builder: Builder) -> tuple[ReportedBeneath, ...]:
    """The tallies of places beneath that were published without saying which."""
    items = builder.items(builder.mapping(node, "reported"), "sub_places")
    return tuple(
        _reported(each, above, shelf, builder)
        for each in items
        if builder.shape.usable(each) and builder.shape.usable(each.get("met"))  # type: ignore[union-attr,arg-type]
    )


def _reported(item: Node, above: Dossier, shelf: Shelf, builder: Builder) -> ReportedBeneath:
    collection = builder.choice(Collection, item, "of", Collection.SUB_PLACES)
    met = builder.child(item, "met")
    one = builder.text(item, "met") is not None
    least, most = (builder.number(item, "met") if one else builder.number(met, end) for end in ("least", "most"))
    counts = dict(() if above.sub_places is None else above.sub_places.counts)
    kinds = collection.kinds or ()
    stated = sum(counts[kind] for kind in kinds) if kinds and counts.keys() >= set(kinds) else None
    if least > most or (stated is not None and most > stated):
        where = where_of(item, "met")
        params = {"least": least, "most": most, "total": most if stated is None else stated}
        builder.problem(ProblemCode.RANGE_REVERSED, where, **params)
    document = builder.text(item, "document")
    if document is not None:
        documents = sorted(each.id for each in above.documents)
        builder.known(ProblemCode.UNKNOWN_DOCUMENT, document, where_of(item, "document"), documents)
    check_external(item, "recognised_as", shelf.places, builder)
    key = "attains" if builder.child(item, "attains") is not None else "recognised_as"
    level = _level_counted(collection, above, shelf.places)
    wanted = levels_of(builder.text(item, key) or "", shelf.places)
    if level is not None and wanted and level not in wanted:
        builder.problem(ProblemCode.WRONG_LEVEL, where_of(item, key), level=level.value, wanted=wanted[0].value)
    return ReportedBeneath(
        collection=collection,
        least=least,
        most=most,
        attains=builder.text(item, "attains"),
        recognised_as=builder.text(item, "recognised_as"),
        or_higher=builder.flag(item, "or_higher"),
        document=document,
    )


def _level_counted(collection: Collection, above: Dossier, places: PlaceRegister) -> Level | None:
    """The level of the places of a collection; of all places beneath, that directly beneath."""
    if collection.kinds is None:
        return level_beneath(above.place.level, above.on, places)
    return level_of_kind(collection.kinds[0])


# --- titles -----------------------------------------------------------------------------------------------------


def read_titles(node: Node, above: Dossier, sets: KnownSets, builder: Builder) -> tuple[HeldTitle, ...]:
    """The decisions under ``titles``."""
    found = builder.mapping(node, "titles")
    documents = [document.id for document in above.documents]
    read: list[HeldTitle] = []
    for item in builder.items(found, "list"):
        title = _title(item, above, builder) if builder.shape.usable(item) else None
        if title is None:
            continue
        level = above.place.level if title.kind is None else level_of_kind(title.kind)
        check_title(title, level, item, sets, builder, documents=documents)
        for other in read:
            if title.overlaps(other):
                params = {"name": title.place or above.place.name, "set": title.set_id}
                builder.problem(ProblemCode.TITLES_OVERLAP, item.where, **params)
        read.append(title)
    return tuple(read)


def _title(item: Node, above: Dossier, builder: Builder) -> HeldTitle | None:
    title = read_title(item, builder)
    name, kind = builder.text(item, "place"), builder.text(item, "kind")
    if name is None:
        return title
    beneath = () if above.sub_places is None else above.sub_places.of_kinds(None if kind is None else (kind,))
    named = [each.place for each in beneath if fold(each.place.name) == fold(name)]
    if len(named) != 1:
        names = [each.place.name for each in beneath] if not named else []
        builder.unknown(ProblemCode.UNKNOWN_SUB_PLACE, name, where_of(item, "place"), names)
        return None
    (place,) = named
    return None if title is None else attrs.evolve(title, place=place.name, kind=place.counted_as)
