"""A report as plain data for another program, valid under ``schemas/report.schema.json``."""

from __future__ import annotations

import json
from typing import Any

from ntm_rules.reports.report import (
    Amount,
    AuditReport,
    Block,
    Bullets,
    Comparison,
    Entries,
    Entry,
    Ground,
    Paragraph,
    ReportCell,
    ReportColumn,
    ReportTable,
    Term,
    Terms,
    Tone,
)
from ntm_rules.vocabulary.quantities import plain_number


def as_json(report: AuditReport) -> str:
    """A report as JSON, letters as they are, ending in a line break."""
    return json.dumps(plain(report), ensure_ascii=False, indent=2) + "\n"


def plain(report: AuditReport) -> dict[str, Any]:
    """A report as plain data: figures as digits and unit, never as binary numbers."""
    return {
        "report": 1,
        "kind": report.kind,
        "lang": report.lang,
        "title": report.title,
        "subject": report.subject,
        "headline": [_term(each) for each in report.headline],
        "facts": [_term(each) for each in report.facts],
        "marks": [{"code": each.code, "words": each.words, "short": each.short} for each in report.marks],
        "sections": [
            {"id": each.id, "title": each.title, "blocks": [_block(block) for block in each.blocks]}
            for each in report.sections
        ],
        "running": list(report.running),
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"block": "paragraph", "words": block.words, "tone": _tone(block.tone)}
    if isinstance(block, Bullets):
        return {"block": "bullets", "title": block.title, "items": list(block.items)}
    if isinstance(block, Terms):
        return {"block": "terms", "terms": [_term(each) for each in block.terms]}
    if isinstance(block, ReportTable):
        return {
            "block": "table",
            "title": block.title,
            "matrix": block.matrix,
            "columns": [_column(each) for each in block.columns],
            "rows": [[_cell(cell) for cell in row] for row in block.rows],
        }
    return _entries(block)


def _entries(block: Entries) -> dict[str, Any]:
    return {"block": "entries", "entries": [_entry(each) for each in block.entries]}


def _tone(tone: Tone | None) -> str | None:
    return None if tone is None else tone.value


def _term(term: Term) -> dict[str, Any]:
    return {"key": term.key, "name": term.name, "words": term.words, "tone": _tone(term.tone)}


def _column(column: ReportColumn) -> dict[str, Any]:
    return {"title": column.title, "full": column.full, "numeric": column.numeric, "weight": column.weight}


def _cell(cell: ReportCell) -> dict[str, Any]:
    return {
        "words": cell.words,
        "full": cell.full,
        "tone": _tone(cell.tone),
        "amount": _amount(cell.amount),
        "link": cell.link,
    }


def _amount(amount: Amount | None) -> dict[str, str] | None:
    if amount is None:
        return None
    return {"value": plain_number(amount.value), "unit": amount.unit, "words": amount.words}


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "address": entry.address,
        "number": entry.number,
        "title": entry.title,
        "heading": entry.heading,
        "verdict": entry.tone.value,
        "verdict_words": entry.verdict,
        "basis_words": entry.basis,
        "provisional": entry.provisional,
        "grounds": [_ground(each) for each in entry.grounds],
        "comparisons": [_comparison(each) for each in entry.comparisons],
        "entries": [_entry(each) for each in entry.entries],
    }


def _ground(ground: Ground) -> dict[str, Any]:
    beneath = [{"depth": depth, "words": words} for depth, words in ground.beneath]
    return {"code": ground.code, "words": ground.words, "beneath": beneath}


def _comparison(compared: Comparison) -> dict[str, Any]:
    return {
        "measure": compared.measure,
        "figure": compared.figure,
        "required": compared.required,
        "row": compared.row,
        "gap": compared.gap,
        "verdict": compared.verdict,
        "verdict_words": compared.verdict_words,
        "source": compared.source,
        "grade": compared.grade,
        "grade_words": compared.grade_words,
        "amount": _amount(compared.amount),
        "threshold": _amount(compared.threshold),
        "distance": _amount(compared.distance),
    }


__all__ = ["as_json", "plain"]
