from __future__ import annotations

import ast
import copy
import json
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import ntm_rules as ntm
from ntm_rules import FaultCode, evaluate, read_dossier, recheck, reproduce, rules_for
from ntm_rules.checker import canonical
from ntm_rules.explanation import fault_sentence
from ntm_rules.language import law_fingerprint
from ntm_rules.messages import LANGUAGES
from ntm_rules.vocabulary import canonical as ours
from ntm_rules.vocabulary.criteria import Counts, Indicator
from ntm_rules.vocabulary.dossiers import Reported
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.requirements import AnyOf, AtLeastNOf, ForEachYear, Holds, When
from ntm_rules.vocabulary.verdicts import Verdict
from strategies import (
    at_least,
    axes,
    criteria_set,
    criterion,
    dossier,
    only,
    partial_facts,
    requirements,
    said,
    source,
    words,
)

SCHEMA = json.loads(Path("schemas/assessment.schema.json").read_text(encoding="utf-8"))
EXAMPLES = sorted(str(each) for each in Path("examples").glob("*/*.yaml") if "dossier: 1" in each.read_text("utf-8"))
SCENARIO = "examples/scenario/raise-clean-water.yaml"
OWN_FOLDER = "examples/district/"
OWN = f"{OWN_FOLDER}rules.yaml"


def plain(result):
    """An assessment as it is read back from a file."""
    return json.loads(json.dumps(result.to_proof()))


def signed(rules):
    """A set made by hand, with the fingerprint of its law."""
    return attrs.evolve(rules, fingerprint=law_fingerprint(rules))


def example(name="examples/illustration/minh-hoa.yaml"):
    """The saved assessment of an example."""
    read = read_dossier(name)
    return plain(evaluate(ntm.read_criteria_set(OWN) if OWN_FOLDER in name else rules_for(read), read))


def refitted(saved):
    """A forger's work: the fingerprint is that of the content again."""
    body = {key: value for key, value in saved.items() if key != "fingerprint"}
    return body | {"fingerprint": ours.fingerprint(body)}


def scalars(data, path=()):
    """The way to everything in data that holds nothing else."""
    if isinstance(data, dict | list) and data:
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from scalars(value, (*path, key))
    else:
        yield path


def at(data, path):
    """What stands there."""
    for key in path:
        data = data[key]
    return data


def mutated(saved, path):
    """The same with another scalar in one place."""
    changed = copy.deepcopy(saved)
    was = at(changed, path)
    other = {bool: lambda: not was, int: lambda: was + 1, str: lambda: f"{was}x", type(None): lambda: "x"}
    at(changed, path[:-1])[path[-1]] = other.get(type(was), lambda: ["x"])()
    return changed


# --- what is right is found right -------------------------------------------------------------------------------


def test_the_checker_shares_nothing():
    """It imports the standard library alone."""
    tree = ast.parse(Path(ntm.checker.__file__).read_text(encoding="utf-8"))
    names = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert not any("ntm_rules" in (name or "") for name in names)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_saved_example_follows_and_is_reproduced(name):
    """Every example, saved and read back, is valid, follows from what it carries, and comes out again the same."""
    saved = example(name)
    assert not list(Draft202012Validator(SCHEMA).iter_errors(saved))
    assert recheck(saved) == ()
    # The shelf holds a set of that name, too, but no such edition.
    assert [each.path for each in reproduce(saved)] == (["$.proof.rules.law"] if OWN_FOLDER in name else [])


def test_what_was_laid_over_is_saved_in_full():
    """Under a scenario and under a province's decision, from what is in the file alone."""
    rules = ntm.load("commune/standard/2016-2020", with_=[SCENARIO])
    saved = plain(evaluate(rules, read_dossier("examples/illustration/minh-hoa.yaml")))
    assert saved["proof"]["overlays"][0]["document"]["revision"]
    assert saved["proof"]["rules"]["law"] != saved["set"]["fingerprint"]
    assert (recheck(saved), reproduce(saved)) == ((), ())


@given(requirements, partial_facts, axes, st.sampled_from(list(Grade)[:3]))
def test_whatever_is_judged_follows(require, facts, axes, accept):
    """Whatever is required and known, by whatever axes and grade, the checker agrees with the evaluator."""
    assert recheck(plain(evaluate(signed(only(require, axes=axes)), dossier(facts), accept=accept))) == ()


