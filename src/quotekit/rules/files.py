"""Rules in files, TOML or JSON Lines: the built-in ones and a user's own have the same form."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

from quotekit.errors import RuleError, near
from quotekit.lexicon.cues import Cue, Cues
from quotekit.rules.checking import Mistake, check_cue, check_ids, check_rule, shown
from quotekit.rules.rule import Rule, RuleSet

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TABLES = ("rule", "cue", "without")
FORMS = (".toml", ".jsonl")
Model = TypeVar("Model", bound=BaseModel)

_PLACE = re.compile(r"(?P<problem>.*) \(at (?P<place>.*)\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A table of a file, and where it stands."""

    where: str
    number: int
    fields: Any

    def label(self, name: str, kind: str) -> str:
        """How a message names it: by its number and, if it has one, by its id."""
        own = self.fields.get(name) if isinstance(self.fields, dict) else None
        return f"{self.where}: {kind} {self.number}{f' ({own!r})' if isinstance(own, str) else ''}"


@dataclass(frozen=True, slots=True)
class _Contents:
    rules: list[_Entry]
    cues: list[_Entry]
    without: tuple[str, ...] | None


def form_of(path: Path) -> str:
    """``.toml`` or ``.jsonl``; `RuleError` for another ending."""
    if path.suffix.lower() not in FORMS:
        raise RuleError(f"{path}: expected a .toml or a .jsonl file, got {path.suffix or 'no ending'}; rename it")
    return path.suffix.lower()


def read_file(path: str | os.PathLike[str], *, examples: bool = True) -> RuleSet:
    """The set in a file; see `RuleSet.from_file`."""
    path = Path(path)
    return _checked(path, _contents(_text(path), str(path), form_of(path)), examples)


def add_file(rules: RuleSet, path: str | os.PathLike[str], *, examples: bool = True) -> RuleSet:
    """``rules`` with what a file has; see `RuleSet.with_file`."""
    path = Path(path)
    contents = _contents(_text(path), str(path), form_of(path))
    mine = _checked(path, contents, examples, rules)
    default = RuleSet.default()
    for id in mine.switched_off:
        if id not in rules and id not in default:
            raise RuleError(f"{path}: field 'without': no rule has the id {id!r}; {near(id, rules.ids)}")
    kept = rules.without(*(id for id in mine.switched_off if id in rules))
    for entry, rule in zip(contents.rules, mine, strict=True):
        if rule.id in kept:
            whose = "a built-in rule" if rule.id in default else "another rule"
            raise RuleError(
                f"{entry.label('id', 'rule')}: field 'id': {whose} has the id {rule.id!r}; give yours another id, "
                f'or put the other one under without = ["{rule.id}"] at the top of the file'
            )
    return kept.adding(*mine).with_cues(*mine.cues)


def parse_rules(source: str, where: str) -> tuple[Rule, ...]:
    """The rules of a TOML text: an array of tables named ``rule`` with the fields of `Rule`.

    Raises `RuleError` that names the file (``where``), the rule and the field.
    """
    entries = _toml(source, where).rules
    return tuple(_model(Rule, entry, "id", "rule") for entry in entries)


def built_in() -> tuple[Rule, ...]:
    """The rules inside the package, file by file in the order of their names."""
    folder = resources.files("quotekit") / "data" / "en" / "rules"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return tuple(rule for file in files for rule in parse_rules(file.read_text(encoding="utf-8"), file.name))


def from_lines(source: str, where: str) -> RuleSet:
    """The set in JSON Lines that quotekit wrote itself: what was valid then is not checked again."""
    contents = _jsonl(source, where)
    return RuleSet(
        [_model(Rule, entry, "id", "rule") for entry in contents.rules],
        [_model(Cue, entry, "cue", "cue") for entry in contents.cues],
        contents.without or (),
    )


