from __future__ import annotations

from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ntm_rules.errors import DossierError, ProblemCode
from ntm_rules.language.cells import Dialect, dialect
from ntm_rules.language.reading import MAX_BYTES
from ntm_rules.language.table import Row, read_table
from ntm_rules.rulebook import facts, shelf
from ntm_rules.vocabulary.dossiers import Dossier
from ntm_rules.vocabulary.verdicts import Verdict

SET = "commune/standard/2016-2020"
POVERTY = "multidimensional_poverty_rate"
INCOME = "income_per_person"
HOUSES = "makeshift_house_count"
WORDS = ["name", "year", "province", POVERTY, HOUSES, "attested:1", "2018", "Hà Nội", "13,2", "0,5", "met", "", '"']


@pytest.fixture
def table(tmp_path: Path):
    """Read a table from its text or bytes."""

    def read(content: str | bytes, defaults: dict[str, str] | None = None, **fixed: str) -> list[Row]:
        path = tmp_path / "communes.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return list(read_table(path, shelf(), defaults, fixed=fixed))

    return read


def only(rows: list[Row]) -> Dossier:
    """The one dossier of a table."""
    (row,) = rows
    assert isinstance(row.outcome, Dossier), row.outcome
    return row.outcome


def problems(rows: list[Row]) -> list[tuple[ProblemCode, int | None, int | None]]:
    """What is wrong with the one row of a table, and where."""
    (row,) = rows
    assert isinstance(row.outcome, DossierError)
    return [(problem.code, problem.where.line, problem.where.column) for problem in row.outcome.problems]


def refused(error: pytest.ExceptionInfo[DossierError]) -> list[ProblemCode]:
    """Why a whole table was refused."""
    return [problem.code for problem in error.value.problems]


def test_a_row_is_a_dossier(table) -> None:
    """A row says its place, year, set and day, as a dossier file would."""
    dossier = only(
        table(
            "name,level,district,province,region,year,set,on,status,note\n"
            f"Phú Đình,xã,Định Hóa,tỉnh thái nguyên,,2018,{SET},2018-06-30,illustration,thử\n"
        )
    )
    place = dossier.place
    assert (place.name, place.level.value, place.district) == ("Phú Đình", "commune", "Định Hóa")
    assert (place.province, place.region) == ("vn-2008/province/19", "northern_midlands_and_mountains")
    assert (dossier.year, dossier.on.isoformat(), dossier.set_id) == (2018, "2018-06-30", SET)
    assert (dossier.status.value, dossier.note) == ("illustration", "thử")


def test_headings_may_be_vietnamese_titles(table) -> None:
    """Headings are understood in both languages, with or without diacritics and capitals."""
    definition = facts()[POVERTY]
    for title in (definition.title.vi, definition.title.vi.upper(), definition.title.en, POVERTY):
        dossier = only(table(f'Tên xã;Tinh;NĂM;"{title}"\nA;Hà Nội;2018;1,5 %\n'))
        assert dossier.by_fact[POVERTY].quantity is not None


def test_attributes_of_the_place_have_columns(table) -> None:
    """What is said of a place stands in a column of its own, under its id or title; an empty cell says nothing."""
    content = "name,province,year,ethnic_zone,Xã an toàn khu,is_peri_urban\nA,Hà Nội,2018,Xã khu vực II,có,\n"
    assert only(table(content)).place.attributes == (("ethnic_zone", "II"), ("is_safe_zone", True))
    (row,) = table(content.replace("khu vực II", "khu vực V"))
    (problem,) = row.outcome.problems
    assert (problem.code.name, problem.where.column) == ("UNKNOWN_ATTRIBUTE_VALUE", 4)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_tables_of_any_spreadsheet_are_read(table, delimiter: str, mark: str, line_break: str) -> None:
    """Comma, semicolon or tab, with or without a byte order mark, in either form of line break: the same dossier."""
    lines = [["name", "province", "year", POVERTY], ["A", "Hà Nội", "2018", '"13,2"'], [""]]
    content = mark + line_break.join(delimiter.join(line) for line in lines)
    figure = only(table(content)).by_fact[POVERTY].quantity
    assert figure is not None
    assert str(figure.value) == "13.2"


def test_the_form_of_a_table_can_be_told(tmp_path: Path) -> None:
    """The delimiter and the byte order mark of a table are known, so that an answer can be written alike."""
    path = tmp_path / "t.csv"
    path.write_text('\ufeff"a;b;c",name\tyear\r\n', encoding="utf-8")
    assert dialect(path) == Dialect(",", bom=True)
    path.write_text("name;year\n", encoding="utf-8")
    assert dialect(path) == Dialect(";", bom=False)


