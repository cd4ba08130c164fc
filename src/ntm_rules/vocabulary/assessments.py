"""Assessments: the verdicts on one place, with everything that explains them, as data. No sentences here."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import attrs

from ntm_rules.errors import UnknownNameError
from ntm_rules.messages import Language, nearest
from ntm_rules.vocabulary.criteria import CriteriaSet, Criterion, Indicator
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import Attestation, Dossier, FactValue, HeldTitle, ReportedBeneath
from ntm_rules.vocabulary.facts import ScaleStep
from ntm_rules.vocabulary.instruments import Citation, Grade
from ntm_rules.vocabulary.lent import lent
from ntm_rules.vocabulary.overlays import Link
from ntm_rules.vocabulary.places import OF_PLACE
from ntm_rules.vocabulary.quantities import EXACT, Quantity, rounded_ratio
from ntm_rules.vocabulary.requirements import Cell, Denominator, Requirement, Sign
from ntm_rules.vocabulary.verdicts import Basis, FindingCode, ReasonCode, Support, Verdict

#: Decimals to which the gap of a ratio without a finite decimal is shown.
GAP_PLACES = 2

# A gap that would show as 0 gets more.
_SMALL_GAP_PLACES = 8


@attrs.frozen
class RowTaken:
    """
    The rule of an axis that took a place to its row.

    Attributes:
        at: Which of the axis's rules, from 0.

        citation: Where the rule stands in the law, with the grade that taking it rests on.
    """

    axis: str
    row: str
    at: int
    citation: Citation


@attrs.frozen
class AppliedThreshold:
    """
    The one cell that a place is compared with, and how it was found.

    Attributes:
        cell: Its content; None where the table has no such row.

        row: Which row on which axis, e.g. ``(("region", "red_river_delta"),)``; empty for a constant.

        citation: The place in the law, with this cell's grade.

        closed: Why it can't be compared with, if so.

        chain: By what it holds: the national norm, then the mandate and the decision where the norm left it open.

        taken_by: The rules with a source of their own that took the place to its row.

        candidates: The rows that may apply, where that is not decided and makes a difference.

        asks: The attributes of the place (``unit.ethnic_zone``) and the facts that would decide it.

        of: The other row's threshold that it is a multiple of, if it is.
    """

    sign: Sign
    cell: Cell | None
    row: tuple[tuple[str, str], ...]
    citation: Citation
    closed: ReasonCode | None = None
    chain: tuple[Link, ...] = ()
    taken_by: tuple[RowTaken, ...] = ()
    candidates: tuple[tuple[str, str], ...] = ()
    asks: tuple[str, ...] = ()
    of: ReferredThreshold | None = None

    @property
    def grade(self) -> Grade:
        """The worst grade of its cell, of the rules that led there and of the other threshold."""
        grades = [self.citation.grade, *(taken.citation.grade for taken in self.taken_by)]
        if self.of is not None:
            grades.append(self.of.threshold.grade)
        return max(grades, key=lambda grade: grade.rank)

    @property
    def value(self) -> Quantity | ScaleStep | None:
        """The figure or step that is required, if there is one to compare with."""
        return self.cell if isinstance(self.cell, Quantity | ScaleStep) and self.closed is None else None


@attrs.frozen
class ReferredThreshold:
    """A threshold of another row, and the factor it is taken times."""

    address: str
    times: Decimal
    threshold: AppliedThreshold


@attrs.frozen
class Gap:
    """
    How far a figure is from its threshold, in the figure's unit, or in ``step``; never negative.

    Attributes:
        exact: False where the figure is a ratio whose distance has no finite decimal; then `value` is rounded.
    """

    value: Decimal
    unit: str
    exact: bool = True


@attrs.frozen
class Member:
    """
    One thing of several that were counted, and what it gave.

    Attributes:
        kind: What it is counted as, e.g. ``commune``.

        name: The name of a place, or the address of a row.

        scope: What it was judged by and from: its own dossier.

        step: How that was judged, of a place; of one that is excepted, the exception.

        support: What the verdict rests on.
    """

    kind: str
    name: str
    verdict: Verdict
    scope: Scope = attrs.field(eq=False, repr=False)
    step: Step | None = None
    support: Support | None = None


@attrs.frozen
class Report:
    """
    What was published of the number that meets it, without saying which.

    Attributes:
        least: How many meet it at least.

        most: How many meet it at most; None where the report tells of some of them only.

        tallies: What was published.

        grade: How well it is evidenced that just this is asked for.

        stands: Whether it fits what is known of each; if not, that stands.
    """

    least: int
    most: int | None
    tallies: tuple[ReportedBeneath, ...]
    grade: Grade
    stands: bool = True


@attrs.frozen
class Counted:
    """
    The members that were counted: an interval while some are undetermined; those that do not apply drop out.

    Attributes:
        what: What was counted, e.g. ``communes``.

        unlisted: How many more there are, of which nothing is known; None if that is not known either.

        of: What a share is a share of; None for a count.

        that: Of rows: whether those that are ``met`` were counted, or those that are ``not_met``.

        report: What was published of their number; the interval lies within it if it stands.
    """

    what: str
    members: tuple[Member, ...]
    unlisted: int | None = 0
    of: Denominator | None = None
    that: str | None = None
    report: Report | None = None

    @property
    def reported(self) -> Report | None:
        """What was published, if it stands."""
        return self.report if self.report is not None and self.report.stands else None

    def with_verdict(self, verdict: Verdict) -> tuple[Member, ...]:
        """The members of that verdict."""
        return tuple(each for each in self.members if each.verdict is verdict)

    @cached_property
    def least(self) -> int:
        """How many surely count."""
        listed = len(self.with_verdict(Verdict.MET))
        return listed if self.reported is None else max(listed, self.reported.least)

    @cached_property
    def open(self) -> int:
        """How many may count, as far as that is known."""
        return len(self.with_verdict(Verdict.UNDETERMINED)) + (self.unlisted or 0)

    @property
    def most(self) -> int:
        """How many may count, with those that surely do."""
        known = max(self.least, len(self.with_verdict(Verdict.MET)) + self.open)
        if self.reported is None or self.reported.most is None:
            return known
        return self.reported.most if self.unlisted is None else min(known, self.reported.most)

    def total(self, of: Denominator) -> int:
        """How many there are: without those that do not apply, or all that are listed."""
        dropped = len(self.with_verdict(Verdict.NOT_APPLICABLE)) if of is Denominator.APPLICABLE else 0
        return len(self.members) + (self.unlisted or 0) - dropped


@attrs.frozen
class Reason:
    """
    One reason: a code and the data its sentence needs.

    Attributes:
        subject: The fact, attribute (``unit.ethnic_zone``) or authority it speaks of.

        part: Which part of the fact.

        needs: For a derived fact that is missing: which of the facts it is derived from are lacking.

        options: What a category must be one of.

        names: What else its sentence names, by id: the values that are wanted.

        counted: What was counted, where something was.

        result: What a place beneath gave when it was judged by a set of its own.

        title: The title that is held.

        event: The title whose year is asked for.
    """

    code: ReasonCode
    subject: str | None = None
    figure: FactValue | None = None
    threshold: AppliedThreshold | None = None
    citation: Citation | None = None
    attestation: Attestation | None = None
    numbers: tuple[int, ...] = ()
    part: str | None = None
    needs: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    counted: Counted | None = None
    result: Assessment | None = attrs.field(default=None, eq=False, repr=False)
    title: HeldTitle | None = None
    event: str | None = None

    @property
    def missing_facts(self) -> tuple[str, ...]:
        """The facts that would remove this reason."""
        if self.code in _ASKS_FOR_A_FACT and self.subject is not None:
            return self.needs or (self.subject,)
        if self.code in _NAMES_FACTS:
            return self.names
        asks = self.threshold.asks if self.code is ReasonCode.MISSING_ATTRIBUTE and self.threshold is not None else ()
        return tuple(name for name in asks if not name.startswith(OF_PLACE))

    @property
    def gap(self) -> Gap | None:
        """How far the figure is from the threshold, where the two were compared."""
        if self.code not in _COMPARED or self.figure is None or self.threshold is None:
            return None
        required = self.threshold.value
        return None if required is None else gap_between(self.figure.fraction, required)


_COMPARED = frozenset(
    {
        ReasonCode.BELOW_MINIMUM,
        ReasonCode.ABOVE_MAXIMUM,
        ReasonCode.NOT_EQUAL,
        ReasonCode.REACHES_THRESHOLD,
        ReasonCode.BOUNDARY_UNSTATED,
    }
)


def gap_between(figure: tuple[Decimal, Decimal], required: Quantity | ScaleStep) -> Gap:
    """How far a figure, as a fraction, is from what is required."""
    numerator, denominator = figure
    distance = EXACT.abs(EXACT.subtract(numerator, EXACT.multiply(required.value, denominator)))
    if denominator == 1:
        return Gap(distance, required.unit)
    value = rounded_ratio(distance, denominator, GAP_PLACES) or rounded_ratio(distance, denominator, _SMALL_GAP_PLACES)
    exact = EXACT.multiply(value, denominator) == distance
    return Gap(value.normalize(EXACT), required.unit, exact)


@attrs.frozen
class Step:
    """The verdict of one node of a requirement, with its reason and the steps beneath: the trace of a judgement."""

    requirement: Requirement
    verdict: Verdict
    reason: Reason
    support: Support | None = None
    steps: tuple[Step, ...] = ()

    def walk(self) -> Iterator[Step]:
        """This step and every step beneath, from the top."""
        yield self
        for step in self.steps:
            yield from step.walk()

    @property
    def leaves(self) -> Iterator[Step]:
        """The steps without steps beneath, which are comparisons, statements and open requirements."""
        return (step for step in self.walk() if not step.steps)

    def why_by(self, kept: Collection[int]) -> Iterator[Reason]:
        """The reasons of the *kept* leaves, named by identity, in order, and of wholes that their parts do not tell."""
        for step in self.walk():
            own = step.reason.code in _OWN_REASON and any(id(leaf) in kept for leaf in step.leaves)
            if id(step) in kept or own:
                yield step.reason

    def why_so(self) -> Iterator[Reason]:
        """The reasons of the leaves that gave this verdict, in order."""
        if not self.steps:
            yield self.reason
            return
        if self.reason.code in _OWN_REASON:
            yield self.reason
        if self.reason.code in _BRANCH_TAKEN:
            for step in self.steps:  # the question's answer, then what the branch gave
                yield from step.why_so()
            return
        # What is not considered is so because of the condition that fails.
        wanted = Verdict.NOT_MET if self.reason.code is ReasonCode.NOT_CONSIDERED else self.verdict
        for step in self.steps:
            if step.verdict is wanted:
                yield from step.why_so()


_BRANCH_TAKEN = frozenset({ReasonCode.BRANCH_THEN, ReasonCode.BRANCH_OTHERWISE})

# Reasons of a whole that its parts do not tell.
_OWN_REASON = frozenset(
    {
        ReasonCode.NOT_CONSIDERED,
        ReasonCode.TOO_FEW_OF,
        ReasonCode.LIST_OPEN,
        ReasonCode.ENOUGH_OF,
        ReasonCode.PARTS_UNSTATED,
        ReasonCode.BRANCHES_AGREE,
        *_BRANCH_TAKEN,
    }
)


@attrs.frozen
class Prospects:
    """
    What the facts that are missing can still do to a verdict.

    Attributes:
        facts: The facts that can change it, each with the verdicts that it can lead to.

        reach: Every verdict that there can be, with or without them.
    """

    facts: tuple[tuple[str, frozenset[Verdict]], ...]
    reach: frozenset[Verdict]


class FirmnessCode(enum.Enum):
    """How firm a verdict is against small errors of a figure."""

    FIRM = "firm"
    WITHIN_PRECISION = "within_precision"
    ONE_UNIT = "one_unit"
    NO_FIGURE = "no_figure"


@attrs.frozen
class Firmness:
    """
    Whether a verdict would turn if one of its figures were a little different.

    A figure typed as 50.0 stands for whatever rounds to it: from 49.95 to 50.05, which is half a unit of its last
    digit either way. Counts are exact; they are moved by one. A figure typed in another unit of its dimension has the
    digits that the conversion gave it. Computed figures and steps of a scale are not moved.

    Attributes:
        code: `WITHIN_PRECISION` if it may turn without any error, `ONE_UNIT` if one unit of the last digit turns it,
            `FIRM` if neither does, `NO_FIGURE` if it hangs on no figure that was typed.

        reasons: The comparisons of the figures that turn it.
    """

    code: FirmnessCode
    reasons: tuple[Reason, ...] = ()


@attrs.frozen
class AxisTrace:
    """How the conditions of an axis were judged for a place: one step a rule, None for a rule without condition."""

    axis: str
    steps: tuple[Step | None, ...]


@attrs.frozen
class Scope:
    """
    What a result is about: a dossier judged by a set. Shared by all results of one assessment.

    Attributes:
        axes: How the place found its rows, for the axes that have conditions.
    """

    rules: CriteriaSet
    dossier: Dossier
    axes: tuple[AxisTrace, ...] = ()


@attrs.frozen
class IndicatorResult:
    """
    The verdict on an indicator.

    Attributes:
        computed: What figures and statements gave.

        attested: What departments concluded for the year judged.

        trace: Every step of the computation.

        overriding: Reasons that come before those of the trace: a conclusion, a contradiction.

        by_trace: Whether the reasons of the trace count too.
    """

    address: str
    indicator: Indicator
    verdict: Verdict
    basis: Basis
    computed: Verdict
    attested: Verdict | None
    trace: Step
    scope: Scope = attrs.field(repr=False)
    support: Support | None = None
    attestations: tuple[Attestation, ...] = ()
    overriding: tuple[Reason, ...] = ()
    by_trace: bool = True

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Why the verdict is what it is, codes with data: what overrides the computation, then what it gave."""
        return (*self.overriding, *self.trace.why_so()) if self.by_trace else self.overriding

    @cached_property
    def deciding(self) -> tuple[Reason, ...]:
        """
        Only what decided it: a smallest set of reasons that give the verdict by themselves; if open, what is open.

        A reason of a whole (two of three parts) stands before those of its parts.
        """
        if not self.by_trace:
            return self.overriding
        kept = {id(step) for step in lent.decider(self.trace)}
        return (*self.overriding, *self.trace.why_by(kept))

    @property
    def missing_facts(self) -> tuple[str, ...]:
        """The missing facts that can change the verdict, each once; none where a conclusion gives it."""
        return tuple(fact for fact, _ in lent.prospects(self).facts)

    @property
    def firmness(self) -> Firmness:
        """Whether the verdict would turn if one of its figures were a little different."""
        return lent.firmness(self)

    @property
    def provisional(self) -> bool:
        """Whether the verdict is computed and rests on anything below `secondary`."""
        return _provisional(self.basis, self.support)

    def why(self, lang: Language = "vi") -> str:
        """The sentences that explain this verdict."""
        return lent.voice(self, lang)

    def why_not(self, lang: Language = "vi") -> str:
        """The sentences that tell only what decided this verdict."""
        return lent.short(self, lang)


