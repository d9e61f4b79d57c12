"""Factiva, as the lines of its RTF and HTML files: with codes before the values, or without."""

from __future__ import annotations

from quotekit.batch.reading.articles import Article
from quotekit.batch.reading.days import day_within
from quotekit.batch.reading.exports.labels import article, fields, label_of, pattern

_NAME = "factiva"


def factiva(lines: list[str], titles: frozenset[str] = frozenset()) -> list[Article]:
    """Return the articles; none if the lines are not an export of this layout.

    ``titles`` are lines that are known to be titles, as a page marks them.
    """
    end, cover = pattern(_NAME, "end"), pattern(_NAME, "cover")
    found: list[Article] = []
    part: list[str] = []
    for line in filter(None, lines):
        number = end.fullmatch(line.removeprefix("AN").strip())
        if number is not None:
            one = _labelled(part) or _unlabelled(part, titles)
            # A text may end with such a line without being an export.
            if one is None:
                return []
            found.append(one)
            part = []
        elif not cover.fullmatch(line):
            part.append(line)
    return found


def _labelled(lines: list[str]) -> Article | None:
    """Return the article of lines with codes, or ``None`` if no line has one."""
    parts: dict[str, list[str]] = {}
    current = ""
    for line in lines:
        label = label_of(line, _NAME, "code") or _code(line)
        if label is not None:
            current = label[0]
            parts.setdefault(current, [])
            line = label[1]
        if line and current:
            parts[current].append(line)
    if "hd" not in parts or not {"lp", "td"} & set(parts):
        return None
    names = fields(_NAME)
    values = {name: " ".join(parts[code]) for code, name in names.items() if code in parts and name != "text"}
    return article([line for code in ("lp", "td") for line in parts.get(code, [])], values)


def _code(line: str) -> tuple[str, str] | None:
    """Return the code of a line that holds nothing that is kept."""
    found = pattern(_NAME, "code").fullmatch(line)
    return None if found is None else (found["label"].lower(), found["value"] or "")


def _title_among(above: list[str], titles: frozenset[str]) -> int:
    """Return which of the lines above the number of words is the title: a section may be above, an author below."""
    marked = next((index for index, line in enumerate(above) if line in titles), None)
    if marked is not None:
        return marked
    if len(above) == 2:
        is_author = above[1].lower().startswith("by ") or len(above[1]) < len(above[0])
        return 0 if is_author else 1
    return min(1, len(above) - 1)


def _unlabelled(lines: list[str], titles: frozenset[str]) -> Article | None:
    """Return the article of lines without codes; ``None`` if there is no line with the number of words."""
    length, copyright = pattern(_NAME, "length"), pattern(_NAME, "copyright")
    at = next((index for index, line in enumerate(lines) if length.fullmatch(line)), None)
    if not at or at + 1 >= len(lines) or day_within(lines[at + 1]) is None:
        return None
    above, behind = lines[:at], lines[at + 2 :]
    title = _title_among(above, titles)
    values = {"title": above[title], "length": lines[at], "date": lines[at + 1]}
    values |= {"section": " ".join(above[:title]), "author": " ".join(above[title + 1 :])}
    while behind and pattern(_NAME, "time").fullmatch(behind[0]):
        behind = behind[1:]
    if behind:
        values["outlet"] = behind[0]
    rights = [index for index, line in enumerate(behind[:8]) if copyright.fullmatch(line)]
    if rights:
        values["language"] = behind[rights[0] - 1] if rights[0] > 1 else ""
    return article(behind[rights[-1] + 1 :] if rights else behind[1:], values)
