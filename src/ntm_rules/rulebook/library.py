"""The shelf: packaged sets, facts, instruments and places, read once and kept."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import product
from typing import Any, TypeVar

from ntm_rules.errors import NotInForceError, Problem, ProblemCode, RevisionError, UnknownNameError
from ntm_rules.language import Mapping as NodeMapping
from ntm_rules.language import (
    Node,
    Periods,
    Scalar,
    Shelf,
    from_plain,
    parse_criteria_set,
    parse_crosswalk,
    parse_dossier,
    parse_fact_catalogue,
    parse_instruments,
    parse_lineage,
    parse_places,
    parse_register,
    parse_revision,
    read_document,
    read_text,
)
from ntm_rules.messages import nearest
from ntm_rules.revision import apply_revision, consolidate
from ntm_rules.vocabulary.criteria import Act, CriteriaSet, SetId, Tier
from ntm_rules.vocabulary.crosswalk import Crosswalk
from ntm_rules.vocabulary.dossiers import Dossier
from ntm_rules.vocabulary.facts import FactCatalogue
from ntm_rules.vocabulary.instruments import Instrument
from ntm_rules.vocabulary.lent import lent
from ntm_rules.vocabulary.lineage import Lineage
from ntm_rules.vocabulary.places import Level, PlaceRegister
from ntm_rules.vocabulary.register import Register
from ntm_rules.vocabulary.revisions import Revision


def _data() -> Traversable:
    return resources.files("ntm_rules.rulebook").joinpath("data")


def _read(*path: str) -> Node:
    return read_text(_data().joinpath(*path).read_bytes(), file="/".join(path))


@lru_cache(maxsize=1)
def facts() -> FactCatalogue:
    """The fact catalogue: every fact that a packaged set may ask for."""
    return parse_fact_catalogue(_read("facts.yaml"), trusted=True)


@lru_cache(maxsize=1)
def instruments() -> tuple[Instrument, ...]:
    """The register of legal instruments that the packaged sets cite."""
    return parse_instruments(_read("instruments.yaml"), trusted=True)


@lru_cache(maxsize=1)
def places() -> PlaceRegister:
    """The register of regions, maps and provinces."""
    return parse_places(_read("places.yaml"), trusted=True)


@lru_cache(maxsize=1)
def set_names() -> tuple[str, ...]:
    """Every packaged set's name, sorted."""
    names = []
    for act, level, tier in product((None, *Act), Level, Tier):
        way = (*(() if act is None else (act.value,)), level.value, tier.value)
        folder = _data().joinpath(*way)
        if folder.is_dir():
            periods = (each.name.removesuffix(".yaml") for each in folder.iterdir() if each.name.endswith(".yaml"))
            names += ["/".join((*way, period)) for period in periods]
    return tuple(sorted(names))


@lru_cache(maxsize=64)
def _base(name: str) -> CriteriaSet:
    """A packaged set as it was issued."""
    node = _read(*f"{name}.yaml".split("/"))
    return parse_criteria_set(node, facts(), instruments(), places(), trusted=True)


@lru_cache(maxsize=64)
def amendments(name: str) -> tuple[Revision, ...]:
    """The packaged amendments of a set, which stand in the folder beside it, in the order of their first day."""
    way = name.split("/")
    folder = _data().joinpath(*way)
    if not folder.is_dir():
        return ()
    files = sorted(each.name for each in folder.iterdir() if each.name.endswith(".yaml"))
    read = [parse_revision(_read(*way, file), _base(name), places(), trusted=True) for file in files]
    return tuple(
        sorted(read, key=lambda each: (date.max if each.in_force is None else each.in_force.first_day, each.id))
    )


@lru_cache(maxsize=64)
def _editions(name: str, known: date | None) -> tuple[CriteriaSet, ...]:
    issued = [each for each in amendments(name) if known is None or each.issued is None or each.issued <= known]
    return consolidate(_base(name), issued, places(), trusted=True)


def editions(name: str, *, known: str | date | None = None) -> tuple[CriteriaSet, ...]:
    """
    Every consolidated edition (văn bản hợp nhất) of a set, in the order of time.

    Args:
        name: ``level/tier/period``.

        known: A day: amendments issued after it are left out, as if it were that day.

    Raises:
        UnknownNameError: If there is no such set.

    Example:
        >>> [rules.in_force.first_day.isoformat() for rules in editions("commune/standard/2010-2015")]
        ['2009-04-16', '2013-02-20', '2014-03-14']
    """
    if name not in set_names():
        raise UnknownNameError(name, nearest(name, set_names()))
    return _editions(name, _day(known))


def periods() -> Periods:
    """What reading a crosswalk needs to know of the packaged sets."""
    return Periods(set_names(), editions)


@lru_cache(maxsize=1)
def crosswalk() -> Crosswalk:
    """
    How the indicators of each packaged set continue in the set of the next period, link by link with the reason.

    Example:
        >>> links = crosswalk().on(["commune/standard/2010-2015#8/8.1"])
        >>> links[0].relation.value, links[0].later
        ('split', ('commune/standard/2016-2020#8/8.1', 'commune/standard/2016-2020#8/8.2'))
    """
    return parse_crosswalk(_read("crosswalk.yaml"), periods(), trusted=True)


