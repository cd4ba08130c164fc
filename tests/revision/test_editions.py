from __future__ import annotations

import itertools
from datetime import date, timedelta

import attrs
import pytest

import ntm_rules as ntm
from ntm_rules import NotInForceError, ProblemCode, RevisionError, UnknownNameError
from ntm_rules.revision import apply_edits, consolidate
from ntm_rules.rulebook import amendments, editions, find, load, places, set_names
from ntm_rules.vocabulary.criteria import InForce
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.revisions import Retitle, SetCell, SetInForce
from revision_strategies import BASE, PLACES, percent, revision, text

DAY = timedelta(days=1)
FIRST, LAST = BASE.in_force.first_day, BASE.in_force.last_day
OLD = "commune/standard/2010-2015"
AMENDED = date(2013, 2, 20)


def title(vi, first, last=None, at="", **own):
    """An amendment that gives a title."""
    return revision(Retitle(at=at, title=text(vi)), id=vi, in_force=InForce(first, last, Grade.TEXT), **own)


def consolidated(*amendments):
    """The editions of the small set, each with its days and its title, whose days must join."""
    found = consolidate(BASE, amendments, PLACES)
    assert found[0].in_force.first_day == FIRST
    assert found[-1].in_force.last_day == LAST
    for one, following in itertools.pairwise(found):
        assert one.in_force.last_day + DAY == following.in_force.first_day
        assert one.edition != following.edition
    return [(rules.in_force.first_day, rules.title.vi) for rules in found]


# --- by amendments made up --------------------------------------------------------------------------------------


def test_without_amendments():
    """A set that was never amended has one edition, which is the set itself."""
    assert consolidate(BASE, (), PLACES) == (BASE,)


def test_an_amendment_begins_an_edition():
    """An edition begins on the first day of an amendment and lasts to the set's last day."""
    day = date(2018, 5, 1)
    assert consolidated(title("Mới", day)) == [(FIRST, BASE.title.vi), (day, "Mới")]
    old, new = consolidate(BASE, [title("Mới", day)], PLACES)
    assert old.in_force == attrs.evolve(BASE.in_force, last_day=day - DAY, last_grade=Grade.TEXT)
    assert new.in_force == attrs.evolve(BASE.in_force, first_day=day, first_grade=Grade.TEXT)


def test_an_amendment_ends():
    """What an amendment changed is as before from the day after its last."""
    first, last = date(2018, 5, 1), date(2019, 4, 30)
    assert consolidated(title("Mới", first, last)) == [
        (FIRST, BASE.title.vi),
        (first, "Mới"),
        (date(2019, 5, 1), BASE.title.vi),
    ]


def test_a_gap_between_two_amendments():
    """Between two amendments the set is as it was issued; where they join there is no edition between them."""
    one = title("Một", date(2018, 1, 1), date(2018, 6, 30))
    with_gap = title("Hai", date(2018, 9, 1))
    assert consolidated(with_gap, one) == [
        (FIRST, BASE.title.vi),
        (date(2018, 1, 1), "Một"),
        (date(2018, 7, 1), BASE.title.vi),
        (date(2018, 9, 1), "Hai"),
    ]
    joined = title("Hai", date(2018, 7, 1))
    assert [name for _, name in consolidated(one, joined)] == [BASE.title.vi, "Một", "Hai"]


def test_a_later_amendment_stands_over_an_earlier():
    """Of two amendments of one thing the later stands while it is in force; the earlier stands again behind it."""
    one, two = title("Một", date(2018, 1, 1)), title("Hai", date(2019, 1, 1), date(2019, 12, 31))
    for order in ((one, two), (two, one)):
        assert consolidated(*order) == [
            (FIRST, BASE.title.vi),
            (date(2018, 1, 1), "Một"),
            (date(2019, 1, 1), "Hai"),
            (date(2020, 1, 1), "Một"),
        ]


def test_two_amendments_of_one_day():
    """Amendments of one day make one edition with the changes of both."""
    day = date(2018, 1, 1)
    edits = [title("Một", day), title("Hai", day, at="1")]
    assert consolidated(*edits) == [(FIRST, BASE.title.vi), (day, "Một")]
    _, both = consolidate(BASE, edits, PLACES)
    assert both["1"].title == text("Hai")
    assert consolidate(BASE, edits[::-1], PLACES)[1] == both


def test_two_amendments_of_one_day_and_one_thing():
    """Two amendments of one day that change the same thing are an error, never a silent choice."""
    day = date(2018, 1, 1)
    with pytest.raises(RevisionError) as refused:
        consolidate(BASE, [title("Một", day), title("Hai", day)], PLACES)
    assert [each.code for each in refused.value.problems] == [ProblemCode.CONFLICTING_EDITS]


