"""A small set with every kind of cell, and its worksheet as rows to be filled in."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import attrs

from criteria_strategies import CATALOGUE, INSTRUMENTS, REGISTER
from ntm_rules.errors import Where
from ntm_rules.explanation import worksheet_layout, worksheet_lines
from ntm_rules.language import from_plain, parse_criteria_set, write_criteria_set
from ntm_rules.language.workbook import Grid, GridCell, GridRow, cell_name, read_grids
from ntm_rules.revision.answers import Column, FilledSheet, confirm_sheet
from ntm_rules.vocabulary.criteria import Counts, Criterion
from ntm_rules.vocabulary.facts import ScaleStep
from ntm_rules.vocabulary.instruments import Grade, Locator, Source
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.requirements import (
    AllOf,
    AppliesWhen,
    Attains,
    Authority,
    Candidate,
    DecidedBy,
    Delegated,
    ForEach,
    Holds,
    IsOneOf,
    Nothing,
    RecognisedAs,
    Sign,
    Table,
    ThresholdOf,
    Unstated,
    When,
)
from ntm_rules.vocabulary.revisions import Verified
from revision_strategies import BASE, compare, indicator, percent, text

DELTA, HIGHLANDS = "red_river_delta", "central_highlands"
RECALLED = Source(Grade.RECALLED, locator=Locator.parse("Annex, row 1"))
SECONDARY = attrs.evolve(RECALLED, evidence=Grade.SECONDARY)

_BY_REGION = Table(
    ("region",),
    (
        (("general",), Nothing()),
        ((DELTA,), Unstated(Candidate(percent("4.5"), Grade.SECONDARY, text("mờ")))),
        ((HIGHLANDS,), percent("7.5")),
    ),
)
_BY_YEAR = Table(
    ("year", "region"),
    (
        (("2018",), Quantity.parse("30 triệu đồng/người/năm", "million_vnd_per_person_year")),
        (("2019", DELTA), Unstated(Candidate(Quantity.parse("36 triệu đồng/người/năm"), Grade.RECALLED))),
        (("2019", HIGHLANDS), Unstated()),
    ),
)

#: Cells of every kind and grade.
RULES = attrs.evolve(
    BASE,
    counts=Counts(2, 6),
    criteria=(
        Criterion(
            "1",
            text("Tiêu chí 1"),
            (
                indicator("1.1", compare("poverty", Sign.AT_MOST, _BY_REGION), RECALLED),
                indicator("1.2", compare("income", Sign.AT_LEAST, _BY_YEAR), RECALLED),
                indicator(
                    "1.3",
                    AllOf(
                        members=(
                            Holds(fact="has_plan", title=text("Phần")),
                            compare("water", Sign.AT_LEAST, Table.constant(percent(90)), source=SECONDARY),
                            compare("houses", Sign.AT_MOST, Table.constant(Nothing()), source=SECONDARY),
                        )
                    ),
                    attrs.evolve(RECALLED, doubt="who_decides"),
                ),
            ),
        ),
        Criterion(
            "2",
            text("Tiêu chí 2"),
            (
                indicator("2.1", DecidedBy(authority=Authority.PROVINCE), RECALLED),
                indicator(
                    "2.2",
                    compare("water", Sign.AT_LEAST, Table.constant(Delegated(Authority.PROVINCE, percent(3)))),
                    RECALLED,
                ),
                indicator(
                    "2.3",
                    AppliesWhen(
                        condition=Holds(fact="has_market"),
                        body=compare(
                            "area",
                            Sign.EQUALS,
                            Table.constant(Delegated(Authority.MINISTRY)),
                            source=SECONDARY,
                        ),
                    ),
                    attrs.evolve(RECALLED, evidence=Grade.TEXT),
                ),
            ),
        ),
    ),
)
RULES = parse_criteria_set(from_plain(write_criteria_set(RULES)), CATALOGUE, INSTRUMENTS, REGISTER)

GOOD, FAIR = ScaleStep("good", "rating", 2), ScaleStep("fair", "rating", 1)

#: Cells of the forms that read steps, categories, parts, the place and other rows; conditions of recognition.
NEWER_RULES = attrs.evolve(
    BASE,
    counts=Counts(1, 4),
    criteria=(
        Criterion(
            "1",
            text("Tiêu chí 1"),
            (
                indicator(
                    "1.1",
                    compare(
                        "merit",
                        Sign.AT_LEAST,
                        Table(
                            ("region",),
                            (
                                (("general",), Delegated(Authority.PROVINCE, FAIR)),
                                ((DELTA,), GOOD),
                                ((HIGHLANDS,), Unstated(Candidate(FAIR, Grade.SECONDARY))),
                            ),
                        ),
                    ),
                    RECALLED,
                ),
                indicator("1.2", IsOneOf(subject="supply", values=("piped", "own")), RECALLED),
                indicator(
                    "1.3",
                    ForEach(by="sex", require=compare("trained", Sign.AT_LEAST, Table.constant(percent(60)))),
                    RECALLED,
                ),
                indicator(
                    "1.4",
                    When(
                        when=IsOneOf(subject="zone", values=("I", "II"), of_place=True),
                        then=Holds(fact="unit.is_safe_zone"),
                        otherwise=compare(
                            "water",
                            Sign.AT_LEAST,
                            Table.constant(ThresholdOf("commune/advanced/2021-2025#17/17.1", Decimal("1.1"))),
                        ),
                    ),
                    RECALLED,
                ),
            ),
        ),
    ),
    preconditions=(
        indicator("no_debt", Holds(fact="has_plan"), RECALLED),
        indicator("model", Attains(address="commune/advanced/2021-2025"), RECALLED),
        indicator("title", RecognisedAs(set_id="commune/advanced/2021-2025", or_higher=True), RECALLED),
        indicator("same_title", RecognisedAs(set_id="commune/advanced/2021-2025"), RECALLED),
    ),
)
NEWER_RULES = parse_criteria_set(from_plain(write_criteria_set(NEWER_RULES)), CATALOGUE, INSTRUMENTS, REGISTER)

SEEN = Verified("Công báo số 1227 + 1228", "30", "Chuyên viên phòng pháp chế", date(2026, 11, 20))
#: How the last four columns are filled in.
BY = {Column.PAGE: "30", Column.ROLE: SEEN.role, Column.DATE: "2026-11-20", Column.DOCUMENT: SEEN.document}

COLUMNS = tuple(Column)


def at(address, part="", row=""):
    """A cell of `RULES` as its sheet names it."""
    return (f"{RULES.id}#{address}", part, row)


def rows(answers=None, lang="vi", rules=RULES):
    """The sheet of a set, its headings first; *answers* by cell: what the gazette says, or the columns by name."""
    layout = worksheet_layout(rules, lang)
    made = [list(layout.headings), *map(list, layout.rows)]
    for key, answer in (answers or {}).items():
        line = next(each for each in made if tuple(each[:3]) == key)
        filled = answer if isinstance(answer, dict) else {Column.SAYS: answer, **BY}
        for column, words in filled.items():
            line[COLUMNS.index(column)] = words
    return made


def as_csv(lines, delimiter=","):
    """Rows as CSV."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(lines)
    return stream.getvalue()


def grid(lines, **kinds):
    """Rows as a grid; *kinds* by the name of a cell."""
    made = []
    for number, line in enumerate(lines, 1):
        cells = []
        for column, words in enumerate(line, 1):
            name = cell_name(number, column)
            where = Where("sheet.xlsx", number, column, cell=name)
            kind = {"kind": kinds[name]} if name in kinds else {}
            cells.append(GridCell(words, where, **kind))
        if any(line):
            made.append(GridRow(number, tuple(cells)))
    return Grid(tuple(made))


def confirmed(*grids, rules=RULES):
    """What the grids of a file confirm."""
    sheet = FilledSheet.find(grids, "sheet.xlsx")
    return confirm_sheet(sheet, rules, worksheet_lines(rules, sheet.lang))


def confirmed_file(path: Path, rules):
    """What a file confirms."""
    sheet = FilledSheet.find(read_grids(path), path.name)
    return confirm_sheet(sheet, rules, worksheet_lines(rules, sheet.lang))
