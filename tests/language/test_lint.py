from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria_strategies import CATALOGUE, INSTRUMENTS, RATING, REGISTER, criteria_sets
from ntm_rules import CriteriaError
from ntm_rules.language import from_plain, parse_criteria_set, read_text, to_yaml, write_criteria_set
from ntm_rules.language import lint as module
from ntm_rules.language.lint import lint, rows_not_there, rows_of
from ntm_rules.language.requirements import References
from ntm_rules.messages import LANGUAGES
from ntm_rules.vocabulary.criteria import Axis, AxisRule, InForce
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.requirements import (
    AllOf,
    AnyOf,
    AppliesWhen,
    AtLeastNOf,
    Attains,
    Authority,
    Collection,
    Compare,
    DecidedBy,
    Delegated,
    FactMeasure,
    ForEach,
    Holds,
    IsOneOf,
    Nothing,
    RecognisedAs,
    Requirement,
    RowMeasure,
    Rows,
    Sign,
    SubPlaceMeasure,
    Table,
    ThresholdOf,
    Unstated,
    When,
)
from ntm_rules.vocabulary.verdicts import Verdict
from revision_strategies import BASE, SEEN, indicator, percent

REGIONS = ("red_river_delta", "central_highlands")
OPEN = Delegated(Authority.PROVINCE)


def by_region(*cells, general=None):
    """A table by region; a number is a percentage."""
    rows = [((name,), figure(cell)) for name, cell in zip(REGIONS, cells, strict=True)]
    return Table(("region",), tuple(rows) + (() if general is None else ((("general",), figure(general)),)))


def figure(cell):
    """A number as a percentage, any other cell as it is."""
    return percent(cell) if isinstance(cell, int | str) else cell


def by_year(*years, **beneath):
    """A table by year with one figure; with *beneath* by region and year."""
    if not beneath:
        return Table(("year",), tuple(((str(year),), percent(50)) for year in years))
    rows = tuple(((region, str(year)), percent(50)) for region, its in beneath.items() for year in its)
    return Table(("region", "year"), rows)


def water(sign, threshold, **own):
    """A comparison of the share with clean water, whose range is 0 % to 100 %."""
    table = threshold if isinstance(threshold, Table) else Table.constant(figure(threshold))
    return Compare(measure=FactMeasure("water"), sign=sign, threshold=table, **own)


def poverty(sign, threshold):
    """A comparison of the poverty rate."""
    return attrs.evolve(water(sign, threshold), measure=FactMeasure("poverty"))


def a_set(require, source=SEEN, force=InForce(date(2018, 1, 1), date(2019, 12, 31))):  # noqa: B008 - a constant
    """The base set with one indicator, 1/1."""
    criterion = attrs.evolve(BASE.criteria[0], number="1", indicators=(indicator("1", require, source),))
    return attrs.evolve(BASE, criteria=(criterion,), in_force=force)


def look(rules, node=None):
    """What is found in a set."""
    return lint(rules, References(CATALOGUE, INSTRUMENTS, REGISTER, rules.axes), node)


def found(require, **own):
    """What is found in a set with that one indicator: code, how bad, part, row, figure."""
    return [told(problem) for problem in look(a_set(require, **own))]


def told(problem):
    """A problem in short, once it is known to read well."""
    assert len({problem.render(lang) for lang in LANGUAGES}) == 2
    params = dict(problem.params)
    assert params["at"] == "1/1"
    short = [problem.code.name, problem.severity.value, params["part"], params.get("row"), params.get("figure")]
    return " ".join(each for each in short if each is not None)


AT_LEAST, MORE, AT_MOST, LESS, EQUALS = Sign.AT_LEAST, Sign.MORE_THAN, Sign.AT_MOST, Sign.LESS_THAN, Sign.EQUALS
HOLDS = Holds(fact="has_plan")
NONE = Nothing()


def all_of(*members):
    """Every member."""
    return AllOf(members=members)


def any_of(*members):
    """One member."""
    return AnyOf(members=members)


HOLDS_OF_EACH = Holds(fact="is_safe")


