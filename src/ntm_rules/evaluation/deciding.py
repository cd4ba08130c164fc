"""A trace read backwards: what decided a verdict, and which missing facts can still change one."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

import attrs

from ntm_rules.evaluation import kleene
from ntm_rules.evaluation.judging import PASSES, answerable
from ntm_rules.vocabulary.assessments import Assessment, Firmness, FirmnessCode, IndicatorResult, Prospects, Step
from ntm_rules.vocabulary.facts import FactCatalogue, ScaleStep
from ntm_rules.vocabulary.lent import lent
from ntm_rules.vocabulary.places import Level
from ntm_rules.vocabulary.quantities import EXACT, Quantity, last_place
from ntm_rules.vocabulary.requirements import (
    AllOf,
    AnyOf,
    AppliesWhen,
    AtLeastNOf,
    Compare,
    FactMeasure,
    ForEach,
    Holds,
    IsOneOf,
    Requirement,
    When,
)
from ntm_rules.vocabulary.verdicts import ReasonCode, Verdict

_MET, _NOT_MET, _OPEN, _DROPS = Verdict.MET, Verdict.NOT_MET, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE

#: The most completions of one requirement that are tried; beyond it every open part is taken to matter.
MOST_COMPLETIONS = 4096

# How many steps an `if` has where its condition fails, and a choice where the question stays open.
_CONDITION_ALONE = 1
_BOTH_BRANCHES = 3

_ONE, _HUNDRED = Decimal(1), Decimal(100)


# --- what decided it --------------------------------------------------------------------------------------------


def deciding(step: Step) -> tuple[Step, ...]:
    """
    A smallest set of leaves that give the verdict of *step* by themselves; of an undetermined one, what is open.

    With every other leaf undetermined the verdict stands, and without any one of these it would not.
    """
    if not step.steps:
        return (step,)
    if not step.verdict.decided:
        # Where no part is open, the list of parts is.
        return tuple(leaf for part in step.steps if not part.verdict.decided for leaf in deciding(part)) or (step,)
    return _DECIDING[type(step.requirement)](step)


def _smallest(steps: Iterable[Step]) -> tuple[Step, ...]:
    return min((deciding(each) for each in steps), key=len)


def _every_one(step: Step) -> tuple[Step, ...]:
    return tuple(leaf for part in step.steps for leaf in deciding(part))


def _by_one(verdict: Verdict) -> Callable[[Step], tuple[Step, ...]]:
    """One part of that verdict is enough to give it; any other verdict needs all parts."""

    def of(step: Step) -> tuple[Step, ...]:
        if step.verdict is verdict:
            return _smallest(part for part in step.steps if part.verdict is verdict)
        return _every_one(step)

    return of


def _of_n(step: Step) -> tuple[Step, ...]:
    node = step.requirement
    assert isinstance(node, AtLeastNOf)  # registered for it  # noqa: S101
    if step.verdict is _DROPS:
        return _every_one(step)
    if step.verdict is _MET:
        kept = _fewest((part for part in step.steps if part.verdict is _MET), node.n)
    else:
        kept = _lost(step, len(step.steps) - node.n + 1)
    return tuple(leaf for part in step.steps if part in kept for leaf in deciding(part))


class _Picked(tuple[Step, ...]):
    """Steps by their identity: equal ones are still two."""

    __slots__ = ()

    def __contains__(self, step: object) -> bool:
        return any(each is step for each in self)


def _fewest(steps: Iterable[Step], number: int) -> _Picked:
    """Those that need the fewest leaves."""
    return _Picked(sorted(steps, key=lambda part: len(deciding(part)))[: max(0, number)])


def _lost(step: Step, number: int) -> _Picked:
    """
    So many parts that can't count any more; one of all that are kept must be decided for itself.

    Were all that are kept not applicable, the rest might turn out so too, and the whole with them.
    """
    lost = [part for part in step.steps if part.verdict in (_NOT_MET, _DROPS)]
    kept = _fewest(lost, number)
    if any(part.verdict is _NOT_MET for part in kept):
        return kept
    ways = [_Picked((*kept, part)) for part in step.steps if part.verdict is _MET]
    failing = [part for part in lost if part.verdict is _NOT_MET]
    ways += [_Picked((*_fewest((each for each in lost if each is not part), number - 1), part)) for part in failing]
    return min(ways, key=lambda way: sum(len(deciding(part)) for part in way))


def _of_condition(step: Step) -> tuple[Step, ...]:
    body = step.steps[-1]
    return deciding(body) if body.verdict is _DROPS else _every_one(step)


def _of_choice(step: Step) -> tuple[Step, ...]:
    if len(step.steps) < _BOTH_BRANCHES:
        return _every_one(step)
    # The question is open, and either branch gives the same.
    return tuple(leaf for branch in step.steps[1:] for leaf in deciding(branch))


_DECIDING: dict[type[Requirement], Callable[[Step], tuple[Step, ...]]] = {
    AllOf: _by_one(_NOT_MET),
    ForEach: _by_one(_NOT_MET),
    AnyOf: _by_one(_MET),
    AtLeastNOf: _of_n,
    AppliesWhen: _of_condition,
    When: _of_choice,
}


# --- combining again --------------------------------------------------------------------------------------------


def recombine(step: Step, settled: Mapping[int, Verdict]) -> Verdict:
    """
    The verdict of *step* if some of its leaves, named by identity, gave another one.

    What was not judged, as a branch that was not taken, stays open.
    """
    if not step.steps:
        return settled.get(id(step), step.verdict)
    return _COMBINED[type(step.requirement)](step, [recombine(part, settled) for part in step.steps], settled)


_Combine = Callable[[Step, list[Verdict], Mapping[int, Verdict]], Verdict]


def _all_again(step: Step, verdicts: list[Verdict], settled: Mapping[int, Verdict]) -> Verdict:
    verdict = kleene.all_of(verdicts)
    # Of a list of parts that is not at hand another part may fail.
    return _OPEN if step.reason.code is ReasonCode.PARTS_UNSTATED and verdict is not _NOT_MET else verdict


def _any_again(step: Step, verdicts: list[Verdict], settled: Mapping[int, Verdict]) -> Verdict:
    return kleene.any_of(verdicts)


def _n_again(step: Step, verdicts: list[Verdict], settled: Mapping[int, Verdict]) -> Verdict:
    node = step.requirement
    assert isinstance(node, AtLeastNOf)  # registered for it  # noqa: S101
    return kleene.at_least_n_of(node.n, verdicts, open_list=node.open_list)


def _condition_again(step: Step, verdicts: list[Verdict], settled: Mapping[int, Verdict]) -> Verdict:
    condition, body = verdicts if len(verdicts) > _CONDITION_ALONE else (verdicts[0], _OPEN)
    if condition is _NOT_MET or body is _DROPS:
        return _DROPS
    return body if condition is not _OPEN else _OPEN


def _choice_again(step: Step, verdicts: list[Verdict], settled: Mapping[int, Verdict]) -> Verdict:
    node, question = step.requirement, verdicts[0]
    assert isinstance(node, When)  # registered for it  # noqa: S101
    if question is _DROPS:
        return _DROPS
    if len(verdicts) < _BOTH_BRANCHES:
        return verdicts[-1] if question is step.steps[0].verdict else _OPEN
    if question is not _OPEN:
        return verdicts[1] if question is _MET else verdicts[2]
    asked = not node.when.may_drop and all(
        answerable(each) or recombine(each, settled).decided for each in step.steps[0].walk()
    )
    agreed = verdicts[1] is verdicts[2] and (asked or verdicts[1] is _DROPS)
    return verdicts[1] if agreed else _OPEN


_COMBINED: dict[type[Requirement], _Combine] = {
    AllOf: _all_again,
    ForEach: _all_again,
    AnyOf: _any_again,
    AtLeastNOf: _n_again,
    AppliesWhen: _condition_again,
    When: _choice_again,
}


# --- what is missing --------------------------------------------------------------------------------------------

#: What one missing figure can do to the leaves that read it, by their identity.
_Outcome = dict[int, Verdict]


@attrs.frozen
class _Asked:
    """The leaves that lack the same thing, and what it may turn out to be."""

    facts: tuple[str, ...]
    outcomes: tuple[_Outcome, ...]


def prospects(step: Step, catalogue: FactCatalogue) -> Prospects:
    """
    What the missing facts can still do to the verdict of *step*.

    Every way in which they may come is tried, each fact given or not; a fact that gives the same in all of them as
    when it is missing does not matter.
    """
    asked = list(_asked(step, catalogue))
    choices = [({}, *each.outcomes) for each in asked]
    number = 1
    for choice in choices:
        number *= len(choice)
    if number > MOST_COMPLETIONS:
        return Prospects(tuple((fact, frozenset(Verdict)) for fact in dict.fromkeys(_named(asked))), frozenset(Verdict))
    found: dict[tuple[int, ...], Verdict] = {}
    for way in itertools.product(*(range(len(choice)) for choice in choices)):
        settled: _Outcome = {}
        for choice, at in zip(choices, way, strict=True):
            settled |= choice[at]
        found[way] = recombine(step, settled)
    leads: dict[str, set[Verdict]] = {}
    for way, verdict in found.items():
        for at, each in enumerate(asked):
            if way[at] and verdict is not found[(*way[:at], 0, *way[at + 1 :])]:
                for fact in each.facts:
                    leads.setdefault(fact, set()).add(verdict)
    facts = tuple((fact, frozenset(leads[fact])) for fact in dict.fromkeys(_named(asked)) if fact in leads)
    return Prospects(facts, frozenset(found.values()))


def _named(asked: Sequence[_Asked]) -> Iterator[str]:
    return (fact for each in asked for fact in each.facts)


def _asked(step: Step, catalogue: FactCatalogue) -> Iterator[_Asked]:
    """What is missing, by the leaves that lack it; those beneath a part that is decided lack nothing."""
    groups: dict[tuple[tuple[str, ...], str | None, str | None], list[Step]] = {}
    for leaf in deciding(step):
        facts = leaf.reason.missing_facts
        if facts or leaf.reason.code in _SAID_OTHERWISE:
            groups.setdefault((facts, leaf.reason.part, None if facts else leaf.reason.subject), []).append(leaf)
    for (facts, _, _), leaves in groups.items():
        yield _Asked(facts, tuple(_outcomes(leaves, catalogue)))


def _outcomes(leaves: list[Step], catalogue: FactCatalogue) -> Iterator[_Outcome]:
    """What the leaves that read one fact may give together; each by itself where that can't be told."""
    one = len({leaf.reason.subject for leaf in leaves}) == 1
    if one and all(_reads_a_figure(leaf) for leaf in leaves):
        for figure in _figures(leaves, catalogue):
            yield {id(leaf): _at(leaf, _value(leaf).value, figure) for leaf in leaves}
    elif one and all(isinstance(leaf.requirement, Holds) for leaf in leaves):
        yield from ({id(leaf): verdict for leaf in leaves} for verdict in (_MET, _NOT_MET))
    elif one and all(isinstance(leaf.requirement, IsOneOf) for leaf in leaves):
        definition = catalogue.get(leaves[0].reason.subject or "")
        named = dict.fromkeys((*(value for leaf in leaves for value in _values(leaf)), None))
        for value in named if definition is None else (each.id for each in definition.values):
            yield {id(leaf): _MET if value in _values(leaf) else _NOT_MET for leaf in leaves}
    else:
        for verdicts in itertools.product((_MET, _NOT_MET, _DROPS, _OPEN), repeat=len(leaves)):
            yield {id(leaf): verdict for leaf, verdict in zip(leaves, verdicts, strict=True)}


