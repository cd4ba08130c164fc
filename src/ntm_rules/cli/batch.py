"""``ntm-rules batch``: the verdicts on every place of a file, however many there are."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from ntm_rules.cli.evaluate import same_file
from ntm_rules.cli.judging import Wanted, check_kind
from ntm_rules.cli.parsing import (
    accept_option,
    argument,
    choice_option,
    command,
    day_option,
    flag,
    number_option,
    option,
    with_option,
    year_option,
)
from ntm_rules.cli.screen import Screen
from ntm_rules.errors import DocumentError, NotInForceError, Problem, ProblemCode
from ntm_rules.language import parse_mapping, read_document
from ntm_rules.language.mapping import ColumnMapping
from ntm_rules.messages import decimal_text, text
from ntm_rules.population.batch import CHUNK, Asked, BatchResult, EditionCounts, Progress, judge_file
from ntm_rules.population.edge import OnError
from ntm_rules.population.files import READABLE
from ntm_rules.population.program import VERDICTS
from ntm_rules.population.results import PROBLEMS, SHOWN_PROBLEMS, WRITABLE
from ntm_rules.population.spark import judge_with_spark
from ntm_rules.rulebook import find, places
from ntm_rules.vocabulary.criteria import CriteriaSet
from ntm_rules.vocabulary.dossiers import Status
from ntm_rules.vocabulary.places import Level
from ntm_rules.vocabulary.verdicts import Verdict

_DONE, _UNUSABLE = 0, 2
# As the summary has them, the best first.
_SHOWN = (Verdict.MET, Verdict.NOT_MET, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE)
_NUMBERS = range(1, len(_SHOWN) + 2)
_HEADINGS = (ProblemCode.UNKNOWN_COLUMN, ProblemCode.NOT_ONE_FACT)


@command(
    "batch",
    argument("file", metavar="file"),
    option("-o", "--output", metavar="file"),
    option("--set", metavar="set"),
    day_option("on"),
    year_option("year"),
    accept_option(),
    with_option(),
    option("--mapping", metavar="file"),
    choice_option("--on-error", [each.value for each in OnError], metavar="what"),
    flag("reasons"),
    flag("codes"),
    number_option("chunk", 1),
    choice_option("--engine", ["polars", "spark"], metavar="engine"),
    option("--master", metavar="master"),
    flag("json"),
)
def batch(
    screen: Screen,
    *,
    file: str,
    output: str | None,
    set: str | None,
    on: date | None,
    year: str | None,
    accept: str,
    revisions: tuple[str, ...],
    mapping: str | None,
    on_error: str,
    reasons: bool,
    codes: bool,
    chunk: int | None,
    engine: str,
    master: str | None,
    json: bool,
) -> int:
    """Judge every place of a file."""
    if engine == "spark":
        wanted = Wanted.of(set, on, accept, revisions)
        return _with_spark(screen, wanted, year, (file, output, master or "local[*]"), reasons=reasons, json=json)
    wrong = _wrong(screen, file, output)
    if wrong is not None or output is None:
        screen.error(wrong or screen.say("batch_output_missing"))
        return _UNUSABLE
    wanted = Wanted.of(set, on, accept, revisions)
    defaults = {} if year is None else {"year": year}
    if wanted.rules is not None:
        defaults["level"] = wanted.rules.id.level.value
    asked = Asked(
        wanted.rules_for,
        wanted.shelf,
        lambda: wanted.rules or _in_force(on, year),
        defaults,
        wanted.says,
        wanted.accept,
        OnError(on_error),
        ColumnMapping() if mapping is None else _mapping(mapping),
        reasons,
        codes,
        chunk or CHUNK,
        screen.lang,
    )
    try:
        with _progress(screen) as told:
            result = judge_file(file, output, asked, told)
    except DocumentError as error:
        _tell(screen, error.problems[:SHOWN_PROBLEMS], len(error.problems))
        if any(problem.code in _HEADINGS for problem in error.problems):
            screen.error(screen.say("batch_name_columns"))
        return _UNUSABLE
    if not result.written:
        _tell(screen, result.first, result.problems)
        screen.error(screen.say("batch_stopped"))
        return _UNUSABLE
    if json:
        screen.json(_data(result, output))
        return _DONE
    _summary(screen, result)
    for key, params in _ending(screen, result, output):
        screen.line(screen.say(key, **params))
    return _DONE


def _wrong(screen: Screen, file: str, output: str | None) -> str | None:
    """What of the command line does not go together."""
    if not file.lower().endswith(READABLE):
        return screen.say("batch_not_readable", file=file, names=", ".join(READABLE))
    if output is None:
        return screen.say("batch_output_missing")
    if not output.lower().endswith(WRITABLE):
        return screen.say("batch_not_writable", file=output, names=", ".join(WRITABLE))
    if same_file(output, file) or same_file(output + PROBLEMS, file):
        return screen.say("evaluate_onto_input", file=output)
    return None


def _with_spark(
    screen: Screen,
    wanted: Wanted,
    year: str | None,
    where: tuple[str, str | None, str],
    *,
    reasons: bool,
    json: bool,
) -> int:
    """Judge a Parquet file over a cluster."""
    file, output, master = where
    if output is None or wanted.rules is None or year is None:
        screen.error(screen.say("batch_spark_needs"))
        return _UNUSABLE
    if Path(output).exists():
        screen.error(screen.say("batch_output_exists", file=output))
        return _UNUSABLE
    try:
        counts = judge_with_spark(
            file,
            output,
            wanted.rules,
            year=int(year),
            on=wanted.on,
            accept=wanted.accept,
            reasons=reasons,
            master=master,
        )
    except DocumentError as error:
        _tell(screen, error.problems[:SHOWN_PROBLEMS], len(error.problems))
        return _UNUSABLE
    tally = Counter(dict(enumerate(counts.verdicts)))
    if json:
        rows = {"read": counts.read, "judged": counts.judged, "skipped": counts.skipped}
        screen.json({"file": output, "rows": rows, "unreadable": counts.unreadable, "verdicts": _tally(tally)})
        return _DONE
    words = [text(f"verdict.{verdict.value}", screen.lang) for verdict in _SHOWN]
    screen.line(f"{wanted.rules.title.in_(screen.lang)} ({wanted.rules.edition})")
    screen.table(
        [screen.say("batch_places"), screen.say("batch_count"), *words],
        [[screen.say("batch_all"), *_cells(tally, screen)]],
        _NUMBERS,
    )
    numbers = {"read": counts.read, "judged": counts.judged, "skipped": counts.skipped}
    screen.line(screen.say("batch_counts", **{key: _number(each, screen) for key, each in numbers.items()}))
    if counts.unreadable:
        screen.line(screen.say("batch_unreadable", count=_number(counts.unreadable, screen)))
    screen.line(screen.say("batch_written", file=output))
    return _DONE


def _in_force(on: date | None, year: str | None) -> CriteriaSet | None:
    """The standard by which communes are judged on that day, so that its indicators can be meant by number."""
    day = on or (None if year is None else date(int(year), 12, 31))
    try:
        return None if day is None else find(Level.COMMUNE, on=day)
    except NotInForceError:
        return None


def _mapping(path: str) -> ColumnMapping:
    node = read_document(path)
    check_kind(node, "mapping", path)
    return parse_mapping(node)


def _tell(screen: Screen, problems: tuple[Problem, ...], count: int) -> None:
    for problem in problems:
        screen.error(problem.render(screen.lang))
    if count > len(problems):
        screen.error(screen.say("batch_more_problems", count=_number(count - len(problems), screen)))


def _number(count: int, screen: Screen) -> str:
    return decimal_text(Decimal(count), screen.lang)


# --- while it runs ----------------------------------------------------------------------------------------------


@contextmanager
def _progress(screen: Screen) -> Iterator[Progress | None]:
    """A bar with rate and time left, where someone is looking."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(screen.say("batch_judging"), total=None, rate="")

        def tell(done: int, total: int, rows: int) -> None:
            elapsed = bar.tasks[0].elapsed or 0
            rate = screen.say("batch_rate", rate=_number(int(rows / elapsed), screen)) if elapsed else ""
            bar.update(task, completed=done, total=total, rate=rate)

        yield tell


