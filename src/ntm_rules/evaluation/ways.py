"""How a requirement could come to give a verdict: the ranges that its figures would have to lie in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cached_property, reduce

import attrs

from ntm_rules.evaluation.context import Context
from ntm_rules.evaluation.forms import judge
from ntm_rules.evaluation.judging import answerable
from ntm_rules.vocabulary.assessments import Reason, Step
from ntm_rules.vocabulary.dossiers import FactValue
from ntm_rules.vocabulary.facts import ScaleStep
from ntm_rules.vocabulary.instruments import Source
from ntm_rules.vocabulary.requirements import (
    AllOf,
    AnyOf,
    AppliesWhen,
    AtLeastNOf,
    Compare,
    ForEach,
    Holds,
    IsOneOf,
    Requirement,
    Sign,
    When,
)
from ntm_rules.vocabulary.verdicts import ReasonCode, Verdict

_MET, _NOT_MET, _OPEN, _DROPS = Verdict.MET, Verdict.NOT_MET, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE

#: The most ways of one requirement that are followed.
MOST_WAYS = 128


@attrs.frozen
class Range:
    """
    The figures between two bounds, either of which may be missing or excluded.

    Attributes:
        steps: How many steps the scale has, for an ordinal fact.
    """

    low: Fraction | None = None
    high: Fraction | None = None
    low_out: bool = False
    high_out: bool = False
    steps: int | None = None

    def holds(self, value: Fraction) -> bool:
        """Whether a figure lies in it."""
        above = self.low is None or value > self.low or (value == self.low and not self.low_out)
        return above and (self.high is None or value < self.high or (value == self.high and not self.high_out))

    def both(self, other: Range) -> Range:
        """What lies in both."""
        low, low_out = self.low, self.low_out
        if low is None or (other.low is not None and (other.low, other.low_out) > (low, low_out)):
            low, low_out = other.low, other.low_out
        high, high_out = self.high, self.high_out
        if high is None or (other.high is not None and (other.high, not other.high_out) < (high, not high_out)):
            high, high_out = other.high, other.high_out
        return Range(low, high, low_out, high_out, self.steps)

    @property
    def empty(self) -> bool:
        """Whether nothing lies in it; of a scale, none of its steps."""
        if self.steps is not None:
            return not any(self.holds(Fraction(rank)) for rank in range(self.steps))
        if self.low is None or self.high is None or self.low < self.high:
            return False
        return self.low > self.high or self.low_out or self.high_out


@attrs.frozen
class Choice:
    """Some of the values of a category; yes or no."""

    values: frozenset[str | bool]

    def both(self, other: Choice) -> Choice:
        """What is in both."""
        return Choice(self.values & other.values)

    @property
    def empty(self) -> bool:
        """Whether there is none."""
        return not self.values


@attrs.frozen(cache_hash=True)
class Key:
    """
    A figure of the dossier: a fact, or a part of one; of a computed one, that which was computed.

    Attributes:
        now: What it is.
    """

    fact: str
    part: str | None
    computed: bool
    now: FactValue = attrs.field(eq=False, repr=False)

    @classmethod
    def of(cls, figure: FactValue) -> Key:
        """The key of a figure."""
        return cls(figure.fact, figure.part, figure.computed is not None, figure)


@attrs.frozen
class Way:
    """
    What would have to hold at once.

    Attributes:
        wanted: The ranges in which figures would have to lie, whether they do or not.

        blocked: The leaves that would have to give something else, which no figure brings about.
    """

    wanted: tuple[tuple[Key, Wanted], ...] = ()
    blocked: tuple[Step, ...] = ()

    @cached_property
    def _by_key(self) -> dict[Key, Wanted]:
        return dict(self.wanted)

    @cached_property
    def _keys(self) -> frozenset[Key]:
        return frozenset(self._by_key)

    def with_(self, other: Way) -> Way | None:
        """Both at once; None where they exclude each other."""
        wanted = dict(self.wanted)
        for key, more in other.wanted:
            both = _both(wanted.get(key, more), more)
            if both.empty:
                return None
            wanted[key] = both
        blocked = (*self.blocked, *(step for step in other.blocked if not _among(step, self.blocked)))
        return Way(tuple(wanted.items()), blocked)

    def asks_no_more_than(self, other: Way) -> bool:
        """Whether whatever does for the other does for this."""
        if not self._keys <= other._keys:
            return False
        theirs = other._by_key
        if any(_both(own, theirs[key]) != theirs[key] for key, own in self.wanted):
            return False
        return all(_among(step, other.blocked) for step in self.blocked)


Wanted = Range | Choice


def _both(one: Wanted, other: Wanted) -> Wanted:
    """What both want of one figure."""
    if isinstance(one, Range) and isinstance(other, Range):
        return one.both(other)
    assert isinstance(one, Choice)  # both are of one fact, so of one kind  # noqa: S101
    assert isinstance(other, Choice)  # as above  # noqa: S101
    return one.both(other)


def is_so(wanted: Wanted, figure: FactValue) -> bool:
    """Whether a figure is as wanted."""
    if isinstance(wanted, Range):
        return wanted.holds(fraction_of(figure))
    return (figure.option if figure.statement is None else figure.statement) in wanted.values


def fraction_of(figure: FactValue) -> Fraction:
    """A figure, or the rank of a step, exactly."""
    numerator, denominator = figure.fraction
    return Fraction(numerator) / Fraction(denominator)


def _among(step: Step, steps: Iterable[Step]) -> bool:
    return any(each is step for each in steps)


@attrs.frozen
class Ways:
    """
    Some ways, any of which will do.

    Attributes:
        cut: Whether there may be more, which were not followed.
    """

    each: tuple[Way, ...] = ()
    cut: bool = False


FREE = Ways((Way(),))
NO_WAY = Ways()


def _fewest(ways: Iterable[Way], *, cut: bool) -> Ways:
    """The ways that ask no more than needed: none whose wishes another's include."""
    kept: list[Way] = []
    for way in ways:
        if any(each.asks_no_more_than(way) for each in kept):
            continue
        kept = [each for each in kept if not way.asks_no_more_than(each)]
        if len(kept) == MOST_WAYS:
            return Ways(tuple(kept), cut=True)
        kept.append(way)
    return Ways(tuple(kept), cut)


