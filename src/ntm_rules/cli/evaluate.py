"""``ntm-rules evaluate``: the verdicts on one dossier, a folder of them, or a table of places."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import IO

import attrs

from ntm_rules.cli.judging import Beside, Judged, Wanted, dossiers_in, is_table, judge_files, judge_table
from ntm_rules.cli.parsing import accept_option, argument, command, day_option, flag, option, with_option, year_option
from ntm_rules.cli.screen import STANDARD_OUTPUT, Screen, to_json, writing
from ntm_rules.explanation import heading, unknowns
from ntm_rules.language.cells import Dialect, dialect
from ntm_rules.messages import harmless, text
from ntm_rules.vocabulary.assessments import Assessment, CriterionResult, Tally
from ntm_rules.vocabulary.verdicts import FindingCode, Verdict

_UNUSABLE = 2
_CODES = {Verdict.MET: 0, Verdict.NOT_APPLICABLE: 0, Verdict.NOT_MET: 1, Verdict.UNDETERMINED: 3}
#: Exit codes, the worst first.
_WORST = (_UNUSABLE, 1, 3, 0)

_COLUMNS = ("place", "year", "verdict", "criteria", "indicators", "failing", "notes")
# Where the column of the set stands, if there is one.
_AFTER_YEAR = 2
_NOTED = (
    FindingCode.ILLUSTRATION,
    FindingCode.SYNTHETIC,
    FindingCode.OUTSIDE_FORCE,
    FindingCode.TALLY_CONFLICT,
)
#: The verdict of a row that can't be used.
_NO_VERDICT = "unusable"


@command(
    "evaluate",
    argument("paths", metavar="path", many=True),
    option("--set", metavar="set"),
    day_option("on"),
    year_option("year"),
    accept_option(),
    with_option(),
    option("--register", metavar="file"),
    option("--lineage", metavar="file"),
    option("-o", "--output", metavar="file"),
    option("--save", metavar="file"),
    flag("unknown"),
    flag("json"),
)
def evaluate(
    screen: Screen,
    *,
    paths: tuple[str, ...],
    set: str | None,
    on: date | None,
    year: str | None,
    accept: str,
    revisions: tuple[str, ...],
    register: str | None,
    lineage: str | None,
    output: str | None,
    save: str | None,
    unknown: bool,
    json: bool,
) -> int:
    """Judge each dossier and say how each stands."""
    files = [file for path in paths for file in dossiers_in(path)]
    wrong = _wrong(screen, paths, files, year=year, output=output, both=unknown and (json or output is not None))
    if wrong is None and save is not None and (len(files) > 1 or is_table(files[0])):
        wrong = screen.say("evaluate_save_one")
    if wrong is None and save is not None and same_file(save, files[0]):
        wrong = screen.say("evaluate_onto_input", file=save)
    if wrong is not None:
        screen.error(wrong)
        return _UNUSABLE
    wanted = Wanted.of(set, on, accept, revisions, Beside.of(register, lineage))
    table = is_table(files[0])
    judged = judge_table(files[0], wanted, year) if table else judge_files(files, wanted)
    judged = judged if save is None else _saving(judged, save)
    several = table or len(paths) > 1 or Path(paths[0]).is_dir()
    tally = _Tally(screen)
    if json:
        with writing(output or STANDARD_OUTPUT) as stream:
            _write_json(tally.watch(judged), stream, several=several)
    elif output is not None:
        form = dialect(files[0]) if table else Dialect(",", bom=False)
        _write_csv(list(_flat(tally.watch(judged))), output, form)
    elif several and not unknown:
        _print_table(tally.watch(judged), screen)
    else:
        _print_pages(tally.watch(judged), screen, unknown=unknown)
    if output not in (None, STANDARD_OUTPUT):
        screen.line(screen.say("evaluate_written", file=output, counts=tally.words))
    elif several and not json and output is None:
        screen.line(tally.words)
    return tally.code


def _saving(judged: Iterable[Judged], target: str) -> Iterator[Judged]:
    """Pass each on, and save it with all that is needed to judge it again."""
    for each in judged:
        if isinstance(each.outcome, Assessment):
            with writing(target) as stream:
                stream.write(to_json(each.outcome.to_proof()) + "\n")
        yield each


def _wrong(
    screen: Screen, paths: Iterable[str], files: list[str], *, year: str | None, output: str | None, both: bool
) -> str | None:
    """What of the command line does not go together."""
    tables = [file for file in files if is_table(file)]
    if not files:
        return screen.say("evaluate_no_dossiers", folder=", ".join(paths))
    if tables and len(files) > 1:
        return screen.say("evaluate_one_table", file=tables[0])
    if year is not None and not tables:
        return screen.say("evaluate_year_of_table")
    if both:
        return screen.say("evaluate_unknown_alone")
    if output is not None and any(same_file(output, file) for file in files):
        return screen.say("evaluate_onto_input", file=output)
    return None


def same_file(one: str, other: str) -> bool:
    """Whether two names are of one file that is there."""
    try:
        return Path(one).samefile(other)
    except OSError:
        return False


@attrs.define
class _Tally:
    """Counts verdicts as they come, tells what can't be used, and keeps the worst exit code."""

    screen: Screen
    counted: Counter[str] = attrs.field(factory=Counter)
    codes: set[int] = attrs.field(factory=set)

    def watch(self, judged: Iterable[Judged]) -> Iterator[Judged]:
        """Pass each on."""
        for each in judged:
            if isinstance(each.outcome, Assessment):
                self.counted[each.outcome.verdict.value] += 1
                self.codes.add(_CODES[each.outcome.verdict])
            else:
                self.counted[_NO_VERDICT] += 1
                self.codes.add(_UNUSABLE)
                self.screen.unusable(each.outcome, each.source)
            yield each

    @property
    def code(self) -> int:
        """The worst."""
        return next(code for code in _WORST if code in self.codes or code == 0)

    @property
    def words(self) -> str:
        """How many came out how."""
        lang = self.screen.lang
        parts = [
            f"{text(f'verdict.{verdict.value}', lang)} {self.counted[verdict.value]}"
            for verdict in Verdict
            if self.counted[verdict.value]
        ]
        if self.counted[_NO_VERDICT]:
            parts.append(self.screen.say("evaluate_unusable", count=self.counted[_NO_VERDICT]))
        return self.screen.say("evaluate_counts", count=self.counted.total(), parts=", ".join(parts))


