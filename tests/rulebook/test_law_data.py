from __future__ import annotations

import re
import unicodedata
from collections import Counter
from decimal import Decimal
from importlib import resources
from pathlib import Path

import attrs
import pytest
import yaml

import ntm_rules as ntm
from ntm_rules.language import (
    from_plain,
    law_fingerprint,
    parse_criteria_set,
    parse_fact_catalogue,
    parse_instruments,
    parse_places,
    parse_revision,
    read_text,
    to_yaml,
    write_criteria_set,
)
from ntm_rules.messages import has_text
from ntm_rules.revision import consolidate
from ntm_rules.rulebook import amendments, editions, set_names
from ntm_rules.rulebook.coverage import grades, open_cells
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.requirements import (
    GENERAL,
    AllOf,
    AppliesWhen,
    Authority,
    Candidate,
    Compare,
    DecidedBy,
    Delegated,
    Holds,
    Sign,
    Unstated,
)

SOURCES = Path(__file__).parents[2] / "sources"
DATA = resources.files("ntm_rules.rulebook") / "data"

LAW = "commune/standard/2016-2020"

GRADES = {"A": Grade.TEXT, "B": Grade.SECONDARY, "C": Grade.RECALLED, "missing": Grade.UNSTATED}
UNITS = {
    "%": "percent",
    "dwellings": "house",
    "million VND/person/year": "million_vnd_per_person_year",
}
SIGNS = {">=": Sign.AT_LEAST, "<=": Sign.AT_MOST, "met": None}


def loaded(name):
    """A fact sheet as plain data."""
    text = (SOURCES / name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.CSafeLoader)


@pytest.fixture(scope="module")
def rules():
    """The packaged set of 2016-2020."""
    return ntm.load(LAW)


@pytest.fixture(scope="module")
def sheet():
    """The fact sheet it was encoded from."""
    (found,) = (each for each in loaded("2016-2020.yaml")["sets"] if each["key"] == "commune-2016-2020")
    return found


@pytest.fixture(scope="module")
def rows():
    """Our name of each column of the sheet."""
    regions = loaded("places.yaml")["regions"]
    return {"general": GENERAL} | {region["sheet"]: name for name, region in regions.items()}


# --- the set of 2016-2020 against its fact sheet, cell by cell --------------------------------------------------
#
# Both sides are brought to one form: a cell is found by indicator, part, and row; it is what it says, and its grade.


def sheet_cell(cell, sign, decided_by):
    """A cell of the sheet: how it is compared, what it holds, and its grade."""
    if cell["value"] == "by_province":
        # What is left to the province has no figure: a share is still compared, a yes or no is not.
        assert decided_by == "province"
        return (sign, "by_province", GRADES[cell["grade"]], None)
    if cell["value"] == "met":
        doubt = "who_decides" if cell.get("doubt") else None
        return (sign, "met", GRADES[cell["grade"]], doubt)
    if cell["value"] is None:
        return (sign, "unstated", Grade.UNSTATED, None)
    figure = (Decimal(str(cell["value"])), UNITS[cell["unit"]])
    if cell.get("doubt"):
        return (sign, "unstated", Grade.UNSTATED, (figure, GRADES[cell["grade"]]))
    return (sign, figure, GRADES[cell["grade"]], None)


def cells_of_sheet(sheet, rows):
    """Every cell of the sheet."""
    for criterion in sheet["criteria"]:
        for indicator in criterion["indicators"]:
            number, decided_by = indicator["number"], indicator["decided_by"]
            # "= 100 %" and "= 0" are the ends of their scales; the law prints no sign there.
            sign = SIGNS.get(indicator["direction"])
            if indicator["direction"] == "=":
                sign = Sign.AT_MOST if indicator["measure"] == "count" else Sign.AT_LEAST
            by_year = indicator.get("thresholds_by_year", {"": indicator["thresholds"]})
            for year, columns in by_year.items():
                for column, cell in columns.items():
                    row = (year, rows[column]) if year else (rows[column],)
                    yield (number, 0, row), sheet_cell(cell, sign, decided_by)
                    if "clean_water" in cell:
                        yield (number, 1, row), sheet_cell(cell["clean_water"], sign, decided_by)


