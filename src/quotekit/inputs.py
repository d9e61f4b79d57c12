"""What the command line reads: files, folders and standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

from quotekit.errors import QuotekitError

STDIN = "-"
"""The name of standard input, as an argument and as an article's id."""

SUFFIXES = (".txt", ".md")
"""What is read of a folder; a file that is named itself may have any ending."""

_ENCODING_REMEDY = "Convert it first, for example: iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW"


class InputError(QuotekitError):
    """An input that cannot be read: which, why, and what to do."""

    def __init__(self, name: str, reason: str, remedy: str) -> None:
        super().__init__(f"{name}: {reason}. {remedy}.")


def find(paths: Iterable[str]) -> tuple[list[str], list[InputError]]:
    """The articles that ``paths`` stand for, each once, and the folders that hold none or cannot be listed.

    A folder stands for the .txt and .md files in it at any depth: by name, a folder's own files before those of its
    subfolders. Names with a leading dot and links are left out, as by ``grep -r``. A file stands for itself,
    whether it is there or not: that is for `read` to say.
    """
    names: dict[str, str] = {}
    errors: list[InputError] = []
    for path in paths:
        found = _walk(path, errors) if path != STDIN and os.path.isdir(path) else [path]
        for name in found:
            names.setdefault(name if name == STDIN else os.path.abspath(name), name)
    return list(names.values()), errors


def _walk(root: str, errors: list[InputError]) -> list[str]:
    failed: list[OSError] = []
    names: list[str] = []
    for folder, folders, files in os.walk(root, onerror=failed.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = os.path.join(folder, name)
            if name.lower().endswith(SUFFIXES) and not name.startswith(".") and not os.path.islink(path):
                names.append(path)
    errors += [_unreadable(str(error.filename), error) for error in failed]
    if not names and not failed:
        kinds = " or ".join(SUFFIXES)
        errors.append(InputError(root, f"no {kinds} file in this folder", "Name files of other endings one by one"))
    return names


def read(name: str) -> str:
    """The text of an article, which its quotes' offsets count in: UTF-8, without a byte order mark, line ends kept.

    Raises:
        InputError: it cannot be read, or is not UTF-8.
    """
    try:
        data = sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
    except OSError as error:
        raise _unreadable(name, error) from error
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise InputError(
                name, "UTF-16 text, not UTF-8", _ENCODING_REMEDY.replace("WINDOWS-1252", "UTF-16")
            ) from error
        if b"\0" in data[:1024]:
            raise InputError(name, "not a text file", "Name text files only") from error
        reason = f"not UTF-8 text (byte 0x{data[error.start]:02x} at {error.start:,})"
        raise InputError(name, reason, _ENCODING_REMEDY) from error


def _unreadable(name: str, error: OSError) -> InputError:
    if isinstance(error, FileNotFoundError):
        return InputError(name, "no such file or folder", "Check the spelling and the folder you are in")
    if isinstance(error, PermissionError):
        return InputError(name, "no permission to read it", "Check its permissions, for example with ls -l")
    return InputError(name, (error.strerror or str(error)).lower(), "Check that it can be opened at all")
