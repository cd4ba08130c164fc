"""Recognition over the years: decisions give titles and take them away, assessments say how they are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

import attrs

from ntm_rules.errors import DossierError, Problem, ProblemCode, Where
from ntm_rules.evaluation.attestation import said_of
from ntm_rules.evaluation.evaluate import evaluate
from ntm_rules.rulebook import editions, find, load, places, set_names, under
from ntm_rules.vocabulary.criteria import NESTED_TIERS, CriteriaSet, Tier
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import Dossier, HeldTitle, join_title
from ntm_rules.vocabulary.instruments import Citation, Grade, Source
from ntm_rules.vocabulary.lineage import Life, Lineage, LineageChange, changes_of_provinces
from ntm_rules.vocabulary.places import Level
from ntm_rules.vocabulary.register import Register
from ntm_rules.vocabulary.requirements import ForEachYear
from ntm_rules.vocabulary.status import Cause, CauseCode, RecognitionState, RecognitionStatus, TitleStatus, Transition
from ntm_rules.vocabulary.verdicts import Verdict

#: What stands before the name of a set to name that on revoking its title, and that on giving it anew.
REVOCATION, RENEWAL = "revocation/", "renewal/"

_STATE = RecognitionState


def status(
    dossiers: Iterable[Dossier],
    *,
    register: Register | None = None,
    lineage: Lineage | None = None,
    on: date | str | None = None,
    accept: Grade = Grade.RECALLED,
) -> RecognitionStatus:
    """
    What one place is recognised as on a day, since when and why, from what is known of it over the years.

    A decision of recognition gives a title and a decision of revocation takes it away; nothing that is computed does.
    For every later year the title's set is judged, in the edition in force that year: met maintains the title, not
    met makes it due for review, and so does a set on revocation that is met, or the time after which the law has a
    recognition considered anew. What is undetermined changes nothing and is told.

    Args:
        dossiers: Of one place, one a year, in the order of the years.

        register: Recognition decisions, beside those that the dossiers list.

        lineage: What became of places; titles of places that merged into this one are none of its own.

        on: The day; the last one that a dossier is judged for unless given.

        accept: The lowest grade of law data to use.

    Raises:
        DossierError: If the dossiers are not of one place and one a year, or contradict the register.

        NotInForceError: If there is no title, no dossier names a set, and none was in force.

        ValueError: If there is no dossier.

    Example:
        >>> import ntm_rules as ntm
        >>> place = {"level": "commune", "name": "Thử Một", "district": "Định Hóa", "province": "Thái Nguyên"}
        >>> title = {"set": "commune/standard/2016-2020", "dated": "2018-05-20", "decision": "01/QĐ-UBND"}
        >>> dossier = ntm.read_dossier({"dossier": 1, "year": 2019, "place": place, "titles": {"list": [title]},
        ...     "attestations": {"10": {"verdict": "not_met", "by": "UBND huyện"}}})
        >>> ntm.status([dossier]).state
        <RecognitionState.DUE_FOR_REVIEW: 'due_for_review'>

    .. versionadded:: 0.1.0
    """
    given = _with_earlier(tuple(dossiers))
    if not given:
        raise ValueError("no dossiers")
    lineage = (lineage or Lineage()).joined(changes_of_provinces(places()))
    life = lineage.life(given[0].place, given[0].on)
    problems = list(_problems(given, life))
    laid = []
    for each in given:
        try:
            laid.append((register or Register()).under(each, lineage))
        except DossierError as error:
            problems += error.problems
    titles: list[HeldTitle] = []
    for each in laid:
        for title in each.titles:
            if title.place is None and not join_title(title, titles):
                params = {"name": each.place.name, "set": title.set_id}
                problems.append(Problem.at(ProblemCode.TITLES_OVERLAP, Where(file=each.file), **params))
    if problems:
        raise DossierError(dict.fromkeys(problems))
    day = max(each.on for each in laid) if on is None else date.fromisoformat(on) if isinstance(on, str) else on
    # Every year knows every decision, whichever dossier tells of it, and the years before.
    laid = [
        attrs.evolve(
            each,
            titles=(*titles, *(title for title in each.titles if title.place is not None)),
            earlier=tuple(attrs.evolve(before, earlier=()) for before in laid[:at]),
        )
        for at, each in enumerate(laid)
    ]
    known = tuple(each for each in laid if each.on <= day)
    kept = _Kept(tuple(laid), known, tuple(titles), life, day, accept)
    followed = tuple(_Title(name, kept).follow() for name in kept.set_ids)
    return RecognitionStatus(laid[-1].place, day, followed, kept.dossiers)


# --- what is wrong ----------------------------------------------------------------------------------------------


def _problems(dossiers: tuple[Dossier, ...], life: Life) -> Iterator[Problem]:
    """One a year in order, all of one place, none from before there were criteria."""
    first, before = dossiers[0], None
    for each in dossiers:
        where = Where(file=each.file)
        if before is not None and each.year == before:
            yield Problem.at(ProblemCode.TWO_OF_ONE_YEAR, where, year=each.year)
        elif before is not None and each.year < before:
            yield Problem.at(ProblemCode.YEARS_OUT_OF_ORDER, where, year=each.year, before=before)
        before = each.year
        if not life.is_called(each.place, _day(each.on)):
            params = {"year": each.year, "name": each.place.name, "wanted": first.place.name}
            yield Problem.at(ProblemCode.OTHER_PLACE, where, **params)
        since = _first_set(each.place.level)
        if since is not None and each.on < since:
            params = {"year": each.year, "level": each.place.level.value, "first": since}
            yield Problem.at(ProblemCode.BEFORE_FIRST_SET, where, **params)


def _with_earlier(dossiers: tuple[Dossier, ...]) -> tuple[Dossier, ...]:
    """The dossiers, and those of earlier years that they tell of, in their place."""
    given = {each.year for each in dossiers}
    told: dict[int, Dossier] = {}
    for each in dossiers:
        told.update({year: then for year, then in each.by_year.items() if year not in given})
    found: list[Dossier] = []
    for each in dossiers:
        found += [told.pop(year) for year in sorted(told) if year < each.year]
        found.append(each)
    return tuple(found)


def _first_set(level: Level) -> date | None:
    """From when there is a set for places of a level, as far as the library holds them."""
    own = [name for name in set_names() if name.startswith(f"{level.value}/")]
    return min((editions(name)[0].in_force.first_day for name in own), default=None)


def _day(on: date) -> PartialDate:
    return PartialDate(on.year, on.month, on.day)


# --- what is known ----------------------------------------------------------------------------------------------


@attrs.frozen
class _Kept:
    """
    All that is known of a place.

    Attributes:
        dossiers: All that were given.

        known: Those of days up to the one that is asked for.
    """

    dossiers: tuple[Dossier, ...]
    known: tuple[Dossier, ...]
    titles: tuple[HeldTitle, ...]
    life: Life
    on: date
    accept: Grade

    @property
    def set_ids(self) -> list[str]:
        """The sets whose titles are followed: decided on, here or for a place before; else that of the dossier."""
        decided = [each.set_id for each in self.titles if each.dated.first_day <= self.on]
        inherited = [title.set_id for each in self.dossiers[-1].predecessors for title in each.titles]
        found = dict.fromkeys((*decided, *inherited))
        if not found:
            found[_judged_by(self.dossiers[-1])] = None
        return sorted(found, key=_rank)


def _rank(set_id: str) -> tuple[int, str, str]:
    """A lower tier before a higher one, an earlier period before a later one."""
    tiers = [tier.value for tier in (*NESTED_TIERS, *(each for each in Tier if each not in NESTED_TIERS))]
    parts = set_id.split("/")
    tier = parts[1] if parts[0] in [level.value for level in Level] else ""
    return (tiers.index(tier) if tier in tiers else -1), parts[-1], set_id


# --- one title --------------------------------------------------------------------------------------------------

_Happens = Callable[[], None]


@attrs.define
class _Title:
    """
    Follows one title over time.

    Attributes:
        held: The decision by which it is held.

        anew: Whether the time has come at which it is considered anew; then no assessment is enough.
    """

    set_id: str
    kept: _Kept
    state: RecognitionState = _STATE.NOT_RECOGNISED
    since: PartialDate | None = None
    held: HeldTitle | None = None
    anew: bool = False
    history: list[Transition] = attrs.field(factory=list)

    def follow(self) -> TitleStatus:
        """How the place stands to it on the day, and what led there."""
        for _, _, happens in sorted(self._events(), key=lambda event: event[:2]):
            happens()
        began = next((at for at in range(len(self.history), 0, -1) if self._changed(at - 1)), 0)
        why = tuple(
            each.cause for each in self.history[max(began - 1, 0) :] if each.decides and each.state is self.state
        )
        if not why:
            why = (self._undecided(),)
        recognised = self.held.dated if self.held is not None and self.state.holds else None
        return TitleStatus(self.set_id, self.state, self.since, recognised, why, tuple(self.history))

    def _undecided(self) -> Cause:
        """Why nothing was decided: there is no decision, or its date does not say whether it is one yet."""
        for title in self.kept.titles:
            if title.set_id == self.set_id and title.dated.first_day <= self.kept.on:
                return Cause(CauseCode.DECISION_DATE_OPEN, title=title)
        listed = self.kept.dossiers[-1].lists_all_titles_of(self.set_id)
        return Cause(CauseCode.NO_DECISION if listed else CauseCode.NO_DECISION_KNOWN)

    def _changed(self, at: int) -> bool:
        return self.history[at].before is not self.history[at].state

    def _events(self) -> Iterator[tuple[date, int, _Happens]]:
        """What happens, on which day; of one day what makes a place before what is decided, and so on."""
        kept = self.kept
        for change in kept.life.renamed:
            # Most provinces of 2025 that no other joined are just what they were.
            if change.on <= kept.on and change.earlier[0].name != change.later[0].name:
                yield change.on, 0, self._tells(_day(change.on), Cause(CauseCode.RENAMED, change=change))
        predecessors = tuple(
            attrs.evolve(each, titles=tuple(title for title in each.titles if title.set_id == self.set_id))
            for each in kept.dossiers[-1].predecessors
            if any(title.set_id == self.set_id for title in each.titles) and each.on <= kept.on
        )
        if predecessors:
            formed = Cause(CauseCode.FORMED_OF_OTHERS, change=kept.life.formed, predecessors=predecessors)
            yield predecessors[0].on, 1, lambda: self._form(_day(predecessors[0].on), formed)
        for title in kept.titles:
            if title.set_id == self.set_id and title.dated.last_day <= kept.on:
                yield from self._decided(title)
        for dossier in kept.known:
            yield dossier.on, 4, lambda dossier=dossier: self._assess(dossier)  # type: ignore[misc]
        ended = kept.life.ended
        if ended is not None and ended.on <= kept.on:
            yield ended.on, 6, lambda: self._end(ended)

    def _decided(self, title: HeldTitle) -> Iterator[tuple[date, int, _Happens]]:
        """What a decision of recognition leads to by itself."""
        yield title.dated.first_day, 3, lambda: self._recognise(title)
        revoked = title.revoked_on
        if revoked is not None and revoked.last_day <= self.kept.on:
            yield revoked.first_day, 2, lambda: self._revoke(title, revoked)
        anew = renewal(self.set_id, title)
        if anew is not None and anew.on <= self.kept.on:
            yield anew.on, 5, lambda: self._consider_anew(title, anew)

    # --- what happens ---------------------------------------------------------------------------------------------

    def _tell(self, on: PartialDate, state: RecognitionState, cause: Cause, *, decides: bool = True) -> None:
        if state is not self.state:
            self.since = on
        self.history.append(Transition(on, self.state, state, cause, decides))
        self.state = state

    def _tells(self, on: PartialDate, cause: Cause) -> _Happens:
        return lambda: self._tell(on, self.state, cause, decides=False)

    def _form(self, on: PartialDate, cause: Cause) -> None:
        self._tell(on, self.state, cause)
        self.since = self.since or on

    def _recognise(self, title: HeldTitle) -> None:
        self.held, self.anew = title, False
        self._tell(title.dated, _STATE.RECOGNISED, Cause(CauseCode.RECOGNISED_BY, title=title))

    def _revoke(self, title: HeldTitle, on: PartialDate) -> None:
        self.held = None
        self._tell(on, _STATE.REVOKED, Cause(CauseCode.REVOKED_BY, title=title))

    def _end(self, change: LineageChange) -> None:
        if self.state.holds:
            self.held = None
            self._tell(_day(change.on), _STATE.NOT_RECOGNISED, Cause(CauseCode.BECAME_OTHERS, change=change))

    def _consider_anew(self, title: HeldTitle, anew: Renewal) -> None:
        """The time has come; if the law that says so still holds, nothing but a new decision is enough."""
        if self.held is not title:
            return
        code = CauseCode.RENEWAL_DUE if anew.in_force else CauseCode.RENEWAL_OPEN
        cause = Cause(code, title=title, years=anew.years, citation=anew.citation)
        state = _STATE.DUE_FOR_REVIEW if anew.in_force else self.state
        self.anew = anew.in_force
        self._tell(_day(anew.on), state, cause, decides=anew.in_force)

    def _assess(self, dossier: Dossier) -> None:
        """Judge the title's set for the year, then whether the case for revoking the title is made out."""
        on, later = _day(dossier.on), self.held is not None and dossier.year > self.held.dated.year
        rules = _in_force(self.set_id, dossier)
        if rules is None:
            if self.held is not None:
                self._tell(on, self.state, Cause(CauseCode.NOT_ASSESSED, year=dossier.year), decides=False)
            return
        result = evaluate(rules, _for(rules, dossier), accept=self.kept.accept)
        cause = Cause(_ASSESSED.get(result.verdict, CauseCode.ASSESSED_OPEN), result=result, year=dossier.year)
        if later and result.verdict is Verdict.NOT_MET:
            self._tell(on, _STATE.DUE_FOR_REVIEW, cause)
        elif later and result.verdict is Verdict.MET and not self.anew:
            self._tell(on, _STATE.MAINTAINED, cause)
        else:
            self._tell(on, self.state, cause, decides=False)
        rules = _in_force(REVOCATION + self.set_id, dossier)
        if rules is not None and self.held is not None:
            self._ask_for_revocation(rules, dossier)

    def _ask_for_revocation(self, rules: CriteriaSet, dossier: Dossier) -> None:
        """Only an authority revokes; a case that is made out calls for its review."""
        result = evaluate(rules, _of_its_own_set(dossier), accept=self.kept.accept)
        cause = Cause(_REVOCATION.get(result.verdict, CauseCode.REVOCATION_OPEN), result=result, year=dossier.year)
        made_out = result.verdict is Verdict.MET
        self._tell(_day(dossier.on), _STATE.DUE_FOR_REVIEW if made_out else self.state, cause, decides=made_out)


