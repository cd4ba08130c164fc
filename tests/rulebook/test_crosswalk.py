from __future__ import annotations

from typing import Any

import pytest

import ntm_rules as ntm
from ntm_rules import Crosswalk, CrosswalkLink, Relation
from ntm_rules.language.criteria import write_indicator
from ntm_rules.rulebook import editions, set_names
from ntm_rules.rulebook.lattice import Looser, looser_than

CROSSWALK: Crosswalk = ntm.crosswalk()
#: From which set to which, as the links with two sides say.
STEPS = sorted(
    {(e.partition("#")[0], t.partition("#")[0]) for li in CROSSWALK.links for e in li.earlier for t in li.later}
)


def ends(link: CrosswalkLink) -> tuple[ntm.CriteriaSet, ntm.Indicator, ntm.CriteriaSet, ntm.Indicator]:
    """The two sets of a link from one indicator to one, each with its indicator."""
    (earlier,), (later,) = link.earlier, link.later
    before, after = editions(earlier.partition("#")[0])[-1], editions(later.partition("#")[0])[0]
    old, new = before[earlier.partition("#")[2]], after[later.partition("#")[2]]
    assert isinstance(old, ntm.Indicator)
    assert isinstance(new, ntm.Indicator)
    return before, old, after, new


def of(*relations: Relation) -> list[CrosswalkLink]:
    """The links of some kinds."""
    return [link for link in CROSSWALK.links if link.relation in relations]


def named(link: CrosswalkLink) -> str:
    """A link as a test's id."""
    return f"{','.join(link.earlier)}>{','.join(link.later)}"


def test_the_steps_are_those_from_period_to_period() -> None:
    """The packaged crosswalk links the sets of one level and tier in order, where the sheets hold both."""
    assert STEPS == [
        ("commune/model/2018-2020", "commune/model/2021-2025"),
        ("commune/standard/2010-2015", "commune/standard/2016-2020"),
        ("commune/standard/2016-2020", "commune/standard/2021-2025"),
        ("commune/standard/2021-2025", "commune/standard/2026-2030"),
        ("district/standard/2010-2015", "district/standard/2016-2020"),
        ("district/standard/2016-2020", "district/standard/2021-2025"),
        ("district/task_completed/2016-2020", "district/task_completed/2021-2025"),
        ("province/task_completed/2020", "province/task_completed/2021-2025"),
        ("province/task_completed/2021-2025", "province/task_completed/2026-2030"),
    ]


@pytest.mark.parametrize(("before", "after"), STEPS)
def test_no_indicator_is_forgotten(before: str, after: str) -> None:
    """Every indicator of the earlier set leads on, if only as dropped or unknown; to every later one a link leads."""
    led_on = {address for link in CROSSWALK.links for address in link.earlier}
    led_to = {address for link in CROSSWALK.links for address in link.later}
    old, new = editions(before)[-1], editions(after)[0]
    assert {old.address(each) for _, each in old.indicators} <= led_on
    assert {new.address(each) for _, each in new.indicators} <= led_to


def test_addresses_lead_to_indicators() -> None:
    """Every address is an indicator or condition of the last edition of its set, or of the first where it is later."""
    for link in CROSSWALK.links:
        for side, at in ((link.earlier, -1), (link.later, 0)):
            for address in side:
                name, _, local = address.partition("#")
                assert name in set_names()
                assert isinstance(editions(name)[at].find(local), ntm.Indicator)


def test_reasons_are_given_in_both_languages() -> None:
    """Each link says why, and not the same in both languages."""
    for link in CROSSWALK.links:
        assert link.reason.vi
        assert link.reason.en
        assert link.reason.vi != link.reason.en


def asked(data: Any) -> Any:
    """What a written requirement asks, without its titles and sources."""
    if isinstance(data, dict):
        return {key: asked(value) for key, value in data.items() if key not in ("id", "title", "source", "why")}
    return [asked(each) for each in data] if isinstance(data, list) else data


@pytest.mark.parametrize("link", of(Relation.SAME), ids=named)
def test_what_is_the_same_asks_the_same(link: CrosswalkLink) -> None:
    """An indicator that stayed the same asks the same of every row in both sets."""
    _, old, _, new = ends(link)
    assert asked(write_indicator(old)["require"]) == asked(write_indicator(new)["require"])


def lax(norm: ntm.CriteriaSet, rules: ntm.CriteriaSet, indicator: ntm.Indicator) -> list[Looser]:
    """The cells of an indicator of *rules* that are looser than those of *norm*."""
    at = rules.address(indicator).partition("#")[2]
    return [each for each in looser_than(norm, rules) if each.comparison.address == at]


@pytest.mark.parametrize("link", of(Relation.SAME, Relation.STRICTER, Relation.LOOSER), ids=named)
def test_figures_bear_the_kind_out(link: CrosswalkLink) -> None:
    """Where both sets have a figure for a row, the later is no looser if stricter, no stricter if looser."""
    before, old, after, new = ends(link)
    if link.relation is not Relation.LOOSER:
        assert not lax(before, after, new)
    if link.relation is not Relation.STRICTER:
        assert not lax(after, before, old)


def test_a_stricter_figure_is_seen() -> None:
    """Health insurance went from 70 % to 85 % in every row, and the figures show it."""
    (link,) = CROSSWALK.on(["commune/standard/2010-2015#15/15.1"])
    before, old, after, _ = ends(link)
    assert link.relation is Relation.STRICTER
    assert {(each.figure.written(), each.norm.written()) for each in lax(after, before, old)} == {("70 %", "85 %")}
