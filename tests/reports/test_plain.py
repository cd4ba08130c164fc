from __future__ import annotations

import json
from importlib import resources

import pytest
from jsonschema import Draft202012Validator

from ntm_rules.errors import UnknownNameError
from ntm_rules.messages import LANGUAGES
from ntm_rules.reports import ReportFile, plain, render, report, report_index

SCHEMA = json.loads((resources.files("ntm_rules.schemas") / "report.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


@pytest.mark.parametrize("name", ["attested", "figures", "decision", "many", "incomplete", "district", "hostile"])
def test_a_report_is_valid_under_its_schema(judged, name):
    """A report as data is valid under its schema, and what is written is that data."""
    made = report(judged(name), "vi")
    assert not [error.message for error in VALIDATOR.iter_errors(plain(made))]
    assert json.loads(render(made, "json")) == plain(made)


def test_an_index_is_valid_under_the_schema_too(judged):
    """An index as data has the same form."""
    made = report_index([ReportFile(judged("attested"), "a.json")], ["b.yaml: NTM202"], "en")
    assert not [error.message for error in VALIDATOR.iter_errors(plain(made))]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_report_as_data_reads_as_expected(judged, steady, lang):
    """The whole of a small report as data."""
    steady(f"few.{lang}.json", render(report(judged("few"), lang), "json").decode())


def test_a_form_that_there_is_not(judged):
    """A form that is not known is an error that offers the nearest."""
    with pytest.raises(UnknownNameError, match="html"):
        render(report(judged("few")), "htm")


def test_figures_are_digits(judged):
    """No number of a report as data is a binary one: the schema knows integers of depth only."""

    def numbers(data):
        if isinstance(data, dict):
            data = list(data.values())
        if isinstance(data, list):
            for each in data:
                yield from numbers(each)
        elif isinstance(data, float):
            yield data

    assert not list(numbers(plain(report(judged("figures")))))
