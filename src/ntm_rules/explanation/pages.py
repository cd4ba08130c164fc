"""Pages: why a verdict is what it is, what a result does not know, what the law asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from ntm_rules.explanation.coverage import missing_lines
from ntm_rules.explanation.requirements import Line, describe_requirement, describe_source
from ntm_rules.explanation.sentences import conflict_sentence, finding_sentence, reason_sentence, row_sentence
from ntm_rules.explanation.words import Words, capital
from ntm_rules.messages import Language, date_text, text
from ntm_rules.rulebook import places
from ntm_rules.vocabulary.assessments import Assessment, CriterionResult, IndicatorResult, Reason, Tally
from ntm_rules.vocabulary.criteria import Axis, AxisRule, CriteriaSet, Criterion, Indicator
from ntm_rules.vocabulary.dossiers import Dossier
from ntm_rules.vocabulary.facts import FactDefinition
from ntm_rules.vocabulary.instruments import Citation, Grade, Source
from ntm_rules.vocabulary.lent import lent
from ntm_rules.vocabulary.overlays import RevisionAuthority
from ntm_rules.vocabulary.verdicts import FindingCode, ReasonCode, Verdict

_INDENT = "  "


def page(lines: Iterable[Line]) -> str:
    """Lines under their indents."""
    return "\n".join(f"{_INDENT * depth}{line}".rstrip() for depth, line in lines)


# --- why --------------------------------------------------------------------------------------------------------


def why(result: Assessment | CriterionResult | IndicatorResult, lang: Language = "vi") -> str:
    """
    Why a verdict is what it is: every reason with its figure, threshold, source and grade.

    Args:
        result: An assessment, or one of its criteria or indicators.

        lang: The language.

    Example:
        >>> import ntm_rules as ntm
        >>> place = {"level": "commune", "name": "Phú Đình", "province": "Thái Nguyên"}
        >>> facts = {"multidimensional_poverty_rate": "11.2 %"}
        >>> dossier = ntm.Dossier.from_mapping({"dossier": 1, "year": 2020, "place": place, "facts": facts})
        >>> result = ntm.evaluate(ntm.load("commune/standard/2016-2020"), dossier)
        >>> print(why(result["11/11"], "en").splitlines()[0])
        Indicator 11. Multidimensional poverty rate: MET (computed from the dossier; provisional)
    """
    words = Words(result.scope.rules, lang)
    if isinstance(result, IndicatorResult):
        return page((*_marks(words), *_indicator(result, words, 0)))
    if isinstance(result, CriterionResult):
        return page((*_marks(words), *_criterion(result, words)))
    return page(_whole(result, words))


lent.voice = why


@attrs.frozen
class Told:
    """
    One thing told of a verdict.

    Attributes:
        beneath: What it stands on: depth and words of each line.

        reason: The reason that it words; None for what is told beside the reasons.
    """

    sentence: str
    beneath: tuple[Line, ...] = ()
    reason: Reason | None = None


def told(of: CriterionResult | IndicatorResult, lang: Language = "vi") -> tuple[Told, ...]:
    """
    Why one criterion or indicator came out as it did, thing by thing: what `why` prints, before it is a page.

    Of a criterion only what its indicators do not tell.
    """
    words = Words(of.scope.rules, lang)
    return tuple(_told_of_indicator(of, words) if isinstance(of, IndicatorResult) else _told_of_criterion(of, words))


def _told_of_indicator(of: IndicatorResult, words: Words) -> Iterator[Told]:
    told: set[Citation] = set()
    things = [
        Told(reason_sentence(reason, of, words.lang), tuple(_stands_on(reason, of, words, told)), reason)
        for reason in of.reasons
    ]
    for reason in _other_parts(of):
        sentence = words.say("page.other_part", sentence=reason_sentence(reason, of, words.lang))
        things.append(Told(sentence, tuple(_stands_on(reason, of, words, told)), reason))
    if things and not told and of.basis.value == "attested":
        # What the department concluded on: without this line an attested verdict would lack its law.
        law = _cite(words.rules.cite(of.indicator.source), words, 0)
        things[-1] = attrs.evolve(things[-1], beneath=(*things[-1].beneath, *law))
    yield from things
    yield from _told_beside(of, words)


def _stands_on(reason: Reason, of: IndicatorResult, words: Words, told: set[Citation]) -> Iterator[Line]:
    yield from _papers(reason, of.scope.dossier, words, 0)
    yield from _source(reason, words, 0, told)
    yield from _row_taken(reason, of, words, 0, told)
    yield from _members(reason, words, 0)


def _told_of_criterion(of: CriterionResult, words: Words) -> Iterator[Told]:
    for reason in of.reasons:
        if reason.code not in _TOLD_BY_PARTS:
            yield Told(reason_sentence(reason, of, words.lang), (), reason)
    yield from _told_beside(of, words)


def _told_beside(of: CriterionResult | IndicatorResult, words: Words) -> Iterator[Told]:
    for _, line in _beside(of, words, 0):
        yield Told(line)


def _lines(things: Iterable[Told], depth: int) -> Iterator[Line]:
    for thing in things:
        yield depth, thing.sentence
        for deeper, line in thing.beneath:
            yield depth + 1 + deeper, line


def _indicator(of: IndicatorResult, words: Words, depth: int) -> Iterator[Line]:
    yield depth, words.result(of)
    yield from _lines(_told_of_indicator(of, words), depth + 1)


def _other_parts(of: IndicatorResult) -> Iterator[Reason]:
    """Parts that were measured or counted though the verdict does not hang on them, or stands on a conclusion."""
    for step in of.trace.leaves:
        measured = step.reason.figure is not None or step.reason.counted is not None
        if measured and step.verdict.decided and step.reason not in of.reasons:
            yield step.reason


def _papers(reason: Reason, dossier: Dossier, words: Words, depth: int) -> Iterator[Line]:
    """The papers that a figure stands in, or in which a number of places was published, each once."""
    figure = reason.figure
    computed = None if figure is None else figure.computed
    figures = () if figure is None else (figure,) if computed is None else computed.inputs
    report = None if reason.counted is None else reason.counted.reported
    tallies = () if report is None else report.tallies
    named = [(each.document, each.in_year) for each in figures] + [(each.document, None) for each in tallies]
    for id, year in dict.fromkeys(named):
        then = dossier if year is None else dossier.of_year(year)
        document = None if then is None else then.document(id)
        if document is not None:
            yield depth, words.say("page.document", document=words.document(document))


def _row_taken(reason: Reason, of: IndicatorResult, words: Words, depth: int, told: set[Citation]) -> Iterator[Line]:
    """The rules that took the place to the row of its threshold, each once."""
    for taken in () if reason.threshold is None else reason.threshold.taken_by:
        if taken.citation not in told:
            told.add(taken.citation)
            yield depth, row_sentence(taken, of, words.lang)
    referred = None if reason.threshold is None else reason.threshold.of
    if referred is not None:
        other = referred.threshold
        value = words.say("page.not_known") if other.value is None else words.quantity(other.value)
        row, times = words.row_of_set(referred.address), words.number(referred.times)
        yield depth, words.say("page.referred", row=row, value=value, times=times)
        if other.citation not in told:
            told.add(other.citation)
            yield from _cite(other.citation, words, depth)


def _members(reason: Reason, words: Words, depth: int) -> Iterator[Line]:
    """Of what was counted: each place that does not meet what is asked, and each of which it is open, and why."""
    for member in () if reason.counted is None else reason.counted.members:
        if member.verdict in _HOLDING_BACK.get(reason.code, ()):
            its_words = Words(member.scope.rules, words.lang)
            for each in () if member.step is None else member.step.why_so():
                sentence = reason_sentence(each, member, words.lang)
                yield depth, f"{capital(words.member(member))}: {sentence}"
                yield from _papers(each, member.scope.dossier, words, depth + 1)
                yield from _beneath(each, words, depth + 1)
                yield from _members(each, its_words, depth + 1)


def _beneath(reason: Reason, words: Words, depth: int) -> Iterator[Line]:
    """What fails or is open in the assessment of a place beneath by a set of its own."""
    result = reason.result
    if result is None:
        return
    its_words = Words(result.rules, words.lang)
    row = (reason.subject or "").partition("#")[2]
    held_back = _failing if reason.code is ReasonCode.NOT_ATTAINED else _open_rows
    yield from held_back(result, row, its_words, depth)


def _asked(result: Assessment, row: str) -> Iterator[tuple[CriterionResult, tuple[IndicatorResult, ...]]]:
    """The criteria and indicators at an address of a set; all of them for ``""``."""
    asked = None if not row else result[row]
    for criterion in result.criteria:
        if asked is None or asked is criterion:
            yield criterion, criterion.indicators if criterion.by_parts else ()
        elif asked in criterion.indicators:
            yield criterion, tuple(each for each in criterion.indicators if each is asked)


def _failing(result: Assessment, row: str, words: Words, depth: int) -> Iterator[Line]:
    for criterion, indicators in _asked(result, row):
        if criterion.verdict is Verdict.NOT_MET:
            yield depth, words.result(criterion)
            for reason in criterion.reasons:
                if reason.code not in _TOLD_BY_PARTS:
                    yield depth + 1, reason_sentence(reason, criterion, words.lang)
        for indicator in indicators:
            if indicator.verdict is Verdict.NOT_MET:
                yield from _in_short(indicator, words, depth + 1)


def _open_rows(result: Assessment, row: str, words: Words, depth: int) -> Iterator[Line]:
    """In one line what is open, and further down only where that depends on other places."""
    rows = list(_asked(result, row))
    numbers = [criterion.criterion.number for criterion, _ in rows if criterion.verdict is Verdict.UNDETERMINED]
    if numbers:
        yield depth, words.say("page.open_criteria", numbers=", ".join(numbers))
    for _, indicators in rows:
        for indicator in indicators:
            if indicator.verdict is Verdict.UNDETERMINED and any(each.counted for each in indicator.reasons):
                yield from _in_short(indicator, words, depth + 1)


def _in_short(indicator: IndicatorResult, words: Words, depth: int) -> Iterator[Line]:
    for reason in indicator.reasons:
        yield depth, f"{words.part(indicator.address)}: {reason_sentence(reason, indicator, words.lang)}"
        yield from _members(reason, words, depth + 1)


#: Which of those that were counted are why a verdict is what it is.
_HOLDING_BACK = {
    ReasonCode.COUNTED_NOT_MET: (Verdict.NOT_MET,),
    ReasonCode.EVERY_NOT_MET: (Verdict.NOT_MET,),
    ReasonCode.COUNTED_OPEN: (Verdict.NOT_MET, Verdict.UNDETERMINED),
    ReasonCode.EVERY_OPEN: (Verdict.UNDETERMINED,),
    ReasonCode.YEAR_NOT_MET: (Verdict.NOT_MET,),
    ReasonCode.YEARS_OPEN: (Verdict.UNDETERMINED,),
    ReasonCode.YEARS_MISSING: (Verdict.UNDETERMINED,),
    ReasonCode.DENOMINATOR_UNSTATED: (Verdict.NOT_MET, Verdict.UNDETERMINED),
}


def _source(reason: Reason, words: Words, depth: int, told: set[Citation]) -> Iterator[Line]:
    cited = reason.citation or (reason.threshold.citation if reason.threshold is not None else None)
    if cited is not None and cited not in told:
        told.add(cited)
        if reason.code is ReasonCode.THRESHOLD_UNSTATED:
            # The cell has no figure to be graded.
            yield depth, cite(cited, words, graded=False)
        else:
            yield from _cite(cited, words, depth)
        if reason.threshold is not None and len(reason.threshold.chain) > 1:
            for link in reason.threshold.chain:
                yield depth, words.link(link) + "."


def cite(cited: Citation, words: Words, *, graded: bool = True) -> str:
    """Where something stands in the law, and how well that is evidenced."""
    basis = words.say("page.basis", citation=words.citation(cited))
    if not graded:
        return f"{basis}."
    instrument = words.rules.instrument(cited.instrument)
    supposed = instrument is not None and instrument.kind == "scenario"
    said = words.say("page.supposed" if supposed else f"grade.{cited.grade.value}")
    return f"{basis}. {words.say('page.evidence', grade=said)}."


def _cite(cited: Citation, words: Words, depth: int) -> Iterator[Line]:
    yield depth, cite(cited, words)
    if cited.doubt is not None and cited.note is None:
        yield depth, words.say("page.note", note=capital(words.say(f"doubt.{cited.doubt}")) + ".")
    if cited.note is not None:
        yield depth, words.say("page.note", note=cited.note.in_(words.lang))


def cited(citation: Citation, words: Words) -> tuple[Line, ...]:
    """Where something stands in the law, how well that is evidenced, and what is to be known of it."""
    return tuple(_cite(citation, words, 0))


def _beside(of: CriterionResult | IndicatorResult, words: Words, depth: int) -> Iterator[Line]:
    """What was concluded beside a verdict that stands on something else."""
    if any(reason.code is ReasonCode.ATTESTED for reason in of.reasons):
        return
    for attestation in of.attestations:
        by = attestation.by or words.say("page.by_unknown")
        paper = words.paper(attestation, of.scope.dossier)
        verdict = words.verdict(attestation.verdict)
        yield depth, words.say("page.attested_beside", attested=verdict, by=by, paper=paper)
        if of.verdict.decided and attestation.verdict is not of.verdict:
            yield depth, words.say("page.figures_stand")


def _criterion(of: CriterionResult, words: Words, depth: int = 0) -> Iterator[Line]:
    yield depth, words.result(of)
    yield from _lines(_told_of_criterion(of, words), depth + 1)
    for indicator in of.indicators:
        yield from _indicator(indicator, words, depth + 1)


# Reasons that only name the indicators which follow.
_TOLD_BY_PARTS = (
    ReasonCode.PARTS_MET,
    ReasonCode.PART_NOT_MET,
    ReasonCode.PART_UNDETERMINED,
    ReasonCode.NOT_CONSIDERED,
)


def _open(of: CriterionResult, words: Words) -> Iterator[Line]:
    """An undetermined criterion in short: what is lacking, one line a reason."""
    yield 1, words.result(of)
    for reason in of.reasons:
        if reason.code not in _TOLD_BY_PARTS:
            yield 2, reason_sentence(reason, of, words.lang)
    for indicator in of.indicators:
        if not indicator.verdict.decided:
            for reason in indicator.reasons:
                yield 2, f"{words.part(indicator.address)}: {reason_sentence(reason, indicator, words.lang)}"
                yield from _members(reason, words, 3)


def _whole(result: Assessment, words: Words) -> Iterator[Line]:
    yield from _heading(result, words)
    reasons = [reason for reason in result.reasons if reason.code not in _TOLD_BY_PARTS]
    if reasons:
        yield 0, ""
    for reason in reasons:
        yield 0, reason_sentence(reason, result, words.lang)
    if result.applies is not None:
        yield 0, ""
        yield from _indicator(result.applies, words, 0)
    failing = [each for each in result.criteria if each.verdict is Verdict.NOT_MET]
    if failing:
        yield 0, ""
        yield 0, words.say("page.not_met")
        for each in failing:
            yield from _criterion(each, words, 1)
    open_ = [each for each in result.criteria if each.verdict is Verdict.UNDETERMINED]
    if open_:
        yield 0, ""
        yield 0, words.say("page.open")
        for each in open_:
            yield from _open(each, words)
    others = [each for each in result.criteria if each.verdict in (Verdict.MET, Verdict.NOT_APPLICABLE)]
    if others:
        yield 0, ""
        yield 0, words.say("page.others")
        for each in others:
            yield 1, words.result(each)
    if result.recognition is not None:
        yield 0, ""
        yield 0, words.say("page.preconditions")
        for condition in result.preconditions:
            yield from _indicator(condition, words, 1)
    yield from _notes(result, words)


def _notes(result: Assessment, words: Words) -> Iterator[Line]:
    if result.conflicts:
        yield 0, ""
        yield 0, words.say("page.conflicts")
        for conflict in result.conflicts:
            yield 1, conflict_sentence(conflict, result, words.lang)
    findings = findings_beneath(result, words.lang)
    if findings:
        yield 0, ""
        yield 0, words.say("page.findings")
        yield from ((1, sentence) for sentence in findings)


def findings_beneath(result: Assessment, lang: Language = "vi") -> list[str]:
    """The findings as sentences, but for those that the head of a page tells."""
    findings = (finding for finding in result.findings if finding.code not in _IN_HEADING)
    return [finding_sentence(finding, result, lang) for finding in findings]


_IN_HEADING = (
    FindingCode.ILLUSTRATION,
    FindingCode.SYNTHETIC,
    FindingCode.OUTSIDE_FORCE,
    FindingCode.OVERLAY_NOT_APPLIED,
)


# --- the head of every page -------------------------------------------------------------------------------------


def heading(result: Assessment, lang: Language = "vi") -> str:
    """Place, set, edition, year, the marks that must stand on every page, the tallies and the verdict."""
    return page(_heading(result, Words(result.rules, lang)))


def _marks(words: Words) -> Iterator[Line]:
    """What must stand on every page of a result that is not by the law alone."""
    for overlay in words.rules.overlays:
        title = overlay.title.in_(words.lang)
        by = overlay.by or words.say("page.by_unknown")
        province = places().province(overlay.territory or "")
        params = {"title": title, "by": by, "id": overlay.id, "province": "" if province is None else province.name}
        yield 0, words.say(f"overlay.{overlay.authority.value}", **params)


def marks(rules: CriteriaSet, lang: Language = "vi") -> str:
    """The lines that must stand on every page of a result by a set that a scenario made; empty for the law's own."""
    return page(_marks(Words(rules, lang)))


