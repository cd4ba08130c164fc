"""Reading YAML and JSON: untrusted bytes to nodes with their places, or every problem found on the way.

YAML comes as a stream of events, never composed or loaded: no recursion, no objects, no types. A dossier is data, so
anchors, aliases, tags, directives and second documents are refused. Whatever the bytes, the outcome is a node or a
`DocumentError`.
"""

from __future__ import annotations

import itertools
import os
import re
import unicodedata
from collections.abc import Iterable
from json import JSONDecodeError, JSONDecoder
from pathlib import Path
from typing import Any

import attrs
import yaml

from ntm_rules.errors import DocumentError, Problem, ProblemCode, Where, why_unreadable
from ntm_rules.language.nodes import Mapping, Node, Scalar, Sequence, child_path, shown

#: No file is larger, in bytes.
MAX_BYTES = 20_000_000
#: No collection stands deeper; the outermost has depth 1.
MAX_DEPTH = 64
#: No document has more scalars, sequences and mappings together.
MAX_NODES = 200_000
#: No scalar is longer, in characters.
MAX_TEXT = 100_000
#: No path of keys is longer, in characters: every node carries its path.
MAX_PATH = 1_000
#: No more combining marks follow each other in a long text (UAX #15, stream-safe): normalising is quadratic in them.
MAX_MARKS = 30

#: libyaml where PyYAML was built with it, else its slower twin in Python.
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BREAK = re.compile(r"\r\n?|\n")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# Combining marks of class 0 whose decompositions are all marks (UAX #15): `unicodedata.combining` says 0.
_HIDDEN_MARKS = frozenset("\u0f73\u0f75\u0f81")
_FEW_CHARACTERS = 1_000

# What YAML does not allow in a stream.
_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What may stand before and between documents: blanks, comments, document ends.
_BETWEEN = re.compile(r"(?:\s++|#[^\r\n\x85\u2028\u2029]*+|\.\.\.(?=\s|$))*+")
_INDENT_WITH_TAB = re.compile(r" *\t")
# A number that a comma may have cut, and what the comma cut off.
_BEFORE_COMMA = re.compile(r"\W*[0-9](?:[0-9.,]*[0-9])?")
_DIGITS = frozenset("0123456789")

_JSON_SPACE = re.compile(r"[ \t\n\r]*")
_JSON_LITERAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|true|false|null")
_JSON_STRING = JSONDecoder()


def read_document(path: str | os.PathLike[str]) -> Node:
    """
    Read a file for a parser: as `read_file`, but keys given twice do not end it.

    They are left to the parser, as the node's `faults`, so that it tells them with all the rest that is wrong.

    Raises:
        DocumentError: If the file can't be read at all; with every problem found.
    """
    return _read_path(path, leave_twins=True)


def read_file(path: str | os.PathLike[str]) -> Node:
    """
    Read a file: JSON if its name ends in ``.json``, else YAML.

    Args:
        path: The file; problems name it as given here.

    Returns:
        The document's outermost node.

    Raises:
        DocumentError: If the file can't be read; with every problem found.
    """
    return _read_path(path, leave_twins=False)


def _read_path(path: str | os.PathLike[str], *, leave_twins: bool) -> Node:
    name = os.fspath(path)
    try:
        with Path(name).open("rb") as stream:
            # One byte more than allowed shows that a file is too large, whatever its size.
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise DocumentError([Problem.at(ProblemCode.UNREADABLE, Where(name), why=why_unreadable(error))]) from error
    return _read(data, name, json=name.lower().endswith(".json"), leave_twins=leave_twins)


def read_text(text: str | bytes, *, file: str | None = None, json: bool = False) -> Node:
    """
    Read a document from its text, or from its bytes in UTF-8.

    Args:
        text: The document; a byte order mark is dropped.

        file: The name that problems bear.

        json: Whether it is JSON, and not YAML.

    Returns:
        The document's outermost node.

    Raises:
        DocumentError: If the text can't be read; with every problem found.
    """
    return _read(text, file, json=json, leave_twins=False)


