"""``ntm-rules country``: a made-up country, as a table of places."""

from __future__ import annotations

from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any, cast

from ntm_rules.cli.parsing import command, flag, missing, number_option, option, year_option
from ntm_rules.cli.screen import Screen, writing
from ntm_rules.population.country import Country, write
from ntm_rules.vocabulary.dossiers import Status

_SHEETS = (".parquet", ".csv")


@command(
    "country",
    option("-o", "--output", metavar="file"),
    option("--map", metavar="name"),
    year_option("year"),
    option("--set", metavar="set"),
    number_option("seed", 0),
    number_option("places", 1),
    flag("force"),
    flag("json"),
)
def country(
    screen: Screen,
    *,
    output: str | None,
    map: str | None,
    year: str | None,
    set: str | None,
    seed: int | None,
    places: int | None,
    force: bool,
    json: bool,
) -> int:
    """Write a made-up country."""
    if output is None:
        raise missing("file")
    ending = Path(output).suffix.lower()
    if ending not in _SHEETS:
        screen.error(screen.say("country_which", file=output))
        return 2
    if not force and Path(output).exists():
        screen.error(screen.say("new_exists", file=output))
        return 2
    asked: dict[str, Any] = {
        "map": map,
        "year": None if year is None else int(year),
        "set": set,
        "seed": seed,
        "places": places,
    }
    wanted = Country(**{name: value for name, value in asked.items() if value is not None})
    with writing(output) as stream:
        write(wanted, cast(IO[bytes], cast(TextIOWrapper, stream).buffer), ending.removeprefix("."))
    if json:
        told = {"file": output, "places": len(wanted), "status": Status.SYNTHETIC.value}
        screen.json(told | {"map": wanted.map, "year": wanted.year, "set": wanted.rules.edition, "seed": wanted.seed})
        return 0
    screen.line(screen.say("country_written", file=output, count=len(wanted), set=wanted.rules.edition))
    return 0
