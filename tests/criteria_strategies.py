"""Whole criteria sets and dossiers as documents can hold them, and documents in which something went wrong."""

from __future__ import annotations

import copy
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from operator import add
from string import ascii_letters, ascii_lowercase, digits
from typing import Any

import attrs
from hypothesis import strategies as st

from ntm_rules import DocumentError
from ntm_rules.language.lint import rows_not_there
from ntm_rules.language.requirements import References
from ntm_rules.rulebook import facts as packaged_facts
from ntm_rules.rulebook import places as packaged_places
from ntm_rules.rulebook import shelf
from ntm_rules.vocabulary.criteria import (
    APPLIES_TO,
    Act,
    Axis,
    AxisRule,
    Counts,
    CriteriaSet,
    Criterion,
    Indicator,
    InForce,
    Mandate,
    SetId,
    Tier,
)
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import Attestation, Document, Dossier, FactValue, Reported, ReportedBeneath, Status
from ntm_rules.vocabulary.facts import (
    Difference,
    FactCatalogue,
    FactDefinition,
    FactKind,
    Option,
    PartList,
    Ratio,
    Scale,
    ScaleStep,
    Sum,
)
from ntm_rules.vocabulary.instruments import LOCATOR_WORDS, Grade, Instrument, Locator, Source
from ntm_rules.vocabulary.places import KINDS_OF_LEVEL, ExternalTitle, Level, Place, PlaceAttribute, PlaceRegister
from ntm_rules.vocabulary.quantities import Quantity, plain_number
from ntm_rules.vocabulary.requirements import (
    GENERAL,
    AllOf,
    AnyOf,
    AppliesWhen,
    AtLeastNOf,
    AtRecognition,
    Attains,
    Authority,
    Candidate,
    Collection,
    Compare,
    DecidedBy,
    Delegated,
    FactMeasure,
    ForEach,
    ForEachYear,
    Holds,
    IsOneOf,
    Nothing,
    PreviousYear,
    RatioMeasure,
    Reading,
    RecognisedAs,
    Requirement,
    Sign,
    Table,
    ThresholdOf,
    Unstated,
    When,
)
from ntm_rules.vocabulary.text import Text
from ntm_rules.vocabulary.verdicts import Verdict

# --- words ------------------------------------------------------------------------------------------------------


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


# A text by its signs is drawn at once; one by an expression, or of several alphabets, is drawn sign by sign.
_signs = st.characters(exclude_categories=["Cs", "Cc", "Cn"])
_lines = st.lists(st.text(_signs, max_size=6), min_size=2, max_size=4).map("\n".join)
#: Any words that a document can hold, often words that YAML would take for something else.
texts = st.one_of(
    st.text(_signs, min_size=1, max_size=12).map(_nfc),
    _lines.map(_nfc),
    st.sampled_from(["no", "null", "~", "58,3 %", "2018", "Đạt", " a: b", "#", "- x", "true", "1e3", "Quỳnh\nLưu\n"]),
)
words = st.builds(Text, texts, texts)


def rarely(strategy: st.SearchStrategy[Any], otherwise: Any = None) -> st.SearchStrategy[Any]:
    """What a document seldom says; that it may be said anywhere makes random sets large, and drawing them slow."""
    return st.integers(0, 5).flatmap(lambda number: strategy if number == 5 else st.just(otherwise))


ids = st.builds(add, st.sampled_from(ascii_lowercase), st.text(f"{ascii_lowercase}{digits}_", max_size=6))
_WORD = f"{digits}{ascii_letters}_"
numbers = st.builds(
    lambda first, more: ".".join([first, *more]),
    st.text(_WORD, min_size=1, max_size=3),
    st.lists(st.text(_WORD, min_size=1, max_size=2), max_size=2),
)
shipped_grades = st.sampled_from([Grade.TEXT, Grade.SECONDARY, Grade.RECALLED])
days = st.dates()
partial_dates = st.one_of(
    st.builds(PartialDate, st.integers(1, 9999)),
    st.builds(PartialDate, st.integers(1, 9999), st.integers(1, 12)),
    days.map(lambda day: PartialDate(day.year, day.month, day.day)),
)

# --- what sets refer to -----------------------------------------------------------------------------------------


def _options(**titles: str) -> tuple[Option, ...]:
    return tuple(Option(id, Text(title, f"{title} (en)")) for id, title in titles.items())