def data_cell(node, cell, grade, doubt):
    """A cell of the encoded set in the same form."""
    if isinstance(cell, Unstated):
        candidate = cell.candidate
        figure = None if candidate is None else ((candidate.value.value, candidate.value.unit), candidate.grade)
        return (node.sign, "unstated", Grade.UNSTATED, figure)
    if isinstance(cell, Delegated):
        assert (cell.to, cell.floor) == (Authority.PROVINCE, None)
        return (node.sign, "by_province", grade, doubt)
    assert isinstance(cell, Quantity)
    return (node.sign, (cell.value, cell.unit), grade, doubt)


def cells_of_data(rules, rows):
    """Every cell of the encoded set."""
    columns = list(rows.values())
    for _, indicator in rules.indicators:
        source = indicator.source
        require = indicator.require
        if isinstance(require, AppliesWhen):
            require = require.body
        parts = require.members if isinstance(require, AllOf) else (require,)
        for part, node in enumerate(parts):
            source = node.source or indicator.source
            if isinstance(node, Holds | DecidedBy):
                # One "Đạt", or one row left to the province, stands in every column.
                value = "met" if isinstance(node, Holds) else "by_province"
                for column in columns:
                    yield (indicator.number, part, (column,)), (None, value, source.grade((column,)), source.doubt)
                continue
            for row, cell in node.threshold.cells:
                if not row:
                    below = [(column,) for column in columns]
                elif row[-1] in columns:
                    below = [row]
                else:  # a year without its regions holds for all of them
                    below = [(*row, column) for column in columns]
                for full in below:
                    yield (indicator.number, part, full), data_cell(node, cell, source.grade(full), source.doubt)


def test_every_cell_of_the_sheet_is_encoded_and_nothing_else(rules, sheet, rows):
    """Value, sign, grade, mandate, doubt and candidate agree cell by cell, and neither side has a cell more."""
    expected, found = dict(cells_of_sheet(sheet, rows)), dict(cells_of_data(rules, rows))
    assert len(expected) == len(list(cells_of_sheet(sheet, rows)))
    assert len(found) == len(list(cells_of_data(rules, rows)))
    assert found.keys() - expected.keys() == set()
    assert expected.keys() - found.keys() == set()
    differing = {where: (expected[where], found[where]) for where in expected if expected[where] != found[where]}
    assert not differing


def test_the_columns_of_the_sheet_are_the_regions(sheet, rows):
    """The sheet's columns are the seven regions under the names of the place register, and the general column."""
    assert set(sheet["regions"]) | {"general"} == set(rows)
    titles = dict(ntm.places().regions)
    assert {column: titles[rows[column]].vi for column in sheet["regions"]} == sheet["regions"]


def test_the_rows_of_the_sheet_are_those_of_the_set(rules, sheet):
    """Criteria and indicators stand in the sheet's order under its numbers, and are as many as the law counts."""
    expected = [
        (str(criterion["number"]), [indicator["number"] for indicator in criterion["indicators"]])
        for criterion in sheet["criteria"]
    ]
    found = [(each.number, [indicator.number for indicator in each.indicators]) for each in rules.criteria]
    assert found == expected
    counts, law = rules.counts, sheet["expected_counts"]
    assert (counts.criteria, counts.indicators) == (law["criteria"], law["indicators"]) == (19, 49)
    assert counts.criteria_grade is GRADES[law["grade_criteria"]]
    assert counts.indicators_grade is GRADES[law["grade_indicators"]]
    assert (len(rules.groups), rules.missing_rows) == (law["groups"], (0, 0))


