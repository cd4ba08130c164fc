"""Reasons, findings and conflicts as sentences: codes and data in, one sentence out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from ntm_rules.explanation.words import Words, capital
from ntm_rules.messages import Language, date_text, fill
from ntm_rules.rulebook import instruments
from ntm_rules.vocabulary.assessments import (
    Assessment,
    Conflict,
    CriterionResult,
    Finding,
    IndicatorResult,
    Member,
    Reason,
    RowTaken,
)
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import Dossier, Predecessor
from ntm_rules.vocabulary.facts import ScaleStep
from ntm_rules.vocabulary.places import OF_PLACE, Level
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.requirements import Delegated
from ntm_rules.vocabulary.verdicts import ReasonCode, Verdict

Result = Assessment | CriterionResult | IndicatorResult | Member


class _Placeholders(dict[str, Any]):
    """The words a template may ask for; each is found only when asked, so none need exist for every reason."""

    def __init__(self, finder: object, **known: object) -> None:
        super().__init__(known)
        self._finder = finder

    def __missing__(self, name: str) -> object:
        """Ask the finder's method of that name."""
        return getattr(self._finder, name)()


class _ReasonWords:
    """What the sentence of one reason may speak of."""

    def __init__(self, reason: Reason, of: Result, words: Words) -> None:
        self.reason, self.of, self.words = reason, of, words
        self.dossier = of.scope.dossier

    def fact(self) -> str:
        reason, words = self.reason, self.words
        if reason.counted is not None:
            return words.counted(reason.counted)
        named = words.say("page.unnamed_fact") if reason.subject is None else words.fact(reason.subject)
        if reason.part is not None:
            part = words.part_of_fact(reason.subject or "", reason.part)
            return words.say("page.fact_part", fact=named, part=part)
        if reason.needs:
            facts = ", ".join(words.fact(fact) for fact in reason.needs)
            return words.say("page.fact_needs", fact=named, facts=facts)
        return named

    def above(self) -> str:
        """The place above of which a fact is missing."""
        return self.words.say(f"sub_place.{self.reason.names[0]}")

    def options(self) -> str:
        return self.words.options(self.reason.subject or "", self.reason.options)

    def part_list(self) -> str:
        return self.words.part_list(self.reason.subject or "")

    def part(self) -> str:
        return self.words.part(self.reason.subject)

    def what(self) -> str:
        return self.words.say(f"what.{self.reason.subject}")

    def year(self) -> int:
        return self.dossier.year

    def figure(self) -> str:
        assert self.reason.figure is not None  # only reasons with a figure ask  # noqa: S101
        return self.words.figure(self.reason.figure)

    def period(self) -> str:
        assert self.reason.figure is not None  # only reasons with a figure ask  # noqa: S101
        return self.words.period(self.reason.figure, self.dossier)

    def value(self) -> str:
        cell = self.reason.threshold.cell if self.reason.threshold is not None else None
        return self.words.quantity(cell) if isinstance(cell, Quantity | ScaleStep) else "?"

    def required(self) -> str:
        applied = self.reason.threshold
        assert applied is not None  # only reasons with a threshold ask  # noqa: S101
        assert applied.value is not None  # and one that can be compared with  # noqa: S101
        return self.words.required(applied.sign, applied.value)

    def row(self) -> str:
        row = "" if self.reason.threshold is None else self.words.row(self.reason.threshold)
        return self.words.say("page.row_in", row=row) if row else ""

    def row_of(self) -> str:
        assert self.reason.threshold is not None  # only reasons with a threshold ask  # noqa: S101
        return self.words.row(self.reason.threshold) or self.words.say("page.this_place")

    def asked(self) -> str:
        """What the dossier does not say of the place."""
        if self.reason.threshold is None:
            return self.words.asked(self.reason.subject or "")
        asks = self.reason.threshold.asks or (OF_PLACE + "region",)
        return self.words.say("page.and_asked").join(self.words.asked(each) for each in asks)

    def so_unknown(self) -> str:
        """What is not known because of it: which threshold applies, where it decides that."""
        return "" if self.reason.threshold is None else self.words.say("page.so_unknown", fact=self.fact())

    def candidates(self) -> str:
        """The rows between which nothing decides."""
        rows = () if self.reason.threshold is None else self.reason.threshold.candidates
        return self.words.any_of(self.words.axis_row(axis, row) for axis, row in rows)

    def elsewhere(self) -> str:
        """The set, or the row of one, that the reason speaks of."""
        return self.words.row_of_set(self.reason.subject or "")

    def wanted_title(self) -> str:
        """The title that is asked for."""
        return self.words.title_of(self.reason.subject or "")

    def held_title(self) -> str:
        """The title that is held, and for which it counts, where that is another."""
        held, wanted = self.reason.title, self.reason.subject
        assert held is not None  # only titles that are held ask  # noqa: S101
        named = self.words.title_of(held.set_id)
        if held.set_id == wanted:
            return named
        return self.words.say("page.counts_as", held=named, wanted=self.wanted_title())

    def failing(self) -> str:
        """Which parts of it are not met."""
        names = ", ".join(self.reason.names)
        return self.words.say("page.failing", parts=names) if names else ""

    def counted(self) -> str:
        """How many of how many."""
        assert self.reason.counted is not None  # only reasons of what was counted ask  # noqa: S101
        return self.words.counted(self.reason.counted)

    def rest(self) -> str:
        """Who is left."""
        assert self.reason.counted is not None  # only reasons of what was counted ask  # noqa: S101
        return self.words.rest(self.reason.counted)

    def years(self) -> str:
        """The years that decide, one after the other; those of an event as they are."""
        reason = self.reason
        if reason.counted is None:
            return ", ".join(str(year) for year in reason.numbers)
        decisive = {ReasonCode.YEARS_MET: Verdict.MET, ReasonCode.YEAR_NOT_MET: Verdict.NOT_MET}
        verdict = decisive.get(reason.code, Verdict.UNDETERMINED)
        return ", ".join(sorted(each.name for each in reason.counted.with_verdict(verdict)))

    def missing_years(self) -> str:
        """The years of which nothing is known, and those that are open."""
        missing = ", ".join(str(year) for year in sorted(self.reason.numbers[1:]))
        open_ = self.years()
        return missing + (self.words.say("page.years_open_too", years=open_) if open_ else "")

    def event(self) -> str:
        """The title whose year is asked for."""
        return self.words.title_of(self.reason.event or "")

    def collection(self) -> str:
        """What was counted."""
        assert self.reason.counted is not None  # only reasons of what was counted ask  # noqa: S101
        return self.words.collection(self.reason.counted.what)

    def decision(self) -> str:
        """The decision by which a title is held."""
        assert self.reason.title is not None  # only titles that are held ask  # noqa: S101
        return self.words.decision(self.reason.title)

    def its_set(self) -> str:
        """The set that the dossier itself names."""
        return self.words.row_of_set(self.dossier.set_id or "")

    def wanted(self) -> str:
        return self.words.wanted(self.reason.subject or "", self.reason.names)

    def actual(self) -> str:
        """What the place is instead, where that says more than *no*."""
        id = (self.reason.subject or "").removeprefix(OF_PLACE)
        value = self.dossier.place.attribute(id)
        if not isinstance(value, str):
            return ""
        return self.words.say("page.actual", value=self.words.attribute_value(id, value))

    def gap(self) -> str:
        assert self.reason.gap is not None  # only compared reasons ask  # noqa: S101
        return self.words.gap(self.reason.gap)

    def short(self) -> str:
        """By how much it fails; at a threshold that must be passed, by nothing."""
        gap, applied = self.reason.gap, self.reason.threshold
        assert gap is not None  # only compared reasons ask  # noqa: S101
        assert applied is not None  # only compared reasons ask  # noqa: S101
        if not gap.value:
            return self.words.say("page.short_exact")
        return self.words.say("page.over_by" if applied.sign.wants_less else "page.short_by", gap=self.gap())

    def margin(self) -> str:
        gap, applied = self.reason.gap, self.reason.threshold
        assert gap is not None  # only compared reasons ask  # noqa: S101
        assert applied is not None  # only compared reasons ask  # noqa: S101
        if not gap.value:
            return self.words.say("page.margin_exact")
        return self.words.say("page.margin_less" if applied.sign.wants_less else "page.margin_more", gap=self.gap())

    def authority(self) -> str:
        cell = self.reason.threshold.cell if self.reason.threshold is not None else None
        name = cell.to.value if isinstance(cell, Delegated) else self.reason.subject
        return self.words.say(f"authority.{name}")

    def grade(self) -> str:
        graded = self.reason.citation or self.reason.threshold
        assert graded is not None  # whatever is not accepted has a grade  # noqa: S101
        return self.words.say(f"grade.{graded.grade.value}")

    def attested(self) -> str:
        assert self.reason.attestation is not None  # only attested reasons ask  # noqa: S101
        return self.words.verdict(self.reason.attestation.verdict)

    def by(self) -> str:
        assert self.reason.attestation is not None  # only attested reasons ask  # noqa: S101
        return self.reason.attestation.by or self.words.say("page.by_unknown")

    def attested_for(self) -> str:
        assert self.reason.attestation is not None  # only attested reasons ask  # noqa: S101
        return self.words.date(self.reason.attestation.for_ or PartialDate(self.dossier.year))

    def paper(self) -> str:
        assert self.reason.attestation is not None  # only attested reasons ask  # noqa: S101
        return self.words.paper(self.reason.attestation, self.dossier)

    def sides(self) -> str:
        """Both sides of a contradiction."""
        if isinstance(self.of, Assessment):
            conflict = next(each for each in self.of.conflicts if not each.address)
            return _sides(conflict.computed, conflict.attested, self.words)
        assert not isinstance(self.of, Member)  # what was counted is computed only  # noqa: S101
        return _sides(self.of.computed, [each.verdict for each in self.of.attestations], self.words)


