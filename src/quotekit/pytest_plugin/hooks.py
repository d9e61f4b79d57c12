"""The pytest plugin: rule files and golden cases run as tests, and the fixture ``quotekit``.

pytest loads it in every run of the environment, also in projects that do not use quotekit. So it takes files by their
names alone, imports only pytest, and imports the rest when there is something to do.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from quotekit.testing import Checker

RULES = (".rules.toml", ".rules.jsonl")
"""Endings of rule files."""

CASES = ".quotes.txt"
"""Ending of files of cases."""

_CASE = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t\r]*\n|#.*\n|[a-z]+[ \t]*:.*\n)*===")
"""The beginning of a file of cases: comments and settings, then a case."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--quotekit-coverage`` and the ini option ``quotekit_rules``."""
    parser.addini("quotekit_rules", f"rule files with names other than *{RULES[0]}", type="paths", default=[])
    group = parser.getgroup("quotekit", "rules that find quotes")
    # Two flags: argparse would take a file after a flag with an optional value as its value.
    for flag, value, help in (
        ("--quotekit-coverage", "files", "report which rules, of the rule files of this run, no test exercised"),
        ("--quotekit-coverage=all", "all", "the same, with the built-in rules"),
    ):
        group.addoption(flag, action="store_const", const=value, dest="quotekit_coverage", default=None, help=help)


def pytest_configure(config: pytest.Config) -> None:
    """Register the report, if it is wanted."""
    # The option is missing if a conftest loads the plugin, after the options were read.
    if getattr(config.option, "quotekit_coverage", None):
        from quotekit.pytest_plugin.coverage import Coverage

        config.pluginmanager.register(Coverage(config), "quotekit-coverage")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect rule files and files of cases."""
    if file_path.name.endswith(RULES) or file_path in parent.config.getini("quotekit_rules"):
        from quotekit.pytest_plugin.nodes import RuleFile

        return RuleFile.from_parent(parent, path=file_path)
    if file_path.name.endswith(CASES) and (parent.session.isinitpath(file_path) or _has_case(file_path)):
        from quotekit.pytest_plugin.nodes import CaseFile

        return CaseFile.from_parent(parent, path=file_path)
    return None


def _has_case(path: Path) -> bool:
    """Return whether a file that was not named by the user is one of cases beyond doubt."""
    try:
        return _CASE.match(path.read_bytes()) is not None
    except OSError:
        return False


@pytest.fixture(scope="session", name="quotekit")
def quotekit_checker() -> Checker:
    """Return an extractor with the default settings, and ``check`` and ``assert_quotes`` as its methods.

    The model is loaded once in a run, when the first article is read.
    """
    from quotekit.testing import Checker

    return Checker()
