"""The verbs that report direct speech, as they are written in an article: "said", "told", "adds"."""

from __future__ import annotations

from functools import cache

from quotekit import lexicon
from quotekit.lexicon.cues import Cues

FRAME = "direct"
LEAST = 0.75
"""Minimum precision of a cue beside direct speech for it to count as a verb of saying."""


@cache
def speech_words() -> frozenset[str]:
    """Return the finite forms of the verbs of saying, in lower case.

    Bare forms are left out, since most are nouns as well ("report", "answer").

    >>> sorted({"said", "adds", "replied", "report"} & speech_words())
    ['adds', 'replied', 'said']
    """
    cues, irregular = Cues.default(), lexicon.load("speech")
    words = set(irregular["also"])
    for verb in cues.anchors(FRAME):
        entry = cues.find(FRAME, verb)
        if entry is not None and entry.precision[FRAME] >= LEAST:
            words |= {third_person(verb), irregular["past"].get(verb) or past(verb)}
    return frozenset(words)


@cache
def voicing_verbs() -> frozenset[str]:
    """Return the lemmas of the verbs that make a statement of what their noun names: voiced fears, issued a report.

    >>> sorted({"voice", "issue", "have"} & voicing_verbs())
    ['issue', 'voice']
    """
    return frozenset(lexicon.load("speech")["voicing"])


def third_person(verb: str) -> str:
    """Return the third person of a regular verb.

    >>> third_person("say"), third_person("reply"), third_person("stress")
    ('says', 'replies', 'stresses')
    """
    if verb.endswith("y") and verb[-2] not in "aeou":
        return f"{verb[:-1]}ies"
    return f"{verb}es" if verb.endswith(("s", "sh", "ch", "x", "o")) else f"{verb}s"


def past(verb: str) -> str:
    """Return the past tense of a regular verb.

    >>> past("add"), past("note"), past("reply"), past("stress")
    ('added', 'noted', 'replied', 'stressed')
    """
    if verb.endswith("y") and verb[-2] not in "aeou":
        return f"{verb[:-1]}ied"
    return f"{verb}d" if verb.endswith("e") else f"{verb}ed"
