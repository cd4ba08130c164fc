from __future__ import annotations

from datetime import date

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ntm_rules as ntm
from criteria_strategies import REGISTER, damaged, outcome, plain_data
from ntm_rules import DocumentError, ProblemCode, RevisionError
from ntm_rules.language import from_plain, parse_revision, read_text, to_yaml, write_revision
from ntm_rules.language.revisions import EDIT_READERS, EDIT_WRITERS
from ntm_rules.revision import apply_revision, diff
from ntm_rules.rulebook import amendments, editions, places
from ntm_rules.vocabulary.criteria import Axis, AxisRule, Counts, Criterion, InForce, Mandate
from ntm_rules.vocabulary.instruments import Grade, Locator
from ntm_rules.vocabulary.overlays import RevisionAuthority
from ntm_rules.vocabulary.places import Province
from ntm_rules.vocabulary.requirements import Authority, Delegated, Holds, Nothing, Sign, Table, Unstated
from ntm_rules.vocabulary.revisions import (
    AddAxis,
    AddCriterion,
    AddIndicator,
    RaiseGrade,
    RemoveCriterion,
    RemoveIndicator,
    Reorder,
    ReplaceIndicator,
    Retitle,
    Revision,
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
    Verified,
)
from revision_strategies import BASE, NESTED, SEEN, by_year, compare, indicator, pairs, percent, revision, text

PLACES = attrs.evolve(REGISTER, provinces=(Province("ha_noi", text("Hà Nội"), "red_river_delta", "2008"),))
NEW = indicator("9.9", Holds(fact="has_market"))
CRITERION = Criterion("9", text("Tiêu chí 9"), (NEW,), "nature")
ROW = ("red_river_delta",)
VERIFIED = Verified("Công báo số 1227 + 1228", "30", "Phòng pháp chế", date(2026, 11, 22))

HAND_MADE = [
    SetCell(at="1/1.1", row=ROW, cell=percent("4.5")),
    SetCell(at="1/1.1", row=ROW, cell=percent(4), grade=Grade.TEXT, reason=text("vì")),
    SetCell(at="2/2.1", part=("2", "1"), row=ROW, cell=Nothing()),
    SetCell(at="2/2.1", part=("clean",), row=ROW, cell=Unstated()),
    SetCell(at="2/2.1", part=("4",), row=("2019", "red_river_delta"), cell=Delegated(Authority.PROVINCE, percent(3))),
    SetCell(at="2/2.1", part=("4",), row=("2018",), cell=percent(3)),
    SetCell(at="2/2.2", cell=percent(3)),
    SetThreshold(at="2/2.2", sign=Sign.LESS_THAN, threshold=by_year("2018", "2019")),
    SetThreshold(at="2/2.1", part=("2", "1"), sign=Sign.EQUALS, threshold=Table.constant(percent(3))),
    SetRequirement(at="1/1.1", require=NESTED),
    SetRequirement(at="2/2.1", part=("2", "2"), require=Holds(fact="has_plan", id="plan", source=SEEN)),
    RaiseGrade(at="1/1.1", row=ROW, grade=Grade.SECONDARY),
    RaiseGrade(at="2/2.1", part=("4",), row=("2019", "red_river_delta"), grade=Grade.TEXT),
    SetSource(at="1/1.1", source=attrs.evolve(SEEN, instrument="4800/QĐ-BCT", cells=((ROW, Grade.TEXT),))),
    SetPartSource(at="2/2.1", part=("1",), source=SEEN),
    SetPartSource(at="2/2.1", part=("2", "1"), source=None),
    SetPartSource(at="2/2.1", source=None),
    Retitle(title=text("Mới")),
    Retitle(at="1", title=text("no")),
    Retitle(at="1/1.1", title=text("58,3 %")),
    SetNote(at="1", note=text("null")),
    SetNote(at="1/1.1", note=None),
    AddIndicator(at="1", indicator=NEW),
    AddIndicator(at="1", indicator=NEW, after="1.1"),
    RemoveIndicator(at="1/1.1", reason=text("bỏ")),
    ReplaceIndicator(at="1/1.1", indicator=attrs.evolve(NEW, number="1.1")),
    AddCriterion(criterion=attrs.evolve(CRITERION, group="economy")),
    AddCriterion(criterion=attrs.evolve(CRITERION, group=None, note=text("chú")), after="1"),
    RemoveCriterion(at="1"),
    SetGroup(at="1", group="culture"),
    SetGroup(at="1", group=None),
    Reorder(order=("3", "1", "2")),
    Reorder(at="3", order=("3",)),
    SetInForce(in_force=InForce(date(2017, 1, 1), date(2018, 1, 1), Grade.TEXT, note=text("chú"))),
    SetInForce(in_force=InForce(date(2017, 1, 1))),
    SetCounts(counts=Counts(7, 9, Grade.TEXT, Grade.SECONDARY)),
    SetAxes(axes=(Axis("part", (AxisRule("unit.region"),)),)),
    AddAxis(axis=Axis("part", (AxisRule("unit.region"),)), cite=Locator.parse("Article 1, Clause 2")),
    SetMandates(
        mandates=(
            Mandate(id="all", to=Authority.PROVINCE),
            Mandate(
                id="some",
                to=Authority.MINISTRY,
                body=text("Bộ Y tế"),
                over=("3/3", "1"),
                in_force=InForce(date(2017, 1, 1)),
                source=SEEN,
            ),
        )
    ),
    SetCell(at="1/1.1", row=ROW, cell=percent(4), cite=Locator.parse("Article 2")),
    SetGroups(groups=(("nature", text("Tự nhiên")),)),
    SetAppliesTo(applies_to=attrs.evolve(NEW, number="applies_to")),
    SetAppliesTo(applies_to=None),
    SetVerdictWords(verdict_words=((ntm.Verdict.MET, text("Đủ căn cứ")), (ntm.Verdict.NOT_MET, text("Chưa")))),
    SetBasis(basis="4800/QĐ-BCT"),
    SetPreconditions(preconditions=(indicator("no_debt", Holds(fact="has_plan")),)),
    SetPreconditions(preconditions=()),
]


