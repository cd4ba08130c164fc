"""
A set as a flat program: verdicts alone, in codes.

What it gives is what the readable evaluator gives, for every set and dossier.
"""

from __future__ import annotations

from typing import Any

from ntm_rules.evaluation.compiling import compiled
from ntm_rules.evaluation.context import Terms
from ntm_rules.evaluation.lanes import (
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    UNDETERMINED,
    Check,
    Judged,
    Lanes,
    Plain,
    Stated,
    all_of,
)
from ntm_rules.vocabulary.dossiers import Dossier, plain_facts

_AT_ONCE, _ONE_BY_ONE, _FIXED = range(3)


def _kind(check: int | Check) -> int:
    """How a row is judged: with others at once, by itself, or not at all any more."""
    if isinstance(check, Stated) or (isinstance(check, Plain) and isinstance(check.least, int)):
        return _AT_ONCE
    return _ONE_BY_ONE if callable(check) else _FIXED


class Program:
    """
    The rows of a set on certain terms, in an order of its own: first those that are judged at once.

    Attributes:
        addresses: The address of each row.

        at: Which row is at a local address.

        groups: The rows of each criterion, then those of the conditions of recognition, then what the place must be.
    """

    def __init__(self, terms: Terms) -> None:
        """Compile every row of the set."""
        rules = terms.rules
        self.terms = terms
        found = {address: compiled(row.require, row.source, terms) for address, row in rules.rows}
        self.addresses = tuple(sorted(found, key=lambda address: _kind(found[address])))
        self.at = {address: at for at, address in enumerate(self.addresses)}
        groups = [[f"{each.number}/{row.number}" for row in each.indicators] for each in rules.criteria]
        groups += [[rules.local(rules.address(each)) for each in rules.preconditions]]
        groups += [[] if rules.applies_to is None else [rules.local(rules.address(rules.applies_to))]]
        self.groups = tuple(tuple(self.at[address] for address in group) for group in groups)
        group_of = {at: number for number, group in enumerate(self.groups) for at in group}
        self._group_of = tuple(group_of[at] for at in range(len(found)))
        rows: tuple[list[Any], ...] = ([], [], [])
        for address in self.addresses:
            rows[_kind(found[address])].append(found[address])
        at_once, one_by_one, fixed = rows
        self._lanes, self._fixed = Lanes(at_once), bytes(fixed)
        self._lane_groups = tuple(self._group_of[at] for at in self._lanes.rows)
        self._checks: tuple[Check, ...] = (*at_once, *one_by_one)
        self._one_by_one = tuple(range(len(at_once), len(self._checks)))
        at_best = bytes(MET for _ in self._checks) + self._fixed
        self._at_best = bytes(all_of([at_best[at] for at in group]) for group in self.groups)
        # What drops matters only to a group without a row that surely does not.
        lasting = {self._group_of[at] for at in range(len(at_once))}
        self._may_drop = frozenset(self._group_of[at] for at in self._one_by_one) - lasting

    def at_once(self, dossier: Dossier, asking: tuple[str, ...] = ()) -> bytearray:
        """The code of every group, the fastest way."""
        lanes, groups = self._lanes, bytearray(self._at_best)
        plain = plain_facts(dossier)
        taken, odd = plain.taken.get(lanes.layout) or lanes.layout.taken(plain)
        for at in lanes.failing(taken):
            groups[self._lane_groups[at]] = NOT_MET
        if odd or self._one_by_one:
            judged = Judged(self.terms, dossier, asking)
            for at in (*map(lanes.rows.__getitem__, odd), *self._one_by_one):
                code, group = self._checks[at](judged), self._group_of[at]
                if code == NOT_APPLICABLE and group in self._may_drop:
                    return self.grouped(self.rows(dossier, asking))
                if code == NOT_MET or (code == UNDETERMINED and groups[group] != NOT_MET):
                    groups[group] = code
        return groups

    def rows(self, dossier: Dossier, asking: tuple[str, ...] = ()) -> bytes:
        """The code of every row."""
        taken, odd = self._lanes.layout.taken(plain_facts(dossier))
        codes = bytearray(MET for _ in self._checks)
        for at in self._lanes.failing(taken):
            codes[self._lanes.rows[at]] = NOT_MET
        judged = Judged(self.terms, dossier, asking)
        for at in (*map(self._lanes.rows.__getitem__, odd), *self._one_by_one):
            codes[at] = self._checks[at](judged)
        return bytes(codes) + self._fixed

    def grouped(self, rows: bytes | bytearray) -> bytearray:
        """The code of every group of rows."""
        return bytearray([all_of([rows[at] for at in group]) for group in self.groups])
