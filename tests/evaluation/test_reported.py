from __future__ import annotations

from itertools import product
from random import Random

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_rules import evaluate, why
from ntm_rules.evaluation.rollup import of_interval
from ntm_rules.explanation import finding_sentence
from ntm_rules.messages import LANGUAGES
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import Document, ReportedBeneath
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.requirements import AnyOf, Attains, Collection, Denominator, RecognisedAs, Sign
from ntm_rules.vocabulary.verdicts import Basis, FindingCode, ReasonCode, Verdict
from rollup_strategies import (
    ADVANCED_SET,
    COMMUNE_SET,
    TITLE,
    P,
    commune,
    count,
    district,
    district_set,
    every,
    share,
    title,
)
from strategies import said, source

MET, NOT_MET, OPEN, DROPS = Verdict.MET, Verdict.NOT_MET, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE
ATTAINS = Attains(address=COMMUNE_SET)
OR_HIGHER = RecognisedAs(set_id=COMMUNE_SET, or_higher=True)
DOCUMENT = Document("d1", "Báo cáo thử", "UBND huyện", "12/BC", PartialDate(2021, 1, 8))


def tally(met, most=None, what=Collection.COMMUNES, **own):
    """A published number of communes that attain the standard, unless something else is named."""
    own = own if own.keys() & {"attains", "recognised_as"} else {"attains": COMMUNE_SET, **own}
    return ReportedBeneath(collection=what, least=met, most=met if most is None else most, document="d1", **own)


def titled(met, most=None, **own):
    """A published number of communes that hold the title of the standard."""
    return tally(met, most, **{"recognised_as": COMMUNE_SET, **own})


def place(*tallies, counts=23, below=(None,), **own):
    """A district of so many communes, of which only a number was published."""
    known = {} if counts is None else {"commune": counts}
    below = () if below == (None,) and counts is not None else below
    return district(*below, counts=known, reported_beneath=tallies, documents=(DOCUMENT,), **own)


def judged(require, *tallies, accept=Grade.RECALLED, **own):
    """The result of one requirement for such a district."""
    return evaluate(district_set(require), place(*tallies, **own), accept=accept)["1.1"]


@pytest.mark.parametrize(
    ("require", "tallies", "counts", "verdict", "code"),
    [
        (share(ATTAINS, 100), (tally(23),), 23, MET, ReasonCode.COUNTED_MET),
        (share(ATTAINS, 100), (tally(22),), 23, NOT_MET, ReasonCode.COUNTED_NOT_MET),
        (share(ATTAINS, 90), (tally(20, 22),), 23, OPEN, ReasonCode.COUNTED_OPEN),
        (share(ATTAINS, 90), (tally(20, 22), tally(21, 23)), 23, MET, ReasonCode.COUNTED_MET),
        (share(ATTAINS, 100), (tally(23),), None, OPEN, ReasonCode.SUB_PLACES_UNKNOWN),
        (count(ATTAINS, 23), (tally(23),), None, MET, ReasonCode.COUNTED_MET),
        (count(ATTAINS, 24), (tally(23),), None, NOT_MET, ReasonCode.COUNTED_NOT_MET),
        (count(ATTAINS, 24), (tally(23, 25),), None, OPEN, ReasonCode.COUNTED_OPEN),
        (share(ATTAINS, 50), (tally(23, what=Collection.TOWNS),), 23, OPEN, ReasonCode.COUNTED_OPEN),
        (share(ATTAINS, 50), (titled(23),), 23, OPEN, ReasonCode.COUNTED_OPEN),
        (share(ATTAINS, 50), (tally(23, attains=ADVANCED_SET),), 23, OPEN, ReasonCode.COUNTED_OPEN),
        (share(TITLE, 50), (tally(23),), 23, OPEN, ReasonCode.COUNTED_OPEN),
        (share(TITLE, 50), (titled(23),), 23, MET, ReasonCode.COUNTED_MET),
        (share(AnyOf(members=(ATTAINS,)), 50), (tally(23),), 23, OPEN, ReasonCode.COUNTED_OPEN),
        (share(ATTAINS, 0), (tally(0),), 0, DROPS, ReasonCode.NOTHING_COUNTED),
        (share(ATTAINS, 50, of=Denominator.UNSTATED), (tally(23),), 23, MET, ReasonCode.COUNTED_MET),
        (every(ATTAINS), (tally(23),), 23, MET, ReasonCode.EVERY_MET),
        (every(ATTAINS), (tally(22),), 23, NOT_MET, ReasonCode.EVERY_NOT_MET),
        (every(ATTAINS), (tally(22, 23),), 23, OPEN, ReasonCode.EVERY_OPEN),
        (every(ATTAINS), (tally(23),), None, OPEN, ReasonCode.SUB_PLACES_UNKNOWN),
        (every(ATTAINS), (tally(0),), 0, DROPS, ReasonCode.NOTHING_COUNTED),
        (every(ATTAINS, P), (tally(23),), 23, OPEN, ReasonCode.EVERY_OPEN),
    ],
)
def test_a_published_number_bounds_the_count(require, tallies, counts, verdict, code):
    """A tally of just what is asked of just these places bounds their number; a share needs to know of how many."""
    result = judged(require, *tallies, counts=counts)
    assert (result.verdict, result.reasons[0].code) == (verdict, code)


