"""Sets of rules written to TOML and JSON Lines; what is left at its default is left out."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from quotekit.errors import RuleError
from quotekit.rules.rule import RuleSet

WIDTH = 100
"""A list longer than so many characters has a line for each item."""

_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


def write_file(rules: RuleSet, path: str | os.PathLike[str]) -> None:
    """Write ``rules`` to a ``.toml`` or ``.jsonl`` file. Raises `RuleError`; see `RuleSet.to_file`."""
    from quotekit.rules.files import form_of

    path = Path(path)
    written = to_toml(rules, str(path)) if form_of(path) == ".toml" else to_jsonl(rules)
    try:
        path.write_bytes(written.encode("utf-8"))
    except UnicodeEncodeError as error:
        raise RuleError(f"{path}: cannot be written: {error}; take the lone surrogate out") from None
    except OSError as error:
        raise RuleError(
            f"{path}: cannot be written: {error.strerror}; name a file in a folder that you may write to"
        ) from None


def records(rules: RuleSet) -> Iterator[dict[str, Any]]:
    """The set as the objects of a JSON Lines file."""
    # An empty set is no empty file, which would be a mistake.
    if rules.switched_off or not (len(rules) or rules.cues):
        yield {"without": list(rules.switched_off)}
    for rule in rules:
        yield {"rule": rule.model_dump(mode="json", exclude_defaults=True)}
    for cue in rules.cues:
        yield {"cue": cue.model_dump(mode="json", exclude_defaults=True)}


def to_jsonl(rules: RuleSet, *, ascii_only: bool = False) -> str:
    """The set as JSON Lines."""
    return "".join(f"{json.dumps(record, ensure_ascii=ascii_only)}\n" for record in records(rules))


def to_toml(rules: RuleSet, where: str = "to_file") -> str:
    """The set as TOML.

    >>> from quotekit.rules import Cue
    >>> print(to_toml(RuleSet([], [Cue(cue="quack", frames={"clause": 0.7})])), end="")
    [[cue]]
    cue = "quack"
    frames = {clause = 0.7}
    """
    blocks = []
    for record in records(rules):
        ((name, value),) = record.items()
        if name == "without":
            blocks.append(f"without = {_list(value, where)}\n")
            continue
        lines = [f"{_key(key)} = {_list(item, where)}\n" for key, item in value.items()]
        blocks.append(f"[[{name}]]\n{''.join(lines)}")
    return "\n".join(blocks)


def _list(value: Any, where: str) -> str:
    line = toml_value(value, where)
    if not isinstance(value, list) or not value or (len(line) <= WIDTH and not isinstance(value[0], dict)):
        return line
    return "[\n" + "".join(f"    {toml_value(item, where)},\n" for item in value) + "]"


def toml_value(value: Any, where: str) -> str:
    """``value`` as TOML has it, in one line."""
    if isinstance(value, str):
        # JSON's escapes are TOML's too, but for this one character.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, (bool, int, float)):
        return json.dumps(value)
    if isinstance(value, list):
        return f"[{', '.join(toml_value(item, where) for item in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_key(key)} = {toml_value(item, where)}' for key, item in value.items())}}}"
    raise RuleError(f"{where}: TOML has no way to write {value!r}; take it out, or name a .jsonl file")


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else toml_value(key, "")
