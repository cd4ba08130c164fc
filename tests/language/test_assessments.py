from __future__ import annotations

import json
from importlib import resources

import attrs
import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from criteria_strategies import SET, dossiers
from ntm_rules import Dossier, Grade, Reason, ReasonCode, evaluate, load
from ntm_rules.language import write_assessment
from ntm_rules.language.assessments import write_reason
from ntm_rules.vocabulary.canonical import canonical, fingerprint
from ntm_rules.vocabulary.overlays import Decided, Link, LinkKind, Overlay, RevisionAuthority
from strategies import at_least, dossier, only, percent, rating, words

SCHEMA = json.loads(resources.files("ntm_rules.schemas").joinpath("assessment.schema.json").read_text(encoding="utf-8"))
PLACE = {"level": "commune", "name": "Phú Đình", "district": "Định Hóa", "province": "Thái Nguyên"}
FACTS = {
    "multidimensional_poverty_rate": {"value": "11.20 %", "numerator": 131, "denominator": 1170, "document": "d1"},
    "standard_school_share": {"numerator": 1, "denominator": 3},
    "hygienic_water_share": "95 %",
    "clean_water_share": "60 %",
    "makeshift_house_count": 0,
    "commune_road_paved_share": "100 %",
    "income_per_person": {"value": "36 triệu đồng/người/năm", "for": 2017},
    "has_published_construction_plan": "có",
    "is_rural_market_needed": "không",
    "has_rural_trade_facility_in_plan": "không",
    "trained_labour_share": "1 %",
    "child_stunting_rate": "5 %",
}
DATA = {
    "dossier": 1,
    "place": PLACE | {"attributes": {"is_safe_zone": True}},
    "set": SET,
    "year": 2018,
    "documents": {"d1": {"title": "Báo cáo", "dated": "2019-01"}},
    "facts": FACTS,
    "attestations": {
        "10": {"verdict": "not_met", "by": "Huyện", "dated": 2019, "document": "d1"},
        "11": {"verdict": "not_met"},
        "16/16": [{"verdict": "met", "for": "2018-12-31"}, {"verdict": "not_met"}],
    },
    "reported": {"criteria_met": {"least": 15, "most": 16}},
}


def written(accept=Grade.RECALLED, **changes):
    """The assessment of that dossier with other entries, as plain data."""
    return write_assessment(evaluate(load(SET), Dossier.from_mapping(DATA | changes), accept=accept))


def at(data, address):
    """The result of an indicator in written data."""
    found = [i for c in data["criteria"] for i in c["indicators"] if i["address"] == f"{SET}#{address}"]
    return found[0]


@pytest.mark.parametrize("accept", list(Grade)[:3])
def test_schema(accept):
    """A written assessment is valid under its schema, and holds only what canonical JSON holds."""
    data = written(accept)
    Draft202012Validator(SCHEMA).validate(data)
    assert json.loads(canonical(data)) == data


@settings(max_examples=25)
@given(dossiers())
def test_any_assessment(dossier):
    """Whatever the dossier, its assessment is valid under the schema, and its fingerprint is of all the rest."""
    if dossier.set_id is None:
        # What it concludes on is in no set.
        dossier = attrs.evolve(dossier, attestations=())
    result = evaluate(load(SET), dossier)
    data = result.to_dict()
    Draft202012Validator(SCHEMA).validate(data)
    assert data.pop("fingerprint") == fingerprint(data) == result.fingerprint


def test_head():
    """An assessment names its set with edition and fingerprint, the place, the year, the day and the documents."""
    data = written()
    assert data["assessment"] == 1
    assert data["set"] == {
        "id": SET,
        "edition": f"{SET}@2016-12-01",
        "fingerprint": load(SET).fingerprint,
        "overlays": [],
    }
    assert data["place"]["province"] == "vn-2008/province/19"
    assert data["place"]["region"] == "northern_midlands_and_mountains"
    assert data["place"]["attributes"] == {"is_safe_zone": True}
    assert (data["year"], data["on"], data["accept"], data["status"]) == (2018, "2018-12-31", "recalled", "real")
    assert data["documents"] == {"d1": {"title": "Báo cáo", "issuer": None, "number": None, "dated": "2019-01"}}
    assert len(data["criteria"]) == 19
    assert data["tally"]["total"] == 19


