"""Trains a network on PolNeAR's training articles, and on what teachers say of them and of other articles.

    python -m training.encoder.train ../shared/polnear/train.jsonl --base model.safetensors --tokenizer tokenizer.json

Without ``--labels`` and ``--news`` it learns from the annotators alone. With ``--hold-out K/N`` every Nth article,
counted from K, is left out, so that its finds can be judged. What is kept is a moving average of the weights over the
whole training. A stopped training continues from its last checkpoint, ``OUT.checkpoint``, when the same command
is run again; the checkpoint is deleted at the end. On a GPU if there is one.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import torch

from training.encoder import checkpoint
from training.encoder.course import Course
from training.encoder.reader import load_tokenizer
from training.encoder.start import start
from training.encoder.training import Settings, Training, train

OPTIONS = ("epochs", "seed", "rate", "heads", "pointers", "pieces", "average", "adversary")


def hash_of(path: Path) -> str:
    """The beginning of the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def options() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("articles", type=Path, nargs="+", help="annotated articles, a record a line; epochs read several files in turn")
    add(
        "--base", type=Path, required=True, help="the base's weights, a .pt file of this command, or an encoder in ONNX"
    )
    add("--tokenizer", type=Path, required=True, help="the base's tokenizer.json (BERT's numbers)")
    add("--out", type=Path, default=Path("encoder.pt"), help="file for the weights")
    add("--hold-out", help="K/N: leave out every Nth article, counted from K")
    add("--labels", type=Path, help="folder of training.encoder.label: what teachers say of the articles")
    add("--share", type=float, default=0.5, help="the teachers' share of the answers about annotated articles")
    add("--news", type=Path, nargs="+", default=[], help="folders of shards that teachers have labelled")
    add("--shards", type=int, default=0, help="shards of --news that are read in an epoch")
    add("--epochs", type=int, default=12, help="how often every annotated article is read")
    add("--seed", type=int, default=1, help="of the windows, the order and the new weights")
    add("--rate", type=float, default=2e-4, help="the highest learning rate of the base's weights")
    add("--heads", type=float, default=5, help="the rate of the heads, which begin at random, as a multiple of --rate")
    add("--pointers", type=float, default=0.3, help="weight of each pointer's loss; that of the tags is 1")
    add("--pieces", type=int, default=8192, help="word pieces in a batch, at most")
    add("--average", type=float, default=0.995, help="share that the average of the weights keeps in a step, at most")
    add("--adversary", type=float, default=0.5, help="length of the adversarial step, 0 for none")
    add("--minutes", type=float, default=5, help="minutes between two checkpoints")
    return parser


def main() -> None:
    parser = options()
    given = parser.parse_args()
    tokenizer = load_tokenizer(given.tokenizer)
    course = Course(
        given.articles, tokenizer, given.hold_out, given.labels, given.share, tuple(given.news), given.shards
    )
    chosen = {name: getattr(given, name) for name in OPTIONS}
    settings = Settings(base=hash_of(given.base), course=course.description(), **chosen)
    torch.manual_seed(given.seed)
    training = Training(start(given.base), settings)
    path = given.out.with_name(f"{given.out.name}.checkpoint")
    try:
        network = train(training, course, path, given.minutes)
    except checkpoint.OtherSettings as error:
        parser.error(str(error))
    checkpoint.save(network.state_dict(), given.out)
    path.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
