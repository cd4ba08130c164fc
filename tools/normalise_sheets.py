"""
`make cells`: write every threshold cell of the fact sheets to sources/cells.csv, in one shape.

The sheets have six shapes and much prose. Here each shape is read once, by the rules of sources/README.md; what only
a reader understands stands in sources/exceptions.yaml, each time with its reason. A sheet that says something which
neither knows is refused, so that no prose passes unread.

The script reads nothing but the sheets: neither the law data of the library, nor the library.

Usage: python tools/normalise_sheets.py
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import attrs
import yaml

from fact_sheets import (
    ABOUT_CELLS,
    ALONE,
    DIRECTIONS,
    GENERAL,
    GRADES,
    IN_CELL,
    IN_CONDITION,
    IN_CRITERION,
    IN_SET,
    LEFT_TO_PROVINCE,
    MET,
    MET_WORDS,
    NO_UNIT,
    PROSE,
    RECALLED,
    REMARKS,
    SECONDARY,
    SHEETS,
    TEXT,
    UNITS,
    UNSTATED,
    Sheet,
    SheetError,
)

SOURCES = Path(__file__).resolve().parent.parent / "sources"
CELLS = "cells.csv"

COLUMNS = (
    "set",
    "edition",
    "address",
    "part",
    "axis_row",
    "year",
    "value",
    "unit",
    "direction",
    "grade",
    "doubt",
    "decided_by",
    "candidate_value",
    "candidate_grade",
    "source_url",
)

#: One line of cells.csv, by column.
Row = dict[str, str]

#: A mapping of a sheet, every scalar as text.
Node = dict[str, Any]

#: A number that the sheet made up for a row whose own is not at hand.
_NOT_NUMBERED = re.compile(r"[0-9]+\.x-[a-z]+")

_LEVEL = re.compile(r"Mức độ ([0-9])")


# --- reading ----------------------------------------------------------------------------------------------------


def load(name: str) -> Any:
    """A file of the sources as plain data, every scalar as the text that stands there."""
    return yaml.load((SOURCES / name).read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506  # text only


def empty(value: Any) -> bool:
    """Whether a sheet says nothing here."""
    return value is None or value in ("", "null", "~", [], {})


def number(written: str) -> str:
    """A figure without trailing zeros, with a decimal point."""
    try:
        figure = format(Decimal(written), "f")
    except InvalidOperation as error:
        raise SheetError(f"not a figure: {written}") from error
    return figure.rstrip("0").rstrip(".") if "." in figure else figure


def only_known(node: Node, known: frozenset[str], where: str) -> None:
    """Refuse a key that nobody reads."""
    unknown = node.keys() - known
    if unknown:
        raise SheetError(f"{where}: nobody reads {', '.join(sorted(unknown))}")


@attrs.frozen
class Indicator:
    """
    A row of the annex as its sheet gives it, seen in one edition; or a condition that stands beside the criteria.

    Attributes:
        part: The part of the row that it is; empty for the row itself.

        asks: What it says in words, so that an exception must have read it.
    """

    sheet: Sheet
    edition: str
    address: str
    node: Node
    part: str = ""
    asks: tuple[str, ...] = ()

    @property
    def decided_by(self) -> str:
        """Who decides: national, province, ministry, or nothing where the sheet does not know."""
        said = "" if self.node["decided_by"] == "unknown" or empty(self.node["decided_by"]) else self.node["decided_by"]
        return re.split(r"[ (]", str(said))[0]

    def row(self, axis_row: str, year: str = "", part: str = "", **cells: str) -> Row:
        """A line of cells.csv."""
        row = dict.fromkeys(COLUMNS, "") | {"set": self.sheet.set, "edition": self.edition, "address": self.address}
        return row | {"part": part, "axis_row": axis_row, "year": year, "decided_by": self.decided_by} | cells

    def address_of(self, *grades: str) -> str:
        """The first address of the evidence, rather one of the grade of the cell; nothing for what was not seen."""
        wanted = [letter for letter, grade in GRADES.items() if grade in grades and grade in (TEXT, SECONDARY)]
        seen = [each for each in self.node["evidence"] if each["url"].startswith("http")] if wanted else []
        first = next((each for each in seen if each["grade"] in wanted), seen[0] if seen else None)
        return "" if first is None else str(first["url"])


def direction(node: Node, value: str) -> str:
    """How a figure is compared; the "=" of "= 100 %" and "= 0" is the end of a scale."""
    said = node.get("direction")
    if said == "=":
        return "at_most" if value == "0" else "at_least"
    return "" if empty(said) else DIRECTIONS[said]


def unit(node: Node, measure: str) -> str:
    """The unit of a cell with a figure, or of one that lacks it."""
    if not empty(node.get("unit")) and node["unit"] not in NO_UNIT:
        return UNITS[node["unit"]]
    return "percent" if measure == "percent" else ""


def figure(node: Node, measure: str) -> tuple[str, str]:
    """The figure of a cell and its unit."""
    said = node["value"]
    level = _LEVEL.fullmatch(said)
    if level is not None:
        return level[1], "level"
    if unit(node, measure) == "rating":
        return said, "rating"
    return number(said), unit(node, measure)


def read_cell(cell: Node, row: Node, indicator: Indicator, grade_of_mandate: str) -> Row:
    """
    What one cell ships.

    Args:
        cell: The cell: value, unit, grade, doubt.

        row: What says measure and direction: the indicator, or a condition beneath it.

        indicator: Where it stands.

        grade_of_mandate: How well it is known who decides, for a cell that holds no figure of its own.
    """
    only_known(cell, IN_CELL, indicator.address)
    said, grade, doubtful = cell.get("resolves_to", cell["value"]), GRADES[cell["grade"]], cell.get("doubt") == "true"
    if cell.get("believed", said) != said:
        raise SheetError(f"{indicator.address}: a cell holds another figure than the one believed")
    measure = row.get("measure", "")
    shipped = {"direction": direction(row, ""), "unit": unit(cell, measure), "grade": UNSTATED}
    if empty(said) or said in LEFT_TO_PROVINCE:
        if indicator.decided_by in ("province", "ministry") and not doubtful:
            shipped["grade"] = grade_of_mandate if grade == UNSTATED else grade
        elif said in LEFT_TO_PROVINCE and not doubtful:
            raise SheetError(f"{indicator.address}: left to a province that does not decide")
        return shipped | {"source_url": indicator.address_of(shipped["grade"])}
    if said in MET_WORDS:
        if shipped["direction"] != MET:
            raise SheetError(f"{indicator.address}: a yes or no where a figure is due")
        known = {"grade": RECALLED, "doubt": "who_decides"} if doubtful else {"grade": grade}
        return shipped | {"value": MET, "unit": ""} | known | {"source_url": indicator.address_of(known["grade"])}
    value, of_unit = figure(cell | {"value": said}, measure)
    shipped |= {"unit": of_unit, "direction": direction(row, value), "source_url": indicator.address_of(grade)}
    if doubtful:
        return shipped | {"candidate_value": value, "candidate_grade": grade}
    return shipped | {"value": value, "grade": grade}


def same_as_general(general: Row) -> Row:
    """A regional cell that the sheet has as the general one: that value, recalled; open where the general one is."""
    cell = general | {"source_url": ""}
    if general["grade"] != UNSTATED:
        return cell | {"grade": RECALLED}
    return cell | {"candidate_grade": RECALLED} if general.get("candidate_value") else cell


MISSING: Node = {"value": "null", "grade": "missing"}


def columns(table: Node, indicator: Indicator) -> Iterator[tuple[str, Node | None]]:
    """Every column of a table with its cell; None where it is the general one. What a sheet passes over is missing."""
    only_known(table, frozenset({*indicator.sheet.columns, "all_regions", "regions", "note"}), indicator.address)
    same = table.get("all_regions") == "same_as_general"
    words = table.get("regions", "")
    if words.startswith("recalled as identical"):
        same = True
    elif words and not words.startswith("missing"):
        raise SheetError(f"{indicator.address}: regions: {words}")
    for column, name in indicator.sheet.columns.items():
        yield name, table.get(column, None if same else MISSING)


def tables(indicator: Indicator) -> Iterator[tuple[str, Node]]:
    """The tables of an indicator by year; without a year where the sheet has none."""
    node = indicator.node
    thresholds: Any = node["thresholds"]
    if "thresholds_by_year" in node:  # the table beside it holds one of these years
        (year,) = {cell["year"] for cell in thresholds.values()}
        one = {column: {key: cell[key] for key in cell if key != "year"} for column, cell in thresholds.items()}
        if node["thresholds_by_year"][year] != one:
            raise SheetError(f"{indicator.address}: two tables of {year} that differ")
        thresholds = node["thresholds_by_year"]
    thresholds = thresholds.get("by_year", thresholds)
    first, *_ = thresholds
    if first.startswith(("until_", "from_")):
        held = [
            table
            for when, table in thresholds.items()
            if (indicator.edition <= when[6:] if when.startswith("until_") else when[5:] <= indicator.edition)
        ]
        (thresholds,) = held
        # The sheet's measure and direction are those of the text as issued.
        if all(cell.get("value") == MET for cell in thresholds.values() if isinstance(cell, dict)):
            node |= {"measure": "boolean", "direction": MET}
    if first.isdigit():
        yield from ((year, table) for year, table in thresholds.items() if year != "note")
    elif isinstance(thresholds.get(GENERAL), dict) and "value" not in thresholds[GENERAL]:
        for year in thresholds[GENERAL]:
            yield year, {column: by_year[year] for column, by_year in thresholds.items()}
    else:
        yield "", thresholds


def rows_of_table(indicator: Indicator) -> Iterator[Row]:
    """The cells of an indicator's table, then those of the parts that stand within its cells."""
    node = indicator.node
    mandate = GRADES[node.get("decided_by_grade", "missing")]
    nested: list[Row] = []
    for year, table in tables(indicator):
        general: Row = {}
        parts = {part for cell in table.values() for part in cell if part in ("of_which_hardened", "clean_water")}
        for axis_row, cell in columns(table, indicator):
            if cell is None:
                yield indicator.row(axis_row, year, **same_as_general(general))
                continue
            read = read_cell(cell, node, indicator, mandate)
            general = general or read
            yield indicator.row(axis_row, year, **read)
            for part in sorted(parts):
                beneath = cell.get(part, MISSING)
                if part == "of_which_hardened" and part in cell:
                    beneath = {"value": beneath, "unit": "%", "grade": cell["hardened_grade"]}
                named = part.removeprefix("of_which_")
                nested.append(indicator.row(axis_row, year, named, **read_cell(beneath, node, indicator, mandate)))
    yield from nested


