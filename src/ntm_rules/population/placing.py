"""Which rows are judged together, and in which situation each is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ntm_rules.population.edge import COMBINATION, Edge
from ntm_rules.population.situations import SITUATION
from ntm_rules.vocabulary.dossiers import Dossier

if TYPE_CHECKING:
    import polars as pl


def days(edge: Edge) -> list[tuple[list[int], list[Dossier]]]:
    """The combinations of cells that tell of the place, by the day judged: their numbers and dossiers."""
    found: dict[tuple[object, ...], tuple[list[int], list[Dossier]]] = {}
    for number, dossier in enumerate(edge.combinations):
        if dossier is not None:
            numbers, dossiers = found.setdefault((dossier.year, dossier.on, dossier.set_id), ([], []))
            numbers.append(number)
            dossiers.append(dossier)
    return list(found.values())


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
