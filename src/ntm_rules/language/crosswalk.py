"""Crosswalks from documents, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import attrs

from ntm_rules.errors import CriteriaError, ProblemCode
from ntm_rules.language.builder import Builder
from ntm_rules.language.criteria import write_words
from ntm_rules.language.nodes import Node, Scalar
from ntm_rules.vocabulary.criteria import PRECONDITION, CriteriaSet, Criterion
from ntm_rules.vocabulary.crosswalk import Crosswalk, CrosswalkLink, Relation


@attrs.frozen
class Periods:
    """
    The sets that a crosswalk may name.

    Attributes:
        names: Every set's name.

        editions: The consolidated editions of one, in the order of time.
    """

    names: tuple[str, ...]
    editions: Callable[[str], tuple[CriteriaSet, ...]]


def parse_crosswalk(node: Node, periods: Periods, *, trusted: bool = False) -> Crosswalk:
    """
    Build a crosswalk.

    A link leads from the last edition of a set to the next set as issued. An indicator leads on by one link only; to
    one that is `new` no other link leads. A condition of recognition may be named by its key alone.

    Raises:
        CriteriaError: With everything that is wrong.
    """
    builder = Builder.of(node, "crosswalk", trusted=trusted)
    reader = _Reader(builder, periods)
    links = tuple(reader.link(each) for each in builder.items(node, "links"))
    reader.check_new(links)
    builder.finish(CriteriaError)
    return Crosswalk(links)


@attrs.define
class _Reader:
    """
    Reads links.

    Attributes:
        led_on: Where an indicator that leads on stands first.

        led_to: Everywhere an indicator stands that is led to.
    """

    builder: Builder
    periods: Periods
    led_on: dict[str, Scalar] = attrs.field(factory=dict)
    led_to: dict[str, list[Scalar]] = attrs.field(factory=dict)

    def link(self, node: Node) -> CrosswalkLink:
        """One link."""
        builder = self.builder
        relation = builder.choice(Relation, node, "kind", Relation.UNKNOWN)
        earlier = self._side(node, "from", -1)
        later = self._side(node, "to", 0)
        sizes = [len(builder.items(node, key)) for key in ("from", "to")]
        if builder.shape.usable(node) and not relation.joins(*sizes):
            builder.problem(
                ProblemCode.SIDES_DO_NOT_FIT, node.where, kind=relation.value, earlier=sizes[0], later=sizes[1]
            )
        for address, scalar in earlier:
            twin = self.led_on.setdefault(address, scalar)
            if twin is not scalar:
                self._twice(address, scalar, twin)
        for address, scalar in later:
            self.led_to.setdefault(address, []).append(scalar)
        return CrosswalkLink(
            earlier=tuple(address for address, _ in earlier),
            later=tuple(address for address, _ in later),
            relation=relation,
            reason=builder.required_words(node, "reason"),
            where=node.where,
        )

    def check_new(self, links: Iterable[CrosswalkLink]) -> None:
        """Nothing else leads to what is new, and no link names one indicator twice."""
        fresh = {address for link in links if link.relation is Relation.NEW for address in link.later}
        repeated = {address for link in links for address in link.later if link.later.count(address) > 1}
        for address, (first, *others) in self.led_to.items():
            if address in fresh or address in repeated:
                for scalar in others:
                    self._twice(address, scalar, first)

    def _twice(self, address: str, scalar: Scalar, first: Scalar) -> None:
        self.builder.problem(ProblemCode.LINKED_TWICE, scalar.where, name=address, first_line=first.where.line or "?")

    def _side(self, node: Node, key: str, edition: int) -> list[tuple[str, Scalar]]:
        """The full addresses on one side, each with its place; an unknown one is a problem."""
        found = []
        for each in self.builder.items(node, key):
            if isinstance(each, Scalar) and self.builder.shape.usable(each):
                address = self._address(each, edition)
                if address is not None:
                    found.append((address, each))
        return found

    def _address(self, scalar: Scalar, edition: int) -> str | None:
        """The full address of the indicator that is named."""
        name, _, local = (scalar.text or "").partition("#")
        if not self.builder.known(ProblemCode.UNKNOWN_SET, name, scalar.where, self.periods.names):
            return None
        rules = self.periods.editions(name)[edition]
        item = rules.find(local) if "/" in local else rules.find(PRECONDITION + local) or rules.find(local)
        if item is None or isinstance(item, Criterion):
            indicators = [*(each for _, each in rules.indicators), *rules.preconditions]
            names = [rules.address(each).partition("#")[2] for each in indicators]
            self.builder.unknown(ProblemCode.UNKNOWN_ADDRESS, local, scalar.where, names)
            return None
        return rules.address(item)


def write_crosswalk(crosswalk: Crosswalk) -> dict[str, Any]:
    """A crosswalk as plain data; parsing it gives the crosswalk back."""
    return {"crosswalk": 1, "links": [write_crosswalk_link(link) for link in crosswalk.links]}


def write_crosswalk_link(link: CrosswalkLink) -> dict[str, Any]:
    """Write one link."""
    return {
        "from": list(link.earlier),
        "to": list(link.later),
        "kind": link.relation.value,
        "reason": write_words(link.reason),
    }


__all__ = ["Periods", "parse_crosswalk", "write_crosswalk", "write_crosswalk_link"]
