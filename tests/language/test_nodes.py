from __future__ import annotations

import pickle

import pytest

from ntm_rules.errors import Where
from ntm_rules.language.nodes import SHOWN, Mapping, Node, Scalar, Sequence, at, child_path, plain, shown
from ntm_rules.language.reading import read_text

DOCUMENT = read_text("facts:\n  rate: {value: 11.2 %}\ncriteria: [a, {number: 3}]\nnote:\n")


def found(node: Node | None) -> Mapping:
    """*node*, which must be a mapping."""
    assert isinstance(node, Mapping)
    return node


def test_plain_data():
    """A node gives its data as dicts, lists, texts and None, in the order written."""
    expected = {"facts": {"rate": {"value": "11.2 %"}}, "criteria": ["a", {"number": "3"}], "note": None}
    assert plain(DOCUMENT) == expected
    assert list(expected) == list(found(DOCUMENT).keys())


def test_get():
    """A mapping gives the node under a key, and None for a key it does not have."""
    mapping = found(DOCUMENT)
    assert mapping.get("note") == Scalar(None, Where(None, 4, 6, "$.note"))
    assert mapping.get("nothing") is None


def test_key_where():
    """The place of a key is where the key stands; a key that is not there is an error."""
    assert found(DOCUMENT).key_where("criteria") == Where(None, 3, 1, "$.criteria")
    with pytest.raises(KeyError):
        found(DOCUMENT).key_where("nothing")


@pytest.mark.parametrize(
    ("path", "line", "column", "reached"),
    [
        ([], 1, 1, "$"),
        (["facts", "rate", "value"], 2, 17, "$.facts.rate.value"),
        (["criteria", 1, "number"], 3, 24, "$.criteria[1].number"),
        (["criteria", 2], 3, 11, "$.criteria"),
        (["criteria", -1], 3, 11, "$.criteria"),
        (["criteria", "a"], 3, 11, "$.criteria"),
        (["facts", 0], 2, 3, "$.facts"),
        (["facts", "other", "value"], 2, 3, "$.facts"),
        (["note", "deeper"], 4, 6, "$.note"),
    ],
)
def test_at(path, line, column, reached):
    """A path is followed as deep as it goes."""
    assert at(DOCUMENT, path).where == Where(None, line, column, reached)


def test_child_path():
    """Steps of a path can be told apart whatever signs a key holds."""
    steps = ["a", "ab", "a.b", "a[0]", "0", 0, "", "'", '"', "Định-Hóa", "17/17.1", "a\n"]
    paths = [child_path("$", step) for step in steps]
    assert len(set(paths)) == len(steps)
    assert paths[:3] == ["$.a", "$.ab", "$['a.b']"]
    assert paths[-3:] == ["$.Định-Hóa", "$['17/17.1']", "$['a\\n']"]


def test_shown():
    """A text repeated in a message is short, on one line, and steers no terminal."""
    assert shown("Phú Đình") == "Phú Đình"
    assert shown("a" * SHOWN) == "a" * SHOWN
    assert shown("a" * (SHOWN + 1)) == "a" * (SHOWN - 1) + "…"
    assert shown("a\n\x1b[31m") == "a\ufffd\ufffd[31m"


def test_nodes_are_values():
    """Nodes are equal by content and place, hashable, and survive pickling with their keys."""
    copy = pickle.loads(pickle.dumps(DOCUMENT))  # noqa: S301 - our own data
    assert copy == DOCUMENT
    assert hash(copy) == hash(DOCUMENT)
    assert copy.get("note") == found(DOCUMENT).get("note")
    assert isinstance(copy.get("criteria"), Sequence)
