from __future__ import annotations

import calendar
from datetime import date

import pytest
from hypothesis import given

from criteria_strategies import partial_dates
from ntm_rules.vocabulary.dates import PartialDate


@given(partial_dates)
def test_written_and_read(day):
    """A date is read back as it is written, and spaces around it do not matter."""
    assert PartialDate.parse(str(day)) == day
    assert PartialDate.parse(f" {day}\n") == day


@given(partial_dates)
def test_first_and_last_day(day):
    """The first and last day a date may mean enclose exactly the time it names."""
    first, last = day.first_day, day.last_day
    assert first <= last
    assert (first.year, last.year) == (day.year, day.year)
    if day.month is None:
        assert (first, last) == (date(day.year, 1, 1), date(day.year, 12, 31))
    elif day.day is None:
        assert (first.day, last.day) == (1, calendar.monthrange(day.year, day.month)[1])
    else:
        assert first == last == date(day.year, day.month, day.day)


def test_last_day_of_february():
    """A February ends on its own last day."""
    assert PartialDate.parse("2020-02").last_day == date(2020, 2, 29)
    assert PartialDate.parse("2019-02").last_day == date(2019, 2, 28)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "19",
        "20190",
        "0000",
        "2019-13",
        "2019-00",
        "2019-01-00",
        "2019-02-30",
        "2019-1",
        "15/01/2019",
        "2019-01-15T00:00",
        "٢٠١٩",
    ],
)
def test_no_date(written):
    """What is no date is refused."""
    with pytest.raises(ValueError, match=r".*"):
        PartialDate.parse(written)