RATING = Scale("rating", Text("Xếp loại", "Rating"), _options(poor="Yếu", fair="Trung bình", good="Khá"))
STATION = Scale("station_class", Text("Loại bến", "Station class"), _options(IV="loại 4", III="loại 3", II="loại 2"))
SEX = PartList("sex", Text("giới tính", "sex"), _options(men="nam", women="nữ"))
CONTENT = PartList("content", Text("nội dung", "content"), None)

_CATALOGUE = FactCatalogue(
    (
        FactDefinition("poverty", Text("Nghèo", "Poverty"), FactKind.NUMBER, "percent", Decimal(0), Decimal(100)),
        FactDefinition("water", Text("Nước sạch", "Water"), FactKind.NUMBER, "percent", Decimal(0), Decimal(100)),
        FactDefinition("income", Text("Thu nhập", "Income"), FactKind.NUMBER, "million_vnd_per_person_year"),
        FactDefinition("houses", Text("Nhà tạm", "Makeshift houses"), FactKind.NUMBER, "house", Decimal(0)),
        FactDefinition("area", Text("Diện tích", "Area"), FactKind.NUMBER, "hectare", Decimal(0)),
        FactDefinition("has_plan", Text("Quy hoạch", "Plan"), FactKind.YES_NO, timeless=True),
        FactDefinition("has_market", Text("Chợ", "Market"), FactKind.YES_NO),
    )
)
#: Facts of the newer kinds, none of which a packaged set reads.
NEWER = (
    FactDefinition("merit", Text("Xếp loại xã", "Merit"), FactKind.ORDINAL, scale=RATING),
    FactDefinition("station", Text("Bến xe", "Station"), FactKind.ORDINAL, scale=STATION),
    FactDefinition("supply", Text("Cấp nước", "Supply"), FactKind.CATEGORY, values=_options(own="tự cấp", piped="ống")),
    FactDefinition("trained", Text("Lao động", "Trained"), FactKind.NUMBER, "percent", Decimal(0), parts=SEX),
    FactDefinition("is_safe", Text("An toàn", "Safe"), FactKind.YES_NO, parts=SEX),
    FactDefinition("content", Text("Hài lòng", "Content"), FactKind.NUMBER, "percent", Decimal(0), parts=CONTENT),
    FactDefinition("all_area", Text("Tổng", "All"), FactKind.NUMBER, "hectare", derived=Sum(("plot", "road"))),
    FactDefinition("plot", Text("Ruộng", "Plots"), FactKind.NUMBER, "hectare", Decimal(0)),
    FactDefinition("road", Text("Đường", "Roads"), FactKind.NUMBER, "square_metre", Decimal(0)),
    FactDefinition(
        "rest_share",
        Text("Phần còn lại", "Rest"),
        FactKind.NUMBER,
        "percent",
        derived=Ratio(Difference("all_area", "road"), "all_area"),
    ),
    FactDefinition("vague", Text("Chưa rõ", "Vague"), FactKind.NUMBER, "percent", unstated=True),
)
CATALOGUE = FactCatalogue((*_CATALOGUE.facts, *NEWER), (RATING, STATION), (SEX, CONTENT))
#: The packaged shelf with these facts beside its own.
SHELF = attrs.evolve(shelf(), catalogue=attrs.evolve(CATALOGUE, facts=(*packaged_facts().facts, *NEWER)))
INSTRUMENTS = tuple(
    Instrument(id, "decision", Text("Quyết định", "Decision"), Text("Thủ tướng", "Prime Minister"))
    for id in ("1980/QĐ-TTg", "4800/QĐ-BCT")
)
REGISTER = PlaceRegister(
    regions=(
        ("red_river_delta", Text("Đồng bằng sông Hồng", "Red River Delta")),
        ("central_highlands", Text("Tây Nguyên", "Central Highlands")),
    ),
    external_titles=(ExternalTitle("external/urban", Text("đô thị", "urban")),),
    attributes=(
        PlaceAttribute("is_safe_zone", Text("xã an toàn khu", "safe-zone commune")),
        PlaceAttribute(
            "zone", Text("khu vực", "zone"), (("I", Text("khu vực I", "zone I")), ("II", Text("khu vực II", "zone II")))
        ),
    ),
)
#: Titles that may be asked for: of a set, of any period, outside the library.
TITLES = ("commune/model/1999-2000", "district/standard", "external/urban")
MEASURED = tuple(fact for fact in CATALOGUE if fact.kind in (FactKind.NUMBER, FactKind.ORDINAL))
CATEGORIES = tuple(fact for fact in CATALOGUE if fact.kind is FactKind.CATEGORY)
STATEMENTS = tuple(fact.id for fact in CATALOGUE if fact.kind is FactKind.YES_NO)


