from __future__ import annotations

from decimal import Decimal

import attrs
import pytest
from hypothesis import given

import ntm_rules as ntm
from criteria_strategies import criteria_sets
from ntm_rules.rulebook import editions, places, set_names
from ntm_rules.rulebook.coverage import coverage, decidable, grades, missing, open_cells
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.requirements import (
    Authority,
    Candidate,
    Compare,
    DecidedBy,
    Delegated,
    Holds,
    Requirement,
    Table,
    ThresholdOf,
    Unstated,
)
from strategies import at_least, by_region, criteria_set, criterion, only, percent

EDITIONS = [rules for name in set_names() for rules in editions(name)]
REGIONS = [region for region, _ in places().regions]
DELTA = "red_river_delta"


def check_sums(rules: ntm.CriteriaSet) -> None:
    """Hold the sums of a set's coverage against its cells as other parts of the library count them."""
    told = coverage(rules)
    rows = ntm.worksheet(rules)
    assert dict(told.grades) == grades(rules)
    for grade in (Grade.SECONDARY, Grade.RECALLED, Grade.UNSTATED):
        assert dict(told.grades)[grade] == sum(row.grade is grade for row in rows)
    assert told.candidates == sum(row.candidate is not None for row in rows)
    assert sum(each.unstated for each in told.lacking) == sum(isinstance(row.cell, Unstated) for row in rows)
    assert sum(number for _, number in told.open) == open_cells(rules)
    assert {each.at for each in told.lacking if each.left_to} == {row.at for row in left_open(rules)}
    assert all(0 <= number <= sum(1 for _ in rules.indicators) for _, number in told.decidable)
    assert [region for region, _ in told.decidable] == REGIONS


def left_open(rules: ntm.CriteriaSet) -> list[ntm.WorksheetRow]:
    """The rows of the worksheet, of whatever grade, that are left to an authority."""
    rows = ntm.worksheet(regraded(rules))
    return [row for row in rows if isinstance(row.cell, Delegated) or isinstance(row.node, DecidedBy)]


def regraded(rules: ntm.CriteriaSet) -> ntm.CriteriaSet:
    """A set of which nothing was seen in the text, so that its worksheet has every cell."""

    def lower(node: Requirement) -> Requirement:
        parts = tuple(lower(part) for part in node.parts)
        return attrs.evolve(node.with_parts(parts), source=None)

    def all_of(rows: tuple[ntm.Indicator, ...]) -> tuple[ntm.Indicator, ...]:
        source = ntm.Source(Grade.RECALLED)
        return tuple(attrs.evolve(each, require=lower(each.require), source=source) for each in rows)

    criteria = tuple(attrs.evolve(each, indicators=all_of(each.indicators)) for each in rules.criteria)
    applies_to = next(iter(all_of(() if rules.applies_to is None else (rules.applies_to,))), None)
    return attrs.evolve(rules, criteria=criteria, preconditions=all_of(rules.preconditions), applies_to=applies_to)


@pytest.mark.parametrize("rules", EDITIONS, ids=lambda rules: rules.edition)
def test_sums_agree_with_the_worksheet(rules: ntm.CriteriaSet) -> None:
    """The packaged editions: cells by grade, candidates and open cells are those of the worksheet and of `grades`."""
    check_sums(rules)


@given(criteria_sets())
def test_sums_of_any_set_agree_with_its_worksheet(rules: ntm.CriteriaSet) -> None:
    """Whatever a set holds, its coverage counts the cells that its worksheet lists."""
    check_sums(rules)


@pytest.mark.parametrize("rules", EDITIONS, ids=lambda rules: rules.edition)
def test_what_is_not_lacking_can_be_decided(rules: ntm.CriteriaSet) -> None:
    """An indicator that can't be decided somewhere is among those that lack something, each with an instrument."""
    told = coverage(rules)
    lacking = {each.at for each in told.lacking}
    for found, indicator in rules.indicators:
        if not all(decidable(rules, indicator, region) for region in REGIONS):
            assert f"{found.number}/{indicator.number}" in lacking
    assert all(each.instruments for each in told.lacking)
    assert {id for each in told.lacking for id in each.instruments} <= {each.id for each in told.check_in}
    assert all(each.sources for each in told.check_in)


def decided(require: Requirement) -> set[str]:
    """The regions in which a requirement can be decided."""
    rules = only(require)
    return {region for region, number in coverage(rules).decidable if number}


DOUBTFUL = Unstated(candidate=Candidate(percent(7), Grade.RECALLED))


