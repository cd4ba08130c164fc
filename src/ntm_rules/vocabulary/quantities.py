"""Exact quantities: a `Decimal` and its unit, read in any spelling of the unit table, never through a float."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow
from functools import lru_cache
from types import MappingProxyType

import attrs

from ntm_rules.errors import NtmRulesError, Problem, ProblemCode, Where
from ntm_rules.messages import Language, decimal_text, nearest, text

#: Digits that a written number may have; products of hundreds of such numbers stay exact in `EXACT`.
MOST_DIGITS = 30

# A derived figure takes many written numbers together, each with all its digits.
_MOST_NUMBERS = 400

#: Arithmetic that raises rather than rounds.
EXACT = Context(prec=_MOST_NUMBERS * MOST_DIGITS, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow])

_DISPLAY = Context(prec=4 * MOST_DIGITS, rounding=ROUND_HALF_EVEN)


@attrs.frozen
class Unit:
    """
    A unit of measurement.

    Attributes:
        id: Its name in data, e.g. ``million_vnd_per_person_year``.

        dimension: Only units of one dimension convert into each other, and exactly.

        factor: How many base units of the dimension it is.

        spellings: Every way to write it; matched in any capitalisation and spacing.

        counts: Whether it counts things, so that a bare number is understood.
    """

    id: str
    dimension: str
    factor: Decimal
    spellings: tuple[str, ...]
    counts: bool = False


def _money(id: str, factor: str, *spellings: str) -> Unit:
    """Money a person and year, in dong."""
    return Unit(f"{id}_per_person_year", "vnd_per_person_year", Decimal(factor), spellings)


def _counting(id: str, *spellings: str) -> Unit:
    return Unit(id, id, Decimal(1), spellings, counts=True)


_UNITS = (
    Unit("percent", "share", Decimal(1), ("%", "phần trăm", "percent")),
    _money("vnd", "1", "đồng/người/năm", "VND/person/year"),
    _money("thousand_vnd", "1000", "nghìn đồng/người/năm", "ngàn đồng/người/năm", "thousand VND/person/year"),
    _money("million_vnd", "1000000", "triệu đồng/người/năm", "tr.đ/người/năm", "million VND/person/year"),
    _money("billion_vnd", "1000000000", "tỷ đồng/người/năm", "tỉ đồng/người/năm", "billion VND/person/year"),
    Unit("square_metre", "area", Decimal(1), ("m²", "m2")),
    Unit("hectare", "area", Decimal(10000), ("ha", "hecta", "hectare")),
    Unit("square_metre_per_person", "area_per_person", Decimal(1), ("m²/người", "m2/người", "m²/person")),
    Unit("hectare_per_person", "area_per_person", Decimal(10000), ("ha/người", "ha/person")),
    Unit("metre", "length", Decimal(1), ("m", "mét", "metre", "metres")),
    Unit("kilometre", "length", Decimal(1000), ("km", "kilomet", "kilometre", "kilometres")),
    Unit("times", "ratio", Decimal(1), ("lần", "times")),
    _counting("house", "nhà", "căn nhà", "căn", "house", "houses"),
    _counting("household", "hộ", "household", "households"),
    _counting("person", "người", "person", "people"),
    Unit("litre", "volume", Decimal(1), ("lít", "litre", "litres")),
    Unit("litre_per_person_day", "litre_per_person_day", Decimal(1), ("lít/người/ngày", "litre/person/day")),
    _counting("organisation", "tổ chức", "organisation", "organisations"),
    _counting("cooperative", "hợp tác xã", "HTX", "cooperative", "cooperatives"),
    _counting("village", "thôn", "village", "villages"),
    _counting("product", "sản phẩm", "product", "products"),
    _counting("model", "mô hình", "model", "models"),
    _counting("field", "lĩnh vực", "field", "fields"),
    _counting("school", "trường", "school", "schools"),
    _counting("craft_village", "làng nghề", "craft village", "craft villages"),
    _counting("club", "câu lạc bộ", "club", "clubs"),
    _counting("point", "điểm", "point", "points"),
    _counting("work", "công trình", "work", "works"),
    _counting("announcement", "công bố", "announcement", "announcements"),
    _counting("case", "vụ", "case", "cases"),
    _counting("commune", "xã", "commune", "communes"),
    _counting("town", "thị trấn", "town", "towns"),
    _counting("ward", "phường", "ward", "wards"),
    _counting("special_zone", "đặc khu", "special zone", "special zones"),
    _counting("sub_place", "đơn vị", "place", "places"),
    _counting("district", "huyện", "đơn vị cấp huyện", "district", "districts"),
    _counting("town_or_city", "thị xã, thành phố", "town or city", "towns and cities"),
    _counting("province", "tỉnh", "province", "provinces"),
    _counting("criterion", "tiêu chí", "criterion", "criteria"),
    _counting("indicator", "chỉ tiêu", "indicator", "indicators"),
    _counting("day", "ngày", "day", "days"),
    _counting("year", "năm", "year", "years"),
)

#: Every unit by its id.
UNITS = MappingProxyType({unit.id: unit for unit in _UNITS})


def _squeeze(spelling: str) -> str:
    """A spelling without capitals and spaces, ``m2`` as ``m²``."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFC", spelling)).casefold().replace("m2", "m²")


