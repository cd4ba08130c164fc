"""Districts, provinces and revocation of 2021-2030: what the packaged sets say where the sheets say it."""

from __future__ import annotations

import pytest

import ntm_rules as ntm
from ntm_rules import why
from ntm_rules.rulebook import editions, load, set_names
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.requirements import Compare, Delegated, Holds, Unstated
from ntm_rules.vocabulary.verdicts import ReasonCode, Verdict

MET, NOT_MET, OPEN, DROPS = Verdict.MET, Verdict.NOT_MET, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE

STANDARD, ADVANCED = "commune/standard/2021-2025", "commune/advanced/2021-2025"
REVIEWED, CITY = "has_review_up_to_2021_2025_level", {"kind": "provincial_city"}


# --- revocation -------------------------------------------------------------------------------------------------


def criteria_said(rules, failing, unknown=(), dropped=()):
    """A department's conclusion on each criterion of a set, by its full address."""
    said = {}
    for criterion in load(rules).criteria:
        number = criterion.number
        verdict = "not_met" if number in failing else "not_applicable" if number in dropped else "met"
        if number not in unknown:
            said[f"{rules}#{number}"] = {"verdict": verdict, "by": "UBND huyện"}
    return said


def up_for_revocation(rules, title, said, on="2023-12-31", **more):
    """What a revocation set gives for a place that holds a title."""
    level = rules.split("/")[1]
    place = {"level": level, "name": "Thử", "province": "Thái Nguyên"}
    place |= {"district": "Định Hóa"} if level == "commune" else {}
    plain = {"dossier": 1, "place": place, "set": rules, "year": int(on[:4]), "on": on, "attestations": said, **more}
    plain["titles"] = {"complete": "yes", "list": [{"set": title, "dated": "2022-10-01"}] if title else []}
    dossier = ntm.Dossier.from_mapping(plain)
    return ntm.evaluate(load(rules, on=on), dossier)


def numbers(*listed):
    """Numbers of criteria as the set writes them."""
    return [str(number) for number in listed]


@pytest.mark.parametrize(
    ("failing", "unknown", "dropped", "verdict"),
    [
        (numbers(1, 2, 3, 4, 5, 10), (), (), MET),
        (numbers(1, 2, 3, 4, 5, 17), (), (), MET),
        (numbers(1, 2, 3, 4, 5, 19), (), (), MET),
        (numbers(1, 2, 3, 4, 5, 6), (), (), NOT_MET),
        (numbers(1, 2, 3, 4, 10), (), (), NOT_MET),
        (numbers(*range(1, 10)), (), (), NOT_MET),
        (numbers(*range(1, 10), 11), (), (), MET),
        ((), (), (), NOT_MET),
        # 9 of 19 is 47.4 %, of the 18 that apply 50 %: the law does not say of which.
        (numbers(*range(1, 10)), (), ("11",), OPEN),
        # Between 7 and 12 of 19, a key one certain: the redundant upper bound would leave both cases open.
        (numbers(*range(1, 7), 10), numbers(11, 12, 13, 14, 15), (), MET),
        (numbers(*range(1, 6)), numbers(10, 11), (), OPEN),
    ],
)
def test_a_commune_is_up_for_revocation(failing, unknown, dropped, verdict):
    """30 % of the criteria with a key one, or half of them, no longer met make out the case."""
    result = up_for_revocation(
        f"revocation/{STANDARD}", STANDARD, criteria_said(STANDARD, failing, unknown, dropped), on="2023-12-31"
    )
    assert result.verdict is verdict
    codes = {reason.code for reason in result["1/1"].reasons}
    assert (ReasonCode.DENOMINATOR_UNSTATED in codes) == bool(dropped)


@pytest.mark.parametrize(
    ("rules", "title", "against", "failing", "verdict"),
    [
        (f"revocation/{ADVANCED}", ADVANCED, ADVANCED, numbers(1, 2, 3, 4, 5, 18), MET),
        ("revocation/commune/model/2021-2025", "commune/model/2021-2025", ADVANCED, numbers(1, 2, 3, 4, 5, 18), MET),
        ("revocation/commune/model/2021-2025", "commune/model/2021-2025", ADVANCED, numbers(1, 2, 3, 4, 5, 9), NOT_MET),
        ("revocation/district/standard/2021-2025", "district/standard/2021-2025", None, numbers(1, 2, 6), MET),
        ("revocation/district/standard/2021-2025", "district/standard/2021-2025", None, numbers(1, 2, 3), OPEN),
        ("revocation/district/advanced/2021-2025", "district/advanced/2021-2025", None, numbers(1, 2, 3, 4, 5), MET),
    ],
)
def test_each_title_is_measured_against_its_set(rules, title, against, failing, verdict):
    """A model commune is held against the advanced set; of a district the communes that were revoked count too."""
    said = criteria_said(against or title, failing)
    assert up_for_revocation(rules, title, said).verdict is verdict


