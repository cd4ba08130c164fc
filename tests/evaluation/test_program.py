from __future__ import annotations

import copy
import pickle
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from random import Random

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ntm_rules as ntm
from criteria_strategies import criteria_sets, dossiers
from ntm_rules import evaluate
from ntm_rules.evaluation.assessing import assess
from ntm_rules.rulebook import editions, set_names
from ntm_rules.vocabulary.criteria import Indicator
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import Dossier, FactValue, HeldTitle, Reported, Status
from ntm_rules.vocabulary.facts import FactKind
from ntm_rules.vocabulary.instruments import Grade
from ntm_rules.vocabulary.places import OF_PLACE, Place
from ntm_rules.vocabulary.quantities import Quantity
from ntm_rules.vocabulary.requirements import (
    AllOf,
    AppliesWhen,
    AtLeastNOf,
    Attains,
    Compare,
    Every,
    ForEach,
    ForEachYear,
    Holds,
    IsOneOf,
    Nothing,
    PreviousYear,
    RatioMeasure,
    Reading,
    RecognisedAs,
    Sign,
    Table,
    ThresholdOf,
    Unstated,
)
from ntm_rules.vocabulary.verdicts import FindingCode, ReasonCode, Verdict
from strategies import (
    AXES,
    YEAR,
    at_least,
    catalogue_of,
    compare,
    conditions,
    criteria_set,
    criterion,
    dossier,
    of_year,
    only,
    percent,
    random_axes,
    random_facts,
    random_requirement,
    said,
    source,
    value,
    words,
)

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"

MET, NOT_MET, OPEN, DROPS = Verdict.MET, Verdict.NOT_MET, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE

OWN = "commune/standard/2016-2020"


def verdicts(result):
    """Every verdict of a result and its tallies, none of which needs a reason."""
    return (
        result.verdict,
        result.verdicts,
        result.recognition_verdict,
        result.tally,
        result.indicator_tally,
        result.rules.fingerprint,
    )


def given_by(judge):
    """What judging gives, or how it is refused."""
    try:
        return verdicts(judge())
    except ntm.NtmRulesError as error:
        return type(error)


def assert_same(rules, dossier, accept=Grade.RECALLED):
    """The program gives what the readable evaluator gives, before anything else is asked for."""
    by_program = given_by(lambda: evaluate(rules, dossier, accept=accept))
    assert by_program == given_by(lambda: assess(rules, dossier, accept))


# --- any set, any dossier ---------------------------------------------------------------------------------------

GRADES = (Grade.TEXT, Grade.SECONDARY, Grade.RECALLED)


def random_leaf(random):
    """What a program leaves to the readable evaluator, or judges by another set."""
    multiple = Table.constant(ThresholdOf(f"{OWN}#1/1.1", Decimal(random.randint(1, 2))))
    previous = random.choice((None, PreviousYear()))
    ratio = Compare(
        measure=RatioMeasure(Reading("a"), Reading("b", at=previous)),
        sign=random.choice(list(Sign)),
        threshold=Table.constant(Quantity(Decimal(1), "times")),
    )
    return random.choice(
        (
            RecognisedAs(set_id=OWN, or_higher=random.random() < 0.5),
            Attains(address=f"{OWN}#1"),
            Attains(address=random.choice((OWN, "commune/standard", "commune/model/2018-2020", "village/model"))),
            compare("a", random.choice(list(Sign)), multiple),
            ratio,
            compare(random.choice(("near", "turns", "inverse")), random.choice(list(Sign)), percent(1)),
            ForEachYear(last=2, require=Holds(fact="p")),
        )
    )