_BY_SPELLING = {_squeeze(spelling): unit for unit in _UNITS for spelling in (*unit.spellings, unit.id)}

# What follows a number and belongs to it (1.234.567, 1 234, 1e999) makes it no number at all.
_NUMBER = re.compile(r"(?P<number>[+-]?[0-9]+(\.[0-9]+)?)(?!\s*[.,0-9]|[eE][+-]?[0-9])(?P<unit>.*)", re.DOTALL)
_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+(\D.*)?", re.DOTALL)


class QuantityError(NtmRulesError, ValueError):
    """Text that is no quantity; `code` says why, `params` what was seen."""

    def __init__(self, code: ProblemCode, params: Mapping[str, str]) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def render(self, lang: Language = "vi") -> str:
        """The error as one sentence in *lang*."""
        return Problem.at(self.code, Where(), **self.params).message(lang)

    def __str__(self) -> str:
        """The English sentence."""
        return self.render("en")


def parse_number(written: str) -> Decimal:
    """
    Read an exact decimal; it keeps the digits typed.

    Raises:
        QuantityError: If *written* is no plain decimal (``NaN``, ``1e999``, ``1.234.567``, ``58,3`` …).

    Example:
        >>> parse_number("58.30")
        Decimal('58.30')
    """
    found = _NUMBER.fullmatch(written.strip())
    if found is None or found["unit"]:
        raise QuantityError(_why_no_number(written.strip()), {"seen": written})
    return _exact(found["number"], written)


def _why_no_number(written: str) -> ProblemCode:
    return ProblemCode.DECIMAL_COMMA if _COMMA.fullmatch(written) else ProblemCode.NOT_A_NUMBER


def _exact(number: str, written: str) -> Decimal:
    if len(number) > MOST_DIGITS:
        raise QuantityError(ProblemCode.NOT_A_NUMBER, {"seen": written})
    return Decimal(number)


def find_unit(spelling: str) -> Unit | None:
    """The unit that is spelled like that, in any capitalisation and spacing, or None."""
    return _BY_SPELLING.get(_squeeze(spelling))


