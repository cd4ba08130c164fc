"""The verification worksheet in words: each cell of a set as a row, and the sheet around them."""

from __future__ import annotations

from ntm_rules.explanation.words import Words, unit_word
from ntm_rules.language.workbook import Layout
from ntm_rules.messages import Language, text
from ntm_rules.revision.answers import LOCKED, TO_FILL, Column, Line
from ntm_rules.revision.worksheet import WorksheetRow, worksheet
from ntm_rules.vocabulary.criteria import CriteriaSet
from ntm_rules.vocabulary.facts import ScaleStep
from ntm_rules.vocabulary.places import OF_PLACE
from ntm_rules.vocabulary.quantities import Quantity, plain_number
from ntm_rules.vocabulary.requirements import (
    Attains,
    Compare,
    DecidedBy,
    Delegated,
    Holds,
    IsOneOf,
    Nothing,
    RecognisedAs,
    ThresholdOf,
    Unstated,
)

_WIDTHS = {
    Column.ADDRESS: 20,
    Column.PART: 6,
    Column.ROW: 15,
    Column.TITLE: 24,
    Column.SUBJECT: 30,
    Column.SIGN: 10,
    Column.VALUE: 12,
    Column.UNIT: 14,
    Column.GRADE: 16,
    Column.CITATION: 24,
    Column.EDITION: 22,
    Column.CANDIDATE: 12,
    Column.CANDIDATE_GRADE: 16,
    Column.CANDIDATE_WHY: 34,
    Column.SAYS: 16,
    Column.PAGE: 8,
    Column.ROLE: 20,
    Column.DATE: 12,
    Column.DOCUMENT: 26,
}


def worksheet_lines(rules: CriteriaSet, lang: Language) -> tuple[Line, ...]:
    """The rows of a set's worksheet, in words."""
    words = Words(rules, lang)
    return tuple(_line(row, words) for row in worksheet(rules))


def worksheet_layout(rules: CriteriaSet, lang: Language) -> Layout:
    """A set's worksheet, to be written to a file."""
    columns = (*LOCKED, *TO_FILL)
    return Layout(
        title=text("worksheet.sheet", lang),
        headings=[column.heading(lang) for column in columns],
        rows=[[line.get(column, "") for column in columns] for line in worksheet_lines(rules, lang)],
        locked=len(LOCKED),
        frozen=columns.index(Column.SUBJECT) + 1,
        days=frozenset({columns.index(Column.DATE)}),
        widths=[_WIDTHS[column] for column in columns],
        hints={columns.index(column): text(f"worksheet.hint_{column.value}", lang) for column in TO_FILL},
        notes_title=text("worksheet.notes_sheet", lang),
        notes=text("worksheet.notes", lang, title=rules.title.in_(lang), edition=rules.edition).splitlines(),
    )


def _line(row: WorksheetRow, words: Words) -> Line:
    rules = words.rules
    candidate = row.candidate
    return {
        Column.ADDRESS: f"{rules.id}#{row.at}",
        Column.PART: row.key[1],
        Column.ROW: row.key[2],
        Column.TITLE: words.heading(row.indicator),
        Column.SUBJECT: _subject(row, words),
        Column.SIGN: words.say(f"worksheet.sign_{row.node.sign.value}") if isinstance(row.node, Compare) else "",
        Column.VALUE: _value(row, words),
        Column.UNIT: _unit(row, words.lang),
        Column.GRADE: words.say(f"grade.{row.grade.value}"),
        Column.CITATION: _citation(row, words),
        Column.EDITION: rules.edition,
        Column.CANDIDATE: "" if candidate is None else _figure(candidate.value, words),
        Column.CANDIDATE_GRADE: "" if candidate is None else words.say(f"grade.{candidate.grade.value}"),
        Column.CANDIDATE_WHY: "" if candidate is None or candidate.why is None else candidate.why.in_(words.lang),
    }


def _subject(row: WorksheetRow, words: Words) -> str:
    """What is measured or stated, and for which row."""
    own = None if row.node.title is None else row.node.title.in_(words.lang)
    fact = _of_place(row, words) if row.fact is None else row.fact.title.in_(words.lang)
    what = " – ".join(each for each in (own, fact) if each is not None)
    axes = row.node.threshold.axes if isinstance(row.node, Compare) else ()
    where = ", ".join(words.axis_row(axis, name) for axis, name in zip(axes, row.row, strict=False))
    return f"{what}: {where}" if where else what


def _of_place(row: WorksheetRow, words: Words) -> str | None:
    """What is asked of the place itself; None where nothing is."""
    if isinstance(row.node, Holds):
        return words.fact(row.node.fact)
    return words.attribute(row.node.subject) if isinstance(row.node, IsOneOf) else None


def _value(row: WorksheetRow, words: Words) -> str:
    cell, node = row.cell, row.node
    if isinstance(cell, Quantity | ScaleStep):
        return _figure(cell, words)
    if isinstance(cell, Nothing):
        return words.say("worksheet.none")
    if isinstance(cell, Unstated):
        return ""
    if isinstance(cell, Delegated):
        authority = words.say(f"authority.{cell.to.value}")
        if cell.floor is None:
            return words.say("page.cell_delegated", authority=authority)
        return words.say("page.cell_delegated_floor", authority=authority, floor=words.quantity(cell.floor))
    if isinstance(cell, ThresholdOf):
        return words.say("worksheet.times", times=words.number(cell.times), row=words.row_of_set(cell.address))
    if isinstance(node, DecidedBy):
        return words.say("page.decided_by", authority=words.say(f"authority.{node.authority.value}"))
    if isinstance(node, IsOneOf):
        if node.of_place:
            return words.wanted(OF_PLACE + node.subject, node.values)
        return words.options(node.subject, node.values)
    if isinstance(node, Attains):
        return words.say("page.attains", what=words.row_of_set(node.address))
    if isinstance(node, RecognisedAs):
        key = "page.recognised_as_or_higher" if node.or_higher else "page.recognised_as"
        return words.say(key, what=words.title_of(node.set_id))
    return words.say("worksheet.yes")


def _figure(value: Quantity | ScaleStep, words: Words) -> str:
    """The digits as a spreadsheet of that language takes them, without thousands marks; a step by its title."""
    if isinstance(value, ScaleStep):
        return words.quantity(value)
    digits = plain_number(value.value)
    return digits.replace(".", ",") if words.lang == "vi" else digits


def _unit(row: WorksheetRow, lang: Language) -> str:
    unit = None if row.fact is None else row.fact.unit
    return "" if unit is None else unit_word(unit, lang)


def _citation(row: WorksheetRow, words: Words) -> str:
    citation = words.citation(row.citation)
    doubt = row.citation.doubt
    return citation if doubt is None else f"{citation} ({words.say(f'doubt.{doubt}')})"


__all__ = ["worksheet_layout", "worksheet_lines"]
