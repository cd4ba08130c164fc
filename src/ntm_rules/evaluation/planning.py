"""What would have to change for a set to be met: every smallest set of moves, checked by judging again."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

import attrs

from ntm_rules.evaluation.assessing import incomplete_reason, required_and_computed
from ntm_rules.evaluation.axes import context_of
from ntm_rules.evaluation.evaluate import evaluate
from ntm_rules.evaluation.ways import (
    Choice,
    Key,
    Range,
    Wanted,
    Way,
    Ways,
    can_be_established,
    fraction_of,
    is_so,
    together,
    ways_to_be_fine,
)
from ntm_rules.vocabulary.assessments import Assessment, CriterionResult, IndicatorResult, Reason
from ntm_rules.vocabulary.criteria import CriteriaSet
from ntm_rules.vocabulary.dossiers import Dossier, FactValue
from ntm_rules.vocabulary.facts import FactCatalogue
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.lent import lent
from ntm_rules.vocabulary.plans import MOST_ALTERNATIVES, Alternative, Move, Plan, RowReason
from ntm_rules.vocabulary.quantities import EXACT, Quantity, last_place
from ntm_rules.vocabulary.requirements import Sign
from ntm_rules.vocabulary.verdicts import Basis, ReasonCode, Verdict

_MET, _NOT_MET, _OPEN, _DROPS = Verdict.MET, Verdict.NOT_MET, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE

_HUNDRED = Fraction(100)


def plan(
    rules: CriteriaSet,
    dossier: Dossier,
    costs: Mapping[str, Decimal | int | str] | None = None,
    *,
    accept: Grade = Grade.RECALLED,
) -> Plan:
    """
    What would have to change for a place to meet a set: a certificate of change.

    Every smallest set of figures that would have to move, each with its distance to the effective threshold. What
    is undetermined is to be established and has no distance; what figures can't bring about is told apart. Conditions
    of recognition are not planned for.

    Args:
        rules: The set, from `load`.

        dossier: What is known.

        costs: What one unit of distance costs, by fact, in any one currency; for a statement or a category what the
            change costs. They choose the cheapest alternative among those of which every move has a price.

        accept: The lowest grade of law data to use.

    Returns:
        The plan. Each alternative was checked by judging again. It makes the rows met that it speaks of, breaks none
        that is met now, and none of its moves is superfluous. Of a figure that is computed from others the distance is
        told, and which of them moves is left open; such an alternative is not judged again.

    Example:
        >>> import ntm_rules as ntm
        >>> place = {"level": "commune", "name": "Phú Đình", "province": "Thái Nguyên"}
        >>> facts = {"health_insurance_share": "84.2 %"}
        >>> dossier = ntm.Dossier.from_mapping({"dossier": 1, "year": 2020, "place": place, "facts": facts})
        >>> found = ntm.plan(ntm.load("commune/standard/2016-2020"), dossier)
        >>> [(move.fact, str(move.gap.value)) for move in found.alternatives[0].moves]
        [('health_insurance_share', '0.8')]
        >>> found.reachable
        False
    """
    before = evaluate(rules, dossier, accept=accept)
    planner = _Planner(before, {fact: Fraction(cost) for fact, cost in (costs or {}).items()})
    alternatives, complete = planner.alternatives()
    left_open = [each for alternative in alternatives for each in alternative.left_open]
    left_open += planner.left_open()
    priced = [each for each in alternatives if each.cost is not None]
    return Plan(
        before,
        alternatives,
        min(priced, key=lambda each: each.cost or 0) if priced else None,
        tuple(planner.held()),
        _once(each for each in left_open if can_be_established(each.reason)),
        _once(each for each in left_open if not can_be_established(each.reason)),
        tuple(planner.renewed()),
        complete,
    )


def _once(reasons: Iterable[RowReason]) -> tuple[RowReason, ...]:
    return tuple(dict.fromkeys(reasons))


@attrs.frozen
class _Planner:
    """One place's plan in the making."""

    before: Assessment
    costs: Mapping[str, Fraction]

    @property
    def _for_another(self) -> bool:
        """Whether the set is not for the place."""
        return self.before.applies is not None and self.before.applies.verdict is _NOT_MET

    @property
    def _failing(self) -> Iterator[IndicatorResult]:
        """The rows that figures hold back: those of criteria that are not met, and do not stand on a conclusion."""
        for criterion in () if self._for_another else self.before.failing:
            if criterion.by_parts:
                yield from (row for row in criterion.indicators if row.verdict is _NOT_MET and row.by_trace)

    # --- alternatives ---------------------------------------------------------------------------------------------

    def alternatives(self) -> tuple[tuple[Alternative, ...], bool]:
        """Every smallest set of moves, and whether that is all there are."""
        rows = {row.address: row for row in self._failing}
        if not rows:
            return (), True
        ways = {address: self._ways(row) for address, row in rows.items()}
        while True:
            found = together(*ways.values())
            made = [self._alternative(way, ways) for way in found.each]
            kept = sorted(_smallest(made), key=self._order)
            listed = kept[:MOST_ALTERNATIVES]
            broken = {address for each in listed for address in self._broken(each)} - set(ways)
            if not broken:
                return tuple(listed), not found.cut and len(listed) == len(kept)
            # What is met now must stay so: that is asked too.
            ways |= {address: self._ways(self._row(address)) for address in sorted(broken)}

    def _row(self, address: str) -> IndicatorResult:
        row = self.before[address]
        assert isinstance(row, IndicatorResult)  # only rows break  # noqa: S101
        return row

    def _ways(self, row: IndicatorResult) -> Ways:
        """How a row could come to be met; what no figure brings about stays only where nothing else leads there."""
        scope = self.before.scope
        context = context_of(scope.rules, scope.dossier, self.before.accept)
        ways = ways_to_be_fine(row.indicator.require, row.indicator.source, context)
        free = tuple(way for way in ways.each if not way.blocked)
        return Ways(free or ways.each, ways.cut)

    def _alternative(self, way: Way, ways: Mapping[str, Ways]) -> Alternative:
        moves = []
        for key, wanted in way.wanted:
            if not is_so(wanted, key.now):
                moves.append(self._move(key.now, wanted, _readers(key, ways)))
        blocked = []
        for address, its in ways.items():
            steps = {id(step): step for each in its.each for step in each.blocked}
            blocked += [RowReason(address, step.reason) for id_, step in steps.items() if _is_in(id_, way)]
        return Alternative(tuple(moves), _once(blocked), self._cost(moves))

    def _move(self, now: FactValue, wanted: Wanted, addresses: tuple[str, ...]) -> Move:
        catalogue = self.before.rules.catalogue
        if isinstance(wanted, Choice):
            return Move(addresses, now, _chosen(now, wanted, catalogue))
        if now.step is not None:
            return _to_step(now, wanted, addresses, catalogue)
        return _to_figure(now, wanted, addresses)

    def _cost(self, moves: Iterable[Move]) -> Fraction | None:
        total = Fraction(0)
        for move in moves:
            if move.fact not in self.costs:
                return None
            total += self.costs[move.fact] * (Fraction(1) if move.distance is None else move.distance)
        return total

    def _order(self, alternative: Alternative) -> tuple[object, ...]:
        cost = alternative.cost
        return cost is None, cost or 0, len(alternative.left_open), len(alternative.moves)

    def _broken(self, alternative: Alternative) -> Iterator[str]:
        """The rows that are met now and would no longer be."""
        if any(move.now.computed is not None for move in alternative.moves):
            return
        after = evaluate(self.before.rules, _after(self.before, alternative), accept=self.before.accept)
        for was, row in zip(self.before.indicators, after.indicators, strict=True):
            if was.verdict in (_MET, _DROPS) and was.by_trace and row.verdict not in (_MET, _DROPS):
                yield was.address

    # --- what else there is ---------------------------------------------------------------------------------------

    def held(self) -> Iterator[RowReason]:
        """By what the rows that are met are met."""
        for row in self.before.indicators:
            if row.verdict is _MET and row.by_trace:
                yield from (RowReason(row.address, reason) for reason in row.deciding if reason.figure is not None)

    def left_open(self) -> Iterator[RowReason]:
        """What holds the set back and is no figure that fails."""
        before = self.before
        if before.applies is not None and before.applies.verdict is _OPEN:
            yield from self._of_row(before.applies)
        if self._for_another:
            # Whatever its rows give; so they are not planned for.
            yield from (RowReason("", reason) for reason in before.reasons)
            return
        for criterion in before.criteria:
            if criterion.verdict in (_MET, _DROPS):
                continue
            yield from (RowReason(criterion.address, reason) for reason in criterion.overriding)
            if criterion.by_parts:
                for row in criterion.indicators:
                    yield from self._of_row(row)
        if before.rules.incomplete:
            yield RowReason("", incomplete_reason(before.rules))

    def _of_row(self, row: IndicatorResult) -> Iterator[RowReason]:
        if row.verdict is _OPEN or (row.verdict is _NOT_MET and not row.by_trace):
            yield from (RowReason(row.address, reason) for reason in row.deciding)

    def renewed(self) -> Iterator[RowReason]:
        """Conclusions that say of a row or criterion that moves that it is not met, and totals that are too low."""
        moving = {row.address for row in self._failing}
        for criterion in self.before.failing:
            parts: tuple[CriterionResult | IndicatorResult, ...] = (criterion, *criterion.indicators)
            for part in parts if any(each.address in moving for each in criterion.indicators) else ():
                for said in part.attestations:
                    if said.verdict is _NOT_MET and (part is criterion or part.address in moving):
                        yield RowReason(part.address, Reason(ReasonCode.ATTESTED, attestation=said))
        # A total that is too low holds the set back by itself where nothing else is known.
        for reported in self.before.dossier.reported if moving or self.before.basis is Basis.ATTESTED else ():
            verdicts = (
                [each.verdict for each in self.before.criteria],
                [each.verdict for each in self.before.indicators],
            )
            required, _, _ = required_and_computed(reported, self.before.rules, *verdicts)
            if reported.most < required:
                numbers = (reported.most, required)
                yield RowReason("", Reason(ReasonCode.REPORTED_BELOW_REQUIRED, reported.what, numbers=numbers))


