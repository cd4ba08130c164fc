from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ntm_rules as ntm
from criteria_strategies import REGISTER, outcome
from ntm_rules.language import parse_revision, read_text, to_yaml, write_revision
from ntm_rules.language.workbook import CellKind, Grid, _tidy
from ntm_rules.messages import LANGUAGES
from ntm_rules.revision.answers import LOCKED, TO_FILL, Column, FilledSheet
from worksheets import (
    BY,
    COLUMNS,
    DELTA,
    FAIR,
    GOOD,
    HIGHLANDS,
    NEWER_RULES,
    RULES,
    SEEN,
    as_csv,
    at,
    confirmed,
    confirmed_file,
    grid,
    rows,
)

CELL = at("1/1.1", row=DELTA)
INCOME = at("1/1.2", row=f"2019 > {HIGHLANDS}")
FIRST = 2  # the number of the first row beneath the headings
NAMES = dict(zip(Column, "ABCDEFGHIJKLMNOPQRS", strict=True))


def answered(answers, lang="vi", **kinds):
    """The edits that a sheet filled in so makes."""
    return confirmed(grid(rows(answers, lang), **kinds)).edits


def problems(lines, *more, **kinds):
    """What is wrong with a sheet: cell and code."""
    with pytest.raises(ntm.RevisionError) as refused:
        confirmed(grid(lines, **kinds), *more)
    for problem in refused.value.problems:
        vi, en = (problem.message(lang) for lang in LANGUAGES)
        assert vi != en
        assert "None" not in vi + en
    return [(problem.where.cell, problem.code.slug) for problem in refused.value.problems]


def number_of(key):
    """The number of a cell's row in the sheet."""
    return next(at for at, line in enumerate(rows(), 1) if tuple(line[:3]) == key)


def says(key=CELL):
    """The name of the cell where the answer to a cell of the set is written."""
    return f"{NAMES[Column.SAYS]}{number_of(key)}"


def changed(key, column, words, answers=None):
    """The sheet with one cell changed."""
    lines = rows(answers)
    lines[number_of(key) - 1][COLUMNS.index(column)] = words
    return lines


def test_the_columns():
    """The columns to fill in come last, and each heading is another in each language."""
    assert (*LOCKED, *TO_FILL) == COLUMNS
    for lang in LANGUAGES:
        assert len({column.heading(lang) for column in Column}) == len(Column)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sheet_in_either_language(lang):
    """A sheet written in one language is read in it; its answers may be in any."""
    given = {
        CELL: "4,5",
        at("1/1.1", row="general"): "Không quy định",
        at("1/1.1", row=HIGHLANDS): "none",
        at("1/1.3", "1"): "yes",
        at("2/2.1"): "Có",
    }
    edits = answered(given, lang)
    assert [type(edit).__name__ for edit in edits] == ["RaiseGrade", "SetCell", "SetCell", "RaiseGrade", "RaiseGrade"]
    assert [edit.cell for edit in edits[1:3]] == [ntm.Quantity.parse("4.5 %"), ntm.Nothing()]
    assert all(edit.verified == SEEN for edit in edits)
    assert edits[0].where.cell == f"{NAMES[Column.SAYS]}{FIRST}"


@pytest.mark.parametrize(
    ("written", "cell"),
    [
        ("36,5", "36.5"),
        ("36.5", "36.5"),
        ("36.50 triệu đồng/người/năm", "36.5"),
        ("36500 nghìn đồng/người/năm", "36.5"),
        ("0,125", "0.125"),
        ("1234.567", "1234.567"),
        ("1.2345", "1.2345"),
        ("1", "1"),
        ("0", "0"),
    ],
)
def test_figures_as_they_are_typed(written, cell):
    """A decimal comma is as good as a point, and a bare number is in the unit of its row."""
    (edit,) = answered({INCOME: written})
    assert edit.cell == ntm.Quantity.parse(f"{cell} triệu đồng/người/năm")
    assert str(edit.cell.value) == cell


@pytest.mark.parametrize("written", ["1.234", "1,234", "12.345 triệu đồng/người/năm", "-1.234", "012.345"])
def test_thousands_or_thousandths(written):
    """Typed as text, three digits behind a mark may be thousandths or a group of thousands: refused, not guessed."""
    lines = rows({INCOME: written})
    assert problems(lines) == [(says(INCOME), "ambiguous_number")]