def counted(measure):
    """At least one of what is counted."""
    return Compare(measure=measure, sign=Sign.AT_LEAST, threshold=Table.constant(Quantity(Decimal(1), measure.unit)))


def trained(cell):
    """A comparison of each part of a fact."""
    return ForEach(by="sex", require=attrs.evolve(water(AT_LEAST, cell), measure=FactMeasure("trained")))


def merit(sign, id):
    """A comparison of steps: poor, fair, good."""
    return attrs.evolve(water(sign, Table.constant(RATING.step(id))), measure=FactMeasure("merit"))


def if_any(body):
    """The body where there is a market."""
    return AppliesWhen(condition=Holds(fact="has_market"), body=body)


@pytest.mark.parametrize(
    ("require", "expected"),
    [
        # steps
        (merit(AT_LEAST, "fair"), []),
        (merit(AT_LEAST, "poor"), ["ALWAYS_MET warning - - poor"]),
        (merit(MORE, "good"), ["IMPOSSIBLE warning - - good"]),
        (merit(EQUALS, "fair"), ["EQUALS_ON_MEASURE note - - fair"]),
        (all_of(merit(AT_LEAST, "good"), merit(AT_MOST, "fair")), ["CELLS_CONTRADICT warning 1 - good"]),
        (all_of(merit(AT_LEAST, "fair"), merit(AT_MOST, "fair")), []),
        # values, and what the place is
        (IsOneOf(subject="supply", values=("own",)), []),
        (IsOneOf(subject="zone", values=("I",), of_place=True), []),
        (Attains(address="commune/advanced/2021-2025"), []),
        (RecognisedAs(set_id="commune/advanced/2021-2025"), []),
        (water(AT_LEAST, ThresholdOf("commune/advanced/2021-2025#17/17.1")), []),
        # parts
        (trained(60), []),
        (trained(NONE), ["NEVER_ASKS warning 1 -"]),
        (trained(OPEN), ["NEVER_DECIDES note 1 -"]),
        (any_of(trained(NONE), HOLDS), []),
        (any_of(trained(NONE), if_any(HOLDS)), ["QUIETLY_PASSED warning - -"]),
        # branches
        (When(when=HOLDS, then=water(AT_LEAST, 50), otherwise=HOLDS), []),
        (When(when=HOLDS, then=water(AT_LEAST, NONE), otherwise=water(AT_LEAST, NONE)), ["NEVER_ASKS warning 2 -"]),
        (When(when=water(AT_LEAST, NONE), then=HOLDS, otherwise=HOLDS), ["NEVER_ASKS warning 1 -"]),
        (
            When(when=DecidedBy(authority=Authority.PROVINCE), then=HOLDS, otherwise=HOLDS),
            ["OPEN_THRESHOLD note 1 -"],
        ),
        (
            When(when=DecidedBy(authority=Authority.PROVINCE), then=HOLDS, otherwise=water(AT_LEAST, NONE)),
            ["NEVER_DECIDES note 1 -"],
        ),
        (any_of(When(when=HOLDS, then=water(AT_LEAST, NONE), otherwise=HOLDS)), ["QUIETLY_PASSED warning - -"]),
        (any_of(When(when=HOLDS, then=HOLDS, otherwise=HOLDS)), []),
        # years
        (water(AT_LEAST, by_year(2018, 2019)), []),
        (water(AT_LEAST, by_year(2017, 2018, 2019, 2020)), []),
        (water(AT_LEAST, by_year(2018, 2020)), ["YEAR_GAP warning - 2019"]),
        (water(AT_LEAST, by_year(2018, 2021)), ["YEAR_GAP note - 2019"]),
        (water(AT_LEAST, by_year(2019)), ["YEAR_NOT_ENCODED note - 2018"]),
        (
            water(AT_LEAST, by_year(red_river_delta=(2018, 2019), central_highlands=(2018,))),
            ["YEAR_GAP warning - central_highlands/2019"],
        ),
        (
            water(AT_LEAST, by_year(red_river_delta=(2018, 2019), general=(2018,), central_highlands=(2018, 2019))),
            [],
        ),
        (
            water(AT_LEAST, by_year(red_river_delta=(2018, 2019), central_highlands=("general",))),
            ["GENERAL_ALONE warning - central_highlands/general"],
        ),
        (
            water(AT_LEAST, Table(("region", "year"), tuple(((region,), percent(5)) for region in REGIONS))),
            [],
        ),
        # overlaps: no document can hold them
        (
            water(AT_LEAST, Table(("region",), (*by_region(50, 60).cells, (("central_highlands",), percent(60))))),
            ["OVERLAPPING_CELLS warning - central_highlands"],
        ),
        (
            all_of(
                HOLDS,
                water(AT_LEAST, Table(("region", "year"), (((REGIONS[0],), percent(5)), (("x", "y"), percent(5))))),
                water(AT_LEAST, Table(("year", "region"), ((("2018",), percent(5)), (("2018", "x"), percent(6))))),
            ),
            [
                "OVERLAPPING_CELLS error 3 2018/x",
                "YEAR_NOT_ENCODED note 3 2019",
            ],
        ),
        # open, none, unstated
        (HOLDS, []),
        (DecidedBy(authority=Authority.PROVINCE), ["NEVER_DECIDES note - -"]),
        (water(AT_LEAST, OPEN), ["NEVER_DECIDES note - -"]),
        (water(AT_LEAST, by_region(Unstated(), OPEN, general=60)), ["NEVER_DECIDES note - red_river_delta"]),
        (water(AT_LEAST, by_region(NONE, OPEN)), ["NEVER_DECIDES note - red_river_delta"]),
        (water(AT_LEAST, by_region(NONE, NONE)), ["NEVER_ASKS warning - red_river_delta"]),
        (water(AT_LEAST, by_region(50, OPEN)), ["OPEN_THRESHOLD note - central_highlands"]),
        (water(AT_LEAST, by_region(Unstated(), 50)), ["NOT_AT_HAND note - red_river_delta"]),
        (water(AT_LEAST, by_region(40, 50, general=Unstated())), []),
        (all_of(HOLDS, DecidedBy(authority=Authority.MINISTRY)), ["OPEN_THRESHOLD note 2 -"]),
        (any_of(HOLDS, water(AT_LEAST, Unstated())), ["NOT_AT_HAND note 2 -"]),
        (if_any(DecidedBy(authority=Authority.PROVINCE)), ["NEVER_DECIDES note 2 -"]),
        (
            AppliesWhen(condition=water(AT_LEAST, OPEN), body=HOLDS),
            ["NEVER_DECIDES note 1 -"],
        ),
        (AppliesWhen(condition=water(AT_LEAST, by_region(NONE, NONE)), body=HOLDS), []),
        (AtLeastNOf(n=1, members=(HOLDS, water(AT_LEAST, OPEN))), ["OPEN_THRESHOLD note 2 -"]),
        (AtLeastNOf(n=2, members=(HOLDS, water(AT_LEAST, OPEN))), ["OPEN_THRESHOLD note 2 -"]),
        (AtLeastNOf(n=2, members=(HOLDS, water(AT_LEAST, OPEN)), open_list=True), ["NEVER_DECIDES note 2 -"]),
        # the range of the fact: 0 % to 100 %
        (water(AT_LEAST, 100), []),
        (water(MORE, by_region(99, 100)), ["IMPOSSIBLE warning - central_highlands 100 %"]),
        (water(LESS, 0), ["IMPOSSIBLE warning - - 0 %"]),
        (water(AT_MOST, 0), []),
        (water(AT_MOST, 100), ["ALWAYS_MET warning - - 100 %"]),
        (water(AT_LEAST, by_region(0, 10)), ["ALWAYS_MET warning - red_river_delta 0 %"]),
        (water(MORE, 0), []),
        (water(LESS, attrs.evolve(by_region(0, 100), boundary_unstated=True)), []),
        (attrs.evolve(water(AT_LEAST, 0), measure=FactMeasure("not_there")), []),
        (water(EQUALS, by_region(50, 100)), ["EQUALS_ON_MEASURE note - red_river_delta 50 %"]),
        (water(EQUALS, 100), ["EQUALS_ON_MEASURE warning - - 100 %"]),
        (all_of(HOLDS, water(EQUALS, 0)), ["EQUALS_ON_MEASURE warning 2 - 0 %"]),
        # two thresholds for one measure
        (all_of(water(AT_LEAST, 40), water(AT_MOST, 60)), []),
        (all_of(water(AT_LEAST, 60), poverty(AT_MOST, 40)), []),
        (all_of(water(AT_LEAST, 60), water(AT_MOST, 60)), []),
        (any_of(water(AT_LEAST, 60), water(AT_MOST, 40)), []),
        (all_of(water(AT_LEAST, 60), water(LESS, 60)), ["CELLS_CONTRADICT warning 1 - 60 %"]),
        (
            all_of(HOLDS, all_of(water(AT_MOST, by_region(50, 40)), water(MORE, by_region(45, 45)))),
            ["CELLS_CONTRADICT warning 2/2 central_highlands 45 %"],
        ),
        (
            all_of(
                water(AT_LEAST, 60),
                any_of(HOLDS, water(AT_MOST, 50)),
                water(AT_MOST, attrs.evolve(by_region(OPEN, 60), boundary_unstated=True)),
            ),
            ["OPEN_THRESHOLD note 3 red_river_delta"],
        ),
        # a band beside what lies beyond it
        (
            any_of(all_of(water(AT_LEAST, 30), water(LESS, 50), HOLDS), water(AT_LEAST, 50)),
            ["REDUNDANT_BOUND warning 1/2 - 50 %"],
        ),
        (
            any_of(
                water(AT_MOST, by_region(20, 20)), HOLDS, all_of(HOLDS, all_of(water(MORE, 20), water(AT_MOST, 40)))
            ),
            ["REDUNDANT_BOUND warning 3/2/1 - 20 %"],
        ),
        (any_of(all_of(water(AT_LEAST, 30), water(LESS, 50)), water(AT_LEAST, 60)), []),
        (any_of(all_of(water(AT_LEAST, 30), water(LESS, 50)), water(MORE, 50)), []),
        (any_of(all_of(water(AT_LEAST, 30), HOLDS), water(AT_MOST, 20)), []),
        (any_of(all_of(water(AT_LEAST, 30), HOLDS), water(AT_LEAST, 20)), []),
        (any_of(all_of(water(AT_LEAST, 30), HOLDS), poverty(AT_MOST, 50)), []),
        (any_of(all_of(water(AT_LEAST, 30), water(LESS, 50)), all_of(water(AT_LEAST, 50), HOLDS)), []),
        # choices that pass quietly
        (any_of(if_any(HOLDS), HOLDS), []),
        (any_of(if_any(HOLDS), if_any(water(AT_LEAST, 50))), ["QUIETLY_PASSED warning - -"]),
        (
            AtLeastNOf(n=1, members=(if_any(HOLDS), any_of(HOLDS, if_any(HOLDS)), all_of(HOLDS))),
            [],
        ),
        (
            AtLeastNOf(n=1, members=(if_any(HOLDS), all_of(if_any(HOLDS), water(AT_LEAST, by_region(50, NONE))))),
            ["QUIETLY_PASSED warning - central_highlands"],
        ),
        (any_of(water(AT_LEAST, by_region(50, NONE)), poverty(AT_MOST, by_region(NONE, 5))), []),
        # there may be no commune beneath; a set always has rows
        (any_of(counted(SubPlaceMeasure(Collection.COMMUNES, HOLDS))), ["QUIETLY_PASSED warning - -"]),
        (any_of(counted(RowMeasure(Rows.CRITERIA, "commune/standard/2010-2015"))), []),
    ],
)
def test_one_indicator(require, expected):
    """What is doubtful in an indicator is found, with the part, the row and the figure; what is sound is not."""
    assert found(require) == expected