def _figures(leaves: list[Step], catalogue: FactCatalogue) -> Iterator[Decimal]:
    """
    Every step of the scale; else a figure below, on, between and above all thresholds, which stand for all.

    None is outside the bounds of its fact: no dossier is read that tells such a figure, though one may be computed.
    """
    required = [_value(leaf) for leaf in leaves]
    if isinstance(required[0], ScaleStep):
        scale = catalogue.scale(required[0].scale)
        yield from map(Decimal, range(0 if scale is None else len(scale.steps)))
        return
    marks = sorted({each.value for each in required})
    between = (EXACT.divide(EXACT.add(low, high), Decimal(2)) for low, high in itertools.pairwise(marks))
    figures = (EXACT.subtract(marks[0], _ONE), *marks, *between, EXACT.add(marks[-1], _ONE))
    definition = catalogue.get(leaves[0].reason.subject or "")
    least = most = None
    if definition is not None and definition.derived is None:
        least, most = definition.minimum, definition.maximum
    yield from dict.fromkeys(_within(least, figure, most) for figure in figures)


def _within(least: Decimal | None, figure: Decimal, most: Decimal | None) -> Decimal:
    """A figure, or the bound that it is beyond."""
    if least is not None and figure < least:
        return least
    return most if most is not None and figure > most else figure


