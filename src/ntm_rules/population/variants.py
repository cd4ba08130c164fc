"""
Sweeps and variants: a population judged under many thresholds at once, of which only what changes is judged again.

A sweep judges twice, as if every known figure passed and as if none did; what a threshold gives is then read off the
sorted figures. A variant judges the indicators that a revision changes, and adds them to what the others gave.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import attrs

from ntm_rules.errors import DossierError, Problem, ProblemCode, Where
from ntm_rules.evaluation.context import Terms, terms
from ntm_rules.population.edge import CODES, DOT, Edge, OnError, Reading, read_edge
from ntm_rules.population.figures import NumberColumn
from ntm_rules.population.interpreter import (
    Forced,
    Interpreter,
    Judged,
    RowColumns,
    Scene,
    Term,
    support_code,
    terms_of,
)
from ntm_rules.population.kleene import NO_SUPPORT, Column
from ntm_rules.population.placing import apart, check_day, days, placed
from ntm_rules.population.program import Schema, code_of, interpreter, sets_of
from ntm_rules.population.situations import SITUATION, Trees, asked_of_place, situations_of
from ntm_rules.population.table import frame_of, polars, said_addresses
from ntm_rules.rulebook import shelf
from ntm_rules.vocabulary.assessments import AppliedThreshold, Scope
from ntm_rules.vocabulary.criteria import APPLIES_TO, CriteriaSet, Criterion, Indicator, sets_in
from ntm_rules.vocabulary.dossiers import Dossier
from ntm_rules.vocabulary.facts import FactKind
from ntm_rules.vocabulary.instruments import Grade, Source
from ntm_rules.vocabulary.quantities import EXACT, Quantity
from ntm_rules.vocabulary.requirements import (
    Cell,
    Compare,
    FactMeasure,
    ForEach,
    ForEachYear,
    Requirement,
    Sign,
    ThresholdOf,
)
from ntm_rules.vocabulary.revisions import Revision
from ntm_rules.vocabulary.verdicts import ReasonCode, Support, Verdict

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
    _edge: Edge = attrs.field(repr=False)
    _schema: Schema = attrs.field(repr=False)
    _but: Mapping[str, Column] = attrs.field(repr=False)

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

            RevisionError: If a decision laid over the set is for another province or time than a row's.
        """
        defaults = {"level": rules.id.level.value, **({} if year is None else {"year": str(year)})}
        known = attrs.evolve(shelf(), catalogue=rules.catalogue)
        reading = Reading(known, defaults=defaults, on_error=OnError(on_error))
        edge = read_edge(frame_of(table), reading)
        return cls._of_edge(edge, rules, accept)

    @classmethod
    def _of_edge(cls, edge: Edge, rules: CriteriaSet, accept: Grade) -> Population:
        found = days(edge)
        if len(found) != 1:
            raise DossierError([Problem.at(ProblemCode.SEVERAL_DAYS, Where("table"), number=len(found))])
        said_addresses(edge, rules)
        ((_, before),) = found
        check_day(rules, before)
        trees = Trees(sets_of(rules, before[0], accept))
        edge = apart(edge, trees, rules.catalogue)
        ((numbers, dossiers),) = days(edge)
        situations = situations_of(trees, dossiers, accept)
        frame = placed(edge, dict(zip(numbers, situations.of, strict=True)))
        schema = Schema.of(edge)
        builder = interpreter(polars(), rules, schema, situations.dossiers, accept=accept)
        scene = builder.scene(rules, builder.said_of(rules, judged=True))
        judged = builder.judged(scene)
        rests = {}
        for each in judged.criteria:
            others = [other.column for other in judged.criteria if other is not each]
            rests[each.address] = builder.all_of(others)
        names = [f"~but {address}".replace(".", DOT) for address in rests]
        kept = builder.keep(dict(zip(names, rests.values(), strict=True)), step=4)
        frame = _added(frame, builder)
        whole = code_of(builder.logic, judged.whole).alias(_VERDICT)
        but = dict(zip(rests, kept, strict=True))
        return cls(rules, accept, frame.with_columns(whole), judged, scene, edge, schema, but)

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
            A frame with ``value`` and the number of places by verdict on the set, a row for each value.

        Raises:
            ValueError: If no such comparison of a figure is there.
        """
        import polars as pl

        node, indicator = self._comparison(address, part)
        wanted = list(values)
        exact = [self._value(node, each) for each in wanted]
        local = self.rules.local(self.rules.address(indicator))
        swept = self._swept(local, node, next(iter(exact), Fraction(0)), row)
        told = [each.written() if isinstance(each, Quantity) else str(each) for each in wanted]
        repeated = _is_repeated(indicator.require, node)
        column = None if repeated else next(iter(self._columns(indicator.require, node)), None)
        if swept is None or repeated or (swept.maybe and column is None):
            # Places come to other rows, or several parts are judged, of which each has a figure of its own.
            sets = [_with_threshold(self.rules, local, node, value, row) for value in exact]
            return self.variants(sets).select(pl.Series("value", told), *_COLUMNS)
        builder = self._builder(self.rules)
        ends = []
        for passing in (True, False):
            builder.forced = {id(node): Forced(passing, swept.rests)}
            whole = self._whole(builder, self.rules, self.scene, {local}, f"{passing}:")
            ends.append(code_of(builder.logic, whole).alias(_END[passing]))
        figure = builder.figures.of(_fact(node), None)
        here = builder.mask(frozenset(swept.rests))
        affected = builder.logic.expr(builder.logic.both(here, figure.known)).alias(_AFFECTED)
        own = [] if column is None else [pl.col(column.name).alias(_FIGURE)]
        frame = _added(self.frame, builder)
        found = frame.select(*ends, affected, *own)
        rest = _histogram(found.filter(~pl.col(_AFFECTED))[_END[True]])
        always, special = self._opened(local, node, swept.maybe) if swept.maybe else ([0] * len(CODES), {})
        rest = _sum(rest, always)
        if column is None:
            # No single column to sort: every value is compared.
            passing_by = [
                builder.logic.expr(builder.logic.is_true(figure.compare(node.sign, value))) for value in exact
            ]
            tallies = [_compared(found, frame.select(each.alias(_PASSES))[_PASSES], rest) for each in passing_by]
        else:
            thresholds = [column.threshold(node.sign, value) for value in exact]
            tallies = _read_off(found.filter(pl.col(_AFFECTED)), node.sign, thresholds, rest)
            tallies = [
                _sum(tally, special[value]) if value in special else tally
                for tally, value in zip(tallies, exact, strict=True)
            ]
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
        if own in self._multiplied:
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
            if any(name in sets_in(node.refers_to) for node in row.require.walk())
        )

    def _value(self, node: Compare, value: Decimal | Quantity | int | str) -> Fraction:
        """A threshold to try, in the fact's unit."""
        unit = self.rules.catalogue[_fact(node)].unit or "times"
        if isinstance(value, str):
            value = Quantity.parse(value, unit)
        return Fraction(value.to(unit).value if isinstance(value, Quantity) else value)

    def _swept(self, local: str, node: Compare, value: Fraction, row: str | None) -> _Swept | None:
        """
        The situations whose threshold changes; None where that is more than another figure in the place of one.

        A place may come to other rows by it, or the law does not say what is so at the figure itself.
        """
        table = node.threshold
        if row is not None and not any(row in path for path, _ in table.cells):
            raise ValueError(row)
        if table.boundary_unstated:
            return None
        swept, resolved_at = _Swept(), self._tried(local, node, value, row)
        for at, (before, possible) in enumerate(self._terms(local, node)):
            changes = [row is None or row in (table.row_of(each) or ()) for each in possible]
            if not any(changes):
                if row is None:
                    return None
                continue
            if not all(changes):
                others = {table.find(each) for each, so in zip(possible, changes, strict=True) if not so}
                only = others.pop()
                swept.maybe[at] = only if isinstance(only, Quantity) and not others else None
                continue
            resolved, support = resolved_at(at)
            if resolved.value is not None:
                swept.rests[at] = support_code(support)
            elif before.value is not None or before.closed != resolved.closed:
                return None
        return swept

    def _tried(
        self, local: str, node: Compare, value: Fraction, row: str | None
    ) -> Callable[[int], tuple[AppliedThreshold, Support]]:
        """Gives the threshold of a comparison in each situation, with another figure in its cells."""
        rules = _with_threshold(self.rules, local, node, value, row)
        old, new = self._row[local], dict(rules.rows)[local]
        pairs = _different(old.require, new.require)
        # Where every cell holds that figure already, the trees are the same.
        after, source = (pairs[0][1], _source_of(pairs[0][1], new)) if pairs else (node, _source_of(node, old))
        return lambda at: self._resolved(rules, after, source, at)

    def _opened(
        self, local: str, node: Compare, maybe: Mapping[int, Quantity | None]
    ) -> tuple[list[int], dict[Fraction, list[int]]]:
        """
        How many places more have which verdict where it is open whether the figure tried applies to them.

        The first is so for all figures, the second is to be added for those that the other rows of the places have.
        """
        always = [0] * len(CODES)
        special: dict[Fraction, list[int]] = {}
        column = self._schema.numbers[_fact(node), None]
        for at, only in maybe.items():
            shut = self._shut(local, node)[at]
            always = _sum(always, _by_verdict(shut, self._of_situation[at]))
            if only is None:
                continue
            value = Fraction(only.value)
            resolved, support = self._tried(local, node, value, None)(at)
            if resolved.value is not None:
                leaf = self._leaf(local, node, support_code(support))
                decided = leaf.at(at, node.sign, column.threshold(node.sign, value))
                special[value] = _sum(special.get(value, [0] * len(CODES)), _by_verdict(decided, shut))
        return always, special

    # --- variants -----------------------------------------------------------------------------------------------

    def variants(self, variants: Iterable[Revision | CriteriaSet]) -> pl.DataFrame:
        """
        How many places would have which verdict under each of many revisions.

        Args:
            variants: The revisions, or the sets that they give.

        Returns:
            A frame with ``variant`` from 0, the number of places by verdict on the set, ``gained`` that become met and
            ``lost`` that are met no more, a row for each variant in their order.

        Raises:
            RevisionError: If a revision can't be applied, or is for another province or time than a place's.
        """
        import polars as pl

        told: dict[int, list[int]] = {}
        waiting: dict[int, CriteriaSet] = {}
        number = 0
        for at, each in enumerate(variants):
            number += 1
            rules = each if isinstance(each, CriteriaSet) else each.apply(self.rules)
            check_day(rules, self._dossiers)
            found = self._read_off(rules)
            if found is not None:
                told[at] = found
                continue
            waiting[at] = rules
            if len(waiting) == _AT_ONCE:
                told |= zip(waiting, self._judged(list(waiting.values())), strict=True)
                waiting.clear()
        if waiting:
            told |= zip(waiting, self._judged(list(waiting.values())), strict=True)
        names = [*_COLUMNS, "gained", "lost"]
        columns = {name: [told[at][place] for at in range(number)] for place, name in enumerate(names)}
        schema = dict.fromkeys(["variant", *names], pl.Int64)
        return pl.DataFrame({"variant": list(range(number)), **columns}, schema=schema)

    # --- one threshold that changes: read off -------------------------------------------------------------------

    def _read_off(self, rules: CriteriaSet) -> list[int] | None:
        """The tally of a variant in which one comparison of a figure has other thresholds; None for any other."""
        changed = self._changed(rules)
        if changed is not None and not changed:
            return [*self.tally.values(), 0, 0]
        if changed is None or len(changed) != 1 or self._referring:
            return None
        (address,) = changed
        old, new = self._row[address], rules[address]
        assert isinstance(new, Indicator)  # as the old one is  # noqa: S101
        pairs = _different(old.require, new.require)
        if pairs is None or len(pairs) != 1 or old.source != new.source or not address[:1].isdigit():
            return None
        ((before, after),) = pairs
        columns = self._columns(old.require, before)
        unsure = before.threshold.boundary_unstated or after.threshold.boundary_unstated
        if not columns or unsure or self.rules.address(old) in self._multiplied:
            return None
        total = self._now
        for at, first, term in self._moved(address, (old, new), (before, after), rules):
            if term.value is not None:
                leaf = self._leaf(address, before, term.support)
                part = leaf.at(at, after.sign, columns[0].threshold(after.sign, term.value))
            elif term.closed is None or _NOTHING in {first.closed, term.closed}:
                # A multiple of another row's, or a figure that is no longer asked for.
                return None
            elif first.value is None:
                continue  # open as before, whatever the reason
            else:
                part = self._shut(address, before)[at]
            total = [a + b - c for a, b, c in zip(total, part, self._of_situation[at], strict=True)]
        return _tally_of(total)

    def _columns(self, tree: Requirement, node: Compare) -> tuple[NumberColumn, ...]:
        """
        The columns of what a comparison reads, the least or greatest figure of which decides; none if it is not so.

        Of each of several parts one that fails is enough to fail them all.
        """
        fact, numbers = _fact(node), self._schema.numbers
        definition = self.rules.catalogue.get(fact)
        if definition is None or definition.derived is not None or definition.unstated:
            return ()
        if not _is_repeated(tree, node):
            return (numbers[fact, None],) if (fact, None) in numbers else ()
        if not isinstance(tree, ForEach) or tree.require is not node or node.sign is Sign.EQUALS:
            return ()
        listed = self.rules.catalogue.part_list(tree.by)
        parts = None if listed is None or listed.parts is None else {part.id for part in listed.parts}
        found = [
            column
            for (name, part), column in numbers.items()
            if name == fact and part is not None and (parts is None or part in parts)
        ]
        return tuple(found) if len({column.unit for column in found}) == 1 else ()

    def _moved(
        self, address: str, rows: tuple[Indicator, Indicator], nodes: tuple[Compare, Compare], rules: CriteriaSet
    ) -> Iterator[tuple[int, Term, Term]]:
        """The situations in which a comparison may have another threshold, with the one now and the new one."""
        (before, after), source = nodes, _source_of(nodes[1], rows[1])
        old = _source_of(before, rows[0])

        @cache
        def same(row: tuple[str, ...]) -> bool:
            cells = (before.threshold.find(row), after.threshold.find(row))
            return cells[0] == cells[1] and old.grade(row) is source.grade(row)

        for at, (first, possible) in enumerate(self._terms(address, before)):
            # By the same rules of the axes, in the same place of the law: what it rests on is the same.
            if possible and all(map(same, possible)):
                continue
            resolved, support = self._resolved(rules, after, source, at)
            value = None if resolved.value is None else Fraction(resolved.value.value)
            term = Term(resolved.closed, value, support_code(support))
            if term != first:
                yield at, first, term

    @cached_property
    def _dossiers(self) -> list[Dossier]:
        """The kinds of places, which every variant is checked against."""
        return self._edge.known

    @cached_property
    def _row(self) -> dict[str, Indicator]:
        return dict(self.rules.rows)

    @cached_property
    def _multiplied(self) -> frozenset[str]:
        """The rows of which other rows of the set ask a multiple."""
        return frozenset(cell.address for node in self._nodes for cell in _cells(node) if isinstance(cell, ThresholdOf))

    @cached_property
    def _kept(self) -> dict[tuple[object, ...], Any]:
        return {}

    def _terms(self, address: str, node: Compare) -> list[tuple[Term, tuple[tuple[str, ...], ...]]]:
        """The threshold in each situation, with the rows of its table one of which is the place's."""
        key = ("terms", id(node))
        if key not in self._kept:
            source = _source_of(node, self._row[address])
            found = terms_of(self._first, node, source, self.scene)
            possible = [context.terms.rows_of(node) for context in self.scene.contexts]
            self._kept[key] = list(zip(found, possible, strict=True))
        kept: list[tuple[Term, tuple[tuple[str, ...], ...]]] = self._kept[key]
        return kept

    def _resolved(self, rules: CriteriaSet, node: Compare, source: Source, at: int) -> tuple[AppliedThreshold, Support]:
        """The threshold of a comparison in one situation; a multiple of another row's has no value here."""
        return Terms(rules, self.scene.contexts[at].terms.rows, self.accept).threshold(node, source)

    @cached_property
    def _of_situation(self) -> dict[int, list[int]]:
        """How the places of each situation stand now."""
        return self._joint(self.frame, _VERDICT)

    @cached_property
    def _now(self) -> list[int]:
        """How all places stand now."""
        return [sum(column) for column in zip(*self._of_situation.values(), strict=True)]

    def _leaf(self, address: str, node: Compare, support: int) -> _Leaf:
        """What every figure of a comparison leads to, if it passes and if it does not."""
        key = ("leaf", id(node), support)
        if key not in self._kept:
            self._kept[key] = self._made(address, node, support)
        found: _Leaf = self._kept[key]
        return found

    def _made(self, address: str, node: Compare, support: int) -> _Leaf:
        import polars as pl

        builder = self._builder(self.rules)
        every = range(len(self.scene.contexts))
        ends = []
        for passing in (True, False):
            builder.forced = {id(node): Forced(passing, dict.fromkeys(every, support))}
            whole = self._whole(builder, self.rules, self.scene, {address}, f"{passing}:")
            ends.append(code_of(builder.logic, whole).alias(_END[passing]))
        names = [column.name for column in self._columns(self._row[address].require, node)]
        least = pl.max_horizontal(names) if node.sign.wants_less else pl.min_horizontal(names)
        figure = (least if len(names) > 1 else pl.col(names[0])).alias(_FIGURE)
        met = (pl.col(_VERDICT) == _MET).alias(_WAS_MET)
        return _Leaf.of(_added(self.frame, builder).select(SITUATION, met, figure, *ends))

    def _shut(self, address: str, node: Compare) -> dict[int, list[int]]:
        """The places of each situation, if nothing could be compared with the figures there."""
        key = ("shut", id(node))
        if key not in self._kept:
            builder = self._builder(self.rules)
            every = range(len(self.scene.contexts))
            builder.forced = {id(node): Forced(None, dict.fromkeys(every, NO_SUPPORT))}
            whole = self._whole(builder, self.rules, self.scene, {address}, "shut:")
            frame = _added(self.frame, builder).with_columns(code_of(builder.logic, whole).alias(_PASSES))
            self._kept[key] = self._joint(frame, _PASSES)
        found: dict[int, list[int]] = self._kept[key]
        return found

    def _joint(self, frame: pl.DataFrame, verdict: str) -> dict[int, list[int]]:
        """How the places of each situation stand by one column of verdicts, beside whether they are met now."""
        import polars as pl

        found = {at: [0] * len(_JOINT) for at in range(len(self.scene.contexts))}
        met = (pl.col(_VERDICT) == _MET).alias(_WAS_MET)
        counted = frame.select(SITUATION, pl.col(verdict).alias(_PASSES), met).group_by(pl.all()).len()
        for situation, code, was_met, number in counted.iter_rows():
            found[situation][_JOINT.index((code, was_met))] += number
        return found

    # --- any other: judged again --------------------------------------------------------------------------------

    def _judged(self, variants: Sequence[CriteriaSet]) -> list[list[int]]:
        """The tally of each variant."""
        import polars as pl

        frame, wholes = self.frame, []
        masks: dict[frozenset[int], str] = {}
        steps: dict[int, dict[str, Any]] = {}
        for at, rules in enumerate(variants):
            builder = self._builder(rules)
            builder.masks = masks
            changed = self._changed(rules)
            if changed is None:
                # Its rows are others, or places come to other rows: nothing of what was judged can stand.
                frame = frame.with_columns(self._anew(rules).alias(f"~variant{at}"))
                wholes.append(pl.col(f"~variant{at}"))
            else:
                scene = self._revised(rules)
                wholes.append(code_of(builder.logic, self._whole(builder, rules, scene, changed, f"{at}:")))
                for step, stage in builder.steps.items():
                    steps.setdefault(step, {}).update(stage)
        builder = self._builder(self.rules)
        builder.masks, builder.steps = masks, steps
        frame = _added(frame, builder)
        names = [f"~variant{at}" for at in range(len(wholes))]
        frame = frame.select(_VERDICT, *(whole.alias(name) for whole, name in zip(wholes, names, strict=True)))
        met = CODES[Verdict.MET]
        before = pl.col(_VERDICT) == met
        told: dict[str, Any] = {name: pl.all().exclude(_VERDICT) == code for code, name in enumerate(_COLUMNS)}
        told["gained"] = (pl.all().exclude(_VERDICT) == met) & ~before
        told["lost"] = (pl.all().exclude(_VERDICT) != met) & before
        columns = [frame.select(each.sum()).row(0) for each in told.values()]
        return [list(tally) for tally in zip(*columns, strict=True)]

    def _changed(self, rules: CriteriaSet) -> set[str] | None:
        """The rows that differ, by local address; None where more does, or where they tell other places apart."""
        old, new = self.rules, rules
        if old.axes != new.axes or old.counts != new.counts or old.catalogue != new.catalogue:
            return None
        before, after = self._row, dict(new.rows)
        if list(before) != list(after):
            return None
        differing = {address for address, row in after.items() if row is not before[address] and row != before[address]}
        named = frozenset(old.sets_named)
        if any(_asks_more(before[address].require, after[address].require, named) for address in differing):
            return None
        return differing | self._referring

    def _anew(self, rules: CriteriaSet) -> pl.Series:
        """The verdicts by a set that has little in common with the one before."""
        # Its axes may tell apart what is one situation here.
        return self._of_edge(self._edge, rules, self.accept).frame[_VERDICT]

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

    @cached_property
    def _first(self) -> Interpreter:
        dossiers = tuple(context.scope.dossier for context in self.scene.contexts)
        return interpreter(polars(), self.rules, self._schema, dossiers, accept=self.accept)

    def _builder(self, rules: CriteriaSet) -> Interpreter:
        """An interpreter that has added nothing yet."""
        first = self._first
        figures = (
            first.figures
            if rules.catalogue is self.rules.catalogue
            else attrs.evolve(first.figures, catalogue=rules.catalogue)
        )
        return Interpreter(first.logic, figures, first.dossiers, self.accept, first.said, first.set_id)

    def _whole(self, builder: Interpreter, rules: CriteriaSet, scene: Scene, changed: set[str], prefix: str) -> Column:
        """The verdict on the set, of which only some rows are judged again, in stages of the interpreter."""
        builder.prefix = prefix
        again = [(address, item) for address, item in rules.rows if address in changed | self._referring]
        computed = [builder.judge(item.require, item.source, scene) for _, item in again]
        new = builder.rows([address for address, _ in again], computed, scene, prefix, steps=(9, 8))
        rows = {row.address: row for row in (*self._rows, *new)}
        touched = {row.address.partition("/")[0] for row in new} & {each.number for each in rules.criteria}
        wholes = []
        for criterion in rules.criteria:
            if criterion.number in touched:
                own = [rows[f"{criterion.number}/{each.number}"].column for each in criterion.indicators]
                wholes.append((criterion.number, builder.all_of(own)))
        numbers = [number for number, _ in wholes]
        judged = builder.rows(numbers, [whole for _, whole in wholes], scene, prefix, steps=(7, 6))
        parts = [row.column for row in judged]
        if len(numbers) == 1:
            parts.append(self._but[numbers[0]])
        else:
            parts += [row.column for row in self.judged.criteria if row.address not in numbers]
        return builder.of_set(rules, parts, rows.get(APPLIES_TO))

    @property
    def _rows(self) -> tuple[RowColumns, ...]:
        applies = () if self.judged.applies is None else (self.judged.applies,)
        return (*self.judged.indicators, *self.judged.preconditions, *applies)