def rows_of_conditions(indicator: Indicator) -> Iterator[Row]:
    """The cells of the conditions that a sheet lists beneath an indicator, numbered as listed."""
    listed = indicator.node.get("sub_conditions")
    for at, condition in enumerate(listed if isinstance(listed, list) else (), start=1):
        if indicator.edition < condition.get("applies_from", "") or not {"value", "regions"} & condition.keys():
            continue  # not yet in force, or in words only: then the exceptions must name it
        only_known(condition, IN_CONDITION, f"{indicator.address}, condition {at}")
        regions = condition.get("regions")
        own = {key: condition[key] for key in ("value", "unit", "grade", "doubt") if key in condition}
        for column, name in indicator.sheet.columns.items():
            if isinstance(regions, dict):
                cell = regions.get(column, MISSING)
            elif regions is None or column in regions:
                cell = own
            else:
                yield indicator.row(name, part=str(at), value="none", direction=direction(condition, ""))
                continue
            # What a listed condition lacks is not at hand, whoever decides the row above it.
            shipped = read_cell(cell, condition | {"measure": "percent"}, indicator, UNSTATED)
            yield indicator.row(name, part=str(at), **shipped)


# --- conditions beside the criteria -----------------------------------------------------------------------------


def conditions_of(sheet: Sheet, found: Node, whole: Node) -> Iterator[Node]:
    """The conditions that a sheet lists beside the criteria, with the pages of their list if they name none."""
    for path in sheet.conditions:
        at: Any = whole if path.startswith("/") else found
        pages: Any = []
        for step in path.strip("/").split("/"):
            at = at[int(step)] if isinstance(at, list) else at[step]
            pages = at.get("evidence", pages) if isinstance(at, dict) else pages
        for condition in at if isinstance(at, list) else [at]:
            only_known(condition, ALONE, f"{sheet.set}, {path}")
            yield {"evidence": pages} | condition


