"""Rules that read the layout: labels, signatures, quoted words without a cue of their own.

Each has the fields of every rule, and a function that proposes candidates. The functions in `FIRST` need only the
article. Those in `LAST` also get what is decided so far, and attribute the remaining quoted words to a source nearby.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from quotekit import lexicon
from quotekit.article.paragraphs import SENTENCE_ENDS, Paragraph
from quotekit.article.parse import Parse
from quotekit.article.parsed import ParsedArticle
from quotekit.article.quoted import Quoted
from quotekit.candidates.candidate import Candidate, by_layout
from quotekit.candidates.from_blocks import block, posts
from quotekit.candidates.spans import source_tokens
from quotekit.candidates.without_cue import answer, beat, is_speech, next_paragraph, no_source, same_paragraph
from quotekit.form.words import words
from quotekit.lexicon import speaker_kinds as kinds
from quotekit.lexicon.cues import Cues
from quotekit.lexicon.personal_names import particles
from quotekit.models import Span, strip
from quotekit.rules.rule import Rule

First = Callable[[ParsedArticle, Rule, Cues], Iterator[Candidate]]
Last = Callable[[ParsedArticle, Rule, Cues, Sequence[Candidate], Sequence[Quoted]], Iterator[Candidate]]

FRAME = "direct"
"""The frame of cues beside quoted words."""

CUE_REACH = 20
"""Maximum distance, in tokens, of a cue from a quotation mark; a subject may be twice as far."""

FINITE = frozenset({"VBD", "VBZ", "VBP", "VBN"})
NAMING = frozenset({"PROPN", "NOUN", "PRON", "DET", "ADJ", "NUM", "PART", "ADP"})

_NAME = r"[^\W\d_][\w.'’-]*"
_LABEL = re.compile(
    rf"(?P<name>{_NAME}(?: {_NAME}){{0,5}}(?: \([^()\n]{{1,30}}\))?)(?:, [A-Z][A-Z. -]{{1,30}})?\s?:\s*(?=\S)"
)
_QUESTION = re.compile(r"(?P<name>[QA][.:])\s+(?=\S)")
_MARKS = '"“„«»‘'
_SIGNATURE = re.compile(r"\s*(?:—|–|--?|―)\s?(?P<name>[^\W\d_a-z](?:[^\n“”\"]{0,80}[^\s.,:;])?)\.?[^\S\n]*(?=\n|$)")


def transcript(page: ParsedArticle, rule: Rule, _: Cues) -> Iterator[Candidate]:
    """Yield the turns of a document; in a story ``NAME: words``, ``Q. words`` and the paragraphs up to the next label.

    Paragraphs without a label continue the turn before them only in a text that is mostly labelled, and only before
    its last label.
    """
    if page.article.form.turns:
        yield from _turns(page, rule)
        return
    turns: list[tuple[Span, list[Span]]] = []
    paragraphs = [paragraph for paragraph in page.article.paragraphs if paragraph.kind == "text"]
    labels = [_label(page, paragraph) for paragraph in paragraphs]
    labelled = [i for i, label in enumerate(labels) if label]
    if len(labelled) == 1 and _is_topic(labels[labelled[0]]):
        return
    runs_on = len(labelled) * 2 > len(paragraphs)
    for i, (paragraph, label) in enumerate(zip(paragraphs, labels, strict=True)):
        if label:
            turns.append((label.span("name"), [_said(page, label.end(), paragraph.end)]))
        elif turns and runs_on and i < labelled[-1]:
            turns[-1][1].append((paragraph.body, paragraph.end))
    for name, said in turns:
        yield replace(by_layout(rule, tuple(said), name), verbatim=True)


def _is_topic(label: re.Match[str] | None) -> bool:
    """Return whether the only label in capitals has no given name and no title: "LISK WALKERS: Where do you like …"."""
    said = label["name"].lower().split() if label is not None else []
    known = kinds.titles().keys() | kinds.honorifics().keys() | kinds.offices() | words().given
    return len(said) > 1 and label is not None and label["name"].isupper() and known.isdisjoint(said)


def _turns(page: ParsedArticle, rule: Rule) -> Iterator[Candidate]:
    for turn in page.article.form.turns:
        if turn.paragraphs:
            content = tuple(part for parts in turn.paragraphs for part in parts)
            yield replace(by_layout(rule, content, turn.name), verbatim=True, turn=turn.index)


def _label(page: ParsedArticle, paragraph: Paragraph) -> re.Match[str] | None:
    opening = _opening(page, paragraph)
    match = _LABEL.match(page.text, opening, paragraph.end)
    if match and (_is_label(match["name"]) or (_is_name(match["name"]) and page.text[match.end()] in _MARKS)):
        return match
    return _QUESTION.match(page.text, opening, paragraph.end)


def _opening(page: ParsedArticle, paragraph: Paragraph) -> int:
    """Return where the paragraph's words begin, after an opening quotation mark."""
    first = page.quoted_in((paragraph.body, paragraph.body + 1))
    return first[0].inner[0] if first and first[0].outer[0] == paragraph.body else paragraph.body


