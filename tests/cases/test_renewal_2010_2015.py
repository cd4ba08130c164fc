"""Re-recognition under 372/QĐ-TTg: the standard kept for five years without a break, at all three levels."""

from __future__ import annotations

import pytest

import ntm_rules as ntm

LEVELS = ("commune", "district", "province")


def name_of(level):
    """The set on re-recognition at a level."""
    return f"renewal/{level}/standard/2010-2015"


def year_of(year, verdict="met", of=""):
    """A commune's dossier of a year, in which criterion 11 has that verdict and all others are met."""
    told = {str(number): "met" for number in range(1, 20)} | {"11": verdict}
    said = {f"{of}{number}": {"verdict": each, "by": "Sở"} for number, each in told.items() if each is not None}
    return {"year": year, "attestations": said}


def commune(*earlier, recognised="2011-06-01", five_years="có", now="met"):
    """A commune in 2016 that was recognised on a day, with the dossiers of earlier years."""
    titles = [{"set": "commune/standard/2010-2015", "decision": "1/QĐ-UBND", "dated": recognised}]
    place = {"level": "commune", "name": "Xã Thử", "district": "Huyện Thử", "province": "Hà Nam"}
    data = {
        "dossier": 1,
        "place": place,
        "set": name_of("commune"),
        "on": "2016-06-30",
        **year_of(2016, now, "commune/standard/2010-2015#"),
    }
    data["titles"] = {"complete": "yes", "list": titles if recognised else []}
    data["facts"] = {"has_five_years_since_recognition": five_years}
    return ntm.read_dossier(data | {"earlier": list(earlier)})


def result_of(dossier):
    """What the set on the re-recognition of communes gives; what it asks of a year is the commune set of that year."""
    return ntm.evaluate(ntm.load(name_of("commune"), on=dossier.on), dossier)


KEPT = [year_of(year) for year in (2012, 2013, 2014, 2015)]


@pytest.mark.parametrize(
    ("earlier", "verdict"),
    [
        (KEPT, "met"),
        ([*KEPT, year_of(2011, "not_met")], "met"),
        (KEPT[1:], "undetermined"),
        ([*KEPT[:3], year_of(2015, "not_met")], "not_met"),
        ([year_of(2012, "not_met")], "not_met"),
        ([*KEPT[:3], year_of(2015, None)], "undetermined"),
    ],
)
def test_the_standard_is_kept_for_five_years(earlier, verdict):
    """Each of the five years is met; one that is not is enough, and one of which nothing is known is open."""
    assert result_of(commune(*earlier)).verdict.value == verdict


def test_the_year_judged_is_one_of_the_five():
    """What is not met in the year itself was not kept."""
    assert result_of(commune(*KEPT, now="not_met")).verdict.value == "not_met"


def test_only_who_holds_the_title_is_recognised_again():
    """To a commune that was never recognised the set does not apply."""
    assert result_of(commune(*KEPT, recognised=None)).verdict.value == "not_applicable"


@pytest.mark.parametrize(("said", "verdict"), [("có", "met"), ("không", "not_met")])
def test_five_years_since_the_decision(said, verdict):
    """That five years have passed is a condition beside what was kept."""
    result = result_of(commune(*KEPT, five_years=said))
    assert (result.verdict.value, result.recognition.verdict.value) == ("met", verdict)


@pytest.mark.parametrize("level", LEVELS)
def test_the_three_levels_have_one_rule(level):
    """The sheet tells the rule once, so the three sets ask the same, each of its own level."""
    rules = ntm.load(name_of(level))
    (row,) = [each for _, each in rules.indicators]
    (year,) = row.require.parts
    assert year.address == f"{level}/standard"
    assert rules.applies_to.require.set_id == f"{level}/standard"
    assert (rules.basis, row.source.evidence) == ("372/QĐ-TTg", ntm.Grade.TEXT)
    assert rules.in_force.last_day.isoformat() == "2016-12-29"


def test_a_conclusion_on_a_set_of_another_period():
    """What is said of the year judged is said of the commune set in force then, and of no other."""
    with pytest.raises(ntm.DossierError) as caught:
        ntm.read_dossier(
            {
                "dossier": 1,
                "place": {"level": "commune", "name": "Xã Thử", "province": "Hà Nam"},
                "set": name_of("commune"),
                "year": 2015,
                "attestations": {"commune/standard/2016-2020#1": {"verdict": "met", "by": "Sở"}},
            }
        )
    assert {problem.code.value for problem in caught.value.problems} == {"NTM415"}
