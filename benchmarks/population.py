"""
Many places at once, ours and others' in one run: 1,000,000 rows, 3 % of the figures missing, thresholds by region.

The rules are 19 criteria of 50 indicators, each a share with a threshold for every region. Each engine gets the table
in memory in the form that is natural to it, and gives for every row the 19 verdicts and the overall one: not met,
undetermined or met. Making the table is outside what is timed, taking the answer into Python inside. What each gives is
compared with NumPy's; an engine that knows no missing values only where none is.
"""

from __future__ import annotations

import argparse
import resource
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl
from peers import machine, seconds, version_of

import ntm_rules as ntm
from ntm_rules.language import from_plain, parse_criteria_set
from ntm_rules.population import country, evaluate_table
from ntm_rules.population.country.draws import FAR, draw, take
from ntm_rules.vocabulary.requirements import Compare

SIZES = [3] * 12 + [2] * 7
REGIONS = tuple(region for region, _ in ntm.places().regions)
NOT_MET, OPEN, MET = 0, 1, 2

#: For every criterion its indicators, and the threshold of each by region, in the order of `REGIONS`.
Rules = list[list[tuple[str, list[Decimal]]]]
Peer = Callable[[pl.DataFrame, Rules], Callable[[], Any]]


# --- rules and figures ----------------------------------------------------------------------------------------------


def rules() -> Rules:
    """
    Thresholds from 2.0 to 8.0 for figures from 0.0 to 99.9, so that a criterion fails for about one row in seven.

    The facts are the first fifty shares of the catalogue; that they ask for so little is of no law.
    """
    levels = np.random.default_rng(20260101).integers(20, 81, (sum(SIZES), len(REGIONS)))
    shares = (
        fact.id
        for fact in ntm.facts()
        if fact.unit == "percent" and fact.parts is None and fact.derived is None and not fact.unstated
    )
    indicators = [
        (fact, [Decimal(int(level)) / 10 for level in row]) for fact, row in zip(shares, levels, strict=False)
    ]
    found, at = [], 0
    for size in SIZES:
        found.append(indicators[at : at + size])
        at += size
    return found


def figures(rows: int, missing: float = 0.03, seed: int = 2026) -> pl.DataFrame:
    """A region for every row and 50 figures with one decimal, some missing; by the hash of the made-up country."""
    counter = pl.DataFrame({"#": pl.int_range(rows, eager=True, dtype=pl.UInt64)})
    names = [fact for criterion in rules() for fact, _ in criterion]
    columns = [(take(draw(seed, "region", "#"), FAR) % len(REGIONS)).alias("#region")]
    for name in names:
        drawn = draw(seed, name, "#")
        there = take(drawn, (0, 16)) >= int(missing * 65_536)
        columns.append(pl.when(there).then((take(drawn, FAR) % 1000).cast(pl.Float64) / 10).alias(name))
    table = counter.select(columns)
    return table.select(pl.lit(pl.Series(REGIONS)).gather(pl.col("#region")).alias("region"), *names)


def criteria_set() -> ntm.CriteriaSet:
    """The same rules as a criteria set of ours."""
    source = {"cite": "Annex", "evidence": "recalled"}
    document = {
        "criteria_set": "commune/standard/2021-2025",
        "title": {"vi": "Bộ thử", "en": "Trial set"},
        "basis": "318/QĐ-TTg",
        "in_force": {"from": "2022-03-08"},
        "counts": {"criteria": len(SIZES), "indicators": sum(SIZES)},
        "axes": {"region": [{"row": "unit.region"}]},
        "criteria": [
            {
                "number": str(at),
                "title": {"vi": f"Tiêu chí {at}", "en": f"Criterion {at}"},
                "indicators": [
                    {
                        "number": f"{at}.{number}",
                        "title": {"vi": fact, "en": fact},
                        "require": {
                            "fact": fact,
                            "at_least": {"by": "region"}
                            | {region: f"{level} %" for region, level in zip(REGIONS, levels, strict=True)},
                        },
                        "source": source,
                    }
                    for number, (fact, levels) in enumerate(criterion, 1)
                ],
            }
            for at, criterion in enumerate(rules(), 1)
        ],
    }
    return parse_criteria_set(from_plain(document), ntm.facts(), ntm.instruments(), ntm.places())