def marks_of(result: Assessment, lang: Language = "vi") -> tuple[tuple[str, str], ...]:
    """What must stand on every page of a result, each with its code: ``provisional``, ``illustration`` and the like."""
    return tuple(_marks_of(result, Words(result.rules, lang)))


def _marks_of(result: Assessment, words: Words) -> Iterator[tuple[str, str]]:
    for overlay, (_, said) in zip(result.rules.overlays, _marks(words), strict=True):
        scenario = overlay.authority is RevisionAuthority.SCENARIO
        yield ("hypothetical" if scenario else "overlay"), said
    for finding in result.findings:
        if finding.code in _IN_HEADING:
            yield finding.code.value, finding_sentence(finding, result, words.lang)
    if result.rules.incomplete:
        yield "incomplete", _incomplete(result.rules, words)
    if result.provisional:
        yield "provisional", words.say("page.provisional")


def _heading(result: Assessment, words: Words) -> Iterator[Line]:
    rules = result.rules
    yield 0, words.place(result.dossier.place)
    first = date_text(rules.in_force.first_day, words.lang)
    yield 0, words.say("page.set_line", title=rules.title.in_(words.lang), id=rules.id, first_day=first)
    yield 0, words.say("page.year_line", year=result.dossier.year, on=date_text(result.on, words.lang))
    yield from ((0, said) for _, said in _marks_of(result, words))
    verdict = words.set_verdict(result.verdict).upper()
    basis = words.say(f"basis.{result.basis.value}")
    yield 0, words.say("page.conclusion", verdict=verdict, basis=basis)
    if result.recognition is not None:
        recognition = words.verdict(result.recognition.verdict).upper()
        yield 0, words.say("page.recognition", verdict=recognition)
    yield 0, tally_line(result.tally, "criteria", words.lang)
    yield 0, tally_line(result.indicator_tally, "indicators", words.lang)


