"""Rules propose candidates: syntax rules over the parse, layout rules over paragraphs and marks."""

from quotekit.rules.rule import Rule, RuleSet

__all__ = ["Rule", "RuleSet"]
