"""Each fault that a user may make has a problem or a reason of its own, and a sentence that says what to do."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest

import ntm_rules as ntm
from ntm_rules import ProblemCode, ReasonCode

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
DECISION = EXAMPLES / "provincial" / "commune-groups-2016-2020.yaml"
OLD, SET, ITS_NEXT, LAST = (f"commune/standard/{each}" for each in ("2010-2015", "2016-2020", "2021-2025", "2026-2030"))
INCOME = "income_per_person"
GROUPS = """\
revision: groups
revises: commune/standard/2026-2030
authority: scenario
author: Thử
title: {vi: Thử, en: Trial}
edits:
  - {edit: set_cell, at: 8/clean_water, row: group_1, to: 90 %}
  - {edit: set_cell, at: 8/clean_water, row: group_2, to: 80 %}
  - {edit: set_cell, at: 8/clean_water, row: group_3, to: 60 %}
"""


def dossier(year, level="commune", facts=None, attributes=None, **keys):
    """A made-up place of Thái Nguyên."""
    place = {"level": level, "name": "Minh Họa", "province": "Thái Nguyên", "attributes": attributes or {}}
    return ntm.Dossier.from_mapping({"dossier": 1, "place": place, "year": year, "facts": facts or {}} | keys)


def the_reason(rules, of, at):
    """The only reason of one indicator."""
    (reason,) = ntm.evaluate(rules, of)[at].reasons
    return reason


def refused(doing):
    """The problems for which something is refused."""
    with pytest.raises(ntm.DocumentError) as raised:
        doing()
    return raised.value.problems


# --- place and time ---------------------------------------------------------------------------------------------


def test_a_place_of_another_level():
    """A district is not judged by a set for communes; the levels are named as within a sentence."""
    (problem,) = refused(lambda: dossier(2019, "district", set=SET))
    assert problem.code is ProblemCode.WRONG_LEVEL
    assert problem.message() == "Bộ tiêu chí này dành cho cấp xã, hồ sơ ghi cấp huyện."


@pytest.mark.parametrize("year", [1999, 2005, 2008])
def test_a_day_before_every_set(year):
    """Before the first set nothing judges, the day is written as each language does, and the way out is named."""
    with pytest.raises(ntm.NotInForceError) as raised:
        ntm.rules_for(dossier(year))
    assert f"31/12/{year}. Danh sách các bộ: ntm-rules sets" in raised.value.render("vi")
    assert f"31 December {year}. ntm-rules sets" in raised.value.render("en")


def test_a_set_used_outside_its_force():
    """A set that is named judges outside its force, and every page says so."""
    result = ntm.evaluate(ntm.load(SET), dossier(2023, set=SET))
    assert "31/12/2023 nằm ngoài thời gian có hiệu lực" in ntm.heading(result)


def test_no_such_set_tells_how_to_use_ones_own():
    """An unknown set offers the nearest and tells how a set of one's own is used."""
    (problem,) = refused(lambda: dossier(2019, set="commune/standard/2017-2020"))
    assert problem.code is ProblemCode.UNKNOWN_SET
    assert "--set" in problem.message()
    assert SET in problem.message()


# --- columns and years ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attributes", "facts", "code"),
    [
        ({}, {}, ReasonCode.MISSING_ATTRIBUTE),
        ({"ethnic_zone": "III"}, {}, ReasonCode.MISSING_ATTRIBUTE),
        ({"ethnic_zone": "III"}, {"agriculture_economic_share": "9 %"}, ReasonCode.ROW_AMBIGUOUS),
        (
            {"ethnic_zone": "III", "is_next_to_urban_area": "không", "is_oriented_as_new_urban_area": "không"},
            {"agriculture_economic_share": "10 %"},
            ReasonCode.REACHES_THRESHOLD,
        ),
    ],
)
def test_the_group_of_2026_is_not_known(tmp_path, attributes, facts, code):
    """Once the levels of the groups differ, what is not said of a commune is asked for; two groups at once are told."""
    path = tmp_path / "groups.yaml"
    path.write_text(GROUPS, encoding="utf-8")
    rules = ntm.load(LAST, with_=[path])
    of = dossier(2026, facts={"clean_water_share": "72 %"} | facts, attributes=attributes)
    reason = the_reason(rules, of, "clean_water")
    assert reason.code is code
    asks = reason.threshold.asks if code is ReasonCode.MISSING_ATTRIBUTE else ()
    assert ("agriculture_economic_share" in asks) is (code is ReasonCode.MISSING_ATTRIBUTE)


def test_a_year_that_the_table_does_not_cover():
    """1980/QĐ-TTg gives incomes up to 2020: in 2021 nothing is compared with them."""
    reason = the_reason(ntm.load(SET), dossier(2021, facts={INCOME: "50 triệu đồng/người/năm"}), "10/10")
    assert reason.code is ReasonCode.YEAR_NOT_COVERED


