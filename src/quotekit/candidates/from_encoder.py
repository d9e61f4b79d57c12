"""Candidates of the encoder: its runs of content, with edges aligned to quotation marks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from quotekit.article.parsed import ParsedArticle
from quotekit.article.quoted import Quoted
from quotekit.candidates.candidate import Candidate
from quotekit.candidates.impersonal import speaking
from quotekit.candidates.spans import voices
from quotekit.encoder.decoding import CONTENT, CUE, SOURCE, Decoded, Run
from quotekit.lexicon.cues import Cues
from quotekit.models import Act, Span, overlap, strip

ENCODER = "encoder"
"""`Candidate.rule` of a candidate that only the encoder proposes."""

BIASES = (0.0, -2.0, -4.0)
"""Values added to the score of "outside" in successive readings; lower ones find more doubtful content."""

WHITE_SPACE = "".join(filter(str.isspace, map(chr, range(0x3001))))
"""All white space of Unicode, which ends with the ideographic space."""

PUNCTUATION = f"{WHITE_SPACE},;:.—–-"
VERBAL = ("VERB", "AUX")


def propose(page: ParsedArticle, decoded: Decoded, cues: CueReader) -> list[Candidate]:
    """Return the encoder's candidates, to which `quotekit.attribution.weighing` gives a confidence."""
    found: dict[tuple[Span, Span | None], Candidate] = {}
    seen: set[Run] = set()
    for runs in decoded.readings(BIASES):
        new = [run for run in runs[CONTENT] if run not in seen]
        seen.update(new)
        for candidate in _read(page, decoded, cues, runs, new):
            found.setdefault((candidate.content[0], candidate.source), candidate)
    return list(found.values())


def _read(
    page: ParsedArticle, decoded: Decoded, cues: CueReader, runs: dict[int, list[Run]], contents: list[Run]
) -> Iterator[Candidate]:
    """Yield ``contents`` as candidates, with their sources and cues among ``runs``."""
    sources = [run for run in runs[SOURCE] if not _in_heading(page, decoded.span(run))]
    for run in contents:
        content = snapped(page, strip(page.text, whole(page, decoded.span(run))))
        if not any(map(str.isalnum, page.text[slice(*content)])) or not page.is_running(content[0]):
            continue
        source = decoded.target(SOURCE, run, runs[SOURCE] if _in_heading(page, content) else sources)
        target = decoded.target(CUE, run, runs[CUE])
        cue = strip(page.text, whole(page, decoded.span(target)), PUNCTUATION) if target else None
        verb, act = cues.read(cue, content) if cue else (None, "statement")
        named = _bare(page.text, whole(page, decoded.span(source))) if source else None
        named = speaking(page, named) if named else None
        yield Candidate(
            content=(content,),
            source=named if named and named[0] < named[1] else None,
            cue=cue if cue and cue[0] < cue[1] else None,
            verb=verb,
            act=act,
            rule=ENCODER,
            confidence=0.0,
        )


def _in_heading(page: ParsedArticle, span: Span) -> bool:
    """Return whether ``span`` is in a headline or a dateline, where nobody is who speaks in the text."""
    paragraph = page.paragraph(span[0])
    return paragraph.kind == "headline" or span[0] < paragraph.body


def whole(page: ParsedArticle, span: Span) -> Span:
    """Return ``span`` extended to whole words, since the encoder's pieces can be shorter."""
    text, (start, end) = page.text, span
    tokens = page.parse.tokens(span)
    if not tokens:
        return span
    first, last = page.parse.span(tokens[0], tokens[-1])
    if first < start and text[start - 1 : start + 1].isalnum():
        start = first
    if last > end and text[end - 1 : end + 1].isalnum():
        end = last
    return start, end


def _bare(text: str, span: Span) -> Span:
    """Return the source without commas at its edges and without a genitive ending."""
    start, end = strip(text, span, PUNCTUATION.replace(".", "").replace("-", ""))
    return (start, end - 2) if text[end - 2 : end] in ("'s", "’s") and end - 2 > start else (start, end)


