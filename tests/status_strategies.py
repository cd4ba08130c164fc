"""A set on revoking a title, for tests: no law has one on the title of 2016-2020."""

from __future__ import annotations

from typing import Any

from ntm_rules.language import from_plain, parse_criteria_set
from ntm_rules.rulebook import facts, instruments, places
from ntm_rules.vocabulary.criteria import CriteriaSet

TITLE = "commune/standard/2016-2020"

#: Half of the criteria are not met.
HALF = {"share_of": "criteria", "in": TITLE, "that": "not_met", "at_least": "50 %"}


def revocation(require: Any, until: str = "2021-12-31") -> CriteriaSet:
    """A set on revoking the title, of one row."""
    words = {"vi": "thử", "en": "a trial"}
    row = {"number": "1", "title": words, "require": require, "source": {"evidence": "text"}}
    data = {
        "criteria_set": f"revocation/{TITLE}",
        "title": words,
        "basis": "1980/QĐ-TTg",
        "in_force": {"from": "2016-12-01", "until": until},
        "counts": {"criteria": 1, "indicators": 1},
        "axes": {"region": [{"row": "unit.region"}]},
        "applies_to": {"title": words, "require": {"recognised_as": TITLE}, "source": {"evidence": "text"}},
        "verdict_words": {
            "met": {"vi": "có căn cứ để thu hồi", "en": "the case for revocation is made out"},
            "not_met": {"vi": "chưa có căn cứ để thu hồi", "en": "no case for revocation"},
        },
        "criteria": [{"number": "1", "title": words, "indicators": [row]}],
    }
    return parse_criteria_set(from_plain(data), facts(), instruments(), places())
