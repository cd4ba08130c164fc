"""Commands, arguments and options whose help and errors are looked up in the language that was asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import click

from ntm_rules.cli.screen import Screen
from ntm_rules.messages import LANGUAGES, Language, has_text, library_version, nearest, text
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.quantities import QuantityError, parse_number
from ntm_rules.vocabulary.requirements import Authority

#: The environment variable that names the language where ``--lang`` does not.
LANG_VARIABLE = "NTM_RULES_LANG"

PROGRAM = "ntm-rules"

Run = Callable[..., int]

#: No whole number on a command line has more.
_MOST_DIGITS = 15


# --- the language -----------------------------------------------------------------------------------------------


class BadLanguageError(Exception):
    """The environment asks for a language that there is not."""


def chosen_language(words: Sequence[str]) -> Language:
    """
    The language that a command line asks for: ``--lang`` wherever it stands, else the environment, else Vietnamese.

    It must be known before the words are parsed, for the help and for what is wrong with them. The last ``--lang``
    counts; a wrong one is left to the parser.

    Raises:
        BadLanguageError: If only the environment says so, and wrongly.
    """
    asked = None
    for at, word in enumerate(words):
        if word == "--":
            break
        if word == "--lang" and at + 1 < len(words):
            asked = words[at + 1]
        elif word.startswith("--lang="):
            asked = word.removeprefix("--lang=")
    by_environment = os.environ.get(LANG_VARIABLE) or LANGUAGES[0]
    known = {str(lang): lang for lang in LANGUAGES}
    if asked is None and by_environment not in known:
        raise BadLanguageError(by_environment)
    return known.get(asked or "") or known.get(by_environment) or LANGUAGES[0]


def language_of(ctx: click.Context) -> Language:
    """The language of a command that is being parsed or run."""
    lang: Language = ctx.find_root().obj
    return lang


# --- values -----------------------------------------------------------------------------------------------------


def _wrong(ctx: click.Context, key: str, **params: object) -> click.UsageError:
    return click.UsageError(text(f"cli.{key}", language_of(ctx), **params), ctx)


def _one_of(*allowed: str) -> Callable[[click.Context, click.Parameter, str | None], str | None]:
    def check(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
        if value is not None and value not in allowed:
            raise _wrong(ctx, "usage_not_one_of", option=param.opts[0], seen=value, allowed=", ".join(allowed))
        return value

    return check


def _day(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    try:
        return None if value is None else date.fromisoformat(value)
    except ValueError:
        raise _wrong(ctx, "usage_no_date", option=param.opts[0], seen=value) from None


def _year(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    if value is not None and not (len(value) == len("2018") and value.isascii() and value.isdigit() and int(value)):
        raise _wrong(ctx, "usage_no_year", option=param.opts[0], seen=value)
    return value


def flag(name: str) -> click.Option:
    """An option that is given or not."""
    return click.Option([f"--{name}"], is_flag=True)


def option(*names: str, metavar: str) -> click.Option:
    """An option with any text for its value."""
    return click.Option(list(names), metavar=metavar)


def with_option() -> click.Option:
    """Revisions to judge under; may be given several times."""
    return click.Option(["--with", "revisions"], metavar="file", multiple=True)


def _costs(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> dict[str, Decimal]:
    found = {}
    for each in value:
        fact, _, price = each.partition("=")
        try:
            found[fact] = parse_number(price)
        except QuantityError:
            raise _wrong(ctx, "usage_no_cost", option=param.opts[0], seen=each) from None
    return found


def costs_option() -> click.Option:
    """What one unit costs, by fact; may be given several times."""
    return click.Option(["--cost", "costs"], metavar="cost", multiple=True, callback=_costs)


def day_option(name: str) -> click.Option:
    """An option whose value is a day."""
    return click.Option([f"--{name}"], metavar="date", callback=_day)


def year_option(name: str) -> click.Option:
    """An option whose value is a year."""
    return click.Option([f"--{name}"], metavar="year", callback=_year)


def number_option(name: str, least: int) -> click.Option:
    """An option whose value is a whole number from *least*."""

    def check(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
        if value is None:
            return None
        if not (value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS and int(value) >= least):
            raise _wrong(ctx, "usage_no_number", option=param.opts[0], seen=value, least=least)
        return int(value)

    return click.Option([f"--{name}"], metavar="number", callback=check)


def accept_option() -> click.Option:
    """The lowest grade of law data to use."""
    grades = [grade.value for grade in Grade if grade is not Grade.UNSTATED]
    return click.Option(
        ["--accept"], metavar="grade", callback=_one_of(*grades), default=Grade.RECALLED.value, show_default=False
    )


def choice_option(name: str, allowed: Sequence[str], *, metavar: str) -> click.Option:
    """An option that is one of a few words, the first if it is not given."""
    key = name.removeprefix("--").replace("-", "_")
    return click.Option(
        [name, key], metavar=metavar, callback=_one_of(*allowed), default=allowed[0], show_default=False
    )


def authority_option(name: str) -> click.Option:
    """Who decides what a set leaves open."""
    authorities = [authority.value for authority in Authority]
    return click.Option(
        [f"--{name.replace('_', '-')}", name],
        metavar="authority",
        callback=_one_of(*authorities),
        default=Authority.PROVINCE.value,
        show_default=False,
    )


def argument(name: str, *, metavar: str, many: bool = False, required: bool = True) -> click.Argument:
    """A value that stands without a name."""
    return click.Argument([name], metavar=metavar, nargs=-1 if many else 1, required=required)


def missing(metavar: str) -> click.UsageError:
    """That a value is due which click takes for optional."""
    ctx = click.get_current_context()
    lang = language_of(ctx)
    return click.UsageError(text("cli.usage_missing", lang, what=text(f"help.metavar.{metavar}", lang)), ctx)


def _lang_option() -> click.Option:
    return click.Option(["--lang"], metavar="lang", callback=_one_of(*LANGUAGES), is_eager=True, expose_value=False)


# --- commands ---------------------------------------------------------------------------------------------------


class Command(click.Command):
    """A command of `PROGRAM`; its texts are under ``help.<its name>``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, but every fault knows its command, and a word too many is told in our own words."""
        try:
            rest = super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise
        if rest:
            raise _wrong(ctx, "usage_extra", seen=" ".join(rest))
        return rest

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help page."""
        write_help(self, ctx, formatter)


