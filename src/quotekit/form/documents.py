"""Documents without turns: speeches and statements of one author, readouts, live blogs, newsletters, stories."""

from __future__ import annotations

from collections.abc import Sequence

from quotekit.form.lines import Line
from quotekit.form.types import Form


def read_document(text: str, lines: Sequence[Line], pieces: Sequence[list[int]]) -> Form:
    """Return the form of a document in which nobody has a label."""
    return Form("story", 1.0)
