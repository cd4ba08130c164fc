"""The file of verdicts, and that of problems: both are there as a whole, or not at all."""

from __future__ import annotations

import csv
import errno
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import attrs

from ntm_rules.errors import Problem
from ntm_rules.language.cells import Dialect
from ntm_rules.messages import FORMULA, STEERING, Language, harmless, text
from ntm_rules.population.figures import REASONS
from ntm_rules.population.program import TALLY, VERDICTS
from ntm_rules.population.table import NUMBER
from ntm_rules.vocabulary.criteria import CriteriaSet

if TYPE_CHECKING:
    import polars as pl

#: How many problems are kept to be shown; the others are counted and stand in the file of problems.
SHOWN_PROBLEMS = 20
#: How results are named.
WRITABLE = (".parquet", ".csv", ".tsv")
#: What the name of the file of problems adds to that of the result.
PROBLEMS = ".problems.csv"
#: Columns of a result that come as they stand in the file of places.
TYPED = ("level", "kind", "name", "district", "province", "set", "on")

_READ = ("region", "year", "status", "edition", "hypothetical")
_REASON = "reason:"


@contextmanager
def whole(output: str) -> Iterator[Path]:
    """A folder beside the result, which is gone in the end, whatever happens."""
    path = Path(os.path.realpath(output))
    if path.exists() and not path.is_file():
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR), output)
    try:
        folder = tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    except OSError as error:
        # Nobody knows the folder's name.
        raise OSError(error.errno, error.strerror, output) from error
    try:
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@attrs.define
class Writer:
    """
    Keeps what comes of pieces, and puts it together.

    Attributes:
        folder: Where it waits.

        lang: The language of the file of problems.

        dialect: How CSV is written.

        codes: Whether verdicts stay numbers.

        count: How many problems there are.

        first: The first of them.
    """

    folder: Path
    lang: Language
    dialect: Dialect
    codes: bool = False
    count: int = 0
    first: list[Problem] = attrs.field(factory=list)
    _parts: dict[Path, list[str]] = attrs.field(factory=dict)
    _columns: dict[str, Any] = attrs.field(factory=dict)
    _listed: IO[str] | None = None

    def add(self, part: pl.DataFrame) -> None:
        """Keep the verdicts on a piece."""
        if not self.codes:
            part = part.with_columns(_worded(part))
        path = self.folder / f"{len(self._parts)}.arrow"
        part.write_ipc(path, compression="lz4")
        self._parts[path] = part.columns
        self._columns.update(part.schema)

    def note(self, problems: Sequence[Problem]) -> None:
        """Write problems down."""
        self.count += len(problems)
        self.first += problems[: max(0, SHOWN_PROBLEMS - len(self.first))]
        if self._listed is None:
            encoding = "utf-8-sig" if self.dialect.bom else "utf-8"
            self._listed = (self.folder / "problems").open("w", encoding=encoding, newline="")
            heads = [text(f"batch.{key}", self.lang) for key in ("row", "column", "code", "problem")]
            csv.writer(self._listed, delimiter=self.dialect.delimiter).writerow(heads)
        rows = (
            (
                "" if each.where.line is None else each.where.line,
                harmless(each.where.path),
                each.code.value,
                harmless(each.message(self.lang)),
            )
            for each in problems
        )
        csv.writer(self._listed, delimiter=self.dialect.delimiter).writerows(rows)

    def close(self) -> None:
        """Write no more problems."""
        if self._listed is not None:
            self._listed.close()

    def finish(self, output: str | None, editions: Sequence[CriteriaSet]) -> None:
        """Put the result together and give it its name; None if there is to be none."""
        self.note(())
        self.close()
        if output is None:
            return
        import polars as pl

        made = self.folder / "result"
        try:
            self._put_together(made, output.lower(), editions)
        except pl.exceptions.PolarsError as error:
            raise OSError(errno.EIO, str(error), output) from error
        for source, target in ((self.folder / "problems", output + PROBLEMS), (made, output)):
            path = Path(os.path.realpath(target))
            if path.exists():
                shutil.copymode(path, source)
            source.replace(path)

    def _make_alike(self, order: Sequence[str]) -> None:
        """Give every part the same columns: what only other editions have is empty."""
        import polars as pl

        whole = (columns for columns in self._parts.values() if len(columns) == len(order))
        order = next(whole, order)
        for path, columns in self._parts.items():
            if columns != order:
                part = pl.read_ipc(path.read_bytes())
                lacking = [pl.lit(None, self._columns[name]).alias(name) for name in order if name not in columns]
                part.with_columns(lacking).select(order).write_ipc(path, compression="lz4")

    def _put_together(self, made: Path, name: str, editions: Sequence[CriteriaSet]) -> None:
        import polars as pl

        order = _order(self._columns, editions)
        if not self._parts:
            frame = pl.LazyFrame(schema={NUMBER: pl.Int64, "edition": pl.String, "verdict": pl.Int8})
        else:
            self._make_alike(order)
            # One scan of all reads them one after the other; a scan each would read them all at once.
            frame = pl.scan_ipc(list(self._parts), glob=False, hive_partitioning=False).select(order)
        if name.endswith(".parquet"):
            frame.sink_parquet(made)
            return
        strings = pl.selectors.string()
        safe = strings.str.replace_all(STEERING, "\N{REPLACEMENT CHARACTER}")
        frame = frame.with_columns(safe)
        frame = frame.with_columns(
            pl.when(strings.str.contains(FORMULA)).then("'" + strings).otherwise(strings).name.keep()
        )
        separator = "\t" if name.endswith(".tsv") else self.dialect.delimiter
        frame.sink_csv(made, separator=separator, include_bom=self.dialect.bom, check_extension=False)


def _worded(part: pl.DataFrame) -> list[pl.Expr]:
    """Verdicts and reasons as words."""
    import polars as pl

    kinds = {False: VERDICTS, True: REASONS}
    names = {of_reasons: [each.value for each in kind] for of_reasons, kind in kinds.items()}
    words = {of_reasons: pl.lit(pl.Series(each, dtype=pl.Enum(each))) for of_reasons, each in names.items()}
    found = []
    for name, dtype in part.schema.items():
        of_reasons = name.startswith(_REASON)
        if of_reasons or dtype == pl.Int8:
            at = pl.when(pl.col(name) >= 0).then(pl.col(name)).cast(pl.UInt32)
            found.append(words[of_reasons].gather(at).alias(name))
    return found


def _order(columns: dict[str, Any], editions: Sequence[CriteriaSet]) -> list[str]:
    """The columns of a result: what tells the place, the verdict and its tally, then criterion by criterion."""
    head = [NUMBER, *TYPED, *_READ, "verdict", "recognition", *TALLY, "conflicts"]
    addresses = dict.fromkeys(
        address
        for rules in editions
        for criterion in rules.criteria
        for address in (criterion.number, *(f"{criterion.number}/{each.number}" for each in criterion.indicators))
    )
    rest = [name for name in columns if name not in addresses and name not in head]
    return [name for name in (*head, *addresses, *rest) if name in columns]


__all__ = ["PROBLEMS", "SHOWN_PROBLEMS", "TYPED", "WRITABLE", "Writer", "whole"]
