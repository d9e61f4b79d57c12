"""Find the same quote in several articles: which article had it first, and which repeated it.

`wording` normalizes the words of a quote, `comparing` compares two wordings, `speaker_identity` two speakers, and
`clusters` groups many quotes; `build` puts these together.
"""

from quotekit.grouping.build import group
from quotekit.grouping.types import GroupMember, GroupSpeaker, QuoteGroup

__all__ = ["GroupMember", "GroupSpeaker", "QuoteGroup", "group"]
