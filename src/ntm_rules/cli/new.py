"""``ntm-rules new``: a blank dossier for a set, with comments that say what goes where."""

from __future__ import annotations

import json as json_text
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from ntm_rules.cli.facts import option_words
from ntm_rules.cli.judging import find_rules
from ntm_rules.cli.parsing import argument, command, flag, option, year_option
from ntm_rules.cli.screen import STANDARD_OUTPUT, Screen, clean, to_json, writing
from ntm_rules.errors import UnknownNameError
from ntm_rules.explanation import Words, unit_word
from ntm_rules.messages import nearest
from ntm_rules.rulebook import places
from ntm_rules.vocabulary.criteria import CriteriaSet
from ntm_rules.vocabulary.facts import FactDefinition, PartList, operands
from ntm_rules.vocabulary.places import KINDS_OF_LEVEL, Level
from ntm_rules.vocabulary.requirements import Requirement

# Words that may stand in YAML without quotes, whatever reads it.
_PLAIN = re.compile(r"[^\W\d_]{2,}(?: [^\W\d_]+)*")
_WITH_DOCUMENT = "{value: 98.5 %, document: d1}"
_AS_RATIO = "{numerator: 1168, denominator: 1170}"
_KEYWORDS = frozenset({"yes", "no", "on", "off", "true", "false", "null"})


@command(
    "new",
    argument("set", metavar="set"),
    option("-o", "--output", metavar="file"),
    option("--place", metavar="name"),
    option("--district", metavar="name"),
    option("--province", metavar="name"),
    year_option("year"),
    flag("force"),
    flag("json"),
)
def new(
    screen: Screen,
    *,
    set: str,
    output: str | None,
    place: str | None,
    district: str | None,
    province: str | None,
    year: str | None,
    force: bool,
    json: bool,
) -> int:
    """Write a blank dossier."""
    rules = find_rules(set, None)
    output = output or STANDARD_OUTPUT
    named = {"name": place, "district": district, "province": province}
    known = {key: clean(value) for key, value in named.items() if value is not None}
    if province is not None:
        check_province(province, rules, year)
    if not force and output != STANDARD_OUTPUT and Path(output).exists():
        screen.error(screen.say("new_exists", file=output))
        return 2
    if json:
        page = to_json(_plain(rules, known, year)) + "\n"
    else:
        page = "".join(f"{line}".rstrip() + "\n" for line in _lines(rules, known, year, screen))
    with writing(output) as stream:
        stream.write(page)
    if output != STANDARD_OUTPUT:
        screen.line(screen.say("new_written", file=output))
    return 0


def check_province(province: str, rules: CriteriaSet, year: str | None) -> None:
    """
    A province that nobody knows is better told now than when the dossier is filled in.

    Raises:
        UnknownNameError: If there is none of that name on the map of the year, or of the set's time.
    """
    day = rules.in_force.last_day or rules.in_force.first_day
    map = places().map_on(day if year is None else date(int(year), 12, 31))
    if len(list(places().named(province, map))) != 1:
        names = (each.name for each in places().provinces if each.map == map)
        raise UnknownNameError(province, nearest(province, names))


# --- YAML -------------------------------------------------------------------------------------------------------


