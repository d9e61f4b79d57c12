"""Expected quotes, given as inline markup, as dicts with some fields of a quote, or as quotes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quotekit.article.paragraphs import read_article
from quotekit.article.quoted import find_quoted
from quotekit.models import Position, Quote, Span, Speaker, hull
from quotekit.rules.markup import Annotated, read_story

Words = Span | str
"""Words of the article: their span, or their text."""

DERIVED = ("id", "text", "position", "parent", "confidence", "speaker_confidence")
"""Fields of expected quotes that are not compared: they follow from others, or change with every measurement."""


@dataclass(frozen=True, slots=True)
class Expected:
    """An expected quote: its label in messages, and the fields that are compared.

    ``content`` is a tuple of `Words`, ``source`` and ``cue`` are `Words` or ``None``, ``speaker`` and ``position`` are
    ``None`` or some of their own fields.
    """

    label: str
    fields: Mapping[str, Any]


def read_expected(text: str, expected: object, exact: bool = True) -> list[Expected]:
    """Return the expected quotes, given as markup of ``text`` or as an iterable of dicts, quotes or `Expected`.

    Raises:
        ValueError: the markup is not well formed or has another text, a field is unknown, or a span is not in ``text``.
        TypeError: a value has none of these forms.
    """
    if isinstance(expected, str):
        return _of_markup(text, expected, exact)
    if isinstance(expected, (Mapping, Quote, Expected)) or not isinstance(expected, Iterable):
        raise TypeError(f"expected must be markup, or a list of dicts or quotes, not {type(expected).__name__}")
    return [_of_item(text, item, str(place)) for place, item in enumerate(expected, 1)]


def of_story(text: str, story: Mapping[str, Annotated], exact: bool = True) -> list[Expected]:
    """Return the attributions of a story, by id, without quotation marks around the content, as in a quote.

    A source or a cue that is not marked must be missing, or if not ``exact``, is not compared.
    """
    inner = {stretch.outer: stretch.inner for stretch in find_quoted(read_article(text))}
    found = []
    for label, one in story.items():
        if not one.content:
            raise ValueError(f"attribution {label!r} has no <content {label}>; add one")
        fields: dict[str, Any] = {"content": tuple(inner.get(span, span) for span in one.content)}
        for name, spans in (("source", one.source), ("cue", one.cue)):
            if spans or exact:
                fields[name] = hull(spans) if spans else None
        found.append(Expected(label, fields))
    return found


def _of_markup(text: str, markup: str, exact: bool) -> list[Expected]:
    plain, story = read_story(markup)
    if plain != text:
        at = next((i for i, (a, b) in enumerate(zip(plain, text, strict=False)) if a != b), min(len(plain), len(text)))
        raise ValueError(
            f"the markup has another text: {plain[at : at + 40]!r} from character {at}, where the article has "
            f"{text[at : at + 40]!r}"
        )
    return of_story(text, story, exact)


def _of_item(text: str, item: object, label: str) -> Expected:
    if isinstance(item, Expected):
        return item
    if isinstance(item, Quote):
        fields = {name: value for name, value in item.model_dump().items() if name not in DERIVED}
        if fields["speaker"] is not None:
            # The id of a speaker depends on the other speakers.
            fields["speaker"].pop("id")
        return Expected(label, _normal(text, fields, label))
    if isinstance(item, Mapping):
        return Expected(label, _normal(text, item, label))
    raise TypeError(f"quote {label}: expected must be a list of dicts or quotes, not of {type(item).__name__}")


def _normal(text: str, fields: Mapping[str, Any], label: str) -> dict[str, Any]:
    """Return the fields in the form of `Expected`."""
    _known(fields, Quote.model_fields, f"quote {label}", "a quote")
    normal = dict(fields)
    if "content" in normal:
        content = normal["content"]
        whole = isinstance(content, (str, Mapping)) or _is_span(content) or not isinstance(content, Sequence)
        parts = [content] if whole else content
        normal["content"] = tuple(_words(text, part, f"quote {label}: field 'content'") for part in parts)
    for name in ("source", "cue"):
        if normal.get(name) is not None:
            normal[name] = _words(text, normal[name], f"quote {label}: field {name!r}")
    for name, model in (("speaker", Speaker), ("position", Position)):
        value = normal.get(name)
        if isinstance(value, model):
            normal[name] = value.model_dump()
        elif isinstance(value, str) and model is Speaker:
            normal[name] = {"name": value}
        elif isinstance(value, Mapping):
            _known(value, model.model_fields, f"quote {label}: field {name!r}", f"a {name}")
            normal[name] = dict(value)
        elif value is not None:
            raise TypeError(f"quote {label}: field {name!r} must be a dict of its fields, not {type(value).__name__}")
    return normal


def _known(names: Iterable[str], fields: Iterable[str], where: str, what: str) -> None:
    fields = list(fields)
    for name in names:
        if name not in fields:
            raise ValueError(f"{where}: unknown field {name!r}; {what} has {', '.join(fields)}")


def _is_span(value: object) -> bool:
    return isinstance(value, (tuple, list)) and len(value) == 2 and all(isinstance(edge, int) for edge in value)


def _words(text: str, value: Any, where: str) -> Words:
    """Return words of the article, given as text, as a pair of offsets, or as a `TextSpan` in any form."""
    if isinstance(value, str):
        return value
    if _is_span(value):
        start, end = value
        words = None
    else:
        plain = value if isinstance(value, Mapping) else getattr(value, "__dict__", {})
        start, end, words = plain.get("start"), plain.get("end"), plain.get("text")
        if start is None and end is None and isinstance(words, str):
            return words
    if not (isinstance(start, int) and isinstance(end, int)):
        raise TypeError(f"{where}: must be words of the article, or their start and end, not {value!r}")
    if not 0 <= start <= end <= len(text) or words not in (None, text[start:end]):
        shown = "" if words is None else f", not {words!r}"
        raise ValueError(f"{where}: the article has {text[start:end]!r} from {start} to {end}{shown}")
    return start, end