def test_in_force_without_end():
    """A set that is in force until further notice is asked for its first year only."""
    force = InForce(date(2018, 1, 1))
    assert found(water(AT_LEAST, by_year(2018)), force=force) == []
    assert found(water(AT_LEAST, by_year(2019)), force=force) == ["YEAR_NOT_ENCODED note - 2018"]


# --- what is not known here -------------------------------------------------------------------------------------


@attrs.frozen
class Novel(Requirement):
    """A form that nobody has told the checks of."""

    part: Requirement

    @property
    def parts(self):
        """The one part."""
        return (self.part,)


@attrs.frozen
class Strange:
    """A measure, threshold or cell that nobody has told the checks of."""

    cells: tuple = ()


def test_what_is_not_known_is_passed_over():
    """An unknown form, measure, threshold or cell is no fault and hides none beneath it."""
    assert found(Novel(part=HOLDS)) == []
    assert found(Novel(part=water(AT_MOST, 100))) == ["ALWAYS_MET warning 1 - 100 %"]
    assert found(any_of(Novel(part=HOLDS), if_any(HOLDS))) == []
    assert found(attrs.evolve(water(AT_MOST, 100), measure=Strange())) == []
    assert found(attrs.evolve(water(AT_MOST, 100), threshold=Strange())) == []
    assert found(any_of(attrs.evolve(water(AT_MOST, 100), threshold=Strange()), HOLDS)) == []
    assert found(water(AT_MOST, Table.constant(Strange()))) == []


