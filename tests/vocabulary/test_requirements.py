from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given

from criteria_strategies import CATALOGUE, criteria_sets
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.requirements import (
    AllOf,
    AnyOf,
    AppliesWhen,
    AtLeastNOf,
    Authority,
    Compare,
    DecidedBy,
    Delegated,
    FactMeasure,
    Holds,
    Nothing,
    Sign,
    Table,
    Unstated,
)

SIX = Quantity(Decimal(6), "percent")
TEN = Quantity(Decimal(10), "percent")


def compare(threshold):
    """A share against a table."""
    return Compare(measure=FactMeasure("poverty"), sign=Sign.AT_MOST, threshold=threshold)


def test_signs():
    """A sign wants more, or less, or exactly so much; never two of these."""
    assert [sign for sign in Sign if sign.wants_more] == [Sign.AT_LEAST, Sign.MORE_THAN]
    assert [sign for sign in Sign if sign.wants_less] == [Sign.AT_MOST, Sign.LESS_THAN]


def test_constant():
    """A constant is the same for every row."""
    table = Table.constant(SIX)
    assert table.find(()) is table.find(("delta",)) is table.find(("delta", "2018")) is SIX


def test_longest_row():
    """The longest row that leads to a place gives its cell; a gap gives none, not the general column."""
    table = Table(
        ("region", "year"),
        ((("general",), TEN), (("delta",), SIX), (("delta", "2018"), Nothing()), (("coast", "2018"), Unstated())),
    )
    assert table.find(("delta", "2017")) is SIX
    assert table.find(("delta", "2018")) == Nothing()
    assert table.find(("coast", "2018")) == Unstated()
    assert table.find(("coast", "2017")) is None
    assert table.find(("highlands", "2018")) is None
    assert table.find(()) is None


@given(criteria_sets())
def test_tables_give_their_own_cells(rules):
    """Whatever the table, each row that it holds finds its own cell."""
    for _, indicator in rules.indicators:
        for node in indicator.require.walk():
            if isinstance(node, Compare):
                for row, cell in node.threshold.cells:
                    assert node.threshold.find(row) is cell


def test_facts_and_parts():
    """A node names the facts that it reads itself, and walking gives every node from the top."""
    share, plan, open_ = compare(Table.constant(SIX)), Holds(fact="has_plan"), DecidedBy(authority=Authority.PROVINCE)
    any_of = AnyOf(members=(plan, open_))
    whole = AllOf(members=(share, any_of))
    when = AppliesWhen(condition=plan, body=AtLeastNOf(n=1, members=(whole, open_)))
    assert share.facts == ("poverty",)
    assert plan.facts == ("has_plan",)
    assert whole.facts == open_.facts == share.parts == ()
    assert when.parts == (plan, when.body)
    assert list(when.walk()) == [when, plan, when.body, whole, share, any_of, plan, open_, open_]


def test_may_drop():
    """What can be not applicable by its form: a cell that asks nothing, a condition, a whole of nothing else."""
    asks, nothing = (
        compare(Table.constant(SIX)),
        compare(Table(("region",), ((("delta",), SIX), (("coast",), Nothing())))),
    )
    when = AppliesWhen(condition=asks, body=asks)
    assert not asks.may_drop
    assert nothing.may_drop
    assert when.may_drop
    assert not Holds(fact="has_plan").may_drop
    assert not DecidedBy(authority=Authority.MINISTRY).may_drop
    assert not compare(Table.constant(Delegated(Authority.PROVINCE))).may_drop
    for members, may in (((when, nothing), True), ((when, asks), False)):
        for whole in (AllOf(members=members), AnyOf(members=members), AtLeastNOf(n=1, members=members)):
            assert whole.may_drop is may


@given(criteria_sets())
def test_walking_reaches_every_part(rules):
    """Walking a requirement gives each node once for every place where it stands, parts after their whole."""
    for _, indicator in rules.indicators:
        nodes = list(indicator.require.walk())
        assert nodes[0] is indicator.require
        assert len(nodes) == 1 + sum(len(node.parts) for node in nodes)
        assert {fact for node in nodes for fact in node.facts} <= {fact.id for fact in CATALOGUE}


@given(criteria_sets())
def test_with_its_own_parts(rules):
    """Put over its own parts, any node is what it was."""
    for _, indicator in rules.indicators:
        for node in indicator.require.walk():
            assert node.with_parts(node.parts) == node


def test_with_other_parts():
    """Put over other parts, a node keeps everything else; what has no parts stays as it is."""
    plan, open_ = Holds(fact="has_plan"), DecidedBy(authority=Authority.PROVINCE)
    whole = AtLeastNOf(id="x", n=1, members=(plan, plan), open_list=True)
    assert whole.with_parts((open_, plan)) == AtLeastNOf(id="x", n=1, members=(open_, plan), open_list=True)
    assert AppliesWhen(condition=plan, body=plan).with_parts((open_, plan)) == AppliesWhen(condition=open_, body=plan)
    assert plan.with_parts(()) is plan


def test_ways():
    """A part is found through ids and numbers, and can be put in another's place; a way that leads nowhere does not."""
    plan, open_ = Holds(id="plan", fact="has_plan"), DecidedBy(authority=Authority.PROVINCE)
    inner = AnyOf(id="either", members=(plan, open_))
    whole = AllOf(members=(open_, inner))
    assert whole.part(()) is whole
    assert whole.part(("either", "plan")) is whole.part(("2", "1")) is plan
    assert whole.part(("either", "3")) is whole.part(("plan",)) is plan.part(("1",)) is None
    assert whole.with_part((), plan) is plan
    changed = whole.with_part(("either", "2"), plan)
    assert changed == AllOf(members=(open_, AnyOf(id="either", members=(plan, plan))))
    assert whole.part(("either", "2")) is open_
    with pytest.raises(LookupError, match="3"):
        whole.with_part(("either", "3"), plan)


@given(criteria_sets())
def test_every_part_can_be_put_back(rules):
    """Whatever the tree, putting a part back where it was gives the same tree."""
    for _, indicator in rules.indicators:
        top = indicator.require
        for at, part in enumerate(top.parts, 1):
            assert top.part(((part.id or str(at)),)) is not None
            assert top.with_part((str(at),), top.part((str(at),))) == top


def test_the_unit_of_a_threshold():
    """A threshold is in the unit of its fact; a fact that has none, or that nobody knows, gives none."""
    units = [
        Compare(measure=FactMeasure(fact), sign=Sign.AT_LEAST, threshold=Table.constant(Unstated())).unit(CATALOGUE)
        for fact in ("poverty", "houses", "merit", "nowhere")
    ]
    assert units == ["percent", "house", None, None]
