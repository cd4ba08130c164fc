"""The message catalogues: the files of `vi/` and of `en/`, same keys, same placeholders."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Any, Literal, get_args

Language = Literal["vi", "en"]

#: The languages that can be asked for; Vietnamese comes first everywhere.
LANGUAGES: tuple[Language, ...] = get_args(Language)


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue(lang: Language) -> dict[str, str]:
    """Read one catalogue as flat ``section.key`` names."""
    flat: dict[str, str] = {}

    def walk(prefix: str, table: dict[str, Any]) -> None:
        for key, value in table.items():
            name = f"{prefix}{key}"
            if isinstance(value, dict):
                walk(f"{name}.", value)
            else:
                flat[name] = value

    for file in resources.files("ntm_rules.messages").joinpath(lang).iterdir():
        walk("", tomllib.loads(file.read_text(encoding="utf-8")))
    return flat


def keys(lang: Language) -> frozenset[str]:
    """Every key of a language's catalogue, as ``section.key``."""
    return frozenset(_catalogue(lang))


def has_text(key: str) -> bool:
    """Whether the catalogues hold *key*."""
    return key in _catalogue("vi")


def text(key: str, lang: Language, **params: object) -> str:
    """The message *key* in *lang*, its placeholders filled; an unknown key is a `KeyError` (a bug of ours)."""
    return fill(key, lang, params) if params else _catalogue(lang)[key]


def fill(key: str, lang: Language, params: Mapping[str, object]) -> str:
    """As `text`, the placeholders looked up in *params*, which may find them only when asked."""
    return _catalogue(lang)[key].format_map(params)
