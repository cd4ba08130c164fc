"""What tables of places may hold, and how what can't be read is told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs
import polars as pl
import pytest

import ntm_rules as ntm
from ntm_rules.errors import DossierError, RevisionError, UnknownNameError
from ntm_rules.messages import LANGUAGES
from ntm_rules.population.edge import _scaled, told_apart
from ntm_rules.population.figures import TooLargeError
from ntm_rules.rulebook import set_names
from ntm_rules.vocabulary.facts import operands
from ntm_rules.vocabulary.requirements import IsOneOf
from population_tables import differences, expected
from strategies import criteria_set, criterion

RULES = ntm.load("commune/standard/2016-2020")
LATER = ntm.load("commune/standard/2021-2025")
INSURED = "health_insurance_share"  # 15.1: at least 85 %
POOR = "multidimensional_poverty_rate"  # 11: at most 2 % in the Red River delta
HOUSES = "makeshift_house_count"
INCOME = "Thu nhập bình quân đầu người"
ELECTRICITY = "has_standard_electricity_system"
NOT_MET, OPEN, MET, DROPPED = range(4)


def table(rows=None, /, **columns):
    """Places of the Red River delta with some columns more; None leaves a column out."""
    length = rows or max(len(each) for each in columns.values() if each is not None)
    whole = {"name": [f"Xã {row}" for row in range(length)], "region": ["red_river_delta"] * length, **columns}
    return pl.DataFrame({name: cells for name, cells in whole.items() if cells is not None}, strict=False)


def scenario(*edits):
    """The set with an analyst's edits."""
    title = ntm.Text("Thử", "Trial")
    authority = ntm.RevisionAuthority.SCENARIO
    revision = ntm.Revision(
        id="trial", revises=str(RULES.id), authority=authority, author="x", title=title, edits=edits
    )
    return revision.apply(RULES)


def judged(places, rules=RULES, **how):
    """The result for a table, in 2020 unless it tells the year."""
    if "year" not in places.columns:
        how.setdefault("year", 2020)
    return ntm.evaluate_table(places, rules, **how)


def verdicts(places, address="15/15.1", **how):
    """The codes of one row of the set, having compared all that is told with the evaluator of single places."""
    result = judged(places, **how)
    for record in result.frame.iter_rows(named=True):
        wanted = expected(result.explain(record["row"]))
        assert {name: record[name] for name in wanted if name in record} == {
            name: value for name, value in wanted.items() if not name.startswith("reason:")
        }
    return result.frame[address].to_list()


def problems(places, **how):
    """The problems of a table as code, row, column and heading."""
    with pytest.raises(DossierError) as caught:
        judged(places, **how)
    found = caught.value.problems
    for each in found:
        assert all(each.render(lang) for lang in LANGUAGES)
    return [(each.code.value, each.where.line, each.where.column, each.where.path) for each in found]


# --- figures ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "met"),
    [
        ([84, 85, 86, None], [NOT_MET, MET, MET, OPEN]),
        ([84.9, 85.0, None], [NOT_MET, MET, OPEN]),
        ([84.99999999999999, 85.00000000000001], [NOT_MET, MET]),
        ([92.30000000000001, 0.1 + 0.2], [MET, NOT_MET]),
        ([Decimal("84.999"), Decimal("85.000"), None], [NOT_MET, MET, OPEN]),
        (["84,9", "85,0", " 85 ", "85.0", "85 %", "85,00 %", "", None], [NOT_MET, *[MET] * 5, OPEN, OPEN]),
        (["84.99999999999999999", "85"], [NOT_MET, MET]),
        ([None, None], [OPEN, OPEN]),
        (["+85", "85e0"], None),
    ],
)
def test_figures_of_every_type_are_exact(cells, met):
    """Whole numbers, floats, decimals and text are the figure that was written, and compare as it does."""
    places = table(**{INSURED: cells})
    if met is None:
        assert problems(places) == [("NTM404", 2, 3, INSURED)]
    else:
        assert verdicts(places) == met


