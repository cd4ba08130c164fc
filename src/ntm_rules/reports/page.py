"""A report as one self-contained HTML page: no script, readable aloud, light and dark, and made for A4."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from ntm_rules.errors import MissingExtraError
from ntm_rules.messages import library_version, text
from ntm_rules.reports.report import AuditReport, Block, ReportColumn, ReportTable

if TYPE_CHECKING:
    from jinja2 import Template

#: The extra that brings jinja2.
EXTRA = "html"

# What every printed page bears in its margins.
_PAGE = """\
@page {{
  size: A4{turned}; margin: 22mm 18mm 22mm 20mm;
  @top-left {{ content: {head}; font: 8pt "Noto Sans", Arial, sans-serif; color: #333; width: 100%; }}
  @bottom-left {{ content: {foot}; font: 7pt "Noto Sans", Arial, sans-serif; color: #333; width: 92%; }}
  @bottom-right {{ content: counter(page) "/" counter(pages); font: 8pt "Noto Sans", Arial, sans-serif; width: 8%; }}
}}"""
#: A matrix of more columns than this lies across the page.
_WIDE = 12


def html(report: AuditReport) -> str:
    """
    A report as an HTML page.

    Raises:
        MissingExtraError: If jinja2 is not installed.
    """
    made = _template().render(
        report=report,
        say=lambda key: text(f"report.{key}", report.lang),
        kind=lambda block: type(block).__name__,
        width=_width,
        style=_file("report.css"),
        running=_running(report),
        version=f"ntm-rules {library_version()}",
    )
    return f"{made}\n"


@lru_cache(maxsize=1)
def _template() -> Template:
    try:
        import jinja2
    except ImportError:
        raise MissingExtraError(EXTRA) from None
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, keep_trailing_newline=False)
    return environment.from_string(_file("report.html.j2"))


@lru_cache(maxsize=2)
def _file(name: str) -> str:
    return resources.files("ntm_rules.reports").joinpath("templates", name).read_text(encoding="utf-8")


def _width(column: ReportColumn, table: ReportTable) -> int:
    """How much of the table's width a column takes, in percent."""
    return round(100 * column.weight / sum(each.weight for each in table.columns))


def _running(report: AuditReport) -> str:
    """The style of printed pages; the words in it can't end a string or the style."""
    turned = " landscape" if any(map(_is_wide, _blocks(report))) else ""
    head, foot = (css_string(line) for line in report.running)
    return _PAGE.format(turned=turned, head=head, foot=foot)


def _blocks(report: AuditReport) -> list[Block]:
    return [block for section in report.sections for block in section.blocks]


def _is_wide(block: Block) -> bool:
    return isinstance(block, ReportTable) and block.matrix and len(block.columns) > _WIDE


def css_string(words: str) -> str:
    r"""
    Words as a string of CSS: whatever is no letter, digit or blank is written by its number.

    Example:
        >>> css_string('Đình "</style>')
        '"Đình \\22 \\3c \\2f style\\3e "'
    """
    return '"' + "".join(c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in words) + '"'


__all__ = ["EXTRA", "css_string", "html"]