def _readers(key: Key, ways: Mapping[str, Ways]) -> tuple[str, ...]:
    """The rows for which a figure may have to move."""
    return tuple(
        address for address, its in ways.items() if any(key == each for way in its.each for each, _ in way.wanted)
    )


def _is_in(id_: int, way: Way) -> bool:
    return any(id(step) == id_ for step in way.blocked)


def _smallest(made: list[Alternative]) -> list[Alternative]:
    """Those whose moves, and what is left open, are not all another's too; of the same moves the shortest ones."""
    kept: list[Alternative] = []
    for one in made:
        if not any(other is not one and _less(other, one) for other in made) and one not in kept:
            kept.append(one)
    return kept


def _less(one: Alternative, other: Alternative) -> bool:
    """Whether one asks for less than another: fewer of the same moves, or none of them longer."""
    mine, theirs = ({_key(each): each for each in way.moves} for way in (one, other))
    if not mine.keys() <= theirs.keys() or not set(one.left_open) <= set(other.left_open):
        return False
    if mine.keys() < theirs.keys() or set(one.left_open) < set(other.left_open):
        return True
    pairs = [(each.distance or Fraction(0), theirs[key].distance or Fraction(0)) for key, each in mine.items()]
    return all(short <= long for short, long in pairs) and any(short < long for short, long in pairs)