def test_titles_of_criteria_and_groups(rules, sheet):
    """The names of criteria and groups are those of the sheet; groups come in its order."""
    assert [each.title.vi for each in rules.criteria] == [each["name_vi"] for each in sheet["criteria"]]
    groups = dict(rules.groups)
    for encoded, criterion in zip(rules.criteria, sheet["criteria"], strict=True):
        roman, name = criterion["group"].split(" / ")[0].split(". ")
        assert groups[encoded.group].vi == name
        assert list(groups).index(encoded.group) == ["I", "II", "III", "IV", "V"].index(roman)


def test_the_requirement_fits_what_the_sheet_measures(rules, sheet):
    """A share is compared in percent, a count in things, a yes or no is stated, and only row 7 may drop."""
    kinds = {
        "percent": "percent",
        "count": "house",
        "money_million_vnd_per_person_year": UNITS["million VND/person/year"],
    }
    for criterion in sheet["criteria"]:
        for row in criterion["indicators"]:
            nodes = list(rules[f"{criterion['number']}/{row['number']}"].require.walk())
            compared = [rules.catalogue[node.measure.fact].unit for node in nodes if isinstance(node, Compare)]
            assert set(compared) == ({kinds[row["measure"]]} if row["measure"] in kinds else set())
            assert any(isinstance(node, AppliesWhen) for node in nodes) is ("applicability" in row)
            assert any(isinstance(node, AllOf) and node.of_which for node in nodes) is (
                "clean_water" in row["thresholds"]["general"]
            )


def test_when_row_7_is_out_of_consideration(rules):
    """The condition of row 7 is cited to the decision that sets it, with the sheet's grade of that rule."""
    (guidance,) = (each for each in loaded("2016-2020.yaml")["instrument"] if "not_considered_rule" in each)
    condition = rules["7/7"].require.condition
    assert condition.source.instrument == guidance["id"]
    assert condition.source.evidence is GRADES[guidance["grades"]["not_considered_rule"]]
    assert [part.fact for part in condition.members] == ["is_rural_market_needed", "has_rural_trade_facility_in_plan"]


def test_each_grade_counts_its_cells(rules, sheet, rows):
    """The cells counted by grade are those of the sheet; a row without a table counts once."""
    counted = Counter()
    seen = set()
    for (number, part, row), (sign, value, grade, _) in cells_of_sheet(sheet, rows):
        whole = value in ("met", "by_province")
        by_year_only = value == "unstated" and len(row) == 2
        where = (number, part, () if whole else row[:1] if by_year_only else row)
        if where not in seen:
            seen.add(where)
            counted[grade] += 1
        assert sign is not None or whole
    counted[Grade.SECONDARY] += 2  # the conditions of row 7, which the sheet words as a rule
    assert grades(attrs.evolve(rules, preconditions=())) == {grade: counted[grade] for grade in Grade}
    conditions = grades(attrs.evolve(rules, criteria=()))
    assert (conditions[Grade.TEXT], conditions[Grade.UNSTATED], sum(conditions.values())) == (1, 1, 2)
    assert open_cells(rules) == 7


def test_candidates_are_never_thresholds(rules):
    """A doubtful figure is graded and says why it does not ship."""
    for _, indicator in rules.indicators:
        for node in indicator.require.walk():
            for _, cell in node.threshold.cells if isinstance(node, Compare) else ():
                if isinstance(cell, Unstated) and cell.candidate is not None:
                    assert isinstance(cell.candidate, Candidate)
                    assert cell.candidate.grade is Grade.RECALLED
                    assert cell.candidate.why is not None
                    assert cell.candidate.value.unit == rules.catalogue[node.measure.fact].unit


