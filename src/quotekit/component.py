"""The spaCy component: ``nlp.add_pipe("quotekit")`` after a parser, then ``doc._.quotes``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spacy import util
from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from quotekit.attribution.filters import MIN_CONFIDENCE
from quotekit.errors import ModelError, RuleError
from quotekit.models import Quote

if TYPE_CHECKING:
    from quotekit.extractor import Extractor
    from quotekit.rules import RuleSet

__all__ = ["QuotekitComponent", "make_component"]

KEY = "quotekit"
"""Key of the quotes in ``doc.user_data`` (plain dicts) and in ``doc.spans``."""

STORED = "quotekit_rules"
"""Key of a pipeline's ``meta`` for the paths of the rule files that are saved with it."""

NEEDED = {"tags": "TAG", "parts of speech": "POS", "dependencies": "DEP", "lemmas": "LEMMA"}


@Language.factory(
    "quotekit",
    requires=["token.dep", "token.tag", "token.lemma"],
    assigns=["doc.spans", "doc.user_data", "doc._.quotes"],
    default_config={
        "rules": None,
        "encoder": True,
        "resolve": True,
        "attitudes": False,
        "min_confidence": MIN_CONFIDENCE,
        "known_speakers": None,
        "corrections": None,
    },
)
def make_component(
    nlp: Language,
    name: str,
    rules: str | None,
    encoder: bool,
    resolve: bool,
    attitudes: bool,
    min_confidence: float,
    known_speakers: str | None,
    corrections: str | None,
) -> QuotekitComponent:
    """Return the component for ``nlp.add_pipe("quotekit", config={…})``; the settings are those of `Extractor`.

    ``rules`` is the path of a rule file, which is read here. A saved pipeline contains its rules, so that loading it
    does not need the file.
    """
    from quotekit.extractor import Extractor

    chosen, missing = _chosen(nlp, rules)
    extractor = Extractor(
        rules=chosen,
        encoder=encoder,
        resolve=resolve,
        attitudes=attitudes,
        min_confidence=min_confidence,
        known_speakers=known_speakers,
        corrections=corrections,
    )
    return QuotekitComponent(name, extractor, missing)


def _chosen(nlp: Language, path: str | None) -> tuple[RuleSet, RuleError | None]:
    """Return the rules to read with, and the error of a file that is missing from a saved pipeline."""
    from quotekit.rules import RuleSet

    default = RuleSet.default()
    if path is None:
        return default, None
    stored = nlp.meta.setdefault(STORED, [])
    if path in stored:
        # The pipeline was saved with these rules, which are about to be loaded with it, wherever the file is now.
        try:
            return default.with_file(path), None
        except RuleError as error:
            return default, error
    chosen = default.with_file(path)
    stored.append(path)
    return chosen, None


class QuotekitComponent:
    """Adds an article's quotes to its Doc: ``doc._.quotes``, and ``doc.spans["quotekit"]`` for displaCy.

    It is saved with its rules. ``missing`` is the error to raise if it is used before its saved rules are loaded.
    """

    def __init__(self, name: str, extractor: Extractor, missing: RuleError | None = None) -> None:
        self.name = name
        self.extractor = extractor
        self._missing = missing

    def __call__(self, doc: Doc) -> Doc:
        """Find the quotes of ``doc``. Raises `ModelError` if it has not been tagged, parsed and lemmatised."""
        self._ready()
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

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Save the rules to the folder ``path``."""
        util.to_disk(path, {"rules.jsonl": self._write}, exclude)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> QuotekitComponent:
        """Load the rules from the folder ``path``; a folder of an older version has none, and changes nothing."""
        file = Path(path) / "rules.jsonl"
        if file.is_file() and "rules.jsonl" not in exclude:
            self._take(file.read_bytes(), str(file))
        return self

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Return the rules as bytes."""
        stored: bytes = util.to_bytes({"rules": self._stored}, exclude)
        return stored

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> QuotekitComponent:
        """Load the rules that `to_bytes` returned."""
        util.from_bytes(
            data, {"rules": lambda stored: self._take(stored, f"the stored rules of {self.name!r}")}, exclude
        )
        return self

    def _ready(self) -> None:
        if self._missing is not None:
            raise self._missing

    def _write(self, file: Path) -> None:
        file.write_bytes(self._stored())

    def _stored(self) -> bytes:
        """Return all rules as JSON Lines; nothing for the built-in set, which a later version may improve."""
        from quotekit.rules import RuleSet
        from quotekit.rules.writing import to_jsonl

        self._ready()
        rules = self.extractor.rules
        # ASCII, since a lone surrogate cannot be encoded as UTF-8.
        return (
            b""
            if rules == RuleSet.default()
            else to_jsonl(rules, rules.cues, rules.switched_off, ascii_only=True).encode("ascii")
        )

    def _take(self, stored: bytes, where: str) -> None:
        from quotekit.rules import RuleSet
        from quotekit.rules.files import from_lines

        rules = RuleSet(*from_lines(stored.decode("utf-8"), where)) if stored else RuleSet.default()
        self.extractor = self.extractor.with_rules(rules)
        self._missing = None


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
