from __future__ import annotations

import re
import string
import tomllib
import unicodedata
from collections import Counter
from datetime import date
from decimal import Decimal
from importlib import resources

import pytest

import ntm_rules as ntm
from ntm_rules.errors import ProblemCode
from ntm_rules.messages import LANGUAGES, date_text, decimal_text, fill, fold, has_text, keys, nearest, text
from ntm_rules.vocabulary.criteria import Tier
from ntm_rules.vocabulary.dossiers import Status
from ntm_rules.vocabulary.facts import FactKind
from ntm_rules.vocabulary.instruments import LOCATOR_WORDS, Grade
from ntm_rules.vocabulary.places import Level
from ntm_rules.vocabulary.quantities import UNITS
from ntm_rules.vocabulary.requirements import Authority, Sign
from ntm_rules.vocabulary.status import CauseCode, RecognitionState
from ntm_rules.vocabulary.verdicts import Basis, FindingCode, ReasonCode, Verdict

KEYS = sorted(keys("vi") | keys("en"))

#: Which section of the catalogue holds a message for each member.
ENUMERATIONS = {
    "verdict": Verdict,
    "basis": Basis,
    "reason": ReasonCode,
    "finding": FindingCode,
    "grade": Grade,
    "level": Level,
    "tier": Tier,
    "status": Status,
    "sign": Sign,
    "authority": Authority,
    "kind": FactKind,
    "recognition": RecognitionState,
    "cause": CauseCode,
}

#: Messages that hold nothing but placeholders and signs, symbols that are the same everywhere, or commands to type.
SAME_IN_BOTH = re.compile(
    r"(unit\.(square_metre|hectare|metre|kilometre)|axis\.other|cli\.os_other|help\.metavar\.lang|help\.\w+\.examples"
    r"|page\.(verdict|verdict_only|place_alone|row_in|cell|fact_part|plus|difference|ratio|in_brackets)|change\.(cell|link)"
    r"|report\.(matrix_undetermined|index_verdict)|since\.(and|figure|said|threshold|turn))"
)


def placeholders(message):
    """The placeholders of a message, ``numbers[0]`` as one."""
    return Counter(name for _, name, _, _ in string.Formatter().parse(message) if name is not None)


def test_both_languages_have_the_same_keys():
    """Every message is there in Vietnamese and in English."""
    assert keys("vi") == keys("en")


def test_both_languages_ask_for_the_same_words():
    """A message has the same placeholders in both languages."""
    for key in KEYS:
        vi, en = (placeholders(text(key, lang)) for lang in LANGUAGES)
        assert vi == en, key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_key_stands_in_two_files(lang):
    """A message stands in one file of its language only: none is overwritten by another file."""

    def flat(table, prefix=""):
        for key, value in table.items():
            if isinstance(value, dict):
                yield from flat(value, f"{prefix}{key}.")
            else:
                yield f"{prefix}{key}"

    files = [file for file in (resources.files("ntm_rules.messages") / lang).iterdir() if file.name.endswith(".toml")]
    found = Counter(key for file in files for key in flat(tomllib.loads(file.read_text(encoding="utf-8"))))
    assert set(found.values()) == {1}
    assert found.keys() == keys(lang)


@pytest.mark.parametrize("section", ENUMERATIONS)
def test_every_member_has_its_words(section):
    """Each verdict, basis, reason, finding, grade, level, sign and the like has its message."""
    missing = [each.value for each in ENUMERATIONS[section] if not has_text(f"{section}.{each.value}")]
    assert not missing


@pytest.mark.parametrize(
    "section", ["verdict", "basis", "reason", "finding", "grade", "status", "sign", "authority", "recognition", "cause"]
)
def test_every_message_has_its_member(section):
    """A closed list of codes has no message for what is not in it."""
    named = {key.partition(".")[2] for key in KEYS if key.startswith(f"{section}.")}
    assert named == {each.value for each in ENUMERATIONS[section]}


def test_every_problem_has_its_sentence():
    """Each code of a problem has its message, and each such message its code."""
    named = {key.partition(".")[2] for key in KEYS if key.startswith("problem.")}
    assert named == {code.slug for code in ProblemCode} | {"nearest"}


def test_units_locators_and_rows_have_their_words():
    """Each unit, each word of a locator and each axis of a packaged set can be written."""
    wanted = [f"unit.{unit}" for unit in UNITS]
    wanted += [f"locator.{word.casefold()}" for word in LOCATOR_WORDS]
    # The rows of an axis whose rules have titles of their own are told by them.
    axes = [axis for rules in ntm.sets() for axis in rules.axes]
    wanted += [f"axis.{axis.name}" for axis in axes if any(rule.title is None for rule in axis.rules)]
    wanted += [f"kind.{instrument.kind}" for instrument in ntm.instruments()]
    assert not [key for key in wanted if not has_text(key)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_messages_are_written_cleanly(lang):
    """Messages are in Unicode's composed form, without doubled spaces, tabs or breaks."""
    for key in KEYS:
        message = text(key, lang)
        assert message, key
        assert unicodedata.is_normalized("NFC", message), key
        assert not re.search(r"  |\t|\n$", message), key


def test_vietnamese_is_translated():
    """A Vietnamese message is not left in English, but for signs, symbols and commands to type."""
    same = {key for key in KEYS if text(key, "vi") == text(key, "en")}
    assert {key for key in same if not SAME_IN_BOTH.fullmatch(key)} == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sentences_end(lang):
    """Reasons, findings, problems and errors are sentences with an end."""
    for key in KEYS:
        if key.startswith(("reason.", "finding.", "problem.", "error.", "cause.")):
            assert text(key, lang).endswith((".", "?")), key


def test_an_unknown_key_is_a_bug():
    """A message that does not exist is a `KeyError`, in plain and in filled form."""
    for ask in (lambda: text("no.such", "vi"), lambda: text("no.such", "vi", a=1), lambda: fill("no.such", "en", {})):
        with pytest.raises(KeyError):
            ask()
    assert not has_text("no.such")


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        ("0", "0", "0"),
        ("58.30", "58,30", "58.30"),
        ("1234.50", "1.234,50", "1,234.50"),
        ("-1234567", "-1.234.567", "-1,234,567"),
        ("1E+3", "1.000", "1,000"),
    ],
)
def test_numbers(value, vi, en):
    """A number keeps its digits and gets the marks of its language."""
    assert [decimal_text(Decimal(value), lang) for lang in LANGUAGES] == [vi, en]


@pytest.mark.parametrize("month", range(1, 13))
def test_days(month):
    """A day is written as each language writes it."""
    day = date(2019, month, 5)
    assert date_text(day, "vi") == f"05/{month:02d}/2019"
    assert date_text(day, "en") == day.strftime("5 %B 2019")


@pytest.mark.parametrize(
    ("word", "folded"),
    [("Định  Hóa", "dinh hoa"), ("ĐĂK LĂK", "dak lak"), (" a ", "a"), (unicodedata.normalize("NFD", "Huế"), "hue")],
)
def test_folding(word, folded):
    """Words fold alike with or without diacritics, capitals and doubled spaces."""
    assert fold(word) == folded


@pytest.mark.parametrize(
    ("word", "found"), [("thai nguyen", "Thái Nguyên"), ("Thái Nguyen", "Thái Nguyên"), ("Paris", None), ("", None)]
)
def test_the_nearest_word(word, found):
    """The nearest candidate is found whatever its diacritics, and none where nothing is near."""
    assert nearest(word, ["Hà Nội", "Thái Nguyên", "Thái Bình"]) == found