def _key(move: Move) -> tuple[object, ...]:
    return move.fact, move.now.part, move.now.computed is not None


# --- the nearest value ------------------------------------------------------------------------------------------


def _chosen(now: FactValue, wanted: Choice, catalogue: FactCatalogue) -> FactValue:
    """Another statement; of a category the first of the values that will do."""
    if now.statement is not None:
        return attrs.evolve(now, statement=not now.statement)
    order = [each.id for each in catalogue[now.fact].values]
    return attrs.evolve(now, option=min((str(each) for each in wanted.values), key=order.index))


def _to_step(now: FactValue, wanted: Range, addresses: tuple[str, ...], catalogue: FactCatalogue) -> Move:
    assert now.step is not None  # a figure of a scale  # noqa: S101
    scale = catalogue.scale(now.step.scale)
    assert scale is not None  # its step was read  # noqa: S101
    steps = [step for step in map(scale.step, (each.id for each in scale.steps)) if step is not None]
    will_do = [step for step in steps if wanted.holds(Fraction(step.rank))]
    rank = now.step.rank
    nearest = min(will_do, key=lambda step: abs(step.rank - rank))
    sign = Sign.AT_LEAST if nearest.rank > rank else Sign.AT_MOST
    return Move(addresses, now, attrs.evolve(now, step=nearest), sign, nearest)


