"""Speakers across articles: the list of known ones, the roster of all, and when two names are one speaker's."""

from quotekit.known.entries import KnownSpeaker as KnownSpeaker
from quotekit.known.matching import KnownSpeakers as KnownSpeakers