def _incomplete(rules: CriteriaSet, words: Words) -> str:
    if rules.counts.surplus:
        return words.surplus("page")
    criteria, indicators = (words.count(number) for number in rules.missing_rows)
    return words.say("page.incomplete", criteria=criteria, indicators=indicators)


def tally_line(tally: Tally, what: str, lang: Language = "vi") -> str:
    """The five numbers of a tally of ``criteria`` or ``indicators``."""
    numbers = {
        "met": tally.met,
        "not_met": tally.not_met,
        "undetermined": tally.undetermined,
        "not_applicable": tally.not_applicable,
    }
    if tally.total is None:
        return text(f"page.tally_{what}_of_unknown", lang, **numbers)
    return text(f"page.tally_{what}", lang, total=tally.total, **numbers)


# --- what a result does not know --------------------------------------------------------------------------------


def unknowns(result: Assessment, lang: Language = "vi") -> str:
    """
    The page "what this result does not know".

    Open thresholds, figures of the law that are not at hand, verdicts on recalled cells, facts that are missing,
    contradictions, conclusions without a document.
    """
    words = Words(result.rules, lang)
    return page(_unknowns(result, words))


#: Which heading each reason for being undetermined stands under.
_UNKNOWN = {
    ReasonCode.THRESHOLD_OPEN: "open",
    ReasonCode.REQUIREMENT_OPEN: "open",
    ReasonCode.LIST_OPEN: "open",
    ReasonCode.THRESHOLD_UNSTATED: "unstated",
    ReasonCode.YEAR_NOT_COVERED: "unstated",
    ReasonCode.ROW_NOT_COVERED: "unstated",
    ReasonCode.ROW_AMBIGUOUS: "unstated",
    ReasonCode.SET_NOT_IN_FORCE: "unstated",
    ReasonCode.SET_APPLICABILITY_OPEN: "missing",
    ReasonCode.ATTAINMENT_OPEN: "missing",
    ReasonCode.NO_REGISTER: "missing",
    ReasonCode.TITLE_DATE_OPEN: "missing",
    ReasonCode.SUB_PLACES_UNKNOWN: "missing",
    ReasonCode.COUNTED_OPEN: "missing",
    ReasonCode.EVERY_OPEN: "missing",
    ReasonCode.YEARS_OPEN: "missing",
    ReasonCode.YEARS_MISSING: "missing",
    ReasonCode.MISSING_FACT_THEN: "missing",
    ReasonCode.NO_SUCH_EVENT: "missing",
    ReasonCode.EVENT_AMBIGUOUS: "missing",
    ReasonCode.DENOMINATOR_UNSTATED: "unstated",
    ReasonCode.BOUNDARY_UNSTATED: "unstated",
    ReasonCode.GRADE_NOT_ACCEPTED: "unstated",
    ReasonCode.MISSING_FACT: "missing",
    ReasonCode.MISSING_FACT_ABOVE: "missing",
    ReasonCode.NOT_DECLARED: "missing",
    ReasonCode.CATEGORY_MISSING: "missing",
    ReasonCode.PART_MISSING: "missing",
    ReasonCode.MISSING_ATTRIBUTE: "missing",
    ReasonCode.FACT_OF_OTHER_YEAR: "other_year",
    ReasonCode.STATEMENTS_CONFLICT: "conflict",
    ReasonCode.CONFLICT_ON_RECALLED_THRESHOLD: "conflict",
    ReasonCode.COVERED_BY_CRITERION: "covered",
}