def _values(leaf: Step) -> tuple[str, ...]:
    """The values of a category that will do."""
    return leaf.requirement.values if isinstance(leaf.requirement, IsOneOf) else ()


def _value(leaf: Step) -> Quantity | ScaleStep:
    """The threshold that a figure would be compared with."""
    applied = leaf.reason.threshold
    assert applied is not None  # it reads a figure  # noqa: S101
    assert applied.value is not None  # it reads a figure  # noqa: S101
    return applied.value


def _reads_a_figure(leaf: Step) -> bool:
    node, applied = leaf.requirement, leaf.reason.threshold
    lone = isinstance(node, Compare) and isinstance(node.measure, FactMeasure)
    return lone and leaf.reason.code not in _NO_FIGURE and applied is not None and applied.value is not None


#: What a dossier may still say though it is no fact: what the place is, titles, places beneath and above, other years.
_SAID_OTHERWISE = frozenset(
    {
        ReasonCode.MISSING_ATTRIBUTE,
        ReasonCode.MISSING_FACT_ABOVE,
        ReasonCode.MISSING_FACT_THEN,
        ReasonCode.NO_REGISTER,
        ReasonCode.TITLE_DATE_OPEN,
        ReasonCode.SUB_PLACES_UNKNOWN,
        ReasonCode.COUNTED_OPEN,
        ReasonCode.EVERY_OPEN,
        ReasonCode.ATTAINMENT_OPEN,
        ReasonCode.JUDGED_BY_OTHER_SET,
        ReasonCode.DENOMINATOR_UNSTATED,
        ReasonCode.YEARS_OPEN,
        ReasonCode.YEARS_MISSING,
        ReasonCode.NO_SUCH_EVENT,
        ReasonCode.EVENT_AMBIGUOUS,
    }
)


