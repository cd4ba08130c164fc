from __future__ import annotations

import json
import os
import time
import unicodedata
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ntm_rules.errors import DocumentError, ProblemCode, Where
from ntm_rules.language import reading
from ntm_rules.language.nodes import Mapping, Node, Scalar, Sequence, plain
from ntm_rules.language.reading import MAX_BYTES, MAX_DEPTH, MAX_PATH, MAX_TEXT, read_document, read_file, read_text
from ntm_rules.rulebook import read_dossier

BAD = Path(__file__).parents[1] / "bad"
LOADERS = [getattr(yaml, "CBaseLoader", yaml.BaseLoader), yaml.BaseLoader]

# Where the problems of each bad file stand. Generated in the tests, as no file in git could hold them: NTM101 (what
# can't be opened) and NTM104 (20 MB). NTM115 has no first line with its code: JSON knows no remarks.
PLACES = {
    "NTM102-empty.yaml": [(None, None, "")],
    "NTM103-not-utf8.yaml": [(3, 39, "")],
    "NTM105-too-deep.yaml": [(2, 65, "")],
    "NTM106-too-many-nodes.yaml": [(200_001, 2, "")],
    "NTM107-too-long-text.yaml": [(2, 7, "$.note")],
    "NTM108-tab.yaml": [(4, 1, "")],
    "NTM109-syntax.yaml": [(4, 5, "")],
    "NTM110-duplicate-key.yaml": [(5, 3, "$.facts.clinic"), (6, 1, "$.year")],
    "NTM111-anchor-or-alias.yaml": [(3, 11, "$.facts.clinic"), (4, 11, "$.facts.market")],
    "NTM112-tag.yaml": [(2, 7, "$.year")],
    "NTM113-directive.yaml": [(2, 1, "")],
    "NTM114-several-documents.yaml": [(3, 1, "")],
    "NTM115-json-syntax.json": [(3, 1, "")],
    "NTM116-key-not-text.yaml": [(3, 3, "$.facts")],
    "NTM117-decimal-comma-cut.yaml": [(3, 42, "$.facts.multidimensional_poverty_rate.value")],
}


@pytest.fixture(params=LOADERS, ids=["libyaml", "python"])
def _each_loader(request, monkeypatch):
    """Run the test with libyaml and with PyYAML's own parser."""
    monkeypatch.setattr(reading, "_LOADER", request.param)


each_loader = pytest.mark.usefixtures("_each_loader")


def problems(text, **options):
    """What is wrong with *text*: code, line, column and parameters, sorted by place."""
    with pytest.raises(DocumentError) as caught:
        read_text(text, **options)
    return [(p.code.name, p.where.line, p.where.column, dict(p.params)) for p in caught.value.problems]


def codes(text, **options):
    """The codes of what is wrong with *text*, sorted by place."""
    return [code for code, *_ in problems(text, **options)]


def scalars(node: Node) -> list[Scalar]:
    """Every scalar in *node*, keys too."""
    if isinstance(node, Scalar):
        return [node]
    if isinstance(node, Sequence):
        return [scalar for item in node.items for scalar in scalars(item)]
    return [scalar for key, value in node.entries for scalar in (key, *scalars(value))]


# --- one bad file a code --------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted([*BAD.glob("NTM1*.yaml"), *BAD.glob("NTM1*.json")]), ids=lambda p: p.stem)
def test_bad_file(path):
    """Each bad file is refused with the code in its name, at the places listed above, and with no other code."""
    with pytest.raises(DocumentError) as caught:
        read_file(path)
    code = path.name.partition("-")[0]
    assert [(p.code.value, p.where) for p in caught.value.problems] == [
        (code, Where(str(path), *place)) for place in PLACES[path.name]
    ]
    if path.suffix == ".yaml":
        assert path.read_bytes().startswith(f"# expect: {code}\n".encode())


def test_every_code_has_a_bad_file():
    """There is a bad file for every reading code but the two that no file can hold."""
    named = {name.partition("-")[0] for name in PLACES}
    generated = {ProblemCode.UNREADABLE.value, ProblemCode.TOO_LARGE.value}
    assert named | generated == {code.value for code in ProblemCode if code.value.startswith("NTM1")}
    assert {path.name for path in BAD.glob("NTM1*")} == set(PLACES)