def _usable(judged: Iterable[Judged]) -> Iterator[Assessment]:
    return (each.outcome for each in judged if isinstance(each.outcome, Assessment))


# --- on the screen ----------------------------------------------------------------------------------------------


def _print_pages(judged: Iterable[Judged], screen: Screen, *, unknown: bool) -> None:
    for at, result in enumerate(_usable(judged)):
        if at:
            screen.line()
        lines = [heading(result, screen.lang)]
        if result.failing:
            lines.append(screen.say("evaluate_failing_line", criteria=_failing(result, screen)))
        notes = [note for note in _notes(result, screen, _TOLD_BELOW) if note]
        if notes:
            lines.append(screen.say("evaluate_notes_line", notes="; ".join(notes)))
        screen.page("\n".join(lines))
        if unknown:
            screen.line()
            screen.page(unknowns(result, screen.lang))


def _print_table(judged: Iterable[Judged], screen: Screen) -> None:
    names, rows = [], []
    for result in _usable(judged):
        names.append(str(result.rules.id))
        rows.append(_row(result, screen))
    columns = [screen.say(f"evaluate_{column}") for column in _COLUMNS]
    if len(set(names)) > 1:
        # Without it two verdicts on one place by two sets could not be told apart.
        columns.insert(_AFTER_YEAR, screen.say("evaluate_set"))
        for name, row in zip(names, rows, strict=True):
            row.insert(_AFTER_YEAR, name)
    if rows:
        screen.table(columns, rows)
        screen.line()
        screen.line(screen.say("evaluate_legend"))


