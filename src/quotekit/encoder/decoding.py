"""From the network's logits to what they say of a stretch: is it content, where does it begin, who is its source.

Tags are decoded so that a run always has a beginning (Viterbi 1967). A content run's source is the source run that its
pieces point to most. Both follow Pareti's division of an attribution into source, cue and content.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from quotekit.article.parsed import ParsedArticle
from quotekit.encoder.network import Encoder, Floats, Sight, load_encoder
from quotekit.encoder.word_pieces import SHAPE, Integers, Pieces, read_pieces
from quotekit.forking import reading
from quotekit.models import Span

OUTSIDE, SOURCE, CUE, CONTENT = 0, 1, 3, 5
"""Tags: outside, and the tag that begins a run of each kind; the next number goes on with it."""

KINDS = (SOURCE, CUE, CONTENT)

SURE = 0.9995
"""So surely outside is a piece that no run goes through it."""

UNLIKELY = 0.01
"""A piece less likely than this to be content, or a source, or a cue, is not asked where it points, or pointed to."""


@dataclass(frozen=True, slots=True)
class Run:
    """Pieces ``first`` to ``last`` (half-open), tagged as one stretch."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Pointers:
    """Where the content pieces of one window point: a row for each that may be content.

    ``rows`` are those pieces, ``columns`` the pieces that may be what is pointed to, both in order; ``shares`` are the
    probabilities, and ``nowhere`` that of pointing to nothing.
    """

    rows: list[int]
    columns: list[int]
    shares: Floats
    nowhere: Floats

    @classmethod
    def of(cls, sight: Sight, logits: Floats, rows: Integers, columns: Integers) -> Pointers:
        """The pointers of ``sight``, without the rows and columns that hold nothing."""
        shares = softmax(logits[rows - sight.first])
        return cls(rows.tolist(), columns.tolist(), shares[:, columns - sight.start + 1], shares[:, 0])


@dataclass(frozen=True, slots=True)
class Pointing:
    """Where a content run points: for each window it is seen from, the pieces pointed to and the running sum of it."""

    windows: tuple[tuple[list[int], list[float]], ...]
    nowhere: float
    rows: int

    def mass(self, run: Run) -> float:
        """The share that points to ``run``."""
        total = 0.0
        for columns, sums in self.windows:
            total += sums[bisect_left(columns, run.last)] - sums[bisect_left(columns, run.first)]
        return total / self.rows if self.rows else 0.0


class Decoded:
    """What the network says of one article."""

    def __init__(self, pieces: Pieces, sights: Iterable[Sight]) -> None:
        self.pieces = pieces
        logits = [np.zeros((0, 7), dtype=np.float32)]
        self._firsts: list[int] = []
        self._pointers: dict[int, list[Pointers]] = {SOURCE: [], CUE: []}
        for sight in sights:
            logits.append(sight.tags)
            self._firsts.append(sight.first)
            self._keep(sight)
        self.logits: Floats = np.concatenate(logits)
        self.tags = softmax(self.logits)
        self.content: Floats = self.tags[:, CONTENT] + self.tags[:, CONTENT + 1]
        self._starts: list[int] = pieces.starts.tolist()
        self._ends: list[int] = pieces.ends.tolist()
        self._pointings: dict[tuple[int, Run], Pointing] = {}

    def _keep(self, sight: Sight) -> None:
        """Keep of a window what can be asked for, which is a small part of it."""
        tags = softmax(sight.seen)
        rows = np.flatnonzero(tags[sight.first - sight.start : sight.last - sight.start, CONTENT:].sum(1) > UNLIKELY)
        for kind, logits in ((SOURCE, sight.sources), (CUE, sight.cues)):
            columns = np.flatnonzero(tags[:, kind : kind + 2].sum(1) > UNLIKELY)
            self._pointers[kind].append(Pointers.of(sight, logits, rows + sight.first, columns + sight.start))

    def __len__(self) -> int:
        return len(self._starts)

    def run(self, span: Span) -> Run:
        """The pieces that share a character with ``span``."""
        return Run(bisect_right(self._ends, span[0]), bisect_left(self._starts, span[1]))

    def span(self, run: Run) -> Span:
        """The characters of ``run``."""
        return self._starts[run.first], self._ends[run.last - 1]

    def sureness(self, runs: Iterable[Run]) -> float:
        """The mean probability that a piece of ``runs`` is content."""
        sums, total, count = self._sums, 0.0, 0
        for run in runs:
            total += float(sums[run.last] - sums[run.first])
            count += run.last - run.first
        return total / count if count else 0.0

    @cached_property
    def _sums(self) -> NDArray[np.float64]:
        sums: NDArray[np.float64] = np.r_[0.0, np.cumsum(self.content, dtype=np.float64)]
        return sums

    def readings(self, biases: Sequence[float] = (0.0,)) -> list[dict[int, list[Run]]]:
        """The runs of each kind, in text order, for each of ``biases``, which is added to the logit of "outside"."""
        count = len(self)
        logits = np.tile(self.logits, (len(biases), 1))
        logits[:, OUTSIDE] += np.repeat(np.array(biases, dtype=np.float32), count)
        # All biases are decoded side by side: it costs hardly more than one.
        starts = [i * count + self._line_starts for i in range(len(biases))]
        path = best_path(logits, np.concatenate(starts))
        return [_runs(path[i * count : (i + 1) * count]) for i in range(len(biases))]

    @cached_property
    def _line_starts(self) -> Integers:
        """Where decoding can begin anew: at a paragraph, and at a piece that is surely outside."""
        begins = (self.pieces.features % SHAPE > 0) | (self.tags[:, OUTSIDE] > SURE)
        return np.union1d([0], np.flatnonzero(begins))

    def pointing(self, kind: int, run: Run) -> Pointing:
        """Where the pieces of the content ``run`` point for their source or their cue."""
        key = (kind, run)
        if key not in self._pointings:
            self._pointings[key] = self._pointing(kind, run)
        return self._pointings[key]

    def _pointing(self, kind: int, run: Run) -> Pointing:
        windows: list[tuple[list[int], list[float]]] = []
        nowhere, count = 0.0, 0
        at = max(0, bisect_right(self._firsts, run.first) - 1)
        for pointers in islice(self._pointers[kind], at, bisect_left(self._firsts, run.last)):
            first, last = bisect_left(pointers.rows, run.first), bisect_left(pointers.rows, run.last)
            sums = np.cumsum(pointers.shares[first:last].sum(0), dtype=np.float64).tolist()
            windows.append((pointers.columns, [0.0, *sums]))
            nowhere += float(pointers.nowhere[first:last].sum())
            count += last - first
        return Pointing(tuple(windows), nowhere / count if count else 1.0, count)

    def target(self, kind: int, content: Run, runs: Sequence[Run]) -> Run | None:
        """Which of ``runs``, the article's of ``kind`` in order, the content points to, unless to none of them."""
        pointing = self.pointing(kind, content)
        best, most = None, pointing.nowhere
        reach = [columns for columns, _ in pointing.windows if columns]
        if not reach:
            return None
        first = bisect_left(runs, reach[0][0], key=lambda run: run.last)
        last = bisect_right(runs, reach[-1][-1], key=lambda run: run.first)
        for run in runs[first:last]:
            share = pointing.mass(run)
            if share > 0 and share >= most:
                best, most = run, share
        return best


