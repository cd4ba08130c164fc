from __future__ import annotations

import hashlib
import json
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_rules.vocabulary.canonical import MOST, canonical, fingerprint

texts = st.text(st.characters(exclude_categories=["Cs"]))
data = st.recursive(
    st.none() | st.booleans() | st.integers(1 - MOST, MOST - 1) | texts,
    lambda below: st.lists(below) | st.dictionaries(texts.map(lambda key: unicodedata.normalize("NFC", key)), below),
)


def nfc(value):
    """A value with every text in NFC."""
    if isinstance(value, dict):
        return {unicodedata.normalize("NFC", key): nfc(each) for key, each in value.items()}
    if isinstance(value, list):
        return [nfc(each) for each in value]
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


@given(data)
def test_json(value):
    """Canonical bytes are JSON, without blanks, of the same data in NFC; the same data has the same bytes."""
    written = canonical(value)
    assert json.loads(written) == nfc(value)
    assert canonical(json.loads(written)) == written


@given(st.dictionaries(texts, st.none()))
def test_order_of_keys_does_not_matter(value):
    """However the keys are ordered, the bytes are the same."""
    try:
        written = canonical(value)
    except TypeError:
        assert len(nfc(value)) < len(value)
    else:
        assert canonical(dict(reversed(value.items()))) == written


def test_keys_are_ordered_by_utf16():
    """Keys are ordered by their UTF-16 code units, as RFC 8785 wants: a surrogate pair before U+FF21."""
    keys = ["\u20ac", "\r", "\uff21", "1", "\U0001f600", "\x80", "ö"]
    ordered = ["\r", "1", "\x80", "ö", "\u20ac", "\U0001f600", "\uff21"]
    assert list(json.loads(canonical(dict.fromkeys(keys)))) == ordered


def test_keys_are_ordered_in_nfc():
    """The order is that of the keys as they are written, in NFC."""
    decomposed = unicodedata.normalize("NFD", "é")
    assert canonical({decomposed: 1, "f": 2}) == canonical({"é": 1, "f": 2}) == '{"f":2,"é":1}'.encode()


def test_rfc_8785_texts():
    """Texts are escaped as RFC 8785 wants: short escapes, else lower-case hexadecimal, and no letter at all."""
    text = '€$\x0f\nA\'B"\\\\"/\b\t\f\r\x1f\x7fĐ'
    assert canonical(text) == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/\\b\\t\\f\\r\\u001f\x7fĐ"'.encode()


def test_texts_are_nfc():
    """A text in another Unicode form has the same fingerprint."""
    assert fingerprint(["Định Hóa"]) == fingerprint([unicodedata.normalize("NFD", "Định Hóa")])


def test_lists_keep_their_order():
    """A list keeps its order, and a tuple is written as one."""
    assert canonical((2, [1], "a", True, None)) == b'[2,[1],"a",true,null]'


@pytest.mark.parametrize(
    "value",
    [1.0, float("nan"), Decimal(1), MOST, -MOST, {1}, b"x", object(), {1: "a"}, {None: 1}, {"e\u0301": 1, "é": 2}],
)
def test_refused(value):
    """No float, Decimal or large integer is written, and no key that is no text or stands twice."""
    for nested in (value, [value], {"a": value}):
        with pytest.raises(TypeError, match="not canonical"):
            canonical(nested)


def test_fingerprint():
    """A fingerprint is the sha256 of the canonical bytes."""
    assert fingerprint({"a": 1}) == "sha256:" + hashlib.sha256(b'{"a":1}').hexdigest()