def _read(text: str | bytes, file: str | None, *, json: bool, leave_twins: bool) -> Node:
    builder = _Builder(file)
    source = _decode(text, builder)
    if json:
        _read_json(source, builder)
    else:
        _read_yaml(source, builder)
    return builder.finish(leave_twins=leave_twins)


@attrs.define
class _Open:
    """A collection whose end has not been read yet."""

    where: Where
    mapping: bool
    flow: bool
    items: list[Node] = attrs.field(factory=list)
    entries: list[tuple[Scalar, Node]] = attrs.field(factory=list)
    key: Scalar | None = None
    key_bare: bool = False
    first_lines: dict[str, int | None] = attrs.field(factory=dict)
    number: Scalar | None = None


class _Builder:
    """Builds nodes from scalars, openings and closings; collects problems."""

    def __init__(self, file: str | None) -> None:
        self.file = file
        self._problems: list[Problem] = []
        self._cuts: dict[Where, str] = {}
        self._stack: list[_Open] = []
        self._nodes = 0
        self._root: Node | None = None

    def report(self, code: ProblemCode, where: Where, /, **params: object) -> None:
        """Take down a problem after which reading goes on."""
        self._problems.append(Problem.at(code, where, **params))

    def stop(
        self, code: ProblemCode, /, line: int | None = None, column: int | None = None, **params: object
    ) -> DocumentError:
        """The error to raise for a problem that ends the reading, with all problems before it."""
        self.report(code, Where(self.file, line, column), **params)
        return self._error()

    def next_place(self, line: int, column: int) -> Where:
        """The place of the node that begins here."""
        if not self._stack:
            return Where(self.file, line, column, "$")
        top = self._stack[-1]
        if not top.mapping:
            return Where(self.file, line, column, child_path(top.where.path, len(top.items)))
        above = top.where if top.key is None else top.key.where
        return Where(self.file, line, column, above.path)

    @property
    def in_flow(self) -> bool:
        """Whether the innermost open collection is written with brackets."""
        return bool(self._stack) and self._stack[-1].flow

    def scalar(self, text: str | None, line: int, column: int, *, bare: bool = False, absent: bool = False) -> None:
        """A scalar: *bare* if it stands without quotes, *absent* if not even the colon before it is there."""
        self._count(line, column)
        if text is not None and not (text.isascii() and len(text) <= MAX_TEXT):
            text = self._checked(text, self.next_place(line, column))
        if bare and text in _NULLS:
            text = None
        top = self._stack[-1] if self._stack else None
        if top is not None and top.mapping and top.key is None:
            self._take_key(top, text, line, column, bare=bare)
            return
        scalar = Scalar(text, self.next_place(line, column))
        if top is None:
            self._root = scalar
            return
        if top.key is not None:
            if absent and top.number and top.key_bare and (top.key.text or "")[:1] in _DIGITS:
                # 58,3 in a flow mapping: the comma ended the value, and the rest became a key.
                seen = f"{top.number.text},{top.key.text}"
                self._cuts[top.number.where] = seen
                scalar = Scalar(seen, top.number.where)
            else:
                self._check_twice(top, top.key)
            may_be_cut = top.flow and bare and _BEFORE_COMMA.fullmatch(scalar.text or "")
            top.number = scalar if may_be_cut else None
        self._attach(top, scalar)

    def open(self, line: int, column: int, *, mapping: bool, flow: bool = False) -> None:
        """A collection begins."""
        self._count(line, column)
        where = self.next_place(line, column)
        if len(self._stack) >= MAX_DEPTH:
            raise self.stop(ProblemCode.TOO_DEEP, line, column, limit=MAX_DEPTH)
        if self._stack and self._stack[-1].mapping:
            top = self._stack[-1]
            top.number = None
            if top.key is None:
                self.report(ProblemCode.KEY_NOT_TEXT, where, found="mapping" if mapping else "list")
            else:
                self._check_twice(top, top.key)
        self._stack.append(_Open(where, mapping, flow))

    def close(self) -> None:
        """The innermost collection ends."""
        done = self._stack.pop()
        node: Node
        node = Mapping(tuple(done.entries), done.where) if done.mapping else Sequence(tuple(done.items), done.where)
        if not self._stack:
            self._root = node
        elif self._stack[-1].mapping and self._stack[-1].key is None:
            # A collection as a key was reported when it began.
            self._stack[-1].key = Scalar(None, node.where)
        else:
            self._attach(self._stack[-1], node)

    def finish(self, *, leave_twins: bool) -> Node:
        """The outermost node; raises if there were problems or if there is nothing."""
        only_twins = not self._cuts and all(each.code is ProblemCode.DUPLICATE_KEY for each in self._problems)
        if leave_twins and only_twins and isinstance(self._root, Mapping):
            return attrs.evolve(self._root, faults=tuple(self._problems))
        if self._problems or self._cuts:
            raise self._error()
        if self._root is None or (isinstance(self._root, Scalar) and self._root.text is None):
            raise self.stop(ProblemCode.EMPTY)
        return self._root

    def _error(self) -> DocumentError:
        cuts = (
            Problem.at(ProblemCode.DECIMAL_COMMA_CUT, where, seen=shown(seen)) for where, seen in self._cuts.items()
        )
        return DocumentError([*self._problems, *cuts])

    def _count(self, line: int, column: int) -> None:
        """Count one node more."""
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise self.stop(ProblemCode.TOO_MANY_NODES, line, column, limit=MAX_NODES)

    def _checked(self, text: str, where: Where) -> str:
        """*text* in NFC, its length checked first; a short one in ASCII needs no check."""
        if len(text) > MAX_TEXT:
            self.report(ProblemCode.TOO_LONG_TEXT, where, limit=MAX_TEXT, found=len(text))
            return text[:MAX_TEXT]
        if _SURROGATE.search(text):
            self.report(ProblemCode.SYNTAX, where, why="half of a surrogate pair")
            return ""
        if len(text) > _FEW_CHARACTERS and _marks_pile_up(text):
            self.report(ProblemCode.SYNTAX, where, why=f"more than {MAX_MARKS} combining marks in a row")
            return text
        return unicodedata.normalize("NFC", text)

    def _take_key(self, top: _Open, text: str | None, line: int, column: int, *, bare: bool) -> None:
        if text is None:
            where = self.next_place(line, column)
            self.report(ProblemCode.KEY_NOT_TEXT, where, found="empty")
            top.key = Scalar(None, where)
            return
        path = child_path(top.where.path, text)
        if len(path) > MAX_PATH:
            self.report(ProblemCode.TOO_LONG_TEXT, self.next_place(line, column), limit=MAX_PATH, found=len(path))
            path = top.where.path
        top.key = Scalar(text, Where(self.file, line, column, path))
        top.key_bare = bare

    def _check_twice(self, top: _Open, key: Scalar) -> None:
        """Report a key that stands in the mapping already."""
        if key.text is None:
            return
        if key.text in top.first_lines:
            self.report(ProblemCode.DUPLICATE_KEY, key.where, key=shown(key.text), first_line=top.first_lines[key.text])
        else:
            top.first_lines[key.text] = key.where.line

    def _attach(self, top: _Open, node: Node) -> None:
        if top.key is None:
            top.items.append(node)
        else:
            top.entries.append((top.key, node))
            top.key = None


