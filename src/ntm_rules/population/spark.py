"""A Parquet file judged over a cluster: read, judged and written by Spark, and no row is brought here."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import attrs

from ntm_rules.errors import DossierError, MissingExtraError, Problem, ProblemCode, Where, why_unreadable
from ntm_rules.population.in_place import UNREADABLE
from ntm_rules.population.program import VERDICTS
from ntm_rules.population.table import evaluate_table
from ntm_rules.vocabulary.criteria import CriteriaSet
from ntm_rules.vocabulary.instruments import Grade

#: The extra that brings Spark; it needs a Java besides.
EXTRA = "spark"

# Columns that say for what a row is: others are left out, and what is left needs no such column.
_TO_CHOOSE = ("year", "set", "on", "level")


@attrs.frozen
class SparkCounts:
    """
    What became of the rows of a file.

    Attributes:
        verdicts: How many places have which verdict on the set, in the order of `VERDICTS`.

        skipped: How many rows are of another year, set, day or level.

        unreadable: How many cells could not be read and count as missing.
    """

    read: int
    judged: int
    skipped: int
    unreadable: int
    verdicts: tuple[int, ...]


def judge_with_spark(
    file: str,
    output: str,
    rules: CriteriaSet,
    *,
    year: int,
    on: date | None,
    accept: Grade,
    reasons: bool,
    master: str,
) -> SparkCounts:
    """
    Judge the places of a Parquet file over a cluster.

    Args:
        file: The file or folder, as Spark's workers find it.

        output: The folder to write; it appears when all is written.

        rules: The set.

        year: The year judged; rows of another are left out.

        on: The day judged; else 31 December of the year.

        accept: The lowest grade of law data to use.

        reasons: Whether the first reason of every indicator comes out.

        master: Spark's master, e.g. ``local[2]`` or ``spark://host:7077``.

    Raises:
        MissingExtraError: If PySpark is not installed.

        DossierError: If the file or its headings can't be read.
    """
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession, functions
    except ImportError:
        raise MissingExtraError(EXTRA) from None
    builder = SparkSession.builder.master(master).appName("ntm-rules").config("spark.ui.enabled", "false")
    session = builder.getOrCreate()
    try:
        table = session.read.parquet(file)
    except PySparkException as error:
        why = str(error).splitlines()[0]
        raise DossierError([Problem.at(ProblemCode.UNREADABLE, Where(file), why=why)]) from None
    chosen = _chosen(table, functions, {"year": year, "set": str(rules.id), "on": on, "level": rules.id.level.value})
    judged: Any = evaluate_table(chosen, rules, year=year, on=on, accept=accept, reasons=reasons, name=file).frame
    judged = judged.withColumn("edition", functions.lit(rules.edition))
    judged = judged.withColumn("hypothetical", functions.lit(rules.hypothetical))
    part = Path(output).with_name(f".{Path(output).name}.part")
    try:
        judged.write.mode("overwrite").parquet(str(part))
        written = session.read.parquet(str(part))
        by = {row["verdict"]: row["count"] for row in written.groupBy("verdict").count().collect()}
        lost = written.agg(functions.sum(UNREADABLE)).first()
        part.rename(output)
    except OSError as error:
        raise DossierError([Problem.at(ProblemCode.UNREADABLE, Where(output), why=why_unreadable(error))]) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    read, done = table.count(), sum(by.values())
    unreadable = 0 if lost is None else int(lost[0] or 0)
    return SparkCounts(read, done, read - done, unreadable, tuple(by.get(code, 0) for code in range(len(VERDICTS))))


def _chosen(table: Any, functions: Any, wanted: dict[str, Any]) -> Any:
    """The rows that are for what is judged, without the columns that say so."""
    for name in _TO_CHOOSE:
        if name in table.columns and wanted[name] is not None:
            column = functions.col(name)
            table = table.filter(column.isNull() | (column.cast("string") == str(wanted[name])))
    return table.drop(*_TO_CHOOSE)