@pytest.mark.parametrize(("revoked", "verdict"), [(3, MET), (2, NOT_MET)])
def test_a_district_is_up_for_revocation_by_its_communes(revoked, verdict):
    """Three of ten communes whose recognition was revoked are 30 %, two are not."""
    listed = [{"name": f"Xã {n}", "facts": {"has_revoked_recognition": n <= revoked}} for n in range(1, 11)]
    rules, title = "revocation/district/standard/2021-2025", "district/standard/2021-2025"
    result = up_for_revocation(
        rules, title, criteria_said(title, ()), sub_places={"count": {"commune": 10}, "list": listed}
    )
    assert result.verdict is verdict


def test_only_a_title_that_is_held_can_be_revoked():
    """A place without the title is not up for it, whatever fails."""
    said = criteria_said(STANDARD, numbers(*range(1, 20)))
    assert up_for_revocation(f"revocation/{STANDARD}", None, said).verdict is DROPS


@pytest.mark.parametrize("name", [name for name in set_names() if name.startswith("revocation/")])
def test_the_rule_of_2022_is_never_applied_after_its_amendment(name):
    """03/2024/QĐ-TTg amended it and its text was not seen: nothing but a conclusion decides from that day."""
    before, after = editions(name)
    assert after.in_force.first_day.isoformat() == "2024-03-07"
    require = after["1/1"].require
    assert isinstance(require, Holds)
    assert after.catalogue[require.fact].unstated
    assert dict(before.verdict_words).keys() == set(Verdict)
    title = name.removeprefix("revocation/")
    result = up_for_revocation(name, title, {}, on="2024-06-30", facts={require.fact: "có"})
    assert result.verdict is OPEN
    assert up_for_revocation(name, title, {"1": {"verdict": "met", "by": "UBND tỉnh"}}, on="2024-06-30").verdict is MET


def test_a_verdict_of_revocation_has_its_own_words():
    """*Met* says that the case is made out."""
    result = up_for_revocation(f"revocation/{STANDARD}", STANDARD, criteria_said(STANDARD, numbers(*range(1, 12))))
    assert "CÓ CĂN CỨ ĐỂ THU HỒI" in why(result, "vi")
    assert "THE CASE FOR REVOCATION IS MADE OUT" in why(result, "en")


# --- districts --------------------------------------------------------------------------------------------------


def test_a_set_that_lists_too_many_rows_says_so():
    """37 indicators where the law counts 36: never met, and the page says why."""
    rules = load("district/standard/2021-2025")
    assert (rules.counts.indicators, sum(1 for _ in rules.indicators), rules.counts.surplus) == (36, 37, 1)
    assert rules.incomplete
    assert rules.missing_rows == (0, 0)
    said = {f"{criterion.number}": {"verdict": "met", "by": "Đoàn thẩm tra"} for criterion in rules.criteria}
    place = {"level": "district", "name": "Thử", "province": "Thái Nguyên"}
    plain = {"dossier": 1, "place": place, "set": str(rules.id), "year": 2024, "attestations": said}
    result = ntm.evaluate(rules, ntm.Dossier.from_mapping(plain))
    assert (result.tally.met, result.verdict) == (9, OPEN)
    assert [reason.code for reason in result.reasons] == [ReasonCode.SET_SURPLUS]
    assert "KHÔNG KHỚP SỐ CHỈ TIÊU" in why(result, "vi")


