"""
Other engines on the same rules: one function a peer, each giving what is to be timed.

Each takes the criteria, each a list of fact, sign and threshold, and a record; it gives a function that gives a
boolean for every criterion and one for all. None knows verdicts other than true and false. Those that judge many
records at once stand in `population.py`. Nothing here is needed by the library: requirements/bench.txt.

Run alone it prints how many records a second each judges.
"""

from __future__ import annotations

import gc
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

Rule = tuple[str, str, Decimal]
Criteria = Sequence[Sequence[Rule]]
Record = dict[str, Decimal | float]

ROUNDS = 7


def version_of(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "-"


def machine() -> str:
    """What the figures were measured on."""
    model = next((line.partition(":")[2].strip() for line in _cpu_lines() if line.startswith("model name")), "?")
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, CPython {platform.python_version()}"


def _cpu_lines() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def seconds(
    functions: dict[str, Callable[[], object]], rounds: int = ROUNDS, repeat: dict[str, int] | None = None
) -> dict[str, float]:
    """How long one call of each takes: the median of several rounds, each round calling all, after one to warm up."""
    taken: dict[str, list[float]] = {name: [] for name in functions}
    for turn in range(rounds + 1):
        for name, function in functions.items():
            times = 1 if repeat is None or turn == 0 else repeat[name]
            gc.collect()
            start = time.perf_counter()
            for _ in range(times):
                function()
            if turn:
                taken[name].append((time.perf_counter() - start) / times)
    return {name: statistics.median(each) for name, each in taken.items()}


# --- one record -----------------------------------------------------------------------------------------------------


def _expression(criterion: Sequence[Rule], both: str) -> str:
    return f" {both} ".join(f"{fact} {sign} {threshold}" for fact, sign, threshold in criterion)


def rule_engine(criteria: Criteria, record: Record) -> Callable[[], list[bool]]:
    """rule-engine: one compiled rule a criterion."""
    import rule_engine as engine

    rules = [engine.Rule(_expression(criterion, "and")) for criterion in criteria]

    def judge() -> list[bool]:
        row = [rule.matches(record) for rule in rules]
        return [*row, all(row)]

    return judge


def zen_graph(criteria: Criteria, record: Record, *, trace: bool = True) -> Callable[[], list[bool]]:
    """zen-engine: a decision graph of one expression node, with or without its trace of values."""
    import zen

    names = [f"c{at}" for at in range(len(criteria))]
    expressions = [
        {"id": name, "key": name, "value": _expression(criterion, "and")}
        for name, criterion in zip(names, criteria, strict=True)
    ]
    expressions.append({"id": "all", "key": "overall", "value": " and ".join(f"$.{name}" for name in names)})

    def node(id: str, kind: str, at: int, **more: object) -> dict[str, object]:
        return {"id": id, "type": kind, "position": {"x": at, "y": 0}, "name": id, **more}

    graph = {
        "contentType": "application/vnd.gorules.decision",
        "nodes": [
            node("in", "inputNode", 0),
            node("ex", "expressionNode", 1, content={"expressions": expressions, "passThrough": False}),
            node("out", "outputNode", 2),
        ],
        "edges": [
            {"id": "a", "sourceId": "in", "targetId": "ex", "type": "edge"},
            {"id": "b", "sourceId": "ex", "targetId": "out", "type": "edge"},
        ],
    }
    decision = zen.ZenEngine().create_decision(json.dumps(graph))
    plain = {fact: float(value) for fact, value in record.items()}
    options = {"trace": trace}

    def judge() -> list[bool]:
        found = decision.evaluate(plain, options)["result"]
        return [*(found[name] for name in names), found["overall"]]

    return judge


def zen_expression(criteria: Criteria, record: Record) -> Callable[[], list[bool]]:
    """zen-engine: all criteria as one compiled expression."""
    import zen

    source = ", ".join(f"c{at}: {_expression(criterion, 'and')}" for at, criterion in enumerate(criteria))
    compiled = zen.compile_expression("{" + source + "}")
    plain = {fact: float(value) for fact, value in record.items()}

    def judge() -> list[bool]:
        found = compiled.evaluate(plain)
        row = [found[f"c{at}"] for at in range(len(criteria))]
        return [*row, all(row)]

    return judge


def cel(criteria: Criteria, record: Record) -> Callable[[], list[bool]]:
    """CEL (common-expression-language, a binding of Rust): all criteria as one map; its numbers are doubles."""
    import cel as binding

    # An integer is not compared with a double: 90 must be written 90.0.
    floats = [[(fact, sign, float(threshold)) for fact, sign, threshold in criterion] for criterion in criteria]
    source = ", ".join(
        f"'c{at}': " + " && ".join(f"{fact} {sign} {threshold!r}" for fact, sign, threshold in criterion)
        for at, criterion in enumerate(floats)
    )
    program = binding.compile("{" + source + "}")
    plain = {fact: float(value) for fact, value in record.items()}

    def judge() -> list[bool]:
        found = program.execute(plain)
        row = [found[f"c{at}"] for at in range(len(criteria))]
        return [*row, all(row)]

    return judge


def json_logic(criteria: Criteria, record: Record) -> Callable[[], list[bool]]:
    """JSONLogic (panzi-json-logic)."""
    from json_logic import jsonLogic

    rules = [
        {"and": [{sign: [{"var": fact}, float(threshold)]} for fact, sign, threshold in criterion]}
        for criterion in criteria
    ]
    plain = {fact: float(value) for fact, value in record.items()}

    def judge() -> list[bool]:
        row = [bool(jsonLogic(rule, plain)) for rule in rules]
        return [*row, all(row)]

    return judge


def rego(criteria: Criteria, record: Record) -> Callable[[], list[bool]]:
    """OPA's Rego (regopy, Microsoft's rego-cpp): a bundle compiled beforehand; the record goes in with each call."""
    import regopy

    lines = ["package ntm", "import rego.v1"]
    for at, criterion in enumerate(criteria):
        conditions = "; ".join(f"input.{fact} {sign} {float(threshold)!r}" for fact, sign, threshold in criterion)
        lines += [f"default c{at} := false", f"c{at} if {{ {conditions} }}"]
    compiler = regopy.Interpreter()
    compiler.add_module("ntm", "\n".join(lines) + "\n")
    bundle = compiler.build("data.ntm", [])
    interpreter = regopy.Interpreter()
    plain = {fact: float(value) for fact, value in record.items()}

    def judge() -> list[bool]:
        interpreter.set_input(plain)
        found = json.loads(str(interpreter.query_bundle(bundle)))["expressions"][0]
        row = [found[f"c{at}"] for at in range(len(criteria))]
        return [*row, all(row)]

    return judge


#: Name, package, engine, calls a round.
RECORD_PEERS = (
    ("zen-engine, one compiled expression", "zen-engine", zen_expression, 2000),
    ("CEL, binding of Rust", "common-expression-language", cel, 1000),
    ("zen-engine, graph", "zen-engine", lambda criteria, record: zen_graph(criteria, record, trace=False), 500),
    ("zen-engine, graph with trace", "zen-engine", zen_graph, 500),
    ("JSONLogic", "panzi-json-logic", json_logic, 500),
    ("rule-engine", "rule-engine", rule_engine, 500),
    ("Rego, compiled bundle (rego-cpp)", "regopy", rego, 50),
)


def main() -> int:
    """Print the table of engines that judge one record."""
    from population import figures, rules

    criteria = [[(fact, ">=", levels[0]) for fact, levels in criterion] for criterion in rules()]
    names = [fact for criterion in criteria for fact, _, _ in criterion]
    complete = figures(200, missing=0).drop("region")
    records = [{fact: Decimal(str(row[fact])) for fact in names} for row in complete.to_dicts()]
    judges = {}
    for name, _, peer, _ in RECORD_PEERS:
        for record in records[:20]:
            wanted = [all(record[fact] >= threshold for fact, _, threshold in criterion) for criterion in criteria]
            found = peer(criteria, record)()
            assert found == [*wanted, all(wanted)], (name, found, wanted)
        judges[name] = peer(criteria, records[0])
    taken = seconds(judges, repeat={name: repeat for name, _, _, repeat in RECORD_PEERS})
    print(f"19 criteria of 50 indicators, one region, nothing missing; {machine()}\n")
    print("| engine | version | records a second |\n| --- | --- | ---: |")
    for name, package, _, _ in RECORD_PEERS:
        print(f"| {name} | {version_of(package)} | {1 / taken[name]:,.0f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
