"""Lines with a label, as exports write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from quotekit.batch.reading.articles import Article, paragraphs
from quotekit.batch.reading.days import day_within
from quotekit.batch.reading.metadata import about
from quotekit.batch.records import Value
from quotekit.lexicon import load


@cache
def layout(name: str) -> Any:
    """Return the layout of an export, as ``data/reading/exports.toml`` describes it."""
    return load("exports", "reading")[name]


@cache
def fields(name: str) -> dict[str, str]:
    """Return what each label holds, in lower case; "" for one whose lines are dropped."""
    return {
        label: "" if field == "dropped" else field
        for field, labels in layout(name)["labels"].items()
        for label in labels
    }


@cache
def pattern(name: str, key: str) -> re.Pattern[str]:
    """Return one of the layout's patterns."""
    return re.compile(layout(name)[key])


def label_of(line: str, name: str, key: str = "label") -> tuple[str, str] | None:
    """Return the label of a line, in lower case, and its value; ``None`` if the layout has no such label."""
    found = pattern(name, key).fullmatch(line)
    if found is None:
        return None
    label = found["label"].strip().lower()
    return (label, (found["value"] or "").strip()) if label in fields(name) else None


def split_at(lines: Iterable[str], start: re.Pattern[str]) -> Iterator[list[str]]:
    """Yield the lines after each line that matches ``start``, up to the next such line."""
    part: list[str] | None = None
    for line in lines:
        if start.fullmatch(line):
            if part is not None:
                yield part
            part = []
        elif part is not None:
            part.append(line)
    if part is not None:
        yield part


def blocks(lines: Iterable[str]) -> list[list[str]]:
    """Return the lines between blank ones, together."""
    found: list[list[str]] = [[]]
    for line in lines:
        if line:
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return found if found[-1] else found[:-1]


def article(text: Iterable[str], values: dict[str, str]) -> Article:
    """Return an article of its paragraphs and the values of its labels."""
    fields: dict[str, Value] = {name: values[name] for name in ("section", "length") if values.get(name)}
    known = {name: values.get(name) for name in ("title", "outlet", "url")}
    language = values.get("language", "").partition(";")[0].capitalize()
    day = day_within(values.get("date", ""))
    notes = ("date",) if day is None and values.get("date") else ()
    return Article(paragraphs(text), day, fields, about(**known, author=values.get("author"), language=language), notes)