def test_a_float_is_what_was_written():
    """0.1 + 0.2 is more than 0.3 and 1.1 + 2.2 more than 3.3, for what a float writes is what is judged."""
    with_limit = scenario(ntm.SetCell(at="11/11", row=("red_river_delta",), cell=ntm.Quantity.parse("3.3 %")))
    places = table(**{POOR: [1.1 + 2.2, 3.3, 3.3000000000000003, 3.2999999999999998]})
    assert verdicts(places, "11/11", rules=with_limit) == [NOT_MET, MET, NOT_MET, MET]


@pytest.mark.parametrize("dtype", [pl.Int8, pl.UInt16, pl.Int64, pl.Float32, pl.Float64, pl.Decimal(9, 2), pl.String])
def test_the_type_of_a_column_changes_nothing(dtype):
    """The same whole figures give the same verdicts in each type."""
    places = table(**{INSURED: [84, 85, None, 100]}).with_columns(pl.col(INSURED).cast(dtype))
    assert verdicts(places) == [NOT_MET, MET, OPEN, MET]


def test_nan_is_missing_and_counted():
    """What is no number is missing, and how many there were is said."""
    result = judged(table(**{INSURED: [float("nan"), 85.0, None], POOR: [1.0, float("nan"), float("nan")]}))
    assert result.nan == 3
    assert result.frame["15/15.1"].to_list() == [OPEN, MET, OPEN]
    assert result.problems == ()


@pytest.mark.parametrize(
    "cells",
    [
        [None, None, None],
        ["a", None, "b"],
        pl.Series([None, None, None], dtype=pl.String),
        [True, None, False],
        [date(2020, 1, 1), None, date(2020, 1, 2)],
        [2020, None, 2021],
        [2020.0, None, 2021.5],
        pl.Series(["a", None, "b"], dtype=pl.Categorical),
        [*range(1500), *range(1500, 3000)],
        [f"x{number % 7}" for number in range(3000)],
    ],
)
def test_rows_are_told_apart_by_what_they_say(cells):
    """Whatever the cells of a column are, each row gets the number of the first row that says the same."""
    rows = len(cells)
    told = pl.DataFrame({"row": range(rows), "one": cells, "other": [f"y{number % 1300}" for number in range(rows)]})
    for keys in (["one"], ["other"], ["one", "other"]):
        records, numbers = told_apart(told, keys)
        assert [records[number] for number in numbers.to_list()] == told.select(keys).to_dicts()
        assert records == told.select(keys).unique(maintain_order=True).to_dicts()


def test_floats_of_more_digits_than_a_reader_takes_are_refused():
    """A float is read as its digits are, in a column that is in order and in one that is not; zero is in order."""
    assert verdicts(table(**{INSURED: [85.0, 0.0, -0.0, 1e-10]})) == [MET, NOT_MET, NOT_MET, NOT_MET]
    for rest in (85.0, float("nan"), 1e-9):
        assert problems(table(**{INSURED: [85.0, rest, 1e-40]})) == [("NTM402", 3, 3, INSURED)]
    money = f"{INCOME} (đồng/người/năm)"
    assert [each[:2] for each in problems(table(**{money: [5e7, 1e300]}))] == [("NTM402", 2)]


def test_only_what_is_taken_is_worked_out():
    """The columns that are taken from the lazy table are those of the whole one, and no others are needed for them."""
    places = table(**{INSURED: [84.0, 85.0, None], POOR: [1.0, 3.0, None]})
    result = judged(places)
    some = result.lazy.select("row", "15/15.1").collect()
    assert some.equals(result.frame.select("row", "15/15.1"))
    assert 'PROJECT["f:health_insurance_share"] 1/' in result.lazy.select("15/15.1").explain()