# --- files ----------------------------------------------------------------------------------------


def test_unreadable(tmp_path):
    """A missing file, a directory and an impossible name are refused as unreadable, with the reason."""
    for path in (tmp_path / "missing.yaml", tmp_path, str(tmp_path / "a\0b")):
        with pytest.raises(DocumentError) as caught:
            read_file(path)
        (problem,) = caught.value.problems
        assert problem.code is ProblemCode.UNREADABLE
        assert problem.where == Where(os.fspath(path))
        assert dict(problem.params)["why"]


def test_too_large(tmp_path):
    """A file is refused by its size, however large, without looking at it."""
    path = tmp_path / "large.yaml"
    with path.open("wb") as stream:
        stream.truncate(MAX_BYTES * 50)
    start = time.perf_counter()
    with pytest.raises(DocumentError) as caught:
        read_file(path)
    assert time.perf_counter() - start < 5
    (problem,) = caught.value.problems
    assert (problem.code, problem.where) == (ProblemCode.TOO_LARGE, Where(str(path)))
    assert dict(problem.params) == {"limit": "20 MB"}


@pytest.mark.parametrize("text", ["[" * (MAX_BYTES + 1), b"[" * (MAX_BYTES + 1), "ộ" * (MAX_BYTES // 3 + 1)])
def test_too_large_text(text):
    """A text is measured in bytes of UTF-8, whether it comes as text or as bytes."""
    assert problems(text) == [("TOO_LARGE", None, None, {"limit": "20 MB"})]


def test_json_by_name(tmp_path):
    """A file is JSON if its name ends so, in any capitals; else it is YAML."""
    for name, expected in {"a.JSON": "JSON_SYNTAX", "a.yaml": None, "a.txt": None}.items():
        path = tmp_path / name
        path.write_text("a: Phú Đình", encoding="utf-8")
        if expected:
            with pytest.raises(DocumentError, check=lambda error: error.problems[0].code.name == "JSON_SYNTAX"):
                read_file(path)
        else:
            node = read_file(str(path))
            assert plain(node) == {"a": "Phú Đình"}
            assert node.where.file == str(path)


# --- what is read ---------------------------------------------------------------------------------


@each_loader
def test_nothing_is_typed():
    """Scalars are texts, whatever they look like; only a plain empty one is None."""
    text = "[1, yes, 2016-12-01, 1e3, 0x1F, <<, =, ~, null, Null, NULL, nULL, '~', 'null', \"\", '']"
    expected = ["1", "yes", "2016-12-01", "1e3", "0x1F", "<<", "=", None, None, None, None, "nULL"]
    assert plain(read_text(text)) == [*expected, "~", "null", "", ""]
    assert plain(read_text("a:\nb: ~\nc: ''\nd: |\n  null\n")) == {"a": None, "b": None, "c": "", "d": "null\n"}


@each_loader
def test_places():
    """Every node has its line, column and path; a key has the path of its entry."""
    node = read_text("# x\nfacts:\n  rate: {value: 11.2 %}\nlist:\n- a\n- [b, c]\n'17/17.1': é\n", file="f.yaml")
    assert {(s.text, s.where.line, s.where.column, s.where.path) for s in scalars(node)} == {
        ("facts", 2, 1, "$.facts"),
        ("rate", 3, 3, "$.facts.rate"),
        ("value", 3, 10, "$.facts.rate.value"),
        ("11.2 %", 3, 17, "$.facts.rate.value"),
        ("list", 4, 1, "$.list"),
        ("a", 5, 3, "$.list[0]"),
        ("b", 6, 4, "$.list[1][0]"),
        ("c", 6, 7, "$.list[1][1]"),
        ("17/17.1", 7, 1, "$['17/17.1']"),
        ("é", 7, 12, "$['17/17.1']"),
    }
    assert {s.where.file for s in scalars(node)} == {"f.yaml"}
    assert isinstance(node, Mapping)
    assert node.where == Where("f.yaml", 2, 1, "$")


def test_nfc():
    """Texts and keys are brought to NFC, so that letters typed in two ways are one."""
    decomposed = unicodedata.normalize("NFD", "Định Hóa")
    assert plain(read_text(f"{decomposed}: {decomposed}")) == {"Định Hóa": "Định Hóa"}
    assert codes(f"Định Hóa: 1\n{decomposed}: 2") == ["DUPLICATE_KEY"]


@each_loader
def test_byte_order_mark():
    """A byte order mark is dropped, and columns are counted after it."""
    for text in ("\ufeffa: 1", "\ufeffa: 1".encode()):
        node = read_text(text)
        assert plain(node) == {"a": "1"}
        assert node.where.column == 1


@each_loader
@pytest.mark.parametrize("text", ["", b"", "\ufeff", "# remark\n", " \n\n", "---", "--- ~\n...\n", "null"])
def test_empty(text):
    """No document, only remarks, or an empty document: there is nothing to read."""
    assert problems(text) == [("EMPTY", None, None, {})]


@each_loader
def test_a_quoted_empty_text_is_something():
    """A quoted document is a text, even if it is empty or spells null."""
    assert plain(read_text("''")) == ""
    assert plain(read_text("'null'")) == "null"


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "line", "column", "byte", "position"),
    [
        (b"\xff", 1, 1, "0xff", "0"),
        ("a: é".encode() + b"\xe1", 1, 5, "0xe1", "5"),
        ("\ufeffé\r\né".encode() + b"\xed\xa0\x80", 2, 2, "0xed", "9"),
        ("a\ud800", 1, 2, "0xed", "1"),
        ("năm: 2018".encode("utf-16"), 1, 1, "0xff", "0"),
    ],
)
def test_not_utf8(data, line, column, byte, position):
    """What is not UTF-8 is refused where it ceases to be; so is text that could not be written as UTF-8."""
    assert problems(data) == [("NOT_UTF8", line, column, {"byte": byte, "position": position})]


@each_loader
def test_depth():
    """Collections may be as deep as the limit says and no deeper, in brackets or by indentation."""
    read_text("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    assert problems("[" * 1_000_000) == [("TOO_DEEP", 1, MAX_DEPTH + 1, {"limit": str(MAX_DEPTH)})]
    assert problems("- " * 500_000) == [("TOO_DEEP", 1, 2 * MAX_DEPTH + 1, {"limit": str(MAX_DEPTH)})]
    assert codes("{a: " * 1_000_000) == ["TOO_DEEP"]


def test_depth_of_keys():
    """Collections as keys of collections are refused one by one until the limit ends the reading."""
    found = codes("? " * 1_000)
    assert found.count("TOO_DEEP") == 1
    assert found.count("KEY_NOT_TEXT") == MAX_DEPTH - 1


def test_nodes(monkeypatch):
    """Nodes are counted, collections and keys too; so they are in JSON."""
    monkeypatch.setattr(reading, "MAX_NODES", 5)
    for good, bad in {"- 1\n" * 4: "- 1\n" * 5, "{a: 1, b: 2}": "{a: 1, b: [2]}", "[[[[[]]]]]": "[[[[[[]]]]]]"}.items():
        read_text(good)
        assert codes(bad) == ["TOO_MANY_NODES"]
    read_text('{"a": 1, "b": 2}', json=True)
    assert codes('{"a": 1, "b": [2]}', json=True) == ["TOO_MANY_NODES"]


def test_long_text():
    """Scalars may be as long as the limit says; reading goes on after a longer one."""
    read_text("a" * MAX_TEXT)
    found = problems(f"a: {'b' * (MAX_TEXT + 1)}\nc: 1\nc: 2")
    assert found[0] == ("TOO_LONG_TEXT", 1, 4, {"limit": str(MAX_TEXT), "found": str(MAX_TEXT + 1)})
    assert found[1][0] == "DUPLICATE_KEY"


def test_long_path():
    """Keys that would make paths too long are refused, as every node repeats them."""
    key = "k" * (MAX_PATH - 2)
    assert read_text(f"? {key}\n: [a]").where.path == "$"
    found = problems(f"? {key}k\n: {{a: 1, a: 2}}")
    assert found[0] == ("TOO_LONG_TEXT", 1, 3, {"limit": str(MAX_PATH), "found": str(MAX_PATH + 1)})
    assert found[1][0] == "DUPLICATE_KEY"


@pytest.mark.parametrize("mark", ["\u0315\u0300", "\u0f73"])
def test_combining_marks(mark):
    """Texts made of combining marks, which take quadratic time to normalise, are refused at once."""
    start = time.perf_counter()
    assert [p[:3] for p in problems(f"a: x{mark * 49_000}")] == [("SYNTAX", 1, 4)]
    assert time.perf_counter() - start < 2


def test_long_vietnamese_text():
    """Long texts in decomposed Vietnamese are normalised as any other."""
    text = "Đường trục thôn được cứng hóa. " * 100
    assert plain(read_text(f"a: {unicodedata.normalize('NFD', text)}")) == {"a": text.strip()}


@each_loader
@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a:\n\tb: c", 2, 1),
        ("a:\n  b: 1\n\tc: 2", 3, 1),
        ("a: b\n  \tc: d", 2, 3),
        ("-\ta: 1", 1, 2),
        ("k: |\n  a\n\tb", 3, 1),
        ("é: 'đ'\n\tb: 1", 2, 1),
    ],
)
def test_tab(text, line, column):
    """A tab used for indentation is said to be one, at its place."""
    assert problems(text) == [("TAB", line, column, {})]


def test_tab_elsewhere():
    """Tabs between and inside values are no fault, and no fault is blamed on a tab inside brackets."""
    assert plain(read_text('a:\tb\nc: "d\te"\nf: [\n  1,\t2 ]')) == {"a": "b", "c": "d\te", "f": ["1", "2"]}
    assert [p[:3] for p in problems("a: {b: [\n  \t1\n  \t}")] == [("SYNTAX", 3, 4)]


@each_loader
@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("é: 1\n]", 2),
        ("a: 'x", 1),
        ("a: b: c", 1),
        ("a: @b", 1),
        (": x", 1),
        ("a: !x!y b", 1),
        ("a: 1\n...\nb: 2", 3),
    ],
)
def test_syntax(text, line):
    """What is no YAML is refused with the parser's place and reason."""
    ((code, found_line, column, params),) = problems(text)
    assert (code, found_line) == ("SYNTAX", line)
    assert column
    assert params["why"]


