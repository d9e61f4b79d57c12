"""Runs the trained network on the word pieces of an article."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quotekit.encoder import runtime
from quotekit.encoder.word_pieces import Integers, Pieces
from quotekit.errors import EncoderError
from quotekit.forking import reading

Floats = NDArray[np.float32]

CLS, SEP = 101, 102
"""The pieces that begin and end a window."""

WINDOW, STEP = 254, 244
"""Pieces in a window, and the most that lie between the beginnings of two. Wider windows cost more than they gain."""

THREADS = 1
"""More threads would speed up one article but not a batch, whose processes share the cores."""

SLOWER = ["SkipLayerNormFusion"]
"""Optimisations of onnxruntime that make this network slower."""

CARD = "encoder.json"
_REMEDY = (
    "Run, in a checkout of quotekit: python -m pip install --force-reinstall . Or do without it: "
    "Extractor(encoder=False), on the command line --no-encoder"
)

_lock = Lock()
_loaded: dict[Path | None, Encoder] = {}


@dataclass(frozen=True, slots=True)
class WindowLogits:
    """The logits of one window.

    The window begins at piece ``start`` and answers for the pieces ``first`` to ``last`` (half-open). ``seen`` has a
    row of tags for each piece of the window. ``sources`` and ``cues`` have a row for each piece that the window answers
    for, with a column for "none" and one for each piece of the window.
    """

    first: int
    last: int
    start: int
    seen: Floats
    sources: Floats
    cues: Floats

    @property
    def tags(self) -> Floats:
        """The tags of the pieces that the window answers for."""
        return self.seen[self.first - self.start : self.last - self.start]


class Encoder:
    """The network and its tokenizer, loaded from a folder that holds both and their card.

    Raises:
        EncoderError: onnxruntime or tokenizers is missing or does not fit, or a file is missing or damaged.
    """

    def __init__(self, folder: Path) -> None:
        card = _card(folder)
        try:
            onnxruntime = runtime.onnxruntime()
            from tokenizers import Tokenizer
        # A broken installation can raise anything.
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            raise EncoderError(f"the encoder needs onnxruntime and tokenizers ({reason}). {_REMEDY}") from error
        weights, tokenizer = (str(_checked(folder, card, part)) for part in ("weights", "tokenizer"))
        try:
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = THREADS
            options.log_severity_level = 3
            # It takes memory and saves no time.
            options.enable_cpu_mem_arena = False
            # A path, since a session keeps the bytes that it is made from.
            self._session = onnxruntime.InferenceSession(
                weights, options, providers=["CPUExecutionProvider"], disabled_optimizers=SLOWER
            )
            self.tokenizer = Tokenizer.from_file(tokenizer)
        # A library of another version can raise anything.
        except Exception as error:
            version = getattr(onnxruntime, "__version__", "of no version")
            reason = f"onnxruntime {version} or tokenizers refuses it: {type(error).__name__}: {error}"
            raise EncoderError(f"the encoder in {folder} cannot be loaded ({reason}). {_REMEDY}") from error
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()

    def read(self, pieces: Pieces) -> Iterator[WindowLogits]:
        """Yield the logits of ``pieces``, window by window; memory does not grow with their number."""
        for start, end, first, last in windows(len(pieces)):
            tags, sources, cues = self._run(pieces.ids[start:end], pieces.features[start:end])
            rows = slice(first - start + 1, last - start + 1)
            yield WindowLogits(first, last, start, tags[1:-1], sources[rows, :-1], cues[rows, :-1])

    def _run(self, ids: Integers, features: Integers) -> tuple[Any, Any, Any]:
        # One window at a time. The scales of int8 are computed over all that is run together, so in a batch the
        # result of a window would depend on its neighbours.
        inputs = {
            "ids": np.r_[CLS, ids, SEP][None],
            "mask": np.ones((1, len(ids) + 2), dtype=np.int64),
            "feat": np.r_[0, features, 0][None],
        }
        tags, sources, cues = self._session.run(["tags", "src", "cue"], inputs)
        return tags[0], sources[0], cues[0]


def windows(count: int, window: int = WINDOW, step: int = STEP) -> Iterator[tuple[int, int, int, int]]:
    """Yield windows spread evenly over ``count`` pieces: start, end, and the pieces that each answers for.

    >>> list(windows(300))
    [(0, 254, 0, 150), (46, 300, 150, 300)]
    """
    if not count:
        return
    many = 1 + max(0, -(-(count - window) // step))
    starts = [i * (count - window) // (many - 1) for i in range(many)] if many > 1 else [0]
    ends = [min(count, start + window) for start in starts]
    edges = [0, *((starts[i + 1] + ends[i]) // 2 for i in range(many - 1)), count]
    yield from zip(starts, ends, edges[:-1], edges[1:], strict=True)


@reading
def load_encoder(folder: Path | None = None) -> Encoder:
    """Return the encoder of ``folder``, by default the one that comes with quotekit, loaded once per process.

    Raises:
        EncoderError: see `Encoder`.
    """
    with _lock:
        if folder not in _loaded:
            if folder is not None:
                _loaded[folder] = Encoder(folder)
            else:
                with as_file(files("quotekit") / "data" / "encoder") as installed:
                    _loaded[folder] = Encoder(installed)
        return _loaded[folder]


def _card(folder: Path) -> Any:
    """Return the card: the names and hashes of the files."""
    try:
        return json.loads((folder / CARD).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EncoderError(f"the encoder's {folder / CARD} cannot be read ({error}). {_REMEDY}") from error


def _checked(folder: Path, card: Any, part: str) -> Path:
    """Return the file that ``card`` names for ``part``, after a check of its hash."""
    try:
        name: str = card[part]
        expected = card["sha256"][name]
    except (KeyError, TypeError) as error:
        raise EncoderError(f"the encoder's {folder / CARD} names no {part} with its hash. {_REMEDY}") from error
    try:
        content: bytes = (folder / name).read_bytes()
    except OSError as error:
        raise EncoderError(f"the encoder's file {folder / name} cannot be read ({error}). {_REMEDY}") from error
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise EncoderError(
            f"the encoder's file {folder / name} is damaged: its SHA-256 should begin with {expected[:12]} "
            f"and begins with {found[:12]} ({len(content)} bytes). {_REMEDY}"
        )
    return folder / name
