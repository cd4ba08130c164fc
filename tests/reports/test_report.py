from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from ntm_rules.reports import Bullets, Ground, ReportCell, Term
from ntm_rules.reports.report import printable

ANY = st.text(alphabet=st.characters(), max_size=40)


@given(ANY)
def test_whatever_is_said_is_one_printable_line(words):
    """No control sign, no sign that turns the direction of writing, no line break and no surrogate is left."""
    made = printable(words)
    assert made == printable(made)
    assert made == made.strip(" ")
    assert "  " not in made
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in made)
    assert not set(made) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffe\uffff")


def test_every_text_of_a_report_is_printable():
    """Whatever holds words makes them printable when it is made."""
    dirty, clean = "a\n\x1b[1mb\u202e", "a �[1mb�"
    assert ReportCell(dirty, full=dirty) == ReportCell(clean, full=clean)
    assert Term(dirty, dirty) == Term(clean, clean)
    assert Bullets((dirty,), dirty) == Bullets((clean,), clean)
    assert Ground(dirty, ((1, dirty),)) == Ground(clean, ((1, clean),))