def test_the_dates_in_force(rules):
    """The first and last day in force are those of the sheet, each with its grade."""
    (issued,) = (each for each in loaded("2016-2020.yaml")["instrument"] if each["id"] == rules.basis)
    force = rules.in_force
    assert force.first_day.isoformat() == issued["effective_from"]
    assert force.first_grade is GRADES[issued["grades"]["effective_from"]]
    # The sheet names the day on which the next set took over; that none lies between is recalled.
    assert issued["effective_to"].startswith(date_after(force.last_day))
    assert force.last_grade is Grade.RECALLED


def date_after(day):
    """The next day as written."""
    return day.fromordinal(day.toordinal() + 1).isoformat()


# --- whatever is packaged ---------------------------------------------------------------------------------------


def texts(value, seen=None):
    """Every text in both languages within a value made of frozen classes."""
    if isinstance(value, ntm.Text):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from texts(each)
    elif hasattr(value, "__attrs_attrs__"):
        for field in type(value).__attrs_attrs__:
            yield from texts(getattr(value, field.name))


EDITIONS = [rules for name in set_names() for rules in editions(name)]
AMENDMENTS = [revision for name in set_names() for revision in amendments(name)]
PACKAGED = [*EDITIONS, *AMENDMENTS, ntm.facts(), *ntm.instruments(), ntm.places()]

of_every_edition = pytest.mark.parametrize("rules", EDITIONS, ids=lambda rules: rules.edition)


def name_of(packaged):
    """What a packaged thing is called in the list of tests."""
    named = getattr(packaged, "edition", None) or getattr(packaged, "id", None) or type(packaged).__name__
    return str(named)


@pytest.mark.parametrize("packaged", PACKAGED, ids=name_of)
def test_words_in_both_languages(packaged):
    """Every text is there in both languages, trimmed, and in Unicode's composed form."""
    for text in texts(packaged):
        for words in (text.vi, text.en):
            assert words.strip() == words != ""
            assert unicodedata.is_normalized("NFC", words)
            assert "  " not in words


#: Sets whose rows were seen apart from their table: how far down each of them can be cited.
CITED_AS_FAR_AS = {
    "commune/model/2018-2020": (),
    "commune/modern/2026-2030": (("annex", "II"),),
    "commune/standard/2026-2030": (("annex", "I"),),
    "district/standard/2010-2015": (),
    "district/standard/2016-2020": (),
    "district/task_completed/2016-2020": (),
    "province/standard/2010-2015": (),
    "province/task_completed/2020": (),
    "village/model/2018-2020": (),
    "village/standard/2018-2020": (),
}


@of_every_edition
def test_every_citation_resolves(rules):
    """Every instrument cited is in the register, every indicator says where it stands, every doubt has words."""
    assert rules.instrument(rules.basis) is not None
    for criterion, indicator in rules.indicators:
        sources = [indicator.source, *(node.source for node in indicator.require.walk() if node.source is not None)]
        for source in sources:
            cited = rules.cite(source)
            assert rules.instrument(cited.instrument) is not None, (criterion.number, indicator.number)
            assert all(rules.instrument(name) is not None for _, name in source.cells_in)
            assert source.doubt is None or has_text(f"doubt.{source.doubt}")
        parts = () if indicator.source.locator is None else indicator.source.locator.parts
        if str(rules.id) in CITED_AS_FAR_AS:
            assert parts == CITED_AS_FAR_AS[str(rules.id)]
        elif rules.id.act is None and indicator.number[0].isdigit():
            assert parts[-1] in {(kind, indicator.number) for kind in ("row", "condition", "item")}
        else:  # a key of ours, or a rule on titles: as far as it was seen
            assert {kind for kind, _ in parts} <= {"annex", "article", "clause", "point", "row"}


def test_every_instrument_can_be_named():
    """Every instrument's kind has words, its sources are addresses, and what it replaces does not come after it."""
    by_id = {instrument.id: instrument for instrument in ntm.instruments()}
    assert len(by_id) == len(ntm.instruments())
    for instrument in by_id.values():
        assert has_text(f"kind.{instrument.kind}")
        assert all(re.fullmatch(r"https?://\S+", source) for source in instrument.sources)
        for name in instrument.replaces:
            replaced = by_id.get(name)
            if replaced is not None and None not in (replaced.issued, instrument.issued):
                assert replaced.issued < instrument.issued


