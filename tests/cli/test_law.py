from __future__ import annotations

import json
import re

import attrs
import pytest

from ntm_rules.messages import LANGUAGES, text
from ntm_rules.rulebook import facts, load, set_names
from ntm_rules.rulebook.coverage import grades, open_cells
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.requirements import Compare

SET = "commune/standard/2016-2020"


# --- sets -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sets_are_listed_with_their_evidence(run, lang: str) -> None:
    """Every packaged set has a line of its own with its counts and its cells by grade."""
    ran = run("sets", "--lang", lang)
    lines = ran.out.splitlines()
    assert ran.code == 0
    for at, name in enumerate(set_names(), start=1):
        rules = load(name)
        assert re.match(rf"{re.escape(name)} {{2,}}{re.escape(rules.title.in_(lang))} {{2,}}", lines[at])
        assert "None" not in lines[at]
        numbers = [str(number) for number in grades(rules).values()]
        assert lines[at].split()[-len(numbers) - 1 :] == [*numbers, str(open_cells(rules))]
    assert len({line.index(lines[0].split()[-1]) for line in lines[:1]}) == 1


def test_sets_as_json(run) -> None:
    """The same as data: the law's counts beside what is encoded."""
    told = json.loads(run("sets", "--json").out)
    assert [each["set"] for each in told] == list(set_names())
    old = next(each for each in told if each["set"] == SET)
    assert old["criteria"] == {"law": 19, "encoded": 19}
    assert old["in_force"]["from"] == "2016-12-01"
    assert set(old["cells"]) == {grade.value for grade in Grade}


def test_every_cell_is_counted_once() -> None:
    """The cells of all tables, the general column too, and one for each statement and each open requirement."""
    rules = load(SET)
    nodes = [node for _, row in rules.rows for node in row.require.walk()]
    tables = sum(len(node.threshold.cells) for node in nodes if isinstance(node, Compare))
    single = sum(type(node).__name__ in ("Holds", "DecidedBy") for node in nodes)
    assert sum(grades(rules).values()) == tables + single
    assert list(grades(rules)) == list(Grade)


def test_a_set_still_in_force_has_no_last_day(run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no end is known, the list says since when."""
    import attrs

    from ntm_rules.cli import sets as module

    rules = load(SET)
    running = attrs.evolve(rules, in_force=attrs.evolve(rules.in_force, last_day=None))
    monkeypatch.setattr(module, "packaged", lambda: (running,))
    assert "từ 01/12/2016" in run("sets").out
    assert json.loads(run("sets", "--json").out)[0]["in_force"]["until"] is None


def test_conditions_of_recognition_are_counted() -> None:
    """The cells of conditions of recognition are counted beside those of indicators."""
    rules = load("commune/standard/2021-2025")
    without = attrs.evolve(rules, preconditions=())
    assert rules.preconditions
    assert sum(grades(rules).values()) - sum(grades(without).values()) >= len(rules.preconditions)


# --- show -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("number", [(), ("10",), ("17.1",), ("10/10",)])
def test_show_tells_what_the_law_asks(run, number: tuple[str, ...], lang: str) -> None:
    """The set, a criterion or an indicator is described, without any place."""
    from ntm_rules.explanation import describe

    rules = load(SET)
    ran = run("show", SET, *number, "--lang", lang)
    item = rules[number[0]] if number else None
    assert ran == (0, describe(rules, item, lang) + "\n", "")


def test_show_as_json(run) -> None:
    """The document itself, or its part on a criterion or indicator with the full address."""
    assert json.loads(run("show", SET, "--json").out)["criteria_set"] == SET
    assert json.loads(run("show", SET, "10", "--json").out)["address"] == f"{SET}#10"
    part = json.loads(run("show", SET, "17.1", "--json").out)
    assert (part["address"], part["number"]) == (f"{SET}#17/17.1", "17.1")


def test_show_of_a_condition_as_json(run) -> None:
    """A condition of recognition is shown as data like any indicator, by its full address."""
    told = json.loads(run("show", "commune/standard/2021-2025", "precondition/no_debt", "--json").out)
    assert (told["address"], told["number"]) == ("commune/standard/2021-2025#precondition/no_debt", "no_debt")


def test_show_says_when_a_day_lies_outside(run) -> None:
    """A set named explicitly is shown, with a note if it was not in force that day."""
    assert run("show", SET, "10", "--on", "2019-12-31").err == ""
    ran = run("show", SET, "10", "--on", "2024-01-01")
    assert ran.code == 0
    assert "2024-01-01" in ran.err


def test_show_reads_a_set_of_ones_own(run, tmp_path) -> None:
    """A file with a criteria set may stand for a set's name."""
    run("show", SET, "--json")
    (tmp_path / "mine.json").write_text(run("show", SET, "--json").out, encoding="utf-8")
    assert run("show", "mine.json", "10").out == run("show", SET, "10").out
    (tmp_path / "bad.yaml").write_text("criteria_set: 1\n", encoding="utf-8")
    assert run("show", "bad.yaml").code == 2


@pytest.mark.parametrize(("words", "near"), [((SET, "99"), "9"), (("commune/standard/2016-202",), SET)])
def test_show_of_what_there_is_not(run, words: tuple[str, ...], near: str) -> None:
    """An unknown set or number is told on the standard error with the nearest, and the exit code is 2."""
    ran = run("show", *words)
    assert (ran.code, ran.out) == (2, "")
    assert near in ran.err


# --- facts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ("hộ nghèo đa chiều",),
        ("HO NGHEO", "da chieu"),
        ("dimensional poverty rate, NEAR-poor not",),
        ("near-poor not",),
    ],
)
def test_facts_are_found_in_any_spelling(run, words: tuple[str, ...]) -> None:
    """With or without diacritics, in any capitalisation, by id or either title."""
    assert [each["fact"] for each in json.loads(run("facts", *words, "--json").out)] == [
        "multidimensional_poverty_rate"
    ]


