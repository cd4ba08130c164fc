"""
What spreadsheets write in their cells, and how a CSV file holds them: read alike for tables, forms and worksheets.

A number may have a decimal comma; one that could be read in two ways is refused, not guessed.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path

import attrs

from ntm_rules.errors import DossierError, Problem, ProblemCode, Where, why_unreadable
from ntm_rules.language.nodes import Mapping, Scalar, mapping_of, shown
from ntm_rules.language.reading import MAX_BYTES
from ntm_rules.messages import fold
from ntm_rules.vocabulary.quantities import Unit

#: Words for a conclusion, folded; what is not here goes to the parser as it is.
CONCLUSIONS = {
    "met": "met",
    "dat": "met",
    "not met": "not_met",
    "not_met": "not_met",
    "chua dat": "not_met",
    "khong dat": "not_met",
    "not applicable": "not_applicable",
    "not_applicable": "not_applicable",
    "khong ap dung": "not_applicable",
}


#: A number as spreadsheets may write it, and what stands behind it.
NUMBER = re.compile(r"(?P<whole>[+-]?[0-9]+)(?:[.,](?P<digits>[0-9]+))?(?P<rest>\s*[^\s0-9.,+-].*)?", re.DOTALL)
_DELIMITERS = (",", ";", "\t")
_THOUSAND = 3
#: The byte order mark.
MARK = "\ufeff"


@attrs.frozen
class Dialect:
    """How a table is written: what stands between its cells, and whether a byte order mark begins it."""

    delimiter: str
    bom: bool


def dialect(path: str | os.PathLike[str]) -> Dialect:
    """
    How the table in a file is written, so that an answer can be written alike.

    Raises:
        DossierError: If the file can't be read.
    """
    text = text_of(os.fspath(path))
    return Dialect(delimiter_of(text.removeprefix(MARK)), text.startswith(MARK))


def text_of(name: str) -> str:
    """
    What a file holds.

    Raises:
        DossierError: If it can't be read, is too large or not in UTF-8.
    """
    try:
        with Path(name).open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise DossierError([Problem.at(ProblemCode.UNREADABLE, Where(name), why=why_unreadable(error))]) from error
    if len(data) > MAX_BYTES:
        raise DossierError([Problem.at(ProblemCode.TOO_LARGE, Where(name), limit=MAX_BYTES // 1_000_000)])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = f"0x{data[error.start]:02x}"
        problem = Problem.at(ProblemCode.NOT_UTF8, Where(name, line), byte=byte, position=error.start)
        raise DossierError([problem]) from None


def delimiter_of(text: str) -> str:
    """What stands most often between the headings, outside quotes."""
    counted: Counter[str] = Counter()
    quoted = False
    for sign in text.lstrip("\r\n"):
        if sign == '"':
            quoted = not quoted
        elif sign in "\r\n" and not quoted:
            break
        elif not quoted:
            counted[sign] += 1
    return max(_DELIMITERS, key=lambda delimiter: counted[delimiter])


def conclusion(node: Scalar) -> Mapping:
    """A cell with a department's conclusion, as a dossier writes it."""
    word = CONCLUSIONS.get(fold(node.text or ""), node.text)
    return mapping_of({"verdict": attrs.evolve(node, text=word)}, node.where)


def measured(node: Scalar, unit: Unit, problems: list[Problem], *, fractions: bool) -> Scalar:
    """
    A figure's cell as a dossier writes it: a decimal point, and the unit beside the number.

    Args:
        node: The cell.

        unit: The unit of a bare number.

        problems: Takes up what could be read in two ways; the cell is empty then.

        fractions: Whether a bare number may be a share written as 0.95; it stays bare then, and the parser refuses it.
    """
    found = NUMBER.fullmatch(node.text or "")
    if found is None:
        return node
    if unit.counts and _is_ambiguous(found):
        return _refused(node, problems)
    rest = (found["rest"] or "").strip()
    number = _plain(found)
    if not rest and fractions and number.strip("+-0."):
        return attrs.evolve(node, text=number)
    return attrs.evolve(node, text=f"{number} {rest or unit.spellings[0]}")


def counted(node: Scalar, problems: list[Problem]) -> Scalar:
    """A cell with a plain number, as a dossier writes it; what could be read in two ways is a problem."""
    found = NUMBER.fullmatch(node.text or "")
    if found is None or found["rest"]:
        return node
    return _refused(node, problems) if _is_ambiguous(found) else attrs.evolve(node, text=_plain(found))


def _is_ambiguous(found: re.Match[str]) -> bool:
    """1.234 households: thousands in one country, thousandths in another."""
    return len(found["digits"] or "") == _THOUSAND


def _plain(found: re.Match[str]) -> str:
    return found["whole"] if found["digits"] is None else f"{found['whole']}.{found['digits']}"


def _refused(node: Scalar, problems: list[Problem]) -> Scalar:
    problems.append(Problem.at(ProblemCode.NOT_A_NUMBER, node.where, seen=shown(node.text or "")))
    return attrs.evolve(node, text=None)


__all__ = [
    "CONCLUSIONS",
    "MARK",
    "NUMBER",
    "Dialect",
    "conclusion",
    "counted",
    "delimiter_of",
    "dialect",
    "measured",
    "text_of",
]