_ASSESSED = {Verdict.MET: CauseCode.ASSESSED_MET, Verdict.NOT_MET: CauseCode.ASSESSED_NOT_MET}
_REVOCATION = {Verdict.MET: CauseCode.REVOCATION_MADE_OUT, Verdict.NOT_MET: CauseCode.REVOCATION_NOT_MADE_OUT}


def _in_force(name: str, dossier: Dossier) -> CriteriaSet | None:
    """The set of that name in the edition of a dossier's day; None where it is not at hand or not in force then."""
    if name not in set_names():
        return None
    rules = load(name, on=dossier.on)
    if not rules.in_force.holds_on(dossier.on):
        return None
    return under(rules, dossier.overlays, on=dossier.on) if _judged_by(dossier) == name else rules


def _judged_by(dossier: Dossier) -> str:
    """
    The set that a dossier speaks of: the one it names, else the standard of its level in force that day.

    Raises:
        NotInForceError: If it names none and none was in force.
    """
    return dossier.set_id or str(find(dossier.place.level, on=dossier.on).id)


def _for(rules: CriteriaSet, dossier: Dossier) -> Dossier:
    """A dossier as it may be judged by a set: conclusions and tallies are said of its own set, and of no other."""
    return dossier if _judged_by(dossier) == str(rules.id) else said_of(rules, _of_its_own_set(dossier))


