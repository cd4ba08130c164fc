"""Which rows are judged together, and in which situation each is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

import attrs

from ntm_rules.evaluation.assessing import check_overlays
from ntm_rules.population.edge import COMBINATION, Edge, told_further
from ntm_rules.population.figures import Figures, NumberColumn
from ntm_rules.population.kleene import Logic, is_constant
from ntm_rules.population.situations import SITUATION, Trees, Value, value_of
from ntm_rules.vocabulary.criteria import CriteriaSet
from ntm_rules.vocabulary.dossiers import Dossier, FactValue
from ntm_rules.vocabulary.facts import FactCatalogue, FactDefinition

if TYPE_CHECKING:
    import polars as pl


@attrs.frozen
class _Told:
    """
    A fact, or one of its parts, by which kinds of places differ.

    Attributes:
        column: The column that tells them apart.

        value: What a cell of it stands for.
    """

    fact: FactDefinition
    part: str | None
    column: Any
    value: Callable[[Any], Value]


def apart(edge: Edge, trees: Trees, catalogue: FactCatalogue) -> Edge:
    """
    The table with its kinds of places told apart by facts too, where the conditions of axes ask for any.

    Of a figure that they only compare it matters in which stretch it lies (`situations.stretches`); of others every
    value is a kind of its own.
    """
    told = _told(edge, trees, catalogue) if trees.facts and len(edge.frame) else []
    if not told:
        return edge
    columns = [each.column.alias(f"~{at}") for at, each in enumerate(told)]
    numbers, combinations = told_further(
        edge.frame.select(COMBINATION, *columns),
        edge.combinations,
        lambda dossier, cells: attrs.evolve(dossier, facts=_facts(told, cells)),
    )
    return attrs.evolve(edge, frame=edge.frame.with_columns(numbers), combinations=combinations)


def _told(edge: Edge, trees: Trees, catalogue: FactCatalogue) -> list[_Told]:
    """What the conditions of axes ask for that the table has."""
    import polars as pl

    figures = Figures(Logic(pl), catalogue, edge.numbers, edge.truths, edge.options)
    compared = {key.name: key for key in trees.fact_keys(catalogue) if key.bounds}
    found = []
    for key in compared.values():
        stretch = figures.kind(key)
        if not is_constant(stretch):
            found.append(_Told(catalogue[key.name], None, stretch, (None, *key.domain).__getitem__))
    others = catalogue.with_operands(fact for fact in trees.facts if fact not in compared)
    for (fact, part), column in edge.numbers.items():
        if fact in others:
            read = partial(_figure, catalogue[fact], column)
            found.append(_Told(catalogue[fact], part, pl.col(column.name), read))
    for (fact, part), name in (*edge.truths.items(), *edge.options.items()):
        if fact in others:
            found.append(_Told(catalogue[fact], part, pl.col(name), _as_it_is))
    return found


def _as_it_is(cell: Value) -> Value:
    return cell


def _figure(fact: FactDefinition, column: NumberColumn, cell: float | None) -> Value:
    """A number of a column as a figure in the fact's unit, or as a step of its scale."""
    if cell is None:
        return None
    if fact.scale is not None:
        return fact.scale.steps[int(cell)].id
    figure = Fraction(repr(cell)) * column.unit
    return Decimal(figure.numerator) / figure.denominator


def _facts(told: Sequence[_Told], cells: Sequence[Any]) -> tuple[FactValue, ...]:
    """What a place says of them."""
    found: dict[str, FactValue] = {}
    for each, cell in zip(told, cells, strict=True):
        value = each.value(cell)
        if value is None:
            continue
        whole = found.get(each.fact.id, FactValue(each.fact.id))
        said = value_of(each.fact, value)
        if each.part is None:
            found[each.fact.id] = attrs.evolve(said, parts=whole.parts)
        else:
            part = attrs.evolve(said, part=each.part)
            found[each.fact.id] = attrs.evolve(whole, parts=(*whole.parts, part))
    return tuple(found.values())


def days(edge: Edge) -> list[tuple[list[int], list[Dossier]]]:
    """The combinations of cells that tell of the place, by the day judged: their numbers and dossiers."""
    found: dict[tuple[object, ...], tuple[list[int], list[Dossier]]] = {}
    for number, dossier in enumerate(edge.combinations):
        if dossier is not None:
            numbers, dossiers = found.setdefault((dossier.year, dossier.on, dossier.set_id), ([], []))
            numbers.append(number)
            dossiers.append(dossier)
    return list(found.values())


def check_day(rules: CriteriaSet, dossiers: Iterable[Dossier]) -> None:
    """
    No place of those of one day is judged by another province's decision, nor by one that was not in force.

    Raises:
        RevisionError: If one would be.
    """
    everywhere = all(each.territory is None for each in rules.overlays)
    for dossier in dossiers:
        check_overlays(rules, dossier)
        if everywhere:
            return


def placed(edge: Edge, situation: Mapping[int, int]) -> pl.DataFrame:
    """The rows of some combinations, each with its situation."""
    import polars as pl

    alike = pl.DataFrame(
        {COMBINATION: list(situation), SITUATION: list(situation.values())},
        schema={COMBINATION: pl.UInt32, SITUATION: pl.UInt32},
    )
    if len(situation) == len(edge.combinations):
        numbers = pl.Series([situation[number] for number in range(len(situation))], dtype=pl.UInt32)
        if len(numbers) == 1:
            return edge.frame.with_columns(pl.lit(0, dtype=pl.UInt32).alias(SITUATION))
        return edge.frame.with_columns(numbers.gather(edge.frame[COMBINATION]).alias(SITUATION))
    return edge.frame.join(alike, on=COMBINATION, how="inner", maintain_order="left")


def only(frame: pl.DataFrame, combinations: list[int]) -> pl.DataFrame:
    """The rows of some combinations."""
    import polars as pl

    return frame.filter(pl.col(COMBINATION).is_in(combinations))
