from __future__ import annotations

from importlib import import_module

import attrs
import pytest

import ntm_rules as ntm
from ntm_rules import evaluate, heading, unknowns, why
from ntm_rules.explanation import describe
from ntm_rules.messages import LANGUAGES
from ntm_rules.vocabulary.criteria import Indicator
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.places import Level
from ntm_rules.vocabulary.requirements import AppliesWhen, Attains, Holds, IsOneOf
from ntm_rules.vocabulary.verdicts import Basis, ReasonCode, Verdict
from rollup_strategies import P, commune, count, district, district_set
from strategies import at_least, criteria_set, criterion, dossier, said, source, words

MET, NOT_MET, OPEN, DROPS = Verdict.MET, Verdict.NOT_MET, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE

ZONE = Indicator("applies_to", words("Xã an toàn khu"), Holds(fact="unit.is_safe_zone"), source(Grade.SECONDARY))
RULES = attrs.evolve(criteria_set(criterion("1", at_least("a", 50))), applies_to=ZONE)
NO_DEBT = Indicator("no_debt", words("Không nợ đọng"), Holds(fact="p"), source())


def safe(known):
    """What is known of whether the commune is a safe zone; nothing for None."""
    return {} if known is None else {"unit.is_safe_zone": known}


@pytest.mark.parametrize(
    ("known", "figure", "verdict"),
    [
        (True, 60, MET),
        (True, 40, NOT_MET),
        (True, None, OPEN),
        (False, 60, DROPS),
        (False, 40, DROPS),
        (False, None, DROPS),
        (None, 60, OPEN),
        (None, 40, OPEN),
        (None, None, OPEN),
    ],
)
def test_a_set_is_judged_only_for_the_places_it_is_for(known, figure, verdict):
    """It is not applicable to any other place, and open where that is; its criteria are judged all the same."""
    result = evaluate(RULES, dossier(safe(known) | ({} if figure is None else {"a": figure})))
    assert result.verdict is verdict
    assert result["1"].verdict is {60: MET, 40: NOT_MET, None: OPEN}[figure]
    assert result["applies_to"] is result.applies
    assert result.tally.total == 1


def test_a_verdict_rests_on_whom_the_set_is_for():
    """That the place is one of those is needed for any verdict, so a recalled condition makes an attained set weak."""
    recalled = attrs.evolve(ZONE, source=source(Grade.RECALLED))
    rules = attrs.evolve(RULES, applies_to=recalled)
    found = evaluate(rules, dossier(safe(known=True) | {"a": 60}))
    assert found.provisional
    assert found.rests_on == {"text": ("1/1.1",), "recalled": ("applies_to",)}


def test_the_reason_comes_first():
    """Why a set is not for a place, or not known to be, stands before what else is open."""
    assert [each.code for each in evaluate(RULES, dossier(safe(known=False))).reasons] == [ReasonCode.SET_NOT_FOR_PLACE]
    codes = [each.code for each in evaluate(RULES, dossier()).reasons]
    assert codes == [ReasonCode.SET_APPLICABILITY_OPEN, ReasonCode.PART_UNDETERMINED]
    assert [each.code for each in evaluate(RULES, dossier({"a": 60})).reasons] == [ReasonCode.SET_APPLICABILITY_OPEN]


def test_a_set_that_drops_needs_no_answer():
    """Where all criteria drop, whom the set is for decides nothing."""
    dropping = criteria_set(criterion("1", AppliesWhen(condition=Holds(fact="q"), body=at_least("a", 50))))
    rules = attrs.evolve(dropping, applies_to=ZONE)
    assert evaluate(rules, dossier({"q": False})).verdict is DROPS


def test_whom_a_set_is_for_may_drop():
    """A condition that does not itself apply sets none."""
    condition = attrs.evolve(ZONE, require=AppliesWhen(condition=Holds(fact="q"), body=Holds(fact="r")))
    assert evaluate(attrs.evolve(RULES, applies_to=condition), dossier({"a": 60, "q": False})).verdict is MET


def test_it_may_be_attested():
    """A department may conclude what a place is, as it may on any row."""
    result = evaluate(RULES, dossier({"a": 60}, attestations=(said("applies_to"),)))
    assert (result.verdict, result.applies.basis) == (MET, Basis.ATTESTED)


