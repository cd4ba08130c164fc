"""Verdicts with their grounds: criteria, indicators and conditions, each with its figures beside what the law asks."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ntm_rules.explanation import Words, asked, cited, measure_of, told, what_law_asks
from ntm_rules.reports.report import Amount, Comparison, Entry, Ground, Tone
from ntm_rules.vocabulary.assessments import (
    CriterionResult,
    Gap,
    IndicatorResult,
    Reason,
    figure_period,
)
from ntm_rules.vocabulary.criteria import Criterion, Indicator
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import FactValue
from ntm_rules.vocabulary.instruments import Citation, Grade
from ntm_rules.vocabulary.quantities import Quantity, plain_number, rounded_ratio
from ntm_rules.vocabulary.verdicts import Basis, Verdict

#: Decimals to which a ratio without a finite decimal is given to a reader who calculates on.
AMOUNT_PLACES = 2

Row = CriterionResult | IndicatorResult


def criterion_entry(of: CriterionResult, words: Words) -> Entry:
    """The verdict on a criterion, then on its indicators."""
    entries = tuple(indicator_entry(each, words) for each in of.indicators)
    return _entry(of, words, (), entries)


def indicator_entry(of: IndicatorResult, words: Words) -> Entry:
    """The verdict on an indicator or a condition."""
    return _entry(of, words, tuple(_comparisons(of, words)), ())


def _entry(of: Row, words: Words, comparisons: tuple[Comparison, ...], entries: tuple[Entry, ...]) -> Entry:
    item = item_of(of)
    grounds = [
        Ground(each.sentence, each.beneath, None if each.reason is None else each.reason.code.value)
        for each in told(of, words.lang)
    ]
    if isinstance(of, IndicatorResult) and not any(each.beneath for each in grounds):
        # Whatever the verdict stands on, what the law asks is told.
        grounds += _law_asks(of, words)
    return Entry(
        address=of.address,
        number=item.number,
        title=item.title.in_(words.lang),
        heading=words.heading(item),
        tone=Tone(of.verdict.value),
        verdict=words.verdict(of.verdict),
        basis=basis_words(of.basis, of.verdict, words, provisional=of.provisional),
        provisional=of.provisional,
        grounds=tuple(grounds),
        comparisons=comparisons,
        entries=entries,
    )


def _law_asks(of: IndicatorResult, words: Words) -> Iterator[Ground]:
    cited_already: set[Citation] = set()
    for step in of.trace.leaves:
        citation = citation_of(step.reason) or words.rules.cite(of.indicator.source)
        asks = what_law_asks(of, step, words)
        beneath = () if citation in cited_already else cited(citation, words)
        cited_already.add(citation)
        yield Ground(words.say("report.asks", asks=asks), beneath)


def _comparisons(of: IndicatorResult, words: Words) -> Iterator[Comparison]:
    for step in of.trace.leaves:
        reason = step.reason
        citation = citation_of(reason) or words.rules.cite(of.indicator.source)
        grade = grade_of(reason, citation)
        threshold = None if reason.threshold is None else reason.threshold.value
        gap = reason.gap
        yield Comparison(
            measure=measure_of(of, step, words),
            figure=_figure(reason, of, words),
            required=asked(step, words),
            row="" if reason.threshold is None else words.row(reason.threshold),
            gap="" if gap is None else words.gap(gap),
            verdict=step.verdict.value,
            verdict_words=words.verdict(step.verdict),
            source=words.citation(citation),
            grade=grade.value,
            grade_words=words.say(f"grade.{grade.value}"),
            amount=None if reason.figure is None else _amount(reason.figure, words),
            threshold=_of_quantity(threshold, words) if isinstance(threshold, Quantity) else None,
            distance=None if gap is None else _distance(gap, words),
        )


def _figure(reason: Reason, of: IndicatorResult, words: Words) -> str:
    figure = reason.figure
    if figure is None:
        return "" if reason.counted is None else words.counted(reason.counted)
    if figure.statement is not None:
        said = words.say("report.yes" if figure.statement else "report.no")
    else:
        said = words.figure(figure)
    period = figure_period(figure, of.scope.dossier.year)
    return said if period == PartialDate(of.scope.dossier.year) else f"{said} ({words.date(period)})"


def _amount(figure: FactValue, words: Words) -> Amount | None:
    if not figure.is_number:
        return None
    numerator, denominator = figure.fraction
    unit = figure.quantity.unit if figure.quantity is not None else "percent"
    if figure.computed is not None:
        unit = figure.computed.unit
    if not denominator:
        return None
    value = numerator if denominator == 1 else _rounded(numerator, denominator)
    return Amount(value, unit, words.figure(figure))


def _rounded(numerator: Decimal, denominator: Decimal) -> Decimal:
    return Decimal(plain_number(rounded_ratio(numerator, denominator, AMOUNT_PLACES)))


def _of_quantity(quantity: Quantity, words: Words) -> Amount:
    return Amount(quantity.value, quantity.unit, words.quantity(quantity))


def _distance(gap: Gap, words: Words) -> Amount:
    return Amount(gap.value, gap.unit, words.gap(gap))


# --- small things -----------------------------------------------------------------------------------------------


def item_of(of: Row) -> Criterion | Indicator:
    """What was judged."""
    return of.criterion if isinstance(of, CriterionResult) else of.indicator


def citation_of(reason: Reason) -> Citation | None:
    """Where what a reason speaks of stands in the law."""
    return reason.citation or (None if reason.threshold is None else reason.threshold.citation)


def grade_of(reason: Reason, citation: Citation) -> Grade:
    """The worst grade that a comparison needs: of its cell, and of the rules that led there."""
    return citation.grade if reason.threshold is None else reason.threshold.grade


def basis_words(basis: Basis, verdict: Verdict, words: Words, *, provisional: bool = False) -> str:
    """What a verdict stands on, in words; empty where it is undetermined."""
    if not verdict.decided:
        return ""
    said = words.say(f"basis.{basis.value}")
    return f"{said}; {words.say('page.provisional_short')}" if provisional else said


__all__ = [
    "Row",
    "basis_words",
    "citation_of",
    "criterion_entry",
    "grade_of",
    "indicator_entry",
    "item_of",
]
