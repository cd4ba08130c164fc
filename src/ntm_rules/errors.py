"""Every exception raised on purpose, and `Problem`: what is wrong with an input, as data.

A commune that fails is a *result*. A file that can't be used is an *exception* that carries all its problems.
A file that can be used but looks doubtful carries problems of severity *warning*; what is known to be open is a *note*.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from datetime import date

import attrs

from ntm_rules.messages import Language, date_text, fill, has_text, text


class Severity(enum.Enum):
    """How bad a problem is: an error makes the input unusable, a warning does not, a note tells what is known."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class ProblemCode(enum.Enum):
    """What can be wrong with an input. Codes are permanent: a retired code keeps its number."""

    # 1xx: the file can't be read
    UNREADABLE = "NTM101"
    EMPTY = "NTM102"
    NOT_UTF8 = "NTM103"
    TOO_LARGE = "NTM104"
    TOO_DEEP = "NTM105"
    TOO_MANY_NODES = "NTM106"
    TOO_LONG_TEXT = "NTM107"
    TAB = "NTM108"
    SYNTAX = "NTM109"
    DUPLICATE_KEY = "NTM110"
    ANCHOR_OR_ALIAS = "NTM111"
    TAG = "NTM112"
    DIRECTIVE = "NTM113"
    SEVERAL_DOCUMENTS = "NTM114"
    JSON_SYNTAX = "NTM115"
    KEY_NOT_TEXT = "NTM116"
    DECIMAL_COMMA_CUT = "NTM117"
    # 2xx: the wrong shape
    UNKNOWN_KEY = "NTM201"
    MISSING_KEY = "NTM202"
    WRONG_TYPE = "NTM203"
    NOT_ONE_OF = "NTM204"
    BAD_FORMAT = "NTM205"
    TOO_FEW = "NTM206"
    NO_SUCH_FORM = "NTM207"
    WRONG_DOCUMENT = "NTM208"
    NOT_AS_SAVED = "NTM209"
    # 3xx: the right shape, but no sense (criteria sets, fact catalogues, registers)
    DUPLICATE_NUMBER = "NTM301"
    FACT_NOT_IN_CATALOGUE = "NTM302"
    THRESHOLD_UNIT = "NTM303"
    ROW_WITHOUT_VALUE = "NTM304"
    COUNTS_DIFFER = "NTM305"
    THRESHOLD_OUT_OF_RANGE = "NTM306"
    UNKNOWN_INSTRUMENT = "NTM307"
    UNKNOWN_ROW = "NTM308"
    UNKNOWN_AXIS = "NTM309"
    BAD_CITATION = "NTM310"
    WRONG_KIND_OF_FACT = "NTM311"
    DUPLICATE_ID = "NTM312"
    UNKNOWN_GROUP = "NTM313"
    DATES_REVERSED = "NTM314"
    TOO_MANY_REQUIRED = "NTM315"
    BAD_QUANTITY = "NTM316"
    UNKNOWN_UNIT_OF_FACT = "NTM317"
    CIRCULAR = "NTM325"
    YEARS_WITHIN_YEARS = "NTM326"
    # 33x: the lattice of thresholds within one set
    CELL_NOT_IN_TABLE = "NTM331"
    OVERLAPPING_CELLS = "NTM332"
    GENERAL_ALONE = "NTM333"
    YEAR_GAP = "NTM334"
    YEAR_NOT_ENCODED = "NTM335"
    NEVER_DECIDES = "NTM336"
    NEVER_ASKS = "NTM337"
    OPEN_THRESHOLD = "NTM338"
    NOT_AT_HAND = "NTM339"
    IMPOSSIBLE = "NTM340"
    ALWAYS_MET = "NTM341"
    CELLS_CONTRADICT = "NTM342"
    EQUALS_ON_MEASURE = "NTM343"
    REDUNDANT_BOUND = "NTM344"
    QUIETLY_PASSED = "NTM345"
    # 35x: the lattice of thresholds across sets
    LOOSER_THAN_NORM = "NTM351"
    LOOSER_TIER = "NTM352"
    LOOSER_THAN_EARLIER = "NTM353"
    UNKNOWN_SCALE = "NTM361"
    UNKNOWN_PART_LIST = "NTM362"
    UNKNOWN_OPERAND = "NTM363"
    DERIVED_FROM_ITSELF = "NTM364"
    DERIVED_UNITS = "NTM365"
    UNKNOWN_STEP = "NTM366"
    UNKNOWN_VALUE = "NTM367"
    FACT_WITHOUT_PARTS = "NTM368"
    # 37x: a crosswalk from period to period
    SIDES_DO_NOT_FIT = "NTM371"
    LINKED_TWICE = "NTM372"
    # 4xx: the dossier
    UNKNOWN_FACT = "NTM401"
    NOT_A_NUMBER = "NTM402"
    UNIT_MISSING = "NTM403"
    UNIT_UNKNOWN = "NTM404"
    UNIT_MISMATCH = "NTM405"
    OUT_OF_RANGE = "NTM406"
    DECIMAL_COMMA = "NTM407"
    SHARE_AS_FRACTION = "NTM408"
    NOT_YES_NO = "NTM409"
    UNKNOWN_PROVINCE = "NTM410"
    UNKNOWN_REGION = "NTM411"
    REGION_CONFLICT = "NTM412"
    NO_REGION = "NTM413"
    NOT_A_DATE = "NTM414"
    UNKNOWN_ADDRESS = "NTM415"
    UNKNOWN_DOCUMENT = "NTM416"
    VALUES_DISAGREE = "NTM417"
    UNKNOWN_SET = "NTM418"
    WRONG_LEVEL = "NTM419"
    RANGE_REVERSED = "NTM420"
    PART_ABOVE_WHOLE = "NTM421"
    UNKNOWN_ATTRIBUTE = "NTM422"
    UNKNOWN_ATTRIBUTE_VALUE = "NTM423"
    LEVEL_NOT_ON_MAP = "NTM425"
    SUB_PLACE_TWICE = "NTM441"
    SUB_PLACE_ELSEWHERE = "NTM442"
    SUB_PLACE_LEVEL = "NTM443"
    FEWER_THAN_LISTED = "NTM444"
    UNKNOWN_SUB_PLACE = "NTM445"
    TITLE_BEFORE_SET = "NTM446"
    TITLES_OVERLAP = "NTM447"
    NOT_ABOVE = "NTM448"
    NOT_A_STEP = "NTM431"
    NOT_A_VALUE = "NTM432"
    UNKNOWN_PART = "NTM433"
    # 46x: titles outside the library, a register of recognition decisions, a lineage of places
    UNKNOWN_TITLE = "NTM461"
    NO_MAP = "NTM464"
    CHANGE_SIDES = "NTM465"
    NAMED_TWICE = "NTM466"
    BECAME_TWICE = "NTM467"
    FORMED_TWICE = "NTM468"
    LINEAGE_CIRCLE = "NTM469"
    REVOKED_BEFORE_GIVEN = "NTM470"
    # 47x: dossiers of one place over the years; more of registers
    TWO_OF_ONE_YEAR = "NTM471"
    YEARS_OUT_OF_ORDER = "NTM472"
    OTHER_PLACE = "NTM473"
    BEFORE_FIRST_SET = "NTM474"
    OUTSIDE_REGISTER = "NTM475"
    BETWEEN_MAPS = "NTM476"
    EARLIER_ELSEWHERE = "NTM477"
    # 49x: tables of many places
    FIGURE_TOO_LONG = "NTM490"
    NOT_IN_PLACE = "NTM491"
    TOO_MANY_KINDS = "NTM492"
    ONE_PROVINCE_ONLY = "NTM493"
    SEVERAL_DAYS = "NTM494"
    OTHER_ENGINE = "NTM495"
    # 5xx: revisions
    EDIT_OF_NOTHING = "NTM501"
    NO_SUCH_PART = "NTM502"
    NO_SUCH_ROW = "NTM503"
    CONFLICTING_EDITS = "NTM504"
    ALREADY_THERE = "NTM505"
    NOT_THE_SAME_NUMBERS = "NTM506"
    OTHER_SET = "NTM507"
    EMPTIED = "NTM508"
    UNKNOWN_PROVINCE_ID = "NTM509"
    AUTHORITY_INCOMPLETE = "NTM530"
    OUTSIDE_MANDATE = "NTM531"
    BELOW_THE_NORM = "NTM532"
    OTHER_SIGN = "NTM533"
    OUTSIDE_PERIOD = "NTM534"
    DECIDED_TWICE = "NTM535"
    OUTSIDE_TERRITORY = "NTM536"
    NOT_VERIFIED = "NTM537"
    NOT_FOR_A_CHECKER = "NTM538"
    # 55x: a verification worksheet
    NO_SUCH_CELL = "NTM551"
    CELL_TWICE = "NTM552"
    HALF_FILLED = "NTM553"
    NOT_AS_WRITTEN = "NTM554"
    MERGED_CELLS = "NTM555"
    FORMULA = "NTM556"
    CONTRADICTED = "NTM557"
    NOT_AN_ANSWER = "NTM558"
    AMBIGUOUS_NUMBER = "NTM559"
    # 56x: a form
    NOT_A_FORM = "NTM561"
    NOT_ASKED = "NTM562"
    # 45x: a table of communes
    UNKNOWN_COLUMN = "NTM451"
    MISSING_COLUMN = "NTM452"
    WRONG_CELL_COUNT = "NTM453"
    DUPLICATE_COLUMN = "NTM454"
    NO_EDITION = "NTM455"
    UNKNOWN_HEADING = "NTM456"
    UNKNOWN_MEANING = "NTM457"
    NOT_ONE_FACT = "NTM458"
    NUMBER_OF_NO_SET = "NTM459"

    @property
    def slug(self) -> str:
        """The key of its message, e.g. ``unknown_fact``."""
        return self.name.lower()


