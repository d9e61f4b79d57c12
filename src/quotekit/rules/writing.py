"""Writes rules and cues to TOML and JSON Lines; fields with their default value are left out."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from quotekit.errors import RuleError
from quotekit.lexicon.cues import Cue
from quotekit.rules.files import form_of
from quotekit.rules.rule import Rule
from quotekit.rules.toml import toml_key, toml_value

WIDTH = 100
"""Maximum width, in characters, of a list that is written in one line."""


def write_file(
    path: str | os.PathLike[str], rules: Sequence[Rule], cues: Sequence[Cue] = (), without: Sequence[str] = ()
) -> None:
    """Write a set to a ``.toml`` or ``.jsonl`` file; see `RuleSet.to_file`."""
    path = Path(path)
    try:
        written = to_toml(rules, cues, without) if form_of(path) == ".toml" else to_jsonl(rules, cues, without)
        path.write_bytes(written.encode("utf-8"))
    except RuleError:
        raise
    except UnicodeEncodeError as error:
        raise RuleError(f"{path}: cannot be written: {error}; remove the lone surrogate") from None
    except ValueError as error:
        raise RuleError(f"{path}: {error}") from None
    except OSError as error:
        raise RuleError(f"{path}: cannot be written: {error.strerror}; choose a folder with write permission") from None


def to_jsonl(
    rules: Iterable[Rule], cues: Iterable[Cue] = (), without: Iterable[str] = (), *, ascii_only: bool = False
) -> str:
    """Return a set as JSON Lines."""
    records = _records(rules, cues, without)
    return "".join(f"{json.dumps(record, ensure_ascii=ascii_only)}\n" for record in records)


def to_toml(rules: Iterable[Rule], cues: Iterable[Cue] = (), without: Iterable[str] = ()) -> str:
    """Return a set as TOML.

    Raises:
        ValueError: a pattern holds a value that TOML cannot express.

    >>> print(to_toml([], [Cue(cue="quack", frames={"clause": 0.7})]), end="")
    [[cue]]
    cue = "quack"
    frames = {clause = 0.7}
    """
    blocks = []
    for record in _records(rules, cues, without):
        ((name, value),) = record.items()
        if name == "without":
            blocks.append(f"without = {_list(value)}\n")
            continue
        lines = [f"{toml_key(key)} = {_list(item)}\n" for key, item in value.items()]
        blocks.append(f"[[{name}]]\n{''.join(lines)}")
    return "\n".join(blocks)


def _records(rules: Iterable[Rule], cues: Iterable[Cue], without: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON Lines file."""
    rules, cues, without = list(rules), list(cues), list(without)
    # An empty file is not valid, so an empty set has an empty "without".
    if without or not (rules or cues):
        yield {"without": without}
    for rule in rules:
        yield {"rule": rule.model_dump(mode="json", exclude_defaults=True)}
    for cue in cues:
        yield {"cue": cue.model_dump(mode="json", exclude_defaults=True)}


def _list(value: Any) -> str:
    line = toml_value(value)
    if not isinstance(value, list) or not value or (len(line) <= WIDTH and not isinstance(value[0], dict)):
        return line
    return "[\n" + "".join(f"    {toml_value(item)},\n" for item in value) + "]"
