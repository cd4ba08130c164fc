"""Verdicts on one place by the set's program, at once; all else from the readable evaluator, when it is asked for."""

from __future__ import annotations

from typing import Any, NamedTuple

from ntm_rules.evaluation.assessing import assess, check_overlays, required_and_computed, verdict_at
from ntm_rules.evaluation.attestation import attestations_at, said_of
from ntm_rules.evaluation.axes import rows_of
from ntm_rules.evaluation.compiling import compiles, readable
from ntm_rules.evaluation.context import Terms, terms
from ntm_rules.evaluation.elsewhere import led_on, other_set
from ntm_rules.evaluation.lanes import (
    CODES,
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    UNDETERMINED,
    VERDICTS,
    Check,
    Judged,
    all_of,
)
from ntm_rules.evaluation.program import Program
from ntm_rules.vocabulary.assessments import Assessment
from ntm_rules.vocabulary.criteria import CriteriaSet
from ntm_rules.vocabulary.dossiers import Attestation, Dossier
from ntm_rules.vocabulary.instruments import Grade, Source
from ntm_rules.vocabulary.requirements import (
    AllOf,
    AnyOf,
    AppliesWhen,
    AtLeastNOf,
    Attains,
    Compare,
    DecidedBy,
    Every,
    ForEachYear,
    Holds,
    IsOneOf,
    Requirement,
    RowMeasure,
    SubPlaceMeasure,
    When,
)
from ntm_rules.vocabulary.verdicts import Verdict


def evaluate(rules: CriteriaSet, dossier: Dossier, *, accept: Grade = Grade.RECALLED) -> Assessment:
    """
    Judge a place's *dossier* against a criteria set (bộ tiêu chí).

    A missing fact, a threshold left to a province, a figure of the law that is not at hand: each leaves its indicator
    undetermined with its own reason. Nothing is guessed.

    Verdicts are there at once; reasons, findings and whatever else an assessment tells are built when one is asked
    for, all of them then. So a caller who wants verdicts alone reads `Assessment.verdict`, `Assessment.verdicts` and
    the tallies.

    Args:
        rules: The set, from `load`.

        dossier: What is known, from `read_dossier` or `Dossier.from_mapping`.

        accept: The lowest grade of law data to use; cells below it count as unstated.

    Raises:
        RevisionError: If a decision laid over the set is for another province or another time than the dossier's.

    Returns:
        The verdicts of the set, of each criterion and of each indicator, with reasons.

    Example:
        >>> import ntm_rules as ntm
        >>> rules = ntm.load("commune/standard/2016-2020")
        >>> dossier = ntm.Dossier.from_mapping({
        ...     "dossier": 1,
        ...     "place": {"level": "commune", "name": "Phú Đình", "province": "Thái Nguyên"},
        ...     "year": 2018,
        ...     "attestations": {"10": {"verdict": "not_met", "by": "UBND huyện Định Hóa"}},
        ... })
        >>> ntm.evaluate(rules, dossier).verdict
        <Verdict.NOT_MET: 'not_met'>

    .. versionadded:: 0.1.0
    """
    if rules.overlays:
        check_overlays(rules, dossier)
    flat = rules.prepared.get(id(accept)) or flat_of(rules, accept)
    ran = flat.run(dossier) if flat.able else None
    if ran is None:
        return assess(rules, dossier, accept)
    result = _new(Assessment)
    _set_verdict(result, VERDICTS[ran.code])
    _set_ran(result, ran)
    return result


_new, _new_tuple = object.__new__, tuple.__new__
# The fields that are not set are built by `Assessment` itself.
_set_verdict = Assessment.verdict.__set__  # type: ignore[attr-defined]
_set_ran = Assessment._ran.__set__  # type: ignore[attr-defined]  # noqa: SLF001 - lent for this


