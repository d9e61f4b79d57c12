"""Decodes the network's logits into runs of source, cue and content, and links them.

Tags are decoded so that a run always has a beginning (Viterbi 1967). The source of a content run is the source run that
its pieces point to most. Both follow Pareti's division of an attribution into source, cue and content.
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
from quotekit.encoder.network import Encoder, Floats, WindowLogits, load_encoder
from quotekit.encoder.word_pieces import SHAPE, Integers, Pieces, read_pieces
from quotekit.forking import reading
from quotekit.models import Span

OUTSIDE, SOURCE, CUE, CONTENT = 0, 1, 3, 5
"""Tags: outside, and the tag that begins a run of each kind; the next number continues it."""

KINDS = (SOURCE, CUE, CONTENT)
BEGIN, INSIDE = slice(1, None, 2), slice(2, None, 2)
"""The tags that begin a run, and those that continue one."""

INSIDE_TAGS = np.array(KINDS) + 1

SURELY_OUTSIDE = 0.9995
"""Probability of "outside" above which decoding restarts."""

UNLIKELY = 0.01
"""Probability of content, source or cue below which a piece neither points nor is pointed to."""


@dataclass(frozen=True, slots=True)
class Run:
    """Pieces ``first`` to ``last`` (half-open), tagged as one stretch."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Pointers:
    """Where the content pieces of one window point.

    Attributes:
        rows: the pieces that may be content, in order.
        columns: the pieces that may be pointed to, in order.
        shares: the probability that a row points to a column.
        nowhere: the probability that a row points to nothing.
    """

    rows: list[int]
    columns: list[int]
    shares: Floats
    nowhere: Floats

    @classmethod
    def of(cls, window: WindowLogits, logits: Floats, rows: Integers, columns: Integers) -> Pointers:
        """Return the pointers of ``window`` for these rows and columns alone."""
        shares = softmax(logits[rows - window.first])
        return cls(rows.tolist(), columns.tolist(), shares[:, columns - window.start + 1], shares[:, 0])


@dataclass(frozen=True, slots=True)
class Pointing:
    """Where a content run points: for each window that answers for it, the pieces pointed to and their running sum."""

    windows: tuple[tuple[list[int], list[float]], ...]
    nowhere: float
    rows: int

    def mass(self, run: Run) -> float:
        """Return the share that points to ``run``."""
        total = 0.0
        for columns, sums in self.windows:
            total += sums[bisect_left(columns, run.last)] - sums[bisect_left(columns, run.first)]
        return total / self.rows if self.rows else 0.0


class Decoded:
    """The network's results for one article."""

    def __init__(self, pieces: Pieces, windows: Iterable[WindowLogits]) -> None:
        self.pieces = pieces
        logits = [np.zeros((0, 7), dtype=np.float32)]
        self._firsts: list[int] = []
        self._pointers: dict[int, list[Pointers]] = {SOURCE: [], CUE: []}
        for window in windows:
            logits.append(window.tags)
            self._firsts.append(window.first)
            self._keep(window)
        self.logits: Floats = np.concatenate(logits)
        self.tags = softmax(self.logits)
        self.content: Floats = self.tags[:, CONTENT] + self.tags[:, CONTENT + 1]
        self._starts: list[int] = pieces.starts.tolist()
        self._ends: list[int] = pieces.ends.tolist()
        self._pointings: dict[tuple[int, Run], Pointing] = {}

    def _keep(self, window: WindowLogits) -> None:
        """Keep the small part of a window that can be asked for."""
        tags = softmax(window.seen)
        rows = np.flatnonzero(
            tags[window.first - window.start : window.last - window.start, CONTENT:].sum(1) > UNLIKELY
        )
        for kind, logits in ((SOURCE, window.sources), (CUE, window.cues)):
            columns = np.flatnonzero(tags[:, kind : kind + 2].sum(1) > UNLIKELY)
            self._pointers[kind].append(Pointers.of(window, logits, rows + window.first, columns + window.start))

    def __len__(self) -> int:
        return len(self._starts)

    def run(self, span: Span) -> Run:
        """Return the pieces that share a character with ``span``."""
        return Run(bisect_right(self._ends, span[0]), bisect_left(self._starts, span[1]))

    def span(self, run: Run) -> Span:
        """Return the characters of ``run``."""
        return self._starts[run.first], self._ends[run.last - 1]

    def content_probability(self, runs: Iterable[Run]) -> float:
        """Return the mean probability that a piece of ``runs`` is content."""
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
        """Return the runs of each kind, in text order, for each of ``biases``, added to the logit of "outside"."""
        count = len(self)
        logits = np.tile(self.logits, (len(biases), 1))
        logits[:, OUTSIDE] += np.repeat(np.array(biases, dtype=np.float32), count)
        # Decoding all biases side by side costs hardly more than decoding one.
        starts = [i * count + self._line_starts for i in range(len(biases))]
        path = best_path(logits, np.concatenate(starts))
        return [_runs(path[i * count : (i + 1) * count]) for i in range(len(biases))]

    @cached_property
    def _line_starts(self) -> Integers:
        """The pieces at which decoding restarts: at a paragraph, and at a piece that is surely outside."""
        begins = (self.pieces.features % SHAPE > 0) | (self.tags[:, OUTSIDE] > SURELY_OUTSIDE)
        return np.union1d([0], np.flatnonzero(begins))

    def pointing(self, kind: int, run: Run) -> Pointing:
        """Return where the pieces of the content ``run`` point for their source or their cue."""
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
            if first < last:
                sums = pointers.shares[first:last].sum(0).cumsum(dtype=np.float64).tolist()
                windows.append((pointers.columns, [0.0, *sums]))
                nowhere += float(pointers.nowhere[first:last].sum())
                count += last - first
        return Pointing(tuple(windows), nowhere / count if count else 1.0, count)

    def target(self, kind: int, content: Run, runs: Sequence[Run]) -> Run | None:
        """Return which of ``runs``, the article's of ``kind`` in order, the content points to; ``None`` for none."""
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
    """Run the encoder, by default the one that comes with quotekit, on ``page``.

    Raises:
        EncoderError: the encoder cannot be loaded.
    """
    encoder = load_encoder() if encoder is None else encoder
    pieces = read_pieces(page.article, page.quoted, encoder.tokenizer)
    return Decoded(pieces, encoder.read(pieces))


