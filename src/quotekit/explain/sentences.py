"""Why a sentence has no quote: which cues it has, and which rules nearly matched."""

from __future__ import annotations

from collections.abc import Iterator

from quotekit.article.parse import Parse
from quotekit.candidates.content import Reader
from quotekit.explain.matches import WIDEST, Matches, sentence_around
from quotekit.explain.material import Material
from quotekit.explain.near_matches import nearly
from quotekit.explain.reasons import AnyReason, Around, KnownCue, NoCue, NoMatch
from quotekit.models import Span, strip


class Sentences:
    """The sentences of the running text, with their cues and the rules that nearly matched there."""

    def __init__(self, material: Material, matches: Matches) -> None:
        self._material = material
        self._matches = matches
        self._nearly = nearly(material.syntax)
        self._reader = Reader(material.page, 0)
        parse = material.page.parse
        self._quote_of: dict[int, str] = {}
        self._quoted: set[int] = set()
        for quote in material.quotes:
            for part in (*quote.content, quote.cue, quote.source):
                for i in parse.tokens((part.start, part.end)) if part else ():
                    self._quoted.add(i)
                    self._quote_of.setdefault(parse.sentences[i], quote.id)

    def reasons(self) -> Iterator[AnyReason]:
        """Yield at least one reason for each sentence, and the reasons of sources and cues."""
        material, parse = self._material, self._material.page.parse
        for quote in material.quotes:
            if quote.source is not None:
                yield Around(where=quote.source, quote=quote.id, part="source")
            if quote.cue is not None:
                yield Around(where=quote.cue, quote=quote.id, part="cue")
        first = 0
        for i in range(1, len(parse) + 1):
            if i == len(parse) or parse.sentences[i] != parse.sentences[first]:
                yield from self._sentence(range(first, i))
                first = i

    def _sentence(self, tokens: range) -> Iterator[AnyReason]:
        material, page, parse = self._material, self._material.page, self._material.page.parse
        where = strip(page.text, parse.span(tokens[0], tokens[-1]))
        if where[0] == where[1] or not (page.is_running(where[0]) or page.is_running(where[1] - 1)):
            return
        shown = material.span(where)
        quote = self._quote_of.get(parse.sentences[tokens[0]])
        cues: list[KnownCue] = []
        verbs: dict[str, None] = {}
        for i in tokens:
            if i in self._quoted:
                continue
            known = self._known(i)
            if known is not None:
                cues.append(known)
            elif _is_verb(parse, i) and material.cues.act(parse.lemmas[i]) is None:
                verbs[parse.lemmas[i]] = None
            if i not in self._matches.read and not self._reader.in_marks(i):
                around = where if len(tokens) <= WIDEST else sentence_around(material, i)
                yield from self._nearly.at(self._reader, i, around)
        if quote is not None:
            yield Around(where=shown, quote=quote, part="sentence")
        if cues:
            encoder = None if quote else self._encoder(where)
            yield NoMatch(where=shown, cues=tuple(cues), verbs=tuple(verbs), encoder=encoder)
        elif quote is None:
            yield NoCue(where=shown, verbs=tuple(verbs), encoder=self._encoder(where))

    def _known(self, i: int) -> KnownCue | None:
        """Return token ``i`` as a cue, if a pattern can begin there."""
        parse = self._material.page.parse
        rules = [rule for rule, _ in self._material.syntax.beginning_at(parse, i) if rule.kind != "block"]
        if not rules:
            return None
        frames = tuple(sorted({rule.frame for rule in rules if rule.frame}))
        matched = tuple(self._matches.rules.get(i, ()))
        word = self._material.span(parse.span(i, i))
        return KnownCue(word=word, lemma=parse.lemmas[i], frames=frames, matched=matched)

    def _encoder(self, where: Span) -> float | None:
        """Return the encoder's mean probability that ``where`` is content."""
        pool = self._material.tracer.pool
        if pool is None:
            return None
        decoded = pool.evidence.decoded
        return round(decoded.content_probability([decoded.run(where)]), 4)


def _is_verb(parse: Parse, i: int) -> bool:
    """Return whether token ``i`` is a verb and not an auxiliary."""
    return parse.tags[i][:2] == "VB" and parse.deps[i] not in ("aux", "auxpass")
