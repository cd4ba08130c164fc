from __future__ import annotations

import json
from datetime import date
from importlib import resources

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import ntm_rules as ntm
from ntm_rules import CauseCode, Dossier, DossierError, RecognitionState, Verdict, evaluation
from ntm_rules.evaluation.over_time import Renewal, renewal
from ntm_rules.messages import LANGUAGES
from ntm_rules.rulebook import load, set_names
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.instruments import Citation, Grade
from status_strategies import HALF, revocation

OLD, LATER = "commune/standard/2016-2020", "commune/standard/2021-2025"
HIGHER = "commune/advanced/2021-2025"
AT = {"level": "commune", "district": "Định Hóa", "province": "Thái Nguyên"}
PLACE = AT | {"name": "Thử Một"}
NEW = {"level": "commune", "name": "Thử Mới", "province": "Thái Nguyên"}

NOT, GIVEN, KEPT, DUE, REVOKED = RecognitionState
SCHEMA = resources.files("ntm_rules.schemas").joinpath("recognition-status.schema.json").read_text(encoding="utf-8")


def dossier(year, failing=(), *, met=range(1, 20), place=PLACE, titles=(), **own):
    """A year's dossier with conclusions on criteria: those that are failing, those that are met, none of the others."""
    said = {str(number): {"verdict": "not_met" if number in failing else "met"} for number in {*met, *failing}}
    data = {"dossier": 1, "place": place, "year": year, "attestations": said, "titles": {"list": list(titles)}}
    return ntm.read_dossier(data | own)


def title(dated="2018-05-20", set=OLD, **own):
    """A decision, as a dossier lists it."""
    return {"set": set, "dated": dated, "decision": "1/QĐ"} | own


def register(*titles, complete="no", place=PLACE):
    """A register of decisions on one place."""
    return ntm.read_register(
        {"register": 1, "complete": complete, "decisions": [{"place": place} | each for each in titles]}
    )


def states(found):
    """What happened, in short: the date, the state after it, and why; what changed nothing in brackets."""
    return [
        (str(each.on), each.state, each.cause.code if each.decides else (each.cause.code,)) for each in found.history
    ]


def codes(causes):
    """The codes of causes."""
    return [each.code for each in causes]


def told(error):
    """The codes of what is wrong."""
    return [each.code.name for each in error.value.problems]


@pytest.fixture(autouse=True)
def valid(monkeypatch):
    """Whatever a test finds can be told in both languages, and is valid data under its schema."""
    real = evaluation.status

    def status(*words, **own):
        found = real(*words, **own)
        Draft202012Validator(json.loads(SCHEMA)).validate(found.to_dict())
        assert len({found.page(lang) for lang in LANGUAGES}) == len(LANGUAGES)
        return found

    monkeypatch.setattr(ntm, "status", status)


# --- one title --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("complete", "code"), [("no", CauseCode.NO_DECISION_KNOWN), ("yes", CauseCode.NO_DECISION)])
def test_an_assessment_recognises_nobody(complete, code):
    """Without a decision a place is not recognised, however it is assessed; that it was is told."""
    found = ntm.status([dossier(2019)], register=register(complete=complete))
    assert (found.state, found.since, codes(found.why)) == (NOT, None, [code])
    assert states(found) == [("2019-12-31", NOT, (CauseCode.ASSESSED_MET,))]
    assert found.titles[0].set_id == OLD


def test_a_decision_recognises_and_later_years_maintain():
    """Recognised from the day of the decision; maintained from the first later year that is met."""
    years = [dossier(2018, titles=[title()]), dossier(2019), dossier(2020)]
    found = ntm.status(years)
    assert states(found) == [
        ("2018-05-20", GIVEN, CauseCode.RECOGNISED_BY),
        ("2018-12-31", GIVEN, (CauseCode.ASSESSED_MET,)),
        ("2019-12-31", KEPT, CauseCode.ASSESSED_MET),
        ("2020-12-31", KEPT, CauseCode.ASSESSED_MET),
    ]
    assert (str(found.since), str(found.current.recognised_since)) == ("2019-12-31", "2018-05-20")
    assert [each.result.dossier.year for each in found.why] == [2019, 2020]
    assert found.on == date(2020, 12, 31)


