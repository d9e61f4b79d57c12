"""Tries all faults that docs/limits.md lists, and prints how many quotekit survives: ``python tests/faults/run.py``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from faults import FAULTS, documented


def main() -> int:
    """Try them; return 1 if one is broken."""
    broken = []
    for words in dict.fromkeys([*documented(), *FAULTS]):
        with tempfile.TemporaryDirectory() as folder:
            try:
                assert words in documented(), "it is not in docs/limits.md"
                assert words in FAULTS, "nothing tries it"
                FAULTS[words](Path(folder).resolve())
            except Exception as error:  # whatever it is, the others are tried too
                broken.append(words)
                print(f"broken  {words}: {type(error).__name__}: {error}", flush=True)
            else:
                print(f"held    {words}", flush=True)
    print(f"tried {len(FAULTS)}, held {len(FAULTS) - len(broken)}, broken {len(broken)}")
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
