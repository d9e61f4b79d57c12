"""Candidates compete: at most one answer for each stretch of the article, and what is nested in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from quotekit.article.paragraphs import SENTENCE_ENDS
from quotekit.article.parsed import ParsedArticle
from quotekit.attribution.trace import ContestTrace, Loss, LossKind
from quotekit.candidates.candidate import Candidate
from quotekit.candidates.from_encoder import ENCODER
from quotekit.candidates.layer import Layer
from quotekit.models import inside

FLOOR = 0.33
"""Minimum confidence of any candidate; below it, more precision is lost on annotated news than recall is gained."""

MIN_ENCLOSING = 0.5
"""Minimum confidence for a candidate to enclose more confident ones."""

MIN_NESTED = 0.6
"""Minimum confidence for a nested candidate; most nested text is the outer speaker paraphrasing."""


MIN_NESTED_STATEMENT = 0.4
"""The same for a statement with a clause or quoted words of its own: she said that he had said that it was late."""

NESTED_CONFIDENCE = 0.75
"""Minimum confidence of a nested statement once it is kept. The corpus annotates none, so that what the rules learned
from it is too low; of those in the sample stories, nine of ten are right."""

OWN_CLAUSE = frozenset({"en.clause", "en.clause.chain", "en.direct.verb-after", "en.direct.verb-before"})
"""Rules whose content is a clause or quoted words, and whose source is the cue's own subject."""

_COORDINATION = re.compile(r", (?:and|but|or) ")


def decide(candidates: Sequence[Candidate], floor: float = FLOOR, trace: ContestTrace | None = None) -> list[Candidate]:
    """Return the candidates that win, in text order: the most confident first, each where its place is still free.

    A candidate that lies inside the content of another is kept beside it, at depth 1: she said that he had said so.
    """
    if trace is not None:
        for candidate in candidates:
            if candidate.confidence < floor:
                trace.verdict(candidate, Loss("below the floor", needed=floor))
    ranked = sorted(
        (candidate for candidate in candidates if candidate.confidence >= floor),
        # A candidate inside quoted words, or inside a turn, needs its surroundings to be decided first.
        key=lambda c: (c.depth, c.turn is None, -c.confidence, c.content, c.rule),
    )
    contest = Contest(trace)
    for candidate in ranked:
        contest.offer(candidate)
    return contest.winners()


class Contest:
    """The candidates that win so far, in two layers: those in the article's own words, and those inside them."""

    def __init__(self, trace: ContestTrace | None = None) -> None:
        self._outermost, self._nested = Layer(), Layer()
        self._trace = trace

    def offer(self, candidate: Candidate) -> None:
        """Keep ``candidate`` if its place is free, if it is nested in a winner, or if it encloses winners."""
        rivals = self._outermost.overlapping(candidate.content)
        if not rivals:
            if candidate.depth == 0:
                self._outermost.take(candidate)
                self._won(candidate)
            else:
                self._lost(candidate, "inside", None, MIN_NESTED)
        elif len(rivals) == 1 and holds(rivals[0], candidate):
            self._nest(candidate, rivals[0])
        elif candidate.depth == 0 and all(reports(candidate, rival) for rival in rivals):
            self._enclose(candidate, rivals)
        elif same := next((rival for rival in rivals if _agree(rival, candidate)), None):
            self._lost(candidate, "agreed", same)
        else:
            best = _best(rivals)
            self._lost(candidate, "less sure", best, best.confidence)

    def _nest(self, candidate: Candidate, outer: Candidate) -> None:
        """Keep ``candidate`` inside ``outer`` if it is confident enough and its place is free."""
        if candidate.confidence < min_nested(candidate):
            self._lost(candidate, "inside", outer, min_nested(candidate))
        elif rivals := self._nested.overlapping(candidate.content):
            self._lost(candidate, "less sure", rivals[0], rivals[0].confidence)
        else:
            self._take_nested(candidate)

    def _enclose(self, candidate: Candidate, rivals: list[Candidate]) -> None:
        """Keep ``candidate`` around ``rivals`` if it is confident enough; those that it cannot hold lose."""
        if candidate.confidence < MIN_ENCLOSING:
            self._lost(candidate, "around", _best(rivals), MIN_ENCLOSING)
            return
        for rival in rivals:
            self._outermost.drop(rival)
            fits = holds(candidate, rival) and rival.confidence >= min_nested(rival)
            if fits and not self._nested.overlapping(rival.content):
                self._take_nested(rival)
            else:
                self._lost(rival, "inside", candidate, min_nested(rival))
        self._outermost.take(candidate)
        self._won(candidate)

    def _take_nested(self, candidate: Candidate) -> None:
        nested = replace(candidate, depth=1)
        if has_own_clause(candidate):
            nested = replace(nested, confidence=max(nested.confidence, NESTED_CONFIDENCE))
        self._nested.take(nested)
        self._won(candidate)
        if self._trace is not None:
            self._trace.became(candidate, nested)

    def _won(self, candidate: Candidate) -> None:
        if self._trace is not None:
            self._trace.verdict(candidate, None)

    def _lost(self, candidate: Candidate, kind: LossKind, by: Candidate | None, needed: float = 0.0) -> None:
        if self._trace is not None:
            self._trace.verdict(candidate, Loss(kind, by, needed))

    def winners(self) -> list[Candidate]:
        """Return the winners in text order; a nested one only if what encloses it has won."""
        inner = [c for c in self._nested.all() if any(holds(o, c) for o in self._outermost.overlapping(c.content))]
        return sorted([*self._outermost.all(), *inner], key=lambda c: (c.content[0][0], c.depth, c.content))


def has_own_clause(candidate: Candidate) -> bool:
    """Return whether ``candidate`` is a statement with a clause or quoted words of its own, found by a rule."""
    return candidate.act == "statement" and candidate.rule in OWN_CLAUSE