def test_a_number_cell_says_itself_what_it_is():
    """A number of a workbook has no mark that could be mistaken."""
    (edit,) = answered({INCOME: "1.234"}, **{says(INCOME): CellKind.NUMBER})
    assert str(edit.cell.value) == "1.234"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("sáu", "not_a_number"),
        ("1.234.567", "not_a_number"),
        ("4 5", "not_a_number"),
        ("≥ 4", "not_a_number"),
        ("9" * 31, "not_a_number"),
        ("4,5 ha", "threshold_unit"),
        ("4,5 xu", "threshold_unit"),
        ("0,95", "share_as_fraction"),
        ("1", "share_as_fraction"),
        ("101", "threshold_out_of_range"),
        ("-1", "threshold_out_of_range"),
        ("có", "not_an_answer"),
        ("không", "not_an_answer"),
    ],
)
def test_what_is_no_figure(written, code):
    """What can't be taken for the figure of a cell is told by the name of the cell it stands in."""
    assert problems(rows({CELL: written})) == [(says(), code)]


STEP = at("1/1.1", row=HIGHLANDS)


def answered_newer(key, written):
    """The edits that one answer to a cell of `NEWER_RULES` makes."""
    return confirmed(grid(rows({key: written}, rules=NEWER_RULES)), rules=NEWER_RULES).edits


@pytest.mark.parametrize(
    ("written", "cell"),
    [("good", GOOD), ("Khá", GOOD), ("trung binh", FAIR), ("Khá (en)", GOOD), ("none", ntm.Nothing())],
)
def test_steps_as_they_are_typed(written, cell):
    """A step is named by its id or its title in either language; the gazette may ask nothing there, too."""
    (edit,) = answered_newer(STEP, written)
    assert edit.cell == cell


def test_a_step_that_is_affirmed():
    """A cell of steps that is left to an authority is affirmed like any other; so is a condition of recognition."""
    for key in (at("1/1.1", row="general"), at("1/1.2"), at("precondition/no_debt"), at("precondition/model")):
        (edit,) = answered_newer(key, "có")
        assert isinstance(edit, ntm.RaiseGrade)


@pytest.mark.parametrize(
    ("written", "code", "params"),
    [
        ("goood", "not_a_step", {"scale": "rating", "name": "goood", "nearest": "good"}),
        ("x" * 300, "not_a_step", {}),
        ("90 %", "not_a_step", {}),
        ("yes", "not_an_answer", {"wanted": "step"}),
    ],
)
def test_what_is_no_step(written, code, params):
    """What is no step of the scale is told with the nearest step; a mere yes is no answer there."""
    with pytest.raises(ntm.RevisionError) as refused:
        answered_newer(STEP, written)
    (problem,) = refused.value.problems
    assert problem.code.slug == code
    assert params.items() <= dict(problem.params).items()


@pytest.mark.parametrize("written", ["0,95 %", "0", "1 %"])
def test_small_shares(written):
    """A share of at most 1 % is taken if its unit is written, or if it is none at all."""
    assert len(answered({CELL: written})) == 1


@pytest.mark.parametrize(
    ("key", "written", "code"),
    [
        (at("1/1.3", "1"), "100 %", "not_an_answer"),
        (at("2/2.1"), "5", "not_an_answer"),
        (at("1/1.3", "1"), "no", "contradicted"),
        (at("1/1.3", "1"), "không quy định", "contradicted"),
        (at("1/1.3", "2"), "91 %", "contradicted"),
        (at("2/2.3", "2"), "none", "contradicted"),
    ],
)
def test_what_can_not_be_confirmed(key, written, code):
    """An answer of the wrong kind, or against what a verification may not change, is told by its cell."""
    assert problems(rows({key: written})) == [(says(key), code)]


@pytest.mark.parametrize("column", TO_FILL)
def test_a_half_filled_row(column):
    """A row in which anything is filled in must be filled in whole; what is empty is told by its cell."""
    filled = {Column.SAYS: "4,5", **BY}
    del filled[column]
    assert problems(rows({CELL: filled})) == [(f"{NAMES[column]}{number_of(CELL)}", "half_filled")]
    others = [f"{NAMES[each]}{number_of(CELL)}" for each in TO_FILL if each is not column]
    only = rows({CELL: {column: (BY | {Column.SAYS: "4,5"})[column]}})
    assert problems(only) == [(name, "half_filled") for name in others]


