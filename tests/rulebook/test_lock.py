from __future__ import annotations

import re
import runpy
from importlib import resources
from pathlib import Path

import pytest

from ntm_rules.rulebook import editions, set_names

ROOT = Path(__file__).parents[2]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
LOCK = (resources.files("ntm_rules.rulebook") / "data" / "editions.lock").read_text(encoding="utf-8")

COMPUTED = {rules.edition: rules.fingerprint for name in set_names() for rules in editions(name)}

#: How many hex digits of a fingerprint the changelog shows.
SHOWN = 12


def locked(lock):
    """Each edition of a lock with its fingerprint."""
    return dict(line.split(" ") for line in lock.splitlines())


def moved(lock, computed):
    """Editions that are not as they were locked, each with what the lock has and what the library computes."""
    was = locked(lock)
    return {
        edition: (was.get(edition), computed.get(edition))
        for edition in sorted(was.keys() | computed.keys())
        if was.get(edition) != computed.get(edition)
    }


def unnamed(changelog, fingerprints):
    """The lines that the sections "Law data" of the changelog lack: an edition with the head of its fingerprint."""
    sections = re.findall(r"^### Law data$(.*?)(?=^##|\Z)", changelog, flags=re.MULTILINE | re.DOTALL)
    lines = [line for section in sections for line in section.splitlines()]
    wanted = [(edition, digits(fingerprint)) for edition, fingerprint in fingerprints.items()]
    return [
        f"| `{edition}` | `{head}` |"
        for edition, head in wanted
        if not any(f"`{edition}`" in line and f"`{head}`" in line for line in lines)
    ]


def digits(fingerprint):
    """The digits of a fingerprint that the changelog shows."""
    return fingerprint.removeprefix("sha256:")[:SHOWN]


# --- the lock ---------------------------------------------------------------------------------------------------


def test_the_lock_is_what_the_library_computes():
    """Every edition of every packaged set has the fingerprint that is locked, and the lock holds no other edition."""
    changed = "\n".join(
        f"  {edition}\n    locked:   {was or 'nothing'}\n    computed: {now or 'nothing'}"
        for edition, (was, now) in moved(LOCK, COMPUTED).items()
    )
    if changed:
        pytest.fail(
            f"The law data is not what the lock says, so verdicts may have moved:\n{changed}\n"
            "If it was not meant, undo it. If it was: make lock, and add an entry under 'Law data' in CHANGELOG.md that"
            " names the set, the row, its source and which verdicts may move; all in one commit.",
            pytrace=False,
        )


def test_the_changelog_names_every_locked_fingerprint():
    """A section "Law data" of the changelog names every edition with the head of the fingerprint that is locked."""
    lines = unnamed(CHANGELOG, locked(LOCK))
    if lines:
        pytest.fail(
            "CHANGELOG.md does not name these editions with their present fingerprint under 'Law data':\n"
            + "\n".join(lines)
            + "\nSay there, under 'Unreleased', what changed (set, row, source, which verdicts may move), and put these"
            " lines into the table of editions.",
            pytrace=False,
        )


def test_the_form_of_the_lock():
    """The lock has a line an edition, sorted, each edition once, and ends in a line feed."""
    lines = LOCK.splitlines()
    assert "".join(f"{line}\n" for line in lines) == LOCK
    assert lines == sorted(lines)
    assert len(locked(LOCK)) == len(lines)
    assert all(re.fullmatch(r"[a-z]+(/[a-z_]+){1,2}/\S+@\d{4}-\d{2}-\d{2} sha256:[0-9a-f]{64}", line) for line in lines)


def test_the_tool_writes_such_a_lock():
    """What `make lock` would write has the line of every edition as the library computes it, and no other."""
    written = runpy.run_path(str(ROOT / "tools" / "lock.py"))["text"]()
    assert written.splitlines() == sorted(f"{edition} {fingerprint}" for edition, fingerprint in COMPUTED.items())


# --- the checks can fail ----------------------------------------------------------------------------------------

FIRST, SECOND = "commune/standard/2010-2015@2009-04-16", "commune/standard/2010-2015@2013-02-20"
SAMPLE = {FIRST: f"sha256:{'1f' * 32}", SECOND: f"sha256:{'2e' * 32}"}
SAMPLE_LOCK = "".join(f"{edition} {fingerprint}\n" for edition, fingerprint in SAMPLE.items())
CHANGED = f"sha256:{'3d' * 32}"

BOTH_NAMED = f"| `{FIRST}` | `{'1f' * 6}` |\n| `{SECOND}` | `{'2e' * 6}` |\n"
SAMPLE_LOG = f"# Changelog\n\n## Unreleased\n\n### Law data\n\n{BOTH_NAMED}\n### Added\n\n- A thing.\n"
NEW_LINE = f"| `{SECOND}` | `{'3d' * 6}` |"


def test_what_is_as_it_was_is_not_reported():
    """Neither check reports an edition that is locked and named as it is."""
    assert moved(SAMPLE_LOCK, SAMPLE) == {}
    assert unnamed(SAMPLE_LOG, SAMPLE) == []


def test_a_moved_fingerprint_is_reported():
    """An edition whose law changed, is new or is gone is reported, and no other."""
    was = SAMPLE[SECOND]
    assert moved(SAMPLE_LOCK, SAMPLE | {SECOND: CHANGED}) == {SECOND: (was, CHANGED)}
    assert moved(SAMPLE_LOCK, {FIRST: SAMPLE[FIRST]}) == {SECOND: (was, None)}
    assert moved(SAMPLE_LOCK.replace(f"{SECOND} {was}\n", ""), SAMPLE) == {SECOND: (None, was)}


@pytest.mark.parametrize(
    ("added", "missed"),
    [
        ("", [NEW_LINE]),
        (f"\n## 1.0\n\n### Law data\n\n{NEW_LINE}\n", []),
        (f"\n## 1.0\n\n### Law data\n\n- `{SECOND}`: row 5 seen, now `{'3d' * 6}`.\n\n### Added\n", []),
        (f"\n## 1.0\n\n### Added\n\n{NEW_LINE}\n", [NEW_LINE]),
        (f"\n## 1.0\n\n### Law data\n\n- A word.\n\n## 0.9\n\n{NEW_LINE}\n", [NEW_LINE]),
        (f"\n## 1.0\n\n### Law data\n\n`{SECOND}`\n`{'3d' * 6}`\n", [NEW_LINE]),
        (f"\n## 1.0\n\n### Law data\n\n{NEW_LINE.replace('3d3d', '3d3', 1)}\n", [NEW_LINE]),
    ],
)
def test_a_fingerprint_without_an_entry_is_reported(added, missed):
    """A changed edition is missed unless one line of a section "Law data" names it with its new fingerprint."""
    assert unnamed(SAMPLE_LOG + added, SAMPLE | {SECOND: CHANGED}) == missed
