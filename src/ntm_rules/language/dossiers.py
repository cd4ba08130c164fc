"""Dossiers between document and value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from collections.abc import Mapping as MappingType
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import attrs

from ntm_rules.errors import DocumentError, DossierError, NtmRulesError, ProblemCode, Where
from ntm_rules.language.beneath import Shelf, read_reported, read_sub_places, read_titles
from ntm_rules.language.builder import SOME_DAY, Builder
from ntm_rules.language.earlier import NO_TRAIL, Trail, read_earlier
from ntm_rules.language.forms import read_document
from ntm_rules.language.lineage import parse_lineage
from ntm_rules.language.nodes import Mapping, Node, Scalar, Sequence
from ntm_rules.language.places import kind_named, province_named
from ntm_rules.language.register import parse_register, read_complete
from ntm_rules.language.titles import documents_of, partial_date, write_document, written_title
from ntm_rules.messages import fold
from ntm_rules.vocabulary.criteria import APPLIES_TO, PRECONDITION, CriteriaSet
from ntm_rules.vocabulary.dossiers import Attestation, Dossier, FactValue, Reported, Status, SubPlaces
from ntm_rules.vocabulary.facts import FactCatalogue, FactDefinition, FactKind, Option, PartList, find_option
from ntm_rules.vocabulary.lineage import Lineage, changes_of_provinces
from ntm_rules.vocabulary.places import Level, Place, PlaceAttribute, PlaceRegister, Province
from ntm_rules.vocabulary.quantities import (
    EXACT,
    MOST_DIGITS,
    UNITS,
    Quantity,
    agrees,
    find_unit,
    parse_number,
    plain_number,
)
from ntm_rules.vocabulary.register import Register
from ntm_rules.vocabulary.verdicts import Verdict

# Words for yes and no, folded.
YES = frozenset({"yes", "true", "co", "dat"})
NO = frozenset({"no", "false", "khong", "khong dat"})

_HUNDRED = Decimal(100)


def parse_dossier(node: Node, shelf: Shelf, file: str | None = None, trail: Trail = NO_TRAIL) -> Dossier:
    """
    Build a dossier from a document that was read.

    Args:
        node: The document.

        shelf: What is needed to know of the library.

        file: Where it was read from.

        trail: What led there from dossiers of other years, or of places above.

    Raises:
        DossierError: With everything that is wrong, each with its place.
    """
    builder = Builder.of(node, "dossier")
    year = builder.number(node, "year")
    last_day = _last_day(node, year, builder)
    on = builder.day(node, "on") or last_day
    day = SOME_DAY if on is None else on
    documents = documents_of(node, builder)
    names = frozenset(document.id for document in documents)
    rules = _rules(node, day, shelf, builder)
    place = _place(node, on, shelf.places, builder)
    level = builder.child(builder.mapping(node, "place"), "level")
    if rules is not None and level is not None and builder.shape.usable(level) and place.level is not rules.id.level:
        builder.problem(ProblemCode.WRONG_LEVEL, level.where, level=place.level.value, wanted=rules.id.level.value)
    overlays = (each.text or "" for each in builder.items(node, "overlays") if isinstance(each, Scalar))
    dossier = Dossier(
        place=place,
        year=year,
        on=day,
        set_id=builder.text(node, "set"),
        status=builder.choice(Status, node, "status", Status.REAL),
        facts=tuple(_facts(node, shelf.catalogue, names, builder)),
        attestations=tuple(_attestations(node, rules, _others(rules, day, shelf), names, builder)),
        documents=documents,
        reported=tuple(_reported(node, rules, names, builder)),
        note=builder.text(node, "note"),
        # Beside the dossier, wherever that is read from.
        overlays=tuple(str(Path(file or "").parent / overlay) for overlay in overlays),
        parents=tuple(_parents(node, place, shelf.catalogue, names, builder)),
        file=file,
    )
    beyond = (Trail() if trail is NO_TRAIL else trail).beyond(file)
    beneath = read_sub_places(
        node, dossier, shelf.places, builder, lambda below, its_file: parse_dossier(below, shelf, its_file, beyond)
    )
    dossier = attrs.evolve(dossier, sub_places=beneath)
    complete, complete_sets = read_complete(builder.mapping(node, "titles"), shelf.sets, builder)
    dossier = attrs.evolve(
        dossier,
        reported_beneath=read_reported(node, dossier, shelf, builder),
        earlier=read_earlier(
            node,
            dossier,
            shelf.places,
            builder,
            trail=beyond,
            read=lambda before, its_file, way: parse_dossier(before, shelf, its_file, way),
        ),
        titles=read_titles(node, dossier, shelf.sets, builder),
        titles_complete=complete,
        complete_sets=complete_sets,
    )
    dossier = _laid(node, dossier, shelf, builder)
    builder.finish(DossierError)
    return dossier


# --- a register and a lineage beside the dossier ----------------------------------------------------------------


def _laid(node: Node, dossier: Dossier, shelf: Shelf, builder: Builder) -> Dossier:
    """The dossier with what the register and the lineage say that it names."""
    register = _beside(
        node, "register", dossier, builder, lambda found, file: parse_register(found, shelf.sets, shelf.places, file)
    )
    lineage = _beside(node, "lineage", dossier, builder, lambda found, file: parse_lineage(found, shelf.places, file))
    if register is None and lineage is None:
        return dossier
    try:
        lineage = (lineage or Lineage()).joined(changes_of_provinces(shelf.places))
        return (register or Register()).under(dossier, lineage)
    except DossierError as error:
        where = _where(node, "register")
        builder.problems += [attrs.evolve(each, where=where) for each in error.problems]
        return dossier


def _beside(
    node: Node, key: str, dossier: Dossier, builder: Builder, read: Callable[[Node, str], _Read]
) -> _Read | None:
    """What stands in the file that is named under *key*, beside the dossier; all that is wrong with it is told."""
    name = builder.text(node, key)
    if name is None:
        return None
    path = str(Path(dossier.file or "").parent / name)
    try:
        return read(read_document(path), path)
    except DocumentError as error:
        where = _where(node, key)
        builder.problems += [
            attrs.evolve(each, where=where) if each.code is ProblemCode.UNREADABLE else each for each in error.problems
        ]
        return None


_Read = TypeVar("_Read")


def _where(node: Node | None, key: str) -> Where:
    """The place of what stands under *key*."""
    found = node.get(key) if isinstance(node, Mapping) else None
    return Where() if found is None else found.where


def _last_day(node: Node, year: int, builder: Builder) -> date | None:
    """The last day of the year; None where no year could be read."""
    if year:
        return date(year, 12, 31)
    if builder.text(node, "year") is not None:
        builder.problem(ProblemCode.NOT_A_DATE, _where(node, "year"), seen=builder.text(node, "year"))
    return None


def _rules(node: Node, on: date, shelf: Shelf, builder: Builder) -> CriteriaSet | None:
    """The set that the dossier names; None where it names none, or one that does not exist."""
    name = builder.text(node, "set")
    if name is None:
        return None
    try:
        return shelf.find_set(name, on)
    except NtmRulesError:
        builder.unknown(ProblemCode.UNKNOWN_SET, name, _where(node, "set"), shelf.set_names)
        return None


# --- the place --------------------------------------------------------------------------------------------------


def _place(node: Node, on: date | None, places: PlaceRegister, builder: Builder) -> Place:
    found = builder.mapping(node, "place")
    level = builder.choice(Level, found, "level", Level.COMMUNE)
    if on is not None and not places.has_level(level, on):
        builder.problem(ProblemCode.LEVEL_NOT_ON_MAP, _where(found, "level"), level=level.value, on=on)
    kind = kind_named(found, level, builder)
    province = province_named(found, on, places, builder)
    region = _region(found, province, places, builder)
    return Place(
        level,
        builder.text(found, "name") or "",
        builder.text(found, "district"),
        province.id if province is not None else None,
        region,
        tuple(_attributes(found, places, builder)),
        kind,
    )


def _region(node: Mapping | None, province: Province | None, places: PlaceRegister, builder: Builder) -> str | None:
    """The region that is stated, or that of the province; the two must agree."""
    stated = builder.text(node, "region")
    if stated is None:
        if node is not None and builder.child(node, "province") is None:
            builder.problem(ProblemCode.NO_REGION, node.where)
        return province.region if province is not None else None
    where = _where(node, "region")
    by_name = {fold(title): region for region, words in places.regions for title in (region, words.vi, words.en)}
    region = by_name.get(fold(stated))
    if region is None:
        titles = [title for region, words in places.regions for title in (region, words.vi, words.en)]
        builder.unknown(ProblemCode.UNKNOWN_REGION, stated, where, titles)
        return None
    if province is not None and province.region not in (None, region):
        builder.problem(
            ProblemCode.REGION_CONFLICT, where, region=region, province=province.name, of_province=province.region
        )
    return region


def _attributes(node: Mapping | None, places: PlaceRegister, builder: Builder) -> list[tuple[str, bool | str]]:
    known = {attribute.id: attribute for attribute in places.attributes}
    attributes: list[tuple[str, bool | str]] = []
    for name, where, value in builder.entries(node, "attributes"):
        if builder.known(ProblemCode.UNKNOWN_ATTRIBUTE, name, where, known) and isinstance(value, Scalar):
            attribute = known[name]
            said = _listed(attribute, value, builder) if attribute.values else _statement(value, builder)
            if said is not None:
                attributes.append((name, said))
    return attributes


def _listed(attribute: PlaceAttribute, node: Scalar, builder: Builder) -> str | None:
    """The value of a closed list that is meant, by its id or its title in either language."""
    by_name = {fold(name): id for id, title in attribute.values for name in (id, title.vi, title.en)}
    value = by_name.get(fold(node.text or ""))
    if value is None:
        names = [name for id, title in attribute.values for name in (id, title.vi, title.en)]
        ids = ", ".join(id for id, _ in attribute.values)
        builder.unknown(
            ProblemCode.UNKNOWN_ATTRIBUTE_VALUE, node.text or "", node.where, names, attribute=attribute.id, values=ids
        )
    return value


# --- documents, dates -------------------------------------------------------------------------------------------


def _document_of(node: Node, names: frozenset[str], builder: Builder) -> str | None:
    name = builder.text(node, "document")
    if name is not None:
        builder.known(ProblemCode.UNKNOWN_DOCUMENT, name, _where(node, "document"), sorted(names))
    return name


# --- facts ------------------------------------------------------------------------------------------------------


def _facts(node: Node, catalogue: FactCatalogue, documents: frozenset[str], builder: Builder) -> list[FactValue]:
    values = []
    ids = [fact.id for fact in catalogue]
    for name, where, value in builder.entries(node, "facts"):
        if not builder.known(ProblemCode.UNKNOWN_FACT, name, where, ids) or not builder.shape.usable(value):
            continue
        read = _fact_value(catalogue[name], value, documents, builder)
        if read is not None:
            values.append(read)
    return values


def _parents(
    node: Node, place: Place, catalogue: FactCatalogue, documents: frozenset[str], builder: Builder
) -> Iterator[tuple[Level, tuple[FactValue, ...]]]:
    """What is said of the district and the province that a place is in."""
    levels = list(Level)
    for name, where, found in builder.entries(node, "parents"):
        if not builder.shape.usable(found):
            continue
        level = Level(name)
        if levels.index(level) <= levels.index(place.level):
            builder.problem(ProblemCode.NOT_ABOVE, where, level=name, place=place.level.value)
        yield level, tuple(_facts(found, catalogue, documents, builder))


def _fact_value(fact: FactDefinition, node: Node, documents: frozenset[str], builder: Builder) -> FactValue | None:
    parts = builder.child(node, "parts")
    told = _parts(fact, parts, documents, builder) if parts is not None else ()
    read = _value(fact, node, documents, builder)
    if told and read is None and builder.child(node, "value") is None:
        read = _with_own(FactValue(fact.id), node, documents, builder)
    return None if read is None else attrs.evolve(read, parts=told)


def _value(fact: FactDefinition, node: Node, documents: frozenset[str], builder: Builder) -> FactValue | None:
    """What is said of a fact, or of one part of it."""
    bare = node if isinstance(node, Scalar) else builder.child(node, "value")
    read: FactValue | None = None
    if fact.kind is FactKind.NUMBER:
        read = _figure(fact, node, bare, builder)
    elif isinstance(bare, Scalar):
        read = _READERS[fact.kind](fact, bare, builder)
    elif builder.child(node, "parts") is None:
        builder.problem(ProblemCode.MISSING_KEY, node.where, key="value")
    return None if read is None else _with_own(read, node, documents, builder)


def _with_own(read: FactValue, node: Node, documents: frozenset[str], builder: Builder) -> FactValue:
    """The value with its own period and document."""
    for_ = partial_date(node, "for", builder)
    return attrs.evolve(read, for_=for_, document=_document_of(node, documents, builder))


def _parts(fact: FactDefinition, node: Node, documents: frozenset[str], builder: Builder) -> tuple[FactValue, ...]:
    """What is said of each part of a fact that is told by parts."""
    if fact.parts is None:
        builder.problem(ProblemCode.UNKNOWN_KEY, node.where, key="parts")
        return ()
    told: list[FactValue] = []
    first: dict[str, Scalar] = {}
    for name, value in node.entries if isinstance(node, Mapping) else ():
        part = part_named(fact.parts, name.text or "")
        if part is None:
            names = (each for option in fact.parts.parts or () for each in _names(option))
            builder.unknown(ProblemCode.UNKNOWN_PART, name.text or "", name.where, names, parts=fact.parts.id)
        elif first.setdefault(part, name) is not name:
            line = first[part].where.line or "?"
            builder.problem(ProblemCode.DUPLICATE_KEY, name.where, key=name.text, first_line=line)
        elif not (isinstance(value, Scalar) and value.text is None) and builder.shape.usable(value):
            read = _value(fact, value, documents, builder)
            told += [] if read is None else [attrs.evolve(read, part=part)]
    return tuple(told)


# The name of a part whose list is not at hand.
_PART = re.compile(r"[a-z][a-z0-9_]*")


def part_named(parts: PartList, written: str) -> str | None:
    """The id of the part that is written; where the law's list is not at hand, any name will do."""
    if parts.parts is None:
        return written if _PART.fullmatch(written) else None
    option = find_option(parts.parts, written)
    return None if option is None else option.id