def read(document, base=BASE, register=PLACES):
    """A revision from plain data, through YAML."""
    return parse_revision(read_text(to_yaml(document)), base, register)


def problems(document, base=BASE):
    """What is wrong with a revision: (code, where, parameters)."""
    with pytest.raises(RevisionError) as refused:
        read(document, base)
    return [(each.code, each.where, dict(each.params)) for each in refused.value.problems]


@pytest.mark.parametrize("edit", HAND_MADE, ids=lambda edit: type(edit).__name__)
def test_each_edit_is_written_and_read(edit):
    """An edit that is written and read again is the same."""
    assert read(write_revision(revision(edit))) == revision(edit)


@pytest.mark.parametrize("edit", HAND_MADE, ids=lambda edit: type(edit).__name__)
def test_each_edit_says_who_checked_it(edit):
    """Any edit may carry by whom and where it was checked; it is written and read with the rest."""
    made = revision(attrs.evolve(edit, verified=VERIFIED))
    assert read(write_revision(made)) == made


def test_every_edit_is_tried():
    """No kind of edit is left out of these tests, and each that is read is written under the same name."""
    assert {type(edit) for edit in HAND_MADE} == set(EDIT_WRITERS)
    assert sorted(name for name, _ in EDIT_WRITERS.values()) == sorted(EDIT_READERS)


@given(pairs())
def test_the_difference_of_two_sets_is_written_and_read(pair):
    """The difference of any two sets, written as a document and read against the old, is the same again."""
    old, new = pair
    made = Revision(
        id="r", revises=str(old.id), authority=RevisionAuthority.LAW, title=text("Sửa"), edits=diff(old, new)
    )
    if made.edits:
        assert read(write_revision(made), old) == made


def test_real_revisions():
    """The packaged amendment, and the difference of two packaged editions, are written and read again."""
    old, new, _ = editions("commune/standard/2010-2015")
    amendment, _ = amendments("commune/standard/2010-2015")
    assert read(write_revision(amendment), old, places()) == amendment
    back = attrs.evolve(amendment, edits=diff(new, old))
    assert read(write_revision(back), new, places()) == back


FULL = revision(
    *HAND_MADE[:1],
    authority=RevisionAuthority.PROVINCE,
    instrument="4800/QĐ-BCT",
    author="Phòng thử",
    territory="ha_noi",
    issued=date(2018, 1, 2),
    published=date(2018, 1, 3),
    in_force=InForce(date(2018, 2, 1), date(2019, 1, 1), Grade.TEXT, Grade.SECONDARY, text("chú")),
    note=text("Ghi chú"),
)


@pytest.mark.parametrize("authority", RevisionAuthority)
def test_all_that_a_revision_says(authority):
    """Who revises, for where, by what and when are written and read again."""
    made = attrs.evolve(FULL, authority=authority)
    assert read(write_revision(made)) == made


