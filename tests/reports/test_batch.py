from __future__ import annotations

import pytest

import ntm_rules as ntm
from ntm_rules.messages import LANGUAGES
from ntm_rules.reports import (
    Bullets,
    ReportFile,
    ReportTable,
    Tone,
    file_names,
    markdown,
    report_index,
)


def tables(made):
    """Every table of a report."""
    return [block for section in made.sections for block in section.blocks if isinstance(block, ReportTable)]


def several(judged, *names):
    """Files of reports."""
    return [ReportFile(judged(name), f"{name}.html") for name in names]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_index_reads_as_expected(judged, steady, lang):
    """The places, who fails what in each edition, and what could not be used."""
    made = report_index(several(judged, "attested", "figures", "many"), ["x.yaml:1:1: NTM202"], lang)
    steady(f"index.{lang}.md", markdown(made))


def test_each_edition_has_its_matrix(judged):
    """Places judged by one edition stand in one matrix: a line a place, a column a criterion, then who fails."""
    made = report_index(several(judged, "attested", "figures", "many"), (), "en")
    places, first, second = tables(made)
    assert [row[0].link for row in places.rows] == ["attested.html", "figures.html", "many.html"]
    assert len(first.columns) == 1 + len(judged("attested").criteria)
    assert len(first.rows) == 3
    assert len(second.rows) == 2
    for row, name in zip(first.rows, ("attested", "figures"), strict=False):
        assert [cell.tone.value for cell in row[1:]] == [each.verdict.value for each in judged(name).criteria]
        assert all(cell.full for cell in row[1:])
    failing = [int(cell.words) for cell in first.rows[-1][1:]]
    expected = [sum(row[at].tone is Tone.NOT_MET for row in first.rows[:-1]) for at in range(1, 20)]
    assert failing == expected


def test_marks_and_editions_are_told_once(judged):
    """Marks of any of the places stand at the head once; each edition is told with its fingerprint."""
    made = report_index(several(judged, "figures", "figures", "many"), (), "vi")
    assert len(made.marks) == len(set(made.marks)) == 2
    editions = [each.words for each in made.facts if each.key == "edition"]
    assert editions == [
        f"{judged(name).rules.edition} · {judged(name).rules.fingerprint}" for name in ("figures", "many")
    ]
    assert all(edition in made.running[1] for edition in editions)


def test_what_can_not_be_used_is_told(judged):
    """An index of nothing but faults has no table, and lists the faults."""
    made = report_index([], ["a.yaml: NTM101"], "en")
    assert not tables(made)
    (section,) = made.sections
    assert section.blocks == (Bullets(("a.yaml: NTM101",)),)
    assert [each.words for each in made.facts][:2] == ["0", "none"]


@pytest.mark.parametrize(
    ("sources", "names"),
    [
        (["x/a.yaml", "x/b.yml"], ("a.html", "b.html")),
        (["a.yaml", "a.json", "A.yml"], ("a.html", "a-2.html", "A-3.html")),
        (["Index.yaml", "index-2.yaml"], ("Index-2.html", "index-2-2.html")),
    ],
)
def test_no_two_reports_have_one_name(sources, names):
    """Each report has the name of its dossier, made different where two would be one, whatever the capitals."""
    assert file_names(sources, ".html") == names
    assert ntm.report_index is report_index