def pages_of(condition: Node) -> list[Node]:
    """The pages of a condition as those of an indicator: some sheets give bare addresses."""
    listed = condition["evidence"] if empty(condition.get("url")) else condition["url"]
    written = [listed] if isinstance(listed, str) else listed
    bare = [{"url": each, "grade": condition["grade"]} for each in written if isinstance(each, str)]
    return bare or written


def as_indicator(sheet: Sheet, edition: str, name: str, condition: Node) -> Indicator:
    """A condition in the shape of an indicator of one column, from its address (and part, where there are several)."""
    address, _, part = name.partition(" ")
    value = condition.get("value", "null")
    first, *more = value if isinstance(value, list) else [value]
    known = condition["grade"] in GRADES  # else it is a sentence about grades
    in_words = "value" not in condition or value == "all" or not known
    cell = {key: condition[key] for key in ("unit", "doubt") if key in condition}
    cell |= {"value": "null" if in_words else first, "grade": condition["grade"] if known else "missing"}
    node = {
        "text_vi": condition.get("text", ""),
        "text_grade": condition.get("existence_grade", condition["grade"]),
        "decided_by": "national",
        "direction": condition.get("direction", MET if value == MET else ""),
        "thresholds": {GENERAL: cell},
        "sub_conditions": condition.get("sub_conditions", []),
        "evidence": pages_of(condition),
    }
    if more:
        if condition["direction"] != ">= and <":
            raise SheetError(f"{sheet.set} {address}: nobody reads {condition['direction']}")
        node |= {"direction": ">=", "below": cell | {"value": more[0]}}
    return Indicator(sheet, edition, address, node, part, ("a condition in words",) if in_words else ())