@pytest.mark.parametrize(
    ("that", "reported", "bounds"),
    [
        (TITLE, titled(5), (5, 5)),
        (TITLE, titled(5, or_higher=True), (0, 5)),
        (OR_HIGHER, titled(5), (5, 23)),
        (OR_HIGHER, titled(5, or_higher=True), (5, 5)),
        (OR_HIGHER, titled(5, recognised_as=ADVANCED_SET), (5, 23)),
        (OR_HIGHER, titled(5, recognised_as=ADVANCED_SET, or_higher=True), (5, 23)),
        (OR_HIGHER, titled(5, recognised_as="commune/standard"), (0, 23)),
        (TITLE, titled(5, recognised_as="commune/standard"), (0, 5)),
        (RecognisedAs(set_id="commune/standard"), titled(5), (5, 23)),
        (RecognisedAs(set_id=ADVANCED_SET), titled(5, or_higher=True), (0, 5)),
        (RecognisedAs(set_id=ADVANCED_SET), titled(5), (0, 23)),
        (TITLE, titled(5, recognised_as="commune/standard/2010-2015"), (0, 23)),
    ],
)
def test_titles_that_include_each_other_bound_from_one_side(that, reported, bounds):
    """A tally of fewer titles bounds from below, one of more from above, one of just these from both sides."""
    counted = judged(share(that, 50), reported).reasons[0].counted
    assert (counted.least, counted.most) == bounds


def test_the_set_in_force_is_meant_where_no_period_is_named():
    """What is reported of the set by name counts for the set in force that day, a row of it for that row alone."""
    asked = share(Attains(address="commune/standard"), 100)
    assert judged(asked, tally(23)).verdict is MET
    row = share(Attains(address="commune/standard#10"), 100)
    assert judged(row, tally(23)).verdict is OPEN
    assert judged(row, tally(23, attains=f"{COMMUNE_SET}#10")).verdict is MET
    assert judged(row, tally(23, attains=f"{COMMUNE_SET}#99")).verdict is OPEN
    nowhere = share(Attains(address="commune/basic/1999#1"), 100)
    assert judged(nowhere, tally(23, attains="commune/basic/1999#1")).verdict is MET


def test_what_rests_on_a_report_is_attested():
    """It is a statement, provisional where its threshold is recalled, and does not outweigh a conclusion."""
    rules = district_set(share(ATTAINS, 100))
    result = evaluate(rules, place(tally(23)))["1.1"]
    assert (result.basis, result.support.statement, result.provisional) == (Basis.ATTESTED, True, False)
    recalled = attrs.evolve(rules["1.1"], source=source(Grade.RECALLED))
    criterion = attrs.evolve(rules.criteria[0], indicators=(recalled,))
    assessment = evaluate(attrs.evolve(rules, criteria=(criterion,)), place(tally(23)))
    assert assessment["1.1"].provisional
    assert assessment.rests_on == {"recalled": ("1/1.1",), "attested": ("1/1.1",)}
    against = evaluate(rules, place(tally(23), attestations=(said("1.1", NOT_MET),)))
    assert (against["1.1"].verdict, against.conflicts[0].code) == (OPEN, FindingCode.STATEMENTS_CONFLICT)
    assert evaluate(district_set(every(ATTAINS)), place(tally(23)))["1.1"].basis is Basis.ATTESTED


