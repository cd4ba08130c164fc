"""Reading facts: the figure that counts for the place, part and year judged, or what is lacking."""

from __future__ import annotations

from decimal import Decimal

import attrs

from ntm_rules.evaluation.context import Context
from ntm_rules.vocabulary.criteria import is_title_of
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import Computed, Dossier, FactValue
from ntm_rules.vocabulary.facts import Derivation, FactCatalogue, FactDefinition, Operand, Ratio, Sum, operands
from ntm_rules.vocabulary.places import Level
from ntm_rules.vocabulary.quantities import EXACT, UNITS, agrees
from ntm_rules.vocabulary.requirements import AtRecognition, PreviousYear, RatioMeasure, Reading
from ntm_rules.vocabulary.verdicts import ReasonCode

Fraction = tuple[Decimal, Decimal]

_HUNDRED = Decimal(100)


@attrs.frozen
class Lacking:
    """
    Why there is nothing to judge.

    Attributes:
        subject: The fact; for a derived one that of its operands which is at fault.

        figure: What the dossier says, though it does not count.

        needs: For a derived fact: the facts that are lacking.

        of: Of which place above it is lacking.

        years: For which other year it is lacking, or the years between which nothing decides.

        event: Which title was not given.
    """

    code: ReasonCode
    subject: str
    figure: FactValue | None = None
    part: str | None = None
    needs: tuple[str, ...] = ()
    of: Level | None = None
    years: tuple[int, ...] = ()
    event: str | None = None


def reading(fact: str, context: Context) -> FactValue | Lacking:
    """What is known of *fact*, of the part that is asked for if any, for the year judged."""
    definition = context.terms.rules.catalogue.get(fact)
    given = _given(fact, context)
    if definition is not None and definition.unstated:
        return Lacking(ReasonCode.DEFINITION_UNSTATED, fact, given, context.part)
    if context.part is None and definition is not None and definition.derived is not None:
        computed = _derived(definition, definition.derived, context)
        # Counts win; where they are not all there, the figure itself may be.
        if isinstance(computed, FactValue) or given is None or computed.code is ReasonCode.NOTHING_TO_MEASURE:
            return computed
    if given is None:
        code = ReasonCode.MISSING_FACT if context.part is None else ReasonCode.PART_MISSING
        return Lacking(code, fact, part=context.part)
    if _of_other_year(given, definition, context):
        return Lacking(ReasonCode.FACT_OF_OTHER_YEAR, fact, given, context.part)
    if given.denominator == 0:
        return Lacking(ReasonCode.NOTHING_TO_MEASURE, fact, given, context.part)
    return given


def _given(fact: str, context: Context) -> FactValue | None:
    """What the dossier itself says of a fact, or of the part that is asked for."""
    given = context.facts.get(fact)
    if given is not None and context.part is not None:
        given = given.of_part(context.part)
    return given if given is not None and given.is_stated else None


def _of_other_year(value: FactValue, definition: FactDefinition | None, context: Context) -> bool:
    """Whether a value describes another year than the one judged, and may change from year to year."""
    if value.for_ is None or value.for_.year == context.year:
        return False
    return definition is None or not definition.timeless


def compare_fractions(left: Fraction, right: Fraction) -> int:
    """-1, 0 or 1 as one fraction is below, equal to or above another: by cross-multiplication, so exactly."""
    first, second = EXACT.multiply(left[0], right[1]), EXACT.multiply(right[0], left[1])
    return (first > second) - (first < second)


# --- derived facts ----------------------------------------------------------------------------------------------

# What a derived fact can be given instead of: these the dossier may still bring.
_TO_BRING = frozenset({ReasonCode.MISSING_FACT, ReasonCode.FACT_OF_OTHER_YEAR})


def _derived(fact: FactDefinition, derived: Derivation, context: Context) -> FactValue | Lacking:
    """The figure that a fact's operands give, exactly; or what they lack."""
    read = [reading(operand, context) for operand in operands(derived)]
    lacking = [each for each in read if isinstance(each, Lacking)]
    inputs = tuple(each for each in read if isinstance(each, FactValue))
    hindered = next((each for each in lacking if each.code not in _TO_BRING), None)
    if hindered is not None:
        return hindered
    if lacking:
        needs = tuple(dict.fromkeys(need for each in lacking for need in each.needs or (each.subject,)))
        dated = next((each for each in lacking if each.code is ReasonCode.FACT_OF_OTHER_YEAR), None)
        if dated is not None:
            return attrs.evolve(dated, needs=needs if len(needs) > 1 else ())
        nothing_given = not inputs and not any(each.needs for each in lacking)
        return Lacking(ReasonCode.MISSING_FACT, fact.id, needs=() if nothing_given else needs)
    catalogue = context.terms.rules.catalogue
    unit = fact.unit or "times"
    fraction = _value(derived, {each.fact: each for each in inputs}, catalogue)
    if fraction is None:
        return Lacking(ReasonCode.NOTHING_TO_MEASURE, fact.id)
    numerator, denominator = fraction
    if (catalogue.dimension(derived), UNITS[unit].dimension) == ("ratio", "share"):
        numerator = EXACT.multiply(numerator, _HUNDRED)
    denominator = EXACT.multiply(denominator, UNITS[unit].factor)
    documents = {each.document for each in inputs}
    document = documents.pop() if len(documents) == 1 else None
    return FactValue(fact.id, document=document, computed=Computed(numerator, denominator, unit, inputs))