@each_loader
@pytest.mark.parametrize("text", ['a: "\\ud800"', 'a: "\\U99999999"', "a: !<%ed%a0%80> b"])
def test_impossible_characters(text):
    """Escapes that stand for no character are faults of syntax, whichever parser reads them."""
    assert codes(text) == ["SYNTAX"]


def test_control_character():
    """A character that YAML does not allow is named, at its place."""
    why = {"why": "character U+0007 is not allowed"}
    assert problems("a: 1\nđ: \x07") == [("SYNTAX", 2, 4, why)]


@each_loader
def test_duplicate_keys():
    """Each key that stands already is reported with the line of the first; reading goes on."""
    text = "a: 1\nb: {c: 1, c: [2], c: {d: 3}}\na: 2\n"
    assert problems(text) == [
        ("DUPLICATE_KEY", 2, 11, {"key": "c", "first_line": "2"}),
        ("DUPLICATE_KEY", 2, 19, {"key": "c", "first_line": "2"}),
        ("DUPLICATE_KEY", 3, 1, {"key": "a", "first_line": "1"}),
    ]


@each_loader
def test_anchors_and_tags():
    """Anchors, aliases and tags are reported wherever they stand, and nothing is expanded."""
    text = "a: &x [1, 2]\nb: *x\n&y c: !!int 5\nd: ! e\n*x : !z {f: 1}\n"
    assert problems(text) == [
        ("ANCHOR_OR_ALIAS", 1, 4, {"found": "&x"}),
        ("ANCHOR_OR_ALIAS", 2, 4, {"found": "*x"}),
        ("ANCHOR_OR_ALIAS", 3, 1, {"found": "&y"}),
        ("TAG", 3, 7, {"tag": "tag:yaml.org,2002:int"}),
        ("TAG", 4, 4, {"tag": "!"}),
        ("ANCHOR_OR_ALIAS", 5, 1, {"found": "*x"}),
        ("TAG", 5, 6, {"tag": "!z"}),
    ]