@pytest.mark.parametrize("cell", [float("inf"), float("-inf")])
def test_infinity_is_refused(cell):
    """No figure is infinite."""
    assert problems(table(**{INSURED: [85.0, cell]})) == [("NTM402", 2, 3, INSURED)]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ([85, 101, -1], "NTM406"),
        ([85.5, 100.1, -0.1], "NTM406"),
        ([Decimal("85.5"), Decimal("100.1"), Decimal("-0.1")], "NTM406"),
        (["85,5", "100,1", "-0,1"], "NTM406"),
        ([50.0, 1e10, -1e12], "NTM406"),
        (["85", "chưa rõ", "85..0"], "NTM402"),
        ([True, False, None], "NTM402"),
        (["85", "85 kg", "85 household"], "NTM404"),
    ],
)
def test_what_is_no_such_figure_is_refused_by_row_and_column(cells, code):
    """Every cell out of range, in another unit or without a figure is told with its row and column."""
    found = problems(table(**{INSURED: cells}))
    assert {(row, column, path) for _, row, column, path in found} == {
        (row, 3, INSURED) for row in ((1, 2) if isinstance(cells[0], bool) else (2, 3))
    }
    assert found[0][0] == code


def test_shares_written_as_fractions_are_refused():
    """A column of decimals none of which is above 1 may be 95 % or 0.95 %; that is not guessed."""
    for cells in ([0.95, 0.5], ["0,95", "0.5"], [Decimal("0.95"), Decimal("0.5")]):
        assert [each[:3] for each in problems(table(**{INSURED: cells}))] == [("NTM408", 1, 3), ("NTM408", 2, 3)]
    assert verdicts(table(**{INSURED: ["0.95 %", "0.5 %"]})) == [NOT_MET, NOT_MET]
    assert verdicts(table(**{POOR: [0.95, 0.5, 7.0]}), "11/11") == [MET, MET, NOT_MET]


@pytest.mark.parametrize("cell", ["1.234", "1,234", "1 234"])
def test_thousands_in_counts_are_not_guessed(cell):
    """1.234 houses are 1234 in one country and not two in another."""
    assert problems(table(**{HOUSES: ["0", cell]})) == [("NTM402", 2, 3, HOUSES)]
    assert verdicts(table(**{HOUSES: ["0", "1234"]}), "9/9.1") == [MET, NOT_MET]


def test_figures_too_long_are_refused_one_by_one():
    """A figure that a column can't hold exactly is named, and not those that share the column with it."""
    long = "1.00000000000000000000000000001"
    assert problems(table(**{POOR: [long, "1.5", "2"]})) == [("NTM490", 1, 3, POOR)]
    assert problems(table(**{POOR: ["0.1234567890123456789012", long, "99"]})) == [
        ("NTM490", 1, 3, POOR),
        ("NTM490", 2, 3, POOR),
    ]
    counted = judged(table(**{POOR: [long, "1.5", "2"]}), on_error="undetermined")
    assert counted.frame["11/11"].to_list() == [OPEN, MET, MET]
    wide = pl.Series([Decimal("1.00000000000000000000000000001"), Decimal(2)], dtype=pl.Decimal(38, 29))
    assert problems(table(**{POOR: wide})) == [("NTM490", 1, 3, POOR)]


def test_of_figures_that_do_not_fit_together_the_longest_goes():
    """Where figures fit one by one but not at one scale, that of the most digits is refused."""
    assert _scaled({"a": Decimal(123456789012345678), "b": Decimal("0.01"), "c": None}) == (
        {"a": None, "b": 1, "c": None},
        2,
    )
    assert _scaled({"a": Decimal(12345678901234567), "b": Decimal("0.01")}) == ({"a": 1234567890123456700, "b": 1}, 2)
    assert _scaled({"a": Decimal("-1E+3"), "b": Decimal("0.00")}) == ({"a": -1000, "b": 0}, 0)
    assert _scaled({}) == ({}, 0)


def test_products_that_would_not_fit_are_refused():
    """Where a share is computed by products beyond a column, the figure to look at is named in both languages."""
    rules = ntm.load("province/task_completed/2021-2025")
    length, planted = operands(rules.catalogue["planted_road_share"].derived)
    places = pl.DataFrame({"name": ["A"], "province": ["Hà Nội"], length: [2**62], planted: [2**62 - 1]})
    with pytest.raises(TooLargeError) as caught:
        judged(places, rules, year=2022)
    assert caught.value.fact in {length, planted}
    assert all(caught.value.fact in caught.value.render(lang) for lang in LANGUAGES)
    assert str(caught.value) == caught.value.render("en")
    assert (
        differences(rules, places.with_columns(pl.lit(70).alias(length), pl.lit(100).alias(planted)), year=2022) == []
    )