# --- peers ----------------------------------------------------------------------------------------------------------


def numpy_columns(table: pl.DataFrame, rules: Rules) -> Callable[[], np.ndarray]:
    """NumPy, column by column: what is missing is NaN, which is below nothing."""
    region = _codes(table)
    columns = {name: table[name].fill_null(float("nan")).to_numpy() for name in table.columns if name != "region"}
    by_fact = {fact: np.array([float(level) for level in levels]) for criterion in rules for fact, levels in criterion}

    def judge() -> np.ndarray:
        out = np.empty((len(region), len(rules) + 1), dtype=np.int8, order="F")
        worst = np.full(len(region), MET, dtype=np.int8)
        for at, criterion in enumerate(rules):
            fails = np.zeros(len(region), dtype=bool)
            is_open = np.zeros(len(region), dtype=bool)
            for fact, _ in criterion:
                values = columns[fact]
                fails |= values < by_fact[fact][region]
                is_open |= np.isnan(values)
            verdict = np.where(fails, NOT_MET, np.where(is_open, OPEN, MET)).astype(np.int8)
            out[:, at] = verdict
            np.minimum(worst, verdict, out=worst)
        out[:, -1] = worst
        return out

    return judge


def polars_join(table: pl.DataFrame, rules: Rules) -> Callable[[], pl.DataFrame]:
    """Polars as an expert writes it: the thresholds joined by region, all of a criterion's comparisons."""
    levels = _levels(rules)
    verdicts = [
        pl.all_horizontal(pl.col(fact) >= pl.col(f"{fact}_level") for fact, _ in criterion).alias(f"c{at}")
        for at, criterion in enumerate(rules)
    ]
    overall = pl.all_horizontal(f"c{at}" for at in range(len(rules))).alias("overall")

    def judge() -> pl.DataFrame:
        joined = table.lazy().join(levels.lazy(), on="region", how="left", maintain_order="left")
        return joined.select(verdicts).with_columns(overall).collect()

    return judge


def polars_lookup(table: pl.DataFrame, rules: Rules) -> Callable[[], pl.DataFrame]:
    """Polars, the fastest that we know: the region as a number once, each threshold looked up by it."""
    code = pl.col("region").cast(pl.Enum(REGIONS)).to_physical().cast(pl.UInt32).alias("#")
    verdicts = [
        pl.all_horizontal(
            pl.col(fact) >= pl.lit(pl.Series([float(level) for level in levels])).gather(pl.col("#"))
            for fact, levels in criterion
        ).alias(f"c{at}")
        for at, criterion in enumerate(rules)
    ]
    overall = pl.all_horizontal(f"c{at}" for at in range(len(rules))).alias("overall")

    def judge() -> pl.DataFrame:
        return table.lazy().with_columns(code).select(verdicts).with_columns(overall).collect()

    return judge


def polars_regions(table: pl.DataFrame, rules: Rules) -> Callable[[], pl.DataFrame]:
    """Polars with more care: one expression of constants a region, chosen row by row as little as can be."""
    region = pl.col("region").cast(pl.Enum(REGIONS))

    def level(levels: list[Decimal]) -> pl.Expr:
        found: Any = pl
        for name, each in zip(REGIONS[:-1], levels[:-1], strict=True):
            found = found.when(pl.col("#") == name).then(float(each))
        return found.otherwise(float(levels[-1]))

    verdicts = [
        pl.all_horizontal(pl.col(fact) >= level(levels) for fact, levels in criterion).alias(f"c{at}")
        for at, criterion in enumerate(rules)
    ]
    overall = pl.all_horizontal(f"c{at}" for at in range(len(rules))).alias("overall")

    def judge() -> pl.DataFrame:
        return table.lazy().with_columns(region.alias("#")).select(verdicts).with_columns(overall).collect()

    return judge


