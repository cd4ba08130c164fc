"""The packaged law, and the catalogue that answers which edition of which set was in force for a place on a day."""

from ntm_rules.rulebook.library import (
    facts,
    find,
    instruments,
    load,
    places,
    read_criteria_set,
    read_dossier,
    set_names,
    sets,
    shelf,
)

__all__ = [
    "facts",
    "find",
    "instruments",
    "load",
    "places",
    "read_criteria_set",
    "read_dossier",
    "set_names",
    "sets",
    "shelf",
]
