"""
Places beneath places in columns: each is judged in its own table, counted, and joined to the place above.

A commune belongs to the district of its province that its row names, a district to its province.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import attrs

from ntm_rules.population.counting import (
    KEY,
    Asked,
    answers,
    asked_beneath,
    counts,
    filled,
    levels_asked,
    together,
    trees_asked,
)
from ntm_rules.population.edge import COMBINATION, ROW, Edge
from ntm_rules.population.interpreter import Interpreter, Scene
from ntm_rules.population.kleene import Column
from ntm_rules.population.placing import apart, days, only, placed
from ntm_rules.population.program import Schema, distinct, interpreter
from ntm_rules.population.situations import Trees, situations_of
from ntm_rules.vocabulary.criteria import CriteriaSet
from ntm_rules.vocabulary.instruments import Grade, Source
from ntm_rules.vocabulary.places import Level, spelt
from ntm_rules.vocabulary.requirements import Requirement

if TYPE_CHECKING:
    import polars as pl


@attrs.frozen
class Beneath:
    """
    The tables of places beneath, by level.

    Attributes:
        rules: The set whose requirements ask about them.
    """

    rules: CriteriaSet
    accept: Grade
    tables: Mapping[Level, Edge]

    def of(self, edge: Edge, level: Level) -> _Of:
        """What is counted beneath the places of one table."""
        return _Of(self, edge, level)


@attrs.define
class _Of:
    """
    Counts what is beneath the places of a table, and joins it to them.

    Attributes:
        joined: The columns that were counted, by place above.
    """

    beneath: Beneath
    edge: Edge
    level: Level
    joined: dict[str, pl.DataFrame] = attrs.field(factory=dict)

    def column(self, builder: Interpreter, node: Requirement, source: Source, scene: Scene) -> Column | None:
        """The verdicts of a comparison or an *every* that asks about places beneath; None where there is no table."""
        asked = asked_beneath(node)
        levels = [] if asked is None else levels_asked(asked, self.level, self.beneath.tables)
        if asked is None or not levels:
            return None
        import polars as pl

        rows = pl.concat([self._judged(asked, source, level) for level in levels])
        name = f"~beneath {len(self.joined) + 1}"
        self.joined[name] = rows.group_by(KEY).agg(counts(pl, asked, name))
        return together(builder, node, source, scene, name)

    def _judged(self, asked: Asked, source: Source, level: Level) -> pl.DataFrame:
        """What every place beneath gives, with the place above it."""
        import polars as pl

        rules, accept = self.beneath.rules, self.beneath.accept
        edge = self.beneath.tables[level]
        on_days = [first for _, (first, *_) in days(edge)]
        sets = distinct(each for first in on_days for each in trees_asked(asked, first, rules, accept).sets)
        edge = apart(edge, Trees(sets), rules.catalogue)
        keys = keys_above(edge, self.level)
        kinds = asked.collection.kinds
        parts = []
        for numbers, dossiers in days(edge):
            situations = situations_of(trees_asked(asked, dossiers[0], rules, accept), dossiers, accept)
            builder = interpreter(pl, rules, Schema.of(edge), situations.dossiers, accept=accept)
            deeper = self.beneath.of(edge, level)
            builder.beneath = lambda *how, deeper=deeper, builder=builder: deeper.column(builder, *how)
            columns = answers(builder, asked, source, rules)
            frame = placed(edge, dict(zip(numbers, situations.of, strict=True)))
            if kinds is not None:
                pairs = zip(numbers, dossiers, strict=True)
                frame = only(frame, [number for number, each in pairs if each.place.counted_as in kinds])
            frame = deeper.with_counts(frame)
            for stage in (builder.mask_exprs(), *builder.stages):
                frame = frame.with_columns([expr.alias(name) for name, expr in stage.items()])
            given = frame.select(ROW, *(expr.alias(name) for name, expr in columns.items()))
            parts.append(given.join(keys, on=ROW, how="inner"))
        return pl.concat(parts)

    def with_counts(self, frame: pl.DataFrame) -> pl.DataFrame:
        """A frame of the places above with what was counted beneath each."""
        import polars as pl

        if not self.joined:
            return frame
        keys = keys_of(self.edge, self.level)
        frame = frame.join(keys, on=ROW, how="left", maintain_order="left")
        for each in self.joined.values():
            frame = frame.join(each, on=KEY, how="left", maintain_order="left")
        return frame.drop(KEY).with_columns(filled(pl, self.joined))


# --- who is beneath whom ----------------------------------------------------------------------------------------


def keys_of(edge: Edge, level: Level) -> pl.DataFrame:
    """The key of every place of a table: its province, and of a district its name."""
    return _keyed(edge, "name" if level is Level.DISTRICT else None)


def keys_above(edge: Edge, above: Level) -> pl.DataFrame:
    """The key of the place above every place of a table."""
    return _keyed(edge, "district" if above is Level.DISTRICT else None)


def _keyed(edge: Edge, key: str | None) -> pl.DataFrame:
    import polars as pl

    provinces = [None if each is None else each.place.province for each in edge.combinations]
    of = pl.Series("~province", provinces, dtype=pl.String)
    frame = edge.frame.select(ROW, of.gather(edge.frame[COMBINATION]).alias("~province"))
    if key is None:
        return frame.select(ROW, pl.col("~province").alias(KEY)).drop_nulls()
    column = next((each for each in edge.columns if each.kind == "key" and each.key == key), None)
    if column is None:
        return frame.select(ROW, pl.lit(None, dtype=pl.String).alias(KEY)).drop_nulls()
    names = edge.source[column.heading].cast(pl.String)[edge.frame[ROW]]
    known = names.unique().drop_nulls()
    words = (
        names.replace_strict(known, pl.Series([spelt(each) for each in known]), default=None) if len(known) else names
    )
    return frame.select(ROW, (pl.col("~province") + "/" + words.alias("~words")).alias(KEY)).drop_nulls()