def test_a_year_that_is_not_met_is_due_for_review():
    """The failing criteria are named; a later year that is met is maintained again."""
    years = [dossier(2018, titles=[title()]), dossier(2019, (10, 17))]
    found = ntm.status(years)
    assert (found.state, str(found.since), codes(found.why)) == (DUE, "2019-12-31", [CauseCode.ASSESSED_NOT_MET])
    assert found.why[0].failing == ("10", "17")
    again = ntm.status([*years, dossier(2020)])
    assert (again.state, str(again.since)) == (KEPT, "2020-12-31")


def test_the_year_of_the_decision_changes_nothing():
    """Only a later year says how a title is kept, and none says so before it is given."""
    found = ntm.status([dossier(2017, (10,)), dossier(2018, (10,), titles=[title()])])
    assert (found.state, str(found.since)) == (GIVEN, "2018-05-20")


@pytest.mark.parametrize("before", [[], [dossier(2019)], [dossier(2019, (1,))]])
def test_what_is_undetermined_changes_nothing(before):
    """It is told, and the state stays."""
    known = [dossier(2018, titles=[title()]), *before]
    found, earlier = ntm.status([*known, dossier(2020, met=(1, 2))]), ntm.status(known)
    assert (found.state, found.since, found.why) == (earlier.state, earlier.since, earlier.why)
    assert states(found)[-1] == ("2020-12-31", earlier.state, (CauseCode.ASSESSED_OPEN,))


def test_only_a_decision_revokes_and_another_gives_anew():
    """From the day on which it says so; then it may be given again."""
    taken = title(revoked_on="2019-08-01", revoked_by="2/QĐ")
    found = ntm.status([dossier(2018, titles=[taken]), dossier(2019, (1,))])
    assert (found.state, str(found.since), codes(found.why)) == (REVOKED, "2019-08-01", [CauseCode.REVOKED_BY])
    assert found.current.recognised_since is None
    again = ntm.status([dossier(2018, titles=[taken, title("2020-02-01")]), dossier(2020)])
    assert (again.state, str(again.since)) == (GIVEN, "2020-02-01")


def test_of_one_day_a_decision_comes_after_the_revocation():
    """A title may be revoked and given anew on one day."""
    found = ntm.status([dossier(2019, titles=[title(revoked_on="2019-08-01"), title("2019-08-01")])])
    assert found.state is GIVEN


@pytest.mark.parametrize("on", ["2019-06-30", date(2019, 6, 30)])
def test_what_comes_after_the_day_is_left_out(on):
    """Decisions and years after it are not known yet."""
    years = [dossier(2018, titles=[title(revoked_on="2020-08-01")]), dossier(2019, (1,))]
    found = ntm.status(years, on=on)
    assert (found.state, len(found.history)) == (GIVEN, 2)
    assert ntm.status(years, on="2018-01-01").state is NOT
    assert ntm.status(years, on="2020-08-01").state is REVOKED


def test_a_date_may_be_known_to_the_year():
    """It counts from when it has surely come, and is told as it is known."""
    found = ntm.status([dossier(2019, titles=[title("2018", revoked_on="2020")])])
    assert (found.state, str(found.since)) == (KEPT, "2019-12-31")
    assert str(found.history[0].on) == "2018"
    early = ntm.status([dossier(2019, titles=[title("2018")])], on="2018-06-30")
    assert (early.state, codes(early.why)) == (NOT, [CauseCode.DECISION_DATE_OPEN])


def test_decisions_are_known_whichever_dossier_tells_of_them():
    """A revocation that only a later dossier tells of revokes; two that contradict each other are a problem."""
    years = [dossier(2018, titles=[title()]), dossier(2019, titles=[title(revoked_on="2019-03-01")])]
    assert ntm.status(years).state is REVOKED
    with pytest.raises(DossierError) as caught:
        ntm.status([years[0], dossier(2019, titles=[title("2019-01-01")])])
    assert told(caught) == ["TITLES_OVERLAP"]


YEARS = {
    year: (dossier(year), dossier(year, (10,)), dossier(year, met=(1,)), None)
    for year in (2017, 2018, 2019, 2020, 2021)
}
DATES = st.dates(date(2016, 12, 1), date(2021, 12, 31))


