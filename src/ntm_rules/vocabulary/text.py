"""A title or note in both languages."""

from __future__ import annotations

import attrs

from ntm_rules.messages import Language


@attrs.frozen
class Text:
    """Words in Vietnamese and in English."""

    vi: str
    en: str

    def in_(self, lang: Language) -> str:
        """The words in *lang*."""
        return self.vi if lang == "vi" else self.en
