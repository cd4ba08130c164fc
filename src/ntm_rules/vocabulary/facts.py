"""Facts: what is counted or stated about a place, and the catalogue that defines them."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cached_property

import attrs

from ntm_rules.messages import fold
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.quantities import UNITS
from ntm_rules.vocabulary.text import Text


class FactKind(enum.Enum):
    """A figure that is measured, a statement affirmed or denied, a step of a scale, or one of several values."""

    NUMBER = "number"
    YES_NO = "yes_no"
    ORDINAL = "ordinal"
    CATEGORY = "category"


# --- named values -----------------------------------------------------------------------------------------------


@attrs.frozen
class Option:
    """One of a closed list: a step of a scale, a value of a category, a part that a fact is told by."""

    id: str
    title: Text


def find_option(options: Iterable[Option], written: str) -> Option | None:
    """The option of that id or title, with or without diacritics; None where there is none, or two bear the title."""
    options = tuple(options)
    exact = next((option for option in options if option.id == written), None)
    if exact is not None:
        return exact
    word = fold(written)
    found = [option for option in options if word in map(fold, (option.id, option.title.vi, option.title.en))]
    return found[0] if len(found) == 1 else None


@attrs.frozen
class ScaleStep:
    """
    A step of a scale, as a figure or as what is required.

    Attributes:
        scale: The scale's id.

        rank: How many steps are worse; steps are compared by this alone.

    Example:
        >>> ScaleStep("good", "rating", 1).value
        Decimal('1')
    """

    id: str
    scale: str
    rank: int

    #: What distances on a scale are counted in; no unit of measurement.
    unit = "step"

    @property
    def value(self) -> Decimal:
        """The rank as a number, so that steps are compared as figures are."""
        return Decimal(self.rank)

    def written(self) -> str:
        """As a document writes it."""
        return self.id


@attrs.frozen
class Scale:
    """
    The steps of ordinal facts, the worst first.

    Example:
        >>> steps = (Option("average", Text("Trung bình", "average")), Option("good", Text("Khá", "good")))
        >>> Scale("rating", Text("Xếp loại", "Rating"), steps).step("khá").rank
        1
    """

    id: str
    title: Text
    steps: tuple[Option, ...]

    def step(self, written: str) -> ScaleStep | None:
        """The step of that id or title, or None."""
        option = find_option(self.steps, written)
        return None if option is None else ScaleStep(option.id, self.id, self.steps.index(option))


@attrs.frozen
class PartList:
    """
    What some facts are told by: men and women, the contents of a survey.

    Attributes:
        parts: None where the law has a list that is not at hand.
    """

    id: str
    title: Text
    parts: tuple[Option, ...] | None


# --- derived facts ----------------------------------------------------------------------------------------------


@attrs.frozen
class Sum:
    """Figures taken together."""

    terms: tuple[Operand, ...]


@attrs.frozen
class Difference:
    """One figure less another."""

    whole: Operand
    less: Operand


@attrs.frozen
class Ratio:
    """
    One figure over another.

    Example:
        >>> operands(Ratio(of=Sum(("poor_count", "near_poor_count")), to="household_count"))
        ('poor_count', 'near_poor_count', 'household_count')
    """

    of: Operand
    to: Operand


Derivation = Sum | Difference | Ratio
Operand = str | Derivation


def operands(derivation: Operand) -> tuple[str, ...]:
    """The facts that a derivation itself names, each once, in its order."""
    if isinstance(derivation, str):
        return (derivation,)
    beneath = derivation.terms if isinstance(derivation, Sum) else attrs.astuple(derivation, recurse=False)
    return tuple(dict.fromkeys(fact for each in beneath for fact in operands(each)))


# --- the catalogue ----------------------------------------------------------------------------------------------


@attrs.frozen
class FactDefinition:
    """
    What a fact means.

    Attributes:
        unit: The unit its figures are judged in; None for a statement.

        minimum: The least figure that makes sense, in `unit`.

        maximum: The greatest.

        numerator: For a share: what is counted.

        denominator: For a share: of what.

        definition: The method of counting, or the statement that is affirmed.

        reported_by: Which office usually reports it.

        evidence: How well all this is evidenced.

        timeless: Whether it stays true from year to year (a plan, a building).

        scale: For an ordinal fact: its steps.

        values: For a category fact: the closed list.

        parts: What its figures are told by, beside the total.

        derived: How it is computed from other facts, where the law counts that way.

        unstated: Whether the law's way of counting is not at hand; then no figure of it decides anything.
    """

    id: str
    title: Text
    kind: FactKind
    unit: str | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    numerator: Text | None = None
    denominator: Text | None = None
    definition: Text | None = None
    reported_by: Text | None = None
    evidence: Grade = Grade.RECALLED
    timeless: bool = False
    scale: Scale | None = None
    values: tuple[Option, ...] = ()
    parts: PartList | None = None
    derived: Derivation | None = None
    unstated: bool = False


@attrs.frozen
class FactCatalogue:
    """Every fact that the criteria sets may ask for, with the scales and lists of parts that they share."""

    facts: tuple[FactDefinition, ...] = ()
    scales: tuple[Scale, ...] = ()
    part_lists: tuple[PartList, ...] = ()

    @cached_property
    def _by_id(self) -> dict[str, FactDefinition]:
        return {fact.id: fact for fact in self.facts}

    @cached_property
    def derived(self) -> tuple[tuple[FactDefinition, Derivation], ...]:
        """The facts that are derived from others, each with how."""
        return tuple((fact, fact.derived) for fact in self.facts if fact.derived is not None)

    def get(self, fact: str) -> FactDefinition | None:
        """The definition of *fact*, or None."""
        return self._by_id.get(fact)

    def __getitem__(self, fact: str) -> FactDefinition:
        """The definition of *fact*; `KeyError` if there is none."""
        return self._by_id[fact]

    def __contains__(self, fact: object) -> bool:
        """Whether *fact* is defined."""
        return fact in self._by_id

    def __iter__(self) -> Iterator[FactDefinition]:
        """In the catalogue's order."""
        return iter(self.facts)

    def __len__(self) -> int:
        """How many facts it defines."""
        return len(self.facts)

    def scale(self, id: str) -> Scale | None:
        """The scale of that id, or None."""
        return next((scale for scale in self.scales if scale.id == id), None)

    def part_list(self, id: str) -> PartList | None:
        """The list of parts of that id, or None."""
        return next((parts for parts in self.part_lists if parts.id == id), None)

    def with_operands(self, facts: Iterable[str]) -> tuple[str, ...]:
        """These facts, each followed by those that it is derived from, each once."""
        found: dict[str, None] = {}
        left = list(facts)[::-1]
        while left:
            fact = left.pop()
            if fact not in found:
                found[fact] = None
                definition = self.get(fact)
                if definition is not None and definition.derived is not None:
                    left += operands(definition.derived)[::-1]
        return tuple(found)

    def dimension(self, operand: Operand) -> str | None:
        """
        What an operand measures; None where its parts do not fit together or one is no figure.

        A ratio within one dimension is a ``ratio``; between two it is called by both, ``area_per_person``.
        """
        if isinstance(operand, str):
            definition = self.get(operand)
            return None if definition is None or definition.unit is None else UNITS[definition.unit].dimension
        if isinstance(operand, Ratio):
            of, to = self.dimension(operand.of), self.dimension(operand.to)
            if of is None or to is None:
                return None
            return "ratio" if of == to else f"{of}_per_{to}"
        terms = operand.terms if isinstance(operand, Sum) else (operand.whole, operand.less)
        dimensions = {self.dimension(term) for term in terms}
        return dimensions.pop() if len(dimensions) == 1 else None