@given(
    st.tuples(*(st.sampled_from(known) for known in YEARS.values())).filter(any),
    st.lists(DATES, max_size=4, unique=True).map(sorted),
    DATES,
)
def test_only_decisions_give_and_take(years, decisions, on):
    """Whatever the years say: a title is held just when the last decision of that day gave it, and never else."""
    given, taken = decisions[::2], decisions[1::2]
    titles = tuple(
        ntm.HeldTitle(OLD, PartialDate(day.year, day.month, day.day), revoked_on=end)
        for day, end in zip(
            given, [*(PartialDate(each.year, each.month, each.day) for each in taken), None], strict=False
        )
    )
    known = [attrs.evolve(each, titles=titles) for each in years if each is not None]
    found = evaluation.status(known, on=on)
    so_far = [day for day in decisions if day <= on]
    assert found.state.holds is (len(so_far) % 2 == 1)
    assert (found.state is REVOKED) is (bool(so_far) and len(so_far) % 2 == 0)
    assert (found.state is NOT) is (not so_far)
    changes = [each for each in found.history if each.before is not each.state]
    assert all(each.decides for each in changes)
    assert found.since == (changes[-1].on if changes else None)


def test_earlier_years_that_a_dossier_tells_of_are_followed():
    """As if each were given by itself; one that is given stands for its year."""
    own = {"district": "Định Hóa", "titles": {"list": [title()]}, "attestations": {"10": {"verdict": "not_met"}}}
    last = dossier(2020, earlier=[{"year": 2018} | own, {"year": 2019, "attestations": own["attestations"]}])
    found = ntm.status([last])
    assert [each.year for each in found.dossiers] == [2018, 2019, 2020]
    assert states(found)[-2:] == [
        ("2019-12-31", DUE, CauseCode.ASSESSED_NOT_MET),
        ("2020-12-31", KEPT, CauseCode.ASSESSED_MET),
    ]
    better = ntm.status([dossier(2019), last])
    assert [each.state for each in better.history if each.on.year == 2019] == [KEPT]


# --- which set --------------------------------------------------------------------------------------------------


def test_a_title_is_held_to_its_own_set_while_that_is_in_force():
    """A set of another period is no measure of it; while nobody holds it there is nothing to tell."""
    found = ntm.status([dossier(2018, titles=[title()]), dossier(2023, (1,))])
    assert states(found)[-1] == ("2023-12-31", GIVEN, (CauseCode.NOT_ASSESSED,))
    ended = ntm.status([dossier(2018, titles=[title(revoked_on="2019")]), dossier(2023, (1,))])
    assert states(ended)[-1] == ("2019", REVOKED, CauseCode.REVOKED_BY)


def test_conclusions_are_said_of_the_set_that_the_dossier_names():
    """A dossier on the advanced set says nothing of the standard one by its conclusions."""
    high = dossier(2023, (1,), titles=[title("2022-06-01", LATER), title("2022-06-01", HIGHER)], set=HIGHER)
    found = ntm.status([high])
    assert CauseCode.ASSESSED_OPEN in [each.cause.code for each in found.of(LATER).history]
    assert found.of(HIGHER).state is DUE
    assert [each.set_id for each in found.titles] == [LATER, HIGHER]


def test_each_title_is_followed_by_itself():
    """The higher one that is held is the one told first of; what nobody knows of is refused."""
    titles = [title(), title("2022-06-01", LATER), title("2022-12-01", HIGHER, revoked_on="2023-02-01")]
    found = ntm.status([dossier(2023, titles=titles)])
    assert [(each.set_id, each.state) for each in found.titles] == [(OLD, GIVEN), (LATER, KEPT), (HIGHER, REVOKED)]
    assert (found.current.set_id, found.state) == (LATER, KEPT)
    with pytest.raises(ntm.UnknownNameError):
        found.of("commune/model/2021-2025")
    lost = ntm.status([dossier(2023, titles=[title(revoked_on="2019-01-01"), titles[-1]])])
    assert lost.current.set_id == HIGHER


def test_a_title_without_rules_is_followed_too():
    """What is outside the library is decided on, never assessed."""
    found = ntm.status([dossier(2019, titles=[title(set="external/civilised_urban")])])
    assert states(found) == [
        ("2018-05-20", GIVEN, CauseCode.RECOGNISED_BY),
        ("2019-12-31", GIVEN, (CauseCode.NOT_ASSESSED,)),
    ]


