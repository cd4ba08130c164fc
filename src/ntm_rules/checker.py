"""
An independent check of a saved assessment, offline, by nothing but the standard library.

It shares no code with the evaluator. It does not judge: it checks that every verdict follows from its parts (Kleene's
three values, and *not applicable* drops out), every comparison from its figure and threshold (by cross-multiplication),
bases, tallies and fingerprints from what they are said to be of.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation
from enum import Enum
from typing import Any

_EXACT = Context(prec=50_000, traps=[Inexact, InvalidOperation])
_MET, _NOT_MET, _OPEN, _DROPS = "met", "not_met", "undetermined", "not_applicable"
_GRADES = ("text", "secondary", "recalled")
_WORDING = frozenset({"title", "note", "why", "groups", "group", "body"})
_PASSES = {"at_least": (0, 1), "more_than": (1,), "at_most": (-1, 0), "less_than": (-1,), "equals": (0,)}
_CONFLICTS = ("statements_conflict", "conflict_on_recalled_threshold")
_REPORTED = "reported_below_required"

_CONCLUDED = "attested"

#: What a verdict rests on: the grade's rank, whether on a statement, and what it stands on; None for nothing.
_Support = tuple[int, bool, str] | None
_ATTESTED = (0, True, _CONCLUDED)


class FaultCode(Enum):
    """What is wrong with a saved assessment."""

    SHAPE = "shape"
    FINGERPRINT = "fingerprint"
    LAW_FINGERPRINT = "law_fingerprint"
    FIGURE = "figure"
    COMPARISON = "comparison"
    COMBINATION = "combination"
    BASIS = "basis"
    TALLY = "tally"


@dataclass(frozen=True)
class Fault:
    """One thing that does not follow: where, what is written, and what would follow."""

    code: FaultCode
    path: str
    written: str
    follows: str


def recheck(saved: Any) -> tuple[Fault, ...]:
    """
    Everything in a saved assessment that does not follow from its parts; nothing where all of it does.

    Args:
        saved: What ``ntm-rules evaluate --save`` wrote, read as JSON; from `Assessment.to_proof` in Python.

    Example:
        >>> recheck({})[0].code
        <FaultCode.SHAPE: 'shape'>
    """
    try:
        return tuple(_faults(saved))
    except (AttributeError, IndexError, InvalidOperation, KeyError, TypeError, ValueError) as error:
        return (Fault(FaultCode.SHAPE, "$", f"{type(error).__name__}: {error}", ""),)


def canonical(data: Any) -> bytes:
    """Canonical JSON (RFC 8785) of texts, truth values, nulls, small integers, lists and maps."""

    def ordered(value: Any) -> Any:
        if isinstance(value, dict):
            texts = {unicodedata.normalize("NFC", key): each for key, each in value.items()}
            return {key: ordered(texts[key]) for key in sorted(texts, key=lambda key: key.encode("utf-16-be"))}
        if isinstance(value, list):
            return [ordered(each) for each in value]
        if isinstance(value, float):
            raise TypeError("a number with a point is no canonical one here")
        return unicodedata.normalize("NFC", value) if isinstance(value, str) else value

    return json.dumps(ordered(data), ensure_ascii=False, separators=(",", ":")).encode()


def _hash(data: Any) -> str:
    return f"sha256:{hashlib.sha256(canonical(data)).hexdigest()}"


def _unlike(code: FaultCode, path: str, written: Any, follows: Any) -> Iterator[Fault]:
    if written != follows:
        yield Fault(code, path, str(written), str(follows))


def _faults(saved: Any) -> Iterator[Fault]:
    proof = saved["proof"]
    body = {key: value for key, value in saved.items() if key != "fingerprint"}
    yield from _unlike(FaultCode.FINGERPRINT, "$.fingerprint", saved["fingerprint"], _hash(body))
    rules = proof["rules"]
    law = {"set": _law_only(rules["document"]), "facts": rules["facts"]}
    yield from _unlike(FaultCode.LAW_FINGERPRINT, "$.proof.rules.law", rules["law"], _hash(law))
    if not proof["overlays"]:
        yield from _unlike(FaultCode.LAW_FINGERPRINT, "$.set.fingerprint", saved["set"]["fingerprint"], rules["law"])
    named = f"{rules['document']['criteria_set']}@{rules['document']['in_force']['from']}"
    yield from _unlike(FaultCode.LAW_FINGERPRINT, "$.set.edition", saved["set"]["edition"], named)
    prefix = f"{saved['set']['id']}#"
    yield from _unlike(FaultCode.SHAPE, "$.set.id", saved["set"]["id"], rules["document"]["criteria_set"])
    checked: list[tuple[str, _Support]] = []
    rows = []
    for at, criterion in enumerate(saved["criteria"]):
        path, own = f"$.criteria[{at}]", []
        for number, row in enumerate(criterion["indicators"]):
            step = proof["rows"][row["address"].removeprefix(prefix)]
            where = f"{path}.indicators[{number}]"
            yield from _row(row, step, where, proof["dossier"])
            own.append((row["verdict"], _of_row(row, _support(step["support"]))))
        rows += [verdict for verdict, _ in own]
        whole = _all([verdict for verdict, _ in own])
        support = _all_support(own, whole)
        yield from _unlike(FaultCode.COMBINATION, f"{path}.computed", criterion["computed"], whole)
        yield from _resolved(criterion, whole, support, path)
        if criterion["verdict"] == whole and not _stands_on_a_conclusion(criterion):
            yield from _unlike(
                FaultCode.BASIS, f"{path}.basis", criterion["basis"], _basis(criterion["indicators"], whole)
            )
        checked.append((criterion["verdict"], _of_row(criterion, support)))
    yield from _of_set(saved, checked, rows)


def _law_only(data: Any) -> Any:
    if isinstance(data, dict):
        kept = {key: value for key, value in data.items() if key not in _WORDING}
        return {
            key: {name: _law_only(each) for name, each in value.items()} if key == "axes" else _law_only(value)
            for key, value in kept.items()
        }
    return [_law_only(each) for each in data] if isinstance(data, list) else data


# --- verdicts from their parts ----------------------------------------------------------------------------------


def _all(verdicts: Sequence[str]) -> str:
    return next((each for each in (_NOT_MET, _OPEN, _MET) if each in verdicts), _DROPS)


def _any(verdicts: Sequence[str]) -> str:
    return next((each for each in (_MET, _OPEN, _NOT_MET) if each in verdicts), _DROPS)


def _combined(step: dict[str, Any]) -> str:
    """What the parts of a step give together."""
    form, verdicts = step["form"], [part["verdict"] for part in step["parts"]]
    if form == "any_of":
        return _any(verdicts)
    if form == "at_least_n_of":
        met, lost, open_ = (verdicts.count(each) for each in (_MET, _NOT_MET, _OPEN))
        if met >= step["n"]:
            return _MET
        if step["open_list"]:
            return _OPEN
        if met + open_ < step["n"] and met + lost:
            return _NOT_MET
        return _OPEN if met + lost + open_ else _DROPS
    if form == "applies_when":
        if verdicts[0] == _NOT_MET or verdicts[-1] == _DROPS:
            return _DROPS
        return _OPEN if _OPEN in verdicts else verdicts[1]
    if form == "when":
        agreed = verdicts[-1] if step["code"] == "branches_agree" and verdicts[-2] == verdicts[-1] else _OPEN
        taken = {1: _DROPS, 2: verdicts[-1]}
        return agreed if verdicts[0] == _OPEN else taken[len(verdicts)]
    whole = _all(verdicts)
    return _OPEN if step["code"] == "parts_unstated" and whole != _NOT_MET else whole


def _step(step: dict[str, Any], path: str, facts: dict[str, Any]) -> Iterator[Fault]:
    for at, part in enumerate(step.get("parts", ())):
        yield from _step(part, f"{path}.parts[{at}]", facts)
    if "parts" in step:
        yield from _unlike(FaultCode.COMBINATION, path, step["verdict"], _combined(step))
    if "said" in step and step["code"] in ("declared_true", "declared_false"):
        said = step["said"]
        given = _given(said, facts)
        yield from _unlike(
            FaultCode.FIGURE, path, said["statement"], None if given is None else given["value"] == "yes"
        )
        yield from _unlike(FaultCode.COMPARISON, path, step["verdict"], _MET if said["statement"] else _NOT_MET)
    if "compared" in step:
        compared = step["compared"]
        given = _given(compared, facts)
        figure = Decimal(compared["numerator"]), Decimal(compared["denominator"])
        if given is not None and not _same(figure, given):
            said = given.get("value") or f"{given['numerator']}/{given['denominator']}"
            yield Fault(FaultCode.FIGURE, path, f"{figure[0]}/{figure[1]}", said)
        yield from _unlike(FaultCode.COMPARISON, path, step["verdict"], _compared(figure, compared))


def _given(of: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any] | None:
    """What the dossier says of a fact, or of a part of it; None for what was computed, or is of a place above."""
    given: dict[str, Any] | None = facts.get(of["fact"])
    return given if given is None or of["part"] is None else given["parts"][of["part"]]


def _same(figure: tuple[Decimal, Decimal], given: dict[str, Any]) -> bool:
    if "numerator" in given:
        return figure == (_EXACT.multiply(Decimal(given["numerator"]), Decimal(100)), Decimal(given["denominator"]))
    number = given["value"].partition(" ")[0]
    # A step of a scale is given by its name, and what is derived may be given beside what it is derived from.
    return not number[:1].isdigit() or figure[1] != 1 or figure[0] == Decimal(number)


def _compared(figure: tuple[Decimal, Decimal], compared: dict[str, Any]) -> str:
    """The verdict of a comparison, by cross-multiplication; a denominator is never below 0."""
    required = _EXACT.multiply(Decimal(compared["required"]), figure[1])
    order = (figure[0] > required) - (figure[0] < required)
    if order == 0 and compared["boundary_unstated"]:
        return _OPEN
    return _MET if order in _PASSES[compared["sign"]] else _NOT_MET


# --- what a verdict rests on ------------------------------------------------------------------------------------


def _support(written: list[Any] | None) -> _Support:
    return None if written is None else (_GRADES.index(written[0]), written[1], written[2])


def _weakest(known: list[tuple[int, bool, str]]) -> _Support:
    bases = {basis for _, _, basis in known}
    basis = bases.pop() if len(bases) == 1 else "mixed"
    return max(grade for grade, _, _ in known), any(said for _, said, _ in known), basis


def _all_support(parts: Sequence[tuple[str, _Support]], whole: str) -> _Support:
    """All that pass are needed to pass; any one that fails is enough to fail, the strongest first."""
    known = [support for verdict, support in parts if verdict == whole and support is not None]
    if whole == _OPEN or not known:
        return None
    return min(known, key=lambda each: (each[1], each[0])) if whole == _NOT_MET else _weakest(known)


def _of_row(row: dict[str, Any], computed: _Support) -> _Support:
    if row["verdict"] == _OPEN:
        return None
    return _ATTESTED if _stands_on_a_conclusion(row) else computed


def _stands_on_a_conclusion(row: dict[str, Any]) -> bool:
    return any(reason["code"] in ("attested", _REPORTED) for reason in row["reasons"])


def _row(row: dict[str, Any], step: dict[str, Any], path: str, dossier: dict[str, Any]) -> Iterator[Fault]:
    yield from _step(step, f"$.proof.rows.{row['address'].partition('#')[2]}", dossier.get("facts", {}))
    yield from _unlike(FaultCode.COMBINATION, f"{path}.computed", row["computed"], step["verdict"])
    yield from _resolved(row, step["verdict"], _support(step["support"]), path)
    if not _stands_on_a_conclusion(row):
        support = _support(step["support"])
        basis = "computed" if support is None else support[2]
        basis = "none" if row["verdict"] == _OPEN else basis
        yield from _unlike(FaultCode.BASIS, f"{path}.basis", row["basis"], basis)


def _resolved(of: dict[str, Any], computed: str, support: _Support, path: str) -> Iterator[Fault]:
    """The verdict from what was computed and what was concluded, with its basis where a conclusion gives it."""
    said = {each["verdict"] for each in of["attestations"]}
    verdict, attested = _stands(computed, support, said)
    yield from _unlike(FaultCode.COMBINATION, f"{path}.verdict", of["verdict"], verdict)
    yield from _unlike(FaultCode.BASIS, f"{path}.reasons", _stands_on_a_conclusion(of), attested)
    yield from _unlike(FaultCode.COMBINATION, f"{path}.attested", of["attested"], min(said) if len(said) == 1 else None)
    if attested:
        yield from _unlike(FaultCode.BASIS, f"{path}.basis", of["basis"], _CONCLUDED)
    rests = _ATTESTED if attested else support
    provisional = of["basis"] != "none" and rests is not None and rests[0] > 1
    if "indicators" not in of or verdict != _NOT_MET or attested:
        yield from _unlike(FaultCode.BASIS, f"{path}.provisional", of["provisional"], provisional)


def _stands(computed: str, support: _Support, said: set[str]) -> tuple[str, bool]:
    if not said or said == {computed}:
        return computed, False
    if computed == _OPEN:
        return (next(iter(said)), True) if len(said) == 1 else (_OPEN, False)
    # Figures stand against a conclusion, if their thresholds are well evidenced; statements do not.
    outweighs = support is not None and not support[1] and support[0] <= 1
    return (computed if outweighs else _OPEN), False


def _basis(parts: list[dict[str, Any]], whole: str) -> str:
    found = {part["basis"] for part in parts if part["verdict"] == whole}
    return "none" if whole == _OPEN else found.pop() if len(found) == 1 else "mixed"


# --- the set ----------------------------------------------------------------------------------------------------


def _of_set(saved: dict[str, Any], criteria: list[tuple[str, _Support]], rows: list[str]) -> Iterator[Fault]:
    verdicts = [verdict for verdict, _ in criteria]
    whole, counts = _all(verdicts), saved["proof"]["rules"]["document"]["counts"]
    tallies = (("tally", verdicts, "criteria"), ("indicator_tally", rows, "indicators"))
    incomplete = "surplus" in counts
    for name, found, what in tallies:
        total = saved[name]["total"]
        lacking = max(0, (total or 0) - len(found))
        incomplete = incomplete or total is None or lacking > 0
        follows = {each: found.count(each) for each in (_MET, _NOT_MET, _OPEN, _DROPS)} | {"total": total}
        follows[_OPEN] += lacking
        yield from _unlike(FaultCode.TALLY, f"$.{name}", saved[name], follows)
        if not saved["proof"]["overlays"]:
            stated = counts.get(what)
            yield from _unlike(FaultCode.TALLY, f"$.{name}.total", str(total), str(stated))
    support = _all_support(criteria, whole)
    if incomplete and whole != _NOT_MET:
        whole, support = _OPEN, None
    said = {_NOT_MET} if any(each["code"] == _REPORTED for each in saved["reasons"]) else set()
    disputed = any(each["code"] in _CONFLICTS for each in saved["reasons"])
    verdict = _OPEN if disputed else _stands(whole, support, said)[0]
    applies = yield from _applies(saved)
    yield from _unlike(FaultCode.COMBINATION, "$.verdict", saved["verdict"], _if_for(applies, verdict))
    recognition = saved["recognition"]
    if recognition is not None:
        conditions = [each["verdict"] for each in recognition["preconditions"]]
        both = _DROPS if applies == _NOT_MET else _all([saved["verdict"], *conditions])
        yield from _unlike(FaultCode.COMBINATION, "$.recognition.verdict", recognition["verdict"], both)
        for at, row in enumerate(recognition["preconditions"]):
            step = saved["proof"]["rows"][row["address"].partition("#")[2]]
            yield from _row(row, step, f"$.recognition.preconditions[{at}]", saved["proof"]["dossier"])


def _applies(saved: dict[str, Any]) -> Generator[Fault, None, str]:
    """Whether the set is for the place; one that says nothing of it is for every place of its level."""
    row = saved.get("applies_to")
    if not saved["proof"]["overlays"]:
        asked = "applies_to" in saved["proof"]["rules"]["document"]
        yield from _unlike(FaultCode.SHAPE, "$.applies_to", row is not None, asked)
    if row is None:
        return _MET
    step = saved["proof"]["rows"][row["address"].partition("#")[2]]
    yield from _row(row, step, "$.applies_to", saved["proof"]["dossier"])
    verdict: str = row["verdict"]
    return verdict


def _if_for(applies: str, verdict: str) -> str:
    """The verdict on a set only where the set is for the place."""
    if applies == _NOT_MET:
        return _DROPS
    return _OPEN if applies == _OPEN and verdict != _DROPS else verdict
