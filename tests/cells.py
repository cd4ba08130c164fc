"""An encoded set and the rows of sources/cells.csv, brought together cell by cell, both ways."""

from __future__ import annotations

import csv
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import attrs
import yaml

from ntm_rules.vocabulary.criteria import PRECONDITION
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.places import Level
from ntm_rules.vocabulary.quantities import UNITS, Quantity, plain_number
from ntm_rules.vocabulary.requirements import (
    AllOf,
    AnyOf,
    AppliesWhen,
    AtLeastNOf,
    AtRecognition,
    Attains,
    Compare,
    DecidedBy,
    Delegated,
    Every,
    FactMeasure,
    ForEach,
    ForEachYear,
    Holds,
    IsOneOf,
    Nothing,
    RatioMeasure,
    RecognisedAs,
    RowMeasure,
    ThresholdOf,
    Unstated,
    When,
)

SOURCES = Path(__file__).parents[1] / "sources"

#: The axis whose rows are years; any other axis is that of the columns.
YEAR = "year"

#: Editions in which a decision changed the preconditions and nothing else: their cells are those of the day named.
CELLS_AS_OF = {
    "commune/advanced/2021-2025@2024-03-07": "2024-03-01",
    "commune/model/2021-2025@2024-03-07": "2022-03-08",
    "commune/standard/2010-2015@2014-03-14": "2013-02-20",
    "commune/standard/2021-2025@2024-03-07": "2024-03-01",
}

#: Units of the sheets for what is measured on a scale of the catalogue, whose steps bear the sheets' words as titles.
OF_A_SCALE = {"level": "Mức độ {}", "rating": "{}", "class": "{}", "accreditation_level": "Cấp độ {}"}


def edition_of(rules):
    """The edition of cells.csv that holds the cells of an edition: named by its first day in force."""
    return CELLS_AS_OF.get(rules.edition, rules.in_force.first_day.isoformat())


