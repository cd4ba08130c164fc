from __future__ import annotations

from datetime import date

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ntm_rules as ntm
from ntm_rules import LinkKind, ProblemCode
from ntm_rules.messages import LANGUAGES
from ntm_rules.revision import apply_revision
from ntm_rules.revision.authority import looser
from ntm_rules.rulebook import places
from ntm_rules.vocabulary.requirements import Sign
from revision_strategies import BASE, SEEN, compare, indicator, percent, text
from revision_strategies import PLACES as REGISTER

#: The small register, with the country's provinces.
PLACES = attrs.evolve(REGISTER, provinces=places().provinces)
THAI_NGUYEN = "vn-2008/province/19"
DELTA, HIGHLANDS = ("red_river_delta",), ("central_highlands",)
NOT_ABOVE_5 = ntm.Delegated(ntm.Authority.PROVINCE, percent(5))
NOT_BELOW_80 = ntm.Delegated(ntm.Authority.PROVINCE, percent(80))
MINISTRY = ntm.Delegated(ntm.Authority.MINISTRY)
BY_REGION = ntm.Table(("region",), ((("general",), NOT_BELOW_80), (DELTA, NOT_BELOW_80), (HIGHLANDS, percent(90))))
PUBLISHED = ntm.Locator.parse("Article 2")

RULES = attrs.evolve(
    BASE,
    criteria=(
        ntm.Criterion(
            "1",
            text("Tiêu chí 1"),
            (
                indicator("1.1", compare("water", ntm.Sign.AT_LEAST, ntm.Table.constant(NOT_BELOW_80))),
                indicator("1.2", compare("water", ntm.Sign.AT_LEAST, BY_REGION)),
                indicator("1.3", compare("poverty", ntm.Sign.AT_MOST, ntm.Table.constant(NOT_ABOVE_5))),
                indicator("1.4", compare("water", ntm.Sign.AT_LEAST, ntm.Table.constant(MINISTRY))),
            ),
        ),
        ntm.Criterion(
            "3",
            text("Tiêu chí 3"),
            (
                indicator("3", ntm.DecidedBy(authority=ntm.Authority.PROVINCE)),
                indicator("3.1", compare("water", ntm.Sign.AT_LEAST, ntm.Table.constant(percent(90)))),
            ),
        ),
    ),
    counts=ntm.Counts(2, 6),
    overlays=(),
)


def decision(*edits: ntm.Edit, **changes) -> ntm.Revision:
    """A decision of Thái Nguyên of these edits."""
    made = ntm.Revision(
        id="thai-nguyen",
        revises=str(RULES.id),
        authority=ntm.RevisionAuthority.PROVINCE,
        title=text("Quyết định thử"),
        edits=edits,
        instrument="1/2017/QĐ-UBND",
        territory=THAI_NGUYEN,
        issued=date(2017, 3, 1),
        in_force=ntm.InForce(date(2017, 3, 11)),
    )
    return attrs.evolve(made, **changes)


def set_to(value, at="1/1.1", **own) -> ntm.SetCell:
    """An edit that sets a cell to a percentage, or to what is given."""
    cell = percent(value) if isinstance(value, int) else value
    return ntm.SetCell(at=at, cell=cell, **own)


def decided(*edits: ntm.Edit, base=RULES, **changes) -> ntm.CriteriaSet:
    """The set under such a decision."""
    return apply_revision(base, decision(*edits, **changes), PLACES)


def problems(*edits: ntm.Edit, base=RULES, **changes) -> list[ProblemCode]:
    """What is wrong with such a decision; each is told in both languages."""
    with pytest.raises(ntm.RevisionError) as refused:
        decided(*edits, base=base, **changes)
    for problem in refused.value.problems:
        for lang in LANGUAGES:
            assert "{" not in problem.message(lang)
    return sorted((problem.code for problem in refused.value.problems), key=lambda code: code.value)


# --- within its mandate -----------------------------------------------------------------------------------------


