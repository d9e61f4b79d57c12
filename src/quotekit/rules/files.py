"""Reads rules, cues and ``without`` from TOML and JSON Lines; built-in rules and your own have the same form."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

from quotekit.errors import RuleError, near
from quotekit.lexicon.cues import Cue
from quotekit.rules.messages import mistake_of, shown
from quotekit.rules.rule import Rule

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TABLES = ("rule", "cue", "without")
FORMS = (".toml", ".jsonl")
Model = TypeVar("Model", bound=BaseModel)

MOST_BYTES = 4_000_000
"""Maximum size of a file; those of the package have 170,000 bytes together."""

MOST_DOTS = 16
"""Maximum number of dots in a line of TOML outside strings: a dotted key takes time quadratic in its parts."""

_STRING_OR_COMMENT = re.compile(
    r'''"""(?:[^"\\]|\\.|"(?!""))*(?:"{3,5})?|'{3}(?:[^']|'(?!''))*(?:'{3,5})?|"(?:[^"\\\n]|\\[^\n])*"?|'[^'\n]*'?|#[^\n]*''',
    re.DOTALL,
)
_PLACE = re.compile(r"(?P<problem>.*) \(at (?P<place>.*)\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Entry:
    """A table of a file, and its place there."""

    where: str
    kind: str
    number: int
    fields: Any

    @property
    def name(self) -> str | None:
        """The rule's id, or the cue's words."""
        own = self.fields.get("id" if self.kind == "rule" else "cue") if isinstance(self.fields, dict) else None
        return own if isinstance(own, str) else None

    @property
    def label(self) -> str:
        """The entry in a message: its number, and its name if it has one."""
        name = "" if self.name is None else f" ({self.name!r})"
        return f"{self.where}: {self.kind} {self.number}{name}"

    def read(self, model: type[Model]) -> Model:
        """Return the rule or the cue. Raises `RuleError`."""
        if not isinstance(self.fields, dict):
            wanted = f"expected a table of fields, got {shown(self.fields)}; write them under [[{self.kind}]]"
            raise RuleError(f"{self.label}: {wanted}")
        try:
            return model.model_validate(self.fields)
        except ValidationError as error:
            raise RuleError(f"{self.label}: {mistake_of(error, model)}") from None
        except RecursionError:
            raise RuleError(f"{self.label}: lists or tables are nested too deeply; make it simpler") from None


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds, not yet checked."""

    rules: tuple[Entry, ...]
    cues: tuple[Entry, ...]
    without: tuple[str, ...] | None


def form_of(path: Path) -> str:
    """Return ``.toml`` or ``.jsonl``; another suffix raises `RuleError`."""
    if path.suffix.lower() not in FORMS:
        raise RuleError(f"{path}: expected a .toml or a .jsonl file, got {path.suffix or 'no suffix'}; rename it")
    return path.suffix.lower()


def parse_rules(source: str, where: str) -> tuple[Rule, ...]:
    """Return the rules of a TOML text: an array of tables named ``rule`` with the fields of `Rule`.

    Raises:
        RuleError: the message names the file (``where``), the rule and the field.
    """
    return tuple(entry.read(Rule) for entry in _toml(source, where).rules)


@cache
def built_in() -> tuple[Rule, ...]:
    """Return the rules of the package, file by file in the order of their names."""
    folder = resources.files("quotekit") / "data" / "en" / "rules"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return tuple(rule for file in files for rule in parse_rules(file.read_text(encoding="utf-8"), file.name))


def from_lines(source: str, where: str) -> tuple[list[Rule], list[Cue], tuple[str, ...]]:
    """Return the rules, the cues and ``without`` of JSON Lines that quotekit wrote, which need no further checks."""
    contents = _jsonl(source, where)
    rules = [entry.read(Rule) for entry in contents.rules]
    return rules, [entry.read(Cue) for entry in contents.cues], contents.without or ()


def read_contents(path: Path) -> Contents:
    """Return what a file holds. Raises `RuleError` if it cannot be read, or holds nothing."""
    form, source = form_of(path), _text(path)
    contents = _toml(source, str(path)) if form == ".toml" else _jsonl(source, str(path))
    if not contents.rules and not contents.cues and contents.without is None:
        raise RuleError(f"{path}: expected [[rule]], [[cue]] or without, got an empty file; add a rule")
    return contents


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise RuleError(f"{path}: there is no such file; check the spelling and the current folder") from None
    except IsADirectoryError:
        raise RuleError(f"{path}: expected a file, got a folder; name the .toml or .jsonl file in it") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise RuleError(f"{path}: cannot be read: {reason}; name another file, or change its permissions") from None
    if len(data) > MOST_BYTES:
        raise RuleError(f"{path}: expected at most {MOST_BYTES:,} bytes, got {len(data):,}; split the file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise RuleError(
            f"{path}: line {line}: expected UTF-8, got the byte 0x{data[error.start]:02x}; save the file as UTF-8"
        ) from None


def _toml(source: str, where: str) -> Contents:
    _check_keys(source, where)
    try:
        tables: dict[str, Any] = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        match = _PLACE.fullmatch(str(error))
        problem, place = (match["problem"], match["place"]) if match else (str(error), "an unknown place")
        raise RuleError(
            f"{where}: {place}: not valid TOML: {problem}. Put text in quotation marks and a list in brackets, and "
            "begin a rule with [[rule]]"
        ) from None
    except (RecursionError, ValueError) as error:
        raise RuleError(f"{where}: not valid TOML: {error}; make it simpler") from None
    for name in tables:
        if name not in TABLES:
            raise RuleError(
                f"{where}: unknown table {name!r}; {near(name, TABLES)}; a file has [[rule]], [[cue]] and without"
            )
    for name in ("rule", "cue"):
        if not isinstance(tables.get(name, []), list):
            raise RuleError(f"{where}: field {name!r}: expected an array of tables, got a single one; write [[{name}]]")
    rules, cues = (
        tuple(Entry(where, kind, number, fields) for number, fields in enumerate(tables.get(kind, ()), 1))
        for kind in ("rule", "cue")
    )
    return Contents(rules, cues, _ids(tables["without"], where) if "without" in tables else None)


def _check_keys(source: str, where: str) -> None:
    """Raise `RuleError` if a line has a dotted key that would take long to parse."""
    bare = _STRING_OR_COMMENT.sub(lambda match: "\n" * match[0].count("\n"), source)
    for number, line in enumerate(bare.split("\n"), 1):
        if line.count(".") > MOST_DOTS:
            raise RuleError(f"{where}: line {number}: expected a short key, got one with {line.count('.')} dots")


def _jsonl(source: str, where: str) -> Contents:
    entries: dict[str, list[Entry]] = {"rule": [], "cue": []}
    without: tuple[str, ...] | None = None
    # str.splitlines would also split at separators inside the texts.
    for number, line in enumerate(source.split("\n"), 1):
        here = f"{where}: line {number}"
        if not line.strip():
            continue
        record = _json(line, here)
        if not isinstance(record, dict) or len(record) != 1:
            raise RuleError(f'{here}: expected one object, got {shown(record)}; write it like {{"rule": {{…}}}}')
        ((name, value),) = record.items()
        if name == "without":
            without = (*(without or ()), *_ids(value, here))
        elif name in entries:
            entries[name].append(Entry(here, name, len(entries[name]) + 1, value))
        else:
            raise RuleError(
                f'{here}: unknown key {name!r}; {near(name, TABLES)}; a line has "rule", "cue" or "without"'
            )
    return Contents(tuple(entries["rule"]), tuple(entries["cue"]), without)


def _json(line: str, here: str) -> Any:
    try:
        return json.loads(line, object_pairs_hook=_once, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise RuleError(f"{here}, column {error.colno}: not valid JSON: {error.msg}; write one object a line") from None
    except (RecursionError, ValueError) as error:
        raise RuleError(f"{here}: not valid JSON: {error}; write one plain object a line") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    twice = first_twice(key for key, _ in pairs)
    if twice is not None:
        raise ValueError(f"the key {pairs[twice[1]][0]!r} is in the object twice")
    return dict(pairs)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def first_twice(names: Iterable[str | None]) -> tuple[int, int] | None:
    """Return the places (from 0) of the first two names that are the same; ``None`` is not a name."""
    seen: dict[str, int] = {}
    for place, name in enumerate(names):
        if name in seen:
            return seen[name], place
        if name is not None:
            seen[name] = place
    return None


def _ids(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(id, str) for id in value):
        raise RuleError(
            f"{where}: field 'without': expected a list of ids of rules, got {shown(value)}; "
            'write it like without = ["en.according-to"]'
        )
    return tuple(value)
