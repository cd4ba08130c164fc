from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ntm_rules.messages import LANGUAGES
from ntm_rules.reports import report
from ntm_rules.reports.markdown import escaped, markdown
from ntm_rules.reports.report import printable

READER = MarkdownIt("commonmark").enable("table").enable("strikethrough")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["attested", "figures", "district"])
def test_a_report_reads_as_expected(judged, steady, name, lang):
    """The whole report as an auditor reads it."""
    steady(f"{name}.{lang}.md", markdown(report(judged(name), lang)))


@given(st.text(alphabet=st.sampled_from("ab 1_*`<>[]()|~&#-+=.:\\!\"'^{}/")))
def test_no_word_is_taken_for_markup(words):
    """Whatever a dossier holds is shown as it is, as the one paragraph that it is."""
    words = printable(words)
    if words:
        (opening, inline, closing) = READER.parse(escaped(words))
        assert (opening.type, closing.type) == ("paragraph_open", "paragraph_close")
        assert "".join(each.content for each in inline.children) == words
        assert {each.type for each in inline.children} <= {"text", "text_special"}


def test_hostile_words_make_no_markup(judged):
    """A place named like a script makes no HTML, no link and no heading."""
    tokens = READER.parse(markdown(report(judged("hostile"), "en")))
    kinds = {child.type for token in tokens for child in (token, *(token.children or ()))}
    assert not {"html_block", "html_inline", "link_open", "code_inline", "em_open", "image"} & kinds
    headings = [tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open"]
    assert len([each for each in headings if re.match("# ?(x|một)", each)]) == 0
    assert sum(1 for token in tokens if token.tag == "h1" and token.type == "heading_open") == 1