def test_a_year_whose_level_is_not_at_hand():
    """The income of 2021 is a row of 318/QĐ-TTg without a figure: undetermined, and not for want of the dossier's."""
    reason = the_reason(ntm.load(ITS_NEXT), dossier(2021, facts={INCOME: "50 triệu đồng/người/năm"}), "10/10")
    assert reason.code is ReasonCode.THRESHOLD_UNSTATED


def test_a_figure_of_2021_is_not_held_against_the_row_of_2022():
    """A figure of the year before does not meet the level of the year judged, high as it may be."""
    of = dossier(2022, facts={INCOME: {"value": "90 triệu đồng/người/năm", "for": 2021}})
    assert the_reason(ntm.rules_for(of), of, "10/10").code is ReasonCode.FACT_OF_OTHER_YEAR


# --- revisions --------------------------------------------------------------------------------------------------


def changed(tmp_path, old, new, name="changed.yaml"):
    """The decision of the examples with something else in it."""
    text = DECISION.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / name
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("at: 2/2.1", "at: 2/2.9", ProblemCode.EDIT_OF_NOTHING),
        ("at: 2/2.1", "at: 3/3.1", ProblemCode.OUTSIDE_MANDATE),
        ("sign: at_least", "sign: at_most", ProblemCode.OTHER_SIGN),
        ("from: 2017-06-01", "from: 2025-06-01", ProblemCode.OUTSIDE_PERIOD),
        ("difficult: 80 %, peri", "difficult: 180 %, peri", ProblemCode.THRESHOLD_OUT_OF_RANGE),
        ("difficult: 80 %, peri_urban: 100 %, other: 90 %", "difficult: 80 %", ProblemCode.ROW_WITHOUT_VALUE),
        ("issued: 2017-05-15\n", "", ProblemCode.AUTHORITY_INCOMPLETE),
        ("province/19", "province/99", ProblemCode.UNKNOWN_PROVINCE_ID),
    ],
)
def test_a_decision_that_can_not_stand(tmp_path, old, new, code):
    """What a province may not decide, or what is not there to be decided, is refused with a code of its own."""
    path = changed(tmp_path, old, new)
    problems = refused(lambda: ntm.load(SET, with_=[path]))
    assert code in {problem.code for problem in problems}
    assert {problem.where.file for problem in problems} == {str(path)}


def test_a_decision_looser_than_the_norm(tmp_path):
    """Where the norm has a floor, a level below it is refused for each cell, with both figures."""
    floors = ntm.read_revision(_floored(tmp_path), ntm.load(SET)).apply(ntm.load(SET))
    floored = attrs.evolve(floors, overlays=())
    problems = refused(lambda: ntm.read_revision(DECISION, floored).apply(floored))
    assert {problem.code for problem in problems} == {ProblemCode.BELOW_THE_NORM}
    assert "mức 80 % thấp hơn yêu cầu của quy định quốc gia là 85 %" in problems[0].message()


def _floored(tmp_path):
    """A supposed norm that leaves row 2.1 to the province, but never below 85 %."""
    path = tmp_path / "floor.yaml"
    path.write_text(
        "revision: floor\nrevises: commune/standard/2016-2020\nauthority: scenario\nauthor: Thử\n"
        "title: {vi: Thử, en: Trial}\nedits:\n"
        "  - {edit: set_cell, at: 2/2.1, to: {decided_by: province, floor: 85 %}}\n",
        encoding="utf-8",
    )
    return path


def test_two_decisions_for_one_cell(tmp_path):
    """Two decisions in force at once for one row are an error; that the later one won would be a silent choice."""
    second = changed(tmp_path, "revision: example", "revision: second")
    problems = refused(lambda: ntm.load(SET, with_=[DECISION, second]))
    assert ProblemCode.DECIDED_TWICE in {problem.code for problem in problems}


def test_sets_that_ask_for_one_another(tmp_path):
    """A set that is to be met in order to be met is refused, and the circle is shown."""
    path = tmp_path / "circle.yaml"
    path.write_text(
        "revision: circle\nrevises: commune/standard/2016-2020\nauthority: scenario\nauthor: Thử\n"
        "title: {vi: Thử, en: Trial}\nedits:\n"
        '  - {edit: set_requirement, at: 10/10, to: {attains: "commune/standard/2016-2020#11"}}\n'
        '  - {edit: set_requirement, at: 11/11, to: {attains: "commune/standard/2016-2020#10"}}\n',
        encoding="utf-8",
    )
    problems = refused(lambda: ntm.load(SET, with_=[path]))
    assert {problem.code for problem in problems} == {ProblemCode.CIRCULAR}


def test_a_decision_that_is_not_there(tmp_path):
    """A dossier that names a decision that can't be read is not judged without it."""
    of = dossier(2019, set=SET, overlays=[str(tmp_path / "none.yaml")])
    (problem,) = refused(lambda: ntm.rules_for(of))
    assert problem.code is ProblemCode.UNREADABLE
