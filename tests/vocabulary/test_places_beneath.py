from __future__ import annotations

import attrs
import pytest

from ntm_rules import evaluate, read_dossier
from ntm_rules.vocabulary.criteria import Act, SetId, Tier
from ntm_rules.vocabulary.dossiers import SubPlaces
from ntm_rules.vocabulary.places import Level, Place
from ntm_rules.vocabulary.requirements import Attains, Collection
from ntm_rules.vocabulary.verdicts import Verdict
from rollup_strategies import P, commune, count, district, district_set, share, title

COMMUNES = ("commune",)


def province(*below, counts=(), **own):
    """A province's dossier with those of its districts."""
    dossier = attrs.evolve(district(), sub_places=SubPlaces(tuple(dict(counts).items()), below), **own)
    return attrs.evolve(dossier, place=Place(Level.PROVINCE, "Thử", region=dossier.place.region))


def named(name, *below, kind=None, counts=(), **own):
    """A district's dossier of that name."""
    dossier = district(*below, counts=counts, **own)
    return attrs.evolve(dossier, place=attrs.evolve(dossier.place, name=name, kind=kind))


def names(dossier, kinds=COMMUNES):
    """The names of the places of these kinds beneath a place, and how many more there are."""
    found, more = dossier.places_beneath(kinds)
    return [each.place.name for each in found], more


@pytest.mark.parametrize(
    ("dossier", "found"),
    [
        (attrs.evolve(province(), sub_places=None), ([], None)),
        (province(), ([], None)),
        (province(counts={"commune": 3}), ([], 3)),
        (province(named("A", commune("x")), named("B", commune("y"))), (["x", "y"], 0)),
        (province(named("A", commune("x"), counts={"commune": 3}), named("B", commune("y"))), (["x", "y"], 2)),
        (province(named("A", commune("x")), named("B", None)), (["x"], None)),
        (province(named("A", commune("x")), named("B", None), counts={"commune": 5}), (["x"], 4)),
        (province(named("A", commune("x")), counts={"district": 2}), (["x"], None)),
        (province(named("A", commune("x")), counts={"district": 1}), (["x"], 0)),
    ],
)
def test_communes_of_a_province_are_those_of_its_districts(dossier, found):
    """They are found through the districts; how many more there are is open where a district does not say."""
    assert names(dossier) == found


def test_titles_come_down_with_the_places():
    """A title that a district lists for a commune is that commune's, seen from the province too."""
    holding = named("A", commune("x"), titles=(title("x"),))
    ((below,), more) = province(holding).places_beneath(COMMUNES)
    assert (below.titles, more) == ((title(),), 0)


def test_only_kinds_that_are_asked_for():
    """Towns and cities of the district level are counted together, districts proper apart from them."""
    below = (named("A"), named("B", kind="district_town"), named("C", kind="provincial_city"))
    assert names(province(*below), Collection.TOWNS_AND_CITIES.kinds) == (["B", "C"], 0)
    assert names(province(*below), Collection.DISTRICTS.kinds) == (["A"], 0)
    assert names(province(*below), Collection.SUB_PLACES.kinds) == (["A", "B", "C"], 0)
    assert Collection.TOWNS_AND_CITIES.unit == "town_or_city"


def test_a_share_of_all_communes_of_a_province():
    """A province is judged by the communes of all its districts; one district without a list leaves that open."""
    rules = attrs.evolve(district_set(share(P, 60)), id=SetId.parse("province/standard/2016-2020"))
    yes, no = {"p": True}, {"p": False}
    whole = province(named("A", commune("x", yes), commune("y", no)), named("B", commune("x", yes)))
    assert evaluate(rules, whole).verdict is Verdict.MET
    open_ = province(named("A", commune("x", yes), commune("y", no)), named("B", None))
    assert evaluate(rules, open_).verdict is Verdict.UNDETERMINED


def test_communes_of_one_name_in_two_districts_are_two():
    """Each is judged by its own dossier, and both results stand in the order of the dossier."""
    rules = attrs.evolve(
        district_set(count(Attains(address="commune/standard/2016-2020#2/2.1"), 0)),
        id=SetId.parse("province/standard/2016-2020"),
    )
    one, other = (attrs.evolve(commune("x"), year=year) for year in (2020, 2020))
    first = attrs.evolve(one, place=attrs.evolve(one.place, district="A"))
    second = attrs.evolve(other, place=attrs.evolve(other.place, district="B"))
    result = evaluate(rules, province(named("A", first), named("B", second)))
    assert [each.dossier.place.district for each in result.sub_results] == ["A", "B"]


def test_a_province_counts_communes_and_kinds_of_districts(tmp_path):
    """Its dossier may state how many there are of any kind beneath it, and what each district-level place is."""
    (tmp_path / "a.yaml").write_text(
        "dossier: 1\nyear: 2022\nplace: {level: district, kind: district_town, name: A, province: Hà Nam}\n"
        "sub_places: {list: [{name: x}, {name: y, kind: ward}]}\n",
        encoding="utf-8",
    )
    (tmp_path / "p.yaml").write_text(
        "dossier: 1\nyear: 2022\nplace: {level: province, name: Hà Nam, province: Hà Nam}\n"
        "sub_places: {count: {commune: 83, district_town: 1}, list: [a.yaml, {name: B}]}\n",
        encoding="utf-8",
    )
    read = read_dossier(tmp_path / "p.yaml")
    assert names(read) == (["x"], 82)
    assert names(read, ("district_town", "provincial_city")) == (["A"], 0)
    assert names(read, ("ward",)) == (["y"], None)


@pytest.mark.parametrize(
    ("written", "act"),
    [("revocation/commune/standard/2021-2025", Act.REVOCATION), ("commune/standard/2021-2025", None)],
)
def test_a_set_may_be_about_a_title(written, act):
    """A set on the revocation or renewal of a title bears the act before its level."""
    read = SetId.parse(written)
    assert (read.act, str(read)) == (act, written)


@pytest.mark.parametrize(
    "written", ["commune/standard", "commune", "a/b/c", "x/commune/standard/2020", "revocation/commune"]
)
def test_no_other_names_are_sets(written):
    """Anything else is refused."""
    with pytest.raises(ValueError, match=r"\S"):
        SetId.parse(written)


def test_a_set_on_a_title_includes_no_other():
    """Tiers nest by titles: a set on revocation is none."""
    revocation = SetId(Level.COMMUNE, Tier.ADVANCED, "2021-2025", Act.REVOCATION)
    assert not revocation.includes(SetId(Level.COMMUNE, Tier.STANDARD, "2021-2025"))
    assert not SetId(Level.COMMUNE, Tier.ADVANCED, "2021-2025").includes(revocation)
    assert revocation.includes(revocation)
