"""ProQuest, as the lines of its text and HTML files."""

from __future__ import annotations

from quotekit.batch.reading.articles import Article
from quotekit.batch.reading.exports.labels import article, fields, label_of, pattern, split_at

_NAME = "proquest"


def proquest(lines: list[str]) -> list[Article]:
    """Return the articles; none if the lines are not an export of this layout."""
    found = []
    for part in split_at(lines, pattern(_NAME, "start")):
        one = _article(part)
        if one is not None:
            found.append(one)
    return found


def _article(lines: list[str]) -> Article | None:
    """Return the article of lines with labels; ``None`` if they are not an article, such as a list of contents."""
    values: dict[str, str] = {}
    text: list[str] = []
    current = None
    for line in lines:
        label = label_of(line, _NAME)
        if label is not None:
            current = fields(_NAME)[label[0]]
            line = label[1]
        if current == "text":
            text.append(line)
        elif current and line:
            values[current] = f"{values[current]} {line}" if current in values else line
    return article(text, values) if "title" in values and (any(text) or "outlet" in values) else None