@attrs.frozen
class CriterionResult:
    """The verdict on a criterion; attributes as for an indicator."""

    address: str
    criterion: Criterion
    verdict: Verdict
    basis: Basis
    computed: Verdict
    attested: Verdict | None
    indicators: tuple[IndicatorResult, ...]
    scope: Scope = attrs.field(repr=False)
    support: Support | None = None
    attestations: tuple[Attestation, ...] = ()
    overriding: tuple[Reason, ...] = ()
    by_parts: bool = True

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Why the verdict is what it is: what overrides the combination, then the parts that gave it."""
        parts = reasons_of_parts(self.computed, self.indicators) if self.by_parts else ()
        return (*self.overriding, *parts)

    @property
    def provisional(self) -> bool:
        """Whether the verdict is computed, at least in part, and rests on anything below `secondary`."""
        if self.by_parts and self.verdict is Verdict.NOT_MET:
            # One part that fails for sure is enough.
            return all(each.provisional for each in self.indicators if each.verdict is Verdict.NOT_MET)
        return _provisional(self.basis, self.support)

    def why(self, lang: Language = "vi") -> str:
        """The sentences that explain this verdict and its indicators."""
        return lent.voice(self, lang)

    def why_not(self, lang: Language = "vi") -> str:
        """The sentences that tell only what decided this verdict."""
        return lent.short(self, lang)


_PART_REASONS = {
    Verdict.MET: ReasonCode.PARTS_MET,
    Verdict.NOT_MET: ReasonCode.PART_NOT_MET,
    Verdict.UNDETERMINED: ReasonCode.PART_UNDETERMINED,
    Verdict.NOT_APPLICABLE: ReasonCode.NOT_CONSIDERED,
}


def reasons_of_parts(
    verdict: Verdict, results: Iterable[IndicatorResult] | Iterable[CriterionResult]
) -> tuple[Reason, ...]:
    """One reason a part that gave the verdict of the whole, naming it."""
    code = _PART_REASONS[verdict]
    return tuple(Reason(code, result.address) for result in results if result.verdict is verdict)


def _provisional(basis: Basis, support: Support | None) -> bool:
    # A conclusion rests on its document; what rests on a reported tally still needs the threshold.
    return basis is not Basis.NONE and support is not None and support.grade.rank > Grade.SECONDARY.rank


@attrs.frozen
class Conflict:
    """Two things said of one criterion or indicator that can't both be so."""

    address: str
    code: FindingCode
    computed: Verdict
    attested: tuple[Verdict, ...]
    stands: Verdict


