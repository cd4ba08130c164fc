"""Registers of recognition decisions between document and value."""

from __future__ import annotations

from typing import Any

from ntm_rules.errors import DossierError, ProblemCode
from ntm_rules.language.builder import Builder
from ntm_rules.language.nodes import Node, Scalar, Sequence
from ntm_rules.language.places import place_named, province_named, where_of, write_place
from ntm_rules.language.titles import (
    KnownSets,
    check_title,
    documents_of,
    read_title,
    write_document,
    written_title,
)
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.places import PlaceRegister
from ntm_rules.vocabulary.register import Register, RegisteredTitle


def parse_register(node: Node, sets: KnownSets, places: PlaceRegister, file: str | None = None) -> Register:
    """
    Build a register of recognition decisions.

    Raises:
        DossierError: With everything that is wrong, each with its place.
    """
    builder = Builder.of(node, "register")
    documents = documents_of(node, builder)
    complete, complete_sets = read_complete(node, sets, builder)
    territory = _territory(node, places, builder)
    names = [document.id for document in documents]
    titles: list[RegisteredTitle] = []
    for item in builder.items(node, "decisions"):
        read = _decision(item, sets, places, names, builder)
        if read is None:
            continue
        if territory and read.place.province not in territory:
            params = {"name": read.place.name, "territory": builder.text(node, "province")}
            builder.problem(ProblemCode.OUTSIDE_REGISTER, where_of(item, "place"), **params)
        for other in titles:
            if other.place.key == read.place.key and read.title.overlaps(other.title):
                params = {"name": read.place.name, "set": read.title.set_id}
                builder.problem(ProblemCode.TITLES_OVERLAP, item.where, **params)
        titles.append(read)
    builder.finish(DossierError)
    return Register(tuple(titles), complete, complete_sets, territory, documents, file)


def read_complete(node: Node | None, sets: KnownSets, builder: Builder) -> tuple[bool, tuple[str, ...]]:
    """Whether a list of titles is complete, and for which sets where not for all."""
    complete = builder.child(node, "complete")
    if not isinstance(complete, Sequence):
        return builder.text(node, "complete") in ("yes", "true"), ()
    named = []
    for each in complete.items:
        if isinstance(each, Scalar) and builder.shape.usable(each):
            name = each.text or ""
            alike = name.rpartition("/")[0] + "/"
            if any(known.startswith(alike) for known in sets.names):
                builder.known(ProblemCode.UNKNOWN_SET, name, each.where, sets.names)
            named.append(name)
    return False, tuple(dict.fromkeys(named))


def _territory(node: Node, places: PlaceRegister, builder: Builder) -> tuple[str, ...]:
    """The ids, on every map, of the province that a register is of."""
    name = builder.text(node, "province")
    found = () if name is None else tuple(each.id for each in places.named(name))
    if name is not None and not found:
        # On no map: its own sentence offers the nearest.
        province_named(node, None, places, builder)
    return found


def _decision(
    node: Node, sets: KnownSets, places: PlaceRegister, documents: list[str], builder: Builder
) -> RegisteredTitle | None:
    """One decision; None where its place or its date can't be read."""
    title = read_title(node, builder) if builder.shape.usable(node) else None
    if title is None:
        return None
    place = None
    if _on_one_map(title.dated, places):
        named = builder.mapping(node, "place")
        assert named is not None  # the schema requires it  # noqa: S101
        place = place_named(named, title.dated.last_day, places, builder)
    else:
        builder.problem(ProblemCode.BETWEEN_MAPS, where_of(node, "dated"), seen=title.dated)
    if place is None:
        return None
    check_title(title, place.level, node, sets, builder, documents=documents)
    return RegisteredTitle(place, title, node.where)


def _on_one_map(dated: PartialDate, places: PlaceRegister) -> bool:
    """Whether the map of the country is the same on every day that a date may mean."""
    return places.map_on(dated.first_day) in (None, places.map_on(dated.last_day))


def write_register(register: Register, places: PlaceRegister) -> dict[str, Any]:
    """A register as plain data; parsing it gives the register back."""
    province = places.province(register.territory[0]) if register.territory else None
    written: dict[str, Any] = {
        "register": "1",
        "complete": "yes" if register.complete else list(register.complete_sets) or "no",
        "province": None if province is None else province.name,
        "documents": {each.id: write_document(each) for each in register.documents} or None,
        "decisions": [_write(each) for each in register.titles],
    }
    return {key: value for key, value in written.items() if value is not None}


def _write(decision: RegisteredTitle) -> dict[str, Any]:
    title = {key: value for key, value in written_title(decision.title).items() if value is not None}
    return {"place": write_place(decision.place), **title}


__all__ = ["parse_register", "read_complete", "write_register"]