@pytest.mark.parametrize(("known", "verdict"), [(True, MET), (False, DROPS), (None, OPEN)])
def test_nothing_is_recognised_of_a_set_for_other_places(known, verdict):
    """Conditions of recognition that hold make no recognition where the set is for other places."""
    rules = attrs.evolve(RULES, preconditions=(NO_DEBT,))
    result = evaluate(rules, dossier(safe(known) | {"a": 60, "p": True}))
    assert result.recognition.verdict is verdict


@pytest.mark.parametrize(("known", "verdict"), [(True, MET), (False, DROPS), (None, OPEN)])
def test_a_set_that_is_attained_minds_whom_it_is_for(known, verdict):
    """What asks for a set to be met gets its verdict for this place."""
    itself = Indicator("itself", words("Đạt bộ tiêu chí"), Attains(address=str(RULES.id)), source())
    result = evaluate(attrs.evolve(RULES, preconditions=(itself,)), dossier(safe(known) | {"a": 60}))
    assert result["precondition/itself"].verdict is verdict


@pytest.mark.parametrize(
    ("known", "figure", "verdict", "grade"),
    [
        (True, 60, MET, Grade.RECALLED),
        (True, 40, NOT_MET, Grade.RECALLED),
        (False, 40, DROPS, Grade.RECALLED),
        (None, 40, OPEN, None),
    ],
)
def test_a_place_beneath_is_asked_only_by_sets_that_are_for_it(monkeypatch, known, figure, verdict, grade):
    """Beneath a district, a commune that a set is not for drops; any other verdict rests on its being for it, too."""
    recalled = attrs.evolve(ZONE, source=source(Grade.RECALLED))
    rules = attrs.evolve(RULES, applies_to=recalled)
    monkeypatch.setattr(import_module("ntm_rules.evaluation.assessing"), "other_set", lambda *_: rules)
    own = dossier(safe(known) | {"a": figure})
    below = attrs.evolve(commune("x"), place=attrs.evolve(own.place, name="x"), facts=own.facts)
    counted = count(Attains(address=str(RULES.id)), 1)
    (row,) = evaluate(district_set(counted), district(below, counts={"commune": 1})).indicators
    (member,) = row.reasons[0].counted.members
    assert member.verdict is verdict
    assert (None if member.support is None else member.support.grade) is grade


def test_kinds_of_the_district_level():
    """A set for towns and cities is for these alone; a district is a huyện unless it says that it is none."""
    towns = IsOneOf(subject="kind", values=("district_town", "provincial_city"), of_place=True)
    rules = attrs.evolve(
        district_set(P), applies_to=Indicator("applies_to", words("Thị xã, thành phố"), towns, source())
    )
    place = district().place
    for kind, verdict in (("district_town", MET), ("provincial_city", MET), ("district", DROPS), (None, DROPS)):
        judged = attrs.evolve(district(None), place=attrs.evolve(place, kind=kind), facts=dossier({"p": True}).facts)
        assert judged.place.level is Level.DISTRICT
        assert evaluate(rules, judged).verdict is verdict


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("known", [True, False, None])
def test_it_is_told(golden, lang, known):
    """The page says whom the set is for, whether the place is one, and calls the verdict as the set does."""
    called = ((MET, ntm.Text("đủ căn cứ thu hồi", "the case is made out")),)
    rules = attrs.evolve(RULES, verdict_words=called)
    result = evaluate(rules, dossier(safe(known) | {"a": 60}))
    page = "\n".join(
        (heading(result, lang), "", why(result, lang=lang), "", unknowns(result, lang), "", describe(rules, lang=lang))
    )
    golden(f"explanation/applies-to-{known}.{lang}.txt".lower(), page + "\n")


def test_it_is_part_of_the_record():
    """The saved assessment holds the row, and no such key where a set is for all places of its level."""
    held = evaluate(RULES, dossier(safe(known=True) | {"a": 60})).to_dict()
    assert held["applies_to"]["verdict"] == "met"
    assert "applies_to" not in evaluate(attrs.evolve(RULES, applies_to=None), dossier({"a": 60})).to_dict()