def test_figures():
    """A figure keeps the digits typed and its counts, beside the threshold, its row, grade and source, and the gap."""
    data = at(written(), "11/11")
    (figure,) = data["figures"]
    assert (figure["value"], figure["unit"]) == ("11.20", "percent")
    assert (figure["numerator"], figure["denominator"]) == ("131", "1170")
    assert (figure["for"], figure["document"], figure["statement"]) == ("2018", "d1", None)
    assert figure["threshold"] == data["threshold"]
    assert figure["gap"] == data["gap"]
    assert data["threshold"]["state"] == "value"
    assert data["threshold"]["row"] == {"region": "northern_midlands_and_mountains"}
    assert data["threshold"]["source"]["instrument"] == "1980/QĐ-TTg"
    assert data["gap"]["unit"] == "percent"


def test_inexact_gap():
    """A gap that has no finite decimal says that it is rounded."""
    gap = at(written(), "5/5")["gap"]
    assert gap["exact"] is False
    assert gap["value"].startswith("36.6")


def test_statements_and_periods():
    """A statement has neither value nor unit; a figure of another year keeps its own period."""
    data = written()
    (plan,) = at(data, "1/1.1")["figures"]
    assert (plan["value"], plan["unit"], plan["statement"], plan["threshold"]) == (None, None, True, None)
    (income,) = at(data, "10/10")["figures"] or [{"for": "2017"}]
    assert income["for"] == "2017"


def test_states_of_thresholds():
    """Every threshold says whether it has a figure, is unstated, left to somebody, or not covered."""
    states = {
        each["threshold"]["state"]
        for criterion in written()["criteria"]
        for each in criterion["indicators"]
        if each["threshold"] is not None
    }
    assert {"value", "unstated", "decided_by"} <= states <= {"value", "unstated", "decided_by", "none", "not_covered"}


def test_several_thresholds():
    """An indicator that compares several figures has no single threshold and no single gap."""
    data = at(written(), "17/17.1")
    assert len(data["figures"]) == 2
    assert data["threshold"] is data["gap"] is None


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (percent(55), {"value": "55", "unit": "percent"}),
        (rating("fair"), {"value": "fair", "unit": "rating"}),
        (None, None),
    ],
)
def test_the_chain_of_a_figure(value, told):
    """The floor that the norm allows is written with its unit, a step with its scale."""
    chain = (Link(kind=LinkKind.NATIONAL_NORM, instrument="1980/QĐ-TTg", value=value),)
    decided = Decided("1/1.1", (), (), chain)
    overlay = Overlay("x", RevisionAuthority.PROVINCE, words("Quyết định"), decided=(decided,))
    rules = attrs.evolve(only(at_least("a", 60)), overlays=(overlay,))
    (indicator,) = write_assessment(evaluate(rules, dossier({"a": 70})))["criteria"][0]["indicators"]
    assert [link["value"] for link in indicator["threshold"]["chain"]] == [told]


def test_attestations_and_conflicts():
    """Conclusions are written with their period, and contradictions are listed with what stands."""
    data = written()
    criterion = next(each for each in data["criteria"] if each["address"] == f"{SET}#10")
    assert criterion["attestations"] == [
        {"verdict": "not_met", "by": "Huyện", "for": "2018", "dated": "2019", "document": "d1"}
    ]
    assert criterion["attested"] == "not_met"
    conflicts = {conflict["address"]: conflict for conflict in data["conflicts"]}
    assert {"11", "16/16"} <= set(conflicts)
    assert conflicts["16/16"]["attested"] == ["met", "not_met"]


def test_fingerprint():
    """The same dossier gives the same fingerprint, another figure, status or grade accepted another one."""
    before = written()["fingerprint"]
    assert written()["fingerprint"] == before
    others = [
        written(facts=FACTS | {"clean_water_share": "61 %"}),
        written(status="synthetic"),
        written(Grade.TEXT),
        written(attestations={}),
    ]
    assert len({before, *(other["fingerprint"] for other in others)}) == 5


def test_the_part_that_decided():
    """A reason that speaks of one part names it, any other names none."""
    told = Reason(ReasonCode.MISSING_FACT, "trained", part="men")
    assert write_reason(told)["part"] == "men"
    assert "part" not in write_reason(attrs.evolve(told, part=None))


def test_what_a_reason_asks_for():
    """A reason that asks for facts or attributes names them, any other has no such list."""
    told = Reason(ReasonCode.MISSING_ATTRIBUTE, "trained", needs=("unit.is_safe_zone",))
    assert write_reason(told)["needs"] == ["unit.is_safe_zone"]
    assert "needs" not in write_reason(attrs.evolve(told, needs=()))
