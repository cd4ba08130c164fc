"""Plain data as YAML and JSON text that reads back as the same data, here and in any YAML 1.1 or 1.2 reader."""

from __future__ import annotations

import json
import re

import yaml

from ntm_rules.language.nodes import Plain

_WIDTH = 140

# Words that some version of YAML takes for something else than a text, in the spellings it knows.
_WORDS = r"~|=|<<|[yYnN]|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|true|True|TRUE|false|False|FALSE|null|Null|NULL"
# Numbers, dates and times of YAML 1.1 and 1.2 are made of these signs; a text made of them is quoted to be safe.
_NUMBERS = r"[-+]?\.?[0-9][-+.:,_0-9a-fA-FoOxXtTzZ \t]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
_NO_TEXT = re.compile(rf"(?:{_WORDS}|{_NUMBERS})\Z")
# Any tag but that of texts makes the emitter quote.
_OTHER = "tag:ntm-rules:other"
# Line breaks to some readers, and a byte order mark: only an escape keeps them.
_TO_ESCAPE = re.compile(r"[\x85\u2028\u2029\ufeff]")
# Lines that a literal block holds as they are: the first neither empty nor indented, none with blanks at its end.
_LITERAL = re.compile(r"(?![ \n])(?:[^\x00-\x1f\x7f-\x9f]|\n)*(?<![ \n])\n?")
_BLANK_AT_END = re.compile(r" \n")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


class _Dumper(yaml.SafeDumper):
    """Writes texts so that they stay texts, and the same list twice as two lists."""

    def ignore_aliases(self, data: object) -> bool:
        """No anchors: `read_text` refuses them."""
        return True


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = None
    if _TO_ESCAPE.search(text):
        style = '"'
    elif "\n" in text and _LITERAL.fullmatch(text) and not _BLANK_AT_END.search(text):
        style = "|"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)
_Dumper.add_implicit_resolver(_OTHER, _NO_TEXT, None)


def to_yaml(data: Plain) -> str:
    """
    Write *data* as YAML: keys in their order, innermost collections on one line, texts quoted where needed.

    Args:
        data: Dicts, lists, texts and None; numbers are for the caller to write as text.

    Returns:
        The YAML, ended by a line break. `read_text` reads the same data from it, in NFC.

    Raises:
        TypeError: If there is anything else in *data*.
        ValueError: If a text holds half of a surrogate pair.
    """
    _check(data)
    text: str = yaml.dump(
        data, Dumper=_Dumper, allow_unicode=True, default_flow_style=None, sort_keys=False, width=_WIDTH
    )
    return text


def to_json(data: Plain) -> str:
    """
    Write *data* as JSON: keys in their order, two spaces a level, letters as they are.

    Args:
        data: As for `to_yaml`.

    Returns:
        The JSON, ended by a line break.

    Raises:
        TypeError: As `to_yaml`.
        ValueError: As `to_yaml`.
    """
    _check(data)
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _check(data: object) -> None:
    """Refuse what would be read back as something else, or not at all."""
    if isinstance(data, dict):
        for key, value in data.items():
            if not isinstance(key, str):
                raise TypeError(f"a key must be a text, not {key!r}")
            _check(key)
            _check(value)
    elif isinstance(data, list):
        for item in data:
            _check(item)
    elif isinstance(data, str):
        if _SURROGATE.search(data):
            raise ValueError(f"half of a surrogate pair in {data!r}")
    elif data is not None:
        raise TypeError(f"only dicts, lists, texts and None can be written, not {data!r}")


__all__ = ["to_json", "to_yaml"]
