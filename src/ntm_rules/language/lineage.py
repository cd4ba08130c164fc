"""Lineages of places between document and value."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import attrs

from ntm_rules.errors import DossierError, ProblemCode, Where
from ntm_rules.language.builder import Builder
from ntm_rules.language.nodes import Node
from ntm_rules.language.places import place_named, where_of, write_place
from ntm_rules.language.titles import documents_of, write_document
from ntm_rules.vocabulary.lineage import ChangeKind, Lineage, LineageChange
from ntm_rules.vocabulary.places import Place, PlaceRegister

_A_DAY = timedelta(days=1)

_Key = tuple[str, ...]


def parse_lineage(node: Node, places: PlaceRegister, file: str | None = None) -> Lineage:
    """
    Build a lineage of places.

    The earlier places of a change are named on the map of the day before it, the later ones on that of the day itself.

    Raises:
        DossierError: With everything that is wrong, each with its place.
    """
    builder = Builder.of(node, "lineage")
    documents = documents_of(node, builder)
    names = sorted(document.id for document in documents)
    changes = [_change(item, places, names, builder) for item in builder.items(node, "changes")]
    read = sorted((each for each in changes if each is not None), key=lambda each: each.on)
    _Checker(builder).check(read)
    builder.finish(DossierError)
    return Lineage(tuple(read), documents, file)


def _change(node: Node, places: PlaceRegister, documents: list[str], builder: Builder) -> LineageChange | None:
    on = builder.day(node, "on") if builder.shape.usable(node) else None
    if on is None:
        return None
    before = on - _A_DAY
    if places.map_on(before) is None:
        builder.problem(ProblemCode.NO_MAP, where_of(node, "on"), on=on)
        return None
    kind = builder.choice(ChangeKind, node, "kind", ChangeKind.MERGER)
    earlier, later = _side(node, "from", before, places, builder), _side(node, "to", on, places, builder)
    sizes = [len(builder.items(node, key)) for key in ("from", "to")]
    if not kind.joins(*sizes):
        builder.problem(ProblemCode.CHANGE_SIDES, node.where, kind=kind.value, earlier=sizes[0], later=sizes[1])
    document = builder.text(node, "document")
    if document is not None:
        builder.known(ProblemCode.UNKNOWN_DOCUMENT, document, where_of(node, "document"), documents)
    return LineageChange(on, kind, earlier, later, builder.text(node, "by"), document, node.where)


def _side(node: Node, key: str, on: date, places: PlaceRegister, builder: Builder) -> tuple[Place, ...]:
    """The places on one side of a change."""
    read: dict[_Key, Place] = {}
    for item in builder.items(node, key):
        place = place_named(item, on, places, builder)
        if place is not None and read.setdefault(place.key, place) is not place:
            builder.problem(ProblemCode.NAMED_TWICE, item.where, name=place.name)
    return tuple(read.values())


@attrs.frozen
class _Checker:
    """
    Holds changes against one another, in the order of time.

    Attributes:
        there: The places that a change made, and where; until another takes them on.

        gone: Those that a change took on, and where.
    """

    builder: Builder
    there: dict[_Key, Where] = attrs.field(factory=dict)
    gone: dict[_Key, Where] = attrs.field(factory=dict)

    def check(self, changes: list[LineageChange]) -> None:
        """No place leads on twice, is made twice, or leads back to itself in a day."""
        for change in changes:
            for place in change.earlier:
                self.there.pop(place.key, None)
                if place.key in self.gone:
                    self._twice(ProblemCode.BECAME_TWICE, place, change, self.gone[place.key])
                self.gone[place.key] = change.where
            for place in change.later:
                self.gone.pop(place.key, None)
                if place.key in self.there:
                    self._twice(ProblemCode.FORMED_TWICE, place, change, self.there[place.key])
                self.there[place.key] = change.where
        self._check_circles(changes)

    def _twice(self, code: ProblemCode, place: Place, change: LineageChange, first: Where) -> None:
        params = {"name": place.name, "on": change.on, "first_line": first.line or "?"}
        self.builder.problem(code, change.where, **params)

    def _check_circles(self, changes: list[LineageChange]) -> None:
        """Nothing becomes itself on one day: by its own renaming, or by way of others."""
        for change in changes:
            of_day = [each for each in changes if each.on == change.on]
            renamed = change.kind is ChangeKind.RENAMING and _keys(change.earlier) == _keys(change.later)
            if renamed or _leads_back(change, change, of_day, ()):
                params = {"name": change.earlier[0].name if change.earlier else "?", "on": change.on}
                self.builder.problem(ProblemCode.LINEAGE_CIRCLE, change.where, **params)


def _keys(places: tuple[Place, ...]) -> set[_Key]:
    return {place.key for place in places}


def _leads_back(start: LineageChange, at: LineageChange, changes: list[LineageChange], seen: tuple[int, ...]) -> bool:
    """Whether what a change made leads, by other changes of the same day, back to what *start* took on."""
    for each in changes:
        if each is start or id(each) in seen or _keys(at.later).isdisjoint(_keys(each.earlier)):
            continue
        back = not _keys(each.later).isdisjoint(_keys(start.earlier))
        if back or _leads_back(start, each, changes, (*seen, id(each))):
            return True
    return False


def write_lineage(lineage: Lineage) -> dict[str, Any]:
    """A lineage as plain data; parsing it gives the lineage back."""
    written = {
        "lineage": "1",
        "documents": {each.id: write_document(each) for each in lineage.documents} or None,
        "changes": [_write(each) for each in lineage.changes],
    }
    return {key: value for key, value in written.items() if value is not None}


def _write(change: LineageChange) -> dict[str, Any]:
    written = {
        "on": change.on.isoformat(),
        "by": change.by,
        "kind": change.kind.value,
        "from": [write_place(each) for each in change.earlier],
        "to": [write_place(each) for each in change.later],
        "document": change.document,
    }
    return {key: value for key, value in written.items() if value is not None}


__all__ = ["parse_lineage", "write_lineage"]