def test_a_decision_fills_what_is_left_to_it() -> None:
    """The figure is the decision's, cites its article, and the base stays open."""
    revised = decided(set_to(85, cite=PUBLISHED), grade=ntm.Grade.TEXT)
    found = revised["1.1"]
    assert found.require.threshold.find(()) == percent(85)
    cited = revised.cite(found.source_at(()))
    assert (cited.instrument, cited.locator, cited.grade) == ("1/2017/QĐ-UBND", PUBLISHED, ntm.Grade.TEXT)
    assert RULES["1.1"].require.threshold.find(()) == NOT_BELOW_80
    assert not revised.hypothetical
    overlay = revised.overlays[0]
    assert (overlay.by, overlay.territory, overlay.first_day) == ("1/2017/QĐ-UBND", THAI_NGUYEN, date(2017, 3, 11))
    instrument = revised.instrument("1/2017/QĐ-UBND")
    assert instrument is not None
    assert (instrument.kind, instrument.issuer.vi) == ("decision", "Thái Nguyên")
    assert instrument.effective_from == date(2017, 3, 11)


def chain_of(rules: ntm.CriteriaSet, address: str, row: tuple[str, ...] = ()) -> tuple[ntm.Link, ...]:
    """By what a threshold holds."""
    item = rules[address]
    return rules.chain(item.require, row, rules.cite(item.source_at(()), row))


def test_every_threshold_tells_its_chain() -> None:
    """The national norm alone, or norm with its floor, mandate with its body, decision with article and dates."""
    given_by = ntm.Mandate(
        id="all", to=ntm.Authority.PROVINCE, body=text("UBND"), source=attrs.evolve(SEEN, locator=None)
    )
    for base, by in ((RULES, None), (attrs.evolve(RULES, mandates=(given_by,)), text("UBND"))):
        revised = decided(set_to(85, cite=PUBLISHED), base=base)
        norm, mandate, decision_ = chain_of(revised, "1.1")
        assert (norm.kind, norm.instrument, norm.value) == (LinkKind.NATIONAL_NORM, "1980/QĐ-TTg", percent(80))
        assert (mandate.kind, mandate.by) == (LinkKind.MANDATE, by)
        assert (decision_.kind, decision_.locator, decision_.issued) == (LinkKind.DECISION, PUBLISHED, date(2017, 3, 1))
        assert (decision_.first_day, decision_.last_day) == (date(2017, 3, 11), None)
        assert decision_.by is not None
        assert decision_.by.vi == "Thái Nguyên"
        assert [link.kind for link in chain_of(revised, "3.1")] == [LinkKind.NATIONAL_NORM]
        assert chain_of(RULES, "1.1")[0].kind is LinkKind.NATIONAL_NORM


def test_a_mandate_without_a_source_is_the_norm_s_own() -> None:
    """Where the set only says who decides, the norm that leaves it open is the mandate."""
    bare = attrs.evolve(RULES, mandates=(ntm.Mandate(id="all", to=ntm.Authority.PROVINCE),))
    _, mandate, _ = chain_of(decided(set_to(85), base=bare), "1.1")
    assert (mandate.kind, mandate.instrument, mandate.value) == (LinkKind.MANDATE, "1980/QĐ-TTg", None)


def test_one_region_of_a_table() -> None:
    """A decision may fill the cell of its own region; the others stay open."""
    revised = decided(set_to(85, "1/1.2", row=DELTA, grade=ntm.Grade.TEXT))
    cited = revised.cite(revised["1.2"].source_at(()), DELTA)
    assert (cited.instrument, cited.grade) == ("1/2017/QĐ-UBND", ntm.Grade.TEXT)
    assert revised.cite(revised["1.2"].source_at(()), ("general",)).instrument == "1980/QĐ-TTg"
    assert [link.kind for link in chain_of(revised, "1.2", DELTA)][-1] is LinkKind.DECISION
    assert [link.kind for link in chain_of(revised, "1.2", ("general",))] == [LinkKind.NATIONAL_NORM]


