"""The whole way from a text to its quotes, and nothing but the way."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date as Date
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from quotekit.article.paragraphs import Article, read_article
from quotekit.article.parse import Parse
from quotekit.article.parsed import ParsedArticle
from quotekit.article.parser import parse_article
from quotekit.article.quoted import find_quoted
from quotekit.attribution.deciding import Proposers
from quotekit.attribution.quotes import assemble, kind_of, rounded
from quotekit.attribution.trace import Trace
from quotekit.candidates.candidate import Candidate
from quotekit.dates import day_of
from quotekit.encoder.decoding import decode
from quotekit.known.entries import KnownSpeaker
from quotekit.known.matching import KnownSpeakers
from quotekit.lexicon.cues import Cues
from quotekit.models import Quote, Speaker
from quotekit.processes.pool import in_order
from quotekit.rules import RuleSet
from quotekit.speakers import Mention, resolve

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from quotekit.explain.explanation import Explanation

Context = TypeVar("Context")


class Extractor:
    """A configured way from texts to quotes.

    Args:
        rules: the rules to read with; by default `RuleSet.default()`. A path, or several, of files of your own adds
            what is in them to that (`RuleSet.with_file`). They are read here, once.
        resolve: whether to say who "he" is. Without it every quote's ``speaker`` is ``None``.
        encoder: whether the trained encoder reads along with the rules; without it they are alone, and faster.
        attitudes: whether to add what is believed, hoped, wanted or opposed to what is stated.
        min_confidence: leave out quotes less sure than this (0 to 1).
        model: an installed spaCy model or a folder with one; by default the one that quotekit brings.
        known_speakers: your own list of speakers: a JSON Lines or CSV file, `KnownSpeakers`, or an iterable of
            `KnownSpeaker` or dicts. It is read here, once. A speaker who is in it gets its id as ``known_id``.

    Raises:
        ValueError: ``min_confidence`` is not between 0 and 1.
        RuleError: a rule's pattern is not valid, or a file of rules.
        KnownSpeakersError: the list of known speakers is not valid.

    >>> extractor = Extractor(min_confidence=0.5)
    >>> [quote.verb for quote in extractor.extract("The talks will go on, Ann Lee said.")]
    ['say']
    """

    def __init__(
        self,
        *,
        rules: RuleSet | str | os.PathLike[str] | Iterable[str | os.PathLike[str]] | None = None,
        encoder: bool = True,
        resolve: bool = True,
        attitudes: bool = False,
        min_confidence: float = 0.0,
        model: str | None = None,
        known_speakers: str
        | os.PathLike[str]
        | KnownSpeakers
        | Iterable[KnownSpeaker | Mapping[str, Any]]
        | None = None,
    ) -> None:
        if not 0 <= min_confidence <= 1:
            raise ValueError(f"min_confidence must be between 0 and 1, not {min_confidence!r}")
        self.rules = _rule_set(rules)
        self.encoder = encoder
        self.resolve = resolve
        self.attitudes = attitudes
        self.min_confidence = min_confidence
        self.model = model
        self.known_speakers = None if known_speakers is None else KnownSpeakers.of(known_speakers)
        self.proposers = Proposers(self.rules, Cues.default())

    def extract(self, text: str, *, date: Date | str | None = None) -> list[Quote]:
        """The quotes of one article, in text order.

        Args:
            text: the article.
            date: the day it is of, a text as YYYY-MM-DD. It serves only to tell which lines of ``known_speakers`` hold.

        Raises:
            TypeError: ``text`` is not a string, or ``date`` no date.
            ValueError: ``date`` is not a day as YYYY-MM-DD.
            ModelError: the spaCy model is missing or does not fit.
            EncoderError: the encoder's files, or the libraries that run it, are missing or do not fit.
        """
        day, article = day_of(date), _article(text)
        return self.read(article, parse_article(article, self.model), day)

    def extract_doc(self, doc: Doc, *, date: Date | str | None = None) -> list[Quote]:
        """The quotes of a tagged, parsed and lemmatised spaCy ``Doc``; offsets are characters of ``doc.text``."""
        return self.read(read_article(doc.text), Parse.from_doc(doc), day_of(date))

    def read(self, article: Article, parse: Parse, day: Date | None = None, trace: Trace | None = None) -> list[Quote]:
        """The quotes of an article, of ``day``, whose parse is at hand; ``trace`` is told how they were decided."""
        page = ParsedArticle(article, find_quoted(article), parse)
        attributions = self.proposers.decide(page, decoded=decode(page) if self.encoder else None, trace=trace)
        speakers: list[Speaker | None] = [None] * len(attributions)
        if self.resolve:
            speakers = self._who(page, attributions)
        wanted = [
            (attribution, speaker)
            for attribution, speaker in zip(attributions, speakers, strict=True)
            if rounded(attribution.confidence) >= self.min_confidence
            and (self.attitudes or attribution.act == "statement")
        ]
        quotes = assemble(page, [attribution for attribution, _ in wanted], [speaker for _, speaker in wanted])
        return self.identified(quotes, day)

    def identified(self, quotes: list[Quote], day: Date | None) -> list[Quote]:
        """The quotes of one article, their speakers with the ids that they have in the list of known ones."""
        if self.known_speakers is None:
            return quotes
        speakers = {quote.speaker.id: quote.speaker for quote in quotes if quote.speaker}
        ids = dict(zip(speakers, self.known_speakers.ids_of(list(speakers.values()), day), strict=True))
        return [
            quote.model_copy(update={"speaker": quote.speaker.model_copy(update={"known_id": ids[quote.speaker.id]})})
            if quote.speaker and ids[quote.speaker.id] is not None
            else quote
            for quote in quotes
        ]

    def _who(self, page: ParsedArticle, attributions: list[Candidate]) -> list[Speaker | None]:
        """The speaker of each attribution; one without a source has none."""
        sourced = [i for i, attribution in enumerate(attributions) if attribution.source]
        mentions = [
            Mention(a.source, a.content, kind_of(page, a) == "direct")
            for a in (attributions[i] for i in sourced)
            if a.source
        ]
        speakers: list[Speaker | None] = [None] * len(attributions)
        found = resolve(page.parse, page.article, mentions, self.proposers.speakers)
        for i, speaker in zip(sourced, found, strict=True):
            speakers[i] = speaker
        return speakers

    @overload
    def pipe(
        self,
        texts: Iterable[str],
        *,
        n_process: int = 1,
        batch_size: int = 16,
        as_tuples: Literal[False] = False,
        date: Date | str | None = None,
    ) -> Iterator[list[Quote]]: ...

    @overload
    def pipe(
        self,
        texts: Iterable[tuple[str, Context]],
        *,
        n_process: int = 1,
        batch_size: int = 16,
        as_tuples: Literal[True],
        date: Date | str | Callable[[Context], Date | str | None] | None = None,
    ) -> Iterator[tuple[list[Quote], Context]]: ...

    def pipe(
        self,
        texts: Iterable[Any],
        *,
        n_process: int = 1,
        batch_size: int = 16,
        as_tuples: bool = False,
        date: Date | str | Callable[[Any], Date | str | None] | None = None,
    ) -> Iterator[Any]:
        """The quotes of many articles, in the order they come, as they are ready.

        Args:
            texts: strings, or with ``as_tuples`` pairs of a string and anything that belongs to it.
            n_process: processes to use; results do not depend on it.
            batch_size: texts that one process takes at a time, at most; long ones go alone.
            as_tuples: yield pairs of quotes and what belonged to the text.
            date: the day that all texts are of, as for `extract`, or with ``as_tuples`` a function that gives the day
                of a text from what belongs to it.

        Raises:
            TypeError: a text is not a string, an item no pair, or its date none; the message says which (from 0), and
                it comes after the quotes of all texts before it.
            ValueError: ``n_process`` or ``batch_size`` is less than 1, or a date is not a day as YYYY-MM-DD.
            WorkerError: with several processes, one ended over a text, was replaced, and ended over it once more (the
                message says which text, from 0, after the quotes of all before it), or none can be started.

        Whatever else `extract` raises for a text comes in that text's place, after the quotes of all texts before it.
        """
        for name, value in (("n_process", n_process), ("batch_size", batch_size)):
            if value < 1:
                raise ValueError(f"{name} must be 1 or more, not {value!r}")
        if isinstance(texts, (str, bytes)):
            raise TypeError(f"texts must be an iterable of strings, not one {type(texts).__name__}: use extract")
        if not callable(date):
            date = day_of(date)
        elif not as_tuples:
            raise TypeError("date can be a function only with as_tuples: it is called with what belongs to the text")
        if as_tuples:
            return self._in_order(_pairs(texts), n_process, batch_size, date)
        return (quotes for quotes, _ in self._in_order(_strings(texts), n_process, batch_size, date))

    def _in_order(
        self,
        pairs: Iterable[tuple[str, Any]],
        n_process: int,
        batch_size: int,
        date: Date | Callable[[Any], Date | str | None] | None,
    ) -> Iterator[tuple[list[Quote], Any]]:
        dated = ((text, (context, _day_of_item(date, context, i))) for i, (text, context) in enumerate(pairs))
        # The list of known speakers stays here: it may be large, and what it is needed for costs little.
        for quotes, (context, day) in in_order(self.without_known_speakers(), dated, n_process, batch_size):
            yield self.identified(quotes, day), context

    def _settings(self) -> dict[str, Any]:
        names = ("rules", "encoder", "resolve", "attitudes", "min_confidence", "model", "known_speakers")
        return {name: getattr(self, name) for name in names}

    def without_known_speakers(self) -> Extractor:
        """One with the same settings that knows nobody; `identified` makes up for it."""
        return self if self.known_speakers is None else _restore({**self._settings(), "known_speakers": None})

    def with_rules(self, rules: RuleSet) -> Extractor:
        """One with the same settings and other rules.

        >>> Extractor(attitudes=True).with_rules(RuleSet.default().without("en.as")).attitudes
        True
        """
        return _restore({**self._settings(), "rules": rules})

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (self._settings(),)

    def explain(self, text: str, *, date: Date | str | None = None) -> Explanation:
        """Why the quotes of one article are what they are, and why there are no others.

        Takes and raises what `extract` does, and takes about half as long again.

        >>> explanation = Extractor(encoder=False).explain("The talks, said Ann Lee, will go on. It rained.")
        >>> [one.quote.rule for one in explanation.quotes]
        ['en.parenthesis']
        >>> print(explanation.at(37, 46).reasons[0])
        no verb here is known to report: rain
        """
        day, article = day_of(date), _article(text)
        return self.explain_parse(article, parse_article(article, self.model), day)

    def explain_parse(self, article: Article, parse: Parse, day: Date | None = None) -> Explanation:
        """Return the explanation of an article, of ``day``, that has been parsed."""
        from quotekit.explain.build import explain
        from quotekit.explain.tracing import Tracer
        from quotekit.explain.why_not import Settings

        tracer = Tracer()
        quotes = self.read(article, parse, day, tracer)
        return explain(quotes, tracer, self.proposers, Settings(self.attitudes, self.min_confidence))


def _article(text: str) -> Article:
    """``text`` as an article; `TypeError` if it is no string."""
    if not isinstance(text, str):
        remedy = "; decode it first" if isinstance(text, (bytes, bytearray)) else ""
        raise TypeError(f"text must be a string, not {type(text).__name__}{remedy}")
    return read_article(text)


def _rule_set(rules: RuleSet | str | os.PathLike[str] | Iterable[str | os.PathLike[str]] | None) -> RuleSet:
    if isinstance(rules, RuleSet):
        return rules
    paths = [] if rules is None else [rules] if isinstance(rules, (str, os.PathLike)) else rules
    if isinstance(paths, (bytes, Mapping)) or not isinstance(paths, Iterable):
        raise TypeError(_NO_RULES.format(type(rules).__name__))
    chosen = RuleSet.default()
    for path in paths:
        if not isinstance(path, (str, os.PathLike)):
            raise TypeError(_NO_RULES.format(f"{type(rules).__name__} with {type(path).__name__}"))
        chosen = chosen.with_file(path)
    return chosen


_NO_RULES = "rules must be a RuleSet or paths of rule files, not {}; RuleSet(rules) makes one of rules"


def _restore(settings: dict[str, Any]) -> Extractor:
    return Extractor(**settings)


def _day_of_item(date: Date | Callable[[Any], Date | str | None] | None, context: Any, i: int) -> Date | None:
    if not callable(date):
        return date
    try:
        return day_of(date(context))
    except (TypeError, ValueError) as error:
        kind = TypeError if isinstance(error, TypeError) else ValueError
        raise kind(f"date of item {i} (from 0): {error}") from error


def _strings(texts: Iterable[Any]) -> Iterator[tuple[str, None]]:
    for i, text in enumerate(texts):
        if not isinstance(text, str):
            raise TypeError(f"text {i} (from 0) must be a string, not {type(text).__name__}")
        yield text, None


def _pairs(items: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    for i, item in enumerate(items):
        if not (isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], str)):
            shown = (
                f"({', '.join(type(part).__name__ for part in item)})"
                if isinstance(item, tuple)
                else type(item).__name__
            )
            raise TypeError(f"with as_tuples each item must be a pair (str, anything); item {i} (from 0) is {shown}")
        yield item


@cache
def default() -> Extractor:
    """The extractor that `extract` and `pipe` share."""
    return Extractor()


def extract(text: str) -> list[Quote]:
    """The quotes of one article, in text order, with the default settings; see `Extractor.extract`.

    >>> quote, = extract("“It works,” said Ann Lee.")
    >>> quote.speaker.name, quote.verb, quote.text
    ('Ann Lee', 'say', 'It works,')
    """
    return default().extract(text)


@overload
def pipe(
    texts: Iterable[str], *, n_process: int = 1, batch_size: int = 16, as_tuples: Literal[False] = False
) -> Iterator[list[Quote]]: ...


@overload
def pipe(
    texts: Iterable[tuple[str, Context]], *, n_process: int = 1, batch_size: int = 16, as_tuples: Literal[True]
) -> Iterator[tuple[list[Quote], Context]]: ...


def pipe(texts: Iterable[Any], *, n_process: int = 1, batch_size: int = 16, as_tuples: bool = False) -> Iterator[Any]:
    """The quotes of many articles with the default settings; see `Extractor.pipe`.

    >>> [len(quotes) for quotes in pipe(["It works, Ann Lee said.", "It rained."])]
    [1, 0]
    """
    if as_tuples:
        return default().pipe(texts, n_process=n_process, batch_size=batch_size, as_tuples=True)
    return default().pipe(texts, n_process=n_process, batch_size=batch_size)
