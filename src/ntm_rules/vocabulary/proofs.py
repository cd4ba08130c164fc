"""Differences between a saved assessment and the same judged again."""

from __future__ import annotations

import enum
from typing import Any

import attrs


class DiscrepancyKind(enum.Enum):
    """What a difference is of: what was put in, the law, or what this library makes of them."""

    FIGURE = "figure"
    EDITION = "edition"
    ENGINE = "engine"


@attrs.frozen
class Discrepancy:
    """One place of a saved assessment that is another when it is judged again."""

    kind: DiscrepancyKind
    path: str
    saved: Any
    now: Any
