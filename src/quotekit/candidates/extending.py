"""Candidates extended over quoted words that belong to them: in adjoining paragraphs, or at the end of a sentence."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from quotekit.article.paragraphs import SENTENCE_ENDS
from quotekit.article.parsed import ParsedArticle
from quotekit.article.quoted import Quoted
from quotekit.candidates.candidate import Candidate
from quotekit.candidates.layer import Layer
from quotekit.models import Span

MOST_BETWEEN = 4
"""Maximum number of tokens between content and the quoted words that end its sentence."""


def continued(page: ParsedArticle, decided: Sequence[Candidate]) -> list[Candidate]:
    """Return ``decided`` with the continuations of their quoted words in the paragraphs before and after."""
    after: dict[int | None, int | None] = {
        stretch.continues: i for i, stretch in enumerate(page.quoted) if stretch.continues is not None
    }
    if not after:
        return list(decided)
    before: dict[int | None, int | None] = {i: earlier for earlier, i in after.items()}
    starts = {page.quoted[i].inner[0]: i for i in before if i is not None}
    ends = {page.quoted[i].inner[1]: i for i in after if i is not None}
    claimed = Layer()
    for candidate in decided:
        if candidate.depth == 0:
            claimed.take(candidate)

    def chain(candidate: Candidate, at: int | None, following: Mapping[int | None, int | None]) -> Iterator[Span]:
        while at is not None and (at := following.get(at)) is not None:
            part = page.quoted[at].inner
            if claimed.overlapping([part]):
                return
            claimed.take(replace(candidate, content=(part,)))
            yield part

    out = []
    for candidate in decided:
        earlier = list(chain(candidate, starts.get(candidate.content[0][0]), before))
        later = list(chain(candidate, ends.get(candidate.content[-1][1]), after))
        out.append(replace(candidate, content=(*reversed(earlier), *candidate.content, *later)))
    return out


def extended(page: ParsedArticle, decided: Sequence[Candidate], left: Sequence[Quoted]) -> list[Candidate]:
    """Return ``decided`` with the quoted words that end their sentence: she said it was over, "for now", at last."""
    out = list(decided)
    ends = [candidate.content[-1][1] for candidate in decided]
    order = sorted(range(len(out)), key=ends.__getitem__)
    places = [ends[i] for i in order]
    for stretch in left:
        at = bisect_right(places, stretch.outer[0]) - 1
        if at < 0 or not _runs_on(page, (places[at], stretch.outer[0])):
            continue
        candidate = out[order[at]]
        if candidate.depth == 0 and candidate.cue and candidate.cue[1] <= candidate.content[-1][0]:
            start = candidate.content[-1][0]
            out[order[at]] = replace(candidate, content=(*candidate.content[:-1], (start, stretch.outer[1])))
    return out


def _runs_on(page: ParsedArticle, gap: Span) -> bool:
    """Return whether ``gap`` is a few words of one paragraph, without a verb or the end of a sentence."""
    parse = page.parse
    between = parse.tokens(gap)
    # The last candidate may be a whole text away; at most one token overlaps the edge of the gap.
    if len(between) > MOST_BETWEEN + 1:
        return False
    tokens = [i for i in between if parse.starts[i] >= gap[0]]
    if len(tokens) > MOST_BETWEEN or page.paragraph_index(gap[0] - 1) != page.paragraph_index(gap[1]):
        return False
    return not any(parse.words[i] in SENTENCE_ENDS or parse.pos[i] in ("VERB", "AUX") for i in tokens)
