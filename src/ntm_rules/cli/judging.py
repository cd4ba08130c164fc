"""Reading the dossiers that a command is given and judging each by the set that it, or the command line, names."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import attrs

from ntm_rules.errors import DocumentError, DossierError, NtmRulesError, Problem, ProblemCode, Where
from ntm_rules.evaluation import evaluate, judged_again, reproduce
from ntm_rules.language import Mapping, Node, Scalar, Shelf, is_form, parse_dossier, read_document, read_file
from ntm_rules.language.nodes import shown
from ntm_rules.language.table import read_table
from ntm_rules.rulebook import find, load, places, read_criteria_set, read_lineage, read_register, shelf, under
from ntm_rules.vocabulary.assessments import Assessment
from ntm_rules.vocabulary.criteria import CriteriaSet
from ntm_rules.vocabulary.dossiers import Dossier
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.lineage import Lineage, changes_of_provinces
from ntm_rules.vocabulary.register import Register

#: The keys by which documents are told apart.
KINDS = (
    "dossier",
    "criteria_set",
    "fact_catalogue",
    "instrument_register",
    "place_register",
    "revision",
    "crosswalk",
    "register",
    "lineage",
    "mapping",
)

_DOSSIERS = (".yaml", ".yml", ".json")
_TABLES = (".csv", ".tsv")
# What spreadsheets put beside a file that is open.
_LOCKS = ("~$", ".~lock")


def is_table(path: str) -> bool:
    """Whether a file is a table of places: by its name, where it is no form."""
    return path.lower().endswith(_TABLES) and not is_form(path)


def dossiers_in(path: str) -> list[str]:
    """The dossiers of a folder, sorted by name; of a file, itself."""
    if not Path(path).is_dir():
        return [path]
    return sorted(str(each) for each in Path(path).iterdir() if each.is_file() and _is_dossier(each))


def _is_dossier(path: Path) -> bool:
    """Whether a file of a folder is taken for a dossier; what an open spreadsheet leaves beside it is none."""
    name = path.name.lower()
    return name.endswith(_DOSSIERS) or (not name.startswith(_LOCKS) and is_form(path))


def find_rules(name: str, on: date | None) -> CriteriaSet:
    """
    The packaged set of that name, or the one in a file of the reader's own.

    Raises:
        NtmRulesError: If there is none.
    """
    return read_criteria_set(name) if name.lower().endswith(_DOSSIERS) else load(name, on=on)


@attrs.frozen
class Beside:
    """What is known of all places beside their dossiers: recognition decisions, and what became of places."""

    register: Register | None = None
    lineage: Lineage | None = None

    @classmethod
    def of(cls, register: str | None, lineage: str | None) -> Beside:
        """
        What stands in the files of these names.

        Raises:
            NtmRulesError: If one can't be used.
        """
        for path, kind in ((register, "register"), (lineage, "lineage")):
            if path is not None:
                check_kind(read_document(path), kind, path)
        return cls(
            None if register is None else read_register(register), None if lineage is None else read_lineage(lineage)
        )

    def under(self, dossier: Dossier) -> Dossier:
        """
        A dossier that knows it, too.

        Raises:
            NtmRulesError: If the dossier contradicts it.
        """
        if self.register is None and self.lineage is None:
            return dossier
        lineage = (self.lineage or Lineage()).joined(changes_of_provinces(places()))
        return (self.register or Register()).under(dossier, lineage)


@attrs.frozen
class Wanted:
    """
    How the command line wants dossiers judged.

    Attributes:
        set: The set to judge by, whatever the dossier says.

        on: The day that picks the edition, whatever the dossier says.

        accept: The lowest grade of law data to use.

        revisions: Files of revisions that are laid over the set, in this order.

        beside: The register and the lineage that are laid under every dossier.
    """

    set: str | None = None
    on: date | None = None
    accept: Grade = Grade.RECALLED
    revisions: tuple[str, ...] = ()
    beside: Beside = Beside()
    _revised: dict[tuple[str, ...], CriteriaSet] = attrs.field(factory=dict, init=False, eq=False)

    @classmethod
    def of(
        cls,
        set: str | None,
        on: date | None,
        accept: str,
        revisions: tuple[str, ...] = (),
        beside: Beside | None = None,
    ) -> Wanted:
        """
        What the options of a command say.

        Raises:
            NtmRulesError: If there is no such set; better once than for every dossier.
        """
        wanted = cls(set, on, Grade(accept), revisions, beside or Beside())
        _ = wanted.rules
        return wanted

    @cached_property
    def rules(self) -> CriteriaSet | None:
        """The set named on the command line."""
        return None if self.set is None else find_rules(self.set, self.on)

    @cached_property
    def shelf(self) -> Shelf:
        """The packaged law, but the set named on the command line under its own name."""
        rules = self.rules
        if rules is None:
            return shelf()
        known, own = shelf(), str(rules.id)
        # Places beneath and titles name other sets.
        return attrs.evolve(known, find_set=lambda name, on: rules if name == own else known.find_set(name, on))

    @property
    def says(self) -> dict[str, str]:
        """What every dossier is taken to say, by key."""
        said = {} if self.rules is None else {"set": str(self.rules.id)}
        return said if self.on is None else said | {"on": self.on.isoformat()}

    def rules_for(self, dossier: Dossier) -> CriteriaSet:
        """
        The set that a dossier is judged by: the one it is to name, else the standard of its level in force that day.

        Raises:
            NtmRulesError: If there is none.
        """
        if dossier.set_id is not None:
            rules = self.shelf.find_set(dossier.set_id, dossier.on)
        else:
            rules = find(dossier.place.level, on=dossier.on)
        # One file may be named in both places.
        overlays = dict.fromkeys(os.path.normpath(path) for path in (*dossier.overlays, *self.revisions))
        return self._under(rules, tuple(overlays))

    def _under(self, rules: CriteriaSet, overlays: tuple[str, ...]) -> CriteriaSet:
        """The set under the revisions that are wanted, made once for all dossiers."""
        if not overlays:
            return rules
        key = (rules.edition, *overlays)
        if key not in self._revised:
            self._revised[key] = under(rules, overlays)
        return self._revised[key]

    def read(self, path: str) -> tuple[Dossier, CriteriaSet]:
        """
        A dossier file and the set it is judged by.

        Raises:
            NtmRulesError: If either can't be used.
        """
        node = _saying(read_document(path), self.says)
        check_kind(node, "dossier", path)
        dossier = self.beside.under(parse_dossier(node, self.shelf, path))
        rules = self.rules_for(dossier)
        if dossier.set_id is None and dossier.attestations:
            # Only now it is known which addresses there are.
            parse_dossier(_saying(node, {"set": str(rules.id)}), self.shelf, path)
        return dossier, rules

    def judge(self, path: str) -> Assessment:
        """
        The assessment of a dossier file.

        Raises:
            NtmRulesError: If it can't be judged.
        """
        dossier, rules = self.read(path)
        return evaluate(rules, dossier, accept=self.accept)


@attrs.frozen
class Judged:
    """
    One dossier of several.

    Attributes:
        source: The file, and the row in a table.

        outcome: Its assessment, or why there is none.

        identity: What says which dossier it is, by heading, as typed.
    """

    source: str
    outcome: Assessment | NtmRulesError
    identity: dict[str, str]


def judge_files(paths: list[str], wanted: Wanted) -> Iterator[Judged]:
    """Judge each file; one that can't be used does not stop the others."""
    for path in paths:
        outcome: Assessment | NtmRulesError
        try:
            outcome = wanted.judge(path)
        except NtmRulesError as error:
            outcome = error
        yield Judged(path, outcome, {"file": os.fspath(path)} | _identity(outcome))