def _value(operand: Operand, inputs: dict[str, FactValue], catalogue: FactCatalogue) -> Fraction | None:
    """An operand in the base unit of its dimension, its denominator positive; None where it divides by 0."""
    if isinstance(operand, str):
        numerator, denominator = inputs[operand].fraction
        unit = catalogue[operand].unit or "times"
        return EXACT.multiply(numerator, UNITS[unit].factor), denominator
    if isinstance(operand, Ratio):
        of, to = _value(operand.of, inputs, catalogue), _value(operand.to, inputs, catalogue)
        return None if of is None or to is None else _divided(of, to)
    terms = operand.terms if isinstance(operand, Sum) else (operand.whole, operand.less)
    found = [_value(term, inputs, catalogue) for term in terms]
    total = found[0]
    for each in found[1:]:
        if total is None or each is None:
            return None
        left, right = EXACT.multiply(total[0], each[1]), EXACT.multiply(each[0], total[1])
        combined = EXACT.add(left, right) if isinstance(operand, Sum) else EXACT.subtract(left, right)
        total = combined, EXACT.multiply(total[1], each[1])
    return total


def _divided(of: Fraction, to: Fraction) -> Fraction | None:
    numerator, denominator = EXACT.multiply(of[0], to[1]), EXACT.multiply(of[1], to[0])
    if not denominator:
        return None
    # Comparing by cross-multiplication needs a positive denominator.
    return (numerator, denominator) if denominator > 0 else (-numerator, -denominator)


# --- ratios of two readings -------------------------------------------------------------------------------------


def ratio(measure: RatioMeasure, context: Context) -> FactValue | Lacking:
    """One reading over another, exactly; or what is lacking of either."""
    catalogue = context.terms.rules.catalogue
    read = [read_of(each, context) for each in (measure.of, measure.to)]
    inputs = []
    for each in read:
        if isinstance(each, Lacking):
            return each
        inputs.append(each)
    sides = []
    for each in inputs:
        numerator, denominator = each.fraction
        sides.append((EXACT.multiply(numerator, UNITS[catalogue[each.fact].unit or "times"].factor), denominator))
    fraction = _divided(*sides)
    if fraction is None:
        return Lacking(ReasonCode.NOTHING_TO_MEASURE, measure.to.fact, of=measure.to.of)
    computed = Computed(*fraction, measure.unit, tuple(inputs))
    return FactValue(measure.of.fact, computed=computed)


def read_of(wanted: Reading, context: Context) -> FactValue | Lacking:
    """A fact of the place itself or of a place above it, for the year judged or another."""
    then = _dossier_at(wanted, context)
    if isinstance(then, Lacking):
        return then
    other = then.year != context.year
    facts = then.by_fact if wanted.of is None else then.facts_of(wanted.of)
    if wanted.of is None and not other:
        return reading(wanted.fact, context)
    read = reading(wanted.fact, attrs.evolve(context, facts=facts, year=then.year))
    if isinstance(read, FactValue):
        return _read_in(attrs.evolve(read, of=wanted.of), then.year) if other else attrs.evolve(read, of=wanted.of)
    # That is no fact that the dossier judged could bring among its own.
    if read.code in _TO_BRING or context.part is not None:
        code = ReasonCode.MISSING_FACT_THEN if other else ReasonCode.MISSING_FACT_ABOVE
        return attrs.evolve(read, code=code, of=wanted.of or then.place.level, years=(then.year,) if other else ())
    return attrs.evolve(read, of=wanted.of)


def _dossier_at(wanted: Reading, context: Context) -> Dossier | Lacking:
    """What is known of the place for the year that a reading is of."""
    dossier = context.scope.dossier
    year = dossier.year
    if isinstance(wanted.at, PreviousYear):
        year -= 1
    elif isinstance(wanted.at, AtRecognition):
        title = wanted.at.title
        given = {
            each.dated.year
            for each in dossier.titles
            if each.place is None and is_title_of(each.set_id, title) and each.holds_on(dossier.on) is not False
        }
        if len(given) != 1:
            code = ReasonCode.EVENT_AMBIGUOUS if given else ReasonCode.NO_SUCH_EVENT
            return Lacking(code, wanted.fact, years=tuple(sorted(given)), event=title)
        (year,) = given
    then = dossier.of_year(year)
    if then is None:
        of = wanted.of or dossier.place.level
        return Lacking(ReasonCode.MISSING_FACT_THEN, wanted.fact, of=of, years=(year,))
    return then


def _read_in(value: FactValue, year: int) -> FactValue:
    """A value with the year of the dossier that it is from, and so have those that it is computed from."""
    computed = value.computed
    if computed is not None:
        computed = attrs.evolve(computed, inputs=tuple(_read_in(each, year) for each in computed.inputs))
    return attrs.evolve(value, in_year=year, for_=value.for_ or PartialDate(year), computed=computed)


def disagrees(fact: FactDefinition, derived: Derivation, context: Context) -> bool:
    """Whether the dossier gives a derived fact, and all it is derived from, and the two differ beyond rounding."""
    given = _given(fact.id, context)
    if given is None or _of_other_year(given, fact, context):
        return False
    computed = _derived(fact, derived, context)
    if isinstance(computed, Lacking):
        return False
    if given.numerator is None and given.quantity is not None:
        return not agrees(given.quantity.value, *computed.fraction)
    return compare_fractions(given.fraction, computed.fraction) != 0
