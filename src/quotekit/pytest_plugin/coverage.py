"""The report of ``--quotekit-coverage``: which rules no test exercised.

The rules are attached to the report of a test, so that they also arrive from other processes.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from quotekit.errors import QuotekitError
from quotekit.pytest_plugin.nodes import RULE_FILES
from quotekit.rules import RuleSet
from quotekit.testing.noting import listening

HEARD = pytest.StashKey[set[str]]()
NO_FILES: dict[Path, None] = {}


class Coverage:
    """Collects the exercised rules, and reports at the end."""

    def __init__(self, config: pytest.Config) -> None:
        self._with_built_in = config.option.quotekit_coverage == "all"
        self._exercised: set[str] = set()
        self._files: dict[Path, None] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """Collect the rules that pass a check."""
        with listening() as heard:
            result = yield
        item.stash[HEARD] = heard
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
        """Attach the exercised rules to the report of a passed test, and the rule files to every report."""
        report = yield
        if call.when == "call":
            report.quotekit_rules = sorted(item.stash.get(HEARD, ())) if report.passed else []
            report.quotekit_files = [str(path) for path in item.session.stash.get(RULE_FILES, NO_FILES)]
        return report

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Collect rules and files from the reports."""
        self._exercised.update(getattr(report, "quotekit_rules", ()))
        self._files.update((Path(path), None) for path in getattr(report, "quotekit_files", ()))

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Include rule files without a selected test."""
        collected = session.stash.get(RULE_FILES, NO_FILES)
        self._files.update(collected)

    def pytest_terminal_summary(self, terminalreporter: Any, config: pytest.Config) -> None:
        """Write the report."""
        terminalreporter.section("quotekit: rules that no test exercised")
        groups = [(_shown(path, config.rootpath), _ids(path)) for path in self._files]
        if self._with_built_in:
            groups.append(("built-in rules", RuleSet.default().ids))
        if not groups:
            terminalreporter.line("no rule file was collected")
        for name, ids in groups:
            if ids is None:
                terminalreporter.line(f"{name}: not valid")
                continue
            left = [id for id in ids if id not in self._exercised]
            terminalreporter.line(f"{name}: {len(left)} of {len(ids)}")
            for id in left:
                terminalreporter.line(f"  {id}")


def _ids(path: Path) -> tuple[str, ...] | None:
    try:
        return RuleSet.from_file(path, examples=False).ids
    except (QuotekitError, ValueError, OSError):
        return None


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