_UNKNOWN_ORDER = (
    "missing",
    "open",
    "unstated",
    "recalled",
    "conflict",
    "other_year",
    "covered",
    "no_document",
    "doubt",
    "force",
    "other",
)


def unknown_groups(result: Assessment, lang: Language = "vi") -> dict[str, list[str]]:
    """What a result does not know, in sentences, by its heading; of `unknowns`, what is no page yet."""
    words = Words(result.rules, lang)
    groups = _unknown_groups(result, words)
    return {words.say(f"page.unknown_{name}"): lines for name, lines in groups.items() if lines}


def _unknown_groups(result: Assessment, words: Words) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {name: [] for name in _UNKNOWN_ORDER}
    beside = () if result.applies is None else (result.applies,)
    for indicator in (*result.indicators, *result.preconditions, *beside):
        _unknowns_of(indicator, words, groups)
    wholes: tuple[Assessment | CriterionResult, ...] = (*result.criteria, result)
    for whole in wholes:
        named = words.part(whole.address if isinstance(whole, CriterionResult) else "")
        for reason in whole.reasons:
            if _UNKNOWN.get(reason.code) == "conflict":
                groups["conflict"].append(f"{named}: {reason_sentence(reason, whole, words.lang)}")
    for finding in result.findings:
        sentence = finding_sentence(finding, result, words.lang)
        if finding.code is FindingCode.ATTESTATION_WITHOUT_DOCUMENT:
            groups["no_document"].append(sentence)
        elif finding.code is FindingCode.ATTESTATION_OF_OTHER_YEAR:
            groups["other_year"].append(sentence)
    force = result.rules.in_force
    if force.last_grade.rank > Grade.SECONDARY.rank and force.note is not None:
        groups["force"].append(force.note.in_(words.lang))
    return groups


