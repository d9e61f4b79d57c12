"""Who said what: the quotes of an English news article, attributed to their speakers.

>>> import quotekit
>>> quote, = quotekit.extract("The talks, said Ann Lee, will go on.")
>>> quote.kind, quote.speaker.name, quote.text
('indirect', 'Ann Lee', 'The talks will go on')
"""

from quotekit.errors import ModelError, QuotekitError, RuleError
from quotekit.extractor import Extractor, extract, pipe
from quotekit.models import Position, Quote, Speaker, TextSpan
from quotekit.rules import Rule, RuleSet

__all__ = [
    "Extractor",
    "ModelError",
    "Position",
    "Quote",
    "QuotekitError",
    "Rule",
    "RuleError",
    "RuleSet",
    "Speaker",
    "TextSpan",
    "extract",
    "pipe",
]
