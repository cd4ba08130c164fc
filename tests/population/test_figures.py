"""Thresholds of columns: whole numbers and floats compare with them as the figures do that were written."""

from __future__ import annotations

import math
import operator
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import ntm_rules as ntm
from ntm_rules.population.figures import multiplied, nearest_threshold, whole_threshold
from ntm_rules.vocabulary.facts import operands
from ntm_rules.vocabulary.requirements import Sign

SIGNS = {
    Sign.AT_LEAST: operator.ge,
    Sign.MORE_THAN: operator.gt,
    Sign.AT_MOST: operator.le,
    Sign.LESS_THAN: operator.lt,
    Sign.EQUALS: operator.eq,
}

doubles = st.floats(allow_nan=False, allow_infinity=False)
fractions = st.fractions() | st.decimals(allow_nan=False, allow_infinity=False, places=4).map(Fraction)


@st.composite
def neighbours(draw):
    """A floating-point number, and a fraction at it, or so near that a wrong rounding would show."""
    double = draw(doubles)
    written = Fraction(repr(double))
    gap = Fraction(math.ulp(double))
    return double, written + draw(st.sampled_from((0, 0, 1, -1))) * gap / draw(st.integers(1, 10**6))


@pytest.mark.parametrize("sign", SIGNS)
@given(pair=st.tuples(doubles, fractions) | neighbours())
@example(pair=(0.1 + 0.2, Fraction(3, 10)))
@example(pair=(0.3, Fraction(3, 10)))
@example(pair=(1 / 3, Fraction(1, 3)))
@example(pair=(-0.0, Fraction(0)))
@example(pair=(9007199254740993.0, Fraction(9007199254740993)))
@example(pair=(1e23, Fraction(10**23)))
@example(pair=(1.7976931348623157e308, Fraction(10**400)))
@example(pair=(-1.7976931348623157e308, Fraction(-(10**400))))
@example(pair=(5e-324, Fraction(1, 10**400)))
def test_floats_compare_as_what_they_write(sign, pair):
    """A float passes its column's threshold exactly when its shortest decimal form passes the threshold of the law."""
    double, value = pair
    bound = nearest_threshold(sign, value)
    passes = False if bound is None else SIGNS[sign](double, bound)
    assert passes is SIGNS[sign](Fraction(repr(double)), value)


@pytest.mark.parametrize("sign", SIGNS)
@given(whole=st.integers(-(2**40), 2**40), value=fractions)
def test_whole_numbers_compare_as_they_do_with_the_fraction(sign, whole, value):
    """A whole number passes the rounded threshold exactly when it passes the threshold itself."""
    bound = whole_threshold(sign, value)
    passes = False if bound is None else SIGNS[sign](whole, bound)
    assert passes is SIGNS[sign](Fraction(whole), value)


def test_what_is_reckoned_with_is_known():
    """The facts that a set multiplies, adds or divides are those that its derived facts and ratios are made of."""
    plain = ntm.load("commune/standard/2016-2020")
    task = ntm.load("province/task_completed/2021-2025")
    derived = task.catalogue["planted_road_share"].derived
    assert set(operands(derived)) <= multiplied([task])
    assert "health_insurance_share" not in multiplied([plain, task])
