"""The model's matrices are multiplied by numpy, in one thread, with spaCy's results."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from thinc.api import NumpyOps
from threadpoolctl import threadpool_info, threadpool_limits

from quotekit.article.matrices import Matrices, multiply_with_numpy
from quotekit.article.paragraphs import read_article
from quotekit.article.parser import parse_article
from quotekit.article.spacy_model import load_model


def threads() -> set[int]:
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


@pytest.mark.parametrize("trans1", [False, True])
@pytest.mark.parametrize("trans2", [False, True])
def test_products_are_those_of_spacy(trans1: bool, trans2: bool) -> None:
    numbers = np.random.default_rng(1)
    x = numbers.random((5, 7) if not trans1 else (7, 5), dtype=np.float32)
    y = numbers.random((7, 3) if not trans2 else (3, 7), dtype=np.float32)
    expected = NumpyOps().gemm(x, y, trans1=trans1, trans2=trans2)
    out = np.zeros((5, 3), dtype=np.float32)
    assert Matrices().gemm(x, y, trans1=trans1, trans2=trans2) == pytest.approx(expected, rel=1e-5)
    assert Matrices().gemm(x, y, out=out, trans1=trans1, trans2=trans2) is out
    assert out == pytest.approx(expected, rel=1e-5)


def test_the_largest_is_that_of_spacy() -> None:
    numbers = np.random.default_rng(1).standard_normal((4, 5, 3), dtype=np.float32)
    assert (Matrices().maxout(numbers)[0] == NumpyOps().maxout(numbers)[0]).all()


@pytest.mark.model
def test_the_parse_is_computed_in_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[set[int]] = []
    gemm = Matrices.gemm

    def recorded(self: Matrices, *matrices: Any, **options: Any) -> Any:
        seen.append(threads())
        return gemm(self, *matrices, **options)

    monkeypatch.setattr(Matrices, "gemm", recorded)
    with threadpool_limits(2, user_api="blas"):
        before = threads()
        parse_article(read_article("The pier is shut, Ann Lee said."))
        assert threads() == before
    assert seen
    assert all(there <= {1} for there in seen)


@pytest.mark.model
def test_operations_of_another_kind_stay() -> None:
    import spacy

    class Own(NumpyOps):
        pass

    own, nlp = Own(), spacy.blank("en")
    tagger: Any = nlp.add_pipe("tagger")
    tagger.model.ops = own
    multiply_with_numpy(nlp)
    assert tagger.model.ops is own
    assert {type(node.ops) for node in tagger.model.walk()} == {Own, Matrices}
    assert all(type(node.ops) is Matrices for node in load_model().get_pipe("tagger").model.walk())
