"""Speakers beyond one article: the caller's list, the list of all, and when two names are one."""

from quotekit.known.entries import KnownSpeaker
from quotekit.known.matching import KnownSpeakers

__all__ = ["KnownSpeaker", "KnownSpeakers"]