@pytest.mark.parametrize(
    ("unit", "cells", "met"),
    [
        ("triệu đồng/người/năm", [49.999, 50, 50.001], [NOT_MET, MET, MET]),
        ("nghìn đồng/người/năm", [49_999, 50_000, 50_001], [NOT_MET, MET, MET]),
        ("đồng/người/năm", [49_999_999, 50_000_000, None], [NOT_MET, MET, OPEN]),
        ("thousand VND/person/year", ["49.999,5", "50000", "50 triệu đồng/người/năm"], None),
    ],
)
def test_a_heading_may_name_another_unit(unit, cells, met):
    """Bare figures are in the unit of the heading."""
    places = table(**{f"{INCOME} ({unit})": cells})
    # The income of 2020 is open in the law; a scenario fills it in.
    figure = ntm.Quantity.parse("50 million_vnd_per_person_year")
    with_income = scenario(ntm.SetCell(at="10/10", row=("2020", "red_river_delta"), cell=figure))
    if met is None:
        assert problems(places)[0][:3] == ("NTM402", 1, 3)
    else:
        assert verdicts(places, "10/10", rules=with_income) == met


def test_a_unit_of_something_else_is_no_heading():
    """A unit that a fact can't have is not passed over."""
    assert problems(table(**{f"{INCOME} (kg)": [50]})) == [("NTM451", 1, 3, f"{INCOME} (kg)")]


# --- words ------------------------------------------------------------------------------------------------------


def test_statements_are_truths_or_words():
    """Yes and no, in either language, with diacritics or without."""
    assert verdicts(table(**{ELECTRICITY: [True, False, None]}), "4/4.1") == [MET, NOT_MET, OPEN]
    words = ["có", "Không", "khong", "yes", "NO", "true", "", None]
    assert verdicts(table(**{ELECTRICITY: words}), "4/4.1") == [
        MET,
        NOT_MET,
        NOT_MET,
        MET,
        NOT_MET,
        MET,
        OPEN,
        OPEN,
    ]


@pytest.mark.parametrize("cells", [["có", "có lẽ", "1"], [None, 1, 0]])
def test_other_words_are_no_statement(cells):
    """What is neither yes nor no is refused, and 1 and 0 are."""
    assert problems(table(**{ELECTRICITY: cells})) == [
        ("NTM409", 2, 3, ELECTRICITY),
        ("NTM409", 3, 3, ELECTRICITY),
    ]


def test_steps_of_scales_are_words_of_the_catalogue():
    """A step is its id or its title in either language; anything else is refused."""
    scale = LATER.catalogue["literacy_level"].scale
    first, *_, last = scale.steps
    cells = [first.id, last.title.vi, last.title.en, None]
    assert len(verdicts(table(literacy_level=cells), "14/14.1", rules=LATER, year=2022)) == 4
    found = problems(table(literacy_level=["mức 9", first.id, "7"]), rules=LATER, year=2022)
    assert found == [("NTM431", 1, 3, "literacy_level"), ("NTM431", 3, 3, "literacy_level")]


def test_categories_are_words_of_the_catalogue():
    """A value of a category is its id or its title; one that the catalogue lacks is refused."""
    rules = criteria_set(criterion("1", IsOneOf(subject="category", values=("v", "w"))))
    places = table(category=["v", "Loại w", "loai w", "x", None], region=None, province=["Hà Nội"] * 5)
    assert verdicts(places, "1", rules=rules, year=2019) == [MET, MET, MET, NOT_MET, OPEN]
    assert problems(table(category=["v", "khác hẳn"]), rules=rules, year=2019) == [("NTM432", 2, 3, "category")]


def test_conclusions_are_words():
    """What a department concluded, as the rest of the library writes it; anything else is refused."""
    heading = "attested:15/15.1"
    cells = ["đạt", "chưa đạt", "khong ap dung", "met", "", None]
    assert verdicts(table(**{heading: cells})) == [MET, NOT_MET, DROPPED, MET, OPEN, OPEN]
    assert problems(table(**{heading: ["met", "tốt"]})) == [("NTM204", 2, 3, heading)]