def test_its_own_groups_of_communes() -> None:
    """A province may bring an axis of its own and use it in what is left to it."""
    far = ntm.AxisRule("far", ntm.Holds(fact="has_plan"), ntm.Source(ntm.Grade.TEXT))
    seen = ntm.AxisRule("seen", ntm.Holds(fact="has_market"), ntm.Source(ntm.Grade.TEXT, "4800/QĐ-BCT"))
    axis = ntm.AddAxis(axis=ntm.Axis("commune_group", (far, seen, ntm.AxisRule("near"))))
    table = ntm.Table(("commune_group",), ((("far",), percent(85)), (("seen",), percent(80)), (("near",), percent(90))))
    revised = decided(axis, ntm.SetThreshold(at="1/1.1", sign=ntm.Sign.AT_LEAST, threshold=table))
    assert [axis.name for axis in revised.axes] == ["region", "year", "commune_group"]
    assert revised["1.1"].require.threshold == table
    assert revised["1.1"].require.source.instrument == "1/2017/QĐ-UBND"
    assert chain_of(revised, "1.1", ("far",))[-1].kind is LinkKind.DECISION
    sources = [rule.source for rule in revised.axes[-1].rules]
    assert [source and source.instrument for source in sources] == ["1/2017/QĐ-UBND", "4800/QĐ-BCT", None]


def test_a_requirement_that_was_left_open() -> None:
    """Where the law leaves the whole requirement, the decision writes it."""
    revised = decided(ntm.SetRequirement(at="3/3", require=ntm.Holds(fact="has_plan"), cite=PUBLISHED))
    assert revised.cite(revised["3/3"].require.source).locator == PUBLISHED


def test_a_blank_leaves_everything_as_it_was() -> None:
    """A part that was not filled in stays open, with the law's citation."""
    stays = ntm.SetRequirement(at="3/3", require=ntm.DecidedBy(authority=ntm.Authority.PROVINCE))
    revised = decided(set_to(NOT_BELOW_80), stays, set_to(99, "1/1.2", row=DELTA))
    assert revised["1.1"] == RULES["1.1"]
    assert revised["3/3"] == RULES["3/3"]
    assert [each.at for each in revised.overlays[0].decided] == ["1/1.2"]


def test_a_ministry_decides_for_the_country() -> None:
    """A ministry fills what is left to it, without a territory."""
    revised = decided(
        set_to(70, "1/1.4"), authority=ntm.RevisionAuthority.MINISTRY, territory=None, instrument="2/QĐ-BYT"
    )
    assert revised.overlays[0].territory is None
    assert chain_of(revised, "1.4")[-1].by is None


# --- outside it -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "edit",
    [
        set_to(95, "3/3.1"),
        set_to(95, "1/1.4"),
        set_to(95, "1/1.2", row=HIGHLANDS),
        set_to(attrs.evolve(NOT_BELOW_80, floor=percent(1))),
        ntm.SetRequirement(at="1/1.1", require=ntm.Holds(fact="has_plan")),
        ntm.SetThreshold(at="1/1.2", sign=ntm.Sign.AT_LEAST, threshold=ntm.Table.constant(percent(99))),
        ntm.SetThreshold(at="3/3", sign=ntm.Sign.AT_LEAST, threshold=ntm.Table.constant(percent(99))),
        ntm.Retitle(title=text("Mới")),
        ntm.SetNote(at="1", note=None),
    ],
    ids=str,
)
def test_what_is_not_left_to_it_is_refused(edit) -> None:
    """A province decides nothing but what the set leaves to provinces."""
    assert ProblemCode.OUTSIDE_MANDATE in problems(edit)


def test_the_set_s_mandates_count() -> None:
    """Where the set declares mandates, what none of them covers may not be decided, though it is open."""
    mandates = (
        ntm.Mandate(id="a", to=ntm.Authority.PROVINCE, over=("1/1.2", "3")),
        ntm.Mandate(id="b", to=ntm.Authority.MINISTRY),
    )
    base = attrs.evolve(RULES, mandates=mandates)
    assert problems(set_to(85), base=base) == [ProblemCode.OUTSIDE_MANDATE]
    assert decided(set_to(85, "1/1.2", row=DELTA), base=base).overlays
    assert decided(ntm.SetRequirement(at="3/3", require=ntm.Holds(fact="has_plan")), base=base).overlays


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (set_to(79), ProblemCode.BELOW_THE_NORM),
        (set_to(ntm.Nothing()), ProblemCode.BELOW_THE_NORM),
        (set_to(6, "1/1.3"), ProblemCode.BELOW_THE_NORM),
        (
            ntm.SetThreshold(at="1/1.1", sign=ntm.Sign.AT_MOST, threshold=ntm.Table.constant(percent(99))),
            ProblemCode.OTHER_SIGN,
        ),
        (
            ntm.SetThreshold(
                at="1/1.1", sign=ntm.Sign.AT_LEAST, threshold=ntm.Table(("region",), ((DELTA, percent(79)),))
            ),
            ProblemCode.BELOW_THE_NORM,
        ),
    ],
)
def test_looser_than_the_norm_is_refused(edit, code) -> None:
    """No decision asks less than the national norm, or asks it the other way round."""
    assert code in problems(edit)