@pytest.mark.parametrize("written", ["2026", "20/11/2026", "2026-02-30", "20261120", "hôm qua", "2026-W47-5"])
def test_a_date_that_is_none(written):
    """A day is written as year, month and day, and must be one."""
    filled = {Column.SAYS: "4,5", **BY, Column.DATE: written}
    assert problems(rows({CELL: filled})) == [(f"{NAMES[Column.DATE]}{number_of(CELL)}", "bad_format")]


def test_a_day_cell():
    """A cell that a spreadsheet itself took for a day is one."""
    name = f"{NAMES[Column.DATE]}{number_of(CELL)}"
    (edit,) = answered({CELL: "4,5"}, **{name: CellKind.DAY})
    assert edit.verified.date == date(2026, 11, 20)


@pytest.mark.parametrize("column", [Column.SAYS, Column.PAGE, Column.ROLE, Column.DOCUMENT])
@pytest.mark.parametrize("kind", [CellKind.DAY, CellKind.UNCLEAR])
def test_what_a_spreadsheet_made_of_an_answer(column, kind):
    """What a spreadsheet took for a day or time, or shows otherwise than it holds it, is refused."""
    name = f"{NAMES[column]}{number_of(CELL)}"
    assert problems(rows({CELL: "4,5"}), **{name: kind}) == [(name, "ambiguous_number")]


@pytest.mark.parametrize("column", Column)
def test_formulas(column):
    """A formula anywhere in a row is told, once, by its cell."""
    name = f"{NAMES[column]}{number_of(CELL)}"
    assert problems(rows({CELL: "4,5"}), **{name: CellKind.FORMULA}) == [(name, "formula")]


@pytest.mark.parametrize("column", [each for each in LOCKED if each.value not in ("address", "part", "row")])
@pytest.mark.parametrize("answers", [None, {CELL: "4,5"}])
def test_what_must_stay_as_it_was(column, answers):
    """A changed grey cell is told by its name, in rows that are filled in and in others."""
    lines = changed(CELL, column, "x", answers)
    assert problems(lines) == [(f"{NAMES[column]}{number_of(CELL)}", "not_as_written")]


@pytest.mark.parametrize("column", [Column.TITLE, Column.CITATION, Column.EDITION])
def test_a_grey_cell_that_was_emptied(column):
    """A grey cell that is empty now is a changed one."""
    found = problems(changed(CELL, column, ""))
    assert found == [(f"{NAMES[column]}{number_of(CELL)}", "not_as_written")]


def test_what_spreadsheets_change_by_themselves():
    """Blanks, and the decimal mark of a figure, do not count as changes; nor does a number for a year."""
    lines = changed(CELL, Column.CANDIDATE, "4.5", {CELL: "4,5"})
    line = lines[number_of(CELL) - 1]
    line[COLUMNS.index(Column.TITLE)] = line[COLUMNS.index(Column.TITLE)].replace(" ", "\n ")
    assert len(confirmed(grid(lines)).edits) == 1


@pytest.mark.parametrize("column", [Column.ADDRESS, Column.PART, Column.ROW])
def test_an_unknown_address(column):
    """A row about a cell that is not to be checked is told by its address, filled in or not."""
    name = f"{NAMES[Column.ADDRESS]}{number_of(CELL)}"
    assert problems(changed(CELL, column, "9/9")) == [(name, "no_such_cell")]
    assert problems(changed(CELL, column, "9/9", {CELL: "4,5"})) == [(name, "no_such_cell")]


def test_the_nearest_address():
    """The nearest cell is offered for an address that is not there, but not for words without end."""
    for words, near in (("1/1.1x", f"{CELL[0]} {DELTA}"), ("1/1.1" * 50, None)):
        with pytest.raises(ntm.RevisionError) as refused:
            confirmed(grid(changed(CELL, Column.ADDRESS, f"{RULES.id}#{words}")))
        (problem,) = refused.value.problems
        assert dict(problem.params).get("nearest") == near


