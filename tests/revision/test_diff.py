from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import attrs
import pytest
from hypothesis import given

import ntm_rules as ntm
from criteria_strategies import criteria_sets
from ntm_rules.language import law_fingerprint
from ntm_rules.revision import apply_edits, diff
from ntm_rules.rulebook import places
from ntm_rules.vocabulary.criteria import Criterion, Indicator
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.requirements import Compare, Nothing, Sign, Table
from ntm_rules.vocabulary.revisions import (
    RemoveIndicator,
    Retitle,
    SetCell,
    SetPartSource,
    SetRequirement,
    SetThreshold,
)
from revision_strategies import BASE, PLACES, pairs, text

REAL = ["commune/standard/2016-2020", "commune/standard/2010-2015"]


@given(pairs())
def test_applying_the_difference_gives_the_new_set(pair):
    """The difference between any two sets of one id, applied to the old, gives the new, by its fingerprint too."""
    old, new = pair
    made = apply_edits(old, diff(old, new), PLACES)
    assert made == new
    assert made.fingerprint == law_fingerprint(new)


@given(criteria_sets())
def test_a_set_does_not_differ_from_itself(rules):
    """A set and itself differ in nothing."""
    assert diff(rules, rules) == ()


def changed(rules, address, change):
    """The set with one of its indicators changed, or removed."""
    criteria = tuple(
        attrs.evolve(
            criterion,
            indicators=tuple(
                new
                for each in criterion.indicators
                if (new := change(each) if f"{criterion.number}/{each.number}" == address else each) is not None
            ),
        )
        for criterion in rules.criteria
    )
    return attrs.evolve(rules, criteria=criteria)


def cells_of(rules):
    """Every cell of the set that holds a figure: indicator's address, way to the node, row."""

    def under(node, way):
        if isinstance(node, Compare):
            yield from ((way, row) for row, cell in node.threshold.cells if isinstance(cell, Quantity))
        for at, part in enumerate(node.parts, 1):
            yield from under(part, (*way, str(at)))

    for criterion, indicator in rules.indicators:
        for way, row in under(indicator.require, ()):
            yield f"{criterion.number}/{indicator.number}", way, row


@pytest.mark.parametrize("name", REAL)
def test_a_single_cell(name):
    """Another figure in any one cell of a packaged set is told as that one cell, and gives the other set again."""
    rules = ntm.load(name)
    for at, way, row in list(cells_of(rules))[::7]:
        node = rules[at].require.part(way)
        value = dict(node.threshold.cells)[row]
        cell = attrs.evolve(value, value=value.value + (Decimal(-1) if value.value > 1 else Decimal("0.5")))
        cells = tuple((each, cell if each == row else its) for each, its in node.threshold.cells)
        other = attrs.evolve(node, threshold=attrs.evolve(node.threshold, cells=cells))
        new = changed(
            rules, at, lambda i, way=way, other=other: attrs.evolve(i, require=i.require.with_part(way, other))
        )
        edits = diff(rules, new)
        assert edits == (SetCell(at=at, part=way, row=row, cell=cell),)
        assert apply_edits(rules, edits, places()) == new


@pytest.mark.parametrize("name", REAL)
def test_titles(name):
    """Another title of a packaged set, of a criterion or of an indicator is told as that title."""
    rules = ntm.load(name)
    new = text("Tên khác")
    first = rules.criteria[0]
    at = f"{first.number}/{first.indicators[0].number}"
    assert diff(rules, attrs.evolve(rules, title=new)) == (Retitle(title=new),)
    retitled = changed(rules, at, lambda each: attrs.evolve(each, title=new))
    assert diff(rules, retitled) == (Retitle(at=at, title=new),)
    criteria = (attrs.evolve(first, title=new), *rules.criteria[1:])
    assert diff(rules, attrs.evolve(rules, criteria=criteria)) == (Retitle(at=first.number, title=new),)


@pytest.mark.parametrize("name", REAL)
def test_a_row_that_is_gone(name):
    """A packaged set without one of its rows differs by just that row, whichever it is."""
    rules = ntm.load(name)
    for criterion, indicator in rules.indicators:
        if len(criterion.indicators) > 1:
            at = f"{criterion.number}/{indicator.number}"
            new = changed(rules, at, lambda _: None)
            assert diff(rules, new) == (RemoveIndicator(at=at),)
            assert apply_edits(rules, diff(rules, new), places()) == new


def test_real_editions():
    """What the law itself changed between two editions is found, and leads from one to the other and back."""
    for old, new in pairwise(ntm.editions(REAL[1])):
        assert apply_edits(old, diff(old, new), places()) == new
        assert apply_edits(new, diff(new, old), places()) == old


@pytest.mark.parametrize(
    "other",
    [
        attrs.evolve(BASE, id=attrs.evolve(BASE.id, period="2021-2025")),
        attrs.evolve(BASE, instruments=()),
        attrs.evolve(BASE, catalogue=attrs.evolve(BASE.catalogue, facts=())),
    ],
    ids=["id", "instruments", "catalogue"],
)
def test_sets_that_can_not_be_compared(other):
    """Sets of other ids, or read with other catalogues, have no difference."""
    with pytest.raises(ValueError, match="commune/standard"):
        diff(BASE, other)


def test_a_criterion_with_all_its_rows():
    """A criterion that is new or gone is told as a whole."""
    without = attrs.evolve(BASE, criteria=BASE.criteria[:-1])
    assert [type(edit).__name__ for edit in diff(BASE, without)] == ["RemoveCriterion"]
    assert [type(edit).__name__ for edit in diff(without, BASE)] == ["AddCriterion"]
    moved = attrs.evolve(without, criteria=(BASE["3"], *without.criteria))
    assert [type(edit).__name__ for edit in diff(without, moved)] == ["AddCriterion", "Reorder"]
    assert isinstance(BASE["3"], Criterion)
    assert isinstance(BASE["1.1"], Indicator)


@pytest.mark.parametrize("change", [{"sign": Sign.EQUALS}, {"threshold": Table.constant(Nothing())}])
def test_another_sign_or_table(change):
    """Another sign, or a table of other rows, is told as the whole threshold."""
    node = attrs.evolve(BASE["1.1"].require, **change)
    new = changed(BASE, "1/1.1", lambda each: attrs.evolve(each, require=node))
    assert diff(BASE, new) == (SetThreshold(at="1/1.1", sign=node.sign, threshold=node.threshold),)
    assert apply_edits(BASE, diff(BASE, new), PLACES) == new


@pytest.mark.parametrize("source", [None, BASE["1.1"].source])
def test_another_source_of_a_part(source):
    """Another source of a part is told as that, another form of the part as the whole part."""
    part = attrs.evolve(BASE["2.1"].require.part(("2",)), source=source)
    require = BASE["2.1"].require.with_part(("2",), part)
    new = changed(BASE, "2/2.1", lambda each: attrs.evolve(each, require=require))
    assert diff(BASE, new) == (SetPartSource(at="2/2.1", part=("2",), source=source),)
    renamed = require.with_part(("2",), attrs.evolve(part, id="other"))
    new = changed(BASE, "2/2.1", lambda each: attrs.evolve(each, require=renamed))
    assert diff(BASE, new) == (SetRequirement(at="2/2.1", part=("2",), require=renamed.part(("2",))),)
