"""``ntm-rules check``: everything that is wrong with a document, before anyone relies on it."""

from __future__ import annotations

from collections.abc import Callable

from ntm_rules.cli.judging import Wanted, check_kind, is_table
from ntm_rules.cli.parsing import argument, command, flag
from ntm_rules.cli.screen import Screen
from ntm_rules.errors import DocumentError, DossierError, NotInForceError, Problem
from ntm_rules.language import (
    Node,
    parse_criteria_set,
    parse_dossier,
    parse_fact_catalogue,
    parse_instruments,
    parse_places,
    read_document,
)
from ntm_rules.language.table import read_table
from ntm_rules.rulebook import apply, facts, instruments, load, places, read_revision, shelf

_FINE, _FOUND, _UNREADABLE = 0, 1, 2


@command("check", argument("files", metavar="file", many=True), flag("json"))
def check(screen: Screen, *, files: tuple[str, ...], json: bool) -> int:
    """Check documents of any kind."""
    worst = _FINE
    told: list[dict[str, object]] = []
    for path in files:
        code, kind, problems = _check(path)
        worst = max(worst, code)
        if json:
            told += [problem.to_dict(screen.lang) for problem in problems]
            continue
        for problem in problems:
            # What can't be read at all is an error of the command; what was found is its answer.
            (screen.error if code == _UNREADABLE else screen.line)(problem.render(screen.lang))
        if code == _FINE:
            screen.line(screen.say("check_fine", file=path, kind=screen.say(f"kind_{kind}")))
        elif code == _FOUND:
            found = screen.say("check_found", file=path, kind=screen.say(f"kind_{kind}"), count=len(problems))
            screen.line(found)
    if json:
        screen.json(told)
    return worst


def _check(path: str) -> tuple[int, str, tuple[Problem, ...]]:
    """The exit code for a file, what it is, and what is wrong with it."""
    if is_table(path):
        return _check_table(path)
    try:
        node = read_document(path)
        kind = check_kind(node, None, path)
    except DocumentError as error:
        return _UNREADABLE, "", error.problems
    warnings: list[Problem] = []
    try:
        _CHECKS[kind](node, path, warnings)
    except DocumentError as error:
        return _FOUND, kind, (*error.problems, *warnings)
    return _FOUND if warnings else _FINE, kind, tuple(warnings)


def _check_dossier(node: Node, path: str, _: list[Problem]) -> None:
    parse_dossier(node, shelf(), path)
    try:
        # Addresses can be checked only against a set: the one it names, or the one in force.
        Wanted().read(path)
    except NotInForceError:
        return


def _check_set(node: Node, _: str, warnings: list[Problem]) -> None:
    parse_criteria_set(node, facts(), instruments(), places(), warnings=warnings)


def _check_revision(_: Node, path: str, __: list[Problem]) -> None:
    revision = read_revision(path)
    apply(load(revision.revises), revision)


_CHECKS: dict[str, Callable[[Node, str, list[Problem]], object]] = {
    "dossier": _check_dossier,
    "criteria_set": _check_set,
    "fact_catalogue": lambda node, *_: parse_fact_catalogue(node),
    "instrument_register": lambda node, *_: parse_instruments(node),
    "place_register": lambda node, *_: parse_places(node),
    "revision": _check_revision,
}


def _check_table(path: str) -> tuple[int, str, tuple[Problem, ...]]:
    try:
        rows = list(read_table(path, shelf()))
    except DossierError as error:
        readable = all(problem.code.value >= "NTM2" for problem in error.problems)
        return _FOUND if readable else _UNREADABLE, "table", error.problems
    outcomes = [row.outcome for row in rows]
    problems = tuple(
        problem for outcome in outcomes if isinstance(outcome, DossierError) for problem in outcome.problems
    )
    return (_FOUND if problems else _FINE), "table", problems
