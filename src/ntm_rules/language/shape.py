"""The shape of a document: held against its JSON Schema, every fault a problem at its place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from importlib import resources
from typing import Any

import attrs

from ntm_rules.errors import Problem, ProblemCode
from ntm_rules.language.nodes import SHOWN, Mapping, Node, at, child_path, plain, shown
from ntm_rules.messages import nearest

#: Finding the nearest name takes time; a file with more problems than this needs other help first.
MAX_HINTS = 200

# What JSON Schema calls a number or a boolean is text here: nothing is typed before the parsers do it.
_KINDS = {"object": "mapping", "array": "list", "null": "empty"}


@attrs.frozen
class Shape:
    """
    What is wrong with the shape of a document.

    Attributes:
        bad_paths: Where; for an unknown key its own path, for a missing one that of the mapping.
    """

    problems: tuple[Problem, ...]
    bad_paths: frozenset[str]

    def usable(self, node: Node) -> bool:
        """Whether nothing is wrong with *node* or beneath it."""
        return node.where.path not in self._spoilt

    @cached_property
    def _spoilt(self) -> frozenset[str]:
        """The bad paths, and all that lead to them."""
        leading = {path[:end] for path in self.bad_paths for end, sign in enumerate(path) if sign in ".["}
        return self.bad_paths | leading


def shape_problems(node: Node, schema_name: str) -> Shape:
    """
    Hold *node* against a packaged schema.

    Args:
        node: The outermost node of a document.

        schema_name: The schema's file name up to ``.schema.json``.
    """
    found: dict[Problem, str] = {}
    errors = list(_validator(schema_name).iter_errors(plain(node)))
    # jsonschema gives them in the order of a set.
    errors.sort(key=lambda error: _order(error, node))
    for error in errors:
        for problem, path in _problems(error, node, hints=len(found) < MAX_HINTS):
            found.setdefault(problem, path)
    # What has the wrong type is none of the allowed values either; once is enough.
    wrong_type = {problem.where for problem in found if problem.code is ProblemCode.WRONG_TYPE}
    kept = {
        problem: path
        for problem, path in found.items()
        if problem.code is not ProblemCode.NOT_ONE_OF or problem.where not in wrong_type
    }
    return Shape(tuple(kept), frozenset(kept.values()))


@lru_cache
def _validator(schema_name: str) -> Any:
    # Importing jsonschema takes longer than all the rest.
    from jsonschema import Draft202012Validator

    return Draft202012Validator(_schema(schema_name))


def _schema(schema_name: str) -> Any:
    source = resources.files("ntm_rules.schemas").joinpath(f"{schema_name}.schema.json")
    return json.loads(source.read_text(encoding="utf-8"))


def _order(error: Any, root: Node) -> tuple[int, int, str]:
    where = at(root, error.absolute_path).where
    return where.line or 0, where.column or 0, "/".join(str(step) for step in error.absolute_schema_path)


def _problems(error: Any, root: Node, *, hints: bool) -> Iterator[tuple[Problem, str]]:
    """The problems that one jsonschema error stands for, each with its bad path."""
    node = at(root, error.absolute_path)
    value, instance = error.validator_value, error.instance
    schema = error.schema if isinstance(error.schema, dict) else {}
    where = node.where
    if isinstance(node, Mapping) and isinstance(instance, str) and instance in node.keys():  # noqa: SIM118 - no dict
        # The fault of a name (propertyNames) has no path of its own.
        where = node.key_where(instance)
    match error.validator:
        case "additionalProperties" if isinstance(node, Mapping):
            for count, key in enumerate(_extras(error)):
                place = node.key_where(key)
                near = _nearest(key, schema.get("properties", ()), hints=hints and count < MAX_HINTS)
                params = {"key": shown(key), **near}
                yield Problem.at(ProblemCode.UNKNOWN_KEY, place, **params), child_path(where.path, key)
        case "required" | "dependentRequired":
            for key in _missing(value, instance):
                yield Problem.at(ProblemCode.MISSING_KEY, where, key=key), where.path
        case "type":
            kinds = [value] if isinstance(value, str) else value
            wanted = "|".join(dict.fromkeys(_KINDS.get(kind, "text") for kind in kinds))
            yield Problem.at(ProblemCode.WRONG_TYPE, where, wanted=wanted, found=_kind(instance)), where.path
        case "minLength" if not instance:
            yield Problem.at(ProblemCode.WRONG_TYPE, where, wanted="text", found="empty"), where.path
        case "enum" | "const":
            allowed = list(dict.fromkeys(_text(one) for one in (value if error.validator == "enum" else [value])))
            text = _text(instance)
            params = {"found": shown(text), "allowed": ", ".join(allowed), **_nearest(text, allowed, hints=hints)}
            yield Problem.at(ProblemCode.NOT_ONE_OF, where, **params), where.path
        case "pattern":
            params = {"found": shown(instance), "format": schema.get("x-format", value)}
            yield Problem.at(ProblemCode.BAD_FORMAT, where, **params), where.path
        case "minItems" | "minProperties" if "x-forms" not in schema:
            yield Problem.at(ProblemCode.TOO_FEW, where, least=value, found=len(instance)), where.path
        case _:
            forms = " | ".join(schema.get("x-forms", ()))
            yield Problem.at(ProblemCode.NO_SUCH_FORM, where, allowed=forms), where.path


def _extras(error: Any) -> Iterator[str]:
    """The keys that neither `properties` nor `patternProperties` knows, as jsonschema itself finds them."""
    known, patterns = error.schema.get("properties", {}), error.schema.get("patternProperties", {})
    for key in error.instance:
        if key not in known and not any(re.search(pattern, key) for pattern in patterns):
            yield key


def _missing(required: list[str] | dict[str, list[str]], instance: dict[str, object]) -> Iterator[str]:
    """The keys that are required, or required by one that is there, and are not there."""
    if isinstance(required, dict):
        required = [key for cause, keys in required.items() if cause in instance for key in keys]
    return (key for key in required if key not in instance)


def _nearest(word: str, candidates: Iterable[str], *, hints: bool) -> dict[str, str]:
    """The parameter `nearest`, or none if nothing is near."""
    near = nearest(word, candidates) if hints and len(word) <= SHOWN else None
    return {} if near is None else {"nearest": near}


def _kind(instance: object) -> str:
    """What *instance* is, in one word."""
    if isinstance(instance, dict):
        return "mapping"
    if isinstance(instance, list):
        return "list"
    return "empty" if instance is None else "text"


def _text(instance: object) -> str:
    """*instance* as a reader of untyped text sees it; a collection or nothing by its kind."""
    if isinstance(instance, bool):
        return str(instance).lower()
    return str(instance) if isinstance(instance, (str, int)) else _kind(instance)


__all__ = ["MAX_HINTS", "Shape", "shape_problems"]