def test_a_fact_is_told_in_full(run) -> None:
    """Title, id, unit and range, numerator and denominator, who reports it, where it is used."""
    out = run("facts", "multidimensional_poverty_rate", "--lang", "en").out
    lines = out.splitlines()
    assert lines[0].startswith("Multidimensional poverty rate")
    for key, params in {
        "facts_id": {"id": "multidimensional_poverty_rate"},
        "facts_unit": {"unit": "%", "range": "; from 0 to 100"},
        "facts_used": {"set": SET, "numbers": "11"},
    }.items():
        assert "  " + text(f"cli.{key}", "en", **params) in lines
    assert any(line.startswith("  numerator: ") for line in lines)
    assert any(line.startswith("  reported by: ") for line in lines)


def test_all_facts_are_listed_without_a_word(run) -> None:
    """Without a word the whole catalogue is printed, yes/no facts as such."""
    out = run("facts").out
    assert sum(line.startswith("  mã: ") for line in out.splitlines()) == len(facts())
    assert text("cli.facts_yes_no", "vi") in out
    assert text("cli.facts_timeless", "vi") in out


def test_a_fact_that_nobody_knows(run) -> None:
    """Nothing found is no fault: it is said, with the nearest if there is one."""
    ran = run("facts", "multidimensional_povery_rate")
    assert (ran.code, ran.err) == (0, "")
    assert "«multidimensional_poverty_rate»" in ran.out
    assert "«income»" in run("facts", "incomme").out
    assert run("facts", "qqqqq").out == text("cli.facts_none", "vi", words="qqqqq") + "\n"
    assert json.loads(run("facts", "qqqqq", "--json").out) == []


def test_units_are_named_so_that_a_dossier_may_use_them() -> None:
    """What is shown as a unit can be typed."""
    from ntm_rules.cli.facts import unit_word
    from ntm_rules.vocabulary.quantities import UNITS, Quantity

    for unit in UNITS:
        for lang in LANGUAGES:
            assert Quantity.parse(f"1 {unit_word(unit, lang)}").unit == unit


def test_ranges_without_an_end(run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fact may have only a least or only a greatest figure, or neither; and be used nowhere."""
    from decimal import Decimal

    import attrs

    from ntm_rules.cli import facts as module

    number = facts()["income_per_person"]
    ends = ((Decimal(1), None), (None, Decimal(1234)), (None, None))
    made = tuple(
        attrs.evolve(number, id=f"made_{at}", minimum=low, maximum=high) for at, (low, high) in enumerate(ends)
    )
    monkeypatch.setattr(module, "catalogue", lambda: made)
    out = run("facts").out
    assert text("cli.facts_from", "vi", low="1") in out
    assert text("cli.facts_up_to", "vi", high="1.234") in out
    assert out.count(text("cli.facts_unused", "vi")) == len(made)
    assert json.loads(run("facts", "--json").out)[1]["maximum"] == "1234"