@attrs.frozen
class Finding:
    """Something to know about the result that is no verdict."""

    code: FindingCode
    address: str | None = None
    subject: str | None = None
    numbers: tuple[int, ...] = ()


@attrs.frozen
class Tally:
    """
    The five numbers. `total` is the law's count and never shrinks; None where that is not known.

    *Not applicable* never counts as met.

    Example:
        >>> Tally(met=18, not_met=0, undetermined=0, not_applicable=1, total=19).met
        18
    """

    met: int
    not_met: int
    undetermined: int
    not_applicable: int
    total: int | None

    @classmethod
    def of(cls, verdicts: Iterable[Verdict], total: int | None) -> Tally:
        """Count *verdicts*; rows that the set lacks up to *total* count as undetermined."""
        held = list(verdicts)
        met, not_met, open_, dropped = map(
            held.count, (Verdict.MET, Verdict.NOT_MET, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE)
        )
        return cls(met, not_met, open_ + max(0, (total or 0) - len(held)), dropped, total)


@attrs.frozen
class Recognition:
    """
    Whether the conditions of recognition hold beside the set itself.

    Attributes:
        verdict: Of the conditions and the set together; the library itself recognises nothing.
    """

    verdict: Verdict
    preconditions: tuple[IndicatorResult, ...]


