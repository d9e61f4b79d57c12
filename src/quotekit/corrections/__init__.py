"""Corrections: what a reader found wrong in the quotes of an article, applied whenever that article is read again."""

from quotekit.corrections.entries import Correction as Correction
from quotekit.corrections.entries import Corrections as Corrections
from quotekit.corrections.entries import digest_of as digest_of