def test_as_strict_or_stricter_is_fine() -> None:
    """A ceiling may be lowered, a minimum raised, and either left at the norm."""
    assert decided(set_to(80), set_to(5, "1/1.3")).overlays
    assert decided(set_to(81), set_to(4, "1/1.3")).overlays
    assert decided(set_to(ntm.Unstated())).overlays


@pytest.mark.parametrize(
    ("sign", "found"),
    [
        (Sign.AT_LEAST, [True, False, False]),
        (Sign.MORE_THAN, [True, False, False]),
        (Sign.AT_MOST, [False, False, True]),
        (Sign.LESS_THAN, [False, False, True]),
        (Sign.EQUALS, [True, False, True]),
    ],
)
def test_what_is_looser_is_the_signs(sign, found) -> None:
    """Less is looser where more is wanted, more where less is, and anything else where one figure is."""
    assert [looser(sign, percent(value), percent(50)) for value in (40, 50, 60)] == found


@given(st.sampled_from(ntm.Sign), st.integers(0, 100), st.integers(0, 100), st.integers(0, 100))
def test_a_looser_threshold_passes_whom_the_norm_fails(sign, value, floor, figure) -> None:
    """What is not looser than the norm passes nobody whom the norm fails."""

    def passes(required: int) -> bool:
        signs = {
            ntm.Sign.AT_LEAST: figure >= required,
            ntm.Sign.MORE_THAN: figure > required,
            ntm.Sign.AT_MOST: figure <= required,
            ntm.Sign.LESS_THAN: figure < required,
            ntm.Sign.EQUALS: figure == required,
        }
        return signs[sign]

    if not looser(sign, percent(value), percent(floor)):
        assert passes(floor) or not passes(value)


@pytest.mark.parametrize("key", ["instrument", "issued", "in_force", "territory"])
def test_a_decision_must_say_which_it_is(key) -> None:
    """Without its number, dates or province a decision can't be held against a mandate."""
    assert problems(set_to(85), **{key: None}) == [ProblemCode.AUTHORITY_INCOMPLETE]


@pytest.mark.parametrize(
    "in_force",
    [
        ntm.InForce(date(2023, 1, 1)),
        ntm.InForce(date(2016, 11, 1), date(2016, 11, 30)),
    ],
    ids=["after its end", "ended before it began"],
)
def test_outside_the_time_of_the_set(in_force) -> None:
    """A decision older than the law, or beside its time, is refused."""
    assert problems(set_to(85), in_force=in_force) == [ProblemCode.OUTSIDE_PERIOD]


def test_older_than_the_law() -> None:
    """A decision that took effect before the law was issued has no mandate of it."""
    old = decision(ROADS, in_force=ntm.InForce(date(2016, 10, 16)))
    with pytest.raises(ntm.RevisionError) as refused:
        old.apply(PACKAGED)
    assert [problem.code for problem in refused.value.problems] == [ProblemCode.OUTSIDE_PERIOD]


def test_outside_the_period_of_the_mandate() -> None:
    """A mandate may itself have a period, in which the decision must begin."""
    until_2018 = ntm.Mandate(
        id="a", to=ntm.Authority.PROVINCE, in_force=ntm.InForce(date(2016, 12, 1), date(2018, 12, 31))
    )
    base = attrs.evolve(RULES, mandates=(until_2018,))
    assert decided(set_to(85), base=base).overlays
    late = ntm.InForce(date(2019, 1, 1))
    assert problems(set_to(85), base=base, in_force=late) == [ProblemCode.OUTSIDE_PERIOD]


