from __future__ import annotations

import attrs
import pytest

from ntm_rules import evaluate, firm, load, read_dossier, why_not
from ntm_rules.messages import LANGUAGES
from ntm_rules.vocabulary.criteria import Indicator
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.requirements import AllOf, AnyOf, AtLeastNOf, Holds, Unstated
from strategies import at_least, criteria_set, criterion, dossier, only, said, source, words

A, B, P = at_least("a", 50), at_least("b", 50), Holds(fact="p")


def example(name):
    """The assessment of an example."""
    read = read_dossier(f"examples/{name}.yaml")
    return evaluate(load("commune/standard/2016-2020", on=read.on), read)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["illustration/minh-hoa", "dinh-hoa/phu-dinh"])
def test_what_decided_an_example(name, lang, golden):
    """The short page of a real and of an illustrated dossier."""
    page = why_not(example(name), lang)
    assert page == example(name).why_not(lang)
    golden(f"explanation/short-{name.replace('/', '-')}.{lang}.txt", page + "\n")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_how_firm_an_example_is(lang, golden):
    """The page that tells which verdicts small errors of a figure would turn."""
    golden(f"explanation/firm-minh-hoa.{lang}.txt", firm(example("illustration/minh-hoa"), lang) + "\n")


def lines(result, lang="en"):
    """The lines of the short page without their indents."""
    return [line.strip() for line in why_not(result, lang).splitlines()]


def test_of_several_parts_that_fail_one_is_told_and_the_others_counted():
    """One failing part is enough; how many more there are is said."""
    told = lines(evaluate(only(AllOf(members=(A, B, P))), dossier({"a": 40, "b": 40, "p": False}))["1.1"])
    assert [line for line in told if "required:" in line] == [told[1]]
    assert told[-1] == "Besides these, 2 more figures or statements are not as required."


def test_of_a_choice_the_part_that_carried_it_is_told():
    """A set that is met tells of its choices which parts carried them, and of nothing else."""
    rules = criteria_set(
        criterion("1", AnyOf(members=(A, P)), B), criterion("2", AtLeastNOf(n=1, members=(A, B))), criterion("3", P)
    )
    own = {"attestations": (said("3"),)}
    told = why_not(evaluate(rules, dossier({"a": 40, "b": 60, "p": True}, **own)), "en")
    assert "The dossier says yes (2020): Số liệu p (en)." in told
    assert "1 of 2 parts are met; at least 1 are required." in told
    assert told.count("Số liệu b (en): 60%") == 1
    assert "Số liệu a" not in told


def test_a_set_of_which_rows_are_lacking_says_so():
    """Reasons of the set itself come first; a threshold that is not at hand is cited without a grade."""
    rules = only(at_least("a", Unstated()), grade=Grade.RECALLED)
    told = lines(evaluate(rules, dossier({"a": 40})))
    assert any("no checked figure" in line for line in told)
    assert told[-1] == "Source: Decision 1980/QĐ-TTg, Annex, row 1." or told[-1].startswith("Source: ")
    assert "Evidence" not in told[-1]


def test_a_criterion_that_stands_on_a_conclusion_tells_only_that():
    """Its rows, which the conclusion covers, are not told."""
    result = evaluate(only(A), dossier(attestations=(said("1"),)))
    assert len(lines(result["1"])) == 2
    assert result["1"].why_not("en") == why_not(result["1"], "en")
    assert len(lines(result)) > 2


def test_a_row_without_a_figure_is_counted_apart():
    """Of a single row and of a criterion it is told as of the whole."""
    result = evaluate(only(AllOf(members=(A, P))), dossier({"a": 50, "p": True}))
    assert "half a unit" in firm(result["1.1"], "en")
    assert firm(result["1"], "en") == firm(result, "en")
    assert firm(evaluate(only(P), dossier()), "en").endswith("on no figure that was typed: 1.")


def test_a_row_tells_it_itself():
    """The method of an indicator is the function."""
    row = evaluate(only(A), dossier({"a": 40}))["1.1"]
    assert row.why_not("en") == why_not(row, "en")


@pytest.mark.parametrize(("known", "told"), [(False, "NOT MET"), (None, "UNDETERMINED"), (True, None)])
def test_whom_a_set_is_for_is_told_where_it_decides(known, told):
    """It is told first, and alone where the set is not for the place; where the set is, it decided nothing."""
    zone = Indicator("applies_to", words("Xã an toàn khu"), Holds(fact="unit.is_safe_zone"), source())
    rules = attrs.evolve(only(A), applies_to=zone)
    result = evaluate(rules, dossier({"a": 40} | ({} if known is None else {"unit.is_safe_zone": known})))
    page = lines(result)
    assert any("Xã an toàn khu" in line and str(told) in line for line in page) is (told is not None)
    assert any(line.startswith("Criterion 1") for line in page) is (known is True)
    assert firm(result, "en").endswith("on no figure that was typed: 1.")
