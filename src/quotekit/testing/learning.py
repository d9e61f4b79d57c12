"""Learning from corrections: cues of missed quotes, names of speakers, and golden cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from quotekit.article.paragraphs import read_article
from quotekit.article.parse import Parse
from quotekit.article.parsed import ParsedArticle
from quotekit.article.parser import parse_article
from quotekit.article.quoted import find_quoted
from quotekit.corrections.entries import Correction, Corrections
from quotekit.extractor import Extractor
from quotekit.known.entries import KnownSpeaker
from quotekit.lexicon.cues import Cue, Cues
from quotekit.models import Span
from quotekit.testing.case_files import case_of

PRECISION = 0.8
"""Precision of a cue that one correction suggests."""

_REPORTED = frozenset({"ccomp", "xcomp", "parataxis", "advcl"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})


@dataclass(frozen=True, slots=True)
class Learned:
    """The result of `learn`; ``cases`` is a file of golden cases, empty if no text was corrected."""

    cues: tuple[Cue, ...]
    speakers: tuple[KnownSpeaker, ...]
    cases: str


@dataclass(frozen=True, slots=True)
class Saying:
    """The verb that introduces a content, and the words of its subject."""

    lemma: str
    frame: str
    cue: Span
    source: Span | None


def learn(corrections: Corrections, texts: Iterable[tuple[str, str]], extractor: Extractor | None = None) -> Learned:
    """Learn from the corrections of texts.

    Texts without corrections are skipped. A cue is learned only if the lexicon lacks it in that frame.

    Args:
        corrections: the corrections of these texts and of any others.
        texts: pairs of a unique name and a text.
        extractor: the settings to read with, which already apply ``corrections``; by default the default ones.
    """
    extractor = extractor or Extractor(corrections=corrections)
    cues: dict[tuple[str, str], Cue] = {}
    cases = []
    for name, text in texts:
        own = corrections.of_text(text)
        if not own:
            continue
        page = _page(text)
        sayings = {one.span: saying for one in own if one.fault == "missed" and (saying := saying_of(page, one.span))}
        for saying in sayings.values():
            if Cues.default().find(saying.frame, saying.lemma) is None:
                cue = Cue(cue=saying.lemma, frames={saying.frame: PRECISION})
                cues.setdefault((saying.lemma, saying.frame), cue)
        marks = {span: (saying.cue, saying.source) for span, saying in sayings.items()}
        cases.append(case_of(name, text, extractor.extract(text), {one.span for one in own}, marks))
    return Learned(_merged(cues.values()), tuple(_speakers(corrections)), "\n".join(filter(None, cases)))


def saying_of(page: ParsedArticle, content: Span) -> Saying | None:
    """Return the verb that ``content`` depends on, if there is one."""
    parse = page.parse
    tokens = parse.tokens(content)
    root = next((i for i in tokens if parse.heads[i] not in tokens), None)
    if root is None or parse.deps[root] not in _REPORTED or parse.pos[parse.heads[root]] != "VERB":
        return None
    verb = parse.heads[root]
    particle = next((i for i in parse.children[verb] if parse.deps[i] == "prt"), None)
    lemma = parse.lemmas[verb].lower() + ("" if particle is None else f" {parse.lemmas[particle].lower()}")
    subject = next((i for i in parse.children[verb] if parse.deps[i] in _SUBJECTS), None)
    return Saying(
        lemma,
        "direct" if page.in_marks(content) else "clause",
        parse.span(verb, verb),
        None if subject is None else _subtree(parse, subject),
    )


def _subtree(parse: Parse, head: int) -> Span:
    tokens = parse.subtree(head)
    return parse.span(tokens[0], tokens[-1])


def _page(text: str) -> ParsedArticle:
    article = read_article(text)
    return ParsedArticle(article, find_quoted(article), parse_article(article))


def _merged(cues: Iterable[Cue]) -> tuple[Cue, ...]:
    """Return each cue once, with all of its frames."""
    frames: dict[str, dict[str, float]] = {}
    for cue in cues:
        frames.setdefault(cue.cue, {}).update(cue.frames)
    return tuple(Cue(cue=words, frames=found) for words, found in sorted(frames.items()))


def _speakers(corrections: Sequence[Correction] | Corrections) -> Iterator[KnownSpeaker]:
    """Yield each speaker that corrections name; the name serves as the id until the reader changes it."""
    for name in sorted({one.speaker for one in corrections if one.speaker}):
        yield KnownSpeaker(id=name, names=(name,))