def test_too_many_rows_are_not_judged_in_part(monkeypatch):
    """Where not every row can be tried, nothing is said of an indicator as a whole."""
    require = water(AT_LEAST, by_region(OPEN, OPEN))
    assert found(require)
    monkeypatch.setattr(module, "MAX_ROWS", 2)
    assert found(require) == []


# --- grades of rows that are not there --------------------------------------------------------------------------

REGION = Axis("region", (AxisRule("unit.region"),))
YEAR = Axis("year", (AxisRule("year"),))
GROUP = Axis("group", (AxisRule("any"),))


@pytest.mark.parametrize(
    ("require", "rows", "missing"),
    [
        (water(AT_LEAST, by_region(50, 60)), ["red_river_delta"], []),
        (water(AT_LEAST, by_region(50, 60)), ["general", "red_river_dleta"], ["general", "red_river_dleta"]),
        (water(AT_LEAST, by_region(50, 60)), ["red_river_delta/2018"], ["red_river_delta/2018"]),
        (water(AT_LEAST, 50), ["red_river_delta"], ["red_river_delta"]),
        (water(AT_LEAST, by_year(red_river_delta=(2018,))), ["red_river_delta", "red_river_delta/2018"], []),
        (water(AT_LEAST, by_year(red_river_delta=(2018,))), ["red_river_delta/2019"], ["red_river_delta/2019"]),
        # A cell for many rows can be graded row by row.
        (
            water(AT_LEAST, Table(("year", "region"), ((("2018",), percent(5)),))),
            ["2018/red_river_delta", "2018/general", "2018/delta", "2019"],
            ["2018/delta", "2019"],
        ),
        (
            water(AT_LEAST, Table(("region", "year"), (((REGIONS[0],), percent(5)),))),
            ["red_river_delta/2018", "red_river_delta/general", "red_river_delta/20"],
            ["red_river_delta/20"],
        ),
        (water(AT_LEAST, Table(("region", "group"), (((REGIONS[0],), percent(5)),))), ["red_river_delta/any"], []),
        # A statement has the columns of the annex.
        (HOLDS, ["red_river_delta", "general", "2018"], []),
        (all_of(HOLDS, DecidedBy(authority=Authority.PROVINCE)), ["red_river_delta", "south"], ["south"]),
        (any_of(water(AT_LEAST, by_region(50, 60)), water(AT_LEAST, 50)), ["central_highlands", "x"], ["x"]),
    ],
)
@pytest.mark.parametrize("key", ["cells", "cells_in"])
@pytest.mark.parametrize("deep", [False, True])
def test_rows_not_there(require, rows, missing, key, deep):
    """What a source says of a row that none of its thresholds has is found, in the indicator and in a part."""
    said = tuple((tuple(row.split("/")), Grade.TEXT if key == "cells" else "1980/QĐ-TTg") for row in rows)
    source = attrs.evolve(SEEN, **{key: said})
    axes = (REGION, YEAR) if "any" not in rows[0] else (REGION, YEAR, GROUP)
    one = indicator("1", require, source)
    if deep:
        one = indicator("1", all_of(HOLDS, attrs.evolve(require, source=source)))
    names = list(rows_not_there(one, References(CATALOGUE, INSTRUMENTS, REGISTER, axes)))
    assert names == [((1,) if deep else None, key, tuple(row.split("/"))) for row in missing]