def test_what_is_listed_decides_before_any_report():
    """Where the places listed decide, the verdict rests on them alone and the report is told; else on both."""
    below = (commune("a"), commune("b"))
    titles = (title("a"), title("b"))
    alone = judged(share(TITLE, 100), titled(2), counts=2, below=below, titles=titles)
    assert (alone.verdict, alone.basis, alone.reasons[0].counted.report.least) == (MET, Basis.COMPUTED, 2)
    both = judged(count(TITLE, 1, Sign.EQUALS), titled(0, 1), counts=2, below=below, titles=titles[:1])
    assert (both.verdict, both.basis) == (MET, Basis.MIXED)


@pytest.mark.parametrize(
    ("require", "tallies", "numbers"),
    [
        (share(TITLE, 100), (titled(0),), (0, 0, 1, 2)),
        (share(TITLE, 100), (titled(3),), (3, 3, 1, 2)),
        (share(TITLE, 100), (titled(1), titled(2)), (2, 1, 1, 2)),
        (share(OR_HIGHER, 100), (titled(3),), (3, 3, 1, 2)),
        (every(TITLE), (titled(0),), (0, 0, 1, 2)),
    ],
)
def test_a_report_that_contradicts_what_is_listed(require, tallies, numbers):
    """It is a finding, and what is listed stands."""
    own = {"counts": 2, "below": (commune("a"), commune("b")), "titles": (title("a"),)}
    assessment = evaluate(district_set(require), place(*tallies, **own))
    (found,) = [each for each in assessment.findings if each.code is FindingCode.TALLY_CONFLICT]
    assert (found.address, found.subject, found.numbers) == ("1/1.1", "communes", numbers)
    assert assessment["1.1"].verdict is OPEN
    assert assessment["1.1"].verdict is judged(require, **own).verdict
    told = finding_sentence(found, assessment, "vi")
    assert told.startswith(f"Số tổng trong báo cáo ({numbers[0]}-{numbers[1]} xã) không khớp")


def test_a_report_beneath_that_contradicts_is_found_above():
    """A district's report that its own communes contradict is told on the province's page too."""
    below = place(titled(0), counts=1, below=(commune("a"),), titles=(title("a"),))
    above = district(below)
    rules = district_set(share(share(TITLE, 100), 100, what=Collection.SUB_PLACES))
    assert [each.code for each in evaluate(rules, above).findings] == [FindingCode.TALLY_CONFLICT]


def test_a_report_does_not_stand_in_for_law_that_is_not_accepted():
    """Where what is asked of each is evidenced less well than is accepted, no report decides."""
    that = attrs.evolve(ATTAINS, source=source(Grade.RECALLED))
    assert judged(share(that, 100), tally(23)).verdict is MET
    assert judged(share(that, 100), tally(23), accept=Grade.TEXT).verdict is OPEN


def test_nothing_met_is_said_of_all():
    """That none attains it is said of every one: none of them drops out."""
    assert judged(share(ATTAINS, 10), tally(0)).verdict is NOT_MET
    fewer = titled(0, recognised_as=ADVANCED_SET)
    assert judged(share(OR_HIGHER, 10), fewer).verdict is OPEN


# --- soundness --------------------------------------------------------------------------------------------------


def completed(names, held, known):
    """Every dossier in which it is known of all communes whether they hold the title, one for each number that do."""
    every_name = [*names, *(f"y{at}" for at in range(known - len(names)))]
    others = [name for name in every_name if name not in held]
    for more in range(len(others) + 1):
        titles = tuple(title(name) for name in (*held, *others[:more]))
        below = (commune(name) for name in every_name)
        yield len(titles), district(*below, counts={"commune": known}, titles=titles, titles_complete=True)


