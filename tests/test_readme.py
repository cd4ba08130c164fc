"""What the README says of the library is what the library says of itself."""

from __future__ import annotations

import re
from pathlib import Path

import ntm_rules as ntm
from ntm_rules.rulebook.coverage import grades, open_cells

README = Path(__file__).parent.parent.joinpath("README.md").read_text(encoding="utf-8")


def test_the_table_of_evidence() -> None:
    """The README counts the cells of every packaged set by their grade as the library does."""
    found = re.findall(r"^\| `((?:[a-z_]+/){2,3}[0-9-]+)`[^|]*\|(.*)\|$", README, re.MULTILINE)
    told = {name: [int(number) for number in row.split("|")] for name, row in found}
    assert told == {str(rules.id): [*grades(rules).values(), open_cells(rules)] for rules in ntm.sets()}