def document(rules):
    """A set as a document has it, with lines."""
    return read_text(to_yaml(write_criteria_set(rules)), file="set.yaml")


def parse(node, **own):
    """Read a criteria set against the small catalogue of these tests."""
    return parse_criteria_set(node, CATALOGUE, INSTRUMENTS, REGISTER, **own)


MISSPELT = attrs.evolve(SEEN, cells=((("red_river_dleta",), Grade.TEXT),))


@pytest.mark.parametrize(
    "rules",
    [
        a_set(water(AT_LEAST, by_region(50, 60)), MISSPELT),
        a_set(all_of(HOLDS, water(AT_LEAST, by_region(50, 60), source=MISSPELT))),
    ],
)
def test_misspelt_rows_are_errors_at_load(rules):
    """A misspelt row would silently keep the default grade: it is refused where it stands, the nearest is offered."""
    node = document(rules)
    with pytest.raises(CriteriaError) as caught:
        parse(node)
    (problem,) = caught.value.problems
    assert problem.code.name == "CELL_NOT_IN_TABLE"
    assert dict(problem.params)["nearest"] == "red_river_delta"
    line = to_yaml(write_criteria_set(rules)).splitlines()[problem.where.line - 1]
    assert "red_river_dleta" in line
    # A set that was revised may still say something of rows that are gone.
    trusted = parse(node, trusted=True)
    assert [each.severity.value for each in look(trusted)] == ["warning"]


