"""Why there is no quote where there is none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from quotekit.article.parse import Parse
from quotekit.article.parsed import is_title
from quotekit.attribution.competing import FLOOR
from quotekit.attribution.deciding import LEAST, Proposers
from quotekit.candidates.content import Reader
from quotekit.candidates.from_layout import _is_speech
from quotekit.candidates.from_syntax import ANCHOR, cue_key
from quotekit.candidates.match import Match
from quotekit.candidates.spans import cue_tokens, source_tokens
from quotekit.explain.material import Material
from quotekit.explain.near_matches import nearly
from quotekit.explain.reasons import (
    AnAttitude,
    AnyReason,
    Around,
    BelowMinimum,
    Blocked,
    KnownCue,
    Lost,
    NoCue,
    NoMatch,
    NotSpeech,
    Outside,
    Rival,
    Unread,
    Unsure,
)
from quotekit.explain.tracing import Outcome
from quotekit.models import Span, strip

WIDEST = 120
"""A sentence of more tokens than this is shown around the word in question: an endless one must not be shown whole."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the caller asked for, which leaves out what was found."""

    attitudes: bool
    min_confidence: float


def left_out(material: Material, settings: Settings) -> Iterator[AnyReason]:
    """What was found and is not shown."""
    for attribution in material.tracer.attributions:
        if material.quote_id(attribution) is not None:
            continue
        proposal = material.proposal((material.owned.get(id(attribution)) or [attribution])[0])
        where = material.span(attribution.content[0])
        if attribution.act == "attitude" and not settings.attitudes:
            yield AnAttitude(where=where, proposal=proposal)
        else:
            yield BelowMinimum(where=where, proposal=proposal, minimum=settings.min_confidence)


def lost(material: Material) -> Iterator[AnyReason]:
    """What was proposed and lost, or was too unsure to compete."""
    for candidate, outcome in material.losers():
        where = material.span(candidate.content[0])
        if outcome.fate == "below the floor" or (outcome.by is None and candidate.confidence < FLOOR):
            yield Unsure(where=where, proposal=material.proposal(candidate), floor=outcome.needed or FLOOR)
            continue
        winner = material.winner(candidate, outcome)
        if outcome.fate == "agreed" and winner is not None:
            continue
        rival = material.rival(candidate, outcome)
        yield Lost(where=where, proposal=rival.proposal, rival=rival, quote=material.quote_id(winner))


def outside(material: Material) -> Iterator[AnyReason]:
    """What is not running text."""
    for paragraph in material.page.article.paragraphs:
        if paragraph.kind not in ("text", "headline"):
            yield Outside(where=material.span((paragraph.start, paragraph.end)), taken_for=paragraph.kind)
        elif paragraph.body > paragraph.start:
            yield Outside(where=material.span((paragraph.start, paragraph.body)), taken_for="dateline")


def not_speech(material: Material) -> Iterator[AnyReason]:
    """Quoted words that nobody claims."""
    page = material.page
    for stretch in Proposers.unclaimed(page, material.tracer.attributions):
        where = material.span(stretch.inner)
        if is_title(where.text):
            yield NotSpeech(where=where, taken_for="title")
        elif not _is_speech(page, stretch):
            yield NotSpeech(where=where, taken_for="name or scare quote")
        else:
            yield NotSpeech(where=where, taken_for="speech without a source")


