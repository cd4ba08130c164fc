from __future__ import annotations

import enum
import inspect
import subprocess
import sys
from importlib.metadata import version

import pytest

import ntm_rules


def test_the_list_is_sorted():
    """Everything public is listed once, in order: constants, then classes, then functions."""
    assert list(ntm_rules.__all__) == sorted(set(ntm_rules.__all__), key=lambda name: (not name.isupper(), name))


def test_nothing_public_is_left_out():
    """Whatever the package's face imports from its rooms, it also lists."""
    shown = {
        name for name, value in vars(ntm_rules).items() if not name.startswith("_") and not inspect.ismodule(value)
    }
    assert shown == set(ntm_rules.__all__) - {"__version__"}


@pytest.mark.parametrize("name", sorted(set(ntm_rules.__all__) - {"__version__"}))
def test_everything_public_is_documented(name):
    """Every public name exists and says in its first line what it is, its public members too."""
    public = getattr(ntm_rules, name)
    if not inspect.isclass(public) and not inspect.isfunction(public):
        return  # an alias of types can't have a docstring
    assert first_line(public)
    if not inspect.isclass(public):
        return
    for member, value in vars(public).items():
        if member.startswith("_") or (issubclass(public, enum.Enum) and member in public.__members__):
            continue
        if isinstance(value, property | classmethod | staticmethod) or inspect.isfunction(value):
            assert first_line(getattr(value, "__func__", value)), f"{name}.{member}"


def first_line(thing):
    """The first line of a docstring, which must be a sentence."""
    doc = inspect.getdoc(thing) or ""
    line = doc.partition("\n\n")[0]
    assert line.endswith((".", "?", ":")), (thing, line)
    return line


def test_the_version_is_that_of_the_distribution():
    """The version in the package is the one that is installed."""
    assert ntm_rules.__version__ == version("ntm-rules")


def test_importing_is_light():
    """Importing the library loads neither what draws on a terminal nor what checks schemas or makes files."""
    heavy = ("jsonschema", "click", "rich", "openpyxl", "jinja2", "docx", "lxml", "typst")
    code = f"import sys, ntm_rules; print([name for name in {heavy!r} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
