"""What of the law is encoded, evidenced and lacking, in words: rows of two tables and a page for each edition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ntm_rules.explanation.requirements import Line
from ntm_rules.explanation.words import Words
from ntm_rules.messages import Language, text
from ntm_rules.rulebook import places
from ntm_rules.rulebook.coverage import Coverage, missing
from ntm_rules.vocabulary.criteria import APPLIES_TO, PRECONDITION, CriteriaSet
from ntm_rules.vocabulary.instruments import Grade, Instrument
from ntm_rules.vocabulary.requirements import Authority

_COLUMNS = (
    "edition",
    "criteria",
    "indicators",
    *(grade.value for grade in Grade),
    "candidates",
    *(authority.value for authority in Authority),
)


def coverage_headings(lang: Language = "vi") -> list[str]:
    """The heads of the columns of the table of editions."""
    return [text(f"coverage.{column}", lang) for column in _COLUMNS]


def coverage_row(told: Coverage) -> list[str]:
    """One edition: encoded rows of those that the law counts, cells by grade, candidates, what is left to whom."""
    rules = told.rules
    return [
        rules.edition,
        of_the_law(len(rules.criteria), rules.counts.criteria),
        of_the_law(sum(1 for _ in rules.indicators), rules.counts.indicators),
        *(str(number) for _, number in told.grades),
        str(told.candidates),
        *(str(number) for _, number in told.open),
    ]


def of_the_law(encoded: int, stated: int | None) -> str:
    """
    How many rows are encoded of those that the law counts, ``8/47``; ``?`` where its count is not known.

    Example:
        >>> of_the_law(20, None)
        '20/?'
    """
    return f"{encoded}/{'?' if stated is None else stated}"


def region_headings(lang: Language = "vi") -> list[str]:
    """The heads of the columns of the table of what can be decided where."""
    return [text("coverage.edition", lang), *(title.in_(lang) for _, title in places().regions)]


def region_row(told: Coverage) -> list[str]:
    """One edition: for each region, how many of its indicators can be decided."""
    total = sum(1 for _ in told.rules.indicators)
    return [told.rules.edition, *(f"{number}/{total}" for _, number in told.decidable)]


def coverage_page(told: Coverage, lang: Language = "vi") -> str:
    """What an edition lacks, indicator by indicator, and where it can be checked."""
    words = Words(told.rules, lang)
    return _page(((0, f"{told.rules.title.in_(lang)} ({told.rules.edition})"), *_lacking(told, words)))


def incomplete_page(rules: CriteriaSet, lang: Language = "vi") -> str:
    """What is missing of an incomplete set, and where it can be checked; empty for a complete one."""
    if not rules.incomplete:
        return ""
    words = Words(rules, lang)
    head = words.say("coverage.incomplete", set=rules.id, **_counts(words))
    if rules.counts.surplus:
        head = f"{rules.id}: {words.surplus('coverage')}."
    return _page(((0, head), *((depth + 1, line) for depth, line in missing_lines(words))))


def missing_lines(words: Words) -> Iterator[Line]:
    """Which rows a set does not hold, as far as known, and where they can be checked."""
    rules = words.rules
    gone = missing(rules)
    if gone.criterion_numbers:
        yield 0, words.say("coverage.missing_criteria", numbers=", ".join(gone.criterion_numbers))
    if gone.indicator_numbers:
        yield 0, words.say("coverage.missing_indicators", numbers=", ".join(gone.indicator_numbers))
    basis = rules.instrument(rules.basis)
    yield from _check_in(() if basis is None else (basis,), words)


def _lacking(told: Coverage, words: Words) -> Iterator[Line]:
    if not told.lacking and not told.rules.incomplete:
        yield 1, words.say("coverage.nothing")
        return
    if told.rules.incomplete:
        surplus = bool(told.rules.counts.surplus)
        yield 1, words.surplus("coverage") if surplus else words.say("coverage.rows", **_counts(words))
        gone = told.missing
        for key, numbers in (("criteria", gone.criterion_numbers), ("indicators", gone.indicator_numbers)):
            if numbers:
                yield 1, words.say(f"coverage.missing_{key}", numbers=", ".join(numbers))
    unstated = [f"{_number(each.at, words)} ({each.unstated})" for each in told.lacking if each.unstated]
    if unstated:
        yield 1, words.say("coverage.no_figure", numbers="; ".join(unstated))
    for authority in Authority:
        left = [_number(each.at, words) for each in told.lacking if authority in each.left_to]
        if left:
            named = words.say(f"authority.{authority.value}")
            yield 1, words.say("coverage.left_to", authority=named, numbers="; ".join(left))
    for key in ("undefined", "referred"):
        such = [_number(each.at, words) for each in told.lacking if getattr(each, key)]
        if such:
            yield 1, words.say(f"coverage.{key}", numbers="; ".join(such))
    yield from ((depth + 1, line) for depth, line in _check_in(told.check_in, words))


def _check_in(instruments: Iterable[Instrument], words: Words) -> Iterator[Line]:
    """Instruments with the addresses of the pages where they can be read."""
    for at, instrument in enumerate(instruments):
        if not at:
            yield 0, words.say("coverage.check_in")
        yield 1, words.instrument(instrument.id)
        for address in instrument.sources:
            yield 2, address


def _counts(words: Words) -> dict[str, object]:
    criteria, indicators = (words.count(number) for number in words.rules.missing_rows)
    return {"criteria": criteria, "indicators": indicators}


def _number(at: str, words: Words) -> str:
    """A row as the annex numbers it: ``17.1``; with its criterion where that does not tell it, a condition by title."""
    if at.startswith((PRECONDITION, APPLIES_TO)):
        return words.part(at)
    criterion, _, indicator = at.partition("/")
    return indicator if indicator == criterion or indicator.startswith(f"{criterion}.") else at


def _page(lines: Iterable[Line]) -> str:
    return "\n".join("  " * depth + line for depth, line in lines)


__all__ = [
    "coverage_headings",
    "coverage_page",
    "coverage_row",
    "incomplete_page",
    "missing_lines",
    "of_the_law",
    "region_headings",
    "region_row",
]
