"""The function that judges each form of the algebra, found by the node's class; no form knows another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ntm_rules.evaluation.context import Context
from ntm_rules.vocabulary.assessments import Step
from ntm_rules.vocabulary.instruments import Source
from ntm_rules.vocabulary.requirements import Compare, Requirement

_Judge = Callable[[Any, Source, Context], Step]
_Node = TypeVar("_Node", bound=Requirement)

JUDGES: dict[type[Requirement], _Judge] = {}


def judges(
    form: type[_Node],
) -> Callable[[Callable[[_Node, Source, Context], Step]], Callable[[_Node, Source, Context], Step]]:
    """Register the function that judges a form."""

    def register(function: Callable[[_Node, Source, Context], Step]) -> Callable[[_Node, Source, Context], Step]:
        JUDGES[form] = function
        return function

    return register


def judge(node: Requirement, source: Source, context: Context) -> Step:
    """The verdict of *node*; *source* is the nearest source above it."""
    return JUDGES[type(node)](node, node.source or source, context)


_Count = Callable[[Compare, Source, Context], Step]

COUNTERS: dict[type, _Count] = {}


def counts(measure: type) -> Callable[[_Count], _Count]:
    """Register the function that judges a comparison of a measure that is no single fact."""

    def register(function: _Count) -> _Count:
        COUNTERS[measure] = function
        return function

    return register
