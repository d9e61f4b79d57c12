"""An extractor on its way to other processes: built once where the job is started, and once in each process."""

from __future__ import annotations

import pickle
from functools import lru_cache
from typing import Any

from quotekit.extractor import Extractor


def packed(settings: dict[str, Any]) -> bytes:
    """The extractor of ``settings``, as bytes.

    Whatever is wrong with the settings comes out here, before the job begins, and files that they name (rules, known
    speakers) need to be here alone.

    >>> unpacked(packed({"attitudes": True})).attitudes
    True
    """
    return pickle.dumps(Extractor(**settings))


@lru_cache(maxsize=2)
def unpacked(extractor: bytes) -> Extractor:
    """The extractor of `packed`, the same one each time: a process reads many batches with it.

    The model, which is loaded with its first article, is of the process anyhow.
    """
    restored: Extractor = pickle.loads(extractor)
    return restored
