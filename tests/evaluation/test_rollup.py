from __future__ import annotations

from datetime import date
from itertools import combinations_with_replacement, product
from random import Random

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_rules import evaluate
from ntm_rules.errors import UnknownNameError
from ntm_rules.evaluation.rollup import of_interval
from ntm_rules.rulebook import load
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.places import Level
from ntm_rules.vocabulary.requirements import (
    AppliesWhen,
    Attains,
    Authority,
    Collection,
    Delegated,
    Denominator,
    Nothing,
    RecognisedAs,
    Sign,
    ThresholdOf,
)
from ntm_rules.vocabulary.verdicts import ReasonCode, Verdict
from rollup_strategies import (
    ADVANCED_SET,
    COMMUNE_SET,
    P,
    Q,
    R,
    commune,
    completions,
    count,
    district,
    district_set,
    every,
    random_district,
    random_rollup,
    share,
    title,
)
from strategies import at_least, criterion, dossier, only, said

MET, NOT_MET, OPEN, DROPS = Verdict.MET, Verdict.NOT_MET, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE
YES, NO = {"p": True}, {"p": False}


def judged(require, place, **own):
    """The result of one requirement for a district."""
    return evaluate(district_set(require), place, **own)["1.1"]


def communes(*facts):
    """Communes of which these facts are known, named a, b, c."""
    return [commune(name, each) for name, each in zip("abcdef", facts, strict=False)]


# --- intervals --------------------------------------------------------------------------------------------------


@given(st.randoms(use_true_random=False))
def test_a_decided_verdict_stands_whatever_is_still_to_be_known(random: Random):
    """No completion of what is missing, of unlisted communes and of titles, contradicts a decided verdict."""
    require, place = random_rollup(random), random_district(random)
    verdict = judged(require, place).verdict
    if verdict is not OPEN:
        assert {judged(require, each).verdict for each in completions(place)} <= {verdict, OPEN}


@given(st.randoms(use_true_random=False))
def test_what_is_wholly_known_is_decided(random: Random):
    """With all known only the law itself leaves anything open: a sign or a denominator that it does not state."""
    require, place = random_rollup(random), random_district(random)
    for each in completions(place):
        result = judged(require, each)
        if result.verdict is OPEN:
            table = getattr(require, "threshold", None)
            assert table.boundary_unstated or require.measure.of is Denominator.UNSTATED


@pytest.mark.parametrize("sign", list(Sign))
@pytest.mark.parametrize("boundary", [False, True])
def test_intervals_are_decided_by_every_number_within(sign, boundary):
    """Met if each number within passes, not met if none does; equality decides nothing where its side is not stated."""
    for low, high in combinations_with_replacement(range(5), 2):
        passes = set()
        for number in range(low, high + 1):
            so = {
                Sign.AT_LEAST: number >= 2,
                Sign.MORE_THAN: number > 2,
                Sign.AT_MOST: number <= 2,
                Sign.LESS_THAN: number < 2,
                Sign.EQUALS: number == 2,
            }[sign]
            passes.add(None if boundary and number == 2 else so)
        expected = {frozenset({True}): MET, frozenset({False}): NOT_MET}.get(frozenset(passes), OPEN)
        order = [(number > 2) - (number < 2) for number in (low, high)]
        assert of_interval(sign, *order, boundary=boundary) is expected


@pytest.mark.parametrize(
    ("facts", "required", "verdict", "code"),
    [
        ([YES, YES, NO, NO], 50, MET, ReasonCode.COUNTED_MET),
        ([YES, NO, NO], 34, NOT_MET, ReasonCode.COUNTED_NOT_MET),
        ([YES, {}, NO], 34, OPEN, ReasonCode.COUNTED_OPEN),
        ([YES, YES, {}], 66, MET, ReasonCode.COUNTED_MET),
        ([NO, NO, {}], 34, NOT_MET, ReasonCode.COUNTED_NOT_MET),
    ],
)
def test_a_share_is_an_interval(facts, required, verdict, code):
    """With m met, n not and u open the share lies between m and m + u of all."""
    result = judged(share(P, required), district(*communes(*facts)))
    assert (result.verdict, result.reasons[0].code) == (verdict, code)


def test_a_third_is_a_third():
    """Shares are compared exactly: two of three reach 66.66 %, and not 66.67 %."""
    place = district(*communes(YES, YES, NO))
    assert judged(share(P, "66.66"), place).verdict is MET
    assert judged(share(P, "66.67"), place).verdict is NOT_MET


