"""
Places beneath places in columns: each is judged in its own table, counted, and joined to the place above.

A commune belongs to the district of its province that its row names, a district to its province.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from ntm_rules.evaluation.axes import context_of
from ntm_rules.evaluation.elsewhere import other_set
from ntm_rules.population.edge import COMBINATION, ROW, Edge
from ntm_rules.population.interpreter import Beneaths, Counts, Interpreter, Scene, counted, every_of, terms_of
from ntm_rules.population.kleene import NO_SUPPORT, STATEMENT, Column
from ntm_rules.population.placing import days, only, placed
from ntm_rules.population.program import Schema, interpreter, sets_of
from ntm_rules.population.situations import Trees, situations_of
from ntm_rules.vocabulary.criteria import CriteriaSet
from ntm_rules.vocabulary.instruments import Grade, Source
from ntm_rules.vocabulary.places import Level, level_of_kind, spelt
from ntm_rules.vocabulary.requirements import Compare, Every, Requirement, SubPlaceMeasure

if TYPE_CHECKING:
    import polars as pl

_KEY, _SO, _DROPS, _RESTS, _MAYBE = "~above", "~so", "~drops", "~rests", "~maybe"


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
    joined: list[pl.DataFrame] = attrs.field(factory=list)
    _number: int = 0

    def column(self, builder: Interpreter, node: Requirement, source: Source, scene: Scene) -> Column | None:
        """The verdicts of a comparison or an *every* that asks about places beneath; None where there is no table."""
        asked: SubPlaceMeasure | Every
        if isinstance(node, Compare) and isinstance(node.measure, SubPlaceMeasure):
            asked = node.measure
        elif isinstance(node, Every):
            asked = node
        else:
            return None
        kinds = asked.collection.kinds
        levels = [level_of_kind(kinds[0])] if kinds is not None else self._directly_beneath()
        found = [self._judged(asked, source, level, kinds) for level in levels if level in self.beneath.tables]
        if not found:
            return None
        import polars as pl

        rows = pl.concat(found)
        self._number += 1
        name = f"~beneath {self._number}"
        met = (~pl.col(_DROPS) & pl.col(_SO)).fill_null(False)
        failing = (~pl.col(_DROPS) & ~pl.col(_SO)).fill_null(False)
        open_ = ~pl.col(_DROPS) & pl.col(_SO).is_null()
        decided = ~open_ if isinstance(asked, SubPlaceMeasure) else met | pl.col(_DROPS)
        rests = pl.when(pl.col(_RESTS) >= STATEMENT).then(pl.col(_RESTS) - STATEMENT).otherwise(pl.col(_RESTS))
        counts = {
            "met": met.sum(),
            "failing": failing.sum(),
            "open": open_.sum(),
            "dropped": pl.col(_DROPS).sum(),
            "members": pl.len(),
            "maybe": (met & pl.col(_MAYBE)).sum(),
            "grade": rests.filter(decided).max(),
            "said": (pl.col(_RESTS) >= STATEMENT).filter(decided).any(),
            "best": pl.col(_RESTS).filter(failing & (pl.col(_RESTS) >= 0)).min(),
        }
        by = rows.group_by(_KEY).agg([each.alias(f"{name}:{key}") for key, each in counts.items()])
        self.joined.append(by)
        numbers = {key: pl.col(f"{name}:{key}").cast(pl.Int64).fill_null(0) for key in counts}
        grade = pl.col(f"{name}:grade").cast(pl.Int64).fill_null(NO_SUPPORT)
        weakest = grade + pl.when(pl.col(f"{name}:said").fill_null(False)).then(STATEMENT).otherwise(0)
        unknown = numbers["members"] == 0
        if isinstance(node, Every):
            best = pl.col(f"{name}:best").cast(pl.Int64).fill_null(NO_SUPPORT)
            return every_of(builder, scene, source, Beneaths(numbers, unknown, weakest, best))
        total = Counts(
            numbers["met"], numbers["open"], numbers["dropped"], numbers["members"], 0, lambda: weakest, unknown
        )
        measure = node.measure
        assert isinstance(measure, SubPlaceMeasure)  # asked before  # noqa: S101
        of = measure.of if measure.share else None
        terms = terms_of(builder, node, source, scene)
        return counted(builder, node, terms, total, of, may_drop=measure.that.may_drop)

    def _directly_beneath(self) -> list[Level]:
        below = [level for level in self.beneath.tables if self.level.stands_above(level)]
        return sorted(below, key=lambda level: list(Level).index(level), reverse=True)[:1]

    def _judged(
        self, asked: SubPlaceMeasure | Every, source: Source, level: Level, kinds: tuple[str, ...] | None
    ) -> pl.DataFrame:
        """What every place beneath gives, with the place above it."""
        import polars as pl

        edge = self.beneath.tables[level]
        keys = keys_above(edge, self.level)
        parts = []
        for numbers, dossiers in days(edge):
            rules, accept = self.beneath.rules, self.beneath.accept
            trees = Trees((*sets_of(rules, dossiers[0], accept), *_asked_of(asked, dossiers[0], rules, accept)))
            situations = situations_of(trees, dossiers, accept)
            builder = interpreter(pl, rules, Schema.of(edge), situations.dossiers, accept=accept)
            deeper = self.beneath.of(edge, level)
            builder.beneath = lambda *how, deeper=deeper, builder=builder: deeper.column(builder, *how)
            contexts = tuple([context_of(rules, each, accept, beneath=True) for each in situations.dossiers])
            scene = Scene(rules, contexts, {}, beneath=True)
            column, maybe = _of_each(builder, asked, source, scene)
            frame = placed(edge, dict(zip(numbers, situations.of, strict=True)))
            if kinds is not None:
                pairs = zip(numbers, dossiers, strict=True)
                frame = only(frame, [number for number, each in pairs if each.place.counted_as in kinds])
            logic = builder.logic
            columns = {
                _SO: logic.expr(column.so),
                _DROPS: logic.expr(column.drops),
                _RESTS: logic.number(column.support()),
                _MAYBE: logic.expr(maybe),
            }
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
        for each in self.joined:
            frame = frame.join(each, on=_KEY, how="left", maintain_order="left")
        return frame.drop(_KEY) if isinstance(frame, pl.DataFrame) else frame


def _of_each(builder: Interpreter, asked: SubPlaceMeasure | Every, source: Source, scene: Scene) -> tuple[Column, Any]:
    """What each place beneath gives, and where it is met and perhaps not even required."""
    if isinstance(asked, SubPlaceMeasure):
        return builder.part(asked.that, source, scene), False
    body = builder.part(asked.require, source, scene)
    if asked.exception is None:
        return body, False
    logic, verdicts = builder.logic, builder.verdicts
    exception = builder.part(asked.exception, source, scene)
    excepted, unsure = verdicts.met(exception), verdicts.open(exception)
    so = logic.choose(logic.both(unsure, verdicts.not_met(body)), None, body.so)
    drops = logic.either(excepted, body.drops)

    def support() -> Any:
        own, its = body.support(), exception.support()
        both = verdicts.weakest([(True, own), (logic.negated(unsure), its)])
        return logic.pick(excepted, its, both)

    return Column(so, drops, support=support), logic.both(unsure, verdicts.met(body))


def _asked_of(asked: SubPlaceMeasure | Every, dossier: Any, rules: CriteriaSet, accept: Grade) -> list[CriteriaSet]:
    """The sets that places beneath are asked to meet, as they stand on the day judged."""
    from_trees = [asked.that] if isinstance(asked, SubPlaceMeasure) else list(asked.asked_beneath)
    found: dict[int, CriteriaSet] = {}
    context = context_of(rules, attrs.evolve(dossier, facts=()), accept)
    for tree in from_trees:
        for node in tree.walk():
            for address in node.refers_to:
                for each in _sets_named(address, context):
                    found[id(each)] = each
    return list(found.values())


def _sets_named(address: str, context: Any) -> Sequence[CriteriaSet]:
    rules = other_set(address, context)
    return () if rules is None else sets_of(rules, context.scope.dossier, context.terms.accept)


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
        return frame.select(ROW, pl.col("~province").alias(_KEY)).drop_nulls()
    column = next((each for each in edge.columns if each.kind == "key" and each.key == key), None)
    if column is None:
        return frame.select(ROW, pl.lit(None, dtype=pl.String).alias(_KEY)).drop_nulls()
    names = edge.source[column.heading].cast(pl.String)[edge.frame[ROW]]
    known = names.unique().drop_nulls()
    words = (
        names.replace_strict(known, pl.Series([spelt(each) for each in known]), default=None) if len(known) else names
    )
    return frame.select(ROW, (pl.col("~province") + "/" + words.alias("~words")).alias(_KEY)).drop_nulls()