def _of_its_own_set(dossier: Dossier) -> Dossier:
    """A dossier whose conclusions name the set that they are said of, so that another may count its rows."""
    if not dossier.attestations:
        return dossier
    name = _judged_by(dossier)
    named = tuple(
        each if each.set_id is not None else attrs.evolve(each, address=f"{name}#{each.address}")
        for each in dossier.attestations
    )
    return attrs.evolve(dossier, attestations=named)


# --- considered anew --------------------------------------------------------------------------------------------


@attrs.frozen
class Renewal:
    """
    When a recognition is considered anew.

    Attributes:
        years: After how many years.

        citation: Where the law says so.

        in_force: Whether that law is in force on the day.
    """

    on: date
    years: int
    citation: Citation
    in_force: bool


def renewal(set_id: str, title: HeldTitle) -> Renewal | None:
    """When a recognition is considered anew by the law of its day; None where that law is not at hand."""
    name = RENEWAL + set_id
    if name not in set_names():
        return None
    given = title.dated.last_day
    rules = load(name, on=given)
    found = _years_asked(rules)
    if found is None or not rules.in_force.holds_on(given):
        return None
    years, source = found
    on = _after(given, years)
    return Renewal(on, years, rules.cite(source), load(name, on=on).in_force.holds_on(on))


def _years_asked(rules: CriteriaSet) -> tuple[int, Source] | None:
    """For how many years a set wants its title kept, and where that stands."""
    for _, indicator in rules.rows:
        for node in indicator.require.walk():
            if isinstance(node, ForEachYear):
                return node.last, node.source or indicator.source
    return None


def _after(day: date, years: int) -> date:
    """The same day so many years later."""
    last_of_february = day.replace(year=day.year + years, day=28) if (day.month, day.day) == (2, 29) else None
    return last_of_february or day.replace(year=day.year + years)


__all__ = ["RENEWAL", "REVOCATION", "Renewal", "renewal", "status"]
