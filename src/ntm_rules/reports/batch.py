"""The index of several reports: how each place stands, and who fails what at a glance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from urllib.parse import quote

import attrs

from ntm_rules.explanation import Words
from ntm_rules.messages import Language, library_version, text
from ntm_rules.reports.build import report_marks
from ntm_rules.reports.report import (
    AuditReport,
    Block,
    Bullets,
    Paragraph,
    ReportCell,
    ReportColumn,
    ReportTable,
    Section,
    Term,
    Tone,
)
from ntm_rules.vocabulary.assessments import Assessment
from ntm_rules.vocabulary.verdicts import Verdict

_INDEX = "index"


@attrs.frozen
class ReportFile:
    """One of several that were judged, and the file its report is in."""

    result: Assessment
    file: str


def file_names(sources: Sequence[str], ending: str) -> tuple[str, ...]:
    """
    A file for the report on each source: its own name with another ending, made different where two would be one.

    Example:
        >>> file_names(["a.yaml", "b.yaml", "b.json", "index.yaml"], ".html")
        ('a.html', 'b.html', 'b-2.html', 'index-2.html')
    """
    taken = {_INDEX}
    names = []
    for source in sources:
        stem = PurePosixPath(source).stem
        name, again = stem, 1
        while name.casefold() in taken:
            again += 1
            name = f"{stem}-{again}"
        taken.add(name.casefold())
        names.append(f"{name}{ending}")
    return tuple(names)


def report_index(reported: Sequence[ReportFile], unusable: Sequence[str] = (), lang: Language = "vi") -> AuditReport:
    """
    The report that leads to several others.

    Args:
        reported: What was judged, and where its report is.

        unusable: What is wrong with the dossiers that could not be judged.

        lang: The language.
    """
    counts = {verdict: sum(1 for each in reported if each.result.verdict is verdict) for verdict in Verdict}
    said = ", ".join(
        text("report.index_verdict", lang, verdict=text(f"verdict.{verdict.value}", lang), count=count)
        for verdict, count in counts.items()
        if count
    )
    version = f"ntm-rules {library_version()}"
    editions = {each.result.rules.edition: each.result.rules.fingerprint for each in reported}
    facts = [
        ("count", str(len(reported))),
        ("verdicts", said or text("report.none", lang)),
        *(("edition", " · ".join(edition)) for edition in editions.items()),
        ("language", text("report.this_language", lang)),
        ("version", version),
    ]
    marks = dict.fromkeys(mark for each in reported for mark in report_marks(each.result, lang))
    short = dict.fromkeys(mark.short for mark in marks)
    title = text("report.index_title", lang, count=len(reported))
    sections = (*_places(reported, lang), *_matrices(reported, lang), *_unusable(unusable, lang))
    return AuditReport(
        kind=_INDEX,
        lang=lang,
        title=title,
        subject=text("report.index_subject", lang),
        headline=(),
        facts=tuple(Term(text(f"report.fact_{key}", lang), value, key=key) for key, value in facts),
        marks=tuple(marks),
        sections=sections,
        running=(" · ".join((title, *short)), " · ".join(value for _, value in facts[2:])),
    )


def _places(reported: Sequence[ReportFile], lang: Language) -> Iterator[Section]:
    columns = [
        ReportColumn(text(f"report.col_{name}", lang), weight)
        for name, weight in (("place", 6), ("year", 3), ("set", 7), ("verdict", 4), ("criteria_met", 3), ("failing", 9))
    ]
    columns.append(ReportColumn(text("report.col_note", lang), 5))
    rows = tuple(tuple(_place_row(each, lang)) for each in reported)
    if rows:
        table = ReportTable(text("report.table_index", lang), tuple(columns), rows)
        yield Section("places", text("report.section_index", lang), (table,))


def _place_row(each: ReportFile, lang: Language) -> Iterator[ReportCell]:
    result = each.result
    words = Words(result.rules, lang)
    yield _name(each, link=True)
    yield ReportCell(str(result.dossier.year))
    yield ReportCell(result.rules.edition)
    yield ReportCell(words.set_verdict(result.verdict), tone=Tone(result.verdict.value))
    yield ReportCell(f"{result.tally.met}/{words.count(result.tally.total)}")
    yield ReportCell("; ".join(f"{of.criterion.number} {of.criterion.title.in_(lang)}" for of in result.failing))
    yield ReportCell("; ".join(dict.fromkeys(mark.short for mark in report_marks(result, lang))))


def _name(each: ReportFile, *, link: bool = False) -> ReportCell:
    place = each.result.dossier.place
    named = ", ".join(part for part in (place.name, place.district) if part)
    return ReportCell(named, link=quote(each.file) if link else None)


def _matrices(reported: Sequence[ReportFile], lang: Language) -> Iterator[Section]:
    """A matrix for each edition: a line a place, a column a criterion."""
    editions: dict[str, list[ReportFile]] = {}
    for each in reported:
        editions.setdefault(each.result.rules.edition, []).append(each)
    blocks: list[Block] = []
    for edition, judged in editions.items():
        criteria = judged[0].result.rules.criteria
        columns = (
            ReportColumn(text("report.col_place", lang), 6),
            *(ReportColumn(each.number, 1, full=each.title.in_(lang)) for each in criteria),
        )
        rows = [(_name(each, link=True), *_signs(each.result, lang)) for each in judged]
        failing = [
            sum(1 for each in judged if each.result.criteria[at].verdict is Verdict.NOT_MET)
            for at in range(len(criteria))
        ]
        last = (ReportCell(text("report.matrix_failing", lang)), *(ReportCell(str(number)) for number in failing))
        title = text("report.table_matrix", lang, edition=edition)
        blocks.append(ReportTable(title, columns, (*rows, last), matrix=True))
        names = "; ".join(f"{each.number} {each.title.in_(lang)}" for each in criteria)
        blocks.append(Paragraph(text("report.criteria_named", lang, names=names)))
    if blocks:
        legend = Paragraph(text("report.matrix_legend", lang))
        yield Section("matrix", text("report.section_matrix", lang), (legend, *blocks))


def _signs(result: Assessment, lang: Language) -> Iterator[ReportCell]:
    for each in result.criteria:
        name = each.verdict.value
        yield ReportCell(text(f"report.matrix_{name}", lang), tone=Tone(name), full=text(f"verdict.{name}", lang))


def _unusable(unusable: Iterable[str], lang: Language) -> Iterator[Section]:
    said = tuple(unusable)
    if said:
        yield Section("unusable", text("report.section_unusable", lang), (Bullets(said),))


__all__ = ["ReportFile", "file_names", "report_index"]