def test_an_emptied_address():
    """A row without an address is about nothing."""
    lines = changed(at("2/2.1"), Column.ADDRESS, "")
    assert [code for _, code in problems(lines)] == ["no_such_cell"]


def test_two_rows_for_one_cell():
    """A cell that stands in two rows is told at the second, with the name of the first."""
    lines = rows({CELL: "4,5"})
    lines.append(lines[number_of(CELL) - 1])
    with pytest.raises(ntm.RevisionError) as refused:
        confirmed(grid(lines))
    (problem,) = refused.value.problems
    assert (problem.where.cell, problem.code) == (f"A{len(lines)}", ntm.ProblemCode.CELL_TWICE)
    assert dict(problem.params)["first"] == f"A{number_of(CELL)}"
    assert str(problem.where) == f"sheet.xlsx:A{len(lines)}"


def test_rows_and_columns_may_move():
    """Rows may be sorted, dropped, or have others blank between them; columns may stand elsewhere, and be added."""
    lines = rows({CELL: "4,5", at("2/2.1"): "có"})
    head, *others = lines
    moved = [[*head[::-1], "Ghi chú"], [], *([*line[::-1], "của tôi"] for line in others[::-1] if line[14]), []]
    assert len(moved) == 5
    edits = confirmed(grid(moved)).edits
    assert [edit.at for edit in edits] == ["2/2.1", "1/1.1"]


def test_nothing_filled_in():
    """A sheet in which nothing is filled in confirms nothing, and nothing is wrong with it."""
    assert confirmed(grid(rows())).edits == ()
    short = [line[: COLUMNS.index(Column.SAYS)] if number else line for number, line in enumerate(rows())]
    assert confirmed(grid(short)).edits == ()


@pytest.mark.parametrize("column", Column)
def test_a_missing_column(column):
    """Each column that is missing is told, with the heading that may have been meant."""
    lines = rows()
    lines[0][COLUMNS.index(column)] = f"{column.heading('vi')}x"
    with pytest.raises(ntm.RevisionError) as refused:
        confirmed(grid(lines))
    (problem,) = refused.value.problems
    assert problem.code is ntm.ProblemCode.MISSING_COLUMN
    assert dict(problem.params) == {"name": column.heading("vi"), "nearest": f"{column.heading('vi')}x"}
    assert problem.where.line == 1


def test_a_column_twice():
    """A heading that stands there twice is told at its second place."""
    lines = [[*line, line[COLUMNS.index(Column.PAGE)]] for line in rows()]
    assert problems(lines) == [("T1", "duplicate_column")]


def test_cells_under_no_heading():
    """What stands under no heading may have been shifted there, so nothing of its row is believed."""
    lines = rows({CELL: "4,5"})
    lines[number_of(CELL) - 1].append("5")
    assert problems(lines) == [(f"T{number_of(CELL)}", "wrong_cell_count")]


def test_the_sheet_among_others():
    """The worksheet is found among the sheets of a file; two of them are one too many."""
    made = grid(rows({CELL: "4,5"}))
    others = (Grid(()), grid([["Cách điền"]]))
    assert len(confirmed(*others, made).edits) == 1
    with pytest.raises(ntm.RevisionError) as refused:
        confirmed(made, *others, grid(rows()))
    assert [problem.code for problem in refused.value.problems] == [ntm.ProblemCode.DUPLICATE_COLUMN]


def test_no_sheet_at_all():
    """A file with nothing in it is empty; one with something else lacks every column."""
    for grids in ((), (Grid(()),)):
        with pytest.raises(ntm.RevisionError) as refused:
            FilledSheet.find(grids, "sheet.xlsx")
        assert [problem.code for problem in refused.value.problems] == [ntm.ProblemCode.EMPTY]
    assert [code for _, code in problems([["x"]])] == ["missing_column"] * len(Column)


def test_merged_cells():
    """Merged cells are told with everything else, whether or not the columns are there."""
    merged = (ntm.Problem.at(ntm.ProblemCode.MERGED_CELLS, ntm.Where("sheet.xlsx", 3, 1, cell="A3"), range="A3:A4"),)
    for lines, more in ((rows({CELL: "sáu"}), ["not_a_number"]), ([["x"]], ["missing_column"] * len(Column))):
        made = grid(lines)
        with pytest.raises(ntm.RevisionError) as refused:
            confirmed(Grid(made.rows, merged))
        codes = [problem.code.slug for problem in refused.value.problems]
        assert sorted(codes) == sorted(["merged_cells", *more])


