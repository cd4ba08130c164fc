from __future__ import annotations

import pytest

from ntm_rules import Crosswalk, CrosswalkLink, Relation, Text

REASON = Text("Lý do", "Reason")


def link(earlier: str, later: str, relation: Relation = Relation.REDEFINED) -> CrosswalkLink:
    """A link between addresses that stand one after the other."""
    return CrosswalkLink(earlier=tuple(earlier.split()), later=tuple(later.split()), relation=relation, reason=REASON)


CHAIN = Crosswalk(
    (
        link("a#1", "b#1 b#2", Relation.SPLIT),
        link("a#2", "b#2"),
        link("b#1 b#2", "c#1", Relation.MERGED),
        link("c#1", "", Relation.DROPPED),
        link("", "c#2", Relation.NEW),
    )
)


@pytest.mark.parametrize(
    ("relation", "fits"),
    [
        (Relation.SAME, {(1, 1)}),
        (Relation.STRICTER, {(1, 1)}),
        (Relation.LOOSER, {(1, 1)}),
        (Relation.REDEFINED, {(1, 1)}),
        (Relation.SPLIT, {(1, 2)}),
        (Relation.MERGED, {(2, 1)}),
        (Relation.NEW, {(0, 1), (0, 2)}),
        (Relation.DROPPED, {(1, 0), (2, 0)}),
        (Relation.UNKNOWN, {(m, n) for m in range(3) for n in range(3)} - {(0, 0)}),
    ],
)
def test_each_kind_has_its_sides(relation: Relation, fits: set[tuple[int, int]]) -> None:
    """A kind of link leads from as many indicators to as many as its word says."""
    assert {(m, n) for m in range(3) for n in range(3) if relation.joins(m, n)} == fits


def test_a_trace_follows_links_both_ways() -> None:
    """From an indicator in the middle, what led there stands before it and what became of it after."""
    trace = CHAIN.trace(["b#2"])
    assert trace.earlier == ((CHAIN.links[0], CHAIN.links[1]),)
    assert trace.later == ((CHAIN.links[2],), (CHAIN.links[3],))
    assert trace.links == CHAIN.links[:4]


def test_a_trace_runs_in_the_order_of_time() -> None:
    """What lies two periods back stands before what lies one back."""
    assert CHAIN.trace(["c#1"]).earlier == ((CHAIN.links[0], CHAIN.links[1]), (CHAIN.links[2],))


def test_what_is_not_linked_has_no_trace() -> None:
    """An indicator without a link has neither past nor future."""
    assert CHAIN.trace(["d#1"]).links == ()
    assert CHAIN.trace(["c#2"]).earlier == ((CHAIN.links[4],),)
    assert CHAIN.trace(["c#2"]).later == ()


def test_a_circle_ends() -> None:
    """Links that lead back to where they began are told once."""
    circle = Crosswalk((link("a#1", "b#1"), link("b#1", "a#1")))
    assert circle.trace(["a#1"]).links == circle.links
