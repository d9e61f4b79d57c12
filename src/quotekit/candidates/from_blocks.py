"""Candidates for paragraphs without quotation marks after "she said in a statement:"."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from quotekit.article.parsed import ParsedArticle
from quotekit.candidates.candidate import Candidate
from quotekit.candidates.spans import source_tokens
from quotekit.form.words import words
from quotekit.lexicon.cues import Cues
from quotekit.models import Span, strip
from quotekit.rules.rule import Rule

FRAME = "direct"
"""The frame that the cue must have."""

_REACH = 30
"""Number of tokens before the colon that are searched for the cue."""

_MOST = 12
"""Maximum number of paragraphs of a block."""

_FEW = 3
"""Paragraphs that a text may end with and that are all of a block."""

_MARK = re.compile(r"(?:>\s*)+")
_OTHER = frozenset("\"“”„«»‘'<")
"""Characters that open what is no block: words in quotation marks, and markup."""

_OPENING = re.compile('["“„«]')
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_TIME = re.compile(r"\d{1,2}[:.]\d{2}\b")


def block(page: ParsedArticle, rule: Rule, cues: Cues) -> Iterator[Candidate]:
    """Yield blocks: paragraphs without quotation marks, after a cue whose paragraph ends in a colon."""
    if page.article.form.turns:
        return
    paragraphs = page.article.paragraphs
    for i, paragraph in enumerate(paragraphs[:-1]):
        if paragraph.kind != "text" or page.text[paragraph.end - 1] != ":":
            continue
        content = tuple(_block(page, i + 1))
        cue = _cue(page, paragraph.end - 1, cues.anchors(FRAME)) if content else None
        if cue is not None:
            source, verb = cue
            yield Candidate(
                content=content,
                source=page.parse.span(source[0], source[-1]),
                cue=page.parse.span(verb, verb),
                verb=page.parse.lemmas[verb],
                act="statement",
                rule=rule.id,
                confidence=rule.confidence,
                verbatim=True,
            )


def _block(page: ParsedArticle, first: int) -> Iterator[Span]:
    """Return the paragraphs of the block that begins with ``first``: all marked ">", or all in the first person.

    Any other block is one paragraph, unless the text ends with it.
    """
    kinds: list[tuple[bool, bool]] = []
    ends = len(page.article.paragraphs) - first <= _FEW
    for paragraph in page.article.paragraphs[first : first + _MOST]:
        text = page.text[paragraph.start : paragraph.end]
        if kinds and not text.strip("> "):
            continue
        mark = _MARK.match(text)
        # What another says in quotation marks does not make a paragraph part of the block.
        found = {word.casefold() for word in _WORD.findall(_OPENING.split(text, maxsplit=1)[0])}
        own = not found.isdisjoint(words().first_person)
        reported = not (mark or own) and not found.isdisjoint(words().saying)
        if paragraph.kind != "text" or reported or _TIME.match(text) or text[0] in _OTHER or text[-1] == ":":
            return
        marked, first_person = kinds[0] if kinds else (bool(mark), own)
        if kinds and not ((marked and mark) or (not marked and own and first_person) or (ends and not first_person)):
            return
        kinds.append((bool(mark), own))
        yield strip(page.text, (paragraph.start + (mark.end() if mark else 0), paragraph.end))


def _cue(page: ParsedArticle, colon: int, verbs: frozenset[str]) -> tuple[list[int], int] | None:
    """Return the tokens of the source and the verb of the last cue in the sentence that the colon ends."""
    parse = page.parse
    last = bisect_right(parse.ends, colon) - 1
    for i in range(last, max(-1, last - _REACH), -1):
        if parse.sentences[i] != parse.sentences[last]:
            return None
        if parse.lemmas[i] in verbs and parse.lowers[i] in words().introducing:
            source = _source(page, i)
            if source:
                return source, i
    return None


def _source(page: ParsedArticle, verb: int) -> list[int]:
    """Return the subject of the cue, or the noun before "saying"."""
    parse = page.parse
    near = range(max(0, verb - _REACH), min(len(parse), verb + _REACH))
    subject = next((i for i in near if parse.heads[i] == verb and parse.deps[i] == "nsubj"), None)
    if subject is None and parse.tags[verb] == "VBG":
        subject = _before(page, verb)
    return [] if subject is None else source_tokens(parse, subject)


def _before(page: ParsedArticle, verb: int) -> int | None:
    """Return the noun before a participle: a quote from Rune Teal, the party chair, saying."""
    parse, at = page.parse, verb - 1
    while at > 0 and parse.pos[at] == "PUNCT":
        at -= 1
    for _ in range(_REACH):
        if parse.deps[at] not in ("appos", "compound"):
            break
        at = parse.heads[at]
    return at if parse.pos[at] in ("NOUN", "PROPN") else None