def test_two_decisions_for_one_cell() -> None:
    """The second decision for a cell is refused, and both are named."""
    base = decided(set_to(85))
    second = decision(set_to(90), id="other", instrument="9/2018/QĐ-UBND")
    with pytest.raises(ntm.RevisionError) as refused:
        apply_revision(base, second, PLACES)
    (problem,) = refused.value.problems
    assert problem.code is ProblemCode.DECIDED_TWICE
    assert {"1/2017/QĐ-UBND", "9/2018/QĐ-UBND"} <= set(dict(problem.params).values())
    apply_revision(base, decision(set_to(85, "1/1.2", row=DELTA), id="other"), PLACES)


def test_one_file_is_not_laid_over_twice() -> None:
    """A revision of an id that lies over the set already is refused."""
    base = decided(set_to(85))
    assert problems(set_to(85, "1/1.2", row=DELTA), base=base) == [ProblemCode.ALREADY_THERE]


def test_a_scenario_s_name_is_no_decision() -> None:
    """A decision that bears the id of a scenario would be cited as one."""
    scenario = decision(set_to(85), authority=ntm.RevisionAuthority.SCENARIO, id="trial")
    base = apply_revision(RULES, scenario, PLACES)
    refused = problems(set_to(85, "1/1.2", row=DELTA), base=base, instrument="trial")
    assert refused == [ProblemCode.ALREADY_THERE]


def test_everything_is_told_at_once() -> None:
    """What has no mandate and what can't be made come out together."""
    found = problems(set_to(79), set_to(1, "9/9"), set_to(85, "1/1.2", row=("moon",)), issued=None)
    assert found == [
        ProblemCode.EDIT_OF_NOTHING,
        ProblemCode.NO_SUCH_ROW,
        ProblemCode.AUTHORITY_INCOMPLETE,
        ProblemCode.BELOW_THE_NORM,
    ]


# --- verifications ----------------------------------------------------------------------------------------------

CHECKED = ntm.Verified("Công báo số 1227", "12", "Công chức Văn phòng", date(2026, 11, 1))
LOOKED_UP = ntm.load("commune/standard/2010-2015")
TEXT, SECONDARY = ntm.Grade.TEXT, ntm.Grade.SECONDARY
UNKNOWN_LANES = {"at": "2/2.3", "part": ("2",), "row": ("south_east",)}
RECALLED = {"at": "5/5", "row": ("general",)}


