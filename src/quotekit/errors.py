"""What can go wrong, as types. Each message says what was expected, what came, where, and the remedy."""

from __future__ import annotations


class QuotekitError(Exception):
    """Any error that quotekit raises on its own account."""


class ModelError(QuotekitError):
    """The spaCy model is missing or does not fit."""


class RuleError(QuotekitError, ValueError):
    """A rule or a rule set is not valid."""


class EncoderError(QuotekitError):
    """The encoder's weights, or the libraries that run it, are missing or do not fit."""


class KnownSpeakersError(QuotekitError, ValueError):
    """A list of known speakers, or an entry of one, is not valid."""