def test_heads_are_not_rounded_up():
    """One commune of seven is more than ten percent, as the law counts."""
    place = district(*communes(YES, *[NO] * 5), commune("g", NO))
    assert judged(share(P, 10), place).verdict is MET


def test_the_thirteenth_commune_is_undetermined():
    """A count larger than the list adds communes of which nothing is known."""
    place = district(*communes(YES, YES), counts={"commune": 3})
    result = judged(share(P, 100), place)
    assert result.verdict is OPEN
    assert (result.reasons[0].counted.unlisted, result.reasons[0].numbers) == (1, (2, 3, 3))
    assert judged(share(P, 66), place).verdict is MET
    assert judged(count(P, 4), place).verdict is NOT_MET


@pytest.mark.parametrize("beneath", [(None,), ()])
@pytest.mark.parametrize("require", [share(P, 0), count(P, 0), every(P)])
def test_places_that_are_not_told_of_are_not_none(beneath, require):
    """Where neither a list nor a count is given, nothing is known; none is passed over quietly."""
    result = judged(require, district(*beneath))
    assert (result.verdict, result.reasons[0].code) == (OPEN, ReasonCode.SUB_PLACES_UNKNOWN)


@pytest.mark.parametrize("require", [share(P, 0), count(P, 1), every(P)])
def test_no_place_of_a_kind_drops(require):
    """Where there is none, nothing is asked."""
    result = judged(require, district(counts={"commune": 0}))
    assert (result.verdict, result.reasons[0].code) == (DROPS, ReasonCode.NOTHING_COUNTED)


def test_only_the_places_of_the_kind_are_counted():
    """Towns and wards are no communes; all together are the places beneath."""
    town, ward = commune("t", NO, kind="town"), commune("w", NO, kind="ward")
    place = district(commune("a", YES), town, ward)
    for what, met in (("communes", 1), ("towns", 0), ("wards", 0), ("sub_places", 1)):
        counted = judged(count(P, 1, what=Collection(what)), place).reasons[0].counted
        assert (counted.least, len(counted.members)) == (met, 3 if what == "sub_places" else 1)


def test_members_that_do_not_apply_drop_out_of_the_share():
    """Of the applicable a half is met, of all listed a third; where the law does not say which, it is open."""
    asked = AppliesWhen(condition=Q, body=P)
    place = district(
        commune("a", {"p": True, "q": True}), commune("b", {"p": False, "q": True}), commune("c", {"q": False})
    )
    assert judged(share(asked, 50), place).verdict is MET
    assert judged(share(asked, 50, of=Denominator.LISTED), place).verdict is NOT_MET
    result = judged(share(asked, 50, of=Denominator.UNSTATED), place)
    assert (result.verdict, result.reasons[0].code) == (OPEN, ReasonCode.DENOMINATOR_UNSTATED)
    assert judged(share(asked, 30, of=Denominator.UNSTATED), place).verdict is MET


def test_nothing_is_decided_where_all_may_drop():
    """Two communes can't be three; but if it may apply to neither, that is not known either."""
    place = district(*communes({}, {}))
    assert judged(count(P, 3), place).verdict is NOT_MET
    assert judged(count(AppliesWhen(condition=Q, body=P), 3), place).verdict is OPEN


@pytest.mark.parametrize(
    ("cell", "verdict", "code"),
    [
        (Nothing(), DROPS, ReasonCode.ASKS_NOTHING),
        (Delegated(Authority.PROVINCE), OPEN, ReasonCode.THRESHOLD_OPEN),
        (ThresholdOf("district/standard/2016-2020#1/1.2"), MET, ReasonCode.COUNTED_MET),
        (ThresholdOf("district/standard/2016-2020#1/1.9"), OPEN, ReasonCode.THRESHOLD_UNSTATED),
    ],
)
def test_cells_of_a_share_are_those_of_any_threshold(cell, verdict, code):
    """A cell that asks nothing drops, one that is left to others is open, a multiple is looked up."""
    rules = district_set(share(P, cell), share(P, 40))
    result = evaluate(rules, district(*communes(YES, NO)))["1.1"]
    assert (result.verdict, result.trace.reason.code) == (verdict, code)


# --- every ------------------------------------------------------------------------------------------------------


def _expected(members):
    """ALGEBRA's rule for `every … except`, by the verdicts of exception and body of each member."""
    kept = [(exception, body) for exception, body in members if exception is not MET and body is not DROPS]
    sure = [body for exception, body in kept if exception is not OPEN]
    if NOT_MET in sure:
        return NOT_MET
    if any(body is OPEN or (exception is OPEN and body is NOT_MET) for exception, body in kept):
        return OPEN
    return MET if MET in sure else OPEN if kept else DROPS


