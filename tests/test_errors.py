from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_rules import (
    CriteriaError,
    DocumentError,
    DossierError,
    NotInForceError,
    NtmRulesError,
    Problem,
    ProblemCode,
    Quantity,
    QuantityError,
    Severity,
    UnknownNameError,
    Where,
)
from ntm_rules.messages import LANGUAGES

HERE = Where("phu-dinh.yaml", 4, 7, "$.facts.poverty")
PROBLEM = Problem.at(ProblemCode.UNKNOWN_FACT, HERE, name="poverty", nearest="poverty_rate")


def quantity_error():
    """The error of a quantity that is none."""
    with pytest.raises(QuantityError) as caught:
        Quantity.parse("5 kg")
    return caught.value


ERRORS = [
    NtmRulesError("x"),
    UnknownNameError("comune/standard/2016-2020", "commune/standard/2016-2020"),
    UnknownNameError("x"),
    NotInForceError("commune/standard", "1999-01-01"),
    DocumentError([PROBLEM]),
    CriteriaError([PROBLEM]),
    DossierError([PROBLEM, PROBLEM]),
    quantity_error(),
]

# --- problems ---------------------------------------------------------------------------------------------------


def test_codes():
    """Every code has a number of its own, and a slug that is the key of its message."""
    assert len({code.value for code in ProblemCode}) == len(ProblemCode)
    assert ProblemCode("NTM401").slug == "unknown_fact"


@pytest.mark.parametrize(
    ("where", "text"),
    [
        (Where(), "<input>"),
        (Where("a.yaml"), "a.yaml"),
        (Where("a.yaml", 3), "a.yaml:3"),
        (Where("a.xlsx", 12, 8, cell="H12"), "a.xlsx:H12"),
        (Where(cell="H12"), "<input>:H12"),
        (Where("a.xlsx", 12, 8, cell="H12", sheet="Chỉ tiêu '24"), "a.xlsx:'Chỉ tiêu ''24'!H12"),
        (HERE, "phu-dinh.yaml:4:7"),
        (Where(path="$.facts"), "<input>"),
    ],
)
def test_where(where, text):
    """A place is shown as far as it is known."""
    assert str(where) == text


def test_message():
    """A problem is one sentence, with the nearest name behind it, in either language."""
    assert PROBLEM.message("vi").startswith("Danh mục số liệu không có «poverty».")
    assert PROBLEM.message("vi").endswith("Có phải là «poverty_rate»?")
    assert PROBLEM.message() == PROBLEM.message("vi")
    assert PROBLEM.message("en") == 'The fact catalogue has no "poverty". Did you mean "poverty_rate"?'
    without = Problem.at(ProblemCode.UNKNOWN_FACT, HERE, name="poverty")
    assert "?" not in without.message("en")


def test_render():
    """A problem's line has its place, its code and its sentence."""
    assert PROBLEM.render("en") == f"phu-dinh.yaml:4:7: NTM401 {PROBLEM.message('en')}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_names_of_ours_are_worded(lang):
    """Units, kinds and levels are named in the words of the language, not by their ids."""
    unit = Problem.at(ProblemCode.UNIT_MISMATCH, HERE, seen="percent", unit="million_vnd_per_person_year").message(lang)
    assert "%" in unit
    assert "million_vnd" not in unit
    kind = Problem.at(ProblemCode.WRONG_TYPE, HERE, wanted="text|mapping", found="list").message(lang)
    assert "mapping" not in kind
    assert " / " in kind
    level = Problem.at(ProblemCode.WRONG_LEVEL, HERE, level="commune", wanted="district").message(lang)
    assert ("district" in level) is (lang == "en")
    assert not {"Huyện", "Xã", "District", "Commune"} & set(level.replace(",", "").split())
    unknown = Problem.at(ProblemCode.UNIT_MISMATCH, HERE, seen="numerator/denominator", unit="house").message(lang)
    assert "numerator/denominator" in unknown


def test_the_cell_as_data():
    """Of a spreadsheet the path is the cell, with its sheet where there are several."""
    where = Where("a.xlsx", 12, 8, "$.facts", "H12", "Chỉ tiêu")
    assert Problem.at(ProblemCode.UNKNOWN_FACT, where, name="x").to_dict()["path"] == "'Chỉ tiêu'!H12"


def test_parameters_named_like_arguments():
    """A parameter may bear any name, and its value may hold braces."""
    problem = Problem.at(ProblemCode.UNKNOWN_KEY, HERE, key="{lang}")
    assert "{lang}" in problem.message("en")


def test_problem_as_data():
    """A problem as plain data has everything: code, place, parameters, sentence."""
    assert PROBLEM.to_dict("en") == {
        "code": "NTM401",
        "severity": "error",
        "file": "phu-dinh.yaml",
        "line": 4,
        "column": 7,
        "path": "$.facts.poverty",
        "params": {"name": "poverty", "nearest": "poverty_rate"},
        "message": PROBLEM.message("en"),
    }
    warning = Problem.at(ProblemCode.UNKNOWN_FACT, HERE, Severity.WARNING, name="x")
    assert warning.to_dict()["severity"] == "warning"


# --- exceptions -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", ERRORS, ids=repr)
def test_every_error_survives_another_process(error):
    """An exception sent to another process comes back with all it says."""
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(again) is type(error)
    assert vars(again) == vars(error)
    assert str(again) == str(error)


@pytest.mark.parametrize("error", ERRORS[1:], ids=repr)
def test_every_error_speaks(error):
    """An exception is one of the library's, is an English sentence as text, and renders in both languages."""
    assert isinstance(error, NtmRulesError)
    assert str(error) == error.render("en")
    assert error.render() == error.render("vi") != error.render("en")
    assert not set("{}") & set(error.render("vi") + error.render("en"))


def test_kinds_of_errors():
    """Each exception is caught as what Python calls it."""
    assert isinstance(ERRORS[1], LookupError)
    assert all(isinstance(error, ValueError) for error in ERRORS[3:])


wheres = st.builds(
    Where,
    st.none() | st.sampled_from(["a.yaml", "b.yaml"]),
    st.none() | st.integers(1, 12),
    st.none() | st.integers(1, 12),
    st.sampled_from(["", "$.a", "$.b"]),
)


@given(st.lists(st.builds(Problem, st.sampled_from(ProblemCode), wheres), max_size=8))
def test_problems_are_sorted(problems):
    """Problems are sorted by file, line and column, whatever the order in which they were found."""
    error = DocumentError(problems)
    places = [(each.where.file or "", each.where.line or 0, each.where.column or 0) for each in error.problems]
    assert places == sorted(places)
    assert sorted(map(repr, error.problems)) == sorted(map(repr, problems))
    assert [*map(repr, DocumentError(reversed(problems)).problems)] == [*map(repr, error.problems)]


def test_each_problem_on_its_line():
    """A document's error has one line a problem."""
    other = Problem.at(ProblemCode.NO_REGION, Where("a.yaml", 2))
    assert DossierError([PROBLEM, other]).render("en").splitlines() == [other.render("en"), PROBLEM.render("en")]
