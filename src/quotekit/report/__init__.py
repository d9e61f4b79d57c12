"""Reports as self-contained HTML pages.

`article_page` makes the page of one article, `show` displays it in a notebook, and `folder_report` reports on many.
"""

from __future__ import annotations

from quotekit.report.article import ReportError, article_page
from quotekit.report.folder import Written, folder_report
from quotekit.report.notebook import Shown, show

__all__ = ["ReportError", "Shown", "Written", "article_page", "folder_report", "show"]
