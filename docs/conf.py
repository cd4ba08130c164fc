"""Sphinx configuration: MyST pages, the API from docstrings, no network."""

from __future__ import annotations

from importlib.metadata import version as installed_version
from typing import TYPE_CHECKING

from ntm_rules.explanation import coverage_headings, coverage_page, coverage_row, region_headings, region_row
from ntm_rules.rulebook import editions, set_names
from ntm_rules.rulebook.coverage import coverage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docutils.nodes import Element
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

project = "ntm-rules"
author = "The ntm-rules authors"
copyright = author  # noqa: A001 - the name Sphinx asks for
release = installed_version("ntm-rules")
version = release
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
default_role = "literal"  # `Verdict.MET` in a docstring is code
nitpicky = True
# No intersphinx: the build needs no network, so links into other projects have no target.
nitpick_ignore_regex = [
    (r"py:.*", r"(collections|datetime|decimal|enum|fractions|functools|os|pathlib|types|typing)\..*"),
    (r"py:.*", r"(Decimal|Fraction|Path|date)"),
    # Frames of Polars, and what a table of verdicts holds for its own use.
    (r"py:.*", r"(pl\.\w+|polars\..*)"),
    (r"py:class", r"(ntm_rules\.population\..*\.)?(Edge|Judged|Scene|Schema|Reading|Column)"),
]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_member_order = "groupwise"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True  # attrs fields stand once, under Attributes

html_theme = "furo"
html_title = f"ntm-rules {release}"


def resolve_public_name(app: Sphinx, env: BuildEnvironment, node: pending_xref, contnode: Element) -> Element | None:
    """Lead `ntm_rules.vocabulary.verdicts.Verdict`, or a bare `Verdict`, to `ntm_rules.Verdict`."""
    if node.get("refdomain") != "py":
        return None
    target = str(node["reftarget"])
    parts = target.split(".")
    if len(parts) > 1 and parts[0] != "ntm_rules":
        return None
    domain = env.get_domain("py")
    for start in range(len(parts)):
        public = "ntm_rules." + ".".join(parts[start:])
        found = domain.resolve_xref(env, node.get("refdoc", env.docname), app.builder, "obj", public, node, contnode)
        if found is not None:
            return found
    return None


#: Pages that list things, and what is put in place of the mark in them.
COVERAGE = "reference/coverage"
MARK = "<!-- coverage -->"


def fill_coverage(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put what the packaged law covers into its page, from the data as they stand."""
    del app
    if docname == COVERAGE:
        source[0] = source[0].replace(MARK, "\n".join(coverage_lines()))


def coverage_lines() -> Iterator[str]:
    """Both tables, and a section for each edition."""
    told = [coverage(rules) for name in set_names() for rules in editions(name)]
    yield from _table("Encoded and evidenced", coverage_headings("en"), [coverage_row(each) for each in told])
    yield from _table("Decidable by region", region_headings("en"), [region_row(each) for each in told])
    yield from ("## What is lacking, and where it can be checked", "")
    for each in told:
        head, *lines = coverage_page(each, "en").splitlines()
        yield from (f"### {head}", "")
        for line in lines:
            said = line.lstrip(" ")
            said = f"<{said}>" if said.startswith("http") else said
            yield f"{' ' * (len(line) - len(line.lstrip(' ')) - 2)}- {said}"
        yield ""


def _table(title: str, headings: list[str], rows: list[list[str]]) -> Iterator[str]:
    yield from (f"## {title}", "")
    for cells in (headings, ["---", *["--:"] * (len(headings) - 1)], *rows):
        yield f"| {' | '.join(cells)} |"
    yield ""


def outdated(*_: object) -> list[str]:
    """Pages made from data are made anew each time: Sphinx looks at their text only."""
    return [COVERAGE]


def setup(app: Sphinx) -> None:
    """Connect the resolver and the pages made from data."""
    app.connect("missing-reference", resolve_public_name)
    app.connect("source-read", fill_coverage)
    app.connect("env-get-outdated", outdated)
