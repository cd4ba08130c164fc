"""A form in words: every fact and conclusion that a set asks for as a row, what the law requires beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

import attrs

from ntm_rules.errors import UnknownNameError
from ntm_rules.evaluation import evaluate
from ntm_rules.explanation.requirements import describe_requirement, what_law_asks
from ntm_rules.explanation.words import Words, unit_word
from ntm_rules.language.form_sheets import write_form_workbook
from ntm_rules.language.forms import (
    ATTESTED,
    ATTRIBUTES,
    DOCUMENT,
    FACT,
    FIGURE,
    OF_CONCLUSION,
    OF_DOCUMENT,
    OF_FIGURE,
    OF_PART,
    OVERLAYS,
    PLACE,
    REPORTED,
    FieldKind,
    FormColumn,
    FormField,
    FormLayout,
    FormRow,
    FormSheet,
    FormTable,
    write_form_csv,
)
from ntm_rules.messages import Language, fold, nearest, text
from ntm_rules.rulebook import places, read_dossier
from ntm_rules.vocabulary.assessments import Assessment, IndicatorResult
from ntm_rules.vocabulary.criteria import CriteriaSet, Criterion, Indicator
from ntm_rules.vocabulary.dossiers import Status
from ntm_rules.vocabulary.facts import FactDefinition, Option, find_option
from ntm_rules.vocabulary.places import KINDS_OF_LEVEL, Level
from ntm_rules.vocabulary.requirements import Compare
from ntm_rules.vocabulary.verdicts import Verdict

_C = FormColumn
#: What a form may start with.
KNOWN = ("name", "district", "province", "region", "year", OVERLAYS)
#: How many supporting documents a form has room for.
DOCUMENTS = 20
_ATTESTED = (Verdict.MET, Verdict.NOT_MET, Verdict.NOT_APPLICABLE)
_REPORTED = ("criteria_met", "indicators_met")
_ZERO = Decimal(0)


def write_form(
    rules: CriteriaSet,
    known: Mapping[str, str] | None = None,
    *,
    form: str = "xlsx",
    lang: Language = "vi",
) -> bytes:
    """
    A blank dossier for a set, as officials fill it in; `read_dossier` reads it back.

    Args:
        rules: The set, revised or not.

        known: What already stands in it, by key: ``name``, ``district``, ``province``, ``region``, ``year``,
            ``overlays``. With a year, and a province or region, each row says what is required of that place; else
            it says what the law asks of every region and year.

        form: ``xlsx``, a workbook with choice lists and checked cells; or ``csv``, in UTF-8 with its mark.

        lang: Its language.

    Raises:
        DossierError: If the province, region or year is none.

        UnknownNameError: If there is no such key.

        MissingExtraError: If it is to be a workbook and openpyxl is not installed.

        ValueError: If *form* is neither.

    Example:
        >>> import ntm_rules as ntm
        >>> made = ntm.write_form(ntm.load("commune/standard/2016-2020"), {"name": "Phú Đình"}, form="csv")
        >>> made.decode("utf-8-sig").splitlines()[1].rstrip(",")
        'place.name,Tên địa bàn,Tên địa bàn,Phú Đình,Bắt buộc.'
    """
    for key in known or {}:
        if key not in KNOWN:
            raise UnknownNameError(key, nearest(key, KNOWN))
    layout = form_layout(rules, known or {}, lang)
    if form == "xlsx":
        return write_form_workbook(layout)
    if form != "csv":
        raise ValueError(form)
    # Spreadsheets take a file of letters with diacritics for UTF-8 only by its mark.
    return write_form_csv(layout).encode("utf-8-sig")


def form_layout(rules: CriteriaSet, known: Mapping[str, str], lang: Language) -> FormLayout:
    """
    A form, to be written to a file.

    Raises:
        DossierError: If what is known of the place or the year can't be.
    """
    words = Words(rules, lang)
    tables = {
        FormTable.PLACE: _place(words, known),
        FormTable.ROWS: _Rows(words, _asked_of_place(rules, known)).all(),
        FormTable.DOCUMENTS: _documents(words),
    }
    title = rules.title.in_(lang)
    return FormLayout(
        lang=lang,
        title=title,
        sheets=tuple(
            FormSheet(table=table, title=text(f"form.sheet_{table.value}", lang), rows=tuple(rows))
            for table, rows in tables.items()
        ),
        notes_title=text("form.sheet_notes", lang),
        notes=tuple(text("form.notes", lang, title=title, edition=rules.edition).splitlines()),
    )


def _asked_of_place(rules: CriteriaSet, known: Mapping[str, str]) -> Assessment | None:
    """The set judged for the place without facts, for what is required of it; None where too little is known."""
    if "year" not in known or not {"province", "region"} & known.keys():
        return None
    said = {key: known[key] for key in ("name", "district", "province", "region") if key in known}
    place = {"level": rules.id.level.value, "name": "…"} | said
    return evaluate(rules, read_dossier({"dossier": 1, "place": place, "year": known["year"]}))


# --- the place --------------------------------------------------------------------------------------------------


def _place(words: Words, known: Mapping[str, str]) -> Iterator[FormRow]:
    rules, lang = words.rules, words.lang
    yield _of_place(PLACE + "name", words, known.get("name"))
    kinds = KINDS_OF_LEVEL.get(rules.id.level, ())
    if "kind" in rules.used_attributes:
        yield _of_place(PLACE + "kind", words, None, [text(f"place_kind.{kind}", lang) for kind in kinds])
    if rules.id.level in (Level.VILLAGE, Level.COMMUNE):
        yield _of_place(PLACE + "district", words, known.get("district"))
    yield _of_place(PLACE + "province", words, known.get("province"))
    regions = [title.in_(lang) for _, title in places().regions]
    yield _of_place(PLACE + "region", words, known.get("region"), regions)
    for attribute in places().attributes:
        if attribute.id in rules.used_attributes:
            options = [title.in_(lang) for _, title in attribute.values] or _yes_no(lang)
            label = attribute.title.in_(lang)
            yield _of_place(ATTRIBUTES + attribute.id, words, None, options, label[:1].upper() + label[1:])
    yield _of_place("year", words, known.get("year"), kind=FieldKind.YEAR)
    yield _of_place("on", words, None, kind=FieldKind.DAY)
    statuses = [text(f"form.status_{each.value}", lang) for each in Status]
    yield _of_place("status", words, statuses[0], statuses)
    yield _of_place("note", words, None)
    yield _of_place("set", words, str(rules.id), locked=True)
    if OVERLAYS in known:
        yield _of_place(OVERLAYS, words, known[OVERLAYS], locked=True)


def _of_place(
    key: str,
    words: Words,
    said: str | None,
    options: Iterable[str] = (),
    label: str | None = None,
    *,
    kind: FieldKind = FieldKind.WORDS,
    locked: bool = False,
) -> FormRow:
    """One thing to say of the place or the dossier; what is stated of the place itself needs no more guidance."""
    name = key.rpartition(".")[2]
    label = text(f"form.place_{name}", words.lang) if label is None else label
    guide = text("form.help_attribute" if key.startswith(ATTRIBUTES) else f"form.help_{name}", words.lang)
    choices = tuple(options)
    field = FormField(kind=FieldKind.CHOICE if choices else kind, choices=choices, title=label, help=guide)
    texts = {_C.KEY: key, _C.AS_WRITTEN: label, _C.SUBJECT: label, _C.VALUE: said or "", _C.REQUIRED: guide}
    return FormRow(texts, {} if locked else {_C.VALUE: field})


def _yes_no(lang: Language) -> list[str]:
    return [text(f"report.{word}", lang) for word in ("yes", "no")]


# --- facts and conclusions --------------------------------------------------------------------------------------


@attrs.define
class _Rows:
    """
    The rows of the annex, each with the facts that it asks for first.

    Attributes:
        judged: The set judged for the place without facts, where it is known.

        asked: Under which row each fact was asked for.
    """

    words: Words
    judged: Assessment | None
    asked: dict[str, str] = attrs.field(factory=dict)

    def all(self) -> Iterator[FormRow]:
        """Criteria with their indicators, the conditions of recognition, what decides the column, published tallies."""
        rules, words = self.words.rules, self.words
        for criterion in rules.criteria:
            yield self._criterion(criterion)
            for indicator in criterion.indicators:
                yield from self._indicator(f"{criterion.number}/{indicator.number}", indicator)
        own = {id(indicator) for _, indicator in rules.indicators}
        beside = [(at, row) for at, row in rules.rows if id(row) not in own]
        if beside:
            yield _heading(words.say("form.conditions"))
        for at, row in beside:
            yield from self._indicator(at, row)
        conditions = [rule.when for axis in rules.axes for rule in axis.rules if rule.when is not None]
        left = [fact for fact in rules.facts_read_by(conditions) if fact not in self.asked]
        if left:
            yield _heading(words.say("form.axis_facts"))
        for fact in left:
            yield from self._fact(fact, "", "")
        yield _heading(words.say("form.reported"))
        for what in _REPORTED:
            yield self._reported(what)

    def _criterion(self, criterion: Criterion) -> FormRow:
        title = criterion.title.in_(self.words.lang)
        texts = {_C.ADDRESS: ATTESTED + criterion.number, _C.NUMBER: criterion.number} | _named(title)
        return FormRow(texts, self._conclusion(title), whole=True)

    def _indicator(self, at: str, indicator: Indicator) -> Iterator[FormRow]:
        """An indicator with the one fact it asks for, or followed by a row for each."""
        words = self.words
        read = words.rules.facts_read_by([indicator.require])
        new = [fact for fact in read if fact not in self.asked]
        number = indicator.number if indicator.number[:1].isdigit() else ""
        title = indicator.title.in_(words.lang)
        required = [self._required(at, indicator)]
        if read and not new:
            earlier = dict.fromkeys(self.asked[fact] for fact in read)
            required.append(words.say("form.asked_above", rows=", ".join(earlier)))
        rows = [row for fact in new for row in self._fact(fact, number, title)]
        conclusion = {_C.ADDRESS: ATTESTED + at, _C.NUMBER: number, _C.REQUIRED: "\n".join(filter(None, required))}
        fields = self._conclusion(title)
        if len(rows) == 1 and len(read) == 1:
            (row,) = rows
            fact = row.texts[_C.SUBJECT]
            name = title if fold(title) == fold(fact) else f"{title}: {fact}"
            yield FormRow({**row.texts, **conclusion, **_named(name)}, {**row.fields, **fields})
            return
        yield FormRow({**conclusion, **_named(title)}, fields)
        yield from rows

    def _required(self, at: str, indicator: Indicator) -> str:
        """What the law requires, of the place where it is known."""
        if self.judged is None:
            said = describe_requirement(indicator.require, indicator.source, self.words)
            return "\n".join(f"{'  ' * depth}{line}" for depth, line in said)
        result = self.judged[at]
        assert isinstance(result, IndicatorResult)  # it is a row's own address  # noqa: S101
        lines = []
        for step in result.trace.leaves:
            line = what_law_asks(result, step, self.words)
            applied = step.reason.threshold
            if isinstance(step.requirement, Compare) and applied is not None and applied.value is not None:
                line += f" ({self.words.say(f'grade.{applied.grade.value}')})"
            lines.append(line)
        return "\n".join(dict.fromkeys(lines))

    def _conclusion(self, title: str) -> dict[FormColumn, FormField]:
        lang = self.words.lang
        choices = tuple(text(f"verdict.{verdict.value}", lang) for verdict in _ATTESTED)
        kinds = {_C.VERDICT: FieldKind.CHOICE, _C.AS_OF: FieldKind.DAY, _C.DATED: FieldKind.DAY}
        made = {column: _beside(column, lang, kinds.get(column)) for column in OF_CONCLUSION}
        return made | {
            _C.VERDICT: attrs.evolve(made[_C.VERDICT], choices=choices),
            _C.PAPER: _of_documents(_C.PAPER, lang),
        }

    def _fact(self, fact: str, number: str, under: str) -> Iterator[FormRow]:
        """The rows of a fact: the whole, then its parts where the set judges them."""
        definition = self.words.rules.catalogue[fact]
        self.asked[fact] = number or under
        yield self._value(definition, None, number)
        parts = () if definition.parts is None else definition.parts.parts or ()
        for part in parts if fact in self.words.rules.facts_by_part else ():
            yield self._value(definition, part, number)

    def _value(self, fact: FactDefinition, part: Option | None, number: str) -> FormRow:
        lang = self.words.lang
        title = fact.title.in_(lang)
        options = fact.values if fact.scale is None else fact.scale.steps
        key = (FACT if fact.unit is None else FIGURE) + fact.id
        if part is not None:
            key += OF_PART + part.id
            title = self.words.say("page.fact_part", fact=title, part=part.title.in_(lang))
        if fact.unit is not None:
            shares = fact.unit == "percent"
            value = FormField(kind=FieldKind.NUMBER, least=fact.minimum, most=fact.maximum)
            unit = unit_word(fact.unit, lang)
        else:
            shares = False
            choices = [_word(option, options, lang) for option in options] or _yes_no(lang)
            value, unit = FormField(kind=FieldKind.CHOICE, choices=tuple(choices)), ""
        counts = FormField(kind=FieldKind.NUMBER, least=_ZERO, title=title)
        fields = {
            _C.VALUE: attrs.evolve(value, title=title, help=self._help(fact)),
            _C.FOR: _beside(_C.FOR, lang, FieldKind.DAY),
            _C.DOCUMENT: _of_documents(_C.DOCUMENT, lang),
        }
        if shares:
            top = "" if fact.numerator is None else fact.numerator.in_(lang)
            bottom = "" if fact.denominator is None else fact.denominator.in_(lang)
            fields |= {_C.NUMERATOR: attrs.evolve(counts, help=top), _C.DENOMINATOR: attrs.evolve(counts, help=bottom)}
        texts = {_C.KEY: key, _C.NUMBER: number, _C.UNIT: unit} | _named(title)
        return FormRow(texts, {column: fields[column] for column in OF_FIGURE if column in fields})

    def _help(self, fact: FactDefinition) -> str:
        """What the catalogue says of a fact, the most needed first."""
        lang, say = self.words.lang, self.words.say
        lines = [say("form.help_share")] if fact.unit == "percent" else []
        if fact.unstated:
            lines.append(say("form.help_unstated"))
        if fact.derived is not None:
            lines.append(say("form.help_derived", formula=self.words.formula(fact.derived)))
        if fact.definition is not None:
            lines.append(fact.definition.in_(lang))
        if fact.reported_by is not None:
            lines.append(say("form.help_reported_by", by=fact.reported_by.in_(lang)))
        return "\n".join(lines)

    def _reported(self, what: str) -> FormRow:
        lang = self.words.lang
        title = self.words.say(f"form.{what}")
        value = FormField(kind=FieldKind.NUMBER, least=_ZERO, title=title, help=self.words.say("form.help_reported"))
        fields = {_C.VALUE: value, _C.DOCUMENT: _of_documents(_C.DOCUMENT, lang)}
        return FormRow({_C.KEY: REPORTED + what} | _named(title), fields)


def _named(title: str) -> dict[FormColumn, str]:
    """The words of a row, and the copy that tells whether they were changed."""
    return {_C.AS_WRITTEN: title, _C.SUBJECT: title}


def _heading(title: str) -> FormRow:
    return FormRow(_named(title), {}, whole=True)


def _word(option: Option, options: Iterable[Option], lang: Language) -> str:
    """How an option is chosen: by its title, or by its id where two bear one title."""
    title = option.title.in_(lang)
    return option.id if find_option(options, title) is None else title


def _beside(column: FormColumn, lang: Language, kind: FieldKind | None = None) -> FormField:
    """What stands beside an answer, with its help."""
    title = column.heading(FormTable.ROWS, lang)
    return FormField(kind=kind or FieldKind.WORDS, title=title, help=text(f"form.help_{column.value}", lang))


def _of_documents(column: FormColumn, lang: Language) -> FormField:
    names = tuple(f"d{number}" for number in range(1, DOCUMENTS + 1))
    return attrs.evolve(_beside(column, lang, FieldKind.CHOICE), choices=names)


# --- documents --------------------------------------------------------------------------------------------------


def _documents(words: Words) -> Iterator[FormRow]:
    fields = {
        column: FormField(kind=FieldKind.DAY if column is _C.DATED else FieldKind.WORDS) for column in OF_DOCUMENT
    }
    fields[_C.DATED] = attrs.evolve(fields[_C.DATED], help=text("form.help_dated", words.lang))
    for number in range(1, DOCUMENTS + 1):
        yield FormRow({_C.KEY: f"{DOCUMENT}d{number}", _C.NUMBER: f"d{number}"}, fields)


def form_day(known: Mapping[str, str]) -> date | None:
    """The day that picks the edition: the last of the year, where that is known."""
    return date(int(known["year"]), 12, 31) if "year" in known else None


__all__ = ["DOCUMENTS", "form_day", "form_layout", "write_form"]
