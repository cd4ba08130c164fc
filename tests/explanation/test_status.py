from __future__ import annotations

import re
from datetime import date

import attrs
import pytest

import ntm_rules as ntm
from ntm_rules import CauseCode, RecognitionState
from ntm_rules.explanation import cause_sentence, history_rows, status_page
from ntm_rules.messages import LANGUAGES
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import Document, Predecessor, Status
from ntm_rules.vocabulary.instruments import Citation, Grade
from ntm_rules.vocabulary.lineage import ChangeKind, LineageChange
from ntm_rules.vocabulary.places import Level, Place
from ntm_rules.vocabulary.status import Cause, RecognitionStatus, TitleStatus, Transition
from status_strategies import HALF, revocation

SET = "commune/standard/2016-2020"
OLD = Place(Level.COMMUNE, "Thử Một", "Minh Họa", "vn-2008/province/19")
NEW = Place(Level.COMMUNE, "Thử Mới", None, "vn-2025/province/19")
TITLE = ntm.HeldTitle(SET, PartialDate(2018, 5), decision="1/QĐ", document="q", revoked_by="2/QĐ")
MERGER = LineageChange(date(2025, 7, 1), ChangeKind.MERGER, (OLD,), (NEW,), "9/NQ")
RULES = ntm.load(SET)
DOSSIER = ntm.Dossier(
    OLD, 2019, date(2019, 12, 31), documents=(Document("q", "Quyết định"),), status=Status.ILLUSTRATION
)
FAILING = attrs.evolve(
    DOSSIER,
    attestations=tuple(ntm.Attestation(str(number), ntm.Verdict.NOT_MET) for number in (10, 17)),
)
OPEN, NOT_MET = ntm.evaluate(RULES, DOSSIER), ntm.evaluate(RULES, FAILING)
LOST = attrs.evolve(
    DOSSIER,
    titles=(ntm.HeldTitle(SET, PartialDate(2018)),),
    attestations=tuple(ntm.Attestation(f"{SET}#{number}", ntm.Verdict.NOT_MET) for number in range(1, 11)),
)
CASE = ntm.evaluate(revocation(HALF), LOST)
CITED = Citation("1980/QĐ-TTg", None, Grade.TEXT)

#: One cause a code.
CAUSES = {
    CauseCode.NO_DECISION: {},
    CauseCode.NO_DECISION_KNOWN: {},
    CauseCode.DECISION_DATE_OPEN: {"title": TITLE},
    CauseCode.RECOGNISED_BY: {"title": TITLE},
    CauseCode.REVOKED_BY: {"title": TITLE},
    CauseCode.ASSESSED_MET: {"result": OPEN, "year": 2019},
    CauseCode.ASSESSED_NOT_MET: {"result": NOT_MET, "year": 2019},
    CauseCode.ASSESSED_OPEN: {"result": OPEN, "year": 2019},
    CauseCode.NOT_ASSESSED: {"year": 2019},
    CauseCode.REVOCATION_MADE_OUT: {"result": CASE, "year": 2019},
    CauseCode.REVOCATION_NOT_MADE_OUT: {"result": OPEN, "year": 2019},
    CauseCode.REVOCATION_OPEN: {"result": OPEN, "year": 2019},
    CauseCode.RENEWAL_DUE: {"title": TITLE, "years": 5, "citation": CITED},
    CauseCode.RENEWAL_OPEN: {"title": TITLE, "years": 5, "citation": CITED},
    CauseCode.FORMED_OF_OTHERS: {"predecessors": (Predecessor(OLD, MERGER.on, "9/NQ", (TITLE,)),)},
    CauseCode.BECAME_OTHERS: {"change": MERGER},
    CauseCode.RENAMED: {"change": attrs.evolve(MERGER, by="267/BNN-VPĐP")},
}
STATUS = RecognitionStatus(OLD, date(2019, 12, 31), (), (DOSSIER,))

# Signs of a placeholder left over, left empty or filled with what people don't read.
LEFT_OVER = re.compile(r"[{}]|\?|None|\(\)|«»|\"\"|  |: [.;]|\b[a-z]+_[a-z_]+\b")