#: Parameters that are names of ours: which section of the message catalogues has the words for them.
_WORDED = {
    ProblemCode.UNREADABLE: {"why": "unreadable"},
    ProblemCode.WRONG_TYPE: {"wanted": "shape", "found": "shape"},
    ProblemCode.COUNTS_DIFFER: {"what": "counted"},
    ProblemCode.THRESHOLD_UNIT: {"unit": "unit"},
    ProblemCode.WRONG_KIND_OF_FACT: {"kind": "kind", "wanted": "kind"},
    ProblemCode.UNIT_MISSING: {"unit": "unit"},
    ProblemCode.UNIT_MISMATCH: {"seen": "unit", "unit": "unit"},
    ProblemCode.OPEN_THRESHOLD: {"to": "authority"},
    ProblemCode.DERIVED_UNITS: {"unit": "unit"},
    ProblemCode.LEVEL_NOT_ON_MAP: {"level": "level"},
    ProblemCode.WRONG_LEVEL: {"level": "level", "wanted": "level"},
    ProblemCode.SUB_PLACE_LEVEL: {"level": "sub_place", "above": "level"},
    ProblemCode.BEFORE_FIRST_SET: {"level": "level"},
    ProblemCode.NOT_ABOVE: {"level": "sub_place", "place": "level"},
    ProblemCode.SUB_PLACE_ELSEWHERE: {"what": "sub_place_key"},
    ProblemCode.EARLIER_ELSEWHERE: {"what": "sub_place_key"},
    ProblemCode.FEWER_THAN_LISTED: {"kind": "sub_place"},
    ProblemCode.AUTHORITY_INCOMPLETE: {"authority": "authority", "key": "revision_key"},
    ProblemCode.OUTSIDE_MANDATE: {"authority": "authority"},
    ProblemCode.NOT_FOR_A_CHECKER: {"grade": "grade"},
    ProblemCode.OTHER_SIGN: {"value": "sign_word", "wanted": "sign_word"},
    ProblemCode.CONTRADICTED: {"seen": "answer", "shipped": "answer", "grade": "grade"},
    ProblemCode.NOT_AN_ANSWER: {"wanted": "wanted_answer"},
}


