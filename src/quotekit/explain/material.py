"""All that an explanation is made of, each thing looked up where it is needed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from quotekit.article.quotation_marks import find_marks
from quotekit.attribution.competing import NESTED
from quotekit.attribution.deciding import LEAST, Proposers
from quotekit.candidates.candidate import Candidate
from quotekit.candidates.from_encoder import ENCODER
from quotekit.candidates.layer import Layer
from quotekit.candidates.match import Match
from quotekit.candidates.rule_confidence import Evidence
from quotekit.explain.quote_explanation import Marks
from quotekit.explain.reasons import Proposal, Rival
from quotekit.explain.tracing import Outcome, Tracer, key
from quotekit.models import Quote, Span, TextSpan, inside
from quotekit.rules import RuleSet

LONGEST = 2_000
"""Quoted words of more characters are not shown with each quote inside them: that would cost the square of them."""

Place = tuple[str, Span | None, Span | None]


class Material:
    """What is known of one article: what was proposed (``tracer``), what came of it, and the rules that did it."""

    def __init__(self, proposers: Proposers, tracer: Tracer, quotes: Sequence[Quote]) -> None:
        self.syntax = proposers.syntax
        self.cues = proposers.cues
        self.tracer = tracer
        self.page = tracer.page
        self.quotes = quotes
        self._whys = {rule.id: rule.why for rule in (*RuleSet.default(), *proposers.rules)}
        self._layers = Layer(), Layer()
        for attribution in tracer.attributions:
            self._layers[attribution.depth].take(attribution)
        ids = defaultdict(list)
        for quote in quotes:
            ids[_identity(quote)].append(quote.id)
        self._ids: dict[int, str] = {}
        for attribution in tracer.attributions:
            found = ids.get((attribution.content, attribution.source, attribution.rule))
            if found:
                self._ids[id(attribution)] = found.pop(0)

    def why(self, rule: str) -> str | None:
        """What a rule says of itself; the encoder says nothing."""
        return self._whys.get(rule)

    def quote_id(self, attribution: Candidate | None) -> str | None:
        """The id of the quote that an attribution became, if it is shown."""
        return None if attribution is None else self._ids.get(id(attribution))

    @cached_property
    def originals(self) -> list[Candidate]:
        """Every candidate as it first competed."""
        return self.tracer.originals()

    @cached_property
    def by_key(self) -> dict[object, list[Candidate]]:
        """What the rules proposed, by reading."""
        found: dict[object, list[Candidate]] = defaultdict(list)
        for candidate in self.tracer.by_rules:
            found[key(candidate)].append(candidate)
        return found

    @cached_property
    def read_at(self) -> dict[int, Candidate]:
        """For each token of a cue the first of the rules' candidates that has it, as `CueReader` takes them."""
        found: dict[int, Candidate] = {}
        for candidate in self.tracer.by_rules:
            if candidate.cue and candidate.depth == 0 and candidate.confidence >= LEAST:
                for i in self.page.parse.tokens(candidate.cue):
                    found.setdefault(i, candidate)
        return found

    @cached_property
    def owned(self) -> dict[int, list[Candidate]]:
        """For each attribution (by identity) the candidates that it was made of, the one that decided it first."""
        found: dict[int, list[Candidate]] = defaultdict(list)
        for candidate in self.originals:
            owner = self.owner(candidate)
            if owner is not None:
                found[id(owner)].append(candidate)
        for attribution in self.tracer.attributions:
            there = found[id(attribution)]
            there.sort(key=lambda c: (_place(c) != _place(attribution), c.content != attribution.content, c.content))
        return found

    def owner(self, candidate: Candidate) -> Candidate | None:
        """The attribution that ``candidate`` became, or is a part of."""
        if self.tracer.outcomes.get(candidate, Outcome("less sure")) is not None:
            return None
        for owner in self.near(candidate.content):
            if owner.source == candidate.source and _within(candidate.content, owner):
                return owner
        return None

    def near(self, content: Iterable[Span]) -> list[Candidate]:
        """The attributions that share a character with ``content``, nested ones first."""
        spans = list(content)
        return [*self._layers[1].overlapping(spans), *self._layers[0].overlapping(spans)]

    def winner(self, candidate: Candidate, outcome: Outcome) -> Candidate | None:
        """The attribution that ``candidate`` lost to."""
        near = self.near(candidate.content)
        if outcome.by is not None:
            winners = {id(one) for one in self.near(outcome.by.content) if one.source == outcome.by.source}
            for attribution in near:
                if id(attribution) in winners:
                    return attribution
        outermost = [one for one in near if one.depth == candidate.depth] or near
        return outermost[0] if outermost else None

    def losers(self) -> Iterator[tuple[Candidate, Outcome]]:
        """The candidates that are in no attribution, and what became of each."""
        grown = {_place(c): outcome for c, outcome in self.tracer.outcomes.items() if outcome is not None}
        made_of = {id(part) for parts in self.owned.values() for part in parts}
        for candidate in self.originals:
            if id(candidate) in made_of:
                continue
            outcome = self.tracer.outcomes.get(candidate)
            if outcome is None:
                by = next(iter(self.near(candidate.content)), None)
                fallback = Outcome("inside", by, NESTED)
                outcome = grown.get(_place(candidate), fallback)
            yield candidate, outcome

    @cached_property
    def evidence(self) -> dict[object, Evidence]:
        """What each candidate of a syntax rule rests on."""
        found: dict[object, Evidence] = {}
        for candidate, evidence in self.syntax.evidence(self.page):
            found.setdefault((candidate.rule, *key(candidate)), evidence)
        return found

    @cached_property
    def matches(self) -> list[Match]:
        """Every place where a pattern fits, those of blocking rules too."""
        return list(self.syntax.match(self.page.parse))

    def proposal(self, candidate: Candidate) -> Proposal:
        """``candidate`` as it is shown."""
        before = self.tracer.before.get(candidate)
        by_rule = before is not None and before.rule != ENCODER
        return Proposal(
            rule=candidate.rule,
            why=self.why(candidate.rule),
            content=tuple(self.span(part) for part in candidate.content),
            source=self.span(candidate.source) if candidate.source else None,
            cue=self.span(candidate.cue) if candidate.cue else None,
            verb=candidate.verb,
            act=candidate.act,
            confidence=round(candidate.confidence, 4),
            alone=round(before.confidence, 4) if before is not None and by_rule else None,
        )

    def rival(self, candidate: Candidate, outcome: Outcome) -> Rival:
        """``candidate``, which lost, as it is shown."""
        by = None if outcome.by is None else outcome.by.rule
        needed = round(outcome.needed, 4) if outcome.needed else None
        return Rival(proposal=self.proposal(candidate), fate=outcome.fate, by=by, needed=needed)

    def span(self, span: Span) -> TextSpan:
        """Words of the article."""
        return TextSpan.of(self.page.text, span)

    def marks_in(self, content: Sequence[TextSpan]) -> tuple[Marks, ...]:
        """The marks around quoted words that share a character with ``content``."""
        found: list[Marks] = []
        for part in content:
            first = bisect_right(self._marks_ends, part.start)
            near = self._pairs[first : bisect_left(self._marks_starts, part.end, lo=first)]
            found += [_brief(marks) if _reaches_out(marks, part) else marks for marks in near]
        return tuple(found)

    @cached_property
    def _pairs(self) -> list[Marks]:
        return [one for one in self.marks if one.words is not None and one.depth == 0]

    @cached_property
    def _marks_starts(self) -> list[int]:
        return [one.words.start for one in self._pairs if one.words is not None]

    @cached_property
    def _marks_ends(self) -> list[int]:
        return [one.words.end for one in self._pairs if one.words is not None]

    @cached_property
    def lenders(self) -> dict[TextSpan, Quote]:
        """The first quote of each source."""
        return {quote.source: quote for quote in reversed(self.quotes) if quote.source is not None}

    @cached_property
    def marks(self) -> tuple[Marks, ...]:
        """How each quotation mark was read, in text order."""
        text = self.page.text
        paired: set[int] = set()
        gone_on = {stretch.continues for stretch in self.page.quoted}
        found: list[Marks] = []
        for i, stretch in enumerate(self.page.quoted):
            opening = stretch.outer[0], _first_end(text, stretch.outer[0], stretch.inner[0])
            closing = (_last_start(text, stretch.inner[1], stretch.outer[1]), stretch.outer[1])
            paired.update((opening[0], closing[0]) if stretch.closed else (opening[0],))
            found.append(
                Marks(
                    read="pair" if stretch.closed else "goes on" if i in gone_on else "open",
                    opening=self.span(opening),
                    closing=self.span(closing) if stretch.closed else None,
                    words=self.span(stretch.inner),
                    depth=stretch.depth,
                )
            )
        for paragraph in self.page.article.paragraphs:
            if paragraph.kind in ("text", "headline"):
                for mark in find_marks(text, paragraph.body, paragraph.end):
                    if mark.start not in paired and not any(at in paired for at in range(mark.start, mark.end)):
                        read = "apostrophe" if mark.family == "s" else "stray"
                        found.append(Marks.model_validate({"read": read, "opening": self.span((mark.start, mark.end))}))
        return tuple(sorted(found, key=lambda one: (one.opening.start, one.depth)))


def _reaches_out(marks: Marks, part: TextSpan) -> bool:
    """Whether the quoted words are many, and not all of them stand in ``part``."""
    words = marks.words
    return words is not None and len(words.text) > LONGEST and not (part.start <= words.start and words.end <= part.end)


def _brief(marks: Marks) -> Marks:
    """``marks`` without the words between them."""
    return marks.model_copy(update={"words": None})


def _identity(quote: Quote) -> object:
    content = tuple((part.start, part.end) for part in quote.content)
    source = (quote.source.start, quote.source.end) if quote.source else None
    return content, source, quote.rule


def _place(candidate: Candidate) -> Place:
    return candidate.rule, candidate.source, candidate.cue


def _within(parts: tuple[Span, ...], owner: Candidate) -> bool:
    wholes = [(part, owner.part_at(part[0])) for part in parts]
    return all(whole is not None and inside(part, whole) for part, whole in wholes)


def _first_end(text: str, start: int, inner: int) -> int:
    """Where the opening mark ends: without the white space behind it."""
    return start + len(text[start:inner].rstrip())


def _last_start(text: str, inner: int, end: int) -> int:
    """Where the closing mark begins: without the white space before it."""
    return end - len(text[inner:end].lstrip())