def read_rows():
    """Every row of cells.csv."""
    with (SOURCES / "cells.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_trees():
    """How the nodes of single requirements answer to the parts of the sheet, as sources/exceptions.yaml has it."""
    return yaml.safe_load((SOURCES / "exceptions.yaml").read_text(encoding="utf-8"))["trees"]


# --- what is measured -------------------------------------------------------------------------------------------


@attrs.frozen
class Counted:
    """What is measured where it is no fact: something counted, a share of it, or a ratio of two facts."""

    id: str
    unit: str
    scale: None = None
    unstated: bool = False


def measured(node, catalogue):
    """The fact that a comparison measures, or what it counts."""
    if isinstance(node.measure, FactMeasure):
        return catalogue[node.measure.fact]
    return Counted(outline(node), node.unit(catalogue))


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
    known = value and unit != other and unit in UNITS and other in UNITS
    if not known or UNITS[unit].dimension != UNITS[other].dimension:
        return value, unit
    return plain_number(Quantity(Decimal(value), unit).to(other).value), other


def on_scale(value, unit, scale):
    """A word of a sheet as a step of a scale; what is no step of it stands as it is, and agrees with nothing."""
    step = scale.step(OF_A_SCALE[unit].format(value)) if value else None
    return value if step is None else step.id


def said_by_row(row, unit="", scale=None):
    """A row of cells.csv, its figures in *unit* or as steps of *scale* if they can be."""
    if row["value"] == "none":
        return Said(value="none", direction=row["direction"])
    if scale is not None and row["unit"] in OF_A_SCALE:
        value, candidate = (on_scale(row[each], row["unit"], scale) for each in ("value", "candidate_value"))
        of_unit = scale.id
    else:
        value, of_value = in_unit(row["value"], row["unit"], unit)
        candidate, of_candidate = in_unit(row["candidate_value"], row["unit"], unit)
        of_unit = of_candidate if candidate else of_value
    open_to = row["decided_by"] if not value and row["grade"] != Grade.UNSTATED.value else ""
    return Said(
        value=value,
        unit=of_unit,
        direction=row["direction"],
        grade=row["grade"],
        doubt=row["doubt"],
        decided_by=open_to,
        candidate=(candidate, row["candidate_grade"]),
    )


def written(figure, unit, scale):
    """A figure or a step of the cell's own unit or scale."""
    if scale is not None:
        assert figure.scale == scale.id
        return figure.id
    assert figure.unit == unit
    return plain_number(figure.value)


def said_by_cell(node, cell, source, row, fact):
    """A cell of a table."""
    if isinstance(cell, Nothing):
        return Said(value="none", direction=node.sign.value)
    unit, scale = fact.unit, fact.scale
    said = Said(
        value="",
        unit=unit if scale is None else scale.id,
        direction=node.sign.value,
        grade=source.grade(row).value,
        doubt=source.doubt or ("boundary" if node.threshold.boundary_unstated else ""),
    )
    if isinstance(cell, Unstated):
        found = cell.candidate
        figure = ("", "") if found is None else (written(found.value, unit, scale), found.grade.value)
        return attrs.evolve(said, grade=Grade.UNSTATED.value, doubt="", candidate=figure)
    assert not fact.unstated, f"{fact.id}: a level of what nobody knows how to count"
    if isinstance(cell, Delegated):
        assert cell.floor is None, "the sheets know no floors"
        return attrs.evolve(said, decided_by=cell.to.value)
    if isinstance(cell, ThresholdOf):
        return attrs.evolve(said, value=plain_number(cell.times), unit="times")
    return attrs.evolve(said, value=written(cell, unit, scale))


def said_by_node(node, source, row, catalogue):
    """What a node without a table says in the column of a row: a yes or no, an open requirement, or a group."""
    graded = source.grade((row["axis_row"],))
    said = Said(value="met", direction="met", grade=graded.value, doubt=source.doubt or "")
    if isinstance(node, DecidedBy):
        return attrs.evolve(said, value="", decided_by=node.authority.value)
    if isinstance(node, AtLeastNOf):
        return attrs.evolve(said, value=str(node.n), unit=row["unit"], direction="at_least")
    if isinstance(node, Every):  # all of them is the end of the scale of shares
        return attrs.evolve(said, value="100", unit="percent", direction="at_least")
    if isinstance(node, Holds) and node.attribute is None and catalogue[node.fact].unstated:
        # What is asked was not seen, so neither was its direction; it decides nothing, whatever the grade of its title.
        return Said(value="", direction=row["direction"] and "met", grade=Grade.UNSTATED.value)
    # What is not known to be asked is graded so; a condition graded `unstated` states nothing.
    return attrs.evolve(said, value="") if graded is Grade.UNSTATED else said


# --- one requirement --------------------------------------------------------------------------------------------

CELLS = (Compare, Holds, DecidedBy, Attains, RecognisedAs)
GROUPS = {AllOf: "all_of", AnyOf: "any_of", AppliesWhen: "applies_when", When: "when"}


def beneath(node):
    """The parts of a node, or what it asks of each place that it counts: no node has both."""
    return (*node.parts, *node.asked_beneath)


def names_members(node, counted):
    """
    Whether a node only says which places are meant: their titles, the sets that they attain, their kind.

    Of places that are counted, what is affirmed of them too; `every` asks it of each, as one of its own cells.
    """
    whole_set = isinstance(node, Attains) and "#" not in node.address
    title = counted is not None and (whole_set or isinstance(node, RecognisedAs))
    return isinstance(node, IsOneOf) or title or (counted is Compare and isinstance(node, Holds))


def leaves(node, way=(), *, counted=None):
    """
    The nodes that hold cells, in the tree's order, each with its way from the top.

    What says which places are counted holds none: the outline tells it. `every` holds one (all of them) unless what it
    asks of each holds its own. `counted` is the form that asks it of places beneath, None for the place itself.
    """
    if names_members(node, counted):
        return
    if isinstance(node, CELLS):
        yield way
    counted = type(node) if node.asked_beneath else counted
    found = [
        each for at, part in enumerate(beneath(node), 1) for each in leaves(part, (*way, str(at)), counted=counted)
    ]
    yield from found
    if isinstance(node, Every) and not found:
        yield way


def outline(node, *, counted=None):
    """A tree without what its cells say. A form that is not known here must first be taught to this module."""
    if isinstance(node, IsOneOf):
        return f"{node.subject} is {' or '.join(node.values)}"
    if isinstance(node, RecognisedAs):
        name = f"recognised as {node.set_id}{' or higher' if node.or_higher else ''}"
        return name if counted else f"cell of {name}"
    if names_members(node, counted):
        return node.fact if isinstance(node, Holds) else f"attains {node.address}"
    if isinstance(node, Compare) and not isinstance(node.measure, FactMeasure):
        return f"cell of {outline_of_measure(node.measure)}"
    if isinstance(node, CELLS):
        return f"cell of {', '.join(node.refers_to)}" if node.refers_to else "cell"
    if isinstance(node, Every):
        body, *exception = (outline(part, counted=Every) for part in beneath(node))
        return f"every {node.collection.value}({', but '.join([body, *exception])})"
    if isinstance(node, AtLeastNOf):
        name = f"at_least_{node.n}_of{'_open_list' if node.open_list else ''}"
    elif isinstance(node, ForEach):
        name = f"for_each_{node.by}"
    elif isinstance(node, ForEachYear):
        name = f"for_each_of_last_{node.last}_years"
    else:
        assert type(node) in GROUPS, f"tests/cells.py does not know {type(node).__name__} yet"
        name = GROUPS[type(node)]
    return f"{name}({', '.join(outline(part, counted=counted) for part in node.parts)})"


def outline_of_measure(measure):
    """What is counted, or which two figures are compared."""
    if isinstance(measure, RatioMeasure):
        return f"{outline_of_reading(measure.of)} over {outline_of_reading(measure.to)}"
    name = "share" if measure.share else "number"
    if isinstance(measure, RowMeasure):
        rows = " ".join([measure.rows.value, *measure.among])
        return f"{name} of {rows} of {measure.set_id} {'met' if measure.met else 'not met'}"
    return f"{name} of {measure.collection.value}({outline(measure.that, counted=Compare)})"


def outline_of_reading(reading):
    """Which fact is read, and whose or of when, where a reading says so."""
    words = [reading.fact, *(["of", reading.of.value] if reading.of is not None else ())]
    if reading.at is not None:
        recognised = isinstance(reading.at, AtRecognition)
        words.append(f"at recognition as {reading.at.title}" if recognised else "at the previous year")
    return " ".join(words)


def node_at(node, way):
    """The node at the end of a way through numbers, of parts and of what is asked of places beneath."""
    return node_at(beneath(node)[int(way[0]) - 1], way[1:]) if way else node


def source_at(indicator, way):
    """The source of the node there, or of the nearest above it that has one."""
    nodes = (node_at(indicator.require, way[:length]) for length in range(len(way), -1, -1))
    return next((node.source for node in nodes if node.source is not None), indicator.source)


def by_number(node, way):
    """A way through ids and numbers (``2/clean``, ``.`` for the top) as one through numbers alone."""
    numbers = []
    for name in way.split("/") if way != "." else ():
        named = [each.id for each in beneath(node)]
        at = named.index(name) + 1 if name in named else int(name) if name.isdigit() else 0
        assert 0 < at <= len(named), f"no part {way}"
        numbers.append(str(at))
        node = beneath(node)[at - 1]
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


def compare_table(where, node, source, rows, fact):
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
        wanted = said_by_row(row, fact.unit, fact.scale)
        found = said_by_cell(node, cells[key], source, graded, fact)
        if wanted != found:
            yield f"{at}: the sheet says {wanted}, encoded is {found}"
    for key in cells.keys() - used:
        yield f"{where} {key}: encoded, but not in the sheet"


def compare_node(where, indicator, way, rows, catalogue):
    """One node against the rows that it holds."""
    node, source = node_at(indicator.require, way), source_at(indicator, way)
    where = f"{where} {'/'.join(way)}".rstrip()
    if isinstance(node, Compare):
        yield from compare_table(where, node, source, rows, measured(node, catalogue))
        return
    for row in rows:
        wanted, found = said_by_row(row, row["unit"]), said_by_node(node, source, row, catalogue)
        if wanted != found or row["year"]:
            yield f"{where} {row['axis_row']} {row['year']}: the sheet says {wanted}, encoded is {found}"


def compare_indicator(where, indicator, rows, tree, catalogue):
    """One indicator against its rows."""
    by_part = defaultdict(list)
    for row in rows:
        by_part[row["part"]].append(row)
    if isinstance(indicator.require, ForEach):  # one table, which every part of the list must agree with
        seen, parts = outline(indicator.require), [part.id for part in catalogue.part_list(indicator.require.by).parts]
        if tree is not None or seen != f"for_each_{indicator.require.by}(cell)" or list(by_part) != parts:
            yield f"{where}: is {seen} of {parts}, the parts of the sheet are {list(by_part)}"
            return
        for part, those in by_part.items():
            yield from compare_node(f"{where} {part}", indicator, ("1",), those, catalogue)
        return
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
        yield from compare_node(where, indicator, way, cells.values(), catalogue)


def rows_of_set(rules):
    """Every indicator by its address, and every condition but those of recognising communes, which no table has."""
    rows = {f"{criterion.number}/{row.number}": row for criterion, row in rules.indicators}
    if rules.id.level is Level.COMMUNE and rules.id.act is None:
        return rows
    return {f"{PRECONDITION}{row.number}": row for row in rules.preconditions} | rows


def is_of(tree, rules):
    """Whether a tree is of this edition; it may name one set or several."""
    sets = [tree["set"]] if isinstance(tree["set"], str) else tree["set"]
    return str(rules.id) in sets and edition_of(rules) in tree.get("editions", [edition_of(rules)])


def differences(rules, rows, trees):
    """Whatever an encoded edition and its rows of cells.csv do not both say; nothing if they agree."""
    by_address, found = defaultdict(list), rows_of_set(rules)
    name, edition = str(rules.id), edition_of(rules)
    for row in rows:
        if row["set"] == name and row["edition"] == edition:
            by_address[row["address"]].append(row)
    own = [tree for tree in trees if is_of(tree, rules)]
    tree_at = {tree["address"]: tree for tree in own}
    assert len(tree_at) == len(own), "two trees for one row"
    told = [f"{address}: not encoded" for address in by_address if address not in found]
    told += [f"{address}: encoded, but not in the sheet" for address in found if address not in by_address]
    of_sheet, encoded = ([each for each in those if not each.startswith(PRECONDITION)] for those in (by_address, found))
    if not told and of_sheet != encoded:
        told.append("the indicators stand in another order")
    if len(encoded) != len(list(rules.indicators)):
        told.append("an address is used twice")
    if rules.applies_to is not None and any(isinstance(node, Compare) for node in rules.applies_to.require.walk()):
        told.append("applies_to: a figure, where the sheets say what kind of place it is")
    for address in by_address.keys() & found.keys():
        told += compare_indicator(address, found[address], by_address[address], tree_at.get(address), rules.catalogue)
    return sorted(told)
