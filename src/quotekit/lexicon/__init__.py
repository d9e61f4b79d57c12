"""Word lists of `data/en`, and what a word of them means."""

from quotekit.lexicon.loading import load

__all__ = ["load"]