def test_facts_used_are_facts_defined():
    """The catalogue holds every fact that some edition uses, and one more, for a province's own scoring table."""
    used = frozenset().union(*(rules.used_facts | rules.facts_beneath for rules in EDITIONS))
    assert used | {"criterion_score"} == {fact.id for fact in ntm.facts()}


#: Shares whose two terms were not seen: that by which a commune finds its group, and an index published as such.
SHARES_WITHOUT_TERMS = ("agriculture_economic_share", "administrative_satisfaction_index")


def test_facts_are_defined_whole():
    """A figure has a unit and a range, a share its two terms, a step its scale, and all else a definition."""
    for fact in ntm.facts():
        if fact.unstated:  # how it is counted was not seen: such a fact decides nothing, and has nothing to be held to
            assert (fact.definition, fact.numerator, fact.denominator) == (None, None, None)
            continue
        if fact.kind is not ntm.FactKind.NUMBER:
            assert fact.unit is None
            assert (fact.scale is not None) is (fact.kind is ntm.FactKind.ORDINAL)
            assert fact.definition is not None
            continue
        assert fact.minimum == 0
        if fact.unit == "percent":
            assert fact.maximum == 100
            terms = (fact.numerator is not None, fact.denominator is not None)
            assert terms == ((False, False) if fact.id in SHARES_WITHOUT_TERMS else (True, True))
            assert all(terms) or fact.definition is not None
        else:
            assert fact.definition is not None


@of_every_edition
def test_region_tables_are_complete(rules):
    """A table by region holds the general column and all seven regions, wherever a region is named at all."""
    regions = {region for region, _ in ntm.places().regions}
    for _, indicator in rules.indicators:
        for node in indicator.require.walk():
            if not isinstance(node, Compare) or "region" not in node.threshold.axes:
                continue
            at = node.threshold.axes.index("region")
            by_rest = {}
            for row, _ in node.threshold.cells:
                by_rest.setdefault(row[:at], set()).update(row[at : at + 1])
            for named in by_rest.values():
                assert named in (set(), regions | {GENERAL})


@of_every_edition
def test_the_fingerprint_is_of_the_law(rules):
    """An edition carries the fingerprint of its own law."""
    assert rules.fingerprint == law_fingerprint(rules)


# --- the documents ----------------------------------------------------------------------------------------------


def document(*path):
    """A packaged document as nodes."""
    return read_text(DATA.joinpath(*path).read_bytes(), file="/".join(path))


def test_packaged_documents_pass_as_anybody_s():
    """The packaged documents are valid under their schemas and make sense, as documents from outside must."""
    catalogue = parse_fact_catalogue(document("facts.yaml"), trusted=False)
    instruments = parse_instruments(document("instruments.yaml"), trusted=False)
    places = parse_places(document("places.yaml"), trusted=False)
    assert (catalogue, instruments, places) == (ntm.facts(), ntm.instruments(), ntm.places())
    read = set()
    for name in set_names():
        *way, period = name.split("/")
        node = document(*way, f"{period}.yaml")
        issued = parse_criteria_set(node, catalogue, instruments, places, trusted=False)
        folder = DATA.joinpath(*way, period)
        files = [each.name for each in folder.iterdir()] if folder.is_dir() else []
        nodes = [document(*way, period, file) for file in files]
        revisions = [parse_revision(each, issued, places, trusted=False) for each in nodes]
        assert consolidate(issued, revisions, places) == editions(name)
        assert {revision.revises for revision in revisions} <= {name}
        read |= {f"{name}.yaml", *(f"{name}/{file}" for file in files)}
    shelved = {path.relative_to(str(DATA)).as_posix() for path in Path(str(DATA)).rglob("*.yaml")}
    assert shelved - read == {"crosswalk.yaml", "facts.yaml", "instruments.yaml", "places.yaml"}


