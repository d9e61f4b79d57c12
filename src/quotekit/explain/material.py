"""What an explanation is made of: what was proposed, what became of it, and how to show it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from quotekit.attribution.competing import MIN_NESTED
from quotekit.attribution.deciding import Proposers
from quotekit.attribution.trace import Loss
from quotekit.candidates.candidate import Candidate
from quotekit.candidates.from_encoder import ENCODER
from quotekit.candidates.from_syntax import Reading
from quotekit.candidates.layer import Layer
from quotekit.candidates.rule_confidence import RuleEvidence
from quotekit.explain.proposals import Proposal, Rival
from quotekit.explain.quotation_marks import MarksOfArticle
from quotekit.explain.tracing import Key, Tracer, key
from quotekit.models import Quote, Span, TextSpan
from quotekit.rules import RuleSet


class Material:
    """What is known of one article: its quotes, how they came about (``tracer``), and the rules that read it."""

    def __init__(self, proposers: Proposers, tracer: Tracer, quotes: Sequence[Quote]) -> None:
        self.syntax = proposers.syntax
        self.cues = proposers.cues
        self.tracer = tracer
        self.page = tracer.page
        self.quotes = quotes
        self.rules = {rule.id: rule for rule in (*RuleSet.default(), *proposers.rules)}
        self.marks = MarksOfArticle(tracer.page)
        self._layers = Layer(), Layer()
        for attribution in tracer.attributions:
            self._layers[attribution.depth].take(attribution)
        ids = {_identity(quote): quote.id for quote in quotes}
        self._ids = {one: ids.get((one.content, one.source, one.rule)) for one in tracer.attributions}

    def why(self, rule: str) -> str | None:
        """Return what a rule says of itself; ``None`` for the encoder."""
        return self.rules[rule].why if rule in self.rules else None

    def quote_id(self, attribution: Candidate | None) -> str | None:
        """Return the id of the quote that an attribution became, if it is shown."""
        return None if attribution is None else self._ids.get(attribution)

    @cached_property
    def by_key(self) -> dict[Key, list[Candidate]]:
        """The rules' proposals by content and source."""
        found: dict[Key, list[Candidate]] = defaultdict(list)
        for candidate in self.tracer.by_rules:
            found[key(candidate)].append(candidate)
        return found

    @cached_property
    def made_of(self) -> dict[Candidate, list[Candidate]]:
        """For each attribution the candidates that it was made of, the one that decided it first."""
        found: dict[Candidate, list[Candidate]] = {attribution: [] for attribution in self.tracer.attributions}
        for candidate in self.tracer.originals():
            final = self.tracer.final(candidate)
            if final in found:
                found[final].append(candidate)
        for attribution, parts in found.items():
            same = attribution.rule, attribution.source, attribution.cue
            parts.sort(key=lambda c: ((c.rule, c.source, c.cue) != same, c.content != attribution.content, c.content))
        return {attribution: parts or [attribution] for attribution, parts in found.items()}

    @cached_property
    def first_quotes(self) -> dict[TextSpan, Quote]:
        """The first quote of each source."""
        return {quote.source: quote for quote in reversed(self.quotes) if quote.source is not None}

    def near(self, content: Iterable[Span]) -> list[Candidate]:
        """Return the attributions that share a character with ``content``, nested ones first."""
        spans = list(content)
        return [*self._layers[1].overlapping(spans), *self._layers[0].overlapping(spans)]

    def losers(self) -> Iterator[tuple[Candidate, Loss]]:
        """Yield the candidates that are in no attribution, and why."""
        parts = {part for made_of in self.made_of.values() for part in made_of}
        for candidate in self.tracer.originals():
            if candidate not in parts:
                # A nested candidate may win its place and yet fall with what it was nested in.
                near = next(iter(self.near(candidate.content)), None)
                yield candidate, self.tracer.loss(candidate) or Loss("inside", near, MIN_NESTED)

    def winner(self, candidate: Candidate, loss: Loss) -> Candidate | None:
        """Return the attribution that ``candidate`` lost to."""
        won = next((one for one in self.tracer.beaten_by(loss) if one in self._ids), None)
        near = self.near(candidate.content)
        return won or next((one for one in near if one.depth == candidate.depth), near[0] if near else None)

    @cached_property
    def evidence(self) -> dict[tuple[str, Key], RuleEvidence]:
        """What the confidence of each candidate of a syntax rule rests on."""
        found: dict[tuple[str, Key], RuleEvidence] = {}
        for matched in self.tracer.matches:
            if isinstance(matched.reading, Reading) and matched.without is None:
                candidate, evidence = matched.reading
                found.setdefault((candidate.rule, key(candidate)), evidence)
        return found

    def proposal(self, candidate: Candidate) -> Proposal:
        """Return ``candidate`` as it is shown."""
        before, final = self.tracer.before.get(candidate), self.tracer.final(candidate)
        by_rule = before is not None and before.rule != ENCODER
        # Nesting raises a confidence, and so do quotation marks around a sentence.
        continues = (final.rule, final.source, final.cue) == (candidate.rule, candidate.source, candidate.cue)
        return Proposal(
            rule=candidate.rule,
            why=self.why(candidate.rule),
            content=tuple(self.span(part) for part in candidate.content),
            source=self.span(candidate.source) if candidate.source else None,
            cue=self.span(candidate.cue) if candidate.cue else None,
            verb=candidate.verb,
            act=candidate.act,
            confidence=round(max(candidate.confidence, final.confidence * continues), 4),
            alone=round(before.confidence, 4) if before is not None and by_rule else None,
        )

    def rival(self, candidate: Candidate, loss: Loss) -> Rival:
        """Return ``candidate``, which lost, as it is shown."""
        by = None if loss.by is None else loss.by.rule
        needed = round(loss.needed, 4) if loss.needed else None
        return Rival(proposal=self.proposal(candidate), fate=loss.kind, by=by, needed=needed)

    def span(self, span: Span) -> TextSpan:
        """Return the article's words in ``span``."""
        return TextSpan.of(self.page.text, span)


def _identity(quote: Quote) -> object:
    content = tuple((part.start, part.end) for part in quote.content)
    source = (quote.source.start, quote.source.end) if quote.source else None
    return content, source, quote.rule
