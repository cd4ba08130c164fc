from __future__ import annotations

import attrs
import pytest
from hypothesis import given

from ntm_rules import Stricter, TurnCause, compare_assessments, evaluate
from ntm_rules.vocabulary.criteria import Indicator, SetId
from ntm_rules.vocabulary.dossiers import Reported
from ntm_rules.vocabulary.places import Level, Place
from ntm_rules.vocabulary.requirements import AllOf, ForEach, Holds, IsOneOf, Sign, Unstated
from ntm_rules.vocabulary.verdicts import Verdict
from strategies import (
    at_least,
    compare,
    criteria_set,
    criterion,
    dossier,
    only,
    partial_facts,
    rating,
    requirements,
    said,
    source,
    words,
)

MET, OPEN = Verdict.MET, Verdict.UNDETERMINED
A, B, P = at_least("a", 50), at_least("b", 50), Holds(fact="p")
OTHER_LAW = "sha256:1"


def since(require, before, after, other=None, **own):
    """What changed from some facts to others, by one requirement or by two."""
    rules = [each if hasattr(each, "criteria") else only(each) for each in (require, other or require)]
    later = {key: own.pop(key) for key in ("attestations", "reported", "place") if key in own}
    return compare_assessments(evaluate(rules[0], dossier(before)), evaluate(rules[1], dossier(after, **later)))


@given(requirements, partial_facts)
def test_nothing_changes_by_itself(require, facts):
    """Held against itself an assessment has not changed."""
    same = since(require, facts, facts)
    assert (same.turns, same.figures, same.thresholds) == ((), (), ())
    assert same.same_place
    assert same.same_set
    assert same.same_law


@given(requirements, partial_facts, partial_facts)
def test_what_changed_changes_back(require, before, after):
    """From the later to the earlier the same verdicts, figures and thresholds changed, the other way round."""
    there, back = since(require, before, after), since(require, after, before)
    assert {(each.address, each.before, each.after) for each in there.turns} == {
        (each.address, each.after, each.before) for each in back.turns
    }
    assert {(each.fact, each.part, each.before, each.after) for each in there.figures} == {
        (each.fact, each.part, each.after, each.before) for each in back.figures
    }
    # By one law a verdict turns only if something else is said.
    assert there.figures or not there.turns


@pytest.mark.parametrize(
    ("requires", "said_of", "own", "causes"),
    [
        ((A, A), ({"a": 40}, {"a": 60}), {}, (TurnCause.FIGURE,)),
        ((A, at_least("a", 60)), ({"a": 55}, {"a": 55}), {}, (TurnCause.THRESHOLD,)),
        ((A, at_least("a", 60)), ({"a": 55}, {"a": 54}), {}, (TurnCause.FIGURE, TurnCause.THRESHOLD)),
        (
            (A, AllOf(members=(A, P))),
            ({"a": 55}, {"a": 55}),
            {},
            (TurnCause.FIGURE, TurnCause.THRESHOLD, TurnCause.REQUIREMENT),
        ),
        ((A, A), ({}, {}), {"attestations": (said("1.1"),)}, (TurnCause.CONCLUSION,)),
    ],
)
def test_why_a_verdict_turned(requires, said_of, own, causes):
    """Of a row it is told what is different: what is said, the threshold, what is asked, conclusions."""
    found = since(requires[0], *said_of, requires[1], **own)
    turns = {each.address: each.causes for each in found.turns}
    assert turns["1/1.1"] == causes
    assert turns["1"] == turns[""] == (TurnCause.PARTS,)


def test_a_conclusion_on_a_whole_is_a_cause():
    """Of a criterion, and of the set a published total, besides the parts."""
    found = since(A, {}, {}, attestations=(said("1"),))
    assert {each.address: each.causes for each in found.turns}["1"] == (TurnCause.PARTS, TurnCause.CONCLUSION)
    found = since(A, {}, {}, reported=(Reported("criteria_met", 0, 0),))
    assert [(each.address, each.causes) for each in found.turns] == [("", (TurnCause.PARTS, TurnCause.CONCLUSION))]


def test_rows_that_come_and_go():
    """A row that only one of two editions has turned from nothing, or to nothing."""
    newer = attrs.evolve(criteria_set(criterion("1", A), criterion("2", B)), fingerprint=OTHER_LAW)
    found = since(A, {"a": 60, "b": 60}, {"a": 60, "b": 60}, newer)
    assert [(each.address, each.before, each.after) for each in found.turns] == [("2", None, MET), ("2/2.1", None, MET)]
    assert (found.same_set, found.same_law) == (True, False)
    back = since(newer, {"a": 60, "b": 60}, {"a": 60, "b": 60}, A)
    assert [(each.address, each.after) for each in back.turns] == [("2", None), ("2/2.1", None)]