def _names(option: Option) -> tuple[str, str, str]:
    return (option.id, option.title.vi, option.title.en)


def _yes_or_no(fact: FactDefinition, node: Scalar, builder: Builder) -> FactValue | None:
    statement = _statement(node, builder)
    return None if statement is None else FactValue(fact.id, statement=statement)


def _step(fact: FactDefinition, node: Scalar, builder: Builder) -> FactValue | None:
    assert fact.scale is not None  # ordinal facts have one  # noqa: S101
    step = fact.scale.step(node.text or "")
    if step is not None:
        return FactValue(fact.id, step=step)
    names = (each for option in fact.scale.steps for each in _names(option))
    builder.unknown(ProblemCode.NOT_A_STEP, node.text or "", node.where, names, scale=fact.scale.id)
    return None


def _category(fact: FactDefinition, node: Scalar, builder: Builder) -> FactValue | None:
    option = find_option(fact.values, node.text or "")
    if option is not None:
        return FactValue(fact.id, option=option.id)
    names = (each for value in fact.values for each in _names(value))
    builder.unknown(ProblemCode.NOT_A_VALUE, node.text or "", node.where, names, fact=fact.id)
    return None


_READERS = {FactKind.YES_NO: _yes_or_no, FactKind.ORDINAL: _step, FactKind.CATEGORY: _category}


