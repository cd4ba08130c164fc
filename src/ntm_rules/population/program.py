"""A program for a table: the stages that a set adds to it, and the columns that come out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import attrs

from ntm_rules.evaluation.axes import context_of
from ntm_rules.evaluation.elsewhere import other_set
from ntm_rules.population.edge import CODES, Edge, said_name
from ntm_rules.population.figures import Figures, NumberColumn
from ntm_rules.population.interpreter import Interpreter, Judged, RowColumns, Said, Scene
from ntm_rules.population.kleene import Column, Engine, Logic, Number, is_constant
from ntm_rules.vocabulary.criteria import CriteriaSet, TheSame
from ntm_rules.vocabulary.dossiers import Dossier
from ntm_rules.vocabulary.instruments import Grade, Source
from ntm_rules.vocabulary.requirements import Requirement
from ntm_rules.vocabulary.verdicts import Verdict

#: The verdicts by the number that stands for them in columns, in Kleene's order.
VERDICTS: tuple[Verdict, ...] = tuple(sorted(CODES, key=lambda verdict: CODES[verdict]))

#: The columns that say how many criteria are met, and so on.
TALLY = ("met", "not_met", "undetermined", "not_applicable", "total")


_Names = tuple[tuple[tuple[str, str | None], str], ...]
_SchemaKey = tuple[tuple[tuple[tuple[str, str | None], NumberColumn], ...], _Names, _Names, tuple[str, ...]]


@attrs.frozen
class Schema:
    """What the columns of a table hold, as the interpreter reads them."""

    numbers: Mapping[tuple[str, str | None], NumberColumn]
    truths: Mapping[tuple[str, str | None], str]
    options: Mapping[tuple[str, str | None], str]
    said: tuple[str, ...] = ()

    @classmethod
    def of(cls, edge: Edge) -> Schema:
        """The columns of a table that was read."""
        return cls(edge.numbers, edge.truths, edge.options, edge.said)

    @property
    def key(self) -> _SchemaKey:
        """The same, as something that can be looked up."""
        return tuple(self.numbers.items()), tuple(self.truths.items()), tuple(self.options.items()), self.said


@attrs.frozen
class Wanted:
    """
    What comes out beside the verdict on the set, the tally and the verdicts on its criteria and indicators.

    Attributes:
        reasons: Whether the first reason of every indicator does.

        conflicts: Whether every contradiction does; their number always does.
    """

    reasons: bool = False
    conflicts: bool = False


@attrs.frozen
class Program:
    """
    Columns to add to a table.

    Attributes:
        masks: The columns that tell situations apart.

        stages: What to add, stage by stage.

        output: The columns that come out, from the columns of the last stage.
    """

    masks: Mapping[str, Any]
    stages: tuple[Mapping[str, Any], ...]
    output: Mapping[str, Any]
    judged: Judged

    def run(self, frame: Any, keep: Sequence[str] = ()) -> Any:
        """A frame with the output, and some columns of its own before that."""
        for stage in (self.masks, *self.stages):
            if stage:
                frame = frame.with_columns([expr.alias(name) for name, expr in stage.items()])
        return frame.select([*keep, *(expr.alias(name) for name, expr in self.output.items())])


def sets_of(rules: CriteriaSet, dossier: Dossier, accept: Grade) -> tuple[CriteriaSet, ...]:
    """A set, and those that it asks to be met too or whose thresholds it takes, as they stand on the day judged."""
    found = {id(rules): rules}
    waiting = [rules]
    while waiting:
        each = waiting.pop()
        context = context_of(each, attrs.evolve(dossier, facts=()), accept)
        for name in each.sets_named:
            other = other_set(name, context)
            if other is not None and id(other) not in found:
                found[id(other)] = other
                waiting.append(other)
    return tuple(found.values())


def distinct(sets: Iterable[CriteriaSet]) -> tuple[CriteriaSet, ...]:
    """Some sets, each once."""
    return tuple({id(each): each for each in sets}.values())


def said_in(engine: Engine, addresses: Sequence[str]) -> dict[str, Said]:
    """The conclusions of a table: met, not met, or null where nothing was concluded; and where it does not apply."""
    found = {}
    for address in addresses:
        code = engine.col(said_name(address))
        given = ~code.is_null()
        drops = (code == CODES[Verdict.NOT_APPLICABLE]).fill_null(False)
        found[address] = Said(code == CODES[Verdict.MET], drops, given)
    return found


def interpreter(
    engine: Engine,
    rules: CriteriaSet,
    schema: Schema,
    dossiers: tuple[Dossier, ...],
    *,
    accept: Grade,
) -> Interpreter:
    """The interpreter of a set over a table whose rows are in these situations."""
    # Of narwhals' engines not all look up.
    logic = Logic(engine, looks_up=getattr(engine, "__name__", "") == "polars")
    figures = Figures(logic, rules.catalogue, schema.numbers, schema.truths, schema.options)
    set_id = dossiers[0].set_id
    said = said_in(engine, schema.said)
    return Interpreter(logic, figures, dossiers, accept, said, set_id)


def compile_program(
    engine: Engine,
    rules: CriteriaSet,
    schema: Schema,
    dossiers: tuple[Dossier, ...],
    *,
    accept: Grade,
    wanted: Wanted = Wanted(),
    beneath: Callable[[Interpreter, Requirement, Source, Scene], Column | None] | None = None,
) -> Program:
    """The program of a set for a table whose rows are in these situations."""
    builder = interpreter(engine, rules, schema, dossiers, accept=accept)
    if beneath is not None:
        builder.beneath = partial(beneath, builder)
    judged = builder.judged(builder.scene(rules, builder.said_of(rules, judged=True)))
    output = _output(builder, rules, judged, wanted)
    return Program(builder.mask_exprs(), tuple(builder.stages), output, judged)


def program_of(
    rules: CriteriaSet, schema: Schema, dossiers: tuple[Dossier, ...], *, accept: Grade, wanted: Wanted
) -> Program:
    """The program of a set for a table of Polars, compiled once for all tables with such columns and situations."""
    return _program_of(TheSame(rules), schema.key, dossiers, accept, wanted)


@lru_cache(maxsize=64)
def _program_of(
    same: TheSame, key: _SchemaKey, dossiers: tuple[Dossier, ...], accept: Grade, wanted: Wanted
) -> Program:
    import polars as pl

    numbers, truths, options, said = key
    schema = Schema(dict(numbers), dict(truths), dict(options), said)
    return compile_program(pl, same.rules, schema, dossiers, accept=accept, wanted=wanted)


def _output(builder: Interpreter, rules: CriteriaSet, judged: Judged, wanted: Wanted) -> dict[str, Any]:
    logic = builder.logic
    engine = logic.engine
    output = {"verdict": code_of(logic, judged.whole)}
    if judged.recognition is not None:
        output["recognition"] = code_of(logic, judged.recognition)
    counts = _tally(builder, [row.column for row in judged.criteria], rules.counts.criteria)
    output |= {name: logic.number(number, engine.Int16) for name, number in counts.items()}
    output["total"] = engine.lit(rules.counts.criteria, dtype=engine.Int16)
    rows = [*judged.indicators, *judged.preconditions, *(() if judged.applies is None else (judged.applies,))]
    every = [*judged.criteria, *rows]
    disputes = [logic.compare(row.conflict, 0, lambda a, b: a > b) for row in every]
    output["conflicts"] = logic.number(logic.count(disputes, engine.Int16), engine.Int16)
    output |= {row.address: code_of(logic, row.column) for row in every}
    if wanted.conflicts:
        output |= {
            f"conflict:{row.address}": logic.number(row.conflict, engine.Int8).cast(engine.Int8)
            for row in every
            if not (is_constant(row.conflict) and row.conflict == 0)
        }
    if wanted.reasons:
        output |= {f"reason:{row.address}": _reason(logic, row) for row in rows}
    return output


def _reason(logic: Logic, row: RowColumns) -> Any:
    return logic.number(row.column.why(), logic.engine.Int16).cast(logic.engine.Int16)


def _tally(builder: Interpreter, columns: Sequence[Column], total: int | None) -> dict[str, Number]:
    """How many criteria are met, and so on; rows that the set lacks are open."""
    logic, verdicts = builder.logic, builder.verdicts
    lacking = max(0, (total or 0) - len(columns))
    small = logic.engine.Int16
    met = logic.count((verdicts.met(each) for each in columns), small)
    failing = logic.count((verdicts.not_met(each) for each in columns), small)
    dropped = logic.count((each.drops for each in columns), small)
    open_ = len(columns) + lacking - met - failing - dropped
    return {"met": met, "not_met": failing, "undetermined": open_, "not_applicable": dropped}


def code_of(logic: Logic, column: Column) -> Any:
    """The number that stands for a verdict."""
    engine = logic.engine
    so: Any
    if column.drops is True:
        return engine.lit(CODES[Verdict.NOT_APPLICABLE], dtype=engine.Int8)
    if is_constant(column.so):
        verdict = {True: Verdict.MET, False: Verdict.NOT_MET, None: Verdict.UNDETERMINED}[column.so]
        so = engine.lit(CODES[verdict], dtype=engine.Int8)
    else:
        met, failing, open_ = (
            engine.lit(CODES[each], dtype=engine.Int8) for each in (Verdict.MET, Verdict.NOT_MET, Verdict.UNDETERMINED)
        )
        so = engine.when(column.so.is_null()).then(open_).otherwise(engine.when(column.so).then(met).otherwise(failing))
    if column.drops is False:
        return so
    drops = engine.lit(CODES[Verdict.NOT_APPLICABLE], dtype=engine.Int8)
    return engine.when(column.drops).then(drops).otherwise(so)