def duckdb_sql(table: pl.DataFrame, rules: Rules) -> Callable[[], pl.DataFrame]:
    """DuckDB over its own table, the thresholds joined by region; the answer fetched as Arrow."""
    import duckdb

    levels = _levels(rules)
    connection = duckdb.connect()
    connection.register("given", table.to_arrow())
    connection.execute("create table places as select row_number() over () as n, * from given")
    connection.unregister("given")
    connection.register("given", levels.to_arrow())
    connection.execute("create table levels as select * from given")
    verdicts = ", ".join(
        "(" + " and ".join(f"{fact} >= {fact}_level" for fact, _ in criterion) + f") as c{at}"
        for at, criterion in enumerate(rules)
    )
    overall = " and ".join(f"c{at}" for at in range(len(rules)))
    query = (
        f"select *, ({overall}) as overall from "  # noqa: S608 - of our own names
        f"(select n, {verdicts} from places join levels using (region))"
    )

    def judge() -> pl.DataFrame:
        return pl.from_arrow(connection.sql(query).to_arrow_table())

    return judge


def openfisca_default(table: pl.DataFrame, rules: Rules) -> Callable[[], np.ndarray]:
    """OpenFisca-core, a simulation built and calculated: it knows no missing values, so what is missing is its 0."""
    return _openfisca(table, rules, masked=False)


def openfisca_mask(table: pl.DataFrame, rules: Rules) -> Callable[[], np.ndarray]:
    """OpenFisca-core with a variable beside each that says whether it is known, and verdicts as numbers."""
    return _openfisca(table, rules, masked=True)


def _openfisca(table: pl.DataFrame, rules: Rules, *, masked: bool) -> Callable[[], np.ndarray]:
    from openfisca_core import entities, periods, taxbenefitsystems, variables
    from openfisca_core.simulations import SimulationBuilder

    commune = entities.build_entity(key="commune", plural="communes", label="commune", is_person=True)
    system = taxbenefitsystems.TaxBenefitSystem([commune])
    year = "2025"

    def declare(name: str, kind: type, formula: Callable[..., Any] | None = None) -> None:
        content = {"value_type": kind, "entity": commune, "definition_period": periods.DateUnit.YEAR, "label": name}
        more = {} if formula is None else {"formula": formula}
        system.add_variable(type(name, (variables.Variable,), content | more))

    declare("region", int)
    names = [f"c{at}" for at in range(len(rules))]
    for name, criterion in zip(names, rules, strict=True):
        for fact, _ in criterion:
            declare(fact, float)
            if masked:
                declare(f"{fact}_known", bool)
        levels = {fact: np.array([float(level) for level in its], dtype=np.float32) for fact, its in criterion}

        formula = _masked(levels) if masked else _known(levels)
        declare(name, int if masked else bool, formula)

    def judge_all(places: Any, period: Any) -> np.ndarray:
        found = places(names[0], period)
        for name in names[1:]:
            found = np.minimum(found, places(name, period)) if masked else found * places(name, period)
        return found

    declare("overall", int if masked else bool, judge_all)
    region = _codes(table)
    given = {name: table[name].fill_null(0.0).to_numpy() for name in table.columns if name != "region"}
    known = {name: table[name].is_not_null().to_numpy() for name in table.columns if name != "region"}

    def judge() -> np.ndarray:
        simulation = SimulationBuilder().build_default_simulation(system, count=len(region))
        simulation.set_input("region", year, region)
        for name, values in given.items():
            simulation.set_input(name, year, values)
            if masked:
                simulation.set_input(f"{name}_known", year, known[name])
        return np.column_stack([simulation.calculate(name, year) for name in [*names, "overall"]])

    return judge


# A formula takes the places and the period; OpenFisca counts its arguments.


def _known(levels: dict[str, np.ndarray]) -> Callable[..., Any]:
    def judge(places: Any, period: Any) -> np.ndarray:
        region = places("region", period)
        met = True
        for fact, its in levels.items():
            met = met * (places(fact, period) >= its[region])
        return met

    return judge


def _masked(levels: dict[str, np.ndarray]) -> Callable[..., Any]:
    def judge(places: Any, period: Any) -> np.ndarray:
        region = places("region", period)
        fails, is_open = False, False
        for fact, its in levels.items():
            known = places(f"{fact}_known", period)
            fails = fails + known * (places(fact, period) < its[region])
            is_open = is_open + ~known
        return np.where(fails, NOT_MET, np.where(is_open, OPEN, MET))

    return judge


def _codes(table: pl.DataFrame) -> np.ndarray:
    return table["region"].replace_strict(REGIONS, range(len(REGIONS)), return_dtype=pl.Int64).to_numpy()


