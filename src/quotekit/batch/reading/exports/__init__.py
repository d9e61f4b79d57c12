"""Exports of news databases: many articles in one text, each below lines with labels."""

from __future__ import annotations

from quotekit.batch.reading.articles import Article
from quotekit.batch.reading.exports.factiva import factiva
from quotekit.batch.reading.exports.nexis import nexis
from quotekit.batch.reading.exports.nexis_uni import nexis_uni
from quotekit.batch.reading.exports.proquest import proquest


def articles_of_export(text: str, titles: frozenset[str] = frozenset()) -> list[Article]:
    """Return the articles of an export of LexisNexis, Nexis Uni, Factiva or ProQuest; none if the text is not one.

    ``titles`` are lines that are known to be titles.
    """
    lines = [line.replace("\ufeff", "").strip() for line in text.replace("\f", "\n").splitlines()]
    return nexis(lines) or nexis_uni(lines) or factiva(lines, titles) or proquest(lines)