# --- figures ----------------------------------------------------------------------------------------------------


@st.composite
def decimals(draw: st.DrawFn, low: Decimal | None = None, high: Decimal | None = None) -> Decimal:
    """A number with the digits somebody typed, trailing zeros too, within the range of a fact."""
    places = draw(st.integers(0, 4))
    least = -(10**9) if low is None else int(low) * 10**places
    most = 10**24 if high is None else int(high) * 10**places
    return Decimal(draw(st.integers(least, most))).scaleb(-places)


@cache
def typed(fact: FactDefinition) -> st.SearchStrategy[Quantity]:
    """A figure of *fact* as somebody typed it."""
    assert fact.unit is not None
    return st.builds(Quantity, decimals(fact.minimum, fact.maximum), st.just(fact.unit))


def steps(scale: Scale) -> st.SearchStrategy[ScaleStep]:
    """A step of a scale."""
    return st.sampled_from([ScaleStep(step.id, scale.id, rank) for rank, step in enumerate(scale.steps)])


@cache
def figures(fact: FactDefinition) -> st.SearchStrategy[Quantity | ScaleStep]:
    """A threshold for *fact*: normalised, or a step of its scale."""
    if fact.scale is not None:
        return steps(fact.scale)
    return typed(fact).map(lambda figure: Quantity(Decimal(plain_number(figure.value)), figure.unit))


# --- requirements -----------------------------------------------------------------------------------------------


@st.composite
def by_row(draw: st.DrawFn, values: st.SearchStrategy[Any], depth: int = 2) -> list[tuple[tuple[str, ...], Any]]:
    """Something said of single rows, no row above another."""
    cells = []
    for name in draw(st.lists(ids | st.sampled_from(["general", "2018"]), min_size=1, max_size=3, unique=True)):
        if depth > 1 and draw(st.booleans()):
            cells += [((name, *row), value) for row, value in draw(by_row(values, depth - 1))]
        else:
            cells.append(((name,), draw(values)))
    return cells


_values = st.text(f"{_WORD}Đđ.", min_size=1, max_size=4)
_parts = st.one_of(
    st.tuples(st.just("annex"), _values | st.just("")),
    st.tuples(st.sampled_from([word.casefold() for word in LOCATOR_WORDS]), _values),
)
locators = st.builds(Locator, st.lists(_parts, min_size=1, max_size=3).map(tuple))
graded = by_row(shipped_grades)
_cited = st.sampled_from([each.id for each in INSTRUMENTS])
sources = st.builds(
    Source,
    shipped_grades,
    instrument=st.none() | _cited,
    locator=st.none() | locators,
    cells=rarely(graded.map(tuple), ()),
    cells_in=rarely(by_row(_cited).map(tuple), ()),
    doubt=st.none() | st.just("who_decides"),
    note=rarely(words),
)


@cache
def cells(fact: FactDefinition) -> st.SearchStrategy[Any]:
    """Any cell of a table for *fact*."""
    candidates = st.builds(Candidate, figures(fact), shipped_grades, st.none() | words)
    return st.one_of(
        figures(fact),
        st.just(Nothing()),
        st.builds(Unstated, st.none() | candidates),
        st.builds(Delegated, st.sampled_from(Authority), st.none() | figures(fact)),
        st.builds(
            ThresholdOf,
            st.just("commune/model/1999-2000#1/1.1"),
            st.sampled_from([Decimal(1), Decimal("1.1")]),
            st.sampled_from([(), ("2", "part")]),
        ),
    )


