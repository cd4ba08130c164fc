from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from criteria_strategies import criteria_sets
from ntm_rules.errors import Severity
from ntm_rules.messages import LANGUAGES
from ntm_rules.rulebook import editions, set_names
from ntm_rules.rulebook.lattice import (
    check_overlay,
    check_shelf,
    is_looser,
    looser_than,
    looser_than_base,
)
from ntm_rules.vocabulary.criteria import Criterion, InForce, SetId
from ntm_rules.vocabulary.facts import ScaleStep
from ntm_rules.vocabulary.overlays import RevisionAuthority
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.requirements import (
    AllOf,
    AnyOf,
    AppliesWhen,
    AtLeastNOf,
    Authority,
    Compare,
    Delegated,
    FactMeasure,
    ForEach,
    Holds,
    Nothing,
    Sign,
    Table,
    ThresholdOf,
    Unstated,
    When,
)
from revision_strategies import BASE, indicator, percent, text

AT_LEAST, MORE, AT_MOST, LESS, EQUALS = Sign.AT_LEAST, Sign.MORE_THAN, Sign.AT_MOST, Sign.LESS_THAN, Sign.EQUALS
REGIONS = ("red_river_delta", "central_highlands")
HOLDS = Holds(fact="has_plan")


def water(sign, *cells, axes=("region",)):
    """A comparison: one figure, or one a region; a number is a percentage."""
    cells = [percent(cell) if isinstance(cell, int) else cell for cell in cells]
    rows = tuple(((name,), cell) for name, cell in zip(REGIONS, cells, strict=False))
    table = Table.constant(cells[0]) if len(cells) == 1 else Table(axes, rows)
    return Compare(measure=FactMeasure("water"), sign=sign, threshold=table)


def by_sex(sign, *cells):
    """The same of men and of women."""
    return ForEach(by="sex", require=water(sign, *cells))


def step(id, rank):
    """A step of a scale."""
    return ScaleStep(id, "rating", rank)


def a_set(*requires, name="commune/standard/2016-2020", first=2016, last=None):
    """A set with an indicator for each requirement: 1/1, 1/2 and so on."""
    indicators = tuple(indicator(str(at), each) for at, each in enumerate(requires, 1))
    return attrs.evolve(
        BASE,
        id=SetId.parse(name),
        in_force=InForce(date(first, 1, 1), last),
        criteria=(Criterion("1", text("Tiêu chí"), indicators),),
    )


def short(found):
    """What is looser, in short: address, part, row, figure, the norm and where it stands."""
    return [
        f"{each.comparison.address} {'.'.join(map(str, each.comparison.way))} {'/'.join(each.row)}"
        f" {each.figure.written()} < {each.norm.written()} {each.of.address}"
        for each in found
    ]


@pytest.mark.parametrize(
    ("sign", "figure", "than", "norm", "expected"),
    [
        (AT_LEAST, "50 %", AT_LEAST, "60 %", True),
        (AT_LEAST, "60 %", AT_LEAST, "60 %", False),
        (AT_LEAST, "70 %", AT_LEAST, "60 %", False),
        (AT_MOST, "50 %", AT_MOST, "60 %", False),
        (AT_MOST, "70 %", AT_MOST, "60 %", True),
        (AT_LEAST, "60 %", MORE, "60 %", True),
        (MORE, "60 %", AT_LEAST, "60 %", False),
        (AT_MOST, "60 %", LESS, "60 %", True),
        (LESS, "60 %", AT_MOST, "60 %", False),
        (MORE, "59 %", AT_LEAST, "60 %", True),
        (AT_LEAST, "36 triệu đồng/người/năm", AT_LEAST, "0.037 tỷ đồng/người/năm", True),
        (AT_LEAST, "37 triệu đồng/người/năm", AT_LEAST, "0.037 tỷ đồng/người/năm", False),
        (AT_LEAST, "1 ha", AT_LEAST, "60 %", False),
    ],
)
def test_looser(sign, figure, than, norm, expected):
    """For what must be high, looser is lower, for a ceiling higher; at equality the sign decides; units convert."""
    assert is_looser(Quantity.parse(figure), sign, Quantity.parse(norm), than) is expected


@given(st.sampled_from([AT_LEAST, MORE, AT_MOST, LESS]), st.decimals(0, 100, places=1), st.decimals(0, 100, places=1))
def test_looser_is_letting_more_pass(sign, one, other):
    """A threshold is looser exactly where some figure passes it and not the other."""

    def passes(value, threshold):
        return {AT_LEAST: value >= threshold, MORE: value > threshold, AT_MOST: value <= threshold}.get(
            sign, value < threshold
        )

    tried = {value + step for value in (one, other) for step in (Decimal("-0.01"), Decimal(0), Decimal("0.01"))}
    expected = any(passes(value, one) and not passes(value, other) for value in tried)
    assert is_looser(Quantity(one, "percent"), sign, Quantity(other, "percent"), sign) == expected


