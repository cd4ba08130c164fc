"""The places as they are drawn: what they are, how they stand, and what anchors the country."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import attrs

from ntm_rules.population.country.draws import BESIDE, FAR, MILLE, MILLION, WHETHER, WHOLE, bell, draw, happens, take
from ntm_rules.population.country.layout import Country, data
from ntm_rules.rulebook import places

if TYPE_CHECKING:
    import polars as pl

#: How many rows are drawn at a time.
CHUNK = 100_000

#: The facts that every country tells, whatever its set: the weights of its poverty.
POOR, NEAR_POOR, HOUSEHOLDS = "poor_household_count", "near_poor_household_count", "household_count"

#: No more of the households are poor or near-poor, in parts per million.
MOST_POOR = 700_000

ZONES = ("none", "I", "II", "III")
_ZONE_II, _ZONE_III = 2, 3
#: Attributes that are always told; what the set asks for besides holds for `_OTHERS` in a thousand.
_ATTRIBUTES = (
    "ethnic_zone",
    "is_especially_difficult",
    "is_coastal_or_island_especially_difficult",
    "is_safe_zone",
    "is_in_poor_district",
    "is_in_district_that_left_poverty_2018_2020",
)
_OTHERS = 150
#: Where there are no districts, so many places with numbers in a row share what districts have in common.
_NEIGHBOURS = 12


@attrs.frozen
class Standing:
    """The places of a country, found once: columns that begin with ``#`` are not told."""

    country: Country

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """The regions, in the order of their numbers."""
        return tuple(data()["regions"])

    @cached_property
    def attributes(self) -> tuple[str, ...]:
        """What is told of places, in this order."""
        listed = [each.id for each in places().attributes if each.id in self.country.rules.used_attributes]
        known = {each.id for each in places().attributes if each.values}
        others = [each for each in listed if each not in _ATTRIBUTES and each not in known]
        return (*_ATTRIBUTES, *others)

    @cached_property
    def deciding(self) -> tuple[str, ...]:
        """The attributes that thresholds depend on."""
        return tuple(each for each in self.attributes if each in self.country.rules.used_attributes)

    def draw(self, name: str, counter: str = "#") -> pl.Expr:
        """The draw of a column."""
        return draw(self.country.seed, name, counter)

    # --- combinations of what thresholds depend on --------------------------------------------------------------

    def said(self, code: int) -> tuple[tuple[str, bool | str], ...]:
        """The deciding attributes that a number stands for."""
        said: list[tuple[str, bool | str]] = []
        for name in self.deciding:
            values: tuple[bool | str, ...] = ZONES if name == "ethnic_zone" else (False, True)
            code, at = divmod(code, len(values))
            said.append((name, values[at]))
        return tuple(said)

    @cached_property
    def ways(self) -> int:
        """How many combinations of deciding attributes there are."""
        ways = 1
        for name in self.deciding:
            ways *= len(ZONES) if name == "ethnic_zone" else 2
        return ways

    # --- places ---------------------------------------------------------------------------------------------------

    def by_region(self, key: str, at: int | None = None) -> pl.Expr:
        """What is assumed or published of a place's region."""
        import polars as pl

        figures = [data()["regions"][region][key] for region in self.regions]
        figures = figures if at is None else [each[at] for each in figures]
        return pl.lit(pl.Series(figures, dtype=pl.Int64)).gather(pl.col("#region"))

    def places(self, start: int, stop: int) -> pl.DataFrame:
        """What the places are, and how they stand."""
        import polars as pl

        blocks = self.country.blocks
        number = pl.int_range(start, stop, eager=True, dtype=pl.Int64)
        starts = pl.Series([block.start for block in blocks], dtype=pl.Int64)
        at = starts.search_sorted(number, side="right").cast(pl.Int64) - 1
        provinces = list(dict.fromkeys(block.province for block in blocks))

        def column(values: Sequence[int | str]) -> pl.Series:
            return pl.Series(values).gather(at)

        table = pl.DataFrame(
            {
                "#number": number,
                "#": number.cast(pl.UInt64),
                "province": column([block.province for block in blocks]),
                "#province": column([provinces.index(block.province) for block in blocks]).cast(pl.UInt64),
                "kind": column([block.kind for block in blocks]),
                "region": column([block.region for block in blocks]),
                "#region": column([self.regions.index(block.region) for block in blocks]),
                "#in": column([block.before - block.start for block in blocks]) + number,
                "#of": column([block.of for block in blocks]),
                "#first": column([block.first_district for block in blocks]),
                "#districts": column([block.districts for block in blocks]),
            }
        )
        own = pl.col("#first") + pl.col("#in") * pl.col("#districts") // pl.col("#of")
        districts = any(block.districts for block in blocks)
        table = table.with_columns(
            (own if districts else pl.col("#number") // _NEIGHBOURS).cast(pl.UInt64).alias("#district")
        )
        return table.with_columns(self._attributes()).with_columns(self._standing(), self._terms())

    def _attributes(self) -> list[pl.Expr]:
        import polars as pl

        zone = take(self.draw("ethnic_zone"), FAR) * MILLE // WHOLE
        # The zone is the first whose share, with those of the zones before it, is above the draw.
        outside, first, second = (self.by_region("ethnic_zone", at) for at in range(3))
        above = [outside, outside + first, outside + first + second]
        at_zone = sum(((zone >= bound).cast(pl.Int64) for bound in above), start=pl.lit(0, dtype=pl.Int64))
        coastal = happens(self.draw("coastal"), FAR, self.by_region("coastal")) | (pl.col("kind") == "special_zone")
        district = self.draw("district", "#district")
        poor = happens(district, FAR, self.by_region("poor_district"))
        left = ~poor & happens(district, BESIDE, self.by_region("left_poverty"))
        known = {
            "ethnic_zone": at_zone,
            "is_especially_difficult": (at_zone == _ZONE_III) | coastal,
            "is_coastal_or_island_especially_difficult": coastal,
            "is_safe_zone": happens(self.draw("safe_zone"), FAR, self.by_region("safe_zone")),
            "is_in_poor_district": poor,
            "is_in_district_that_left_poverty_2018_2020": left,
        }
        others = {name: happens(self.draw(name), FAR, _OTHERS / MILLE) for name in self.attributes}
        return [(others | known)[name].alias(f"#{name}") for name in self.attributes]

    def _standing(self) -> pl.Expr:
        """How a place stands, in thousandths of a standard deviation of the country's middle."""
        import polars as pl

        spread = data()["spread"]
        parts = [("#province", "province"), ("#district", "district"), ("#", "place")]
        stands = self.by_region("development")
        for counter, name in parts:
            stands = stands + bell(self.draw(f"standing of the {name}", counter)) * spread[name] // MILLE
        zone = pl.col("#ethnic_zone")
        stands = stands + pl.when(zone == _ZONE_II).then(spread["zone_II"]).when(zone == _ZONE_III).then(
            spread["zone_III"]
        ).otherwise(0)
        return stands.alias("#standing")

    def _terms(self) -> pl.Expr:
        """The number of the terms on which a place is judged: its region and what thresholds depend on."""
        import polars as pl

        code, weight = pl.lit(0, dtype=pl.Int64), 1
        for name in self.deciding:
            code = code + pl.col(f"#{name}").cast(pl.Int64) * weight
            weight *= len(ZONES) if name == "ethnic_zone" else 2
        return (pl.col("#region") * self.ways + code).alias("#terms")

    # --- anchors ------------------------------------------------------------------------------------------------

    def _pieces(self) -> Iterator[pl.DataFrame]:
        total = len(self.country)
        for start in range(0, total, CHUNK):
            yield self.places(start, min(start + CHUNK, total))

    @cached_property
    def edge(self) -> int:
        """How a commune must stand to meet the set, so that the published share of communes does."""
        import polars as pl

        standing = pl.concat(piece.filter(pl.col("kind") == "commune")["#standing"] for piece in self._pieces()).sort()
        failing = len(standing) * (MILLE - self.country.progress) // MILLE
        return int(standing[failing]) if failing < len(standing) else int(standing[-1]) + 1

    @cached_property
    def poverty(self) -> list[int]:
        """
        For every region what its places' rates are multiplied by, in millionths, to give the published rate.

        That rate is the one of the places that tell how many of their households are poor and near-poor.
        """
        import polars as pl

        factors = [MILLION] * len(self.regions)
        # Where a rate was cut the others make up for it.
        for _ in range(3):
            sums = dict.fromkeys(range(len(self.regions)), (0, 0))
            for piece in self._pieces():
                telling = [self.is_told(name) for name in (POOR, NEAR_POOR, HOUSEHOLDS)]
                rated = piece.filter(~self.by_departments(), *telling).with_columns(self.households())
                rated = rated.with_columns(self.rate(factors))
                found = rated.group_by("#region").agg(
                    pl.col(HOUSEHOLDS).sum(), (pl.col(HOUSEHOLDS) * pl.col("#rate")).sum().alias("#poor")
                )
                for region, households, poor in found.iter_rows():
                    sums[region] = (sums[region][0] + households, sums[region][1] + poor)
            for at, region in enumerate(self.regions):
                households, poor = sums[at]
                if poor:
                    wanted = data()["regions"][region]["poverty"] * 100 * households
                    factors[at] = factors[at] * wanted // poor
        return factors

    def households(self) -> pl.Expr:
        """How many households a place has."""
        import polars as pl

        blocks = attrs.evolve(self.country, places=None).blocks
        means = []
        for region in self.regions:
            # A country scaled up or down has places of the same size.
            there = sum(block.count for block in blocks if block.region == region)
            means.append(data()["regions"][region]["households"] * MILLE // there)
        mean = pl.lit(pl.Series(means, dtype=pl.Int64)).gather(pl.col("#region"))
        drawn = take(self.draw(HOUSEHOLDS), FAR)
        size = mean * 4 // 10 + mean * 12 // 10 * drawn // WHOLE
        return size.clip(data()["figures"]["household_least"]).alias(HOUSEHOLDS)

    def rate(self, factors: Sequence[int]) -> pl.Expr:
        """The share of households poor or near-poor, in millionths; lower where a place stands better."""
        import polars as pl

        lower = (MILLE - (pl.col("#standing") - self.by_region("development")) * 600 // MILLE).clip(300, 2000)
        noise = 700 + take(self.draw("poverty"), FAR) * 600 // WHOLE
        factor = pl.lit(pl.Series(factors, dtype=pl.Int64)).gather(pl.col("#region"))
        rate = self.by_region("poverty") * lower * noise // 10_000 * factor // MILLION
        return rate.clip(0, MOST_POOR).alias("#rate")

    # --- what is told ---------------------------------------------------------------------------------------------

    def by_departments(self) -> pl.Expr:
        """Whether a place is judged by departments only."""
        return happens(self.draw("departments"), FAR, self.country.departments)

    def is_told(self, name: str) -> pl.Expr:
        """Whether a figure is not missing, where there are figures."""
        return ~happens(self.draw(f"missing {name}"), WHETHER, self.country.missing)


__all__ = ["CHUNK", "HOUSEHOLDS", "MOST_POOR", "NEAR_POOR", "POOR", "ZONES", "Standing"]
