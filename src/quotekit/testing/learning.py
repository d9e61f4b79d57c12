"""Learning from corrections: cues of missed quotes, names of speakers, and golden cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from quotekit.article.paragraphs import read_article
from quotekit.article.parse import Parse
from quotekit.article.parsed import ParsedArticle
from quotekit.article.parser import parse_article
from quotekit.article.quoted import find_quoted
from quotekit.corrections.entries import Corrections
from quotekit.extractor import Extractor
from quotekit.known.entries import KnownSpeaker
from quotekit.lexicon.cues import Cue, Cues
from quotekit.models import Span
from quotekit.testing.case_writing import case_of

PRECISION = 0.8
"""Precision of a cue that one correction suggests."""

_REPORTED = frozenset({"ccomp", "xcomp", "parataxis", "advcl"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})


@dataclass(frozen=True, slots=True)
class Learned:
    """The result of `learn`; ``cases`` are golden cases in the form of a file."""

    cues: tuple[Cue, ...]
    speakers: tuple[KnownSpeaker, ...]
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportingVerb:
    """The verb that a content depends on, and the words of its subject."""

    lemma: str
    frame: str
    cue: Span
    source: Span | None


def learn(corrections: Corrections, texts: Iterable[tuple[str, str]], extractor: Extractor | None = None) -> Learned:
    """Learn from the corrections of texts.

    Texts without corrections are skipped. A cue is learned only if the lexicon lacks it in that frame. The name of a
    speaker serves as the id until the reader changes it.

    Args:
        corrections: the corrections of these texts and of any others.
        texts: pairs of a unique name and a text.
        extractor: the settings to read with, which already apply ``corrections``; by default the default ones.
    """
    extractor = extractor or Extractor(corrections=corrections)
    frames: dict[str, dict[str, float]] = {}
    names: set[str] = set()
    cases: list[str] = []
    for name, text in texts:
        own = corrections.of_text(text)
        if not own:
            continue
        names.update(one.speaker for one in own if one.speaker)
        page = _page(text)
        verbs = {one.span: verb for one in own if one.fault == "missed" and (verb := reporting_verb(page, one.span))}
        for verb in verbs.values():
            if Cues.default().find(verb.frame, verb.lemma) is None:
                frames.setdefault(verb.lemma, {})[verb.frame] = PRECISION
        marks = {span: (verb.cue, verb.source) for span, verb in verbs.items()}
        cases.append(case_of(name, text, extractor.extract(text), {one.span for one in own}, marks))
    cues = tuple(Cue(cue=lemma, frames=found) for lemma, found in sorted(frames.items()))
    speakers = tuple(KnownSpeaker(id=name, names=(name,)) for name in sorted(names))
    return Learned(cues, speakers, tuple(filter(None, cases)))


def reporting_verb(page: ParsedArticle, content: Span) -> ReportingVerb | None:
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
    return ReportingVerb(
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