_VERDICT = "~verdict"
_END = {True: "~as if passed", False: "~as if failed"}
_AFFECTED, _FIGURE, _PASSES = "~affected", "~figure", "~passes"


_WAS_MET = "~was met"
_MET = CODES[Verdict.MET]

_NOTHING = ReasonCode.ASKS_NOTHING

#: A verdict now, and whether it was met before.
_JOINT = tuple((code, met) for code in range(len(CODES)) for met in (False, True))


def _sum(left: Sequence[int], right: Sequence[int]) -> list[int]:
    return [a + b for a, b in zip(left, right, strict=True)]


def _by_verdict(new: Sequence[int], old: Sequence[int]) -> list[int]:
    """How many places more have which verdict."""
    changes = dict.fromkeys(range(len(CODES)), 0)
    for (code, _), after, before in zip(_JOINT, new, old, strict=True):
        changes[code] += after - before
    return list(changes.values())


def _tally_of(joint: Sequence[int]) -> list[int]:
    """The places by verdict, those that become met, and those that are met no more."""
    counts = dict(zip(_JOINT, joint, strict=True))
    by_verdict = [counts[code, False] + counts[code, True] for code in range(len(CODES))]
    lost = sum(number for (code, met), number in counts.items() if met and code != _MET)
    return [*by_verdict, counts[_MET, False], lost]