def min_nested(candidate: Candidate) -> float:
    """Return the minimum confidence for ``candidate`` to be nested."""
    return MIN_NESTED_STATEMENT if has_own_clause(candidate) else MIN_NESTED


def _agree(one: Candidate, other: Candidate) -> bool:
    return (one.content, one.source) == (other.content, other.source)


def _best(candidates: list[Candidate]) -> Candidate:
    return max(candidates, key=lambda candidate: candidate.confidence)


def reports(outer: Candidate, inner: Candidate) -> bool:
    """Return whether ``outer`` reports ``inner``: it holds it, or it states an attitude: she said that he hoped so."""
    part = outer.part_at(inner.content[0][0])
    if part is None or inner.cue is None:
        return False
    attitude = inner.act == "attitude" and outer.act == "statement"
    return holds(outer, inner) or (attitude and all(inside(span, part) for span in (*inner.content, inner.cue)))


def holds(outer: Candidate, inner: Candidate) -> bool:
    """Return whether content, cue and source of ``inner`` all lie in one part of the content of ``outer``."""
    part = outer.part_at(inner.content[0][0])
    if part is None or inner.cue is None:
        return False
    return all(inside(span, part) for span in (*inner.content, inner.cue, inner.source) if span)


def join_split(page: ParsedArticle, decided: Sequence[Candidate], trace: ContestTrace | None = None) -> list[Candidate]:
    """Return ``decided`` with the parts of one quote joined: "A," she said, "B." and "A," she said. "B."

    Two stretches of quoted words in one paragraph are parts of one quote if only the cue's clause, which may end its
    sentence, separates them.
    """
    joined: list[Candidate] = []
    last: dict[int, int] = {}
    for candidate in decided:
        at = last.get(candidate.depth)
        if at is not None and (_same_cue(page, joined[at], candidate) or _continues(page, joined[at], candidate)):
            joined[at] = _merged(page, joined[at], candidate, trace)
        else:
            last[candidate.depth] = len(joined)
            joined.append(candidate)
    return joined


def _merged(page: ParsedArticle, first: Candidate, second: Candidate, trace: ContestTrace | None) -> Candidate:
    """Return both as one; an expletive pronoun is left out: [It] was said [that the pier is safe]."""
    for pronoun, content in ((first, second), (second, first)):
        if _is_pronoun(page, pronoun):
            if trace is not None:
                trace.verdict(pronoun, Loss("joined", content))
            return content
    joined = replace(
        first,
        content=tuple(sorted((*first.content, *second.content))),
        confidence=max(first.confidence, second.confidence),
    )
    if trace is not None:
        trace.became(first, joined)
        trace.became(second, joined)
    return joined


def _is_pronoun(page: ParsedArticle, candidate: Candidate) -> bool:
    tokens = [i for part in candidate.content for i in page.parse.tokens(part)]
    return bool(tokens) and all(page.parse.pos[i] == "PRON" for i in tokens)


def _same_cue(page: ParsedArticle, first: Candidate, second: Candidate) -> bool:
    """Return whether two candidates are parts of one attribution: "It was," he said, "a disgrace"."""
    if first.cue is None or (first.cue, first.source) != (second.cue, second.source):
        return False
    if _is_closed_before(page, first, second):
        return False
    quoted = [page.in_marks(candidate.content[-1]) for candidate in (first, second)]
    # Doubtful words behind quoted ones are what the speaker did: "It was," he said and poured the tea.
    if all(quoted) or min(first.confidence, second.confidence) >= MIN_NESTED:
        return True
    if any(quoted):
        return False
    return _found_together(first, second) or _resumes(page, first, second) or _is_pronoun(page, first)


def _is_closed_before(page: ParsedArticle, first: Candidate, second: Candidate) -> bool:
    """Return whether quoted words end with their paragraph, and others follow: "Why?"⏎"Why not," he said."""
    ends, begins = first.content[-1], second.content[0]
    if page.paragraph_index(ends[1] - 1) >= page.paragraph_index(begins[0]):
        return False
    return page.in_marks(ends) and all(stretch.closed for stretch in page.quoted_in(ends))


def _found_together(first: Candidate, second: Candidate) -> bool:
    """Return whether two unquoted parts were found by one rule, or are as doubtful, or have no source.

    Otherwise a doubtful part is kept apart, since it would decide about a clear one: On the reform, she said it failed.
    """
    doubtful = max(first.confidence, second.confidence) < MIN_NESTED
    return doubtful or first.source is None or first.rule == second.rule != ENCODER


def _resumes(page: ParsedArticle, first: Candidate, second: Candidate) -> bool:
    """Return whether ``second`` continues ``first`` behind its cue: It sank, she said, and is lost."""
    behind = page.text[first.cue[1] : second.content[0][1]] if first.cue else ""
    return first.content[-1][1] <= second.content[0][0] and bool(_COORDINATION.match(behind))


def _continues(page: ParsedArticle, first: Candidate, second: Candidate) -> bool:
    if first.cue is None or first.source is None or first.source != second.source:
        return False
    gap = first.content[-1][1], second.content[0][0]
    if not (inside(first.cue, gap) and inside(first.source, gap)):
        return False
    if page.paragraph_index(gap[0] - 1) != page.paragraph_index(gap[1]):
        return False
    tokens = page.parse.tokens((max(first.cue[1], first.source[1]), gap[1]))
    ends = [i for i in tokens if page.parse.words[i] in SENTENCE_ENDS]
    rest = page.text[page.parse.ends[ends[0]] : gap[1]] if ends else ""
    return not any(map(str.isalnum, rest)) and all(page.in_marks(span) for span in (*first.content, *second.content))
