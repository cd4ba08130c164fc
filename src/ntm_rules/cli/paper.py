"""A report on a terminal: headings, tables and verdicts in colour, within its width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ntm_rules.reports import (
    AuditReport,
    Block,
    Bullets,
    Entry,
    Paragraph,
    ReportCell,
    ReportTable,
    Term,
    Terms,
    Tone,
)

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

_STYLES = {
    Tone.MET: "bold green",
    Tone.NOT_MET: "bold red",
    Tone.UNDETERMINED: "yellow",
    Tone.NOT_APPLICABLE: "dim",
    Tone.ALERT: "bold magenta",
}
# What a column wants at least; a table that has less becomes a list.
_COLUMN = 16
_MATRIX_COLUMN = 4


def show(report: AuditReport) -> None:
    """Print a report on the terminal."""
    from rich.console import Console
    from rich.panel import Panel

    console = Console()
    console.print(_text(report.title, "bold"))
    console.print(_text(report.subject))
    for mark in report.marks:
        console.print(Panel(_text(mark.words, _STYLES[Tone.ALERT]), expand=False, style=_STYLES[Tone.ALERT]))
    for term in (*report.headline, *report.facts):
        console.print(_term(term))
    for section in report.sections:
        console.print()
        console.rule(_text(section.title, "bold"), align="left")
        for block in section.blocks:
            _show(block, console)
    console.rule()
    for line in report.running:
        console.print(_text(line, "dim"))


def _text(words: str, style: str = "") -> Text:
    from rich.text import Text

    return Text(words, style=style)


def _toned(words: str, tone: Tone | None) -> Text:
    return _text(words, "" if tone is None else _STYLES[tone])


def _term(term: Term) -> Text:
    return _text(f"{term.name}: ", "dim").append_text(_toned(term.words, term.tone))


def _indented(words: Text, depth: int) -> RenderableType:
    from rich.padding import Padding

    return Padding(words, (0, 0, 0, 2 * depth), expand=False)


def _show(block: Block, console: Console) -> None:
    if isinstance(block, Paragraph):
        console.print(_toned(block.words, block.tone))
    elif isinstance(block, Bullets):
        if block.title is not None:
            console.print(_text(block.title, "bold"))
        for item in block.items:
            console.print(_indented(_text(f"- {item}"), 1))
    elif isinstance(block, Terms):
        for term in block.terms:
            console.print(_term(term))
    elif isinstance(block, ReportTable):
        _show_table(block, console)
    else:
        for entry in block.entries:
            _show_entry(entry, 0, console)


def _show_entry(entry: Entry, depth: int, console: Console) -> None:
    basis = f" ({entry.basis})" if entry.basis else ""
    heading = _text(f"{entry.heading}: ").append_text(_toned(entry.verdict.upper(), entry.tone)).append(basis)
    console.print(_indented(heading, depth))
    for ground in entry.grounds:
        console.print(_indented(_text(ground.words), depth + 1))
        for deeper, line in ground.beneath:
            console.print(_indented(_text(line, "dim"), depth + 2 + deeper))
    for each in entry.entries:
        _show_entry(each, depth + 1, console)


def _show_table(table: ReportTable, console: Console) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    console.print()
    least = _MATRIX_COLUMN if table.matrix else _COLUMN
    if len(table.columns) * least > console.width:
        console.print(_text(table.title, "bold"))
        for row in table.rows:
            _show_row(row, table, console)
        return
    shown = Table(title=_text(table.title, "bold"), title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for column in table.columns:
        justify = "right" if column.numeric else "left"
        shown.add_column(_text(column.title), justify=justify, overflow="fold", ratio=column.weight)  # type: ignore[arg-type]  # a literal
    for row in table.rows:
        shown.add_row(*(_toned(cell.words, cell.tone) for cell in row))
    console.print(shown)


def _show_row(row: tuple[ReportCell, ...], table: ReportTable, console: Console) -> None:
    """A line of a table that is too wide, as a list; a matrix tells only what its signs mean."""
    first, *rest = row
    console.print(_indented(_toned(first.words, first.tone), 1))
    for column, cell in zip(table.columns[1:], rest, strict=True):
        if cell.words:
            said = _text(f"{column.title}: ", "dim").append_text(_toned(cell.full or cell.words, cell.tone))
            console.print(_indented(said, 2))


__all__ = ["show"]
