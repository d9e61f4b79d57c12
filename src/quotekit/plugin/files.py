"""Which files are quotekit's: pytest shows the plugin every file of every project."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

Kind = Literal["rules", "cases"]

NEVER = frozenset({"pyproject.toml", "Cargo.toml", "Pipfile.toml"})

_TABLE = re.compile(rb"^[ \t]*\[\[[ \t]*(?:rule|cue)[ \t]*\]\]", re.MULTILINE)
# Of a file that is named, what looks like ours and is not right is ours to complain of: "[[rules]]".
_LIKE = re.compile(rb"^[^\w\n]*(?:rules?|cues?|without)\b", re.MULTILINE)
# A table of that name could be anybody's; these fields together are ours.
_FIELD = re.compile(rb"^[ \t]*(?:(?:why|matches|rejects|pattern|frames)[ \t]*=|frames\.)", re.MULTILINE)
_LINE = re.compile(rb'\s*\{\s*"(?:rule|cue|without)"\s*:')
_CASE = re.compile(rb"^===|<content\b", re.MULTILINE)


def kind_of(path: Path, *, named: bool) -> Kind | None:
    """What sort of file ``path`` is: one with rules, one with golden cases, or none of ours.

    ``named`` is one that the command line names; others come from its folders, and must look like ours beyond doubt.
    """
    if path.name.endswith(".quotes.txt"):
        return "cases" if named or _CASE.search(_bytes(path)) else None
    if path.suffix == ".jsonl":
        return "rules" if named and _LINE.match(_bytes(path)) else None
    if path.name in NEVER:
        return None
    source = _bytes(path)
    if named:
        return "rules" if _LIKE.search(source) else None
    return "rules" if _TABLE.search(source) and _FIELD.search(source) else None


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    # What cannot be read is for pytest to complain of, if it was asked for.
    except OSError:
        return b""