def test_a_dossier_is_judged_under_the_decision_that_it_names():
    """As it would be by itself: under its province's own levels."""
    own = ntm.read_dossier("examples/provincial/minh-hoa-2019.yaml")
    found = ntm.status([attrs.evolve(own, titles=(ntm.HeldTitle(OLD, PartialDate(2018)),))])
    assert found.history[-1].cause.result.rules.overlays
    assert found.history[-1].cause.result.verdict is ntm.evaluate(ntm.rules_for(own), own).verdict


def test_the_lowest_grade_is_an_argument():
    """What rests on less is open, as in any assessment."""
    income = {"income_per_person": "10 triệu đồng/người/năm"}
    years = [dossier(2020, met=(), facts=income, titles=[title()])]
    assert ntm.status(years).state is DUE
    assert ntm.status(years, accept=Grade.TEXT).history[-1].cause.code in (
        CauseCode.ASSESSED_OPEN,
        CauseCode.ASSESSED_NOT_MET,
    )


# --- what is wrong ----------------------------------------------------------------------------------------------


def test_everything_that_is_wrong_is_told_at_once():
    """A year twice, years out of order, another place, a year before the first set."""
    with pytest.raises(DossierError) as caught:
        ntm.status(
            [
                dossier(2019),
                dossier(2019, (1,)),
                dossier(2017),
                dossier(2018, place=AT | {"name": "Thử Hai"}),
                attrs.evolve(dossier(2020), year=2008, on=date(2008, 12, 31)),
            ]
        )
    assert sorted(told(caught)) == [
        "BEFORE_FIRST_SET",
        "OTHER_PLACE",
        "TWO_OF_ONE_YEAR",
        "YEARS_OUT_OF_ORDER",
        "YEARS_OUT_OF_ORDER",
    ]
    for lang in LANGUAGES:
        for each in caught.value.problems:
            assert each.message(lang).endswith(".")


def test_a_dossier_that_contradicts_the_register_is_a_problem():
    """As where a register is laid under one dossier."""
    with pytest.raises(DossierError) as caught:
        ntm.status([dossier(2019, titles=[title("2019-01-01")])], register=register(title()))
    assert told(caught) == ["TITLES_OVERLAP"]


def test_there_must_be_a_dossier():
    """Of no dossier no place is known."""
    with pytest.raises(ValueError, match="no dossiers"):
        ntm.status([])


def test_a_level_without_sets_has_only_decisions(monkeypatch):
    """Nothing is judged, and nothing is before the first set."""
    monkeypatch.setattr("ntm_rules.evaluation.over_time.set_names", lambda: ())
    place = {"level": "village", "name": "x", "district": "y", "province": "Thái Nguyên"}
    read = Dossier.from_mapping({"dossier": 1, "place": place, "year": 2001})
    assert ntm.status([attrs.evolve(read, titles=(ntm.HeldTitle("external/x", PartialDate(2000)),))]).state is GIVEN


# --- places that merge ------------------------------------------------------------------------------------------


def lineage(kind="merger", later=(NEW,), on="2025-07-01", earlier=("Thử Một", "Thử Hai")):
    """One change."""
    names = [AT | {"name": name} for name in earlier]
    change = {"on": on, "kind": kind, "from": names, "to": list(later), "by": "9/NQ"}
    return ntm.read_lineage({"lineage": 1, "changes": [change]})


def test_titles_of_predecessors_are_none_of_the_new_place():
    """It is not recognised, and why is told; a decision of its own recognises it."""
    held = register(title("2023-03-01", LATER))
    found = ntm.status([dossier(2025, place=NEW)], register=held, lineage=lineage())
    assert (found.state, str(found.since), codes(found.why)) == (NOT, "2025-07-01", [CauseCode.FORMED_OF_OTHERS])
    (predecessor,) = found.why[0].predecessors
    assert (predecessor.place.name, predecessor.titles[0].set_id) == ("Thử Một", LATER)
    assert ntm.status([dossier(2025, place=NEW)], register=held, lineage=lineage(), on="2025-06-30").history == ()
    own = dossier(2025, place=NEW, titles=[title("2025-10-01", LATER)])
    assert ntm.status([own], register=held, lineage=lineage()).state is GIVEN