@st.composite
def tables(draw: st.DrawFn, fact: FactDefinition, axes: tuple[Axis, ...]) -> Table:
    """A constant, or a table without gaps by some of *axes*; a row may stop at the first of them."""
    chosen = draw(st.lists(st.sampled_from(axes), unique=True, max_size=2)) if axes else []
    if not chosen:
        return Table.constant(draw(cells(fact)))
    regions = [name for name, _ in REGISTER.regions]
    rows: list[tuple[tuple[str, ...], Any]] = []

    def fill(prefix: tuple[str, ...], left: list[Axis]) -> None:
        if left[0].name == "ruled" and left[0].rules[-1].row != "unit.region":
            names = sorted({rule.row for rule in left[0].rules})
        elif left[0].rules[-1].row == "unit.region":
            names = draw(st.permutations(regions)) + draw(st.sampled_from([[], [GENERAL]]))
        else:
            years = st.integers(1000, 2999).map(str) | st.just(GENERAL)
            names = draw(st.lists(years, min_size=1, max_size=3, unique=True))
        for name in names:
            if len(left) > 1 and draw(st.booleans()):
                fill((*prefix, name), left[1:])
            else:
                rows.append(((*prefix, name), draw(cells(fact))))

    fill((), chosen)
    return Table(tuple(axis.name for axis in chosen), tuple(rows), draw(st.booleans()))


