from __future__ import annotations

import decimal
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_rules import NtmRulesError
from ntm_rules.errors import ProblemCode
from ntm_rules.messages import LANGUAGES, decimal_text
from ntm_rules.vocabulary.quantities import (
    EXACT,
    MOST_DIGITS,
    MOST_MILLIONTHS,
    UNITS,
    Quantity,
    QuantityError,
    find_unit,
    in_millionths,
    parse_number,
    plain_number,
    rounded_ratio,
)

SPELLINGS = [(unit.id, spelling) for unit in UNITS.values() for spelling in (*unit.spellings, unit.id)]

#: Numbers as people may type them, at most as long as is allowed.
typed = st.builds(
    lambda value, places: Decimal(value).scaleb(-places),
    st.integers(-(10 ** (MOST_DIGITS - 6)), 10 ** (MOST_DIGITS - 6)),
    st.integers(0, 4),
)
quantities = st.builds(Quantity, typed, st.sampled_from(sorted(UNITS)))


def refused(written, expected=None):
    """Why *written* is no quantity."""
    with pytest.raises(QuantityError) as caught:
        Quantity.parse(written, expected)
    return caught.value


# --- units ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("unit", "spelling"), SPELLINGS)
@pytest.mark.parametrize(
    "variant",
    [
        lambda s: s,
        lambda s: f" {s} ",
        str.upper,
        str.title,
        lambda s: s.replace("/", " / "),
        lambda s: s.replace(" ", "\N{NO-BREAK SPACE}"),
        lambda s: s.replace(" ", ""),
        lambda s: unicodedata.normalize("NFD", s),
    ],
)
def test_every_spelling(unit, spelling, variant):
    """A unit is read in any spelling of the table, in any capitalisation, spacing and Unicode form."""
    assert Quantity.parse(f"12.50{variant(spelling)}") == Quantity(Decimal("12.50"), unit)
    found = find_unit(variant(spelling))
    assert found is not None
    assert found.id == unit


def test_spellings_are_unambiguous():
    """No spelling means two units."""
    for unit, spelling in SPELLINGS:
        assert find_unit(spelling) is UNITS[unit]
    assert find_unit("kg") is None
    assert find_unit("") is None


@pytest.mark.parametrize("spelling", ["m²", "m2", "M2", "m 2", "M²"])
def test_square_metres(spelling):
    """A square metre is the same however its square is written."""
    assert Quantity.parse(f"9 {spelling}") == Quantity(Decimal(9), "square_metre")
    assert Quantity.parse(f"9 {spelling}/người") == Quantity(Decimal(9), "square_metre_per_person")


@pytest.mark.parametrize("unit", UNITS.values(), ids=lambda unit: unit.id)
def test_conversion_is_exact_both_ways(unit):
    """Within a dimension a quantity converts to every other unit and back without losing anything."""
    for other in UNITS.values():
        quantity = Quantity(Decimal("12345.678901"), unit.id)
        if unit.dimension == other.dimension:
            there = quantity.to(other.id)
            assert there.unit == other.id
            assert there.value * other.factor == quantity.value * unit.factor
            assert there.to(unit.id) == quantity
        else:
            with pytest.raises(QuantityError) as caught:
                quantity.to(other.id)
            assert caught.value.code is ProblemCode.UNIT_MISMATCH
            assert caught.value.params == {"seen": unit.id, "unit": other.id}


@given(quantities, st.data())
def test_any_conversion_is_exact(quantity, data):
    """Whatever the figure, converting it and back gives it again."""
    dimension = UNITS[quantity.unit].dimension
    unit = data.draw(st.sampled_from([unit for unit in UNITS if UNITS[unit].dimension == dimension]))
    assert quantity.to(unit).to(quantity.unit) == quantity


