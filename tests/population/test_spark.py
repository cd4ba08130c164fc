"""Tables over a cluster: judged by Spark as in memory, lazily, and again where a task fails."""

from __future__ import annotations

import os
import shutil
import sys
import warnings

import polars as pl
import pytest

import ntm_rules as ntm
from ntm_rules.population.country import Country
from ntm_rules.population.country import write as write_country
from population_tables import beneath_of, table_of, typed, year_of

pytestmark = [pytest.mark.external, pytest.mark.slow]

if shutil.which("java") is None:
    pytest.skip("java is not installed", allow_module_level=True)
pyspark = pytest.importorskip("pyspark", reason="pyspark is not installed")

NAME = "commune/standard/2016-2020"
#: Fewer or more are tried by NTM_RULES_SPARK_ROWS.
ROWS = int(os.environ.get("NTM_RULES_SPARK_ROWS", "1000000"))
DROPPED = ("year", "set", "on", "level")


@pytest.fixture(scope="module")
def session():
    """Spark on two workers, each task of which is tried four times."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = (
            SparkSession.builder.master("local[2,4]")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.memory", "2g")
            .config("spark.sql.shuffle.partitions", "4")
            .getOrCreate()
        )
        made.sparkContext.setLogLevel("OFF")
        yield made
        made.stop()


@pytest.fixture(scope="module")
def rules():
    """The set of 2016-2020."""
    return ntm.load(NAME)


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    """A made-up country as a Parquet file, whose rows are of the one year that is told beforehand."""
    path = tmp_path_factory.mktemp("spark") / "drawn.parquet"
    with path.open("wb") as stream:
        write_country(Country(set=NAME, year=2020, places=ROWS), stream, "parquet")
    kept = path.with_name("places.parquet")
    frame = pl.scan_parquet(path)
    said = [each for each in frame.collect_schema().names() if each.startswith("attested:")]
    frame.drop(*DROPPED, *said[4:]).sink_parquet(kept)
    return kept


def judged(table, rules):
    """The lazy verdicts of a table of Spark."""
    result = ntm.evaluate_table(table, rules, year=2020)
    assert isinstance(result, ntm.LazyResult)
    return result


def jobs(session):
    """The jobs that Spark has run."""
    return set(session.sparkContext.statusTracker().getJobIdsForGroup(None))


def test_a_cluster_judges_as_memory_does(session, rules, country, tmp_path):
    """All verdicts are the same, nothing runs before it is written, and no row passes through the interpreter."""
    table = session.read.parquet(str(country))
    before = jobs(session)
    result = judged(table, rules)
    assert jobs(session) == before
    written = tmp_path / "verdicts"
    result.frame.write.parquet(str(written))
    assert jobs(session) > before
    there = pl.scan_parquet(written / "*.parquet")
    here = ntm.evaluate_table(pl.read_parquet(country), rules, year=2020).frame
    given = pl.read_parquet_schema(country)
    names = [each for each in here.columns if each not in {"row", *given}]
    told = there.select("name", "unreadable", *names).sort("name").collect()
    assert len(told) == ROWS
    assert told["unreadable"].sum() == 0
    assert told.select(names).equals(here.sort("name").select(names))


def test_what_is_beneath_is_counted_over_a_cluster_as_in_memory(session, tmp_path):
    """Communes are judged by the thresholds of their regions, grouped and joined by Spark as they are in memory."""
    rules = ntm.load("district/standard/2016-2020")
    year = year_of(rules)
    table = table_of(rules, 1, 300, year=year)
    table = table.with_columns(pl.Series("name", [f"Huyện {at}" for at in range(len(table))]))
    (communes,) = beneath_of(rules, table, 1, year, rows=5_000)
    table, communes = typed(table), typed(communes)

    def over(frame, name):
        """A frame of Spark with the same rows."""
        frame.write_parquet(tmp_path / f"{name}.parquet")
        return session.read.parquet(str(tmp_path / f"{name}.parquet"))

    here = ntm.evaluate_table(table, rules, year=year, beneath=communes, reasons=True).frame.sort("name")
    given = over(table, "districts"), over(communes, "communes")
    before = jobs(session)
    there = ntm.evaluate_table(given[0], rules, year=year, beneath=given[1], reasons=True)
    assert jobs(session) == before
    written = tmp_path / "verdicts"
    there.frame.write.parquet(str(written))
    told = pl.scan_parquet(written / "*.parquet").sort("name").collect()
    names = [each for each in here.columns if each not in {"row", *table.columns}]
    assert told.select(names).to_dicts() == here.select(names).to_dicts()


@pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")
def test_a_task_that_fails_is_tried_again(session, rules, country):
    """A task that is lost on its first attempt gives the same verdicts on its second."""
    from pyspark.sql import functions
    from pyspark.sql.types import StringType

    some = session.read.parquet(str(country)).select("name", "region", "health_insurance_share").limit(2_000)

    def once_lost(word):
        """The same word, on every attempt but the first."""
        from pyspark import TaskContext

        if TaskContext.get().attemptNumber() == 0:
            raise RuntimeError("lost")
        return word

    lost = functions.udf(once_lost, StringType()).asNondeterministic()
    spoilt = some.repartition(2).withColumn("region", lost(functions.col("region")))

    def tally(table):
        """The places by verdict."""
        counted = judged(table, rules).frame.groupBy("verdict").count().collect()
        return {record["verdict"]: record["count"] for record in counted}

    assert tally(spoilt) == tally(some)