def rows_of_condition(indicator: Indicator) -> Iterator[Row]:
    """The cells of a condition: its own, or both ends of a band, and those of what is listed beneath it."""
    own, *listed = [*rows_of_table(indicator), *rows_of_conditions(indicator)]
    if "below" in indicator.node:
        end = read_cell(indicator.node["below"], {"direction": "<"}, indicator, UNSTATED)
        listed = [indicator.row(GENERAL, part="below", **end), *listed]
        own["part"] = "from"
    for row in (own, *listed):
        yield row | {"part": "_".join(each for each in (indicator.part, row["part"]) if each)}


# --- exceptions -------------------------------------------------------------------------------------------------


@attrs.define
class Rulings:
    """The exceptions, and which of them were of use."""

    listed: list[Node]
    used: set[int] = attrs.field(factory=set)
    keys: frozenset[str] = frozenset(
        {
            *("set", "editions", "address", "part", "rows", "years"),
            *("reads", "parts", "columns", "adds", "drops", "nothing", "why"),
        }
    )

    def on(self, set: str, edition: str, address: str) -> Iterator[tuple[int, Node]]:
        """The exceptions for one indicator in one edition, in their order."""
        for at, each in enumerate(self.listed):
            only_known(each, self.keys, "exceptions")
            named = set in _listed(each["set"]) and address in _listed(each["address"])
            if named and edition in each.get("editions", [edition]):
                yield at, each

    def apply(self, indicator: Indicator, rows: list[Row]) -> list[Row]:
        """The rows of an indicator as its exceptions have them."""
        for at, each in self.on(indicator.sheet.set, indicator.edition, indicator.address):
            before = [dict(row) for row in rows]
            chosen = [row for row in rows if _chosen(row, each)]
            if "parts" in each:  # one row of the sheet that is asked of several
                others = [row for row in rows if row not in chosen]
                rows = [row | {"part": part} for part in each["parts"] for row in chosen] + others
            elif "columns" in each:
                others = [row for row in rows if row not in chosen]
                columns = each["columns"].items()
                own = [row | each["reads"] | {"axis_row": name} | cell for row in chosen for name, cell in columns]
                rows = own + others
            elif each.get("drops") == "true":
                rows = [row for row in rows if row not in chosen]
            elif "adds" in each:
                names = indicator.sheet.columns.values()
                reads = each["reads"]
                rows = rows + [indicator.row(name, part=part, **reads) for part in each["adds"] for name in names]
            elif "reads" in each:
                only_known(each["reads"], frozenset(COLUMNS), indicator.address)
                read = {"source_url": indicator.address_of(each["reads"].get("grade", ""))} if indicator.asks else {}
                rows = [row | read | each["reads"] if row in chosen else row for row in rows]
            if rows != before or each.get("nothing") == "true":
                self.used.add(at)
        return rows

    def unused(self) -> list[Node]:
        """The exceptions that found nothing to change."""
        return [each for at, each in enumerate(self.listed) if at not in self.used]


def _listed(said: Any) -> list[Any]:
    """One or several, as an exception may name them."""
    return said if isinstance(said, list) else [said]


def _chosen(row: Row, ruling: Node) -> bool:
    """Whether an exception is about this row."""
    return (
        row["part"] in _listed(ruling.get("part", ""))
        and row["axis_row"] in ruling.get("rows", [row["axis_row"]])
        and row["year"] in ruling.get("years", [row["year"]])
    )


def _tabular(conditions: Any) -> bool:
    """Whether every condition beneath a row is a listed one with a cell."""
    return isinstance(conditions, list) and all({"value", "regions"} & each.keys() for each in conditions)


