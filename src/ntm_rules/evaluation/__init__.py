"""One place: requirements and a dossier give an assessment."""

from ntm_rules.evaluation.comparing import compare_assessments
from ntm_rules.evaluation.deciding import deciding
from ntm_rules.evaluation.evaluate import evaluate
from ntm_rules.evaluation.over_time import status
from ntm_rules.evaluation.planning import plan
from ntm_rules.evaluation.reproducing import judged_again, reproduce

__all__ = ["compare_assessments", "deciding", "evaluate", "judged_again", "plan", "reproduce", "status"]
