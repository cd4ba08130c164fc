"""
What is asked of the places beneath a place, counted: what each gives, what a group of them gives together.

In the words that Polars and narwhals have in common; who is beneath whom, and how rows are put together, is up to the
engines (`rollup`, `lazy_rollup`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeAlias

import attrs

from ntm_rules.evaluation.axes import context_of
from ntm_rules.evaluation.elsewhere import other_set
from ntm_rules.population.interpreter import Beneaths, Counts, Interpreter, Scene, counted, every_of, terms_of
from ntm_rules.population.kleene import NO_SUPPORT, STATEMENT, Column, Truth
from ntm_rules.population.program import sets_of
from ntm_rules.population.situations import Trees
from ntm_rules.vocabulary.criteria import CriteriaSet
from ntm_rules.vocabulary.dossiers import Dossier
from ntm_rules.vocabulary.instruments import Grade, Source
from ntm_rules.vocabulary.places import Level, level_of_kind
from ntm_rules.vocabulary.requirements import Compare, Every, Requirement, SubPlaceMeasure

#: The column that says above a place, and of the place above itself, which it is.
KEY = "~above"

# What each place beneath gives.
_SO, _DROPS, _RESTS, _MAYBE = "~so", "~drops", "~rests", "~maybe"

# How many there are that gave what.
_NUMBERS = ("met", "failing", "open", "dropped", "members", "maybe")

Asked: TypeAlias = SubPlaceMeasure | Every


def asked_beneath(node: Requirement) -> Asked | None:
    """What a node asks of the places beneath, if anything."""
    if isinstance(node, Compare) and isinstance(node.measure, SubPlaceMeasure):
        return node.measure
    return node if isinstance(node, Every) else None


def levels_asked(asked: Asked, above: Level, tables: Collection[Level]) -> list[Level]:
    """The levels of the places that are asked, of those that there are tables of."""
    kinds = asked.collection.kinds
    if kinds is not None:
        return [level for level in (level_of_kind(kinds[0]),) if level in tables]
    below = [level for level in tables if above.stands_above(level)]
    return sorted(below, key=list(Level).index, reverse=True)[:1]


def trees_asked(asked: Asked, dossier: Dossier, rules: CriteriaSet, accept: Grade) -> Trees:
    """The sets by which places beneath are judged: that which asks, and those that they are asked to meet."""
    return Trees((*sets_of(rules, dossier, accept), *_sets_asked(asked, dossier, rules, accept)))


def _sets_asked(asked: Asked, dossier: Dossier, rules: CriteriaSet, accept: Grade) -> list[CriteriaSet]:
    """The sets that places beneath are asked to meet, as they stand on the day judged."""
    from_trees = [asked.that] if isinstance(asked, SubPlaceMeasure) else list(asked.asked_beneath)
    found: dict[int, CriteriaSet] = {}
    context = context_of(rules, attrs.evolve(dossier, facts=()), accept)
    for tree in from_trees:
        for node in tree.walk():
            for address in node.refers_to:
                for each in _sets_named(address, context):
                    found[id(each)] = each
    return list(found.values())


def _sets_named(address: str, context: Any) -> Sequence[CriteriaSet]:
    rules = other_set(address, context)
    return () if rules is None else sets_of(rules, context.scope.dossier, context.terms.accept)


# --- each of them -----------------------------------------------------------------------------------------------


def answers(builder: Interpreter, asked: Asked, source: Source, rules: CriteriaSet) -> dict[str, Any]:
    """What each place beneath gives, in columns that `counts` reads; *builder* is for the table of those places."""
    dossiers = builder.dossiers
    contexts = tuple([context_of(rules, each, builder.accept, beneath=True) for each in dossiers])
    column, maybe = _of_each(builder, asked, source, Scene(rules, contexts, {}, beneath=True))
    logic = builder.logic
    return {
        _SO: logic.expr(column.so),
        _DROPS: logic.expr(column.drops),
        _RESTS: logic.number(column.support()),
        _MAYBE: logic.expr(maybe),
    }


def _of_each(builder: Interpreter, asked: Asked, source: Source, scene: Scene) -> tuple[Column, Truth]:
    """What each place beneath gives, and where it is met and perhaps not even required."""
    if isinstance(asked, SubPlaceMeasure):
        return builder.part(asked.that, source, scene), False
    body = builder.part(asked.require, source, scene)
    if asked.exception is None:
        return body, False
    logic, verdicts = builder.logic, builder.verdicts
    exception = builder.part(asked.exception, source, scene)
    excepted, unsure = verdicts.met(exception), verdicts.open(exception)
    so = logic.choose(logic.both(unsure, verdicts.not_met(body)), None, body.so)
    drops = logic.either(excepted, body.drops)

    def support() -> Any:
        own, its = body.support(), exception.support()
        both = verdicts.weakest([(True, own), (logic.negated(unsure), its)])
        return logic.pick(excepted, its, both)

    return Column(so, drops, support=support), logic.both(unsure, verdicts.met(body))


# --- all together -----------------------------------------------------------------------------------------------


def counts(engine: Any, asked: Asked, name: str) -> list[Any]:
    """What the places beneath one place give together, in columns that `filled` reads under this name."""
    so, drops, rests, maybe = (engine.col(each) for each in (_SO, _DROPS, _RESTS, _MAYBE))
    one, none, nothing = (engine.lit(value, dtype=engine.Int64) for value in (1, 0, None))
    met = (~drops & so).fill_null(value=False)
    failing = (~drops & ~so).fill_null(value=False)
    open_ = ~drops & so.is_null()
    decided = ~open_ if isinstance(asked, SubPlaceMeasure) else met | drops
    said = rests >= STATEMENT

    def how_many(where: Any) -> Any:
        return engine.when(where).then(one).otherwise(none).sum()

    def of(where: Any, number: Any) -> Any:
        return engine.when(where).then(number).otherwise(nothing)

    found = {
        "met": how_many(met),
        "failing": how_many(failing),
        "open": how_many(open_),
        "dropped": how_many(drops),
        "members": engine.len(),
        "maybe": how_many(met & maybe),
        "grade": of(decided, engine.when(said).then(rests - STATEMENT).otherwise(rests)).max(),
        "said": how_many(decided & said),
        "best": of(failing & (rests >= 0), rests).min(),
    }
    return [each.alias(f"{name}:{key}") for key, each in found.items()]


def filled(engine: Any, names: Iterable[str]) -> list[Any]:
    """What was counted in columns that `together` reads, once it was joined: where nothing is beneath, nothing was."""

    def number(name: str, key: str, otherwise: int = 0) -> Any:
        count = engine.col(f"{name}:{key}").cast(engine.Int64)
        return engine.when(count.is_null()).then(engine.lit(otherwise, dtype=engine.Int64)).otherwise(count)

    found = []
    for name in names:
        statement, none = (engine.lit(value, dtype=engine.Int64) for value in (STATEMENT, 0))
        said = engine.when(number(name, "said") > 0).then(statement).otherwise(none)
        numbers = {key: number(name, key) for key in _NUMBERS}
        numbers["weakest"] = number(name, "grade", NO_SUPPORT) + said
        numbers["best"] = number(name, "best", NO_SUPPORT)
        found += [each.alias(f"{name} {key}") for key, each in numbers.items()]
    return found


def together(builder: Interpreter, node: Requirement, source: Source, scene: Scene, name: str) -> Column:
    """The verdicts of a comparison or an *every* by what was counted; *builder* is for the table of places above."""
    numbers = {key: builder.logic.engine.col(f"{name} {key}") for key in (*_NUMBERS, "weakest", "best")}
    unknown, weakest = numbers["members"] == 0, numbers["weakest"]
    if isinstance(node, Every):
        return every_of(builder, scene, source, Beneaths(numbers, unknown, weakest, numbers["best"]))
    total = Counts(numbers["met"], numbers["open"], numbers["dropped"], numbers["members"], 0, lambda: weakest, unknown)
    assert isinstance(node, Compare)  # asked before  # noqa: S101
    measure = node.measure
    assert isinstance(measure, SubPlaceMeasure)  # asked before  # noqa: S101
    terms = terms_of(builder, node, source, scene)
    of = measure.of if measure.share else None
    return counted(builder, node, terms, total, of, may_drop=measure.that.may_drop)
