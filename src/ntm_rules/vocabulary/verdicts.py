"""Verdicts, what they stand on, and the closed list of reasons."""

from __future__ import annotations

import enum
from functools import cached_property

import attrs

from ntm_rules.vocabulary.instruments import Grade


class Verdict(enum.Enum):
    """
    The four answers.

    `UNDETERMINED`: what is known doesn't decide it; never a failure. `NOT_APPLICABLE`: drops out of its whole.
    """

    MET = "met"
    NOT_MET = "not_met"
    UNDETERMINED = "undetermined"
    NOT_APPLICABLE = "not_applicable"

    @property
    def decided(self) -> bool:
        """Whether it is anything but undetermined."""
        return self is not Verdict.UNDETERMINED


class Basis(enum.Enum):
    """What a verdict stands on: figures and statements judged here, a department's conclusion, both, or nothing."""

    COMPUTED = "computed"
    ATTESTED = "attested"
    MIXED = "mixed"
    NONE = "none"


class ReasonCode(enum.Enum):
    """Why a verdict is what it is. A new code needs a sentence in both languages, a page and a test."""

    # not met
    BELOW_MINIMUM = "below_minimum"
    ABOVE_MAXIMUM = "above_maximum"
    NOT_EQUAL = "not_equal"
    DECLARED_FALSE = "declared_false"
    PLACE_IS_NOT = "place_is_not"
    NOT_ATTAINED = "not_attained"
    PART_NOT_MET = "part_not_met"
    TOO_FEW_OF = "too_few_of"
    NOT_ONE_OF = "not_one_of"
    COUNTED_NOT_MET = "counted_not_met"
    EVERY_NOT_MET = "every_not_met"
    NO_TITLE = "no_title"
    YEAR_NOT_MET = "year_not_met"
    # met
    REACHES_THRESHOLD = "reaches_threshold"
    DECLARED_TRUE = "declared_true"
    PARTS_MET = "parts_met"
    ENOUGH_OF = "enough_of"
    IS_ONE_OF = "is_one_of"
    PLACE_IS = "place_is"
    ATTAINED = "attained"
    COUNTED_MET = "counted_met"
    EVERY_MET = "every_met"
    TITLE_HELD = "title_held"
    YEARS_MET = "years_met"
    # undetermined
    MISSING_FACT = "missing_fact"
    MISSING_FACT_ABOVE = "missing_fact_above"
    NOT_DECLARED = "not_declared"
    CATEGORY_MISSING = "category_missing"
    PART_MISSING = "part_missing"
    PARTS_UNSTATED = "parts_unstated"
    DEFINITION_UNSTATED = "definition_unstated"
    FACT_OF_OTHER_YEAR = "fact_of_other_year"
    MISSING_ATTRIBUTE = "missing_attribute"
    ROW_AMBIGUOUS = "row_ambiguous"
    NOTHING_TO_MEASURE = "nothing_to_measure"
    YEAR_NOT_COVERED = "year_not_covered"
    ROW_NOT_COVERED = "row_not_covered"
    THRESHOLD_OPEN = "threshold_open"
    REQUIREMENT_OPEN = "requirement_open"
    THRESHOLD_UNSTATED = "threshold_unstated"
    BOUNDARY_UNSTATED = "boundary_unstated"
    LIST_OPEN = "list_open"
    GRADE_NOT_ACCEPTED = "grade_not_accepted"
    PART_UNDETERMINED = "part_undetermined"
    COVERED_BY_CRITERION = "covered_by_criterion"
    STATEMENTS_CONFLICT = "statements_conflict"
    CONFLICT_ON_RECALLED_THRESHOLD = "conflict_on_recalled_threshold"
    SET_INCOMPLETE = "set_incomplete"
    SET_COUNT_UNSTATED = "set_count_unstated"
    SET_SURPLUS = "set_surplus"
    ATTAINMENT_OPEN = "attainment_open"
    SET_NOT_IN_FORCE = "set_not_in_force"
    SET_APPLICABILITY_OPEN = "set_applicability_open"
    NO_REGISTER = "no_register"
    TITLE_DATE_OPEN = "title_date_open"
    JUDGED_BY_OTHER_SET = "judged_by_other_set"
    SUB_PLACES_UNKNOWN = "sub_places_unknown"
    COUNTED_OPEN = "counted_open"
    EVERY_OPEN = "every_open"
    DENOMINATOR_UNSTATED = "denominator_unstated"
    YEARS_OPEN = "years_open"
    YEARS_MISSING = "years_missing"
    MISSING_FACT_THEN = "missing_fact_then"
    NO_SUCH_EVENT = "no_such_event"
    EVENT_AMBIGUOUS = "event_ambiguous"
    # not applicable
    ASKS_NOTHING = "asks_nothing"
    NOT_CONSIDERED = "not_considered"
    NOTHING_COUNTED = "nothing_counted"
    SET_NOT_FOR_PLACE = "set_not_for_place"
    # whatever the verdict
    BRANCH_THEN = "branch_then"
    BRANCH_OTHERWISE = "branch_otherwise"
    BRANCHES_AGREE = "branches_agree"
    ATTESTED = "attested"
    REPORTED_BELOW_REQUIRED = "reported_below_required"


class FindingCode(enum.Enum):
    """Something to know about a result that is no verdict."""

    OUTSIDE_FORCE = "outside_force"
    TALLY_CONFLICT = "tally_conflict"
    ATTESTATION_CONTRADICTED = "attestation_contradicted"
    STATEMENTS_CONFLICT = "statements_conflict"
    CONFLICT_ON_RECALLED_THRESHOLD = "conflict_on_recalled_threshold"
    PART_EXCEEDS_WHOLE = "part_exceeds_whole"
    DERIVED_DISAGREES = "derived_disagrees"
    UNUSED_FACT = "unused_fact"
    ATTESTATION_OF_OTHER_YEAR = "attestation_of_other_year"
    ATTESTATION_WITHOUT_DOCUMENT = "attestation_without_document"
    OVERLAY_NOT_APPLIED = "overlay_not_applied"
    TITLES_OF_PREDECESSOR = "titles_of_predecessor"
    ILLUSTRATION = "illustration"
    SYNTHETIC = "synthetic"


@attrs.frozen
class Support:
    """
    What a decided verdict rests on: the worst grade among the thresholds it needs, and whether it needs a statement.

    A yes/no fact and an attestation are statements; a measured fact is a figure.

    Attributes:
        basis: What a verdict that rests on it stands on; a tally that was only reported is somebody's statement.
    """

    grade: Grade
    statement: bool
    basis: Basis = Basis.COMPUTED

    @cached_property
    def strength(self) -> tuple[bool, int]:
        """Orders supports, the strongest first: figures before statements, then the better grade."""
        return (self.statement, self.grade.rank)
