"""Plans in words: what would have to change, by how much, and what no figure brings about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

from ntm_rules.explanation.pages import heading, page
from ntm_rules.explanation.requirements import Line
from ntm_rules.explanation.sentences import reason_sentence
from ntm_rules.explanation.words import Words
from ntm_rules.messages import Language, decimal_text
from ntm_rules.vocabulary.lent import lent
from ntm_rules.vocabulary.plans import MOST_ALTERNATIVES, Alternative, Move, Plan, RowReason
from ntm_rules.vocabulary.quantities import plain_number, rounded_ratio
from ntm_rules.vocabulary.verdicts import Verdict

# Decimals to which a cost is shown.
_COST_PLACES = 2


def plan_page(plan: Plan, lang: Language = "vi") -> str:
    """What would have to change for the set to be met, in sentences."""
    words = Words(plan.before.rules, lang)
    lines = [(0, line) for line in heading(plan.before, lang).splitlines()]
    return page((*lines, (0, ""), *plan_lines(plan, words)))


lent.plan_voice = plan_page


#: What a plan tells besides its alternatives, in its order.
BESIDES = ("to_establish", "out_of_reach", "renewed", "held")


def plan_lines(
    plan: Plan, words: Words, besides: Iterable[str] = BESIDES, most: int = MOST_ALTERNATIVES
) -> Iterator[Line]:
    """A plan as lines, an empty one between its parts: at most so many alternatives, then what is told besides."""
    moving = [each for each in plan.alternatives if each.moves]
    if plan.before.verdict is Verdict.MET:
        yield 0, words.say("plan.met")
    elif not moving:
        # What no figure brings about stands below in full.
        yield 0, words.say("plan.no_figure")
    else:
        yield 0, words.say("plan.reachable" if plan.reachable else "plan.not_alone")
    for number, each in enumerate(moving[:most], start=1):
        yield 0, ""
        yield from _alternative(each, number, plan, words)
    if not plan.complete or len(moving) > most:
        yield 0, ""
        yield 0, words.say("plan.cut", count=min(most, len(plan.alternatives)))
    for name in besides:
        reasons: tuple[RowReason, ...] = getattr(plan, name)
        if reasons:
            yield 0, ""
            yield 0, words.say(f"plan.{name}")
            yield from ((1, line) for line in _reasons(reasons, plan, words))


def _alternative(alternative: Alternative, number: int, plan: Plan, words: Words) -> Iterator[Line]:
    cost = "" if alternative.cost is None else words.say("plan.cost", cost=_number(alternative.cost, words))
    least = words.say("plan.cheapest") if alternative is plan.cheapest and len(plan.alternatives) > 1 else ""
    yield 0, words.say("plan.alternative", number=number, cost=cost, cheapest=least)
    for move in alternative.moves:
        rows = ", ".join(words.part(address) for address in move.addresses)
        yield 1, f"{rows}: {_move(move, words)}"
    if alternative.left_open:
        yield 1, words.say("plan.besides")
        yield from ((2, line) for line in _reasons(alternative.left_open, plan, words))


def _move(move: Move, words: Words) -> str:
    fact = words.fact(move.fact)
    if move.now.part is not None:
        fact = words.say("page.fact_part", fact=fact, part=words.part_of_fact(move.fact, move.now.part))
    if move.sign is None or move.required is None or move.gap is None:
        if move.now.statement is not None:
            return words.say("plan.to_yes" if move.then.statement else "plan.to_no", fact=fact)
        return words.say("plan.to_option", fact=fact, now=words.figure(move.now), then=words.figure(move.then))
    heads = ""
    if move.heads is not None and move.now.numerator is not None and move.then.numerator is not None:
        more = move.then.numerator > move.now.numerator
        heads = words.say("plan.heads_more" if more else "plan.heads_fewer", count=move.heads)
    return words.say(
        "plan.move",
        fact=fact,
        now=words.figure(move.now),
        required=words.required(move.sign, move.required),
        gap=words.gap(move.gap) if move.gap.value else words.say("plan.no_gap"),
        heads=heads,
    )


def _reasons(reasons: Iterable[RowReason], plan: Plan, words: Words) -> Iterator[str]:
    for each in reasons:
        of = plan.before[each.address] if each.address else plan.before
        yield f"{words.part(each.address)}: {reason_sentence(each.reason, of, words.lang)}"


def _number(cost: Fraction, words: Words) -> str:
    """A cost, rounded for display where it has no short decimal."""
    numerator, denominator = Decimal(cost.numerator), Decimal(cost.denominator)
    shown = rounded_ratio(numerator, denominator, _COST_PLACES)
    text = decimal_text(Decimal(plain_number(shown)), words.lang)
    return text if shown * denominator == numerator else words.say("page.about", number=text)
