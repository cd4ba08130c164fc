"""Filling in forms as an official would, in a workbook or as CSV."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import openpyxl

import ntm_rules as ntm
from ntm_rules.language import parse_dossier, read_text
from ntm_rules.language.forms import COLUMNS, FormColumn, FormTable
from ntm_rules.language.workbook import cell_name
from ntm_rules.messages import text
from ntm_rules.rulebook import shelf

C = FormColumn
#: Answers by the key of a row, or the address of a conclusion, then by column.
Answers = Mapping[str, Mapping[FormColumn, Any]]

_MARKS = {table.mark: table for table in FormTable}


def dossier_like(path: Path) -> ntm.Dossier:
    """An example as a form can hold it: documents d1, d2 …, full addresses, attributes that the set asks for."""
    words = path.read_text(encoding="utf-8")
    names = re.findall(r"^  (\w+): \{title", words, re.MULTILINE)
    for number, name in enumerate(names, 1):
        words = re.sub(rf"^  {name}: \{{title", f"  d{number}: {{title", words, flags=re.MULTILINE)
        words = words.replace("92.0 %", "92 %").replace(f"document: {name}", f"document: d{number}")
    words = words.replace('"15.1"', '"15/15.1"').replace("is_especially_difficult: không, ", "")
    return parse_dossier(read_text(words), shelf())


def answers_of(dossier: ntm.Dossier) -> Answers:
    """What an official would write for a dossier of documents d1, d2 …, figures, conclusions and tallies."""
    said: dict[str, dict[FormColumn, Any]] = {"status": {C.VALUE: text(f"form.status_{dossier.status.value}", "vi")}}
    said["note"] = {C.VALUE: dossier.note}
    for name, value in dossier.place.attributes:
        said[f"place.attributes.{name}"] = {C.VALUE: _yes_no(value)}
    for document in dossier.documents:
        said[f"document:{document.id}"] = {
            C.TITLE: document.title,
            C.SIGN: document.number,
            C.ISSUER: document.issuer,
            C.DATED: _text(document.dated),
        }
    for value in dossier.facts:
        parts = [(value.of_part(part.part or ""), f"{value.fact}__{part.part}") for part in value.parts]
        for each, key in ((value, value.fact), *parts):
            if each is None or not each.is_stated:
                continue
            figure = each.is_number
            answer: Any = each.option or (None if each.step is None else each.step.id)
            if each.statement is not None:
                answer = _yes_no(each.statement)
            if each.quantity is not None:
                answer = each.quantity.value
            said[("figure:" if figure else "fact:") + key] = {
                C.VALUE: answer,
                C.NUMERATOR: None if each.numerator is None else int(each.numerator),
                C.DENOMINATOR: None if each.denominator is None else int(each.denominator),
                C.FOR: _text(each.for_),
                C.DOCUMENT: each.document,
            }
    for attestation in dossier.attestations:
        said[f"attested:{attestation.address}"] = {
            C.VERDICT: {"met": "đạt", "not_met": "chưa đạt"}[attestation.verdict.value],
            C.BY: attestation.by,
            C.AS_OF: _text(attestation.for_),
            C.DATED: _text(attestation.dated),
            C.PAPER: attestation.document,
        }
    for tally in dossier.reported:
        said[f"reported:{tally.what}"] = {C.VALUE: tally.least, C.DOCUMENT: tally.document}
    return said


def _yes_no(value: object) -> str:
    return "có" if value is True else "không" if value is False else str(value)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def asked_by(rules: ntm.CriteriaSet, dossier: ntm.Dossier) -> ntm.Dossier:
    """A dossier without the facts that a set does not itself ask for, and so its form has no row for."""
    return attrs.evolve(dossier, facts=tuple(each for each in dossier.facts if each.fact in rules.used_facts))


def fill(path: Path, answers: Answers) -> None:
    """Fill in a form; every answer must find its row."""
    left = set(answers)

    def put(table: FormTable, cells: list[Any]) -> list[Any]:
        columns = COLUMNS[table]
        for key in {cells[0], cells[1] if table is FormTable.ROWS else None} & set(answers):
            left.discard(key)
            for column, value in answers[key].items():
                if value is not None:
                    cells[columns.index(column)] = value
        return cells

    change(path, put)
    assert not left


def change(path: Path, put: Callable[[FormTable, list[Any]], list[Any]]) -> None:
    """Change the rows of a form, each given with its table."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = [list(row) for row in csv.reader(stream)]
        table = None
        for row in rows:
            if row[0] in _MARKS:
                table = _MARKS[row[0]]
            elif table is not None and any(row):
                # As a spreadsheet of Vietnam writes them.
                row[:] = [
                    str(cell).replace(".", ",") if isinstance(cell, Decimal) else cell for cell in put(table, row)
                ]
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream).writerows(rows)
        return
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        table = _MARKS.get(sheet["A1"].value)
        if table is not None:
            for row in sheet.iter_rows(min_row=2):
                for cell, value in zip(row, put(table, [cell.value for cell in row]), strict=True):
                    if cell.value != value:
                        cell.value = float(value) if isinstance(value, Decimal) else value
    book.save(path)


def shuffle(path: Path) -> None:
    """Sort the rows of a workbook's tables by nothing in particular, as a sort in a spreadsheet moves them."""
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        if sheet["A1"].value in _MARKS:
            rows = [[(cell.value, cell.number_format) for cell in row] for row in sheet.iter_rows(min_row=2)]
            rows = [*rows[1::3], *rows[::3], *rows[2::3]][::-1]
            for row, cells in zip(sheet.iter_rows(min_row=2), rows, strict=True):
                for cell, (value, form) in zip(row, cells, strict=True):
                    cell.value, cell.number_format = value, form
    book.save(path)


def cell_of(path: Path, key: str, column: FormColumn) -> str:
    """The name of the cell of a row and column, in a workbook with its sheet."""
    if path.suffix == ".csv":
        table = None
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for number, row in enumerate(csv.reader(stream), 1):
                table = _MARKS.get(row[0], table)
                if table is not None and key in row[:2]:
                    return cell_name(number, COLUMNS[table].index(column) + 1)
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        table = _MARKS.get(sheet["A1"].value)
        for row in sheet.iter_rows(min_row=2) if table is not None else ():
            if key in (row[0].value, row[1].value):
                return f"'{sheet.title}'!{row[COLUMNS[table].index(column)].coordinate}"
    raise LookupError(key)


def known_of(dossier: ntm.Dossier) -> dict[str, str]:
    """What a form for a dossier starts with."""
    province = ntm.places().province(dossier.place.province)
    said = {"name": dossier.place.name, "district": dossier.place.district, "province": province and province.name}
    return {key: value for key, value in said.items() if value} | {"year": str(dossier.year)}
