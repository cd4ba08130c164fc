"""Reasons as sentences, in Vietnamese or English."""

from ntm_rules.explanation.changes import changes, history, trace_of
from ntm_rules.explanation.coverage import (
    coverage_headings,
    coverage_page,
    coverage_row,
    incomplete_page,
    region_headings,
    region_row,
)
from ntm_rules.explanation.pages import describe, heading, marks, tally_line, unknowns, why
from ntm_rules.explanation.plans import plan_page
from ntm_rules.explanation.proofs import difference_sentence, fault_sentence
from ntm_rules.explanation.sentences import conflict_sentence, finding_sentence, reason_sentence
from ntm_rules.explanation.short import firm, why_not
from ntm_rules.explanation.since import since_page
from ntm_rules.explanation.words import Words, unit_word
from ntm_rules.explanation.worksheets import worksheet_layout, worksheet_lines

__all__ = [
    "Words",
    "changes",
    "conflict_sentence",
    "coverage_headings",
    "coverage_page",
    "coverage_row",
    "describe",
    "difference_sentence",
    "fault_sentence",
    "finding_sentence",
    "firm",
    "heading",
    "history",
    "incomplete_page",
    "marks",
    "plan_page",
    "reason_sentence",
    "region_headings",
    "region_row",
    "since_page",
    "tally_line",
    "trace_of",
    "unit_word",
    "unknowns",
    "why",
    "why_not",
    "worksheet_layout",
    "worksheet_lines",
]
