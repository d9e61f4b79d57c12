"""Where a report is put: a folder of its own, whole or not at all, and never in place of what somebody else made."""

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
"""The file by which quotekit knows a report of its own."""

_OWN = re.compile(r"report\.json|(?:index|quotes|speakers)\.html|articles|\.quotekit-(?:new|old)-\w+")
_OWN_ARTICLE = re.compile(r"index(?:-\d+)?\.html|\d{4,}(?:-[a-z0-9-]+)?\.html")
# What file managers leave in any folder that is looked at.
_NOBODYS = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


@contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """A new folder to build a report in, which takes the place of ``out`` once the block has ended without an error.

    A folder ``out`` may be there if it is empty or a report of quotekit's. After an error, ``out`` is as it was.

    Raises:
        QuotekitError: ``out`` is a file, or a folder that holds something else; or it cannot be written.
    """
    check(out)
    # A link stays a link, and the folder that it leads to is filled.
    target = Path(os.path.realpath(out))
    there = target.is_dir()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix=".quotekit-new-", dir=target if there else target.parent))
    except OSError as error:
        raise _unwritable(out, error) from error
    try:
        yield building
        marker = json.dumps({"made by": "quotekit", "what": "a report; it is replaced as a whole"}, indent=1)
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
    """Raise `QuotekitError` where no report can be put at ``out``, so that it is known before the work."""
    if not os.path.lexists(out):
        return
    if not out.is_dir():
        raise QuotekitError(f"a report is a folder, and {str(out)!r} is a file: name a folder that does not exist yet")
    names = set(os.listdir(out)) - _NOBODYS
    if not names:
        return
    if MARKER not in names or not _is_marker(out / MARKER):
        raise QuotekitError(
            f"{str(out)!r} is no report of quotekit's and not empty, so nothing in it is replaced: name a new folder"
        )
    strange = [name for name in sorted(names) if not _OWN.fullmatch(name)]
    articles = out / "articles"
    if articles.is_dir():
        inside = sorted(set(os.listdir(articles)) - _NOBODYS)
        strange += [f"articles/{name}" for name in inside if not _OWN_ARTICLE.fullmatch(name)]
    if strange:
        more = f" (and {len(strange) - 1} more)" if len(strange) > 1 else ""
        raise QuotekitError(
            f"the report {str(out)!r} would be replaced, but {strange[0]!r} in it is not quotekit's{more}: "
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
    """What is in ``building`` for what is in ``target``, which is never without the marker."""
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
