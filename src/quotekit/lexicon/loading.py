"""Loads the word lists of the package, once per process."""

from __future__ import annotations

import json
import sys
from functools import cache
from importlib.resources import files
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@cache
def load(name: str) -> Any:
    """Return what ``quotekit/data/en/<name>.json``, or else ``<name>.toml``, holds.

    Callers share the object and must not change it.

    >>> load("places")["countries"]["RU"]["capitals"]
    ['Moscow']
    """
    folder = files("quotekit") / "data" / "en"
    table = folder / f"{name}.toml"
    if table.is_file():
        return tomllib.loads(table.read_text(encoding="utf-8"))
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
