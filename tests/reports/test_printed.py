from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import zlib

import pytest

from ntm_rules.errors import MissingExtraError
from ntm_rules.reports import render, report


def streams(file: bytes) -> bytes:
    """Everything that is packed in a PDF, unpacked."""
    found = io.BytesIO()
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", file, re.DOTALL):
        try:
            found.write(zlib.decompress(packed))
        except zlib.error:
            found.write(packed)
    return found.getvalue()


@pytest.mark.parametrize("name", ["few", "hostile"])
def test_a_report_is_a_file_that_can_be_read_aloud(judged, made, name):
    """It is tagged for PDF/UA, names its title and language, and holds neither script nor date."""
    file = made(name, "vi", "pdf")
    assert file.startswith(b"%PDF-")
    whole = file + streams(file)
    assert b"pdfuaid" in whole
    assert b"/MarkInfo" in whole
    assert b"/Lang" in whole
    assert not [word for word in (b"/JavaScript", b"/JS", b"/CreationDate", b"/Launch", b"/URI") if word in whole]


def test_the_same_report_gives_the_same_bytes(judged, made):
    """Nothing in the file comes from the clock or from the fonts of the machine."""
    assert made("few", "vi", "pdf") == render(report(judged("few"), "vi"), "pdf")


def test_the_extra_is_named_where_it_is_missing(judged, monkeypatch):
    """Without typst the error names the extra that brings it."""
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(MissingExtraError, match=r"ntm-rules\[pdf\]"):
        render(report(judged("few")), "pdf")


@pytest.mark.external
@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("name", ["figures", "hostile"])
def test_everything_can_be_read(judged, made, name, lang, tmp_path):
    """Another program reads every heading and figure, and on each page what the report is and its number."""
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("pdftotext is not installed")
    told = report(judged(name), lang)
    path = tmp_path / "r.pdf"
    path.write_bytes(made(name, lang, "pdf"))
    done = subprocess.run([reader, path, "-"], check=True, capture_output=True, text=True)
    pages = ["".join(page.replace("\u200b", "").split()) for page in done.stdout.rstrip("\f\n").split("\f")]
    for number, page in enumerate(pages, 1):
        for line in told.running:
            assert "".join(line.split()) in page
        assert f"{number}/{len(pages)}" in page
    whole = "".join(pages)
    for words in [told.title, *(mark.words for mark in told.marks), *(section.title for section in told.sections)]:
        assert "".join(words.split()) in whole
