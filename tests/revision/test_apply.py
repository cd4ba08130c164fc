from __future__ import annotations

import copy
from datetime import date

import attrs
import pytest

from ntm_rules import ProblemCode, RevisionError
from ntm_rules.errors import Where
from ntm_rules.language import law_fingerprint
from ntm_rules.messages import LANGUAGES
from ntm_rules.revision import apply, apply_edits, apply_revision
from ntm_rules.revision.apply import MAKERS
from ntm_rules.vocabulary.criteria import Axis, AxisRule, Counts, Criterion, InForce, Mandate
from ntm_rules.vocabulary.instruments import Grade, Source
from ntm_rules.vocabulary.overlays import RevisionAuthority
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.requirements import Authority, DecidedBy, Holds, Nothing, Sign, Table
from ntm_rules.vocabulary.revisions import (
    AddAxis,
    AddCriterion,
    AddIndicator,
    Edit,
    RaiseGrade,
    RemoveCriterion,
    RemoveIndicator,
    Reorder,
    ReplaceIndicator,
    Retitle,
    SetAppliesTo,
    SetAxes,
    SetBasis,
    SetCell,
    SetCounts,
    SetGroup,
    SetGroups,
    SetInForce,
    SetMandates,
    SetNote,
    SetPartSource,
    SetPreconditions,
    SetRequirement,
    SetSource,
    SetThreshold,
    SetVerdictWords,
)
from ntm_rules.vocabulary.verdicts import Verdict
from revision_strategies import BASE, PLACES, SEEN, at_line, by_year, compare, indicator, percent, revision, text

DELTA = ("red_river_delta",)
NEW = indicator("9.9", Holds(fact="has_market"))
NO_DEBT = (indicator("no_debt", Holds(fact="has_plan")),)
TOWNS = indicator("applies_to", Holds(fact="has_plan"))
NEW_CRITERION = Criterion("9", text("Tiêu chí 9"), (NEW,))
OTHER = Source(Grade.TEXT, "4800/QĐ-BCT")
TWICE = AddAxis(axis=BASE.axes[0])
MORE = SetCounts(counts=Counts(9, 9))
FEWER = Table(("region",), ((("red_river_delta",), percent(5)),))


def made(*edits):
    """What edits make of the small set."""
    return apply_edits(BASE, edits, PLACES)


def problems(*edits, base=BASE):
    """What is wrong with edits of the small set, as (code, line, parameters)."""
    with pytest.raises(RevisionError) as refused:
        apply_edits(base, edits, PLACES)
    for problem in refused.value.problems:
        for lang in LANGUAGES:
            assert "{" not in problem.message(lang)
    return [(each.code, each.where.line, dict(each.params)) for each in refused.value.problems]


def codes(*edits):
    """The codes of what is wrong with edits."""
    return [code for code, _, _ in problems(*edits)]


# --- what each edit does ----------------------------------------------------------------------------------------


def test_rows_that_change_alone_are_read_as_the_whole_set_is(monkeypatch):
    """A set of which only rows change is what reading the whole of it gives, with the same fingerprint."""
    ones = SetCell | SetThreshold | SetRequirement | SetSource | SetPartSource | RaiseGrade | SetNote
    edits = [edit for edit, *_ in MADE.values() if isinstance(edit, ones)]
    assert len(edits) > 8
    for edit in edits:
        quickly = made(edit)
        with monkeypatch.context() as patched:
            patched.setattr(apply, "rows_checked", lambda *_: None)
            whole = made(edit)
        assert (quickly, quickly.fingerprint) == (whole, whole.fingerprint)


def test_what_was_wrong_before_comes_out():
    """A set put together in Python with a threshold that no place can have is refused when another row is edited."""
    beyond = attrs.evolve(BASE["1.1"].require, threshold=Table.constant(percent(101)))
    rows = (attrs.evolve(BASE["1.1"], require=beyond), *BASE["1"].indicators[1:])
    wrong = attrs.evolve(BASE, criteria=(attrs.evolve(BASE["1"], indicators=rows), *BASE.criteria[1:]))
    found = problems(SetCell(at="2/2.2", cell=percent(80)), base=wrong)
    assert [code for code, _, _ in found] == [ProblemCode.THRESHOLD_OUT_OF_RANGE]


