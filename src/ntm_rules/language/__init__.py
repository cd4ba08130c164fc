"""Documents and values: reading with line and column, checking shape and sense, writing back."""

from ntm_rules.language.assessments import write_assessment
from ntm_rules.language.beneath import Shelf
from ntm_rules.language.catalogues import parse_fact_catalogue, parse_instruments, parse_places
from ntm_rules.language.criteria import (
    document_fingerprint,
    law_fingerprint,
    parse_criteria_set,
    reread_indicator,
    write_criteria_set,
)
from ntm_rules.language.crosswalk import Periods, parse_crosswalk, write_crosswalk, write_crosswalk_link
from ntm_rules.language.dossiers import parse_dossier, write_dossier
from ntm_rules.language.forms import is_form, read_document, read_form
from ntm_rules.language.lineage import parse_lineage, write_lineage
from ntm_rules.language.mapping import parse_mapping
from ntm_rules.language.nodes import Mapping, Node, Scalar, Sequence
from ntm_rules.language.plain import from_plain
from ntm_rules.language.plans import write_plan
from ntm_rules.language.proofs import base_of, read_predecessors, write_proof
from ntm_rules.language.reading import read_file, read_text
from ntm_rules.language.register import parse_register, write_register
from ntm_rules.language.requirements import definition_of
from ntm_rules.language.revisions import parse_revision, write_edit, write_revision
from ntm_rules.language.since import write_since
from ntm_rules.language.status import write_status
from ntm_rules.language.yaml_text import to_json, to_yaml

__all__ = [
    "Mapping",
    "Node",
    "Periods",
    "Scalar",
    "Sequence",
    "Shelf",
    "base_of",
    "definition_of",
    "document_fingerprint",
    "from_plain",
    "is_form",
    "law_fingerprint",
    "parse_criteria_set",
    "parse_crosswalk",
    "parse_dossier",
    "parse_fact_catalogue",
    "parse_instruments",
    "parse_lineage",
    "parse_mapping",
    "parse_places",
    "parse_register",
    "parse_revision",
    "read_document",
    "read_file",
    "read_form",
    "read_predecessors",
    "read_text",
    "reread_indicator",
    "to_json",
    "to_yaml",
    "write_assessment",
    "write_criteria_set",
    "write_crosswalk",
    "write_crosswalk_link",
    "write_dossier",
    "write_edit",
    "write_lineage",
    "write_plan",
    "write_proof",
    "write_register",
    "write_revision",
    "write_since",
    "write_status",
]