def test_the_place_of_each_edit():
    """Each edit knows the line and column where it begins."""
    read_again = parse_revision(
        read_text(to_yaml(write_revision(revision(*HAND_MADE[:3]))), file="r.yaml"), BASE, PLACES
    )
    wheres = [edit.where for edit in read_again.edits]
    assert all(where.file == "r.yaml" and where.column for where in wheres)
    assert [where.path for where in wheres] == ["$.edits[0]", "$.edits[1]", "$.edits[2]"]
    lines = [where.line for where in wheres]
    assert lines == sorted(set(lines))


def test_new_rows_may_stand_on_what_the_revision_itself_brings():
    """A new table may stand on an axis, and a new criterion under a heading, that the same revision brings."""
    part = Axis("part", (AxisRule("unit.region"),))
    table = Table(("part",), tuple(((region,), percent(1)) for region, _ in REGISTER.regions))
    edits = (
        AddCriterion(criterion=CRITERION),
        SetGroups(groups=(*BASE.groups, ("nature", text("Tự nhiên")))),
        SetThreshold(at="2/2.2", sign=Sign.AT_LEAST, threshold=table),
        SetAxes(axes=(*BASE.axes, part)),
        SetCounts(counts=Counts(4, 6)),
    )
    made = read(write_revision(revision(*edits)))
    assert made.edits == edits
    revised = apply_revision(BASE, made, PLACES)
    assert revised["9"].group == "nature"
    assert revised["2.2"].require == compare("water", Sign.AT_LEAST, table)
    without = write_revision(revision(edits[0], edits[2]))
    assert {code for code, _, _ in problems(without)} == {ProblemCode.UNKNOWN_GROUP, ProblemCode.UNKNOWN_AXIS}


# --- problems ---------------------------------------------------------------------------------------------------


def document(*edits, **own):
    """A revision as a document, with changes."""
    return write_revision(FULL) | {"edits": list(edits)} | own


CHECKED = {"document": "Công báo", "page": "30", "role": "Phòng pháp chế", "date": "2026-11-22"}
CELL = {"edit": "set_cell", "at": "1/1.1", "row": "red_river_delta", "to": "4 %"}


@pytest.mark.parametrize(
    ("made", "code", "path"),
    [
        (document(CELL, territory="ha_nội"), ProblemCode.UNKNOWN_PROVINCE_ID, "$.territory"),
        (document(CELL, in_force={"from": "2018-01-02", "until": "2018-01-01"}), "NTM314", "$.in_force"),
        (document(CELL, in_force={"from": "2018-02-30"}), ProblemCode.NOT_A_DATE, "$.in_force.from"),
        (document(CELL, issued="2018-02-30"), ProblemCode.NOT_A_DATE, "$.issued"),
        (document(CELL, published="2018-02-30"), ProblemCode.NOT_A_DATE, "$.published"),
        (document(CELL, issued="2018"), ProblemCode.BAD_FORMAT, "$.issued"),
        (document(CELL, authority="king"), ProblemCode.NOT_ONE_OF, "$.authority"),
        (document({**CELL, "to": "130 %"}), ProblemCode.THRESHOLD_OUT_OF_RANGE, "$.edits[0].to"),
        (document({**CELL, "to": "4 ha"}), ProblemCode.THRESHOLD_UNIT, "$.edits[0].to"),
        (document({**CELL, "to": "4,5 %"}), ProblemCode.BAD_QUANTITY, "$.edits[0].to"),
        (document({**CELL, "evidence": "hearsay"}), ProblemCode.NOT_ONE_OF, "$.edits[0].evidence"),
        (document({**CELL, "edit": "set_sell"}), ProblemCode.NOT_ONE_OF, "$.edits[0].edit"),
        (document({**CELL, "colour": "red"}), ProblemCode.UNKNOWN_KEY, "$.edits[0].colour"),
        (document({"edit": "set_cell", "at": "1/1.1"}), ProblemCode.MISSING_KEY, "$.edits[0]"),
        (document(CELL, colour="red"), ProblemCode.UNKNOWN_KEY, "$.colour"),
        (document({**CELL, "verified": {**CHECKED, "date": "2026-02-30"}}), "NTM414", "$.edits[0].verified.date"),
        (document({**CELL, "verified": {**CHECKED, "date": "2026"}}), "NTM205", "$.edits[0].verified.date"),
        (document({**CELL, "verified": {**CHECKED, "name": "A"}}), "NTM201", "$.edits[0].verified.name"),
        (document({**CELL, "verified": {"date": "2026-11-22"}}), "NTM202", "$.edits[0].verified"),
        (
            document({"edit": "set_in_force", "to": {"from": "2018-01-02", "until": "2018-01-01"}}),
            ProblemCode.DATES_REVERSED,
            "$.edits[0].to",
        ),
        (
            document({"edit": "set_source", "at": "1/1.1", "to": {"in": "1980/QD", "evidence": "text"}}),
            ProblemCode.UNKNOWN_INSTRUMENT,
            "$.edits[0].to.in",
        ),
        (
            document({"edit": "set_requirement", "at": "1/1.1", "to": {"holds": "has_plam"}}),
            ProblemCode.FACT_NOT_IN_CATALOGUE,
            "$.edits[0].to.holds",
        ),
        (
            document({"edit": "set_threshold", "at": "2/2.2", "sign": "at_least", "to": {"by": "yeer", "2018": "1 %"}}),
            ProblemCode.UNKNOWN_AXIS,
            "$.edits[0].to.by",
        ),
    ],
)
def test_problems(made, code, path):
    """What is wrong with a revision is told with its code, its line and the path that leads there."""
    found = problems(made)
    assert ProblemCode(code) in [each for each, _, _ in found]
    where = next(where for each, where, _ in found if each is ProblemCode(code))
    assert where.line
    assert where.path == path


