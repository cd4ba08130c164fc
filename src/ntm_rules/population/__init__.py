"""Many places at once: tables in, tables out, with the verdicts that the evaluator of single places gives."""

from ntm_rules.population.edge import OnError
from ntm_rules.population.figures import REASONS, TooLargeError
from ntm_rules.population.interpreter import CONFLICTS
from ntm_rules.population.lazy import LazyResult
from ntm_rules.population.program import VERDICTS
from ntm_rules.population.table import TableResult, evaluate_table
from ntm_rules.population.variants import Population

__all__ = [
    "CONFLICTS",
    "REASONS",
    "VERDICTS",
    "LazyResult",
    "OnError",
    "Population",
    "TableResult",
    "TooLargeError",
    "evaluate_table",
]
