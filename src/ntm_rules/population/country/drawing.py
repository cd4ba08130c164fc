"""Drawing the rows of a made-up country, column by column, in whole numbers."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING

import attrs

from ntm_rules.errors import DossierError, MissingExtraError
from ntm_rules.language.table import ATTESTED, OF_PART, read_table
from ntm_rules.population.country.asked import Asked, Unit
from ntm_rules.population.country.draws import FAR, WHETHER, decimal, happens
from ntm_rules.population.country.figures import Figures
from ntm_rules.population.country.layout import NAMES, Country
from ntm_rules.population.country.standing import CHUNK, ZONES, Standing
from ntm_rules.rulebook import shelf
from ntm_rules.vocabulary.criteria import Indicator
from ntm_rules.vocabulary.dossiers import Dossier, Status
from ntm_rules.vocabulary.facts import FactKind
from ntm_rules.vocabulary.places import Level
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.requirements import AllOf, AppliesWhen, Compare, Holds, Requirement, Sign, Table
from ntm_rules.vocabulary.verdicts import Verdict

if TYPE_CHECKING:
    import polars as pl

#: The extra that brings polars.
EXTRA = "population"


def generate(
    *,
    map: str = "vn-2008",
    year: int | None = None,
    set: str = "commune/standard/2021-2025",
    seed: int = 2022,
    places: int | None = None,
    missing: float = 0.03,
    attested: float = 0.1,
    contradicting: float = 0.005,
    departments: float = 0.1,
) -> pl.DataFrame:
    """
    A made-up country as one table: a row a place, a column a heading that tables of places know.

    Args:
        map: ``vn-2008`` (10,599 communes, towns and wards) or ``vn-2025`` (3,321 communes, wards and special zones).

        year: The year of the figures; 2022, or 2025 on the later map, unless given.

        set: The set for communes that the figures are drawn around, in its edition at the end of that year.

        seed: Another seed draws another country.

        places: How many places; as many as there are unless given.

        missing: The share of figures that are missing.

        attested: The share of rows of the set on which a department has concluded.

        contradicting: The share of these conclusions that say the contrary of how the place was drawn, where it has
            figures.

        departments: The share of places judged by departments only: every criterion attested, no figure.

    Returns:
        A Polars table: what the place is as text, ``year`` as a whole number, attributes, figures as `Decimal` or whole
        numbers in the unit of the fact, statements as yes or no, steps by their ids, parts as ``fact__part``,
        conclusions as ``attested:address``; what is missing is null.

    Raises:
        UnknownNameError: If there is no such map, it was not the country's at the end of that year, or there is no
            such set for communes.

        MissingExtraError: If polars is not installed.

    Example:
        >>> table = generate(places=63)
        >>> table["status"].unique().to_list(), table["name"][0]
        (['synthetic'], 'Xã 00001 (tổng hợp)')
    """
    given = {} if year is None else {"year": year}
    country = Country(
        map=map,
        set=set,
        seed=seed,
        places=places,
        missing=missing,
        attested=attested,
        contradicting=contradicting,
        departments=departments,
        **given,
    )
    _need_polars()
    import polars as pl

    return pl.concat(frames(country))


def frames(country: Country, size: int = CHUNK) -> Iterator[pl.DataFrame]:
    """
    The same in pieces of so many rows, for a country larger than memory.

    Raises:
        MissingExtraError: If polars is not installed.
    """
    _need_polars()
    drawing = _telling(country)
    total = len(country)
    for start in range(0, total, size):
        yield drawing.frame(start, min(start + size, total))


def scan(country: Country, size: int = CHUNK) -> pl.LazyFrame:
    """
    The same as a lazy table, which is drawn piece by piece when it is written or judged.

    Raises:
        MissingExtraError: If polars is not installed.

    Example:
        >>> scan(Country(places=63)).select("status").unique().collect().item()
        'synthetic'
    """
    _need_polars()
    from polars.io.plugins import register_io_source

    def source(
        columns: list[str] | None, predicate: pl.Expr | None, rows: int | None, _: int | None
    ) -> Iterator[pl.DataFrame]:
        left = len(country) if rows is None else rows
        for piece in frames(country, size):
            taken = piece.head(left)
            left -= len(taken)
            taken = taken if columns is None else taken.select(columns)
            yield taken if predicate is None else taken.filter(predicate)
            if not left:
                break

    # The columns of one place are those of all.
    return register_io_source(source, schema=_telling(country).frame(0, 1).schema)


def write(country: Country, stream: IO[bytes], form: str) -> None:
    """
    Write a country piece by piece.

    Args:
        country: What is drawn.

        stream: Where to.

        form: ``parquet`` or ``csv``.

    Raises:
        MissingExtraError: If polars is not installed.

        OSError: If it can't be written.
    """
    drawn = scan(country)
    from polars.exceptions import PolarsError

    try:
        if form == "csv":
            drawn.sink_csv(stream)
        else:
            drawn.sink_parquet(stream)
    except PolarsError as error:
        # A full disk is told in many words.
        raise OSError(errno.EIO, str(error)) from error


def dossiers(table: pl.DataFrame) -> Iterator[Dossier]:
    """
    The rows of such a table as dossiers, read as the rows of a CSV file are.

    Raises:
        DossierError: With everything that is wrong with a row.

    Example:
        >>> dossier = next(dossiers(generate(places=63)))
        >>> dossier.status.value, dossier.place.province, dossier.set_id
        ('synthetic', 'vn-2008/province/01', 'commune/standard/2021-2025')
    """
    import polars as pl

    percent = [
        name
        for name in table.columns
        if (fact := shelf().catalogue.get(name.partition(OF_PART)[0])) is not None and fact.unit == "percent"
    ]
    # With its unit a share below 1 % can't be taken for one written as a fraction.
    written = table.with_columns(pl.concat_str(pl.col(name).cast(pl.String), pl.lit(" %")) for name in percent)
    with tempfile.TemporaryDirectory() as folder:
        for number, piece in enumerate(written.iter_slices(1000)):
            path = Path(folder) / f"{number}.csv"
            piece.write_csv(path)
            for row in read_table(path, shelf()):
                if isinstance(row.outcome, DossierError):
                    raise row.outcome
                yield row.outcome
            path.unlink()


def _need_polars() -> None:
    if find_spec("polars") is None:
        raise MissingExtraError(EXTRA)


# --- the rows -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _telling(country: Country) -> _Telling:
    """Whoever draws a country twice finds its anchors once."""
    return _Telling(Figures(Standing(country)))


#: What is written behind a name that is no real one.
_SYNTHETIC = " (tổng hợp)"


@attrs.frozen
class _Telling:
    """What is told of the places of a country."""

    figures: Figures

    @property
    def standing(self) -> Standing:
        return self.figures.standing

    @property
    def country(self) -> Country:
        return self.standing.country

    def _told(self) -> list[pl.Expr]:
        """The figures as they are written, some of them missing."""
        import polars as pl

        told = []
        for fact, each in self.figures.asked.items():
            for name in (fact, *(fact + OF_PART + part for part in each.parts)):
                written = self._written(each, pl.col(name))
                told.append(pl.when(~pl.col("#departments") & self.standing.is_told(name)).then(written).alias(name))
        return told

    def _written(self, each: Asked, value: pl.Expr) -> pl.Expr:
        import polars as pl

        if each.fact.kind is FactKind.YES_NO:
            return value
        options = each.fact.values if each.fact.scale is None else each.fact.scale.steps
        if options:
            return pl.lit(pl.Series([option.id for option in options])).gather(value)
        return decimal(value, each.decimals)

    def _said_of_places(self) -> list[pl.Expr]:
        """What is told of the place itself."""
        import polars as pl

        told = []
        for name in self.standing.attributes:
            value = pl.col(f"#{name}")
            if name == "ethnic_zone":
                value = pl.lit(pl.Series(ZONES)).gather(value)
            missing = happens(self.standing.draw(f"missing {name}"), WHETHER, self.country.missing / 10)
            told.append(pl.when(missing).then(None).otherwise(value).alias(name))
        return told

    def _names(self) -> list[pl.Expr]:
        """The columns that say which dossier a row is; a name can be taken for no real one."""
        import polars as pl

        country = self.country
        digits = max(5, len(str(len(country))))
        kinds = list(NAMES)
        kind = pl.col("kind").replace_strict(kinds, list(NAMES.values()), return_dtype=pl.String)
        number = (pl.col("#number") + 1).cast(pl.String).str.zfill(digits)
        district = (pl.col("#district").cast(pl.Int64) + 1).cast(pl.String).str.zfill(3)
        there_is = pl.col("#districts") > 0
        constants = {
            "set": country.set,
            "on": country.on.isoformat(),
            "status": Status.SYNTHETIC.value,
            "note": f"dữ liệu tổng hợp / synthetic, seed {country.seed}",
        }
        return [
            pl.concat_str(kind, pl.lit(" "), number, pl.lit(_SYNTHETIC)).alias("name"),
            pl.lit(Level.COMMUNE.value).alias("level"),
            pl.col("kind"),
            pl.when(there_is).then(pl.concat_str(pl.lit("Huyện "), district, pl.lit(_SYNTHETIC))).alias("district"),
            pl.col("province"),
            pl.col("region"),
            pl.lit(country.year, dtype=pl.Int64).alias("year"),
            *(pl.lit(value).alias(name) for name, value in constants.items()),
        ]

    # --- conclusions --------------------------------------------------------------------------------------------

    @cached_property
    def concluded(self) -> tuple[tuple[str, int, tuple[int, ...]], ...]:
        """
        What departments conclude on: an address, the criterion, and the units of an indicator.

        Every criterion; of the indicators those of which no figure decides anywhere, and those that may not apply.
        """
        rules = self.country.rules
        found: list[tuple[str, int, tuple[int, ...]]] = []
        for at, criterion in enumerate(rules.criteria):
            found.append((criterion.number, at, ()))
            for indicator in criterion.indicators:
                address = f"{criterion.number}/{indicator.number}"
                units = {
                    number: unit for number, unit in enumerate(self.figures.rows[at].units) if unit.address == address
                }
                if isinstance(indicator.require, AppliesWhen) or not any(map(self._decides, units.values())):
                    found.append((address, at, tuple(units)))
        return tuple(found)

    def _decides(self, unit: Unit) -> bool:
        return any(
            leaf.fact in self.figures.thresholds or self.figures.asked[leaf.fact].fact.kind is FactKind.YES_NO
            for leaf in unit.leaves
        )

    def _attested(self) -> list[pl.Expr]:
        import polars as pl

        country, told = self.country, []
        for address, at, units in self.concluded:
            drawn = self.standing.draw(f"attested {address}")
            given = happens(drawn, FAR, country.attested)
            contrary = happens(drawn, WHETHER, country.contradicting) & ~pl.col("#departments")
            criterion = country.rules.criteria[at]
            if address == criterion.number:
                given = given | pl.col("#departments")
            fails = pl.any_horizontal(f"#fails {at}/{unit}" for unit in units) if units else pl.col(f"#fails {at}")
            said = pl.when(fails ^ contrary).then(pl.lit(Verdict.NOT_MET.value)).otherwise(pl.lit(Verdict.MET.value))
            own = [
                each
                for each in criterion.indicators
                if address in (criterion.number, f"{criterion.number}/{each.number}")
            ]
            applies = self._applies(own)
            if applies is not None:
                said = pl.when(applies).then(said).otherwise(pl.lit(Verdict.NOT_APPLICABLE.value))
            told.append(pl.when(given).then(said).alias(ATTESTED + address))
        return told

    def _applies(self, indicators: Sequence[Indicator]) -> pl.Expr | None:
        """Whether any of these indicators applies as drawn; None where it does anyway, or other things decide it."""
        import polars as pl

        conditions = [
            self._holds(each.require.condition) if isinstance(each.require, AppliesWhen) else None
            for each in indicators
        ]
        known = [each for each in conditions if each is not None]
        return pl.any_horizontal(known) if len(known) == len(conditions) else None

    def _holds(self, condition: Requirement) -> pl.Expr | None:
        """Whether a condition holds as drawn; None where more decides it than facts of these forms."""
        import polars as pl

        match condition:
            case Holds(attribute=None):
                return pl.col(condition.fact)
            case Compare(
                sign=Sign.MORE_THAN, fact=str(fact), threshold=Table(axes=(), cells=((_, Quantity() as least),))
            ):
                return pl.col(fact) > int(least.value)
            case AllOf():
                parts = [self._holds(part) for part in condition.parts]
                known = [part for part in parts if part is not None]
                return pl.all_horizontal(known) if len(known) == len(parts) else None
        return None

    def frame(self, start: int, stop: int) -> pl.DataFrame:
        """The rows of the places with these numbers."""
        table = self.figures.facts(self.figures.failing(self.standing.places(start, stop)))
        table = table.with_columns(self.standing.by_departments().alias("#departments"))
        return table.select(*self._names(), *self._said_of_places(), *self._told(), *self._attested())


__all__ = ["dossiers", "frames", "generate", "scan", "write"]