def snapped(page: ParsedArticle, span: Span) -> Span:
    """Return ``span`` with its edges aligned to quotation marks.

    Content that covers the beginning or at least half of a quoted stretch becomes the whole stretch, without its marks.
    Content that is more than the quoted words keeps both marks; other content ends without a comma or a full stop.
    """
    start, end = span
    for stretch in page.quoted_in(span):
        if stretch.outer[0] <= start and end <= stretch.outer[1]:
            return stretch.inner if _is_most(stretch, span) else trimmed(page, span)
        shared = 2 * overlap((start, end), stretch.inner) >= stretch.inner[1] - stretch.inner[0]
        if start > stretch.outer[0] and start < stretch.outer[1]:
            start = stretch.outer[0] if shared else stretch.outer[1]
        if stretch.outer[0] < end < stretch.outer[1]:
            end = stretch.outer[1] if shared else stretch.outer[0]
    if start >= end:
        return span
    start, end = trimmed(page, (start, end))
    for stretch in page.quoted_in((start, end)):
        if (start, end) == stretch.outer:
            return stretch.inner
    return start, end


def _is_most(stretch: Quoted, span: Span) -> bool:
    length = stretch.inner[1] - stretch.inner[0]
    return span[0] <= stretch.inner[0] or 2 * overlap(span, stretch.inner) >= length


def trimmed(page: ParsedArticle, span: Span) -> Span:
    """Return ``span`` without punctuation at its edges, except the stop of an abbreviation."""
    text, (start, end) = page.text, strip(page.text, span)
    while start < end and text[end - 1] in PUNCTUATION and text[end - 2 : end] != ".." and not _in_word(page, end - 1):
        end -= 1
    while start < end and text[start] in PUNCTUATION:
        start += 1
    return start, end


def _in_word(page: ParsedArticle, at: int) -> bool:
    """Return whether the character ``at`` belongs to a token with letters or digits, as in "U.S."."""
    parse = page.parse
    return any(any(map(str.isalnum, parse.words[i])) for i in parse.tokens((at, at + 1)))


class CueReader:
    """Finds the verb and the act of a cue: those of a rule's candidate, or else the lexicon's.

    ``by_rules`` are the rules' candidates. ``blocked`` are the cues that they block ("did not say"), whose content is
    an attitude unless it is in quotation marks.
    """

    def __init__(self, page: ParsedArticle, cues: Cues, by_rules: Iterable[Candidate], blocked: frozenset[int]) -> None:
        self._page = page
        self._cues = cues
        self._blocked = blocked
        self._read_at: dict[int, Candidate] = {}
        for candidate in by_rules:
            for i in page.parse.tokens(candidate.cue) if candidate.cue else ():
                self._read_at.setdefault(i, candidate)

    def read(self, cue: Span, content: Span) -> tuple[str | None, Act]:
        """Return the lemma of the cue's verb, and the act."""
        tokens = list(self._page.parse.tokens(cue))
        by_rule = self.by_rule(cue)
        verb, act = (by_rule.verb, by_rule.act) if by_rule else self._look_up(tokens)
        if self._voices(tokens):
            act = "statement"
        if not self._blocked.isdisjoint(tokens) and not self._page.in_marks(content):
            act = "attitude"
        return verb, act

    def _voices(self, tokens: list[int]) -> bool:
        """Return whether a verb of the cue voices its noun: voiced fears, issued a statement saying."""
        parse = self._page.parse
        verb = next((i for i in tokens if parse.pos[i] == "VERB"), None)
        return verb is not None and any(parse.pos[i] == "NOUN" for i in tokens) and voices(parse, verb)

    def by_rule(self, cue: Span) -> Candidate | None:
        """Return the rules' candidate that has the same cue, from which verb and act are taken."""
        tokens = self._page.parse.tokens(cue)
        return next((self._read_at[i] for i in tokens if i in self._read_at), None)

    def _look_up(self, tokens: list[int]) -> tuple[str | None, Act]:
        parse = self._page.parse
        verbs = [i for i in tokens if parse.pos[i] in VERBAL and parse.deps[i] != "prep"]
        full = [i for i in verbs if parse.pos[i] == "VERB"] or verbs
        heads = full or [i for i in tokens if parse.pos[i] in ("NOUN", "ADJ")]
        acts = (self._cues.act(parse.lemmas[i], parse.lowers[i + 1 : i + 2]) for i in heads)
        return (parse.lemmas[full[-1]] if full else None), next((act for act in acts if act), "statement")