def _statement(node: Scalar, builder: Builder) -> bool | None:
    word = fold(node.text or "")
    if word not in YES | NO:
        builder.problem(ProblemCode.NOT_YES_NO, node.where, seen=node.text)
        return None
    return word in YES


def _figure(fact: FactDefinition, node: Node, bare: Node | None, builder: Builder) -> FactValue | None:
    before = len(builder.problems)
    quantity = _quantity(fact, node, bare, builder) if isinstance(bare, Scalar) else None
    numerator, denominator = builder.decimal(node, "numerator"), builder.decimal(node, "denominator")
    if len(builder.problems) > before:
        return None
    if numerator is None or denominator is None:
        return None if quantity is None else FactValue(fact.id, quantity)
    if fact.unit != "percent":
        builder.problem(
            ProblemCode.UNIT_MISMATCH, _where(node, "numerator"), seen="numerator/denominator", unit=fact.unit
        )
        return None
    if not 0 <= numerator <= denominator:
        builder.problem(
            ProblemCode.PART_ABOVE_WHOLE, _where(node, "numerator"), numerator=numerator, denominator=denominator
        )
        return None
    if quantity is not None and not agrees(quantity.value, EXACT.multiply(numerator, _HUNDRED), denominator):
        builder.problem(
            ProblemCode.VALUES_DISAGREE,
            node.where,
            value=quantity.value,
            numerator=numerator,
            denominator=denominator,
        )
        return None
    return FactValue(fact.id, quantity, numerator, denominator)