def test_hints_are_not_sought_for_ever():
    """Of very many misspelt rows all are told, with the nearest for the first; none is offered for an endless name."""
    cells = tuple(((f"red_river_delta{at}",), Grade.TEXT) for at in range(300))
    problems = look(a_set(water(AT_LEAST, by_region(50, 60)), attrs.evolve(SEEN, cells=cells)))
    offered = [dict(each.params).get("nearest") for each in problems]
    assert len(offered) == 300
    assert set(offered[:200]) == {"red_river_delta"}
    assert offered[-1] is None
    endless = attrs.evolve(SEEN, cells=((("red_river_delta" * 9,), Grade.TEXT),))
    (problem,) = look(a_set(water(AT_LEAST, by_region(50, 60)), endless))
    assert "nearest" not in dict(problem.params)


def test_rows():
    """The rows of several tables are met with each other; the general one only where it is wanted."""
    tables = by_region(50, 60, general=70), by_year(2018, 2019)
    rows = [tuple(each.values()) for each in rows_of(*tables)]
    assert rows == [(region, year) for region in REGIONS for year in ("2018", "2019")]
    assert [each["region"] for each in rows_of(tables[0], general=True)] == [*REGIONS, "general"]
    assert list(rows_of()) == [{}]


def test_what_could_not_be_read_is_not_looked_at():
    """Where a threshold is wrong, the grades of its cells are not blamed too; those of other indicators are."""
    rules = attrs.evolve(BASE, criteria=(*a_set(HOLDS, MISSPELT).criteria, *BASE.criteria[1:]))
    data = write_criteria_set(rules)
    with pytest.raises(CriteriaError) as caught:
        parse(from_plain(data))
    assert [each.code.name for each in caught.value.problems] == ["CELL_NOT_IN_TABLE"]
    data["criteria"][0]["indicators"][0]["require"] = {"hold": "x"}
    with pytest.raises(CriteriaError) as caught:
        parse(from_plain(data))
    assert "CELL_NOT_IN_TABLE" not in [each.code.name for each in caught.value.problems]


