"""Where the law comes from: instruments, citations into them, and how well a figure is evidenced."""

from __future__ import annotations

import enum
import re
from datetime import date
from typing import TypeVar

import attrs

from ntm_rules.vocabulary.text import Text


class Grade(enum.Enum):
    """
    How well something is evidenced, best first.

    `TEXT`: seen in the law or on an official page that quotes it. `SECONDARY`: press, a lower authority.
    `RECALLED`: not yet checked against a source. `UNSTATED`: the law sets it, the figure is not at hand.
    """

    TEXT = "text"
    SECONDARY = "secondary"
    RECALLED = "recalled"
    UNSTATED = "unstated"

    @property
    def rank(self) -> int:
        """0 for the best grade, 3 for the worst."""
        return _RANKS[self]


_RANKS = {grade: rank for rank, grade in enumerate(Grade)}


@attrs.frozen
class Instrument:
    """
    A legal instrument, e.g. Decision 1980/QĐ-TTg, its four dates kept apart.

    Attributes:
        evidence: The grade of single fields, by name.

        sources: Addresses of the pages it was read on.
    """

    id: str
    kind: str
    title: Text
    issuer: Text
    issued: date | None = None
    published: date | None = None
    effective_from: date | None = None
    effective_until: date | None = None
    replaces: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    evidence: tuple[tuple[str, Grade], ...] = ()
    note: Text | None = None


#: The words of a locator; each but ``Annex`` is followed by its number.
LOCATOR_WORDS = ("Annex", "Article", "Clause", "Point", "Row", "Page", "Condition", "Item")

_LOCATOR = re.compile(rf"(?P<word>{'|'.join(LOCATOR_WORDS)})(\s+(?P<value>[\w.]+))?", re.IGNORECASE)


@attrs.frozen
class Locator:
    """Where in an instrument: ``Annex, row 11`` as parts, so that every language can word it."""

    parts: tuple[tuple[str, str], ...]

    @classmethod
    def parse(cls, written: str) -> Locator:
        """
        Read a locator such as ``Annex, row 11`` or ``Article 1, Clause 2``.

        Raises:
            ValueError: With the part that is not understood.

        Example:
            >>> Locator.parse("Annex, row 17.1").parts
            (('annex', ''), ('row', '17.1'))
        """
        parts = []
        for part in written.split(","):
            found = _LOCATOR.fullmatch(part.strip())
            if found is None or (found["value"] is None and found["word"].casefold() != "annex"):
                raise ValueError(part.strip())
            parts.append((found["word"].casefold(), found["value"] or ""))
        return cls(tuple(parts))

    def __str__(self) -> str:
        """As a document writes it."""
        words = (f"{word} {value}".rstrip() for word, value in self.parts)
        written = ", ".join(words)
        return written[:1].upper() + written[1:]


_Value = TypeVar("_Value")


@attrs.frozen
class Source:
    """
    Where a requirement stands in the law, and how well each of its cells is evidenced.

    Attributes:
        instrument: The instrument's id; None means the basis of the set.

        evidence: The grade of every cell that `cells` does not name.

        cells: Grades of single cells, by row of the table, e.g. ``(("general",), Grade.SECONDARY)``.

        cells_in: The instrument of single cells that another one set, e.g. the years a ministry's letter added.

        doubt: What is doubtful though the requirement ships, e.g. ``who_decides``.
    """

    evidence: Grade
    instrument: str | None = None
    locator: Locator | None = None
    cells: tuple[tuple[tuple[str, ...], Grade], ...] = ()
    cells_in: tuple[tuple[tuple[str, ...], str], ...] = ()
    doubt: str | None = None
    note: Text | None = None

    def grade(self, row: tuple[str, ...] = ()) -> Grade:
        """The grade of one cell: the longest matching row wins, else the default."""
        return _nearest(self.cells, row) or self.evidence

    def other_instrument(self, row: tuple[str, ...] = ()) -> str | None:
        """The instrument that set one cell, where it is another than that of the rest."""
        return _nearest(self.cells_in, row)


def _nearest(cells: tuple[tuple[tuple[str, ...], _Value], ...], row: tuple[str, ...]) -> _Value | None:
    """What is said of the longest row that leads to *row*."""
    leading = [cell for cell in cells if row[: len(cell[0])] == cell[0]]
    return max(leading, key=lambda cell: len(cell[0]))[1] if leading else None


@attrs.frozen
class Citation:
    """A place in the law with the grade of what was read there: what a reason and a threshold carry."""

    instrument: str
    locator: Locator | None
    grade: Grade
    doubt: str | None = None
    note: Text | None = None