def _unknowns(result: Assessment, words: Words) -> Iterator[Line]:
    groups = unknown_groups(result, words.lang)
    yield 0, words.say("page.unknowns").upper()
    yield from _marks(words)
    yield 0, words.place(result.dossier.place)
    if not groups:
        yield 0, words.say("page.nothing_unknown")
    for title, lines in groups.items():
        yield 0, ""
        yield 0, title
        for line in lines:
            yield 1, f"- {line}"


def _unknowns_of(of: IndicatorResult, words: Words, groups: dict[str, list[str]]) -> None:
    named = words.part(of.address)
    if of.verdict.decided:
        if of.provisional:
            groups["recalled"].append(words.heading(of.indicator))
        if any(reason.citation is not None and reason.citation.doubt for reason in of.reasons):
            groups["doubt"].append(words.heading(of.indicator))
        return
    covered = [reason for reason in of.reasons if reason.code is ReasonCode.COVERED_BY_CRITERION]
    if covered:
        groups["covered"].append(words.heading(of.indicator))
    asked = of.missing_facts
    # What a contradiction leaves standing on neither side was known: only the contradiction is not.
    for reason in of.overriding if of.computed.decided else of.reasons:
        names = reason.missing_facts
        if reason not in covered and (not names or any(name in asked for name in names)):
            group = _UNKNOWN.get(reason.code, "other")
            groups[group].append(f"{named}: {reason_sentence(reason, of, words.lang)}")


