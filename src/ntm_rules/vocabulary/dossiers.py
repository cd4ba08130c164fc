"""Dossiers: what is known of a place for a year, each fact and conclusion with its date and document."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import attrs

from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.lent import lent
from ntm_rules.vocabulary.places import Place
from ntm_rules.vocabulary.quantities import EXACT, Quantity
from ntm_rules.vocabulary.verdicts import Verdict

_ONE, _HUNDRED = Decimal(1), Decimal(100)


class Status(enum.Enum):
    """What a dossier is: printed on every page."""

    REAL = "real"
    ILLUSTRATION = "illustration"
    SYNTHETIC = "synthetic"


@attrs.frozen
class Document:
    """A supporting document (tài liệu kiểm chứng)."""

    id: str
    title: str | None = None
    issuer: str | None = None
    number: str | None = None
    dated: PartialDate | None = None


@attrs.frozen
class FactValue:
    """
    A fact's value in a dossier.

    A figure is a quantity, or a numerator over a denominator (then the ratio is exact and the quantity, if any, is
    what was printed). A statement is yes or no.

    Attributes:
        for_: The period it describes; None means the dossier's year.
    """

    fact: str
    quantity: Quantity | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    statement: bool | None = None
    for_: PartialDate | None = None
    document: str | None = None

    @property
    def fraction(self) -> tuple[Decimal, Decimal]:
        """The figure as an exact fraction in its unit; counts win over the printed share."""
        if self.numerator is not None and self.denominator is not None:
            return EXACT.multiply(self.numerator, _HUNDRED), self.denominator
        if self.quantity is None:
            raise TypeError(self.fact)  # a statement is no figure
        return self.quantity.value, _ONE


@attrs.frozen
class Attestation:
    """
    A department's written conclusion on an indicator or a criterion, kept apart from what is computed.

    Attributes:
        address: ``11`` for a criterion, ``11/11`` for an indicator.

        for_: The state it describes; this decides whether it counts. None means the dossier's year.

        dated: The date of the paper.
    """

    address: str
    verdict: Verdict
    by: str | None = None
    for_: PartialDate | None = None
    dated: PartialDate | None = None
    document: str | None = None


@attrs.frozen
class Reported:
    """
    A tally that was published without its parts, as a range.

    Attributes:
        what: ``criteria_met`` or ``indicators_met``.
    """

    what: str
    least: int
    most: int
    document: str | None = None


@attrs.frozen
class Dossier:
    """
    What is known of one place for one year.

    Attributes:
        set_id: The set it is to be judged by, if it names one.

        on: The day that picks the edition; 31 December of the year unless stated.

        overlays: Paths of the revisions that it is to be judged under, e.g. its province's decision.

        file: Where it was read from.
    """

    place: Place
    year: int
    on: date
    set_id: str | None = None
    status: Status = Status.REAL
    facts: tuple[FactValue, ...] = ()
    attestations: tuple[Attestation, ...] = ()
    documents: tuple[Document, ...] = ()
    reported: tuple[Reported, ...] = ()
    note: str | None = None
    overlays: tuple[str, ...] = ()
    file: str | None = attrs.field(default=None, eq=False)

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Dossier:
        """
        Build a dossier from plain data of the same form as a dossier file.

        Raises:
            DossierError: With everything that is wrong, each with its path.

        Example:
            >>> import ntm_rules as ntm
            >>> place = {"level": "commune", "name": "Phú Đình", "province": "Thái Nguyên"}
            >>> dossier = ntm.Dossier.from_mapping({"dossier": 1, "place": place, "year": 2018})
            >>> dossier.place.region
            'northern_midlands_and_mountains'
        """
        return lent.reader(data)

    @cached_property
    def by_fact(self) -> dict[str, FactValue]:
        """The values by fact."""
        return {value.fact: value for value in self.facts}

    def document(self, id: str | None) -> Document | None:
        """The document of that id, if the dossier lists it."""
        return next((document for document in self.documents if document.id == id), None)