@pytest.mark.parametrize("address", ["15/15.9", "99", "commune/standard/2016-2020#15/15.9"])
def test_conclusions_about_rows_that_are_not_there_are_refused(address):
    """A conclusion about a row that the set lacks is not lost."""
    with pytest.raises(UnknownNameError):
        judged(table(**{f"attested:{address}": ["met"]}))


# --- places -----------------------------------------------------------------------------------------------------


def test_places_are_told_by_province_or_region():
    """A province says in which region a place is; both must agree, and one must be there."""
    places = table(3, region=None, province=["Hà Nội", "Tỉnh Thái Nguyên", "thai nguyen"], **{POOR: [3, 3, 3]})
    assert verdicts(places, "11/11") == [NOT_MET, MET, MET]
    assert problems(table(2, region=None, province=["Hà Nội", "Atlantis"])) == [("NTM410", 2, 2, "province")]
    assert problems(table(1, province=["Cần Thơ"])) == [("NTM412", 1, 2, "region")]
    assert problems(table(2, region=["Đồng bằng sông Hồng", "Bắc Âu"])) == [("NTM411", 2, 2, "region")]
    assert problems(table(2, region=None)) == [("NTM413", 1, None, "place"), ("NTM413", 2, None, "place")]


def test_every_place_has_a_name():
    """A row without a name is no place."""
    assert problems(table(3, name=["Xã 1", None, " "])) == [("NTM203", 2, 1, "name"), ("NTM203", 3, 1, "name")]
    assert [each[:2] for each in problems(table(2, name=None))] == [("NTM452", 1)]


def test_attributes_are_read():
    """What is said of a place decides its row, and what it can't be is refused."""
    said = {"is_safe_zone": [True, False, None], "ethnic_zone": ["III", "none", "I"]}
    assert differences(LATER, table(**said, year=[2022] * 3, clean_water_share=[30, 30, 30])) == []
    words = {"is_safe_zone": ["có", "có lẽ", ""], "ethnic_zone": ["III", "", "khu vực 9"]}
    assert problems(table(**words), rules=LATER, year=2022) == [
        ("NTM409", 2, 3, "is_safe_zone"),
        ("NTM423", 3, 4, "ethnic_zone"),
    ]


def test_rows_may_be_of_several_years_and_days():
    """Each row is judged for its own year and on its own day, in the order of the table."""
    places = table(year=["2018", "2020", "2018"], on=[None, "2020-06-30", None], **{POOR: [1, 2, 3], INSURED: [85] * 3})
    result = judged(places)
    assert result.frame["row"].to_list() == [1, 2, 3]
    assert result.frame["11/11"].to_list() == [MET, MET, NOT_MET]
    assert result.explain(2).dossier.on == date(2020, 6, 30)
    assert differences(RULES, places) == []
    assert problems(table(year=["2018", "năm nay"])) == [("NTM205", 2, 3, "year")]
    assert problems(table(on=["2018-12-31", "2018-13-01"]), year=2018) == [("NTM414", 2, 3, "on")]
    assert problems(table(1), year=None) == [("NTM452", 1, None, "")]


# --- headings ---------------------------------------------------------------------------------------------------


def test_headings_are_known_meant_or_refused():
    """A heading that is not known is refused with its column and the nearest one; a mapping says what it means."""
    places = table(**{"BHYT": [85], "Địa chỉ": ["x"]})
    assert problems(places) == [("NTM451", 1, 3, "BHYT"), ("NTM451", 1, 4, "Địa chỉ")]
    assert verdicts(places, mapping={"BHYT": INSURED, "Địa chỉ": "note"}) == [MET]
    with pytest.raises(DossierError, match="multidimensional_poverty_rate"):
        judged(table(multidimensional_povery_rate=[1]))