def random_set(random):
    """One to three criteria, conditions of recognition and whom it is for, over the whole algebra."""

    def tree():
        found = random_requirement(random, random.choice((0, 0, 1, 2)))
        return AllOf(members=(found, random_leaf(random))) if random.random() < 0.07 else found

    criteria = [
        criterion(str(at), *(tree() for _ in range(random.randint(1, 3))), grade=random.choice(GRADES))
        for at in range(1, random.randint(2, 4))
    ]
    rows = [row.require for each in criteria for row in each.indicators]
    beside = [tree() for _ in range(random.choice((0, 0, 1, 2)))]
    whom = tree() if random.random() < 0.3 else None
    axes = random_axes(random) if random.random() < 0.5 else AXES
    held = (len(criteria), len(rows))
    rules = criteria_set(*criteria, counts=(held[0], held[1] + random.choice((0, 0, 0, 1))), axes=axes)
    every = [*rows, *beside, *conditions(axes), *([] if whom is None else [whom])]
    timeless = frozenset({"b"}) if random.random() < 0.2 else frozenset()
    return attrs.evolve(
        rules,
        catalogue=catalogue_of(every, timeless),
        preconditions=tuple(
            Indicator(f"x{at}", words("Điều kiện"), each, source(random.choice(GRADES)))
            for at, each in enumerate(beside)
        ),
        applies_to=None if whom is None else Indicator("applies_to", words("Xã"), whom, source(random.choice(GRADES))),
    )


def random_value(random, fact, written):
    """A value as it stands, of another year, as counts, or as counts of nothing."""
    way = random.random()
    if way < 0.1:
        return of_year(fact, written, random.choice((YEAR, YEAR - 1)))
    if way < 0.3 and fact in "ab":
        return value(fact, (random.randint(0, 2), random.randint(0, 2)))
    return value(fact, written)


def random_dossier(random, rules):
    """Facts, conclusions on any row, tallies, titles and the year before."""
    known = random_facts(random) | {"c": random.randint(0, 2)}
    plain = {fact: written for fact, written in known.items() if "__" in fact or fact.startswith(OF_PLACE)}
    single = tuple(random_value(random, fact, written) for fact, written in known.items() if fact not in plain)
    found = dossier(plain)
    own = {"facts": (*found.facts, *single)}
    if random.random() < 0.5:
        addresses = [*rules.addresses, f"{OWN}#1", "commune/model/2018-2020#1"]
        if random.random() < 0.05:
            addresses = ["99"]
        own["attestations"] = tuple(
            said(
                random.choice(addresses),
                random.choice((MET, NOT_MET, DROPS)),
                for_=random.choice((None, None, PartialDate(YEAR), PartialDate(YEAR - 1))),
            )
            for _ in range(random.randint(1, 4))
        )
    if random.random() < 0.2:
        most = random.randint(0, 5)
        own["reported"] = (Reported(random.choice(("criteria_met", "indicators_met")), random.randint(0, most), most),)
    if random.random() < 0.2:
        own["titles"] = (HeldTitle(OWN, PartialDate(YEAR - 1)),)
    if random.random() < 0.2:
        own["earlier"] = (attrs.evolve(dossier(random_facts(random)), year=YEAR - 1, on=date(YEAR - 1, 12, 31)),)
    if random.random() < 0.1:
        own["place"] = attrs.evolve(found.place, region=None)
    return attrs.evolve(found, **own)


@given(st.integers(0, 2**40))
@settings(max_examples=150)
def test_the_program_gives_what_the_readable_evaluator_gives(seed):
    """Any set, any dossier: the same verdicts of every row, criterion and set, the same tallies, the same refusals."""
    random = Random(seed)  # noqa: S311 - a repeatable run, no secret
    rules, accept = random_set(random), random.choice(GRADES)
    for _ in range(5):
        assert_same(rules, random_dossier(random, rules), accept)


@given(criteria_sets(), dossiers())
@settings(max_examples=6)
def test_so_it_does_for_whatever_documents_can_hold(rules, dossier):
    """Any set and any dossier that can be read, whether they fit each other or not."""
    assert_same(rules, dossier)


# --- the law ----------------------------------------------------------------------------------------------------


def figures_near(rules):
    """Every figure that a set compares a fact with, by the fact."""
    found = {}
    for _, row in rules.rows:
        for node in row.require.walk():
            if isinstance(node, Compare) and node.fact is not None:
                cells = (cell for _, cell in node.threshold.cells)
                found.setdefault(node.fact, []).extend(each.value for each in cells if isinstance(each, Quantity))
    return found