@cache
def requirements(axes: tuple[Axis, ...]) -> st.SearchStrategy[Any]:
    """Any requirement, nested, with or without an id, title and source of its own."""
    own = {"id": rarely(ids), "title": rarely(words), "source": rarely(sources)}
    zones = st.sampled_from([("I",), ("II",), ("I", "II")])

    @st.composite
    def compares(draw: st.DrawFn, listed: PartList | None = None) -> Compare:
        fact = draw(
            st.sampled_from(MEASURED if listed is None else [each for each in MEASURED if each.parts == listed])
        )
        return Compare(
            measure=FactMeasure(fact.id),
            sign=draw(st.sampled_from(Sign)),
            threshold=draw(tables(fact, axes)),
            **{name: draw(each) for name, each in own.items()},
        )

    @st.composite
    def at_least_n_of(draw: st.DrawFn, below: st.SearchStrategy[Any]) -> AtLeastNOf:
        members = tuple(draw(st.lists(below, min_size=1, max_size=3)))
        open_list = draw(st.booleans())
        n = draw(st.integers(1, len(members) + 3 * open_list))
        return AtLeastNOf(n=n, members=members, open_list=open_list, **{name: draw(each) for name, each in own.items()})

    @st.composite
    def is_one_of(draw: st.DrawFn) -> IsOneOf:
        fact = draw(st.sampled_from(CATEGORIES))
        ids = st.sampled_from([value.id for value in fact.values])
        values = tuple(draw(st.lists(ids, min_size=1, max_size=2, unique=True)))
        return IsOneOf(subject=fact.id, values=values, **{name: draw(each) for name, each in own.items()})

    @st.composite
    def ratios(draw: st.DrawFn) -> Compare:
        moments = (None, PreviousYear(), *(AtRecognition(title) for title in TITLES))
        places = st.sampled_from([None, Level.DISTRICT, Level.PROVINCE])
        readings = [
            Reading(draw(st.sampled_from(["poverty", "water"])), draw(places), draw(st.sampled_from(moments)))
            for _ in range(2)
        ]
        return Compare(
            measure=RatioMeasure(*readings),
            sign=draw(st.sampled_from(Sign)),
            threshold=Table.constant(draw(st.sampled_from([Quantity(Decimal("1.1"), "times"), Unstated()]))),
            **{name: draw(each) for name, each in own.items()},
        )

    by_sex = st.one_of(compares(SEX), st.builds(Holds, fact=st.just("is_safe"), **own))
    in_group = st.builds(AnyOf, members=st.tuples(by_sex), **own)
    for_each = st.one_of(
        st.builds(ForEach, by=st.just("sex"), require=by_sex | in_group),
        st.builds(ForEach, by=st.just("sex"), require=by_sex, **own),
        st.builds(ForEach, by=st.just("content"), require=compares(CONTENT)),
    )
    leaves = st.one_of(
        compares(),
        is_one_of(),
        for_each,
        st.builds(Holds, fact=st.sampled_from(STATEMENTS), **own),
        st.builds(Holds, fact=st.just("unit.is_safe_zone"), **own),
        st.builds(Attains, address=st.sampled_from(["commune/model/1999-2000", "commune/model/1999-2000#1"]), **own),
        st.builds(RecognisedAs, set_id=st.sampled_from(TITLES), or_higher=st.booleans(), **own),
        st.builds(IsOneOf, subject=st.just("zone"), values=zones, of_place=st.just(value=True), **own),
        st.builds(DecidedBy, authority=st.sampled_from(Authority), **own),
        ratios(),
        st.builds(AllOf, members=st.tuples(compares(), compares()), of_which=st.just(value=True)),
    )

    def wholes(below: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        members = st.lists(below, min_size=1, max_size=3).map(tuple)
        return st.one_of(
            st.builds(AllOf, members=members, **own),
            st.builds(AllOf, members=st.tuples(below, below), of_which=st.booleans(), **own),
            st.builds(AnyOf, members=members, **own),
            at_least_n_of(below),
            st.builds(When, when=below, then=below, otherwise=below, **own),
            st.builds(ForEachYear, last=st.integers(2, 99), require=leaves, **own),
            st.builds(AppliesWhen, condition=below, body=below),
            st.builds(AppliesWhen, condition=below, body=below, **own),
        )

    shallow = leaves | wholes(leaves)

    @st.composite
    def within(draw: st.DrawFn) -> Requirement:
        """Under a name: a strategy that holds others is written out with all of them."""
        found: Requirement = draw(shallow)
        return found

    # Two deep; a recursive strategy with so few leaves throws most of what it draws away.
    return leaves | wholes(within())


def fitting_requirements(axes: tuple[Axis, ...]) -> st.SearchStrategy[Any]:
    """Any requirement for these axes, of which only the names of axes and rows matter."""
    return requirements(tuple(Axis(axis.name, tuple(AxisRule(rule.row) for rule in axis.rules)) for axis in axes))


# --- sets -------------------------------------------------------------------------------------------------------

set_ids = st.builds(
    SetId,
    st.sampled_from(Level),
    st.sampled_from(Tier),
    st.lists(st.text(digits, min_size=4, max_size=4), min_size=1, max_size=2).map("-".join),
    st.sampled_from([None, None, *Act]),
)
_AXES = (
    Axis("region", (AxisRule("unit.region"),)),
    Axis("year", (AxisRule("year"),)),
    Axis("group", (AxisRule("unit.region"),)),
)


def fitting(indicator: Indicator, axes: tuple[Axis, ...]) -> Indicator:
    """The indicator without what its sources say of rows that its thresholds don't have."""
    references = References(CATALOGUE, INSTRUMENTS, REGISTER, axes)

    def kept(source: Source, node: Requirement) -> Source:
        alone = Indicator(indicator.number, indicator.title, bare(node), source)
        drop = {(key, row) for _, key, row in rows_not_there(alone, references)}
        said = {key: getattr(source, key) for key in ("cells", "cells_in")}
        return attrs.evolve(
            source, **{key: tuple(each for each in said[key] if (key, each[0]) not in drop) for key in said}
        )

    def bare(node: Requirement) -> Requirement:
        return attrs.evolve(node.with_parts(tuple(bare(part) for part in node.parts)), source=None)

    def fit(node: Requirement) -> Requirement:
        source = None if node.source is None else kept(node.source, node)
        return attrs.evolve(node.with_parts(tuple(fit(part) for part in node.parts)), source=source)

    return attrs.evolve(indicator, require=fit(indicator.require), source=kept(indicator.source, indicator.require))


@st.composite
def ruled_axes(draw: st.DrawFn) -> Axis:
    """An axis whose rules have conditions, with or without an order, to rows of its own or to another region."""
    unordered = draw(st.booleans())
    by_region = not unordered and draw(st.booleans())
    rows = [name for name, _ in REGISTER.regions] if by_region else ["group_1", "group_2", "group_3"]
    whens = draw(st.lists(requirements(()), min_size=2 if unordered else 1, max_size=3))
    rules = [
        AxisRule(draw(st.sampled_from(rows)), when, draw(sources), title=draw(st.none() | words)) for when in whens
    ]
    if by_region:
        rules.append(AxisRule("unit.region"))
    elif draw(st.booleans()):
        rules.append(AxisRule(draw(st.sampled_from(rows)), None, draw(st.none() | sources), otherwise=True))
    return Axis("ruled", tuple(rules), unordered)


def preconditions(axes: tuple[Axis, ...]) -> st.SearchStrategy[tuple[Indicator, ...]]:
    """Conditions of recognition, mostly none."""
    each = st.builds(Indicator, ids, words, fitting_requirements(axes), sources, st.none() | words)
    some = st.lists(each, min_size=1, max_size=2, unique_by=lambda condition: condition.number).map(tuple)
    return st.just(()) | st.just(()) | some


def applications(axes: tuple[Axis, ...]) -> st.SearchStrategy[Indicator | None]:
    """What a place must be for a set to be for it, mostly nothing."""
    each = st.builds(Indicator, st.just(APPLIES_TO), words, fitting_requirements(axes), sources, st.none() | words)
    return st.none() | st.none() | each


verdict_words = st.lists(st.sampled_from(Verdict), unique=True).flatmap(
    lambda named: st.tuples(*(st.tuples(st.just(each), words) for each in Verdict if each in named))
)
"""What verdicts on a set are called."""


@st.composite
def criteria_sets(draw: st.DrawFn) -> CriteriaSet:
    """Any criteria set that a document can hold."""
    axes = tuple(draw(st.lists(st.sampled_from(_AXES), unique=True)))
    ruled = draw(st.none() | ruled_axes())
    if ruled is not None:
        axes = (*axes, ruled)
    groups = tuple(draw(st.lists(st.tuples(ids, words), max_size=2, unique_by=lambda group: group[0])))
    notes = st.none() | words
    group = st.sampled_from([None, *(name for name, _ in groups)])
    indicator_numbers = draw(st.lists(numbers, min_size=1, max_size=4, unique=True))
    criterion_numbers = draw(st.lists(numbers, min_size=1, max_size=len(indicator_numbers), unique=True))
    criteria, requirement = [], fitting_requirements(axes)
    for at, number in enumerate(criterion_numbers):
        indicators = tuple(
            Indicator(each, draw(words), draw(requirement), draw(sources), draw(notes))
            for each in indicator_numbers[at :: len(criterion_numbers)]
        )
        criteria.append(Criterion(number, draw(words), indicators, draw(group), draw(notes)))
    criteria = [
        attrs.evolve(each, indicators=tuple(fitting(indicator, axes) for indicator in each.indicators))
        for each in criteria
    ]
    held = sum(len(criterion.indicators) for criterion in criteria)
    addresses = [criterion.number for criterion in criteria]
    addresses += [f"{criterion.number}/{each.number}" for criterion in criteria for each in criterion.indicators]
    more = st.integers(0, 5)
    last = draw(st.none() | days)
    first = draw(st.dates(max_value=last or date.max))
    return CriteriaSet(
        draw(set_ids),
        draw(words),
        draw(st.sampled_from(INSTRUMENTS)).id,
        InForce(first, last, draw(shipped_grades), draw(shipped_grades), draw(notes)),
        Counts(len(criteria) + draw(more), held + draw(more), draw(shipped_grades), draw(shipped_grades)),
        axes,
        tuple(criteria),
        groups,
        CATALOGUE,
        INSTRUMENTS,
        mandates=tuple(draw(st.lists(mandates(addresses), max_size=2))),
        preconditions=draw(preconditions(axes)),
        applies_to=draw(applications(axes)),
        verdict_words=draw(st.just(()) | verdict_words),
    )


def mandates(addresses: list[str]) -> st.SearchStrategy[Mandate]:
    """Who may decide what stands at some of those addresses, or at all."""
    return st.builds(
        Mandate,
        id=ids,
        to=st.sampled_from(Authority),
        body=st.none() | words,
        over=st.lists(st.sampled_from(addresses), unique=True).map(tuple),
        in_force=st.none() | st.builds(InForce, days),
        source=st.none() | sources,
    )


# --- dossiers ---------------------------------------------------------------------------------------------------

#: The set that random dossiers name, if they name one.
SET = "commune/standard/2016-2020"


@st.composite
def places(draw: st.DrawFn, on: date) -> Place:
    """A commune whose region and province agree; one of the two may be unknown."""
    register = packaged_places()
    provinces = [province for province in register.provinces if province.map == register.map_on(on)]
    province = draw(st.none() | st.sampled_from(provinces))
    region = None if province is None else province.region
    if region is None:
        known = st.sampled_from([name for name, _ in register.regions])
        region = draw(known if province is None else st.none() | known)
    attributes = draw(
        st.lists(
            st.sampled_from(register.attributes).flatmap(
                lambda each: st.tuples(
                    st.just(each.id), st.sampled_from([id for id, _ in each.values]) if each.values else st.booleans()
                )
            ),
            unique_by=lambda attribute: attribute[0],
        )
    )
    level = draw(st.sampled_from([level for level in Level if register.has_level(level, on)]))
    kinds = () if level is Level.VILLAGE else KINDS_OF_LEVEL.get(level, ())
    return Place(
        level,
        draw(texts),
        draw(st.none() | texts),
        None if province is None else province.id,
        region,
        tuple(attributes),
        draw(st.sampled_from([None, *kinds])),
    )


@st.composite
def fact_values(draw: st.DrawFn, fact: FactDefinition, documents: tuple[str, ...]) -> FactValue:
    """A value of *fact*, of its parts, or of both."""
    names = [] if fact.parts is None else [each.id for each in fact.parts.parts or _options(first="một", second="hai")]
    named = draw(st.lists(st.sampled_from(names), unique=True)) if names else []
    parts = tuple(attrs.evolve(draw(single_values(fact, documents)), part=part) for part in named)
    if parts and draw(st.booleans()):
        own = {"for_": draw(st.none() | partial_dates), "document": draw(st.sampled_from([None, *documents]))}
        return FactValue(fact.id, parts=parts, **own)
    return attrs.evolve(draw(single_values(fact, documents)), parts=parts)


@st.composite
def single_values(draw: st.DrawFn, fact: FactDefinition, documents: tuple[str, ...]) -> FactValue:
    """A statement, a step, a category, a figure with the digits typed, counts, or a figure beside its counts."""
    own = {"for_": draw(st.none() | partial_dates), "document": draw(st.sampled_from([None, *documents]))}
    if fact.kind is FactKind.YES_NO:
        return FactValue(fact.id, statement=draw(st.booleans()), **own)
    if fact.scale is not None:
        return FactValue(fact.id, step=draw(steps(fact.scale)), **own)
    if fact.values:
        return FactValue(fact.id, option=draw(st.sampled_from(fact.values)).id, **own)
    quantity: Quantity | None = draw(typed(fact))
    numerator = denominator = None
    if fact.unit == "percent" and draw(st.booleans()):
        denominator = draw(decimals(Decimal(0), Decimal(5000)))
        numerator = draw(decimals(Decimal(0), Decimal(5000)).filter(lambda part: part <= denominator))
        share = numerator / denominator * 100 if denominator else Decimal(0)
        printed = Quantity(round(share, draw(st.integers(1, 3))), "percent")
        quantity = draw(st.sampled_from([None, printed]))
    return FactValue(fact.id, quantity, numerator, denominator, **own)


@st.composite
def dossiers(draw: st.DrawFn) -> Dossier:
    """Any dossier that a document can hold."""
    on = draw(st.dates(date(2008, 8, 1), date(2040, 1, 1)))
    place = draw(places(on))
    names = tuple(draw(st.lists(texts, max_size=3, unique=True)))
    documents = tuple(
        Document(
            name,
            draw(st.none() | texts),
            draw(st.none() | texts),
            draw(st.none() | texts),
            draw(st.none() | partial_dates),
        )
        for name in names
    )
    set_id = draw(st.sampled_from([None, SET])) if place.level is Level.COMMUNE else None
    addresses = texts if set_id is None else st.sampled_from(["11", "11/11", "17.1", "17/17.1", f"{SET}#10"])
    attestations = [
        Attestation(
            address,
            draw(st.sampled_from([Verdict.MET, Verdict.NOT_MET, Verdict.NOT_APPLICABLE])),
            draw(st.none() | texts),
            draw(st.none() | partial_dates),
            draw(st.none() | partial_dates),
            draw(st.sampled_from([None, *names])),
        )
        for address in draw(st.lists(addresses, max_size=3, unique=True))
        for _ in range(draw(st.integers(1, 3)))
    ]
    reported = []
    for what, total in draw(st.lists(st.sampled_from([("criteria_met", 19), ("indicators_met", 49)]), unique=True)):
        most = draw(st.integers(0, total))
        least = draw(st.integers(0, most))
        reported.append(Reported(what, least, most, draw(st.sampled_from([None, *names]))))
    year = draw(st.integers(1, 9999))
    earlier = draw(earlier_dossiers(place, year)) if register_map(on) == register_map(date(year, 12, 31)) else ()
    beneath = draw(reported_beneath(place.level, names)) if place.level in _COUNTED_IN else ()
    any_fact = st.sampled_from(packaged_facts().facts) | st.sampled_from(NEWER)
    stated = draw(st.lists(any_fact, max_size=4, unique_by=lambda fact: fact.id))
    return Dossier(
        place,
        year,
        on,
        set_id,
        draw(st.sampled_from(Status)),
        tuple(draw(fact_values(fact, names)) for fact in stated),
        tuple(attestations),
        documents,
        tuple(reported),
        draw(st.none() | texts),
        reported_beneath=beneath,
        earlier=earlier,
    )


def register_map(on: date) -> str | None:
    """The map of a day."""
    return packaged_places().map_on(on)


@st.composite
def earlier_dossiers(draw: st.DrawFn, place: Place, year: int) -> tuple[Dossier, ...]:
    """What is known of a place for a year or two before, where the map was the same."""
    years = draw(st.lists(st.integers(max(1, year - 3), year - 1), max_size=2, unique=True)) if year > 1 else []
    now = register_map(date(year, 12, 31))
    return tuple(
        Dossier(attrs.evolve(place, attributes=draw(st.sampled_from([(), place.attributes]))), its, date(its, 12, 31))
        for its in years
        if register_map(date(its, 12, 31)) == now
    )


#: What is counted in a place of a level, and the level of that.
_COUNTED_IN = {
    Level.PROVINCE: (Collection.COMMUNES, Level.COMMUNE),
    Level.DISTRICT: (Collection.TOWNS, Level.COMMUNE),
    Level.COMMUNE: (Collection.VILLAGES, Level.VILLAGE),
}


@st.composite
def reported_beneath(draw: st.DrawFn, level: Level, documents: tuple[str, ...]) -> tuple[ReportedBeneath, ...]:
    """Published numbers of places beneath that attain something, or hold a title."""
    collection, below = _COUNTED_IN[level]
    tallies = []
    for _ in range(draw(st.integers(0, 2))):
        most = draw(st.integers(0, 99))
        name = f"{below.value}/{draw(st.sampled_from(Tier)).value}{draw(st.sampled_from(['', '/2016-2020']))}"
        what = draw(
            st.sampled_from(
                [
                    {"attains": name},
                    {"attains": f"{name}#1/1.1"},
                    {"recognised_as": name, "or_higher": draw(st.booleans())},
                ]
            )
        )
        least, document = draw(st.integers(0, most)), draw(st.sampled_from([None, *documents]))
        tallies.append(ReportedBeneath(collection=collection, least=least, most=most, document=document, **what))
    return tuple(tallies)


# --- what goes wrong --------------------------------------------------------------------------------------------

#: Anything that plain data can hold.
plain_data = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | texts,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(texts | st.integers(), below, max_size=3),
    max_leaves=8,
)
_JUNK = ["", "x", "-1", "2018", "130 %", "1e999", "NaN", "met", "12/2019", "region", "general", None, 7, 0.95, True]
_junk = st.sampled_from([*_JUNK, [], {}, [[]], {"a": "b"}, ["11"]])


