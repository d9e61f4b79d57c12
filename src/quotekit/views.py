"""How a notebook shows a quote: a hook, so that the types import nothing of the report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

quote_html: Callable[[Any], str] | None = None
"""Returns the HTML of a `Quote`; the package sets it."""