def of_law(random, definition, near):
    """A value of a fact of the law, near a threshold, now and then as counts or of the year before."""
    if definition.kind is FactKind.YES_NO:
        return FactValue(definition.id, statement=random.random() < 0.9)
    if definition.scale is not None:
        return FactValue(definition.id, step=definition.scale.step(random.choice(definition.scale.steps).id))
    if definition.values:
        return FactValue(definition.id, option=random.choice(definition.values).id)
    if definition.unit == "percent" and random.random() < 0.1:
        return FactValue(definition.id, numerator=Decimal(random.randint(0, 9)), denominator=Decimal(9))
    figure = random.choice(near.get(definition.id) or [Decimal(50)]) + Decimal(random.choice(("0", "0.1", "-0.1", "9")))
    return FactValue(definition.id, Quantity(figure, definition.unit))


def dossier_of_law(random, rules, region):
    """What is known of a place for a set of the law: almost all, or almost nothing."""
    near, share = figures_near(rules), random.choice((0.3, 0.97, 1))
    facts = []
    for fact in sorted(rules.used_facts):
        definition = rules.catalogue.get(fact)
        if definition is None or random.random() > share:
            continue
        found = of_law(random, definition, near)
        if definition.parts is not None and definition.parts.parts is not None:
            parts = tuple(
                attrs.evolve(of_law(random, definition, near), part=each.id) for each in definition.parts.parts
            )
            found = attrs.evolve(found, parts=parts)
        facts.append(found if random.random() < 0.95 else attrs.evolve(found, for_=PartialDate(2000)))
    on = max(rules.in_force.first_day, date(rules.in_force.first_day.year, 12, 31))
    attributes = (("ethnic_zone", random.choice(("I", "II", "III"))), ("is_safe_zone", random.random() < 0.5))
    place = Place(rules.id.level, "Thử", region=region, attributes=attributes)
    addresses = random.sample(rules.addresses, random.choice((0, 0, min(3, len(rules.addresses)))))
    concluded = tuple(said(each, random.choice((MET, NOT_MET, DROPS))) for each in addresses)
    return Dossier(place, on.year, on, status=Status.SYNTHETIC, facts=tuple(facts), attestations=concluded)