def _levels(rules: Rules) -> pl.DataFrame:
    """The thresholds as a table: a row a region."""
    columns = {f"{fact}_level": [float(level) for level in levels] for criterion in rules for fact, levels in criterion}
    return pl.DataFrame({"region": REGIONS, **columns})


# --- ours -----------------------------------------------------------------------------------------------------------


def ours(table: pl.DataFrame, rules: Rules) -> Callable[[], pl.DataFrame]:
    """`ntm.evaluate_table` with all that it gives: verdicts of indicators too, tallies and conflicts."""
    set_ = criteria_set()
    named = table.with_columns(pl.int_range(len(table)).cast(pl.String).alias("name"))
    columns = [*(str(at) for at in range(1, len(rules) + 1)), "verdict"]
    return lambda: evaluate_table(named, set_, year=2022).lazy.select(columns).collect()


def ours_exact(table: pl.DataFrame, rules: Rules) -> Callable[[], pl.DataFrame]:
    """The same figures as decimals."""
    return ours(table.with_columns(pl.exclude("region").round(1).cast(pl.Decimal(18, 1))), rules)


#: Our own rows; each gives the twenty columns as numbers or nullable booleans.
OURS: dict[str, Peer] = {
    "ntm-rules, `evaluate_table`, decimals": ours_exact,
    "ntm-rules, `evaluate_table`, floats": ours,
}


# --- the run --------------------------------------------------------------------------------------------------------

KNOWS_NO_MISSING = "OpenFisca-core, build and calculate, 0 for missing"

PEERS: dict[str, tuple[str, Peer]] = {
    "NumPy, column by column": ("numpy", numpy_columns),
    "Polars, thresholds joined by region": ("polars", polars_join),
    "Polars, thresholds looked up by a number": ("polars", polars_lookup),
    "Polars, thresholds by when/then": ("polars", polars_regions),
    "DuckDB, thresholds joined by region": ("duckdb", duckdb_sql),
    KNOWS_NO_MISSING: ("OpenFisca-Core", openfisca_default),
    "OpenFisca-core, build and calculate, a mask each": ("OpenFisca-Core", openfisca_mask),
}


def codes(answer: Any) -> np.ndarray:
    """Any engine's answer as numbers: a row a place, a column a criterion, the last overall."""
    if isinstance(answer, pl.DataFrame):
        if "n" in answer.columns:
            answer = answer.sort("n").drop("n")
        met = pl.col(pl.Boolean).cast(pl.Int8) * MET
        return answer.select(met.fill_null(OPEN), pl.exclude(pl.Boolean)).to_numpy()
    if answer.dtype == bool:
        return np.where(answer, MET, NOT_MET).astype(np.int8)
    return answer.astype(np.int8)


def growth(sizes: list[int], rounds: int) -> None:
    """How the time grows with the places, on the made-up country and the real set; with the most memory so far."""
    rules = ntm.load("commune/standard/2021-2025", on="2022-12-31")
    print(f"The made-up country under {rules.edition}; {machine()}; median of {rounds} rounds\n")
    print("| places | seconds | microseconds a place | peak memory, MiB |\n| ---: | ---: | ---: | ---: |")
    for size in sizes:
        table = country.generate(places=size)
        name = str(size)
        taken = seconds({name: lambda table=table: evaluate_table(table, rules)}, rounds)[name]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"| {size:,} | {taken:.3f} | {taken * 1e6 / size:.2f} | {peak:,.0f} |", flush=True)


def variants(rounds: int) -> None:
    """Thresholds tried out over the made-up country: a sweep of one, and a thousand scenarios of one cell each."""
    rules = ntm.load("commune/standard/2021-2025", on="2022-12-31")
    places = country.generate()
    population = ntm.Population.of(places, rules, year=2022)
    levels = [Decimal(step) / 10 for step in range(1000)]
    revisions = scenarios(rules, 1000)
    jobs: dict[str, Callable[[], object]] = {
        "judge all once": lambda: ntm.Population.of(places, rules, year=2022),
        "sweep 1,000 thresholds of 15.3": lambda: population.sweep("15/15.3", levels),
        "sweep 1,000 of 3.1 in one region": lambda: population.sweep("3/3.1", levels, row="red_river_delta"),
        "1,000 revisions, applied and counted": lambda: population.variants(revisions),
    }
    print(f"{len(places):,} made-up places under {rules.edition}; {machine()}; median of {rounds} rounds\n")
    print("| | milliseconds |\n| --- | ---: |")
    for name, taken in seconds(jobs, rounds).items():
        print(f"| {name} | {taken * 1000:,.0f} |", flush=True)