def _marks_pile_up(text: str) -> bool:
    """Whether too many combining marks follow each other."""
    marks = itertools.groupby(text, lambda c: bool(unicodedata.combining(c)) or c in _HIDDEN_MARKS)
    return any(is_mark and sum(1 for _ in run) > MAX_MARKS for is_mark, run in marks)


def _decode(text: str | bytes, builder: _Builder) -> str:
    """*text* without a byte order mark, if it is not too large and is UTF-8 or could be written as such."""
    too_large = len(text) > MAX_BYTES
    if isinstance(text, bytes):
        data = text
    else:
        data = b"" if too_large else text.encode("utf-8", "surrogatepass")
        too_large = too_large or len(data) > MAX_BYTES
    if too_large:
        raise builder.stop(ProblemCode.TOO_LARGE, limit=f"{MAX_BYTES // 1_000_000} MB")
    try:
        decoded = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8").removeprefix("\ufeff")
        line, column = _line_and_column(before, len(before))
        raise builder.stop(
            ProblemCode.NOT_UTF8, line, column, byte=f"0x{data[error.start]:02x}", position=error.start
        ) from None
    return decoded.removeprefix("\ufeff")


def _line_and_column(text: str, index: int) -> tuple[int, int]:
    """Line and column, from 1, of the character at *index*."""
    line, start = 1, 0
    for found in _BREAK.finditer(text, 0, index):
        line, start = line + 1, found.end()
    return line, index - start + 1


