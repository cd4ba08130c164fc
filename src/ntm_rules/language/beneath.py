"""What a dossier says of the places beneath its own, and of the decisions that recognised any of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import attrs

from ntm_rules.errors import DocumentError, NtmRulesError, ProblemCode, Where
from ntm_rules.language.builder import Builder
from ntm_rules.language.nodes import Mapping, Node, Scalar
from ntm_rules.language.reading import read_document
from ntm_rules.messages import fold
from ntm_rules.vocabulary.criteria import CriteriaSet, SetId
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import Dossier, HeldTitle, SubPlaces
from ntm_rules.vocabulary.places import KINDS_OF_LEVEL, Level, PlaceRegister, level_of_kind

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
            where = _at(found, "count")
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
        at = item.where if kind is None else _at(item, "kind")
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


def _at(node: Node, key: str) -> Where:
    """The place of what stands under *key*; that of the node itself where nothing does."""
    found = node.get(key) if isinstance(node, Mapping) else None
    return node.where if found is None else found.where


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


# --- titles -----------------------------------------------------------------------------------------------------


def read_titles(
    node: Node,
    above: Dossier,
    find_set: Callable[[str, date], CriteriaSet],
    set_names: tuple[str, ...],
    builder: Builder,
) -> tuple[HeldTitle, ...]:
    """The decisions under ``titles``."""
    found = builder.mapping(node, "titles")
    documents = sorted(document.id for document in above.documents)
    read: list[HeldTitle] = []
    for item in builder.items(found, "list"):
        title = _title(item, above, builder) if builder.shape.usable(item) else None
        if title is None:
            continue
        if title.document is not None:
            where = _at(item, "document")
            builder.known(ProblemCode.UNKNOWN_DOCUMENT, title.document, where, documents)
        wrong = _wrong_set(title, item, above, builder)
        if not wrong:
            _check_date(title, item, find_set, set_names, builder)
        for other in read:
            if _overlap(title, other):
                params = {"name": title.place or above.place.name, "set": title.set_id}
                builder.problem(ProblemCode.TITLES_OVERLAP, item.where, **params)
        read.append(title)
    return tuple(read)


def _title(item: Node, above: Dossier, builder: Builder) -> HeldTitle | None:
    dated, revoked = (_date(item, key, builder) for key in ("dated", "revoked_on"))
    name, kind = builder.text(item, "place"), builder.text(item, "kind")
    place = None
    if name is not None:
        beneath = () if above.sub_places is None else above.sub_places.of_kinds(None if kind is None else (kind,))
        named = [each.place for each in beneath if fold(each.place.name) == fold(name)]
        if len(named) != 1:
            where = _at(item, "place")
            names = [each.place.name for each in beneath] if not named else []
            builder.unknown(ProblemCode.UNKNOWN_SUB_PLACE, name, where, names)
            return None
        place = named[0]
    if dated is None:
        return None
    return HeldTitle(
        builder.text(item, "set") or "",
        dated,
        None if place is None else place.name,
        None if place is None else place.counted_as,
        builder.text(item, "decision"),
        revoked,
        builder.text(item, "document"),
    )


def _date(node: Node, key: str, builder: Builder) -> PartialDate | None:
    written = builder.child(node, key)
    if not isinstance(written, Scalar):
        return None
    try:
        return PartialDate.parse(written.text or "")
    except ValueError:
        builder.problem(ProblemCode.NOT_A_DATE, written.where, seen=written.text)
        return None


def _wrong_set(title: HeldTitle, item: Node, above: Dossier, builder: Builder) -> bool:
    """Whether a title is of a set of another level than the place."""
    wanted = SetId.parse(title.set_id).level
    level = above.place.level if title.kind is None else level_of_kind(title.kind)
    if wanted is not level:
        builder.problem(ProblemCode.WRONG_LEVEL, _at(item, "set"), level=level.value, wanted=wanted.value)
    return wanted is not level


def _check_date(
    title: HeldTitle,
    item: Node,
    find_set: Callable[[str, date], CriteriaSet],
    set_names: tuple[str, ...],
    builder: Builder,
) -> None:
    """A title is not older than its set."""
    try:
        first = find_set(title.set_id, date.min).in_force.first_day
    except NtmRulesError:
        # Sets of a level or tier of which the library holds none are taken as they are named.
        alike = title.set_id.rpartition("/")[0] + "/"
        if any(name.startswith(alike) for name in set_names):
            builder.unknown(ProblemCode.UNKNOWN_SET, title.set_id, _at(item, "set"), set_names)
        return
    if title.dated.last_day < first:
        dated = _at(item, "dated")
        builder.problem(ProblemCode.TITLE_BEFORE_SET, dated, seen=title.dated, set=title.set_id, first=first)


def _overlap(one: HeldTitle, other: HeldTitle) -> bool:
    """Whether two titles of one place and set may hold on the same day."""
    if (one.place, one.kind, one.set_id) != (other.place, other.kind, other.set_id):
        return False
    return not (_ended(one, other) or _ended(other, one))


def _ended(one: HeldTitle, other: HeldTitle) -> bool:
    """Whether one was revoked before another began."""
    return one.revoked_on is not None and one.revoked_on.first_day <= other.dated.last_day