def _asks(indicator: Indicator, criterion: Node) -> list[str]:
    """What an indicator says in words, so that somebody must have read it."""
    node, words = indicator.node, list(indicator.asks)
    listed = node.get("sub_conditions")
    if not empty(listed) and not _tabular(listed):
        words.append("sub_conditions")
    # Where the sheet has a set an edition, its cells are already those after the amendment.
    if len(indicator.sheet.editions) > 1 and not empty(node.get("amended", criterion.get("amended"))):
        words.append("amended")
    words += [name for name in ("applicability", "doubt_note", "boundary_note") if name in node]
    if not empty(node["decided_by"]) and node["decided_by"] not in (indicator.decided_by, "unknown"):
        words.append("decided_by")
    if "condition" in criterion:
        words.append("condition")
    if "cả nam và nữ" in node["text_vi"]:
        words.append("for both men and women")
    return words


# --- all of it --------------------------------------------------------------------------------------------------


def indicators_of(sheet: Sheet, edition: str, keys: Node, whole: Node) -> Iterator[tuple[Indicator, Node]]:
    """The conditions of a set of a loaded sheet, then its rows, each with the criterion that it stands in, if any."""
    found: Node = {"criteria": []}  # of a rule of recognition that the sheet tells beside its sets
    if sheet.key:
        (found,) = (each for each in whole["sets"] if each["key"] == sheet.key)
    # The conditions of communes are of another table than this: see README.md.
    known = {*IN_SET, *sheet.conditions, *(("preconditions",) if sheet.set.startswith("commune/") else ())}
    only_known(found, frozenset(known), sheet.set)
    named = iter(keys.get(sheet.set, ()))
    for condition in conditions_of(sheet, found, whole):
        yield as_indicator(sheet, edition, _next(named, sheet), condition), {}
    for criterion in found["criteria"]:
        only_known(criterion, IN_CRITERION, f"{sheet.set} {criterion['number']}")
        for node in criterion["indicators"]:
            name = node.get("number")
            given = not empty(name) and not _NOT_NUMBERED.fullmatch(name)
            address = f"{criterion['number']}/{name if given else _next(named, sheet)}"
            only_known(node, ABOUT_CELLS | PROSE | REMARKS, address)
            yield Indicator(sheet, edition, address, dict(node)), criterion
    if left := list(named):
        raise SheetError(f"{sheet.set}: keys of nothing: {', '.join(left)}")


def _next(named: Iterator[str], sheet: Sheet) -> str:
    """The address of what has no number."""
    name = next(named, None)
    if name is None:
        raise SheetError(f"{sheet.set}: something without a number has no key")
    return name


def rows_of_sheet(sheet: Sheet, rulings: Rulings, keys: Node) -> Iterator[Row]:
    """The rows of one set of one sheet, edition by edition."""
    whole = load(f"{sheet.file}.yaml")
    for edition in sheet.editions:
        read: dict[str, tuple[Indicator, list[Row]]] = {}
        for indicator, criterion in indicators_of(sheet, edition, keys, whole):
            words, address = _asks(indicator, criterion), indicator.address
            heard = [each for _, each in rulings.on(sheet.set, edition, address)]
            if indicator.asks:
                heard = [each for each in heard if indicator.part in _listed(each.get("part", ""))]
            if words and not heard:
                raise SheetError(f"{sheet.set} {address}: {', '.join(words)}: no exception says what it means")
            if criterion:
                rows = [*rows_of_table(indicator), *rows_of_conditions(indicator)]
            else:
                rows = list(rows_of_condition(indicator))
            # Several conditions of a sheet may be parts of one row.
            read.setdefault(address, (indicator, []))[1].extend(rows)
        for indicator, rows in read.values():
            yield from rulings.apply(indicator, rows)


def read_all() -> list[Row]:
    """
    Every row of cells.csv, in the order of the sheets.

    Raises:
        SheetError: If a sheet says what nobody reads, or an exception is of no use.
    """
    exceptions = load("exceptions.yaml")
    rulings = Rulings(exceptions["exceptions"])
    rows = [row for sheet in SHEETS for row in rows_of_sheet(sheet, rulings, exceptions["keys"])]
    if rulings.unused():
        raise SheetError(f"of no use: {rulings.unused()}")
    names = [tuple(row[column] for column in COLUMNS[:6]) for row in rows]
    twice = {name for name in names if names.count(name) > 1} if len(set(names)) < len(names) else set()
    if twice:
        raise SheetError(f"said twice: {sorted(twice)}")
    return rows


def text() -> str:
    """What cells.csv is to hold."""
    written = io.StringIO()
    writer = csv.DictWriter(written, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(read_all())
    return written.getvalue()


def main() -> int:
    """Write cells.csv and say how many rows it has."""
    after = text()
    (SOURCES / CELLS).write_bytes(after.encode())
    print(f"{CELLS}: {after.count(chr(10)) - 1} cells")
    return 0


if __name__ == "__main__":
    sys.exit(main())
