"""
`make bench`: the figures of the README, ours and the peers' in one run on one machine.

The rules are the real set 2016-2020 in one region, the records complete, so that engines without a notion of missing
data can take part. Plain loops and rule-engine give booleans without a reason; ours gives four verdicts, a reason code
with its data for each indicator, attestations, tallies and findings.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import attrs
import rule_engine

import ntm_rules as ntm

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 7
SET = "commune/standard/2016-2020"
REGION = "northern_midlands_and_mountains"
YEAR = "2020"

OPERATORS: dict[ntm.Sign, Callable[[object, object], bool]] = {
    ntm.Sign.AT_LEAST: lambda a, b: a >= b,  # type: ignore[operator]
    ntm.Sign.AT_MOST: lambda a, b: a <= b,  # type: ignore[operator]
}
SYMBOLS = {ntm.Sign.AT_LEAST: ">=", ntm.Sign.AT_MOST: "<="}

Rule = tuple[str, ntm.Sign, Decimal]


def flat_rules(rules: ntm.CriteriaSet) -> list[list[Rule]]:
    """What a programmer would write by hand: by criterion, each fact with its sign and constant."""
    criteria = []
    for criterion in rules.criteria:
        flat: list[Rule] = []
        for indicator in criterion.indicators:
            for node in indicator.require.walk():
                if isinstance(node, ntm.Holds):
                    flat.append((node.fact, ntm.Sign.AT_LEAST, Decimal(1)))
                elif isinstance(node, ntm.Compare):
                    row = tuple({"region": REGION, "year": YEAR}[axis] for axis in node.threshold.axes)
                    cell = node.threshold.find(row)
                    if isinstance(cell, ntm.Quantity):
                        flat.append((node.measure.fact, node.sign, cell.value))
        criteria.append(flat)
    return criteria


def complete_dossier(rules: ntm.CriteriaSet) -> ntm.Dossier:
    """A dossier with every fact the set uses, each a little better than its threshold."""
    values: dict[str, str] = {}
    for flat in flat_rules(rules):
        for fact, sign, value in flat:
            kind = rules.catalogue[fact]
            if kind.kind is ntm.FactKind.YES_NO:
                values[fact] = "yes"
            else:
                better = value + (Decimal("0.4") if sign is ntm.Sign.AT_LEAST and value < 100 else Decimal(0))
                values[fact] = ntm.Quantity(better, kind.unit or "").written()
    return ntm.Dossier.from_mapping(
        {
            "dossier": 1,
            "place": {"level": "commune", "name": "Synthetic", "province": "Thái Nguyên"},
            "year": YEAR,
            "set": SET,
            "status": "synthetic",
            "facts": values,
        }
    )


@attrs.frozen
class Finding:
    """What the loop "with findings" builds for each comparison."""

    fact: str
    value: Decimal
    threshold: Decimal
    passed: bool
    margin: Decimal


def rate(function: Callable[[], object], repeat: int) -> float:
    """Calls a second: the median of several rounds."""
    seconds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(repeat):
            function()
        seconds.append(time.perf_counter() - start)
    return repeat / statistics.median(seconds)


def rates() -> dict[str, float]:
    """Assessments of one dossier a second, ours and others'."""
    rules = ntm.load(SET)
    dossier = complete_dossier(rules)
    flat = flat_rules(rules)
    record = {value.fact: Decimal(1) if value.quantity is None else value.quantity.value for value in dossier.facts}

    def loop() -> list[bool]:
        row = [all(OPERATORS[sign](record[fact], value) for fact, sign, value in each) for each in flat]
        return [*row, all(row)]

    def findings() -> list[list[Finding]]:
        return [
            [
                Finding(fact, record[fact], value, OPERATORS[sign](record[fact], value), record[fact] - value)
                for fact, sign, value in each
            ]
            for each in flat
        ]

    engines = [
        rule_engine.Rule(" and ".join(f"{fact} {SYMBOLS[sign]} {value}" for fact, sign, value in each))
        for each in flat
        if each
    ]

    def engine() -> bool:
        return all(rule.matches(record) for rule in engines)

    def with_reasons() -> list[object]:
        return [each.reasons for each in ntm.evaluate(rules, dossier).indicators]

    real = ntm.read_dossier(ROOT / "examples" / "dinh-hoa" / "phu-dinh.yaml")
    assert ntm.evaluate(rules, dossier)["10"].verdict is ntm.Verdict.MET
    assert all(loop())
    assert engine()
    return {
        "ntm-rules: evaluate, verdicts with reasons ready": rate(lambda: ntm.evaluate(rules, dossier), 400),
        "ntm-rules: the same, every reason read": rate(with_reasons, 400),
        "ntm-rules: evaluate Phú Đình (19 attestations)": rate(lambda: ntm.evaluate(rules, real), 400),
        "ntm-rules: evaluate and write the JSON record": rate(lambda: ntm.evaluate(rules, dossier).to_dict(), 60),
        "plain Python loop, booleans only": rate(loop, 4000),
        "plain Python loop with a frozen attrs finding each": rate(findings, 1000),
        "rule-engine, booleans only": rate(engine, 200),
    }


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
    """Print both tables."""
    print(f"Assessments a second (median of {ROUNDS} rounds)")
    for name, figure in rates().items():
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