# Codes by which not a figure is missing but what the threshold hangs on.
_NO_FIGURE = frozenset({ReasonCode.MISSING_ATTRIBUTE})


def _at(leaf: Step, required: Decimal, figure: Decimal) -> Verdict:
    """The verdict of a figure."""
    node = leaf.requirement
    assert isinstance(node, Compare)  # it reads a figure  # noqa: S101
    order = (figure > required) - (figure < required)
    if order == 0 and node.threshold.boundary_unstated:
        return _OPEN
    return _MET if order in PASSES[node.sign] else _NOT_MET


def prospects_of(row: IndicatorResult) -> Prospects:
    """What the missing facts can still do to the verdict on a row; nothing where that stands on a conclusion."""
    if row.verdict.decided or not row.by_trace:
        return Prospects((), frozenset({row.verdict}))
    # What a contradiction leaves open no fact decides.
    decided = Prospects((), frozenset({row.verdict}))
    return decided if row.trace.verdict.decided else prospects(row.trace, row.scope.rules.catalogue)


def missing_for_verdict(result: Assessment) -> tuple[str, ...]:
    """The facts that can still change the verdict on the set, or on its recognition."""
    rows = [row for each in result.criteria if not each.verdict.decided for row in each.indicators]
    conditions = list(result.preconditions)
    complete, applies = _may_be_met(result), result.applies
    asked = None if applies is None or applies.verdict.decided else prospects_of(applies)
    facts: dict[str, None] = {}
    # Of a set that can't turn out to be for the place no row matters; a condition that fails does.
    may_be_for = asked is None or bool(asked.reach & {_MET, _DROPS})
    if not result.verdict.decided and may_be_for:
        facts |= dict.fromkeys(_turning(rows, complete=complete))
    if result.recognition is not None and not result.recognition.verdict.decided:
        some = _turning([*rows, *conditions], complete=complete) if may_be_for else _turning(conditions, complete=False)
        facts |= dict.fromkeys(some)
    if asked is not None and not result.verdict.decided:
        # With nothing else open, or nothing that can be decided, it matters only whether the set is for another place.
        alone = all(each.code is ReasonCode.SET_APPLICABILITY_OPEN for each in result.reasons)
        leads_on = alone or any(True for _ in _turning(rows, complete=complete))
        facts |= dict.fromkeys(
            fact for fact, leads in asked.facts if _NOT_MET in leads or (leads_on and leads & {_MET, _DROPS})
        )
    return tuple(facts)


