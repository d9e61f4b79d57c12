"""The encoder: its windows, the same answer everywhere, loading once, and clear errors if loading fails."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from typer.testing import CliRunner

from quotekit import Extractor, QuotekitError, cli
from quotekit.article.paragraphs import read_article
from quotekit.article.quoted import find_quoted
from quotekit.encoder import network as encoder
from quotekit.encoder.network import CARD, STEP, WINDOW, Encoder, load_encoder, windows
from quotekit.encoder.word_pieces import Pieces, read_pieces
from quotekit.errors import EncoderError

TEXT = "“The bridge is safe,” said Ann Lee, the chief engineer. She added that the road was not."
STORIES = Path(__file__).parents[1] / "data" / "stories"


def fresh(code: str) -> str:
    """Return what ``code`` prints in a fresh Python."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def pieces_of(text: str) -> Pieces:
    article = read_article(text)
    return read_pieces(article, find_quoted(article), load_encoder().tokenizer)


def answer(pieces: Pieces) -> list[bytes]:
    """Return all logits of the encoder."""
    return [part.tobytes() for s in load_encoder().read(pieces) for part in (s.seen, s.sources, s.cues)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the folder that comes with quotekit."""
    with as_file(files("quotekit") / "data" / "encoder") as installed:
        return Path(shutil.copytree(installed, tmp_path / "encoder"))


@pytest.fixture
def unloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """During the test, no encoder has been loaded."""
    monkeypatch.setattr(encoder, "_loaded", {})


@pytest.fixture
def without_onnxruntime(monkeypatch: pytest.MonkeyPatch, unloaded: None) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)


def part(folder: Path, name: str) -> Path:
    """The file that the card names."""
    return folder / json.loads((folder / CARD).read_text("utf-8"))[name]


class TestWindows:
    @given(st.integers(0, 20_000))
    @example(0)
    @example(1)
    @example(WINDOW)
    @example(WINDOW + 1)
    @example(WINDOW + STEP)
    @example(WINDOW + STEP + 1)
    def test_exactly_one_window_answers_for_each_piece_and_includes_it(self, count: int) -> None:
        found = list(windows(count))
        assert [piece for _, _, first, last in found for piece in range(first, last)] == list(range(count))
        for start, end, first, last in found:
            assert 0 <= start <= first < last <= end <= count
            assert end - start == min(count, WINDOW)

    @given(st.integers(WINDOW + 1, 20_000))
    def test_windows_are_as_few_as_possible_and_evenly_spread(self, count: int) -> None:
        starts = [start for start, _, _, _ in windows(count)]
        steps = set(np.diff(starts).tolist())
        assert max(steps) <= STEP
        assert max(steps) - min(steps) <= 1
        assert (len(starts) - 2) * STEP < count - WINDOW

    @given(st.integers(WINDOW + 1, 20_000))
    def test_the_window_with_most_context_answers_for_a_piece(self, count: int) -> None:
        found = list(windows(count))
        for (start, _, first, last), (_, before, _, _) in zip(found[1:], found[:-1], strict=True):
            assert min(first - start, before - first) >= (before - start) // 2
            assert last > first


class TestReading:
    def test_shapes(self) -> None:
        pieces = pieces_of((STORIES / "leaked-memo.txt").read_text("utf-8"))
        found = list(load_encoder().read(pieces))
        assert len(found) > 1
        for sight, (start, end, first, last) in zip(found, windows(len(pieces)), strict=True):
            assert (sight.start, sight.first, sight.last) == (start, first, last)
            assert sight.seen.shape == (end - start, 7)
            assert sight.tags.shape == (last - first, 7)
            assert sight.sources.shape == sight.cues.shape == (last - first, 1 + end - start)
            assert np.array_equal(sight.tags, sight.seen[first - start : last - start])
            assert all(np.isfinite(table).all() for table in (sight.seen, sight.sources, sight.cues))

    def test_no_pieces(self) -> None:
        assert list(load_encoder().read(pieces_of(""))) == []

    def test_the_same_article_gives_the_same_bits(self) -> None:
        texts = [path.read_text("utf-8") for path in sorted(STORIES.glob("*.txt"))[:3]]
        pieces = [pieces_of(text) for text in (*texts, TEXT)]
        alone = answer(pieces[0])
        in_order = [answer(each) for each in pieces]
        assert in_order[0] == alone
        with ThreadPoolExecutor(4) as threads:
            assert list(threads.map(answer, [*pieces[::-1], *pieces])) == [
                *in_order[::-1],
                *in_order,
            ]


class TestLoading:
    def test_once_per_process(self, monkeypatch: pytest.MonkeyPatch, unloaded: None, tmp_path: Path) -> None:
        made: list[Path] = []

        class Stub:
            def __init__(self, folder: Path) -> None:
                made.append(folder)

        monkeypatch.setattr(encoder, "Encoder", Stub)
        with ThreadPoolExecutor(4) as threads:
            instances = set(threads.map(lambda _: id(load_encoder()), range(8)))
        assert (len(instances), len(made)) == (1, 1)
        assert load_encoder(tmp_path) is load_encoder(tmp_path) is not load_encoder()
        assert made[1:] == [tmp_path]

    def test_a_failure_is_not_remembered(self, folder: Path, unloaded: None) -> None:
        card = (folder / CARD).read_text("utf-8")
        (folder / CARD).unlink()
        with pytest.raises(EncoderError):
            load_encoder(folder)
        (folder / CARD).write_text(card, "utf-8")
        assert load_encoder(folder).tokenizer.get_vocab_size() > 0

    def test_importing_does_not_import_what_runs_it(self) -> None:
        code = (
            "import json, sys; from quotekit import Extractor, RuleSet, extract, pipe, testing; "
            "import quotekit.component, quotekit.cli.commands; Extractor(); print(json.dumps(sorted(sys.modules)))"
        )
        names = json.loads(fresh(code))
        assert "quotekit.encoder.network" in names
        assert not {name for name in names if name.split(".")[0] in {"onnxruntime", "tokenizers"}}

    @pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted as Linux shows them")
    def test_it_starts_no_threads(self) -> None:
        code = (
            "import os; from quotekit.encoder import runtime; runtime.onnxruntime(); import tokenizers; "
            "from quotekit.encoder.network import load_encoder; "
            "from quotekit.encoder.word_pieces import read_pieces; "
            "from quotekit.article.paragraphs import read_article; "
            "threads = lambda: len(os.listdir('/proc/self/task')); before = threads(); encoder = load_encoder(); "
            "sights = list(encoder.read(read_pieces(read_article('It rained. ' * 900), [], encoder.tokenizer))); "
            "print(len(sights) > 1, threads() - before)"
        )
        assert fresh(code).split() == ["True", "0"]


def flip(path: Path) -> None:
    """Flip one bit in the middle of the file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(path: Path) -> None:
    """Cut the file in half."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def garble(path: Path) -> None:
    """Replace the file, and its hash in the card."""
    card = path.parent / CARD
    content = json.loads(card.read_text("utf-8"))
    path.write_bytes(b"no network\nand no tokenizer\n")
    content["sha256"][path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    card.write_text(json.dumps(content), "utf-8")


def check_message(message: str, named: Path) -> None:
    """Check that the message is one line with the file, what is wrong with it, and the two remedies."""
    assert str(named) in message
    assert "python -m pip install --force-reinstall ." in message
    assert "Extractor(encoder=False)" in message
    assert "--no-encoder" in message
    assert "\n" not in message


class TestLoadingFails:
    @pytest.mark.parametrize("name", ["weights", "tokenizer"])
    @pytest.mark.parametrize(
        ("damage", "said"),
        [
            (Path.unlink, "cannot be read"),
            (flip, "is damaged"),
            (cut, "is damaged"),
            (lambda path: path.write_bytes(b""), "is damaged"),
        ],
    )
    def test_a_file(self, folder: Path, name: str, damage: Callable[[Path], object], said: str) -> None:
        path = part(folder, name)
        damage(path)
        with pytest.raises(EncoderError, match=said) as raised:
            load_encoder(folder)
        check_message(str(raised.value), path)

    @pytest.mark.parametrize("name", ["weights", "tokenizer"])
    def test_a_file_that_the_libraries_refuse(self, folder: Path, name: str) -> None:
        garble(part(folder, name))
        with pytest.raises(EncoderError, match="cannot be loaded") as raised:
            Encoder(folder)
        check_message(str(raised.value), folder)

    @pytest.mark.parametrize(
        "card",
        [
            None,
            "",
            "{",
            "[]",
            "7",
            "null",
            "{}",
            '{"weights": "a.onnx"}',
            '{"weights": "a.onnx", "tokenizer": "t.json", "sha256": {}}',
            '{"weights": ["a"], "tokenizer": "t.json", "sha256": {}}',
            '{"weights": "a.onnx", "tokenizer": "t.json", "sha256": {"a.onnx": 7, "t.json": 7}}',
            b"\xff\xfe",
        ],
    )
    def test_the_card(self, folder: Path, card: str | bytes | None) -> None:
        (folder / CARD).unlink()
        if card is not None:
            (folder / CARD).write_bytes(card if isinstance(card, bytes) else card.encode())
        with pytest.raises(EncoderError) as raised:
            load_encoder(folder)
        check_message(str(raised.value), folder)

    def test_missing_folder_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(EncoderError) as raised:
            load_encoder(tmp_path / "nothing")
        check_message(str(raised.value), tmp_path / "nothing" / CARD)

    @pytest.mark.parametrize("library", ["onnxruntime", "tokenizers"])
    def test_a_library_is_missing(self, folder: Path, monkeypatch: pytest.MonkeyPatch, library: str) -> None:
        monkeypatch.setitem(sys.modules, library, None)
        with pytest.raises(EncoderError, match=library) as raised:
            load_encoder(folder)
        message = str(raised.value)
        assert "python -m pip install" in message
        assert "Extractor(encoder=False)" in message
        assert "\n" not in message

    def test_it_is_an_error_of_quotekit(self) -> None:
        assert issubclass(EncoderError, QuotekitError)


@pytest.mark.model
@pytest.mark.usefixtures("without_onnxruntime")
class TestWithoutOnnxruntime:
    def test_extracting_is_one_clear_error(self) -> None:
        with pytest.raises(EncoderError, match="onnxruntime"):
            Extractor().extract(TEXT)

    def test_the_rules_alone_do_not_need_it(self) -> None:
        assert [
            (quote.speaker.name, quote.text) for quote in Extractor(encoder=False).extract(TEXT) if quote.speaker
        ] == [
            ("Ann Lee", "The bridge is safe,"),
            ("Ann Lee", "that the road was not"),
        ]

    def test_on_the_command_line(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text(TEXT, "utf-8")
        failed = CliRunner().invoke(cli.app, ["extract", str(tmp_path)])
        assert (failed.exit_code, failed.stdout) == (3, "")
        assert len(failed.stderr.splitlines()) == 1
        assert failed.stderr.startswith("quotekit: the encoder needs onnxruntime and tokenizers")
        assert "--no-encoder" in failed.stderr
        read = CliRunner().invoke(cli.app, ["extract", str(tmp_path), "--no-encoder"])
        assert read.exit_code == 0
        assert len(json.loads(read.stdout)["quotes"]) == 2


@pytest.fixture(autouse=True, scope="module")
def forget() -> Iterator[None]:
    """Forget what was loaded from folders that are gone."""
    yield
    for folder in [folder for folder in encoder._loaded if folder is not None]:
        del encoder._loaded[folder]
