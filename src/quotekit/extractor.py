"""From a text to its quotes: each step, in order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date as Date
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Literal, SupportsFloat, TypeVar, overload

from quotekit.article.legible import Legible, legible
from quotekit.article.paragraphs import Article, read_article
from quotekit.article.parse import Parse
from quotekit.article.parsed import ParsedArticle
from quotekit.article.parser import parse_article
from quotekit.article.quoted import find_quoted
from quotekit.attribution.deciding import Proposers
from quotekit.attribution.filters import MIN_CONFIDENCE, Filters
from quotekit.attribution.quotes import assemble, kind_of
from quotekit.attribution.trace import Trace
from quotekit.candidates.candidate import Candidate
from quotekit.corrections.applying import corrected, corrections_of
from quotekit.corrections.entries import Correction, Corrections
from quotekit.dates import day_of
from quotekit.encoder.decoding import decode
from quotekit.forking import reading
from quotekit.known.entries import KnownSpeaker
from quotekit.known.matching import KnownSpeakers
from quotekit.lexicon.cues import Cues
from quotekit.models import Passage, Quote, Reading
from quotekit.processes.items import pairs, positive, strings
from quotekit.processes.pool import in_order
from quotekit.rules import RuleSet
from quotekit.speakers import Mention, Resolution, resolutions

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from quotekit.explain.explanation import Explanation

Context = TypeVar("Context")


class Extractor:
    """Extracts quotes from texts, with settings of your own.

    Args:
        rules: the rules to read with; by default `RuleSet.default()`. The path of a rule file, or several paths, adds
            those files to the default set (`RuleSet.with_file`). Files are read once, here.
        resolve: resolve sources such as "he" to speakers. Without it every quote's ``speaker`` is ``None``.
        encoder: use the trained encoder beside the rules. The rules alone are faster and find less.
        attitudes: return what is believed, hoped, wanted or opposed too, and not only statements.
        min_confidence: leave out quotes with a lower confidence (0 to 1), and those without a source that are not in
            quotation marks. By default nine of ten statements found in news are right; 0 returns everything found.
        model: an installed spaCy model, or a folder with one; by default the model that quotekit brings.
        known_speakers: your own list of speakers: a JSON Lines or CSV file, `KnownSpeakers`, or an iterable of
            `KnownSpeaker` or dicts. It is read once, here. A speaker on the list gets its id as ``known_id``.
        corrections: corrections files saved from article pages, `Corrections`, or an iterable of `Correction` or
            dicts. They apply to the texts that they were made for, and to no other.

    Raises:
        TypeError: a setting has the wrong type.
        ValueError: ``min_confidence`` is not between 0 and 1.
        RuleError: a rule's pattern, or a rule file, is not valid.
        KnownSpeakersError: the list of known speakers is not valid.
        CorrectionsError: a file of corrections is not valid.

    >>> extractor = Extractor(min_confidence=0.9)
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
        min_confidence: float = MIN_CONFIDENCE,
        model: str | None = None,
        known_speakers: str
        | os.PathLike[str]
        | KnownSpeakers
        | Iterable[KnownSpeaker | Mapping[str, Any]]
        | None = None,
        corrections: str
        | os.PathLike[str]
        | Corrections
        | Iterable[str | os.PathLike[str] | Correction | Mapping[str, Any]]
        | None = None,
    ) -> None:
        _check(min_confidence, encoder=encoder, resolve=resolve, attitudes=attitudes)
        self.rules = RuleSet.of(rules)
        self.encoder = encoder
        self.resolve = resolve
        self.attitudes = attitudes
        self.min_confidence = min_confidence
        self.model = model
        self.known_speakers = None if known_speakers is None else KnownSpeakers.of(known_speakers)
        self.corrections = Corrections.of(() if corrections is None else corrections)
        self.proposers = Proposers(self.rules, Cues.default())

    @reading
    def extract(self, text: str, *, date: Date | str | None = None) -> list[Quote]:
        """Return the quotes of one article, in text order.

        Args:
            text: the article.
            date: the day of the article, as a date or as YYYY-MM-DD. It decides which lines of ``known_speakers``
                apply, and nothing else.

        Raises:
            TypeError: ``text`` is not a string, or ``date`` is not a date.
            ValueError: ``date`` is not a day as YYYY-MM-DD.
            ModelError: the spaCy model is missing or does not fit.
            EncoderError: the encoder's files, or the libraries that run it, are missing or do not fit.
        """
        return list(self.read(text, date=date).quotes)

    @reading
    def read(self, text: str, *, date: Date | str | None = None) -> Reading:
        """Return what one article holds: its form, its paragraphs, its quotes, and notices of what was not understood.

        Takes and raises what `extract` does.

        >>> reading = Extractor(encoder=False).read("Pier Shut\\n\\nBy Eva Holm\\n\\nThe pier is shut, Ann Lee said.")
        >>> reading.form, [paragraph.kind for paragraph in reading.paragraphs]
        ('story', ['headline', 'byline', 'text'])
        >>> [(quote.who, quote.text) for quote in reading.quotes]
        [('Ann Lee', 'The pier is shut')]
        """
        day, (article, seen) = day_of(date), _article(text)
        quotes, left_out = self._read(article, parse_article(article, self.model), day, seen=seen)
        found = Reading(
            text=text,
            form=article.form.kind,
            paragraphs=tuple(Passage(start=one.start, end=one.end, kind=one.kind) for one in article.paragraphs),
            quotes=tuple(quotes),
            left_out=left_out,
            notices=article.form.notices,
        )
        return found if seen is None else seen.restored(found)

    def load(self) -> None:
        """Load the models now and not at the first text: before a service takes requests, or a process forks.

        Raises:
            ModelError: the spaCy model is missing or does not fit.
            EncoderError: the encoder's files, or the libraries that run it, are missing or do not fit.
        """
        self.extract("The talks will go on, Ann Lee said.")

    @reading
    def extract_doc(self, doc: Doc, *, date: Date | str | None = None) -> list[Quote]:
        """Return the quotes of a tagged, parsed and lemmatised ``Doc``; offsets are characters of ``doc.text``.

        A text with invisible characters or words divided at the end of a line is parsed again without them.
        """
        if legible(doc.text) is not None:
            return self.extract(doc.text, date=date)
        return self.read_parse(read_article(doc.text), Parse.from_doc(doc), day_of(date))

    @reading
    def read_parse(
        self, article: Article, parse: Parse, day: Date | None = None, trace: Trace | None = None
    ) -> list[Quote]:
        """Return the quotes of an article of ``day`` that has been parsed; ``trace`` follows how they come about."""
        return self._read(article, parse, day, trace)[0]

    def _read(
        self,
        article: Article,
        parse: Parse,
        day: Date | None,
        trace: Trace | None = None,
        seen: Legible | None = None,
    ) -> tuple[list[Quote], int]:
        """Return the quotes, and the number left out because of low confidence or a missing source."""
        page = ParsedArticle(article, find_quoted(article), parse)
        attributions = self.proposers.decide(page, decoded=decode(page) if self.encoder else None, trace=trace)
        speakers = self._speakers(page, attributions) if self.resolve else [None] * len(attributions)
        verdicts = [
            self.filters.leaves_out(attribution, direct=kind_of(page, attribution) == "direct")
            for attribution in attributions
        ]
        wanted = [(attributions[i], speakers[i]) for i, verdict in enumerate(verdicts) if verdict is None]
        wanted = corrected(page, wanted, corrections_of(self.corrections, page.text, seen))
        quotes = assemble(page, [attribution for attribution, _ in wanted], [speaker for _, speaker in wanted])
        left_out = sum(verdict in ("min-confidence", "no-source") for verdict in verdicts)
        return self.identified(quotes, day), left_out

    @property
    def filters(self) -> Filters:
        """The settings that leave out attributions."""
        return Filters(self.attitudes, self.min_confidence)

    def _speakers(self, page: ParsedArticle, attributions: list[Candidate]) -> list[Resolution | None]:
        """Return the speaker of each attribution, ``None`` for one without a source."""
        mentions = {
            i: Mention(one.source, one.content, kind_of(page, one) == "direct")
            for i, one in enumerate(attributions)
            if one.source
        }
        found = resolutions(page.parse, page.article, list(mentions.values()), self.proposers.speakers)
        speakers = dict(zip(mentions, found, strict=True))
        return [speakers.get(i) for i in range(len(attributions))]

    def identified(self, quotes: list[Quote], day: Date | None) -> list[Quote]:
        """Return the quotes of one article; speakers on the list of known ones get their ids."""
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
        """Yield the quotes of many articles, in their order, as soon as they are ready.

        Args:
            texts: strings, or with ``as_tuples`` pairs of a string and a context of any type.
            n_process: number of processes; the results do not depend on it.
            batch_size: maximum number of texts that a process takes at a time; long texts go alone.
            as_tuples: yield pairs of quotes and context.
            date: the day of all texts, as for `extract`, or with ``as_tuples`` a function that returns the day of a
                text, given its context.

        Raises:
            TypeError: a setting has the wrong type, a text is not a string, an item not a pair, or a date not a date.
                The message names the item (from 0), and is raised after the quotes of all texts before it.
            ValueError: ``n_process`` or ``batch_size`` is less than 1, or a date is not a day as YYYY-MM-DD.
            WorkerError: a process died over a text, and its replacement died over it too (the message names the text,
                from 0), or no process can be started.

        Any other error that `extract` raises for a text is raised in its place, after the quotes of all texts before.
        """
        n_process, batch_size = positive("n_process", n_process), positive("batch_size", batch_size)
        if isinstance(texts, (str, bytes)):
            raise TypeError(f"texts must be an iterable of strings, not one {type(texts).__name__}: use extract")
        if not callable(date):
            date = day_of(date)
        elif not as_tuples:
            raise TypeError("date can be a function only with as_tuples: it is called with the context of each text")
        if as_tuples:
            return self._in_order(pairs(texts), n_process, batch_size, date)
        return (quotes for quotes, _ in self._in_order(strings(texts), n_process, batch_size, date))

    def _in_order(
        self,
        items: Iterable[tuple[str, Any]],
        n_process: int,
        batch_size: int,
        date: Date | Callable[[Any], Date | str | None] | None,
    ) -> Iterator[tuple[list[Quote], Any]]:
        dated = ((text, (context, _day_of_item(date, context, i))) for i, (text, context) in enumerate(items))
        # The list of known speakers is not sent to the processes: it may be large, and identifying speakers is cheap.
        for quotes, (context, day) in in_order(self.without_known_speakers(), dated, n_process, batch_size):
            yield self.identified(quotes, day), context

    @reading
    def explain(self, text: str, *, date: Date | str | None = None) -> Explanation:
        """Return why the quotes of one article are what they are, and why there are no others.

        Takes and raises what `extract` does, and takes about half as long again.

        >>> explanation = Extractor(encoder=False).explain("The talks, said Ann Lee, will go on. It rained.")
        >>> [one.quote.rule for one in explanation.quotes]
        ['en.parenthesis']
        >>> print(explanation.at(37, 46).reasons[0])
        no verb here is a known cue: rain
        """
        day, (article, seen) = day_of(date), _article(text)
        explanation = self.explain_parse(article, parse_article(article, self.model), day, seen)
        return explanation if seen is None else seen.restored(explanation).model_copy(update={"text": text})

    @reading
    def explain_parse(
        self, article: Article, parse: Parse, day: Date | None = None, seen: Legible | None = None
    ) -> Explanation:
        """Return the explanation of an article of ``day`` that has been parsed; ``seen`` is its text as prepared."""
        from quotekit.explain.build import explain
        from quotekit.explain.tracing import Tracer

        tracer = Tracer()
        quotes, _ = self._read(article, parse, day, tracer, seen)
        return explain(quotes, tracer, self.proposers, self.filters)

    def with_rules(self, rules: RuleSet) -> Extractor:
        """Return an extractor with other rules and otherwise the same settings.

        >>> Extractor(attitudes=True).with_rules(RuleSet.default().without("en.as")).attitudes
        True
        """
        return Extractor(**{**self._settings(), "rules": rules})

    def without_known_speakers(self) -> Extractor:
        """Return an extractor without the list of known speakers; `identified` adds their ids afterwards."""
        if self.known_speakers is None:
            return self
        return Extractor(**{**self._settings(), "known_speakers": None})

    def _settings(self) -> dict[str, Any]:
        names = ("rules", "encoder", "resolve", "attitudes", "min_confidence", "model", "known_speakers", "corrections")
        return {name: getattr(self, name) for name in names}

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(Extractor, **self._settings()), ()


