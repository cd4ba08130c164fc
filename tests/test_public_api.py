from __future__ import annotations

import ast
import enum
import inspect
import subprocess
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import pytest

import ntm_rules


def test_the_list_is_sorted():
    """Everything public is listed once, in order: constants, then classes, then functions."""
    assert list(ntm_rules.__all__) == sorted(set(ntm_rules.__all__), key=lambda name: (not name.isupper(), name))


#: What the face itself is written with.
TOOLS = {"TYPE_CHECKING", "import_module"}

FACE = ast.parse(Path(ntm_rules.__file__).read_text(encoding="utf-8"))


def imported(within):
    """The names that statements import from the rooms of the package, each with its room."""
    froms = [node for statement in within for node in ast.walk(statement) if isinstance(node, ast.ImportFrom)]
    return {alias.name: node.module for node in froms for alias in node.names if node.module.startswith("ntm_rules")}


def test_nothing_public_is_left_out():
    """Whatever the package's face imports from its rooms, it also lists."""
    assert set(imported(FACE.body)) == set(ntm_rules.__all__) - {"__version__"}
    shown = {name for name in dir(ntm_rules) if not name.startswith("_") and not is_module(name)}
    assert shown - TOOLS == set(ntm_rules.__all__) - {"__version__"}


def is_module(name):
    """Whether a name of the face is one of its rooms."""
    return inspect.ismodule(vars(ntm_rules).get(name))


def test_type_checkers_see_what_is_imported_later():
    """What the face imports for type checkers only is what it looks up, each name in the same room."""
    later = [node for node in FACE.body if isinstance(node, ast.If)]
    assert imported(later) == ntm_rules._ROOMS
    for name, room in ntm_rules._ROOMS.items():
        assert getattr(ntm_rules, name) is getattr(import_module(room), name)


def test_a_name_that_there_is_not():
    """An unknown name is refused as by every other module."""
    with pytest.raises(AttributeError, match=r"^module 'ntm_rules' has no attribute 'evalute'$"):
        _ = ntm_rules.evalute


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
    """Importing the library loads no room of tables or files, and no library that these, a check or a terminal need."""
    rooms = ("ntm_rules.population", "ntm_rules.reports", "ntm_rules.cli")
    heavy = ("jsonschema", "click", "rich", "openpyxl", "jinja2", "docx", "lxml", "typst", "polars", *rooms)
    code = f"import sys, ntm_rules; print([name for name in {heavy!r} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