def test_an_amendment_of_another_set():
    """An amendment of another set is refused."""
    with pytest.raises(RevisionError) as refused:
        consolidate(BASE, [title("Một", date(2018, 1, 1), revises=OLD)], PLACES)
    assert [each.code for each in refused.value.problems] == [ProblemCode.OTHER_SET]


def test_an_amendment_that_can_not_be_made():
    """An amendment of something that is not there is refused."""
    with pytest.raises(RevisionError) as refused:
        consolidate(BASE, [title("Một", date(2018, 1, 1), at="7")], PLACES)
    assert [each.code for each in refused.value.problems] == [ProblemCode.EDIT_OF_NOTHING]


@pytest.mark.parametrize(
    ("first", "last", "titles"),
    [
        (LAST + DAY, None, ["cũ"]),
        (FIRST - 9 * DAY, FIRST - DAY, ["cũ"]),
        (FIRST - 9 * DAY, None, ["Mới"]),
        (FIRST, LAST, ["Mới"]),
        (FIRST, FIRST, ["Mới", "cũ"]),
        (LAST, None, ["cũ", "Mới"]),
        (LAST - DAY, LAST, ["cũ", "Mới"]),
    ],
)
def test_at_the_edges_of_the_set(first, last, titles):
    """An amendment counts on the days on which the set itself is in force, and makes no edition beyond them."""
    found = [name for _, name in consolidated(title("Mới", first, last))]
    assert ["cũ" if name == BASE.title.vi else name for name in found] == titles


def test_an_amendment_without_days():
    """An amendment that says not when it holds, and one without edits, change nothing."""
    assert consolidate(BASE, [revision(Retitle(title=text("Mới")))], PLACES) == (BASE,)
    old, new = consolidate(BASE, [revision(in_force=InForce(date(2018, 1, 1)))], PLACES)
    assert attrs.evolve(old, in_force=new.in_force) == new


def test_a_set_without_a_last_day():
    """The last edition of a set that is in force without end has no last day."""
    base = attrs.evolve(BASE, in_force=InForce(FIRST))
    assert [rules.in_force.last_day for rules in consolidate(base, [title("Mới", date(2018, 1, 1))], PLACES)] == [
        date(2017, 12, 31),
        None,
    ]


def test_editions_have_fingerprints_of_their_own():
    """Every edition has another fingerprint, if only for its days."""
    cell = SetCell(at="1/1.1", row=("general",), cell=percent(1))
    amendment = revision(cell, in_force=InForce(date(2018, 1, 1), date(2018, 12, 31)))
    found = consolidate(BASE, [amendment], PLACES)
    assert len({rules.fingerprint for rules in found}) == len(found) == 3


# --- of the packaged law ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", set_names())
def test_the_editions_of_a_set_join(name):
    """The editions of a packaged set follow each other without gap or overlap, each found by its first and last day."""
    found = editions(name)
    assert len({rules.edition for rules in found}) == len(found)
    for at, rules in enumerate(found):
        if at:
            assert found[at - 1].in_force.last_day + DAY == rules.in_force.first_day
        assert load(name, on=rules.in_force.first_day) == rules
        assert load(name, on=rules.in_force.last_day or date.max) == rules
        assert load(rules.edition) == rules


def test_the_day_picks_the_edition():
    """The edition in force on the day is given; before the first it is the first, after the last the last."""
    old, new, last = editions(OLD)
    assert load(OLD, on=AMENDED - DAY) == load(OLD, on="2009-04-16") == load(OLD, on="1999-01-01") == old
    assert load(OLD, on=AMENDED) == load(OLD, on="2014-03-13") == new
    assert load(OLD, on="2014-03-14") == load(OLD, on="2999-01-01") == load(OLD) == last
    assert load(f"{OLD}@2009-04-16") == old
    assert load(f"{OLD}@2013-02-20", on="2010-01-01") == new
    assert len({old, new, last}) == 3


def test_the_consolidated_edition():
    """Each later edition is the one before with the amendment of 2013, then of 2014, laid over it."""
    first, second = amendments(OLD)
    old, new, last = editions(OLD)
    for before, amendment, rules in ((old, first, new), (new, second, last)):
        made = apply_edits(before, amendment.edits, places())
        assert rules == attrs.evolve(made, in_force=rules.in_force)
        assert not rules.hypothetical
    assert load(OLD, on="2014-12-31") == last
    assert (first.instrument, first.issued) == ("342/QĐ-TTg", AMENDED)
    assert (second.instrument, second.issued) == ("372/QĐ-TTg", date(2014, 3, 14))


