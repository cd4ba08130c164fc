"""
Tables that stay where they are: the same columns as narwhals expressions, in a database or over a cluster.

What is beneath a place is judged, grouped and joined where it is too; nothing has run before the result is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from ntm_rules.errors import DossierError, Problem, ProblemCode, RevisionError, Where
from ntm_rules.evaluation import evaluate
from ntm_rules.evaluation.assessing import check_overlays
from ntm_rules.language.table import headings, read_rows
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
from ntm_rules.population.edge import Reading, text_of
from ntm_rules.population.in_place import UNREADABLE, InPlace, is_spark, named, read_in_place
from ntm_rules.population.interpreter import Interpreter, Scene
from ntm_rules.population.kleene import Column
from ntm_rules.population.program import Wanted, compile_program, interpreter, sets_of
from ntm_rules.population.situations import Setting, Trees
from ntm_rules.vocabulary.assessments import Assessment
from ntm_rules.vocabulary.criteria import CriteriaSet
from ntm_rules.vocabulary.dossiers import Dossier
from ntm_rules.vocabulary.instruments import Grade, Source
from ntm_rules.vocabulary.places import Level
from ntm_rules.vocabulary.requirements import Requirement

#: The column that counts the cells that could not be read of all places beneath.
UNREADABLE_BENEATH = "unreadable_beneath"


@attrs.frozen(eq=False)
class LazyResult:
    """
    The verdicts on every row of a table that stays where it is.

    Attributes:
        frame: The table's own columns, `UNREADABLE`, with places beneath `UNREADABLE_BENEATH`, and verdicts as numbers
            by address; nothing has run yet.

        rules: The set that judged.
    """

    frame: Any
    rules: CriteriaSet
    reading: Reading = attrs.field(repr=False)
    accept: Grade

    def explain(self, row: Mapping[str, Any]) -> Assessment:
        """
        The assessment of one row, given by heading as the engine returns it; of places beneath it knows nothing.

        Raises:
            DossierError: If the row can't be read.
        """
        reading = self.reading
        found = headings(list(row), reading.name, reading.shelf, reading.defaults, strict=False)
        columns = [attrs.evolve(column, at=at) for at, column in enumerate(found)]
        cells = [text_of(row[column.heading]) for column in found]
        (read,) = read_rows(columns, [(reading.first, cells)], reading.name, reading.shelf, reading.defaults)
        if not isinstance(read.outcome, Dossier):
            raise read.outcome
        return evaluate(self.rules, read.outcome, accept=self.accept)


def judge_lazy(
    table: Any, setting: Setting, reading: Reading, wanted: Wanted, beneath: Mapping[Level, tuple[Any, Reading]]
) -> LazyResult:
    """
    Judge a table that stays where it is.

    Args:
        table: The table.

        setting: The set, and what all rows have in common.

        reading: How the table is to be read.

        wanted: What comes out.

        beneath: The tables of places beneath, by level, each with how it is to be read.

    Raises:
        DossierError: If a heading can't be read, or a table beneath is of another engine.

        RevisionError: If a decision laid over the set holds in one province only, or not on the day judged.
    """
    rules, accept = setting.rules, setting.accept
    for overlay in rules.overlays:
        if overlay.territory is not None:
            raise RevisionError([Problem.at(ProblemCode.ONE_PROVINCE_ONLY, Where(reading.name), name=overlay.id)])
    check_overlays(rules, setting.dossier((), ()))
    elsewhere = [how.name for each, how in beneath.values() if type(each) is not type(table)]
    if elsewhere:
        raise DossierError([Problem.at(ProblemCode.OTHER_ENGINE, Where(name), name=name) for name in elsewhere])
    trees = Trees(sets_of(rules, setting.dossier((), ()), accept))
    asked = frozenset(fact for each in trees.sets for fact in each.used_facts)
    own = read_in_place(table, reading, setting, rules.id.level, asked)
    for address in own.schema.said:
        set_id, mark, _ = address.rpartition("#")
        if not mark or set_id == str(rules.id):
            rules.local(address)
    tables = {level: read_in_place(each, how, setting, level) for level, (each, how) in beneath.items()}
    frame, found = own.situated(trees)
    counting = _Counting(rules, accept, tables, own)
    program = compile_program(
        own.engine,
        rules,
        own.schema,
        found.dossiers,
        accept=accept,
        wanted=wanted,
        beneath=counting.column if tables else None,
    )
    told = [UNREADABLE]
    if tables:
        frame = counting.with_unreadable(counting.with_counts(frame))
        told.append(UNREADABLE_BENEATH)
    judged = program.run(frame, keep=[*own.names, *told]).to_native()
    return LazyResult(named(judged, [*own.given, *told, *program.output]), rules, reading, accept)


# More rows than any table has.
_ALL = 2**40


def _apart(rows: Any) -> Any:
    """
    The same rows, as something that an engine works out by itself.

    DuckDB else puts what it counts into all that is beneath, again and again, which takes it minutes; a limit keeps it
    from that. Spark does not, and for a limit would bring all rows to one worker.
    """
    return rows if is_spark(rows.to_native()) else rows.head(_ALL)


@attrs.define
class _Counting:
    """
    Counts what is beneath the places of a table, and joins it to them: `rollup` for tables that stay where they are.

    Attributes:
        rules: The set whose requirements ask about them.

        tables: The tables of places, by level.

        above: The table of the places above.

        joined: The columns that were counted, by place above.
    """

    rules: CriteriaSet
    accept: Grade
    tables: Mapping[Level, InPlace]
    above: InPlace
    joined: dict[str, Any] = attrs.field(factory=dict)

    def column(self, builder: Interpreter, node: Requirement, source: Source, scene: Scene) -> Column | None:
        """The verdicts of a comparison or an *every* that asks about places beneath; None where there is no table."""
        asked = asked_beneath(node)
        levels = [] if asked is None else levels_asked(asked, self.above.level, self.tables)
        if asked is None or not levels:
            return None
        (level,) = levels
        name = f"~beneath {len(self.joined) + 1}"
        rows = _apart(self._judged(asked, source, level))
        self.joined[name] = rows.group_by(KEY).agg(counts(self.above.engine, asked, name))
        return together(builder, node, source, scene, name)

    def _judged(self, asked: Asked, source: Source, level: Level) -> Any:
        """What every place beneath gives, with the place above it."""
        table = self.tables[level]
        rules, accept = self.rules, self.accept
        frame, found = table.situated(trees_asked(asked, table.setting.dossier((), ()), rules, accept))
        builder = interpreter(table.engine, rules, table.schema, found.dossiers, accept=accept)
        deeper = _Counting(rules, accept, self.tables, table)
        builder.beneath = lambda *how: deeper.column(builder, *how)
        columns = answers(builder, asked, source, rules)
        frame = deeper.with_counts(frame)
        for stage in (builder.mask_exprs(), *builder.stages):
            if stage:
                frame = frame.with_columns([expr.alias(name) for name, expr in stage.items()])
        frame = table.keyed(frame, KEY, self.above.level, itself=False)
        # Rows that are beneath nothing are a group that nothing is joined to. An engine would carry a filter of them
        # through all that is beneath it.
        key = table.engine.col(KEY)
        if asked.collection.kinds is not None:
            key = table.counted(key, asked.collection.kinds)
        return frame.select(key.alias(KEY), *(expr.alias(name) for name, expr in columns.items()))

    def with_counts(self, frame: Any) -> Any:
        """A frame of the places above with what was counted beneath each."""
        if not self.joined:
            return frame
        frame = self.above.keyed(frame, KEY, self.above.level, itself=True)
        for each in self.joined.values():
            frame = frame.join(each, on=KEY, how="left")
        return frame.with_columns(filled(self.above.engine, self.joined)).drop(KEY)

    def with_unreadable(self, frame: Any) -> Any:
        """A frame of the places above with how many cells could not be read beneath each."""
        nw = self.above.engine
        frame = self.above.keyed(frame, KEY, self.above.level, itself=True)
        total = nw.lit(0, dtype=nw.Int64)
        for level, table in self.tables.items():
            name = f"~{UNREADABLE} {level.value}"
            rows = table.keyed(table.frame, KEY, self.above.level, itself=False)
            lost = rows.group_by(KEY).agg([nw.col(UNREADABLE).sum().cast(nw.Int64).alias(name)])
            frame = frame.join(lost, on=KEY, how="left")
            total = total + nw.when(nw.col(name).is_null()).then(nw.lit(0, dtype=nw.Int64)).otherwise(nw.col(name))
        return frame.with_columns(total.alias(UNREADABLE_BENEATH)).drop(KEY)