def _paths(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every path in plain data but the empty one."""
    keys = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    below = [found for key, value in keys for found in _paths(value, (*path, key))]
    return [*([path] if path else []), *below]


def _at(data: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        data = data[key]
    return data


@st.composite
def damaged(draw: st.DrawFn, document: Any) -> Any:
    """*document* with a few things deleted, duplicated, replaced or swapped."""
    data = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, 4))):
        paths = _paths(data)
        if not paths:
            break
        *above, key = draw(st.sampled_from(paths))
        parent = _at(data, tuple(above))
        match draw(st.sampled_from(["delete", "duplicate", "retype", "swap", "rename"])):
            case "delete":
                del parent[key]
            case "duplicate" if isinstance(parent, list):
                parent.insert(key, copy.deepcopy(parent[key]))
            case "duplicate":
                parent[f"{key}{draw(st.sampled_from(['s', '_', ' ']))}"] = copy.deepcopy(parent[key])
            case "rename" if isinstance(parent, dict):
                parent[draw(texts | st.sampled_from(["value", "by", "floor", "fact", "holds"]))] = parent.pop(key)
            case "swap":
                parent[key] = copy.deepcopy(_at(data, draw(st.sampled_from(paths))))
            case _:
                parent[key] = copy.deepcopy(draw(_junk))
    return data


def outcome(read: Callable[[], Any]) -> Any:
    """What *read* gives, or the `DocumentError` that it raises."""
    try:
        return read()
    except DocumentError as error:
        return error
