"""Revisions between document and value: one reader and one writer an edit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import attrs

from ntm_rules.errors import ProblemCode, RevisionError
from ntm_rules.language.builder import Builder
from ntm_rules.language.criteria import (
    read_applies_to,
    read_axes,
    read_counts,
    read_criterion,
    read_groups,
    read_in_force,
    read_indicator,
    read_mandates,
    read_preconditions,
    read_verdict_words,
    write_applies_to,
    write_axes,
    write_counts,
    write_criterion,
    write_groups,
    write_in_force,
    write_indicator,
    write_mandates,
    write_preconditions,
    write_verdict_words,
    write_words,
)
from ntm_rules.language.nodes import Node, Scalar, Sequence
from ntm_rules.language.requirements import (
    References,
    definition_of,
    read_cell,
    read_locator,
    read_requirement,
    read_source,
    read_threshold,
    write_cell,
    write_requirement,
    write_source,
    write_threshold,
)
from ntm_rules.vocabulary.criteria import Axis, CriteriaSet, Indicator
from ntm_rules.vocabulary.facts import FactDefinition
from ntm_rules.vocabulary.instruments import Grade, Source
from ntm_rules.vocabulary.overlays import RevisionAuthority
from ntm_rules.vocabulary.places import PlaceRegister
from ntm_rules.vocabulary.requirements import Compare, Sign
from ntm_rules.vocabulary.revisions import (
    AddAxis,
    AddCriterion,
    AddIndicator,
    Edit,
    RaiseGrade,
    RemoveCriterion,
    RemoveIndicator,
    Reorder,
    ReplaceIndicator,
    Retitle,
    Revision,
    SetAppliesTo,
    SetAxes,
    SetBasis,
    SetCell,
    SetCounts,
    SetGroup,
    SetGroups,
    SetInForce,
    SetMandates,
    SetNote,
    SetPartSource,
    SetPreconditions,
    SetRequirement,
    SetSource,
    SetThreshold,
    SetVerdictWords,
    Verified,
)


@attrs.frozen
class _Reader:
    """What reading an edit needs: the document's builder, what may be referred to, and the set that is revised."""

    builder: Builder
    references: References
    base: CriteriaSet
    groups: frozenset[str]

    def path(self, node: Node, key: str) -> tuple[str, ...]:
        """A row or the way to a part: one name, or a list of them."""
        found = self.builder.child(node, key)
        names = found.items if isinstance(found, Sequence) else (found,)
        return tuple(name.text or "" for name in names if isinstance(name, Scalar))

    def fact(self, node: Node) -> FactDefinition | None:
        """The fact that the edited threshold measures: it gives the unit."""
        item = self.base.find(self.builder.text(node, "at") or "")
        part = item.require.part(self.path(node, "part")) if isinstance(item, Indicator) else None
        return definition_of(part.measure, self.base.catalogue) if isinstance(part, Compare) else None

    def source(self, node: Node) -> Source | None:
        """The source that is put in place."""
        return read_source(self.builder.mapping(node, "to"), self.builder, self.references)

    def part(self, node: Node) -> dict[str, Any]:
        """The part that is edited."""
        return {"part": self.path(node, "part")}

    def row(self, node: Node) -> dict[str, Any]:
        """The cell that is edited."""
        return {"part": self.path(node, "part"), "row": self.path(node, "row")}


_Read = Callable[[Node, dict[str, Any], _Reader], Edit]
_Write = Callable[[Any], dict[str, Any]]
_Kind = TypeVar("_Kind", bound=Edit)

#: The reader of each edit, by its name in documents.
EDIT_READERS: dict[str, _Read] = {}

#: The name and the writer of each edit.
EDIT_WRITERS: dict[type[Edit], tuple[str, _Write]] = {}


def _reads(name: str) -> Callable[[_Read], _Read]:
    def register(function: _Read) -> _Read:
        EDIT_READERS[name] = function
        return function

    return register


def _writes(name: str, edit: type[_Kind]) -> Callable[[Callable[[_Kind], dict[str, Any]]], _Write]:
    def register(function: Callable[[_Kind], dict[str, Any]]) -> _Write:
        EDIT_WRITERS[edit] = (name, function)
        return function

    return register


