"""Questions about many articles: who is who across them, and who said what about what.

`people_of` merges the speakers of outputs, `link` fills in the merged people, and `find` searches quotes.
"""

from quotekit.study.finding import find
from quotekit.study.linking import Linked, link
from quotekit.study.people import People, people_of, write_people
from quotekit.study.search import Hit, Search

__all__ = ["Hit", "Linked", "People", "Search", "find", "link", "people_of", "write_people"]
