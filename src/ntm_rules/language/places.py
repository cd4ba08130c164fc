"""Places as documents name them, on the map of a day."""

from __future__ import annotations

from datetime import date

from ntm_rules.errors import ProblemCode, Where
from ntm_rules.language.builder import Builder
from ntm_rules.language.nodes import Mapping, Node
from ntm_rules.messages import nearest
from ntm_rules.vocabulary.places import KINDS_OF_LEVEL, Level, Place, PlaceRegister, Province


def where_of(node: Node | None, key: str) -> Where:
    """The place of what stands under *key*; that of the node itself where nothing does."""
    found = node.get(key) if isinstance(node, Mapping) else None
    return found.where if found is not None else Where() if node is None else node.where


def province_named(
    node: Node | None, on: date | None, places: PlaceRegister, builder: Builder, key: str = "province"
) -> Province | None:
    """The province that is named, on the map of a day; on any map where that day has none or was not read."""
    name = builder.text(node, key)
    if name is None:
        return None
    map = None if on is None else places.map_on(on)
    found = list(places.named(name, map))
    if len(found) == 1 or (found and map is None):
        return found[0]
    names = [province.name for province in places.provinces if map in (None, province.map)]
    maps = map or " / ".join(each.id for each in places.maps)
    builder.unknown(ProblemCode.UNKNOWN_PROVINCE, name, where_of(node, key), names, map=maps)
    return None


def kind_named(node: Node | None, level: Level, builder: Builder) -> str | None:
    """The kind of place that is stated, which must be one of its level."""
    kind, kinds = builder.text(node, "kind"), KINDS_OF_LEVEL.get(level, ())
    if kind is not None and kind not in kinds:
        params = {"found": kind, "allowed": ", ".join(kinds) or "-", "nearest": nearest(kind, kinds)}
        builder.problem(ProblemCode.NOT_ONE_OF, where_of(node, "kind"), **params)
    return kind


def place_named(node: Node, on: date, places: PlaceRegister, builder: Builder) -> Place | None:
    """
    A place that is named so that no other could be meant, on the map of a day; None where it can't be read.

    A commune states its district while there are districts, and all but a province state their province.
    """
    level, before = builder.choice(Level, node, "level", Level.COMMUNE), len(builder.problems)
    named = (
        [("level", level)]
        if builder.child(node, "district") is None
        else [("level", level), ("district", Level.DISTRICT)]
    )
    for key, there in named:
        if builder.child(node, key) is not None and not places.has_level(there, on):
            builder.problem(ProblemCode.LEVEL_NOT_ON_MAP, where_of(node, key), level=there.value, on=on)
    kind = kind_named(node, level, builder)
    province = province_named(node, on, places, builder, "name" if level is Level.PROVINCE else "province")
    wanted = [] if level is Level.PROVINCE else ["province"]
    if level is Level.COMMUNE and places.has_level(Level.DISTRICT, on):
        wanted.append("district")
    for key in wanted:
        if builder.child(node, key) is None:
            builder.problem(ProblemCode.MISSING_KEY, node.where, key=key)
    if len(builder.problems) > before:
        return None
    return Place(
        level,
        builder.text(node, "name") or "",
        builder.text(node, "district"),
        None if province is None else province.id,
        kind=kind,
    )


def write_place(place: Place) -> dict[str, str]:
    """A place that `place_named` reads."""
    written = {
        "level": place.level.value,
        "name": place.name,
        "district": place.district,
        "province": None if place.level is Level.PROVINCE else place.province,
        "kind": place.kind,
    }
    return {key: value for key, value in written.items() if value is not None}


__all__ = ["kind_named", "place_named", "province_named", "where_of", "write_place"]