def _quantity(fact: FactDefinition, node: Node, bare: Scalar, builder: Builder) -> Quantity | None:
    written = bare.text or ""
    unit = builder.text(node, "unit")
    if unit is not None:
        # JSON writes the unit beside the value.
        if find_unit(unit) is None:
            spellings = (each for known in UNITS.values() for each in (known.id, *known.spellings))
            builder.unknown(ProblemCode.UNIT_UNKNOWN, unit, _where(node, "unit"), spellings)
            return None
        number = builder.attempt(bare, parse_number)
        if number is None:
            return None
        written = f"{number:f} {unit}"
    elif _looks_like_a_fraction(written, fact):
        share = plain_number(EXACT.multiply(Decimal(written.strip()), _HUNDRED))
        builder.problem(ProblemCode.SHARE_AS_FRACTION, bare.where, seen=written, share=share)
        return None
    quantity = builder.quantity(attrs.evolve(bare, text=written), fact.unit)
    if quantity is None:
        return None
    low, high = fact.minimum, fact.maximum
    if (low is not None and quantity.value < low) or (high is not None and quantity.value > high):
        builder.problem(
            ProblemCode.OUT_OF_RANGE,
            bare.where,
            seen=bare.text,
            fact=fact.id,
            least="-∞" if low is None else plain_number(low),
            most="∞" if high is None else plain_number(high),
        )
        return None
    return quantity


