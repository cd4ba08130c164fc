"""Why not, in short: only what decided a verdict; and how firm it is."""

from __future__ import annotations

from collections.abc import Iterator

from ntm_rules.explanation.pages import cite, heading, marks, page
from ntm_rules.explanation.requirements import Line
from ntm_rules.explanation.sentences import reason_sentence
from ntm_rules.explanation.words import Words, capital
from ntm_rules.messages import Language
from ntm_rules.vocabulary.assessments import (
    Assessment,
    CriterionResult,
    FirmnessCode,
    IndicatorResult,
    Reason,
)
from ntm_rules.vocabulary.instruments import Citation
from ntm_rules.vocabulary.lent import lent
from ntm_rules.vocabulary.requirements import AnyOf, AtLeastNOf
from ntm_rules.vocabulary.verdicts import ReasonCode, Verdict

Result = Assessment | CriterionResult | IndicatorResult


def why_not(result: Result, lang: Language = "vi") -> str:
    """
    Only what decided a verdict.

    Of an indicator, a smallest set of reasons that give the verdict by themselves: of one that is met by any of
    several parts, the parts that carried it. Of a criterion or a set that is not met every row that fails is told, for
    each is enough by itself; of one that is open, every row that is.

    Args:
        result: An assessment, or one of its criteria or indicators.

        lang: The language.
    """
    words = Words(result.scope.rules, lang)
    if isinstance(result, Assessment):
        lines = [*((0, line) for line in heading(result, lang).splitlines()), *deciding_lines(result, words)]
    else:
        rows = _indicator(result, words, 0) if isinstance(result, IndicatorResult) else _criterion(result, words, 0)
        lines = [*((0, line) for line in marks(result.scope.rules, lang).splitlines()), *rows]
    return page(lines)


lent.short = why_not


def deciding_lines(result: Assessment, words: Words) -> Iterator[Line]:
    """What decided the verdict on a set, as lines under what they decided."""
    own = [reason for reason in result.reasons if reason.code not in _NAMES_A_PART]
    yield from ((0, reason_sentence(reason, result, words.lang)) for reason in own)
    if result.applies is not None and result.applies.verdict in (Verdict.NOT_MET, Verdict.UNDETERMINED):
        yield from _indicator(result.applies, words, 0)
        if result.applies.verdict is Verdict.NOT_MET:
            return
    for criterion in result.criteria:
        if criterion.verdict is not result.verdict:
            continue
        if result.verdict is not Verdict.MET:
            yield from _criterion(criterion, words, 0)
            continue
        yield 0, words.result(criterion)
        if criterion.by_parts:
            for row in criterion.indicators:
                if any(isinstance(step.requirement, AnyOf | AtLeastNOf) for step in row.trace.walk()):
                    yield from _indicator(row, words, 1)


_NAMES_A_PART = frozenset({ReasonCode.PARTS_MET, ReasonCode.PART_NOT_MET, ReasonCode.PART_UNDETERMINED})


def _criterion(of: CriterionResult, words: Words, depth: int) -> Iterator[Line]:
    yield depth, words.result(of)
    yield from ((depth + 1, reason_sentence(reason, of, words.lang)) for reason in of.overriding)
    if of.by_parts:
        for row in of.indicators:
            if row.verdict is of.computed:
                yield from _indicator(row, words, depth + 1)


def _indicator(of: IndicatorResult, words: Words, depth: int) -> Iterator[Line]:
    yield depth, words.result(of)
    told: set[Citation] = set()
    for reason in of.deciding:
        yield depth + 1, reason_sentence(reason, of, words.lang)
        cited = _cited(reason)
        if cited is not None and cited not in told:
            told.add(cited)
            yield depth + 2, cite(cited, words, graded=reason.code is not ReasonCode.THRESHOLD_UNSTATED)
    more = _failing_besides(of)
    if more:
        yield depth + 1, words.say("short.besides", count=more)


def _cited(reason: Reason) -> Citation | None:
    return reason.citation or (None if reason.threshold is None else reason.threshold.citation)


def _failing_besides(of: IndicatorResult) -> int:
    """How many more parts of a row that is not met fail, each of which would be enough or would have to change too."""
    if of.verdict is not Verdict.NOT_MET or not of.by_trace:
        return 0
    decided = {id(step) for step in lent.decider(of.trace)}
    failing = [step for step in of.trace.leaves if step.verdict is Verdict.NOT_MET]
    return sum(id(step) not in decided for step in failing)


def firm(result: Result, lang: Language = "vi") -> str:
    """
    How firm the computed verdicts are: which would turn within the stated precision of a figure, or by one unit.

    Args:
        result: An assessment, or one of its criteria or indicators.

        lang: The language.
    """
    words = Words(result.scope.rules, lang)
    return page([(0, words.say("firm.title")), *((depth + 1, line) for depth, line in firm_lines(result, words))])


def firm_lines(result: Result, words: Words) -> Iterator[Line]:
    """The rows that might turn, each with why, then how many would not."""
    rows: tuple[IndicatorResult, ...]
    if isinstance(result, IndicatorResult):
        rows = (result,)
    elif isinstance(result, CriterionResult):
        rows = result.indicators
    else:
        rows = (*result.indicators, *result.preconditions, *(() if result.applies is None else (result.applies,)))
    counted = dict.fromkeys(FirmnessCode, 0)
    for row in rows:
        found = row.firmness
        counted[found.code] += 1
        if found.reasons:
            yield 0, words.result(row)
        for reason in found.reasons:
            of = reason_sentence(reason, row, words.lang)
            yield 1, of
            yield 1, capital(words.say(f"firm.{found.code.value}"))
    firm, without = counted[FirmnessCode.FIRM], counted[FirmnessCode.NO_FIGURE]
    yield 0, words.say("firm.rest", firm=firm, without=without)
