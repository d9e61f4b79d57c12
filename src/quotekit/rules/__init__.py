"""Rules as data: what a rule is, how rules are read and written, and how their patterns match a parse."""

from quotekit.lexicon.cues import Cue as Cue
from quotekit.rules.rule import Rule as Rule
from quotekit.rules.rule_set import RuleSet as RuleSet