#: An edit that can be made, what is looked at afterwards, and what is found there.
MADE = {
    "set_cell": (
        SetCell(at="1/1.1", row=DELTA, cell=percent(4)),
        lambda rules: rules["1.1"].require.threshold.find(DELTA),
        percent(4),
    ),
    "set_cell of a part": (
        SetCell(at="2/2.1", part=("2", "1"), row=DELTA, cell=Nothing()),
        lambda rules: rules["2.1"].require.part(("2", "1")).threshold.find(DELTA),
        Nothing(),
    ),
    "set_cell of a part by its id": (
        SetCell(at="2/2.1", part=("clean",), row=DELTA, cell=percent(99)),
        lambda rules: rules["2.1"].require.part(("1",)).threshold.find(DELTA),
        percent(99),
    ),
    "set_cell of a constant": (
        SetCell(at="2/2.2", cell=percent(80)),
        lambda rules: rules["2.2"].require.threshold,
        Table.constant(percent(80)),
    ),
    "set_threshold": (
        SetThreshold(at="2/2.2", sign=Sign.MORE_THAN, threshold=by_year("2018", "2019")),
        lambda rules: (rules["2.2"].require.sign, rules["2.2"].require.threshold),
        (Sign.MORE_THAN, by_year("2018", "2019")),
    ),
    "set_requirement": (
        SetRequirement(at="3/3", require=Holds(fact="has_plan")),
        lambda rules: rules["3/3"].require,
        Holds(fact="has_plan"),
    ),
    "set_requirement of a part": (
        SetRequirement(at="2/2.1", part=("2", "2"), require=Holds(fact="has_plan")),
        lambda rules: rules["2.1"].require.part(("2", "2")),
        Holds(fact="has_plan"),
    ),
    "raise_grade": (
        RaiseGrade(at="1/1.1", row=DELTA, grade=Grade.TEXT),
        lambda rules: rules["1.1"].source,
        attrs.evolve(SEEN, cells=((DELTA, Grade.TEXT),)),
    ),
    "set_source": (SetSource(at="1/1.1", source=OTHER), lambda rules: rules["1.1"].source, OTHER),
    "set_part_source": (
        SetPartSource(at="2/2.1", part=("3",), source=OTHER),
        lambda rules: rules["2.1"].require.part(("3",)).source,
        OTHER,
    ),
    "set_part_source to none": (
        SetPartSource(at="2/2.1", part=("clean",), source=None),
        lambda rules: rules["2.1"].require.part(("clean",)).source,
        None,
    ),
    "retitle of the set": (Retitle(title=text("Mới")), lambda rules: rules.title, text("Mới")),
    "retitle of a criterion": (Retitle(at="1", title=text("Mới")), lambda rules: rules["1"].title, text("Mới")),
    "retitle of an indicator": (
        Retitle(at="1/1.1", title=text("Mới")),
        lambda rules: rules["1.1"].title,
        text("Mới"),
    ),
    "set_note of a criterion": (SetNote(at="1", note=text("Chú")), lambda rules: rules["1"].note, text("Chú")),
    "set_note of an indicator": (SetNote(at="1/1.1", note=text("Chú")), lambda rules: rules["1.1"].note, text("Chú")),
    "add_indicator": (AddIndicator(at="1", indicator=NEW), lambda rules: rules["1"].indicators[2], NEW),
    "add_indicator behind another": (
        AddIndicator(at="1", indicator=NEW, after="1.1"),
        lambda rules: [each.number for each in rules["1"].indicators],
        ["1.1", "9.9", "1.2"],
    ),
    "remove_indicator": (
        RemoveIndicator(at="1/1.1"),
        lambda rules: [each.number for each in rules["1"].indicators],
        ["1.2"],
    ),
    "replace_indicator": (
        ReplaceIndicator(at="1/1.1", indicator=indicator("1.1", Holds(fact="has_market"))),
        lambda rules: rules["1"].indicators[0].require,
        Holds(fact="has_market"),
    ),
    "add_criterion": (AddCriterion(criterion=NEW_CRITERION), lambda rules: rules.criteria[3], NEW_CRITERION),
    "add_criterion behind another": (
        AddCriterion(criterion=NEW_CRITERION, after="1"),
        lambda rules: [each.number for each in rules.criteria],
        ["1", "9", "2", "3"],
    ),
    "remove_criterion": (
        RemoveCriterion(at="2"),
        lambda rules: [each.number for each in rules.criteria],
        ["1", "3"],
    ),
    "set_group": (SetGroup(at="2", group="culture"), lambda rules: rules["2"].group, "culture"),
    "set_group to none": (SetGroup(at="1", group=None), lambda rules: rules["1"].group, None),
    "reorder of criteria": (
        Reorder(order=("3", "1", "2")),
        lambda rules: [each.number for each in rules.criteria],
        ["3", "1", "2"],
    ),
    "reorder of indicators": (
        Reorder(at="1", order=("1.2", "1.1")),
        lambda rules: [each.number for each in rules["1"].indicators],
        ["1.2", "1.1"],
    ),
    "set_in_force": (
        SetInForce(in_force=InForce(date(2017, 1, 1))),
        lambda rules: rules.in_force,
        InForce(date(2017, 1, 1)),
    ),
    "set_counts": (MORE, lambda rules: rules.counts, Counts(9, 9)),
    "set_axes": (
        SetAxes(axes=(*BASE.axes, Axis("part", (AxisRule("unit.region"),)))),
        lambda rules: [axis.name for axis in rules.axes],
        ["region", "year", "part"],
    ),
    "add_axis": (
        AddAxis(axis=Axis("part", (AxisRule("unit.region"),))),
        lambda rules: [axis.name for axis in rules.axes],
        ["region", "year", "part"],
    ),
    "set_mandates": (
        SetMandates(mandates=(Mandate(id="all", to=Authority.PROVINCE, over=("3",)),)),
        lambda rules: rules.mandates,
        (Mandate(id="all", to=Authority.PROVINCE, over=("3",)),),
    ),
    "set_groups": (
        SetGroups(groups=(("economy", text("Khác")),)),
        lambda rules: rules.groups,
        (("economy", text("Khác")),),
    ),
    "set_preconditions": (
        SetPreconditions(preconditions=NO_DEBT),
        lambda rules: rules.preconditions,
        NO_DEBT,
    ),
    "set_applies_to": (SetAppliesTo(applies_to=TOWNS), lambda rules: rules.applies_to, TOWNS),
    "set_verdict_words": (
        SetVerdictWords(verdict_words=((Verdict.MET, text("Đủ căn cứ")),)),
        lambda rules: rules.verdict_words,
        ((Verdict.MET, text("Đủ căn cứ")),),
    ),
    "set_basis": (SetBasis(basis="4800/QĐ-BCT"), lambda rules: rules.basis, "4800/QĐ-BCT"),
}

