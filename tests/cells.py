"""An encoded set and the rows of sources/cells.csv, brought together cell by cell, both ways."""

from __future__ import annotations

import csv
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import attrs
import yaml

from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.quantities import UNITS, Quantity, plain_number
from ntm_rules.vocabulary.requirements import (
    AllOf,
    AnyOf,
    AppliesWhen,
    AtLeastNOf,
    Compare,
    DecidedBy,
    Delegated,
    Holds,
    Nothing,
    Unstated,
)

SOURCES = Path(__file__).parents[1] / "sources"

#: The axis whose rows are years; any other axis is that of the columns.
YEAR = "year"


def read_rows():
    """Every row of cells.csv."""
    with (SOURCES / "cells.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_trees():
    """How the nodes of single requirements answer to the parts of the sheet, as sources/exceptions.yaml has it."""
    return yaml.safe_load((SOURCES / "exceptions.yaml").read_text(encoding="utf-8"))["trees"]


# --- one cell ---------------------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Said:
    """What one cell says, whichever side it was read from."""

    value: str
    unit: str = ""
    direction: str
    grade: str = ""
    doubt: str = ""
    decided_by: str = ""
    candidate: tuple[str, str] = ("", "")


def in_unit(value, unit, other):
    """A figure in another unit of its dimension, exactly; the same where the unit table lacks one of them."""
    if not value or unit not in UNITS or other not in UNITS or UNITS[unit].dimension != UNITS[other].dimension:
        return value, unit
    return plain_number(Quantity(Decimal(value), unit).to(other).value), other


def said_by_row(row, unit):
    """A row of cells.csv, its figures in *unit* if they can be."""
    if row["value"] == "none":
        return Said(value="none", direction=row["direction"])
    value, of_unit = in_unit(row["value"], row["unit"], unit)
    candidate, of_candidate = in_unit(row["candidate_value"], row["unit"], unit)
    open_to = row["decided_by"] if not value and row["grade"] != Grade.UNSTATED.value else ""
    return Said(
        value=value,
        unit=of_candidate if candidate else of_unit,
        direction=row["direction"],
        grade=row["grade"],
        doubt=row["doubt"],
        decided_by=open_to,
        candidate=(candidate, row["candidate_grade"]),
    )


def said_as_statement(row):
    """A row that the algebra cannot measure yet (a level, a rating), encoded as a yes or no."""
    value = row["value"] and "met"
    return Said(value=value, direction="met", grade=row["grade"], doubt=row["doubt"])


def said_by_cell(node, cell, source, row, unit):
    """A cell of a table."""
    if isinstance(cell, Nothing):
        return Said(value="none", direction=node.sign.value)
    said = Said(
        value="",
        unit=unit,
        direction=node.sign.value,
        grade=source.grade(row).value,
        doubt=source.doubt or ("boundary" if node.threshold.boundary_unstated else ""),
    )
    if isinstance(cell, Delegated):
        assert cell.floor is None, "the sheets know no floors"
        return attrs.evolve(said, decided_by=cell.to.value)
    if isinstance(cell, Unstated):
        found = cell.candidate
        figure = ("", "") if found is None else (plain_number(found.value.value), found.grade.value)
        assert found is None or found.value.unit == unit
        return attrs.evolve(said, grade=Grade.UNSTATED.value, doubt="", candidate=figure)
    assert isinstance(cell, Quantity)
    assert cell.unit == unit
    return attrs.evolve(said, value=plain_number(cell.value))


def said_by_node(node, source, column, unit):
    """What a node without a table says in a column: a yes or no, an open requirement, or a group as a whole."""
    said = Said(value="met", direction="met", grade=source.grade((column,)).value, doubt=source.doubt or "")
    if isinstance(node, DecidedBy):
        return attrs.evolve(said, value="", decided_by=node.authority.value)
    if isinstance(node, AtLeastNOf):
        return attrs.evolve(said, value=str(node.n), unit=unit, direction="at_least")
    # What is not known to be asked is graded so; a condition graded `unstated` states nothing.
    return attrs.evolve(said, value="") if source.grade((column,)) is Grade.UNSTATED else said


# --- one requirement --------------------------------------------------------------------------------------------

CELLS = (Compare, Holds, DecidedBy)
GROUPS = {AllOf: "all_of", AnyOf: "any_of", AppliesWhen: "applies_when"}


def leaves(node, way=()):
    """The nodes that hold cells, in the tree's order, each with its way from the top."""
    if isinstance(node, CELLS):
        yield way
        return
    for at, part in enumerate(node.parts, start=1):
        yield from leaves(part, (*way, str(at)))


def outline(node):
    """A tree without what its cells say. A form that is not known here must first be taught to this module."""
    if isinstance(node, CELLS):
        return "cell"
    if isinstance(node, AtLeastNOf):
        name = f"at_least_{node.n}_of{'_open_list' if node.open_list else ''}"
    else:
        assert type(node) in GROUPS, f"tests/cells.py does not know {type(node).__name__} yet"
        name = GROUPS[type(node)]
    return f"{name}({', '.join(outline(part) for part in node.parts)})"


def by_number(node, way):
    """A way through ids and numbers (``2/clean``, ``.`` for the top) as one through numbers alone."""
    numbers = []
    for name in way.split("/") if way != "." else ():
        at = node.part_at(name)
        assert at is not None, f"no part {way}"
        numbers.append(str(at + 1))
        node = node.parts[at]
    return tuple(numbers)


def ways_of(indicator, parts, tree):
    """The ways that lead to the nodes of each part, and what is wrong with the shape of the tree."""
    node = indicator.require
    found = list(leaves(node))
    form = "cell" if len(parts) == 1 else f"all_of({', '.join(['cell'] * len(parts))})"
    form, seen = (tree or {}).get("form", form), outline(node)
    if seen != form:
        return None, f"is {seen}, where the sheet asks for {form} (parts: {parts})"
    if tree is None:
        return {part: [way] for part, way in zip(parts, found, strict=True)}, None
    named = {part: [ways] if isinstance(ways, str) else ways for part, ways in tree["parts"].items()}
    ways = {part: [by_number(node, way) for way in those] for part, those in named.items()}
    missed = set(found) - {way for those in ways.values() for way in those}
    if set(ways) != set(parts) or missed:
        return None, f"has parts {parts}, the exceptions name {sorted(ways)}; nodes without a part: {sorted(missed)}"
    return ways, None


def compare_table(where, node, source, rows, unit):
    """A table against the rows of the parts that it holds."""
    axes, cells, used = node.threshold.axes, dict(node.threshold.cells), set()
    for row in rows:
        at = f"{where} {row['axis_row']} {row['year']}".rstrip()
        full = tuple(row["year"] if axis == YEAR else row["axis_row"] for axis in axes)
        key = next((full[:length] for length in range(len(full), -1, -1) if full[:length] in cells), None)
        if key is None:
            yield f"{at}: not encoded"
            continue
        used.add(key)
        if (YEAR in axes) is not bool(row["year"]):
            yield f"{at}: one side goes by year, the other not"
        # Without an axis of columns the source still grades each column.
        graded = full if any(axis != YEAR for axis in axes) else (*full, row["axis_row"])
        wanted, found = said_by_row(row, unit), said_by_cell(node, cells[key], source, graded, unit)
        if wanted != found:
            yield f"{at}: the sheet says {wanted}, encoded is {found}"
    for key in cells.keys() - used:
        yield f"{where} {key}: encoded, but not in the sheet"


def compare_indicator(where, indicator, rows, tree, catalogue):
    """One indicator against its rows."""
    by_part = defaultdict(list)
    for row in rows:
        by_part[row["part"]].append(row)
    ways, wrong = ways_of(indicator, list(by_part), tree)
    if wrong is not None:
        yield f"{where}: {wrong}"
        return
    of_node = defaultdict(dict)
    for part, those in ways.items():
        for way in those:
            for row in by_part[part]:
                # Where one node holds several parts, a part that asks nothing in a column leaves it to the others.
                cell = (row["axis_row"], row["year"])
                if of_node[way].get(cell, {}).get("value", "none") == "none":
                    of_node[way][cell] = row
                elif row["value"] != "none":
                    yield f"{where}: two parts say something of {cell}"
    for way, cells in of_node.items():
        node, source = indicator.require.part(way), indicator.source_at(way)
        at = f"{where} {'/'.join(way)}".rstrip()
        if isinstance(node, Compare):
            yield from compare_table(at, node, source, cells.values(), catalogue[node.measure.fact].unit)
            continue
        for (column, year), row in cells.items():
            stated = tree is not None and row["part"] in tree.get("stated", ())
            wanted = said_as_statement(row) if stated else said_by_row(row, row["unit"])
            found = said_by_node(node, source, column, row["unit"])
            if wanted != found or year:
                yield f"{at} {column} {year}: the sheet says {wanted}, encoded is {found}"


def differences(rules, rows, trees):
    """Whatever an encoded edition and its rows of cells.csv do not both say; nothing if they agree."""
    edition = rules.in_force.first_day.isoformat()
    by_address, found = (
        defaultdict(list),
        {f"{criterion.number}/{row.number}": row for criterion, row in rules.indicators},
    )
    for row in rows:
        if (row["set"], row["edition"]) == (str(rules.id), edition):
            by_address[row["address"]].append(row)
    told = [f"{address}: not encoded" for address in by_address if address not in found]
    told += [f"{address}: encoded, but not in the sheet" for address in found if address not in by_address]
    if not told and list(by_address) != list(found):
        told.append("the indicators stand in another order")
    if len(found) != len(list(rules.indicators)):
        told.append("an address is used twice")
    for address in by_address.keys() & found.keys():
        trees_here = [
            tree
            for tree in trees
            if (tree["set"], tree["address"]) == (str(rules.id), address) and edition in tree.get("editions", [edition])
        ]
        (tree,) = trees_here or (None,)
        told += compare_indicator(address, found[address], by_address[address], tree, rules.catalogue)
    return sorted(told)
