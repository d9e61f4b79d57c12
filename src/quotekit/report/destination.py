"""The folder of a report: written completely or not at all, and never over other files."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from quotekit.errors import QuotekitError

MARKER = "report.json"
"""The file that identifies a folder as a report."""

_OWN = re.compile(r"report\.json|(?:index|quotes|speakers)\.html|articles|\.quotekit-(?:new|old)-\w+")
_OWN_ARTICLE = re.compile(r"index(?:-\d+)?\.html|\d{4,}(?:-[a-z0-9-]+)?\.html")
# Files that file managers create in any folder.
_IGNORED = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


@contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """Yield a new folder to build a report in, which replaces ``out`` when the block ends without an error.

    ``out`` may exist if it is an empty folder or a report. After an error, it is unchanged.

    Raises:
        QuotekitError: ``out`` is a file or a folder with other files, or cannot be written.
    """
    check(out)
    # A link is kept, and its target is replaced.
    target = Path(os.path.realpath(out))
    there = target.is_dir()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix=".quotekit-new-", dir=target if there else target.parent))
    except OSError as error:
        raise _unwritable(out, error) from error
    try:
        yield building
        marker = json.dumps({"made by": "quotekit", "what": "a report, which is replaced as a whole"}, indent=1)
        (building / MARKER).write_text(marker + "\n", encoding="utf-8")
        if there:
            _swap(building, target)
        else:
            building.chmod(0o777 & ~_umask())
            os.replace(building, target)
    except OSError as error:
        raise _unwritable(out, error) from error
    finally:
        shutil.rmtree(building, ignore_errors=True)


def check(out: Path) -> None:
    """Raise `QuotekitError` if ``out`` cannot be replaced by a report."""
    if not os.path.lexists(out):
        return
    if not out.is_dir():
        raise QuotekitError(f"{str(out)!r} is a file: name a folder that does not exist yet")
    names = set(os.listdir(out)) - _IGNORED
    if not names:
        return
    if MARKER not in names or not _is_marker(out / MARKER):
        raise QuotekitError(
            f"{str(out)!r} is neither empty nor a report of quotekit, so it is not replaced: name a new folder"
        )
    strange = [name for name in sorted(names) if not _OWN.fullmatch(name)]
    articles = out / "articles"
    if articles.is_dir():
        inside = sorted(set(os.listdir(articles)) - _IGNORED)
        strange += [f"articles/{name}" for name in inside if not _OWN_ARTICLE.fullmatch(name)]
    if strange:
        more = f" (and {len(strange) - 1} more)" if len(strange) > 1 else ""
        raise QuotekitError(
            f"the report {str(out)!r} would be replaced, but {strange[0]!r} in it is not part of it{more}: "
            "move it away, or name a new folder"
        )


def _is_marker(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(4096))
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and found.get("made by") == "quotekit"


def _swap(building: Path, target: Path) -> None:
    """Replace the content of ``target`` with that of ``building``; ``target`` always has the marker."""
    old = Path(tempfile.mkdtemp(prefix=".quotekit-old-", dir=target))
    os.replace(building / MARKER, target / MARKER)
    for name in sorted(os.listdir(target)):
        if _OWN.fullmatch(name) and name not in (MARKER, building.name, old.name):
            os.replace(target / name, old / name)
    for name in sorted(os.listdir(building)):
        os.replace(building / name, target / name)
    shutil.rmtree(old, ignore_errors=True)


def _umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask


def _unwritable(out: Path, error: OSError) -> QuotekitError:
    reason = error.strerror or str(error)
    return QuotekitError(f"the report {str(out)!r} cannot be written ({reason}): name another folder, or make room")