@pytest.mark.parametrize(
    ("name", "criteria", "indicators"),
    [
        ("district/advanced/2021-2025", 9, 33),
        ("district/special/2021-2025", 5, 9),
        ("district/task_completed/2021-2025", 5, 5),
        ("province/task_completed/2026-2030", 3, 3),
        ("village/smart/2021-2025", 1, 1),
        ("village/standard/2021-2025", 1, 1),
    ],
)
def test_sets_known_in_part_are_incomplete(name, criteria, indicators):
    """They hold what the sheet knows, and are never met."""
    rules = load(name)
    assert (len(rules.criteria), sum(1 for _ in rules.indicators)) == (criteria, indicators)
    assert rules.incomplete


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("district/standard/2021-2025", ["2022-03-08", "2024-03-01", "2024-03-07"]),
        ("district/advanced/2021-2025", ["2022-03-08", "2024-03-01", "2024-03-07"]),
        ("district/task_completed/2021-2025", ["2022-03-08", "2024-03-07"]),
        ("district/special/2021-2025", ["2024-03-01"]),
        ("province/task_completed/2021-2025", ["2022-03-08"]),
    ],
)
def test_editions_of_districts_and_provinces(name, days):
    """211/QĐ-TTg names districts and not towns or provinces; 03/2024/QĐ-TTg the conditions of district recognition."""
    assert [rules.in_force.first_day.isoformat() for rules in editions(name)] == days


def cell(name, at, on, part=()):
    """The one cell of a comparison."""
    node = load(name, on=on)[at].require.part(part)
    assert isinstance(node, Compare)
    return node.threshold.cells[0][1]


@pytest.mark.parametrize(
    ("at", "part", "figure"),
    [
        ("2/2.2", (), "100 %"),
        ("2/2.4", ("2",), "class_4"),
        ("5/5.5", (), "level_1"),
        ("7/7.1", ("landfilled",), "50 %"),
        ("7/7.6", (), "2 m²"),
        ("precondition/communes_advanced", (), "10 %"),
        ("precondition/satisfaction", ("overall",), "90 %"),
    ],
)
def test_figures_of_the_district_set(at, part, figure):
    """They are those of the sheet."""
    assert cell("district/standard/2021-2025", at, "2023-01-01", part).written().startswith(figure)


def test_doubtful_figures_of_districts_are_not_shipped():
    """They are candidates that nothing reads; what 211/QĐ-TTg may have changed is open from its day."""
    for at in ("3/3.2", "5/5.4", "7/7.2", "7/7.7", "8/8.2", "8/8.3", "9/9.5"):
        found = cell("district/standard/2021-2025", at, "2023-01-01")
        assert isinstance(found, Unstated)
        assert found.candidate is not None
    assert cell("district/standard/2021-2025", "8/8.1", "2023-01-01") == Unstated()
    after = load("district/standard/2021-2025", on="2024-03-02")
    for at in ("1/1.1", "5/5.5", "9/9.5"):
        assert after.catalogue[after[at].require.fact].unstated
    assert isinstance(cell("district/special/2021-2025", "2/2.2", "2024-06-01"), Delegated)


def test_conditions_of_an_advanced_district():
    """Half of the communes advanced, 95 % satisfied, 85 % in each commune; the title of the standard first."""
    rules = load("district/advanced/2021-2025", on="2023-01-01")
    found = {each.number: each for each in rules.preconditions}
    assert list(found) == ["standard_title", "communes_advanced", "towns", "satisfaction", "no_debt"]
    assert found["standard_title"].source.evidence is Grade.RECALLED
    assert cell(str(rules.id), "precondition/communes_advanced", "2023-01-01").written() == "50 %"
    assert (
        found["satisfaction"].require.part(("each_commune",)).require.require.threshold.cells[0][1].written() == "85 %"
    )
    assert [each.number for each in load("district/advanced/2021-2025").preconditions][-1] == "amended_2024"


@pytest.mark.parametrize(
    ("kind", "attributes", "name", "applies"),
    [
        (None, {}, "district/standard/2021-2025", MET),
        ("district_town", {}, "district/standard/2021-2025", NOT_MET),
        ("district_town", {}, "district/task_completed/2021-2025", MET),
        ("urban_district", {}, "district/task_completed/2021-2025", NOT_MET),
        (None, {"is_without_communes": "có"}, "district/special/2021-2025", MET),
        (None, {}, "district/special/2021-2025", OPEN),
    ],
)
def test_whom_a_district_set_is_for(kind, attributes, name, applies):
    """Annex I and III are for districts, Annex II for towns and cities, Annex V for districts without communes."""
    place = {"level": "district", "name": "Thử", "province": "Quảng Trị", "attributes": attributes}
    place |= {} if kind is None else {"kind": kind}
    dossier = ntm.Dossier.from_mapping({"dossier": 1, "place": place, "set": name, "year": 2024})
    assert ntm.evaluate(load(name), dossier).applies.verdict is applies


