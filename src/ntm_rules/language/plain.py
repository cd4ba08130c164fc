"""Plain Python data as nodes, so that a mapping is read just like a file."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping as MappingType
from collections.abc import Sequence as SequenceType
from datetime import date
from decimal import Decimal
from typing import Any

from ntm_rules.errors import DocumentError, Problem, ProblemCode, Where
from ntm_rules.language.nodes import Mapping, Node, Scalar, Sequence, child_path
from ntm_rules.language.reading import MAX_DEPTH
from ntm_rules.vocabulary.quantities import MOST_DIGITS


def from_plain(data: Any) -> Node:
    """
    Nodes of plain data. Numbers are taken by the digits that Python prints, never by their binary value.

    Raises:
        DocumentError: If it is nested more deeply than a file may be, or if two keys are the same text.

        TypeError: For what no document can hold.
    """
    return _node(data, Where(path="$"), 1)


def unplaced(data: Any) -> Node:
    """Nodes of what a writer of our own gave, none of which knows its place: nothing wrong is ever told of them."""
    if isinstance(data, dict):
        return Mapping(tuple([(Scalar(key, _NOWHERE), unplaced(value)) for key, value in data.items()]), _NOWHERE)
    if isinstance(data, list):
        return Sequence(tuple([unplaced(item) for item in data]), _NOWHERE)
    return Scalar(_text(data, ""), _NOWHERE)


_NOWHERE = Where()


def _node(data: Any, where: Where, depth: int) -> Node:
    path = where.path
    if isinstance(data, str):
        return Scalar(_text(data, path), where)
    is_list = isinstance(data, SequenceType) and not isinstance(data, bytes)
    if not is_list and not isinstance(data, MappingType):
        return Scalar(_text(data, path), where)
    if depth > MAX_DEPTH:
        raise DocumentError([Problem.at(ProblemCode.TOO_DEEP, where, limit=MAX_DEPTH)])
    if is_list:
        places = ((Where(path=child_path(path, at)), item) for at, item in enumerate(data))
        return Sequence(tuple([_node(item, place, depth + 1) for place, item in places]), where)
    return Mapping(tuple(_entries(data, path, depth)), where)


def _entries(data: MappingType[Any, Any], path: str, depth: int) -> list[tuple[Scalar, Node]]:
    entries: dict[str, tuple[Scalar, Node]] = {}
    for key, value in data.items():
        name = _text(key, path) or ""
        where = Where(path=child_path(path, name))
        if name in entries:
            raise DocumentError([Problem.at(ProblemCode.DUPLICATE_KEY, where, key=name, first_line="?")])
        entries[name] = Scalar(name, where), _node(value, where, depth + 1)
    return list(entries.values())


def _text(data: Any, path: str) -> str | None:
    if data is None:
        return None
    if isinstance(data, str):
        return data if data.isascii() else unicodedata.normalize("NFC", data)
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, date):
        return str(data)
    if isinstance(data, int | float | Decimal):
        return _digits(Decimal(str(data) if isinstance(data, float) else data))
    raise TypeError(f"{path}: {type(data).__name__}")


def _digits(number: Decimal) -> str:
    """A number without exponent, unless it is far too large or too small to be a figure of anything."""
    exponent = number.as_tuple().exponent
    within = isinstance(exponent, int) and abs(exponent) <= MOST_DIGITS
    return format(number, "f" if within else "")
