"""The settings that decide the results of a run, by option. A run is continued only with the same settings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quotekit.batch.records import Value

if TYPE_CHECKING:
    from quotekit.batch.reading import ReadOptions
    from quotekit.extractor import Extractor

DIGEST = "sha256:"
"""Prefix of settings that are digests of some content."""

_OPTIONS = {"format": "--input-format"}


def settings_of(
    extractor: Extractor, options: ReadOptions, *, keep_text: bool, day: date | None, unique: bool = False
) -> dict[str, Value]:
    """Return version and settings; for rules, known speakers and the model, a digest of their content.

    >>> from quotekit.batch.reading import ReadOptions
    >>> from quotekit.extractor import Extractor
    >>> settings_of(Extractor(), ReadOptions(), keep_text=False, day=None)["--attitudes"]
    False
    """
    known, rules = extractor.known_speakers, extractor.rules
    return {
        "quotekit": _version(),
        "--rules or --without": _digest([*rules, *rules.cues]),
        "--attitudes": extractor.attitudes,
        "--min-confidence": extractor.min_confidence,
        "--no-encoder": not extractor.encoder,
        "--no-resolve": not extractor.resolve,
        "--model": extractor.model,
        "the content of the model": _digest_of_model(extractor.model),
        "--known-speakers": None if known is None else _digest(known),
        "--corrections": _digest(extractor.corrections) if len(extractor.corrections) else None,
        "--date": None if day is None else day.isoformat(),
        "--keep-text": keep_text,
        "--unique": unique,
        **{_OPTIONS.get(name, f"--{name.replace('_', '-')}"): value for name, value in asdict(options).items()},
    }


def differences(before: Mapping[str, Value], now: Mapping[str, Value]) -> list[str]:
    """Return how settings differ.

    >>> differences({"--attitudes": False, "--date": None}, {"--attitudes": True, "--date": "2026-01-31"})
    ['--attitudes was not given, is given', '--date was not given, is 2026-01-31']
    """
    names = [name for name in {**before, **now} if before.get(name) != now.get(name)]
    return [_difference(name, before.get(name), now.get(name)) for name in names]


def _difference(name: str, before: Value, now: Value) -> str:
    if all(isinstance(value, str) and value.startswith(DIGEST) for value in (before, now)):
        return f"{name} has changed"
    return f"{name} was {_shown(before)}, is {_shown(now)}"


def _shown(value: Value) -> str:
    if value is None or value is False:
        return "not given"
    return "given" if value is True or str(value).startswith(DIGEST) else str(value)


def _version() -> str | None:
    try:
        return version("quotekit-nlp")
    except PackageNotFoundError:
        return None


def _digest(models: Any) -> str:
    content = json.dumps([model.model_dump(mode="json") for model in models], sort_keys=True)
    return DIGEST + sha256(content.encode("utf-8", "backslashreplace")).hexdigest()[:16]


def _digest_of_model(name: str | None) -> str | None:
    """Return a digest of all files of the spaCy model; ``None`` if it cannot be found, which is reported later."""
    from quotekit.article.spacy_model import folder_of

    folder = folder_of(name)
    if folder is None:
        return None
    digest = sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")):
        digest.update(str(path.relative_to(folder)).encode("utf-8", "backslashreplace"))
        digest.update(bytes.fromhex(file_digest(path)))
    return DIGEST + digest.hexdigest()[:16]


def file_digest(path: Path) -> str:
    """Return a digest of the content of a file."""
    digest = sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()
