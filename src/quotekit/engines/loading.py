"""Sends an extractor to other processes: it is built where the job is started, and once in each process."""

from __future__ import annotations

import pickle
from functools import lru_cache
from typing import Any

from quotekit.extractor import Extractor


def pickled(settings: dict[str, Any]) -> bytes:
    """Return the extractor of ``settings``, as bytes.

    A wrong setting raises here, before the job begins, and the files that the settings name (rules, known speakers)
    are read here only.

    >>> restored(pickled({"attitudes": True})).attitudes
    True
    """
    return pickle.dumps(Extractor(**settings))


@lru_cache(maxsize=2)
def restored(extractor: bytes) -> Extractor:
    """Return the extractor of `pickled`; a process that reads many batches builds it once.

    The model is loaded with the first article, once per process.
    """
    found: Extractor = pickle.loads(extractor)
    return found