_SAID = {MET: True, NOT_MET: False, OPEN: None}


def test_every_except_is_as_the_algebra_has_it():
    """All cases up to three members."""
    asked = AppliesWhen(condition=R, body=P)
    verdicts = list(product((MET, NOT_MET, OPEN), (MET, NOT_MET, OPEN, DROPS)))
    for number in range(1, 4):
        for members in product(verdicts, repeat=number):
            if list(members) != sorted(members, key=str):
                continue  # their order does not matter
            below = []
            for at, (exception, body) in enumerate(members):
                facts = {"q": _SAID[exception], "p": _SAID.get(body), "r": body is not DROPS}
                below.append(commune(f"x{at}", {fact: so for fact, so in facts.items() if so is not None}))
            assert judged(every(asked, Q), district(*below)).verdict is _expected(members), members


def test_an_exception_that_does_not_apply_excepts_nobody():
    """Where the exception itself drops, the body is required."""
    exception = AppliesWhen(condition=Q, body=R)
    assert judged(every(P, exception), district(commune("a", {"q": False, "p": False}))).verdict is NOT_MET
    assert judged(every(P, exception), district(commune("a", {"q": False, "p": True}))).verdict is MET


def test_what_every_rests_on():
    """A failing commune is enough; to pass, the grade of the row and all of them are needed."""
    require = every(at_least("a", 50))
    rules = district_set(require)
    low = attrs.evolve(rules, criteria=(criterion("1", require, grade=Grade.RECALLED),))
    for figure, verdict in ((60, MET), (40, NOT_MET)):
        place = district(commune("x", {"a": figure}))
        assert evaluate(rules, place)["1.1"].support.grade is Grade.TEXT
        result = evaluate(low, place)["1.1"]
        assert (result.verdict, result.support.grade, result.support.statement) == (verdict, Grade.RECALLED, False)


# --- titles -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("titles", "complete", "higher", "verdict", "code"),
    [
        ([title()], False, False, MET, ReasonCode.TITLE_HELD),
        ([], False, False, OPEN, ReasonCode.NO_REGISTER),
        ([], True, False, NOT_MET, ReasonCode.NO_TITLE),
        ([title(dated="2021-01-01")], True, False, NOT_MET, ReasonCode.NO_TITLE),
        ([title(dated="2020")], True, False, MET, ReasonCode.TITLE_HELD),
        ([title(dated="2020-12-31")], True, False, MET, ReasonCode.TITLE_HELD),
        ([title(set_id=ADVANCED_SET)], True, False, NOT_MET, ReasonCode.NO_TITLE),
        ([title(set_id=ADVANCED_SET)], True, True, MET, ReasonCode.TITLE_HELD),
        ([title(set_id="commune/model/2018-2020")], True, True, MET, ReasonCode.TITLE_HELD),
        ([title(set_id="commune/standard/2010-2015")], True, True, NOT_MET, ReasonCode.NO_TITLE),
        ([title(set_id="commune/modern/2016-2020")], True, True, NOT_MET, ReasonCode.NO_TITLE),
        ([title(set_id="district/standard/2016-2020")], True, True, NOT_MET, ReasonCode.NO_TITLE),
        ([title(set_id="external/civilised_urban")], True, True, NOT_MET, ReasonCode.NO_TITLE),
    ],
)
def test_titles_are_read_from_the_register(titles, complete, higher, verdict, code):
    """Met by a title in force that day, not met only where the list is complete; else open."""
    require = RecognisedAs(set_id=COMMUNE_SET, or_higher=higher)
    result = evaluate(only(require), dossier({}, titles=tuple(titles), titles_complete=complete))["1.1"]
    assert (result.verdict, result.reasons[0].code) == (verdict, code)


@pytest.mark.parametrize(
    ("held", "wanted", "higher", "verdict"),
    [
        ("commune/standard/2010-2015", "commune/standard", False, MET),
        (COMMUNE_SET, "commune/standard", False, MET),
        (ADVANCED_SET, "commune/standard", False, NOT_MET),
        (ADVANCED_SET, "commune/standard", True, MET),
        (COMMUNE_SET, "commune/advanced", True, NOT_MET),
        ("commune/modern/2026-2030", "commune/standard", True, NOT_MET),
        ("commune/modern/2026-2030", "commune/modern", True, MET),
        ("district/standard/2016-2020", "commune/standard", True, NOT_MET),
        ("external/civilised_urban", "commune/standard", True, NOT_MET),
        ("external/civilised_urban", "external/civilised_urban", False, MET),
        (COMMUNE_SET, "external/civilised_urban", True, NOT_MET),
    ],
)
def test_titles_of_any_period_and_outside_the_library(held, wanted, higher, verdict):
    """Without a period a title of any period counts; one outside the library is only itself."""
    require = RecognisedAs(set_id=wanted, or_higher=higher)
    place = dossier({}, titles=(title(set_id=held),), titles_complete=True)
    assert evaluate(only(require), place).verdict is verdict


