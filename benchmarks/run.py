"""
`make bench`: the figures of the README, ours and the peers' in one run on one machine.

The rules that all judge by: 50 indicators, "a figure of at least so much", in 19 criteria that need all of theirs, and
the whole that needs all criteria. The records are synthetic and complete, so that engines without a notion of missing
data can take part. The peers give booleans without a reason (zen-engine with trace: the values of its nodes); ours
gives four verdicts, and of each a reason with its data when it is asked for.

A peer is one function that takes the thresholds and the records and gives what judges all of them; `@peer` lists it.
What it gives is held against the plain loop before it is timed. All are timed in turn, round by round, in processor
time, so that whatever else the machine does meets all of them alike.
"""

from __future__ import annotations

import gc
import importlib.metadata
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import NamedTuple

import attrs

import ntm_rules as ntm
from ntm_rules.vocabulary.criteria import Counts, InForce, SetId
from ntm_rules.vocabulary.dossiers import FactValue, Status

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 11

#: How many records are judged in a round: different ones, as a province has them.
RECORDS = 1000

# --- the rules and records of all -------------------------------------------------------------------------------

INDICATORS = [f"i{at:02}" for at in range(50)]
SIZES = [3] * 12 + [2] * 7
STARTS = [sum(SIZES[:at]) for at in range(len(SIZES))]
GROUPS = {
    f"c{at:02}": INDICATORS[start : start + size] for at, (start, size) in enumerate(zip(STARTS, SIZES, strict=True))
}

Record = dict[str, float]
Judge = Callable[[], list[list[bool]]]


def thresholds() -> Record:
    """What each indicator needs at least: one decimal, from 2 to 8."""
    random = Random(20260101)
    return {name: round(random.uniform(2, 8), 1) for name in INDICATORS}


def records(number: int) -> list[Record]:
    """Figures with one decimal, from 0 to 100."""
    random = Random(20260102)
    return [{name: round(random.uniform(0, 100), 1) for name in INDICATORS} for _ in range(number)]


# --- ours -------------------------------------------------------------------------------------------------------


def _text(words: str) -> ntm.Text:
    return ntm.Text(words, words)


def criteria_set(needed: Record) -> ntm.CriteriaSet:
    """The same rules as a set, every figure a percentage."""
    source = ntm.Source(ntm.Grade.TEXT)

    def indicator(name: str) -> ntm.Indicator:
        table = ntm.Table.constant(ntm.Quantity(Decimal(str(needed[name])), "percent"))
        require = ntm.Compare(measure=ntm.FactMeasure(name), sign=ntm.Sign.AT_LEAST, threshold=table)
        return ntm.Indicator(name, _text(name), require, source)

    return ntm.CriteriaSet(
        SetId.parse("commune/standard/2000-2001"),
        _text("Synthetic"),
        "1980/QĐ-TTg",
        InForce(date(2000, 1, 1)),
        Counts(len(GROUPS), len(INDICATORS)),
        (),
        tuple(
            ntm.Criterion(name, _text(name), tuple(indicator(each) for each in group)) for name, group in GROUPS.items()
        ),
        catalogue=ntm.FactCatalogue(
            tuple(ntm.FactDefinition(name, _text(name), ntm.FactKind.NUMBER, "percent") for name in INDICATORS)
        ),
    )


def dossiers(figures: Iterable[Record]) -> list[ntm.Dossier]:
    """The same records as dossiers."""
    place = ntm.Place(ntm.Level.COMMUNE, "Synthetic")
    return [
        ntm.Dossier(
            place,
            2000,
            date(2000, 12, 31),
            status=Status.SYNTHETIC,
            facts=tuple(
                FactValue(name, ntm.Quantity(Decimal(str(figure)), "percent")) for name, figure in record.items()
            ),
        )
        for record in figures
    ]


def _booleans(result: ntm.Assessment) -> list[bool]:
    verdicts = [*(result.verdicts[name] for name in GROUPS), result.verdict]
    return [each is ntm.Verdict.MET for each in verdicts]


# --- peers ------------------------------------------------------------------------------------------------------


class Peer(NamedTuple):
    """What is measured beside ours."""

    name: str
    distribution: str | None
    prepare: Callable[[Record, list[Record]], Judge]


PEERS: list[Peer] = []


def peer(name: str, distribution: str | None = None) -> Callable[[Callable[[Record, list[Record]], Judge]], None]:
    """List a peer; its *distribution* is the package that it comes from."""

    def add(prepare: Callable[[Record, list[Record]], Judge]) -> None:
        PEERS.append(Peer(name, distribution, prepare))

    return add


