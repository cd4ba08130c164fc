"""
Sweeps and variants: a population judged under many thresholds at once, of which only what changes is judged again.

A sweep judges twice, as if every known figure passed and as if none did; what a threshold gives is then read off the
sorted figures. A variant judges the indicators that a revision changes, and adds them to what the others gave.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import attrs

from ntm_rules.errors import DossierError, Problem, ProblemCode, Where
from ntm_rules.evaluation.context import terms
from ntm_rules.population.edge import CODES, Edge, OnError, Reading, read_edge
from ntm_rules.population.figures import whole_threshold
from ntm_rules.population.interpreter import Interpreter, Judged, RowColumns, Scene
from ntm_rules.population.kleene import Column
from ntm_rules.population.program import Schema, code_of, interpreter, sets_of
from ntm_rules.population.situations import Trees, situations_of
from ntm_rules.population.table import days, frame_of, placed, polars, said_addresses
from ntm_rules.rulebook import shelf
from ntm_rules.vocabulary.assessments import Scope
from ntm_rules.vocabulary.criteria import APPLIES_TO, CriteriaSet, Criterion, Indicator
from ntm_rules.vocabulary.facts import FactKind
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.requirements import Cell, Compare, FactMeasure, Requirement, Sign, ThresholdOf
from ntm_rules.vocabulary.revisions import Revision
from ntm_rules.vocabulary.verdicts import Verdict

if TYPE_CHECKING:
    import polars as pl

_COLUMNS = tuple(verdict.value for verdict in sorted(CODES, key=lambda verdict: CODES[verdict]))

# So many variants are judged in one go.
_AT_ONCE = 500


@attrs.frozen(eq=False)
class Population:
    """
    The places of a table, judged once by a set and ready to be judged under variants of it.

    Attributes:
        rules: The set.

        frame: The exact columns of every place, and what every indicator and criterion gave.
    """

    rules: CriteriaSet
    accept: Grade
    frame: pl.DataFrame = attrs.field(repr=False)
    judged: Judged = attrs.field(repr=False)
    scene: Scene = attrs.field(repr=False)
    _schema: Schema = attrs.field(repr=False)

    @classmethod
    def of(
        cls,
        table: Any,
        rules: CriteriaSet,
        *,
        year: int | None = None,
        accept: Grade = Grade.RECALLED,
        on_error: OnError | str = OnError.STOP,
    ) -> Population:
        """
        Judge the places of a table, all for one year and day.

        Args:
            table: A table as `evaluate_table` takes it.

            rules: The set, from `load`.

            year: The year judged, where the table has no such column.

            accept: The lowest grade of law data to use.

            on_error: What becomes of cells that can't be read.

        Raises:
            DossierError: If cells can't be read, or the rows are of several years or days.
        """
        defaults = {"level": rules.id.level.value, **({} if year is None else {"year": str(year)})}
        reading = Reading(shelf(), defaults=defaults, on_error=OnError(on_error))
        edge = read_edge(frame_of(table), reading, None, frozenset(Trees((rules,)).facts))
        return cls._of_edge(edge, rules, accept)

    @classmethod
    def _of_edge(cls, edge: Edge, rules: CriteriaSet, accept: Grade) -> Population:
        found = days(edge)
        if len(found) != 1:
            raise DossierError([Problem.at(ProblemCode.SEVERAL_DAYS, Where("table"), number=len(found))])
        said_addresses(edge, rules)
        ((numbers, dossiers),) = found
        situations = situations_of(Trees(sets_of(rules, dossiers[0], accept)), dossiers, accept)
        frame = placed(edge, dict(zip(numbers, situations.of, strict=True)))
        schema = Schema.of(edge)
        builder = interpreter(polars(), rules, schema, situations.dossiers, accept=accept)
        scene = builder.scene(rules, builder.said_of(rules, judged=True))
        judged = builder.judged(scene)
        frame = _added(frame, builder)
        whole = code_of(builder.logic, judged.whole).alias(_VERDICT)
        return cls(rules, accept, frame.with_columns(whole), judged, scene, schema)

    @property
    def tally(self) -> dict[str, int]:
        """How many places have which verdict on the set."""
        return dict(zip(_COLUMNS, _histogram(self.frame[_VERDICT]), strict=True))

    def __len__(self) -> int:
        """How many places there are."""
        return len(self.frame)

    # --- sweeps -------------------------------------------------------------------------------------------------

    def sweep(
        self,
        address: str,
        values: Iterable[Decimal | Quantity | int | str],
        *,
        row: str | None = None,
        part: tuple[str, ...] = (),
    ) -> pl.DataFrame:
        """
        How many places would have which verdict, were one threshold another.

        Args:
            address: The indicator, ``11/11``.

            values: The thresholds to try, in the fact's unit; text is a quantity (``"6 %"``).

            row: The row of the indicator's table that changes, e.g. ``red_river_delta``; None changes all of them.

            part: The way to the comparison, where the indicator has more than one.

        Returns:
            A frame with a row for each value: ``value``, and the number of places by verdict on the set.

        Raises:
            ValueError: If no such comparison of a figure is there.
        """
        import polars as pl

        node, indicator = self._comparison(address, part)
        wanted = list(values)
        exact = [self._value(node, each) for each in wanted]
        where = self._situations(node, indicator, row)
        local = self.rules.local(self.rules.address(indicator))
        builder = self._builder(self.rules)
        ends = []
        for passing in (True, False):
            builder.forced = {id(node): (passing, where)}
            whole = self._whole(builder, self.rules, self.scene, {local})
            ends.append(code_of(builder.logic, whole).alias(_END[passing]))
        figure = builder.figures.of(_fact(node), None)
        affected = builder.logic.expr(builder.logic.both(builder.mask(where), figure.known)).alias(_AFFECTED)
        column = self._schema.numbers.get((_fact(node), None))
        own = [] if column is None else [pl.col(column.name).alias(_FIGURE)]
        frame = _added(self.frame, builder)
        found = frame.select(*ends, affected, *own)
        rest = _histogram(found.filter(~pl.col(_AFFECTED))[_END[True]])
        if column is None or self.rules.catalogue[_fact(node)].derived is not None:
            # No single column to sort: every value is compared.
            passing_by = [
                builder.logic.expr(builder.logic.is_true(figure.compare(node.sign, value))) for value in exact
            ]
            tallies = [_compared(found, frame.select(each.alias(_PASSES))[_PASSES], rest) for each in passing_by]
        else:
            thresholds = [whole_threshold(node.sign, value / column.unit) for value in exact]
            tallies = _read_off(found.filter(pl.col(_AFFECTED)), node.sign, thresholds, rest)
        told = [each.written() if isinstance(each, Quantity) else str(each) for each in wanted]
        columns = {name: [tally[at] for tally in tallies] for at, name in enumerate(_COLUMNS)}
        return pl.DataFrame(
            {"value": told, **columns}, schema={"value": pl.String, **dict.fromkeys(_COLUMNS, pl.Int64)}
        )

    def _comparison(self, address: str, part: tuple[str, ...]) -> tuple[Compare, Indicator]:
        item: Criterion | Indicator | None = self.rules[address]
        if isinstance(item, Criterion):
            item = item.indicators[0] if len(item.indicators) == 1 else None
        if item is None:
            raise ValueError(address)
        nodes = [item.require.part(part)] if part else list(item.require.walk())
        found = [node for node in nodes if isinstance(node, Compare) and isinstance(node.measure, FactMeasure)]
        if len(found) != 1 or self.rules.catalogue[_fact(found[0])].kind is not FactKind.NUMBER:
            raise ValueError(address)
        own = self.rules.address(item)
        if any(cell.address == own for node in self._nodes for cell in _cells(node) if isinstance(cell, ThresholdOf)):
            # Another row of the set is a multiple of it; a revision says that in full.
            raise ValueError(address)
        return found[0], item

    @cached_property
    def _nodes(self) -> tuple[Requirement, ...]:
        return tuple(node for _, row in self.rules.rows for node in row.require.walk())

    @cached_property
    def _referring(self) -> frozenset[str]:
        """The rows that ask for others of the set, and so for what may have changed."""
        name = str(self.rules.id)
        return frozenset(
            address
            for address, row in self.rules.rows
            if any(each.partition("#")[0] == name for node in row.require.walk() for each in node.refers_to)
        )

    def _value(self, node: Compare, value: Decimal | Quantity | int | str) -> Fraction:
        """A threshold to try, in the fact's unit."""
        unit = self.rules.catalogue[_fact(node)].unit or "times"
        if isinstance(value, str):
            value = Quantity.parse(value, unit)
        return Fraction(value.to(unit).value if isinstance(value, Quantity) else value)

    def _situations(self, node: Compare, indicator: Indicator, row: str | None) -> frozenset[int]:
        """The situations whose threshold changes."""
        every = range(len(self.scene.contexts))
        if row is None:
            return frozenset(every)
        found = frozenset(
            at
            for at in every
            if row
            in dict(self.scene.contexts[at].terms.threshold(node, node.source or indicator.source)[0].row).values()
        )
        if not found and not any(row in path for path, _ in node.threshold.cells):
            raise ValueError(row)
        return found

    # --- variants -----------------------------------------------------------------------------------------------

    def variants(self, variants: Iterable[Revision | CriteriaSet]) -> pl.DataFrame:
        """
        How many places would have which verdict under each of many revisions.

        Args:
            variants: The revisions, or the sets that they give.

        Returns:
            A frame with a row for each variant, in their order: ``variant`` from 0, the number of places by verdict on
            the set, ``gained`` that become met and ``lost`` that are met no more.

        Raises:
            RevisionError: If a revision can't be applied.
        """
        import polars as pl

        waiting = list(variants)
        starts = range(0, len(waiting), _AT_ONCE)
        parts = [self._judged(waiting[start : start + _AT_ONCE], start) for start in starts]
        if not parts:
            names = ["variant", *_COLUMNS, "gained", "lost"]
            return pl.DataFrame(schema=dict.fromkeys(names, pl.Int64))
        return pl.concat(parts)

    def _judged(self, variants: Sequence[Revision | CriteriaSet], start: int) -> pl.DataFrame:
        import polars as pl

        frame, exprs = self.frame, []
        masks: dict[frozenset[int], str] = {}
        met = CODES[Verdict.MET]
        for at, each in enumerate(variants):
            rules = each if isinstance(each, CriteriaSet) else each.apply(self.rules)
            builder = self._builder(rules)
            builder.masks = masks
            changed = self._changed(rules)
            if changed is None:
                # Its rows are others, or places come to other rows: nothing of what was judged can stand.
                codes = self._anew(rules).alias(f"~variant{at}")
                frame = frame.with_columns(codes)
                whole = pl.col(f"~variant{at}")
            else:
                scene = self._revised(rules)
                whole = code_of(builder.logic, self._whole(builder, rules, scene, changed))
                frame = _staged(frame, builder)
            counts = [
                (whole == code).sum().alias(f"{at}:{name}") for name, code in zip(_COLUMNS, range(4), strict=True)
            ]
            before, after = pl.col(_VERDICT) == met, whole == met
            turned = [(~before & after).sum().alias(f"{at}:gained"), (before & ~after).sum().alias(f"{at}:lost")]
            exprs += [*counts, *turned]
        builder = self._builder(self.rules)
        builder.masks = masks
        frame = _added(frame, builder)
        record = frame.select(exprs).row(0, named=True)
        names = [*_COLUMNS, "gained", "lost"]
        columns = {name: [int(record[f"{at}:{name}"]) for at in range(len(variants))] for name in names}
        return pl.DataFrame({"variant": list(range(start, start + len(variants))), **columns})

    def _changed(self, rules: CriteriaSet) -> set[str] | None:
        """The rows that differ, by local address; None where more than the requirements of rows does."""
        old, new = self.rules, rules
        if old.axes != new.axes or old.counts != new.counts or old.catalogue != new.catalogue:
            return None
        before, after = dict(old.rows), dict(new.rows)
        if list(before) != list(after) or old.sets_attained != new.sets_attained or self._referring:
            return None if list(before) != list(after) else self._differing(before, after) | self._referring
        return self._differing(before, after)

    def _differing(self, before: dict[str, Indicator], after: dict[str, Indicator]) -> set[str]:
        return {a for a, row in after.items() if row is not before[a] and row != before[a]}

    def _anew(self, rules: CriteriaSet) -> pl.Series:
        """The verdicts by a set that has little in common with the one before."""
        dossiers = [context.scope.dossier for context in self.scene.contexts]
        builder = interpreter(polars(), rules, self._schema, tuple(dossiers), accept=self.accept)
        judged = builder.judged(builder.scene(rules, builder.said_of(rules, judged=True)))
        verdict: pl.Series = _added(self.frame, builder).select(code_of(builder.logic, judged.whole))[:, 0]
        return verdict

    def _revised(self, rules: CriteriaSet) -> Scene:
        """The situations as they are, with the thresholds of another set with the same axes."""
        contexts = tuple(
            attrs.evolve(
                context,
                terms=terms(rules, context.terms.rows, self.accept),
                scope=Scope(rules, context.scope.dossier, context.scope.axes),
                found={},
            )
            for context in self.scene.contexts
        )
        return attrs.evolve(self.scene, rules=rules, contexts=contexts)

    # --- judging again ------------------------------------------------------------------------------------------

    def _builder(self, rules: CriteriaSet) -> Interpreter:
        dossiers = tuple(context.scope.dossier for context in self.scene.contexts)
        return interpreter(polars(), rules, self._schema, dossiers, accept=self.accept)

    def _whole(self, builder: Interpreter, rules: CriteriaSet, scene: Scene, changed: set[str]) -> Column:
        """The verdict on the set, of which only some rows are judged again."""
        again = changed | self._referring
        rows = {row.address: row for row in self._rows}
        for address, item in rules.rows:
            if address in again:
                rows[address] = builder.indicator(address, item, scene)
        criteria = []
        for criterion, kept in zip(rules.criteria, self.judged.criteria, strict=True):
            own = [f"{criterion.number}/{each.number}" for each in criterion.indicators]
            if again.isdisjoint(own):
                criteria.append(kept.column)
            else:
                criteria.append(builder.criterion(criterion, [rows[each].column for each in own], scene).column)
        return builder.of_set(rules, criteria, rows.get(APPLIES_TO))

    @property
    def _rows(self) -> tuple[RowColumns, ...]:
        applies = () if self.judged.applies is None else (self.judged.applies,)
        return (*self.judged.indicators, *self.judged.preconditions, *applies)