@pytest.mark.parametrize(
    ("heading", "cell", "value"),
    [
        (POVERTY, "58,3 %", "58.3"),
        (POVERTY, "58.30%", "58.30"),
        (POVERTY, "+58", "58"),
        (INCOME, "36,5", "36.5"),
        (INCOME, "36500 nghìn đồng/người/năm", "36.5"),
        (f"{INCOME} (nghìn đồng/người/năm)", "36500", "36.5"),
        ("Thu nhập bình quân đầu người [triệu đồng/người/năm]", "36,5", "36.5"),
        (HOUSES, "12", "12"),
        (HOUSES, "12 nhà", "12"),
    ],
)
def test_figures_are_read_as_spreadsheets_write_them(table, heading: str, cell: str, value: str) -> None:
    """A decimal comma is understood, and a bare number takes the unit of its column."""
    figure = only(table(f'name;province;year;"{heading}"\nA;Hà Nội;2018;{cell}\n')).facts[0].quantity
    assert figure is not None
    assert str(figure.value.normalize() if "500" in cell else figure.value) == value


@pytest.mark.parametrize(
    ("heading", "cell", "code"),
    [
        (POVERTY, "abc", ProblemCode.NOT_A_NUMBER),
        (POVERTY, "1.234,5", ProblemCode.NOT_A_NUMBER),
        (POVERTY, "13 ha", ProblemCode.UNIT_MISMATCH),
        (POVERTY, "13 xyz", ProblemCode.UNIT_UNKNOWN),
        (POVERTY, "113", ProblemCode.OUT_OF_RANGE),
        (HOUSES, "1.234", ProblemCode.NOT_A_NUMBER),
        (HOUSES, "1,234", ProblemCode.NOT_A_NUMBER),
        ("has_cooperative", "maybe", ProblemCode.NOT_YES_NO),
    ],
)
def test_a_wrong_figure_is_a_problem_at_its_cell(table, heading: str, cell: str, code: ProblemCode) -> None:
    """What is no figure is told with line and column; a possible thousands mark of a count is never guessed at."""
    rows = table(f"name;province;year;{heading}\nA;Hà Nội;2018;{cell}\n")
    assert problems(rows) == [(code, 2, 4)]


def test_shares_written_as_fractions_are_refused(table) -> None:
    """A column of percentages in which no number is above 1 may mean 0.95 for 95 %; it is refused, not guessed."""
    head = f"name;province;year;{POVERTY}\n"
    rows = table(head + "A;Hà Nội;2018;0,95\nB;Hà Nội;2018;1\nC;Hà Nội;2018;0\nD;Hà Nội;2018;0,5 %\n")
    codes = [row.outcome.problems[0].code if isinstance(row.outcome, DossierError) else None for row in rows]
    assert codes == [ProblemCode.SHARE_AS_FRACTION, ProblemCode.UNIT_MISSING, None, None]


def test_small_shares_among_great_ones_are_shares(table) -> None:
    """A column has one unit: 0,8 beside 13,2 is 0.8 %."""
    rows = table(f"name;province;year;{POVERTY}\nA;Hà Nội;2018;0,8\nB;Hà Nội;2018;13,2\nC;Hà Nội;2018;1,5\n")
    first = rows[0].outcome
    assert isinstance(first, Dossier)
    figure = first.facts[0].quantity
    assert figure is not None
    assert str(figure.value) == "0.8"


@pytest.mark.parametrize(
    ("cell", "verdict"),
    [
        ("met", Verdict.MET),
        ("Đạt", Verdict.MET),
        ("chưa đạt", Verdict.NOT_MET),
        ("không đạt", Verdict.NOT_MET),
        ("not_met", Verdict.NOT_MET),
        ("KHÔNG ÁP DỤNG", Verdict.NOT_APPLICABLE),
        ("not applicable", Verdict.NOT_APPLICABLE),
    ],
)
def test_conclusions_stand_under_their_address(table, cell: str, verdict: Verdict) -> None:
    """A column headed ``attested:`` and an address holds conclusions, in either language."""
    dossier = only(table(f"name,province,year,set,attested:10/10\nA,Hà Nội,2018,{SET},{cell}\n"))
    assert [(each.address, each.verdict) for each in dossier.attestations] == [("10/10", verdict)]