def _path(names: tuple[str, ...]) -> str | list[str]:
    return names[0] if len(names) == 1 else list(names)


def _placed(part: tuple[str, ...], row: tuple[str, ...] = ()) -> dict[str, Any]:
    written: dict[str, Any] = {}
    if part:
        written["part"] = _path(part)
    if row:
        written["row"] = _path(row)
    return written


# --- thresholds and requirements --------------------------------------------------------------------------------


@_reads("set_cell")
def _read_set_cell(node: Node, own: dict[str, Any], reader: _Reader) -> Edit:
    to = reader.builder.child(node, "to")
    graded = reader.builder.text(node, "evidence") is not None
    grade = reader.builder.grade(node, "evidence") if graded else None
    cell = read_cell(to, reader.fact(node), reader.builder)
    return SetCell(**own, **reader.row(node), cell=cell, grade=grade)


@_writes("set_cell", SetCell)
def _write_set_cell(edit: SetCell) -> dict[str, Any]:
    written = {**_placed(edit.part, edit.row), "to": write_cell(edit.cell)}
    return written if edit.grade is None else {**written, "evidence": edit.grade.value}


@_reads("set_threshold")
def _read_set_threshold(node: Node, own: dict[str, Any], reader: _Reader) -> Edit:
    sign = reader.builder.choice(Sign, node, "sign", Sign.AT_LEAST)
    to = reader.builder.child(node, "to")
    threshold = read_threshold(to, reader.fact(node), reader.builder, reader.references)
    return SetThreshold(**own, **reader.part(node), sign=sign, threshold=threshold)


@_writes("set_threshold", SetThreshold)
def _write_set_threshold(edit: SetThreshold) -> dict[str, Any]:
    return {**_placed(edit.part), "sign": edit.sign.value, "to": write_threshold(edit.threshold)}


@_reads("set_requirement")
def _read_set_requirement(node: Node, own: dict[str, Any], reader: _Reader) -> Edit:
    require = read_requirement(reader.builder.child(node, "to"), reader.builder, reader.references)
    return SetRequirement(**own, **reader.part(node), require=require)


@_writes("set_requirement", SetRequirement)
def _write_set_requirement(edit: SetRequirement) -> dict[str, Any]:
    return {**_placed(edit.part), "to": write_requirement(edit.require)}


@_reads("raise_grade")
def _read_raise_grade(node: Node, own: dict[str, Any], reader: _Reader) -> Edit:
    return RaiseGrade(**own, **reader.row(node), grade=reader.builder.grade(node, "evidence"))


@_writes("raise_grade", RaiseGrade)
def _write_raise_grade(edit: RaiseGrade) -> dict[str, Any]:
    return {**_placed(edit.part, edit.row), "evidence": edit.grade.value}


@_reads("set_source")
def _read_set_source(node: Node, own: dict[str, Any], reader: _Reader) -> Edit:
    return SetSource(**own, source=reader.source(node) or Source(Grade.RECALLED))


@_writes("set_source", SetSource)
def _write_set_source(edit: SetSource) -> dict[str, Any]:
    return {"to": write_source(edit.source)}


@_reads("set_part_source")
def _read_set_part_source(node: Node, own: dict[str, Any], reader: _Reader) -> Edit:
    return SetPartSource(**own, **reader.part(node), source=reader.source(node))


@_writes("set_part_source", SetPartSource)
def _write_set_part_source(edit: SetPartSource) -> dict[str, Any]:
    written = _placed(edit.part)
    return written if edit.source is None else {**written, "to": write_source(edit.source)}


# --- indicators and criteria ------------------------------------------------------------------------------------


@_reads("retitle")
def _read_retitle(node: Node, own: dict[str, Any], reader: _Reader) -> Edit:
    return Retitle(**own, title=reader.builder.required_words(node, "to"))


@_writes("retitle", Retitle)
def _write_retitle(edit: Retitle) -> dict[str, Any]:
    return {"to": write_words(edit.title)}


@_reads("set_note")
def _read_set_note(node: Node, own: dict[str, Any], reader: _Reader) -> Edit:
    return SetNote(**own, note=reader.builder.words(node, "to"))


