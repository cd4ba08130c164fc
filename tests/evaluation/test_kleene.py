from __future__ import annotations

import itertools

import pytest

from ntm_rules.evaluation import kleene
from ntm_rules.vocabulary.verdicts import Verdict

MET, NOT_MET, OPEN, DROPS = Verdict.MET, Verdict.NOT_MET, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE
DECIDED = (MET, NOT_MET, DROPS)

LISTS = [list(verdicts) for length in range(5) for verdicts in itertools.product(Verdict, repeat=length)]


# What each form means once everything is decided.


def all_required(verdicts):
    """Every part that applies."""
    left = [verdict for verdict in verdicts if verdict is not DROPS]
    if not left:
        return DROPS
    return MET if all(verdict is MET for verdict in left) else NOT_MET


def one_enough(verdicts):
    """One of the parts that apply."""
    left = [verdict for verdict in verdicts if verdict is not DROPS]
    if not left:
        return DROPS
    return MET if any(verdict is MET for verdict in left) else NOT_MET


def some_enough(n):
    """So many of the parts that apply."""

    def decided(verdicts):
        left = [verdict for verdict in verdicts if verdict is not DROPS]
        if not left:
            return DROPS
        return MET if sum(verdict is MET for verdict in left) >= n else NOT_MET

    return decided


def common(meaning, verdicts, further=((),)):
    """The verdict that every way to decide the open ones gives; undetermined where they differ."""
    ways = itertools.product(*(DECIDED if verdict is OPEN else (verdict,) for verdict in verdicts))
    found = {meaning([*way, *more]) for way in ways for more in further}
    return found.pop() if len(found) == 1 else OPEN


def test_all_of():
    """All of some parts give what every way to decide the open ones gives; with none that differ it stays open."""
    for verdicts in LISTS:
        assert kleene.all_of(verdicts) is common(all_required, verdicts), verdicts


def test_any_of():
    """Any of some parts gives what every way to decide the open ones gives."""
    for verdicts in LISTS:
        assert kleene.any_of(verdicts) is common(one_enough, verdicts), verdicts


@pytest.mark.parametrize("n", range(1, 6))
def test_at_least_n_of(n):
    """At least *n* of some parts gives what every way to decide the open ones gives, more than there are too."""
    for verdicts in LISTS:
        assert kleene.at_least_n_of(n, verdicts) is common(some_enough(n), verdicts), verdicts


@pytest.mark.parametrize("n", range(1, 6))
def test_at_least_n_of_an_open_list(n):
    """Of an open list any further parts may exist, so it is met or open and never anything else."""
    further = [(), (NOT_MET,), (MET,) * n]
    for verdicts in LISTS:
        assert kleene.at_least_n_of(n, verdicts, open_list=True) is common(some_enough(n), verdicts, further), verdicts


@pytest.mark.parametrize(
    ("verdicts", "all_of", "any_of", "two_of"),
    [
        ([], DROPS, DROPS, DROPS),
        ([DROPS, DROPS], DROPS, DROPS, DROPS),
        ([MET, DROPS], MET, MET, NOT_MET),
        ([NOT_MET, OPEN], NOT_MET, OPEN, NOT_MET),
        ([MET, OPEN], OPEN, MET, OPEN),
        ([OPEN], OPEN, OPEN, OPEN),
        ([MET, MET, NOT_MET], NOT_MET, MET, MET),
    ],
)
def test_the_tables_as_the_law_reads_them(verdicts, all_of, any_of, two_of):
    """A few rows of the tables, written out."""
    found = (kleene.all_of(verdicts), kleene.any_of(verdicts), kleene.at_least_n_of(2, verdicts))
    assert found == (all_of, any_of, two_of)
