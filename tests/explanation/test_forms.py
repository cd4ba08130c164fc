from __future__ import annotations

import builtins
import csv
import io

import openpyxl
import pytest

import ntm_rules as ntm
from ntm_rules.explanation import form_layout
from ntm_rules.language.forms import FieldKind, FormColumn, FormTable
from ntm_rules.messages import LANGUAGES
from worksheets import RULES

C = FormColumn
SET = "commune/standard/2016-2020"
KNOWN = {"name": "Phú Đình", "district": "Định Hóa", "province": "Thái Nguyên", "year": "2018"}


def rows(rules, known=None, lang="vi", table=FormTable.ROWS):
    """The rows of one table of a form, by key and by address."""
    (sheet,) = [sheet for sheet in form_layout(rules, known or {}, lang).sheets if sheet.table is table]
    by_key = {row.texts[C.KEY]: row for row in sheet.rows if C.KEY in row.texts}
    return by_key | {row.texts[C.ADDRESS]: row for row in sheet.rows if C.ADDRESS in row.texts}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_form_in_words(golden, lang):
    """The form of a commune: every fact, its unit, what is required of that place, in both languages."""
    made = ntm.write_form(ntm.load(SET), KNOWN, form="csv", lang=lang).decode("utf-8-sig")
    golden(f"explanation/form.{lang}.csv", made)
    assert len({len(row) for row in csv.reader(io.StringIO(made))}) == 1


@pytest.mark.parametrize(
    "name", ["commune/advanced/2021-2025", "district/standard/2021-2025", "commune/model/2018-2020"]
)
def test_every_fact_and_every_row_is_asked_once(name):
    """A form has one row for each fact that the set reads, part by part where it judges parts, and each conclusion."""
    rules = ntm.load(name)
    (sheet,) = [sheet for sheet in form_layout(rules, {}, "vi").sheets if sheet.table is FormTable.ROWS]
    keys = [key.partition(":")[2] for row in sheet.rows if (key := row.texts.get(C.KEY))]
    wholes = [key for key in keys if "__" not in key]
    assert sorted(wholes) == sorted({*rules.used_facts, "criteria_met", "indicators_met"})
    parts = {key.partition("__")[0] for key in keys if "__" in key}
    known = {fact for fact in rules.facts_by_part if rules.catalogue[fact].parts.parts is not None}
    assert parts == known
    addresses = [address.removeprefix("attested:") for row in sheet.rows if (address := row.texts.get(C.ADDRESS))]
    assert len(set(addresses)) == len(addresses)
    assert set(addresses) == {*(each.number for each in rules.criteria), *(at for at, _ in rules.rows)}
    assert all(rules.find(address) is not None for address in addresses)


def test_every_set_has_a_form(tmp_path):
    """Of every packaged set the blank form is read back as a dossier of which nothing is known."""
    path = tmp_path / "form.csv"
    for rules in ntm.sets():
        known = {"name": "Thái Nguyên", "province": "Thái Nguyên", "year": str(rules.in_force.first_day.year)}
        path.write_bytes(ntm.write_form(rules, known, form="csv"))
        dossier = ntm.read_dossier(path)
        assert dossier.set_id == str(rules.id)
        assert not ntm.evaluate(rules, dossier).verdict.decided or rules.applies_to is not None


def test_what_is_required_of_a_place():
    """With province and year a row says the one level that applies, and its grade; without them it says them all."""
    key = "figure:multidimensional_poverty_rate"
    of_place = rows(ntm.load(SET), KNOWN, "en")[key].texts[C.REQUIRED]
    of_all = rows(ntm.load(SET), {"name": "Phú Đình"}, "en")[key].texts[C.REQUIRED]
    assert of_place.endswith(
        "at most 12% (Northern midlands and mountains) (recalled, not yet checked against the text)"
    )
    assert of_all.count("\n") == 7
    assert "Red River Delta" in of_all


def test_how_cells_are_checked():
    """A cell takes what its fact is: a number in its range, yes or no, a step, one of several values, a date."""
    found = rows(ntm.load("commune/advanced/2021-2025"), lang="en")
    share = found["figure:health_insurance_share"].fields
    assert (share[C.VALUE].kind, str(share[C.VALUE].least), str(share[C.VALUE].most)) == (FieldKind.NUMBER, "0", "100")
    assert "From 1 % down" in share[C.VALUE].help
    assert C.NUMERATOR in share
    assert "women" in found["figure:health_insurance_share__women"].texts[C.SUBJECT]
    level = found["fact:literacy_level"].fields
    assert level[C.VALUE].choices == ("not reached", "level 1", "level 2")
    assert C.NUMERATOR not in level
    plan = found["fact:has_unexpired_construction_plan"].fields
    assert plan[C.VALUE].choices == ("yes", "no")
    assert plan[C.VERDICT].choices == ("met", "not met", "not applicable")
    assert (plan[C.DATED].kind, plan[C.PAPER].choices[:2]) == (FieldKind.DAY, ("d1", "d2"))
    helps = [field.help for row in found.values() for column, field in row.fields.items() if column is C.VALUE]
    for words in ("Computed from: ", "Usually by: ", "way of counting is not at hand"):
        assert any(words in each for each in helps)


