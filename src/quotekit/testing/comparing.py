"""Compares found quotes with expected ones: pairs them, and describes the differences."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quotekit.attribution.trial import way
from quotekit.models import Quote, Span, Speaker, TextSpan, overlap
from quotekit.testing.expected import Expected, Words

WIDTH = 70
"""Maximum length, in characters, of words of the article in a message."""


LIKE = 1 / 3
"""Minimum share of common words for expected words to count as found."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The result: pairs in the order of the expected quotes, and the unpaired ones of both sides."""

    text: str
    pairs: tuple[tuple[Expected, Quote], ...]
    missing: tuple[Expected, ...]
    extra: tuple[Quote, ...]

    @property
    def rules(self) -> list[str]:
        """The rules that decided the paired quotes, and their speakers where a speaker was expected."""
        ids = [quote.rule for _, quote in self.pairs]
        for expected, quote in self.pairs:
            if quote.speaker is not None and expected.fields.get("speaker"):
                ids += [mention.rule for mention in quote.speaker.mentions[:1]]
        return ids

    def lines(self, exact: bool = True) -> list[str]:
        """Return the differences, some lines for each quote; further quotes count only if ``exact``."""
        lines: list[str] = []
        for expected, quote in self.pairs:
            found = list(_differences(self.text, expected.fields, quote))
            if found:
                lines.append(f"quote {expected.label}, {_short(quote.text)}, by {quote.rule} ({quote.confidence:.2f})")
                lines += [f"  {line}" for line in found]
        lines += [f"missing: quote {one.label}, {_wanted(self.text, one.fields)}" for one in self.missing]
        lines += [f"extra: {_found(quote)}" for quote in self.extra if exact]
        return lines


def compare(text: str, expected: Sequence[Expected], quotes: Sequence[Quote]) -> Comparison:
    """Pair expected and found quotes: first by equal words, then by common words, then by equal fields."""
    closest: list[tuple[tuple[float, ...], int, int]] = []
    for i, one in enumerate(expected):
        equal = [sum(1 for _ in _differences(text, one.fields, quote)) for quote in quotes]
        # Of two expected quotes that fit the same one, that which fits fewer others takes it.
        rivals = equal.count(0)
        for j, quote in enumerate(quotes):
            shared = _shared(text, one.fields, quote)
            if shared > 0:
                closest.append(((bool(equal[j]), rivals if not equal[j] else 0, -shared, equal[j], i, j), i, j))
    taken: dict[int, int] = {}
    left = set(range(len(quotes)))
    for _, i, j in sorted(closest):
        if i not in taken and j in left:
            taken[i] = j
            left.remove(j)
    return Comparison(
        text,
        tuple((expected[i], quotes[j]) for i, j in sorted(taken.items())),
        tuple(one for i, one in enumerate(expected) if i not in taken),
        tuple(quotes[j] for j in sorted(left)),
    )


def _shared(text: str, fields: Mapping[str, Any], quote: Quote) -> float:
    """Return the share of the expected words that was found; without words, of the fields."""
    wanted = fields.get("content", (fields["text"],) if "text" in fields else ())
    if not wanted:
        wrong = sum(1 for _ in _differences(text, fields, quote))
        return 0.0 if wrong and wrong >= len(fields) else 1 / (1 + wrong)
    spans = [_span(part) for part in quote.content]
    total = 0.0
    for part in wanted:
        if isinstance(part, str):
            total += _alike(part, quote.text)
        else:
            total += sum(overlap(part, span) for span in spans) / max(1, part[1] - part[0])
    return total


def _alike(words: str, others: str) -> float:
    """Return the share of words that two texts have in common; 0 if it is below `LIKE`."""
    one, other = words.split(), others.split()
    shared = (Counter(one) & Counter(other)).total() / max(1, len(one), len(other))
    return shared if shared >= LIKE or words in others or others in words else 0.0


def _differences(text: str, fields: Mapping[str, Any], quote: Quote) -> Iterator[str]:
    """Yield a line for each of ``fields`` in which ``quote`` differs."""
    for name, wanted in fields.items():
        found = getattr(quote, name)
        if name == "content":
            yield from _content(text, wanted, quote)
        elif name in ("source", "cue"):
            difference = _stretch(text, wanted, found and _span(found))
            if difference:
                yield f"{name}: {difference}"
        elif name == "speaker":
            yield from _speaker(wanted, found)
        elif name == "position" and wanted is not None:
            yield from _fields("position", wanted, found)
        elif not _same(wanted, found):
            yield f"{name}: found {_shown(found)}, wanted {_shown(wanted)}"


def _content(text: str, wanted: Sequence[Words], quote: Quote) -> Iterator[str]:
    found = [_span(part) for part in quote.content]
    if len(wanted) == len(found):
        for place, (part, span) in enumerate(zip(wanted, found, strict=True), 1):
            difference = _stretch(text, part, span)
            if difference:
                yield f"content{f', part {place}' if len(found) > 1 else ''}: {difference}"
    elif len(wanted) != 1 or wanted[0] != quote.text:
        parts = " … ".join(_short(text[slice(*span)]) for span in found)
        others = " … ".join(_short(part if isinstance(part, str) else text[slice(*part)]) for part in wanted)
        yield f"content: found {len(found)} part{'s' * (len(found) > 1)}, {parts}, wanted {len(wanted)}, {others}"