@pytest.mark.parametrize("name", set_names())
def test_the_program_gives_the_same_by_every_edition(name):
    """Every packaged edition, places of all kinds: the verdicts of the readable evaluator."""
    random = Random(name)  # noqa: S311 - a repeatable run, no secret
    for rules in editions(name):
        for region in ("northern_midlands_and_mountains", "red_river_delta", None):
            assert_same(rules, dossier_of_law(random, rules, region), random.choice(GRADES))


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*/*.yaml")), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_program_gives_the_same_of_the_examples(path):
    """The dossiers of the examples, most of them real places."""
    if "dossier:" in path.read_text(encoding="utf-8").partition("place:")[0]:
        found = ntm.read_dossier(path)
        rules = EXAMPLES / "district" / "rules.yaml"
        assert_same(ntm.read_criteria_set(rules) if rules.parent == path.parent else ntm.rules_for(found), found)


# --- what it must not overlook ----------------------------------------------------------------------------------


def judged(require, facts=None, /, *conclusions, grade=Grade.TEXT, **own):
    """The verdicts on a row and on the set, before any reason is built."""
    result = evaluate(only(require, grade=grade), dossier(facts, attestations=conclusions, **own))
    return result.verdicts["1/1.1"], result.verdict


@pytest.mark.parametrize(
    ("conclusions", "grade", "facts", "verdict"),
    [
        ((MET,), Grade.TEXT, {}, MET),
        ((MET, NOT_MET), Grade.TEXT, {}, OPEN),
        ((NOT_MET,), Grade.TEXT, {"a": 60}, MET),
        ((NOT_MET,), Grade.RECALLED, {"a": 60}, OPEN),
        ((NOT_MET, MET), Grade.RECALLED, {"a": 60}, OPEN),
        ((NOT_MET,), Grade.TEXT, {"a": 40}, NOT_MET),
        ((MET,), Grade.TEXT, {"a": 40}, NOT_MET),
        ((MET,), Grade.RECALLED, {"a": 40}, OPEN),
        ((DROPS,), Grade.TEXT, {}, DROPS),
    ],
)
def test_it_minds_conclusions(conclusions, grade, facts, verdict):
    """What departments concluded stands or not by what the figure rests on, on a row and on its criterion."""
    row = tuple(said("1.1", each) for each in conclusions)
    assert judged(at_least("a", 50), facts, *row, grade=grade) == (verdict, verdict)
    whole = tuple(said("1", each) for each in conclusions)
    assert judged(at_least("a", 50), facts, *whole, grade=grade)[1] is verdict


def test_it_minds_conclusions_beside_the_criteria():
    """On a condition of recognition, and on whom the set is for, they count as on any row."""
    holds = Holds(fact="q")
    rules = attrs.evolve(
        only(at_least("a", 50)),
        preconditions=(Indicator("x", words("Điều kiện"), holds, source()),),
        applies_to=Indicator("applies_to", words("Xã"), holds, source()),
    )
    concluded = (said("precondition/x", NOT_MET), said("applies_to", MET))
    result = evaluate(rules, dossier({"a": 60}, attestations=concluded))
    assert (result.verdict, result.recognition_verdict) == (MET, NOT_MET)
    elsewhere = evaluate(rules, dossier({"a": 60}, attestations=(said("applies_to", NOT_MET),)))
    assert (elsewhere.verdict, elsewhere.recognition_verdict) == (DROPS, DROPS)


IF_ANY = AppliesWhen(condition=compare("villages", Sign.MORE_THAN, 0), body=at_least("share", 50))


#: Counts beside a share that was printed wrongly.
PRINTED = attrs.evolve(value("a", (1, 3)), quantity=percent(60))


@pytest.mark.parametrize(
    ("require", "facts", "verdict"),
    [
        (IF_ANY, {"villages": 0}, DROPS),
        (IF_ANY, {"villages": 1, "share": 40}, NOT_MET),
        (IF_ANY, {"share": 60}, OPEN),
        (AllOf(members=(IF_ANY, at_least("a", 50))), {"villages": 0, "a": 60}, MET),
        (AtLeastNOf(n=2, members=(IF_ANY, at_least("a", 50))), {"villages": 0, "a": 60}, NOT_MET),
        (at_least("a", 50), {"a": (0, 0)}, OPEN),
        (at_least("a", 50), {"a": (1, 2)}, MET),
        (compare("a", Sign.MORE_THAN, 50), {"a": (1, 2)}, NOT_MET),
        (at_least("a", Decimal("33.3").__str__()), {"a": (1, 3)}, MET),
        (at_least("a", 50), {"a": of_year("a", 60, YEAR - 1)}, OPEN),
        (at_least("a", 50), {"a": PRINTED}, NOT_MET),
        (at_least("a", Nothing()), {"a": 60}, DROPS),
        (at_least("a", Unstated()), {"a": 60}, OPEN),
        (at_least("quotient", 1), {"a": 1, "b": 0}, OPEN),
        (at_least("quotient", 1), {"a": 1, "b": 2, "quotient": 9}, NOT_MET),
        (at_least("undefined", 1), {"undefined": 2}, OPEN),
        (ForEach(by="sex", require=at_least("m", 1)), {"m__men": 2, "m__women": 0}, NOT_MET),
        (ForEach(by="sex", require=at_least("m", 1)), {"m": 2, "m__men": 2}, OPEN),
        (Holds(fact="p"), {"p": False}, NOT_MET),
        (Holds(fact="p"), {}, OPEN),
        (Holds(fact="unit.is_safe_zone"), {}, OPEN),
        (IsOneOf(subject="ethnic_zone", values=("I",), of_place=True), {"unit.ethnic_zone": "II"}, NOT_MET),
    ],
)
def test_it_minds_what_drops_and_what_cannot_be_measured(require, facts, verdict):
    """What is not applicable drops, counts of nothing and figures of another year decide nothing."""
    assert judged(require, facts) == (verdict, verdict)


@pytest.mark.parametrize("sign", list(Sign))
@pytest.mark.parametrize("threshold", ["0", "2", "-2", "0.0000001", "-0.00000005", "1e13", "-1e13", "33.333333"])
def test_figures_of_any_size_are_compared_exactly(sign, threshold):
    """At a threshold, beside it by the least there is, and far from it; others beside it are not moved."""
    near = Decimal(threshold)
    least = [compare(fact, sign, percent(near if fact == "b" else "1")) for fact in "abc"]
    rules = criteria_set(*(criterion(str(at), each) for at, each in enumerate(least, start=1)))
    for figure in (
        near,
        near + Decimal("1e-6"),
        near - Decimal("1e-6"),
        near + Decimal("1e-9"),
        -near,
        Decimal("-1e30"),
    ):
        for beside in ("1", "-4611686018427.387903", "4611686018427.387903", "4611686018427.387904"):
            facts = {"a": percent(beside), "b": percent(figure), "c": percent(beside)}
            known = attrs.evolve(dossier(), facts=tuple(FactValue(fact, each) for fact, each in facts.items()))
            assert evaluate(rules, known).verdicts == assess(rules, known, Grade.RECALLED).verdicts


def test_a_set_that_lacks_rows_is_never_met():
    """All that are held may be met; one that fails is enough to fail."""
    rules = criteria_set(criterion("1", at_least("a", 50), Holds(fact="p")), counts=(1, 3))
    assert evaluate(rules, dossier({"a": 60, "p": True})).verdict is OPEN
    assert evaluate(rules, dossier({"a": 40})).verdict is NOT_MET
    assert evaluate(rules, dossier({"a": 40})).verdicts == {"1": NOT_MET, "1/1.1": NOT_MET, "1/1.2": OPEN}


def test_the_first_of_a_part_that_is_told_twice_counts():
    """A part that is named twice is read once, whichever of the two could be compared."""
    women, men = (attrs.evolve(value("m", 2), part=part) for part in ("women", "men"))
    counts = attrs.evolve(value("m", (0, 0)), part="men")
    twice = attrs.evolve(dossier(), facts=(FactValue("m", parts=(women, counts, men)),))
    rules = only(ForEach(by="sex", require=at_least("m", 1)))
    assert evaluate(rules, twice).verdict is OPEN
    assert_same(rules, twice)


def test_a_tally_that_contradicts_the_figures_takes_the_reasons():
    """Fewer published than are met: which stands hangs on what the figures rest on."""
    reported = (Reported("criteria_met", 0, 0),)
    for grade, verdict in ((Grade.TEXT, MET), (Grade.RECALLED, OPEN)):
        assert judged(at_least("a", 50), {"a": 60}, grade=grade, reported=reported)[1] is verdict
    assert judged(at_least("a", 50), {}, reported=reported)[1] is NOT_MET
    assert judged(at_least("a", 50), {}, reported=(Reported("criteria_met", 0, 1),))[1] is OPEN


def test_another_set_is_attained_by_its_own_program():
    """What is asked of another set is its verdict of the day, if that set is in force and the row well evidenced."""
    name = "commune/model/2021-2025"
    rules = ntm.load(name)
    concluded = tuple(said(f"{name}#{each.number}") for each in rules.criteria)
    asks = Attains(address=name)

    def attained(year, grade=Grade.TEXT, accept=Grade.RECALLED):
        known = dossier(attestations=concluded, year=year, on=date(year, 12, 31))
        assert_same(only(asks, grade=grade), known, accept)
        return evaluate(only(asks, grade=grade), known, accept=accept).verdict

    assert attained(2023) is MET
    assert attained(2027) is OPEN
    assert attained(2023, Grade.RECALLED, Grade.TEXT) is OPEN


def test_another_set_that_asks_for_more_is_attained_as_it_reads():
    """A set that counts rows is judged by the readable evaluator, wherever it is asked for."""
    asks = only(Attains(address="revocation/commune/standard/2021-2025"))
    assert_same(asks, dossier(year=2023, on=date(2023, 12, 31)))


# --- all else on demand -----------------------------------------------------------------------------------------

EVALUATE = import_module("ntm_rules.evaluation.evaluate")


@pytest.fixture
def told(monkeypatch):
    """How often the readable evaluator was asked to tell everything."""
    asked = []

    def counted(*args):
        asked.append(args)
        return assess(*args)

    monkeypatch.setattr(EVALUATE, "assess", counted)
    return asked


RULES = criteria_set(criterion("1", at_least("a", 50), Holds(fact="p")), criterion("2", at_least("b", 50)))


def test_verdicts_need_no_reasons(told):
    """Verdicts, tallies, the set and the dossier are there at once; the first reason asked for brings all, once."""
    known = dossier({"a": 40, "p": True})
    result = evaluate(RULES, known)
    assert (result.verdict, result.tally.not_met, result.indicator_tally.met) == (NOT_MET, 1, 1)
    assert result.verdicts == {"1": NOT_MET, "1/1.1": NOT_MET, "1/1.2": MET, "2": OPEN, "2/2.1": OPEN}
    assert result.rules is RULES
    assert result.dossier is known
    assert not told
    assert result["1.1"].reasons[0].code is ReasonCode.BELOW_MINIMUM
    assert result.reasons
    assert [each.code for each in result.findings] == []
    assert len(told) == 1
    assert (result.rules, result.verdict, result.recognition_verdict) == (RULES, NOT_MET, None)


def pickled(result):
    """What comes back from a pickle."""
    return pickle.loads(pickle.dumps(result))  # noqa: S301 - our own bytes


def test_it_is_as_if_all_were_built_at_once():
    """Equality, text, copies, pickles and plain data are those of an assessment made whole."""
    known = dossier({"a": 40, "p": True})
    whole = assess(RULES, known, Grade.RECALLED)
    for make in (copy.copy, copy.deepcopy, pickled, attrs.evolve):
        assert make(evaluate(RULES, known)) == whole
    assert repr(evaluate(RULES, known)) == repr(whole)
    assert evaluate(RULES, known).to_dict() == whole.to_dict()
    assert attrs.evolve(evaluate(RULES, known), verdict=MET).verdict is MET
    with pytest.raises(AttributeError, match="no attribute 'verdikt'"):
        evaluate(RULES, known).verdikt  # noqa: B018
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        evaluate(RULES, known).verdict = MET


def test_what_is_wrong_is_refused_at_once(told):
    """A conclusion on what the set does not hold is an error when it is judged, not when a reason is read."""
    with pytest.raises(ntm.UnknownNameError):
        evaluate(RULES, dossier(attestations=(said("99"),)))
    assert not told


def test_a_set_that_asks_for_places_beneath_is_judged_once(told):
    """What would take as long again to explain is told with the verdict."""
    rules = only(Every(collection=ntm.Collection.COMMUNES, require=Holds(fact="p")))
    result = evaluate(rules, dossier())
    assert len(told) == 1
    assert result.findings == ()
    assert len(told) == 1


def test_places_of_many_kinds_do_not_pile_up(monkeypatch):
    """Programs of which there are too many are made again when they are needed."""
    monkeypatch.setattr(EVALUATE, "MOST_KINDS", 2)
    rules = only(at_least("a", 50))
    for _ in range(2):
        for year in range(2018, 2021):
            known = dossier({"a": 60}, year=year, on=date(year, 12, 31))
            assert evaluate(rules, known).verdict is MET


def test_findings_come_with_the_reasons():
    """What is to be known of a dossier beside its verdicts is found when it is asked for."""
    result = evaluate(RULES, dossier({"a": 60, "z": 1}))
    assert [each.code for each in result.findings] == [FindingCode.UNUSED_FACT]