@pytest.mark.parametrize(
    ("written", "unit", "value"),
    [
        ("0.036 tỷ đồng/người/năm", "million_vnd_per_person_year", "36.000"),
        ("36000 nghìn đồng/người/năm", "million_vnd_per_person_year", "36"),
        ("36000000 đồng/người/năm", "million_vnd_per_person_year", "36"),
        ("36 tr.đ/người/năm", "thousand_vnd_per_person_year", "36000"),
        ("2 ha", "square_metre", "20000"),
        ("5 m2", "hectare", "0.0005"),
        ("0.001 ha/người", "square_metre_per_person", "10.000"),
    ],
)
def test_conversions(written, unit, value):
    """Money and areas convert to the unit that is wanted, the digits typed kept."""
    quantity = Quantity.parse(written, unit)
    assert quantity.unit == unit
    assert str(quantity.value) == value


# --- reading ----------------------------------------------------------------------------------------------------


@given(quantities)
def test_written_and_read(quantity):
    """What a quantity writes is read back as the same quantity."""
    assert Quantity.parse(quantity.written(), quantity.unit) == quantity


def test_written_is_normalised():
    """Thresholds are written without trailing zeros, and what counts things without a unit."""
    assert Quantity(Decimal("6.00"), "percent").written() == "6 %"
    assert Quantity(Decimal(100), "percent").written() == "100 %"
    assert Quantity(Decimal(36), "million_vnd_per_person_year").written() == "36 triệu đồng/người/năm"
    assert Quantity(Decimal(0), "house").written() == "0"


@given(typed)
def test_digits_are_kept(value):
    """A number keeps the digits typed."""
    assert str(parse_number(f" {value:f} ")) == f"{value:f}"
    assert str(Quantity.parse(f"{value:f} %").value) == f"{value:f}"


@pytest.mark.parametrize(
    "written", ["58,3 %", "58,3", "-0,5 %", "58,3 triệu đồng/người/năm", "1,234.5 %", "+1,5", "1,2,3"]
)
def test_decimal_comma(written):
    """A Vietnamese decimal comma is refused with a message of its own."""
    assert refused(written).code is ProblemCode.DECIMAL_COMMA


@pytest.mark.parametrize(
    "written",
    [
        *("NaN", "sNaN", "nan %", "Infinity", "-inf", "∞ %", "1e999", "1E5 %", "1e-3 %", "1.234.567", "1.234.567 %"),
        *("1 234 %", "1.", "1. %", ".5", "% 5", "--5", "+-5 %", "−5 %", "٣ %", "\uff15 %", "", " ", "%"),
        *("một %", "abc", "5..3", "1 000"),
        *("9" * (MOST_DIGITS + 1), "9" * 100_000 + " %", "0." + "1" * MOST_DIGITS),
    ],
)
def test_no_number(written):
    """What is no plain decimal is refused, never guessed at and never rounded."""
    assert refused(written).code is ProblemCode.NOT_A_NUMBER
    assert refused(written, "percent").code is ProblemCode.NOT_A_NUMBER


@pytest.mark.parametrize("written", ["58,3", "-1,5"])
def test_number_with_comma(written):
    """A plain number with a comma is told apart from what is no number."""
    with pytest.raises(QuantityError) as caught:
        parse_number(written)
    assert caught.value.code is ProblemCode.DECIMAL_COMMA


@pytest.mark.parametrize("written", ["NaN", "1e999", "1.234.567", "5 %", "", "58.", "9" * 99, "1 000"])
def test_no_plain_number(written):
    """A plain number has digits, one point at most, and nothing else."""
    with pytest.raises(QuantityError) as caught:
        parse_number(written)
    assert caught.value.code is ProblemCode.NOT_A_NUMBER
    assert caught.value.params == {"seen": written}


def test_negative():
    """A negative quantity can be read; whether it makes sense is for its fact to say."""
    assert Quantity.parse("-5.0 %") == Quantity(Decimal("-5.0"), "percent")
    assert Quantity.parse("+5 %") == Quantity(Decimal(5), "percent")