@of_every_edition
def test_writing_and_reading_a_set(rules, tmp_path):
    """A set written as data or as YAML and read again is the same set with the same fingerprint."""
    written = write_criteria_set(rules)
    again = parse_criteria_set(from_plain(written), ntm.facts(), ntm.instruments(), ntm.places())
    path = tmp_path / "set.yaml"
    path.write_text(to_yaml(written), encoding="utf-8")
    for read in (again, ntm.read_criteria_set(path)):
        assert read == rules
        assert read.fingerprint == rules.fingerprint


# --- places -----------------------------------------------------------------------------------------------------


def test_places_against_their_sheet():
    """Regions, maps and provinces agree with the sheet, name by name, and neither side has more."""
    sheet, register = loaded("places.yaml"), ntm.places()
    assert [(name, title.vi, title.en) for name, title in register.regions] == [
        (name, region["vi"], region["en"]) for name, region in sheet["regions"].items()
    ]
    assert [(each.id, each.first_day, each.last_day) for each in register.maps] == [
        (name, days["from"], days.get("until")) for name, days in sheet["maps"].items()
    ]
    assert [(each.id, each.name, each.kind, each.region, each.predecessors) for each in register.provinces] == [
        (each["id"], each["name"], each["kind"], each.get("region"), tuple(each.get("predecessors", ())))
        for each in sheet["provinces"]
    ]
    for name, days in sheet["maps"].items():
        assert sum(province.map == name for province in register.provinces) == days["provinces"]


def test_provinces_and_their_predecessors():
    """An id ends in the sheet's code and is used once; each earlier province leads to just one later province."""
    sheet, register = loaded("places.yaml"), ntm.places()
    assert [each["id"].rpartition("/")[2] for each in sheet["provinces"]] == [
        each["code"] for each in sheet["provinces"]
    ]
    ids = [province.id for province in register.provinces]
    assert len(ids) == len(set(ids))
    earlier = [province.id for province in register.provinces if province.map == "vn-2008"]
    led = [name for province in register.provinces for name in province.predecessors]
    assert sorted(led) == sorted(earlier)
    assert all(province.region for province in register.provinces if province.map == "vn-2008")


# --- the catalogue of sets --------------------------------------------------------------------------------------


@pytest.mark.parametrize("on", [None, "2019-12-31", "2016-12-01", "2022-03-07", "2030-01-01"])
def test_a_set_by_name(on):
    """A named set is given on any day, outside its force too."""
    assert str(ntm.load(LAW, on=on).id) == LAW


def test_a_set_by_edition():
    """An edition is named by the set and its first day in force."""
    assert ntm.load(f"{LAW}@2016-12-01") is ntm.load(LAW)
    assert ntm.load(LAW).edition == f"{LAW}@2016-12-01"


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("commune/standard/2016-2021", LAW),
        ("comune/standart/2016-2020", LAW),
        (f"{LAW}@2017-01-01", f"{LAW}@2016-12-01"),
        ("x", None),
    ],
)
def test_an_unknown_set(name, nearest):
    """An unknown set or edition is an error that offers the nearest, if any is near."""
    with pytest.raises(ntm.UnknownNameError) as caught:
        ntm.load(name)
    assert (caught.value.name, caught.value.suggestion) == (name, nearest)
    for lang in ("vi", "en"):
        assert name in caught.value.render(lang)


@pytest.mark.parametrize("wrong", ["2019-13-01", "yesterday", "31/12/2019"])
def test_a_day_that_is_none(wrong):
    """What is no date is refused, not taken for the last edition."""
    for choose in (lambda: ntm.load(LAW, on=wrong), lambda: ntm.find("commune", on=wrong)):
        with pytest.raises(ValueError, match=r"month must|Invalid isoformat"):
            choose()