def _sides(computed: Verdict, attested: Iterable[Verdict], words: Words) -> str:
    """Who says what; where nothing was computed only the conclusions are sides."""
    joined = words.say("page.sides_joint").join(dict.fromkeys(map(words.verdict, attested)))
    if not computed.decided:
        return words.say("page.sides_within", attested=joined)
    return words.say("page.sides", computed=words.verdict(computed), attested=joined)


def reason_sentence(reason: Reason, of: Result, lang: Language = "vi") -> str:
    """
    One reason as one sentence.

    Args:
        reason: The reason.

        of: The result whose reason it is.

        lang: The language.
    """
    finder = _ReasonWords(reason, of, Words(of.scope.rules, lang))
    return capital(fill(f"reason.{reason.code.value}", lang, _Placeholders(finder, numbers=reason.numbers)))


def row_sentence(taken: RowTaken, of: Result, lang: Language = "vi") -> str:
    """Which rule took the place to its row, and why, with its citation."""
    words = Words(of.scope.rules, lang)
    trace = next((trace for trace in of.scope.axes if trace.axis == taken.axis), None)
    step = None if trace is None else trace.steps[taken.at]
    because = [_because(reason, of, words) for reason in step.why_so()] if step is not None else []
    params = {
        "because": ", ".join(dict.fromkeys(because)) or words.say("page.because_otherwise"),
        "row": words.axis_row(taken.axis, taken.row),
        "citation": words.citation(taken.citation),
        "grade": words.say(f"grade.{taken.citation.grade.value}"),
    }
    return capital(words.say("page.row_taken", **params))