class Root(click.Group):
    """The program itself, which imports a command when it is called: its name is enough for help."""

    def __init__(self, names: Sequence[str], find: Callable[[str], Command], *params: click.Parameter) -> None:
        super().__init__(PROGRAM, callback=_without_command, invoke_without_command=True, params=list(params))
        self._names, self._find = tuple(names), find

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which help lists them."""
        return list(self._names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, if there is one."""
        return self._find(cmd_name) if cmd_name in self._names else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of that name; the nearest is offered."""
        name = args[0]
        command = self.get_command(ctx, name)
        if command is None:
            raise _wrong(ctx, "usage_no_command", seen=name, hint=_hint(name, self._names, language_of(ctx)))
        return name, command, args[1:]

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help page."""
        write_help(self, ctx, formatter)


def command(name: str, *params: click.Parameter) -> Callable[[Run], Command]:
    """Make a command of a function that takes a `Screen` and the values of *params*, and gives the exit code."""

    def make(run: Run) -> Command:
        def callback(**values: Any) -> int:
            return run(Screen(language_of(click.get_current_context())), **values)

        return Command(
            name,
            callback=callback,
            params=[*params, _lang_option()],
            context_settings={"allow_extra_args": True},
        )

    return make


def _without_command() -> int:
    ctx = click.get_current_context()
    if ctx.invoked_subcommand is None:
        Screen(language_of(ctx)).line(ctx.get_help())
    return 0


