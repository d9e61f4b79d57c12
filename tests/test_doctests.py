"""The examples in docstrings hold."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import quotekit

MODULES = sorted(
    found.name
    for found in pkgutil.walk_packages(quotekit.__path__, "quotekit.")
    # Run as a program, it would do so on import.
    if not found.name.endswith("__main__")
)


@pytest.mark.parametrize("name", ["quotekit", *MODULES])
def test_examples_in_docstrings(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert result.failed == 0


def test_there_are_examples() -> None:
    assert "quotekit.models" in MODULES
    finder = doctest.DocTestFinder(exclude_empty=True)
    assert any(found.examples for found in finder.find(importlib.import_module("quotekit.models")))
