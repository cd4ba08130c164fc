"""A saved assessment judged again, and every difference to what was saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from ntm_rules.errors import DocumentError, Problem, ProblemCode, UnknownNameError, Where
from ntm_rules.evaluation.evaluate import evaluate
from ntm_rules.language import Shelf, from_plain, parse_criteria_set, parse_dossier, parse_revision, read_predecessors
from ntm_rules.rulebook import apply, facts, instruments, load, places, set_names, shelf
from ntm_rules.vocabulary.assessments import Assessment
from ntm_rules.vocabulary.criteria import CriteriaSet
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.proofs import Discrepancy, DiscrepancyKind

# Where in an assessment what was put in stands, and where the law does.
_INPUTS = (
    "$.proof.dossier",
    "$.place",
    "$.year",
    "$.on",
    "$.documents",
    "$.status",
    "$.proof.named_overlays",
    "$.proof.predecessors",
)
_LAW = ("$.proof.rules", "$.proof.overlays", "$.set")
_FIGURES, _OF_LAW = (".figures[", ".attestations["), (".threshold", ".source", ".chain[")


def reproduce(saved: Mapping[str, Any], file: str | None = None) -> tuple[Discrepancy, ...]:
    """
    Judge a saved assessment again, from the inputs and rules that it carries, and tell every difference.

    Also told is whether this library's shelf still holds the edition with the same law.

    Args:
        saved: What ``ntm-rules evaluate --save`` wrote, read as JSON; from `Assessment.to_proof` in Python.

        file: Where it was read from, for what is wrong with it.

    Raises:
        DocumentError: If it is no saved assessment.

        NtmRulesError: If the dossier or the rules that it carries can't be read.

    Example:
        >>> import ntm_rules as ntm
        >>> dossier = ntm.Dossier.from_mapping({"dossier": 1, "year": 2018, "place": {
        ...     "level": "commune", "name": "Phú Đình", "province": "Thái Nguyên"}})
        >>> saved = ntm.evaluate(ntm.load("commune/standard/2016-2020"), dossier).to_proof()
        >>> ntm.reproduce(saved)
        ()
        >>> [each.path for each in ntm.reproduce({**saved, "verdict": "met"})]
        ['$.verdict']
    """
    now = judged_again(saved, file).to_proof()
    return (*_on_the_shelf(saved), *_differences("$", dict(saved), now))


def judged_again(saved: Mapping[str, Any], file: str | None = None) -> Assessment:
    """
    What a saved assessment gives when it is judged again.

    Raises:
        DocumentError: If it is no saved assessment.

        NtmRulesError: If the dossier or the rules that it carries can't be read.
    """
    try:
        proof = saved["proof"]
        document, revisions = proof["rules"]["document"], proof["overlays"]
        told, named, accept = proof["dossier"], tuple(map(str, proof["named_overlays"])), Grade(saved["accept"])
        laid = [(each["file"], each["document"]) for each in revisions]
        formed_of = read_predecessors(proof.get("predecessors", ()))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        where = Where(file=file, path="$.proof")
        problem = Problem.at(ProblemCode.WRONG_DOCUMENT, where, found=f"{error}", wanted="assessment")
        raise DocumentError([problem]) from None
    rules = parse_criteria_set(from_plain(document), facts(), instruments(), places())
    for name, revision in laid:
        rules = apply(rules, parse_revision(from_plain(revision), rules, places(), file=name))
    dossier = parse_dossier(from_plain(told), _shelf(rules))
    return evaluate(rules, attrs.evolve(dossier, overlays=named, predecessors=formed_of), accept=accept)


def _shelf(rules: CriteriaSet) -> Shelf:
    """The packaged law, but these rules under their own name."""
    known, own = shelf(), str(rules.id)
    return attrs.evolve(known, find_set=lambda name, on: rules if name == own else known.find_set(name, on))


def _on_the_shelf(saved: Mapping[str, Any]) -> Iterator[Discrepancy]:
    """Whether the shelf still holds that edition, with that law."""
    rules = saved["proof"]["rules"]
    if str(rules["edition"]).partition("@")[0] not in set_names():
        return  # a set of the reader's own
    try:
        held = load(str(rules["edition"])).fingerprint
    except UnknownNameError:
        held = None
    if held != rules["law"]:
        yield Discrepancy(DiscrepancyKind.EDITION, "$.proof.rules.law", rules["law"], held)


def _differences(path: str, saved: Any, now: Any) -> Iterator[Discrepancy]:
    if isinstance(saved, dict) and isinstance(now, dict):
        for key in dict.fromkeys((*saved, *now)):
            yield from _differences(f"{path}.{key}", saved.get(key, _ABSENT), now.get(key, _ABSENT))
    elif isinstance(saved, list) and isinstance(now, list) and len(saved) == len(now):
        for at, (was, is_) in enumerate(zip(saved, now, strict=True)):
            yield from _differences(f"{path}[{at}]", was, is_)
    elif saved != now or isinstance(saved, bool) is not isinstance(now, bool):
        yield Discrepancy(_kind(path), path, saved, now)


#: What one of the two does not hold.
_ABSENT = "(absent)"


def _kind(path: str) -> DiscrepancyKind:
    if path.startswith(_INPUTS) or any(each in path for each in _FIGURES):
        return DiscrepancyKind.FIGURE
    if path.startswith(_LAW) or any(each in path for each in _OF_LAW):
        return DiscrepancyKind.EDITION
    return DiscrepancyKind.ENGINE