class Ran(Protocol):
    """What a flat program gave: verdicts alone, and whence all else can be had."""

    @property
    def rules(self) -> CriteriaSet:
        """The set that judged."""

    @property
    def dossier(self) -> Dossier:
        """The dossier that was judged."""

    @property
    def criteria(self) -> list[Verdict]:
        """Of each criterion, in the annex's order."""

    @property
    def indicators(self) -> list[Verdict]:
        """Of each indicator, in the annex's order."""

    @property
    def recognition(self) -> Verdict | None:
        """As `Assessment.recognition_verdict`."""

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """As `Assessment.verdicts`."""

    def whole(self) -> Assessment:
        """The same place judged by the readable evaluator, with all that there is to be told."""


@attrs.frozen
class Assessment:
    """
    The verdicts on one place by one set, and why.

    What `evaluate` gives knows its verdicts; all else is built the first time that something of it is asked for.

    Attributes:
        verdict: Of the set, from its criteria.

        accept: The lowest grade of law data that was used.

        criteria: One result a criterion, in the annex's order.

        recognition: What the conditions of recognition gave; None where the set states none.

        sub_results: The places beneath that were judged by sets of their own, in the order of the dossier.

        applies: Whether the set is for the place at all; None where its level is enough.
    """

    scope: Scope = attrs.field(repr=False)
    verdict: Verdict
    basis: Basis
    reasons: tuple[Reason, ...]
    criteria: tuple[CriterionResult, ...]
    conflicts: tuple[Conflict, ...]
    findings: tuple[Finding, ...]
    accept: Grade
    recognition: Recognition | None = None
    sub_results: tuple[Assessment, ...] = ()
    applies: IndicatorResult | None = None

    @cached_property
    def _ran(self) -> Ran | None:
        """What the program gave that judged, until anything else is asked for; of an assessment made whole None."""
        return None

    if not TYPE_CHECKING:  # pragma: no branch - a type checker must still find a name that there is not

        def __getattr__(self, name: str) -> Any:
            """A field that is not there yet: then none is but the verdict, and all are built at once."""
            if name not in _FIELDS or self._ran is None:
                message = f"{type(self).__name__!r} object has no attribute {name!r}"
                raise AttributeError(message, name=name, obj=self)
            whole = self._ran.whole()
            for each in _FIELDS:
                object.__setattr__(self, each, getattr(whole, each))
            object.__setattr__(self, "_ran", None)
            return getattr(self, name)

    @cached_property
    def _by_address(self) -> dict[str, CriterionResult | IndicatorResult]:
        places: dict[str, CriterionResult | IndicatorResult] = {}
        for criterion in self.criteria:
            for indicator in criterion.indicators:
                places.setdefault(indicator.indicator.number, indicator)
                places[f"{criterion.criterion.number}/{indicator.indicator.number}"] = indicator
        places.update({criterion.criterion.number: criterion for criterion in self.criteria})
        places.update({each.address: each for each in self.preconditions})
        if self.applies is not None:
            places[self.applies.address] = self.applies
        return places

    def __getitem__(self, address: str) -> CriterionResult | IndicatorResult:
        """The result at ``11`` (a criterion), ``11/11`` or ``17.1`` (an indicator), or at a full address."""
        local = address.removeprefix(str(self.rules.id)).removeprefix("#")
        if local not in self._by_address:
            raise UnknownNameError(address, nearest(local, self._by_address))
        return self._by_address[local]

    @property
    def indicators(self) -> Iterator[IndicatorResult]:
        """Every indicator's result, in the annex's order."""
        for criterion in self.criteria:
            yield from criterion.indicators

    @property
    def preconditions(self) -> tuple[IndicatorResult, ...]:
        """The result of every condition of recognition; they are in no tally."""
        return () if self.recognition is None else self.recognition.preconditions

    @property
    def _rows(self) -> Iterator[IndicatorResult]:
        """The results of all that was judged singly: indicators, conditions of recognition, what the place must be."""
        yield from self.indicators
        yield from self.preconditions
        if self.applies is not None:
            yield self.applies

    @cached_property
    def verdicts(self) -> dict[str, Verdict]:
        """
        Every verdict by its local address, at once.

        Those of the criteria, each before its indicators, of the conditions of recognition, and on whether the set is
        for the place. No reason is built for it, so this is the fast way where only verdicts are wanted.

        Example:
            >>> import ntm_rules as ntm
            >>> dossier = ntm.Dossier.from_mapping({
            ...     "dossier": 1,
            ...     "place": {"level": "commune", "name": "Phú Đình", "province": "Thái Nguyên"},
            ...     "year": 2018,
            ...     "attestations": {"10": {"verdict": "not_met", "by": "UBND huyện Định Hóa"}},
            ... })
            >>> result = ntm.evaluate(ntm.load("commune/standard/2016-2020"), dossier)
            >>> result.verdicts["10"], result.verdicts["10/10"]
            (<Verdict.NOT_MET: 'not_met'>, <Verdict.UNDETERMINED: 'undetermined'>)
        """
        if self._ran is not None:
            return self._ran.verdicts
        results: list[CriterionResult | IndicatorResult] = []
        for criterion in self.criteria:
            results += (criterion, *criterion.indicators)
        results += self.preconditions
        if self.applies is not None:
            results.append(self.applies)
        return {each.address: each.verdict for each in results}

    @property
    def recognition_verdict(self) -> Verdict | None:
        """That of the conditions of recognition and the set together; None where the set states no conditions."""
        if self._ran is not None:
            return self._ran.recognition
        return None if self.recognition is None else self.recognition.verdict

    @property
    def rules(self) -> CriteriaSet:
        """The set that judged."""
        return self.scope.rules if self._ran is None else self._ran.rules

    @property
    def dossier(self) -> Dossier:
        """The dossier that was judged."""
        return self.scope.dossier if self._ran is None else self._ran.dossier

    @property
    def on(self) -> date:
        """The day that picked the edition."""
        return self.dossier.on

    @cached_property
    def tally(self) -> Tally:
        """The tally of criteria."""
        ran = self._ran
        verdicts = [each.verdict for each in self.criteria] if ran is None else ran.criteria
        return Tally.of(verdicts, self.rules.counts.criteria)

    @cached_property
    def indicator_tally(self) -> Tally:
        """The tally of indicators."""
        ran = self._ran
        verdicts = [each.verdict for each in self.indicators] if ran is None else ran.indicators
        return Tally.of(verdicts, self.rules.counts.indicators)

    @property
    def failing(self) -> tuple[CriterionResult, ...]:
        """The criteria that are not met."""
        return tuple(result for result in self.criteria if result.verdict is Verdict.NOT_MET)

    @property
    def missing_facts(self) -> tuple[str, ...]:
        """
        The missing facts that can change the verdict on their indicator, each once.

        An indicator that a conclusion covers asks for nothing. Of a derived fact, those that it still needs; the fact
        itself where none of them is given.
        """
        return tuple(dict.fromkeys(name for row in self._rows for name in row.missing_facts))

    @property
    def missing_for_verdict(self) -> tuple[str, ...]:
        """
        Those of them that can still change the verdict on the set, or together with the conditions of recognition.

        None any more once that is decided; of an incomplete set, which is never met, only what can make it fail.
        """
        return lent.missing(self)

    def sub_result(self, name: str) -> Assessment:
        """
        What a place beneath gave, by its name; the first where it was judged by several sets.

        Raises:
            UnknownNameError: If none of that name was judged by a set of its own.
        """
        found = {each.dossier.place.name: each for each in reversed(self.sub_results)}
        if name not in found:
            raise UnknownNameError(name, nearest(name, found))
        return found[name]

    @property
    def missing_in_sub_places(self) -> dict[str, tuple[str, ...]]:
        """The facts that places beneath lack, by the name of the place, where what is asked of it is open."""
        missing: dict[str, dict[str, None]] = {}
        for row in self._rows:
            for reason in row.reasons:
                members = () if reason.counted is None else reason.counted.with_verdict(Verdict.UNDETERMINED)
                for member in members:
                    if member.step is not None and member.kind != YEAR:
                        facts = [fact for each in member.step.why_so() for fact in each.missing_facts]
                        missing.setdefault(member.name, {}).update(dict.fromkeys(facts))
        return {name: tuple(facts) for name, facts in missing.items()}

    @property
    def missing_in_earlier(self) -> dict[int, tuple[str, ...]]:
        """The facts that earlier years lack, by year; none of a year whose whole dossier is missing."""
        missing: dict[int, dict[str, None]] = {}
        for row in self._rows:
            for reason in row.reasons:
                for year, facts in _missing_then(reason, self.dossier):
                    missing.setdefault(year, {}).update(dict.fromkeys(facts))
        return {year: tuple(missing[year]) for year in sorted(missing)}

    @property
    def provisional(self) -> bool:
        """Whether any verdict here is computed against anything below `secondary`."""
        return any(each.provisional for each in self.criteria) or any(each.provisional for each in self._rows)

    @property
    def hypothetical(self) -> bool:
        """Whether it was judged under a scenario, and so not by the law."""
        return self.rules.hypothetical

    @property
    def rests_on(self) -> dict[str, tuple[str, ...]]:
        """
        What the decided indicators and criteria rest on, as addresses by grade and those that are ``attested``.

        An indicator is listed by the worst grade it needs; a criterion only where its own conclusion stands.
        """
        groups: dict[str, list[str]] = {}
        for result in self._rows:
            if result.basis is Basis.ATTESTED:
                groups.setdefault("attested", []).append(result.address)
            # What was only reported is compared with a threshold, so it is listed with that too.
            compared = result.basis is not Basis.ATTESTED or result.provisional
            if compared and result.support is not None and result.verdict.decided:
                groups.setdefault(result.support.grade.value, []).append(result.address)
        for criterion in self.criteria:
            if criterion.reasons and criterion.reasons[0].code is ReasonCode.ATTESTED:
                groups.setdefault("attested", []).append(criterion.address)
        order = ("text", "secondary", "recalled", "attested")
        return {name: tuple(groups[name]) for name in order if name in groups}

    def why(self, lang: Language = "vi") -> str:
        """The sentences that explain the verdict on the set."""
        return lent.voice(self, lang)

    def why_not(self, lang: Language = "vi") -> str:
        """
        The sentences that tell only what decided the verdict on the set.

        Example:
            >>> import ntm_rules as ntm
            >>> dossier = ntm.Dossier.from_mapping({
            ...     "dossier": 1,
            ...     "place": {"level": "commune", "name": "Phú Đình", "province": "Thái Nguyên"},
            ...     "year": 2018,
            ...     "attestations": {"10": {"verdict": "not_met", "by": "UBND huyện Định Hóa"}},
            ... })
            >>> result = ntm.evaluate(ntm.load("commune/standard/2016-2020"), dossier)
            >>> print(result["10"].why_not("en"))
            Criterion 10. Income: NOT MET (attested by a department)
              Conclusion "not met" by UBND huyện Định Hóa for 2018.
        """
        return lent.short(self, lang)

    def to_dict(self) -> dict[str, Any]:
        """The assessment as plain data, valid under ``schemas/assessment.schema.json``; no sentences, no clock."""
        return lent.record(self)

    def to_proof(self) -> dict[str, Any]:
        """
        As `to_dict`, with all that is needed to judge again under ``proof``; its fingerprint is over that too.

        The dossier in full, the rules as a document with their law fingerprint, overlays in full, every step of every
        row. ``ntm-rules recheck`` checks it without this library's evaluator, ``ntm-rules reproduce`` judges again.
        """
        return lent.proof(self)

    @property
    def fingerprint(self) -> str:
        """sha256 over the canonical JSON of `to_dict`."""
        fingerprint: str = self.to_dict()["fingerprint"]
        return fingerprint