def _said(page: ParsedArticle, start: int, end: int) -> Span:
    """Return the words after a label, without quotation marks around all of them."""
    around = page.quoted_in((start, start + 1))
    if around and around[0].outer[0] == start:
        return around[0].inner
    closed = around[0].inner[1] if around and around[0].inner[1] > start else end
    return strip(page.text, (start, min(end, closed)))


def _is_label(name: str) -> bool:
    """Return whether ``name`` is a name in capitals, or Q or A; "UPDATE" and the like are not names."""
    words = name.split()
    nobody = words[0].lower().rstrip(".") in lexicon.load("labels")["nobody"]
    return name.upper() == name and (len(name) > 1 or name in "QA") and len(words) <= 5 and not nobody


def signature(page: ParsedArticle, rule: Rule, _: Cues) -> Iterator[Candidate]:
    """Yield quoted words that are followed, in the same or the next line, by a dash and a name.

    The signer of a paragraph that begins with quoted words says all of its quoted words. Embedded posts need no marks.
    """
    yield from posts(page, rule)
    signed: list[Quoted] = []
    for stretch in page.outermost:
        paragraph = page.paragraph(stretch.outer[0])
        if stretch.outer[0] == paragraph.body or not signed or signed[-1].outer[0] < paragraph.start:
            signed = []
        signed.append(stretch)
        match = _SIGNATURE.match(page.text, stretch.outer[1])
        if match and stretch.inner[1] - stretch.inner[0] > 8 and _is_name(match["name"]):
            name = match.span("name")
            comma = page.text.find(",", *name)
            source = (name[0], comma if comma > 0 else name[1])
            own = signed if signed[0].outer[0] == paragraph.body else [stretch]
            yield from (by_layout(rule, (one.inner,), source) for one in own)


def colon(page: ParsedArticle, rule: Rule, cues: Cues) -> Iterator[Candidate]:
    """Yield quoted words after a sentence that ends in a colon; its subject is the source."""
    parse, verbs = page.parse, cues.anchors(FRAME)
    for stretch in page.outermost:
        before = page.text[max(0, stretch.outer[0] - 200) : stretch.outer[0]].rstrip()
        if not before.endswith(":") or not is_speech(page, stretch):
            continue
        subject = _subject_before(page, stretch.outer[0], verbs)
        source = [] if subject is None else source_tokens(parse, subject)
        if subject is not None and source:
            yield _introduced(page, rule, stretch, source, parse.heads[subject])
        else:
            yield from _on_topic(page, rule, stretch) or _inverted(page, rule, stretch, verbs)


def _on_topic(page: ParsedArticle, rule: Rule, stretch: Quoted) -> list[Candidate]:
    """Return quoted words after a name and a topic without a verb: Mayor Ann Lee on the pool: "…"."""
    parse = page.parse
    end = bisect_right(parse.ends, stretch.outer[0])
    start = max(end - CUE_REACH, bisect_left(parse.starts, page.paragraph(stretch.outer[0]).body))
    start = next((i + 1 for i in range(end - 1, start - 1, -1) if parse.words[i] in SENTENCE_ENDS), start)
    topic = next((i for i in range(start, end) if parse.lowers[i] in ("on", "about")), start)
    named = all(parse.pos[i] == "PROPN" for i in range(start, topic)) and topic > start
    if not named or any(parse.pos[i] in ("VERB", "AUX") for i in range(topic, end)):
        return []
    return [by_layout(rule, (stretch.inner,), parse.span(start, topic - 1))]