@pytest.mark.parametrize(
    ("require", "where"),
    [
        (at_least("a", 50), set(REGIONS)),
        (Holds(fact="p"), set(REGIONS)),
        (at_least("a", Unstated()), set()),
        (at_least("a", Delegated(Authority.PROVINCE, percent(3))), set()),
        (DecidedBy(authority=Authority.MINISTRY), set()),
        (at_least("a", by_region(red_river_delta=percent(3), south_east=DOUBTFUL)), {DELTA}),
        (at_least("a", by_region(general=Unstated(), red_river_delta=percent(3))), {DELTA}),
        (at_least("a", by_region(general=percent(3))), set()),
        (
            at_least(
                "a",
                Table(
                    ("year", "region"),
                    (
                        (("2016", DELTA), Unstated()),
                        (("2016", "south_east"), percent(1)),
                        (("2017",), percent(2)),
                    ),
                ),
            ),
            set(REGIONS) - {DELTA},
        ),
    ],
)
def test_what_can_be_decided(require: Requirement, where: set[str]) -> None:
    """An indicator can be decided where no cell for that region is open or without its figure."""
    assert decided(require) == where


@pytest.mark.parametrize(
    ("address", "where"),
    [
        ("commune/standard/2016-2020#11/11", set(REGIONS)),
        ("commune/standard/2016-2020#11", set(REGIONS)),
        ("commune/standard/2016-2020#17/17.1", set(REGIONS) - {"south_central_coast"}),
        ("commune/standard/2016-2020#10/10", set()),
        ("commune/standard/2016-2020#99", set()),
        ("commune/standard/1066#1", set()),
    ],
)
def test_a_threshold_of_another_row_is_as_open_as_that_row(address: str, where: set[str]) -> None:
    """A figure taken from another row can be had where that row can be decided; nowhere if there is no such row."""
    rules = only(at_least("a", ThresholdOf(address, Decimal(1))))
    told = coverage(rules)
    assert {region for region, number in told.decidable if number} == where
    assert [each.referred for each in told.lacking] == ([] if where == set(REGIONS) else [True])


def test_a_way_of_counting_that_is_not_at_hand() -> None:
    """An indicator whose fact has no known definition can be decided nowhere, though its figure is there."""
    rules = only(at_least("a", 50))
    catalogue = attrs.evolve(
        rules.catalogue, facts=tuple(attrs.evolve(fact, unstated=True) for fact in rules.catalogue.facts)
    )
    told = coverage(attrs.evolve(rules, catalogue=catalogue))
    assert {number for _, number in told.decidable} == {0}
    assert [(each.undefined, each.unstated, bool(each.instruments)) for each in told.lacking] == [(True, 0, True)]


def test_what_is_missing_is_named_as_far_as_known() -> None:
    """Criteria follow from the law's count, indicators from the gaps between those that are there."""
    gone = missing(ntm.load("commune/standard/2026-2030"))
    assert (gone.criteria, gone.indicators) == (5, 39)
    assert gone.criterion_numbers == ("4", "5", "7", "9", "10")
    assert gone.indicator_numbers == ()
    rules = criteria_set(criterion("1", *(at_least("a", 5) for _ in range(4))), counts=(2, 6))
    (only_one,) = rules.criteria
    kept = attrs.evolve(only_one, indicators=(only_one.indicators[0], only_one.indicators[3]))
    assert missing(attrs.evolve(rules, criteria=(kept,))).indicator_numbers == ("1.2", "1.3")
    assert missing(attrs.evolve(rules, criteria=(kept,))).criterion_numbers == ("2",)


def test_nothing_is_named_where_nothing_is_known() -> None:
    """A complete set misses nothing; without a count, or with other kinds of numbers, no number is named."""
    assert missing(ntm.load("commune/standard/2016-2020")) == unnamed(0, 0)
    assert missing(ntm.load("commune/modern/2026-2030")) == unnamed(None, None)
    rules = criteria_set(criterion("a", at_least("a", 5)), counts=(3, 3))
    assert missing(rules) == unnamed(2, 2)
    assert missing(attrs.evolve(rules, counts=ntm.Counts(10**9, 10**9))).criterion_numbers == ()
    numbered = criteria_set(criterion("1", at_least("a", 5)), counts=(1, 10**9))
    (one,) = numbered.criteria
    far = attrs.evolve(one, indicators=(attrs.evolve(one.indicators[0], number=f"1.{10**9}"),))
    assert missing(attrs.evolve(numbered, criteria=(far,))).indicator_numbers == ()


def unnamed(criteria: int | None, indicators: int | None) -> object:
    """So many rows of which no number is known."""
    return type(missing(EDITIONS[0]))(criteria=criteria, indicators=indicators)


def test_an_incomplete_set_is_checked_in_its_own_decision() -> None:
    """Where rows are not encoded, the decision that issued the set is named even if no cell of it is open."""
    rules = attrs.evolve(ntm.load("commune/standard/2016-2020"), counts=ntm.Counts(20, 60))
    whole = tuple(
        attrs.evolve(each, indicators=tuple(one for one in each.indicators if not isinstance(one.require, Compare)))
        for each in rules.criteria[18:]
    )
    told = coverage(attrs.evolve(rules, criteria=whole, preconditions=()))
    assert not told.lacking
    assert [each.id for each in told.check_in] == ["1980/QĐ-TTg"]