@_writes("set_note", SetNote)
def _write_set_note(edit: SetNote) -> dict[str, Any]:
    return {} if edit.note is None else {"to": write_words(edit.note)}


@_reads("add_indicator")
def _read_add_indicator(node: Node, own: dict[str, Any], reader: _Reader) -> Edit:
    indicator = read_indicator(reader.builder.child(node, "indicator"), reader.builder, reader.references)
    return AddIndicator(**own, indicator=indicator, after=reader.builder.text(node, "after"))


@_writes("add_indicator", AddIndicator)
def _write_add_indicator(edit: AddIndicator) -> dict[str, Any]:
    after = {} if edit.after is None else {"after": edit.after}
    return {**after, "indicator": write_indicator(edit.indicator)}


@_reads("remove_indicator")
def _read_remove_indicator(node: Node, own: dict[str, Any], reader: _Reader) -> Edit:
    del node, reader
    return RemoveIndicator(**own)


@_writes("remove_indicator", RemoveIndicator)
def _write_remove_indicator(edit: RemoveIndicator) -> dict[str, Any]:
    del edit
    return {}


@_reads("replace_indicator")
def _read_replace_indicator(node: Node, own: dict[str, Any], reader: _Reader) -> Edit:
    indicator = read_indicator(reader.builder.child(node, "indicator"), reader.builder, reader.references)
    return ReplaceIndicator(**own, indicator=indicator)


@_writes("replace_indicator", ReplaceIndicator)
def _write_replace_indicator(edit: ReplaceIndicator) -> dict[str, Any]:
    return {"indicator": write_indicator(edit.indicator)}


@_reads("add_criterion")
def _read_add_criterion(node: Node, own: dict[str, Any], reader: _Reader) -> Edit:
    new = reader.builder.child(node, "criterion")
    criterion = read_criterion(new, reader.builder, reader.references, reader.groups)
    return AddCriterion(**own, criterion=criterion, after=reader.builder.text(node, "after"))


@_writes("add_criterion", AddCriterion)
def _write_add_criterion(edit: AddCriterion) -> dict[str, Any]:
    after = {} if edit.after is None else {"after": edit.after}
    return {**after, "criterion": write_criterion(edit.criterion)}


@_reads("remove_criterion")
def _read_remove_criterion(node: Node, own: dict[str, Any], reader: _Reader) -> Edit:
    del node, reader
    return RemoveCriterion(**own)


@_writes("remove_criterion", RemoveCriterion)
def _write_remove_criterion(edit: RemoveCriterion) -> dict[str, Any]:
    del edit
    return {}


@_reads("set_group")
def _read_set_group(node: Node, own: dict[str, Any], reader: _Reader) -> Edit:
    return SetGroup(**own, group=reader.builder.text(node, "to"))


@_writes("set_group", SetGroup)
def _write_set_group(edit: SetGroup) -> dict[str, Any]:
    return {} if edit.group is None else {"to": edit.group}


@_reads("reorder")
def _read_reorder(node: Node, own: dict[str, Any], reader: _Reader) -> Edit:
    return Reorder(**own, order=reader.path(node, "to"))


@_writes("reorder", Reorder)
def _write_reorder(edit: Reorder) -> dict[str, Any]:
    return {"to": list(edit.order)}


# --- the set ----------------------------------------------------------------------------------------------------


@_reads("set_in_force")
def _read_set_in_force(node: Node, own: dict[str, Any], reader: _Reader) -> Edit:
    return SetInForce(**own, in_force=read_in_force(reader.builder.mapping(node, "to"), reader.builder))


@_writes("set_in_force", SetInForce)
def _write_set_in_force(edit: SetInForce) -> dict[str, Any]:
    return {"to": write_in_force(edit.in_force)}


@_reads("set_counts")
def _read_set_counts(node: Node, own: dict[str, Any], reader: _Reader) -> Edit:
    return SetCounts(**own, counts=read_counts(reader.builder.mapping(node, "to"), reader.builder))


@_writes("set_counts", SetCounts)
def _write_set_counts(edit: SetCounts) -> dict[str, Any]:
    return {"to": write_counts(edit.counts)}


@_reads("set_axes")
def _read_set_axes(node: Node, own: dict[str, Any], reader: _Reader) -> Edit:
    return SetAxes(**own, axes=read_axes(node, "to", reader.builder, reader.references))


