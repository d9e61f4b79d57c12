"""Makes ``data/stories`` and ``data/gold.jsonl`` from the annotated masters in ``data/markup``.

    python data/build.py            write them
    python data/build.py --check    change nothing; exit status 1 and the names of the files that are out of date

A master is a story in the form of `quotekit.rules.markup.read_story`, then a line ``---``, then a JSON object with
``style``, ``tags``, ``speakers`` and ``attributions`` (see data/README.md).
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from quotekit.models import Span, hull, inside
from quotekit.rules.markup import Annotated, read_story

HERE = Path(__file__).parent
OPENING = ("“", '"', "‘", "'", "`", "«", "»", "„", "‚")
CLOSING = ("”", '"', "’", "'", "»", "«", "“", "‘")
SPACES = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"  # within French marks

# A straight mark after a digit is a measure (12' 6"), a straight single one within a word is an apostrophe.
MARK = re.compile(r"""[“”‘«»„]|''|``|(?<!\d)"|(?<!\w)'(?=\w)""")


def main(arguments: list[str]) -> int:
    """Writes the files, or with ``--check`` compares them; the exit status."""
    stale = [path for path, text in built().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in arguments:
        for path in stale:
            print(f"out of date: {path.relative_to(HERE.parent)}; run: python data/build.py", file=sys.stderr)
        return 1 if stale else 0
    for path, text in built().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


def built() -> dict[Path, str]:
    """Every file that the masters make, with what it must hold."""
    files: dict[Path, str] = {}
    lines: list[str] = []
    for master in sorted((HERE / "markup").glob("*.txt")):
        try:
            record = read_master(master)
        except (ValueError, KeyError) as error:
            raise SystemExit(f"{master.relative_to(HERE.parent)}: {error}") from error
        files[HERE / "stories" / master.name] = record["text"]
        lines.append(json.dumps(record, ensure_ascii=False))
    files[HERE / "gold.jsonl"] = "".join(f"{line}\n" for line in lines)
    return files


def read_master(path: Path) -> dict[str, Any]:
    """One story as a line of the gold: its text and its attributions by the start of their content."""
    markup, header = split_master(path.read_text(encoding="utf-8"))
    text, story = read_story(markup)
    if set(story) != set(header["attributions"]):
        raise ValueError(
            f"ids in the text and in the footer differ: {sorted(set(story) ^ set(header['attributions']))}"
        )
    for key, found in story.items():
        if not found.content:
            raise ValueError(f"attribution {key} has no content")
    order = sorted(story, key=lambda key: (story[key].content[0][0], -hull(story[key].content)[1]))
    attributions = []
    for key in order:
        found = story[key]
        speaker, verb, act = [*header["attributions"][key].split(), "statement"][:3]
        attributions.append(
            {
                "type": kind(text, found.content),
                "act": act,
                "verb": None if verb == "-" else verb,
                "content": found.content,
                "cue": found.cue,
                "source": found.source,
                "speaker": None if speaker == "-" else _speaker(header["speakers"][speaker]),
                "parent": parent(order, story, key),
            }
        )
    return {"id": path.stem, "text": text, "attributions": attributions}


def split_master(master: str) -> tuple[str, dict[str, Any]]:
    """The story's markup, and the JSON object below the last line ``---``."""
    markup, line, footer = master.rpartition("\n---\n")
    if not line:
        raise ValueError("no line --- with a JSON object below it")
    header = json.loads(footer)
    if set(header) != {"style", "tags", "speakers", "attributions"}:
        raise ValueError("the footer must have style, tags, speakers and attributions, and nothing else")
    return markup + "\n", header


def kind(text: str, content: tuple[Span, ...]) -> str:
    """direct where every part stands within marks, mixed where some words do, else indirect."""
    within = [text[:start].rstrip(SPACES).endswith(OPENING) and _closes(text, end) for start, end in content]
    if all(within):
        return "direct"
    marked = any(within) or any(MARK.search(text, start, end) for start, end in content)
    return "mixed" if marked else "indirect"


def _closes(text: str, end: int) -> bool:
    """A closing mark, or the end of the paragraph: a quotation that goes on, or one whose mark was forgotten."""
    rest = text[end:].lstrip(SPACES)
    return rest.startswith((*CLOSING, "\n\n"))


def parent(order: list[str], story: dict[str, Annotated], key: str) -> int | None:
    """Index of the smallest other attribution that holds the whole content of this one."""

    def holds(other: Annotated) -> bool:
        return all(any(inside(part, own) for own in other.content) for part in story[key].content)

    holders = [other for other in order if other != key and holds(story[other])]
    if not holders:
        return None
    return order.index(min(holders, key=lambda other: sum(end - start for start, end in story[other].content)))


def _speaker(given: dict[str, str | None]) -> dict[str, str | None]:
    return {"name": given["name"], "kind": given["kind"], "role": given.get("role"), "country": given.get("country")}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
