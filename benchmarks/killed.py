"""Runs that are killed at random moments and gone on with: ``python -m benchmarks.killed``.

Each run of `quotekit extract` over a folder is killed (SIGKILL) at a random moment, gone on with, and killed again,
until one comes to its end; the output and the errors must be, to the byte, those of a run that nobody disturbed.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Further options are those of quotekit extract.",
    )
    parser.add_argument("--folder", default="data/stories", help="what is read")
    parser.add_argument("--kills", type=int, default=20, help="number of runs to kill")
    parser.add_argument("--seed", type=int, default=6, help="of the moments")
    parser.add_argument("--form", default="parquet", help="what is written: jsonl, csv or parquet")
    parser.add_argument("--workers", default="2")
    args, options = parser.parse_known_args()
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "quotekit", "extract", args.folder, "-q", "--workers", args.workers]
        command += options
        begun = time.monotonic()
        undisturbed = Path(scratch, f"undisturbed.{args.form}")
        subprocess.run([*command, "-o", str(undisturbed)], check=False)
        longest = time.monotonic() - begun
        print(f"undisturbed: {undisturbed.stat().st_size:,} bytes in {longest:.1f} s", flush=True)
        killed = rounds = 0
        moments = random.Random(args.seed)
        while killed < args.kills:
            output = Path(scratch, f"killed{rounds}.{args.form}")
            kept, times = _disturbed([*command, "-o", str(output), "--resume"], output, moments, longest)
            killed, rounds = killed + times, rounds + 1
            same = output.read_bytes() == undisturbed.read_bytes() and _errors(output) == _errors(undisturbed)
            print(f"round {rounds}: killed {times} times, with {kept} lines kept: {'same' if same else 'DIFFERS'}")
            if not same:
                sys.exit(1)
        print(f"{killed} kills in {rounds} rounds: nothing lost, nothing twice")


def _disturbed(command: list[str], output: Path, moments: random.Random, longest: float) -> tuple[list[int], int]:
    """Until it comes to its end: how many lines were kept each time, and how often it was killed."""
    part, kept = output.with_name(f"{output.name}.part"), []
    while True:
        before = _lines(part)
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            # Most of them in mid-work, the others wherever it may be.
            if at_work := moments.random() < 0.75:
                while process.poll() is None and _lines(part) <= before:
                    time.sleep(0.01)
            try:
                process.wait(moments.uniform(0, longest / 4 if at_work else longest))
            except subprocess.TimeoutExpired:
                process.kill()
        if process.returncode >= 0:
            return kept, len(kept)
        kept.append(_lines(part))


def _lines(part: Path) -> int:
    return part.read_bytes().count(b"\n") if part.exists() else 0


def _errors(output: Path) -> bytes:
    file = output.with_name(f"{output.stem}.errors.jsonl")
    return file.read_bytes() if file.exists() else b""


if __name__ == "__main__":
    main()
