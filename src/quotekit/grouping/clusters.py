"""Clustering of wordings around representatives, in time linear in their number.

Wordings are taken from the longest to the shortest. Each is compared with a few representatives and joins the most
similar one, or becomes a representative itself. A wording is never compared with other members of a cluster, so
clusters cannot chain from one quote to the next.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise

from quotekit.grouping.comparing import Comparison, compare
from quotekit.grouping.speaker_identity import Agreement, SpeakerIdentity, agreement
from quotekit.grouping.wording import Wording
from quotekit.known.comparing import Key

MOST_COMPARED = 8
"""Maximum number of representatives that a wording is compared with."""

MOST_REPRESENTATIVES = 64
"""Number of representatives from which a pair of words is too common to be used for the search."""

MOST_PAIRS = 32
"""Maximum number of pairs of words, rarest first, that are used for the search."""

SHARED_PAIRS_RATIO = 3
"""Divisor: a representative needs at least this fraction of the shared pairs of the best one."""

MOST_SPEAKERS = 16
"""Maximum number of clusters of a representative that are tried whatever their speakers."""

MOST_SIMILAR_NAMES = 256
"""Maximum number of clusters of a representative that are tried because of a similar name."""

MIN_UNNAMED = 6
"""Minimum number of words of a wording to join a cluster whose speaker is not known to be the same."""


@dataclass(eq=False)
class QuoteVariant:
    """All quotes with one wording by one speaker."""

    wording: Wording
    identity: SpeakerIdentity
    rows: list[int] = field(default_factory=list)

    @property
    def order(self) -> tuple[object, ...]:
        return (-len(self.wording.words), self.wording.words, *self.identity.order)


@dataclass(eq=False)
class Cluster:
    """The variants of one quote, each with its comparison to the representative."""

    members: list[tuple[QuoteVariant, Comparison]] = field(default_factory=list)
    speakers: dict[tuple[str, ...], SpeakerIdentity] = field(default_factory=dict)
    size: int = 0

    def add(self, variant: QuoteVariant, comparison: Comparison) -> None:
        self.members.append((variant, comparison))
        self.size += len(variant.rows)
        if variant.identity.named:
            self.speakers.setdefault(variant.identity.fingerprint, variant.identity)

    def agreement(self, identity: SpeakerIdentity) -> Agreement:
        """Return how well a speaker agrees with the speakers of the cluster; one who differs decides."""
        found = [agreement(identity, other) for other in self.speakers.values()]
        if Agreement.DIFFERENT in found:
            return Agreement.DIFFERENT
        return max(found, default=Agreement.UNKNOWN)


@dataclass(eq=False)
class _Representative:
    """A wording that others are compared with, and its clusters, one for each speaker."""

    wording: Wording
    clusters: list[Cluster] = field(default_factory=list)
    by_speaker: dict[Key, dict[Cluster, None]] = field(default_factory=lambda: defaultdict(dict))

    def add_speaker(self, cluster: Cluster, identity: SpeakerIdentity) -> None:
        for key in identity.index_keys():
            self.by_speaker[key][cluster] = None

    def candidates(self, identity: SpeakerIdentity) -> list[tuple[Agreement, Cluster]]:
        """Return a few clusters that this speaker may join, those with similar names first."""
        near = (cluster for key in identity.lookup_keys() for cluster in self.by_speaker.get(key, ()))
        clusters = dict.fromkeys([*islice(near, MOST_SIMILAR_NAMES), *self.clusters[:MOST_SPEAKERS]])
        rated = [(cluster.agreement(identity), cluster) for cluster in clusters]
        return [(how, cluster) for how, cluster in rated if how is not Agreement.DIFFERENT]


class Clustering:
    """Sorts variants into clusters.

    Attributes:
        compared: number of comparisons of wordings so far.
    """

    def __init__(self, similarity: float) -> None:
        self.compared = 0
        self._similarity = similarity
        self._representatives: list[_Representative] = []
        self._by_words: dict[tuple[str, ...], int] = {}
        self._by_pair: dict[int, list[int]] = {}

    def of(self, variants: Iterable[QuoteVariant]) -> list[Cluster]:
        """Return the clusters of all variants. The order of the variants does not matter."""
        ordered = sorted(variants, key=lambda variant: variant.order)
        pairs = _Pairs(variant.wording for variant in ordered)
        for variant in ordered:
            self._place(variant, pairs.of(variant.wording))
        return [cluster for representative in self._representatives for cluster in representative.clusters]

    def _place(self, variant: QuoteVariant, pairs: Sequence[int]) -> None:
        own = self._by_words.get(variant.wording.words)
        places = [] if own is None else [own]
        places += [place for place in self._near(pairs) if place != own]
        best: tuple[tuple[float, ...], _Representative, Cluster, Comparison] | None = None
        for place in places:
            representative = self._representatives[place]
            comparison = self._compare(variant.wording, representative.wording)
            if comparison is None:
                continue
            for how, cluster in representative.candidates(variant.identity):
                if how is Agreement.UNKNOWN and len(variant.wording.words) < MIN_UNNAMED:
                    continue
                rank = (comparison.change == "same", how, comparison.similarity, cluster.size, -place)
                if best is None or rank > best[0]:
                    best = rank, representative, cluster, comparison
        if best is None:
            self._start_cluster(variant, own, pairs)
        else:
            _, representative, cluster, comparison = best
            cluster.add(variant, comparison)
            representative.add_speaker(cluster, variant.identity)

    def _compare(self, wording: Wording, representative: Wording) -> Comparison | None:
        self.compared += 1
        comparison = compare(wording, representative)
        return comparison if comparison is not None and comparison.similarity >= self._similarity else None

    def _near(self, pairs: Sequence[int]) -> list[int]:
        """Return the representatives that share the most pairs of words, rare pairs only."""
        found = [places for pair in pairs if (places := self._by_pair.get(pair))]
        found.sort(key=len)
        rare = [places for places in found if len(places) <= MOST_REPRESENTATIVES] or found[:1]
        shared: Counter[int] = Counter()
        for places in rare[:MOST_PAIRS]:
            shared.update(places[:MOST_REPRESENTATIVES])
        ranked = sorted(shared, key=lambda place: (-shared[place], place))[:MOST_COMPARED]
        return [place for place in ranked if shared[place] * SHARED_PAIRS_RATIO >= shared[ranked[0]]]

    def _start_cluster(self, variant: QuoteVariant, own: int | None, pairs: Sequence[int]) -> None:
        if own is None:
            own = self._by_words[variant.wording.words] = len(self._representatives)
            self._representatives.append(_Representative(variant.wording))
            for pair in pairs:
                self._by_pair.setdefault(pair, []).append(own)
        cluster = Cluster()
        cluster.add(variant, Comparison(100.0, "same"))
        representative = self._representatives[own]
        representative.clusters.append(cluster)
        representative.add_speaker(cluster, variant.identity)


class _Pairs:
    """Pairs of adjacent words that occur in more than one wording, as numbers."""

    def __init__(self, wordings: Iterable[Wording]) -> None:
        self._words: dict[Hashable, int] = {}
        once: set[int] = set()
        self._again: set[int] = set()
        last: tuple[str, ...] = ()
        for wording in wordings:
            # Variants are sorted, so equal wordings are adjacent.
            if wording.words == last:
                continue
            last = wording.words
            pairs = self._all(wording)
            self._again.update(pairs & once)
            once |= pairs

    def of(self, wording: Wording) -> list[int]:
        return sorted(self._all(wording) & self._again)

    def _all(self, wording: Wording) -> set[int]:
        numbers = [self._words.setdefault(word, len(self._words)) for word in wording.words]
        return {(a << 32) + b for a, b in pairwise(numbers)}