def _read_yaml(text: str, builder: _Builder) -> None:
    """Feed the events of a YAML text to *builder*."""
    unprintable = _UNPRINTABLE.search(text)
    if unprintable:
        line, column = _line_and_column(text, unprintable.start())
        why = f"character U+{ord(unprintable.group()):04X} is not allowed"
        raise builder.stop(ProblemCode.SYNTAX, line, column, why=why)
    _refuse_directives(text, 0, builder)
    try:
        loader = _LOADER(text)
        try:
            _take_events(iter(loader.get_event, None), text, builder)
        finally:
            loader.dispose()
    except DocumentError:
        raise
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise _yaml_error(error, text, builder) from None


def _refuse_directives(text: str, start: int, builder: _Builder) -> None:
    """Refuse a directive before the next document, without parsing it: libyaml is quadratic in their number."""
    between = _BETWEEN.match(text, start)
    index = between.end() if between else start
    if text.startswith("%", index):
        raise _directive(text, index, builder)


def _directive(text: str, index: int, builder: _Builder) -> DocumentError:
    line, column = _line_and_column(text, index)
    return builder.stop(ProblemCode.DIRECTIVE, line, column, found=shown(_BREAK.split(text[index:], 1)[0]))


def _take_events(events: Iterable[Any], text: str, builder: _Builder) -> None:
    documents = 0
    before: Any = None
    for event in events:
        # Asked by exact class, and the most frequent first: there are tens of thousands of them.
        kind, mark = type(event), event.start_mark
        line, column = mark.line + 1, mark.column + 1
        if kind is yaml.ScalarEvent:
            value = event.value
            if event.anchor is not None or event.tag is not None:
                _refuse_properties(event, builder.next_place(line, column), builder)
            # libyaml says "" and PyYAML says None where there are no quotes.
            bare = not event.style
            absent = bare and not value and ":" not in text[before.end_mark.index : mark.index]
            builder.scalar(value, line, column, bare=bare, absent=absent)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            builder.close()
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            if event.anchor is not None or event.tag is not None:
                _refuse_properties(event, builder.next_place(line, column), builder)
            builder.open(line, column, mapping=kind is yaml.MappingStartEvent, flow=bool(event.flow_style))
        elif kind is yaml.AliasEvent:
            _refuse_properties(event, builder.next_place(line, column), builder)
            # Reported; its name stands for it, so that nothing else is said of it.
            builder.scalar(f"*{event.anchor}", line, column)
        elif kind is yaml.DocumentStartEvent:
            documents += 1
            if documents > 1:
                raise builder.stop(ProblemCode.SEVERAL_DOCUMENTS, line, column)
        elif kind is yaml.DocumentEndEvent:
            _refuse_directives(text, event.end_mark.index, builder)
        before = event


def _refuse_properties(event: Any, where: Where, builder: _Builder) -> None:
    """Report an anchor, an alias or a tag; none of them is followed."""
    if event.anchor is not None:
        sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
        builder.report(ProblemCode.ANCHOR_OR_ALIAS, where, found=shown(f"{sign}{event.anchor}"))
    tag = getattr(event, "tag", None)
    if tag is not None:
        builder.report(ProblemCode.TAG, where, tag=shown(tag))