def test_a_title_outside_the_library_is_never_judged():
    """Without a decision it is open, whatever is known of the place; a department may conclude on the row."""
    rules = only(RecognisedAs(set_id="external/civilised_urban"))
    assert evaluate(rules, dossier({})).verdict is OPEN
    assert evaluate(rules, dossier({}, attestations=(said("1.1"),))).verdict is MET


def test_a_title_of_a_higher_tier_is_not_one_of_a_lower():
    """Who holds the standard title does not hold the advanced one."""
    require = RecognisedAs(set_id=ADVANCED_SET, or_higher=True)
    assert evaluate(only(require), dossier({}, titles=(title(),), titles_complete=True)).verdict is NOT_MET


@pytest.mark.parametrize(
    ("dated", "revoked", "holds"),
    [
        ("2019-05-01", None, True),
        ("2019-05-01", "2020-12-31", False),
        ("2019-05-01", "2021-01-01", True),
        ("2019-05-01", "2021", True),
        ("2019-05-01", "2020", False),
        ("2020-12", None, True),
        ("2019-05-01", "2020-12", False),
    ],
)
def test_a_title_holds_from_its_day_until_it_is_revoked(dated, revoked, holds):
    """On the day of revocation it holds no more."""
    held = attrs.evolve(title(dated=dated), revoked_on=None if revoked is None else title(dated=revoked).dated)
    assert held.holds_on(date(2020, 12, 31)) is holds


def test_a_date_known_to_the_year_may_leave_it_open():
    """A title of 2020 may or may not hold in June, and one revoked in 2020 likewise."""
    june = date(2020, 6, 1)
    assert title(dated="2020").holds_on(june) is None
    assert attrs.evolve(title(), revoked_on=title(dated="2020").dated).holds_on(june) is None
    place = dossier({}, titles=(title(dated="2020"),), titles_complete=True, on=june)
    result = evaluate(only(RecognisedAs(set_id=COMMUNE_SET)), place)["1.1"]
    assert (result.verdict, result.reasons[0].code) == (OPEN, ReasonCode.TITLE_DATE_OPEN)


def test_a_title_on_terms_that_are_not_accepted():
    """A row that is only recalled decides nothing where the text is asked for."""
    rules = only(RecognisedAs(set_id=COMMUNE_SET), Grade.RECALLED)
    result = evaluate(rules, dossier({}, titles=(title(),)), accept=Grade.TEXT)["1.1"]
    assert (result.verdict, result.reasons[0].code) == (OPEN, ReasonCode.GRADE_NOT_ACCEPTED)


def test_titles_of_places_beneath_stand_in_either_dossier():
    """A commune's title counts from the district's list, by name and kind, and from its own dossier."""
    require = share(RecognisedAs(set_id=COMMUNE_SET), 100)
    town = commune("a", kind="town", titles=(title(),))
    place = district(commune("a"), commune("b"), town, titles=(title("a"), title("b")))
    assert judged(require, place).verdict is MET
    assert (
        judged(attrs.evolve(require, measure=attrs.evolve(require.measure, collection=Collection.TOWNS)), place).verdict
        is MET
    )
    fewer = attrs.evolve(place, titles=(title("a"), title("b", kind="town")))
    assert judged(require, fewer).verdict is OPEN
    assert judged(require, attrs.evolve(fewer, titles_complete=True)).verdict is NOT_MET


# --- places judged by sets of their own -------------------------------------------------------------------------

EACH = {str(number): MET for number in range(1, 20)}
ATTAINS = Attains(address=COMMUNE_SET)


def concluded(name, verdicts=EACH, **own):
    """A commune with departments' conclusions on all criteria."""
    attestations = tuple(said(number, verdict) for number, verdict in verdicts.items())
    return commune(name, attestations=attestations, **({"set_id": COMMUNE_SET} | own))


