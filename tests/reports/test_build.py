from __future__ import annotations

from decimal import Decimal
from importlib import metadata

import attrs
import pytest

import ntm_rules as ntm
from ntm_rules.messages import LANGUAGES, library_version, text
from ntm_rules.reports import (
    AuditReport,
    Bullets,
    Entries,
    Entry,
    Paragraph,
    ReportTable,
    Terms,
    Tone,
    report,
)
from ntm_rules.vocabulary.requirements import AnyOf, ForEach, Holds
from ntm_rules.vocabulary.verdicts import Verdict
from strategies import at_least, criteria_set, criterion, dossier, only, said

NAMES = ("attested", "figures", "decision", "many", "few", "incomplete", "district", "nothing", "hostile")


def facts(made: AuditReport) -> dict[str, str]:
    """What identifies a report, by key."""
    return {each.key: each.words for each in made.facts}


def blocks(made: AuditReport, section: str, kind: type) -> list:
    """The blocks of a kind in a section."""
    found = made.section(section)
    assert found is not None
    return [block for block in found.blocks if isinstance(block, kind)]


def entries(made: AuditReport) -> list[Entry]:
    """Every verdict with its grounds."""
    found = [block for section in made.sections for block in section.blocks if isinstance(block, Entries)]
    return [each for block in found for top in block.entries for each in top.walk()]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_report_says_what_it_is(judged, name, lang):
    """Set, edition, fingerprints, year, day, language and version stand in every report and on every page of it."""
    result = judged(name)
    made = report(result, lang)
    said = facts(made)
    assert str(result.rules.id) in said["set"]
    assert result.rules.edition in said["edition"]
    assert said["law_fingerprint"] == result.rules.fingerprint
    assert said["fingerprint"] == result.fingerprint
    assert said["year"] == str(result.dossier.year)
    assert said["language"] == text("report.this_language", lang)
    assert said["version"] == f"ntm-rules {ntm.__version__}"
    head, foot = made.running
    assert result.rules.edition in head
    assert str(result.dossier.year) in head
    assert result.rules.fingerprint in foot
    assert said["language"] in foot
    assert said["version"] in foot
    assert made.headline[0].tone is Tone(result.verdict.value)


@pytest.mark.parametrize("name", NAMES)
def test_every_mark_stands_on_every_page(judged, name):
    """Provisional, illustration, incomplete and the like: as a line at the head and in short on every page."""
    result = judged(name)
    made = report(result)
    codes = {mark.code for mark in made.marks}
    assert ("provisional" in codes) == result.provisional
    assert ("illustration" in codes) == (result.dossier.status is ntm.Status.ILLUSTRATION)
    assert ("incomplete" in codes) == result.rules.incomplete
    assert all(mark.short in made.running[0] for mark in made.marks)


def test_a_scenario_is_marked():
    """What was judged under a scenario says so at the head and on every page."""
    rules = ntm.load("commune/standard/2016-2020")
    revised = attrs.evolve(
        rules,
        overlays=(ntm.Overlay("s", ntm.RevisionAuthority.SCENARIO, ntm.Text("Thử", "A try")),),
    )
    made = report(ntm.evaluate(revised, ntm.Dossier.from_mapping(_PLACE)), "en")
    assert "hypothetical" in {mark.code for mark in made.marks}
    assert text("report.mark_hypothetical", "en") in made.running[0]


