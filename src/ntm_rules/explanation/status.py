"""What a place is recognised as, in sentences: the state of each title, why, and its history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ntm_rules.explanation.sentences import guidance_on_mergers, predecessor_words, reason_sentence
from ntm_rules.explanation.words import Words, capital
from ntm_rules.messages import Language, date_text, text
from ntm_rules.rulebook import instruments, sets
from ntm_rules.vocabulary.assessments import Assessment
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import Document, Status
from ntm_rules.vocabulary.instruments import Citation
from ntm_rules.vocabulary.lent import lent
from ntm_rules.vocabulary.places import Place
from ntm_rules.vocabulary.status import Cause, CauseCode, RecognitionState, RecognitionStatus, TitleStatus
from ntm_rules.vocabulary.verdicts import Verdict

_INDENT = "  "


def _words(lang: Language) -> Words:
    """Words for what no set has to do with: places, dates, papers."""
    return Words(sets()[0], lang)


class _CauseWords(dict[str, object]):
    """What the sentence of one cause may speak of; each is found only when asked."""

    def __init__(self, cause: Cause, status: RecognitionStatus, lang: Language) -> None:
        super().__init__()
        self.cause, self.status = cause, status
        self.words = _words(lang) if cause.result is None else Words(cause.result.rules, lang)

    def __missing__(self, name: str) -> object:
        """Ask the method of that name."""
        return getattr(self, name)()

    def _say(self, key: str, **params: object) -> str:
        return self.words.say(f"recognition_page.{key}", **params)

    def year(self) -> int:
        assert self.cause.year is not None  # only what was judged for a year asks  # noqa: S101
        return self.cause.year

    def years(self) -> int:
        assert self.cause.years is not None  # only what is due after years asks  # noqa: S101
        return self.cause.years

    def decision(self) -> str:
        """The decision that recognised."""
        assert self.cause.title is not None  # only decisions ask  # noqa: S101
        return self.words.decision(self.cause.title)

    def revocation(self) -> str:
        """The decision that revoked."""
        assert self.cause.title is not None  # only decisions ask  # noqa: S101
        number = self.cause.title.revoked_by
        return self._say("unnamed_decision") if number is None else self._say("of_decision", number=number)

    def paper(self) -> str:
        """The document of a decision, in brackets."""
        assert self.cause.title is not None  # only decisions ask  # noqa: S101
        document = _document(self.status, self.cause.title.document)
        return "" if document is None else self.words.say("page.paper", document=self.words.document(document))

    def _result(self) -> Assessment:
        assert self.cause.result is not None  # only assessments ask  # noqa: S101
        return self.cause.result

    def tally(self) -> str:
        tally = self._result().tally
        return f"{tally.met}/{self.words.count(tally.total)}"

    def edition(self) -> str:
        first = date_text(self._result().rules.in_force.first_day, self.words.lang)
        return self._say("edition", first_day=first)

    def provisional(self) -> str:
        return f", {self.words.say('page.provisional_short')}" if self._result().provisional else ""

    def failing(self) -> str:
        """The criteria that are not met, by number and title."""
        named = (self.words.part(each.address) for each in self._result().failing)
        return "; ".join(each[:1].lower() + each[1:] for each in named)

    def verdict(self) -> str:
        return self.words.set_verdict(self._result().verdict)

    def revocation_rule(self) -> str:
        """The decision that says when a recognition is revoked."""
        return self.words.instrument(self._result().rules.basis)

    def citation(self) -> str:
        return self.words.citation(self._cited())

    def grade(self) -> str:
        return self.words.say(f"grade.{self._cited().grade.value}")

    def _cited(self) -> Citation:
        assert self.cause.citation is not None  # only the law's own causes ask  # noqa: S101
        return self.cause.citation

    def earlier(self) -> str:
        return self._places(() if self.cause.change is None else self.cause.change.earlier)

    def later(self) -> str:
        return self._places(() if self.cause.change is None else self.cause.change.later)

    def _places(self, places: Iterable[Place]) -> str:
        return ", ".join(f"{self.words.say(f'sub_place.{each.counted_as}')} {each.name}" for each in places)

    def by(self) -> str:
        """By what a place was changed, where that is told."""
        by = None if self.cause.change is None else self.cause.change.by
        by = by or next((each.by for each in self.cause.predecessors if each.by is not None), None)
        if by is None:
            return ""
        known = next((each for each in instruments() if each.id == by), None)
        return self._say("by", by=by if known is None else f"{self.words.say(f'kind.{known.kind}')} {by}")

    def predecessors(self) -> str:
        """The places that held titles, with these."""
        return "; ".join(predecessor_words(each, self.words) for each in self.cause.predecessors if each.titles)


def _document(status: RecognitionStatus, id: str | None) -> Document | None:
    found = (each.document(id) for each in status.dossiers)
    return next((each for each in found if each is not None), None)


def cause_sentence(cause: Cause, status: RecognitionStatus, lang: Language = "vi") -> str:
    """One cause as one sentence."""
    words = _CauseWords(cause, status, lang)
    # format_map looks each placeholder up, so that nothing is asked for that the cause has not.
    return capital(text(f"cause.{cause.code.value}", lang).format_map(words))


def _when(day: PartialDate, words: Words, key: str) -> str:
    """A date in a phrase, whose words depend on whether the day is known."""
    full = f"recognition_page.{key}" if day.day is None else f"recognition_page.{key}_day"
    return words.say(full, since=words.date(day))


def state_word(state: RecognitionState, lang: Language = "vi") -> str:
    """The word for a state."""
    return text(f"recognition.{state.value}", lang)


# --- pages ------------------------------------------------------------------------------------------------------


def status_heading(status: RecognitionStatus, lang: Language = "vi") -> str:
    """The place, the day, the years that are known, and the marks that must stand on every page."""
    words = _words(lang)
    lines = [words.place(status.place)]
    lines.append(words.say("recognition_page.heading", on=date_text(status.on, lang)))
    lines.append(words.say("recognition_page.years", years=", ".join(str(each.year) for each in status.dossiers)))
    marks = dict.fromkeys(each.status for each in status.dossiers if each.status is not Status.REAL)
    lines += [words.say(f"finding.{mark.value}") for mark in marks]
    return "\n".join(lines)


def title_page(title: TitleStatus, status: RecognitionStatus, lang: Language = "vi") -> str:
    """How the place stands to one title, since when, and why."""
    words = _words(lang)
    since = "" if title.since is None else _when(title.since, words, "since")
    if title.recognised_since is not None and title.recognised_since != title.since:
        recognised = _when(title.recognised_since, words, "from")
        since += words.say("recognition_page.recognised_since", since=recognised)
    state = state_word(title.state, lang).upper()
    lines = [
        words.say("recognition_page.title", title=words.title_of(title.set_id)),
        _INDENT + words.say("recognition_page.state", state=state, since=since),
    ]
    for cause in title.why:
        said = words.say("recognition_page.why", cause=cause_sentence(cause, status, lang))
        lines.append(_INDENT + said)
        lines += [_INDENT * 2 + each for each in _in_detail(cause, status, words)]
    return "\n".join(lines)


def _in_detail(cause: Cause, status: RecognitionStatus, words: Words) -> Iterator[str]:
    """What a case for revocation consists in; what is known of the law on mergers."""
    if cause.code is CauseCode.REVOCATION_MADE_OUT and cause.result is not None:
        for indicator in cause.result.indicators:
            for reason in indicator.reasons if indicator.verdict is Verdict.MET else ():
                yield reason_sentence(reason, indicator, words.lang)
    guidance = guidance_on_mergers(status.place.level, words)
    if cause.code in (CauseCode.FORMED_OF_OTHERS, CauseCode.BECAME_OTHERS) and guidance:
        yield guidance + "."


def history_headings(lang: Language = "vi") -> tuple[str, str, str]:
    """The heads of the columns of a history."""
    date, state, cause = (text(f"recognition_page.{key}", lang) for key in ("on", "column_state", "column_cause"))
    return date, state, cause


def history_rows(title: TitleStatus, status: RecognitionStatus, lang: Language = "vi") -> list[tuple[str, str, str]]:
    """The history of one title: the date, the state after it (in brackets where it stayed), and what happened."""
    words, rows = _words(lang), []
    for each in title.history:
        state = state_word(each.state, lang)
        if each.before is each.state and not each.decides:
            state = words.say("recognition_page.unchanged", state=state)
        rows.append((words.date(each.on), state, cause_sentence(each.cause, status, lang)))
    return rows


def status_page(status: RecognitionStatus, lang: Language = "vi") -> str:
    """
    What a place is recognised as: each title with its state, since when, why, and its history.

    Args:
        status: From `ntm_rules.status`.

        lang: The language.
    """
    lines = [status_heading(status, lang)]
    for title in status.titles:
        lines += ["", title_page(title, status, lang)]
        rows = history_rows(title, status, lang)
        lines.append(_INDENT + text(f"recognition_page.{'history' if rows else 'no_history'}", lang))
        lines += [f"{_INDENT * 2}{day}: {state}. {cause}" for day, state, cause in rows]
    return "\n".join(lines)


lent.status_voice = status_page


__all__ = [
    "cause_sentence",
    "history_headings",
    "history_rows",
    "state_word",
    "status_heading",
    "status_page",
    "title_page",
]
