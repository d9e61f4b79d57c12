"""Applying corrections to the attributions of a text, before they become quotes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from quotekit.article.legible import Legible
from quotekit.article.parsed import ParsedArticle
from quotekit.candidates.candidate import Candidate
from quotekit.corrections.entries import Correction, Corrections
from quotekit.models import Span, Speaker, inside, overlap
from quotekit.speakers import Resolution

CORRECTION = "correction"
"""Rule of quotes that a reader added."""

Attributed = tuple[Candidate, "Resolution | None"]


class StatedSpeaker(Resolution):
    """A speaker named by a reader."""

    @property
    def confidence(self) -> float:
        """Always 1."""
        return 1.0


def corrections_of(corrections: Corrections, text: str, prepared: Legible | None) -> Sequence[Correction]:
    """Return the corrections of ``text``, in its own offsets if it was ``prepared`` from the caller's text."""
    if prepared is None:
        return corrections.of_text(text)
    return [
        one.model_copy(update={"start": start, "end": end, "text": text[start:end]})
        for one in corrections.of_text(prepared.original)
        for start, end in [prepared.to_prepared(one.span)]
    ]


def corrected(
    page: ParsedArticle, attributed: Sequence[Attributed], corrections: Iterable[Correction]
) -> list[Attributed]:
    """Return the attributions of a text with their resolutions, corrected and in text order.

    A correction applies to the quote that shares more than half of its characters.
    """
    found = list(attributed)
    for correction in corrections:
        at = _place(found, correction.span)
        if correction.fault == "missed":
            _add(page, found, at, correction)
        elif at is not None and correction.fault == "no quote":
            del found[at]
        elif at is not None:
            found[at] = (found[at][0], _stated(found, correction.speaker))
    return found


def _add(page: ParsedArticle, found: list[Attributed], at: int | None, correction: Correction) -> None:
    """Add a missed quote, or correct the content of the quote at index ``at``."""
    span = _without_marks(page, correction.span)
    speaker = _stated(found, correction.speaker)
    if at is None:
        found.append((_added(found, span), speaker))
    else:
        candidate, before = found[at]
        found[at] = (replace(candidate, content=(span,), confidence=1.0), speaker or before)
    found.sort(key=lambda pair: pair[0].hull[0])


def _place(found: Sequence[Attributed], span: Span) -> int | None:
    """Return the index of the attribution that shares the most characters with ``span``, if that is over half."""
    shares = [_share(candidate.hull, span) for candidate, _ in found]
    best = max(range(len(shares)), key=shares.__getitem__, default=None)
    return best if best is not None and shares[best] > 0.5 else None


def _share(a: Span, b: Span) -> float:
    common = overlap(a, b)
    return common / (a[1] - a[0] + b[1] - b[0] - common) if common else 0.0


def _without_marks(page: ParsedArticle, span: Span) -> Span:
    return next((stretch.inner for stretch in page.quoted_in(span) if stretch.outer == span), span)


def _added(found: Sequence[Attributed], span: Span) -> Candidate:
    nested = any(inside(span, part) for candidate, _ in found for part in candidate.content)
    return Candidate(
        content=(span,),
        source=None,
        cue=None,
        verb=None,
        act="statement",
        rule=CORRECTION,
        confidence=1.0,
        depth=int(nested),
    )


def _stated(found: Sequence[Attributed], name: str | None) -> Resolution | None:
    """Return the speaker of the article with that name, or a new one."""
    if name is None:
        return None
    known = (resolution.speaker for _, resolution in found if resolution is not None)
    speaker = next((one for one in known if one.name.casefold() == name.casefold()), None)
    if speaker is None:
        speaker = Speaker(id=f"{CORRECTION} {name}", name=name, named=True)
    return StatedSpeaker(speaker.model_copy(update={"mentions": ()}), CORRECTION, "")
