from __future__ import annotations

import csv
import io
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ntm_rules as ntm
from criteria_strategies import outcome
from forms import C, answers_of, asked_by, cell_of, change, dossier_like, fill, known_of, shuffle
from ntm_rules.language import is_form, write_dossier
from ntm_rules.language.forms import COLUMNS, FormTable
from ntm_rules.language.workbook import cell_name
from ntm_rules.messages import LANGUAGES, fold
from ntm_rules.vocabulary.dossiers import Status

EXAMPLES = Path(__file__).parents[2] / "examples"
SET = "commune/standard/2016-2020"
KNOWN = {"name": "Phú Đình", "district": "Định Hóa", "province": "Thái Nguyên", "year": "2018"}
POVERTY, WATER, HOUSES = (
    "figure:multidimensional_poverty_rate",
    "figure:clean_water_share",
    "figure:makeshift_house_count",
)
INCOME, PLAN = "figure:income_per_person", "fact:has_published_construction_plan"


@pytest.fixture(scope="module")
def blank() -> dict[str, bytes]:
    """The form of Phú Đình, once in each format."""
    return {form: ntm.write_form(ntm.load(SET), KNOWN, form=form) for form in ("xlsx", "csv")}


@pytest.fixture
def form(blank, tmp_path):
    """A form to fill in; gives its path."""

    def make(ending="xlsx"):
        path = tmp_path / f"form.{ending}"
        path.write_bytes(blank[ending])
        return path

    return make


def facts(path):
    """The facts of a filled form, as a dossier writes them."""
    return write_dossier(ntm.read_dossier(path)).get("facts", {})


def problems(path):
    """What is wrong with a form: the code and the cell of each problem, in order."""
    with pytest.raises(ntm.DocumentError) as error:
        ntm.read_dossier(path)
    assert {problem.where.file for problem in error.value.problems} == {str(path)}
    return [(problem.code.slug, problem.where.in_sheet) for problem in error.value.problems]


# --- there and back ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("example", "ending"),
    [
        ("dinh-hoa/phu-dinh.yaml", "csv"),
        ("illustration/minh-hoa.yaml", "csv"),
        ("illustration/minh-hoa.yaml", "xlsx"),
        ("periods/2023-advanced.yaml", "csv"),
    ],
)
def test_a_filled_form_is_the_dossier(tmp_path, example, ending):
    """Figures, parts, steps, conclusions, tallies and documents typed into a form are judged as the dossier's."""
    dossier = dossier_like(EXAMPLES / example)
    rules = ntm.rules_for(dossier)
    dossier = asked_by(rules, dossier)
    path = tmp_path / f"form.{ending}"
    path.write_bytes(ntm.write_form(rules, known_of(dossier), form=ending))
    fill(path, answers_of(dossier))
    wanted = ntm.evaluate(rules, dossier).to_dict()
    assert ntm.evaluate(rules, ntm.read_dossier(path)).to_dict() == wanted
    if ending == "xlsx":
        shuffle(path)
        assert ntm.evaluate(rules, ntm.read_dossier(path)).to_dict() == wanted


@pytest.mark.external
def test_a_form_that_another_program_saved(tmp_path):
    """Saved again by LibreOffice, its rows in another order, a form is the same dossier and still checks its cells."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("soffice is not installed")
    dossier = dossier_like(EXAMPLES / "dinh-hoa" / "phu-dinh.yaml")
    rules = ntm.rules_for(dossier)
    path = tmp_path / "form.xlsx"
    path.write_bytes(ntm.write_form(rules, known_of(dossier)))
    fill(path, answers_of(dossier))
    shuffle(path)
    profile = f"-env:UserInstallation=file://{tmp_path}/office"
    command = [office, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "saved"), str(path)]
    subprocess.run(command, check=True, capture_output=True)
    saved = tmp_path / "saved" / "form.xlsx"
    result = ntm.evaluate(rules, ntm.read_dossier(saved))
    assert result.to_dict() == ntm.evaluate(rules, dossier).to_dict()
    sheet = openpyxl.load_workbook(saved)["Chỉ tiêu"]
    hidden = sheet.column_dimensions["A"]
    assert (hidden.hidden, hidden.min, hidden.max) == (True, 1, 3)
    assert {rule.type for rule in sheet.data_validations.dataValidation} >= {"list", "decimal", "custom"}


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_an_empty_form_is_an_empty_dossier(form, ending):
    """A form in which nothing but place and year stands has no facts and is judged undetermined."""
    dossier = ntm.read_dossier(form(ending))
    assert (dossier.facts, dossier.attestations, dossier.documents, dossier.reported) == ((), (), (), ())
    assert (dossier.place.name, dossier.place.district, dossier.year) == ("Phú Đình", "Định Hóa", 2018)
    assert (str(dossier.set_id), dossier.status) == (SET, Status.REAL)
    assert ntm.evaluate(ntm.load(SET), dossier).verdict is ntm.Verdict.UNDETERMINED


def test_forms_are_told_from_tables(form, tmp_path):
    """A CSV file is a form by its first line; a table of places is none, nor is what can't be read."""
    assert is_form(form("csv"))
    assert is_form(tmp_path / "any.XLSX")
    table = tmp_path / "table.csv"
    table.write_text("name,year\nPhú Đình,2018\n", encoding="utf-8")
    assert not is_form(table)
    assert not is_form(tmp_path / "not-there.csv")
    assert not is_form("dossier.yaml")