def _to_figure(now: FactValue, wanted: Range, addresses: tuple[str, ...]) -> Move:
    value = fraction_of(now)
    up = wanted.low is not None and not Range(low=wanted.low, low_out=wanted.low_out).holds(value)
    bound, excluded = (wanted.low, wanted.low_out) if up else (wanted.high, wanted.high_out)
    assert bound is not None  # the figure lies beyond it  # noqa: S101
    if wanted.low == wanted.high:
        sign = Sign.EQUALS
    elif up:
        sign = Sign.MORE_THAN if excluded else Sign.AT_LEAST
    else:
        sign = Sign.LESS_THAN if excluded else Sign.AT_MOST
    unit = "percent"
    if now.computed is not None:
        unit = now.computed.unit
    elif now.quantity is not None:
        unit = now.quantity.unit
    required = Quantity(_decimal(bound), unit)
    heads = _heads(now, wanted, up=up)
    if heads is not None:
        assert now.numerator is not None  # counts  # noqa: S101
        moved = EXACT.add(now.numerator, Decimal(heads if up else -heads))
        return Move(addresses, now, attrs.evolve(now, quantity=None, numerator=moved), sign, required, heads)
    typed = required.value if now.quantity is None else now.quantity.value
    near = _nearest(bound, wanted, min(last_place(typed), last_place(required.value)), up=up, excluded=excluded)
    then = attrs.evolve(now, quantity=Quantity(near, unit), numerator=None, denominator=None, computed=None)
    return Move(addresses, now, then, sign, required)


def _decimal(value: Fraction) -> Decimal:
    """A fraction that came from a decimal."""
    return EXACT.divide(Decimal(value.numerator), Decimal(value.denominator)).normalize(EXACT)


def _nearest(bound: Fraction, wanted: Range, unit: Decimal, *, up: bool, excluded: bool) -> Decimal:
    """The bound; where that is excluded, a unit beyond it, or as much as there is room for."""
    by = Fraction(unit) if excluded else Fraction(0)
    while not wanted.holds(bound + by if up else bound - by):
        by /= 2
    return _decimal(bound + by if up else bound - by)


def _heads(now: FactValue, wanted: Range, *, up: bool) -> int | None:
    """By how many a numerator would have to change; None for what is no count, or where no whole number will do."""
    if now.numerator is None or now.denominator is None:
        return None
    numerator, denominator = Fraction(now.numerator), Fraction(now.denominator)
    bound = wanted.low if up else wanted.high
    assert bound is not None  # the figure lies beyond it  # noqa: S101
    away = abs(bound * denominator / _HUNDRED - numerator)
    for heads in (math.ceil(away), math.floor(away) + 1):
        moved = numerator + heads if up else numerator - heads
        if wanted.holds(moved * _HUNDRED / denominator) and 0 <= moved <= denominator:
            return heads
    return None


# --- after it ---------------------------------------------------------------------------------------------------


def _after(before: Assessment, alternative: Alternative) -> Dossier:
    """The dossier with the moves made; conclusions and totals that say otherwise are out of date and left out."""
    dossier, rules = before.dossier, before.rules
    facts = {value.fact: value for value in dossier.facts}
    for move in alternative.moves:
        then, part = move.then, move.now.part
        if _of_itself(move.now):
            continue  # which of both sides of a ratio moves is left open
        if part is None:
            facts[then.fact] = attrs.evolve(then, parts=facts[then.fact].parts if then.fact in facts else ())
        else:
            parts = tuple(_part_after(each, then) if each.part == part else each for each in facts[then.fact].parts)
            facts[then.fact] = attrs.evolve(facts[then.fact], parts=parts)
    moved = {*alternative.addresses, *(address.partition("/")[0] for address in alternative.addresses)}
    attestations = tuple(
        each for each in dossier.attestations if each.verdict is not _NOT_MET or rules.local(each.address) not in moved
    )
    return attrs.evolve(dossier, facts=tuple(facts.values()), attestations=attestations, reported=())


def _of_itself(figure: FactValue) -> bool:
    """Whether a figure is a ratio of its fact to something; what is derived is computed from other facts."""
    return figure.computed is not None and any(each.fact == figure.fact for each in figure.computed.inputs)


def _part_after(was: FactValue, then: FactValue) -> FactValue:
    """A part with its own period and document, not those of the whole that it was read with."""
    return attrs.evolve(then, for_=was.for_, document=was.document)


def dossier_after(found: Plan, alternative: Alternative) -> Dossier:
    """The dossier of a plan with the moves of one alternative made."""
    return _after(found.before, alternative)


lent.mover = dossier_after
