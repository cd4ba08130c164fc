"""
The report: what a reader is to see, as frozen values that know neither the algebra nor how a page is made.

Every text is one line of printable characters, whatever a dossier held; writers need not look again.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

import attrs

from ntm_rules.messages import Language

# Signs that steer a terminal, turn the direction of writing, or that XML can't hold.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_BLANKS = re.compile(r"[ \t\r\n\x0b\x0c\x85\u2028\u2029]+")


def printable(words: str) -> str:
    r"""
    *words* as one line without signs that steer or break a page.

    Example:
        >>> printable("Phú  Đình\n\x1b[31m")
        'Phú Đình �[31m'
    """
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", _BLANKS.sub(" ", words)).strip()


def _all_printable(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(printable(each) for each in words)


def _lines_printable(lines: Iterable[tuple[int, str]]) -> tuple[tuple[int, str], ...]:
    return tuple((depth, printable(line)) for depth, line in lines)


def _printable_or_none(words: str | None) -> str | None:
    return None if words is None else printable(words)


class Tone(enum.Enum):
    """What a writer may show by a colour beside the words that say it: the four verdicts, and what must be noticed."""

    MET = "met"
    NOT_MET = "not_met"
    UNDETERMINED = "undetermined"
    NOT_APPLICABLE = "not_applicable"
    ALERT = "alert"


#: The colour of a tone on white paper, beside the words that say it.
INK = {
    Tone.MET: "14612F",
    Tone.NOT_MET: "A3161B",
    Tone.UNDETERMINED: "7A4B00",
    Tone.NOT_APPLICABLE: "555555",
    Tone.ALERT: "8A1258",
}


@attrs.frozen
class Amount:
    """
    A figure for a reader who calculates on.

    Attributes:
        value: As far as it is exact; a ratio without a finite decimal is rounded as it is shown.

        unit: Id of its unit, e.g. ``percent``.

        words: As the language writes it, with its unit.
    """

    value: Decimal
    unit: str
    words: str = attrs.field(converter=printable)


@attrs.frozen
class ReportCell:
    """
    A cell of a table.

    Attributes:
        words: What it says.

        amount: The figure it says, if it says one.

        tone: Its colour.

        full: The whole words, where `words` abbreviates them.

        link: A file beside the report that it leads to.
    """

    words: str = attrs.field(converter=printable)
    amount: Amount | None = None
    tone: Tone | None = None
    full: str | None = attrs.field(default=None, converter=_printable_or_none)
    link: str | None = None


@attrs.frozen
class ReportColumn:
    """
    A column of a table.

    Attributes:
        title: Its head.

        weight: How much of the width it wants beside the others.

        numeric: Whether it holds figures, flush right.
    """

    title: str = attrs.field(converter=printable)
    weight: int = 1
    numeric: bool = False
    full: str | None = attrs.field(default=None, converter=_printable_or_none)


@attrs.frozen
class Paragraph:
    """Words that stand for themselves."""

    words: str = attrs.field(converter=printable)
    tone: Tone | None = None


@attrs.frozen
class Bullets:
    """
    Things listed.

    Attributes:
        title: What they are, where the section's own title does not say it.
    """

    items: tuple[str, ...] = attrs.field(converter=_all_printable)
    title: str | None = attrs.field(default=None, converter=_printable_or_none)


@attrs.frozen
class Term:
    """A name and what it stands for."""

    name: str = attrs.field(converter=printable)
    words: str = attrs.field(converter=printable)
    tone: Tone | None = None
    key: str = ""


@attrs.frozen
class Terms:
    """Names and what they stand for."""

    terms: tuple[Term, ...]


@attrs.frozen
class ReportTable:
    """
    A table; the first cell of each row says what the row is about.

    Attributes:
        title: What it shows.

        matrix: Whether its cells are signs to be seen side by side, which must not be stacked on a narrow page.
    """

    title: str = attrs.field(converter=printable)
    columns: tuple[ReportColumn, ...]
    rows: tuple[tuple[ReportCell, ...], ...]
    matrix: bool = False


@attrs.frozen
class Ground:
    """
    Why a verdict is what it is: a sentence, and what it stands on.

    Attributes:
        code: Of the reason; None for what is told beside the reasons.

        beneath: The lines beneath it, each with its depth.
    """

    words: str = attrs.field(converter=printable)
    beneath: tuple[tuple[int, str], ...] = attrs.field(default=(), converter=_lines_printable)
    code: str | None = None


@attrs.frozen
class Comparison:
    """
    One figure or statement beside what is required of it.

    Attributes:
        measure: What is compared.

        figure: What the dossier says; empty where it says nothing.

        required: What the law asks, in words.

        row: The row of the table that holds for the place.

        verdict: Of this comparison alone.

        source: Where the requirement stands.

        grade: How well it is evidenced.
    """

    measure: str = attrs.field(converter=printable)
    figure: str = attrs.field(converter=printable)
    required: str = attrs.field(converter=printable)
    row: str = attrs.field(converter=printable)
    gap: str = attrs.field(converter=printable)
    verdict: str
    verdict_words: str
    source: str = attrs.field(converter=printable)
    grade: str
    grade_words: str
    amount: Amount | None = None
    threshold: Amount | None = None
    distance: Amount | None = None


@attrs.frozen
class Entry:
    """
    The verdict on a criterion, an indicator or a condition, with its grounds.

    Attributes:
        address: In the set.

        heading: Its number and title in one.

        tone: Its verdict.

        verdict: Its verdict in words.

        basis: What it stands on, in words; empty where it is undetermined.

        entries: The indicators of a criterion.
    """

    address: str
    number: str
    title: str = attrs.field(converter=printable)
    heading: str = attrs.field(converter=printable)
    tone: Tone
    verdict: str
    basis: str
    provisional: bool
    grounds: tuple[Ground, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    entries: tuple[Entry, ...] = ()

    def walk(self) -> Iterator[Entry]:
        """This entry, then all beneath."""
        yield self
        for entry in self.entries:
            yield from entry.walk()


@attrs.frozen
class Entries:
    """Verdicts with their grounds, in the annex's order."""

    entries: tuple[Entry, ...]


