"""A register of recognition decisions: which place was recognised by which set, from when to when."""

from __future__ import annotations

from datetime import timedelta

import attrs

from ntm_rules.errors import DossierError, Problem, ProblemCode, Where
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import Document, Dossier, HeldTitle, Predecessor, join_title
from ntm_rules.vocabulary.lineage import Life, Lineage, LineageChange
from ntm_rules.vocabulary.places import Level, Place, spelt

_A_DAY = timedelta(days=1)

#: What stands before the id of a document of a register that was laid under a dossier.
OF_REGISTER = "register/"


@attrs.frozen
class RegisteredTitle:
    """A decision of the register: the place, and the title that it gave."""

    place: Place
    title: HeldTitle
    where: Where = attrs.field(default=Where(), eq=False, repr=False)


def _may_be(place: Place, other: Place) -> bool:
    """Whether two places that are told differently may be one all the same: what one says the other leaves out."""
    if place.key == other.key or (place.level, place.key[-1]) != (other.level, other.key[-1]):
        return False
    said = ((place.kind, other.kind), (place.province, other.province), (place.district, other.district))
    return all(one is None or its is None or spelt(one) == spelt(its) for one, its in said)


@attrs.frozen
class Register:
    """
    Decisions that recognised places.

    Attributes:
        complete: Whether a place of its territory that is not listed holds no title.

        complete_sets: The sets for which that is so, and for those that include them, where not for all.

        territory: The ids of the provinces that it speaks of, on both maps; empty for the whole country.

        file: Where it was read from.
    """

    titles: tuple[RegisteredTitle, ...] = ()
    complete: bool = False
    complete_sets: tuple[str, ...] = ()
    territory: tuple[str, ...] = ()
    documents: tuple[Document, ...] = ()
    file: str | None = attrs.field(default=None, eq=False)

    def titles_of(self, dossier: Dossier, lineage: Lineage | None = None) -> tuple[HeldTitle, ...]:
        """
        The titles of a dossier's place, revoked ones too; never those of the places that it was formed of.

        Args:
            dossier: What is known of the place.

            lineage: What became of places; without it a name means one place for all time.
        """
        return self._of((lineage or Lineage()).life(dossier.place, dossier.on))[0]

    def _of(self, life: Life) -> tuple[tuple[HeldTitle, ...], bool]:
        """The titles of a place, and whether that is sure: no date leaves open whose title it is."""
        found = [(each.title, life.is_called(each.place, each.title.dated)) for each in self.titles]
        return tuple(title for title, its in found if its), None not in [its for _, its in found]

    def _tells(self, place: Place) -> bool:
        """Whether it speaks of a place's province, and can tell the place from others of its name."""
        if place.level is Level.VILLAGE or (self.territory and place.province not in self.territory):
            return False
        return not any(_may_be(place, each.place) for each in self.titles)

    def under(self, dossier: Dossier, lineage: Lineage | None = None) -> Dossier:
        """
        A dossier that knows the titles of its place and of every place beneath it, too.

        Titles of places that it was formed of are kept apart; what the dossier itself lists of them as its own, too.

        Args:
            dossier: The dossier; it stays as it is.

            lineage: What became of places.

        Raises:
            DossierError: If the dossier lists a title that contradicts one of the register.
        """
        problems: list[Problem] = []
        laid = self._under(dossier, lineage or Lineage(), problems)
        if problems:
            raise DossierError(problems)
        return laid

    def _under(self, dossier: Dossier, lineage: Lineage, problems: list[Problem]) -> Dossier:
        life = lineage.life(dossier.place, dossier.on)
        registered, sure = self._of(life)
        registered = tuple(
            attrs.evolve(each, document=None if each.document is None else OF_REGISTER + each.document)
            for each in registered
        )
        of_others: list[HeldTitle] = []
        own: list[HeldTitle] = []
        for title in dossier.titles:
            its = title.place is not None or life.is_called(dossier.place, title.dated)
            (of_others if its is False else own).append(title)
        for title in registered:
            if not join_title(title, own):
                where, name = Where(file=dossier.file), dossier.place.name
                problems.append(Problem.at(ProblemCode.TITLES_OVERLAP, where, name=name, set=title.set_id))
        told = sure and self._tells(dossier.place)
        sets = self.complete_sets if told else ()
        used = {each.document for each in own}
        added = tuple(attrs.evolve(each, id=OF_REGISTER + each.id) for each in self.documents)
        beneath = dossier.sub_places
        if beneath is not None:
            below = tuple(self._under(each, lineage, problems) for each in beneath.dossiers)
            beneath = attrs.evolve(beneath, dossiers=below)
        # What is known of a place of that name before this one was there is none of its earlier years.
        earlier = tuple(
            self._under(each, lineage, problems)
            for each in dossier.earlier
            if life.is_called(each.place, PartialDate(each.on.year, each.on.month, each.on.day))
        )
        predecessors = () if life.formed is None else self._predecessors(life.formed, dossier, of_others, lineage)
        return attrs.evolve(
            dossier,
            titles=tuple(own),
            titles_complete=dossier.titles_complete or (told and self.complete),
            complete_sets=tuple(dict.fromkeys((*dossier.complete_sets, *sets))),
            documents=tuple(dict.fromkeys((*dossier.documents, *(each for each in added if each.id in used)))),
            sub_places=beneath,
            earlier=earlier,
            predecessors=predecessors or dossier.predecessors,
        )

    def _predecessors(
        self, formed: LineageChange, dossier: Dossier, of_others: list[HeldTitle], lineage: Lineage
    ) -> tuple[Predecessor, ...]:
        """The places that one was formed of, with the titles that they held when it was."""
        before, found = formed.on - _A_DAY, []
        for place in formed.earlier:
            titles = [*self._of(lineage.life(place, before))[0]]
            if place.key == dossier.place.key:
                titles += [each for each in of_others if each not in titles]
            held = tuple(each for each in titles if each.holds_on(before) is not False)
            found.append(Predecessor(place, formed.on, formed.by, held))
        told = [each for predecessor in found for each in predecessor.titles]
        if any(each not in told for each in of_others):
            found.append(Predecessor(dossier.place, formed.on, formed.by, tuple(of_others)))
        return tuple(found)


__all__ = ["OF_REGISTER", "Register", "RegisteredTitle"]
