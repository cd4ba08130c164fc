from __future__ import annotations

from importlib import import_module

import attrs
import pytest

import ntm_rules as ntm
from ntm_rules.explanation import changes, history
from ntm_rules.explanation.changes import TELLERS, _within
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

RULES = ntm.load("commune/standard/2016-2020")
FIRST, SECOND, _ = editions("commune/standard/2010-2015")


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
SAFE_ZONE = ntm.Holds(fact="unit.is_safe_zone")
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
    SetAppliesTo(applies_to=attrs.evolve(EXTRA, number="applies_to", require=SAFE_ZONE)),
    SetVerdictWords(verdict_words=((ntm.Verdict.MET, ntm.Text("Đủ căn cứ", "Made out")),)),
)
SINCE_DROPPED = SetAppliesTo(applies_to=None)
CHANGED = apply_edits(RULES, EDITS, ntm.places())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_of_change_is_told(golden, lang) -> None:
    """Each edit that leads from one edition to another is a line that names what was and what is."""
    told = {type(edit) for edit in diff(RULES, CHANGED)}
    assert told == TELLERS.keys()
    golden(f"explanation/changes-all.{lang}.txt", changes(RULES, CHANGED, lang) + "\n")


@pytest.mark.parametrize(("lang", "said"), [("vi", "Không còn giới hạn"), ("en", "no longer for some places only")])
def test_that_a_set_is_for_all_again_is_told(lang, said) -> None:
    """Where what a place had to be falls away, the page says so."""
    assert said in changes(CHANGED, apply_edits(CHANGED, [SINCE_DROPPED], ntm.places()), lang)


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


#: An indicator of each fate, and the number of its last edition's set.
FATES = {
    "merged": ("commune/standard/2016-2020", "1.1"),
    "split": ("commune/standard/2016-2020", "17.5"),
    "new": ("commune/standard/2016-2020", "6.2"),
    "unknown": ("commune/standard/2026-2030", "2.1"),
    "criterion": ("commune/model/2021-2025", "1"),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("fate", FATES)
def test_history_through_the_periods(golden, fate, lang) -> None:
    """Before and after its own set, each period is told with what the crosswalk says of the step to it, and why."""
    name, number = FATES[fate]
    golden(f"explanation/history-{fate}.{lang}.txt", history(editions(name), number, lang) + "\n")


def test_history_of_what_did_not_change() -> None:
    """An edition that left an indicator alone says so; one that the next period dropped ends there, with the reason."""
    told = [line.strip() for line in history((FIRST, SECOND), "3.2").splitlines()]
    assert told[-4] == "Không có thay đổi."
    assert told[-2].endswith("bỏ, giai đoạn sau không còn yêu cầu.")
    assert told[-1] == "Lý do: Tỷ lệ kênh mương kiên cố hóa không còn là chỉ tiêu."


@pytest.mark.parametrize(
    ("relation", "said"), [(ntm.Relation.NEW, "new, without"), (ntm.Relation.UNKNOWN, "whether it had a predecessor")]
)
def test_history_of_what_came_from_nowhere(monkeypatch, relation, said) -> None:
    """An indicator without a predecessor is new, or it is not known whether it had one."""
    link = ntm.CrosswalkLink(
        earlier=(), later=(f"{RULES.id}#4/4.1",), relation=relation, reason=ntm.Text("Vì thế", "So it is")
    )
    monkeypatch.setattr(import_module("ntm_rules.explanation.changes"), "crosswalk", lambda: ntm.Crosswalk((link,)))
    first, second, *_ = history((RULES,), "4.1", "en").splitlines()
    assert first.startswith(f"Indicator 4.1 ({RULES.title.en}): {said}")
    assert second.strip() == "Why: So it is"


def test_history_of_what_is_not_linked() -> None:
    """Where the crosswalk knows nothing of an indicator, its history says so."""
    assert history(editions("commune/advanced/2021-2025"), "1.1", "en").splitlines()[-1] == (
        "No link to another period is known."
    )


def test_history_of_what_an_amendment_took_away() -> None:
    """An indicator that a later edition dropped is told as dropped there, and no more after."""
    without, with_ = (apply_edits(RULES, [RemoveIndicator(at="8/8.4")], ntm.places()), RULES)
    told = "\n".join(line for _, line in _within((with_, without, without), "8/8.4", "en"))
    assert told.count("Dropped: Indicator 8.4") == 1
    assert told.count(RULES.edition) == 2


def test_history_of_what_came_later() -> None:
    """A criterion's history begins with the edition that brought it."""
    told = history((RULES, CHANGED), "20", "en").splitlines()
    assert told[0].startswith("commune/standard/2016-2020@2016-12-01")
    assert told[1].strip() == "Criterion 20. New criterion"


def test_history_of_what_is_not_there() -> None:
    """An unknown number is refused, with the nearest."""
    with pytest.raises(ntm.UnknownNameError):
        history((RULES,), "99")
