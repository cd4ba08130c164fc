"""Reports: one model of what a reader is to see, and writers that make a file of it."""

from ntm_rules.reports.batch import ReportFile, file_names, report_index
from ntm_rules.reports.build import report
from ntm_rules.reports.markdown import markdown
from ntm_rules.reports.plain import plain
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
    ReportMark,
    ReportTable,
    Section,
    Term,
    Terms,
    Tone,
)
from ntm_rules.reports.writers import WRITERS, render

__all__ = [
    "WRITERS",
    "Amount",
    "AuditReport",
    "Block",
    "Bullets",
    "Comparison",
    "Entries",
    "Entry",
    "Ground",
    "Paragraph",
    "ReportCell",
    "ReportColumn",
    "ReportFile",
    "ReportMark",
    "ReportTable",
    "Section",
    "Term",
    "Terms",
    "Tone",
    "file_names",
    "markdown",
    "plain",
    "render",
    "report",
    "report_index",
]
