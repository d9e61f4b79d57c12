"""The systems that are compared: each makes a function from an article's text to its attributions.

A system is loaded when it is asked for, so that a process holds only what it measures.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any

from benchmarks.corpus import Relation

System = Callable[[str], list[Relation]]

PARAGRAPH = re.compile(r"[^\n]+")


def quotekit() -> System:
    """quotekit as it comes, encoder and rules, with attitudes: the corpus annotates both."""
    return _extractor(encoder=True)


def rules_alone() -> System:
    """quotekit without its encoder."""
    return _extractor(encoder=False)


def _extractor(encoder: bool) -> System:
    from quotekit import Extractor

    extractor = Extractor(encoder=encoder, attitudes=True, min_confidence=0)

    def read(text: str) -> list[Relation]:
        # The corpus has no attribution inside the content of another: its annotators marked the outer one alone.
        return [as_relation(quote) for quote in extractor.extract(text) if quote.parent is None]

    return read


def as_relation(quote: Any) -> Relation:
    """A quote as the scorer reads it."""
    return {
        "content": [[part.start, part.end] for part in quote.content],
        "cue": [[quote.cue.start, quote.cue.end]] if quote.cue else [],
        "source": [[quote.source.start, quote.source.end]] if quote.source else [],
        "act": quote.act,
        "rule": quote.rule,
        "confidence": quote.confidence,
    }


def encoder_alone(encoder: Any = None) -> System:
    """An encoder without parse and rules: what its tags and pointers say, as they say it.

    By default quotekit's; any other has ``tokenizer`` and ``read`` as that one does.
    """
    from quotekit.article.paragraphs import read_article
    from quotekit.article.quoted import find_quoted
    from quotekit.encoder.decoding import Decoded
    from quotekit.encoder.network import load_encoder
    from quotekit.encoder.word_pieces import read_pieces

    reader = load_encoder() if encoder is None else encoder

    def read(text: str) -> list[Relation]:
        article = read_article(text)
        pieces = read_pieces(article, find_quoted(article), reader.tokenizer)
        return _decoded_relations(Decoded(pieces, reader.read(pieces)))

    return read


def _decoded_relations(decoded: Any) -> list[Relation]:
    from quotekit.encoder.decoding import CONTENT, CUE, SOURCE

    [runs] = decoded.readings()
    relations = []
    for content in runs[CONTENT]:
        targets = {kind: decoded.target(kind, content, runs[kind]) for kind in (SOURCE, CUE)}
        spans = {kind: [list(decoded.span(run))] if run else [] for kind, run in targets.items()}
        relations.append(
            {
                "content": [list(decoded.span(content))],
                "cue": spans[CUE],
                "source": spans[SOURCE],
                "rule": "encoder",
                "confidence": decoded.content_probability([content]),
            }
        )
    return relations


def plain() -> System:
    """The plain ``en_core_web_sm`` pipeline, all its parts, which finds no quotes."""
    nlp = plain_model()

    def read(text: str) -> list[Relation]:
        nlp(text)
        return []

    return read


def textacy() -> System:
    """textacy's direct quotations, a whole article at a time."""
    from textacy.extract.triples import direct_quotations

    nlp = plain_model()

    def read(text: str) -> list[Relation]:
        doc = nlp(text)
        try:
            return [
                {
                    "content": [[found.content.start_char, found.content.end_char]],
                    "cue": [_hull(found.cue)],
                    "source": [_hull(found.speaker)],
                }
                for found in direct_quotations(doc)
            ]
        except ValueError:
            # It refuses a text with an odd number of marks, whole.
            return []

    return read


def textacy_by_paragraph() -> System:
    """textacy's direct quotations, a paragraph at a time, so that an odd mark costs no more than its paragraph."""
    read_whole = textacy()

    def read(text: str) -> list[Relation]:
        return [
            {key: [[s + start, e + start] for s, e in spans] for key, spans in relation.items()}
            for start, paragraph in _paragraphs(text)
            for relation in read_whole(paragraph)
        ]

    return read


SYSTEMS: dict[str, Callable[[], System]] = {
    "quotekit": quotekit,
    "rules alone": rules_alone,
    "encoder alone": encoder_alone,
    "textacy": textacy,
    "textacy by paragraph": textacy_by_paragraph,
    "plain pipeline": plain,
}


OWN = ("quotekit", "rules alone", "encoder alone")
"""The systems that are quotekit or a part of it."""


def installed(name: str) -> bool:
    """Whether the system's package can be imported."""
    return not name.startswith("textacy") or find_spec("textacy") is not None


NOT_INSTALLED = "textacy is not installed, so it is left out: python -m pip install '.[bench]'"


def plain_model() -> Any:
    import spacy

    from quotekit.article.spacy_model import NAMES

    return spacy.load(next(name for name in NAMES if spacy.util.is_package(name)))


def _hull(tokens: Any) -> list[int]:
    return [tokens[0].idx, tokens[-1].idx + len(tokens[-1])]


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    for match in PARAGRAPH.finditer(text):
        yield match.start(), match.group()
