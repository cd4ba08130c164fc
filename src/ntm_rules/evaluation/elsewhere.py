"""What another row says, of this set or another: for the same place, year and day, through the packaged shelf."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs

from ntm_rules.errors import CriteriaError, NotInForceError, Problem, ProblemCode, UnknownNameError, Where
from ntm_rules.evaluation.axes import rows_of
from ntm_rules.evaluation.context import Context, terms
from ntm_rules.language import definition_of
from ntm_rules.rulebook import find, load, set_names
from ntm_rules.vocabulary.assessments import AppliedThreshold, ReferredThreshold, Scope
from ntm_rules.vocabulary.criteria import CriteriaSet, Criterion, SetId
from ntm_rules.vocabulary.facts import FactDefinition, ScaleStep
from ntm_rules.vocabulary.instruments import Source
from ntm_rules.vocabulary.quantities import EXACT, UNITS, Quantity, plain_number
from ntm_rules.vocabulary.requirements import Compare, ThresholdOf
from ntm_rules.vocabulary.verdicts import ReasonCode


def other_set(address: str, context: Context) -> CriteriaSet | None:
    """The set that an address names: the one that judges, else the packaged edition of the day; None if not on file."""
    name = address.partition("#")[0]
    if name == str(context.terms.rules.id) and not _as_it_was(context):
        return context.terms.rules
    return _as_of(name, context.scope.dossier.on)


def _as_it_was(context: Context) -> bool:
    """Whether the packaged set that judges is asked for as it stood in an earlier year."""
    rules = context.terms.rules
    return context.earlier and str(rules.id) in set_names() and not rules.overlays


def facts_used(rules: CriteriaSet, on: date) -> frozenset[str]:
    """The facts that a set reads, and those of the sets that it asks to be met too, as they stand that day."""
    used, seen, names = set(rules.used_facts), {str(rules.id)}, list(rules.sets_attained)
    while names:
        name = names.pop()
        other = None if name in seen else _as_of(name, on)
        seen.add(name)
        if other is not None:
            used |= other.used_facts
            names += other.sets_attained
    return frozenset(used)


def _as_of(name: str, on: date) -> CriteriaSet | None:
    """The packaged set of a name on a day; without a period that in force then."""
    act, level, tier, period = SetId.split(name)
    try:
        return find(level, tier, act=act, on=on) if period is None else load(name, on=on)
    except (UnknownNameError, NotInForceError):
        return None


def led_on(address: str, context: Context) -> tuple[str, ...]:
    """The addresses that led there and this one; one that led to itself is a fault of the law's data."""
    if address in context.asking:
        chain = " → ".join((*context.asking, address))
        raise CriteriaError([Problem.at(ProblemCode.CIRCULAR, Where(), chain=chain)])
    return (*context.asking, address)


def refer(
    applied: AppliedThreshold, cell: ThresholdOf, fact: FactDefinition | None, context: Context
) -> AppliedThreshold:
    """The threshold that *cell* refers to times its factor, for *fact*; what leaves that open leaves this open too."""
    asking = led_on(cell.address, context)
    rules = other_set(cell.address, context)
    found = None if rules is None else _comparison(rules, cell)
    if rules is None or found is None:
        # The law sets it, and this library does not hold it.
        return attrs.evolve(applied, closed=ReasonCode.THRESHOLD_UNSTATED)
    node, source = found
    dossier = context.scope.dossier
    rows, traces = rows_of(rules, dossier, asking)
    there = terms(rules, rows, context.terms.accept)
    other, _ = there.threshold(node, source)
    if isinstance(other.cell, ThresholdOf) and other.closed is None:
        beyond = Context(there, Scope(rules, dossier, traces), context.facts, context.year, asking=asking)
        other = refer(other, other.cell, definition_of(node.measure, rules.catalogue), beyond)
    referred = ReferredThreshold(cell.address, cell.times, other)
    if other.value is None:
        return attrs.evolve(other, sign=applied.sign, citation=applied.citation, of=referred)
    if not _fits(other.value, cell.times, fact):
        # No multiple of what is measured otherwise can be compared with.
        return attrs.evolve(applied, closed=ReasonCode.THRESHOLD_UNSTATED, of=referred)
    if isinstance(other.value, ScaleStep):
        return attrs.evolve(applied, cell=other.value, row=other.row, of=referred)
    value = EXACT.multiply(other.value.value, cell.times)
    figure = Quantity(Decimal(plain_number(value)), other.value.unit)
    figure = figure if fact is None or fact.unit is None else figure.to(fact.unit)
    return attrs.evolve(applied, cell=figure, row=other.row, of=referred)


def _fits(value: Quantity | ScaleStep, times: Decimal, fact: FactDefinition | None) -> bool:
    """Whether so many times *value* is something that *fact* can be compared with; a step has no multiples."""
    scale, unit = (None, None) if fact is None else (fact.scale, fact.unit)
    if isinstance(value, ScaleStep):
        return scale is not None and scale.id == value.scale and times == 1
    return unit is not None and UNITS[unit].dimension == UNITS[value.unit].dimension


def _comparison(rules: CriteriaSet, cell: ThresholdOf) -> tuple[Compare, Source] | None:
    """The comparison that is meant, with its source: the part that is named, else the only one of the row."""
    item = rules.find(cell.address)
    if isinstance(item, Criterion):
        item = item.indicators[0] if len(item.indicators) == 1 else None
    if item is None:
        return None
    found = [
        (node, source)
        for node, source in item.require.walk_sources(item.source)
        if isinstance(node, Compare) and (not cell.part or node is item.require.part(cell.part))
    ]
    return found[0] if len(found) == 1 else None