_UNREADABLE: dict[type[Exception], str] = {
    FileNotFoundError: "absent",
    PermissionError: "forbidden",
    IsADirectoryError: "folder",
}


def why_unreadable(error: Exception) -> str:
    """Why a file can't be read: a name that the catalogues have words for, or what the system says."""
    return _UNREADABLE.get(type(error)) or getattr(error, "strerror", None) or str(error)


def _worded(names: str, section: str, lang: Language) -> str:
    """Names (``text|mapping``) in the words of *lang*; what the catalogue does not know stays as it is."""
    parts = names.split("|")
    # That something may be left out is no help where it is wrong.
    parts = [part for part in parts if part != "empty"] or parts
    words = " / ".join(
        fill(f"{section}.{part}", lang, {"number": ""}).strip() if has_text(f"{section}.{part}") else part
        for part in parts
    )
    # Levels begin the name of a place elsewhere; here they stand within a sentence.
    return words[:1].lower() + words[1:] if section == "level" else words


def _spot(params: dict[str, str], lang: Language) -> str:
    """An indicator, with the part and the row of it that are meant, if any: ``2/2.3, part 2, row south_east``."""
    named = [name for name in ("part", "row") if params.get(name, "-") != "-"]
    return ", ".join([params["at"], *(text(f"spot.{name}", lang, **{name: params[name]}) for name in named)])


