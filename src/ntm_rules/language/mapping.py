"""What the columns of a table mean: by their headings, by a mapping file, by the numbers of indicators."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence

import attrs

from ntm_rules.errors import DocumentError, DossierError, Problem, ProblemCode, Where
from ntm_rules.language.beneath import Shelf
from ntm_rules.language.builder import Builder
from ntm_rules.language.nodes import Node, Scalar, shown
from ntm_rules.language.table import Meanings, TableColumn, headings
from ntm_rules.messages import fold, nearest
from ntm_rules.vocabulary.criteria import CriteriaSet

#: What a column means that is not to be read.
IGNORE = "ignore"

# "17.1", "17/17.1", "a.3"
_NUMBER = re.compile(r"(?:[0-9]+[a-z]?/)?(?:[a-z]\.)?[0-9]+[a-z]?(?:\.[0-9]+)*")


@attrs.frozen
class MappedColumn:
    """One entry of a mapping: a heading and what it means, each with its place."""

    heading: str
    meaning: str
    where: Where
    meaning_where: Where


@attrs.frozen
class ColumnMapping:
    """
    What the headings of a file mean that are not known by themselves.

    Attributes:
        columns: In the order of the document.
    """

    columns: tuple[MappedColumn, ...] = ()


#: Where nothing needs to be said.
NO_MAPPING = ColumnMapping()


@attrs.frozen
class Headings:
    """
    The headings of a file, understood.

    Attributes:
        columns: What its columns hold, each under the heading of the file; those that are ignored are left out.

        known_as: Headings that are known by another name, with that name.

        unnamed: The places, from 0, of columns that have no heading.
    """

    columns: tuple[TableColumn, ...]
    known_as: dict[str, str]
    unnamed: tuple[int, ...]


def parse_mapping(node: Node) -> ColumnMapping:
    """
    Build a mapping of columns.

    Raises:
        DocumentError: With everything that is wrong with its shape, each with its place.
    """
    builder = Builder.of(node, "mapping")
    columns = [
        MappedColumn(_tidy(heading), _tidy(value.text), where, value.where)
        for heading, where, value in builder.entries(node, "columns")
        if isinstance(value, Scalar) and value.text is not None and builder.shape.usable(value)
    ]
    builder.finish(DocumentError)
    return ColumnMapping(tuple(columns))


def understand(
    cells: Sequence[str],
    name: str,
    shelf: Shelf,
    given: Collection[str] = (),
    *,
    mapping: ColumnMapping = NO_MAPPING,
    rules: Callable[[], CriteriaSet | None] = lambda: None,
) -> Headings:
    """
    What the columns of a file hold.

    Args:
        cells: The headings as they stand in the file, from left to right.

        name: What the file is called in problems.

        shelf: What is known of facts, places and sets.

        given: The keys that need no column, since every row is taken to say them.

        mapping: What headings mean that are not known by themselves; it goes before what is known.

        rules: Finds the set whose indicators are meant by numbers.

    Raises:
        DossierError: With everything that is wrong with the headings and the mapping.
    """
    reader = _Reader(Meanings(shelf), rules)
    tidy = [_tidy(cell) for cell in cells]
    meant = reader.mapped(tidy, mapping)
    for at, cell in enumerate(tidy):
        if cell not in meant and reader.meanings.column(at, cell) is None and _NUMBER.fullmatch(fold(cell)):
            meant[cell] = reader.numbered(cell, Where(name, 1, at + 1, cell))
    problems = list(reader.problems)
    columns: list[TableColumn] = []
    try:
        columns = headings([meant.get(cell, cell) for cell in tidy], name, shelf, given)
    except DossierError as error:
        problems += error.problems
    if problems:
        raise DossierError(problems)
    kept = [attrs.evolve(each, heading=cells[each.at]) for each in columns if each.kind != "empty"]
    known_as = {each.heading: meant[tidy[each.at]] for each in kept if tidy[each.at] in meant}
    return Headings(tuple(kept), known_as, tuple(at for at, cell in enumerate(tidy) if not cell))


@attrs.define
class _Reader:
    """Understands headings, collecting problems."""

    meanings: Meanings
    rules: Callable[[], CriteriaSet | None]
    problems: list[Problem] = attrs.field(factory=list)

    def mapped(self, cells: Sequence[str], mapping: ColumnMapping) -> dict[str, str]:
        """What a mapping says of headings; an empty text for one that is ignored."""
        alike: dict[str, list[str]] = {}
        for cell in dict.fromkeys(cells):
            alike.setdefault(fold(cell), []).append(cell)
        found: dict[str, str] = {}
        lines: dict[str, int | None] = {}
        for each in mapping.columns:
            named = [each.heading] if each.heading in cells else alike.get(fold(each.heading), [])
            if len(named) != 1 or not each.heading:
                near = nearest(each.heading, (cell for cell in cells if cell))
                self._problem(ProblemCode.UNKNOWN_HEADING, each.where, each.heading, nearest=near)
                continue
            if named[0] in lines:
                params = {"key": shown(each.heading), "first_line": lines[named[0]]}
                self.problems.append(Problem.at(ProblemCode.DUPLICATE_KEY, each.where, **params))
            lines[named[0]] = each.where.line
            meaning = self._meaning(each)
            found[named[0]] = meaning or ""
        return found

    def _meaning(self, each: MappedColumn) -> str | None:
        if fold(each.meaning) == IGNORE:
            return None
        if self.meanings.column(0, each.meaning) is not None:
            return each.meaning
        if _NUMBER.fullmatch(fold(each.meaning)):
            return self.numbered(each.meaning, each.meaning_where)
        near = self.meanings.nearest(each.meaning)
        self._problem(ProblemCode.UNKNOWN_MEANING, each.meaning_where, each.meaning, **near)
        return None

    def numbered(self, number: str, where: Where) -> str:
        """The one fact that the indicator of a number reads; the heading "" stands for what can't be told."""
        rules = self.rules()
        if rules is None:
            self._problem(ProblemCode.NUMBER_OF_NO_SET, where, number)
            return ""
        if rules.find(number) is None:
            near = nearest(number, rules.addresses)
            self._problem(ProblemCode.UNKNOWN_ADDRESS, where, number, nearest=near)
            return ""
        facts = _facts(number, rules)
        if len(facts) != 1:
            self._problem(ProblemCode.NOT_ONE_FACT, where, number, set=rules.id, facts=", ".join(facts) or "-")
            return ""
        return facts[0]

    def _problem(self, code: ProblemCode, where: Where, name: str, **params: object) -> None:
        self.problems.append(Problem.at(code, where, name=shown(name), **params))


def _facts(number: str, rules: CriteriaSet) -> tuple[str, ...]:
    """The facts that the indicators at an address read, in the order of first mention."""
    rows = [rules[address] for address in rules.indicators_at(number)]
    trees = [row.require for row in rows if hasattr(row, "require")]
    return tuple(dict.fromkeys(fact for tree in trees for node in tree.walk() for fact in node.facts))


def _tidy(cell: str) -> str:
    return unicodedata.normalize("NFC", cell).strip()


__all__ = ["IGNORE", "NO_MAPPING", "ColumnMapping", "Headings", "MappedColumn", "parse_mapping", "understand"]
