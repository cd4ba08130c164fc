"""A report as Markdown: plain enough to be read as it is, and safe whatever a dossier held."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ntm_rules.reports.report import (
    AuditReport,
    Block,
    Bullets,
    Entries,
    Entry,
    Paragraph,
    ReportCell,
    ReportTable,
    Section,
    Terms,
)

# What Markdown or HTML would take for more than itself; an underscore within a word is one.
_MARKUP = re.compile(r"[\\`*<>\[\]|~&]|(?<![^\W_])_|_(?![^\W_])")
# What makes a heading, a list or a rule at the beginning of a line.
_BEGINNING = re.compile(r"^(?:(?=[-+=#:])|(?P<number>\d+)(?=[.)]))")
# Deeper headings than this Markdown does not have.
_DEEPEST = 6


def markdown(report: AuditReport) -> str:
    """A report as Markdown, ending in a line break."""
    return "\n".join(_page(report)) + "\n"


def escaped(words: str) -> str:
    r"""
    Words of which no sign is taken for markup.

    Example:
        >>> escaped("<b> clean_water_share *x*"), escaped("- 1. x"), escaped("1. x")
        ('\\<b\\> clean_water_share \\*x\\*', '\\- 1. x', '1\\. x')
    """
    safe = _MARKUP.sub(lambda found: f"\\{found.group()}", words)
    return _BEGINNING.sub(lambda found: f"{found['number'] or ''}\\", safe)


def _page(report: AuditReport) -> Iterator[str]:
    yield f"# {escaped(report.title)}"
    yield ""
    yield escaped(report.subject)
    for mark in report.marks:
        yield ""
        yield f"> **{escaped(mark.words)}**"
    for term in report.headline:
        yield ""
        yield f"**{escaped(term.name)}: {escaped(term.words)}**"
    yield ""
    for fact in report.facts:
        yield f"- **{escaped(fact.name)}:** {escaped(fact.words)}"
    for section in report.sections:
        yield from _section(section)
    yield ""
    yield "---"
    for line in report.running:
        yield ""
        yield escaped(line)


def _section(section: Section) -> Iterator[str]:
    yield ""
    yield f"## {escaped(section.title)}"
    for block in section.blocks:
        yield ""
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield escaped(block.words)
    elif isinstance(block, Bullets):
        if block.title is not None:
            yield f"### {escaped(block.title)}"
            yield ""
        yield from (f"- {escaped(item)}" for item in block.items)
    elif isinstance(block, Terms):
        yield from (f"- **{escaped(term.name)}:** {escaped(term.words)}" for term in block.terms)
    elif isinstance(block, ReportTable):
        yield from _table(block)
    else:
        yield from _entries(block)


def _table(table: ReportTable) -> Iterator[str]:
    yield f"### {escaped(table.title)}"
    yield ""
    yield _line(escaped(column.title) for column in table.columns)
    yield _line("---:" if column.numeric else "---" for column in table.columns)
    for row in table.rows:
        yield _line(_cell(cell) for cell in row)


def _line(cells: Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: ReportCell) -> str:
    words = escaped(cell.words)
    return words if cell.link is None else f"[{words}](<{cell.link}>)"


def _entries(block: Entries) -> Iterator[str]:
    for at, entry in enumerate(block.entries):
        if at:
            yield ""
        yield from _entry(entry, 3)


def _entry(entry: Entry, depth: int) -> Iterator[str]:
    verdict = f"**{entry.verdict.upper()}**" + (f" ({escaped(entry.basis)})" if entry.basis else "")
    yield f"{'#' * min(depth, _DEEPEST)} {escaped(entry.heading)}"
    yield ""
    yield verdict
    if entry.grounds:
        yield ""
    for ground in entry.grounds:
        yield f"- {escaped(ground.words)}"
        for deeper, line in ground.beneath:
            yield f"{'  ' * (deeper + 1)}- {escaped(line)}"
    for each in entry.entries:
        yield ""
        yield from _entry(each, depth + 1)


__all__ = ["escaped", "markdown"]