class Ran(NamedTuple):
    """
    What a program gave for a dossier.

    Attributes:
        groups: The code of every criterion, then of all the conditions of recognition, then of what the place must be.

        code: That of the set.

        concluded: The code of every row, in the program's order, where there are conclusions to be minded.
    """

    program: Program
    dossier: Dossier
    groups: bytearray
    code: int
    concluded: bytes | None = None

    @property
    def rows(self) -> bytes:
        """The code of every row, in the program's order."""
        return self.program.rows(self.dossier) if self.concluded is None else self.concluded

    @property
    def rules(self) -> CriteriaSet:
        """The set that judged."""
        return self.program.terms.rules

    @property
    def recognition(self) -> Verdict | None:
        """The verdict of the set and the conditions of recognition; None without any."""
        if not self.rules.preconditions:
            return None
        conditions, applies = self.groups[-2:]
        # Of a set that is not for the place nothing is recognised, whatever the conditions give.
        for_another = self.rules.applies_to is not None and applies == NOT_MET
        return VERDICTS[NOT_APPLICABLE if for_another else all_of((self.code, conditions))]

    @property
    def criteria(self) -> list[Verdict]:
        """The verdict of each criterion, in the annex's order."""
        return [VERDICTS[code] for code in self.groups[:-2]]

    @property
    def indicators(self) -> list[Verdict]:
        """The verdict of each indicator, in the annex's order."""
        rows = self.rows
        return [VERDICTS[rows[at]] for group in self.program.groups[:-2] for at in group]

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """Every verdict by its address."""
        found: dict[str, Verdict] = {}
        rows = self.rows
        for criterion, verdict, group in zip(self.rules.criteria, self.criteria, self.program.groups, strict=False):
            found[criterion.number] = verdict
            found |= {self.program.addresses[at]: VERDICTS[rows[at]] for at in group}
        beside = (at for group in self.program.groups[-2:] for at in group)
        return found | {self.program.addresses[at]: VERDICTS[rows[at]] for at in beside}

    def whole(self) -> Assessment:
        """The same place judged by the readable evaluator."""
        return assess(self.rules, self.dossier, self.program.terms.accept)


# --- a set ------------------------------------------------------------------------------------------------------

# What asks for places beneath, for other years or for rows one by one: too much to judge twice.
_MEASURES_TOLD = (SubPlaceMeasure, RowMeasure)

# What a condition of an axis may hold whose answer hangs on what is known of the place itself.
_OF_PLACE = (AllOf, AnyOf, AtLeastNOf, AppliesWhen, When, DecidedBy)

#: More places that differ in what axes ask than there are.
MOST_KINDS = 4096


