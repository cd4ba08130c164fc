"""``ntm-rules open``: a blank decision, ready to fill in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import ntm_rules as ntm
from ntm_rules.messages import LANGUAGES

SET = "commune/standard/2016-2020"
FILLED = (
    ("revision:", "revision: thai-nguyen"),
    ("title: {vi: , en: }", "title: {vi: Thử, en: Trial}"),
    ("instrument:", "instrument: 1/2017/QĐ-UBND"),
    ("issued:", "issued: 2017-03-01"),
    ("in_force: {from: }", "in_force: {from: 2017-03-11}"),
)


def filled(blank: str) -> str:
    """The blank with everything but the levels filled in."""
    for empty, full in FILLED:
        blank = blank.replace(empty, full, 1)
    return blank


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_blank(run, golden, lang) -> None:
    """Every open threshold stands there with its fact, unit and citation."""
    golden(f"cli/open.{lang}.txt", run("open", SET, "--province", "thai nguyen", "--lang", lang).out)


def test_a_blank_is_filled_in_and_used(run, tmp_path: Path) -> None:
    """What is filled in holds; what is not stays open; before its head is filled in, the file is refused."""
    assert run("open", SET, "--province", "Thái Nguyên", "-o", "blank.yaml").code == 0
    assert run("open", SET, "-o", "blank.yaml").code == 2
    assert run("open", SET, "--province", "Thái Nguyên", "-o", "blank.yaml", "--force").code == 0
    assert "NTM203" in run("check", "blank.yaml").out
    blank = filled((tmp_path / "blank.yaml").read_text(encoding="utf-8"))
    (tmp_path / "blank.yaml").write_text(blank, encoding="utf-8")
    assert run("check", "blank.yaml").code == 0
    rules = ntm.load(SET)
    unchanged = ntm.load(SET, with_=[tmp_path / "blank.yaml"])
    assert unchanged.fingerprint == rules.fingerprint
    assert unchanged.overlays[0].decided == ()
    (tmp_path / "full.yaml").write_text(blank.replace("to: {decided_by: province}", "to: 80 %", 1), encoding="utf-8")
    decided = ntm.load(SET, with_=[tmp_path / "full.yaml"])
    assert decided["2.1"].require.threshold.find(()) == ntm.Quantity.parse("80 %")
    assert decided["2.2"] == rules["2.2"]


def test_json(run) -> None:
    """The same as JSON, with what is to be filled in as null."""
    blank = json.loads(run("open", SET, "--json").out)
    assert blank["instrument"] is None
    assert blank["territory"] is None
    assert blank["edits"][0] == {"edit": "set_cell", "at": "2/2.1", "to": {"decided_by": "province"}}
    assert len(blank["edits"]) == 7


def test_rows_and_floors(run, tmp_path: Path) -> None:
    """A cell of a table is named with its row, and its floor stands there."""
    document = json.loads(run("show", SET, "--json").out)
    indicator = document["criteria"][1]["indicators"][0]
    indicator["require"]["at_least"] = {"decided_by": "ministry", "floor": "70 %"}
    water = next(each for each in document["criteria"][16]["indicators"] if each["number"] == "17.1")
    water["require"]["of_which"]["at_least"]["general"] = {"decided_by": "ministry"}
    (tmp_path / "mine.json").write_text(json.dumps(document), encoding="utf-8")
    blank = json.loads(run("open", "mine.json", "--decided-by", "ministry", "--json").out)
    assert "territory" not in blank
    assert [each["to"] for each in blank["edits"]] == [
        {"decided_by": "ministry", "floor": "70 %"},
        {"decided_by": "ministry"},
    ]
    assert blank["edits"][1]["row"] == ["general"]
    assert "không được thấp hơn yêu cầu 70 %" in run("open", "mine.json", "--decided-by", "ministry").out


def test_nothing_is_left_open(run) -> None:
    """A set that leaves nothing to an authority gets no blank; a province that there is not is told."""
    assert run("open", SET, "--decided-by", "ministry").code == 2
    assert run("open", SET, "--decided-by", "people").code == 2
    refused = run("open", SET, "--province", "Thái Nguyeen")
    assert refused.code == 2
    assert "Thái Nguyên" in refused.err