# --- an overlay -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (water(AT_LEAST, 50, 60), water(AT_LEAST, 50, 55), ["1/1  central_highlands 55 % < 60 % 1/1"]),
        (water(AT_MOST, 50, 60), water(AT_MOST, 45, 70), ["1/1  central_highlands 70 % < 60 % 1/1"]),
        (water(AT_LEAST, 50, 60), water(AT_LEAST, 55), ["1/1   55 % < 60 % 1/1"]),
        (water(AT_LEAST, 50), water(AT_LEAST, 55, 45), ["1/1  central_highlands 45 % < 50 % 1/1"]),
        (water(MORE, 50), water(AT_LEAST, 50), ["1/1   50 % < 50 % 1/1"]),
        # A floor is a norm; without one, and where nothing is stated, there is none.
        (water(AT_LEAST, Delegated(Authority.PROVINCE, percent(40))), water(AT_LEAST, 30), ["1/1   30 % < 40 % 1/1"]),
        (water(AT_LEAST, Delegated(Authority.PROVINCE)), water(AT_LEAST, 30), []),
        (water(AT_LEAST, Unstated(), Nothing()), water(AT_LEAST, 30), []),
        (water(AT_LEAST, 50), water(AT_LEAST, Delegated(Authority.PROVINCE, percent(40))), []),
        # Other measures, other directions, no direction.
        (water(AT_LEAST, 50), water(AT_MOST, 40), []),
        (water(EQUALS, 50), water(EQUALS, 40), []),
        (water(AT_LEAST, 50), attrs.evolve(water(AT_LEAST, 40), measure=FactMeasure("poverty")), []),
        # Wherever a looser part makes the whole looser; not in a condition.
        (
            AnyOf(members=(HOLDS, AtLeastNOf(n=1, members=(water(AT_LEAST, 50),)))),
            AnyOf(members=(HOLDS, AtLeastNOf(n=1, members=(water(AT_LEAST, 40),)))),
            ["1/1 1.0  40 % < 50 % 1/1"],
        ),
        (
            AppliesWhen(condition=water(AT_LEAST, 50), body=water(AT_LEAST, 50)),
            AppliesWhen(condition=water(AT_LEAST, 40), body=water(AT_LEAST, 40)),
            ["1/1 1  40 % < 50 % 1/1"],
        ),
        # Where the place is gone, what every place must meet; a choice is no such thing.
        (water(AT_LEAST, 50), AllOf(members=(HOLDS, water(AT_LEAST, 40))), ["1/1 1  40 % < 50 % 1/1"]),
        (water(AT_LEAST, 50), AnyOf(members=(HOLDS, water(AT_LEAST, 40))), []),
        (water(AT_LEAST, 50), HOLDS, []),
        # Of a question only what it leads to.
        (
            When(when=water(AT_LEAST, 50), then=water(AT_LEAST, 60), otherwise=water(AT_LEAST, 40)),
            When(when=water(AT_LEAST, 40), then=water(AT_LEAST, 50), otherwise=water(AT_LEAST, 30)),
            ["1/1 1  50 % < 60 % 1/1", "1/1 2  30 % < 40 % 1/1"],
        ),
        (When(when=HOLDS, then=water(AT_LEAST, 60), otherwise=HOLDS), water(AT_LEAST, 50), ["1/1   50 % < 60 % 1/1"]),
        (water(AT_LEAST, 60), When(when=HOLDS, then=water(AT_LEAST, 50), otherwise=HOLDS), []),
        # Each part is held against each part, and the total against the total.
        (by_sex(AT_LEAST, 60), by_sex(AT_LEAST, 50), ["1/1 0  50 % < 60 % 1/1"]),
        (by_sex(AT_LEAST, 60), AllOf(members=(HOLDS, by_sex(AT_LEAST, 50))), ["1/1 1.0  50 % < 60 % 1/1"]),
        (by_sex(AT_LEAST, 60), water(AT_LEAST, 50), []),
        (water(AT_LEAST, 60), by_sex(AT_LEAST, 50), []),
        # Steps go by their rank; those of two scales, and a multiple of another row, can't be compared.
        (water(AT_LEAST, step("good", 2)), water(AT_LEAST, step("fair", 1)), ["1/1   fair < good 1/1"]),
        (water(AT_LEAST, step("fair", 1)), water(AT_LEAST, step("good", 2)), []),
        (water(AT_LEAST, step("good", 2)), water(AT_LEAST, attrs.evolve(step("fair", 1), scale="other")), []),
        (water(AT_LEAST, step("good", 2)), water(AT_LEAST, 5), []),
        (water(AT_LEAST, 50), water(AT_LEAST, ThresholdOf("commune/advanced/2021-2025#1/1")), []),
    ],
)
def test_overlays(old, new, expected):
    """A revised cell that is looser than the base's is found, with its part, row and both figures."""
    assert short(looser_than_base(a_set(old), a_set(new))) == expected


