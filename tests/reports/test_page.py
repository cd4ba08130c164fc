from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from ntm_rules.errors import MissingExtraError
from ntm_rules.messages import LANGUAGES
from ntm_rules.reports import ReportFile, page, render, report, report_index
from ntm_rules.reports.page import css_string

#: Elements that never have an end.
VOID = {"meta", "col", "link", "br", "img"}


class Read(HTMLParser):
    """What a page holds: its elements, checked for their order, and its words."""

    def __init__(self, made: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(made)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        """An element begins."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        """The element that began last ends."""
        assert self.open.pop() == tag

    def handle_data(self, data):
        """Words between elements."""
        if data.strip() and "style" not in self.open:
            self.words.append(data.strip())

    def named(self, tag):
        """The attributes of each element of a name."""
        return [found for each, found in self.elements if each == tag]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_reads_as_expected(judged, steady, lang):
    """The whole of a small page."""
    steady(f"few.{lang}.html", page.html(report(judged("few"), lang)))


@pytest.mark.parametrize("name", ["attested", "figures", "many", "district", "nothing", "hostile"])
def test_a_page_stands_by_itself(judged, name):
    """Nothing is loaded, nothing runs: no script, no reference but to a place on the page itself."""
    read = Read(page.html(report(judged(name), "vi")))
    assert not [tag for tag, _ in read.elements if tag in ("script", "link", "img", "iframe", "object", "form", "base")]
    for tag, attributes in read.elements:
        assert not [each for each in attributes if each.startswith("on") or each in ("src", "srcset", "action")], tag
    ids = [found["id"] for _, found in read.elements if "id" in found]
    assert len(ids) == len(set(ids))
    links = [found["href"] for found in read.named("a")]
    assert links
    assert all(link.startswith("#") and link[1:] in ids for link in links)
    labels = [found["aria-labelledby"] for _, found in read.elements if "aria-labelledby" in found]
    assert set(labels) <= set(ids)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_can_be_read_aloud(judged, lang):
    """The language is told, headings go down step by step, each table has a caption and heads with a scope."""
    read = Read(page.html(report(judged("figures"), lang)))
    assert read.named("html") == [{"lang": lang}]
    depths = [int(tag[1]) for tag, _ in read.elements if re.fullmatch("h[1-6]", tag)]
    assert depths[0] == 1
    assert depths.count(1) == 1
    assert all(deeper - before <= 1 for before, deeper in pairwise(depths))
    assert len(read.named("table")) == len(read.named("caption")) == len(read.named("thead"))
    assert {found.get("scope") for found in read.named("th")} == {"col", "row"}
    assert len(read.named("main")) == 1


def test_hostile_words_stay_words(judged):
    """A place named like a script is shown by that name, in tables and in the style of the margins."""
    made = page.html(report(judged("hostile"), "en"))
    read = Read(made)
    assert any("<script>alert(1)</script>" in words for words in read.words)
    assert any("{{7*7}} #sys.inputs" in words for words in read.words)
    style = made.partition("<style>")[2].partition("</style>")[0]
    assert "alert" in style
    assert "<" not in style
    assert not any("javascript:" in (found.get("href") or "") for _, found in read.elements)


def test_every_printed_page_bears_what_it_is(judged):
    """The margins of printed pages carry both running lines and the number of the page."""
    made = report(judged("figures"), "vi")
    style = page.html(made).partition("<style>")[2].partition("</style>")[0]
    for line in made.running:
        assert css_string(line) in style
    assert "counter(page)" in style
    assert "size: A4;" in style


def test_a_wide_matrix_is_printed_across(judged):
    """An index with a column a criterion lies across the page, and scrolls by itself on a narrow window."""
    made = page.html(report_index([ReportFile(judged("attested"), "phu dinh.html")], (), "vi"))
    assert "size: A4 landscape;" in made
    read = Read(made)
    assert "phu%20dinh.html" in [found.get("href") for found in read.named("a")]
    assert [found for found in read.named("div") if found.get("class") == "table matrix" and "tabindex" in found]
    # Signs are read aloud by what they mean.
    assert "chưa đạt" in read.words
    assert [found for found in read.named("abbr") if found["title"] == "Quy hoạch"]


def test_every_verdict_is_said_in_words(judged):
    """No verdict is told by a colour alone: each coloured element has words."""
    read = Read(page.html(report(judged("many"), "en")))
    toned = [found for _, found in read.elements if "tone" in (found.get("class") or "").split()]
    assert toned
    assert len(read.words) > len(toned)


def test_the_extra_is_named_where_it_is_missing(judged, monkeypatch):
    """Without jinja2 the error names the extra that brings it."""
    page._template.cache_clear()
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(MissingExtraError, match=r"ntm-rules\[html\]"):
        render(report(judged("few")), "html")
    page._template.cache_clear()