def together(*parts: Ways) -> Ways:
    """All parts at once."""

    def two(first: Ways, second: Ways) -> Ways:
        both = (one.with_(other) for one in first.each for other in second.each)
        return _fewest((way for way in both if way is not None), cut=first.cut or second.cut)

    return reduce(two, parts, FREE)


def either(*parts: Ways) -> Ways:
    """Any one part."""
    return _fewest((way for part in parts for way in part.each), cut=any(part.cut for part in parts))


@attrs.frozen
class _Node:
    """
    A requirement and how it could come to give each verdict.

    Attributes:
        verdict: What it gives now.
    """

    verdict: Verdict
    met: Ways
    not_met: Ways
    drops: Ways = NO_WAY

    @property
    def fine(self) -> Ways:
        """To be met, or not to apply."""
        return either(self.met, self.drops)

    @property
    def out(self) -> Ways:
        """Not to count: not to be met, or not to apply."""
        return either(self.not_met, self.drops)


def ways_to_be_fine(node: Requirement, source: Source, context: Context) -> Ways:
    """How a requirement could come to be met, or not to apply any more."""
    return _node(node, source, context).fine


def _node(node: Requirement, source: Source, context: Context) -> _Node:
    source = node.source or source
    form = _FORMS.get(type(node))
    if form is not None:
        return form(node, source, context)
    return _leaf(judge(node, source, context), context)


# --- leaves -----------------------------------------------------------------------------------------------------


def _leaf(step: Step, context: Context) -> _Node:
    blocked = Ways((Way((), (step,)),))
    if step.verdict is _DROPS:
        return _Node(_DROPS, NO_WAY, NO_WAY, FREE)
    if step.verdict is _OPEN and step.reason.code is not ReasonCode.BOUNDARY_UNSTATED:
        return _Node(_OPEN, blocked, blocked)
    wanted = _wanted(step, context)
    if wanted is None:
        met, not_met = (FREE, blocked) if step.verdict is _MET else (blocked, FREE)
        return _Node(step.verdict, met, not_met)
    key, passing, failing = wanted
    met, not_met = (Ways(tuple(Way(((key, each),)) for each in some if not each.empty)) for some in (passing, failing))
    return _Node(step.verdict, met, not_met)