def sets() -> tuple[CriteriaSet, ...]:
    """Every packaged set in its last edition, sorted by name."""
    return tuple(editions(name)[-1] for name in set_names())


def load(
    name: str,
    *,
    on: str | date | None = None,
    known: str | date | None = None,
    with_: Iterable[Revision | str | os.PathLike[str]] = (),
) -> CriteriaSet:
    """
    The criteria set of that name, consolidated with the amendments in force.

    Args:
        name: ``level/tier/period``, e.g. ``commune/standard/2016-2020``; or an edition, ``…@2016-12-01``.

        on: The day that picks the edition. Without it the last edition encoded is given, never "today's". A set
            that is named may be used outside its force; the assessment then says so on every page.

        known: A day: amendments and revisions that were not issued by then are left out.

        with_: Revisions to lay over it, in this order: a province's decision, a verification, a scenario; or their
            files.

    Raises:
        UnknownNameError: If there is no such set or edition; the nearest name is offered.

        RevisionError: If a revision can't be applied, has no mandate, or was not in force on the day *on*.

        ValueError: If *on* or *known* is no date.

    Example:
        >>> rules = load("commune/standard/2016-2020", on="2019-12-31")
        >>> rules.counts.criteria, rules.counts.indicators
        (19, 49)
        >>> load("commune/standard/2010-2015", on="2012-12-31").edition
        'commune/standard/2010-2015@2009-04-16'
    """
    return under(_edition(name, _day(on), _day(known)), with_, on=_day(on), known=_day(known))


def _edition(name: str, day: date | None, known: date | None) -> CriteriaSet:
    wanted, _, edition = name.partition("@")
    its_editions = editions(wanted, known=known) if wanted in set_names() else ()
    if not its_editions:
        raise UnknownNameError(name, nearest(wanted, set_names()))
    if edition:
        by_name = {rules.edition: rules for rules in its_editions}
        if name not in by_name:
            raise UnknownNameError(name, nearest(name, by_name))
        return by_name[name]
    if day is None:
        return its_editions[-1]
    begun = [rules for rules in its_editions if rules.in_force.first_day <= day]
    return begun[-1] if begun else its_editions[0]


def under(
    rules: CriteriaSet,
    revisions: Iterable[Revision | str | os.PathLike[str]],
    *,
    on: date | None = None,
    known: date | None = None,
) -> CriteriaSet:
    """
    A set under revisions laid over it, or their files, in this order; it stays as it is.

    Args:
        rules: The set.

        revisions: What is laid over it.

        on: The day on which each must be in force.

        known: A day: what was not issued by then is left out.

    Raises:
        RevisionError: If one can't be applied, has no mandate, or was not in force on the day *on*.
    """
    for each in revisions:
        revision = each if isinstance(each, Revision) else read_revision(each, rules)
        if known is not None and revision.issued is not None and revision.issued > known:
            continue
        force = revision.in_force
        if on is not None and force is not None and not force.holds_on(on):
            days = {"its_first": force.first_day, "its_last": force.last_day or "…", "first": on, "last": on}
            raise RevisionError([Problem.at(ProblemCode.OUTSIDE_PERIOD, revision.where, name=revision.id, **days)])
        rules = apply(rules, revision)
    return rules


def rules_for(dossier: Dossier) -> CriteriaSet:
    """
    The set that a dossier is to be judged by: the one it names, else the standard of its level in force that day.

    It stands under the overlays that the dossier names.

    Raises:
        NotInForceError: If it names none and none was in force.

        RevisionError: If an overlay can't be applied.

    Example:
        >>> dossier = read_dossier({"dossier": 1, "year": 2018, "place": {
        ...     "level": "commune", "name": "Phú Đình", "province": "Thái Nguyên"}})
        >>> rules_for(dossier).edition
        'commune/standard/2016-2020@2016-12-01'
    """
    if dossier.set_id is not None:
        rules = load(dossier.set_id, on=dossier.on)
    else:
        rules = find(dossier.place.level, on=dossier.on)
    return under(rules, dossier.overlays, on=dossier.on)


def _day(on: str | date | None) -> date | None:
    return date.fromisoformat(on) if isinstance(on, str) else on


def find(
    level: Level | str,
    tier: Tier | str = Tier.STANDARD,
    *,
    act: Act | None = None,
    period: str | None = None,
    on: str | date | None = None,
) -> CriteriaSet:
    """
    The set of a level and tier, chosen by period or by the day on which it must be in force.

    With an act the set on the renewal or the revocation of the title.

    Raises:
        NotInForceError: If none of that level and tier was in force on that day.

        UnknownNameError: If there is no set of that period.

    Example:
        >>> find("commune", on="2019-12-31").id.period
        '2016-2020'
    """
    level, tier = _named(Level, level), _named(Tier, tier)
    if period is not None:
        return load(str(SetId(level, tier, period, act)), on=on)
    day = _day(on)
    wanted = f"{level.value}/{tier.value}"
    # Only these are read: reading all takes a second.
    names = [name for name in set_names() if SetId.split(name)[:3] == (act, level, tier)]
    chosen = [rules for name in names for rules in editions(name) if day is None or rules.in_force.holds_on(day)]
    if not chosen:
        raise NotInForceError(wanted, "?" if day is None else day.isoformat())
    return max(chosen, key=lambda rules: rules.in_force.first_day)


