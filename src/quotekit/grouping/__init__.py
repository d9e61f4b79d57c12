"""The same quote in several articles: who said it first, and who repeated it.

`wording` is what is compared, `alike` compares two wordings, `speaking` two speakers, `leaders` many; `build` is the
way.
"""

from quotekit.grouping.build import group
from quotekit.grouping.types import GroupMember, GroupSpeaker, QuoteGroup

__all__ = ["GroupMember", "GroupSpeaker", "QuoteGroup", "group"]
