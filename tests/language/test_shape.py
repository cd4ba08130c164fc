from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from ntm_rules.errors import ProblemCode, Where
from ntm_rules.language import shape
from ntm_rules.language.nodes import Node, Scalar, at
from ntm_rules.language.reading import read_text
from ntm_rules.language.shape import MAX_HINTS, Shape, shape_problems

TEXT = {"type": "string"}


@pytest.fixture
def check(monkeypatch):
    """Hold a YAML text against a schema."""

    def held(schema, text):
        monkeypatch.setattr(shape, "_schema", {"temporary": schema}.__getitem__)
        shape._validator.cache_clear()
        return shape_problems(read_text(text), "temporary")

    yield held
    shape._validator.cache_clear()


def listed(found):
    """The problems as code, line, column, path and parameters."""
    return [(p.code.name, p.where.line, p.where.column, p.where.path, dict(p.params)) for p in found.problems]


def test_schemas_are_read_from_the_package(monkeypatch, tmp_path):
    """A schema is found by its name among the package's files, and read once."""
    package = SimpleNamespace(files={"ntm_rules.schemas": tmp_path}.__getitem__)
    monkeypatch.setattr(shape, "resources", package)
    path = tmp_path / "only-in-this-test.schema.json"
    path.write_text(json.dumps({"required": ["năm"]}), encoding="utf-8")
    for _ in range(2):
        assert [p.code for p in shape_problems(read_text("a: b"), "only-in-this-test").problems] == [
            ProblemCode.MISSING_KEY
        ]
        path.unlink(missing_ok=True)


def test_good_shape(check):
    """A document of the right shape has no problems, and all of it is usable."""
    found = check({"properties": {"a": TEXT}, "additionalProperties": False}, "a: b")
    assert found == Shape((), frozenset())
    assert found.usable(read_text("a: b"))


def test_unknown_keys(check):
    """Each unknown key is reported where it stands, with the nearest known one; the rest stays usable."""
    schema = {
        "properties": {"value": TEXT, "document": TEXT},
        "patternProperties": {"^x-": TEXT},
        "additionalProperties": False,
    }
    text = "valeu: 1\nx-note: 2\ndocument: d1\nqqq: 3\n"
    found = check(schema, text)
    assert listed(found) == [
        ("UNKNOWN_KEY", 1, 1, "$.valeu", {"key": "valeu", "nearest": "value"}),
        ("UNKNOWN_KEY", 4, 1, "$.qqq", {"key": "qqq"}),
    ]
    assert found.bad_paths == {"$.valeu", "$.qqq"}
    node = read_text(text)
    assert found.usable(at(node, ["document"]))
    assert not found.usable(at(node, ["valeu"]))
    assert not found.usable(node)


def test_unknown_key_where_none_is_known(check):
    """Where no key is allowed at all, there is none to offer."""
    assert listed(check({"additionalProperties": False}, "{a: {b: c}}")) == [("UNKNOWN_KEY", 1, 2, "$.a", {"key": "a"})]


def test_hints_are_limited(check):
    """The nearest name is looked for only in the first problems, and never for long words."""
    schema = {"additionalProperties": {"properties": {"value": TEXT}, "additionalProperties": False}}
    text = "\n".join(f"k{n}: {{valeu: 1}}" for n in range(MAX_HINTS + 10))
    assert sum("nearest" in params for *_, params in listed(check(schema, text))) == MAX_HINTS
    schema = {"properties": {"value": TEXT}, "additionalProperties": False}
    text = "\n".join(f"value{n}: 1" for n in range(MAX_HINTS + 10))
    assert sum("nearest" in params for *_, params in listed(check(schema, text))) == MAX_HINTS
    long = "v" * 60
    schema = {"properties": {long: TEXT}, "additionalProperties": False}
    assert "nearest" in listed(check(schema, f"{long[1:]}: 1"))[0][-1]
    assert "nearest" not in listed(check(schema, f"{long}v: 1"))[0][-1]