# --- what the law asks ------------------------------------------------------------------------------------------


def describe(rules: CriteriaSet, item: Criterion | Indicator | None = None, lang: Language = "vi") -> str:
    """
    What the law asks, without any place: every cell with its grade, the facts needed, source and notes.

    Args:
        rules: The set.

        item: One of its criteria or indicators; an overview of the set unless given.

        lang: The language.
    """
    words = Words(rules, lang)
    if isinstance(item, Indicator):
        return page((*_marks(words), *_describe_indicator(item, words, 0)))
    if isinstance(item, Criterion):
        return page((*_marks(words), *_describe_criterion(item, words)))
    return page((*_marks(words), *_describe_set(words)))


def _describe_set(words: Words) -> Iterator[Line]:
    rules = words.rules
    yield 0, f"{rules.title.in_(words.lang)} ({rules.id})"
    yield 0, words.say("page.basis_instrument", instrument=words.instrument(rules.basis))
    yield 0, words.say("page.in_force", force=words.force())
    if rules.in_force.note is not None:
        yield 0, words.say("page.note", note=rules.in_force.note.in_(words.lang))
    yield 0, words.counts(rules.counts)
    if rules.incomplete:
        yield 0, _incomplete(rules, words)
        yield from missing_lines(words)
    rows = list(_describe_axes(words))
    if rows and rules.criteria[0].group is None:
        rows.append((0, ""))
    yield from rows
    titles = dict(rules.groups)
    group = None
    for criterion in rules.criteria:
        if criterion.group != group and criterion.group is not None:
            group = criterion.group
            yield 0, ""
            yield 0, titles[group].in_(words.lang)
        yield 1, words.heading(criterion)
        for indicator in criterion.indicators:
            yield 2, words.heading(indicator)
    if rules.applies_to is not None:
        yield 0, ""
        yield from _describe_indicator(rules.applies_to, words, 0)
    if rules.preconditions:
        yield 0, ""
        yield 0, words.say("page.preconditions")
        for condition in rules.preconditions:
            yield from _describe_indicator(condition, words, 1)


