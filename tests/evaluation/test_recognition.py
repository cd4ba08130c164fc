from __future__ import annotations

import json
from importlib import resources

import attrs
import pytest
from jsonschema import Draft202012Validator

import ntm_rules as ntm
from ntm_rules import evaluate, heading, unknowns, why
from ntm_rules.explanation import describe
from ntm_rules.language import Shelf, from_plain, parse_dossier
from ntm_rules.messages import LANGUAGES
from ntm_rules.vocabulary.criteria import Indicator
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.requirements import Holds
from ntm_rules.vocabulary.verdicts import Basis, FindingCode, Verdict
from strategies import at_least, criteria_set, criterion, dossier, said, source, words

MET, NOT_MET, OPEN = Verdict.MET, Verdict.NOT_MET, Verdict.UNDETERMINED

NO_DEBT = Indicator("no_debt", words("Không nợ đọng"), Holds(fact="p"), source(Grade.RECALLED))
CONTENT = Indicator("satisfied", words("Người dân hài lòng"), at_least("b", 90), source())
RULES = attrs.evolve(criteria_set(criterion("1", at_least("a", 50)), criterion("2", at_least("b", 0), Holds(fact="p"))))
RULES = attrs.evolve(RULES, preconditions=(NO_DEBT, CONTENT))
PASSING = {"a": 60, "b": 95, "p": True}

VALIDATOR = Draft202012Validator(
    json.loads(resources.files("ntm_rules.schemas").joinpath("assessment.schema.json").read_text(encoding="utf-8"))
)


@pytest.mark.parametrize(
    ("facts", "verdict", "recognition"),
    [
        (PASSING, MET, MET),
        (PASSING | {"b": 80}, MET, NOT_MET),
        (PASSING | {"a": 40}, NOT_MET, NOT_MET),
        ({"a": 60, "p": True}, OPEN, OPEN),
        ({"a": 40}, NOT_MET, NOT_MET),
    ],
)
def test_recognition_is_the_set_and_its_conditions(facts, verdict, recognition):
    """The set's verdict is of its criteria alone; conditions and set together give that on recognition."""
    result = evaluate(RULES, dossier(facts))
    assert (result.verdict, result.recognition.verdict) == (verdict, recognition)
    assert (result.tally.total, result.indicator_tally.total) == (2, 3)


def test_a_set_without_conditions_says_nothing_of_recognition():
    """Where no condition is stated there is no verdict on recognition, and none in the data."""
    result = evaluate(attrs.evolve(RULES, preconditions=()), dossier(PASSING))
    assert result.recognition is None
    assert result.preconditions == ()
    assert result.to_dict()["recognition"] is None


def test_a_condition_is_found_by_its_address():
    """The result of a condition bears its key, and is asked for by it."""
    result = evaluate(RULES, dossier(PASSING))
    assert result["precondition/no_debt"].verdict is MET
    assert result["precondition/no_debt"].indicator is NO_DEBT
    assert result.provisional
    assert result.rests_on["recalled"] == ("precondition/no_debt",)


def test_what_a_condition_lacks_is_missed():
    """A fact that only a condition asks for is used by the set and missed where it is missing."""
    rules = attrs.evolve(RULES, preconditions=(attrs.evolve(NO_DEBT, require=Holds(fact="only_here")),))
    assert "only_here" in rules.used_facts
    assert evaluate(rules, dossier(PASSING)).missing_facts == ("only_here",)


def test_a_conclusion_may_name_a_condition():
    """A department may conclude on a condition; what contradicts it is a conflict as anywhere."""
    facts = {"a": 60, "b": 95}
    result = evaluate(RULES, dossier(facts, attestations=(said("precondition/no_debt"),)))
    assert (result["precondition/no_debt"].verdict, result["precondition/no_debt"].basis) == (MET, Basis.ATTESTED)
    against = evaluate(RULES, dossier(PASSING, attestations=(said("precondition/no_debt", NOT_MET),)))
    (conflict,) = against.conflicts
    assert (conflict.address, conflict.code) == ("precondition/no_debt", FindingCode.STATEMENTS_CONFLICT)


def test_a_dossier_may_name_a_condition():
    """The address of a condition is known when a dossier is read; a wrong one gets the nearest."""
    shelf = Shelf(RULES.catalogue, ntm.places(), lambda *_: RULES, (str(RULES.id),))
    data = {"dossier": 1, "place": {"level": "commune", "name": "A", "province": "Hà Nội"}, "year": 2020}
    data |= {"set": str(RULES.id), "attestations": {"precondition/no_debt": {"verdict": "met"}}}
    assert parse_dossier(from_plain(data), shelf).attestations[0].address == "precondition/no_debt"
    data["attestations"] = {"precondition/no_dept": {"verdict": "met"}}
    with pytest.raises(ntm.DossierError) as caught:
        parse_dossier(from_plain(data), shelf)
    assert dict(caught.value.problems[0].params)["nearest"] == "precondition/no_debt"


@pytest.mark.parametrize("facts", [PASSING, {}, {"b": 10}])
def test_the_data_holds_the_conditions(facts):
    """The data of an assessment holds the verdict on recognition with every condition, valid under its schema."""
    data = evaluate(RULES, dossier(facts)).to_dict()
    assert not [error.message for error in VALIDATOR.iter_errors(data)]
    address = f"{RULES.id}#precondition/no_debt"
    assert data["recognition"]["preconditions"][0]["address"] == address
    assert data["recognition"]["verdict"] in ("met", "not_met", "undetermined")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pages_tell_the_conditions(lang):
    """Every page names the verdict with the conditions; the explanation gives each with its reason."""
    title = NO_DEBT.title.in_(lang)
    result = evaluate(RULES, dossier({"a": 60}))
    together = {"vi": "Cùng với các điều kiện công nhận", "en": "Together with the conditions of recognition"}[lang]
    assert together in heading(result, lang)
    for page in (why(result, lang), unknowns(result, lang), describe(RULES, None, lang)):
        assert title in page
    assert title in why(result["precondition/no_debt"], lang).splitlines()[0]
    told = why(evaluate(RULES, dossier(PASSING, attestations=(said("precondition/no_debt", NOT_MET),))), lang)
    assert told.count(title) >= 2
