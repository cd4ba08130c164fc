"""Sections that tell what decided a result, how firm it is, what would have to change, and what changed since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ntm_rules.evaluation import compare_assessments
from ntm_rules.evaluation import plan as make_plan
from ntm_rules.explanation import Words, deciding_lines, firm_lines, plan_lines, since_lines
from ntm_rules.reports.report import Block, Bullets, Paragraph, Section
from ntm_rules.vocabulary.assessments import Assessment, FirmnessCode
from ntm_rules.vocabulary.verdicts import Verdict

#: The most alternatives of a plan that a report tells.
MOST = 12
# A sentence ends so.
_ENDS = (".", ":", ";", "?", "!")


def deciding(result: Assessment, words: Words) -> Iterator[Section]:
    """What decided the verdict, as short as it can be told; of an open one the section on the unknown tells it."""
    if result.verdict is Verdict.UNDETERMINED:
        return
    blocks = [each for each in _blocks(deciding_lines(result, words)) if isinstance(each, Bullets)]
    yield Section("deciding", words.say("report.section_deciding"), tuple(blocks))


def firmness(result: Assessment, words: Words) -> Iterator[Section]:
    """Which verdicts would turn within the precision of a figure, or by one unit of its last place."""
    if all(row.firmness.code is FirmnessCode.NO_FIGURE for row in (*result.indicators, *result.preconditions)):
        return
    yield Section("firm", words.say("firm.title"), tuple(_blocks(firm_lines(result, words))))


def to_change(result: Assessment, words: Words) -> Iterator[Section]:
    """What would have to change; for a set that is met what suffices, with its margins."""
    plan = make_plan(result.rules, result.dossier, accept=result.accept)
    # What is not known has a section of its own, and margins stand beside each figure.
    besides = ["held"] if result.verdict is Verdict.MET else ["out_of_reach", "renewed"]
    lines = plan_lines(plan, words, besides, MOST)
    yield Section("plan", words.say("report.section_plan"), tuple(_blocks(lines)))


def since(earlier: Assessment, result: Assessment, words: Words) -> Section:
    """What changed since an earlier assessment."""
    lines = since_lines(compare_assessments(earlier, result), words.lang)
    return Section("since", words.say("report.section_since"), tuple(_blocks(lines)))


def _blocks(lines: Iterable[tuple[int, str]]) -> Iterator[Block]:
    """Lines as blocks: what stands beneath a line is its list, what stands deeper belongs to the item above."""
    head: str | None = None
    items: list[str] = []
    for depth, line in (*lines, (0, "")):
        if depth == 0:
            if head:
                yield Bullets(tuple(items), head) if items else Paragraph(head)
            head, items = line, []
        elif depth == 1:
            items.append(line)
        else:
            items[-1] = _sentence(items[-1], line)


def _sentence(before: str, after: str) -> str:
    return f"{before}{'' if before.endswith(_ENDS) else '.'} {after}"


__all__ = ["MOST", "deciding", "firmness", "since", "to_change"]
