"""
What the fact sheets are: which sets they tell of, in which columns and units, and the keys that their entries may have.

`normalise_sheets.py` reads them; nothing else does.
"""

from __future__ import annotations

import attrs

GENERAL = "general"
REGIONS = {
    GENERAL: GENERAL,
    "TDMNPB": "northern_midlands_and_mountains",
    "DBSH": "red_river_delta",
    "BTB": "north_central_coast",
    "DHNTB": "south_central_coast",
    "TN": "central_highlands",
    "DNB": "south_east",
    "DBSCL": "mekong_delta",
}
GROUPS = {"nhom1": "group_1", "nhom2": "group_2", "nhom3": "group_3"}
ONE_COLUMN = {GENERAL: GENERAL}

TEXT, SECONDARY, RECALLED, UNSTATED = "text", "secondary", "recalled", "unstated"
GRADES = {"A": TEXT, "B": SECONDARY, "C": RECALLED, "missing": UNSTATED}

DIRECTIONS = {">=": "at_least", ">": "more_than", "<=": "at_most", "<": "less_than", "met": "met"}
MET = "met"

#: How the sheets write that a condition is to be met: *Có* is row 13 of 491/QĐ-TTg, *Không* that nothing may happen.
MET_WORDS = frozenset({MET, "Đạt", "Có", "Không"})

#: The units of the sheets by our ids; a level and a rating are steps of a scale, not units of measurement.
UNITS = {
    "%": "percent",
    "% of schools at facility level 1": "percent",
    "% of schools at the minimum facility standard": "percent",
    "million VND/person/year": "million_vnd_per_person_year",
    "m2/person": "square_metre_per_person",
    "times": "times",
    "x the advanced-commune income level of the same region and year": "times",
    "houses": "house",
    "dwellings": "house",
    "households": "household",
    "cooperative": "cooperative",
    "cooperatives": "cooperative",
    "organisation": "organisation",
    "model": "model",
    "village model": "model",
    "field": "field",
    "per village": "club",
    "litre/person/day": "litre_per_person_day",
    "level": "level",
    "rating": "rating",
    # The sheets above the commune write them in Vietnamese.
    "% số xã": "percent",
    "% số thị trấn": "percent",
    "% số phường": "percent",
    "% số huyện": "percent",
    "% số thị xã, thành phố": "percent",
    "% số km": "percent",
    "% số tiêu chí": "percent",
    "công trình": "work",
    "mô hình": "model",
    "m2/người": "square_metre_per_person",
    "lít": "litre_per_person_day",  # of the one row that counts in it, whose words say a person and day
    "năm": "year",
    "mức độ": "level",
    "cấp độ kiểm định": "accreditation_level",
}

#: What a sheet writes where a cell holds no figure: what the row measures tells then what its figure would be in.
NO_UNIT = frozenset({"boolean", "rule"})

#: How the sheets write that a province is to decide.
LEFT_TO_PROVINCE = frozenset({"by_province", "province"})

#: What an indicator may say beside its cells. `_asks` tells which of it must be named in the exceptions.
ABOUT_CELLS = frozenset({"number", "measure", "direction", "decided_by", "decided_by_grade", "thresholds", "evidence"})
PROSE = frozenset({"sub_conditions", "amended", "applicability", "doubt_note", "boundary_note", "thresholds_by_year"})
REMARKS = frozenset(
    {
        *("text_vi", "text_en", "text_grade", "method", "method_evidence", "definition", "definition_evidence", "note"),
        *("note_2015", "note_342", "consistency_check", "details_by", "yearly_levels_by", "by_year_note"),
        *("direction_note", "direction_grade", "decided_by_doubt", "measure_grade", "number_grade", "placement"),
        *("vague_recall", "doubt"),  # never data; the doubt of an indicator is about its wording
    }
)
IN_CELL = frozenset(
    {
        *("value", "unit", "grade", "doubt", "resolves_to", "of_which_hardened", "hardened_grade", "clean_water"),
        *("believed", "conflict", "why", "note", "source", "year"),
        *("candidates", "other_recollection", "seen_elsewhere", "observed"),  # competing figures, none believed
    }
)