_VERDICT = "~verdict"
_END = {True: "~as if passed", False: "~as if failed"}
_AFFECTED, _FIGURE, _PASSES = "~affected", "~figure", "~passes"


def _fact(node: Compare) -> str:
    """The fact of a comparison that was found to have one."""
    return node.fact or ""


def _cells(node: Requirement) -> list[Cell]:
    return [cell for _, cell in node.threshold.cells] if isinstance(node, Compare) else []


def _staged(frame: Any, builder: Interpreter) -> Any:
    """A frame with what an interpreter adds, but its masks."""
    for stage in builder.stages:
        frame = frame.with_columns([expr.alias(name) for name, expr in stage.items()])
    return frame


def _added(frame: Any, builder: Interpreter) -> Any:
    """A frame with what an interpreter adds."""
    masks = builder.mask_exprs()
    if masks:
        frame = frame.with_columns([expr.alias(name) for name, expr in masks.items()])
    return _staged(frame, builder)


def _histogram(codes: pl.Series) -> list[int]:
    """How often each verdict is there."""
    found = dict(codes.value_counts().iter_rows())
    return [found.get(code, 0) for code in range(len(CODES))]


def _compared(found: pl.DataFrame, passes: pl.Series, rest: Sequence[int]) -> list[int]:
    """The places by verdict, where it was compared which pass."""
    import polars as pl

    code = pl.when(passes).then(pl.col(_END[True])).otherwise(pl.col(_END[False])).alias(_PASSES)
    affected = found.with_columns(code).filter(pl.col(_AFFECTED))[_PASSES]
    return [a + b for a, b in zip(_histogram(affected), rest, strict=True)]