@attrs.frozen
class _Swept:
    """
    The situations in which a threshold changes.

    Attributes:
        rests: Those in which every figure applies that is tried, each with what a verdict then rests on.

        maybe: Those in which it is open whether it applies, or that of another row: with the figure of all other rows,
            None where there is no such one.
    """

    rests: dict[int, int] = attrs.field(factory=dict)
    maybe: dict[int, Quantity | None] = attrs.field(factory=dict)


@attrs.frozen
class _Leaf:
    """
    What the figures of a comparison lead to, situation by situation.

    Attributes:
        figures: Sorted.

        sums: By whether they pass: for each of `_JOINT` how many places the first so many figures have.

        unknown: The places whose figure is not known.
    """

    figures: Mapping[int, list[int]]
    sums: Mapping[tuple[int, bool], list[list[int]]]
    unknown: Mapping[int, list[int]]

    @classmethod
    def of(cls, found: pl.DataFrame) -> _Leaf:
        """Sort the figures of a frame."""
        import polars as pl

        joint = [
            ((pl.col(_END[passing]) == code) & (pl.col(_WAS_MET) == met)).sum().alias(f"{passing}:{number}")
            for passing in _END
            for number, (code, met) in enumerate(_JOINT)
        ]
        by = found.group_by(SITUATION, _FIGURE).agg(joint).sort(SITUATION, _FIGURE)
        figures, sums, unknown = {}, {}, {}
        for (situation,), part in by.partition_by(SITUATION, as_dict=True, maintain_order=True).items():
            known = part.filter(pl.col(_FIGURE).is_not_null())
            figures[situation] = known[_FIGURE].to_list()
            for passing in _END:
                columns = [known[f"{passing}:{number}"].to_list() for number in range(len(_JOINT))]
                sums[situation, passing] = [[0, *accumulate(column)] for column in columns]
            lost = part.filter(pl.col(_FIGURE).is_null())
            unknown[situation] = [int(lost[f"True:{number}"].sum()) for number in range(len(_JOINT))]
        return cls(figures, sums, unknown)

    def at(self, situation: int, sign: Sign, threshold: float | None) -> list[int]:
        """The places of a situation for a threshold."""
        figures = self.figures.get(situation)
        if figures is None:
            return [0] * len(_JOINT)
        first, last = _passing(figures, sign, threshold)
        passes, fails = self.sums[situation, True], self.sums[situation, False]
        end = len(figures)
        return [
            one[last] - one[first] + other[first] + other[end] - other[last] + unknown
            for one, other, unknown in zip(passes, fails, self.unknown[situation], strict=True)
        ]


