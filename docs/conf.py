"""Sphinx configuration: MyST pages, the API from docstrings, no network."""

from __future__ import annotations

from importlib.metadata import version as installed_version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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


def setup(app: Sphinx) -> None:
    """Connect the resolver."""
    app.connect("missing-reference", resolve_public_name)