# --- the summary ------------------------------------------------------------------------------------------------


def _summary(screen: Screen, result: BatchResult) -> None:
    for counts in result.editions:
        rules = counts.rules
        screen.line(f"{rules.title.in_(screen.lang)} ({rules.edition})")
        for note in _notes(screen, counts):
            screen.line(note)
        screen.line()
        words = [text(f"verdict.{verdict.value}", screen.lang) for verdict in _SHOWN]
        heads = [screen.say("batch_places"), screen.say("batch_count"), *words]
        screen.table(heads, [[name, *_cells(tally, screen)] for name, tally in _by_place(screen, counts)], _NUMBERS)
        screen.line()
        heads = [screen.say("evaluate_criteria"), screen.say("batch_count"), *words]
        rows = [
            [f"{each.number} {each.title.in_(screen.lang)}", *_cells(counts.rows[each.number], screen)]
            for each in rules.criteria
        ]
        screen.table(heads, rows, _NUMBERS)
        screen.line()


def _notes(screen: Screen, counts: EditionCounts) -> Iterator[str]:
    if counts.rules.hypothetical:
        yield text("page.hypothetical_short", screen.lang)
    for status, key in ((Status.SYNTHETIC, "batch_synthetic"), (Status.ILLUSTRATION, "batch_illustration")):
        count = counts.statuses[status.value]
        if count:
            yield screen.say(key, count=_number(count, screen))


