from __future__ import annotations

from datetime import date

import attrs
import pytest

import ntm_rules as ntm
from criteria_strategies import REGISTER
from ntm_rules.language import parse_revision, read_text, to_yaml, write_revision
from ntm_rules.messages import LANGUAGES
from ntm_rules.revision import apply_edits
from ntm_rules.revision.worksheet import written
from ntm_rules.rulebook import places
from ntm_rules.rulebook.coverage import grades
from worksheets import DELTA, FAIR, GOOD, HIGHLANDS, NEWER_RULES, RULES, SEEN

YES, NO = True, False
EDITIONS = [
    rules for name in ("commune/standard/2010-2015", "commune/standard/2016-2020") for rules in ntm.editions(name)
]


def answer(at, says, *, part=(), row=(), **own):
    """An answer to a cell of `RULES`."""
    return ntm.Answer(at=at, part=part, row=row, says=says, verified=own.pop("verified", SEEN), **own)


def problems(*answers, rules=RULES):
    """What is wrong with some answers: code and parameters."""
    with pytest.raises(ntm.RevisionError) as refused:
        ntm.confirm(rules, answers)
    return [(problem.code.slug, dict(problem.params)) for problem in refused.value.problems]


def agreeing(row):
    """The answer by which the gazette agrees with what is shipped, or says something where nothing is."""
    if row.can_be_affirmed:
        return True
    if isinstance(row.cell, ntm.Unstated):
        scale = row.fact.scale
        return ntm.Quantity(row.fact.maximum or 7, row.fact.unit) if scale is None else scale.step(scale.steps[-1].id)
    return row.cell


@pytest.mark.parametrize("rules", EDITIONS, ids=lambda rules: rules.edition)
def test_every_cell_below_text_is_on_the_sheet(rules):
    """The sheet has just the cells that coverage counts as graded below `text`, each once, in the order of the set."""
    rows = ntm.worksheet(rules)
    counted = {grade: sum(row.grade is grade for row in rows) for grade in ntm.Grade}
    assert counted == grades(rules) | {ntm.Grade.TEXT: 0}
    assert len({row.key for row in rows}) == len(rows)
    order = [id(indicator) for _, indicator in rules.rows]
    assert [order.index(id(row.indicator)) for row in rows] == sorted(order.index(id(row.indicator)) for row in rows)


def test_every_form_is_on_the_sheet():
    """Steps, values, parts, what the place is, multiples and titles are cells too; conditions of recognition last."""
    assert [row.name for row in ntm.worksheet(NEWER_RULES)] == [
        "1/1.1 general",
        f"1/1.1 {DELTA}",
        f"1/1.1 {HIGHLANDS}",
        "1/1.2",
        "1/1.3 1",
        "1/1.4 1",
        "1/1.4 2",
        "1/1.4 3",
        "precondition/no_debt",
        "precondition/model",
        "precondition/title",
        "precondition/same_title",
    ]
    counted = grades(NEWER_RULES)
    assert (counted[ntm.Grade.RECALLED], counted[ntm.Grade.UNSTATED], sum(counted.values())) == (11, 1, 12)


@pytest.mark.parametrize(
    ("given", "cell"),
    [
        (answer("1/1.1", GOOD, row=(HIGHLANDS,)), GOOD),
        (answer("1/1.1", FAIR, row=(DELTA,)), FAIR),
        (answer("1/1.4", ntm.Quantity.parse("95 %"), part=("3",)), ntm.Quantity.parse("95 %")),
    ],
)
def test_a_step_is_answered_like_a_figure(given, cell):
    """A cell without a step, or with a recalled one, gets the gazette's; so does a recalled multiple its figure."""
    (edit,) = ntm.confirm(NEWER_RULES, [given]).edits
    assert (edit.cell, edit.grade) == (cell, ntm.Grade.TEXT)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (answer("1/1.1", ntm.Quantity.parse("95 %"), row=(DELTA,)), "step"),
        (answer("1/1.1", YES, row=(DELTA,)), "step"),
        (answer("1/1.1", attrs.evolve(GOOD, scale="station_class"), row=(DELTA,)), "step"),
        (answer("1/1.3", GOOD, part=("1",)), "figure"),
        (answer("1/1.2", GOOD), "yes"),
        (answer("precondition/model", GOOD), "yes"),
    ],
)
def test_steps_that_do_not_fit(given, wanted):
    """A step answers only a cell of its own scale, and such a cell takes nothing else."""
    assert problems(given, rules=NEWER_RULES) == [("not_an_answer", {"seen": written(given.says), "wanted": wanted})]


def test_a_multiple_that_is_contradicted():
    """A multiple of another row's threshold is told as such where the gazette says no to it."""
    ((code, params),) = problems(answer("1/1.4", NO, part=("3",)), rules=NEWER_RULES)
    assert (code, params["shipped"]) == ("contradicted", "1.1 × commune/advanced/2021-2025#17/17.1")


