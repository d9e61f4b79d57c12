"""Run all rules of a set on an article, alone or with the encoder, and decide its attributions."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence

from quotekit.article.parsed import ParsedArticle
from quotekit.article.quoted import Quoted
from quotekit.attribution.competing import FLOOR, decide, join_split
from quotekit.attribution.raising import raised
from quotekit.attribution.trace import ContestTrace, Proposed, Trace
from quotekit.attribution.weighing import LAYOUT_ALONE, UNCUED, Evidence, Pool
from quotekit.candidates.aligning import Aligner
from quotekit.candidates.candidate import Candidate
from quotekit.candidates.edges import EdgePatterns
from quotekit.candidates.extending import continued, extended
from quotekit.candidates.from_encoder import CueReader, propose
from quotekit.candidates.from_layout import FIRST, LAST
from quotekit.candidates.from_syntax import SyntaxRules
from quotekit.candidates.layer import Layer
from quotekit.encoder.decoding import Decoded
from quotekit.form.words import words
from quotekit.lexicon import speaker_kinds as kinds
from quotekit.lexicon.cues import Cues
from quotekit.models import Span, overlap
from quotekit.rules.checking import is_function
from quotekit.rules.messages import located
from quotekit.rules.rule import Rule
from quotekit.rules.rule_set import RuleSet
from quotekit.speakers import IDS

_OPENING = 60
"""Maximum characters of an address to the chair, up to the end of its "I"."""

EVIDENCE_FLOOR = 0.05
"""Minimum confidence of a rule's candidate to be evidence beside the encoder."""


def speaker_rules(rules: RuleSet) -> frozenset[str]:
    """Return the ids of the speaker rules of ``rules``, or of all speaker rules if the set has none.

    So a set of your own attribution rules resolves speakers without naming any rule for that.

    Raises:
        RuleError: a rule of the kind "speaker" has a pattern, or no function that would run it.
    """
    speakers = [rule for rule in rules if rule.kind == "speaker"]
    for rule in speakers:
        with located(f"rule {rule.id!r}"):
            is_function(rule, IDS)
    return frozenset([rule.id for rule in speakers] or IDS)


