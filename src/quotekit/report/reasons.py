"""One sentence that explains why a quote has its speaker."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from quotekit.models import Quote, Speaker
from quotekit.report.templates import asset

OWN_WORDS = "speaker.own-words"
_PERSONS = {"female": "woman", "male": "man", None: "person"}


@dataclass(frozen=True, slots=True)
class Reason:
    """The sentence “words” is NAME, rest.

    Attributes:
        words: the words of the source, or ``None``.
        verb: "is" or "is probably"; empty if the sentence does not name the speaker.
        rest: the end of the sentence, without its full stop.
    """

    words: str | None
    verb: str
    rest: str


@cache
def _reasons() -> Mapping[str, str]:
    reasons: Mapping[str, str] = json.loads(asset("reasons.json"))["reasons"]
    return reasons


def reason_of(quote: Quote, *, spoke: bool) -> Reason:
    """Return why ``quote`` has its speaker; ``spoke`` is whether the speaker has an earlier quote.

    >>> from quotekit.models import Position, TextSpan
    >>> said, he = TextSpan(start=0, end=2, text="No"), TextSpan(start=5, end=7, text="he")
    >>> quote = Quote(id="q1", kind="direct", act="statement", text="No", content=(said,), source=he, confidence=0.9,
    ...               position=Position(start=0, end=2, paragraph=0, sentence=0), rule="en.direct.verb-after")
    >>> reason_of(quote, spoke=False)
    Reason(words='he', verb='', rest='was not resolved to a speaker')
    """
    words = quote.source.text if quote.source else None
    if quote.speaker is None:
        return Reason(words, "", "was not resolved to a speaker" if words else "no words name a source")
    steps = quote.speaker.mentions
    if words is None or not steps:
        return Reason(None, "", "no words beside the quote name the speaker")
    verb = "is probably" if quote.guessed else "is"
    if steps[0].rule == OWN_WORDS:
        return Reason(words, "", f"{verb} a source without a name in the article")
    if words == quote.speaker.name:
        return Reason(words, "", "is named here")
    return Reason(words, verb, _rest(steps[0].rule, quote.speaker, spoke))


def _rest(rule: str, speaker: Speaker, spoke: bool) -> str:
    return _reasons().get(rule, "").format(person=_PERSONS[speaker.gender], spoke="spoke" if spoke else "was named")
