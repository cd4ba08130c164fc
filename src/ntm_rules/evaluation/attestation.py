"""Setting departments' conclusions beside what is computed (FORMATS: how attestation and computation combine)."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from ntm_rules.vocabulary.criteria import CriteriaSet
from ntm_rules.vocabulary.dossiers import Attestation, Dossier
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.verdicts import Basis, FindingCode, Support, Verdict

#: What an attested verdict rests on: a statement, and its own document rather than a graded figure of the law.
ATTESTED = Support(Grade.TEXT, statement=True, basis=Basis.ATTESTED)

# A figure outweighs a contrary conclusion only where its threshold is at least this well evidenced.
_LOWEST_THAT_OUTWEIGHS = Grade.SECONDARY


@attrs.frozen
class Resolved:
    """
    Which side stands.

    Attributes:
        conflict: What kind of contradiction there is, if any.

        by_attestation: Whether the conclusion on this very thing is what stands.
    """

    verdict: Verdict
    basis: Basis
    support: Support | None
    attested: Verdict | None
    conflict: FindingCode | None = None
    by_attestation: bool = False


def resolve(computed: Verdict, basis: Basis, support: Support | None, attested: Iterable[Verdict]) -> Resolved:
    """
    Combine a computed verdict with what departments concluded on the same thing.

    Figures decide if they decide; else the attestation; else it is undetermined. A figure that contradicts an
    attestation stands only on a threshold graded `text` or `secondary`. Statements that contradict each other
    (a yes/no fact, an attestation, another attestation) leave it undetermined.
    """
    said = frozenset(attested)
    if not said:
        return Resolved(computed, basis, support, None)
    agreed = next(iter(said)) if len(said) == 1 else None
    if not computed.decided:
        if agreed is None:
            return Resolved(Verdict.UNDETERMINED, Basis.NONE, None, None, FindingCode.STATEMENTS_CONFLICT)
        return Resolved(agreed, Basis.ATTESTED, ATTESTED, agreed, by_attestation=True)
    if agreed is computed:
        return Resolved(computed, basis, support, agreed)
    if support is None or support.statement:
        return Resolved(Verdict.UNDETERMINED, Basis.NONE, None, agreed, FindingCode.STATEMENTS_CONFLICT)
    if support.grade.rank > _LOWEST_THAT_OUTWEIGHS.rank:
        code = FindingCode.CONFLICT_ON_RECALLED_THRESHOLD
        return Resolved(Verdict.UNDETERMINED, Basis.NONE, None, agreed, code)
    return Resolved(computed, basis, support, agreed, FindingCode.ATTESTATION_CONTRADICTED)


def said_of(rules: CriteriaSet, dossier: Dossier) -> Dossier:
    """
    A dossier as it speaks of a set that it is not judged by: its facts, and the conclusions that name that set.

    Others, and its tallies, are said of the set that the dossier is judged by.
    """
    said = tuple(each for each in dossier.attestations if each.set_id == str(rules.id))
    return attrs.evolve(dossier, attestations=said, reported=())


def attestations_at(rules: CriteriaSet, dossier: Dossier) -> tuple[dict[str, list[Attestation]], list[Attestation]]:
    """
    The attestations of the year judged by local address, and those of another year, which do not count.

    One that names another set by its full address is said of that set.

    Raises:
        UnknownNameError: If one speaks of what the set does not hold.
    """
    counted: dict[str, list[Attestation]] = {}
    other_year: list[Attestation] = []
    own = str(rules.id)
    for attestation in dossier.attestations:
        if attestation.set_id not in (None, own):
            continue
        if attestation.for_ is not None and attestation.for_.year != dossier.year:
            other_year.append(attestation)
        else:
            counted.setdefault(rules.local(attestation.address), []).append(attestation)
    return counted, other_year