def _lines(rules: CriteriaSet, known: dict[str, str], year: str | None, screen: Screen) -> Iterator[str]:
    words = Words(rules, screen.lang)
    yield from _comment(screen.say("new_head", title=rules.title.in_(screen.lang)))
    yield "dossier: 1"
    yield "place:"
    yield f"  level: {rules.id.level.value}"
    yield f"  name: {_written(known.get('name'))}  # {screen.say('new_name')}"
    if "district" in known:
        yield f"  district: {_written(known['district'])}"
    else:
        yield f"  # district: {screen.say('new_district')}"
    yield f"  province: {_written(known.get('province'))}  # {screen.say('new_province')}"
    yield f"  # region: {screen.say('new_region')}"
    yield from _attributes(rules, words, screen)
    yield f"set: {rules.id}"
    yield f"year: {year or ''}  # {screen.say('new_year')}"
    yield f"status: real  # {screen.say('new_status')}"
    yield ""
    yield from _comment(screen.say("new_documents"))
    yield "documents:"
    title, issuer = screen.say("new_document_title"), screen.say("new_document_issuer")
    yield f"  # d1: {{title: {title}, issuer: {issuer}, dated: 2019}}"
    yield ""
    yield from _comment(screen.say("new_facts", with_document=_WITH_DOCUMENT, as_ratio=_AS_RATIO))
    yield "facts:"
    yield from _facts(rules, words, screen)
    yield ""
    yield from _comment(screen.say("new_attestations"))
    yield "attestations:"
    criterion = rules.criteria[0]
    by = screen.say("new_attested_by")
    yield f'  # "{criterion.number}": {{verdict: met, by: {by}, for: 2018-12-31, dated: 2019, document: d1}}'
    indicator = criterion.indicators[0].number
    yield f'  # "{criterion.number}/{indicator}": {{verdict: not_met, by: {by}, document: d1}}'
    if rules.id.level in _BENEATH:
        yield from _beneath(rules, screen)
    if rules.asks_of_other_years:
        yield ""
        yield from _comment(screen.say("new_earlier"))
        yield "# earlier:"
        yield "#   - {year: …, facts: {…}}"


#: For a level that has places beneath: their kinds, and where their dossiers may stand.
_BENEATH = {
    Level.DISTRICT: (("commune", "town"), "communes/phu-dinh.yaml"),
    Level.PROVINCE: (("district",), "districts/dinh-hoa.yaml"),
}


def _beneath(rules: CriteriaSet, screen: Screen) -> Iterator[str]:
    """The places beneath and the decisions of recognition, as comments."""
    kinds, file = _BENEATH[rules.id.level]
    yield ""
    yield from _comment(screen.say("new_sub_places"))
    yield "# sub_places:"
    yield f"#   count: {{{', '.join(f'{kind}: …' for kind in kinds)}}}"
    yield "#   list:"
    yield f"#     - {file}"
    yield ""
    yield from _comment(screen.say("new_reported"))
    yield "# reported:"
    yield "#   sub_places:"
    what, its_level = ("communes", "commune") if rules.id.level is Level.DISTRICT else ("districts", "district")
    yield f"#     - {{of: {what}, attains: {its_level}/standard/{rules.id.period}, met: …, document: d1}}"
    yield ""
    yield from _comment(screen.say("new_titles"))
    yield "# titles:"
    yield "#   complete: no"
    yield "#   list:"
    level = "commune" if rules.id.level is Level.DISTRICT else "district"
    title = f"set: {level}/standard/{rules.id.period}, decision: …, dated: 2019-12-30"
    yield f"#     - {{place: …, {title}}}"


def _attributes(rules: CriteriaSet, words: Words, screen: Screen) -> Iterator[str]:
    """What the set asks of the place itself, in the order of the register; all of it may stay unknown."""
    if "kind" in rules.used_attributes:
        kinds = ", ".join(KINDS_OF_LEVEL.get(rules.id.level, ()))
        yield f"  # kind:  # {words.attribute('kind')} ({kinds})"
    asked = [attribute for attribute in places().attributes if attribute.id in rules.used_attributes]
    if asked:
        yield f"  # attributes:  # {screen.say('new_attributes')}"
    for attribute in asked:
        values = ", ".join(id for id, _ in attribute.values) or screen.say("new_yes_no")
        title = attribute.title.in_(screen.lang)
        yield f"  #   {attribute.id}:  # {title} ({values})"


