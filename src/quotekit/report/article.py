"""A stand-in for the page of one article."""

from collections.abc import Sequence
from html import escape

from quotekit.models import Quote


def article_page(text: str, quotes: Sequence[Quote], *, title: str = "") -> str:
    """One article's page."""
    ids = "".join(f'<p id="{escape(q.id)}">{escape(q.text)}</p>' for q in quotes)
    clean = "".join(c if c >= " " or c == "\n" else "\ufffd" for c in text).encode("utf-8", "replace").decode()
    return f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title></head><body><main><h1>{escape(title)}</h1>{ids}<pre>{escape(clean)}</pre></main></body></html>'
