"""What a reader sees in a browser, on paper and on a narrow window."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ntm_rules.reports import render, report

pytestmark = pytest.mark.external

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

#: A script of ours, put into a copy of the page to measure it; the page itself has none.
MEASURE = """
<script>
addEventListener("load", () => {
  const seen = (each) => each.getClientRects().length > 0;
  const all = [...document.querySelectorAll("body *")];
  const told = {
    scripts: document.scripts.length - 1,
    wider: document.documentElement.scrollWidth > innerWidth,
    heads: all.filter((each) => each.matches(".stacked thead") && each.getBoundingClientRect().height > 1).length,
    words: document.querySelector("h1").innerText,
    verdict: document.querySelector(".headline strong").innerText,
    hidden: all.filter((each) => each.matches(".entry") && !seen(each)).length,
    paper: getComputedStyle(document.body).backgroundColor,
  };
  document.body.dataset.told = JSON.stringify(told);
});
</script>
"""


def browse(page: Path, *words: str) -> str:
    """What the browser prints of a page."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    profile = page.parent / "profile"
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={profile}", *words, page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    shutil.rmtree(profile, ignore_errors=True)
    return done.stdout


def measured(tmp_path: Path, made: bytes, width: int, *words: str) -> dict:
    """What the page looks like on a window of a width."""
    # The page forbids scripts; only the copy that is measured lets ours run.
    page = (
        made.decode()
        .replace("default-src 'none'", "script-src 'unsafe-inline'")
        .replace("</body>", f"{MEASURE}</body>")
    )
    path = tmp_path / "page.html"
    path.write_text(page, encoding="utf-8")
    dom = browse(path, f"--window-size={width},900", "--virtual-time-budget=3000", *words, "--dump-dom")
    (told,) = re.findall(r'data-told="([^"]*)"', dom)
    seen: dict = json.loads(html.unescape(told))
    return seen


def test_a_reader_sees_the_page(judged, tmp_path):
    """On a wide window tables have their heads, nothing is hidden, and nothing is wider than the window."""
    seen = measured(tmp_path, render(report(judged("figures"), "vi"), "html"), 1280)
    assert seen["words"].startswith("Xã Minh Họa, huyện Định Hóa, tỉnh Thái Nguyên")
    assert seen["verdict"] == "CHƯA ĐẠT (tính từ hồ sơ)"
    assert (seen["scripts"], seen["hidden"], seen["wider"]) == (0, 0, False)
    assert seen["heads"] > 0
    assert seen["paper"] == "rgb(255, 255, 255)"


def test_a_reader_sees_it_on_a_narrow_and_dark_window(judged, tmp_path):
    """On a telephone tables are stacked and nothing is wider than the window; at night the page is dark."""
    made = render(report(judged("many"), "en"), "html")
    seen = measured(tmp_path, made, 390, "--blink-settings=preferredColorScheme=0")
    assert (seen["heads"], seen["hidden"], seen["wider"]) == (0, 0, False)
    assert seen["paper"] == "rgb(22, 24, 27)"


def test_nothing_runs(judged, tmp_path):
    """A place named like a script is shown by that name, and its script does not run: the page is as it was."""
    page = tmp_path / "hostile.html"
    page.write_bytes(render(report(judged("hostile"), "vi"), "html"))
    dom = browse(page, "--virtual-time-budget=3000", "--dump-dom")
    assert "<script" not in dom
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in dom


def test_every_printed_page_says_what_it_is(judged, tmp_path):
    """Printed on A4, each page bears the edition, the fingerprint, the marks and its number."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    made = report(judged("few"), "vi")
    page, printed = tmp_path / "page.html", tmp_path / "page.pdf"
    page.write_bytes(render(made, "html"))
    browse(page, "--no-pdf-header-footer", f"--print-to-pdf={printed}")
    said = subprocess.run(["pdftotext", "-layout", printed, "-"], capture_output=True, text=True, check=True).stdout  # noqa: S607 - on the path
    pages = said.rstrip("\f\n").split("\f")
    assert len(pages) > 1
    result = judged("few")
    for number, each in enumerate(pages, 1):
        assert result.rules.edition in each
        assert result.rules.fingerprint in each
        assert all(mark.short in each for mark in made.marks)
        assert f"{number}/{len(pages)}" in each
