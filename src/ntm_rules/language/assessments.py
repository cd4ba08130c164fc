"""Assessments as plain data: codes and figures, no sentences, no clock."""

from __future__ import annotations

from typing import Any

from ntm_rules.vocabulary.assessments import (
    AppliedThreshold,
    Assessment,
    Counted,
    CriterionResult,
    Gap,
    IndicatorResult,
    Reason,
    Report,
    Step,
    Tally,
    figure_period,
)
from ntm_rules.vocabulary.canonical import fingerprint
from ntm_rules.vocabulary.dates import PartialDate
from ntm_rules.vocabulary.dossiers import Attestation, Document, FactValue
from ntm_rules.vocabulary.facts import ScaleStep
from ntm_rules.vocabulary.instruments import Citation
from ntm_rules.vocabulary.lent import lent
from ntm_rules.vocabulary.overlays import Link
from ntm_rules.vocabulary.quantities import Quantity, plain_number
from ntm_rules.vocabulary.requirements import Delegated, Nothing, ThresholdOf, Unstated
from ntm_rules.vocabulary.verdicts import Verdict


def write_assessment(result: Assessment) -> dict[str, Any]:
    """An assessment as plain data, valid under ``schemas/assessment.schema.json``, with its fingerprint."""
    place = result.dossier.place
    year = result.dossier.year
    missing = {name: list(facts) for name, facts in result.missing_in_sub_places.items()}
    then = {str(year): list(facts) for year, facts in result.missing_in_earlier.items()}
    sub_results = [_sub_result(each) for each in result.sub_results]
    written: dict[str, Any] = {
        "assessment": 1,
        "set": write_set(result),
        "place": {
            "level": place.level.value,
            "name": place.name,
            "district": place.district,
            "province": place.province,
            "region": place.region,
            "attributes": dict(place.attributes),
            # Only places since 1 July 2025 have one.
            **({} if place.kind is None else {"kind": place.kind}),
        },
        "year": year,
        "on": result.on.isoformat(),
        "status": result.dossier.status.value,
        "accept": result.accept.value,
        "verdict": result.verdict.value,
        "basis": result.basis.value,
        "tally": _tally(result.tally),
        "indicator_tally": _tally(result.indicator_tally),
        "recognition": _recognition(result),
        **({} if result.applies is None else {"applies_to": _indicator(result.applies, result)}),
        "provisional": result.provisional,
        "hypothetical": result.hypothetical,
        "reasons": [write_reason(reason) for reason in result.reasons],
        "criteria": [_criterion(each, result) for each in result.criteria],
        "missing_facts": list(result.missing_facts),
        "missing_for_verdict": list(result.missing_for_verdict),
        # Only places with others beneath them have these.
        **({"missing_in_sub_places": missing} if missing else {}),
        **({"sub_results": sub_results} if sub_results else {}),
        # Only sets that ask of several years, or compare with another, have this.
        **({"missing_in_earlier": then} if then else {}),
        "conflicts": [
            {
                "address": conflict.address,
                "code": conflict.code.value,
                "computed": conflict.computed.value,
                "attested": [verdict.value for verdict in conflict.attested],
                "stands": conflict.stands.value,
            }
            for conflict in result.conflicts
        ],
        "findings": [
            {
                "code": finding.code.value,
                "address": finding.address,
                "subject": finding.subject,
                "numbers": list(finding.numbers),
            }
            for finding in result.findings
        ],
        "documents": {document.id: _document(document) for document in result.dossier.documents},
        "rests_on": {grade: list(addresses) for grade, addresses in result.rests_on.items()},
    }
    return written | {"fingerprint": fingerprint(written)}


lent.record = write_assessment


def write_set(result: Assessment) -> dict[str, Any]:
    """Which set judged, in which edition."""
    return {
        "id": str(result.rules.id),
        "edition": result.rules.edition,
        "fingerprint": result.rules.fingerprint,
        "overlays": [overlay.id for overlay in result.rules.overlays],
    }


def _sub_result(result: Assessment) -> dict[str, Any]:
    """What a place beneath gave, in short: its own assessment is what the fingerprint is of."""
    place = result.dossier.place
    return {
        "address": f"{result.rules.id}:{place.counted_as}/{place.name}",
        "set": write_set(result),
        "verdict": result.verdict.value,
        "tally": _tally(result.tally),
        "fingerprint": result.fingerprint,
    }


def _recognition(result: Assessment) -> dict[str, Any] | None:
    if result.recognition is None:
        return None
    preconditions = [_indicator(each, result) for each in result.recognition.preconditions]
    return {"verdict": result.recognition.verdict.value, "preconditions": preconditions}


