"""``ntm-rules check``: everything that is wrong with a document, before anyone relies on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import chain

import attrs

from ntm_rules.cli.judging import Wanted, check_kind, is_table
from ntm_rules.cli.parsing import argument, command, flag, missing
from ntm_rules.cli.screen import Screen
from ntm_rules.errors import DocumentError, DossierError, NotInForceError, Problem, ProblemCode, Severity, Where
from ntm_rules.language import (
    Node,
    parse_criteria_set,
    parse_crosswalk,
    parse_dossier,
    parse_fact_catalogue,
    parse_instruments,
    parse_lineage,
    parse_mapping,
    parse_places,
    parse_register,
    read_document,
)
from ntm_rules.language.lint import lint
from ntm_rules.language.requirements import References
from ntm_rules.language.table import read_table
from ntm_rules.rulebook import (
    apply,
    editions,
    facts,
    instruments,
    load,
    periods,
    places,
    read_revision,
    set_names,
    shelf,
)
from ntm_rules.rulebook.lattice import check_overlay, check_shelf
from ntm_rules.vocabulary.criteria import CriteriaSet
from ntm_rules.vocabulary.overlays import RevisionAuthority

_FINE, _FOUND, _UNREADABLE = 0, 1, 2


@attrs.frozen
class _Checked:
    """What came of one check: the exit code, what was checked, and what is to be told of it."""

    code: int
    kind: str
    problems: tuple[Problem, ...]
    name: str = ""

    @classmethod
    def of(cls, kind: str, problems: Iterable[Problem], name: str = "") -> _Checked:
        """A check that came to its end; notes are no fault."""
        told = tuple(problems)
        code = _FOUND if any(problem.severity is not Severity.NOTE for problem in told) else _FINE
        return cls(code, kind, told, name)


@command("check", argument("files", metavar="file", many=True, required=False), flag("shelf"), flag("json"))
def check(screen: Screen, *, files: tuple[str, ...], shelf: bool, json: bool) -> int:
    """Check documents of any kind, or the packaged law."""
    if not files and not shelf:
        raise missing("file")
    worst = _FINE
    told: list[dict[str, object]] = []
    for each in chain((attrs.evolve(_check(path), name=path) for path in files), _check_shelf() if shelf else ()):
        worst = max(worst, each.code)
        if json:
            told += [problem.to_dict(screen.lang) for problem in each.problems]
        else:
            _tell(each, screen)
    if json:
        screen.json(told)
    return worst


def _tell(checked: _Checked, screen: Screen) -> None:
    for problem in checked.problems:
        # What can't be read at all is an error of the command; what was found is its answer.
        (screen.error if checked.code == _UNREADABLE else screen.line)(problem.render(screen.lang))
    if checked.code == _UNREADABLE:
        return
    notes = sum(problem.severity is Severity.NOTE for problem in checked.problems)
    message, count = (
        ("check_found", len(checked.problems) - notes) if checked.code == _FOUND else ("check_noted", notes)
    )
    kind = screen.say(f"kind_{checked.kind}")
    screen.line(screen.say(message if count else "check_fine", file=checked.name, kind=kind, count=count))


def _check(path: str) -> _Checked:
    """What is wrong with a file."""
    if is_table(path):
        return _check_table(path)
    try:
        node = read_document(path)
        kind = check_kind(node, None, path)
    except DocumentError as error:
        return _Checked(_UNREADABLE, "", error.problems)
    warnings: list[Problem] = []
    try:
        _CHECKS[kind](node, path, warnings)
    except DocumentError as error:
        return _Checked.of(kind, (*error.problems, *warnings))
    return _Checked.of(kind, warnings)


def _check_dossier(node: Node, path: str, _: list[Problem]) -> None:
    parse_dossier(node, shelf(), path)
    try:
        # Addresses can be checked only against a set: the one it names, or the one in force.
        Wanted().read(path)
    except NotInForceError:
        return


def _check_set(node: Node, _: str, warnings: list[Problem]) -> None:
    rules = parse_criteria_set(node, facts(), instruments(), places(), warnings=warnings)
    warnings += sorted(_lint(rules, node), key=lambda problem: (problem.where.line or 0, problem.where.column or 0))


def _lint(rules: CriteriaSet, node: Node | None = None) -> tuple[Problem, ...]:
    return lint(rules, References(rules.catalogue, rules.instruments, places(), rules.axes), node)


def _check_revision(_: Node, path: str, warnings: list[Problem]) -> None:
    revision = read_revision(path)
    base = load(revision.revises)
    if revision.authority is RevisionAuthority.LAW and revision.in_force is not None:
        # The last edition has a packaged amendment in it already.
        before = max(revision.in_force.first_day, date.min + timedelta(days=1)) - timedelta(days=1)
        base = load(revision.revises, on=before)
        revision = read_revision(path, base)
    revised = apply(base, revision)
    if revision.authority is RevisionAuthority.LAW and revision.in_force is not None:
        revised = attrs.evolve(revised, in_force=attrs.evolve(revised.in_force, first_day=revision.in_force.first_day))
    found = [*_new(_lint(base), _lint(revised)), *check_overlay(base, revised, revision.authority)]
    if revision.authority is RevisionAuthority.SCENARIO:
        # What a scenario sets cites the scenario; what the source above it still says of the old rows, nobody reads.
        found = [problem for problem in found if problem.code is not ProblemCode.CELL_NOT_IN_TABLE]
    at = {edit.at: edit.where for edit in reversed(revision.edits)}
    for problem in found:
        indicator = dict(problem.params)["at"]
        where = at.get(indicator) or at.get(indicator.partition("/")[0]) or Where(path)
        warnings.append(attrs.evolve(problem, where=where))


def _new(before: Iterable[Problem], after: Iterable[Problem]) -> Iterator[Problem]:
    """What was not said before."""
    said = {(problem.code, problem.params) for problem in before}
    return (problem for problem in after if (problem.code, problem.params) not in said)


def _check_shelf() -> Iterator[_Checked]:
    """Every edition of every packaged set, with what is new in it, then all of them against each other."""
    shelf_ = [editions(name) for name in set_names()]
    for its in shelf_:
        before: tuple[Problem, ...] = ()
        for rules in its:
            found = _lint(rules)
            new = (
                attrs.evolve(each, where=attrs.evolve(each.where, file=rules.edition)) for each in _new(before, found)
            )
            yield _Checked.of("criteria_set", new, rules.edition)
            before = found
    yield _Checked.of("shelf", check_shelf(shelf_), "--shelf")


_CHECKS: dict[str, Callable[[Node, str, list[Problem]], object]] = {
    "dossier": _check_dossier,
    "criteria_set": _check_set,
    "fact_catalogue": lambda node, *_: parse_fact_catalogue(node),
    "instrument_register": lambda node, *_: parse_instruments(node),
    "place_register": lambda node, *_: parse_places(node),
    "revision": _check_revision,
    "crosswalk": lambda node, *_: parse_crosswalk(node, periods()),
    "register": lambda node, *_: parse_register(node, shelf().sets, places()),
    "lineage": lambda node, *_: parse_lineage(node, places()),
    "mapping": lambda node, *_: parse_mapping(node),
}


def _check_table(path: str) -> _Checked:
    try:
        rows = list(read_table(path, shelf()))
    except DossierError as error:
        readable = all(problem.code.value >= "NTM2" for problem in error.problems)
        return _Checked(_FOUND if readable else _UNREADABLE, "table", error.problems)
    outcomes = [row.outcome for row in rows]
    return _Checked.of(
        "table", (problem for outcome in outcomes if isinstance(outcome, DossierError) for problem in outcome.problems)
    )
