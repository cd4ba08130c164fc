"""
A file of places judged piece by piece: never more of it in memory than one piece, and never half a result.

Pieces are judged one after the other; what comes of each waits in a folder beside the result, which is put together at
the end and takes its name at once.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, cast

import attrs

from ntm_rules.errors import DocumentError, NotInForceError, Problem, ProblemCode, Where
from ntm_rules.evaluation.assessing import check_overlays
from ntm_rules.language.beneath import Shelf
from ntm_rules.language.cells import Dialect
from ntm_rules.language.mapping import NO_MAPPING, ColumnMapping, Headings, understand
from ntm_rules.language.nodes import shown
from ntm_rules.messages import Language
from ntm_rules.population.edge import COMBINATION, ROW, Edge, OnError, Reading, read_edge, sizes_in
from ntm_rules.population.figures import multiplied
from ntm_rules.population.files import Piece, TableFile, open_table
from ntm_rules.population.placing import apart, placed
from ntm_rules.population.program import Schema, Wanted, distinct, program_of, sets_of
from ntm_rules.population.results import TYPED, Writer, whole
from ntm_rules.population.situations import Situations, Trees, situations_of
from ntm_rules.population.table import NUMBER, polars
from ntm_rules.vocabulary.criteria import CriteriaSet
from ntm_rules.vocabulary.dossiers import Dossier
from ntm_rules.vocabulary.instruments import Grade

if TYPE_CHECKING:
    import polars as pl

#: The most rows that are judged at a time, unless it is said otherwise.
CHUNK = 250_000
# More kinds of places than this are not kept in mind from piece to piece.
_MOST_KNOWN = 50_000

#: Is told how much is read, of how much, and how many rows that are.
Progress = Callable[[int, int, int], None]

# The set that judges a place, why none does, or nothing where the place itself can't be read.
Judge = CriteriaSet | tuple[Problem, ...] | None


@attrs.frozen
class Asked:
    """
    How a file is to be judged.

    Attributes:
        rules_for: The set that a place is judged by.

        shelf: What is known of facts, places and sets.

        rules: Finds the set whose indicators are meant where a column is headed by a number.

        defaults: What a row is taken to say where it says nothing, by key: ``year``, ``level``.

        fixed: What every row is taken to say: ``set``, ``on``.

        accept: The lowest grade of law data to use.

        on_error: What becomes of rows with a cell that can't be read.

        mapping: What headings mean that are not known by themselves.

        reasons: Whether the first reason of every indicator comes out.

        codes: Whether verdicts come out as numbers, by their place in `VERDICTS`, instead of words.

        chunk: The most rows to judge at a time.

        lang: The language of the file of problems.
    """

    rules_for: Callable[[Dossier], CriteriaSet]
    shelf: Shelf
    rules: Callable[[], CriteriaSet | None] = lambda: None
    defaults: dict[str, str] = attrs.field(factory=dict)
    fixed: dict[str, str] = attrs.field(factory=dict)
    accept: Grade = Grade.RECALLED
    on_error: OnError = OnError.STOP
    mapping: ColumnMapping = NO_MAPPING
    reasons: bool = False
    codes: bool = False
    chunk: int = CHUNK
    lang: Language = "vi"


@attrs.define
class EditionCounts:
    """
    How the places came out that one edition judged.

    Attributes:
        rules: The edition.

        verdicts: How many places by region, province and verdict on the set, all but the verdict as ids; the verdict
            as its place in `VERDICTS`.

        rows: How many places by the address of a criterion or indicator and verdict.

        statuses: How many places by the status of their data.
    """

    rules: CriteriaSet
    verdicts: Counter[tuple[str | None, str | None, int]] = attrs.field(factory=Counter)
    rows: dict[str, Counter[int]] = attrs.field(factory=dict)
    statuses: Counter[str] = attrs.field(factory=Counter)


@attrs.frozen
class BatchResult:
    """
    What came of a file.

    Attributes:
        written: Whether there is a result; there is none where a cell can't be read and that stops everything.

        editions: How the places came out, by the edition that judged them, in the order of first appearance.

        read: How many rows there are.

        skipped: How many were left out.

        problems: How many problems there are.

        first: The first of them.

        nan: How many cells held no number ("NaN") and count as missing.
    """

    written: bool
    editions: tuple[EditionCounts, ...]
    read: int
    skipped: int
    problems: int
    first: tuple[Problem, ...]
    nan: int

    @property
    def judged(self) -> int:
        """How many rows have a verdict."""
        return self.read - self.skipped


def judge_file(
    path: str | os.PathLike[str], output: str | os.PathLike[str], asked: Asked, progress: Progress | None = None
) -> BatchResult:
    """
    Judge every place of a file, and write the verdicts to another.

    Args:
        path: The file of places: Parquet, CSV or XLSX.

        output: The file of verdicts: ``.parquet``, ``.csv`` or ``.tsv``. Beside it stands the file of problems,
            which has a row for every cell that could not be read and for every row that was left out.

        asked: How.

        progress: Is told how much is read, of how much, and how many rows that are.

    Raises:
        DocumentError: If the file can't be read or its headings are wrong.

        MissingExtraError: If Polars is not installed, or openpyxl for a workbook.

        OSError: If the result can't be written; then what stood there still stands.
    """
    polars()
    source = open_table(path)
    headings = understand(
        source.headings,
        source.name,
        asked.shelf,
        {*asked.defaults, *asked.fixed},
        mapping=asked.mapping,
        rules=asked.rules,
    )
    with whole(os.fspath(output)) as folder, ExitStack() as stack:
        judge = _Judge(asked, source, headings)
        writer = Writer(folder, asked.lang, source.dialect or Dialect(",", bom=False), asked.codes)
        stack.callback(writer.close)
        for piece in source.pieces([each.at for each in headings.columns], headings.unnamed, asked.chunk):
            part, problems = judge.piece(piece)
            writer.note(problems)
            if part is not None:
                writer.add(part)
            if progress is not None:
                progress(piece.done, source.total, judge.read)
        stopped = asked.on_error is OnError.STOP and writer.count > 0
        result = BatchResult(
            not stopped,
            tuple(judge.editions.values()),
            judge.read,
            judge.read if stopped else judge.skipped,
            writer.count,
            tuple(writer.first),
            judge.nan,
        )
        writer.finish(None if stopped else os.fspath(output), [each.rules for each in judge.editions.values()])
    return result


# --- judging ----------------------------------------------------------------------------------------------------


@attrs.define
class _Judge:
    """Judges pieces, and counts."""

    asked: Asked
    source: TableFile
    headings: Headings
    editions: dict[int, EditionCounts] = attrs.field(factory=dict)
    read: int = 0
    skipped: int = 0
    nan: int = 0
    stopped: bool = False
    _reading: Reading | None = None
    _rules: dict[tuple[object, ...], CriteriaSet] = attrs.field(factory=dict)
    _trees: dict[tuple[object, ...], Trees] = attrs.field(factory=dict)
    _seen: dict[tuple[object, ...], tuple[list[Dossier], Situations]] = attrs.field(factory=dict)

    def piece(self, piece: Piece) -> tuple[pl.DataFrame | None, list[Problem]]:
        """The verdicts on some rows, with everything that is wrong with them."""
        frame, numbers = piece.frame, piece.numbers
        self.read += len(frame) + len(piece.problems)
        self.skipped += len(piece.problems)
        if self.asked.on_error is OnError.SKIP:
            frame, numbers = self._without(frame, numbers, piece.cells)
        found = [*piece.problems, *piece.cells]
        part = None
        if len(frame):
            edge, rules = self._edge(frame)
            self.nan += edge.nan
            refused = self._refused(edge, rules)
            found += [self._at(each, numbers) for each in (*edge.problems, *refused)]
            self.stopped = self.asked.on_error is OnError.STOP and (self.stopped or bool(found))
            if not self.stopped:
                out = (*edge.problems, *refused) if self.asked.on_error is OnError.SKIP else refused
                part = self._judged(edge, rules, numbers, {each.where.line or 0 for each in out})
                self.skipped += len(frame) - (0 if part is None else len(part))
        return part, sorted(found, key=lambda each: (each.where.line or 0, each.where.column or 0))

    def _without(
        self, frame: pl.DataFrame, numbers: Sequence[int], problems: Sequence[Problem]
    ) -> tuple[pl.DataFrame, Sequence[int]]:
        """The rows no cell of which was found wrong already."""
        import polars as pl

        wrong = {each.where.line for each in problems}
        kept = [at for at, number in enumerate(numbers) if number not in wrong] if wrong else range(len(numbers))
        if len(kept) == len(numbers):
            return frame, numbers
        self.skipped += len(numbers) - len(kept)
        return frame[pl.Series(kept, dtype=pl.UInt32)], [numbers[at] for at in kept]

    # --- reading ------------------------------------------------------------------------------------------------

    def _edge(self, frame: pl.DataFrame) -> tuple[Edge, list[Judge]]:
        """Some rows as the interpreter reads them, and the set that judges each kind of place among them."""
        reading = self._read_as(frame)
        if len(reading.known) > _MOST_KNOWN:
            reading.known.clear()
            self._seen.clear()
        edge = read_edge(frame, reading, None, lambda dossiers: multiplied(self._sets(dossiers)))
        edge = apart(edge, Trees(self._sets(edge.known)), self.asked.shelf.catalogue)
        return edge, [None if dossier is None else self._rules_of(dossier) for dossier in edge.combinations]

    def _sets(self, dossiers: Sequence[Dossier]) -> tuple[CriteriaSet, ...]:
        """The sets that judge some places, and those that they ask to be met too."""
        of_kinds = {(each.set_id, each.place.level, each.year, each.on): each for each in dossiers}
        judges = ((self._rules_of(each), each) for each in of_kinds.values())
        trees = (self._trees_of(rules, each) for rules, each in judges if isinstance(rules, CriteriaSet))
        return distinct(rules for each in trees for rules in each.sets)

    def _read_as(self, frame: pl.DataFrame) -> Reading:
        """How the file is read; the first piece tells whether its percentages look like shares."""
        asked = self.asked
        if self._reading is None:
            # Which rows are left out is decided here, when everything that is wrong with them is known.
            self._reading = Reading(
                asked.shelf,
                self.source.name,
                0,
                asked.defaults,
                OnError.UNDETERMINED,
                self.headings.known_as,
                asked.fixed,
                self._shares(frame),
            )
        return self._reading

    def _shares(self, frame: pl.DataFrame) -> dict[str, bool]:
        """
        Which columns of percentages hold 0.95 for 95 %: those with decimals and nothing above 1 in the whole file.

        The other pieces are looked at only where the first one does not tell.
        """
        columns = {each.heading: each.at for each in self.headings.columns if each.unit == "percent"}
        found = {heading: sizes_in(frame[heading]) for heading in columns}
        open_ = {heading: at for heading, at in columns.items() if not found[heading][0]}
        if open_ and len(frame) == self.asked.chunk:
            for piece in self.source.pieces(list(open_.values()), (), self.asked.chunk):
                for heading in tuple(open_):
                    large, decimals = sizes_in(piece.frame[heading])
                    found[heading] = (large, decimals or found[heading][1])
                    if large:
                        del open_[heading]
                if not open_:
                    break
        return {heading: decimals and not large for heading, (large, decimals) in found.items()}

    def _rules_of(self, dossier: Dossier) -> Judge:
        """The set that judges a place, or why none does."""
        key = (dossier.set_id, dossier.place.level, dossier.on)
        try:
            if key not in self._rules:
                self._rules[key] = self.asked.rules_for(dossier)
            check_overlays(self._rules[key], dossier)
        except NotInForceError as error:
            params = {"wanted": error.wanted, "on": error.on}
            return (Problem.at(ProblemCode.NO_EDITION, Where(self.source.name), **params),)
        except DocumentError as error:
            return error.problems
        return self._rules[key]

    def _trees_of(self, rules: CriteriaSet, dossier: Dossier) -> Trees:
        key = (id(rules), dossier.on, dossier.year, dossier.set_id)
        if key not in self._trees:
            self._trees[key] = Trees(sets_of(rules, dossier, self.asked.accept))
        return self._trees[key]

    # --- what is refused ------------------------------------------------------------------------------------------

    def _refused(self, edge: Edge, rules: Sequence[Judge]) -> list[Problem]:
        """What is wrong with places that no set judges, and with conclusions on rows that their set does not have."""
        import polars as pl

        found: list[Problem] = []
        for number, each in enumerate(rules):
            here = pl.col(COMBINATION) == number
            if isinstance(each, tuple):
                rows = edge.frame.filter(here)[ROW].to_list()
                found += [attrs.evolve(one, where=Where(self.source.name, row)) for row in rows for one in each]
                continue
            lacking = () if each is None else [address for address in edge.said if self._lacks(each, address)]
            for address in lacking:
                said = here & pl.col(f"a:{address}").is_not_null()
                heading = next(c.heading for c in edge.columns if c.kind == "attested" and c.key == address)
                for row in edge.frame.filter(said)[ROW].to_list():
                    where = Where(self.source.name, row, 1, heading)
                    found.append(Problem.at(ProblemCode.UNKNOWN_ADDRESS, where, name=shown(address)))
        return found

    def _lacks(self, rules: CriteriaSet, address: str) -> bool:
        """Whether a conclusion is about a row of this set that it does not have."""
        set_id, mark, _ = address.rpartition("#")
        return (not mark or set_id == str(rules.id)) and rules.find(address) is None

    def _at(self, problem: Problem, numbers: Sequence[int]) -> Problem:
        """A problem of a piece at its place in the file."""
        where = problem.where
        column = next((each.at + 1 for each in self.headings.columns if each.heading == where.path), None)
        line = None if where.line is None else numbers[where.line]
        path = where.path if column is not None else ""
        return attrs.evolve(problem, where=Where(self.source.name, line, column, path))

    # --- verdicts ---------------------------------------------------------------------------------------------------

    def _judged(self, edge: Edge, rules: Sequence[Judge], numbers: Sequence[int], out: set[int]) -> pl.DataFrame | None:
        """The verdicts on the rows that can be judged."""
        import polars as pl

        if out:
            edge = attrs.evolve(edge, frame=edge.frame.filter(~pl.col(ROW).is_in(sorted(out))))
        groups: dict[tuple[object, ...], list[int]] = {}
        for number, (dossier, each) in enumerate(zip(edge.combinations, rules, strict=True)):
            if dossier is not None and isinstance(each, CriteriaSet):
                groups.setdefault((id(each), dossier.year, dossier.on, dossier.set_id), []).append(number)
        parts = [self._group(edge, cast("CriteriaSet", rules[group[0]]), group) for group in groups.values()]
        parts = [part for part in parts if len(part)]
        if not parts:
            return None
        whole = parts[0] if len(parts) == 1 else pl.concat(parts, how="diagonal").sort(ROW)
        rows = whole[ROW]
        of_row = edge.source[rows]
        count = pl.Series(NUMBER, numbers, dtype=pl.Int64)[rows]
        typed = [
            of_row[each.heading].cast(pl.String).alias(each.key)
            for each in sorted(edge.columns, key=lambda each: TYPED.index(each.key) if each.key in TYPED else 0)
            if each.kind == "key" and each.key in TYPED
        ]
        found: pl.DataFrame = pl.concat([pl.DataFrame([count, *typed]), whole.drop(ROW)], how="horizontal")
        return found

    def _group(self, edge: Edge, rules: CriteriaSet, group: Sequence[int]) -> pl.DataFrame:
        """The verdicts on the rows that one edition judges for one day."""
        import polars as pl

        dossiers = [dossier for number in group if (dossier := edge.combinations[number]) is not None]
        trees = self._trees_of(rules, dossiers[0])
        alike = (id(rules), *(id(dossier) for dossier in dossiers))
        if alike not in self._seen:
            # The dossiers are kept, so that their ids stay their own.
            self._seen[alike] = dossiers, situations_of(trees, dossiers, self.asked.accept)
        _, found = self._seen[alike]
        schema = Schema.of(edge)
        schema = attrs.evolve(schema, said=tuple(each for each in schema.said if not self._lacks(rules, each)))
        wanted = Wanted(self.asked.reasons)
        program = program_of(rules, schema, found.dossiers, accept=self.asked.accept, wanted=wanted)
        frame = placed(edge, dict(zip(group, found.of, strict=True)))
        part: pl.DataFrame = program.run(frame.lazy(), keep=[ROW, COMBINATION]).collect()
        kinds = pl.DataFrame(
            {
                COMBINATION: list(group),
                "region": [each.place.region for each in dossiers],
                "year": [each.year for each in dossiers],
                "status": [each.status.value for each in dossiers],
            },
            schema={COMBINATION: pl.UInt32, "region": pl.String, "year": pl.Int16, "status": pl.String},
        )
        self._count(rules, part, dict(zip(group, dossiers, strict=True)))
        told = part.select(ROW, COMBINATION).join(kinds, on=COMBINATION, how="left", maintain_order="left")
        edition = pl.lit(rules.edition).alias("edition"), pl.lit(rules.hypothetical).alias("hypothetical")
        return pl.concat([told.drop(COMBINATION).with_columns(*edition), part.drop(ROW, COMBINATION)], how="horizontal")

    def _count(self, rules: CriteriaSet, part: pl.DataFrame, dossiers: dict[int, Dossier]) -> None:
        """Add verdicts to the summary."""
        import polars as pl

        counts = self.editions.setdefault(id(rules), EditionCounts(rules))
        for number, verdict, count in part.group_by(COMBINATION, "verdict").agg(pl.len()).iter_rows():
            dossier = dossiers[number]
            counts.verdicts[dossier.place.region, dossier.place.province, verdict] += count
            counts.statuses[dossier.status.value] += count
        for name in part.columns:
            if name in rules.addresses:
                tally = counts.rows.setdefault(name, Counter())
                for verdict, count in part[name].value_counts().iter_rows():
                    tally[verdict] += count


__all__ = ["CHUNK", "Asked", "BatchResult", "EditionCounts", "Progress", "judge_file"]