def test_a_heading_stands_once():
    """Two columns that mean the same are refused."""
    title = RULES.catalogue[INSURED].title.vi
    assert problems(table(**{INSURED: [85], title: [84]})) == [("NTM454", 1, 4, title)]
    assert problems(table(**{INSURED: [85], "BHYT": [84]}), mapping={"BHYT": INSURED})[0][:3] == ("NTM454", 1, 4)


def test_headings_may_be_titles():
    """Titles of the catalogue, with diacritics or without, and Vietnamese words for the place."""
    title = RULES.catalogue[INSURED].title.vi
    places = pl.DataFrame(
        {"Tên xã": ["Phú Đình"], "Tỉnh": ["Thái Nguyên"], "Năm": [2020], title: ["85,0"], f"{INSURED}__women": [80]}
    )
    result = ntm.evaluate_table(places, RULES)
    assert result.frame["15/15.1"].to_list() == [MET]
    assert result.frame.columns[:4] == ["row", "Tên xã", "Tỉnh", "Năm"]
    assert result.explain(1).dossier.place.name == "Phú Đình"


def test_parts_are_known():
    """A part that a fact does not have is refused."""
    heading = f"{INSURED}__dogs"
    assert problems(table(**{heading: [1]})) == [("NTM451", 1, 3, heading)]


# --- what becomes of rows ---------------------------------------------------------------------------------------

SPOILT = {"province": ["Hà Nội", "Atlantis", "Hà Nội", "Hà Nội"], INSURED: ["85", "85", "x", "200"], POOR: list("1111")}


def test_all_problems_are_told_at_once():
    """On `stop` nothing is judged, and every problem of every row is told, from top to bottom and left to right."""
    places = table(region=None, **{**SPOILT, POOR: ["1", "y", "1", "z"]})
    assert problems(places) == [
        ("NTM410", 2, 2, "province"),
        ("NTM402", 2, 4, POOR),
        ("NTM402", 3, 3, INSURED),
        ("NTM406", 4, 3, INSURED),
        ("NTM402", 4, 4, POOR),
    ]


@pytest.mark.parametrize(
    ("on_error", "rows", "skipped"), [("skip", [1], 3), ("undetermined", [1, 3, 4], 1), (ntm.OnError.SKIP, [1], 3)]
)
def test_rows_are_left_out_or_cells_missing(on_error, rows, skipped):
    """`skip` leaves out what has a problem; `undetermined` only what is no place, and other cells are missing."""
    result = judged(table(region=None, **SPOILT), on_error=on_error)
    assert result.frame["row"].to_list() == rows
    assert result.skipped == skipped
    assert [(each.code.value, each.where.line) for each in result.problems] == [
        ("NTM410", 2),
        ("NTM402", 3),
        ("NTM406", 4),
    ]
    assert result.frame["15/15.1"].to_list() == [MET, *([OPEN] * (len(rows) - 1))]
    for record in result.frame.iter_rows(named=True):
        wanted = expected(result.explain(record["row"]))
        assert record["verdict"] == wanted["verdict"]
        assert record["15/15.1"] == wanted["15/15.1"]
    with pytest.raises(DossierError):
        result.explain(2)


def test_another_word_for_what_becomes_of_rows_is_refused():
    """There are three ways."""
    with pytest.raises(ValueError, match="ignore"):
        judged(table(1), on_error="ignore")


def test_problems_count_rows_from_the_number_given():
    """A table that is a piece of another counts on, under its name."""
    with pytest.raises(DossierError) as caught:
        judged(table(**{INSURED: ["x"]}), first=1001, name="xã.csv")
    (problem,) = caught.value.problems
    assert (problem.where.file, problem.where.line) == ("xã.csv", 1001)


@pytest.mark.parametrize("name", set_names())
def test_a_table_without_rows_has_every_column(name):
    """No places give no verdicts, in the columns that places have; so do places all of which are left out."""
    rules = ntm.load(name)
    empty = judged(pl.DataFrame({"name": [], "region": []}), rules)
    assert len(empty.frame) == 0
    addresses = [*(each.number for each in rules.criteria), *(address for address, _ in rules.rows)]
    assert {"row", "name", "region", "verdict", "met", "total", "conflicts", *addresses} <= set(empty.frame.columns)
    lost = judged(table(1, region=["Bắc Âu"]), rules, on_error="skip")
    assert (len(lost.frame), lost.skipped) == (0, 1)
    assert lost.frame.columns == empty.frame.columns


