"""Tables of places at random, and what they give beside the evaluator of single places."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

import polars as pl

from ntm_rules import Grade, ReasonCode
from ntm_rules.population import CONFLICTS, REASONS, VERDICTS, evaluate_table
from ntm_rules.rulebook import facts, find, load, places
from ntm_rules.vocabulary.facts import FactKind
from ntm_rules.vocabulary.places import KINDS_OF_LEVEL, Level
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.requirements import Compare
from strategies import REGION, VALUES, asked, criteria_set, criterion, random_axes, random_requirement

STEPS = [Decimal(step) for step in ("0", "0", "0.1", "-0.1", "0.01", "1", "-1", "10", "-10")]


def thresholds(rules, fact):
    """The thresholds of a fact in a set."""
    nodes = [node for _, row in rules.rows for node in row.require.walk() if fact in node.facts]
    cells = [cell for node in nodes if isinstance(node, Compare) for _, cell in node.threshold.cells]
    return [cell.value for cell in cells if isinstance(cell, Quantity)]


def sets_asked(rules, on):
    """A set and those that it names with their period."""
    return [
        rules,
        *(load(name, on=on) for name in rules.sets_attained if name.count("/") == 2 and name != str(rules.id)),
    ]


def figures(rules, fact, rows, random, missing):
    """Figures around the thresholds of a fact, in one of the types that a table may have."""
    around = [value for each in rules for value in thresholds(each, fact.id)] or [Decimal(50)]
    low = Decimal(-5) if fact.minimum is None else fact.minimum
    high = Decimal(10**6) if fact.maximum is None else fact.maximum
    whole = fact.unit != "percent" and random.random() < 0.5

    def figure():
        value = Decimal(0) if random.random() < 0.1 else random.choice(around) + random.choice(STEPS)
        value = max(low, min(high, value))
        return value.to_integral_value() if whole else value

    values = [None if random.random() < missing else figure() for _ in range(rows)]
    # A column of shares that never exceeds 1 is refused as fractions.
    values[0] = min(high, Decimal(60))
    written = random.choice(("float", "decimal", "text"))
    if written == "float":
        return pl.Series([None if value is None else float(value) for value in values], dtype=pl.Float64)
    if written == "decimal":
        return pl.Series(values, dtype=pl.Decimal(20, 3))
    return pl.Series([None if value is None else str(value).replace(".", random.choice(",.")) for value in values])


def table_of(rules, seed, rows=20, year=None):
    """A table of places for a set, with figures, statements, conclusions and much that is missing."""
    random = Random(seed)  # noqa: S311 - repeatable, no secret
    year = rules.in_force.first_day.year + random.choice((0, 1, 3)) if year is None else year
    on = date(year, 12, 31)
    sets = sets_asked(rules, on)
    register = places()
    provinces = [each for each in register.provinces if each.map == register.map_on(on)]
    picked = [random.choice(provinces) for _ in range(rows)]
    regions = [region for region, _ in register.regions]
    columns = {
        "name": [f"Xã {row}" for row in range(rows)],
        "province": [each.id for each in picked],
        "region": [each.region or random.choice([None, *regions]) for each in picked],
        "year": [year] * rows,
    }
    attributes = {name for each in sets for name in each.used_attributes}
    if "kind" in attributes:
        columns["kind"] = [random.choice([None, *KINDS_OF_LEVEL[rules.id.level]]) for _ in range(rows)]
    for name in sorted(attributes - {"region", "province", "map", "kind"}):
        values = [value for value, _ in register.attribute(name).values] or [True, False]
        columns[name] = [random.choice([None, *values]) for _ in range(rows)]
    catalogue = rules.catalogue
    for fact in sorted({fact for each in sets for fact in each.used_facts}):
        if random.random() < 0.1:
            continue
        missing = random.choice((0.02, 0.3))
        for part in (None, *(() if catalogue[fact].parts is None else catalogue[fact].parts.parts or ())):
            heading = fact if part is None else f"{fact}__{part.id}"
            columns[heading] = column_of(sets, catalogue[fact], rows, random, missing)
    # A renewal counts conclusions that name no set for the set it asks for, too, which has other rows.
    for each in sets[1:] if str(rules.id).startswith("renewal/") else sets:
        for address in (*(row.number for row in each.criteria), *(address for address, _ in each.rows)):
            if random.random() < 0.3:
                missing = random.choice((0.1, 0.5, 0.9))
                words = ("met", "met", "not_met", "not_applicable")
                said = [None if random.random() < missing else random.choice(words) for _ in range(rows)]
                columns[f"attested:{address}" if each is rules else f"attested:{each.id}#{address}"] = said
    return pl.DataFrame(columns)


def column_of(sets, fact, rows, random, missing):
    """What a fact is in every row."""
    if fact.kind is FactKind.NUMBER:
        return figures(sets, fact, rows, random, missing)
    options = {FactKind.YES_NO: [True, True, True, False]}.get(fact.kind)
    if options is None:
        options = [each.id for each in (fact.values if fact.scale is None else fact.scale.steps)]
    return [None if random.random() < missing else random.choice(options) for _ in range(rows)]


# --- places beneath places ------------------------------------------------------------------------------------

#: Sets that ask about the places beneath.
SETS_WITH_PLACES_BENEATH = (
    "district/standard/2010-2015",
    "district/standard/2016-2020",
    "district/standard/2021-2025",
    "district/advanced/2021-2025",
    "district/task_completed/2021-2025",
    "province/standard/2010-2015",
    "province/task_completed/2020",
    "province/task_completed/2021-2025",
)


def commune_set(year):
    """The standard of communes in force at the end of a year."""
    return find(Level.COMMUNE, on=f"{year}-12-31")


def beneath_of(rules, table, seed, year, rows=80):
    """Communes, and for a province districts, beneath the places of a table; some beneath none of them."""
    random = Random(seed)  # noqa: S311 - repeatable, no secret
    provinces = [*table["province"].to_list(), "vn-2008/province/01"]
    districts = table["name"].to_list() if rules.id.level is Level.DISTRICT else ["Huyện một", "Huyện hai"]
    communes = table_of(commune_set(year), seed, rows, year=year)
    at = [random.randrange(len(provinces)) for _ in range(rows)]
    named = [districts[each % len(districts)] for each in at]
    if rules.id.level is Level.PROVINCE:
        named = [random.choice(districts) for _ in at]
    regions = {each.id: each.region for each in places().provinces}
    above = [provinces[each] for each in at]
    own = [
        pl.Series("province", above),
        pl.Series("region", [regions[each] for each in above]),
        pl.Series("district", named),
        pl.Series("kind", [random.choice(("commune", "commune", "town", None)) for _ in at]),
        *facts_for(rules, random, rows, communes.columns),
    ]
    tables = [communes.with_columns(own)]
    if rules.id.level is Level.PROVINCE:
        pairs = [
            (province, name) for province in dict.fromkeys(provinces) for name in districts if random.random() < 0.8
        ]
        columns = {
            "level": ["district"] * len(pairs),
            "name": [name for _, name in pairs],
            "province": [province for province, _ in pairs],
            "year": [year] * len(pairs),
            "kind": [random.choice((None, "district_town", "provincial_city")) for _ in pairs],
        }
        below = pl.DataFrame(columns, schema_overrides={"kind": pl.String})
        tables.append(below.with_columns(facts_for(rules, random, len(pairs), below.columns)))
    return tables


def facts_for(rules, random, rows, known):
    """Columns of what a set asks of places beneath."""
    found = []
    for fact in sorted(rules.facts_beneath - set(known)):
        values = column_of([rules], facts()[fact], rows, random, 0.2)
        found.append(pl.Series(fact, values))
    return found


def year_of(rules):
    """A year in which a set is in force."""
    return {"2010-2015": 2014, "2016-2020": 2019, "2020": 2020}.get(rules.id.period, 2023)


def typed(table):
    """A table as engines that read nothing but types take it: figures as numbers, and no column of year or level."""
    texts = [
        each
        for each, kind in table.schema.items()
        if kind == pl.String and each.partition("__")[0] in facts() and facts()[each.partition("__")[0]].unit
    ]
    figures_ = [pl.col(each).str.replace(",", ".", literal=True).cast(pl.Decimal(18, 3)) for each in texts]
    nothing = [each for each, kind in table.schema.items() if kind == pl.Null]
    return table.with_columns(*figures_, pl.col(nothing).cast(pl.String)).drop("year", "level", strict=False)


# --- sets at random ---------------------------------------------------------------------------------------------


def random_set(random):
    """A set of a few random trees over the facts of `VALUES`, with axes at random."""
    axes = random_axes(random)
    grades = (Grade.TEXT, Grade.RECALLED)
    criteria = [
        criterion(
            str(number), *(random_requirement(random) for _ in range(random.randint(1, 2))), grade=random.choice(grades)
        )
        for number in range(1, 4)
    ]
    counts = None if random.random() < 0.8 else (4, 9)
    return criteria_set(*criteria, axes=axes, counts=counts)


def random_table(rules, random, rows=25):
    """A table of what a random set asks for, and conclusions."""
    columns = {
        "name": ["x"] * rows,
        "region": [random.choice((REGION, "mekong_delta", "south_east")) for _ in range(rows)],
        "year": [2019] * rows,
    }
    for name, values in VALUES.items():
        fact = name.partition("__")[0].removeprefix("unit.")
        if fact not in asked(rules) and name not in asked(rules):
            continue
        written = [getattr(value, "id", value) for value in values]
        cells = [None if random.random() < 0.3 else random.choice(written) for _ in range(rows)]
        columns[name.removeprefix("unit.")] = cells
    for fact in ("total", "quotient"):
        if fact in asked(rules) and random.random() < 0.5:
            columns[fact] = [random.choice((None, 0, 1, 2, 3)) for _ in range(rows)]
    for address in (*(each.number for each in rules.criteria), *(address for address, _ in rules.rows)):
        if random.random() < 0.3:
            words = (None, None, "met", "not_met", "not_applicable")
            columns[f"attested:{address}"] = [random.choice(words) for _ in range(rows)]
    return pl.DataFrame(columns, strict=False)


# --- beside the evaluator of single places ----------------------------------------------------------------------


def expected(assessment):
    """What a row of verdicts must hold, by column, from an assessment of that place."""
    code = VERDICTS.index
    wanted = {"verdict": code(assessment.verdict), "conflicts": len(assessment.conflicts)}
    tally = assessment.tally
    for name in ("met", "not_met", "undetermined", "not_applicable", "total"):
        wanted[name] = getattr(tally, name)
    if assessment.recognition is not None:
        wanted["recognition"] = code(assessment.recognition.verdict)
    rows = [*assessment.indicators, *assessment.preconditions]
    rows += [] if assessment.applies is None else [assessment.applies]
    for each in (*assessment.criteria, *rows):
        wanted[each.address] = code(each.verdict)
    for each in assessment.conflicts:
        wanted[f"conflict:{each.address}"] = CONFLICTS.index(each.code) + 1
    for each in rows:
        first = each.reasons[0].code
        # That a criterion is covered is told of its indicators where they are explained.
        if first is not ReasonCode.COVERED_BY_CRITERION:
            wanted[f"reason:{each.address}"] = REASONS.index(first)
    return wanted


def differences(rules, table, accept=Grade.RECALLED, **how):
    """Where the columns and the evaluator of single places differ: row, column, what is told, what is right."""
    result = evaluate_table(table, rules, accept=accept, reasons=True, **how)
    found = []
    for number, record in enumerate(result.frame.iter_rows(named=True), start=1):
        wanted = expected(result.explain(number))
        found += [(number, name, record[name], value) for name, value in wanted.items() if record[name] != value]
    return found
