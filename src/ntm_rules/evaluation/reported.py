"""What was published of the number of places beneath without saying which: a statement, held against what is listed."""

from __future__ import annotations

import attrs

from ntm_rules.evaluation.context import Context
from ntm_rules.evaluation.elsewhere import other_set
from ntm_rules.vocabulary.assessments import Counted, Report
from ntm_rules.vocabulary.criteria import is_title_of
from ntm_rules.vocabulary.dossiers import ReportedBeneath
from ntm_rules.vocabulary.instruments import Source
from ntm_rules.vocabulary.requirements import Attains, Collection, RecognisedAs, Requirement
from ntm_rules.vocabulary.verdicts import Verdict


def report_of(collection: Collection, that: Requirement, source: Source, context: Context) -> Report | None:
    """
    What the dossier's reports say of the number of places that meet just what *that* asks; None where none does.

    Two reports that contradict each other give one that does not stand.
    """
    if not isinstance(that, Attains | RecognisedAs):
        return None
    citation, _ = context.terms.citation(that.source or source)
    if citation.grade.rank > context.terms.accept.rank:
        return None
    found = [
        (tally, bounds)
        for tally in context.scope.dossier.reported_beneath
        if tally.collection is collection and any(bounds := _bounds(tally, that, context))
    ]
    if not found:
        return None
    least = max((tally.least for tally, (from_below, _) in found if from_below), default=0)
    most = min((tally.most for tally, (_, from_above) in found if from_above), default=None)
    tallies = tuple(tally for tally, _ in found)
    return Report(least, most, tallies, citation.grade, stands=most is None or least <= most)


def _bounds(tally: ReportedBeneath, that: Attains | RecognisedAs, context: Context) -> tuple[bool, bool]:
    """Whether a report bounds the number asked for from below, and from above."""
    if isinstance(that, Attains):
        same = tally.attains is not None and _named(tally.attains, context) == _named(that.address, context)
        return same, same
    if tally.recognised_as is None:
        return False, False
    reported = RecognisedAs(set_id=tally.recognised_as, or_higher=tally.or_higher)
    return _within(reported, that), _within(that, reported)


def _within(one: RecognisedAs, other: RecognisedAs) -> bool:
    """Whether every title that counts for the one counts for the other too."""
    covered = is_title_of(one.set_id, other.set_id, or_higher=other.or_higher)
    return covered and (other.or_higher or not one.or_higher)


def _named(address: str, context: Context) -> tuple[str, str]:
    """A set and a row of it; without a period that in force that day."""
    name, _, local = address.partition("#")
    rules = other_set(name, context)
    if rules is None:
        return name, local
    return str(rules.id), rules.local(local) if local and rules.find(local) is not None else local


def with_report(counted: Counted, report: Report | None) -> Counted:
    """What was counted with a report beside it; one that contradicts what is listed does not stand."""
    if report is None:
        return counted
    above = counted.unlisted is not None and report.least > counted.most
    below = report.most is not None and report.most < counted.least
    return attrs.evolve(counted, report=attrs.evolve(report, stands=report.stands and not above and not below))


def by_report_alone(counted: Counted) -> Counted:
    """As if nothing were known of any place but what is reported, and which places are out of it."""
    dropped = counted.with_verdict(Verdict.NOT_APPLICABLE)
    more = None if counted.unlisted is None else len(counted.members) + counted.unlisted - len(dropped)
    return attrs.evolve(counted, members=dropped, unlisted=more)
