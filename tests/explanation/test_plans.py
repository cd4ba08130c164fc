from __future__ import annotations

import json

import attrs
import pytest

from ntm_rules import evaluate, load, plan, read_dossier
from ntm_rules.messages import LANGUAGES
from ntm_rules.vocabulary.canonical import canonical
from ntm_rules.vocabulary.requirements import AllOf, AnyOf, Authority, DecidedBy, ForEach, Holds, IsOneOf, Sign, When
from strategies import at_least, compare, dossier, only, rating

A, B, P = at_least("a", 50), at_least("b", 50), Holds(fact="p")
LEFT_OPEN = DecidedBy(authority=Authority.PROVINCE)


def planned(require, facts, costs=None):
    """The plan for one requirement."""
    return plan(only(require), dossier(facts), costs)


def lines(found, lang="en"):
    """The page without its heading, and without indents."""
    return [line.strip() for line in found.why(lang).partition("\n\n")[2].splitlines()]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["illustration/minh-hoa", "dinh-hoa/phu-dinh", "periods/2014-standard"])
def test_the_plan_of_an_example(name, lang, golden):
    """What would have to change, for a real dossier, an illustrated one and one of another period."""
    read = read_dossier(f"examples/{name}.yaml")
    found = plan(load(read.set_id, on=read.on), read, {"health_insurance_share": 10})
    golden(f"explanation/plan-{name.replace('/', '-')}.{lang}.txt", found.why(lang) + "\n")


def test_the_plan_of_an_example_as_data(golden):
    """The plan as plain data, which canonical JSON can hold."""
    read = read_dossier("examples/illustration/minh-hoa.yaml")
    data = plan(load("commune/standard/2016-2020", on="2020-12-31"), read).to_dict()
    assert json.loads(canonical(data)) == data
    golden("explanation/plan-minh-hoa.json", json.dumps(data, ensure_ascii=False, indent=1) + "\n")


@pytest.mark.parametrize(
    ("require", "facts", "told"),
    [
        (A, {"a": "47.5"}, "Số liệu a (en), now 47.5%; required: at least 50%; distance: 2.5 percentage points."),
        (
            compare("a", Sign.MORE_THAN, 50),
            {"a": 50},
            "Số liệu a (en), now 50%; required: more than 50%; distance: exactly on the figure that must be passed.",
        ),
        (A, {"a": (1, 3)}, "distance: about 16.67 percentage points (at least 1 more in the numerator)."),
        (compare("a", Sign.AT_MOST, 50), {"a": (3, 4)}, "25 percentage points (at least 1 fewer in the numerator)."),
        (P, {"p": False}, "Số liệu p (en): would have to become yes."),
        (When(when=P, then=A, otherwise=B), {"p": True, "a": 1, "b": 60}, "Số liệu p (en): would have to become no."),
        (
            IsOneOf(subject="category", values=("v",)),
            {"category": "x"},
            "now Loại x (en), would have to become Loại v (en).",
        ),
        (compare("step", Sign.AT_LEAST, rating("fair")), {"step": rating("poor")}, "distance: 1 step."),
        (
            ForEach(by="sex", require=at_least("m", 2)),
            {"m__men": 0, "m__women": 2},
            "Số liệu m (en), phần men (en), now 0%",
        ),
        (AllOf(members=(A, LEFT_OPEN)), {"a": 40}, "Besides, what figures do not bring about:"),
        (A, {"a": 60}, "The set is met. What suffices for it, and by how much, stands below."),
        (A, {}, "There is no figure whose change alone would make a failing row met."),
        (
            A,
            {"a": 40},
            "Each of the following alternatives alone makes the set met; none of its changes can be left out.",
        ),
    ],
)
def test_each_thing_has_its_sentence(require, facts, told):
    """Every kind of move, and every state of a plan, is told."""
    assert any(told in line for line in lines(planned(require, facts)))


def test_alternatives_tell_their_cost():
    """The cheapest is marked, where there is another; a cost without a short decimal is rounded for display only."""
    found = planned(AnyOf(members=(A, B)), {"a": (1, 3), "b": 40}, {"a": 1, "b": 2})
    assert [line for line in lines(found) if line.startswith("Alternative")] == [
        "Alternative 1, cost about 16.67 (the lowest)",
        "Alternative 2, cost 20",
    ]
    assert found.to_dict()["cheapest"] == 0
    assert found.to_dict()["alternatives"][0]["cost"] == "50/3"


def test_a_list_that_is_cut_says_so():
    """Where more alternatives exist than are listed, the page says how many it lists."""
    found = attrs.evolve(planned(A, {"a": 40}), complete=False)
    assert "Only 1 alternatives are listed; there are more." in lines(found)
    assert evaluate(only(A), dossier({"a": 40})).verdict is found.before.verdict


def test_what_no_figure_brings_about_is_no_alternative():
    """Where a year that was not kept decides, no alternative is told, only that it is out of reach."""
    rules, read = load("renewal/commune/standard/2010-2015"), read_dossier("examples/renewal/xa-2016.yaml")
    told = plan(rules, read).why("en")
    assert "There is no figure" in told
    assert "Alternative 1" not in told
    assert "2014" in told
