"""Figures around their thresholds: what a place fails, and every fact in its last decimal."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import attrs

from ntm_rules.language.table import OF_PART
from ntm_rules.population.country.asked import Asked, Row, asked, can_fail, rows, terms_of
from ntm_rules.population.country.draws import BESIDE, FAR, MILLE, MILLION, WHICH, WHOLE, happens, take
from ntm_rules.population.country.layout import Country, data
from ntm_rules.population.country.standing import HOUSEHOLDS, MOST_POOR, NEAR_POOR, POOR, Standing
from ntm_rules.vocabulary.facts import FactKind

if TYPE_CHECKING:
    import polars as pl


@attrs.frozen
class Figures:
    """The figures of the places of a country, nothing missing yet."""

    standing: Standing

    @property
    def country(self) -> Country:
        """What is drawn."""
        return self.standing.country

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The criteria and conditions of the set."""
        return rows(self.country.rules)

    @cached_property
    def asked(self) -> dict[str, Asked]:
        """What is told: every fact that the set reads, and how many households are poor."""
        found = asked(self.country.rules, self.rows)
        catalogue = self.country.rules.catalogue
        found |= {fact: Asked(catalogue[fact]) for fact in (POOR, NEAR_POOR, HOUSEHOLDS) if fact not in found}
        # A rate of poverty must agree with its counts where few are poor.
        rates = {fact: attrs.evolve(found[fact], decimals=2) for fact in data()["poverty"] if fact in found}
        return found | rates

    @cached_property
    def sure(self) -> tuple[tuple[int, ...], ...]:
        """Of every criterion the units that can be made to fail everywhere."""
        rules, year = self.country.rules, self.country.year
        everywhere = [terms_of(rules, year, region, self.standing.said(0)) for region in self.standing.regions]
        return tuple(
            tuple(at for at, unit in enumerate(row.units) if can_fail(unit, self.asked, everywhere))
            for row in self.rows
        )

    @cached_property
    def thresholds(self) -> dict[str, list[int | None]]:
        """For every fact with a threshold its level for every region and combination of attributes."""
        rules, year = self.country.rules, self.country.year
        compared = [each for each in self.asked.values() if each.required]
        levels: dict[str, list[int | None]] = {each.fact.id: [] for each in compared}
        for region in self.standing.regions:
            for code in range(self.standing.ways):
                on = terms_of(rules, year, region, self.standing.said(code))
                for each in compared:
                    levels[each.fact.id].append(each.threshold(on))
        return {fact: found for fact, found in levels.items() if any(each is not None for each in found)}

    def threshold(self, fact: str) -> pl.Expr:
        """The level of a fact with thresholds that applies to a place; null where none is stated."""
        import polars as pl

        levels = self.thresholds[fact]
        if len(frozenset(levels)) == 1:
            return pl.lit(levels[0], dtype=pl.Int64)
        return pl.lit(pl.Series(levels, dtype=pl.Int64)).gather(pl.col("#terms"))

    # --- what fails ---------------------------------------------------------------------------------------------

    def failing(self, table: pl.DataFrame) -> pl.DataFrame:
        """For every criterion whether the place fails it, and which of its units: none where the set is met."""
        import polars as pl

        odds = data()["failing"]
        below = pl.lit(self.standing.edge) - pl.col("#standing")
        table = table.with_columns(
            (below <= 0).alias("#meets"),
            (pl.lit(odds["at_edge"]) + odds["deeper"] * below // MILLE).clip(0, odds["at_most"]).alias("#odds"),
            self.standing.draw("failing").alias("#chosen"),
            *(self.standing.draw(f"failing {at}").alias(f"#h{at}") for at in range(len(self.rows))),
        )
        certain = [at for at, row in enumerate(self.rows) if row.number is not None and self.sure[at]]
        chosen = take(pl.col("#chosen"), FAR) % max(1, len(certain))
        flags = []
        for at, row in enumerate(self.rows):
            share = pl.col("#odds") if row.number is not None else pl.lit(odds["condition"])
            fails = happens(pl.col(f"#h{at}"), FAR, share)
            if at in certain:
                fails = fails | (chosen == certain.index(at))
            flags.append((~pl.col("#meets") & fails).alias(f"#fails {at}"))
        return table.with_columns(flags)

    def _unit_fails(self, at: int, unit: int) -> pl.Expr:
        """Whether a unit of a criterion fails: one does where the criterion fails, others beside it now and then."""
        import polars as pl

        among = self.sure[at] or tuple(range(len(self.rows[at].units)))
        fails = happens(self.standing.draw(f"beside {at}/{unit}"), BESIDE, data()["failing"]["beside"] / MILLE)
        if unit in among:
            fails = fails | (take(pl.col(f"#h{at}"), WHICH) % len(among) == among.index(unit))
        return pl.col(f"#fails {at}") & fails

    # --- figures ------------------------------------------------------------------------------------------------

    @cached_property
    def units(self) -> dict[str, tuple[int, int]]:
        """For every fact that a row asks for the row and the unit that it stands in."""
        return {
            leaf.fact: (at, number)
            for at, row in enumerate(self.rows)
            for number, unit in enumerate(row.units)
            for leaf in unit.leaves
        }

    def facts(self, table: pl.DataFrame) -> pl.DataFrame:
        """Every fact in its last decimal, statements and steps too, nothing missing yet."""
        flags = [
            self._unit_fails(at, number).alias(f"#fails {at}/{number}")
            for at, row in enumerate(self.rows)
            for number in range(len(row.units))
        ]
        table = table.with_columns(flags)
        table = table.with_columns(self.standing.households()).with_columns(self.standing.rate(self.standing.poverty))
        table = table.with_columns(self._poor()).with_columns(self._near_poor()).with_columns(self._rates())
        rated = {HOUSEHOLDS, POOR, NEAR_POOR, *data()["poverty"]}
        drawn: list[pl.Expr] = []
        for fact, each in self.asked.items():
            if fact not in rated:
                drawn += self._fact(each)
        return self._parts_within_wholes(table.with_columns(drawn))

    def _fails(self, fact: str) -> pl.Expr:
        import polars as pl

        if fact not in self.units:
            return pl.lit(value=False)
        at, number = self.units[fact]
        return pl.col(f"#fails {at}/{number}")

    def _fact(self, each: Asked) -> list[pl.Expr]:
        fact, fails = each.fact.id, self._fails(each.fact.id)
        if each.fact.kind is FactKind.YES_NO:
            return [self._statement(each, fails)]
        if not each.parts:
            return [self._figure(each, fact, fails).alias(fact)]
        named = [fact + OF_PART + part for part in each.parts]
        which = take(self.standing.draw(f"which {fact}"), FAR) % len(named)
        figures = [
            self._figure(
                each, name, fails & ((which == at) | happens(self.standing.draw(f"beside {name}"), BESIDE, 0.5))
            )
            for at, name in enumerate(named)
        ]
        # The whole is between its parts.
        whole = sum(figures[1:], start=figures[0]) // len(figures)
        return [*(figure.alias(name) for figure, name in zip(figures, named, strict=True)), whole.alias(fact)]

    def _statement(self, each: Asked, fails: pl.Expr) -> pl.Expr:
        # What only a condition asks is mostly so.
        said = ~fails if each.fact.id in self.units else happens(self.standing.draw(each.fact.id), FAR, 0.9)
        return said.alias(each.fact.id)

    def _figure(self, each: Asked, name: str, fails: pl.Expr) -> pl.Expr:
        """A figure on the side of its threshold where it must be, more often near than far; else around the middle."""
        import polars as pl

        drawn = self.standing.draw(name)
        free = self._free(each, drawn)
        if each.fact.id not in self.thresholds:
            return free
        level = self.threshold(each.fact.id)
        far = take(drawn, FAR)
        far = far * far // WHOLE
        one = 10**each.decimals
        least, most = each.least, each.most
        if each.wants_less:
            inward, outward = level - least, level * 6 // 10 + 2 * one
            if each.fact.unit not in (None, "percent"):
                outward = outward + 30 * one
            meets = level - inward * 6 // 10 * far // WHOLE
            misses = level + 1 + outward * far // WHOLE
        else:
            room = level // 2 + one if most is None else most - level
            room = room.clip(None, 15 * one) if each.fact.unit == "percent" else room
            meets = level + room * far // WHOLE
            misses = level - 1 - level * 4 // 10 * far // WHOLE
            if each.fact.kind is FactKind.ORDINAL:
                meets = level + (room + 1) * take(drawn, FAR) // WHOLE
        exactly = happens(drawn, BESIDE, data()["failing"]["on_threshold"] / MILLE)
        meets = level if each.exact else pl.when(exactly).then(level).otherwise(meets)
        stated = pl.when(fails).then(misses.clip(least, most)).otherwise(meets.clip(least, most))
        return pl.when(level.is_null()).then(free).otherwise(stated)

    def _free(self, each: Asked, drawn: pl.Expr) -> pl.Expr:
        """A figure that no threshold leads: around what is assumed, of shares better where the place stands better."""
        import polars as pl

        fact, far = each.fact, take(drawn, FAR)
        one = 10**each.decimals
        if fact.kind is not FactKind.NUMBER:
            options = len(fact.values) if fact.scale is None else len(fact.scale.steps)
            return far * options // WHOLE
        if fact.unit == "percent":
            middle, spread = data()["shares"].get(fact.id, data()["figures"]["percent"])
            value = middle + spread * pl.col("#standing") * 6 // 10 // MILLE + spread * (far - (1 << 19)) // (1 << 19)
            share: pl.Expr = (MILLE - value if each.wants_less else value) * one // 10
            return share.clip(each.least, each.most)
        if fact.unit == "million_vnd_per_person_year":
            typical: pl.Expr = self.standing.by_region("income") * one // 10
            return (typical * (700 + far * 600 // WHOLE) // MILLE).clip(each.least, each.most)
        known = data()["figures"]["other"] | data()["counts"].get(fact.id, {})
        least, most = known["least"] * one, known["most"] * one
        value = least + (most - least + 1) * far // WHOLE
        return pl.when(happens(drawn, BESIDE, known["none"] / MILLE)).then(0).otherwise(value)

    # --- poverty ------------------------------------------------------------------------------------------------

    def _poor(self) -> list[pl.Expr]:
        """Households poor or near-poor; where the set states a ceiling, on the side of it where they must be."""
        import polars as pl

        rate = pl.col("#rate")
        fact, kind = next(
            ((fact, kind) for fact, kind in data()["poverty"].items() if fact in self.thresholds), ("", "")
        )
        poor = self.standing.by_region("poor")
        if fact:
            unit = 10 ** (4 - self.asked[fact].decimals)
            ceiling = self.threshold(fact) * unit
            if kind == "poor":
                ceiling = ceiling * MILLE // poor
            fails = self._fails(fact)
            below = ceiling * 9 // 10 * take(self.standing.draw("below the ceiling"), FAR) // WHOLE
            above = ceiling * 11 // 10 + 20_000
            led = (
                pl.when(fails)
                .then(pl.max_horizontal(rate, above))
                .otherwise(pl.when(rate <= ceiling * 9 // 10).then(rate).otherwise(below))
            )
            rate = pl.when(ceiling.is_null()).then(rate).otherwise(led).clip(0, MOST_POOR)
        both = (pl.col(HOUSEHOLDS) * rate + MILLION // 2) // MILLION
        return [both.alias("#both"), ((both * poor + MILLE // 2) // MILLE).alias(POOR)]

    def _near_poor(self) -> pl.Expr:
        import polars as pl

        return (pl.col("#both") - pl.col(POOR)).alias(NEAR_POOR)

    def _rates(self) -> list[pl.Expr]:
        """The rate itself, rounded half up to its last decimal, so that it agrees with the counts."""
        import polars as pl

        rates = []
        for fact, kind in data()["poverty"].items():
            if fact in self.asked:
                counted = pl.col("#both" if kind == "total" else POOR)
                scale = 100 * 10 ** self.asked[fact].decimals
                rates.append(((counted * scale * 2 + pl.col(HOUSEHOLDS)) // (pl.col(HOUSEHOLDS) * 2)).alias(fact))
        return rates

    # --- what does not fit together ---------------------------------------------------

    def _parts_within_wholes(self, table: pl.DataFrame) -> pl.DataFrame:
        """No part above its whole: a whole that need not fail is raised, then what is still above is cut."""
        import polars as pl

        pairs = [pair for pair in data()["within"]["pairs"] if all(fact in self.asked for fact in pair)]
        for part, whole in pairs:
            need_not = ~self._fails(whole)
            for of_part, of_whole in self._columns(part, whole):
                raised = pl.max_horizontal(of_part, of_whole)
                table = table.with_columns(pl.when(need_not).then(raised).otherwise(pl.col(of_whole)).alias(of_whole))
        for part, whole in reversed(pairs):
            for of_part, of_whole in self._columns(part, whole):
                table = table.with_columns(pl.min_horizontal(of_part, of_whole).alias(of_part))
        told = [self.asked[fact] for pair in pairs for fact in pair if self.asked[fact].parts]
        wholes = [
            (pl.sum_horizontal(each.fact.id + OF_PART + part for part in each.parts) // len(each.parts)).alias(name)
            for name, each in {each.fact.id: each for each in told}.items()
        ]
        return table.with_columns(wholes)

    def _columns(self, part: str, whole: str) -> list[tuple[str, str]]:
        """A part and its whole as columns: for men and for women where both are told so."""
        named = self.asked[part].parts
        if not named or named != self.asked[whole].parts:
            return [(part, whole)]
        return [(part + OF_PART + each, whole + OF_PART + each) for each in named]


__all__ = ["Figures"]