def _contents(source: str, where: str, form: str) -> _Contents:
    contents = _toml(source, where) if form == ".toml" else _jsonl(source, where)
    if not contents.rules and not contents.cues and contents.without is None:
        raise RuleError(f"{where}: expected [[rule]], [[cue]] or without, got an empty file; write a rule into it")
    return contents


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise RuleError(f"{path}: there is no such file; check the spelling and the folder you are in") from None
    except IsADirectoryError:
        raise RuleError(f"{path}: expected a file, got a folder; name the .toml or .jsonl file in it") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise RuleError(f"{path}: cannot be read: {reason}; name another file, or mend its rights") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise RuleError(
            f"{path}: line {line}: expected UTF-8, got the byte 0x{data[error.start]:02x}; save the file as UTF-8"
        ) from None


def _toml(source: str, where: str) -> _Contents:
    try:
        tables: dict[str, Any] = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        match = _PLACE.fullmatch(str(error))
        problem, place = (match["problem"], match["place"]) if match else (str(error), "an unknown place")
        raise RuleError(
            f"{where}: {place}: not valid TOML: {problem}. Text stands in quotation marks, a list in brackets, and a "
            "rule begins with [[rule]]"
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
    return _Contents(
        [_Entry(where, number, table) for number, table in enumerate(tables.get("rule", ()), 1)],
        [_Entry(where, number, table) for number, table in enumerate(tables.get("cue", ()), 1)],
        _ids(tables["without"], where) if "without" in tables else None,
    )


def _jsonl(source: str, where: str) -> _Contents:
    rules: list[_Entry] = []
    cues: list[_Entry] = []
    without: tuple[str, ...] | None = None
    # Only this ends a line: text may hold others.
    for number, line in enumerate(source.split("\n"), 1):
        here = f"{where}: line {number}"
        if not line.strip():
            continue
        record = _json(line, here)
        if not isinstance(record, dict) or len(record) != 1:
            raise RuleError(f'{here}: expected one object such as {{"rule": {{…}}}}, got {shown(record)}; write it so')
        ((name, value),) = record.items()
        if name == "without":
            without = (*(without or ()), *_ids(value, here))
        elif name in ("rule", "cue"):
            entries = rules if name == "rule" else cues
            entries.append(_Entry(here, len(entries) + 1, value))
        else:
            raise RuleError(
                f'{here}: unknown key {name!r}; {near(name, TABLES)}; a line has "rule", "cue" or "without"'
            )
    return _Contents(rules, cues, without)


def _json(line: str, here: str) -> Any:
    try:
        return json.loads(line, object_pairs_hook=_once, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise RuleError(f"{here}, column {error.colno}: not valid JSON: {error.msg}; write one object a line") from None
    except (RecursionError, ValueError) as error:
        raise RuleError(f"{here}: not valid JSON: {error}; write one plain object a line") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    twice = check_ids([key for key, _ in pairs])
    if twice is not None:
        raise ValueError(f"the key {pairs[twice[1]][0]!r} stands twice in one object")
    return dict(pairs)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _ids(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(id, str) for id in value):
        raise RuleError(
            f"{where}: field 'without': expected a list of rules' ids, got {shown(value)}; "
            'write without = ["en.according-to"]'
        )
    return tuple(value)


def _checked(path: Path, contents: _Contents, examples: bool, base: RuleSet | None = None) -> RuleSet:
    """What a file has, checked beside ``base``, whose cues its rules may use; by default beside the built-in set."""
    base = RuleSet.default() if base is None else base
    for entries, name, kind in ((contents.rules, "id", "rule"), (contents.cues, "cue", "cue")):
        names = [entry.fields.get(name) if isinstance(entry.fields, dict) else None for entry in entries]
        twice = check_ids([one if isinstance(one, str) else None for one in names])
        if twice is not None:
            first, second = (entries[place] for place in twice)
            raise RuleError(
                f"{second.label(name, kind)}: field {name!r}: {names[twice[1]]!r} is also the {name} of {kind} "
                f"{first.number}; give each its own"
            )
    cues = [_model(Cue, entry, "cue", "cue") for entry in contents.cues]
    for entry, cue in zip(contents.cues, cues, strict=True):
        _told(entry.label("cue", "cue"), check_cue, cue)
    known = Cues.default().adding([*base.cues, *cues])
    rules = [_model(Rule, entry, "id", "rule") for entry in contents.rules]
    for entry, rule in zip(contents.rules, rules, strict=True):
        _told(entry.label("id", "rule"), check_rule, rule, known)
    found = RuleSet(rules, cues, contents.without or ())
    if examples and rules:
        _try_examples(path, contents.rules, found, base)
    return found


def _told(label: str, check: Callable[..., None], *arguments: Any) -> None:
    try:
        check(*arguments)
    except Mistake as mistake:
        raise RuleError(f"{label}: {mistake}") from None


def _model(model: type[Model], entry: _Entry, name: str, kind: str) -> Model:
    label = entry.label(name, kind)
    if not isinstance(entry.fields, dict):
        raise RuleError(f"{label}: expected a table of fields, got {shown(entry.fields)}; write them under [[{kind}]]")
    try:
        return model.model_validate(entry.fields)
    except ValidationError as error:
        # A misspelt field is missing too, under its right name: the misspelling is what to tell.
        errors = sorted(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
        raise RuleError(f"{label}: {_problem(model, dict(errors[0]))}") from None


def _problem(model: type[BaseModel], error: dict[str, Any]) -> str:
    place = [part + 1 if isinstance(part, int) else part for part in error["loc"]]
    field = ".".join(map(str, place))
    got, kind = shown(error["input"]), error["type"]
    if kind == "extra_forbidden":
        if field == "without":
            return "field 'without': unknown; it stands at the top of the file, before the first table: move it there"
        return f"field {field!r}: unknown; {near(field, model.model_fields)}"
    example = model.model_fields[str(place[0])].examples
    assert example
    from quotekit.rules.writing import toml_value

    remedy = f"write it like {place[0]} = {toml_value(example[0], '')}"
    if kind == "missing":
        return f"field {field!r}: required, and missing; {remedy}"
    if kind == "literal_error" and isinstance(error["input"], str):
        choices = re.findall(r"'([^']*)'", error["ctx"]["expected"])
        return f"field {field!r}: expected {error['ctx']['expected']}, got {got}; {near(error['input'], choices)}"
    expected = re.sub(r"^.*? should (be|have) ?(a valid )?| after validation, not.*", "", str(error["msg"]))
    expected = {"tuple": "a list", "dictionary": "a table", "string": "a string", "number": "a number"}.get(
        expected, expected
    )
    return f"field {field!r}: expected {expected}, got {got}; {remedy}"


def _try_examples(path: Path, entries: list[_Entry], rules: RuleSet, base: RuleSet) -> None:
    """Try the examples that have a stored parse beside the file, ``base`` around them: those need no model."""
    from quotekit.article.stored_parses import StoredParses, beside

    if not beside(path).is_file():
        return
    from quotekit.rules.markup import plain_text
    from quotekit.testing.checking import check_among

    try:
        frozen = StoredParses.of(path)
    except (ValueError, OSError) as error:
        raise RuleError(f"{beside(path)}: {error}") from None
    kept = base.without(*{id: None for id in (*rules.switched_off, *rules.ids) if id in base})
    among = kept.adding(*rules).with_cues(*rules.cues)
    for entry, rule in zip(entries, rules, strict=True):
        for field, markup in _examples(rule):
            text = plain_text(markup)
            if text not in frozen:
                continue
            decides = rule.kind != "speaker" or field.startswith("matches")
            try:
                check_among(among, markup, rule, frozen[text], decides)
            except AssertionError as error:
                raise RuleError(
                    f"{entry.label('id', 'rule')}: field {field!r}: the example does not hold: {error}\n"
                    f"  Mend the pattern or the example. If spaCy changed: quotekit rules freeze {path}"
                ) from None


def _examples(rule: Rule) -> Iterator[tuple[str, str]]:
    for group, examples in (("matches", rule.matches), ("rejects", rule.rejects)):
        for place, markup in enumerate(examples, 1):
            yield f"{group}.{place}", markup
