from __future__ import annotations

import copy
import json

import pytest

import ntm_rules as ntm
from ntm_rules import Discrepancy, DiscrepancyKind, evaluate, read_dossier, reproduce
from ntm_rules.explanation import difference_sentence
from ntm_rules.messages import LANGUAGES

FIGURE, EDITION, ENGINE = DiscrepancyKind.FIGURE, DiscrepancyKind.EDITION, DiscrepancyKind.ENGINE
LAW = "commune/standard/2016-2020"


def saved(rules=None, name="illustration/minh-hoa"):
    """A saved assessment, as it is read back."""
    found = evaluate(rules or ntm.load(LAW), read_dossier(f"examples/{name}.yaml"))
    return json.loads(json.dumps(found.to_proof()))


def after(change, **own):
    """The differences after a change to a saved assessment, as kinds and places."""
    data = copy.deepcopy(saved(**own))
    change(data)
    return {(each.kind, each.path) for each in reproduce(data)}


def test_each_difference_says_what_it_is_of():
    """Of what was put in, of the law, of the result."""

    def change(data):
        data["year"] = 2021
        data["verdict"] = "met"
        row = data["criteria"][4]["indicators"][0]
        row["figures"][0]["numerator"] = "3"
        row["threshold"]["value"] = "60"
        data["set"]["fingerprint"] = "sha256:0"
        del data["basis"]
        data["missing_facts"].append("x")
        data["provisional"] = 1

    assert {
        (FIGURE, "$.year"),
        (ENGINE, "$.verdict"),
        (FIGURE, "$.criteria[4].indicators[0].figures[0].numerator"),
        (EDITION, "$.criteria[4].indicators[0].threshold.value"),
        (EDITION, "$.set.fingerprint"),
        (ENGINE, "$.basis"),
        (ENGINE, "$.missing_facts"),
        (ENGINE, "$.provisional"),
    } <= after(change)


def test_a_changed_input_changes_the_result():
    """A figure that is changed in the dossier that the file carries is judged, and all that hangs on it differs."""

    def change(data):
        data["proof"]["dossier"]["facts"]["health_insurance_share"]["value"] = "86 %"

    found = after(change)
    assert (FIGURE, "$.criteria[14].indicators[0].figures[0].value") in found
    assert (ENGINE, "$.criteria[14].verdict") in found


@pytest.mark.parametrize(
    ("edition", "told"),
    [(f"{LAW}@2017-01-01", True), (f"{LAW}@2016-12-01", False), ("commune/standard/1999-2000@1999-01-01", False)],
)
def test_the_shelf_is_asked_for_the_edition(edition, told):
    """An edition that the shelf no longer holds is told; of a set that it never held nothing is."""

    def change(data):
        data["proof"]["rules"]["edition"] = edition

    assert ((EDITION, "$.proof.rules.law") in after(change)) is told


def test_a_law_that_is_another_by_now_is_told():
    """Where the packaged law of the edition has another fingerprint than the one saved, that is a difference."""

    def change(data):
        data["proof"]["rules"]["law"] = "sha256:" + "0" * 64

    found = [each for each in after(change) if each[0] is EDITION]
    assert (EDITION, "$.proof.rules.law") in found


def test_a_dossier_that_can_no_longer_be_read_is_told():
    """What the file carries is read as strictly as any dossier."""
    data = saved()
    data["proof"]["dossier"]["facts"]["health_insurance_share"]["value"] = "86,5 %"
    with pytest.raises(ntm.DossierError):
        reproduce(data)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_difference_has_its_sentence(lang):
    """Each kind has words in both languages; nothing is told as a dash."""
    for kind in DiscrepancyKind:
        told = difference_sentence(Discrepancy(kind, "$.here", "x" * 100, None), lang)
        assert "$.here" in told
        assert " -." in told


def formed():
    """The saved assessment of a place that was formed of others, as a register and a lineage tell."""
    folder = "examples/status"
    lineage = ntm.read_lineage(f"{folder}/mergers.yaml")
    register = ntm.read_register(f"{folder}/decisions.yaml")
    read = register.under(read_dossier(f"{folder}/merged/2025.yaml"), lineage)
    return json.loads(json.dumps(evaluate(ntm.rules_for(read), read).to_proof()))


def test_what_a_place_was_formed_of_is_saved():
    """It is no part of a dossier file, so it is saved beside it; a title that is taken from it is a difference."""
    data = formed()
    assert [each["place"]["name"] for each in data["proof"]["predecessors"]] == ["Thử Một", "Thử Hai"]
    assert (ntm.recheck(data), reproduce(data)) == ((), ())
    data["proof"]["predecessors"][0]["titles"][0]["revoked_on"] = "2020-01-01"
    data["proof"]["predecessors"][1]["titles"] = []
    assert {each.path for each in reproduce(data)} == {"$.findings", "$.fingerprint"}
    data["proof"]["predecessors"][0]["on"] = "never"
    with pytest.raises(ntm.DocumentError):
        reproduce(data)
