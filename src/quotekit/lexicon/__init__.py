"""The word lists in `data/en`, and lookups in them."""

from quotekit.lexicon.loading import load as load
