"""Loads the tables of the package, once per process."""

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
def load(name: str, folder: str = "en") -> Any:
    """Return what ``quotekit/data/<folder>/<name>.json``, or else ``<name>.toml``, holds.

    Callers share the object and must not change it.

    >>> load("places")["countries"]["RU"]["capitals"]
    ['Moscow']
    """
    data = files("quotekit") / "data" / folder
    table = data / f"{name}.toml"
    if table.is_file():
        return tomllib.loads(table.read_text(encoding="utf-8"))
    return json.loads((data / f"{name}.json").read_text(encoding="utf-8"))
