"""Helpers for tests of the command line: an extractor without a model, files to read, and outputs to compare."""

from __future__ import annotations

import json
import re
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from quotekit.errors import EncoderError, ModelError, WorkerError
from quotekit.extractor import Extractor
from quotekit.models import Position, Quote, Reading, Speaker, TextSpan
from quotekit.processes.pool import Alone
from quotekit.processes.worker import Reader

BINARY = b"\0\xff\xfe\x01" * 8

needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and devices as on Unix")


def a_quote(text: str, **fields: Any) -> Quote:
    """Return a quote by Ann Lee whose content is all of ``text``."""
    content = TextSpan.of(text, (0, len(text)))
    given: dict[str, Any] = {
        "id": "q1",
        "kind": "indirect",
        "act": "statement",
        "text": text,
        "content": (content,),
        "speaker": Speaker(id="s1", name="Ann Lee", kind="person"),
        "source": TextSpan(start=0, end=3, text="she"),
        "verb": "say",
        "position": Position(start=0, end=len(text), paragraph=0, sentence=0),
        "confidence": 0.875,
        "rule": "en.clause",
    }
    return Quote(**(given | fields))


class StubExtractor(Extractor):
    """Finds one quote, the whole text; some texts raise an error instead."""

    settings: dict[str, Any]
    processes: int
    day: date | None

    def __init__(self, **settings: Any) -> None:
        StubExtractor.settings = dict(settings)
        vars(self).update(settings)

    def extract(self, text: str, *, date: date | str | None = None) -> list[Quote]:
        faults = {
            "!model": ModelError("no model; run this"),
            "!encoder": EncoderError("no weights; run that"),
            "!stop": KeyboardInterrupt(),
            "!lost": WorkerError("no workers; do that"),
        }
        if text in faults:
            raise faults[text]
        return [a_quote(text)] if text else []

    def read(self, text: str, *, date: date | str | None = None) -> Reading:
        return Reading(text=text, form="story", paragraphs=(), quotes=tuple(self.extract(text, date=date)))

    def without_known_speakers(self) -> Extractor:
        return self

    def identified(self, quotes: list[Quote], day: date | None) -> list[Quote]:
        StubExtractor.day = day
        return quotes


class StubPool(Alone):
    """Workers in this process."""

    def __init__(self, reader: Reader, processes: int, **more: Any) -> None:
        StubExtractor.processes = processes
        super().__init__(reader)


def write(path: str, content: str | bytes = "It rained.") -> Path:
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return target


def ids(result: Result | str) -> list[str]:
    lines = result if isinstance(result, str) else result.stdout
    return [json.loads(line)["id"] for line in lines.splitlines()]


def timeless(summary: str) -> str:
    """Return a summary without what differs from run to run."""
    return re.sub(r"\d+:\d\d(?:, [\d,]+ words per second)?", "TIME", summary)
