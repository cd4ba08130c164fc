from __future__ import annotations

import pytest

from criteria_strategies import CATALOGUE
from ntm_rules.rulebook import facts
from ntm_rules.vocabulary.facts import FactKind
from ntm_rules.vocabulary.quantities import UNITS


def test_catalogue():
    """A catalogue knows its facts by id and keeps their order."""
    ids = [fact.id for fact in CATALOGUE]
    assert len(CATALOGUE) == len(ids)
    assert "poverty" in CATALOGUE
    assert "povery" not in CATALOGUE
    assert CATALOGUE["poverty"] is CATALOGUE.get("poverty") is CATALOGUE.facts[0]
    assert CATALOGUE.get("povery") is None
    with pytest.raises(KeyError):
        CATALOGUE["povery"]


def test_packaged_facts_have_units():
    """Every packaged figure has a unit of the table, and no statement has one."""
    for fact in facts():
        assert (fact.unit in UNITS) is (fact.kind is FactKind.NUMBER)