def test_every_cause_is_looked_at():
    """Every code of a cause is in the list above."""
    assert CAUSES.keys() == set(CauseCode)


@pytest.mark.parametrize("code", CAUSES)
def test_every_cause_is_a_sentence(code):
    """Each reads as a whole sentence in both languages, and not the same in both."""
    told = {cause_sentence(Cause(code, **CAUSES[code]), STATUS, lang) for lang in LANGUAGES}
    assert len(told) == len(LANGUAGES)
    for sentence in told:
        assert (sentence[0].isupper() or sentence[0].isdecimal(), sentence[-1]) == (True, ".")
        assert not LEFT_OVER.search(sentence), sentence


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_cause_names_what_it_rests_on(lang):
    """The failing criteria by number, the paper of a decision, the instrument of a change by its kind."""
    not_met = cause_sentence(Cause(CauseCode.ASSESSED_NOT_MET, **CAUSES[CauseCode.ASSESSED_NOT_MET]), STATUS, lang)
    assert "0/19" in not_met
    assert re.search(r"10 \(.*17 \(", not_met)
    given = cause_sentence(Cause(CauseCode.RECOGNISED_BY, title=TITLE), STATUS, lang)
    assert "Quyết định)" in given
    renamed = cause_sentence(Cause(CauseCode.RENAMED, **CAUSES[CauseCode.RENAMED]), STATUS, lang)
    assert {"vi": "Công văn 267/BNN-VPĐP", "en": "Official letter 267/BNN-VPĐP"}[lang] in renamed


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_not_told_leaves_no_gap(lang):
    """A decision without number or paper, a change without instrument."""
    bare = ntm.HeldTitle(SET, PartialDate(2018), revoked_on=PartialDate(2020))
    change = attrs.evolve(MERGER, by=None)
    causes = [
        Cause(CauseCode.RECOGNISED_BY, title=bare),
        Cause(CauseCode.REVOKED_BY, title=bare),
        Cause(CauseCode.BECAME_OTHERS, change=change),
        Cause(CauseCode.FORMED_OF_OTHERS, predecessors=(Predecessor(OLD, MERGER.on, titles=(bare,)),)),
    ]
    for cause in causes:
        assert not re.search(r"[{}]|None|  | [.,;]", cause_sentence(cause, STATUS, lang))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_tells_states_dates_and_detail(lang, golden):
    """Each title with its state and since when, why, what a case for revocation consists in, and its history."""
    case = Cause(CauseCode.REVOCATION_MADE_OUT, result=CASE, year=2019)
    due = Transition(
        PartialDate(2019, 12, 31), RecognitionState.RECOGNISED, RecognitionState.DUE_FOR_REVIEW, case, decides=True
    )
    kept = attrs.evolve(
        due,
        before=due.state,
        cause=Cause(CauseCode.NOT_ASSESSED, year=2020),
        on=PartialDate(2020),
        decides=False,
    )
    gone, none = Cause(CauseCode.BECAME_OTHERS, change=MERGER), Cause(CauseCode.NO_DECISION)
    titles = (
        TitleStatus(SET, due.state, due.on, PartialDate(2018, 5), (case,), (due, kept)),
        TitleStatus("external/civilised_urban", RecognitionState.NOT_RECOGNISED, PartialDate(2025), None, (gone,)),
        TitleStatus("commune/model/2021-2025", RecognitionState.NOT_RECOGNISED, None, None, (none,)),
    )
    status = attrs.evolve(STATUS, titles=titles)
    golden(f"explanation/status.{lang}.txt", status.page(lang) + "\n")
    assert status.page(lang) == status_page(status, lang)
    assert len(history_rows(titles[0], status, lang)) == 2
    assert status.current is titles[0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_of_a_district_the_guidance_on_communes_is_not_told(lang):
    """The letter's part on districts was not seen."""
    gone = Cause(CauseCode.BECAME_OTHERS, change=MERGER)
    title = TitleStatus(SET, RecognitionState.NOT_RECOGNISED, None, None, (gone,))
    district = attrs.evolve(STATUS, place=Place(Level.DISTRICT, "x"), titles=(title,))
    assert "267/BNN" not in district.page(lang)
    assert "267/BNN" in attrs.evolve(district, place=OLD).page(lang)