_Named = TypeVar("_Named", Level, Tier)


def _named(kind: type[_Named], name: _Named | str) -> _Named:
    """The level or tier of that name; an unknown one is an `UnknownNameError`."""
    if isinstance(name, kind):
        return name
    names = [each.value for each in kind]
    if name not in names:
        raise UnknownNameError(str(name), nearest(str(name), names))
    return kind(name)


@lru_cache(maxsize=1)
def shelf() -> Shelf:
    """What reading a dossier needs to know of the packaged law."""
    return Shelf(facts(), places(), lambda name, on: load(name, on=on), set_names())


def read_dossier(source: str | os.PathLike[str] | Mapping[str, Any]) -> Dossier:
    """
    Read a dossier from a YAML or JSON file, or from plain data of the same form.

    Raises:
        DocumentError: If the file can't be read (every syntax problem, with line and column).

        DossierError: If it is no usable dossier (every problem, with line and column).

    Example:
        >>> read_dossier({"dossier": 1, "year": 2018, "place": {
        ...     "level": "commune", "name": "Phú Đình", "province": "Thái Nguyên"}}).on
        datetime.date(2018, 12, 31)
    """
    if isinstance(source, Mapping):
        return parse_dossier(from_plain(source), shelf())
    return parse_dossier(read_document(source), shelf(), os.fspath(source))


lent.reader = read_dossier


def read_register(source: str | os.PathLike[str] | Mapping[str, Any]) -> Register:
    """
    Read a register of recognition decisions from a YAML or JSON file, or from plain data of the same form.

    Raises:
        DocumentError: If the file can't be read.

        DossierError: With everything that is wrong, each with its line and column.

    Example:
        >>> place = {"level": "commune", "name": "Phú Đình", "district": "Định Hóa", "province": "Thái Nguyên"}
        >>> register = read_register({"register": 1, "complete": "no", "decisions": [
        ...     {"place": place, "set": "commune/standard/2016-2020", "dated": "2020-01-20"}]})
        >>> dossier = read_dossier({"dossier": 1, "year": 2020, "place": place})
        >>> [str(title.dated) for title in register.titles_of(dossier)]
        ['2020-01-20']
    """
    if isinstance(source, Mapping):
        return parse_register(from_plain(source), shelf().sets, places())
    return parse_register(read_document(source), shelf().sets, places(), os.fspath(source))


def read_lineage(source: str | os.PathLike[str] | Mapping[str, Any]) -> Lineage:
    """
    Read a lineage of places from a YAML or JSON file, or from plain data of the same form.

    Raises:
        DocumentError: If the file can't be read.

        DossierError: With everything that is wrong, each with its line and column.

    Example:
        >>> old = {"level": "commune", "district": "Định Hóa", "province": "Thái Nguyên"}
        >>> lineage = read_lineage({"lineage": 1, "changes": [
        ...     {"on": "2025-07-01", "kind": "merger", "from": [old | {"name": "Thử Một"}, old | {"name": "Thử Hai"}],
        ...      "to": [{"level": "commune", "name": "Thử Một", "province": "Thái Nguyên"}]}]})
        >>> [place.name for place in lineage.changes[0].earlier]
        ['Thử Một', 'Thử Hai']
    """
    if isinstance(source, Mapping):
        return parse_lineage(from_plain(source), places())
    return parse_lineage(read_document(source), places(), os.fspath(source))


def read_revision(path: str | os.PathLike[str], base: CriteriaSet | None = None) -> Revision:
    """
    Read a revision from a YAML or JSON file.

    Args:
        path: The file.

        base: The set it revises, which gives the units of the cells it sets; the last packaged edition of the set
            it names unless given.

    Raises:
        DocumentError: If the file can't be read.

        RevisionError: With everything that is wrong, each with its line and column.

        UnknownNameError: If it revises a set that there is not.
    """
    node = read_document(path)
    if base is None:
        revises = node.get("revises") if isinstance(node, NodeMapping) else None
        base = load(revises.text or "" if isinstance(revises, Scalar) else set_names()[0])
    return parse_revision(node, base, places(), file=os.fspath(path))


def apply(base: CriteriaSet, revision: Revision) -> CriteriaSet:
    """
    The set that a revision makes of *base*, which stays as it is; what a scenario made says so.

    Raises:
        RevisionError: With every edit that can't be made, and whatever would be wrong with the set that comes out.
    """
    return apply_revision(base, revision, places())


lent.applier = apply


def read_criteria_set(path: str | os.PathLike[str]) -> CriteriaSet:
    """
    Read a criteria set of your own, written against the packaged facts, instruments and places.

    Raises:
        DocumentError: If the file can't be read.

        CriteriaError: With everything that is wrong, each with its line and column.
    """
    return parse_criteria_set(read_document(path), facts(), instruments(), places())