def _describe_axes(words: Words) -> Iterator[Line]:
    """How a place finds its column, where that is more than looking up its region or the year."""
    for axis in words.rules.axes:
        if not axis.simple:
            yield 0, ""
            yield 0, words.say("page.rules_without_order" if axis.overlap_unstated else "page.rules_in_order")
            for rule in axis.rules:
                yield from _describe_rule(axis, rule, words)


def _describe_rule(axis: Axis, rule: AxisRule, words: Words) -> Iterator[Line]:
    own = {"unit.region": "page.own_region", "year": "page.own_year"}
    row = capital(words.say(own[rule.row]) if rule.row in own else words.axis_row(axis.name, rule.row))
    source = rule.source or Source(Grade.RECALLED)
    yield 1, words.say("page.rule_otherwise" if rule.when is None else "page.rule_when", row=row)
    if rule.when is not None:
        yield from describe_requirement(rule.when, source, words, 2)
    if rule.source is not None:
        yield from describe_source(source, words, 2)


def _describe_criterion(criterion: Criterion, words: Words) -> Iterator[Line]:
    yield 0, words.heading(criterion)
    if criterion.note is not None:
        yield 1, words.say("page.note", note=criterion.note.in_(words.lang))
    for indicator in criterion.indicators:
        yield from _describe_indicator(indicator, words, 1)


