from __future__ import annotations

from ntm_rules.vocabulary.text import Text


def test_in_a_language():
    """Words are given in the language that is asked for."""
    words = Text("xã", "commune")
    assert words.in_("vi") == "xã"
    assert words.in_("en") == "commune"
