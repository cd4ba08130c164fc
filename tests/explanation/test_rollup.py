from __future__ import annotations

from pathlib import Path

import pytest

from ntm_rules import describe, evaluate, unknowns, why
from ntm_rules.messages import LANGUAGES
from ntm_rules.rulebook import read_criteria_set, read_dossier
from ntm_rules.vocabulary.requirements import AnyOf, Attains, Collection, Denominator
from ntm_rules.vocabulary.text import Text
from ntm_rules.vocabulary.verdicts import Verdict
from rollup_strategies import COMMUNE_SET, P, Q, commune, count, district, district_set, every, share
from strategies import by_region, percent

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "district"


@pytest.fixture(scope="module")
def result():
    """The illustrative district, judged by the illustrative set."""
    return evaluate(read_criteria_set(EXAMPLE / "rules.yaml"), read_dossier(EXAMPLE / "minh-hoa.yaml"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_of_a_district(golden, result, lang):
    """It leads down to the communes that hold the district back, with the criteria that they fail."""
    golden(f"explanation/district.{lang}.txt", f"{why(result, lang)}\n\n{unknowns(result, lang)}\n")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_asked_of_a_district(golden, lang):
    """Counts, shares and what every commune must meet are told without any place."""
    table = by_region(red_river_delta=percent(80), mekong_delta=percent(70))
    rules = district_set(
        share(Attains(address="commune/standard"), table),
        share(AnyOf(members=(P, Q)), 50, of=Denominator.UNSTATED),
        share(AnyOf(members=(P, Q), title=Text("Điều kiện thử", "Test condition")), table, of=Denominator.LISTED),
        count(P, 3, what=Collection.WARDS),
        every(P),
        every(P, Q),
    )
    golden(f"explanation/describe-district.{lang}.txt", describe(rules, rules["1"], lang) + "\n")


def test_an_open_commune_is_told_in_one_line(result):
    """Of a commune of which little is known the open criteria are numbered, not told one by one."""
    rules = district_set(share(Attains(address=COMMUNE_SET), 100), share(Attains(address=f"{COMMUNE_SET}#17.1"), 100))
    open_ = evaluate(rules, district(commune("x")))
    lines = why(open_["1.1"], "en").splitlines()
    assert lines[-1].strip().startswith("Undetermined: criteria 1, 2, 3,")
    assert why(open_["1.2"], "en").splitlines()[-1].strip() == "Undetermined: criteria 17."
    assert why(result["3"], "en").count("Thử Một") == 2


def test_a_row_of_a_criterion_that_fails_is_told_alone():
    """Where one indicator is asked of each commune, no other is told."""
    from ntm_rules.vocabulary.dossiers import FactValue

    facts = tuple(FactValue(fact, statement=False) for fact in ("has_standard_electricity_system", "has_cooperative"))
    rules = district_set(
        share(Attains(address=f"{COMMUNE_SET}#4.1"), 100), share(Attains(address=f"{COMMUNE_SET}#4"), 100)
    )
    failing = evaluate(rules, district(commune("x", facts=facts)))
    for number in ("1.1", "1.2"):
        page = why(failing[number], "en")
        assert failing[number].verdict is Verdict.NOT_MET
        assert ("Electricity system up to standard" in page, "Cooperative" in page) == (True, False)


def test_a_province_leads_down_to_its_communes():
    """What holds a district back is told under it, down to the commune."""
    import attrs

    from ntm_rules.vocabulary.places import Level

    below = district(commune("x", {"p": True}), commune("y", {"p": False}))
    place = attrs.evolve(below.place, level=Level.PROVINCE, name="Tỉnh thử")
    above = attrs.evolve(district(below), place=place)
    page = why(evaluate(district_set(share(share(P, 100), 100, what=Collection.DISTRICTS)), above)["1.1"], "en")
    assert "commune y" in page
    assert "Commune y: The dossier says no (2020): Số liệu p (en)." in page
    assert "Commune x" not in page


def test_who_is_excepted_is_not_told_as_failing():
    """A commune that meets the exception stands nowhere among those that hold the district back."""
    place = district(commune("x", {"q": True, "p": False}), commune("y", {"q": False, "p": False}))
    page = why(evaluate(district_set(every(P, Q)), place)["1.1"], "en")
    assert ("commune y" in page, "commune x" in page) == (True, False)


@pytest.mark.parametrize(("known", "verdict"), [({}, Verdict.UNDETERMINED), ({"p": False}, Verdict.NOT_MET)])
def test_a_province_leads_down_through_the_set_of_a_district(monkeypatch, known, verdict):
    """Where a district is judged by a set of its own, what is open or fails in it is told down to the commune."""
    import attrs

    from ntm_rules.evaluation import elsewhere
    from ntm_rules.vocabulary.criteria import Counts, SetId
    from ntm_rules.vocabulary.places import Level

    own = district_set(every(P))
    monkeypatch.setattr(elsewhere, "load", lambda *_, **__: own)
    asked = share(Attains(address=str(own.id)), 100, what=Collection.DISTRICTS)
    rules = attrs.evolve(district_set(asked), id=SetId.parse("province/standard/2016-2020"))
    below = district(commune("x", known))
    above = attrs.evolve(district(below), place=attrs.evolve(below.place, level=Level.PROVINCE, name="Tỉnh thử"))
    judged = evaluate(rules, above)
    assert judged.verdict is verdict
    assert "Commune x: " in why(judged["1.1"], "en")
    incomplete = attrs.evolve(own, counts=Counts(2, 2))
    monkeypatch.setattr(elsewhere, "load", lambda *_, **__: incomplete)
    met = attrs.evolve(
        above, sub_places=attrs.evolve(above.sub_places, dossiers=(district(commune("x", {"p": True})),))
    )
    assert "Undetermined" not in why(evaluate(rules, met)["1.1"], "en")


def test_what_is_counted_stands_where_a_fact_would():
    """An open threshold of a share, or places that are not told of, are told with what would be counted."""
    from ntm_rules.vocabulary.requirements import Unstated

    rules = district_set(share(P, Unstated()))
    place = district(commune("x", {"p": True}))
    assert "1/1 communes meet it (100%): the law sets a threshold" in why(evaluate(rules, place)["1.1"], "en")
    assert "communes: the law sets" in why(evaluate(rules, district(None))["1.1"], "en").casefold()
    assert evaluate(rules, place).missing_in_sub_places == {}
