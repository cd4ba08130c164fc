from __future__ import annotations

import json
from pathlib import Path

import attrs
import pytest

from ntm_rules.errors import DossierError, ProblemCode
from ntm_rules.language import Mapping, read_file
from ntm_rules.messages import LANGUAGES
from ntm_rules.rulebook import load, places, read_dossier
from ntm_rules.vocabulary.criteria import Axis, AxisRule
from ntm_rules.vocabulary.requirements import AllOf, Holds, IsOneOf
from ntm_rules.vocabulary.text import Text

SET = "commune/standard/2016-2020"
FILLED = ("--place", "Phú Đình", "--province", "thái nguyên", "--year", "2018")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", ["yaml", "json"])
def test_a_blank_dossier_is_read_once_its_place_and_year_are_given(run, tmp_path: Path, form: str, lang: str) -> None:
    """With place, province and year on the command line the blank dossier is a dossier of which nothing is known."""
    json_flag = ("--json",) if form == "json" else ()
    ran = run("new", SET, "-o", f"d.{form}", *FILLED, "--district", "Định Hóa", "--lang", lang, *json_flag)
    assert (ran.code, ran.err) == (0, "")
    assert f"d.{form}" in ran.out
    dossier = read_dossier(tmp_path / f"d.{form}")
    assert (dossier.place.name, dossier.place.district, dossier.year) == ("Phú Đình", "Định Hóa", 2018)
    assert (dossier.set_id, dossier.facts, dossier.attestations) == (SET, (), ())
    assert run("check", f"d.{form}").code == 0


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_every_fact_of_the_set_is_asked_for_in_order(run, tmp_path: Path, form: str) -> None:
    """Each fact stands once, empty, in the order of the annex, those of the conditions of recognition last."""
    run("new", SET, "-o", f"d.{form}", *(("--json",) if form == "json" else ()))
    document = read_file(tmp_path / f"d.{form}")
    assert isinstance(document, Mapping)
    asked = document.get("facts")
    assert isinstance(asked, Mapping)
    rules = load(SET)
    nodes = (node for _, row in rules.rows for node in row.require.walk())
    assert asked.keys() == tuple(dict.fromkeys(fact for node in nodes for fact in node.facts))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_axes_and_conditions_ask_is_asked_for(run, monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    """What the set asks of the place itself stands as comments, what its axes and conditions read among the facts."""
    from ntm_rules.cli import new as module

    name = "commune/standard/2021-2025"
    rules = load(name)
    conditions = (
        IsOneOf(subject="kind", values=("ward",), of_place=True),
        Holds(fact="has_no_construction_debt"),
        Holds(fact="has_market_2026"),
    )
    rule = AxisRule("x", AllOf(members=conditions))
    axes = (*rules.axes, Axis("group", (rule, AxisRule("y", otherwise=True))))
    fact = attrs.evolve(rules.catalogue["has_no_construction_debt"], id="has_market_2026", title=Text("Chợ", "Market"))
    catalogue = attrs.evolve(rules.catalogue, facts=(*rules.catalogue.facts, fact))
    ruled = attrs.evolve(rules, axes=axes, catalogue=catalogue)
    monkeypatch.setattr(module, "find_rules", lambda *_: ruled)
    lines = run("new", name, "--lang", lang).out.splitlines()
    kinds = "(commune, town, ward, special_zone)"
    assert any(line.startswith("  # kind:  # ") and line.endswith(kinds) for line in lines)
    asked = [line for line in lines if line.startswith("  #   ")]
    assert [line.split(":")[0].split()[-1] for line in asked] == [
        each.id for each in places().attributes if each.id in rules.used_attributes
    ]
    assert any(line.endswith("(I, II, III, none)") for line in asked)
    # What a condition of recognition asks for too is asked for there.
    assert lines.count("  has_no_construction_debt:") == 1
    assert lines.index("  has_no_construction_debt:") < lines.index("  has_market_2026:")
    title = {"vi": "  # Số liệu quyết định áp dụng cột nào", "en": "  # Figures that decide which column applies"}
    assert title[lang] in lines


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_blank_dossier_explains_itself(run, lang: str) -> None:
    """Comments give criterion, indicator number, title and unit of every fact, and an example of an attestation."""
    out = run("new", SET, "--lang", lang).out
    rules = load(SET)
    for criterion in rules.criteria:
        assert criterion.title.in_(lang) in out
    for fact in rules.used_facts:
        assert rules.catalogue[fact].title.in_(lang) in out
    assert '# "1/1.1": {verdict: not_met' in out
    assert "{numerator: 1168, denominator: 1170}" in out


def test_what_is_not_filled_in_is_a_problem(run, tmp_path: Path) -> None:
    """The placeholders for name, province and year are empty, and reading them says so line by line."""
    run("new", SET, "-o", "d.yaml")
    with pytest.raises(DossierError) as error:
        read_dossier(tmp_path / "d.yaml")
    lines = (tmp_path / "d.yaml").read_text(encoding="utf-8").splitlines()
    empty = [problem for problem in error.value.problems if problem.code is ProblemCode.WRONG_TYPE]
    keys = [lines[(problem.where.line or 0) - 1].partition(":")[0].strip() for problem in empty]
    assert keys == ["name", "province", "year"]


@pytest.mark.parametrize("name", ["Yên: Bình", "12", "no", "Ea H'leo", "a#b", "- x", "«Ngã»", "\x1b[31m"])
def test_any_name_survives(run, tmp_path: Path, name: str) -> None:
    """A name with signs that YAML takes for something else is quoted; one that steers a terminal is made harmless."""
    run("new", SET, "-o", "d.yaml", "--place", name, "--province", "Hà Nội", "--year", "2018")
    assert read_dossier(tmp_path / "d.yaml").place.name == name.replace("\x1b", "\ufffd")


def test_nothing_is_overwritten_unasked(run, tmp_path: Path) -> None:
    """A file that is there stays as it is, unless ``--force`` says otherwise; no half-written file is left."""
    target = tmp_path / "d.yaml"
    target.write_text("mine", encoding="utf-8")
    target.chmod(0o640)
    ran = run("new", SET, "-o", "d.yaml")
    assert (ran.code, ran.out, target.read_text(encoding="utf-8")) == (2, "", "mine")
    assert "--force" in ran.err
    assert run("new", SET, "-o", "d.yaml", "--force").code == 0
    assert target.read_text(encoding="utf-8").startswith("# ")
    assert target.stat().st_mode & 0o777 == 0o640
    assert [each.name for each in tmp_path.iterdir()] == ["d.yaml"]


def test_a_dash_prints(run) -> None:
    """Without a file, or with ``-``, the dossier is printed and nothing else."""
    assert run("new", SET, "-o", "-") == run("new", SET)
    assert json.loads(run("new", SET, "--json").out)["set"] == SET


def test_an_unknown_province_is_told_at_once(run, tmp_path: Path) -> None:
    """A province that nobody knows is refused with the nearest, before anything is written."""
    ran = run("new", SET, "-o", "d.yaml", "--province", "Thái Nguyn")
    assert ran.code == 2
    assert "«Thái Nguyên»" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there(run) -> None:
    """A file that can't be made is told by the name that was asked for."""
    ran = run("new", SET, "-o", "absent/d.yaml")
    assert ran.code == 2
    assert ran.err.startswith("absent/d.yaml: ")
    assert len(ran.err.splitlines()) == 1


def test_a_device_is_written_to(run) -> None:
    """What is no plain file is written to, not replaced."""
    null = Path("/dev/null")
    if not null.exists():
        pytest.skip("no device to write to")
    assert run("new", SET, "-o", "/dev/null", "--force").code == 0
    assert not null.is_file()


def test_a_set_that_asks_of_other_years_says_so(monkeypatch: pytest.MonkeyPatch, run) -> None:
    """Where a set asks of earlier years, the blank dossier shows where they go."""
    from ntm_rules.vocabulary.criteria import CriteriaSet

    assert "earlier:" not in run("new", "commune/standard/2016-2020", "--lang", "en").out
    monkeypatch.setattr(CriteriaSet, "asks_of_other_years", property(lambda _: True))
    page = run("new", "commune/standard/2016-2020", "--lang", "en").out
    assert "# earlier:\n#   - {year: …, facts: {…}}" in page


@pytest.mark.parametrize(("level", "beneath"), [("district", "commune"), ("province", "district")])
def test_places_beneath_and_titles_stand_as_comments(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, level: str, beneath: str
) -> None:
    """The blank dossier of a district or province shows how to list what is beneath it; a commune's does not."""
    from ntm_rules.cli import new as module
    from ntm_rules.vocabulary.criteria import SetId

    rules = load(SET)
    named = f"{level}/standard/2016-2020"
    monkeypatch.setattr(module, "find_rules", lambda *_: attrs.evolve(rules, id=SetId.parse(named)))
    run("new", named, "-o", "d.yaml", "--place", "x", "--province", "Thái Nguyên", "--year", "2018")
    lines = (tmp_path / "d.yaml").read_text(encoding="utf-8").splitlines()
    shown = lines[lines.index("# sub_places:") :]
    assert shown[1].startswith(f"#   count: {{{beneath}: ")
    assert f"#     - {{place: …, set: {beneath}/standard/2016-2020, decision: …, dated: 2019-12-30}}" in shown
    monkeypatch.undo()
    assert "# sub_places:" not in run("new", SET).out.splitlines()