#: Edits of words, of which the fingerprint of the law knows nothing.
WORDS = {Retitle, SetNote, SetGroup, SetGroups, SetVerdictWords}


#: A set with a condition of recognition.
CONDITIONED = attrs.evolve(BASE, preconditions=NO_DEBT)
ITS = "precondition/no_debt"


@pytest.mark.parametrize(
    ("edit", "kept"),
    [
        (RaiseGrade(at=ITS, grade=Grade.TEXT), {"source": attrs.evolve(NO_DEBT[0].source, evidence=Grade.TEXT)}),
        (SetNote(at=ITS, note=text("Khác")), {"note": text("Khác")}),
        (SetRequirement(at=ITS, require=Holds(fact="has_market")), {"require": Holds(fact="has_market")}),
    ],
)
def test_a_condition_of_recognition_is_edited_by_its_address(edit, kept):
    """A condition of recognition is changed like an indicator, and nothing else with it."""
    revised = apply_edits(CONDITIONED, [edit], PLACES)
    assert revised.preconditions == (attrs.evolve(NO_DEBT[0], **kept),)
    assert revised.criteria == CONDITIONED.criteria


def test_what_a_place_must_be_is_edited_by_its_address():
    """What a place must be for a set is changed and dropped like an indicator."""
    base = attrs.evolve(BASE, applies_to=TOWNS)
    revised = apply_edits(base, [RaiseGrade(at="applies_to", grade=Grade.TEXT)], PLACES)
    assert revised.applies_to == attrs.evolve(TOWNS, source=attrs.evolve(TOWNS.source, evidence=Grade.TEXT))
    assert apply_edits(base, [SetAppliesTo(applies_to=None)], PLACES).applies_to is None
    assert apply_edits(base, [RemoveIndicator(at="applies_to")], PLACES).applies_to is None


def test_a_condition_of_recognition_goes():
    """A condition of recognition can be dropped, and one that is not there can not be."""
    assert apply_edits(CONDITIONED, [RemoveIndicator(at=ITS)], PLACES).preconditions == ()
    with pytest.raises(RevisionError) as refused:
        apply_edits(CONDITIONED, [RemoveIndicator(at="precondition/no_dbt")], PLACES)
    (problem,) = refused.value.problems
    assert (problem.code, dict(problem.params)["nearest"]) == (ProblemCode.EDIT_OF_NOTHING, ITS)


def test_all_conditions_and_one_of_them():
    """A revision that replaces all conditions of recognition can't change one of them too."""
    edits = [SetPreconditions(preconditions=NO_DEBT), RaiseGrade(at=ITS, grade=Grade.TEXT)]
    with pytest.raises(RevisionError) as refused:
        apply_edits(CONDITIONED, edits, PLACES)
    assert [problem.code for problem in refused.value.problems] == [ProblemCode.CONFLICTING_EDITS]


@pytest.mark.parametrize("name", MADE)
def test_an_edit_does_what_it_says(name):
    """An edit changes just what it says; the base stays, and the new set has the fingerprint of what it now is."""
    edit, look, found = MADE[name]
    before = copy.deepcopy(BASE)
    edits = (edit, MORE) if name.startswith("add_") else (edit,)
    revised = made(*edits)
    assert look(revised) == found
    assert revised != BASE
    assert before == BASE
    assert law_fingerprint(BASE) == BASE.fingerprint
    assert revised.fingerprint == law_fingerprint(revised)
    assert (revised.fingerprint == BASE.fingerprint) == (type(edit) in WORDS)


def look_is_there(rules):
    """The numbers of the set, as far as it has them."""
    return [each.number for _, each in rules.indicators]


def test_every_edit_is_tried():
    """No kind of edit is left out of these tests."""
    assert {type(edit) for edit, _, _ in MADE.values()} == set(MAKERS)


def test_an_axis_that_is_there() -> None:
    """An axis of a name that the set has is not added again."""
    assert codes(TWICE) == [ProblemCode.ALREADY_THERE]