_Sides = tuple[Key, tuple[Wanted, ...], tuple[Wanted, ...]]


def _wanted(step: Step, context: Context) -> _Sides | None:
    """Where a figure passes and where it fails; None for what no figure of the place's own decides."""
    node, figure = step.requirement, step.reason.figure
    if figure is None or figure.of is not None:
        return None
    if isinstance(node, Holds):
        yes, no = (Choice(frozenset({said})) for said in (True, False))
        return Key.of(figure), (yes,), (no,)
    if isinstance(node, IsOneOf):
        definition = context.terms.rules.catalogue.get(figure.fact)
        known: frozenset[str | bool] = (
            frozenset() if definition is None else frozenset(each.id for each in definition.values)
        )
        wanted: frozenset[str | bool] = frozenset(node.values)
        return Key.of(figure), (Choice(wanted),), (Choice(known - wanted),)
    assert isinstance(node, Compare)  # nothing else has a figure  # noqa: S101
    applied = step.reason.threshold
    assert applied is not None  # it was compared  # noqa: S101
    required = applied.value
    assert required is not None  # it was compared  # noqa: S101
    steps = None
    if isinstance(required, ScaleStep):
        scale = context.terms.rules.catalogue.scale(required.scale)
        steps = None if scale is None else len(scale.steps)
    passing, failing = _ranges(node.sign, Fraction(required.value), steps, unstated=node.threshold.boundary_unstated)
    return Key.of(figure), passing, failing


def _ranges(
    sign: Sign, at: Fraction, steps: int | None, *, unstated: bool
) -> tuple[tuple[Range, ...], tuple[Range, ...]]:
    """Where a figure passes, and where it fails; what the law does not say of the threshold itself is in neither."""
    above = Range(low=at, low_out=True, steps=steps)
    below = Range(high=at, high_out=True, steps=steps)
    if sign is Sign.EQUALS:
        return (() if unstated else (Range(at, at, steps=steps),)), (above, below)
    better, worse = (above, below) if sign.wants_more else (below, above)
    reaches = sign in (Sign.AT_LEAST, Sign.AT_MOST)
    if not unstated:
        if reaches:
            better = attrs.evolve(better, low_out=False, high_out=False)
        else:
            worse = attrs.evolve(worse, low_out=False, high_out=False)
    return (better,), (worse,)


# --- groups -----------------------------------------------------------------------------------------------------


def _one_is_met(nodes: list[_Node]) -> Ways:
    """One of them is met, and all others are met or do not apply."""
    return either(*(together(node.met, *(each.fine for each in nodes if each is not node)) for node in nodes))


def _all_of(node: Requirement, source: Source, context: Context) -> _Node:
    return _every(node, [_node(part, source, context) for part in node.parts], source, context)


def _every(node: Requirement, nodes: list[_Node], source: Source, context: Context) -> _Node:
    verdict = judge(node, source, context).verdict
    failing = either(*(each.not_met for each in nodes))
    return _Node(verdict, _one_is_met(nodes), failing, together(*(each.drops for each in nodes)))


def _any_of(node: Requirement, source: Source, context: Context) -> _Node:
    nodes = [_node(part, source, context) for part in node.parts]
    verdict = judge(node, source, context).verdict
    failing = (together(one.not_met, *(each.out for each in nodes if each is not one)) for one in nodes)
    return _Node(
        verdict, either(*(each.met for each in nodes)), either(*failing), together(*(each.drops for each in nodes))
    )


def _for_each(node: ForEach, source: Source, context: Context) -> _Node:
    step = judge(node, source, context)
    listed = context.terms.rules.catalogue.part_list(node.by)
    if listed is None or listed.parts is None:
        # Another part, of which nothing is known, may fail.
        return _leaf(attrs.evolve(step, steps=()), context)
    nodes = [_node(node.require, source, attrs.evolve(context, part=part.id)) for part in listed.parts]
    return _every(node, nodes, source, context)