_PLACE = {
    "dossier": 1,
    "place": {"level": "commune", "name": "Hà Châu", "province": "Thái Nguyên"},
    "year": 2018,
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_verdict_is_there_with_its_grounds(judged, name, lang):
    """Each criterion, indicator and condition stands in its section with its verdict, and an indicator with its law."""
    result = judged(name)
    told = {each.address: each for each in entries(report(result, lang))}
    rows = [*result.criteria, *result.indicators, *result.preconditions]
    assert list(told) == [each.address for each in _in_order(result)]
    for row in rows:
        entry = told[row.address]
        assert entry.tone is Tone(row.verdict.value)
        assert entry.provisional == row.provisional
        assert bool(entry.basis) == row.verdict.decided
    law = text("page.basis", lang, citation="").strip()
    for row in (*result.indicators, *result.preconditions):
        assert any(law in line for ground in told[row.address].grounds for _, line in ground.beneath), row.address
        assert told[row.address].comparisons


def _in_order(result):
    for each in result.criteria:
        yield each
        yield from each.indicators
    yield from result.preconditions


def test_a_comparison_carries_its_figures(judged):
    """Figure, threshold and distance are exact, each with its unit and its words; the source has its grade."""
    made = {each.address: each for each in entries(report(judged("figures"), "vi"))}
    hygienic, clean = made["17/17.1"].comparisons
    assert (clean.amount.value, clean.amount.unit, clean.amount.words) == (Decimal("47.5"), "percent", "47,5 %")
    assert (clean.threshold.value, clean.distance.value, clean.gap) == (Decimal(50), Decimal("2.5"), "2,5 điểm %")
    assert (clean.verdict, hygienic.verdict) == ("not_met", "met")
    assert clean.grade == "text"
    assert "1980/QĐ-TTg" in clean.source
    (schools,) = made["5/5"].comparisons
    assert (schools.amount.value, schools.figure) == (Decimal("66.67"), "2/3, tức 66,67 %")
    (poverty,) = made["11/11"].comparisons
    assert poverty.amount.value == Decimal("11.2")
    (plan,) = made["1/1.1"].comparisons
    assert (plan.figure, plan.amount) == ("có (năm 2017)", None)


def test_a_figure_of_nothing_has_no_amount():
    """A share of nothing is told by its counts and has no figure to calculate with."""
    result = ntm.evaluate(only(at_least("a", 50)), dossier({"a": (0, 0)}))
    (compared,) = next(each for each in entries(report(result)) if each.comparisons).comparisons
    assert compared.amount is None
    assert compared.figure == "0/0"


def test_attested_and_computed_are_told_apart(judged):
    """Whose conclusion each verdict rests on, which rest on figures, and every contradiction."""
    made = report(judged("figures"), "en")
    (bullets,) = blocks(made, "attested", Bullets)
    assert len(bullets.items) == len(judged("figures").conflicts) == 1
    (by,) = blocks(made, "attested", Terms)
    assert {each.name: each.words for each in by.terms} == {
        "Phòng Y tế huyện": "Indicator 15.1: met",
        "Ban Chỉ huy quân sự và Công an huyện": "Criterion 19 (Defence and security): met",
    }
    (table,) = blocks(made, "attested", ReportTable)
    rows = {row[0].words.split(".")[0] + row[0].words.split(".")[1]: row for row in table.rows}
    health = rows["Indicator 151"]
    assert [cell.words for cell in health[1:4]] == ["not met", "not met", "met"]
    assert health[5].tone is Tone.ALERT
    assert "contradict" in health[5].words
    assert health[4].words == "Phòng Y tế huyện, 31 December 2020; document [2]"


def test_nothing_known_is_said_so(judged):
    """Where nothing is determined the section says that, and no table follows."""
    made = report(judged("nothing"), "en")
    assert [each.words for each in blocks(made, "attested", Paragraph)] == [
        text("report.nothing_stands", "en"),
        text("report.no_conflict", "en"),
    ]
    assert not blocks(made, "attested", ReportTable)


def test_two_conclusions_on_one_thing_are_both_told():
    """Where departments contradict each other both verdicts stand in the cell, and who said what."""
    rules = criteria_set(criterion("1", Holds(fact="p")))
    known = dossier({}, attestations=(said("1/1.1"), attrs.evolve(said("1/1.1", Verdict.NOT_MET), by="Sở thử")))
    made = report(ntm.evaluate(rules, known), "en")
    (table,) = blocks(made, "attested", ReportTable)
    (row,) = table.rows
    assert row[3].words == "met; not met"
    assert row[3].tone is None
    assert row[4].words.startswith("Phòng thử, 2020; Sở thử, 2020")
    assert row[5].words == "figures and conclusion contradict each other"


def test_what_rests_on_less_than_the_text_is_listed(judged):
    """Every threshold below grade `text` that a computed verdict needs is listed with its grade, and no other."""
    result = judged("figures")
    (table,) = blocks(report(result, "en"), "grades", ReportTable)
    told = {row[0].words.split(".")[0].removeprefix("Indicator ") for row in table.rows}
    below = [*result.rests_on["secondary"], *result.rests_on["recalled"]]
    assert told == {address.partition("/")[2].split(".")[0] for address in below}
    assert not any(row[3].words == text("grade.text", "en") for row in table.rows)
    assert not blocks(report(judged("attested"), "en"), "grades", ReportTable)


def test_a_set_seen_in_the_text_has_nothing_to_list():
    """Where the law's days and counts were seen too, the section says that there is nothing below the text."""
    seen = only(Holds(fact="p"))
    force = attrs.evolve(seen.in_force, first_grade=ntm.Grade.TEXT, last_grade=ntm.Grade.TEXT)
    counts = attrs.evolve(seen.counts, criteria_grade=ntm.Grade.TEXT, indicators_grade=ntm.Grade.TEXT)
    made = report(ntm.evaluate(attrs.evolve(seen, in_force=force, counts=counts), dossier({"p": True})), "en")
    (section,) = [each for each in made.sections if each.id == "grades"]
    assert section.blocks == (Paragraph(text("report.no_lower_grade", "en")),)


def test_a_part_that_a_verdict_does_not_need_is_not_listed():
    """Of alternatives only the one that carried the verdict is something it rests on."""
    require = AnyOf((at_least("a", 50), at_least("b", 50)))
    rules = only(require, ntm.Grade.SECONDARY)
    made = report(ntm.evaluate(rules, dossier({"a": 60})), "en")
    (table,) = blocks(made, "grades", ReportTable)
    assert len(table.rows) == 1


def test_missing_facts_are_listed_with_where_they_are_used(judged):
    """What is to be supplied stands with its id, its unit and the indicators that ask for it."""
    result = judged("figures")
    (table,) = blocks(report(result, "en"), "unknown", ReportTable)
    assert [row[1].words for row in table.rows] == list(result.missing_facts)
    by_id = {row[1].words: row for row in table.rows}
    assert by_id["hygienic_household_facility_share"][2].words == "%"
    assert by_id["hygienic_household_facility_share"][3].words == "Indicator 17.6"


def test_nothing_unknown_is_said_so():
    """Where everything was decided on what was seen the section says that."""
    made = report(ntm.evaluate(only(Holds(fact="p")), dossier({"p": True})), "en")
    assert text("page.nothing_unknown", "en") in [each.words for each in blocks(made, "unknown", Paragraph)]


def test_places_beneath_are_told(judged):
    """Each place beneath stands with the verdict of its own set, and for each indicator with how it counted."""
    result = judged("district")
    places, members = blocks(report(result, "en"), "places", ReportTable)
    assert [(row[0].words, row[2].tone.value) for row in places.rows] == [
        (f"commune {each.dossier.place.name}", each.verdict.value) for each in result.sub_results
    ]
    assert ("commune Thử Ba", "not met") in {tuple(cell.words for cell in row[1:]) for row in members.rows}
    (lacking,) = blocks(report(result, "en"), "places", Bullets)
    assert lacking.items
    assert report(judged("attested")).section("places") is None


def test_conditions_of_recognition_are_a_section(judged):
    """Where a set states conditions each stands with its verdict, and the headline tells both verdicts."""
    made = report(judged("many"), "en")
    assert made.section("preconditions") is not None
    assert [each.key for each in made.headline] == ["verdict", "recognition"]
    none = report(ntm.evaluate(only(Holds(fact="p")), dossier({})))
    assert none.section("preconditions") is None
    assert [each.key for each in none.headline] == ["verdict"]


def test_whether_a_set_is_for_the_place_is_a_section():
    """Where a set asks that of the place, the answer stands with its grounds, and the set's own words are used."""
    (item,) = criterion("1", at_least("x", 50)).indicators
    words = ((Verdict.NOT_APPLICABLE, ntm.Text("không dành cho nơi này", "not for this place")),)
    rules = attrs.evolve(only(Holds(fact="p")), applies_to=item, verdict_words=words)
    made = report(ntm.evaluate(rules, dossier({"x": 40, "p": True})), "en")
    assert made.headline[0].words.startswith("NOT FOR THIS PLACE")
    (block,) = blocks(made, "applies", Entries)
    assert [(each.address, each.tone) for each in block.entries] == [("applies_to", Tone.NOT_MET)]


def test_groups_are_sections_of_their_own(judged):
    """A set with groups has a section for each; one without has one for all."""
    groups = [each for each in report(judged("figures"), "en").sections if each.id.startswith("group-")]
    assert [each.title for each in groups] == [title.en for _, title in judged("figures").rules.groups]
    made = report(ntm.evaluate(only(Holds(fact="p")), dossier({})), "en")
    assert [each.title for each in made.sections if each.id.startswith("group-")] == ["Criterion by criterion"]


def test_what_is_cited_is_listed(judged):
    """The instrument that issued the set comes first, then those that the comparisons cite, chains included."""
    (table,) = blocks(report(judged("decision"), "en"), "law", ReportTable)
    named = [row[0].words for row in table.rows]
    assert named[0] == "Decision 1980/QĐ-TTg"
    assert len(named) == len(set(named)) > 2
    unknown = attrs.evolve(only(Holds(fact="p")), instruments=())
    (table,) = blocks(report(ntm.evaluate(unknown, dossier({})), "en"), "law", ReportTable)
    assert [cell.words for cell in table.rows[0]] == [unknown.basis, "", "", "", ""]


def test_what_has_no_parts_yet_is_told_by_its_law():
    """A requirement asked of each part of a list that is not at hand stands with the source of its indicator."""
    result = ntm.evaluate(only(ForEach("content", at_least("x", 50))), dossier({}))
    (compared,) = next(each for each in entries(report(result, "en")) if each.comparisons).comparisons
    assert (compared.figure, compared.verdict) == ("", "undetermined")
    assert result.rules.basis in compared.source


def test_reported_totals_are_a_reason_of_the_whole():
    """Why the whole set came out as it did is told where its parts do not tell it."""
    known = dossier({}, reported=(ntm.Reported("criteria_met", 0, 0),))
    made = report(ntm.evaluate(only(Holds(fact="p")), known), "en")
    said = [each.words for each in blocks(made, "conclusion", Paragraph)]
    assert any("at most 0" in words for words in said)


def test_sections_have_names_of_their_own(judged):
    """No two sections of a report have one id, so that links lead somewhere."""
    for name in NAMES:
        ids = [each.id for each in report(judged(name)).sections]
        assert len(ids) == len(set(ids))


def test_the_version_where_nothing_is_installed(monkeypatch):
    """Run from a folder of sources the library does not know its version, and says so."""

    def missing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    assert library_version() == "?"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_same_assessment_gives_the_same_report(judged, lang):
    """Nothing in a report comes from the clock or from chance."""
    assert report(judged("figures"), lang) == report(judged("figures"), lang)
