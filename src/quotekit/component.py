"""The spaCy component: ``nlp.add_pipe("quotekit")`` after a parser, then ``doc._.quotes``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from quotekit.errors import ModelError
from quotekit.models import Quote

if TYPE_CHECKING:
    from quotekit.extractor import Extractor

KEY = "quotekit"
"""Where the quotes stand in ``doc.user_data`` (as plain dicts) and in ``doc.spans``."""

NEEDED = {"tags": "TAG", "parts of speech": "POS", "dependencies": "DEP", "lemmas": "LEMMA"}


@Language.factory(
    "quotekit",
    requires=["token.dep", "token.tag", "token.lemma"],
    assigns=["doc.spans", "doc.user_data", "doc._.quotes"],
    default_config={
        "encoder": True,
        "resolve": True,
        "attitudes": False,
        "min_confidence": 0.0,
        "known_speakers": None,
    },
)
def make_component(
    nlp: Language,
    name: str,
    encoder: bool,
    resolve: bool,
    attitudes: bool,
    min_confidence: float,
    known_speakers: str | None,
) -> QuotekitComponent:
    """What ``nlp.add_pipe("quotekit", config={…})`` makes; the settings are those of `Extractor`."""
    from quotekit.extractor import Extractor

    extractor = Extractor(
        encoder=encoder,
        resolve=resolve,
        attitudes=attitudes,
        min_confidence=min_confidence,
        known_speakers=known_speakers,
    )
    return QuotekitComponent(name, extractor)


class QuotekitComponent:
    """Puts an article's quotes on its Doc: ``doc._.quotes``, and ``doc.spans["quotekit"]`` for displaCy."""

    def __init__(self, name: str, extractor: Extractor) -> None:
        self.name = name
        self.extractor = extractor

    def __call__(self, doc: Doc) -> Doc:
        """Find the quotes of ``doc``. Raises `ModelError` if it has not been tagged, parsed and lemmatised."""
        missing = [what for what, attribute in NEEDED.items() if len(doc) and not doc.has_annotation(attribute)]
        if missing:
            raise ModelError(
                f"the component {self.name!r} needs a parsed Doc, and this one has no {', '.join(missing)}: put it "
                f'after the parser, as in spacy.load("en_core_web_sm").add_pipe("quotekit")'
            )
        quotes = self.extractor.extract_doc(doc)
        doc.user_data[KEY] = [quote.model_dump(mode="json") for quote in quotes]
        doc.spans[KEY] = SpanGroup(doc, name=KEY, spans=_spans(doc, quotes))
        return doc


def _spans(doc: Doc, quotes: list[Quote]) -> list[Span]:
    spans = []
    for quote in quotes:
        parts = [("content", part) for part in quote.content]
        parts += [(label, span) for label, span in (("source", quote.source), ("cue", quote.cue)) if span]
        for label, part in parts:
            span = doc.char_span(part.start, part.end, label=label, alignment_mode="expand")
            if span is not None:
                spans.append(span)
    return spans


def _quotes(doc: Doc) -> list[Quote]:
    records: list[dict[str, Any]] = doc.user_data.get(KEY, [])
    return [Quote.model_validate(record) for record in records]


if not Doc.has_extension("quotes"):
    Doc.set_extension("quotes", getter=_quotes)