class Flat:
    """
    A set and the programs for its places: one for all that the axes take to the same rows.

    Attributes:
        able: Whether programs can judge by it; else the readable evaluator alone does.
    """

    def __init__(self, rules: CriteriaSet, accept: Grade) -> None:
        """Nothing is compiled yet."""
        self.rules = rules
        self.accept = accept
        self._incomplete, self._for_some = rules.incomplete, rules.applies_to is not None
        nodes = [node for _, row in rules.rows for node in row.require.walk()]
        self.able = not any(_tells_of_others(node) for node in nodes)
        self._programs: dict[Any, Program] = {}
        conditions = [rule.when for axis in rules.axes for rule in axis.rules if rule.when is not None]
        asked = [node for tree in conditions for node in tree.walk()]
        names = [_attribute(node) for node in asked if not isinstance(node, _OF_PLACE)]
        #: The attributes of the place that the axes ask for; None where they ask for more than that.
        self._attributes = None if None in names else tuple(dict.fromkeys(name for name in names if name))

    def program(self, dossier: Dossier, asking: tuple[str, ...]) -> Program:
        """The program for places like that of a dossier, in its year."""
        place = dossier.place
        kind: Any = (place.region, dossier.year)
        if self._attributes is None:
            kind = rows_of(self.rules, dossier, asking)[0]
        elif self._attributes:
            kind = (*kind, *map(place.attribute, self._attributes))
        found = self._programs.get(kind)
        if found is None:
            if len(self._programs) >= MOST_KINDS:
                self._programs.clear()
            found = Program(terms(self.rules, rows_of(self.rules, dossier, asking)[0], self.accept))
            self._programs[kind] = found
        return found

    def run(self, dossier: Dossier, asking: tuple[str, ...] = ()) -> Ran | None:
        """The codes that a dossier gives; None where a published tally contradicts them, which takes the reasons."""
        program = self._programs.get((dossier.place.region, dossier.year)) or self.program(dossier, asking)
        concluded = None
        if dossier.attestations:
            said, _ = attestations_at(self.rules, dossier)
            concluded, groups = self._with_conclusions(program, dossier, said, asking)
        else:
            groups = program.at_once(dossier, asking)
        criteria = groups[:-2]
        code = NOT_MET if NOT_MET in criteria else all_of(criteria)
        if self._incomplete and code != NOT_MET:
            # The rows that a set lacks are open, so it is never met.
            code = UNDETERMINED
        if dossier.reported and code != NOT_MET and self._too_few(Ran(program, dossier, groups, code, concluded)):
            if code != UNDETERMINED:
                return None
            code = NOT_MET
        if self._for_some:
            code = _if_for(code, groups[-1])
        return _new_tuple(Ran, (program, dossier, groups, code, concluded))

    def _too_few(self, ran: Ran) -> bool:
        """Whether fewer rows than all-met can mean were published as met."""
        verdicts = ran.criteria, ran.indicators
        return any(each.most < required_and_computed(each, self.rules, *verdicts)[0] for each in ran.dossier.reported)

    def _with_conclusions(
        self, program: Program, dossier: Dossier, said: dict[str, list[Attestation]], asking: tuple[str, ...]
    ) -> tuple[bytes, bytearray]:
        """The codes with what departments concluded: of rows first, then of criteria, which rest on these."""
        judged = Judged(program.terms, dossier, asking)

        def resolved(code: int, address: str) -> int:
            verdicts = {each.verdict for each in said[address]}
            agreed = CODES[verdicts.pop()] if len(verdicts) == 1 else UNDETERMINED
            if code in (UNDETERMINED, agreed):
                return agreed
            # Which side stands hangs on what was computed rests on.
            return CODES[verdict_at(address, judged.context(), said)]

        rows = bytearray(program.rows(dossier, asking))
        for address in said:
            at = program.at.get(address)
            if at is not None:
                rows[at] = resolved(rows[at], address)
        groups = program.grouped(rows)
        for number, criterion in enumerate(self.rules.criteria):
            if criterion.number in said:
                groups[number] = resolved(groups[number], criterion.number)
        return bytes(rows), groups


def _if_for(code: int, applies: int) -> int:
    """The code of a set that is for some places only; *applies* is that of what the place must be."""
    if applies == NOT_MET:
        return NOT_APPLICABLE
    return UNDETERMINED if applies == UNDETERMINED and code != NOT_APPLICABLE else code


def _tells_of_others(node: Requirement) -> bool:
    told = isinstance(node, Compare) and isinstance(node.measure, _MEASURES_TOLD)
    return told or isinstance(node, Every | ForEachYear)


def _attribute(node: Requirement) -> str | None:
    """The attribute of the place that a node asks for; None where it asks for something else."""
    if isinstance(node, IsOneOf) and node.of_place:
        return node.subject
    return node.attribute if isinstance(node, Holds) else None


def flat_of(rules: CriteriaSet, accept: Grade) -> Flat:
    """A set made ready for the lowest grade of law data to use, once."""
    found: Flat | None = rules.prepared.get(id(accept))
    if found is None:
        found = rules.prepared[id(accept)] = Flat(rules, accept)
    return found


# --- what is judged elsewhere -----------------------------------------------------------------------------------


@compiles(Attains)
def _attains(node: Attains, source: Source, terms: Terms, part: str | None) -> Check:
    """Another set as a whole by its own program; one row, or a row of the same set, as the readable evaluator does."""
    judge_readable = readable(node, source, terms, part)
    accepted = terms.citation(source)[0].grade.rank <= terms.accept.rank

    def check(judged: Judged) -> int:
        dossier, rules = judged.dossier, other_set(node.address, judged.context())
        if rules is None or rules is terms.rules or "#" in node.address or rules.id.level is not dossier.place.level:
            return judge_readable(judged)
        flat = flat_of(rules, terms.accept)
        if not flat.able:
            return judge_readable(judged)
        ran = flat.run(said_of(rules, dossier), led_on(node.address, judged.context()))
        assert ran is not None  # of what is said of a set that does not judge no tally is a part  # noqa: S101
        code = ran.code
        if code == MET and not rules.in_force.holds_on(dossier.on):
            return UNDETERMINED
        return code if accepted else UNDETERMINED

    return check
