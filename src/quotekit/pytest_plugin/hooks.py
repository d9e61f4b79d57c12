"""The pytest plugin: rule files and golden cases run as tests, and the fixture ``quotekit``.

pytest loads it in every run of the environment, also of projects that do not use quotekit: so it imports nothing but
pytest, and all else when there is something to do.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from quotekit.testing import Checker


def pytest_addoption(parser: pytest.Parser) -> None:
    """Two flags and not one with a value: argparse would take the file behind the bare one for it."""
    group = parser.getgroup("quotekit", "rules that find quotes")
    for flag, value, help in (
        ("--quotekit-coverage", "files", "report which rules, of the rule files of this run, no test exercised"),
        ("--quotekit-coverage=all", "all", "the same, of the built-in rules too"),
    ):
        group.addoption(flag, action="store_const", const=value, dest="quotekit_coverage", default=None, help=help)


def pytest_configure(config: pytest.Config) -> None:
    """Looks on only if somebody asks for the report."""
    # A conftest that loads the plugin does so when options have been read.
    if getattr(config.option, "quotekit_coverage", None):
        from quotekit.pytest_plugin.coverage import Coverage

        config.pluginmanager.register(Coverage(config), "quotekit-coverage")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collects rule files and golden cases."""
    if not file_path.name.endswith((".toml", ".jsonl", ".quotes.txt")):
        return None
    from quotekit.pytest_plugin.files import kind_of

    kind = kind_of(file_path, named=parent.session.isinitpath(file_path))
    if kind is None:
        return None
    from quotekit.pytest_plugin.nodes import NODES

    collector: pytest.Collector = NODES[kind].from_parent(parent, path=file_path)
    return collector


@pytest.fixture(scope="session", name="quotekit")
def quotekit_checker() -> Checker:
    """An extractor with the default settings, and ``check`` and ``assert_quotes`` as its methods.

    The model is loaded once a run, when the first article is read.
    """
    from quotekit.testing import Checker

    return Checker()