def test_nothing_to_do():
    """No edits make an equal set with the same fingerprint."""
    assert made() == BASE
    assert made().fingerprint == BASE.fingerprint
    revised = apply_revision(BASE, revision(), PLACES)
    assert (revised, revised.fingerprint) == (BASE, BASE.fingerprint)


def test_several_edits():
    """All edits of a revision are made, in whatever order they stand."""
    edits = (
        Reorder(order=("9", "1", "3")),
        AddCriterion(criterion=NEW_CRITERION),
        RemoveCriterion(at="2"),
        Retitle(at="1", title=text("Mới")),
        SetNote(at="1", note=text("Chú")),
    )
    revised = made(*edits)
    assert revised == made(*reversed(edits))
    assert look_is_there(revised) == ["9.9", "1.1", "1.2", "3"]


def test_a_number_is_given_to_something_new():
    """In one revision a number can be dropped and given to something new, in either order, elsewhere too."""
    new = indicator("1.1", Holds(fact="has_market"))
    for edits in (
        (RemoveIndicator(at="1/1.1"), AddIndicator(at="1", indicator=new, after="1.2")),
        (AddIndicator(at="1", indicator=new, after="1.2"), RemoveIndicator(at="1/1.1")),
    ):
        assert look_is_there(made(*edits)) == ["1.2", "1.1", "2.1", "2.2", "3"]
    assert look_is_there(made(RemoveIndicator(at="1/1.1"), AddIndicator(at="2", indicator=new)))[-2] == "1.1"
    criterion = Criterion("1", text("Mới"), (new,))
    revised = made(AddCriterion(criterion=criterion), RemoveCriterion(at="1"))
    assert revised.criteria[-1] == criterion


def test_all_rows_of_a_criterion_are_exchanged():
    """A criterion may lose all its rows if it gets new ones."""
    gone = (RemoveIndicator(at="1/1.1"), RemoveIndicator(at="1/1.2"))
    assert made(*gone, AddIndicator(at="1", indicator=NEW))["1"].indicators == (NEW,)


# --- grades -----------------------------------------------------------------------------------------------------

#: Parts of 2.1, and where the source that holds for each stands.
PLACES_OF_SOURCES = [
    (("1",), lambda item: item.require.part(("1",)).source),
    (("clean",), lambda item: item.require.part(("1",)).source),
    (("2", "1"), lambda item: item.require.part(("2",)).source),
    (("3",), lambda item: item.source),
]


@pytest.mark.parametrize(("part", "held"), PLACES_OF_SOURCES)
@pytest.mark.parametrize(
    "edit",
    [SetCell(at="2/2.1", row=DELTA, cell=percent(1), grade=Grade.TEXT), RaiseGrade(at="2/2.1", grade=Grade.TEXT)],
)
def test_a_grade_is_marked_for_one_part_alone(part, held, edit):
    """A cell's grade is marked in its part's own source, copied from above if need be; no other part is touched."""
    revised = made(attrs.evolve(edit, part=part, row=DELTA))["2/2.1"]
    own = revised.require.part(part).source
    assert own.grade(DELTA) is Grade.TEXT
    assert own.grade(("central_highlands",)) is not Grade.TEXT
    assert attrs.evolve(own, cells=()) == attrs.evolve(held(BASE["2.1"]), cells=())
    here = BASE["2.1"].require.part(part)
    untouched = [see for _, see in PLACES_OF_SOURCES if see(BASE["2.1"]) is not here.source]
    assert all(see(revised) == see(BASE["2.1"]) for see in untouched)


def test_the_grade_of_what_has_no_table():
    """A statement, and what an authority is to write, are graded as a whole, and no part beside them is."""
    revised = made(
        RaiseGrade(at="1/1.2", grade=Grade.TEXT),
        RaiseGrade(at="2/2.1", part=("2", "2"), grade=Grade.TEXT),
        RaiseGrade(at="3/3", grade=Grade.TEXT),
    )
    assert revised["1.2"].source == attrs.evolve(SEEN, evidence=Grade.TEXT)
    assert revised["3/3"].source == attrs.evolve(SEEN, evidence=Grade.TEXT)
    assert revised["2.1"].source_at(("2", "2")).evidence is Grade.TEXT
    assert revised["2.1"].source_at(("2", "1")) == BASE["2.1"].source_at(("2", "1"))


def test_the_grade_of_a_constant():
    """Where there is one cell for all, its grade is that of the source."""
    revised = made(SetCell(at="2/2.2", cell=percent(80), grade=Grade.TEXT))
    assert revised["2.2"].source == attrs.evolve(SEEN, evidence=Grade.TEXT)
    assert made(RaiseGrade(at="2/2.2", grade=Grade.TEXT))["2.2"].source.grade() is Grade.TEXT


def graded(*cells):
    """The small set with grades of single cells at the part 2.1 that has a table by year and region."""
    source = attrs.evolve(SEEN, cells=cells)
    return made(SetPartSource(at="2/2.1", part=("4",), source=source))