def _row(result: Assessment, screen: Screen) -> list[str]:
    place = result.dossier.place
    return [
        ", ".join(part for part in (place.name, place.district) if part),
        str(result.dossier.year),
        text(f"verdict.{result.verdict.value}", screen.lang),
        _numbers(result.tally),
        _numbers(result.indicator_tally),
        _failing(result, screen),
        "; ".join(_notes(result, screen, (*_NOTED, None))),
    ]


def _numbers(tally: Tally) -> str:
    counted = (tally.met, tally.not_met, tally.undetermined, tally.not_applicable, tally.total)
    return "/".join("?" if number is None else str(number) for number in counted)


def _failing(result: Assessment, screen: Screen) -> str:
    return "; ".join(f"{each.criterion.number} {each.criterion.title.in_(screen.lang)}" for each in result.failing)


# The heading of a page tells the others already.
_TOLD_BELOW = (FindingCode.TALLY_CONFLICT,)


def _notes(result: Assessment, screen: Screen, codes: tuple[FindingCode | None, ...]) -> Iterator[str]:
    """What must be known beside the verdict; None among *codes* stands for *provisional*."""
    if result.hypothetical:
        yield text("page.hypothetical_short", screen.lang)
    found = {finding.code for finding in result.findings}
    for code in codes:
        if code is None and result.provisional:
            yield text("page.provisional_short", screen.lang)
        elif code is not None and code in found:
            yield screen.say(f"note_{code.value}")
    if result.conflicts:
        yield screen.say("note_conflicts", count=len(result.conflicts))


# --- as data ----------------------------------------------------------------------------------------------------


def _write_json(judged: Iterable[Judged], stream: IO[str], *, several: bool) -> None:
    """One assessment as an object; several as a list, written one by one: a table may hold a whole province."""
    results = _usable(judged)
    if not several:
        for result in results:
            stream.write(to_json(result.to_dict()) + "\n")
        return
    opening = "["
    for result in results:
        stream.write(f"{opening}\n{to_json(result.to_dict())}")
        opening = ","
    stream.write("[]\n" if opening == "[" else "\n]\n")


def _flat(judged: Iterable[Judged]) -> Iterator[dict[str, str]]:
    """Each as a row of the table of verdicts."""
    for each in judged:
        row = {name: harmless(cell) for name, cell in each.identity.items()}
        if isinstance(each.outcome, Assessment):
            yield row | _verdicts(each.outcome)
        else:
            yield row | {"verdict": _NO_VERDICT}


def _verdicts(result: Assessment) -> dict[str, str]:
    tally = result.tally
    conflicts = dict.fromkeys(conflict.address or "set" for conflict in result.conflicts)
    return {
        "verdict": result.verdict.value,
        "basis": result.basis.value,
        "met": str(tally.met),
        "not_met": str(tally.not_met),
        "undetermined": str(tally.undetermined),
        "not_applicable": str(tally.not_applicable),
        "total": "" if tally.total is None else str(tally.total),
        "indicators_met": str(result.indicator_tally.met),
        "failing": _addresses(result, lambda each: each.verdict is Verdict.NOT_MET),
        "undetermined_criteria": _addresses(result, lambda each: each.verdict is Verdict.UNDETERMINED),
        "missing_facts": " ".join(result.missing_facts),
        "conflicts": " ".join(conflicts),
        "provisional": "yes" if result.provisional else "no",
        "hypothetical": "yes" if result.hypothetical else "no",
        **{f"criterion_{each.address}": each.verdict.value for each in result.criteria},
    }


def _addresses(result: Assessment, chosen: Callable[[CriterionResult], bool]) -> str:
    return " ".join(each.address for each in result.criteria if chosen(each))


def _write_csv(rows: list[dict[str, str]], output: str, form: Dialect) -> None:
    """The table of verdicts, written as the input was; rows of several sets share one line of headings."""
    widest = sorted(rows, key=len, reverse=True)
    names = dict.fromkeys(name for row in widest for name in row)
    with writing(output, bom=form.bom) as stream:
        writer = csv.DictWriter(stream, list(names), restval="", delimiter=form.delimiter)
        writer.writeheader()
        writer.writerows(rows)
