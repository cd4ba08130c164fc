"""Which form of report is made by what."""

from __future__ import annotations

from collections.abc import Callable

from ntm_rules.errors import UnknownNameError
from ntm_rules.messages import nearest
from ntm_rules.reports.markdown import markdown
from ntm_rules.reports.page import html
from ntm_rules.reports.plain import as_json
from ntm_rules.reports.printed import pdf
from ntm_rules.reports.report import AuditReport
from ntm_rules.reports.sheets import xlsx
from ntm_rules.reports.word import docx

Writer = Callable[[AuditReport], str | bytes]

#: The forms, each by the ending of its files.
WRITERS: dict[str, Writer] = {"html": html, "docx": docx, "xlsx": xlsx, "pdf": pdf, "md": markdown, "json": as_json}


def render(report: AuditReport, form: str) -> bytes:
    """
    A report as the content of a file.

    Args:
        report: The report.

        form: By the ending of its files: ``html``, ``docx``, ``xlsx``, ``pdf``, ``md``, ``json``.

    Raises:
        UnknownNameError: If there is no such form.

        MissingExtraError: If the package that makes it is not installed.
    """
    writer = WRITERS.get(form)
    if writer is None:
        raise UnknownNameError(form, nearest(form, WRITERS))
    made = writer(report)
    return made.encode() if isinstance(made, str) else made


__all__ = ["WRITERS", "render"]