def test_wrong_conclusions_are_problems_at_their_cell(table) -> None:
    """A word that is no conclusion, and an address that the set does not hold, are told with line and column."""
    rows = table(f"name,province,year,set,attested:99,attested:1\nA,Hà Nội,2018,{SET},met,maybe\n")
    assert problems(rows) == [(ProblemCode.UNKNOWN_ADDRESS, 2, 5), (ProblemCode.NOT_ONE_OF, 2, 6)]


def test_empty_cells_are_missing(table) -> None:
    """An empty cell says nothing; neither does a row that ends early; a row of empty cells is none."""
    rows = table(f"name,province,year,{POVERTY},attested:1,has_cooperative\n\n,,,,,\nA,Hà Nội,2018\nB,Hà Nội,2018,,,\n")
    assert [row.number for row in rows] == [4, 5]
    for row in rows:
        assert isinstance(row.outcome, Dossier)
        assert (row.outcome.facts, row.outcome.attestations) == ((), ())


def test_a_needed_cell_that_is_empty_is_a_problem(table) -> None:
    """A row without a name or a year can't be used, and says which cell is empty."""
    rows = table("name,province,year\n,Hà Nội,2018\nB,Hà Nội,\n")
    for row, column in zip(rows, (1, 3), strict=True):
        assert isinstance(row.outcome, DossierError)
        problem = row.outcome.problems[-1]
        assert (problem.code, problem.where.line, problem.where.column) == (
            ProblemCode.WRONG_TYPE,
            row.number,
            column,
        )


def test_rows_are_read_though_others_are_wrong(table) -> None:
    """A row that can't be used carries its problems and its identity, and the next is read."""
    rows = table("Xã,province,year\nA,Nowhere,2018\nB,Hà Nội,2018\n")
    assert [type(row.outcome) for row in rows] == [DossierError, Dossier]
    assert rows[0].identity == {"Xã": "A", "province": "Nowhere", "year": "2018"}


@pytest.mark.parametrize("row", ["A,2018,Hà Nội,58,3", "A,2018,Hà Nội,58,3,"])
def test_a_row_with_too_many_cells_is_refused(table, row: str) -> None:
    """A decimal comma between commas shifts the cells after it, so nothing of the row is believed."""
    assert problems(table(f"name,year,province,{POVERTY}\n{row}\n")) == [(ProblemCode.WRONG_CELL_COUNT, 2, None)]


def test_a_column_without_heading_must_be_empty(table) -> None:
    """A cell under no heading is one too many; an empty column is nothing."""
    assert only(table("name,,province,year,\nA,,Hà Nội,2018,\n")).place.name == "A"
    assert problems(table("name,,province,year\nA,x,Hà Nội,2018\n")) == [(ProblemCode.WRONG_CELL_COUNT, 2, None)]


def test_wrong_headings_are_told_all_at_once(table) -> None:
    """Unknown, doubled and missing columns are problems of the whole table, with the nearest name."""
    with pytest.raises(DossierError) as error:
        table("province,tỉnh,provinse,xyzzyqq,attested:\n")
    assert [(problem.code, problem.where.column) for problem in error.value.problems] == [
        (ProblemCode.MISSING_COLUMN, None),
        (ProblemCode.MISSING_COLUMN, None),
        (ProblemCode.DUPLICATE_COLUMN, 2),
        (ProblemCode.UNKNOWN_COLUMN, 3),
        (ProblemCode.UNKNOWN_COLUMN, 4),
        (ProblemCode.UNKNOWN_COLUMN, 5),
    ]
    by_column = {problem.where.column: dict(problem.params) for problem in error.value.problems}
    assert by_column[2] == {"name": "tỉnh", "first_column": "1"}
    assert by_column[3]["nearest"] == "province"
    assert "nearest" not in by_column[4]
    missing = [dict(problem.params) for problem in error.value.problems[:2]]
    assert missing == [{"name": "name"}, {"name": "year"}]


@pytest.mark.parametrize(
    "heading",
    [f"{INCOME} (ha)", f"{INCOME} (xyz)", "has_cooperative (%)", "xyz (%)", f"{POVERTY} ()"],
)
def test_a_heading_must_name_a_unit_of_its_fact(table, heading: str) -> None:
    """A unit in a heading that is none, or none of that fact's, makes the heading unknown."""
    with pytest.raises(DossierError) as error:
        table(f"name,year,province,{heading}\n")
    assert refused(error) == [ProblemCode.UNKNOWN_COLUMN]


