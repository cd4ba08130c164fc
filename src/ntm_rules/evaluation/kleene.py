"""
How verdicts combine. A part that is not applicable drops out of its whole.

Kleene's three values order not_met < undetermined < met; the truth tables are tested against every completion.
"""

from __future__ import annotations

from collections.abc import Sequence

from ntm_rules.vocabulary.verdicts import Verdict


def all_of(verdicts: Sequence[Verdict]) -> Verdict:
    """not_met if any is; else undetermined if any is; else met if any is; else not applicable."""
    for verdict in (Verdict.NOT_MET, Verdict.UNDETERMINED, Verdict.MET):
        if verdict in verdicts:
            return verdict
    return Verdict.NOT_APPLICABLE


def any_of(verdicts: Sequence[Verdict]) -> Verdict:
    """Met if any is; else undetermined if any is; else not_met if any is; else not applicable."""
    for verdict in (Verdict.MET, Verdict.UNDETERMINED, Verdict.NOT_MET):
        if verdict in verdicts:
            return verdict
    return Verdict.NOT_APPLICABLE


def at_least_n_of(n: int, verdicts: Sequence[Verdict], *, open_list: bool = False) -> Verdict:
    """
    Met if *n* are; not_met if *n* can't be reached any more and the list is closed.

    With nothing left to count it is not applicable, and an undetermined part may drop: so with no part decided at
    all, and none that could still reach *n*, it stays undetermined (ALGEBRA: the "all parts may drop" rule).
    """
    met = verdicts.count(Verdict.MET)
    not_met = verdicts.count(Verdict.NOT_MET)
    open_ = verdicts.count(Verdict.UNDETERMINED)
    if met >= n:
        return Verdict.MET
    if open_list:
        return Verdict.UNDETERMINED
    if met + open_ < n and met + not_met > 0:
        return Verdict.NOT_MET
    if met + not_met + open_ == 0:
        return Verdict.NOT_APPLICABLE
    return Verdict.UNDETERMINED