@attrs.frozen
class Quantity:
    """
    An exact number with its unit.

    Example:
        >>> Quantity.parse("36 triệu đồng/người/năm")
        Quantity(value=Decimal('36'), unit='million_vnd_per_person_year')
        >>> Quantity.parse("2 m²/người").unit
        'square_metre_per_person'
    """

    value: Decimal
    unit: str

    @classmethod
    def parse(cls, written: str, expected: str | None = None) -> Quantity:
        """
        Read a quantity in any spelling of the unit table.

        Args:
            written: A decimal point, no thousands mark, then the unit: ``58.3 %``.

            expected: The unit it must convert to; the result is in that unit. A bare number is understood
                only where that unit counts things.

        Raises:
            QuantityError: If it is no quantity, or of another dimension.
        """
        return _quantity(written.strip(), expected)

    def to(self, unit: str) -> Quantity:
        """
        The same quantity in another unit of its dimension, exactly.

        Raises:
            QuantityError: If the dimensions differ.

        Example:
            >>> Quantity.parse("0.036 tỷ đồng/người/năm").to("million_vnd_per_person_year").value
            Decimal('36.000')
        """
        if unit == self.unit:
            return self
        here, there = UNITS[self.unit], UNITS[unit]
        if here.dimension != there.dimension:
            raise QuantityError(ProblemCode.UNIT_MISMATCH, {"seen": self.unit, "unit": unit})
        scaled = EXACT.multiply(self.value, here.factor)
        return Quantity(EXACT.divide(scaled, there.factor), unit)

    def written(self) -> str:
        """As a document writes it, thresholds normalised: ``36 triệu đồng/người/năm``, ``6 %``."""
        unit = UNITS[self.unit]
        return plain_number(self.value) + ("" if unit.counts else f" {unit.spellings[0]}")

    def render(self, lang: Language) -> str:
        """As *lang* writes it: ``58,3 %`` in Vietnamese, ``58.3%`` in English."""
        return text(f"unit.{self.unit}", lang, number=decimal_text(self.value, lang))


@lru_cache(maxsize=8192)
def _quantity(written: str, expected: str | None) -> Quantity:
    """See `Quantity.parse`; kept, since the cells of the law are few and read again and again."""
    found = _NUMBER.fullmatch(written)
    if found is None:
        raise QuantityError(_why_no_number(written), {"seen": written})
    value = _exact(found["number"], written)
    spelling = found["unit"].strip()
    if not spelling:
        if expected is None or not UNITS[expected].counts:
            raise QuantityError(ProblemCode.UNIT_MISSING, {"seen": written, "unit": expected or "…"})
        return Quantity(value, expected)
    unit = find_unit(spelling)
    if unit is None:
        near = nearest(spelling, (each for unit in _UNITS for each in unit.spellings))
        hint = {} if near is None else {"nearest": near}
        raise QuantityError(ProblemCode.UNIT_UNKNOWN, {"name": spelling, **hint})
    read = Quantity(value, unit.id)
    return read if expected is None else read.to(expected)


def plain_number(value: Decimal) -> str:
    """A decimal without exponent or trailing zeros, every digit kept; zero is ``0`` whatever its sign."""
    if not value:
        return "0"
    digits = format(value, "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def last_place(typed: Decimal) -> Decimal:
    """
    One unit of the last digit typed.

    Example:
        >>> last_place(Decimal("58.30"))
        Decimal('0.01')
    """
    exponent = typed.as_tuple().exponent
    return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)


def agrees(typed: Decimal, numerator: Decimal, denominator: Decimal) -> bool:
    """
    Whether a typed number is a fraction, rounded to the digits typed.

    Example:
        >>> agrees(Decimal("33.3"), Decimal(100), Decimal(3))
        True
    """
    off = EXACT.abs(EXACT.subtract(numerator, EXACT.multiply(typed, denominator)))
    return EXACT.multiply(off, Decimal(2)) <= EXACT.multiply(last_place(typed), denominator)


#: Numbers that `in_millionths` gives as an int are smaller.
MOST_MILLIONTHS = 2**62


@lru_cache(maxsize=2**14)
def in_millionths(value: Decimal) -> int | Decimal:
    """
    A number times a million, exactly; an int where that is whole and fits into 63 bits, which is compared sooner.

    Example:
        >>> in_millionths(Decimal("58.3")), in_millionths(Decimal("0.0000001"))
        (58300000, Decimal('0.1'))
    """
    scaled = EXACT.scaleb(value, 6)
    if not -MOST_MILLIONTHS < scaled < MOST_MILLIONTHS:
        return scaled
    whole = int(scaled)
    return whole if whole == scaled else scaled


def rounded_ratio(numerator: Decimal, denominator: Decimal, places: int) -> Decimal:
    """*numerator* / *denominator* to *places* decimals, half to even. For display only."""
    quotient = _DISPLAY.divide(numerator, denominator)
    return quotient.quantize(Decimal(1).scaleb(-places), context=_DISPLAY)
