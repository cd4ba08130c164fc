"""What a build would put into the wheel. The wheel itself is checked by ``tools/check_wheel.py``."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path

import pytest

import ntm_rules

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

SHIPPED = [path for path in Path(ntm_rules.__file__).parent.rglob("*") if path.is_file() and path.suffix != ".pyc"]


def test_the_version_is_written_twice_alike():
    """The version in the project file is the one in the package."""
    assert PROJECT["project"]["version"] == ntm_rules.__version__


def test_dependencies_are_not_capped():
    """A dependency has a lower bound and no upper one."""
    for dependency in PROJECT["project"]["dependencies"]:
        assert ">=" in dependency
        assert "<" not in dependency
        assert "==" not in dependency


@pytest.mark.parametrize("target", ["wheel", "sdist"])
def test_data_files_ship(target):
    """Every kind of data file in the package is named as an artefact, so that no ignore pattern can drop it."""
    artefacts = PROJECT["tool"]["hatch"]["build"]["targets"][target]["artifacts"]
    suffixes = {Path(pattern).suffix for pattern in artefacts}
    others = {path.suffix for path in SHIPPED if path.name != "py.typed"} - {".py"}
    assert others <= suffixes


def test_nothing_shipped_is_a_link():
    """No file of the package or of the published schemas is a symbolic link, which a build may lose."""
    assert not [path for path in [*SHIPPED, *(ROOT / "schemas").iterdir()] if path.is_symlink()]


def test_nothing_shipped_can_be_ignored():
    """No ignore pattern names data files, schemas or their folders."""
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    patterns = [line.strip() for line in lines if not line.startswith("#")]
    assert not [each for each in patterns if "yaml" in each or "json" in each or "toml" in each]
    assert not {"data", "data/", "schemas", "schemas/"} & set(patterns)


def test_the_package_is_typed():
    """The marker that makes type checkers look into the package is there."""
    assert (resources.files("ntm_rules") / "py.typed").is_file()


def test_every_door_is_listed():
    """The command and the licence are part of the distribution."""
    assert PROJECT["project"]["scripts"] == {"ntm-rules": "ntm_rules.cli:main"}
    assert all((ROOT / name).is_file() for name in PROJECT["project"]["license-files"])