def test_each_commune_is_judged_by_its_own_set():
    """Conclusions count where the dossier is judged by that very set; what each gave can be reached."""
    place = district(concluded("a"), concluded("b", EACH | {"10": NOT_MET}), commune("c"))
    result = evaluate(district_set(share(ATTAINS, 30), count(Attains(address=f"{COMMUNE_SET}#10"), 1)), place)
    assert [each.verdict for each in result.indicators] == [MET, MET]
    assert [each.dossier.place.name for each in result.sub_results] == ["a", "b", "c"]
    assert result.sub_result("b")["10"].verdict is NOT_MET
    assert result.sub_result("b").tally.met == 18
    with pytest.raises(UnknownNameError):
        result.sub_result("d")


@pytest.mark.parametrize(
    ("address", "verdict"),
    [
        ("commune/standard", MET),
        ("commune/standard#10", MET),
        (f"{COMMUNE_SET}#10/10", OPEN),
        ("commune/model", OPEN),
        ("commune/standard/2021-2025", OPEN),
        ("commune/modern", OPEN),
        ("district/standard", OPEN),
        ("commune/standard#99", OPEN),
    ],
)
def test_without_a_period_it_is_the_set_of_that_day(address, verdict):
    """The set in force on the day is asked; where there is none, or none of that level, nothing is decided."""
    assert judged(share(Attains(address=address), 100), district(concluded("a"))).verdict is verdict


def test_a_dossier_that_names_no_set_is_judged_by_the_standard_of_the_day():
    """Its conclusions are said of that set, and of none where none was in force."""
    assert judged(share(ATTAINS, 100), district(concluded("a", set_id=None))).verdict is MET
    early = concluded("a", set_id=None, on=date(1999, 12, 31))
    assert judged(share(ATTAINS, 100), district(early)).verdict is OPEN


def test_conclusions_on_another_set_do_not_count():
    """What a dossier says of the set of another period is told as such, with the facts that would be needed."""
    result = judged(share(ATTAINS, 100), district(concluded("a", set_id="commune/standard/2010-2015")))
    (member,) = result.reasons[0].counted.members
    assert member.step.reason.code is ReasonCode.JUDGED_BY_OTHER_SET
    assert member.step.reason.missing_facts


def test_what_places_beneath_lack():
    """The facts that a commune lacks are listed under its name, not as the district's own."""
    result = evaluate(district_set(share(P, 100), share(ATTAINS, 100)), district(commune("a", NO), commune("b")))
    missing = result.missing_in_sub_places
    assert missing["b"][0] == "p"
    assert "has_cooperative" in missing["a"]
    assert result.missing_facts == ()


def test_a_tally_that_was_published_counts_for_the_commune():
    """What speaks against the whole set is said of its commune."""
    from ntm_rules.vocabulary.dossiers import Reported

    below = commune("a", set_id=COMMUNE_SET, reported=(Reported("criteria_met", 12, 12),))
    result = judged(share(ATTAINS, 100), district(below))
    assert (result.verdict, result.support.statement) == (NOT_MET, True)


def test_provinces_count_districts_that_count_communes():
    """Each level is judged from the dossiers beneath it."""
    place = district(commune("a", YES), commune("b", NO))
    other = attrs.evolve(place, place=attrs.evolve(place.place, name="Khác"), sub_places=None)
    province = attrs.evolve(place.place, level=Level.PROVINCE, name="Tỉnh")
    above = attrs.evolve(district(place, other), place=province)
    require = count(share(P, 50), 1, what=Collection.DISTRICTS)
    result = judged(require, above)
    assert result.verdict is MET
    assert [each.verdict for each in result.reasons[0].counted.members] == [MET, OPEN]
    inner = result.reasons[0].counted.members[0].step.reason.counted
    assert [each.name for each in inner.members] == ["a", "b"]


def test_the_order_of_the_dossier_is_kept():
    """Places beneath stand in the order in which the dossier lists them."""
    place = district(*(concluded(name) for name in "cab"))
    result = evaluate(district_set(share(ATTAINS, 100)), place)
    assert [each.dossier.place.name for each in result.sub_results] == ["c", "a", "b"]
    assert [each["address"] for each in result.to_dict()["sub_results"]] == [
        f"{COMMUNE_SET}:commune/{name}" for name in "cab"
    ]


def test_packaged_sets_count_nothing_beneath():
    """No packaged set reads facts of places beneath yet; their fingerprints are as they were."""
    assert load(COMMUNE_SET).facts_beneath == frozenset()
    rules = district_set(every(share(P, 50), at_least("a", 50)))
    assert (rules.used_facts, rules.facts_beneath) == (frozenset(), frozenset({"p", "a"}))