# --- where it stands --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "require",
    [
        water(AT_MOST, 100),
        water(AT_MOST, by_region(40, 100)),
        all_of(HOLDS, water(AT_MOST, 100)),
        any_of(HOLDS, all_of(HOLDS, water(AT_MOST, 100))),
        AtLeastNOf(n=1, members=(HOLDS, water(AT_MOST, 100))),
        if_any(water(AT_MOST, 100)),
        if_any(if_any(water(AT_MOST, 100))),
        AppliesWhen(condition=water(AT_MOST, 100), body=HOLDS),
        AllOf(members=(water(AT_LEAST, 50), water(AT_MOST, 100)), of_which=True),
        AllOf(members=(water(AT_MOST, 100), water(AT_LEAST, 50)), of_which=True),
        if_any(AllOf(members=(water(AT_LEAST, 50), water(AT_MOST, 100)), of_which=True)),
        When(when=water(AT_MOST, 100), then=HOLDS, otherwise=HOLDS),
        When(when=HOLDS, then=water(AT_MOST, 100), otherwise=HOLDS),
        When(when=HOLDS, then=HOLDS, otherwise=any_of(HOLDS, water(AT_MOST, 100))),
    ],
)
def test_findings_know_their_line(require):
    """A finding stands where the cell is written, however deep, also beside a condition and in "trong đó"."""
    node = document(a_set(require))
    (problem,) = look(parse(node), node)
    line = to_yaml(write_criteria_set(a_set(require))).splitlines()[problem.where.line - 1]
    assert line[problem.where.column - 1 :].startswith("100 %")
    assert problem.where.file == "set.yaml"


@pytest.mark.parametrize(
    "require",
    [
        trained(0),
        any_of(HOLDS, trained(0)),
        if_any(trained(0)),
        ForEach(by="sex", require=all_of(HOLDS_OF_EACH, trained(0).require)),
        if_any(ForEach(by="sex", require=all_of(HOLDS_OF_EACH, trained(0).require))),
    ],
)
def test_findings_in_each_part_know_their_line(require):
    """A finding within what is judged part by part stands where the cell is written, in either way of writing it."""
    node = document(a_set(require))
    (problem,) = look(parse(node), node)
    line = to_yaml(write_criteria_set(a_set(require))).splitlines()[problem.where.line - 1]
    assert line[problem.where.column - 1 :].startswith("0 %")


def test_conditions_of_recognition_are_checked():
    """A condition of recognition is checked like an indicator, and its finding stands in the document."""
    rules = attrs.evolve(a_set(HOLDS), preconditions=(indicator("content", water(AT_MOST, 100)),))
    node = document(rules)
    (problem,) = look(parse(node), node)
    assert dict(problem.params)["at"] == "precondition/content"
    assert problem.where.path.startswith("$.preconditions[0].require")
    (problem,) = look(rules)
    assert problem.where.path == f"{BASE.id}#precondition/content"


def test_a_document_of_another_form():
    """What a document does not say in a form that is known is told at the nearest place that is."""
    rules = a_set(Novel(part=water(AT_MOST, 100)))
    plain = from_plain({"criteria": [{"indicators": [{"require": {"novel": "x"}}]}]})
    assert [each.where.path for each in look(rules, plain)] == ["$.criteria[0].indicators[0].require"]
    plain = from_plain({"criteria": [{"indicators": [{"require": "x"}]}]})
    assert [each.where.path for each in look(rules, plain)] == ["$.criteria[0].indicators[0].require"]


def test_without_a_document():
    """Without a document a finding names the address."""
    (problem,) = look(a_set(water(AT_MOST, 100)))
    assert problem.where.path == f"{BASE.id}#1/1"


# --- at random --------------------------------------------------------------------------------------------------