def test_conditions_of_recognition_are_compared():
    """A condition of recognition that became looser is found at its address."""
    sets = [
        attrs.evolve(a_set(HOLDS), preconditions=(indicator("content", water(AT_LEAST, figure)),))
        for figure in (90, 80)
    ]
    expected = ["precondition/content   80 % < 90 % precondition/content"]
    assert short(looser_than_base(*sets)) == short(looser_than(*sets)) == expected


def test_how_bad_a_looser_overlay_is():
    """A province's looser figure is a warning; a scenario's, and the law's own, are notes, each in its own words."""
    base, revised = a_set(water(AT_LEAST, 50)), a_set(water(AT_LEAST, 40))
    told = {authority: check_overlay(base, revised, authority) for authority in RevisionAuthority}
    assert told.pop(RevisionAuthority.VERIFICATION) == ()
    severities = {authority.value: each.severity.value for authority, (each,) in told.items()}
    assert severities == {
        "law": "note",
        "province": "warning",
        "ministry": "warning",
        "scenario": "note",
    }
    (problem,) = told[RevisionAuthority.PROVINCE]
    assert problem.code.name == "LOOSER_THAN_NORM"
    assert problem.where.path == f"{base.id}#1/1"
    assert "1/1" in problem.message("en")
    assert "40 %" in problem.message("vi")
    (problem,) = told[RevisionAuthority.LAW]
    assert problem.code.name == "LOOSER_THAN_EARLIER"
    assert f"{base.edition}#1/1" in problem.message("vi")
    assert check_overlay(base, base, RevisionAuthority.PROVINCE) == ()


@given(criteria_sets())
def test_no_set_is_looser_than_itself(rules):
    """Any set held against itself is nowhere looser, in both ways of holding."""
    assert list(looser_than_base(rules, rules)) == []
    assert list(looser_than(rules, rules)) == []


@st.composite
def moved(draw):
    """A set, one of its cells that can be moved, and the set in which that cell is looser and stricter."""
    rules = draw(criteria_sets())
    spots = []
    for criterion, each in rules.indicators:
        for way, node in monotone(each.require):
            spots += [(criterion, each, way, node, row) for row, cell in node.threshold.cells if movable(cell, node)]
    assume(spots)
    criterion, each, way, node, row = draw(st.sampled_from(spots))
    by = draw(st.decimals("0.1", 50, places=1))

    def with_cell(step):
        cells = tuple(
            (its, attrs.evolve(cell, value=cell.value + step) if its == row else cell)
            for its, cell in node.threshold.cells
        )
        table = attrs.evolve(node.threshold, cells=cells)
        require = each.require.with_part(way, attrs.evolve(node, threshold=table))
        changed = attrs.evolve(each, require=require)
        criteria = tuple(
            attrs.evolve(its, indicators=tuple(changed if one is each else one for one in its.indicators))
            for its in rules.criteria
        )
        return attrs.evolve(rules, criteria=criteria)

    down, up = with_cell(-by), with_cell(by)
    looser, stricter = (down, up) if node.sign.wants_more else (up, down)
    return rules, f"{criterion.number}/{each.number}", way, row, looser, stricter


def movable(cell, node):
    """Whether a cell has a figure and its sign a direction."""
    return isinstance(cell, Quantity) and node.sign is not EQUALS


def monotone(node, way=()):
    """The comparisons that stand in no condition, with the way to each as a revision names it."""
    if isinstance(node, Compare):
        yield way, node
    for at, part in enumerate(node.parts):
        condition = isinstance(node, AppliesWhen | When) and at == 0
        # A number may be the id of a part before it.
        if not condition and node.part_at(str(at + 1)) == at:
            yield from monotone(part, (*way, str(at + 1)))


@given(moved())
def test_any_looser_cell_is_found_and_no_stricter_one(case):
    """Making any cell of an overlay looser is found, at that cell; making it stricter never is."""
    rules, address, way, row, looser, stricter = case
    found = list(looser_than_base(rules, looser))
    part = tuple(int(name) - 1 for name in way)
    assert {(each.comparison.address, each.comparison.way, each.row) for each in found} == {(address, part, row)}
    assert list(looser_than_base(rules, stricter)) == []