def _check(min_confidence: float, **switches: bool) -> None:
    for name, value in switches.items():
        if not isinstance(value, bool):
            raise TypeError(f"{name} must be True or False, not {value!r}")
    if isinstance(min_confidence, bool) or not isinstance(min_confidence, SupportsFloat):
        raise TypeError(f"min_confidence must be a number, not {min_confidence!r}")
    if not 0 <= min_confidence <= 1:
        raise ValueError(f"min_confidence must be between 0 and 1, not {min_confidence!r}")


def _article(text: str) -> tuple[Article, Legible | None]:
    """Return the article of a text, and the prepared text if it differs."""
    if not isinstance(text, str):
        remedy = "; decode it first" if isinstance(text, (bytes, bytearray)) else ""
        raise TypeError(f"text must be a string, not {type(text).__name__}{remedy}")
    seen = legible(text)
    return read_article(text if seen is None else seen.text), seen


def _day_of_item(date: Date | Callable[[Any], Date | str | None] | None, context: Any, i: int) -> Date | None:
    if not callable(date):
        return date
    try:
        return day_of(date(context))
    except (TypeError, ValueError) as error:
        kind = TypeError if isinstance(error, TypeError) else ValueError
        raise kind(f"date of item {i} (from 0): {error}") from error


@cache
def default() -> Extractor:
    """Return the extractor that `extract` and `pipe` share."""
    return Extractor()


