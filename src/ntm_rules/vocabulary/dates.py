"""Dates as officials write them: a day, a month or only a year."""

from __future__ import annotations

import calendar
import re
from datetime import date

import attrs

_FORM = re.compile(r"(?P<year>\d{4})(-(?P<month>\d{2})(-(?P<day>\d{2}))?)?", re.ASCII)


@attrs.frozen
class PartialDate:
    """A date known to the year, the month or the day, such as ``2019``, ``2019-01`` or ``2019-01-15``."""

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def parse(cls, written: str) -> PartialDate:
        """
        Read a date as it is written in a dossier.

        Raises:
            ValueError: If *written* is no date.

        Example:
            >>> PartialDate.parse("2019-01").last_day
            datetime.date(2019, 1, 31)
        """
        form = _FORM.fullmatch(written.strip())
        if form is None:
            raise ValueError(written)
        parts = {name: int(value) for name, value in form.groupdict().items() if value is not None}
        found = cls(**parts)
        # Refuses 2019-13, 2019-00 and 2019-02-30.
        date(found.year, 1 if found.month is None else found.month, 1 if found.day is None else found.day)
        return found

    @property
    def first_day(self) -> date:
        """The first day it may mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last_day(self) -> date:
        """The last day it may mean."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def __str__(self) -> str:
        """As written."""
        parts = [f"{self.year:04d}"]
        parts += [f"{part:02d}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)