@peer("plain Python loop, booleans only")
def _loop(needed: Record, figures: list[Record]) -> Judge:
    rules = [[(name, needed[name]) for name in group] for group in GROUPS.values()]

    def judge() -> list[list[bool]]:
        found = []
        for record in figures:
            row = [all([record[name] >= least for name, least in each]) for each in rules]  # noqa: C419 - faster so
            row.append(all(row))
            found.append(row)
        return found

    return judge


@attrs.frozen
class Finding:
    """What the loop "with findings" builds for each comparison."""

    indicator: str
    figure: float
    threshold: float
    passed: bool
    margin: float

    @classmethod
    def of(cls, indicator: str, figure: float, threshold: float) -> Finding:
        """Compared."""
        return cls(indicator, figure, threshold, figure >= threshold, figure - threshold)


@peer("plain Python loop with a frozen attrs finding each")
def _findings(needed: Record, figures: list[Record]) -> Judge:
    rules = [[(name, needed[name]) for name in group] for group in GROUPS.values()]

    def judge() -> list[list[bool]]:
        found = []
        for record in figures:
            told = [[Finding.of(name, record[name], least) for name, least in each] for each in rules]
            row = [all([finding.passed for finding in each]) for each in told]  # noqa: C419 - faster so
            row.append(all(row))
            found.append(row)
        return found

    return judge


@peer("bare compiled closure, booleans only")
def _compiled(needed: Record, figures: list[Record]) -> Judge:
    groups = (" and ".join(f"r[{name!r}] >= {needed[name]!r}" for name in group) for group in GROUPS.values())
    written = "lambda r: (" + ", ".join(f"({group})" for group in groups) + ")"
    # The fastest that Python can do for one set; the library itself compiles no text.
    rule = eval(compile(written, "<rules>", "eval"))  # noqa: S307 - our own text, in a benchmark alone

    def judge() -> list[list[bool]]:
        found = []
        for record in figures:
            row = rule(record)
            found.append([*row, all(row)])
        return found

    return judge


@peer("rule-engine, booleans only", "rule-engine")
def _rule_engine(needed: Record, figures: list[Record]) -> Judge:
    import rule_engine

    rules = [rule_engine.Rule(" and ".join(f"{name} >= {needed[name]}" for name in group)) for group in GROUPS.values()]

    def judge() -> list[list[bool]]:
        found = []
        for record in figures:
            row = [rule.matches(record) for rule in rules]
            row.append(all(row))
            found.append(row)
        return found

    return judge


@peer("zen-engine, decision graph with trace", "zen-engine")
def _zen(needed: Record, figures: list[Record]) -> Judge:
    import zen

    expressions = [
        {"id": name, "key": name, "value": " and ".join(f"{each} >= {needed[each]!r}" for each in group)}
        for name, group in GROUPS.items()
    ]
    expressions.append({"id": "all", "key": "whole", "value": " and ".join(f"$.{name}" for name in GROUPS)})
    nodes = [
        {"id": "in", "type": "inputNode", "content": {}},
        {"id": "rules", "type": "expressionNode", "content": {"expressions": expressions, "passThrough": False}},
        {"id": "out", "type": "outputNode", "content": {}},
    ]
    at = {"x": 0, "y": 0}
    graph = {
        "contentType": "application/vnd.gorules.decision",
        "nodes": [{**node, "name": node["id"], "position": at} for node in nodes],
        "edges": [
            {"id": "a", "sourceId": "in", "targetId": "rules", "type": "edge"},
            {"id": "b", "sourceId": "rules", "targetId": "out", "type": "edge"},
        ],
    }
    decision = zen.ZenEngine().create_decision(json.dumps(graph))

    def judge() -> list[list[bool]]:
        found = []
        for record in figures:
            given = decision.evaluate(record, {"trace": True})["result"]
            found.append([*(given[name] for name in GROUPS), given["whole"]])
        return found

    return judge


# --- figures ----------------------------------------------------------------------------------------------------

#: What is timed: what judges so many records, and how long a part of a round it is given at least, in seconds.
Timed = tuple[Callable[[], object], int]
LEAST = 0.1


def rates(timed: dict[str, Timed]) -> dict[str, float]:
    """Records a second of each: the best of several rounds, in each of which all take part."""
    seconds: dict[str, list[float]] = {name: [] for name in timed}
    for _ in range(ROUNDS):
        for name, (function, judged) in timed.items():
            gc.collect()
            times, start = 0, time.process_time()
            while time.process_time() - start < LEAST:
                function()
                times += 1
            seconds[name].append((time.process_time() - start) / times / judged)
    return {name: 1 / min(each) for name, each in seconds.items()}