def _may_be_met(result: Assessment) -> bool:
    """Whether the rows alone hold the set back: it has all rows that the law counts, and no criterion is disputed."""
    disputed = (each for each in result.criteria if not each.verdict.decided and each.computed.decided)
    return not result.rules.incomplete and not any(True for _ in disputed)


def _turning(rows: Sequence[IndicatorResult], *, complete: bool) -> Iterator[str]:
    """The facts of rows, all of which are required, that can make one fail, or let all be decided."""
    open_ = [(row, prospects_of(row)) for row in rows if not row.verdict.decided]
    for row, own in open_:
        others = (each for other, each in open_ if other is not row)
        all_pass = complete and all(each.reach & {_MET, _DROPS} for each in others)
        for fact, leads in own.facts:
            if _NOT_MET in leads or (all_pass and leads & {_MET, _DROPS}):
                yield fact


# --- how firm it is ---------------------------------------------------------------------------------------------


@attrs.frozen
class _Typed:
    """
    A figure as it was typed, and the leaves that compare it.

    Attributes:
        value: The figure, or of counts the numerator times a hundred.

        denominator: What is below it.

        half: Half a unit of the last digit typed; 0 for counts, which are exact.

        unit: One unit of the last digit; of counts, one more or less of what is counted.
    """

    leaves: tuple[Step, ...]
    value: Decimal
    denominator: Decimal
    half: Decimal
    unit: Decimal


def firmness(row: IndicatorResult) -> Firmness:
    """Whether a computed verdict would turn within the stated precision of one of its figures, or by one unit."""
    if not row.verdict.decided or not row.by_trace:
        return Firmness(FirmnessCode.NO_FIGURE)
    typed = list(_typed(row.trace))
    if not typed:
        return Firmness(FirmnessCode.NO_FIGURE)
    for code, by in ((FirmnessCode.WITHIN_PRECISION, "half"), (FirmnessCode.ONE_UNIT, "unit")):
        turning = tuple(
            each.leaves[0].reason for each in typed if getattr(each, by) and _turns(row.trace, each, getattr(each, by))
        )
        if turning:
            return Firmness(code, turning)
    return Firmness(FirmnessCode.FIRM)


def _typed(trace: Step) -> Iterator[_Typed]:
    """The figures that were typed and compared; a computed figure or a step of a scale has no last digit."""
    groups: dict[tuple[str, str | None, Level | None], list[Step]] = {}
    for leaf in trace.leaves:
        figure = leaf.reason.figure
        if leaf.reason.gap is not None and figure is not None and figure.computed is None and figure.step is None:
            groups.setdefault((figure.fact, figure.part, figure.of), []).append(leaf)
    for leaves in groups.values():
        figure = leaves[0].reason.figure
        assert figure is not None  # grouped by it  # noqa: S101
        if figure.numerator is not None and figure.denominator is not None:
            value = EXACT.multiply(figure.numerator, _HUNDRED)
            yield _Typed(tuple(leaves), value, figure.denominator, Decimal(0), _HUNDRED)
        else:
            assert figure.quantity is not None  # it was compared  # noqa: S101
            unit = last_place(figure.quantity.value)
            yield _Typed(tuple(leaves), figure.quantity.value, _ONE, EXACT.divide(unit, Decimal(2)), unit)


def _turns(trace: Step, typed: _Typed, by: Decimal) -> bool:
    """Whether any figure so near gives another verdict; one at a threshold in between does for those beside it."""
    ends = [EXACT.subtract(typed.value, by), EXACT.add(typed.value, by)]
    marks = {id(leaf): EXACT.multiply(_value(leaf).value, typed.denominator) for leaf in typed.leaves}
    for value in (*ends, *(mark for mark in marks.values() if ends[0] < mark < ends[1])):
        settled = {id(leaf): _at(leaf, marks[id(leaf)], value) for leaf in typed.leaves}
        if recombine(trace, settled) is not trace.verdict:
            return True
    return False


lent.decider = deciding
lent.prospects = prospects_of
lent.missing = missing_for_verdict
lent.firmness = firmness