@attrs.frozen
class Where:
    """
    A place in an input: file, line and column (from 1), and the path of keys that leads there.

    Attributes:
        cell: In a spreadsheet the name of the cell, e.g. ``H12``.

        sheet: In a workbook of several sheets the title of the one.
    """

    file: str | None = None
    line: int | None = None
    column: int | None = None
    path: str = ""
    cell: str | None = None
    sheet: str | None = None

    def __str__(self) -> str:
        """``file:line:column`` as far as known; in a spreadsheet ``file:H12`` or ``file:'Chỉ tiêu'!H12``."""
        if self.cell is not None:
            return f"{self.file or '<input>'}:{self.in_sheet}"
        return ":".join(str(part) for part in (self.file or "<input>", self.line, self.column) if part is not None)

    @property
    def in_sheet(self) -> str:
        """The cell as spreadsheets name it, with its sheet where there are several; empty where there is none."""
        if self.sheet is None:
            return self.cell or ""
        title = self.sheet.replace("'", "''")
        return f"'{title}'!{self.cell or ''}"


@attrs.frozen
class Problem:
    """One thing that is wrong with an input: a permanent code, where it stands, and the words it needs."""

    code: ProblemCode
    where: Where
    params: tuple[tuple[str, str], ...] = ()
    severity: Severity = Severity.ERROR

    @classmethod
    def at(cls, code: ProblemCode, where: Where, severity: Severity = Severity.ERROR, /, **params: object) -> Problem:
        """Build a problem from its parameters by name; one that is None is left out."""
        given = tuple((key, str(value)) for key, value in params.items() if value is not None)
        return cls(code, where, given, severity)

    def message(self, lang: Language = "vi") -> str:
        """What is wrong and what to do, as one sentence without the place."""
        params = dict(self.params)
        for name, section in _WORDED.get(self.code, {}).items():
            params[name] = _worded(params[name], section, lang)
        if "at" in params and "part" in params:
            params["spot"] = _spot(params, lang)
        hint = ""
        if params.get("nearest"):
            hint = " " + text("problem.nearest", lang, nearest=params["nearest"])
        return fill(f"problem.{self.code.slug}", lang, params) + hint

    def render(self, lang: Language = "vi") -> str:
        """The problem as one line: place, code, how bad it is where it is no error, sentence."""
        label = "" if self.severity is Severity.ERROR else text(f"severity.{self.severity.value}", lang) + ": "
        return f"{self.where}: {self.code.value} {label}{self.message(lang)}"

    def to_dict(self, lang: Language = "vi") -> dict[str, object]:
        """The problem as plain data, for ``--json``."""
        return {
            "code": self.code.value,
            "severity": self.severity.value,
            "file": self.where.file,
            "line": self.where.line,
            "column": self.where.column,
            "path": self.where.in_sheet or self.where.path,
            "params": dict(self.params),
            "message": self.message(lang),
        }