def ours(needed: Record, figures: list[Record]) -> dict[str, Timed]:
    """What of an assessment is asked for, from the least to all of it."""
    rules, known = criteria_set(needed), dossiers(figures)
    some = known[:50]

    def verdicts(of: list[ntm.Dossier]) -> None:
        for each in of:
            ntm.evaluate(rules, each).verdict  # noqa: B018 - that it is there is what is measured

    def tallies() -> None:
        for each in known:
            ntm.evaluate(rules, each).tally  # noqa: B018 - as above

    def by_address() -> None:
        for each in known:
            ntm.evaluate(rules, each).verdicts  # noqa: B018 - as above

    def reasons() -> None:
        for each in some:
            for row in ntm.evaluate(rules, each).indicators:
                row.reasons  # noqa: B018 - as above

    return {
        "ntm-rules: verdicts, reasons on demand": (lambda: verdicts(known), len(known)),
        "ntm-rules: the same, of dossiers not judged before": (
            lambda: verdicts([attrs.evolve(each) for each in known]),
            len(known),
        ),
        "ntm-rules: the same, the tally of criteria read": (tallies, len(known)),
        "ntm-rules: the same, every verdict read by its address": (by_address, len(known)),
        "ntm-rules: every reason read": (reasons, len(some)),
    }


def all_rates() -> dict[str, float]:
    """Records a second, ours and others'."""
    needed, figures = thresholds(), records(RECORDS)
    expected = PEERS[0].prepare(needed, figures)()
    rules = criteria_set(needed)
    assert [_booleans(ntm.evaluate(rules, each)) for each in dossiers(figures)] == expected
    timed = ours(needed, figures)
    for each in PEERS:
        judge = each.prepare(needed, figures)
        assert judge() == expected, each.name
        version = "" if each.distribution is None else f" ({importlib.metadata.version(each.distribution)})"
        timed[each.name + version] = (judge, len(figures))
    return rates(timed)


def real() -> dict[str, float]:
    """Assessments a second of a real place by the real set 2016-2020."""
    dossier = ntm.read_dossier(ROOT / "examples" / "dinh-hoa" / "phu-dinh.yaml")
    rules = ntm.rules_for(dossier)
    assert ntm.evaluate(rules, dossier).verdict is ntm.Verdict.NOT_MET

    def reasons() -> list[object]:
        return [each.reasons for each in ntm.evaluate(rules, dossier).indicators]

    return rates(
        {
            "verdicts of Phú Đình (19 attestations), reasons on demand": (lambda: ntm.evaluate(rules, dossier), 1),
            "every reason read": (reasons, 1),
            "the JSON record": (lambda: ntm.evaluate(rules, dossier).to_dict(), 1),
        }
    )


def milliseconds(*command: str) -> float:
    """Wall time of a whole command: the median of several runs after one to warm up."""
    taken = []
    for _ in range(ROUNDS + 1):
        start = time.perf_counter()
        done = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, cwd=ROOT)
        assert done.returncode in (0, 1), command  # 1: a dossier that is not met
        taken.append(1000 * (time.perf_counter() - start))
    return statistics.median(taken[1:])


def main() -> None:
    """Print all tables."""
    print(f"Records a second: 50 indicators in 19 criteria, complete (best of {ROUNDS} rounds)")
    found = all_rates()
    first = next(iter(found.values()))
    for name, figure in found.items():
        print(f"  {figure:>12,.0f}  {first / figure:>8.2f}  {name}")
    print("  (the second column: how many times as fast the first row is)")
    print("\nAssessments a second by the set 2016-2020")
    for name, figure in real().items():
        print(f"  {figure:>12,.0f}  {name}")
    python = sys.executable
    bare = milliseconds(python, "-c", "pass")
    commands = {
        "import ntm_rules": (python, "-c", "import ntm_rules"),
        "ntm-rules sets": (python, "-m", "ntm_rules.cli", "sets"),
        "ntm-rules evaluate phu-dinh.yaml": (
            python,
            "-m",
            "ntm_rules.cli",
            "evaluate",
            "examples/dinh-hoa/phu-dinh.yaml",
        ),
    }
    print(f"\nWhole commands, ms (median of {ROUNDS}); a bare interpreter takes {bare:.0f}")
    for name, command in commands.items():
        print(f"  {milliseconds(*command):>12,.0f}  {name}")


if __name__ == "__main__":
    main()
