"""Rules for quoted words without a cue of their own: they go to a source nearby, or to nobody."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Literal

from quotekit.article.paragraphs import SENTENCE_ENDS
from quotekit.article.parsed import ParsedArticle, is_title
from quotekit.article.quoted import Quoted
from quotekit.candidates.candidate import Candidate, by_layout
from quotekit.candidates.spans import source_tokens
from quotekit.lexicon.cues import Cues
from quotekit.lexicon.speaker_kinds import is_person, pronouns
from quotekit.models import Span
from quotekit.rules.rule import Rule

Unspoken = Literal["title", "name or scare quote"]
"""What quoted words can be other than speech."""

MOST_VOICES = 6
"""Number of preceding attributions that are searched for the last speaker."""

LONG = 8
"""Minimum number of quoted words that are speech in any position."""

MIN_CAPITALS = 3
"""Minimum number of capitalised words in a heading in quotation marks."""

_ADDRESSED = ("dobj", "dative")

LONGEST_BEAT = 80
"""Maximum number of tokens of a sentence beside quoted words that is searched for its subject."""


def same_paragraph(
    page: ParsedArticle, rule: Rule, _: Cues, decided: Sequence[Candidate], left: Sequence[Quoted]
) -> Iterator[Candidate]:
    """Yield quoted words after others in the same paragraph, with the same source."""
    voices = _Voices(page, decided)
    for stretch in left:
        source = voices.before(stretch.outer[0], page.paragraph(stretch.outer[0]).start)
        if source and is_speech(page, stretch):
            yield by_layout(rule, (stretch.inner,), source)


def next_paragraph(
    page: ParsedArticle, rule: Rule, _: Cues, decided: Sequence[Candidate], left: Sequence[Quoted]
) -> Iterator[Candidate]:
    """Yield quoted words that begin a paragraph without a cue, after a paragraph with a source."""
    voices = _Voices(page, decided)
    for stretch in left:
        index = page.paragraph_index(stretch.outer[0])
        if stretch.outer[0] == page.article.paragraphs[index].body and is_speech(page, stretch):
            source = voices.before(stretch.outer[0], _since(page, index))
            if source:
                yield by_layout(rule, (stretch.inner,), source)


def answer(
    page: ParsedArticle, rule: Rule, _: Cues, decided: Sequence[Candidate], left: Sequence[Quoted]
) -> Iterator[Candidate]:
    """Yield a paragraph of quoted words after one with a quoted question to somebody: it is theirs."""
    voices = _Voices(page, decided)
    for stretch in left:
        paragraph, index = page.paragraph(stretch.outer[0]), page.paragraph_index(stretch.outer[0])
        alone = stretch.outer == (paragraph.body, paragraph.end)
        if index and alone and is_whole(page, stretch) and page.text[stretch.inner[1] - 1] != "?":
            question = voices.last(stretch.outer[0], page.article.paragraphs[index - 1].start)
            asked = _asked(page, question) if question is not None else None
            if asked:
                yield by_layout(rule, (stretch.inner,), asked)


def _asked(page: ParsedArticle, question: Candidate) -> Span | None:
    """Return whom a quoted question went to: "Did you sign?" the judge asked Ann Lee."""
    parse, end = page.parse, question.content[-1][1]
    if question.cue is None or page.text[end - 1] != "?" or not page.in_marks(question.content[-1]):
        return None
    objects = (i for verb in parse.tokens(question.cue) for i in parse.children[verb] if parse.deps[i] in _ADDRESSED)
    asked = next((source_tokens(parse, i) for i in objects if _is_person(page, i)), None)
    return parse.span(asked[0], asked[-1]) if asked else None


def _since(page: ParsedArticle, index: int) -> int:
    """Return from where a source counts for a paragraph: two paragraphs before, and no entry of a live blog before."""
    paragraphs, entries = page.article.paragraphs, page.article.form.entries
    entry = bisect_right(entries, paragraphs[index].start)
    return max(paragraphs[max(0, index - 2)].start, entries[entry - 1] if entry else 0)


def beat(
    page: ParsedArticle, rule: Rule, _: Cues, decided: Sequence[Candidate], left: Sequence[Quoted]
) -> Iterator[Candidate]:
    """Whole sentences in quotation marks beside a sentence about a person: Ann Lee folded the map. "It is over."

    The person of the sentence before speaks, or at the beginning of a paragraph the one of the sentence after or of
    the paragraph before.
    """
    source: Span | None = None
    last: Quoted | None = None
    for stretch in left:
        if not is_whole(page, stretch):
            continue
        if last is None or page.text[last.outer[1] : stretch.outer[0]].strip(" \xa0"):
            source = _beside(page, stretch)
        last = stretch
        if source is not None:
            yield by_layout(rule, (stretch.inner,), source)


def no_source(
    page: ParsedArticle, rule: Rule, _: Cues, decided: Sequence[Candidate], left: Sequence[Quoted]
) -> Iterator[Candidate]:
    """Whole sentences in quotation marks that no other rule attributes."""
    for stretch in left:
        if is_whole(page, stretch) and not _is_heading(page, stretch):
            yield by_layout(rule, (stretch.inner,), None)


def _is_heading(page: ParsedArticle, stretch: Quoted) -> bool:
    """Return whether the quoted words are a paragraph of their own in title case: a heading in quotation marks."""
    text, paragraph = page.text, page.paragraph(stretch.outer[0])
    words = text[slice(*stretch.inner)].rstrip(".?!…")
    alone = stretch.outer == (paragraph.body, paragraph.end)
    return alone and is_title(words) and sum(word[0].isupper() for word in words.split()) >= MIN_CAPITALS


def is_whole(page: ParsedArticle, stretch: Quoted) -> bool:
    """Return whether the quoted words are whole sentences, between others."""
    text, (start, end) = page.plain_text, stretch.inner
    paragraph = page.paragraph(stretch.outer[0])
    before = text[paragraph.body : stretch.outer[0]].rstrip()
    after = text[stretch.outer[1] : paragraph.end].lstrip()
    outside = after[:1] if stretch.outer[1] < len(text) and not text[stretch.outer[1]].isspace() else ""
    if not text[start].isupper() or (text[end - 1] not in ".?!…" and (not outside or outside not in ".?!")):
        return False
    after = after.removeprefix(outside).lstrip()
    begins = not before or before[-1] in ".?!…" or (before[-1] in '”"’»' and before[-2:-1] in ".?!…")
    return begins and (not after or not after[0].isalpha() or after[0].isupper())


def _beside(page: ParsedArticle, stretch: Quoted) -> Span | None:
    """Return the person of the sentence beside ``stretch``: before it, or else after it, or else above it."""
    paragraph = page.paragraph(stretch.outer[0])
    if page.text[paragraph.body : stretch.outer[0]].strip():
        return _person_before(page, stretch.outer[0], paragraph.body)
    after = _person_after(page, stretch.outer[1], paragraph.end)
    index = page.paragraph_index(stretch.outer[0])
    above = page.article.paragraphs[index - 1] if index else None
    if after is not None or above is None or above.kind != "text":
        return after
    return _person_before(page, above.end, above.body)


def _person_before(page: ParsedArticle, end: int, earliest: int) -> Span | None:
    """Return the person of the last sentence before the character ``end``, unless it has quoted words."""
    parse = page.parse
    tokens = parse.tokens((earliest, end))
    first = last = tokens.stop
    while first > max(tokens.start, last - LONGEST_BEAT) and (
        parse.words[first - 1] not in SENTENCE_ENDS or not any(map(str.isalnum, "".join(parse.words[first:last])))
    ):
        first -= 1
    return _person(page, range(first, last))


def _person_after(page: ParsedArticle, start: int, latest: int) -> Span | None:
    """Return the person of the first sentence after the character ``start``, unless it has quoted words."""
    parse = page.parse
    tokens = parse.tokens((start, latest))[:LONGEST_BEAT]
    if tokens and parse.words[tokens[0]] in SENTENCE_ENDS:
        # “It is over”. The full stop is outside.
        tokens = tokens[1:]
    last = next((i for i in tokens if parse.words[i] in SENTENCE_ENDS), None)
    return None if last is None else _person(page, range(tokens.start, last))


def _person(page: ParsedArticle, sentence: range) -> Span | None:
    """Return the subject of ``sentence`` (tokens) if it is a person."""
    parse = page.parse
    if not sentence or page.quoted_in(parse.span(sentence[0], sentence[-1])):
        return None
    subjects = [i for i in sentence if parse.deps[i] in ("nsubj", "nsubjpass")]
    main = next((i for i in subjects if parse.deps[parse.heads[i]] == "ROOT"), None)
    main = _concerned(page, sentence, main) if main is not None and not _is_person(page, main) else main
    if main is None or not _is_person(page, main):
        return None
    source = source_tokens(parse, main)
    return parse.span(source[0], source[-1]) if source else None


def _concerned(page: ParsedArticle, sentence: range, main: int) -> int | None:
    """Return the person whose view a sentence gives: For Ann Lee, the choice was simple."""
    parse = page.parse
    opens = (i for i in sentence if parse.lowers[i] in ("for", "to") and i < main and parse.deps[i] == "prep")
    first = next(opens, None)
    if first is None or any(parse.pos[i] not in ("PUNCT", "SPACE") for i in sentence if i < first):
        return None
    return next((i for i in parse.children[first] if parse.deps[i] == "pobj" and parse.pos[i] == "PROPN"), None)


def _is_person(page: ParsedArticle, noun: int) -> bool:
    parse = page.parse
    if parse.pos[noun] == "PRON":
        return pronouns().get(parse.lowers[noun]) in ("male", "female")
    return parse.pos[noun] == "PROPN" or is_person(parse.lemmas[noun])


class _Voices:
    """The sources in text order: the last one before a place with quoted words, or else the last one."""

    def __init__(self, page: ParsedArticle, decided: Sequence[Candidate]) -> None:
        self._page = page
        self._decided = [candidate for candidate in decided if candidate.depth == 0 and self._named(candidate.source)]
        self._starts = [candidate.content[0][0] for candidate in self._decided]

    def _named(self, source: Span | None) -> bool:
        """Return whether there is a source other than a relative pronoun, which needs its noun nearby."""
        parse = self._page.parse
        return source is not None and parse.tags[parse.tokens(source)[-1]] not in ("WP", "WDT")

    def before(self, position: int, earliest: int) -> Span | None:
        """Return the source of the last attribution between ``earliest`` and ``position``."""
        last = self.last(position, earliest)
        return None if last is None else last.source

    def last(self, position: int, earliest: int) -> Candidate | None:
        """Return the last attribution between ``earliest`` and ``position``."""
        at = bisect_right(self._starts, position)
        near = [c for c in reversed(self._decided[max(0, at - MOST_VOICES) : at]) if c.content[-1][1] > earliest]
        quoted = [c for c in near if c.act == "statement" and self._page.quoted_in(c.content[-1])]
        said = quoted or [c for c in near if c.act == "statement"] or near
        return said[0] if said else None


def is_speech(page: ParsedArticle, stretch: Quoted) -> bool:
    """Return whether the quoted words are speech."""
    return not_speech(page, stretch) is None


def not_speech(page: ParsedArticle, stretch: Quoted) -> Unspoken | None:
    """Return what the quoted words are, or ``None`` if they are speech.

    Speech is long, or it is a few words that end like a sentence and do not begin in the middle of another.
    """
    words = page.text[slice(*stretch.inner)].split()
    if is_title(page.text[slice(*stretch.inner)]):
        return "title"
    if len(words) >= LONG:
        return None
    speech = len(words) > 1 and words[-1][-1] in ".!?,…—" and page.begins(stretch)
    return None if speech else "name or scare quote"