def test_headings_are_told_apart():
    """In each table no two columns share a heading in either language, so that each is found by its own."""
    for table, columns in COLUMNS.items():
        for lang in LANGUAGES:
            assert len({fold(column.heading(table, lang)) for column in columns}) == len(columns)


def test_several_conclusions_on_one_row(form):
    """A row that was copied gives a second conclusion on the same indicator, in either language."""
    path = form()
    book = openpyxl.load_workbook(path)
    sheet = book["Chỉ tiêu"]
    columns = COLUMNS[FormTable.ROWS]
    row = next(row for row in sheet.iter_rows() if row[1].value == "attested:9/9.2")
    copy = [None if column in (C.KEY, C.UNIT) else cell.value for column, cell in zip(columns, row, strict=True)]
    row[columns.index(C.VERDICT)].value = "ĐẠT"
    copy[columns.index(C.VERDICT)] = "not met"
    sheet.append(copy)
    book.save(path)
    said = [(each.address, each.verdict.value) for each in ntm.read_dossier(path).attestations]
    assert said == [("9/9.2", "met"), ("9/9.2", "not_met")]


def test_what_is_said_of_the_place(tmp_path):
    """Attributes, kind and region are chosen by their words, and overlays are files beside the form."""
    path = tmp_path / "form.csv"
    known = {"name": "Thử", "year": "2023", "overlays": "a.yaml; b/c.yaml"}
    path.write_bytes(ntm.write_form(ntm.load("commune/advanced/2021-2025"), known, form="csv"))
    fill(
        path,
        {
            "place.region": {C.VALUE: "Đông Nam Bộ"},
            "place.attributes.is_safe_zone": {C.VALUE: "không"},
            "place.attributes.ethnic_zone": {C.VALUE: "xã khu vực III"},
            "on": {C.VALUE: "2023-06-30"},
            "status": {C.VALUE: "số liệu tạo ra"},
        },
    )
    dossier = ntm.read_dossier(path)
    assert dossier.place.region == "south_east"
    assert dict(dossier.place.attributes) == {"is_safe_zone": False, "ethnic_zone": "III"}
    assert (dossier.on.isoformat(), dossier.status) == ("2023-06-30", Status.SYNTHETIC)
    assert dossier.overlays == (str(tmp_path / "a.yaml"), str(tmp_path / "b" / "c.yaml"))


def test_kinds_of_places(tmp_path):
    """The kind of a district's place is chosen by its words."""
    path = tmp_path / "form.csv"
    known = {"name": "Sông Công", "province": "Thái Nguyên", "year": "2019"}
    path.write_bytes(ntm.write_form(ntm.load("district/standard/2016-2020"), known, form="csv"))
    fill(path, {"place.kind": {C.VALUE: "Thị xã"}})
    assert ntm.read_dossier(path).place.kind == "district_town"
    assert ntm.read_dossier(path).place.level is ntm.Level.DISTRICT


# --- numbers ----------------------------------------------------------------------------------------------------


