"""Corrections of an article's quotes, made by a reader and applied whenever the article is read again."""

from quotekit.corrections.entries import Correction as Correction
from quotekit.corrections.entries import Corrections as Corrections
from quotekit.corrections.entries import digest_of as digest_of