def test_a_grade_beside_that_of_a_row_above():
    """One cell of a row that was graded as a whole gets a grade of its own; its neighbours keep theirs."""
    base = graded((("2019",), Grade.SECONDARY), (("2018",), Grade.SECONDARY))
    row = ("2019", "red_river_delta")
    edit = SetCell(at="2/2.1", part=("4",), row=row, cell=percent(61), grade=Grade.TEXT)
    source = apply_edits(base, (edit,), PLACES)["2/2.1"].require.part(("4",)).source
    assert source.grade(row) is Grade.TEXT
    assert source.grade(("2019", "central_highlands")) is source.grade(("2018",)) is Grade.SECONDARY


def test_a_grade_above_that_of_rows():
    """A cell that stands for several rows takes the place of what was said of each."""
    base = graded((("2018", "red_river_delta"), Grade.SECONDARY))
    edit = RaiseGrade(at="2/2.1", part=("4",), row=("2018",), grade=Grade.TEXT)
    source = apply_edits(base, (edit,), PLACES)["2/2.1"].require.part(("4",)).source
    assert source.cells == ((("2018",), Grade.TEXT),)


def test_a_cell_of_a_row_that_a_scenario_cites():
    """A scenario that sets one cell is cited for it alone, although another instrument set the whole row above."""
    source = attrs.evolve(SEEN, cells_in=((("2019",), "4800/QĐ-BCT"),))
    base = made(SetPartSource(at="2/2.1", part=("4",), source=source))
    row = ("2019", "red_river_delta")
    scenario = revision(
        SetCell(at="2/2.1", part=("4",), row=row, cell=percent(61)),
        SetCell(at="2/2.2", cell=percent(61)),
        authority=RevisionAuthority.SCENARIO,
        author="A",
    )
    revised = apply_revision(base, scenario, PLACES)
    source = revised["2.1"].require.part(("4",)).source
    assert revised.cite(source, row).instrument == "r"
    assert revised.cite(source, ("2019", "central_highlands")).instrument == "4800/QĐ-BCT"
    assert revised.cite(revised["2.2"].require.source).instrument == "r"


def test_a_scenario_that_drops_the_id_of_a_part():
    """A part that a scenario puts in place cites it, although it no longer bears the id that it was named by."""
    scenario = revision(
        SetRequirement(at="2/2.1", part=("clean",), require=Holds(fact="has_plan")),
        authority=RevisionAuthority.SCENARIO,
    )
    source = apply_revision(BASE, scenario, PLACES)["2.1"].require.part(("1",)).source
    assert source == Source(Grade.RECALLED, "r")


def test_cells_of_one_part_by_two_names():
    """A part may be called by its id in one edit and by its number in another; both cells cite the scenario."""
    scenario = revision(
        SetCell(at="2/2.1", part=("clean",), row=DELTA, cell=percent(1)),
        SetCell(at="2/2.1", part=("1",), row=("general",), cell=percent(2)),
        authority=RevisionAuthority.SCENARIO,
    )
    source = apply_revision(BASE, scenario, PLACES)["2.1"].require.part(("1",)).source
    assert source.other_instrument(DELTA) == source.other_instrument(("general",)) == "r"


@pytest.mark.parametrize(
    "edit", [SetSource(at="1/1.1", source=OTHER), SetPartSource(at="1/1.1", source=OTHER)], ids=["own", "part"]
)
def test_a_new_source_keeps_the_grade_of_the_same_revision(edit):
    """The grade of a cell is marked in the source that the same revision puts in place, in whatever order."""
    cell = SetCell(at="1/1.1", row=DELTA, cell=percent(4), grade=Grade.SECONDARY)
    revised = made(cell, edit)
    assert revised == made(edit, cell)
    source = revised["1.1"].require.source or revised["1.1"].source
    assert (source.instrument, source.grade(DELTA)) == (OTHER.instrument, Grade.SECONDARY)


# --- what can't be made -----------------------------------------------------------------------------------------

NOWHERE_INDICATOR = [
    SetCell(at="1/1.9", row=DELTA, cell=percent(4)),
    SetCell(at="1/1.9", row=DELTA, cell=percent(4), grade=Grade.TEXT),
    RaiseGrade(at="1/1.9", row=DELTA, grade=Grade.TEXT),
    SetThreshold(at="1/1.9", sign=Sign.AT_MOST, threshold=Table.constant(percent(1))),
    SetRequirement(at="1/1.9", require=Holds(fact="has_plan")),
    SetPartSource(at="1/1.9", source=None),
    SetSource(at="1/1.9", source=OTHER),
    Retitle(at="1/1.9", title=text("Mới")),
    SetNote(at="1/1.9", note=None),
    RemoveIndicator(at="1/1.9"),
    ReplaceIndicator(at="1/1.9", indicator=NEW),
]
NOWHERE_CRITERION = [
    Retitle(at="12", title=text("Mới")),
    SetNote(at="12", note=None),
    SetGroup(at="12", group=None),
    AddIndicator(at="12", indicator=NEW),
    RemoveCriterion(at="12"),
    Reorder(at="12", order=("1",)),
]


