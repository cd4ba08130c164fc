"""The version of this library, as pages and files tell it."""

from __future__ import annotations

_DISTRIBUTION = "ntm-rules"


def library_version() -> str:
    """The version of this library; ``?`` where it runs from a folder of sources that was never installed."""
    # Takes longer to import than most pages take to write.
    from importlib import metadata

    try:
        return metadata.version(_DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return "?"
