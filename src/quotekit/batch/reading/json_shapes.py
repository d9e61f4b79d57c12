"""Shapes of JSON that hold a list of articles, or an article under other names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from quotekit.batch.reading.markup import lines, parse_html
from quotekit.batch.reading.rows import MISSING, paragraphs, value_of

DEEPEST_LIST = 3
"""Objects within objects in which the list of articles is looked for."""

_NINJS = ("body_text", "body_xhtml", "body_html")


def rows_in(found: Any, text_field: str) -> list[Any] | None:
    """Return the articles that an object wraps; ``None`` if it is an article itself.

    One list of objects in an object is the list: in it, or in the one object in it that has such a list. Tables as
    pandas writes them are rows too.

    >>> rows_in({"status": "ok", "articles": [{"text": "It rained."}]}, "text")
    [{'text': 'It rained.'}]
    >>> rows_in({"text": {"0": "It rained.", "1": "It snowed."}, "id": {"0": 1, "1": 2}}, "text")
    [{'text': 'It rained.', 'id': 1}, {'text': 'It snowed.', 'id': 2}]
    """
    if not isinstance(found, dict):
        return None
    whole = value_of(found, text_field)
    if whole is not MISSING and not isinstance(whole, dict):
        return None
    shapes = _of_columns(found, text_field) or _of_cells(found, text_field) or _of_objects(found, text_field)
    return shapes or _wrapped(found, DEEPEST_LIST)


def of_ninjs(row: Mapping[str, Any], text_field: str) -> Mapping[str, Any]:
    """Return an article with the text of ninjs as its text, if it has that and no other; markup is taken out.

    >>> of_ninjs({"uri": "x", "body_xhtml": "<p>It rained.</p><p>It snowed.</p>"}, "text")["text"]
    'It rained.\\n\\nIt snowed.'
    """
    name = next((name for name in _NINJS if isinstance(row.get(name), str)), None)
    if name is None or value_of(row, text_field) is not MISSING or text_field != "text":
        return row
    root = None if name == "body_text" else parse_html(row[name], "ninjs")
    text = row[name] if root is None else paragraphs(lines(root))
    return {"text": text, **{key: value for key, value in row.items() if key not in _NINJS}}


def _wrapped(found: dict[str, Any], levels: int) -> list[Any] | None:
    lists = [value for value in found.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
    if len(lists) == 1:
        return lists[0]
    if lists or not levels:
        return None
    inner = (_wrapped(value, levels - 1) for value in found.values() if isinstance(value, dict))
    there = [rows for rows in inner if rows is not None]
    return there[0] if len(there) == 1 else None


def _of_columns(found: dict[str, Any], text_field: str) -> list[Any] | None:
    """Return the rows of an object of columns, as pandas writes them by default."""
    columns = found.get(text_field)
    if not isinstance(columns, dict) or not all(
        isinstance(one, dict) and one.keys() == columns.keys() for one in found.values()
    ):
        return None
    return [{name: cells[key] for name, cells in found.items()} for key in columns]


def _of_objects(found: dict[str, Any], text_field: str) -> list[Any] | None:
    """Return the rows of an object of rows, as pandas writes them with "index"."""
    rows = list(found.values())
    whole = all(isinstance(one, dict) and value_of(one, text_field) is not MISSING for one in rows)
    return rows if rows and whole else None


def _of_cells(found: dict[str, Any], text_field: str) -> list[Any] | None:
    """Return the rows of a list of names and a list of rows, as pandas writes them with "split"."""
    names, rows = found.get("columns"), found.get("data")
    if not isinstance(names, list) or text_field not in names or not isinstance(rows, list):
        return None
    return [dict(zip(names, row, strict=False)) for row in rows if isinstance(row, list)]
