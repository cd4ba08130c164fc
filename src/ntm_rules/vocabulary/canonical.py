"""
Canonical JSON (RFC 8785) and fingerprints over it.

It holds only texts, truth values, nulls, lists, maps and small integers: a Decimal is written as text first.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from typing import Any

#: Integers must stay below this to be the same number in every language.
MOST = 2**53


def canonical(data: Any) -> bytes:
    """
    The canonical bytes of plain data.

    Raises:
        TypeError: For a float, a Decimal, or anything else that canonical JSON does not hold.

    Example:
        >>> canonical({"b": 1, "a": ["Đ", None]}).decode()
        '{"a":["Đ",null],"b":1}'
    """
    return json.dumps(_ordered(data), ensure_ascii=False, separators=(",", ":")).encode()


def _ordered(data: Any) -> Any:
    if isinstance(data, dict):
        texts = {_key(key): value for key, value in data.items()}
        if len(texts) < len(data):
            raise TypeError(f"not canonical: a key twice in {data!r}")
        # RFC 8785 orders keys by their UTF-16 code units.
        return {key: _ordered(texts[key]) for key in sorted(texts, key=_utf16)}
    if isinstance(data, list | tuple):
        return [_ordered(item) for item in data]
    if isinstance(data, str):
        return unicodedata.normalize("NFC", data)
    if data is None or isinstance(data, bool) or (isinstance(data, int) and abs(data) < MOST):
        return data
    raise TypeError(f"not canonical: {data!r}")


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError(f"not canonical: the key {key!r}")
    return unicodedata.normalize("NFC", key)


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be")


def fingerprint(data: Any) -> str:
    """``sha256:`` and the hash of the canonical bytes."""
    return f"sha256:{hashlib.sha256(canonical(data)).hexdigest()}"