def _facts(rules: CriteriaSet, words: Words, screen: Screen) -> Iterator[str]:
    """Every fact under the first row that asks for it: the annex's, the conditions of recognition, then the axes."""
    users = _users(rules)
    asked: set[str] = set()
    for criterion in rules.criteria:
        yield ""
        yield f"  # {words.heading(criterion)}"
        for indicator in criterion.indicators:
            facts = rules.facts_read_by([indicator.require])
            if not facts:
                yield f"  # {words.heading(indicator)}: {screen.say('new_no_fact', number=indicator.number)}"
            for fact in facts:
                if fact not in asked:
                    asked.add(fact)
                    yield from _fact(rules.catalogue[fact], users[fact], screen)
    for heading, trees in (("new_condition_facts", _conditions(rules)), ("new_axis_facts", _axis_rules(rules))):
        left = [fact for fact in rules.facts_read_by(trees) if fact not in asked]
        asked.update(left)
        if left:
            yield ""
            yield f"  # {screen.say(heading)}"
        for fact in left:
            yield from _fact(rules.catalogue[fact], [], screen)


def _users(rules: CriteriaSet) -> dict[str, list[str]]:
    """Every fact with the numbers of the indicators that ask for it; with none where only something else does."""
    users: dict[str, list[str]] = {}
    for _, indicator in rules.indicators:
        for fact in rules.facts_read_by([indicator.require]):
            users.setdefault(fact, []).append(indicator.number)
    for fact in rules.facts_read_by([*_conditions(rules), *_axis_rules(rules)]):
        users.setdefault(fact, [])
    return users


def _conditions(rules: CriteriaSet) -> list[Requirement]:
    return [condition.require for condition in rules.preconditions]


def _axis_rules(rules: CriteriaSet) -> list[Requirement]:
    return [rule.when for axis in rules.axes for rule in axis.rules if rule.when is not None]


def _fact(fact: FactDefinition, users: list[str], screen: Screen) -> Iterator[str]:
    title, unit = fact.title.in_(screen.lang), _answer(fact, screen)
    if users:
        yield f"  # {screen.say('new_fact', numbers=', '.join(users), title=title, unit=unit)}"
    else:
        yield f"  # {title} ({unit})"
    if fact.parts is not None:
        yield f"  # {screen.say('new_parts', by=fact.parts.title.in_(screen.lang), example=_with_parts(fact.parts))}"
    if fact.derived is not None:
        yield f"  # {screen.say('new_derived', facts=', '.join(operands(fact.derived)))}"
    if fact.unstated:
        yield f"  # {screen.say('new_definition_unstated')}"
    yield f"  {fact.id}:"


def _answer(fact: FactDefinition, screen: Screen) -> str:
    """What may be given for a fact, in short."""
    options = fact.values if fact.scale is None else fact.scale.steps
    if options:
        return option_words(options, screen)
    return screen.say("new_yes_no") if fact.unit is None else unit_word(fact.unit, screen.lang)


def _with_parts(parts: PartList) -> str:
    """How a fact is written that is told by parts."""
    names = [part.id for part in parts.parts or ()] or ["…"]
    return "{parts: {" + ", ".join(f"{name}: …" for name in names) + "}}"


def _comment(words: str) -> Iterator[str]:
    return (f"# {line}" for line in words.splitlines())


def _written(value: str | None) -> str:
    """A value as YAML: as it is where that is safe, else in the quotes of JSON, which YAML reads too."""
    if value is None:
        return ""
    if _PLAIN.fullmatch(value) and value.casefold() not in _KEYWORDS:
        return value
    return json_text.dumps(value, ensure_ascii=False)


# --- JSON -------------------------------------------------------------------------------------------------------


def _plain(rules: CriteriaSet, known: dict[str, str], year: str | None) -> dict[str, Any]:
    """The same without comments; what is to be filled in is null."""
    return {
        "dossier": 1,
        "place": {"level": rules.id.level.value, "name": None, "province": None} | known,
        "set": str(rules.id),
        "year": year,
        "status": "real",
        "documents": {},
        "facts": dict.fromkeys(_users(rules)),
        "attestations": {},
    }
