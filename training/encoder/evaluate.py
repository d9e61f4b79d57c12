"""What networks are worth alone, without parse and rules, on PolNeAR's development articles.

    python -m training.encoder.evaluate teacher.pt --tokenizer tokenizer.json --first 30
    python -m training.encoder.evaluate src/quotekit/data/encoder

Files of training.encoder.train answer together, as the mean of their probabilities; a folder is an encoder in ONNX.
The first figures are those of the corpus's scorer; the last two count word pieces: F1 of content, and how many of the
annotators' content pieces point at the first piece of their source.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.accuracy import f1_figures
from benchmarks.corpus import Record, articles
from benchmarks.systems import encoder_alone
from quotekit.encoder.decoding import CONTENT
from quotekit.encoder.network import load_encoder
from training.encoder.label import answers
from training.encoder.reader import Reader
from training.encoder.windows import lesson, pieces_of


def piece_figures(gold: list[Record], reader: Any) -> dict[str, float]:
    """F1 of content pieces and the share of right sources among the annotators' content pieces, in percent."""
    both = found = marked = right = 0
    for record in gold:
        wanted = lesson(record, reader.tokenizer)
        pieces = pieces_of(record["text"], reader.tokenizer)
        said = answers(pieces, reader.read(pieces))
        is_wanted, is_found = (one.tags.argmax(1) >= CONTENT for one in (wanted, said))
        both += int((is_wanted & is_found).sum())
        found, marked = found + int(is_found.sum()), marked + int(is_wanted.sum())
        pointed = np.take_along_axis(said.sources.at, said.sources.shares.argmax(1)[:, None], axis=1)
        right += int((pointed == wanted.sources.at)[is_wanted].sum())
    return {"pieces: content": 200 * both / max(1, found + marked), "pieces: sources": 100 * right / max(1, marked)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", type=Path, nargs="+", help="files of training.encoder.train, or one folder")
    parser.add_argument("--tokenizer", type=Path, help="for files: the base's tokenizer.json")
    parser.add_argument("--first", type=int, help="only the first articles")
    given = parser.parse_args()
    if given.networks[0].is_dir():
        reader: Any = load_encoder(given.networks[0])
    elif given.tokenizer is None:
        parser.error("files of weights need --tokenizer")
    else:
        reader = Reader.load(given.networks, given.tokenizer)
    gold = articles("dev", given.first)
    read = encoder_alone(reader)
    figures = f1_figures(gold, {record["id"]: read(record["text"]) for record in gold}) | piece_figures(gold, reader)
    for name, figure in figures.items():
        print(f"{name:24}{figure:6.1f}")


if __name__ == "__main__":
    main()