@_writes("set_axes", SetAxes)
def _write_set_axes(edit: SetAxes) -> dict[str, Any]:
    return {"to": write_axes(edit.axes)}


@_reads("add_axis")
def _read_add_axis(node: Node, own: dict[str, Any], reader: _Reader) -> Edit:
    (axis,) = read_axes(node, "axis", reader.builder, reader.references) or (Axis("", ()),)
    return AddAxis(**own, axis=axis)


@_writes("add_axis", AddAxis)
def _write_add_axis(edit: AddAxis) -> dict[str, Any]:
    return {"axis": write_axes((edit.axis,))}


@_reads("set_mandates")
def _read_set_mandates(node: Node, own: dict[str, Any], reader: _Reader) -> Edit:
    # Which addresses there are is known when the revision is applied.
    return SetMandates(**own, mandates=read_mandates(node, "to", reader.builder, reader.references, None))


@_writes("set_mandates", SetMandates)
def _write_set_mandates(edit: SetMandates) -> dict[str, Any]:
    return {"to": write_mandates(edit.mandates)}


@_reads("set_groups")
def _read_set_groups(node: Node, own: dict[str, Any], reader: _Reader) -> Edit:
    return SetGroups(**own, groups=read_groups(node, "to", reader.builder))


@_writes("set_groups", SetGroups)
def _write_set_groups(edit: SetGroups) -> dict[str, Any]:
    return {"to": write_groups(edit.groups)}


@_reads("set_preconditions")
def _read_set_preconditions(node: Node, own: dict[str, Any], reader: _Reader) -> Edit:
    return SetPreconditions(**own, preconditions=read_preconditions(node, "to", reader.builder, reader.references))


@_writes("set_preconditions", SetPreconditions)
def _write_set_preconditions(edit: SetPreconditions) -> dict[str, Any]:
    return {"to": write_preconditions(edit.preconditions)}


@_reads("set_applies_to")
def _read_set_applies_to(node: Node, own: dict[str, Any], reader: _Reader) -> Edit:
    return SetAppliesTo(**own, applies_to=read_applies_to(node, "to", reader.builder, reader.references))


@_writes("set_applies_to", SetAppliesTo)
def _write_set_applies_to(edit: SetAppliesTo) -> dict[str, Any]:
    return {} if edit.applies_to is None else {"to": write_applies_to(edit.applies_to)}


@_reads("set_verdict_words")
def _read_set_verdict_words(node: Node, own: dict[str, Any], reader: _Reader) -> Edit:
    return SetVerdictWords(**own, verdict_words=read_verdict_words(node, "to", reader.builder))


@_writes("set_verdict_words", SetVerdictWords)
def _write_set_verdict_words(edit: SetVerdictWords) -> dict[str, Any]:
    return {"to": write_verdict_words(edit.verdict_words)}


@_reads("set_basis")
def _read_set_basis(node: Node, own: dict[str, Any], reader: _Reader) -> Edit:
    return SetBasis(**own, basis=reader.builder.text(node, "to") or "")


@_writes("set_basis", SetBasis)
def _write_set_basis(edit: SetBasis) -> dict[str, Any]:
    return {"to": edit.basis}


# --- the revision -----------------------------------------------------------------------------------------------