def test_one_row_for_an_indicator_of_one_fact():
    """An indicator that reads one fact is one row with it; of several facts each has its row beneath, asked once."""
    found = rows(ntm.load(SET))
    one, several = found["attested:10/10"], found["attested:17/17.1"]
    assert one.texts[C.KEY] == "figure:income_per_person"
    assert C.KEY not in several.texts
    assert found["figure:clean_water_share"].texts[C.NUMBER] == "17.1"
    again = rows(RULES, lang="en")["attested:2/2.2"]
    assert again.texts[C.REQUIRED].endswith("(figures: see 1.3)")
    assert C.KEY not in again.texts


def test_sets_with_open_rows_and_own_sets():
    """What is left to a province, what a place must be and rows without numbers stand in the form of any set."""
    found = rows(RULES)
    assert "UBND" in found["attested:2/2.1"].texts[C.REQUIRED]
    assert C.KEY not in found["attested:2/2.1"].texts
    modern = rows(ntm.load("commune/standard/2026-2030"), KNOWN | {"year": "2027"})
    assert any(row.texts.get(C.NUMBER) == "" for row in modern.values())


def test_what_is_asked_of_the_place():
    """The place's table asks for the attributes and the kind that the set reads, and names the overlays."""
    found = rows(ntm.load("commune/advanced/2021-2025"), {"overlays": "a.yaml"}, table=FormTable.PLACE)
    assert found["place.attributes.is_safe_zone"].fields[C.VALUE].choices == ("có", "không")
    assert found["place.attributes.ethnic_zone"].texts[C.SUBJECT][0].isupper()
    assert not found["overlays"].fields
    assert "place.district" in found
    assert "place.kind" not in found
    above = rows(ntm.load("district/standard/2016-2020"), table=FormTable.PLACE)
    assert "thị xã" in [each.casefold() for each in above["place.kind"].fields[C.VALUE].choices]
    assert "place.district" not in above


def test_the_workbook(tmp_path):
    """The same form gives the same bytes; words of lists stand in a hidden sheet, help fits beside its cell."""
    rules = ntm.load("commune/advanced/2021-2025")
    made = ntm.write_form(rules, KNOWN | {"year": "2024"}, lang="en")
    assert made == ntm.write_form(rules, KNOWN | {"year": "2024"}, lang="en")
    book = openpyxl.load_workbook(io.BytesIO(made))
    assert book.sheetnames == ["Place", "Indicators", "Documents", "How to fill in", "ntm-lists"]
    assert book["ntm-lists"].sheet_state == "hidden"
    assert 2024 in [cell.value for cell in book["Place"]["D"]]
    sheet = book["Indicators"]
    checks = sheet.data_validations.dataValidation
    assert {rule.type for rule in checks} == {None, "list", "decimal", "custom"}
    assert all(len(rule.prompt or "") <= 255 and len(rule.promptTitle or "") <= 32 for rule in checks)
    assert any((rule.prompt or "").endswith("…") for rule in checks)
    assert (sheet.freeze_panes, sheet.auto_filter.ref[:2]) == ("F2", "A1")
    assert [rule.type for rule in book["Place"].data_validations.dataValidation if "D1" in str(rule.sqref)]


@pytest.mark.parametrize(
    "known", [{"province": "Thái Bìn"}, {"province": "Thái Nguyên", "year": "2018", "region": "x"}]
)
def test_what_can_not_be_known(known):
    """A province or region that there is not is told when the form is written."""
    with pytest.raises(ntm.DossierError):
        ntm.write_form(ntm.load(SET), {"year": "2018"} | known, form="csv")


def test_a_form_of_no_kind():
    """There are two kinds of files only, and a few things that a form may start with."""
    with pytest.raises(ntm.UnknownNameError) as error:
        ntm.write_form(ntm.load(SET), {"provinse": "Thái Nguyên"})
    assert error.value.suggestion == "province"
    with pytest.raises(ValueError, match="pdf"):
        ntm.write_form(ntm.load(SET), form="pdf")


def test_without_openpyxl(monkeypatch):
    """Where openpyxl is missing the error names the extra; CSV is written without it."""
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name.startswith("openpyxl"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ntm.MissingExtraError, match="xlsx"):
        ntm.write_form(ntm.load(SET))
    assert ntm.write_form(ntm.load(SET), form="csv")
