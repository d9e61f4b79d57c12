"""Articles as JSON: a file of one object or a list of them, and JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from quotekit.batch.reading.encodings import decoded
from quotekit.batch.reading.faults import Fault, brief, reason
from quotekit.batch.reading.json_shapes import of_ninjs, rows_in
from quotekit.batch.reading.lines import Lines, undecodable
from quotekit.batch.reading.opening import LARGEST, everything
from quotekit.batch.reading.options import ReadOptions
from quotekit.batch.reading.rows import called, numbered, plain, record
from quotekit.batch.records import Failure, Record

LARGEST_JSON = 2**30
"""Bytes of a JSON file, which is read at once; JSON Lines has no such bound."""

_ONE_EACH = 'Write one object on each line, like {"text": "..."}'
_AS_JSON = "Make it valid JSON; for one object on each line call it .jsonl, or say so with --input-format jsonl"


def read_json(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Record | Failure]:
    """Yield the article of an object or a text, which has the file's name; or those of a list of these."""
    text = decoded(everything(stream, LARGEST_JSON), options.encoding)
    try:
        found = _parsed(text)
    except (ValueError, RecursionError) as error:
        raise Fault(f"not JSON ({_why(error)})", _AS_JSON) from error
    del text
    rows = found if isinstance(found, list) else rows_in(found, options.text_field)
    if rows is None:
        item = _article(found, source, 0, "the object", options)
        # It is the file's only article, and needs no number.
        yield replace(item, id=source) if item.id == numbered(source, 0) else item
        return
    for index, one in enumerate(rows):
        yield _article(one, source, index, f"item {index + 1:,}", options)


def read_jsonl(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Record | Failure]:
    """Yield each line that is not blank, an object or a text. A line that is neither is a failure."""
    lines = Lines(stream, options.encoding, newline="\n", guess=False)
    index = -1
    for number, line in enumerate(lines, 1):
        if line is not None and not line.strip():
            continue
        index += 1
        yield _of_line(line, source, index, f"line {number:,}", lines.encoding, options)


def _of_line(
    line: str | None, source: str, index: int, where: str, encoding: str, options: ReadOptions
) -> Record | Failure:
    if line is None:
        why: str | None = reason(f"more than {LARGEST:,} characters, too much for one article", _ONE_EACH)
    else:
        why = undecodable(line, encoding)
    if line is not None and why is None:
        try:
            return _article(_parsed(line.rstrip()), source, index, where, options)
        except (ValueError, RecursionError) as error:
            why = reason(f"not JSON ({_why(error)})", _ONE_EACH)
    return Failure(source, f"{where}: {why}", index, numbered(source, index))


def _article(found: Any, source: str, index: int, where: str, options: ReadOptions) -> Record | Failure:
    if isinstance(found, str):
        return Record(numbered(source, index), plain(found, options), source, index)
    if isinstance(found, dict):
        return record(of_ninjs(found, options.text_field), source, index, where, options)
    why = reason(f"must be an object or a text, not {called(found)}", 'Write {"text": "..."}')
    return Failure(source, f"{where}: {why}", index, numbered(source, index))


def _parsed(text: str) -> Any:
    # Python writes NaN where a number is missing, which is not JSON and not worth carrying.
    return json.loads(text, parse_constant=lambda name: None)


def _why(error: ValueError | RecursionError) -> str:
    if isinstance(error, json.JSONDecodeError):
        at = f"line {error.lineno:,}, " if error.lineno > 1 else ""
        return f"{error.msg}, {at}column {error.colno:,}"
    return "too deep" if isinstance(error, RecursionError) else brief(error)