def _cells(tally: Counter[int], screen: Screen) -> list[str]:
    numbers = [tally.total(), *(tally[VERDICTS.index(verdict)] for verdict in _SHOWN)]
    return [_number(number, screen) for number in numbers]


def _by_place(screen: Screen, counts: EditionCounts) -> Iterator[tuple[str, Counter[int]]]:
    """All places, then those of each region, each with its provinces, in the order of the register."""
    register = places()
    regions = {id: title.in_(screen.lang) for id, title in register.regions}
    provinces = {each.id: each.name for each in register.provinces}
    whole: Counter[int] = Counter()
    by_region: dict[str | None, Counter[int]] = {}
    by_province: dict[tuple[str | None, str | None], Counter[int]] = {}
    for (region, province, verdict), count in counts.verdicts.items():
        whole[verdict] += count
        by_region.setdefault(region, Counter())[verdict] += count
        by_province.setdefault((region, province), Counter())[verdict] += count
    yield screen.say("batch_all"), whole
    for region in sorted(by_region, key=lambda each: _at(each, regions)):
        yield regions.get(region or "", screen.say("batch_no_region")), by_region[region]
        its = [each for each in by_province if each[0] == region]
        for each in sorted(its, key=lambda each: _at(each[1], provinces)):
            name = provinces.get(each[1] or "")
            if name is not None:
                yield f"  {name}", by_province[each]
            elif len(its) > 1:
                yield f"  {screen.say('batch_no_province')}", by_province[each]


def _at(id: str | None, known: dict[str, str]) -> int:
    return list(known).index(id) if id in known else len(known)


def _ending(screen: Screen, result: BatchResult, output: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Where the result is, and what is wrong with it."""
    counts = {"read": result.read, "judged": result.judged, "skipped": result.skipped}
    yield "batch_counts", {key: _number(count, screen) for key, count in counts.items()}
    if result.nan:
        yield "batch_nan", {"count": _number(result.nan, screen)}
    yield "batch_written", {"file": output}
    if result.problems:
        yield "batch_problems", {"count": _number(result.problems, screen), "file": Path(output).name + PROBLEMS}


# --- as data ----------------------------------------------------------------------------------------------------


def _data(result: BatchResult, output: str) -> dict[str, Any]:
    return {
        "file": output,
        "problems_file": output + PROBLEMS,
        "rows": {"read": result.read, "judged": result.judged, "skipped": result.skipped},
        "problems": result.problems,
        "not_a_number": result.nan,
        "editions": [_edition(counts) for counts in result.editions],
    }


def _edition(counts: EditionCounts) -> dict[str, Any]:
    rules = counts.rules
    whole: Counter[int] = Counter()
    for (_, _, verdict), count in counts.verdicts.items():
        whole[verdict] += count
    kinds = dict.fromkeys((region, province) for region, province, _ in counts.verdicts)
    return {
        "edition": rules.edition,
        "hypothetical": rules.hypothetical,
        "status": dict(sorted(counts.statuses.items())),
        "verdicts": _tally(whole),
        "places": [
            {
                "region": region,
                "province": province,
                "verdicts": _tally(
                    Counter({number: counts.verdicts[region, province, number] for number in range(len(VERDICTS))})
                ),
            }
            for region, province in sorted(kinds, key=lambda kind: (kind[0] or "~", kind[1] or "~"))
        ],
        "rows": {address: _tally(tally) for address, tally in counts.rows.items()},
    }


def _tally(tally: Counter[int]) -> dict[str, int]:
    return {verdict.value: tally[VERDICTS.index(verdict)] for verdict in _SHOWN}
