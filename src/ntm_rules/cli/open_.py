"""``ntm-rules open``: a blank decision for what a set leaves to a province or ministry, ready to fill in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from ntm_rules.cli.judging import find_rules
from ntm_rules.cli.parsing import argument, authority_option, command, day_option, flag, option
from ntm_rules.cli.screen import STANDARD_OUTPUT, Screen, to_json, writing
from ntm_rules.errors import UnknownNameError
from ntm_rules.explanation import Words
from ntm_rules.explanation.words import unit_word
from ntm_rules.language import to_yaml
from ntm_rules.language.nodes import Plain
from ntm_rules.messages import nearest, text
from ntm_rules.rulebook import places
from ntm_rules.rulebook.coverage import OpenPart, open_parts
from ntm_rules.vocabulary.criteria import CriteriaSet
from ntm_rules.vocabulary.requirements import Authority, Compare


@command(
    "open",
    argument("set", metavar="set"),
    authority_option("decided_by"),
    option("--province", metavar="name"),
    day_option("on"),
    option("-o", "--output", metavar="file"),
    flag("force"),
    flag("json"),
)
def open_(
    screen: Screen,
    *,
    set: str,
    decided_by: str,
    province: str | None,
    on: date | None,
    output: str | None,
    force: bool,
    json: bool,
) -> int:
    """Write a blank decision."""
    rules = find_rules(set, on)
    to = Authority(decided_by)
    output = output or STANDARD_OUTPUT
    territory = None if province is None else _province(province, rules)
    parts = list(open_parts(rules, to))
    if not parts:
        screen.error(screen.say("open_nothing", set=rules.id, authority=text(f"authority.{to.value}", screen.lang)))
        return 2
    if not force and output != STANDARD_OUTPUT and Path(output).exists():
        screen.error(screen.say("new_exists", file=output))
        return 2
    if json:
        page = to_json(_plain(rules, to, territory, parts)) + "\n"
    else:
        page = "".join(f"{line.rstrip()}\n" for line in _lines(rules, to, territory, parts, screen))
    with writing(output) as stream:
        stream.write(page)
    if output != STANDARD_OUTPUT:
        screen.line(screen.say("new_written", file=output))
    return 0


def _province(name: str, rules: CriteriaSet) -> str:
    """
    The id of a province on the map of the set's time.

    Raises:
        UnknownNameError: If there is none of that name.
    """
    map = places().map_on(rules.in_force.last_day or rules.in_force.first_day)
    found = list(places().named(name, map))
    if len(found) != 1:
        names = (each.name for each in places().provinces if each.map == map)
        raise UnknownNameError(name, nearest(name, names))
    return found[0].id


def _lines(
    rules: CriteriaSet, to: Authority, territory: str | None, parts: list[OpenPart], screen: Screen
) -> Iterator[str]:
    words = Words(rules, screen.lang)
    head = screen.say(
        "open_head", title=rules.title.in_(screen.lang), authority=text(f"authority.{to.value}", screen.lang)
    )
    yield from (f"# {line}" for line in head.splitlines())
    yield f"revision:  # {screen.say('open_id')}"
    yield f"revises: {rules.id}"
    yield f"authority: {to.value}"
    yield f"title: {{vi: , en: }}  # {screen.say('open_title')}"
    yield f"instrument:  # {screen.say('open_instrument')}"
    if to is Authority.PROVINCE:
        yield f"territory: {territory or ''}  # {screen.say('open_territory')}"
    yield f"issued:  # {screen.say('open_issued')}"
    yield f"in_force: {{from: }}  # {screen.say('open_in_force')}"
    yield f"evidence: recalled  # {screen.say('open_evidence')}"
    yield "edits:"
    at = None
    for part in parts:
        if part.at != at:
            at = part.at
            yield ""
            yield f"  # {words.heading(part.indicator)}"
            yield f"  # {screen.say('open_source', citation=words.citation(rules.cite(part.indicator.source)))}"
        yield from _edit(part, words, screen)


def _placed(part: OpenPart) -> dict[str, Plain]:
    """The edit that would fill in a part, as it stands while nothing is filled in."""
    edit: dict[str, Plain] = {"edit": "set_cell" if isinstance(part.node, Compare) else "set_requirement"}
    edit["at"] = part.at
    if part.part:
        edit["part"] = list(part.part)
    if part.row:
        edit["row"] = list(part.row)
    left: dict[str, Plain] = {"decided_by": part.to.value}
    if part.floor is not None:
        left["floor"] = part.floor.written()
    return edit | {"to": left}


def _edit(part: OpenPart, words: Words, screen: Screen) -> Iterator[str]:
    if isinstance(part.node, Compare):
        sign = words.say(f"sign_word.{part.node.sign.value}")
        id = part.node.unit(words.rules.catalogue)
        unit = unit_word(id, screen.lang) if id else ""
        yield f"  # {screen.say('open_fact', title=words.measure(part.node.measure), sign=sign, unit=unit)}"
        if part.floor is not None:
            yield f"  # {screen.say('open_floor', floor=words.quantity(part.floor))}"
        hint = screen.say("open_cell", unit=unit)
    else:
        hint = screen.say("open_requirement")
    for number, (key, value) in enumerate(_placed(part).items()):
        if key == "to":
            yield f"    # cite: Article 2  # {screen.say('open_cite')}"
        written = value if isinstance(value, str) else to_yaml(value).strip()
        yield f"  {'-' if number == 0 else ' '} {key}: {written}" + (f"  # {hint}" if key == "to" else "")


def _plain(rules: CriteriaSet, to: Authority, territory: str | None, parts: list[OpenPart]) -> dict[str, Any]:
    """The same without comments; what is to be filled in is null."""
    return {
        "revision": None,
        "revises": str(rules.id),
        "authority": to.value,
        "title": {"vi": None, "en": None},
        "instrument": None,
        **({"territory": territory} if to is Authority.PROVINCE else {}),
        "issued": None,
        "in_force": {"from": None},
        "evidence": "recalled",
        "edits": [_placed(part) for part in parts],
    }
