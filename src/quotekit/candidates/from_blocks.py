"""Candidates for paragraphs without quotation marks: after "she said in a statement:", and in embedded posts."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

from quotekit.article.parsed import ParsedArticle
from quotekit.candidates.candidate import Candidate, by_layout
from quotekit.candidates.spans import source_tokens
from quotekit.form.words import words
from quotekit.lexicon.cues import Cues
from quotekit.models import Span, strip
from quotekit.rules.rule import Rule

FRAME = "direct"
"""The frame that the cue must have."""

_REACH = 30
"""Number of tokens before the colon that are searched for the cue."""

_APART = 0.9
"""Confidence for paragraphs that are set apart by their markup, and not only by the colon before them."""

_MOST = 12
"""Maximum number of paragraphs of a block."""

_FEW = 3
"""Paragraphs that a text may end with and that are all of a block."""

_MARK = re.compile(r"(?:>\s*)+")
_OTHER = frozenset("\"“”„«»‘'<")
"""Characters that open what is no block: words in quotation marks, and markup."""

_QUOTE = re.compile(r"<blockquote\b[^<>]{0,200}>", re.IGNORECASE)
_CLOSING = "</blockquote>"
_LONGEST_TAG = 300
_DEEPEST = 60
"""Maximum characters of a paragraph's indentation."""

_BLANK = " \t\r\n\xa0"
_TAGS = re.compile(r"(?:\s|</?[a-zA-Z][^<>]{0,200}>)*")
_TAGS_BEHIND = re.compile(r"(?:\s|</?[a-zA-Z][^<>]{0,200}>)*\Z")
_HANDLE = re.compile(r"(?:—|–|--?|―|&mdash;)\s?(?P<name>[^\W\d_a-z][^\n()@]{0,80}?)\s+\(@\w{1,30}\)")
_LINKS = re.compile(r"(?:\s*(?:https?://|pic\.twitter\.com/)\S{1,100}|[\s>])*\Z")
_HEADS = ("headline", "byline", "date")
_OPENING = re.compile('["“„«]')
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_TIME = re.compile(r"\d{1,2}[:.]\d{2}\b")


def block(page: ParsedArticle, rule: Rule, cues: Cues) -> Iterator[Candidate]:
    """Yield blocks: paragraphs without quotation marks, after a cue whose paragraph ends in a colon."""
    paragraphs = page.article.paragraphs
    for i, paragraph in enumerate(paragraphs[:-1]):
        if paragraph.kind != "text" or page.text[paragraph.end - 1] != ":" or not page.spoken.isdisjoint((i, i + 1)):
            continue
        apart = _set_apart(page, i + 1)
        content = tuple(apart or _block(page, i + 1))
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
                confidence=max(rule.confidence, _APART) if apart else rule.confidence,
                verbatim=True,
            )


def _set_apart(page: ParsedArticle, first: int) -> list[Span]:
    """Return the paragraphs of a ``<blockquote>``, or those that are indented deeper than the one before them."""
    found = page.article.paragraphs[first : first + _MOST]
    tagged = _QUOTE.search(page.text, max(0, found[0].start - _LONGEST_TAG), found[0].end)
    if tagged and not page.text[page.article.paragraphs[first - 1].end : tagged.start()].strip(_BLANK):
        closing = page.text.find(_CLOSING, tagged.end(), found[-1].end + _LONGEST_TAG)
        spans = [_untagged(page.text, (one.start, one.end)) for one in found if one.start < closing]
        return [span for span in spans if span[0] < span[1]]
    indent = _indent(page, first)
    if indent <= _indent(page, first - 1) + 1 or page.text[found[0].start] in _OTHER:
        return []
    ends = next((n for n in range(1, len(found)) if _indent(page, first + n) < indent), len(found))
    return [(one.start, one.end) for one in found[:ends]]


def _indent(page: ParsedArticle, number: int) -> int:
    """Return the indentation of a paragraph, in characters."""
    start = page.article.paragraphs[number].start
    line = page.text.rfind("\n", max(0, start - _DEEPEST), start)
    return start - line - 1 if line >= 0 else 0


def _untagged(text: str, span: Span) -> Span:
    """Return a paragraph without the tags at its edges."""
    opening, closing = (
        _TAGS.match(text, *span),
        _TAGS_BEHIND.search(text, max(span[0], span[1] - _LONGEST_TAG), span[1]),
    )
    start = opening.end() if opening else span[0]
    return start, max(start, closing.start() if closing else span[1])


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
        if kinds and not (
            (marked and mark) or (not marked and own and first_person) or (ends and not first_person and not marked)
        ):
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
    if subject is None and parse.deps[verb] == "acl" and parse.pos[parse.heads[verb]] in ("NOUN", "PROPN"):
        # The minister posted on X: no other verb makes the participle a finite one.
        subject = parse.heads[verb]
    tokens = [] if subject is None else [i for i in source_tokens(parse, subject) if parse.tags[i] != "WP"]
    # A participle is not in its own source.
    return [i for i in tokens if i < verb] if subject == parse.heads[verb] else tokens


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


def posts(page: ParsedArticle, rule: Rule) -> Iterator[Candidate]:
    """Yield embedded posts: the paragraphs before a line — Ann Lee (@annlee) May 4, 2021."""
    paragraphs = page.article.paragraphs
    for i, paragraph in enumerate(paragraphs):
        if i in page.spoken:
            continue
        start, end = paragraph.start, paragraph.end
        signed = _HANDLE.search(page.text, max(start, end - _LONGEST_TAG), end)
        if not signed:
            continue
        above = _above(page, i, signed.start())
        content = tuple(span for span in (_said(page.text, span) for span in above) if span[0] < span[1])
        if content:
            yield replace(by_layout(rule, content, signed.span("name")), verbatim=True)


def _above(page: ParsedArticle, number: int, end: int) -> list[Span]:
    """Return the paragraphs of a post: the one before its signature, and those that adjoin it or are marked ">" too."""
    text, paragraphs = page.text, page.article.paragraphs
    start = paragraphs[number].start
    marked = bool(_MARK.match(text, start, end))
    above = [(start, end)] if text[start:end].strip("<> \n") else []
    for one in reversed(paragraphs[max(0, number - _MOST) : number]):
        near = not above or text.count("\n", one.end, above[0][0]) == 1
        joined = _MARK.match(text, one.start, one.end) if marked else near
        if one.kind in _HEADS or not joined or _HANDLE.search(text, one.start, one.end):
            break
        above.insert(0, (one.start, one.end))
    return above


def _said(text: str, span: Span) -> Span:
    """Return a paragraph of a post without the marks, tags and links at its edges."""
    start, end = _untagged(text, span)
    mark, link = _MARK.match(text, start, end), _LINKS.search(text, max(start, end - _LONGEST_TAG), end)
    return strip(text, (mark.end() if mark else start, link.start() if link else end))