# --- explanations and overlays ----------------------------------------------------------------------------------


def test_an_explanation_of_a_row_says_what_the_columns_do():
    """The assessment of a row has the verdicts of its columns, and sentences in both languages."""
    result = judged(table(**{INSURED: [84.2, None], POOR: ["1,5", "2,5"]}), reasons=True)
    for record in result.frame.iter_rows(named=True):
        assessment = result.explain(record["row"])
        assert {name: record[name] for name in expected(assessment)} == expected(assessment)
    assert "84,2 %" in result.explain(1)["15/15.1"].why(lang="vi")
    assert result.dossier(2).place.name == "Xã 1"


def test_a_decision_of_another_province_is_refused():
    """What one province decided is not laid over the places of another; where it is its own, it stands."""
    decided = ntm.read_revision("examples/provincial/commune-groups-2016-2020.yaml")
    rules = decided.apply(RULES)
    (overlay,) = rules.overlays
    own = {"year": [2019], "province": [overlay.territory], "region": None}
    assert differences(rules, table(1, **own)) == []
    with pytest.raises(RevisionError):
        judged(table(1, **{**own, "province": ["Hà Nội"]}), rules)
    with pytest.raises(RevisionError):
        judged(table(1, **{**own, "year": [2010]}), rules)


# --- what a table may be ----------------------------------------------------------------------------------------

COLUMNS = {"name": ["A", "B", "C"], "region": ["red_river_delta"] * 3, "year": [2020] * 3, INSURED: [84.9, 85.0, None]}
WANTED = [NOT_MET, MET, OPEN]


def test_columns_by_heading_and_lazy_frames_are_tables():
    """A dictionary of columns and a lazy frame of Polars are judged at once."""
    for places in (COLUMNS, pl.DataFrame(COLUMNS), pl.LazyFrame(COLUMNS)):
        result = ntm.evaluate_table(places, RULES)
        assert isinstance(result, ntm.TableResult)
        assert result.frame["15/15.1"].to_list() == WANTED


def test_tables_of_pyarrow_are_tables():
    """A table of pyarrow, and one of its batches."""
    arrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    whole = arrow.table(COLUMNS)
    for places in (whole, whole.to_batches()[0], arrow.table({**COLUMNS, INSURED: arrow.array([84, 85, None])})):
        assert ntm.evaluate_table(places, RULES).frame["15/15.1"].to_list() == WANTED


def test_frames_of_pandas_are_tables():
    """A frame of pandas: of floats, in which NaN is missing and counted, or of the types of Arrow, which have none."""
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    plain = pandas.DataFrame(COLUMNS)
    result = ntm.evaluate_table(plain, RULES)
    assert result.frame["15/15.1"].to_list() == WANTED
    assert result.explain(3)["15/15.1"].verdict is ntm.Verdict.UNDETERMINED
    # An index is no column.
    assert ntm.evaluate_table(plain.set_index(plain["name"] + "!"), RULES).frame["15/15.1"].to_list() == WANTED
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    arrow = plain.convert_dtypes(dtype_backend="pyarrow")
    result = ntm.evaluate_table(arrow, RULES)
    assert (result.frame["15/15.1"].to_list(), result.nan) == (WANTED, 0)


def test_the_grade_that_is_accepted_counts():
    """What rests on less than is accepted is open, in columns as for a single place."""
    places = table(**{POOR: [1.5, 2.5]})
    assert verdicts(places, "11/11", accept=ntm.Grade.RECALLED) == [MET, NOT_MET]
    assert verdicts(places, "11/11", accept=ntm.Grade.TEXT) == [OPEN, OPEN]


def test_facts_of_a_set_of_its_own_are_known():
    """A set that was read with facts of its own knows them as headings."""
    own = attrs.evolve(RULES, catalogue=LATER.catalogue)
    assert verdicts(table(**{INSURED: [85]}), rules=own) == [MET]