def test_alias_bomb():
    """A bomb of aliases is refused anchor by anchor, at once."""
    bomb = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 50))
    assert set(codes(bomb)) == {"ANCHOR_OR_ALIAS"}


@each_loader
@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("%YAML 1.1\n---\na: 1", 1, "%YAML 1.1"),
        ("# x\n\n%FOO bar\r\n---\na: 1", 3, "%FOO bar"),
        ("%YAML 2.0\n---\na: 1", 1, "%YAML 2.0"),
        ("a: 1\n...\n# x\n...\n%TAG ! x\n---\n", 5, "%TAG ! x"),
        ("a: 1\n%TAG ! x\n---\n", 2, "%TAG ! x"),
        ("a: 1\n%FOO bar", 2, "%FOO bar"),
    ],
)
def test_directive(text, line, found):
    """A directive is refused, known or not, before or after the document."""
    assert problems(text) == [("DIRECTIVE", line, 1, {"found": found})]


@pytest.mark.parametrize("before", ["", "a\n...\n"])
def test_many_directives(before):
    """A million directives, which libyaml compares with each other, are refused at once."""
    start = time.perf_counter()
    assert codes(before + "%TAG !a! x\n" * 1_000_000) == ["DIRECTIVE"]
    assert time.perf_counter() - start < 5