def _describe_indicator(indicator: Indicator, words: Words, depth: int) -> Iterator[Line]:
    yield depth, words.heading(indicator)
    yield depth + 1, words.say("page.requires")
    yield from describe_requirement(indicator.require, indicator.source, words, depth + 2)
    nodes = list(indicator.require.walk())
    sources = [indicator.source, *(node.source for node in nodes if node.source is not None)]
    yield from _once(line for source in dict.fromkeys(sources) for line in describe_source(source, words, depth + 1))
    if indicator.note is not None:
        yield depth + 1, words.say("page.note", note=indicator.note.in_(words.lang))
    facts = words.rules.catalogue.with_operands(
        fact for node in nodes for fact in (*node.facts, *node.facts_of_other_years)
    )
    defined = [words.rules.catalogue[fact] for fact in facts if fact in words.rules.catalogue]
    if defined:
        yield depth + 1, words.say("page.facts_needed")
        for fact in defined:
            yield from _describe_fact(fact, words, depth + 2)


def _once(lines: Iterable[Line]) -> Iterator[Line]:
    """Each line the first time only: two parts of a row may cite the same place."""
    yield from dict.fromkeys(lines)


def _describe_fact(fact: FactDefinition, words: Words, depth: int) -> Iterator[Line]:
    yield depth, f"{fact.title.in_(words.lang)} [{fact.id}]"
    if fact.scale is not None:
        yield depth + 1, capital(words.say("page.steps_of", options=words.titles(fact.scale.steps)))
    if fact.values:
        yield depth + 1, capital(words.say("page.values_of", options=words.titles(fact.values)))
    if fact.parts is not None:
        by = words.part_list(fact.parts.id)
        yield depth + 1, capital(words.say("page.parts_of", by=by, options=words.parts(fact.parts)))
    if fact.derived is not None:
        yield depth + 1, capital(words.say("page.derived", formula=words.formula(fact.derived)))
    if fact.unstated:
        yield depth + 1, capital(words.say("page.definition_unstated"))
    for key in ("numerator", "denominator", "definition", "reported_by"):
        said = getattr(fact, key)
        if said is not None:
            yield depth + 1, capital(words.say(f"page.{key}", words=said.in_(words.lang)))