VERDICTS = (Verdict.MET, Verdict.NOT_MET, Verdict.NOT_APPLICABLE)


@given(
    requirements,
    partial_facts,
    st.lists(st.tuples(st.sampled_from(("1.1", "1", "2")), st.sampled_from(VERDICTS)), max_size=4),
    st.sampled_from((None, 0, 1, 2)),
    st.sampled_from((Grade.TEXT, Grade.RECALLED)),
    st.booleans(),
)
def test_conclusions_follow_too(require, facts, concluded, reported, grade, incomplete):  # noqa: PLR0917 - one case
    """Conclusions, published totals and sets that lack rows are combined as the evaluator combines them."""
    rules = criteria_set(
        criterion("1", require, grade=grade), criterion("2", Holds(fact="q")), counts=(3, 3) if incomplete else None
    )
    own = {
        "attestations": tuple(said(address, verdict) for address, verdict in concluded),
        "reported": () if reported is None else (Reported("criteria_met", reported, reported),),
    }
    assert recheck(plain(evaluate(signed(rules), dossier(facts, **own)))) == ()


SAFE = {None: {}, True: {"unit.is_safe_zone": True}, False: {"unit.is_safe_zone": False}}


def for_safe_zones(*criteria, counts=None):
    """A set that is for communes of a safe zone only, with a condition of recognition."""
    zone = Indicator("applies_to", words("Xã an toàn khu"), Holds(fact="unit.is_safe_zone"), source(Grade.RECALLED))
    rules = attrs.evolve(criteria_set(*criteria, counts=counts), applies_to=zone)
    return signed(attrs.evolve(rules, preconditions=(Indicator("x", words("x"), Holds(fact="p"), source()),)))


@given(
    st.sampled_from((None, True, False)),
    partial_facts,
    st.sampled_from((None, 0)),
    st.lists(st.sampled_from(VERDICTS), max_size=2),
    st.booleans(),
)
def test_whom_a_set_is_for_is_combined_too(known, facts, reported, concluded, surplus):
    """A set that is not for the place, or may not be, or lists too many rows, is combined as the evaluator does."""
    rules = for_safe_zones(criterion("1", at_least("a", 1)), criterion("2", Holds(fact="q")))
    if surplus:
        rules = signed(attrs.evolve(rules, counts=Counts(criteria=2, indicators=1, surplus=1)))
    own = {
        "attestations": tuple(said("applies_to", verdict) for verdict in concluded),
        "reported": () if reported is None else (Reported("criteria_met", reported, reported),),
    }
    result = evaluate(rules, dossier(facts | SAFE[known], **own))
    assert recheck(plain(result)) == ()


@pytest.mark.parametrize("known", [None, True, False])
def test_a_forged_verdict_on_whom_a_set_is_for_is_found(known):
    """Neither the row, nor the verdict that follows from it, nor that it was asked at all can be changed."""
    saved = plain(evaluate(for_safe_zones(criterion("1", at_least("a", 1))), dossier({"a": 0} | SAFE[known])))
    assert recheck(saved) == ()
    row = {**saved["applies_to"], "verdict": "met" if known is not True else "not_met"}
    found = {each.path for each in recheck(refitted({**saved, "applies_to": row}))}
    assert {"$.applies_to.verdict", "$.verdict"} <= found
    found = {each.path for each in recheck(refitted({key: saved[key] for key in saved if key != "applies_to"}))}
    assert "$.applies_to" in found


@given(partial_facts, st.lists(partial_facts, max_size=2))
def test_years_kept_follow_as_they_are(facts, before):
    """What was asked of several years is taken as it was judged, and what follows from it is checked."""
    earlier = tuple(attrs.evolve(dossier(each), year=2019 - at) for at, each in enumerate(before))
    require = ForEachYear(last=3, require=at_least("a", 1))
    assert recheck(plain(evaluate(signed(only(require)), dossier(facts, earlier=earlier)))) == ()


def test_canonical_json_is_the_same():
    """The checker's canonical form is that of the library, to the byte."""
    data = {"b": 1, "a": ["Đ", None, True, "e\u0301"], "\U0001f600": {}, "\uffff": []}
    assert canonical(data) == ours.canonical(data)
    with pytest.raises(TypeError):
        canonical({"a": 0.5})