def _identity(outcome: Assessment | NtmRulesError) -> dict[str, str]:
    place, year = ("", "", ""), ""
    if isinstance(outcome, Assessment):
        found = outcome.dossier.place
        province = None if found.province is None else places().province(found.province)
        place = (found.name, found.district or "", "" if province is None else province.name)
        year = str(outcome.dossier.year)
    return dict(zip(("name", "district", "province"), place, strict=True)) | {"year": year}


def judge_table(path: str, wanted: Wanted, year: str | None) -> Iterator[Judged]:
    """
    Judge each row of a table; one that can't be used does not stop the others.

    Raises:
        NtmRulesError: If the table itself can't be read.
    """
    defaults = {} if year is None else {"year": year}
    for number, read, identity in read_table(path, wanted.shelf, defaults, fixed=wanted.says):
        outcome: Assessment | NtmRulesError
        try:
            outcome = read if isinstance(read, DossierError) else _judged(read, wanted)
        except NtmRulesError as error:
            outcome = error
        yield Judged(f"{path}:{number}", outcome, identity)


def _judged(dossier: Dossier, wanted: Wanted) -> Assessment:
    dossier = wanted.beside.under(dossier)
    return evaluate(wanted.rules_for(dossier), dossier, accept=wanted.accept)


# --- saved assessments ------------------------------------------------------------------------------------------


