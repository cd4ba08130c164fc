from __future__ import annotations

from pathlib import Path

import attrs
import pytest

import ntm_rules as ntm
from ntm_rules import heading
from ntm_rules.messages import LANGUAGES

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PERIODS = EXAMPLES / "periods"
PROVINCIAL = EXAMPLES / "provincial"

#: One dossier a period: the edition it falls under, criteria met and not met, and the indicator worth reading.
JUDGED = {
    "2014-standard": ("commune/standard/2010-2015@2014-03-14", (15, 3), "11/11"),
    "2019-standard": ("commune/standard/2016-2020@2016-12-01", (14, 1), "10/10"),
    "2023-standard": ("commune/standard/2021-2025@2022-03-08", (8, 4), "15/15.1"),
    "2024-standard": ("commune/standard/2021-2025@2024-03-07", (10, 1), "10/10"),
    "2023-advanced": ("commune/advanced/2021-2025@2022-03-08", (4, 1), "4/4"),
    "2023-model": ("commune/model/2021-2025@2022-03-08", (2, 0), "2/2"),
    "2026-standard": ("commune/standard/2026-2030@2026-02-15", (1, 0), "8/clean_water"),
}


def judged(path):
    """A dossier and its assessment."""
    dossier = ntm.read_dossier(path)
    return dossier, ntm.evaluate(ntm.rules_for(dossier), dossier)


def test_every_period_has_its_example():
    """The folder holds just the dossiers that are told of here."""
    assert {path.stem for path in PERIODS.iterdir()} == set(JUDGED)


@pytest.mark.parametrize("name", JUDGED)
def test_a_dossier_of_each_period_is_judged(name):
    """Each is marked as an illustration, falls under the edition of its year and comes out as told."""
    dossier, result = judged(PERIODS / f"{name}.yaml")
    edition, tally, _ = JUDGED[name]
    assert dossier.status is ntm.Status.ILLUSTRATION
    assert result.rules.edition == edition
    assert (result.tally.met, result.tally.not_met) == tally


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", JUDGED)
def test_a_dossier_of_each_period_is_explained(name, lang, golden):
    """The head of the page and one indicator of each read as an auditor should find them."""
    _, result = judged(PERIODS / f"{name}.yaml")
    pages = (heading(result, lang), result[JUDGED[name][2]].why(lang))
    golden(f"examples/{name}.{lang}.txt", "\n\n".join(pages) + "\n")


def test_a_safe_zone_commune_takes_the_northern_column():
    """A commune of the South Central Coast is held to the northern-mountain levels, first by 318/QĐ-TTg, then 211."""
    rules = {}
    for year in ("2023", "2024"):
        dossier, result = judged(PERIODS / f"{year}-standard.yaml")
        assert dossier.place.region == "south_central_coast"
        (reason,) = result["10"].indicators[0].reasons
        assert ("region", "northern_midlands_and_mountains") in reason.threshold.row
        rules[year] = {taken.citation.instrument for taken in reason.threshold.taken_by}
    assert rules == {"2023": {"318/QĐ-TTg"}, "2024": {"211/QĐ-TTg"}}


def test_figures_that_a_set_reads_elsewhere_are_used():
    """What only the standard set reads is used where the advanced set asks for the standard set."""
    _, result = judged(PERIODS / "2023-advanced.yaml")
    assert ntm.FindingCode.UNUSED_FACT not in {finding.code for finding in result.findings}
    dossier = attrs.evolve(result.dossier, set_id="commune/standard/2021-2025")
    alone = ntm.evaluate(ntm.rules_for(dossier), dossier)
    assert ntm.FindingCode.UNUSED_FACT in {finding.code for finding in alone.findings}


# --- a province's decision --------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_dossier_is_judged_under_the_decision_it_names(lang, golden):
    """The levels are those of the province's own group of communes, each with the chain by which it holds."""
    _, result = judged(PROVINCIAL / "minh-hoa-2019.yaml")
    assert {each.indicator.number: each.verdict.value for each in result["2"].indicators} == {
        "2.1": "met",
        "2.2": "not_met",
        "2.3": "met",
        "2.4": "undetermined",
    }
    golden(f"examples/provincial.{lang}.txt", f"{heading(result, lang)}\n\n{result['2'].why(lang)}\n")


@pytest.mark.parametrize(
    ("attributes", "required"),
    [
        ({"ethnic_zone": "III", "is_peri_urban": True}, "80 %"),
        ({"ethnic_zone": "I", "is_peri_urban": True}, "100 %"),
        ({"ethnic_zone": "I", "is_peri_urban": False}, "90 %"),
        ({"ethnic_zone": "I"}, None),
    ],
)
def test_the_group_of_a_commune_is_found_by_what_it_is(attributes, required):
    """The first rule that holds gives the group; where one is open and may change the level, nothing is decided."""
    dossier = ntm.read_dossier(PROVINCIAL / "minh-hoa-2019.yaml")
    dossier = attrs.evolve(dossier, place=attrs.evolve(dossier.place, attributes=tuple(attributes.items())))
    (reason,) = ntm.evaluate(ntm.rules_for(dossier), dossier)["2.1"].reasons
    if required is None:
        assert reason.code is ntm.ReasonCode.MISSING_ATTRIBUTE
    else:
        assert reason.threshold.value.written() == required


def test_no_other_province_is_judged_by_it():
    """A dossier of another province is refused, and one of a year before the decision too."""
    dossier = ntm.read_dossier(PROVINCIAL / "minh-hoa-2019.yaml")
    elsewhere = attrs.evolve(dossier, place=attrs.evolve(dossier.place, province="vn-2008/province/01"))
    earlier = ntm.Dossier.from_mapping(
        {
            "dossier": 1,
            "place": {"level": "commune", "name": "Minh Họa", "province": "Thái Nguyên"},
            "set": "commune/standard/2016-2020",
            "year": 2016,
            "overlays": [str(PROVINCIAL / "commune-groups-2016-2020.yaml")],
        }
    )
    for each, code in ((elsewhere, "NTM536"), (earlier, "NTM534")):
        with pytest.raises(ntm.RevisionError) as raised:
            ntm.evaluate(ntm.rules_for(each), each)
        assert {problem.code.value for problem in raised.value.problems} == {code}


# --- a province's scoring table ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("tier", "verdict"), [("standard", "not_met"), ("basic", "met")])
def test_scores_are_judged_by_a_set_of_their_own(tier, verdict):
    """Every criterion needs 85 points to meet the standard and 75 to meet it "basically"."""
    rules = ntm.read_criteria_set(PROVINCIAL / f"dak-lak-{tier}-2017-2020.yaml")
    result = ntm.evaluate(rules, ntm.read_dossier(PROVINCIAL / "dak-lak-scores.yaml"))
    assert result.verdict.value == verdict
    reasons = result["1.1"].reasons
    assert {reason.threshold.citation.instrument for reason in reasons} == {"2687/QĐ-UBND"}
    short = [(reason.part, str(reason.gap.value)) for reason in reasons if reason.code is ntm.ReasonCode.BELOW_MINIMUM]
    assert short == ([("criterion_11", "0.5"), ("criterion_17", "3")] if tier == "standard" else [])
