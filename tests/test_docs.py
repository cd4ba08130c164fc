"""Pages of the documentation that are made from data."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from ntm_rules.rulebook import editions, set_names

DOCS = Path(__file__).parents[1] / "docs"


@pytest.fixture
def conf():
    """The configuration that Sphinx runs."""
    spec = importlib.util.spec_from_file_location("docs_conf", DOCS / "conf.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_of_coverage_is_filled(conf) -> None:
    """The mark in the page gives way to a section for each edition, the same each time."""
    page = (DOCS / f"{conf.COVERAGE}.md").read_text(encoding="utf-8")
    assert page.count(conf.MARK) == 1
    made = [page]
    conf.fill_coverage(None, conf.COVERAGE, made)
    assert conf.MARK not in made[0]
    for name in set_names():
        for rules in editions(name):
            assert made[0].count(f"({rules.edition})\n") == 1
            assert made[0].count(f"| {rules.edition} |") == 2
    again = [page]
    conf.fill_coverage(None, conf.COVERAGE, again)
    assert again == made


def test_other_pages_stay_as_they_are(conf) -> None:
    """Only its own page is filled."""
    page = [conf.MARK]
    conf.fill_coverage(None, "index", page)
    assert page == [conf.MARK]


def test_the_page_is_linked() -> None:
    """The index of the reference leads to it, and so does the first page."""
    assert "coverage" in (DOCS / "reference" / "index.md").read_text(encoding="utf-8").split()
    assert "{doc}`reference/coverage`" in (DOCS / "index.md").read_text(encoding="utf-8")
