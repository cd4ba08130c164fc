from __future__ import annotations

import re
from pathlib import Path

import pytest

from criteria_strategies import outcome
from ntm_rules import DocumentError, ProblemCode
from ntm_rules.language import (
    Mapping,
    parse_criteria_set,
    parse_crosswalk,
    parse_dossier,
    parse_fact_catalogue,
    parse_instruments,
    parse_lineage,
    parse_places,
    parse_register,
    parse_revision,
    read_file,
)
from ntm_rules.messages import LANGUAGES
from ntm_rules.rulebook import apply, facts, instruments, load, periods, places, shelf

BAD = Path(__file__).parent / "bad"
FILES = sorted([*BAD.glob("NTM*"), BAD / "many-problems.yaml"])

#: Codes that no file here can hold: why, and where they are tested instead.
ELSEWHERE = {
    **dict.fromkeys((f"NTM{n}" for n in range(490, 496)), "a table of many places, no file: tests/population"),
    "NTM101": "the file is missing or can't be opened: tests/language/test_reading.py",
    "NTM104": "the file has more than 20 MB: tests/language/test_reading.py",
    "NTM208": "a document of another kind than a command wants: tests/cli",
    "NTM209": "a saved assessment that was changed: tests/cli/test_report.py",
    "NTM332": "no document can hold two cells for one row: tests/language/test_lint.py",
    **dict.fromkeys((f"NTM{n}" for n in range(334, 346)), "a warning or a note: tests/language/test_lint.py"),
    **dict.fromkeys(("NTM351", "NTM352", "NTM353"), "one set against another: tests/rulebook/test_lattice.py"),
    "NTM366": "a step of a scale: tests/language/test_requirements_of_facts.py",
    "NTM367": "a value of a category: as NTM366",
    "NTM368": "a fact judged part by part: as NTM366",
    "NTM431": "a step of a scale: tests/language/test_dossiers_of_facts.py",
    "NTM432": "a value of a category: as NTM431",
    "NTM433": "a part of a fact: as NTM431",
    "NTM451": "a table is CSV or XLSX: tests/language/test_table.py",
    "NTM452": "as NTM451",
    "NTM453": "as NTM451",
    "NTM454": "as NTM451",
    **dict.fromkeys((f"NTM{n}" for n in range(455, 460)), "a file of many places: tests/population/test_batch.py"),
    **dict.fromkeys((f"NTM{n}" for n in range(471, 475)), "several dossiers: tests/evaluation/test_status.py"),
    "NTM532": "no packaged set has a floor yet: tests/revision/test_authority.py",
    "NTM535": "two files for one cell: tests/revision/test_authority.py",
    "NTM537": "a verification: tests/revision/test_authority.py",
    "NTM538": "as NTM537",
    "NTM536": "a dossier of another province: tests/revision/test_authority.py",
    "NTM551": "a worksheet is CSV or XLSX: tests/revision/test_answers.py",
    "NTM552": "as NTM551",
    "NTM553": "as NTM551",
    "NTM554": "as NTM551",
    "NTM555": "as NTM551",
    "NTM556": "as NTM551",
    "NTM557": "as NTM551",
    "NTM558": "as NTM551",
    "NTM559": "as NTM551",
    "NTM561": "a form is CSV or XLSX: tests/language/test_forms.py",
    "NTM562": "as NTM561",
}
#: What concerns a file as a whole stands at no line of it.
WITHOUT_LINE = {"NTM102"}


def revise(node):
    """Read a revision of the set of 2016-2020 and apply it."""
    base = load("commune/standard/2016-2020")
    return apply(base, parse_revision(node, base, places()))


PARSERS = {
    "dossier": lambda node: parse_dossier(node, shelf()),
    "criteria_set": lambda node: parse_criteria_set(node, facts(), instruments(), places()),
    "fact_catalogue": parse_fact_catalogue,
    "instrument_register": parse_instruments,
    "place_register": parse_places,
    "revision": revise,
    "crosswalk": lambda node: parse_crosswalk(node, periods()),
    "register": lambda node: parse_register(node, shelf().sets, places()),
    "lineage": lambda node: parse_lineage(node, places()),
}


def problems(name):
    """Everything that is wrong with one of the bad files."""
    found = outcome(lambda: read_file(BAD / name))
    if isinstance(found, Mapping):
        parse = PARSERS[found.keys()[0]]
        found = outcome(lambda: parse(found))
    assert isinstance(found, DocumentError)
    return found.problems


def expected(path):
    """The codes in the first line of a file; JSON knows no remarks, so there the name tells."""
    if path.suffix == ".json":
        return {path.name.partition("-")[0]}
    with path.open("rb") as file:
        return set(file.readline().decode().removeprefix("# expect: ").split())


def offered(name, code):
    """What is offered as the nearest for the problems of one code, in order."""
    return [dict(problem.params).get("nearest") for problem in problems(name) if problem.code.value == code]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_codes_and_places(path):
    """A bad file gives exactly the codes in its first line, each with file, line and column, sorted by place."""
    found = problems(path.name)
    assert {problem.code.value for problem in found} == expected(path)
    assert all(problem.where.file == str(path) for problem in found)
    places = [(problem.where.line, problem.where.column) for problem in found]
    if expected(path).isdisjoint(WITHOUT_LINE):
        lines = path.read_bytes().split(b"\n")
        assert all(1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1 for line, column in places)
        assert places == sorted(places)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_sentences(path):
    """Every problem is one sentence in both languages, without leftovers of its template or of our code."""
    for problem in problems(path.name):
        said = [problem.message(lang) for lang in LANGUAGES]
        assert said[0] != said[1]
        for sentence in said:
            assert not re.search(r"\{\w*\}|None|\$\.|_per_person", sentence)
            assert sentence[-1] in ".?"
            assert sentence.splitlines() == [sentence]