class MatchReader:
    """Why the places where patterns fit came to nothing: blocked, or nothing could be read off them."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._readers = Reader(material.page, 0), Reader(material.page, 1)
        self.blocked: dict[str, list[Rival]] = defaultdict(list)
        self.reasons: list[AnyReason] = []
        self.matched: dict[int, list[str]] = defaultdict(list)
        self.found: set[int] = set()
        blockers: dict[int, str] = {}
        for match in material.matches:
            if match.rule.kind == "block":
                blockers.setdefault(match.nodes["cue"], match.rule.id)
        for match in material.matches:
            if match.rule.kind == "block":
                continue
            cue = match.nodes["cue"]
            # A rule that wants quoted words came near only where there are some.
            wants_quotes = match.rule.reads in ("before", "after")
            if wants_quotes and not material.page.quoted_in(sentence_around(material, cue)):
                continue
            if match.rule.id not in self.matched[cue]:
                self.matched[cue].append(match.rule.id)
            if cue in blockers:
                self._block(match, blockers[cue])
            elif not self._unread(match):
                self.found.add(cue)

    def _block(self, match: Match, by: str) -> None:
        material = self._material
        self.found.add(match.nodes["cue"])
        for candidate, _ in material.syntax._read(match, self._readers[0]):
            if candidate.confidence < LEAST:
                continue
            proposal = material.proposal(candidate)
            why = material.why(by) or ""
            self.reasons.append(Blocked(where=proposal.content[0], proposal=proposal, by=by, why=why))
            for attribution in material.near(candidate.content):
                id_ = material.quote_id(attribution)
                if id_ is not None:
                    self.blocked[id_].append(material.rival(candidate, Outcome("blocked", attribution)))
                    self.blocked[id_][-1] = self.blocked[id_][-1].model_copy(update={"by": by})

    def _unread(self, match: Match) -> bool:
        """Whether nothing is read off ``match``; the reason is kept. It asks what reading it asks."""
        material, parse, rule = self._material, self._material.page.parse, match.rule
        cue, source = match.nodes["cue"], match.nodes.get("source")
        outer, nested = self._readers
        reader, missing, detail = outer, None, ""
        if outer.in_marks(cue):
            reader = nested
            if rule.reads not in ("before", "after"):
                missing, detail = "marks", "the cue stands inside quoted words, where only quotes within them are read"
        if missing is None and rule.frame and material.cues.find(rule.frame, cue_key(parse, match)) is None:
            missing, detail = "lexicon", f"the lexicon has no “{cue_key(parse, match)}” in the frame “{rule.frame}”"
        elif missing is None and source is not None and not reader.names(source, cue):
            missing, detail = "source", f"“{parse.words[source]}” stands in a title"
        elif missing is None:
            taken = [] if source is None else source_tokens(parse, source, match.cue)
            if not reader.content(match, cue_tokens(parse, match.cue), taken):
                where = {"before": "no quoted words lead up to it", "after": "no quoted words follow it"}
                missing, detail = "content", where.get(rule.reads, "no words are left for the content")
        if missing is not None:
            fields = {"rule": rule.id, "why": rule.why, "missing": missing, "detail": detail}
            around = sentence_around(material, cue)
            cue_span = material.span(parse.span(cue, cue))
            self.reasons.append(Unread.model_validate({**fields, "where": material.span(around), "cue": cue_span}))
        return missing is not None


def sentence_around(material: Material, i: int) -> Span:
    """The sentence of token ``i``, or of an endless one what stands around it."""
    parse = material.page.parse
    first = last = i
    while first > 0 and i - first < WIDEST and parse.sentences[first - 1] == parse.sentences[i]:
        first -= 1
    while last + 1 < len(parse) and last - i < WIDEST and parse.sentences[last + 1] == parse.sentences[i]:
        last += 1
    return strip(parse.text, parse.span(first, last))


class Sentences:
    """What each sentence of the running text has of cues, and what nearly matched there."""

    def __init__(self, material: Material, matches: MatchReader) -> None:
        self._material = material
        self._matches = matches
        self._nearly = nearly(material.syntax)
        self._reader = Reader(material.page, 0)
        parse = material.page.parse
        self._of: dict[int, str] = {}
        self._said: set[int] = set()
        for quote in material.quotes:
            for part in quote.content:
                tokens = parse.tokens((part.start, part.end))
                self._said.update(tokens)
                for i in tokens:
                    self._of.setdefault(parse.sentences[i], quote.id)
            for other in (quote.cue, quote.source):
                tokens = parse.tokens((other.start, other.end)) if other else range(0)
                self._said.update(tokens)
                for i in tokens:
                    self._of.setdefault(parse.sentences[i], quote.id)

    def reasons(self) -> Iterator[AnyReason]:
        """At least one for each sentence, and those of sources and cues."""
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
        quote = self._of.get(parse.sentences[tokens[0]])
        cues: list[KnownCue] = []
        verbs: dict[str, None] = {}
        for i in tokens:
            if i in self._said:
                continue
            known = self._known(i)
            if known is not None:
                cues.append(known)
            elif _is_verb(parse, i) and material.cues.act(parse.lemmas[i]) is None:
                verbs[parse.lemmas[i]] = None
            if i not in self._matches.found and not self._reader.in_marks(i):
                around = where if len(tokens) <= WIDEST else sentence_around(material, i)
                yield from self._nearly.at(self._reader, i, around)
        if quote is not None:
            yield Around(where=shown, quote=quote, part="sentence")
        if cues:
            sureness = None if quote else self._sureness(where)
            yield NoMatch(where=shown, cues=tuple(cues), verbs=tuple(verbs), encoder=sureness)
        elif quote is None:
            yield NoCue(where=shown, verbs=tuple(verbs), encoder=self._sureness(where))

    def _known(self, i: int) -> KnownCue | None:
        """Token ``i`` as a cue, if a pattern can begin there."""
        parse = self._material.page.parse
        anchor = tuple(getattr(parse, column)[i] for column in ANCHOR)
        rules = [rule for rule, _ in self._material.syntax._anchored(anchor) if rule.kind != "block"]
        if not rules:
            return None
        frames = tuple(sorted({rule.frame for rule in rules if rule.frame}))
        matched = tuple(self._matches.matched.get(i, ()))
        word = self._material.span(parse.span(i, i))
        return KnownCue(word=word, lemma=parse.lemmas[i], frames=frames, matched=matched)

    def _sureness(self, where: Span) -> float | None:
        evidence = self._material.tracer.evidence
        if evidence is None:
            return None
        return round(evidence.decoded.sureness([evidence.decoded.run(where)]), 4)


def _is_verb(parse: Parse, i: int) -> bool:
    """Whether token ``i`` is a verb that is nobody's auxiliary."""
    return parse.tags[i][:2] == "VB" and parse.deps[i] not in ("aux", "auxpass")
