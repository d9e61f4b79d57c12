"""Faults that a run must survive, as docs/limits.md lists them: each breaks something, and checks what is left.

``python tests/faults/run.py`` tries them all.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parents[0] / "docs" / "limits.md"

Fault = Callable[[Path], None]

FAULTS: dict[str, Fault] = {}
"""By the words of the documentation."""

EXTRACT = "quotekit extract news -o q.jsonl"
RESUME = f"{EXTRACT} --resume"


def fault(words: str) -> Callable[[Fault], Fault]:
    """Register a function that tries a fault in an empty folder. It raises `AssertionError` if quotekit breaks."""

    def register(function: Fault) -> Fault:
        FAULTS[words] = function
        return function

    return register


def documented() -> list[str]:
    """Return the faults that the documentation lists."""
    section = PAGE.read_text(encoding="utf-8").partition("\n## Faults\n")[2].partition("\n## ")[0]
    return [row.split(" | ")[0].removeprefix("| ") for row in section.splitlines()[5:] if row.startswith("| ")]


def run(folder: Path, script: str, code: int, says: str = "", **more: str) -> str:
    """Run a shell script in which ``quotekit`` needs no model; check exit code and standard error, and return that."""
    script = f'quotekit() {{ "{sys.executable}" "{TESTS / "support" / "echo_command.py"}" "$@"; }}\n{script}'
    environment = {**os.environ, **more}
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == code, f"exit code {done.returncode}, not {code}: {done.stderr[-500:]}"
    assert says in done.stderr, f"{says!r} is not in {done.stderr[-500:]!r}"
    assert "Traceback" not in done.stderr, done.stderr[-500:]
    return done.stderr


def articles(folder: Path, texts: Iterable[str] = ("It rained.", "It snowed.", "It froze.")) -> Path:
    news = folder / "news"
    news.mkdir(exist_ok=True)
    for number, text in enumerate(texts):
        (news / f"{number:03}.txt").write_text(text, "utf-8")
    return news


def texts(output: Path) -> list[str]:
    """Return the quotes of an output: of each article, its whole text."""
    return [quote["text"] for line in output.read_bytes().splitlines() for quote in json.loads(line)["quotes"]]


def unfinished(folder: Path) -> Path:
    """Leave a run behind that was killed in its third article, and return its journal."""
    articles(folder, ["It rained.", "It snowed.", "!slow 50"])
    wait_and_kill(folder, signal.SIGKILL, articles_done=2)
    (folder / "news" / "002.txt").write_text("It froze.")
    return folder / "q.jsonl.part"


def begun(folder: Path, articles_done: int, command: str = EXTRACT) -> subprocess.Popen[bytes]:
    """Start a run, and return its process once some articles are done."""
    process = subprocess.Popen(
        [sys.executable, str(TESTS / "support" / "echo_command.py"), *command.split()[1:]],
        cwd=folder,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    part, deadline = folder / "q.jsonl.part", time.monotonic() + 60
    while not part.exists() or part.read_bytes().count(b' {"index": ') < articles_done:
        assert time.monotonic() < deadline, "the run does not begin"
        assert process.poll() is None, "the run has ended"
        time.sleep(0.02)
    return process


def wait_and_kill(folder: Path, number: int, articles_done: int, command: str = EXTRACT) -> int:
    """Start a run, send it a signal once some articles are done, and return its exit code."""
    process = begun(folder, articles_done, command)
    process.send_signal(number)
    return process.wait(60)


def changed(path: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))


# How a run ends


@fault("`kill -9` at any moment")
def _(folder: Path) -> None:
    unfinished(folder)
    assert not (folder / "q.jsonl").exists()
    run(folder, RESUME, 0)
    assert texts(folder / "q.jsonl") == ["It rained.", "It snowed.", "It froze."]


@fault("SIGTERM or Ctrl-C, twice")
def _(folder: Path) -> None:
    articles(folder, ["It rained.", "!slow 50"])
    for number in (signal.SIGTERM, signal.SIGINT):
        process = begun(folder, articles_done=1, command=f"{EXTRACT} --restart")
        process.send_signal(number)
        time.sleep(0.2)
        process.send_signal(number)
        # The second one ends it at any moment, perhaps while it is about to exit.
        assert process.wait(20) in (128 + number, -number)
    (folder / "news" / "001.txt").write_text("It snowed.")
    run(folder, RESUME, 0)
    assert texts(folder / "q.jsonl") == ["It rained.", "It snowed."]


@fault("a reader that closes the pipe")
def _(folder: Path) -> None:
    articles(folder, ["It rained. " * 900] * 50)
    run(folder, "set -o pipefail; quotekit extract news | head -c 10 > /dev/null", 141)


# Where it writes


@fault("a disk that is full")
def _(folder: Path) -> None:
    articles(folder, ["It rained. " * 900] * 5)
    run(folder, f"ulimit -f 20; trap '' XFSZ; {EXTRACT}", 3, "file too large")
    run(folder, RESUME, 0)
    assert len(texts(folder / "q.jsonl")) == 5


@fault("standard output or standard error on a full disk, or closed")
def _(folder: Path) -> None:
    articles(folder)
    run(folder, "quotekit extract news > /dev/full", 3, "no space left on device")
    run(folder, "quotekit extract news >&-", 3, "cannot write standard output")
    run(folder, "quotekit extract none.txt 2> /dev/full", 3)
    run(folder, f"{EXTRACT} 2> /dev/full", 0)


@fault("a current folder that is gone")
def _(folder: Path) -> None:
    articles(folder)
    run(folder, f'mkdir gone; cd gone; rmdir "{folder}/gone"; quotekit extract "{folder}/news" -o q.jsonl', 3)


@fault("a folder of the output that vanishes during the run")
def _(folder: Path) -> None:
    articles(folder, ["It rained.", "!slow 2"])
    script = (
        "mkdir out; quotekit extract news -q -o out/q.jsonl & "
        "until grep -q index out/q.jsonl.part 2> /dev/null; do sleep 0.05; done; rm -r out; wait $!"
    )
    run(folder, script, 3, "there is no folder")


@fault("a second run into the same file")
def _(folder: Path) -> None:
    articles(folder, ["It rained.", "!slow 3"])
    process = begun(folder, articles_done=1)
    # So it does not end before the other run has been refused.
    process.send_signal(signal.SIGSTOP)
    try:
        run(folder, EXTRACT, 3, "another run is writing")
    finally:
        process.send_signal(signal.SIGCONT)
    assert process.wait(60) == 0
    assert len(texts(folder / "q.jsonl")) == 2


@fault("files of yours with the names that a run uses")
def _(folder: Path) -> None:
    articles(folder, ["It rained.", "!fail"])
    for name in ("q.errors.jsonl", "q.jsonl.part", "q.jsonl.journal.gz"):
        mine = folder / name
        for options in ("", "--resume", "--restart"):
            mine.write_text("notes\n")
            run(folder, f"{EXTRACT} {options}", 3, "Move it away")
            assert mine.read_text() == "notes\n"
        mine.unlink()
    assert sorted(os.listdir(folder)) == ["news"]


@fault("links in their places")
def _(folder: Path) -> None:
    articles(folder, ["It rained.", "!fail"])
    mine = folder / "mine"
    for name in ("q.errors.jsonl", "q.jsonl.part", "q.jsonl.journal.gz"):
        mine.write_text("")
        (folder / name).symlink_to(mine)
        run(folder, EXTRACT, 3, "Move it away")
        assert mine.read_text() == ""
        (folder / name).unlink()


@fault("other users, where texts are kept")
def _(folder: Path) -> None:
    articles(folder, ["It rained.", "!fail"])
    run(folder, f"umask 022; {EXTRACT} --keep-text", 1)
    for name in ("q.jsonl", "q.jsonl.journal.gz"):
        assert (folder / name).stat().st_mode & 0o077 == 0, name


# Continuing


@fault("new articles after a finished run")
def _(folder: Path) -> None:
    articles(folder, ["It rained."])
    run(folder, RESUME, 0)
    articles(folder)
    run(folder, RESUME, 0)
    assert texts(folder / "q.jsonl") == ["It rained.", "It snowed.", "It froze."]


@fault("other settings")
def _(folder: Path) -> None:
    articles(folder)
    run(folder, EXTRACT, 0)
    run(folder, f"{RESUME} --attitudes", 3, "--attitudes was not given, is given")
    unfinished(folder)
    run(folder, f"{RESUME} --attitudes", 3, "--attitudes was not given, is given")


@fault("an output that no run wrote, or that was changed")
def _(folder: Path) -> None:
    articles(folder)
    for content in ("", "notes\n"):
        (folder / "q.jsonl").write_text(content)
        run(folder, RESUME, 3, "there is no journal of a run that wrote it")
        assert (folder / "q.jsonl").read_text() == content
    run(folder, EXTRACT, 0)
    (folder / "q.jsonl").write_text("notes\n")
    articles(folder, "abcd")
    run(folder, RESUME, 3, "is not what the last run wrote")


@fault("a file that changes while it is half read")
def _(folder: Path) -> None:
    rows = folder / "news"
    rows.mkdir()
    (rows / "a.jsonl").write_text('{"text": "It rained."}\n{"text": "It snowed."}\n{"text": "!slow 50"}\n')
    wait_and_kill(folder, signal.SIGKILL, articles_done=2)
    whole = '{"text": "It rained."}\n{"text": "It snowed."}\n{"text": "It froze."}\n'
    (rows / "a.jsonl").write_text('{"text": "It hailed."}\n' + whole)
    run(folder, RESUME, 3, "has changed in what was read of it")
    (rows / "a.jsonl").write_text(whole)
    run(folder, RESUME, 0)
    assert texts(folder / "q.jsonl") == ["It rained.", "It snowed.", "It froze."]


@fault("a journal with lost, swapped or changed lines")
def _(folder: Path) -> None:
    part = unfinished(folder)
    whole = part.read_bytes()
    changes: list[Callable[[list[bytes]], list[bytes]]] = [
        lambda lines: lines[:2] + lines[3:],
        lambda lines: [lines[0], lines[2], lines[1], *lines[3:]],
        lambda lines: [*lines[:2], lines[2].replace(b"rained", b"reined"), *lines[3:]],
    ]
    for change in changes:
        part.write_bytes(whole)
        changed(part, change)
        run(folder, RESUME, 3, "is damaged or missing")
    part.write_bytes(whole[:-5])
    run(folder, RESUME, 0)
    assert texts(folder / "q.jsonl") == ["It rained.", "It snowed.", "It froze."]


@fault("another model at the same path")
def _(folder: Path) -> None:
    articles(folder)
    model = folder / "model"
    model.mkdir()
    (model / "weights").write_text("one")
    run(folder, f"{EXTRACT} --model model", 0)
    (model / "weights").write_text("two")
    run(folder, f"{RESUME} --model model", 3, "the content of the model has changed")


# What is read


@fault("an article that kills its worker")
def _(folder: Path) -> None:
    articles(folder, ["It rained.", "!die", "It froze."])
    run(folder, EXTRACT, 1, "the worker process that read it ended")
    assert texts(folder / "q.jsonl") == ["It rained.", "It froze."]


@fault("an article that takes too long")
def _(folder: Path) -> None:
    articles(folder, ["It rained.", "!slow 50", "It froze."])
    run(folder, f"{EXTRACT} --time-limit 2", 1, "not read within the time limit")
    assert texts(folder / "q.jsonl") == ["It rained.", "It froze."]


@fault("a page with 500,000 attributes")
def _(folder: Path) -> None:
    many = " ".join(f"a{i}=1" for i in range(500_000))
    news = articles(folder, ["It rained."])
    (news / "a.html").write_text(f"<html><body><p {many}>It rained.</p>")
    run(folder, EXTRACT, 1, "attributes")
    assert texts(folder / "q.jsonl") == ["It rained."]


@fault("a page that its parser hangs over")
def _(folder: Path) -> None:
    many = " ".join(f"a{i}=1" for i in range(300_000))
    news = articles(folder, ["It rained."])
    (news / "a.html").write_text(f'<html><body><p title=">" {many}>It rained.</p>')
    run(folder, f"{EXTRACT} --time-limit 3", 1, "not read within the time limit")
    assert texts(folder / "q.jsonl") == ["It rained."]


@fault("compressed data without end, or cut off")
def _(folder: Path) -> None:
    news = articles(folder, ["It rained."])
    with gzip.open(news / "bomb.txt.gz", "wb", 1) as file:
        for _ in range(300):
            file.write(bytes(1 << 20))
    (news / "cut.txt.gz").write_bytes(gzip.compress(os.urandom(9999))[:5000])
    errors = run(folder, EXTRACT, 1, "compressed data that breaks off")
    assert "more than 256 MiB" in errors
    assert texts(folder / "q.jsonl") == ["It rained."]


@fault("files that are not what their names say")
def _(folder: Path) -> None:
    news = articles(folder, ["It rained."])
    for name in ("a.txt", "a.csv", "a.json", "a.html", "a.parquet"):
        (news / name).write_bytes(bytes(range(256)) * 8)
    (news / "deep.json").write_text("[" * 100_000)
    errors = run(folder, EXTRACT, 1)
    assert len(re.findall(r"^quotekit: news/", errors, re.MULTILINE)) == 6
    assert texts(folder / "q.jsonl") == ["It rained."]


@fault("links, pipes and loops in a folder")
def _(folder: Path) -> None:
    news = articles(folder, ["It rained."])
    (news / "again").symlink_to(news)
    (news / "loop.txt").symlink_to(news / "loop.txt")
    os.mkfifo(news / "pipe.txt")
    run(folder, EXTRACT, 0)
    assert texts(folder / "q.jsonl") == ["It rained."]


@fault("names with control characters, or that are not text")
def _(folder: Path) -> None:
    news = articles(folder, ["It rained."])
    (news / "a\x1b[2J\u202e.txt").write_text("!fail")
    Path(os.fsdecode(os.fsencode(news) + b"/caf\xe9.txt")).write_text("It snowed.")
    errors = run(folder, EXTRACT, 1)
    assert not re.search("[\x1b\u202e]", errors), "they reach the terminal"
    assert len(texts(folder / "q.jsonl")) == 2


@fault("too little memory")
def _(folder: Path) -> None:
    articles(folder)
    for kilobytes in (100_000, 200_000):
        command = f'"{sys.executable}" -m {EXTRACT}'
        run(folder, f"ulimit -v {kilobytes}; {command}", 3, "not enough memory")