@each_loader
@pytest.mark.parametrize(("text", "line"), [("a: 1\n---\nb: 2", 2), ("a: 1\n...\n---\n", 3), ("---\n---\n", 2)])
def test_several_documents(text, line):
    """A second document is refused where it begins."""
    assert problems(text) == [("SEVERAL_DOCUMENTS", line, 1, {})]


@each_loader
def test_keys_must_be_text():
    """A list, a mapping or nothing as a key is refused; what stands under it is still read."""
    assert problems("{[b, c]: {x: 1, x: 2}, {c: d}: 4, ~: 5, ~: 6}") == [
        ("KEY_NOT_TEXT", 1, 2, {"found": "list"}),
        ("DUPLICATE_KEY", 1, 17, {"key": "x", "first_line": "1"}),
        ("KEY_NOT_TEXT", 1, 24, {"found": "mapping"}),
        ("KEY_NOT_TEXT", 1, 35, {"found": "empty"}),
        ("KEY_NOT_TEXT", 1, 41, {"found": "empty"}),
    ]


@each_loader
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{value: 58,3 %}", [(9, "58,3 %")]),
        ("{value: 58, 3 %, document: d1}", [(9, "58,3 %")]),
        ("{value: -58,3}", [(9, "-58,3")]),
        ("{value: 1,234,567 đồng}", [(9, "1,234,567 đồng")]),
        ("{value: 1.234,5 ha}", [(9, "1.234,5 ha")]),
        ("{numerator: 58,3, denominator: 60,3}", [(13, "58,3"), (32, "60,3")]),
    ],
)
def test_decimal_comma(text, found):
    """A decimal comma in braces is reported as such, at the number it cut, and not as keys and duplicates."""
    assert problems(text) == [("DECIMAL_COMMA_CUT", 1, column, {"seen": seen}) for column, seen in found]


@each_loader
@pytest.mark.parametrize(
    "text",
    [
        "{a: 58, 3: }",
        "{a: 58, 3 : , 4: ~}",
        "{a: 58, '3'}",
        "{a: '58', 3}",
        "{a: Nghị quyết 26, 2016}",
        "{a: 58, b, 3}",
        "{a: [58], 3}",
        "[58,3]",
        "a: 58,3 %",
    ],
)
def test_no_decimal_comma(text):
    """Commas that cut no number are commas."""
    read_text(text)


