from __future__ import annotations

import io
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from ntm_rules.errors import MissingExtraError
from ntm_rules.messages import LANGUAGES, text
from ntm_rules.reports import Entries, ReportFile, ReportTable, render, report, report_index

NAMES = ["few", "hostile"]


def written(file: bytes):
    """A document for Word, read."""
    return docx.Document(io.BytesIO(file))


def words(document) -> list[str]:
    """Every paragraph, those within tables too, from the top."""
    found = []
    for each in document.element.body.iter(qn("w:p")):
        said = "".join(part.text or "" for part in each.iter(qn("w:t")))
        if said:
            found.append(said)
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_laid_out_as_the_decree_asks(judged, made, lang):
    """Title and motto, issuing body, number, place and date, kind and subject, addressee; signature at the end."""
    said = words(written(made("few", lang, "docx")))
    told = report(judged("few"), lang)
    heads = ("issuer_above", "issuer", "number", "national_title", "motto", "place_and_date")
    assert said[: len(heads)] == [text(f"report.letter.{name}", lang) for name in heads]
    kind, subject, addressee = said[len(heads) : len(heads) + 3]
    assert kind == text("report.kind", lang).upper()
    assert told.subject in subject
    assert told.title in subject
    assert addressee == text("report.letter.addressee", lang)
    ends = ("receivers", "receiver_addressee", "receiver_file", "signer", "signature", "signer_name", "note")
    assert said[-len(ends) :] == [text(f"report.letter.{name}", lang) for name in ends]
    if lang == "vi":
        assert said[3:5] == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]


def test_page_and_type_are_those_of_the_decree(made):
    """A4, the margins of the decree, Times New Roman 13, a number on each page but the first."""
    document = written(made("few", "vi", "docx"))
    (page,) = document.sections
    assert (round(page.page_width.cm, 1), round(page.page_height.cm, 1)) == (21.0, 29.7)
    assert 2 <= round(page.top_margin.cm, 1) <= 2.5
    assert 2 <= round(page.bottom_margin.cm, 1) <= 2.5
    assert 3 <= round(page.left_margin.cm, 1) <= 3.5
    assert 1.5 <= round(page.right_margin.cm, 1) <= 2
    for name in ("Normal", "Heading 1", "Heading 2", "Heading 3"):
        style = document.styles[name]
        assert (style.font.name, style.font.size.pt) == ("Times New Roman", 13)
        fonts = style.element.rPr.rFonts
        assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "cs", "eastAsia")} == {"Times New Roman"}
    assert page.different_first_page_header_footer
    assert "PAGE" in page.header._element.xml
    assert "PAGE" not in page.first_page_header._element.xml


@pytest.mark.parametrize("name", NAMES)
def test_every_page_says_what_it_is(judged, made, name):
    """At the foot of each page, the first too, both running lines stand."""
    (page,) = written(made(name, "vi", "docx")).sections
    for foot in (page.footer, page.first_page_footer):
        assert foot.paragraphs[0].text == "\n".join(report(judged(name), "vi").running)


@pytest.mark.parametrize("name", NAMES)
def test_everything_is_there(judged, made, name):
    """Each section is a heading, each verdict another, each table repeats its head, and no cell is lost."""
    told_of = report(judged(name), "vi")
    document = written(made(name, "vi", "docx"))
    headings = [each.text for each in document.paragraphs if each.style.name.startswith("Heading")]
    for number, section in enumerate(told_of.sections, 1):
        assert f"{number}. {section.title}" in headings
    blocks = [block for section in told_of.sections for block in section.blocks]
    tops = [top for block in blocks if isinstance(block, Entries) for top in block.entries]
    told = [each.heading for top in tops for each in top.walk()]
    assert [each for each in headings if each in told] == told
    tables = [block for block in blocks if isinstance(block, ReportTable)]
    repeated = [each for each in document.tables if each.rows[0]._tr.xpath("./w:trPr/w:tblHeader")]
    assert len(repeated) == len(tables)
    for block, found in zip(tables, repeated, strict=True):
        assert [[cell.text for cell in row.cells] for row in found.rows[1:]] == [
            [cell.words for cell in row] for row in block.rows
        ]
    said = set(words(document))
    assert {mark.words for mark in told_of.marks} <= said


def test_the_parts_of_a_table_stand_in_their_order(made):
    """Word reads a table only if its properties stand in the order of the schema."""
    document = written(made("few", "vi", "docx"))
    for table in document.tables:
        names = [each.tag for each in table._tbl.tblPr]
        assert names.index(qn("w:tblCellMar")) < names.index(qn("w:tblLook"))


def test_an_index_leads_to_the_reports(judged):
    """The places of an index are links to the files beside it."""
    index = report_index([ReportFile(judged("attested"), "a b.docx")], (), "vi")
    document = written(render(index, "docx"))
    targets = {each.target_ref for each in document.part.rels.values() if each.is_external}
    assert targets == {"a%20b.docx"}
    assert document.element.body.xpath(".//w:hyperlink//w:t")[0].text == "Phú Đình, Định Hóa"


def test_the_same_report_gives_the_same_bytes(judged, made):
    """Nothing in a document comes from the clock, and it names its title and language."""
    first = made("few", "vi", "docx")
    assert first == render(report(judged("few"), "vi"), "docx")
    about = docx.Document(io.BytesIO(first)).core_properties
    assert (about.created.year, about.modified.year, about.author) == (2020, 2020, "ntm-rules")
    assert about.language == "vi-VN"
    with zipfile.ZipFile(io.BytesIO(first)) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_extra_is_named_where_it_is_missing(judged, monkeypatch):
    """Without python-docx the error names the extra that brings it."""
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(MissingExtraError, match=r"ntm-rules\[docx\]"):
        render(report(judged("few")), "docx")


@pytest.mark.external
def test_it_opens_in_libreoffice(judged, made, tmp_path: Path):
    """Another program opens it: the national title on one line, a number on each page but the first, every mark."""
    office, reader = shutil.which("soffice"), shutil.which("pdftotext")
    if office is None or reader is None:
        pytest.skip("LibreOffice or pdftotext is not installed")
    path = tmp_path / "r.docx"
    path.write_bytes(made("few", "vi", "docx"))
    profile = (tmp_path / "profile").as_uri()
    command = [office, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf", "--outdir"]
    subprocess.run([*command, str(tmp_path), str(path)], check=True, capture_output=True, timeout=300)
    done = subprocess.run([reader, "-layout", tmp_path / "r.pdf", "-"], check=True, capture_output=True, text=True)
    first, *others = done.stdout.rstrip("\f\n").split("\f")
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in first
    assert others
    for number, page in enumerate(others, 2):
        assert page.strip().startswith(str(number))
        assert judged("few").rules.fingerprint in page
        assert all(mark.short in page for mark in report(judged("few"), "vi").marks)