class Proposers:
    """The attribution rules of a set, ready to read articles.

    Attributes:
        rules: the set.
        cues: the lexicon with the set's own cues.
        speakers: the ids of the set's speaker rules.
        syntax: the rules that have a pattern.

    Raises:
        RuleError: a rule is not valid.
    """

    def __init__(self, rules: RuleSet, cues: Cues) -> None:
        self.rules = rules
        self.cues = cues.adding(rules.cues)
        self.speakers = speaker_rules(rules)
        attributing = [rule for rule in rules if rule.kind != "speaker"]
        self.syntax = SyntaxRules([rule for rule in attributing if not _is_layout(rule)], self.cues)
        self._edges = EdgePatterns(self.cues)
        self._first = [(rule, FIRST[rule.id]) for rule in attributing if rule.id in FIRST]
        self._last = [(rule, LAST[rule.id]) for rule in attributing if rule.id in LAST]
        # The confidence of a user's own rule was not measured beside the encoder, so it is kept as stated.
        default = {rule.id for rule in RuleSet.default()}
        self._unweighed = LAYOUT_ALONE | UNCUED | {rule.id for rule in attributing if rule.id not in default}

    def decide(
        self,
        page: ParsedArticle,
        floor: float = FLOOR,
        decoded: Decoded | None = None,
        trace: Trace | None = None,
    ) -> list[Candidate]:
        """Return the attributions of ``page``, in text order; candidates below ``floor`` do not compete.

        With ``decoded``, the encoder's output for the page, its candidates compete too, and every confidence comes from
        rules and encoder together (`quotekit.attribution.weighing`). ``trace`` follows the proposals.
        """
        proposed = self.propose(page, trace)
        # With an encoder the rules' own contest is evidence and not the answer.
        decided = alone = self.settle(page, proposed.outermost, floor, trace=trace if decoded is None else None)
        if trace is not None:
            trace.proposed(page, proposed, alone)
        if decoded is not None:
            pool = self.pool(page, proposed, alone, decoded)
            if trace is not None:
                trace.pooled(pool)
            weigh = _weigher(pool.evidence, trace)
            joint = self.settle(page, [weigh(candidate) for candidate in pool.candidates], floor, weigh, trace)
            decided = [candidate for candidate in joint if candidate.depth == 0]
        # The encoder was trained on texts without nested quotes, so the rules alone decide those.
        nested = [*proposed.nested, *(candidate for candidate in alone if candidate.depth == 1)]
        attributions = join_split(page, decide([*decided, *nested], floor, trace), trace)
        if decoded is not None:
            attributions = _followed(attributions, [self._raised(page, one) for one in attributions], trace)
        if trace is not None:
            trace.decided(attributions)
        return attributions

    def _raised(self, page: ParsedArticle, attribution: Candidate) -> Candidate:
        """Return ``attribution`` with a higher confidence if it is a quoted sentence; a stated confidence is kept."""
        stated = attribution.stated or attribution.rule in self._unweighed
        return attribution if stated else raised(page, attribution)

    def propose(self, page: ParsedArticle, trace: Trace | None = None) -> Proposed:
        """Return what the rules propose in the running text, except those layout rules that need decisions first."""
        candidates, blocked = self.syntax.propose(page, trace)
        for rule, first in self._first:
            candidates.extend(first(page, rule, self.cues))
        aligner = Aligner(self._edges, page)
        running = [
            candidate
            for candidate in _kept(candidates, aligner.aligned(candidates), trace)
            if page.is_running(candidate.content[0][0])
            and _says_something(page, candidate)
            and not _is_courtesy(page, candidate)
            and not _strays(page, candidate)
        ]
        outermost, nested = ([c for c in running if c.depth == depth] for depth in (0, 1))
        return Proposed(outermost, nested, blocked, aligner)

    def pool(self, page: ParsedArticle, proposed: Proposed, settled: list[Candidate], decoded: Decoded) -> Pool:
        """Return the candidates of rules and encoder, each once, and the evidence by which to weigh them.

        ``settled`` is what the rules decide alone.
        """
        by_rules = [candidate for candidate in proposed.outermost if candidate.confidence >= EVIDENCE_FLOOR]
        settled = [candidate for candidate in settled if candidate.depth == 0 and candidate.rule not in UNCUED]
        cues = CueReader(page, self.cues, by_rules, proposed.blocked)
        labelled = Layer()
        for candidate in settled:
            if candidate.rule in LAYOUT_ALONE:
                labelled.take(candidate)
        by_encoder = [
            candidate
            for candidate in proposed.aligner.aligned(propose(page, decoded, cues))
            if candidate is not None
            and _says_something(page, candidate)
            and not (candidate.source is not None and _addresses_chair(page, candidate.source))
            and not _is_borrowed(page, candidate, by_rules)
            and _is_of_one_entry(page, candidate)
            and not labelled.overlapping(candidate.content)
        ]
        evidence = Evidence(page, decoded, by_rules, settled, by_encoder, self._unweighed)
        pool: dict[tuple[tuple[Span, ...], Span | None], Candidate] = {}
        # Of two candidates with the same content and source the rule's is kept, since it can say why, and of two rules'
        # the more confident.
        for candidate in (*settled, *sorted(by_rules, key=lambda c: -c.confidence), *by_encoder):
            pool.setdefault((candidate.content, candidate.source), candidate)
        return Pool(list(pool.values()), evidence, cues)

    def settle(
        self,
        page: ParsedArticle,
        candidates: list[Candidate],
        floor: float = FLOOR,
        weigh: Callable[[Candidate], Candidate] | None = None,
        trace: ContestTrace | None = None,
    ) -> list[Candidate]:
        """Return the winners among ``candidates``; quoted words that none of them claims go to the sources nearby."""
        decided = decide(candidates, floor, trace)
        decided = decide(_followed(decided, continued(page, decided), trace), floor, trace)
        decided = decide(
            _followed(decided, extended(page, decided, self.unclaimed(page, decided)), trace), floor, trace
        )
        for rule, last in self._last:
            found = last(page, rule, self.cues, decided, self.unclaimed(page, decided))
            weighed = list(map(weigh, found) if weigh else found)
            decided = decide([*decided, *_followed(weighed, continued(page, weighed), trace)], floor, trace)
        return decided

    @staticmethod
    def unclaimed(page: ParsedArticle, decided: Sequence[Candidate]) -> list[Quoted]:
        """Return the outermost quoted stretches of the running text that no attribution covers."""
        taken = sorted(span for candidate in decided for span in candidate.content)
        left: list[Quoted] = []
        at = 0
        for stretch in page.outermost:
            while at < len(taken) and taken[at][1] <= stretch.inner[0]:
                at += 1
            claimed = at < len(taken) and overlap(taken[at], stretch.inner) > 0
            if not claimed and page.is_running(stretch.outer[0]):
                left.append(stretch)
        return left