def parse_revision(
    node: Node, base: CriteriaSet, places: PlaceRegister, *, trusted: bool = False, file: str | None = None
) -> Revision:
    """
    Build a revision from a document that was read.

    Args:
        node: From `read_file` or `read_text`.

        base: The set that it revises: its facts give the units of the cells that are set.

        places: The register whose regions are the rows of the axis ``region``.

        trusted: Whether the shape need not be checked again (the packaged law).

        file: Where it was read from.

    Raises:
        RevisionError: With everything that is wrong, each with its place.
    """
    builder = Builder.of(node, "revision", trusted=trusted)
    references = References(base.catalogue, base.instruments, places, base.axes)
    axes, groups = _frame(node, base, builder, references)
    reader = _Reader(builder, attrs.evolve(references, axes=axes), base, groups)
    dates = builder.mapping(node, "in_force")
    in_force = None if dates is None else read_in_force(dates, builder)
    edits = tuple(_edit(each, reader) for each in builder.items(node, "edits") if builder.shape.usable(each))
    territory = builder.child(node, "territory")
    if isinstance(territory, Scalar) and territory.text is not None:
        ids = [province.id for province in places.provinces]
        builder.known(ProblemCode.UNKNOWN_PROVINCE_ID, territory.text, territory.where, ids)
    issued, published = builder.day(node, "issued"), builder.day(node, "published")
    builder.finish(RevisionError)
    return Revision(
        id=builder.text(node, "revision") or "",
        revises=builder.text(node, "revises") or "",
        authority=builder.choice(RevisionAuthority, node, "authority", RevisionAuthority.SCENARIO),
        title=builder.required_words(node, "title"),
        edits=edits,
        instrument=builder.text(node, "instrument"),
        author=builder.text(node, "author"),
        territory=builder.text(node, "territory"),
        issued=issued,
        published=published,
        in_force=in_force,
        note=builder.words(node, "note"),
        grade=builder.grade(node, "evidence"),
        file=file,
        where=node.where,
    )


def _frame(
    node: Node, base: CriteriaSet, builder: Builder, references: References
) -> tuple[tuple[Axis, ...], frozenset[str]]:
    """The axes and headings that what is new may stand on: those the revision itself sets, else the set's."""
    axes, groups = base.axes, base.groups
    for each in builder.items(node, "edits"):
        kind = builder.text(each, "edit") if builder.shape.usable(each) else None
        if kind == "set_axes":
            # What is wrong with them is told once, where the edit itself is read.
            axes = read_axes(each, "to", Builder(builder.shape, []), references)
        elif kind == "add_axis":
            axes = (*axes, *read_axes(each, "axis", Builder(builder.shape, []), references))
        elif kind == "set_groups":
            groups = read_groups(each, "to", builder)
    return axes, frozenset(name for name, _ in groups)


def _edit(node: Node, reader: _Reader) -> Edit:
    builder = reader.builder
    own = {
        "at": builder.text(node, "at") or "",
        "reason": builder.words(node, "reason"),
        "cite": read_locator(node, builder),
        "verified": _read_verified(builder.mapping(node, "verified"), builder),
        "where": node.where,
    }
    return EDIT_READERS[builder.text(node, "edit") or ""](node, own, reader)


def _read_verified(node: Node | None, builder: Builder) -> Verified | None:
    """Who held an edit against the gazette; None where nobody says so, or not well enough."""
    day = builder.day(node, "date")
    if day is None:
        return None
    document, page, role = (builder.text(node, key) or "" for key in ("document", "page", "role"))
    return Verified(document, page, role, day)


def write_revision(revision: Revision) -> dict[str, Any]:
    """A revision as plain data; parsing it gives the revision back."""
    written: dict[str, Any] = {
        "revision": revision.id,
        "revises": revision.revises,
        "authority": revision.authority.value,
        "title": write_words(revision.title),
        "instrument": revision.instrument,
        "author": revision.author,
        "territory": revision.territory,
        "issued": None if revision.issued is None else revision.issued.isoformat(),
        "published": None if revision.published is None else revision.published.isoformat(),
        "in_force": None if revision.in_force is None else write_in_force(revision.in_force),
        "evidence": None if revision.grade is Grade.RECALLED else revision.grade.value,
        "note": None if revision.note is None else write_words(revision.note),
        "edits": [write_edit(edit) for edit in revision.edits],
    }
    return {key: value for key, value in written.items() if value is not None}


def write_edit(edit: Edit) -> dict[str, Any]:
    """One edit as plain data."""
    name, write = EDIT_WRITERS[type(edit)]
    written: dict[str, Any] = {"edit": name}
    if edit.at:
        written["at"] = edit.at
    written |= write(edit)
    if edit.cite is not None:
        written["cite"] = str(edit.cite)
    if edit.reason is not None:
        written["reason"] = write_words(edit.reason)
    if edit.verified is not None:
        written["verified"] = _write_verified(edit.verified)
    return written


def _write_verified(verified: Verified) -> dict[str, Any]:
    return {
        "document": verified.document,
        "page": verified.page,
        "role": verified.role,
        "date": verified.date.isoformat(),
    }