def _read_off(
    found: pl.DataFrame, sign: Sign, thresholds: Sequence[int | None], rest: Sequence[int]
) -> list[list[int]]:
    """The places by verdict for each threshold, read off the sorted figures."""
    import polars as pl

    ends = [
        pl.col(_END[passing]).eq(code).sum().alias(f"{passing}{code}") for passing in _END for code in range(len(CODES))
    ]
    by = found.group_by(_FIGURE).agg(ends).sort(_FIGURE)
    figures = by[_FIGURE].to_list()
    # How many of the first so many figures have which verdict, if they pass and if they do not.
    sums = {
        passing: [[0, *accumulate(by[f"{passing}{code}"].to_list())] for code in range(len(CODES))] for passing in _END
    }

    def between(passing: bool, first: int, last: int) -> list[int]:  # noqa: FBT001 - which of two sums
        return [column[last] - column[first] for column in sums[passing]]

    tallies = []
    end = len(figures)
    for threshold in thresholds:
        if threshold is None:
            first = last = 0
        elif sign.wants_more:
            first, last = (bisect_left if sign is Sign.AT_LEAST else bisect_right)(figures, threshold), end
        elif sign.wants_less:
            first, last = 0, (bisect_right if sign is Sign.AT_MOST else bisect_left)(figures, threshold)
        else:
            first, last = bisect_left(figures, threshold), bisect_right(figures, threshold)
        parts = (between(True, first, last), between(False, 0, first), between(False, last, end))
        tallies.append([sum(each) for each in zip(*parts, rest, strict=True)])
    return tallies
