"""The files of a run beside its output: their names, and who may open and replace them."""

from __future__ import annotations

import errno
import json
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from quotekit.batch.compression import endings
from quotekit.output.target import OutputError, mode_for

TABLES = (".csv", ".tsv", ".parquet")
"""Endings of outputs that have one row for each quote."""

_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_BINARY = getattr(os, "O_BINARY", 0)


def part_of(output: Path) -> Path:
    """Return the path of the journal of an unfinished run: beside the file itself if the output is a link.

    >>> part_of(Path("/quotes.csv")).name
    'quotes.csv.part'
    """
    final = Path(os.path.realpath(output))
    return final.with_name(f"{final.name}.part")


def kept_of(output: Path) -> Path:
    """Return the path of the journal of a finished run, which ``--resume`` continues if there are new articles.

    >>> kept_of(Path("/quotes.csv")).name
    'quotes.csv.journal.gz'
    """
    final = Path(os.path.realpath(output))
    return final.with_name(f"{final.name}.journal.gz")


def errors_of(output: Path) -> Path:
    """Return where failures are listed by default: beside the output.

    >>> errors_of(Path("quotes.jsonl.gz")).name, errors_of(Path("my.quotes.parquet")).name
    ('quotes.errors.jsonl', 'my.quotes.errors.jsonl')
    """
    return output.with_name(f"{_stem(output)}.errors.jsonl")


def articles_of(output: Path) -> Path | None:
    """Return where the table of articles is: beside the output; ``None`` if that is JSON Lines, which has it.

    >>> articles_of(Path("quotes.parquet")).name, articles_of(Path("my.CSV.gz")).name, articles_of(Path("q.jsonl"))
    ('quotes.articles.parquet', 'my.articles.CSV.gz', None)
    """
    if endings(output)[0] not in TABLES:
        return None
    return output.with_name(f"{_stem(output)}.articles{output.name[len(_stem(output)) :]}")


def _stem(output: Path) -> str:
    """Return a name without its ending, and without that of its compression."""
    return output.stem if endings(output)[1] is None else Path(output.stem).stem


def partial_of(file: Path, run: str) -> str:
    """Return the name of a file while ``run`` writes it; no other run uses that name."""
    return f".{Path(os.path.realpath(file)).name}.{run}.part"


def is_list_of_errors(path: Path) -> bool:
    """Return whether a file is a list of failures that quotekit wrote, judging by its first line."""
    if not path.is_file() or path.is_symlink():
        return False
    try:
        with path.open("rb") as file:
            keys = set(json.loads(file.readline(1 << 20)))
    except (OSError, ValueError, TypeError):
        return False
    return {"path", "reason"} <= keys <= {"path", "record", "id", "reason"}


def check_errors(path: Path) -> None:
    """Raise `OutputError` if ``path`` exists and is not a list of failures."""
    if path.is_symlink() or (path.is_file() and not is_list_of_errors(path)):
        raise OutputError(
            f"cannot write {path}: it exists and is not a list of errors. Move it away, or name another with --errors."
        )


@contextmanager
def opened_alone(output: Path, *, private: bool) -> Iterator[BinaryIO]:
    """Open the journal of a run into ``output`` for reading and writing, without a buffer; create it if it is missing.

    While it is open, no other run can open it. The system releases the lock when the process ends, however it ends.

    Raises:
        OutputError: it cannot be opened, or another run has it.
    """
    path = part_of(output)
    if not path.parent.is_dir():
        raise OutputError(f"cannot write {output}: there is no folder {str(path.parent)!r}. Make it first.")
    try:
        file = _locked(path, mode_for(output, private=private))
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EMLINK):
            raise OutputError(f"cannot write {path}: it is a link. Move it away, or choose another output.") from error
        raise OutputError.of(output, error, "Choose another place with -o") from error
    if file is None:
        raise OutputError(f"another run is writing {output}. Wait until it has ended, or choose another file with -o.")
    with file:
        if private or output.is_file():
            path.chmod(mode_for(output, private=private))
        try:
            yield file
        finally:
            # It holds nothing to continue.
            if not file.seek(0, os.SEEK_END):
                delete(path)


def _locked(path: Path, mode: int) -> BinaryIO | None:
    """Open and lock a file; ``None`` if another process has the lock."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | _NO_FOLLOW | _BINARY, mode)
        file = open(descriptor, "r+b", buffering=0)  # noqa: SIM115 (the caller closes it)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise OSError(errno.EEXIST, "it is in the way")
            if not _lock(descriptor):
                file.close()
                return None
            # A run that ends deletes its journal: a lock on the deleted file excludes nobody, so try again.
            if os.path.samestat(os.fstat(descriptor), os.lstat(path)):
                return file
        except FileNotFoundError:
            pass
        except BaseException:
            file.close()
            raise
        file.close()


def _lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            # On Windows nobody else can read locked bytes, so lock one far past the end.
            os.lseek(descriptor, 1 << 40, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            os.lseek(descriptor, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
            return False
        raise
    return True


def delete(path: Path) -> None:
    """Delete a plain file if it exists; links and folders are left alone."""
    with suppress(FileNotFoundError):
        if stat.S_ISREG(path.lstat().st_mode):
            path.unlink()