@pytest.mark.parametrize(
    ("before", "after", "stricter"),
    [
        (A, at_least("a", 60), Stricter.STRICTER),
        (A, at_least("a", 40), Stricter.LOOSER),
        (compare("a", Sign.AT_MOST, 50), compare("a", Sign.AT_MOST, 40), Stricter.STRICTER),
        (compare("a", Sign.AT_MOST, 50), compare("a", Sign.AT_MOST, 60), Stricter.LOOSER),
        (A, compare("a", Sign.MORE_THAN, 50), Stricter.OTHER),
        (compare("a", Sign.EQUALS, 50), compare("a", Sign.EQUALS, 60), Stricter.OTHER),
        (
            compare("step", Sign.AT_LEAST, rating("fair")),
            compare("step", Sign.AT_LEAST, rating("good")),
            Stricter.STRICTER,
        ),
    ],
)
def test_thresholds_rise_and_fall(before, after, stricter):
    """Whether more is asked than before, in the sense of the sign; of two signs it is not told."""
    (change,) = since(before, {}, {}, after).thresholds
    assert (change.address, change.stricter) == ("1/1.1", stricter)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (A, A),
        (A, at_least("a", Unstated())),
        (at_least("a", Unstated()), A),
        (A, AllOf(members=(at_least("a", 60), at_least("a", 70)))),
        (A, at_least("b", 60)),
    ],
)
def test_thresholds_that_cannot_be_paired_are_not_told(before, after):
    """The same, one that is not at hand, or one of several of the same fact: no change is told."""
    assert since(before, {}, {}, after).thresholds == ()


@pytest.mark.parametrize(
    ("require", "before", "after", "changed"),
    [
        (A, {"a": 40}, {"a": "40.0"}, []),
        (A, {"a": 50}, {"a": (1, 2)}, []),
        (A, {"a": (0, 0)}, {}, []),
        (A, {"a": 40}, {"a": 41}, [("a", None)]),
        (P, {"p": True}, {"p": False}, [("p", None)]),
        (P, {}, {"p": False}, [("p", None)]),
        (P, {"p": False}, {}, [("p", None)]),
        (IsOneOf(subject="category", values=("v",)), {"category": "v"}, {"category": "w"}, [("category", None)]),
        (
            compare("step", Sign.AT_LEAST, rating("fair")),
            {"step": rating("poor")},
            {"step": rating("good")},
            [("step", None)],
        ),
        (
            ForEach(by="sex", require=at_least("m", 2)),
            {"m__men": 0, "m__women": 2},
            {"m__men": 1, "m__women": 2},
            [("m", "men")],
        ),
    ],
)
def test_figures_that_say_something_else(require, before, after, changed):
    """A figure is another if its value is, however it is written; each part is told by itself."""
    assert [(each.fact, each.part) for each in since(require, before, after).figures] == changed


def test_two_sets_are_held_against_each_other_by_facts():
    """The rows of two sets are not paired: the verdict on the whole, figures and thresholds of facts are."""
    newer = attrs.evolve(only(at_least("a", 60)), id=SetId.parse("commune/standard/2021-2025"), fingerprint=OTHER_LAW)
    found = since(A, {"a": 55}, {"a": 55}, newer)
    assert (found.same_set, found.same_law) == (False, False)
    assert [each.address for each in found.turns] == [""]
    assert [(each.address, each.fact, each.stricter) for each in found.thresholds] == [("", "a", Stricter.STRICTER)]


def test_another_place_is_no_error():
    """Places change their names: two names are told, and compared all the same."""
    assert not since(A, {}, {}, place=Place(Level.COMMUNE, "Khác")).same_place


def test_conditions_of_recognition_are_rows_too():
    """A condition that turned is told by its address."""
    rules = attrs.evolve(only(A), preconditions=(attrs.evolve(criterion("x", P).indicators[0], number="x"),))
    found = since(rules, {"a": 50}, {"a": 50, "p": True})
    assert [(each.address, each.before, each.after) for each in found.turns] == [("precondition/x", OPEN, MET)]


def test_whom_a_set_is_for_turns_like_a_row():
    """Where a place is no longer one that the set is for, that row turns and with it the whole."""
    zone = Indicator("applies_to", words("Xã an toàn khu"), Holds(fact="unit.is_safe_zone"), source())
    rules = attrs.evolve(only(A), applies_to=zone)
    found = since(rules, {"a": 60, "unit.is_safe_zone": True}, {"a": 60, "unit.is_safe_zone": False})
    assert [(each.address, each.after) for each in found.turns] == [
        ("", Verdict.NOT_APPLICABLE),
        ("applies_to", Verdict.NOT_MET),
    ]
