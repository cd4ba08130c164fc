from __future__ import annotations

import attrs
import pytest

import ntm_rules as ntm
from ntm_rules.messages import LANGUAGES, text
from ntm_rules.reports import Bullets, Paragraph, report
from ntm_rules.reports.certificates import MOST
from ntm_rules.vocabulary.requirements import AllOf, AnyOf, Holds
from strategies import at_least, criteria_set, criterion, dossier, only


def told(made, section):
    """The blocks of a section as words: a title with its items, or a paragraph."""
    found = made.section(section)
    if found is None:
        return None
    return [block.words if isinstance(block, Paragraph) else (block.title, *block.items) for block in found.blocks]


def test_only_what_decided_is_told(judged):
    """Of a set that is not met every criterion that fails stands with what decided it, and no other."""
    result = judged("figures")
    decided = told(report(result, "en"), "deciding")
    assert [title.partition(".")[0] for title, *_ in decided] == [
        f"Criterion {each.address}" for each in result.failing
    ]
    (water,) = [items for title, *items in decided if title.startswith("Criterion 17.")]
    assert len(water) == 1
    assert "short by 2.5 percentage points" in water[0]
    assert "Annex, row 17.1" in water[0]
    assert "90%" not in water[0]


def test_of_a_set_that_is_met_only_choices_are_told():
    """Where a set is met only the rows with a choice are told, by the part that carried them."""
    rules = criteria_set(criterion("1", AnyOf((at_least("a", 50), at_least("b", 50)))), criterion("2", Holds(fact="p")))
    made = report(ntm.evaluate(rules, dossier({"a": 60, "b": 40, "p": True})), "en")
    ((title, item),) = told(made, "deciding")
    assert title.startswith("Criterion 1")
    assert "60" in item
    plain = report(ntm.evaluate(only(Holds(fact="p")), dossier({"p": True})), "en")
    assert told(plain, "deciding") is None


def test_an_open_set_is_told_by_what_is_not_known(judged):
    """Where nothing is decided there is nothing that decided it, and nothing that could turn."""
    made = report(judged("nothing"), "vi")
    assert told(made, "deciding") is None
    assert told(made, "firm") is None
    assert made.section("unknown") is not None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_might_turn_is_told(judged, lang):
    """Each verdict within the precision of its figure stands with it, then how many are firm."""
    blocks = told(report(judged("figures"), lang), "firm")
    assert len(blocks) == 5
    assert any("36" in item for block in blocks[:-1] for item in block)
    assert blocks[-1].startswith(text("firm.rest", lang, firm=12, without=35)[:40])


def test_what_would_have_to_change_is_told(judged):
    """Alternatives with their distances and what no figure brings about; of a set that is met what suffices."""
    first, alternative, out_of_reach = told(report(judged("figures"), "en"), "plan")
    assert first == text("plan.not_alone", "en")
    assert [item.partition(":")[0] for item in alternative[1:]] == [
        *("Indicator 5", "Indicator 9.1", "Indicator 15.1", "Indicator 17.1"),
    ]
    assert out_of_reach[0] == text("plan.out_of_reach", "en")
    met = told(report(ntm.evaluate(only(at_least("a", 50)), dossier({"a": 60})), "en"), "plan")
    assert met[0] == text("plan.met", "en")
    assert met[1][0] == text("plan.held", "en")


def test_not_every_alternative_is_told():
    """Of very many alternatives a report tells the first, and says that there are more."""
    choices = [AnyOf((at_least(one, 50), at_least(other, 50))) for one, other in ("ab", "cd", "ef", "gh")]
    rules = only(AllOf(tuple(choices)))
    result = ntm.evaluate(rules, dossier(dict.fromkeys("abcdefgh", 40)))
    assert len(ntm.plan(rules, result.dossier).alternatives) == 16
    blocks = told(report(result, "en"), "plan")
    assert len([block for block in blocks if isinstance(block, tuple)]) == MOST
    assert blocks[-1] == text("plan.cut", "en", count=MOST)


def test_what_stands_in_the_way_besides_belongs_to_its_alternative():
    """What an alternative leaves open stands in one item with the words that lead to it."""
    rules = only(AllOf((at_least("a", 50), Holds(fact="p"))))
    blocks = told(report(ntm.evaluate(rules, dossier({"a": 40})), "en"), "plan")
    (alternative,) = [block for block in blocks if isinstance(block, tuple) and len(block) == 3]
    assert alternative[-1].startswith(text("plan.besides", "en"))
    assert len(alternative[-1]) > len(text("plan.besides", "en"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_changed_is_told(judged, lang, steady):
    """Given an earlier assessment the report tells what changed since; without one there is no such section."""
    later = judged("figures")
    before = attrs.evolve(later.dossier, year=2019, on=later.on.replace(year=2019), facts=later.dossier.facts[:30])
    earlier = ntm.evaluate(later.rules, before)
    made = report(later, lang, since=earlier)
    assert told(report(later, lang), "since") is None
    blocks = told(made, "since")
    assert blocks[0].startswith(text("since.earlier", lang, what="")[:8])
    assert any(block[0] == text("since.turns", lang) for block in blocks if isinstance(block, tuple))
    ids = [section.id for section in made.sections]
    assert ids[ids.index("since") + 1 :] == ["documents", "law"]
    steady(f"since.{lang}.md", ntm.render(attrs.evolve(made, sections=(made.section("since"),)), "md").decode())


def test_every_bullet_has_its_words(judged):
    """No list of these sections is empty, and no item is a fragment."""
    for name in ("attested", "figures", "decision", "many", "few", "district", "hostile"):
        made = report(judged(name), "vi", since=judged("attested"))
        for section in ("deciding", "firm", "plan", "since"):
            found = made.section(section)
            for block in () if found is None else found.blocks:
                if isinstance(block, Bullets):
                    assert block.items
                    assert all(item.strip() and item[-1] in ".)" for item in block.items)