def _runs(path: Integers) -> dict[int, list[Run]]:
    """Return the runs that the tags of ``path`` make."""
    begins = np.flatnonzero(path % 2 == 1)
    stops = np.flatnonzero((path % 2 == 1) | (path == OUTSIDE))
    ends = np.r_[stops, len(path)][np.searchsorted(stops, begins, side="right")]
    runs: dict[int, list[Run]] = {kind: [] for kind in KINDS}
    for kind, first, last in zip(path[begins].tolist(), begins.tolist(), ends.tolist(), strict=True):
        runs[kind].append(Run(first, last))
    return runs


def best_path(logits: Floats, line_starts: Integers) -> Integers:
    """Return the most probable tags such that each run begins with its first tag.

    Each line is decoded by itself. ``line_starts`` are the pieces that begin a line, in order, with 0 among them. All
    lines are decoded side by side, the longest first, so that the work grows with the text, not with the number of
    lines times the longest.
    """
    count = len(logits)
    path = np.zeros(count, dtype=np.int64)
    if not count:
        return path
    lengths = np.diff(np.r_[line_starts, count])
    order = np.argsort(-lengths, kind="stable")
    starts, lengths = line_starts[order], lengths[order]
    active = np.searchsorted(-lengths, -np.arange(lengths[0]), side="left")
    steps = np.r_[0, np.cumsum(active)]
    # The first pieces of all lines, then the second ones, and so on, so that each step is one stretch.
    step = np.repeat(np.arange(lengths[0]), active)
    pieces = starts[np.arange(count) - steps[step]] + step
    scores = logits[pieces].astype(np.float64)
    scores[: active[0], INSIDE] = -np.inf
    for before, first, last in zip(steps[:-2], steps[1:-1], steps[2:], strict=True):
        _advance(scores[before : before + last - first], scores[first:last])
    path[pieces] = _traced(scores, steps)
    return path


def _advance(before: NDArray[np.float64], scores: NDArray[np.float64]) -> None:
    """Add to ``scores`` of one piece a line those of the best way to each tag."""
    best = before.max(1)[:, None]
    scores[:, INSIDE] += np.maximum(before[:, BEGIN], before[:, INSIDE])
    scores[:, BEGIN] += best
    scores[:, :1] += best


def _traced(scores: NDArray[np.float64], steps: Integers) -> Integers:
    """Return the tags of the lines, back from the best last ones, step by step as in ``scores``."""
    path: Integers = scores.argmax(1)
    back = np.tile(path[:, None], scores.shape[1])
    back[:, INSIDE] = np.where(scores[:, INSIDE] >= scores[:, BEGIN], INSIDE_TAGS, INSIDE_TAGS - 1)
    for at in range(len(steps) - 2, 0, -1):
        before, first, last = steps[at - 1 : at + 2].tolist()
        rows = np.arange(before, before + last - first)
        path[rows] = back[rows, path[first:last]]
    return path


def softmax(logits: Floats) -> Floats:
    """Return the logits of each row as probabilities."""
    raised = np.exp(logits - logits.max(-1, keepdims=True)) if logits.size else logits
    shares: Floats = raised / raised.sum(-1, keepdims=True)
    return shares