def test_a_merger_ends_the_titles_of_the_place():
    """The place is no more, and neither is its title; what was not held does not end."""
    years = [dossier(2024, titles=[title("2023-03-01", LATER)])]
    found = ntm.status(years, lineage=lineage(), on="2025-12-31")
    assert (found.state, str(found.since), codes(found.why)) == (NOT, "2025-07-01", [CauseCode.BECAME_OTHERS])
    assert ntm.status(years, lineage=lineage()).state is KEPT
    lost = [dossier(2024, titles=[title("2023-03-01", LATER, revoked_on="2024-02-01")])]
    assert ntm.status(lost, lineage=lineage(), on="2025-12-31").state is REVOKED


def test_dossiers_from_before_and_after_are_of_two_places():
    """One status is of one place; under another name it may be the same."""
    both = [dossier(2024, titles=[title("2023-03-01", LATER)]), dossier(2025, place=NEW)]
    with pytest.raises(DossierError) as caught:
        ntm.status(both, lineage=lineage())
    assert told(caught) == ["OTHER_PLACE"]
    renamed = lineage("renaming", earlier=("Thử Một",))
    found = ntm.status(both, lineage=renamed)
    assert (found.state, found.place.name) == (KEPT, "Thử Mới")
    assert (CauseCode.RENAMED,) in [each[2] for each in states(found)]
    before = ntm.status(both, lineage=renamed, on="2025-06-30")
    assert all(each.on.year < 2025 for each in before.history)


@pytest.mark.parametrize(
    ("name", "state", "code"),
    [("Hà Nội", GIVEN, CauseCode.RECOGNISED_BY), ("Thái Nguyên", NOT, CauseCode.FORMED_OF_OTHERS)],
)
def test_a_province_that_others_joined_is_a_new_one(name, state, code):
    """What became of provinces the register of places tells; a title of one that goes on is kept."""
    place = {"level": "province", "name": name}
    held = register(title("2015-03-01", set="province/standard/2010-2015"), place=place)
    year = {"dossier": 1, "year": 2025, "place": place | {"province": name}}
    found = ntm.status([ntm.read_dossier(year)], register=held)
    assert (found.state, codes(found.why)) == (state, [code])
    assert (CauseCode.RENAMED,) not in [each[2] for each in states(found)]


# --- revocation and renewal -------------------------------------------------------------------------------------


@pytest.fixture
def packaged(monkeypatch):
    """Put sets on the shelf that the status looks at."""

    def put(*rules):
        by_name = {str(each.id): each for each in rules}
        names = (*set_names(), *by_name)
        monkeypatch.setattr("ntm_rules.evaluation.over_time.set_names", lambda: names)
        monkeypatch.setattr(
            "ntm_rules.evaluation.over_time.load", lambda name, on: by_name.get(name) or load(name, on=on)
        )

    return put


@pytest.mark.parametrize(
    ("failing", "met", "state", "code"),
    [
        (range(1, 11), range(11, 20), DUE, CauseCode.REVOCATION_MADE_OUT),
        ((1,), range(2, 20), DUE, CauseCode.REVOCATION_NOT_MADE_OUT),
        ((), range(1, 20), KEPT, CauseCode.REVOCATION_NOT_MADE_OUT),
        ((), (1, 2), GIVEN, CauseCode.REVOCATION_OPEN),
    ],
)
def test_a_case_for_revocation_calls_for_review(packaged, failing, met, state, code):
    """It is judged from what is concluded on the title's own set; never does it revoke by itself."""
    packaged(revocation(HALF))
    found = ntm.status([dossier(2018, titles=[title()]), dossier(2019, failing, met=met)])
    assert (found.state, found.history[-1].cause.code) == (state, code)
    assert found.history[-1].decides is (code is CauseCode.REVOCATION_MADE_OUT)
    if code is CauseCode.REVOCATION_MADE_OUT:
        assert codes(found.why) == [CauseCode.ASSESSED_NOT_MET, code]


def test_a_case_may_stand_on_figures_alone(packaged):
    """Without conclusions what the facts give is counted."""
    packaged(revocation(HALF))
    found = ntm.status([dossier(2018, met=(), titles=[title()]), dossier(2019, met=())])
    assert found.history[-1].cause.code is CauseCode.REVOCATION_OPEN


