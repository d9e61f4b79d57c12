"""Quoted sentences that are likelier right than rules and encoder together say."""

from __future__ import annotations

from dataclasses import replace

from quotekit.article.parsed import ParsedArticle, is_title
from quotekit.candidates.candidate import Candidate

SPEECH = 0.9
"""Confidence towards which that of a quoted sentence with a source is raised."""

SHARE = 2 / 3
"""How far it is raised: the share of the distance to `SPEECH`.

The weights were fitted on news that puts few quoted sentences where the encoder does not expect them. Of 89 such finds
below 0.7, on 300 pages of world news, the sample stories and PolNeAR's development articles, 72 are right by content
and source; rules and encoder gave them 0.54 on average, and raised they have 0.78.
"""

SENTENCE_MARKS = ".?!,…—"
"""What quoted sentences end with inside their marks."""


def raised(page: ParsedArticle, candidate: Candidate) -> Candidate:
    """Return ``candidate``, which has won, with a higher confidence if it is quoted sentences with a source."""
    if candidate.depth or candidate.source is None or candidate.confidence >= SPEECH:
        return candidate
    if not (all(page.in_marks(part) for part in candidate.content) and _is_sentence(page, candidate)):
        return candidate
    return replace(candidate, confidence=candidate.confidence + SHARE * (SPEECH - candidate.confidence))


def _is_sentence(page: ParsedArticle, candidate: Candidate) -> bool:
    """Return whether the content begins with a capital, ends with a mark, and is no title."""
    words = page.text[slice(*candidate.hull)]
    return words[0].isupper() and words[-1] in SENTENCE_MARKS and len(words.split()) > 1 and not is_title(words)
