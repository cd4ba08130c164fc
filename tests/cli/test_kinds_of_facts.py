from __future__ import annotations

import json
from pathlib import Path

import attrs
import pytest

from criteria_strategies import CATALOGUE, CONTENT, NEWER
from ntm_rules.cli import facts as facts_command
from ntm_rules.cli import new as new_command
from ntm_rules.messages import LANGUAGES
from ntm_rules.rulebook import load
from ntm_rules.vocabulary.requirements import AllOf, Holds, IsOneOf
from strategies import at_least

SET = "commune/standard/2016-2020"


def rules_of_newer_facts():
    """A packaged set whose first indicator reads every kind of fact."""
    law = attrs.evolve(load(SET), catalogue=attrs.evolve(CATALOGUE, facts=(*load(SET).catalogue.facts, *NEWER)))
    measured = [at_least(fact, 5) for fact in ("merit", "trained", "content", "rest_share", "vague")]
    require = AllOf(members=(*measured, Holds(fact="is_safe"), IsOneOf(subject="supply", values=("own",))))
    first = law.criteria[0]
    indicator = attrs.evolve(first.indicators[0], require=require)
    return attrs.evolve(law, criteria=(attrs.evolve(first, indicators=(indicator,)),))


def test_facts_of_every_kind(run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps, values, parts, derivations and missing definitions are shown as text and as JSON."""
    monkeypatch.setattr(facts_command, "catalogue", lambda: CATALOGUE)
    out = run("facts", "--lang", "en").out
    for line in (
        "  step, the worst first: poor (Yếu (en)), fair (Trung bình (en)), good (Khá (en))",
        "  one of: own (tự cấp (en)), piped (ống (en))",
        "  told by sex: men (nam (en)), women (nữ (en))",
        "  told by content: the list of parts is not at hand",
        "  computed as: (All - Roads) / All",
        "  the law's way of counting is not at hand: no figure of it can be judged yet",
    ):
        assert line in out.splitlines()
    read = {each["fact"]: each for each in json.loads(run("facts", "--json").out)}
    assert [step["id"] for step in read["merit"]["steps"]] == ["poor", "fair", "good"]
    assert (read["merit"]["kind"], read["merit"]["scale"]) == ("ordinal", "rating")
    assert read["supply"]["values"][0] == {"id": "own", "title": {"vi": "tự cấp", "en": "tự cấp (en)"}}
    assert [part["id"] for part in read["trained"]["parts"]["parts"]] == ["men", "women"]
    assert read["content"]["parts"]["parts"] is None
    assert read["rest_share"]["derived"] == {"ratio": {"of": {"difference": ["all_area", "road"]}, "to": "all_area"}}
    assert read["vague"]["definition_unstated"]
    assert read["water"]["derived"] is None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_blank_dossier_for_every_kind(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    """A blank dossier says what each kind may be, how parts are written, and asks for what a fact is computed from."""
    monkeypatch.setattr(new_command, "find_rules", lambda *_: rules_of_newer_facts())
    out = run("new", SET, "--lang", lang).out
    assert "poor (Yếu" in out
    assert "own (tự cấp" in out
    assert "{parts: {men: …, women: …}}" in out
    assert "{parts: {…: …}}" in out
    assert "all_area, road" in out
    asked = [line.strip() for line in out.splitlines() if line.startswith("  ") and not line.startswith("  #")]
    derived = ["rest_share:", "all_area:", "plot:", "road:"]
    assert [line for line in asked if line in derived] == derived
    assert CONTENT.parts is None
