"""Rules propose candidates: syntax rules over the parse, layout rules over paragraphs and marks.

Those of the kind "speaker" say whom a source means; `quotekit.speakers` runs them.
"""

from quotekit.lexicon.cues import Cue
from quotekit.rules.rule import Rule, RuleSet

__all__ = ["Cue", "Rule", "RuleSet"]
