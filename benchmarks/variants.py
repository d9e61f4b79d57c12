"""How much it matters which quotation marks a text has: ``python -m benchmarks.variants``.

PolNeAR dev is marked anew in three ways, all straight, all curly and all British (single outside, double inside), and
quotekit's F1 on each is compared with its F1 on the texts as they are. Only marks and apostrophes change, one character
for one, so the gold stays where it is; finds are scored against the record of the text as it was.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable

from benchmarks.accuracy import Found, f1_figures
from benchmarks.corpus import Record, articles
from benchmarks.systems import OWN, SYSTEMS
from benchmarks.tables import table
from quotekit.article.paragraphs import read_article
from quotekit.article.quoted import Quoted, find_quoted

DOUBLED = ("''", "``")
STRAIGHT, CURLY, BRITISH = (('"', '"'), ("'", "'")), (("“", "”"), ("‘", "’")), (("‘", "’"), ("“", "”"))
"""The marks of a style: opening and closing, of an outermost quote, and of a nested one."""

APOSTROPHE = re.compile(r"['’‘](?=\w)|(?<=\w)['’‘]")
STRAY = re.compile(r"[\"“”„‟]")

Style = tuple[tuple[str, str], tuple[str, str]]


def main(arguments: list[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.variants", description=__doc__.partition("\n")[0])
    parser.add_argument("--limit", type=int, help="only the first articles")
    parser.add_argument("--system", choices=OWN, default=OWN[0])
    options = parser.parse_args(arguments)
    gold = articles("dev", options.limit)
    print(f"PolNeAR dev: {len(gold)} articles, {options.system}; F1, and points more or less than on the original\n")
    print(comparison(options.system, gold))


def comparison(name: str, gold: list[Record]) -> str:
    """A line for each measure, with the figure and the difference for each variant."""
    read = SYSTEMS[name]()
    figures = {}
    for title, write in VARIANTS.items():
        found: Found = {article["id"]: read(write(article["text"])) for article in gold}
        figures[title] = f1_figures(gold, found)
    original, *others = figures
    rows = [
        [measure, was, *(cell for other in others for cell in _beside(figures[other][measure], was))]
        for measure, was in figures[original].items()
    ]
    return table(["F1", original, *(cell for other in others for cell in (other, "±"))], rows)


def _beside(now: float, was: float) -> tuple[float, str]:
    return now, f"{now - was:+.1f}"


def marked(text: str, style: Style) -> str:
    """``text`` with its quotation marks in ``style``, as long as it was.

    >>> marked('"It\\'s on," she said. "He said, \\'Go.\\'"', BRITISH)
    '‘It’s on,’ she said. ‘He said, “Go.”’'
    >>> marked("``It is on,'' she said.", STRAIGHT)
    ' "It is on,"  she said.'
    """
    straight = style == STRAIGHT
    written = APOSTROPHE.sub("'" if straight else "’", text)
    written = STRAY.sub('"' if straight else lambda found: _curly(text, found.start()), written)
    characters = list(written)
    for stretch in find_quoted(read_article(text)):
        opening, closing = style[stretch.depth % 2]
        _open(characters, text, stretch, opening)
        if stretch.closed:
            _close(characters, text, stretch, closing)
    return "".join(characters)


def _curly(text: str, at: int) -> str:
    """Return the curly form of a mark without a partner, by the character before it."""
    return "“" if at == 0 or text[at - 1].isspace() or text[at - 1] in "([" else "”"


def _open(characters: list[str], text: str, stretch: Quoted, mark: str) -> None:
    """Write ``mark`` over the opening mark, which is one character or two, a backslash before it aside."""
    at = stretch.outer[0] + (text[stretch.outer[0]] == "\\")
    if text[at : at + 2] in DOUBLED:
        characters[at] = " "
        at += 1
    characters[at] = mark


def _close(characters: list[str], text: str, stretch: Quoted, mark: str) -> None:
    """Write ``mark`` over the closing mark, which is one character or two."""
    at = stretch.outer[1] - 1
    if at > stretch.inner[1] and text[at - 1 : at + 1] in DOUBLED:
        characters[at] = " "
        at -= 1
    characters[at] = mark


VARIANTS: dict[str, Callable[[str], str]] = {
    "original": lambda text: text,
    "straight": lambda text: marked(text, STRAIGHT),
    "curly": lambda text: marked(text, CURLY),
    "single": lambda text: marked(text, BRITISH),
}


if __name__ == "__main__":
    main()
