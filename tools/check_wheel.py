"""
Check that the built wheel holds what git holds, installs elsewhere, and works there.

Usage: python tools/check_wheel.py [DIRECTORY]   (default: dist)
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import tomllib
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = "src/"


def main(arguments: list[str]) -> int:
    """Run both checks; 0 if the wheel is right, 1 if not."""
    directory = ROOT / (arguments[0] if arguments else "dist")
    wheels = sorted(directory.glob("ntm_rules-*.whl"))
    if len(wheels) != 1:
        print(f"check_wheel: one wheel expected in {directory.name}/, found {len(wheels)}")
        return 1
    faults = compare(wheels[0]) or use(wheels[0])
    for fault in faults:
        print(f"check_wheel: {fault}")
    if not faults:
        print(f"check_wheel: {wheels[0].name} holds all of {SOURCE}, installs and runs")
    return 1 if faults else 0


def known_to_git() -> list[str]:
    """Files under src/ that git tracks, or would track with the next `git add`."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", SOURCE]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, encoding="utf-8")
    return sorted({name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()})


def compare(wheel: Path) -> list[str]:
    """Every file under src/ is in the wheel with the same bytes, and nothing else is but the metadata."""
    names = known_to_git()
    if not names:
        return [f"git knows no file under {SOURCE}"]
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
        expected = {name.removeprefix(SOURCE): ROOT / name for name in names}
        faults = [f"not in the wheel: {name}" for name in sorted(expected.keys() - packed)]
        faults += [
            f"differs in the wheel: {name}"
            for name in sorted(expected.keys() & packed)
            if archive.read(name) != expected[name].read_bytes()
        ]
        faults += [
            f"in the wheel, but unknown to git: {name}"
            for name in sorted(packed - expected.keys())
            if not name.split("/")[0].endswith(".dist-info")
        ]
        if "ntm_rules/py.typed" not in packed:
            faults.append("not in the wheel: ntm_rules/py.typed")
        if not any(name.endswith(".dist-info/licenses/LICENSE") for name in packed):
            faults.append("not in the wheel: LICENSE")
    return faults


def use(wheel: Path) -> list[str]:
    """The wheel, with no more than the dependencies it declares, runs far from the checkout."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        venv.create(place / "venv", with_pip=True)
        programs = place / "venv" / ("Scripts" if os.name == "nt" else "bin")
        pins = ROOT / "requirements" / "dev.txt"
        install = [programs / "python", "-m", "pip", "install", "--quiet", "-c", pins, wheel]
        asked = [
            (install, ""),
            ([programs / "ntm-rules", "--version"], version),
            ([programs / "ntm-rules", "sets"], "commune/"),
        ]
        for command, said in asked:
            done = subprocess.run(command, cwd=place, env=environment, check=False, capture_output=True)
            output = (done.stdout + done.stderr).decode(errors="replace")
            if done.returncode != 0 or said not in output:
                what = " ".join([command[0].name, *map(str, command[1:])])
                return [f"{what} ended with {done.returncode}; expected 0 and {said!r}\n{output}"]
    return []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
