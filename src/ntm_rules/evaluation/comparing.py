"""Two assessments of a place held against each other."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ntm_rules.vocabulary.assessments import AppliedThreshold, Assessment, CriterionResult, IndicatorResult
from ntm_rules.vocabulary.dossiers import FactValue
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.since import FigureChange, Since, Stricter, ThresholdChange, Turn, TurnCause

_Row = CriterionResult | IndicatorResult


def compare_assessments(earlier: Assessment, later: Assessment) -> Since:
    """
    What changed between two assessments of a place: figures, edition, thresholds and verdicts.

    Rows are held against each other by their addresses if both are by the same set; of two sets only figures,
    the thresholds of the facts that each compares once, and the verdict on the whole are.

    Example:
        >>> import ntm_rules as ntm
        >>> rules = ntm.load("commune/standard/2016-2020")
        >>> def judged(year, share):
        ...     return ntm.evaluate(rules, ntm.Dossier.from_mapping({
        ...         "dossier": 1, "year": year, "facts": {"health_insurance_share": share},
        ...         "place": {"level": "commune", "name": "Phú Đình", "province": "Thái Nguyên"}}))
        >>> since = ntm.compare_assessments(judged(2019, "84 %"), judged(2020, "86 %"))
        >>> [(turn.address, turn.after.value) for turn in since.turns]
        [('', 'undetermined'), ('15', 'undetermined'), ('15/15.1', 'met')]
    """
    same_set = earlier.rules.id == later.rules.id
    thresholds = tuple(_thresholds(earlier, later, by_row=same_set))
    return Since(
        earlier,
        later,
        _named(earlier) == _named(later),
        same_set,
        earlier.rules.fingerprint == later.rules.fingerprint,
        (*_turn("", earlier, later), *(_turns(earlier, later) if same_set else ())),
        tuple(_figures(earlier, later)),
        thresholds,
    )


def _named(result: Assessment) -> tuple[str | None, ...]:
    place = result.dossier.place
    return place.level.value, place.name, place.district, place.province


# --- verdicts ---------------------------------------------------------------------------------------------------


def _turns(earlier: Assessment, later: Assessment) -> Iterator[Turn]:
    before, after = dict(_rows(earlier)), dict(_rows(later))
    for address in dict.fromkeys((*after, *before)):
        yield from _turn(address, before.get(address), after.get(address))


def _rows(result: Assessment) -> Iterator[tuple[str, _Row]]:
    for criterion in result.criteria:
        yield criterion.address, criterion
        yield from ((row.address, row) for row in criterion.indicators)
    beside = () if result.applies is None else (result.applies,)
    yield from ((row.address, row) for row in (*result.preconditions, *beside))


def _turn(address: str, before: Assessment | _Row | None, after: Assessment | _Row | None) -> Iterator[Turn]:
    was, is_ = (None if each is None else each.verdict for each in (before, after))
    if was is not is_:
        causes = () if before is None or after is None else tuple(_causes(before, after))
        yield Turn(address, was, is_, causes)


def _causes(before: Assessment | _Row, after: Assessment | _Row) -> Iterator[TurnCause]:
    """What is different of a row itself; of a whole, its parts."""
    if isinstance(before, IndicatorResult) and isinstance(after, IndicatorResult):
        was, is_ = list(_compared(before)), list(_compared(after))
        if [_said(figure) for _, figure, _ in was] != [_said(figure) for _, figure, _ in is_]:
            yield TurnCause.FIGURE
        if [_asks(applied) for _, _, applied in was] != [_asks(applied) for _, _, applied in is_]:
            yield TurnCause.THRESHOLD
        if [key for key, _, _ in was] != [key for key, _, _ in is_]:
            yield TurnCause.REQUIREMENT
    else:
        yield TurnCause.PARTS
    if _concluded(before) != _concluded(after):
        yield TurnCause.CONCLUSION


_Key = tuple[str | None, str | None]


def _compared(row: IndicatorResult) -> Iterator[tuple[_Key, FactValue | None, AppliedThreshold | None]]:
    """What each leaf of a row speaks of, what was said of it, and the threshold that applied."""
    for leaf in row.trace.leaves:
        reason = leaf.reason
        yield (reason.subject, reason.part), reason.figure, reason.threshold


def _said(figure: FactValue | None) -> object:
    """What a figure says, whatever its paper."""
    if figure is None:
        return None
    if figure.is_number:
        numerator, denominator = figure.fraction
        # Counts of nothing are no figure.
        return None if not denominator else Fraction(numerator) / Fraction(denominator)
    return figure.statement if figure.statement is not None else figure.step or figure.option


def _asks(applied: AppliedThreshold | None) -> object:
    return None if applied is None else (applied.sign, applied.cell, applied.closed)


def _concluded(of: Assessment | _Row) -> object:
    if isinstance(of, Assessment):
        return [(each.what, each.least, each.most) for each in of.dossier.reported]
    return [each.verdict for each in of.attestations]


# --- figures ----------------------------------------------------------------------------------------------------


def _figures(earlier: Assessment, later: Assessment) -> Iterator[FigureChange]:
    before, after = dict(_all_figures(earlier)), dict(_all_figures(later))
    for key in dict.fromkeys((*after, *before)):
        was, is_ = before.get(key), after.get(key)
        if _said(was) != _said(is_):
            yield FigureChange(*key, was, is_)


def _all_figures(result: Assessment) -> Iterator[tuple[tuple[str, str | None], FactValue]]:
    for value in result.dossier.facts:
        if value.is_stated:
            yield (value.fact, None), value
        yield from (((value.fact, part.part), part) for part in value.parts)


# --- thresholds -------------------------------------------------------------------------------------------------


def _thresholds(earlier: Assessment, later: Assessment, *, by_row: bool) -> Iterator[ThresholdChange]:
    before, after = (dict(_lone(each, by_row=by_row)) for each in (earlier, later))
    for key, is_ in after.items():
        was = before.get(key)
        if was is not None and was.value is not None and is_.value is not None and _asks(was) != _asks(is_):
            yield ThresholdChange(key[0], key[1], was, is_, _stricter(was, is_))


def _lone(result: Assessment, *, by_row: bool) -> Iterator[tuple[tuple[str, str, str | None], AppliedThreshold]]:
    """The thresholds by row and fact, or by fact alone: those of which there is but one, so that they can be paired."""
    found: dict[tuple[str, str, str | None], list[AppliedThreshold]] = {}
    for row in (*result.indicators, *result.preconditions, *(() if result.applies is None else (result.applies,))):
        for (fact, part), _, applied in _compared(row):
            if fact is not None and applied is not None:
                found.setdefault((row.address if by_row else "", fact, part), []).append(applied)
    return ((key, each[0]) for key, each in found.items() if len(each) == 1)


def _stricter(was: AppliedThreshold, is_: AppliedThreshold) -> Stricter:
    """Whether more is asked than before; of another sign or unit it can't be told."""
    before, after = was.value, is_.value
    assert before is not None  # both are figures  # noqa: S101
    assert after is not None  # both are figures  # noqa: S101
    same = (
        was.sign is is_.sign
        and before.unit == after.unit
        and isinstance(before, Quantity) is isinstance(after, Quantity)
    )
    if not same or before.value == after.value or not (was.sign.wants_more or was.sign.wants_less):
        return Stricter.OTHER
    return Stricter.STRICTER if (after.value > before.value) is was.sign.wants_more else Stricter.LOOSER