def _weigher(evidence: Evidence, trace: Trace | None) -> Callable[[Candidate], Candidate]:
    """Return a function that weighs a candidate by ``evidence`` and reports it to ``trace``."""
    if trace is None:
        return evidence.weigh

    def weigh(candidate: Candidate) -> Candidate:
        weighed = evidence.weigh(candidate)
        trace.weighed(candidate, weighed)
        return weighed

    return weigh


def _kept(before: list[Candidate], aligned: list[Candidate | None], trace: ContestTrace | None) -> Iterator[Candidate]:
    """Yield the ``aligned`` candidates that have content left; ``trace`` sees what became of each of ``before``."""
    for old, new in zip(before, aligned, strict=True):
        if new is not None:
            if trace is not None and new is not old:
                trace.became(old, new)
            yield new


def _followed(before: list[Candidate], after: list[Candidate], trace: ContestTrace | None) -> list[Candidate]:
    """Return ``after``, which has one candidate for each of ``before``; ``trace`` sees what became of each."""
    if trace is not None:
        for old, new in zip(before, after, strict=True):
            trace.became(old, new)
    return after


def _is_layout(rule: Rule) -> bool:
    with located(f"rule {rule.id!r}"):
        return is_function(rule, (*FIRST, *LAST))


def _says_something(page: ParsedArticle, candidate: Candidate) -> bool:
    """Return whether no part of the content is empty, and it is not only "who" or "which"."""
    tags = page.parse.tags
    relative = len(candidate.content) == 1 and all(
        tags[i] in ("WP", "WDT") for i in page.parse.tokens(candidate.content[0])
    )
    return all(start < end for start, end in candidate.content) and not relative


def _strays(page: ParsedArticle, candidate: Candidate) -> bool:
    """Return whether content without marks is in a paragraph behind its cue: Here's what she said:⏎We will pay."""
    if candidate.cue is None or candidate.verbatim:
        return False
    last = page.paragraph(candidate.cue[0]).end
    return any(start >= last and not page.in_marks((start, end)) for start, end in candidate.content)


def _is_of_one_entry(page: ParsedArticle, candidate: Candidate) -> bool:
    """Return whether content and source are in one entry, if the article is a live blog."""
    entries = page.article.form.entries
    places = [start for start, _ in candidate.content] + ([candidate.source[0]] if candidate.source else [])
    return not entries or len({bisect_right(entries, place) for place in places}) == 1


def _is_borrowed(page: ParsedArticle, candidate: Candidate, others: Sequence[Candidate]) -> bool:
    """Return whether the source is in a later paragraph, and says something there: "It fell."⏎Later, Ann Lee said …"""
    source = candidate.source
    if source is None or page.paragraph_index(candidate.hull[1] - 1) >= page.paragraph_index(source[0]):
        return False
    return any(
        other.source is not None and overlap(other.source, source) and other.content[0][0] >= source[1]
        for other in others
    )


def _addresses_chair(page: ParsedArticle, source: Span) -> bool:
    """Return whether ``source`` is the chair or the speaker of "Mr. Speaker, I rise to honor the pilots"."""
    start = page.paragraph(source[0]).body
    if source[1] - start > _OPENING:
        return False
    said = page.text[start : source[1] + len(", I ")].lower().replace(",", " ").split()
    return len(said) > 2 and said[0] in kinds.honorifics() and said[1] in words().chairs and said[2] in ("i", "we")


def _is_courtesy(page: ParsedArticle, candidate: Candidate) -> bool:
    """Return whether the verb performs a courtesy, as in "I thank the chair", instead of reporting words."""
    if candidate.turn is not None or candidate.source is None:
        return False
    if _addresses_chair(page, candidate.source):
        return True
    first_person = kinds.pronouns().get(page.text[slice(*candidate.source)].casefold()) == "speaker"
    return first_person and candidate.verb in words().courtesies
