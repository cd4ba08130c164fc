"""
`make demo`: judge real communes and districts and illustrations, explain some in Vietnamese, and check the tallies.

Exits 0 only when the three communes of Định Hóa come out as their district published them in early 2019, and the
districts Định Hóa and Tứ Kỳ with as many communes as were published.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import ntm_rules as ntm

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"

#: As published: criteria met, and the criteria that fail.
PUBLISHED = {
    "phu-dinh": (15, ["9", "10", "11", "15"]),
    "son-phu": (14, ["3", "6", "10", "15", "17"]),
    "trung-luong": (13, ["6", "10", "11", "13", "17", "19"]),
}

#: As published: how many communes are up to the standard, at least and at most, and of how many.
COMMUNES = {"dinh-hoa-2018": (6, 6, 23), "tu-ky-2022": (22, 22, 22)}


def show(*arguments: str) -> None:
    """Run a command as a user would, after printing it."""
    print(f"\n$ ntm-rules {' '.join(arguments)}\n", flush=True)
    # The exit code tells the verdict (1: not met), not whether the command worked; 2 would be unusable input.
    done = subprocess.run([sys.executable, "-m", "ntm_rules.cli", *arguments], cwd=EXAMPLES.parent, check=False)
    if done.returncode not in (0, 1, 3):
        sys.exit(done.returncode)


def main() -> int:
    """Show the main job, then compare it with what was published."""
    show("sets")
    show("evaluate", "examples/dinh-hoa")
    show("explain", "examples/dinh-hoa/phu-dinh.yaml")
    show("explain", "examples/illustration/minh-hoa.yaml", "17.1")
    show("explain", "examples/provincial/minh-hoa-2019.yaml", "2.1")
    show("evaluate", "--unknown", "examples/illustration/minh-hoa.yaml")
    show("explain", "examples/reports/tu-ky-2022.yaml", "precondition/communes")
    show("evaluate", "examples/reports/phu-luong-2024.yaml")
    show("status", "examples/status/minh-hoa", "--register", "examples/status/decisions.yaml", "--on", "2024-06-30")
    print()
    right = True
    for name, (met, failing) in PUBLISHED.items():
        dossier = ntm.read_dossier(EXAMPLES / "dinh-hoa" / f"{name}.yaml")
        result = ntm.evaluate(ntm.load("commune/standard/2016-2020", on=dossier.on), dossier)
        as_published = (result.tally.met, [each.address for each in result.failing]) == (met, failing)
        right = right and as_published
        word = "as published" if as_published else "WRONG"
        print(f"{dossier.place.name}: {result.tally.met}/{result.tally.total}, {word}")
    for name, counted in COMMUNES.items():
        dossier = ntm.read_dossier(EXAMPLES / "reports" / f"{name}.yaml")
        row = ntm.evaluate(ntm.rules_for(dossier), dossier)["precondition/communes"]
        as_published = row.reasons[0].numbers == counted
        right = right and as_published
        word = "as published" if as_published else "WRONG"
        print(f"{dossier.place.name}: {counted[0]}/{counted[2]} communes, {word}")
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