TYPED = [
    (POVERTY, 11.2, "General", "11.2 %"),
    (WATER, 0.112, "0.0%", "11.2 %"),
    ("figure:hygienic_water_share", 0.95, "0%", "95 %"),
    ("figure:standard_house_share", 1, "0%", "100 %"),
    ("figure:employed_labour_share", 1.1 / 100, "0.00%", "1.1 %"),
    ("figure:trained_labour_share", 5.1 + 10.2, "General", "15.3 %"),
    ("figure:health_insurance_share", "11,20", "@", "11.20 %"),
    ("figure:child_stunting_rate", "0,5 %", "@", "0.5 %"),
    ("figure:cultural_village_share", "11.2%", "@", "11.2 %"),
    (INCOME, "36500 nghìn đồng/người/năm", "@", "36.5 triệu đồng/người/năm"),
    (HOUSES, 3, "0", "3 nhà"),
]


def test_numbers_are_read_as_they_were_typed(form):
    """A figure is the digits that were typed, in the row's unit unless it bears its own."""
    path = form()
    fill(path, {key: {C.VALUE: typed} for key, typed, _, _ in TYPED})
    book = openpyxl.load_workbook(path)
    sheet, columns = book["Chỉ tiêu"], COLUMNS[FormTable.ROWS]
    formats = {key: shown_as for key, _, shown_as, _ in TYPED}
    for row in sheet.iter_rows():
        if row[0].value in formats:
            row[columns.index(C.VALUE)].number_format = formats[row[0].value]
    book.save(path)
    assert facts(path) == {key.partition(":")[2]: {"value": read} for key, _, _, read in TYPED}
    where = cell_of(path, WATER, C.VALUE)
    book["Chỉ tiêu"][where.partition("!")[2]].number_format = "0%"
    book.save(path)
    assert problems(path) == [("ambiguous_number", where)]


@given(st.decimals(min_value=2, max_value=100, places=3))
def test_every_share_survives(number):
    """Any share typed as a number, in per cent or as a percentage, is read by its digits."""
    sheet = openpyxl.Workbook().active
    for value, shown_as in ((float(number), "General"), (float(number) / 100, "0.000%")):
        cell = sheet.cell(1, 1, value)
        cell.number_format = shown_as
        read = ntm.language.workbook._cell(cell, ntm.Where()).text
        assert ntm.Quantity.parse(read if "%" in read else f"{read} %").value == number


def test_counts_beside_shares(form):
    """A share may be given by its counts alone, or by both; period and document stand beside."""
    path = form("csv")
    beside = {C.FOR: "2018-06", C.DOCUMENT: "d1"}
    fill(
        path,
        {
            POVERTY: {C.NUMERATOR: "131", C.DENOMINATOR: "1170"} | beside,
            WATER: {C.VALUE: "47,5", C.NUMERATOR: "19", C.DENOMINATOR: "40"},
            "document:d1": {C.TITLE: "Phiếu", C.DATED: "2018"},
        },
    )
    assert facts(path) == {
        "multidimensional_poverty_rate": {
            "numerator": "131",
            "denominator": "1170",
            "for": "2018-06",
            "document": "d1",
        },
        "clean_water_share": {"value": "47.5 %", "numerator": "19", "denominator": "40"},
    }


# --- what is wrong ----------------------------------------------------------------------------------------------

