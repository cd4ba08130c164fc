"""``ntm-rules facts``: the catalogue of facts, searched with or without diacritics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from ntm_rules.cli.parsing import argument, command, flag
from ntm_rules.cli.screen import Screen
from ntm_rules.explanation import Words, unit_word
from ntm_rules.language.catalogues import write_derivation
from ntm_rules.messages import decimal_text, fold, nearest, text
from ntm_rules.rulebook import facts as catalogue
from ntm_rules.rulebook import sets
from ntm_rules.vocabulary.facts import FactCatalogue, FactDefinition, Option, PartList
from ntm_rules.vocabulary.quantities import plain_number
from ntm_rules.vocabulary.text import Text


@command("facts", argument("words", metavar="word", many=True, required=False), flag("json"))
def facts(screen: Screen, *, words: tuple[str, ...], json: bool) -> int:
    """Search the catalogue."""
    found = [fact for fact in catalogue() if _matches(fact, words)]
    uses = _uses()
    if json:
        screen.json([_plain(fact, uses.get(fact.id, [])) for fact in found])
        return 0
    if not found:
        near = _nearest(words)
        hint = "" if near is None else " " + text("problem.nearest", screen.lang, nearest=near)
        screen.line(screen.say("facts_none", words=" ".join(words)) + hint)
        return 0
    for at, fact in enumerate(found):
        if at:
            screen.line()
        screen.page("\n".join(_lines(fact, uses.get(fact.id, []), screen)))
    return 0


def _names(fact: FactDefinition) -> tuple[str, str, str]:
    return (fact.id, fact.title.vi, fact.title.en)


def _matches(fact: FactDefinition, words: tuple[str, ...]) -> bool:
    """Whether every word stands in the id or in a title."""
    names = [fold(name) for name in (*_names(fact), fact.id.replace("_", " "))]
    return all(any(fold(word) in name for name in names) for word in words)


def _nearest(words: tuple[str, ...]) -> str | None:
    """The fact's id or title, or else the single words of one, that was most likely meant."""
    names = [name for fact in catalogue() for name in _names(fact)]
    whole = nearest(" ".join(words), names)
    if whole is not None:
        return whole
    single = [word for name in names for word in name.replace("_", " ").split()]
    guessed = [nearest(part, single) for word in words for part in word.split()]
    return " ".join(word for word in guessed if word is not None) or None


def _uses() -> dict[str, list[str]]:
    """The indicators that read each fact, by address."""
    uses: dict[str, list[str]] = {}
    for rules in sets():
        for _, indicator in rules.indicators:
            read = (fact for node in indicator.require.walk() for fact in node.facts)
            for fact in rules.catalogue.with_operands(read):
                uses.setdefault(fact, []).append(rules.address(indicator))
    return uses


def _lines(fact: FactDefinition, uses: list[str], screen: Screen) -> Iterator[str]:
    lang = screen.lang
    yield fact.title.in_(lang)
    yield "  " + screen.say("facts_id", id=fact.id)
    yield "  " + _answer(fact, screen)
    if fact.parts is not None:
        yield "  " + screen.say("facts_parts", by=fact.parts.title.in_(lang), parts=part_words(fact.parts, screen))
    if fact.derived is not None:
        words = Words(attrs.evolve(sets()[0], catalogue=FactCatalogue(tuple(catalogue()))), lang)
        formula = words.formula(fact.derived)
        yield "  " + screen.say("facts_derived", formula=formula)
    if fact.unstated:
        yield "  " + screen.say("facts_definition_unstated")
    parts = {
        "facts_definition": fact.definition,
        "facts_numerator": fact.numerator,
        "facts_denominator": fact.denominator,
        "facts_reported_by": fact.reported_by,
    }
    yield from ("  " + screen.say(key, words=words.in_(lang)) for key, words in parts.items() if words is not None)
    if fact.timeless:
        yield "  " + screen.say("facts_timeless")
    by_set: dict[str, list[str]] = {}
    for address in uses:
        name, _, local = address.partition("#")
        by_set.setdefault(name, []).append(local.partition("/")[2])
    for name, numbers in by_set.items():
        yield "  " + screen.say("facts_used", set=name, numbers=", ".join(numbers))
    if not uses:
        yield "  " + screen.say("facts_unused")


def _answer(fact: FactDefinition, screen: Screen) -> str:
    """What may be given for a fact."""
    if fact.scale is not None:
        return screen.say("facts_steps", steps=option_words(fact.scale.steps, screen))
    if fact.values:
        return screen.say("facts_values", values=option_words(fact.values, screen))
    if fact.unit is None:
        return screen.say("facts_yes_no")
    return screen.say("facts_unit", unit=unit_word(fact.unit, screen.lang), range=_range(fact, screen))


def option_words(options: Iterable[Option], screen: Screen) -> str:
    """Named values as a dossier may write them, each with its title."""
    return ", ".join(f"{option.id} ({option.title.in_(screen.lang)})" for option in options)


def part_words(parts: PartList, screen: Screen) -> str:
    """The parts of a list, or that the list is not at hand."""
    return screen.say("facts_parts_unstated") if parts.parts is None else option_words(parts.parts, screen)


def _range(fact: FactDefinition, screen: Screen) -> str:
    low, high = (None if each is None else decimal_text(each, screen.lang) for each in (fact.minimum, fact.maximum))
    if low is not None and high is not None:
        return screen.say("facts_between", low=low, high=high)
    if low is not None:
        return screen.say("facts_from", low=low)
    return "" if high is None else screen.say("facts_up_to", high=high)


def _plain(fact: FactDefinition, uses: list[str]) -> dict[str, Any]:
    def words(each: Text | None) -> dict[str, str] | None:
        return None if each is None else {"vi": each.vi, "en": each.en}

    def listed(options: Iterable[Option]) -> list[dict[str, Any]]:
        return [{"id": option.id, "title": words(option.title)} for option in options]

    def parts(each: PartList) -> dict[str, Any]:
        return {"id": each.id, "title": words(each.title), "parts": None if each.parts is None else listed(each.parts)}

    return {
        "fact": fact.id,
        "title": words(fact.title),
        "kind": fact.kind.value,
        "unit": fact.unit,
        "minimum": None if fact.minimum is None else plain_number(fact.minimum),
        "maximum": None if fact.maximum is None else plain_number(fact.maximum),
        "scale": None if fact.scale is None else fact.scale.id,
        "steps": [] if fact.scale is None else listed(fact.scale.steps),
        "values": listed(fact.values),
        "parts": None if fact.parts is None else parts(fact.parts),
        "derived": None if fact.derived is None else write_derivation(fact.derived),
        "definition": words(fact.definition),
        "definition_unstated": fact.unstated,
        "numerator": words(fact.numerator),
        "denominator": words(fact.denominator),
        "reported_by": words(fact.reported_by),
        "evidence": fact.evidence.value,
        "timeless": fact.timeless,
        "used_by": uses,
    }
