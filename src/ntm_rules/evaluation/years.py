"""Years kept: a requirement judged for each of several years, by that year's dossier and the law in force then."""

from __future__ import annotations

import attrs

from ntm_rules.evaluation import kleene
from ntm_rules.evaluation.axes import context_of
from ntm_rules.evaluation.context import Context
from ntm_rules.evaluation.forms import judge, judges
from ntm_rules.evaluation.judging import strongest, weakest
from ntm_rules.vocabulary.assessments import YEAR, Counted, Member, Reason, Step
from ntm_rules.vocabulary.dossiers import Dossier
from ntm_rules.vocabulary.instruments import Source
from ntm_rules.vocabulary.requirements import ForEachYear
from ntm_rules.vocabulary.verdicts import ReasonCode, Verdict

_CODES = {
    Verdict.MET: ReasonCode.YEARS_MET,
    Verdict.NOT_MET: ReasonCode.YEAR_NOT_MET,
    Verdict.UNDETERMINED: ReasonCode.YEARS_OPEN,
    Verdict.NOT_APPLICABLE: ReasonCode.ASKS_NOTHING,
}


@judges(ForEachYear)
def _for_each_year(node: ForEachYear, source: Source, context: Context) -> Step:
    dossier = context.scope.dossier
    members, missing = [], []
    for year in range(dossier.year, dossier.year - node.last, -1):
        then = dossier.of_year(year)
        if then is None:
            missing.append(year)
            continue
        own = _in_year(then, context)
        step = judge(node.require, source, own)
        members.append(Member(YEAR, str(year), step.verdict, own.scope, step, step.support))
    verdict = kleene.all_of([*(each.verdict for each in members), *[Verdict.UNDETERMINED] * bool(missing)])
    code = _CODES[verdict]
    if missing and verdict is Verdict.UNDETERMINED:
        code = ReasonCode.YEARS_MISSING
    supports = [each.support for each in members if each.verdict is verdict and each.support is not None]
    support = None
    if verdict.decided:
        # Any one year that fails is enough; all are needed to keep it.
        support = strongest(supports) if verdict is Verdict.NOT_MET else weakest(supports)
    citation, _ = context.terms.citation(source)
    reason = Reason(
        code,
        citation=citation,
        numbers=(node.last, *(missing if code is ReasonCode.YEARS_MISSING else ())),
        names=() if verdict.decided else _missing_now(members, dossier),
        counted=Counted("years", tuple(members), len(missing)),
    )
    return Step(node, verdict, reason, support)


def _in_year(then: Dossier, context: Context) -> Context:
    """The place on what is known of it for that year; of another than the year judged all is as it was then."""
    if then.year == context.scope.dossier.year:
        return attrs.evolve(context, in_full=True)
    own = context_of(context.terms.rules, then, context.terms.accept, context.asking, context.found, beneath=True)
    return attrs.evolve(own, part=context.part, in_full=True, earlier=True)


def _missing_now(members: list[Member], dossier: Dossier) -> tuple[str, ...]:
    """The facts of the year judged that are missing."""
    now = (each for each in members if each.name == str(dossier.year) and each.verdict is Verdict.UNDETERMINED)
    reasons = (reason for each in now if each.step is not None for reason in each.step.why_so())
    return tuple(dict.fromkeys(fact for reason in reasons for fact in reason.missing_facts))
