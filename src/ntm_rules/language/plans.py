"""Plans as plain data: codes and figures, no sentences."""

from __future__ import annotations

from typing import Any

from ntm_rules.language.assessments import write_gap, write_reason, write_required, write_said, write_set
from ntm_rules.vocabulary.lent import lent
from ntm_rules.vocabulary.plans import Alternative, Move, Plan, RowReason


def write_plan(plan: Plan) -> dict[str, Any]:
    """A plan as plain data; exact distances and costs as fractions (``5/2``)."""
    before = plan.before
    cheapest = None if plan.cheapest is None else plan.alternatives.index(plan.cheapest)
    return {
        "plan": 1,
        "set": write_set(before),
        "assessment": before.fingerprint,
        "verdict": before.verdict.value,
        "reachable": plan.reachable,
        "complete": plan.complete,
        "alternatives": [_alternative(each, before.dossier.year) for each in plan.alternatives],
        "cheapest": cheapest,
        "held": _reasons(plan.held),
        "to_establish": _reasons(plan.to_establish),
        "out_of_reach": _reasons(plan.out_of_reach),
        "renewed": _reasons(plan.renewed),
    }


lent.plan_record = write_plan


def _alternative(alternative: Alternative, year: int) -> dict[str, Any]:
    return {
        "moves": [_move(each, year) for each in alternative.moves],
        "left_open": _reasons(alternative.left_open),
        "cost": None if alternative.cost is None else str(alternative.cost),
    }


def _move(move: Move, year: int) -> dict[str, Any]:
    return {
        "addresses": list(move.addresses),
        "fact": move.fact,
        "part": move.now.part,
        "now": write_said(move.now, year),
        "then": write_said(move.then, year),
        "sign": None if move.sign is None else move.sign.value,
        "required": None if move.required is None else write_required(move.required),
        "gap": write_gap(move.gap),
        "distance": None if move.distance is None else str(move.distance),
        "heads": move.heads,
    }


def _reasons(reasons: tuple[RowReason, ...]) -> list[dict[str, Any]]:
    return [{"address": each.address, **write_reason(each.reason), **_margin(each)} for each in reasons]


def _margin(each: RowReason) -> dict[str, Any]:
    return {} if each.reason.gap is None else {"gap": write_gap(each.reason.gap)}