def test_headings_in_two_languages():
    """Headings of which some are in one language and some in the other are missing in either."""
    lines = rows()
    for column in COLUMNS[:10]:
        lines[0][COLUMNS.index(column)] = column.heading("en")
    assert {code for _, code in problems(lines)} == {"missing_column"}
    half = [[Column.PAGE.heading("vi"), Column.PAGE.heading("en")]]
    assert {code for _, code in problems(half)} == {"missing_column"}


WORDS = st.sampled_from(
    ["", "4,5", "36.5", "1.234", "có", "none", "x", "=1", "2026-11-20", "30", CELL[0], DELTA, "2", "9" * 99, "0,5 %"]
)


@given(st.data())
def test_whatever_is_filled_in(data):
    """Whatever is written wherever in a sheet, it makes a verification or is refused with problems by cell."""
    lines = rows({CELL: "4,5"})
    kinds = {}
    for _ in range(data.draw(st.integers(0, 6))):
        number = data.draw(st.integers(1, len(lines) - 1))
        at = data.draw(st.integers(0, len(COLUMNS)))
        lines[number].extend([""] * (at + 1 - len(lines[number])))
        lines[number][at] = data.draw(WORDS | st.text(max_size=8).map(_tidy))
        kinds[f"{'ABCDEFGHIJKLMNOPQRST'[at]}{number + 1}"] = data.draw(st.sampled_from(CellKind))
    made = outcome(lambda: confirmed(grid(lines, **kinds)))
    if isinstance(made, ntm.RevisionError):
        assert all(problem.where.cell for problem in made.problems)
        assert made.render("vi") != made.render("en")
    else:
        assert all(edit.verified is not None for edit in made.edits)
        assert parse_revision(read_text(to_yaml(write_revision(made))), RULES, REGISTER) == made


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_of_any_spreadsheet(tmp_path, delimiter):
    """A sheet that a spreadsheet saved with its own mark between the cells is read alike."""
    path = tmp_path / "s.csv"
    path.write_text(as_csv(rows({CELL: "4,5"}), delimiter), encoding="utf-8-sig")
    (edit,) = confirmed_file(path, RULES).edits
    assert (edit.cell, edit.verified) == (ntm.Quantity.parse("4.5 %"), SEEN)


def test_a_decimal_comma_between_commas(tmp_path):
    """A decimal comma that cuts its cell in two shifts the rest of the row, which is told and not believed."""
    path = tmp_path / "s.csv"
    path.write_text(as_csv(rows({CELL: "4,5"})).replace('"4,5",30', "4,5,30"), encoding="utf-8")
    with pytest.raises(ntm.RevisionError) as refused:
        confirmed_file(path, RULES)
    codes = [problem.code.slug for problem in refused.value.problems]
    assert "wrong_cell_count" in codes


def test_everything_at_once():
    """All that is wrong with a sheet is told in one go, sorted by place."""
    lines = rows({CELL: "4,5 ha", INCOME: {Column.SAYS: "36,5"}, at("1/1.3", "1"): "no"})
    lines[FIRST - 1][COLUMNS.index(Column.CITATION)] = "x"
    found = problems(lines)
    assert [code for _, code in found] == [
        "not_as_written",
        "threshold_unit",
        *["half_filled"] * 4,
        "contradicted",
    ]


def test_the_edition_of_a_sheet():
    """A sheet says which edition it was written for; where no row does, that is told."""
    assert FilledSheet.find([grid(rows())], "sheet.xlsx").edition == RULES.edition
    emptied = rows()
    for line in emptied[1:]:
        line[COLUMNS.index(Column.EDITION)] = ""
    for lines, cell in ((emptied, "K2"), (rows()[:1], "K1")):
        with pytest.raises(ntm.RevisionError) as refused:
            _ = FilledSheet.find([grid(lines)], "sheet.xlsx").edition
        assert [(each.where.cell, each.code.slug) for each in refused.value.problems] == [(cell, "half_filled")]
