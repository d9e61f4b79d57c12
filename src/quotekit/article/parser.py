"""Parses an article with spaCy: paragraphs are kept apart, and long texts are parsed in pieces."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from itertools import islice, pairwise, takewhile
from threading import Lock
from typing import TYPE_CHECKING, Any

from quotekit.article.links import blank_links
from quotekit.article.mark_costs import plain_marks
from quotekit.article.markup import plain_markup
from quotekit.article.paragraphs import Article, Paragraph
from quotekit.article.parse import Names, Parse
from quotekit.article.spacy_model import load_model
from quotekit.article.word_table import WordTable
from quotekit.forking import reading
from quotekit.models import without_surrogates

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

PIECE = 20_000
"""Characters parsed at once. Nearly every article is shorter, and memory grows with the piece."""

PART = 400
"""Minimum characters of a part, so that texts of many short lines do not cost more."""

WHOLE = 4
"""The batch size divided by the number of parts: spaCy's parser reads a fourth of a batch at once."""

RUN = 400
"""Characters without white space that are tokenised at once."""

WORDS = 10_000
"""Vocabulary size above which new words are dropped after each text."""

_EMPHASIS = re.compile(r"\*\*|(?<![\w_])__(?=[^\s_])|(?<=[^\s_])__(?![\w_])")
_LONG_RUN = re.compile(rf"(?<!\S)\S{{{RUN + 1},}}")
_lock = Lock()


@reading
def parse_article(article: Article, model: str | None = None) -> Parse:
    """Return the parse of ``article``. Memory grows only with the columns of the parse.

    Raises:
        ModelError: the model is missing or does not fit.
    """
    nlp = load_model(model)
    from quotekit.article.matrices import one_thread

    parse = Parse(article.text)
    for start, end in pieces(article):
        # All threads share the model and its vocabulary.
        with _lock, _memory(nlp), one_thread():
            names = table.names if (table := _word_table(nlp)) else Names.of
            for first, doc in _docs(nlp, article, start, end):
                parse.append(doc, first, names(doc))
    return parse


def _memory(nlp: Language) -> AbstractContextManager[Any]:
    """Bound what the model remembers of texts, however many it reads. No Doc made inside may be used outside.

    The first words are kept, since spaCy's tokenizer is three times as fast with words that it knows.
    """
    for _, part in nlp.pipeline:
        # The lemmatizer keeps a lemma for every word that it ever saw.
        cache = getattr(part, "cache", None)
        if isinstance(cache, dict) and len(cache) > WORDS:
            cache.clear()
    return nlp.memory_zone() if len(nlp.vocab) > WORDS else nullcontext()


def pieces(article: Article) -> Iterator[tuple[int, int]]:
    """Yield the pieces that make up the text, cut between paragraphs, or inside one that is longer than a piece."""
    text, start = article.text, 0
    breaks = [paragraph.start for paragraph in article.paragraphs]
    at = 0
    while len(text) - start > PIECE:
        end = start
        while at < len(breaks) and breaks[at] <= start + PIECE:
            end, at = breaks[at], at + 1
        if end <= start:
            space = text.rfind(" ", start + PIECE // 2, start + PIECE)
            end = space if space > 0 else start + PIECE
        yield start, end
        start = end
    if start < len(text):
        yield start, len(text)


def _docs(nlp: Language, article: Article, start: int, end: int) -> list[tuple[int, Doc]]:
    """Return the parts of a piece, parsed but for what the word table looks up, each with its start offset."""
    text, starts = readable(article.text[start:end]), _sentence_starts(article, start, end)
    cuts = [start, *_cuts(article, start, end), end]
    docs = [_tokenised(nlp, text[first - start : last - start]) for first, last in pairwise(cuts)]
    for first, doc in zip(cuts, docs, strict=False):
        for i, place in enumerate(doc.to_array("IDX").tolist()):
            if first + place in starts:
                doc[i].is_sent_start = True
    pipeline: list[tuple[str, Any]] = nlp.pipeline
    for _, part in pipeline[:-2] if _word_table(nlp) else pipeline:
        docs = list(part.pipe(docs, batch_size=WHOLE * len(docs)))
    return list(zip(cuts, docs, strict=False))


@cache
def _word_table(nlp: Language) -> WordTable | None:
    """Return the table that replaces the pipeline's last two components, or ``None`` if it does not fit them."""
    return WordTable(nlp) if WordTable.fits(nlp) else None


def _cuts(article: Article, start: int, end: int) -> Iterator[int]:
    """Yield where a piece is cut into parts; the parser reads them as one batch, which saves a third of the time."""
    for paragraph in _paragraphs(article, start, end):
        if paragraph.start - start >= PART:
            start = paragraph.start
            yield start


def _sentence_starts(article: Article, start: int, end: int) -> set[int]:
    """Return the offsets at which a sentence must begin: at each paragraph, and after its dateline."""
    return {place for paragraph in _paragraphs(article, start, end) for place in (paragraph.start, paragraph.body)}


def _paragraphs(article: Article, start: int, end: int) -> Iterator[Paragraph]:
    """Return the paragraphs that overlap a piece."""
    first = bisect_left(article.paragraphs, start + 1, key=lambda paragraph: paragraph.end)
    return takewhile(lambda paragraph: paragraph.start < end, islice(article.paragraphs, first, None))


def readable(text: str) -> str:
    """Return ``text`` for spaCy and the encoder, with each character in its place.

    Neither can encode lone surrogates, or read tags and Markdown's links and emphasis, of which only the words are
    left, and marks of HTML or of a wrong encoding, which become what they were.
    """
    return without_surrogates(plain_marks(plain_markup(_EMPHASIS.sub("  ", blank_links(text)))))


def _tokenised(nlp: Language, text: str) -> Doc:
    """Tokenise ``text``. A long run without white space, which would take quadratic time, is tokenised in parts."""
    cuts = [cut for run in _LONG_RUN.finditer(text) for cut in range(run.start() + RUN, run.end(), RUN)]
    if not cuts:
        return nlp.make_doc(text)
    from spacy.tokens import Doc

    words: list[str] = []
    spaces: list[bool] = []
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        for token in nlp.make_doc(text[start:end]):
            words.append(token.text)
            spaces.append(bool(token.whitespace_))
    return Doc(nlp.vocab, words, spaces)
