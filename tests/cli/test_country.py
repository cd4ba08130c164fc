from __future__ import annotations

import json

import polars as pl
import pytest

from ntm_rules.messages import LANGUAGES, text
from ntm_rules.population import country

_NUMBER = {"option": "--seed", "seen": "-1", "least": 0}


@pytest.mark.parametrize("name", ["country.csv", "country.parquet"])
def test_a_country_is_written(run, tmp_path, name):
    """The file holds the rows that the library draws; it is not overwritten unless asked, and then whole."""
    words = ("country", "-o", name, "--places", "20", "--seed", "5")
    ran = run(*words, "--lang", "en")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Wrote {name}: 20 made-up places, drawn around commune/standard/2021-2025@2022-03-08.")
    drawn = country.generate(places=20, seed=5)
    if name.endswith(".parquet"):
        assert pl.read_parquet(tmp_path / name).equals(drawn)
    else:
        assert (tmp_path / name).read_text(encoding="utf-8") == drawn.write_csv()
    again = run(*words[:-1], "6", "--lang", "en")
    assert (again.code, again.err) == (2, f"There is a {name} already. Use --force to overwrite it.\n")
    before = (tmp_path / name).read_bytes()
    assert run(*words[:-1], "6", "--force").code == 0
    assert (tmp_path / name).read_bytes() != before


def test_another_map_year_and_set(run, tmp_path):
    """Map, year and set are those that were asked for."""
    asked = ("--map", "vn-2025", "--year", "2026", "--set", "commune/standard/2026-2030", "--places", "3")
    ran = run("country", "-o", "c.csv", *asked, "--json")
    assert json.loads(ran.out) == {
        "file": "c.csv",
        "places": 3,
        "status": "synthetic",
        "map": "vn-2025",
        "year": 2026,
        "set": "commune/standard/2026-2030@2026-02-15",
        "seed": 2022,
    }
    lines = (tmp_path / "c.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 4
    assert all(",2026,commune/standard/2026-2030,2026-12-31,synthetic," in line for line in lines[1:])


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("-o", "c.xlsx"), ("cli.country_which", {"file": "c.xlsx"})),
        (("-o", "c.csv", "--seed", "-1"), ("cli.usage_no_number", _NUMBER)),
        (("-o", "c.csv", "--places", "0"), ("cli.usage_no_number", {"option": "--places", "seen": "0", "least": 1})),
        (("-o", "c.csv", "--seed", "9" * 16), ("cli.usage_no_number", _NUMBER | {"seen": "9" * 16})),
        (("-o", "c.csv", "--map", "vn-2009"), ("error.unknown_name", {"name": "vn-2009"})),
        (("-o", "c.csv", "--year", "2030"), ("error.unknown_name", {"name": "vn-2008 2030-12-31"})),
        (("-o", "nowhere/c.csv", "--places", "2"), ("cli.os_absent", {"file": "nowhere/c.csv"})),
    ],
)
def test_what_cannot_be_done_is_told(run, tmp_path, lang, words, told):
    """Whatever is wrong with the command line is told in the language asked for, and nothing is written."""
    ran = run("country", *words, "--lang", lang)
    key, params = told
    assert ran.code == 2
    assert text(key, lang, **params) in ran.err
    assert not list(tmp_path.iterdir())


def test_a_file_is_needed(run):
    """Without a file to write there is nothing to do."""
    assert run("country", "--lang", "en").err.startswith("Wrong command line: FILE is missing.")


def test_what_cannot_be_written_leaves_nothing(run, tmp_path, monkeypatch):
    """Where writing fails half-way the exit code is 2, and neither a file nor a part of one is left."""

    def fails(lazy, stream):
        stream.write(b"half")
        raise pl.exceptions.ComputeError("the disk is full")

    monkeypatch.setattr(pl.LazyFrame, "sink_parquet", fails)
    ran = run("country", "-o", "c.parquet", "--places", "2", "--lang", "en")
    assert (ran.code, ran.err) == (2, "-: the disk is full.\n")
    assert not list(tmp_path.iterdir())