def test_missing_keys(check):
    """Each missing key is reported once, at the mapping that lacks it."""
    schema = {"properties": {"place": {"required": ["level", "name", "code"]}}, "required": ["year"]}
    found = check(schema, "place:\n  name: Phú Đình\n")
    assert listed(found) == [
        ("MISSING_KEY", 1, 1, "$", {"key": "year"}),
        ("MISSING_KEY", 2, 3, "$.place", {"key": "level"}),
        ("MISSING_KEY", 2, 3, "$.place", {"key": "code"}),
    ]
    assert found.bad_paths == {"$", "$.place"}


def test_keys_that_need_others(check):
    """A key that another one needs is reported as missing if that one is there."""
    schema = {"dependentRequired": {"numerator": ["denominator"], "unit": ["value"]}}
    assert listed(check(schema, "numerator: 1")) == [("MISSING_KEY", 1, 1, "$", {"key": "denominator"})]


@pytest.mark.parametrize(
    ("wanted", "text", "words", "found"),
    [
        ("string", "a: {}", "text", "mapping"),
        ("object", "a: b", "mapping", "text"),
        (["array", "object"], "a:", "list|mapping", "empty"),
        (["string", "integer", "boolean", "null"], "a: []", "text|empty", "list"),
    ],
)
def test_wrong_type(check, wanted, text, words, found):
    """A wrong type is reported in the words of a document, where all single values are text."""
    ((code, line, column, path, params),) = listed(check({"properties": {"a": {"type": wanted}}}, text))
    assert (code, line, path, params) == ("WRONG_TYPE", 1, "$.a", {"wanted": words, "found": found})
    assert column


def test_empty_text(check):
    """An empty text where there must be some is empty; a text that is merely short has no such form."""
    schema = {"properties": {"a": {"minLength": 1}, "b": {"minLength": 2}}}
    assert listed(check(schema, "a: ''\nb: x")) == [
        ("WRONG_TYPE", 1, 4, "$.a", {"wanted": "text", "found": "empty"}),
        ("NO_SUCH_FORM", 2, 4, "$.b", {"allowed": ""}),
    ]


def test_not_one_of(check):
    """A word that is not among the allowed ones is reported with them and the nearest; numbers are texts too."""
    schema = {
        "properties": {
            "status": {"enum": ["real", "illustration"]},
            "version": {"enum": ["1", 1]},
            "yes": {"const": True},
            "kind": {"enum": ["a", None]},
        }
    }
    assert listed(check(schema, "status: reel\nversion: '2'\nyes: no\nkind: [x]\n")) == [
        (
            "NOT_ONE_OF",
            1,
            9,
            "$.status",
            {"found": "reel", "allowed": "real, illustration", "nearest": "real"},
        ),
        ("NOT_ONE_OF", 2, 10, "$.version", {"found": "2", "allowed": "1"}),
        ("NOT_ONE_OF", 3, 6, "$.yes", {"found": "no", "allowed": "true"}),
        ("NOT_ONE_OF", 4, 7, "$.kind", {"found": "list", "allowed": "a, empty"}),
    ]


def test_once_is_enough(check):
    """What has the wrong type is not reported a second time as none of the allowed words, nor twice the same."""
    schema = {"properties": {"a": {"type": "string", "enum": ["x"], "allOf": [TEXT]}}}
    assert listed(check(schema, "a: []")) == [("WRONG_TYPE", 1, 4, "$.a", {"wanted": "text", "found": "list"})]


def test_bad_format(check):
    """A text of the wrong form is reported with an example of the right one, or else with the pattern."""
    schema = {"additionalProperties": {"pattern": "^[0-9]{4}$"}, "properties": {"year": {"pattern": "^[0-9]{4}$"}}}
    schema["properties"]["year"]["x-format"] = "2018"
    assert listed(check(schema, "year: 20\nother: 'a\tb'")) == [
        ("BAD_FORMAT", 1, 7, "$.year", {"found": "20", "format": "2018"}),
        ("BAD_FORMAT", 2, 8, "$.other", {"found": "a\ufffdb", "format": "^[0-9]{4}$"}),
    ]