def _looks_like_a_fraction(written: str, fact: FactDefinition) -> bool:
    """``0.95`` where a percentage is due."""
    whole, dot, digits = written.strip().partition(".")
    return (
        fact.unit == "percent"
        and (whole == "0" or (whole == "1" and not digits.strip("0")))
        and dot == "."
        and digits.isdecimal()
        and len(digits) < MOST_DIGITS
    )


# --- attestations and tallies -----------------------------------------------------------------------------------


def _others(rules: CriteriaSet | None, on: date, shelf: Shelf) -> dict[str, CriteriaSet]:
    """
    The sets that a set asks to be met or counts rows of, by name, as far as the library holds them.

    Of a level and tier without a period they are those in force on the day.
    """
    found: dict[str, CriteriaSet] = {}
    for name in () if rules is None else rules.sets_attained:
        named = [each for each in shelf.set_names if each == name or each.startswith(f"{name}/")]
        its = {each: shelf.find_set(each, on) for each in named}
        found |= {each: other for each, other in its.items() if each == name or other.in_force.holds_on(on)}
    return found


def _attestations(
    node: Node,
    rules: CriteriaSet | None,
    others: dict[str, CriteriaSet],
    documents: frozenset[str],
    builder: Builder,
) -> list[Attestation]:
    attestations: list[Attestation] = []
    for address, where, value in builder.entries(node, "attestations"):
        name, mark, local = address.partition("#")
        its = others.get(name, rules) if mark else rules
        if its is not None and its.find(local if its is not rules else address) is None:
            near = [*_addresses(its)] if its is not rules else [*_addresses(its), *others]
            builder.unknown(ProblemCode.UNKNOWN_ADDRESS, address, where, near)
            continue
        nodes = value.items if isinstance(value, Sequence) else (value,)
        attestations += [_attestation(address, each, documents, builder) for each in nodes]
    return attestations