def test_the_same_fact_may_stand_only_once(table) -> None:
    """A fact's id and its title head the same column."""
    with pytest.raises(DossierError) as error:
        table(f"name;year;province;{INCOME};Thu nhập bình quân đầu người\n")
    assert refused(error) == [ProblemCode.DUPLICATE_COLUMN]


def test_a_title_that_two_facts_bear_means_neither(tmp_path: Path) -> None:
    """An ambiguous title is an unknown heading."""
    catalogue = facts()
    twins = (catalogue.facts[0], attrs.evolve(catalogue.facts[0], id="another"))
    path = tmp_path / "t.csv"
    path.write_text(f'name,year,"{twins[0].title.vi}"\n', encoding="utf-8")
    with pytest.raises(DossierError) as error:
        read_table(path, attrs.evolve(shelf(), catalogue=attrs.evolve(catalogue, facts=twins)))
    assert refused(error) == [ProblemCode.UNKNOWN_COLUMN]


def test_defaults_fill_what_a_row_does_not_say(table) -> None:
    """A default stands in for a missing column and an empty cell, and gives way to a cell."""
    rows = table("name,province,year\nA,Hà Nội,\nB,Hà Nội,2019\n", {"year": "2018"})
    assert [row.outcome.year for row in rows if isinstance(row.outcome, Dossier)] == [2018, 2019]
    assert only(table("name,province\nA,Hà Nội\n", {"year": "2018"})).year == 2018


def test_what_is_fixed_stands_whatever_a_row_says(table) -> None:
    """The set and day of the command line hold for every row."""
    dossier = only(table("name,province,year,on\nA,Hà Nội,2018,2018-05-05\n", on="2019-01-01", set=SET))
    assert (dossier.on.isoformat(), dossier.set_id) == ("2019-01-01", SET)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", ProblemCode.EMPTY),
        (b"\xef\xbb\xbf\n,,\n", ProblemCode.EMPTY),
        (b"name,year\nA\xff,2018\n", ProblemCode.NOT_UTF8),
        (b'name,year\n"A,2018\n', ProblemCode.SYNTAX),
        (b"x" * (MAX_BYTES + 1), ProblemCode.TOO_LARGE),
    ],
)
def test_a_file_that_is_no_table_is_refused(table, content: bytes, code: ProblemCode) -> None:
    """What can't be read as a table is one problem, never a traceback."""
    with pytest.raises(DossierError) as error:
        table(content)
    assert refused(error) == [code]


def test_the_line_of_a_fault_is_told(table) -> None:
    """A cell with line breaks does not upset the lines of what comes after it."""
    with pytest.raises(DossierError) as error:
        table(b"name,year\nA\xff,2018\n")
    assert error.value.problems[0].where.line == 2
    rows = table('name,province,year\n"A\nB",Hà Nội,2018\nC,Nowhere,2018\n')
    assert [row.number for row in rows] == [2, 3]
    assert isinstance(rows[1].outcome, DossierError)
    assert rows[1].outcome.problems[0].where.line == 4


@given(
    st.lists(st.lists(st.sampled_from(WORDS) | st.text(max_size=5), max_size=6), max_size=4),
    st.sampled_from(",;\t"),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_table_is_read_or_refused(tmp_path: Path, cells: list[list[str]], delimiter: str) -> None:
    """Whatever stands in a table, each row is a dossier or problems that can be told, or the table is refused."""
    path = tmp_path / "any.csv"
    path.write_text("\n".join(delimiter.join(line) for line in cells), encoding="utf-8", errors="replace")
    outcomes: list[Dossier | DossierError] = []
    try:
        outcomes += [row.outcome for row in read_table(path, shelf())]
    except DossierError as error:
        outcomes.append(error)
    for outcome in outcomes:
        assert isinstance(outcome, Dossier) or (outcome.render("vi") and outcome.render("en"))


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    """A file that is not there is told like any other fault."""
    with pytest.raises(DossierError) as error:
        read_table(tmp_path / "absent.csv", shelf())
    assert refused(error) == [ProblemCode.UNREADABLE]


def test_a_name_no_system_allows_is_a_problem() -> None:
    """A path with a null character is a fault of the input, too."""
    with pytest.raises(DossierError) as error:
        read_table("a\0.csv", shelf())
    assert refused(error) == [ProblemCode.UNREADABLE]