Block = Paragraph | Bullets | Terms | ReportTable | Entries


@attrs.frozen
class Section:
    """
    A part of a report.

    Attributes:
        id: By which a link or a program finds it.
    """

    id: str
    title: str = attrs.field(converter=printable)
    blocks: tuple[Block, ...]


@attrs.frozen
class ReportMark:
    """A line that must stand on every page: that it is an illustration, provisional, judged under a scenario."""

    code: str
    words: str = attrs.field(converter=printable)
    short: str = attrs.field(converter=printable)


@attrs.frozen
class AuditReport:
    """
    A report on one place, or an index of several.

    Attributes:
        kind: ``assessment`` or ``index``.

        title: What it is about.

        subject: By what, and for which year.

        headline: The verdict, before anything else; empty for an index.

        facts: What identifies it: set, edition, fingerprint, year, day, language, version.

        running: What every page repeats: what it is about, then by what it was made.
    """

    kind: str
    lang: Language
    title: str = attrs.field(converter=printable)
    subject: str = attrs.field(converter=printable)
    headline: tuple[Term, ...]
    facts: tuple[Term, ...]
    marks: tuple[ReportMark, ...]
    sections: tuple[Section, ...]
    running: tuple[str, ...] = attrs.field(converter=_all_printable)

    def section(self, id: str) -> Section | None:
        """The section of that id, if it is there."""
        return next((each for each in self.sections if each.id == id), None)


__all__ = [
    "INK",
    "Amount",
    "AuditReport",
    "Block",
    "Bullets",
    "Comparison",
    "Entries",
    "Entry",
    "Ground",
    "Paragraph",
    "ReportCell",
    "ReportColumn",
    "ReportMark",
    "ReportTable",
    "Section",
    "Term",
    "Terms",
    "Tone",
    "printable",
]