def _attestation(address: str, node: Node, documents: frozenset[str], builder: Builder) -> Attestation:
    return Attestation(
        address,
        builder.choice(Verdict, node, "verdict", Verdict.UNDETERMINED),
        builder.text(node, "by"),
        partial_date(node, "for", builder),
        partial_date(node, "dated", builder),
        _document_of(node, documents, builder),
    )


def _addresses(rules: CriteriaSet) -> Iterator[str]:
    """Every address within a set, as people write them."""
    yield from (criterion.number for criterion in rules.criteria)
    for criterion, indicator in rules.indicators:
        yield from (indicator.number, f"{criterion.number}/{indicator.number}")
    yield from (f"{PRECONDITION}{each.number}" for each in rules.preconditions)
    if rules.applies_to is not None:
        yield APPLIES_TO


def _reported(node: Node, rules: CriteriaSet | None, documents: frozenset[str], builder: Builder) -> list[Reported]:
    tallies = []
    for what, _, value in builder.entries(node, "reported"):
        if what == "sub_places" or not builder.shape.usable(value):
            continue
        if isinstance(value, Scalar):
            least = most = int(value.text or 0)
        elif builder.child(value, "value") is not None:
            least = most = builder.number(value, "value")
        else:
            least, most = builder.number(value, "least"), builder.number(value, "most")
        total = None
        if rules is not None:
            total = rules.counts.criteria if what == "criteria_met" else rules.counts.indicators
        if least > most or (total is not None and most > total):
            builder.problem(
                ProblemCode.RANGE_REVERSED, value.where, least=least, most=most, total=most if total is None else total
            )
        tallies.append(Reported(what, least, most, _document_of(value, documents, builder)))
    return tallies


# --- writing ----------------------------------------------------------------------------------------------------


def write_dossier(dossier: Dossier) -> dict[str, Any]:
    """A dossier as plain data; parsing it gives the dossier back."""
    place = dossier.place
    written: dict[str, Any] = {
        "dossier": "1",
        "place": _without_none(
            {
                "level": place.level.value,
                "name": place.name,
                "district": place.district,
                "province": place.province,
                "region": place.region,
                "kind": place.kind,
                "attributes": {name: _said(value) for name, value in place.attributes} or None,
            }
        ),
        "set": dossier.set_id,
        "year": f"{dossier.year:04d}",
        "on": dossier.on.isoformat(),
        "status": dossier.status.value,
        "note": dossier.note,
        "documents": {document.id: write_document(document) for document in dossier.documents} or None,
        "facts": _write_facts(dossier.facts) or None,
        "attestations": _write_attestations(dossier.attestations) or None,
        "reported": _write_tallies(dossier) or None,
        "sub_places": None if dossier.sub_places is None else _write_sub_places(dossier.sub_places),
        "titles": _write_titles(dossier) or None,
        "parents": {level.value: {"facts": _write_facts(values)} for level, values in dossier.parents} or None,
        "earlier": [_write_earlier(each, dossier.place) for each in dossier.earlier] or None,
    }
    return _without_none(written)


def _write_facts(values: tuple[FactValue, ...]) -> dict[str, Any]:
    return {value.fact: _write_fact_value(value) for value in values}


