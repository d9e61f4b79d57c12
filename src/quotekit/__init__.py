"""Who said what: the quotes of an English news article, attributed to their speakers.

>>> import quotekit
>>> quote, = quotekit.extract("The talks, said Ann Lee, will go on.")
>>> quote.kind, quote.speaker.name, quote.text
('indirect', 'Ann Lee', 'The talks will go on')
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from quotekit import views

if TYPE_CHECKING:
    from quotekit import testing
    from quotekit.batch.frames import to_dicts, to_frame
    from quotekit.corrections.entries import Correction, Corrections
    from quotekit.errors import (
        CorrectionsError,
        EncoderError,
        KnownSpeakersError,
        ModelError,
        QuotekitError,
        RuleError,
        WorkerError,
    )
    from quotekit.extractor import Extractor, extract, load, pipe, read
    from quotekit.known.entries import KnownSpeaker
    from quotekit.known.matching import KnownSpeakers
    from quotekit.models import Passage, Position, Quote, Reading, Speaker, SpeakerMention, TextSpan
    from quotekit.rules import Cue, Rule, RuleSet

    __version__: str

__all__ = [
    "Correction",
    "Corrections",
    "CorrectionsError",
    "Cue",
    "EncoderError",
    "Extractor",
    "KnownSpeaker",
    "KnownSpeakers",
    "KnownSpeakersError",
    "ModelError",
    "Passage",
    "Position",
    "Quote",
    "QuotekitError",
    "Reading",
    "Rule",
    "RuleError",
    "RuleSet",
    "Speaker",
    "SpeakerMention",
    "TextSpan",
    "WorkerError",
    "extract",
    "load",
    "pipe",
    "read",
    "testing",
    "to_dicts",
    "to_frame",
]

# A name is imported when it is first asked for: the command line's help and version need no spaCy.
_HOMES = {
    "Correction": "corrections.entries",
    "Corrections": "corrections.entries",
    "CorrectionsError": "errors",
    "Cue": "rules",
    "EncoderError": "errors",
    "Extractor": "extractor",
    "KnownSpeaker": "known.entries",
    "KnownSpeakers": "known.matching",
    "KnownSpeakersError": "errors",
    "ModelError": "errors",
    "Passage": "models",
    "Position": "models",
    "Quote": "models",
    "QuotekitError": "errors",
    "Reading": "models",
    "Rule": "rules",
    "RuleError": "errors",
    "RuleSet": "rules",
    "Speaker": "models",
    "SpeakerMention": "models",
    "TextSpan": "models",
    "WorkerError": "errors",
    "extract": "extractor",
    "load": "extractor",
    "pipe": "extractor",
    "read": "extractor",
    "to_dicts": "batch.frames",
    "to_frame": "batch.frames",
}


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name == "testing":
        return import_module("quotekit.testing")
    if name == "__version__":
        return _version()
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"quotekit.{_HOMES[name]}"), name)
    return value


def _version() -> str:
    """Return the version of the installed distribution; of a checkout that is not installed, none is known."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("quotekit-nlp")
    except PackageNotFoundError:
        return "0+unknown"


def _quote_html(quote: Quote) -> str:
    from quotekit.report.notebook import quote_html

    return quote_html(quote)


views.quote_html = _quote_html


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})
