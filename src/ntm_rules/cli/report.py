"""``ntm-rules report``: a report on a dossier, or on each of a folder with an index, in the form its file asks for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import cast

from ntm_rules.cli import paper
from ntm_rules.cli.evaluate import same_file
from ntm_rules.cli.judging import Wanted, dossiers_in, is_table, judge_earlier, judge_files
from ntm_rules.cli.parsing import accept_option, argument, command, day_option, flag, option, with_option
from ntm_rules.cli.screen import STANDARD_OUTPUT, Screen, error_text, writing
from ntm_rules.errors import NtmRulesError
from ntm_rules.reports import WRITERS, AuditReport, ReportFile, file_names, markdown, plain, render, report_index
from ntm_rules.reports import report as report_of
from ntm_rules.vocabulary.assessments import Assessment

_UNUSABLE = 2
_DEFAULT = "html"
_JSON = "json"

Step = Callable[[], None]


@command(
    "report",
    argument("path", metavar="path"),
    option("-o", "--output", metavar="file"),
    option("--as", "form", metavar="form"),
    option("--set", metavar="set"),
    day_option("on"),
    accept_option(),
    with_option(),
    option("--since", metavar="file"),
    flag("json"),
)
def report(
    screen: Screen,
    *,
    path: str,
    output: str | None,
    form: str | None,
    set: str | None,
    on: date | None,
    accept: str,
    revisions: tuple[str, ...],
    since: str | None,
    json: bool,
) -> int:
    """Write a report on a dossier, or on each of a folder."""
    folder = Path(path).is_dir()
    files = dossiers_in(path)
    wrong = _wrong(screen, path, files, output, form, folder=folder, json=json)
    if wrong is None and since is not None and folder:
        wrong = screen.say("report_since_of_one")
    if wrong is not None:
        screen.error(wrong)
        return _UNUSABLE
    wanted = Wanted.of(set, on, accept, revisions)
    if folder:
        return _write_folder(screen, files, wanted, Path(str(output)), _JSON if json else form or _DEFAULT)
    reading = path
    try:
        result = wanted.judge(path)
        reading = since or path
        earlier = None if since is None else judge_earlier(since, Wanted.of(None, None, accept, revisions))
    except NtmRulesError as error:
        screen.unusable(error, reading)
        return _UNUSABLE
    made = report_of(result, screen.lang, since=earlier)
    if output in (None, STANDARD_OUTPUT):
        _print(made, screen, json=json)
    else:
        _write(made, str(output), _JSON if json else _ending(str(output)))
        screen.line(screen.say("report_written", file=output))
    return 0


def _print(made: AuditReport, screen: Screen, *, json: bool) -> None:
    if json:
        screen.json(plain(made))
    elif screen.is_terminal:
        paper.show(made)
    else:
        screen.line(markdown(made).rstrip("\n"))


def _wrong(
    screen: Screen, path: str, files: Sequence[str], output: str | None, form: str | None, *, folder: bool, json: bool
) -> str | None:
    """What of the command line does not go together."""
    if is_table(path):
        return screen.say("report_of_table", file=path)
    if not folder and form is not None:
        return screen.say("report_as_of_folder")
    if folder and output in (None, STANDARD_OUTPUT):
        return screen.say("report_needs_output", folder=path)
    if folder and not files:
        return screen.say("evaluate_no_dossiers", folder=path)
    if form is not None and form not in WRITERS:
        return screen.say("report_which_form", endings=", ".join(WRITERS))
    if not folder and output not in (None, STANDARD_OUTPUT):
        if not json and _ending(str(output)) not in WRITERS:
            return screen.say("report_which", file=output, endings=", ".join(f".{name}" for name in WRITERS))
        if same_file(str(output), path):
            return screen.say("report_onto_input", file=path)
    return None


def _ending(file: str) -> str:
    return Path(file).suffix.removeprefix(".").lower()


def _write(made: AuditReport, file: str, form: str) -> None:
    content = render(made, form)
    with writing(file) as stream:
        cast(TextIOWrapper, stream).buffer.write(content)


def _write_folder(screen: Screen, files: Sequence[str], wanted: Wanted, folder: Path, form: str) -> int:
    names = file_names(files, f".{form}")
    targets = [folder / name for name in (*names, f"index.{form}")]
    for target in targets:
        if any(same_file(str(target), file) for file in files):
            screen.error(screen.say("report_onto_input", file=target))
            return _UNUSABLE
    folder.mkdir(parents=True, exist_ok=True)
    reported: list[ReportFile] = []
    unusable: list[str] = []
    with _progress(screen, len(files)) as step:
        for judged, name in zip(judge_files(list(files), wanted), names, strict=True):
            if isinstance(judged.outcome, Assessment):
                _write(report_of(judged.outcome, screen.lang), str(folder / name), form)
                reported.append(ReportFile(judged.outcome, name))
            else:
                screen.unusable(judged.outcome, judged.source)
                unusable += error_text(judged.outcome, screen.lang, judged.source).splitlines()
            step()
    _write(report_index(reported, unusable, screen.lang), str(targets[-1]), form)
    screen.line(screen.say("report_written_many", count=len(reported), folder=folder, index=targets[-1]))
    return _UNUSABLE if unusable else 0


@contextmanager
def _progress(screen: Screen, count: int) -> Iterator[Step]:
    """A bar on the standard error while someone is looking at it; what is called when one more is done."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(screen.say("report_progress"), total=count)
        yield lambda: bar.advance(task)