def _because(reason: Reason, of: Result, words: Words) -> str:
    """In few words what a condition was met by: what the place is, or a figure."""
    if reason.code is ReasonCode.PLACE_IS:
        id = (reason.subject or "").removeprefix(OF_PLACE)
        value = of.scope.dossier.place.attribute(id)
        return words.attribute_value(id, value) if isinstance(value, str) else words.attribute(id)
    if reason.figure is not None and reason.figure.statement is None:
        return f"{words.fact(reason.figure.fact)} {words.figure(reason.figure)}"
    return words.fact(reason.subject or "")


class _FindingWords:
    """What the sentence of a finding may speak of."""

    def __init__(self, finding: Finding, dossier: Dossier, words: Words) -> None:
        self.finding, self.dossier, self.words = finding, dossier, words

    def address(self) -> str:
        return self.words.part(self.finding.address)

    def name(self) -> str:
        return self.finding.subject or ""

    def subject(self) -> str:
        return self.words.date(PartialDate.parse(self.finding.subject or ""))

    def subject_date(self) -> str:
        return date_text(date.fromisoformat(self.finding.subject or ""), self.words.lang)

    def fact(self) -> str:
        return self.words.fact(self.finding.subject or "")

    def what(self) -> str:
        """What a tally is of: rows of the set, or places beneath."""
        if self.finding.address is not None:
            return self.words.collection(self.finding.subject or "")
        return self.words.say(f"what.{self.finding.subject}")

    def force(self) -> str:
        return self.words.force()

    def year(self) -> int:
        return self.dossier.year

    def predecessor(self) -> str:
        """A place that the dossier's was formed of, when that was, and what it was recognised as."""
        return predecessor_words(self.dossier.predecessors[self.finding.numbers[0]], self.words)

    def guidance(self) -> str:
        found = guidance_on_mergers(self.dossier.place.level, self.words)
        return f". {found}" if found else ""


