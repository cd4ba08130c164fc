"""Many places at once: tables in, tables out, with the verdicts that the evaluator of single places gives."""

from ntm_rules.population.edge import OnError
from ntm_rules.population.interpreter import CONFLICTS, REASONS
from ntm_rules.population.program import VERDICTS
from ntm_rules.population.table import TableResult, evaluate_table

__all__ = ["CONFLICTS", "REASONS", "VERDICTS", "OnError", "TableResult", "evaluate_table"]