@pytest.mark.parametrize("path", [path for path in FILES if path.name.startswith("NTM")], ids=lambda path: path.name)
def test_names(path):
    """A file is named after its code and the slug of its message, or what is special about it."""
    assert re.fullmatch(r"NTM\d{3}(-[a-z0-9]+)+\.(yaml|json)", path.name)
    assert path.name[:6] in expected(path)


def test_every_code_has_a_bad_file():
    """Each code has a bad file of its own, or stands in the table of those that no file can hold; none has both."""
    named = {path.name[:6] for path in FILES if path.name.startswith("NTM")}
    assert named | set(ELSEWHERE) == {code.value for code in ProblemCode}
    assert named.isdisjoint(ELSEWHERE)


@pytest.mark.parametrize(
    ("name", "code", "nearest"),
    [
        ("NTM201-unknown-key.yaml", "NTM201", ["document"]),
        ("NTM302-fact-not-in-catalogue.yaml", "NTM302", ["multidimensional_poverty_rate"]),
        ("NTM307-unknown-instrument.yaml", "NTM307", ["1980/QĐ-TTg"]),
        ("NTM308-unknown-row.yaml", "NTM308", ["mekong_delta"]),
        ("NTM309-unknown-axis.yaml", "NTM309", ["year"]),
        ("NTM313-unknown-group.yaml", "NTM313", ["economy"]),
        ("NTM317-unknown-unit-of-fact.yaml", "NTM317", ["percent"]),
        ("NTM331-cell-not-in-table.yaml", "NTM331", ["mekong_delta", "red_river_delta", "mekong_delta"]),
        ("NTM361-unknown-scale.yaml", "NTM361", ["rating"]),
        ("NTM362-unknown-part-list.yaml", "NTM362", ["sex"]),
        ("NTM363-unknown-operand.yaml", "NTM363", ["poor_count"]),
        ("NTM401-unknown-fact.yaml", "NTM401", ["multidimensional_poverty_rate"]),
        ("NTM404-unit-unknown.yaml", "NTM404", ["triệu đồng/người/năm", "percent"]),
        ("NTM410-unknown-province.yaml", "NTM410", ["Thái Nguyên"]),
        ("NTM411-unknown-region.yaml", "NTM411", ["northern_midlands_and_mountains"]),
        ("NTM415-unknown-address.yaml", "NTM415", ["17.8"]),
        ("NTM416-unknown-document.yaml", "NTM416", ["bao_cao_2018"]),
        ("NTM418-unknown-set.yaml", "NTM418", ["commune/standard/2016-2020"]),
        ("NTM422-unknown-attribute.yaml", "NTM422", ["is_safe_zone"]),
        ("NTM423-unknown-attribute-value.yaml", "NTM423", ["xã khu vực I"]),
        ("NTM445-unknown-sub-place.yaml", "NTM445", ["Phú Đình"]),
        ("NTM509-unknown-province-id.yaml", "NTM509", ["vn-2008/province/10"]),
    ],
)
def test_nearest(name, code, nearest):
    """Where a name is unknown, the nearest is offered, and both languages ask whether it was meant."""
    assert offered(name, code) == nearest
    for problem in problems(name):
        assert dict(problem.params)["nearest"] in problem.message("vi")
        assert problem.message("en").endswith('"?')


def test_nearest_in_revisions():
    """What a revision changes but is not there is told with the nearest that is, if there is one."""
    assert offered("NTM501-edit-of-nothing.yaml", "NTM501") == ["11/11", "17/17.8", None]
    assert offered("NTM503-no-such-row.yaml", "NTM503") == ["mekong_delta", None]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("NTM407-decimal-comma.yaml", ["58.3 %", "58.3 %"]),
        ("NTM117-decimal-comma-cut.yaml", ["58.3 %"]),
        ("NTM316-bad-quantity.yaml", ["26.7 %", "26.7 %"]),
        ("NTM408-share-as-fraction.yaml", ["95 %", "100 %"]),
        ("NTM403-unit-missing.yaml", ["triệu đồng/người/năm"]),
    ],
)
def test_hints(name, wanted):
    """Where a figure is not written as it must be, the sentence shows how to write it."""
    assert [hint in problem.message("vi") for problem, hint in zip(problems(name), wanted, strict=True)] == [
        True for _ in wanted
    ]


def test_many_problems():
    """Everything that is wrong with a dossier is reported in one go, each at its place."""
    found = problems("many-problems.yaml")
    assert len(found) >= 20
    lines = (BAD / "many-problems.yaml").read_text(encoding="utf-8").splitlines()
    for problem in found:
        # Each stands where what it speaks of is written, as far as it repeats that.
        params = dict(problem.params)
        word = next((params[key] for key in ("name", "key", "found", "numerator") if key in params), "")
        assert problem.where.line is not None
        assert word in lines[problem.where.line - 1]