@pytest.mark.parametrize(
    ("on", "edition"),
    [
        ("2016-12-01", f"{LAW}@2016-12-01"),
        ("2019-06-30", f"{LAW}@2016-12-01"),
        ("2022-03-07", f"{LAW}@2016-12-01"),
        ("2022-03-08", "commune/standard/2021-2025@2022-03-08"),
        ("2025-12-31", "commune/standard/2021-2025@2024-03-07"),
        (None, "commune/standard/2026-2030@2026-02-15"),
    ],
)
@pytest.mark.parametrize(("level", "tier"), [("commune", "standard"), (ntm.Level.COMMUNE, ntm.Tier.STANDARD)])
def test_a_set_by_level_and_day(level, tier, on, edition):
    """A set is chosen by level, tier and day; without a day it is the last one."""
    day = on if on is None or isinstance(level, str) else ntm.PartialDate.parse(on).first_day
    assert ntm.find(level, tier, on=day) is ntm.load(edition)


def test_a_set_by_period():
    """A period names its set on any day, and an unknown period offers the nearest."""
    assert ntm.find("commune", period="2016-2020", on="2030-01-01") is ntm.load(LAW)
    with pytest.raises(ntm.UnknownNameError) as caught:
        ntm.find("commune", period="2016-2021")
    assert caught.value.suggestion == LAW


@pytest.mark.parametrize(
    ("level", "tier", "on", "shown"),
    [
        ("commune", "standard", "2009-04-15", "15 April 2009"),
        (
            "commune",
            "standard",
            "2026-01-31",
            "31 January 2026",
        ),  # after the set of 2021-2025, before that of 2026-2030
        ("commune", "advanced", "2019-12-31", "31 December 2019"),
    ],
)
def test_no_set_in_force(level, tier, on, shown):
    """Without a set in force on that day none is taken in its place."""
    with pytest.raises(ntm.NotInForceError) as caught:
        ntm.find(level, tier, on=on)
    assert (caught.value.wanted, caught.value.on) == (f"{level}/{tier}", on)
    assert shown in str(caught.value)


def test_no_set_of_that_level_at_all():
    """A level without any set of a tier is an error even without a day."""
    with pytest.raises(ntm.NotInForceError):
        ntm.find("village", "advanced")


@pytest.mark.parametrize(("address", "nearest"), [("17.9", "17.8"), ("17/17.9", "17/17.8"), ("zzz", None)])
def test_an_unknown_indicator(address, nearest, rules):
    """An address that the set does not hold is an error that offers the nearest, if any is near."""
    with pytest.raises(ntm.UnknownNameError) as caught:
        rules[address]
    assert (caught.value.name, caught.value.suggestion) == (address, nearest)


@pytest.mark.parametrize("address", ["10", "#10", f"{LAW}#10"])
def test_a_number_that_a_criterion_and_an_indicator_bear(address, rules):
    """A bare number is the criterion; its indicator is asked for beneath it."""
    assert isinstance(rules[address], ntm.Criterion)
    assert isinstance(rules["10/10"], ntm.Indicator)
    assert rules.local("17.1") == "17/17.1"


def test_sets_are_sorted_and_kept():
    """The packaged sets come sorted by name, each read once."""
    names = [str(rules.id) for rules in ntm.sets()]
    assert names == sorted(names)
    assert all(ntm.load(name) is rules for name, rules in zip(names, ntm.sets(), strict=True))


def test_a_dossier_by_file_and_by_data(tmp_path):
    """A dossier read from a file is the one read from the same data, and knows its file."""
    data = {"dossier": "1", "year": "2018", "place": {"level": "commune", "name": "Hà Châu", "province": "Thái Nguyên"}}
    path = tmp_path / "hà-châu.yaml"
    path.write_text(to_yaml(data), encoding="utf-8")
    assert ntm.read_dossier(path) == ntm.read_dossier(data)
    assert ntm.read_dossier(path).file == str(path)