def _write_sub_places(beneath: SubPlaces) -> dict[str, Any]:
    """The places beneath, each with its dossier in full."""
    count = {kind: str(number) for kind, number in beneath.counts}
    return _without_none({"count": count or None, "list": [_write_inline(each) for each in beneath.dossiers]})


def _write_inline(dossier: Dossier) -> dict[str, Any]:
    written = write_dossier(dossier)
    place = {key: value for key, value in written["place"].items() if key != "level"}
    return place | {key: value for key, value in written.items() if key not in ("dossier", "place")}


def _write_earlier(dossier: Dossier, place: Place) -> dict[str, Any]:
    """A dossier of an earlier year, which says of its place only what was other than it is."""
    written = write_dossier(dossier)
    own: dict[str, Any] = written.pop("place")
    del written["dossier"]
    if dossier.place.attributes == place.attributes:
        own.pop("attributes", None)
    else:
        own.setdefault("attributes", {})
    kept = {key: value for key, value in own.items() if key not in ("level", "name")}
    same = {
        key for key in ("kind", "district", "province", "region") if getattr(dossier.place, key) == getattr(place, key)
    }
    return {key: value for key, value in kept.items() if key not in same} | written


def _write_titles(dossier: Dossier) -> dict[str, Any]:
    titles = [_without_none({"place": each.place, "kind": each.kind, **written_title(each)}) for each in dossier.titles]
    complete = "yes" if dossier.titles_complete else list(dossier.complete_sets)
    return ({"complete": complete} if complete else {}) | ({"list": titles} if titles else {})


def _without_none(data: MappingType[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value is not None}


def _yes_no(value: bool) -> str:  # noqa: FBT001 - the value is what is written
    return "yes" if value else "no"


def _said(value: bool | str) -> str:  # noqa: FBT001 - the value is what is written
    return _yes_no(value) if isinstance(value, bool) else value


def _write_fact_value(value: FactValue) -> dict[str, Any]:
    written: dict[str, Any] = {}
    if value.statement is not None:
        written["value"] = _yes_no(value.statement)
    elif value.step is not None:
        written["value"] = value.step.written()
    elif value.option is not None:
        written["value"] = value.option
    elif value.quantity is not None:
        # Digits are kept as typed: they are the figure's precision.
        written["value"] = f"{value.quantity.value:f} {UNITS[value.quantity.unit].spellings[0]}"
    if value.numerator is not None and value.denominator is not None:
        written |= {"numerator": f"{value.numerator:f}", "denominator": f"{value.denominator:f}"}
    written["parts"] = {part.part: _write_fact_value(part) for part in value.parts} or None
    written["for"] = None if value.for_ is None else str(value.for_)
    written["document"] = value.document
    return _without_none(written)


def _write_attestations(attestations: tuple[Attestation, ...]) -> dict[str, Any]:
    written: dict[str, Any] = {}
    for each in attestations:
        entry = _without_none(
            {
                "verdict": each.verdict.value,
                "by": each.by,
                "for": None if each.for_ is None else str(each.for_),
                "dated": None if each.dated is None else str(each.dated),
                "document": each.document,
            }
        )
        if each.address in written:
            before = written[each.address]
            written[each.address] = [*(before if isinstance(before, list) else [before]), entry]
        else:
            written[each.address] = entry
    return written


def _write_tallies(dossier: Dossier) -> dict[str, Any]:
    beneath = [
        _without_none(
            {
                "of": each.collection.value,
                "attains": each.attains,
                "recognised_as": each.recognised_as,
                "or_higher": "true" if each.or_higher else None,
                "met": {"least": str(each.least), "most": str(each.most)},
                "document": each.document,
            }
        )
        for each in dossier.reported_beneath
    ]
    rows = {each.what: _write_reported(each) for each in dossier.reported}
    return rows | ({"sub_places": beneath} if beneath else {})


def _write_reported(reported: Reported) -> dict[str, Any]:
    return _without_none({"least": str(reported.least), "most": str(reported.most), "document": reported.document})