def test_no_edits():
    """A revision may hold no edits, and no more than it must say."""
    made = revision()
    assert read(write_revision(made)) == made
    assert "issued" not in write_revision(made)


def test_all_problems_at_once():
    """Everything that is wrong with a revision is told in one go, edits and dates alike."""
    found = problems(
        document(
            {**CELL, "to": "130 %"},
            {**CELL, "to": "4 ha"},
            {**CELL, "edit": "set_sell"},
            territory="x",
            in_force={"from": "2018-01-02", "until": "2018-01-01"},
        )
    )
    assert {code for code, _, _ in found} == {
        ProblemCode.THRESHOLD_OUT_OF_RANGE,
        ProblemCode.THRESHOLD_UNIT,
        ProblemCode.NOT_ONE_OF,
        ProblemCode.UNKNOWN_PROVINCE_ID,
        ProblemCode.DATES_REVERSED,
    }


@pytest.mark.parametrize("at", ["9/9.9", "1/1.2", "1"])
def test_a_cell_without_a_fact(at):
    """A cell of what is not there, or has no threshold, is read without a unit; applying it tells what is wrong."""
    made = read(document({**CELL, "at": at}, authority="law"))
    assert made.edits == (SetCell(at=at, row=ROW, cell=Unstated()),)
    with pytest.raises(RevisionError):
        apply_revision(BASE, made, PLACES)


# --- damaged documents ------------------------------------------------------------------------------------------

WHOLE = write_revision(attrs.evolve(FULL, edits=tuple(HAND_MADE[:-3])))


def read_and_apply(data):
    """Read a document as a revision by each authority that may be applied, and apply it."""
    made = parse_revision(from_plain(data), BASE, PLACES)
    return apply_revision(BASE, attrs.evolve(made, revises=str(BASE.id), authority=RevisionAuthority.SCENARIO), PLACES)


@given(damaged(WHOLE))
def test_a_damaged_revision(data):
    """A revision in which something went wrong is read, or refused with problems; nothing else is ever raised."""
    assert isinstance(outcome(lambda: read_and_apply(data)), DocumentError | ntm.CriteriaSet)


@given(st.sampled_from(HAND_MADE).map(lambda edit: write_revision(revision(edit))).flatmap(damaged))
def test_a_damaged_edit(data):
    """An edit in which something went wrong is made, or refused with problems; nothing else is ever raised."""
    assert isinstance(outcome(lambda: read_and_apply(data)), DocumentError | ntm.CriteriaSet)


@given(plain_data)
def test_anything_is_no_revision(data):
    """Anything that is no revision is refused with problems; nothing else is ever raised."""
    assert isinstance(outcome(lambda: parse_revision(from_plain(data), BASE, PLACES)), DocumentError)


@given(st.lists(st.sampled_from(HAND_MADE), unique_by=id, max_size=6))
def test_any_edits_together(edits):
    """Whatever edits stand together, they are made or refused with problems, and the base stays as it was."""
    for authority in (RevisionAuthority.LAW, RevisionAuthority.SCENARIO):
        made = revision(*edits, authority=authority)
        assert isinstance(
            outcome(lambda made=made: apply_revision(BASE, made, PLACES)), RevisionError | ntm.CriteriaSet
        )
    assert apply_revision(BASE, revision(), PLACES) == BASE