def _n_of(node: AtLeastNOf, source: Source, context: Context) -> _Node:
    nodes = [_node(part, source, context) for part in node.members]
    verdict = judge(node, source, context).verdict
    met = _so_many([each.met for each in nodes], node.n)
    if node.open_list:
        return _Node(verdict, met, NO_WAY)
    out = _so_many([each.out for each in nodes], len(nodes) - node.n + 1)
    decided = either(*(either(each.met, each.not_met) for each in nodes))
    return _Node(verdict, met, together(out, decided), together(*(each.drops for each in nodes)))


def _so_many(parts: list[Ways], number: int) -> Ways:
    """Any so many of the parts."""
    by_number: list[Ways] = [FREE, *(NO_WAY for _ in range(max(0, number)))]
    for part in parts:
        for at in range(len(by_number) - 1, 0, -1):
            by_number[at] = either(by_number[at], together(by_number[at - 1], part))
    return by_number[-1]


def _applies_when(node: AppliesWhen, source: Source, context: Context) -> _Node:
    condition, body = (_node(part, source, context) for part in node.parts)
    verdict = judge(node, source, context).verdict
    given = condition.fine
    return _Node(
        verdict,
        together(given, body.met),
        together(given, body.not_met),
        either(condition.not_met, body.drops),
    )


def _when(node: When, source: Source, context: Context) -> _Node:
    question, then, otherwise = (_node(part, source, context) for part in node.parts)
    verdict = judge(node, source, context).verdict

    step = judge(node.when, node.when.source or source, context)
    asked = not node.when.may_drop and all(answerable(each) for each in step.walk())

    def ways(first: Ways, second: Ways, *, agree: bool = asked) -> Ways:
        by_answer = (together(question.met, first), together(question.not_met, second))
        # An open question needs no answer where both branches agree, unless it may turn out not to apply.
        return either(*by_answer, *((together(first, second),) if agree and question.verdict is _OPEN else ()))

    drops = either(question.drops, ways(then.drops, otherwise.drops, agree=True))
    return _Node(verdict, ways(then.met, otherwise.met), ways(then.not_met, otherwise.not_met), drops)


_FORMS: dict[type[Requirement], Callable[..., _Node]] = {
    AllOf: _all_of,
    AnyOf: _any_of,
    AtLeastNOf: _n_of,
    ForEach: _for_each,
    AppliesWhen: _applies_when,
    When: _when,
}


# What the dossier could still bring.
_ESTABLISHED_BY_DOSSIER = frozenset(
    {
        ReasonCode.MISSING_FACT,
        ReasonCode.MISSING_FACT_ABOVE,
        ReasonCode.MISSING_FACT_THEN,
        ReasonCode.NOT_DECLARED,
        ReasonCode.CATEGORY_MISSING,
        ReasonCode.PART_MISSING,
        ReasonCode.FACT_OF_OTHER_YEAR,
        ReasonCode.MISSING_ATTRIBUTE,
        ReasonCode.NOTHING_TO_MEASURE,
        ReasonCode.NO_REGISTER,
        ReasonCode.TITLE_DATE_OPEN,
        ReasonCode.ATTAINMENT_OPEN,
        ReasonCode.SUB_PLACES_UNKNOWN,
        ReasonCode.COUNTED_OPEN,
        ReasonCode.EVERY_OPEN,
        ReasonCode.YEARS_OPEN,
        ReasonCode.YEARS_MISSING,
        ReasonCode.NO_SUCH_EVENT,
        ReasonCode.EVENT_AMBIGUOUS,
        ReasonCode.STATEMENTS_CONFLICT,
        ReasonCode.CONFLICT_ON_RECALLED_THRESHOLD,
    }
)


def can_be_established(reason: Reason) -> bool:
    """Whether what is open is open because the dossier does not say it, and not because the law does not."""
    return reason.code in _ESTABLISHED_BY_DOSSIER
