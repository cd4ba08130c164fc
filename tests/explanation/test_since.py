from __future__ import annotations

import json

import attrs
import pytest

from ntm_rules import compare_assessments, evaluate, read_dossier, rules_for
from ntm_rules.messages import LANGUAGES
from ntm_rules.vocabulary.canonical import canonical
from ntm_rules.vocabulary.places import Level, Place
from ntm_rules.vocabulary.requirements import Holds
from strategies import at_least, criteria_set, criterion, dossier, only


def judged(name):
    """The assessment of an example by the set that it names."""
    read = read_dossier(f"examples/periods/{name}.yaml")
    return evaluate(rules_for(read), read)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("earlier", "later"), [("2023-standard", "2024-standard"), ("2019-standard", "2023-standard")])
def test_what_changed_between_two_examples(earlier, later, lang, golden):
    """Two years of a commune by two editions of a set, and two dossiers by two sets."""
    since = compare_assessments(judged(earlier), judged(later))
    golden(f"explanation/since-{earlier[:4]}-{later[:4]}.{lang}.txt", since.why(lang) + "\n")


def test_what_changed_as_data(golden):
    """The same as plain data, which canonical JSON can hold."""
    data = compare_assessments(judged("2023-standard"), judged("2024-standard")).to_dict()
    assert json.loads(canonical(data)) == data
    golden("explanation/since-2023-2024.json", json.dumps(data, ensure_ascii=False, indent=1) + "\n")


def told(require, before, after, other=None, **own):
    """The page, line by line."""
    rules = [each if hasattr(each, "criteria") else only(each) for each in (require, other or require)]
    since = compare_assessments(evaluate(rules[0], dossier(before)), evaluate(rules[1], dossier(after, **own)))
    return [line.strip() for line in since.why("en").splitlines()], since


def test_nothing_is_told_to_have_changed():
    """Where nothing changed, each section says so."""
    lines, _ = told(at_least("a", 50), {"a": 60}, {"a": 60})
    assert lines[3] == "The law is the same in both."
    assert "No verdict turned." in lines
    assert "The dossiers say the same." in lines


def test_every_kind_of_change_has_its_words():
    """Another place, rows that are gone, statements, facts that only the earlier catalogue knows, looser thresholds."""
    older = criteria_set(criterion("1", at_least("a", 50)), criterion("2", Holds(fact="p")))
    newer = attrs.evolve(only(at_least("a", 40)), fingerprint="sha256:1")
    place = Place(Level.COMMUNE, "Khác")
    lines, since = told(older, {"a": 45, "p": True}, {"a": 45, "p": False}, newer, place=place)
    assert lines[1] == "Beware: the earlier assessment is about another place, Commune Thử (Red River Delta)."
    assert "Criterion 2 (Tiêu chí thử 2 (en)): met → not in the set." in lines
    assert "Indicator 1.1: Số liệu a (en): at least 50% → at least 40% (asks less)." in lines
    assert "Số liệu p (en): yes (2020) → no (2020)." in lines
    assert since.to_dict()["turns"][-1]["after"] is None
