from __future__ import annotations

import copy
import pickle
from decimal import Decimal

import pytest
from hypothesis import given

from criteria_strategies import dossiers
from ntm_rules import Dossier, FactValue, Quantity


@given(dossiers())
def test_looking_up(dossier):
    """Each fact and each document is found by its name, and what is not there is None."""
    for value in dossier.facts:
        assert dossier.by_fact[value.fact] is value
    for document in dossier.documents:
        assert dossier.document(document.id) is document
    assert dossier.document(None) is None
    assert dossier.document("no such document, surely") is None


@given(dossiers())
def test_copies(dossier):
    """A copy of a dossier, or one sent to another process, is equal to it."""
    assert copy.deepcopy(dossier) == dossier
    assert pickle.loads(pickle.dumps(dossier)) == dossier  # noqa: S301 - our own bytes


def test_the_file_does_not_matter():
    """Two dossiers that say the same are equal, wherever they were read from."""
    data = {"dossier": 1, "year": 2018, "place": {"level": "commune", "name": "Phú Đình", "province": "Thái Nguyên"}}
    dossier = Dossier.from_mapping(data)
    assert dossier.file is None
    assert dossier == Dossier.from_mapping(data)


def test_fraction():
    """A figure is an exact fraction, its counts before the share printed beside them; a statement is none."""
    share = Quantity(Decimal("11.20"), "percent")
    assert FactValue("x", share).fraction == (Decimal("11.20"), Decimal(1))
    assert FactValue("x", share, Decimal(131), Decimal(1170)).fraction == (Decimal(13100), Decimal(1170))
    assert FactValue("x", None, Decimal(131), Decimal(1170)).fraction == (Decimal(13100), Decimal(1170))
    with pytest.raises(TypeError, match="has_plan"):
        _ = FactValue("has_plan", statement=True).fraction
