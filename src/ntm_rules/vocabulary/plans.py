"""What would have to change for a set to be met: figures with their distances, as data."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import Any

import attrs

from ntm_rules.messages import Language
from ntm_rules.vocabulary.assessments import Assessment, Gap, Reason, gap_between
from ntm_rules.vocabulary.dossiers import Dossier, FactValue
from ntm_rules.vocabulary.facts import ScaleStep
from ntm_rules.vocabulary.lent import lent
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.requirements import Sign
from ntm_rules.vocabulary.verdicts import Verdict


@attrs.frozen
class Move:
    """
    A figure or statement that would have to be another.

    Attributes:
        addresses: The indicators that it is for.

        now: What the dossier says.

        then: The nearest value that will do. Where a threshold must be passed there is no nearest one; then it is
            one unit of the last digit beyond.

        sign: How a figure would have to stand to `required`; None for a statement or a category.

        required: The effective threshold, of a scale the step.

        heads: Of counts (131 of 1170): by how many the numerator would have to change, the denominator staying.
    """

    addresses: tuple[str, ...]
    now: FactValue
    then: FactValue
    sign: Sign | None = None
    required: Quantity | ScaleStep | None = None
    heads: int | None = None

    @property
    def fact(self) -> str:
        """The fact."""
        return self.now.fact

    @property
    def gap(self) -> Gap | None:
        """The distance in the figure's own unit; None where there is none to speak of, as from no to yes."""
        return None if self.required is None else gap_between(self.now.fraction, self.required)

    @property
    def distance(self) -> Fraction | None:
        """The distance, exactly."""
        if self.required is None:
            return None
        numerator, denominator = self.now.fraction
        return abs(Fraction(numerator) / Fraction(denominator) - Fraction(self.required.value))


@attrs.frozen
class RowReason:
    """A reason of one row, at its address; of the set itself at ``""``."""

    address: str
    reason: Reason


@attrs.frozen
class Alternative:
    """
    One smallest set of moves: without any one of them it would not do.

    Attributes:
        cost: What they cost together, exactly; None where a move has no price.

        left_open: What stands in the way besides, in rows that figures alone can't bring to be met.
    """

    moves: tuple[Move, ...]
    left_open: tuple[RowReason, ...] = ()
    cost: Fraction | None = None

    @property
    def addresses(self) -> tuple[str, ...]:
        """The indicators that would have to move."""
        return tuple(dict.fromkeys(address for move in self.moves for address in move.addresses))


@attrs.frozen
class Plan:
    """
    A certificate of change: every smallest set of figures that would have to move for a set to be met.

    Attributes:
        before: The assessment as it is.

        alternatives: Each of them makes every row that it speaks of met, checked by judging again; none of its moves
            is superfluous.

        cheapest: The alternative with the lowest cost, where costs were given for all its moves.

        held: The comparisons and statements by which rows are met now, with their margins.

        to_establish: What is undetermined because the dossier does not say it: no distance can be told.

        out_of_reach: What no figure can bring about: law that is open or not at hand, what the place is, conclusions.

        renewed: Conclusions and published totals that would be out of date, and have to be given anew.

        complete: Whether all alternatives are listed; at most `MOST_ALTERNATIVES` are.
    """

    before: Assessment
    alternatives: tuple[Alternative, ...]
    cheapest: Alternative | None
    held: tuple[RowReason, ...]
    to_establish: tuple[RowReason, ...]
    out_of_reach: tuple[RowReason, ...]
    renewed: tuple[RowReason, ...]
    complete: bool

    @cached_property
    def reachable(self) -> bool:
        """Whether figures alone make the set met: it is, or any alternative makes it so."""
        if self.before.verdict is Verdict.MET:
            return True
        return bool(self.alternatives) and not (self.to_establish or self.out_of_reach or self.before.rules.incomplete)

    def dossier_after(self, alternative: Alternative) -> Dossier:
        """The dossier with the moves made, and without what would have to be renewed."""
        return lent.mover(self, alternative)

    def why(self, lang: Language = "vi") -> str:
        """The page that tells it."""
        return lent.plan_voice(self, lang)

    def to_dict(self) -> dict[str, Any]:
        """The plan as plain data; no sentences."""
        return lent.plan_record(self)


#: The most alternatives that a plan lists.
MOST_ALTERNATIVES = 100