def test_a_case_is_asked_for_only_of_a_title_that_is_held(packaged):
    """Nothing is to be revoked before it is given, after it was taken, or by a rule that is not in force."""
    packaged(revocation(HALF, until="2018-06-30"))
    years = [dossier(2017, range(1, 12)), dossier(2019, range(1, 12), titles=[title()])]
    assert CauseCode.REVOCATION_MADE_OUT not in [each.cause.code for each in ntm.status(years).history]
    packaged(revocation(HALF))
    early = ntm.status([dossier(2017, range(1, 12), titles=[title()])])
    assert (early.state, len(early.history)) == (NOT, 1)
    assert ntm.status(years).history[-1].cause.code is CauseCode.REVOCATION_MADE_OUT


@pytest.fixture
def anew(packaged):
    """The law has recognition considered anew after two years."""

    def put(until):
        kept = {"for_each": {"year": "last 2"}, "require": {"attains": "commune/standard"}}
        packaged(attrs.evolve(revocation(kept, until), id=ntm.SetId.parse(f"renewal/{OLD}")))

    return put


def test_after_its_time_a_title_is_due_for_review(anew):
    """Whatever a later year gives; the day is so many years after the decision."""
    anew("2021-12-31")
    years = [dossier(2018, titles=[title()]), dossier(2019), dossier(2020)]
    found = ntm.status(years)
    assert (found.state, str(found.since), codes(found.why)) == (DUE, "2020-05-20", [CauseCode.RENEWAL_DUE])
    assert (found.why[0].years, found.why[0].citation.instrument) == (2, "1980/QĐ-TTg")
    assert states(found)[-1] == ("2020-12-31", DUE, (CauseCode.ASSESSED_MET,))
    assert ntm.status(years, on="2020-05-19").state is KEPT
    assert codes(ntm.status([*years[:2], dossier(2020, (1,))]).why) == [
        CauseCode.RENEWAL_DUE,
        CauseCode.ASSESSED_NOT_MET,
    ]


def test_a_title_that_is_gone_is_not_considered_anew(anew):
    """What was revoked before is not due."""
    anew("2021-12-31")
    years = [dossier(2018, titles=[title(revoked_on="2019-08-01")]), dossier(2020)]
    assert CauseCode.RENEWAL_DUE not in [each.cause.code for each in ntm.status(years).history]


def test_a_law_that_is_no_longer_in_force_leaves_it_open(anew):
    """Whether its successor keeps the rule is not known: it is told, and nothing changes."""
    anew("2019-12-31")
    found = ntm.status([dossier(2018, titles=[title()]), dossier(2019), dossier(2020)])
    assert found.state is KEPT
    assert ("2020-05-20", KEPT, (CauseCode.RENEWAL_OPEN,)) in states(found)
    anew("2018-01-31")
    assert CauseCode.RENEWAL_OPEN not in [
        each.cause.code for each in ntm.status([dossier(2020, titles=[title()])]).history
    ]


def test_the_rule_of_2014_is_told_and_leaves_it_open():
    """By 372/QĐ-TTg recognition is considered anew after five years; then it was no longer in force."""
    first = "commune/standard/2010-2015"
    years = [dossier(2015, titles=[title("2015-06-01", first)]), dossier(2020)]
    found = ntm.status(years)
    assert (found.state, states(found)[-2]) == (GIVEN, ("2020-06-01", GIVEN, (CauseCode.RENEWAL_OPEN,)))
    cause = found.history[-2].cause
    assert (cause.years, cause.citation.instrument) == (5, "372/QĐ-TTg")
    early = ntm.status([dossier(2012, titles=[title("2012-06-01", first)])], on="2020-12-31")
    assert CauseCode.RENEWAL_OPEN not in [each.cause.code for each in early.history]


def test_the_day_of_a_leap_year_has_its_own_in_others(anew):
    """What was given on 29 February is considered anew on the 28th."""
    anew("2021-12-31")
    made = renewal(OLD, ntm.HeldTitle(OLD, PartialDate(2020, 2, 29)))
    assert made == Renewal(date(2022, 2, 28), 2, Citation("1980/QĐ-TTg", None, Grade.TEXT), in_force=False)


def test_a_set_without_years_asks_for_none(packaged):
    """A set on renewal that names no number of years makes nothing due."""
    packaged(attrs.evolve(revocation(HALF), id=ntm.SetId.parse(f"renewal/{OLD}")))
    found = ntm.status([dossier(2020, titles=[title()])])
    assert (found.state, found.history[-1].cause.result.verdict) == (KEPT, Verdict.MET)
