"""What is wrong with a rule or a cue, in words: the field, what was expected, what was found, and the remedy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError

from quotekit.errors import RuleError, near
from quotekit.rules.toml import toml_value

SHOWN = 60
"""Maximum length, in characters, of a wrong value in a message."""

KEY = "[key]"
"""Pydantic's name for the place of an error in a key of a dict."""

_EXPECTED = {
    "string_type": "a string",
    "float_type": "a number",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
    "less_than_equal": "at most {le:g}",
    "greater_than_equal": "at least {ge:g}",
    "string_too_short": "at least {min_length} character",
    "string_too_long": "at most {max_length} characters",
    "too_short": "at least {min_length} item",
}
"""What was expected, by the type of pydantic's error; the fields in braces are those of its context."""


class Mistake(Exception):
    """One field of a rule or a cue is wrong."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"field {field!r}: {problem}")


@contextmanager
def located(where: str) -> Iterator[None]:
    """Turn a `Mistake` into a `RuleError` that begins with ``where``."""
    try:
        yield
    except Mistake as mistake:
        raise RuleError(f"{where}: {mistake}") from None


def shown(value: object) -> str:
    """Return ``value`` as a message shows it.

    >>> shown("indirekt"), shown(["a"] * 100)
    ("'indirekt'", "['a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a',…")
    """
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def slip(problem: str, field: str = "") -> PydanticCustomError:
    """Return an error for a validator to raise; ``field`` is the path from the validated field to the wrong one."""
    return PydanticCustomError("slip", "{problem}", {"problem": problem, "field": field})


def mistake_of(error: ValidationError, model: type[BaseModel], place: str = "", prefix: str = "") -> Mistake:
    """Return the first problem in ``error``.

    Args:
        error: what validating ``model`` raised.
        model: the model.
        place: the path to the validated value, where it is not the whole rule.
        prefix: words before the problem.
    """
    # A misspelt field is also missing under its right name; the misspelling is the more helpful message.
    first = sorted(error.errors(), key=lambda one: one["type"] != "extra_forbidden")[0]
    path = [str(part + 1) if isinstance(part, int) else part for part in first["loc"] if part != KEY]
    path.append(str(first.get("ctx", {}).get("field", "")))
    return Mistake(".".join(filter(None, [place, *path])), prefix + _problem(model, first))


def _problem(model: type[BaseModel], error: ErrorDetails) -> str:
    kind, place, context, got = error["type"], error["loc"], error.get("ctx", {}), error["input"]
    if kind == "slip":
        return str(context["problem"])
    owner, name, field = _field(model, place)
    if kind == "extra_forbidden":
        if place == ("without",):
            return "unknown in a table; move it to the top of the file, before the first table"
        return f"unknown; {near(str(place[-1]), owner.model_fields)}"
    if kind == "literal_error" and isinstance(got, str):
        choices = [str(choice) for choice in _literals(field.annotation)]
        if place[-1] == KEY:
            return f"unknown; {near(got.upper(), choices)}"
        return f"unknown value {shown(got)}; {near(got, choices)}"
    remedy = f"write it like {name} = {toml_value((field.examples or [''])[0])}"
    if kind == "missing":
        return f"required, and missing; {remedy}"
    expected = _EXPECTED[kind].format(**context) if kind in _EXPECTED else str(error["msg"])
    return f"expected {expected}, got {shown(got)}; {remedy}"


def _field(model: type[BaseModel], place: Sequence[int | str]) -> tuple[type[BaseModel], str, FieldInfo]:
    """Return the innermost model on the way to ``place``, and the last field on it, by name."""
    name, field = "", FieldInfo()
    for part in place:
        if str(part) in model.model_fields:
            name, field = str(part), model.model_fields[str(part)]
            model = next(_models(field.annotation), model)
    return model, name, field


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)


def _literals(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    else:
        for argument in get_args(annotation):
            yield from _literals(argument)