def scenarios(rules: ntm.CriteriaSet, number: int) -> list[ntm.Revision]:
    """Scenarios that set one cell each, all different: every threshold of the set a little stricter or looser."""
    cells = [
        (address, part, row, cell, rules.catalogue[node.facts[0]].maximum)
        for address, item in rules.rows
        for part, node in item.require.walk_ways()
        if isinstance(node, Compare)
        for row, cell in node.threshold.cells
        if isinstance(cell, ntm.Quantity)
    ]
    found: list[ntm.Revision] = []
    step = 0
    while len(found) < number:
        step += 1
        for address, part, row, cell, limit in cells:
            value = cell.value - Decimal(step) / 10
            if value < 0 or (limit is not None and value > limit):
                continue
            edit = ntm.SetCell(at=address, part=part, row=row, cell=ntm.Quantity(value, cell.unit))
            title = ntm.Text(f"Phương án {len(found)}", f"Scenario {len(found)}")
            found.append(
                ntm.Revision(
                    id=f"scenario-{len(found)}",
                    revises=str(rules.id),
                    authority=ntm.RevisionAuthority.SCENARIO,
                    author="benchmark",
                    title=title,
                    edits=(edit,),
                )
            )
    return found[:number]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument(
        "--growth", type=int, nargs="+", metavar="PLACES", help="time our own on so many places instead"
    )
    parser.add_argument("--variants", action="store_true", help="time sweeps and variants instead")
    given = parser.parse_args()
    if given.variants:
        variants(given.rounds)
        return 0
    if given.growth:
        growth(given.growth, given.rounds)
        return 0
    table, its_rules = figures(given.rows), rules()
    wanted = numpy_columns(table, its_rules)()
    complete = table.select(pl.all_horizontal(pl.all().is_not_null())).to_series().to_numpy()
    shares = [float((wanted[:, -1] == code).mean()) for code in (NOT_MET, OPEN, MET)]
    own = {name: ("ntm-rules", peer) for name, peer in OURS.items()}
    engines = own | PEERS
    judges, checked = {}, {}
    for name, (_, peer) in engines.items():
        judges[name] = peer(table, its_rules)
        found = codes(judges[name]())
        same = (found == wanted)[complete] if name == KNOWS_NO_MISSING else found == wanted
        assert same.all(), f"{name}: {1 - same.mean():.2%} of the verdicts differ"
        checked[name] = "all"
        if name == KNOWS_NO_MISSING:
            checked[name] = f"complete rows ({complete.mean():.0%}); of all {_wrong(found, wanted):.1%} wrongly not met"
        del found, same
    taken = seconds(judges, given.rounds)
    expert = min(each for name, each in taken.items() if name.startswith("Polars"))
    openfisca = taken[KNOWS_NO_MISSING]
    print(f"{given.rows:,} rows, 3 % missing, thresholds by region; {machine()}; median of {given.rounds} rounds")
    print(f"Overall: not met {shares[0]:.1%}, undetermined {shares[1]:.1%}, met {shares[2]:.1%}.\n")
    print("| engine | version | rows a second | of Polars | of OpenFisca | verdicts equal |")
    print("| --- | --- | ---: | ---: | ---: | --- |")
    for name, (package, _) in engines.items():
        speed, ratios = given.rows / taken[name], (expert / taken[name], openfisca / taken[name])
        print(
            f"| {name} | {version_of(package)} | {speed:,.0f} | {ratios[0]:.2f} | {ratios[1]:.2f} | {checked[name]} |"
        )
    return 0


def _wrong(found: np.ndarray, wanted: np.ndarray) -> float:
    """The share of verdicts that an engine without missing values turns into a failure."""
    return float((found != wanted).mean())


if __name__ == "__main__":
    sys.exit(main())