def _tally(tally: Tally) -> dict[str, int | None]:
    return {
        "met": tally.met,
        "not_met": tally.not_met,
        "undetermined": tally.undetermined,
        "not_applicable": tally.not_applicable,
        "total": tally.total,
    }


def _date(day: PartialDate | None) -> str | None:
    return None if day is None else str(day)


def _document(document: Document) -> dict[str, Any]:
    return {
        "title": document.title,
        "issuer": document.issuer,
        "number": document.number,
        "dated": _date(document.dated),
    }


def _shared(each: CriterionResult | IndicatorResult, result: Assessment) -> dict[str, Any]:
    return {
        "address": f"{result.rules.id}#{each.address}",
        "verdict": each.verdict.value,
        "basis": each.basis.value,
        "computed": each.computed.value,
        "attested": None if each.attested is None else each.attested.value,
        "provisional": each.provisional,
        "reasons": [write_reason(reason) for reason in each.reasons],
        "attestations": [_attestation(attestation, result) for attestation in each.attestations],
    }


def _criterion(each: CriterionResult, result: Assessment) -> dict[str, Any]:
    indicators = [_indicator(indicator, result) for indicator in each.indicators]
    return {**_shared(each, result), "indicators": indicators}


def _indicator(each: IndicatorResult, result: Assessment) -> dict[str, Any]:
    figures = [_figure(step, result.dossier.year) for step in each.trace.leaves if _has_figure(step)]
    compared = [step for step in each.trace.leaves if step.reason.threshold is not None]
    only = compared[0].reason if len(compared) == 1 else None
    return {
        **_shared(each, result),
        "figures": figures,
        "threshold": None if only is None else _threshold(only.threshold),
        "gap": None if only is None else write_gap(only.gap),
    }


def _has_figure(step: Step) -> bool:
    return step.reason.figure is not None


def _figure(step: Step, year: int) -> dict[str, Any]:
    figure = step.reason.figure
    assert figure is not None  # _has_figure  # noqa: S101
    return {
        **write_reading(figure, year),
        "statement": figure.statement,
        "verdict": step.verdict.value,
        "threshold": _threshold(step.reason.threshold),
        "gap": write_gap(step.reason.gap),
    }


def write_reading(figure: FactValue, year: int) -> dict[str, Any]:
    """A figure as it was read. What not every figure has is there only where this one has it."""
    quantity = figure.quantity
    written: dict[str, Any] = {
        "fact": figure.fact,
        "value": None if quantity is None else f"{quantity.value:f}",
        "unit": None if quantity is None else quantity.unit,
        "numerator": None if figure.numerator is None else f"{figure.numerator:f}",
        "denominator": None if figure.denominator is None else f"{figure.denominator:f}",
        "for": str(figure_period(figure, year)),
        "document": figure.document,
    }
    if figure.in_year is not None:
        # Its document is one of that year's dossier.
        written["in_year"] = figure.in_year
    if figure.of is not None:
        written["of"] = figure.of.value
    if figure.part is not None:
        written["part"] = figure.part
    if figure.step is not None:
        written["step"] = {"scale": figure.step.scale, "id": figure.step.id, "rank": figure.step.rank}
    if figure.option is not None:
        written["category"] = figure.option
    computed = figure.computed
    if computed is not None:
        written["computed"] = {
            "numerator": plain_number(computed.numerator),
            "denominator": plain_number(computed.denominator),
            "unit": computed.unit,
            "inputs": [write_reading(each, year) for each in computed.inputs],
        }
    return written


def write_said(figure: FactValue, year: int) -> dict[str, Any]:
    """What a dossier says of a fact: a figure as it was read, or yes or no."""
    return {**write_reading(figure, year), "statement": figure.statement}


def write_gap(gap: Gap | None) -> dict[str, Any] | None:
    """A distance."""
    return None if gap is None else {"value": plain_number(gap.value), "unit": gap.unit, "exact": gap.exact}


def _state(applied: AppliedThreshold) -> str:
    states: dict[type, str] = {
        Quantity: "value",
        ScaleStep: "value",
        Nothing: "none",
        Unstated: "unstated",
        Delegated: "decided_by",
        ThresholdOf: "threshold_of",
        type(None): "not_covered",
    }
    return states[type(applied.cell)]


