"""The whole way from a text to its quotes, and nothing but the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from quotekit.article import Article, read_article
from quotekit.assembly import assemble
from quotekit.attribution import decide
from quotekit.candidate import Candidate
from quotekit.cues import Cues
from quotekit.marks import find_quoted
from quotekit.model import load_model
from quotekit.models import Quote
from quotekit.page import Page
from quotekit.parse import Parse
from quotekit.rules import RuleSet
from quotekit.rules.proposers import Proposers

if TYPE_CHECKING:
    from spacy.tokens import Doc


class Extractor:
    def __init__(self, *, rules: RuleSet | None = None, resolve: bool = True, attitudes: bool = False, min_confidence: float = 0.0, model: str | None = None) -> None:
        self.rules = RuleSet.default() if rules is None else rules
        self.resolve = resolve
        self.attitudes = attitudes
        self.min_confidence = min_confidence
        self.model = model
        self._proposers = Proposers(self.rules, Cues.default())

    def extract(self, text: str) -> list[Quote]:
        article = read_article(text)
        return self.read(article, self.parse(article))

    def parse(self, article: Article) -> Parse:
        nlp = load_model(self.model)
        doc = nlp.make_doc(article.text)
        starts = {p.start for p in article.paragraphs} | {p.body for p in article.paragraphs}
        for token in doc:
            if token.idx in starts:
                token.is_sent_start = True
        for _, pipe in nlp.pipeline:
            doc = pipe(doc)
        return Parse.from_docs(article.text, [doc])

    def read(self, article: Article, parse: Parse) -> list[Quote]:
        page = Page(article, find_quoted(article), parse)
        decided = self._proposers.decide(page)
        return assemble(page, decided, None)