def test_problems_before_the_end():
    """A fault that ends the reading comes with what was found before it."""
    assert codes("{a: 58,3, b: &x 1, b: 2, c: ]") == [
        "DECIMAL_COMMA_CUT",
        "ANCHOR_OR_ALIAS",
        "DUPLICATE_KEY",
        "SYNTAX",
    ]


# --- JSON -----------------------------------------------------------------------------------------


def test_json():
    """JSON is read with places; numbers, true and false keep their text, null is empty, "null" is not."""
    node = read_text('{\n  "a": [1, -0.50, 1E+3, true, false, null, "null"],\r\n  "b" : {},\r "c"\n:[ ]}\n', json=True)
    assert plain(node) == {"a": ["1", "-0.50", "1E+3", "true", "false", None, "null"], "b": {}, "c": []}
    places = {s.text: (s.where.line, s.where.column, s.where.path) for s in scalars(node)}
    assert places["-0.50"] == (2, 12, "$.a[1]")
    assert places["b"] == (3, 3, "$.b")
    assert places["c"] == (4, 2, "$.c")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"\\ud83d\\ude00"', "😀"),
        ('"\\/\\u0041\\n"', "/A\n"),
        ('"a\x85b\u2028c\x7f"', "a\x85b\u2028c\x7f"),
        ('"a\u0301"', "á"),
        ('{"' + "k" * 990 + '": 1}', {"k" * 990: "1"}),
        ("\t[\t1\t]\t", ["1"]),
    ],
)
def test_json_that_is_no_yaml(text, expected):
    """JSON that a YAML parser refuses or alters is read as JSON."""
    assert plain(read_text(text, json=True)) == expected


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("[1,]", 1, 4),
        ('{"a": 1,}', 1, 9),
        ('{"a" 1}', 1, 6),
        ("[NaN]", 1, 2),
        ("[-Infinity]", 1, 2),
        ("[01]", 1, 3),
        ("[1\n 2]", 2, 2),
        ("[1", 1, 3),
        ('{"a":', 1, 6),
        ("[}", 1, 2),
        ("[1}", 1, 3),
        ("[] # x", 1, 4),
        ("{a: 1}", 1, 2),
        ("{1: 1}", 1, 2),
        ("'a'", 1, 1),
        ('{"a":\n"x\\q"}', 2, 3),
        ('"a\tb"', 1, 3),
        ('"a', 1, 1),
        ('{"a": "\\ud83d"}', 1, 7),
        ("a:\n\tb", 1, 1),
    ],
)
def test_json_syntax(text, line, column):
    """What is no JSON is refused as such, though it be YAML, with line, column and reason."""
    ((code, found_line, found_column, params),) = problems(text, json=True)
    assert (code, found_line, found_column) == ("JSON_SYNTAX", line, column)
    assert params["why"]


def test_json_limits():
    """JSON has the limits of YAML, and its keys may not stand twice."""
    assert codes("", json=True) == codes("null", json=True) == ["EMPTY"]
    assert codes("[" * 1_000_000, json=True) == ["TOO_DEEP"]
    assert codes('"' + "a" * (MAX_TEXT + 1) + '"', json=True) == ["TOO_LONG_TEXT"]
    duplicate = ("DUPLICATE_KEY", 2, 2, {"key": "a", "first_line": "1"})
    assert problems('{"a": 1,\n "a": 2}', json=True) == [duplicate]


# --- whatever the input ---------------------------------------------------------------------------

YAML_SIGNS = [*"a:-?{}[],#|>'\"\t\n\r %&*!~é\u0301\x85\u2028\ufeff\x07\\", ": ", "- ", "? ", "\n  ", "58", ",3 %"]
YAML_WORDS = ["&x ", "*x ", "!t ", "!<%ed%a0%80> ", "---\n", "...\n", "%YAML 1.1\n", "%TAG ! x\n", "\\ud800", "<<"]
YAML_BITS = st.lists(st.sampled_from([*YAML_SIGNS, *YAML_WORDS, "\\U99999999"])).map("".join)
JSON_SIGNS = [*'{}[],:" \n\r\t\\1.-e\x07\x0c\u00a0é\u0301', "\\ud83d", "\\ude00", "\\u00e9", "\ufeff"]
JSON_WORDS = ['"a"', '"b":', "true", "null", "NaN", "Infinity", "01", "1e3", "[]", "{}", '{"a":1}']
JSON_BITS = st.lists(st.sampled_from([*JSON_SIGNS, *JSON_WORDS])).map("".join)


