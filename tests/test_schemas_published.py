from __future__ import annotations

import hashlib
import json
from importlib import resources
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

import ntm_rules as ntm
from ntm_rules import evaluate
from ntm_rules.vocabulary.canonical import canonical
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import Document, Reported, Status
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.requirements import Holds, Nothing, Unstated
from ntm_rules.vocabulary.verdicts import Verdict
from strategies import at_least, criteria_set, criterion, dossier, of_year, only, partial_facts, requirements, said

ROOT = Path(__file__).parents[1]
PUBLISHED = ROOT / "schemas"
PACKAGED = resources.files("ntm_rules.schemas")

NAMES = sorted(path.name for path in PUBLISHED.glob("*.json"))

LAW = "commune/standard/2016-2020"


def test_the_same_schemas_are_published_and_packaged():
    """No schema is published that is not packaged, nor the other way round."""
    assert NAMES
    assert sorted(each.name for each in PACKAGED.iterdir() if each.name.endswith(".json")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_published_equals_packaged(name):
    """The published copy of a schema is the packaged one to the byte; edit that, then ``make schemas``."""
    assert (PUBLISHED / name).read_bytes() == (PACKAGED / name).read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_schemas_are_schemas(name):
    """A schema is valid under the draft it names, has an address of its own, and says what it describes."""
    schema = json.loads((PACKAGED / name).read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:ntm-rules:schema:{name.removesuffix('.schema.json')}"
    assert schema["title"]
    assert schema["description"]


def test_sets_and_revisions_are_written_alike():
    """Whatever stands in a criteria set stands in a revision by the same form."""
    ours, theirs = (
        json.loads((PACKAGED / f"{name}.schema.json").read_text(encoding="utf-8"))["$defs"]
        for name in ("criteria-set", "revision")
    )
    assert ours
    assert {name: theirs.get(name) for name in ours} == ours
    assert all(name == "edit" or name.startswith("edit_") for name in theirs.keys() - ours.keys())


# --- assessments ------------------------------------------------------------------------------------------------

VALIDATOR = Draft202012Validator(json.loads((PACKAGED / "assessment.schema.json").read_text(encoding="utf-8")))

EVERYTHING = {
    "dossier": 1,
    "place": {"level": "commune", "name": "Hà Châu", "district": "Phú Bình", "province": "Thái Nguyên"},
    "year": 2020,
    "documents": {"d1": {"title": "Báo cáo", "dated": 2021}, "d2": {}},
    "facts": {
        "multidimensional_poverty_rate": {"numerator": 131, "denominator": 1170, "document": "d1"},
        "income_per_person": "36 triệu đồng/người/năm",
        "has_published_construction_plan": {"value": "có", "for": 2017},
        "hygienic_water_share": "92.0 %",
        "clean_water_share": "95 %",
        "is_rural_market_needed": "không",
    },
    "attestations": {
        "11": {"verdict": "not_met", "by": "Phòng thử", "for": 2020, "dated": "2021-01-08", "document": "d1"},
        "19": {"verdict": "met"},
        "13": {"verdict": "met", "for": 2019},
    },
    "reported": {"criteria_met": {"least": 3, "most": 5}},
}

ASSESSMENTS = {
    "everything": lambda: evaluate(ntm.load(LAW), ntm.Dossier.from_mapping(EVERYTHING)),
    "nothing": lambda: evaluate(ntm.load(LAW), dossier(region=None, status=Status.SYNTHETIC)),
    "only text accepted": lambda: evaluate(ntm.load(LAW), ntm.Dossier.from_mapping(EVERYTHING), accept=Grade.TEXT),
    "conflicts": lambda: evaluate(
        criteria_set(criterion("1", at_least("a", 50), Holds(fact="p")), counts=(2, 4)),
        dossier(
            {"a": (1, 3), "p": True, "x": of_year("x", 5, 2019)},
            attestations=(said("1.1"), said("1.1", Verdict.NOT_MET), said("1")),
            reported=(Reported("indicators_met", 0, 0),),
            documents=(Document("d1", dated=PartialDate(2021, 1)),),
        ),
    ),
    "no figures": lambda: evaluate(
        criteria_set(criterion("1", at_least("a", Nothing())), criterion("2", at_least("b", Unstated()))), dossier()
    ),
}


def checked(assessment):
    """An assessment as data, held against its schema and its fingerprint."""
    data = assessment.to_dict()
    errors = [error.message for error in VALIDATOR.iter_errors(json.loads(canonical(data)))]
    assert not errors
    without = {key: value for key, value in data.items() if key != "fingerprint"}
    assert data["fingerprint"] == f"sha256:{hashlib.sha256(canonical(without)).hexdigest()}"
    assert assessment.fingerprint == data["fingerprint"]
    return data


@pytest.mark.parametrize("name", ASSESSMENTS)
def test_an_assessment_is_valid_under_its_schema(name):
    """An assessment as data is valid under its schema, and its fingerprint is that of its canonical JSON."""
    checked(ASSESSMENTS[name]())


@given(requirements, partial_facts)
def test_any_assessment_is_valid_under_its_schema(require, facts):
    """Whatever is required and known, the assessment as data is valid and carries its fingerprint."""
    checked(evaluate(only(require), dossier(facts)))


def test_an_assessment_says_what_it_stands_on():
    """The data names the edition, the law's fingerprint, the figure, its threshold, its source and its gap."""
    data = checked(ASSESSMENTS["everything"]())
    assert data["set"]["edition"] == f"{LAW}@2016-12-01"
    assert data["set"]["fingerprint"] == ntm.load(LAW).fingerprint
    (income,) = next(each for each in data["criteria"] if each["address"].endswith("#10"))["indicators"]
    (figure,) = income["figures"]
    assert (figure["value"], figure["unit"], figure["for"]) == ("36", "million_vnd_per_person_year", "2020")
    threshold = income["threshold"]
    assert (threshold["value"], threshold["state"], threshold["grade"]) == ("36", "value", "text")
    assert threshold["row"] == {"year": "2020", "region": "northern_midlands_and_mountains"}
    assert threshold["source"]["locator"] == "Annex, row 10"
    assert income["gap"] == {"value": "0", "unit": "million_vnd_per_person_year", "exact": True}
    assert "clean_water_share" in [finding["subject"] for finding in data["findings"]]


def test_nothing_in_the_data_comes_from_the_clock_or_the_library():
    """The data holds no version of the library and no sentence, so that it stays the same from release to release."""
    written = canonical(ASSESSMENTS["everything"]().to_dict()).decode()
    assert ntm.__version__ not in written
    assert "Căn cứ" not in written


# --- plans, and what changed ------------------------------------------------------------------------------------

EXAMPLES = ROOT / "examples"


def valid(data, name):
    """Data as it is written, held against a schema."""
    validator = Draft202012Validator(json.loads((PACKAGED / f"{name}.schema.json").read_text(encoding="utf-8")))
    assert [error.message for error in validator.iter_errors(json.loads(json.dumps(data)))] == []
    return data


@pytest.mark.parametrize(
    "example", ["illustration/minh-hoa.yaml", "periods/2023-standard.yaml", "districts/huyen-2019.yaml"]
)
def test_a_plan_is_valid_under_its_schema(example):
    """A plan as data is valid: moves with distances, costs, reasons of rows."""
    read = ntm.read_dossier(EXAMPLES / example)
    rules = ntm.rules_for(read)
    facts = [value.fact for value in read.facts]
    data = valid(ntm.plan(rules, read, dict.fromkeys(facts, "1.5")).to_dict(), "plan")
    assert data["alternatives"]
    assert data["held"]


@given(requirements, partial_facts, partial_facts)
def test_any_plan_and_any_change_is_valid_under_its_schema(require, facts, later):
    """Whatever is required and known, the plan as data and what changed as data are valid."""
    rules = only(require)
    valid(ntm.plan(rules, dossier(facts)).to_dict(), "plan")
    results = (evaluate(rules, dossier(facts)), evaluate(rules, dossier(later)))
    valid(ntm.compare_assessments(*results).to_dict(), "since")


def test_what_changed_is_valid_under_its_schema():
    """What changed between years and between sets is valid: figures, thresholds, verdicts that turned."""
    results = []
    for name in ("2019-standard", "2023-standard", "2024-standard"):
        read = ntm.read_dossier(EXAMPLES / "periods" / f"{name}.yaml")
        results.append(evaluate(ntm.rules_for(read), read))
    other_set, same_set = (valid(ntm.compare_assessments(*pair).to_dict(), "since") for pair in pairwise(results))
    assert not other_set["same_set"]
    assert same_set["turns"]
    assert same_set["figures"]


def test_plans_and_assessments_say_the_same_things_alike():
    """What stands in an assessment stands in a plan and in what changed by the same form."""
    whole, *parts = (
        json.loads((PACKAGED / f"{name}.schema.json").read_text(encoding="utf-8"))["$defs"]
        for name in ("assessment", "plan", "since")
    )
    own = {"move", "said", "asked", "required", "row_reason"}
    for part in parts:
        assert {name: whole.get(name) for name in part.keys() - own} == {name: part[name] for name in part.keys() - own}
    plan, since = parts
    assert plan["said"] == since["said"]
    assert plan["row_reason"]["properties"].items() >= whole["reason"]["properties"].items()
