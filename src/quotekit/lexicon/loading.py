"""The word lists of the package, read once per process."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load(name: str) -> Any:
    """What ``quotekit/data/en/<name>.json`` holds. Callers share the object and must not change it.

    >>> load("places")["countries"]["RU"]["capitals"]
    ['Moscow']
    """
    return json.loads((files("quotekit") / "data" / "en" / f"{name}.json").read_text(encoding="utf-8"))