def _passing(figures: Sequence[float], sign: Sign, threshold: float | None) -> tuple[int, int]:
    """From where to where sorted figures pass."""
    if threshold is None:
        return 0, 0
    if sign.wants_more:
        return (bisect_left if sign is Sign.AT_LEAST else bisect_right)(figures, threshold), len(figures)
    if sign.wants_less:
        return 0, (bisect_right if sign is Sign.AT_MOST else bisect_left)(figures, threshold)
    return bisect_left(figures, threshold), bisect_right(figures, threshold)


def _asks_more(old: Requirement, new: Requirement, named: frozenset[str]) -> bool:
    """Whether a requirement asks for more of the place itself than the one before, or by a set that is not named."""
    before = [*old.walk()]
    return any(
        (asked_of_place(node) and node not in before) or not named.issuperset(sets_in(node.refers_to))
        for node in new.walk()
    )


def _different(old: Requirement, new: Requirement) -> list[tuple[Compare, Compare]] | None:
    """The comparisons of two trees that differ in thresholds and their sources alone; None where they differ more."""
    if old is new or old == new:
        return []
    if type(old) is not type(new) or len(old.parts) != len(new.parts):
        return None
    if isinstance(old, Compare) and isinstance(new, Compare):
        same = attrs.evolve(new, threshold=old.threshold, source=old.source) == old
        return [(old, new)] if same and isinstance(old.measure, FactMeasure) else None
    if new.with_parts(old.parts) != old:
        return None
    found = []
    for before, after in zip(old.parts, new.parts, strict=True):
        pairs = _different(before, after)
        if pairs is None:
            return None
        found += pairs
    return found