@given(st.randoms(use_true_random=False))
def test_no_completion_that_fits_the_report_contradicts_a_verdict(random: Random):
    """Whatever is still to be known of the places, if the report is right the verdict stands."""
    names = [f"x{at}" for at in range(random.randint(0, 3))]
    held = [name for name in names if random.random() < 0.3]
    known = len(names) + random.choice((0, 1, 2))
    least = random.randint(0, known)
    reported = titled(least, random.randint(least, known))
    sign = random.choice(list(Sign))
    require = random.choice(
        (every(TITLE), count(TITLE, random.randint(0, 4), sign), share(TITLE, random.choice((0, 25, 50, 100)), sign))
    )
    below = (commune(name) for name in names)
    titles = tuple(title(name) for name in held)
    place = district(*below, counts={"commune": known}, titles=titles, reported_beneath=(reported,))
    rules = district_set(require)
    verdict = evaluate(rules, place)["1.1"].verdict
    fitting = [each for met, each in completed(names, held, known) if reported.least <= met <= reported.most]
    truths = {evaluate(rules, each)["1.1"].verdict for each in fitting}
    assert verdict is OPEN or truths <= {verdict}
    if fitting and len(truths) == 1 and sign is not Sign.EQUALS:
        # Only a share that no number gives lies within an interval all of which has one verdict.
        assert {verdict} == truths


@pytest.mark.parametrize("sign", list(Sign))
def test_every_range_decides_as_its_numbers_do(sign):
    """A reported range is met if each number within passes, and not met if none does."""
    for least, most, required in product(range(3), range(3), range(3)):
        if least <= most:
            result = judged(count(TITLE, required, sign), titled(least, most), counts=2)
            order = [(number > required) - (number < required) for number in (least, most)]
            assert result.verdict is of_interval(sign, *order)


# --- telling ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_how_a_report_is_told(lang):
    """The sentence says that it is as reported, with the numbers and the document."""
    page = why(judged(share(ATTAINS, 100), tally(23)), lang)
    assert {"vi": "Theo báo cáo có 23/23 xã đáp ứng (100 %)", "en": "As reported, 23/23 communes meet it"}[lang] in page
    assert "Báo cáo thử" in page
    page = why(judged(count(ATTAINS, 20), tally(23), counts=None), lang)
    assert {"vi": "Theo báo cáo có 23 xã đáp ứng;", "en": "As reported, 23 communes meet it;"}[lang] in page
    page = why(judged(count(OR_HIGHER, 3), titled(3, recognised_as=ADVANCED_SET), counts=None), lang)
    assert {"vi": "ít nhất 3 xã đáp ứng", "en": "at least 3 communes meet it"}[lang] in page
    bare = attrs.evolve(tally(23), document=None)
    assert "Báo cáo thử" not in why(judged(share(ATTAINS, 100), bare), lang)
    page = why(judged(share(ATTAINS, 100), tally(23), counts=None), lang)
    assert {"vi": "Hồ sơ chưa ghi có bao nhiêu xã", "en": "The dossier does not say how many communes"}[lang] in page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_report_beneath_is_told_with_its_document(lang):
    """Beneath a province the page names the district's report."""
    rules = district_set(share(share(ATTAINS, 100), 100, what=Collection.SUB_PLACES))
    page = why(evaluate(rules, district(place(tally(22))))["1.1"], lang)
    assert "Báo cáo thử" in page
    assert {"vi": "theo báo cáo có 22/23 xã", "en": "as reported, 22/23 communes"}[lang] in page.casefold()


def test_the_data_hold_the_report():
    """The assessment as data says what was published, whether it stands, and in which document."""
    data = evaluate(district_set(share(ATTAINS, 100)), place(tally(22, 23))).to_dict()
    (reason,) = data["criteria"][0]["indicators"][0]["reasons"]
    assert reason["counted"]["report"] == {"least": 22, "most": 23, "stands": True, "documents": ["d1"]}
