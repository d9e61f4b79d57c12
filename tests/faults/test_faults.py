"""Every fault of docs/limits.md is survived."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from faults import FAULTS, documented


def test_documentation_lists_them() -> None:
    assert documented() == list(FAULTS)


@pytest.mark.slow
@pytest.mark.processes
@pytest.mark.skipif(sys.platform == "win32", reason="signals, links and a shell as on Unix")
@pytest.mark.parametrize("words", FAULTS)
def test_fault(words: str, tmp_path: Path) -> None:
    FAULTS[words](tmp_path)
