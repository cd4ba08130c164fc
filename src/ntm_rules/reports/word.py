"""
A report for Word, laid out as Vietnamese administrative documents are (Decree 30/2020/NĐ-CP, Annex I).

National title and motto, issuing body, number, place and date, addressee, body, receivers and signature each stand in
their place, in Times New Roman 13. What an issuing body alone can say is a blank: this library issues nothing, and
writes no date of its own.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from ntm_rules.errors import MissingExtraError
from ntm_rules.language.workbook import SOME_DAY, repacked
from ntm_rules.messages import Language, text
from ntm_rules.reports.report import (
    INK,
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
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.styles.style import ParagraphStyle
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph as Lines
    from docx.text.run import Run

#: The extra that brings python-docx.
EXTRA = "docx"

_FONT = "Times New Roman"
# Sizes in points, margins in centimetres, as the decree's annex has them.
_NATION, _BODY, _TITLE, _SMALL, _TABLE, _MATRIX, _RUNNING = 12, 13, 14, 11, 11, 8, 8
_PAGE_WIDTH, _PAGE_HEIGHT = 21.0, 29.7
_TOP, _BOTTOM, _LEFT, _RIGHT = 2.0, 2.0, 3.0, 1.5
_WIDTH = _PAGE_WIDTH - _LEFT - _RIGHT
_FIRST_LINE = 1.0
_NAMES = 4.5
_STEP = 0.6
_LOCALES: dict[Language, str] = {"vi": "vi-VN", "en": "en-GB"}
_BLANK_LINES = 3
# Beside the words of a cell, in twentieths of a point.
_MARGIN = 57
_DEEPEST = 3


def docx(report: AuditReport) -> bytes:
    """
    A report as a document for Word: the same bytes for the same report.

    Raises:
        MissingExtraError: If python-docx is not installed.
    """
    try:
        import docx as library
    except ImportError:
        raise MissingExtraError(EXTRA) from None
    document = library.Document()
    _prepare(document, report)
    _letterhead(document, report.lang)
    _title(document, report)
    for number, section in enumerate(report.sections, 1):
        document.add_heading(f"{number}. {section.title}", 1)
        for block in section.blocks:
            _block(document, block)
    _signature(document, report.lang)
    made = io.BytesIO()
    document.save(made)
    return repacked(made.getvalue())


def _prepare(document: Document, report: AuditReport) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    about = document.core_properties
    about.author = about.last_modified_by = "ntm-rules"
    about.created = about.modified = SOME_DAY
    about.title, about.subject, about.language = report.title, report.subject, _LOCALES[report.lang]
    about.comments = ""
    page = document.sections[0]
    page.page_width, page.page_height = Cm(_PAGE_WIDTH), Cm(_PAGE_HEIGHT)
    page.top_margin, page.bottom_margin = Cm(_TOP), Cm(_BOTTOM)
    page.left_margin, page.right_margin = Cm(_LEFT), Cm(_RIGHT)
    normal = document.styles["Normal"]
    _font(normal, _BODY, report.lang)
    form = normal.paragraph_format
    form.space_before, form.space_after, form.line_spacing = Pt(0), Pt(6), 1.0
    for depth in range(1, _DEEPEST + 1):
        style = document.styles[f"Heading {depth}"]
        _font(style, _BODY, report.lang)
        style.font.bold, style.font.italic = True, depth == _DEEPEST
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(12 if depth == 1 else 8), Pt(4)
    # The number of the page stands at its head, but not on the first; what the report is stands at each foot.
    page.different_first_page_header_footer = True
    number = page.header.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _field(number, "PAGE")
    for foot in (page.footer, page.first_page_footer):
        _run(foot.paragraphs[0], "\n".join(report.running), size=_RUNNING)


def _font(style: ParagraphStyle, size: int, lang: Language) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size, style.font.color.rgb = _FONT, Pt(size), RGBColor(0, 0, 0)
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for name in list(fonts.attrib):
        if name.endswith("Theme"):
            del fonts.attrib[name]
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), _FONT)
    properties.append(_element("w:lang", val=_LOCALES[lang]))


def _element(tag: str, **attributes: str) -> BaseOxmlElement:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def _field(lines: Lines, code: str) -> None:
    """A field that Word fills in, such as the number of the page."""
    run = lines.add_run()
    for kind in ("begin", "end"):
        run._r.append(_element("w:fldChar", fldCharType=kind))  # noqa: SLF001 - python-docx has no fields
        if kind == "begin":
            instruction = _element("w:instrText")
            instruction.text = code
            run._r.append(instruction)  # noqa: SLF001 - as above


def _run(lines: Lines, words: str, *, size: int | None = None, bold: bool = False, italic: bool = False) -> Run:
    from docx.shared import Pt

    run = lines.add_run(words)
    run.bold, run.italic = bold or None, italic or None
    if size is not None:
        run.font.size = Pt(size)
    return run


def _toned(lines: Lines, words: str, tone: Tone | None, *, size: int | None = None) -> None:
    from docx.shared import RGBColor

    run = _run(lines, words, size=size, bold=tone is not None)
    if tone is not None:
        run.font.color.rgb = RGBColor.from_string(INK[tone])


# --- what stands before and after the body ----------------------------------------------------------------------


def _letterhead(document: Document, lang: Language) -> None:
    left, right = _two_columns(document, (0.38, 0.62))
    _centred(left, _say("issuer_above", lang), size=_NATION)
    _underlined(_centred(left, _say("issuer", lang), size=_NATION, bold=True), 1.8)
    _centred(left, _say("number", lang), size=_BODY)
    _centred(right, _say("national_title", lang), size=_NATION, bold=True)
    _underlined(_centred(right, _say("motto", lang), size=_BODY, bold=True), 2.2)
    _centred(right, _say("place_and_date", lang), size=_BODY, italic=True)


def _title(document: Document, report: AuditReport) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    kind = document.add_paragraph()
    kind.paragraph_format.space_before = Pt(18)
    _run(kind, text("report.kind", report.lang).upper(), size=_TITLE, bold=True)
    subject = document.add_paragraph()
    _run(subject, f"{report.subject}: {report.title}", size=_TITLE, bold=True)
    for each in (kind, subject):
        each.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _underlined(subject, 5.5)
    addressee = document.add_paragraph()
    addressee.alignment = WD_ALIGN_PARAGRAPH.CENTER
    addressee.paragraph_format.space_before = addressee.paragraph_format.space_after = Pt(12)
    _run(addressee, _say("addressee", report.lang))
    for mark in report.marks:
        lines = document.add_paragraph()
        _toned(lines, mark.words, Tone.ALERT)
        _boxed(lines)
    for term in report.headline:
        lines = document.add_paragraph()
        _run(lines, f"{term.name}: ", bold=True)
        _toned(lines, term.words, term.tone)
    _terms(document, report.facts)


def _signature(document: Document, lang: Language) -> None:
    from docx.shared import Pt

    document.add_paragraph()
    left, right = _two_columns(document, (0.45, 0.55))
    _run(left.paragraphs[0], _say("receivers", lang), size=_SMALL + 1, bold=True, italic=True)
    for name in ("receiver_addressee", "receiver_file"):
        lines = left.add_paragraph()
        lines.paragraph_format.space_after = Pt(0)
        _run(lines, _say(name, lang), size=_SMALL)
    _centred(right, _say("signer", lang), size=_BODY, bold=True)
    for _ in range(_BLANK_LINES):
        right.add_paragraph()
    _centred(right, _say("signature", lang), size=_BODY, italic=True)
    _centred(right, _say("signer_name", lang), size=_BODY, bold=True)
    _run(document.add_paragraph(), _say("note", lang), size=_SMALL, italic=True)


def _say(key: str, lang: Language) -> str:
    return text(f"report.letter.{key}", lang)


def _two_columns(document: Document, shares: tuple[float, float]) -> tuple[_Cell, _Cell]:
    """Two blocks side by side, without lines."""
    from docx.shared import Cm

    table = document.add_table(1, len(shares))
    table.autofit = False
    _cell_margins(table, 0)
    left, right = table.rows[0].cells
    for cell, column, share in zip((left, right), table.columns, shares, strict=True):
        cell.width = column.width = Cm(_WIDTH * share)
    return left, right


def _centred(cell: _Cell, words: str, *, size: int, bold: bool = False, italic: bool = False) -> Lines:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    first = cell.paragraphs[0]
    lines: Lines = cell.add_paragraph() if first.text or len(cell.paragraphs) > 1 else first
    lines.alignment = WD_ALIGN_PARAGRAPH.CENTER
    lines.paragraph_format.space_after = Pt(2)
    _run(lines, words, size=size, bold=bold, italic=italic)
    return lines


def _underlined(lines: Lines, indent: float) -> None:
    """A line beneath, shorter than the words by *indent* centimetres on each side."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    rule = lines.insert_paragraph_before()
    lines._p.addnext(rule._p)  # noqa: SLF001 - python-docx can't add after
    rule.alignment = WD_ALIGN_PARAGRAPH.CENTER
    form = rule.paragraph_format
    form.left_indent = form.right_indent = Cm(indent)
    form.space_after, form.line_spacing = Pt(6), Pt(3)
    _borders(rule, ("top",))


