"""What changed between two assessments of a place, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from ntm_rules.explanation.pages import page
from ntm_rules.explanation.requirements import Line
from ntm_rules.explanation.words import Words
from ntm_rules.messages import Language, date_text
from ntm_rules.vocabulary.assessments import AppliedThreshold, Assessment
from ntm_rules.vocabulary.dossiers import FactValue
from ntm_rules.vocabulary.lent import lent
from ntm_rules.vocabulary.since import FigureChange, Since, ThresholdChange, Turn
from ntm_rules.vocabulary.verdicts import Verdict


def since_page(since: Since, lang: Language = "vi") -> str:
    """What changed from one assessment of a place to a later one: the set, the verdicts, figures, thresholds."""
    place = (0, Words(since.later.rules, lang).place(since.later.dossier.place))
    return page((place, *since_lines(since, lang)))


lent.since_voice = since_page


def since_lines(since: Since, lang: Language) -> Iterator[Line]:
    """What changed as lines, an empty one between its parts."""
    words, before = Words(since.later.rules, lang), Words(since.earlier.rules, lang)
    if not since.same_place:
        yield 0, words.say("since.other_place", place=words.place(since.earlier.dossier.place))
    yield 0, words.say("since.earlier", what=_side(since.earlier, before))
    yield 0, words.say("since.later", what=_side(since.later, words))
    law = "same_law" if since.same_law else "same_set" if since.same_set else "other_set"
    yield 0, words.say(f"since.{law}")
    sections = {
        "turns": [_turn(each, words, before) for each in since.turns],
        "thresholds": [_threshold(each, words, before) for each in since.thresholds],
        "figures": [_figure(each, since, words, before) for each in since.figures],
    }
    for name, lines in sections.items():
        yield 0, ""
        yield 0, words.say(f"since.{name}" if lines else f"since.no_{name}")
        yield from ((1, line) for line in lines)


def _side(result: Assessment, words: Words) -> str:
    return words.say(
        "since.side",
        year=result.dossier.year,
        on=date_text(result.on, words.lang),
        edition=result.rules.edition,
        verdict=words.verdict(result.verdict),
        met=result.tally.met,
        total=words.count(result.tally.total),
    )


def _turn(turn: Turn, words: Words, before: Words) -> str:
    # A row that is gone is known to the earlier set only.
    named = (before if turn.after is None else words).part(turn.address)
    causes = words.say("since.and").join(words.say(f"since.cause_{cause.value}") for cause in turn.causes)
    because = words.say("since.because", causes=causes) if causes else ""
    return words.say(
        "since.turn",
        what=named,
        before=_verdict(turn.before, words),
        after=_verdict(turn.after, words),
        because=because,
    )


def _verdict(verdict: Verdict | None, words: Words) -> str:
    return words.say("since.absent") if verdict is None else words.verdict(verdict)


def _threshold(change: ThresholdChange, words: Words, before: Words) -> str:
    row = f"{words.part(change.address)}: " if change.address else ""
    was, is_ = _required(change.before, before), _required(change.after, words)
    how = words.say(f"since.{change.stricter.value}")
    return row + words.say("since.threshold", fact=words.fact(change.fact), before=was, after=is_, how=how)


def _required(applied: AppliedThreshold, words: Words) -> str:
    assert applied.value is not None  # only figures are told  # noqa: S101
    return words.required(applied.sign, applied.value)


def _figure(change: FigureChange, since: Since, words: Words, before: Words) -> str:
    known = change.fact if words.rules.catalogue.get(change.fact) is None else None
    fact = before.fact(change.fact) if known else words.fact(change.fact)
    if change.part is not None:
        fact = words.say("page.fact_part", fact=fact, part=words.part_of_fact(change.fact, change.part))
    was, is_ = _said(change.before, since.earlier, before), _said(change.after, since.later, words)
    return words.say("since.figure", fact=fact, before=was, after=is_)


def _said(figure: FactValue | None, of: Assessment, words: Words) -> str:
    if figure is None:
        return words.say("since.not_said")
    if figure.statement is not None:
        said = words.say("since.yes" if figure.statement else "since.no")
    else:
        said = words.figure(figure)
    return words.say("since.said", figure=said, period=words.period(figure, of.dossier))