def read_saved(path: str) -> dict[str, Any]:
    """
    A saved assessment as plain data.

    Raises:
        DocumentError: If the file can't be read, or is something else.
    """
    # Keys that stand twice, and what is too large or too deep, are told with their line.
    node = read_file(path)
    saved: Any = json.loads(Path(path).read_text(encoding="utf-8-sig")) if path.lower().endswith(".json") else None
    if not isinstance(saved, dict) or "assessment" not in saved or "proof" not in saved:
        found = next(iter(node.keys()), "?") if isinstance(node, Mapping) else "?"
        problem = Problem.at(
            ProblemCode.WRONG_DOCUMENT, attrs.evolve(node.where, file=path), found=shown(found), wanted="assessment"
        )
        raise DocumentError([problem])
    return saved


def judge_earlier(path: str, wanted: Wanted) -> Assessment:
    """
    An earlier assessment: a saved one judged again by what it carries, or a dossier's.

    Raises:
        NtmRulesError: If it can't be used, or no longer comes out as it was saved.
    """
    node = read_file(path) if path.lower().endswith(".json") else None
    if not isinstance(node, Mapping) or node.get("assessment") is None:
        return wanted.judge(path)
    saved = read_saved(path)
    # Whether the shelf still holds that law does not matter here: the file carries it.
    if any(each.path != "$.proof.rules.law" for each in reproduce(saved, path)):
        raise DocumentError([Problem.at(ProblemCode.NOT_AS_SAVED, Where(path))])
    return judged_again(saved, path)


# --- documents --------------------------------------------------------------------------------------------------


def kind_of(node: Node) -> str | None:
    """What a document is, by the key that only its kind has."""
    keys = node.keys() if isinstance(node, Mapping) else ()
    return next((kind for kind in KINDS if kind in keys), None)


def check_kind(node: Node, wanted: str | None, path: str) -> str:
    """
    What a document is.

    Raises:
        DocumentError: If it is not what is *wanted*, or nothing that is known.
    """
    kind = kind_of(node)
    if kind is not None and wanted in (None, kind):
        return kind
    keys = node.keys() if isinstance(node, Mapping) else ()
    if wanted is not None and kind is None:
        # A dossier whose first line was forgotten: its parser says so, with all the rest.
        return wanted
    found = kind or next(iter(keys), "?")
    problem = Problem.at(
        ProblemCode.WRONG_DOCUMENT,
        attrs.evolve(node.where, file=path),
        found=shown(found),
        wanted=wanted or ", ".join(KINDS),
    )
    raise DocumentError([problem])


def _saying(node: Node, said: dict[str, str]) -> Node:
    """A document that says *said*, whatever it said before."""
    if not isinstance(node, Mapping) or not said:
        return node
    kept = tuple(entry for entry in node.entries if entry[0].text not in said)
    added = []
    for key, value in said.items():
        before = node.get(key)
        where = Where(node.where.file, path=f"$.{key}") if before is None else before.where
        added.append((Scalar(key, where), Scalar(value, where)))
    return Mapping((*kept, *added), node.where, node.faults)


__all__ = [
    "KINDS",
    "Beside",
    "Judged",
    "Wanted",
    "check_kind",
    "dossiers_in",
    "find_rules",
    "is_table",
    "judge_earlier",
    "judge_files",
    "judge_table",
    "kind_of",
    "read_saved",
]
