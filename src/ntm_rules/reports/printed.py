"""A report as PDF by typst: tagged, so that it can be read aloud, with fonts of its own, the same bytes each time."""

from __future__ import annotations

import json
from importlib import resources
from typing import Final

from ntm_rules.errors import MissingExtraError
from ntm_rules.messages import text
from ntm_rules.reports.plain import plain
from ntm_rules.reports.report import AuditReport

#: The extra that brings typst.
EXTRA = "pdf"

#: PDF/UA, the standard of what can be read aloud.
STANDARD: Final = "ua-1"


def pdf(report: AuditReport) -> bytes:
    """
    A report as PDF: the same bytes for the same report.

    Raises:
        MissingExtraError: If typst is not installed.
    """
    try:
        import typst
    except ImportError:
        raise MissingExtraError(EXTRA) from None
    words = {"what_it_is": text("report.what_it_is", report.lang)}
    template = resources.files("ntm_rules.reports").joinpath("templates", "report.typ").read_bytes()
    compiler = typst.Compiler(ignore_system_fonts=True)
    made = compiler.compile(
        template,
        format="pdf",
        sys_inputs={"report": json.dumps(plain(report)), "words": json.dumps(words)},
        pdf_standards=STANDARD,
    )
    assert isinstance(made, bytes)  # one file, and none was named to write to  # noqa: S101
    return made


__all__ = ["EXTRA", "pdf"]