@pytest.mark.parametrize("name", [name for name in set_names() if amendments(name)])
def test_the_packaged_law_can_be_trusted(name):
    """Checked as a document of it would be, every edition of a packaged set is the same, whatever was known."""
    issued = sorted({each.issued for each in amendments(name)})
    base = load(name, known=issued[0] - DAY)
    for known in issued:
        law = [each for each in amendments(name) if each.issued <= known]
        checked = consolidate(base, law, places(), trusted=False)
        assert editions(name, known=known) == checked
        assert [each.fingerprint for each in editions(name, known=known)] == [each.fingerprint for each in checked]


def test_what_was_known():
    """What was not issued yet was not known: as of the day before, no amendment is there, whatever the day judged."""
    before = AMENDED - DAY
    (only,) = editions(OLD, known=before)
    assert only.in_force.last_day == editions(OLD)[-1].in_force.last_day
    assert load(OLD, known=before) == load(OLD, on="2014-12-31", known=before.isoformat()) == only
    assert attrs.evolve(only, in_force=editions(OLD)[0].in_force) == editions(OLD)[0]
    assert [rules.edition for rules in editions(OLD, known=AMENDED)] == [r.edition for r in editions(OLD)[:2]]
    assert load(OLD, on="2013-12-31", known=AMENDED).edition == load(OLD, on="2013-12-31").edition
    assert editions(OLD, known="2014-03-14") == editions(OLD)


@pytest.mark.parametrize(
    ("on", "edition"),
    [
        ("2009-04-16", f"{OLD}@2009-04-16"),
        ("2013-02-19", f"{OLD}@2009-04-16"),
        ("2013-02-20", f"{OLD}@2013-02-20"),
        ("2014-03-13", f"{OLD}@2013-02-20"),
        ("2015-12-31", f"{OLD}@2014-03-14"),
        ("2016-12-01", "commune/standard/2016-2020@2016-12-01"),
        ("2020-12-31", "commune/standard/2016-2020@2016-12-01"),
        (None, "commune/standard/2026-2030@2026-02-15"),
    ],
)
def test_found_by_the_day(on, edition):
    """The edition of a level that was in force on a day is found in each period."""
    assert find("commune", on=on).edition == edition


def test_found_by_the_period():
    """Within a period the day picks the edition."""
    assert find("commune", period="2010-2015", on="2010-01-01").edition == f"{OLD}@2009-04-16"
    with pytest.raises(NotInForceError):
        find("commune", on="2009-04-15")


@pytest.mark.parametrize(
    ("name", "near"),
    [(f"{OLD}@2013-02-21", f"{OLD}@2013-02-20"), ("commune/standard/2010-2016", OLD)],
)
def test_no_such_edition(name, near):
    """A name that no set or edition bears is refused with the nearest."""
    with pytest.raises(UnknownNameError, match=near):
        load(name)


def test_an_edition_that_was_not_known():
    """An edition that an amendment made is not there as of a day before the amendment was issued."""
    with pytest.raises(UnknownNameError):
        load(f"{OLD}@2013-02-20", known=AMENDED - DAY)
    with pytest.raises(UnknownNameError):
        editions("commune/standard/2010-2016")
    with pytest.raises(ValueError, match="20-02-2013"):
        load(OLD, known="20-02-2013")


def test_a_set_without_amendments():
    """A set that nothing amended has no amendments and one edition."""
    assert amendments("commune/standard/2016-2020") == ()
    assert editions("commune/standard/2016-2020") == (ntm.load("commune/standard/2016-2020"),)


@pytest.mark.parametrize(("level", "tier"), [("comune", "standard"), ("commune", "standart")])
def test_no_such_level_or_tier(level, tier):
    """A level or tier that there is not is refused with the nearest."""
    with pytest.raises(UnknownNameError, match=r"commune|standard"):
        find(level, tier)


# --- the set's own days -----------------------------------------------------------------------------------------


def test_an_amendment_may_prolong_the_set():
    """An amendment that changes the set's last day is not lost: the last edition lasts until then."""
    day, end = date(2018, 5, 1), LAST + timedelta(days=400)
    longer = attrs.evolve(BASE.in_force, last_day=end)
    amendment = revision(SetInForce(in_force=longer), id="longer", in_force=InForce(day, None, Grade.TEXT))
    old, new = consolidate(BASE, [amendment], PLACES)
    assert (old.in_force.first_day, old.in_force.last_day) == (FIRST, day - DAY)
    assert (new.in_force.first_day, new.in_force.last_day) == (day, end)


def test_an_amendment_until_the_end_of_time():
    """A last day that is the last there is begins no further edition."""
    endless = attrs.evolve(BASE, in_force=attrs.evolve(BASE.in_force, last_day=None))
    first = date(2018, 5, 1)
    assert len(consolidate(endless, [title("Mới", first, date.max)], PLACES)) == 2
