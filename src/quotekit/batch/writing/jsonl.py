"""JSON Lines: one article a line, and one failure a line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from quotekit.batch.records import Failure, Result
from quotekit.output.target import line


def json_line(result: Result, *, keep_text: bool = False) -> bytes:
    """Return one article as a line of JSON; keys without a value are left out.

    The line is always valid UTF-8 and JSON: a lone surrogate is written as an escape, and a number that JSON does not
    have (NaN, infinity) as null.

    >>> json_line(Result("a.txt", [], fields={"desk": "city"}))
    b'{"id": "a.txt", "fields": {"desk": "city"}, "quotes": []}\\n'
    """
    return line(result.as_json(keep_text=keep_text))


def pieces(results: Callable[[], Iterable[Result]], keep_text: bool) -> Iterator[bytes]:
    """Yield the file, line by line."""
    for result in results():
        yield json_line(result, keep_text=keep_text)


def error_line(failure: Failure) -> bytes:
    """Return a failure as a line of JSON: its input's path, its index there from 0, its name, and the reason.

    The index is left out for an input that is one article, or could not be opened.

    >>> error_line(Failure("a.txt", "no such file"))
    b'{"path": "a.txt", "reason": "no such file"}\\n'
    """
    record: dict[str, Any] = {"path": failure.source}
    if failure.index or failure.id not in (None, failure.source):
        record["record"] = failure.index
    if failure.id is not None:
        record["id"] = failure.id
    return line({**record, "reason": failure.reason})