@pytest.mark.parametrize("edit", NOWHERE_INDICATOR, ids=lambda edit: type(edit).__name__)
def test_an_indicator_that_is_not_there(edit):
    """An edit of an indicator that is not there is refused once, at its place, with the nearest address."""
    (problem,) = problems(at_line(edit, 7))
    assert problem == (ProblemCode.EDIT_OF_NOTHING, 7, {"name": "1/1.9", "nearest": "1/1.2"})


@pytest.mark.parametrize("edit", NOWHERE_CRITERION, ids=lambda edit: type(edit).__name__)
def test_a_criterion_that_is_not_there(edit):
    """An edit of a criterion that is not there is refused once, at its place, with the nearest number."""
    (problem,) = problems(at_line(edit, 7))
    assert problem[:2] == (ProblemCode.EDIT_OF_NOTHING, 7)
    assert problem[2]["name"] == "12"
    assert problem[2].get("nearest") in (None, "1", "2")


@pytest.mark.parametrize("edit", [RemoveIndicator(), RemoveCriterion(), SetNote(note=None), RemoveIndicator(at="1.1")])
def test_an_edit_without_a_full_address(edit):
    """An edit of one thing must say of which, with the criterion's number before the indicator's."""
    assert codes(edit) == [ProblemCode.EDIT_OF_NOTHING]


@pytest.mark.parametrize(
    "edit",
    [
        AddIndicator(at="1", indicator=NEW, after="1.3"),
        AddCriterion(criterion=NEW_CRITERION, after="1x"),
    ],
)
def test_a_place_that_is_not_there(edit):
    """Something new can't stand behind what is not there; the nearest is offered."""
    (problem,) = problems(edit)
    assert problem[0] is ProblemCode.EDIT_OF_NOTHING
    assert problem[2]["name"] == edit.after
    assert problem[2]["nearest"][0] == "1"


@pytest.mark.parametrize(
    ("edit", "name"),
    [
        (SetCell(at="2/2.1", part=("2", "7"), row=DELTA, cell=percent(4)), "2/7"),
        (SetRequirement(at="2/2.1", part=("dirty",), require=Holds(fact="has_plan")), "dirty"),
        (SetPartSource(at="1/1.1", part=("1",), source=None), "1"),
        (RaiseGrade(at="2/2.1", part=("9",), row=DELTA, grade=Grade.TEXT), "9"),
        (SetThreshold(at="2/2.1", part=("9",), sign=Sign.AT_MOST, threshold=Table.constant(percent(1))), "9"),
        (SetThreshold(at="1/1.2", sign=Sign.AT_MOST, threshold=Table.constant(percent(1))), "-"),
        (SetThreshold(at="2/2.1", part=("2",), sign=Sign.AT_MOST, threshold=Table.constant(percent(1))), "2"),
    ],
)
def test_no_such_part(edit, name):
    """An edit of a part that is not there, or of the threshold of a part that has none, is refused."""
    assert problems(at_line(edit, 3)) == [(ProblemCode.NO_SUCH_PART, 3, {"name": name, "at": edit.at})]


@pytest.mark.parametrize(
    ("edit", "params"),
    [
        (SetCell(at="1/1.1", row=("red_river",), cell=percent(4)), {"name": "red_river", "nearest": "red_river_delta"}),
        (
            SetCell(at="1/1.1", row=("red_river",), cell=percent(4), grade=Grade.TEXT),
            {"name": "red_river", "nearest": "red_river_delta"},
        ),
        (RaiseGrade(at="1/1.1", row=("generel",), grade=Grade.TEXT), {"name": "generel", "nearest": "general"}),
        (
            SetCell(at="2/2.1", part=("4",), row=("2019", "red_river_delt"), cell=percent(4)),
            {"name": "2019/red_river_delt", "nearest": "2019/red_river_delta"},
        ),
        (SetCell(at="1/1.1", cell=percent(4)), {"name": "-"}),
        (SetCell(at="1/1.2", cell=percent(4)), {"name": "-"}),
        (RaiseGrade(at="3/3", row=DELTA, grade=Grade.TEXT), {"name": "red_river_delta"}),
    ],
)
def test_no_such_row(edit, params):
    """A cell that is not there, or that of a requirement without a threshold, is refused once, with the nearest."""
    assert problems(at_line(edit, 3)) == [(ProblemCode.NO_SUCH_ROW, 3, {**params, "at": edit.at})]


