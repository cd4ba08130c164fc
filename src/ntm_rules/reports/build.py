"""From an assessment to its report: the sections of which it is made, in the order in which a reader asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ntm_rules.explanation import (
    Words,
    conflict_sentence,
    findings_beneath,
    marks_of,
    reason_sentence,
    tally_line,
    unknown_groups,
    what_law_asks,
)
from ntm_rules.messages import Language, date_text, library_version, text
from ntm_rules.reports.certificates import deciding, firmness, to_change
from ntm_rules.reports.certificates import since as changed_since
from ntm_rules.reports.entries import (
    Row,
    basis_words,
    citation_of,
    criterion_entry,
    grade_of,
    indicator_entry,
    item_of,
)
from ntm_rules.reports.report import (
    AuditReport,
    Block,
    Bullets,
    Entries,
    Paragraph,
    ReportCell,
    ReportColumn,
    ReportMark,
    ReportTable,
    Section,
    Term,
    Terms,
    Tone,
)
from ntm_rules.vocabulary.assessments import (
    Assessment,
    CriterionResult,
    IndicatorResult,
    Step,
)
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import Attestation
from ntm_rules.vocabulary.instruments import Citation, Grade
from ntm_rules.vocabulary.verdicts import Basis, ReasonCode, Verdict

_PROGRAM = "ntm-rules"
_DOT = " · "


def report(result: Assessment, lang: Language = "vi", *, since: Assessment | None = None) -> AuditReport:
    """
    The report on one assessment, of which every writer makes a file.

    Args:
        result: The assessment.

        lang: The language.

        since: An earlier assessment of the place; the report tells what changed since.

    Example:
        >>> import ntm_rules as ntm
        >>> place = {"level": "commune", "name": "Phú Đình", "province": "Thái Nguyên"}
        >>> dossier = ntm.Dossier.from_mapping({"dossier": 1, "year": 2020, "place": place})
        >>> made = report(ntm.evaluate(ntm.load("commune/standard/2016-2020"), dossier), "en")
        >>> [section.title for section in made.sections][:2]
        ['Conclusion', 'Attested against computed']
    """
    words = Words(result.rules, lang)
    marks = report_marks(result, lang)
    sections = [section for make in SECTIONS for section in make(result, words)]
    if since is not None:
        sections.append(changed_since(since, result, words))
    sections += (section for make in LAST_SECTIONS for section in make(result, words))
    return AuditReport(
        kind="assessment",
        lang=lang,
        title=words.place(result.dossier.place),
        subject=words.say("report.subject", set=result.rules.title.in_(lang), year=result.dossier.year),
        headline=tuple(_headline(result, words)),
        facts=tuple(_facts(result, words)),
        marks=marks,
        sections=tuple(section for section in sections if section.blocks),
        running=_running(result, words, marks),
    )


def report_marks(result: Assessment, lang: Language) -> tuple[ReportMark, ...]:
    """The lines that must stand on every page."""
    return tuple(ReportMark(code, said, text(f"report.mark_{code}", lang)) for code, said in marks_of(result, lang))


def _running(result: Assessment, words: Words, marks: Iterable[ReportMark]) -> tuple[str, str]:
    rules, place = result.rules, result.dossier.place
    short = dict.fromkeys(mark.short for mark in marks)
    year = words.say("report.running_year", year=result.dossier.year, on=date_text(result.on, words.lang))
    made_by = f"{_PROGRAM} {library_version()}"
    return (
        _DOT.join((place.name, rules.edition, year, *short)),
        _DOT.join((rules.fingerprint or "?", words.say("report.this_language"), made_by)),
    )


def _facts(result: Assessment, words: Words) -> Iterator[Term]:
    rules = result.rules
    said: dict[str, str] = {
        "place": words.place(result.dossier.place),
        "set": f"{rules.title.in_(words.lang)} ({rules.id})",
        "edition": words.say("report.edition_words", edition=rules.edition, force=words.force()),
        "law_fingerprint": rules.fingerprint or "?",
        "year": str(result.dossier.year),
        "on": date_text(result.on, words.lang),
        "status": words.say(f"status.{result.dossier.status.value}"),
        "accept": words.say(f"grade.{result.accept.value}"),
        "fingerprint": result.fingerprint,
        "language": words.say("report.this_language"),
        "version": f"{_PROGRAM} {library_version()}",
    }
    if result.dossier.note is not None:
        said["note"] = result.dossier.note
    for key, value in said.items():
        yield Term(words.say(f"report.fact_{key}"), value, key=key)


def _headline(result: Assessment, words: Words) -> Iterator[Term]:
    said = _with_basis(words.set_verdict(result.verdict), basis_words(result.basis, result.verdict, words))
    yield Term(words.say("report.verdict"), said, Tone(result.verdict.value), key="verdict")
    if result.recognition is not None:
        verdict = result.recognition.verdict
        said = words.verdict(verdict).upper()
        yield Term(words.say("report.recognition"), said, Tone(verdict.value), key="recognition")


# --- the sections -----------------------------------------------------------------------------------------------


def _conclusion(result: Assessment, words: Words) -> Iterator[Section]:
    terms = list(_headline(result, words))
    for what, tally in (("criteria", result.tally), ("indicators", result.indicator_tally)):
        name, _, said = tally_line(tally, what, words.lang).partition(": ")
        terms.append(Term(name, said, key=what))
    reasons = [each for each in result.reasons if each.code not in _BY_PARTS]
    blocks: list[Block] = [Terms(tuple(terms))]
    blocks += [Paragraph(reason_sentence(each, result, words.lang)) for each in reasons]
    blocks.append(Paragraph(words.say("report.disclaimer")))
    columns = _columns(words, ("number", 2), ("criterion", 8), ("verdict", 5), ("basis", 7), ("parts", 8))
    rows = tuple(_criterion_row(each, words) for each in result.criteria)
    blocks.append(ReportTable(words.say("report.table_criteria"), columns, rows))
    yield Section("conclusion", words.say("report.section_conclusion"), tuple(blocks))


_BY_PARTS = (
    ReasonCode.PARTS_MET,
    ReasonCode.PART_NOT_MET,
    ReasonCode.PART_UNDETERMINED,
    ReasonCode.NOT_CONSIDERED,
)


def _criterion_row(of: CriterionResult, words: Words) -> tuple[ReportCell, ...]:
    basis = basis_words(of.basis, of.verdict, words, provisional=of.provisional)
    return (
        ReportCell(of.criterion.number),
        ReportCell(of.criterion.title.in_(words.lang)),
        _verdict_cell(of.verdict, words),
        ReportCell(basis),
        ReportCell(_parts(of, words)),
    )


def _parts(of: CriterionResult, words: Words) -> str:
    """Which indicators hold a criterion back."""
    if of.indicators and all(_covered(each) for each in of.indicators):
        return words.say("report.covered")
    said = []
    for verdict in (Verdict.NOT_MET, Verdict.UNDETERMINED):
        numbers = [each.indicator.number for each in of.indicators if each.verdict is verdict and not _covered(each)]
        if numbers:
            said.append(f"{words.verdict(verdict)}: {', '.join(numbers)}")
    return "; ".join(said)


def _covered(of: IndicatorResult) -> bool:
    return any(reason.code is ReasonCode.COVERED_BY_CRITERION for reason in of.reasons)


def _attested(result: Assessment, words: Words) -> Iterator[Section]:
    standing = list(_standing(result))
    blocks: list[Block] = []
    counts = {basis: sum(1 for each in standing if each.basis is basis) for basis in Basis}
    if not standing:
        blocks.append(Paragraph(words.say("report.nothing_stands")))
    else:
        numbers = {basis.value: counts[basis] for basis in Basis if basis is not Basis.NONE}
        blocks.append(Paragraph(words.say("report.stands", total=len(standing), **numbers)))
    by = _by_whom(standing, words)
    if by:
        blocks.append(Paragraph(words.say("report.by_whom")))
        blocks.append(Terms(tuple(Term(name, "; ".join(parts)) for name, parts in by.items())))
    if result.conflicts:
        sentences = tuple(conflict_sentence(each, result, words.lang) for each in result.conflicts)
        blocks.append(Bullets(sentences, words.say("page.conflicts")))
    else:
        blocks.append(Paragraph(words.say("report.no_conflict")))
    columns = _columns(
        words, ("what", 8), ("verdict", 4), ("computed", 4), ("attested", 4), ("by", 8), ("stands_on", 6)
    )
    rows = tuple(_standing_row(each, result, words) for each in standing)
    if rows:
        blocks.append(ReportTable(words.say("report.table_attested"), columns, rows))
    yield Section("attested", words.say("report.section_attested"), tuple(blocks))


def _standing(result: Assessment) -> Iterator[Row]:
    """Whatever was concluded on or computed by itself: criteria with a conclusion of their own, and indicators."""
    for criterion in result.criteria:
        if criterion.attestations:
            yield criterion
        yield from (each for each in criterion.indicators if each.verdict.decided or each.attestations)
    yield from (each for each in result.preconditions if each.verdict.decided or each.attestations)


def _singly(result: Assessment) -> Iterator[IndicatorResult]:
    """Whatever was judged by a requirement of its own."""
    yield from result.indicators
    yield from result.preconditions
    if result.applies is not None:
        yield result.applies


def _by_whom(standing: Iterable[Row], words: Words) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in standing:
        for attestation in each.attestations:
            name = attestation.by or words.say("page.by_unknown")
            said = f"{words.part(each.address)}: {words.verdict(attestation.verdict)}"
            found.setdefault(name[:1].upper() + name[1:], []).append(said)
    return found


def _standing_row(of: Row, result: Assessment, words: Words) -> tuple[ReportCell, ...]:
    conflict = any(each.address == of.address for each in result.conflicts)
    basis = basis_words(of.basis, of.verdict, words, provisional=of.provisional)
    if conflict:
        basis = "; ".join(part for part in (basis, words.say("report.contradicted")) if part)
    return (
        ReportCell(words.heading(item_of(of))),
        _verdict_cell(of.verdict, words),
        _verdict_cell(of.computed, words) if of.computed.decided else ReportCell(words.say("report.none")),
        _attested_cell(of, words),
        ReportCell("; ".join(dict.fromkeys(_by(each, result, words) for each in of.attestations))),
        ReportCell(basis, tone=Tone.ALERT if conflict else None),
    )


def _attested_cell(of: Row, words: Words) -> ReportCell:
    said = tuple(dict.fromkeys(each.verdict for each in of.attestations))
    if len(said) == 1:
        return _verdict_cell(said[0], words)
    return ReportCell("; ".join(words.verdict(each) for each in said) or words.say("report.none"))


def _by(attestation: Attestation, result: Assessment, words: Words) -> str:
    day = words.date(attestation.for_ or PartialDate(result.dossier.year))
    by = attestation.by or words.say("page.by_unknown")
    listed = [document.id for document in result.dossier.documents]
    if attestation.document not in listed:
        return f"{by}, {day}{words.paper(attestation, result.dossier)}"
    number = listed.index(attestation.document) + 1
    return f"{by}, {day}; {words.say('report.document_number', number=number)}"


def _details(result: Assessment, words: Words) -> Iterator[Section]:
    """A section for each group of criteria; one where the set has no groups."""
    titles = dict(result.rules.groups)
    groups: dict[str | None, list[CriterionResult]] = {}
    for each in result.criteria:
        groups.setdefault(each.criterion.group, []).append(each)
    for at, (group, criteria) in enumerate(groups.items(), 1):
        title = words.say("report.section_details") if group is None else titles[group].in_(words.lang)
        yield Section(f"group-{at}", title, (Entries(tuple(criterion_entry(each, words) for each in criteria)),))


def _applies(result: Assessment, words: Words) -> Iterator[Section]:
    """Whether the set is for the place at all, where that is asked."""
    if result.applies is not None:
        title = words.say("report.section_applies")
        yield Section("applies", title, (Entries((indicator_entry(result.applies, words),)),))


def _preconditions(result: Assessment, words: Words) -> Iterator[Section]:
    if result.preconditions:
        entries = tuple(indicator_entry(each, words) for each in result.preconditions)
        yield Section("preconditions", words.say("page.preconditions"), (Entries(entries),))


def _places(result: Assessment, words: Words) -> Iterator[Section]:
    """The places beneath: what each gave when it was judged by a set of its own, and what each gave to a count."""
    blocks: list[Block] = []
    if result.sub_results:
        columns = _columns(words, ("place", 6), ("set", 8), ("verdict", 4), ("criteria_met", 3), ("failing", 8))
        rows = tuple(_sub_row(each, words) for each in result.sub_results)
        blocks.append(ReportTable(words.say("report.table_places"), columns, rows))
    rows = tuple(_members(result, words))
    if rows:
        columns = _columns(words, ("what", 8), ("place", 6), ("verdict", 4))
        blocks.append(ReportTable(words.say("report.table_members"), columns, rows))
    lacking = tuple(
        f"{name}: {', '.join(words.fact(fact) for fact in facts)}"
        for name, facts in result.missing_in_sub_places.items()
        if facts
    )
    if lacking:
        blocks.append(Bullets(lacking, words.say("report.missing_in_places")))
    yield Section("places", words.say("report.section_places"), tuple(blocks))


def _sub_row(of: Assessment, words: Words) -> tuple[ReportCell, ...]:
    tally = of.tally
    failing = ", ".join(f"{each.criterion.number} {each.criterion.title.in_(words.lang)}" for each in of.failing)
    total = words.count(tally.total)
    return (
        ReportCell(f"{words.say(f'sub_place.{of.dossier.place.counted_as}')} {of.dossier.place.name}"),
        ReportCell(of.rules.edition),
        ReportCell(words.set_verdict(of.verdict), tone=Tone(of.verdict.value)),
        ReportCell(f"{tally.met}/{total}"),
        ReportCell(failing),
    )


def _members(result: Assessment, words: Words) -> Iterator[tuple[ReportCell, ...]]:
    for row in _singly(result):
        for step in row.trace.walk():
            counted = step.reason.counted
            if counted is None or counted.that is not None:
                continue
            for member in counted.members:
                what = ReportCell(words.heading(row.indicator))
                yield what, ReportCell(words.member(member)), _verdict_cell(member.verdict, words)


def _unknown(result: Assessment, words: Words) -> Iterator[Section]:
    groups = unknown_groups(result, words.lang)
    blocks: list[Block] = [Bullets(tuple(lines), title) for title, lines in groups.items()]
    if not blocks:
        blocks.append(Paragraph(words.say("page.nothing_unknown")))
    missing = result.missing_facts
    if missing:
        columns = _columns(words, ("missing", 8), ("id", 6), ("unit", 4), ("asked_by", 5))
        rows = tuple(_missing_row(fact, result, words) for fact in missing)
        blocks.append(ReportTable(words.say("report.table_missing"), columns, rows))
    yield Section("unknown", words.say("page.unknowns"), tuple(blocks))


def _missing_row(fact: str, result: Assessment, words: Words) -> tuple[ReportCell, ...]:
    definition = result.rules.catalogue.get(fact)
    unit = None if definition is None else definition.unit
    asking = [
        words.part(each.address)
        for each in _singly(result)
        if any(fact in reason.missing_facts for reason in each.reasons)
    ]
    return (
        ReportCell(words.fact(fact)),
        ReportCell(fact),
        ReportCell("" if unit is None else words.say(f"unit.{unit}", number="").strip()),
        ReportCell(", ".join(asking)),
    )


def _grades(result: Assessment, words: Words) -> Iterator[Section]:
    """Every requirement below *seen in the text* that a verdict computed here rests on."""
    rows = []
    for of in _singly(result):
        if of.verdict.decided and of.basis in (Basis.COMPUTED, Basis.MIXED):
            for step in of.trace.leaves:
                graded = citation_of(step.reason)
                if (
                    graded is not None
                    and step.reason in of.reasons
                    and grade_of(step.reason, graded).rank > Grade.TEXT.rank
                ):
                    rows.append(_graded_row(of, step, graded, words))
    blocks: list[Block] = []
    if rows:
        columns = _columns(words, ("what", 7), ("required", 7), ("source", 7), ("grade", 5), ("note", 7))
        blocks.append(ReportTable(words.say("report.table_grades"), columns, tuple(rows)))
    else:
        blocks.append(Paragraph(words.say("report.no_lower_grade")))
    below = tuple(_about_the_set(result, words))
    if below:
        blocks.append(Bullets(below, words.say("report.about_the_set")))
    yield Section("grades", words.say("report.section_grades"), tuple(blocks))


def _graded_row(of: IndicatorResult, step: Step, graded: Citation, words: Words) -> tuple[ReportCell, ...]:
    return (
        ReportCell(words.heading(of.indicator)),
        ReportCell(what_law_asks(of, step, words)),
        ReportCell(words.citation(graded)),
        ReportCell(words.say(f"grade.{grade_of(step.reason, graded).value}")),
        ReportCell("" if graded.note is None else graded.note.in_(words.lang)),
    )


def _about_the_set(result: Assessment, words: Words) -> Iterator[str]:
    rules = result.rules
    days = {"first": rules.in_force.first_grade}
    if rules.in_force.last_day is not None:
        days["last"] = rules.in_force.last_grade
    counts = {"criteria": rules.counts.criteria_grade, "indicators": rules.counts.indicators_grade}
    for name, grade in (days | counts).items():
        if grade.rank > Grade.TEXT.rank:
            yield words.say(f"report.graded_{name}", grade=words.say(f"grade.{grade.value}"))


def _findings(result: Assessment, words: Words) -> Iterator[Section]:
    sentences = tuple(findings_beneath(result, words.lang))
    yield Section("findings", words.say("page.findings"), (Bullets(sentences),) if sentences else ())


def _documents(result: Assessment, words: Words) -> Iterator[Section]:
    columns = _columns(words, ("which", 2), ("document", 10), ("number", 3), ("issuer", 6), ("dated", 4))
    rows = tuple(
        (
            ReportCell(f"[{number}]"),
            ReportCell(each.title or each.id),
            ReportCell(each.number or ""),
            ReportCell(each.issuer or ""),
            ReportCell("" if each.dated is None else words.date(each.dated)),
        )
        for number, each in enumerate(result.dossier.documents, 1)
    )
    table = ReportTable(words.say("report.table_documents"), columns, rows)
    yield Section("documents", words.say("report.section_documents"), (table,) if rows else ())


def _law(result: Assessment, words: Words) -> Iterator[Section]:
    """The instruments that the result cites, the one that issued the set first."""
    columns = _columns(words, ("instrument", 5), ("about", 9), ("issuer", 5), ("issued", 4), ("effective", 4))
    rows = []
    for id in dict.fromkeys((result.rules.basis, *_cited(result))):
        instrument = result.rules.instrument(id)
        if instrument is None:
            rows.append((ReportCell(id), *(ReportCell("") for _ in range(4))))
            continue
        issued, effective = instrument.issued, instrument.effective_from
        rows.append(
            (
                ReportCell(words.instrument(id)),
                ReportCell(instrument.title.in_(words.lang)),
                ReportCell(instrument.issuer.in_(words.lang)),
                ReportCell("" if issued is None else date_text(issued, words.lang)),
                ReportCell("" if effective is None else date_text(effective, words.lang)),
            )
        )
    table = ReportTable(words.say("report.table_law"), columns, tuple(rows))
    yield Section("law", words.say("report.section_law"), (table,))


def _cited(result: Assessment) -> Iterator[str]:
    for of in _singly(result):
        for step in of.trace.leaves:
            citation = citation_of(step.reason)
            if citation is not None:
                yield citation.instrument
            threshold = step.reason.threshold
            if threshold is not None:
                yield from (link.instrument for link in threshold.chain)
                yield from (taken.citation.instrument for taken in threshold.taken_by)


SectionMaker = Callable[[Assessment, Words], Iterator[Section]]

#: What makes the sections, in their order; one without anything to tell is left out.
SECTIONS: tuple[SectionMaker, ...] = (
    _conclusion,
    deciding,
    _applies,
    _attested,
    _details,
    _preconditions,
    _places,
    _unknown,
    to_change,
    firmness,
    _grades,
    _findings,
)

#: Those after what changed since an earlier assessment.
LAST_SECTIONS: tuple[SectionMaker, ...] = (_documents, _law)


# --- small things -----------------------------------------------------------------------------------------------


def _with_basis(verdict: str, basis: str) -> str:
    return f"{verdict.upper()} ({basis})" if basis else verdict.upper()


def _verdict_cell(verdict: Verdict, words: Words) -> ReportCell:
    return ReportCell(words.verdict(verdict), tone=Tone(verdict.value))


def _columns(words: Words, *columns: tuple[str, int]) -> tuple[ReportColumn, ...]:
    return tuple(ReportColumn(words.say(f"report.col_{name}"), weight) for name, weight in columns)


__all__ = ["LAST_SECTIONS", "SECTIONS", "SectionMaker", "report", "report_marks"]