# --- provinces --------------------------------------------------------------------------------------------------


def province(listed, titles, on="2024-12-31", **more):
    """A province of districts, by 321/QĐ-TTg."""
    place = {"level": "province", "name": "Thái Nguyên", "province": "Thái Nguyên"}
    plain = {"dossier": 1, "place": place, "set": "province/task_completed/2021-2025", "year": int(on[:4]), "on": on}
    plain |= {"titles": {"complete": "yes", "list": titles}, **more}
    plain |= {"sub_places": {"list": listed}} if listed else {}
    return ntm.evaluate(load("province/task_completed/2021-2025"), ntm.Dossier.from_mapping(plain))


def held(place, title, dated="2023-06-01", **more):
    """A title of a place beneath."""
    return {"place": place, "set": title, "dated": dated, **more}


EARLIER = ("district/standard/2016-2020", "2018-06-01")


@pytest.mark.parametrize(
    ("titles", "facts", "verdict"),
    [
        ([held("A", "district/standard/2021-2025")], {}, MET),
        ([held("A", "district/advanced/2021-2025")], {}, MET),
        ([held("A", *EARLIER)], {REVIEWED: "có"}, MET),
        ([held("A", *EARLIER)], {}, OPEN),
        ([], {REVIEWED: "có"}, NOT_MET),
        ([held("A", "district/special/2021-2025", "2024-05-01")], {}, OPEN),
    ],
)
def test_a_district_counts_for_its_province(titles, facts, verdict):
    """With a title of 2021-2025, or an earlier one that was reviewed; whether a special district counts is open."""
    result = province([{"name": "A", "facts": facts}], titles)
    assert result["1/1"].verdict is verdict


def test_towns_and_cities_count_by_themselves():
    """Row 1 counts districts, row 2 towns and cities; a province without any has nothing to count there."""
    listed = [{"name": "A"}, {"name": "B", **CITY}]
    titles = [
        held("A", "district/standard/2021-2025"),
        held("B", "district/task_completed/2021-2025", kind=CITY["kind"]),
    ]
    result = province(listed, titles)
    assert (result["1/1"].verdict, result["2/2"].verdict) == (MET, MET)
    assert province([{"name": "A"}], titles[:1])["2/2"].verdict is OPEN


def test_no_province_passes_for_want_of_districts():
    """Since 1 July 2025 there are none, and 321/QĐ-TTg is for no province of that map."""
    facts = {
        "has_provincial_new_rural_scheme": "có",
        "planted_road_length": "70 km",
        "road_length": "100 km",
        "provincial_public_green_area": "400 ha",
        "provincial_population": 1000000,
        "administrative_satisfaction_index": "90 %",
    }
    after = province([], [], on="2025-12-31", facts=facts)
    assert after.verdict is DROPS
    assert [reason.code for reason in after.reasons] == [ReasonCode.SET_NOT_FOR_PLACE]
    before = province([], [], on="2024-12-31", facts=facts)
    assert before.verdict is OPEN
    assert [before[at].verdict for at in ("5/5", "6/6", "7/7", "8/8")] == [MET, MET, MET, MET]


def test_a_province_of_2026_waits_for_its_communes():
    """The commune sets are known in structure only, so its communes and wards stay open, and a ward may drop out."""
    ward = {"name": "P", "kind": "ward", "facts": {"is_new_rural_building_needed_here": "có"}}
    ward["facts"]["merged_commune_agricultural_land_share"] = "80 %"
    other = {"name": "Q", "kind": "ward", "facts": {"is_new_rural_building_needed_here": "không"}}
    found = []
    for wards in ([ward], [other]):
        place = {"level": "province", "name": "Thái Nguyên", "province": "Thái Nguyên"}
        beneath = {"count": {"commune": 1, "ward": 1, "special_zone": 0}, "list": [{"name": "A"}, *wards]}
        plain = {"dossier": 1, "place": place, "year": 2026, "sub_places": beneath}
        rules = load("province/task_completed/2026-2030")
        result = ntm.evaluate(rules, ntm.Dossier.from_mapping({**plain, "set": str(rules.id)}))
        found.append((result.verdict, result["1/1"].verdict, result["2/2"].verdict, result["3/3"].verdict))
    assert found == [(OPEN, OPEN, OPEN, OPEN), (OPEN, OPEN, OPEN, DROPS)]