def _yaml_error(error: Exception, text: str, builder: _Builder) -> DocumentError:
    """What the parser could not read, as a problem: a directive, a tab in the indentation, or a fault of syntax."""
    mark = getattr(error, "problem_mark", None)
    why = shown(getattr(error, "problem", None) or str(error))
    if mark is None:
        return builder.stop(ProblemCode.SYNTAX, why=why)
    line, column = mark.line + 1, mark.column + 1
    line_start = mark.index - mark.column
    if text.startswith("%", line_start):
        return _directive(text, line_start, builder)
    if text.startswith("\t", mark.index):
        return builder.stop(ProblemCode.TAB, line, column)
    indent = _INDENT_WITH_TAB.match(text, line_start)
    if indent and not builder.in_flow:
        return builder.stop(ProblemCode.TAB, line, len(indent.group()))
    return builder.stop(ProblemCode.SYNTAX, line, column, why=why)


@attrs.define
class _Cursor:
    """A position in a JSON text that only moves forward."""

    text: str
    builder: _Builder
    index: int = 0
    line: int = 1
    line_start: int = 0

    def skip_space(self) -> str:
        """Skip white space and give the next character, or an empty text at the end."""
        space = _JSON_SPACE.match(self.text, self.index)
        end = space.end() if space else self.index
        for found in _BREAK.finditer(self.text, self.index, end):
            self.line, self.line_start = self.line + 1, found.end()
        self.index = end
        return self.text[end : end + 1]

    @property
    def column(self) -> int:
        """The column, from 1."""
        return self.index - self.line_start + 1

    def fault(self, why: str) -> DocumentError:
        """The error to raise for something that is no JSON, here."""
        return self.builder.stop(ProblemCode.JSON_SYNTAX, self.line, self.column, why=why)

    def expect(self, sign: str) -> None:
        """Go past *sign*, which must come next."""
        if self.skip_space() != sign:
            raise self.fault(f"{sign!r} expected")
        self.index += 1

    def string(self) -> None:
        """Read a string."""
        line, column = self.line, self.column
        try:
            value, end = _JSON_STRING.raw_decode(self.text, self.index)
        except JSONDecodeError as error:
            self.index = error.pos
            raise self.fault(error.msg.removesuffix(" at").removesuffix(" starting")) from None
        if _SURROGATE.search(value):
            raise self.fault("half of a surrogate pair")
        self.builder.scalar(value, line, column)
        self.index = end

    def literal(self) -> None:
        """Read a number, true, false or null; all keep their text, and null is empty."""
        found = _JSON_LITERAL.match(self.text, self.index)
        if not found:
            raise self.fault("value expected")
        word = found.group()
        self.builder.scalar(None if word == "null" else word, self.line, self.column)
        self.index = found.end()


def _read_json(text: str, builder: _Builder) -> None:
    """
    Feed a JSON text to *builder*, by RFC 8259 to the letter and without recursion.

    libyaml would read most JSON, but not pairs of surrogate escapes, long keys or a colon on the next line, and it
    would fold U+0085 inside strings.
    """
    cursor = _Cursor(text, builder)
    if not cursor.skip_space():
        return
    ends: list[str] = []
    while True:
        # A value is due.
        sign = cursor.skip_space()
        opened = False
        if sign in ("[", "{"):
            builder.open(cursor.line, cursor.column, mapping=sign == "{", flow=True)
            ends.append("]" if sign == "[" else "}")
            cursor.index += 1
            opened = True
        elif sign == '"':
            cursor.string()
        else:
            cursor.literal()
        # Values and collections may end here.
        while ends and (sign := cursor.skip_space()) == ends[-1]:
            builder.close()
            ends.pop()
            cursor.index += 1
            opened = False
        if not ends:
            break
        if not opened:
            if sign != ",":
                raise cursor.fault(f"',' or {ends[-1]!r} expected")
            cursor.index += 1
        if ends[-1] == "}":
            if cursor.skip_space() != '"':
                raise cursor.fault("key in double quotes expected")
            cursor.string()
            cursor.expect(":")
    if cursor.skip_space():
        raise cursor.fault("end expected")


__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_MARKS", "MAX_NODES", "MAX_PATH", "MAX_TEXT", "read_file", "read_text"]