# --- what is wrong is found wrong -------------------------------------------------------------------------------


def test_every_changed_scalar_is_noticed():
    """Any one thing changed in a saved assessment, wherever it stands, no longer fits its fingerprint."""
    rules = criteria_set(criterion("1", AnyOf(members=(at_least("a", 1), Holds(fact="p"))), at_least("b", 1)))
    own = {"attestations": (said("1.2"),), "reported": (Reported("criteria_met", 1, 1),)}
    saved = plain(evaluate(signed(rules), dossier({"a": 1, "p": False}, **own)))
    paths = list(scalars(saved))
    assert len(paths) > 150
    large = example("examples/periods/2023-model.yaml")
    for saved, path in (*((saved, path) for path in paths), *((large, path) for path in list(scalars(large))[::20])):
        assert any(each.code in (FaultCode.FINGERPRINT, FaultCode.SHAPE) for each in recheck(mutated(saved, path))), (
            path
        )


def noticed(saved):
    """Whether a forged assessment is noticed by judging it again."""
    try:
        return bool(reproduce(saved))
    except ntm.NtmRulesError:
        return True


def test_a_forger_who_refits_the_fingerprint_is_noticed():
    """Every result, figure and law in the file is found when changed, though the fingerprint was made to fit."""
    for name, step in (("periods/2023-model", 25), ("illustration/minh-hoa", 801)):
        saved = example(f"examples/{name}.yaml")
        ways = [path for path in scalars(saved) if path[0] not in ("fingerprint", "proof")]
        ways += [path for path in scalars(saved) if path[:2] == ("proof", "rows")]
        for path in ways[::step]:
            assert noticed(refitted(mutated(saved, path))), path


def test_a_forged_law_is_noticed():
    """A threshold that is changed in the rules is found by the checker, and by judging again."""
    saved = example()
    document = saved["proof"]["rules"]["document"]
    cells = [path for path in scalars(document["criteria"]) if path[-2:-1] == ("at_least",)]
    assert len(cells) > 50
    for path in cells[::60]:
        forged = copy.deepcopy(saved)
        at(forged["proof"]["rules"]["document"]["criteria"], path[:-1])[path[-1]] = "1 %"
        assert FaultCode.LAW_FINGERPRINT in {each.code for each in recheck(refitted(forged))}
        assert noticed(refitted(forged))


def forged(change):
    """The codes and places that the checker finds in the illustration after one change, fingerprint refitted."""
    saved = example()
    change(saved)
    return {(each.code, each.path) for each in recheck(refitted(saved))}


def row(saved, number):
    """An indicator's result."""
    return next(
        each for criterion in saved["criteria"] for each in criterion["indicators"] if each["address"].endswith(number)
    )


