"""The table of rooms: which part of the package may import which.

Every import counts, lazy and type-only ones too. A module imports only from its own room and from the rooms that its
row names, so that a text flows one way and no circle can form between rooms. Inside a room no circle may form either.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import quotekit

PACKAGE = Path(quotekit.__file__).parent

ROOT = ["views", "models", "errors", "dates", "extras", "forking"]
ARTICLE = [*ROOT, "lexicon", "form", "article"]
ATTRIBUTION = [*ARTICLE, "encoder", "rules", "speakers", "candidates", "attribution"]
READING = [*ATTRIBUTION, "known", "output", "processes", "explain", "corrections", "extractor"]
FOLDERS = [*READING, "batch", "testing"]
OUTSIDE = [*FOLDERS, "grouping", "study", "report", "engines", "pytest_plugin", "component"]

ROOMS: dict[str, list[str]] = {
    "views": [],
    "models": ["views"],
    "errors": [],
    "dates": [],
    "forking": [],
    "extras": ["errors"],
    "lexicon": ROOT,
    "output": ROOT,
    "processes": ROOT,
    "form": [*ROOT, "lexicon"],
    "article": [*ROOT, "lexicon", "form"],
    "known": [*ROOT, "lexicon", "output"],
    "encoder": ARTICLE,
    "rules": ARTICLE,
    "speakers": ARTICLE,
    "candidates": [*ARTICLE, "encoder", "rules"],
    "attribution": [*ARTICLE, "encoder", "rules", "speakers", "candidates"],
    "explain": ATTRIBUTION,
    "corrections": ATTRIBUTION,
    "extractor": [*ATTRIBUTION, "known", "output", "processes", "explain", "corrections"],
    "component": READING,
    "batch": READING,
    "testing": READING,
    "grouping": FOLDERS,
    "study": FOLDERS,
    "report": [*FOLDERS, "grouping", "study"],
    "engines": FOLDERS,
    "pytest_plugin": FOLDERS,
    "__init__": [*FOLDERS, "report"],
    "terminal": OUTSIDE,
    "cli": [*OUTSIDE, "terminal", "__init__"],
    "__main__": ["cli"],
}
"""Each room, and the rooms that it may import from. The order is the way of the data."""

EXCEPTIONS = {
    ("rules.loading", "attribution.trial"): "loading a rule file runs the rules' own examples, which need a reading",
}
"""The arrows that point the other way, each with its reason."""


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        yield ".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts), path


@cache
def names() -> frozenset[str]:
    return frozenset(name for name, _ in modules())


def targets(node: ast.AST) -> Iterator[str]:
    """The modules of the package that an import statement names, without the leading ``quotekit.``."""
    if isinstance(node, ast.Import):
        found = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports are absolute"
        within = [f"{node.module}.{alias.name}" for alias in node.names]
        found = [name if name.removeprefix("quotekit.") in names() else str(node.module) for name in within]
    else:
        return
    for name in found:
        if name == "quotekit":
            yield "__init__"
        elif name.startswith("quotekit."):
            yield name.removeprefix("quotekit.")


@cache
def arrows() -> frozenset[tuple[str, str]]:
    """Every (importing module, imported module) of the package."""
    return frozenset(
        (name, target)
        for name, path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for target in targets(node)
        if target != name
    )


def room(module: str) -> str:
    return module.partition(".")[0]


def test_every_module_is_in_a_room() -> None:
    assert {room(name) for name in names()} == set(ROOMS)


def test_the_package_root_stays_small() -> None:
    assert len(list(PACKAGE.glob("*.py"))) <= 12


def test_a_row_names_only_rooms_above_it() -> None:
    order = list(ROOMS)
    for name, allowed in ROOMS.items():
        later = [other for other in allowed if other != "__init__" and order.index(other) > order.index(name)]
        assert not later, (name, later)


def test_imports_point_only_to_rooms_above() -> None:
    wrong = [
        (name, target)
        for name, target in sorted(arrows())
        if room(target) not in [room(name), *ROOMS[room(name)]] and (name, target) not in EXCEPTIONS
    ]
    assert not wrong


def test_every_exception_is_needed() -> None:
    assert set(EXCEPTIONS) <= arrows()


def circles() -> list[list[str]]:
    """The strongly connected components of more than one module (Tarjan 1972); a package's own ``__init__`` counts."""
    graph: dict[str, list[str]] = {name: [] for name in names()}
    for name, target in sorted(arrows() - set(EXCEPTIONS)):
        graph[name].append(target)
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for target in graph[name]:
            if target not in index:
                visit(target)
            if target in stack:
                low[name] = min(low[name], low[target])
        if low[name] == index[name]:
            circle = stack[stack.index(name) :]
            del stack[stack.index(name) :]
            if len(circle) > 1:
                found.append(sorted(circle))

    for name in sorted(graph):
        if name not in index:
            visit(name)
    return found


def test_no_circles() -> None:
    assert circles() == []


@pytest.mark.parametrize("statement", ["from quotekit.cli import main", "import quotekit.cli.commands"])
def test_lazy_imports_are_seen(statement: str) -> None:
    tree = ast.parse(f"def later():\n    {statement}\n")
    assert [room(target) for node in ast.walk(tree) for target in targets(node)] == ["cli"]