BAD = [
    (POVERTY, {C.VALUE: 0.95}, "share_as_fraction", C.VALUE),
    (POVERTY, {C.VALUE: "0,95"}, "share_as_fraction", C.VALUE),
    (POVERTY, {C.VALUE: 1}, "unit_missing", C.VALUE),
    (POVERTY, {C.VALUE: 120}, "out_of_range", C.VALUE),
    (POVERTY, {C.VALUE: "nhiều"}, "not_a_number", C.VALUE),
    (POVERTY, {C.VALUE: "=1+1"}, "formula", C.VALUE),
    (POVERTY, {C.VALUE: 5, C.UNIT: "quả"}, "unit_unknown", C.UNIT),
    (POVERTY, {C.VALUE: 5, C.DOCUMENT: "d3"}, "unknown_document", C.DOCUMENT),
    (POVERTY, {C.VALUE: 5, C.FOR: "31/12/2018"}, "bad_format", C.FOR),
    (POVERTY, {C.NUMERATOR: 5}, "half_filled", C.DENOMINATOR),
    (POVERTY, {C.DENOMINATOR: 5, C.VALUE: 7}, "half_filled", C.NUMERATOR),
    (POVERTY, {C.NUMERATOR: "1.168", C.DENOMINATOR: 1170}, "not_a_number", C.NUMERATOR),
    (POVERTY, {C.NUMERATOR: "mười", C.DENOMINATOR: 1170}, "not_a_number", C.NUMERATOR),
    (POVERTY, {C.DOCUMENT: "d1"}, "half_filled", C.VALUE),
    (POVERTY, {C.VALUE: 5, C.SUBJECT: "Thu nhập"}, "not_as_written", C.SUBJECT),
    (HOUSES, {C.VALUE: "1.234"}, "not_a_number", C.VALUE),
    (PLAN, {C.VALUE: "một phần"}, "not_yes_no", C.VALUE),
    (PLAN, {C.NUMERATOR: 1, C.DENOMINATOR: 2}, "missing_key", None),
    ("attested:9", {C.VERDICT: "tốt"}, "not_one_of", C.VERDICT),
    ("attested:9", {C.BY: "UBND huyện"}, "half_filled", C.VERDICT),
    ("attested:9", {C.VALUE: 5}, "not_asked", C.VALUE),
    ("year", {C.VALUE: "hai nghìn"}, "bad_format", C.VALUE),
    ("place.province", {C.VALUE: "Thái Bìn"}, "unknown_province", C.VALUE),
    ("place.name", {C.VALUE: ""}, "wrong_type", C.VALUE),
    ("set", {C.VALUE: "xã"}, "bad_format", C.VALUE),
    ("reported:criteria_met", {C.VALUE: "nhiều"}, "bad_format", C.VALUE),
    ("document:d1", {C.TITLE: "Phiếu", C.DATED: "hôm qua"}, "bad_format", C.DATED),
]


@pytest.mark.parametrize(("key", "answer", "code", "column"), BAD)
def test_what_is_wrong_is_told_by_its_cell(form, key, answer, code, column):
    """Whatever is wrong with an answer is told with the cell that it stands in."""
    path = form("csv")
    fill(path, {key: answer})
    found = problems(path)
    cell = cell_of(path, key, column or C.VALUE)
    assert (code, cell) in found
    assert {where for _, where in found} == {cell}


def test_everything_at_once(form):
    """All that is wrong with a workbook is told in one go, each by its sheet and cell."""
    path = form()
    wrong = [
        (POVERTY, {C.VALUE: 0.95}, "share_as_fraction", C.VALUE),
        (HOUSES, {C.VALUE: datetime(2018, 1, 2, 3)}, "ambiguous_number", C.VALUE),  # noqa: DTZ001 - as a workbook holds it
        (WATER, {C.VALUE: "=1+1"}, "formula", C.VALUE),
        ("attested:9", {C.BY: "UBND huyện"}, "half_filled", C.VERDICT),
        ("attested:10", {C.VERDICT: "đạt", C.DATED: "31/12/2018"}, "bad_format", C.DATED),
        ("year", {C.VALUE: "hai nghìn"}, "bad_format", C.VALUE),
        ("document:d1", {C.DATED: "hôm qua"}, "bad_format", C.DATED),
    ]
    fill(path, {key: answer for key, answer, _, _ in wrong})
    found = set(problems(path))
    assert found >= {(code, cell_of(path, key, column)) for key, _, code, column in wrong}
    assert {code for code, _ in found} <= {code for _, _, code, _ in wrong} | {"not_a_number"}
    with pytest.raises(ntm.DossierError) as error:
        ntm.read_dossier(path)
    assert f"{path}:{cell_of(path, POVERTY, C.VALUE)}: NTM408" in error.value.render()


def test_neither_province_nor_region(form):
    """That nobody knows which levels apply is told at the province."""
    path = form("csv")
    fill(path, {"place.province": {C.VALUE: ""}})
    assert problems(path) == [("no_region", cell_of(path, "place.province", C.VALUE))]


def test_one_fact_in_two_rows(form):
    """A fact that two rows give is refused, with the cell of the first."""
    path = form("csv")
    fill(path, {POVERTY: {C.VALUE: 5}})
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    (row,) = [row for row in rows if row[0] == POVERTY]
    at = rows.index(row)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([*rows[: at + 1], *rows[at:]])
    assert problems(path) == [("cell_twice", cell_name(at + 2, COLUMNS[FormTable.ROWS].index(C.VALUE) + 1))]