CELL = SetCell(at="2/2.1", part=("2", "1"), row=DELTA, cell=percent(4))
CONFLICTS = [
    (CELL, CELL),
    (CELL, attrs.evolve(CELL, cell=percent(3))),
    (CELL, SetThreshold(at="2/2.1", part=("2", "1"), sign=Sign.AT_MOST, threshold=FEWER)),
    (CELL, SetRequirement(at="2/2.1", part=("2", "1"), require=Holds(fact="has_plan"))),
    (CELL, SetRequirement(at="2/2.1", part=("2",), require=Holds(fact="has_plan"))),
    (CELL, SetRequirement(at="2/2.1", require=Holds(fact="has_plan"))),
    (CELL, RemoveIndicator(at="2/2.1")),
    (CELL, ReplaceIndicator(at="2/2.1", indicator=indicator("2.1", Holds(fact="has_plan")))),
    (CELL, RemoveCriterion(at="2")),
    (
        SetCell(at="2/2.1", part=("1",), row=DELTA, cell=percent(4)),
        SetCell(at="2/2.1", part=("clean",), row=DELTA, cell=percent(5)),
    ),
    (attrs.evolve(CELL, grade=Grade.TEXT), attrs.evolve(CELL, row=DELTA)),
    (attrs.evolve(CELL, grade=Grade.TEXT), RaiseGrade(at="2/2.1", part=("2", "1"), row=DELTA, grade=Grade.TEXT)),
    (Retitle(title=text("A")), Retitle(title=text("B"))),
    (SetNote(at="1", note=None), SetNote(at="1", note=None)),
    (SetGroup(at="1", group=None), RemoveCriterion(at="1")),
    (Reorder(at="1", order=("1.2", "1.1")), RemoveCriterion(at="1")),
    (SetSource(at="1/1.1", source=OTHER), SetSource(at="1/1.1", source=SEEN)),
    (SetPartSource(at="1/1.1", source=OTHER), SetRequirement(at="1/1.1", require=Holds(fact="has_plan"))),
    (AddIndicator(at="1", indicator=NEW), AddIndicator(at="1", indicator=NEW)),
    (AddIndicator(at="1", indicator=NEW), Retitle(at="1/9.9", title=text("A"))),
    (AddCriterion(criterion=NEW_CRITERION), AddIndicator(at="9", indicator=indicator("9.8", NEW.require))),
    (SetInForce(in_force=BASE.in_force), SetInForce(in_force=BASE.in_force)),
    (SetCounts(counts=BASE.counts), SetCounts(counts=BASE.counts)),
    (SetAxes(axes=BASE.axes), SetAxes(axes=BASE.axes)),
    (SetGroups(groups=BASE.groups), SetGroups(groups=BASE.groups)),
    (SetBasis(basis=BASE.basis), SetBasis(basis=BASE.basis)),
]


@pytest.mark.parametrize(("one", "other"), CONFLICTS)
def test_conflicts(one, other):
    """Two edits of one thing, or one of a part of what the other changes, are refused, whichever comes first."""
    for first, second in ((one, other), (other, one)):
        found = problems(at_line(first, 3), at_line(second, 8))
        conflicts = [each for each in found if each[0] is ProblemCode.CONFLICTING_EDITS]
        assert [(line, params["first_line"]) for _, line, params in conflicts] == [(8, "3")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (CELL, attrs.evolve(CELL, row=("general",))),
        (CELL, RaiseGrade(at="2/2.1", part=("2", "1"), row=DELTA, grade=Grade.TEXT)),
        (CELL, SetSource(at="2/2.1", source=OTHER)),
        (CELL, Retitle(at="2/2.1", title=text("A"))),
        (CELL, SetRequirement(at="2/2.1", part=("1",), require=Holds(fact="has_plan"))),
        (Retitle(title=text("A")), Retitle(at="1", title=text("A"))),
    ],
)
def test_what_is_no_conflict(one, other):
    """Edits of different things are made, in any order."""
    assert made(one, other) == made(other, one) != BASE


def test_a_conflict_without_lines():
    """Edits that come from no file are refused without a line."""
    (problem,) = problems(Retitle(title=text("A")), Retitle(title=text("B")))
    assert problem == (ProblemCode.CONFLICTING_EDITS, None, {"name": ".title", "first_line": "?"})


def test_already_there():
    """A number that is there is not given again."""
    taken = AddIndicator(at="1", indicator=indicator("1.2", NEW.require))
    assert problems(at_line(taken, 3)) == [(ProblemCode.ALREADY_THERE, 3, {"name": "1.2"})]
    taken = AddCriterion(criterion=attrs.evolve(NEW_CRITERION, number="3"))
    assert problems(at_line(taken, 3)) == [(ProblemCode.ALREADY_THERE, 3, {"name": "3"})]


@pytest.mark.parametrize("order", [(), ("1",), ("1", "2", "3", "4"), ("1", "2", "3", "3"), ("1", "1")], ids="/".join)
def test_not_the_same_numbers(order):
    """A new order holds just the numbers that are there, each once."""
    assert problems(at_line(Reorder(order=order), 3)) == [(ProblemCode.NOT_THE_SAME_NUMBERS, 3, {"at": "-"})]
    within = Reorder(at="1", order=tuple(f"1.{number}" for number in order))
    assert problems(at_line(within, 3)) == [(ProblemCode.NOT_THE_SAME_NUMBERS, 3, {"at": "1"})]


def test_emptied():
    """A criterion is not left without a row."""
    found = problems(at_line(RemoveIndicator(at="1/1.1"), 2), at_line(RemoveIndicator(at="3/3"), 3))
    assert found == [(ProblemCode.EMPTIED, 3, {"name": "3"})]
    found = problems(AddCriterion(criterion=attrs.evolve(NEW_CRITERION, indicators=())))
    assert found == [(ProblemCode.EMPTIED, None, {"name": "9"})]


