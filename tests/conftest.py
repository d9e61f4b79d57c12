"""What several test files share."""

from __future__ import annotations

import importlib.util
import signal
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from quotekit.article.spacy_model import load_model

if TYPE_CHECKING:
    from spacy.language import Language

    from quotekit.article.parse import Parse
    from quotekit.models import Quote

# What the pytest plugin is tested with: runs of pytest inside a test.
pytest_plugins = ["pytester"]

# Rule files with mistakes, for tests of their messages: the plugin must not take them for tests.
collect_ignore_glob = ["golden/*"]

# Deadlines measure the machine, and the same examples on every run keep a red build red.
settings.register_profile("quotekit", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("quotekit")


SLOW = {"browser", "engines"}
"""Markers of tests that are slow by nature, and need no second marker to say so."""


def pytest_report_header(config: pytest.Config) -> str | None:
    """Return what the run leaves out, so that no one takes the default run for the whole."""
    if config.option.markexpr != "not slow":
        return None
    return "left out: the slow tests; `pytest -m slow` runs these alone, `pytest -m ''` runs everything"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of browsers and engines as slow, before pytest selects by marker."""
    for item in items:
        if any(item.get_closest_marker(name) for name in SLOW):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True)
def wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep each message on one line inside its frame, however long the paths in it and however wide the terminal."""
    monkeypatch.setenv("COLUMNS", "1000")


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let SIGINT stop processes that a test starts, even if the test run ignores it, as in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of corpora and scorers beside the checkout; tests that read it are skipped where it is absent."""
    folder = Path(__file__).parents[1].parent / "shared"
    if not folder.is_dir():
        pytest.skip(f"no folder {folder.name!r} beside the checkout: its corpora are not part of the project")
    return folder


@pytest.fixture(scope="session")
def nlp() -> Language:
    """The spaCy pipeline that quotekit reads with."""
    return load_model()


@pytest.fixture(scope="session")
def samples() -> Mapping[str, tuple[str, list[Quote]]]:
    """The sample stories by name, each with what `extract` finds in it."""
    import quotekit

    stories = sorted((Path(__file__).parents[1] / "data" / "stories").glob("*.txt"))
    texts = {path.stem: path.read_text(encoding="utf-8") for path in stories}
    return {name: (text, quotekit.extract(text)) for name, text in texts.items()}


@pytest.fixture(scope="session")
def frozen() -> Mapping[str, Parse]:
    """The stored parses of the rules' examples, by their text (see freeze.py)."""
    stored: Mapping[str, Parse] = _beside("freeze").stored()
    return stored


@pytest.fixture(scope="session")
def sound() -> Callable[[str, list[Quote]], None]:
    """What asserts all that must be so of the quotes of any text (see invariants.py)."""
    check: Callable[[str, list[Quote]], None] = _beside("invariants").sound
    return check


def _beside(name: str) -> ModuleType:
    """The module in a file beside this one, which is on no path."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