def predecessor_words(predecessor: Predecessor, words: Words) -> str:
    """``xã Thử Một (trước ngày 01/07/2025: …)``."""
    place = words.say(f"sub_place.{predecessor.place.counted_as}")
    titles = "; ".join(words.title(title) for title in predecessor.titles)
    on = date_text(predecessor.on, words.lang)
    return words.say("page.predecessor", place=f"{place} {predecessor.place.name}", on=on, titles=titles)


#: The letter on units that were formed of others: of what it says of communes is told.
GUIDANCE_ON_MERGERS = "267/BNN-VPĐP"


def guidance_on_mergers(level: Level, words: Words) -> str:
    """What is known of the law on titles after a merger, with its source; empty where nothing is."""
    found = next((each for each in instruments() if each.id == GUIDANCE_ON_MERGERS), None)
    if level is not Level.COMMUNE or found is None or found.note is None or found.issued is None:
        return ""
    named, issued = f"{words.say(f'kind.{found.kind}')} {found.id}", date_text(found.issued, words.lang)
    return words.say("page.guidance", instrument=named, issued=issued, note=found.note.in_(words.lang).rstrip("."))


def finding_sentence(finding: Finding, result: Assessment, lang: Language = "vi") -> str:
    """One finding as one sentence."""
    finder = _FindingWords(finding, result.dossier, Words(result.rules, lang))
    return capital(fill(f"finding.{finding.code.value}", lang, _Placeholders(finder, numbers=finding.numbers)))


def conflict_sentence(conflict: Conflict, result: Assessment, lang: Language = "vi") -> str:
    """One contradiction as one sentence."""
    words = Words(result.rules, lang)
    attested = words.say("page.sides_joint").join(words.verdict(verdict) for verdict in conflict.attested)
    params = {
        "address": words.part(conflict.address),
        "computed": words.verdict(conflict.computed),
        "attested": attested,
        "sides": _sides(conflict.computed, conflict.attested, words),
    }
    return capital(fill(f"finding.{conflict.code.value}", lang, params))
