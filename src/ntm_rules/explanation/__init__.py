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
from ntm_rules.explanation.forms import form_day, form_layout, write_form
from ntm_rules.explanation.pages import (
    Told,
    cited,
    describe,
    findings_beneath,
    heading,
    marks,
    marks_of,
    tally_line,
    told,
    unknown_groups,
    unknowns,
    why,
)
from ntm_rules.explanation.plans import plan_lines, plan_page
from ntm_rules.explanation.proofs import difference_sentence, fault_sentence
from ntm_rules.explanation.requirements import asked, measure_of, what_law_asks
from ntm_rules.explanation.sentences import conflict_sentence, finding_sentence, reason_sentence
from ntm_rules.explanation.short import deciding_lines, firm, firm_lines, why_not
from ntm_rules.explanation.since import since_lines, since_page
from ntm_rules.explanation.status import (
    cause_sentence,
    history_headings,
    history_rows,
    state_word,
    status_heading,
    status_page,
    title_page,
)
from ntm_rules.explanation.words import Words, unit_word
from ntm_rules.explanation.worksheets import worksheet_layout, worksheet_lines

__all__ = [
    "Told",
    "Words",
    "asked",
    "cause_sentence",
    "changes",
    "cited",
    "conflict_sentence",
    "coverage_headings",
    "coverage_page",
    "coverage_row",
    "deciding_lines",
    "describe",
    "difference_sentence",
    "fault_sentence",
    "finding_sentence",
    "findings_beneath",
    "firm",
    "firm_lines",
    "form_day",
    "form_layout",
    "heading",
    "history",
    "history_headings",
    "history_rows",
    "incomplete_page",
    "marks",
    "marks_of",
    "measure_of",
    "plan_lines",
    "plan_page",
    "reason_sentence",
    "region_headings",
    "region_row",
    "since_lines",
    "since_page",
    "state_word",
    "status_heading",
    "status_page",
    "tally_line",
    "title_page",
    "told",
    "trace_of",
    "unit_word",
    "unknown_groups",
    "unknowns",
    "what_law_asks",
    "why",
    "why_not",
    "worksheet_layout",
    "worksheet_lines",
    "write_form",
]
