"""What a run's results depend on, by the options' names: a journal is gone on with only under the same."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from quotekit.batch.journal import DIGEST
from quotekit.batch.reading import ReadOptions
from quotekit.batch.records import Value
from quotekit.extractor import Extractor


def settings_of(extractor: Extractor, options: ReadOptions, *, keep_text: bool, day: date | None) -> dict[str, Value]:
    """Version and settings; of rules and of known speakers a digest of what is in them.

    >>> settings_of(Extractor(), ReadOptions(), keep_text=False, day=None)["--attitudes"]
    False
    """
    known = extractor.known_speakers
    rules = extractor.rules
    return {
        "quotekit": _version(),
        "--rules or --without": _digest([*rules, *rules.cues]),
        "--attitudes": extractor.attitudes,
        "--min-confidence": extractor.min_confidence,
        "--no-encoder": not extractor.encoder,
        "--no-resolve": not extractor.resolve,
        "--model": extractor.model,
        "--known-speakers": None if known is None else _digest(known),
        "--date": None if day is None else day.isoformat(),
        "--keep-text": keep_text,
        **{_OPTIONS.get(name, f"--{name.replace('_', '-')}"): value for name, value in asdict(options).items()},
    }


_OPTIONS = {"format": "--input-format"}


def _version() -> str | None:
    try:
        return version("quotekit-nlp")
    except PackageNotFoundError:
        return None


def _digest(models: Any) -> str:
    """A few characters that change with what is in ``models``."""
    content = json.dumps([model.model_dump(mode="json") for model in models], sort_keys=True)
    return DIGEST + sha256(content.encode("utf-8", "backslashreplace")).hexdigest()[:16]
