"""Pages for people: what was found, as HTML that needs nothing but itself.

`article_page` makes a page for one article; `show` shows the same in a notebook.
"""

from __future__ import annotations

from quotekit.report.article import ReportError, article_page
from quotekit.report.notebook import Shown, show

__all__ = ["ReportError", "Shown", "article_page", "show"]
