"""The packaged law, and the catalogue that answers which edition of which set was in force for a place on a day."""

from ntm_rules.rulebook.library import (
    amendments,
    apply,
    editions,
    facts,
    find,
    instruments,
    load,
    places,
    read_criteria_set,
    read_dossier,
    read_revision,
    rules_for,
    set_names,
    sets,
    shelf,
    under,
)

__all__ = [
    "amendments",
    "apply",
    "editions",
    "facts",
    "find",
    "instruments",
    "load",
    "places",
    "read_criteria_set",
    "read_dossier",
    "read_revision",
    "rules_for",
    "set_names",
    "sets",
    "shelf",
    "under",
]