def test_bare_numbers():
    """A bare number is understood only where things are counted."""
    assert Quantity.parse("3", "house") == Quantity(Decimal(3), "house")
    assert Quantity.parse("3 căn nhà", "house") == Quantity(Decimal(3), "house")
    for expected in (None, "percent", "hectare"):
        error = refused("3", expected)
        assert error.code is ProblemCode.UNIT_MISSING
        assert error.params == {"seen": "3", "unit": expected or "…"}


def test_unknown_unit():
    """An unknown unit is named, with the nearest one where there is one."""
    assert refused("36 triệu đông/người/nam").params["nearest"] == "triệu đồng/người/năm"
    error = refused("5 kg", "percent")
    assert error.code is ProblemCode.UNIT_UNKNOWN
    assert error.params == {"name": "kg"}


def test_other_dimension():
    """A unit of another dimension is refused."""
    assert refused("5 ha", "percent").code is ProblemCode.UNIT_MISMATCH
    assert refused("5 %", "house").code is ProblemCode.UNIT_MISMATCH


@pytest.mark.parametrize("written", ["58,3 %", "x", "5", "5 kg", "5 đồng/người/năm"])
def test_errors_speak(written):
    """A refused quantity says why in both languages, and is one of the library's own errors."""
    error = refused(written, "percent")
    assert isinstance(error, NtmRulesError)
    assert isinstance(error, ValueError)
    assert str(error) == error.render("en")
    assert error.render("vi") != error.render("en")
    assert not set("{}") & set(error.render("vi") + error.render("en"))


# --- writing ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [("0", "0"), ("-0.00", "0"), ("100", "100"), ("1E+2", "100"), ("1.50", "1.5"), ("-2.00", "-2"), ("0.05", "0.05")],
)
def test_plain_number(value, text):
    """A plain number has neither exponent nor trailing zeros, and zero has no sign."""
    assert plain_number(Decimal(value)) == text


@given(typed)
def test_plain_number_is_exact(value):
    """Writing a number plainly loses nothing, whatever the precision set for other arithmetic."""
    with decimal.localcontext(prec=3):
        assert Decimal(plain_number(value)) == value


def test_many_digits_survive():
    """A number of as many digits as are allowed is written and read back whole."""
    quantity = Quantity(Decimal("1" * MOST_DIGITS), "percent")
    assert Quantity.parse(quantity.written()) == quantity


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("unit", sorted(UNITS))
def test_render(unit, lang):
    """Every unit is worded in both languages, with the number as that language writes it."""
    written = Quantity(Decimal("1234.50"), unit).render(lang)
    assert decimal_text(Decimal("1234.50"), lang) in written
    assert written != decimal_text(Decimal("1234.50"), lang)


def test_render_as_people_write():
    """A share has a comma in Vietnamese and a point in English."""
    share = Quantity(Decimal("58.3"), "percent")
    assert share.render("vi") == "58,3 %"
    assert share.render("en") == "58.3%"


def test_rounded_ratio():
    """A ratio for display is rounded half to even."""
    assert rounded_ratio(Decimal(1), Decimal(3), 4) == Decimal("0.3333")
    assert rounded_ratio(Decimal(1), Decimal(8), 2) == Decimal("0.12")
    assert str(rounded_ratio(Decimal(1), Decimal(2), 2)) == "0.50"


def test_exact_arithmetic_never_rounds():
    """The context for verdicts raises where it would have to round."""
    with pytest.raises(decimal.Inexact):
        EXACT.divide(Decimal(1), Decimal(3))


@pytest.mark.parametrize("written", ["0", "58.3", "-7.000001", "0.0000001", "4611686018427.387903", "1e13", "-1e400"])
def test_millionths_are_exact(written):
    """Whatever the size and the digits, nothing is rounded; an int is only what is whole and less than 2^62."""
    found = in_millionths(Decimal(written))
    assert found == EXACT.scaleb(Decimal(written), 6)
    assert isinstance(found, int) is (found == EXACT.to_integral_value(found) and abs(found) < MOST_MILLIONTHS)