def extract(text: str) -> list[Quote]:
    """Return the quotes of one article, in text order, with the default settings; see `Extractor.extract`.

    >>> quote, = extract("“It works,” said Ann Lee.")
    >>> quote.speaker.name, quote.verb, quote.text
    ('Ann Lee', 'say', 'It works,')
    """
    return default().extract(text)


def read(text: str) -> Reading:
    """Return what one article holds, with the default settings; see `Extractor.read`.

    >>> read("“It works,” said Ann Lee.").speakers[0].name
    'Ann Lee'
    """
    return default().read(text)


def load() -> None:
    """Load the models of the default extractor now; see `Extractor.load`."""
    default().load()


@overload
def pipe(
    texts: Iterable[str], *, n_process: int = 1, batch_size: int = 16, as_tuples: Literal[False] = False
) -> Iterator[list[Quote]]: ...


@overload
def pipe(
    texts: Iterable[tuple[str, Context]], *, n_process: int = 1, batch_size: int = 16, as_tuples: Literal[True]
) -> Iterator[tuple[list[Quote], Context]]: ...


def pipe(texts: Iterable[Any], *, n_process: int = 1, batch_size: int = 16, as_tuples: bool = False) -> Iterator[Any]:
    """Yield the quotes of many articles with the default settings; see `Extractor.pipe`.

    >>> [len(quotes) for quotes in pipe(["It works, Ann Lee said.", "It rained."])]
    [1, 0]
    """
    if as_tuples:
        return default().pipe(texts, n_process=n_process, batch_size=batch_size, as_tuples=True)
    return default().pipe(texts, n_process=n_process, batch_size=batch_size)
