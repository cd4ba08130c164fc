from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given

from criteria_strategies import outcome, plain_data
from ntm_rules import DocumentError, ProblemCode, Where
from ntm_rules.language import Mapping, Scalar, Sequence, from_plain, read_text, to_yaml
from ntm_rules.language.nodes import plain
from ntm_rules.language.reading import MAX_DEPTH


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (None, None),
        ("58,3 %", "58,3 %"),
        ("", ""),
        ("null", "null"),
        (unicodedata.normalize("NFD", "Định Hóa"), "Định Hóa"),
        (True, "true"),
        (False, "false"),
        (36, "36"),
        (0.1, "0.1"),
        (1e-05, "0.00001"),
        (1e22, "10000000000000000000000"),
        (Decimal("11.20"), "11.20"),
        (Decimal("1E+2"), "100"),
        (Decimal("1E+999999"), "1E+999999"),
        (float("nan"), "NaN"),
        (float("inf"), "Infinity"),
        (date(2019, 1, 15), "2019-01-15"),
    ],
)
def test_scalars(data, text):
    """A value becomes the text that a file would hold, digit by digit, in NFC."""
    assert from_plain(data) == Scalar(text, Where(path="$"))


def test_huge_integers():
    """An integer of any length is taken, for whoever reads it to refuse."""
    assert from_plain(10**5000) == Scalar("1" + "0" * 5000, Where(path="$"))


def test_collections_and_paths():
    """Mappings and lists become nodes whose paths read like those of a file."""
    node = from_plain({"facts": [{"17/17.1": "x"}], 11: (1,)})
    assert isinstance(node, Mapping)
    assert plain(node) == {"facts": [{"17/17.1": "x"}], "11": ["1"]}
    facts = node.get("facts")
    assert isinstance(facts, Sequence)
    assert facts.items[0].where.path == "$.facts[0]"
    assert isinstance(facts.items[0], Mapping)
    assert facts.items[0].entries[0][0].where.path == "$.facts[0]['17/17.1']"
    assert facts.items[0].entries[0][1].where.path == "$.facts[0]['17/17.1']"


@given(plain_data)
def test_as_a_file(data):
    """Plain data is taken for just what the file that holds it is taken for, places apart."""
    node = outcome(lambda: from_plain({"data": data}))
    if isinstance(node, DocumentError):
        assert {problem.code for problem in node.problems} == {ProblemCode.DUPLICATE_KEY}
    else:
        assert plain(read_text(to_yaml(plain(node)))) == plain(node)


def test_the_same_key_twice():
    """Keys that are the same text are refused, as in a file."""
    for data in ({1: "a", "1": "b"}, {"é": 1, "e\u0301": 2}):
        with pytest.raises(DocumentError) as caught:
            from_plain({"attestations": data})
        (problem,) = caught.value.problems
        assert problem.code is ProblemCode.DUPLICATE_KEY
        assert problem.where.path.startswith("$.attestations")


def test_too_deep():
    """What is nested as deeply as a file may be is read; deeper, or without end, it is refused."""
    data: list[object] = []
    for _ in range(MAX_DEPTH - 1):
        data = [data]
    from_plain(data)
    endless: list[object] = []
    endless.append(endless)
    for deeper in ([data], {"a": data}, endless):
        with pytest.raises(DocumentError) as caught:
            from_plain(deeper)
        assert [problem.code for problem in caught.value.problems] == [ProblemCode.TOO_DEEP]


@pytest.mark.parametrize("data", [object(), {1}, b"x", 1j, {"a": [object()]}, {(1, 2): "x"}])
def test_no_plain_data(data):
    """What no document can hold is a `TypeError` that says where it is."""
    with pytest.raises(TypeError, match=r"^\$"):
        from_plain(data)