@given(criteria_sets())
def test_any_set(rules):
    """Any set can be checked; each finding reads well, has a place, and no set that a document holds overlaps."""
    node = document(rules)
    problems = look(rules, node)
    assert look(rules, node) == problems
    for problem in problems:
        assert problem.where.line
        assert problem.code.name != "OVERLAPPING_CELLS"
        for lang in LANGUAGES:
            assert "{" not in problem.message(lang).replace(dict(problem.params)["at"], "")
    assert {each.severity.value for each in problems} <= {"warning", "note"}


@given(st.integers(2010, 2030), st.integers(0, 8), st.integers(0, 8), st.data())
def test_gaps_are_found_and_only_gaps(first, more, place, data):
    """A table without gaps never yields one; a table with years taken out of its middle always does."""
    years = list(range(first, first + more + 1))
    force = InForce(date(first, 6, 1), date(years[-1], 6, 1))
    assert found(water(AT_LEAST, by_year(*years)), force=force) == []
    assert found(water(AT_LEAST, by_year(red_river_delta=years, central_highlands=years)), force=force) == []
    gone = set(data.draw(st.lists(st.sampled_from(years))) if place else [])
    left = [year for year in years if year not in gone]
    inside = [year for year in gone if left and left[0] < year < left[-1]]
    if left:
        codes = [each.split()[0] for each in found(water(AT_LEAST, by_year(*left)), force=force)]
        assert ("YEAR_GAP" in codes) == bool(inside)
        assert ("YEAR_NOT_ENCODED" in codes) == (len(inside) < len(gone))
        beneath = by_year(red_river_delta=years, central_highlands=left)
        assert bool(found(water(AT_LEAST, beneath), force=force)) == bool(gone)


@given(st.decimals(0, 100, places=1), st.decimals(0, 100, places=1), st.sampled_from(Sign), st.sampled_from(Sign))
def test_contradictions_are_what_no_figure_meets(low, high, one, other):
    """Two required thresholds are said to contradict each other exactly where no figure tried meets both."""
    cells = [Quantity(value, "percent") for value in (low, high)]
    require = all_of(water(one, cells[0]), water(other, cells[1]))
    tried = {value + step for value in (low, high) for step in (Decimal(-1), Decimal("-0.01"), 0, Decimal("0.01"), 1)}
    tried |= {(low + high) / 2, Decimal(-1000), Decimal(1000)}
    both = any(meets(value, one, low) and meets(value, other, high) for value in tried)
    contradict = any(each.startswith("CELLS_CONTRADICT") for each in found(require))
    if Sign.EQUALS not in (one, other):
        assert contradict == (not both)


def meets(value, sign, threshold):
    """Whether a figure meets a threshold."""
    return {
        AT_LEAST: value >= threshold,
        MORE: value > threshold,
        AT_MOST: value <= threshold,
        LESS: value < threshold,
        EQUALS: value == threshold,
    }[sign]


VERDICTS = (Verdict.MET, Verdict.NOT_MET, Verdict.NOT_APPLICABLE)


@given(
    st.lists(st.sampled_from(VERDICTS), min_size=1, max_size=4),
    st.integers(1, 4),
)
def test_what_can_come_out_of_a_group(parts, n):
    """Of parts whose verdict is certain, a group can give what Kleene's rules give, and nothing else."""
    sure = [frozenset({part}) for part in parts]
    asked = [part for part in parts if part is not Verdict.NOT_APPLICABLE]
    combine = module._COMBINE
    met = sum(part is Verdict.MET for part in parts)
    group = AtLeastNOf(n=min(n, len(parts)), members=(HOLDS,) * len(parts))
    empty = Verdict.NOT_APPLICABLE
    assert combine[AllOf](group, sure) == {
        empty if not asked else Verdict.NOT_MET if Verdict.NOT_MET in asked else Verdict.MET
    }
    assert combine[AnyOf](group, sure) == {
        empty if not asked else Verdict.MET if Verdict.MET in asked else Verdict.NOT_MET
    }
    assert combine[AtLeastNOf](group, sure) == {
        empty if not asked else Verdict.MET if met >= group.n else Verdict.NOT_MET
    }
