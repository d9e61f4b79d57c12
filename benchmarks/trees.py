"""What a command and all processes that it starts cost: CPU seconds, wall clock, and memory at its highest.

CPU time is the system's own account of all processes of the tree, also of those that left their parent (Linux;
elsewhere what was seen of each process when it was looked at last). Memory is looked at a few times a second and summed
over the tree: shares of shared pages (PSS) where the system tells them, else resident pages (RSS), which counts what
processes share once for each.
"""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import psutil

EVERY = 0.2
"""Seconds between two looks at the tree."""

GRACE = 10.0
"""Seconds that processes of a tree may go on after its first one has ended."""

_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True, slots=True)
class Cost:
    """What one command cost.

    Attributes:
        wall: seconds from start to end.
        cpu: CPU seconds of all its processes.
        peak: bytes of memory of all its processes together, at the highest.
        processes: how many there were at once, at most.
        memory: how memory was counted: ``PSS`` or ``RSS``.
        output: what it printed.
    """

    wall: float
    cpu: float
    peak: int
    processes: int
    memory: str
    output: str = ""


class CommandError(Exception):
    """A command that is measured has failed."""


def measured(command: Sequence[str]) -> Cost:
    """Run ``command`` to its end, and say what it cost.

    Raises:
        CommandError: its exit code is not 0; the message ends with what it wrote to standard error.
    """
    _adopt_orphans()
    before = _spent_by_children()
    with tempfile.TemporaryFile("w+") as errors:
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
        looks = _Looks(process.pid)
        try:
            with looks:
                output, _ = process.communicate()
                wall = time.monotonic() - started
        finally:
            # No time is given to the processes of a run that was stopped.
            _end_orphans(GRACE if process.returncode == 0 else 0)
        if process.returncode:
            errors.seek(0)
            raise CommandError(f"{' '.join(command)}: exit code {process.returncode}\n{errors.read()[-2_000:]}")
    cpu = max(_spent_by_children() - before, looks.cpu)
    return Cost(wall, cpu, looks.peak, looks.most, looks.memory, output)


def _spent_by_children() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _adopt_orphans() -> None:
    """Let processes whose parent has ended become ours, so that they are seen and their time is counted."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _end_orphans(grace: float) -> None:
    """Wait for what is left of the tree, and end it where it does not end by itself."""
    left = psutil.Process().children(recursive=True)
    _, alive = psutil.wait_procs(left, timeout=grace)
    for process in alive:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, timeout=GRACE)
    # Those that ended since, of which nobody has asked.
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


@dataclass
class _Looks:
    """Looks at the tree of a process until the block ends."""

    pid: int
    peak: int = 0
    most: int = 0
    memory: str = "RSS"
    _cpu: dict[tuple[int, float], float] = field(default_factory=dict)
    _ended: Event = field(default_factory=Event)

    @property
    def cpu(self) -> float:
        """CPU seconds of all processes, as far as they were seen."""
        return sum(self._cpu.values())

    def __enter__(self) -> _Looks:
        self._thread = Thread(target=self._look_on, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look_on(self) -> None:
        while not self._ended.wait(EVERY):
            self._look()

    def _look(self) -> None:
        # With orphans: whatever runs below us is of this tree, since one command runs at a time.
        held = number = 0
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                times = process.cpu_times()
                self._cpu[process.pid, process.create_time()] = times.user + times.system
                held += self._held(process)
                number += 1
        self.peak = max(self.peak, held)
        self.most = max(self.most, number)

    def _held(self, process: psutil.Process) -> int:
        """Bytes of memory; a process that ends while it is looked at holds none."""
        try:
            lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            return int(process.memory_info().rss)
        shares = [int(line.split()[1]) for line in lines if line.startswith("Pss:")]
        if shares:
            self.memory = "PSS"
        return 1024 * sum(shares)