def test_rows_that_lost_their_keys(form):
    """What stands in a row without hidden keys is asked by nobody: it is refused, not dropped."""
    path = form("csv")

    def lose(_: FormTable, cells: list) -> list:
        if cells[0] == POVERTY:
            cells[0] = cells[1] = None
            cells[COLUMNS[FormTable.ROWS].index(C.VALUE)] = 5
        return cells

    change(path, lose)
    assert [code for code, _ in problems(path)] == ["not_asked"]
    path = form("csv")
    change(path, lambda _, cells: ["", *cells[1:2], "Phiếu", *cells[3:]] if cells[0] == "document:d1" else cells)
    assert [code for code, _ in problems(path)] == ["not_asked"]


def test_headings_and_merged_cells(form):
    """A heading that is gone or there twice, and cells that were merged, are told; own columns are left alone."""
    path = form()
    book = openpyxl.load_workbook(path)
    sheet = book["Chỉ tiêu"]
    names = {cell.value: cell for cell in sheet[1]}
    names["Mẫu số"].value = "Ghi chú riêng"
    names["Tử số"].value = "Đơn vị"
    sheet.merge_cells("E3:E4")
    book.save(path)
    assert problems(path) == [
        ("missing_column", "'Chỉ tiêu'!A1"),
        ("missing_column", "'Chỉ tiêu'!A1"),
        ("duplicate_column", f"'Chỉ tiêu'!{names['Tử số'].coordinate}"),
        ("merged_cells", "'Chỉ tiêu'!E3"),
    ]


def test_a_sheet_twice(form):
    """A table that stands in the file twice is refused."""
    path = form()
    book = openpyxl.load_workbook(path)
    book.copy_worksheet(book["Tài liệu"])
    book.save(path)
    assert [code for code, _ in problems(path)] == ["duplicate_column"]


def test_what_is_no_form(tmp_path):
    """A workbook without a form's headings is no form, and neither is one without its place."""
    book = openpyxl.Workbook()
    book.active["A1"] = "name"
    book.save(tmp_path / "a.xlsx")
    assert problems(tmp_path / "a.xlsx") == [("not_a_form", "")]
    book.active["A1"] = FormTable.ROWS.mark
    book.save(tmp_path / "a.xlsx")
    assert "not_a_form" in [code for code, _ in problems(tmp_path / "a.xlsx")]


def test_words_that_look_like_formulas(tmp_path):
    """A name that a spreadsheet would take for a formula is written as words, and read as the same words."""
    name = '=HYPERLINK("http://x","y")'
    for ending in ("xlsx", "csv"):
        path = tmp_path / f"form.{ending}"
        path.write_bytes(ntm.write_form(ntm.load(SET), KNOWN | {"name": name}, form=ending))
        assert ntm.read_dossier(path).place.name == name
    book = openpyxl.load_workbook(tmp_path / "form.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    (named,) = [cell for cell in cells if cell.value == name]
    assert named.quotePrefix
    assert f"'{name[0]}" in (tmp_path / "form.csv").read_text(encoding="utf-8-sig")


@pytest.fixture(scope="module")
def short() -> list[list[str]]:
    """The lines of the shortest form."""
    made = ntm.write_form(ntm.load("commune/modern/2026-2030"), KNOWN | {"year": "2027"}, form="csv")
    return [list(row) for row in csv.reader(io.StringIO(made.decode("utf-8-sig")))]


@given(words=st.text(max_size=40), table=st.sampled_from(list(FormTable)), data=st.data())
def test_any_text_in_any_cell_is_read_or_refused(tmp_path_factory, short, words, table, data):
    """Whatever is typed wherever in a form, the outcome is a dossier or problems of that file."""
    rows = [[*row] for row in short]
    at = next(number for number, row in enumerate(rows) if row[0] == table.mark)
    rows[at + data.draw(st.integers(0, 3))][data.draw(st.integers(0, len(COLUMNS[table]) - 1))] = words
    path = tmp_path_factory.getbasetemp() / "any.csv"
    with path.open("w", encoding="utf-8", newline="", errors="replace") as stream:
        csv.writer(stream).writerows(rows)
    found = outcome(lambda: ntm.read_dossier(path))
    if isinstance(found, ntm.DocumentError):
        assert {problem.where.file for problem in found.problems} == {str(path)}
    else:
        assert found.file == str(path)