def root(names: Sequence[str], find: Callable[[str], Command]) -> Root:
    """The program, made of the names of its commands in the order in which help lists them, and what finds one."""

    def tell_version(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's signature
        if value:
            Screen(language_of(ctx)).line(f"{PROGRAM} {library_version()}")
            ctx.exit()

    told = click.Option(["--version"], is_flag=True, is_eager=True, expose_value=False, callback=tell_version)
    return Root(names, find, _lang_option(), told)


# --- help -------------------------------------------------------------------------------------------------------


def write_help(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """Usage, text, arguments, options, commands and examples of *command*, in the language asked for."""
    lang = language_of(ctx)
    name = command.name or PROGRAM
    arguments = [param for param in command.params if isinstance(param, click.Argument)]
    pieces = [text("help.options_metavar", lang), *(_shown(each, lang) for each in arguments)]
    if isinstance(command, click.Group):
        pieces.append(text("help.command_metavar", lang))
    formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=f"{text('help.usage', lang)}: ")
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(text(f"help.{name}.text", lang))
    _section("arguments", [(_shown(each, lang), _told(name, each, lang)) for each in arguments], formatter, lang)
    if isinstance(command, click.Group):
        commands = ((each, text(f"help.{each}.summary", lang)) for each in command.list_commands(ctx))
        _section("commands", list(commands), formatter, lang)
    options = [param for param in command.params if isinstance(param, click.Option)]
    told = [(_shown(each, lang), _told(name, each, lang)) for each in options]
    told.append(("--help", text("help.option.help", lang)))
    _section("options", told, formatter, lang)
    formatter.write_paragraph()
    formatter.write_heading(text("help.examples", lang))
    for line in text(f"help.{name}.examples", lang).splitlines():
        formatter.write(f"  {line}\n")


def _section(name: str, rows: list[tuple[str, str]], formatter: click.HelpFormatter, lang: Language) -> None:
    if rows:
        with formatter.section(text(f"help.{name}", lang)):
            formatter.write_dl(rows)


def _shown(param: click.Parameter, lang: Language) -> str:
    """A parameter as help shows it: ``-o, --output TỆP``, ``TỆP...``, ``[SỐ]``."""
    value = "" if param.metavar is None else text(f"help.metavar.{param.metavar}", lang)
    if isinstance(param, click.Option):
        return f"{', '.join(param.opts)} {value}".strip()
    if param.nargs == -1:
        value = f"{value}..."
    return value if param.required else f"[{value}]"


def _told(command: str, param: click.Parameter, lang: Language) -> str:
    """What help says of a parameter: a text of that command's own, or the one that all commands share."""
    own = f"help.{command}.{param.name}"
    return text(own if has_text(own) else f"help.option.{param.name}", lang)


# --- what is wrong with a command line --------------------------------------------------------------------------


def _hint(word: str, names: Iterable[str], lang: Language) -> str:
    near = nearest(word, names)
    return "" if near is None else " " + text("problem.nearest", lang, nearest=near)


def usage_text(error: click.ClickException, lang: Language) -> str:
    """What is wrong with the command line, and where help is; click's own words only where nothing else fits."""
    ctx = error.ctx if isinstance(error, click.UsageError) else None
    command = None if ctx is None else ctx.command
    path = PROGRAM if ctx is None else ctx.command_path
    said = text("cli.usage", lang, what=_usage_sentence(error, command, lang))
    return f"{said}\n{text('cli.usage_help', lang, command=path)}"


def _usage_sentence(error: click.ClickException, command: click.Command | None, lang: Language) -> str:
    params = [] if command is None else command.params
    if isinstance(error, click.NoSuchOption):
        names = [name for param in params if isinstance(param, click.Option) for name in param.opts]
        hint = _hint(error.option_name, [*names, "--help"], lang)
        return text("cli.usage_no_option", lang, seen=error.option_name, hint=hint)
    if isinstance(error, click.BadOptionUsage):
        flags = [name for param in params if isinstance(param, click.Option) and param.is_flag for name in param.opts]
        # Flags and --help take no value; every other option wants one.
        takes_none = error.option_name in (*flags, "--help")
        return text("cli.usage_takes_none" if takes_none else "cli.usage_takes_one", lang, option=error.option_name)
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return text("cli.usage_missing", lang, what=text(f"help.metavar.{error.param.metavar}", lang))
    return error.format_message()


__all__ = [
    "LANG_VARIABLE",
    "PROGRAM",
    "BadLanguageError",
    "Command",
    "Root",
    "Run",
    "accept_option",
    "argument",
    "choice_option",
    "chosen_language",
    "command",
    "costs_option",
    "day_option",
    "flag",
    "language_of",
    "missing",
    "number_option",
    "option",
    "root",
    "usage_text",
    "with_option",
    "write_help",
    "year_option",
]
