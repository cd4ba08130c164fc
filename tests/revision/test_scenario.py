from __future__ import annotations

import attrs
import pytest

import ntm_rules as ntm
from ntm_rules.messages import LANGUAGES
from ntm_rules.rulebook import apply

RULES = ntm.load("commune/standard/2016-2020")
PLACE = {"level": "commune", "name": "Minh Họa", "province": "Thái Nguyên"}
DOSSIER = ntm.Dossier.from_mapping(
    {
        "dossier": 1,
        "place": PLACE,
        "year": 2020,
        "facts": {"clean_water_share": "52 %", "hygienic_water_share": "92 %", "employed_labour_share": "91 %"},
    }
)
REGION = "northern_midlands_and_mountains"
BARE = ntm.Indicator(
    "4.3", ntm.Text("Mới", "New"), ntm.Holds(fact="has_standard_electricity_system"), RULES["4.1"].source
)


def scenario(*edits: ntm.Edit, **changes) -> ntm.Revision:
    """An analyst's scenario of these edits."""
    made = ntm.Revision(
        id="trial",
        revises=str(RULES.id),
        authority=ntm.RevisionAuthority.SCENARIO,
        author="An analyst",
        title=ntm.Text("Thử", "Trial"),
        edits=edits,
    )
    return attrs.evolve(made, **changes)


WATER = ntm.SetCell(at="17/17.1", part=("2",), row=(REGION,), cell=ntm.Quantity.parse("55 %"))


def test_a_scenario_is_never_taken_for_law() -> None:
    """What is judged under a scenario is hypothetical, names it, and has another fingerprint."""
    revised = scenario(WATER).apply(RULES)
    result = ntm.evaluate(revised, DOSSIER)
    assert result.hypothetical
    assert result.to_dict()["hypothetical"] is True
    assert result.to_dict()["set"]["overlays"] == ["trial"]
    assert result["17.1"].verdict is ntm.Verdict.NOT_MET
    assert revised.fingerprint != RULES.fingerprint
    assert not RULES.hypothetical
    assert not ntm.evaluate(RULES, DOSSIER).hypothetical


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_says_so(lang) -> None:
    """Each page of a result and each description of the set begins with the mark."""
    revised = scenario(WATER).apply(RULES)
    result = ntm.evaluate(revised, DOSSIER)
    mark = ntm.marks(revised, lang)
    assert "trial" in mark
    pages = [
        result.why(lang),
        result["17"].why(lang),
        result["17.1"].why(lang),
        ntm.unknowns(result, lang),
        ntm.heading(result, lang),
        ntm.describe(revised, None, lang),
        ntm.describe(revised, revised["17"], lang),
        ntm.describe(revised, revised["17.1"], lang),
    ]
    assert all(mark in page for page in pages)
    assert ntm.marks(RULES, lang) == ""


@pytest.mark.parametrize(
    ("edit", "address"),
    [
        (WATER, "17.1"),
        (
            ntm.SetThreshold(
                at="12/12", sign=ntm.Sign.AT_LEAST, threshold=ntm.Table.constant(ntm.Quantity.parse("95 %"))
            ),
            "12/12",
        ),
        (ntm.SetRequirement(at="19/19.1", require=ntm.Holds(fact="has_cooperative")), "19.1"),
        (ntm.ReplaceIndicator(at="4/4.2", indicator=attrs.evolve(BARE, number="4.2")), "4.2"),
        (ntm.AddIndicator(at="4", indicator=BARE), "4.3"),
        (ntm.AddCriterion(criterion=ntm.Criterion("20", BARE.title, (attrs.evolve(BARE, number="20"),))), "20/20"),
    ],
)
def test_what_a_scenario_sets_cites_the_scenario(edit, address) -> None:
    """No figure or requirement that an analyst made up cites the law."""
    counts = ntm.SetCounts(counts=attrs.evolve(RULES.counts, criteria=20, indicators=51))
    revised = scenario(edit, counts).apply(RULES)
    result = ntm.evaluate(revised, DOSSIER)
    cited = {
        reason.citation or reason.threshold.citation
        for reason in result[address].reasons
        if reason.citation is not None or reason.threshold is not None
    }
    assert {each.instrument for each in cited} == {"trial"}
    assert "Kịch bản giả định trial. Mức chứng cứ: giả định." in result[address].why("vi")


def test_two_cells_of_one_table() -> None:
    """Each cell that is set cites the scenario, the others still cite the law; a grade that is given is kept."""
    other = attrs.evolve(WATER, row=("red_river_delta",), grade=ntm.Grade.SECONDARY)
    revised = scenario(WATER, other).apply(RULES)
    source = revised["17.1"].require.part(("2",)).source
    cites = {row: revised.cite(source, (row,)) for row in (REGION, "red_river_delta", "mekong_delta")}
    assert [each.instrument for each in cites.values()] == ["trial", "trial", "1980/QĐ-TTg"]
    assert [each.grade for each in cites.values()] == [ntm.Grade.RECALLED, ntm.Grade.SECONDARY, ntm.Grade.TEXT]


def test_two_scenarios_over_each_other() -> None:
    """A second scenario adds its mark to that of the first."""
    once = scenario(WATER).apply(RULES)
    twice = scenario(attrs.evolve(WATER, cell=ntm.Quantity.parse("60 %")), id="second", author=None).apply(once)
    assert [each.id for each in twice.overlays] == ["trial", "second"]
    assert twice.cite(twice["17.1"].require.part(("2",)).source, (REGION,)).instrument == "second"
    assert len(ntm.marks(twice).splitlines()) == 2


def test_a_scenario_under_the_name_of_an_instrument_is_refused() -> None:
    """A scenario can't be cited as a decision."""
    with pytest.raises(ntm.RevisionError) as refused:
        scenario(WATER, id="1980/QĐ-TTg").apply(RULES)
    assert [each.code for each in refused.value.problems] == [ntm.ProblemCode.ALREADY_THERE]


def test_an_amendment_of_the_law_leaves_no_mark() -> None:
    """What the law itself amends is the law."""
    amended = apply(RULES, scenario(WATER, authority=ntm.RevisionAuthority.LAW, instrument="318/QĐ-TTg"))
    assert amended.overlays == ()


def test_a_revision_is_read_from_a_file(tmp_path) -> None:
    """A scenario file revises the set that it names, and finds the units there."""
    path = tmp_path / "trial.yaml"
    path.write_text(
        "revision: trial\nrevises: commune/standard/2016-2020\nauthority: scenario\nauthor: A\n"
        "title: {vi: Thử, en: Trial}\nedits:\n"
        f"  - {{edit: set_cell, at: 17/17.1, part: '2', row: {REGION}, to: 55 %}}\n",
        encoding="utf-8",
    )
    assert ntm.read_revision(path).edits == (WATER,)
