"""
`make lock`: write the fingerprint of every edition of every packaged set to the lock.

A fingerprint moves when something moves that can change a verdict or its evidence. Whoever moves one says so in
CHANGELOG.md, under "Law data"; a test asks for it.

Usage: python tools/lock.py
"""

from __future__ import annotations

import sys
from pathlib import Path

from ntm_rules.rulebook import editions, set_names

LOCK = Path(__file__).resolve().parent.parent / "src" / "ntm_rules" / "rulebook" / "data" / "editions.lock"


def text() -> str:
    """The lock as the library would have it now: a line an edition, sorted."""
    lines = [f"{rules.edition} {rules.fingerprint}\n" for name in set_names() for rules in editions(name)]
    return "".join(sorted(lines))


def main() -> int:
    """Write the lock, and print each line that is new or gone."""
    before = LOCK.read_text(encoding="utf-8") if LOCK.is_file() else ""
    after = text()
    LOCK.write_bytes(after.encode())
    was, now = set(before.splitlines()), set(after.splitlines())
    for line in sorted(was - now):
        print(f"- {line}")
    for line in sorted(now - was):
        print(f"+ {line}")
    print(
        f"{LOCK.name}: {len(now)} editions" + (", unchanged" if was == now else "; name them in CHANGELOG.md, Law data")
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
