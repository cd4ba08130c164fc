"""One place: requirements and a dossier give an assessment."""

from ntm_rules.evaluation.evaluate import evaluate
from ntm_rules.evaluation.over_time import status

__all__ = ["evaluate", "status"]
