"""The command ``ntm-rules``: one file a command."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from ntm_rules.cli.parsing import PROGRAM, BadLanguageError, Command, chosen_language, root, usage_text
from ntm_rules.cli.screen import Screen
from ntm_rules.errors import NtmRulesError
from ntm_rules.messages import LANGUAGES, Language, text

#: Every command, in the order in which help lists them.
COMMANDS = (
    "sets",
    "coverage",
    "show",
    "diff",
    "history",
    "facts",
    "new",
    "form",
    "open",
    "evaluate",
    "batch",
    "explain",
    "plan",
    "since",
    "recheck",
    "reproduce",
    "report",
    "status",
    "check",
    "worksheet",
    "confirm",
    "country",
)

# Named unlike its module, which would hide the function of that name.
_MODULES = {"open": "open_"}

#: What is wrong lies in what was given: the command line, a file, the disk.
UNUSABLE = 2
_INTERRUPTED = 130
#: Nobody reads any more: as a shell reports it, so that it is taken for no verdict.
_BROKEN_PIPE = 141


def main(args: Sequence[str] | None = None) -> int:
    """
    Run one command and give its exit code; nothing wrong with an input ever ends in a traceback.

    Args:
        args: The words after the program's name; those of this process unless given.
    """
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            # A file's name may hold what is no text; it must not stop the verdict.
            reconfigure(encoding="utf-8", errors="backslashreplace")
    words = list(sys.argv[1:] if args is None else args)
    try:
        lang = chosen_language(words)
    except BadLanguageError as error:
        # Nobody knows which language is read.
        Screen(LANGUAGES[0]).error("\n".join(_bad_language(error, each) for each in LANGUAGES))
        return UNUSABLE
    try:
        code = _run(words, lang)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        _close_output()
        return _BROKEN_PIPE
    except OSError as error:
        _close_output()
        Screen(lang).error(_system_error(error, lang))
        return UNUSABLE
    except KeyboardInterrupt:
        return _INTERRUPTED
    return code


def find_command(name: str) -> Command:
    """The command of that name, one of `COMMANDS`; only now its module is imported, and the rooms that it needs."""
    module = _MODULES.get(name, name)
    found: Command = getattr(import_module(f"{__name__}.{module}"), module)
    return found


def _run(words: list[str], lang: Language) -> int:
    program = root(COMMANDS, find_command)
    try:
        with program.make_context(PROGRAM, words, obj=lang) as ctx:
            code: int = program.invoke(ctx)
            return code
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as error:
        Screen(lang).error(usage_text(error, lang))
    except NtmRulesError as error:
        Screen(lang).unusable(error)
    return UNUSABLE


def _bad_language(error: BadLanguageError, lang: Language) -> str:
    what = text("cli.usage_bad_environment", lang, seen=error.args[0], allowed=", ".join(LANGUAGES))
    return text("cli.usage", lang, what=what)


_SYSTEM_ERRORS = {
    errno.ENOENT: "os_absent",
    errno.EACCES: "os_forbidden",
    errno.EPERM: "os_forbidden",
    errno.EROFS: "os_forbidden",
    errno.ENOSPC: "os_full",
    errno.EISDIR: "os_folder",
}


def _system_error(error: OSError, lang: Language) -> str:
    """What the system would not do, as one line."""
    key = _SYSTEM_ERRORS.get(error.errno or 0, "os_other")
    return text(f"cli.{key}", lang, file=error.filename or "-", why=error.strerror or str(error))


def _close_output() -> None:
    """Let what can't be written any more go nowhere, so that Python does not try again when it ends."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


__all__ = ["COMMANDS", "UNUSABLE", "find_command", "main"]
