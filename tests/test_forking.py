"""A process may fork while its threads read."""

from __future__ import annotations

import os
import subprocess
import sys
from threading import Event, Thread

import pytest

from quotekit.forking import reading

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")

FORKS = """
import os, signal, threading
from quotekit import Extractor

extractor = Extractor()
expected = extractor.extract("It works, Ann Lee said.")
done = threading.Event()

def read():
    while not done.is_set():
        extractor.extract("“It works,” said Ann Lee, the envoy. " * 40)

threads = [threading.Thread(target=read) for _ in range(2)]
for thread in threads:
    thread.start()
statuses = []
for _ in range(6):
    child = os.fork()
    if not child:
        signal.alarm(60)
        os._exit(extractor.extract("It works, Ann Lee said.") != expected)
    statuses.append(os.waitpid(child, 0)[1])
done.set()
for thread in threads:
    thread.join()
print(statuses)
"""


@pytest.mark.slow
@pytest.mark.model
def test_the_children_of_a_process_whose_threads_read_can_read() -> None:
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", FORKS], capture_output=True, text=True, check=True)
    assert done.stdout == "[0, 0, 0, 0, 0, 0]\n"


def test_a_fork_waits_for_the_threads_inside_and_lets_none_in() -> None:
    entered, leave, forked, second = Event(), Event(), Event(), Event()

    def inside() -> None:
        with reading:
            entered.set()
            leave.wait()
            # What is inside may come in again, whoever waits.
            with reading:
                pass

    def fork() -> None:
        reading.close()
        forked.set()
        reading.reopen()

    def late() -> None:
        with reading:
            assert forked.is_set()
            second.set()

    threads = [Thread(target=inside)]
    threads[0].start()
    entered.wait()
    threads.append(Thread(target=fork))
    threads[1].start()
    while not reading._forks:
        pass
    threads.append(Thread(target=late))
    threads[2].start()
    assert not forked.wait(0.05)
    assert not second.is_set()
    leave.set()
    for thread in threads:
        thread.join()
    assert forked.is_set()
    assert second.is_set()


# Python 3.12 warns of a fork with threads.
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_thread_that_reads_may_fork_itself() -> None:
    with reading:
        child = os.fork()
        if not child:
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
