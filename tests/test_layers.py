"""The rooms of the package, and who may use whom."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

import ntm_rules

PACKAGE = Path(ntm_rules.__file__).parent

#: From top to bottom: a room may use the rooms on the floors below it, and itself; none beside it.
FLOORS = (
    {"cli"},
    {"reports"},
    {"explanation", "population"},
    {"evaluation"},
    {"rulebook"},
    {"revision"},
    {"language"},
    {"vocabulary"},
    {"errors"},
    {"messages"},
    {"checker"},
)

#: What only these rooms may use.
ONLY_IN = {
    "click": {"cli"},
    "rich": {"cli"},
    "openpyxl": {"language", "reports"},
    "jinja2": {"reports"},
    "docx": {"reports"},
    "typst": {"reports"},
    "polars": {"population"},
    "narwhals": {"population"},
}

#: What an extra brings, and the modules that import it.
EXTRAS = {
    "typst": {"printed.py"},
    "jinja2": {"page.py"},
    "docx": {"word.py"},
    "openpyxl": {"workbook.py", "form_sheets.py", "sheets.py"},
    "polars": {
        *("draws.py", "standing.py", "figures.py", "drawing.py", "edge.py", "table.py", "variants.py"),
        *("batch.py", "files.py", "results.py", "placing.py", "program.py", "rollup.py"),
    },
}

MODULES = sorted(PACKAGE.rglob("*.py"))


def name_of(path):
    """A module's dotted name within the package."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def room_of(name):
    """The room of a module named within the package; none for the public face."""
    return name.partition(".")[0]


def below(room):
    """The rooms that a room may use."""
    floor = next((at for at, rooms in enumerate(FLOORS) if room in rooms), len(FLOORS))
    return {room}.union(*FLOORS[floor + 1 :])


class Imports(ast.NodeVisitor):
    """What a module imports: the name, whether within a function, whether for type checking only."""

    def __init__(self, module):
        self.module, self.found = module, []
        self.in_function = self.for_types = False

    def visit_Import(self, node):
        """``import a.b``."""
        self.found += [(alias.name, node.lineno, self.in_function, self.for_types) for alias in node.names]

    def visit_ImportFrom(self, node):
        """``from a.b import c``; the c of a package may be a module."""
        assert not node.level, f"{self.module}:{node.lineno} imports relatively"
        names = [f"{node.module}.{alias.name}" for alias in node.names]
        self.found += [(name, node.lineno, self.in_function, self.for_types) for name in names]

    def visit_FunctionDef(self, node):
        """Whatever a function imports, it imports when it runs."""
        before, self.in_function = self.in_function, True
        self.generic_visit(node)
        self.in_function = before

    visit_AsyncFunctionDef = visit_Lambda = visit_FunctionDef  # noqa: N815 - as above

    def visit_If(self, node):
        """``if TYPE_CHECKING:`` is never run."""
        before = self.for_types
        self.for_types = before or (isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING")
        for each in node.body:
            self.visit(each)
        self.for_types = before
        for each in node.orelse:
            self.visit(each)


@cache
def imports(path):
    """The imports of a module."""
    visitor = Imports(name_of(path))
    visitor.visit(ast.parse(path.read_text(encoding="utf-8"), str(path)))
    return visitor.found


def test_every_room_is_known():
    """Every module of the package lies in a room of the list, but for the public face."""
    assert {room_of(name_of(path)) for path in MODULES} - {"", "__main__"} <= set().union(*FLOORS)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_go_down(path):
    """A module imports only from its own room and from the floors below it, for its types too."""
    room = room_of(name_of(path))
    for name, line, _, for_types in imports(path):
        package, _, within = name.partition(".")
        # The public face, and the door to the command, use every room.
        if package == "ntm_rules" and room not in ("", "__main__"):
            assert room_of(within) in below(room), f"{path.name}:{line} imports {name}{' for its types' * for_types}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_libraries_stay_in_their_room(path):
    """Only the command line imports what draws on a terminal, only one module what reads workbooks."""
    for name, line, _, _ in imports(path):
        rooms = ONLY_IN.get(name.partition(".")[0])
        assert rooms is None or room_of(name_of(path)) in rooms, f"{path.name}:{line} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_heavy_libraries_are_imported_when_needed(path):
    """What takes long to import is imported by the function that needs it."""
    for name, line, in_function, for_types in imports(path):
        if name.partition(".")[0] in ("jsonschema", *EXTRAS):
            assert in_function or for_types, f"{path.name}:{line} imports {name} at once"


@pytest.mark.parametrize("library", EXTRAS)
def test_what_an_extra_brings_is_imported_in_one_place(library):
    """A library that only an extra brings is imported by the modules listed, and by no other."""
    found = {path.name for path in MODULES for name, *_ in imports(path) if name.partition(".")[0] == library}
    assert found == EXTRAS[library]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_function_hides_an_import_of_our_own(path):
    """Our own modules are imported at the top, so that no cycle can hide."""
    for name, line, in_function, _ in imports(path):
        if name.partition(".")[0] == "ntm_rules":
            assert not in_function, f"{path.name}:{line} imports {name} late"


def test_what_is_lent_is_typed_below():
    """The module that lends methods to the values looks at types of its own room and of the messages only."""
    looked_at = {name for name, _, _, for_types in imports(PACKAGE / "vocabulary" / "lent.py") if for_types}
    assert looked_at
    assert {name.split(".")[1] for name in looked_at} <= {"vocabulary", "messages"}
