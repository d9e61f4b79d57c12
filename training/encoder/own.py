"""What quotekit itself says of an article, as the answers that a network should give.

Rules and network together are better than the network alone, so that it can learn from both about articles that
nobody has annotated: self-training (Scudder 1965), with the calibrated confidence of each quote as its probability.
"""

from __future__ import annotations

import numpy as np

from quotekit import Extractor
from quotekit.encoder.decoding import CONTENT, CUE, OUTSIDE, SOURCE
from quotekit.encoder.word_pieces import Integers, Pieces
from quotekit.models import TextSpan
from training.encoder.windows import NOWHERE, TAGS, Floats, Lesson, Pointers, pieces_in

STORY = "story"


def own_answers(text: str, pieces: Pieces, extractor: Extractor) -> Lesson | None:
    """``pieces`` with what ``extractor`` finds in ``text``, or None if it is no story.

    Of two finds at one piece the surer one counts. Finds inside others are left out, as the corpus leaves them out.
    """
    reading = extractor.read(text)
    if reading.form != STORY:
        return None
    tags = np.eye(TAGS, dtype=np.float32)[np.full(len(pieces), OUTSIDE)]
    at = {kind: np.full((len(pieces), 1), NOWHERE) for kind in (SOURCE, CUE)}
    shares = np.zeros((len(pieces), 1), dtype=np.float32)
    outer = [quote for quote in reading.quotes if quote.parent is None]
    for quote in sorted(outer, key=lambda quote: quote.confidence):
        contents = [_tag(tags, pieces, part, CONTENT, quote.confidence) for part in quote.content]
        for kind, part in ((SOURCE, quote.source), (CUE, quote.cue)):
            run = _tag(tags, pieces, part, kind, quote.confidence) if part else ()
            for content in contents:
                at[kind][content] = run[0] if len(run) else NOWHERE
                shares[content] = quote.confidence
    return Lesson(pieces.ids, pieces.features, tags, Pointers(at[SOURCE], shares), Pointers(at[CUE], shares))


def _tag(tags: Floats, pieces: Pieces, part: TextSpan, kind: int, confidence: float) -> Integers:
    """Tag the pieces that share a character with ``part``, as sure as ``confidence``; returns them."""
    run = pieces_in(pieces, part.start, part.end)
    for i, piece in enumerate(run):
        tags[piece] = 0
        tags[piece, OUTSIDE] = 1 - confidence
        tags[piece, kind + bool(i)] = confidence
    return run
