"""Districts with communes for tests, and random requirements of them with everything that can complete a dossier."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date
from random import Random

import attrs

from ntm_rules.vocabulary.criteria import CriteriaSet, SetId
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import Dossier, HeldTitle, SubPlaces
from ntm_rules.vocabulary.places import Level, Place
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.requirements import (
    AppliesWhen,
    Collection,
    Compare,
    Denominator,
    Every,
    Holds,
    RecognisedAs,
    Requirement,
    Sign,
    SubPlaceMeasure,
    Table,
)
from strategies import REGION, catalogue_of, criteria_set, criterion, percent, values

COMMUNE_SET = "commune/standard/2016-2020"
ADVANCED_SET = "commune/advanced/2016-2020"
P, Q, R = Holds(fact="p"), Holds(fact="q"), Holds(fact="r")


def commune(name, facts=None, /, **own):
    """A commune's dossier."""
    kind = own.pop("kind", None)
    place = Place(Level.COMMUNE, name, "Thử", region=REGION, kind=kind)
    return attrs.evolve(Dossier(place, 2020, date(2020, 12, 31), facts=values(facts or {})), **own)


def district(*below, counts=(), **own):
    """A district's dossier with the dossiers of its communes; `None` says nothing of them."""
    beneath = None if below == (None,) else SubPlaces(tuple(dict(counts).items()), below)
    place = Place(Level.DISTRICT, "Thử", region=REGION)
    return attrs.evolve(Dossier(place, 2020, date(2020, 12, 31), sub_places=beneath), **own)


def district_set(*requirements: Requirement) -> CriteriaSet:
    """A district's set of one criterion with these rows; its catalogue holds what is read of places beneath too."""
    rules = criteria_set(criterion("1", *requirements))
    found, trees = [], list(requirements)
    while trees:
        tree = trees.pop()
        found.append(tree)
        trees += [asked for node in tree.walk() for asked in node.asked_beneath]
    return attrs.evolve(rules, id=SetId.parse("district/standard/2016-2020"), catalogue=catalogue_of(found))


def share(that, required, sign=Sign.AT_LEAST, *, what=Collection.COMMUNES, of=Denominator.APPLICABLE, **own):
    """A share of the communes."""
    cell = percent(required) if isinstance(required, int | str) else required
    table = cell if isinstance(cell, Table) else Table.constant(cell)
    return Compare(measure=SubPlaceMeasure(what, that, share=True, of=of), sign=sign, threshold=table, **own)


def count(that, required, sign=Sign.AT_LEAST, *, what=Collection.COMMUNES, **own):
    """A number of the communes."""
    threshold = Table.constant(Quantity(percent(required).value, what.unit))
    return Compare(measure=SubPlaceMeasure(what, that), sign=sign, threshold=threshold, **own)


def every(require, exception=None, what=Collection.COMMUNES):
    """What is required of every commune."""
    return Every(collection=what, require=require, exception=exception)


def title(place=None, set_id=COMMUNE_SET, dated="2019-05-01", kind="commune", **own):
    """A decision of recognition."""
    return HeldTitle(set_id, PartialDate.parse(dated), place, None if place is None else kind, **own)


# --- at random --------------------------------------------------------------------------------------------------

TITLE = RecognisedAs(set_id=COMMUNE_SET)
_ASKED = (P, Q, AppliesWhen(condition=P, body=Q), AppliesWhen(condition=Q, body=P), TITLE)


def random_rollup(random: Random) -> Requirement:
    """A count, a share or `every` over the communes."""
    that = random.choice(_ASKED)
    if random.random() < 0.4:
        return every(that, random.choice((None, *_ASKED)))
    sign = random.choice(list(Sign))
    if random.random() < 0.5:
        asked: Compare = count(that, random.randint(0, 3), sign)
    else:
        asked = share(that, random.choice((0, 25, 50, 75, 100)), sign, of=random.choice(list(Denominator)))
    table = attrs.evolve(asked.threshold, boundary_unstated=random.random() < 0.2)
    return attrs.evolve(asked, threshold=table)


def random_district(random: Random) -> Dossier:
    """Up to three communes, some of them listed, some of what is known of them missing."""
    names = [f"x{at}" for at in range(random.randint(0, 2))]
    below = [commune(name, {fact: random.random() < 0.5 for fact in "pq" if random.random() < 0.6}) for name in names]
    counts = {"commune": len(names) + random.choice((0, 0, 1))} if not names or random.random() < 0.7 else {}
    titles = tuple(title(name) for name in names if random.random() < 0.4)
    return district(*below, counts=counts, titles=titles, titles_complete=random.random() < 0.5)


def completions(dossier: Dossier) -> Iterator[Dossier]:
    """Every dossier that says all there is to say, and what *dossier* says of it."""
    beneath = dossier.sub_places
    more = dossier.places_beneath(("commune",))[1] or 0
    below = [*beneath.dossiers, *(commune(f"y{at}") for at in range(more))]
    names = [each.place.name for each in below]
    ways = []
    for each in below:
        known = {value.fact: value.statement for value in each.facts}
        free = [fact for fact in "pq" if fact not in known]
        ways.append(
            [
                attrs.evolve(each, facts=values(known | dict(zip(free, said, strict=True))))
                for said in itertools.product((False, True), repeat=len(free))
            ]
        )
    held = {each.place for each in dossier.titles}
    # A list that is complete says all of the communes that are listed; of the others it is not asked.
    open_ = [name for name in names if name not in held and (not dossier.titles_complete or name.startswith("y"))]
    for chosen in itertools.product(*ways):
        for recognised in itertools.product((False, True), repeat=len(open_)):
            titles = [title(name) for name, so in zip(open_, recognised, strict=True) if so]
            yield attrs.evolve(
                dossier,
                sub_places=SubPlaces((("commune", len(chosen)),), chosen),
                titles=(*dossier.titles, *titles),
                titles_complete=True,
            )
