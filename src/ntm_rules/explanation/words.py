"""The small words: verdicts, grades, figures, thresholds, rows, documents, places, each in one language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

import attrs

from ntm_rules.messages import Language, date_text, decimal_text, text
from ntm_rules.rulebook import load, places, set_names
from ntm_rules.vocabulary.assessments import (
    AppliedThreshold,
    Counted,
    CriterionResult,
    Gap,
    IndicatorResult,
    Member,
    figure_period,
)
from ntm_rules.vocabulary.criteria import Counts, CriteriaSet, Criterion, Indicator, SetId
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import Attestation, Computed, Document, Dossier, FactValue, HeldTitle
from ntm_rules.vocabulary.facts import Difference, Operand, Option, PartList, ScaleStep, Sum
from ntm_rules.vocabulary.instruments import Citation, Locator
from ntm_rules.vocabulary.overlays import Link, LinkKind
from ntm_rules.vocabulary.places import EXTERNAL, OF_PLACE, Level, Place
from ntm_rules.vocabulary.quantities import UNITS, Quantity, QuantityError, plain_number, rounded_ratio
from ntm_rules.vocabulary.requirements import (
    GENERAL,
    AtRecognition,
    Attains,
    Denominator,
    FactMeasure,
    Measure,
    PreviousYear,
    RatioMeasure,
    RecognisedAs,
    Requirement,
    RowMeasure,
    Sign,
)
from ntm_rules.vocabulary.verdicts import Verdict

#: Decimals to which a share given by counts is shown.
SHARE_PLACES = 2

#: From how many alternatives on only the last is told by "or".
MANY = 3

_HUNDRED = Decimal(100)
_OF_EVERY_PLACE = ("region", "province", "kind", "map")
_WHOLE = Quantity(_HUNDRED, "percent")


def capital(sentence: str) -> str:
    """*sentence* with a capital letter first."""
    return sentence[:1].upper() + sentence[1:]


def unit_word(unit: str, lang: Language) -> str:
    """A unit as *lang* names it, in a spelling that a dossier may use."""
    word = text(f"unit.{unit}", lang, number="").strip()
    try:
        Quantity.parse(f"1 {word}", unit)
    except QuantityError:
        # Pages may speak of dwellings; a dossier counts houses.
        return UNITS[unit].spellings[0 if lang == "vi" else -1]
    return word


def _named(item: Criterion | Indicator) -> str:
    """How an item is named: an indicator that has a key in place of its number must not pass for numbered."""
    if isinstance(item, Criterion):
        return "criterion"
    return "indicator" if item.number[:1].isdigit() else "unnumbered"


@attrs.frozen
class Words:
    """The words of one language about one set."""

    rules: CriteriaSet
    lang: Language

    def say(self, key: str, **params: object) -> str:
        """A message of the catalogue."""
        return text(key, self.lang, **params)

    def verdict(self, verdict: Verdict) -> str:
        """The verdict's word."""
        return self.say(f"verdict.{verdict.value}")

    def set_verdict(self, verdict: Verdict) -> str:
        """The word for a verdict on the set: its own, where *met* says something else than that it is met."""
        own = dict(self.rules.verdict_words).get(verdict)
        return self.verdict(verdict) if own is None else own.in_(self.lang)

    def fact(self, id: str) -> str:
        """The title of a fact, or of an attribute of the place; its id where the catalogue does not hold it."""
        if id.startswith(OF_PLACE):
            return self.attribute(id.removeprefix(OF_PLACE))
        definition = self.rules.catalogue.get(id)
        return id if definition is None else definition.title.in_(self.lang)

    def part_of_fact(self, fact: str, part: str) -> str:
        """One part of a fact, ``nữ``; its id where the list is not at hand."""
        definition = self.rules.catalogue.get(fact)
        parts = () if definition is None or definition.parts is None else definition.parts.parts or ()
        return self._titled(parts, part)

    def part_list(self, id: str) -> str:
        """What a list of parts goes by: ``giới tính``."""
        parts = self.rules.catalogue.part_list(id)
        return id if parts is None else parts.title.in_(self.lang)

    def options(self, fact: str, ids: Iterable[str]) -> str:
        """Values of a category, any of which will do."""
        definition = self.rules.catalogue.get(fact)
        known = () if definition is None else definition.values
        return self.any_of(self._titled(known, id) for id in ids)

    def any_of(self, said: Iterable[str]) -> str:
        """``A, B hoặc C``."""
        words = list(said)
        return self.say("page.or").join(words if len(words) < MANY else [", ".join(words[:-1]), words[-1]])

    def titles(self, options: Iterable[Option]) -> str:
        """Named values one after the other."""
        return ", ".join(option.title.in_(self.lang) for option in options)

    def parts(self, parts: PartList | None) -> str:
        """The parts of a list, or that the list is not at hand."""
        known = None if parts is None else parts.parts
        return self.say("page.parts_unstated") if known is None else self.titles(known)

    def _titled(self, options: Iterable[Option], id: str) -> str:
        return next((option.title.in_(self.lang) for option in options if option.id == id), id)

    # --- the place itself -----------------------------------------------------------------------------------------

    def attribute(self, id: str) -> str:
        """The title of an attribute of the place."""
        attribute = places().attribute(id)
        if attribute is not None:
            return attribute.title.in_(self.lang)
        return self.say(f"page.the_{id}") if id in _OF_EVERY_PLACE else id

    def attribute_value(self, id: str, value: str) -> str:
        """What a place is: ``xã khu vực III``, ``vùng Đồng bằng sông Hồng``, ``tỉnh Thái Nguyên``, ``phường``."""
        if id == "region":
            return self.axis_row("region", value)
        if id == "kind":
            said = self.say(f"place_kind.{value}")
            return said[:1].lower() + said[1:]
        if id == "province":
            province = places().province(value)
            return value if province is None else self.say(f"page.named_{province.kind}", name=province.name)
        if id == "map":
            return self._map(value)
        attribute = places().attribute(id)
        title = None if attribute is None else dict(attribute.values).get(value)
        return value if title is None else title.in_(self.lang)

    def _map(self, id: str) -> str:
        """A map of the country by its days."""
        found = next((each for each in places().maps if each.id == id), None)
        if found is None:
            return id
        first = date_text(found.first_day, self.lang)
        if found.last_day is None:
            return self.say("page.map_since", first=first)
        return self.say("page.map_within", first=first, last=date_text(found.last_day, self.lang))

    def asked(self, name: str) -> str:
        """What would have to be known: which region, whether it is a safe-zone commune, or a fact."""
        id = name.removeprefix(OF_PLACE)
        if id == name:
            return self.say("page.asked_fact", fact=self.fact(name))
        attribute = places().attribute(id)
        yes_no = attribute is not None and not attribute.values
        return self.say("page.asked_whether" if yes_no else "page.asked_which", attribute=self.attribute(id))

    def wanted(self, subject: str, values: tuple[str, ...]) -> str:
        """What a place must be: one of some values, or what a yes/no attribute says."""
        id = subject.removeprefix(OF_PLACE)
        return self.any_of(self.attribute_value(id, value) for value in values) or self.attribute(id)

    # --- figures and thresholds -----------------------------------------------------------------------------------

    def quantity(self, quantity: Quantity | ScaleStep) -> str:
        """A quantity with its unit, or the title of a step."""
        if isinstance(quantity, Quantity):
            return quantity.render(self.lang)
        scale = self.rules.catalogue.scale(quantity.scale)
        return self._titled(() if scale is None else scale.steps, quantity.id)

    def figure(self, figure: FactValue) -> str:
        """A figure as given; counts are shown beside the share they make, and how it was computed."""
        if figure.step is not None:
            return self.quantity(figure.step)
        if figure.option is not None:
            return self.options(figure.fact, (figure.option,))
        if figure.computed is not None:
            return self._computed(figure.fact, figure.computed)
        if figure.numerator is None or figure.denominator is None:
            return "" if figure.quantity is None else self.quantity(figure.quantity)
        share = figure.quantity
        words = "" if share is None else self.quantity(share)
        if share is None and figure.denominator:
            ratio = rounded_ratio(figure.numerator * _HUNDRED, figure.denominator, SHARE_PLACES)
            words = self.quantity(Quantity(ratio, "percent"))
            if ratio * figure.denominator != figure.numerator * _HUNDRED:
                words = self.say("page.about", number=words)
        counts = [decimal_text(count, self.lang) for count in (figure.numerator, figure.denominator)]
        if not words:
            return "/".join(counts)
        return self.say("page.counts_of", numerator=counts[0], denominator=counts[1], share=words)

    def _computed(self, fact: str, computed: Computed) -> str:
        """A computed figure, and what it was computed from."""
        rounded = rounded_ratio(computed.numerator, computed.denominator, SHARE_PLACES)
        value = Quantity(Decimal(plain_number(rounded)), computed.unit)
        words = self.quantity(value)
        if rounded * computed.denominator != computed.numerator:
            words = self.say("page.about", number=words)
        if fact in [each.fact for each in computed.inputs]:
            # A ratio of two readings, one of which may be of a place above.
            pair = [f"{self.reading(each.fact, each.of, each.in_year)} {self.figure(each)}" for each in computed.inputs]
            formula = self.say("page.ratio", first=pair[0], second=pair[1])
            return self.say("page.computed", value=words, formula=formula)
        figures = {each.fact: f"{self.fact(each.fact)} {self.figure(each)}" for each in computed.inputs}
        formula = self.formula(self.rules.catalogue[fact].derived or "", figures)
        return self.say("page.computed", value=words, formula=formula)

    def reading(self, fact: str, of: Level | None, at: PreviousYear | AtRecognition | int | None = None) -> str:
        """A fact, of the place itself or of one above it, for the year judged or another."""
        named = self.fact(fact)
        if of is not None:
            named = self.say("page.fact_of", fact=named, above=self.say(f"sub_place.{of.value}"))
        if isinstance(at, AtRecognition):
            return self.say("page.fact_at_recognition", fact=named, title=self.title_of(at.title))
        if isinstance(at, int):
            return self.say("page.fact_in_year", fact=named, year=at)
        return named if at is None else self.say("page.fact_previous_year", fact=named)

    def formula(self, operand: Operand, figures: Mapping[str, str] | None = None, *, within: bool = False) -> str:
        """How a fact is derived, in the titles of its operands or in *figures*; in brackets *within* another."""
        if isinstance(operand, str):
            return self.fact(operand) if figures is None else figures[operand]
        if isinstance(operand, Sum):
            terms = (self.formula(term, figures, within=True) for term in operand.terms)
            words = self.say("page.plus").join(terms)
        else:
            key = "page.difference" if isinstance(operand, Difference) else "page.ratio"
            pair = (operand.whole, operand.less) if isinstance(operand, Difference) else (operand.of, operand.to)
            first, second = (self.formula(each, figures, within=True) for each in pair)
            words = self.say(key, first=first, second=second)
        return self.say("page.in_brackets", words=words) if within else words

    def gap(self, gap: Gap) -> str:
        """A distance in its unit: percentage points for a percentage, steps on a scale."""
        number = decimal_text(gap.value, self.lang)
        if gap.unit == "percent":
            words = self.say("unit_gap.percent", number=number)
        elif gap.unit == ScaleStep.unit:
            words = self.say("unit_gap.step" if gap.value == 1 else "unit_gap.steps", number=number)
        else:
            words = self.quantity(Quantity(gap.value, gap.unit))
        return words if gap.exact else self.say("page.about", number=words)

    def required(self, sign: Sign, value: Quantity | ScaleStep) -> str:
        """What is required: ``từ 36 triệu đồng/người/năm trở lên``; ``bằng 100 %`` where there is no more."""
        all_of_it = sign is Sign.AT_LEAST and value == _WHOLE
        none_of_it = sign is Sign.AT_MOST and isinstance(value, Quantity) and not value.value
        key = Sign.EQUALS if all_of_it or none_of_it else sign
        return self.say(f"sign.{key.value}", required=self.quantity(value))

    def number(self, number: Decimal) -> str:
        """A plain number."""
        return decimal_text(number, self.lang)

    def sign(self, sign: Sign) -> str:
        """How a figure is compared: ``không thấp hơn``."""
        return self.say(f"page.sign_{sign.value}")

    def decision(self, title: HeldTitle) -> str:
        """The decision that gave a title: ``Quyết định 01/QĐ-UBND (20/05/2018)``."""
        number = "" if title.decision is None else f" {title.decision}"
        return self.say("page.decision", number=number, dated=self.date(title.dated))

    def title(self, title: HeldTitle) -> str:
        """A title: its set, and the decision that gave it."""
        return self.say("page.title", set=self.title_of(title.set_id), decision=self.decision(title))

    def row_of_set(self, address: str) -> str:
        """``10/10 của bộ tiêu chí …``: a row, with the title of its set where the shelf holds it."""
        name, _, local = address.partition("#")
        rules = load(name) if name in set_names() else None
        title = name if rules is None else rules.title.in_(self.lang)
        act, level, tier, period = SetId.split(name)
        if period is None:
            place, for_ = self.say(f"sub_place.{level.value}"), self.say(f"tier.{tier.value}")
            key = "page.set_in_force" if act is None else f"page.set_in_force_{act.value}"
            title = self.say(key, level=place, tier=for_)
        if not local:
            return title
        item = None if rules is None else rules.find(local)
        key = "page.criterion_of_set" if isinstance(item, Criterion) else "page.row_of_set"
        return self.say(key, row=local if item is None else item.number, set=title)

    def title_of(self, name: str) -> str:
        """A title: of a set, of a level and tier in any period, or outside the library."""
        if name.startswith(EXTERNAL):
            outside = places().external_title(name)
            return name if outside is None else outside.title.in_(self.lang)
        _, level, tier, period = SetId.split(name)
        if period is not None:
            return self.row_of_set(name)
        place, for_ = self.say(f"sub_place.{level.value}"), self.say(f"tier.{tier.value}")
        return self.say("page.title_of_any_period", level=place, tier=for_)

    def axis_row(self, axis: str, row: str) -> str:
        """One row of one axis: ``vùng Đồng bằng sông Hồng``."""
        if row == GENERAL:
            return self.say("axis.general")
        titles = (each.title(row) for each in self.rules.axes if each.name == axis)
        title = next(titles, None) or places().region_title(row)
        key = axis if axis in ("region", "year") else "other"
        return self.say(f"axis.{key}", row=row if title is None else title.in_(self.lang))

    def row(self, applied: AppliedThreshold) -> str:
        """The row that a threshold was found in, without brackets; empty for a constant."""
        return ", ".join(self.axis_row(axis, row) for axis, row in applied.row)

    # --- what is counted ------------------------------------------------------------------------------------------

    def collection(self, what: str) -> str:
        """What is counted: ``xã``."""
        return self.say(f"collection.{what}")

    def measure(self, measure: Measure) -> str:
        """What is compared with a threshold: a fact, or ``Tỷ lệ xã đạt …``."""
        if isinstance(measure, FactMeasure):
            return self.fact(measure.fact)
        if isinstance(measure, RatioMeasure):
            of, to = (self.reading(each.fact, each.of, each.at) for each in measure.readings)
            return self.say("page.ratio", first=of, second=to)
        key = "page.share_of" if measure.share else "page.count_of"
        if isinstance(measure, RowMeasure):
            what = self.collection(measure.rows.value)
            if measure.among:
                what = self.say("page.among", what=what, numbers=", ".join(measure.among))
            which = "page.brief_met" if measure.met else "page.brief_not_met"
            return self.say(key, what=what, that=self.say(which, set=self.row_of_set(measure.set_id)))
        return self.say(key, what=self.collection(measure.collection.value), that=self.brief(measure.that))

    def is_brief(self, node: Requirement) -> bool:
        """Whether `brief` tells all of a requirement."""
        return isinstance(node, Attains | RecognisedAs)

    def brief(self, node: Requirement) -> str:
        """A requirement in a few words: ``đạt …``, ``đã được công nhận …``; its title, or that it is one."""
        if node.title is not None:
            return self.say("page.brief_titled", title=node.title.in_(self.lang))
        if isinstance(node, Attains):
            return self.say("page.brief_attains", what=self.row_of_set(node.address))
        if isinstance(node, RecognisedAs):
            key = "page.brief_recognised_or_higher" if node.or_higher else "page.brief_recognised"
            return self.say(key, what=self.title_of(node.set_id))
        return self.say("page.brief_other")

    def member(self, member: Member) -> str:
        """One of those that were counted: ``xã Yên Trạch``."""
        return f"{self.say(f'sub_place.{member.kind}')} {member.name}"

    def members(self, members: Iterable[Member]) -> str:
        """Several of them, one after the other."""
        return ", ".join(self.member(each) for each in members)

    def counted(self, counted: Counted) -> str:
        """``12/13 xã (92,31 %)``; with both ends, where some are undetermined."""
        said = self._counted(counted)
        return said if counted.reported is None else self.say("page.by_report", counted=said)

    def _counted(self, counted: Counted) -> str:
        what = self.collection(counted.what)
        if counted.unlisted is None and not counted.members:
            if counted.reported is None or counted.of is not None:
                return what
            most = counted.reported.most
            numbers = dict.fromkeys((counted.least,) if most is None else (counted.least, most))
            key = "page.counted_from" if most is None else "page.counted_of_unknown"
            return self.say(key, number=self.say("page.to").join(str(each) for each in numbers), what=what)
        of = Denominator.LISTED if counted.of is Denominator.LISTED else Denominator.APPLICABLE
        total = counted.total(of)
        ends = [str(each) for each in dict.fromkeys((counted.least, counted.most))]
        key = "page.counted" if counted.that is None else f"page.counted_{counted.that}"
        said = self.say(key, number=self.say("page.to").join(ends), total=total, what=what)
        if counted.of is None or not total:
            return said
        shares = (self.share(each, total) for each in dict.fromkeys((counted.least, counted.most)))
        return f"{said} ({self.say('page.to').join(shares)})"

    def share(self, number: int, total: int) -> str:
        """A number of some as a percentage; for display only."""
        ratio = rounded_ratio(Decimal(number) * _HUNDRED, Decimal(total), SHARE_PLACES)
        return self.quantity(Quantity(Decimal(plain_number(ratio)), "percent"))

    def rest(self, counted: Counted) -> str:
        """Who is left: those that do not meet it, those of which it is not known, those that are unlisted."""
        said = ""
        # Of rows it is told which were counted, of places which were not.
        first = Verdict.NOT_MET if counted.that is None else Verdict.MET
        for verdict in (first, Verdict.UNDETERMINED):
            members = counted.with_verdict(verdict)
            if members:
                said += self.say(f"page.rest_{verdict.value}", members=self.members(members))
        if counted.that is not None:
            more = self.count(counted.unlisted)
            return (
                said
                if counted.unlisted == 0
                else said + self.say("page.rest_lacking", number=more, what=self.collection(counted.what))
            )
        if counted.unlisted:
            said += self.say("page.rest_unlisted", number=counted.unlisted, what=self.collection(counted.what))
        return said

    # --- law ------------------------------------------------------------------------------------------------------

    def instrument(self, id: str) -> str:
        """``Quyết định 1980/QĐ-TTg``; only the id where the register does not hold it."""
        instrument = self.rules.instrument(id)
        return id if instrument is None else f"{self.say(f'kind.{instrument.kind}')} {id}"

    def citation(self, citation: Citation) -> str:
        """``Quyết định 1980/QĐ-TTg, Phụ lục, dòng 11``."""
        return self._located(citation.instrument, citation.locator)

    def _located(self, instrument: str, locator: Locator | None) -> str:
        parts = () if locator is None else locator.parts
        located = (self.say(f"locator.{word}", value=value).strip() for word, value in parts)
        return ", ".join((self.instrument(instrument), *located))

    def link(self, link: Link) -> str:
        """One link of the chain by which a figure holds."""
        params: dict[str, object] = {"citation": self._located(link.instrument, link.locator)}
        key = link.kind.value
        if link.value is not None:
            key, params["floor"] = f"{key}_floor", self.quantity(link.value)
        if link.by is not None:
            key, params["by"] = f"{key}_by", link.by.in_(self.lang)
        if link.kind is LinkKind.DECISION:
            params["dates"] = self._dates(link)
        if link.kind is LinkKind.VERIFICATION and link.issued is not None:
            params |= {"document": params["citation"], "issued": date_text(link.issued, self.lang)}
        return self.say(f"chain.{key}", **params)

    def _dates(self, link: Link) -> str:
        shown = {
            "issued": link.issued,
            "first": link.first_day,
            "last": link.last_day,
        }
        days = {name: date_text(day, self.lang) for name, day in shown.items() if day is not None}
        issued = self.say("chain.issued", **days) if "issued" in days else ""
        if "first" not in days:
            return issued
        return issued + self.say("chain.within" if "last" in days else "chain.since", **days)

    def count(self, number: int | None) -> str:
        """A number of rows; that it is not known, where it is not."""
        return self.say("page.unknown_count") if number is None else str(number)

    def counts(self, counts: Counts) -> str:
        """How many criteria and indicators the law says it has."""
        numbers = {"criteria": counts.criteria, "indicators": counts.indicators}
        said = {key: self.say("page.uncounted") if n is None else str(n) for key, n in numbers.items()}
        return self.say("page.counts", **said)

    def surplus(self, where: str) -> str:
        """How many indicators the set lists that are none of the law's, in the words of that section."""
        its = self.rules.counts
        return self.say(f"{where}.surplus", surplus=its.surplus, indicators=self.count(its.indicators))

    # --- dates, papers, places ------------------------------------------------------------------------------------

    def date(self, when: PartialDate) -> str:
        """A date as far as it is known."""
        if when.day is not None:
            return date_text(when.first_day, self.lang)
        if when.month is not None:
            month = self.say(f"date.month_{when.month}")
            return self.say("date.month", month=month, year=when.year)
        return self.say("date.year", year=when.year)

    def document(self, document: Document) -> str:
        """A supporting document: title, number, issuer, date, as far as known."""
        number = None if document.number is None else self.say("page.document_number", number=document.number)
        dated = None if document.dated is None else self.date(document.dated)
        known = [part for part in (document.title, number, document.issuer, dated) if part]
        return ", ".join(known) or document.id

    def paper(self, attestation: Attestation, dossier: Dossier) -> str:
        """The paper behind a conclusion, in brackets."""
        document = dossier.document(attestation.document)
        if document is not None:
            return self.say("page.paper", document=self.document(document))
        if attestation.dated is not None:
            key = "page.paper_dated" if attestation.dated.day is None else "page.paper_dated_day"
            return self.say(key, dated=self.date(attestation.dated))
        return ""

    def place(self, place: Place) -> str:
        """``Xã Phú Đình, huyện Định Hóa, tỉnh Thái Nguyên (vùng …)``."""
        level = f"level.{place.level.value}" if place.kind is None else f"place_kind.{place.kind}"
        words: dict[str, object] = {"level": self.say(level), "name": place.name}
        province = None if place.province is None else places().province(place.province)
        if place.district is not None:
            said = self.say("page.place_in_district", **words, district=place.district)
        else:
            said = self.say("page.place_alone", **words)
        if province is not None and place.level is Level.PROVINCE:
            own = self.say(f"page.named_{province.kind}", name=place.name)
            said = own[0].upper() + own[1:]
        elif province is not None:
            key = "page.place_city" if province.kind == "city" else "page.place_province"
            said = self.say(key, place=said, province=province.name)
        title = None if place.region is None else places().region_title(place.region)
        return said if title is None else self.say("page.place_region", place=said, region=title.in_(self.lang))

    def force(self) -> str:
        """The days on which the set is in force."""
        force = self.rules.in_force
        first = date_text(force.first_day, self.lang)
        if force.last_day is None:
            return self.say("page.force_open", first=first)
        return self.say("page.force_closed", first=first, last=date_text(force.last_day, self.lang))

    # --- headings -------------------------------------------------------------------------------------------------

    def heading(self, item: Criterion | Indicator) -> str:
        """``Tiêu chí 10. Thu nhập``."""
        if item is self.rules.applies_to:
            return self.say("page.applies_to_row", title=item.title.in_(self.lang))
        if self.rules.is_precondition(item):
            return self.say("page.precondition", title=item.title.in_(self.lang))
        return self.say(f"page.{_named(item)}", number=item.number, title=item.title.in_(self.lang))

    def part(self, address: str | None) -> str:
        """A criterion or indicator named in a sentence."""
        item = None if not address else self.rules.find(address)
        if item is None:
            return self.say("page.whole_set" if address == "" else "page.this_part")
        if item is self.rules.applies_to or self.rules.is_precondition(item):
            return self.heading(item)
        return self.say(f"page.{_named(item)}_short", number=item.number, title=item.title.in_(self.lang))

    def result(self, result: CriterionResult | IndicatorResult) -> str:
        """The head line of a result."""
        item = result.criterion if isinstance(result, CriterionResult) else result.indicator
        verdict = self.verdict(result.verdict).upper()
        if not result.verdict.decided:
            return self.say("page.verdict_only", what=self.heading(item), verdict=verdict)
        basis = self.say(f"basis.{result.basis.value}")
        if result.provisional:
            basis = f"{basis}; {self.say('page.provisional_short')}"
        return self.say("page.verdict", what=self.heading(item), verdict=verdict, basis=basis)

    def period(self, figure: FactValue, dossier: Dossier) -> str:
        """The period a figure describes."""
        return self.date(figure_period(figure, dossier.year))