def test_a_sheet_may_ask_for_less():
    """Only what is graded worse than a grade that is given is listed."""
    rows = ntm.worksheet(RULES, below=ntm.Grade.RECALLED)
    assert [row.name for row in rows] == [f"1/1.1 {DELTA}", f"1/1.2 2019 > {DELTA}", f"1/1.2 2019 > {HIGHLANDS}"]


def test_what_a_row_says():
    """A row has its address, its cell, its fact, its grade, its citation, and the figure that is doubtful."""
    rows = {row.name: row for row in ntm.worksheet(RULES)}
    delta = rows[f"1/1.1 {DELTA}"]
    assert (delta.at, delta.part, delta.row, delta.fact.id) == ("1/1.1", (), (DELTA,), "poverty")
    assert delta.candidate.value == ntm.Quantity.parse("4.5 %")
    assert delta.grade is ntm.Grade.UNSTATED
    assert (delta.citation.instrument, str(delta.citation.locator)) == ("1980/QĐ-TTg", "Annex, row 1")
    assert rows["1/1.3 1"].candidate is None
    assert rows["1/1.3 1"].citation.doubt == "who_decides"
    assert rows["2/2.1"].fact is None
    # Its condition is seen in the text.
    assert "2/2.3 1" not in rows
    assert rows["2/2.3 2"].grade is ntm.Grade.SECONDARY


@pytest.mark.parametrize("rules", [*EDITIONS, RULES, NEWER_RULES], ids=lambda rules: rules.edition)
def test_a_whole_sheet_is_confirmed(rules):
    """Where the gazette agrees with every cell, the set that comes out is graded `text` throughout."""
    answers = [
        ntm.Answer(at=row.at, part=row.part, row=row.row, says=agreeing(row), verified=SEEN)
        for row in ntm.worksheet(rules)
    ]
    made = ntm.confirm(rules, answers)
    assert len(made.edits) == len(answers)
    assert made.authority is ntm.RevisionAuthority.VERIFICATION
    register = REGISTER if rules in (RULES, NEWER_RULES) else places()
    revised = apply_edits(rules, made.edits, register)
    assert grades(revised)[ntm.Grade.TEXT] == sum(grades(rules).values())
    assert parse_revision(read_text(to_yaml(write_revision(made))), rules, register) == made


def test_what_confirms_raises_the_grade():
    """A cell that the gazette confirms keeps its value and is graded `text`, however the figure was typed."""
    made = ntm.confirm(
        RULES,
        [
            answer("1/1.1", ntm.Quantity.parse("7.50 %"), row=(HIGHLANDS,)),
            answer("1/1.1", ntm.Nothing(), row=("general",)),
            answer("1/1.3", YES, part=("1",)),
            answer("1/1.3", ntm.Quantity.parse("90 %"), part=("2",)),
            answer("2/2.1", YES),
            answer("2/2.2", YES),
        ],
    )
    assert [type(edit) for edit in made.edits] == [ntm.RaiseGrade] * 6
    assert all(edit.grade is ntm.Grade.TEXT and edit.verified == SEEN for edit in made.edits)


@pytest.mark.parametrize(
    ("given", "cell"),
    [
        (answer("1/1.1", ntm.Quantity.parse("4.50 %"), row=(DELTA,)), ntm.Quantity.parse("4.5 %")),
        (answer("1/1.1", ntm.Nothing(), row=(DELTA,)), ntm.Nothing()),
        (answer("1/1.1", ntm.Quantity.parse("8 %"), row=(HIGHLANDS,)), ntm.Quantity.parse("8 %")),
        (answer("1/1.1", ntm.Nothing(), row=(HIGHLANDS,)), ntm.Nothing()),
        (answer("1/1.1", ntm.Quantity.parse("8 %"), row=("general",)), ntm.Quantity.parse("8 %")),
        (answer("2/2.2", ntm.Quantity.parse("8 %")), ntm.Quantity.parse("8 %")),
    ],
)
def test_an_unstated_or_recalled_cell_gets_what_the_gazette_says(given, cell):
    """A cell without a figure, or with a recalled one, gets the gazette's, graded `text`, and says who checked it."""
    (edit,) = ntm.confirm(RULES, [given]).edits
    assert edit == ntm.SetCell(at=given.at, row=given.row, cell=cell, grade=ntm.Grade.TEXT, verified=SEEN)
    assert str(edit.cell) == str(cell)


