"""What was read from a document, as text and untyped: scalars, sequences and mappings, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping as MappingType
from functools import cached_property
from typing import TypeAlias

import attrs

from ntm_rules.errors import Problem, Where

#: Nodes without their places: what a JSON Schema is held against, and what the writers take.
Plain: TypeAlias = "dict[str, Plain] | list[Plain] | str | None"

#: The longest text of an input that is repeated in a message.
SHOWN = 60

_BARE_KEY = re.compile(r"[\w-]+")


@attrs.frozen
class Scalar:
    """A single value: its text in NFC, or None for an empty one. Nothing is taken for a number or a date."""

    text: str | None
    where: Where


@attrs.frozen
class Sequence:
    """A list of nodes."""

    items: tuple[Node, ...]
    where: Where


@attrs.frozen
class Mapping:
    """
    Keys with their nodes, in the order written; no key stands twice, but in a document that has `faults`.

    Attributes:
        faults: What is wrong with the document it is the root of, though it could be read: its parser tells it.
    """

    entries: tuple[tuple[Scalar, Node], ...]
    where: Where
    faults: tuple[Problem, ...] = attrs.field(default=(), eq=False, repr=False)

    def get(self, key: str) -> Node | None:
        """The node under *key*, or None if there is no such key."""
        entry = self._by_key.get(key)
        return None if entry is None else entry[1]

    def key_where(self, key: str) -> Where:
        """The place of the key itself; a `KeyError` if there is no such key."""
        return self._by_key[key][0].where

    def keys(self) -> tuple[str, ...]:
        """The keys, in the order written."""
        return tuple(self._by_key)

    @cached_property
    def _by_key(self) -> dict[str, tuple[Scalar, Node]]:
        """The entries by the text of their key."""
        return {key.text or "": (key, node) for key, node in self.entries}


Node: TypeAlias = Scalar | Sequence | Mapping


def mapping_of(entries: MappingType[str, Node], where: Where) -> Mapping:
    """A mapping whose keys stand where their values do."""
    return Mapping(tuple((Scalar(key, node.where), node) for key, node in entries.items()), where)


def plain(node: Node) -> Plain:
    """*node* as dicts, lists, texts and None."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key.text or "": plain(value) for key, value in node.entries}


def at(node: Node, path: Iterable[str | int]) -> Node:
    """The node that *path* leads to from *node*, or the last one on the way that exists."""
    for step in path:
        below: Node | None = None
        if isinstance(node, Mapping) and isinstance(step, str):
            below = node.get(step)
        elif isinstance(node, Sequence) and isinstance(step, int) and 0 <= step < len(node.items):
            below = node.items[step]
        if below is None:
            break
        node = below
    return node


def child_path(path: str, step: str | int) -> str:
    """*path* one step further: ``$.facts``, ``$.criteria[3]``, ``$.attestations['17/17.1']``; never ambiguous."""
    if isinstance(step, int):
        return f"{path}[{step}]"
    return f"{path}.{step}" if _BARE_KEY.fullmatch(step) else f"{path}[{step!r}]"


def with_paths(node: Node, path: str = "$") -> Node:
    """*node* with the path of keys that leads to each of its nodes, which stay where they are."""
    where = attrs.evolve(node.where, path=path)
    if isinstance(node, Scalar):
        return attrs.evolve(node, where=where)
    if isinstance(node, Sequence):
        items = (with_paths(item, child_path(path, at)) for at, item in enumerate(node.items))
        return attrs.evolve(node, items=tuple(items), where=where)
    steps = ((key, value, child_path(path, key.text or "")) for key, value in node.entries)
    entries = (
        (attrs.evolve(key, where=attrs.evolve(key.where, path=way)), with_paths(value, way))
        for key, value, way in steps
    )
    return attrs.evolve(node, entries=tuple(entries), where=where)


def shown(text: str) -> str:
    """*text* as a message may repeat it: on one line, short, without characters that steer a terminal."""
    short = text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in short)


__all__ = [
    "SHOWN",
    "Mapping",
    "Node",
    "Plain",
    "Scalar",
    "Sequence",
    "at",
    "child_path",
    "mapping_of",
    "plain",
    "shown",
    "with_paths",
]