def verification(*edits: ntm.Edit, signed: bool = True) -> ntm.Revision:
    """A verification of these edits of the set of 2010-2015."""
    if signed:
        edits = tuple(attrs.evolve(edit, verified=CHECKED) for edit in edits)
    return ntm.Revision(
        id="checked",
        revises=str(LOOKED_UP.id),
        authority=ntm.RevisionAuthority.VERIFICATION,
        author=CHECKED.role,
        title=text("Đối chiếu"),
        edits=edits,
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_verification_fills_in_and_is_told(lang) -> None:
    """An unstated cell gets its value; the law stays the law, and the chain tells who read it."""
    fill = ntm.SetCell(**UNKNOWN_LANES, cell=percent(70), grade=TEXT)
    verified = verification(fill).apply(LOOKED_UP)
    assert not verified.hypothetical
    place = {"level": "commune", "name": "Minh Họa", "province": "Đồng Nai"}
    facts = {"clean_lane_share": "100 %", "hardened_lane_share": "71 %"}
    judged = ntm.evaluate(
        verified, ntm.Dossier.from_mapping({"dossier": 1, "place": place, "year": 2014, "facts": facts})
    )
    assert judged["2.3"].verdict is ntm.Verdict.MET
    told = judged["2.3"].why(lang)
    assert "Công báo số 1227, " + {"vi": "trang 12", "en": "page 12"}[lang] in told
    assert "Công chức Văn phòng" in told
    node = verified["2.3"].require.part(("2",))
    source = verified["2.3"].source_at(("2",))
    chain = verified.chain(node, ("south_east",), verified.cite(source, ("south_east",)))
    assert [link.kind for link in chain] == [LinkKind.NATIONAL_NORM, LinkKind.VERIFICATION]
    assert [link.grade for link in chain] == [TEXT, TEXT]


def recalled_cell() -> dict[str, object]:
    """A cell of the set that is only recalled."""
    row = next(
        row
        for row in ntm.worksheet(LOOKED_UP)
        if row.grade is ntm.Grade.RECALLED and isinstance(row.cell, ntm.Quantity) and row.row and not row.part
    )
    return {"at": row.at, "row": row.row}


def secondary_cell() -> dict[str, object]:
    """A cell of the set that a secondary source has."""
    row = next(row for row in ntm.worksheet(LOOKED_UP) if row.grade is SECONDARY and isinstance(row.cell, ntm.Quantity))
    return {"at": row.at, "row": row.row, "part": row.part}


def test_what_a_checker_may_do() -> None:
    """A recalled figure may be put right or confirmed, a secondary one confirmed."""
    for edit in (
        ntm.SetCell(**recalled_cell(), cell=percent(1), grade=TEXT),
        ntm.RaiseGrade(**recalled_cell(), grade=SECONDARY),
        ntm.RaiseGrade(**secondary_cell(), grade=TEXT),
    ):
        assert verification(edit).apply(LOOKED_UP).overlays[0].decided


@pytest.mark.parametrize(
    "edit",
    [
        ntm.SetCell(**secondary_cell(), cell=percent(1), grade=TEXT),
        ntm.SetCell(**recalled_cell(), cell=percent(1)),
        ntm.SetCell(**recalled_cell(), cell=percent(1), grade=ntm.Grade.RECALLED),
        ntm.SetCell(**recalled_cell(), cell=ntm.Unstated(), grade=TEXT),
        ntm.RaiseGrade(**secondary_cell(), grade=SECONDARY),
        ntm.RaiseGrade(**secondary_cell(), grade=ntm.Grade.RECALLED),
        ntm.RaiseGrade(**UNKNOWN_LANES, grade=TEXT),
        ntm.Retitle(at="1", title=text("Mới")),
        ntm.SetNote(at="1", note=None),
        ntm.RemoveIndicator(at="5/5"),
    ],
    ids=lambda edit: type(edit).__name__,
)
def test_what_a_checker_may_not_do(edit) -> None:
    """A verification changes no figure that has a source, lowers no grade, and edits nothing else."""
    with pytest.raises(ntm.RevisionError) as refused:
        verification(edit).apply(LOOKED_UP)
    assert ProblemCode.NOT_FOR_A_CHECKER in {problem.code for problem in refused.value.problems}
    for problem in refused.value.problems:
        for lang in LANGUAGES:
            assert "{" not in problem.message(lang)


def test_a_verification_must_be_signed() -> None:
    """Every edit names document, page, role and date; what is not there is told beside it."""
    unsigned = ntm.RaiseGrade(**secondary_cell(), grade=TEXT)
    nothing = ntm.RaiseGrade(at="9/9.9", grade=TEXT)
    no_row = ntm.RaiseGrade(at="5/5", row=("moon",), grade=TEXT)
    with pytest.raises(ntm.RevisionError) as refused:
        verification(unsigned, nothing, no_row, signed=False).apply(LOOKED_UP)
    codes = {problem.code for problem in refused.value.problems}
    assert codes == {ProblemCode.NOT_VERIFIED, ProblemCode.EDIT_OF_NOTHING, ProblemCode.NO_SUCH_ROW}


def test_a_decision_after_a_verification() -> None:
    """That a row was checked is no decision: a province may still decide what is left to it."""
    checked = ntm.Revision(
        id="checked",
        revises=str(PACKAGED.id),
        authority=ntm.RevisionAuthority.VERIFICATION,
        title=text("Đối chiếu"),
        edits=(ntm.RaiseGrade(at="2/2.1", grade=TEXT, verified=CHECKED),),
    )
    verified = checked.apply(PACKAGED)
    both = decision(ROADS).apply(verified)
    assert [overlay.authority.value for overlay in both.overlays] == ["verification", "province"]
    assert chain_of(both, "2.1")[-1].kind is LinkKind.DECISION


# --- whose places it is for -------------------------------------------------------------------------------------

PACKAGED = ntm.load("commune/standard/2016-2020")
ROADS = ntm.SetCell(at="2/2.1", cell=percent(80))


def dossier(**changes) -> ntm.Dossier:
    """A commune of Thái Nguyên in 2018."""
    data = {"dossier": 1, "place": {"level": "commune", "name": "Minh Họa", "province": "Thái Nguyên"}, "year": 2018}
    return ntm.Dossier.from_mapping(data | changes)


def test_no_place_is_judged_by_another_province_s_decision() -> None:
    """A place of another province, or of none that is known, is refused; so is another time."""
    revised = decision(ROADS).apply(PACKAGED)
    judged = ntm.evaluate(revised, dossier(facts={"commune_road_paved_share": "79 %"}))
    assert judged["2.1"].verdict is ntm.Verdict.NOT_MET
    assert not judged.hypothetical
    elsewhere = {"level": "commune", "name": "Minh Họa", "province": "Lào Cai"}
    unknown = {"level": "commune", "name": "Minh Họa", "region": "northern_midlands_and_mountains"}
    for changes, code in (
        ({"place": elsewhere}, ProblemCode.OUTSIDE_TERRITORY),
        ({"place": unknown}, ProblemCode.OUTSIDE_TERRITORY),
        ({"on": "2017-01-01"}, ProblemCode.OUTSIDE_PERIOD),
    ):
        with pytest.raises(ntm.RevisionError) as refused:
            ntm.evaluate(revised, dossier(**changes))
        assert [problem.code for problem in refused.value.problems] == [code]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_chain_is_told(lang, golden) -> None:
    """An explanation leads from the national norm over the mandate to the decision."""
    revised = decision(attrs.evolve(ROADS, cite=PUBLISHED)).apply(PACKAGED)
    result = ntm.evaluate(revised, dossier(facts={"commune_road_paved_share": "79 %"}))
    golden(f"explanation/decision.{lang}.txt", result["2.1"].why(lang) + "\n")
    threshold = result.to_dict()["criteria"][1]["indicators"][0]["threshold"]
    assert [link["kind"] for link in threshold["chain"]] == ["national_norm", "mandate", "decision"]


def test_loading_under_a_decision(tmp_path) -> None:
    """`load` lays revisions or their files over the edition; what was not in force or not issued is no part of it."""
    made = decision(ROADS)
    assert ntm.load(str(PACKAGED.id), on="2018-12-31", with_=[made]).overlays
    assert not ntm.load(str(PACKAGED.id), on="2018-12-31", known="2017-01-01", with_=[made]).overlays
    with pytest.raises(ntm.RevisionError) as refused:
        ntm.load(str(PACKAGED.id), on="2017-01-01", with_=[made])
    assert [problem.code for problem in refused.value.problems] == [ProblemCode.OUTSIDE_PERIOD]


DOCUMENT = """
revision: thai-nguyen
revises: commune/standard/2016-2020
authority: province
title: {vi: Thử, en: Trial}
instrument: 1/2017/QĐ-UBND
territory: vn-2008/province/19
issued: 2017-03-01
in_force: {from: 2017-03-11}
evidence: text
edits:
  - {edit: set_cell, at: 2/2.1, cite: Article 2, to: 80 %}
"""


def test_a_dossier_names_its_overlay(tmp_path) -> None:
    """The overlay stands beside the dossier; one that is named and not laid over the set is told."""
    (tmp_path / "decision.yaml").write_text(DOCUMENT, encoding="utf-8")
    (tmp_path / "dossier.yaml").write_text(
        "dossier: 1\nplace: {level: commune, name: Minh Họa, province: Thái Nguyên}\n"
        "year: 2018\noverlays: [decision.yaml]\nfacts: {commune_road_paved_share: 80 %}\n",
        encoding="utf-8",
    )
    read = ntm.read_dossier(tmp_path / "dossier.yaml")
    rules = ntm.rules_for(read)
    assert [overlay.id for overlay in rules.overlays] == ["thai-nguyen"]
    result = ntm.evaluate(rules, read)
    assert result["2.1"].verdict is ntm.Verdict.MET
    assert [each.code for each in result.findings if each.code is ntm.FindingCode.OVERLAY_NOT_APPLIED] == []
    plain = ntm.evaluate(PACKAGED, read)
    assert [each.code for each in plain.findings if each.subject == str(tmp_path / "decision.yaml")] == [
        ntm.FindingCode.OVERLAY_NOT_APPLIED
    ]
    named = ntm.Dossier.from_mapping({**_AS_DATA, "set": "commune/standard/2016-2020"})
    assert ntm.rules_for(named) == PACKAGED


_AS_DATA = {"dossier": 1, "place": {"level": "commune", "name": "Minh Họa", "province": "Thái Nguyên"}, "year": 2018}