@pytest.mark.parametrize(
    ("given", "shipped", "grade"),
    [
        (answer("1/1.3", ntm.Quantity.parse("91 %"), part=("2",)), "90 %", "secondary"),
        (answer("1/1.3", ntm.Nothing(), part=("2",)), "90 %", "secondary"),
        (answer("1/1.3", ntm.Quantity.parse("1 nhà"), part=("3",)), "none", "secondary"),
        (answer("2/2.3", ntm.Quantity.parse("1 ha"), part=("2",)), "decided_by: ministry", "secondary"),
        (answer("2/2.2", NO), "decided_by: province", "recalled"),
        (answer("1/1.3", NO, part=("1",)), "yes", "recalled"),
        (answer("1/1.3", ntm.Nothing(), part=("1",)), "yes", "recalled"),
    ],
)
def test_what_a_verification_may_not_change(given, shipped, grade):
    """A value that was seen somewhere, and a requirement as such, are not changed by a verification."""
    ((code, params),) = problems(given)
    assert (code, params["shipped"], params["grade"]) == ("contradicted", shipped, grade)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (answer("1/1.1", YES, row=(DELTA,)), "not_an_answer"),
        (answer("1/1.3", ntm.Quantity.parse("1 %"), part=("1",)), "not_an_answer"),
        (answer("2/2.1", ntm.Quantity.parse("1 %")), "not_an_answer"),
        (answer("1/1.1", ntm.Quantity.parse("1 ha"), row=(DELTA,)), "threshold_unit"),
        (answer("1/1.1", ntm.Quantity.parse("101 %"), row=(DELTA,)), "threshold_out_of_range"),
        (answer("1/1.1", ntm.Quantity.parse("-1 %"), row=(DELTA,)), "threshold_out_of_range"),
        (answer("1/1.9", YES), "no_such_cell"),
        (answer("2/2.3", YES, part=("1",)), "no_such_cell"),
        (answer("1/1.1", YES, row=("red_river",)), "no_such_cell"),
    ],
)
def test_answers_that_do_not_fit(given, code):
    """An answer of the wrong kind, unit or range, or to a cell that is not to be checked, is refused."""
    assert [each for each, _ in problems(given)] == [code]


def test_the_nearest_cell_is_offered():
    """An address that is not there is told with the nearest that is."""
    ((_, params),) = problems(answer("1/1.1", YES, row=("red_river",)))
    assert params["nearest"] == f"1/1.1 {DELTA}"


def test_all_problems_at_once():
    """Everything that is wrong with the answers is told in one go, each at its place; two to one cell too."""
    good = answer("2/2.1", YES, where=ntm.Where("s.xlsx", 2, 15, cell="O2"))
    found = problems(
        good,
        attrs.evolve(good, where=ntm.Where("s.xlsx", 3, 15, cell="O3")),
        answer("9/9", YES, where=ntm.Where("s.xlsx", 4, 15, cell="O4")),
        answer("1/1.3", NO, part=("1",), where=ntm.Where("s.xlsx", 5, 15, cell="O5")),
    )
    assert [code for code, _ in found] == ["cell_twice", "no_such_cell", "contradicted"]
    assert found[0][1]["first"] == "O2"
    plain = attrs.evolve(good, where=ntm.Where())
    assert problems(plain, plain)[0][1]["first"] == "?"
    in_line = attrs.evolve(good, where=ntm.Where("s.csv", 7))
    assert problems(in_line, in_line)[0][1]["first"] == "7"


def test_the_problems_in_words():
    """Each problem of a verification is a sentence of its own in both languages, without leftovers."""
    given = [answer("2/2.1", YES), answer("2/2.1", YES), answer("9/9", YES)]
    given += [answer("1/1.3", NO, part=("1",)), answer("1/1.1", YES, row=(DELTA,))]
    with pytest.raises(ntm.RevisionError) as refused:
        ntm.confirm(RULES, given)
    for problem in refused.value.problems:
        vi, en = (problem.message(lang) for lang in LANGUAGES)
        assert vi != en
        assert "None" not in vi + en
        assert "figure|" not in vi + en


def test_the_revision_says_who_checked_what_and_when():
    """A verification names its edition, the last day of checking and every role once; a sheet may mix checkers."""
    other = attrs.evolve(SEEN, role="Biên tập viên Công báo", date=date(2026, 11, 22))
    made = ntm.confirm(
        RULES,
        [
            answer("2/2.1", YES),
            answer("2/2.2", YES, verified=other),
            answer("1/1.1", ntm.Nothing(), row=("general",)),
        ],
    )
    assert (made.id, made.issued) == ("verification-commune-standard-2016-2020-2026-11-22", date(2026, 11, 22))
    assert made.author == f"{other.role}; {SEEN.role}"
    assert RULES.edition in made.note.vi
    assert RULES.title.en in made.title.en
    assert made.revises == str(RULES.id)
    assert made.edits[1].verified == other


def test_no_answers():
    """Where nothing was checked, the verification holds no edit and names nobody."""
    made = ntm.confirm(RULES, [])
    assert (made.edits, made.author, made.issued) == ((), None, None)


@pytest.mark.parametrize("rules", EDITIONS, ids=lambda rules: rules.edition)
def test_a_whole_sheet_that_agrees(rules):
    """Where the gazette agrees with every cell, the verified set holds nothing below `text`, and is still the law."""
    rows = ntm.worksheet(rules)
    answers = [answer(row.at, agreeing(row), part=row.part, row=row.row) for row in rows]
    verified = ntm.confirm(rules, answers).apply(rules)
    assert grades(verified)[ntm.Grade.TEXT] == sum(grades(rules).values())
    assert not verified.hypothetical
    assert len(verified.overlays[0].decided) == len(rows)