@pytest.mark.parametrize("loader", LOADERS, ids=["libyaml", "python"])
@given(text=st.one_of(st.text(), st.binary(), YAML_BITS, YAML_BITS.map(str.encode)), as_json=st.booleans())
def test_any_input(loader, text, as_json):
    """Whatever is given, the outcome is a node whose places lie in the text, or a DocumentError with problems."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_LOADER", loader)
        try:
            node = read_text(text, json=as_json)
        except DocumentError as error:
            assert error.problems  # noqa: PT017 - either outcome is right
        else:
            size = len(text)
            assert all(1 <= s.where.line <= size + 1 and 1 <= s.where.column <= size + 1 for s in scalars(node))


def _pairs(pairs):
    """A JSON object with its keys in NFC; a ValueError if one stands twice."""
    found = {unicodedata.normalize("NFC", key): value for key, value in pairs}
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refuse(word):
    raise ValueError(f"{word} is no JSON")


def _as_text(value):
    """What json.loads gives, as plain data."""
    if isinstance(value, dict):
        return {key: _as_text(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_as_text(one) for one in value]
    if isinstance(value, bool):
        return str(value).lower()
    return value if value is None else unicodedata.normalize("NFC", value)


@given(st.one_of(JSON_BITS, st.recursive(st.none() | st.booleans() | st.text(), st.lists).map(json.dumps)))
def test_json_agrees_with_the_standard_library(text):
    """Exactly the texts that json.loads takes are read, bar those we refuse on purpose, and with the same data."""
    try:
        value = json.loads(
            text.removeprefix("\ufeff"),
            object_pairs_hook=_pairs,
            parse_constant=_refuse,
            parse_int=str,
            parse_float=str,
        )
        json.dumps(value, ensure_ascii=False).encode()  # no half of a surrogate pair
    except ValueError:
        value = None
    if value is None:
        with pytest.raises(DocumentError):
            read_text(text, json=True)
    else:
        assert plain(read_text(text, json=True)) == _as_text(value)


@given(st.recursive(st.booleans() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_json_round_trip(value):
    """Any JSON that the standard library writes is read with the same data."""
    text = json.dumps(value)
    try:
        json.loads(text, object_pairs_hook=_pairs)
    except ValueError:
        assert codes(text, json=True)
    else:
        expected = _as_text(json.loads(text, object_pairs_hook=_pairs))
        assert plain(read_text(text, json=True)) == expected


def test_twins_are_left_to_the_parser(tmp_path):
    """A key given twice is told together with all the rest that is wrong, sorted by place."""
    path = tmp_path / "twins.yaml"
    path.write_text("dossier: 1\nyear: 2018\nplace: {level: commune, name: A}\nyear: 2019\nfoo: 1\n", encoding="utf-8")
    node = read_document(path)
    assert [each.code for each in node.faults] == [ProblemCode.DUPLICATE_KEY]
    with pytest.raises(DocumentError) as told:
        read_dossier(path)
    assert [(each.code.name, each.where.line) for each in told.value.problems] == [
        ("NO_REGION", 3),
        ("DUPLICATE_KEY", 4),
        ("UNKNOWN_KEY", 5),
    ]


def test_other_faults_still_end_the_reading(tmp_path):
    """What leaves no document to be parsed is told at once, twins among it."""
    path = tmp_path / "anchor.yaml"
    path.write_text("a: 1\na: 2\nb: &x 1\n", encoding="utf-8")
    with pytest.raises(DocumentError) as told:
        read_document(path)
    assert len(told.value.problems) == 2
