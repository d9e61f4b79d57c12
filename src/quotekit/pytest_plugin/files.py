"""Which files are quotekit's: pytest shows the plugin every file of every project."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

Kind = Literal["rules", "cases"]

NEVER = frozenset({"pyproject.toml", "Cargo.toml", "Pipfile.toml"})
PACKAGE = Path(__file__).resolve().parents[1]

_TABLE = re.compile(rb"^[ \t]*\[\[[ \t]*(?:rule|cue)[ \t]*\]\]", re.MULTILINE)
# Of a file that is named, what looks like ours and is not right is ours to complain of: "[[rules]]".
_LIKE = re.compile(rb"^[^\w\n]*(?:rules?|cues?|without)\b", re.MULTILINE)
# A table of that name could be anybody's, and so could any field but this one of a pattern: it takes two.
_NODE = re.compile(rb"\bRIGHT_ID\b")
_ABOUT = re.compile(rb"^[ \t]*(?:why|cue)[ \t]*=", re.MULTILINE)
_SHOWN = re.compile(rb"^[ \t]*(?:(?:matches|rejects|frames)[ \t]*=|frames\.)", re.MULTILINE)
_LINE = re.compile(rb'\s*\{\s*"(?:rule|cue|without)"\s*:')
_CASE = re.compile(rb"^===|<content\b", re.MULTILINE)


def kind_of(path: Path, *, named: bool) -> Kind | None:
    """What sort of file ``path`` is: one with rules, one with golden cases, or none of ours.

    ``named`` is one that the command line names; others come from its folders, and must look like ours beyond doubt.
    The built-in rules are none: they cannot be read beside themselves.
    """
    if _is_built_in(path.resolve()):
        return None
    if path.name.endswith(".quotes.txt"):
        return "cases" if named or _CASE.search(_bytes(path)) else None
    if path.suffix == ".jsonl":
        return "rules" if named and _LINE.match(_bytes(path)) else None
    if path.name in NEVER:
        return None
    source = _bytes(path)
    if named:
        return "rules" if _LIKE.search(source) else None
    return "rules" if _TABLE.search(source) and _is_plain(source) else None


def _is_plain(source: bytes) -> bool:
    return bool(_NODE.search(source) or (_ABOUT.search(source) and _SHOWN.search(source)))


def _is_built_in(path: Path) -> bool:
    """Whether ``path`` is in this package, or in the data folder of a checkout that is not the one installed."""
    return path.is_relative_to(PACKAGE) or any(
        folder.name == "data" and folder.parent.name == "quotekit" and (folder / "rules.schema.json").is_file()
        for folder in path.parents
    )


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    # What cannot be read is for pytest to complain of, if it was asked for.
    except OSError:
        return b""
