"""Wordings put to the fuller wordings that they are like, in time linear in their number.

The fullest wordings come first. Each is compared with a few *leaders*, wordings that stand for a quote already, and
joins the one that it is most like, or becomes a leader itself. Nothing joins a quote by being like another of its
followers, so a group cannot grow from one quote into the next.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise

from quotekit.grouping.alike import Likeness, compare
from quotekit.grouping.speaking import Agreement, Speaking, agreement
from quotekit.grouping.wording import Wording
from quotekit.known.comparing import Key

MOST_COMPARED = 8
"""Leaders that a wording is compared with at most."""

MOST_LEADERS = 64
"""A pair of words that more leaders have says too little."""

MOST_PAIRS = 32
"""Pairs of words, the rarest, by which leaders are looked for."""

FEWEST_SHARED = 3
"""A leader is looked at that has a third of the pairs that the nearest one has, or more."""

MOST_SPEAKERS = 16
"""Speakers of one leader that an unnamed one is compared with."""

MOST_LIKE = 256
"""Speakers of one leader that one with a like name is compared with."""

MIN_OPEN = 6
"""Words that two wordings must share where names do not say that one speaker said both."""


@dataclass(eq=False)
class Saying:
    """Quotes of one wording and one speaker: what is put to a leader as one."""

    wording: Wording
    speaking: Speaking
    rows: list[int] = field(default_factory=list)

    @property
    def order(self) -> tuple[object, ...]:
        return (-len(self.wording.words), self.wording.words, *self.speaking.order)


@dataclass(eq=False)
class Flock:
    """The sayings of one quote, with how like each is to the leader's wording."""

    members: list[tuple[Saying, Likeness]] = field(default_factory=list)
    speakers: dict[tuple[str, ...], Speaking] = field(default_factory=dict)
    size: int = 0

    def add(self, saying: Saying, likeness: Likeness) -> None:
        self.members.append((saying, likeness))
        self.size += len(saying.rows)
        if saying.speaking.named:
            self.speakers.setdefault(saying.speaking.identity, saying.speaking)

    def agreement(self, speaking: Speaking) -> Agreement:
        """Whether ``speaking`` can be who said it: nobody of the flock speaks against it."""
        found = [agreement(speaking, other) for other in self.speakers.values()]
        if Agreement.OTHER in found:
            return Agreement.OTHER
        return max(found, default=Agreement.OPEN)


@dataclass(eq=False)
class _Leader:
    """A wording that stands for a quote, or for as many as there are speakers of it."""

    wording: Wording
    flocks: list[Flock] = field(default_factory=list)
    by_speaker: dict[Key, dict[Flock, None]] = field(default_factory=lambda: defaultdict(dict))

    def note(self, flock: Flock, speaking: Speaking) -> None:
        for key in speaking.filed():
            self.by_speaker[key][flock] = None

    def homes(self, speaking: Speaking) -> list[tuple[Agreement, Flock]]:
        """Flocks that a saying of this speaker may join: a few of them, those of its like first."""
        near = (flock for key in speaking.sought() for flock in self.by_speaker.get(key, ()))
        flocks = dict.fromkeys([*islice(near, MOST_LIKE), *self.flocks[:MOST_SPEAKERS]])
        rated = [(flock.agreement(speaking), flock) for flock in flocks]
        return [(how, flock) for how, flock in rated if how is not Agreement.OTHER]


class Flocks:
    """Puts sayings into flocks.

    Attributes:
        compared: how many comparisons of wordings it took.
    """

    def __init__(self, similarity: float) -> None:
        self.compared = 0
        self._similarity = similarity
        self._leaders: list[_Leader] = []
        self._by_words: dict[tuple[str, ...], int] = {}
        self._by_pair: dict[int, list[int]] = {}

    def of(self, sayings: Iterable[Saying]) -> list[Flock]:
        """The flocks of all sayings, whatever the order that these come in."""
        ordered = sorted(sayings, key=lambda saying: saying.order)
        pairs = _Pairs(saying.wording for saying in ordered)
        for saying in ordered:
            self._place(saying, pairs.of(saying.wording))
        return [flock for leader in self._leaders for flock in leader.flocks]

    def _place(self, saying: Saying, pairs: Sequence[int]) -> None:
        own = self._by_words.get(saying.wording.words)
        places = [] if own is None else [own]
        places += [place for place in self._near(pairs) if place != own]
        best: tuple[tuple[float, ...], _Leader, Flock, Likeness] | None = None
        for place in places:
            leader = self._leaders[place]
            likeness = self._likeness(saying.wording, leader.wording)
            if likeness is None:
                continue
            for how, flock in leader.homes(saying.speaking):
                if how is Agreement.OPEN and len(saying.wording.words) < MIN_OPEN:
                    continue
                rank = (likeness.change == "same", how, likeness.similarity, flock.size, -place)
                if best is None or rank > best[0]:
                    best = rank, leader, flock, likeness
        if best is None:
            self._lead(saying, own, pairs)
        else:
            _, leader, flock, likeness = best
            flock.add(saying, likeness)
            leader.note(flock, saying.speaking)

    def _likeness(self, wording: Wording, leader: Wording) -> Likeness | None:
        self.compared += 1
        likeness = compare(wording, leader)
        return likeness if likeness is not None and likeness.similarity >= self._similarity else None

    def _near(self, pairs: Sequence[int]) -> list[int]:
        """The leaders that share most of the pairs, rare ones."""
        filed = [leaders for pair in pairs if (leaders := self._by_pair.get(pair))]
        filed.sort(key=len)
        rare = [leaders for leaders in filed if len(leaders) <= MOST_LEADERS] or filed[:1]
        shared: Counter[int] = Counter()
        for leaders in rare[:MOST_PAIRS]:
            shared.update(leaders[:MOST_LEADERS])
        ranked = sorted(shared, key=lambda place: (-shared[place], place))[:MOST_COMPARED]
        return [place for place in ranked if shared[place] * FEWEST_SHARED >= shared[ranked[0]]]

    def _lead(self, saying: Saying, own: int | None, pairs: Sequence[int]) -> None:
        if own is None:
            own = self._by_words[saying.wording.words] = len(self._leaders)
            self._leaders.append(_Leader(saying.wording))
            for pair in pairs:
                self._by_pair.setdefault(pair, []).append(own)
        flock = Flock()
        flock.add(saying, Likeness(100.0, "same"))
        leader = self._leaders[own]
        leader.flocks.append(flock)
        leader.note(flock, saying.speaking)


class _Pairs:
    """The pairs of neighbouring words that more than one wording has, as numbers."""

    def __init__(self, wordings: Iterable[Wording]) -> None:
        self._words: dict[Hashable, int] = {}
        once: set[int] = set()
        self._again: set[int] = set()
        last: tuple[str, ...] = ()
        for wording in wordings:
            # Sorted, the sayings of one wording stand together.
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