# --- tiers and periods ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([water(AT_LEAST, 50, 60)], [HOLDS, water(AT_LEAST, 60, 55)], ["1/2  central_highlands 55 % < 60 % 1/1"]),
        # The strictest counts, whatever stands in a choice or a condition does not.
        ([water(AT_LEAST, 50), water(AT_LEAST, 70)], [water(AT_LEAST, 60)], ["1/1   60 % < 70 % 1/2"]),
        ([water(AT_LEAST, 60)], [water(AT_LEAST, 50), water(AT_LEAST, 70)], []),
        ([water(AT_LEAST, 60)], [AnyOf(members=(HOLDS, water(AT_LEAST, 50)))], []),
        ([AnyOf(members=(HOLDS, water(AT_LEAST, 60)))], [water(AT_LEAST, 50)], []),
        (
            [water(AT_LEAST, 40), water(AT_MOST, 60)],
            [water(AT_LEAST, 40), water(AT_MOST, 70)],
            ["1/2   70 % < 60 % 1/2"],
        ),
        # A row of one axis can be met with any row of another.
        (
            [water(AT_LEAST, 50, 60)],
            [water(AT_LEAST, 40, 55, axes=("group",))],
            [
                "1/1  red_river_delta 40 % < 50 % 1/1",
                "1/1  red_river_delta 40 % < 60 % 1/1",
                "1/1  central_highlands 55 % < 60 % 1/1",
            ],
        ),
    ],
)
def test_sets(old, new, expected):
    """Of one measure in one direction, what is looser than in the other set is found row by row."""
    assert short(looser_than(a_set(*old), a_set(*new))) == expected


def told(*shelf):
    """What comes of holding sets against each other."""
    problems = check_shelf(shelf)
    for problem in problems:
        assert len({problem.render(lang) for lang in LANGUAGES}) == 2
    return [
        (each.code.name, each.severity.value, each.where.file, dict(each.params)["other"].partition("@")[0])
        for each in problems
    ]


def a_tier(tier, figure, period="2016-2020", first=2016):
    """A set of a tier that asks for one share."""
    return (a_set(water(AT_LEAST, figure), name=f"commune/{tier}/{period}", first=first),)


def test_tiers():
    """An advanced set looser than the standard one is a warning, a model one is held against the next below."""
    standard, advanced, model = (a_tier(*each) for each in (("standard", 60), ("advanced", 50), ("model", 40)))
    edition = "commune/{}/2016-2020@2016-01-01".format
    assert told(standard, advanced, model) == [
        ("LOOSER_TIER", "warning", edition("advanced"), "commune/standard/2016-2020"),
        ("LOOSER_TIER", "warning", edition("model"), "commune/advanced/2016-2020"),
    ]
    assert told(standard, model) == [("LOOSER_TIER", "warning", edition("model"), "commune/standard/2016-2020")]
    assert told(standard, a_tier("advanced", 60), a_tier("model", 70)) == []
    assert told(standard, a_tier("task_completed", 10)) == []
    assert told(standard, a_tier("advanced", 50, "2021-2025")) == []


def test_periods_and_editions():
    """A later period, and a later edition, that is looser is a note: the law may do so."""
    periods = [a_tier("standard", figure, period, int(period[:4])) for figure, period in ((60, "2010"), (70, "2016"))]
    latest = a_tier("standard", 65, "2021", 2021)
    assert told(*periods) == []
    assert told(latest, *periods) == [
        ("LOOSER_THAN_EARLIER", "note", "commune/standard/2021@2021-01-01", "commune/standard/2016")
    ]
    before, after = a_set(water(AT_MOST, 10)), a_set(water(AT_MOST, 12), first=2018)
    assert told((before, after)) == [("LOOSER_THAN_EARLIER", "note", after.edition, "commune/standard/2016-2020")]


@given(criteria_sets(), criteria_sets())
def test_any_two_sets(one, other):
    """Any two sets can be held against each other; where one is looser the other is not, cell for cell."""
    here = {(each.of.address, each.norm, each.figure) for each in looser_than(one, other)}
    there = {(each.comparison.address, each.figure, each.norm) for each in looser_than(other, one)}
    assert here.isdisjoint(there)


def test_the_packaged_shelf():
    """Nothing on the shelf is looser than it may be: whatever is found are notes on later law."""
    found = check_shelf(editions(name) for name in set_names())
    assert all(problem.severity is Severity.NOTE for problem in found)