def _inverted(page: ParsedArticle, rule: Rule, stretch: Quoted, verbs: frozenset[str]) -> Iterator[Candidate]:
    """Yield quoted words after a cue and its subject: Said Ann Lee: "…"."""
    parse = page.parse
    end = bisect_right(parse.ends, stretch.outer[0])
    for verb in range(end - 1, max(-1, end - 1 - CUE_REACH), -1):
        if parse.words[verb] in SENTENCE_ENDS:
            return
        if parse.lemmas[verb] in verbs and parse.tags[verb] in FINITE:
            source = _name_run(parse, verb + 1, end)
            if source:
                yield _introduced(page, rule, stretch, source, verb)
            return


def _introduced(page: ParsedArticle, rule: Rule, stretch: Quoted, source: list[int], verb: int) -> Candidate:
    """Return the quoted words with the tokens ``source`` as the source and ``verb`` as the cue."""
    parse = page.parse
    return replace(
        by_layout(rule, (stretch.inner,), parse.span(source[0], source[-1])),
        cue=parse.span(verb, verb),
        verb=parse.lemmas[verb],
    )


def _subject_before(page: ParsedArticle, position: int, verbs: frozenset[str]) -> int | None:
    """Return the last subject of a cue in the sentence before ``position``, or else its first subject."""
    parse = page.parse
    last = bisect_right(parse.ends, position) - 1
    first: int | None = None
    for i in range(last, max(-1, last - 2 * CUE_REACH), -1):
        if parse.words[i] in SENTENCE_ENDS:
            break
        if parse.deps[i] in ("nsubj", "nsubjpass") and parse.tags[i] not in ("WDT", "WP"):
            if parse.lemmas[parse.heads[i]] in verbs:
                return i
            first = i
    return first


def cue_after(
    page: ParsedArticle, rule: Rule, cues: Cues, decided: Sequence[Candidate], left: Sequence[Quoted]
) -> Iterator[Candidate]:
    """Yield quoted words before a cue and a name in either order, where the parse is wrong around the mark.

    Only the tags are used: "…," said Ann Lee; "…," Ann Lee, the envoy, said.
    """
    parse, verbs = page.parse, cues.anchors(FRAME)
    for stretch in left:
        said_before = page.text[stretch.inner[1] - 1] in ".”"
        if said_before or not (is_speech(page, stretch) and page.begins(stretch)):
            continue
        first = bisect_left(parse.starts, stretch.outer[1])
        behind = range(first, min(first + CUE_REACH, len(parse)))
        end = next((i for i in behind if parse.words[i] in SENTENCE_ENDS or "\n" in parse.words[i]), behind.stop)
        verb = next((i for i in range(first, end) if parse.lemmas[i] in verbs and parse.tags[i] in FINITE), None)
        if verb is None:
            continue
        words = [i for i in range(first, verb) if parse.pos[i] not in ("PUNCT", "SPACE", "ADV")]
        source = _name_run(parse, words[0], verb) if words else _name_run(parse, verb + 1, end)
        if source:
            yield _introduced(page, rule, stretch, source, verb)


def _name_run(parse: Parse, first: int, end: int) -> list[int]:
    """Return the words from ``first`` up to a comma, a verb or ``end``, if they can name somebody."""
    run: list[int] = []
    for i in range(first, end):
        if parse.pos[i] not in NAMING:
            break
        run.append(i)
    return run if any(parse.pos[i] in ("PROPN", "NOUN", "PRON") for i in run) else []


def _is_name(words: str) -> bool:
    """Return whether most words before a comma, particles aside, have a capital, and the last is a word."""
    bare = [word for word in words.partition(",")[0].split() if word not in particles()]
    if not bare:
        return False
    ends = any(map(str.isupper, bare[-1])) and bare[-1][-1] not in "-–—'"
    return ends and 2 * sum(word[0].isupper() for word in bare) > len(bare)


FIRST: dict[str, First] = {
    "layout.transcript": transcript,
    "layout.signature": signature,
    "layout.block": block,
    "layout.colon": colon,
}
LAST: dict[str, Last] = {
    "layout.cue-after": cue_after,
    "layout.answer": answer,
    "layout.same-paragraph": same_paragraph,
    "layout.next-paragraph": next_paragraph,
    "layout.beat": beat,
    "layout.no-source": no_source,
}
