"""The gold articles and their scorer, read from the folder ``shared`` beside the checkout."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

SHARED = Path(__file__).resolve().parents[1].parent / "shared"

Record = dict[str, Any]
"""One article with its gold: ``id``, ``text``, ``attributions``."""

Relation = dict[str, Any]
"""One attribution as the scorer reads it: ``content``, ``cue`` and ``source``, each a list of character spans."""


def articles(split: str = "dev", limit: int | None = None) -> list[Record]:
    """The first ``limit`` articles (all without it) of PolNeAR's ``split``, "train" or "dev"."""
    with _file(f"polnear/{split}.jsonl").open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return records[:limit]


def scorer(name: str = "score") -> ModuleType:
    """The scorer's own file as a module, so that its figures are its own."""
    spec = importlib.util.spec_from_file_location(f"shared_{name}", _file(f"bench/{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    writes_bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = writes_bytecode
    return module


def _file(name: str) -> Path:
    path = SHARED / name
    if not path.is_file():
        # Exit with an error, since the caller asked for a figure.
        print(f"skipped: there is no {name} in a folder 'shared' beside the checkout", file=sys.stderr)
        raise SystemExit(2)
    return path
