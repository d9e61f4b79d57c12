"""Extractors without a model, for tests of what runs them: worker processes can unpickle them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from quotekit.corrections import Corrections
from quotekit.models import Position, Quote, Reading, TextSpan


def a_quote(text: str, id: str = "q1") -> Quote:
    """A quote that is the whole of ``text``."""
    return Quote(
        id=id,
        kind="indirect",
        act="statement",
        text=" ".join(text.split()),
        content=(TextSpan.of(text, (0, len(text))),),
        position=Position(start=0, end=len(text), paragraph=0, sentence=0),
        confidence=0.5,
        rule="en.clause",
    )


class Echo:
    """Says that the whole of a text is a quote, and does what a text that begins with an exclamation mark names.

    ``!die`` kills its own process, ``!once FILE`` too unless the file is there, ``!slow SECONDS`` takes that long,
    ``!fail`` raises.
    """

    known_speakers: Any = None
    corrections = Corrections(())

    def __init__(self, seconds: float = 0.0, note: str | None = None) -> None:
        self.seconds = seconds
        self.note = note

    def extract(self, text: str) -> list[Quote]:
        if self.note is not None:
            Path(self.note, str(os.getpid())).touch()
        command, _, argument = text.partition(" ")
        if command == "!die":
            os.kill(os.getpid(), signal.SIGKILL)
        elif command == "!once" and not Path(argument).exists():
            Path(argument).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        elif command == "!fail":
            raise ZeroDivisionError("by nothing")
        time.sleep(float(argument) if command == "!slow" else self.seconds)
        return [a_quote(text)] if text else []

    def read(self, text: str) -> Reading:
        return Reading(text=text, form="story", paragraphs=(), quotes=tuple(self.extract(text)))

    def without_known_speakers(self) -> Echo:
        return self

    def identified(self, quotes: list[Quote], day: date | None) -> list[Quote]:
        return quotes


class EchoExtractor(Echo):
    """`Echo` with what the runner asks an extractor for."""

    def __init__(self, **settings: Any) -> None:
        from quotekit.rules import RuleSet

        self.rules = RuleSet()
        self.encoder = self.resolve = True
        self.attitudes = False
        self.min_confidence = 0.0
        self.model = None
        vars(self).update({**settings, "rules": self.rules})
        super().__init__(float(os.environ.get("ECHO_SECONDS", "0")), os.environ.get("ECHO_NOTE"))


class Broken(Echo):
    """Whose process ends before it can begin."""

    def __setstate__(self, state: Any) -> None:
        os._exit(3)


class Stillborn(Echo):
    """Much to read, of which its process reads no more than the beginning."""

    def __reduce__(self) -> Any:
        return os._exit, (3,), {"much": "x" * 1_000_000}


class Killed(Echo):
    """Whose processes are killed before they can begin: only the first, if there is a file to note it in."""

    def __init__(self, first: str | None = None) -> None:
        super().__init__()
        self.first = first

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        if self.first is not None and Path(self.first).exists():
            return
        if self.first is not None:
            Path(self.first).touch()
        os.kill(os.getpid(), signal.SIGKILL)


class Unloadable(Echo):
    """Whose first text already fails, as where a model is missing."""

    def extract(self, text: str) -> list[Quote]:
        from quotekit.errors import ModelError

        raise ModelError("no model; run this")


class Odd(Exception):
    """It cannot be unpickled: it wants two arguments and keeps one."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(one)


class Oddly(Echo):
    def extract(self, text: str) -> list[Quote]:
        if text == "odd":
            raise Odd("strange", "thing")
        return super().extract(text)


def articles(folder: Path, texts: Iterable[str]) -> Path:
    """A folder with a file for each text."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(texts):
        (folder / f"{number:04}.txt").write_text(text, "utf-8")
    return folder
