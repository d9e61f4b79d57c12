"""What is read: files and folders, as records."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from quotekit.batch.records import Failure, Record
from quotekit.inputs import STDIN, InputError, find, read

__all__ = ["STDIN", "Inputs", "ReadOptions"]


@dataclass(frozen=True)
class ReadOptions:
    """How inputs are read."""

    text_field: str = "text"
    id_field: str | None = None
    date_field: str | None = None
    encoding: str | None = None
    format: str | None = None


class Inputs:
    """The articles that ``paths`` stand for."""

    def __init__(
        self, paths: Iterable[str], options: ReadOptions | None = None, exclude: Iterable[str | os.PathLike[str]] = ()
    ) -> None:
        self.sources, errors = find(paths)
        self.problems = [_failure(error) for error in errors]

    def read(self, source: str, start: int = 0) -> Iterator[Record | Failure]:
        if start:
            return
        try:
            yield Record(source, read(source), source)
        except InputError as error:
            yield _failure(error)


def _failure(error: InputError) -> Failure:
    name, _, reason = str(error).partition(": ")
    return Failure(name, reason)