def _is_repeated(tree: Requirement, node: Requirement) -> bool:
    """Whether a node is judged for each of several parts or years."""
    wholes = (each for each in tree.walk() if isinstance(each, ForEach | ForEachYear))
    return any(beneath is node for whole in wholes for beneath in whole.walk())


def _with_threshold(rules: CriteriaSet, address: str, node: Compare, value: Fraction, row: str | None) -> CriteriaSet:
    """A set with another figure in the cells of a comparison."""
    unit = rules.catalogue[_fact(node)].unit or "times"
    figure = Quantity(EXACT.divide(Decimal(value.numerator), Decimal(value.denominator)), unit)
    cells = tuple((path, figure if row is None or row in path else cell) for path, cell in node.threshold.cells)
    changed = attrs.evolve(node, threshold=attrs.evolve(node.threshold, cells=cells))

    def instead(each: Requirement) -> Requirement:
        if each is node:
            return changed
        return each.with_parts(tuple(instead(part) for part in each.parts)) if each.parts else each

    item = rules[address]
    assert isinstance(item, Indicator)  # a row  # noqa: S101
    new = attrs.evolve(item, require=instead(item.require))
    criteria = tuple(
        attrs.evolve(each, indicators=tuple(new if row is item else row for row in each.indicators))
        if any(row is item for row in each.indicators)
        else each
        for each in rules.criteria
    )
    return attrs.evolve(rules, criteria=criteria)


def _source_of(node: Requirement, row: Indicator) -> Source:
    """The nearest source of a node of a row: its own, or that of what it is a part of."""
    return next(source for each, source in row.require.walk_sources(row.source) if each is node)


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
    return _sum(_histogram(affected), rest)


def _read_off(
    found: pl.DataFrame, sign: Sign, thresholds: Sequence[float | None], rest: Sequence[int]
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
        first, last = _passing(figures, sign, threshold)
        parts = (between(True, first, last), between(False, 0, first), between(False, last, end))
        tallies.append([sum(each) for each in zip(*parts, rest, strict=True)])
    return tallies
