from __future__ import annotations

import copy
import pickle
from datetime import date

import pytest
from hypothesis import given

from criteria_strategies import criteria_sets, numbers, set_ids
from ntm_rules import Grade, UnknownNameError, load
from ntm_rules.vocabulary.criteria import Criterion, Indicator, InForce, SetId
from ntm_rules.vocabulary.instruments import Citation, Locator, Source

SET = "commune/standard/2016-2020"


# --- names ------------------------------------------------------------------------------------------------------


@given(set_ids)
def test_set_id(id):
    """The name of a set is read back as it is written."""
    assert SetId.parse(str(id)) == id


@pytest.mark.parametrize(
    "written", ["", "commune", "commune/standard", "xa/standard/2016", "commune/gold/2016", "a/b/c/d"]
)
def test_no_set_id(written):
    """What is no name of a set is refused."""
    with pytest.raises(ValueError, match=r".*"):
        SetId.parse(written)


def test_edition():
    """An edition is the set and its first day in force."""
    assert load(SET).edition == f"{SET}@2016-12-01"


# --- addresses --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "kind", "local"),
    [
        ("11", Criterion, "11"),
        ("#11", Criterion, "11"),
        (f"{SET}#11", Criterion, "11"),
        ("11/11", Indicator, "11/11"),
        (f"{SET}#11/11", Indicator, "11/11"),
        ("17.1", Indicator, "17/17.1"),
        ("#17.1", Indicator, "17/17.1"),
        ("17/17.1", Indicator, "17/17.1"),
        (f"{SET}#17.1", Indicator, "17/17.1"),
    ],
)
def test_addresses(address, kind, local):
    """A number names a criterion where there is one, else an indicator; the set may stand before it."""
    rules = load(SET)
    found = rules[address]
    assert isinstance(found, kind)
    assert rules.find(address) is found
    assert rules.local(address) == local
    assert rules.address(found) == f"{SET}#{local}"


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("17.99", "17.9"),
        ("171", "17.1"),
        (f"{SET}#17.99", "17.9"),
        ("17/171", "17/17.1"),
        ("commune/model/2016-2020#11", None),
    ],
)
def test_unknown_address(address, near):
    """An unknown address is refused under the name it was given, and the nearest is offered."""
    rules = load(SET)
    assert rules.find(address) is None
    for ask in (rules.__getitem__, rules.local):
        with pytest.raises(UnknownNameError) as caught:
            ask(address)
        assert caught.value.name == address
        if near is None:
            assert caught.value.suggestion is None
        else:
            assert rules.find(caught.value.suggestion) is not None


@given(criteria_sets())
def test_every_item_has_an_address(rules):
    """Whatever the numbers, each criterion and each indicator is found at its own full address."""
    for criterion in rules.criteria:
        assert rules[rules.address(criterion)] is criterion
    for criterion, indicator in rules.indicators:
        assert rules[rules.address(indicator)] is indicator
        assert rules.address(indicator) == f"{rules.id}#{criterion.number}/{indicator.number}"


# --- what it knows ----------------------------------------------------------------------------------------------


def test_in_force():
    """An edition is in force from its first to its last day, or without end."""
    force = InForce(date(2016, 12, 1), date(2022, 3, 7))
    assert [force.holds_on(date(*day)) for day in [(2016, 11, 30), (2016, 12, 1), (2022, 3, 7), (2022, 3, 8)]] == [
        False,
        True,
        True,
        False,
    ]
    assert InForce(date(2016, 12, 1)).holds_on(date(2999, 1, 1))


def test_missing_rows():
    """Rows that the law counts and the set does not hold are missing; none are too many."""
    assert load(SET).missing_rows == (0, 0)


@given(criteria_sets())
def test_missing_rows_are_counted(rules):
    """The rows missing are those that the law counts and the set does not hold."""
    criteria, indicators = rules.missing_rows
    assert len(rules.criteria) + criteria == rules.counts.criteria
    assert len(list(rules.indicators)) + indicators == rules.counts.indicators


@given(criteria_sets())
def test_used_facts(rules):
    """A set uses only facts of its catalogue: those its requirements and conditions name, and their operands."""
    beside = (*rules.preconditions, *(() if rules.applies_to is None else (rules.applies_to,)))
    trees = [each.require for each in (*(indicator for _, indicator in rules.indicators), *beside)]
    trees += [rule.when for axis in rules.axes for rule in axis.rules if rule.when is not None]
    named = {fact for tree in trees for node in tree.walk() for fact in node.facts}
    assert rules.used_facts == frozenset(rules.catalogue.with_operands(named))
    assert rules.used_facts - named <= {"all_area", "plot", "road"}
    assert all(fact in rules.catalogue for fact in rules.used_facts)


def test_citations():
    """A citation names the instrument of the source, else the basis of the set, with the grade of the cell."""
    rules = load(SET)
    row = Locator.parse("Annex, row 11")
    source = Source(Grade.TEXT, locator=row, cells=((("delta",), Grade.RECALLED),), doubt="who_decides")
    assert rules.cite(source) == Citation("1980/QĐ-TTg", row, Grade.TEXT, "who_decides")
    assert rules.cite(source, ("delta",)).grade is Grade.RECALLED
    assert rules.cite(Source(Grade.TEXT, "4800/QĐ-BCT")).instrument == "4800/QĐ-BCT"
    instrument = rules.instrument("1980/QĐ-TTg")
    assert instrument is not None
    assert instrument.kind == "decision"
    assert rules.instrument("1/QĐ-TTg") is None


def pickled(rules):
    """A set after a journey to another process and back."""
    return pickle.loads(pickle.dumps(rules))  # noqa: S301 - our own bytes


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, pickled])
def test_copies(again):
    """A copy of a set, or one sent to another process, is equal, hashes alike and finds its addresses."""
    rules = load(SET)
    rules.address(rules["17.1"])
    copied = again(rules)
    assert copied == rules
    assert hash(copied) == hash(rules)
    assert copied.fingerprint == rules.fingerprint
    assert copied.local("17.1") == "17/17.1"
    assert copied.address(copied["11/11"]) == f"{SET}#11/11"


@given(numbers)
def test_numbers_are_found_by_themselves(number):
    """A number that the set does not have finds nothing."""
    rules = load(SET)
    known = {c.number for c in rules.criteria} | {i.number for _, i in rules.indicators}
    assert (rules.find(number) is not None) == (number in known)