class NtmRulesError(Exception):
    """Base of everything this library raises on purpose."""


class UnknownNameError(NtmRulesError, LookupError):
    """A criteria set, indicator or fact of that name does not exist; the nearest name is offered."""

    def __init__(self, name: str, suggestion: str | None = None) -> None:
        super().__init__(name, suggestion)
        self.name = name
        self.suggestion = suggestion

    def render(self, lang: Language = "vi") -> str:
        """The error as one sentence in *lang*."""
        hint = "" if self.suggestion is None else " " + text("problem.nearest", lang, nearest=self.suggestion)
        return text("error.unknown_name", lang, name=self.name) + hint

    def __str__(self) -> str:
        """The English sentence."""
        return self.render("en")


class MissingExtraError(NtmRulesError, ImportError):
    """What was asked for needs a package that is not installed; the extra that brings it is named."""

    def __init__(self, extra: str) -> None:
        super().__init__(extra)
        self.extra = extra

    def render(self, lang: Language = "vi") -> str:
        """The error as one sentence in *lang*."""
        return text("error.missing_extra", lang, extra=self.extra)

    def __str__(self) -> str:
        """The English sentence."""
        return self.render("en")


class NotInForceError(NtmRulesError, ValueError):
    """No edition of such a set was in force on that day."""

    def __init__(self, wanted: str, on: str) -> None:
        super().__init__(wanted, on)
        self.wanted = wanted
        self.on = on

    def render(self, lang: Language = "vi") -> str:
        """The error as one sentence in *lang*."""
        on = date_text(date.fromisoformat(self.on), lang) if self.on != "?" else self.on
        return text("error.not_in_force", lang, wanted=self.wanted, on=on)

    def __str__(self) -> str:
        """The English sentence."""
        return self.render("en")


class DocumentError(NtmRulesError, ValueError):
    """A document can't be used; `problems` holds everything that is wrong with it, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=_by_place))
        super().__init__(self.problems)

    def render(self, lang: Language = "vi") -> str:
        """Every problem on a line of its own."""
        return "\n".join(problem.render(lang) for problem in self.problems)

    def __str__(self) -> str:
        """The English lines."""
        return self.render("en")


class CriteriaError(DocumentError):
    """A criteria set, fact catalogue or register can't be used."""


class RevisionError(DocumentError):
    """A revision can't be applied, or goes beyond its mandate."""


class DossierError(DocumentError):
    """A dossier or a table of communes can't be used."""


def _by_place(problem: Problem) -> tuple[str, int, int, str, str]:
    where = problem.where
    return (where.file or "", where.line or 0, where.column or 0, problem.code.value, where.path)


__all__ = [
    "CriteriaError",
    "DocumentError",
    "DossierError",
    "MissingExtraError",
    "NotInForceError",
    "NtmRulesError",
    "Problem",
    "ProblemCode",
    "RevisionError",
    "Severity",
    "UnknownNameError",
    "Where",
]
