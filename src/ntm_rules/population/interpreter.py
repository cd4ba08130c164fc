"""
The column interpreter: requirements give verdicts for all rows of a table at once, one function a form.

It follows the evaluator of single places form by form. Whatever depends on the place alone, and every threshold, is
asked of that evaluator, once for each situation; what is left for the columns is to compare figures and to combine.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any, TypeVar

import attrs

from ntm_rules.evaluation.assessing import judged_by
from ntm_rules.evaluation.axes import context_of
from ntm_rules.evaluation.context import Context
from ntm_rules.evaluation.elsewhere import led_on, other_set, refer
from ntm_rules.evaluation.figures import Lacking, read_of
from ntm_rules.evaluation.forms import judge
from ntm_rules.evaluation.judging import FAILS
from ntm_rules.language import definition_of
from ntm_rules.population.edge import DOT
from ntm_rules.population.figures import NUMBER_OF, Figure, Figures
from ntm_rules.population.kleene import (
    NO_SUPPORT,
    STATEMENT,
    Column,
    Logic,
    Number,
    Truth,
    Verdicts,
    are_one,
    is_constant,
)
from ntm_rules.population.situations import SITUATION, asked_of_place
from ntm_rules.vocabulary.criteria import APPLIES_TO, PRECONDITION, CriteriaSet, Criterion, Indicator
from ntm_rules.vocabulary.dossiers import Dossier
from ntm_rules.vocabulary.instruments import Grade, Source
from ntm_rules.vocabulary.requirements import (
    AllOf,
    AnyOf,
    AppliesWhen,
    AtLeastNOf,
    Attains,
    Compare,
    Denominator,
    Every,
    FactMeasure,
    ForEach,
    ForEachYear,
    Holds,
    IsOneOf,
    RatioMeasure,
    Requirement,
    RowMeasure,
    Rows,
    Sign,
    SubPlaceMeasure,
    ThresholdOf,
    When,
)
from ntm_rules.vocabulary.verdicts import FindingCode, ReasonCode, Support, Verdict

#: What contradictions are called in columns, from 1; 0 is none.
CONFLICTS = (
    FindingCode.STATEMENTS_CONFLICT,
    FindingCode.CONFLICT_ON_RECALLED_THRESHOLD,
    FindingCode.ATTESTATION_CONTRADICTED,
)


def support_code(support: Support | None) -> int:
    """What a verdict rests on in one number, in the order of `Support.strength`."""
    if support is None:
        return NO_SUPPORT
    return support.grade.rank + (STATEMENT if support.statement else 0)


_ATTESTED = STATEMENT + Grade.TEXT.rank


@attrs.frozen
class Said:
    """
    The conclusions on one row: what is so, what drops, and where there is one.

    Attributes:
        disputed: Where conclusions contradict each other.
    """

    so: Truth
    drops: Truth
    given: Truth


@attrs.frozen
class Forced:
    """
    What a comparison gives wherever its figure is known.

    Attributes:
        verdict: None where nothing can be compared with the figure, whatever it is.

        support: The situations in which that is so, each with what it rests on there.
    """

    verdict: bool | None
    support: Mapping[int, int]


@attrs.frozen
class Scene:
    """
    The set that is being judged, with a context for each situation.

    Attributes:
        said: The conclusions that count for this set, by local address.

        part: Which part of the facts is read.

        asking: The addresses that led here.

        in_full: Whether this is one of several years.

        beneath: Whether the rows are places beneath those that the set judges.
    """

    rules: CriteriaSet
    contexts: tuple[Context, ...]
    said: Mapping[str, Said]
    part: str | None = None
    asking: tuple[str, ...] = ()
    in_full: bool = False
    beneath: bool = False


@attrs.frozen
class RowColumns:
    """
    What a row of a set gives.

    Attributes:
        computed: What is computed of it, before any conclusion.

        conflict: The number of a contradiction, 0 for none.

        attested: Where a conclusion is what stands.
    """

    address: str
    column: Column
    computed: Column
    conflict: Number = 0
    attested: Truth = False


@attrs.frozen
class Judged:
    """The columns of a set."""

    indicators: tuple[RowColumns, ...]
    criteria: tuple[RowColumns, ...]
    whole: Column
    applies: RowColumns | None = None
    preconditions: tuple[RowColumns, ...] = ()
    recognition: Column | None = None


_Interpret = Callable[["Interpreter", Any, Source, Scene], Column]
_Node = TypeVar("_Node", bound=Requirement)
_FORMS: dict[type[Requirement], _Interpret] = {}


def interprets(
    form: type[_Node],
) -> Callable[
    [Callable[[Interpreter, _Node, Source, Scene], Column]], Callable[[Interpreter, _Node, Source, Scene], Column]
]:
    """Register the function that gives the columns of a form."""

    def register(
        function: Callable[[Interpreter, _Node, Source, Scene], Column],
    ) -> Callable[[Interpreter, _Node, Source, Scene], Column]:
        _FORMS[form] = function
        return function

    return register


@attrs.define
class Interpreter:
    """
    Builds the columns of a set.

    Attributes:
        dossiers: One for each situation.

        said: The conclusions by full address, and those that name no set by local address.

        steps: What to add to the table, by how deep in the trees it stands: each only reads columns of deeper ones.

        prefix: What the names of columns begin with that are added.

        masks: The columns that say whether a row is in one of some situations, by those situations.

        beneath: Gives the columns that count places beneath, for a measure or a form that asks for them.

        forced: What a comparison gives wherever its figure is known, for a sweep, by its identity.
    """

    logic: Logic
    figures: Figures
    dossiers: tuple[Dossier, ...]
    accept: Grade
    said: Mapping[str, Said]
    set_id: str | None = None
    steps: dict[int, dict[str, Any]] = attrs.field(factory=dict)
    prefix: str = ""
    masks: dict[frozenset[int], str] = attrs.field(factory=dict)
    beneath: Callable[[Requirement, Source, Scene], Column | None] = attrs.field(default=lambda *_: None)
    forced: Mapping[int, Forced] = attrs.field(factory=dict)
    #: By the set and what was said of it; the scene is kept, so that their ids stay their own.
    _judged: dict[tuple[int, int], tuple[Scene, Judged]] = attrs.field(factory=dict)
    _scenes: dict[tuple[int, bool], Scene] = attrs.field(factory=dict)
    _depth: int = 0
    _added: int = 0

    @property
    def verdicts(self) -> Verdicts:
        """How verdicts combine."""
        return Verdicts(self.logic)

    @property
    def stages(self) -> list[dict[str, Any]]:
        """What to add to the table, in this order: each stage only reads columns of those before."""
        return [self.steps[step] for step in sorted(self.steps, reverse=True) if self.steps[step]]

    # --- columns of their own ------------------------------------------------------------------------------------

    def fixed(self, value: Truth, depth: int) -> Truth:
        """The same in a column of its own, for what stands twice in an expression is worked out twice."""
        if is_constant(value):
            return value
        self._added += 1
        name = f"~part {self.prefix}{self._added}"
        self.steps.setdefault(_PER_DEPTH * depth, {})[name] = value
        return self.logic.engine.col(name)

    def once(self, compute: Callable[[], Number], depth: int) -> Callable[[], Number]:
        """A number that is worked out once, in a column of its own, if it is asked for."""
        found: list[Number] = []

        def number() -> Number:
            if not found:
                found.append(self.fixed(compute(), depth))
            return found[0]

        return number

    def part(self, node: Requirement, source: Source, scene: Scene) -> Column:
        """The verdicts of a part that its whole reads more than once."""
        column = self.judge(node, source, scene)
        depth = self._depth + 1
        return attrs.evolve(column, so=self.fixed(column.so, depth), drops=self.fixed(column.drops, depth))

    # --- what depends on the situation ---------------------------------------------------------------------------

    def mask(self, of: frozenset[int]) -> Truth:
        """Whether a row is in one of some situations."""
        if not of:
            return False
        if len(of) == len(self.dossiers):
            return True
        name = self.masks.setdefault(of, f"~mask{len(self.masks)}")
        return self.logic.engine.col(name)

    def mask_exprs(self) -> dict[str, Any]:
        """The columns of the masks."""
        situation = self.logic.engine.col(SITUATION)
        exprs = {}
        for of, name in self.masks.items():
            exprs[name] = situation == next(iter(of)) if len(of) == 1 else situation.is_in(sorted(of))
        return exprs

    def where(self, holds: Sequence[bool]) -> Truth:
        """Where something holds that is known for each situation."""
        return self.mask(frozenset(at for at, so in enumerate(holds) if so))

    def number_by(self, numbers: Sequence[int]) -> Number:
        """A number that is known for each situation."""
        found: Number = numbers[0]
        for each in dict.fromkeys(numbers[1:]):
            if each != numbers[0]:
                found = self.logic.pick(self.where([number == each for number in numbers]), each, found)
        return found

    def of_steps(self, steps: Sequence[Any]) -> Column:
        """The column of verdicts that are known for each situation."""
        logic = self.logic
        open_ = self.where([step.verdict is Verdict.UNDETERMINED for step in steps])
        so = logic.either(self.where([step.verdict is Verdict.MET for step in steps]), logic.both(open_, None))
        drops = self.where([step.verdict is Verdict.NOT_APPLICABLE for step in steps])
        asks_nothing = [
            step.verdict is Verdict.UNDETERMINED and step.reason.code is not ReasonCode.MISSING_ATTRIBUTE
            for step in steps
        ]
        return Column(
            so,
            drops,
            lambda: self.where(asks_nothing),
            lambda: self.number_by([support_code(step.support) for step in steps]),
            lambda: self.number_by([NUMBER_OF[step.reason.code] for step in steps]),
        )

    def scene(self, rules: CriteriaSet, said: Mapping[str, Said], asking: tuple[str, ...] = ()) -> Scene:
        """A set in every situation."""
        contexts = tuple([context_of(rules, dossier, self.accept, asking) for dossier in self.dossiers])
        return Scene(rules, contexts, said, asking=asking)

    def said_of(self, rules: CriteriaSet, *, judged: bool) -> dict[str, Said]:
        """The conclusions that count for a set, by local address; those that name none only where it is *judged*."""
        found = {}
        for address, said in self.said.items():
            set_id, mark, _ = address.rpartition("#")
            if (mark and set_id == str(rules.id)) or (not mark and judged):
                found[rules.local(address)] = said
        return found

    # --- requirements --------------------------------------------------------------------------------------------

    def judge(self, node: Requirement, source: Source, scene: Scene) -> Column:
        """The verdicts of a node; *source* is the nearest source above it."""
        source = node.source or source
        if asked_of_place(node):
            return self.of_steps([judge(node, source, context) for context in scene.contexts])
        self._depth += 1
        try:
            column = _FORMS[type(node)](self, node, source, scene)
        finally:
            self._depth -= 1
        if not node.parts and not node.refers_to:
            return column
        depth = self._depth + 1
        return attrs.evolve(column, support=self.once(column.support, depth), why=self.once(column.why, depth))

    # --- rows ----------------------------------------------------------------------------------------------------

    def row(self, address: str, computed: Column, scene: Scene) -> RowColumns:
        """A row: what is computed beside what departments concluded."""
        said = scene.said.get(address)
        if said is None:
            return RowColumns(address, computed, computed)
        logic, verdicts = self.logic, self.verdicts
        open_ = verdicts.open(computed)
        stands = logic.both(open_, said.given)
        if open_ is True:
            column = Column(said.so, said.drops, computed.blocked, lambda: _ATTESTED, self._why(computed, stands))
            return RowColumns(address, column, computed, attested=said.given)
        both = logic.both(computed.drops, said.drops)
        neither = logic.both(logic.negated(computed.drops), logic.negated(said.drops))
        same = logic.alike(computed.so, said.so)
        agree = logic.either(both, logic.both(neither, same))
        support = computed.support()
        is_said = logic.compare(support, STATEMENT, operator.ge)
        outweighs = logic.compare(support, Grade.SECONDARY.rank, operator.le)
        differs = logic.both(logic.both(said.given, logic.negated(open_)), logic.negated(agree))
        lost = logic.both(differs, logic.negated(outweighs))
        so = logic.choose(stands, said.so, logic.choose(lost, None, computed.so))
        drops = logic.choose(stands, said.drops, logic.both(computed.drops, logic.negated(lost)))
        conflict = logic.pick(differs, logic.pick(is_said, 1, logic.pick(outweighs, 3, 2)), 0)
        column = Column(
            so,
            drops,
            computed.blocked,
            lambda: logic.pick(stands, _ATTESTED, support),
            self._why(computed, stands, conflict),
        )
        return RowColumns(address, column, computed, conflict, stands)

    def _why(self, computed: Column, stands: Truth, conflict: Number = 0) -> Callable[[], Number]:
        """The first reason of a row beside a conclusion."""
        logic = self.logic

        def why() -> Number:
            found = computed.why()
            for number, code in ((1, ReasonCode.STATEMENTS_CONFLICT), (2, ReasonCode.CONFLICT_ON_RECALLED_THRESHOLD)):
                found = logic.pick(logic.compare(conflict, number, operator.eq), NUMBER_OF[code], found)
            return logic.pick(stands, NUMBER_OF[ReasonCode.ATTESTED], found)

        return why

    def indicator(self, address: str, indicator: Indicator, scene: Scene) -> RowColumns:
        """An indicator, a condition of recognition, or what the place must be."""
        return self.row(address, self.judge(indicator.require, indicator.source, scene), scene)

    def criterion(self, criterion: Criterion, indicators: Sequence[Column], scene: Scene) -> RowColumns:
        """A criterion, which needs all of its indicators."""
        return self.row(criterion.number, self.all_of(indicators), scene)

    def all_of(self, parts: Sequence[Column]) -> Column:
        """A whole that needs all of its parts, with what it rests on."""
        so, drops = self.verdicts.all_of(parts)
        return Column(
            so,
            drops,
            lambda: self.logic.any(part.blocked() for part in parts),
            lambda: self._support(so, drops, parts, by_one=False),
            lambda: self._first(so, drops, parts),
        )

    def _support(self, so: Truth, drops: Truth, parts: Sequence[Column], *, by_one: bool) -> Number:
        """What a group rests on: one part is enough for the verdict *by_one*, any other verdict needs all its parts."""
        logic, verdicts = self.logic, self.verdicts
        codes = [part.support() for part in parts]
        if are_one(codes):
            return codes[0]
        met = [(verdicts.met(part), code) for part, code in zip(parts, codes, strict=True)]
        failing = [(verdicts.not_met(part), code) for part, code in zip(parts, codes, strict=True)]
        dropping = [(part.drops, code) for part, code in zip(parts, codes, strict=True)]
        of_met = verdicts.strongest(met) if by_one else verdicts.weakest(met)
        of_failing = verdicts.weakest(failing) if by_one else verdicts.strongest(failing)
        decided = logic.pick(logic.is_true(so), of_met, of_failing)
        return logic.pick(drops, verdicts.weakest(dropping), decided)

    def _first(self, so: Truth, drops: Truth, parts: Sequence[Column]) -> Number:
        """The first reason among the parts that gave the verdict of their whole."""
        logic, verdicts = self.logic, self.verdicts
        met, failing, open_, dropping = (
            verdicts.first_reason([(of(part), part.why()) for part in parts])
            for of in (verdicts.met, verdicts.not_met, verdicts.open, lambda part: part.drops)
        )
        decided = logic.pick(logic.is_true(so), met, logic.pick(logic.is_false(so), failing, open_))
        return logic.pick(drops, dropping, decided)

    # --- the set -------------------------------------------------------------------------------------------------

    def judged(self, scene: Scene, prefix: str = "") -> Judged:
        """The columns of a whole set; rows are added to the table stage by stage."""
        key = (id(scene.rules), id(scene.said))
        if key not in self._judged:
            self._judged[key] = scene, self._whole(scene, prefix)
        return self._judged[key][1]

    def _whole(self, scene: Scene, prefix: str) -> Judged:
        rules, logic = scene.rules, self.logic
        items = [*rules.rows]
        computed = [self.judge(each.require, each.source, scene) for _, each in items]
        rows = self.rows([address for address, _ in items], computed, scene, prefix, steps=(9, 8))
        kept = {row.address: row for row in rows}
        of_criterion = {
            each.number: tuple(kept[f"{each.number}/{row.number}"] for row in each.indicators)
            for each in rules.criteria
        }
        wholes = [self.all_of([row.column for row in of_criterion[each.number]]) for each in rules.criteria]
        criteria = self.rows([each.number for each in rules.criteria], wholes, scene, prefix, steps=(7, 6))
        conditions = [kept[f"{PRECONDITION}{each.number}"] for each in rules.preconditions]
        applies = kept.get(APPLIES_TO)
        whole = self.of_set(rules, [each.column for each in criteria], applies)
        (whole,) = self.keep({f"~{prefix}{_WHOLE}": whole}, step=5)
        recognition = None
        if conditions:
            so, drops = self.verdicts.all_of([whole, *(each.column for each in conditions)])
            if applies is not None:
                drops = logic.either(drops, self.verdicts.not_met(applies.column))
            recognition = Column(so, drops)
        indicators = tuple(row for each in rules.criteria for row in of_criterion[each.number])
        return Judged(indicators, tuple(criteria), whole, applies, tuple(conditions), recognition)

    def rows(
        self, addresses: Sequence[str], computed: Sequence[Column], scene: Scene, prefix: str, *, steps: tuple[int, int]
    ) -> list[RowColumns]:
        """
        Rows beside what was concluded on them, read from columns that new stages add.

        What is computed gets columns of its own first: setting a conclusion beside it reads it many times.
        """
        # Spark reads a dot in a name as a part of a structure.
        names = [f"~{prefix}{address}".replace(".", DOT) for address in addresses]
        # What a row rests on is asked for beside a conclusion on it, or on its criterion.
        resting = {
            name
            for name, address in zip(names, addresses, strict=True)
            if address in scene.said or address.partition("/")[0] in scene.said
        }
        kept = self.keep(dict(zip(names, computed, strict=True)), resting, step=steps[0])
        found = [self.row(address, each, scene) for address, each in zip(addresses, kept, strict=True)]
        said = {f"{name}~said": row.column for name, row in zip(names, found, strict=True) if row.address in scene.said}
        concluded = dict(zip(said, self.keep(said, {f"{name}~said" for name in resting}, step=steps[1]), strict=True))
        return [
            attrs.evolve(row, column=concluded.get(f"{name}~said", row.column))
            for name, row in zip(names, found, strict=True)
        ]

    def of_set(self, rules: CriteriaSet, criteria: Sequence[Column], applies: RowColumns | None) -> Column:
        """The set, which needs all of its criteria, and is judged only where it is for the place."""
        logic, verdicts = self.logic, self.verdicts
        whole = self.all_of(criteria)
        if rules.incomplete:
            # The rows that an incomplete set lacks are open, so it is never met, and never drops out.
            whole = attrs.evolve(whole, so=logic.both(whole.so, None), drops=False)
        if applies is None:
            return whole
        not_for = verdicts.not_met(applies.column)
        left_open = logic.both(verdicts.open(applies.column), logic.negated(whole.drops))
        so = logic.choose(left_open, None, whole.so)

        def support() -> Number:
            own, its = whole.support(), applies.column.support()
            decided = verdicts.weakest([(True, own), (logic.compare(its, 0, operator.ge), its)])
            return logic.pick(not_for, its, decided)

        return Column(so, logic.either(not_for, whole.drops), whole.blocked, support, whole.why)

    # --- what is judged elsewhere --------------------------------------------------------------------------------

    def there(self, rules: CriteriaSet, scene: Scene, asking: tuple[str, ...], *, own: bool) -> Scene:
        """The set that another row leads to: the same, or one for which only what names it was said."""
        if own:
            return attrs.evolve(scene, asking=asking, part=None)
        dossier = attrs.evolve(scene.contexts[0].scope.dossier, set_id=self.set_id)
        judged = (scene.in_full or scene.beneath) and judged_by(rules, dossier)
        key = (id(rules), judged)
        if key not in self._scenes:
            self._scenes[key] = self.scene(rules, self.said_of(rules, judged=judged), asking)
        return attrs.evolve(self._scenes[key], asking=asking)

    def attained(self, there: Scene, local: str, prefix: str) -> Column:
        """The verdict on a whole set, for an empty address, or on one of its criteria or indicators."""
        rules = there.rules
        item = rules.find(local) if local else None
        if item is None:
            return self.judged(there, prefix).whole
        if isinstance(item, Indicator):
            return self.indicator(rules.local(rules.address(item)), item, there).column
        rows = [self.indicator(f"{item.number}/{each.number}", each, there).column for each in item.indicators]
        return self.of_criterion(self.criterion(item, rows, there), rules)

    def of_criterion(self, row: RowColumns, rules: CriteriaSet) -> Column:
        """A criterion as it counts elsewhere: a row that the library lacks may be one of it, unless it is attested."""
        if rules.missing_rows[1] == 0:
            return row.column
        logic = self.logic
        by_parts = logic.both(self.verdicts.met(row.column), logic.negated(row.attested))
        return attrs.evolve(row.column, so=logic.choose(by_parts, None, row.column.so))

    def keep(self, columns: Mapping[str, Column], support: Collection[str] = (), *, step: int) -> list[Column]:
        """The same verdicts, read from columns of the table that a new stage adds; of some what they rest on, too."""
        at = _PER_DEPTH * self._depth + step
        stage = self.steps.setdefault(at, {})
        col = self.logic.engine.col
        kept = []
        for name, column in columns.items():
            so, drops, rests = column.so, column.drops, column.support
            if not is_constant(so):
                stage[name] = so
                so = col(name)
            if not is_constant(drops):
                stage[f"{name}~drops"] = drops
                drops = col(f"{name}~drops")
            if name in support:
                code = rests()
                if not isinstance(code, int):
                    stage[f"{name}~support"] = code
                    code = col(f"{name}~support")
                rests = partial(_same, code)
            else:
                rests = self._later(rests, at, f"{name}~support")
            kept.append(attrs.evolve(column, so=so, drops=drops, support=rests))
        return kept

    def _later(self, compute: Callable[[], Number], at: int, name: str) -> Callable[[], Number]:
        """What verdicts rest on, in a column of the stage that has them, if it is asked for."""

        def number() -> Number:
            stage = self.steps.setdefault(at, {})
            if name not in stage:
                code = compute()
                if isinstance(code, int):
                    return code
                stage[name] = code
            return self.logic.engine.col(name)

        return number


def _same(number: Number) -> Number:
    return number


# So many stages a set needs between one depth of the trees and the next.
_PER_DEPTH = 10

_WHOLE = "="


# --- comparisons and statements ---------------------------------------------------------------------------------


# From so many thresholds on it is faster to look up that of every row than to try one after another.
_MANY = 3


@attrs.frozen
class Term:
    """The threshold of a comparison in one situation."""

    closed: ReasonCode | None
    value: Fraction | None
    support: int


def terms_of(interpreter: Interpreter, node: Compare, source: Source, scene: Scene) -> list[Term]:
    """The threshold in each situation."""
    found = []
    for context in scene.contexts:
        applied, support = context.terms.threshold(node, source)
        if isinstance(applied.cell, ThresholdOf) and applied.closed is None:
            fact = definition_of(node.measure, context.terms.rules.catalogue)
            applied = refer(applied, applied.cell, fact, context)
            support = Support(applied.grade, statement=False)
        value = None if applied.value is None else Fraction(applied.value.value)
        found.append(Term(applied.closed, value, support_code(support)))
    return found


@interprets(Compare)
def _comparison(self: Interpreter, node: Compare, source: Source, scene: Scene) -> Column:
    if isinstance(node.measure, RowMeasure):
        return _counted_rows(self, node, source, scene)
    if isinstance(node.measure, SubPlaceMeasure):
        found = self.beneath(node, source, scene)
        if found is not None:
            return found
        terms = terms_of(self, node, source, scene)
        return _closed(self, terms, None, ReasonCode.SUB_PLACES_UNKNOWN)
    terms = terms_of(self, node, source, scene)
    if isinstance(node.measure, FactMeasure):
        figure = self.figures.of(node.measure.fact, scene.part)
    else:
        figure = self.figures.ratio(node.measure, _elsewhere(node.measure, scene))
    return _compared(self, node, terms, figure)


def _elsewhere(measure: RatioMeasure, scene: Scene) -> tuple[ReasonCode | None, ReasonCode | None]:
    """Why the sides of a ratio are open that are of another place or year, of which a table does not tell."""
    context = attrs.evolve(scene.contexts[0], part=scene.part)
    of, to = (
        read_of(each, context) if each.of is not None or each.at is not None else None for each in measure.readings
    )
    return of.code if isinstance(of, Lacking) else None, to.code if isinstance(to, Lacking) else None


def _closed(self: Interpreter, terms: Sequence[Term], so: Truth, why: ReasonCode) -> Column:
    """A comparison of which nothing is decided but that it asks nothing."""
    asks_nothing = [term.closed is ReasonCode.ASKS_NOTHING for term in terms]
    return Column(
        so,
        self.where(asks_nothing),
        lambda: self.where([not nothing for nothing in asks_nothing]),
        lambda: self.number_by([term.support for term in terms]),
        lambda: self.number_by([NUMBER_OF[term.closed or why] for term in terms]),
    )


def _compared(self: Interpreter, node: Compare, terms: Sequence[Term], figure: Figure) -> Column:
    """A figure against the threshold of each situation."""
    logic = self.logic
    asks_nothing = self.where([term.closed is ReasonCode.ASKS_NOTHING for term in terms])
    closed = [term.closed is not None and term.closed is not ReasonCode.ASKS_NOTHING for term in terms]
    so: Truth = logic.both(self.where(closed), None)
    equal: Truth = False
    values = dict.fromkeys(term.value for term in terms if term.value is not None)
    one_by_one = node.sign is Sign.EQUALS or node.threshold.boundary_unstated or len(values) < _MANY
    if figure.compare_each is not None and not one_by_one:
        so = figure.compare_each(node.sign, [term.value for term in terms])
        values = {}
    for value in values:
        here = self.where([term.value == value for term in terms])
        passes = figure.compare(node.sign, value)
        if node.threshold.boundary_unstated:
            at = figure.compare(Sign.EQUALS, value)
            passes = logic.choose(logic.is_true(at), None, passes)
            equal = logic.either(equal, logic.both(here, logic.is_true(at)))
        so = logic.either(so, logic.both(here, passes))
    if id(node) in self.forced:
        forced = self.forced[id(node)]
        swept = self.mask(frozenset(forced.support))
        instead = None if forced.verdict is None else logic.choose(figure.known, forced.verdict, None)
        so = logic.choose(swept, instead, so)
        asks_nothing = logic.both(asks_nothing, logic.negated(swept))
        closed = [forced.verdict is None if at in forced.support else each for at, each in enumerate(closed)]
        terms = [
            Term(None, None, forced.support[at]) if at in forced.support else term for at, term in enumerate(terms)
        ]

    def why() -> Number:
        met, failed = NUMBER_OF[ReasonCode.REACHES_THRESHOLD], NUMBER_OF[FAILS[node.sign]]
        compared = logic.pick(logic.is_true(so), met, failed)
        compared = logic.pick(equal, NUMBER_OF[ReasonCode.BOUNDARY_UNSTATED], compared)
        compared = logic.pick(figure.known, compared, figure.why())
        for code in dict.fromkeys(term.closed for term in terms if term.closed is not None):
            compared = logic.pick(self.where([term.closed is code for term in terms]), NUMBER_OF[code], compared)
        return compared

    return Column(
        so,
        asks_nothing,
        lambda: self.where(closed),
        lambda: self.number_by([term.support for term in terms]),
        why,
    )


def _stated(self: Interpreter, source: Source, scene: Scene, so: Truth, codes: tuple[ReasonCode, ...]) -> Column:
    """A statement or category; *codes* are the reasons where it holds, does not, and is missing."""
    logic = self.logic
    citations = [context.terms.citation(source) for context in scene.contexts]
    refused = self.where([cited.grade.rank > self.accept.rank for cited, _ in citations])
    met, failing, missing = (NUMBER_OF[code] for code in codes)

    def why() -> Number:
        found = logic.pick(logic.is_null(so), missing, logic.pick(logic.is_true(so), met, failing))
        return logic.pick(refused, NUMBER_OF[ReasonCode.GRADE_NOT_ACCEPTED], found)

    return Column(
        logic.choose(refused, None, so),
        False,
        lambda: refused,
        lambda: self.number_by([support_code(support) for _, support in citations]),
        why,
    )


@interprets(Holds)
def _holds(self: Interpreter, node: Holds, source: Source, scene: Scene) -> Column:
    so, lacking = self.figures.statement(node.fact, scene.part, ReasonCode.NOT_DECLARED)
    return _stated(self, source, scene, so, (ReasonCode.DECLARED_TRUE, ReasonCode.DECLARED_FALSE, lacking))


@interprets(IsOneOf)
def _is_one_of(self: Interpreter, node: IsOneOf, source: Source, scene: Scene) -> Column:
    so, lacking = self.figures.one_of(node.subject, node.values, scene.part, ReasonCode.CATEGORY_MISSING)
    return _stated(self, source, scene, so, (ReasonCode.IS_ONE_OF, ReasonCode.NOT_ONE_OF, lacking))


@interprets(Every)
def _every(self: Interpreter, node: Every, source: Source, scene: Scene) -> Column:
    found = self.beneath(node, source, scene)
    if found is not None:
        return found
    return Column(None, False, lambda: True, why=lambda: NUMBER_OF[ReasonCode.SUB_PLACES_UNKNOWN])


# --- groups -----------------------------------------------------------------------------------------------------


@interprets(AllOf)
def _all_of(self: Interpreter, node: AllOf, source: Source, scene: Scene) -> Column:
    return self.all_of([self.judge(member, source, scene) for member in node.members])


@interprets(AnyOf)
def _any_of(self: Interpreter, node: AnyOf, source: Source, scene: Scene) -> Column:
    parts = [self.judge(member, source, scene) for member in node.members]
    so, drops = self.verdicts.any_of(parts)
    return Column(
        so,
        drops,
        lambda: self.logic.any(part.blocked() for part in parts),
        lambda: self._support(so, drops, parts, by_one=True),
        lambda: self._first(so, drops, parts),
    )


@interprets(AtLeastNOf)
def _at_least_n_of(self: Interpreter, node: AtLeastNOf, source: Source, scene: Scene) -> Column:
    logic, verdicts = self.logic, self.verdicts
    parts = [self.part(member, source, scene) for member in node.members]
    so, drops = verdicts.at_least_n_of(node.n, parts, open_list=node.open_list)
    open_ = logic.both(logic.is_null(so), logic.negated(drops))

    def support() -> Number:
        codes = [part.support() for part in parts]
        if are_one(codes):
            return codes[0]
        met = [(verdicts.met(part), code) for part, code in zip(parts, codes, strict=True)]
        failing = [(verdicts.not_met(part), code) for part, code in zip(parts, codes, strict=True)]
        dropping = [(part.drops, code) for part, code in zip(parts, codes, strict=True)]
        lost = [*failing, *dropping]
        any_lost = logic.any(where for where, _ in lost)
        of_lost = logic.pick(any_lost, verdicts.weakest(lost), verdicts.weakest(met))
        return logic.pick(
            drops,
            verdicts.weakest(dropping),
            logic.pick(logic.is_true(so), _best(self, node.n, met), of_lost),
        )

    def why() -> Number:
        of_open = NUMBER_OF[ReasonCode.LIST_OPEN]
        if not node.open_list:
            of_open = verdicts.first_reason([(verdicts.open(part), part.why()) for part in parts])
        of_drop = verdicts.first_reason([(part.drops, part.why()) for part in parts])
        enough, too_few = NUMBER_OF[ReasonCode.ENOUGH_OF], NUMBER_OF[ReasonCode.TOO_FEW_OF]
        decided = logic.pick(logic.is_true(so), enough, logic.pick(logic.is_false(so), too_few, of_open))
        return logic.pick(drops, of_drop, decided)

    def blocked() -> Truth:
        beneath = logic.any(part.blocked() for part in parts)
        return logic.either(beneath, open_) if node.open_list else beneath

    return Column(so, drops, blocked, support, why)


def _best(self: Interpreter, n: int, met: Sequence[tuple[Truth, Number]]) -> Number:
    """What the *n* best supported of the parts that are met rest on together."""
    logic = self.logic
    found: Number = NO_SUPPORT
    grades = range(len(Grade))
    ranks = [*grades, *(STATEMENT + rank for rank in grades)]

    def up_to(code: int) -> list[Truth]:
        return [logic.both(where, logic.compare(its, code, operator.le)) for where, its in met]

    for code in reversed(ranks):
        within = up_to(code)
        worst: Number = code
        if code >= STATEMENT:
            # Of figures and statements together the grade is the worst of both.
            inside = [(where, its) for where, (_, its) in zip(within, met, strict=True)]
            worst = self.verdicts.weakest(inside)
        enough = logic.compare(logic.count(within), n, operator.ge)
        found = logic.pick(enough, worst, found)
    return found


@interprets(ForEach)
def _for_each(self: Interpreter, node: ForEach, source: Source, scene: Scene) -> Column:
    logic = self.logic
    listed = scene.rules.catalogue.part_list(node.by)
    if listed is not None and listed.parts is not None:
        scenes = [attrs.evolve(scene, part=part.id) for part in listed.parts]
        return self.all_of([self.judge(node.require, source, each) for each in scenes])
    # The law's list is not at hand: the parts that are told of can fail it, and nothing can meet it.
    facts = [fact for beneath in node.require.walk() for fact in beneath.facts]
    parts = []
    for part, told in self.figures.parts_told(facts):
        column = self.part(node.require, source, attrs.evolve(scene, part=part))
        here = logic.both(told, logic.negated(column.drops))
        parts.append(attrs.evolve(column, so=logic.choose(here, column.so, True), drops=False))
    failing = logic.any(logic.is_false(part.so) for part in parts)
    so = logic.choose(failing, False, None)
    return Column(
        so,
        False,
        lambda: logic.negated(failing),
        lambda: self._support(so, False, parts, by_one=False),
        lambda: logic.pick(
            failing,
            self.verdicts.first_reason([(logic.is_false(part.so), part.why()) for part in parts]),
            NUMBER_OF[ReasonCode.PARTS_UNSTATED],
        ),
    )


@interprets(ForEachYear)
def _for_each_year(self: Interpreter, node: ForEachYear, source: Source, scene: Scene) -> Column:
    """A table tells of one year: the years before are open, so that only the year judged can decide, by failing."""
    logic = self.logic
    now = self.part(node.require, source, attrs.evolve(scene, in_full=True))
    if node.last == 1:
        failing = self.verdicts.not_met(now)
        codes = {True: ReasonCode.YEARS_MET, False: ReasonCode.YEAR_NOT_MET, None: ReasonCode.YEARS_OPEN}
        return attrs.evolve(now, why=lambda: _by_verdict(self, now.so, now.drops, codes), blocked=lambda: True)
    failing = self.verdicts.not_met(now)
    why_not = NUMBER_OF[ReasonCode.YEAR_NOT_MET]
    return Column(
        logic.choose(failing, False, None),
        False,
        lambda: True,
        now.support,
        lambda: logic.pick(failing, why_not, NUMBER_OF[ReasonCode.YEARS_MISSING]),
    )


def _by_verdict(self: Interpreter, so: Truth, drops: Truth, codes: Mapping[bool | None, ReasonCode]) -> Number:
    """One reason for each verdict."""
    logic = self.logic
    met, failing, open_ = (NUMBER_OF[codes[each]] for each in (True, False, None))
    decided = logic.pick(logic.is_true(so), met, logic.pick(logic.is_false(so), failing, open_))
    return logic.pick(drops, NUMBER_OF[ReasonCode.ASKS_NOTHING], decided)


@interprets(AppliesWhen)
def _applies_when(self: Interpreter, node: AppliesWhen, source: Source, scene: Scene) -> Column:
    logic, verdicts = self.logic, self.verdicts
    condition, body = (self.part(each, source, scene) for each in (node.condition, node.body))
    unasked, unsure = verdicts.not_met(condition), verdicts.open(condition)
    so = logic.choose(unsure, None, body.so)
    drops = logic.either(unasked, body.drops)

    def support() -> Number:
        own, its = condition.support(), body.support()
        both = verdicts.weakest([(logic.negated(unsure), own), (True, its)])
        return logic.pick(unasked, own, logic.pick(body.drops, its, both))

    def why() -> Number:
        own, its = condition.why(), body.why()
        first_met = logic.pick(verdicts.met(condition), own, its)
        open_ = logic.pick(unsure, own, its)
        decided = logic.pick(logic.is_true(so), first_met, logic.pick(logic.is_false(so), its, open_))
        dropping = logic.pick(condition.drops, own, its)
        not_considered = NUMBER_OF[ReasonCode.NOT_CONSIDERED]
        return logic.pick(unasked, not_considered, logic.pick(body.drops, dropping, decided))

    def blocked() -> Truth:
        return logic.either(condition.blocked(), logic.both(logic.negated(unasked), body.blocked()))

    return Column(so, drops, blocked, support, why)


@interprets(When)
def _when(self: Interpreter, node: When, source: Source, scene: Scene) -> Column:
    logic, verdicts = self.logic, self.verdicts
    question, then, otherwise = (self.part(each, source, scene) for each in node.parts)
    yes, no, open_ = verdicts.met(question), verdicts.not_met(question), verdicts.open(question)
    both_drop = logic.both(then.drops, otherwise.drops)
    agree: Truth = False
    if not node.when.may_drop and open_ is not False:
        neither = logic.both(logic.negated(then.drops), logic.negated(otherwise.drops))
        same = logic.alike(then.so, otherwise.so)
        agree = logic.both(logic.both(neither, same), logic.negated(question.blocked()))
    left_open = logic.both(open_, logic.negated(logic.either(agree, both_drop)))
    of_branch = logic.choose(yes, then.so, otherwise.so)
    so = logic.choose(left_open, None, of_branch)
    taken = logic.either(logic.both(yes, then.drops), logic.both(no, otherwise.drops))
    drops = logic.either(question.drops, logic.either(taken, logic.both(open_, both_drop)))

    def support() -> Number:
        own, one, other = question.support(), then.support(), otherwise.support()
        agreed = verdicts.weakest([(True, one), (True, other)])
        branch = logic.pick(yes, one, other)
        answered = verdicts.weakest([(True, own), (True, branch)])
        return logic.pick(question.drops, own, logic.pick(open_, agreed, answered))

    def why() -> Number:
        own = question.why()
        branch = logic.pick(yes, NUMBER_OF[ReasonCode.BRANCH_THEN], NUMBER_OF[ReasonCode.BRANCH_OTHERWISE])
        unanswered = logic.pick(left_open, own, NUMBER_OF[ReasonCode.BRANCHES_AGREE])
        return logic.pick(question.drops, own, logic.pick(open_, unanswered, branch))

    def blocked() -> Truth:
        beneath = logic.either(
            logic.both(logic.negated(no), then.blocked()), logic.both(logic.negated(yes), otherwise.blocked())
        )
        # An answered question leaves what its branch gives, which may turn out to ask nothing.
        unsettled = logic.both(logic.either(yes, no), logic.both(logic.is_null(so), logic.negated(drops)))
        return logic.either(logic.either(question.blocked(), beneath), unsettled)

    return Column(so, drops, blocked, support, why)


# --- what is judged elsewhere -----------------------------------------------------------------------------------


@interprets(Attains)
def _attains(self: Interpreter, node: Attains, source: Source, scene: Scene) -> Column:
    logic, verdicts = self.logic, self.verdicts
    context = scene.contexts[0]
    rules = other_set(node.address, context)
    dossier = context.scope.dossier
    local = node.address.partition("#")[2]
    citations = [each.terms.citation(source)[0] for each in scene.contexts]
    if rules is None or rules.id.level is not dossier.place.level or (local and rules.find(local) is None):
        return Column(None, False, lambda: True, why=lambda: NUMBER_OF[ReasonCode.SET_NOT_IN_FORCE])
    own = rules is scene.rules
    asking = led_on(node.address, attrs.evolve(context, asking=scene.asking))
    found = self.attained(self.there(rules, scene, asking, own=own), local, "" if own else f"{rules.id}#")
    refused = self.where([cited.grade.rank > self.accept.rank for cited in citations])
    # A set that is not in force is never attained.
    lapsed: Truth = False
    if not own and not rules.in_force.holds_on(dossier.on):
        lapsed = verdicts.met(found)
    decided = logic.negated(verdicts.open(found))
    left_open = logic.either(lapsed, logic.both(refused, decided))
    so = logic.choose(left_open, None, found.so)
    drops = logic.both(found.drops, logic.negated(left_open))

    def support() -> Number:
        grade = self.number_by([cited.grade.rank for cited in citations])
        its = found.support()
        return verdicts.weakest([(True, grade), (logic.compare(its, 0, operator.ge), its)])

    def why() -> Number:
        codes = {True: ReasonCode.ATTAINED, False: ReasonCode.NOT_ATTAINED, None: ReasonCode.ATTAINMENT_OPEN}
        told = _by_verdict(self, found.so, found.drops, codes)
        told = logic.pick(logic.both(refused, decided), NUMBER_OF[ReasonCode.GRADE_NOT_ACCEPTED], told)
        return logic.pick(lapsed, NUMBER_OF[ReasonCode.SET_NOT_IN_FORCE], told)

    return Column(so, drops, lambda: logic.both(logic.is_null(so), logic.negated(drops)), support, why)


# --- what is counted --------------------------------------------------------------------------------------------


def _counted_rows(self: Interpreter, node: Compare, source: Source, scene: Scene) -> Column:
    measure = node.measure
    assert isinstance(measure, RowMeasure)  # asked before  # noqa: S101
    context = scene.contexts[0]
    rules = other_set(measure.set_id, context)
    dossier = context.scope.dossier
    own = rules is scene.rules
    known = rules is not None and rules.id.level is dossier.place.level
    if rules is None or not known or not (own or rules.in_force.holds_on(dossier.on)):
        return Column(None, False, lambda: True, why=lambda: NUMBER_OF[ReasonCode.SET_NOT_IN_FORCE])
    asking = led_on(measure.set_id, attrs.evolve(context, asking=scene.asking))
    there = self.there(rules, scene, asking, own=own)
    judged = self.judged(there, "" if own else f"{rules.id}#")
    members = [Column(None) if each is None else each for each in _members(self, measure, rules, judged)]
    if not measure.met:
        members = [attrs.evolve(each, so=self.logic.negated(each.so)) for each in members]
    verdicts, logic = self.verdicts, self.logic
    counts = Counts(
        logic.count(verdicts.met(each) for each in members),
        logic.count(verdicts.open(each) for each in members),
        logic.count(each.drops for each in members),
        len(members),
        0 if measure.among else rules.missing_rows[measure.rows is not Rows.CRITERIA],
        lambda: verdicts.weakest(
            [(True, NO_SUPPORT), *((logic.negated(verdicts.open(each)), each.support()) for each in members)]
        ),
    )
    of = measure.of if measure.share else None
    return counted(self, node, terms_of(self, node, source, scene), counts, of, may_drop=True)


def _members(self: Interpreter, measure: RowMeasure, rules: CriteriaSet, judged: Judged) -> list[Column | None]:
    """The rows that count; None for one that the set lacks."""
    if measure.rows is Rows.CRITERIA:
        found = {each.address: self.of_criterion(each, rules) for each in judged.criteria}
    else:
        found = {each.address: each.column for each in judged.indicators}
    if not measure.among:
        return list(found.values())
    rows = []
    for number in measure.among:
        item = rules.find(number)
        if isinstance(item, Criterion) and measure.rows is Rows.INDICATORS and len(item.indicators) == 1:
            # A criterion and its only indicator may bear one number.
            item = item.indicators[0]
        rows.append(None if item is None else found.get(rules.local(rules.address(item))))
    return rows


@attrs.frozen
class Counts:
    """
    What was counted in every row.

    Attributes:
        members: How many are listed.

        unlisted: How many more there are, of which nothing is known; None if that is not known either.

        support: Gives what the decided members rest on, all together.

        unknown: Where nothing is known of any member.
    """

    met: Number
    open: Number
    dropped: Number
    members: Number
    unlisted: int | None
    support: Callable[[], Number]
    unknown: Truth = False


def counted(
    self: Interpreter,
    node: Compare,
    terms: Sequence[Term],
    counts: Counts,
    of: Denominator | None,
    *,
    may_drop: bool,
) -> Column:
    """An interval against the threshold of each situation, as `evaluation.rollup` compares it."""
    logic = self.logic
    beyond = counts.unlisted or 0
    listed = counts.members + beyond
    applicable = listed - counts.dropped
    most = counts.met + counts.open + beyond
    nothing: Truth = False
    if counts.unlisted is not None:
        nothing = logic.both(logic.compare(applicable, 0, operator.eq), logic.negated(counts.unknown))
    asks_nothing = self.where([term.closed is ReasonCode.ASKS_NOTHING for term in terms])
    so: Truth = logic.both(self.where([term.value is None for term in terms]), None)
    unsettled: Truth = False
    for value in dict.fromkeys(term.value for term in terms if term.value is not None):
        here = self.where([term.value == value for term in terms])
        ways = {Denominator.UNSTATED: (applicable, listed), Denominator.LISTED: (listed,), None: (None,)}
        found = []
        for total in ways.get(of, (applicable,)):
            ends = _ends(self, counts, most, total, value)
            found.append(_of_interval(self, node, ends))
        own = found[0]
        if len(found) > 1:
            both_open = logic.both(logic.is_null(found[0]), logic.is_null(found[1]))
            same = logic.either(both_open, logic.alike(*found))
            unsettled = logic.either(unsettled, logic.both(here, logic.negated(same)))
            own = logic.choose(same, own, None)
        so = logic.either(so, logic.both(here, own))
    none_decided: Truth = False
    if may_drop:
        none_decided = logic.compare(counts.open + beyond, applicable, operator.eq)
    if counts.unlisted is None:
        none_decided = logic.either(none_decided, logic.compare(counts.members, 0, operator.eq))
    so = logic.choose(logic.either(none_decided, counts.unknown), None, so)

    def why() -> Number:
        codes = {True: ReasonCode.COUNTED_MET, False: ReasonCode.COUNTED_NOT_MET, None: ReasonCode.COUNTED_OPEN}
        told = _by_verdict(self, so, False, codes)
        told = logic.pick(unsettled, NUMBER_OF[ReasonCode.DENOMINATOR_UNSTATED], told)
        unknown = counts.unknown
        if counts.unlisted is None:
            unknown = logic.compare(counts.members, 0, operator.eq)
        if unknown is not False:
            told = logic.pick(unknown, NUMBER_OF[ReasonCode.SUB_PLACES_UNKNOWN], told)
        for code in dict.fromkeys(term.closed for term in terms if term.closed is not None):
            told = logic.pick(self.where([term.closed is code for term in terms]), NUMBER_OF[code], told)
        told = logic.pick(nothing, NUMBER_OF[ReasonCode.NOTHING_COUNTED], told)
        return logic.pick(asks_nothing, NUMBER_OF[ReasonCode.ASKS_NOTHING], told)

    def support() -> Number:
        own = self.number_by([term.support for term in terms])
        its = counts.support()
        both = self.verdicts.weakest([(True, own), (logic.compare(its, 0, operator.ge), its)])
        return logic.pick(asks_nothing, own, both)

    drops = logic.either(asks_nothing, nothing)
    return Column(so, drops, lambda: logic.both(logic.is_null(so), logic.negated(drops)), support, why)


@attrs.frozen
class _Ends:
    """How the ends of an interval compare with a threshold: each takes an operator."""

    low: Callable[[Callable[[Any, Any], Any]], Truth]
    high: Callable[[Callable[[Any, Any], Any]], Truth]


def _ends(self: Interpreter, counts: Counts, most: Number, total: Number | None, value: Fraction) -> _Ends:
    """The ends of what was counted, cross-multiplied; where any number may be added a count has no end."""
    logic = self.logic
    required = value.numerator
    if total is None:
        low = counts.met * value.denominator
        high = most * value.denominator
        endless = counts.unlisted is None
        of_high = (lambda how: bool(how(1, 0))) if endless else (lambda how: logic.compare(high, required, how))
        return _Ends(lambda how: logic.compare(low, required, how), of_high)
    if counts.unlisted is None:
        return _Ends(lambda how: bool(how(Fraction(0), value)), lambda how: bool(how(Fraction(100), value)))
    scale = 100 * value.denominator
    whole = total * required
    return _Ends(
        lambda how: logic.compare(counts.met * scale, whole, how), lambda how: logic.compare(most * scale, whole, how)
    )


def _of_interval(self: Interpreter, node: Compare, ends: _Ends) -> Truth:
    """Met if all of an interval passes, not met if none of it does (`evaluation.rollup.of_interval`)."""
    logic = self.logic
    unsure = node.threshold.boundary_unstated
    if node.sign is Sign.EQUALS:
        met = False if unsure else logic.both(ends.low(operator.eq), ends.high(operator.eq))
        failing = logic.either(ends.low(operator.gt), ends.high(operator.lt))
    elif node.sign.wants_more:
        strict = unsure or node.sign is Sign.MORE_THAN
        met = ends.low(operator.gt if strict else operator.ge)
        failing = ends.high(operator.le if node.sign is Sign.MORE_THAN and not unsure else operator.lt)
    else:
        strict = unsure or node.sign is Sign.LESS_THAN
        met = ends.high(operator.lt if strict else operator.le)
        failing = ends.low(operator.ge if node.sign is Sign.LESS_THAN and not unsure else operator.gt)
    return logic.choose(met, True, logic.choose(failing, False, None))


@attrs.frozen
class Beneaths:
    """
    What all places beneath gave together.

    Attributes:
        numbers: How many gave what.

        unknown: Where nothing is known of any.

        weakest: What those that are met, and those that are excepted, rest on all together.

        best: What the best supported of those that are not met rests on.
    """

    numbers: Mapping[str, Number]
    unknown: Truth
    weakest: Number
    best: Number


def every_of(self: Interpreter, scene: Scene, source: Source, of: Beneaths) -> Column:
    """What *every* gives, by how many places beneath gave what (`evaluation.rollup`)."""
    logic = self.logic
    failing = logic.compare(of.numbers["failing"], 0, operator.gt)
    open_ = logic.either(of.unknown, logic.compare(of.numbers["open"], 0, operator.gt))
    sure = logic.compare(of.numbers["met"], of.numbers["maybe"], operator.gt)
    unsure = logic.compare(of.numbers["maybe"], 0, operator.gt)
    so = logic.choose(failing, False, logic.choose(logic.either(open_, logic.negated(sure)), None, True))
    nothing = logic.negated(logic.either(logic.either(failing, open_), logic.either(sure, unsure)))

    def support() -> Number:
        grade = self.number_by([context.terms.citation(source)[0].grade.rank for context in scene.contexts])
        of_all = self.verdicts.weakest([(True, grade), (logic.compare(of.weakest, 0, operator.ge), of.weakest)])
        return logic.pick(failing, of.best, of_all)

    def why() -> Number:
        codes = [
            (failing, ReasonCode.EVERY_NOT_MET),
            (of.unknown, ReasonCode.SUB_PLACES_UNKNOWN),
            (open_, ReasonCode.EVERY_OPEN),
            (sure, ReasonCode.EVERY_MET),
            (unsure, ReasonCode.EVERY_OPEN),
        ]
        found: Number = NUMBER_OF[ReasonCode.NOTHING_COUNTED]
        for where, code in reversed(codes):
            found = logic.pick(where, NUMBER_OF[code], found)
        return found

    return Column(so, nothing, lambda: logic.both(logic.is_null(so), logic.negated(nothing)), support, why)
