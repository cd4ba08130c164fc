"""What is wanted of a made-up country, and how many places of which kind it has where."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property, lru_cache
from importlib import resources
from typing import Any

import attrs

from ntm_rules.errors import UnknownNameError
from ntm_rules.messages import nearest
from ntm_rules.rulebook import load, places, set_names
from ntm_rules.vocabulary.criteria import CriteriaSet, SetId
from ntm_rules.vocabulary.places import Level, Province

#: A synthetic name begins with what the place is.
NAMES = {"commune": "Xã", "town": "Thị trấn", "ward": "Phường", "special_zone": "Đặc khu"}

_SHARE = attrs.validators.and_(attrs.validators.ge(0.0), attrs.validators.le(1.0))

#: The year of the figures unless another is asked for.
_YEARS = {"vn-2008": 2022, "vn-2025": 2025}


@lru_cache(maxsize=1)
def data() -> dict[str, Any]:
    """What the country is drawn from, each number marked there as published or assumed."""
    return tomllib.loads(resources.files(__package__).joinpath("country.toml").read_text(encoding="utf-8"))


@attrs.frozen
class Block:
    """
    Places of one kind in one province and region, which have numbers in a row.

    Attributes:
        start: The number of the first, from 0.

        before: How many places of the province have lower numbers.

        of: How many places the province has.

        first_district: The number of the province's first district, from 0.

        districts: How many districts the province has; none on a map without them.
    """

    province: str
    kind: str
    region: str
    start: int
    count: int
    before: int
    of: int
    first_district: int
    districts: int


@attrs.frozen(kw_only=True)
class Country:
    """
    What is to be drawn.

    Attributes:
        map: ``vn-2008`` (63 provinces, 10,599 communes, towns and wards) or ``vn-2025`` (34 provinces, 3,321 communes,
            wards and special zones).

        year: The year of the figures, whose last day picks the edition of the set.

        set: A set for communes.

        seed: Another seed draws another country.

        places: How many places there are, each province and kind having its share; as many as there are unless given.

        missing: The share of figures that are missing; of the attributes of places a tenth of it is.

        attested: The share of rows of the set on which a department has concluded.

        contradicting: The share of these conclusions that say the contrary of how the place was drawn, where it has
            figures.

        departments: The share of places that are judged by departments only: every criterion attested, no figure.

    Raises:
        UnknownNameError: If there is no such map, it was not the country's at the end of that year, or there is no
            such set for communes.

        ValueError: If a share is not from 0 to 1, or there are to be no places.

    Example:
        >>> len(Country(map="vn-2025", year=2025))
        3321
    """

    map: str = "vn-2008"
    year: int = attrs.Factory(lambda self: _YEARS.get(self.map, 0), takes_self=True)
    set: str = "commune/standard/2021-2025"
    seed: int = 2022
    places: int | None = attrs.field(default=None, validator=attrs.validators.optional(attrs.validators.ge(1)))
    missing: float = attrs.field(default=0.03, validator=_SHARE)
    attested: float = attrs.field(default=0.1, validator=_SHARE)
    contradicting: float = attrs.field(default=0.005, validator=_SHARE)
    departments: float = attrs.field(default=0.1, validator=_SHARE)

    def __attrs_post_init__(self) -> None:
        """Refuse what there is not."""
        if self.map not in _YEARS:
            raise UnknownNameError(self.map, nearest(self.map, _YEARS))
        communal = [name for name in set_names() if name.startswith(f"{Level.COMMUNE.value}/")]
        if self.set.partition("@")[0] not in communal:
            raise UnknownNameError(self.set, nearest(self.set, communal))
        there = places().map_on(self.on)
        if there != self.map:
            raise UnknownNameError(f"{self.map} {self.on.isoformat()}", there)

    @property
    def on(self) -> date:
        """The last day of the year."""
        return date(self.year, 12, 31)

    def __len__(self) -> int:
        """How many places it has."""
        return sum(block.count for block in self.blocks)

    @cached_property
    def rules(self) -> CriteriaSet:
        """The edition that its figures are drawn around."""
        return load(self.set, on=self.on)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Its places, province by province and kind by kind."""
        return tuple(_blocks(self.map, self.places))

    @property
    def progress(self) -> int:
        """How many of its communes meet the set, in permille."""
        tier = SetId.parse(self.set.partition("@")[0]).tier.value
        published: list[tuple[int, int]] = sorted(
            (int(year), share) for year, share in data()["progress"].get(tier, {"0": 100}).items()
        )
        return next((share for year, share in reversed(published) if year <= self.year), published[0][1])


def apportion(weights: Sequence[int], total: int) -> list[int]:
    """
    A total in whole parts by weight; what is left over goes to the largest remainders, the earlier first.

    Example:
        >>> apportion([3, 2, 2], 10)
        [4, 3, 3]
    """
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    shares = [weight * total // whole for weight in weights]
    left = sorted(range(len(weights)), key=lambda at: (-(weights[at] * total % whole), at))
    for at in left[: total - sum(shares)]:
        shares[at] += 1
    return shares


def _blocks(map: str, total: int | None) -> Iterator[Block]:
    counts = data()["places"][map]
    kinds = counts["kinds"]
    provinces = [province for province in places().provinces if province.map == map]
    there = [counts[_code(province.id)] for province in provinces]
    wanted = [count for row in there for count in row[: len(kinds)]]
    # Districts keep their size where there are more places or fewer.
    share = 1 if total is None else total / sum(wanted)
    if total is not None:
        wanted = apportion(wanted, total)
    start = district = 0
    for at, (province, row) in enumerate(zip(provinces, there, strict=True)):
        own = wanted[at * len(kinds) : (at + 1) * len(kinds)]
        districts = max(1, round(row[-1] * share)) if row[-1] else 0
        before = 0
        for kind, count in zip(kinds, own, strict=True):
            for region, those in _by_region(province, kind, count):
                if those:
                    yield Block(province.name, kind, region, start, those, before, sum(own), district, districts)
                start += those
                before += those
        district += districts


def _code(id: str) -> str:
    return id.rpartition("/")[2]


def _by_region(province: Province, kind: str, count: int) -> list[tuple[str, int]]:
    """The places of a province by region: its own, or shared as those of its predecessors were."""
    if province.region is not None:
        return [(province.region, count)]
    earlier = data()["places"]["vn-2008"]
    regions: Counter[str] = Counter()
    for id in province.predecessors:
        before = places().province(id)
        if before is not None and before.region is not None:
            communes, towns, wards, _ = earlier[_code(id)]
            regions[before.region] += wards if kind == "ward" else communes + towns
    return list(zip(regions, apportion(list(regions.values()), count), strict=True))


__all__ = ["NAMES", "Block", "Country", "apportion", "data"]
