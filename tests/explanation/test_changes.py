from __future__ import annotations

import attrs
import pytest

import ntm_rules as ntm
from ntm_rules.explanation import changes, history
from ntm_rules.explanation.changes import TELLERS
from ntm_rules.messages import LANGUAGES
from ntm_rules.revision import apply_edits, diff
from ntm_rules.rulebook import editions
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
)

RULES = ntm.load("commune/standard/2016-2020")
FIRST, SECOND = editions("commune/standard/2010-2015")


def percent(value: int) -> ntm.Quantity:
    """So many percent."""
    return ntm.Quantity.parse(f"{value} %")


EXTRA = ntm.Indicator(
    "4.3",
    ntm.Text("Đường điện ngầm", "Underground lines"),
    ntm.Holds(fact="has_standard_electricity_system"),
    ntm.Source(ntm.Grade.RECALLED, locator=ntm.Locator.parse("Annex, row 4.3")),
)

#: One of everything that `diff` can give.
EDITS: tuple[Edit, ...] = (
    Retitle(title=ntm.Text("Bộ tiêu chí thử", "Trial set")),
    SetBasis(basis="318/QĐ-TTg"),
    SetInForce(in_force=attrs.evolve(RULES.in_force, last_day=None)),
    SetCounts(counts=attrs.evolve(RULES.counts, indicators=50)),
    SetAxes(axes=(*RULES.axes, ntm.Axis("period", (ntm.AxisRule("year"),)))),
    SetMandates(mandates=()),
    SetGroups(groups=(*RULES.groups, ("other", ntm.Text("Khác", "Other")))),
    SetPreconditions(preconditions=(attrs.evolve(EXTRA, number="no_debt"),)),
    SetGroup(at="3", group=None),
    SetNote(at="2", note=None),
    SetNote(at="3/3.1", note=ntm.Text("Ghi chú", "A note")),
    AddIndicator(at="4", indicator=EXTRA),
    RemoveIndicator(at="8/8.4"),
    Reorder(at="6", order=("6.3", "6.1", "6.2")),
    RemoveCriterion(at="16"),
    AddCriterion(
        criterion=ntm.Criterion("20", ntm.Text("Tiêu chí mới", "New criterion"), (attrs.evolve(EXTRA, number="20"),))
    ),
    SetCell(at="11/11", row=("general",), cell=percent(5)),
    SetCell(at="2/2.1", cell=percent(70)),
    SetCell(at="14/14.3", row=("red_river_delta",), cell=percent(45)),
    SetThreshold(at="12/12", sign=ntm.Sign.MORE_THAN, threshold=ntm.Table.constant(percent(90))),
    SetSource(at="5/5", source=attrs.evolve(RULES["5/5"].source, evidence=ntm.Grade.TEXT)),
    SetPartSource(at="17/17.1", part=("2",), source=None),
    SetRequirement(at="19/19.1", require=ntm.DecidedBy(authority=ntm.Authority.PROVINCE)),
)
CHANGED = apply_edits(RULES, EDITS, ntm.places())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_of_change_is_told(golden, lang) -> None:
    """Each edit that leads from one edition to another is a line that names what was and what is."""
    told = {type(edit) for edit in diff(RULES, CHANGED)}
    assert told == TELLERS.keys()
    golden(f"explanation/changes-all.{lang}.txt", changes(RULES, CHANGED, lang) + "\n")


def test_only_what_diff_never_gives_is_left_untold() -> None:
    """A replaced indicator and a raised grade come out of a comparison as finer edits."""

    def kinds(edit: type[Edit]) -> set[type[Edit]]:
        beneath = {each for kind in edit.__subclasses__() for each in kinds(kind)}
        return beneath or {edit}

    assert kinds(Edit) - TELLERS.keys() == {AddAxis, ReplaceIndicator, RaiseGrade}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_amendment_of_2013_is_told(golden, lang) -> None:
    """What 342/QĐ-TTg changed in 491/QĐ-TTg reads indicator by indicator, old and new, with its source."""
    golden(f"explanation/changes-342.{lang}.txt", changes(FIRST, SECOND, lang) + "\n")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_change_is_told_as_such(lang) -> None:
    """Two equal editions say that nothing changed."""
    assert changes(RULES, RULES, lang).splitlines()[-1] in ("Không có thay đổi.", "Nothing changed.")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_history_of_an_indicator(golden, lang) -> None:
    """An indicator's history is its first wording and then each change."""
    golden(f"explanation/history-12.{lang}.txt", history((FIRST, SECOND), "12/12", lang) + "\n")


def test_history_of_what_did_not_change() -> None:
    """An edition that left an indicator alone says so."""
    assert history((FIRST, SECOND), "3.2").splitlines()[-1].strip() == "Không có thay đổi."


def test_history_of_what_came_later() -> None:
    """A criterion's history begins with the edition that brought it."""
    told = history((RULES, CHANGED), "20", "en").splitlines()
    assert told[0].startswith("commune/standard/2016-2020@2016-12-01")
    assert told[1].strip() == "Criterion 20. New criterion"


def test_history_of_what_is_not_there() -> None:
    """An unknown number is refused, with the nearest."""
    with pytest.raises(ntm.UnknownNameError):
        history((RULES,), "99")
