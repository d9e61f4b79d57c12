"""The training recipe: changed articles keep their annotations, and a stopped training ends as one that was not."""

from __future__ import annotations

import random
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from quotekit import Extractor
from quotekit.encoder.decoding import CONTENT
from quotekit.encoder.network import load_encoder

STORY = (
    "Harbor engineer defends pier\n\n"
    "“The pier is safe,” said Joanna Wexford, an engineer from Kenya. “It will stand.”\n\n"
    "Wexford told the Kenyan council that the report was wrong.\n"
)
SAFE, STAND, WRONG = "The pier is safe", "It will stand", "that the report was wrong"


@pytest.fixture
def training(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Imports a module of ``training``, which lies in the checkout and is not installed."""
    monkeypatch.syspath_prepend(Path(__file__).parents[1])

    def load(name: str) -> Any:
        if name in ("checkpoint", "network", "start", "thin", "training"):
            pytest.importorskip("torch")
        return import_module(f"training.encoder.{name}")

    return load


def record(text: str = STORY) -> dict[str, Any]:
    def span(words: str) -> list[int]:
        return [text.index(words), text.index(words) + len(words)]

    split = {"content": [span(SAFE), span(STAND)], "cue": [span("said")], "source": [span("Joanna Wexford")]}
    second = text.index("Wexford told")
    indirect = {"content": [span(WRONG)], "cue": [span("told")], "source": [[second, second + len("Wexford")]]}
    return {"id": "pier", "text": text, "attributions": [split, indirect]}


def words_of(changed: dict[str, Any], attribution: int, field: str) -> list[str]:
    return [changed["text"][start:end] for start, end in changed["attributions"][attribution][field]]


class TestEdits:
    def test_spans_move_with_the_text(self, training: Any) -> None:
        edits = training("edits")
        start = STORY.index("Joanna")
        changed = edits.edited(record(), [edits.Edit(start, start + 6, "Al"), edits.Edit(0, 0, "News\n\n")])
        assert words_of(changed, 0, "source") == ["Al Wexford"]
        assert words_of(changed, 0, "content") == [SAFE, STAND]
        assert words_of(changed, 1, "content") == [WRONG]

    def test_insertion_at_an_edge_stays_outside(self, training: Any) -> None:
        edits = training("edits")
        start, end = STORY.index(SAFE), STORY.index(SAFE) + len(SAFE)
        changed = edits.edited(record(), [edits.Edit(start, start, "((("), edits.Edit(end, end, ")))")])
        assert words_of(changed, 0, "content") == [SAFE, STAND]

    def test_edge_inside_a_replacement_moves_to_its_edge(self, training: Any) -> None:
        edits = training("edits")
        start = STORY.index(SAFE)
        changed = edits.edited(record(), [edits.Edit(start - 1, start + 3, "«A")])
        assert words_of(changed, 0, "content")[0] == "«A pier is safe"


class TestVariants:
    def test_names_change_alike_throughout(self, training: Any) -> None:
        names, edits = training("names"), training("edits")
        plain = names.plain_words([STORY.lower()]) - {"joanna", "wexford", "kenya", "kenyan"}
        for seed in range(20):
            changed = edits.edited(record(), names.renamed(STORY, plain, random.Random(seed)))
            [full], [short] = words_of(changed, 0, "source"), words_of(changed, 1, "source")
            assert full.endswith(f" {short}")
            assert "Wexford" not in changed["text"]
            assert words_of(changed, 0, "content") == [SAFE, STAND]

    def test_annotations_survive_every_change(self, training: Any) -> None:
        augment = training("augment")
        texts = set()
        for seed in range(40):
            changed = augment.varied(record(), frozenset({"the", "it", "harbor"}), random.Random(seed))
            texts.add(changed["text"])
            assert words_of(changed, 0, "content") == [SAFE, STAND]
            assert words_of(changed, 1, "content") == [WRONG]
        assert len(texts) > 20

    def test_same_seed_same_text(self, training: Any) -> None:
        augment = training("augment")
        first, second = (augment.varied(record(), frozenset(), random.Random(7)) for _ in range(2))
        assert first == second


def some_lesson(training: Any, seed: int, count: int = 30, targets: int = 2) -> Any:
    windows, rng = training("windows"), np.random.default_rng(seed)
    tags = rng.dirichlet(np.ones(7), count).astype(np.float32)
    is_content = rng.random((count, 1)) < 0.5

    def pointers() -> Any:
        at = rng.integers(-1, count, (count, targets))
        return windows.Pointers(at, (rng.dirichlet(np.ones(targets), count) * is_content).astype(np.float32))

    return windows.Lesson(rng.integers(999, 2000, count), rng.integers(0, 24, count), tags, pointers(), pointers())


class TestLessons:
    def test_shards_keep_their_lessons(self, training: Any, tmp_path: Path) -> None:
        shards = training("shards")
        lessons = {name: some_lesson(training, seed, 20 + seed) for seed, name in enumerate("abc")}
        shards.write(tmp_path / "000.npz", lessons)
        read = shards.read(tmp_path / "000.npz")
        assert list(read) == list(lessons)
        for name, lesson in lessons.items():
            same = read[name]
            assert np.array_equal(same.ids, lesson.ids)
            assert np.array_equal(same.features, lesson.features)
            np.testing.assert_allclose(same.tags, lesson.tags, atol=1e-3)
            for one, other in ((same.sources, lesson.sources), (same.cues, lesson.cues)):
                np.testing.assert_allclose(one.shares, other.shares, atol=1e-3)
                taught = other.shares > 0
                assert np.array_equal(one.at[taught], other.at[taught])

    def test_pointers_out_of_a_window_lose_their_shares(self, training: Any) -> None:
        windows = training("windows")
        at = np.array([[2, 9], [9, 2], [-1, 3], [9, 8]])
        shares = np.array([[0.75, 0.25], [0.75, 0.25], [0.5, 0.5], [0.5, 0.5]], dtype=np.float32)
        pointers = windows.Pointers(at, shares)
        lesson = windows.Lesson(*np.zeros((2, 4), dtype=int), np.zeros((4, 7)), pointers, pointers)
        seen = windows.window(lesson, 0, 4).sources
        assert seen.shares[1:-1].tolist() == [[1.0, 0.0], [0.0, 0.0], [0.5, 0.5], [0.0, 0.0]]
        assert seen.at[1, 0] == 3
        assert seen.at[3].tolist() == [0, 4]

    def test_answers_about_other_pieces_are_not_mixed(self, training: Any) -> None:
        with pytest.raises(ValueError, match="other pieces"):
            training("windows").mixed(some_lesson(training, 1), some_lesson(training, 2), 0.5)

    def test_mixed_answers_sum_to_one(self, training: Any) -> None:
        lesson = some_lesson(training, 1)
        both = training("windows").mixed(lesson, lesson, 0.3)
        np.testing.assert_allclose(both.tags, lesson.tags, rtol=1e-5)
        np.testing.assert_allclose(both.sources.shares.sum(1), lesson.sources.shares.sum(1), rtol=1e-5)


class TestOwnAnswers:
    def answers(self, training: Any, text: str) -> tuple[Any, Any, Any]:
        extractor = Extractor(attitudes=True, min_confidence=0)
        pieces = training("windows").pieces_of(text, load_encoder().tokenizer)
        return extractor.extract(text), pieces, training("own").own_answers(text, pieces, extractor)

    def test_a_find_counts_as_sure_as_it_is(self, training: Any) -> None:
        quotes, pieces, lesson = self.answers(training, STORY)
        [quote] = [quote for quote in quotes if STAND in quote.text]
        first, *_ = training("windows").pieces_in(pieces, STORY.index(STAND), STORY.index(STAND) + len(STAND))
        assert lesson.tags[first, CONTENT] == pytest.approx(quote.confidence)
        assert lesson.sources.shares[first, 0] == pytest.approx(quote.confidence)
        assert pieces.starts[lesson.sources.at[first, 0]] == STORY.index("Joanna")
        assert pieces.starts[lesson.cues.at[first, 0]] == STORY.index("said")
        np.testing.assert_allclose(lesson.tags.sum(1), 1.0)

    def test_only_stories_teach(self, training: Any) -> None:
        _, _, lesson = self.answers(training, "MS. WEXFORD: The pier is safe.\n\nMR. OAKES: It will not stand.\n\n" * 4)
        assert lesson is None


class TestStart:
    def network(self, training: Any) -> Any:
        network = training("network")
        network.torch.manual_seed(3)
        made = network.Network(network.Size(width=48, inner=96, layers=3))
        for weight in made.parameters():
            # An export writes weights that are alike only once.
            weight.data += 0.02 * network.torch.randn(weight.shape)
        return made

    def answers(self, network: Any) -> Any:
        torch = import_module("torch")
        ids = torch.arange(1000, 1020)[None]
        return network.eval()(ids, torch.ones_like(ids), torch.zeros_like(ids))[0].detach().numpy()

    @pytest.mark.filterwarnings("ignore::DeprecationWarning")
    def test_an_encoder_in_onnx_is_trained_on(self, training: Any, tmp_path: Path) -> None:
        pytest.importorskip("onnx")
        start, network = training("start"), self.network(training)
        training("export").export(network, tmp_path / "small.onnx")
        np.testing.assert_allclose(self.answers(start.start(tmp_path / "small.onnx")), self.answers(network), atol=0.05)

    def test_neurons_that_never_answer_can_go(self, training: Any) -> None:
        thin, network = training("thin"), self.network(training)
        for layer in network.layers:
            layer.narrow.weight.data[:, 1::2] = 0
        before = self.answers(network)
        kept = [row.topk(48).indices for row in thin.importance(network, [STORY], load_encoder().tokenizer)]
        assert all((neurons % 2 == 0).all() for neurons in kept)
        np.testing.assert_allclose(self.answers(thin.with_neurons(network, kept)), before, atol=1e-5)


class TestTraining:
    def make(self, training: Any) -> Any:
        network, run = training("network"), training("training")
        network.torch.manual_seed(3)
        small = network.Network(network.Size(width=48, inner=96, layers=2, buckets=32))
        settings = run.Settings("base", "course", 2, 1, 1e-3, 5.0, 0.3, 64, 0.9, 0.0)
        return run.Training(small, settings)

    def course(self, training: Any) -> Any:
        return SimpleNamespace(lessons=lambda epoch: [some_lesson(training, 10 * epoch + i, 40) for i in range(4)])

    def test_stopped_training_ends_as_one_that_was_not(self, training: Any, tmp_path: Path) -> None:
        run = training("training")
        whole = run.train(self.make(training), self.course(training), tmp_path / "none", minutes=60).state_dict()

        class Stopped(Exception):
            pass

        stopping = self.make(training)
        learn, steps = stopping.step, []

        def step(*arguments: Any) -> float:
            if len(steps) == 5:
                raise Stopped
            steps.append(1)
            return learn(*arguments)

        stopping.step = step
        with pytest.raises(Stopped):
            run.train(stopping, self.course(training), tmp_path / "saved", minutes=0)
        resumed = run.train(self.make(training), self.course(training), tmp_path / "saved", minutes=60).state_dict()
        assert all((whole[name] == resumed[name]).all() for name in whole)

    def test_checkpoint_of_another_training_is_refused(self, training: Any, tmp_path: Path) -> None:
        checkpoint = training("checkpoint")
        checkpoint.save({"settings": {"seed": 1, "rate": 0.1}}, tmp_path / "saved")
        with pytest.raises(checkpoint.OtherSettings, match="seed was 1 and is 2"):
            checkpoint.load(tmp_path / "saved", {"seed": 2, "rate": 0.1})
        assert checkpoint.load(tmp_path / "missing", {}) is None

    def test_distances_fall_into_mpnets_buckets(self, training: Any) -> None:
        network = training("network")
        buckets = network.buckets(network.torch.tensor([0, -1, 1, -7, -8, -200, 200]), 32)
        assert buckets.tolist() == [0, 1, 17, 7, 8, 15, 31]
