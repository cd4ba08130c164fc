"""Plain Python data as nodes, so that a mapping is read just like a file."""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from collections.abc import Sequence as SequenceType
from datetime import date
from typing import Any

from ntm_rules.errors import Where
from ntm_rules.language.nodes import Mapping, Node, Scalar, Sequence


def from_plain(data: Any, path: str = "$") -> Node:
    """
    Nodes of plain data. Numbers are taken by the digits that Python prints, never by their binary value.

    Raises:
        TypeError: For what no document can hold.
    """
    where = Where(path=path)
    if isinstance(data, MappingType):
        entries = ((str(key), value) for key, value in data.items())
        return Mapping(
            tuple(
                (Scalar(key, Where(path=f"{path}.{key}")), from_plain(value, f"{path}.{key}")) for key, value in entries
            ),
            where,
        )
    if isinstance(data, SequenceType) and not isinstance(data, str | bytes):
        return Sequence(tuple(from_plain(item, f"{path}[{at}]") for at, item in enumerate(data)), where)
    if data is None:
        return Scalar(None, where)
    if isinstance(data, bool):
        return Scalar("true" if data else "false", where)
    if isinstance(data, str | int | float | date) or hasattr(data, "as_tuple"):
        return Scalar(str(data), where)
    raise TypeError(f"{path}: {type(data).__name__}")
