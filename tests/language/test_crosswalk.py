from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given

from criteria_strategies import damaged, outcome, plain_data
from ntm_rules import CriteriaError, Crosswalk, CrosswalkLink, DocumentError, Relation, Text
from ntm_rules.language import from_plain, parse_crosswalk, write_crosswalk
from ntm_rules.rulebook import crosswalk, periods

OLD, NEW = "commune/standard/2010-2015", "commune/standard/2016-2020"
WORDS = {"vi": "Lý do", "en": "Reason"}


def link(earlier: list[str], later: list[str], kind: str = "redefined") -> dict[str, object]:
    """A link as plain data, between rows of the first two sets."""
    return {
        "from": [f"{OLD}#{each}" for each in earlier],
        "to": [f"{NEW}#{each}" for each in later],
        "kind": kind,
        "reason": WORDS,
    }


def document(*links: object) -> dict[str, object]:
    """A crosswalk as plain data."""
    return {"crosswalk": 1, "links": list(links)}


def parsed(data: object) -> Crosswalk:
    """The crosswalk that plain data makes."""
    return parse_crosswalk(from_plain(data), periods())


def problems(data: object) -> list[tuple[str, str, str | None]]:
    """Code, path and nearest name of everything that is wrong."""
    with pytest.raises(CriteriaError) as caught:
        parsed(data)
    found = caught.value.problems
    return [(each.code.name, each.where.path, dict(each.params).get("nearest")) for each in found]


def test_a_link_is_read() -> None:
    """A link holds its two sides as full addresses, its kind and its reason in both languages."""
    made = parsed(document(link(["2.1"], ["2/2.1"])))
    assert made.links == (
        CrosswalkLink(
            earlier=(f"{OLD}#2/2.1",),
            later=(f"{NEW}#2/2.1",),
            relation=Relation.REDEFINED,
            reason=Text("Lý do", "Reason"),
        ),
    )


@pytest.mark.parametrize("written", ["advanced_standard", "precondition/advanced_standard"])
def test_a_condition_of_recognition_may_be_linked(written: str) -> None:
    """A condition may be named by its key alone, or with what stands before it in an address."""
    (made,) = parsed(
        document({**link([], []), "from": [f"commune/model/2018-2020#{written}"], "kind": "dropped"})
    ).links
    assert made.earlier == ("commune/model/2018-2020#precondition/advanced_standard",)


def test_what_is_written_is_read_back() -> None:
    """The packaged crosswalk written as plain data and read again is the same."""
    assert parsed(write_crosswalk(crosswalk())) == crosswalk()


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (link(["2/2.9"], ["2/2.1"]), [("UNKNOWN_ADDRESS", "$.links[0].from[0]", "2/2.4")]),
        (link(["2/2.1"], ["2"]), [("UNKNOWN_ADDRESS", "$.links[0].to[0]", None)]),
        (link(["10"], ["10/10"]), [("UNKNOWN_ADDRESS", "$.links[0].from[0]", None)]),
        (link(["2/2.1"], ["2/2.1"], "split"), [("SIDES_DO_NOT_FIT", "$.links[0]", None)]),
        (link(["2/2.1"], ["2/2.1"], "new"), [("SIDES_DO_NOT_FIT", "$.links[0]", None)]),
        (link(["2/2.1"], [], "same"), [("SIDES_DO_NOT_FIT", "$.links[0]", None)]),
        (link(["2/2.1"], ["2/2.1"], "sme"), [("NOT_ONE_OF", "$.links[0].kind", "same")]),
        (link(["2/2.1", "2/2.1"], ["2/2.1"], "merged"), [("LINKED_TWICE", "$.links[0].from[1]", None)]),
        (link(["2/2.1"], ["2/2.1", "2/2.1"], "split"), [("LINKED_TWICE", "$.links[0].to[1]", None)]),
        ({**link(["2/2.1"], []), "to": ["2.1"]}, [("BAD_FORMAT", "$.links[0].to[0]", None)]),
        ({**link(["2/2.1"], []), "to": [["2.1"]]}, [("WRONG_TYPE", "$.links[0].to[0]", None)]),
        (
            {**link(["2/2.1"], []), "to": ["commune/standard/2016-2021#2/2.1"]},
            [("UNKNOWN_SET", "$.links[0].to[0]", NEW)],
        ),
    ],
)
def test_what_is_wrong_with_a_link(data: object, found: list[tuple[str, str, str | None]]) -> None:
    """A link that makes no sense is a problem at its place, with the nearest name where one is unknown."""
    assert problems(document(data)) == found


def test_an_indicator_leads_on_once() -> None:
    """Two links from one indicator are a problem, told at the second."""
    found = problems(document(link(["2/2.1"], ["2/2.1"]), link(["2/2.1"], ["2/2.2"])))
    assert found == [("LINKED_TWICE", "$.links[1].from[0]", None)]


def test_nothing_leads_to_what_is_new() -> None:
    """An indicator that is new has no other link; one that came of several may have more."""
    found = problems(document(link([], ["2/2.1"], "new"), link(["2/2.1"], ["2/2.1"])))
    assert found == [("LINKED_TWICE", "$.links[1].to[0]", None)]
    assert len(parsed(document(link(["2/2.1"], ["2/2.1"]), link(["2/2.2"], ["2/2.1"]))).links) == 2


@given(plain_data | damaged(write_crosswalk(Crosswalk(crosswalk().links[:3]))))
def test_anything_is_a_crosswalk_or_a_problem(data: object) -> None:
    """Whatever a document holds, it is read or everything wrong with it is told."""
    read: Callable[[], Crosswalk] = lambda: parsed(data)  # noqa: E731 - the name gives its type
    assert isinstance(outcome(read), Crosswalk | DocumentError)