def set_in(of, **values):
    """A change that sets values in a part of the data."""

    def change(saved):
        of(saved).update(values)

    return change


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        (set_in(lambda saved: saved, verdict="met"), FaultCode.COMBINATION, "$.verdict"),
        (set_in(lambda saved: saved["tally"], met=13), FaultCode.TALLY, "$.tally"),
        (set_in(lambda saved: saved["tally"], total=18), FaultCode.TALLY, "$.tally.total"),
        (set_in(lambda saved: saved["criteria"][4], verdict="met"), FaultCode.COMBINATION, "$.criteria[4].verdict"),
        (set_in(lambda saved: saved["criteria"][4], computed="met"), FaultCode.COMBINATION, "$.criteria[4].computed"),
        (set_in(lambda saved: saved["criteria"][3], basis="mixed"), FaultCode.BASIS, "$.criteria[3].basis"),
        (set_in(lambda saved: saved["criteria"][2], provisional=False), FaultCode.BASIS, "$.criteria[2].provisional"),
        (
            set_in(lambda saved: row(saved, "15.1"), verdict="met"),
            FaultCode.COMBINATION,
            "$.criteria[14].indicators[0].verdict",
        ),
        (
            set_in(lambda saved: row(saved, "15.1"), basis="attested"),
            FaultCode.BASIS,
            "$.criteria[14].indicators[0].basis",
        ),
        (
            set_in(lambda saved: row(saved, "15.1"), attestations=[]),
            FaultCode.COMBINATION,
            "$.criteria[14].indicators[0].attested",
        ),
        (
            set_in(lambda saved: saved["proof"]["rows"]["15/15.1"], verdict="met"),
            FaultCode.COMPARISON,
            "$.proof.rows.15/15.1",
        ),
        (
            set_in(lambda saved: saved["proof"]["rows"]["15/15.1"]["compared"], numerator="90"),
            FaultCode.FIGURE,
            "$.proof.rows.15/15.1",
        ),
        (
            set_in(lambda saved: saved["proof"]["rows"]["11/11"]["compared"], numerator="1"),
            FaultCode.FIGURE,
            "$.proof.rows.11/11",
        ),
        (
            set_in(lambda saved: saved["proof"]["rows"]["1/1.2"]["said"], statement=False),
            FaultCode.FIGURE,
            "$.proof.rows.1/1.2",
        ),
        (
            set_in(lambda saved: saved["proof"]["rows"]["17/17.1"], verdict="met"),
            FaultCode.COMBINATION,
            "$.proof.rows.17/17.1",
        ),
        (
            set_in(lambda saved: saved["set"], edition="commune/standard/2016-2020@2017-01-01"),
            FaultCode.LAW_FINGERPRINT,
            "$.set.edition",
        ),
        (set_in(lambda saved: saved["set"], fingerprint="sha256:0"), FaultCode.LAW_FINGERPRINT, "$.set.fingerprint"),
        (set_in(lambda saved: saved["set"], id="commune/standard/2010-2015"), FaultCode.SHAPE, "$"),
        (set_in(lambda saved: saved["proof"]["rules"], law="sha256:0"), FaultCode.LAW_FINGERPRINT, "$.proof.rules.law"),
        (set_in(lambda saved: saved["proof"], rows={}), FaultCode.SHAPE, "$"),
    ],
)
def test_what_does_not_follow_is_told_with_its_place(change, code, path):
    """Each kind of fault is found where it is, by the checker alone, though the fingerprint fits."""
    assert (code, path) in forged(change)


def test_conditions_of_recognition_are_checked():
    """The verdict together with the conditions follows from both, and each condition from its steps."""
    saved = example("examples/periods/2023-standard.yaml")
    saved["recognition"]["verdict"] = "met"
    saved["recognition"]["preconditions"][0]["computed"] = "met"
    found = {each.path for each in recheck(refitted(saved))}
    assert {"$.recognition.verdict", "$.recognition.preconditions[0].computed"} <= found


@pytest.mark.parametrize("saved", [None, [], "x", {}, {"proof": {}}, {"proof": None}])
def test_what_is_no_saved_assessment_is_told(saved):
    """Whatever is given, it is a fault and no traceback."""
    assert [each.code for each in recheck(saved)] == [FaultCode.SHAPE]
    with pytest.raises(ntm.DocumentError):
        reproduce(saved)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_fault_has_its_sentence(lang):
    """Each code has words in both languages; what is long is told by its beginning."""
    for code in FaultCode:
        told = fault_sentence(ntm.Fault(code, "$.here", "w" * 200, "f"), lang)
        assert "$.here" in told
        assert "w" * 80 in told
        assert "w" * 81 not in told


def test_a_choice_is_checked_by_its_branches():
    """Both branches of an open question must agree for a verdict to follow."""
    either = When(when=Holds(fact="p"), then=at_least("a", 1), otherwise=at_least("a", 2))
    rules = criteria_set(criterion("1", either, AnyOf(members=(AtLeastNOf(n=1, members=(Holds(fact="q"),)),))))
    saved = plain(evaluate(signed(rules), dossier({"a": 2, "q": True})))
    assert recheck(saved) == ()
    saved["proof"]["rows"]["1/1.1"]["parts"][1]["verdict"] = "not_met"
    assert FaultCode.COMBINATION in {each.code for each in recheck(saved)}


def test_an_open_list_is_checked_as_open():
    """Too few of the parts that are at hand decide nothing where there may be others."""
    some = AtLeastNOf(n=1, members=(Holds(fact="q"),), open_list=True)
    assert recheck(plain(evaluate(signed(only(some)), dossier({"q": False})))) == ()