@reading
def decode(page: ParsedArticle, encoder: Encoder | None = None) -> Decoded:
    """What the encoder, by default the one that comes with quotekit, says of ``page``.

    Raises:
        EncoderError: it cannot be loaded.
    """
    encoder = load_encoder() if encoder is None else encoder
    pieces = read_pieces(page.article, page.quoted, encoder.tokenizer)
    return Decoded(pieces, encoder.read(pieces))


def _runs(path: Integers) -> dict[int, list[Run]]:
    """The runs that the tags of ``path`` make."""
    begins = np.flatnonzero(path % 2 == 1)
    stops = np.flatnonzero((path % 2 == 1) | (path == OUTSIDE))
    ends = np.r_[stops, len(path)][np.searchsorted(stops, begins, side="right")]
    runs: dict[int, list[Run]] = {kind: [] for kind in KINDS}
    for kind, first, last in zip(path[begins].tolist(), begins.tolist(), ends.tolist(), strict=True):
        runs[kind].append(Run(first, last))
    return runs


def best_path(logits: Floats, line_starts: Integers) -> Integers:
    """The most probable tags such that a run always begins with the tag that begins it, in every line anew.

    ``line_starts`` are the pieces that begin a line, in order, 0 among them.

    All lines are decoded side by side, the longest first, so that the work grows with the text and not with the number
    of lines times the longest.
    """
    count = len(logits)
    path = np.zeros(count, dtype=np.int64)
    if not count:
        return path
    lengths = np.diff(np.r_[line_starts, count])
    order = np.argsort(-lengths, kind="stable")
    starts, lengths = line_starts[order], lengths[order]
    active = np.searchsorted(-lengths, -np.arange(lengths[0]), side="left")
    came_from = np.zeros((count, len(KINDS)), dtype=bool)
    best_before = np.zeros(count, dtype=np.int64)
    begin, inside = np.array(KINDS), np.array(KINDS) + 1
    score = np.full((len(starts), 7), -np.inf, dtype=np.float64)
    for t in range(int(lengths[0])):
        rows = active[t]
        at = starts[:rows] + t
        emitted = logits[at].astype(np.float64)
        if t == 0:
            score[:rows] = emitted
            score[:rows, inside] = -np.inf
            continue
        before = score[:rows]
        best = before.argmax(1)
        best_before[at] = best
        goes_on = before[:, inside] >= before[:, begin]
        came_from[at] = goes_on
        held = np.where(goes_on, before[:, inside], before[:, begin])
        emitted_inside = emitted[:, inside] + held
        emitted += before[np.arange(rows), best][:, None]
        emitted[:, inside] = emitted_inside
        score[:rows] = emitted
    _trace(path, score.argmax(1), starts, active, lengths, best_before, came_from)
    return path


def _trace(
    path: Integers,
    last: Integers,
    starts: Integers,
    active: Integers,
    lengths: Integers,
    best_before: Integers,
    came_from: NDArray[np.bool_],
) -> None:
    """Write into ``path``, from the lines' ends to their beginnings, the tags that led to ``last``."""
    current = last.astype(np.int64)
    for t in range(int(lengths[0]) - 1, -1, -1):
        rows = active[t]
        at, tag = starts[:rows] + t, current[:rows]
        path[at] = tag
        if t == 0:
            return
        is_inside = (tag % 2 == 0) & (tag > 0)
        stays = came_from[at, np.maximum(0, tag // 2 - 1)]
        current[:rows] = np.where(is_inside, np.where(stays, tag, tag - 1), best_before[at])


def softmax(logits: Floats) -> Floats:
    """The logits of each row as probabilities."""
    raised = np.exp(logits - logits.max(-1, keepdims=True)) if logits.size else logits
    shares: Floats = raised / raised.sum(-1, keepdims=True)
    return shares