#: What a condition beneath a row may say; and one that stands by itself, of a set, of recognition or of revocation.
IN_CONDITION = frozenset(
    {"text", "text_vi", "when", "value", "unit", "direction", "grade", "doubt", "regions", "applies_from"}
)
ALONE = IN_CONDITION | frozenset(
    {
        *("evidence", "url", "note", "sub_conditions", "existence_grade", "level"),
        *("observed", "recalled"),  # competing figures, none believed
        *("version", "rule", "key_criteria", "measured_against", "who_decides"),  # of the rule of revocation
        *("upper_bound_disagreement", "derived_numbers_for_19_criteria"),
    }
)

#: What a criterion may say beside its indicators. Its condition must be named in the exceptions.
IN_CRITERION = frozenset(
    {
        *("number", "name_vi", "name_en", "name_grade", "name_note", "group", "indicators", "condition"),
        *("condition_grade", "numbering_note", "indicator_count", "changed_by_342", "amended", "note", "evidence"),
    }
)

#: What a set may say beside its criteria and the conditions that its `Sheet` names.
IN_SET = frozenset(
    {
        *("key", "version_of", "level", "tier", "period", "holds_from", "holds_to", "instrument", "instruments"),
        *("criteria", "preconditions_grade", "expected_counts", "all_criteria_required"),
        *("region_rule", "region_rule_special_communes", "regions", "regional_columns", "threshold_axis"),
        *("applies_to", "applied_to", "legal_basis", "source_appendix", "provincial_latitude", "counting_rules"),
        *("amendments", "tiers_abolished", "indicator_numbering", "indicator_split_by_criterion", "criteria_evidence"),
        *("thresholds_status", "group_note", "uses_in_other_law", "note"),
    }
)


class SheetError(ValueError):
    """A sheet says what neither the rules nor the exceptions know, or an exception finds nothing to change."""


@attrs.frozen
class Sheet:
    """
    One set of one sheet.

    Attributes:
        file: The sheet's name, without its ending.

        key: The set's key in the sheet.

        set: Our name of the set.

        editions: First days in force of the editions that this set of the sheet tells of. Where 211/QĐ-TTg amended a
            set, one set of the sheet tells of both.

        columns: Our name of each column.

        conditions: Where the sheet lists conditions of it, beside its criteria: keys of the set, or from the top of the
            sheet, with a slash in front.
    """

    file: str
    key: str
    set: str
    editions: tuple[str, ...]
    columns: dict[str, str]
    conditions: tuple[str, ...] = ()


#: 320/QĐ-TTg with 211/QĐ-TTg; then 03/2024/QĐ-TTg, which amended the conditions of districts.
DISTRICT_EDITIONS = ("2022-03-08", "2024-03-01", "2024-03-07")
DISTRICT_CONDITIONS = ("preconditions", "/recognition/conditions_district/items")

#: The rule of 372/QĐ-TTg on recognition again after five years.
RENEWAL = "/recognition/validity"

#: 18/2022/QĐ-TTg, and 03/2024/QĐ-TTg, which amended its rules of revocation.
REVOCATION_EDITIONS = ("2022-08-02", "2024-03-07")