def _stretch(text: str, wanted: Words | None, found: Span | None) -> str:
    """Return how two spans of the article differ, by the words at their edges; empty if they are equal."""
    if isinstance(wanted, str):
        wanted = _located(text, wanted, found)
    if wanted == found:
        return ""
    shown = [
        "none" if one is None else _short(one if isinstance(one, str) else text[slice(*one)]) for one in (found, wanted)
    ]
    said = f"found {shown[0]}, wanted {shown[1]}"
    if found is None or wanted is None or isinstance(wanted, str) or not overlap(wanted, found):
        if shown[0] == shown[1] and found is not None and wanted is not None and not isinstance(wanted, str):
            return f"{said} at {wanted[0]}, not at {found[0]}"
        return said
    edges = [
        f"{'longer' if longer else 'shorter'} by {_words(text[min(a, b) : max(a, b)])} at its {where}"
        for a, b, longer, where in (
            (found[0], wanted[0], found[0] < wanted[0], "beginning"),
            (found[1], wanted[1], found[1] > wanted[1], "end"),
        )
        if a != b
    ]
    return f"{' and '.join(edges)}: {said}"


def _located(text: str, words: str, near: Span | None) -> Words:
    """Return the span of ``words`` in ``text`` that overlaps ``near``, or the words themselves."""
    if near is None:
        return words
    # The earliest start of a span that overlaps `near`.
    first = max(0, near[0] - len(words) + 1)
    at = near[0] if text.startswith(words, near[0]) else text.find(words, first, near[1] + len(words))
    return (at, at + len(words)) if at >= 0 and words else words


def _speaker(wanted: Mapping[str, Any] | None, found: Speaker | None) -> Iterator[str]:
    if wanted is None or found is None:
        if wanted is not None or found is not None:
            name = "none" if wanted is None else _shown(wanted.get("name", dict(wanted)))
            yield f"speaker: found {'nobody' if found is None else _resolved(found)}, wanted {name}"
        return
    if "name" in wanted and wanted["name"] != found.name:
        yield f"speaker: found {_resolved(found)}, wanted {_shown(wanted['name'])}"
    yield from _fields("speaker", {key: value for key, value in wanted.items() if key != "name"}, found)


def _resolved(speaker: Speaker) -> str:
    return f"{speaker.name!r} by {way(speaker)}" if speaker.mentions else repr(speaker.name)


def _fields(name: str, wanted: Mapping[str, Any], found: object) -> Iterator[str]:
    for key, value in wanted.items():
        if not _same(value, getattr(found, key)):
            yield f"{name}'s {key}: found {_shown(getattr(found, key))}, wanted {_shown(value)}"


def _same(wanted: Any, found: Any) -> bool:
    """Return whether an expected plain value equals the found one; a mention also equals its dump or its words."""
    if isinstance(found, float) and isinstance(wanted, (int, float)):
        return math.isclose(wanted, found, abs_tol=5e-5)
    if isinstance(found, tuple) and isinstance(wanted, (list, tuple)):
        return len(found) == len(wanted) and all(map(_same, wanted, found))
    if isinstance(found, TextSpan) and isinstance(wanted, str):
        return wanted == found.text
    if isinstance(found, TextSpan) and isinstance(wanted, Mapping):
        return dict(wanted) == found.model_dump()
    return bool(wanted == found)


def _wanted(text: str, fields: Mapping[str, Any]) -> str:
    """Return what is expected of a quote, in one line."""
    shown: list[str] = []
    for name, value in fields.items():
        if name == "content":
            words = " … ".join(_short(part if isinstance(part, str) else text[slice(*part)]) for part in value)
            shown.insert(0, words)
        elif name in ("source", "cue"):
            if value is not None:
                shown.append(f"{name} {_short(value if isinstance(value, str) else text[slice(*value)])}")
        elif name == "speaker" and value is not None and "name" in value:
            shown.append(f"speaker {value['name']!r}")
        else:
            shown.append(f"{name} {_shown(value)}")
    return ", ".join(shown)


def _found(quote: Quote) -> str:
    source = f", source {_short(quote.source.text)}" if quote.source else ""
    return f"{_short(quote.text)}{source}, by {quote.rule} ({quote.confidence:.2f})"


def _span(stretch: TextSpan) -> Span:
    return stretch.start, stretch.end


def _words(piece: str) -> str:
    return _short(piece.strip() or piece)


def _short(words: str) -> str:
    """Return words in quotation marks, shortened in the middle."""
    if len(words) > WIDTH:
        words = f"{words[: WIDTH // 2].rstrip()} … {words[-WIDTH // 2 :].lstrip()}"
    return repr(words)


def _shown(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_shown, value))}]"
    if isinstance(value, TextSpan):
        return repr(value.text)
    return "none" if value is None else repr(value)
