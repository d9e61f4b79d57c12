"""Computes with the matrices of a spaCy model in numpy.

The BLIS that spaCy brings does not know every processor. On some, numpy takes a third of the time, for the same parse.
It also finds the largest of a few numbers in a third of the time, since it takes many at once.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from thinc.api import NumpyOps
from threadpoolctl import ThreadpoolController

if TYPE_CHECKING:
    from spacy.language import Language


class Matrices(NumpyOps):  # type: ignore[misc]  # thinc has no types
    """spaCy's operations on the CPU, with numpy's product of matrices."""

    def gemm(self, x: Any, y: Any, out: Any = None, trans1: bool = False, trans2: bool = False) -> Any:
        """Return the product of ``x`` and ``y``, each transposed on request, in ``out`` if given."""
        return np.matmul(x.T if trans1 else x, y.T if trans2 else y, out=out)

    def maxout(self, x: Any) -> tuple[Any, Any]:
        """Return the largest of the numbers along the last axis. Which one it is, only training asks."""
        best = x[..., 0].copy()
        for i in range(1, x.shape[-1]):
            np.maximum(best, x[..., i], out=best)
        return best, None


def multiply_with_numpy(nlp: Language) -> None:
    """Let ``nlp`` multiply with numpy where it would use BLIS. Other operations, as on a GPU, are kept."""
    matrices = Matrices()
    for _, part in nlp.pipeline:
        model = getattr(part, "model", None)
        for node in model.walk() if model is not None else ():
            if type(node.ops) is NumpyOps:
                node.ops = matrices


def one_thread() -> AbstractContextManager[Any]:
    """Keep numpy to one thread in the block: with more, small products take longer and processes share the cores."""
    limit: AbstractContextManager[Any] = _blas().limit(limits=1)
    return limit


@cache
def _blas() -> ThreadpoolController:
    """Return the controller of the threads of numpy's linear algebra."""
    return ThreadpoolController().select(user_api="blas")
