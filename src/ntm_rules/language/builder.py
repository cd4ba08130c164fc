"""
What every parser here shares: problems are collected with their place, never raised on the way.

A part that can't be read is replaced by a harmless stand-in; it never leaves, because any problem raises at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TypeVar

import attrs

from ntm_rules.errors import DocumentError, Problem, ProblemCode, Severity, Where
from ntm_rules.language.nodes import SHOWN, Mapping, Node, Scalar, Sequence, shown
from ntm_rules.language.shape import MAX_HINTS, Shape, shape_problems
from ntm_rules.messages import nearest
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.quantities import Quantity, QuantityError, parse_number
from ntm_rules.vocabulary.text import Text

_E = TypeVar("_E", bound=Enum)

NO_TEXT = Text("", "")
SOME_DAY = date(1900, 1, 1)


@attrs.define
class Builder:
    """Reads one document whose shape was checked, collecting problems."""

    shape: Shape
    problems: list[Problem]

    @classmethod
    def of(cls, node: Node, schema: str, *, trusted: bool = False) -> Builder:
        """
        Check the shape of *node* against a schema and start with what is wrong with it.

        The packaged law is trusted: the tests check its shape, so that nobody waits for it.
        """
        shape = Shape((), frozenset()) if trusted else shape_problems(node, schema)
        faults = node.faults if isinstance(node, Mapping) else ()
        return cls(shape, [*faults, *shape.problems])

    def finish(self, error: type[DocumentError]) -> None:
        """Raise everything that is wrong, if anything is; what is only doubtful stays with `problems`."""
        wrong = [problem for problem in self.problems if problem.severity is Severity.ERROR]
        if wrong:
            raise error(wrong)

    def problem(self, code: ProblemCode, where: Where, **params: object) -> None:
        """Note a problem; a parameter that is None is left out, a long one is cut."""
        self.problems.append(Problem.at(code, where, **{k: shown(str(v)) for k, v in params.items() if v is not None}))

    # --- walking; every reader below gives a stand-in for what is absent or has the wrong shape -------------------

    def mapping(self, node: Node | None, key: str) -> Mapping | None:
        """The mapping under *key*, if it is there and one."""
        found = self.child(node, key)
        return found if isinstance(found, Mapping) else None

    def child(self, node: Node | None, key: str) -> Node | None:
        """What is under *key*; None where it is absent, empty, or *node* is no mapping."""
        found = node.get(key) if isinstance(node, Mapping) else None
        return None if isinstance(found, Scalar) and found.text is None else found

    def items(self, node: Node | None, key: str) -> tuple[Node, ...]:
        """The items of the list under *key*."""
        found = self.child(node, key)
        return found.items if isinstance(found, Sequence) else ()

    def entries(self, node: Node | None, key: str) -> Iterator[tuple[str, Where, Node]]:
        """The entries of the mapping under *key*: key, the key's place, value; empty values are left out."""
        found = self.mapping(node, key)
        for name, value in found.entries if found is not None else ():
            if not (isinstance(value, Scalar) and value.text is None):
                yield name.text or "", name.where, value

    def text(self, node: Node | None, key: str) -> str | None:
        """The text under *key*."""
        found = self.child(node, key)
        return found.text if isinstance(found, Scalar) and self.shape.usable(found) else None

    def words(self, node: Node | None, key: str) -> Text | None:
        """The words in both languages under *key*."""
        found = self.mapping(node, key)
        if found is None:
            return None
        return Text(self.text(found, "vi") or "", self.text(found, "en") or "")

    def required_words(self, node: Node | None, key: str) -> Text:
        """As `words`, for a key that the schema requires."""
        return self.words(node, key) or NO_TEXT

    def flag(self, node: Node | None, key: str) -> bool:
        """Whether ``key: true``."""
        return self.text(node, key) == "true"

    def number(self, node: Node | None, key: str) -> int:
        """The whole number under *key*."""
        return int(self.text(node, key) or 0)

    def choice(self, kind: type[_E], node: Node | None, key: str, default: _E) -> _E:
        """The member of *kind* named under *key*."""
        found = self.text(node, key)
        return default if found is None else kind(found)

    def grade(self, node: Node | None, key: str) -> Grade:
        """The grade under *key*; `recalled` where none is given."""
        return self.choice(Grade, node, key, Grade.RECALLED)

    # --- values ---------------------------------------------------------------------------------------------------

    def day(self, node: Node | None, key: str) -> date | None:
        """The day under *key*."""
        found = self.child(node, key)
        if not isinstance(found, Scalar) or found.text is None or not self.shape.usable(found):
            return None
        try:
            return date.fromisoformat(found.text)
        except ValueError:
            self.problem(ProblemCode.NOT_A_DATE, found.where, seen=found.text)
            return None

    def decimal(self, node: Node | None, key: str) -> Decimal | None:
        """The plain number under *key*."""
        found = self.child(node, key)
        if not isinstance(found, Scalar) or found.text is None or not self.shape.usable(found):
            return None
        return self.attempt(found, parse_number)

    def attempt(self, node: Scalar, read: Callable[[str], _T]) -> _T | None:
        """Read a number or quantity from a scalar; what is wrong with it becomes a problem there."""
        try:
            return read(node.text or "")
        except QuantityError as error:
            self.problem(error.code, node.where, **error.params)
            return None

    def quantity(self, node: Scalar, unit: str | None) -> Quantity | None:
        """The quantity in a scalar, converted to *unit*."""
        return self.attempt(node, lambda written: Quantity.parse(written, unit))

    def known(self, code: ProblemCode, name: str, where: Where, names: Iterable[str]) -> bool:
        """Whether *name* is one of *names*; if not, that is a problem which offers the nearest."""
        names = tuple(names)
        if name in names:
            return True
        self.unknown(code, name, where, names)
        return False

    def unknown(self, code: ProblemCode, name: str, where: Where, names: Iterable[str], **params: object) -> None:
        """Note that *name* is none of *names*, and offer the nearest."""
        hints = len(name) <= SHOWN and len(self.problems) < MAX_HINTS
        self.problem(code, where, name=name, nearest=nearest(name, names) if hints else None, **params)


_T = TypeVar("_T")
