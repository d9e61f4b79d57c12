"""Rules in TOML files: the built-in ones and a user's own have the same form."""

from __future__ import annotations

import sys
from importlib import resources
from typing import Any

from pydantic import ValidationError

from quotekit.errors import RuleError
from quotekit.rules.rule import Rule

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def parse_rules(source: str, where: str) -> tuple[Rule, ...]:
    """The rules of a TOML text: an array of tables named ``rule`` with the fields of `Rule`.

    Raises `RuleError` that names the file (``where``), the rule and the field.
    """
    try:
        tables: dict[str, Any] = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{where}: not valid TOML: {error}") from error
    unknown = sorted(set(tables) - {"rule"})
    if unknown:
        raise RuleError(f"{where}: unknown table {unknown[0]!r}; a rule file has [[rule]] tables only")
    return tuple(_rule(table, f"{where}: rule {place + 1}") for place, table in enumerate(tables.get("rule", ())))


def _rule(table: dict[str, Any], where: str) -> Rule:
    try:
        return Rule.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise RuleError(f"{where} ({table.get('id')!r}): field {field!r}: {first['msg']}") from error


def built_in() -> tuple[Rule, ...]:
    """The rules inside the package, file by file in the order of their names."""
    folder = resources.files("quotekit") / "data" / "en" / "rules"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return tuple(rule for file in files for rule in parse_rules(file.read_text(encoding="utf-8"), file.name))