_FIELDS = tuple(field.name for field in attrs.fields(Assessment))

#: What a year is counted as, where a requirement is asked of several.
YEAR = "year"


def _missing_then(reason: Reason, dossier: Dossier) -> Iterator[tuple[int, tuple[str, ...]]]:
    """What a reason says is missing of earlier years of the place."""
    if reason.code is ReasonCode.MISSING_FACT_THEN and reason.names == (dossier.place.level.value,):
        yield reason.numbers[0], reason.needs or (reason.subject or "",)
    if reason.code is ReasonCode.YEARS_MISSING:
        yield from ((year, ()) for year in reason.numbers[1:])
    for member in () if reason.counted is None else reason.counted.with_verdict(Verdict.UNDETERMINED):
        if member.kind == YEAR and member.step is not None:
            of_year = member.scope.dossier
            for each in member.step.why_so():
                yield from _missing_then(each, of_year)
                if of_year.year != dossier.year:
                    yield of_year.year, each.missing_facts


#: Reasons that name the facts that would remove them.
_NAMES_FACTS = frozenset(
    {
        ReasonCode.ATTAINMENT_OPEN,
        ReasonCode.JUDGED_BY_OTHER_SET,
        ReasonCode.COUNTED_OPEN,
        ReasonCode.DENOMINATOR_UNSTATED,
        ReasonCode.YEARS_OPEN,
        ReasonCode.YEARS_MISSING,
    }
)

#: Reasons that a fact would remove.
_ASKS_FOR_A_FACT = frozenset(
    {
        ReasonCode.MISSING_FACT,
        ReasonCode.NOT_DECLARED,
        ReasonCode.CATEGORY_MISSING,
        ReasonCode.PART_MISSING,
        ReasonCode.FACT_OF_OTHER_YEAR,
    }
)


def figure_period(figure: FactValue, year: int) -> PartialDate:
    """The period a figure describes: its own, or the year judged."""
    return figure.for_ or PartialDate(year)