#: Where the day of effect was not seen, the day of issue stands for it.
SHEETS = (
    Sheet("2010-2015", "commune-2010-2015-v2009", "commune/standard/2010-2015", ("2009-04-16",), REGIONS),
    Sheet("2010-2015", "commune-2010-2015-v2013", "commune/standard/2010-2015", ("2013-02-20",), REGIONS),
    Sheet("2016-2020", "commune-2016-2020", "commune/standard/2016-2020", ("2016-12-01",), REGIONS),
    Sheet("2016-2020", "commune-model-2018-2020", "commune/model/2018-2020", ("2018-06-05",), ONE_COLUMN),
    Sheet(
        "2021-2025-commune-standard",
        "commune-2021-2025",
        "commune/standard/2021-2025",
        ("2022-03-08", "2024-03-01"),
        REGIONS,
    ),
    Sheet(
        "2021-2025-commune-advanced",
        "commune-advanced-2021-2025",
        "commune/advanced/2021-2025",
        ("2022-03-08", "2024-03-01"),
        REGIONS,
    ),
    Sheet(
        "2021-2025-commune-advanced", "commune-model-2021-2025", "commune/model/2021-2025", ("2022-03-08",), ONE_COLUMN
    ),
    Sheet("2026-2030", "commune-2026-2030", "commune/standard/2026-2030", ("2026-02-15",), GROUPS),
    Sheet(
        "2010-2015",
        "district-2010-2015",
        "district/standard/2010-2015",
        ("2009-04-16", "2014-03-14"),
        ONE_COLUMN,
        ("preconditions",),
    ),
    Sheet(
        "2010-2015",
        "province-2010-2015",
        "province/standard/2010-2015",
        ("2009-04-16", "2014-03-14"),
        ONE_COLUMN,
        ("preconditions",),
    ),
    Sheet(
        "2016-2020",
        "district-2016-2020",
        "district/standard/2016-2020",
        ("2016-04-05",),
        ONE_COLUMN,
        ("preconditions", "/recognition/conditions/1", "/recognition/satisfaction_survey/3"),
    ),
    Sheet(
        "2016-2020",
        "town-city-2016-2020",
        "district/task_completed/2016-2020",
        ("2016-04-05",),
        ONE_COLUMN,
        ("preconditions", "/recognition/conditions/2"),
    ),
    Sheet(
        "2016-2020",
        "province-2020",
        "province/task_completed/2020",
        ("2020-08-19",),
        ONE_COLUMN,
        ("preconditions", "conditions_province", "conditions_centrally_run_city"),
    ),
    Sheet(
        "2021-2025-district-province",
        "district-2021-2025",
        "district/standard/2021-2025",
        DISTRICT_EDITIONS,
        ONE_COLUMN,
        DISTRICT_CONDITIONS,
    ),
    Sheet(
        "2021-2025-district-province",
        "district-town-completion-2021-2025",
        "district/task_completed/2021-2025",
        ("2022-03-08", "2024-03-07"),
        ONE_COLUMN,
        DISTRICT_CONDITIONS,
    ),
    Sheet(
        "2021-2025-district-province",
        "district-advanced-2021-2025",
        "district/advanced/2021-2025",
        DISTRICT_EDITIONS,
        ONE_COLUMN,
        DISTRICT_CONDITIONS,
    ),
    Sheet(
        "2021-2025-district-province",
        "district-special-no-commune-2021-2025",
        "district/special/2021-2025",
        ("2024-03-01",),
        ONE_COLUMN,
        ("preconditions",),
    ),
    Sheet(
        "2021-2025-district-province",
        "province-2021-2025",
        "province/task_completed/2021-2025",
        ("2022-03-08",),
        ONE_COLUMN,
        ("preconditions",),
    ),
    Sheet(
        "2026-2030",
        "province-2026-2030",
        "province/task_completed/2026-2030",
        ("2026-02-15",),
        ONE_COLUMN,
        ("preconditions",),
    ),
    *(
        # One condition of the sheet is both what must have been and since when, of places of every level.
        Sheet("2010-2015", "", f"renewal/{level}/standard/2010-2015", ("2014-03-14",), ONE_COLUMN, (RENEWAL, RENEWAL))
        for level in ("commune", "district", "province")
    ),
    *(
        Sheet(file, "", f"revocation/{name}/2021-2025", REVOCATION_EDITIONS, ONE_COLUMN, (f"/recognition/{where}",))
        for file, where, name in (
            ("2021-2025-commune-advanced", "revocation_commune", "commune/standard"),
            ("2021-2025-commune-advanced", "revocation_commune", "commune/advanced"),
            ("2021-2025-commune-advanced", "revocation_commune", "commune/model"),
            ("2021-2025-district-province", "revocation_district/items", "district/standard"),
            ("2021-2025-district-province", "revocation_district/items", "district/advanced"),
        )
    ),
)