def test_another_set():
    """A revision of another set is refused, at its first edit where it has one."""
    for edits, line in (((at_line(CELL, 5),), 5), ((), None)):
        with pytest.raises(RevisionError) as refused:
            apply_revision(BASE, revision(*edits, revises="commune/standard/2010-2015"), PLACES)
        (problem,) = refused.value.problems
        assert (problem.code, problem.where.line) == (ProblemCode.OTHER_SET, line)
        assert dict(problem.params) == {"name": "commune/standard/2010-2015", "wanted": str(BASE.id)}


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (SetCell(at="1/1.1", row=DELTA, cell=percent(130)), ProblemCode.THRESHOLD_OUT_OF_RANGE),
        (SetCell(at="1/1.1", row=DELTA, cell=Quantity.parse("3 ha")), ProblemCode.THRESHOLD_UNIT),
        (SetThreshold(at="1/1.1", sign=Sign.AT_MOST, threshold=FEWER), ProblemCode.ROW_WITHOUT_VALUE),
        (SetRequirement(at="1/1.1", require=Holds(fact="has_plam")), ProblemCode.FACT_NOT_IN_CATALOGUE),
        (SetRequirement(at="1/1.1", require=Holds(fact="water")), ProblemCode.WRONG_KIND_OF_FACT),
        (SetSource(at="1/1.1", source=Source(Grade.TEXT, "no such")), ProblemCode.UNKNOWN_INSTRUMENT),
        (SetBasis(basis="no such"), ProblemCode.UNKNOWN_INSTRUMENT),
        (SetGroup(at="1", group="nature"), ProblemCode.UNKNOWN_GROUP),
        (SetGroups(groups=()), ProblemCode.UNKNOWN_GROUP),
        (SetAxes(axes=BASE.axes[1:]), ProblemCode.UNKNOWN_AXIS),
        (SetCounts(counts=Counts(3, 2)), ProblemCode.COUNTS_DIFFER),
        (AddIndicator(at="1", indicator=NEW), ProblemCode.COUNTS_DIFFER),
        (AddIndicator(at="1", indicator=attrs.evolve(NEW, number="2.2")), ProblemCode.DUPLICATE_NUMBER),
        (SetInForce(in_force=InForce(date(2020, 1, 2), date(2020, 1, 1))), ProblemCode.DATES_REVERSED),
    ],
)
def test_what_would_be_wrong_with_the_new_set(edit, code):
    """Edits that can be made but leave a set without sense are refused with what a document of it would be told."""
    assert code in codes(edit)


def test_all_at_once():
    """Everything that can't be made is told in one go, each at the place of its edit."""
    edits = [
        at_line(SetCell(at="1/1.9", cell=percent(4)), 1),
        at_line(SetPartSource(at="1/1.1", part=("1",), source=None), 2),
        at_line(SetCell(at="1/1.1", row=("x",), cell=percent(4)), 3),
        at_line(SetNote(at="1", note=None), 4),
        at_line(SetNote(at="1", note=None), 5),
        at_line(Reorder(order=("1",)), 6),
        at_line(AddIndicator(at="1", indicator=indicator("1.2", NEW.require)), 7),
        at_line(RemoveIndicator(at="3/3"), 8),
    ]
    found = {(code, line) for code, line, _ in problems(*edits)}
    assert found == {
        (ProblemCode.EDIT_OF_NOTHING, 1),
        (ProblemCode.NO_SUCH_PART, 2),
        (ProblemCode.NO_SUCH_ROW, 3),
        (ProblemCode.CONFLICTING_EDITS, 5),
        (ProblemCode.NOT_THE_SAME_NUMBERS, 6),
        (ProblemCode.ALREADY_THERE, 7),
        (ProblemCode.EMPTIED, 8),
    }
    assert made() == BASE


def test_the_place_of_an_edit_is_not_part_of_it():
    """Two edits are equal wherever they were read; a bare edit does not say what it changes."""
    assert at_line(CELL, 3) == CELL
    assert at_line(CELL, 3).where == Where("edits.yaml", 3, 3)
    with pytest.raises(NotImplementedError):
        Edit().touches  # noqa: B018


def test_revising_a_part_that_is_left_open():
    """A requirement that a province has yet to write can be put in place, with a threshold of any form."""
    threshold = by_year("2018", "2019", "2020")
    require = compare("water", Sign.AT_LEAST, threshold)
    assert BASE["3/3"].require == DecidedBy(authority=Authority.PROVINCE)
    assert made(SetRequirement(at="3/3", require=require))["3/3"].require == require


def test_an_indicator_is_replaced_only_by_one_of_its_number():
    """A replacement that bears another number would be a removal and an addition, and must be written so."""
    with pytest.raises(RevisionError) as refused:
        made(ReplaceIndicator(at="1/1.1", indicator=NEW))
    assert [each.code for each in refused.value.problems] == [ProblemCode.NOT_THE_SAME_NUMBERS]