def _boxed(lines: Lines) -> None:
    _borders(lines, ("top", "left", "bottom", "right"))


def _borders(lines: Lines, sides: tuple[str, ...]) -> None:
    borders = _element("w:pBdr")
    for side in sides:
        borders.append(_element(f"w:{side}", val="single", sz="6", space="3", color="auto"))
    properties = lines._p.get_or_add_pPr()  # noqa: SLF001 - python-docx has no borders
    # The schema wants it before spacing, indents and alignment.
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


# --- the body ---------------------------------------------------------------------------------------------------


def _block(document: Document, block: Block) -> None:
    if isinstance(block, Paragraph):
        _toned(_justified(document), block.words, block.tone)
    elif isinstance(block, Bullets):
        if block.title is not None:
            document.add_heading(block.title, 2)
        for item in block.items:
            _run(_justified(document, depth=1), f"- {item}")
    elif isinstance(block, Terms):
        _terms(document, block.terms)
    elif isinstance(block, ReportTable):
        _table(document, block)
    else:
        for entry in block.entries:
            _entry(document, entry, 2)


def _justified(document: Document, depth: int = 0) -> Lines:
    """A paragraph of the body: its first line indented, or the whole, by *depth*."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm

    lines: Lines = document.add_paragraph()
    lines.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    if depth:
        lines.paragraph_format.left_indent = Cm(_STEP * depth)
    else:
        lines.paragraph_format.first_line_indent = Cm(_FIRST_LINE)
    return lines


def _entry(document: Document, entry: Entry, depth: int) -> None:
    document.add_heading(entry.heading, min(depth, _DEEPEST))
    verdict = _justified(document)
    _toned(verdict, entry.verdict.upper(), entry.tone)
    if entry.basis:
        _run(verdict, f" ({entry.basis})")
    verdict.paragraph_format.keep_with_next = bool(entry.grounds)
    for ground in entry.grounds:
        _run(_justified(document), ground.words)
        for deeper, line in ground.beneath:
            _run(_justified(document, deeper + 2), line, size=_SMALL)
    for each in entry.entries:
        _entry(document, each, depth + 1)


def _terms(document: Document, terms: tuple[Term, ...]) -> None:
    table = _ruled(document, len(terms), (_NAMES, _WIDTH - _NAMES))
    for row, term in zip(table.rows, terms, strict=True):
        name, said = row.cells
        _run(_tight(name), term.name, size=_TABLE)
        _toned(_tight(said), term.words, term.tone, size=_TABLE)
    _after_table(document)


def _table(document: Document, table: ReportTable) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    title = document.add_paragraph()
    title.paragraph_format.keep_with_next = True
    _run(title, table.title, size=_BODY, bold=True)
    size = _MATRIX if table.matrix else _TABLE
    weights = [column.weight for column in table.columns]
    made = _ruled(document, len(table.rows) + 1, tuple(_WIDTH * weight / sum(weights) for weight in weights))
    head, *rows = made.rows
    # Word repeats it on every page that the table goes on.
    head._tr.get_or_add_trPr().append(_element("w:tblHeader", val="true"))  # noqa: SLF001 - python-docx has no such rows
    for cell, column in zip(head.cells, table.columns, strict=True):
        lines = _tight(cell)
        lines.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(lines, column.title, size=size, bold=True)
    for made_row, row in zip(rows, table.rows, strict=True):
        for cell, said in zip(made_row.cells, row, strict=True):
            _fill(_tight(cell), said, size)
    _after_table(document)


def _fill(lines: Lines, cell: ReportCell, size: int) -> None:
    if cell.link is None:
        _toned(lines, cell.words, cell.tone, size=size)
        return
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml.ns import qn

    link = _element("w:hyperlink")
    link.set(qn("r:id"), lines.part.relate_to(cell.link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = _run(lines, cell.words, size=size)
    run.font.underline = True
    lines._p.append(link)  # noqa: SLF001 - python-docx makes no links
    link.append(run._r)  # noqa: SLF001 - as above


def _ruled(document: Document, rows: int, widths: tuple[float, ...]) -> Table:
    """A table with lines, of columns of those widths, whose rows no page cuts in two."""
    from docx.shared import Cm

    table: Table = document.add_table(rows, len(widths), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(_element("w:cantSplit", val="true"))  # noqa: SLF001 - as above
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)
    _cell_margins(table, _MARGIN)
    return table


def _cell_margins(table: Table, twips: int) -> None:
    margins = _element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(_element(f"w:{side}", w=str(twips), type="dxa"))
    # The schema wants them before the look of the table.
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")  # noqa: SLF001 - as above


def _tight(cell: _Cell) -> Lines:
    from docx.shared import Pt

    lines: Lines = cell.paragraphs[0]
    lines.paragraph_format.space_after = Pt(1)
    return lines


def _after_table(document: Document) -> None:
    """Without it two tables would grow into one."""
    from docx.shared import Pt

    lines = document.add_paragraph()
    lines.paragraph_format.space_after = Pt(0)


__all__ = ["EXTRA", "docx"]
