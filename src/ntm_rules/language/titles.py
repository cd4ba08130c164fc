"""Recognition decisions, in a dossier or in a register: what is read of one, and what can be wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

import attrs

from ntm_rules.errors import NtmRulesError, ProblemCode
from ntm_rules.language.builder import Builder
from ntm_rules.language.nodes import Node
from ntm_rules.language.places import where_of
from ntm_rules.language.requirements import check_external
from ntm_rules.vocabulary.criteria import CriteriaSet
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import Document, HeldTitle
from ntm_rules.vocabulary.places import EXTERNAL, Level, PlaceRegister


@attrs.frozen
class KnownSets:
    """
    The sets that a title may be of.

    Attributes:
        find_set: As in `Shelf`.

        names: Every set's name.

        places: The register that holds the titles outside the library.
    """

    find_set: Callable[[str, date], CriteriaSet]
    names: tuple[str, ...]
    places: PlaceRegister


def read_title(node: Node, builder: Builder) -> HeldTitle | None:
    """The title that a decision gave, without its place; None where its date can't be read."""
    dated, revoked = (partial_date(node, key, builder) for key in ("dated", "revoked_on"))
    if dated is None:
        return None
    return HeldTitle(
        builder.text(node, "set") or "",
        dated,
        decision=builder.text(node, "decision"),
        revoked_on=revoked,
        document=builder.text(node, "document"),
        revoked_by=builder.text(node, "revoked_by"),
    )


def partial_date(node: Node, key: str, builder: Builder) -> PartialDate | None:
    """The date under *key*."""
    written = builder.text(node, key)
    if written is None:
        return None
    try:
        return PartialDate.parse(written)
    except ValueError:
        builder.problem(ProblemCode.NOT_A_DATE, where_of(node, key), seen=written)
        return None


def documents_of(node: Node, builder: Builder) -> tuple[Document, ...]:
    """The supporting documents that are listed."""
    return tuple(
        Document(
            name,
            builder.text(each, "title"),
            builder.text(each, "issuer"),
            builder.text(each, "number"),
            partial_date(each, "dated", builder),
        )
        for name, _, each in builder.entries(node, "documents")
    )


def write_document(document: Document) -> dict[str, str]:
    """A document as plain data, without its id."""
    written = {
        "title": document.title,
        "issuer": document.issuer,
        "number": document.number,
        "dated": None if document.dated is None else str(document.dated),
    }
    return {key: value for key, value in written.items() if value is not None}


def check_title(
    title: HeldTitle, level: Level, node: Node, sets: KnownSets, builder: Builder, *, documents: Iterable[str]
) -> None:
    """A title is of a set of its place's level, not older than it, not revoked before it was given."""
    if title.document is not None:
        where = where_of(node, "document")
        builder.known(ProblemCode.UNKNOWN_DOCUMENT, title.document, where, sorted(documents))
    if title.revoked_on is not None and title.revoked_on.last_day < title.dated.first_day:
        where = where_of(node, "revoked_on")
        builder.problem(ProblemCode.REVOKED_BEFORE_GIVEN, where, seen=title.revoked_on, given=title.dated)
    check_external(node, "set", sets.places, builder)
    wanted = levels_of(title.set_id, sets.places) or (level,)
    if level not in wanted:
        builder.problem(ProblemCode.WRONG_LEVEL, where_of(node, "set"), level=level.value, wanted=wanted[0].value)
        return
    if title.set_id.startswith(EXTERNAL):
        return
    try:
        first = sets.find_set(title.set_id, date.min).in_force.first_day
    except NtmRulesError:
        # Sets of a level or tier of which the library holds none are taken as they are named.
        alike = title.set_id.rpartition("/")[0] + "/"
        if any(name.startswith(alike) for name in sets.names):
            builder.unknown(ProblemCode.UNKNOWN_SET, title.set_id, where_of(node, "set"), sets.names)
        return
    if title.dated.last_day < first:
        dated = where_of(node, "dated")
        builder.problem(ProblemCode.TITLE_BEFORE_SET, dated, seen=title.dated, set=title.set_id, first=first)


def levels_of(name: str, places: PlaceRegister) -> tuple[Level, ...]:
    """The levels of the places that can attain a set, or hold a title; none where that is not known."""
    if name.startswith(EXTERNAL):
        outside = places.external_title(name)
        return () if outside is None else outside.levels
    level = name.partition("/")[0]
    return (Level(level),) if level in [each.value for each in Level] else ()


def written_title(title: HeldTitle) -> dict[str, str | None]:
    """A title as plain data, without its place; what is not known is None."""
    return {
        "set": title.set_id,
        "decision": title.decision,
        "dated": str(title.dated),
        "revoked_on": None if title.revoked_on is None else str(title.revoked_on),
        "revoked_by": title.revoked_by,
        "document": title.document,
    }


__all__ = [
    "KnownSets",
    "check_title",
    "documents_of",
    "levels_of",
    "partial_date",
    "read_title",
    "write_document",
    "written_title",
]