def _threshold(applied: AppliedThreshold | None) -> dict[str, Any] | None:
    if applied is None:
        return None
    figure = applied.cell if isinstance(applied.cell, Quantity) else None
    step = applied.cell if isinstance(applied.cell, ScaleStep) else None
    cited = applied.citation
    return {
        **({} if step is None else {"scale": step.scale}),
        "sign": applied.sign.value,
        "state": _state(applied),
        "value": step.id if step is not None else None if figure is None else plain_number(figure.value),
        "unit": None if figure is None else figure.unit,
        "row": dict(applied.row),
        "chain": [_link(link) for link in applied.chain],
        "grade": cited.grade.value,
        "source": _citation(cited),
        **_led_there(applied),
    }


def _link(link: Link) -> dict[str, Any]:
    return {
        "kind": link.kind.value,
        "instrument": link.instrument,
        "locator": None if link.locator is None else str(link.locator),
        "grade": None if link.grade is None else link.grade.value,
        "value": None if link.value is None else write_required(link.value),
        "issued": None if link.issued is None else link.issued.isoformat(),
        "from": None if link.first_day is None else link.first_day.isoformat(),
        "until": None if link.last_day is None else link.last_day.isoformat(),
    }


def write_required(figure: Quantity | ScaleStep) -> dict[str, str]:
    """What is required: a figure with its unit, or a step."""
    if isinstance(figure, ScaleStep):
        return {"value": figure.id, "unit": figure.scale}
    return {"value": plain_number(figure.value), "unit": figure.unit}


def _led_there(applied: AppliedThreshold) -> dict[str, Any]:
    """The rules that led to the row, or the rows between which nothing decides; left out where there are none."""
    written: dict[str, Any]
    taken = [{"axis": each.axis, "row": each.row, "source": _citation(each.citation)} for each in applied.taken_by]
    rows = [{"axis": axis, "row": row} for axis, row in applied.candidates]
    written = {**({"taken_by": taken} if taken else {}), **({"candidates": rows} if rows else {})}
    if applied.of is not None:
        other = applied.of.threshold.value
        written["of"] = {
            "address": applied.of.address,
            "times": plain_number(applied.of.times),
            **({"value": None, "unit": None} if other is None else write_required(other)),
            "source": _citation(applied.of.threshold.citation),
        }
    return written


def _citation(citation: Citation | None) -> dict[str, Any] | None:
    if citation is None:
        return None
    return {
        "instrument": citation.instrument,
        "locator": None if citation.locator is None else str(citation.locator),
        "grade": citation.grade.value,
        "doubt": citation.doubt,
    }


def write_reason(reason: Reason) -> dict[str, Any]:
    """A reason: its code and the data of its sentence."""
    citation = reason.citation or (reason.threshold.citation if reason.threshold is not None else None)
    written: dict[str, Any] = {
        "code": reason.code.value,
        "subject": reason.subject,
        "numbers": list(reason.numbers),
        "source": _citation(citation),
        **({"names": list(reason.names)} if reason.names else {}),
    }
    if reason.part is not None:
        written["part"] = reason.part
    if reason.needs:
        written["needs"] = list(reason.needs)
    if reason.options:
        written["options"] = list(reason.options)
    if reason.counted is not None:
        written["counted"] = _counted(reason.counted)
    if reason.event is not None:
        written["event"] = reason.event
    if reason.title is not None:
        title = reason.title
        said = {"decision": title.decision, "dated": str(title.dated), "document": title.document}
        written["title"] = {"set": title.set_id, **said}
    return written


def _counted(counted: Counted) -> dict[str, Any]:
    return {
        "what": counted.what,
        **{verdict.value: len(counted.with_verdict(verdict)) for verdict in Verdict},
        "unlisted": counted.unlisted,
        **({} if counted.of is None else {"of": counted.of.value}),
        **({} if counted.that is None else {"that": counted.that}),
        **({} if counted.report is None else {"report": _report(counted.report)}),
        "members": [{"kind": each.kind, "name": each.name, "verdict": each.verdict.value} for each in counted.members],
    }


def _report(report: Report) -> dict[str, Any]:
    """What was published of the number; the documents are those of the dossier."""
    documents = [each.document for each in report.tallies if each.document is not None]
    return {"least": report.least, "most": report.most, "stands": report.stands, "documents": documents}


def _attestation(attestation: Attestation, result: Assessment) -> dict[str, Any]:
    return {
        "verdict": attestation.verdict.value,
        "by": attestation.by,
        "for": str(attestation.for_ or PartialDate(result.dossier.year)),
        "dated": _date(attestation.dated),
        "document": attestation.document,
    }
