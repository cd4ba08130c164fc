from __future__ import annotations

import json
import unicodedata

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from ntm_rules.language import reading
from ntm_rules.language.nodes import plain
from ntm_rules.language.reading import read_text
from ntm_rules.language.yaml_text import to_json, to_yaml

VIETNAMESE = "aăâáàảãạấầẩẫậbcdđeêéèẻẽẹếềểễệghiklmnoôơốồổỗộớờởỡợpqrstuưứừửữựvxyĐƯƠ 0123456789,.:;-–/%()[]{}#&*!|>'\"?\n"
WORDS = st.one_of(
    st.text(),
    st.text(VIETNAMESE),
    st.text(VIETNAMESE, min_size=130, max_size=400),
    st.sampled_from(["", "~", "null", "no", "6", "2016-12-01", "=", "<<", "- a", "a: b", "a #b", "---", "...", "%a"]),
).map(lambda text: unicodedata.normalize("NFC", text))
KEYS = st.one_of(st.text(max_size=20), st.text(VIETNAMESE, max_size=150)).map(
    lambda text: unicodedata.normalize("NFC", text)[:150]
)
DATA = st.recursive(
    st.none() | WORDS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)

# What readers of YAML 1.1 or of YAML 1.2 take for null, a boolean, a number, a date, a time or a sign of their own.
TYPED = """
    ~ null Null NULL y Y n N yes Yes YES no No NO on On ON off Off OFF true True TRUE false False FALSE = <<
    0 6 -1 +1 007 0o17 0x1F 0b101 1_000 190:20:30 1. .5 -.5 11.2 1e3 1E-3 6.02e+23 1e3. 1_000.5 190:20:30.15
    .inf -.Inf +.INF .nan .NaN .NAN 2016-12-01 2016-12-01T10:00:00Z 2001-12-14t21:59:43.10-05:00 2016-2020 17.1
""".split()  # noqa: SIM905 - fifty words read best as words


@given(DATA)
@example(["a\n", " a\nb", "a \nb", "a\n\nb", "a\nb\n\n", "a\n b", "\na", "a\tb\nc", "# a\nb", "--- a\nb"])
@example({"a\nb": "c", "k" * 150: [{"d": None}], "": ""})
@example({"a": "một đoạn văn dài " * 20, "b": ["\x85", "\u2028", "\ufeff", "\x07", "\x00", "😀", "\r", "\t"]})
def test_round_trip(data):
    """Data written as YAML is read back as it was, here and by a reader of YAML 1.1."""
    text = to_yaml(data)
    assert yaml.safe_load(text) == data
    if data is not None:
        assert plain(read_text(text)) == data


@given(DATA)
def test_round_trip_without_libyaml(data):
    """What is written is read alike by PyYAML's own parser."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_LOADER", yaml.BaseLoader)
        assert plain(read_text(to_yaml([data]))) == [data]


@given(DATA)
def test_json_round_trip(data):
    """Data written as JSON is read back as it was, here and by the standard library."""
    text = to_json(data)
    assert json.loads(text) == data
    if data is not None:
        assert plain(read_text(text, json=True)) == data


@pytest.mark.parametrize("sign", ["\x85", "\u2028", "\u2029", "\ufeff"])
def test_what_only_an_escape_keeps(sign):
    """A line break to some readers, or a byte order mark, is escaped, and read back as it was."""
    data = {"a": f"x{sign}y"}
    text = to_yaml(data)
    assert sign not in text
    assert plain(read_text(text)) == data


@pytest.mark.parametrize("word", TYPED)
def test_quoting(word):
    """A text that any YAML would take for something else is quoted, as a value and as a key."""
    assert to_yaml({word: [word]}) == f"'{word}': ['{word}']\n"


@pytest.mark.parametrize("word", ["36 triệu đồng/người/năm", "11.2 %", "commune/standard/2016-2020", "d1", "Phú Đình"])
def test_no_needless_quotes(word):
    """Ordinary texts stand without quotes and with their letters."""
    assert to_yaml({"value": word}) == f"{{value: {word}}}\n"


def test_layout():
    """Keys keep their order, innermost collections stand on one line, paragraphs stay paragraphs."""
    data = {
        "year": "2018",
        "facts": {"rate": {"value": "11.2 %", "document": "d1"}, "share": {"value": "58,3 %"}, "clinic": None},
        "list": ["b", "a"],
        "note": "Một.\nHai.\n",
    }
    assert to_yaml(data) == (
        "year: '2018'\n"
        "facts:\n"
        "  rate: {value: 11.2 %, document: d1}\n"
        "  share: {value: '58,3 %'}\n"
        "  clinic: null\n"
        "list: [b, a]\n"
        "note: |\n"
        "  Một.\n"
        "  Hai.\n"
    )


def test_json_layout():
    """JSON has two spaces a level, its letters as they are, and a line break at the end."""
    assert to_json({"name": "Phú Đình", "of": [None]}) == ('{\n  "name": "Phú Đình",\n  "of": [\n    null\n  ]\n}\n')


def test_no_aliases():
    """The same list in two places is written twice."""
    same = ["a"]
    assert to_yaml({"b": same, "c": same}) == "b: [a]\nc: [a]\n"


@pytest.mark.parametrize("write", [to_yaml, to_json])
@pytest.mark.parametrize("data", [True, 1, 1.5, ("a",), {"a": [1]}, {1: "a"}, {None: "a"}, [b"a"]])
def test_only_plain_data(write, data):
    """Anything but dicts, lists, texts and None is refused: it would be read back as something else."""
    with pytest.raises(TypeError):
        write(data)


@pytest.mark.parametrize("write", [to_yaml, to_json])
@pytest.mark.parametrize("data", ["\ud800", {"\udfff": "a"}, ["a\udc00b"]])
def test_no_halves_of_pairs(write, data):
    """Half of a surrogate pair is refused: no file can hold it."""
    with pytest.raises(ValueError, match="surrogate"):
        write(data)