def test_too_few(check):
    """Lists and mappings with too little in them are reported with the least and the present number."""
    schema = {"properties": {"a": {"minItems": 2}, "b": {"minProperties": 1}}}
    assert listed(check(schema, "a: [x]\nb: {}\n")) == [
        ("TOO_FEW", 1, 4, "$.a", {"least": "2", "found": "1"}),
        ("TOO_FEW", 2, 4, "$.b", {"least": "1", "found": "0"}),
    ]


def test_no_such_form(check):
    """Whatever else is wrong has no such form; the schema may say which forms there are."""
    forms = {"x-forms": ["value", "least, most"]}
    schema = {
        "properties": {
            "a": {"oneOf": [{"required": ["value"]}, {"required": ["least", "most"]}], **forms},
            "b": {"not": {"required": ["x"]}},
            "d": {"minProperties": 1, **forms},
            "e": {"maxItems": 1},
        }
    }
    found = check(schema, "a: {x: 1}\nb: {x: 1}\nd: {}\ne: [1, 2]\n")
    assert listed(found) == [
        ("NO_SUCH_FORM", 1, 4, "$.a", {"allowed": "value | least, most"}),
        ("NO_SUCH_FORM", 2, 4, "$.b", {"allowed": ""}),
        ("NO_SUCH_FORM", 3, 4, "$.d", {"allowed": "value | least, most"}),
        ("NO_SUCH_FORM", 4, 4, "$.e", {"allowed": ""}),
    ]


def test_no_value_is_right(check):
    """Where the schema allows no value at all, the mapping has no such form."""
    found = check({"properties": {"a": {"properties": {"b": False}}}}, "a: {b: c}")
    assert listed(found) == [("NO_SUCH_FORM", 1, 4, "$.a", {"allowed": ""})]


def test_names_of_keys(check):
    """A key whose name is refused is reported where the key stands."""
    schema = {"properties": {"grades": {"propertyNames": {"enum": ["issued", "title"]}}}}
    found = check(schema, "grades:\n  title: text\n  isued: text\n")
    params = {"found": "isued", "allowed": "issued, title", "nearest": "issued"}
    assert listed(found) == [("NOT_ONE_OF", 3, 3, "$.grades.isued", params)]
    assert found.bad_paths == {"$.grades.isued"}


def test_conditions_lead_to_the_fault(check):
    """A fault behind if and then is reported at its own place."""
    schema = {
        "if": {"required": ["fact"]},
        "then": {"properties": {"at_least": TEXT, "fact": TEXT}, "additionalProperties": False},
    }
    assert listed(check(schema, "fact: a\nat_leest: 6 %\n")) == [
        ("UNKNOWN_KEY", 2, 1, "$.at_leest", {"key": "at_leest", "nearest": "at_least"})
    ]


def test_order(check):
    """Problems come in the order of the document."""
    text = "\n".join(f"k{n}: []" for n in range(100))
    lines = [p.where.line for p in check({"additionalProperties": TEXT}, text).problems]
    assert lines == list(range(1, 101))


def test_usable():
    """A node is usable if nothing at or beneath it is wrong, however alike the paths are."""

    def node(path: str) -> Node:
        return Scalar("a", Where(None, 1, 1, path))

    found = Shape((), frozenset({"$.a.b", "$.list[1].x", "$['k.l']['m']"}))
    for path in ("$", "$.a", "$.a.b", "$.list", "$.list[1]", "$.list[1].x", "$['k.l']", "$['k.l']['m']"):
        assert not found.usable(node(path)), path
    for path in ("$.ab", "$.a.bc", "$.a.b.c", "$.list[0]", "$.list[10]", "$.list[1].y", "$['k']", "$.k", "$['k.l'].n"):
        assert found.usable(node(path)), path
