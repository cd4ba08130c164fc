"""Set-up for all tests: Hypothesis profiles, golden files, tests that need other programs."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from hypothesis import is_hypothesis_test, settings

Golden = Callable[[str, str], None]

GOLDEN = Path(__file__).parent / "golden"
NO_SKIP = os.environ.get("NTM_RULES_NO_SKIP") == "1"

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=100, deadline=None, derandomize=True)
settings.register_profile("thorough", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --accept-golden."""
    parser.addoption(
        "--accept-golden",
        action="store_true",
        help="write what the tests produce to tests/golden/ instead of comparing; review it in git",
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare a text with the file of that name in tests/golden/; --accept-golden rewrites it."""
    accept: bool = request.config.getoption("--accept-golden")

    def check(name: str, text: str) -> None:
        __tracebackhide__ = True
        path = (GOLDEN / name).resolve()
        if not path.is_relative_to(GOLDEN.resolve()):
            pytest.fail(f"the golden file {name!r} would lie outside tests/golden/")
        if accept:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
            return
        if not path.is_file():
            pytest.fail(f"there is no tests/golden/{name}; run pytest with --accept-golden and review it")
        expected = path.read_bytes().decode()
        if text != expected:
            difference = difflib.unified_diff(
                expected.splitlines(keepends=True),
                text.splitlines(keepends=True),
                fromfile=f"tests/golden/{name}",
                tofile="produced now",
            )
            shown = "".join(line if line.endswith("\n") else f"{line}\n" for line in difference)
            pytest.fail(f"{shown}\nIf the new text is right: pytest --accept-golden", pytrace=False)

    return check


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """
    Measure no coverage while random examples are tried: it takes most of their time.

    So a line counts as covered only where an example that somebody wrote reaches it, in every run alike. Of the tests
    of whole populations, which judge many sets in the same way, the first case of each is measured.
    """
    measured: set[tuple[Path, str]] = set()
    for item in items:
        if not isinstance(item, pytest.Function):
            continue
        case = (item.path, item.originalname)
        again = case in measured and item.path.parent.name == "population"
        if again or is_hypothesis_test(item.obj):
            item.add_marker("no_cover")
        measured.add(case)


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure, where NTM_RULES_NO_SKIP=1 says that nothing may be skipped."""
    if NO_SKIP and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, although NTM_RULES_NO_SKIP=1: {_reason(report)}"


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """The reason of a skip, as its author wrote it."""
    longrepr = report.longrepr
    return (longrepr[2] if isinstance(longrepr, tuple) else str(longrepr)).removeprefix("Skipped: ")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Refuse the skip of a test, if asked to."""
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Refuse the skip of a whole file, if asked to."""
    report = yield
    _refuse_skip(report)
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List the external tests that were skipped, so that nobody takes them for passed."""
    skipped = [
        report for report in terminalreporter.stats.get("skipped", []) if "external" in getattr(report, "keywords", {})
    ]
    if skipped:
        terminalreporter.section("external tests skipped (make test-all runs them)")
        for report in skipped:
            terminalreporter.line(f"{report.nodeid}: {_reason(report)}")
